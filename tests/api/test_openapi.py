"""The description of the API: a valid OpenAPI 3.1 document that says what really happens."""

import re

import pytest

from support.huis import build_app
from support.jsonschema import KINDS, KNOWN, every, faults, resolve
from support.programma import Programma

ENDPOINTS = {
    "POST /dossiers",
    "GET /dossiers",
    "GET /dossiers/{id}",
    "GET /dossiers/{id}/journaal",
    "GET /dossiers/{id}/termijnen",
    "GET /termijnen",
    "GET /taken",
    "GET /taken/{id}",
    "POST /taken/{id}/claim",
    "POST /taken/{id}/vrijgeven",
    "POST /taken/{id}/voltooien",
    "POST /taken/{id}/vermoeden",
    "GET /uren",
    "POST /uren",
    "POST /uren/bestand",
    "POST /uren/{id}/terugnemen",
    "GET /uren/maand",
    "POST /uren/maand/sluiten",
    "GET /dossiers/{id}/tellers",
    "POST /berichten",
    "POST /demo/klok",
}


@pytest.fixture
def document(programma):
    return programma.document


@pytest.fixture
def operaties(document):
    return {
        f"{methode.upper()} {pad}": operatie
        for pad, operaties in document["paths"].items()
        for methode, operatie in operaties.items()
    }


def test_every_endpoint_is_described_and_nothing_else(operaties):
    assert set(operaties) == ENDPOINTS


def test_outside_the_demo_there_is_no_clock_to_move(store, tmp_path):
    programma = Programma(build_app(store, tmp_path, demo=False), {})
    assert "/demo/klok" not in programma.document["paths"]
    assert programma.call(None, "POST", "/demo/klok", {"dagen": 1}).status_code == 404


def test_it_is_served_to_everybody_as_json(programma):
    antwoord = programma.client.get("/api/v1/openapi.json")
    assert antwoord.status_code == 200
    assert antwoord.mimetype == "application/json"


def test_the_document_has_what_openapi_asks(document):
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"]
    assert document["info"]["version"]
    assert document["servers"] == [{"url": "/api/v1"}]
    assert set(document) <= {"openapi", "info", "servers", "security", "paths", "components"}
    for eis in document["security"]:
        assert eis.keys() <= document["components"]["securitySchemes"].keys()


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(operaties):
    namen = [operatie["operationId"] for operatie in operaties.values()]
    assert len(set(namen)) == len(namen)
    assert all(operatie["summary"].endswith(".") for operatie in operaties.values())


def test_each_parameter_in_a_path_is_described_and_required(operaties):
    for naam, operatie in operaties.items():
        parameters = operatie.get("parameters", [])
        in_pad = {een["name"] for een in parameters if een["in"] == "path"}
        assert in_pad == set(re.findall(r"\{(\w+)\}", naam))
        for een in parameters:
            assert een["in"] in {"path", "query"}
            assert een["required"] is (een["in"] == "path")
            assert een["description"]
            assert een["schema"]


def test_every_answer_is_described_with_its_kind(operaties):
    for naam, operatie in operaties.items():
        standen = operatie["responses"]
        assert {"401", "403", "500"} <= standen.keys(), naam
        assert sum(stand.startswith("2") for stand in standen) == 1
        if naam.startswith("POST") and "requestBody" in operatie:
            assert {"413", "422"} <= standen.keys(), naam
        for stand, antwoord in standen.items():
            soort = "application/json" if stand.startswith("2") else "application/problem+json"
            assert antwoord["description"]
            assert list(antwoord["content"]) == [soort]


def test_every_reference_leads_somewhere_and_every_schema_is_used(document):
    gebruikt = set(re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"')))
    assert gebruikt == set(document["components"]["schemas"])
    for naam in gebruikt:
        assert resolve(document, f"#/components/schemas/{naam}")


def test_every_schema_uses_words_of_json_schema_2020_12(document):
    for naam, schema in document["components"]["schemas"].items():
        for deel in every(schema):
            assert deel.keys() <= KNOWN, naam
            soorten = deel.get("type", [])
            assert {*([soorten] if isinstance(soorten, str) else soorten)} <= KINDS.keys()
            assert set(deel.get("required", [])) <= deel.get("properties", {}).keys()
            assert len(set(map(str, deel.get("enum", [])))) == len(deel.get("enum", []))


def test_requests_take_no_unknown_fields(document, operaties):
    for operatie in operaties.values():
        if "requestBody" in operatie:
            verwijzing = operatie["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert resolve(document, verwijzing)["additionalProperties"] is False


@pytest.mark.parametrize(
    ("waarde", "schema"),
    [
        ("x", {"type": "integer"}),
        (True, {"type": "integer"}),
        (1, {"type": "string"}),
        ({}, {"type": "object", "required": ["a"]}),
        ({"b": 1}, {"type": "object", "properties": {"a": {}}}),
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "null"}}}),
        ([1], {"type": "array", "items": {"type": "string"}}),
        ("2026-02-30", {"type": "string", "format": "date"}),
        ("c", {"enum": ["a", "b"]}),
        ("c", {"anyOf": [{"type": "null"}, {"type": "integer"}]}),
        ("12", {"type": "string", "pattern": "^[0-9]{9}$"}),
        (5, {"type": "integer", "maximum": 4}),
    ],
)
def test_the_judge_of_these_tests_sees_what_does_not_fit(waarde, schema):
    assert list(faults(waarde, schema, {}))


def test_a_parameter_that_is_empty_fits_no_description(operaties):
    for naam, operatie in operaties.items():
        for een in operatie.get("parameters", []):
            assert list(faults("", een["schema"], {})), (naam, een["name"])
