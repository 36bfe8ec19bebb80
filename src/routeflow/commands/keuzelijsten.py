"""Lists of answers that the house gives to forms (form-js: ``valuesKey``), read when a form opens."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.forms import Formulier, Optie
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.store.models import Account


def casemanagers(session: Session) -> list[Optie]:
    """Return who can be somebody's casemanager: active accounts with that rol at the gemeente."""
    wie = session.scalars(
        select(Account).where(Account.actief, Account.partij == GEMEENTE).order_by(Account.naam)
    )
    return [Optie(een.login, een.naam) for een in wie if Rol.CASEMANAGER in een.rollen]


LIJSTEN: Final[Mapping[str, Callable[[Session], Sequence[Optie]]]] = {"casemanagers": casemanagers}


def vul(session: Session, formulier: Formulier) -> Formulier:
    """Return ``formulier`` with the entries of its lists as they are now."""
    return formulier.met(
        {naam: LIJSTEN[naam](session) for naam in formulier.lijsten if naam in LIJSTEN}
    )
