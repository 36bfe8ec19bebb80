"""Rows of a session, made of what a statement read as JSON or beside other rows.

The database hands many rows over as one JSON text sooner than as rows, and the session takes what
it is given as if it had read the rows itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Date,
    ScalarSelect,
    Text,
    Uuid,
    inspect,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from routeflow.store.models import Base, Route, UtcDateTime

Rij = TypeVar("Rij", bound=Base)


def rij(session: Session, soort: type[Rij], waarden: Mapping[str, Any]) -> Rij:
    """Let the session hold a row with these values by column; one that it held already takes them.

    What the session changed must have been written before. A column that is not in ``waarden`` is
    read when somebody asks for it.
    """
    mapper = inspect(soort)
    nummer = tuple(waarden[str(een.key)] for een in mapper.primary_key)
    gevonden: Any = session.identity_map.get(mapper.identity_key_from_primary_key(nummer))
    if isinstance(gevonden, soort):
        for naam, waarde in waarden.items():
            set_committed_value(gevonden, naam, waarde)
        return gevonden
    gemaakt: Any = mapper.class_manager.new_instance()
    vars(gemaakt).update(waarden)
    make_transient_to_detached(gemaakt)
    session.add(gemaakt)
    return cast("Rij", gemaakt)


def waarden(soort: type[Base], gelezen: Sequence[Any]) -> dict[str, Any]:
    """Return the columns of a row that was read as a JSON list of all of them, in their order."""
    namen, lezers = _vorm(soort)
    gevonden = dict(zip(namen, gelezen, strict=True))
    for naam, lees in lezers:
        if (tekst := gevonden[naam]) is not None:
            gevonden[naam] = lees(tekst)
    return gevonden


def moment(tekst: str) -> datetime:
    """Return an instant that the database wrote in JSON."""
    gelezen = datetime.fromisoformat(tekst)
    # SQLite forgets the zone; we only ever stored UTC.
    return gelezen.astimezone(UTC) if gelezen.tzinfo else gelezen.replace(tzinfo=UTC)


@cache
def _vorm(
    soort: type[Base],
) -> tuple[tuple[str, ...], tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """Return the names of the columns, and what reads those that JSON holds as something else."""
    kolommen = soort.__table__.columns
    lezers = [(kolom.key, _lezer(kolom.type)) for kolom in kolommen]
    return (
        tuple(kolom.key for kolom in kolommen),
        tuple((naam, lees) for naam, lees in lezers if lees is not None),
    )


def _lezer(soort: object) -> Callable[[Any], Any] | None:
    """Return what makes of JSON the value that a column of this type holds; None: JSON holds it."""
    if isinstance(soort, Uuid):
        return UUID
    if isinstance(soort, Boolean):
        return bool
    if isinstance(soort, Date):
        return date.fromisoformat
    return moment if isinstance(soort, UtcDateTime) else None


def uit_json(tekst: str | None) -> Any:  # noqa: ANN401 - any JSON
    """Return what the database wrote as JSON; of no rows at all PostgreSQL writes nothing."""
    return msgspec.json.decode(tekst) if tekst else []


class lijsten(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """All rows as one JSON text: a list of lists."""

    type = Text()
    inherit_cache = True


class naam_waarde(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """All rows as one JSON text: an object with the first column as names."""

    type = Text()
    inherit_cache = True


@compiles(lijsten, "sqlite")
def _(element: lijsten, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_group_array(json_array({_kolommen(element, compiler, **how)}))"


@compiles(naam_waarde, "sqlite")
def _(element: naam_waarde, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_group_object({_kolommen(element, compiler, **how)})"


@compiles(lijsten, "postgresql")
def _(element: lijsten, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_agg(json_build_array({_kolommen(element, compiler, **how)}))::text"


@compiles(naam_waarde, "postgresql")
def _(element: naam_waarde, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_object_agg({_kolommen(element, compiler, **how)})::text"


def _kolommen(element: FunctionElement[str], compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - passed on
    """Return the columns as arguments; what is JSON already goes in as it is."""
    als_json = "json({})" if compiler.dialect.name == "sqlite" else "{}"
    return ", ".join(
        (als_json if isinstance(column.type, JSON) else "{}").format(
            compiler.process(column, **how)
        )
        for column in element.clauses
    )


def alle(van: ColumnElement[str], *where: ColumnElement[bool]) -> ScalarSelect[str]:
    """Return the text ``van`` of all rows ``where``, as a column beside a route."""
    return select(van).where(*where).correlate(Route).scalar_subquery()
