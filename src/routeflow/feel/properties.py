"""What a dot reaches: entries of contexts and the parts of dates, times, durations, ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from routeflow.feel.run import Run
from routeflow.feel.values import (
    Range,
    Value,
    YearsMonths,
    in_dutch,
    microseconds,
    time_offset,
    zone_name,
)


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


def _second(value: time | datetime) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond).scaleb(-6)


def _sign(value: timedelta) -> int:
    return -1 if value < timedelta(0) else 1


def _clock(value: timedelta) -> int:
    return abs(microseconds(value)) // 1_000_000 % 86_400


_DATE: Final[Mapping[str, Callable[[Any], Value]]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME: Final[Mapping[str, Callable[[Any], Value]]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": time_offset,
    "timezone": lambda value: zone_name(value.tzinfo),
}
_DAYS: Final[Mapping[str, Callable[[Any], Value]]] = {
    "days": lambda value: Decimal(abs(value).days * _sign(value)),
    "hours": lambda value: Decimal(_clock(value) // 3600 * _sign(value)),
    "minutes": lambda value: Decimal(_clock(value) // 60 % 60 * _sign(value)),
    "seconds": lambda value: (
        (Decimal(_clock(value) % 60) + Decimal(abs(value).microseconds).scaleb(-6)) * _sign(value)
    ),
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
}
