"""The button under an incident."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Incident


def opnieuw(session: Session, incident_id: UUID, *, by: Actor, now: datetime) -> Incident:
    """Let the worker try again what stopped. Raises NotFound, NotAllowed or Conflict (solved)."""
    raise NotImplementedError
