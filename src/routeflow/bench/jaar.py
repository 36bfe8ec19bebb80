"""A year of a gemeente in which everybody is late at random, and what the law's clock makes of it.

Real dossiers on the project's set, real passes of the worker, days that pass one by one: over both
changes of the clock, over 29 February, with the worker down for hours or days and a clock that goes
back an hour. Nobody reports a suspicion. Afterwards is counted what must never have happened: a
sanctietoets, a period that passed without its proof, a reminder that came twice or to the wrong
houder, an interruption that was not seen as it was.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow import demo
from routeflow.bench.figures import Options, databases
from routeflow.commands import doctor, hartslag
from routeflow.commands.ladder import HERINNERING
from routeflow.config import Config
from routeflow.inburgering.rechten import GEMEENTE, GEMEENTE_ROLLEN, Rol
from routeflow.store import Store, migrate, open_store, read, transact
from routeflow.store.models import (
    TAAK_OPEN,
    Dossier,
    DossierTermijn,
    Incident,
    Journaal,
    Melding,
    Onderbreking,
    Taak,
    TermijnBewijs,
    Wekker,
)
from routeflow.store.openstaand import wachten_van
from routeflow.worker import run_due

BEGIN: Final = date(2027, 11, 15)  # the year holds 29 February and both changes of the clock
_NEDERLAND: Final = ZoneInfo("Europe/Amsterdam")
_LADDERS: Final = ("p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets")
_HERINNERINGEN: Final = ("herinnering", "te laat", "escalatie")
_TE_LAAT: Final = {"gemeente": 0.2, "partner": 0.4, "inburgeraar": 0.35, "coa": 0.4, "duo": 0.4}
_BLIJFT_LIGGEN, _KOMT_NOOIT = 0.03, 0.1
_HUN_EIGEN_GANG: Final = {
    "verschenenOproep1": ("ja", "ja", "nee"),
    "verschenenOproep2": ("ja", "nee"),
    "verschenenOproep3": ("ja", "nee"),
    "verschenen": ("ja", "ja", "nee"),
}


@dataclass(slots=True)
class Uitslag:
    """What one year gave. ``fouten``: what must not have happened, in sentences; empty is good."""

    telling: Counter[str] = field(default_factory=Counter)
    fouten: list[str] = field(default_factory=list)


def measure(options: Options) -> dict[str, Any]:
    """Live the year on each database."""
    dossiers, dagen = (20, 120) if options.quick else (200, 366)
    zaad = options.seed or random.SystemRandom().randint(1, 10**6)
    found: dict[str, Any] = {}
    with databases(options) as urls:
        for kind, url in urls.items():
            print(f"jaar: {kind}, zaad {zaad} ...", file=options.progress)
            migrate(url)
            store = open_store(url)
            try:
                uitslag = leef(store, dossiers=dossiers, dagen=dagen, zaad=zaad)
            finally:
                store.close()
            found[kind] = {
                "zaad": zaad,
                "dossiers": dossiers,
                "dagen": dagen,
                **dict(sorted(uitslag.telling.items())),
                "verschillen": uitslag.fouten,
            }
    return found


def show(result: dict[str, Any], console: Console) -> None:
    """Print what the year gave."""
    table = Table("jaar", *result, title="Een jaar waarin iedereen wel eens te laat is")
    namen = dict.fromkeys(naam for een in result.values() for naam in een if naam != "verschillen")
    for naam in namen:
        table.add_row(naam, *(str(een.get(naam, 0)) for een in result.values()))
    console.print(table)
    for kind, een in result.items():
        for fout in een["verschillen"]:
            console.print(f"{kind}: {fout}")


def leef(store: Store, *, dossiers: int, dagen: int, zaad: int, begin: date = BEGIN) -> Uitslag:
    """Live ``dagen`` days with so many dossiers in an empty ``store``, and count afterwards."""
    jaar = _Jaar(store, zaad, begin)
    demo.publish_project(store, now=jaar.now)
    demo.make_accounts(store, now=jaar.now)
    jaar.open(dossiers, dagen)
    for dag in range(dagen):
        jaar.dag(dag)
    jaar.laatste_pas()
    return jaar.tel_na()


class _Laat(demo.Life):
    """A life in which every party is late at random, and the worker is somebody else."""

    def begin(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.dossier_id = self._open()

    def dag(self, session: Session, now: datetime) -> int:
        """Do what was planned for today; return how many acts that were."""
        self.session, self.now = session, now
        gedaan = 0
        while (act := self._vandaag(now)) is not None:
            act()
            gedaan += 1
        return gedaan

    def _vandaag(self, now: datetime) -> Any:  # noqa: ANN401 - an act without arguments
        for taak in self.session.scalars(
            select(Taak).where(Taak.dossier_id == self.dossier_id, TAAK_OPEN).order_by(Taak.id)
        ):
            if taak.id not in self.plans:
                self.plans[taak.id] = self._plan(taak)
            if self.plans[taak.id] <= now:
                return partial(self._complete, taak)
        for wacht in wachten_van(self.session, self.dossier_id):
            if wacht.soort == "message" and wacht.naam in demo.POST:
                if wacht.id not in self.mail:
                    self.mail[wacht.id] = self._posted(wacht.naam)
                if self.mail[wacht.id] <= now:
                    return partial(self._receive, wacht.naam, wacht.id)
        return None

    def _plan(self, taak: Taak) -> datetime:
        if self.draw.random() < _BLIJFT_LIGGEN:
            return self.until
        if taak.uiterlijk is not None and self.draw.random() < _TE_LAAT[taak.houder]:
            laat = taak.uiterlijk + timedelta(days=self.draw.randint(1, 45))
            return max(self.now, _ochtend(laat))
        return super()._plan(taak)

    def _posted(self, naam: str) -> datetime:
        if self.draw.random() < _KOMT_NOOIT:
            return self.until
        return super()._posted(naam) + timedelta(days=self.draw.choice((0, 0, 20, 60)))

    def _wishes(self, known: Mapping[str, Any]) -> dict[str, Any]:
        gang = {naam: self.draw.choice(keuzen) for naam, keuzen in _HUN_EIGEN_GANG.items()}
        return {**super()._wishes(known), **gang, "sanctietoetsGevraagd": "nee"}


class _Jaar:
    """The gemeente through the year. ``stil``: the days on which no worker runs."""

    def __init__(self, store: Store, zaad: int, begin: date) -> None:
        self.store, self.config = store, Config()
        self.kans = random.Random(zaad)  # noqa: S311 - the same year for the same seed
        self.begin = begin
        self.now = _ochtend(begin)
        self.levens: list[_Laat] = []
        self.komst: dict[int, list[_Laat]] = {}
        self.stil: set[int] = set()
        self.terug = -1
        self.slag = self.now
        self.uitslag = Uitslag()
        self.verwacht: list[int] = []

    def open(self, aantal: int, dagen: int) -> None:
        """Choose who comes when, and when the worker is down: once three days, and by chance."""
        einde = _ochtend(self.begin + timedelta(days=dagen + 10_000))
        mensen, bsns = demo.caseload(), demo.test_bsns()[1_000:]
        for nummer in range(aantal):
            mens = replace(
                mensen[nummer % len(mensen)],
                naam=f"Persoon {nummer}",
                bsn=bsns[nummer],
                v_nummer=f"29{nummer:08}",
                dagen=0,
                wending="",
                seed=self.kans.randrange(10**9),
            )
            leven = _Laat(None, mens, until=einde)  # type: ignore[arg-type]  # given each day
            self.komst.setdefault(self.kans.randrange(max(1, dagen // 2)), []).append(leven)
        drie = self.kans.randrange(dagen // 3, dagen // 2)
        self.stil = {drie, drie + 1, drie + 2}
        self.stil |= {dag for dag in range(1, dagen) if self.kans.random() < 0.04}  # noqa: PLR2004
        self.stil -= set(range(dagen - 2, dagen))
        self.terug = next(dag for dag in range(drie + 5, dagen) if dag not in self.stil)

    def dag(self, dag: int) -> None:
        """Let one day pass: people in the morning, and the worker when it runs."""
        self.now = _ochtend(self.begin + timedelta(days=dag))
        if dag not in self.stil:
            self.pas(self.now)
        if dag == self.terug:
            self.pas(self.now - timedelta(hours=1))
        for leven in self.komst.get(dag, ()):
            transact(self.store.sessions, partial(leven.begin, now=self.now))
            self.levens.append(leven)
        for leven in self.levens:
            gedaan = transact(self.store.sessions, partial(leven.dag, now=self.now))
            self.uitslag.telling["stappen gedaan"] += gedaan

    def pas(self, now: datetime) -> None:
        """Run one pass of the worker, as it does each minute that it runs."""
        if now >= self.slag and now - self.slag <= timedelta(days=1, hours=2):
            transact(self.store.sessions, partial(hartslag.stel_gelijk, now=now))
        elif now > self.slag:
            self.verwacht.append(
                read(self.store.sessions, partial(_gevallen, na=self.slag, tot=now))
            )
        transact(self.store.sessions, partial(hartslag.klop, now=now))
        verslag = run_due(self.store, self.config, now)
        self.slag = max(self.slag, now)
        self.uitslag.telling["door de worker gedaan"] += len(verslag.gebeurtenissen)

    def laatste_pas(self) -> None:
        self.now += timedelta(hours=1)
        self.pas(self.now)

    def tel_na(self) -> Uitslag:
        """Count what must and what must not have happened."""

        def werk(session: Session) -> None:
            for fout in (
                *_geen_sanctie(session),
                *_bewezen(session, self.now, self.uitslag.telling),
                *_herinnerd(session, self.uitslag.telling),
                *self._onderbroken(session),
                *(f"incident: {een.reden}" for een in session.scalars(select(Incident))),
                *(
                    f"doctor: {een.soort} {een.tekst}"
                    for een in doctor.diagnose(session, now=self.now)
                ),
            ):
                self.uitslag.fouten.append(fout)
            for naam, tabel in (("dossiers", Dossier), ("taken", Taak), ("meldingen", Melding)):
                aantal = session.scalar(select(func.count()).select_from(tabel))
                self.uitslag.telling[naam] = aantal or 0

        read(self.store.sessions, werk)
        return self.uitslag

    def _onderbroken(self, session: Session) -> Iterator[str]:
        """Each time that the worker was down is known, with what fell in it, and nothing waits."""
        gaten = session.scalars(select(Onderbreking).order_by(Onderbreking.id)).all()
        self.uitslag.telling["onderbrekingen"] = len(gaten)
        if [gat.momenten for gat in gaten] != self.verwacht:
            gezien = [gat.momenten for gat in gaten]
            yield f"onderbrekingen: geteld {gezien}, er waren {self.verwacht}"
        for gat in hartslag.toestand(session, now=self.now, aantal=1000).onderbrekingen:
            if gat.open:
                yield f"van de onderbreking van {gat.van} wacht nog {gat.open}"


def _gevallen(session: Session, *, na: datetime, tot: datetime) -> int:
    """Count by hand what fell due while nobody worked."""
    open_ = session.scalars(select(Wekker.op).where(Wekker.gesloten_op.is_(None)))
    return sum(1 for op in open_ if op is not None and na < op <= tot)


def _geen_sanctie(session: Session) -> Iterator[str]:
    """Nobody reported anything, so no ladder ever began, however late everybody was."""
    begonnen = session.scalar(
        select(func.count()).select_from(Taak).where(Taak.proces.in_(_LADDERS))
    )
    gemeld = session.scalar(
        select(func.count()).select_from(Journaal).where(Journaal.wat == "vermoeden gemeld")
    )
    if begonnen or gemeld:
        yield f"er begon {begonnen} keer een ladder na {gemeld} meldingen"


def _bewezen(session: Session, now: datetime, telling: Counter[str]) -> Iterator[str]:
    """Each period that passed has exactly one proof of that, at the end of its last day."""
    vandaag = now.astimezone(_NEDERLAND).date()
    bewijzen: Counter[tuple[UUID, str, UUID | None, datetime | None]] = Counter()
    voorbij_om: set[tuple[UUID, str, datetime | None]] = set()
    for bewijs in session.scalars(select(TermijnBewijs)):
        telling[f"bewijs: {bewijs.soort}"] += 1
        if bewijs.soort == "verstreken":
            bewijzen[bewijs.dossier_id, bewijs.naam, bewijs.taak_id, bewijs.gepland] += 1
            voorbij_om.add((bewijs.dossier_id, bewijs.naam, bewijs.gepland))
            if bewijs.gepland is not None and bewijs.op < bewijs.gepland:
                yield f"{bewijs.naam} gold als voorbij op {bewijs.op}, voor {bewijs.gepland}"
    for (_, naam, _, gepland), aantal in bewijzen.items():
        if aantal > 1:
            yield f"{naam} van {gepland} is {aantal} keer als voorbij bewezen"
    for rij in session.scalars(select(DossierTermijn)):
        voorbij = rij.uiterlijk is not None and rij.uiterlijk < vandaag
        if rij.soort == "venster" or not voorbij or rij.status != "loopt":
            continue
        telling["termijnen verstreken"] += 1
        einde = _begin_van(rij.uiterlijk + timedelta(days=1)) if rij.uiterlijk else None
        if (rij.dossier_id, rij.naam, einde) not in voorbij_om:
            yield f"{rij.naam} verstreek op {rij.uiterlijk} zonder bewijs"


def _herinnerd(session: Session, telling: Counter[str]) -> Iterator[str]:
    """Each step of a ladder was told once, to whom the table names, at the partij of the taak."""
    taken = {taak.id: taak for taak in session.scalars(select(Taak))}
    keer: Counter[tuple[str, str, str]] = Counter()
    for wekker in session.scalars(
        select(Wekker).where(Wekker.soort == "ladder", Wekker.afgegaan.is_(True))
    ):
        keer[wekker.bron, wekker.naam or "", str(wekker.gegevens.get("uiterlijk"))] += 1
    for (bron, stap, dag), aantal in keer.items():
        if aantal > 1:
            yield f"de stap {stap} voor {dag} ging {aantal} keer af bij taak {bron}"
    verteld: Counter[UUID] = Counter()
    for regel in session.scalars(select(Journaal).where(Journaal.wat.in_(_HERINNERINGEN))):
        if "stap" in regel.gegevens:
            verteld[UUID(regel.gegevens["taakId"])] += 1
            telling[f"{regel.wat} aan {regel.gegevens['aan']}"] += 1
    meldingen: Counter[UUID] = Counter()
    for melding in session.scalars(select(Melding).where(Melding.soort.in_(_HERINNERINGEN))):
        if melding.taak_id in taken:
            meldingen[melding.taak_id] += 1
            yield from _verkeerd(melding, taken[melding.taak_id])
    for taak_id in verteld.keys() | meldingen.keys():
        if verteld[taak_id] != meldingen[taak_id]:
            yield (
                f"over taak {taak_id} staan {verteld[taak_id]} stappen in het journaal en "
                f"{meldingen[taak_id]} meldingen"
            )


def _verkeerd(melding: Melding, taak: Taak) -> Iterator[str]:
    """A reminder of a taak goes to where it lies, help is asked of the gemeente; never of a handhaver."""
    waar = GEMEENTE if melding.rol in GEMEENTE_ROLLEN else taak.partij
    if melding.partij != waar:
        yield f"{melding.soort} over {taak.element} ging naar {melding.partij}, niet naar {waar}"
    if melding.rol == Rol.HANDHAVER and taak.rol != Rol.HANDHAVER:
        yield f"{melding.soort} over {taak.element} ging naar de handhaver"
    if melding.soort == HERINNERING and melding.rol not in {taak.rol, Rol.CASEMANAGER}:
        yield f"een herinnering aan {taak.element} ({taak.rol}) ging naar {melding.rol}"


def _ochtend(dag: date) -> datetime:
    return datetime.combine(dag, time(9), _NEDERLAND).astimezone(UTC)


def _begin_van(dag: date) -> datetime:
    return datetime.combine(dag, time(), _NEDERLAND).astimezone(UTC)
