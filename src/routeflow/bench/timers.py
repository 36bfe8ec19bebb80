"""Ten thousand timers due at once: how many one worker does a second, how many two do, and in what."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from routeflow import memory
from routeflow.bench.copies import copy_dossier
from routeflow.bench.figures import Options, databases, settle, spread
from routeflow.bench.route import NOW, documents
from routeflow.clock import system_clock
from routeflow.commands import catalogus, deployments, dossiers
from routeflow.config import Config
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, migrate, open_store, read, transact
from routeflow.store.models import Deployment, Wekker
from routeflow.worker import Worker, run_due

_BY = Actor("meting", GEMEENTE, frozenset(Rol))
_WEEK = timedelta(weeks=1)
_SOORTEN = {"timer": "timers", "ladder": "herinneringen", "route": "timers van een grote route"}

_DIAGRAM = b"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:routeflow:bench">
 <bpmn:process id="wachten" isExecutable="true">
  <bpmn:laneSet id="lanes"><bpmn:lane id="l" name="casemanager">
   <bpmn:flowNodeRef>vraag</bpmn:flowNodeRef><bpmn:flowNodeRef>bel</bpmn:flowNodeRef>
  </bpmn:lane></bpmn:laneSet>
  <bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="vraag"/>
  <bpmn:userTask id="vraag" name="Vraag de gegevens op"><bpmn:extensionElements><zeebe:userTask/>
   <zeebe:taskSchedule dueDate="=date(string(dag))"/></bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="stil" name="Geen antwoord" attachedToRef="vraag" cancelActivity="false">
   <bpmn:timerEventDefinition><bpmn:timeDuration>P14D</bpmn:timeDuration>
   </bpmn:timerEventDefinition></bpmn:boundaryEvent>
  <bpmn:sequenceFlow id="f2" sourceRef="stil" targetRef="bel"/>
  <bpmn:userTask id="bel" name="Bel"><bpmn:extensionElements><zeebe:userTask/>
   </bpmn:extensionElements></bpmn:userTask>
  <bpmn:sequenceFlow id="f3" sourceRef="bel" targetRef="e2"/><bpmn:endEvent id="e2"/>
  <bpmn:sequenceFlow id="f4" sourceRef="vraag" targetRef="e"/><bpmn:endEvent id="e"/>
 </bpmn:process>
</bpmn:definitions>"""

_ESCALATIE = b"""<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:t">
 <decision id="escalatie" name="escalatie"><decisionTable id="dt" hitPolicy="COLLECT">
  <input id="i"><inputExpression id="ie" typeRef="string"><text>houder</text></inputExpression></input>
  <output id="o1" name="stap" typeRef="string"/><output id="o2" name="dagen" typeRef="number"/>
  <output id="o3" name="soort" typeRef="string"/><output id="o4" name="aan" typeRef="string"/>
  <output id="o5" name="tekst" typeRef="string"/>
  <rule id="r1"><inputEntry id="c1"><text>-</text></inputEntry>
   <outputEntry id="v1"><text>"te laat"</text></outputEntry><outputEntry id="v2"><text>1</text></outputEntry>
   <outputEntry id="v3"><text>"te laat"</text></outputEntry>
   <outputEntry id="v4"><text>"casemanager"</text></outputEntry>
   <outputEntry id="v5"><text>"De laatste dag is voorbij."</text></outputEntry></rule>
  <rule id="r2"><inputEntry id="c2"><text>-</text></inputEntry>
   <outputEntry id="w1"><text>"team"</text></outputEntry><outputEntry id="w2"><text>250</text></outputEntry>
   <outputEntry id="w3"><text>"escalatie"</text></outputEntry>
   <outputEntry id="w4"><text>"teamleider"</text></outputEntry>
   <outputEntry id="w5"><text>"Een jaar te laat."</text></outputEntry></rule>
 </decisionTable></decision>
</definitions>"""


def measure(options: Options) -> dict[str, Any]:
    """Measure each kind on each database, with one worker and on PostgreSQL with two."""
    number = 1_000 if options.quick else 10_000
    result: dict[str, Any] = {}
    for soort in _SOORTEN:
        how_many = number // 10 if soort == "route" else number
        for kind in ("sqlite", "postgresql") if options.postgresql else ("sqlite",):
            for workers in (1, 2) if kind == "postgresql" else (1,):
                print(f"{soort}, {kind}, {workers} worker(s) ...", file=options.progress)
                with databases(options) as urls:
                    found = _round(urls[kind], soort, how_many, workers)
                result[f"{soort} {kind} {workers}"] = found
        if options.postgresql:
            one, two = (result[f"{soort} postgresql {n}"]["per_second"] for n in (1, 2))
            result[f"{soort} postgresql 2"]["times_one"] = round(two / one, 2)
    with databases(options) as urls:
        result["traagheid"] = _latency(urls["sqlite"], 5 if options.quick else 20)
    return result


def _round(url: str, soort: str, number: int, workers: int) -> dict[str, Any]:
    """Fill a database, let ``workers`` processes at it, and count."""
    migrate(url)
    with _opened(url) as store:
        now = _fill(store, soort, number)
        due = _due(store, now)
    with _processes(url, now, workers) as running:
        begin = time.perf_counter()
        for process in running:
            process.say()
        reports = [json.loads(process.hear()) for process in running]
        seconds = time.perf_counter() - begin
    with _opened(url) as store:
        if left := _due(store, now):
            raise RuntimeError(f"{left} of {due} timers did not go off")
    fired = sum(report["fired"] for report in reports)
    if fired != due:
        raise RuntimeError(f"{due} timers were due, {fired} went off")
    each = {
        f"{name}_ms": round(1000 * sum(report[name] for report in reports) / fired, 3)
        for name in ("cpu", "statements", "commits")
    }
    return {
        "fired": fired,
        "seconds": round(seconds, 2),
        "per_second": round(fired / seconds),
        **each,
        "statements_each": round(sum(report["count"] for report in reports) / fired, 2),
    }


def _fill(store: Store, soort: str, number: int) -> datetime:
    """Make dossiers with a timer each; return the moment at which ``number`` are due at once."""
    small = {"processes/wachten.bpmn": _DIAGRAM, "processes/escalatie.dmn": _ESCALATIE}
    files = documents(ours=True) if soort == "route" else small
    proces = "main" if soort == "route" else "wachten"
    day = (NOW + timedelta(days=6 if soort == "ladder" else 400)).date()
    gegevens = {"naam": "Meting", "doelgroep": "asielstatushouder", "dag": day.isoformat()}
    if soort == "route":
        gegevens |= {f"feit{serial}": "antwoord" for serial in range(100)}

    def work(session: Session) -> None:
        deployments.zet_in_dienst(session, files, reden="meting", by=_BY, now=NOW)
        dossier = dossiers.start_dossier(session, gegevens, proces=proces, by=_BY, now=NOW)
        copy_dossier(session, dossier.id, number - 1)

    transact(store.sessions, work)
    settle(store)
    return NOW + {"timer": _WEEK * 2, "ladder": timedelta(days=10), "route": _WEEK * 8}[soort]


def _latency(url: str, number: int) -> dict[str, float]:
    """Return how late timers go off, one by one, with a worker that has nothing else to do."""
    migrate(url)
    with _opened(url) as store:
        _fill(store, "timer", number)
        transact(store.sessions, _warm)
        begin = system_clock()
        transact(store.sessions, partial(_spread_out, begin=begin))
        worker = Worker(store, Config(database=url))
        worker.start()
        while _due(store, begin + timedelta(days=1)):
            time.sleep(0.2)
        worker.stop()
        went = select(Wekker.gesloten_op, Wekker.op).where(Wekker.afgegaan)
        rows = read(store.sessions, lambda session: session.execute(went).all())
        return spread([(closed - due).total_seconds() for closed, due in rows if closed and due])


def _spread_out(session: Session, *, begin: datetime) -> None:
    """Let the timers come due one by one, half a second apart."""
    for serial, wekker in enumerate(session.scalars(select(Wekker).where(_ARMED)), 11):
        wekker.op = begin + timedelta(seconds=serial / 2)


_ARMED = Wekker.gesloten_op.is_(None) & (Wekker.soort == "timer")


def _due(store: Store, now: datetime) -> int:
    waiting = select(func.count()).where(Wekker.gesloten_op.is_(None), Wekker.op <= now)
    return read(store.sessions, lambda session: session.scalars(waiting).one())


@contextmanager
def _opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _processes(url: str, now: datetime, workers: int) -> Iterator[list["_Process"]]:
    """Start workers as processes of their own; each is ready when it has read the diagrams."""
    running = [_Process(url, now) for _ in range(workers)]
    try:
        for process in running:
            process.hear()
        yield running
    finally:
        for process in running:
            process.close()


class _Process:
    """A worker in a process of its own, that says a line when it is ready and one when it is done."""

    def __init__(self, url: str, now: datetime) -> None:
        program = "import sys; from routeflow.bench.timers import work; work(*sys.argv[1:])"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-c", program, url, now.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._in, self._out = self._process.stdin, self._process.stdout

    def say(self) -> None:
        if self._in:
            self._in.write("begin\n")
            self._in.flush()

    def hear(self) -> str:
        return self._out.readline() if self._out else ""

    def close(self) -> None:
        for pipe in (self._in, self._out):
            if pipe:
                pipe.close()
        self._process.wait()


def work(url: str, now: str) -> None:
    """Be one worker: get ready, wait for a line, do all that is due and tell how it went."""
    with _opened(url) as store:
        transact(store.sessions, _warm)
        memory.settle()
        clocks = _clocks(store)
        _tell("klaar")
        sys.stdin.readline()
        cpu = time.process_time()
        verslag = run_due(store, Config(database=url), datetime.fromisoformat(now))
        figures = {
            "fired": sum(een.soort == "wekker" for een in verslag.gebeurtenissen),
            "cpu": time.process_time() - cpu,
            **clocks,
        }
        _tell(json.dumps(figures))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _warm(session: Session) -> None:
    for deployment in session.scalars(select(Deployment)):
        catalogus.catalogus_of(session, deployment)


def _clocks(store: Store) -> Mapping[str, float]:
    """Let the database's part be timed: seconds in statements and in commits, and how many."""
    clocks = {"statements": 0.0, "commits": 0.0, "count": 0.0}
    begun: list[float] = []
    dialect: Any = store.engine.dialect
    commit = dialect.do_commit

    def before(*_: object) -> None:
        begun.append(time.perf_counter())

    def after(*_: object) -> None:
        clocks["statements"] += time.perf_counter() - begun.pop()
        clocks["count"] += 1

    def timed_commit(connection: Any) -> None:  # noqa: ANN401 - the driver's
        begin = time.perf_counter()
        commit(connection)
        clocks["commits"] += time.perf_counter() - begin

    event.listen(store.engine, "before_cursor_execute", before)
    event.listen(store.engine, "after_cursor_execute", after)
    dialect.do_commit = timed_commit
    return clocks


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table(
        "wekkers tegelijk", "aantal", "per s", "cpu ms", "sql ms", "commit ms", "sql per wekker"
    )
    for label, row in result.items():
        if "fired" in row:
            soort, rest = label.split(" ", 1)
            table.add_row(
                f"{_SOORTEN[soort]}, {rest} worker(s)",
                str(row["fired"]),
                f"{row['per_second']}" + (f" ({row['times_one']} x)" if "times_one" in row else ""),
                f"{row['cpu_ms']:.2f}",
                f"{row['statements_ms']:.2f}",
                f"{row['commits_ms']:.2f}",
                f"{row['statements_each']:.2f}",
            )
    console.print(table)
    late = result["traagheid"]
    console.print(
        "een timer op een stil systeem gaat af na (ms): "
        f"mediaan {late['median_ms']:.0f}, p95 {late['p95_ms']:.0f}, max {late['max_ms']:.0f}"
    )
