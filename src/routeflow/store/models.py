"""Every table. A class says what one row means and whether it may change."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    delete,
    event,
    false,
    insert,
    inspect,
    literal_column,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from routeflow.store.waarden import zoekrijen


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. Refuses a naive datetime instead of guessing its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)  # SQLite forgets the zone; we only ever stored UTC


_Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys itself


_Json = JSON(none_as_null=True)

# Ordered by code point, so that the words with one beginning are one range of the index.
_Woord = String(100).with_variant(String(100, collation="C"), "postgresql")
_Begin = String(30).with_variant(String(30, collation="C"), "postgresql")
OOIT = date(9999, 12, 31)  # sorts a taak without a last day behind all others


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can find it again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: _Json,
        list[Any]: _Json,
        bytes: LargeBinary,
    }


class Deployment(Base):
    """One published, immutable version of the whole set of diagrams, tables and forms."""

    __tablename__ = "deployment"

    id: Mapped[int] = mapped_column(primary_key=True)
    gepubliceerd_op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    reden: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    bestanden: Mapped[list["Bestand"]] = relationship(back_populates="deployment")

    __table_args__ = (Index("ix_deployment_digest", "digest"),)


class Bestand(Base):
    """One file of a deployment, as it was uploaded. Never changes."""

    __tablename__ = "bestand"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    pad: Mapped[str] = mapped_column(String(200), primary_key=True)
    inhoud: Mapped[bytes]
    deployment: Mapped[Deployment] = relationship(back_populates="bestanden")


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

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    login: Mapped[str] = mapped_column(String(100))
    adres: Mapped[str] = mapped_column(String(64))
    op: Mapped[datetime]

    __table_args__ = (Index("ix_inlogpoging_op", "op"),)


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


_DOSSIER_FILTERS = ("gesloten_op", "leerroute", "doelgroep")


class Dossier(Base):
    """One inburgeraar's file. Columns repeat the facts that lists sort, search and filter on.

    ``verwijderd_op``: since when its gegevens are erased (see ``Verwijdering``).
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

    casemanager: Mapped[Account | None] = relationship()
    route: Mapped["Route"] = relationship(back_populates="dossier")

    __table_args__ = (
        Index("ix_dossier_naam", "naam"),
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

    ``begin`` is how ``zoek`` begins: dossiers with the same word stand by naam.
    """

    __tablename__ = "zoekwoord"

    woord: Mapped[str] = mapped_column(_Woord, primary_key=True)
    begin: Mapped[str] = mapped_column(_Begin, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)

    __table_args__ = (
        Index("ix_zoekwoord_dossier", "dossier_id", "woord"),
        {"sqlite_with_rowid": False},
    )


class Route(Base):
    """The running route of a dossier: the engine's state and nothing else.

    ``version`` makes two writers collide instead of overwrite. ``keten`` is the hash of the
    dossier's last journal row: each row seals the one before it (see ``Journaal``).
    """

    __tablename__ = "route"

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), index=True)
    proces: Mapped[str] = mapped_column(String(100))
    toestand: Mapped[bytes]
    beeindigd_op: Mapped[datetime | None]
    keten: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column()

    dossier: Mapped[Dossier] = relationship(back_populates="route")
    deployment: Mapped[Deployment] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read once by the mapper


class Feit(Base):
    """One fact of a dossier with its origin. A new value closes the row; it is never overwritten."""

    __tablename__ = "feit"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    naam: Mapped[str] = mapped_column(String(100))
    waarde: Mapped[Any] = mapped_column(_Json)
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
        _open("ix_taak_open", "volgorde", "id", "onderdeel", "rol", "partij"),
        _open("ix_taak_partij", "partij", "volgorde", "id", "rol", "onderdeel"),
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
            "op",
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


class DossierTermijn(Base):
    """One period of one dossier: what sets it, how it was counted, how it stands.

    A period that was met and begins again (a second besluit, a second fine) is a new row with the
    next ``volgnummer``. ``status``: wacht (its start fact ``wacht_op`` is unknown), loopt,
    opgeschort, gehaald, vervallen (it no longer applies). ``uiterlijk`` is the last day; a
    "venster" opens on ``begin``. ``eigen_dag``: the last day that we count where DUO says
    otherwise; the date of DUO is the one in ``uiterlijk``. ``feiten`` and ``uitleg``: what it was counted from.
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

    dossier: Mapped[Dossier] = relationship()

    __table_args__ = (
        CheckConstraint(
            "status IN ('wacht', 'loopt', 'opgeschort', 'gehaald', 'vervallen')", name="status"
        ),
        Index("ux_termijn_naam", "dossier_id", "naam", "volgnummer", unique=True),
        Index("ix_termijn_dossier", "dossier_id", "status", "uiterlijk", "naam", "id"),
        Index(  # each kind of period is a range of its own, in the order of the last day
            "ix_termijn_loopt",
            *("naam", "uiterlijk", "dossier_id", "id", "status"),
            sqlite_where=text("status = 'loopt'"),
            postgresql_where=text("status = 'loopt'"),
        ),
        Index(
            "ix_termijn_wacht",
            *("status", "naam", "dossier_id", "id"),
            sqlite_where=text("status IN ('wacht', 'opgeschort')"),
            postgresql_where=text("status IN ('wacht', 'opgeschort')"),
        ),
    )


class TermijnHistorie(Base):
    """One time that a period was counted: from which facts, before and after, by what. Append-only."""

    __tablename__ = "termijn_historie"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
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

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
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


class Hartslag(Base):
    """When a worker last said that it works. One row; a gap in it is an ``Onderbreking``."""

    __tablename__ = "hartslag"

    id: Mapped[int] = mapped_column(primary_key=True)
    op: Mapped[datetime]


class Onderbreking(Base):
    """A time in which no worker worked: what fell due in it was done afterwards."""

    __tablename__ = "onderbreking"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    van: Mapped[datetime]
    tot: Mapped[datetime]
    momenten: Mapped[int] = mapped_column(default=0)


class Uren(Base):
    """Hours of one day, as a party wrote them down. Closed with its month; never overwritten.

    ``kwartieren``: quarters of an hour. ``afgesloten_op``: since when the month is closed, so that
    its sum went into the route. ``vervallen_op``: somebody took the row back before that.
    """

    __tablename__ = "uren"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
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


class Rapport(Base):
    """The report of one week, as it was counted then. ``dag``: on which it was due. Never changed.

    ``cijfers`` holds figures in words, small numbers of people left out: nothing of a person.
    """

    __tablename__ = "rapport"

    dag: Mapped[date] = mapped_column(primary_key=True)
    op: Mapped[datetime]
    cijfers: Mapped[list[dict[str, Any]]] = mapped_column(_Json)


class Verzoek(Base):
    """A request of a program that was done, so that its repeat gets the same answer. Never changed.

    ``sleutel`` is the program's own; ``afdruk`` the SHA-256 of what was asked. ``antwoord`` holds
    counts and ids, nothing of a person.
    """

    __tablename__ = "verzoek"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sleutel: Mapped[str] = mapped_column(String(100), primary_key=True)
    afdruk: Mapped[str] = mapped_column(String(64))
    antwoord: Mapped[Any] = mapped_column(_Json)
    op: Mapped[datetime]


class Gezinsband(Base):
    """A tie of one dossier to a partner, child or parent, as somebody of the gemeente wrote it down.

    Two dossiers have a row each. Of a child without a dossier only a name and a year of birth are
    kept. ``vervallen_op``: since when it no longer holds; a row is never removed.
    """

    __tablename__ = "gezinsband"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    ander_dossier_id: Mapped[UUID | None] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[str] = mapped_column(String(10))
    naam: Mapped[str] = mapped_column(String(200), default="")
    geboortejaar: Mapped[int | None]
    op: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(200))
    vervallen_op: Mapped[datetime | None]

    __table_args__ = (Index("ix_gezinsband_dossier", "dossier_id", "id"),)


class Wacht(Base):
    """A place in a route that waits for a message or signal. Removed when it no longer waits."""

    __tablename__ = "wacht"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"), index=True)
    soort: Mapped[str] = mapped_column(String(10))
    naam: Mapped[str] = mapped_column(String(100), index=True)
    proces: Mapped[str] = mapped_column(String(100))
    element: Mapped[str] = mapped_column(String(100))


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


class Melding(Base):
    """A notice inside the product for a rol at a partij, or for one person.

    ``nieuw`` until the post has looked at it, so that none is passed over: numbers are handed out
    in another order than transactions end.
    """

    __tablename__ = "melding"

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
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
        _Serial, ForeignKey("melding.id"), primary_key=True, autoincrement=False
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

    id: Mapped[int] = mapped_column(_Serial, primary_key=True)
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


# The values stand in the SQL itself, not as parameters: only then does the database see that a
# partial index holds every row it needs.
TAAK_OPEN = Taak.status == literal_column("'open'")
BERICHT_WACHT = Bericht.status == literal_column("'ontvangen'")
UITGAAND_KLAAR = Uitgaand.status == literal_column("'klaar'")
UITGAAND_POST = UITGAAND_KLAAR & (Uitgaand.soort != literal_column("'mail'"))
UITGAAND_MAIL = UITGAAND_KLAAR & (Uitgaand.soort == literal_column("'mail'"))


@event.listens_for(Dossier, "after_insert")
@event.listens_for(Dossier, "after_update")
def _houd_zoekwoorden_bij(_mapper: object, connection: Connection, dossier: Dossier) -> None:
    """Make the words of a dossier those of its ``zoek``, in the transaction that changes it."""
    if not inspect(dossier).attrs.zoek.history.has_changes():
        return
    connection.execute(delete(Zoekwoord).where(Zoekwoord.dossier_id == dossier.id))
    if rijen := zoekrijen(dossier.id, dossier.zoek or ""):
        connection.execute(insert(Zoekwoord), rijen)
