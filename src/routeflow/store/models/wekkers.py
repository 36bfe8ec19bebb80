"""What a route waits for, and the time in which nobody worked."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from routeflow.store.models.basis import Base, Serial


class Wekker(Base):
    """A moment at which the host must act for a dossier; no moment while a start fact is unknown.

    ``soort``: timer (an armed timer of the engine; ``bron`` is its task id) or ladder (a step of
    the reminder ladder of a taak; ``bron`` is "<taak id>:<row of the table>").
    A taak has at most one ladder row: the step that comes next.
    ``lease`` is the fencing token of the worker that holds the row; nobody else takes the row
    before ``lease_tot``, which is also how a failed row waits for its next try.
    ``gestrand``: tried too often; an open Incident tells why and nobody takes the row.
    """

    __tablename__ = "wekker"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    soort: Mapped[str] = mapped_column(String(12))
    bron: Mapped[str] = mapped_column(String(120))
    element: Mapped[str] = mapped_column(String(100))
    naam: Mapped[str] = mapped_column(String(300), default="")
    gegevens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    op: Mapped[datetime | None]
    gesloten_op: Mapped[datetime | None]
    afgegaan: Mapped[bool] = mapped_column(default=False)
    pogingen: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    lease_tot: Mapped[datetime | None]
    gestrand: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index(
            "ix_wekker_op",
            *("op", "id"),  # as they are taken: of many due at once none is sorted
            sqlite_where=text("gesloten_op IS NULL"),
            postgresql_where=text("gesloten_op IS NULL"),
        ),
        Index(
            "ux_wekker_bron",
            "soort",
            "bron",
            unique=True,
            sqlite_where=text("gesloten_op IS NULL"),
            postgresql_where=text("gesloten_op IS NULL"),
        ),
    )


class Hartslag(Base):
    """When a worker last said that it works. One row; a gap in it is an ``Onderbreking``."""

    __tablename__ = "hartslag"

    id: Mapped[int] = mapped_column(primary_key=True)
    op: Mapped[datetime]


class Onderbreking(Base):
    """A time in which no worker worked: what fell due in it was done afterwards."""

    __tablename__ = "onderbreking"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    van: Mapped[datetime]
    tot: Mapped[datetime]
    momenten: Mapped[int] = mapped_column(default=0)
