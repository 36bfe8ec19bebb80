"""What of one dossier was handed over to another gemeente."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store.models import Overdracht
from routeflow.store.queries.dossiers import route_van


def overdrachten(session: Session, actor: Actor, dossier_id: UUID) -> Sequence[Overdracht]:
    """Return what was handed over of one dossier, newest first. Raises NotFound or NotAllowed."""
    route_van(session, actor, dossier_id)
    _eis(actor)
    return session.scalars(
        select(Overdracht)
        .where(Overdracht.dossier_id == dossier_id)
        .order_by(Overdracht.op.desc(), Overdracht.id)
    ).all()


def overdracht(session: Session, actor: Actor, ident: UUID) -> Overdracht:
    """Return one with its papers. Raises NotFound or NotAllowed."""
    _eis(actor)
    rij = session.scalar(
        select(Overdracht)
        .where(Overdracht.id == ident)
        .options(undefer(Overdracht.gegevens), undefer(Overdracht.pdf))
    )
    if rij is None:
        raise NotFound("Deze overdracht bestaat niet.")
    route_van(session, actor, rij.dossier_id)
    return rij


def _eis(actor: Actor) -> None:
    if bezwaar := bezwaar_tegen(actor, Handeling.OVERDRACHT_MAKEN):
        raise NotAllowed(bezwaar)
