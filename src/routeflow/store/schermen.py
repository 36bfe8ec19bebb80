"""Small readings that only pages need. Who may see them was decided before they are called."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from routeflow.store import Store, ask
from routeflow.store.models import (
    OOIT,
    TAAK_OPEN,
    Account,
    Afmelding,
    Deployment,
    Dossier,
    Feit,
    Journaal,
    Taak,
    Token,
    Wekker,
)
from routeflow.store.waarden import from_json

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Aangemeld(NamedTuple):
    """What each request must know of the account of its cookie."""

    id: UUID
    naam: str
    partij: str
    rollen: list[Any]
    actief: bool
    sessie_versie: int
    afgemeld: bool


_AANGEMELD = select(
    Account.id,
    Account.naam,
    Account.partij,
    Account.rollen,
    Account.actief,
    Account.sessie_versie,
    exists().where(Afmelding.sessie == bindparam("sessie")).label("afgemeld"),
).where(Account.id == bindparam("id"))


def aangemeld(store: Store, account_id: UUID, sessie: str) -> Aangemeld | None:
    """Return the account of a session cookie, and whether that session was ended."""
    rij = ask(store.engine, _AANGEMELD, {"id": account_id, "sessie": sessie})
    return Aangemeld._make(rij) if rij else None


def namen(session: Session, wie: Collection[str]) -> dict[str, str]:
    """Return the name of each account that ``wie`` names, by its id or its inlognaam."""
    ids = [UUID(deel) for deel in wie if _ID.fullmatch(deel)]
    gevonden = session.execute(
        select(Account.id, Account.login, Account.naam).where(
            or_(Account.id.in_(ids), Account.login.in_(wie))
        )
    )
    return {sleutel: rij.naam for rij in gevonden for sleutel in (str(rij.id), rij.login)}


def deployments(session: Session) -> Sequence[Deployment]:
    """Return all published versions, the newest first, without their files."""
    return session.scalars(select(Deployment).order_by(Deployment.id.desc())).all()


def deployment(session: Session, deployment_id: int) -> Deployment | None:
    """Return one published version."""
    return session.get(Deployment, deployment_id)


def paden(session: Session, dossier_id: UUID) -> list[list[Any]]:
    """Return what a dossier passed, oldest first: [process, element, what, flow]."""
    rijen = session.scalars(
        select(Journaal.pad).where(Journaal.dossier_id == dossier_id).order_by(Journaal.id)
    )
    return [stap for pad in rijen for stap in pad]


def tokens(session: Session, account_id: UUID) -> Sequence[Token]:
    """Return the tokens of one account that still work, the newest first."""
    return session.scalars(
        select(Token)
        .where(Token.account_id == account_id, Token.ingetrokken_op.is_(None))
        .order_by(Token.aangemaakt_op.desc())
    ).all()


def volgende_moment(session: Session, na: datetime, vandaag: date) -> datetime | date | None:
    """Return when something happens next: a timer, or the last day of an open taak."""
    wekker = session.scalar(
        select(func.min(Wekker.op)).where(Wekker.gesloten_op.is_(None), Wekker.op > na)
    )
    laatste_dag = session.scalar(
        select(func.min(Taak.volgorde)).where(
            TAAK_OPEN, Taak.volgorde > vandaag, Taak.volgorde < OOIT
        )
    )
    if wekker is None or laatste_dag is None:
        return wekker or laatste_dag
    return wekker if wekker.date() <= laatste_dag else laatste_dag


def partijen(session: Session) -> Sequence[str]:
    """Return the names of the parties that have open taken, for a filter."""
    return session.scalars(_PARTIJEN).all()


def ontstaan_uit(session: Session, taak: Taak) -> Sequence[Taak]:
    """Return the taken that opened in the step in which ``taak`` was closed."""
    return session.scalars(
        select(Taak)
        .where(
            Taak.dossier_id == taak.dossier_id,
            Taak.geopend_op == taak.gesloten_op,
            Taak.status == "open",
        )
        .order_by(Taak.uiterlijk, Taak.naam)
    ).all()


def gesloten(session: Session, taken: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these taken are done or gone."""
    return frozenset(session.scalars(_GESLOTEN, {"taken": taken}))


_GESLOTEN = select(Taak.id).where(
    Taak.id.in_(bindparam("taken", expanding=True)), Taak.status != "open"
)


def ingevuld(session: Session, taak: Taak) -> dict[str, Any]:
    """Return the facts that a taak brought, with the value of then, by name."""
    rijen = session.execute(
        select(Feit.naam, Feit.waarde).where(
            Feit.dossier_id == taak.dossier_id, Feit.taak_id == taak.id
        )
    )
    return {rij.naam: from_json(rij.waarde) for rij in rijen}


def fasen(session: Session) -> Sequence[str]:
    """Return the fasen in which dossiers are, for a filter."""
    return [fase for fase in session.scalars(_FASEN) if fase]


def _verschillende(kolom: InstrumentedAttribute[str], waar: ColumnElement[bool]) -> Select[str]:
    """Return what gives the values of a column in order, jumping in its index from one to the next."""
    eerste = select(func.min(kolom).label("waarde")).where(waar).cte("waarden", recursive=True)
    volgende = select(func.min(kolom)).where(waar, kolom > eerste.c.waarde).scalar_subquery()
    allemaal = eerste.union_all(select(volgende).where(eerste.c.waarde.is_not(None)))
    return (
        select(allemaal.c.waarde).where(allemaal.c.waarde.is_not(None)).order_by(allemaal.c.waarde)
    )


_PARTIJEN = _verschillende(Taak.partij, TAAK_OPEN)
_FASEN = _verschillende(Dossier.fase, true())


class Mens(NamedTuple):
    """Somebody who has or had an account."""

    id: UUID
    naam: str
    actief: bool
    rollen: list[Any]


_MENSEN = select(Account.id, Account.naam, Account.actief, Account.rollen).order_by(Account.naam)


def mensen(session: Session) -> Sequence[Mens]:
    """Return everybody who has or had an account, by naam."""
    return [Mens._make(rij) for rij in session.execute(_MENSEN)]


def met_rol(session: Session, rol: str) -> Sequence[Account]:
    """Return who can log in with ``rol``, by naam."""
    wie = session.scalars(select(Account).where(Account.actief).order_by(Account.naam))
    return [account for account in wie if rol in account.rollen]


def dossier_met_nummer(session: Session, nummer: str) -> UUID | None:
    """Return the id of the dossier with this number."""
    return session.scalar(select(Dossier.id).where(Dossier.nummer == nummer))
