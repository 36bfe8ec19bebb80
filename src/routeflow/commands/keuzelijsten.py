"""Lists of answers that the house gives to forms (form-js: ``valuesKey``), read when a form opens."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.forms import Formulier, Optie
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.store.models import Account

_CASEMANAGERS: Final = "casemanagers"


def casemanagers(session: Session) -> Sequence[Account]:
    """Return who can be somebody's casemanager: active accounts with that rol at the gemeente.

    Who completes a form asks twice, to judge the answer and to write it, and is answered from
    memory the second time: an act that changes accounts is another transaction.
    """
    gelezen: tuple[object, Sequence[Account]] = session.info.get(_CASEMANAGERS, (None, ()))
    if gelezen[0] is None or gelezen[0] is not session.get_transaction():
        gevonden = session.scalars(
            select(Account).where(Account.actief, Account.partij == GEMEENTE).order_by(Account.naam)
        )
        wie = [een for een in gevonden if Rol.CASEMANAGER in een.rollen]
        gelezen = session.info[_CASEMANAGERS] = session.get_transaction(), wie
    return gelezen[1]


def _opties(session: Session) -> list[Optie]:
    return [Optie(een.login, een.naam) for een in casemanagers(session)]


LIJSTEN: Final[Mapping[str, Callable[[Session], Sequence[Optie]]]] = {"casemanagers": _opties}


def vul(session: Session, formulier: Formulier) -> Formulier:
    """Return ``formulier`` with the entries of its lists as they are now."""
    return formulier.met(
        {naam: LIJSTEN[naam](session) for naam in formulier.lijsten if naam in LIJSTEN}
    )
