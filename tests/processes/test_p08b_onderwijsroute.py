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


def test_a_traject_that_is_not_feasible_asks_for_the_b1_route_and_goes_on_meanwhile(spel):
    _begonnen(spel)
    spel.when_done("meld_voortgang_onderwijs", standTraject="niet haalbaar", routeReden="te zwaar")
    assert "vraag_routewijziging_onderwijs" in spel.gezien
    assert spel.feiten["routeRichting"] == "B1"
    assert spel.feiten["leerroute"] == "onderwijsroute"
    assert spel.wachten == {"wacht_periode_onderwijs"}
