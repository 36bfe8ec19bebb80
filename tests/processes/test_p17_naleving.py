"""P17: from a suspicion to whatever helps. A sanction is the last resort, and a person's."""

from datetime import date

import pytest

from support.tekening import Spel

MELDING = {
    "plicht": "begeleiding",
    "toelichting": "Kwam twee keer niet.",
    "vermoedenMelder": "Kees",
}
ANTWOORDEN = {
    "uitlegGegeven": "Ja, in het Tigrinya, op 2 februari, door Kees.",
    "oproepOntvangen": "Ja, per brief en telefoon.",
    "beperking": "Nee",
    "grondVerlenging": "Nee",
    "kinderopvangReistijd": "Nee",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "nee",
    "verlagingBijstand": "nee",
    "eerdereBoetes": "Geen",
    "mateVanVerwijt": "normaal",
    "redenVerwijt": "Wist het en kwam niet.",
    "alternatief": "Nee",
    "tweedeAmbtenaar": "Fatima",
}


@pytest.fixture
def spel():
    return Spel("p17_naleving")


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


def _toets(spel, uitkomst, **antwoorden):
    spel.when_done("voer_sanctietoets_uit", uitkomst=uitkomst, **(ANTWOORDEN | antwoorden))


def _bij_besluit(spel):
    _bij_sanctietoets(spel)
    _toets(spel, "boete", aanhoudendeOnwil="geen asielstatushouder")
    spel.when_done("stuur_voornemen")
    spel.when_time_comes("zienswijze_voorbij")
    spel.when_done("beoordeel_zienswijze")


def _besloten(spel):
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=25)


def test_it_begins_with_contact_and_not_with_a_letter(spel):
    spel.given(doelgroep="asielstatushouder", **MELDING)
    assert spel.open == {("doe_contactpoging", "casemanager")}


def test_no_contact_needs_two_tries(spel):
    spel.given(doelgroep="asielstatushouder", **MELDING)
    with pytest.raises(AssertionError, match="minstens twee"):
        spel.when_done("doe_contactpoging", contactGelukt="nee")


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
    assert spel.moment("hersteltermijn_voorbij") == date(2026, 3, 25)
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


@pytest.mark.parametrize("hoe", [{"plicht": "intake"}, {"variant": "intake"}])
def test_at_the_intake_the_warning_was_given_with_the_second_call(hoe):
    spel = Spel("p17_naleving")
    _gesprek_gevoerd(spel, **hoe)
    assert spel.open == {("voer_sanctietoets_uit", "handhaver")}


def test_for_the_intake_the_review_can_end_in_nothing(spel):
    _gesprek_gevoerd(spel, plicht="intake")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_niets"]


def test_nothing_needs_no_answers_and_anything_else_needs_all_twelve(spel):
    _bij_sanctietoets(spel)
    with pytest.raises(AssertionError, match="twaalf vragen"):
        spel.when_done("voer_sanctietoets_uit", uitkomst="maatwerk")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    assert spel.open == {("bericht_geen_gevolg", "handhaver")}


def test_the_review_may_choose_help(spel):
    _bij_sanctietoets(spel)
    _toets(spel, "maatwerk")
    spel.when_done("spreek_maatwerk_af_na_toets")
    assert spel.einden == ["einde_maatwerk_na_toets"]


def test_the_review_may_choose_another_pip(spel):
    _bij_sanctietoets(spel, dagtekening=date(2026, 1, 5), aantalVoortgangsgesprekken=2)
    _toets(spel, "PIP aanpassen")
    assert spel.open == {("pas_pip_aan_na_toets", "casemanager")}
    spel.when_done("pas_pip_aan_na_toets")
    assert spel.einden == ["einde_pip_aangepast"]


@pytest.mark.parametrize(
    ("antwoord", "reden"),
    [
        ({"mateVanVerwijt": "geen"}, "Zonder verwijt"),
        ({"foutGemeenteOfPartner": "ja"}, "fout van de gemeente"),
        ({"verlagingBijstand": "ja"}, "verlaging van de bijstand"),
        ({"plafondBereikt": "ja"}, "plafond"),
    ],
)
def test_a_fine_is_refused_when_the_law_does_not_allow_it(spel, antwoord, reden):
    _bij_sanctietoets(spel)
    with pytest.raises(AssertionError, match=reden):
        _toets(spel, "boete", **antwoord)


def test_an_asielstatushouder_is_not_fined_without_proven_and_persistent_unwillingness(spel):
    _bij_sanctietoets(spel, doelgroep="asielstatushouder")
    with pytest.raises(AssertionError, match="bewezen en aanhoudende onwil"):
        _toets(spel, "boete")
    with pytest.raises(AssertionError, match="bewezen en aanhoudende onwil"):
        _toets(spel, "boete", aanhoudendeOnwil="ja")
    _toets(spel, "boete", aanhoudendeOnwil="ja", redenTochBoete="Weigert al een jaar alles.")
    assert spel.open == {("stuur_voornemen", "handhaver")}


def test_the_inburgeraar_has_two_weeks_for_a_zienswijze_and_another_official_decides(spel):
    _bij_sanctietoets(spel)
    _toets(spel, "maatregel Participatiewet")
    verzonden = spel.vandaag
    spel.when_done("stuur_voornemen")
    assert (spel.moment("zienswijze_voorbij") - verzonden).days >= 15
    spel.when_time_comes("zienswijze_voorbij")
    assert spel.open == {("beoordeel_zienswijze", "handhaver")}
    spel.when_done("beoordeel_zienswijze")
    assert spel.open == {("neem_besluit", "teamleider")}
    assert (spel.uiterlijk("neem_besluit") - verzonden).days == 13 * 7


@pytest.mark.parametrize("besluit", ["niets", "maatwerk"])
def test_the_decision_can_still_be_that_nothing_follows(besluit):
    spel = Spel("p17_naleving")
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit=besluit)
    assert spel.open == {("bericht_geen_gevolg", "handhaver")}


def test_a_decision_stands_after_six_weeks_without_bezwaar(spel):
    _besloten(spel)
    bekend = spel.vandaag
    assert (spel.moment("bezwaartermijn_voorbij") - bekend).days >= 43
    spel.when_time_comes("bezwaartermijn_voorbij")
    assert spel.einden == ["einde_onherroepelijk"]


def test_a_bezwaar_can_take_the_decision_back(spel):
    _besloten(spel)
    spel.when_message("bezwaar")
    assert spel.open == {("behandel_bezwaar", "teamleider")}
    spel.when_done("behandel_bezwaar", besluitBlijft="nee")
    assert spel.einden == ["einde_herroepen"]


def test_a_bezwaar_can_leave_the_decision_as_it_is(spel):
    _besloten(spel)
    spel.when_message("bezwaar")
    spel.when_done("behandel_bezwaar", besluitBlijft="ja")
    assert spel.einden == ["einde_onherroepelijk"]


def test_after_a_decision_without_sanction_the_inburgeraar_is_told(spel):
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_niets"]
