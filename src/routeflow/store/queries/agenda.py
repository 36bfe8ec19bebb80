"""What stands in a person's calendar: last days of their taken, and periods of their dossiers."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS
from routeflow.store.models import OOIT, TAAK_OPEN, Dossier, DossierTermijn, Taak
from routeflow.store.queries.bladzijde import Voorwaarde
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
    bewaakt = actor.account_id is not None and not bezwaar_tegen(actor, Handeling.TERMIJNEN_BEWAKEN)
    vraag = _vraag(blik(actor), bewaakt)
    if vraag is None:
        return []
    vanaf = {**waarden_van(actor), "vanaf": vandaag - _TERUG}
    dagen = (_dag(rij) for rij in session.execute(vraag, vanaf))
    return sorted(dagen, key=lambda dag: (dag.dag, dag.nummer, dag.naam))


def _dag(rij: Any) -> Dag:  # noqa: ANN401 - a row of _vraag
    termijn = rij.termijn
    return Dag(
        rij.soort,
        rij.id,
        rij.dag,
        rij.nummer,
        REGELS[termijn].label if termijn else rij.taak,
        (rij.grond_termijn if termijn else rij.grond_taak) or "",
        rij.dossier_id,
        termijn,
    )


_VANAF: ColumnElement[date] = bindparam("vanaf", type_=Taak.volgorde.type)
_Eerste = Select[*tuple[Any, ...]]


@lru_cache(maxsize=64)
def _vraag(wie: Blik, bewaakt: bool) -> _Eerste | None:  # noqa: FBT001 - part of the form
    """Return the first days, found in the indexes alone; what is shown is read of those only."""
    delen = [_taken(tak) for tak in (*wie.takken("mijn"), *wie.takken("te verdelen"))]
    if bewaakt:
        delen.append(_termijnen())
    if not delen:
        return None
    allemaal = union_all(*(select(deel.limit(HOOGSTENS).subquery()) for deel in delen)).subquery()
    eerste = select(allemaal).order_by(allemaal.c.dag, allemaal.c.id).limit(HOOGSTENS).subquery()
    rij = DossierTermijn
    return (
        select(
            *(eerste.c.soort, eerste.c.id, eerste.c.dag, eerste.c.dossier_id, Dossier.nummer),
            *(Taak.naam.label("taak"), Taak.grond.label("grond_taak")),
            *(rij.naam.label("termijn"), rij.grond.label("grond_termijn")),
        )
        .select_from(eerste)
        .join(Dossier, Dossier.id == eerste.c.dossier_id)
        .outerjoin(Taak, and_(eerste.c.soort == "taak", Taak.id == eerste.c.id))
        .outerjoin(rij, and_(eerste.c.soort == "termijn", rij.id == eerste.c.id))
    )


def _taken(tak: Voorwaarde) -> _Eerste:
    return (
        select(
            literal("taak").label("soort"),
            Taak.id.label("id"),
            Taak.volgorde.label("dag"),
            Taak.dossier_id.label("dossier_id"),
        )
        .where(tak, TAAK_OPEN, Taak.volgorde >= _VANAF, Taak.volgorde < OOIT)
        .order_by(Taak.volgorde, Taak.id)
    )


def _termijnen() -> _Eerste:
    """Return the periods that run of the dossiers of who asks."""
    rij = DossierTermijn
    return (
        select(
            literal("termijn").label("soort"),
            rij.id.label("id"),
            rij.uiterlijk.label("dag"),
            rij.dossier_id.label("dossier_id"),
        )
        .join(Dossier, Dossier.id == rij.dossier_id)
        .where(
            rij.casemanager_id == IK,
            Dossier.gesloten_op.is_(None),
            rij.status == literal_column("'loopt'"),
            rij.uiterlijk >= _VANAF,
        )
        .order_by(rij.uiterlijk, rij.dossier_id, rij.id)
    )
