"""A route on its own: what a person sees who only wants to know where a diagram goes."""

from datetime import timedelta

import pytest

from routeflow import engine
from routeflow.errors import Incident
from support.bpmn import (
    BEGIN,
    after,
    at,
    boundary,
    call,
    called,
    catch,
    condition,
    draw,
    each,
    end,
    events,
    every,
    exclusive,
    message,
    parallel,
    path,
    receive,
    repeat,
    rule,
    script,
    service,
    signal,
    start,
    user,
    zeebe,
)


def tried(*files, facts=None, answers=None, **options):
    definition = engine.load({f"{place}.bpmn": data for place, data in enumerate(files)})
    walk = engine.Walk(definition, "p", facts=facts or {}, now=BEGIN, **options)
    return engine.trial(walk, answers or {})


def test_a_plain_diagram_runs_from_start_to_end():
    result = tried(draw("p", start(), user("a"), parallel("g"), user("b"), user("c"), parallel("j"),
                        end(), path("s > a > g > b > j > e"), path("g > c > j")))  # fmt: skip
    assert result.finished
    assert result.visited == ("s", "a", "g", "b", "c", "j", "j", "e")


def test_answers_of_a_task_choose_the_way():
    data = draw("p", start(), user("a"), exclusive("g", default="g_c"), user("b"), user("c"),
                path("s > a > g"), path("g > b", '=keuze = "b"'), path("g > c"))  # fmt: skip
    assert "b" in tried(data, answers={"a": {"keuze": "b"}}).visited
    assert "c" in tried(data, answers={"a": {"keuze": "x"}}).visited


def test_a_list_of_answers_gives_one_for_each_round():
    data = draw("p", start(), user("a", repeat("=meer")), end(), path("s > a > e"))
    result = tried(data, answers={"a": [{"meer": True}, {"meer": True}, {"meer": False}]})
    assert result.finished
    assert result.facts["meer"] is False


def test_the_clock_jumps_to_the_next_timer_when_nobody_is_to_move():
    data = draw("p", start(), catch("t", after("P10W")), script("x", "=now()", "toen"), end(),
                path("s > t > x > e"))  # fmt: skip
    assert tried(data).facts["toen"] == BEGIN + timedelta(weeks=10, hours=0)


def test_the_first_timer_behind_an_event_based_gateway_goes_off():
    data = draw("p", start(), events("g"), catch("m", message("post")), catch("laat", after("P2D")),
                catch("vroeg", after("P1D")), end(), path("s > g > m > e"), path("g > laat > e"),
                path("g > vroeg > e"))  # fmt: skip
    assert tried(data).visited == ("s", "g", "vroeg", "e")


@pytest.mark.parametrize("event", [message("m"), signal("m")])
def test_a_message_or_signal_comes_when_all_else_waits(event):
    data = draw("p", start(), catch("x", event), end(), path("s > x > e"))
    assert tried(data).finished


def test_a_process_that_begins_with_a_message_gets_it():
    data = draw("p", start("s", message("m")), receive("r", messageRef="M_n"), end(),
                path("s > r > e"))  # fmt: skip
    assert tried(data).visited == ("s", "r", "e")


def test_a_timer_that_repeats_for_ever_does_not_keep_a_message_away():
    data = draw("p", start(), receive("r", messageRef="M_m"),
                boundary("t", "r", every("R/P1D"), interrupting=False), end("te"), end(),
                path("s > r > e"), path("t > te"))  # fmt: skip
    assert tried(data).finished


def test_called_processes_and_lists_are_part_of_it():
    result = tried(
        draw("p", start(), call("c", each("=[1,2]", "n"), called("q")), end(), path("s > c > e")),
        draw("q", start("qs"), user("x"), end("qe"), path("qs > x > qe")),
    )
    assert result.finished
    assert result.visited.count("x") == 2


def test_services_answer_nothing():
    data = draw("p", start(), service("x", zeebe("taskDefinition", type="iets")), end(),
                path("s > x > e"))  # fmt: skip
    assert tried(data).finished


def test_a_route_that_waits_for_facts_tells_where():
    data = draw("p", start(), catch("c", condition("=a = 1")), end(), path("s > c > e"))
    assert tried(data).waiting == ("c",)
    data = draw("p", start(), catch("t", at("=dag")), end(), path("s > t > e"))
    assert tried(data).waiting == ("t",)


def test_a_join_that_waits_for_ever_is_told():
    data = draw("p", start(), exclusive("g", default="g_j"), user("a"), parallel("j"), end(),
                path("s > g"), path("g > a", "=false"), path("g > j"), path("a > j > e"))  # fmt: skip
    assert tried(data).waiting == ("j",)


def test_a_loop_of_tasks_without_end_stops_somewhere():
    result = tried(draw("p", start(), user("a", repeat("=true")), path("s > a")))
    assert not result.finished
    assert result.waiting == ("a",)


def test_functions_of_the_host_may_be_given():
    data = draw("p", start(), catch("t", at('=termijn("pip")')), end(), path("s > t > e"))
    result = tried(data, functions=lambda _facts, opened, _now: {"termijn": lambda _naam: opened})
    assert result.finished


def test_what_cannot_go_on_is_an_incident_of_its_element():
    with pytest.raises(Incident) as caught:
        tried(
            draw("p", start(), rule("x", zeebe("calledDecision", decisionId="weg", resultVariable="r")),
                 path("s > x"))
        )  # fmt: skip
    assert caught.value.element == "x"


def test_a_trial_reaches_the_end_of_three_thousand_tasks_in_a_row():
    names = [f"t{place}" for place in range(3_000)]
    data = draw("p", start(), *map(user, names), end(), path(" > ".join(["s", *names, "e"])))
    result = tried(data)
    assert result.finished
    assert not result.halted


def test_a_trial_that_goes_round_for_ever_says_that_it_was_stopped():
    data = draw("p", start(), exclusive("m"), user("a"), exclusive("g", default="g_m"), end(),
                path("s > m > a > g > m"), path("g > e", "=klaar = true"))  # fmt: skip
    result = tried(data)
    assert result.halted
    assert not result.finished
    assert not tried(data, answers={"a": {"klaar": True}}).halted
