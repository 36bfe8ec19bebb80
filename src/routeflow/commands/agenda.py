"""The secret link of a person's calendar: made, renewed, withdrawn, and who reads through it."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.commands.accounts import actor_of
from routeflow.commands.journaal import schrijf
from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Agendalink


def vernieuw_link(session: Session, *, by: Actor, now: datetime) -> str:
    """Make the link of ``by`` and return its secret, shown only once. An older link is dead."""
    if by.account_id is None:
        raise NotAllowed("Een agenda hoort bij een account.")
    geheim = secrets.token_urlsafe(32)
    link = session.get(Agendalink, by.account_id)
    if link is None:
        link = Agendalink(account_id=by.account_id)
        session.add(link)
    link.hash, link.aangemaakt_op = _sha256(geheim), now
    schrijf(session, "agendalink gemaakt", {"naam": by.naam}, by=by, now=now)
    session.flush()
    return geheim


def trek_link_in(session: Session, *, by: Actor, now: datetime) -> None:
    """Let the link of ``by`` work no more. Doing it again changes nothing."""
    link = link_van(session, by)
    if link is not None:
        session.delete(link)
        schrijf(session, "agendalink ingetrokken", {"naam": by.naam}, by=by, now=now)


def link_van(session: Session, actor: Actor) -> Agendalink | None:
    """Return the link of a person, without its secret; None when there is none."""
    return session.get(Agendalink, actor.account_id) if actor.account_id else None


def actor_van_link(session: Session, geheim: str) -> Actor | None:
    """Return whose calendar ``geheim`` opens, as they are now; None when it opens nothing."""
    link = session.scalar(select(Agendalink).where(Agendalink.hash == _sha256(geheim)))
    return actor_of(link.account) if link and link.account.actief else None


def _sha256(geheim: str) -> str:
    return hashlib.sha256(geheim.encode()).hexdigest()
