"""The values of FEEL in Python, and what makes two of them equal, ordered or printable.

Only the exact types of KINDS occur inside an evaluation; ``adopt`` lets a host's values in.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from routeflow.feel.run import Run

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
    """All values between two ends. An end that is None is open: ``(>= 5)`` has no end."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool


class Function(ABC):
    """Something that FEEL can call: a built-in, a function of the host, or one written in FEEL."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def call(self, run: "Run", args: list[Value], names: tuple[str, ...] | None) -> Value:
        """Return the answer; ``names`` are the parameter names when they were written."""


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


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC, so that two moments in one zone count real hours."""
    return moment.astimezone(UTC)


def zone_name(zone: tzinfo | None) -> str | None:
    """Return the name of a zone such as Europe/Amsterdam, None for a bare offset."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def time_offset(value: time | datetime) -> timedelta | None:
    """Return the offset from UTC; for a time in a named zone that of winter."""
    offset = value.utcoffset()
    if offset is None and value.tzinfo is not None:
        return value.tzinfo.utcoffset(_A_WINTER_DAY)
    return offset


_A_WINTER_DAY: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - asked for a wall clock's offset


def seconds_of(value: time) -> tuple[int, bool]:
    """Return microseconds since midnight UTC, and whether the time has an offset."""
    offset = time_offset(value)
    wall = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    if offset is None:
        return wall, False
    return wall - offset // _MICROSECOND, True


_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(value: timedelta) -> int:
    """Return the whole duration in microseconds."""
    return value // _MICROSECOND


@lru_cache(maxsize=256)
def fixed_zone(seconds: int) -> timezone:
    """Return the zone with this offset from UTC."""
    return timezone(timedelta(seconds=seconds)) if seconds else UTC


Charge = Callable[[int], None]


def equal(a: Value, b: Value, charge: Charge) -> bool | None:
    """Return whether a equals b; None when they are of different kinds and so not comparable."""
    cls = type(a)
    if cls is not type(b):
        if a is None or b is None:
            return False
        return _equal_functions(a, b, charge)
    if cls in _PLAIN:
        return bool(a == b)
    return _EQUAL.get(cls, _equal_functions)(a, b, charge)


_PLAIN: Final = frozenset({NoneType, bool, Decimal, str, date, timedelta, YearsMonths})


def _equal_functions(a: Value, b: Value, _charge: Charge) -> bool | None:
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
    if (a.start_included, a.end_included) != (b.start_included, b.end_included):
        return False
    return _equal_lists([a.start, a.end], [b.start, b.end], charge)


_EQUAL: Final[Mapping[type, Callable[[Any, Any, Charge], bool | None]]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    datetime: lambda a, b, _: bool(utc(a) == utc(b)) if a.tzinfo and b.tzinfo else bool(a == b),
    time: lambda a, b, _: seconds_of(a) == seconds_of(b),
}


def order(a: Value, b: Value) -> int | None:
    """Return -1, 0 or 1; None when a and b have no order, such as a text and a number."""
    cls = type(a)
    if cls is not type(b) or cls not in _ORDERED:
        return None
    if cls is datetime:
        if (a.tzinfo is None) != (b.tzinfo is None):
            return None
        if a.tzinfo is not None:
            a, b = utc(a), utc(b)
    elif cls is time:
        (a, zoned), (b, other_zoned) = seconds_of(a), seconds_of(b)
        if zoned != other_zoned:
            return None
    return -1 if a < b else int(a > b)


_ORDERED: Final = frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths})


def within(value: Value, limits: Range) -> bool | None:
    """Return whether ``value`` lies in the range; None when it cannot be compared with an end."""
    if limits.start is not None:
        low = order(value, limits.start)
        if low is None:
            return None
        if low < 0 or (low == 0 and not limits.start_included):
            return False
    if limits.end is not None:
        high = order(value, limits.end)
        if high is None:
            return None
        if high > 0 or (high == 0 and not limits.end_included):
            return False
    return not (limits.start is None and limits.end is None) or None
