"""Which branches come together where, when a route moves to another version of its diagrams."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from routeflow.engine.diagram import Flow, Node, Scope
from routeflow.engine.spiff import Route, SubRoute, Token

JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway"})


def match(
    old: Node, new: Node, before: Scope, after: Scope, names: Mapping[str, str]
) -> dict[int, int]:
    """Return for each arrow into ``old`` the place of the same arrow into ``new``, where it has one.

    The same arrow: of the same id, or else from the same element, or else the only new one to
    which the old element leads, because a step was put in between.
    """
    found: dict[int, int] = {}

    def free() -> Iterator[tuple[int, Flow]]:
        taken = set(found.values())
        return ((place, flow) for place, flow in enumerate(new.incoming) if place not in taken)

    def look(place: int, candidates: list[int]) -> None:
        if place not in found and candidates:
            found[place] = candidates[0]

    for place, flow in enumerate(old.incoming):
        ident = names.get(flow.id or "", flow.id)
        look(place, [at for at, other in free() if ident is not None and other.id == ident])
    for place, flow in enumerate(old.incoming):
        source = names.get(flow.source, flow.source)
        look(place, [at for at, other in free() if other.source == source])
    for place, flow in enumerate(old.incoming):
        source = names.get(flow.source, flow.source)
        if place in found or source not in after.nodes or flow.source not in before.nodes:
            continue
        reached = _reach([after.nodes[source]], after, end=new.id)
        candidates = [at for at, other in free() if other.source in reached]
        look(place, candidates if len(candidates) == 1 else [])
    return found


def starving(scope: Route | SubRoute) -> Iterator[tuple[Node, Flow]]:
    """Yield each parallel join where a token is or comes, with the arrows along which none can."""
    drawn = scope.spec.scope
    tokens = _tokens(scope)
    for join in drawn.nodes.values():
        if join.kind != "parallelGateway" or len(join.incoming) < 2:  # noqa: PLR2004 - a join
            continue
        here = {token.via for token in tokens if token.node is join}
        others = [token.node for token in tokens if token.node is not join]
        reached = _reach(others, drawn, end=join.id)
        if here or any(flow.source in reached for flow in join.incoming):
            for place, flow in enumerate(join.incoming):
                if place not in here and flow.source not in reached:
                    yield join, flow


def ahead(scope: Route | SubRoute) -> Iterator[Node]:
    """Yield the joins that are to bring together two or more of the tokens there are now."""
    drawn = scope.spec.scope
    joins = {
        node.id: node
        for node in drawn.nodes.values()
        if node.kind in JOINS and len(node.incoming) > 1
    }
    arriving: dict[str, set[object]] = {ident: set() for ident in joins}
    waiting: list[tuple[object, Node]] = []
    for token in _tokens(scope):
        source: object = token.memo.get("race", token.serial)
        if token.node.id in joins:
            arriving[token.node.id].add(source)
            waiting.append((token.node.id, token.node))
        elif token.node.kind != "boundaryEvent":
            waiting.append((source, token.node))
    known: set[object] = set()
    while waiting:
        source, node = waiting.pop()
        if isinstance(source, str):  # what comes out of a join is one token, whoever went in
            if source in known:
                continue
            known.add(source)
        for ident in _reach([node], drawn, stops=joins.keys()) & joins.keys():
            if ident != source:
                arriving[ident].add(source)
                waiting.append((ident, joins[ident]))
    return (joins[ident] for ident, sources in arriving.items() if len(sources) > 1)


def _tokens(scope: Route | SubRoute) -> list[Token]:
    return [
        token
        for token in scope.tasks.values()
        if token is not scope.task_tree and token.index is None
    ]


def _reach(
    begin: Iterable[Node], drawn: Scope, *, end: str = "", stops: Iterable[str] = ()
) -> set[str]:
    """Return the elements to which arrows lead from ``begin``, not past ``end`` or ``stops``."""
    closed = {end, *stops}
    first = list(begin)
    known: set[str] = set()
    search = list(first)
    while search:
        node = search.pop()
        if node.id in known:
            continue
        known.add(node.id)
        if node.id in closed and node not in first:
            continue
        search += [drawn.nodes[flow.target] for flow in node.outgoing]
        search += node.boundaries
    return known
