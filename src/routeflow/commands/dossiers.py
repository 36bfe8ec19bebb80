"""Opening a dossier and changing its facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Dossier


def start_dossier(
    session: Session,
    gegevens: Mapping[str, Any],
    *,
    proces: str | None = None,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Open a dossier with ``gegevens`` as its first facts and start its route.

    ``gegevens`` needs naam and doelgroep; known columns are bsn, vNummer, leerroute and wet.
    ``proces`` is p00_doorlopende_lijn or p20_gezinsmigrant by doelgroep unless it is given.
    Raises NotAllowed, Invalid (field -> sentence) or Conflict (a dossier with this BSN exists).
    """
    raise NotImplementedError


def wijzig_feiten(
    session: Session,
    dossier_id: UUID,
    feiten: Mapping[str, Any],
    *,
    reden: str,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Correct facts outside a taak; last days and timers that hang on them move along.

    None takes a fact away. Raises NotFound, NotAllowed, Invalid or Conflict (dossier closed).
    """
    raise NotImplementedError
