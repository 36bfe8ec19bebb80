import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow import forms
from routeflow.errors import Incident
from support.formulieren import formulier, opties, veld


def codes(inhoud, pad="forms/proef.form"):
    return {(code, key) for code, key, _ in forms.check(pad, inhoud)}


def test_fields_are_walked_in_order_through_groups():
    form = forms.load(
        formulier(
            veld("textfield", "a"),
            {
                "type": "group",
                "label": "G",
                "components": [veld("number", "b"), {"type": "separator"}],
            },
            {"type": "button", "label": "Klaar"},
            veld("dynamiclist", "c", components=[veld("textfield", "d")]),
        )
    )
    assert [een.key for een in form.alle if een.key] == ["a", "b", "c"]
    assert form.namen == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("een", "fout"),
    [
        (veld("iframe", "x"), ("formulier-soort", "x")),
        (veld("textfield", "x y"), ("formulier-sleutel", "x y")),
        (veld("textfield", "csrf_token"), ("formulier-sleutel", "csrf_token")),
        (veld("radio", "x"), ("formulier-opties", "x")),
        (veld("radio", "x", **opties("a", "a")), ("formulier-opties", "x")),
        (veld("textfield", "x", label=""), ("formulier-label", "x")),
        (veld("textfield", "x", hide="leerroute = 3"), ("formulier-feel", "x")),
        (veld("textfield", "x", hide="=leerroute = "), ("formulier-feel", "x")),
        (veld("textfield", "x", validate={"pattern": r"(a)\1"}), ("formulier-patroon", "x")),
        (veld("number", "x", validate={"min": "=y"}), ("formulier-json", "x")),
        (veld("textfield", "x", readonly="=true"), ("formulier-json", "x")),
        (veld("textfield", "x", properties={"bereik": "dossier"}), ("formulier-eigenschap", "x")),
        (veld("textfield", "x", properties={"kleur": "rood"}), ("formulier-eigenschap", "x")),
        (veld("textfield", "x", properties={"regel": "=x > 1"}), ("formulier-regel", "x")),
        ({"type": "text", "id": "t", "text": "Hallo {{naam}}"}, ("formulier-tekst", "t")),
        ({"type": "group", "id": "g", "path": "p", "components": []}, ("formulier-groep", "p")),
        (
            veld("dynamiclist", "x", components=[veld("dynamiclist", "y", components=[])]),
            ("formulier-lijst", "y"),
        ),
    ],
)
def test_the_author_is_told_what_is_wrong_with_a_field(een, fout):
    assert fout in codes(formulier(een))


def test_a_good_form_has_nothing_wrong():
    assert codes(formulier(veld("textfield", "x", validate={"required": True}))) == set()


def test_the_id_is_the_name_of_the_file_and_a_key_occurs_once():
    twice = formulier(veld("textfield", "x"), veld("number", "x"))
    assert codes(twice, "forms/ander.form") == {("formulier-id", None), ("formulier-sleutel", "x")}


def test_a_form_that_is_too_deep_or_too_large_is_refused():
    deep = veld("textfield", "x")
    for _ in range(10):
        deep = {"type": "group", "components": [deep]}
    assert ("formulier-diepte", None) in codes(formulier(deep))
    assert ("formulier-grootte", None) in codes(
        formulier(*(veld("number", f"a{n}") for n in range(201)))
    )
    assert codes(b"[" * 300_000) == {("formulier-grootte", None)}
    assert codes(b"[" * 100_000) == {("formulier-json", None)}
    assert codes(b'{"components": {}}') == {("formulier-json", None)}


def test_a_form_that_cannot_be_shown_is_an_incident():
    with pytest.raises(Incident, match="kent routeflow niet"):
        forms.load(formulier(veld("iframe", "x")))


COMPONENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda deel: (
        st.lists(deel, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "key",
                    "path",
                    "label",
                    "values",
                    "components",
                    "conditional",
                    "hide",
                    "validate",
                    "pattern",
                    "min",
                    "properties",
                    "regel",
                    "soort",
                    "subtype",
                    "value",
                    "text",
                    "required",
                    "decimalDigits",
                ]
            ),
            deel
            | st.sampled_from(
                ["radio", "textfield", "dynamiclist", "group", "datetime", "=a", "text"]
            ),
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(st.lists(COMPONENTS, max_size=4))
def test_whatever_is_in_a_file_the_check_answers(components):
    forms.check(
        "forms/x.form",
        json.dumps({"id": "x", "type": "default", "components": components}).encode(),
    )


@given(st.binary(max_size=60))
def test_whatever_the_bytes_the_check_answers(inhoud):
    assert forms.check("forms/x.form", inhoud)


def test_texts_of_authors_are_markdown_and_never_html():
    (een,) = forms.load(
        formulier(
            {
                "type": "text",
                "text": "# Kop\n[x](javascript:alert(1)) <b>vet</b> ![p](javascript:y)",
            }
        )
    ).velden
    assert een.opmaak.startswith("<h2>Kop</h2>")
    assert "<b>" not in een.opmaak
    assert "href" not in een.opmaak
    assert "<img" not in een.opmaak


def test_the_schema_says_what_a_program_may_send():
    schema = forms.schema_json(
        forms.load(
            formulier(
                veld("textfield", "naam", disabled=True),
                veld("datetime", "datum", verplicht=True),
                veld(
                    "radio",
                    "vorm",
                    verplicht=True,
                    hide="=a = 1",
                    values=[{"label": "Azc", "value": "azc"}, {"label": "Ja", "value": True}],
                ),
                veld("number", "uren", decimalDigits=0, validate={"min": 1, "max": 12}),
                veld("dynamiclist", "rijen", components=[veld("checklist", "x", **opties("a"))]),
            )
        )
    )
    assert schema["required"] == ["datum"]
    assert schema["additionalProperties"] is False
    assert schema["properties"] == {
        "datum": {"title": "Datum", "type": "string", "format": "date"},
        "vorm": {
            "title": "Vorm",
            "enum": ["azc", True],
            "x-labels": ["Azc", "Ja"],
            "x-verbergenAls": "a = 1",
        },
        "uren": {"title": "Uren", "type": "integer", "minimum": 1, "maximum": 12},
        "rijen": {
            "title": "Rijen",
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "properties": {
                    "x": {
                        "title": "X",
                        "type": "array",
                        "items": {"enum": ["a"], "x-labels": ["A"]},
                        "uniqueItems": True,
                    }
                },
                "required": [],
                "additionalProperties": False,
            },
        },
    }
