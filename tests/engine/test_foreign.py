"""Diagrams that were drawn for another engine: what cannot run is refused at its element, in words."""

import pytest

from routeflow import engine
from routeflow.errors import Incident
from support.bpmn import (
    Play,
    after,
    boundary,
    call,
    called,
    catch,
    draw,
    each,
    end,
    event_sub,
    every,
    exclusive,
    lanes,
    message,
    node,
    path,
    receive,
    start,
    sub,
    task,
    user,
)

CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"
JBPM = "http://www.jboss.org/drools"


def judge(data):
    return engine.check({"p.bpmn": data}, None)


def faults(data):
    return [(found.element, found.code) for found in judge(data) if found.severity == "fout"]


def written_for(space, data):
    """The same file, in which the prefix o stands for another engine."""
    return data.replace(b"<bpmn:definitions ", f'<bpmn:definitions xmlns:o="{space}" '.encode(), 1)


def line(*inside, ident="x"):
    return draw("p", start(), *inside, end(), path(f"s > {ident} > e"))


@pytest.mark.parametrize("kind", ["transaction", "adHocSubProcess", "complexGateway", "global"])
def test_a_step_that_is_refused_takes_all_the_blame_and_its_neighbours_none(kind):
    data = draw(
        "p", lanes("l", consulent=["x"]), start(), user("a"),
        node(kind, "x", node("startEvent", "xs"), "<bpmn:activationCondition/>"),
        boundary("b", "x", after("P1D")), end(),
        path("s > a > x > e"), path("b > e"),
    )  # fmt: skip
    assert {element for element, _ in faults(data)} == {"x"}
    assert len(judge(data)) == 1


def test_a_choice_that_leads_to_a_refused_step_is_not_blamed():
    data = draw(
        "p", start(), exclusive("g", default="g_x"), node("adHocSubProcess", "x"), user("b"), end(),
        path("s > g > x > e"), path("g > b", "=ja"), path("b > e"),
    )  # fmt: skip
    assert faults(data) == [("x", "niet-ondersteund")]


def test_a_refused_event_is_not_called_an_event_of_no_kind():
    data = line(node("intermediateThrowEvent", "x", "<bpmn:compensateEventDefinition/>"))
    assert faults(data) == [("x", "niet-ondersteund")]
    data = line(node("intermediateCatchEvent", "x", "<bpmn:eventDefinitionRef/>"))
    assert faults(data) == [("x", "niet-ondersteund")]


def test_an_event_at_the_edge_of_nothing_is_not_called_unreachable_too():
    data = draw("p", start(), user("a"), boundary("b", "weg", after("P1D")), user("c"), end(),
                path("s > a > e"), path("b > c > e"))  # fmt: skip
    assert faults(data) == [("b", "losse-gebeurtenis")]


def test_what_stands_inside_a_refused_word_is_named_once():
    inside = "<bpmn:ioSpecification><bpmn:dataInput id='i'/><bpmn:inputSet/></bpmn:ioSpecification>"
    assert faults(line(user("x", inside))) == [("x", "niet-ondersteund")]


@pytest.mark.parametrize(
    "part",
    [
        user("x", "<bpmn:extensionElements><o:formField id='veld'/></bpmn:extensionElements>"),
        user("x", each(cardinality="3").replace(" isSeq", ' id="mi" behavior="One" isSeq')),
        user("x", "<bpmn:property id='eigen'/>"),
    ],
)
def test_a_part_with_an_id_of_its_own_is_named_at_the_element_that_is_drawn(part):
    found = faults(written_for(CAMUNDA_7, line(part)))
    assert {element for element, _ in found} == {"x"}


def test_a_condition_with_an_id_of_its_own_is_named_at_its_flow():
    data = draw("p", start(), exclusive("g", default="g_b"), task("a"), task("b"), end(),
                path("s > g > b > e"), path("g > a", "=ja"), path("a > e"))  # fmt: skip
    data = data.replace(
        b"<bpmn:conditionExpression ", b'<bpmn:conditionExpression id="c" language="mvel" '
    )
    assert faults(data) == [("g_a", "geen-feel")]


@pytest.mark.parametrize(("space", "name"), [(OPERATON, "Operaton"), (JBPM, "jBPM")])
def test_words_of_engines_that_came_from_others_are_refused_too(space, name):
    [found] = judge(written_for(space, line(user("x", o__assignee="jan", o__priority="1"))))
    assert (found.element, found.code, found.severity) == ("x", "andere-engine", "fout")
    assert found.message.startswith(f"assignee en priority zijn van {name} en werken hier niet.")
    inside = "<bpmn:extensionElements><o:taskListener/></bpmn:extensionElements>"
    assert faults(written_for(space, line(user("x", inside)))) == [("x", "andere-engine")]


def test_an_expression_of_another_engine_is_told_how_to_become_feel():
    data = draw("p", start(), exclusive("g", default="g_b"), task("a"), task("b"), end(),
                path("s > g > b > e"), path("g > a", "${ja == 1}"), path("a > e"))  # fmt: skip
    [found] = judge(data)
    assert (found.element, found.code) == ("g_a", "geen-feel")
    assert "andere engine" in found.message
    assert "begin met =" in found.message


def test_a_timer_of_another_engine_is_named_once():
    data = line(node("intermediateCatchEvent", "x", after("${duur}")))
    assert faults(data) == [("x", "geen-feel")]


@pytest.mark.parametrize("name", ["${soort}", "besluit #{nummer}"])
def test_a_message_name_that_another_engine_would_fill_in_is_refused(name):
    data = line(receive("x", messageRef="M_m")).replace(b'name="m"', f'name="{name}"'.encode())
    assert faults(data) == [("M_m", "naam-vast")]


def test_a_task_name_that_another_engine_would_fill_in_is_doubtful():
    [found] = judge(line(user("x", name="Bel ${naam}")))
    assert (found.element, found.code, found.severity) == ("x", "naam", "waarschuwing")
    assert "${naam} wordt niet ingevuld" in found.message


def test_a_file_that_writes_out_the_default_language_of_bpmn_is_good_and_named():
    data = line(user("x")).replace(
        b"<bpmn:definitions ",
        b'<bpmn:definitions expressionLanguage="http://www.w3.org/1999/XPath" ',
    )
    [found] = judge(data)
    assert (found.code, found.severity) == ("doet-niets", "waarschuwing")


def test_a_lane_may_name_a_data_object_that_stands_in_it():
    data = draw(
        "p", lanes("l", consulent=["x", "d"]), start(), user("x"), end(), path("s > x > e"),
        node("dataObject", "o"), node("dataObjectReference", "d", dataObjectRef="o"),
    )  # fmt: skip
    assert faults(data) == []


def test_an_event_at_the_edge_of_a_receive_task_for_its_own_message_never_happens():
    edge = (boundary("b", "x", message("m")), path("b > e"))
    assert faults(line(receive("x", messageRef="M_m"), *edge)) == [("b", "dubbel")]
    found = faults(line(receive("x", each(cardinality="2"), messageRef="M_m"), *edge))
    assert found == [("x", "dubbel")]  # who repeats begins to wait after its own edge


def inside(*steps, edge=()):
    body = sub("u", start("us"), *steps, end("ue"), path("us > x > ue"))
    return draw("p", start(), body, *edge, end(), path("s > u > e"))


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("part", [receive("x", messageRef="M_m"), catch("x", message("m"))])
def test_a_message_that_something_around_takes_first_never_comes_and_is_refused(part, interrupting):
    around = (boundary("b", "u", message("m"), interrupting=interrupting), path("b > e"))
    assert faults(inside(part, edge=around)) == [("x", "dubbel")]
    flag = str(interrupting).lower()
    handler = event_sub("h", start("hs", message("m"), isInterrupting=flag), end("he"),
                        path("hs > he"))  # fmt: skip
    assert faults(inside(part, edge=(handler,))) == [("x", "dubbel")]
    assert faults(inside(part, handler)) == [("x", "dubbel")]


def test_what_takes_a_message_first_is_what_the_judge_says():
    part = catch("x", message("m"))
    around = (boundary("b", "u", message("m"), interrupting=False), user("z"), path("b > z > e"))
    play = Play(inside(part, edge=around))
    assert play.tell("m").tell("m").open == ["z", "z"]
    assert play.visited.count("x") == 1
    assert not play.finished


def test_a_message_that_is_taken_around_a_call_never_comes_inside_and_is_refused_at_the_call():
    inner = draw("q", start("qs"), catch("qx", message("m")), end("qe"), path("qs > qx > qe"))
    outer = draw("p", start(), call("c", called("q")), end(), path("s > c > e"),
                 boundary("b", "c", message("m"), interrupting=False), path("b > e"))  # fmt: skip
    found = engine.check({"p.bpmn": outer, "q.bpmn": inner}, None)
    assert [(f.file, f.element, f.code) for f in found] == [("p.bpmn", "c", "dubbel")]
    assert "qx" in found[0].message
    play = Play(outer, inner).tell("m").tell("m")
    assert play.waits == ["m", "m"]
    other = outer.replace(b'"M_m"', b'"M_n"').replace(b'name="m"', b'name="n"')
    assert engine.check({"p.bpmn": other, "q.bpmn": inner}, None) == []


def test_calls_that_double_at_each_level_are_judged_at_once():
    levels = [
        draw(f"p{place}", start(f"s{place}"), call(f"a{place}", called(f"p{place + 1}")),
             call(f"b{place}", called(f"p{place + 1}")), end(f"e{place}"),
             boundary(f"x{place}", f"a{place}", message(f"m{place}"), interrupting=False),
             path(f"s{place} > a{place} > b{place} > e{place}"), path(f"x{place} > e{place}"))
        for place in range(20)
    ]  # fmt: skip
    last = draw("p20", start("s20"), user("a20"), end("e20"), path("s20 > a20 > e20"))
    files = {f"{place}.bpmn": data for place, data in enumerate([*levels, last])}
    assert engine.check(files, None) == []


def test_the_same_message_may_be_waited_for_where_nothing_around_listens_any_more():
    ended = event_sub("h", start("hs", message("m")), catch("x", message("m")), end("he"),
                      path("hs > x > he"))  # fmt: skip
    data = draw("p", start(), user("a"), end(), path("s > a > e"), ended)
    assert faults(data) == []
    play = Play(data).tell("m")
    assert not play.finished
    assert play.tell("m").finished
    later = draw("p", start(), catch("a", message("m")), catch("b", message("m")), end(),
                 path("s > a > b > e"))  # fmt: skip
    assert faults(later) == []


def test_a_condition_that_is_something_else_than_yes_or_no_says_what_it_is():
    data = draw("p", start(), exclusive("g", default="g_b"), task("a"), task("b"), end(),
                path("s > g > b > e"), path("g > a", "=n"), path("a > e"))  # fmt: skip
    with pytest.raises(Incident, match="geen ja of nee: de uitkomst is een getal"):
        Play(data, facts={"n": 1})


@pytest.mark.parametrize("name", ["True", "False", "NULL"])
def test_a_constant_with_a_capital_is_told_how_to_be_written(name):
    data = draw("p", start(), exclusive("g", default="g_b"), task("a"), task("b"), end(),
                path("s > g > b > e"), path("g > a", f"=x = {name}"), path("a > e"))  # fmt: skip
    profile = engine.Profile(rollen=frozenset(), facts=frozenset({"x"}))
    told = [f.message for f in engine.check({"p.bpmn": data}, profile) if f.code == "gegeven"]
    assert len(told) == 1
    assert f"Schrijf {name.lower()}, met kleine letters." in told[0]


def test_an_event_subprocess_in_a_called_process_that_is_always_too_late_is_refused_at_the_call():
    inner = draw("q", start("qs"), user("a"), end("qe"), path("qs > a > qe"),
                 event_sub("h", start("hs", message("stop")), user("b"), end("he"),
                           path("hs > b > he")))  # fmt: skip
    outer = draw("p", start(), call("c", called("q")), boundary("k", "c", message("stop")),
                 user("x"), end(), path("s > c > e"), path("k > x > e"))  # fmt: skip
    found = engine.check({"p.bpmn": outer, "q.bpmn": inner}, None)
    assert [(one.element, one.code) for one in found] == [("c", "dubbel")]


def test_an_event_subprocess_that_is_always_too_late_is_refused():
    inner = sub("u", start("us"), user("a"), end("ue"), path("us > a > ue"),
                event_sub("h", start("hs", message("stop")), user("b"), end("he"),
                          path("hs > b > he")))  # fmt: skip
    data = draw("p", start(), inner, boundary("k", "u", message("stop")), user("x"), end(),
                path("s > u > e"), path("k > x > e"))  # fmt: skip
    assert [(one.element, one.code) for one in engine.check({"p.bpmn": data}, None)] == [
        ("hs", "dubbel")
    ]


def test_a_timer_that_repeats_no_time_at_all_never_goes_off_and_is_refused():
    edge = (boundary("b", "x", every("R0/PT1H"), interrupting=False), path("b > e"))
    assert faults(line(user("x"), *edge)) == [("b", "timer")]


def test_a_timer_of_which_the_facts_say_that_it_repeats_no_time_at_all_never_goes_off():
    edge = (boundary("b", "x", every("=hoeVaak"), interrupting=False), user("y"), path("b > y > e"))
    never = Play(line(user("x"), *edge), facts={"hoeVaak": "R0/PT1H"}).wait(days=3)
    assert (never.open, [alarm.due for alarm in never.step.alarms]) == (["x"], [None])
    once = Play(line(user("x"), *edge), facts={"hoeVaak": "R1/PT1H"}).wait(days=3)
    assert once.open == ["x", "y"]


def test_a_step_that_the_drawing_leaves_out_is_named_since_it_runs():
    data = draw("p", start(), user("a"), sub("u", start("us"), user("x"), path("us > x")), end(),
                path("s > a > u > e"))  # fmt: skip
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{one}"/>' for one in ("s", "a", "u", "e", "us")
    )
    plane = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    drawn = data.replace(b"</bpmn:definitions>", f"{plane}</bpmn:definitions>".encode())
    found = [(f.element, f.severity) for f in judge(drawn) if f.code == "niet-getekend"]
    assert found == [("x", "waarschuwing")]
    assert [f for f in judge(data) if f.code == "niet-getekend"] == []


def test_an_arrow_that_the_drawing_leaves_out_is_named_since_it_counts():
    data = draw("p", start(), user("a"), user("b"), end(), path("s > a > b > e"),
                path("a > e"))  # fmt: skip
    shapes = "".join(f'<bpmndi:BPMNShape bpmnElement="{one}"/>' for one in "sabe")
    edges = "".join(f'<bpmndi:BPMNEdge bpmnElement="{one}"/>' for one in ("s_a", "a_b", "b_e"))
    for drawn, found in ((edges, [("a_e", "waarschuwing")]), ("", [])):
        plane = f'<bpmndi:BPMNPlane bpmnElement="p">{shapes}{drawn}</bpmndi:BPMNPlane>'
        plane = f"<bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram></bpmn:definitions>"
        said = judge(data.replace(b"</bpmn:definitions>", plane.encode()))
        assert [(f.element, f.severity) for f in said if f.code == "niet-getekend"] == found


def test_an_encoding_that_we_do_not_know_is_told_what_to_become():
    data = line(user("x")).replace(b'encoding="UTF-8"', b'encoding="MacRoman"')
    [found] = judge(data)
    assert found.message == (
        "p.bpmn kan niet worden gelezen: de tekencodering MacRoman kennen we niet;"
        " bewaar het als UTF-8 (regel 1)."
    )
