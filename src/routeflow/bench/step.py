"""One completed taak: the engine, its state and a durable commit, against the library."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from routeflow.bench.figures import Options, spread
from routeflow.bench.route import Library, Product


def _steps(way: Library | Product, database: Path) -> Iterator[tuple[float, int]]:
    """Yield seconds and stored bytes of each completed task of one case: read, run, durable write."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table if not exists route (id integer primary key, state blob)")
    case = connection.execute("insert into route(state) values (?)", (way.start(),)).lastrowid
    finished = False
    while not finished:
        begin = time.perf_counter()
        connection.execute("begin immediate")
        (state,) = connection.execute("select state from route where id=?", (case,)).fetchone()
        state, finished = way.step(state)
        connection.execute("update route set state=? where id=?", (state, case))
        connection.execute("commit")
        yield time.perf_counter() - begin, len(state)
    connection.close()


def measure(options: Options) -> dict[str, Any]:
    """Measure one completed taak, engine and durable commit: the library and us, case by case in turn."""
    print("stap: de bibliotheek en routeflow om de beurt ...", file=options.progress)
    library, product = Library(), Product()
    theirs: list[tuple[float, int]] = []
    ours: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2 if options.quick else 8):
            ours += _steps(product, Path(folder, "ours.db"))
            theirs += _steps(library, Path(folder, "theirs.db"))
    baseline = spread([seconds for seconds, _ in theirs])
    own = spread([seconds for seconds, _ in ours])
    return {
        "baseline": {**baseline, "bytes_median": statistics.median(size for _, size in theirs)},
        "routeflow": {**own, "bytes_median": statistics.median(size for _, size in ours)},
        "ratio_median": round(baseline["median_ms"] / own["median_ms"], 2),
        "ratio_p95": round(baseline["p95_ms"] / own["p95_ms"], 2),
    }


def show(step: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table("een taak voltooien", "mediaan ms", "p95 ms", "min ms", "max ms", "bytes")
    for label, row in (("SpiffWorkflow", step["baseline"]), ("routeflow", step["routeflow"])):
        table.add_row(
            label,
            *(f"{row[key]:.2f}" for key in ("median_ms", "p95_ms", "min_ms", "max_ms")),
            f"{row['bytes_median']:.0f}",
        )
    console.print(table)
    console.print(f"verhouding: mediaan {step['ratio_median']} x, p95 {step['ratio_p95']} x")
