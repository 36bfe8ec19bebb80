"""Messages that come in and go out."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from routeflow.store.models.basis import Base


class Bericht(Base):
    """A message from outside, kept under the sender's id: seen before = same answer.

    ``status``: ontvangen, bezorgd or onbestelbaar (nobody waited for it; an Incident tells).
    ``verwerkt_op``: since when its facts are in the dossier, which may be long before a route
    waits for it; they are written once.
    """

    __tablename__ = "bericht"

    bericht_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    bericht: Mapped[str] = mapped_column(String(100))
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    bsn: Mapped[str | None] = mapped_column(String(9))
    v_nummer: Mapped[str | None] = mapped_column(String(12))
    gegevens: Mapped[dict[str, Any]]
    van: Mapped[str] = mapped_column(String(200))
    ontvangen_op: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12), default="ontvangen")
    verwerkt_op: Mapped[datetime | None]
    bezorgd_op: Mapped[datetime | None]
    volgende_op: Mapped[datetime]
    pogingen: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    lease_tot: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('ontvangen', 'bezorgd', 'onbestelbaar')", name="status"),
        Index(
            "ix_bericht_wachtend",
            "volgende_op",
            sqlite_where=text("status = 'ontvangen'"),
            postgresql_where=text("status = 'ontvangen'"),
        ),
    )


class Uitgaand(Base):
    """Something that must leave the house, at least once; the row's id is the message id.

    ``status``: klaar, verzonden or mislukt (an Incident tells). ``soort`` "mail" goes by e-mail
    to an account, all else to the address of the gemeente's own mailbus.
    """

    __tablename__ = "uitgaand"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    soort: Mapped[str] = mapped_column(String(40))
    dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    inhoud: Mapped[dict[str, Any]]
    aangemaakt_op: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12), default="klaar")
    volgende_op: Mapped[datetime]
    verzonden_op: Mapped[datetime | None]
    pogingen: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    lease_tot: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('klaar', 'verzonden', 'mislukt')", name="status"),
        Index(
            "ix_uitgaand_klaar",
            "volgende_op",
            sqlite_where=text("status = 'klaar' AND soort <> 'mail'"),
            postgresql_where=text("status = 'klaar' AND soort <> 'mail'"),
        ),
        Index(
            "ix_uitgaand_mail",
            "volgende_op",
            sqlite_where=text("status = 'klaar' AND soort = 'mail'"),
            postgresql_where=text("status = 'klaar' AND soort = 'mail'"),
        ),
    )


BERICHT_WACHT = Bericht.status == literal_column("'ontvangen'")


UITGAAND_KLAAR = Uitgaand.status == literal_column("'klaar'")


UITGAAND_POST = UITGAAND_KLAAR & (Uitgaand.soort != literal_column("'mail'"))


UITGAAND_MAIL = UITGAAND_KLAAR & (Uitgaand.soort == literal_column("'mail'"))
