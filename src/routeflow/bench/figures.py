"""What the parts of a measurement share: its options, its figures and its databases."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from sqlalchemy import URL, event, make_url

from routeflow.store import Store


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. ``quick`` takes fewer rounds, on the same sizes.

    ``postgresql`` is the address of a server on which databases may be made, or empty.
    ``kills``, ``seed`` (0: another one each time) and ``own_postgresql`` are for the kill test.
    ``keep``: the folder in which the lists find their filled database again.
    """

    progress: TextIO
    quick: bool = False
    taken: int = 100_000
    postgresql: str = ""
    kills: int = 1000
    seed: int = 0
    own_postgresql: bool = False
    keep: Path | None = None


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return the median, p95, p99, minimum and maximum of ``seconds``, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "median_ms": round(1000 * statistics.median(ordered), 3),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 3),
        "p99_ms": round(1000 * ordered[int(0.99 * (len(ordered) - 1))], 3),
        "min_ms": round(1000 * ordered[0], 3),
        "max_ms": round(1000 * ordered[-1], 3),
        "runs": len(ordered),
    }


LOOK_MS = 25
"""How long a look at a list or page may take at p95, in milliseconds."""


def look_cells(figures: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of one look for a table: median, p95 (red when late), p99 and p95 of CPU."""
    p95 = f"{figures['p95_ms']:.1f}"
    return (
        f"{figures['median_ms']:.1f}",
        f"[bold red]{p95}[/]" if figures["p95_ms"] > LOOK_MS else p95,
        f"{figures['p99_ms']:.1f}",
        f"{figures['cpu']['p95_ms']:.1f}",
    )


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds ``act`` takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


class Processor:
    """The processor time that acts on a store take: here, and in a PostgreSQL server beside us."""

    def __init__(self, store: Store) -> None:
        self._servers: set[Path] = set()
        if store.engine.dialect.name == "postgresql":
            event.listen(store.engine, "checkout", self._note)

    def _note(self, connection: Any, *_: object) -> None:  # noqa: ANN401 - the driver's
        server = Path(f"/proc/{connection.info.backend_pid}")
        with suppress(OSError):  # on another machine: its time is not counted
            if (server / "comm").read_text("utf-8").startswith("postgres"):
                self._servers.add(server / "schedstat")

    def timed(self, act: Callable[[], object]) -> float:
        """Return how many seconds of a processor ``act`` takes."""
        return sum(self.parts(act))

    def parts(self, act: Callable[[], object]) -> tuple[float, float]:
        """Return how many seconds ``act`` takes here, and in the server."""
        begin, served = time.thread_time(), self._served()
        act()
        return time.thread_time() - begin, self._served() - served

    def _served(self) -> float:
        return sum(int(server.read_text("ascii").split()[0]) for server in self._servers) / 1e9


def settle(store: Store) -> None:
    """Let PostgreSQL learn what it holds, as its own upkeep does within a minute; SQLite has been told.

    Without it PostgreSQL guesses how many rows there are, and reads whole tables for one dossier.
    """
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def kept(options: Options, name: str) -> Iterator[dict[str, str]]:
    """Give the same as ``databases``, but those of the last time where ``options`` say to keep them."""
    if options.keep is None:
        with databases(options) as found:
            yield found
        return
    options.keep.mkdir(parents=True, exist_ok=True)
    addresses = {"sqlite": f"sqlite:///{options.keep.absolute()}/{name}.db"}
    if options.postgresql:
        import psycopg  # noqa: PLC0415 - as below

        server = make_url(options.postgresql)
        with psycopg.connect(_address(server), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if there.fetchone() is None:
                connection.execute(f"CREATE DATABASE {name}".encode())
        addresses["postgresql"] = server.set(database=name).render_as_string(hide_password=False)
    yield addresses


def _address(server: URL) -> str:
    return server.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def databases(options: Options) -> Iterator[dict[str, str]]:
    """Give the address of an empty database per kind: sqlite, and postgresql when there is a server.

    They are removed afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = {"sqlite": f"sqlite:///{folder}/meting.db"}
        if not options.postgresql:
            yield found
            return
        import psycopg  # noqa: PLC0415 - the commands beside the bench need not wait for it

        server = make_url(options.postgresql)
        name = f"meting_{uuid4().hex[:10]}"
        with psycopg.connect(_address(server), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
            try:
                url = server.set(database=name).render_as_string(hide_password=False)
                yield {**found, "postgresql": url}
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
