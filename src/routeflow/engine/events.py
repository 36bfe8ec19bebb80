"""Events: listening for them, letting them happen, throwing them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from routeflow.engine.diagram import THROWING, Event, Flow
from routeflow.engine.spiff import WAITING, NodeSpec, Route, SubRoute, Token
from routeflow.engine.types import Sent
from routeflow.errors import Incident

if TYPE_CHECKING:
    from routeflow.engine.act import Act


class Events:
    """The events of a route."""

    def __init__(self, act: "Act") -> None:
        self.act = act

    def listen(
        self,
        scope: Route | SubRoute,
        spec: NodeSpec,
        parent: Token,
        *,
        opened: datetime | None = None,
    ) -> None:
        """Arm a boundary event or event subprocess, unless it waits for what is thrown inside.

        ``opened``: the instant from which its timer counts; now unless given.
        """
        event = spec.listens_to
        if event is None or event.kind in {"error", "escalation", "none", "link", "terminate"}:
            return
        arm = self.act.token(scope, spec, parent=parent)
        arm.arm = True
        arm.opened = opened or arm.opened
        arm._set_state(WAITING)  # noqa: SLF001
        self.act.timers.schedule(arm)

    def arm_boundaries(self, token: Token) -> None:
        for node in token.node.boundaries:
            self.listen(token.workflow, token.workflow.spec.specs[node.id], token)

    def race(self, gateway: Token) -> None:
        """Listen at every event behind an event-based gateway."""
        for flow in gateway.node.outgoing:
            self.join_race(gateway.workflow, flow, gateway.serial)

    def join_race(
        self, scope: Route | SubRoute, flow: Flow, race: int, *, opened: datetime | None = None
    ) -> None:
        """Listen at the event to which ``flow`` leads, against the others of the same race."""
        target = scope.spec.scope.nodes[flow.target]
        token = self.act.token(scope, scope.spec.specs[target.id])
        token.via = target.incoming.index(flow)
        token.arm = True
        token.opened = opened or token.opened
        token.memo["race"] = race
        self.act.map_inputs(token)
        token._set_state(WAITING)  # noqa: SLF001
        self.act.timers.schedule(token)

    def trigger(self, token: Token, content: Mapping[str, Any] | None = None) -> None:
        """Let happen what a token waits for; ``content``: of its message or signal."""
        node = token.node
        scope = token.workflow
        if content and (not token.arm or "race" in token.memo):
            self.act.caught[token.id] = content
        if not token.arm:
            token._ready()  # noqa: SLF001
        elif "race" in token.memo:
            for other in list(scope.task_tree.children):
                if other is not token and other.memo.get("race") == token.memo["race"]:
                    self.act.remove(other)
            token.arm = False
            del token.memo["race"]
            self.act.note(node, "entered", node.incoming[token.via or 0])
            token._ready()  # noqa: SLF001
        elif node.kind == "boundaryEvent":
            host = token.parent
            if node.interrupting:
                self.act.cancel(host)
            else:
                self._listen_again(token)
            self._happen(scope, token.task_spec, content)
        else:
            if token.task_spec.shown.interrupting:
                self._interrupt(scope)
            else:
                self._listen_again(token)
            self.act.enter(scope, node, content=content)

    def _happen(
        self, scope: Route | SubRoute, spec: NodeSpec, content: Mapping[str, Any] | None
    ) -> None:
        """Put a token on a boundary event that happened."""
        token = self.act.token(scope, spec)
        if content:
            self.act.caught[token.id] = content
        self.act.note(spec.node, "entered")
        token._ready()  # noqa: SLF001

    def _interrupt(self, scope: Route | SubRoute) -> None:
        self.act.empty(scope)
        scope.interrupted = True

    def _listen_again(self, arm: Token) -> None:
        """Keep listening after an event that interrupts nothing, as far as there is more to come.

        A timer goes on as a new token, so that its next moment has an id of its own.
        """
        event = arm.task_spec.listens_to
        if event is None or event.kind != "timer":
            return
        scope, spec, parent = arm.workflow, arm.task_spec, arm.parent
        self.act.remove(arm)
        following = self.act.timers.following(arm)
        if following is None:
            return
        again = self.act.token(scope, spec, parent=parent)
        again.arm = True
        again.opened = arm.opened
        again.memo.update(following)
        again._set_state(WAITING)  # noqa: SLF001

    def conditions(self) -> bool:
        """Look at conditional events; True when one happened.

        One that interrupts nothing happens each time its condition becomes true.
        """
        for token in self.act.everywhere():
            event = token.task_spec.listens_to
            if token.state != WAITING or event is None or event.kind != "conditional":
                continue
            text = token.task_spec.expression
            value = self.act.value(text, token) is True
            before = token.memo.get("was", False)
            if value:
                token.memo["was"] = True
            else:
                token.memo.pop("was", None)
            if value and not before:
                self.trigger(token)
                return True
        return False

    def listeners(self, kind: str, name: str) -> list[Token]:
        """Return the tokens that wait for this message or signal, the longest waiting first."""
        return [
            token
            for token in self.act.everywhere()
            if token.state == WAITING
            and (event := token.task_spec.listens_to) is not None
            and event.kind == kind
            and event.name == name
        ]

    def throw(self, token: Token) -> None:
        """Throw the event of an end event, intermediate event or send task."""
        node, event = token.node, token.node.event
        if event is None:
            return
        if event.kind == "message":
            if node.kind != "sendTask" and node.service is not None:
                self.act.serve(token)
            if token.alive:  # an error of the service may have ended it
                self._throw_message(token, event)
        elif event.kind == "signal":
            self._throw_signal(token, event)
        elif event.kind in {"escalation", "error"}:
            self._throw_up(token, event)
        elif event.kind == "terminate":
            self._thrown(token)
            self.act.empty(token.workflow, sparing=token)

    def _throw_message(self, token: Token, event: Event) -> None:
        waiting = self.listeners("message", event.name)
        self._thrown(token)
        if waiting:
            self.trigger(waiting[0], dict(token.data))
        else:
            self.act.sent.append(Sent("message", event.name, token.node.id, dict(token.data)))

    def _throw_up(self, token: Token, event: Event) -> None:
        """Throw an error or escalation to whoever around ``token`` catches it."""
        node = token.node
        self._thrown(token)
        kind: Literal["error", "escalation"] = "error" if event.kind == "error" else "escalation"
        if self.raise_up(token, kind, event.name):
            return
        if kind == "error":
            raise Incident(
                f"De fout {event.name or 'zonder code'} wordt nergens opgevangen.", node.id
            )
        self.act.sent.append(Sent("escalation", event.name, node.id, dict(token.data)))

    def _throw_signal(self, token: Token, event: Event) -> None:
        waiting = self.listeners("signal", event.name)
        self._thrown(token)
        content = dict(token.data)
        if not waiting:
            self.act.sent.append(Sent("signal", event.name, token.node.id, content))
        for listener in waiting:
            if listener.alive:
                self.trigger(listener, content)

    def _thrown(self, token: Token) -> None:
        """Note that an event was thrown: who catches it may break off where it came from."""
        if token.node.kind in THROWING:
            self.act.note(token.node, "completed")
            token.memo["noted"] = True

    def raise_up(self, token: Token, kind: Literal["error", "escalation"], code: str) -> bool:
        """Hand an error or escalation to the nearest element around ``token`` that catches it."""
        content = dict(token.data) if token.node.kind in THROWING else None
        current = token
        while True:
            body = current.parent if current.index is not None else current
            scope = current.workflow
            boundary = _catching(
                (scope.spec.specs[node.id] for node in body.node.boundaries), kind, code
            )
            if boundary is not None:
                if boundary.node.interrupting or kind == "error":
                    self.act.cancel(body)
                self._happen(scope, boundary, content)
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
                    self.act.enter(scope, handler.node, content=content)
                    return True
            if isinstance(scope, Route):
                return False
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
