"""What people do with a taak."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Taak


@dataclass(frozen=True, slots=True)
class Voltooid:
    """A completed taak and the open taken of its dossier that came out of it."""

    taak: Taak
    volgende: list[Taak]


@dataclass(frozen=True, slots=True)
class Verplaatsing:
    """An open taak that the rolverdeling now gives to another partij."""

    taak_id: UUID
    taak: str
    dossier_id: UUID
    dossier_nummer: str
    van: str
    naar: str
    samen_met: str | None


def complete_taak(
    session: Session, taak_id: UUID, rauw: Mapping[str, Any], *, by: Actor, now: datetime
) -> Voltooid:
    """Complete a taak with the answers in ``rauw`` and move its route on to the next wait state.

    ``rauw`` holds form-encoded strings or JSON values. Raises NotFound, NotAllowed, Conflict
    (already closed: it tells who was first, and when) or Invalid (field -> sentence).
    """
    raise NotImplementedError


def claim(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Taak:
    """Make ``by`` the behandelaar. Raises NotFound, NotAllowed or Conflict (closed, or taken)."""
    raise NotImplementedError


def vrijgeven(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Taak:
    """Take the behandelaar off. Raises NotFound, NotAllowed or Conflict."""
    raise NotImplementedError


def toewijzen(
    session: Session, taak_id: UUID, account_id: UUID | None, *, by: Actor, now: datetime
) -> Taak:
    """Give the taak to ``account_id``, who must have its rol at its partij; None takes it off."""
    raise NotImplementedError


def save_concept(
    session: Session, taak_id: UUID, rauw: Mapping[str, Any], *, by: Actor, now: datetime
) -> Taak:
    """Keep what is filled in so far, unchecked. Raises NotFound, NotAllowed or Conflict."""
    raise NotImplementedError


def herverdeel(
    session: Session, *, uitvoeren: bool, by: Actor, now: datetime
) -> list[Verplaatsing]:
    """Show, and with ``uitvoeren`` do, what the rolverdeling of today changes for open taken."""
    raise NotImplementedError
