"""Drawings that nobody foresaw: each does what BPMN says, or is refused by name."""

import time
from collections import Counter
from random import Random

import pytest

from routeflow import engine
from routeflow.commands import deployments
from routeflow.errors import Incident
from support import oracle, tokens
from support.bpmn import (
    BEGIN,
    TERMINATE,
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
    lanes,
    link,
    mapping,
    message,
    node,
    parallel,
    path,
    receive,
    repeat,
    script,
    send,
    signal,
    start,
    sub,
    throw,
    user,
    zeebe,
)

BASE = draw("p", start(), user("a"), end(), path("s > a > e"))


def changed(data, one, other):
    assert one.encode() in data
    return data.replace(one.encode(), other.encode())


def found(*files):
    drawn = {f"processes/{place}.bpmn": data for place, data in enumerate(files)}
    return {(f.severity, f.element, f.code) for f in engine.check(drawn, None)}


def faults(*files):
    return {(element, code) for severity, element, code in found(*files) if severity == "fout"}


def doubts(*files):
    return {
        (element, code)
        for severity, element, code in found(*files)
        if severity == "waarschuwing" and code not in {"geen-einde", "geen-naam"}
    }


# a yes or no, as XML Schema writes it


def test_a_subprocess_that_is_triggered_by_an_event_may_say_so_with_a_one():
    data = draw("p", start(), user("a"), end(), path("s > a > e"),
                event_sub("h", start("hs", message("m")), user("x"), end("he"),
                          path("hs > x > he")))  # fmt: skip
    data = changed(data, 'triggeredByEvent="true"', 'triggeredByEvent=" 1 "')
    assert faults(data) == set()
    assert Play(data).tell("m").open == ["x"]


def test_an_event_at_the_edge_that_interrupts_nothing_may_say_so_with_a_zero():
    data = draw("p", start(), user("a"), end(), path("s > a > e"), user("x"), path("b > x"),
                boundary("b", "a", message("m"), interrupting=False))  # fmt: skip
    play = Play(changed(data, 'cancelActivity="false"', 'cancelActivity="0"'))
    assert play.tell("m").open == ["a", "x"]


def test_a_multi_instance_that_is_sequential_may_say_so_with_a_one():
    data = draw("p", start(), user("a", each("=[1, 2]", "n", sequential=True)), path("s > a"))
    assert Play(changed(data, 'isSequential="true"', 'isSequential="1"')).open == ["a"]


def test_a_yes_or_no_that_is_neither_is_refused():
    data = draw("p", start(), user("a"), boundary("b", "a", message("m")), path("s > a"))
    data = changed(data, 'cancelActivity="true"', 'cancelActivity="soms"')
    assert ("b", "ja-of-nee") in faults(data)


def test_a_call_that_shares_neither_yes_nor_no_is_refused():
    data = draw(
        "p", start(), call("c", called("q", propagateAllChildVariables="nee")), path("s > c")
    )
    assert ("c", "ja-of-nee") in faults(data)


# ways out of an activity


def test_an_activity_of_which_no_condition_holds_is_an_incident_and_no_quiet_end():
    data = draw("p", start(), user("a"), user("x"), user("y"), path("s > a"),
                path("a > x", "=false"), path("a > y", "=1 = 2"))  # fmt: skip
    assert doubts(data) == {("a", "geen-standaard")}
    with pytest.raises(Incident, match="Geen van de voorwaarden") as caught:
        Play(data).do("a")
    assert caught.value.element == "a"


@pytest.mark.parametrize(
    "activity",
    [
        user("a", each("=[1]", "n")),
        script("a", "=1", "n"),
        sub("a", start("as"), end("ae"), path("as > ae")),
        receive("a", messageRef="M_m"),
    ],
)
def test_conditions_out_of_any_activity_are_followed(activity):
    data = draw("p", start(), activity, user("x"), user("y"), user("z"), path("s > a"),
                path("a > x", "=true"), path("a > y", "=false"), path("a > z"))  # fmt: skip
    play = Play(data)
    if play.open == ["a"]:
        play.do("a")
    elif play.waits:
        play.tell("m")
    assert play.open == ["x", "z"]


def test_conditions_that_are_each_others_opposite_leave_no_doubt():
    data = draw("p", start(), user("a"), user("x"), user("y"), path("s > a"),
                path("a > x", "=n = 1"), path("a > y", "=n != 1"))  # fmt: skip
    assert doubts(data) == set()


def test_an_empty_condition_is_refused_and_not_taken_for_none():
    data = draw("p", start(), user("a"), user("x"), path("s > a"), path("a > x", " "))
    assert ("a_x", "geen-voorwaarde") in faults(data)


@pytest.mark.parametrize(
    "parts",
    [
        (path("s > x", "=n"),),
        (catch("c", message("m")), path("s > c"), path("c > x", "=n", "s_x")),
        (throw("c"), path("s > c"), path("c > x", "=n", "s_x")),
        (user("a"), boundary("b", "a", message("m")), path("s > a"), path("b > x", "=n", "s_x")),
    ],
    ids=["start", "catch", "throw", "edge"],
)
def test_a_condition_out_of_an_event_is_refused(parts):
    assert ("s_x", "voorwaarde") in faults(draw("p", start(), user("x"), *parts))


def test_two_arrows_between_the_same_two_are_two_tokens():
    data = draw("p", start(), parallel("g"), parallel("j"), user("x"), path("s > g"),
                path("g > j", ident="f1"), path("g > j", ident="f2"), path("j > x"))  # fmt: skip
    assert Play(data).open == ["x"]


# words that stand where nothing reads them


@pytest.mark.parametrize(
    ("part", "element"),
    [
        ('<bpmn:userTask id="x"/>', "x"),
        ("<bpmn:timerEventDefinition/>", "a"),
        ("<bpmn:conditionExpression>=false</bpmn:conditionExpression>", "a"),
        ("<bpmn:loopCondition>=true</bpmn:loopCondition>", "a"),
        ('<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="e"/>', "f"),
        ('<bpmn:message id="m" name="m"/>', "m"),
        ("<bpmn:flowNodeRef>a</bpmn:flowNodeRef>", "a"),
        ('<zeebe:formDefinition formId="x"/>', "a"),
    ],
)
def test_a_word_in_the_wrong_place_is_refused(part, element):
    data = changed(
        BASE, '<bpmn:userTask id="a" name="a">', f'<bpmn:userTask id="a" name="a">{part}'
    )
    assert (element, "plaats") in faults(data)


def test_a_row_outside_its_table_is_refused():
    data = draw("p", start(), user("a", zeebe("input", source="=1", target="x")), path("s > a"))
    assert ("a", "plaats") in faults(data)


@pytest.mark.parametrize("kind", [parallel, exclusive, throw])
def test_what_is_no_activity_cannot_repeat(kind):
    data = draw("p", start(), kind("g", each("=[1]", "n")), user("a"), path("s > g > a"))
    assert ("g", "plaats") in faults(data)


@pytest.mark.parametrize(
    ("parts", "element"),
    [
        ((each("=[1]", "n"), repeat("=true")), "a"),
        ((zeebe("formDefinition", formId="f"), zeebe("formDefinition", formId="g")), "a"),
        ((mapping(outputs={"x": "=1"}), mapping(outputs={"y": "=2"})), "a"),
    ],
)
def test_a_word_that_stands_twice_where_one_would_count_is_refused(parts, element):
    assert (element, "dubbel") in faults(draw("p", start(), user("a", *parts), path("s > a")))


def test_a_second_condition_on_an_arrow_is_refused():
    data = draw("p", start(), user("a"), user("x"), path("s > a"), path("a > x", "=true"))
    data = changed(
        data,
        "<bpmn:conditionExpression",
        "<bpmn:conditionExpression>=false</bpmn:conditionExpression><bpmn:conditionExpression",
    )
    assert ("a_x", "dubbel") in faults(data)


def test_a_second_time_in_a_timer_is_refused():
    data = draw("p", start(), catch("c", after("P1D")), user("a"), path("s > c > a"))
    data = changed(data, "<bpmn:timeDuration>", "<bpmn:timeDuration>P2D</bpmn:timeDuration>"
                   "<bpmn:timeDuration>")  # fmt: skip
    assert ("c", "dubbel") in faults(data)


@pytest.mark.parametrize("space", ["http://example.org/bpmn", ""])
def test_an_element_of_another_language_between_the_steps_is_refused(space):
    data = changed(BASE, "<bpmn:endEvent", f'<userTask xmlns="{space}" id="q"/><bpmn:endEvent')
    assert faults(data) == {("q", "onbekend")}


def test_an_extension_from_elsewhere_is_named_as_a_word_that_does_nothing():
    inside = (
        '<bpmn:userTask id="a" name="a"><bpmn:extensionElements>'
        '<y:doe xmlns:y="http://y" y:wat="1"><y:diep/></y:doe></bpmn:extensionElements>'
    )
    data = changed(BASE, '<bpmn:userTask id="a" name="a">', inside)
    assert faults(data) == set()
    assert doubts(data) == {("a", "doet-niets")}


def test_an_attribute_from_elsewhere_is_named_as_a_word_that_does_nothing():
    data = changed(
        BASE, '<bpmn:userTask id="a"', '<bpmn:userTask xmlns:y="http://y" y:b="1" id="a"'
    )
    assert doubts(data) == {("a", "doet-niets")}


def test_another_version_of_the_extension_is_refused():
    data = draw("p", start(), user("a", zeebe("formDefinition", formId="f")), path("s > a"))
    data = changed(
        data, "http://camunda.org/schema/zeebe/1.0", "http://camunda.org/schema/zeebe/2.0"
    )
    assert faults(data) == {("a", "onbekend")}


def test_other_prefixes_for_the_same_languages_are_good():
    data = draw("p", start(), user("a", zeebe("formDefinition", formId="f")), end(),
                path("s > a > e"))  # fmt: skip
    for prefix in ("bpmn", "zeebe"):
        for one, other in ((f"<{prefix}:", f"<x{prefix}:"), (f"</{prefix}:", f"</x{prefix}:"),
                           (f"xmlns:{prefix}=", f"xmlns:x{prefix}=")):  # fmt: skip
            data = changed(data, one, other)
    assert found(data) == set()
    assert Play(data).step.tasks[0].form == "f"


def test_a_task_in_two_lanes_is_refused():
    data = draw("p", lanes("l", een=["s", "a"], twee=["a", "e"]), start(), user("a"), end(),
                path("s > a > e"))  # fmt: skip
    assert faults(data) == {("a", "baan")}


# repeating


@pytest.mark.parametrize("number", ["veel", "-1", "1.5", "=3", "9" * 5000, "\u0663"])
def test_a_maximum_that_is_no_whole_number_is_refused(number):
    data = draw("p", start(), user("a", repeat("=true", maximum=number)), path("s > a"))
    assert ("a", "herhaling") in faults(data)


@pytest.mark.parametrize(
    "number", ["=-1", "=2.5", "=null", "=true", '="x"', "=[1]", '="' + "9" * 5000 + '"', "=1e300"]
)
def test_a_number_of_instances_that_is_no_whole_number_is_an_incident(number):
    with pytest.raises(Incident) as caught:
        Play(draw("p", start(), user("a", each(cardinality=number)), path("s > a")))
    assert caught.value.element == "a"


@pytest.mark.parametrize("number", ["0", "=0", '="0"'])
def test_no_instances_at_all_pass_at_once(number):
    data = draw("p", start(), user("a", each(cardinality=number)), user("x"), path("s > a > x"))
    assert Play(data).open == ["x"]


@pytest.mark.parametrize("number", ["5001", "9" * 40])
def test_more_instances_than_there_may_be_are_refused(number):
    data = draw("p", start(), user("a", each(cardinality=number)), path("s > a"))
    assert {element for element, _ in faults(data)} == {"a"}


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(("items", "rounds"), [("[]", 0), ("[1]", 1), ("[1, 2, 3]", 2)])
def test_a_completion_condition_over_few_and_many(items, rounds, sequential):
    until = "=numberOfCompletedInstances >= 2"
    data = draw("p", start(), user("x"), end(), path("s > a > x > e"),
                user("a", each(f"={items}", "n", sequential=sequential, until=until)))  # fmt: skip
    play = Play(data)
    for _ in range(rounds):
        play.do("a")
    assert play.open == ["x"]


def test_loops_in_loops_keep_their_items_apart():
    inner = sub("u", each("=[[1, 2], [3]]", "rij"), start("us"), user("a", each("=rij", "n")),
                end("ue"), path("us > a > ue"))  # fmt: skip
    play = Play(draw("p", start(), inner, end(), path("s > u > e")))
    assert [(task.local["rij"][0], task.local["n"]) for task in play.step.tasks] == [
        (1, 1),
        (1, 2),
        (3, 3),
    ]
    assert play.do("a", "a", "a").finished


# errors, escalations and what is thrown


def boom(_inputs, _headers):
    raise engine.BpmnError("K")


def test_a_send_task_whose_service_failed_sends_nothing():
    data = draw("p", start(), send("x", zeebe("taskDefinition", type="t"), messageRef="M_brief"),
                boundary("b", "x", error("K")), user("y"), user("z"), path("s > x > z"),
                path("b > y"))  # fmt: skip
    play = Play(data, services={"t": boom})
    assert (play.open, play.sent) == (["y"], [])


def test_a_thrown_message_whose_service_failed_is_not_thrown():
    inner = sub("u", start("us"), throw("x", zeebe("taskDefinition", type="t"), message("brief")),
                path("us > x"))  # fmt: skip
    data = draw("p", start(), inner, boundary("b", "u", error("K")), user("y"), path("s > u"),
                path("b > y"))  # fmt: skip
    play = Play(data, services={"t": boom})
    assert (play.open, play.sent) == (["y"], [])


def test_an_error_of_one_instance_ends_them_all():
    inner = sub("u", each("=[1, 2, 3]", "n"), start("us"), user("a"), end("ue", error("K")),
                path("us > a > ue"))  # fmt: skip
    data = draw("p", start(), inner, boundary("b", "u", error("K")), user("x"), path("s > u"),
                path("b > x"))  # fmt: skip
    assert Play(data).do("a").open == ["x"]


def test_an_error_thrown_again_by_its_handler_goes_further_out():
    handler = event_sub("h", start("hs", error("K")), user("hx"), end("he", error("K")),
                        path("hs > hx > he"))  # fmt: skip
    inner = sub("u", start("us"), user("a"), end("ue", error("K")), path("us > a > ue"), handler)
    data = draw("p", start(), inner, boundary("b", "u", error("K")), user("x"), path("s > u"),
                path("b > x"))  # fmt: skip
    assert Play(data).do("a").do("hx").open == ["x"]


def test_each_called_instance_that_escalates_is_caught_at_the_edge_of_the_call():
    inside = draw("q", start("qs"), throw("qt", escalation("LAAT")), user("qa"),
                  path("qs > qt > qa"))  # fmt: skip
    data = draw("p", start(), call("c", called("q"), each("=[1, 2]", "n")), user("x"),
                boundary("b", "c", escalation("LAAT"), interrupting=False), path("s > c"),
                path("b > x"))  # fmt: skip
    assert Play(data, inside).open == ["qa", "qa", "x", "x"]


def test_a_signal_thrown_inside_breaks_off_what_threw_it():
    inner = sub("u", start("us"), throw("ut", signal("weg")), user("a"), path("us > ut > a"))
    data = draw("p", start(), inner, boundary("b", "u", signal("weg")), user("x"), user("y"),
                path("s > u > y"), path("b > x"))  # fmt: skip
    assert Play(data).open == ["x"]


def test_a_message_thrown_for_an_event_subprocess_that_interrupts_ends_its_thrower():
    handler = event_sub("h", start("hs", message("m")), user("hx"), end("he"), path("hs > hx > he"))
    data = draw("p", start(), parallel("g"), throw("t", message("m")), user("a"), user("z"),
                path("s > g > t > a"), path("g > z"), handler)  # fmt: skip
    assert Play(data).open == ["hx"]


def test_terminate_in_one_instance_leaves_the_others():
    inner = sub("u", each("=[1, 2]", "n"), start("us"), parallel("g"), user("a"), user("b"),
                end("ue", TERMINATE), path("us > g > a > ue"), path("g > b"))  # fmt: skip
    play = Play(draw("p", start(), inner, user("x"), path("s > u > x")))
    assert play.do("a").open == ["a", "b"]
    assert play.do("a").open == ["x"]


# events beside each other


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_second_event_for_the_same_signal_never_happens_where_the_first_breaks_off(interrupting):
    first = boundary("f", "a", signal("x"), interrupting=interrupting)
    data = draw("p", start(), user("a"), first, boundary("g", "a", signal("x")), user("b"),
                user("c"), end(), path("s > a > e"), path("f > b > e"),
                path("g > c > e"))  # fmt: skip
    assert faults(data) == ({("g", "dubbel")} if interrupting else set())
    assert Play(data).shout("x").open == (["b"] if interrupting else ["b", "c"])


def test_a_second_event_for_the_same_signal_behind_a_race_is_refused():
    data = draw("p", start(), events("r"), catch("f", signal("x")), catch("g", signal("x")),
                user("b"), user("c"), end(), path("s > r > f > b > e"),
                path("r > g > c > e"))  # fmt: skip
    assert faults(data) == {("g", "dubbel")}
    assert Play(data).shout("x").open == ["b"]


@pytest.mark.parametrize("kind", ["boundary", "race", "event subprocess"])
def test_a_second_event_for_the_same_message_can_never_happen_and_is_refused(kind):
    parts = {
        "boundary": [user("a"), path("s > a"), user("y"), path("x > y"),
                     boundary("w", "a", message("m"), interrupting=False), user("z"),
                     path("w > z"), boundary("x", "a", message("m"))],
        "race": [events("g"), catch("w", message("m")), catch("x", message("m")), user("a"),
                 path("s > g > w > a"), path("g > x > a")],
        "event subprocess": [user("a"), path("s > a")] + [
            event_sub(f"h{name}", start(name, message("m"), isInterrupting="false"),
                      user(f"u{name}"), path(f"{name} > u{name}"))
            for name in ("w", "x")
        ],
    }[kind]  # fmt: skip
    assert faults(draw("p", start(), *parts)) == {("x", "dubbel")}


def test_a_second_event_for_the_same_error_is_refused():
    inner = sub("u", start("us"), end("ue", error("K")), path("us > ue"))
    data = draw("p", start(), inner, boundary("w", "u", error("K")), user("y"),
                boundary("x", "u", error("K")), path("s > u"), path("w > y"),
                path("x > y"))  # fmt: skip
    assert faults(data) == {("x", "dubbel")}


def test_one_signal_may_do_more_than_one_thing():
    data = draw("p", start(), user("a"), user("x"), user("y"), path("s > a"),
                boundary("b", "a", signal("m"), interrupting=False), path("b > x"),
                boundary("c", "a", signal("m"), interrupting=False), path("c > y"))  # fmt: skip
    assert faults(data) == set()
    assert Play(data).shout("m").open == ["a", "x", "y"]


def test_two_tokens_at_one_event_based_gateway_each_wait_for_their_own():
    data = draw("p", start(), parallel("f"), exclusive("m"), events("g"), user("a"), user("b"),
                catch("c", message("m")), catch("d", message("n")), path("s > f > m > g"),
                path("f > m", ident="f2"), path("g > c > a"), path("g > d > b"))  # fmt: skip
    play = Play(data)
    assert play.waits == ["m", "m", "n", "n"]
    assert play.tell("m").tell("n").open == ["a", "b"]


def test_a_condition_behind_an_event_based_gateway_that_already_holds_wins_at_once():
    data = draw("p", start(), events("g"), catch("c", condition("=true")), user("a"),
                catch("d", message("n")), path("s > g > c > a"), path("g > d > a"))  # fmt: skip
    play = Play(data)
    assert (play.open, play.waits) == (["a"], [])


@pytest.mark.parametrize("event", [message("m"), every("R3/P1D")])
@pytest.mark.parametrize("sequential", [False, True])
def test_an_event_on_a_repeated_task_that_interrupts_nothing_happens_often(event, sequential):
    data = draw("p", start(), user("a", each("=[1, 2]", "n", sequential=sequential)), user("x"),
                boundary("b", "a", event, interrupting=False), path("s > a"),
                path("b > x"))  # fmt: skip
    play = Play(data)
    for _ in range(3):
        play.tell("m") if play.waits else play.wait(days=1)
    assert play.open.count("x") == 3
    assert play.open.count("a") == (1 if sequential else 2)


def test_an_event_subprocess_in_one_instance_leaves_the_others():
    inner = sub("u", each("=[1, 2]", "n"), start("us"), user("a"), path("us > a"),
                event_sub("h", start("hs", message("m")), user("hx"), path("hs > hx")))  # fmt: skip
    play = Play(draw("p", start(), inner, end(), path("s > u > e")))
    assert play.tell("m").open == ["a", "hx"]
    assert play.do("hx", "a").finished


def test_an_event_subprocess_that_interrupts_ends_one_that_did_not():
    data = draw("p", start(), user("a"), path("s > a"),
                event_sub("h", start("hs", message("m"), isInterrupting="false"), user("hx"),
                          path("hs > hx")),
                event_sub("k", start("ks", message("n")), user("kx"), path("ks > kx")))  # fmt: skip
    assert Play(data).tell("m").tell("n").open == ["kx"]


# links


@pytest.mark.parametrize(
    ("parts", "element"),
    [
        ((path("s > t > x"), path("c > a")), "t"),
        ((path("s > x > c"), path("s > t"), path("c > a")), "c"),
    ],
)
def test_an_arrow_on_the_wrong_side_of_a_link_is_refused(parts, element):
    data = draw("p", start(), throw("t", link("L")), catch("c", link("L")), user("a"), user("x"),
                *parts)  # fmt: skip
    assert (element, "link") in faults(data)


def test_a_link_without_name_is_refused():
    data = draw("p", start(), throw("t", link("")), catch("c", link("")), user("a"),
                path("s > t"), path("c > a"))  # fmt: skip
    assert {("t", "link"), ("c", "link")} <= faults(data)


# time


@pytest.mark.parametrize("length", ["P999999999Y", "P99999999D", "PT999999999H"])
def test_a_timer_beyond_the_calendar_is_refused(length):
    data = draw("p", start(), catch("c", after(length)), user("a"), path("s > c > a"))
    assert ("c", "timer") in faults(data)
    with pytest.raises(Incident, match="kalender"):
        Play(data)


# rounds without end


@pytest.mark.parametrize(
    "parts",
    [
        (exclusive("m"), sub("u", start("us"), end("ue"), path("us > ue")),
         exclusive("g", default="g_e"), end(), path("s > m > u > g"), path("g > m", "=true"),
         path("g > e")),
        (script("x", "=1", "n"), throw("t", signal("m")), path("s > x > t"),
         event_sub("h", start("hs", signal("m"), isInterrupting="false"), throw("ht", signal("m")),
                   path("hs > ht"))),
        (exclusive("m"), parallel("g"), path("s > m > g"), path("g > m", ident="g1"),
         path("g > m", ident="g2")),
        (node("scriptTask", "x", zeebe("script", expression="=1", resultVariable="n"),
              repeat("=true")), path("s > x")),
    ],
    ids=["subprocess", "signals", "tokens that multiply", "repeating task"],
)  # fmt: skip
def test_what_goes_on_without_anybody_is_an_incident_that_names_an_element(parts):
    with pytest.raises(Incident, match="rondgaan") as caught:
        Play(draw("p", start(), *parts))
    assert caught.value.element


# joins at which a route would stay


def split_and_join(split, join, *more):
    return draw("p", start(), split, user("a"), user("b"), join, user("x"), path("s > g > a > j"),
                path("b > j > x"), *more)  # fmt: skip


def test_a_join_that_waits_for_both_ways_of_a_choice_is_refused():
    data = split_and_join(exclusive("g", default="g_a"), parallel("j"), path("g > b", "=n = 1"))
    assert faults(data) == {("j", "wacht-altijd")}
    play = Play(data, facts={"n": 2}).do("a")
    assert (play.open, play.step.standing) == ([], ("j",))


def test_a_join_behind_events_of_which_one_happens_is_refused():
    data = draw("p", start(), events("g"), catch("c", message("m")), catch("d", after("P1D")),
                parallel("j"), user("x"), path("s > g > c > j"), path("g > d > j"),
                path("j > x"))  # fmt: skip
    assert ("j", "wacht-altijd") in faults(data)


def test_a_join_behind_a_task_and_the_event_that_breaks_it_off_is_refused():
    data = draw("p", start(), user("a"), boundary("b", "a", message("m")), parallel("j"),
                user("x"), path("s > a > j > x"), path("b > j"))  # fmt: skip
    assert ("j", "wacht-altijd") in faults(data)


def test_a_join_beside_many_long_branches_is_judged_all_the_same():
    parts = [start(), parallel("g"), parallel("j"), end(), path("s > g"), path("j > e")]
    for branch in range(12):
        names = [f"t{branch}_{place}" for place in range(6)]
        parts += [*map(user, names), path(f"g > {' > '.join(names)} > j")]
    choice = [exclusive("x", default="x_y"), user("y"), user("z"), path("g > x > y > j"),
              path("x > z", "=n = 1"), path("z > j")]  # fmt: skip
    assert faults(draw("p", *parts, *choice)) == {("j", "wacht-altijd")}
    assert found(draw("p", *parts)) == set()


def test_a_join_where_three_tokens_come_on_one_arrow_and_two_on_another_keeps_one():
    data = draw("p", start(), user("a"), user("b"), user("c"), user("d"), user("f"), user("g"),
                parallel("j"), end(), path("s > a > b > c"), path("a > c > d > f > j > g > e"),
                path("b > f"), path("c > j"))  # fmt: skip
    assert ("j", "wacht-soms") in doubts(data)


def test_a_join_beside_branches_that_never_come_to_rest_is_not_taken_for_one_that_never_passes():
    data = draw("p", start(), exclusive("g", default="g_a"), user("a"), user("b"), user("c"),
                parallel("j"), end(), path("s > g > a > b > c > j > e"), path("g > j", "=n = 1"),
                path("a > a"), path("b > j"), path("c > g"))  # fmt: skip
    assert ("j", "wacht-altijd") not in faults(data)
    assert ("j", "wacht-soms") in doubts(data)


def test_a_join_that_misses_a_token_after_some_choices_is_doubtful():
    data = draw("p", start(), user("g"), user("a"), user("b"), parallel("j"), user("x"),
                path("s > g > a > j > x"), path("g > b", "=n = 1"), path("b > j"))  # fmt: skip
    assert ("j", "wacht-soms") in doubts(data)


@pytest.mark.parametrize(
    "parts",
    [
        [
            sub(
                "u",
                each(cardinality="5000"),
                start("us"),
                user("a", each(cardinality="5000")),
                path("us > a"),
            ),
            path("s > u"),
        ],
        [
            script("x", "=1", "n"),
            user("a"),
            parallel("g"),
            path("s > x > g"),
            path("g > x"),
            path("g > a"),
        ],
    ],
)
def test_more_open_steps_than_anybody_can_do_are_an_incident(parts, monkeypatch):
    monkeypatch.setattr("routeflow.engine.act.MAX_TOKENS", 6_000)
    with pytest.raises(Incident, match="te veel stappen tegelijk") as caught:
        Play(draw("p", start(), *parts))
    assert caught.value.element


def test_tokens_that_pile_up_at_a_join_pass_it_one_by_one():
    data = draw("p", start(), user("a", each(cardinality="3")), parallel("g"), parallel("j"),
                user("b"), user("x"), exclusive("m"), path("s > g > m > b > j > x"),
                path("g > m", ident="g_m2"), path("g > a > j"))  # fmt: skip
    play = Play(data)
    play.do("b", "b")
    assert play.open == ["a", "a", "a"]
    assert play.do("a", "a", "a").open == ["x"]
    assert play.step.standing == ("j",)


def test_a_join_that_something_from_outside_can_end_is_doubtful_only():
    inner = sub("u", start("us"), exclusive("g", default="g_a"), user("a"), user("b"),
                parallel("j"), end("ue"), path("us > g > a > j > ue"), path("g > b", "=n = 1"),
                path("b > j"))  # fmt: skip
    data = draw("p", start(), inner, boundary("w", "u", after("P1D")), user("x"), path("s > u > x"),
                path("w > x"))  # fmt: skip
    assert faults(data) == set()
    assert ("j", "wacht-altijd") in doubts(data)


@pytest.mark.parametrize(
    "data",
    [
        split_and_join(parallel("g"), parallel("j"), path("g > b")),
        split_and_join(inclusive("g", default="g_a"), inclusive("j"), path("g > b", "=n = 1")),
        split_and_join(exclusive("g", default="g_a"), exclusive("j"), path("g > b", "=n = 1")),
        split_and_join(user("g"), parallel("j"), path("g > b")),
        draw(
            "p",
            start(),
            user("a"),
            boundary("b", "a", message("m"), interrupting=False),
            user("x"),
            path("s > a"),
            path("b > x"),
        ),
    ],
)
def test_a_join_that_gets_all_its_tokens_is_good(data):
    assert {code for _, code in faults(data) | doubts(data)} == set()


def test_an_inclusive_join_that_may_pass_twice_is_doubtful():
    data = draw("p", start(), parallel("g"), user("a"), exclusive("x", default="x_j"),
                exclusive("m"), user("b"), inclusive("j"), end(), path("s > g > a > x > j > e"),
                path("x > m", "=ook"), path("g > m > b > j"))  # fmt: skip
    assert faults(data) == set()
    assert ("j", "komt-vaker") in doubts(data)


@pytest.mark.parametrize("seed", range(0, 400, 8))
def test_a_process_of_blocks_never_waits_at_a_join(seed):
    data = oracle.draw(oracle.grow(Random(seed), wide=seed % 16 > 0))  # noqa: S311 - a seed
    codes = {code for _, _, code in found(data)}
    assert not codes & {"wacht-altijd", "wacht-soms", "komt-vaker"}


def tangle(random, *, edges=False):
    """Return a process of gateways and tasks that are joined without any order.

    ``edges``: with messages at the edge of tasks.
    """
    names = [f"n{place}" for place in range(random.randint(4, 9))]
    arrows = {name: [] for name in names}
    for place, name in enumerate(names[:-1]):
        arrows[name].append(names[place + 1])
        if random.random() < 0.6:
            arrows[name].append(random.choice(names))
    parts = [end(), path(f"{names[-1]} > e")]
    begins = [None]
    how = random.random()
    if how < 0.6 or arrows_into(names[0], arrows):
        begins = ["s"] if how < 0.3 else ["s", "s2"]
        parts += [start(begin) for begin in begins]
        parts += [path(f"s > {names[0]}")]
        parts += [path(f"s2 > {random.choice(names)}") for _ in begins[1:]]
    for name in names:
        targets = list(dict.fromkeys(arrows[name]))
        kind = random.choice([parallel, exclusive, inclusive, user, user])
        if kind in {exclusive, inclusive} and len(targets) > 1:
            parts.append(kind(name, default=f"{name}_{targets[0]}"))
            parts += [path(f"{name} > {targets[0]}")]
            parts += [path(f"{name} > {other}", f'=weg = "{name}"') for other in targets[1:]]
        else:
            parts.append(kind(name))
            parts += [path(f"{name} > {other}") for other in targets]
        if edges and kind is user and random.random() < 0.6:
            event, interrupting = message(f"{name}_b"), random.random() < 0.5
            parts.append(boundary(f"{name}_b", name, event, interrupting=interrupting))
            parts.append(path(f"{name}_b > {random.choice(names)}"))
    return names, begins, draw("p", *parts)


def arrows_into(name, arrows):
    return any(name in targets for targets in arrows.values())


@pytest.mark.parametrize("seed", range(0, 400, 5))
def test_where_a_route_stands_still_the_judge_said_so(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    names, begins, data = tangle(random)
    begin = random.choice(begins)
    verdicts = found(data)
    never = {element for _, element, code in verdicts if code == "wacht-altijd"}
    named = never | {element for _, element, code in verdicts if code == "wacht-soms"}
    definition = engine.load({"p.bpmn": data})
    for _ in range(5):
        try:
            step = engine.start(definition, "p", world(random, names), at=begin)
            passed = list(step.passed)
            for _ in range(40):
                if not step.tasks or len(step.tasks) > 30:
                    break
                task = random.choice(step.tasks)
                step = engine.complete(definition, step.state, task.id, {}, world(random, names))
                passed += step.passed
        except Incident:
            return
        if not step.tasks and not step.finished:
            assert set(step.standing) & named
        if len(begins) == 1:  # from another start it may be passed
            assert not {one.element for one in passed if one.what == "completed"} & never


@pytest.mark.parametrize("seed", range(150))
def test_gateways_in_a_tangle_do_what_the_token_game_of_bpmn_does(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    names, begins, data = tangle(random, edges=seed % 2 > 0)
    begin = random.choice(begins)
    definition = engine.load({"p.bpmn": data})
    now = world(random, names)
    try:
        game = tokens.Game(data, begin, now.facts["weg"])
        step = engine.start(definition, "p", now, at=begin)
        for _ in range(30):
            assert Counter(task.element for task in step.tasks) == +game.open
            assert Counter(wait.name for wait in step.waits) == game.waits
            assert step.finished == game.finished
            if not step.tasks:
                break
            now = world(random, names)
            game.chosen = now.facts["weg"]
            if step.waits and random.random() < 0.5:
                wait = random.choice(step.waits)
                game.tell(wait.name)
                step = engine.deliver(definition, step.state, wait.name, {}, now)
                continue
            task = random.choice(step.tasks)
            game.done(task.element)
            step = engine.complete(definition, step.state, task.id, {}, now)
    except (tokens.Undecided, Incident):
        return


def world(random, names):
    return engine.World(BEGIN, {"weg": random.choice(names)}, lambda _opened: {}, {})


def test_a_prefix_that_stands_for_the_file_itself_may_be_before_a_reference():
    other = draw("q", start("s2"), user("b"), end("e2"), path("s2 > b > e2"))
    data = draw("p", start(), throw("t", message("post")), catch("k", signal("alarm")),
                node("callActivity", "c", calledElement="q"), end(),
                path("s > t > k > c > e"))  # fmt: skip
    own = (
        data.replace(b"<bpmn:definitions ", b'<bpmn:definitions xmlns:tns="urn:eigen" ')
        .replace(b'targetNamespace="', b'targetNamespace="urn:eigen" exporter="', 1)
        .replace(b'messageRef="', b'messageRef="tns:')
        .replace(b'signalRef="', b'signalRef="tns:')
        .replace(b'calledElement="', b'calledElement="tns:')
    )
    assert b"urn:eigen" in own
    assert not {f for f in found(own, other) if f[0] == "fout"}
    play = Play(own, other)
    play.shout("alarm")
    play.do("b")
    assert play.finished
    assert ("fout", "t", "verwijzing") in found(own.replace(b'"tns:M', b'"elders:M'), other)


def test_a_thousand_remarks_do_not_keep_a_good_set_out_of_service():
    nameless = [node("userTask", f"u{place}", name=None) for place in range(1_500)]
    data = draw("p", start(), *nameless, end(),
                path("s > " + " > ".join(f"u{place}" for place in range(1_500)) + " > e"))  # fmt: skip
    findings = engine.check({"p.bpmn": data}, None)
    assert not [f for f in findings if f.severity == "fout"]
    assert [f.message for f in findings if f.code == "te-veel"] == [
        "Er zijn meer dan 1000 punten; de rest staat hier niet."
    ]


def test_faults_behind_a_thousand_remarks_are_still_found():
    nameless = [node("userTask", f"u{place}", name=None) for place in range(1_500)]
    data = draw("p", start(), *nameless, user("los"), end(),
                path("s > " + " > ".join(f"u{place}" for place in range(1_500)) + " > e"))  # fmt: skip
    other = draw("q", start("s2"), script("fout", "=1 +", "x"), end("e2"), path("s2 > fout > e2"))
    faults = {f for f in found(data, other) if f[0] == "fout"}
    assert {("fout", "los", "onbereikbaar")} < faults
    assert "fout" in {element for _, element, _ in faults}


def nested(depth):
    inner = user("diep")
    for level in reversed(range(depth)):
        inner = sub(f"d{level}", start(f"s{level}"), inner, end(f"e{level}"),
                    path(f"s{level} > {f'd{level + 1}' if level + 1 < depth else 'diep'} > e{level}"))  # fmt: skip
    return [draw("p", start(), inner, end(), path("s > d0 > e"))]


def calling(depth, *, times=1):
    """Each process calls the next one, ``times`` in a row."""
    drawn = []
    for level in range(depth):
        calls = [call(f"c{level}_{place}", called(f"q{level + 1}")) for place in range(times)]
        way = " > ".join(f"c{level}_{place}" for place in range(times))
        drawn.append(draw(f"q{level}", start(f"s{level}"), *calls, end(f"e{level}"),
                          path(f"s{level} > {way} > e{level}")))  # fmt: skip
    drawn.append(draw(f"q{depth}", start("laatste_s"), end("laatste_e"), path("laatste_s > laatste_e")))  # fmt: skip
    return drawn


@pytest.mark.parametrize("make", [nested, calling])
def test_what_is_too_deep_to_run_is_refused_where_it_begins(make):
    assert not {f for f in found(*make(40)) if f[0] == "fout"}
    (finding,) = [f for f in found(*make(43)) if f[0] == "fout"]
    assert finding == ("fout", {nested: "d2", calling: "c2_0"}[make], "te-diep")


def test_processes_that_call_each_other_ever_more_often_keep_nobody_waiting():
    drawn = calling(30, times=2)
    files = {f"processes/{place}.bpmn": data for place, data in enumerate(drawn)}
    began = time.process_time()
    deployments.check(files)
    with pytest.raises(Incident, match="rondgaan"):
        Play(*drawn, process="q0")
    assert time.process_time() - began < 10


def test_sanctions_in_processes_that_call_each_other_too_often_cannot_be_proved():
    drawn = calling(20, times=2)
    marked = zeebe("properties", zeebe("property", name="sanctie", value="besluit"))
    drawn[-1] = draw("q20", start("laatste_s"), user("boete", marked), end("laatste_e"),
                     path("laatste_s > boete > laatste_e"))  # fmt: skip
    files = {f"processes/{place}.bpmn": data for place, data in enumerate(drawn)}
    faults = {f.code for f in deployments.check(files) if f.severity == "fout"}
    assert "te-groot" in faults


HEAVY = "=sum(for n in 1..20000 return n)"


def test_a_loop_of_heavy_expressions_ends_in_an_incident_within_seconds():
    data = draw("p", start(), exclusive("m"), script("reken", HEAVY, "x"),
                exclusive("g", default="g_e"), end(), path("s > m > reken > g"),
                path("g > m", when="=x > 1"), path("g > e"))  # fmt: skip
    began = time.process_time()
    with pytest.raises(Incident, match="duren samen te lang") as stopped:
        Play(data)
    assert time.process_time() - began < 9
    assert stopped.value.element in {"reken", "g"}
