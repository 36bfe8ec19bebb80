"""What stands in a person's calendar: last days of their taken, and periods of their dossiers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import literal_column, select, union_all
from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS
from routeflow.store.models import OOIT, TAAK_OPEN, Dossier, DossierTermijn, Taak
from routeflow.store.queries.zicht import takken

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
    eigen = [*takken("mijn", actor), *takken("te verdelen", actor)]
    if not eigen:
        return
    delen = [
        select(Taak.id)
        .where(tak, TAAK_OPEN, Taak.volgorde >= vandaag - _TERUG, Taak.volgorde < OOIT)
        .order_by(Taak.volgorde, Taak.id)
        .limit(HOOGSTENS)
        .subquery()
        for tak in eigen
    ]
    ids = union_all(*(select(deel) for deel in delen))
    for taak, nummer in session.execute(
        select(Taak, Dossier.nummer)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .where(Taak.id.in_(ids))
    ):
        yield Dag(
            "taak", taak.id, taak.volgorde, nummer, taak.naam, taak.grond or "", taak.dossier_id
        )


def _termijnen(session: Session, actor: Actor, vandaag: date) -> Iterator[Dag]:
    if actor.account_id is None or bezwaar_tegen(actor, Handeling.TERMIJNEN_BEWAKEN):
        return
    rijen: Any = session.execute(
        select(DossierTermijn, Dossier.nummer)
        .join(Dossier, Dossier.id == DossierTermijn.dossier_id)
        .where(
            Dossier.casemanager_id == actor.account_id,
            Dossier.gesloten_op.is_(None),
            DossierTermijn.status == literal_column("'loopt'"),
            DossierTermijn.uiterlijk >= vandaag - _TERUG,
        )
        .order_by(DossierTermijn.uiterlijk, DossierTermijn.id)
        .limit(HOOGSTENS)
    )
    for rij, nummer in rijen:
        label = REGELS[rij.naam].label
        yield Dag(
            "termijn", rij.id, rij.uiterlijk, nummer, label, rij.grond, rij.dossier_id, rij.naam
        )
