"""What time does: days in which nothing ran, a clock that is put back, summer time, leap days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from routeflow.commands import timers
from routeflow.commands.advance import WERKER
from routeflow.commands.ladder import HERINNERING, Stap, ingehaald
from routeflow.commands.wachtrij import LEASE
from routeflow.store import transact
from routeflow.worker import run_due
from support import bpmn
from support.klein import klein, person

NEDERLAND = ZoneInfo("Europe/Amsterdam")


def set_of(*events):
    """A taak that stays open, with timers on it that interrupt nothing."""
    process = bpmn.draw(
        "tijd",
        bpmn.lanes("lanes", casemanager=["wacht", *(f"na_{ident}" for ident, _ in events)]),
        bpmn.start(),
        person("wacht"),
        bpmn.end(),
        *(bpmn.boundary(ident, "wacht", event, interrupting=False) for ident, event in events),
        *(person(f"na_{ident}") for ident, _ in events),
        *(bpmn.end(f"klaar_{ident}") for ident, _ in events),
        bpmn.path("s > wacht > e"),
        *(bpmn.path(f"{ident} > na_{ident} > klaar_{ident}") for ident, _ in events),
    )
    return {"processes/tijd.bpmn": process}


def fired(route):
    """The timers that went off, in order, with their civil moments."""
    return [act.element for act in route.journal if act.wat == "wekker"]


def wall(route, element):
    return f"{route.armed[element].astimezone(NEDERLAND):%Y-%m-%d %H:%M}"


def at(route, day, hour=9):
    """Let the test begin at ``hour`` in the Netherlands on ``day``."""
    route.now = datetime.combine(day, time(hour), NEDERLAND).astimezone(UTC)
    return route


def test_after_three_days_down_each_timer_fires_once_in_the_order_of_its_moment(route):
    events = [("derde", "P3D"), ("eerste", "P1D"), ("tweede", "P2D"), ("later", "P9D")]
    route.given("tijd", set_of(*((ident, bpmn.after(span)) for ident, span in events)))
    route.now += timedelta(days=3, hours=1)
    run_due(route.store, route.config, route.now)
    run_due(route.store, route.config, route.now)
    assert fired(route) == ["eerste", "tweede", "derde"]
    assert set(route.armed) == {"later"}
    assert route.ailments == []


def test_after_three_days_down_a_timer_that_repeats_fires_once_and_keeps_its_hour(route):
    route.given("tijd", set_of(("elke_dag", bpmn.every("R/P1D"))))
    begin = route.now
    route.now += timedelta(days=3, hours=5)
    run_due(route.store, route.config, route.now)
    assert fired(route) == ["elke_dag"]
    assert route.armed["elke_dag"] == begin + timedelta(days=4)
    route.now = begin + timedelta(days=4)
    run_due(route.store, route.config, route.now)
    assert fired(route) == ["elke_dag"] * 2


def test_after_weeks_down_people_hear_that_it_is_late_and_no_burst_of_reminders(route):
    route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))
    late = route.taak("teken").uiterlijk
    route.now = datetime.combine(late + timedelta(days=21), time(9), UTC)
    run_due(route.store, route.config, route.now)
    told = [een.soort for een in route.meldingen if een.taak_id == route.taak("teken").id]
    assert told.count("te laat") == 1
    assert told.count("herinnering") <= 1


STAPPEN = (
    Stap("vooraf", -5, HERINNERING, "behandelaar", "Bijna."),
    Stap("te laat", 0, "te laat", "casemanager", "Te laat."),
    Stap("nog eens", 2, HERINNERING, "behandelaar", "Twee dagen te laat."),
)


@pytest.mark.parametrize(
    ("dag", "over"),
    [
        (date(2026, 1, 12), []),
        (date(2026, 1, 17), ["vooraf"]),
        (date(2026, 1, 30), ["vooraf"]),  # the last reminder stands, and being late always does
    ],
)
def test_a_reminder_that_a_later_step_overtook_is_left_out(dag, over):
    now = datetime.combine(dag, time(9), UTC)
    found = [een.stap for een in STAPPEN if ingehaald(STAPPEN, date(2026, 1, 16), een, now)]
    assert found == over


def test_a_clock_that_is_put_back_an_hour_fires_nothing_twice_and_loses_nothing(route):
    events = (("nu", bpmn.after("PT1H")), ("straks", bpmn.after("PT2H")))
    route.given("tijd", set_of(*events))
    begin = route.now
    route.now = begin + timedelta(hours=1)
    run_due(route.store, route.config, route.now)
    route.now = begin + timedelta(minutes=10)  # put back
    run_due(route.store, route.config, route.now)
    assert fired(route) == ["nu"]
    for minutes in (60, 119, 120, 180):
        route.now = begin + timedelta(minutes=minutes)
        run_due(route.store, route.config, route.now)
    assert fired(route) == ["nu", "straks"]
    assert route.ailments == []


def test_a_lease_from_before_the_clock_was_put_back_holds_nothing_up(route):
    route.given("tijd", set_of(("nu", bpmn.after("PT1H"))))
    due = route.now + timedelta(hours=1)
    ahead = due + timedelta(hours=3)
    (slow,) = transact(route.store.sessions, partial(timers.due, now=ahead))
    run_due(route.store, route.config, due)
    assert fired(route) == ["nu"]
    fire = partial(timers.fire_wekker, claim=slow, by=WERKER, now=due + LEASE)
    assert transact(route.store.sessions, fire) is None
    assert fired(route) == ["nu"]


@pytest.mark.parametrize(
    ("begin", "event", "moment"),
    [
        # 29 March 2026: 02:00 becomes 03:00; 25 October 2026: 03:00 becomes 02:00.
        (date(2026, 3, 28), bpmn.after("P1D"), "2026-03-29 09:00"),
        (date(2026, 3, 28), bpmn.after("PT24H"), "2026-03-29 10:00"),
        (date(2026, 3, 28), bpmn.at("2026-03-29"), "2026-03-29 00:00"),
        (date(2026, 3, 28), bpmn.at("2026-03-29T02:30:00"), "2026-03-29 03:30"),
        (date(2026, 3, 28), bpmn.every("R/P1D"), "2026-03-29 09:00"),
        (date(2026, 10, 24), bpmn.after("P1D"), "2026-10-25 09:00"),
        (date(2026, 10, 24), bpmn.after("PT24H"), "2026-10-25 08:00"),
        (date(2026, 10, 24), bpmn.at("2026-10-25T02:30:00"), "2026-10-25 02:30"),
        (date(2026, 10, 24), bpmn.every("R3/P1D"), "2026-10-25 09:00"),
        (date(2028, 1, 29), bpmn.after("P1M"), "2028-02-29 09:00"),
        (date(2028, 2, 29), bpmn.after("P1Y"), "2029-02-28 09:00"),
        (date(2028, 2, 28), bpmn.after("P1D"), "2028-02-29 09:00"),
        (date(2028, 2, 29), bpmn.every("R/P1Y"), "2029-02-28 09:00"),
        (date(2026, 12, 31), bpmn.after("P1D"), "2027-01-01 09:00"),
        (date(2026, 12, 31), bpmn.after("PT16H"), "2027-01-01 01:00"),
        (date(2026, 12, 31), bpmn.at("2027-01-01"), "2027-01-01 00:00"),
    ],
)
def test_a_timer_fires_once_at_its_moment_on_the_wall_clock(route, begin, event, moment):
    at(route, begin).given("tijd", set_of(("wekker", event)))
    due = route.armed["wekker"]
    assert wall(route, "wekker") == moment
    for now in (due - timedelta(seconds=1), due, due, due + timedelta(hours=1)):
        run_due(route.store, route.config, now)
        assert len(fired(route)) == (0 if now < due else 1)
    assert route.ailments == []


@pytest.mark.parametrize("begin", [date(2026, 3, 27), date(2026, 10, 23), date(2028, 2, 27)])
def test_a_daily_timer_keeps_its_hour_on_the_wall_and_misses_no_day(route, begin):
    at(route, begin).given("tijd", set_of(("elke_dag", bpmn.every("R/P1D"))))
    for day in range(1, 5):
        assert wall(route, "elke_dag") == f"{begin + timedelta(days=day)} 09:00"
        route.now = route.armed["elke_dag"]
        run_due(route.store, route.config, route.now)
        assert len(fired(route)) == day
