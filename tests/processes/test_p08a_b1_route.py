"""P08a: the B1-route, from the aanbod to being ready for the exam."""

from datetime import date

import pytest

from support.tekening import Spel

PIP = {"leerroute": "B1", "dagtekening": date(2026, 3, 10), "termijnStart": date(2026, 3, 11)}


@pytest.fixture
def spel():
    return Spel("p08a_b1_route")


def _begonnen(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    spel.when_done("doe_aanbod_b1")
    spel.when_done("geef_aanbod_b1_door")
    spel.when_done("bevestig_start_b1", lessenGestart="ja")


def test_the_gemeente_offers_an_asielstatushouder_a_course_within_three_months(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    assert spel.open == {("doe_aanbod_b1", "casemanager")}
    assert spel.uiterlijk("doe_aanbod_b1") == date(2026, 6, 10)


def test_three_months_without_an_aanbod_gives_ground_g_and_the_aanbod_stays_due(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    assert spel.moment("drie_maanden_b1") == date(2026, 6, 11)
    spel.when_time_comes("drie_maanden_b1")
    assert spel.open == {("doe_aanbod_b1", "casemanager"), ("noteer_grond_g_b1", "casemanager")}
    spel.when_done("noteer_grond_g_b1")
    assert spel.feiten["verlengingsgrondG"] is True
    spel.when_done("doe_aanbod_b1")
    assert spel.open == {("geef_aanbod_b1_door", "casemanager")}


def test_an_aanbod_before_the_pip_is_refused(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    with pytest.raises(AssertionError, match="dagtekening"):
        spel.when_done("doe_aanbod_b1", datumAanbod=date(2026, 3, 9))


def test_a_gezinsmigrant_chooses_a_school_without_an_aanbod(spel):
    spel.given(doelgroep="gezinsmigrant", **PIP)
    assert spel.open == {("bevestig_start_b1", "taalaanbieder")}


def test_lessons_that_did_not_start_get_a_new_date_and_no_blame(spel):
    spel.given(doelgroep="asielstatushouder", **PIP)
    spel.when_done("doe_aanbod_b1")
    spel.when_done("geef_aanbod_b1_door")
    spel.when_done("bevestig_start_b1", lessenGestart="nee")
    assert spel.open == {("maak_nieuwe_startafspraak_b1", "casemanager")}
    spel.when_done("maak_nieuwe_startafspraak_b1", startDatum=date(2026, 4, 1))
    assert spel.open == {("bevestig_start_b1", "taalaanbieder")}
    assert spel.uiterlijk("bevestig_start_b1") == date(2026, 4, 10)  # Goede Vrijdag and Pasen


def test_the_school_advises_each_quarter_until_the_exam(spel):
    _begonnen(spel)
    assert spel.moment("wacht_advies_b1") == date(2026, 6, 11)
    spel.when_time_comes("wacht_advies_b1")
    assert spel.open == {("geef_advies_b1", "taalaanbieder")}
    spel.when_done("geef_advies_b1", adviesSchool="doorgaan")
    spel.when_time_comes("wacht_advies_b1")
    spel.when_done("geef_advies_b1", adviesSchool="examen")
    assert spel.klaar
    assert spel.einden == ["einde_p08a"]
    assert spel.feiten["leerrouteAfgerond"] is True


@pytest.mark.parametrize(
    ("advies", "richting"), [("afschalen", "A2"), ("Z", "Z"), ("onderwijsroute", "onderwijsroute")]
)
def test_the_school_may_advise_a2_or_another_leerroute_and_the_lessons_go_on(
    spel, advies, richting
):
    _begonnen(spel)
    spel.when_time_comes("wacht_advies_b1")
    spel.when_done("geef_advies_b1", adviesSchool=advies, routeReden="gaat te snel")
    assert spel.feiten["routeRichting"] == richting
    assert spel.wachten == {"wacht_advies_b1"}


def test_the_advice_for_a2_goes_to_who_decides(spel):
    _begonnen(spel)
    spel.when_time_comes("wacht_advies_b1")
    spel.when_done("geef_advies_b1", adviesSchool="afschalen")
    assert "vraag_routewijziging_b1" in spel.gezien
    assert spel.open == set()
