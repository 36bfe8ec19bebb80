"""Temporal literals in and out, and every value as text."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, Final
from zoneinfo import ZoneInfo

from routeflow.feel.temporal import (
    SECOND,
    Date,
    Days,
    Moment,
    Time,
    WideDate,
    WideDays,
    WideMoment,
    WideTime,
    clock_of,
    date_of,
    day_of,
    fixed_zone,
    make_date,
    make_days,
    make_moment,
    make_time,
    nanos_in,
    nanos_of,
    offset_of,
    ordinal,
    zone_name,
    zone_of,
)
from routeflow.feel.values import Charge, Range, Value, YearsMonths

_DATE: Final = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME: Final = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?"
    r"(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<oh>\d\d):(?P<om>\d\d)(?::(?P<os>\d\d))?"
    r"|@(?P<zone>[A-Za-z_+\-0-9/]{1,64}))?"
)
_DATE_RE: Final = re.compile(_DATE, re.ASCII)
_TIME_RE: Final = re.compile(_TIME, re.ASCII)
_MOMENT_RE: Final = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_MONTHS_RE: Final = re.compile(
    r"(?P<sign>-)?P(?=\d)(?:(?P<years>\d{1,11})Y)?(?:(?P<months>\d{1,11})M)?", re.ASCII
)
_DAYS_RE: Final = re.compile(
    r"(?P<sign>-)?P(?=\d|T\d)(?:(?P<days>\d{1,11})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,11})H)?(?:(?P<minutes>\d{1,11})M)?"
    r"(?:(?P<seconds>\d{1,11})(?:\.(?P<fraction>\d{0,9}))?S)?)?",
    re.ASCII,
)
_MAX_OFFSET: Final = 18 * 3600
_END_OF_DAY: Final = "24"


def read_date(text: str) -> Date | None:
    """Return the date written as 2026-01-05, None when it is no date."""
    found = _DATE_RE.fullmatch(text)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> Date | None:
    try:
        return make_date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def read_time(text: str) -> Time | None:
    """Return the time written as 13:45:00, perhaps with an offset or zone."""
    found = _TIME_RE.fullmatch(text.removeprefix("T"))
    return _time(found) if found else None


def read_moment(text: str) -> Moment | None:
    """Return the date and time written as 2026-01-05T13:45:00, perhaps with an offset or zone."""
    found = _MOMENT_RE.fullmatch(text)
    if not found:
        day = read_date(text)
        return None if day is None else make_moment(day, time())
    day, clock = _date(found), _time(found)
    if found["hour"] == _END_OF_DAY and day is not None:
        day = _after(day)
    return None if day is None or clock is None else make_moment(day, clock)


def _after(day: Date) -> Date | None:
    try:
        return date_of(ordinal(day) + 1)
    except ValueError:
        return None


def _time(found: re.Match[str]) -> Time | None:
    zone: tzinfo | None = None
    if found["utc"]:
        zone = fixed_zone(0)
    elif found["sign"]:
        if int(found["om"]) > 59 or int(found["os"] or 0) > 59:  # noqa: PLR2004 - minutes
            return None
        seconds = int(found["oh"]) * 3600 + int(found["om"]) * 60 + int(found["os"] or 0)
        if seconds > _MAX_OFFSET:
            return None
        zone = fixed_zone(-seconds if found["sign"] == "-" else seconds)
    elif found["zone"]:
        zone = read_zone(found["zone"])
        if zone is None:
            return None
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    fraction = int((found["fraction"] or "0").ljust(9, "0"))
    if found["hour"] == _END_OF_DAY and not (minute or second or fraction):
        hour = 0  # the end of a day is the beginning of the next, as XML Schema has it
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - a clock
        return None
    return make_time(((hour * 60 + minute) * 60 + second) * SECOND + fraction, zone)


@lru_cache(maxsize=256)
def read_zone(name: str) -> ZoneInfo | None:
    """Return the zone with this name of the tz database, None when there is none."""
    if name.startswith("/") or ".." in name:
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def read_duration(text: str) -> Days | YearsMonths | None:
    """Return the ISO 8601 duration in ``text``: months only, or days and time only."""
    if found := _MONTHS_RE.fullmatch(text):
        total = int(found["years"] or 0) * 12 + int(found["months"] or 0)
        return YearsMonths(-total if found["sign"] else total)
    found = _DAYS_RE.fullmatch(text)
    if not found:
        return None
    days, hours, minutes, seconds = (
        int(found[part] or 0) for part in ("days", "hours", "minutes", "seconds")
    )
    nanos = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND
    nanos += int((found["fraction"] or "0").ljust(9, "0"))
    try:
        return make_days(-nanos if found["sign"] else nanos)
    except OverflowError:
        return None


def read_literal(text: str) -> Value:
    """Return the value of ``@"..."``, None when the text is no temporal value."""
    if "P" in text[:2]:
        return read_duration(text)
    if _DATE_RE.match(text):
        return read_moment(text) if "T" in text else read_date(text)
    return read_time(text)


def write_number(number: Decimal) -> str:
    """Return plain digits, without exponent and without zeros that say nothing.

    >>> write_number(Decimal("1.50")), write_number(Decimal("1E+3")), write_number(Decimal("-0"))
    ('1.5', '1000', '0')
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write_date(day: Date) -> str:
    if isinstance(day, date):
        return day.isoformat()
    return f"{'-' if day.year < 0 else ''}{abs(day.year):04}-{day.month:02}-{day.day:02}"


def write_time(clock: Time | datetime) -> str:
    """Return the clock part, with its offset or zone."""
    return _write_clock(nanos_of(clock)) + _write_zone(zone_of(clock), offset_of(clock))


def _write_clock(nanos: int) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text + f".{fraction:09}".rstrip("0") if fraction else text


def _write_zone(zone: tzinfo | None, offset: timedelta | None) -> str:
    if name := zone_name(zone):
        return f"@{name}"
    if offset is None:
        return ""
    if not offset:
        return "Z"
    seconds = abs(int(offset.total_seconds()))
    sign = "-" if offset < timedelta(0) else "+"
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def write_moment(moment: Moment) -> str:
    return f"{write_date(day_of(moment))}T{write_time(clock_of(moment))}"


def write_days(length: Days) -> str:
    """Return ISO 8601 in days, hours, minutes and seconds.

    >>> write_days(timedelta(days=1, seconds=3661)), write_days(timedelta(0))
    ('P1DT1H1M1S', 'PT0S')
    """
    total = nanos_in(length)
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, fraction = divmod(total, SECOND)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    second = f"{seconds}.{fraction:09}".rstrip("0").rstrip(".") if fraction else str(seconds)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{second}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def write(value: Value, charge: Charge, *, inside: bool = False) -> str:
    """Return ``value`` as FEEL's string() shows it; texts inside a list are quoted."""
    cls = type(value)
    if cls is str:
        return quote(value) if inside else str(value)
    if cls is list:
        charge(len(value))
        return f"[{', '.join(write(item, charge, inside=True) for item in value)}]"
    if cls is dict:
        charge(len(value))
        pairs = (f"{_key(key)}: {write(item, charge, inside=True)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if cls is Range:
        return _write_range(value, charge)
    plain = _PLAIN.get(cls)
    return plain(value) if plain else f"function {value.name}"


_PLAIN: Final[Mapping[type, Callable[[Any], str]]] = {
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: write_number,
    date: write_date,
    time: write_time,
    datetime: write_moment,
    timedelta: write_days,
    YearsMonths: str,
    WideDate: write_date,
    WideTime: write_time,
    WideMoment: write_moment,
    WideDays: write_days,
}


def _write_range(value: Range, charge: Charge) -> str:
    if value.compared and value.start is None:
        return f"({'<=' if value.end_included else '<'} {write(value.end, charge, inside=True)})"
    if value.compared and value.end is None:
        return (
            f"({'>=' if value.start_included else '>'} {write(value.start, charge, inside=True)})"
        )
    start, end = (write(x, charge, inside=True) for x in (value.start, value.end))
    if value.negated:
        return f"(!= {start})"
    left, right = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{left}{start}..{end}{right}"


def quote(text: str) -> str:
    """Return ``text`` as a FEEL string literal."""
    for plain, escaped in _ESCAPES:
        text = text.replace(plain, escaped)
    return f'"{text}"'


_ESCAPES: Final = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_SIMPLE_KEY: Final = re.compile(r"[^\W\d][\w ]*(?<! )")


def _key(key: str) -> str:
    return key if _SIMPLE_KEY.fullmatch(key) else quote(key)
