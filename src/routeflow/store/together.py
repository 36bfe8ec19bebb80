"""Writing what changed, one statement a kind of change, of one dossier or of many at once."""

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Executable,
    Insert,
    LargeBinary,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeEngine

from routeflow.store.models import Base, Dossier, DossierTermijn, Taak
from routeflow.store.models.casemanager import geef_door, neem_over

_WAS = "was_"
_MANY = 5  # rows from which on one text is quicker than each by itself
_ALONE = 25  # changed rows from which on they go apart from new ones: those of many dossiers
_NUL = "\\u0000"
_FIRST = "before new rows"
_PLACE = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


def before_new_rows(session: Session, act: Update, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let ``act`` run, once for each of ``rows``, right before the new rows of ``session`` are written.

    For what must make place for a new row that the session holds already: without one there is
    no writing to come before.
    """
    session.info.setdefault(_FIRST, {}).setdefault(act, []).extend(rows)


@event.listens_for(Session, "before_flush")
def _make_place(session: Session, *_: object) -> None:
    for act, rows in session.info.pop(_FIRST, {}).items():
        session.connection().execute(act, rows)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _: object) -> None:
    session.info.pop(_FIRST, None)


def write_together(session: Session) -> None:
    """Write what ``session`` holds as its flush would, but one statement a kind of change.

    A flush updates rows with a ``version`` one by one, and so it inserts rows that the database
    numbers. Here each kind is one statement for all rows, and all rows leave the session, which
    is quickest. For changes to columns and for new rows that are given the ids of what they refer to.
    Raises StaleDataError when somebody else changed a row meanwhile.
    """
    if session.deleted:
        raise ValueError("a row that is deleted cannot be written together with others")
    if any(_found_otherwise(row) for row in (*session.new, *session.dirty)):
        session.flush()
    _make_place(session)
    with session.no_autoflush:
        news, changes = _news(session), _changes(session)
        both = {table for table in changes if table in news and len(changes[table]) < _ALONE}
        for table in sorted(changes.keys() - both, key=_place):
            _update(session, table, changes[table])
        for table in sorted(news, key=_place):
            rows = _even(table, list(news[table].values()))
            if table in both:
                _upsert(session, table, rows, changes[table])
            else:
                _write_new(session, table, rows)
    session.expunge_all()


def _place(table: Table) -> int:
    """Return where ``table`` comes: behind those that its rows refer to."""
    return _PLACE[table.name]


def _found_otherwise(row: object) -> bool:
    """Say whether ``row`` is a dossier of which the words change that the flush keeps beside it."""
    return isinstance(row, Dossier) and inspect(row).attrs.zoek.history.has_changes()


def _write_new(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Write new rows, each with the same columns."""
    if (text := _as_text(session, rows)) is None:
        session.connection().execute(_insert(table), rows)
    else:
        names = tuple(sorted(rows[0]))
        session.connection().execute(_insert_of_text(table, names), {"rows": text})


@cache
def _insert(table: Table) -> Insert:
    return insert(table).inline()  # the number that the database gives a row is asked for by nobody


def _news(session: Session) -> dict[Table, dict[Any, dict[str, Any]]]:
    """Return the new rows by table with what they hold, in the order they were made."""
    found: dict[Table, dict[Any, dict[str, Any]]] = defaultdict(dict)
    for new in session.new:
        mapper = inspect(new).mapper
        if isinstance(new, Taak | DossierTermijn):
            neem_over(session.connection(), new)
        values = {
            column.key: new.__dict__[column.key]
            for column in new.__table__.columns
            if column.key in new.__dict__
        }
        if mapper.version_id_col is not None:
            values.setdefault(mapper.version_id_col.key, 1)
        found[new.__table__][new] = values
    return found


def _even(table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ``rows`` with the same columns each: what one does not say is the column's default.

    Also where none says it: rows that travel as one text ask no column.
    """
    names = dict.fromkeys(name for row in rows for name in row) | _defaulted(table)
    if all(len(row) == len(names) for row in rows):
        return rows
    return [
        {name: row[name] if name in row else _default(table, name) for name in names}
        for row in rows
    ]


@cache
def _defaulted(table: Table) -> dict[str, None]:
    """Return the columns that have a default of our own, in order."""
    return {column.key: None for column in table.columns if column.default is not None}


def _default(table: Table, name: str) -> Any:  # noqa: ANN401 - what the column holds
    default: Any = table.c[name].default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _changes(session: Session) -> dict[Table, dict[Any, set[str]]]:
    """Return the changed rows by table, each with the names of what changed."""
    found: dict[Table, dict[Any, set[str]]] = defaultdict(dict)
    for row in session.dirty:
        if isinstance(row, Dossier):
            geef_door(session.connection(), row)
        state = inspect(row)
        columns = state.mapper.columns
        changed = {
            name
            for name, before in state.committed_state.items()
            if name in columns and row.__dict__[name] != before
        }
        if changed:
            found[row.__table__][row] = changed
    return found


def _update(session: Session, table: Table, rows: dict[Any, set[str]]) -> None:
    """Write ``rows``.

    What changed in one of them is written in all: the others keep what they have.
    """
    mapper = inspect(next(iter(rows))).mapper
    changed = set().union(*rows.values())
    version = mapper.version_id_col.key if mapper.version_id_col is not None else None
    finds = [key.key for key in mapper.primary_key] + ([version] if version else [])
    written = [
        {name: getattr(row, name) for name in changed}
        | ({version: getattr(row, version) + 1} if version else {})
        for row in rows
    ]
    whole = [
        values | {f"{_WAS}{name}": getattr(row, name) for name in finds}
        for row, values in zip(rows, written, strict=True)
    ]
    how = table, frozenset(finds), frozenset(written[0])
    if (text := _as_text(session, whole)) is None:
        found = session.connection().execute(_update_each(*how), whole)
    else:
        found = session.connection().execute(_update_of_text(*how), {"rows": text})
    if found.rowcount != len(written):
        raise StaleDataError(f"{len(written)} rows of {table.name}, {found.rowcount} found")


def _upsert(
    session: Session, table: Table, new: list[dict[str, Any]], rows: dict[Any, set[str]]
) -> None:
    """Write new rows and changed ``rows`` of one table at once."""
    mapper = inspect(next(iter(rows))).mapper
    version = mapper.version_id_col.key if mapper.version_id_col is not None else None
    names = [column.key for column in table.columns]
    changed = set().union(*rows.values())
    whole = [{name: getattr(row, name) for name in names} for row in rows]
    if version:
        changed.add(version)
        for values in whole:
            values[version] += 1
    filled = [{name: row.get(name) for name in names} for row in new]
    statement = _upserting(table, frozenset(changed), version, session.get_bind().dialect.name)
    found = session.connection().execute(statement, [*whole, *filled])
    if found.rowcount != len(new) + len(rows):
        raise StaleDataError(f"{len(new) + len(rows)} rows of {table.name}, {found.rowcount} found")


@cache
def _upserting(
    table: Table, changed: frozenset[str], version: str | None, dialect: str
) -> Executable:
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    now = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: now[name] for name in sorted(changed)},
        where=table.c[version] == now[version] - 1 if version else None,
    ).execution_options(preserve_rowcount=True)


@cache
def _update_each(table: Table, keys: frozenset[str], changed: frozenset[str]) -> Update:
    return (
        update(table)
        .where(*(table.c[key] == bindparam(f"{_WAS}{key}") for key in sorted(keys)))
        .values({name: bindparam(name) for name in sorted(changed)})
    )


# PostgreSQL takes many rows as one JSON text: each by itself is a message there and back, and is
# bound, begun and ended for itself. SQLite has none of that, and takes them one by one.


def _as_text(session: Session, rows: list[dict[str, Any]]) -> str | None:
    """Return ``rows`` as the JSON that PostgreSQL takes apart; None when they go one by one."""
    if len(rows) < _MANY or session.get_bind().dialect.name != "postgresql":
        return None
    text = json.dumps(rows, default=_plain, ensure_ascii=False)
    return None if _NUL in text else text  # it reads every text, and that is none


def _plain(value: object) -> str:
    """Return a value that JSON does not know as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a column")


@cache
def _insert_of_text(table: Table, names: tuple[str, ...]) -> Insert:
    given = _rows({name: table.c[name] for name in names})
    chosen = [_typed(given, name, table.c[name]) for name in names]
    return insert(table).from_select(names, select(*chosen), include_defaults=False)


@cache
def _update_of_text(table: Table, keys: frozenset[str], changed: frozenset[str]) -> Update:
    finds = {f"{_WAS}{key}": table.c[key] for key in sorted(keys)}
    given = _rows(finds | {name: table.c[name] for name in sorted(changed)})
    return (
        update(table)
        .where(*(column == given.c[name] for name, column in finds.items()))
        .values({name: _typed(given, name, table.c[name]) for name in sorted(changed)})
    )


def _rows(columns: Mapping[str, Column[Any]]) -> TableValuedAlias:
    """Return the JSON text in the parameter ``rows`` as a table with these columns."""
    return (
        func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
        .table_valued(*(column(name, _carried(like.type)) for name, like in columns.items()))
        .render_derived("given", with_types=True)
    )


def _carried(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(kind, LargeBinary) else kind


def _typed(given: TableValuedAlias, name: str, like: Column[Any]) -> ColumnElement[Any]:
    found: ColumnElement[Any] = given.c[name]
    return func.decode(found, "base64") if isinstance(like.type, LargeBinary) else found
