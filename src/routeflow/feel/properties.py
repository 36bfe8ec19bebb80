"""What a dot reaches: entries of contexts and the parts of dates, times, durations, ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from routeflow.feel.run import Run
from routeflow.feel.temporal import (
    SECOND,
    Days,
    WideDate,
    WideDays,
    WideMoment,
    WideTime,
    day_of,
    nanos_in,
    nanos_of,
    offset_of,
    ordinal,
    zone_name,
    zone_of,
)
from routeflow.feel.values import Range, Value, YearsMonths, in_dutch


def member(value: Value, name: str, run: Run) -> Value:
    """Return ``value.name``; of a list, that of each item. Null with a reason when there is none."""
    cls = type(value)
    if cls is dict:
        if name in value:
            return value[name]
        return run.null(f"er is geen gegeven {name}")
    if cls is list:
        run.charge(len(value))
        return [member(item, name, run) for item in value]
    if value is None:
        return run.null(f"{name} is niet op te vragen van niets (null)")
    read = _PARTS.get(cls, {}).get(name)
    if read is None:
        return run.null(f"{in_dutch(value)} heeft geen {name}")
    return read(value)


def inside(value: Value, name: str, run: Run) -> list[Value]:
    """Return every entry called ``name`` in a value, at any depth, in order; without nulls."""
    found: list[Value] = []
    todo: list[tuple[str | None, Value]] = [(None, value)]
    while todo:
        run.charge(1)
        key, item = todo.pop()
        if key == name and item is not None:
            found.append(item)
        if type(item) is dict:
            todo += reversed(item.items())
        elif type(item) is list:
            todo += [(None, one) for one in reversed(item)]
    return run.items(found)


def _second(value: Value) -> Decimal:
    return Decimal(nanos_of(value) % (60 * SECOND)).scaleb(-9).normalize() + 0


def weekday(value: Value) -> int:
    """Return the day of the week; Monday is 1."""
    return (ordinal(day_of(value)) - 1) % 7 + 1


def _part_of(value: Days, unit: int, many: int | None) -> Decimal:
    """Return how many whole units there are, after the larger ones; negative like the whole."""
    total = nanos_in(value)
    count = abs(total) // unit
    count = count if many is None else count % many
    return Decimal(-count if total < 0 else count)


def _seconds(value: Days) -> Decimal:
    total = nanos_in(value)
    rest = Decimal(abs(total) % (60 * SECOND)).scaleb(-9).normalize() + 0
    return -rest if total < 0 else rest


_DATE: Final[Mapping[str, Callable[[Any], Value]]] = {
    "year": lambda value: Decimal(day_of(value).year),
    "month": lambda value: Decimal(day_of(value).month),
    "day": lambda value: Decimal(day_of(value).day),
    "weekday": lambda value: Decimal(weekday(value)),
}
_TIME: Final[Mapping[str, Callable[[Any], Value]]] = {
    "hour": lambda value: Decimal(nanos_of(value) // (3600 * SECOND)),
    "minute": lambda value: Decimal(nanos_of(value) // (60 * SECOND) % 60),
    "second": _second,
    "time offset": offset_of,
    "timezone": lambda value: zone_name(zone_of(value)),
}
_DAYS: Final[Mapping[str, Callable[[Any], Value]]] = {
    "days": lambda value: _part_of(value, 86_400 * SECOND, None),
    "hours": lambda value: _part_of(value, 3600 * SECOND, 24),
    "minutes": lambda value: _part_of(value, 60 * SECOND, 60),
    "seconds": _seconds,
}
_MONTHS: Final[Mapping[str, Callable[[Any], Value]]] = {
    "years": lambda value: Decimal(value.years),
    "months": lambda value: Decimal(value.months),
}
_RANGE: Final[Mapping[str, Callable[[Any], Value]]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
_PARTS: Final[Mapping[type, Mapping[str, Callable[[Any], Value]]]] = {
    date: _DATE,
    datetime: {**_DATE, **_TIME},
    time: _TIME,
    timedelta: _DAYS,
    YearsMonths: _MONTHS,
    Range: _RANGE,
    WideDate: _DATE,
    WideTime: _TIME,
    WideMoment: {**_DATE, **_TIME},
    WideDays: _DAYS,
}

PROPERTIES_OF: Final[Mapping[type, tuple[str, ...]]] = {
    cls: tuple(parts) for cls, parts in _PARTS.items()
}
