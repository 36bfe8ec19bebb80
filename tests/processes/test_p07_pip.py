"""P07: a PIP within ten weeks, with or without a signature."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p07_pip")


def _klaar(spel, **feiten):
    spel.given(
        **{
            "doelgroep": "asielstatushouder",
            "datumKennisgeving": date(2026, 2, 16),
            "brpDatum": date(2026, 2, 2),
            "lbtResultaat": "haalbaar",
        }
        | feiten
    )


def _opgesteld(spel, **antwoorden):
    _klaar(spel)
    spel.when_done("stel_pip_op", wachtOpDerde="nee", **antwoorden)


def _vastgesteld(spel, **feiten):
    _klaar(spel, **feiten)
    spel.when_done("stel_pip_op", wachtOpDerde="nee")
    spel.when_done("bespreek_pip")
    spel.when_done("stel_pip_vast")


def _doorgegeven(spel, **feiten):
    _vastgesteld(spel, **feiten)
    spel.when_done("maak_pip_bekend")
    spel.when_done("geef_pip_door")


def test_the_table_gives_an_advice_and_the_casemanager_chooses(spel):
    _klaar(spel)
    assert spel.feiten["adviesLeerroute"] == "B1"
    spel.when_done("stel_pip_op", leerroute="Z", wachtOpDerde="nee")
    assert spel.feiten["leerroute"] == "Z"


def test_without_a_kennisgeving_there_is_no_last_day_and_somebody_asks_duo(spel):
    _klaar(spel, datumKennisgeving=None)
    assert spel.open == {("vraag_kennisgeving_op", "casemanager")}
    spel.when_done("vraag_kennisgeving_op", datumKennisgeving=date(2026, 2, 16))
    assert spel.uiterlijk("stel_pip_op") == date(2026, 4, 14)


def test_a_late_kennisgeving_of_duo_takes_the_question_away(spel):
    _klaar(spel, datumKennisgeving=None)
    spel.when_message("SS139", datumKennisgeving=date(2026, 2, 16))
    assert spel.open == {("stel_pip_op", "casemanager")}


def test_ten_weeks_after_the_kennisgeving_the_pip_must_be_there(spel):
    _opgesteld(spel)
    spel.when_done("bespreek_pip")
    assert spel.uiterlijk("stel_pip_vast") == date(2026, 4, 28)  # 27 April is Koningsdag


def test_information_of_a_third_party_gives_two_weeks_after_receipt(spel):
    _klaar(spel)
    spel.when_done("stel_pip_op", wachtOpDerde="ja")
    spel.when_done("vraag_informatie_derde")
    assert spel.open == {("leg_ontvangst_informatie_vast", "casemanager")}
    spel.when_facts_change(informatieGevraagdOp=date(2026, 3, 11))
    spel.nu = spel.nu.replace(month=4, day=22)
    spel.when_done("leg_ontvangst_informatie_vast")
    spel.when_done("bespreek_pip")
    assert spel.uiterlijk("stel_pip_vast") == date(2026, 5, 6)


def test_the_pip_needs_no_signature_of_the_inburgeraar(spel):
    _opgesteld(spel)
    spel.when_done("bespreek_pip", getekendDoorInburgeraar=False)
    assert spel.open == {("stel_pip_vast", "casemanager")}


def test_the_dagtekening_is_never_before_the_registration(spel):
    _opgesteld(spel)
    spel.when_done("bespreek_pip")
    with pytest.raises(AssertionError, match="inschrijving"):
        spel.when_done("stel_pip_vast", dagtekening=date(2026, 2, 1))


def test_a2_in_the_onderwijsroute_is_refused(spel):
    _klaar(spel)
    with pytest.raises(AssertionError, match="A2"):
        spel.when_done("stel_pip_op", leerroute="onderwijsroute", niveau="A2")


def test_after_the_announcement_the_pip_goes_to_duo(spel):
    _vastgesteld(spel)
    spel.when_done("maak_pip_bekend")
    assert "pip_is_bekend" in spel.gezien
    assert spel.open == {("geef_pip_door", "casemanager")}
    assert spel.uiterlijk("geef_pip_door") == date(2026, 3, 12)


def test_duo_reports_that_the_termijn_began(spel):
    _doorgegeven(spel)
    spel.when_message("SS102", termijnStart=date(2026, 3, 12))
    assert spel.einden == ["einde_pip"]


def test_a_termijn_that_is_known_is_not_waited_for(spel):
    _doorgegeven(spel, termijnStart=date(2026, 3, 12))
    assert spel.klaar


def test_another_start_than_the_law_says_is_looked_into(spel):
    _doorgegeven(spel)
    spel.when_message("SS102", termijnStart=date(2026, 3, 20))
    assert spel.open == {("zoek_verschil_termijn_uit", "casemanager")}
    spel.when_done("zoek_verschil_termijn_uit", termijnStart=date(2026, 3, 12))
    assert spel.klaar


def test_when_duo_stays_silent_the_casemanager_asks(spel):
    _doorgegeven(spel)
    assert spel.moment("termijn_duo_blijft_uit") == date(2026, 3, 25)
    spel.when_time_comes("termijn_duo_blijft_uit")
    spel.when_done(
        "vraag_termijnstart_op",
        termijnStart=date(2026, 3, 12),
        termijnEindExclusief=date(2029, 3, 12),
    )
    assert spel.klaar


def test_a_late_ss102_takes_the_question_away(spel):
    _doorgegeven(spel)
    spel.when_time_comes("termijn_duo_blijft_uit")
    spel.when_message("SS102", termijnStart=date(2026, 3, 12))
    assert spel.klaar


def test_who_moved_keeps_the_start_of_the_termijn_and_nobody_looks_for_a_difference(spel):
    oud = {"dagtekeningVorigPip": date(2025, 1, 6), "termijnStart": date(2025, 1, 7)}
    _doorgegeven(spel, leerrouteVorigPip="B1", leerroute="B1", **oud)
    assert spel.klaar
    assert spel.feiten["dagtekening"] == spel.vandaag


def test_the_leerroute_of_another_gemeente_stays(spel):
    _klaar(spel, leerrouteVorigPip="B1", leerroute="B1")
    with pytest.raises(AssertionError, match="vorige gemeente"):
        spel.when_done("stel_pip_op", leerroute="Z", wachtOpDerde="nee")
