"""Dates and times. ``now`` is the instant of the act, in the Netherlands."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Run
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
def day_of_year(_run: Run, day: date) -> Value:
    return Decimal(day.timetuple().tm_yday)


@FUNCTIONS.function("day of week(date: date|moment)")
def day_of_week(_run: Run, day: date) -> Value:
    return _DAYS[day.weekday()]


@FUNCTIONS.function("month of year(date: date|moment)")
def month_of_year(_run: Run, day: date) -> Value:
    return _MONTHS[day.month - 1]


@FUNCTIONS.function("week of year(date: date|moment)")
def week_of_year(_run: Run, day: date | datetime) -> Value:
    return Decimal(day.isocalendar().week)
