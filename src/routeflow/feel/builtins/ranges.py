"""How two points or ranges lie to each other."""

from collections.abc import Callable
from typing import Final

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Run
from routeflow.feel.values import Range, Value, order

FUNCTIONS: Final = Chapter()
Relation = Callable[[Range, Range], bool]


class _Apart(Exception):
    """Two points have no order, or a range has no end there."""


def _order(a: Value, b: Value) -> int:
    found = None if a is None or b is None else order(a, b)
    if found is None:
        raise _Apart
    return found


def _point(value: Value) -> Range:
    return Range(value, value, start_included=True, end_included=True)


def _starts_first(a: Range, b: Range) -> bool:
    sign = _order(a.start, b.start)
    return sign < 0 or (sign == 0 and a.start_included and not b.start_included)


def _same_start(a: Range, b: Range) -> bool:
    return _order(a.start, b.start) == 0 and a.start_included == b.start_included


def _ends_first(a: Range, b: Range) -> bool:
    sign = _order(a.end, b.end)
    return sign < 0 or (sign == 0 and not a.end_included and b.end_included)


def _same_end(a: Range, b: Range) -> bool:
    return _order(a.end, b.end) == 0 and a.end_included == b.end_included


def before(a: Range, b: Range) -> bool:
    sign = _order(a.end, b.start)
    return sign < 0 or (sign == 0 and not (a.end_included and b.start_included))


def meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _order(a.end, b.start) == 0


def overlaps(a: Range, b: Range) -> bool:
    return not before(a, b) and not before(b, a)


def overlaps_before(a: Range, b: Range) -> bool:
    return _starts_first(a, b) and overlaps(a, b) and (_ends_first(a, b) or _same_end(a, b))


def finishes(a: Range, b: Range) -> bool:
    return _same_end(a, b) and (_same_start(a, b) or _starts_first(b, a))


def includes(a: Range, b: Range) -> bool:
    return not _starts_first(b, a) and not _ends_first(a, b)


def starts(a: Range, b: Range) -> bool:
    return _same_start(a, b) and (_same_end(a, b) or _ends_first(a, b))


def coincides(a: Range, b: Range) -> bool:
    return _same_start(a, b) and _same_end(a, b)


def _relation(name: str, rule: Relation, *takes: tuple[str, str]) -> None:
    for first, second in takes:
        one, two = ("point" if word == "any" else "range" for word in (first, second))
        names = (f"{one}1", f"{two}2") if one == two else (one, two)

        @FUNCTIONS.function(f"{name}({names[0]}: {first}, {names[1]}: {second})")
        def implementation(run: Run, a: Value, b: Value) -> Value:
            left = a if type(a) is Range else _point(a)
            right = b if type(b) is Range else _point(b)
            if left.negated or right.negated:
                return run.null(f"{name}: met != is dit niet te vergelijken")
            try:
                return rule(left, right)
            except _Apart:
                return run.null(f"{name}: dit is niet te vergelijken")


_RANGES: Final = ("range", "range")
_POINT_RANGE: Final = ("any", "range")
_RANGE_POINT: Final = ("range", "any")
_POINTS: Final = ("any", "any")

_relation("before", before, _RANGES, _RANGE_POINT, _POINT_RANGE, _POINTS)
_relation("after", lambda a, b: before(b, a), _RANGES, _RANGE_POINT, _POINT_RANGE, _POINTS)
_relation("meets", meets, _RANGES)
_relation("met by", lambda a, b: meets(b, a), _RANGES)
_relation("overlaps", overlaps, _RANGES)
_relation("overlaps before", overlaps_before, _RANGES)
_relation("overlaps after", lambda a, b: overlaps_before(b, a), _RANGES)
_relation("finishes", finishes, _RANGES, _POINT_RANGE)
_relation("finished by", lambda a, b: finishes(b, a), _RANGES, _RANGE_POINT)
_relation("includes", includes, _RANGES, _RANGE_POINT)
_relation("during", lambda a, b: includes(b, a), _RANGES, _POINT_RANGE)
_relation("starts", starts, _RANGES, _POINT_RANGE)
_relation("started by", lambda a, b: starts(b, a), _RANGES, _RANGE_POINT)
_relation("coincides", coincides, _RANGES, _POINTS)
