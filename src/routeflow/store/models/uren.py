"""Hours, and what a program asked for once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from routeflow.store.models.basis import Base, Json, Serial


class Uren(Base):
    """Hours of one day, as a party wrote them down. Closed with its month; never overwritten.

    ``kwartieren``: quarters of an hour. ``afgesloten_op``: since when the month is closed, so that
    its sum went into the route. ``vervallen_op``: somebody took the row back before that.
    """

    __tablename__ = "uren"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    partij: Mapped[str] = mapped_column(String(100))
    datum: Mapped[date]
    soort: Mapped[str] = mapped_column(String(20))
    kwartieren: Mapped[int]
    aanwezig: Mapped[str] = mapped_column(String(30))
    fysiek: Mapped[bool] = mapped_column(default=True)
    opmerking: Mapped[str] = mapped_column(String(300), default="")
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    afgesloten_op: Mapped[datetime | None]
    vervallen_op: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kwartieren BETWEEN 1 AND 48", name="kwartieren"),
        Index("ix_uren_dossier", "dossier_id", "datum", "id"),
        Index("ix_uren_partij", "partij", "datum", "dossier_id"),
    )


class Verzoek(Base):
    """A request of a program that was done, so that its repeat gets the same answer. Never changed.

    ``sleutel`` is the program's own; ``afdruk`` the SHA-256 of what was asked. ``antwoord`` holds
    counts and ids, nothing of a person.
    """

    __tablename__ = "verzoek"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sleutel: Mapped[str] = mapped_column(String(100), primary_key=True)
    afdruk: Mapped[str] = mapped_column(String(64))
    antwoord: Mapped[Any] = mapped_column(Json)
    op: Mapped[datetime]
