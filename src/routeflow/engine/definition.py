"""A deployed set of diagrams and tables, read once and shared by all running routes and threads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from routeflow.engine import decisions, diagram
from routeflow.engine.diagram import Node, Process, Scope
from routeflow.engine.expressions import Functions
from routeflow.engine.spiff import ScopeSpec
from routeflow.engine.structure import RESERVED
from routeflow.engine.types import Element, SequenceFlow
from routeflow.errors import Incident, Invalid


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
        self._names = {ident: self._asked(process) for ident, process in processes.items()}
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
        return tuple(
            node.event.name
            for node in self._process(process_id).scope.starts()
            if node.event is not None and node.event.kind == "message"
        )

    def starts_plainly(self, process_id: str) -> bool:
        """Whether a process can begin without a message."""
        return bool(self.specs[process_id].none_starts)

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
        """Return the variables that any expression of a process asks for."""
        return self._names[process_id]

    def start_of(self, process_id: str, message: str | None) -> tuple[ScopeSpec, Node]:
        """Return where a process begins: at its plain start event, or at that of a message."""
        process = self._process(process_id)
        starts = process.scope.starts()
        for node in starts:
            event = node.event
            if message is None and (event is None or event.kind == "none"):
                return self.specs[process_id], node
            if message is not None and event and (event.kind, event.name) == ("message", message):
                return self.specs[process_id], node
        if message is not None:
            raise Incident(f"Het bericht {message} begint het proces {process_id} niet.")
        names = ", ".join(self.messages(process_id))
        raise Incident(
            f"Het proces {process_id} begint alleen met een bericht: {names}."
            if names
            else f"Het proces {process_id} heeft geen gewone startgebeurtenis."
        )

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
