"""A deployed set of diagrams and tables, read once and shared by all running routes and threads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from routeflow.engine import decisions, diagram
from routeflow.engine.diagram import RESERVED, Begin, Node, Process, Scope
from routeflow.engine.expressions import Functions
from routeflow.engine.spiff import ScopeSpec
from routeflow.engine.types import Element, SequenceFlow, Start
from routeflow.errors import Incident, Invalid

_TOLD: Final = 20


class Definition:
    """A set of diagrams and tables that can run. Never changes after ``load``."""

    def __init__(
        self, processes: Mapping[str, Process], models: Mapping[str, decisions.Model]
    ) -> None:
        self._processes = processes
        self._models = models
        self.specs: dict[str, ScopeSpec] = {
            scope.id: ScopeSpec(scope, process)
            for process in processes.values()
            for scope in process.scope.scopes()
        }
        self._names = self._asked_with_callers(processes)
        self.processes: Mapping[str, str] = MappingProxyType(
            {ident: process.name for ident, process in processes.items()}
        )
        self.decisions: Mapping[str, str] = MappingProxyType(
            {ident: model.decisions[ident] for ident, model in models.items()}
        )
        self.names: Mapping[str, str] = MappingProxyType(
            {
                node.id: node.name
                for process in processes.values()
                for node in process.scope.everything()
            }
        )

    @property
    def drawn(self) -> Mapping[str, Process]:
        """Return the diagrams as they are drawn, by process."""
        return self._processes

    def model(self, decision_id: str) -> decisions.Model | None:
        """Return the file of tables that holds a decision; None without one."""
        return self._models.get(decision_id)

    def file_of(self, process_id: str) -> str:
        """Return the path of the file in which a process is drawn."""
        return self._process(process_id).file

    def documentation(self, process_id: str) -> str:
        """Return what the drawing says about the whole process."""
        return self._process(process_id).documentation

    def lanes(self, process_id: str) -> tuple[str, ...]:
        """Return the names of the lanes in the order of the drawing."""
        return self._process(process_id).lanes

    def calls(self, process_id: str) -> tuple[str, ...]:
        """Return the processes that this one calls, in the order of the file."""
        found = (node.called for node in self._process(process_id).scope.everything())
        return tuple(dict.fromkeys(called for called in found if called))

    def messages(self, process_id: str) -> tuple[str, ...]:
        """Return the names of the messages that can begin this process."""
        return tuple(one.event for one in self.starts(process_id) if one.kind == "message")

    def starts(self, process_id: str) -> tuple[Start, ...]:
        """Return where a process can begin, in the order of the file.

        Nothing for one without start events: it begins at once with all to which no arrow leads.
        """
        begins = self._process(process_id).scope.begins()
        return tuple(_start(begin) for begin in begins if _explicit(begin))

    def starts_plainly(self, process_id: str) -> bool:
        """Whether there is a way to begin a process for which nothing has to happen."""
        return bool(self.specs[process_id].plain_begins)

    def elements(self, process_id: str) -> list[Element]:
        """Return the elements of a process in the order of the flow, those of a subprocess after it."""
        return [_element(node) for node in _in_flow_order(self._process(process_id).scope)]

    def flows(self, process_id: str) -> list[SequenceFlow]:
        """Return the arrows of a process and its subprocesses, in the order of the file."""
        return [
            SequenceFlow(flow.id, flow.name, flow.source, flow.target, flow.condition, flow.default)
            for scope in self._process(process_id).scope.scopes()
            for flow in scope.flows
        ]

    def names_of(self, process_id: str) -> frozenset[str]:
        """Return the variables that any expression of a process, or of its callers, asks for."""
        return self._names[process_id]

    def begin_of(
        self, process_id: str, *, at: str | None = None, message: str | None = None
    ) -> Begin:
        """Return how a process begins: at element ``at``, with ``message``, or else plainly.

        Raises Incident when there is no such way, or when there are more and none was named.
        """
        scope = self._process(process_id).scope
        for begin in scope.begins():
            event = begin.event
            if at is not None and _explicit(begin) and begin.node.id == at:
                return begin
            if message is not None and event and (event.kind, event.name) == ("message", message):
                return begin
        known = self._told(process_id)
        if at is not None:
            raise Incident(f"Het proces {process_id} begint niet bij {at}. Wel bij: {known}.")
        if message is not None:
            raise Incident(f"Het bericht {message} begint het proces {process_id} niet.")
        plain = scope.plain_begins()
        if len(plain) > 1:
            raise Incident(
                f"Het proces {process_id} kan op meer manieren beginnen. Kies er een: {known}."
            )
        if not plain:
            raise Incident(
                f"Het proces {process_id} heeft geen gewoon begin. Het begint bij: {known}."
                if known
                else f"Het proces {process_id} heeft geen begin."
            )
        return plain[0]

    def _told(self, process_id: str) -> str:
        """Return the ways to begin as a person reads them, with the id of each."""
        starts = self.starts(process_id)
        told = ", ".join(
            f"{one.label} ({', '.join(part for part in (one.element, one.event) if part)})"
            for one in starts[:_TOLD]
        )
        return told + (f" en {more} andere" if (more := len(starts) - _TOLD) > 0 else "")

    def decide(
        self,
        decision_id: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime,
        functions: Functions,
        element: str | None = None,
    ) -> decisions.Decision:
        """Ask a decision. Raises Incident, for ``element``, when it cannot answer."""
        model = self._models.get(decision_id)
        if model is None:
            raise Incident(f"De beslissing {decision_id} bestaat niet.", element)
        try:
            return model.decide(decision_id, inputs, now=now, functions=functions)
        except Incident as incident:
            raise Incident(incident.reden, element or incident.element) from incident

    def _process(self, process_id: str) -> Process:
        try:
            return self._processes[process_id]
        except KeyError:
            raise Incident(f"Het proces {process_id} bestaat niet.") from None

    def _asked_with_callers(self, processes: Mapping[str, Process]) -> dict[str, frozenset[str]]:
        """Return for each process what it asks for, and what those that call it ask for.

        What is answered in a called process is also for its caller.
        """
        names = {ident: self._asked(process) for ident, process in processes.items()}
        waiting = list(processes)
        while waiting:
            caller = waiting.pop()
            for called in self.calls(caller):
                if called in names and not names[caller] <= names[called]:
                    names[called] |= names[caller]
                    waiting.append(called)
        return names

    def _asked(self, process: Process) -> frozenset[str]:
        specs = [self.specs[scope.id] for scope in process.scope.scopes()]
        asked = {name for spec in specs for name in spec.names()}
        for node in process.scope.everything():
            model = self._models.get(node.decision or "")
            if model is not None:
                asked |= model.inputs
        return frozenset(asked)


def load(files: Mapping[str, bytes]) -> Definition:
    """Return the diagrams and tables among ``files`` (path -> bytes), ready to run.

    Other files are ignored. Raises Incident for the first thing that cannot run; ``check``
    names them all.
    """
    processes: dict[str, Process] = {}
    models: dict[str, decisions.Model] = {}
    scopes: set[str] = set()
    for path, data in files.items():
        if path.endswith(".dmn"):
            model = _read_model(data, path, files)
            models.update(dict.fromkeys(model.decisions, model))
        elif path.endswith(".bpmn"):
            for process in _read_diagram(data, path).processes:
                for scope in process.scope.scopes():
                    if scope.id in scopes:
                        raise Incident(f"De id {scope.id} komt twee keer voor.", scope.id)
                    scopes.add(scope.id)
                for node in process.scope.everything():
                    if RESERVED.fullmatch(node.id):
                        raise Incident(f"De id {node.id} is van de engine.", node.id)
                processes[process.id] = process
    return Definition(processes, models)


def _read_model(data: bytes, path: str, files: Mapping[str, bytes]) -> decisions.Model:
    try:
        return decisions.load(data, path, others=files)
    except Invalid as error:
        raise Incident(str(error)) from error


def _read_diagram(data: bytes, path: str) -> diagram.Diagram:
    try:
        found = diagram.read(data, path)
    except Invalid as error:
        raise Incident(str(error)) from error
    for problem in found.problems:
        if problem.severity == "fout":
            raise Incident(f"{path}: {problem.message}", problem.element)
    return found


def _explicit(begin: Begin) -> bool:
    """Whether a way to begin is an element that says so, and not all that has no arrow into it."""
    return begin.event is not None or begin.node.kind == "startEvent"


def _start(begin: Begin) -> Start:
    event = begin.event
    if event is None:
        return Start(begin.node.id, begin.node.name, "none", "")
    return Start(begin.node.id, begin.node.name, event.kind, event.name)


def _element(node: Node) -> Element:
    return Element(
        node.id,
        node.name,
        node.kind,
        node.process,
        node.lane,
        node.form,
        node.documentation,
        MappingProxyType(node.properties),
    )


def _in_flow_order(scope: Scope) -> Iterator[Node]:
    """Walk along the arrows from the starts; what hangs on an activity follows it."""
    known: set[str] = set()
    starts = [node for node in scope.nodes.values() if not node.incoming and not node.attached_to]
    for root in [*starts, *scope.nodes.values()]:
        waiting = [root]
        while waiting:
            node = waiting.pop(0)
            if node.id in known:
                continue
            known.add(node.id)
            yield node
            if node.body is not None:
                yield from _in_flow_order(node.body)
            waiting += [scope.nodes[flow.target] for flow in node.outgoing]
            waiting += node.boundaries
