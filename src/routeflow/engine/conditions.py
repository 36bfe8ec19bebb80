"""What a cell of a decision table asks of its input: comparisons with fixed values.

A cell is read into a small tree of conditions on ``?``. What compares ``?`` with something that
is not fixed, or asks something else of it, is ``Unknown``: it may answer anything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

from routeflow.feel import tree
from routeflow.feel.constants import constant
from routeflow.feel.values import Function, Range, Value, order

_ASKED: Final = tree.Name("?")
_TURNED: Final[dict[tree.Operator, tree.Operator]] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
_NO_POINT: Final = (list, dict, Range, Function)


@dataclass(frozen=True, slots=True)
class Is:
    """``?`` compared with a value."""

    operator: tree.Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Within:
    """``?`` lies in a range; never in one that is no range, such as [5..1]."""

    limits: Range | None


@dataclass(frozen=True, slots=True)
class Itself:
    """``?`` where true or false belongs."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same answer; None is null."""

    answer: bool | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What ``check`` cannot tell."""


@dataclass(frozen=True, slots=True)
class Joined:
    """All parts with ``and``, or some part with ``or``."""

    word: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


@dataclass(frozen=True, slots=True)
class Surely:
    """False where ``part`` is null: how FEEL looks for a value in a list."""

    part: "Condition"


Leaf = Is | Within | Itself | Fixed | Unknown
Condition = Leaf | Joined | Not | Surely


@dataclass(frozen=True, slots=True)
class Outcome:
    """Bits of the inputs for which a condition may be true, may be false and may be null."""

    true: int
    false: int
    null: int

    @property
    def sure(self) -> int:
        return self.true & ~self.false & ~self.null

    def turned(self) -> "Outcome":
        return Outcome(self.false, self.true, self.null)


def outcome(condition: Condition, of_leaf: Callable[[Leaf], Outcome]) -> Outcome:
    """Return when ``condition`` is true, false and null by the logic of FEEL, which has three."""
    match condition:
        case Not(part=part):
            return outcome(part, of_leaf).turned()
        case Surely(part=part):
            found = outcome(part, of_leaf)
            return Outcome(found.true, found.false | found.null, 0)
        case Joined(word=word, parts=parts):
            each = [outcome(part, of_leaf) for part in parts]
            if word == "or":
                return _all([one.turned() for one in each]).turned()
            return _all(each)
        case _:
            return of_leaf(condition)


def _all(found: list[Outcome]) -> Outcome:
    true = reduce(lambda a, b: a & b, (one.true for one in found))
    false = reduce(lambda a, b: a | b, (one.false for one in found))
    null = reduce(lambda a, b: a | b, (one.null for one in found))
    undecided = reduce(lambda a, b: a & b, (one.true | one.null for one in found))
    return Outcome(true, false, null & undecided)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield what is asked of ``?``, from left to right."""
    todo: list[Condition] = [condition]
    while todo:
        match todo.pop():
            case Joined(parts=parts):
                todo += reversed(parts)
            case Not(part=part) | Surely(part=part):
                todo.append(part)
            case leaf:
                yield leaf


def values_of(condition: Condition) -> Iterator[Value]:
    """Yield the values with which ``?`` is compared."""
    for leaf in leaves(condition):
        if isinstance(leaf, Is):
            yield leaf.value
        elif isinstance(leaf, Within) and leaf.limits is not None:
            yield from (leaf.limits.start, leaf.limits.end)


def read(tests: tree.Tests) -> Condition:
    """Return what a cell asks of its input."""
    if not tests.tests:
        return Fixed(answer=True)
    found = _joined("or", [_test(one) for one in tests.tests])
    return Not(found) if tests.negated else found


def _joined(word: str, parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))


def _test(node: tree.Node) -> Condition:
    """Return what one test of a cell, or one behind ``in``, asks."""
    match node:
        case tree.Open(operator=operator, operand=operand):
            return _compared(operator, operand)
        case tree.Interval():
            return _within(node)
        case tree.Items(items=items):
            return Surely(_joined("or", [_item(item) for item in items])) if items else Fixed(False)  # noqa: FBT003 - its answer
        case tree.Name(name="?"):
            return Fixed(answer=True)
    if any(part == _ASKED for part in node.walk()):
        return _question(node)
    return _compared("=", node)


def _item(node: tree.Node) -> Condition:
    """Return what an item of a list asks; a range in it asks whether ``?`` is inside."""
    if isinstance(node, tree.Open):
        return Unknown() if node.operator in ("=", "!=") else _compared(node.operator, node.operand)
    if isinstance(node, tree.Interval):
        found = _within(node)
        return Is("=", None) if found == Within(None) else found  # what is no range is null
    return _compared("=", node)


def _compared(operator: tree.Operator, operand: tree.Node) -> Condition:
    value, is_fixed = constant(operand)
    return Is(operator, value) if is_fixed and not isinstance(value, _NO_POINT) else Unknown()


def _within(node: tree.Interval) -> Condition:
    (start, one), (end, other) = constant(node.start), constant(node.end)
    if not one or not other or isinstance(start, _NO_POINT) or isinstance(end, _NO_POINT):
        return Unknown()
    return Within(_range(Range(start, end, node.start_included, node.end_included)))


def _range(limits: Range) -> Range | None:
    """Return ``limits``, None when FEEL has no such range."""
    if limits.start is not None and limits.end is not None:
        return limits if order(limits.start, limits.end) in (-1, 0) else None
    unknown = (limits.start is None and limits.start_included) or (
        limits.end is None and limits.end_included
    )
    return None if unknown or limits.start == limits.end else limits


def _question(node: tree.Node) -> Condition:
    """Return what an expression with ``?`` in it asks, where true or false belongs."""
    value, is_fixed = constant(node)
    if is_fixed:
        return Fixed(value if isinstance(value, bool) else None)
    match node:
        case tree.Name(name="?"):
            return Itself()
        case tree.Logic(word=word, parts=parts):
            return Joined(word, tuple(_question(part) for part in parts))
        case tree.Call(function=tree.Name(name="not"), arguments=(part,), names=None):
            return Not(_question(part))
        case _:
            return _comparison(node)


def _comparison(node: tree.Node) -> Condition:
    match node:
        case tree.Binary(operator=operator, left=left, right=right) if _ASKED in (left, right):
            if operator not in _TURNED:
                return Unknown()
            turned = left != _ASKED
            return _compared(_TURNED[operator] if turned else operator, left if turned else right)
        case tree.Between(value=tree.Name(name="?"), low=low, high=high):
            return Joined("and", (_compared(">=", low), _compared("<=", high)))
        case tree.In(value=tree.Name(name="?"), tests=tests):
            return _joined("or", [_test(one) for one in tests])
        case tree.Call(
            function=tree.Name(name="list contains"),
            arguments=(tree.Items(items=(_, *_) as items), tree.Name(name="?")),
            names=None,
        ):
            return Surely(_joined("or", [_compared("=", one) for one in items]))
        case _:
            return Unknown()
