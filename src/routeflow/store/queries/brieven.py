"""The letters that were made: of one taak, of one dossier, and one with its PDF."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, undefer

from routeflow.errors import NotFound
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Brief
from routeflow.store.queries.dossiers import route_van
from routeflow.store.queries.werklijst import taak
from routeflow.store.queries.zicht import mag_taken


def brieven(session: Session, actor: Actor, dossier_id: UUID) -> Sequence[Brief]:
    """Return the letters of the taken that ``actor`` may see, newest first. Raises as the dossier."""
    route_van(session, actor, dossier_id)
    return session.scalars(
        select(Brief)
        .join(Brief.taak)
        .where(Brief.dossier_id == dossier_id, mag_taken(actor))
        .options(contains_eager(Brief.taak))
        .order_by(Brief.op.desc(), Brief.id)
    ).all()


def brieven_van_taak(session: Session, taak_id: UUID) -> Sequence[Brief]:
    """Return the letters of one taak, newest first; whoever may see the taak may see them."""
    return session.scalars(
        select(Brief).where(Brief.taak_id == taak_id).order_by(Brief.op.desc(), Brief.id)
    ).all()


def brief(session: Session, actor: Actor, brief_id: UUID) -> Brief:
    """Return one letter with its PDF. Raises NotFound, or NotAllowed as for its taak."""
    rij = session.scalar(select(Brief).where(Brief.id == brief_id).options(undefer(Brief.pdf)))
    if rij is None:
        raise NotFound("Deze brief bestaat niet.")
    taak(session, actor, rij.taak_id)
    return rij
