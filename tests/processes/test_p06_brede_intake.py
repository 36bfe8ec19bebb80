"""P06: the brede intake, with the three calls of the law and a PIP that cannot wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from routeflow import forms
from routeflow.errors import Invalid
from support.tekening import HUIS, Spel


@pytest.fixture
def spel():
    return Spel("p06_brede_intake")


def _begonnen(spel, **feiten):
    spel.given(
        naam="Amina",
        doelgroep="asielstatushouder",
        datumKennisgeving=date(2026, 3, 9),
        brpDatum=date(2026, 3, 9),
        **feiten,
    )


def _oproep(spel, nummer, element):
    dag = {f"oproep{nummer}Dag": spel.vandaag + timedelta(days=7)}
    spel.when_done(element, **dag)


def _niet_gekomen_na_oproep_1(spel):
    _begonnen(spel)
    _oproep(spel, 1, "verstuur_oproep_1")
    spel.when_done("leg_komst_1_vast", verschenenOproep1="nee")


def _niet_gekomen_na_oproep_2(spel):
    _niet_gekomen_na_oproep_1(spel)
    _oproep(spel, 2, "waarschuw_en_roep_op")
    spel.when_done("leg_komst_2_vast", verschenenOproep2="nee")


def _gekomen(spel, **feiten):
    _begonnen(spel, **feiten)
    _oproep(spel, 1, "verstuur_oproep_1")
    spel.when_done("leg_komst_1_vast", verschenenOproep1="ja")


def _in_gesprek(spel, kinderen="nee", overgenomen="nee", **feiten):
    _gekomen(spel, **feiten)
    spel.when_done("voer_intakegesprek", heeftKinderen=kinderen, leerrouteOvergenomen=overgenomen)


def _toets_gepland(spel, **feiten):
    _in_gesprek(spel, **feiten)
    spel.when_done("plan_leerbaarheidstoets", zintuiglijkeBeperking="geen", lbtOntheffing="geen")


def _open(spel):
    return {element for element, _ in spel.open}


def test_the_first_call_goes_out_within_five_working_days(spel):
    _begonnen(spel)
    assert spel.open == {("verstuur_oproep_1", "casemanager")}
    assert spel.uiterlijk("verstuur_oproep_1") == date(2026, 3, 18)


def test_the_gemeente_records_who_came_so_lateness_is_never_the_newcomers(spel):
    _begonnen(spel)
    _oproep(spel, 1, "verstuur_oproep_1")
    assert spel.houder("leg_komst_1_vast") is None


def test_who_comes_has_the_first_talk(spel):
    _gekomen(spel)
    assert spel.open == {("voer_intakegesprek", "casemanager")}


def test_the_talk_cannot_be_closed_without_the_right_to_speak_alone():
    formulier = forms.load((HUIS / "forms" / "voer-intakegesprek.form").read_bytes())
    antwoorden = {
        "intakegesprekDatum": "2026-03-11",
        "tolkBijIntake": "ja",
        "heeftKinderen": "nee",
        "leerrouteOvergenomen": "nee",
    }
    now = datetime(2026, 3, 11, 12, tzinfo=UTC)
    with pytest.raises(Invalid) as refused:
        forms.validate(formulier, antwoorden | {"gewezenOpRecht": False}, {}, now=now)
    assert set(refused.value.fouten) == {"gewezenOpRecht"}
    assert forms.validate(formulier, antwoorden | {"gewezenOpRecht": True}, {}, now=now)


def test_after_a_first_absence_comes_a_warning_with_a_second_call(spel):
    _niet_gekomen_na_oproep_1(spel)
    assert spel.open == {("waarschuw_en_roep_op", "casemanager")}
    _oproep(spel, 2, "waarschuw_en_roep_op")
    spel.when_done("leg_komst_2_vast", verschenenOproep2="ja")
    assert spel.open == {("voer_intakegesprek", "casemanager")}


def test_after_a_second_absence_a_person_judges_first(spel):
    _niet_gekomen_na_oproep_2(spel)
    assert spel.open == {("beoordeel_wegblijven", "casemanager")}


def test_without_blame_there_is_simply_a_third_call(spel):
    _niet_gekomen_na_oproep_2(spel)
    spel.when_done("beoordeel_wegblijven", plichtUitgelegd="nee", sanctietoetsGevraagd="nee")
    assert "vraag_sanctietoets" not in spel.gezien
    assert spel.open == {("verstuur_oproep_3", "casemanager")}


def test_a_sanctietoets_is_only_asked_for_when_the_duty_was_explained(spel):
    _niet_gekomen_na_oproep_2(spel)
    with pytest.raises(AssertionError, match="uitgelegd"):
        spel.when_done("beoordeel_wegblijven", plichtUitgelegd="nee", sanctietoetsGevraagd="ja")


def test_a_sanctietoets_does_not_hold_up_the_third_call(spel):
    _niet_gekomen_na_oproep_2(spel)
    spel.when_done("beoordeel_wegblijven", sanctietoetsGevraagd="ja")
    assert spel.feiten["vermoedenMelder"] == spel.wie
    assert "vraag_sanctietoets" in spel.gezien
    _oproep(spel, 3, "verstuur_oproep_3")
    spel.when_done("leg_komst_3_vast", verschenenOproep3="ja")
    assert spel.open == {("voer_intakegesprek", "casemanager")}


def test_after_three_calls_the_intake_is_finished_in_absence(spel):
    _niet_gekomen_na_oproep_2(spel)
    spel.when_done("beoordeel_wegblijven", sanctietoetsGevraagd="nee")
    assert "vermoedenMelder" not in spel.feiten
    _oproep(spel, 3, "verstuur_oproep_3")
    spel.when_done("leg_komst_3_vast", verschenenOproep3="nee")
    spel.when_done("vul_intake_in_afwezigheid_in")
    spel.when_done("stel_intakeverslag_vast")
    assert spel.klaar


def test_two_weeks_before_the_pip_the_calls_stop(spel):
    _niet_gekomen_na_oproep_1(spel)
    assert spel.moment("tijd_is_op") == date(2026, 5, 4)
    spel.when_time_comes("tijd_is_op")
    assert spel.open == {("vul_intake_in_afwezigheid_in", "casemanager")}


def test_while_the_pip_has_no_last_day_the_calls_have_none_either(spel):
    spel.given(naam="Amina", doelgroep="asielstatushouder")
    assert spel.moment("tijd_is_op") is None


def test_the_talks_may_be_in_any_order(spel):
    _in_gesprek(spel)
    assert _open(spel) == {
        "bespreek_opleiding_en_werk",
        "plan_leerbaarheidstoets",
        "bespreek_omstandigheden",
        "bepaal_taalniveau",
    }


def test_who_moved_with_a_leerroute_skips_the_toets_and_the_research(spel):
    _in_gesprek(spel, overgenomen="ja")
    assert _open(spel) == {"bespreek_omstandigheden", "bepaal_taalniveau"}


def test_the_intake_is_done_when_all_talks_and_the_toets_are(spel):
    _toets_gepland(spel, kinderen="ja")
    spel.when_done("bespreek_opleiding_en_werk")
    spel.when_done("bespreek_omstandigheden")
    spel.when_done("bespreek_kinderen")
    spel.when_done("bepaal_taalniveau")
    spel.when_done("leg_activiteiten_vast")
    assert spel.open == set()
    spel.when_message("SS131", lbtResultaat="haalbaar")
    assert spel.open == {("stel_intakeverslag_vast", "casemanager")}


def test_without_children_that_talk_falls_away(spel):
    _in_gesprek(spel, kinderen="nee")
    spel.when_done("bespreek_omstandigheden")
    assert "bespreek_kinderen" not in _open(spel)


def test_a_result_that_came_early_is_not_waited_for(spel):
    _toets_gepland(spel, lbtResultaat="niet haalbaar")
    assert "toets_ontvangen" not in spel.wachten


def test_a_result_that_stays_away_is_asked_for(spel):
    _toets_gepland(spel)
    assert spel.moment("toets_blijft_uit") == date(2026, 5, 4)
    spel.when_time_comes("toets_blijft_uit")
    spel.when_done("vraag_toetsuitslag_op", lbtResultaat="onbekend")
    assert "vraag_toetsuitslag_op" not in _open(spel)


def test_the_wait_for_a_result_ends_even_when_the_pip_has_no_last_day_yet(spel):
    spel.given(naam="Amina", doelgroep="asielstatushouder")
    _oproep(spel, 1, "verstuur_oproep_1")
    spel.when_done("leg_komst_1_vast", verschenenOproep1="ja")
    spel.when_done("voer_intakegesprek", heeftKinderen="nee", leerrouteOvergenomen="nee")
    spel.when_done("plan_leerbaarheidstoets", zintuiglijkeBeperking="geen", lbtOntheffing="geen")
    assert spel.moment("toets_blijft_uit") == date(2026, 5, 6)


def test_a_late_result_takes_the_question_away(spel):
    _toets_gepland(spel)
    spel.when_time_comes("toets_blijft_uit")
    spel.when_message("SS131", lbtResultaat="haalbaar")
    assert "vraag_toetsuitslag_op" not in _open(spel)


def test_who_cannot_see_never_does_the_toets(spel):
    _in_gesprek(spel)
    with pytest.raises(AssertionError, match="ontheffing"):
        spel.when_done(
            "plan_leerbaarheidstoets", zintuiglijkeBeperking="visueel", lbtOntheffing="geen"
        )
    spel.when_done(
        "plan_leerbaarheidstoets", zintuiglijkeBeperking="visueel", lbtOntheffing="visueel"
    )
    assert "meld_ontheffing_toets" in _open(spel)
    spel.when_done("meld_ontheffing_toets")
    assert "toets_ontvangen" not in spel.wachten
