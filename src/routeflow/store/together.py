"""Writing the changes of many dossiers at once."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Table, bindparam, insert, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError


def write_together(session: Session) -> None:
    """Write what ``session`` holds as its flush would, but one statement a kind of change.

    A flush updates rows with a ``version`` one by one, and so it inserts rows that the database
    numbers. Here each kind is one statement for all rows; the rows leave the session afterwards.
    For changes to columns and for new rows that do not refer to each other.
    Raises StaleDataError when somebody else changed a row meanwhile.
    """
    if session.deleted:
        raise ValueError("a row that is deleted cannot be written together with others")
    with session.no_autoflush:
        for (table, changed), rows in _changes(session).items():
            _update(session, table, changed, rows)
        for (table, _names), rows in _news(session).items():
            session.execute(insert(table), rows)
    session.expunge_all()


def _news(session: Session) -> dict[tuple[Table, frozenset[str]], list[dict[str, Any]]]:
    """Return the new rows by table and by which columns they fill, in the order they were made."""
    found: dict[tuple[Table, frozenset[str]], list[dict[str, Any]]] = defaultdict(list)
    for new in session.new:
        mapper = inspect(new).mapper
        values = {
            column.key: new.__dict__[column.key]
            for column in new.__table__.columns
            if column.key in new.__dict__
        }
        if mapper.version_id_col is not None:
            values.setdefault(mapper.version_id_col.key, 1)
        found[new.__table__, frozenset(values)].append(values)
    return found


def _changes(session: Session) -> dict[tuple[Table, frozenset[str]], list[dict[str, Any]]]:
    """Return the changed rows by table and by which columns changed; ``was_``: what finds them."""
    found: dict[tuple[Table, frozenset[str]], list[dict[str, Any]]] = defaultdict(list)
    for row in session.dirty:
        state = inspect(row)
        mapper = state.mapper
        values = {
            name: row.__dict__[name]
            for name, before in state.committed_state.items()
            if name in mapper.columns and row.__dict__[name] != before
        }
        if not values:
            continue
        finds = {f"was_{key.key}": getattr(row, key.key) for key in mapper.primary_key}
        if mapper.version_id_col is not None:
            version = mapper.version_id_col.key
            finds[f"was_{version}"] = row.__dict__[version]
            values[version] = row.__dict__[version] + 1
        found[row.__table__, frozenset(values)].append(values | finds)
    return found


def _update(
    session: Session, table: Table, changed: frozenset[str], rows: list[dict[str, Any]]
) -> None:
    finds = [name for name in rows[0] if name.startswith("was_")]
    statement = (
        update(table)
        .where(*(table.c[name.removeprefix("was_")] == bindparam(name) for name in finds))
        .values({name: bindparam(name) for name in changed})
    )
    found = session.connection().execute(statement, rows)
    if found.rowcount != len(rows):
        raise StaleDataError(f"{len(rows)} rows of {table.name}, {found.rowcount} found")
