"""Notices inside the product."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Melding
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
