"""The values of FEEL in Python, and what makes two of them equal, ordered or printable.

Only the exact types of KINDS occur inside an evaluation; ``adopt`` lets a host's values in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from types import NoneType
from typing import Any, Final

from routeflow.feel.temporal import (
    DAY,
    WIDE,
    WideDate,
    WideDays,
    WideMoment,
    WideTime,
    place_of,
    utc,
    utc_nanos,
)

Value = Any

ARITHMETIC: Final = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration in whole months; ``P1Y2M`` is 14.

    >>> str(YearsMonths(14)), str(YearsMonths(-3)), str(YearsMonths(0))
    ('P1Y2M', '-P3M', 'P0M')
    """

    total: int

    @property
    def years(self) -> int:
        return abs(self.total) // 12 * (-1 if self.total < 0 else 1)

    @property
    def months(self) -> int:
        return abs(self.total) % 12 * (-1 if self.total < 0 else 1)

    def __str__(self) -> str:
        years, months = divmod(abs(self.total), 12)
        sign = "-" if self.total < 0 else ""
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{sign}P{parts}"


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends.

    ``compared`` is a range that is written as a comparison: ``(>= 5)`` has no end. Otherwise an
    end that is None is one that is not known: what is in ``(5..null)`` is null or false. The TCK
    gives ``(!= 5)`` 5 for both ends, neither included; all but 5 is in it.
    """

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    compared: bool = False

    @property
    def negated(self) -> bool:
        """Whether this is ``(!= x)``."""
        sides = self.start_included or self.end_included
        return self.compared and not sides and self.start is not None and self.end is not None


class Function:
    """A function as a value: it has a name and equals itself only. ``run.Invocable`` can be called."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


KINDS: Final[dict[type, str]] = {
    NoneType: "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    WideDate: "date",
    WideTime: "time",
    WideMoment: "date and time",
    WideDays: "days and time duration",
}

_DUTCH: Final = {
    "Null": "niets (null)",
    "boolean": "waar of onwaar",
    "number": "een getal",
    "string": "een tekst",
    "date": "een datum",
    "time": "een tijd",
    "date and time": "een datum met tijd",
    "days and time duration": "een duur in dagen en tijd",
    "years and months duration": "een duur in jaren en maanden",
    "list": "een lijst",
    "context": "een groep gegevens",
    "range": "een bereik",
    "function": "een functie",
}


def kind(value: Value) -> str:
    """Return the FEEL name of the type of ``value``."""
    return KINDS.get(type(value), "function")


def in_dutch(value: Value) -> str:
    """Return what ``value`` is, for a sentence to a user."""
    return _DUTCH[kind(value)]


class Foreign(ValueError):
    """A host handed in something that is no FEEL value."""


def adopt(value: object, depth: int = 0) -> Value:
    """Return ``value`` of a host as a FEEL value: exact types, no floats, no tuples.

    Raises Foreign when it is something else, such as an object with attributes.
    """
    cls = type(value)
    if cls in _AS_IS:
        return value
    if cls is int:
        return Decimal(value)  # type: ignore[arg-type]
    if depth > _MAX_DEPTH:
        raise Foreign("waarden zitten te diep in elkaar")
    if cls is list:
        return [adopt(item, depth + 1) for item in value]  # type: ignore[attr-defined]
    if cls is dict:
        return {str(key): adopt(item, depth + 1) for key, item in value.items()}  # type: ignore[attr-defined]
    return _adopt_other(value, depth)


def _adopt_other(value: object, depth: int) -> Value:
    if isinstance(value, Enum):
        return adopt(value.value, depth + 1)
    if isinstance(value, Mapping):
        return {str(key): adopt(item, depth + 1) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [adopt(item, depth + 1) for item in value]
    for kinds, become in _BECOME:
        if isinstance(value, kinds):
            return become(value)
    raise Foreign(f"{type(value).__name__} is geen waarde die een expressie kent")


def _finite(number: Decimal) -> Decimal | None:
    return Decimal(number) if number.is_finite() else None


_BECOME: Final[tuple[tuple[type, Callable[[Any], Value]], ...]] = (
    (int, Decimal),
    (float, lambda value: _finite(Decimal(repr(float(value))))),
    (Decimal, _finite),
    (str, str),
    (datetime, lambda value: datetime.combine(date(*value.timetuple()[:3]), value.timetz())),
    (date, lambda value: date(value.year, value.month, value.day)),
    (Function, lambda value: value),
)
_AS_IS: Final = frozenset({*KINDS, Decimal}) - {list, dict}
_MAX_DEPTH: Final = 100


Charge = Callable[[int], None]


def equal(a: Value, b: Value, charge: Charge) -> bool | None:
    """Return whether a equals b; None when they are of different kinds and so not comparable."""
    cls = type(a)
    if cls is not type(b):
        if a is None or b is None:
            return False
        found = _placed(a, b)
        return _equal_functions(a, b) if found is None else found[0] == found[1]
    if cls in _PLAIN:
        return bool(a == b)
    rule = _EQUAL.get(cls)
    return _equal_functions(a, b) if rule is None else rule(a, b, charge)


_TEMPORAL: Final = WIDE | {date, time, datetime, timedelta}
Place = tuple[int, bool]


def _placed(a: Value, b: Value) -> tuple[Place, Place] | None:
    """Return where both stand in time; None when that is no question for these two kinds.

    Beside a date and time, a date is its midnight in UTC (DMN 1.5, 10.3.2.9.4).
    """
    if type(a) not in _TEMPORAL or type(b) not in _TEMPORAL:
        return None
    kinds = {kind(a), kind(b)}
    if len(kinds) > 1 and kinds != _DAY_AND_MOMENT:
        return None
    return _place(a, kinds), _place(b, kinds)


_DAY_AND_MOMENT: Final = frozenset({"date", "date and time"})


def _place(value: Value, kinds: set[str]) -> Place:
    at, zoned = place_of(value)
    return (at * DAY, True) if len(kinds) > 1 and kind(value) == "date" else (at, zoned)


_PLAIN: Final = frozenset({NoneType, bool, Decimal, str, date, timedelta, YearsMonths})


def _equal_functions(a: Value, b: Value) -> bool | None:
    if isinstance(a, Function) and isinstance(b, Function):
        return a is b
    return None


def _equal_lists(a: list[Value], b: list[Value], charge: Charge) -> bool | None:
    if len(a) != len(b):
        return False
    charge(len(a))
    answer: bool | None = True
    for left, right in zip(a, b, strict=True):
        same = equal(left, right, charge)
        if same is False:
            return False
        if same is None:
            answer = None
    return answer


def _equal_contexts(a: dict[str, Value], b: dict[str, Value], charge: Charge) -> bool | None:
    if a.keys() != b.keys():
        return False
    return _equal_lists(list(a.values()), [b[key] for key in a], charge)


def _equal_ranges(a: Range, b: Range, charge: Charge) -> bool | None:
    if (a.start_included, a.end_included, a.compared) != (
        b.start_included,
        b.end_included,
        b.compared,
    ):
        return False
    return _equal_lists([a.start, a.end], [b.start, b.end], charge)


_EQUAL: Final[Mapping[type, Callable[[Any, Any, Charge], bool | None]]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    datetime: lambda a, b, _: _equal_moments(a, b),
    time: lambda a, b, _: utc_nanos(a) == utc_nanos(b),
    **dict.fromkeys(WIDE, lambda a, b, _: place_of(a) == place_of(b)),
}


def _equal_moments(a: datetime, b: datetime) -> bool:
    if a.tzinfo is None or b.tzinfo is None:
        return a == b
    try:
        return utc(a) == utc(b)
    except OverflowError:
        return place_of(a) == place_of(b)


def order(a: Value, b: Value) -> int | None:
    """Return -1, 0 or 1; None when a and b have no order, such as a text and a number."""
    cls = type(a)
    if cls is not type(b) or cls not in _ORDERED:
        return _order_of_places(a, b)
    if cls is datetime:
        if (a.tzinfo is None) != (b.tzinfo is None):
            return None
        if a.tzinfo is not None:
            try:
                a, b = utc(a), utc(b)
            except OverflowError:
                return _order_of_places(a, b)
    elif cls is time:
        return _order_of_places(a, b)
    return -1 if a < b else int(a > b)


_ORDERED: Final = frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths})


def _order_of_places(a: Value, b: Value) -> int | None:
    found = _placed(a, b)
    if found is None:
        return None
    (one, zoned), (other, other_zoned) = found
    if zoned != other_zoned:
        return None
    return -1 if one < other else int(one > other)


def within(value: Value, limits: Range, charge: Charge) -> bool | None:
    """Return whether ``value`` lies in the range; None when it cannot be compared with an end."""
    start, end = limits.start, limits.end
    if limits.negated:
        same = equal(value, start, charge)
        return None if same is None else not same
    if start is not None:
        low = order(value, start)
        if low is None:
            return None
        if low < 0 or (low == 0 and not limits.start_included):
            return False
    if end is not None:
        high = order(value, end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not limits.end_included):
            return False
    unknown = start is None or end is None
    return None if unknown and (not limits.compared or start is end) else True
