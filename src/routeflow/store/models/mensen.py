"""Who can log in, and by what."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Serial


class Account(Base):
    """Somebody who can log in. ``sessie_versie`` goes up to end all sessions at once."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    naam: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200), default="")
    partij: Mapped[str] = mapped_column(String(100), index=True)
    wachtwoord: Mapped[str] = mapped_column(String(200))
    actief: Mapped[bool] = mapped_column(default=True)
    sessie_versie: Mapped[int] = mapped_column(default=1)
    rollen: Mapped[list[Any]] = mapped_column(default=list)


class Inlogpoging(Base):
    """One failed attempt to log in; old rows are removed by the worker."""

    __tablename__ = "inlogpoging"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    login: Mapped[str] = mapped_column(String(100))
    adres: Mapped[str] = mapped_column(String(64))
    op: Mapped[datetime]

    __table_args__ = (Index("ix_inlogpoging_op", "op"),)


class Afmelding(Base):
    """A session that somebody ended: its cookie, wherever a copy of it is, opens nothing any more.

    Older than the longest session it says nothing, and the worker removes it.
    """

    __tablename__ = "afmelding"

    sessie: Mapped[str] = mapped_column(String(40), primary_key=True)
    op: Mapped[datetime]

    __table_args__ = (Index("ix_afmelding_op", "op"),)


class Token(Base):
    """A bearer token of the API. Only its SHA-256 is kept."""

    __tablename__ = "token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    naam: Mapped[str] = mapped_column(String(200))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    aangemaakt_op: Mapped[datetime]
    ingetrokken_op: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Agendalink(Base):
    """The secret address at which the calendar of one account is read. Renewed, the old one is dead.

    Of the secret only its SHA-256 is kept: 256 random bits cannot be guessed.
    """

    __tablename__ = "agendalink"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    aangemaakt_op: Mapped[datetime]
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
