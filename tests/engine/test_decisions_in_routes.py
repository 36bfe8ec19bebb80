"""A business rule task asks our tables and keeps the answer as a fact."""

import pytest

from routeflow import engine
from routeflow.errors import Incident
from support.bpmn import BEGIN, draw, end, exclusive, mapping, path, rule, start, user, zeebe

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="n"><decision id="route" name="Route"><decisionTable id="t" hitPolicy="FIRST">
 <input id="i"><inputExpression id="ie" typeRef="number"><text>niveau</text></inputExpression></input>
 <output id="o" name="leerroute" typeRef="string"/>
 <rule id="r1"><inputEntry id="a1"><text>&lt; 2</text></inputEntry>
 <outputEntry id="b1"><text>"Z"</text></outputEntry></rule>
 <rule id="r2"><inputEntry id="a2"><text>-</text></inputEntry>
 <outputEntry id="b2"><text>"B1"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def load(*inside):
    return engine.load({"p.bpmn": draw("p", *inside), "route.dmn": TABLE})


def world(**facts):
    return engine.World(BEGIN, facts, lambda opened: {"opened": opened}, {})


ASK = zeebe("calledDecision", decisionId="route", resultVariable="leerroute")


def test_the_answer_of_a_table_becomes_a_fact_and_chooses_the_way():
    definition = load(start(), rule("x", ASK), exclusive("g", default="g_b"), user("a"), user("b"),
                      path("s > x > g"), path("g > a", '=leerroute = "Z"'), path("g > b"))  # fmt: skip
    step = engine.start(definition, "p", world(niveau=1))
    assert step.facts == {"leerroute": "Z"}
    assert [task.element for task in step.tasks] == ["a"]
    step = engine.start(definition, "p", world(niveau=3))
    assert [task.element for task in step.tasks] == ["b"]


def test_a_table_may_get_its_input_from_an_input_row():
    ask = rule("x", ASK, mapping(inputs={"niveau": "=toets.score"}))
    definition = load(start(), ask, end(), path("s > x > e"))
    assert engine.start(definition, "p", world(toets={"score": 1})).facts == {"leerroute": "Z"}


def test_an_answer_that_a_table_asks_for_stays_with_the_route():
    definition = load(
        start(), user("a"), user("b"), rule("x", ASK), end(), path("s > a > b > x > e")
    )
    step = engine.start(definition, "p", world())
    step = engine.complete(definition, step.state, step.tasks[0].id, {"niveau": 1}, world())
    step = engine.complete(definition, step.state, step.tasks[0].id, {}, world())
    assert step.facts == {"leerroute": "Z"}


def test_a_decision_can_be_asked_outside_a_route():
    definition = load(start(), end(), path("s > e"))
    answer = engine.decide(definition, "route", {"niveau": 1}, world())
    assert (answer.value, answer.matched) == ("Z", {"route": ("r1",)})
    assert definition.decisions == {"route": "Route"}


def test_a_decision_that_does_not_exist_is_an_incident():
    with pytest.raises(Incident, match="weg"):
        engine.decide(load(start(), end(), path("s > e")), "weg", {}, world())


def test_a_table_that_cannot_be_read_is_an_incident_of_the_set():
    with pytest.raises(Incident):
        engine.load({"x.dmn": b"<a"})
