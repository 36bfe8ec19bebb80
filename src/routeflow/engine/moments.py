"""Moments and durations as a diagram writes them, counted on the calendar of the Netherlands.

P1D keeps the hour of the wall clock over a change to summer time; P1M of 31 January is the
last day of February. Hours, minutes and seconds are exact.
"""

import calendar
import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from routeflow.feel import YearsMonths, to_json

NETHERLANDS: Final = ZoneInfo("Europe/Amsterdam")

_HOURS: Final = timedelta(hours=2)  # by which a change to summer time shortens days at most
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = r"(\d{1,9})"
_DURATION: Final = re.compile(
    rf"P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:(\d{{1,9}}(?:\.\d{{1,6}})?)S)?)?"
)
_REPEAT: Final = re.compile(r"R(\d{0,9})/(.+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: calendar months, calendar days, and exact time."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta(0)

    def after(self, start: datetime) -> datetime:
        """Return the instant this long after ``start``, in UTC. Raises ValueError."""
        try:
            return self._after(start)
        except (ValueError, OverflowError) as error:
            raise ValueError("dat valt buiten de kalender") from error

    def _after(self, start: datetime) -> datetime:
        local = start.astimezone(NETHERLANDS).replace(tzinfo=None)
        year, month = divmod(local.year * 12 + local.month - 1 + self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        local = local.replace(year=year, month=month + 1, day=min(local.day, last))
        local += timedelta(days=self.days)
        return local.replace(tzinfo=NETHERLANDS).astimezone(UTC) + self.exact

    def times(self, number: int) -> "Duration":
        """Return this length a number of times."""
        try:
            return Duration(self.months * number, self.days * number, self.exact * number)
        except OverflowError as error:
            raise ValueError("dat valt buiten de kalender") from error

    def next_turn(self, begin: datetime, turn: int, now: datetime) -> tuple[int, datetime]:
        """Return the first turn after ``turn`` that lies after ``now``, and its moment.

        Turn ``n`` comes n times this length after ``begin``. Raises ValueError beyond the calendar.
        """
        first = turn + 1
        shortest = timedelta(days=28 * self.months + self.days) + self.exact
        missed = max(timedelta(0), now + _HOURS - self.times(first).after(begin))
        found = first + bisect_right(
            range(first, first + missed // shortest + 1),
            now,
            key=lambda number: self.times(number).after(begin),
        )
        return found, self.times(found).after(begin)

    @property
    def positive(self) -> bool:
        return self.months > 0 or self.days > 0 or self.exact > timedelta(0)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating timer: ``times`` is None when it never stops by itself."""

    times: int | None
    start: datetime | None
    step: Duration


def duration(value: Any) -> Duration:  # noqa: ANN401 - whatever FEEL answers
    """Return what an ISO 8601 text or a FEEL duration means. Raises ValueError."""
    if isinstance(value, YearsMonths):
        return Duration(months=value.total)
    if isinstance(value, timedelta):
        return Duration(days=value.days, exact=value - timedelta(days=value.days))
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is geen duur")  # noqa: TRY004 - a fault of the diagram
    text = value.strip().upper()
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()) or text.endswith("T"):
        raise ValueError(f"{value} is geen duur zoals P10W of PT2H")
    years, months, weeks, days, hours, minutes, seconds = match.groups("0")
    return Duration(
        int(years) * 12 + int(months),
        int(weeks) * 7 + int(days),
        timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds)),
    )


def moment(value: Any) -> datetime:  # noqa: ANN401 - whatever FEEL answers
    """Return the instant that a date, a date and time, or an ISO 8601 text means, in UTC.

    A date is the beginning of that day; a time without a zone is that of the Netherlands.
    Raises ValueError.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError(f"{value} is geen datum zoals 2027-01-31") from error
    if not isinstance(value, date):
        raise ValueError(f"{_shown(value)} is geen datum")  # noqa: TRY004 - a fault of the diagram
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone follows
    aware: datetime = value if value.tzinfo else value.replace(tzinfo=NETHERLANDS)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("dat valt buiten de kalender") from error


def civil_date(value: Any) -> date:  # noqa: ANN401 - whatever FEEL answers
    """Return the calendar day in the Netherlands of a date, moment or text. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return moment(value).astimezone(NETHERLANDS).date()
    except OverflowError as error:
        raise ValueError("dat valt buiten de kalender") from error


def cycle(value: Any) -> Cycle:  # noqa: ANN401 - whatever FEEL answers
    """Return what ``R3/P7D``, ``R/P1M`` or ``R3/2027-01-01T09:00/P1D`` means. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is geen herhaling zoals R3/P7D")  # noqa: TRY004
    match = _REPEAT.fullmatch(value.strip())
    if match is None:
        raise ValueError(f"{value} is geen herhaling zoals R3/P7D")
    times, rest = match.groups()
    first, _, second = rest.partition("/")
    if second:
        start, step = moment(first), duration(second)
    else:
        start, step = None, duration(first)
    if not step.positive:
        raise ValueError(f"{value} herhaalt zonder tijd ertussen")
    return Cycle(int(times) if times else None, start, step)


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever FEEL answers
    try:
        return json.dumps(to_json(value), ensure_ascii=False)
    except ValueError:
        return "dit"


def micros(moment: datetime) -> int:
    """Return an instant as whole microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> datetime:
    """Return the instant of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)
