"""Given, when, then for one route: a real database, the real engine, real commands, our own clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from routeflow.commands import berichten, deployments, doctor, dossiers, naleving, taken
from routeflow.config import Config
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, queries, read, transact
from routeflow.store.models import Dossier, Incident, Journaal, Melding, Route, Taak, Wekker
from routeflow.store.waarden import to_json
from routeflow.worker import Gebeurtenis, run_due

PROJECT = Path(__file__).parents[2]
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
BUREAU = Actor("Bureau", GEMEENTE, frozenset(Rol))
PERSOON = {"naam": "Amina Yusuf", "doelgroep": "asielstatushouder", "wet": "Wi2021"}


@cache
def project_files() -> Mapping[str, bytes]:
    """Return the set of the project by path."""
    return {
        path.relative_to(PROJECT).as_posix(): path.read_bytes()
        for folder in ("processes", "forms")
        for path in sorted((PROJECT / folder).iterdir())
        if path.suffix in {".bpmn", ".dmn", ".form"}
    }


@dataclass
class RouteUnderTest:
    """One dossier under test. Each verb is one command; ``now`` moves only when told to."""

    store: Store
    now: datetime = BEGIN
    config: Config = field(default_factory=Config)
    dossier_id: UUID = field(default_factory=uuid4)

    def given(
        self, process: str, files: Mapping[str, bytes] | None = None, **facts: Any
    ) -> "RouteUnderTest":
        """Put a set in service (the project's by default) and start a dossier in ``process``."""
        begin = partial(
            deployments.zet_in_dienst,
            files=project_files() if files is None else files,
            reden="test",
            by=BUREAU,
            now=self.now,
        )
        transact(self.store.sessions, begin)
        start = partial(
            dossiers.start_dossier,
            gegevens={**PERSOON, **facts},
            proces=process,
            by=BUREAU,
            now=self.now,
        )
        self.dossier_id = transact(self.store.sessions, start).id
        return self

    def when_done(self, element: str, *, by: Actor | None = None, **answers: Any) -> taken.Voltooid:
        """Complete the open taak ``element``; by somebody of its rol and partij unless given."""
        taak = self.taak(element)
        work = partial(
            taken.complete_taak,
            taak_id=taak.id,
            rauw=to_json(answers),
            by=by or collega(taak),
            now=self.now,
        )
        return transact(self.store.sessions, work)

    def when_message(self, message: str, message_id: str | None = None, **payload: Any) -> str:
        """Hand in a message and let the worker look at once; answers its status."""
        receive = partial(
            berichten.receive,
            bericht_id=message_id or str(uuid4()),
            bericht=message,
            gegevens=payload,
            dossier_id=self.dossier_id,
            by=BUREAU,
            now=self.now,
        )
        bericht = transact(self.store.sessions, receive)
        run_due(self.store, self.config, self.now)
        return read(
            self.store.sessions,
            lambda s: s.get_one(berichten.Bericht, bericht.bericht_id).status,
        )

    def when_facts(self, **facts: Any) -> None:
        """Correct facts outside a taak."""
        work = partial(
            dossiers.wijzig_feiten,
            dossier_id=self.dossier_id,
            feiten=facts,
            reden="test",
            by=BUREAU,
            now=self.now,
        )
        transact(self.store.sessions, work)

    def when_suspected(self, element: str, *, by: Actor = BUREAU, **gegevens: Any) -> None:
        """Report a suspicion about the open taak ``element``."""
        work = partial(
            naleving.meld_vermoeden,
            taak_id=self.taak(element).id,
            gegevens=gegevens,
            by=by,
            now=self.now,
        )
        transact(self.store.sessions, work)

    def when_days_pass(self, days: int) -> list[Gebeurtenis]:
        """Let days pass one by one; what falls due fires on its own day."""
        gebeurd: list[Gebeurtenis] = []
        for _ in range(days):
            self.now += timedelta(days=1)
            gebeurd += run_due(self.store, self.config, self.now).gebeurtenissen
        return gebeurd

    def when_moment_comes(self, element: str) -> None:
        """Move the clock to the moment of the armed timer ``element`` and let it go off."""
        (op,) = self._all(
            select(Wekker.op).where(
                Wekker.dossier_id == self.dossier_id,
                Wekker.element == element,
                Wekker.soort == "timer",
                Wekker.gesloten_op.is_(None),
            )
        )
        assert op is not None, f"{element} has no moment yet"
        self.now = max(self.now, op)
        run_due(self.store, self.config, self.now)

    @property
    def open(self) -> set[tuple[str, str, str]]:
        """The open taken as (element, rol, partij)."""
        return {(taak.element, taak.rol, taak.partij) for taak in self.taken}

    @property
    def open_elements(self) -> set[str]:
        """The elements of the open taken."""
        return {taak.element for taak in self.taken}

    @property
    def taken(self) -> list[Taak]:
        """The rows of the open taken."""
        return self._all(
            select(Taak).where(Taak.dossier_id == self.dossier_id, Taak.status == "open")
        )

    def taak(self, element: str) -> Taak:
        """Return the first open taak of ``element``."""
        found = [taak for taak in self.taken if taak.element == element]
        assert found, f"{element} is not open, but {sorted(self.open_elements)} are"
        return found[0]

    def due(self, element: str) -> date | None:
        """Return the last day of the open taak ``element``."""
        return self.taak(element).uiterlijk

    @property
    def armed(self) -> dict[str, datetime | None]:
        """The armed timers: element -> moment."""
        rijen = self._all(
            select(Wekker).where(
                Wekker.dossier_id == self.dossier_id,
                Wekker.soort == "timer",
                Wekker.gesloten_op.is_(None),
            )
        )
        return {rij.element: rij.op for rij in rijen}

    @property
    def facts(self) -> dict[str, Any]:
        """What the dossier knows now."""
        return read(self.store.sessions, lambda s: queries.feiten(s, self.dossier_id))

    @property
    def dossier(self) -> Dossier:
        """The row of the dossier."""
        return self._all(select(Dossier).where(Dossier.id == self.dossier_id))[0]

    @property
    def ended(self) -> bool:
        """Whether the route is over."""
        (op,) = self._all(select(Route.beeindigd_op).where(Route.dossier_id == self.dossier_id))
        return op is not None

    @property
    def journal(self) -> list[Journaal]:
        """The acts on the dossier, oldest first."""
        return self._all(
            select(Journaal).where(Journaal.dossier_id == self.dossier_id).order_by(Journaal.id)
        )

    @property
    def meldingen(self) -> list[Melding]:
        """The notices, oldest first."""
        return self._all(
            select(Melding).where(Melding.dossier_id == self.dossier_id).order_by(Melding.id)
        )

    @property
    def incidenten(self) -> list[Incident]:
        """The open incidents of the whole store."""
        return self._all(select(Incident).where(Incident.opgelost_op.is_(None)))

    @property
    def visited(self) -> set[str]:
        """The elements and flows that the route passed, for coverage."""
        return {
            name
            for act in self.journal
            for _process, element, _what, flow in act.pad
            for name in (element, flow)
            if name is not None
        }

    @property
    def ailments(self) -> Iterable[str]:
        """What the doctor finds: rows that do not agree with the route."""
        found = read(self.store.sessions, partial(doctor.diagnose, now=self.now))
        return [f"{een.soort}: {een.tekst}" for een in found]

    def _all(self, statement: Any) -> list[Any]:
        return read(self.store.sessions, lambda s: list(s.scalars(statement)))


def collega(taak: Taak) -> Actor:
    """Return somebody who may do ``taak``: of its rol, at its partij, and its behandelaar."""
    return Actor("Collega", taak.partij, frozenset({Rol(taak.rol)}), taak.behandelaar_id)
