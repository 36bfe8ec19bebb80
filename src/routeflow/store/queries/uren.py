"""Hours as the party that wrote them sees them: a day, a month, one person. All by index, all by page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor, zichtbaar
from routeflow.inburgering.uren import Les, Teller, tellers
from routeflow.store.models import TAAK_OPEN, Dossier, DossierTermijn, Feit, Taak, Uren
from routeflow.store.queries.bladzijde import PER_PAGINA, Voorwaarde, onleesbare_cursor
from routeflow.store.queries.dossiers import VAN, DossierRij, Inzage, inzage
from routeflow.store.queries.zicht import in_dossier_van, mag_taken
from routeflow.store.waarden import from_json

PER_GROEP: Final = 25
_HERINNER: Final = timedelta(days=35)  # so long ago a line still helps to fill in the next
_KWARTIER: Final = Decimal("0.25")
_LANGSTE_ID: Final = 18  # digits that fit in a number of the database


@dataclass(frozen=True, slots=True)
class Persoon:
    """Somebody whose hours can be written down."""

    id: UUID
    nummer: str
    naam: str


@dataclass(frozen=True, slots=True)
class Maandstand:
    """One person in one month: hours by kind when there, by attendance when not.

    ``taak_id``, ``open_maand`` and ``uiterlijk``: the month that is still to be closed, if any.
    """

    persoon: Persoon
    gevolgd: Mapping[str, Decimal] = field(default_factory=dict)
    afwezig: Mapping[str, Decimal] = field(default_factory=dict)
    taak_id: UUID | None = None
    open_maand: date | None = None
    uiterlijk: date | None = None


def laatste_groep(session: Session, actor: Actor, dag: date) -> list[Persoon]:
    """Return who had hours at the actor's partij on its last day of lessons before ``dag``."""
    laatst = session.scalar(
        select(func.max(Uren.datum)).where(Uren.partij == actor.partij, Uren.datum < dag)
    )
    if laatst is None:
        return []
    ids = (
        select(Uren.dossier_id)
        .where(Uren.partij == actor.partij, Uren.datum == laatst, Uren.vervallen_op.is_(None))
        .distinct()
    )
    rijen = session.execute(
        select(Dossier.id, Dossier.nummer, Dossier.naam)
        .where(
            Dossier.id.in_(ids),
            Dossier.gesloten_op.is_(None),
            van_actor(actor),
            in_dossier_van(actor, Dossier.id),
        )
        .order_by(Dossier.zoek, Dossier.id)
        .limit(PER_GROEP)
    )
    return [Persoon(*rij) for rij in rijen]


def namen_van(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of those of these dossiers that ``actor`` may see, in the order of a page."""
    rijen = session.execute(
        select(Dossier.id, Dossier.naam)
        .where(Dossier.id.in_(ids), in_dossier_van(actor, Dossier.id))
        .order_by(Dossier.zoek, Dossier.id)
    )
    return {een.id: een.naam for een in rijen}


def van_actor(actor: Actor) -> Voorwaarde:
    """Return whose hours somebody keeps that sees every dossier: of those that are theirs."""
    if zichtbaar(actor).dossiers == "alle":
        return Dossier.casemanager_id == actor.account_id
    return true()


def regels_van(
    session: Session, actor: Actor, ids: Collection[UUID], van: date, tot: date
) -> dict[UUID, list[Uren]]:
    """Return the lines of the actor's partij from ``van`` up to and including ``tot``, the newest first."""
    per: dict[UUID, list[Uren]] = defaultdict(list)
    if ids:
        for rij in session.scalars(
            select(Uren)
            .where(
                Uren.dossier_id.in_(ids),
                Uren.datum.between(van, tot),
                Uren.partij == actor.partij,
                Uren.vervallen_op.is_(None),
                in_dossier_van(actor, Uren.dossier_id),
            )
            .order_by(Uren.datum.desc(), Uren.id.desc())
        ):
            per[rij.dossier_id].append(rij)
    return dict(per)


def voor_dag(
    session: Session, actor: Actor, ids: Collection[UUID], dag: date
) -> tuple[dict[UUID, list[Uren]], dict[UUID, Uren]]:
    """Return what stands on ``dag`` already, and of each person the last line before it."""
    per = regels_van(session, actor, ids, dag - _HERINNER, dag)
    er_staat = {ident: [rij for rij in rijen if rij.datum == dag] for ident, rijen in per.items()}
    eerder = {
        ident: next((rij for rij in rijen if rij.datum < dag), None) for ident, rijen in per.items()
    }
    return er_staat, {ident: rij for ident, rij in eerder.items() if rij is not None}


@dataclass(frozen=True, slots=True)
class UrenFilter:
    """Which lines: of one dossier, in a time, of a kind, in a month that is closed or not."""

    dossier_id: UUID | None = None
    van: date | None = None
    tot: date | None = None
    soort: str | None = None
    aanwezig: str | None = None
    afgesloten: bool | None = None
    per_pagina: int = PER_PAGINA
    na: str | None = None


def lijst(session: Session, actor: Actor, filter: UrenFilter) -> tuple[list[Uren], str | None]:
    """Return the lines of the actor's partij, the last day first, and the cursor of the next page."""
    vraag = select(Uren).where(
        Uren.partij == actor.partij,
        Uren.vervallen_op.is_(None),
        in_dossier_van(actor, Uren.dossier_id),
    )
    if filter.dossier_id is not None:
        vraag = vraag.where(Uren.dossier_id == filter.dossier_id)
    if filter.van is not None:
        vraag = vraag.where(Uren.datum >= filter.van)
    if filter.tot is not None:
        vraag = vraag.where(Uren.datum <= filter.tot)
    if filter.soort is not None:
        vraag = vraag.where(Uren.soort == filter.soort)
    if filter.aanwezig is not None:
        vraag = vraag.where(Uren.aanwezig == filter.aanwezig)
    if filter.afgesloten is not None:
        dicht = Uren.afgesloten_op.is_not(None)
        vraag = vraag.where(dicht if filter.afgesloten else ~dicht)
    if filter.na:
        dag, ident = _cursor(filter.na)
        vraag = vraag.where(or_(Uren.datum < dag, and_(Uren.datum == dag, Uren.id < ident)))
    rijen = session.scalars(
        vraag.order_by(Uren.datum.desc(), Uren.id.desc()).limit(filter.per_pagina + 1)
    ).all()
    getoond = list(rijen[: filter.per_pagina])
    verder = len(rijen) > filter.per_pagina
    return getoond, f"{getoond[-1].datum}.{getoond[-1].id}" if verder else None


def _cursor(tekst: str) -> tuple[date, int]:
    dag, _, ident = tekst.partition(".")
    if not ident.isdecimal() or len(ident) > _LANGSTE_ID:
        raise onleesbare_cursor()
    try:
        return date.fromisoformat(dag), int(ident)
    except ValueError as fout:
        raise onleesbare_cursor() from fout


def maand(
    session: Session, actor: Actor, mensen: Iterable[DossierRij], eerste: date, laatste: date
) -> list[Maandstand]:
    """Return the hours of these people in one month with the month that each still has open."""
    personen = [Persoon(een.id, een.nummer, een.naam) for een in mensen]
    ids = [een.id for een in personen]
    regels = regels_van(session, actor, ids, eerste, laatste)
    open_ = _open_maanden(session, actor, ids)
    standen = []
    for persoon in personen:
        gevolgd: dict[str, Decimal] = defaultdict(Decimal)
        afwezig: dict[str, Decimal] = defaultdict(Decimal)
        for rij in regels.get(persoon.id, ()):
            if rij.aanwezig == "aanwezig":
                gevolgd[rij.soort] += rij.kwartieren * _KWARTIER
            else:
                afwezig[rij.aanwezig] += rij.kwartieren * _KWARTIER
        taak, welke = open_.get(persoon.id, (None, None))
        standen.append(
            Maandstand(
                persoon,
                dict(sorted(gevolgd.items())),
                dict(sorted(afwezig.items())),
                taak.id if taak else None,
                welke,
                taak.uiterlijk if taak else None,
            )
        )
    return standen


def _open_maanden(
    session: Session, actor: Actor, ids: Collection[UUID]
) -> dict[UUID, tuple[Taak, date | None]]:
    rijen = session.execute(
        select(Taak, Feit.waarde)
        .outerjoin(
            Feit,
            (Feit.dossier_id == Taak.dossier_id) & (Feit.naam == "urenMaand") & Feit.tot.is_(None),
        )
        .where(
            Taak.dossier_id.in_(ids),
            TAAK_OPEN,
            Taak.element == "registreer_maanduren",
            Taak.partij == actor.partij,
            mag_taken(actor),
        )
    )
    uit: dict[UUID, tuple[Taak, date | None]] = {}
    for taak, waarde in rijen:
        welke = from_json(waarde)
        uit[taak.dossier_id] = (taak, welke if isinstance(welke, date) else None)
    return uit


def stand(session: Session, actor: Actor, dossier_id: UUID, vandaag: date) -> list[Teller]:
    """Return the counters of a dossier that ``actor`` may see, in the light of its norms.

    Who sees every dossier sees all of them, with what every partij wrote down. A partner sees those
    whose facts its own forms name. The termijn is the one that the product keeps itself.
    """
    return stand_van(session, inzage(session, actor, dossier_id), vandaag)


def stand_van(session: Session, ingezien: Inzage, vandaag: date) -> list[Teller]:
    """Return what ``stand`` does of a dossier that is in hand."""
    van = {"van": ingezien.route.dossier_id}
    lessen = [
        Les(rij.soort, rij.kwartieren * _KWARTIER, rij.aanwezig, rij.fysiek)
        for rij in session.execute(_LESSEN, van)
    ]
    termijn = session.execute(_TERMIJN, van).one_or_none()
    begin, eind = (termijn.begin, termijn.uiterlijk) if termijn else (None, None)
    bekend = {feit.naam: feit.waarde for feit in ingezien.bekend}
    alle = tellers(bekend, lessen, begin=begin, eind=eind, vandaag=vandaag)
    zien = ingezien.zien(session, {naam for teller in alle for naam in teller.feiten})
    return [teller for teller in alle if zien.issuperset(teller.feiten)]


_LESSEN = select(Uren.soort, Uren.kwartieren, Uren.aanwezig, Uren.fysiek).where(
    Uren.dossier_id == VAN, Uren.afgesloten_op.is_(None), Uren.vervallen_op.is_(None)
)
_TERMIJN = (
    select(DossierTermijn.begin, DossierTermijn.uiterlijk)
    .where(
        DossierTermijn.dossier_id == VAN,
        DossierTermijn.naam == "inburgeringstermijn",
        DossierTermijn.status == "loopt",
    )
    .order_by(DossierTermijn.volgnummer.desc())
    .limit(1)
)
