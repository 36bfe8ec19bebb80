"""Who can log in: accounts, passwords and tokens of the API."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import ClassVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from routeflow.commands.journaal import schrijf
from routeflow.commands.lengte import te_lang
from routeflow.commands.toegang import eis
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling, Rol
from routeflow.store import Sessions, one_at_a_time, transact
from routeflow.store.models import Account, Afmelding, Inlogpoging, Token
from routeflow.store.schermen import Aangemeld

WACHTWOORD_MIN, WACHTWOORD_MAX = 12, 200
VENSTER = timedelta(minutes=15)
POGINGEN_PER_LOGIN, POGINGEN_PER_ADRES = 5, 30
_INLOGGEN = 20220103  # so that attempts are counted one after the other
_BEHEREN = 20220105  # so that two beheerders never take the beheer of each other
LANGSTE_SESSIE = timedelta(days=1)  # no session lasts so long

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]*")  # no two logins that look alike
_VERBINDERS = "\u200c\u200d"  # join letters or keep them apart, in Persian and other names
_hasher = PasswordHasher()
_rekenen = BoundedSemaphore(2)  # a hash takes 64 MB: many at once may not take all there is


class TeVaak(Refusal):
    """Too many failed attempts from this login or address; waiting is what helps."""

    status: ClassVar[int] = 429


def actor_of(account: Account | Aangemeld) -> Actor:
    """Return ``account`` as somebody who acts."""
    rollen = frozenset(Rol(rol) for rol in account.rollen)
    return Actor(account.naam, account.partij, rollen, account.id)


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
    eis(by, Handeling.ACCOUNTS_BEHEREN)
    login = login.strip().lower()
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise Conflict(f"Er is al een account met de inlognaam {login}.")
    fouten = _leeg({"login": login, "naam": naam, "partij": partij})
    fouten |= te_lang(Account, {"login": login, "naam": naam, "email": email, "partij": partij})
    if not fouten.get("login") and not _LOGIN.fullmatch(login):
        fouten["login"] = "Gebruik kleine letters zonder accenten, cijfers, punten en streepjes."
    fouten |= _onzichtbaar({"naam": naam, "partij": partij})
    if bezwaar := _te_zwak(wachtwoord, login):
        fouten["wachtwoord"] = bezwaar
    if fouten:
        raise Invalid("Het account is niet gemaakt.", fouten)
    account = Account(
        login=login,
        naam=naam.strip(),
        email=email.strip(),
        partij=partij.strip(),
        rollen=sorted(rollen),
        wachtwoord=_hasher.hash(wachtwoord),
    )
    session.add(account)
    schrijf(session, "account gemaakt", {"login": login, "rollen": sorted(rollen)}, by=by, now=now)
    session.flush()
    return account


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
    eis(by, Handeling.ACCOUNTS_BEHEREN)
    one_at_a_time(session, _BEHEREN)
    _eis_nog_beheerder(session, by)
    account = _account(session, account_id)
    if account_id == by.account_id and (
        actief is False
        or (rollen is not None and Rol.BEHEERDER not in rollen)
        or (partij is not None and partij.strip() != GEMEENTE)  # there a beheerder is none
    ):
        raise Conflict("U kunt uw eigen beheer niet afnemen. Laat een andere beheerder dat doen.")
    nieuw = {
        "naam": naam and naam.strip(),
        "email": email and email.strip(),
        "partij": partij and partij.strip(),
        "rollen": None if rollen is None else sorted(rollen),
        "actief": actief,
    }
    anders = {
        veld: waarde
        for veld, waarde in nieuw.items()
        if waarde is not None and waarde != getattr(account, veld)
    }
    tekst = {str(veld): str(anders[veld]) for veld in ("naam", "partij") if veld in anders}
    if fouten := _leeg(tekst) | te_lang(Account, anders) | _onzichtbaar(tekst):
        raise Invalid("Het account is niet gewijzigd.", fouten)
    for veld, waarde in anders.items():
        setattr(account, veld, waarde)
    if anders.keys() & {"partij", "rollen", "actief"}:
        account.sessie_versie += 1
    if anders:
        schrijf(session, "account gewijzigd", {"login": account.login, **anders}, by=by, now=now)
    return account


def _eis_nog_beheerder(session: Session, by: Actor) -> None:
    """Raise NotAllowed when the beheer of ``by`` was taken since they came in."""
    eigen = session.get(Account, by.account_id) if by.account_id else None
    if eigen is not None and not (eigen.actief and Rol.BEHEERDER in eigen.rollen):
        raise NotAllowed("U bent geen beheerder meer: een ander nam u dat zojuist af.")


def set_wachtwoord(
    session: Session, account_id: UUID, wachtwoord: str, *, by: Actor, now: datetime
) -> Account:
    """Set a new password (own account, or as beheerder) and end all sessions of the account."""
    account = _account(session, account_id)
    if account_id != by.account_id:
        eis(by, Handeling.ACCOUNTS_BEHEREN)
    if bezwaar := _te_zwak(wachtwoord, account.login):
        raise Invalid("Het wachtwoord is niet veranderd.", {"wachtwoord": bezwaar})
    account.wachtwoord = _hasher.hash(wachtwoord)
    account.sessie_versie += 1
    schrijf(session, "wachtwoord veranderd", {"login": account.login}, by=by, now=now)
    return account


def log_in(
    sessions: Sessions, login: str, wachtwoord: str, *, adres: str, now: datetime
) -> Account | None:
    """Return the account that these belong to, None when they do not match.

    Takes ``sessions`` and not a session, unlike every other command: a failed attempt must be
    kept although nothing else happens, and the slow hash may not hold the database.
    Raises TeVaak after too many failures for the login or from the address.
    """
    login = login.strip().lower()[:100]
    account = transact(sessions, lambda session: _wie(session, login, adres, now))
    with _rekenen:
        past = _past(account.wachtwoord if account else _nobody(), wachtwoord)
    if not past or account is None:
        return None
    transact(sessions, lambda session: _gelukt(session, account, wachtwoord, login))
    return account


def log_uit(session: Session, sessie: str, *, now: datetime) -> None:
    """End one session for good: whoever has a copy of its cookie is out as well."""
    if sessie:
        session.merge(Afmelding(sessie=sessie, op=now))


def _wie(session: Session, login: str, adres: str, now: datetime) -> Account | None:
    """Count the attempt and return the active account of ``login``. Raises TeVaak.

    It is counted before anybody knows how it ends: of many that come at once none slips through.
    """
    one_at_a_time(session, _INLOGGEN)
    naam, plaats = session.execute(
        select(
            func.count().filter(Inlogpoging.login == login),
            func.count().filter(Inlogpoging.adres == adres[:64]),
        ).where(
            Inlogpoging.op > now - VENSTER,
            or_(Inlogpoging.login == login, Inlogpoging.adres == adres[:64]),
        )
    ).one()
    if naam >= POGINGEN_PER_LOGIN or plaats >= POGINGEN_PER_ADRES:
        raise TeVaak("Te vaak een verkeerd wachtwoord. Wacht een kwartier en probeer het opnieuw.")
    session.add(Inlogpoging(login=login, adres=adres[:64], op=now))
    return session.scalar(select(Account).where(Account.login == login, Account.actief))


def _past(hash_: str, wachtwoord: str) -> bool:
    wachtwoord = wachtwoord[: WACHTWOORD_MAX + 1]
    try:
        return _hasher.verify(hash_, wachtwoord)
    except VerifyMismatchError:
        return False
    except InvalidHashError:  # no password was ever set: that may not be quicker to hear
        with suppress(VerifyMismatchError):
            _hasher.verify(_nobody(), wachtwoord)
        return False


@cache
def _nobody() -> str:
    """Return a hash that nothing matches, so that an unknown login takes as long as a known one."""
    return _hasher.hash(secrets.token_urlsafe())


def _gelukt(session: Session, account: Account, wachtwoord: str, login: str) -> None:
    session.execute(delete(Inlogpoging).where(Inlogpoging.login == login))
    if _hasher.check_needs_rehash(account.wachtwoord):
        session.get_one(Account, account.id).wachtwoord = _hasher.hash(wachtwoord)


def create_token(session: Session, naam: str, *, by: Actor, now: datetime) -> tuple[Token, str]:
    """Create an API token for ``by`` and return it with its secret, which is shown only once."""
    if by.account_id is None:
        raise NotAllowed("Een token hoort bij een account.")
    if not naam.strip():
        raise Invalid("Het token is niet gemaakt.", {"naam": "Vul in waar het token voor is."})
    geheim = f"rf_{secrets.token_urlsafe(32)}"
    token = Token(
        account_id=by.account_id, naam=naam.strip()[:200], hash=_sha256(geheim), aangemaakt_op=now
    )
    session.add(token)
    schrijf(session, "token gemaakt", {"naam": token.naam}, by=by, now=now)
    session.flush()
    return token, geheim


def withdraw_token(session: Session, token_id: UUID, *, by: Actor, now: datetime) -> Token:
    """Withdraw a token: own, or any as beheerder."""
    token = session.get(Token, token_id)
    if token is None:
        raise NotFound("Dit token bestaat niet.")
    if token.account_id != by.account_id:
        eis(by, Handeling.ACCOUNTS_BEHEREN)
    if token.ingetrokken_op is None:
        token.ingetrokken_op = now
        schrijf(session, "token ingetrokken", {"naam": token.naam}, by=by, now=now)
    return token


def actor_of_token(session: Session, geheim: str) -> Actor | None:
    """Return who the bearer of ``geheim`` acts as, None when it is unknown or withdrawn."""
    token = session.scalar(
        select(Token).where(Token.hash == _sha256(geheim), Token.ingetrokken_op.is_(None))
    )
    return actor_of(token.account) if token and token.account.actief else None


def forget_attempts(session: Session, *, now: datetime) -> None:
    """Remove failed attempts and ended sessions that no longer count. The worker does this."""
    session.execute(delete(Inlogpoging).where(Inlogpoging.op <= now - VENSTER))
    session.execute(delete(Afmelding).where(Afmelding.op <= now - LANGSTE_SESSIE))


def _account(session: Session, account_id: UUID) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("Dit account bestaat niet.")
    return account


def _leeg(velden: Mapping[str, str]) -> dict[str, str]:
    zinnen = {
        "login": "Vul de inlognaam in.",
        "naam": "Vul de naam in.",
        "partij": "Vul de partij in. Voor iemand van de gemeente is dat Gemeente.",
    }
    return {veld: zinnen[veld] for veld, waarde in velden.items() if not waarde.strip()}


def _onzichtbaar(teksten: Mapping[str, str]) -> dict[str, str]:
    """Say which texts hold signs that nobody sees: with them one name can pass for another."""
    zin = "Hierin staan tekens die niet te zien zijn. Typ de tekst opnieuw."
    return {veld: zin for veld, tekst in teksten.items() if any(map(_is_onzichtbaar, tekst))}


def _is_onzichtbaar(teken: str) -> bool:
    return unicodedata.category(teken) in {"Cc", "Cf", "Zl", "Zp"} and teken not in _VERBINDERS


def _te_zwak(wachtwoord: str, login: str) -> str | None:
    """Say what is wrong with a password: length is what counts (NIST SP 800-63B, 3.1.1.2)."""
    if len(wachtwoord) < WACHTWOORD_MIN:
        return f"Gebruik minstens {WACHTWOORD_MIN} tekens."
    if len(wachtwoord) > WACHTWOORD_MAX:
        return f"Gebruik hoogstens {WACHTWOORD_MAX} tekens."
    if login in wachtwoord.lower() or len(set(wachtwoord)) <= len(wachtwoord) // 4:
        return "Dit is te makkelijk te raden. Kies een zin van een paar woorden."
    return None


def _sha256(geheim: str) -> str:
    """Hash a token. One round is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(geheim.encode()).hexdigest()
