"""Notices inside the product."""

from datetime import datetime

from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Melding


def lees(session: Session, melding_id: int, *, by: Actor, now: datetime) -> Melding:
    """Mark a notice as read. Raises NotFound or NotAllowed (it is not for ``by``)."""
    melding = session.get(Melding, melding_id)
    if melding is None:
        raise NotFound("Deze melding bestaat niet.")
    voor_rol = melding.rol in by.rollen and melding.partij == by.partij
    voor_mij = melding.account_id is None or melding.account_id == by.account_id
    if not (voor_rol and voor_mij):
        raise NotAllowed("Deze melding is voor iemand anders.")
    melding.gelezen_op = melding.gelezen_op or now
    return melding
