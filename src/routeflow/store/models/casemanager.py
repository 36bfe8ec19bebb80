"""The casemanager of a dossier, repeated in its open taken and its periods: lists find those by it.

Without it the list of one casemanager has to look in each of their dossiers. The repeated value
follows the dossier inside the transaction that changes either; a taak that is closed keeps who it
was then.
"""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, event, inspect, select, true, update
from sqlalchemy.orm import Session, SessionTransaction, object_session
from sqlalchemy.orm.util import identity_key

from routeflow.store.models.dossiers import Dossier
from routeflow.store.models.taken import TAAK_OPEN, Taak
from routeflow.store.models.termijnen import DossierTermijn

HERHAALD: Final[Mapping[type[Taak | DossierTermijn], ColumnElement[bool]]] = {
    Taak: TAAK_OPEN,
    DossierTermijn: true(),
}
"""What repeats it, and which of its rows."""

_GEGEVEN: Final = "casemanager gegeven"
Rij = TypeVar("Rij", Taak, DossierTermijn)


@event.listens_for(Dossier, "after_update")
def _bij_wijzigen(_mapper: object, connection: Connection, dossier: Dossier) -> None:
    geef_door(connection, dossier)


def geef_door(connection: Connection, dossier: Dossier) -> None:
    """Let the rows of a dossier repeat its casemanager, when that is another than it was."""
    if not inspect(dossier).attrs.casemanager_id.history.has_changes():
        return
    session = object_session(dossier)
    gegeven = session.info.pop(_GEGEVEN, {}) if session else {}
    for soort, geldt in HERHAALD.items():
        if gegeven.get((soort, dossier.id)) == (_transactie(session), dossier.casemanager_id):
            continue
        van_dossier = update(soort).where(soort.dossier_id == dossier.id, geldt)
        connection.execute(van_dossier.values(casemanager_id=dossier.casemanager_id))


def geef_zelf_door(dossier: Dossier, soort: type[Rij], rijen: Iterable[Rij]) -> None:
    """Let ``rijen``, all of one kind that repeat it, do so in the session that holds them.

    They are written with what else changes in them, and ``geef_door`` passes them over.
    """
    for rij in rijen:
        if rij.casemanager_id != dossier.casemanager_id:
            rij.casemanager_id = dossier.casemanager_id
    session = object_session(dossier)
    if session is not None:
        nu = _transactie(session), dossier.casemanager_id
        session.info.setdefault(_GEGEVEN, {})[soort, dossier.id] = nu


def _transactie(session: Session | None) -> SessionTransaction | None:
    return session.get_transaction() if session else None


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
