"""Timers on the calendar of the Netherlands: summer time, leap days, ends of months, no wall clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow import engine
from routeflow.engine import moments
from routeflow.feel import YearsMonths
from support.bpmn import (
    Play,
    after,
    at,
    boundary,
    catch,
    draw,
    end,
    every,
    path,
    start,
    user,
    zeebe,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("begin", "length", "until"),
    [
        ("2026-03-28T09:00", "P1D", "2026-03-29T09:00"),  # summer time begins at night
        ("2026-10-24T09:00", "P1D", "2026-10-25T09:00"),  # and ends
        ("2026-03-29T01:30", "PT1H", "2026-03-29T03:30"),
        ("2026-01-15T09:00", "P6M", "2026-07-15T09:00"),
        ("2026-01-31T09:00", "P1M", "2026-02-28T09:00"),
        ("2028-01-31T09:00", "P1M", "2028-02-29T09:00"),
        ("2026-08-31T09:00", "P6M", "2027-02-28T09:00"),
        ("2028-02-29T09:00", "P3Y", "2031-02-28T09:00"),
        ("2028-02-29T09:00", "P4Y", "2032-02-29T09:00"),
        ("2026-12-31T23:30", "P10W", "2027-03-11T23:30"),
        ("2026-11-23T09:00", "P1Y2M3DT4H5M6S", "2028-01-26T13:05:06"),
    ],
)
def test_a_duration_is_counted_on_the_calendar(begin, length, until):
    assert moments.duration(length).after(local(begin)) == local(until)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "10 weken", "P1H", "P-1D", "PT1.5H", None, 3]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duur"):
        moments.duration(text)


def test_durations_of_feel_count_in_the_same_way():
    begin = local("2026-03-28T09:00")
    assert moments.duration(timedelta(days=1)).after(begin) == local("2026-03-29T09:00")
    assert moments.duration(timedelta(hours=24)).after(begin) == local("2026-03-29T09:00")
    assert moments.duration(YearsMonths(6)).after(local("2026-08-31T09:00")) == local(
        "2027-02-28T09:00"
    )


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 - made aware below
    st.integers(0, 60),
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(moment, months):
    begin = moment.replace(tzinfo=UTC)
    later = moments.Duration(months=months).after(begin).astimezone(AMSTERDAM)
    day = begin.astimezone(AMSTERDAM)
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-07-01T09:00", datetime(2027, 7, 1, 7, tzinfo=UTC)),
        ("2027-01-01T09:00", datetime(2027, 1, 1, 8, tzinfo=UTC)),
        ("2027-07-01T09:00Z", datetime(2027, 7, 1, 9, tzinfo=UTC)),
        ("2027-07-01", datetime(2027, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_moment_without_zone_is_that_of_the_netherlands(text, instant):
    assert moments.moment(text) == instant


def test_a_day_is_the_day_in_the_netherlands():
    assert moments.civil_date(datetime(2027, 6, 30, 22, 30, tzinfo=UTC)) == date(2027, 7, 1)


def timed(event, **options):
    return Play(draw("p", start(), catch("t", event), end(), path("s > t > e")), **options)


@pytest.mark.parametrize(
    ("begin", "length", "until"),
    [
        ("2026-03-28T09:00", "P1D", "2026-03-29T09:00"),
        ("2026-08-31T09:00", "P6M", "2027-02-28T09:00"),
        ("2028-02-29T09:00", "P3Y", "2031-02-28T09:00"),
    ],
)
def test_a_timer_goes_off_at_its_moment_after_any_number_of_saves(begin, length, until):
    play = timed(after(length), now=local(begin).astimezone(UTC))
    for _ in range(5):
        play.now += timedelta(days=3)
        play.learn()
    assert play.step.alarms[0].due == local(until)


def test_the_duration_of_an_armed_timer_does_not_move_when_facts_do():
    play = timed(after("=duration(termijn)"), facts={"termijn": "P10D"})
    due = play.step.alarms[0].due
    assert play.learn(termijn="P1D").step.alarms[0].due == due


def test_a_duration_that_is_not_known_counts_from_when_it_was_armed_once_it_is():
    play = timed(after("=termijn"))
    begin = play.now
    assert play.step.alarms[0].due is None
    play.now += timedelta(days=2)
    assert play.learn(termijn="P10D").step.alarms[0].due == begin + timedelta(days=10)


def test_the_date_of_an_armed_timer_moves_with_the_facts():
    play = timed(at("=dag"), facts={"dag": date(2027, 1, 1)})
    assert play.step.alarms[0].due == local("2027-01-01T00:00")
    assert play.learn(dag=date(2027, 2, 1)).step.alarms[0].due == local("2027-02-01T00:00")
    assert play.learn(dag=None).step.alarms[0].due is None


def test_a_date_that_counts_from_today_does_not_run_away():
    play = timed(at('=today() + duration("P10D")'))
    due = play.step.alarms[0].due
    play.now += timedelta(days=5)
    assert play.learn().step.alarms[0].due == due


def test_a_repeating_timer_keeps_its_hour_over_summer_time():
    play = Play(
        draw("p", start(), user("a"), boundary("t", "a", every("R/P7D"), interrupting=False),
             user("b"), path("s > a"), path("t > b")),
        now=local("2026-03-20T09:00").astimezone(UTC),
    )  # fmt: skip
    assert play.step.alarms[0].due == local("2026-03-27T09:00")
    play.wait(days=8)
    assert play.step.alarms[0].due == local("2026-04-03T09:00")
    play.wait(days=70)
    assert play.open.count("b") == 11


def test_a_repeating_timer_may_say_when_it_begins():
    play = Play(
        draw("p", start(), user("a"),
             boundary("t", "a", every("R2/2027-01-04T09:00/P1M"), interrupting=False),
             user("b"), path("s > a"), path("t > b"))
    )  # fmt: skip
    assert play.step.alarms[0].due == local("2027-01-04T09:00")
    assert play.wait(days=100).open == ["a", "b", "b"]


def test_a_route_through_years_goes_off_in_order():
    play = Play(
        draw("p", start(), catch("t1", after("P10W")), catch("t2", after("P6M")),
             catch("t3", after("P3Y")), user("a"), path("s > t1 > t2 > t3 > a")),
        now=local("2026-11-23T10:00").astimezone(UTC),
    )  # fmt: skip
    play.wait(days=2000)
    assert play.task("a").opened == local("2030-08-01T10:00")


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59:59-10:00"])
def test_a_moment_beyond_the_calendar_is_refused_wherever_it_stands(text):
    due = user("a", zeebe("taskSchedule", dueDate=text))
    round_ = boundary("b", "a", every(f"R3/{text}/P1D"), interrupting=False)
    data = draw("p", start(), due, round_, user("c"), catch("t", at(text)), end(),
                path("s > a > t > e"), path("b > c > e"))  # fmt: skip
    found = engine.check({"p.bpmn": data}, None)
    assert {one.element for one in found if one.severity == "fout"} == {"a", "b", "t"}
    with pytest.raises(ValueError, match="kalender"):
        moments.civil_date(text)
