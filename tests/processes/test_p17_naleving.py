"""P17: from a suspicion to whatever helps. No step of the ladder can be passed by."""

from datetime import UTC, date, datetime

import pytest

from routeflow import forms
from routeflow.errors import Invalid
from support.route import project_files
from support.tekening import Spel

MELDING = {
    "plicht": "begeleiding",
    "toelichting": "Kwam twee keer niet.",
    "vermoedenMelder": "Kees",
}


NU = datetime(2026, 3, 11, 9, tzinfo=UTC)
CONTACTPOGING = forms.load(project_files()["forms/doe-contactpoging.form"])
NIET_BEREIKT = {"datum": "2026-03-10", "wijze": "telefoon", "resultaat": "niet bereikt"}


@pytest.fixture
def spel():
    return Spel("p17_naleving")


def _beoordeel(**antwoorden):
    geen = {"contactpogingen": []}
    return forms.validate(CONTACTPOGING, geen | antwoorden, {}, now=NU)


def _gesprek_gevoerd(spel, verwijt="ja", **feiten):
    spel.given(**({"doelgroep": "gezinsmigrant"} | MELDING | feiten))
    spel.when_done("doe_contactpoging", contactGelukt="ja")
    spel.when_done("voer_oorzakengesprek", verwijt=verwijt)


def _bij_sanctietoets(spel, **feiten):
    _gesprek_gevoerd(spel, **feiten)
    spel.when_done("geef_hersteltermijn")
    spel.when_time_comes("hersteltermijn_voorbij")
    spel.when_done("beoordeel_herstel", hersteld="nee")
    spel.when_done("stuur_waarschuwing")
    spel.when_time_comes("waarschuwing_voorbij")
    spel.when_done("beoordeel_herstel_opnieuw", hersteld="nee")


def test_it_begins_with_contact_and_not_with_a_letter(spel):
    spel.given(doelgroep="asielstatushouder", **MELDING)
    assert spel.open == {("doe_contactpoging", "casemanager")}


def test_no_contact_needs_two_tries(spel):
    spel.given(doelgroep="asielstatushouder", **MELDING)
    with pytest.raises(AssertionError, match="minstens twee"):
        spel.when_done("doe_contactpoging", contactGelukt="nee")


@pytest.mark.parametrize("gelukt", ["ja", "nee"])
def test_what_was_tried_is_always_written_down(gelukt):
    with pytest.raises(Invalid) as fout:
        _beoordeel(contactGelukt=gelukt)
    assert list(fout.value.fouten) == ["contactpogingen"]


def test_tries_of_an_earlier_report_do_not_count_for_this_one():
    eerder = {"contactpogingen": [NIET_BEREIKT, NIET_BEREIKT]}
    assert "contactpogingen" not in forms.bekend(CONTACTPOGING, eerder)
    with pytest.raises(Invalid, match="goed ingevuld") as fout:
        _beoordeel(contactGelukt="nee", contactpogingen=[NIET_BEREIKT])
    assert fout.value.fouten == {"contactGelukt": "Doe minstens twee pogingen."}
    _beoordeel(contactGelukt="nee", contactpogingen=[NIET_BEREIKT] * 2)


def test_without_blame_there_is_only_help(spel):
    _gesprek_gevoerd(spel, verwijt="nee")
    assert spel.open == {("spreek_maatwerk_af", "casemanager")}
    spel.when_done("spreek_maatwerk_af")
    assert spel.einden == ["einde_maatwerk"]


def test_blame_is_refused_when_the_duty_was_not_clear(spel):
    spel.given(doelgroep="asielstatushouder", **MELDING)
    spel.when_done("doe_contactpoging", contactGelukt="ja")
    with pytest.raises(AssertionError, match="plicht duidelijk"):
        spel.when_done("voer_oorzakengesprek", plichtBegrepen="nee", verwijt="ja")


def test_who_mends_it_in_ten_working_days_hears_no_more_of_it(spel):
    _gesprek_gevoerd(spel)
    spel.when_done("geef_hersteltermijn")
    assert spel.moment("hersteltermijn_voorbij") == date(2026, 3, 26)  # the 25th is the last day
    spel.when_time_comes("hersteltermijn_voorbij")
    spel.when_done("beoordeel_herstel", hersteld="ja")
    assert spel.einden == ["einde_hersteld"]


def test_who_mends_it_after_the_warning_hears_no_more_of_it_either(spel):
    _gesprek_gevoerd(spel)
    spel.when_done("geef_hersteltermijn")
    spel.when_time_comes("hersteltermijn_voorbij")
    spel.when_done("beoordeel_herstel", hersteld="nee")
    assert spel.open == {("stuur_waarschuwing", "casemanager")}
    spel.when_done("stuur_waarschuwing")
    spel.when_time_comes("waarschuwing_voorbij")
    spel.when_done("beoordeel_herstel_opnieuw", hersteld="ja")
    assert spel.einden == ["einde_hersteld_opnieuw"]


def test_the_handhaver_comes_only_after_the_warning(spel):
    _bij_sanctietoets(spel)
    assert spel.open == {("voer_sanctietoets_uit", "handhaver")}


@pytest.mark.parametrize("plicht", ["intake", "PVT", "leerroute"])
def test_whatever_duty_it_is_about_there_is_a_warning_before_the_review(plicht):
    spel = Spel("p17_naleving")
    _gesprek_gevoerd(spel, plicht=plicht)
    assert spel.open == {("geef_hersteltermijn", "casemanager")}


def test_the_review_knows_what_it_is_about(spel):
    _bij_sanctietoets(spel, gedraging="Kom naar de les (1)")
    spel.when_facts_change(gedraging="iets anders", plicht="PVT")
    (toets,) = spel.stap.tasks
    assert (toets.local["gedraging"], toets.local["plicht"]) == (
        "Kom naar de les (1)",
        "begeleiding",
    )


def test_the_review_ends_the_ladder(spel):
    _bij_sanctietoets(spel)
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_toets"]
