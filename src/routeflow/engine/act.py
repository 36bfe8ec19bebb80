"""Move tokens: everything that happens between two wait states, for one act on one route."""

from collections import ChainMap, Counter, deque
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from routeflow.engine.diagram import Begin, Flow, Node
from routeflow.engine.events import Events
from routeflow.engine.expressions import Functions, Text
from routeflow.engine.joins import Joins
from routeflow.engine.limits import MAX_DEPTH, MAX_SECONDS, MAX_STEPS, MAX_TOKENS
from routeflow.engine.loops import Loops
from routeflow.engine.spiff import (
    CANCELLED,
    READY,
    WAITING,
    ActivitySpec,
    NodeSpec,
    Route,
    SubRoute,
    Token,
)
from routeflow.engine.timers import Timers
from routeflow.engine.types import BpmnError, Passed, Sent, World
from routeflow.errors import Incident
from routeflow.feel import Budget, LimitExceeded

if TYPE_CHECKING:
    from routeflow.engine.definition import Definition


class Act:
    """One act on a route: it moves tokens until all of them wait.

    ``written``: facts that the diagram wrote in this act; ``handed``: those among them that the
    host has by now; ``seen``: what the host handed in with this act (answers, a message's
    content), readable until the route came to rest. ``caught``: by token, the content of the
    event that it caught; ``brought``: the same for the tokens that go on from there, so that what
    was thrown twice in one act stays apart.
    """

    def __init__(self, definition: "Definition", route: Route, world: World) -> None:
        self.definition = definition
        self.route = route
        self.world = world
        self.seen: Mapping[str, Any] = {}
        self.written: dict[str, Any] = {}
        self.handed: dict[str, Any] = {}
        self.caught: dict[bytes, Mapping[str, Any]] = {}
        self.brought: dict[bytes, Mapping[str, Any]] = {}
        self.queue: deque[Token] = deque()
        self.passed: list[Passed] = []
        self.sent: list[Sent] = []
        self.loops = Loops(self)
        self.joins = Joins(self)
        self.events = Events(self)
        self.timers = Timers(self)
        self._runs: Counter[str] = Counter()
        self._steps = 0
        self._budget = Budget(MAX_SECONDS)
        self._tokens = sum(len(scope.tasks) for scope in route.everywhere())
        self._functions: dict[datetime, Functions] = {}
        route.act = self

    def value(
        self,
        text: Text,
        token: Token,
        *,
        extra: Mapping[str, Any] | None = None,
        now: datetime | None = None,
    ) -> Any:  # noqa: ANN401 - whatever FEEL answers
        """Evaluate ``text`` where ``token`` stands; ``now``: another moment than that of the act."""
        self._afford(token)
        return text.value(
            self.scope_of(token, extra),
            now=now or self.world.now,
            functions=self.functions(token.opened),
        )

    def holds(
        self, condition: Text, token: Token, *, extra: Mapping[str, Any] | None = None
    ) -> bool:
        self._afford(token)
        return condition.decide(
            self.scope_of(token, extra), now=self.world.now, functions=self.functions(token.opened)
        )

    def scope_of(self, token: Token, extra: Mapping[str, Any] | None = None) -> ChainMap[str, Any]:
        """Return what a token sees: local variables, then facts, the newest first."""
        layers: list[Any] = [] if extra is None else [extra]
        layers.extend(self.locals_of(token))
        layers.append(self.written)
        if self.brought or self.caught:
            layers.append(self.content_of(token))
        layers += [self.seen, self.world.facts]
        return ChainMap(*layers)

    def content_of(self, token: Token) -> dict[str, Any]:
        """Return what was in the event with which a token, or what is around it, goes on."""
        current = token
        while True:
            found = self.caught.get(current.id) or self.brought.get(current.id)
            if found:
                return dict(found)
            if current.index is not None:
                current = current.parent
            elif isinstance(current.workflow, Route):
                return {}
            else:
                current = current.workflow.host

    def locals_of(self, token: Token) -> list[MutableMapping[str, Any]]:
        """Return the variables around a token that are not facts, the innermost first."""
        found: list[MutableMapping[str, Any]] = []
        current: Token | None = token
        while current is not None:
            if current.data:
                found.append(current.data)
            if current.arm and current.parent.data:  # at the edge of an activity with input rows
                found.append(current.parent.data)
            workflow = current.workflow
            if workflow.data:
                found.append(workflow.data)
            if isinstance(workflow, Route):
                break
            current = workflow.host
            if not current.node.sees_parent:
                if current.data:
                    found.append(current.data)
                break
        return found

    def functions(self, opened: datetime) -> Functions:
        found = self._functions.get(opened)
        if found is None:
            found = self._functions[opened] = self.world.functions(opened)
        return found

    def assign(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - a FEEL value
        layers: Iterable[MutableMapping[str, Any]],
    ) -> None:
        """Write a result to the nearest local variable of that name, or else as a fact."""
        for layer in layers:
            if name in layer:
                layer[name] = value
                return
        self.written[name] = value

    def map_inputs(self, token: Token) -> None:
        for text, target in token.task_spec.inputs_of:
            token.data[target] = self.value(text, token)

    def map_outputs(self, token: Token) -> None:
        """Write what the element's output rows say, seen from inside it."""
        inner = self.route.subprocesses.get(token.id)
        inside = inner.data if inner else self.caught.get(token.id)
        rows = token.task_spec.outputs_of
        layers = self.locals_of(token)
        if token.index is None and layers and layers[0] is token.data:
            layers = layers[1:]
        for text, target in rows:
            value = self.value(text, token, extra=inside)
            self.assign(target, value, layers)
        if inner is not None and inner.data and not rows and token.node.shares_with_parent:
            self.keep(token, inner.data)

    def keep(self, token: Token, answers: Mapping[str, Any]) -> frozenset[str]:
        """Keep what was answered, as far as an expression of the process will ask for it.

        It stays with the instance of a list in which it was answered, else with the process: so
        nobody else reads it, not in this act either. Returns the names that are kept.
        """
        asked = self.definition.names_of(token.node.process)
        wanted = {name: value for name, value in answers.items() if name in asked}
        if not wanted:
            return frozenset()
        home = _home(token)
        layers = self.locals_of(token)
        for name, value in wanted.items():
            known = next((layer for layer in layers if name in layer), home)
            known[name] = value
        return frozenset(wanted)

    def keep_gathered(self, token: Token, name: str, gathered: list[Any]) -> None:
        """Write what the instances of a list answered together.

        Inside an instance of another list it stays there, as answers do: its neighbours gather
        under the same name.
        """
        layers = self.locals_of(token)
        if _in_instance(token) and not any(name in layer for layer in layers):
            layers = [_home(token)]
            layers[0][name] = None
        self.assign(name, gathered, layers)

    def keep_result(self, token: Token, value: Any) -> None:  # noqa: ANN401 - a FEEL value
        """Write the answer of a script or decision under the name that the diagram gives it."""
        name = token.node.result
        if not name:
            return
        if token.task_spec.outputs_of:
            token.data[name] = value
            return
        self.assign(name, value, self.locals_of(token))

    def token(
        self, scope: Route | SubRoute, spec: NodeSpec, *, parent: Token | None = None
    ) -> Token:
        self.route.serial += 1
        self._tokens += 1
        if self._tokens > MAX_TOKENS:
            raise Incident(
                f"Er staan hier te veel stappen tegelijk open (meer dan {MAX_TOKENS}).",
                spec.node.id,
            )
        return Token(
            scope,
            spec,
            parent or scope.task_tree,
            serial=self.route.serial,
            opened=self.world.now,
        )

    def note(
        self,
        node: Node,
        what: Literal["entered", "completed", "cancelled"],
        flow: Flow | None = None,
    ) -> None:
        self.passed.append(Passed(node.process, node.id, what, flow.id if flow else None))

    def enter(
        self,
        scope: Route | SubRoute,
        node: Node,
        flow: Flow | None = None,
        *,
        content: Mapping[str, Any] | None = None,
    ) -> Token:
        """Put a new token on an element, and let it begin; ``content``: what it brings along."""
        spec = scope.spec.specs[node.id]
        token = self.token(scope, spec)
        if content:
            self.brought[token.id] = content
        if flow is not None:
            token.via = node.incoming.index(flow)
        self.note(node, "entered", flow)
        spec._update(token)  # noqa: SLF001 - how the library begins a task
        return token

    def leave(self, token: Token) -> None:
        """Move on from an element that is done."""
        if not token.alive:
            return
        scope, node, spec = token.workflow, token.node, token.task_spec
        content = self.content_of(token) if self.brought or self.caught else None
        if not (isinstance(spec, ActivitySpec) and spec.repeats(token)):
            self.map_outputs(token)
        if token.index is not None:
            self.loops.end_instance(token)
            return
        if not token.memo.get("noted"):
            self.note(node, "completed")
        flows = spec.choose(token)
        self.remove(token)
        for flow in flows:
            self.enter(scope, scope.spec.scope.nodes[flow.target], flow, content=content)
        if not flows:
            if content and isinstance(scope, SubRoute):
                self.brought[scope.host.id] = content
            self.finish_when_empty(scope)

    def remove(self, token: Token) -> None:
        """Take a token away, with what it listened to and what was inside it."""
        for child in list(token.children):
            self.remove(child)
        self.route.subprocesses.pop(token.id, None)
        self.joins.forget(token)
        self._tokens -= 1
        token.parent.forget(token)
        del token.workflow.tasks[token.id]

    def cancel(self, token: Token) -> None:
        """Take a token away before it is done, and everything inside it first."""
        inner = self.route.subprocesses.get(token.id)
        if inner is not None:
            self.empty(inner)
        for child in list(token.children):
            self.cancel(child)
        if not token.arm and token.index is None and not token.memo.get("noted"):
            self.note(token.node, "cancelled")
        token._set_state(CANCELLED)  # noqa: SLF001
        self.remove(token)

    def empty(self, scope: Route | SubRoute, *, sparing: Token | None = None) -> None:
        """Cancel all that goes on in a scope."""
        for token in list(scope.task_tree.children):
            if token is not sparing and token.alive:
                self.cancel(token)

    def begin_scope(self, scope: Route | SubRoute, begin: Begin) -> None:
        """Begin a process or subprocess; what ``begin`` waits for has happened."""
        for spec in scope.spec.event_subprocesses:
            self.events.listen(scope, spec, scope.task_tree)
        flow = None
        if begin.via is not None:
            self.note(begin.via, "entered")
            self.note(begin.via, "completed")
            flow = next(flow for flow in begin.via.outgoing if flow.target == begin.node.id)
        content = self.brought.get(scope.host.id) if isinstance(scope, SubRoute) else self.seen
        for node in begin.nodes:
            token = self.enter(scope, node, flow)
            if begin.event is not None and content:
                self.caught[token.id] = content
            if begin.event is not None and token.state == WAITING:
                self.events.trigger(token)
        self.finish_when_empty(scope)

    def begin_inner(self, token: Token, name: str | None) -> None:
        """Begin what is inside a subprocess or call activity."""
        spec = self.definition.specs.get(name or "")
        if spec is None:
            raise Incident(f"Het aangeroepen proces {name} bestaat niet.", token.node.id)
        inner = SubRoute(spec, token, self.route)
        if inner.depth > MAX_DEPTH:
            raise Incident(
                f"Dit zit te diep: meer dan {MAX_DEPTH} deelprocessen en aanroepen in elkaar.",
                token.node.id,
            )
        begins = spec.scope.begins() if token.node.triggered_by_event else spec.plain_begins
        if len(begins) != 1:
            many = "meer dan een" if begins else "geen"
            raise Incident(
                f"{name} heeft {many} gewone startgebeurtenis en is dus niet aan te roepen.",
                token.node.id,
            )
        self.begin_scope(inner, begins[0])

    def finish_when_empty(self, scope: Route | SubRoute) -> None:
        """End a scope in which no token is left; what only listens does not count."""
        if scope.completed or any(token.stands for token in scope.task_tree.children):
            return
        for token in list(scope.task_tree.children):
            self.remove(token)
        scope.completed = True
        if isinstance(scope, SubRoute) and scope.host.alive:
            scope.host._set_state(READY)  # noqa: SLF001
            scope.host.complete()

    def serve(self, token: Token) -> None:
        """Call a service of the host and write what it answers."""
        node = token.node
        service = self.world.services.get(node.service or "")
        if service is None:
            raise Incident(f"De dienst {node.service} kennen we niet.", node.id)
        try:
            answer = service(dict(token.data), dict(node.headers))
        except BpmnError as error:
            if not self.events.raise_up(token, "error", error.code):
                raise Incident(
                    f"De fout {error.code} wordt nergens opgevangen.", node.id
                ) from error
            return
        if token.task_spec.outputs_of:
            token.data.update(answer)
            return
        layers = self.locals_of(token)
        for name, value in answer.items():
            self.assign(name, value, layers)

    def decide(self, token: Token) -> Any:  # noqa: ANN401 - whatever the table answers
        self._afford(token)
        decision = token.node.decision or ""
        found = self.definition.decide(
            decision,
            self.scope_of(token),
            now=self.world.now,
            functions=self.functions(token.opened),
            element=token.node.id,
        )
        return found.value

    def settle(self) -> None:
        """Run until every token waits for somebody, something or some moment."""
        self.timers.reschedule()
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.alive and token.state == READY:
                    self._count(token)
                    token.run()
            if not (self.joins.let_pass() or self.events.conditions()):
                break
        if self.written:
            self.timers.reschedule()

    def _afford(self, token: Token) -> None:
        """Stop an act whose expressions together keep others waiting."""
        try:
            self._budget.check()
        except LimitExceeded as fault:
            raise Incident(fault.reden, token.node.id) from fault

    def hand_over(self) -> bool:
        """Give the host the facts that were written; say whether there is reason to look again."""
        if self.world.write is None or not self.written:
            return False
        facts = self.world.write(self.written)
        if facts is None:
            return False
        self.handed.update(self.written)
        self.written, self.seen = {}, {}
        self.caught.clear()
        self.brought.clear()
        self.world = replace(self.world, facts=facts)
        self._functions.clear()
        return True

    def _count(self, token: Token) -> None:
        self._runs[token.node.id] += 1
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise Incident(
                "De route blijft rondgaan zonder dat iemand iets hoeft te doen"
                f" (meer dan {MAX_STEPS} stappen achter elkaar).",
                self._runs.most_common(1)[0][0],
            )

    def everywhere(self) -> list[Token]:
        """Return all tokens of the route in the order in which they came to be."""
        found = [
            token
            for scope in self.route.everywhere()
            for token in scope.tasks.values()
            if token is not scope.task_tree
        ]
        found.sort(key=_serial)
        return found


def _serial(token: Token) -> int:
    return token.serial


def _is_instance(token: Token) -> bool:
    """Whether a token is one of a list; the rounds of a standard loop are not kept apart."""
    loop = token.node.loop
    return token.index is not None and loop is not None and not loop.standard


def _in_instance(token: Token) -> bool:
    """Whether an instance of a list is around a token, also where that calls this process."""
    current = token
    while True:
        if _is_instance(current):
            return True
        if isinstance(current.workflow, Route):
            return False
        current = current.workflow.host


def _home(token: Token) -> MutableMapping[str, Any]:
    """Return where an answer belongs: the instance of a list around it, or the process."""
    current = token
    while True:
        if _is_instance(current):
            return current.data
        scope = current.workflow
        if isinstance(scope, Route) or scope.host.node.kind == "callActivity":
            data: MutableMapping[str, Any] = scope.data
            return data
        current = scope.host
