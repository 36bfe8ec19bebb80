"""Taken, and the indexes along which they are listed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import OOIT, Base
from routeflow.store.models.dossiers import Dossier
from routeflow.store.models.mensen import Account


def _open(name: str, *columns: str, en: str = "") -> Index:
    """Return an index over the open taken only: it stays as small as the work that is left.

    ``status`` stands in it although it is always the same: else SQLite reads every row for it.
    ``dossier_id``: what is searched for is a dossier.
    """
    condition = text(f"status = 'open' AND {en}" if en else "status = 'open'")
    return Index(
        *(name, *columns, "dossier_id", "status"),
        sqlite_where=condition,
        postgresql_where=condition,
    )


class Taak(Base):
    """A user task that is, or was, open for somebody. Kept equal to the engine's state.

    ``status``: open; gedaan (somebody completed it); vervallen (the route took it away).
    ``houder``: whose move it is: gemeente, partner, inburgeraar, coa or duo.
    ``vlag``: why it lies here in a way nobody planned, such as "partij ontbreekt".
    ``volgorde`` is ``uiterlijk``, or the end of time without one: lists sort on it.
    ``casemanager_id`` is that of the dossier while it is open: see ``models/casemanager.py``.
    """

    __tablename__ = "taak"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    proces: Mapped[str] = mapped_column(String(100))
    element: Mapped[str] = mapped_column(String(100))
    naam: Mapped[str] = mapped_column(String(300))
    onderdeel: Mapped[str] = mapped_column(String(60))
    rol: Mapped[str] = mapped_column(String(60))
    partij: Mapped[str] = mapped_column(String(100))
    samen_met: Mapped[str | None] = mapped_column(String(100))
    houder: Mapped[str] = mapped_column(String(20))
    formulier: Mapped[str] = mapped_column(String(100))
    uiterlijk: Mapped[date | None]
    grond: Mapped[str | None] = mapped_column(String(200))
    termijn: Mapped[str | None] = mapped_column(String(60))
    opvolgen: Mapped[date | None]
    volgorde: Mapped[date] = mapped_column(default=OOIT)
    status: Mapped[str] = mapped_column(String(12), default="open")
    geopend_op: Mapped[datetime]
    gesloten_op: Mapped[datetime | None]
    gesloten_door: Mapped[str | None] = mapped_column(String(200))
    behandelaar_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    casemanager_id: Mapped[UUID | None]
    te_laat_gemeld_op: Mapped[datetime | None]
    vlag: Mapped[str | None] = mapped_column(String(60))
    lokaal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pad: Mapped[list[Any]] = mapped_column(default=list)
    concept: Mapped[dict[str, Any] | None]
    antwoorden: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column()

    dossier: Mapped[Dossier] = relationship()
    behandelaar: Mapped[Account | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by the mapper
    __table_args__ = (
        CheckConstraint("status IN ('open', 'gedaan', 'vervallen')", name="status"),
        _open("ix_taak_open", "volgorde", "id", "onderdeel", "rol", "partij", "casemanager_id"),
        _open("ix_taak_partij", "partij", "volgorde", "id", "rol", "onderdeel", "casemanager_id"),
        _open("ix_taak_casemanager", "casemanager_id", "volgorde", "id", "partij"),
        _open("ix_taak_rol", "rol", "volgorde", "id", "partij", "onderdeel"),
        _open("ix_taak_onderdeel", "onderdeel", "volgorde", "id", "rol", "partij"),
        _open(
            "ix_taak_behandelaar",
            "behandelaar_id",
            "volgorde",
            "id",
            en="behandelaar_id IS NOT NULL",
        ),
        _open(
            "ix_taak_samen_met",
            "samen_met",
            "volgorde",
            "id",
            "rol",
            "onderdeel",
            "partij",
            "behandelaar_id",
            en="samen_met IS NOT NULL",
        ),
        _open(
            "ix_taak_te_verdelen",
            "partij",
            "volgorde",
            "id",
            "rol",
            "onderdeel",
            "behandelaar_id",
            en="behandelaar_id IS NULL",
        ),
        Index("ix_taak_dossier", "dossier_id", "status", "volgorde"),
        Index("ix_taak_status", "status", "volgorde", "id", "rol", "partij"),
        Index("ix_taak_eigen", "partij", "rol", "status", "volgorde", "id", "onderdeel"),
        Index(
            "ix_taak_eigen_samen",
            *("samen_met", "rol", "status", "volgorde", "id", "partij", "onderdeel"),
            sqlite_where=text("samen_met IS NOT NULL"),
            postgresql_where=text("samen_met IS NOT NULL"),
        ),
        Index("ix_taak_zicht", "partij", "rol", "dossier_id"),
        Index(
            "ix_taak_zicht_samen",
            "samen_met",
            "rol",
            "dossier_id",
            "partij",
            sqlite_where=text("samen_met IS NOT NULL"),
            postgresql_where=text("samen_met IS NOT NULL"),
        ),
    )


# The values stand in the SQL itself, not as parameters: only then does the database see that a
# partial index holds every row it needs.
TAAK_OPEN = Taak.status == literal_column("'open'")
