"""Compile FEEL once and evaluate it many times."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from routeflow.feel import tree
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.compiler import compiled, compiled_tests
from routeflow.feel.faults import DEFAULT_LIMITS, LimitExceeded, Limits, SyntaxFault
from routeflow.feel.parser import Kind, Names, parse
from routeflow.feel.run import Env, Run
from routeflow.feel.values import Value

_FUNCTION_NAMES: Final = Names(LIBRARY)
_NO_SCOPE: Final[dict[str, Any]] = {}


class Expression:
    """Compiled FEEL. Immutable, so threads may share it.

    ``kind`` is ``expression`` or ``unary tests``; ``tree`` is the syntax tree.
    """

    __slots__ = ("_calls", "_free", "closure", "kind", "source", "tree")

    def __init__(self, source: str, kind: Kind, node: tree.Node) -> None:
        self.source = source
        self.kind = kind
        self.tree = node
        self._free = _FreeNames(node)
        self._calls: dict[str, tuple[str, ...]] = {}
        if isinstance(node, tree.Tests):
            test = compiled_tests(node, source)
            self.closure: Callable[[Env], Value] = lambda env: test(env.find("?"), env)
        else:
            self.closure = compiled(node, source)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    @property
    def names(self) -> frozenset[str]:
        """All free names: variables, and functions that are not built in."""
        free = self._free
        return frozenset(free.variables | free.functions | free.perhaps)

    @property
    def variables(self) -> frozenset[str]:
        """Free names that must be variables: not called, and not perhaps a property in a filter."""
        return frozenset(self._free.variables)

    @property
    def functions(self) -> frozenset[str]:
        """Free names that are called and not built in, such as ``termijn``."""
        return frozenset(self._free.functions)

    def calls(self, name: str) -> tuple[str, ...]:
        """Return the texts that are written as first argument of function ``name``, in order."""
        if name not in self._calls:
            self._calls[name] = self._written(name)
        return self._calls[name]

    def _written(self, name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for node in self.tree.walk():
            if not isinstance(node, tree.Call) or node.function != tree.Name(name):
                continue
            for argument in node.arguments[:1]:
                if isinstance(argument, tree.Value) and isinstance(argument.value, str):
                    found[argument.value] = None
        return tuple(found)

    def evaluate(
        self,
        scope: Mapping[str, Any] = _NO_SCOPE,
        *,
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Value:
        """Return the value for ``scope``. Errors are null; see ``evaluate_with_reasons``.

        Unary tests take their input as ``?`` in the scope.

        Raises:
            LimitExceeded: it asked for more work than ``limits`` allow.
        """
        return self.run(Run(scope, now, functions, LIBRARY, limits))

    def evaluate_with_reasons(
        self,
        scope: Mapping[str, Any] = _NO_SCOPE,
        *,
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> tuple[Value, list[str]]:
        """Return the value, and in Dutch each thing on the way that gave null."""
        run = Run(scope, now, functions, LIBRARY, limits)
        return self.run(run), run.reasons

    def run(self, run: Run) -> Value:
        """Evaluate within a run that has begun. Raises LimitExceeded."""
        try:
            return self.closure(Env({}, None, run))
        except RecursionError as error:
            raise LimitExceeded("De expressie gaat te diep.") from error


class _Bound:
    """Names that have a meaning at a place: the first ``count`` of ``places``, and those around."""

    __slots__ = ("around", "count", "places")

    def __init__(self, around: "_Bound | None", places: dict[str, int], count: int) -> None:
        self.around = around
        self.places = places
        self.count = count

    def __contains__(self, name: str) -> bool:
        here: _Bound | None = self
        while here is not None:
            if here.places.get(name, here.count) < here.count:
                return True
            here = here.around
        return False

    def and_also(self, *names: str) -> "_Bound":
        return _Bound(self, dict.fromkeys(names, 0), 1)


class _FreeNames:
    """Sorts the free names: ``variables``, ``functions``, and ``perhaps`` properties in a filter."""

    def __init__(self, node: tree.Node) -> None:
        self.variables: set[str] = set()
        self.functions: set[str] = set()
        self.perhaps: set[str] = set()
        self.todo: list[tuple[tree.Node, _Bound, bool]] = [(node, _Bound(None, {"?": 0}, 1), False)]
        while self.todo:
            self.visit(*self.todo.pop())

    def visit(self, node: tree.Node, bound: _Bound, filtered: bool) -> None:  # noqa: FBT001 - a loop's state
        match node:
            case tree.Name(name=name):
                self.note(name, self.perhaps if filtered else self.variables, bound)
            case tree.Call(function=tree.Name(name=name), arguments=arguments):
                self.note(name, self.functions, bound)
                self.todo += [(argument, bound, filtered) for argument in arguments]
            case tree.Filter(base=base, condition=condition):
                self.todo += [(base, bound, filtered), (condition, bound.and_also("item"), True)]
            case tree.For(loops=loops, body=body) | tree.Quantified(loops=loops, condition=body):
                pairs = [(loop.name, loop.source) for loop in loops]
                self.one_by_one([*pairs, ("", body)], bound.and_also("partial"), filtered=filtered)
            case tree.Entries(entries=entries):
                pairs = [(entry.name, entry.value) for entry in entries]
                self.one_by_one(pairs, bound, filtered=filtered)
            case tree.Lambda(params=params, body=tree.Node() as body):
                names = bound.and_also(*(param.name for param in params))
                self.todo.append((body, names, filtered))
            case tree.Lambda():
                pass
            case _:
                self.todo += [(child, bound, filtered) for child in node.children()]

    def note(self, name: str, names: set[str], bound: _Bound) -> None:
        if name not in bound and name not in LIBRARY:
            names.add(name)

    def one_by_one(
        self, pairs: list[tuple[str, tree.Node]], bound: _Bound, *, filtered: bool
    ) -> None:
        """Visit parts that each see the names of those before them."""
        places: dict[str, int] = {}
        for place, (name, part) in enumerate(pairs):
            self.todo.append((part, _Bound(bound, places, place), filtered))
            places.setdefault(name, place)


def compile(  # noqa: A001 - the module is its own namespace: feel.compile
    source: str, *, kind: Kind = "expression", names: Collection[str] = ()
) -> Expression:
    """Return ``source`` compiled; the same source gives the same object again.

    Args:
        source: FEEL text, without the ``=`` that diagrams put before it.
        kind: ``expression``, or ``unary tests`` for a cell of a decision table.
        names: variables and members whose names hold spaces or signs such as ``-``.

    Raises:
        SyntaxFault: the text is not FEEL; the sentence is Dutch and has the column.
    """
    return _compile(source, kind, frozenset(names))


@lru_cache(maxsize=4096)
def _compile(source: str, kind: Kind, names: frozenset[str]) -> Expression:
    if kind not in ("expression", "unary tests"):
        raise ValueError(f"no such kind: {kind}")
    try:
        return Expression(
            source, kind, parse(source, kind=kind, names=names, functions=_FUNCTION_NAMES)
        )
    except RecursionError as error:
        raise SyntaxFault("ze zit te diep in elkaar", source=source) from error
