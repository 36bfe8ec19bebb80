"""What the parts of a measurement share: its options, its figures and its databases."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO
from uuid import uuid4

from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. ``quick`` takes fewer rounds, on the same sizes.

    ``postgresql`` is the address of a server on which databases may be made, or empty.
    ``kills``, ``seed`` (0: another one each time) and ``own_postgresql`` are for the kill test.
    """

    progress: TextIO
    quick: bool = False
    taken: int = 100_000
    postgresql: str = ""
    kills: int = 1000
    seed: int = 0
    own_postgresql: bool = False


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


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds ``act`` takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


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
        address = server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
            try:
                url = server.set(database=name).render_as_string(hide_password=False)
                yield {**found, "postgresql": url}
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
