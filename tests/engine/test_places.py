"""Events at every place they may stand, and activities with all that may hang on them."""

import pytest

from routeflow import engine
from routeflow.errors import Incident
from support.bpmn import (
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
    manual,
    mapping,
    message,
    node,
    parallel,
    path,
    receive,
    repeat,
    rule,
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
from support.dmn import decision, dmn, literal

EVENTS = [
    (message("m"), lambda play: play.tell("m")),
    (signal("m"), lambda play: play.shout("m")),
    (after("P1D"), lambda play: play.wait(days=1)),
    (at("2026-11-24"), lambda play: play.wait(days=1)),
    (condition("=m"), lambda play: play.learn(m=True)),
]
INNER = draw("q", start("qs"), user("x"), end("qe"), path("qs > x > qe"))


def test_an_intermediate_event_of_no_kind_is_passed_at_once():
    play = Play(draw("p", start(), throw("mijlpaal"), user("a"), path("s > mijlpaal > a")))
    assert play.open == ["a"]
    assert "mijlpaal" in play.visited


@pytest.mark.parametrize(("event", "act"), EVENTS)
def test_an_event_in_between_holds_the_route_until_it_happens(event, act):
    play = Play(draw("p", start(), catch("c", event), user("a"), path("s > c > a")))
    assert play.open == []
    act(play)
    assert play.open == ["a"]


@pytest.mark.parametrize(("event", "act"), EVENTS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_at_the_edge_of_a_task_happens(event, act, interrupting):
    play = Play(
        draw("p", start(), user("a"), boundary("b", "a", event, interrupting=interrupting),
             user("z"), path("s > a"), path("b > z"))
    )  # fmt: skip
    act(play)
    assert play.open == (["z"] if interrupting else ["a", "z"])


@pytest.mark.parametrize(("event", "act"), EVENTS)
def test_every_event_that_waits_may_stand_behind_an_event_based_gateway(event, act):
    play = Play(
        draw("p", start(), events("g"), catch("c", event), catch("anders", message("anders")),
             user("a"), user("b"), path("s > g > c > a"), path("g > anders > b"))
    )  # fmt: skip
    act(play)
    assert play.open == ["a"]
    assert play.waits == []


@pytest.mark.parametrize(
    "activity",
    [
        user("a"),
        task("a"),
        manual("a"),
        receive("a", messageRef="M_post"),
        sub("a", start("as"), user("x"), path("as > x")),
        call("a", called("q")),
        user("a", each("=[1,2]", "n")),
        user("a", repeat("=true")),
    ],
)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_may_be_at_the_edge_of_every_activity_that_takes_time(activity, interrupting):
    play = Play(
        draw("p", start(), activity, boundary("t", "a", after("P1D"), interrupting=interrupting),
             user("z"), path("s > a"), path("t > z")),
        INNER,
    )  # fmt: skip
    before = (play.open, play.waits)
    play.wait(days=1)
    assert (play.open, play.waits) == (
        (["z"], []) if interrupting else (sorted([*before[0], "z"]), before[1])
    )


def test_a_repeating_timer_that_interrupts_or_holds_the_route_is_refused():
    """Such a timer can go off only once."""
    handler = event_sub("h", start("hs", every("R3/P1D")), end("he"), path("hs > he"))
    for place, parts in {
        "c": [catch("c", every("R3/P1D")), path("s > c")],
        "b": [user("a"), boundary("b", "a", every("R3/P1D")), path("s > a"), path("b > e")],
        "hs": [user("a"), path("s > a"), handler],
    }.items():
        found = engine.check({"p.bpmn": draw("p", start(), end(), *parts)}, None)
        assert (place, "timer") in {(f.element, f.code) for f in found}


def test_an_event_subprocess_that_interrupts_ends_the_other_listeners_too():
    play = Play(
        draw("p", start(), user("a"), path("s > a"),
             event_sub("h", start("hs", message("stop")), user("x"), path("hs > x")),
             event_sub("i", start("is", message("nog"), isInterrupting="false"), user("y"),
                       path("is > y")))
    )  # fmt: skip
    assert play.waits == ["nog", "stop"]
    assert play.tell("nog").tell("stop").open == ["x"]
    assert play.waits == []


def test_a_condition_that_compares_with_true_is_no_while_the_fact_is_unknown():
    play = Play(
        draw("p", start(), exclusive("g", default="g_b"), user("a"), user("b"), path("s > g"),
             path("g > a", "=akkoord = true"), path("g > b"))
    )  # fmt: skip
    assert play.open == ["b"]


def test_terminate_ends_only_the_subprocess_it_stands_in():
    play = Play(
        draw("p", start(), parallel("h"), user("a"), user("z"), path("s > h > u > z"),
             path("h > a"),
             sub("u", start("us"), parallel("g"), user("x"), user("y"), end("stop", TERMINATE),
                 path("us > g > x > stop"), path("g > y")))
    )  # fmt: skip
    assert play.do("x").open == ["a", "z"]


def test_terminate_in_an_event_subprocess_leaves_the_process_around_it():
    play = Play(
        draw("p", start(), user("a"), path("s > a"),
             event_sub("h", start("hs", message("m"), isInterrupting="false"), parallel("g"),
                       user("x"), user("y"), end("stop", TERMINATE), path("hs > g > x > stop"),
                       path("g > y")))
    )  # fmt: skip
    assert play.tell("m").do("x").open == ["a"]


@pytest.mark.parametrize("code", ["FOUT", None])
def test_an_error_in_a_called_process_is_caught_at_the_nearest_edge_that_names_it(code):
    inner = draw("q", start("qs"), user("x"), end("qe", error("FOUT")), path("qs > x > qe"))
    play = Play(
        draw("p", start(), user("y"), user("z"), path("s > u"), path("far > z"), path("near > y"),
             sub("u", start("us"), call("c", called("q")), path("us > c")),
             boundary("far", "u", error(code)),
             sub("v", start("vs"), user("w"), path("vs > w")), boundary("near", "v", error(code))),
        inner,
    )  # fmt: skip
    assert play.do("x").open == ["z"]


def test_a_process_may_be_called_by_the_attribute_of_bpmn_itself():
    play = Play(draw("p", start(), call("c", calledElement="q"), path("s > c")), INNER)
    assert play.open == ["x"]


@pytest.mark.parametrize("shared", [True, False])
def test_answers_in_a_called_process_reach_the_caller_unless_the_drawing_says_no(shared):
    inner = draw("q", start("qs"), user("x"), exclusive("g", default="g_qe"), end("qe"), end("qf"),
                 path("qs > x > g"), path("g > qf", "=keuze = 1"), path("g > qe"))  # fmt: skip
    flag = str(shared).lower()
    play = Play(
        draw("p", start(), call("c", called("q", propagateAllChildVariables=flag)),
             script("t", "=keuze", "gezien"), user("z"), path("s > c > t > z")),
        inner,
    )  # fmt: skip
    play.do("x", keuze=1)
    assert play.facts["gezien"] == (1 if shared else None)  # also in the act that answers
    play = Play(
        draw("p", start(), call("c", called("q", propagateAllChildVariables=flag)), user("y"),
             script("t", "=keuze", "gezien"), user("z"), path("s > c > y > t > z")),
        inner,
    )  # fmt: skip
    assert play.do("x", keuze=1).do("y").facts["gezien"] == (1 if shared else None)


def test_rows_of_a_subprocess_give_values_in_and_out():
    play = Play(
        draw("p", start(), user("z"), path("s > u > z"),
             sub("u", mapping(inputs={"n": "=basis + 1"}, outputs={"uit": "=n * 2"}), start("us"),
                 script("x", "=n", "gezien"), path("us > x"))),
        facts={"basis": 4},
    )  # fmt: skip
    assert (play.facts["gezien"], play.facts["uit"]) == (5, 10)
    assert "n" not in play.facts


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_a_thrown_message_takes_what_its_input_rows_give(tag):
    play = Play(
        draw("p", start(), node(tag, "t", message("brief"), mapping(inputs={"n": "=basis"})),
             path("s > t")),
        facts={"basis": 4},
    )  # fmt: skip
    assert [(found.name, found.payload) for found in play.sent] == [("brief", {"n": 4})]


def test_a_thrown_message_may_call_a_service_first():
    asked = []
    parts = [zeebe("taskDefinition", type="fax"), mapping(inputs={"n": "=1"})]
    play = Play(
        draw("p", start(), throw("t", message("brief"), *parts), path("s > t")),
        services={"fax": lambda inputs, _headers: asked.append(inputs) or {}},
    )
    assert asked == [{"n": 1}]
    assert [found.name for found in play.sent] == ["brief"]


def test_input_rows_where_nothing_reads_them_are_refused():
    for part in (
        catch("x", message("m"), mapping(inputs={"n": "=1"})),
        parallel("x", mapping(inputs={"n": "=1"})),
    ):
        data = draw("p", start(), part, end(), path("s > x > e"))
        found = engine.check({"p.bpmn": data}, None)
        assert [(f.element, f.code) for f in found] == [("x", "invoer")]


REPEATED = {
    "script": (script, ("a", "=n * 10", "uit")),
    "service": (service, ("a", zeebe("taskDefinition", type="reken"),
                          mapping(inputs={"n": "=n"}, outputs={"uit": "=antwoord"}))),
    "rule": (rule, ("a", zeebe("calledDecision", decisionId="d", resultVariable="uit"))),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPEATED)
@pytest.mark.parametrize("sequential", [True, False])
def test_an_activity_that_takes_no_time_may_repeat_for_each_item(kind, sequential):
    make, arguments = REPEATED[kind]
    loop = each("=[1,2,3]", "n", sequential=sequential, out=("lijst", "=uit"))
    made = make(*arguments).replace("</bpmn:extensionElements>", f"</bpmn:extensionElements>{loop}")
    files = {
        "p.bpmn": draw("p", start(), made, user("z"), path("s > a > z")),
        "d.dmn": dmn(decision("d", literal("n * 10"))),
    }
    definition = engine.load(files)
    services = {"reken": lambda inputs, _headers: {"antwoord": inputs["n"] * 10}}
    world = Play(INNER, process="q", services=services).world
    step = engine.start(definition, "p", world)
    assert step.facts["lijst"] == [10, 20, 30]
    assert [found.element for found in step.tasks] == ["z"]


def test_a_send_task_that_repeats_sends_each_time():
    play = Play(
        draw("p", start(), send("a", each("=[1,2]", "n"), messageRef="M_brief"), end(),
             path("s > a > e"))
    )  # fmt: skip
    assert [found.name for found in play.sent] == ["brief", "brief"]
    assert play.finished


def test_a_receive_task_that_repeats_waits_as_many_times():
    play = Play(
        draw("p", start(), receive("a", each("=[1,2]", "n"), messageRef="M_post"), user("z"),
             path("s > a > z"))
    )  # fmt: skip
    assert play.waits == ["post", "post"]
    assert play.tell("post").open == []
    assert play.tell("post").open == ["z"]


@pytest.mark.parametrize(
    "activity",
    [
        sub("u", repeat("=opnieuw"), start("us"), user("x"), path("us > x")),
        call("u", repeat("=opnieuw"), called("q")),
    ],
)
def test_a_subprocess_or_call_may_repeat_while_a_condition_holds(activity):
    play = Play(
        draw("p", start(), activity, user("z"), path("s > u > z")), INNER, facts={"opnieuw": True}
    )
    assert play.do("x").open == ["x"]
    assert play.do("x", facts={"opnieuw": False}).open == ["z"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_multi_instance_shows_once_in_what_was_passed(sequential):
    play = Play(
        draw("p", start(), user("a", each("=[1,2,3]", "n", sequential=sequential)), end(),
             path("s > a > e"))
    )  # fmt: skip
    play.do("a").do("a").do("a")
    assert [found.what for found in play.passed if found.element == "a"] == ["entered", "completed"]


def test_a_multi_instance_that_is_broken_off_shows_once_as_cancelled():
    play = Play(
        draw("p", start(), user("a", each("=[1,2,3]", "n")), boundary("t", "a", after("P1D")),
             end(), path("s > a > e"), path("t > e", ident="t_e"))
    )  # fmt: skip
    play.do("a").wait(days=1)
    assert [found.what for found in play.passed if found.element == "a"] == ["entered", "cancelled"]


def test_an_exclusive_gateway_where_flows_meet_lets_each_token_pass():
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), exclusive("m"), user("z"),
             path("s > g > a > m > z"), path("g > b > m"))
    )  # fmt: skip
    assert play.do("a", "b").open == ["z", "z"]


@pytest.mark.parametrize("kind", [parallel, inclusive])
def test_a_gateway_may_join_and_split_at_once(kind):
    play = Play(
        draw("p", start(), parallel("g"), user("a"), user("b"), kind("j"), user("y"), user("z"),
             path("s > g > a > j > y"), path("g > b > j > z"))
    )  # fmt: skip
    assert play.do("a").open == ["b"]
    assert play.do("b").open == ["y", "z"]


def test_an_inclusive_gateway_where_nothing_holds_is_an_incident():
    with pytest.raises(Incident, match="standaardpijl") as caught:
        Play(
            draw("p", start(), inclusive("g"), user("a"), user("b"), path("s > g"),
                 path("g > a", "=false"), path("g > b", "=false"))
        )  # fmt: skip
    assert caught.value.element == "g"


def test_a_task_has_the_innermost_lane_it_stands_in():
    inner = lanes("k", trainer=["a"]).replace("laneSet", "childLaneSet")
    outer = lanes("l", casemanager=["s", "b"]).replace("</bpmn:lane>", f"{inner}</bpmn:lane>", 1)
    play = Play(draw("p", outer, start(), user("a"), user("b"), path("s > a > b")))
    assert play.task("a").lane == "trainer"
    assert play.do("a").task("b").lane == "casemanager"


def test_what_only_explains_the_drawing_does_nothing():
    notes = (
        node("textAnnotation", "t", "<bpmn:text>Let op</bpmn:text>", name=None)
        + node("association", "as", sourceRef="a", targetRef="t", name=None)
        + node("group", "gr", categoryValueRef="cv", name=None)
    )
    outside = (
        node("category", "cat", node("categoryValue", "cv", value="Fase 1", name=None), name=None)
        + node("collaboration", "co", node("participant", "pa", processRef="p"), name=None)
        + node("itemDefinition", "it", structureRef="x", name=None)
    )
    data = draw("p", start(), user("a"), end(), path("s > a > e"), notes, outside=outside)
    assert engine.check({"p.bpmn": data}, None) == []
    assert Play(data).open == ["a"]


def test_a_task_tells_its_follow_up_date():
    days = zeebe("taskSchedule", dueDate='=date("2027-02-01")', followUpDate="2027-01-15")
    found = Play(draw("p", start(), user("a", days), path("s > a"))).task("a")
    assert (str(found.due), str(found.follow_up)) == ("2027-02-01", "2027-01-15")


@pytest.mark.parametrize(
    "part",
    [
        user("x", zeebe("assignmentDefinition", assignee="jan")),
        user("x", zeebe("priorityDefinition", priority="50")),
        service("x", zeebe("taskDefinition", type="t", retries="3")),
        node("dataObject", "x"),
        node("dataObjectReference", "x", dataObjectRef="d"),
    ],
)
def test_words_that_do_nothing_are_named_and_the_route_runs(part):
    parts = [start(), user("a"), end(), path("s > a > e")]
    if "dataObject" in part:
        parts.append(part)
    else:
        parts = [start(), part, end(), path("s > x > e")]
    found = engine.check({"p.bpmn": draw("p", *parts)}, None)
    assert [(f.element, f.code, f.severity) for f in found] == [("x", "doet-niets", "waarschuwing")]
    engine.load({"p.bpmn": draw("p", *parts)})


def test_the_key_of_a_message_is_named_as_a_word_that_does_nothing():
    data = draw("p", start(), receive("x", messageRef="M_m"), end(), path("s > x > e"))
    key = b'<bpmn:extensionElements><zeebe:subscription correlationKey="=nr"/></bpmn:extensionElements>'
    data = data.replace(
        b'<bpmn:message id="M_m" name="m"/>', b'<bpmn:message id="M_m" name="m">' + key + b"</bpmn:message>"
    )  # fmt: skip
    found = engine.check({"p.bpmn": data}, None)
    assert [(f.element, f.code) for f in found] == [("M_m", "doet-niets")]


@pytest.mark.parametrize(
    "part",
    [
        user("c", zeebe("userTask")),
        user("c", zeebe("formDefinition", formId="f", bindingType="deployment")),
        call("c", called("q", bindingType="latest")),
    ],
)
def test_words_of_the_modeller_that_change_nothing_are_good(part):
    files = {"p.bpmn": draw("p", start(), part, end(), path("s > c > e")), "q.bpmn": INNER}
    assert engine.check(files, None) == []


def test_a_process_that_is_drawn_as_not_executable_is_named():
    data = draw("p", start(), user("a"), end(), path("s > a > e"))
    data = data.replace(b'isExecutable="true"', b'isExecutable="false"')
    found = engine.check({"p.bpmn": data}, None)
    assert [(f.element, f.code, f.severity) for f in found] == [
        ("p", "niet-uitvoerbaar", "waarschuwing")
    ]
    assert Play(data).open == ["a"]


def test_a_name_or_code_that_is_calculated_is_refused():
    for event in (message("=naam"), signal("=naam"), error("=code"), escalation("=code")):
        data = draw("p", start(), end("e", event), path("s > e"))
        assert "naam-vast" in {f.code for f in engine.check({"p.bpmn": data}, None)}


def test_the_lists_of_flows_in_an_element_are_not_needed_and_not_read():
    lists = "<bpmn:incoming>anders</bpmn:incoming><bpmn:outgoing>weg</bpmn:outgoing>"
    data = draw("p", start(), user("a", lists), end(), path("s > a > e"))
    assert engine.check({"p.bpmn": data}, None) == []
    assert Play(data).do("a").finished


def test_a_flow_into_a_beginning_or_out_of_an_end_is_refused():
    edge = boundary("b", "a", after("P1D"))
    data = draw("p", start(), user("a"), edge, end(), path("s > a > e"), path("b > e", ident="b_e"),
                path("a > s"), path("a > b"), path("e > a"))  # fmt: skip
    codes = {(f.element, f.code) for f in engine.check({"p.bpmn": data}, None)}
    assert {("s", "pijl-naar-begin"), ("b", "pijl-naar-begin"), ("e", "pijl-uit-einde")} <= codes


def test_a_version_tag_on_a_process_is_good_and_binding_to_one_is_refused():
    tag = f"<bpmn:extensionElements>{zeebe('versionTag', value='1.2')}</bpmn:extensionElements>"
    data = draw("p", tag, start(), call("c", called("q", bindingType="latest")), end(),
                path("s > c > e"))  # fmt: skip
    assert engine.check({"p.bpmn": data, "q.bpmn": INNER}, None) == []
    bound = data.replace(b'bindingType="latest"', b'bindingType="versionTag"')
    found = engine.check({"p.bpmn": bound, "q.bpmn": INNER}, None)
    assert [(f.element, f.code) for f in found] == [("c", "niet-ondersteund")]


@pytest.mark.parametrize(
    ("part", "word"),
    [
        (user("c", zeebe("script", expression="=1", resultVariable="n")), "script"),
        (user("c", zeebe("calledDecision", decisionId="d", resultVariable="n")), "calledDecision"),
        (user("c", zeebe("taskDefinition", type="t")), "taskDefinition"),
        (throw("c", zeebe("formDefinition", formId="f")), "formDefinition"),
        (exclusive("c", zeebe("taskSchedule", dueDate="2027-01-01")), "taskSchedule"),
    ],
)
def test_a_word_of_the_modeller_in_the_wrong_place_is_named(part, word):
    data = draw("p", start(), part, end(), path("s > c > e"))
    found = [f for f in engine.check({"p.bpmn": data}, None) if f.code == "doet-niets"]
    assert [(f.element, f.severity) for f in found] == [("c", "waarschuwing")]
    assert f"zeebe:{word}" in found[0].message
