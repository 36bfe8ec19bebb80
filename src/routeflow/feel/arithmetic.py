"""The arithmetic operators: numbers, texts, and the calendar."""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from routeflow.feel.run import Run
from routeflow.feel.temporal import (
    DAY,
    Date,
    Time,
    WideDays,
    WideMoment,
    clock_of,
    date_of,
    day_of,
    instant,
    make_date,
    make_days,
    make_moment,
    make_time,
    moment_at,
    nanos_in,
    nanos_of,
    ordinal,
    place_of,
    utc,
    utc_nanos,
    zone_of,
)
from routeflow.feel.values import ARITHMETIC, Value, YearsMonths, in_dutch, kind

Operation = Callable[[Value, Value, Run, str], Value]


def add(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.add, a, b, run, where)
    if cls is str and other is str:
        return run.text(a + b)
    return _calendar(_SUMS, a, b, run, where)


def subtract(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.subtract, a, b, run, where)
    return _calendar(_DIFFERENCES, a, b, run, where)


def multiply(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if cls is Decimal and other is Decimal:
        return _guarded(ARITHMETIC.multiply, a, b, run, where)
    if cls is Decimal:
        a, b, cls, other = b, a, other, cls
    if other is Decimal and cls in _LENGTHS:
        return _length(_scaled, a, b, run, where)
    return _unfit(a, b, run, where)


def divide(a: Value, b: Value, run: Run, where: str) -> Value:
    cls, other = type(a), type(b)
    if (cls is Decimal or cls in _LENGTHS) and other is Decimal:
        if not b:
            return run.null(f"{where}: delen door nul kan niet")
        if cls is Decimal:
            return _guarded(ARITHMETIC.divide, a, b, run, where)
        return _length(_divided, a, b, run, where)
    if cls in _LENGTHS and other in _LENGTHS and kind(a) == kind(b):
        return divide(Decimal(_size(a)), Decimal(_size(b)), run, where)
    return _unfit(a, b, run, where)


def power(a: Value, b: Value, run: Run, where: str) -> Value:
    if type(a) is Decimal and type(b) is Decimal:
        if not a and b < 0:
            return run.null(f"{where}: delen door nul kan niet")
        return _guarded(ARITHMETIC.power, a, b, run, where) if b else Decimal(1)
    return _unfit(a, b, run, where)


def negative(value: Value, run: Run) -> Value:
    cls = type(value)
    if cls is Decimal:
        return ARITHMETIC.minus(value)
    if cls is timedelta or cls is WideDays:
        return make_days(-nanos_in(value))
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


Rules = Mapping[tuple[type, type], Callable[[Value, Value], Value]]


def _calendar(rules: Rules, a: Value, b: Value, run: Run, where: str) -> Value:
    """Return what the rule for these two classes says.

    The rules are for the classes of datetime. A Wide value, or a sum that datetime cannot
    hold, is reckoned in whole nanoseconds instead.
    """
    rule = rules.get((type(a), type(b)))
    try:
        if rule is not None:
            answer = rule(a, b)
            return _unfit(a, b, run, where) if answer is None else answer
    except (OverflowError, ValueError):
        pass
    wide = _WIDE[rules is _DIFFERENCES].get((kind(a), kind(b)))
    if wide is None:
        return _unfit(a, b, run, where)
    try:
        answer = wide(a, b)
    except (OverflowError, ValueError, ArithmeticError):
        return run.null(f"{where}: daar komt geen bruikbare datum of duur uit")
    return _unfit(a, b, run, where) if answer is None else answer


def _length(
    rule: Callable[[Value, Value], Value], a: Value, b: Value, run: Run, where: str
) -> Value:
    try:
        return rule(a, b)
    except (OverflowError, ValueError, ArithmeticError):
        return run.null(f"{where}: daar komt geen bruikbare duur uit")


def add_months(value: Value, length: YearsMonths) -> Value:
    """Return the same day of the month, or the last one when that month is shorter."""
    day = day_of(value)
    year, month = divmod(day.year * 12 + day.month - 1 + length.total, 12)
    last = calendar.monthrange(2000 + year % 400, month + 1)[1]
    moved = make_date(year, month + 1, min(day.day, last))
    if isinstance(value, datetime | WideMoment):
        return make_moment(moved, clock_of(value))
    return moved


def _later_date(day: date, length: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + length).date()  # noqa: DTZ001 - civil


def later(moment: datetime, length: timedelta) -> datetime:
    """Return the moment that much real time later, in the same zone."""
    if isinstance(moment.tzinfo, ZoneInfo):
        return (utc(moment) + length).astimezone(moment.tzinfo)
    return moment + length


def _later_time(clock: Time, length: Value) -> Time:
    return make_time((nanos_of(clock) + nanos_in(length)) % DAY, zone_of(clock))


def _months_sum(a: YearsMonths, b: YearsMonths) -> YearsMonths:
    return YearsMonths(a.total + b.total)


def _moment_difference(a: datetime, b: datetime) -> timedelta | None:
    if (a.tzinfo is None) != (b.tzinfo is None):
        return None
    return utc(a) - utc(b) if a.tzinfo else a - b


def _time_difference(a: Time, b: Time) -> Value:
    (left, zoned), (right, other_zoned) = utc_nanos(a), utc_nanos(b)
    return make_days(left - right) if zoned == other_zoned else None


def _as_moment(day: Date) -> Value:
    """Return the beginning of the day in UTC, which is what a date means beside a moment."""
    return make_moment(day, time(tzinfo=UTC))


def _wide_later_date(day: Date, nanos: int) -> Date:
    return date_of((ordinal(day) * DAY + nanos) // DAY)


def _wide_later(moment: Value, nanos: int) -> Value:
    return moment_at(instant(moment) + nanos, zone_of(moment))


def _wide_difference(a: Value, b: Value) -> Value:
    (left, zoned), (right, other_zoned) = place_of(a), place_of(b)
    return make_days(left - right) if zoned == other_zoned else None


_LENGTHS: Final = frozenset({timedelta, WideDays, YearsMonths})


def _size(length: Value) -> int:
    return length.total if type(length) is YearsMonths else nanos_in(length)


def _scaled(length: Value, factor: Decimal) -> Value:
    return _like(length, ARITHMETIC.multiply(Decimal(_size(length)), factor))


def _divided(length: Value, part: Decimal) -> Value:
    return _like(length, ARITHMETIC.divide(Decimal(_size(length)), part))


def _like(length: Value, size: Decimal) -> Value:
    if abs(size) > _LONGEST:
        raise OverflowError
    if type(length) is YearsMonths:
        return YearsMonths(int(size))
    return make_days(int(size.to_integral_value()))


_LONGEST: Final = 10**30

_SUMS: Final[Rules] = {
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
_DIFFERENCES: Final[Rules] = {
    (date, date): lambda a, b: a - b,
    (datetime, datetime): _moment_difference,
    (date, datetime): lambda a, b: _moment_difference(_as_moment(a), b),
    (datetime, date): lambda a, b: _moment_difference(a, _as_moment(b)),
    (time, time): _time_difference,
    (date, timedelta): lambda a, b: _later_date(a, -b),
    (datetime, timedelta): lambda a, b: later(a, -b),
    (time, timedelta): lambda a, b: _later_time(a, -b),
    (timedelta, timedelta): lambda a, b: a - b,
    (date, YearsMonths): lambda a, b: add_months(a, YearsMonths(-b.total)),
    (datetime, YearsMonths): lambda a, b: add_months(a, YearsMonths(-b.total)),
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.total - b.total),
}

_DATE, _TIME, _MOMENT = "date", "time", "date and time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"
_WIDE_SUMS: Final[Mapping[tuple[str, str], Callable[[Value, Value], Value]]] = {
    (_DATE, _DAYS): lambda a, b: _wide_later_date(a, nanos_in(b)),
    (_DAYS, _DATE): lambda a, b: _wide_later_date(b, nanos_in(a)),
    (_MOMENT, _DAYS): lambda a, b: _wide_later(a, nanos_in(b)),
    (_DAYS, _MOMENT): lambda a, b: _wide_later(b, nanos_in(a)),
    (_TIME, _DAYS): _later_time,
    (_DAYS, _TIME): lambda a, b: _later_time(b, a),
    (_DAYS, _DAYS): lambda a, b: make_days(nanos_in(a) + nanos_in(b)),
    (_DATE, _MONTHS): add_months,
    (_MONTHS, _DATE): lambda a, b: add_months(b, a),
    (_MOMENT, _MONTHS): add_months,
    (_MONTHS, _MOMENT): lambda a, b: add_months(b, a),
}
_WIDE_DIFFERENCES: Final[Mapping[tuple[str, str], Callable[[Value, Value], Value]]] = {
    (_DATE, _DATE): lambda a, b: make_days((ordinal(a) - ordinal(b)) * DAY),
    (_MOMENT, _MOMENT): _wide_difference,
    (_DATE, _MOMENT): lambda a, b: _wide_difference(_as_moment(a), b),
    (_MOMENT, _DATE): lambda a, b: _wide_difference(a, _as_moment(b)),
    (_TIME, _TIME): _time_difference,
    (_DATE, _DAYS): lambda a, b: _wide_later_date(a, -nanos_in(b)),
    (_MOMENT, _DAYS): lambda a, b: _wide_later(a, -nanos_in(b)),
    (_TIME, _DAYS): lambda a, b: make_time((nanos_of(a) - nanos_in(b)) % DAY, zone_of(a)),
    (_DAYS, _DAYS): lambda a, b: make_days(nanos_in(a) - nanos_in(b)),
    (_DATE, _MONTHS): lambda a, b: add_months(a, YearsMonths(-b.total)),
    (_MOMENT, _MONTHS): lambda a, b: add_months(a, YearsMonths(-b.total)),
}
_WIDE: Final = {False: _WIDE_SUMS, True: _WIDE_DIFFERENCES}
