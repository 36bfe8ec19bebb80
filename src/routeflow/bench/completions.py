"""A whole completion over HTTP, from the form that is posted to the 303, on the real route."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from routeflow.bench import inside
from routeflow.bench.figures import Options, databases, settle, spread
from routeflow.bench.journey import Waiting, prepare
from routeflow.bench.serving import Browser, Server, serving
from routeflow.clock import system_clock
from routeflow.store import migrate, open_store

_DAYS = 1300
_SEE_OTHER = 303
_CLIENTS = (1, 4)


def measure(options: Options, *, days: int = _DAYS) -> dict[str, Any]:
    """Measure on each database, by one browser and by four, and once more to see where time goes.

    ``days``: how far along the route the taken lie.
    """
    lives = ("B1",) if options.quick else ("B1", "Z")
    rounds = 1 if options.quick else 2
    result: dict[str, Any] = {}
    with databases(options) as urls, tempfile.TemporaryDirectory() as name:
        for kind, url in urls.items():
            print(f"voltooien: {kind} ...", file=options.progress)
            copies = 2 + rounds * len(_CLIENTS)
            migrate(url)
            store = open_store(url)
            try:
                waiting = prepare(store, lives=lives, copies=copies, days=days, now=system_clock())
                settle(store)
            finally:
                store.close()
            decks = [waiting[first::copies] for first in range(copies)]
            result[kind] = _measured(url, Path(name), decks, rounds)
    return result


def _measured(
    url: str, folder: Path, decks: Sequence[Sequence[Waiting]], rounds: int
) -> dict[str, Any]:
    first, watched, *others = decks
    found: dict[str, Any] = {}
    with serving(url, folder) as server, _one_core(server):
        _complete(server, first, 1)  # the first of each kind parses and compiles
        for clients in _CLIENTS:
            deck = [one for part in others[:rounds] for one in part]
            others = others[rounds:]
            found[f"clients_{clients}"] = _complete(server, deck, clients)
        found["memory_mb"] = server.memory()
    file = folder / "gezien.json"
    with serving(url, folder, code=inside.CODE, arguments=[str(file)]) as server:
        _open(server, watched[0])
        _complete(server, watched, 1)
    return {**found, **json.loads(file.read_text("utf-8"))}


class _one_core:  # noqa: N801 - reads as a verb
    """Keeps a server on one core, and this process off it where there are more."""

    def __init__(self, server: Server) -> None:
        self._pid = server.pid
        self._before = os.sched_getaffinity(0)

    def __enter__(self) -> None:
        core = max(self._before)
        os.sched_setaffinity(self._pid, {core})
        os.sched_setaffinity(0, self._before - {core} or self._before)

    def __exit__(self, *_: object) -> None:
        os.sched_setaffinity(0, self._before)


def _open(server: Server, one: Waiting) -> None:
    """Open a form, as people do before they send one: then its process has read the diagrams."""
    browser = Browser(server.port)
    browser.log_in(one.login)
    browser.read(f"/taken/{one.taak_id}")
    browser.close()


def _complete(server: Server, deck: Sequence[Waiting], clients: int) -> dict[str, Any]:
    """Let so many browsers complete what waits; raise RuntimeError when one is refused."""
    logged_in: dict[str, Browser] = {}
    for login in {one.login for one in deck}:
        logged_in[login] = Browser(server.port)
        logged_in[login].log_in(login)
    people = [
        {
            login: Browser(server.port, cookie=browser.cookie, token=browser.token)
            for login, browser in logged_in.items()
        }
        for _ in range(clients)
    ]
    seconds: list[float] = []
    refused: list[str] = []
    threads = [
        threading.Thread(target=_post, args=(mine, deck[first::clients], seconds, refused))
        for first, mine in enumerate(people)
    ]
    used, begin = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, used = time.perf_counter() - begin, server.cpu() - used
    for browser in (*logged_in.values(), *(one for mine in people for one in mine.values())):
        browser.close()
    if refused:
        raise RuntimeError(f"refused: {refused}")
    return {
        "per_second": round(len(deck) / elapsed, 1),
        "cpu_ms": round(1000 * used / len(deck), 2),
        "per_core_second": round(len(deck) / used, 1) if used else None,
        **spread(seconds),
    }


def _post(
    people: dict[str, Browser], deck: Sequence[Waiting], seconds: list[float], refused: list[str]
) -> None:
    for one in deck:
        browser = people[one.login]
        begin = time.perf_counter()
        status = browser.post(f"/taken/{one.taak_id}", one.body)
        seconds.append(time.perf_counter() - begin)
        if status != _SEE_OTHER:
            refused.append(f"{one.element} {status}")


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table("voltooien over HTTP", "per s", "CPU ms", "p50 ms", "p95 ms", "p99 ms", "RSS MB")
    for kind, found in result.items():
        for clients in _CLIENTS:
            row = found[f"clients_{clients}"]
            table.add_row(
                f"{kind}, {clients} browser{'s' if clients > 1 else ''}",
                f"{row['per_second']:.0f}",
                *(f"{row[key]:.1f}" for key in ("cpu_ms", "median_ms", "p95_ms", "p99_ms")),
                f"{found['memory_mb']:.0f}",
            )
    console.print(table)
    for kind, found in result.items():
        counted = found["statements"]
        share = ", ".join(f"{name} {part:.0f} %" for name, part in found["share"].items())
        console.print(
            f"{kind}: SQL-opdrachten mediaan {counted['median']:.0f}, p95 {counted['p95']}, "
            f"meest {counted['max']}; vastgelegd {found['commits']} x; tijd: {share}"
        )
