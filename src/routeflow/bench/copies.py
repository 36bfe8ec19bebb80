"""Many dossiers out of one: its rows, again and again, under ids of their own."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import zstandard
from sqlalchemy import Column, Table, insert, select
from sqlalchemy.orm import Session

from routeflow.store.models import Base

_TABLES = ("dossier", "route", "feit", "taak", "wekker", "termijn", "journaal")
_NUMBERED = {"feit", "journaal"}  # the database numbers these itself
_BATCH = 500


Rows = Mapping[Table, Sequence[Mapping[Any, Any]]]


def copy_dossier(session: Session, dossier_id: UUID, number: int) -> None:
    """Write ``number`` copies of an open dossier: its route, facts, taken, timers and journal.

    The ids of what is open change in the engine's state too, so each copy runs on its own.
    """
    write_copies(session, rows_of(session, dossier_id), range(number))


def rows_of(session: Session, dossier_id: UUID) -> Rows:
    """Return all rows of a dossier as they are now."""
    session.flush()
    return {
        table: session.execute(select(table).where(_of(table) == dossier_id)).mappings().all()
        for table in (Base.metadata.tables[name] for name in _TABLES)
    }


def write_copies(
    session: Session, originals: Rows, serials: Sequence[int]
) -> list[dict[UUID, UUID]]:
    """Write a copy of these rows for each serial; return its ids by those of the original."""
    found = []
    armed = originals[Base.metadata.tables["wekker"]]
    fixed = {row["id"] for table, rows in originals.items() for row in rows if _own_id(table)}
    fixed |= {UUID(row["bron"]) for row in armed}
    (route,) = originals[Base.metadata.tables["route"]]
    fixed |= {UUID(wacht[0]) for wacht in route["wachten"]}
    for first in range(0, len(serials), _BATCH):
        made: dict[Table, list[dict[str, Any]]] = {table: [] for table in originals}
        for serial in serials[first : first + _BATCH]:
            ids = {old: uuid4() for old in fixed}
            for table, rows in originals.items():
                made[table] += (_copied(table, row, ids, serial) for row in rows)
            found.append(ids)
        for table, copies in made.items():
            if copies:
                session.execute(insert(table), copies)
    return found


def _own_id(table: Table) -> bool:
    return "id" in table.c and table.name not in _NUMBERED


def _of(table: Table) -> Column[Any]:
    return table.c.id if table.name == "dossier" else table.c.dossier_id


def _copied(
    table: Table, row: Mapping[Any, Any], ids: Mapping[UUID, UUID], serial: int
) -> dict[str, Any]:
    copy = {
        name: ids.get(value, value) if isinstance(value, UUID) else value
        for name, value in row.items()
    }
    if table.name in _NUMBERED:
        del copy["id"]
    elif table.name == "dossier":
        copy |= {"nummer": f"M-{serial:06}", "bsn": None, "v_nummer": None}
    elif table.name == "wekker":
        copy["bron"] = str(ids[UUID(row["bron"])])
    elif table.name == "route":
        copy["toestand"] = _renamed(row["toestand"], ids)
        copy["wachten"] = [[str(ids[UUID(wacht)]), *rest] for wacht, *rest in row["wachten"]]
    return copy


def _renamed(state: bytes, ids: Mapping[UUID, UUID]) -> bytes:
    """Return a state of the engine in which each of ``ids`` is another: they stand there as bytes."""
    inside = zstandard.ZstdDecompressor().decompress(state[1:], max_output_size=1 << 26)
    for old, new in ids.items():
        inside = inside.replace(old.bytes, new.bytes)
    return state[:1] + zstandard.ZstdCompressor(level=3, write_checksum=True).compress(inside)
