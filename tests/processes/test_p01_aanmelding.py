"""P01: from the koppeling to a dossier with a casemanager."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p01_aanmelding")


def _gekoppeld(spel):
    spel.given(naam="Amina", geboortedatum=date(1995, 5, 1), doelgroep="asielstatushouder")


def test_somebody_with_a_duty_gets_a_casemanager_within_five_working_days(spel):
    _gekoppeld(spel)
    assert spel.open == {("controleer_inburgeringsplicht", "casemanager")}
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="plichtig", wet="Wi2021")
    assert spel.open == {("wijs_casemanager_toe", "teamleider")}
    assert spel.uiterlijk("wijs_casemanager_toe") == date(2026, 3, 18)


def test_the_taakstelling_and_the_contact_for_duo_go_side_by_side(spel):
    _gekoppeld(spel)
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="plichtig", wet="Wi2021")
    spel.when_done("wijs_casemanager_toe")
    assert {element for element, _ in spel.open} == {
        "werk_taakstelling_bij",
        "geef_contactpersoon_door",
    }
    spel.when_done("geef_contactpersoon_door")
    assert not spel.klaar
    spel.when_done("werk_taakstelling_bij", teltMee="ja", taakstellingHalfjaar="2026-1")
    assert spel.klaar
    assert spel.einden == ["einde_aangemeld"]


def test_without_a_duty_there_is_no_route(spel):
    _gekoppeld(spel)
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="niet plichtig")
    assert spel.einden == ["einde_niet_plichtig"]


def test_the_law_of_2013_is_another_route(spel):
    _gekoppeld(spel)
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="plichtig", wet="Wi2013")
    assert spel.einden == ["einde_ondertussengroep"]


def test_somebody_of_sixteen_waits_until_duo_reports_the_duty(spel):
    spel.given(naam="Yusuf", geboortedatum=date(2009, 5, 1))
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="vrijgesteld")
    assert spel.open == set()
    spel.when_message("SS101")
    assert spel.open == {("controleer_inburgeringsplicht", "casemanager")}


def test_at_eighteen_somebody_looks_at_duo_again(spel):
    spel.given(naam="Yusuf", geboortedatum=date(2009, 5, 1))
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="vrijgesteld")
    assert spel.moment("achttien_jaar") == date(2027, 5, 1)
    spel.when_time_comes("achttien_jaar")
    assert spel.open == {("controleer_inburgeringsplicht", "casemanager")}
