"""Bring a running route to another version of its diagrams: the same tokens on the new elements.

A stored route holds no specification, only tokens at elements. So a move is: read it by the old
diagrams, put every token on the element of the same id (or the one that the mapping names) in
the new ones, and let it settle. Ids, moments of opening and variables go along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from routeflow.engine import branches, codec
from routeflow.engine.act import Act
from routeflow.engine.branches import JOINS
from routeflow.engine.definition import Definition
from routeflow.engine.diagram import GATEWAYS, PERSONS, Event, Flow, Loop, Node
from routeflow.engine.gates import Gates, place_at, place_of
from routeflow.engine.run import settle
from routeflow.engine.spiff import (
    WAITING,
    ActivitySpec,
    InnerSpec,
    NodeSpec,
    ParallelSpec,
    Route,
    SubRoute,
    Token,
)
from routeflow.engine.types import Passed, Step, World

Names = Mapping[str, Mapping[str, str]]

_KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(PERSONS, "een taak van een persoon"),
    "receiveTask": "een taak die op een bericht wacht",
    "scriptTask": "een berekening",
    "businessRuleTask": "een beslissing",
    "serviceTask": "een taak van het systeem",
    "sendTask": "een taak die een bericht verstuurt",
    "callActivity": "een aangeroepen proces",
    "subProcess": "een deelproces",
    "exclusiveGateway": "een keuze",
    "parallelGateway": "een splitsing of samenkomst",
    "inclusiveGateway": "een keuze voor een of meer takken",
    "eventBasedGateway": "een keuze door wat het eerst gebeurt",
    "startEvent": "een begin",
    "endEvent": "een einde",
    "intermediateCatchEvent": "een gebeurtenis waarop de route wacht",
    "intermediateThrowEvent": "een gebeurtenis die de route zelf laat gebeuren",
    "boundaryEvent": "een gebeurtenis op de rand van een stap",
}
_EVENTS: Final[Mapping[str, str]] = {
    "message": "een bericht",
    "timer": "een moment",
    "signal": "een signaal",
    "conditional": "een voorwaarde",
}


@dataclass(frozen=True, slots=True)
class Moeilijkheid:
    """One reason why a route cannot go to another version by itself, in a sentence."""

    process: str
    element: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Moeilijkheden:
    """Why a route stays where it is, at least one reason, each of them once."""

    alle: tuple[Moeilijkheid, ...]


def migrate(  # noqa: PLR0913 - a mapping and gates are for who asks
    old_definition: Definition,
    state: bytes,
    new_definition: Definition,
    world: World,
    mapping: Names | None = None,
    *,
    gates: tuple[Gates, Gates] | None = None,
) -> Step | Moeilijkheden:
    """Move a route from one version of the diagrams to another.

    What waits keeps its id, its moment of opening and its variables. A timer keeps its moment,
    unless the diagram now says another: then that is counted from when it was armed. What is
    new where the route stands (a boundary event, an event subprocess, a branch of an event-based
    gateway) begins to listen, counted from when that place opened as far as that is known; what
    is gone there stops listening.

    Args:
        old_definition: the diagrams on which ``state`` runs.
        state: of a route that has not ended.
        new_definition: where it goes.
        world: as in the other verbs; its functions are those of the new version.
        mapping: process -> (old id -> new id): elements, arrows, and the process itself. Who
            names an element of another kind lets the route go on there as if it just came;
            what stood on the old one is cancelled.
        gates: of the old version and of the new one. With them a route never comes past a safeguard
            or a period that it did not pass: that is a reason to stay, whatever ``mapping`` says.

    Returns:
        The Step in the new version; or, when something has no place there, the reasons.
    """
    move = _Move(codec.load(state, old_definition, world.now), old_definition, new_definition)
    move.mapping = mapping or {}
    move.settle_in(world)
    if gates and not move.problems:
        move.hold_against(*gates)
    if not move.problems:
        move.listen()
        move.begin_anew()
        move.judge_branches()
    if move.problems:
        return Moeilijkheden(tuple(dict.fromkeys(move.problems)))
    move.pass_joins()
    return settle(move.act)


class _Move:
    """One move.

    ``act`` moves the new route. ``moved``: old token -> new token. ``pairs``: old scope and new.
    """

    act: Act

    def __init__(self, route: Route, old: Definition, new: Definition) -> None:
        self.route = route
        self.old, self.new = old, new
        self.mapping: Names = {}
        self.problems: list[Moeilijkheid] = []
        self.moved: dict[Token, Token] = {}
        self.pairs: list[tuple[Route | SubRoute, Route | SubRoute]] = []
        self._changed: list[Token] = []
        self._replaced: list[tuple[Token, Route | SubRoute, Node]] = []

    def settle_in(self, world: World) -> None:
        """Put every token on its new element, as far as it has one."""
        name = self._process(self.route.spec.name)
        if name not in self.new.processes:
            self._process_is_gone(self.route.spec.name)
            return
        top = Route(self.new.specs[name], self.new.specs, world.now)
        top.serial, top.completed = self.route.serial, self.route.completed
        self.act = Act(self.new, top, world)
        self._fill(self.route, top)
        for scope in sorted(self.route.subprocesses.values(), key=_depth):
            host = self.moved.get(scope.host)
            if host is None:  # the reason was given at the host, or another step takes its place
                continue
            inner = host.task_spec.inner if isinstance(host.task_spec, InnerSpec) else None
            if inner not in self.new.specs:
                self._process_is_gone(scope.spec.name)
                continue
            self._fill(scope, SubRoute(self.new.specs[inner], host, top))
        if not self.problems:
            for token in self._changed:
                self.act.timers.schedule(token)

    def _process_is_gone(self, process: str) -> None:
        name = self.old.processes.get(process, process)
        text = f"Het proces {name} bestaat niet meer in de nieuwe versie."
        self.problems.append(Moeilijkheid(process, process, text))

    def _fill(self, old: Route | SubRoute, new: Route | SubRoute) -> None:
        new.interrupted, new.data = old.interrupted, old.data
        self.pairs.append((old, new))
        for token in sorted(old.tasks.values(), key=_serial):
            if token is old.task_tree:
                continue
            if token.parent is old.task_tree:
                self._place(token, new, new.task_tree)
            elif token.parent in self.moved:
                self._place(token, new, self.moved[token.parent])

    def _place(self, token: Token, scope: Route | SubRoute, parent: Token) -> None:
        node = token.node
        spec = scope.spec.specs.get(self._named(node))
        if token.arm and (spec is None or not self._still_listens(token, spec, scope)):
            if "race" in token.memo and not self._race_goes_on(token, scope):
                self._problem(node, self._whereabouts(node))
            return
        if spec is None:
            self._problem(node, self._whereabouts(node))
            return
        if self._is_replaced(node, spec.node):
            self._replaced.append((token, scope, spec.node))
            return
        if reason := self._differs(node, spec.node):
            self._problem(node, reason)
            return
        via = self._via(token, spec.node, scope)
        if via is None and node.kind in JOINS:
            self._leave_out(token)
            return
        new = Token(
            scope,
            spec,
            parent,
            serial=token.serial,
            opened=token.opened,
            state=token.state,
            ident=token.id,
        )
        new.arm, new.index, new.via = token.arm, token.index, via
        new.internal_data, new.data = token.internal_data, token.data
        self.moved[token] = new
        self._look_at_moment(token, new)

    def _process(self, name: str) -> str:
        return self.mapping.get(name, {}).get(name, name)

    def _named(self, node: Node) -> str:
        return self.mapping.get(node.process, {}).get(node.id, node.id)

    def _problem(self, node: Node, text: str) -> None:
        self.problems.append(Moeilijkheid(node.process, node.id, text))

    def _whereabouts(self, node: Node) -> str:
        """Say what became of an element that is not where the route stands."""
        process = self._process(node.process)
        there = process in self.new.processes and any(
            element.id == self._named(node) for element in self.new.elements(process)
        )
        if there:
            return (
                f"{_called(node)} staat in de nieuwe versie op een andere plaats: "
                "in een deelproces, of er juist buiten."
            )
        return f"{_called(node)} bestaat niet meer in de nieuwe versie."

    def _differs(self, old: Node, new: Node) -> str | None:
        """Return why a token cannot stand on ``new`` as it stands on ``old``."""
        if _sort(old) != _sort(new) or old.triggered_by_event != new.triggered_by_event:
            return f"{_called(old)} was {_kind(old)} en is nu {_kind(new)}."
        if not _alike(old.event, new.event):
            return f"{_called(old)} wachtte op {_awaits(old)} en wacht nu op {_awaits(new)}."
        if old.called is not None and new.called != self._process(old.called):
            return f"{_called(old)} roept in de nieuwe versie een ander proces aan: {new.called}."
        if _shape(old.loop) != _shape(new.loop):
            return f"{_called(old)} wordt in de nieuwe versie op een andere manier herhaald."
        return None

    def _is_replaced(self, old: Node, new: Node) -> bool:
        """Whether somebody chose a step of another kind to go on with."""
        return (
            old.id in self.mapping.get(old.process, {})
            and old.kind not in GATEWAYS
            and new.kind not in {"boundaryEvent", "startEvent"}
            and not new.triggered_by_event
            and not (new.kind in JOINS and len(new.incoming) > 1)
            and self._differs(old, new) is not None
        )

    def hold_against(self, before: Gates, after: Gates) -> None:
        """See that no token comes past a gate of the law that it did not pass where it stood."""
        pairs = [(old, place_of(new)) for old, new in self.moved.items()]
        pairs += [(old, place_at(scope, node)) for old, scope, node in self._replaced]
        for old, there in pairs:
            for gate in after.skipped(there, before.passed(place_of(old))):
                text = (
                    f"{_called(old.node)} komt in de nieuwe versie voorbij {gate.tekst}. Daar is deze "
                    "route niet zeker langs geweest. Kies een stap ervoor, of laat het dossier op zijn "
                    "eigen versie."
                )
                self._problem(old.node, text)

    # what listens

    def _still_listens(self, token: Token, spec: NodeSpec, scope: Route | SubRoute) -> bool:
        if not _alike(token.task_spec.listens_to, spec.listens_to):
            return False
        if "race" in token.memo:
            return self._arrow_of_race(token, spec.node, scope) is not None
        if token.node.kind == "boundaryEvent":
            host = self._named(token.parent.node)
            return spec.node.kind == "boundaryEvent" and spec.node.attached_to == host
        return spec.node.triggered_by_event

    def _arrow_of_race(self, token: Token, node: Node, scope: Route | SubRoute) -> Flow | None:
        """Return the arrow in the new version from the event-based gateway of this race."""
        gateway = self._named(_gateway(token))
        nodes = scope.spec.scope.nodes
        if gateway not in nodes or nodes[gateway].kind != "eventBasedGateway":
            return None
        return next((flow for flow in node.incoming if flow.source == gateway), None)

    def _race_goes_on(self, token: Token, scope: Route | SubRoute) -> bool:
        """Whether another branch of the same race has a place in the new version."""
        for other in token.workflow.task_tree.children:
            if other.memo.get("race") == token.memo["race"]:
                spec = scope.spec.specs.get(self._named(other.node))
                if spec is not None and self._still_listens(other, spec, scope):
                    return True
        return False

    def _look_at_moment(self, old: Token, new: Token) -> None:
        """Forget the moment of a timer whose definition changed: it is counted again."""
        was, event = old.task_spec.listens_to, new.task_spec.listens_to
        if was is None or event is None or event.kind != "timer" or new.state != WAITING:
            return
        if (was.timer, was.expression) != (event.timer, event.expression):
            for name in ("due", "left", "step", "begin", "turn"):
                new.memo.pop(name, None)
            self._changed.append(new)

    def listen(self) -> None:
        """Arm what is new where the route stands."""
        for old, new in list(self.moved.items()):
            if not new.arm and new.index is None and isinstance(new.task_spec, ActivitySpec):
                known = self._known(old, old.node.boundaries, new.workflow)
                for node in new.node.boundaries:
                    if node.id not in known:
                        spec = new.workflow.spec.specs[node.id]
                        self.act.events.listen(new.workflow, spec, new, opened=new.opened)
        for before, scope in self.pairs:
            if scope.interrupted:
                continue
            known = self._known(before.task_tree, before.spec.scope.event_subprocesses(), scope)
            opened = scope.host.opened if isinstance(scope, SubRoute) else None
            for spec in scope.spec.event_subprocesses:
                if spec.node.id not in known:
                    self.act.events.listen(scope, spec, scope.task_tree, opened=opened)
        self._listen_in_races()

    def _listen_in_races(self) -> None:
        races: dict[int, Token] = {}
        for old in self.moved:
            if "race" in old.memo:
                races.setdefault(old.memo["race"], old)
        for race, old in races.items():
            new = self.moved[old]
            before, nodes = _gateway(old), new.workflow.spec.scope.nodes
            targets = [old.workflow.spec.scope.nodes[flow.target] for flow in before.outgoing]
            known = self._known(old, targets, new.workflow)
            for flow in nodes[self._named(before)].outgoing:
                if flow.target not in known:
                    self.act.events.join_race(new.workflow, flow, race, opened=new.opened)

    def _known(self, old: Token, nodes: Iterable[Node], scope: Route | SubRoute) -> set[str]:
        """Return which new elements merely go on with what the old ones listened to.

        Whether that still happens is for their tokens to say: a timer may have gone off.
        """
        specs = old.workflow.spec.specs
        return {
            self._named(node)
            for node in nodes
            if (spec := scope.spec.specs.get(self._named(node))) is not None
            and _alike(specs[node.id].listens_to, spec.listens_to)
        }

    # what starts anew, and what comes together

    def begin_anew(self) -> None:
        """Let the route go on at the steps that were chosen instead of old ones."""
        for token, scope, node in self._replaced:
            old = token.node
            self.act.passed.append(Passed(old.process, old.id, "cancelled", None))
            self.act.enter(scope, node)

    def _via(self, token: Token, node: Node, scope: Route | SubRoute) -> int | None:
        """Return the place of the arrow by which a token came among those of its new element."""
        if token.via is None:
            return None
        if "race" in token.memo:
            arrow = self._arrow_of_race(token, node, scope)
            return node.incoming.index(arrow) if arrow else None
        names = self.mapping.get(token.node.process, {})
        before, after = token.workflow.spec.scope, scope.spec.scope
        return branches.match(token.node, node, before, after, names).get(token.via)

    def _leave_out(self, token: Token) -> None:
        """Forget a token that waits for the other branches: its own branch is no more."""
        others = (other for other in token.workflow.task_tree.children if other is not token)
        if not any(other.stands for other in others):
            text = (
                f"{_called(token.node)} wacht, en de tak waarlangs de route kwam is er niet meer."
            )
            self._problem(token.node, text)

    def judge_branches(self) -> None:
        """See that no join waits for a branch where nothing can come, or forgets to wait."""
        for before, scope in self.pairs:
            starving = {self._named(join) for join, _ in branches.starving(before)}
            for join, flow in branches.starving(scope):
                if join.id not in starving:
                    source = _called(scope.spec.scope.nodes[flow.source])
                    text = (
                        f"{_called(join)} wacht ook op {source}, en daar komt deze route niet meer."
                    )
                    self._problem(join, text)
            for join in branches.ahead(before):
                new = scope.spec.scope.nodes.get(self._named(join))
                if new is None or (
                    new.kind != join.kind and join.id not in self.mapping.get(join.process, {})
                ):
                    text = f"{_called(join)} brengt takken samen die in de nieuwe versie los verdergaan."
                    self._problem(join, text)

    def pass_joins(self) -> None:
        """Let joins go on that in the new version wait for nothing more."""
        for token in self.act.everywhere():
            if token.alive and token.state == WAITING and isinstance(token.task_spec, ParallelSpec):
                token.task_spec._update(token)  # noqa: SLF001 - how the library looks again


def _gateway(token: Token) -> Node:
    """Return the event-based gateway for which a token listens."""
    nodes = token.workflow.spec.scope.nodes
    return nodes[token.node.incoming[token.via or 0].source]


def _sort(node: Node) -> str:
    return "person" if node.kind in PERSONS else node.kind


def _alike(one: Event | None, other: Event | None) -> bool:
    """Whether two elements wait for the same sort of thing; which message or moment may differ."""
    return (one.kind if one else None) == (other.kind if other else None)


def _shape(loop: Loop | None) -> tuple[object, ...] | None:
    """Return what tokens inside a loop remember of it."""
    if loop is None:
        return None
    return loop.standard, loop.sequential, loop.item, bool(loop.output_collection)


def _called(node: Node) -> str:
    return f"“{node.name}”" if node.name else f"De stap {node.id}"


def _kind(node: Node) -> str:
    return (
        "een deelproces dat op een gebeurtenis begint"
        if node.triggered_by_event
        else _KINDS[node.kind]
    )


def _awaits(node: Node) -> str:
    return _EVENTS.get(node.event.kind if node.event else "", "niets")


def _depth(scope: SubRoute) -> tuple[int, int]:
    return scope.depth, scope.host.serial


def _serial(token: Token) -> int:
    return token.serial
