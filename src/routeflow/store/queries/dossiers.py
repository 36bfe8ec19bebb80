"""Dossiers: the list, and one dossier as its reader may see it."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any, Literal
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import (
    Actor,
    Handeling,
    bezwaar_tegen,
    feiten_zichtbaar,
    zichtbaar,
)
from routeflow.store.models import (
    TAAK_OPEN,
    Account,
    Dossier,
    Feit,
    Incident,
    Route,
    Taak,
    Wekker,
)
from routeflow.store.openstaand import wachten_in
from routeflow.store.queries.bladzijde import (
    GRENS,
    PER_PAGINA,
    Aantal,
    Page,
    Past,
    Voorwaarde,
    Waarden,
    er_is,
    geteld,
    geteld_in_venster,
    onleesbare_cursor,
    telvraag,
    venstervraag,
)
from routeflow.store.queries.zicht import Blik, blik, waarden_van
from routeflow.store.queries.zoeken import NA, Gevonden, Veel, Zoekvraag, zoek
from routeflow.store.velden import velden_van
from routeflow.store.waarden import from_json


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """What a reader of the list of dossiers asked for. ``status``: open, gesloten or alle."""

    zoek: str = ""
    fase: str | None = None
    leerroute: str | None = None
    doelgroep: str | None = None
    casemanager_id: UUID | None = None
    status: Literal["open", "gesloten", "alle"] = "open"
    pagina: int = 1
    per_pagina: int = PER_PAGINA
    na: str | None = None


@dataclass(frozen=True, slots=True)
class DossierRij:
    """One dossier in the list. ``eerste`` is the nearest last day among its open taken."""

    id: UUID
    nummer: str
    naam: str
    doelgroep: str
    leerroute: str | None
    fase: str
    casemanager_id: UUID | None
    casemanager: str | None
    geopend_op: datetime
    gesloten_op: datetime | None
    open_taken: int
    te_laat: int
    eerste: date | None


@dataclass(frozen=True, slots=True)
class FeitRij:
    """One fact as the reader may see it; ``waarde`` is a Python value (date, Decimal, ...)."""

    naam: str
    waarde: Any
    sinds: datetime
    door: str
    taak_id: UUID | None


@dataclass(frozen=True, slots=True)
class TermijnRij:
    """A moment that is coming for a dossier: an armed timer. ``op`` is None while it cannot be known."""

    naam: str
    element: str
    op: datetime | None


@dataclass(frozen=True, slots=True)
class DossierDetail:
    """All that the page of one dossier shows, already filtered for its reader."""

    dossier: Dossier
    proces: str
    deployment_id: int
    casemanager: str | None
    feiten: tuple[FeitRij, ...]
    open_taken: tuple[Taak, ...]
    gedane_taken: tuple[Taak, ...]
    termijnen: tuple[TermijnRij, ...]
    wacht_op: tuple[str, ...]
    incidenten: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Inzage:
    """A dossier in the hands of who may see it: what every part of its page needs, read once.

    ``taken``: all of theirs in it, also what lapsed. ``bekend``: the facts of this moment; of
    those and of what follows from them show no more than ``zien`` gives back.
    """

    actor: Actor
    route: Route
    taken: Sequence[Taak]
    bekend: Sequence[FeitRij]

    def zien(self, session: Session, namen: Iterable[str]) -> frozenset[str]:
        """Return which of these facts the reader may see."""
        return mag_feiten(session, self.actor, self.route, namen, self.taken)


def inzage(session: Session, actor: Actor, dossier_id: UUID) -> Inzage:
    """Return a dossier for ``actor`` to look into. Raises NotFound or NotAllowed."""
    route = route_van(session, actor, dossier_id)
    waarden = {**waarden_van(actor), "van": dossier_id}
    return Inzage(
        actor,
        route,
        session.scalars(_taken_vraag(blik(actor)), waarden).all(),
        [
            FeitRij(rij.naam, from_json(rij.waarde), rij.sinds, rij.door, rij.taak_id)
            for rij in session.execute(_FEITEN, waarden)
        ],
    )


def feiten(session: Session, dossier_id: UUID) -> dict[str, Any]:
    """Return the facts of this moment by name, as Python values, without any filter."""
    rijen = session.execute(_FEITEN, {"van": dossier_id})
    return {rij.naam: from_json(rij.waarde) for rij in rijen}


def dossiers(
    session: Session, actor: Actor, filter: DossierFilter, vandaag: date
) -> Page[DossierRij]:
    """Return the dossiers that ``actor`` asked for and may see, by naam."""
    gezocht = zoek(session, filter.zoek)
    gefilterd = _gefilterd(filter)
    waarden = {**waarden_van(actor), **gefilterd, **(gezocht.waarden if gezocht else {})}
    wie = blik(actor)
    vorm = _Vorm(
        wie,
        filter.status,
        tuple(gefilterd),
        gezocht.vorm if gezocht else None,
        eigen=_eigen(session, wie, gezocht, waarden),
    )
    totaal = _tel(session, vorm, waarden)
    na = _dossier_id(filter.na) if filter.na else None
    waarden |= {
        "na": na,
        "begin": 0 if na else (max(filter.pagina, 1) - 1) * filter.per_pagina,
        "een_meer": filter.per_pagina + 1,
    }
    rijen = session.execute(_bladzijde(vorm, verder=na is not None), waarden).all()
    getoond = rijen[: filter.per_pagina]
    werk = _werk(session, wie, waarden, [rij.id for rij in getoond], vandaag)
    return Page(
        rijen=tuple(_rij(rij, werk.get(rij.id, (0, 0, None))) for rij in getoond),
        totaal=totaal,
        pagina=filter.pagina,
        per_pagina=filter.per_pagina,
        volgende=getoond[-1].id.hex if len(rijen) > filter.per_pagina else None,
    )


def _rij(rij: Any, werk: tuple[int, int, date | None]) -> DossierRij:  # noqa: ANN401 - a row
    alle: tuple[Any, ...] = (*rij, *werk)  # in the order of the fields
    return DossierRij(*alle)


_Eigen = Literal["alle", "weinig", "te onthouden", "veel"]


@dataclass(frozen=True, slots=True)
class _Vorm:
    """What decides how the statements of a list of dossiers read; all else is filled in.

    ``eigen``: whether the reader has so few dossiers that all are read, or that all can be
    remembered to look up each row in.
    """

    blik: Blik
    status: str
    kolommen: tuple[str, ...]
    gezocht: Gevonden | Veel | None
    eigen: _Eigen

    def past(self, *, weinig: bool = False) -> tuple[Past, ...]:
        """Return what is asked of each row, the cheapest first, because no index knows it.

        ``weinig``: of so few rows that not all dossiers of the reader need be read for them.
        """
        opzoeken = weinig or self.eigen in {"alle", "veel"}
        if isinstance(self.gezocht, Veel):
            kolommen = partial(_met_kolommen, self._kolommen())
            if opzoeken:
                return kolommen, self.blik.in_dossier
            return self.blik.in_eigen, kolommen
        if self.gezocht or self.eigen in {"alle", "weinig"}:
            return ()
        return (self.blik.in_dossier if opzoeken else self.blik.in_eigen,)

    def lijst(self, *, verder: bool) -> Select[UUID, str, str]:
        """Return the ids in their order, before ``past``; ``verder``: those behind ``NA``."""
        if isinstance(self.gezocht, Veel):
            return self.gezocht.lijst(verder=verder)
        vraag = self._kolommen()
        if self.gezocht:
            vraag &= Dossier.id.in_(self.gezocht.ids) & self.blik.in_dossier(Dossier.id)
        elif self.eigen == "weinig":
            vraag &= Dossier.id.in_(union_all(*self.blik.eigen()))
        return _op_naam(vraag, verder=verder)

    def eenmaal(self) -> Voorwaarde:
        """Return whether a row of ``lijst`` does not repeat a dossier. To be asked last."""
        return self.gezocht.eenmaal() if isinstance(self.gezocht, Veel) else true()

    def _kolommen(self) -> Voorwaarde:
        return and_(true(), *_kolommen(self.status, self.kolommen))


def _eigen(session: Session, wie: Blik, gezocht: Zoekvraag | None, waarden: Waarden) -> _Eigen:
    """Say how many dossiers the reader has or had taken in.

    A naam says nothing of who helps: of what a search finds, the reader sees as much as of all
    dossiers. So a page is full sooner than so many are remembered for it.
    """
    if wie.zicht.dossiers == "alle":
        return "alle"
    te_onthouden = _ZOEKEND if gezocht and isinstance(gezocht.vorm, Veel) else _TE_ONTHOUDEN
    aantal = _hoeveel_eigen(session, wie, te_onthouden, waarden)
    if aantal > te_onthouden:
        return "veel"
    return "weinig" if aantal <= GRENS else "te onthouden"


_TE_ONTHOUDEN = 20 * GRENS
_ZOEKEND = 10 * GRENS


_HOUDT = 100  # looks for which the count of many dossiers holds
_geteld: MutableMapping[Any, dict[tuple[Any, ...], tuple[int, int]]] = WeakKeyDictionary()


def _hoeveel_eigen(session: Session, wie: Blik, grens: int, waarden: Waarden) -> int:
    """Return how many dossiers the reader has, as far as ``grens``.

    It says how a list is read, never what is in it. So when there are many, which takes long to
    count, the next readers who see the same dossiers go by this count for a while.
    """
    van_hier = _geteld.setdefault(session.get_bind(), {})
    wat = wie, waarden["bij"], grens
    aantal, nog = van_hier.get(wat, (0, 0))
    if not nog:
        aantal = session.execute(_eigen_telling(wie, grens), waarden).scalar_one()
        nog = _HOUDT if aantal > GRENS else 0
    van_hier[wat] = aantal, max(nog - 1, 0)
    return aantal


@lru_cache(maxsize=64)
def _eigen_telling(wie: Blik, grens: int) -> Select[int]:
    """Count what the reader sees in each way behind each other: nothing is read past too many."""
    delen = [een.with_only_columns(literal(1), maintain_column_froms=True) for een in wie.eigen()]
    regels = union_all(*delen).limit(grens + 1).subquery()
    return select(func.count()).select_from(regels)


def _tel(session: Session, vorm: _Vorm, waarden: Waarden) -> Aantal:
    """Count them, as far as that is cheap."""
    if not vorm.past():
        return geteld(session, _telling(vorm), waarden)[0]
    return geteld_in_venster(session.execute(_telling_in_venster(vorm), waarden), 1)[0]


@lru_cache(maxsize=128)
def _telling(vorm: _Vorm) -> "Select[*tuple[int, ...]]":
    return telvraag([vorm.lijst(verder=False).where(vorm.eenmaal())])


@lru_cache(maxsize=128)
def _telling_in_venster(vorm: _Vorm) -> "Select[int, int, int]":
    lijst = vorm.lijst(verder=False).where(vorm.eenmaal())
    past = vorm.past(weinig=True)
    return venstervraag([lijst], lambda kolom: and_(*(een(kolom) for een in past)))


@lru_cache(maxsize=128)
def _bladzijde(vorm: _Vorm, *, verder: bool) -> "Select[*tuple[Any, ...]]":
    lijst = vorm.lijst(verder=verder)
    kolom = lijst.selected_columns[0]
    ids = (
        lijst.where(*(past(kolom) for past in vorm.past()), vorm.eenmaal())
        .offset(bindparam("begin", type_=Integer()))
        .limit(bindparam("een_meer", type_=Integer()))
        .subquery()
    )
    return (
        select(*_GETOOND)
        .select_from(Dossier)
        .join(ids, ids.c.dossier_id == Dossier.id)
        .outerjoin(Account, Account.id == Dossier.casemanager_id)
        .order_by(ids.c.eerst, ids.c.dan, ids.c.dossier_id)
    )


_GETOOND = (  # as in DossierRij
    Dossier.id,
    Dossier.nummer,
    Dossier.naam,
    Dossier.doelgroep,
    Dossier.leerroute,
    Dossier.fase,
    Dossier.casemanager_id,
    Account.naam.label("casemanager"),
    Dossier.geopend_op,
    Dossier.gesloten_op,
)


def _op_naam(vraag: Voorwaarde, *, verder: bool) -> Select[UUID, str, str]:
    lijst = (
        select(
            Dossier.id.label("dossier_id"), Dossier.zoek.label("eerst"), Dossier.zoek.label("dan")
        )
        .where(vraag)
        .order_by(Dossier.zoek, Dossier.id)
    )
    if not verder:
        return lijst
    vorige = aliased(Dossier)
    plaats = select(vorige.zoek).where(vorige.id == NA).scalar_subquery()
    return lijst.where(tuple_(Dossier.zoek, Dossier.id) > tuple_(plaats, NA))


def _met_kolommen(vraag: Voorwaarde, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column
    return er_is(select(Dossier.id).where(Dossier.id == dossier_id, vraag))


_FILTERS: Mapping[str, Any] = {
    "fase": Dossier.fase,
    "leerroute": Dossier.leerroute,
    "doelgroep": Dossier.doelgroep,
    "casemanager_id": Dossier.casemanager_id,
}


def _gefilterd(filter: DossierFilter) -> dict[str, Any]:
    """Return the columns that were filtered on, with what they must be."""
    gevraagd = ((naam, getattr(filter, naam)) for naam in _FILTERS)
    return {naam: waarde for naam, waarde in gevraagd if waarde}


def _kolommen(status: str, namen: Iterable[str]) -> Iterator[Voorwaarde]:
    if status != "alle":
        open_ = Dossier.gesloten_op.is_(None)
        yield open_ if status == "open" else ~open_
    for naam in namen:
        kolom = _FILTERS[naam]
        yield kolom == bindparam(naam, type_=kolom.type)


def _dossier_id(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise onleesbare_cursor() from error


def _werk(
    session: Session, wie: Blik, waarden: Waarden, ids: Sequence[UUID], vandaag: date
) -> dict[UUID, tuple[int, int, date | None]]:
    """Count the open taken that the reader may see in these dossiers: all, too late, the first."""
    rijen = session.execute(_werk_vraag(wie), {**waarden, "ids": ids, "vandaag": vandaag})
    return {rij[0]: (rij[1], rij[2], rij[3]) for rij in rijen}


@lru_cache(maxsize=64)
def _werk_vraag(wie: Blik) -> "Select[*tuple[Any, ...]]":
    return (
        select(
            Taak.dossier_id,
            func.count(),
            func.count().filter(Taak.volgorde < bindparam("vandaag", type_=Taak.volgorde.type)),
            func.min(Taak.uiterlijk),
        )
        .where(
            Taak.dossier_id.in_(bindparam("ids", expanding=True)),
            TAAK_OPEN,
            wie.mag_taken().is_(true()),  # else PostgreSQL may read all that the reader may see
        )
        .group_by(Taak.dossier_id)
    )


def dossier_detail(
    session: Session, actor: Actor, dossier_id: UUID, vandaag: date
) -> DossierDetail:
    """Return one dossier as ``actor`` may see it. Raises NotFound or NotAllowed.

    Show facts from ``feiten`` only: the columns of ``dossier`` are not filtered.
    """
    del vandaag
    return detail_van(session, inzage(session, actor, dossier_id))


def detail_van(session: Session, ingezien: Inzage) -> DossierDetail:
    """Return what ``dossier_detail`` does of a dossier that is in hand."""
    route, taken_ = ingezien.route, ingezien.taken
    alles = zichtbaar(ingezien.actor).dossiers == "alle"
    van = {"van": route.dossier_id}
    zien = ingezien.zien(session, {rij.naam for rij in ingezien.bekend})
    return DossierDetail(
        dossier=route.dossier,
        proces=route.proces,
        deployment_id=route.deployment_id,
        casemanager=route.dossier.casemanager.naam if route.dossier.casemanager else None,
        feiten=tuple(rij for rij in ingezien.bekend if rij.naam in zien),
        open_taken=tuple(taak for taak in taken_ if taak.status == "open"),
        gedane_taken=tuple(
            sorted(
                (taak for taak in taken_ if taak.status == "gedaan"),
                key=lambda taak: taak.gesloten_op or taak.geopend_op,
                reverse=True,
            )
        ),
        termijnen=tuple(
            TermijnRij(rij.naam or rij.element, rij.element, rij.op)
            for rij in session.execute(_WEKKERS, van)
        )
        if alles
        else (),
        wacht_op=tuple(sorted({een.naam for een in wachten_in(route.wachten)})) if alles else (),
        incidenten=tuple(session.scalars(_INCIDENTEN, van)) if alles else (),
    )


def route_van(session: Session, actor: Actor, dossier_id: UUID) -> Route:
    """Return the route of a dossier that ``actor`` may see. Raises NotFound or NotAllowed."""
    gevonden = session.execute(
        _route_vraag(blik(actor)), {**waarden_van(actor), "van": dossier_id}
    ).one_or_none()
    if gevonden is None:
        raise NotFound("Dit dossier bestaat niet.")
    route, mag = gevonden
    if not mag:
        bezwaar = bezwaar_tegen(actor, Handeling.DOSSIER_INZIEN)
        raise NotAllowed(bezwaar or "U mag dit dossier niet inzien.")
    return route


VAN: ColumnElement[UUID] = bindparam("van", type_=Taak.dossier_id.type)
"""The one dossier that is asked about."""


@lru_cache(maxsize=64)
def _route_vraag(wie: Blik) -> "Select[Route, bool]":
    return (
        select(Route, wie.in_dossier(Route.dossier_id).label("mag"))
        .where(Route.dossier_id == VAN)
        .options(
            joinedload(Route.dossier, innerjoin=True).joinedload(Dossier.casemanager),
            joinedload(Route.deployment, innerjoin=True),
        )
    )


@lru_cache(maxsize=64)
def _taken_vraag(wie: Blik) -> Select[Taak]:
    return (
        select(Taak)
        .where(Taak.dossier_id == VAN, wie.mag_taken())
        .order_by(Taak.volgorde, Taak.geopend_op, Taak.id)
        .options(joinedload(Taak.behandelaar))
    )


_FEITEN = (
    select(Feit.naam, Feit.waarde, Feit.sinds, Feit.door, Feit.taak_id)
    .where(Feit.dossier_id == VAN, Feit.tot.is_(None))
    .order_by(Feit.naam)
)
_WEKKERS = (
    select(Wekker.naam, Wekker.element, Wekker.op)
    .where(Wekker.dossier_id == VAN, Wekker.soort == "timer", Wekker.gesloten_op.is_(None))
    .order_by(Wekker.op)
)
_INCIDENTEN = select(Incident).where(Incident.dossier_id == VAN, Incident.opgelost_op.is_(None))


def mag_feiten(
    session: Session,
    actor: Actor,
    route: Route,
    namen: Iterable[str],
    eigen_taken: Iterable[Taak],
) -> frozenset[str]:
    velden = velden_van(session, route.deployment)
    formulieren = {taak.formulier for taak in eigen_taken}
    return feiten_zichtbaar(
        actor,
        namen,
        van_taken=frozenset().union(
            *(velden.per_formulier.get(naam, frozenset()) for naam in formulieren)
        ),
        gevoelig=velden.gevoelig,
    )
