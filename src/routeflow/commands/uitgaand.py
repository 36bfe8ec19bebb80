"""The outbox: what must leave the house, at least once, under the id of its row.

Two ways lead out: ``mail`` to the mail server, and ``post`` to the address of the gemeente's own
mailbus. A way that is not set lets its rows wait and stops nothing on the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from routeflow.commands import post
from routeflow.commands.journaal import schrijf
from routeflow.commands.post import MAIL
from routeflow.commands.wachtrij import Claim, claim, held
from routeflow.errors import Incident
from routeflow.inburgering.rechten import Actor
from routeflow.mail import Mail, is_adres
from routeflow.store.models import (
    UITGAAND_MAIL,
    UITGAAND_POST,
    Account,
    Dossier,
    Journaal,
    Uitgaand,
)

Weg = Literal["post", "mail"]
_WACHT: dict[Weg, ColumnElement[bool]] = {"post": UITGAAND_POST, "mail": UITGAAND_MAIL}


def due(session: Session, now: datetime, limit: int = 50, *, weg: Weg = "post") -> list[Claim]:
    """Claim the messages that may be sent one way now, the oldest first."""
    return claim(session, Uitgaand, Uitgaand.volgende_op, _WACHT[weg], now=now, limit=limit)


@dataclass(frozen=True, slots=True)
class Ingehouden:
    """A mail that is not sent any more, and why: a sentence for the beheerder, with no dossier in it."""

    reden: str


def envelop(
    session: Session, claim: Claim, *, adres: str = ""
) -> dict[str, Any] | Mail | Ingehouden | None:
    """Return what is sent for a claimed row, None when it is no longer ours.

    A mail goes to the address that its account has now, with what that account may know now.
    Raises Incident when it has no address. ``adres``: of the product, for links in a mail.
    """
    rij = session.get(Uitgaand, claim.id)
    if rij is None or rij.lease != claim.lease or rij.status != "klaar":
        return None
    if rij.soort == MAIL:
        return _mail(session, rij, adres)
    dossier = session.get(Dossier, rij.dossier_id) if rij.dossier_id else None
    return {
        "id": str(rij.id),
        "soort": rij.soort,
        "dossier": dossier.nummer if dossier else None,
        "aangemaaktOp": rij.aangemaakt_op.isoformat(),
        "inhoud": rij.inhoud,
    }


def _mail(session: Session, rij: Uitgaand, adres: str) -> Mail | Ingehouden:
    account = session.get_one(Account, UUID(rij.inhoud["account"]))
    if not account.actief:
        return Ingehouden(f"Het account {account.login} is niet meer in gebruik.")
    tekst = post.stel_op(session, rij.inhoud, account, adres=adres)
    if tekst is None:
        return Ingehouden(
            f"Er staat niets meer in dat voor {account.login} is: de rol, de partij of de keuze voor "
            "e-mail is veranderd, of de gegevens zijn verwijderd."
        )
    if not is_adres(account.email):
        raise Incident(f"Het account {account.login} heeft geen goed e-mailadres.")
    return Mail(account.email, account.login, op=rij.aangemaakt_op, **tekst)


def houd_in(
    session: Session, claim: Claim, reden: str, *, by: Actor, now: datetime
) -> Journaal | None:
    """Take a claimed mail out of the outbox unsent, and tell why; None when it is no longer ours."""
    rij = held(session, Uitgaand, claim)
    if rij is None or rij.status != "klaar":
        return None
    session.delete(rij)
    gegevens = {"bericht": str(rij.id), "reden": reden}
    return schrijf(session, "e-mail niet verstuurd", gegevens, by=by, now=now)


def wachtend(session: Session, weg: Weg) -> int:
    """Count what waits to be sent one way; counting stops at a thousand."""
    deel = select(Uitgaand.id).where(_WACHT[weg]).limit(1000).subquery()
    return session.scalar(select(func.count()).select_from(deel)) or 0


def verzonden(session: Session, claim: Claim, *, now: datetime) -> Uitgaand | None:
    """Note that a claimed row was sent; None when another worker holds it by now."""
    rij = held(session, Uitgaand, claim)
    if rij is None or rij.status != "klaar":
        return None
    rij.status, rij.verzonden_op = "verzonden", now
    rij.lease = rij.lease_tot = None
    return rij


def next_moment(session: Session, na: datetime, wegen: Collection[Weg]) -> datetime | None:
    """Return the first moment after ``na`` at which a message may be sent one of these ways."""
    momenten = [
        session.scalar(
            select(Uitgaand.volgende_op)
            .where(_WACHT[weg], Uitgaand.volgende_op > na)
            .order_by(Uitgaand.volgende_op)
            .limit(1)
        )
        for weg in wegen
    ]
    return min((moment for moment in momenten if moment is not None), default=None)
