"""P19, moving out: a person looks whether it is so before anything stops."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p19b_verhuizing_uit")


def test_the_administration_is_finished_within_five_working_days_by_the_gemeente(spel):
    spel.given(naam="Amina", verhuisdOp=date(2026, 3, 9))
    assert spel.open == {("maak_administratie_af", "casemanager")}
    assert spel.houder("maak_administratie_af") == "gemeente"
    assert spel.uiterlijk("maak_administratie_af") == date(2026, 3, 18)


def test_a_confirmed_move_is_told_to_the_route(spel):
    spel.given(naam="Amina")
    spel.when_done("maak_administratie_af", verhuisdOp=date(2026, 3, 9), verhuisdNaar="Alkmaar")
    assert spel.einden == ["einde_verhuisd"]
    assert spel.feiten["verhuisdNaar"] == "Alkmaar"


def test_who_did_not_move_stays_and_nothing_is_told(spel):
    spel.given(naam="Amina")
    spel.when_done("maak_administratie_af", verhuizingKlopt="nee")
    assert spel.einden == ["einde_blijft"]
    assert "meld_verhuisd" not in spel.gezien
