"""Attributes and words that say something which the engine does not do: each is named, or refused."""

import pytest

from routeflow import engine
from support.bpmn import (
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
    exclusive,
    mapping,
    message,
    parallel,
    path,
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


def findings(data):
    return {
        (one.severity, one.element, one.code)
        for one in engine.check({"p.bpmn": data}, None)
        if one.code != "geen-einde"
    }


def line(*parts, outside="", process=""):
    """A process with one step ``a`` in it, and what is beside that; ``process``: its attributes."""
    data = draw("p", start(), *parts, end(), path("s > a > e"), outside=outside)
    return data.replace(b'isExecutable="true"', f'isExecutable="true" {process}'.encode(), 1)


def extended(word):
    return f"<bpmn:extensionElements>{word}</bpmn:extensionElements>"


def gateway(direction, *, split=False, join=False):
    parts = [parallel("g", gatewayDirection=direction), user("a")]
    begin = "s > a > g" if join else "s > g > a > e"
    paths = [path(begin)]
    paths += [path("g > b > e"), user("b")] if split or join else []
    paths += [path("s > b2 > g"), user("b2")] if join else []
    paths += [user("c"), path("g > c > e")] if split and join else []
    return draw("p", start(), *parts, end(), *paths)


@pytest.mark.parametrize(
    ("data", "severity"),
    [
        (gateway("Converging", split=True), "fout"),
        (gateway("Diverging", join=True), "fout"),
        (gateway("Converging"), "waarschuwing"),
        (gateway("Diverging"), "waarschuwing"),
        (gateway("Mixed", join=True), "waarschuwing"),
        (gateway("Converging", join=True), None),
        (gateway("Diverging", split=True), None),
        (gateway("Mixed", split=True, join=True), None),
        (gateway("Unspecified", split=True), None),
    ],
)
def test_a_gateway_that_says_otherwise_than_its_arrows_is_named(data, severity):
    assert findings(data) == ({(severity, "g", "richting")} if severity else set())


@pytest.mark.parametrize(
    ("data", "element"),
    [
        (line(parallel("a", gatewayDirection="Sideways")), "a"),
        (line(user("a"), process='processType="Zomaar"'), "p"),
    ],
)
def test_a_value_that_bpmn_does_not_have_is_refused(data, element):
    assert findings(data) == {("fout", element, "onbekend")}


@pytest.mark.parametrize(
    ("data", "element"),
    [
        (line(user("a"), process='processType="Public"'), "p"),
        (line(user("a"), process='isClosed="true"'), "p"),
        (line(user("a", implementation="Java")), "a"),
        (line(user("a", zeebe("taskDefinition", type="t"))), "a"),
        (line(user("a", zeebe("calledElement", processId="q"))), "a"),
        (line(throw("a", zeebe("taskDefinition", type="t"), signal("x"))), "a"),
        (line(throw("a", zeebe("taskHeaders"), message("x"))), "a"),
        (draw("p", start("s", isInterrupting="false"), user("a"), path("s > a")), "s"),
        (line(user("a"), extended(mapping(outputs={"x": "=1"}))), "p"),
        (line(user("a"), outside=extended(zeebe("versionTag", value="1"))), "d_p"),
        (
            line(user("a", f"<bpmn:multiInstanceLoopCharacteristics>{extended(zeebe('properties'))}"
                 "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
                 "</bpmn:multiInstanceLoopCharacteristics>")),
            "a",
        ),
    ],
)  # fmt: skip
def test_a_word_that_nothing_reads_where_it_stands_is_named(data, element):
    assert findings(data) == {("waarschuwing", element, "doet-niets")}


def test_a_value_that_many_tools_write_out_gets_no_blame():
    assert findings(line(user("a", implementation="##unspecified"))) == set()
    assert findings(line(user("a"), process='processType="Private" isClosed="false"')) == set()


def test_an_arrow_beside_which_something_may_happen_that_is_not_drawn_is_refused():
    flow = '<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="e" isImmediate="{}"/>'
    for value, found in (("true", set()), ("false", {("fout", "f", "niet-ondersteund")})):
        data = draw("p", start(), user("a"), end(), path("s > a"), flow.format(value))
        assert findings(data) == found


def test_a_pool_of_a_process_that_is_not_there_is_refused():
    pool = (
        '<bpmn:collaboration id="c"><bpmn:participant id="x" processRef="{}"/></bpmn:collaboration>'
    )
    assert findings(line(user("a"), outside=pool.format("p"))) == set()
    assert findings(line(user("a"), outside=pool.format("weg"))) == {("fout", "x", "verwijzing")}


def test_a_call_that_names_two_processes_is_refused():
    other = '<bpmn:process id="{0}"><bpmn:userTask id="{0}_u" name="u"/></bpmn:process>'
    both = other.format("q") + other.format("r")
    data = line(call("a", called("q"), calledElement="r"), outside=both)
    assert findings(data) == {("fout", "a", "dubbel")}
    assert findings(line(call("a", called("q"), calledElement="q"), outside=both)) == set()


def test_a_loop_of_at_most_no_round_at_all_is_refused():
    for before in (True, False):
        loop = repeat("=x", maximum=0, before=before)
        assert findings(line(user("a", loop))) == {("fout", "a", "herhaling")}


def test_a_row_that_says_nothing_is_refused():
    for rows in (mapping(inputs={"x": ""}), mapping(outputs={"x": ""})):
        assert findings(line(user("a", rows))) == {("fout", "a", "leeg")}


@pytest.mark.parametrize(
    "rows",
    [
        zeebe("ioMapping", 2 * zeebe("input", source="=1", target="x")),
        zeebe("ioMapping", 2 * zeebe("output", source="=1", target="x")),
        zeebe("properties", 2 * zeebe("property", name="x", value="y")),
        zeebe("taskHeaders", 2 * zeebe("header", key="x", value="y")),
    ],
)
def test_rows_of_which_only_one_would_count_are_refused(rows):
    part = service("a", zeebe("taskDefinition", type="t"), rows)
    assert findings(line(part)) == {("fout", "a", "dubbel")}


def test_one_name_may_be_given_and_taken():
    rows = mapping(inputs={"x": "=1"}, outputs={"x": "=x + 1"})
    assert findings(line(user("a", rows))) == set()


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_event_for_something_without_a_code_catches_all_and_is_named(kind):
    thrown = error("F") if kind == "error" else escalation("F")
    caught = f'<bpmn:{kind}EventDefinition {kind}Ref="zonder"/>'
    declared = f'<bpmn:{kind} id="zonder" name="Geen plek"/>'
    inner = sub("a", start("us"), end("ue", thrown), path("us > ue"))
    data = line(inner, boundary("b", "a", caught), user("c"), path("b > c"), outside=declared)
    assert findings(data) == {("waarschuwing", "b", "geen-code")}
    handler = event_sub("h", start("hs", caught), user("c"), path("hs > c"))
    assert findings(line(inner, handler, outside=declared)) == {("waarschuwing", "hs", "geen-code")}


@pytest.mark.parametrize("event", [message("m"), signal("m"), after("P1D"), condition("=x")])
def test_what_is_at_the_edge_of_a_step_that_is_done_at_once_is_named(event):
    steps = [
        script("a", "=1", "x"),
        service("a", zeebe("taskDefinition", type="t")),
        send("a", messageRef="M_post"),
    ]
    for step in steps:
        data = line(step, boundary("b", "a", event), user("c"), path("b > c"))
        assert findings(data) == {("waarschuwing", "b", "komt-nooit")}


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (catch("a", after("=5")), "timer"),
        (catch("a", after("=null")), "timer"),
        (catch("a", after('=duration("P1X")')), "timer"),
        (catch("a", after('=date("2027-01-01")')), "timer"),
        (catch("a", at('=duration("P1D")')), "timer"),
        (catch("a", condition('="ja"')), "expressie"),
        (user("a", each("=5", "i")), "expressie"),
        (user("a", each(cardinality="=2.5")), "expressie"),
        (user("a", each(cardinality="=6000")), "expressie"),
        (user("a", each("=[1]", "i", until="=null")), "expressie"),
        (user("a", repeat("=1")), "expressie"),
        (user("a", zeebe("taskSchedule", dueDate='="morgen"')), "datum"),
        (user("a", zeebe("taskSchedule", followUpDate="=5")), "datum"),
    ],
)
def test_an_expression_that_can_never_give_what_is_asked_is_refused(part, code):
    assert findings(line(part)) == {("fout", "a", code)}


def test_a_condition_on_an_arrow_that_is_never_yes_or_no_is_refused():
    data = draw("p", start(), exclusive("g", default="g_b"), user("a"), user("b"), end(),
                path("s > g > b > e"), path("g > a", '="ja"'), path("a > e"))  # fmt: skip
    assert findings(data) == {("fout", "g_a", "expressie")}


@pytest.mark.parametrize(
    "part",
    [
        catch("a", after('=duration("P1D")')),
        catch("a", after("=lengte")),
        catch("a", at("=today()")),
        user("a", each("=[1, 2]", "i")),
        user("a", each(cardinality="=3")),
        user("a", zeebe("taskSchedule", dueDate="=null")),
        user("a", repeat("=false")),
    ],
)
def test_an_expression_that_gives_what_is_asked_or_may_do_so_is_good(part):
    assert findings(line(part)) == set()
