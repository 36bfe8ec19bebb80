"""What a part of an expression always gives, whatever the facts are."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from routeflow.feel import tree
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.compiler import compiled
from routeflow.feel.faults import LimitExceeded, Limits, SyntaxFault
from routeflow.feel.run import Env, Run
from routeflow.feel.values import Value

_TELLS_TIME: Final = frozenset({"now", "today"})
_PARTS: Final = (
    tree.Value,
    tree.At,
    tree.Binary,
    tree.Negative,
    tree.Logic,
    tree.Between,
    tree.If,
    tree.Path,
    tree.Items,
    tree.Call,
)
_LITTLE: Final = Limits(steps=10_000, items=1_000, text=10_000, seconds=0.2)
_NEVER_READ: Final = datetime(2000, 1, 1, tzinfo=UTC)  # what reads the clock is no constant


def constant(node: tree.Node) -> tuple[Value, bool]:
    """Return the value that ``node`` always has, and whether it has one.

    >>> from routeflow import feel
    >>> constant(feel.compile('date("2026-01-01") + duration("P1D")').tree)
    (datetime.date(2026, 1, 2), True)
    >>> constant(feel.compile("2 * uren").tree)
    (None, False)
    """
    if isinstance(node, tree.Value):
        return node.value, True
    if not _is_fixed(node):
        return None, False
    value, run = _evaluated(node)
    return value, run is not None


def _evaluated(node: tree.Node) -> tuple[Value, Run | None]:
    """Return the value, and the run that gave it; None when it asked for too much."""
    run = Run({}, _NEVER_READ, None, LIBRARY, _LITTLE)
    try:
        return compiled(node, "")(Env({}, None, run)), run
    except (LimitExceeded, RecursionError, SyntaxFault):
        return None, None


def _is_fixed(node: tree.Node) -> bool:
    """Return whether ``node`` holds no name but those of functions that always answer the same."""
    todo = [node]
    while todo:
        part = todo.pop()
        if not isinstance(part, _PARTS):
            return False
        if isinstance(part, tree.Call):
            name = part.function
            if not isinstance(name, tree.Name) or name.name in _TELLS_TIME:
                return False
            if name.name not in LIBRARY:
                return False
            todo += part.arguments
        else:
            todo += part.children()
    return True


def faults(node: tree.Node) -> Iterator[tuple[tree.Node, str]]:
    """Yield the parts of ``node`` that can never be evaluated, each with the reason."""
    todo = [node]
    while todo:
        part = todo.pop()
        if not isinstance(part, tree.Value) and _is_fixed(part):
            run = _evaluated(part)[1]
            if run is not None and run.reasons:
                yield part, run.reasons[0]
        else:
            todo += reversed(list(part.children()))
