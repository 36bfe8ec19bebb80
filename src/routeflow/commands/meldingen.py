"""Notices inside the product."""

from datetime import datetime

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Melding


def lees(session: Session, melding_id: int, *, by: Actor, now: datetime) -> Melding:
    """Mark a notice as read. Raises NotFound or NotAllowed (it is not for ``by``)."""
    raise NotImplementedError
