"""Who can log in: accounts, passwords and tokens of the API."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.errors import Refusal
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store import Sessions
from routeflow.store.models import Account, Token


class TeVaak(Refusal):
    """Too many failed attempts from this login or address; waiting is what helps."""

    status: ClassVar[int] = 429


def actor_of(account: Account) -> Actor:
    """Return ``account`` as somebody who acts."""
    raise NotImplementedError


def create_account(
    session: Session,
    login: str,
    *,
    naam: str,
    partij: str,
    rollen: Collection[Rol],
    wachtwoord: str,
    email: str = "",
    by: Actor,
    now: datetime,
) -> Account:
    """Create an account. Raises NotAllowed, Conflict (login exists) or Invalid (password too weak)."""
    raise NotImplementedError


def wijzig_account(
    session: Session,
    account_id: UUID,
    *,
    naam: str | None = None,
    email: str | None = None,
    partij: str | None = None,
    rollen: Collection[Rol] | None = None,
    actief: bool | None = None,
    by: Actor,
    now: datetime,
) -> Account:
    """Change what is given. Other rollen, another partij or not actief end all its sessions."""
    raise NotImplementedError


def set_wachtwoord(
    session: Session, account_id: UUID, wachtwoord: str, *, by: Actor, now: datetime
) -> Account:
    """Set a new password (own account, or as beheerder) and end all sessions of the account."""
    raise NotImplementedError


def log_in(
    sessions: Sessions, login: str, wachtwoord: str, *, adres: str, now: datetime
) -> Account | None:
    """Return the account that these belong to, None when they do not match.

    Takes ``sessions`` and not a session, unlike every other command: a failed attempt must be
    kept although nothing else happens, and the slow hash may not hold the database.
    Raises TeVaak after too many failures for the login or from the address.
    """
    raise NotImplementedError


def create_token(session: Session, naam: str, *, by: Actor, now: datetime) -> tuple[Token, str]:
    """Create an API token for ``by`` and return it with its secret, which is shown only once."""
    raise NotImplementedError


def withdraw_token(session: Session, token_id: UUID, *, by: Actor, now: datetime) -> Token:
    """Withdraw a token: own, or any as beheerder."""
    raise NotImplementedError


def actor_of_token(session: Session, geheim: str) -> Actor | None:
    """Return who the bearer of ``geheim`` acts as, None when it is unknown or withdrawn."""
    raise NotImplementedError
