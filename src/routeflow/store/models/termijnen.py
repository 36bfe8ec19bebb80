"""Periods of a dossier, how they were counted, and what proves it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Serial
from routeflow.store.models.dossiers import Dossier


def _lijst(name: str, *columns: str, van: str) -> Index:
    """Return an index that holds all that the list of periods shows, over the rows of ``van`` only."""
    return Index(name, *columns, sqlite_where=text(van), postgresql_where=text(van))


class DossierTermijn(Base):
    """One period of one dossier: what sets it, how it was counted, how it stands.

    A period that was met and begins again (a second besluit, a second fine) is a new row with the
    next ``volgnummer``. ``status``: wacht (its start fact ``wacht_op`` is unknown), loopt,
    opgeschort, gehaald, vervallen (it no longer applies). ``uiterlijk`` is the last day; a
    "venster" opens on ``begin``. ``eigen_dag``: the last day that we count where DUO says
    otherwise; the date of DUO is the one in ``uiterlijk``. ``feiten`` and ``uitleg``: what it was
    counted from. ``casemanager_id`` is that of the dossier: see ``models/casemanager.py``.
    """

    __tablename__ = "termijn"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    naam: Mapped[str] = mapped_column(String(60))
    volgnummer: Mapped[int] = mapped_column(default=1)
    soort: Mapped[str] = mapped_column(String(12))
    houder: Mapped[str] = mapped_column(String(20))
    grond: Mapped[str] = mapped_column(String(200), default="")
    tekst: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(12))
    wacht_op: Mapped[str | None] = mapped_column(String(60))
    begin: Mapped[date | None]
    uiterlijk: Mapped[date | None]
    eigen_dag: Mapped[date | None]
    lengte: Mapped[str] = mapped_column(String(40), default="")
    atw: Mapped[bool] = mapped_column(default=False)
    atw_reden: Mapped[str] = mapped_column(String(200), default="")
    feiten: Mapped[dict[str, Any]] = mapped_column(default=dict)
    uitleg: Mapped[str] = mapped_column(Text, default="")
    gehaald_op: Mapped[date | None]
    op_tijd: Mapped[bool | None]
    sinds: Mapped[datetime]
    gesloten_op: Mapped[datetime | None]
    casemanager_id: Mapped[UUID | None]

    dossier: Mapped[Dossier] = relationship()

    __table_args__ = (
        CheckConstraint(
            "status IN ('wacht', 'loopt', 'opgeschort', 'gehaald', 'vervallen')", name="status"
        ),
        Index("ux_termijn_naam", "dossier_id", "naam", "volgnummer", unique=True),
        # each kind of period is a range of its own, in the order of the last day
        _lijst(
            "ix_termijn_loopt",
            *("naam", "uiterlijk", "dossier_id", "id", "casemanager_id", "status"),
            van="status = 'loopt'",
        ),
        _lijst(
            "ix_termijn_casemanager",
            *("casemanager_id", "uiterlijk", "dossier_id", "id", "naam", "status"),
            van="status = 'loopt'",
        ),
        _lijst(
            "ix_termijn_wacht",
            *("status", "naam", "dossier_id", "id", "casemanager_id"),
            van="status IN ('wacht', 'opgeschort')",
        ),
        _lijst(
            "ix_termijn_casemanager_wacht",
            *("casemanager_id", "status", "naam", "dossier_id", "id"),
            van="status IN ('wacht', 'opgeschort')",
        ),
    )


class TermijnHistorie(Base):
    """One time that a period was counted: from which facts, before and after, by what. Append-only."""

    __tablename__ = "termijn_historie"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    termijn_id: Mapped[UUID] = mapped_column(ForeignKey("termijn.id"), index=True)
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    aanleiding: Mapped[str] = mapped_column(String(200))
    oud: Mapped[dict[str, Any] | None]
    nieuw: Mapped[dict[str, Any]]

    termijn: Mapped[DossierTermijn] = relationship()  # written after the row that it is about


class TermijnBewijs(Base):
    """Proof about a period: somebody saw it, was warned of it, or it passed. Append-only.

    ``soort``: gezien, gewaarschuwd or verstreken. ``gepland``: the moment for which a warning or
    the end was set, so that what came late shows. ``taak_id``: the taak through which it was.
    """

    __tablename__ = "termijn_bewijs"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    naam: Mapped[str] = mapped_column(String(60))
    taak_id: Mapped[UUID | None]
    soort: Mapped[str] = mapped_column(String(12))
    op: Mapped[datetime]
    gepland: Mapped[datetime | None]
    door: Mapped[str] = mapped_column(String(200))
    door_id: Mapped[UUID | None]
    tekst: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("soort IN ('gezien', 'gewaarschuwd', 'verstreken')", name="soort"),
        Index("ix_termijn_bewijs_dossier", "dossier_id", "naam", "id"),
    )
