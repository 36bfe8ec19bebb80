"""From one kind of value to another."""

import re
from collections.abc import Callable
from datetime import UTC, time
from decimal import Decimal
from typing import Final

from routeflow.feel import text
from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Run
from routeflow.feel.temporal import (
    SECOND,
    Date,
    Days,
    Moment,
    Time,
    clock_of,
    day_of,
    fixed_zone,
    in_zone,
    make_date,
    make_moment,
    make_time,
    nanos_in,
    offset_of,
)
from routeflow.feel.values import ARITHMETIC, Range, Value, YearsMonths, equal, kind, order

FUNCTIONS: Final = Chapter()
_NUMBER: Final = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)


@FUNCTIONS.function("string(from: any)")
def string(run: Run, value: Value) -> Value:
    return None if value is None else run.text(text.write(value, run.charge))


@FUNCTIONS.function("number(from: string)")
def number(run: Run, written: str) -> Value:
    if len(written) > _LONGEST or not _NUMBER.fullmatch(written):
        return run.null(f"{written[:40]} is geen getal")
    try:
        return ARITHMETIC.create_decimal(written)
    except ArithmeticError:
        return run.null(f"{written[:40]} is een te groot getal")


_LONGEST: Final = 10_000


@FUNCTIONS.function("number(from: number)")
def number_of_number(_run: Run, value: Decimal) -> Value:
    return value


@FUNCTIONS.function(
    "number(from: string, grouping separator: string|null, decimal separator: string|null)"
)
def number_with_separators(run: Run, written: str, group: str | None, point: str | None) -> Value:
    if group not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return run.null("number: een scheidingsteken is een spatie, komma of punt")
    if group is not None and group == point:
        return run.null("number: de twee scheidingstekens zijn hetzelfde")
    if group:
        written = written.replace(group, "")
    elif "," in written and point != ",":
        return run.null(f"{written[:40]} is geen getal")
    if point == ",":
        if "." in written:
            return run.null(f"{written[:40]} is geen getal")
        written = written.replace(",", ".")
    return number(run, written)


@FUNCTIONS.function("date(from: string)")
def date_of_string(run: Run, written: str) -> Value:
    found = text.read_date(written)
    return run.null(f"{written[:40]} is geen datum") if found is None else found


@FUNCTIONS.function("date(from: moment)")
def date_of_moment(_run: Run, moment: Moment) -> Value:
    return day_of(moment)


@FUNCTIONS.function("date(from: date)")
def date_of_date(_run: Run, day: Date) -> Value:
    return day


@FUNCTIONS.function("date(year: number, month: number, day: number)")
def date_of_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    if not all(_whole(part) for part in (year, month, day)):
        return run.null("date: jaar, maand en dag zijn hele getallen")
    try:
        return make_date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return run.null(f"{year}-{month}-{day} is geen datum")


def _whole(part: Decimal) -> bool:
    return abs(part) < 10**10 and part == part.to_integral_value()


@FUNCTIONS.function("time(from: string)")
def time_of_string(run: Run, written: str) -> Value:
    found = text.read_time(written)
    return run.null(f"{written[:40]} is geen tijd") if found is None else found


@FUNCTIONS.function("time(from: time)")
def time_of_time(_run: Run, clock: Time) -> Value:
    return clock


@FUNCTIONS.function("time(from: moment)")
def time_of_moment(_run: Run, moment: Moment) -> Value:
    return clock_of(moment)


@FUNCTIONS.function("time(from: date)")
def time_of_date(_run: Run, _day: Date) -> Value:
    return time(0, tzinfo=UTC)


@FUNCTIONS.function("time(hour: number, minute: number, second: number, offset?: days)")
def time_of_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Days | None = None
) -> Value:
    if not (_whole(hour) and _whole(minute)):
        return run.null("time: uur en minuut zijn hele getallen")
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second < 60):  # noqa: PLR2004 - a clock
        return run.null(f"{hour}:{minute}:{second} is geen tijd")
    zone = None
    if offset is not None:
        seconds = nanos_in(offset) // SECOND
        if abs(seconds) > _MOST_OFFSET:
            return run.null("time: de afwijking van UTC is te groot")
        zone = fixed_zone(seconds)
    minutes = int(hour) * 60 + int(minute)
    return make_time(minutes * 60 * SECOND + int(second.scaleb(9)), zone)


_MOST_OFFSET: Final = 18 * 3600


@FUNCTIONS.function("date and time(from: string)")
def moment_of_string(run: Run, written: str) -> Value:
    found = text.read_moment(written)
    return run.null(f"{written[:40]} is geen datum met tijd") if found is None else found


@FUNCTIONS.function("date and time(from: moment)")
def moment_of_moment(_run: Run, moment: Moment) -> Value:
    return moment


@FUNCTIONS.function("date and time(date: date|moment, time: time)")
def moment_of_parts(_run: Run, day: Date | Moment, clock: Time) -> Value:
    return make_moment(day_of(day), clock)


@FUNCTIONS.function(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number)"
)
def moment_of_six(run: Run, *parts: Decimal) -> Value:
    day, clock = date_of_parts(run, *parts[:3]), time_of_parts(run, *parts[3:])
    return None if day is None or clock is None else make_moment(day, clock)


@FUNCTIONS.function(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, "
    "second: number, offset: days|string|null)"
)
def moment_of_seven(run: Run, *parts: Value) -> Value:
    moment = moment_of_six(run, *parts[:6])
    zone = parts[6]
    if moment is None or zone is None:
        return moment
    if type(zone) is str:
        found = text.read_zone(zone)
        return (
            run.null(f"{zone[:40]} is geen tijdzone") if found is None else in_zone(moment, found)
        )
    seconds = nanos_in(zone) // SECOND
    if abs(seconds) > _MOST_OFFSET:
        return run.null("date and time: de afwijking van UTC is te groot")
    return in_zone(moment, fixed_zone(seconds))


@FUNCTIONS.function("duration(from: string)")
def duration(run: Run, written: str) -> Value:
    found = text.read_duration(written)
    return run.null(f"{written[:40]} is geen duur, zoals P10D of P2M") if found is None else found


@FUNCTIONS.function("duration(from: days|months)")
def duration_of_duration(_run: Run, length: Value) -> Value:
    return length


@FUNCTIONS.function("years and months duration(from: date|moment, to: date|moment)")
def months_between(_run: Run, start: Date | Moment, end: Date | Moment) -> Value:
    first, last = day_of(start), day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@FUNCTIONS.function("range(from: string)")
def range_of_string(run: Run, written: str) -> Value:
    """Return the range in ``written``; its ends are literals, and ``>= 10`` is no range literal."""
    found = _RANGE.fullmatch(written.strip())
    between = None if found is None else _between(found)
    return run.null(f"{written[:40]} is geen bereik, zoals [1..5]") if between is None else between


_RANGE: Final = re.compile(
    r"(?P<left>[\[\](])\s*(?P<start>.*?)\s*\.\.\s*(?P<end>.*?)\s*(?P<right>[\[\])])"
)
_CALLED: Final = re.compile(
    r"(?P<name>date and time|date|time|duration)\(\s*\"(?P<text>[^\"]*)\"\s*\)"
)


def _between(found: re.Match[str]) -> Range | None:
    start, end = _end(found["start"]), _end(found["end"])
    first, last = found["left"] == "[", found["right"] == "]"
    if found["start"] and found["end"]:
        fits = start is not None and end is not None and order(start, end) in (-1, 0)
        return Range(start, end, first, last) if fits else None
    if found["start"]:
        if start is None or last:
            return None
        return Range(start, None, first, end_included=False, compared=True)
    if end is None or first:
        return None
    return Range(None, end, start_included=False, end_included=last, compared=True)


def _end(written: str) -> Value:
    if _NUMBER.fullmatch(written):
        return ARITHMETIC.create_decimal(written)
    if found := _QUOTED.fullmatch(written):
        return text.read_literal(found["text"]) if found["at"] else found["text"]
    called = _CALLED.fullmatch(written)
    return _READERS[called["name"]](called["text"]) if called else None


_QUOTED: Final = re.compile(r'(?P<at>@?)"(?P<text>[^"]*)"')
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "date": text.read_date,
    "time": text.read_time,
    "date and time": text.read_moment,
    "duration": text.read_duration,
}


@FUNCTIONS.function("is(value1: any, value2: any)")
def same(run: Run, a: Value, b: Value) -> Value:
    """Return whether a and b are the same in kind and in each part, the offset included."""
    if type(a) is not type(b):
        return False
    if kind(a) in ("time", "date and time"):
        return equal(a, b, run.charge) is True and offset_of(a) == offset_of(b)
    if type(a) in (list, dict):
        return text.write(a, run.charge) == text.write(b, run.charge)
    return bool(a == b)


@FUNCTIONS.function("is(value1?: any, value2?: any)")
def same_as_nothing(run: Run, *given: Value) -> Value:
    """Answer for one value that is given by name; the other is null then."""
    if len(given) < 2:  # noqa: PLR2004 - two values
        return run.null("is: er zijn twee waarden nodig")
    return same(run, *given)
