"""The only door to P17: a person reports a suspicion. Nothing automatic ever starts it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Dossier


def meld_vermoeden(
    session: Session, taak_id: UUID, gegevens: Mapping[str, Any], *, by: Actor, now: datetime
) -> Dossier:
    """Start the review of a taak that the inburgeraar let pass.

    Raises NotFound, NotAllowed, or Conflict when the taak is not overdue or is not the
    inburgeraar's move: what a partner, COA, DUO or the gemeente lets pass is never held
    against the inburgeraar (Awb art. 5:41).
    """
    raise NotImplementedError
