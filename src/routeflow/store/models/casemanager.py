"""The casemanager of a dossier, repeated in its taken and periods: lists find those by casemanager.

Without it the list of one casemanager has to look in each of their dossiers. The repeated value
follows the dossier inside the transaction that changes either.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, event, inspect, select, update
from sqlalchemy.orm import object_session
from sqlalchemy.orm.util import identity_key

from routeflow.store.models.dossiers import Dossier
from routeflow.store.models.taken import Taak
from routeflow.store.models.termijnen import DossierTermijn

HERHAALD: Final[tuple[type[Taak | DossierTermijn], ...]] = (Taak, DossierTermijn)


@event.listens_for(Dossier, "after_update")
def _bij_wijzigen(_mapper: object, connection: Connection, dossier: Dossier) -> None:
    geef_door(connection, dossier)


def geef_door(connection: Connection, dossier: Dossier) -> None:
    """Let the rows of a dossier repeat its casemanager, when that is another than it was."""
    if not inspect(dossier).attrs.casemanager_id.history.has_changes():
        return
    for soort in HERHAALD:
        van_dossier = update(soort).where(soort.dossier_id == dossier.id)
        connection.execute(van_dossier.values(casemanager_id=dossier.casemanager_id))


@event.listens_for(Taak, "before_insert")
@event.listens_for(DossierTermijn, "before_insert")
def _bij_invoegen(_mapper: object, connection: Connection, rij: Taak | DossierTermijn) -> None:
    neem_over(connection, rij)


def neem_over(connection: Connection, rij: Taak | DossierTermijn) -> None:
    """Let a new row repeat the casemanager of its dossier."""
    rij.casemanager_id = _casemanager(connection, rij)


def _casemanager(connection: Connection, rij: Taak | DossierTermijn) -> UUID | None:
    """Return that of the dossier, which an act has in its hands: then nothing is asked."""
    session = object_session(rij)
    dossier = session and session.identity_map.get(identity_key(Dossier, rij.dossier_id))
    if dossier and "casemanager_id" in dossier.__dict__:
        al_bekend: UUID | None = dossier.casemanager_id
        return al_bekend
    vraag = select(Dossier.casemanager_id).where(Dossier.id == rij.dossier_id)
    gevraagd: UUID | None = connection.scalar(vraag)
    return gevraagd
