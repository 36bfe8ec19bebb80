"""P19, handing over: only who asks gets the dossier, and what ran about naleving ends in nothing."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p19d_overdracht")


VERZOEK = {"overdrachtGemeente": "Alkmaar", "overdrachtVerzoekDatum": date(2026, 3, 11)}


def test_the_new_gemeente_asks_and_gets_it_within_five_working_days(spel):
    spel.given(naam="Amina")
    assert spel.open == set()
    spel.when_message("verzoek_overdracht", **VERZOEK)
    assert spel.open == {("draag_dossier_over", "casemanager")}
    assert spel.houder("draag_dossier_over") == "gemeente"
    assert spel.uiterlijk("draag_dossier_over") == date(2026, 3, 18)
    spel.when_done("draag_dossier_over")
    assert spel.einden == ["einde_overgedragen"]
    assert spel.feiten["dossierEinde"] == "verhuisd"


def test_nothing_is_handed_over_that_nobody_asked_for(spel):
    spel.given(naam="Amina")
    assert spel.moment("verzoek_overdracht_blijft_uit") == date(2026, 5, 6)
    spel.when_time_comes("verzoek_overdracht_blijft_uit")
    assert spel.einden == ["einde_niet_gevraagd"]
    assert spel.feiten["dossierEinde"] == "verhuisd"


def test_who_comes_back_ends_the_wait_of_the_earlier_dossier(spel):
    spel.given(naam="Amina")
    spel.when_message("teruggekeerd")
    assert spel.einden == ["einde_teruggekeerd"]
    assert spel.feiten["dossierEinde"] == "verhuisd"


def test_who_comes_back_before_it_is_sent_ends_the_step_that_hands_over(spel):
    spel.given(naam="Amina")
    spel.when_message("verzoek_overdracht", **VERZOEK)
    spel.when_message("teruggekeerd")
    assert (spel.open, spel.einden) == (set(), ["einde_teruggekeerd"])


def test_what_was_reported_and_not_decided_ends_without_consequence(spel):
    spel.given(naam="Amina", gedraging="PVT (1)", plicht="PVT")
    [besluit] = spel.feiten["nalevingsbesluiten"]
    assert (besluit["gedraging"], besluit["soort"]) == ("PVT (1)", "geen gevolg")
    assert besluit["reden"] == "verhuisd naar een andere gemeente"
    assert besluit["bekendgemaakt"] is None


def test_a_fine_that_was_imposed_stays_as_it_is(spel):
    boete = {"gedraging": "PVT (1)", "plicht": "PVT", "soort": "boete", "bedrag": 25}
    spel.given(naam="Amina", gedraging="PVT (1)", plicht="PVT", nalevingsbesluiten=[boete])
    assert spel.feiten["nalevingsbesluiten"] == [boete]


def test_without_a_report_there_is_nothing_to_close(spel):
    spel.given(naam="Amina")
    assert spel.feiten["nalevingsbesluiten"] == []
