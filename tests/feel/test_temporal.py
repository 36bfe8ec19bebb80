"""Dates, times and durations beyond what Python's datetime holds, and where they meet it."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow import feel
from routeflow.feel import temporal
from support.feel import cases, evaluate, same

WIDE = """
string(date("12026-01-05"))                       | "12026-01-05"
string(date(-44, 3, 15))                          | "-0044-03-15"
date("12026-02-29")                               | null
date("12024-02-29").weekday                       | 4
date("1234567890-01-05")                          | null
date("012026-01-05")                              | null
date("-12026-01-05") < date("-0044-03-15")        | true
date("10000-01-01") > date("9999-12-31")          | true
date("9999-12-31") + duration("P1D")              | date("10000-01-01")
date("10000-01-01") - duration("P1D")             | date("9999-12-31")
date("10000-03-01") - date("9999-12-31")          | duration("P61D")
date("0001-01-01") - duration("P1M")              | date("0000-12-01")
date("0001-01-01") - duration("P12001Y")          | date("-12000-01-01")
date("999999999-12-31") + duration("P1M")         | null
day of year(date("-0004-12-31"))                  | 366
day of week(date("12026-01-05"))                  | day of week(date("2026-01-05"))
week of year(date("12026-01-05"))                 | 2
month of year(date("-12026-01-05"))               | "January"
years and months duration(date("-0001-06-15"), date("0002-06-14")) | duration("P2Y11M")
for d in date("9999-12-31")..date("10000-01-01") return d.day | [31, 1]
date(date and time("12026-01-05T10:00:00Z"))      | date("12026-01-05")
time(date and time("12026-01-05T10:00:00Z"))      | time("10:00:00Z")
date("12026-01-05") instance of date              | true
date("12026-01-05") in [date("12026-01-01")..date("12026-02-01")] | true
[date("12026-01-05")].year                        | [12026]
[date("12026-01-05")][year > 9999] = [date("12026-01-05")] | true
sort([date("12026-01-05"), date("2026-01-05")])   | [date("2026-01-05"), date("12026-01-05")]
min(date("-0001-01-05"), date("2026-01-05")).year | -1
range("[@\\"12026-01-05\\"..@\\"12026-01-06\\"]").end | date("12026-01-06")
"""

NANOSECONDS = """
string(@"10:15:00.123456789")                     | "10:15:00.123456789"
@"10:15:00.123456789".second                      | 0.123456789
@"10:15:00.1234560" = @"10:15:00.123456"          | true
@"10:15:00.123456789" > @"10:15:00.123456"        | true
@"10:15:00.000000001" - @"10:15:00"               | @"PT0.000000001S"
@"10:15:00.000000001Z" = @"11:15:00.000000001+01:00" | true
@"10:15:00.000000001" + @"PT0.999999999S"         | @"10:15:01"
time(10, 15, 0.000000001)                         | @"10:15:00.000000001"
string(@"2026-01-05T10:15:00.000000001@Europe/Amsterdam") | "2026-01-05T10:15:00.000000001@Europe/Amsterdam"
@"2026-07-05T10:15:00.000000001@Europe/Amsterdam".time offset | @"PT2H"
@"2026-01-05T10:15:00.000000001Z" - @"2026-01-05T10:15:00Z" | @"PT0.000000001S"
@"2026-03-29T01:59:59.999999999@Europe/Amsterdam" + @"PT0.000000001S" | @"2026-03-29T03:00:00@Europe/Amsterdam"
string(@"-PT0.000000001S")                        | "-PT0.000000001S"
abs(@"-PT0.000000001S")                           | @"PT0.000000001S"
-@"PT0.000000001S" + @"PT0.000000001S"            | @"PT0S"
@"PT0.000000001S" * 1000                          | @"PT0.000001S"
@"PT1S" / @"PT0.000000001S"                       | 1000000000
@"PT1S" / 3                                       | @"PT0.333333333S"
@"PT1.000000001S".seconds                         | 1.000000001
"""

EDGES = """
string(@"P99999999999D")                          | "P99999999999D"
@"P99999999999D".days                             | 99999999999
@"P99999999999D" * 1e30                           | null
@"P99999999999D" > @"P1D"                         | true
@"0001-01-01T00:00:00+01:00" < @"0001-01-01T00:00:00Z" | true
@"9999-12-31T23:30:00-01:00" = @"10000-01-01T00:30:00Z" | true
@"9999-12-31T23:30:00-01:00" + @"PT1H"            | @"10000-01-01T00:30:00-01:00"
@"9999-12-31T23:30:00@Europe/Amsterdam" + @"PT1H" | @"10000-01-01T00:30:00@Europe/Amsterdam"
@"10000-07-01T12:00:00@Europe/Amsterdam".time offset | @"PT2H"
@"-0044-03-15T12:00:00@Europe/Amsterdam" = null   | false
string(time(10, 0, 0, @"PT2H30M15S"))             | "10:00:00+02:30:15"
date and time(12026, 1, 5, 10, 0, 0.5, @"PT1H")   | @"12026-01-05T10:00:00.5+01:00"
date and time(2026, 1, 5, 10, 0, 0, @"PT20H")     | null
date and time(2026, 1, 5, 10, 0, 0, "Europe/Amsterdam").timezone | "Europe/Amsterdam"
is(@"10:15:00.000000001Z", @"10:15:00.000000001+00:00") | true
is(@"12026-01-05T10:00:00Z", @"12026-01-05T11:00:00+01:00") | false
"""

DAY_AND_MOMENT = """
@"2026-01-05" = @"2026-01-05T00:00:00Z"           | true
@"2026-01-05" = @"2026-01-05T01:00:00+01:00"      | true
@"2026-01-05" = @"2026-01-05T00:00:00"            | false
@"2026-01-05" < @"2026-01-05T00:00:01Z"           | true
@"2026-01-05" < @"2026-01-05T00:00:01"            | null
@"2026-01-06T00:00:00Z" - @"2026-01-05"           | @"P1D"
@"2026-01-06T00:00:00" - @"2026-01-05"            | null
@"2026-01-05" = @"00:00:00"                       | null
"""


@pytest.mark.parametrize(("source", "expected"), cases(WIDE, NANOSECONDS, EDGES, DAY_AND_MOMENT))
def test_time_beyond_datetime_follows_the_standard(source, expected):
    found, wanted = evaluate(source), evaluate(expected)
    assert found == wanted if wanted is None else same(found, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "10:15:00.123456",
        "2026-01-05T10:15:00@Europe/Amsterdam",
        "P999999999DT23H59M59.999999S",
    ],
)
def test_what_datetime_can_hold_stays_with_datetime(text):
    assert type(evaluate(f'@"{text}"')) in {date, time, datetime, timedelta}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "-12026-01-05"),
        ("time", "10:15:00.123456789+02:00"),
        ("date and time", "12026-01-05T10:15:00.123456789@Europe/Amsterdam"),
        ("days and time duration", "-P99999999999DT0.000000001S"),
    ],
)
def test_typed_json_carries_wide_values_both_ways(kind, text):
    typed = {"@type": kind, "@value": text}
    value = feel.from_json(typed)
    assert feel.to_json(value, typed=True) == typed
    assert json.loads(json.dumps(feel.to_json(value))) == text


DAYS = st.integers(-365_000_000_000, 365_000_000_000)


@given(DAYS)
def test_each_day_has_one_date_and_each_date_one_day(number):
    assert temporal.ordinal(temporal.date_of(number)) == number


@given(st.dates(), st.integers(-(10**9), 10**9))
def test_going_days_ahead_and_back_ends_on_the_same_day(day, days):
    length = timedelta(days=min(max(days, -999_999_999), 999_999_999))
    assert evaluate("d + n - n", d=day, n=length) == day


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-(10**12), 10**12))
def test_nanoseconds_add_up(moment, nanos):
    length = temporal.make_days(nanos)
    assert evaluate("m + n - m", m=moment, n=length) == length
    assert evaluate("m + n > m", m=moment, n=length) is (nanos > 0)
