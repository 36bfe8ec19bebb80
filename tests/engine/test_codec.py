"""The stored state: small, complete, and never loaded halfway."""

from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from uuid import RFC_4122, UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from routeflow import engine, feel
from routeflow.engine import codec
from routeflow.engine.act import Act
from routeflow.errors import Incident
from routeflow.feel import YearsMonths
from routeflow.feel.text import read_literal
from support.bpmn import (
    BEGIN,
    Play,
    call,
    called,
    draw,
    each,
    end,
    exclusive,
    parallel,
    path,
    start,
    user,
)
from support.feel import NOW

ONE = draw("p", start(), user("a", each("=waarden", "waarde")), end(), path("s > a > e"))

plain = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.times(),
    st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    st.integers(-999, 999).map(YearsMonths),
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(values, min_size=1, max_size=3))
def test_every_value_comes_back_as_it_was(items):
    play = Play(ONE, facts={"waarden": items})
    play.facts.clear()
    assert [found.local["waarde"] for found in play.learn().step.tasks] == items


@pytest.mark.parametrize(
    "source", ["[1..5)", "(< 5)", "(>= 5)", "(= 5)", "(null..5)", '[@"2026-01-05"..null)']
)
def test_a_range_comes_back_too(source):
    items = [feel.compile(source).evaluate(now=NOW)]
    play = Play(ONE, facts={"waarden": items})
    assert play.learn().task("a").local["waarde"] == items[0]


def test_dates_and_times_beyond_datetime_come_back_too():
    texts = ["12026-01-05", "10:15:00.123456789Z", "-0044-03-15T12:00:00", "-P99999999999D"]
    items = [read_literal(text) for text in texts]
    play = Play(ONE, facts={"waarden": items})
    assert [found.local["waarde"] for found in play.learn().step.tasks] == items


def test_a_moment_keeps_the_name_of_its_zone():
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"), fold=1)
    found = Play(ONE, facts={"waarden": [moment]}).learn().task("a").local["waarde"]
    assert (found, found.tzinfo, found.fold) == (moment, moment.tzinfo, 1)


def test_numbers_of_any_size_come_back():
    keep = draw("p", start(), user("a"), user("b"), exclusive("g", default="g_e"), end(),
                path("s > a > b > g"), path("g > a", "=x = 1"), path("g > e"))  # fmt: skip
    play = Play(keep).do("a", x=10**40)
    assert play.learn().task("b").local["x"] == 10**40


def test_text_that_is_no_text_is_an_incident():
    with pytest.raises(Incident):
        Play(ONE, facts={"waarden": ["\ud800"]})


def test_names_that_mean_something_to_the_library_are_only_names():
    items = [{"typename": "Task", "data_objects": 1, "__class__": "x"}]
    assert Play(ONE, facts={"waarden": items}).learn().task("a").local["waarde"] == items[0]


def test_a_value_that_is_no_feel_cannot_be_kept():
    play = Play(draw("p", start(), user("a"), user("b"), path("s > a > b"),
                     path("b > a", "=x", ident="f")))  # fmt: skip
    with pytest.raises(Incident, match="object"):
        play.do("a", x=object())


@pytest.mark.parametrize("state", [b"", b"\x02abc", b"\x01", b"\x01abc"])
def test_a_state_that_is_not_ours_is_an_incident(state):
    play = Play(ONE, facts={"waarden": [1]})
    with pytest.raises(Incident):
        engine.refresh(play.definition, state, play.world)


@given(st.integers(0, 9999), st.integers(1, 255))
def test_a_damaged_state_is_an_incident_and_never_another_route(place, change):
    play = Play(ONE, facts={"waarden": [1, 2]})
    state = bytearray(play.step.state)
    state[place % len(state)] ^= change
    try:
        step = engine.refresh(play.definition, bytes(state), play.world)
    except Incident:
        return
    assert [found.element for found in step.tasks] == ["a", "a"]


def test_a_state_of_other_diagrams_is_an_incident_that_names_what_is_missing():
    play = Play(draw("p", start(), user("a"), end(), path("s > a > e")))
    other = engine.load({"p.bpmn": draw("p", start(), user("b"), end(), path("s > b > e"))})
    with pytest.raises(Incident) as caught:
        engine.refresh(other, play.step.state, play.world)
    assert caught.value.element == "a"
    other = engine.load({"q.bpmn": draw("q", start(), user("a"), end(), path("s > a > e"))})
    with pytest.raises(Incident):
        engine.refresh(other, play.step.state, play.world)


def test_ids_and_opening_moments_survive():
    play = Play(
        draw("p", start(), parallel("g"), call("c", called("q")), user("a"), path("s > g > c"),
             path("g > a")),
        draw("q", start("qs"), user("x"), path("qs > x")),
    )  # fmt: skip
    before = {(found.id, found.opened) for found in play.step.tasks}
    play.now = BEGIN + timedelta(days=9)
    assert {(found.id, found.opened) for found in play.learn().step.tasks} == before


def test_the_same_route_gives_the_same_bytes():
    play = Play(ONE, facts={"waarden": [1, 2]})
    first = play.step.state
    assert play.learn().step.state == first


def test_a_step_leaves_the_state_it_came_from_untouched():
    play = Play(draw("p", start(), user("a"), user("b"), end(), path("s > a > b > e")))
    state, task = play.step.state, play.task("a").id
    for _ in range(2):
        step = engine.complete(play.definition, state, task, {}, play.world)
        assert [found.element for found in step.tasks] == ["b"]


def test_loading_changes_nothing_in_the_definition():
    play = Play(ONE, facts={"waarden": [1, 2]})
    route = codec.load(play.step.state, play.definition, play.now)
    Act(play.definition, route, play.world)
    assert codec.dump(route) == play.step.state


@pytest.mark.parametrize(
    "value", [time(9, 30), datetime(2026, 3, 29, 1, tzinfo=UTC), date(2028, 2, 29)]
)
def test_moments_come_back_to_the_second(value):
    assert Play(ONE, facts={"waarden": [value]}).learn().task("a").local["waarde"] == value


def test_a_state_of_a_newer_product_is_refused_in_words():
    play = Play(ONE, facts={"waarden": [1]})
    newer = bytes([codec.VERSION + 1]) + play.step.state[1:]
    with pytest.raises(Incident, match=r"nieuwere versie van het product \(vorm 2; .*vorm 1\)"):
        engine.refresh(play.definition, newer, play.world)


def test_a_state_of_an_older_product_is_upgraded_step_by_step():
    """As if the product stood at version 3, and wrote the serial elsewhere in 1 and 2."""
    play = Play(ONE, facts={"waarden": [1, 2]})
    steps = []

    def to_2(record):
        steps.append(2)
        return [{"serial": record[0]}, *record[1:]]

    def to_3(record):
        steps.append(3)
        return [record[0]["serial"], *record[1:]]

    record = msgspec.msgpack.decode(zstandard.decompress(play.step.state[1:], 10**6))
    second = bytes([2]) + zstandard.compress(msgspec.msgpack.encode(to_2(record)))
    steps.clear()
    for state, expected in ((play.step.state, [2, 3]), (second, [3])):
        route = codec.load(state, play.definition, play.now, upgrades=(to_2, to_3))
        assert steps == expected
        Act(play.definition, route, play.world)
        assert codec.dump(route) == play.step.state
        steps.clear()


def test_the_number_of_the_format_goes_up_with_every_upgrade():
    assert 1 + len(codec.UPGRADES) == codec.VERSION
    assert Play(ONE, facts={"waarden": [1]}).step.state[0] == codec.VERSION


def test_what_comes_to_be_later_has_an_id_behind_it_and_none_comes_twice():
    plays = [Play(ONE, facts={"waarden": ["a", "b", "c"]}) for _ in range(20)]
    first = [UUID(task.id) for play in plays for task in play.step.tasks]
    sleep(0.002)
    later = Play(ONE, facts={"waarden": ["a"]}, now=BEGIN - timedelta(days=1))
    assert len(set(first)) == len(first) == 60
    assert max(first) < UUID(later.task("a").id)
    assert {(een.version, een.variant) for een in first} == {(7, RFC_4122)}
