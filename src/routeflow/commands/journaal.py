"""The journal: one append-only row per act, each sealed by the hash of the one before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Journaal, Route

# One form for one content: it is what the seals of all journals were made of.
_VAST = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def schrijf(
    session: Session,
    wat: str,
    gegevens: Mapping[str, Any],
    *,
    route: Route | None = None,
    element: str | None = None,
    pad: Sequence[Sequence[Any]] = (),
    by: Actor,
    now: datetime,
) -> Journaal:
    """Add the row of one act. With ``route`` (locked by the caller) it is part of that chain.

    ``gegevens`` must already be plain JSON.
    """
    rij = Journaal(
        dossier_id=route.dossier_id if route else None,
        deployment_id=route.deployment_id if route else None,
        op=now,
        door=by.naam,
        door_id=by.account_id,
        wat=wat,
        element=element,
        gegevens=dict(gegevens),
        pad=[list(stap) for stap in pad],
    )
    if route:
        route.keten = rij.keten = zegel(route.keten, rij)
    session.add(rij)
    return rij


def zegel(vorige: str, rij: Journaal) -> str:
    """Return the hash that seals ``rij`` behind the row whose hash is ``vorige``."""
    inhoud = [
        vorige,
        str(rij.dossier_id),
        rij.deployment_id,
        rij.op.astimezone(UTC).isoformat(),
        rij.door,
        str(rij.door_id),
        rij.wat,
        rij.element,
        rij.gegevens,
        rij.pad,
    ]
    return hashlib.sha256(_VAST.encode(inhoud).encode()).hexdigest()
