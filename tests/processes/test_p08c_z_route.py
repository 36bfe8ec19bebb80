"""P08c: the Z-route. Hours, and a talk that the gemeente holds itself."""

from datetime import date

import pytest

from support.tekening import Spel

PIP = {"leerroute": "Z", "dagtekening": date(2026, 3, 10), "termijnStart": date(2026, 3, 11)}


@pytest.fixture
def spel():
    return Spel("p08c_z_route")


def _begonnen(spel, doelgroep="asielstatushouder"):
    spel.given(doelgroep=doelgroep, **PIP)
    if doelgroep == "asielstatushouder":
        spel.when_done("maak_participatieplan")
        spel.when_done("doe_aanbod_z")
        spel.when_done("geef_aanbod_z_door")
    spel.when_done("bevestig_start_z", lessenGestart="ja")


def test_an_asielstatushouder_gets_a_participatieplan_and_an_aanbod(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    assert spel.open == {("maak_participatieplan", "casemanager")}
    spel.when_done("maak_participatieplan")
    assert spel.open == {("doe_aanbod_z", "casemanager")}
    spel.when_time_comes("drie_maanden_z")
    spel.when_done("noteer_grond_g_z")
    assert spel.open == {("doe_aanbod_z", "casemanager")}


def test_lessons_that_did_not_start_get_a_new_date(spel):
    spel.given(doelgroep="gezinsmigrant", **PIP)
    spel.when_done("bevestig_start_z", lessenGestart="nee")
    spel.when_done("maak_nieuwe_startafspraak_z")
    assert spel.open == {("bevestig_start_z", "taalaanbieder")}


def test_too_few_hours_only_means_that_the_route_goes_on(spel):
    _begonnen(spel)
    spel.when_facts_change(urenNt2Knm=800, urenParticipatie=799)
    spel.when_time_comes("wacht_uren_z")
    assert spel.open == set()
    assert spel.wachten == {"wacht_uren_z"}


def test_hours_of_pvt_and_map_count_as_participation(spel):
    _begonnen(spel)
    spel.when_facts_change(urenNt2Knm=800, urenParticipatie=748, urenPvt=12, urenMap=40)
    spel.when_time_comes("wacht_uren_z")
    assert spel.open == {("voer_eindgesprek_z", "casemanager")}


def test_hours_that_were_credited_count_for_the_lessons(spel):
    _begonnen(spel, "gezinsmigrant")
    spel.when_facts_change(urenNt2Knm=700, urenVerrekendLes=100)
    spel.when_time_comes("wacht_uren_z")
    assert spel.feiten["urenZVol"] is True


def test_the_pip_can_ask_fewer_hours_of_who_sees_or_hears_badly(spel):
    _begonnen(spel, "gezinsmigrant")
    spel.when_facts_change(urenNt2Knm=600, urenVerlaging=200)
    spel.when_time_comes("wacht_uren_z")
    assert spel.open == {("voer_eindgesprek_z", "casemanager")}


def test_after_a_partial_waiver_the_hours_that_duo_gave_are_enough(spel):
    _begonnen(spel, "asielstatushouder")
    spel.when_facts_change(urenNt2Knm=800, urenParticipatie=199, urenBelastbaarheid=200)
    spel.when_time_comes("wacht_uren_z")
    assert spel.feiten["urenZVol"] is False
    spel.when_facts_change(urenParticipatie=200)
    spel.when_time_comes("wacht_uren_z")
    assert spel.open == {("voer_eindgesprek_z", "casemanager")}


def test_a_gezinsmigrant_has_no_norm_for_participation_and_ends_with_the_eindgesprek(spel):
    _begonnen(spel, "gezinsmigrant")
    spel.when_facts_change(urenNt2Knm=800)
    spel.when_time_comes("wacht_uren_z")
    spel.when_done("voer_eindgesprek_z", zRouteBehaald="ja")
    spel.when_done("geef_z_route_door")
    assert spel.einden == ["einde_p08c"]
    assert spel.feiten["leerrouteAfgerond"] is True


def test_a_route_that_is_not_finished_in_the_eindgesprek_goes_on(spel):
    _begonnen(spel, "gezinsmigrant")
    spel.when_facts_change(urenNt2Knm=800)
    spel.when_time_comes("wacht_uren_z")
    spel.when_done("voer_eindgesprek_z", zRouteBehaald="nee")
    assert spel.wachten == {"wacht_uren_z"}


def test_duo_gets_no_date_before_pvt_or_map(spel):
    _begonnen(spel, "gezinsmigrant")
    spel.when_facts_change(urenNt2Knm=800)
    spel.when_time_comes("wacht_uren_z")
    spel.when_done("voer_eindgesprek_z", zRouteBehaald="ja", eindgesprekZRoute=date(2026, 3, 20))
    spel.when_facts_change(pvtDatum=date(2026, 4, 1))
    with pytest.raises(AssertionError, match="PVT"):
        spel.when_done("geef_z_route_door", zrouteAfronding=date(2026, 3, 31))
