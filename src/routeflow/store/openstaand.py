"""What stands open in dossiers, each dossier in one row: facts, waits, kept messages and wekkers.

Every act on a dossier needs these, and they are many small rows. The database hands each kind over
as one JSON text: a row of its own costs more than all that is in it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from routeflow.store.gelezen import (
    alle,
    lijsten,
    moment,
    naam_waarde,
    rij,
    uit_json,
    waarden,
)
from routeflow.store.models import (
    BERICHT_WACHT,
    TAAK_OPEN,
    Base,
    Bericht,
    Deployment,
    Dossier,
    Feit,
    Route,
    Taak,
    Wekker,
)


class OpenWacht(NamedTuple):
    """For what a route waits, where."""

    id: str
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
        gevonden = self._session.identity_map.get(identity_key(Wekker, ident))
        if isinstance(gevonden, Wekker):
            return gevonden
        return rij(self._session, Wekker, waarden(Wekker, self._gelezen))


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


class Gelezen(NamedTuple):
    """A dossier in hand: its locked route, what stands open in it, and its open taken."""

    route: Route
    open: Openstaand
    taken: list[Taak]


def openstaand_en_taken(session: Session, dossier: UUID) -> tuple[Openstaand, list[Taak]]:
    """Return what stands open in one dossier, and its open taken."""
    session.flush()
    *rest, taken = session.connection().execute(_OPEN_EN_TAKEN, {"van": dossier}).one()
    return _lees(session, rest), _lees_taken(session, taken)


def vergrendel_van_taak(session: Session, taak: UUID) -> Gelezen | None:
    """Lock the route to which ``taak`` belongs and read it; ``taak`` comes along though it is closed.

    PostgreSQL waits for the lock and then reads the route anew, but nothing that is read beside it.
    Whoever acts on a dossier moves the version of its route: when that moved while we waited, we
    look once more, and now nobody can be before us.
    """
    session.flush()
    gelezen = None
    for _ in range(2):
        gelezen = session.connection().execute(_VAN_TAAK, {"taak": taak}).first()
        if gelezen is not None and gelezen[_VERSIE] == gelezen[_GEZIEN]:
            break
    if gelezen is None:
        return None
    route = rij(session, Route, dict(zip(_ROUTE.keys(), gelezen, strict=False)))
    dossier = rij(
        session, Dossier, dict(zip(_DOSSIER.keys(), gelezen[len(_ROUTE) :], strict=False))
    )
    *rest, taken = gelezen[_GEZIEN + 1 : -1]
    deployment = rij(session, Deployment, {"id": route.deployment_id, "digest": gelezen[-1]})
    set_committed_value(route, "dossier", dossier)
    set_committed_value(route, "deployment", deployment)
    return Gelezen(route, _lees(session, rest), _lees_taken(session, taken))


def _lees_taken(session: Session, tekst: str | None) -> list[Taak]:
    return [rij(session, Taak, waarden(Taak, een)) for een in uit_json(tekst)]


def wachten_van(session: Session, dossier: UUID) -> list[OpenWacht]:
    """Return for what the route of one dossier waits."""
    return wachten_in(session.scalar(select(Route.wachten).where(Route.dossier_id == dossier)))


def wachten_in(gelezen: Sequence[Sequence[Any]] | None) -> list[OpenWacht]:
    """Return the same of the ``wachten`` of a route that was read already."""
    return [OpenWacht(*een) for een in gelezen or ()]


def _lees(session: Session, kolommen: Sequence[Any]) -> Openstaand:
    feiten, wachten, post, wekkers = kolommen
    return Openstaand(
        feiten=uit_json(feiten) or {},
        wachten=[OpenWacht(*een) for een in wachten],
        post={naam for (naam,) in uit_json(post)},
        wekkers=[_wekker(session, wekker) for wekker in uit_json(wekkers)],
    )


def _wekker(session: Session, gelezen: Sequence[Any]) -> OpenWekker:
    soort, bron, element, naam, gegevens, op = _VAN_WEKKER(gelezen)
    wanneer = None if op is None else moment(op)
    return OpenWekker(soort, bron, element, naam, gegevens, wanneer, session, gelezen)


_KOLOMMEN = list(Base.metadata.tables["wekker"].columns)
_PLAATS = {column.key: plaats for plaats, column in enumerate(_KOLOMMEN)}
_VAN_WEKKER = itemgetter(
    *(_PLAATS[naam] for naam in ("soort", "bron", "element", "naam", "gegevens", "op"))
)


_OPEN = (
    alle(
        naam_waarde(Feit.naam, Feit.waarde),
        Feit.dossier_id == Route.dossier_id,
        Feit.tot.is_(None),
    ),
    Route.wachten,
    alle(lijsten(Bericht.bericht), Bericht.dossier_id == Route.dossier_id, BERICHT_WACHT),
    alle(lijsten(*_KOLOMMEN), Wekker.dossier_id == Route.dossier_id, Wekker.gesloten_op.is_(None)),
)
_OPEN_VAN_ALLE = select(Route.dossier_id, *_OPEN).where(
    Route.dossier_id.in_(bindparam("van", expanding=True))
)

_TAKEN = lijsten(*Base.metadata.tables["taak"].columns)
_OPEN_EN_TAKEN = select(*_OPEN, alle(_TAKEN, Taak.dossier_id == Route.dossier_id, TAAK_OPEN)).where(
    Route.dossier_id == bindparam("van")
)

_ROUTE, _DOSSIER = (Base.metadata.tables[naam].columns for naam in ("route", "dossier"))
_VERSIE, _GEZIEN = list(_ROUTE.keys()).index("version"), len(_ROUTE) + len(_DOSSIER)
_ZELF = aliased(Route)
_VAN_TAAK = (
    select(
        *_ROUTE,
        *_DOSSIER,
        select(_ZELF.version).where(_ZELF.dossier_id == Route.dossier_id).scalar_subquery(),
        *_OPEN,
        alle(
            _TAKEN, Taak.dossier_id == Route.dossier_id, TAAK_OPEN | (Taak.id == bindparam("taak"))
        ),
        Deployment.digest,
    )
    .join(Dossier, Dossier.id == Route.dossier_id)
    .join(Deployment, Deployment.id == Route.deployment_id)
    .where(
        Route.dossier_id
        == select(Taak.dossier_id).where(Taak.id == bindparam("taak")).scalar_subquery()
    )
    .with_for_update(of=Route)
)
