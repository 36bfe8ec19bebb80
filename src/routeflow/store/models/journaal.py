"""What happened and must stay provable: the journal, decisions, transfers and removals."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Serial
from routeflow.store.models.dossiers import Dossier
from routeflow.store.models.taken import Taak


class Journaal(Base):
    """One act on a dossier (or on the product): append-only, written by ``adopt`` and commands.

    ``wat`` is the act (taak voltooid, timer, bericht, ...); ``gegevens`` holds before and after;
    ``pad`` the elements and flows that were passed, as [process, element, what, flow].
    ``keten``: SHA-256 over this row and the ``keten`` of the dossier's row before it, so that a
    row that was changed or taken away shows. Empty for acts on the product as a whole.
    ``gewist_door``: the row that tells of the erasure of this one. It is empty then but for its
    ``keten``, which that row seals.
    """

    __tablename__ = "journaal"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))
    deployment_id: Mapped[int | None]
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    door_id: Mapped[UUID | None]
    wat: Mapped[str] = mapped_column(String(60))
    element: Mapped[str | None] = mapped_column(String(100))
    gegevens: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pad: Mapped[list[Any]] = mapped_column(default=list)
    keten: Mapped[str] = mapped_column(String(64), default="")
    gewist_door: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_journaal_dossier", "dossier_id", "id"),)


class Besluitdossier(Base):
    """All that a decision about a sanction was based on, frozen when it was taken. Never changes.

    ``gegevens`` is the text itself, canonical JSON, so that its hash can be recounted by anybody.
    Answers about health are not in it: it holds their hash, and ``beschermd`` what was hashed.
    Both hashes stand in the journal too, and so in its chain.
    """

    __tablename__ = "besluitdossier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    taak_id: Mapped[UUID] = mapped_column(ForeignKey("taak.id"))
    naam: Mapped[str] = mapped_column(String(300))
    uitkomst: Mapped[str] = mapped_column(String(60))
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    gegevens: Mapped[str] = mapped_column(Text, deferred=True)
    gegevens_hash: Mapped[str] = mapped_column(String(64))
    beschermd: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_hash: Mapped[str] = mapped_column(String(64))

    taak: Mapped[Taak] = relationship()

    __table_args__ = (
        Index("ux_besluitdossier_taak", "taak_id", unique=True),
        Index("ix_besluitdossier_dossier", "dossier_id", "op"),
    )


@event.listens_for(Besluitdossier, "before_update")
@event.listens_for(Besluitdossier, "before_delete")
def _staat_vast(_mapper: object, _connection: Connection, rij: Besluitdossier) -> None:
    raise ValueError(f"besluitdossier {rij.id} staat vast")


class Verwijdering(Base):
    """The erasure of the gegevens of a dossier: one person proposes it, another one does it.

    It tells nothing about the person. ``soort``: bewaartermijn, vijftig jaar or correctie;
    ``kenmerk``: the letter or message of DUO that a correctie rests on. ``aantallen``: how many rows
    went, by table. ``journaal_id``: the row of the journal that seals what was erased.
    """

    __tablename__ = "verwijdering"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[str] = mapped_column(String(20))
    kenmerk: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(12), default="voorgesteld")
    voorgesteld_op: Mapped[datetime]
    voorgesteld_door: Mapped[str] = mapped_column(String(200))
    voorgesteld_door_id: Mapped[UUID | None]
    besloten_op: Mapped[datetime | None]
    besloten_door: Mapped[str | None] = mapped_column(String(200))
    besloten_door_id: Mapped[UUID | None]
    aantallen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    journaal_id: Mapped[int | None] = mapped_column(BigInteger)

    dossier: Mapped[Dossier] = relationship()

    __table_args__ = (
        CheckConstraint("soort IN ('bewaartermijn', 'vijftig jaar', 'correctie')", name="soort"),
        CheckConstraint("status IN ('voorgesteld', 'ingetrokken', 'uitgevoerd')", name="status"),
        Index(
            "ux_verwijdering_open",
            "dossier_id",
            unique=True,
            sqlite_where=text("status = 'voorgesteld'"),
            postgresql_where=text("status = 'voorgesteld'"),
        ),
        Index("ix_verwijdering_dossier", "dossier_id", "besloten_op"),
        Index("ix_verwijdering_status", "status", "besloten_op"),
    )


class Overdracht(Base):
    """What another gemeente got of somebody who moved there, and asked for. Never changes.

    ``gegevens`` is the text itself, canonical JSON. Both hashes stand in the journal too.
    """

    __tablename__ = "overdracht"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    gemeente: Mapped[str] = mapped_column(String(200))
    gevraagd_op: Mapped[date]
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    gegevens: Mapped[str] = mapped_column(Text, deferred=True)
    gegevens_hash: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_overdracht_dossier", "dossier_id", "op"),)
