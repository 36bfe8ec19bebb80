"""Answers to choose that are not in the form but in the house, such as who can be casemanager."""

from datetime import UTC, datetime

import pytest

from routeflow import forms
from routeflow.errors import Invalid
from routeflow.forms import Optie
from support.formulieren import formulier, veld

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
WIE = {"casemanagers": [Optie("fatma", "Fatma Yildiz"), Optie("johan", "Johan de Wit")]}


def form(soort="select", **rest):
    return forms.load(formulier(veld(soort, "wie", valuesKey="casemanagers", **rest)))


def test_a_list_of_the_house_gives_the_answers_to_choose():
    assert form().lijsten == {"casemanagers"}
    (een,) = form().met(WIE).alle
    assert een.opties == tuple(WIE["casemanagers"])


@pytest.mark.parametrize("soort", ["select", "radio"])
def test_only_what_is_offered_can_be_chosen(soort):
    vel = form(soort, verplicht=True).met(WIE)
    assert forms.validate(vel, {"wie": "johan"}, {}, now=NOW).feiten == {"wie": "johan"}
    for niet in ("peter", "Johan de Wit", ""):
        with pytest.raises(Invalid) as geweigerd:
            forms.validate(vel, {"wie": niet}, {}, now=NOW)
        assert geweigerd.value.fouten["wie"].startswith("Kies")


def test_several_can_be_chosen_from_a_checklist():
    vel = form("checklist").met(WIE)
    assert forms.validate(vel, {"wie": ["johan"]}, {}, now=NOW).feiten == {"wie": ["johan"]}
    with pytest.raises(Invalid):
        forms.validate(vel, {"wie": ["peter"]}, {}, now=NOW)


def test_a_list_reaches_fields_in_groups_and_rows():
    rij = veld("dynamiclist", "rijen", components=[veld("select", "wie", valuesKey="casemanagers")])
    vel = forms.load(formulier({"type": "group", "label": "G", "components": [rij]})).met(WIE)
    sent = {"rijen": [{"wie": "fatma"}]}
    assert forms.validate(vel, sent, {}, now=NOW).feiten == sent


def test_without_its_list_nothing_can_be_chosen():
    with pytest.raises(Invalid):
        forms.validate(form().met({}), {"wie": "fatma"}, {}, now=NOW)


def test_programs_read_what_can_be_chosen():
    kind = forms.schema_json(form().met(WIE))["properties"]["wie"]
    assert kind["enum"] == ["fatma", "johan"]
    assert kind["x-labels"] == ["Fatma Yildiz", "Johan de Wit"]


def test_a_known_answer_reads_as_its_label():
    vel = form(disabled=True).met(WIE)
    assert forms.weergave(vel, {"wie": "fatma"}, now=NOW).waarden == {"wie": "Fatma Yildiz"}


def test_a_list_that_the_house_does_not_have_is_refused_with_the_ones_it_has():
    inhoud = formulier(veld("select", "wie", valuesKey="klassen"))
    assert forms.check("proef.form", inhoud) == []
    (fout,) = forms.check("proef.form", inhoud, lijsten={"casemanagers"})
    assert fout == (
        "formulier-opties",
        "wie",
        "wie: de lijst klassen met antwoorden is er niet. Er zijn: casemanagers.",
    )
