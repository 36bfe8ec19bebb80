"""Looks whether the rows agree with the routes, and the product with its promises. Repairs nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from routeflow.commands.deployments import digest_of
from routeflow.commands.onderzoek import onderzoek
from routeflow.commands.post import MAIL
from routeflow.commands.toegang import leesbaar
from routeflow.commands.wachtrij import LEASE
from routeflow.store import Sessions, dialect_of, read
from routeflow.store.models import (
    BERICHT_WACHT,
    HERHAALD,
    TAAK_OPEN,
    UITGAAND_KLAAR,
    Bericht,
    Bestand,
    Deployment,
    Dossier,
    Incident,
    Journaal,
    Route,
    Taak,
    Uitgaand,
    Wekker,
)

GEDULD = timedelta(hours=1)  # how long something may be due before it counts as missed
LANGSTE_UITSTEL = timedelta(hours=6)  # no try is put off for longer
STAPEL = 50  # dossiers that are read together
_ZOVEEL = 50  # of each kind that is about the whole product; of the rest only the number

_RIJ = (
    "Verander niets met de hand. Bewaar een kopie van de database en geef dit door aan de "
    "leverancier; zet zo nodig de laatste reservekopie terug."
)
_WORKER = "Kijk of de worker draait en wat er in zijn logboek staat."
_SCHIJF = "Stop het product en zet de laatste reservekopie terug."
DOEN = {
    "journaal": "Bewaar de database zoals zij is en meld dit: iemand wijzigde het journaal "
    "buiten het product om.",
    "besluitdossier": "Bewaar de database zoals zij is en meld dit: iemand wijzigde een besluitdossier "
    "buiten het product om.",
    "overdracht": "Bewaar de database zoals zij is en meld dit: iemand wijzigde een overdracht "
    "buiten het product om.",
    "feit": "Bewaar de database zoals zij is en meld dit: iemand wijzigde een gegeven buiten het "
    "product om.",
    "brief": "Bewaar de database zoals zij is en meld dit: iemand wijzigde een brief buiten het "
    "product om.",
    "bestand": "Zet de bestanden van deze versie terug uit de reservekopie.",
    "te laat": _WORKER,
    "vastgehouden": _WORKER,
    "gestrand": "Geef dit door aan de leverancier: geen mens krijgt hier bericht van.",
    "database": _SCHIJF,
}


@dataclass(frozen=True, slots=True)
class Afwijking:
    """One thing that does not agree, in a sentence for the beheerder."""

    dossier_id: UUID | None
    dossier_nummer: str
    soort: str
    tekst: str

    @property
    def doen(self) -> str:
        """What the beheerder can do about it."""
        return DOEN.get(self.soort, _RIJ)


def diagnose(session: Session, *, now: datetime) -> list[Afwijking]:
    """Compare every dossier with its engine state, and the product with its promises.

    Run it in a transaction that only reads. It holds one moment of the database all the time:
    for a large one there is ``onderzoek_alles``.
    """
    gevonden: list[Afwijking] = []
    na = ""
    while stapel := _stapel(session, na):
        gevonden += _bekijk(session, stapel, now)
        na = stapel[-1][1]
    return [*gevonden, *_huis(session, now)]


def onderzoek_alles(
    sessions: Sessions,
    *,
    now: datetime,
    voortgang: Callable[[int, int], None] = lambda _gedaan, _van: None,
) -> Iterator[Afwijking]:
    """Do what ``diagnose`` does, a pile of dossiers at a time, each in a moment of its own.

    It needs the same memory for any number of dossiers and holds nobody up. ``voortgang`` hears
    how many dossiers were looked at, and how many there are.
    """
    van = read(sessions, lambda session: session.scalar(select(func.count(Dossier.id))) or 0)
    gedaan, na = 0, ""
    while True:
        stapel, gevonden = read(sessions, partial(_volgende, na=na, now=now))
        yield from gevonden
        if not stapel:
            break
        gedaan, na = gedaan + len(stapel), stapel[-1][1]
        voortgang(gedaan, max(van, gedaan))
    yield from read(sessions, lambda session: list(_huis(session, now)))


_Stapel = Sequence[tuple[UUID, str]]


def _volgende(session: Session, *, na: str, now: datetime) -> tuple[_Stapel, list[Afwijking]]:
    stapel = _stapel(session, na)
    return stapel, _bekijk(session, stapel, now)


def _stapel(session: Session, na: str) -> _Stapel:
    rijen = session.execute(
        select(Dossier.id, Dossier.nummer)
        .where(Dossier.nummer > na)
        .order_by(Dossier.nummer)
        .limit(STAPEL)
    )
    return [(rij.id, rij.nummer) for rij in rijen]


def _bekijk(session: Session, stapel: _Stapel, now: datetime) -> list[Afwijking]:
    return [
        Afwijking(dossier.id, dossier.nummer, *bevinding)
        for dossier, bevinding in onderzoek(session, [id_ for id_, _ in stapel], now=now)
    ]


def _huis(session: Session, now: datetime) -> Iterator[Afwijking]:
    """Look at what belongs to no single dossier, or must be found across all of them."""
    yield from _database(session)
    yield from _bestanden(session)
    yield from _wezen(session)
    yield from _herhaald(session)
    yield from _te_laat(session, now)
    yield from _vastgehouden(session, now)
    yield from _gestrand(session)


def _database(session: Session) -> Iterator[Afwijking]:
    """Let SQLite look at its own file; PostgreSQL refuses such rows when they are written."""
    if dialect_of(session) != "sqlite":
        return
    connection = session.connection()
    for (zin,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if zin != "ok":
            yield Afwijking(None, "", "database", f"Het databasebestand is beschadigd: {zin}.")
    wezen: dict[tuple[str, str], int] = {}
    for tabel, _rij, ouder, _sleutel in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        wezen[tabel, ouder] = wezen.get((tabel, ouder), 0) + 1
    for (tabel, ouder), aantal in wezen.items():
        tekst = f"In {tabel} staan rijen ({aantal}) bij een {ouder} die niet bestaat."
        yield Afwijking(None, "", "wees", tekst)


def _bestanden(session: Session) -> Iterator[Afwijking]:
    for versie, digest in session.execute(
        select(Deployment.id, Deployment.digest).order_by(Deployment.id)
    ):
        inhoud = dict(
            session.execute(
                select(Bestand.pad, Bestand.inhoud).where(Bestand.deployment_id == versie)
            ).all()
        )
        if digest_of(inhoud) != digest:
            tekst = f"De bestanden van versie {versie} zijn niet meer die van de publicatie."
            yield Afwijking(None, "", "bestand", tekst)


def _herhaald(session: Session) -> Iterator[Afwijking]:
    """Find rows that repeat another casemanager than their dossier has."""
    for soort, geldt in HERHAALD.items():
        yield from _van(
            session,
            select(soort.dossier_id, Dossier.nummer, soort.naam)
            .join(Dossier, Dossier.id == soort.dossier_id)
            .where(soort.casemanager_id.is_distinct_from(Dossier.casemanager_id), geldt),
            "casemanager",
            "Bij {} staat een andere casemanager dan bij het dossier.",
        )


def _wezen(session: Session) -> Iterator[Afwijking]:
    """Find what lost its dossier or its route."""
    yield from _van(
        session,
        select(Dossier.id, Dossier.nummer, Dossier.nummer).where(
            ~exists().where(Route.dossier_id == Dossier.id)
        ),
        "route",
        "Dossier {} heeft geen route.",
    )
    yield from _van(
        session,
        _met_nummer(Uitgaand.dossier_id, cast(Uitgaand.id, String)).where(
            Uitgaand.dossier_id.is_(None), Uitgaand.soort != MAIL
        ),
        "wees",
        "Het uitgaande bericht {} hoort bij geen dossier.",
    )
    yield from _van(
        session,
        _met_nummer(Journaal.dossier_id, cast(Journaal.id, String)).where(
            Journaal.dossier_id.is_(None), Journaal.keten != ""
        ),
        "journaal",
        "Journaalregel {} is van zijn dossier losgemaakt.",
    )
    yield from _van(
        session,
        _met_nummer(Taak.dossier_id, Taak.naam).where(
            TAAK_OPEN,
            Taak.dossier_id.in_(select(Route.dossier_id).where(Route.beeindigd_op.is_not(None))),
        ),
        "taak",
        "De route is voorbij, maar de taak {} staat nog open.",
    )


_WACHTRIJEN: Sequence[tuple[Any, Any, ColumnElement[bool], str]] = (
    (Wekker, Wekker.op, Wekker.gesloten_op.is_(None) & ~Wekker.gestrand, "De wekker"),
    (Bericht, Bericht.volgende_op, BERICHT_WACHT, "Het bericht"),
    (Uitgaand, Uitgaand.volgende_op, UITGAAND_KLAAR, "Het uitgaande bericht"),
)


def _te_laat(session: Session, now: datetime) -> Iterator[Afwijking]:
    for tabel, moment, wacht, wat in _WACHTRIJEN:
        yield from _van(
            session,
            _met_nummer(tabel.dossier_id, moment).where(wacht, moment < now - GEDULD),
            "te laat",
            wat + " had op {} aan de beurt moeten zijn. Draait de worker?",
        )


def _vastgehouden(session: Session, now: datetime) -> Iterator[Afwijking]:
    """Find rows that nobody can take for longer than a worker or a back-off may ask."""
    for tabel, _moment, wacht, wat in _WACHTRIJEN:
        lang = or_(
            and_(tabel.lease.is_not(None), tabel.lease_tot > now + LEASE + GEDULD),
            tabel.lease_tot > now + LANGSTE_UITSTEL + GEDULD,
        )
        yield from _van(
            session,
            _met_nummer(tabel.dossier_id, tabel.lease_tot).where(wacht, lang),
            "vastgehouden",
            wat + " wordt vastgehouden tot {}. Zo lang mag geen worker dat.",
        )


def _gestrand(session: Session) -> Iterator[Afwijking]:
    """Find what was given up without an open incident: nobody will ever look at it."""
    wekker = Wekker.gesloten_op.is_(None) & Wekker.gestrand
    for tabel, gestopt, soorten, wat in (
        (Wekker, wekker, ("timer", "ladder", "termijn"), "De wekker"),
        (Bericht, Bericht.status == "onbestelbaar", ("bericht",), "Het bericht"),
        (Uitgaand, Uitgaand.status == "mislukt", ("uitgaand",), "Het uitgaande bericht"),
    ):
        sleutel = tabel.__mapper__.primary_key[0]
        open_ = select(Incident.bron).where(
            Incident.soort.in_(soorten), Incident.opgelost_op.is_(None)
        )
        bekend = set(session.scalars(open_))
        rijen = (
            rij
            for rij in session.execute(_met_nummer(tabel.dossier_id, sleutel).where(gestopt))
            if str(rij[2]) not in bekend
        )
        yield from _meld(rijen, "gestrand", wat + " {} is opgegeven, maar er is geen incident van.")


def _met_nummer(dossier_id: Any, wat: Any) -> Any:  # noqa: ANN401 - SQL
    """Select (dossier_id, dossiernummer, wat) of a table whose rows may have no dossier."""
    return select(dossier_id, Dossier.nummer, wat).outerjoin(Dossier, Dossier.id == dossier_id)


def _van(session: Session, vraag: Any, soort: str, zin: str) -> Iterator[Afwijking]:  # noqa: ANN401 - SQL
    return _meld(session.execute(vraag.execution_options(yield_per=_ZOVEEL)), soort, zin)


def _meld(rijen: Any, soort: str, zin: str) -> Iterator[Afwijking]:  # noqa: ANN401 - rows
    """Tell the first ones by name, and of the rest how many there are."""
    meer = 0
    for nummer, (dossier_id, dossier_nummer, wat) in enumerate(rijen):
        if nummer >= _ZOVEEL:
            meer += 1
            continue
        tekst = zin.format(leesbaar(wat) if isinstance(wat, datetime) else wat)
        yield Afwijking(dossier_id, dossier_nummer or "", soort, tekst)
    if meer:
        yield Afwijking(None, "", soort, f"En nog {meer} keer hetzelfde.")
