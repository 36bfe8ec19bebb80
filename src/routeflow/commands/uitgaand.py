"""The outbox: what must leave the house, at least once, under the id of its row."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.commands.wachtrij import Claim, claim, held
from routeflow.store.models import UITGAAND_KLAAR, Dossier, Uitgaand


def due(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Claim the messages that may be sent now, the oldest first."""
    return claim(session, Uitgaand, Uitgaand.volgende_op, UITGAAND_KLAAR, now=now, limit=limit)


def envelop(session: Session, claim: Claim) -> dict[str, Any] | None:
    """Return what is sent for a claimed row, None when it is no longer ours."""
    rij = session.get(Uitgaand, claim.id)
    if rij is None or rij.lease != claim.lease or rij.status != "klaar":
        return None
    dossier = session.get(Dossier, rij.dossier_id) if rij.dossier_id else None
    return {
        "id": str(rij.id),
        "soort": rij.soort,
        "dossier": dossier.nummer if dossier else None,
        "aangemaaktOp": rij.aangemaakt_op.isoformat(),
        "inhoud": rij.inhoud,
    }


def verzonden(session: Session, claim: Claim, *, now: datetime) -> Uitgaand | None:
    """Note that a claimed row was sent; None when another worker holds it by now."""
    rij = held(session, Uitgaand, claim)
    if rij is None or rij.status != "klaar":
        return None
    rij.status, rij.verzonden_op = "verzonden", now
    rij.lease = rij.lease_tot = None
    return rij


def next_moment(session: Session, na: datetime) -> datetime | None:
    """Return the first moment after ``na`` at which a message may be sent."""
    return session.scalar(
        select(Uitgaand.volgende_op)
        .where(UITGAAND_KLAAR, Uitgaand.volgende_op > na)
        .order_by(Uitgaand.volgende_op)
        .limit(1)
    )
