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


def test_a2_needs_600_hours_of_nt2(spel):
    _begonnen(spel)
    spel.when_time_comes("wacht_advies_b1")
    spel.when_facts_change(urenNt2=599)
    spel.when_done("geef_advies_b1", adviesSchool="afschalen")
    assert spel.feiten["a2Mogelijk"] is False
    with pytest.raises(AssertionError, match="genoeg uren NT2"):
        spel.when_done("besluit_over_afschaling", afschalen="ja", inspanningVoldoende="ja")
    spel.when_done("besluit_over_afschaling", afschalen="nee")
    assert spel.wachten == {"wacht_advies_b1"}


def test_after_600_hours_the_casemanager_may_decide_on_a2(spel):
    _begonnen(spel)
    spel.when_time_comes("wacht_advies_b1")
    spel.when_facts_change(urenNt2=600)
    spel.when_done("geef_advies_b1", adviesSchool="afschalen")
    spel.when_done("besluit_over_afschaling", afschalen="ja", onderdelenA2=["SC", "SP"])
    assert spel.feiten["onderdelenA2"] == ["SC", "SP"]
    assert not spel.klaar
