"""Messages from COA, DUO and other systems: kept first, delivered after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Bericht


def receive(
    session: Session,
    bericht_id: str,
    bericht: str,
    gegevens: Mapping[str, Any],
    *,
    dossier_id: UUID | None = None,
    bsn: str | None = None,
    v_nummer: str | None = None,
    by: Actor,
    now: datetime,
) -> Bericht:
    """Keep a message under the sender's id. Seen before: the same row, and nothing else happens.

    Raises Invalid for a message name that no process knows or without any way to find a dossier.
    """
    raise NotImplementedError


def deliver_bericht(session: Session, bericht_id: str, *, by: Actor, now: datetime) -> Bericht:
    """Write the facts of a message and hand it to the route that waits for it.

    Nobody waits: it stays (status ontvangen) until the dossier starts waiting for it, and after
    ``BEWAARTIJD`` it becomes an Incident "onbestelbaar". Raises NotFound.
    """
    raise NotImplementedError
