"""A type is kept wherever DMN lets its author write one: what does not fit becomes null."""

import time

import pytest

from routeflow.engine import decisions
from routeflow.feel import LimitExceeded
from support.dmn import (
    ask,
    ask_among,
    decision,
    dmn,
    imported,
    input_data,
    knowledge,
    literal,
    messages,
    service,
    table,
)
from support.feel import NOW

ROUTE = """
    <itemDefinition name="Route">
        <typeRef>string</typeRef>
        <allowedValues><text>"B1", "Z"</text></allowedValues>
    </itemDefinition>
    <itemDefinition name="Zijde">
        <typeRef>Route</typeRef>
        <allowedValues><text>"links", "rechts"</text></allowedValues>
    </itemDefinition>
    <itemDefinition name="Rij" isCollection="true">
        <itemComponent name="r"><typeRef>Route</typeRef></itemComponent>
    </itemDefinition>
    <itemDefinition name="NaarRoute">
        <functionItem outputTypeRef="Route"><parameters name="x"/></functionItem>
    </itemDefinition>
    <itemDefinition name="VanRoute">
        <functionItem><parameters name="wat" typeRef="Route"/></functionItem>
    </itemDefinition>
    <itemDefinition name="VanGegeven">
        <functionItem><parameters name="x" typeRef="Route"/></functionItem>
    </itemDefinition>
"""
X = input_data("x")
ECHO = literal("x")


def boxed(expression, *more):
    return dmn(ROUTE, X, *more, decision("d", expression, inputs=["x"]))


def entry(expression, name=None, kind=None):
    type_ref = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name}"{type_ref}/>' if name else ""
    return f"<contextEntry>{variable}{expression}</contextEntry>"


@pytest.mark.parametrize(
    ("expression", "fits", "otherwise"),
    [
        (literal("x", "Route"), "B1", None),
        (f'<context typeRef="Rij">{entry(ECHO, "r")}</context>', [{"r": "B1"}], None),
        (f"<context>{entry(ECHO, 'r', 'Route')}</context>", {"r": "B1"}, {"r": None}),
        (f"<list>{literal('x', 'Route')}</list>", ["B1"], [None]),
        (
            f'<relation typeRef="Rij"><column name="r"/><row>{ECHO}</row></relation>',
            [{"r": "B1"}],
            None,
        ),
        (
            f'<relation><column name="r" typeRef="Route"/><row>{ECHO}</row></relation>',
            [{"r": "B1"}],
            [{"r": None}],
        ),
        (
            (
                '<decisionTable typeRef="Route"><output/><rule><outputEntry><text>x</text></outputEntry>'
                "</rule></decisionTable>"
            ),
            "B1",
            None,
        ),
        (
            (
                '<decisionTable><output name="a"/><output name="b"/><rule>'
                '<outputEntry typeRef="Route"><text>x</text></outputEntry>'
                "<outputEntry><text>1</text></outputEntry></rule></decisionTable>"
            ),
            {"a": "B1", "b": 1},
            {"a": None, "b": 1},
        ),
        (
            (
                f"<invocation>{literal('function(a) a')}<binding>"
                f'<parameter name="a" typeRef="Route"/>{ECHO}</binding></invocation>'
            ),
            "B1",
            None,
        ),
        (
            (
                f'<invocation typeRef="Route">{literal("function(a) a")}<binding>'
                f'<parameter name="a"/>{ECHO}</binding></invocation>'
            ),
            "B1",
            None,
        ),
        (literal("(function(a: Route) a)(x)"), "B1", None),
        (
            (
                f"<context>{entry(literal('function(a: Route) a', 'NaarRoute'), 'f')}"
                f"{entry(literal('f(x)'))}</context>"
            ),
            "B1",
            None,
        ),
        (
            (
                "<context>"
                + entry(
                    f'<functionDefinition><formalParameter name="a"/>{literal("a")}'
                    "</functionDefinition>",
                    "f",
                    "NaarRoute",
                )
                + f"{entry(literal('f(x)'))}</context>"
            ),
            "B1",
            None,
        ),
        (
            (
                "<context>"
                + entry(
                    f'<functionDefinition><formalParameter name="a"/>{literal("a")}'
                    "</functionDefinition>",
                    "f",
                    "Route",
                )
                + f"{entry(literal('f(x)'))}</context>"
            ),
            "B1",
            None,
        ),
        (
            (
                "<context>"
                + entry(literal('[x, "Z"]'), "l", "Route").replace(
                    "<variable", '<variable isCollection="true"'
                )
                + f"{entry(literal('l'))}</context>"
            ),
            ["B1", "Z"],
            None,
        ),
        (
            (
                f"<context>{entry(literal('function(a) a', 'NaarRoute'), 'f')}"
                f"{entry(literal('f(x)'))}</context>"
            ),
            "B1",
            None,
        ),
        (
            "<context>"
            + entry(
                f'<functionDefinition typeRef="NaarRoute"><formalParameter name="a"/>'
                f"{literal('a')}</functionDefinition>",
                "f",
            )
            + f"{entry(literal('f(x)'))}</context>",
            "B1",
            None,
        ),
    ],
)
def test_a_boxed_expression_keeps_the_type_that_is_written_on_it(expression, fits, otherwise):
    assert ask(boxed(expression), "d", x="B1").value == fits
    assert ask(boxed(expression), "d", x="C2").value == otherwise


def test_a_type_with_values_of_its_own_forgets_those_of_its_base():
    data = dmn(ROUTE, X, decision("d", ECHO, inputs=["x"], kind="Zijde"))
    assert ask(data, "d", x="links").value == "links"
    assert ask(data, "d", x="B1").value is None


@pytest.mark.parametrize(
    "model",
    [
        knowledge("f", "a", "a", kind="NaarRoute"),
        knowledge("f", "a", "a").replace("<encapsulatedLogic>", '<encapsulatedLogic typeRef="NaarRoute">'),
        knowledge("f", "a", ("a", "Route")),
    ],
    ids=["type of the model", "type of its logic", "type of its parameter"],
)  # fmt: skip
def test_a_knowledge_model_keeps_its_types(model):
    data = dmn(ROUTE, X, model, decision("d", literal("f(x)"), inputs=["x"], knows=["f"]))
    assert ask(data, "d", x="Z").value == "Z"
    assert ask(data, "d", x="C2").value is None


def test_a_knowledge_model_can_be_asked_with_its_parameters_as_input():
    data = dmn(ROUTE, knowledge("Een som", "a + b", ("a", "number"), ("b", "number")))
    assert ask(data, "Een som", a=1, b=2).value == 3
    assert ask(data, "Een som", a="x", b=2).value is None
    assert "b is niet bekend" in ask(data, "Een som", a=1).reasons


def test_a_service_keeps_the_type_of_its_answer():
    data = dmn(
        ROUTE, X, decision("e", ECHO, inputs=["x"]),
        service("s", out=["e"], data=["x"], kind="NaarRoute"),
        decision("d", literal("s(x)"), inputs=["x"], knows=["s"]),
    )  # fmt: skip
    for name in ("s", "d"):
        assert ask(data, name, x="Z").value == "Z"
        assert ask(data, name, x="C2").value is None


def test_a_service_keeps_the_types_of_its_parameters():
    data = dmn(
        ROUTE,
        X,
        decision("wat", literal('"nooit"')),
        decision("e", literal("wat"), needs=["wat"]),
        decision("g", ECHO, inputs=["x"]),
        service("s", out=["e"], inputs=["wat"], kind="VanRoute"),
        service("t", out=["g"], data=["x"], kind="VanGegeven"),
        decision("d", literal("[s(x), t(x)]"), inputs=["x"], knows=["s", "t"]),
    )
    assert ask(data, "s", wat="Z").value == "Z"
    assert ask(data, "s", wat="C2").value is None
    assert ask(data, "t", x="Z").value == "Z"
    assert ask(data, "t", x="C2").value is None
    assert ask(data, "d", x="B1").value == ["B1", "B1"]
    assert ask(data, "d", x="C2").value == [None, None]


def test_a_service_with_more_answers_gives_a_context():
    data = dmn(
        decision("a", literal("1")), decision("b", literal("a + 1"), needs=["a"]),
        service("beide", out=["a", "b"]),
    )  # fmt: skip
    assert ask(data, "beide").value == {"a": 1, "b": 2}


def test_what_a_service_is_given_stays_inside_it():
    data = dmn(
        X,
        decision("y", literal('"buiten"')),
        decision("e", literal('x + " " + y'), inputs=["x"], needs=["y"]),
        service("s", out=["e"], inputs=["y"], data=["x"]),
        decision(
            "d",
            f"<context>{entry(literal('s(een, twee)'), 'binnen')}{entry(literal('x + y'), 'buiten')}"
            "</context>",
            inputs=["x", "een", "twee"],
            needs=["y"],
            knows=["s"],
        ),
        input_data("een"),
        input_data("twee"),
    )
    found = ask(data, "d", x="X", een="1", twee="2").value
    assert found == {"binnen": "2 1", "buiten": "Xbuiten"}


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ('s("1", "2")', "2 1"),
        ('s(x: "2", y: "1")', "2 1"),
        ('s("1")', None),
        ("s()", None),
        ('s(z: "1", x: "2")', None),
    ],
)
def test_a_service_is_called_with_its_decisions_first_and_its_data_after(call, answer):
    data = dmn(
        X,
        decision("y", literal('"nooit"')),
        decision("e", literal('x + " " + y'), inputs=["x"], needs=["y"]),
        service("s", out=["e"], inputs=["y"], data=["x"]),
        decision("d", literal(call), knows=["s"]),
    )
    assert ask(data, "d").value == answer


def test_a_decision_without_logic_is_what_the_input_says_of_it():
    data = dmn(
        decision("oordeel", ""),
        decision("d", literal('oordeel + "!"'), needs=["oordeel"]),
        service("s", out=["d"], inputs=["oordeel"]),
    )
    assert ask(data, "d", oordeel="goed").value == "goed!"
    assert ask(data, "s", oordeel="goed").value == "goed!"
    assert ask(data, "oordeel").reasons == ("oordeel heeft geen tabel of expressie",)


def test_a_parameter_may_have_a_point_in_its_name_and_a_path_stays_a_path():
    model = knowledge("f", 'Klant.naam + "!"', "Klant.naam")
    data = dmn(
        model,
        input_data("Klant"),
        decision(
            "d",
            f"<invocation>{literal('f')}<binding>"
            f'<parameter name="Klant.naam"/>{literal("Klant.naam")}</binding></invocation>',
            inputs=["Klant"],
            knows=["f"],
        ),
    )
    assert ask(data, "d", Klant={"naam": "An"}).value == "An!"


def test_input_values_that_are_no_feel_allow_nothing():
    data = dmn(
        X,
        decision(
            "d",
            "<decisionTable><input><inputExpression><text>x</text></inputExpression>"
            "<inputValues><text>1 ==</text></inputValues></input><output/>"
            "<rule><inputEntry><text>null</text></inputEntry><outputEntry><text>1</text></outputEntry>"
            "</rule></decisionTable>",
            inputs=["x"],
        ),
    )
    assert decisions.load(data, "x.dmn", strict=False).decide("d", {"x": 3}, now=NOW).value == 1


def test_a_service_has_types_from_the_file_that_it_is_in():
    other = dmn(
        ROUTE, X, decision("g", ECHO, inputs=["x"]),
        service("t", out=["g"], data=["x"], kind="VanGegeven"), own="b",
    )  # fmt: skip
    root = dmn(imported("b", "i"), decision("d", literal('i.t("C2")'), knows=["b#t"]))
    assert ask_among({"a.dmn": root, "b.dmn": other}, "d").value is None


HEAVY = (
    '<itemDefinition name="zwaar"><typeRef>number</typeRef><allowedValues>'
    "<text>every x in 1..20000 satisfies x + ? &gt; 0</text></allowedValues></itemDefinition>"
    '<itemDefinition name="zwaren" isCollection="true"><typeRef>zwaar</typeRef></itemDefinition>'
)


def test_what_a_type_asks_of_each_value_counts_as_work_of_the_decision():
    began = time.monotonic()
    few = dmn(HEAVY, decision("d", literal("for i in 1..3 return i"), kind="zwaren"))
    assert ask(few, "d").value == [1, 2, 3]
    many = dmn(HEAVY, decision("d", literal("for i in 1..9000 return i"), kind="zwaren"))
    with pytest.raises(LimitExceeded, match="te veel rekenstappen"):
        ask(many, "d")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY"])
def test_a_type_that_takes_too_much_work_to_ask_is_a_finding_and_no_long_wait(policy):
    began = time.monotonic()
    rows = [[str(number), str(number)] for number in range(900)]
    outputs = [("y", "zwaar", ",".join(str(number) for number in range(900)), "5")]
    found = messages(dmn(HEAVY, decision("d", table(["x"], outputs, rows, policy=policy))))
    sentence = "Nagaan of een antwoord bij zijn type mag, is te zwaar. Maak dat type eenvoudiger."
    assert any(one.endswith(sentence) for one in found)
    assert time.monotonic() - began < 20
