"""Notices inside the product."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Melding, Taak
from routeflow.store.queries import melding_voor


def lees(session: Session, melding_id: int, *, by: Actor, now: datetime) -> Melding:
    """Mark a notice as read. Raises NotFound or NotAllowed (it is not for ``by``)."""
    melding = session.get(Melding, melding_id)
    if melding is None:
        raise NotFound("Deze melding bestaat niet.")
    if not session.scalar(select(Melding.id).where(Melding.id == melding_id, melding_voor(by))):
        raise NotAllowed("Deze melding is voor iemand anders.")
    melding.gelezen_op = melding.gelezen_op or now
    return melding


def ruim_op(session: Session, *, by: Actor, now: datetime) -> int:
    """Mark as read what is for ``by`` about a taak that is done or gone; return how many.

    A notice for a rol is shared with colleagues, and nobody has to do anything for these any more.
    """
    klaar = select(Taak.id).where(Taak.status != "open")
    gelezen = session.scalars(
        update(Melding)
        .where(melding_voor(by), Melding.gelezen_op.is_(None), Melding.taak_id.in_(klaar))
        .values(gelezen_op=now)
        .returning(Melding.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gelezen)
