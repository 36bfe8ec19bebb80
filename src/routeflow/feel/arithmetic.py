"""The arithmetic operators: numbers, texts, and the calendar."""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from routeflow.feel.run import Run
from routeflow.feel.values import (
    ARITHMETIC,
    Value,
    YearsMonths,
    in_dutch,
    microseconds,
    seconds_of,
    utc,
)

Operation = Callable[[Value, Value, Run, str], Value]


def add(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.add, a, b, run, where)
    if cls is str and other is str:
        return run.text(a + b)
    rule = _SUMS.get((cls, other))
    return _calendar(rule, a, b, run, where)


def subtract(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.subtract, a, b, run, where)
    return _calendar(_DIFFERENCES.get((cls, other)), a, b, run, where)


def multiply(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.multiply, a, b, run, where)
    if cls is Decimal:
        a, b, cls, other = b, a, other, cls
    if other is Decimal and cls in _LENGTHS:
        return _calendar(_scaled, a, b, run, where)
    return _unfit(a, b, run, where)


def divide(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if (cls is Decimal or cls in _LENGTHS) and other is Decimal:
        if not b:
            return run.null(f"{where}: delen door nul kan niet")
        if cls is Decimal:
            return _guarded(ARITHMETIC.divide, a, b, run, where)
        return _calendar(_divided, a, b, run, where)
    if cls in _LENGTHS and other is cls:
        return divide(Decimal(_size(a)), Decimal(_size(b)), run, where)
    return _unfit(a, b, run, where)


def power(a: Value, b: Value, run: Run, where: str) -> Value:
    if type(a) is Decimal and type(b) is Decimal:
        return _guarded(ARITHMETIC.power, a, b, run, where)
    return _unfit(a, b, run, where)


def negative(value: Value, run: Run) -> Value:
    cls = type(value)
    if cls is Decimal:
        return ARITHMETIC.minus(value)
    if cls is timedelta:
        return -value
    if cls is YearsMonths:
        return YearsMonths(-value.total)
    return run.null(f"min {in_dutch(value)} bestaat niet")


OPERATIONS: Final[Mapping[str, Operation]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def _guarded(
    operation: Callable[[Decimal, Decimal], Decimal], a: Decimal, b: Decimal, run: Run, where: str
) -> Value:
    try:
        return operation(a, b)
    except ArithmeticError:
        return run.null(f"{where}: daar komt geen bruikbaar getal uit")


def _unfit(a: Value, b: Value, run: Run, where: str) -> Value:
    return run.null(f"{where}: rekenen met {in_dutch(a)} en {in_dutch(b)} kan niet")


def _calendar(
    rule: Callable[[Value, Value], Value] | None, a: Value, b: Value, run: Run, where: str
) -> Value:
    if rule is None:
        return _unfit(a, b, run, where)
    try:
        answer = rule(a, b)
    except (OverflowError, ValueError, ArithmeticError):
        return run.null(f"{where}: daar komt geen bruikbare datum of duur uit")
    return _unfit(a, b, run, where) if answer is None else answer


def add_months(day: Value, length: YearsMonths) -> Value:
    """Return the same day of the month, or the last one when that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + length.total, 12)
    if not 1 <= year <= 9999:  # noqa: PLR2004 - the calendar that we know
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _later_date(day: date, length: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + length).date()  # noqa: DTZ001 - civil


def later(moment: datetime, length: timedelta) -> datetime:
    """Return the moment that much real time later, in the same zone."""
    if isinstance(moment.tzinfo, ZoneInfo):
        return (utc(moment) + length).astimezone(moment.tzinfo)
    return moment + length


def _later_time(clock: time, length: timedelta) -> time:
    wall = ((clock.hour * 60 + clock.minute) * 60 + clock.second) * 1_000_000 + clock.microsecond
    total = (wall + microseconds(length)) % _DAY
    seconds, fraction = divmod(total, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, fraction, tzinfo=clock.tzinfo)


_DAY: Final = 86_400_000_000


def _months_sum(a: YearsMonths, b: YearsMonths) -> YearsMonths:
    return YearsMonths(a.total + b.total)


def _moment_difference(a: datetime, b: datetime) -> timedelta | None:
    if (a.tzinfo is None) != (b.tzinfo is None):
        return None
    return utc(a) - utc(b) if a.tzinfo else a - b


def _time_difference(a: time, b: time) -> timedelta | None:
    (left, zoned), (right, other_zoned) = seconds_of(a), seconds_of(b)
    return timedelta(microseconds=left - right) if zoned == other_zoned else None


def _as_moment(day: date, like: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC if like.tzinfo else None)


_LENGTHS: Final = frozenset({timedelta, YearsMonths})


def _size(length: Value) -> int:
    return microseconds(length) if type(length) is timedelta else length.total


def _scaled(length: Value, factor: Decimal) -> Value:
    return _like(length, ARITHMETIC.multiply(Decimal(_size(length)), factor))


def _divided(length: Value, part: Decimal) -> Value:
    return _like(length, ARITHMETIC.divide(Decimal(_size(length)), part))


def _like(length: Value, size: Decimal) -> Value:
    if abs(size) > _LONGEST:
        raise OverflowError
    if type(length) is timedelta:
        return timedelta(microseconds=int(size.to_integral_value()))
    return YearsMonths(int(size))


_LONGEST: Final = 10**21

_SUMS: Final[Mapping[tuple[type, type], Callable[[Value, Value], Value]]] = {
    (date, timedelta): _later_date,
    (timedelta, date): lambda a, b: _later_date(b, a),
    (datetime, timedelta): later,
    (timedelta, datetime): lambda a, b: later(b, a),
    (time, timedelta): _later_time,
    (timedelta, time): lambda a, b: _later_time(b, a),
    (timedelta, timedelta): lambda a, b: a + b,
    (date, YearsMonths): add_months,
    (YearsMonths, date): lambda a, b: add_months(b, a),
    (datetime, YearsMonths): add_months,
    (YearsMonths, datetime): lambda a, b: add_months(b, a),
    (YearsMonths, YearsMonths): _months_sum,
}
_DIFFERENCES: Final[Mapping[tuple[type, type], Callable[[Value, Value], Value]]] = {
    (date, date): lambda a, b: a - b,
    (datetime, datetime): _moment_difference,
    (date, datetime): lambda a, b: _moment_difference(_as_moment(a, b), b),
    (datetime, date): lambda a, b: _moment_difference(a, _as_moment(b, a)),
    (time, time): _time_difference,
    (date, timedelta): lambda a, b: _later_date(a, -b),
    (datetime, timedelta): lambda a, b: later(a, -b),
    (time, timedelta): lambda a, b: _later_time(a, -b),
    (timedelta, timedelta): lambda a, b: a - b,
    (date, YearsMonths): lambda a, b: add_months(a, YearsMonths(-b.total)),
    (datetime, YearsMonths): lambda a, b: add_months(a, YearsMonths(-b.total)),
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.total - b.total),
}
