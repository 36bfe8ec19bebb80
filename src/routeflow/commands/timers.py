"""What happens when a moment comes: armed timers of routes and the ladder of reminders."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker holds: ``lease`` is the token that it must still have when it acts."""

    id: UUID
    op: datetime
    lease: UUID


def due(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Claim the wekkers that are due, the longest overdue first."""
    raise NotImplementedError


def fire_wekker(session: Session, claim: Claim, *, by: Actor, now: datetime) -> str | None:
    """Act on one wekker; answers what happened in a sentence, None when nothing was left to do."""
    raise NotImplementedError
