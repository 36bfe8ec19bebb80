"""Words of BPMN that are each right by themselves, put together."""

from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from routeflow import engine
from support.bpmn import (
    Play,
    after,
    boundary,
    call,
    called,
    catch,
    condition,
    draw,
    each,
    end,
    error,
    escalation,
    event_sub,
    events,
    every,
    exclusive,
    inclusive,
    mapping,
    message,
    parallel,
    path,
    receive,
    repeat,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    user,
    zeebe,
)

# what is in a message


def test_what_two_messages_of_one_act_say_stays_apart():
    play = Play(
        draw("p", start(), parallel("g"), user("u"), parallel("k"),
             throw("t1", message("een"), mapping(inputs={"x": "=1"})),
             throw("t2", message("twee"), mapping(inputs={"x": "=2"})),
             catch("c1", message("een"), mapping(outputs={"eerste": "=x"})),
             catch("c2", message("twee"), mapping(outputs={"tweede": "=x"})),
             user("z"), path("s > g > u > k > t1"), path("k > t2"), path("g > c1 > z"),
             path("g > c2 > z"))
    )  # fmt: skip
    assert play.do("u").facts == {"eerste": 1, "tweede": 2}


def test_each_round_of_a_send_task_brings_its_own_content():
    play = Play(
        draw("p", start(), user("u"),
             send("t", mapping(inputs={"x": "=i"}), each("=[1, 2, 3]", "i"), messageRef="M_een"),
             user("z"), path("s > u > t > z"),
             event_sub("h", start("hs", message("een"), mapping(outputs={"k": "=append(k, x)"}),
                                  isInterrupting="false"))),
        facts={"k": []},
    )  # fmt: skip
    assert play.do("u").facts["k"] == [1, 2, 3]


def test_what_a_route_tells_itself_is_read_only_where_it_was_caught():
    play = Play(
        draw("p", start(), parallel("g"), user("u"),
             throw("t", message("een"), mapping(inputs={"stand": '="bericht"'})),
             user("y"), catch("c", message("een")), exclusive("x", default="x_b"), user("a"),
             user("b"), catch("d", condition('=stand = "bericht"')), user("w"),
             path("s > g > u > t > y"), path("g > c > x"), path("x > a", '=stand = "bericht"'),
             path("x > b"), path("g > d > w")),
        facts={"stand": "feit"},
    )  # fmt: skip
    assert play.do("u").open == ["a", "y"]


def test_what_was_caught_is_read_behind_a_subprocess_and_a_join_in_the_same_act():
    play = Play(
        draw("p", start(), parallel("g"), user("u"), user("v"), path("s > g > u > t > e"), end(),
             throw("t", signal("een"), mapping(inputs={"x": "=3"})),
             sub("n", start("ns"), catch("c", signal("een")), end("ne"), path("ns > c > ne")),
             parallel("j"), script("k", "=x + 1", "y"), user("z"), path("g > n > j > k > z"),
             path("g > v > j"))
    )  # fmt: skip
    assert play.do("v", "u").facts == {"y": 4}


def test_an_escalation_brings_what_its_input_rows_give():
    play = Play(
        draw("p", start(), sub("n", start("ns"), throw("t", escalation("X"),
                                                       mapping(inputs={"x": "=3"})),
                               user("u"), path("ns > t > u")),
             boundary("b", "n", escalation("X"), interrupting=False,
                      extra=[mapping(outputs={"y": "=x"})]),
             user("h"), user("z"), path("s > n > z"), path("b > h"))
    )  # fmt: skip
    assert (play.open, play.facts) == (["h", "u"], {"y": 3})


@pytest.mark.parametrize("sequential", [True, False])
def test_receive_tasks_that_repeat_gather_what_their_messages_say(sequential):
    for rows, output in [((), "=x"), ([mapping(inputs={"x": "=null"}, outputs={"r": "=x"})], "=r")]:
        play = Play(
            draw("p", start(),
                 receive("u", *rows, each("=[1, 2]", "i", sequential=sequential,
                                          out=("uit", output)), messageRef="M_m"),
                 user("z"), path("s > u > z"))
        )  # fmt: skip
        assert play.tell("m", x=7).tell("m", x=8).facts == {"uit": [7, 8]}


def test_a_receive_task_behind_an_event_based_gateway_has_its_input_rows():
    play = Play(
        draw("p", start(), events("g"), catch("c", signal("s")), user("z"),
             receive("r", mapping(inputs={"a": "=basis"}, outputs={"b": "=a + n"}),
                     messageRef="M_m"),
             path("s > g > r > z"), path("g > c > z")),
        facts={"basis": 40},
    )  # fmt: skip
    assert play.tell("m", n=2).step.facts == {"b": 42}


def test_an_end_event_that_breaks_off_where_it_stands_is_done_and_not_cancelled():
    play = Play(
        draw("p", start(), user("u"), end("e", signal("stop")), path("s > u > e"),
             event_sub("h", start("hs", signal("stop")), user("w"), path("hs > w")))
    )  # fmt: skip
    assert play.do("u").open == ["w"]
    assert [found.what for found in play.passed if found.element == "e"] == ["entered", "completed"]


# answers


def test_the_answers_of_a_standard_loop_are_known_in_its_next_round_and_behind_it():
    play = Play(
        draw("p", start(), user("u", repeat("=not(klaar)")), user("v"),
             exclusive("x", default="x_b"), user("a"), user("b"), path("s > u > v > x"),
             path("x > a", "=klaar and eerste = 1"), path("x > b"))
    )  # fmt: skip
    play.do("u", klaar=False, eerste=1).do("u", klaar=True).do("v")
    assert play.open == ["a"]


def test_a_standard_loop_that_tests_before_counts_from_none():
    play = Play(draw("p", start(), user("u", repeat("=loopCounter < 2", before=True)), user("z"),
                     path("s > u > z")))  # fmt: skip
    assert play.do("u", "u").open == ["z"]


def test_an_answer_deep_in_a_called_process_is_there_for_whoever_called():
    files = [
        draw("p", start(), call("c", called("q")), user("v"), exclusive("x", default="x_b"),
             user("a"), user("b"), path("s > c > v > x"), path("x > a", "=keuze = 1"),
             path("x > b")),
        draw("q", start("qs"), call("d", called("r")), user("w"), path("qs > d > w")),
        draw("r", start("rs"), user("t"), user("u"), path("rs > t > u")),
    ]  # fmt: skip
    assert Play(*files).do("t", keuze=1).do("u", "w", "v").open == ["a"]


def test_a_list_of_calls_gathers_answers_that_only_the_caller_asks_for():
    play = Play(
        draw("p", start(), call("c", called("q"), each("=[1, 2]", "i", out=("uit", "=keuze"))),
             user("z"), path("s > c > z")),
        draw("q", start("qs"), user("t"), user("u"), path("qs > t > u")),
    )  # fmt: skip
    assert play.do("t", keuze=5).do("t", keuze=6).do("u", "u").facts == {"uit": [5, 6]}


# timers that repeat


def rounds(cycle, number, **moment):
    """Return the first moments of a timer that repeats."""
    play = Play(
        draw("p", start(), user("u"), boundary("b", "u", every(cycle), interrupting=False),
             end("be"), path("s > u"), path("b > be")), **moment,
    )  # fmt: skip
    found = []
    for _ in range(number):
        found.append(play.step.alarms[0].due)
        play.now = found[-1]
        play.fire("b")
    return play, found


@pytest.mark.parametrize("stored", [True, False])
def test_a_timer_that_repeats_on_the_last_day_of_a_month_finds_it_back_after_february(stored):
    moment = {} if stored else {"now": datetime(2026, 12, 31, 8, tzinfo=UTC)}
    _, found = rounds("R/2027-01-31T09:00/P1M" if stored else "R/P1M", 4, **moment)
    assert [f"{one:%m-%d}" for one in found] == ["01-31", "02-28", "03-31", "04-30"]


def test_a_timer_that_repeats_each_night_keeps_its_hour_after_summer_time_began():
    _, found = rounds("R/2027-03-27T02:30/P1D", 3)
    assert [f"{one:%d %H:%M}" for one in found] == ["27 01:30", "28 01:30", "29 00:30"]


def test_a_timer_that_repeats_each_moment_costs_nothing_after_a_long_rest():
    play, _ = rounds("R/PT0.01S", 1)
    play.now += timedelta(days=300)
    before = process_time()
    play.fire("b")
    assert process_time() - before < 1
    assert timedelta(0) < play.step.alarms[0].due - play.now <= timedelta(seconds=0.01)


def test_a_timer_that_repeats_a_number_of_times_counts_those_that_were_missed():
    play, _ = rounds("R5/P1D", 1)
    play.now += timedelta(days=2, hours=1)
    play.fire("b")  # of the second day, and for the third
    assert play.wait(days=10).alarms == []
    assert play.visited.count("b") == 4


def test_a_timer_that_repeats_beyond_the_calendar_stops():
    play, _ = rounds("R/P5000Y", 1)
    assert play.alarms == []


def test_a_timer_of_an_older_product_goes_on_from_its_last_moment():
    data = draw("p", start(), user("u"), boundary("b", "u", every("R3/P1D"), interrupting=False),
                end("be"), path("s > u"), path("b > be"))  # fmt: skip
    play = Play(data)
    route = engine.codec.load(play.step.state, play.definition, play.now)
    for token in route.tasks.values():
        token.memo.pop("begin", None)
        token.memo.pop("turn", None)
    play.take(engine.refresh(play.definition, engine.codec.dump(route), play.world))
    assert play.wait(days=10).alarms == []
    assert play.visited.count("b") == 3


# what an element sees


@pytest.mark.parametrize("kind", [user, sub])
def test_an_event_at_the_edge_sees_the_input_rows_of_its_activity(kind):
    inside = [start("us"), user("v"), path("us > v")] if kind is sub else []
    play = Play(
        draw("p", start(), kind("u", mapping(inputs={"n": '=duration("P2D")'}), *inside),
             boundary("b", "u", after("=n")), user("z"), path("s > u > z"), path("b > z"),
             boundary("c", "u", condition('=n = duration("P2D")'), interrupting=False),
             end("ce"), path("c > ce"))
    )  # fmt: skip
    assert play.visited.count("c") == 1
    assert play.wait(days=2).open == ["z"]


def test_a_timer_that_waits_for_a_fact_is_set_in_the_act_that_writes_it():
    play = Play(
        draw("p", start(), parallel("g"), user("u"), script("t", '=duration("P1D")', "x"),
             user("v"), boundary("b", "v", after("=x")), user("z"), path("s > g > u > t"),
             path("g > v"), path("b > z"))
    )  # fmt: skip
    assert play.do("u").step.alarms[0].due == play.now + timedelta(days=1)


def nested(inner):
    """A list of groups, each with a list of its own and then a step."""
    return draw(
        "p", start(), user("z"), path("s > m > z"),
        inner("m", each("=groepen", "g", out=("alles", "={g: g.naam, r: r}"))),
    )  # fmt: skip


LISTS = [user("u", each("=g.leden", "lid", out=("r", "=cijfer"))), user("n"), path("u > n")]
GROUPS = [{"naam": "A", "leden": [1, 2]}, {"naam": "B", "leden": [3]}]


@pytest.mark.parametrize("called_process", [True, False])
def test_a_list_inside_a_list_gathers_for_its_own_instance(called_process):
    files = [nested(lambda ident, loop: sub(ident, loop, *LISTS))]
    if called_process:
        files = [
            nested(lambda ident, loop: call(ident, called("q"), loop)),
            draw("q", start("qs"), path("qs > u"), *LISTS),
        ]
    play = Play(*files, facts={"groepen": GROUPS})
    for cijfer in (7, 8, 9):
        play.do("u", cijfer=cijfer)
    play.do("n", "n")
    assert play.facts["alles"] == [{"g": "A", "r": [7, 8]}, {"g": "B", "r": [9]}]
    assert "r" not in play.facts


def test_an_inclusive_gateway_with_an_arrow_that_always_holds_never_takes_its_default():
    def play(**facts):
        return Play(
            draw("p", start(), inclusive("g", default="g_a"), user("a"), user("b"), user("c"),
                 path("s > g > a"), path("g > b"), path("g > c", "=x")),
            facts=facts,
        )  # fmt: skip

    assert play(x=False).open == ["b"]
    assert play(x=True).open == ["b", "c"]


# what never happens


def never(*inside, files=()):
    """Return the events that the judge says never happen."""
    data = draw("p", start(), end(), *inside)
    found = engine.check({f"{n}.bpmn": one for n, one in enumerate([data, *files])}, None)
    return [one.element for one in found if one.code == "komt-nooit"]


@pytest.mark.parametrize("waits", [error("X"), error(), escalation("X"), escalation()])
def test_an_event_for_what_nothing_inside_throws_is_named(waits):
    edge = [boundary("b", "u", waits), path("s > u > e"), path("b > e")]
    assert never(user("u"), *edge) == ["b"]
    assert never(call("u", called("q")), *edge,
                 files=[draw("q", start("qs"), user("v"), path("qs > v"))]) == ["b"]  # fmt: skip
    assert never(user("u"), path("s > u > e"),
                 event_sub("h", start("hs", waits), throw("ht", escalation("X")),
                           end("he", error("X")), path("hs > ht > he"))) == ["hs"]  # fmt: skip


@pytest.mark.parametrize("waits", [error("X"), error(), escalation("X"), escalation()])
def test_an_event_for_what_something_inside_throws_is_good(waits):
    inner = [start("us"), throw("ut", escalation("X")), end("ue", error("X")), path("us > ut > ue")]
    edge = [boundary("b", "u", waits), path("s > u > e"), path("b > e")]
    assert never(sub("u", start("vs"), sub("v", *inner), path("vs > v")), *edge) == []
    deep = [
        draw("q", start("qs"), call("c", called("r")), path("qs > c")),
        draw("r", *inner),
    ]
    assert never(call("u", called("q")), *edge, files=deep) == []
    assert never(sub("u", *inner), path("s > u > e"),
                 event_sub("h", start("hs", waits), end("he"), path("hs > he"))) == []  # fmt: skip


def test_an_error_of_another_code_is_none_and_a_service_may_end_in_any():
    edge = [boundary("b", "u", error("X")), path("s > u > e"), path("b > e")]
    other = sub("u", start("us"), end("ue", error("Y")), path("us > ue"))
    assert never(other, *edge) == ["b"]
    assert never(service("u", zeebe("taskDefinition", type="t")), *edge) == []
    loud = sub("u", start("us"), end("ue", message("m"), zeebe("taskDefinition", type="t")),
               path("us > ue"))  # fmt: skip
    assert never(loud, *edge) == []


# what instances share


@pytest.mark.parametrize("called_process", [True, False])
def test_a_result_that_instances_share_is_named_and_with_an_input_row_it_is_their_own(
    called_process,
):
    body = [script("t", "=i * 2", "x"), exclusive("g", default="g_b"), user("a"), user("b"),
            end("ae"), end("be"), path("ms > t > g > b > be"), path("g > a", "=x = 2"),
            path("a > ae"), start("ms")]  # fmt: skip
    frame = [start(), user("z"), end(), path("s > m > z > e")]

    def files(*rows, sequential=False):
        loop = each("=[1, 2]", "i", sequential=sequential)
        if called_process:
            call_it = call("m", called("q"), *rows, loop)
            return [draw("p", *frame, call_it), draw("q", *body)]
        return [draw("p", *frame, sub("m", *rows, loop, *body))]

    def named(*given):
        found = engine.check({f"{n}.bpmn": one for n, one in enumerate(given)}, None)
        return [one.element for one in found if one.code == "gedeeld"]

    own = files(mapping(inputs={"x": "=null"}))
    assert Play(*own).open == ["a", "b"]
    assert (named(*own), named(*files()), named(*files(sequential=True))) == ([], ["t"], [])


@pytest.mark.parametrize("event", [message("m"), signal("m")])
def test_what_a_message_or_signal_says_is_read_by_what_goes_on_from_it_alone(event):
    play = Play(
        draw("p", start(), parallel("g"), catch("k", event), script("x", "=bedrag", "gelezen"),
             user("a"), catch("w", condition("=bedrag > 3")), user("b"),
             path("s > g > k > x > a"), path("g > w > b"))
    )  # fmt: skip
    tell = play.tell if play.step.waits[0].kind == "message" else play.shout
    assert tell("m", bedrag=5).open == ["a"]
    assert play.facts == {"gelezen": 5}


@pytest.mark.parametrize("between", ["", "t"])
def test_an_answer_of_an_instance_of_a_list_is_never_read_outside_it(between):
    row = mapping(inputs={"besluit": "=null"})
    play = Play(
        draw("p", start(), user("a", row, each("=[1, 2]", "i", out=("alle", "=besluit"))),
             script("x", "=besluit", "gezien"), user("t"), user("z"), end(),
             path(f"s > a > {between + ' > ' if between else ''}x > z > e")),
        facts={"besluit": "nee"},
    )  # fmt: skip
    play.do("a", besluit="ja").do("a", besluit="ja")
    play.do(*between)
    assert play.facts == {"besluit": "nee", "alle": ["ja", "ja"], "gezien": "nee"}


@pytest.mark.parametrize("kind", [parallel, inclusive])
def test_what_can_go_on_goes_on_before_conditions_are_looked_at(kind):
    play = Play(
        draw("p", start(), user("z"), path("s > m > z"),
             sub("m", start("ms"), parallel("g"), user("a"), user("b"), kind("j"), end("me"),
                 path("ms > g > a > j > me"), path("g > b > j")),
             boundary("c", "m", condition("=x"), interrupting=False), user("h"), path("c > h")),
        facts={"x": False},
    )  # fmt: skip
    assert play.do("a").do("b", facts={"x": True}).open == ["z"]
