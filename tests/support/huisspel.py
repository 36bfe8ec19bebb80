"""Play the story of one diagram in the house: the same verbs, on a database, by the real commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import event, select

from routeflow import engine
from routeflow.commands import dossiers, taken
from routeflow.commands.advance import Move, advance
from routeflow.commands.zaak import Act, lock_route, neem
from routeflow.engine import Passed
from routeflow.errors import NotAllowed, Refusal
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store import Store, queries, read, transact
from routeflow.store.models import Journaal, Route, Taak
from support.route import BUREAU, PERSOON
from support.tekening import Spel, _rauw, definitie

_ACTS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})
_ANDEREN = ("Mina", "Karel", "Joost", "Lies")  # a step may ask for another person than before


@dataclass
class Telling:
    """The statements and commits of one database since it was last asked."""

    store: Store
    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __post_init__(self) -> None:
        event.listen(self.store.engine, "before_cursor_execute", self._statement)
        event.listen(self.store.engine, "commit", self._commit)

    def begin(self) -> None:
        """Count from here."""
        self.statements, self.commits = [], 0

    def _statement(self, _connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.split(None, 1)[0] in _ACTS:
            self.statements.append(" ".join(sql.split())[:100])

    def _commit(self, _connection: Any) -> None:
        self.commits += 1


@dataclass(frozen=True)
class Voltooiing:
    """What one completion cost. Who asks is looked up before it: one statement more."""

    element: str
    statements: list[str]
    commits: int


class Huisspel(Spel):
    """One diagram as the route of a dossier. ``gedaan``: what each completion cost."""

    def __init__(self, proces: str, telling: Telling) -> None:
        super().__init__(proces)
        self.telling = telling
        self.gedaan: list[Voltooiing] = []
        self.dossier_id = UUID(int=0)
        self._gelezen = 0  # the last row of the journal that was looked at

    def given(self, **feiten: Any) -> "Huisspel":
        return self._open(None, feiten)

    def given_message(self, naam: str, /, **feiten: Any) -> "Huisspel":
        return self._open(dossiers.Ontvangen(naam, feiten), feiten)

    def when_done(self, element: str, **antwoorden: Any) -> None:
        open_ = self._taak(element)
        assert open_.form is not None, f"{element} heeft geen formulier"
        bekend = self.feiten | dict(open_.local)
        rauw = {k: _rauw(w) for k, w in self._vul_in(open_.form, antwoorden, bekend).items()}
        taak = read(self._sessions, lambda s: s.get_one(Taak, UUID(open_.id)))
        try:
            self._voltooi(taak, rauw)
        except Refusal as error:
            raise AssertionError(str(getattr(error, "fouten", None) or error)) from error
        self.gedaan.append(Voltooiing(element, [*self.telling.statements], self.telling.commits))
        self._kijk()

    def when_message(self, naam: str, **feiten: Any) -> None:
        self._beweeg(
            lambda definition, state, world: engine.deliver(definition, state, naam, feiten, world),
            feiten,
        )

    def when_time_comes(self, element: str) -> None:
        for alarm in self._stap.alarms:
            if alarm.element == element:
                assert alarm.due is not None, f"{element} heeft nog geen moment"
                self.nu = max(self.nu, alarm.due)
                self._beweeg(partial(_gaat_af, alarm.id), {})
                return
        raise AssertionError(f"{element} wacht niet; wel: {self.wachten}")

    def when_facts_change(self, **feiten: Any) -> None:
        self._beweeg(engine.refresh, feiten)

    # inside

    @property
    def _sessions(self) -> Any:
        return self.telling.store.sessions

    def _open(self, bericht: dossiers.Ontvangen | None, feiten: Mapping[str, Any]) -> "Huisspel":
        bekend = {naam: waarde for naam, waarde in feiten.items() if waarde is not None}
        begin = partial(
            dossiers.open_dossier,
            gegevens={**PERSOON, **bekend},
            proces=self.proces,
            bericht=bericht,
            by=BUREAU,
            now=self.nu,
        )
        self.dossier_id = transact(self._sessions, begin).id
        self._kijk()
        return self

    def _voltooi(self, taak: Taak, rauw: Mapping[str, Any]) -> None:
        """Complete it by who plays, or by somebody else where it may not be the same person."""
        for naam in (self.wie, *_ANDEREN):
            wie = Actor(naam, taak.partij, frozenset({Rol(taak.rol)}), taak.behandelaar_id)
            self.telling.begin()
            try:
                transact(
                    self._sessions,
                    partial(taken.complete_taak, taak_id=taak.id, rauw=rauw, by=wie, now=self.nu),
                )
            except NotAllowed:
                continue
            return
        raise AssertionError(f"nobody may do {taak.element}")

    def _beweeg(self, move: Move, feiten: Mapping[str, Any]) -> None:
        def work(session: Any) -> None:
            route = lock_route(session, Route.dossier_id == self.dossier_id)
            zaak = neem(session, route, by=BUREAU, now=self.nu)
            advance(zaak, move, Act("test"), feiten=feiten)

        transact(self._sessions, work)
        self._kijk()

    def _kijk(self) -> None:
        """Let the story see the present as the house keeps it."""
        toestand, self.feiten, regels = read(self._sessions, self._lees)
        langs = [Passed(*stap) for regel in regels for stap in regel.pad]
        self._gelezen = regels[-1].id if regels else self._gelezen
        stap = engine.refresh(definitie(), toestand, self._wereld())
        self._neem(replace(stap, facts={}, passed=tuple(langs)))

    def _lees(self, session: Any) -> tuple[bytes, dict[str, Any], list[Journaal]]:
        regels = select(Journaal).where(
            Journaal.dossier_id == self.dossier_id, Journaal.id > self._gelezen
        )
        return (
            session.get_one(Route, self.dossier_id).toestand,
            dict(queries.feiten(session, self.dossier_id)),
            list(session.scalars(regels.order_by(Journaal.id))),
        )


def _gaat_af(alarm: str, definition: Any, state: bytes, world: Any) -> Any:
    return engine.fire(definition, state, alarm, world)
