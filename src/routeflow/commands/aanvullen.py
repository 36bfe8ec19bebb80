"""Gives a period its rows in dossiers that are older than the rows, a few dossiers at a time."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from routeflow.commands.advance import WERKER, lock_route, neem
from routeflow.commands.termijnen import tel_bij
from routeflow.store.models import Dossier, DossierTermijn, Route

AANLEIDING: Final = "aangevuld"


def vul_termijnen_aan(
    session: Session, na: UUID | None, *, aantal: int, now: datetime
) -> UUID | None:
    """Count the periods of up to ``aantal`` dossiers behind ``na`` that have no row yet.

    Returns the last dossier that was looked at, None when there is none left. Doing it again
    changes nothing. It is no act on the dossier, so the journal does not tell it: the history of
    the period does.
    """
    zonder = ~exists().where(DossierTermijn.dossier_id == Dossier.id)
    vraag = select(Dossier.id).where(zonder).order_by(Dossier.id).limit(aantal)
    ids = session.scalars(vraag if na is None else vraag.where(Dossier.id > na)).all()
    for dossier_id in ids:
        route = lock_route(session, Route.dossier_id == dossier_id)
        if route is None or _al_gedaan(session, dossier_id):
            continue
        tel_bij(neem(session, route, by=WERKER, now=now), {}, AANLEIDING)
    return ids[-1] if ids else None


def _al_gedaan(session: Session, dossier_id: UUID) -> bool:
    """Look again now that the dossier is ours: another worker may have been first."""
    vraag = select(DossierTermijn.id).where(DossierTermijn.dossier_id == dossier_id).limit(1)
    return session.scalar(vraag) is not None
