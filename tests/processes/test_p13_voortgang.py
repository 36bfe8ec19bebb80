"""P13: the talks about progress, as many as the PIP says and three more."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p13_voortgang")


def _termijn_loopt(spel, aantal=2):
    spel.given(termijnStart=date(2026, 3, 11), aantalVoortgangsgesprekken=aantal)
    spel.when_time_comes("wacht_start_termijn")


def _gesprek(spel, **antwoorden):
    spel.when_time_comes("wacht_moment")
    spel.when_done("bereid_voortgangsgesprek_voor")
    spel.when_done("voer_voortgangsgesprek", **antwoorden)


def test_nothing_is_planned_before_the_termijn_runs(spel):
    spel.given(aantalVoortgangsgesprekken=2)
    assert spel.moment("wacht_start_termijn") is None
    spel.when_facts_change(termijnStart=date(2026, 4, 1))
    assert spel.moment("wacht_start_termijn") == date(2026, 4, 1)


def test_two_talks_fall_after_12_and_24_months_beside_those_of_month_15_and_30(spel):
    _termijn_loopt(spel)
    momenten = []
    while not spel.klaar:
        momenten.append(spel.feiten["voortgangsmoment"])
        _gesprek(spel, verschenen="ja", routeNogPassend="ja")
    assert momenten == [
        date(2027, 3, 11),
        date(2027, 6, 11),
        date(2028, 3, 11),
        date(2028, 9, 11),
    ]
    assert spel.einden == ["einde_p13"]


def test_preparing_begins_ten_working_days_ahead_and_the_talk_is_due_ten_after(spel):
    _termijn_loopt(spel)
    assert spel.moment("wacht_moment") == date(2027, 2, 25)
    spel.when_time_comes("wacht_moment")
    spel.when_done("bereid_voortgangsgesprek_voor")
    assert spel.uiterlijk("voer_voortgangsgesprek") == date(2027, 3, 25)


def test_who_did_not_come_is_called_first(spel):
    _termijn_loopt(spel)
    _gesprek(spel, verschenen="nee")
    assert spel.open == {("zoek_contact_na_afwezigheid", "casemanager")}
    spel.when_done("zoek_contact_na_afwezigheid")
    assert spel.houder("voer_uitgesteld_gesprek") == "inburgeraar"
    spel.when_done("voer_uitgesteld_gesprek", verschenen="ja", routeNogPassend="ja")
    assert spel.wachten == {"wacht_moment"}


def test_a_pip_that_no_longer_fits_is_changed(spel):
    _termijn_loopt(spel)
    _gesprek(spel, verschenen="ja", routeNogPassend="nee")
    assert spel.open == {("pas_pip_aan", "casemanager")}
    spel.when_done("pas_pip_aan", aantalVoortgangsgesprekken=5)
    assert spel.wachten == {"wacht_moment"}
    assert spel.feiten["voortgangsmoment"] == date(2027, 6, 11)
    assert spel.feiten["termijnStart"] == date(2026, 3, 11)


def test_another_leerroute_is_asked_for_and_the_talks_go_on(spel):
    _termijn_loopt(spel)
    spel.when_facts_change(leerroute="B1")
    _gesprek(spel, verschenen="ja", routeNogPassend="nee", routeRichting="Z")
    assert "vraag_routewijziging_voortgang" in spel.gezien
    assert spel.feiten["routeReden"]
    assert spel.wachten == {"wacht_moment"}


def test_the_leerroute_of_today_is_no_change(spel):
    _termijn_loopt(spel)
    spel.when_facts_change(leerroute="B1")
    with pytest.raises(AssertionError, match="al de leerroute"):
        _gesprek(spel, verschenen="ja", routeNogPassend="nee", routeRichting="B1")


def test_the_cycle_ends_with_the_leerroute(spel):
    _termijn_loopt(spel)
    spel.when_facts_change(leerrouteAfgerond=True)
    spel.when_time_comes("wacht_moment")
    assert spel.klaar
    assert spel.einden == ["einde_p13_route"]
