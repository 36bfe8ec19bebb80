"""A process owner is told where the preview of the modeller shows a form otherwise."""

import json
from pathlib import Path

import pytest

from routeflow import forms
from routeflow.commands import deployments
from routeflow.forms.preview import differences
from support.feelin import ask
from support.formulieren import formulier, opties, veld

SHARED = json.loads((Path(__file__).parents[1] / "feel/shared.json").read_text("utf-8"))
DIFFERING = [case for case in SHARED["cases"] if "feelin" in case and "input" not in case]
# differences that only the values of the facts bring about, or an expression that is no use
UNSEEN = {
    "null filter",
    "one for many",
    "null in some",
    "incomparable",
    "range of another",
    "partial",
    "reversed",
    "past the end",
    "context type",
    "mixed duration",
}


def preview(hide, *others):
    """Return what the check says of the condition of a field, beside other fields."""
    inhoud = formulier(veld("textfield", "x", hide=hide), *others)
    return [zin for code, _, zin in forms.check("proef.form", inhoud) if code == forms.PREVIEW]


@pytest.mark.parametrize("case", DIFFERING, ids=lambda case: case["expression"])
def test_the_check_sees_each_difference_that_an_expression_shows(case):
    if case["feelin"]["difference"] not in UNSEEN:
        assert differences(case["expression"], {})


def test_what_the_check_cannot_see_is_a_difference_that_there_is():
    assert SHARED["differences"].keys() >= UNSEEN


@pytest.mark.parametrize(
    ("hide", "reden"),
    [
        ("=uren * 0.1 = 0.3", "zij rekent binair"),
        ("=uren / 3 > 1 and uren != null", "zij rekent binair"),
        ("=if soort then true else false", "schrijf er = true achter"),
        ('=count(rijen[contains(item, "a")]) = 1', "schrijf er = true achter"),
        ("=min([dag, date(2026, 1, 1)]) = dag", "alleen getallen"),
        ("=min(dag) = null", "alleen getallen"),
        ("=list contains([dag], dag)", "geen datum, lijst of groep"),
        ('=talen = ["Arabisch"]', "gebruik count"),
        ('=norm("zelfstudie") > 100', "zij kent norm niet"),
        ("=dossier...uren = []", "zij leest ...uren niet"),
        ('=dag = null or dag + duration("P1D") * 2 > today()', "vermenigvuldigen of delen"),
        ("=uren > 12", "zolang uren leeg is, zegt de voorwaarde geen ja of nee"),
        ('=not(contains(soort, "x"))', "zolang soort leeg is"),
    ],
)
def test_a_condition_that_the_preview_answers_otherwise_is_named_with_the_reason(hide, reden):
    others = [
        veld("number", "uren"),
        veld("textfield", "soort"),
        veld("datetime", "dag"),
        veld("checklist", "talen", **opties("Arabisch")),
    ]
    (zin,) = preview(hide, *others)
    assert zin.startswith("x: de voorvertoning in de Camunda Modeler kan dit anders laten zien")
    assert reden in zin


@pytest.mark.parametrize(
    "hide",
    [
        '=soort = "a"',
        '=not(soort = "a" and uren != null and uren > 12)',
        "=if akkoord then true else false",
        '=not(list contains(talen, "Arabisch"))',
        "=akkoord",
        "=talen = null",
        "=soort =",
    ],
)
def test_a_condition_that_both_answer_alike_gives_no_warning(hide):
    others = [
        veld("number", "uren"),
        veld("checkbox", "akkoord"),
        veld("checklist", "talen", **opties("Arabisch")),
    ]
    assert preview(hide, *others) == []


def test_the_preview_hides_a_field_whose_condition_says_nothing_and_the_check_tells():
    question = {"expression": "uren > 12", "unary": True, "context": {"uren": None}}
    assert ask([question])[0]["answer"] is True
    assert preview("=uren > 12", veld("number", "uren"))


def test_the_preview_is_a_warning_and_keeps_no_form_out_of_service():
    inhoud = formulier(veld("number", "uren"), veld("textfield", "x", hide="=uren > 12"))
    found = deployments.check({"forms/proef.form": inhoud})
    (finding,) = [one for one in found if one.code == forms.PREVIEW]
    assert (finding.severity, finding.element) == ("waarschuwing", "x")
