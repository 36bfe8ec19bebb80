"""What other packages may ask of a set of diagrams."""

import pytest

from routeflow import engine
from routeflow.errors import Incident
from support.bpmn import (
    Play,
    boundary,
    call,
    called,
    draw,
    each,
    end,
    exclusive,
    lanes,
    message,
    path,
    start,
    sub,
    user,
    zeebe,
)

STEP = user(
    "a",
    zeebe("formDefinition", formId="voer-gesprek"),
    zeebe("properties", zeebe("property", name="onderdeel", value="PIP")),
    "<bpmn:documentation>Wet art. 1</bpmn:documentation>",
    name="Voer gesprek",
)
ONE = draw(
    "p", "<bpmn:documentation>Het geheel</bpmn:documentation>", lanes("l", casemanager=["a", "u"]),
    start("s"), start("s2", message("vermoeden")), STEP, exclusive("g", default="g_e"),
    sub("u", start("us"), user("x"), end("ue"), path("us > x > ue")), call("c", called("q")),
    boundary("b", "c", message("stop")), end("e"), path("s > a > g"), path("s2 > a"),
    path("g > u > c > e", ident="-"), path("g > u", "=n = 1"), path("g > e"), path("b > e"),
)  # fmt: skip
TWO = draw("q", start("qs"), user("y"), path("qs > y"))


@pytest.fixture(scope="module")
def definition():
    return engine.load(
        {"processes/een.bpmn": ONE, "processes/twee.bpmn": TWO, "forms/x.form": b"{"}
    )


def test_processes_are_known_by_id_and_name_with_their_file(definition):
    assert definition.processes == {"p": "p", "q": "q"}
    assert definition.file_of("q") == "processes/twee.bpmn"
    assert definition.documentation("p") == "Het geheel"
    assert definition.lanes("p") == ("casemanager",)
    assert definition.names["a"] == "Voer gesprek"


def test_an_element_tells_what_the_drawing_says_of_it(definition):
    found = next(element for element in definition.elements("p") if element.id == "a")
    assert (found.name, found.kind, found.process) == ("Voer gesprek", "userTask", "p")
    assert (found.lane, found.form, found.documentation) == (
        "casemanager",
        "voer-gesprek",
        "Wet art. 1",
    )
    assert found.properties == {"onderdeel": "PIP"}


def test_what_is_inside_a_subprocess_follows_it_and_has_its_lane(definition):
    elements = definition.elements("p")
    ids = [element.id for element in elements]
    assert ids[ids.index("u") + 1 : ids.index("u") + 4] == ["us", "x", "ue"]
    assert next(element.lane for element in elements if element.id == "x") == "casemanager"


def test_every_element_is_told_once(definition):
    ids = [element.id for element in definition.elements("p")]
    assert len(ids) == len(set(ids)) == 11


def test_flows_tell_their_condition_and_which_is_the_default(definition):
    flows = {flow.id: flow for flow in definition.flows("p")}
    assert flows["g_u"].condition == "=n = 1"
    assert flows["g_e"].default
    assert not flows["g_u"].default
    assert flows["us_x"].source == "us"


def test_a_process_tells_whom_it_calls_and_which_messages_begin_it(definition):
    assert definition.calls("p") == ("q",)
    assert definition.messages("p") == ("vermoeden",)
    assert definition.starts_plainly("p")


def test_a_process_that_is_not_there_is_an_incident(definition):
    with pytest.raises(Incident, match="weg"):
        definition.file_of("weg")


def test_the_same_process_in_two_files_is_an_incident():
    with pytest.raises(Incident, match="twee keer"):
        engine.load({"a.bpmn": TWO, "b.bpmn": TWO})


@pytest.mark.parametrize(
    "data", [b"<a", b"<a/>", draw("p", call("x", called("q"), "<bpmn:script/>"))]
)
def test_a_diagram_that_cannot_run_is_an_incident(data):
    with pytest.raises(Incident):
        engine.load({"a.bpmn": data})


def test_an_expression_that_is_no_feel_is_an_incident_of_its_element():
    with pytest.raises(Incident) as caught:
        engine.load({"a.bpmn": draw("p", start(), user("a", each("=(1", "n")), path("s > a"))})
    assert caught.value.element == "a"


def test_a_start_message_may_bring_content_that_its_rows_write():
    files = draw("p", start("s", message("vermoeden"),
                            '<zeebe:ioMapping><zeebe:output source="=soort" target="wat"/></zeebe:ioMapping>'),
                 user("a"), path("s > a"))  # fmt: skip
    definition = engine.load({"p.bpmn": files})
    world = Play(TWO, process="q").world
    step = engine.start(definition, "p", world, message="vermoeden", payload={"soort": "gemist"})
    assert step.facts == {"wat": "gemist"}
