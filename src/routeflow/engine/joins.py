"""Where branches come together: counting tokens, never looking back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from routeflow.engine import arrivals
from routeflow.engine.spiff import (
    WAITING,
    InclusiveSpec,
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
        """Let an inclusive join pass at which nothing more is waited for; True when one did."""
        for scope in self.act.route.everywhere():
            for (place, spec), there in self.waiting.items():
                if place is not scope or not there or not isinstance(spec, InclusiveSpec):
                    continue
                standing = {_stands_at(token) for token in scope.task_tree.children}
                standing.discard(spec.node.id)
                if not arrivals.awaited(spec.node, there.keys(), standing, scope.spec.scope):
                    self._pass_inclusive(spec, scope)
                    return True
        return False

    def _pass_inclusive(self, spec: NodeSpec, scope: Route | SubRoute) -> None:
        survivor, *others = self.first(spec, scope)
        self.merge(survivor, others)
        self.forget(survivor)
        survivor._ready()  # noqa: SLF001


def _stands_at(token: Token) -> str:
    """Return the element a token counts for: the branches of a race are one token at its gateway."""
    if "race" in token.memo:
        return token.node.incoming[token.via or 0].source
    return "" if token.arm else token.node.id
