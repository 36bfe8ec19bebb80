"""Find joins at which a route would wait for ever: every choice tried on paper, facts left out."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from routeflow.engine import arrivals
from routeflow.engine.diagram import ACTIVITIES, Begin, Flow, Node, Scope

MAX_BEGINS: Final = 50
MAX_MARKINGS: Final = 4_000  # for all ways to begin together
_MAX_PLACES: Final = 4_000_000  # markings times arrows and beginnings
_MAX_WORK: Final = 2_000_000  # arrows looked at to see what an inclusive join waits for
_MOST: Final = 4  # tokens on one arrow; more of them tell nothing new about waiting
_SUBSETS: Final = 6  # choices of an inclusive split that are all tried

Marking = tuple[int, ...]


@dataclass(slots=True)
class Stuck:
    """What was found.

    ``never``: joins that pass in no run that begins so; ``sometimes``: that may stay waiting;
    ``again``: inclusive ones at which a second token may come on an arrow that has one.
    """

    never: list[tuple[Node, Begin]] = field(default_factory=list)
    sometimes: list[Node] = field(default_factory=list)
    again: list[Node] = field(default_factory=list)


def stuck(scope: Scope) -> Stuck:
    """Return the joins of a scope that can keep a route waiting for ever, or pass too early."""
    joins = [node for node in scope.nodes.values() if _joins(node)]
    if not joins:
        return Stuck()
    never: dict[int, Begin] = {}
    waited: set[int] = set()
    again: set[int] = set()
    begins = scope.begins()[:MAX_BEGINS]
    for begin in begins:
        found = _Search(scope, begin)
        found.most //= len(begins)
        found.work = _MAX_WORK // len(begins)
        found.run()
        halted = {id(join) for join in found.waited}
        waited |= halted
        again |= found.again
        for join in halted - found.passed if found.sure else ():
            never.setdefault(join, begin)
    return Stuck(
        [(join, never[id(join)]) for join in joins if id(join) in never],
        [join for join in joins if id(join) in waited - never.keys()],
        [join for join in joins if id(join) in again],
    )


class _Search:
    """All markings (tokens per arrow) that a scope can come to from one way to begin.

    What begins stands, as it were, at the end of an arrow of its own, behind the drawn ones.
    A token that is not at a join goes on independently of the others, so one such token is
    moved at a time; only where that leads nowhere new are the others tried as well, and the joins
    that have all their tokens. What ends all others comes last.
    """

    def __init__(self, scope: Scope, begin: Begin) -> None:
        self.scope = scope
        self.begin = begin
        self.places = {id(flow): place for place, flow in enumerate(scope.flows)}
        self.targets = [scope.nodes.get(flow.target) for flow in scope.flows] + [*begin.nodes]
        self.complete = True
        self.piled: set[int] = set()
        self.again: set[int] = set()
        self.most = min(MAX_MARKINGS, _MAX_PLACES // max(1, len(self.targets)))
        self.passed: set[int] = set()
        self.waited: list[Node] = []
        self.work = _MAX_WORK

    @property
    def sure(self) -> bool:
        """Whether a join that passed nowhere passes in no run at all."""
        return self.complete and self.piled.isdisjoint(self.passed)

    def run(self) -> None:
        first = (0,) * len(self.scope.flows) + (1,) * len(self.begin.nodes)
        known: set[Marking] = {first}
        waiting: deque[Marking] = deque(known)
        while waiting:
            marking = waiting.popleft()
            for following in self._next(marking, known):
                if following not in known:
                    if len(known) >= self.most or self.work < 0:
                        self.complete = False
                        return
                    known.add(following)
                    waiting.append(following)

    def _next(self, marking: Marking, known: set[Marking]) -> Iterator[Marking]:
        moving = [
            place
            for place, tokens in enumerate(marking)
            if tokens and (node := self.targets[place]) is not None and not _joins(node)
        ]
        moving.sort(key=lambda place: (self._ends(place), -marking[place]))
        somewhere_new = False
        for place in moving:
            following = list(self._moved(marking, place))
            new = any(one not in known for one in following)
            yield from following
            if new and not self._ends(place):
                return
            somewhere_new |= new
        if not moving:
            yield from self._joined(marking)
        elif not somewhere_new:
            yield from self._full(marking)

    def _ends(self, place: int) -> bool:
        node = self.targets[place]
        return node is not None and _ends_all(node)

    def _full(self, marking: Marking) -> Iterator[Marking]:
        """Let joins pass that have all their tokens, where others go round without end."""
        standing = {
            id(node): node
            for place, tokens in enumerate(marking)
            if tokens and (node := self.targets[place]) is not None and _joins(node)
        }
        for node in standing.values():
            full = [self.places[id(flow)] for flow in node.incoming]
            if node.kind == "inclusiveGateway":
                self.complete = False  # when it would pass is not known
            elif all(marking[place] for place in full):
                self.passed.add(id(node))
                for flows in _ways(node):
                    yield from self._added(_less(marking, full), flows)

    def _moved(self, marking: Marking, place: int) -> Iterator[Marking]:
        node = self.targets[place]
        assert node is not None  # noqa: S101 - arrows to nowhere never carry a token
        if _ends_all(node):
            yield (0,) * len(marking)
            return
        rest = _less(marking, [place])
        for flows in _ways(node):
            yield from self._added(rest, flows)

    def _joined(self, marking: Marking) -> Iterator[Marking]:
        standing = {
            id(node): node
            for place, tokens in enumerate(marking)
            if tokens and (node := self.targets[place]) is not None
        }
        halted = []
        for node in standing.values():
            full = [self.places[id(flow)] for flow in node.incoming]
            there = [place for place in full if marking[place]]
            if node.kind == "parallelGateway":
                waits = len(there) < len(full)
            else:
                waits = self._awaited(node, standing, there)
            if waits:
                halted.append(node)
                continue
            self.passed.add(id(node))
            for flows in _ways(node):
                yield from self._added(_less(marking, there), flows)
            return
        self.waited += halted

    def _awaited(self, join: Node, standing: dict[int, Node], there: list[int]) -> bool:
        """Whether an inclusive join waits for a token at another join."""
        full = {place for place, flow in enumerate(join.incoming) if self.places[id(flow)] in there}
        others = [node.id for node in standing.values() if node is not join]
        if not others:
            return False
        self.work -= len(self.scope.flows)
        return arrivals.awaited(join, full, others, self.scope)

    def _added(self, marking: Marking, flows: list[Flow]) -> list[Marking]:
        following = list(marking)
        for flow in flows:
            place = self.places[id(flow)]
            if following[place] == _MOST:
                self._pile(place)
            target = self.targets[place]
            if following[place] and target is not None and target.kind == "inclusiveGateway":
                self.again.add(id(target))
            following[place] = min(following[place] + 1, _MOST)
        return [tuple(following)]

    def _pile(self, place: int) -> None:
        """Remember that more tokens come here than are counted: what follows is a guess."""
        node = self.targets[place]
        if node is not None and _joins(node):
            self.piled.add(id(node))
        else:
            self.complete = False


def _joins(node: Node) -> bool:
    return node.kind in {"parallelGateway", "inclusiveGateway"} and len(node.incoming) > 1


def _ends_all(node: Node) -> bool:
    """Whether an end takes everything else in its scope with it."""
    event = node.event
    return node.kind == "endEvent" and event is not None and event.kind in {"terminate", "error"}


def _less(marking: Marking, places: list[int]) -> Marking:
    following = list(marking)
    for place in places:
        following[place] -= 1
    return tuple(following)


def _ways(node: Node) -> Iterator[list[Flow]]:
    """Return the sets of arrows on which a token may leave an element."""
    if node.kind in {"exclusiveGateway", "eventBasedGateway"}:
        yield from ([flow] for flow in node.outgoing)
        if not node.outgoing:
            yield []
        return
    if node.kind == "parallelGateway":
        yield node.outgoing
        return
    yield from _chosen(node)
    if node.kind in ACTIVITIES:
        for edge in node.boundaries:
            ways = list(_chosen(edge))
            if edge.interrupting:
                yield from ways
            else:
                yield from (way + flows for way in _chosen(node) for flows in ways)


def _chosen(node: Node) -> Iterator[list[Flow]]:
    """Return each choice out of an element: plain arrows always, conditional ones as they hold."""
    always = [flow for flow in node.outgoing if flow.condition is None and not flow.default]
    chosen = [flow for flow in node.outgoing if flow.condition is not None]
    default = [flow for flow in node.outgoing if flow.default and flow.condition is None]
    if always and node.kind == "inclusiveGateway":  # it never comes to the default
        default = []
    if not chosen:
        yield always + default
        return
    if default or always:
        yield always + default
    sizes = range(1, len(chosen) + 1) if len(chosen) <= _SUBSETS else (1, len(chosen))
    for size in sizes:
        yield from (always + list(some) for some in combinations(chosen, size))
