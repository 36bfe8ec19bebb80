"""One completed taak: the engine, its state and a durable commit, against the library."""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from routeflow.bench.figures import Options, spread
from routeflow.bench.route import Library, Product

_ROUNDS = 7  # of the route, for a dossier with more than 300 completed taken
_LATE = 300
_DOSSIERS = 100_000


class Taken(NamedTuple):
    """What one completed taak took: seconds on the clock and of the processor, and stored bytes."""

    seconds: float
    cpu: float
    size: int


def measure(options: Options) -> dict[str, Any]:
    """Measure one completed taak, engine and durable commit: the library and us, case by case in turn."""
    print("stap: de bibliotheek en routeflow om de beurt ...", file=options.progress)
    library, product = Library(), Product()
    theirs: list[Taken] = []
    ours: list[Taken] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2 if options.quick else 8):
            ours += _steps(product, Path(folder, "ours.db"))
            theirs += _steps(library, Path(folder, "theirs.db"))
    baseline, own = _figures(theirs), _figures(ours)
    return {
        "baseline": baseline,
        "routeflow": own,
        "ratio_median": round(baseline["median_ms"] / own["median_ms"], 2),
        "ratio_cpu": round(baseline["cpu_ms"] / own["cpu_ms"], 2),
        "ratio_p95": round(baseline["p95_ms"] / own["p95_ms"], 2),
        "ratio_p95_to_median": round(baseline["median_ms"] / own["p95_ms"], 2),
        "late": _late(options),
        "among": _among(product, options),
    }


def _steps(way: Library | Product, database: Path) -> Iterator[Taken]:
    """Yield what each completed task of one case takes: read, run, durable write."""
    with closing(_opened(database)) as connection:
        case = _insert(connection, way.start())
        finished = False
        while not finished:
            taken, finished = _step(way, connection, case)
            yield taken


def _step(way: Library | Product, connection: sqlite3.Connection, case: int) -> tuple[Taken, bool]:
    """Do the first open task of one case and return what it took, and whether the case ended."""
    begin, used = time.perf_counter(), time.process_time()
    connection.execute("begin immediate")
    (state,) = connection.execute("select state from route where id=?", (case,)).fetchone()
    state, finished = way.step(state)
    connection.execute("update route set state=? where id=?", (state, case))
    connection.execute("commit")
    taken = Taken(time.perf_counter() - begin, time.process_time() - used, len(state))
    return taken, finished


def _opened(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table if not exists route (id integer primary key, state blob)")
    return connection


def _insert(connection: sqlite3.Connection, state: bytes) -> int:
    return connection.execute("insert into route(state) values (?)", (state,)).lastrowid or 0


def _figures(steps: Sequence[Taken]) -> dict[str, float]:
    return {
        **spread([one.seconds for one in steps]),
        "cpu_ms": round(1000 * statistics.median(one.cpu for one in steps), 3),
        "bytes_median": statistics.median(one.size for one in steps),
        "bytes_max": max(one.size for one in steps),
    }


def _late(options: Options) -> dict[str, Any]:
    """Pass the route again and again in one dossier: the steps after the 300th, and the first ones."""
    print(f"stap: na {_LATE} voltooide taken ...", file=options.progress)
    product = Product(_ROUNDS)
    first: list[Taken] = []
    late: list[Taken] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(1 if options.quick else 4):
            steps = list(_steps(product, Path(folder, "late.db")))
            each = len(steps) // _ROUNDS  # the same taken: the first round and the last
            if len(steps) < _LATE + each:
                raise RuntimeError(f"the route ended after {len(steps)} taken")
            first += steps[:each]
            late += steps[-each:]
    return _beside(first, late)


def _among(product: Product, options: Options) -> dict[str, Any]:
    """Do taken of dossiers anywhere in a table with many others, and in one without, in turns."""
    print(f"stap: tussen {_DOSSIERS} lopende dossiers ...", file=options.progress)
    states, open_ = _whole_case(product)
    draw = random.Random(20260302)  # noqa: S311 - the same dossiers each time
    alone: list[Taken] = []
    among: list[Taken] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(_opened(Path(folder, "alone.db"))) as one,
        closing(_opened(Path(folder, "among.db"))) as many,
    ):
        many.execute("begin")
        many.executemany(
            "insert into route(state) values (?)",
            ((states[number % len(states)],) for number in range(_DOSSIERS)),
        )
        many.execute("commit")
        many.execute("pragma wal_checkpoint(truncate)")
        for number in range(200 if options.quick else 1000):
            state = states[number % len(states)]
            for connection, found in ((one, alone), (many, among)):
                case = _insert(one, state) if connection is one else draw.randint(1, _DOSSIERS)
                connection.execute("update route set state=? where id=?", (state, case))
                product.open[state] = open_[state]
                found.append(_step(product, connection, case)[0])
    return _beside(alone, among)


def _whole_case(product: Product) -> tuple[list[bytes], dict[bytes, str]]:
    """Return every state of one case in which a task is open, and that task."""
    states: list[bytes] = []
    open_: dict[bytes, str] = {}
    state, finished = product.start(), False
    while not finished:
        states.append(state)
        open_[state] = product.open[state]
        state, finished = product.step(state)
    return states, open_


def _beside(plain: Sequence[Taken], other: Sequence[Taken]) -> dict[str, Any]:
    """Return both, and how much slower the other is at the median."""
    one, two = _figures(plain), _figures(other)
    return {
        "plain": one,
        "here": two,
        "times_plain": round(two["median_ms"] / one["median_ms"], 2),
        "times_plain_cpu": round(two["cpu_ms"] / one["cpu_ms"], 2),
    }


def show(step: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table(
        "een taak voltooien", "mediaan ms", "p95 ms", "CPU ms", "min ms", "max ms", "bytes"
    )
    for label, row in (
        ("SpiffWorkflow", step["baseline"]),
        ("routeflow", step["routeflow"]),
        (f"na {_LATE} voltooide taken", step["late"]["here"]),
        (f"tussen {_DOSSIERS} dossiers", step["among"]["here"]),
    ):
        table.add_row(
            label,
            *(f"{row[key]:.2f}" for key in ("median_ms", "p95_ms", "cpu_ms", "min_ms", "max_ms")),
            f"{row['bytes_median']:.0f}",
        )
    console.print(table)
    console.print(
        f"verhouding: mediaan {step['ratio_median']} x, p95 {step['ratio_p95']} x, "
        f"onze p95 bij hun mediaan {step['ratio_p95_to_median']} x"
    )
    console.print(
        f"naast een gewone stap: na {_LATE} taken {step['late']['times_plain']} x, "
        f"tussen {_DOSSIERS} dossiers {step['among']['times_plain']} x"
    )
