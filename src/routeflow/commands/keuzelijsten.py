"""Lists of answers that the house gives to forms (form-js: ``valuesKey``), read when a form opens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.forms import Formulier, Optie
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.store.models import Account, DossierTermijn
from routeflow.store.terugblik import gemeente_en_perioden

CASEMANAGERS: Final = "casemanagers"
"""The list of a form from which a dossier gets its casemanager."""


def casemanagers(session: Session) -> Sequence[Account]:
    """Return who can be somebody's casemanager: active accounts with that rol at the gemeente.

    Who completes a form asks twice, to judge the answer and to write it, and is answered from
    memory the second time: an act that changes accounts is another transaction.
    """
    gelezen: tuple[object, Sequence[Account]] = session.info.get(CASEMANAGERS, (None, ()))
    if gelezen[0] is None or gelezen[0] is not session.get_transaction():
        gevonden = session.scalars(
            select(Account).where(Account.actief, Account.partij == GEMEENTE).order_by(Account.naam)
        )
        return _onthoud(session, gevonden)
    return gelezen[1]


def casemanagers_en_perioden(session: Session, dossier_id: UUID) -> list[DossierTermijn]:
    """Read who can be casemanager and return the periods of the dossier, which get the same one."""
    gevonden, perioden = gemeente_en_perioden(session, GEMEENTE, dossier_id)
    _onthoud(session, sorted(gevonden, key=lambda een: een.naam))
    return perioden


def _onthoud(session: Session, gevonden: Iterable[Account]) -> Sequence[Account]:
    wie = [een for een in gevonden if Rol.CASEMANAGER in een.rollen]
    session.info[CASEMANAGERS] = session.get_transaction(), wie
    return wie


def _opties(session: Session) -> list[Optie]:
    return [Optie(een.login, een.naam) for een in casemanagers(session)]


LIJSTEN: Final[Mapping[str, Callable[[Session], Sequence[Optie]]]] = {CASEMANAGERS: _opties}


def vul(session: Session, formulier: Formulier) -> Formulier:
    """Return ``formulier`` with the entries of its lists as they are now."""
    return formulier.met(
        {naam: LIJSTEN[naam](session) for naam in formulier.lijsten if naam in LIJSTEN}
    )
