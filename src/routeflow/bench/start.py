"""How long processes take to start, how much memory they hold, and publishing of the whole set."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from routeflow import demo
from routeflow.bench.figures import Options, timed
from routeflow.bench.serving import Browser, serving
from routeflow.clock import system_clock
from routeflow.store import migrate, open_store

_LINK = re.compile(rb'href="(/[^"#]*)')
_PAGES = 150
_READERS = ("teamleider", "proceseigenaar", "beheerder", "ivio")
_HELP = "from routeflow.cli import main; main(['--help'])"
_COLUMNS = ("first_answer_s", "cpu_s", "memory_mb", "pages", "memory_after_pages_mb")
_WORKER = {"ROUTEFLOW_WORKER": "ja"}


def measure(options: Options) -> dict[str, Any]:
    """Measure each on a filled database; the best of a few starts: the others met a busy machine."""
    print("starten ...", file=options.progress)
    rounds = 2 if options.quick else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/meting.db"
        migrate(url)
        store = open_store(url)
        try:
            publish = timed(partial(demo.publish_project, store, now=system_clock()))
            demo.make_accounts(store, now=system_clock())
        finally:
            store.close()
        starts = [_start(url, folder, {}) for _ in range(rounds)]
        return {
            "help_s": round(min(timed(_help) for _ in range(rounds)), 2),
            "publish_s": round(publish, 2),
            "web": min(starts, key=lambda start: start["first_answer_s"]),
            "web_and_worker": _start(url, folder, _WORKER),
        }


def _help() -> None:
    subprocess.run([sys.executable, "-c", _HELP], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own code


def _start(url: str, folder: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Start a web server, ask a page, and then all pages; say how long it took and what it holds."""
    begin = time.perf_counter()
    with serving(url, folder, settings=settings) as server:
        browser = Browser(server.port)
        browser.read("/inloggen")
        answered, used = time.perf_counter() - begin, server.cpu()
        browser.close()
        held = server.memory()
        asked = sum(_ask_all(server.port, reader) for reader in _READERS)
        return {
            "first_answer_s": round(answered, 2),
            "cpu_s": round(used, 2),
            "memory_mb": held,
            "pages": asked,
            "memory_after_pages_mb": server.memory(),
        }


def _ask_all(port: int, login: str) -> int:
    """Follow the links of the site as one reader, and return how many pages that were."""
    browser = Browser(port)
    browser.log_in(login)
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < _PAGES:
        for link in _LINK.findall(browser.read(waiting.pop(0))):
            path = link.decode().replace("&amp;", "&")
            if path not in seen and not path.startswith("/static/"):
                seen.add(path)
                waiting.append(path)
    browser.close()
    return len(seen) - len(waiting)


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table("proces", "eerste antwoord s", "CPU s", "RSS MB", "bladzijden", "RSS MB daarna")
    for label, row in (
        ("web", result["web"]),
        ("web met worker", result["web_and_worker"]),
    ):
        table.add_row(label, *(str(row[key]) for key in _COLUMNS))
    console.print(table)
    console.print(
        f"routeflow --help: {result['help_s']} s; de hele set nakijken en in dienst nemen: "
        f"{result['publish_s']} s"
    )
