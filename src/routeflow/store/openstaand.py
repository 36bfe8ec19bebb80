"""What stands open in dossiers, each dossier in one row: facts, waits, kept messages and wekkers.

Every act on a dossier needs these, and they are many small rows. The database hands each kind over
as one JSON text: a row of its own costs more than all that is in it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    ScalarSelect,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from routeflow.store.models import (
    BERICHT_WACHT,
    TAAK_OPEN,
    Base,
    Bericht,
    Feit,
    Route,
    Taak,
    UtcDateTime,
    Wacht,
    Wekker,
)


class OpenWacht(NamedTuple):
    """For what a route waits, where."""

    id: UUID
    soort: str
    naam: str
    proces: str
    element: str


@dataclass(slots=True)
class OpenWekker:
    """A wekker that is armed, as it was read. ``rij`` is its row, for who changes it."""

    soort: str
    bron: str
    element: str
    naam: str
    gegevens: Mapping[str, Any]
    op: datetime | None
    _session: Session
    _gelezen: Sequence[Any]

    @property
    def rij(self) -> Wekker:
        """Return the row: the one that the session holds, or else one made of what was read."""
        ident = UUID(self._gelezen[_PLAATS["id"]])
        found = self._session.identity_map.get(identity_key(Wekker, ident))
        if isinstance(found, Wekker):
            return found
        made = Wekker(
            **{
                naam: None if waarde is None else lees(waarde)
                for naam, lees, waarde in zip(_PLAATS, _LEZERS, self._gelezen, strict=True)
            }
        )
        make_transient_to_detached(made)
        self._session.add(made)
        return made


@dataclass(slots=True)
class Openstaand:
    """What stands open in one dossier. ``feiten``: typed JSON by naam; ``post``: kept messages."""

    feiten: Mapping[str, Any] = field(default_factory=dict)
    wachten: Sequence[OpenWacht] = ()
    post: Collection[str] = ()
    wekkers: Sequence[OpenWekker] = ()

    def per_bron(self) -> dict[tuple[str, str], OpenWekker]:
        """Return the wekkers by soort and bron: of each pair one at most is open."""
        return {(een.soort, een.bron): een for een in self.wekkers}


def openstaand(session: Session, dossiers: Collection[UUID]) -> dict[UUID, Openstaand]:
    """Return what stands open in each of these dossiers that has a route."""
    rijen = session.execute(_OPEN_VAN_ALLE, {"van": list(dossiers)})
    return {dossier: _lees(session, rest) for dossier, *rest in rijen}


def openstaand_en_taken(
    session: Session, dossier: UUID, ook: UUID | None
) -> tuple[Openstaand, list[Taak]]:
    """Return what stands open in one dossier and its open taken, and the taak ``ook`` if closed."""
    rijen = session.execute(_OPEN_EN_TAKEN, {"van": dossier, "ook": ook}).all()
    taken = [taak for taak, *_ in rijen if taak is not None]
    return next(_lees(session, rest) for taak, *rest in rijen if taak is None), taken


def _lees(session: Session, kolommen: Sequence[str | None]) -> Openstaand:
    feiten, wachten, post, wekkers = kolommen
    return Openstaand(
        feiten=_json(feiten) or {},
        wachten=[OpenWacht(UUID(id_), *rest) for id_, *rest in _json(wachten)],
        post={naam for (naam,) in _json(post)},
        wekkers=[_wekker(session, wekker) for wekker in _json(wekkers)],
    )


def _json(tekst: str | None) -> Any:  # noqa: ANN401 - any JSON
    return msgspec.json.decode(tekst) if tekst else []


def _wekker(session: Session, gelezen: Sequence[Any]) -> OpenWekker:
    soort, bron, element, naam, gegevens, op = _VAN_WEKKER(gelezen)
    moment = None if op is None else _moment(op)
    return OpenWekker(soort, bron, element, naam, gegevens, moment, session, gelezen)


def _moment(tekst: str) -> datetime:
    moment = datetime.fromisoformat(tekst)
    # SQLite forgets the zone; we only ever stored UTC.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class _lijsten(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """All rows as one JSON text: a list of lists."""

    type = Text()
    inherit_cache = True


class _naam_waarde(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """All rows as one JSON text: an object with the first column as names."""

    type = Text()
    inherit_cache = True


@compiles(_lijsten, "sqlite")
def _(element: _lijsten, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_group_array(json_array({_kolommen(element, compiler, **how)}))"


@compiles(_naam_waarde, "sqlite")
def _(element: _naam_waarde, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_group_object({_kolommen(element, compiler, **how)})"


@compiles(_lijsten, "postgresql")
def _(element: _lijsten, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
    return f"json_agg(json_build_array({_kolommen(element, compiler, **how)}))::text"


@compiles(_naam_waarde, "postgresql")
def _(element: _naam_waarde, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - as the library calls it
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


def _alle(van: ColumnElement[str], *where: ColumnElement[bool]) -> ScalarSelect[str]:
    return select(van).where(*where).correlate(Route).scalar_subquery()


_KOLOMMEN = list(Base.metadata.tables["wekker"].columns)
_PLAATS = {column.key: plaats for plaats, column in enumerate(_KOLOMMEN)}
_VAN_WEKKER = itemgetter(
    *(_PLAATS[naam] for naam in ("soort", "bron", "element", "naam", "gegevens", "op"))
)


def _lezer(soort: object) -> Callable[[Any], Any]:
    """Return what makes of JSON the value that a column of this type holds."""
    if isinstance(soort, Uuid):
        return UUID
    if isinstance(soort, Boolean):
        return bool
    return _moment if isinstance(soort, UtcDateTime) else lambda waarde: waarde


_LEZERS = [_lezer(column.type) for column in _KOLOMMEN]

_OPEN = (
    _alle(
        _naam_waarde(Feit.naam, Feit.waarde),
        Feit.dossier_id == Route.dossier_id,
        Feit.tot.is_(None),
    ),
    _alle(
        _lijsten(Wacht.id, Wacht.soort, Wacht.naam, Wacht.proces, Wacht.element),
        Wacht.dossier_id == Route.dossier_id,
    ),
    _alle(_lijsten(Bericht.bericht), Bericht.dossier_id == Route.dossier_id, BERICHT_WACHT),
    _alle(
        _lijsten(*_KOLOMMEN), Wekker.dossier_id == Route.dossier_id, Wekker.gesloten_op.is_(None)
    ),
)
_OPEN_VAN_ALLE = select(Route.dossier_id, *_OPEN).where(
    Route.dossier_id.in_(bindparam("van", expanding=True))
)

# In one question, as each costs as much as what it answers: first what stands open, without a
# taak; then the taken, without the rest.
_TAAK = Base.metadata.tables["taak"].columns
_NAMEN = ("feiten", "wachten", "post", "wekkers")
_OPEN_EN_TAKEN = (
    select(Taak, *(column(naam, Text) for naam in _NAMEN))
    .from_statement(
        union_all(
            select(
                *(cast(null(), kolom.type).label(kolom.key) for kolom in _TAAK),
                *(een.label(naam) for naam, een in zip(_NAMEN, _OPEN, strict=True)),
            ).where(Route.dossier_id == bindparam("van")),
            select(*_TAAK, *(cast(null(), Text).label(naam) for naam in _NAMEN)).where(
                Taak.dossier_id == bindparam("van"), TAAK_OPEN | (Taak.id == bindparam("ook"))
            ),
        )
    )
    .execution_options(populate_existing=True)
)
