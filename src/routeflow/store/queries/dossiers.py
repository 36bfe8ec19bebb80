"""Dossiers: the list, and one dossier as its reader may see it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, select, true, tuple_
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
    Wacht,
    Wekker,
)
from routeflow.store.queries.bladzijde import (
    PER_PAGINA,
    Aantal,
    Page,
    Past,
    Voorwaarde,
    er_is,
    onleesbare_cursor,
    tel,
    tel_in_venster,
)
from routeflow.store.queries.zicht import dossiers_van, in_dossier_van, mag_taken
from routeflow.store.queries.zoeken import Gevonden, Veel, zoek
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


def feiten(session: Session, dossier_id: UUID) -> dict[str, Any]:
    """Return the facts of this moment by name, as Python values, without any filter."""
    rijen = session.execute(
        select(Feit.naam, Feit.waarde).where(Feit.dossier_id == dossier_id, Feit.tot.is_(None))
    )
    return {rij.naam: from_json(rij.waarde) for rij in rijen}


def dossiers(
    session: Session, actor: Actor, filter: DossierFilter, vandaag: date
) -> Page[DossierRij]:
    """Return the dossiers that ``actor`` asked for and may see, by naam."""
    lijst = _lijst(session, actor, filter)
    totaal = lijst.tel(session)
    na = _dossier_id(filter.na) if filter.na else None
    begin = 0 if na else (max(filter.pagina, 1) - 1) * filter.per_pagina
    ids = lijst.vraag(na).offset(begin).limit(filter.per_pagina + 1).subquery()
    rijen = session.execute(
        select(Dossier, Account.naam.label("casemanager"))
        .join(ids, ids.c.dossier_id == Dossier.id)
        .outerjoin(Account, Account.id == Dossier.casemanager_id)
        .order_by(ids.c.eerst, ids.c.dan, ids.c.dossier_id)
    ).all()
    getoond = rijen[: filter.per_pagina]
    werk = _werk(session, actor, [dossier.id for dossier, _ in getoond], vandaag)
    return Page(
        rijen=tuple(
            DossierRij(
                id=dossier.id,
                nummer=dossier.nummer,
                naam=dossier.naam,
                doelgroep=dossier.doelgroep,
                leerroute=dossier.leerroute,
                fase=dossier.fase,
                casemanager_id=dossier.casemanager_id,
                casemanager=casemanager,
                geopend_op=dossier.geopend_op,
                gesloten_op=dossier.gesloten_op,
                open_taken=werk.get(dossier.id, (0, 0, None))[0],
                te_laat=werk.get(dossier.id, (0, 0, None))[1],
                eerste=werk.get(dossier.id, (0, 0, None))[2],
            )
            for dossier, casemanager in getoond
        ),
        totaal=totaal,
        pagina=filter.pagina,
        per_pagina=filter.per_pagina,
        volgende=getoond[-1][0].id.hex if len(rijen) > filter.per_pagina else None,
    )


@dataclass(frozen=True, slots=True)
class _Lijst:
    """Dossiers in their order. ``past``: what is asked of each row, because no index knows it."""

    geheel: Callable[[UUID | None], Select[UUID, str, str]]
    past: tuple[Past, ...] = ()

    def vraag(self, na: UUID | None) -> Select[UUID, str, str]:
        """Return the ids of the dossiers behind ``na`` as ``dossier_id``, and what they stand by."""
        geheel = self.geheel(na)
        kolom = geheel.selected_columns[0]
        return geheel.where(*(past(kolom) for past in self.past))

    def tel(self, session: Session) -> Aantal:
        """Count them, as far as that is cheap."""
        if not self.past:
            return tel(session, [self.geheel(None)])[0]
        return tel_in_venster(session, [self.geheel(None)], self._past_alles)[0]

    def _past_alles(self, kolom: Any) -> Voorwaarde:  # noqa: ANN401 - a column
        return and_(*(past(kolom) for past in self.past))


def _lijst(session: Session, actor: Actor, filter: DossierFilter) -> _Lijst:
    """Return which dossiers were asked for and may be seen, in the way that costs least."""
    vraag, gezocht = and_(true(), *_kolommen(filter)), zoek(session, filter.zoek)
    eigen = partial(in_dossier_van, actor)
    if isinstance(gezocht, Veel):
        past = (gezocht.past_verder, partial(_met_kolommen, vraag), eigen)
        return _Lijst(gezocht.lijst, past)
    if isinstance(gezocht, Gevonden):
        weinig = and_(vraag, Dossier.id.in_(gezocht.ids), eigen(Dossier.id))
        return _Lijst(partial(_op_naam, weinig))
    if zichtbaar(actor).dossiers == "alle":
        return _Lijst(partial(_op_naam, vraag))
    ids = dossiers_van(session, actor)
    if ids is None:
        return _Lijst(partial(_op_naam, vraag), (eigen,))
    return _Lijst(partial(_op_naam, and_(vraag, Dossier.id.in_(ids))))


def _op_naam(vraag: Voorwaarde, na: UUID | None) -> Select[UUID, str, str]:
    lijst = (
        select(
            Dossier.id.label("dossier_id"), Dossier.zoek.label("eerst"), Dossier.zoek.label("dan")
        )
        .where(vraag)
        .order_by(Dossier.zoek, Dossier.id)
    )
    if na is None:
        return lijst
    vorige = aliased(Dossier)
    plaats = select(vorige.zoek).where(vorige.id == na).scalar_subquery()
    return lijst.where(tuple_(Dossier.zoek, Dossier.id) > tuple_(plaats, literal(na)))


def _met_kolommen(vraag: Voorwaarde, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column
    return er_is(select(Dossier.id).where(Dossier.id == dossier_id, vraag))


def _kolommen(filter: DossierFilter) -> Iterator[Voorwaarde]:
    if filter.status != "alle":
        open_ = Dossier.gesloten_op.is_(None)
        yield open_ if filter.status == "open" else ~open_
    for kolom, waarde in (
        (Dossier.fase, filter.fase),
        (Dossier.leerroute, filter.leerroute),
        (Dossier.doelgroep, filter.doelgroep),
        (Dossier.casemanager_id, filter.casemanager_id),
    ):
        if waarde:
            yield kolom == waarde


def _dossier_id(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as error:
        raise onleesbare_cursor() from error


def _werk(
    session: Session, actor: Actor, ids: Sequence[UUID], vandaag: date
) -> dict[UUID, tuple[int, int, date | None]]:
    """Count the open taken that ``actor`` may see in these dossiers: all, too late, and the first."""
    rijen = session.execute(
        select(
            Taak.dossier_id,
            func.count(),
            func.count().filter(Taak.volgorde < vandaag),
            func.min(Taak.uiterlijk),
        )
        .where(Taak.dossier_id.in_(ids), TAAK_OPEN, mag_taken(actor))
        .group_by(Taak.dossier_id)
    )
    return {rij[0]: (rij[1], rij[2], rij[3]) for rij in rijen}


def dossier_detail(
    session: Session, actor: Actor, dossier_id: UUID, vandaag: date
) -> DossierDetail:
    """Return one dossier as ``actor`` may see it. Raises NotFound or NotAllowed.

    Show facts from ``feiten`` only: the columns of ``dossier`` are not filtered.
    """
    del vandaag
    route = route_van(session, actor, dossier_id)
    alles = zichtbaar(actor).dossiers == "alle"
    taken_ = session.scalars(
        select(Taak)
        .where(Taak.dossier_id == dossier_id, mag_taken(actor))
        .order_by(Taak.volgorde, Taak.geopend_op, Taak.id)
        .options(joinedload(Taak.behandelaar))
    ).all()
    return DossierDetail(
        dossier=route.dossier,
        proces=route.proces,
        deployment_id=route.deployment_id,
        casemanager=route.dossier.casemanager.naam if route.dossier.casemanager else None,
        feiten=_feiten(session, actor, route, taken_),
        open_taken=tuple(taak for taak in taken_ if taak.status == "open"),
        gedane_taken=tuple(
            sorted(
                (taak for taak in taken_ if taak.status == "gedaan"),
                key=lambda taak: taak.gesloten_op or taak.geopend_op,
                reverse=True,
            )
        ),
        termijnen=_wekkers(session, dossier_id) if alles else (),
        wacht_op=_wachten(session, dossier_id) if alles else (),
        incidenten=tuple(
            session.scalars(
                select(Incident).where(
                    Incident.dossier_id == dossier_id, Incident.opgelost_op.is_(None)
                )
            )
        )
        if alles
        else (),
    )


def route_van(session: Session, actor: Actor, dossier_id: UUID) -> Route:
    """Return the route of a dossier that ``actor`` may see. Raises NotFound or NotAllowed."""
    route = session.scalar(
        select(Route)
        .where(Route.dossier_id == dossier_id)
        .options(joinedload(Route.dossier, innerjoin=True).joinedload(Dossier.casemanager))
    )
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    mag = session.scalar(
        select(Dossier.id).where(Dossier.id == dossier_id, in_dossier_van(actor, Dossier.id))
    )
    if mag is None:
        bezwaar = bezwaar_tegen(actor, Handeling.DOSSIER_INZIEN)
        raise NotAllowed(bezwaar or "U mag dit dossier niet inzien.")
    return route


def _feiten(
    session: Session, actor: Actor, route: Route, eigen_taken: Iterable[Taak]
) -> tuple[FeitRij, ...]:
    rijen = session.scalars(
        select(Feit)
        .where(Feit.dossier_id == route.dossier_id, Feit.tot.is_(None))
        .order_by(Feit.naam)
    ).all()
    zien = mag_feiten(session, actor, route, {rij.naam for rij in rijen}, eigen_taken)
    return tuple(
        FeitRij(rij.naam, from_json(rij.waarde), rij.sinds, rij.door, rij.taak_id)
        for rij in rijen
        if rij.naam in zien
    )


def mag_feiten(
    session: Session,
    actor: Actor,
    route: Route,
    namen: Iterable[str],
    eigen_taken: Iterable[Taak],
) -> frozenset[str]:
    velden = velden_van(session, route.deployment_id)
    formulieren = {taak.formulier for taak in eigen_taken}
    return feiten_zichtbaar(
        actor,
        namen,
        van_taken=frozenset().union(
            *(velden.per_formulier.get(naam, frozenset()) for naam in formulieren)
        ),
        gevoelig=velden.gevoelig,
    )


def _wekkers(session: Session, dossier_id: UUID) -> tuple[TermijnRij, ...]:
    rijen = session.scalars(
        select(Wekker)
        .where(
            Wekker.dossier_id == dossier_id, Wekker.soort == "timer", Wekker.gesloten_op.is_(None)
        )
        .order_by(Wekker.op)
    )
    return tuple(TermijnRij(rij.naam or rij.element, rij.element, rij.op) for rij in rijen)


def _wachten(session: Session, dossier_id: UUID) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Wacht.naam).where(Wacht.dossier_id == dossier_id).distinct().order_by(Wacht.naam)
        )
    )
