"""What each element of BPMN does: one test for each row of what we promise to run."""

from datetime import UTC, datetime

import pytest

from routeflow import engine
from routeflow.errors import Conflict, Incident
from support.bpmn import (
    BEGIN,
    TERMINATE,
    Play,
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
    error,
    escalation,
    event_sub,
    events,
    every,
    exclusive,
    inclusive,
    lanes,
    link,
    manual,
    mapping,
    message,
    node,
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
    task,
    throw,
    user,
    zeebe,
)


def test_a_user_task_waits_for_a_person_and_the_route_ends_after_it():
    play = Play(draw("p", start(), user("a"), end(), path("s > a > e")))
    assert play.open == ["a"]
    assert play.do("a").finished


@pytest.mark.parametrize("kind", [task, manual])
def test_a_plain_or_manual_task_waits_for_a_person_too(kind):
    play = Play(draw("p", start(), kind("a"), end(), path("s > a > e")))
    assert play.open == ["a"]
    assert play.do("a").finished


def test_a_task_cannot_be_completed_twice():
    play = Play(draw("p", start(), user("a"), user("b"), end(), path("s > a > b > e")))
    done = play.task("a")
    play.do("a")
    with pytest.raises(Conflict):
        engine.complete(play.definition, play.step.state, done.id, {}, play.world)


@pytest.mark.parametrize("ident", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_task_that_never_was_is_no_longer_open(ident):
    play = Play(draw("p", start(), user("a"), end(), path("s > a > e")))
    with pytest.raises(Conflict):
        engine.complete(play.definition, play.step.state, ident, {}, play.world)


def test_a_script_task_writes_the_answer_of_its_expression_as_a_fact():
    play = Play(draw("p", start(), script("x", "=1 + 2", "som"), user("a"), path("s > x > a")))
    assert play.step.facts == {"som": 3}


def test_what_a_script_writes_is_seen_by_the_next_expression_in_the_same_step():
    play = Play(
        draw("p", start(), script("x", "=1", "n"), script("y", "=n + 1", "n"),
             exclusive("g", default="g_b"), user("a"), user("b"),
             path("s > x > y > g"), path("g > a", "=n = 2"), path("g > b"))
    )  # fmt: skip
    assert play.open == ["a"]


def test_a_service_task_calls_the_host_with_its_inputs_and_headers():
    asked = []

    def look_up(inputs, headers):
        asked.append((inputs, headers))
        return {"adres": "Plein 1"}

    play = Play(
        draw("p", start(), user("z"), path("s > x > z"),
             service("x", zeebe("taskDefinition", type="zoek-adres"),
                     zeebe("taskHeaders", zeebe("header", key="bron", value="BRP")),
                     mapping(inputs={"wie": "=naam"}))),
        facts={"naam": "Yara"}, services={"zoek-adres": look_up},
    )  # fmt: skip
    assert asked == [({"wie": "Yara"}, {"bron": "BRP"})]
    assert play.step.facts == {"adres": "Plein 1"}


def test_a_service_task_with_output_rows_writes_only_what_they_say():
    play = Play(
        draw("p", start(), user("z"), path("s > x > z"),
             service("x", zeebe("taskDefinition", type="t"),
                     mapping(outputs={"plaats": "=antwoord.plaats"}))),
        services={"t": lambda _inputs, _headers: {"antwoord": {"plaats": "Purmerend"}, "geheim": 1}},
    )  # fmt: skip
    assert play.step.facts == {"plaats": "Purmerend"}


def test_a_service_that_does_not_exist_is_an_incident_of_its_element():
    with pytest.raises(Incident, match="zoek") as caught:
        Play(draw("p", start(), service("x", zeebe("taskDefinition", type="zoek")), path("s > x")))
    assert caught.value.element == "x"


def test_a_send_task_sends_its_message_with_its_inputs():
    play = Play(
        draw("p", start(), send("x", mapping(inputs={"n": "=1"}), messageRef="M_brief"), end(),
             path("s > x > e"))
    )  # fmt: skip
    assert [(found.kind, found.name, found.payload) for found in play.sent] == [
        ("message", "brief", {"n": 1})
    ]
    assert play.finished


def test_a_receive_task_waits_for_its_message():
    play = Play(draw("p", start(), receive("r", messageRef="M_brief"), end(), path("s > r > e")))
    assert play.waits == ["brief"]
    assert play.tell("brief").finished


def choose(facts, default="g_c"):
    return Play(
        draw("p", start(), exclusive("g", default=default), user("a"), user("b"), user("c"),
             path("s > g"), path("g > a", "=n > 1"), path("g > b", "=n > 0"), path("g > c")),
        facts=facts,
    )  # fmt: skip


def test_an_exclusive_gateway_takes_the_first_flow_that_holds():
    assert choose({"n": 5}).open == ["a"]
    assert choose({"n": 1}).open == ["b"]


def test_an_exclusive_gateway_takes_its_default_when_nothing_holds():
    assert choose({"n": 0}).open == ["c"]


def test_a_condition_that_is_neither_true_nor_false_is_an_incident_that_says_why():
    with pytest.raises(Incident, match="n is niet bekend"):
        choose({})


def test_an_exclusive_gateway_where_nothing_holds_is_an_incident():
    with pytest.raises(Incident, match="standaardpijl") as caught:
        Play(
            draw("p", start(), exclusive("g"), user("a"), user("b"), path("s > g"),
                 path("g > a", "=false"), path("g > b", "=false"))
        )  # fmt: skip
    assert caught.value.element == "g"


def test_a_parallel_gateway_splits_and_waits_for_all():
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), parallel("j"), user("z"),
             path("s > g > a > j > z"), path("g > b > j"))
    )  # fmt: skip
    assert play.open == ["a", "b"]
    assert play.do("b").open == ["a"]
    assert play.do("a").open == ["z"]


def test_an_inclusive_gateway_waits_only_for_what_it_started():
    play = Play(
        draw("p", start(), inclusive("g", default="g_c"), user("a"), user("b"), user("c"),
             inclusive("j"), user("z"), path("s > g"), path("g > a", "=x"), path("g > b", "=y"),
             path("g > c"), path("a > j > z"), path("b > j"), path("c > j")),
        facts={"x": True, "y": True},
    )  # fmt: skip
    assert play.open == ["a", "b"]
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]


def test_an_inclusive_gateway_takes_its_default_when_nothing_holds():
    play = Play(
        draw("p", start(), inclusive("g", default="g_c"), user("a"), user("c"),
             path("s > g"), path("g > a", "=false"), path("g > c"))
    )  # fmt: skip
    assert play.open == ["c"]


def test_an_inclusive_join_does_not_wait_for_a_branch_that_ended():
    play = Play(
        draw("p", start(), inclusive("g"), user("a"), user("b"), exclusive("x", default="x_j"),
             end("weg"), inclusive("j"), user("z"), path("s > g"), path("g > a", "=true"),
             path("g > b", "=true"), path("a > j > z"), path("b > x"), path("x > j"),
             path("x > weg", "=stop")),
        facts={"stop": True},
    )  # fmt: skip
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["z"]


def race():
    return Play(
        draw("p", start(), events("g"), catch("m", message("post")), catch("kort", after("P1D")),
             catch("lang", after("P1W")), user("a"), user("b"), user("c"), path("s > g > m > a"),
             path("g > kort > b"), path("g > lang > c"))
    )  # fmt: skip


def test_an_event_based_gateway_listens_to_messages_and_several_timers_at_once():
    play = race()
    assert (play.waits, play.alarms) == (["post"], ["kort", "lang"])
    assert len({alarm.due for alarm in play.step.alarms}) == 2


def test_the_first_event_behind_an_event_based_gateway_wins():
    assert race().tell("post").open == ["a"]
    assert race().wait(days=2).open == ["b"]
    play = race().fire("lang")
    assert (play.open, play.alarms, play.waits) == (["c"], [], [])


def test_an_event_based_gateway_works_again_in_each_round_of_a_loop():
    play = Play(
        draw("p", start(), exclusive("m"), events("g"), catch("x", message("post")),
             catch("t", after("PT1H")), user("a"), end(), path("s > m > g > x > a > m"),
             path("g > t > e"))
    )  # fmt: skip
    for _ in range(3):
        play.tell("post").do("a")
    assert play.wait(hours=1).finished


def test_a_receive_task_may_stand_behind_an_event_based_gateway():
    play = Play(
        draw("p", start(), events("g"), receive("r", messageRef="M_post"),
             catch("t", after("PT1H")), user("a"), user("b"), path("s > g > r > a"),
             path("g > t > b"))
    )  # fmt: skip
    assert play.tell("post").open == ["a"]
    assert play.alarms == []


def test_a_parallel_join_inside_a_loop_waits_in_every_round():
    play = Play(
        draw("p", start(), exclusive("m"), parallel("g"), user("a"), user("b"), parallel("j"),
             exclusive("x", default="x_e"), end(), path("s > m > g > a > j > x"),
             path("g > b > j"), path("x > m", "=again"), path("x > e")),
        facts={"again": True},
    )  # fmt: skip
    for _ in range(3):
        assert play.do("a").open == ["b"]
        assert play.do("b").open == ["a", "b"]
    play.facts["again"] = False
    assert play.do("b", "a").finished


def test_a_parallel_split_may_be_the_target_of_the_loop_itself():
    play = Play(
        draw("p", start(), exclusive("m"), parallel("g"), user("a"), user("b"), parallel("j"),
             exclusive("x", default="x_e"), end(), path("s > m > g > a > j > x"),
             path("g > b > j"), path("x > m", "=true"), path("x > e"))
    )  # fmt: skip
    for _ in range(600):
        play.do("a", "b")
    assert play.open == ["a", "b"]
    assert len(play.step.state) < 200


def test_an_inclusive_join_does_not_wait_for_a_token_that_must_go_round_an_outer_loop_first():
    play = Play(
        draw("p", start(), exclusive("m"), parallel("pg"), user("u"),
             inclusive("g", default="g_a"), user("a"), user("b"), inclusive("j"), user("z"),
             parallel("pj"), exclusive("x", default="x_e"), end(),
             path("s > m > pg > u > pj > x"), path("pg > g > a > j > z > pj"),
             path("g > b", "=false"), path("b > j"), path("x > m", "=opnieuw"), path("x > e")),
        facts={"opnieuw": True},
    )  # fmt: skip
    for _ in range(2):
        assert play.do("u").open == ["a"]
        assert play.do("a").open == ["z"]
        assert play.do("z").open == ["a", "u"]


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_still_come_where_one_is():
    """Table 13.3 of BPMN 2.0.2: from ``a`` arrows lead to an arrow that has a token too."""
    play = Play(
        draw("p", start(), parallel("g"), user("a"), exclusive("x", default="x_j"), exclusive("m"),
             user("b"), inclusive("j"), user("z"), end(), path("s > g > a > x > j > z > e"),
             path("x > m", "=ook"), path("g > m > b > j")),
        facts={"ook": False},
    )  # fmt: skip
    assert play.do("b").open == ["a", "z"]
    assert play.do("a").open == ["z", "z"]


def test_the_branches_of_a_race_are_one_token_for_an_inclusive_join():
    play = Play(
        draw("p", start(), parallel("g"), events("r"), catch("c1", message("een")),
             catch("c2", message("twee")), exclusive("m"), user("u"), inclusive("j"), user("z"),
             end(), path("s > g > r > c1 > m > u > j > z > e"), path("r > c2 > j"), path("g > m"))
    )  # fmt: skip
    assert play.do("u").open == ["z"]
    assert play.tell("een").open == ["u", "z"]


def test_an_inclusive_join_waits_for_an_activity_beside_what_came_from_its_edge():
    edge = boundary("w", "a", message("m"), interrupting=False)
    play = Play(
        draw("p", start(), user("a"), edge, user("b"), inclusive("j"), user("z"), end(),
             path("s > a > j > z > e"), path("w > b > j"))
    )  # fmt: skip
    assert play.tell("m").do("b").open == ["a"]
    assert play.do("a").open == ["z"]


def test_inclusive_joins_that_only_wait_for_each_other_stand_still_as_the_judge_says():
    data = draw("p", start(), parallel("g"), user("a"), user("b"), inclusive("j1"),
                inclusive("j2"), exclusive("x1", default="x1_j2"), exclusive("x2", default="x2_j1"),
                end(), path("s > g > a > j1 > x1 > j2 > x2"), path("g > b > j2"),
                path("x2 > j1"), path("x1 > e", "=true"), path("x2 > e", "=true"))  # fmt: skip
    assert Play(data).do("a", "b").step.standing == ("j1", "j2")
    said = {one.element: one.code for one in engine.check({"p.bpmn": data}, None)}
    assert said == {"j1": "wacht-altijd", "j2": "wacht-altijd"}


def test_a_second_token_on_one_flow_waits_for_the_next_round_of_a_join():
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), user("c"), exclusive("m"),
             parallel("j"), user("z"), path("s > g > a > m > j > z"), path("g > b > m"),
             path("g > c > j"))
    )  # fmt: skip
    assert play.do("a", "b").open == ["c"]
    assert play.do("c").open == ["z"]
    play.do("z")
    assert not play.finished


def test_parallel_blocks_one_after_another_do_not_grow_the_state():
    blocks = 30
    parts = [start(), end()]
    before = "s"
    for n in range(blocks):
        parts += [parallel(f"g{n}"), user(f"a{n}"), user(f"b{n}"), parallel(f"j{n}")]
        parts += [path(f"{before} > g{n} > a{n} > j{n}"), path(f"g{n} > b{n} > j{n}")]
        before = f"j{n}"
    play = Play(draw("p", *parts, path(f"{before} > e")))
    for n in range(blocks):
        assert len(play.step.state) < 200
        play.do(f"a{n}", f"b{n}")
    assert play.finished


def test_a_loop_without_wait_state_is_an_incident_that_names_an_element_of_it():
    with pytest.raises(Incident, match="rondgaan") as caught:
        Play(
            draw("p", start(), exclusive("m"), script("x", "=1", "n"), exclusive("y", default="y_e"),
                 end(), path("s > m > x > y"), path("y > m", "=true"), path("y > e"))
        )  # fmt: skip
    assert caught.value.element in {"m", "x", "y"}


def test_three_thousand_tasks_in_a_row_run_and_the_last_costs_no_more_than_the_first():
    many = 3000
    parts = [script(f"t{n}", "=1", "n") for n in range(many)]
    flow = path(" > ".join(["s", *(f"t{n}" for n in range(many)), "u", "e"]))
    play = Play(draw("p", start(), *parts, user("u"), end(), flow))
    assert play.open == ["u"]
    assert len(play.visited) == many + 2
    assert len(play.step.state) < 150
    assert play.do("u").finished


def test_a_message_is_caught_once_by_the_one_that_waits_longest():
    play = Play(
        draw("p", start(), parallel("g"), user("u"), catch("first", message("post")),
             catch("later", message("post")), user("a"), user("b"), path("s > g > first > a"),
             path("g > u > later > b"))
    )  # fmt: skip
    play.do("u")
    assert play.waits == ["post", "post"]
    assert play.tell("post").open == ["a"]
    assert play.tell("post").open == ["a", "b"]
    with pytest.raises(Conflict):
        play.tell("post")


def test_the_host_can_say_which_waiting_event_gets_the_message():
    play = Play(
        draw("p", start(), parallel("g"), catch("x", message("post")), catch("y", message("post")),
             user("a"), user("b"), path("s > g > x > a"), path("g > y > b"))
    )  # fmt: skip
    wait = next(found for found in play.step.waits if found.element == "y")
    play.take(
        engine.deliver(play.definition, play.step.state, "post", {}, play.world, wait_id=wait.id)
    )
    assert play.open == ["b"]


def test_output_rows_of_a_message_event_write_its_content_as_facts():
    play = Play(
        draw("p", start(), catch("x", message("uitslag"), mapping(outputs={"cijfer": "=score"})),
             user("a"), path("s > x > a"))
    )  # fmt: skip
    play.tell("uitslag", score=7, leerroute="Z")
    assert play.step.facts == {"cijfer": 7}


def test_the_content_of_a_message_is_readable_during_the_act_but_writes_nothing():
    play = Play(
        draw("p", start(), catch("x", message("uitslag")), exclusive("g", default="g_b"),
             user("a"), user("b"), path("s > x > g"), path("g > a", "=score > 5"), path("g > b"))
    )  # fmt: skip
    play.tell("uitslag", score=7)
    assert play.open == ["a"]
    assert play.step.facts == {}


def test_a_process_can_start_with_a_message():
    files = draw("p", start("s1"), start("s2", message("vermoeden")), user("a"), user("b"),
                 path("s1 > a"), path("s2 > b"))  # fmt: skip
    assert Play(files).open == ["a"]
    assert Play(files, message="vermoeden").open == ["b"]
    with pytest.raises(Incident):
        Play(files, message="iets anders")


def test_a_process_that_only_starts_with_a_message_says_so():
    with pytest.raises(Incident, match="vermoeden"):
        Play(draw("p", start("s", message("vermoeden")), user("a"), path("s > a")))


def test_an_intermediate_timer_waits_for_its_moment():
    play = Play(draw("p", start(), catch("t", after("P2D")), end(), path("s > t > e")))
    assert not play.wait(days=1, hours=23).finished
    assert play.wait(hours=1).finished


def test_an_interrupting_boundary_timer_takes_the_task_away():
    play = Play(
        draw("p", start(), user("a"), boundary("t", "a", after("P1D")), user("b"), end(),
             path("s > a > e"), path("t > b"))
    )  # fmt: skip
    assert play.wait(days=1).open == ["b"]
    assert play.alarms == []


def test_a_non_interrupting_boundary_timer_leaves_the_task_and_ends_with_it():
    files = draw("p", start(), user("a"), boundary("t", "a", after("P1D"), interrupting=False),
                 user("b"), end(), path("s > a > e"), path("t > b"))  # fmt: skip
    assert Play(files).wait(days=3).open == ["a", "b"]
    play = Play(files).do("a")
    assert play.alarms == []
    assert play.finished


def test_a_boundary_timer_that_repeats_goes_off_as_often_as_it_says():
    play = Play(
        draw("p", start(), user("a"), boundary("t", "a", every("R3/P7D"), interrupting=False),
             user("b"), end(), path("s > a > e"), path("t > b"))
    )  # fmt: skip
    for n in range(1, 4):
        known = {alarm.id for alarm in play.step.alarms}
        assert play.wait(days=7).open == ["a", *["b"] * n]
        assert known.isdisjoint(alarm.id for alarm in play.step.alarms)
    assert play.alarms == []


def test_a_repeating_timer_makes_up_for_missed_moments_once():
    play = Play(
        draw("p", start(), user("a"), boundary("t", "a", every("R5/P1D"), interrupting=False),
             user("b"), path("s > a"), path("t > b"))
    )  # fmt: skip
    play.now = BEGIN.replace(day=26, hour=12)
    play.fire("t")
    assert play.open == ["a", "b"]
    assert [alarm.due for alarm in play.step.alarms] == [BEGIN.replace(day=27)]


@pytest.mark.parametrize("event", [message("m"), signal("m")])
def test_a_non_interrupting_boundary_event_happens_any_number_of_times(event):
    play = Play(
        draw("p", start(), user("a"), boundary("x", "a", event, interrupting=False), user("b"),
             end(), path("s > a > e"), path("x > b"))
    )  # fmt: skip
    for n in range(1, 4):
        play = play.tell("m") if "message" in event else play.shout("m")
        assert play.open == ["a", *["b"] * n]
    play.do("a")
    assert play.waits == []
    assert not play.finished
    assert play.do("b", "b", "b").finished


def test_an_interrupting_boundary_message_on_a_call_activity_takes_all_that_is_inside_away():
    inner = draw("q", start("qs"), parallel("qg"), user("x"), user("y"),
                 boundary("qt", "y", after("P1D")), end("qe"), path("qs > qg > x > qe"),
                 path("qg > y"), path("qt > qe"))  # fmt: skip
    play = Play(
        draw("p", start(), call("c", called("q")), boundary("m", "c", message("stop")),
             user("z"), end(), path("s > c > e"), path("m > z")),
        inner,
    )  # fmt: skip
    assert play.open == ["x", "y"]
    assert play.tell("stop").open == ["z"]
    assert play.alarms == []
    assert [found.element for found in play.step.passed if found.what == "cancelled"] == [
        "x",
        "y",
        "c",
    ]


def test_a_signal_reaches_every_place_that_waits_also_in_called_processes():
    inner = draw("q", start("qs"), catch("qx", signal("dicht")), user("qa"), path("qs > qx > qa"))
    play = Play(
        draw("p", start(), parallel("g"), call("c", called("q")), catch("x", signal("dicht")),
             user("a"), path("s > g > c"), path("g > x > a")),
        inner,
    )  # fmt: skip
    assert play.shout("dicht").open == ["a", "qa"]
    with pytest.raises(Conflict):
        play.shout("dicht")


@pytest.mark.parametrize("thrower", [throw("t", signal("klaar")), end("t", signal("klaar"))])
def test_a_thrown_signal_is_caught_in_the_same_route(thrower):
    play = Play(
        draw("p", start(), parallel("g"), catch("x", signal("klaar")), user("a"), user("b"),
             thrower, path("s > g > x > b"), path("g > a > t"))
    )  # fmt: skip
    assert play.do("a").open == ["b"]
    assert play.sent == []


def test_a_signal_that_nobody_catches_leaves_the_route():
    play = Play(draw("p", start(), end("e", signal("klaar")), path("s > e")))
    assert [(found.kind, found.name, found.element) for found in play.sent] == [
        ("signal", "klaar", "e")
    ]


@pytest.mark.parametrize("thrower", [throw("t", message("brief")), end("t", message("brief"))])
def test_a_thrown_message_leaves_the_route(thrower):
    play = Play(draw("p", start(), thrower, path("s > t")))
    assert [(found.kind, found.name) for found in play.sent] == [("message", "brief")]
    assert play.finished


def test_a_thrown_message_for_which_the_route_itself_waits_is_caught_there():
    play = Play(
        draw("p", start(), parallel("g"), catch("x", message("brief")), user("b"), user("a"),
             throw("t", message("brief")), path("s > g > x > b"), path("g > a > t"))
    )  # fmt: skip
    assert play.do("a").open == ["b"]
    assert play.sent == []


def escalating(interrupting, catcher_code="LAAT"):
    inner = draw("q", start("qs"), user("x"), throw("up", escalation("LAAT")), user("y"),
                 end("qe"), path("qs > x > up > y > qe"))  # fmt: skip
    return Play(
        draw("p", start(), call("c", called("q")),
             boundary("b", "c", escalation(catcher_code), interrupting=interrupting),
             user("z"), end(), path("s > c > e"), path("b > z")),
        inner,
    )  # fmt: skip


def test_an_escalation_is_caught_around_the_call_activity_and_goes_on_inside():
    assert escalating(interrupting=False).do("x").open == ["y", "z"]


def test_an_escalation_that_interrupts_ends_what_threw_it():
    assert escalating(interrupting=True).do("x").open == ["z"]


def test_an_escalation_event_without_code_catches_all():
    assert escalating(interrupting=False, catcher_code=None).do("x").open == ["y", "z"]


def test_an_escalation_that_nobody_catches_leaves_the_route_and_goes_on():
    play = escalating(interrupting=False, catcher_code="ANDERS").do("x")
    assert play.open == ["y"]
    assert [(found.kind, found.name) for found in play.sent] == [("escalation", "LAAT")]


def test_an_escalation_end_event_may_be_caught_more_than_once():
    play = Play(
        draw("p", start(), sub("u", start("us"), parallel("g"), user("x"), user("y"),
                               end("e1", escalation("LAAT")), end("e2", escalation("LAAT")),
                               path("us > g > x > e1"), path("g > y > e2")),
             boundary("b", "u", escalation("LAAT"), interrupting=False), user("z"), end(),
             path("s > u > e"), path("b > z"))
    )  # fmt: skip
    assert play.do("x").open == ["y", "z"]
    assert play.do("y").open == ["z", "z"]


def test_an_error_ends_the_subprocess_and_is_caught_at_its_edge():
    play = Play(
        draw("p", start(), sub("u", start("us"), parallel("g"), user("x"), user("y"),
                               end("ue", error("FOUT")), path("us > g > x > ue"), path("g > y")),
             boundary("b", "u", error("FOUT")), user("z"), end(), path("s > u > e"),
             path("b > z"))
    )  # fmt: skip
    assert play.do("x").open == ["z"]


def test_the_error_event_with_the_right_code_goes_before_one_that_catches_all():
    play = Play(
        draw("p", start(), sub("u", start("us"), user("x"), end("ue", error("FOUT")),
                               path("us > x > ue")),
             boundary("b1", "u", error()), boundary("b2", "u", error("FOUT")), user("y"),
             user("z"), end(), path("s > u > e"), path("b1 > y"), path("b2 > z"))
    )  # fmt: skip
    assert play.do("x").open == ["z"]


def test_an_error_that_nobody_catches_is_an_incident_of_its_element():
    play = Play(draw("p", start(), user("a"), end("kapot", error("FOUT")), path("s > a > kapot")))
    with pytest.raises(Incident, match="FOUT") as caught:
        play.do("a")
    assert caught.value.element == "kapot"


def test_a_service_can_end_in_the_error_event_on_its_task():
    def broken(_inputs, _headers):
        raise engine.BpmnError("WEG")

    play = Play(
        draw("p", start(), service("x", zeebe("taskDefinition", type="t")),
             boundary("b", "x", error("WEG")), user("a"), end(), path("s > x > e"),
             path("b > a")),
        services={"t": broken},
    )  # fmt: skip
    assert play.open == ["a"]


def test_terminate_ends_all_that_goes_on_in_its_process_only():
    inner = draw("q", start("qs"), parallel("g"), user("x"), user("y"), end("stop", TERMINATE),
                 path("qs > g > x > stop"), path("g > y"))  # fmt: skip
    play = Play(
        draw("p", start(), parallel("h"), call("c", called("q")), user("a"), user("b"),
             path("s > h > c > b"), path("h > a")),
        inner,
    )  # fmt: skip
    assert play.do("x").open == ["a", "b"]


def test_a_link_goes_on_where_it_lands():
    play = Play(
        draw("p", start(), user("a"), throw("gooi", link("L")), catch("vang", link("L")),
             user("b"), end(), path("s > a > gooi"), path("vang > b > e"))
    )  # fmt: skip
    assert play.do("a").open == ["b"]
    assert play.do("b").finished


def test_several_links_may_land_in_one_place():
    play = Play(
        draw("p", start(), parallel("g"), throw("x", link("L")), throw("y", link("L")),
             catch("v", link("L")), user("b"), path("s > g > x"), path("g > y"), path("v > b"))
    )  # fmt: skip
    assert play.open == ["b", "b"]


def test_a_conditional_event_waits_until_the_facts_make_it_true():
    play = Play(draw("p", start(), catch("c", condition("=n > 1")), user("a"), path("s > c > a")))
    assert play.learn(n=1).open == []
    assert play.learn(n=2).open == ["a"]


def test_a_conditional_event_that_is_already_true_passes_at_once():
    play = Play(
        draw("p", start(), catch("c", condition("=n > 1")), user("a"), path("s > c > a")),
        facts={"n": 2},
    )
    assert play.open == ["a"]


def test_a_conditional_boundary_event_interrupts_when_the_facts_change():
    play = Play(
        draw("p", start(), user("a"), boundary("c", "a", condition("=verhuisd")), user("b"),
             path("s > a"), path("c > b")),
        facts={"verhuisd": False},
    )  # fmt: skip
    assert play.open == ["a"]
    assert play.learn(verhuisd=True).open == ["b"]


def test_a_non_interrupting_conditional_event_happens_each_time_it_becomes_true():
    play = Play(
        draw("p", start(), user("a"), boundary("c", "a", condition("=rood"), interrupting=False),
             user("b"), path("s > a"), path("c > b"))
    )  # fmt: skip
    play.learn(rood=True).learn(rood=True)
    assert play.open == ["a", "b"]
    assert play.learn(rood=False).learn(rood=True).open == ["a", "b", "b"]


def test_what_hangs_on_facts_is_looked_at_again_as_long_as_the_diagram_writes_new_ones():
    facts = {}

    def write(written):
        if written.items() <= facts.items():
            return None
        facts.update(written)
        return dict(facts)

    definition = engine.load({"processes/p.bpmn": draw(
        "p", start(), parallel("g"), user("a"), script("x", "=1", "n"), end(),
        catch("c", condition("=geteld() = 1")), script("y", "=n + 1", "m"), user("b"),
        path("s > g > a > x > e"), path("g > c > y > b"),
    )})  # fmt: skip
    functions = {"geteld": lambda: facts.get("n")}
    world = engine.World(BEGIN, {}, lambda _opened: functions, {}, write)
    begun = engine.start(definition, "p", world)
    step = engine.complete(definition, begun.state, begun.tasks[0].id, {}, world)
    assert [found.element for found in step.tasks] == ["b"]
    assert facts == step.facts == {"n": 1, "m": 2}


def listening(event, *, interrupting, kind=start):
    flag = str(interrupting).lower()
    handler = event_sub("h", kind("hs", event, isInterrupting=flag), user("x"), end("he"),
                        path("hs > x > he"))  # fmt: skip
    return [start(), user("a"), user("b"), end(), path("s > a > b > e"), handler]


@pytest.mark.parametrize(
    ("event", "act"),
    [
        (message("m"), lambda play: play.tell("m")),
        (signal("m"), lambda play: play.shout("m")),
        (after("P1D"), lambda play: play.wait(days=1)),
        (condition("=m"), lambda play: play.learn(m=True)),
    ],
)
@pytest.mark.parametrize("where", ["process", "subprocess", "called"])
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_subprocess_happens_at_every_level(event, act, where, interrupting):
    body = listening(event, interrupting=interrupting)
    if where == "process":
        play = Play(draw("p", *body))
    elif where == "subprocess":
        play = Play(draw("p", start("s0"), sub("u", *body), user("z"), path("s0 > u > z")))
    else:
        play = Play(
            draw("p", start("s0"), call("u", called("q")), user("z"), path("s0 > u > z")),
            draw("q", *body),
        )
    act(play)
    last = [] if where == "process" else ["z"]
    if interrupting:
        assert play.open == ["x"]
        assert (play.alarms, play.waits) == ([], [])
        play.do("x")
    else:
        assert play.open == ["a", "x"]
        play.do("a", "x", "b")
    assert play.open == last
    assert play.finished == (not last)


def test_a_message_event_subprocess_that_interrupts_nothing_happens_every_time():
    play = Play(draw("p", *listening(message("m"), interrupting=False)))
    play.tell("m").tell("m").tell("m")
    assert play.open == ["a", "x", "x", "x"]
    play.do("a", "b")
    assert play.waits == ["m"]
    assert not play.finished
    assert play.do("x", "x", "x").finished


def test_a_repeating_timer_event_subprocess_happens_as_often_as_it_says():
    play = Play(draw("p", *listening(every("R2/P1D"), interrupting=False)))
    assert play.wait(days=5).open == ["a", "x", "x"]


def test_an_armed_event_subprocess_does_not_keep_the_process_going():
    play = Play(draw("p", *listening(after("P1Y"), interrupting=True)))
    assert play.do("a", "b").finished
    assert play.alarms == []


def test_an_error_event_subprocess_catches_what_goes_wrong_in_its_process():
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), end("ee", error("FOUT")),
             path("s > g > a > ee"), path("g > b"),
             event_sub("h", start("hs", error("FOUT")), user("x"), path("hs > x")))
    )  # fmt: skip
    assert play.do("a").open == ["x"]
    assert play.do("x").finished


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_event_subprocess_catches_inside_its_process(interrupting):
    play = Play(
        draw("p", start(), user("a"), throw("t", escalation("LAAT")), user("b"),
             path("s > a > t > b"),
             event_sub("h", start("hs", escalation("LAAT"), isInterrupting=str(interrupting).lower()),
                       user("x"), path("hs > x")))
    )  # fmt: skip
    assert play.do("a").open == (["x"] if interrupting else ["b", "x"])


def test_an_escalation_inside_its_own_handler_goes_further_out():
    play = Play(
        draw("p", start(), sub("u", start("us"), throw("t", escalation("LAAT")), user("b"),
                               path("us > t > b"),
                               event_sub("h", start("hs", escalation("LAAT"), isInterrupting="false"),
                                         throw("t2", escalation("LAAT")), path("hs > t2"))),
             boundary("bb", "u", escalation("LAAT"), interrupting=False), user("z"),
             path("s > u"), path("bb > z"))
    )  # fmt: skip
    assert play.open == ["b", "z"]


def test_a_process_started_by_a_message_keeps_its_event_subprocesses():
    play = Play(
        draw("p", start("s", message("begin")), user("a"), end(), path("s > a > e"),
             event_sub("h", start("hs", message("stop")), user("x"), path("hs > x"))),
        message="begin",
    )  # fmt: skip
    assert play.tell("stop").open == ["x"]


def test_one_case_with_an_event_subprocess_does_not_change_another():
    play = Play(draw("p", *listening(message("m"), interrupting=True)))
    other = engine.start(play.definition, "p", play.world)
    play.tell("m").do("x")
    assert play.finished
    for _ in range(2):
        other = engine.complete(play.definition, other.state, other.tasks[0].id, {}, play.world)
    assert other.finished


def test_two_flows_out_of_a_task_are_a_split_and_a_missing_end_is_an_end():
    play = Play(
        draw("p", start(), user("a"), user("b"), user("c"), path("s > a > b"), path("a > c"))
    )
    assert play.do("a").open == ["b", "c"]
    assert play.do("b", "c").finished


def test_conditions_on_flows_out_of_a_task_are_followed():
    files = draw("p", start(), user("a", default="a_d"), user("b"), user("c"), user("d"),
                 path("s > a"), path("a > b", "=n > 1"), path("a > c", "=n > 2"), path("a > d"))  # fmt: skip
    assert Play(files, facts={"n": 3}).do("a").open == ["b", "c"]
    assert Play(files, facts={"n": 2}).do("a").open == ["b"]
    assert Play(files, facts={"n": 0}).do("a").open == ["d"]


def test_a_plain_flow_next_to_a_conditional_one_is_always_taken():
    files = draw("p", start(), user("a"), user("b"), user("c"), path("s > a > b"),
                 path("a > c", "=n > 1"))  # fmt: skip
    assert Play(files, facts={"n": 2}).do("a").open == ["b", "c"]
    assert Play(files, facts={"n": 1}).do("a").open == ["b"]


def test_two_flows_into_a_task_let_each_token_pass():
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), user("c"), path("s > g > a > c"),
             path("g > b > c"))
    )  # fmt: skip
    assert play.do("a", "b").open == ["c", "c"]


def test_flows_without_id_run():
    play = Play(
        draw("p", start(), user("a"), end(), path("s > a", ident="-"), path("a > e", ident="-"))
    )
    assert play.do("a").finished
    assert {found.flow for found in play.passed} == {None}


def test_a_parallel_multi_instance_opens_a_task_for_each_item_with_the_item_in_view():
    play = Play(
        draw("p", start(), user("a", each("=namen", "naam")), user("z"), path("s > a > z")),
        facts={"namen": ["Ali", "Bo", "Cy"]},
    )
    assert [found.local["naam"] for found in play.step.tasks] == ["Ali", "Bo", "Cy"]
    assert play.do("a", "a").open == ["a"]
    assert play.do("a").open == ["z"]


def test_a_sequential_multi_instance_opens_one_task_at_a_time():
    play = Play(
        draw("p", start(), user("a", each("=namen", "naam", sequential=True)), user("z"),
             path("s > a > z")),
        facts={"namen": ["Ali", "Bo"]},
    )  # fmt: skip
    assert play.task("a").local["naam"] == "Ali"
    assert play.do("a").task("a").local["naam"] == "Bo"
    assert play.do("a").open == ["z"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_gathers_its_answers_in_the_order_of_its_items(sequential):
    play = Play(
        draw("p", start(), user("z"), path("s > a > z"),
             user("a", each("=namen", "naam", sequential=sequential, out=("lijst", "=cijfer")))),
        facts={"namen": ["Ali", "Bo", "Cy"]},
    )  # fmt: skip
    for score in (7, 8, 9):
        found = play.step.tasks[-1]
        play.take(
            engine.complete(
                play.definition, play.step.state, found.id, {"cijfer": score}, play.world
            )
        )
    assert play.facts["lijst"] == ([7, 8, 9] if sequential else [9, 8, 7])


def test_a_multi_instance_over_nothing_passes_at_once():
    play = Play(
        draw("p", start(), user("a", each("=namen", "naam", out=("uit", "=naam"))), user("z"),
             path("s > a > z")),
        facts={"namen": []},
    )  # fmt: skip
    assert play.open == ["z"]
    assert play.facts["uit"] == []


def test_a_multi_instance_over_something_that_is_no_list_is_an_incident():
    with pytest.raises(Incident) as caught:
        Play(draw("p", start(), user("a", each("=namen", "naam")), path("s > a")))
    assert caught.value.element == "a"


def test_a_multi_instance_can_count_instead():
    play = Play(draw("p", start(), user("a", each(cardinality="=1 + 2")), path("s > a")))
    assert [found.local["loopCounter"] for found in play.step.tasks] == [1, 2, 3]


def test_a_multi_instance_stops_when_its_completion_condition_holds():
    play = Play(
        draw("p", start(), user("a", each("=[1,2,3,4]", "n", until="=numberOfCompletedInstances >= 2")),
             user("z"), path("s > a > z"))
    )  # fmt: skip
    assert play.do("a").open == ["a", "a", "a"]
    assert play.do("a").open == ["z"]


def test_a_multi_instance_subprocess_keeps_answers_apart():
    play = Play(
        draw("p", start(), user("z"), path("s > u > z"),
             sub("u", each("=[1,2]", "n", out=("lijst", "=[n, keuze]")), start("us"), user("x"),
                 user("y"), path("us > x > y")))
    )  # fmt: skip
    first, second = (found for found in play.step.tasks)
    for found, choice in ((second, "twee"), (first, "een")):
        play.take(
            engine.complete(
                play.definition, play.step.state, found.id, {"keuze": choice}, play.world
            )
        )
    assert play.do("y", "y").facts["lijst"] == [[1, "een"], [2, "twee"]]


def test_a_multi_instance_call_activity_gives_each_process_its_item():
    inner = draw("q", start("qs"), user("x"), path("qs > x"))
    play = Play(
        draw("p", start(), call("c", each('=["a","b"]', "letter"), called("q")), user("z"),
             path("s > c > z")),
        inner,
    )  # fmt: skip
    assert [found.local["letter"] for found in play.step.tasks] == ["a", "b"]
    assert play.do("x", "x").open == ["z"]


def test_a_boundary_event_on_a_multi_instance_ends_all_of_it():
    play = Play(
        draw("p", start(), user("a", each("=[1,2,3]", "n")), boundary("t", "a", after("P1D")),
             user("b"), path("s > a"), path("t > b"))
    )  # fmt: skip
    play.do("a")
    assert play.alarms == ["t"]
    assert play.wait(days=1).open == ["b"]


def test_a_standard_loop_repeats_while_its_condition_holds():
    play = Play(
        draw("p", start(), user("a", repeat("=opnieuw")), user("z"), path("s > a > z")),
        facts={"opnieuw": True},
    )
    assert play.do("a").do("a").open == ["a"]
    assert play.do("a", facts={"opnieuw": False}).open == ["z"]


def test_a_standard_loop_that_tests_before_may_run_no_time_at_all():
    play = Play(
        draw("p", start(), user("a", repeat("=opnieuw", before=True)), user("z"),
             path("s > a > z")),
        facts={"opnieuw": False},
    )  # fmt: skip
    assert play.open == ["z"]


def test_a_standard_loop_stops_at_its_maximum():
    play = Play(
        draw("p", start(), user("a", repeat("=true", maximum=2)), user("z"), path("s > a > z"))
    )
    assert play.do("a").do("a").open == ["z"]


def test_a_call_activity_passes_values_in_and_out():
    inner = draw("q", start("qs"), script("x", "=n * 2", "dubbel"), path("qs > x"))
    play = Play(
        draw("p", start(), user("z"), path("s > c > z"),
             call("c", called("q", propagateAllChildVariables="false"),
                  mapping(inputs={"n": "=basis + 1"}, outputs={"uit": "=dubbel"}))),
        inner, facts={"basis": 4},
    )  # fmt: skip
    assert play.facts["uit"] == 10


def test_a_called_process_that_may_not_see_its_caller_sees_only_its_inputs():
    inner = draw("q", start("qs"), script("x", "=[n, geheim]", "gezien"), path("qs > x"))
    play = Play(
        draw("p", start(), user("z"), path("s > u > z"),
             sub("u", each("=[7]", "geheim"), start("us"), path("us > c"),
                 call("c", called("q", propagateAllParentVariables="false"),
                      mapping(inputs={"n": "=geheim"})))),
        inner,
    )  # fmt: skip
    assert play.facts["gezien"] == [7, None]


def test_a_task_in_a_called_process_without_lanes_has_the_lane_of_the_call():
    inner = draw("q", start("qs"), user("x"), path("qs > x"))
    play = Play(
        draw("p", lanes("l", case_manager=["s", "c"]), start(), call("c", called("q")),
             path("s > c")),
        inner,
    )  # fmt: skip
    assert play.task("x").lane == "case manager"
    assert play.task("x").path == ("c",)


def test_a_task_in_a_subprocess_has_the_lane_of_the_subprocess():
    play = Play(
        draw("p", lanes("l", trainer=["u"]), start(), sub("u", start("us"), user("x"),
             path("us > x")), path("s > u"))
    )  # fmt: skip
    assert play.task("x").lane == "trainer"


def test_a_lane_of_the_called_process_goes_before_that_of_the_call():
    inner = draw("q", lanes("k", trainer=["x"]), start("qs"), user("x"), path("qs > x"))
    play = Play(
        draw("p", lanes("l", casemanager=["c"]), start(), call("c", called("q")), path("s > c")),
        inner,
    )
    assert play.task("x").lane == "trainer"


def test_a_call_to_a_process_that_is_not_there_is_an_incident():
    with pytest.raises(Incident, match="weg") as caught:
        Play(draw("p", start(), call("c", called("weg")), path("s > c")))
    assert caught.value.element == "c"


def chain(depth):
    """A process that calls a process that calls a process, so many deep."""
    return [
        draw(
            "p" if place == 0 else f"p{place}",
            start(f"s{place}"),
            call(f"c{place}", called(f"p{place + 1}")),
            end(f"e{place}"),
            path(f"s{place} > c{place} > e{place}"),
        )
        for place in range(depth)
    ] + [draw(f"p{depth}", start("s"), user("a"), end("e"), path("s > a > e"))]


def test_calls_may_go_deep():
    play = Play(*chain(38))
    assert len(play.task("a").path) == 38
    assert play.do("a").finished


def test_calls_that_go_too_deep_are_an_incident():
    with pytest.raises(Incident, match="te diep"):
        Play(*chain(60))


def test_a_process_that_calls_itself_is_an_incident_and_no_endless_run():
    with pytest.raises(Incident, match="te diep"):
        Play(draw("p", start(), call("c", called("p")), path("s > c")))


def test_an_event_subprocess_may_have_one_of_its_own():
    play = Play(
        draw("p", start(), user("a"), path("s > a"),
             event_sub("h", start("hs", message("een")), user("x"), path("hs > x"),
                       event_sub("i", start("is", message("twee")), user("y"), path("is > y"))))
    )  # fmt: skip
    assert play.tell("een").open == ["x"]
    assert play.waits == ["twee"]
    assert play.tell("twee").open == ["y"]
    assert play.do("y").finished


def test_nested_calls_know_the_way_to_their_task():
    play = Play(
        draw("p", start(), call("c1", called("q")), path("s > c1")),
        draw("q", start("qs"), sub("u", start("us"), call("c2", called("r")), path("us > c2")),
             path("qs > u")),
        draw("r", start("rs"), user("x"), path("rs > x")),
    )  # fmt: skip
    assert play.task("x").path == ("c1", "u", "c2")
    assert play.do("x").finished


def test_an_answer_that_an_expression_asks_for_stays_with_the_route():
    play = Play(
        draw("p", start(), user("a"), user("b"), exclusive("g", default="g_d"), user("c"),
             user("d"), path("s > a > b > g"), path("g > c", "=akkoord"), path("g > d"))
    )  # fmt: skip
    play.do("a", akkoord=True, opmerking="lang verhaal")
    assert play.task("b").local == {"akkoord": True}
    assert play.step.facts == {}
    assert play.do("b").open == ["c"]


def test_facts_are_read_anew_at_each_step():
    play = Play(
        draw("p", start(), user("a"), exclusive("g", default="g_d"), user("c"), user("d"),
             path("s > a > g"), path("g > c", "=x"), path("g > d")),
        facts={"x": False},
    )  # fmt: skip
    assert play.do("a", facts={"x": True}).open == ["c"]


def test_output_rows_of_a_user_task_write_facts_from_its_answers():
    play = Play(
        draw("p", start(), user("a", mapping(outputs={"jaar": "=geboren.year"})), user("b"),
             path("s > a > b"))
    )  # fmt: skip
    play.do("a", geboren=datetime(1990, 5, 1, tzinfo=UTC).date())
    assert play.step.facts == {"jaar": 1990}


def test_a_step_tells_what_was_passed_in_order_with_the_flows():
    play = Play(draw("p", start(), user("a"), end(), path("s > a > e")))
    assert [(found.element, found.what, found.flow) for found in play.passed] == [
        ("s", "entered", None),
        ("s", "completed", None),
        ("a", "entered", "s_a"),
    ]
    play.do("a")
    assert [(found.element, found.what, found.flow) for found in play.step.passed] == [
        ("a", "completed", None),
        ("e", "entered", "a_e"),
        ("e", "completed", None),
    ]


def test_elements_come_in_the_order_of_the_flow():
    play = Play(
        draw("p", end(), user("b"), boundary("t", "a", after("P1D")), user("a"), start(),
             path("s > a > b > e"), path("t > e", ident="t_e"))
    )  # fmt: skip
    assert [found.id for found in play.definition.elements("p")] == ["s", "a", "b", "t", "e"]
    assert {found.id for found in play.definition.flows("p")} == {"s_a", "a_b", "b_e", "t_e"}


def test_a_last_day_is_looked_up_again_in_every_step_with_the_moment_the_task_opened():
    opened = []

    def functions(moment):
        opened.append(moment)
        return {"termijn": lambda naam: None if naam != "pip" else play_facts["dag"]}

    play_facts = {"dag": None}
    due = zeebe("taskSchedule", dueDate='=termijn("pip")')
    play = Play(draw("p", start(), user("a", due), path("s > a")), functions=functions)
    assert play.task("a").due is None
    assert play.task("a").termijnen == ("pip",)
    play_facts["dag"] = datetime(2027, 2, 1, tzinfo=UTC).date()
    play.now = BEGIN.replace(month=12)
    opened.clear()
    assert play.learn().task("a").due == play_facts["dag"]
    assert set(opened) == {BEGIN}


def test_a_date_timer_without_known_date_stays_armed_and_gets_its_date_when_facts_do():
    play = Play(
        draw("p", start(), catch("t", at('=dagtekening + duration("P1D")')), end(),
             path("s > t > e"))
    )  # fmt: skip
    assert [alarm.due for alarm in play.step.alarms] == [None]
    first = play.step.alarms[0].id
    play.learn(dagtekening=datetime(2026, 11, 30, tzinfo=UTC).date())
    assert [(alarm.id, alarm.due) for alarm in play.step.alarms] == [
        (first, datetime(2026, 11, 30, 23, tzinfo=UTC))
    ]
    assert play.wait(days=9).finished


def test_a_timer_that_no_longer_is_armed_cannot_fire():
    play = Play(
        draw("p", start(), user("a"), boundary("t", "a", after("P1D")), user("b"),
             path("s > a > b"), path("t > b", ident="t_b"))
    )  # fmt: skip
    alarm = play.step.alarms[0].id
    play.do("a")
    with pytest.raises(Conflict):
        engine.fire(play.definition, play.step.state, alarm, play.world)


def test_firing_one_of_two_timers_leaves_the_other():
    play = Play(
        draw("p", start(), user("a"), boundary("t1", "a", after("P1D"), interrupting=False),
             boundary("t2", "a", after("P1D"), interrupting=False), user("b"), user("c"),
             path("s > a"), path("t1 > b"), path("t2 > c"))
    )  # fmt: skip
    assert play.fire("t2").open == ["a", "c"]
    assert play.alarms == ["t1"]


def test_an_empty_subprocess_body_and_data_objects_do_not_stop_a_route():
    play = Play(
        draw("p", start(), sub("u", start("us"), end("ue"), path("us > ue")), user("a"),
             node("dataObject", "d"), node("dataObjectReference", "dr", dataObjectRef="d"),
             path("s > u > a"))
    )  # fmt: skip
    assert play.open == ["a"]
