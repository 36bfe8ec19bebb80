"""A big gemeente for measuring: dossiers with facts, taken open and closed, journal and notices."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow.bench.figures import settle
from routeflow.bench.route import NOW
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, read
from routeflow.store.models import Account, Base, Deployment, Dossier, DossierTermijn, Taak
from routeflow.store.waarden import zoekrijen, zoekterm

# onderdeel, rol, partij, samen met, out of a hundred taken
_PLACES = (
    ("brede intake", "casemanager", GEMEENTE, None, 14),
    ("regie", "casemanager", GEMEENTE, None, 20),
    ("ontzorgen", "inkomensconsulent", GEMEENTE, None, 5),
    ("regie", "handhaver", GEMEENTE, None, 1),
    ("regie", "teamleider", GEMEENTE, None, 2),
    ("maatschappelijke begeleiding", "maatschappelijk begeleider", "Vluchtelingenwerk", None, 15),
    ("PVT", "pvt-aanbieder", "Netsheila", None, 8),
    ("B1-route", "taalaanbieder", "IVIO", None, 12),
    ("Z-route", "taalaanbieder", "Fiolet", None, 10),
    ("MAP", "map-aanbieder", "IVIO", "Werkom", 6),
    ("MAP", "map-aanbieder", "Fiolet", "Werkom", 4),
    ("participatie", "werkpartner", "Werkom", None, 2),
    ("participatie", "participatiepartner", "Clup Welzijn", None, 1),
)
_FASEN = ("Aanmelding", "Intake", "PIP", "Leerroute", "Leerroute", "Leerroute", "Examens", "Nazorg")
_FACTS = 12
_CLOSED = 6
_ACTS = 4
_NOW = "2026-03-02 08:00:00+00:00"
_LATER = "2026-05-02 08:00:00+00:00"
_PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Gemeente:
    """Who looks, and at what. ``dossiers``: per partij one in which it has or had a taak."""

    readers: dict[str, Actor]
    dossiers: dict[str, UUID]
    rows: int

    def dossier_of(self, actor: Actor) -> UUID:
        """Return a dossier for this reader to open."""
        return self.dossiers[actor.partij]


def fill(store: Store, number: int, *, history: bool = True) -> Gemeente:
    """Put ``number`` dossiers, each with an open taak, in a store without any.

    ``history``: and with the taken, facts and acts that were before.
    """
    draw = random.Random(20260302)  # noqa: S311 - invented data, the same each time
    people = [_id(draw) for _ in range(_PEOPLE)]
    files = [_id(draw) for _ in range(number)]
    deployment = _deployment(store)
    rows = _load(
        store,
        "account",
        (
            "id",
            "login",
            "naam",
            "email",
            "partij",
            "wachtwoord",
            "actief",
            "sessie_versie",
            "rollen",
        ),
        (
            (id_, f"m{i}", f"Persoon {i}", "", GEMEENTE, "-", "1", 1, '["casemanager"]')
            for i, id_ in enumerate(people)
        ),
    )
    named = [_named(i) for i in range(number)]
    dossiers = list(_dossiers(draw, files, named, people))
    caseload = {
        row[_DOSSIER.index("id")]: row[_DOSSIER.index("casemanager_id")] for row in dossiers
    }
    rows += _load(store, "dossier", _DOSSIER, dossiers)
    rows += _load(
        store,
        "zoekwoord",
        ("woord", "begin", "dossier_id", "woorden"),
        (
            (row["woord"], row["begin"], id_, row["woorden"])
            for id_, (naam, nummer) in zip(files, named, strict=True)
            for row in zoekrijen(UUID(id_), zoekterm(f"{naam} {nummer}"))
        ),
    )
    rows += _load(
        store,
        "route",
        ("dossier_id", "deployment_id", "proces", "toestand", "keten", "version"),
        ((id_, deployment, "p00_doorlopende_lijn", "x" * 40, "0" * 64, 1) for id_ in files),
    )
    held: dict[str, UUID] = {}
    rows += _load(
        store, "taak", _TAAK, _taken(draw, caseload, people, held, (deployment, _CLOSED * history))
    )
    rows += _load(
        store,
        "feit",
        ("dossier_id", "naam", "waarde", "sinds", "door"),
        (
            (id_, f"feit{i}", '"waarde"', _NOW, "meting")
            for id_ in files
            for i in range(_FACTS * history)
        ),
    )
    rows += _load(
        store,
        "journaal",
        ("dossier_id", "deployment_id", "op", "door", "wat", "gegevens", "pad", "keten"),
        (
            (
                id_,
                deployment,
                _NOW,
                "meting",
                "taak voltooid",
                '{"feiten": {"feit1": [null, 1]}}',
                "[]",
                "",
            )
            for _ in range(_ACTS * history)
            for id_ in files
        ),
    )
    rows += _load(
        store,
        "melding",
        ("partij", "rol", "dossier_id", "soort", "tekst", "op"),
        (
            (partij, rol, id_, "te laat", "Deze taak is te laat.", _NOW)
            for id_ in files
            for _, rol, partij, _, _ in [_place(draw)]
        ),
    )
    rows += _load(
        store,
        "wekker",
        (
            *("id", "dossier_id", "soort", "bron", "element", "naam", "gegevens", "op"),
            *("afgegaan", "pogingen", "gestrand"),
        ),
        (
            (_id(draw), id_, "timer", f"w{i}", "wacht", "Wacht", "{}", _LATER, "0", 0, "0")
            for i, id_ in enumerate(files)
        ),
    )
    rows += _load(store, "termijn", _TERMIJN, _termijnen(draw, caseload))
    settle(store)
    return Gemeente(_readers(people), held, rows)


def find(store: Store) -> Gemeente | None:
    """Return what ``fill`` put in a store before; None when it holds nothing."""

    def work(session: Session) -> Gemeente | None:
        number = session.scalar(select(func.count()).select_from(Dossier)) or 0
        if not number:
            return None
        if session.scalar(select(DossierTermijn.id).limit(1)) is None:  # they are put in last
            raise RuntimeError("the store was filled by half: throw it away")
        people = dict(session.execute(select(Account.login, Account.id)).all())
        held = {
            wie: session.scalar(select(Taak.dossier_id).where(kolom == wie).limit(1))
            for _, _, partij, samen_met, _ in _PLACES
            for kolom, wie in ((Taak.partij, partij), (Taak.samen_met, samen_met))
            if wie
        }
        return Gemeente(
            _readers([people[f"m{i}"].hex for i in range(_PEOPLE)]),
            {partij: een for partij, een in held.items() if een},
            sum(
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables
            ),
        )

    return read(store.sessions, work)


def _deployment(store: Store) -> int:
    """Return the newest version of the processes, or an empty one made for the occasion."""
    with store.sessions.begin() as session:
        newest = session.scalar(select(func.max(Deployment.id)))
        if newest is None:
            newest = 1
            session.add(
                Deployment(
                    id=1, gepubliceerd_op=NOW, door="meting", reden="meting", digest="0" * 64
                )
            )
        return newest


def _readers(people: Sequence[str]) -> dict[str, Actor]:
    def at(partij: str, *rollen: Rol, account: int | None = None) -> Actor:
        id_ = None if account is None else UUID(people[account])
        return Actor("Lezer", partij, frozenset(rollen), id_)

    return {
        "casemanager": at(GEMEENTE, Rol.CASEMANAGER, account=0),
        "teamleider": at(GEMEENTE, Rol.TEAMLEIDER, account=1),
        "handhaver": at(GEMEENTE, Rol.HANDHAVER, account=2),
        "inkomensconsulent": at(GEMEENTE, Rol.INKOMENSCONSULENT, account=3),
        "partner": at("IVIO", Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER),
        "partner (samen met)": at("Werkom", Rol.MAP_AANBIEDER, Rol.WERKPARTNER),
        "partner (klein)": at("Clup Welzijn", Rol.PARTICIPATIEPARTNER),
    }


def _named(i: int) -> tuple[str, str]:
    return f"Achternaam{i % 997:03} Voornaam{i % 89}", f"2026-{i:06}"


_DOSSIER = (
    *("id", "nummer", "naam", "zoek", "doelgroep", "leerroute", "fase", "wet"),
    *("casemanager_id", "geopend_op", "gesloten_op"),
)


def _dossiers(
    draw: random.Random,
    files: Sequence[str],
    named: Sequence[tuple[str, str]],
    people: Sequence[str],
) -> Iterator[tuple[Any, ...]]:
    for id_, (naam, nummer) in zip(files, named, strict=True):
        yield (
            id_,
            nummer,
            naam,
            zoekterm(f"{naam} {nummer}"),
            draw.choice(("asielstatushouder", "gezinsmigrant")),
            draw.choice(("B1", "B1", "Z", "onderwijsroute", None)),
            draw.choice(_FASEN),
            "Wi2021",
            draw.choice(people),
            _NOW,
            _NOW if draw.random() < 0.1 else None,  # noqa: PLR2004 - a tenth is closed
        )


_TAAK = (
    *("id", "dossier_id", "deployment_id", "proces", "element", "naam", "onderdeel", "rol"),
    *("partij", "samen_met", "houder", "formulier", "uiterlijk", "volgorde", "status"),
    *("geopend_op", "gesloten_op", "gesloten_door", "behandelaar_id", "casemanager_id"),
    *("lokaal", "pad", "version"),
)


def _taken(
    draw: random.Random,
    caseload: Mapping[str, str],
    people: Sequence[str],
    held: dict[str, UUID],
    rest: tuple[int, int],
) -> Iterator[tuple[Any, ...]]:
    deployment, closed = rest
    for dossier, casemanager in caseload.items():
        for i in range(closed + 1):
            onderdeel, rol, partij, samen_met, _ = _place(draw)
            held.setdefault(partij, UUID(dossier))
            held.setdefault(samen_met or partij, UUID(dossier))
            status = "gedaan" if i < closed else "open"
            mine = partij == GEMEENTE and draw.random() < 0.8  # noqa: PLR2004 - most are taken up
            day = (NOW.date() + timedelta(days=draw.randint(-20, 200))).isoformat()
            yield (
                _id(draw),
                dossier,
                deployment,
                "p06_brede_intake",
                f"stap{i}",
                "Voer gesprek",
                onderdeel,
                rol,
                partij,
                samen_met,
                "gemeente" if partij == GEMEENTE else "partner",
                "voer-gesprek",
                day,
                day,
                status,
                _NOW,
                _NOW if status == "gedaan" else None,
                "meting" if status == "gedaan" else None,
                draw.choice(people) if mine else None,
                casemanager,
                "{}",
                "[]",
                1,
            )


# naam, soort, houder, out of a hundred how often it waits, and is done; the rest runs
_PERIODS = (
    ("pip", "uiterlijk", "gemeente", 20, 60),
    ("inburgeringstermijn", "uiterlijk", "inburgeraar", 40, 10),
    ("pvt", "uiterlijk", "gemeente", 40, 30),
    ("ontzorgen", "duur", "gemeente", 30, 0),
    ("route_switch", "duur", "gemeente", 30, 0),
    ("bezwaar", "duur", "inburgeraar", 0, 0),
    ("aanbod", "uiterlijk", "gemeente", 40, 40),
)
_TERMIJN = (
    *("id", "dossier_id", "naam", "volgnummer", "soort", "houder", "grond", "tekst", "status"),
    *("uiterlijk", "lengte", "atw", "atw_reden", "feiten", "uitleg", "sinds", "casemanager_id"),
)


def _termijnen(draw: random.Random, caseload: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for dossier, casemanager in caseload.items():
        for naam, soort, houder, waits, done in _PERIODS:
            stand = draw.randint(1, 100)
            status = "wacht" if stand <= waits else "gehaald" if stand <= waits + done else "loopt"
            day = NOW.date() + timedelta(days=draw.randint(-30, 700))
            yield (
                _id(draw),
                dossier,
                naam,
                1,
                soort,
                houder,
                "Wet",
                "Wet",
                status,
                None if status == "wacht" else day.isoformat(),
                "",
                "0",
                "",
                "{}",
                "",
                _NOW,
                casemanager,
            )


def _place(draw: random.Random) -> tuple[str, str, str, str | None, int]:
    return draw.choices(_PLACES, [place[-1] for place in _PLACES])[0]


def _id(draw: random.Random) -> str:
    return f"{draw.getrandbits(128):032x}"


def _load(store: Store, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Put rows in a table past the mapper, the fastest way that the database has."""
    names = ", ".join(columns)
    raw = store.engine.raw_connection()
    number = 0
    try:
        cursor: Any = raw.cursor()  # what follows differs between drivers
        if store.engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            cursor.execute("PRAGMA query_only=0")
            cursor.execute("BEGIN IMMEDIATE")
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own
            cursor.executemany(statement, (tuple(map(_plain, row)) for row in rows))
            number = cursor.rowcount
        else:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for number, row in enumerate(rows, start=1):  # noqa: B007 - how many there were
                    copy.write_row(row)
        raw.commit()
    finally:
        raw.close()
    return number


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """Return an instant as SQLite keeps it: without its zone."""
    return value.replace("+00:00", ".000000") if value in {_NOW, _LATER} else value
