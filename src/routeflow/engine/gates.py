"""What a route must have passed where it stands: the gates of the law in two versions of a set.

A set is proven as a whole (see ``safeguards``): wherever a token can come by its arrows, it passed
the safeguards that the law asks there. Somebody who brings a running route to another version moves
tokens without arrows. So each place of the new version is held against the place in the old one: a
safeguard or a period that every way to the new place passes, and not every way to the old one, was
skipped by the move.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from routeflow.engine import review, safeguards
from routeflow.engine.definition import Definition
from routeflow.engine.diagram import Node
from routeflow.engine.safeguards import Law, Place
from routeflow.engine.spiff import Route, SubRoute, Token

_TERMIJN: Final = re.compile(r'termijn\(\s*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Gate:
    """A safeguard, or a period that the inburgeraar gets.

    ``tekst``: what it is. ``stappen``: the kinds of sanction step that ask it; empty: all of them.
    """

    naam: str
    tekst: str
    keeps: Callable[[Node], bool]
    stappen: frozenset[str] = frozenset()


class Gates:
    """The gates of one version. Costs a part of a second to read, and then stays."""

    def __init__(self, definition: Definition, files: Mapping[str, bytes], law: Law) -> None:
        self._definition = definition
        self._files = files
        self._law = law

    def passed(self, place: Place) -> frozenset[str]:
        """Return the gates that every way to ``place`` passes."""
        like = [self._passed[een] for een in self._like(place)]
        return like[0].intersection(*like) if like else frozenset()

    def skipped(self, place: Place, passed: Collection[str]) -> Iterator[Gate]:
        """Return the gates before ``place`` that are not among ``passed`` and are asked further on."""
        missing = self.passed(place) - frozenset(passed)
        for naam in sorted(missing):
            gate = self._gates[naam]
            if any(self._asked(een, gate) for een in self._like(place)):
                yield gate

    def _like(self, place: Place) -> list[Place]:
        """Return the places of the proof for ``place``: more when a route begins in a called process."""
        if place in self._reading.graph.nodes:
            return [place]
        calls, *rest = place
        return [
            een
            for een in self._reading.graph.nodes
            if [*een[1:]] == rest and een[0][len(een[0]) - len(calls) :] == calls
        ]

    def _asked(self, place: Place, gate: Gate) -> bool:
        """Say whether a step that asks for ``gate`` can come after ``place`` without passing it."""
        reading = self._reading
        reached = safeguards.reach(reading.graph, [place], keeps=gate.keeps, causes=True)
        ends = {reading.sanctions[end] for end in reading.sanctions.keys() & reached}
        if gate.stappen:
            return not gate.stappen.isdisjoint(ends)
        here = reading.graph.nodes[place].process
        return bool(ends) or any(
            reading.graph.nodes[end].process == here for end in reading.sanctions
        )

    @cached_property
    def _reading(self) -> safeguards.Reading:
        asked = review.asked(self._definition.model(review.SAFEGUARDS), self._law)
        processes = self._definition.drawn
        return safeguards.Reading(processes, self._files, self._law, asked)

    @cached_property
    def _gates(self) -> dict[str, Gate]:
        return {gate.naam: gate for gate in (*self._safeguards(), *self._periods())}

    @cached_property
    def _passed(self) -> dict[Place, frozenset[str]]:
        """Return the gates before each place; places with the same ones share them."""
        graph = self._reading.graph
        passed: dict[Place, frozenset[str]] = dict.fromkeys(graph.nodes, frozenset())
        for naam, gate in self._gates.items():
            reached = safeguards.reach(graph, graph.roots, keeps=gate.keeps)
            more: dict[frozenset[str], frozenset[str]] = {}
            for place in graph.nodes.keys() - reached.keys():
                one = passed[place]
                passed[place] = more.setdefault(one, one | {naam})
        return passed

    def _safeguards(self) -> Iterator[Gate]:
        asked = self._reading.asked
        for naam in dict.fromkeys(row.naam for row in asked if not row.grond):
            rows = [row for row in asked if row.naam == naam]
            yield Gate(
                naam,
                f"de waarborg “{naam}”: {rows[0].betekenis} ({rows[0].artikel})",
                partial(self._reading.keeps, naam),
                frozenset(row.stap for row in rows),
            )
        for row in asked:
            if row.grond:
                tekst = f"de waarborg “{row.naam}”: {row.betekenis} ({row.artikel})"
                yield Gate(row.naam, tekst, self._reading.reported, frozenset({row.stap}))

    def _periods(self) -> Iterator[Gate]:
        graph = self._reading.graph
        others = set(graph.overdue)
        timers = [
            node
            for place, node in graph.nodes.items()
            if place[2] == "in" and place not in others and _waits_for_a_moment(node)
        ]
        for naam in dict.fromkeys(map(_period, timers)):
            yield Gate(f"termijn {naam}", f"de termijn “{naam}”", partial(_is_period, naam))


def place_of(token: Token) -> Place:
    """Return where a token stands, as the proof names its places.

    Who waits at a join came by one branch, and passed no more than that one.
    """
    node, scope = token.node, token.workflow
    if node.kind == "parallelGateway" and len(node.incoming) > 1 and token.via is not None:
        return _calls(scope), node.incoming[token.via].source, "uit"
    return place_at(scope, node)


def place_at(scope: Route | SubRoute, node: Node) -> Place:
    """Return the place at which ``node`` is entered in ``scope``."""
    return _calls(scope), node.id, "in"


def _calls(scope: Route | SubRoute) -> tuple[str, ...]:
    """Return the call activities around a scope, the outermost first."""
    calls: list[str] = []
    while isinstance(scope, SubRoute):
        if scope.host.node.called is not None:
            calls.insert(0, scope.host.node.id)
        scope = scope.host.workflow
    return tuple(calls)


def _waits_for_a_moment(node: Node) -> bool:
    timer = node.event is not None and node.event.kind == "timer"
    return timer and node.kind == "intermediateCatchEvent"


def _period(node: Node) -> str:
    """Return by what a period is known in every version: its name in the law, else its element."""
    found = _TERMIJN.search(node.event.expression if node.event else "")
    return found[1] if found else node.id


def _is_period(naam: str, node: Node) -> bool:
    return _waits_for_a_moment(node) and _period(node) == naam
