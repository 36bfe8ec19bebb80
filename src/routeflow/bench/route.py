"""The route of the measurement, in the words of the library and in ours.

It is of the size of the real one: a parent that calls eight processes, 70 user tasks, 19 timers,
20 scripts. The library gets Python, quoted durations and the whole workflow as JSON in each step;
we get FEEL and state only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from routeflow import engine

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


def documents(*, ours: bool) -> dict[str, bytes]:
    dialect = _Dialect(ours)
    texts = {"main": _parent(dialect)} | {name: _called(dialect, name) for name in _CALLED}
    return {f"processes/{name}.bpmn": text.encode() for name, text in texts.items()}


def _again(rounds: int) -> bytes:
    ours = _Dialect(ours=True)
    body = '<bpmn:startEvent id="as"/><bpmn:endEvent id="ae"/><bpmn:exclusiveGateway id="am"/>'
    body += '<bpmn:exclusiveGateway id="ax" default="f_ax_ae"/>'
    body += ours.script("a0", "passed", "", "0") + ours.script("a1", "passed", "", "passed + 1")
    body += '<bpmn:callActivity id="a_main" calledElement="main"/>'
    body += (
        '<bpmn:sequenceFlow id="f_ax_am" sourceRef="ax" targetRef="am"><bpmn:conditionExpression>'
        f"=passed &lt; {rounds}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    body += _flows("as", "a0", "am", "a_main", "a1", "ax", "ae")
    return _document("again", body).encode()


class Library:
    """SpiffWorkflow as its documentation shows: the whole workflow as JSON in each step."""

    def __init__(self) -> None:
        parser = BpmnParser()
        for document in documents(ours=False).values():
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


class Product:
    """The same route through our own verbs."""

    def __init__(self, rounds: int = 1) -> None:
        """Parse the route; with more ``rounds`` one that passes it so often, one after the other."""
        self.process = "again" if rounds > 1 else "main"
        self.definition = engine.load(
            {**documents(ours=True), "processes/again.bpmn": _again(rounds)}
        )
        self.facts: dict[str, Any] = {}
        self.open: dict[bytes, str] = {}

    def _world(self) -> engine.World:
        return engine.World(now=NOW, facts=self.facts, functions=lambda _opened: {}, services={})

    def start(self) -> bytes:
        self.facts = {}
        return self._keep(engine.start(self.definition, self.process, self._world()))

    def step(self, state: bytes) -> tuple[bytes, bool]:
        task = self.open.pop(state)
        step = engine.complete(self.definition, state, task, {}, self._world())
        return self._keep(step), step.finished

    def _keep(self, step: engine.Step) -> bytes:
        self.facts = {**self.facts, **step.facts}
        if step.tasks:
            self.open[step.state] = step.tasks[0].id  # the host has this in its table of taken
        return step.state
