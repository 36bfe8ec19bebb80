"""Runs inside a measured web server: counts its statements, and looks where its time goes.

Started with ``CODE``: it serves as `routeflow serve` does, and writes what it saw when it is
stopped.
"""

import json
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask, request, request_finished, request_started
from sqlalchemy import Connection, Engine, event

CODE = (
    "from routeflow.bench.inside import watched; from routeflow.cli import main; "
    "watched(lambda: main(['serve']))"
)
_PAUSE = 0.001
_SWITCH = 0.0001  # so that the sampler does not wait for the thread that it looks at
_ACTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})

# The innermost of these in a stack says what was being done; the rest is passed over.
_PLACES = (
    ("routeflow/forms/", "formulier"),
    ("routeflow/engine/", "engine"),
    ("SpiffWorkflow/", "engine"),
    ("sqlalchemy/", "SQL"),
    ("psycopg/", "SQL"),
    ("routeflow/store/", "SQL"),
    ("jinja2/", "bladzijden"),
    ("routeflow/web/sessie.py", "aanmelding"),
    ("routeflow/web/beveiliging.py", "aanmelding"),
    ("flask_wtf/", "aanmelding"),
    ("itsdangerous/", "aanmelding"),
    ("flask/sessions.py", "aanmelding"),
    ("routeflow/commands/", "opdracht"),
    ("routeflow/web/", "web"),
    ("werkzeug/", "web"),
    ("flask/", "web"),
)


class Watch:
    """What is counted of the form posts of one process."""

    def __init__(self) -> None:
        self.now: dict[int, Counter[str]] = {}
        self.done: list[Counter[str]] = []
        self.samples: Counter[str] = Counter()
        self._ended = threading.Event()

    def begin(self, _app: Flask, **_: object) -> None:
        """Look at this request when it sends a form."""
        if request.method == "POST" and request.endpoint == "taken.verstuur":
            self.now[threading.get_ident()] = Counter()

    def end(self, _app: Flask, **_: object) -> None:
        """Keep what was counted of this request."""
        if counted := self.now.pop(threading.get_ident(), None):
            self.done.append(counted)

    def statement(self, *arguments: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        """Count a statement; what begins a transaction or sets something is none."""
        counted = self.now.get(threading.get_ident())
        if counted is not None and arguments[2].split(None, 1)[0].upper() in _ACTS:
            counted["statements"] += 1

    def commit(self, _connection: Connection) -> None:
        """Count a commit."""
        counted = self.now.get(threading.get_ident())
        if counted is not None:
            counted["commits"] += 1

    def look(self) -> None:
        """Note every moment where each thread is that answers a form, until it ends."""
        while not self._ended.wait(_PAUSE):
            frames = sys._current_frames()  # noqa: SLF001 - its documented name
            for thread in list(self.now):
                if thread in frames:
                    self.samples[_place(frames[thread])] += 1

    def report(self) -> dict[str, Any]:
        """End, and return what was seen."""
        self._ended.set()
        seen = sum(self.samples.values()) or 1
        found = sorted(counted["statements"] for counted in self.done)
        commits = [counted["commits"] for counted in self.done]
        return {
            "statements": {
                "median": statistics.median(found),
                "p95": found[int(0.95 * (len(found) - 1))],
                "max": found[-1],
            },
            "commits": max(commits),
            "share": {
                name: round(100 * number / seen, 1) for name, number in self.samples.most_common()
            },
        }


def _place(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        if frame.f_code.co_name in {"do_commit", "commit"} and "sqlalchemy/" in path:
            return "vastleggen"
        for part, name in _PLACES:
            if part in path:
                return name
        frame = frame.f_back
    return "anders"


def watched(serve: Callable[[], object]) -> None:
    """Call ``serve``, and write what was seen of it to the file of the first argument."""
    watch, file = Watch(), Path(sys.argv[1])
    sys.setswitchinterval(_SWITCH)
    request_started.connect(watch.begin)
    request_finished.connect(watch.end)
    event.listen(Engine, "before_cursor_execute", watch.statement)
    event.listen(Engine, "commit", watch.commit)
    threading.Thread(target=watch.look, daemon=True).start()
    try:
        serve()
    finally:
        file.write_text(json.dumps(watch.report()), "utf-8")
