"""Where branches come together: counting tokens, never looking back."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from routeflow.engine.diagram import Node
from routeflow.engine.spiff import (
    WAITING,
    InclusiveSpec,
    InnerSpec,
    NodeSpec,
    ParallelSpec,
    Route,
    SubRoute,
    Token,
)

if TYPE_CHECKING:
    from routeflow.engine.act import Act

Place = tuple[Route | SubRoute, NodeSpec]

_JOINS: Final = (ParallelSpec, InclusiveSpec)
_CHOOSING: Final = {"exclusiveGateway", "eventBasedGateway"}


class Joins:
    """The joins of a route."""

    def __init__(self, act: "Act") -> None:
        self.act = act
        self._waiting: dict[Place, dict[int | None, dict[bytes, Token]]] | None = None

    @property
    def waiting(self) -> "dict[Place, dict[int | None, dict[bytes, Token]]]":
        """Return the tokens that wait at each join, by the flow they came on, the first one first.

        Kept up to date from the first question on: with many tokens, looking for them each time
        would cost the square of their number.
        """
        if self._waiting is None:
            self._waiting = {}
            for token in self.act.everywhere():
                if isinstance(token.task_spec, _JOINS) and token.state == WAITING:
                    self._add(self._waiting, token)
        return self._waiting

    def arrive(self, token: Token) -> None:
        """Let a token wait at its join."""
        waiting = self.waiting
        token._set_state(WAITING)  # noqa: SLF001
        self._add(waiting, token)

    def forget(self, token: Token) -> None:
        """Leave a token that is gone, or goes on, out of those that wait."""
        if self._waiting is None or not isinstance(token.task_spec, _JOINS):
            return
        there = self._waiting.get((token.workflow, token.task_spec), {})
        there.get(token.via, {}).pop(token.id, None)
        if token.via in there and not there[token.via]:
            del there[token.via]

    def _add(
        self, waiting: "dict[Place, dict[int | None, dict[bytes, Token]]]", token: Token
    ) -> None:
        there = waiting.setdefault((token.workflow, token.task_spec), {})
        there.setdefault(token.via, {})[token.id] = token

    def first(self, spec: NodeSpec, scope: Route | SubRoute) -> list[Token]:
        """Return the longest waiting token on each flow into a join, the longest waiting first."""
        found = [next(iter(row.values())) for row in self.waiting.get((scope, spec), {}).values()]
        return sorted(found, key=lambda token: token.serial)

    def merge(self, survivor: Token, arrived: Iterable[Token]) -> None:
        """Let one token go on for all of them, with what any of them brought along."""
        brought = self.act.brought
        for token in arrived:
            if token is not survivor:
                if token.id in brought:
                    brought.setdefault(survivor.id, brought[token.id])
                self.act.remove(token)

    def let_pass(self) -> bool:
        """Let inclusive joins pass at which nothing more can arrive; True when one did."""
        stuck: list[tuple[NodeSpec, Route | SubRoute]] = []
        for scope in self.act.route.everywhere():
            joins = [
                spec
                for (place, spec), there in self.waiting.items()
                if place is scope and there and isinstance(spec, InclusiveSpec)
            ]
            for spec in joins:
                if not self._can_arrive(spec, scope):
                    self._pass_inclusive(spec, scope)
                    return True
            others = bool(joins) and any(
                not isinstance(token.task_spec, InclusiveSpec | ParallelSpec)
                for token in scope.task_tree.children
                if token.stands
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
        here = set(self.waiting[scope, spec])
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
        search = [flow.source for place, flow in enumerate(spec.node.incoming) if place not in here]
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
        survivor, *others = self.first(spec, scope)
        self.merge(survivor, others)
        self.forget(survivor)
        survivor._ready()  # noqa: SLF001


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
