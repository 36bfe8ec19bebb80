"""Gives a period its rows in dossiers that are older than the rows, a few dossiers at a time."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from routeflow.commands.advance import WERKER
from routeflow.commands.termijnen import tel_bij
from routeflow.commands.zaak import lock_route, neem
from routeflow.inburgering.regels import REGELS, WET_2013
from routeflow.store.models import Dossier, DossierTermijn, Route

AANLEIDING: Final = "aangevuld"

_VAN_DOSSIER = DossierTermijn.dossier_id == Dossier.id
_OOK_2013 = [regel.naam for regel in REGELS.values() if regel.ook_2013]
_TE_TELLEN = ~exists().where(_VAN_DOSSIER) | (
    (Dossier.wet == WET_2013)
    & exists().where(
        _VAN_DOSSIER, DossierTermijn.gesloten_op.is_(None), DossierTermijn.naam.not_in(_OOK_2013)
    )
)


def vul_termijnen_aan(
    session: Session, na: UUID | None, *, aantal: int, now: datetime
) -> UUID | None:
    """Count the periods of up to ``aantal`` dossiers behind ``na`` that have no row yet.

    Also of those under the law of 2013 that still have rows of the other law.

    Returns the last dossier that was looked at, None when there is none left. Doing it again
    changes nothing. It is no act on the dossier, so the journal does not tell it: the history of
    the period does.
    """
    vraag = select(Dossier.id).where(_TE_TELLEN).order_by(Dossier.id).limit(aantal)
    ids = session.scalars(vraag if na is None else vraag.where(Dossier.id > na)).all()
    for dossier_id in ids:
        route = lock_route(session, Route.dossier_id == dossier_id)
        if route is None or _al_gedaan(session, dossier_id):
            continue
        zaak = neem(session, route, by=WERKER, now=now)
        tel_bij(zaak, zaak.open.per_bron(), AANLEIDING)
    return ids[-1] if ids else None


def _al_gedaan(session: Session, dossier_id: UUID) -> bool:
    """Look again now that the dossier is ours: another worker may have been first."""
    return session.scalar(select(Dossier.id).where(Dossier.id == dossier_id, _TE_TELLEN)) is None
