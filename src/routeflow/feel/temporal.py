"""Dates, times and durations: what ``datetime`` can hold, and the rest that FEEL asks for.

FEEL counts years to 999,999,999 on both sides of the era and seconds in nanoseconds. A value
is one of ``datetime``'s whenever that can hold it exactly; only what is left over gets one of
the Wide classes below. So two equal dates always have the same class, ordinary ones stay as
fast as before, and a host meets a Wide value only where somebody wrote one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

LAST_YEAR: Final = 999_999_999
SECOND: Final = 1_000_000_000
DAY: Final = 86_400 * SECOND
_DAYS_IN_CYCLE: Final = 146_097  # the calendar repeats itself every 400 years
_LONGEST: Final = 2**63 * SECOND
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date in a year before 1 or after 9999."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time that is not a whole number of microseconds; ``nanos`` counts from midnight."""

    nanos: int
    tzinfo: tzinfo | None

    @property
    def hour(self) -> int:
        return self.nanos // (3600 * SECOND)

    @property
    def minute(self) -> int:
        return self.nanos // (60 * SECOND) % 60

    @property
    def second(self) -> int:
        return self.nanos // SECOND % 60


@dataclass(frozen=True, slots=True)
class WideMoment:
    """A date with a time of which at least one is wide."""

    date: date | WideDate
    time: time | WideTime


@dataclass(frozen=True, slots=True)
class WideDays:
    """A duration in days and time that is very long or not a whole number of microseconds."""

    nanos: int


Date = date | WideDate
Time = time | WideTime
Moment = datetime | WideMoment
Days = timedelta | WideDays
Temporal = Any
WIDE: Final = frozenset({WideDate, WideTime, WideMoment, WideDays})


def make_date(year: int, month: int, day: int) -> Date:
    """Return the date of the Gregorian calendar, extended to both sides. Raises ValueError."""
    if 1 <= year <= 9999:  # noqa: PLR2004 - what datetime holds
        return date(year, month, day)
    if abs(year) > LAST_YEAR:
        raise ValueError("year is out of range")
    date(_like_year(year), month, day)
    return WideDate(year, month, day)


def _like_year(year: int) -> int:
    """Return a year between 2000 and 2399 with the same calendar."""
    return 2000 + year % 400


def make_time(nanos: int, zone: tzinfo | None) -> Time:
    """Return the time so many nanoseconds after midnight."""
    if nanos % 1000:
        return WideTime(nanos, zone)
    seconds, rest = divmod(nanos, SECOND)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000, tzinfo=zone)


def make_moment(day: Date, clock: Time) -> Moment:
    """Return the date and the time together."""
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return WideMoment(day, clock)


def make_days(nanos: int) -> Days:
    """Return the duration of so many nanoseconds. Raises OverflowError when it is too long."""
    if abs(nanos) >= _LONGEST:
        raise OverflowError
    if not nanos % 1000:
        try:
            return timedelta(microseconds=nanos // 1000)
        except OverflowError:
            pass
    return WideDays(nanos)


def ordinal(day: Date) -> int:
    """Return the number of the day; 1 January of year 1 is 1."""
    if isinstance(day, date):
        return day.toordinal()
    cycles = (day.year - _like_year(day.year)) // 400
    return date(_like_year(day.year), day.month, day.day).toordinal() + cycles * _DAYS_IN_CYCLE


def date_of(number: int) -> Date:
    """Return the date with this number. Raises ValueError when it is out of range."""
    cycles, rest = divmod(number - 1, _DAYS_IN_CYCLE)
    day = date.fromordinal(rest + 1)
    return make_date(day.year + 400 * cycles, day.month, day.day)


def day_of(value: Temporal) -> Date:
    """Return the date of a date or a date and time."""
    if isinstance(value, datetime):
        return value.date()
    return value.date if isinstance(value, WideMoment) else value


def clock_of(value: Moment) -> Time:
    """Return the time of a date and time, with its offset or zone."""
    return value.timetz() if isinstance(value, datetime) else value.time


def nanos_of(clock: Temporal) -> int:
    """Return the nanoseconds since midnight of a time, or of a date and time."""
    if isinstance(clock, WideMoment):
        clock = clock.time
    if isinstance(clock, WideTime):
        return clock.nanos
    seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
    return int(seconds * SECOND + clock.microsecond * 1000)


def zone_of(value: Temporal) -> tzinfo | None:
    """Return the zone of a time or a date and time, None when it is local."""
    return value.time.tzinfo if isinstance(value, WideMoment) else value.tzinfo


def in_zone(value: Temporal, zone: tzinfo | None) -> Temporal:
    """Return the same clock on the wall in another zone."""
    if isinstance(value, WideMoment):
        return WideMoment(value.date, make_time(nanos_of(value.time), zone))
    return (
        WideTime(value.nanos, zone) if isinstance(value, WideTime) else value.replace(tzinfo=zone)
    )


def nanos_in(length: Days) -> int:
    """Return the whole duration in nanoseconds."""
    return length // _MICROSECOND * 1000 if isinstance(length, timedelta) else length.nanos


def microseconds(length: timedelta) -> int:
    """Return the whole duration in microseconds."""
    return length // _MICROSECOND


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC, so that two moments in one zone count real hours."""
    return moment.astimezone(UTC)


def zone_name(zone: tzinfo | None) -> str | None:
    """Return the name of a zone such as Europe/Amsterdam, None for a bare offset."""
    return zone.key if isinstance(zone, ZoneInfo) else None


@lru_cache(maxsize=256)
def fixed_zone(seconds: int) -> timezone:
    """Return the zone with this offset from UTC."""
    return timezone(timedelta(seconds=seconds)) if seconds else UTC


def offset_of(value: Temporal) -> timedelta | None:
    """Return the offset from UTC; for a time in a named zone that of winter."""
    zone = zone_of(value)
    if zone is None:
        return None
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value, WideMoment):
        return zone.utcoffset(_representable(value.date, nanos_of(value)))
    offset = value.utcoffset() if isinstance(value, time) else None
    return zone.utcoffset(_A_WINTER_DAY) if offset is None else offset


_A_WINTER_DAY: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - asked for a wall clock's offset


def _representable(day: Date, nanos: int) -> datetime:
    """Return a moment that datetime can hold and that has the same offset in each zone."""
    if not isinstance(day, date):
        year = 1 if day.year < 1 else _like_year(day.year)
        day = date(year, day.month, 28 if year == 1 and day.day > 28 else day.day)  # noqa: PLR2004 - February
    return datetime.combine(day, time()) + timedelta(microseconds=nanos // 1000)


def instant(moment: Moment) -> int:
    """Return nanoseconds on one line for all zones; a local moment counts as UTC."""
    offset = offset_of(moment) or timedelta(0)
    return ordinal(day_of(moment)) * DAY + nanos_of(moment) - nanos_in(offset)


def moment_at(place: int, zone: tzinfo | None) -> Moment:
    """Return the moment at this place of ``instant`` in the zone. Raises ValueError."""
    offset = timedelta(0)
    if isinstance(zone, ZoneInfo):
        day, nanos = divmod(place, DAY)
        known = _representable(date_of(day), nanos).replace(tzinfo=UTC)
        try:
            offset = known.astimezone(zone).utcoffset() or offset
        except OverflowError:
            offset = zone.utcoffset(known.replace(tzinfo=None)) or offset
    elif zone is not None:
        offset = zone.utcoffset(None) or offset
    day, nanos = divmod(place + nanos_in(offset), DAY)
    return make_moment(date_of(day), make_time(nanos, zone))


def utc_nanos(clock: Time) -> tuple[int, bool]:
    """Return nanoseconds since midnight UTC, and whether the time has an offset."""
    offset = offset_of(clock)
    wall = nanos_of(clock)
    return (wall, False) if offset is None else (wall - nanos_in(offset), True)


def place_of(value: Temporal) -> tuple[int, bool]:
    """Return where any temporal value stands among those of its kind, and whether it has a zone.

    Two values of a kind are equal when these are; they have an order when both or neither
    have a zone.
    """
    if isinstance(value, datetime | WideMoment):
        return instant(value), zone_of(value) is not None
    if isinstance(value, time | WideTime):
        return utc_nanos(value)
    return (nanos_in(value) if isinstance(value, timedelta | WideDays) else ordinal(value)), False
