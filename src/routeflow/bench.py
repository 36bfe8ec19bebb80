"""Measures the product against SpiffWorkflow used as its documentation shows, in the same run.

The route of the measurement is of the size of the real one: a parent that calls eight
processes, 70 user tasks, 19 timers, 20 scripts. It is written twice, in the words of the
library (Python, quoted durations, the whole workflow as JSON in each step) and in ours
(FEEL, state only). Machines are noisy: read the ratios, which are taken in turns.
"""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID, uuid4
from xml.sax.saxutils import escape, quoteattr

from rich.console import Console
from rich.table import Table
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import insert

from routeflow import engine
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, migrate, open_store, queries, read
from routeflow.store.models import Account, Deployment, Dossier, Taak

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

# Per called process: user tasks, timers on them, and whether its last four run in parallel.
_CALLED = {
    "intake": (8, 2, False),
    "pip": (9, 3, True),
    "route_b1": (10, 2, True),
    "route_o": (10, 2, True),
    "route_z": (10, 2, True),
    "pvt": (5, 1, False),
    "map": (6, 1, False),
    "exam": (7, 2, False),
    "nazorg": (5, 0, False),
}
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_ZEEBE = "http://camunda.org/schema/zeebe/1.0"


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How an expression is written for the library and for us."""

    ours: bool

    def script(self, id_: str, name: str, python: str, feel: str) -> str:
        body = (
            "<bpmn:extensionElements><zeebe:script "
            f"expression={quoteattr('=' + feel)} resultVariable={quoteattr(name)}/>"
            "</bpmn:extensionElements>"
            if self.ours
            else f"<bpmn:script>{escape(f'{name} = {python}')}</bpmn:script>"
        )
        return f'<bpmn:scriptTask id="{id_}">{body}</bpmn:scriptTask>'

    def timer(self, id_: str, host: str, duration: str) -> str:
        text = duration if self.ours else f'"{duration}"'
        return (
            f'<bpmn:boundaryEvent id="{id_}" attachedToRef="{host}" cancelActivity="false">'
            "<bpmn:timerEventDefinition><bpmn:timeDuration>"
            f"{text}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        )

    def when(self, name: str, value: str) -> str:
        return f'={name} = "{value}"' if self.ours else f'{name} == "{value}"'


def _flows(*path: str) -> str:
    return "".join(
        f'<bpmn:sequenceFlow id="f_{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for a, b in pairwise(path)
    )


def _reminder(dialect: _Dialect, host: str, duration: str) -> str:
    timer, script, end = f"{host}_b", f"{host}_x", f"{host}_be"
    return (
        dialect.timer(timer, host, duration)
        + dialect.script(script, "reminders", "reminders + 1", "reminders + 1")
        + f'<bpmn:endEvent id="{end}"/>'
        + _flows(timer, script, end)
    )


def _called(dialect: _Dialect, name: str) -> str:
    number, timers, parallel = _CALLED[name]
    tasks = [f"{name}_t{i}" for i in range(number)]
    body = f'<bpmn:startEvent id="{name}_s"/><bpmn:endEvent id="{name}_e"/>'
    for i, task in enumerate(tasks):
        body += f'<bpmn:userTask id="{task}" name="Stap {i} van {name}"/>'
        if i < timers:
            body += _reminder(dialect, task, "P10W")
    if not parallel:
        return _document(name, body + _flows(f"{name}_s", *tasks, f"{name}_e"))
    *first, a, b, c, d = tasks
    body += f'<bpmn:parallelGateway id="{name}_g"/><bpmn:parallelGateway id="{name}_j"/>'
    body += _flows(f"{name}_s", *first, f"{name}_g", a, b, f"{name}_j", f"{name}_e")
    return _document(name, body + _flows(f"{name}_g", c, d, f"{name}_j"))


def _parent(dialect: _Dialect) -> str:
    def call(name: str) -> str:
        return f'<bpmn:callActivity id="ca_{name}" calledElement="{name}"/>'

    body = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
    body += dialect.script("init", "reminders", "0", "0")
    body += dialect.script("choose", "leerroute", '"B1"', '"B1"')
    body += "".join(call(name) for name in _CALLED)
    for name, duration in (("intake", "P8W"), ("pip", "P10W"), ("pvt", "P3Y"), ("map", "P3Y")):
        body += _reminder(dialect, f"ca_{name}", duration)
    body += '<bpmn:exclusiveGateway id="gx" default="f_gx_ca_route_b1"/>'
    body += '<bpmn:exclusiveGateway id="gm"/>'
    body += '<bpmn:parallelGateway id="pg"/><bpmn:parallelGateway id="pj"/>'
    body += _flows("s", "init", "ca_intake", "ca_pip", "choose", "gx", "ca_route_b1", "gm", "pg")
    for name, value in (("route_o", "O"), ("route_z", "Z")):
        body += (
            f'<bpmn:sequenceFlow id="f_gx_{name}" sourceRef="gx" targetRef="ca_{name}">'
            f"<bpmn:conditionExpression>{escape(dialect.when('leerroute', value))}"
            "</bpmn:conditionExpression></bpmn:sequenceFlow>"
        )
        body += _flows(f"ca_{name}", "gm")
    body += _flows("pg", "ca_pvt", "pj", "ca_exam", "ca_nazorg", "e") + _flows("pg", "ca_map", "pj")
    return _document("main", body)


def _document(process: str, body: str) -> str:
    return (
        f'<?xml version="1.0"?><bpmn:definitions xmlns:bpmn="{_BPMN}" xmlns:zeebe="{_ZEEBE}" '
        f'id="d_{process}" targetNamespace="urn:routeflow:bench">'
        f'<bpmn:process id="{process}" name="{process}" isExecutable="true">{body}</bpmn:process>'
        "</bpmn:definitions>"
    )


def _documents(*, ours: bool) -> dict[str, bytes]:
    dialect = _Dialect(ours)
    texts = {"main": _parent(dialect)} | {name: _called(dialect, name) for name in _CALLED}
    return {f"processes/{name}.bpmn": text.encode() for name, text in texts.items()}


class _Library:
    """SpiffWorkflow as its documentation shows: the whole workflow as JSON in each step."""

    def __init__(self) -> None:
        parser = BpmnParser()
        for document in _documents(ours=False).values():
            parser.add_bpmn_str(document)
        self.spec = parser.get_spec("main")
        self.called = parser.get_subprocess_specs("main")
        self.serializer = BpmnWorkflowSerializer()

    def start(self) -> bytes:
        workflow = BpmnWorkflow(self.spec, self.called)
        workflow.do_engine_steps()
        return self.dump(workflow)

    def step(self, state: bytes) -> tuple[bytes, bool]:
        workflow = self.serializer.deserialize_json(state.decode())
        task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual)
        task.run()
        workflow.do_engine_steps()
        return self.dump(workflow), workflow.completed

    def dump(self, workflow: BpmnWorkflow) -> bytes:
        text: str = self.serializer.serialize_json(workflow)
        return text.encode()


class _Product:
    """The same route through our own verbs."""

    def __init__(self) -> None:
        self.definition = engine.load(_documents(ours=True))
        self.facts: dict[str, Any] = {}
        self.open: dict[bytes, str] = {}

    def _world(self) -> engine.World:
        return engine.World(now=NOW, facts=self.facts, functions=lambda _opened: {}, services={})

    def start(self) -> bytes:
        self.facts = {}
        return self._keep(engine.start(self.definition, "main", self._world()))

    def step(self, state: bytes) -> tuple[bytes, bool]:
        task = self.open.pop(state)
        step = engine.complete(self.definition, state, task, {}, self._world())
        return self._keep(step), step.finished

    def _keep(self, step: engine.Step) -> bytes:
        self.facts = {**self.facts, **step.facts}
        if step.tasks:
            self.open[step.state] = step.tasks[0].id  # the host has this in its table of taken
        return step.state


def _steps(way: _Library | _Product, database: Path) -> Iterator[tuple[float, int]]:
    """Yield seconds and stored bytes of each completed task of one case: read, run, durable write."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table if not exists route (id integer primary key, state blob)")
    case = connection.execute("insert into route(state) values (?)", (way.start(),)).lastrowid
    finished = False
    while not finished:
        begin = time.perf_counter()
        connection.execute("begin immediate")
        (state,) = connection.execute("select state from route where id=?", (case,)).fetchone()
        state, finished = way.step(state)
        connection.execute("update route set state=? where id=?", (state, case))
        connection.execute("commit")
        yield time.perf_counter() - begin, len(state)
    connection.close()


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "median_ms": round(1000 * statistics.median(ordered), 3),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 3),
        "min_ms": round(1000 * ordered[0], 3),
        "max_ms": round(1000 * ordered[-1], 3),
        "runs": len(ordered),
    }


def measure_step(*, cases: int) -> dict[str, Any]:
    """Measure one completed taak, engine and durable commit: the library and us, case by case in turn."""
    library, product = _Library(), _Product()
    theirs: list[tuple[float, int]] = []
    ours: list[tuple[float, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(cases):
            ours += _steps(product, Path(folder, "ours.db"))
            theirs += _steps(library, Path(folder, "theirs.db"))
    baseline = _spread([seconds for seconds, _ in theirs])
    own = _spread([seconds for seconds, _ in ours])
    return {
        "baseline": {**baseline, "bytes_median": statistics.median(size for _, size in theirs)},
        "routeflow": {**own, "bytes_median": statistics.median(size for _, size in ours)},
        "ratio_median": round(baseline["median_ms"] / own["median_ms"], 2),
        "ratio_p95": round(baseline["p95_ms"] / own["p95_ms"], 2),
    }


def fill_worklist(store: Store, number: int) -> dict[str, Actor]:
    """Put ``number`` open taken of as many dossiers / 3 in ``store``; return who will look."""
    draw = random.Random(20260302)  # noqa: S311 - invented data, the same each time
    people = [uuid4() for _ in range(20)]
    roles = [
        ("brede intake", "casemanager", GEMEENTE),
        ("regie", "casemanager", GEMEENTE),
        ("maatschappelijke begeleiding", "maatschappelijk begeleider", "Vluchtelingenwerk"),
        ("PVT", "pvt-aanbieder", "Netsheila"),
        ("B1-route", "taalaanbieder", "IVIO"),
        ("Z-route", "taalaanbieder", "Fiolet"),
        ("MAP", "map-aanbieder", "IVIO"),
    ]
    files = [uuid4() for _ in range(number // 3)]
    with store.sessions.begin() as session:
        session.add(
            Deployment(id=1, gepubliceerd_op=NOW, door="meting", reden="meting", digest="0" * 64)
        )
        session.execute(
            insert(Account),
            [
                {
                    "id": id_,
                    "login": f"meting{i}",
                    "naam": f"Persoon {i}",
                    "partij": GEMEENTE,
                    "wachtwoord": "-",
                    "rollen": ["casemanager"],
                }
                for i, id_ in enumerate(people)
            ],
        )
        session.execute(
            insert(Dossier),
            [
                {
                    "id": id_,
                    "nummer": f"M-{i:06}",
                    "naam": f"Achternaam{i % 997:03} Voornaam{i % 89}",
                    "zoek": f"achternaam{i % 997:03} voornaam{i % 89} m-{i:06}",
                    "doelgroep": "asielstatushouder",
                    "fase": "Leerroute",
                    "geopend_op": NOW,
                    "casemanager_id": draw.choice(people),
                }
                for i, id_ in enumerate(files)
            ],
        )
        session.execute(
            insert(Taak), [_taak(draw, files[i % len(files)], roles, people) for i in range(number)]
        )
    return {
        "casemanager": Actor("Persoon 0", GEMEENTE, frozenset({Rol.CASEMANAGER}), people[0]),
        "teamleider": Actor("Teamleider", GEMEENTE, frozenset({Rol.TEAMLEIDER}), people[1]),
        "partner": Actor("School", "IVIO", frozenset({Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER})),
    }


def _taak(
    draw: random.Random,
    dossier: UUID,
    roles: Sequence[tuple[str, str, str]],
    people: Sequence[UUID],
) -> dict[str, Any]:
    onderdeel, rol, partij = draw.choice(roles)
    return {
        "id": uuid4(),
        "dossier_id": dossier,
        "deployment_id": 1,
        "proces": "p06_brede_intake",
        "element": "voer_gesprek",
        "naam": "Voer gesprek",
        "onderdeel": onderdeel,
        "rol": rol,
        "partij": partij,
        "houder": "gemeente" if partij == GEMEENTE else "partner",
        "formulier": "voer-gesprek",
        "uiterlijk": NOW.date() + timedelta(days=draw.randint(-20, 200)),
        "status": "open",
        "geopend_op": NOW,
        "behandelaar_id": draw.choice(people) if partij == GEMEENTE else None,
        "lokaal": {},
        "pad": [],
        "version": 1,
    }


def measure_worklist(*, number: int, rounds: int) -> dict[str, Any]:
    """Measure the first page of the werklijst, with its counts, among ``number`` open taken."""
    vandaag: date = NOW.date()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/werklijst.db"
        migrate(url)
        store = open_store(url)
        try:
            readers = fill_worklist(store, number)
            result: dict[str, Any] = {"open_taken": number}
            for name, actor in readers.items():
                tab: Any = "mijn" if name == "casemanager" else "team"
                wanted = queries.WerklijstFilter(tab=tab)

                def look(
                    actor: Actor = actor, wanted: queries.WerklijstFilter = wanted
                ) -> queries.Page[queries.Rij]:
                    return read(
                        store.sessions,
                        lambda session: queries.werklijst(session, actor, wanted, vandaag),
                    )

                page = look()
                result[name] = {
                    **_spread([_timed(look) for _ in range(rounds)]),
                    "rows": len(page.rijen),
                    "count": page.totaal,
                }
            return result
        finally:
            store.close()


def _timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def measure(*, quick: bool, progress: TextIO, taken: int = 100_000) -> dict[str, Any]:
    """Measure everything; ``quick`` takes fewer rounds, on the same sizes."""
    print("stap: de bibliotheek en routeflow om de beurt ...", file=progress)
    step = measure_step(cases=2 if quick else 8)
    print(f"werklijst: {taken} open taken ...", file=progress)
    worklist = measure_worklist(number=taken, rounds=15 if quick else 60)
    return {"complete_taak": step, "worklist": worklist}


def show(result: dict[str, Any]) -> None:
    """Print the result as tables."""
    console = Console()
    step = result["complete_taak"]
    table = Table("een taak voltooien", "mediaan ms", "p95 ms", "min ms", "max ms", "bytes")
    for label, row in (("SpiffWorkflow", step["baseline"]), ("routeflow", step["routeflow"])):
        table.add_row(
            label,
            *(f"{row[key]:.2f}" for key in ("median_ms", "p95_ms", "min_ms", "max_ms")),
            f"{row['bytes_median']:.0f}",
        )
    console.print(table)
    console.print(f"verhouding: mediaan {step['ratio_median']} x, p95 {step['ratio_p95']} x")
    table = Table("werklijst, eerste bladzijde", "mediaan ms", "p95 ms", "rijen", "totaal")
    for label, row in result["worklist"].items():
        if isinstance(row, dict):
            table.add_row(
                label,
                f"{row['median_ms']:.2f}",
                f"{row['p95_ms']:.2f}",
                str(row["rows"]),
                str(row["count"]),
            )
    console.print(table)
