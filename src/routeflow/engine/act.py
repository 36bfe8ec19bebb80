"""Move tokens: everything that happens between two wait states, for one act on one route."""

from collections import ChainMap, Counter, deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from routeflow.engine import moments
from routeflow.engine.diagram import Event, Flow, Node
from routeflow.engine.expressions import Functions, Text
from routeflow.engine.spiff import (
    CANCELLED,
    READY,
    STARTED,
    WAITING,
    ActivitySpec,
    InclusiveSpec,
    InnerSpec,
    NodeSpec,
    ParallelSpec,
    Route,
    SubRoute,
    Token,
)
from routeflow.engine.types import BpmnError, Passed, Sent, World
from routeflow.errors import Incident

if TYPE_CHECKING:
    from routeflow.engine.definition import Definition

MAX_STEPS: Final = 20_000
MAX_DEPTH: Final = 40
MAX_INSTANCES: Final = 5_000

_CHOOSING: Final = {"exclusiveGateway", "eventBasedGateway"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Act:
    """One act on a route: it moves tokens until all of them wait.

    ``written``: facts that the diagram wrote in this act; ``seen``: what the host handed in
    with this act (answers, a message's content), readable until the act is over.
    """

    def __init__(self, definition: "Definition", route: Route, world: World) -> None:
        self.definition = definition
        self.route = route
        self.world = world
        self.seen: Mapping[str, Any] = {}
        self.written: dict[str, Any] = {}
        self.queue: deque[Token] = deque()
        self.passed: list[Passed] = []
        self.sent: list[Sent] = []
        self._runs: Counter[str] = Counter()
        self._steps = 0
        self._functions: dict[datetime, Functions] = {}
        route.act = self

    # What expressions see ---------------------------------------------------------------

    def value(self, text: Text, token: Token, *, extra: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - whatever FEEL answers
        """Evaluate ``text`` where ``token`` stands."""
        return text.value(
            self.scope_of(token, extra),
            now=self.world.now,
            functions=self.functions(token.opened),
        )

    def holds(self, condition: Text, token: Token) -> bool:
        return condition.decide(
            self.scope_of(token), now=self.world.now, functions=self.functions(token.opened)
        )

    def scope_of(self, token: Token, extra: Mapping[str, Any] | None = None) -> ChainMap[str, Any]:
        """Return what a token sees: local variables, then facts, the newest first."""
        layers: list[Any] = [] if extra is None else [extra]
        layers.extend(self.locals_of(token))
        layers += [self.written, self.seen, self.world.facts]
        return ChainMap(*layers)

    def locals_of(self, token: Token) -> list[MutableMapping[str, Any]]:
        """Return the variables around a token that are not facts, the innermost first."""
        found: list[MutableMapping[str, Any]] = []
        current: Token | None = token
        while current is not None:
            if current.data:
                found.append(current.data)
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
        rows = token.task_spec.outputs_of
        layers = self.locals_of(token)
        if token.index is None and layers and layers[0] is token.data:
            layers = layers[1:]
        for text, target in rows:
            value = self.value(text, token, extra=inner.data if inner else None)
            self.assign(target, value, layers)
        if inner is not None and inner.data and not rows and token.node.shares_with_parent:
            self.keep(token, inner.data)

    def keep(self, token: Token, answers: Mapping[str, Any]) -> None:
        """Keep what was answered, as far as an expression of the process will ask for it.

        It stays with the instance of a loop in which it was answered, else with the process.
        """
        asked = self.definition.names_of(token.node.process)
        wanted = {name: value for name, value in answers.items() if name in asked}
        if not wanted:
            return
        home = _home(token)
        layers = self.locals_of(token)
        for name, value in wanted.items():
            known = next((layer for layer in layers if name in layer), home)
            known[name] = value

    def keep_result(self, token: Token, value: Any) -> None:  # noqa: ANN401 - a FEEL value
        """Write the answer of a script or decision under the name that the diagram gives it."""
        name = token.node.result
        if not name:
            return
        if token.task_spec.outputs_of:
            token.data[name] = value
            return
        self.assign(name, value, self.locals_of(token))

    # Coming and going -------------------------------------------------------------------

    def token(
        self, scope: Route | SubRoute, spec: NodeSpec, *, parent: Token | None = None
    ) -> Token:
        self.route.serial += 1
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

    def enter(self, scope: Route | SubRoute, node: Node, flow: Flow | None = None) -> None:
        """Put a new token on an element, and let it begin."""
        spec = scope.spec.specs[node.id]
        token = self.token(scope, spec)
        if flow is not None:
            token.via = node.incoming.index(flow)
        self.note(node, "entered", flow)
        spec._update(token)  # noqa: SLF001 - how the library begins a task

    def leave(self, token: Token) -> None:
        """Move on from an element that is done."""
        if not token.alive:
            return
        scope, node, spec = token.workflow, token.node, token.task_spec
        if not (isinstance(spec, ActivitySpec) and spec.repeats(token)):
            self.map_outputs(token)
        if token.index is not None:
            self._end_instance(token)
            return
        if not token.memo.get("noted"):
            self.note(node, "completed")
        flows = spec.choose(token)
        self.remove(token)
        for flow in flows:
            self.enter(scope, scope.spec.scope.nodes[flow.target], flow)
        if not flows:
            self.finish_when_empty(scope)

    def remove(self, token: Token) -> None:
        """Take a token away, with what it listened to and what was inside it."""
        for child in list(token.children):
            self.remove(child)
        self.route.subprocesses.pop(token.id, None)
        token.parent._children.remove(token.id)  # noqa: SLF001 - the library's own bookkeeping
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

    def begin_scope(self, scope: Route | SubRoute, start: Node | None = None) -> None:
        """Begin a process or subprocess at its start event(s)."""
        for spec in scope.spec.event_subprocesses:
            self.listen(scope, spec, scope.task_tree)
        starts = [start] if start is not None else scope.spec.none_starts
        for node in starts:
            self.enter(scope, node)
        self.finish_when_empty(scope)

    def begin_inner(self, token: Token, name: str | None) -> None:
        """Begin what is inside a subprocess or call activity."""
        spec = self.definition.specs.get(name or "")
        if spec is None:
            raise Incident(f"Het aangeroepen proces {name} bestaat niet.", token.node.id)
        inner = SubRoute(spec, token, self.route)
        if inner.depth > MAX_DEPTH:
            raise Incident("Processen roepen elkaar te diep aan.", token.node.id)
        start = None
        if token.node.triggered_by_event:
            start = next(iter(spec.scope.starts()), None)
        elif not spec.none_starts:
            raise Incident(
                f"{name} heeft geen gewone startgebeurtenis en is dus niet aan te roepen.",
                token.node.id,
            )
        self.begin_scope(inner, start)

    def finish_when_empty(self, scope: Route | SubRoute) -> None:
        """End a scope in which no token is left; what only listens does not count."""
        if scope.completed or any(_stands(token) for token in scope.task_tree.children):
            return
        for token in list(scope.task_tree.children):
            self.remove(token)
        scope.completed = True
        if isinstance(scope, SubRoute) and scope.host.alive:
            scope.host._set_state(READY)  # noqa: SLF001
            scope.host.complete()

    # Loops ------------------------------------------------------------------------------

    def begin_loop(self, body: Token) -> bool:
        """Begin the instances of a loop; True when there is nothing to do."""
        loop = body.node.loop
        spec = body.task_spec
        assert loop is not None  # noqa: S101 - narrows for the type checker
        assert isinstance(spec, ActivitySpec)  # noqa: S101
        body._set_state(STARTED)  # noqa: SLF001
        if loop.standard:
            if loop.test_before and not self._again(spec, body, 0):
                return True
            body.memo["count"] = None
            self._begin_instance(body, 0)
            return False
        items = self._items(spec, body)
        body.memo.update(count=len(items), done=0)
        if loop.output_collection:
            body.memo["out"] = [None] * len(items)
        if not items:
            self._end_loop_output(body)
            return True
        if loop.sequential:
            body.memo["items"] = list(items)
            self._begin_instance(body, 0)
            return False
        for index, item in enumerate(items):
            self._begin_instance(body, index, item)
        return False

    def _items(self, spec: ActivitySpec, body: Token) -> Sequence[Any]:
        if spec.collection:
            items = self.value(spec.collection, body)
            if not isinstance(items, list):
                raise Incident("De lijst waarover deze taak loopt is niet bekend.", body.node.id)
        else:
            number = self.value(spec.cardinality, body)
            try:
                count = int(number if not isinstance(number, str) else number.strip())
            except (TypeError, ValueError) as error:
                raise Incident(
                    "Hoe vaak deze taak gebeurt is niet bekend.", body.node.id
                ) from error
            items = [Decimal(place) for place in range(1, min(count, MAX_INSTANCES + 1) + 1)]
        if len(items) > MAX_INSTANCES:
            raise Incident(f"Meer dan {MAX_INSTANCES} herhalingen.", body.node.id)
        return items

    def _begin_instance(self, body: Token, index: int, item: Any = None) -> None:  # noqa: ANN401
        loop = body.node.loop
        assert loop is not None  # noqa: S101
        token = self.token(body.workflow, body.task_spec, parent=body)
        token.index = index
        if "items" in body.memo:
            item = body.memo["items"][index]
        if loop.item:
            token.data[loop.item] = item
        token.data["loopCounter"] = Decimal(index + 1)
        output = body.task_spec.output_element if isinstance(body.task_spec, ActivitySpec) else None
        if output and output.names == {output.source[1:].strip()}:
            token.data.setdefault(output.source[1:].strip(), None)
        body.task_spec._update(token)  # noqa: SLF001

    def _end_instance(self, token: Token) -> None:
        body = token.parent
        loop, spec, memo = body.node.loop, body.task_spec, body.memo
        index = token.index
        assert loop is not None and index is not None  # noqa: S101, PT018
        if loop.standard:
            again = self._again(spec, token, index + 1)
            self.remove(token)
            if again:
                self._begin_instance(body, index + 1)
            else:
                self._end_loop(body)
            return
        memo["done"] += 1
        if "out" in memo and spec.output_element:
            memo["out"][index] = self.value(spec.output_element, token)
        stop = bool(spec.completion) and self._complete(spec, token, body)
        self.remove(token)
        if stop or memo["done"] == memo["count"]:
            for other in [child for child in body.children if child.index is not None]:
                self.cancel(other)
            self._end_loop_output(body)
            self._end_loop(body)
        elif loop.sequential:
            self._begin_instance(body, memo["done"])

    def _complete(self, spec: ActivitySpec, token: Token, body: Token) -> bool:
        numbers = {
            "numberOfInstances": Decimal(body.memo["count"]),
            "numberOfCompletedInstances": Decimal(body.memo["done"]),
            "numberOfActiveInstances": Decimal(
                sum(child.index is not None for child in body.children) - 1
            ),
            "numberOfTerminatedInstances": Decimal(0),
        }
        return spec.completion.decide(
            self.scope_of(token, numbers),
            now=self.world.now,
            functions=self.functions(token.opened),
        )

    def _again(self, spec: ActivitySpec, token: Token, rounds: int) -> bool:
        loop = spec.node.loop
        assert loop is not None  # noqa: S101
        if loop.maximum is not None and rounds >= loop.maximum:
            return False
        return not spec.repeat or self.holds(spec.repeat, token)

    def _end_loop_output(self, body: Token) -> None:
        loop = body.node.loop
        if loop is not None and "out" in body.memo:
            self.assign(loop.output_collection, body.memo["out"], self.locals_of(body))

    def _end_loop(self, body: Token) -> None:
        body._set_state(READY)  # noqa: SLF001
        body.complete()

    # Joins ------------------------------------------------------------------------------

    def arrived(self, spec: NodeSpec, scope: Route | SubRoute) -> list[Token]:
        """Return the tokens that wait at a join, the longest waiting first."""
        return [
            token
            for token in scope.tasks.values()
            if token.task_spec is spec and token.state == WAITING
        ]

    def merge(self, survivor: Token, arrived: Iterable[Token]) -> None:
        """Let one token go on for all of them."""
        for token in arrived:
            if token is not survivor:
                self.remove(token)

    def join_inclusive(self) -> bool:
        """Let inclusive joins pass at which nothing more can arrive; True when one did."""
        stuck: list[tuple[NodeSpec, Route | SubRoute]] = []
        for scope in self.route.everywhere():
            joins = dict.fromkeys(
                token.task_spec
                for token in scope.tasks.values()
                if token.state == WAITING and isinstance(token.task_spec, InclusiveSpec)
            )
            for spec in joins:
                if not self._can_arrive(spec, scope):
                    self._pass_inclusive(spec, scope)
                    return True
            others = any(
                not isinstance(token.task_spec, InclusiveSpec | ParallelSpec)
                for token in scope.task_tree.children
                if _stands(token)
            )
            if joins and not others:
                stuck += [(spec, scope) for spec in joins]
        if stuck:  # joins that only wait for each other: the first one goes on with what it has
            self._pass_inclusive(*stuck[0])
            return True
        return False

    def _can_arrive(self, spec: NodeSpec, scope: Route | SubRoute) -> bool:
        """Whether a token elsewhere can reach a flow into this join on which none waits.

        A token that can only get there through a split that leads to a flow on which one
        already waits belongs to a next round: waiting for it would never end.
        """
        here = {token.via for token in self.arrived(spec, scope)}
        nodes = scope.spec.scope.nodes
        active = {
            token.node.id
            for token in scope.tasks.values()
            if token is not scope.task_tree and token.task_spec is not spec and not _resting(token)
        }
        full = [flow.source for place, flow in enumerate(spec.node.incoming) if place in here]
        round_again = {
            ident
            for ident in _before(full, nodes, spec.node.id)
            if len(nodes[ident].outgoing) > 1 and nodes[ident].kind not in _CHOOSING
        }
        search = [
            flow.source for place, flow in enumerate(spec.node.incoming) if place not in here
        ]
        known = {spec.node.id, *round_again}
        while search:
            ident = search.pop()
            if ident in active and ident not in round_again:
                return True
            if ident in known:
                continue
            known.add(ident)
            node = nodes[ident]
            search.extend(flow.source for flow in node.incoming)
            if node.attached_to:
                search.append(node.attached_to)
        return False

    def _pass_inclusive(self, spec: NodeSpec, scope: Route | SubRoute) -> None:
        first: dict[int | None, Token] = {}
        for token in self.arrived(spec, scope):
            first.setdefault(token.via, token)
        survivor, *others = first.values()
        self.merge(survivor, others)
        survivor._ready()  # noqa: SLF001

    # Listening --------------------------------------------------------------------------

    def listen(self, scope: Route | SubRoute, spec: NodeSpec, parent: Token) -> None:
        """Arm a boundary event or event subprocess, unless it waits for what is thrown inside."""
        event = spec.listens_to
        if event is None or event.kind in {"error", "escalation", "none", "link", "terminate"}:
            return
        arm = self.token(scope, spec, parent=parent)
        arm.arm = True
        arm._set_state(WAITING)  # noqa: SLF001
        self.schedule(arm)

    def arm_boundaries(self, token: Token) -> None:
        for node in token.node.boundaries:
            self.listen(token.workflow, token.workflow.spec.specs[node.id], token)

    def race(self, gateway: Token) -> None:
        """Listen at every event behind an event-based gateway."""
        scope = gateway.workflow
        for flow in gateway.node.outgoing:
            target = scope.spec.scope.nodes[flow.target]
            token = self.token(scope, scope.spec.specs[target.id])
            token.via = target.incoming.index(flow)
            token.arm = True
            token.memo["race"] = gateway.serial
            token._set_state(WAITING)  # noqa: SLF001
            self.schedule(token)

    def trigger(self, token: Token) -> None:
        """Let happen what a token waits for."""
        node = token.node
        scope = token.workflow
        if not token.arm:
            token._ready()  # noqa: SLF001
        elif "race" in token.memo:
            for other in list(scope.task_tree.children):
                if other is not token and other.memo.get("race") == token.memo["race"]:
                    self.remove(other)
            token.arm = False
            del token.memo["race"]
            self.note(node, "entered", node.incoming[token.via or 0])
            token._ready()  # noqa: SLF001
        elif node.kind == "boundaryEvent":
            host = token.parent
            if node.interrupting:
                self.cancel(host)
            else:
                self._listen_again(token)
            self._happen(scope, token.task_spec)
        else:
            if token.task_spec.shown.interrupting:
                self._interrupt(scope)
            else:
                self._listen_again(token)
            self.enter(scope, node)

    def _happen(self, scope: Route | SubRoute, spec: NodeSpec) -> None:
        """Put a token on a boundary event that happened."""
        token = self.token(scope, spec)
        self.note(spec.node, "entered")
        token._ready()  # noqa: SLF001

    def _interrupt(self, scope: Route | SubRoute) -> None:
        self.empty(scope)
        scope.interrupted = True

    def _listen_again(self, arm: Token) -> None:
        """Keep listening after an event that interrupts nothing, as far as there is more to come.

        A timer goes on as a new token, so that its next moment has an id of its own.
        """
        event = arm.task_spec.listens_to
        if event is None or event.kind != "timer":
            return
        memo = arm.memo
        scope, spec, parent = arm.workflow, arm.task_spec, arm.parent
        self.remove(arm)
        if event.timer != "timeCycle" or memo.get("due") is None:
            return
        step = moments.duration(memo["step"])
        left, due = memo["left"], step.after(instant(memo["due"]))
        left = None if left is None else left - 1
        while due <= self.world.now and left != 0:  # missed while nobody looked: one is enough
            due = step.after(due)
            left = None if left is None else left - 1
        if left == 0:
            return
        again = self.token(scope, spec, parent=parent)
        again.arm = True
        again.opened = arm.opened
        again.memo.update(due=micros(due), left=left, step=memo["step"])
        again._set_state(WAITING)  # noqa: SLF001

    def conditions(self) -> bool:
        """Look at conditional events; True when one happened.

        One that interrupts nothing happens each time its condition becomes true.
        """
        for token in self.everywhere():
            event = token.task_spec.listens_to
            if token.state != WAITING or event is None or event.kind != "conditional":
                continue
            text = token.task_spec.expression
            value = self.value(text, token) is True
            before = token.memo.get("was", False)
            if value:
                token.memo["was"] = True
            else:
                token.memo.pop("was", None)
            if value and not before:
                self.trigger(token)
                return True
        return False

    # Timers -----------------------------------------------------------------------------

    def schedule(self, token: Token) -> None:
        """Set the moment of a duration or repeating timer; it stays unset while FEEL is null."""
        event = token.task_spec.listens_to
        if event is None or event.kind != "timer" or event.timer == "timeDate":
            return
        value = self._timer_value(token)
        if value is None:
            return
        try:
            if event.timer == "timeDuration":
                due = moments.duration(value).after(token.opened)
            else:
                found = moments.cycle(value)
                if found.times == 0:
                    return
                due = found.start or found.step.after(token.opened)
                token.memo.update(left=found.times, step=str(value).rpartition("/")[2])
        except (ValueError, OverflowError) as error:
            raise Incident(f"De timer is niet te zetten: {error}.", token.node.id) from error
        token.memo["due"] = micros(due)

    def due(self, token: Token, event: Event) -> datetime | None:
        """Return when a timer is due; a date is looked up again each time, for facts change."""
        if event.timer != "timeDate":
            stored = token.memo.get("due")
            return None if stored is None else instant(stored)
        value = self._timer_value(token)
        if value is None:
            return None
        try:
            return moments.moment(value)
        except (ValueError, OverflowError) as error:
            raise Incident(f"De timer is niet te zetten: {error}.", token.node.id) from error

    def _timer_value(self, token: Token) -> Any:  # noqa: ANN401 - a FEEL value
        """Evaluate a timer as at the moment it was armed, so that now() does not move along."""
        return token.task_spec.expression.value(
            self.scope_of(token), now=token.opened, functions=self.functions(token.opened)
        )

    def reschedule(self) -> None:
        """Set the timers whose duration was not known when they were armed."""
        for token in self.everywhere():
            event = token.task_spec.listens_to
            if event is None or event.kind != "timer" or event.timer == "timeDate":
                continue
            if token.state == WAITING and "due" not in token.memo:
                self.schedule(token)

    # Throwing ---------------------------------------------------------------------------

    def throw(self, token: Token) -> None:
        """Throw the event of an end event, intermediate event or send task."""
        node, event = token.node, token.node.event
        if event is None:
            return
        if event.kind == "message":
            if node.kind != "sendTask" and node.service is not None:
                self.serve(token)
            self._throw_message(token, event)
        elif event.kind == "signal":
            self._throw_signal(token, event)
        elif event.kind in {"escalation", "error"}:
            if node.kind == "endEvent":
                self.note(node, "completed")
                token.memo["noted"] = True
            caught = self.raise_up(token, event.kind, event.name)
            if not caught and event.kind == "error":
                raise Incident(
                    f"De fout {event.name or 'zonder code'} wordt nergens opgevangen.", node.id
                )
            if not caught:
                self.sent.append(Sent("escalation", event.name, node.id, dict(token.data)))
        elif event.kind == "terminate":
            self.note(node, "completed")
            token.memo["noted"] = True
            self.empty(token.workflow, sparing=token)

    def _throw_message(self, token: Token, event: Event) -> None:
        waiting = self.listeners("message", event.name)
        if waiting:
            self.seen = {**self.seen, **token.data}
            self.trigger(waiting[0])
        else:
            self.sent.append(Sent("message", event.name, token.node.id, dict(token.data)))

    def _throw_signal(self, token: Token, event: Event) -> None:
        waiting = self.listeners("signal", event.name)
        if not waiting:
            self.sent.append(Sent("signal", event.name, token.node.id, dict(token.data)))
        self.seen = {**self.seen, **token.data}
        for listener in waiting:
            if listener.alive:
                self.trigger(listener)

    def listeners(self, kind: str, name: str) -> list[Token]:
        """Return the tokens that wait for this message or signal, the longest waiting first."""
        return [
            token
            for token in self.everywhere()
            if token.state == WAITING
            and (event := token.task_spec.listens_to) is not None
            and event.kind == kind
            and event.name == name
        ]

    def raise_up(self, token: Token, kind: Literal["error", "escalation"], code: str) -> bool:
        """Hand an error or escalation to the nearest element around ``token`` that catches it."""
        current = token
        while True:
            body = current.parent if current.index is not None else current
            scope = current.workflow
            boundary = _catching(
                (scope.spec.specs[node.id] for node in body.node.boundaries), kind, code
            )
            if boundary is not None:
                if boundary.node.interrupting or kind == "error":
                    self.cancel(body)
                self._happen(scope, boundary)
                return True
            if not scope.interrupted:
                inside = body.task_spec
                handler = _catching(
                    (spec for spec in scope.spec.event_subprocesses if spec is not inside),
                    kind,
                    code,
                )
                if handler is not None:
                    if handler.shown.interrupting or kind == "error":
                        self._interrupt(scope)
                    self.enter(scope, handler.node)
                    return True
            if isinstance(scope, Route):
                return False
            current = scope.host

    # Asking the host --------------------------------------------------------------------

    def serve(self, token: Token) -> None:
        """Call a service of the host and write what it answers."""
        node = token.node
        service = self.world.services.get(node.service or "")
        if service is None:
            raise Incident(f"De dienst {node.service} kennen we niet.", node.id)
        try:
            answer = service(dict(token.data), dict(node.headers))
        except BpmnError as error:
            if not self.raise_up(token, "error", error.code):
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
        decision = token.node.decision or ""
        found = self.definition.decide(
            decision,
            self.scope_of(token),
            now=self.world.now,
            functions=self.functions(token.opened),
            element=token.node.id,
        )
        return found.value

    # To the next wait state -------------------------------------------------------------

    def settle(self) -> None:
        """Run until every token waits for somebody, something or some moment."""
        self.reschedule()
        while True:
            while self.queue:
                token = self.queue.popleft()
                if token.alive and token.state == READY:
                    self._count(token)
                    token.run()
            if not (self.conditions() or self.join_inclusive()):
                return

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


def micros(moment: datetime) -> int:
    """Return an instant as whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> datetime:
    """Return the instant of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def _serial(token: Token) -> int:
    return token.serial


def _stands(token: Token) -> bool:
    """Whether a token keeps its scope going; the start of an event subprocess only listens."""
    return not token.arm or "race" in token.memo


def _before(begin: Iterable[str], nodes: Mapping[str, Node], end: str) -> set[str]:
    """Return the elements from which flows lead to one of ``begin`` without passing ``end``."""
    known: set[str] = set()
    search = list(begin)
    while search:
        ident = search.pop()
        if ident not in known and ident != end:
            known.add(ident)
            search.extend(flow.source for flow in nodes[ident].incoming)
    return known


def _resting(token: Token) -> bool:
    """Whether a token can never go on from its element: it only listens for an inner scope."""
    return token.arm and isinstance(token.task_spec, InnerSpec)


def _home(token: Token) -> MutableMapping[str, Any]:
    """Return where an answer belongs: the loop instance around it, or the process."""
    current = token
    while True:
        if current.index is not None:
            return current.data
        scope = current.workflow
        if isinstance(scope, Route) or scope.host.node.kind == "callActivity":
            data: MutableMapping[str, Any] = scope.data
            return data
        current = scope.host


def _catching(
    specs: Iterable[NodeSpec], kind: Literal["error", "escalation"], code: str
) -> NodeSpec | None:
    """Return the one that catches this code; one without a code catches all, but comes last."""
    found = None
    for spec in specs:
        event = spec.listens_to
        if event is None or event.kind != kind:
            continue
        if event.name and event.name == code:
            return spec
        if not event.name:
            found = found or spec
    return found
