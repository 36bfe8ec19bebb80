"""The dossier: who it is about, its facts, its route, and the words by which it is found."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    delete,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from routeflow.store.models.basis import Base, Json, Serial
from routeflow.store.models.mensen import Account
from routeflow.store.models.processen import Deployment
from routeflow.store.waarden import zoekrijen

# Ordered by code point, so that the words with one beginning are one range of the index.
_Woord = String(100).with_variant(String(100, collation="C"), "postgresql")
_Woorden = Text().with_variant(Text(collation="C"), "postgresql")
_Begin = String(30).with_variant(String(30, collation="C"), "postgresql")


_DOSSIER_FILTERS = ("gesloten_op", "leerroute", "doelgroep")


class Dossier(Base):
    """One inburgeraar's file. Columns repeat the facts that lists sort, search and filter on.

    ``verwijderd_op``: since when its gegevens are erased (see ``Verwijdering``). ``vorige_id``: the
    dossier that the same person moved out of before; that one is no longer found by BSN or V-nummer.
    """

    __tablename__ = "dossier"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    nummer: Mapped[str] = mapped_column(String(20), unique=True)
    naam: Mapped[str] = mapped_column(String(200))
    zoek: Mapped[str] = mapped_column(String(400), default="")
    doelgroep: Mapped[str] = mapped_column(String(60))
    leerroute: Mapped[str | None] = mapped_column(String(20))
    fase: Mapped[str] = mapped_column(String(60), default="")
    wet: Mapped[str] = mapped_column(String(10), default="Wi2021")
    bsn: Mapped[str | None] = mapped_column(String(9), unique=True)
    v_nummer: Mapped[str | None] = mapped_column(String(12), unique=True)
    casemanager_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    geopend_op: Mapped[datetime]
    gesloten_op: Mapped[datetime | None]
    gesloten_reden: Mapped[str | None] = mapped_column(Text)
    verwijderd_op: Mapped[datetime | None]
    vorige_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))

    casemanager: Mapped[Account | None] = relationship()
    route: Mapped["Route"] = relationship(back_populates="dossier")

    __table_args__ = (
        Index("ix_dossier_naam", "naam"),
        Index("ux_dossier_vorige", "vorige_id", unique=True),
        Index("ix_dossier_zoek", "zoek"),
        # each holds what the list filters on, so that rows that do not match are never read
        Index("ix_dossier_fase", "fase", "zoek", "id", *_DOSSIER_FILTERS),
        Index("ix_dossier_casemanager", "casemanager_id", "zoek", "id", "fase", *_DOSSIER_FILTERS),
        Index(
            "ix_dossier_open",
            *("zoek", "id", "fase", "casemanager_id", *_DOSSIER_FILTERS),
            sqlite_where=text("gesloten_op IS NULL"),
            postgresql_where=text("gesloten_op IS NULL"),
        ),
        Index(
            "ix_dossier_gesloten",
            *("zoek", "id", "fase", "casemanager_id", *_DOSSIER_FILTERS),
            sqlite_where=text("gesloten_op IS NOT NULL"),
            postgresql_where=text("gesloten_op IS NOT NULL"),
        ),
    )


class Zoekwoord(Base):
    """A word by which a dossier is found: part of its naam or nummer. Follows ``Dossier.zoek``.

    ``begin`` is how ``zoek`` begins: dossiers with the same word stand by naam. ``woorden`` are all
    words of the dossier, each behind a space: a search for several reads the rows of one word. They
    stand in the index too, so that it reads nothing else; an entry of it holds 2,704 bytes, which
    is why ``zoekwoorden`` stops at 500 characters.
    """

    __tablename__ = "zoekwoord"

    woord: Mapped[str] = mapped_column(_Woord, primary_key=True)
    begin: Mapped[str] = mapped_column(_Begin, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    woorden: Mapped[str] = mapped_column(_Woorden, default="")

    __table_args__ = (
        PrimaryKeyConstraint("woord", "begin", "dossier_id", postgresql_include=["woorden"]),
        Index("ix_zoekwoord_dossier", "dossier_id", "woord"),
        {"sqlite_with_rowid": False},
    )


class Route(Base):
    """The running route of a dossier: the engine's state and nothing else.

    ``version`` makes two writers collide instead of overwrite. ``keten`` is the hash of the
    dossier's last journal row: each row seals the one before it (see ``Journaal``). ``wachten``:
    the places that wait for a message or signal, each as [id, soort, naam, proces, element].
    """

    __tablename__ = "route"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    proces: Mapped[str] = mapped_column(String(100))
    toestand: Mapped[bytes]
    beeindigd_op: Mapped[datetime | None]
    keten: Mapped[str] = mapped_column(String(64), default="")
    wachten: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    version: Mapped[int] = mapped_column()

    dossier: Mapped[Dossier] = relationship(back_populates="route")
    deployment: Mapped[Deployment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by the mapper


class Feit(Base):
    """One fact of a dossier with its origin. A new value closes the row; it is never overwritten."""

    __tablename__ = "feit"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    naam: Mapped[str] = mapped_column(String(100))
    waarde: Mapped[Any] = mapped_column(Json)
    sinds: Mapped[datetime]
    tot: Mapped[datetime | None]
    taak_id: Mapped[UUID | None]
    door: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        Index(
            "ux_feit_nu",
            "dossier_id",
            "naam",
            unique=True,
            sqlite_where=text("tot IS NULL"),
            postgresql_where=text("tot IS NULL"),
        ),
        Index("ix_feit_dossier", "dossier_id", "id"),
    )


class Gezinsband(Base):
    """A tie of one dossier to a partner, child or parent, as somebody of the gemeente wrote it down.

    Two dossiers have a row each. Of a child without a dossier only a name and a year of birth are
    kept. ``vervallen_op``: since when it no longer holds; a row is never removed.
    """

    __tablename__ = "gezinsband"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    ander_dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[str] = mapped_column(String(10))
    naam: Mapped[str] = mapped_column(String(200), default="")
    geboortejaar: Mapped[int | None]
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    vervallen_op: Mapped[datetime | None]

    __table_args__ = (Index("ix_gezinsband_dossier", "dossier_id", "id"),)


@event.listens_for(Dossier, "after_insert")
@event.listens_for(Dossier, "after_update")
def _houd_zoekwoorden_bij(_mapper: object, connection: Connection, dossier: Dossier) -> None:
    """Make the words of a dossier those of its ``zoek``, in the transaction that changes it."""
    if not inspect(dossier).attrs.zoek.history.has_changes():
        return
    connection.execute(delete(Zoekwoord).where(Zoekwoord.dossier_id == dossier.id))
    if rijen := zoekrijen(dossier.id, dossier.zoek or ""):
        connection.execute(insert(Zoekwoord), rijen)
