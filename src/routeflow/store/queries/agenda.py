"""What stands in a person's calendar: last days of their taken, and periods of their dossiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS
from routeflow.store.models import OOIT, TAAK_OPEN, Dossier, DossierTermijn, Taak
from routeflow.store.queries.zicht import IK, Blik, blik, waarden_van

HOOGSTENS = 500
_TERUG = timedelta(days=60)  # what is late for longer is no appointment any more


@dataclass(frozen=True, slots=True)
class Dag:
    """One last day. ``soort``: taak or termijn. No name and no fact of the person is in it."""

    soort: str
    id: UUID
    dag: date
    nummer: str
    naam: str
    grond: str
    dossier_id: UUID
    termijn: str | None = None


def agenda(session: Session, actor: Actor, vandaag: date) -> list[Dag]:
    """Return the last days for ``actor``: taken on their name or for their rol, the first ones first.

    Of who may watch periods also those of the dossiers of which they are the casemanager.
    """
    dagen = [*_taken(session, actor, vandaag), *_termijnen(session, actor, vandaag)]
    return sorted(dagen, key=lambda dag: (dag.dag, dag.nummer, dag.naam))[:HOOGSTENS]


def _taken(session: Session, actor: Actor, vandaag: date) -> Iterator[Dag]:
    vraag = _taken_vraag(blik(actor))
    if vraag is None:
        return
    vanaf = {**waarden_van(actor), "vanaf": vandaag - _TERUG}
    for rij in session.execute(vraag, vanaf):
        yield Dag(
            "taak", rij.id, rij.volgorde, rij.nummer, rij.naam, rij.grond or "", rij.dossier_id
        )


_VANAF: ColumnElement[date] = bindparam("vanaf", type_=Taak.volgorde.type)


@lru_cache(maxsize=64)
def _taken_vraag(wie: Blik) -> "Select[*tuple[Any, ...]] | None":
    """Return the first taken, found in the indexes alone; what is shown is read of those only."""
    eigen = [*wie.takken("mijn"), *wie.takken("te verdelen")]
    if not eigen:
        return None
    delen = [
        select(Taak.id, Taak.volgorde)
        .where(tak, TAAK_OPEN, Taak.volgorde >= _VANAF, Taak.volgorde < OOIT)
        .order_by(Taak.volgorde, Taak.id)
        .limit(HOOGSTENS)
        .subquery()
        for tak in eigen
    ]
    allemaal = union_all(*(select(deel) for deel in delen)).subquery()
    ids = select(allemaal.c.id).order_by(allemaal.c.volgorde, allemaal.c.id).limit(HOOGSTENS)
    return (
        select(Taak.id, Taak.volgorde, Dossier.nummer, Taak.naam, Taak.grond, Taak.dossier_id)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .where(Taak.id.in_(ids))
    )


def _termijnen(session: Session, actor: Actor, vandaag: date) -> Iterator[Dag]:
    if actor.account_id is None or bezwaar_tegen(actor, Handeling.TERMIJNEN_BEWAKEN):
        return
    vanaf = {**waarden_van(actor), "vanaf": vandaag - _TERUG}
    for rij in session.execute(_termijnen_vraag(), vanaf):
        label = REGELS[rij.naam].label
        yield Dag(
            "termijn", rij.id, rij.uiterlijk, rij.nummer, label, rij.grond, rij.dossier_id, rij.naam
        )


@cache
def _termijnen_vraag() -> "Select[*tuple[Any, ...]]":
    """Return the first periods of the dossiers of who asks, found in the indexes alone."""
    rij = DossierTermijn
    eerste = (
        select(rij.id)
        .join(Dossier, Dossier.id == rij.dossier_id)
        .where(
            Dossier.casemanager_id == IK,
            Dossier.gesloten_op.is_(None),
            rij.status == literal_column("'loopt'"),
            rij.uiterlijk >= _VANAF,
        )
        .order_by(rij.uiterlijk, rij.id)
        .limit(HOOGSTENS)
    )
    return (
        select(rij.id, rij.uiterlijk, Dossier.nummer, rij.naam, rij.grond, rij.dossier_id)
        .join(Dossier, Dossier.id == rij.dossier_id)
        .where(rij.id.in_(eerste))
    )
