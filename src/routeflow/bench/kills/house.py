"""Web and worker processes that may be killed at any moment, and are back within milliseconds.

One process imports the product and forks the others; a killed one is truly killed (SIGKILL),
and its successor starts with nothing but the database. It obeys orders, one JSON object per line,
and ends with all its children when its input ends.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from waitress.server import create_server

from routeflow import engine, memory
from routeflow.bench.kills import diagram
from routeflow.clock import system_clock
from routeflow.commands import klok
from routeflow.config import Config
from routeflow.store import migrate, open_store
from routeflow.web import create_app
from routeflow.worker import Worker, run_due

_PAUSE = 0.02  # seconds between two looks of the worker


class House:
    """The processes, seen from the driver."""

    def __init__(self, config: Config, log: Path) -> None:
        self._config = config
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from routeflow.bench.kills import house; house.main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )

    def web(self, port: int) -> int:
        """Start a web process on ``port``; answers its pid."""
        return self._start("web", replace(self._config, port=port))

    def worker(self) -> int:
        """Start a worker; answers its pid."""
        return self._start("worker", self._config)

    def kill(self, *pids: int) -> None:
        """Kill these at one moment, without any warning, and wait until they are gone."""
        self._ask({"order": "end", "pids": pids, "signal": signal.SIGKILL})

    def stop(self, *pids: int) -> None:
        """Let these end in order."""
        self._ask({"order": "end", "pids": pids, "signal": signal.SIGTERM})

    def close(self) -> None:
        """End everything."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(30)
        if self._process.stdout:
            self._process.stdout.close()

    def _start(self, what: str, config: Config) -> int:
        settings = {name: str(value) for name, value in asdict(config).items()}
        answer: int = self._ask({"order": what, "settings": settings})
        return answer

    def _ask(self, order: dict[str, Any]) -> Any:  # noqa: ANN401 - as wide as JSON
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the house was opened without pipes")
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"the house fell down (exit code {self._process.wait(30)})")
        return json.loads(answer)


def _web(config: Config) -> NoReturn:
    store = open_store(config.database)
    clock = klok.clock_for(store, system_clock, demo=True)
    app = create_app(store, clock=clock, config=config)
    server = create_server(app, host=config.host, port=config.port, threads=config.threads)
    server.run()
    raise SystemExit


def _worker(config: Config) -> NoReturn:
    store = open_store(config.database)
    worker = Worker(store, config, klok.clock_for(store, system_clock, demo=True))
    threading.Thread(target=_again, args=(worker.post,), daemon=True).start()
    _again(worker.tick)


def _again(look: Callable[[], None]) -> NoReturn:
    """Look more often than a worker's clock would: it may not live long."""
    while True:
        look()
        time.sleep(_PAUSE)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _fork(what: str, config: Config) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)  # or it would hold the pipes of the house open
        os.dup2(nothing, 1)
        signal.signal(signal.SIGTERM, _leave)
        {"web": _web, "worker": _worker}[what](config)
    except SystemExit:
        code = 0
    except BaseException:
        logging.getLogger(__name__).exception("%s could not go on", what)
    finally:
        os._exit(code)


def _warm_up() -> None:
    """Let everything be imported that is only imported at its first use, before any fork."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/warm.db"
        migrate(url)
        store = open_store(url)
        config = Config(database=url, sleutelbestand=Path(folder, "sleutel"), demo=True)
        create_app(store, config=config).test_client().get("/inloggen")
        run_due(store, config, system_clock())
        store.close()
    engine.load(diagram.files())
    memory.settle()


def _config(settings: dict[str, str]) -> Config:
    words = {"True": "ja", "False": "nee"}
    return Config.from_environment(
        {f"ROUTEFLOW_{name.upper()}": words.get(text, text) for name, text in settings.items()}
    )


def main() -> None:
    """Obey until the input ends."""
    logging.basicConfig(level="ERROR", format="%(asctime)s %(process)d %(name)s %(message)s")
    _warm_up()
    children: set[int] = set()
    try:
        for line in sys.stdin:
            order = json.loads(line)
            if order["order"] == "end":
                _end(order["pids"], order["signal"], children)
                answer = 0
            else:
                answer = _fork(order["order"], _config(order["settings"]))
                children.add(answer)
            sys.stdout.write(f"{answer}\n")
            sys.stdout.flush()
    finally:
        _end(list(children), signal.SIGKILL, children)


def _end(pids: list[int], how: int, children: set[int]) -> None:
    for pid in pids:
        os.kill(pid, how)
    for pid in pids:
        os.waitpid(pid, 0)
        children.discard(pid)
