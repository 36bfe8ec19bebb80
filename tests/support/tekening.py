"""Play one diagram as people and time would: the real engine, tables, forms and terms; no database.

A story reads as given (facts), when (a task done, a message, time that passes) and then (what is
open, by when, how it ended). A task is filled in with the answers that the story tells; what the
form asks besides gets a plain answer, and nothing that the form would refuse is accepted.
"""

import importlib.util
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from routeflow import engine, feel, forms
from routeflow.commands.boetes import boeteadvies
from routeflow.engine import Definition, OpenTask, Step, World
from routeflow.errors import Invalid
from routeflow.inburgering import regels
from routeflow.inburgering.feestdagen import werkdagen_verder
from routeflow.inburgering.normen import norm

HUIS = Path(__file__).parents[2]
NEDERLAND = ZoneInfo("Europe/Amsterdam")
_MORGEN = time(9)
LIJSTEN = {"casemanagers": [forms.Optie("fatma", "Fatma Yildiz")]}


@cache
def definitie() -> Definition:
    """Return the whole set of diagrams and tables as it stands in the repository."""
    paden = sorted((HUIS / "processes").glob("*.bpmn")) + sorted((HUIS / "processes").glob("*.dmn"))
    return engine.load({f"processes/{pad.name}": pad.read_bytes() for pad in paden})


@cache
def _inhoud(formulier: str) -> bytes:
    return (HUIS / "forms" / f"{formulier}.form").read_bytes()


@cache
def _formulier(naam: str) -> list[dict[str, Any]]:
    return list(json.loads(_inhoud(naam))["components"])


class Spel:
    """One diagram that runs on its own, from its start event."""

    def __init__(self, proces: str) -> None:
        self.proces = proces
        self.feiten: dict[str, Any] = {}
        self.nu = datetime.combine(date(2026, 3, 11), _MORGEN, NEDERLAND).astimezone(UTC)
        self.stap: Step | None = None
        self.gezien: set[str] = set()
        self.einden: list[str] = []
        self.fasen: list[str] = []
        self.wie = "Kees"

    # given

    def given(self, **feiten: Any) -> "Spel":
        """Open the route with these facts."""
        self.feiten |= feiten
        self._neem(engine.start(definitie(), self.proces, self._wereld()))
        return self

    def given_message(self, naam: str, /, **feiten: Any) -> "Spel":
        """Open the route by the message that starts it."""
        self.feiten |= feiten
        stap = engine.start(definitie(), self.proces, self._wereld(), message=naam)
        self._neem(stap)
        return self

    # when

    def when_done(self, element: str, **antwoorden: Any) -> None:
        """Somebody completes the task; answers that the form refuses end the test."""
        taak = self._taak(element)
        assert taak.form is not None, f"{element} heeft geen formulier"
        bekend = self.feiten | dict(taak.local)
        rauw = {k: _rauw(w) for k, w in self._vul_in(taak.form, antwoorden, bekend).items()}
        try:
            gelezen = forms.validate(
                forms.load(_inhoud(taak.form)).met(LIJSTEN),
                rauw,
                bekend,
                now=self.nu,
                functions=self._functies(taak.opened),
            )
        except Invalid as error:
            raise AssertionError(str(error.fouten)) from error
        assert gelezen.incidenten == ()
        self.feiten |= gelezen.feiten
        self._neem(engine.complete(definitie(), self._staat, taak.id, gelezen.taak, self._wereld()))

    def when_message(self, naam: str, **feiten: Any) -> None:
        """A message arrives; what it says becomes facts first, as the worker does."""
        self.feiten |= feiten
        self._neem(engine.deliver(definitie(), self._staat, naam, feiten, self._wereld()))

    def when_time_comes(self, element: str) -> None:
        """The clock moves on to the moment of this timer, and it goes off."""
        for alarm in self._stap.alarms:
            if alarm.element == element:
                assert alarm.due is not None, f"{element} heeft nog geen moment"
                self.nu = max(self.nu, alarm.due)
                self._neem(engine.fire(definitie(), self._staat, alarm.id, self._wereld()))
                return
        raise AssertionError(f"{element} wacht niet; wel: {self.wachten}")

    def when_facts_change(self, **feiten: Any) -> None:
        """Another part of the route, or a person, changes facts."""
        self.feiten |= feiten
        self._neem(engine.refresh(definitie(), self._staat, self._wereld()))

    # then

    @property
    def open(self) -> set[tuple[str, str | None]]:
        """The open tasks, each with the rol that must act."""
        return {(taak.element, taak.lane) for taak in self._stap.tasks}

    @property
    def wachten(self) -> set[str]:
        """The timers and messages that the route waits for."""
        return {w.element for w in (*self._stap.alarms, *self._stap.waits)}

    @property
    def klaar(self) -> bool:
        """Whether the route has ended."""
        return self._stap.finished

    @property
    def vandaag(self) -> date:
        """Today in the Netherlands."""
        return self.nu.astimezone(NEDERLAND).date()

    def uiterlijk(self, element: str) -> date | None:
        """Return the last day of an open task."""
        return self._taak(element).due

    def moment(self, element: str) -> date | None:
        """Return the day on which an armed timer goes off."""
        due = next(alarm.due for alarm in self._stap.alarms if alarm.element == element)
        return due.astimezone(NEDERLAND).date() if due else None

    def houder(self, element: str) -> str | None:
        """Return whose move an open task is, when the diagram says so."""
        return self._taak(element).properties.get("houder")

    # inside

    @property
    def _stap(self) -> Step:
        assert self.stap is not None, "begin met given()"
        return self.stap

    @property
    def _staat(self) -> bytes:
        return self._stap.state

    def _taak(self, element: str) -> OpenTask:
        for taak in self._stap.tasks:
            if taak.element == element:
                return taak
        raise AssertionError(f"{element} is niet open; wel: {self.open}")

    def _neem(self, stap: Step) -> None:
        self.stap = stap
        for naam, waarde in stap.facts.items():
            if waarde is None:
                self.feiten.pop(naam, None)
            else:
                self.feiten[naam] = waarde
        if stap.facts and not stap.finished:  # last days may hang on what the diagram just wrote
            self.stap = engine.refresh(definitie(), stap.state, self._wereld())
        fasen = [
            fase
            for langs in stap.passed
            if langs.what == "entered"
            and (fase := _eigenschappen(langs.process, langs.element).get("fase"))
        ]
        self.fasen += [fase for fase in fasen[-1:] if fase not in self.fasen[-1:]]
        einden = {e.id for e in definitie().elements(self.proces) if e.kind == "endEvent"}
        for langs in stap.passed:
            if langs.process == self.proces:
                self.gezien |= {langs.element} | ({langs.flow} if langs.flow else set())
                if langs.element in einden and langs.what == "entered":
                    self.einden.append(langs.element)

    def _wereld(self) -> World:
        return World(now=self.nu, facts=self.feiten, functions=self._functies, services={})

    def _functies(self, geopend: datetime) -> Mapping[str, Callable[..., Any]]:
        def termijn(naam: str, eigen: dict[str, Any] | None = None) -> date | None:
            hier = {een: dag for een, dag in (eigen or {}).items() if dag is not None}
            feiten = {**self.feiten, **hier}
            gevonden = regels.termijn(naam, feiten, afspraken=afspraak, geopend=geopend)
            return gevonden.laatste_dag() if gevonden else None

        def werkdagen(aantal: Decimal) -> date:
            return werkdagen_verder(geopend.astimezone(NEDERLAND).date(), int(aantal))

        return {
            "termijn": termijn,
            "werkdagen": werkdagen,
            "norm": lambda n: Decimal(norm(n)),
            "wie": lambda: self.wie,
            "boeteadvies": boeteadvies(self.feiten, lambda _: "verdubbelen", self.vandaag),
        }

    def _vul_in(
        self, formulier: str, gegeven: Mapping[str, Any], bekend: Mapping[str, Any]
    ) -> dict[str, Any]:
        velden = list(_velden(_formulier(formulier)))
        onbekend = gegeven.keys() - {veld["key"] for veld in velden}
        assert not onbekend, f"het formulier {formulier} vraagt niet naar {onbekend}"
        antwoorden = dict(gegeven)
        for veld in velden:
            if veld["key"] in antwoorden or veld.get("disabled"):
                continue
            if _verplicht(veld) and not self._verborgen(veld, {**bekend, **antwoorden}):
                antwoorden[veld["key"]] = self._gewoon_antwoord(veld)
        return antwoorden

    def _verborgen(self, veld: Mapping[str, Any], weten: Mapping[str, Any]) -> bool:
        return any(self._feel(verberg, weten) is True for verberg in veld["verberg"])

    def _feel(self, tekst: str, weten: Mapping[str, Any]) -> Any:
        bekend = {naam: _feel_waarde(waarde) for naam, waarde in weten.items()}
        return feel.compile(tekst.removeprefix("=")).evaluate(bekend, now=self.nu)

    def _gewoon_antwoord(self, veld: Mapping[str, Any]) -> Any:
        if veld["type"] == "dynamiclist":
            return [{rij["key"]: self._gewoon_antwoord(rij) for rij in veld["components"]}]
        keuzes = [optie["value"] for optie in veld.get("values", [])]
        keuzes += [optie.waarde for optie in LIJSTEN.get(veld.get("valuesKey", ""), [])]
        gewoon = {
            "datetime": self.vandaag,
            "number": Decimal(str(veld.get("validate", {}).get("min", 1))),
            "checkbox": True,
            "radio": next(iter(keuzes), None),
            "select": next(iter(keuzes), None),
            "checklist": keuzes,
        }
        return gewoon[veld["type"]] if veld["type"] in gewoon else _tekst(veld)


@cache
def _eigenschappen(proces: str, element: str) -> Mapping[str, str]:
    return next(een.properties for een in definitie().elements(proces) if een.id == element)


def afspraak(naam: str) -> Mapping[str, Any] | None:
    """Return the working agreement of that name in the set of the project."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    leeg = World(now=now, facts={}, functions=lambda _geopend: {}, services={})
    rij = engine.decide(definitie(), "werkafspraken", {"termijn": naam}, leeg).value
    return dict(rij) if rij else None


def _velden(
    componenten: list[dict[str, Any]], verberg: tuple[str, ...] = ()
) -> Iterator[dict[str, Any]]:
    """Yield each field with the conditions that hide it; a list is one field with its rows' fields."""
    for component in componenten:
        hier = component.get("conditional", {}).get("hide")
        alles = (*verberg, hier) if hier else verberg
        if component["type"] == "group":
            yield from _velden(component["components"], alles)
        elif component["type"] != "text":
            key = component["path"] if component["type"] == "dynamiclist" else component["key"]
            yield component | {"key": key, "verberg": alles}


def _verplicht(veld: Mapping[str, Any]) -> bool:
    return veld["type"] == "dynamiclist" or bool(veld.get("validate", {}).get("required"))


_VORMEN = {
    "email": "naam@voorbeeld.nl",
    "phone": "0299452452",
    "telefoon": "0299452452",
    "postcode": "1441 AB",
    "bsn": "111222333",
}


def _tekst(veld: Mapping[str, Any]) -> str:
    eisen = veld.get("validate", {})
    vorm = veld.get("properties", {}).get("soort") or eisen.get("validationType")
    return _VORMEN.get(vorm, "x" * max(3, eisen.get("minLength", 0)))


def _rauw(waarde: Any) -> Any:
    """Return an answer as a program sends it: JSON."""
    if isinstance(waarde, list):
        return [_rauw(deel) for deel in waarde]
    if isinstance(waarde, dict):
        return {naam: _rauw(deel) for naam, deel in waarde.items()}
    if isinstance(waarde, date):
        return waarde.isoformat()
    return float(waarde) if isinstance(waarde, Decimal) else waarde


def _feel_waarde(waarde: Any) -> Any:
    return Decimal(waarde) if isinstance(waarde, int) and not isinstance(waarde, bool) else waarde


def verhalen_van(proces: str) -> dict[str, Callable[[Any], None]]:
    """Return the stories of a diagram: each test_... in its file that asks only for ``spel``."""
    pad = HUIS / "tests" / "processes" / f"test_{proces}.py"
    assert pad.exists(), f"{proces} heeft nog geen verhalen: maak {pad.name}"
    spec = importlib.util.spec_from_file_location(f"verhalen_{proces}", pad)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        naam: verhaal
        for naam, verhaal in vars(module).items()
        if naam.startswith("test_") and list(inspect.signature(verhaal).parameters) == ["spel"]
    }


def niet_bezocht(proces: str) -> set[str]:
    """Play every story of a diagram again; return what no story ever passes.

    Elements and labelled branches (the flows out of gateways) both count.
    """
    gezien: set[str] = set()
    for verhaal in verhalen_van(proces).values():
        spel = Spel(proces)
        verhaal(spel)
        gezien |= spel.gezien
    elementen = {element.id for element in definitie().elements(proces)}
    lijnen = {flow.id for flow in definitie().flows(proces) if flow.id}
    return (elementen | lijnen) - gezien
