"""Where a process begins: at one of several starts, with a message, signal, timer or condition, or without any."""

from datetime import UTC, datetime, timedelta

import pytest

from routeflow import engine
from routeflow.engine import svg
from routeflow.errors import Conflict, Incident
from support.bpmn import (
    BEGIN,
    Play,
    after,
    at,
    boundary,
    call,
    called,
    catch,
    condition,
    draw,
    end,
    event_sub,
    events,
    every,
    exclusive,
    inclusive,
    link,
    mapping,
    message,
    parallel,
    path,
    receive,
    script,
    signal,
    start,
    sub,
    throw,
    user,
)

TWO = draw("p", start("aanmelding", name="Aanmelding"), start("verhuisd", name="Verhuisd"),
           user("a"), user("b"), exclusive("j"), user("c"), end(),
           path("aanmelding > a > j > c > e"), path("verhuisd > b > j"))  # fmt: skip


def verdicts(*files, profile=None):
    named = {f"p{place}.bpmn": data for place, data in enumerate(files)}
    return {(f.element, f.code, f.severity) for f in engine.check(named, profile)}


def faults(*files):
    return {(element, code) for element, code, severity in verdicts(*files) if severity == "fout"}


def play(*files, **options):
    assert faults(*files) == set()
    return Play(*files, **options)


# several plain starts


@pytest.mark.parametrize(("begin", "first"), [("aanmelding", "a"), ("verhuisd", "b")])
def test_a_process_with_several_starts_begins_at_the_one_that_is_named(begin, first):
    run = play(TWO, at=begin)
    assert run.visited == [begin, first]
    assert run.open == [first]
    assert run.do(first, "c").finished


def test_a_process_with_several_starts_asks_which_and_names_them():
    with pytest.raises(Incident, match=r"Aanmelding \(aanmelding\), Verhuisd \(verhuisd\)"):
        Play(TWO)
    with pytest.raises(Incident, match="begint niet bij elders"):
        Play(TWO, at="elders")


def test_starts_are_told_with_their_name_and_kind():
    data = draw("p", start("s"), start("m", message("post"), name="Post"), start("t", after("P1D")),
                receive("r", messageRef="M_brief", instantiate="true"), events("g", instantiate="true"),
                catch("k", signal("alarm")), catch("c", condition("=x")), end(),
                path("g > k > e"), path("g > c > e"), path("s > e"), path("m > e"), path("t > e"),
                path("r > e"))  # fmt: skip
    starts = engine.load({"p.bpmn": data}).starts("p")
    assert [(one.element, one.label, one.kind, one.event) for one in starts] == [
        ("s", "s", "none", ""),
        ("m", "Post", "message", "post"),
        ("t", "t", "timer", ""),
        ("r", "r", "message", "brief"),
        ("k", "k", "signal", "alarm"),
        ("c", "c", "conditional", ""),
    ]


def test_several_plain_starts_without_names_of_their_own_are_doubtful():
    data = draw("p", start("s1", name="Begin"), start("s2", name="Begin"), end(), path("s1 > e"),
                path("s2 > e"))  # fmt: skip
    assert verdicts(data) == {("s1", "naam", "waarschuwing")}
    assert verdicts(TWO) == set()


def test_a_call_does_not_choose_between_starts():
    one = draw("q", start("qs"), call("roep", called("p")), end("qe"), path("qs > roep > qe"))
    named = {"p.bpmn": TWO, "q.bpmn": one}
    (found,) = (f for f in engine.check(named, None) if f.severity == "fout")
    assert (found.element, found.code) == ("roep", "aanroep")
    assert "Aanmelding, Verhuisd" in found.message
    with pytest.raises(Incident, match="meer dan een gewone start"):
        Play(TWO, one, process="q")


def test_a_call_takes_the_one_plain_start_beside_others():
    one = draw("q", start("qs"), call("c", called("p")), end("qe"), path("qs > c > qe"))
    other = draw("p", start("s"), start("m", message("post")), start("t", after("P1D")), user("a"),
                 end(), path("s > a > e"), path("m > a"), path("t > a"))  # fmt: skip
    assert play(other, one, process="q").open == ["a"]


def test_a_join_is_judged_from_each_start_by_itself():
    data = draw("p", start("s1"), start("s2"), user("a"), user("b"), parallel("j"), end(),
                path("s1 > a > j"), path("s2 > b > j > e"))  # fmt: skip
    found = [f for f in engine.check({"p.bpmn": data}, None) if f.severity == "fout"]
    assert [(f.element, f.code) for f in found] == [("j", "wacht-altijd")]
    assert "als zij begint bij s1" in found[0].message


def test_a_join_that_gets_all_from_one_start_and_not_from_another_is_refused():
    data = draw("p", start("s1"), start("s2"), parallel("g"), user("a"), user("b"), parallel("j"),
                end(), path("s1 > g > a > j > e"), path("g > b > j"), path("s2 > b"))  # fmt: skip
    found = [f for f in engine.check({"p.bpmn": data}, None) if f.severity == "fout"]
    assert [(f.element, f.code) for f in found] == [("j", "wacht-altijd")]
    assert "als zij begint bij s2" in found[0].message
    assert Play(data, at="s1").do("a", "b").finished
    assert Play(data, at="s2").do("b").step.standing == ("j",)


def test_a_process_with_more_ways_to_begin_than_a_person_can_choose_from_is_refused():
    starts = [start(f"s{place}") + path(f"s{place} > e") for place in range(60)]
    assert ("s59", "meer-starts") in faults(draw("p", end(), *starts))


# timers, signals and conditions


@pytest.mark.parametrize(
    ("event", "options"),
    [
        (after("P1D"), {}),
        (at("2026-12-01"), {}),
        (every("R/P7D"), {}),
        (signal("alarm"), {}),
        (condition("=klaar"), {"facts": {"klaar": True}}),
        (message("post"), {}),
    ],
)
def test_a_process_can_start_with_every_event_that_comes_from_outside(event, options):
    data = draw("p", start("s", name="Gewoon"), start("x", event), user("a"), user("b"), end(),
                path("s > a > e"), path("x > b > e"))  # fmt: skip
    run = play(data, at="x", **options)
    assert run.visited == ["x", "b"]
    assert run.alarms == run.waits == []
    assert run.do("b").finished
    assert play(data).open == ["a"]


def test_a_process_that_only_starts_with_a_timer_says_so():
    data = draw("p", start("x", after("P1D"), name="Na een dag"), user("a"), path("x > a"))
    with pytest.raises(Incident, match=r"geen gewoon begin.*Na een dag \(x\)"):
        Play(data)


def test_a_process_does_not_begin_at_a_condition_that_does_not_hold():
    data = draw("p", start("x", condition("=klaar"), name="Klaar"), user("a"), end(),
                path("x > a > e"))  # fmt: skip
    for facts in ({}, {"klaar": False}):
        with pytest.raises(Conflict, match="De voorwaarde van Klaar klopt nog niet"):
            Play(data, at="x", facts=facts)


def test_the_content_of_a_start_signal_is_read_by_its_rows_and_in_the_same_act():
    data = draw("p", start("x", signal("alarm"), mapping(outputs={"hoogte": "=meter"})),
                exclusive("g", default="g_b"), user("a"), user("b"), end(), path("x > g"),
                path("g > a", "=meter > 2"), path("g > b > e"), path("a > e"))  # fmt: skip
    definition = engine.load({"p.bpmn": data})
    world = Play(TWO, at="aanmelding").world
    step = engine.start(definition, "p", world, at="x", payload={"meter": 3})
    assert step.facts == {"hoogte": 3}
    assert [task.element for task in step.tasks] == ["a"]


def test_a_walk_from_a_timer_begins_at_its_moment():
    data = draw("p", start("x", at("2026-12-01T10:00")), catch("t", after("P1D")), end(),
                path("x > t > e"))  # fmt: skip
    definition = engine.load({"p.bpmn": data})
    walk = engine.Walk(definition, "p", facts={}, now=BEGIN, at="x")
    assert walk.now == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert walk.step.alarms[0].due == walk.now + timedelta(days=1)
    late = engine.Walk(definition, "p", facts={}, now=BEGIN + timedelta(days=300), at="x")
    assert late.now == BEGIN + timedelta(days=300)


def test_a_walk_begins_at_the_event_that_it_must_have_and_a_trial_at_the_start_that_is_named():
    data = draw("p", start("x", after("P1D")), end(), path("x > e"))
    walk = engine.Walk(engine.load({"p.bpmn": data}), "p", facts={}, now=BEGIN)
    assert (walk.result().visited, walk.now) == (("x", "e"), BEGIN + timedelta(days=1))
    walk = engine.Walk(engine.load({"p.bpmn": TWO}), "p", facts={}, now=BEGIN, at="verhuisd")
    assert engine.trial(walk, {}).visited == ("verhuisd", "b", "j", "c", "e")


# steps that begin the process


def test_a_receive_task_can_begin_the_process_as_its_message_does():
    data = draw("p", start("s"), receive("r", mapping(outputs={"wat": "=soort"}),
                                         messageRef="M_post", instantiate="true"),
                user("a"), end(), path("s > a > e"), path("r > a"))  # fmt: skip
    run = play(data)
    assert run.open == ["a"]
    assert run.waits == []
    definition = run.definition
    step = engine.start(definition, "p", run.world, message="post", payload={"soort": "brief"})
    assert [one.element for one in step.passed if one.what == "entered"] == ["r", "a"]
    assert step.facts == {"wat": "brief"}
    assert step.waits == ()


def test_an_event_based_gateway_can_begin_the_process_with_the_first_of_its_events():
    data = draw("p", events("g", instantiate="true"), catch("k", message("post")),
                catch("t", after("P1D")), receive("r", messageRef="M_brief"), user("a"), user("b"),
                user("c"), end(), path("g > k > a > e"), path("g > t > b > e"),
                path("g > r > c > e"))  # fmt: skip
    run = play(data, message="post")
    assert [(p.element, p.what, p.flow) for p in run.passed] == [
        ("g", "entered", None), ("g", "completed", None), ("k", "entered", "g_k"),
        ("k", "completed", None), ("a", "entered", "k_a"),
    ]  # fmt: skip
    assert (run.open, run.waits, run.alarms) == (["a"], [], [])
    assert play(data, message="brief").open == ["c"]
    assert play(data, at="t").do("b").finished
    with pytest.raises(Incident, match="geen gewoon begin"):
        Play(data)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (draw("p", start(), user("a"), receive("r", messageRef="M_m", instantiate="true"), end(),
              path("s > a > r > e")), "r"),
        (draw("p", start(), sub("u", receive("r", messageRef="M_m", instantiate="true"), end("ue"),
                                path("r > ue")), end(), path("s > u > e")), "r"),
        (draw("p", receive("r", messageRef="M_m", instantiate="true"), boundary("b", "r", after("P1D")),
              end(), path("r > e"), path("b > e")), "r"),
        (draw("p", start(), events("g", instantiate="true"), catch("k", message("m")), end(),
              path("s > g > k > e")), "g"),
    ],
)  # fmt: skip
def test_a_step_that_begins_the_process_where_it_cannot_is_refused(data, where):
    assert faults(data) == {(where, "instantiate")}


def test_one_message_begins_a_process_in_one_place():
    data = draw("p", start("s", message("m")), receive("r", messageRef="M_m", instantiate="true"),
                end(), path("s > e"), path("r > e"))  # fmt: skip
    assert faults(data) == {("r", "meer-starts")}


# no start event


def test_a_process_without_start_event_begins_with_all_that_no_arrow_leads_to():
    data = draw("p", user("a"), user("b"), parallel("j"), user("c"), script("d", "=1", "n"), end(),
                path("a > j > c > e"), path("b > j"), path("d > e"))  # fmt: skip
    run = play(data)
    assert run.open == ["a", "b"]
    assert run.facts == {"n": 1}
    assert run.do("a").open == ["b"]
    assert run.do("b", "c").finished
    assert run.definition.starts("p") == ()
    assert run.definition.starts_plainly("p")


def test_a_subprocess_without_start_event_does_so_too():
    body = sub("u", user("a"), inclusive("g"), user("b"), user("d"), path("g > b", "=ook"),
               path("g > d", "=ook"))  # fmt: skip
    data = draw("p", start(), body, user("c"), end(), path("s > u > c > e"))
    run = play(data, facts={"ook": True})
    assert run.open == ["a", "b", "d"]
    assert run.do("a", "b").open == ["d"]
    assert run.do("d").open == ["c"]


def test_a_called_process_without_start_event_does_so_too():
    other = draw("q", user("a"), catch("t", after("P1D")), user("b"), path("t > b"))
    one = draw("p", start(), call("c", called("q")), end(), path("s > c > e"))
    run = play(one, other)
    assert (run.open, run.alarms) == (["a"], ["t"])
    assert run.wait(days=1).do("a").open == ["b"]
    assert run.do("b").finished


def test_gateways_and_events_without_arrow_into_them_begin_too_but_not_what_waits_for_something_else():
    data = draw("p", events("g"), catch("k", message("post")), catch("t", after("P1D")),
                exclusive("x", default="x_a"), user("a"), user("b"), throw("l", link("L")),
                catch("m", link("L")), user("d"), boundary("r", "a", message("weg")), end(),
                event_sub("h", start("hs", message("help")), user("hu"), path("hs > hu")),
                path("g > k > e"), path("g > t > e"), path("x > a > e"), path("x > b", "=niet"),
                path("m > d > e"), path("r > e"), path("b > e"))  # fmt: skip
    run = play(data, facts={"niet": False})
    assert run.open == ["a", "d"]
    assert run.waits == ["help", "post", "weg"]
    assert run.alarms == ["t"]
    assert run.do("a", "d").tell("post").finished


def test_beside_a_start_event_a_step_without_arrow_into_it_never_happens():
    data = draw("p", start(), user("a"), user("b"), end(), path("s > a > e"), path("b > e"))
    assert faults(data) == {("b", "onbereikbaar")}


def test_an_end_without_arrow_into_it_is_refused():
    assert faults(draw("p", user("a"), end("e1"), end("e2"), path("a > e1"))) == {
        ("e2", "onbereikbaar")
    }


def test_a_join_of_what_begins_together_is_judged_together():
    good = draw("p", user("a"), user("b"), parallel("j"), end(), path("a > j"), path("b > j > e"))
    assert verdicts(good) == set()
    bad = draw("p", exclusive("g", default="g_a"), user("a"), user("b"), user("c"), parallel("j"),
               end(), path("g > a > j"), path("g > b", "=x"), path("b > j"),
               path("c > j > e"))  # fmt: skip
    assert ("j", "wacht-altijd") in faults(bad)


def test_a_process_without_start_event_is_drawn_and_told_in_order():
    data = draw("p", user("a"), user("b"), end(), path("a > e"), path("b > e"))
    drawing = svg.render(data, {"a": "open"})
    assert 'data-element="a"' in drawing
    assert 'data-element="b"' in drawing
    assert [one.id for one in engine.load({"p.bpmn": data}).elements("p")] == ["a", "e", "b"]


# what goes on


def test_what_began_at_another_start_moves_to_another_version():
    run = Play(TWO, at="verhuisd")
    new = engine.load({"p.bpmn": TWO.replace(b'id="aanmelding"', b'id="gemeld"').replace(
        b'"aanmelding', b'"gemeld')})  # fmt: skip
    step = engine.migrate(run.definition, run.step.state, new, run.world)
    assert [task.element for task in step.tasks] == ["b"]
