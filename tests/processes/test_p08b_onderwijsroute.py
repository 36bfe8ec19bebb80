"""P08b: the onderwijsroute, whose aanbieder is still to be decided."""

from datetime import date

import pytest

from support.tekening import Spel

PIP = {
    "leerroute": "onderwijsroute",
    "dagtekening": date(2026, 3, 10),
    "termijnStart": date(2026, 3, 11),
}


@pytest.fixture
def spel():
    return Spel("p08b_onderwijsroute")


def _begonnen(spel):
    spel.given(doelgroep="gezinsmigrant", **PIP)
    spel.when_done("plaats_in_taalschakeltraject")
    spel.when_time_comes("wacht_periode_onderwijs")


def test_the_gemeente_chooses_a_taalschakelinstelling_and_tells_duo(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    assert spel.open == {("kies_aanbieder_onderwijsroute", "casemanager")}
    spel.when_done("kies_aanbieder_onderwijsroute")
    spel.when_done("geef_aanbod_onderwijsroute_door")
    assert spel.open == {("plaats_in_taalschakeltraject", "taalaanbieder")}


def test_who_cannot_start_within_six_months_gets_ground_g(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    spel.when_done("kies_aanbieder_onderwijsroute")
    spel.when_done("geef_aanbod_onderwijsroute_door")
    assert spel.uiterlijk("plaats_in_taalschakeltraject") == date(2026, 9, 10)
    spel.when_time_comes("zes_maanden_onderwijs")
    assert spel.vandaag == date(2026, 9, 11)
    spel.when_done("noteer_grond_g_onderwijs")
    assert spel.open == {("plaats_in_taalschakeltraject", "taalaanbieder")}


def test_the_diploma_ends_the_route(spel):
    _begonnen(spel)
    spel.when_done("meld_voortgang_onderwijs", standTraject="loopt")
    spel.when_time_comes("wacht_periode_onderwijs")
    spel.when_done("meld_voortgang_onderwijs", standTraject="diploma")
    spel.when_done("leg_diploma_vast")
    assert spel.einden == ["einde_p08b"]
    assert spel.feiten["leerrouteAfgerond"] is True


def test_a_traject_that_is_not_feasible_becomes_the_b1_route_at_any_time(spel):
    _begonnen(spel)
    spel.when_done("meld_voortgang_onderwijs", standTraject="niet haalbaar")
    assert spel.open == {("besluit_over_overstap", "casemanager")}
    spel.when_done("besluit_over_overstap", overstapB1="ja")
    assert spel.klaar
    assert spel.einden == ["einde_overstap_b1"]
    assert spel.feiten["leerroute"] == "B1"
    assert "leerrouteAfgerond" not in spel.feiten


def test_the_casemanager_may_keep_the_onderwijsroute(spel):
    _begonnen(spel)
    spel.when_done("meld_voortgang_onderwijs", standTraject="niet haalbaar")
    spel.when_done("besluit_over_overstap", overstapB1="nee")
    assert spel.wachten == {"wacht_periode_onderwijs"}
    assert spel.feiten["leerroute"] == "onderwijsroute"
