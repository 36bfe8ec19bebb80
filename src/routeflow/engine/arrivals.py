"""When an inclusive join waits: table 13.3 of BPMN 2.0.2, over the arrows of one drawing."""

from collections.abc import Collection, Iterable

from routeflow.engine.diagram import Node, Scope


def awaited(
    join: Node, full: Collection[int | None], standing: Iterable[str], scope: Scope
) -> bool:
    """Whether ``join`` waits for a token on one of the elements ``standing``.

    It does for a token from which arrows lead to an arrow into the join that has none, unless
    arrows also lead from there to one that has: both without passing the join. ``full``: the
    places of the arrows that have a token.

    BPMN says this of tokens on arrows. An element that is busy holds the token of the arrow into
    it, and what is at its edge is one more way out of it; a way that is there already is no
    reason not to wait, for what happens at an edge may leave the activity going on.
    """
    empty = [flow.source for place, flow in enumerate(join.incoming) if place not in full]
    there = [flow.source for place, flow in enumerate(join.incoming) if place in full]
    coming = before(empty, join.id, scope, edges=True).intersection(standing)
    return bool(coming) and not coming <= before(there, join.id, scope, edges=False)


def before(begin: Iterable[str], end: str, scope: Scope, *, edges: bool) -> set[str]:
    """Return the elements from which arrows lead to one of ``begin`` without passing ``end``.

    ``edges``: an event at the edge of an activity counts as a way out of it.
    """
    found: set[str] = set()
    search = list(begin)
    while search:
        ident = search.pop()
        if ident in found or ident == end:
            continue
        found.add(ident)
        node = scope.nodes[ident]
        search += [flow.source for flow in node.incoming]
        if edges and node.attached_to in scope.nodes:
            search.append(node.attached_to)
    return found
