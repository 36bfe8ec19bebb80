"""The seam with SpiffWorkflow: our tokens, element specifications and workflows, built on its own.

What we keep of the library: its task and its states, the life of a task (update, ready, run,
complete, cancel), specifications shared by all running routes, workflows inside workflows.

What we do otherwise, each for a fault that an experiment showed in 3.2.0:

- Nothing is predicted (``_predict`` does nothing). The library builds the tree of all futures:
  2^n tasks behind n parallel blocks, and a RecursionError beyond 400 tasks in a row.
- A token that moved on is dropped. The library keeps history in the tree, its joins search
  that history (wrong inside loops) and its iterators stop at depth 1000, after which a case
  quietly counts as completed.
- Tokens carry no data. The library copies all data along each path and merges it at joins,
  where a stale copy wins from a change.
- There is no script engine. The library's own one evaluates Python from the diagram.
- No task reads a clock or writes to a log: ``Task._set_state`` does both at each change.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from os import urandom
from time import time_ns
from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from routeflow.engine.diagram import PERSONS, Event, Flow, Node, Process, Scope
from routeflow.engine.expressions import Text
from routeflow.errors import Incident

if TYPE_CHECKING:
    from routeflow.engine.act import Act

FUTURE: Final[int] = TaskState.FUTURE
WAITING: Final[int] = TaskState.WAITING
READY: Final[int] = TaskState.READY
STARTED: Final[int] = TaskState.STARTED
COMPLETED: Final[int] = TaskState.COMPLETED
CANCELLED: Final[int] = TaskState.CANCELLED

_ROOT: Final = bytes(16)  # the id of what holds the tokens of a scope together: nobody keeps it
NO_WAY: Final = "Geen van de voorwaarden klopt en er is geen standaardpijl."

for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data", "spiff.dmn"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Token(Task):  # type: ignore[misc]
    """A task of the library as a token: where a route stands, or what it listens to.

    ``id``: the sixteen bytes of a UUID, which are quicker to find and to save than the object.
    ``serial``: counts up within a route; the order in which tokens came to be.
    ``opened``: the instant at which it came to be.
    ``via``: the place of the flow it came by among those that enter its element.
    ``index``: which instance of a loop it is; None for everything else.
    ``arm``: it does not stand on its element but listens: a boundary event, the start of an
    event subprocess, a branch of an event-based gateway.
    ``memo``: what its element must remember of it. ``data``: variables of its own scope.
    """

    id: bytes
    serial: int
    opened: datetime
    via: int | None
    index: int | None
    arm: bool
    workflow: "Route | SubRoute"
    task_spec: "NodeSpec"
    data: dict[str, Any]

    def __init__(  # noqa: PLR0913 - what must survive a save
        self,
        workflow: "Route | SubRoute",
        spec: Any,  # noqa: ANN401 - the root's specification is the library's
        parent: "Token | None",
        *,
        serial: int,
        opened: datetime,
        state: int = FUTURE,
        ident: bytes | None = None,
    ) -> None:
        super().__init__(workflow, spec, parent, state, ident or _ident())
        self._children: dict[bytes, None] = {}  # the library's list is slow with many tokens
        self.serial = serial
        self.opened = opened
        self.via = None
        self.index = None
        self.arm = False

    @property
    def ident(self) -> str:
        """Return the id as the world outside the engine knows it."""
        digits = self.id.hex()  # an UUID for each token of each act costs more than its text
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    @property
    def memo(self) -> dict[str, Any]:
        memo: dict[str, Any] = self.internal_data
        return memo

    @property
    def node(self) -> Node:
        return self.task_spec.node

    @property
    def alive(self) -> bool:
        return self.id in self.workflow.tasks

    @property
    def stands(self) -> bool:
        """Whether it keeps its scope going; the start of an event subprocess only listens."""
        return not self.arm or "race" in self.memo

    def _set_state(self, value: int) -> None:
        self._state = value

    def _child_added_notify(self, child: Task) -> None:
        self._children[child.id] = None

    def forget(self, child: "Token") -> None:
        """Leave a token that is gone out of the children."""
        del self._children[child.id]


def _ident() -> bytes:
    """Return an id that nothing else has: a UUID of version 7, milliseconds in front of chance.

    The host keeps rows by it. What comes to be in one go then stands together in each index; by
    chance alone fifty rows are fifty pages of every index. The milliseconds are the machine's own:
    they put ids in order and tell no time.
    """
    chance = bytearray(urandom(10))
    chance[0] = chance[0] & 0x0F | 0x70
    chance[2] = chance[2] & 0x3F | 0x80
    return (time_ns() // 1_000_000).to_bytes(6, "big") + chance


class ScopeSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process, or the inside of a subprocess, with the specification of each element."""

    def __init__(self, scope: Scope, process: Process) -> None:
        super().__init__(name=scope.id, filename=process.file)
        self.scope = scope
        self.process = process
        self.specs: dict[str, NodeSpec] = {
            node.id: _KINDS.get(node.kind, NodeSpec)(self, node) for node in scope.nodes.values()
        }
        self.event_subprocesses = [self.specs[node.id] for node in scope.event_subprocesses()]
        self.plain_begins = scope.plain_begins()

    def names(self) -> Iterator[str]:
        """Return the variables that the expressions of this scope use."""
        for spec in self.specs.values():
            for text in spec.texts():
                yield from text.names


def _shown(node: Node) -> Node:
    """Return the start event of an event subprocess, any other element itself."""
    if node.triggered_by_event and node.body is not None:
        return next(iter(node.body.starts()), node)
    return node


class NodeSpec(BpmnSpecMixin):  # type: ignore[misc]
    """What happens when a token reaches an element. This class itself lets it pass.

    ``listens_to``: the event that a token on (or armed for) this element waits for. ``shown``: the
    element at which the drawing shows that event.
    """

    listens_to: Event | None
    shown: Node

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node.id, bpmn_name=node.name, lane=node.lane)
        self.node = node
        self.manual = False
        self.conditions = {
            id(flow): Text(flow.condition, flow.id or node.id)
            for flow in node.outgoing
            if flow.condition
        }
        self.inputs_of = [(Text(row.source, node.id), row.target) for row in node.inputs]
        self.outputs_of = [(Text(row.source, node.id), row.target) for row in node.outputs]
        self.shown = _shown(node)
        self.listens_to = event = self.shown.event
        self.expression = Text(event.expression if event else "", node.id)

    def texts(self) -> Iterator[Text]:
        yield from self.conditions.values()
        yield from (text for text, _ in self.inputs_of)
        yield from (text for text, _ in self.outputs_of)
        yield self.expression

    def _predict(self, my_task: Task, *_args: object, **_options: object) -> None:
        """Leave the future open."""

    def test(self) -> None:
        """Accept any number of flows: ``check`` judges the drawing."""

    def _update_hook(self, my_task: Token) -> bool:
        del my_task
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        if not self.manual:
            _act(my_task).queue.append(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        del my_task
        return True

    def _on_complete(self, my_task: Token) -> None:
        _act(my_task).leave(my_task)

    def choose(self, my_task: Token) -> list[Flow]:
        """Return the flows on which a token leaves: those without condition and those that hold."""
        flows = self.node.outgoing
        if not self.conditions:
            return flows
        act = _act(my_task)
        default = next((flow for flow in flows if flow.default), None)
        taken = [
            flow
            for flow in flows
            if flow is not default
            and (id(flow) not in self.conditions or act.holds(self.conditions[id(flow)], my_task))
        ]
        if default is not None and not any(id(flow) in self.conditions for flow in taken):
            taken.append(default)
        return taken


class ExclusiveSpec(NodeSpec):
    """Takes the first flow, in the order of the file, whose condition holds."""

    def choose(self, my_task: Token) -> list[Flow]:
        flows = self.node.outgoing
        if len(flows) < 2 and not self.conditions:  # noqa: PLR2004 - nothing to choose
            return flows
        act = _act(my_task)
        for flow in flows:
            condition = self.conditions.get(id(flow))
            if condition is not None and not flow.default and act.holds(condition, my_task):
                return [flow]
        for flow in flows:
            if flow.default or (flow.condition is None and not any(f.default for f in flows)):
                return [flow]
        raise Incident(NO_WAY, self.node.id)


class ParallelSpec(NodeSpec):
    """Waits for one token on each flow that enters it; more on one flow wait for their turn."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.node.incoming) < 2:  # noqa: PLR2004 - only a split
            return True
        joins = _act(my_task).joins
        joins.arrive(my_task)
        there = joins.first(self, my_task.workflow)
        if len(there) < len(self.node.incoming):
            return False
        joins.merge(my_task, there)
        joins.forget(my_task)
        return True


class InclusiveSpec(NodeSpec):
    """Waits until no token can still arrive on a flow that has none (``Joins.let_pass``)."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.node.incoming) < 2:  # noqa: PLR2004 - only a split
            return True
        _act(my_task).joins.arrive(my_task)
        return False

    def choose(self, my_task: Token) -> list[Flow]:
        """Return the flows that hold; one without a condition does, so the default comes after it."""
        default = [flow for flow in self.node.outgoing if flow.default]
        taken = super().choose(my_task)
        taken = [flow for flow in taken if not flow.default] or default
        if not taken and self.node.outgoing:
            raise Incident(NO_WAY, self.node.id)
        return taken


class EventGatewaySpec(NodeSpec):
    """Listens at all events behind it; the first one takes the token."""

    def choose(self, my_task: Token) -> list[Flow]:
        _act(my_task).events.race(my_task)
        return []


class CatchSpec(NodeSpec):
    """Waits for its event. Boundary events are only armed by their activity, then let pass."""

    def _update_hook(self, my_task: Token) -> bool:
        event = self.node.event
        if event is None or event.kind in {"none", "link"}:
            return True
        my_task._set_state(WAITING)
        _act(my_task).timers.schedule(my_task)
        return False


class StartSpec(NodeSpec):
    """Lets pass: whether a start event happened is for its scope to say."""


class ThrowSpec(NodeSpec):
    """Throws its event and lets pass; an end event has nothing after it."""

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.service = node.service

    def _update_hook(self, my_task: Token) -> bool:
        _act(my_task).map_inputs(my_task)
        return True

    def _run_hook(self, my_task: Token) -> bool:
        _act(my_task).events.throw(my_task)
        return True


class ActivitySpec(NodeSpec):
    """Something that takes time or does something; may repeat and may be interrupted."""

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        loop = node.loop
        self.collection = Text(loop.collection if loop else "", node.id)
        self.cardinality = Text(loop.cardinality if loop else "", node.id)
        self.output_element = Text(loop.output_element if loop else "", node.id)
        self.completion = Text(loop.completion if loop else "", node.id)
        self.repeat = Text(loop.condition if loop else "", node.id)

    def texts(self) -> Iterator[Text]:
        yield from super().texts()
        yield from (
            self.collection,
            self.cardinality,
            self.output_element,
            self.completion,
            self.repeat,
        )

    def repeats(self, my_task: Token) -> bool:
        """Whether this token stands for all instances of a loop rather than for one."""
        return self.node.loop is not None and my_task.index is None

    def _update_hook(self, my_task: Token) -> bool:
        act = _act(my_task)
        if self.repeats(my_task):
            act.events.arm_boundaries(my_task)
            return act.loops.begin(my_task)
        act.map_inputs(my_task)
        if my_task.index is None:
            act.events.arm_boundaries(my_task)
        return self.begin(my_task)

    def begin(self, my_task: Token) -> bool:
        """Return True when the activity can run at once."""
        del my_task
        return True

    def _on_ready_hook(self, my_task: Token) -> None:
        if not self.manual or self.repeats(my_task):
            _act(my_task).queue.append(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        if not self.repeats(my_task):
            self.perform(my_task)
        return True

    def perform(self, my_task: Token) -> None:
        """Do what the activity is for."""

    def choose(self, my_task: Token) -> list[Flow]:
        taken = super().choose(my_task)
        if not taken and self.node.outgoing:
            raise Incident(NO_WAY, self.node.id)
        return taken


class PersonSpec(ActivitySpec):
    """Waits until a person has done it. Plain and manual tasks wait too: nobody else does them."""

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.manual = True
        self.due = Text(node.due, node.id)
        self.follow_up = Text(node.follow_up, node.id)

    def texts(self) -> Iterator[Text]:
        yield from super().texts()
        yield from (self.due, self.follow_up)


class ReceiveSpec(ActivitySpec):
    """Waits for its message."""

    def begin(self, my_task: Token) -> bool:
        my_task._set_state(WAITING)
        return False


class ScriptSpec(ActivitySpec):
    """Evaluates FEEL and keeps the answer."""

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.script = Text(node.script or "", node.id)

    def texts(self) -> Iterator[Text]:
        yield from super().texts()
        yield self.script

    def perform(self, my_task: Token) -> None:
        act = _act(my_task)
        act.keep_result(my_task, act.value(self.script, my_task))


class DecisionSpec(ActivitySpec):
    """Asks a DMN decision and keeps the answer."""

    def perform(self, my_task: Token) -> None:
        act = _act(my_task)
        act.keep_result(my_task, act.decide(my_task))


class ServiceSpec(ActivitySpec):
    """Calls a service of the host at once; a send task may send its message as well."""

    def perform(self, my_task: Token) -> None:
        act = _act(my_task)
        if self.node.service is not None:
            act.serve(my_task)
        elif self.node.event is None:
            raise Incident("Deze taak zegt niet welke dienst hij gebruikt.", self.node.id)
        if self.node.event is not None and my_task.alive:  # an error of the service may end it
            act.events.throw(my_task)


class InnerSpec(ActivitySpec):
    """A subprocess or called process: runs a scope of its own and goes on when that is empty."""

    def __init__(self, wf_spec: ScopeSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        self.inner = node.id if node.body is not None else node.called

    def begin(self, my_task: Token) -> bool:
        my_task._set_state(STARTED)
        _act(my_task).begin_inner(my_task, self.inner)
        return False


_KINDS: Final[dict[str, type[NodeSpec]]] = {
    "startEvent": StartSpec,
    "endEvent": ThrowSpec,
    "intermediateThrowEvent": ThrowSpec,
    "intermediateCatchEvent": CatchSpec,
    "boundaryEvent": NodeSpec,
    "exclusiveGateway": ExclusiveSpec,
    "parallelGateway": ParallelSpec,
    "inclusiveGateway": InclusiveSpec,
    "eventBasedGateway": EventGatewaySpec,
    **dict.fromkeys(PERSONS, PersonSpec),
    "receiveTask": ReceiveSpec,
    "scriptTask": ScriptSpec,
    "businessRuleTask": DecisionSpec,
    "serviceTask": ServiceSpec,
    "sendTask": ServiceSpec,
    "callActivity": InnerSpec,
    "subProcess": InnerSpec,
}


class _NoScripts:
    """Stands where the library expects a script engine; a route never asks it anything."""


class Route(BpmnWorkflow):  # type: ignore[misc]
    """A running route. ``act`` is what now moves it; ``serial`` numbers its tokens."""

    act: "Act"
    subprocesses: dict[bytes, "SubRoute"]
    tasks: dict[bytes, Token]
    spec: ScopeSpec

    def __init__(self, spec: ScopeSpec, specs: dict[str, ScopeSpec], now: datetime) -> None:
        super().__init__(spec, specs, script_engine=_NoScripts(), deserializing=True)
        self.serial = 0
        self.interrupted = False
        self.task_tree = Token(
            self, spec.start, None, serial=0, opened=now, state=STARTED, ident=_ROOT
        )

    def everywhere(self) -> list["Route | SubRoute"]:
        return [self, *self.subprocesses.values()]


class SubRoute(BpmnSubWorkflow):  # type: ignore[misc]
    """The inside of a running subprocess or call activity."""

    tasks: dict[bytes, Token]
    spec: ScopeSpec
    top_workflow: Route
    parent_task_id: bytes

    def __init__(self, spec: ScopeSpec, host: Token, top: Route) -> None:
        self.host = host
        super().__init__(spec, host.id, top, deserializing=True)
        self.interrupted = False
        self.task_tree = Token(
            self, spec.start, None, serial=0, opened=host.opened, state=STARTED, ident=_ROOT
        )
        top.subprocesses[host.id] = self

    def _calculate_depth(self) -> int:
        """Count from the scope around it: the library would search the whole route for each."""
        around = self.host.workflow
        return around.depth + 1 if isinstance(around, SubRoute) else 1


def _act(token: Token) -> "Act":
    return token.workflow.top_workflow.act
