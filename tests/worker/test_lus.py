"""A loop in a diagram that never waits ends in words; the worker goes on with all others."""

import json
from datetime import timedelta

from routeflow.store import Store
from support.bpmn import after, catch, draw, end, exclusive, lanes, path, script, start, user, zeebe
from support.klein import klein
from support.route import RouteUnderTest


def _set():
    """Two processes: both wait a day; then one walks in circles for ever, the other asks somebody."""
    stap = user(
        "vraag",
        zeebe("userTask"),
        zeebe("formDefinition", formId="vraag"),
        zeebe("properties", zeebe("property", name="onderdeel", value="regie")),
    )
    rond = draw(
        "rond", start(), catch("dag", after("P1D")), exclusive("m"),
        script("tel", "=1", "teller"), exclusive("nog", default="nog_e"), end(),
        path("s > dag > m > tel > nog > e"), path("nog > m", "=teller = 1"),
    )  # fmt: skip
    gewoon = draw(
        "gewoon", lanes("l", casemanager=("vraag",)),
        start("s2"), catch("dag2", after("P1D")), stap, end("e2"),
        path("s2 > dag2 > vraag > e2"),
    )  # fmt: skip
    tabellen = {pad: inhoud for pad, inhoud in klein().items() if pad.endswith(".dmn")}
    formulier = {"id": "vraag", "type": "default", "components": []}
    return {
        **tabellen,
        "processes/rond.bpmn": rond,
        "processes/gewoon.bpmn": gewoon,
        "forms/vraag.form": json.dumps(formulier).encode(),
    }


def test_an_endless_loop_is_an_incident_with_its_element_and_others_are_served(store: Store):
    lus = RouteUnderTest(store).given("rond", _set())
    ander = RouteUnderTest(store, dossier_id=lus.dossier_id).given("gewoon", _set())
    gebeurd = ander.when_days_pass(2)
    assert ander.open_elements == {"vraag"}
    (incident,) = ander.incidenten
    assert incident.dossier_id == lus.dossier_id
    assert incident.element in {"m", "tel", "nog"}
    assert "Traceback" not in incident.reden
    assert [een.soort for een in gebeurd].count("incident") == 1
    ander.now += timedelta(days=1)
    ander.when_done("vraag")
    assert ander.ended
