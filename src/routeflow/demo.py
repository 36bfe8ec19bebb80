"""A caseload of invented people, lived through the real commands, for the demo.

Its size and spread are those of the plan (bijlage 2): about 90 asielstatushouders, 50
gezinsmigranten and a few people of the ondertussengroep, at all stages, some steps late.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from routeflow import forms
from routeflow.clock import system_clock
from routeflow.commands import accounts, berichten, deployments, dossiers, klok, taken, timers
from routeflow.commands.advance import WERKER
from routeflow.config import Config
from routeflow.errors import Conflict, Invalid, Refusal
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.vrijstelling import tijdelijk_vrijgesteld
from routeflow.store import Store, queries, read, transact
from routeflow.store.models import TAAK_OPEN, Account, Dossier, Melding, Taak, Wekker
from routeflow.store.openstaand import wachten_van

WACHTWOORD: Final = "welkom-in-de-demo"
_NEDERLAND: Final = ZoneInfo("Europe/Amsterdam")
DEMO: Final = Actor("demo", GEMEENTE, frozenset(Rol))
COA: Final = Actor("COA", GEMEENTE, frozenset({Rol.BEHEERDER}))
_PROJECT: Final = Path(__file__).resolve().parents[2]
_LONGEST_AGO: Final = timedelta(days=1600)
_MAX_ACTS: Final = 600  # per dossier; a route that needs more hangs, and the demo says so

# login, naam, partij, rollen
_ACCOUNTS: Final = (
    ("fatma", "Fatma Yildiz", GEMEENTE, (Rol.CASEMANAGER,)),
    ("johan", "Johan de Wit", GEMEENTE, (Rol.CASEMANAGER,)),
    ("priya", "Priya Ramdin", GEMEENTE, (Rol.CASEMANAGER,)),
    ("teamleider", "Marjan Bakker", GEMEENTE, (Rol.TEAMLEIDER,)),
    ("inkomen", "Peter Smit", GEMEENTE, (Rol.INKOMENSCONSULENT,)),
    ("handhaver", "Anouk Visser", GEMEENTE, (Rol.HANDHAVER,)),
    ("huisvesting", "Kees Mol", GEMEENTE, (Rol.HUISVESTING,)),
    ("trainer", "Sanne Kok", GEMEENTE, (Rol.TRAINER,)),
    ("vluchtelingenwerk", "Willem Prins", "Vluchtelingenwerk", (Rol.MAATSCHAPPELIJK_BEGELEIDER,)),
    ("fiolet", "Ineke Vos", "Fiolet", (Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER)),
    ("ivio", "Ruud Jansen", "IVIO", (Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER)),
    ("netsheila", "Sheila Tromp", "Netsheila", (Rol.PVT_AANBIEDER,)),
    ("werkom", "Bram Hoek", "Werkom", (Rol.WERKPARTNER, Rol.MAP_AANBIEDER)),
    ("clup", "Loes Groen", "Clup Welzijn", (Rol.PARTICIPATIEPARTNER,)),
    ("proceseigenaar", "Esther de Boer", GEMEENTE, (Rol.PROCESEIGENAAR,)),
    ("beheerder", "Tom Beheer", GEMEENTE, (Rol.BEHEERDER,)),
)

_VOORNAMEN: Final = (
    "Amina", "Yusuf", "Selam", "Tesfay", "Rahel", "Omar", "Layla", "Hassan", "Nour", "Samir",
    "Zahra", "Dawit", "Mehret", "Abdi", "Hodan", "Farid", "Shirin", "Reza", "Elif", "Emre",
    "Olena", "Mariam", "Khalid", "Jamila", "Idris", "Bahar", "Nasrin", "Tariq", "Ruta", "Kidane",
)  # fmt: skip
_ACHTERNAMEN: Final = (
    "Haddad", "Tekle", "Mohammadi", "Warsame", "Yilmaz", "Ghebre", "Al-Masri", "Rahimi", "Osman",
    "Kaya", "Berhane", "Nazari", "Saleh", "Abdullahi", "Demir", "Habte", "Karimi", "Jaber",
    "Farah", "Sultan", "Mengistu", "Qaderi", "Issa", "Dogan", "Zerai", "Amiri", "Hamdan",
)  # fmt: skip
_TALEN: Final = ("Arabisch", "Tigrinya", "Dari", "Somalisch", "Turks", "Farsi", "Engels")
_TALIG: Final = (
    "taal",
    "voorkeurstaal",
    "briefTaal",
    "oproep1Taal",
    "oproep2Taal",
    "oproep3Taal",
    "pipBesprokenTaal",
    "pvtTaalgroep",
    "uitlegTaal",
)
_VASTE_ANTWOORDEN: Final[Mapping[str, Any]] = {
    "plichtIndicator": "plichtig",
    "wet": "Wi2021",
    "woningGevonden": "ja",
    "verschenenOproep1": "ja",
    "wachtOpDerde": "nee",
    "machtigingGetekend": "ja",
    "lessenGestart": "ja",
    "langerNodig": "nee",
    "wilTekenen": "ja",
    "getekend": "ja",
    "pvtAkkoord": "ja",
    "pvtActiviteitGedaan": True,
    "mapBehaald": "ja",
    "routeNogPassend": "ja",
    "verschenen": "ja",
    "zRouteBehaald": "ja",
    "overstapB1": "nee",
    "lbtOntheffing": "geen",
    "eindeBevestigd": "ja",
    "nazorgToestemming": "ja",
    "ondertussengroepKlaar": "nee",
    "gewezenOpRecht": True,
}


# A route that takes a turn: for who began about so many days ago, and when it began instead.
_WENDINGEN: Final = (
    ("andere leerroute", 400, 280),
    ("verlenging bespreken", 1075, 1075),
    ("verlenging aanvragen", 1115, 1115),
    ("hierheen verhuisd", 60, 60),
    ("weg verhuisd", 300, 300),
    ("andere doelgroep", 250, 250),
    ("buiten Nederland", 500, 500),
)
# Where it stands now: the step that nobody has done yet.
_BLIJFT_LIGGEN: Final[Mapping[str, str]] = {
    "andere leerroute": "besluit_over_route",
    "verlenging bespreken": "bespreek_verlenging",
    "verlenging aanvragen": "vraag_aan_bij_duo",
    "hierheen verhuisd": "stel_pip_op",
    "weg verhuisd": "draag_dossier_over",
    "andere doelgroep": "bekijk_doelgroep",
    "buiten Nederland": "maak_administratie_af_na_vertrek",
}
# What DUO or another gemeente tells, and how many days ago: whoever waits for it.
_GEBEURT: Final[Mapping[str, tuple[tuple[int, str, Mapping[str, Any]], ...]]] = {
    "weg verhuisd": (
        (40, "SS122", {"verhuisdNaar": "Hoorn"}),
        (5, "verzoek_overdracht", {"overdrachtGemeente": "Hoorn"}),
    ),
    "andere doelgroep": ((5, "SS125", {"doelgroep": "gezinsmigrant"}),),
    "buiten Nederland": ((8, "SS123", {}),),
}


def configure(environment: Mapping[str, str], folder: Path) -> Config:
    """Return the settings of the demo: its own SQLite file in ``folder`` unless told otherwise."""
    given = Config.from_environment(environment)
    return replace(
        given,
        demo=True,
        database=environment.get("ROUTEFLOW_DATABASE", f"sqlite:///{folder}/routeflow.db"),
        sleutelbestand=Path(environment.get("ROUTEFLOW_SLEUTELBESTAND", str(folder / "sleutel"))),
        gemeente=environment.get("ROUTEFLOW_GEMEENTE", "Purmerend"),
        postadres=environment.get("ROUTEFLOW_POSTADRES", "Postbus 0000 (verzonnen), 1440 ZZ Demo"),
        log_level=environment.get("ROUTEFLOW_LOG_LEVEL", "WARNING"),
        tik=int(environment.get("ROUTEFLOW_TIK", "3")),
    )


def remove(config: Config, folder: Path) -> None:
    """Throw the data of the demo away. Raises Refusal when they are not in a file of the demo."""
    if not config.database.startswith(f"sqlite:///{folder}/"):
        raise Refusal(
            "Opnieuw beginnen kan alleen met de eigen database van de demo. "
            f"Maak {config.database} zelf leeg."
        )
    shutil.rmtree(folder, ignore_errors=True)


def fill(store: Store, config: Config, people: Sequence["Person"]) -> None:
    """Publish the project's own set and let ``people`` live until now.

    Who was done before is left alone, so that a start that was broken off goes on where it was.
    """
    now = klok.clock_for(store, system_clock, demo=True)()
    done = config.sleutelbestand.with_name("gevuld")
    if done.exists():
        return
    if read(store.sessions, deployments.current) is None:
        publish_project(store, now=now - _LONGEST_AGO)
    make_accounts(store, now=now - _LONGEST_AGO)
    transact(store.sessions, partial(_te_vroege_post, people=people, until=now))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for person in progress.track(people, description="Dossiers vullen"):
            transact(store.sessions, partial(_live, person=person, until=now))
    transact(store.sessions, partial(_lees_oude_meldingen, until=now))
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def _live(session: Session, person: "Person", until: datetime) -> None:
    Life(session, person, until=until).live()


def _te_vroege_post(session: Session, people: Sequence["Person"], until: datetime) -> None:
    """Let the COA have written before there was a dossier: an incident that one press solves."""
    laatste = min(
        (een for een in people if een.doelgroep == "asielstatushouder" and een.wet == "Wi2021"),
        key=lambda een: een.dagen,
        default=None,
    )
    if laatste is None:
        return
    verstuurd = _morning(until - timedelta(days=laatste.dagen + 2))
    ident = f"demo-te-vroeg-{laatste.v_nummer}"
    gegevens = {"voorinburgering": ["NT2", "KNM"], "taalvaardigheid": "A1"}
    berichten.receive(
        session, ident, "overdrachtdossier", gegevens, bsn=laatste.bsn, by=COA, now=verstuurd
    )
    dag_later = verstuurd + berichten.ZOEKTIJD
    for claim in berichten.due(session, dag_later, alleen=ident):
        berichten.deliver_bericht(session, claim, by=WERKER, now=dag_later)


def _lees_oude_meldingen(session: Session, until: datetime) -> None:
    """Let people have read their notices, but for those of the last weeks."""
    session.execute(
        update(Melding)
        .where(Melding.gelezen_op.is_(None), Melding.op < until - timedelta(weeks=3))
        .values(gelezen_op=Melding.op)
    )


def project_files() -> dict[str, bytes]:
    """Return ``processes/`` and ``forms/`` of the project. Raises Refusal when they are not there."""
    files = {
        path.relative_to(_PROJECT).as_posix(): path.read_bytes()
        for folder in ("processes", "forms")
        for path in sorted((_PROJECT / folder).rglob("*"))
        if path.suffix in {".bpmn", ".dmn", ".form", ".json"}
    }
    if not files:
        raise Refusal(f"In {_PROJECT} staan geen mappen processes en forms.")
    return files


def publish_project(store: Store, *, now: datetime) -> None:
    """Publish the files of the project, when nothing was published yet."""
    files = project_files()
    transact(
        store.sessions,
        partial(deployments.publish, files=files, reden="Eerste versie", by=DEMO, now=now),
    )


def make_accounts(store: Store, *, now: datetime) -> None:
    """Make one account for each rol and partij, all with the same password."""

    def work(session: Session) -> None:
        known = set(session.scalars(select(Account.login)))
        for login, naam, partij, rollen in _ACCOUNTS:
            if login not in known:
                accounts.create_account(
                    session,
                    login,
                    naam=naam,
                    partij=partij,
                    rollen=rollen,
                    wachtwoord=WACHTWOORD,
                    by=DEMO,
                    now=now,
                )

    transact(store.sessions, work)


def logins() -> list[tuple[str, str, str, str]]:
    """Return login, naam, partij and rollen of each account of the demo."""
    return [(login, naam, partij, ", ".join(rollen)) for login, naam, partij, rollen in _ACCOUNTS]


def welcome(store: Store, config: Config) -> None:
    """Print where to go, who to be, and how to move the clock."""
    console = Console()
    aantal = read(store.sessions, lambda session: session.scalar(select(func.count(Dossier.id))))
    console.print(f"\n[bold]routeflow[/bold] draait op http://{config.host}:{config.port}")
    console.print(
        f"{aantal} dossiers van verzonnen mensen. Wachtwoord voor iedereen: {WACHTWOORD}\n"
    )
    table = Table("inlognaam", "naam", "partij", "rol")
    for row in logins():
        table.add_row(*row)
    console.print(table)
    for regel in (
        "",
        "De klok verzetten: met de balk boven elke bladzijde, of met POST /api/v1/demo/klok.",
        (
            f"Een token voor de API: ROUTEFLOW_DATABASE={config.database} "
            ".venv/bin/routeflow token fatma --naam proef"
        ),
        "Stoppen: Ctrl-C.",
        "",
    ):
        console.print(regel, soft_wrap=True, markup=False, highlight=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented, and how this route will go.

    ``dagen``: how long ago it began. ``wending``: what is special about this route, one of
    ``_WENDINGEN``; empty for most people.
    """

    naam: str
    geboren: date
    bsn: str
    v_nummer: str
    taal: str
    doelgroep: str
    wet: str
    leerroute: str
    dagen: int
    vlot: float
    seed: int
    wending: str = ""
    antwoorden: Mapping[str, Any] = field(default_factory=dict)


def caseload(*, small: bool = False) -> tuple[Person, ...]:
    """Return everybody of the demo, the same people each time; ``small``: eleven of them."""
    groups = (
        ("asielstatushouder", "Wi2021", 6 if small else 90),
        ("gezinsmigrant", "Wi2021", 4 if small else 50),
        ("asielstatushouder", "Wi2013", 1 if small else 5),
    )
    people = list(_people(groups))
    for wending, ongeveer, dagen in () if small else _WENDINGEN:
        near = min(
            (p for p in people if not p.wending and p.leerroute == "B1" and p.wet == "Wi2021"),
            key=lambda person: (
                person.doelgroep != "asielstatushouder",
                abs(person.dagen - ongeveer),
            ),
        )
        people[people.index(near)] = replace(near, wending=wending, dagen=dagen)
    return tuple(people)


def _people(groups: Sequence[tuple[str, str, int]]) -> Iterator[Person]:
    draw = random.Random(20260101)  # noqa: S311 - invented, and the same each time
    number = 0
    names: set[str] = set()
    for doelgroep, wet, amount in groups:
        for index in range(amount):
            number += 1
            naam = f"{draw.choice(_VOORNAMEN)} {draw.choice(_ACHTERNAMEN)}"
            while naam in names:
                naam = f"{draw.choice(_VOORNAMEN)} {draw.choice(_ACHTERNAMEN)}"
            names.add(naam)
            route = draw.choices(("B1", "onderwijsroute", "Z"), (6, 1, 3))[0]
            if doelgroep == "gezinsmigrant":
                route = draw.choices(("B1", "Z"), (4, 1))[0]
            yield Person(
                naam=naam,
                geboren=date(draw.randint(1968, 2006), draw.randint(1, 12), draw.randint(1, 28)),
                bsn=test_bsns()[number],
                v_nummer=f"28{number:08}",
                taal=draw.choice(_TALEN),
                doelgroep=doelgroep,
                wet=wet,
                leerroute=route,
                # spread over the route: many in their first year, fewer near the end
                dagen=int(3 + 1500 * ((index + 0.5) / amount) ** 2.8),
                vlot=draw.uniform(0.25, 0.95),
                seed=number,
            )


@cache
def test_bsns() -> tuple[str, ...]:
    """Return the numbers of the range 9999xxxxx that pass the elfproef; nobody has them."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return tuple(
        digits
        for digits in (f"9999{tail:05}" for tail in range(100_000))
        if sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0
    )


class Life:
    """One dossier from its first day until now: people act, moments pass, DUO writes.

    All of it in one transaction: a filling that is broken off leaves no half life behind.
    """

    def __init__(self, session: Session, person: Person, *, until: datetime) -> None:
        self.session = session
        self.person = person
        self.until = until
        self.draw = random.Random(person.seed)  # noqa: S311 - invented, and the same each time
        self.now = _morning(until - timedelta(days=person.dagen))
        self.plans: dict[UUID, datetime] = {}
        self.mail: dict[str, datetime] = {}
        self.dossier_id = UUID(int=0)
        self.told = 0

    def live(self) -> None:
        """Open the dossier, unless it is there already, and let time pass until ``until``.

        Raises Refusal when its route goes round in circles or a form takes no answer.
        """
        if self.session.scalar(select(Dossier.id).where(Dossier.bsn == self.person.bsn)):
            return
        self.dossier_id = self._open()
        for _ in range(_MAX_ACTS):
            coming = self._coming()
            if coming is None or coming[0] > self.until:
                return
            self.now, act = max(self.now, coming[0]), coming[1]
            act()
        raise Refusal(f"De route van {self.person.naam} loopt rond: meer dan {_MAX_ACTS} stappen.")

    def _open(self) -> UUID:
        person = self.person
        vandaag = _civil(self.now)
        gegevens: dict[str, Any] = {
            "naam": person.naam,
            "doelgroep": person.doelgroep,
            "geboortedatum": person.geboren,
            "bsn": person.bsn,
            "vNummer": person.v_nummer,
            "taal": person.taal,
            "wet": person.wet,
            "plichtIndicator": "plichtig",
        }
        if person.doelgroep == "asielstatushouder":
            gegevens |= {
                "verblijfsrecht": "asiel_bepaald",
                "komtUitOpvang": "ja",
                "azc": self.draw.choice(("Den Helder", "Heerhugowaard", "Almere", "Amsterdam")),
                "gekoppeldDatum": vandaag,
            }
        else:
            gegevens |= {"verblijfsrecht": "anders", "brpDatum": vandaag - timedelta(days=20)}
        if person.wending == "hierheen verhuisd":
            gegevens |= {"komtUitOpvang": "nee", "vorigeGemeente": "Alkmaar"}
            gegevens["datumVestigingDuo"] = vandaag - timedelta(days=6)
        gegevens["datumKennisgeving"] = vandaag - timedelta(days=self.draw.randint(0, 10))
        dossier = dossiers.start_dossier(self.session, gegevens, by=DEMO, now=self.now)
        return dossier.id

    def _coming(self) -> tuple[datetime, Callable[[], None]] | None:
        """Return what happens next in this dossier, and when."""
        acts: list[tuple[datetime, Callable[[], None]]] = []
        for taak in self.session.scalars(
            select(Taak).where(Taak.dossier_id == self.dossier_id, TAAK_OPEN)
        ):
            if taak.id not in self.plans:
                self.plans[taak.id] = self._plan(taak)
            acts.append((self.plans[taak.id], partial(self._complete, taak)))
        op = self.session.scalar(
            select(func.min(Wekker.op)).where(
                Wekker.dossier_id == self.dossier_id, Wekker.gesloten_op.is_(None)
            )
        )
        if op is not None:
            acts.append((op, self._pass))
        for wacht in wachten_van(self.session, self.dossier_id):
            if wacht.soort == "message" and wacht.naam in POST and not self._abroad():
                if wacht.id not in self.mail:
                    self.mail[wacht.id] = self._posted(wacht.naam)
                acts.append((self.mail[wacht.id], partial(self._receive, wacht.naam, wacht.id)))
        for ago, naam, gegevens in _GEBEURT.get(self.person.wending, ())[self.told : self.told + 1]:
            acts.append((self.until - timedelta(days=ago), partial(self._tell, naam, gegevens)))
        return min(acts, key=lambda act: act[0]) if acts else None

    def _abroad(self) -> bool:
        return self.person.wending == "buiten Nederland" and self.told > 0

    def _tell(self, naam: str, gegevens: Mapping[str, Any]) -> None:
        self.told += 1
        berichten.receive(
            self.session,
            f"demo-{self.dossier_id}-{self.told}",
            naam,
            gegevens,
            dossier_id=self.dossier_id,
            by=DEMO,
            now=self.now,
        )
        self.session.flush()
        for claim in berichten.due(self.session, self.now):
            berichten.deliver_bericht(self.session, claim, by=WERKER, now=self.now)

    def _plan(self, taak: Taak) -> datetime:
        """Choose when somebody will complete ``taak``: mostly in time, sometimes late, never at once."""
        opened = taak.geopend_op
        if taak.element == _BLIJFT_LIGGEN.get(self.person.wending):
            return self.until + timedelta(days=7)
        if taak.uiterlijk is None:
            return _workday(opened + timedelta(days=self.draw.randint(1, 20)), self.draw)
        room = max((taak.uiterlijk - _civil(opened)).days, 1)
        share = self.draw.uniform(0.1, 1.0) * (1.15 - 0.5 * self.person.vlot)
        if self.draw.random() < 0.06:  # noqa: PLR2004 - one in seventeen is late
            share = self.draw.uniform(1.05, 1.4)
        return _workday(opened + timedelta(days=max(1, round(room * share))), self.draw)

    def _posted(self, naam: str) -> datetime:
        low, high = POST[naam] if self.person.wet != "Wi2013" else _POST_2013.get(naam, _NEVER)
        return _workday(self.now + timedelta(days=self.draw.randint(low, high)), self.draw)

    def _pass(self) -> None:
        for claim in timers.due(self.session, self.now):
            timers.fire_wekker(self.session, claim, by=WERKER, now=self.now)

    def _complete(self, taak: Taak) -> None:
        try:
            rauw = self.answers(taak, now=self.now)
            by = behandelaar(self.session, taak)
            taken.complete_taak(self.session, taak.id, rauw, by=by, now=self.now)
        except Invalid as invalid:
            raise Refusal(
                f"{self.person.naam}, {taak.element}: {invalid} {invalid.fouten}"
            ) from invalid
        except Conflict:
            if not tijdelijk_vrijgesteld(queries.feiten(self.session, self.dossier_id)):
                raise
            self.plans[taak.id] = self.until + timedelta(days=7)  # it rests until DUO writes

    def answers(self, taak: Taak, *, now: datetime) -> dict[str, Any]:
        """Return what this person's helpers answer to ``taak``. Raises Invalid when they cannot."""
        blad = taken.taakblad(self.session, taak, by=DEMO, now=now)
        known = queries.feiten(self.session, self.dossier_id)
        return answers(blad.formulier, {**known, **blad.bekend}, self._wishes(known), now=now)

    def _wishes(self, known: Mapping[str, Any]) -> dict[str, Any]:
        vandaag = _civil(self.now)
        open_parts = list(known.get("openOnderdelen") or [])
        return {
            **_VASTE_ANTWOORDEN,
            "wet": self.person.wet,
            "leerroute": self.person.leerroute,
            "casemanager": self.draw.choice(("fatma", "johan", "priya")),
            "datumKennisgeving": vandaag,
            "heeftKinderen": self.draw.choice(("ja", "nee")),
            **dict.fromkeys(_TALIG, self.person.taal),
            "taakstellingHalfjaar": f"{vandaag.year}-{(vandaag.month + 5) // 6}",
            "lbtExamennummer": f"{280000000000 + self.person.seed}",
            "examenrijpeOnderdelen": open_parts[:2],
            "aangemeldeOnderdelen": open_parts[:2],
            "examenOnderdeel": next(iter(known.get("aangemeldeOnderdelen") or []), None),
            "examenResultaat": "Geslaagd" if self.draw.random() < self.person.vlot else "Gezakt",
            **self._progress(),
            **self._turn(known),
            **(self._support() if self.person.wet == "Wi2013" else {}),
            **self.person.antwoorden,
        }

    def _turn(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is answered otherwise in a route that takes a turn."""
        if self.person.wending == "andere leerroute" and known.get("leerroute") == "B1":
            return {
                "routeNogPassend": "nee",
                "routeRichting": "Z",
                "routeReden": "De lessen gaan te snel. Meedoen in de buurt gaat goed.",
                "adviesRoute": "wijzigen",
                "adviesSchool": "doorgaan",
            }
        if self.person.wending == "hierheen verhuisd":
            return {
                "gegevensOntvangen": "ja",
                "pipVorigeGemeente": "ja",
                "dagtekeningVorigPip": _civil(self.until) - timedelta(days=480),
                "leerrouteVorigPip": self.person.leerroute,
                "leerrouteOvergenomen": "ja",
                "overgenomenNt2": Decimal(310),
                "overgenomenKnm": Decimal(24),
                "overgenomenPvt": Decimal(12),
                "behaaldeOnderdelen": ["KNM"],
                "boetesVorigeGemeente": [],
            }
        if self.person.wending.startswith("verlenging"):
            return {
                "verlengingSoort": "verlenging",
                "verlengingGrond": "c",
                "aanvraagGedaan": "ja",
                "adviesSchool": "doorgaan",
            }
        return {}

    def _support(self) -> dict[str, Any]:
        """Return what is answered about help under the law of 2013; some are near the end of it."""
        near = self.person.seed % 2 == 0
        return {
            "antwoordMeteen": "wacht" if near else "ja",
            "wilOndersteuning": "ja",
            "toestemmingGegevens": "ja",
            "plichtVanaf": date(2018 if near else 2016, 3, 1),
            "termijnEinde": _civil(self.until) + timedelta(days=120 if near else 600),
            "leningGebruikt": Decimal(8200 if near else 3100),
            "urenLes2013": Decimal(420 if near else 150),
            "onderdelenBehaald2013": ["KNM", "LE"] if near else [],
            "pvtGedaan2013": "ja",
            "maatwerkplanNodig": "nee",
            "maatwerkplanBetaler": "gemeente",
            "wat": "Twee keer per week taalles, en elke week oefenen voor ONA",
            "wie": "taalschool",
        }

    def _progress(self) -> dict[str, Any]:
        """Return how far the lessons are: hours of a month, and what the school says of it."""
        begun = self.now - _morning(self.until - timedelta(days=self.person.dagen))
        months = begun.days // 30
        ready = months > 16 + 10 * (
            1 - self.person.vlot
        )  # months until the exam, from quick to slow
        hours = self.draw.randint(35, 60)
        return {
            "nt2": Decimal(hours),
            "knm": Decimal(6),
            "alfabetiseringUren": Decimal(0),
            "fysiek": Decimal(hours // 2),
            "participatie": Decimal(40),
            "participatieGeaccepteerd": Decimal(40),
            "geoorloofd": Decimal(self.draw.choice((0, 0, 2, 4))),
            "ongeoorloofd": Decimal(self.draw.choice((0, 0, 0, 3))),
            "vervallen": Decimal(0),
            "urenNt2Knm": Decimal(50 * months),
            "uren": Decimal(6),
            "soortBijeenkomst": self.draw.choice(("les", "activiteit")),
            "praktijkUren": Decimal(6),
            "adviesSchool": "examen" if ready else "doorgaan",
            "standTraject": "diploma" if ready else "loopt",
            "aanwezigheidPercentage": Decimal(self.draw.randint(78, 99)),
            "aantalVoortgangsgesprekken": Decimal(self.draw.choice((4, 6, 6, 8))),
            "intensiteitUren": Decimal(self.draw.choice((600, 700, 800))),
            "niveau": "B1",
            "taalniveauNu": "A2" if ready else "A1",
            "verlengingGrondslag": "noodzaak",
            "zintuiglijkeBeperking": "geen",
        }

    def _receive(self, naam: str, wacht_id: str) -> None:
        known = queries.feiten(self.session, self.dossier_id)
        bericht = berichten.receive(
            self.session,
            f"demo-{wacht_id}",
            naam,
            self._message(naam, known),
            dossier_id=self.dossier_id,
            by=DEMO,
            now=self.now,
        )
        self.session.flush()
        for claim in berichten.due(self.session, self.now):
            berichten.deliver_bericht(self.session, claim, by=WERKER, now=self.now)
        if bericht.status != "bezorgd":
            raise Refusal(f"{self.person.naam}: het bericht {naam} kwam niet aan.")

    def _message(self, naam: str, known: Mapping[str, Any]) -> dict[str, Any]:
        vandaag = _civil(self.now)
        if naam == "SS131":
            haalbaar = self.person.leerroute != "Z"
            return {
                "lbtResultaat": "haalbaar" if haalbaar else "niet haalbaar",
                "lbtScore": 60,
                "lbtDatum": vandaag,
            }
        if naam == "SS199":
            return {
                "examenOnderdeel": next(iter(known.get("aangemeldeOnderdelen") or ["KNM"])),
                "examenDatum": vandaag,
                "examenResultaat": "Geslaagd"
                if self.draw.random() < self.person.vlot
                else "Gezakt",
            }
        if naam == "SS106":
            return {"eindePlicht": vandaag}
        if naam == "SS102" and isinstance(known.get("dagtekening"), date):
            return {"termijnStart": known["dagtekening"] + timedelta(days=1)}
        return {}


# Messages that come by themselves, with the days after which they do.
POST: Final[Mapping[str, tuple[int, int]]] = {
    "overdrachtdossier": (5, 30),
    "SS120": (1, 10),
    "SS139": (1, 10),
    "SS131": (10, 30),
    "SS102": (2, 9),
    "SS199": (20, 50),
    "SS106": (10, 30),
    "SS141": (10, 30),
    "reactie_ondersteuning": (5, 25),
}
# Under the law of 2013 a diploma may come any day; what is not here does not come.
_POST_2013: Final[Mapping[str, tuple[int, int]]] = {
    "overdrachtdossier": (5, 30),
    "reactie_ondersteuning": (5, 25),
    "SS106": (500, 1200),
}
_NEVER: Final = (36_500, 36_500)


def answers(
    formulier: forms.Formulier,
    bekend: Mapping[str, Any],
    wishes: Mapping[str, Any],
    *,
    now: datetime,
) -> dict[str, Any]:
    """Return answers that ``formulier`` accepts: what is known, what is wished, the rest made up.

    Raises Invalid when no answer that it can think of is accepted.
    """
    given: dict[str, Any] = {}
    for veld in formulier.alle:
        if veld.vraagt and (veld.verplicht or veld.key in wishes):
            given[veld.key] = _first(veld, bekend, wishes, now)
    for attempt in range(6):
        try:
            forms.validate(formulier, given, bekend, now=now)
        except Invalid as invalid:
            if attempt == 5 or not _mend(formulier, given, invalid.fouten, attempt, now):  # noqa: PLR2004 - the last
                raise
        else:
            break
    return given


def _first(
    veld: forms.Veld, bekend: Mapping[str, Any], wishes: Mapping[str, Any], now: datetime
) -> Any:  # noqa: ANN401 - any answer
    if veld.key in wishes and _fits(veld, wishes[veld.key]):
        return wishes[veld.key]
    if bekend.get(veld.key) not in (None, "", []) and _fits(veld, bekend[veld.key]):
        return bekend[veld.key]
    return _made_up(veld, now)


def _fits(veld: forms.Veld, waarde: object) -> bool:
    if veld.opties:
        allowed = [optie.waarde for optie in veld.opties]
        return (
            all(deel in allowed for deel in waarde)
            if isinstance(waarde, list)
            else waarde in allowed
        )
    if veld.soort == "date":
        return isinstance(waarde, date)
    if veld.soort == "number":
        return isinstance(waarde, int | Decimal) and not isinstance(waarde, bool)
    return True


def _made_up(veld: forms.Veld, now: datetime) -> Any:  # noqa: ANN401, PLR0911 - one line per kind of field
    match veld.soort:
        case "radio" | "select":
            return veld.opties[0].waarde
        case "checklist":
            return [optie.waarde for optie in veld.opties]
        case "checkbox":
            return True
        case "date":
            return _civil(now)
        case "datetime":
            return now
        case "time":
            return time(9, 30)
        case "number":
            return veld.minimum if veld.minimum is not None else Decimal(1)
        case "dynamiclist":
            return [
                {rij.key: _made_up(rij, now) for rij in veld.velden if rij.vraagt and rij.verplicht}
            ]
        case "filepicker":
            return "dossier/verklaring.pdf"
    return _text(veld)


# What people write in free text, by the key of the field.
_TEKSTEN: Final[Mapping[str, str]] = {
    "aanbieder": "Buurthuis De Gors",
    "adres": "Waterlandplein 12",
    "arbeidsparticipatie": "Werkte als kok; kijkt uit naar werk in de keuken van een zorginstelling.",
    "begeleider": "Willem Prins",
    "begeleidingOverdracht": "De huisarts en de zorgverzekering zijn geregeld.",
    "beroep": "kok",
    "certificaatDoor": "Fatma Yildiz",
    "contactpersoonEmail": "inburgering@purmerend.example",
    "contactpersoonTelefoon": "0299000000",
    "doelen": "Elke week een uur met het taalmaatje praten.",
    "gezinslid": "Sami",
    "gezinssituatie": "Woont met partner en kind.",
    "instellingsnummer": "4010",
    "kind": "Sami",
    "land": "Eritrea",
    "naam": "Koken in het buurthuis",
    "onderwijsAanbieder": "Regio College",
    "ondersteuning": "Elke maand een gesprek; hulp bij brieven van de gemeente.",
    "ontvanger": "Woningcorporatie Intermaris",
    "oproep1Plaats": "Stadhuis, Purmersteenweg 42",
    "oproep2Plaats": "Stadhuis, Purmersteenweg 42",
    "oproep3Plaats": "Stadhuis, Purmersteenweg 42",
    "overdrachtAfspraken": "De begeleider van het COA gaat mee naar het eerste gesprek.",
    "postcode": "1441 AB",
    "wat": "Inschrijven bij de bibliotheek",
    "werkkans": "Vrijwilligerswerk bij de Wereldtuin.",
    "wie": "de inburgeraar",
}


def _text(veld: forms.Veld) -> str:
    examples = {
        "bsn": test_bsns()[-1],
        "email": "persoon@voorbeeld.nl",
        "telefoon": "0612345678",
        "postcode": "1441 AB",
    }
    text = _TEKSTEN.get(veld.key) or examples.get(veld.vorm or "", "Besproken en vastgelegd.")
    if veld.min_lengte and len(text) < veld.min_lengte:
        text = (text + " ") * (veld.min_lengte // len(text) + 1)
    return text[: veld.max_lengte] if veld.max_lengte else text


def _mend(
    formulier: forms.Formulier,
    given: dict[str, Any],
    fouten: Mapping[str, str],
    attempt: int,
    now: datetime,
) -> bool:
    """Change the answers that were refused; say whether there was anything to change."""
    vandaag = _civil(now)
    dates: Sequence[date] = (
        vandaag,
        vandaag + timedelta(days=7),
        vandaag + timedelta(days=1),
        vandaag - timedelta(days=1),
        vandaag - timedelta(days=30),
    )
    changed = False
    for veld in formulier.alle:
        if not veld.vraagt or not any(key.split("[")[0] == veld.key for key in fouten):
            continue
        if veld.key not in given:
            given[veld.key] = _made_up(veld, now)
        elif veld.soort == "date":
            given[veld.key] = dates[attempt % len(dates)]
        elif veld.soort == "number":
            given[veld.key] = (veld.maximum if attempt % 2 else veld.minimum) or Decimal(
                10**attempt
            )
        elif veld.opties and veld.soort != "checklist":
            given[veld.key] = veld.opties[(attempt + 1) % len(veld.opties)].waarde
        else:
            given[veld.key] = _made_up(veld, now)
        changed = True
    return changed


def behandelaar(session: Session, taak: Taak) -> Actor:
    """Return who does ``taak``: its behandelaar, else somebody with its rol at its partij."""
    if taak.behandelaar is not None:
        return accounts.actor_of(taak.behandelaar)
    for account in session.scalars(select(Account).where(Account.partij == taak.partij)):
        if taak.rol in account.rollen:
            return accounts.actor_of(account)
    return DEMO


def _civil(moment: datetime) -> date:
    return moment.astimezone(_NEDERLAND).date()


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=7, minute=30, second=0, microsecond=0)


def _workday(moment: datetime, draw: random.Random) -> datetime:
    """Return an office hour on that day or, at the weekend, on the Monday after it."""
    while moment.weekday() > 4:  # noqa: PLR2004 - Saturday and Sunday
        moment += timedelta(days=1)
    return moment.replace(hour=draw.randint(7, 15), minute=draw.randint(0, 59))
