from datetime import UTC, date, datetime

import pytest

from routeflow.engine import decisions
from routeflow.errors import Invalid, NotFound
from routeflow.feel import LimitExceeded
from support.dmn import ask, decision, dmn, input_data, knowledge, literal, table
from support.feel import NOW


def test_a_decision_uses_the_answers_it_requires():
    data = dmn(
        input_data("uren", "number"),
        decision("Norm gehaald", literal("uren >= 600"), inputs=["uren"]),
        decision(
            "advies", literal('if Norm gehaald then "stop" else "door"'), needs=["Norm gehaald"]
        ),
    )
    assert ask(data, "advies", uren=640).value == "stop"
    assert ask(data, "advies", uren=10).value == "door"


def test_a_decision_is_asked_by_id_or_by_name():
    data = dmn(f'<decision id="d_1" name="Wat  nu">{literal("1")}</decision>')
    assert ask(data, "d_1").value == ask(data, "Wat nu").value == 1
    assert decisions.load(data, "x.dmn").decisions == {"d_1": "Wat nu"}


def test_an_element_and_its_variable_may_have_different_names():
    data = dmn(
        '<inputData id="i" name="De uren"><variable name="uren"/></inputData>',
        f'<decision id="n" name="De norm"><variable name="norm"/>{literal("uren > 1")}</decision>',
        decision("advies", literal("norm"), needs=["n"]),
    )
    assert ask(data, "De norm", uren=2).value is True
    assert ask(data, "norm", **{"De uren": 2}).value is True
    assert ask(data, "advies", **{"De uren": 1}).value is False


@pytest.mark.parametrize("name", ["uren per week", "uren-norm", "norm 2", "Jan's norm", "a+b"])
def test_an_argument_may_be_named_whatever_signs_its_name_holds(name):
    data = dmn(
        knowledge("f", f"{name} * 2", name, "x"),
        decision("d", literal(f"f(x: 1, {name}: 21)"), knows=["f"]),
    )
    assert ask(data, "d").value == 42


def test_an_unknown_decision_is_not_found():
    with pytest.raises(NotFound, match=r"test\.dmn heeft geen beslissing onzin"):
        ask(dmn(decision("d", literal("1"))), "onzin")


def test_a_decision_sees_only_answers_that_it_requires():
    data = dmn(decision("a", literal("1")), decision("b", literal("a")))
    assert ask(data, "b").value is None


def test_inputs_are_the_names_that_a_file_asks_for():
    data = dmn(
        decision("a", table(["leerroute"], ["y"], [["-", "uren + 1"]])),
        decision("b", literal("a + dagen"), needs=["a"]),
    )
    assert decisions.load(data, "x.dmn").inputs == {"leerroute", "uren", "dagen"}


def test_an_input_that_does_not_fit_its_type_is_null_and_says_so():
    data = dmn(input_data("uren", "number"), decision("d", literal("uren"), inputs=["uren"]))
    found = ask(data, "d", uren="veel")
    assert found.value is None
    assert found.reasons == ("uren is een tekst en past niet bij het type number",)


def test_a_value_that_its_type_does_not_allow_says_so_and_not_that_its_kind_is_wrong():
    leeftijd = (
        '<itemDefinition name="leeftijd"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..120]</text></allowedValues></itemDefinition>"
    )
    data = dmn(leeftijd, input_data("jaren", "leeftijd"), decision("d", literal("jaren")))
    assert ask(data, "d", jaren=12).value == 12
    found = ask(data, "d", jaren=130)
    assert found.value is None
    assert found.reasons == ("jaren heeft een waarde die bij zijn type niet mag",)


def test_a_cell_that_cannot_be_compared_is_named_as_feel_writes_it():
    rows = [["true", "1"], ['"a"', "2"], ['> @"P1D"', "3"], ["1e3", "4"]]
    found = ask(dmn(decision("d", table(["x"], ["y"], rows))), "d", x=date(2026, 1, 5))
    assert [reason.partition(":")[0] for reason in found.reasons[:4]] == [
        "true", '"a"', "> P1D", "1000",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("string", "1 + 1", None),
        ("string", '["foo"]', "foo"),
        ("getallen", "10", [10]),
        ("getallen", '[1, "x"]', None),
        ("getallen", "null", None),
        ("persoon", '{naam: "An", leeftijd: 3, x: 1}', {"naam": "An", "leeftijd": 3, "x": 1}),
        ("persoon", '{naam: "An"}', None),
        ("route", '"B1"', "B1"),
        ("route", '"B2"', None),
        ("kopie", '"B2"', None),
        ("andere", '"links"', "links"),
        ("routes", '["B1", "Z"]', ["B1", "Z"]),
        ("routes", '["B1", "B2"]', None),
        ("date and time", 'date("2026-01-05")', datetime(2026, 1, 5, tzinfo=UTC)),
        ("feel:date", 'date("2026-01-05")', date(2026, 1, 5)),
        ("Any", "1", 1),
    ],
)
def test_an_answer_is_made_to_fit_its_type_or_is_null(kind, text, answer):
    types = """
        <itemDefinition name="getallen" isCollection="true"><typeRef>number</typeRef></itemDefinition>
        <itemDefinition name="persoon">
            <itemComponent name="naam"><typeRef>string</typeRef></itemComponent>
            <itemComponent name="leeftijd"><typeRef>number</typeRef></itemComponent>
        </itemDefinition>
        <itemDefinition name="kopie"><typeRef>route</typeRef></itemDefinition>
        <itemDefinition name="route"><typeRef>string</typeRef>
            <allowedValues><text>"B1","Z"</text></allowedValues></itemDefinition>
        <itemDefinition name="andere"><typeRef>route</typeRef>
            <allowedValues><text>"links"</text></allowedValues></itemDefinition>
        <itemDefinition name="routes" isCollection="true"><typeRef>route</typeRef></itemDefinition>
    """
    assert ask(dmn(types, decision("d", literal(text), kind=kind)), "d").value == answer


def test_types_of_the_file_can_be_asked_for_in_feel():
    types = '<itemDefinition name="t 255"><typeRef>number</typeRef><allowedValues><text>[0..255]</text></allowedValues></itemDefinition>'
    data = dmn(types, decision("d", literal("256 instance of t 255")))
    assert ask(data, "d").value is True


BKM = """<businessKnowledgeModel id="bkm" name="dubbel"><variable name="dubbel"/>
  <encapsulatedLogic><formalParameter name="getal" typeRef="number"/>
  <literalExpression><text>if getal = null then "leeg" else getal * 2</text></literalExpression>
  </encapsulatedLogic></businessKnowledgeModel>"""


def test_a_knowledge_model_is_a_function():
    invocation = f'<invocation>{literal("dubbel")}<binding><parameter name="getal"/>{literal("4")}</binding></invocation>'
    data = dmn(
        BKM,
        decision("gewoon", literal("dubbel(3)"), knows=["bkm"]),
        decision("met naam", literal("dubbel(getal: 3)"), knows=["bkm"]),
        decision("fout soort", literal('dubbel("x")'), knows=["bkm"]),
        decision("invocation", invocation, knows=["bkm"]),
        decision("onbekend", literal("dubbel(3)")),
    )
    answers = [
        ask(data, x).value for x in ("gewoon", "met naam", "fout soort", "invocation", "onbekend")
    ]
    assert answers == [6, 6, "leeg", 8, None]
    assert ask(data, "dubbel", getal=5).value == 10


def test_a_knowledge_model_may_call_itself():
    logic = literal("if n < 2 then 1 else n * fac(n - 1)")
    data = dmn(
        '<businessKnowledgeModel id="fac" name="fac"><encapsulatedLogic>'
        f'<formalParameter name="n"/>{logic}</encapsulatedLogic></businessKnowledgeModel>',
        decision("d", literal("fac(5)"), knows=["fac"]),
    )
    assert ask(data, "d").value == 120


def test_a_decision_service_answers_on_its_own_inputs():
    service = """<decisionService id="dienst" name="dienst"><variable name="dienst"/>
      <outputDecision href="#uit"/><encapsulatedDecision href="#tussen"/>
      <inputDecision href="#in"/><inputData href="#x"/></decisionService>"""
    data = dmn(
        service,
        input_data("x", "number"),
        decision("in", literal("1000")),
        decision("tussen", literal("in + x"), needs=["in"], inputs=["x"]),
        decision("uit", literal("tussen * 2"), needs=["tussen"]),
        decision("beller", literal("dienst(1, 2)"), knows=["dienst"]),
        decision("met namen", literal("dienst(x: 5, in: 1)"), knows=["dienst"]),
    )
    assert ask(data, "beller").value == 6
    assert ask(data, "met namen").value == 12
    assert ask(data, "uit", x=1).value == 2002
    assert ask(data, "dienst", **{"in": 10, "x": 1}).value == 22


def test_a_service_with_two_outputs_answers_a_context():
    service = '<decisionService id="s" name="s"><outputDecision href="#a"/><outputDecision href="#b"/></decisionService>'
    data = dmn(service, decision("a", literal("1")), decision("b", literal("2")))
    assert ask(data, "s").value == {"a": 1, "b": 2}


def _entry(name, expression):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{expression}</contextEntry>"


PLUS_X = f'<functionDefinition><formalParameter name="a"/>{literal("a + x")}</functionDefinition>'


@pytest.mark.parametrize(
    ("boxed", "answer"),
    [
        (
            f"<context>{_entry('a', literal('1'))}{_entry('b c', literal('a + 1'))}</context>",
            {"a": 1, "b c": 2},
        ),
        (f"<context>{_entry('a', literal('1'))}{_entry(None, literal('a + 1'))}</context>", 2),
        (f"<list>{literal('1')}{literal('2')}</list>", [1, 2]),
        (
            f'<relation><column name="a"/><column name="b"/><row>{literal("1")}{literal("2")}</row></relation>',
            [{"a": 1, "b": 2}],
        ),
        (
            f"<conditional><if>{literal('x > 1')}</if><then>{literal('2')}</then><else>{literal('3')}</else></conditional>",
            2,
        ),
        (
            f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > x - 4')}</match></filter>",
            [2, 3],
        ),
        (
            f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i * x")}</return></for>',
            [5, 10],
        ),
        (
            f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("count(partial)")}</return></for>',
            [0, 1],
        ),
        (
            f'<some iteratorVariable="i"><in>{literal("[1, 9]")}</in><satisfies>{literal("i > x")}</satisfies></some>',
            True,
        ),
        (
            f'<every iteratorVariable="i"><in>{literal("[1, 9]")}</in><satisfies>{literal("i > x")}</satisfies></every>',
            False,
        ),
        (
            f"<context>{_entry('f', PLUS_X)}{_entry(None, literal('f(1)'))}</context>",
            6,
        ),
    ],
)
def test_boxed_expressions_are_understood(boxed, answer):
    assert ask(dmn(decision("d", boxed)), "d", x=5).value == answer


def test_a_function_in_java_or_pmml_is_named_and_never_run():
    foreign = f'<functionDefinition kind="Java"><formalParameter name="a"/>{literal("a")}</functionDefinition>'
    data = dmn(decision("f", foreign), decision("d", literal("f(1)"), needs=["f"]))
    assert ask(data, "d").value is None
    found = decisions.check(data, "x.dmn")
    assert [(f.code, f.severity) for f in found] == [("dmn.functie", "waarschuwing")]


def test_a_host_function_can_be_used():
    data = dmn(decision("d", literal('termijn("pip")')))
    found = decisions.load(data, "x.dmn").decide(
        "d",
        {},
        now=NOW,
        functions={"termijn": lambda naam: date(2026, 3, 1) if naam == "pip" else None},
    )
    assert found.value == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<definitions/>", "geen DMN-bestand"),
        (b"<?xml version='1.0'?><!DOCTYPE x><x/>", "DOCTYPE"),
        (dmn(decision("d", literal("1 +"))), "niet te lezen"),
        (dmn(decision("d", literal("1"), needs=["weg"])), "verwijst naar weg"),
        (
            dmn(decision("a", literal("b"), needs=["b"]), decision("b", literal("a"), needs=["a"])),
            "eigen antwoord",
        ),
        (dmn(decision("a", literal("1")), decision("a", literal("1"))), "twee keer"),
        (
            dmn('<import name="x" importType="x" namespace="y"/>', decision("d", literal("1"))),
            "kan worden ingevoegd",
        ),
        (dmn(decision("d", table(["x"], ["y"], [["1"]]))), "te veel of te weinig cellen"),
        (dmn(decision("d", table(["x"], ["y"], [], policy="LAST"))), "trefferbeleid"),
        (dmn(decision("d", table([""], ["y"], []))), "waar de waarde vandaan komt"),
        (
            dmn(decision("d", table(["x"], ["y"], [], policy="PRIORITY"))),
            "volgorde van de antwoorden",
        ),
        (
            dmn(
                decision(
                    "d",
                    '<literalExpression expressionLanguage="juel"><text>1</text></literalExpression>',
                )
            ),
            "juel",
        ),
    ],
)
def test_a_file_that_cannot_be_evaluated_is_refused_in_a_sentence(data, text):
    with pytest.raises(Invalid, match=text):
        decisions.load(data, "fout.dmn")
    assert any(text in finding.message for finding in decisions.check(data, "fout.dmn"))


def test_a_file_with_faults_can_be_loaded_when_asked():
    data = dmn(decision("goed", literal("1")), decision("fout", literal("1 +")))
    model = decisions.load(data, "x.dmn", strict=False)
    assert model.decide("goed", {}, now=NOW).value == 1
    assert model.decide("fout", {}, now=NOW).value is None


def test_a_decision_without_end_is_stopped():
    data = dmn(decision("d", literal("for i in 1..100000, j in 1..100000 return i")))
    with pytest.raises(LimitExceeded):
        ask(data, "d")


def test_python_is_out_of_reach_from_a_table():
    cells = [['__import__("os").system("id")', "abs.__class__.__base__.__subclasses__()"]]
    assert (
        ask(dmn(decision("d", table(["x"], ["y"], cells, policy="FIRST"))), "d", x=1).value is None
    )
