"""The product about itself: incidents, reports, counters and the clock of the demo."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Json
from routeflow.store.models.dossiers import Dossier


class Rapport(Base):
    """The report of one week, as it was counted then. ``dag``: on which it was due. Never changed.

    ``cijfers`` holds figures in words, small numbers of people left out: nothing of a person.
    """

    __tablename__ = "rapport"

    dag: Mapped[date] = mapped_column(primary_key=True)
    op: Mapped[datetime]
    cijfers: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Incident(Base):
    """Something that stopped and that a person must look at. ``soort`` + ``bron`` find the row again."""

    __tablename__ = "incident"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    soort: Mapped[str] = mapped_column(String(20))
    bron: Mapped[str] = mapped_column(String(120))
    element: Mapped[str | None] = mapped_column(String(100))
    reden: Mapped[str] = mapped_column(Text)
    op: Mapped[datetime]
    pogingen: Mapped[int] = mapped_column(default=1)
    opgelost_op: Mapped[datetime | None]
    opgelost_door: Mapped[str | None] = mapped_column(String(200))

    dossier: Mapped[Dossier | None] = relationship()

    __table_args__ = (
        Index("ix_incident_op", "op", "id"),
        Index(
            "ux_incident_bron",
            "soort",
            "bron",
            unique=True,
            sqlite_where=text("opgelost_op IS NULL"),
            postgresql_where=text("opgelost_op IS NULL"),
        ),
    )


class Klok(Base):
    """In the demo only: how many seconds the clock was moved forward. At most one row (id 1)."""

    __tablename__ = "klok"

    id: Mapped[int] = mapped_column(primary_key=True)
    verschuiving: Mapped[int] = mapped_column(BigInteger, default=0)


class Teller(Base):
    """A counter that hands out numbers without holes, such as the dossiernummers of one year."""

    __tablename__ = "teller"

    naam: Mapped[str] = mapped_column(String(60), primary_key=True)
    stand: Mapped[int] = mapped_column(default=0)
