"""Dates and times. ``now`` is the instant of the act, in the Netherlands."""

from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.properties import weekday
from routeflow.feel.run import Run
from routeflow.feel.temporal import Date, Moment, date_of, day_of, make_date, ordinal
from routeflow.feel.values import Value

FUNCTIONS: Final = Chapter()
AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@FUNCTIONS.function("now()")
def now(run: Run) -> Value:
    return run.now.astimezone(AMSTERDAM)


@FUNCTIONS.function("today()")
def today(run: Run) -> Value:
    return run.now.astimezone(AMSTERDAM).date()


@FUNCTIONS.function("day of year(date: date|moment)")
def day_of_year(_run: Run, value: Date | Moment) -> Value:
    return Decimal(_in_year(day_of(value)))


def _in_year(day: Date) -> int:
    return ordinal(day) - ordinal(make_date(day.year, 1, 1)) + 1


@FUNCTIONS.function("day of week(date: date|moment)")
def day_of_week(_run: Run, value: Date | Moment) -> Value:
    return _DAYS[weekday(value) - 1]


@FUNCTIONS.function("month of year(date: date|moment)")
def month_of_year(_run: Run, value: Date | Moment) -> Value:
    return _MONTHS[day_of(value).month - 1]


@FUNCTIONS.function("week of year(date: date|moment)")
def week_of_year(_run: Run, value: Date | Moment) -> Value:
    """Return the week of ISO 8601, that of the Thursday in it."""
    thursday = date_of(ordinal(day_of(value)) + 4 - weekday(value))
    return Decimal((_in_year(thursday) - 1) // 7 + 1)
