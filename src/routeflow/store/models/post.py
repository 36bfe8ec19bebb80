"""What people are told: notices, their mail, and letters."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Serial
from routeflow.store.models.taken import Taak


class Melding(Base):
    """A notice inside the product for a rol at a partij, or for one person.

    ``nieuw`` until the post has looked at it, so that none is passed over: numbers are handed out
    in another order than transactions end.
    """

    __tablename__ = "melding"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    partij: Mapped[str] = mapped_column(String(100))
    rol: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    taak_id: Mapped[UUID | None]
    soort: Mapped[str] = mapped_column(String(40))
    tekst: Mapped[str] = mapped_column(Text)
    op: Mapped[datetime]
    gelezen_op: Mapped[datetime | None]
    nieuw: Mapped[bool] = mapped_column(default=True, server_default=false())

    __table_args__ = (
        Index(
            "ix_melding_nieuw",
            "id",
            sqlite_where=text("nieuw = 1"),
            postgresql_where=text("nieuw"),
        ),
        Index("ix_melding_voor", "partij", "rol", "id", "account_id"),
        Index(
            "ix_melding_ongelezen",
            *("partij", "rol", "id", "account_id", "gelezen_op"),
            sqlite_where=text("gelezen_op IS NULL"),
            postgresql_where=text("gelezen_op IS NULL"),
        ),
    )


class Mailvoorkeur(Base):
    """How one person wants to hear of one kind of notice: direct, dagelijks or nooit.

    No row: the default of that kind (see ``commands.post``).
    """

    __tablename__ = "mailvoorkeur"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    soort: Mapped[str] = mapped_column(String(40), primary_key=True)
    wijze: Mapped[str] = mapped_column(String(12))

    __table_args__ = (CheckConstraint("wijze IN ('direct', 'dagelijks', 'nooit')", name="wijze"),)


class Dagpost(Base):
    """A notice that waits for the daily mail of one person; removed when that mail is made."""

    __tablename__ = "dagpost"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    melding_id: Mapped[int] = mapped_column(
        Serial, ForeignKey("melding.id"), primary_key=True, autoincrement=False
    )
    op: Mapped[datetime]

    __table_args__ = (Index("ix_dagpost_op", "op"),)


class Brief(Base):
    """A letter to the person, as it was made for a taak. Never changes; a new one is a new row.

    ``taal``: the language the person got it in, beside Dutch. ``hash``: SHA-256 of the PDF, which
    stands in the journal too.
    """

    __tablename__ = "brief"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    taak_id: Mapped[UUID] = mapped_column(ForeignKey("taak.id"))
    soort: Mapped[str] = mapped_column(String(40))
    taal: Mapped[str] = mapped_column(String(10))
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    hash: Mapped[str] = mapped_column(String(64))

    taak: Mapped[Taak] = relationship()

    __table_args__ = (
        Index("ix_brief_dossier", "dossier_id", "op"),
        Index("ix_brief_taak", "taak_id", "op"),
    )


@event.listens_for(Brief, "before_update")
@event.listens_for(Brief, "before_delete")
def _brief_staat_vast(_mapper: object, _connection: Connection, rij: Brief) -> None:
    raise ValueError(f"brief {rij.id} staat vast")
