"""P15: the exams, until every part is passed."""

from datetime import date

import pytest

from support.tekening import Spel

PIP = {"dagtekening": date(2026, 3, 10), "termijnStart": date(2026, 3, 11)}


@pytest.fixture
def spel():
    return Spel("p15_examens")


def _aangemeld(spel, *onderdelen, **feiten):
    spel.given(**({"leerroute": "B1"} | PIP | feiten))
    spel.when_done("beoordeel_examenrijpheid", examenrijpeOnderdelen=list(onderdelen))
    spel.when_done("meld_aan_voor_examen", aangemeldeOnderdelen=list(onderdelen))


def _uitslag(spel, onderdeel, resultaat="Geslaagd"):
    spel.when_message("SS199", examenOnderdeel=onderdeel, examenResultaat=resultaat)


def test_the_school_says_which_parts_are_possible(spel):
    spel.given(leerroute="B1", **PIP)
    assert spel.feiten["teHalenOnderdelen"] == ["LE", "LU", "SC", "SP", "KNM"]
    assert spel.open == {("beoordeel_examenrijpheid", "taalaanbieder")}


def test_too_early_means_looking_again_later(spel):
    spel.given(leerroute="B1", **PIP)
    spel.when_done("beoordeel_examenrijpheid", examenKan="nee")
    assert spel.moment("wacht_examenrijp") == date(2026, 6, 11)
    spel.when_time_comes("wacht_examenrijp")
    assert spel.open == {("beoordeel_examenrijpheid", "taalaanbieder")}


def test_enrolling_is_the_inburgeraars_move_and_the_casemanager_helps(spel):
    spel.given(leerroute="B1", **PIP)
    spel.when_done("beoordeel_examenrijpheid", examenrijpeOnderdelen=["KNM"])
    assert spel.open == {("meld_aan_voor_examen", "casemanager")}
    assert spel.houder("meld_aan_voor_examen") == "inburgeraar"


def test_parts_that_are_passed_or_exempt_are_not_asked_again(spel):
    spel.given(leerroute="B1", behaaldeOnderdelen=["LE"], vrijgesteldeOnderdelen=["KNM"], **PIP)
    assert spel.feiten["openOnderdelen"] == ["LU", "SC", "SP"]
    with pytest.raises(AssertionError, match="nog open staan"):
        spel.when_done("beoordeel_examenrijpheid", examenrijpeOnderdelen=["KNM"])


def test_each_result_is_awaited_before_the_next_enrolment(spel):
    _aangemeld(spel, "LE", "LU")
    _uitslag(spel, "LE")
    assert spel.open == set()
    assert spel.feiten["aangemeldeOnderdelen"] == ["LU"]
    _uitslag(spel, "LU", "Gezakt")
    assert spel.feiten["behaaldeOnderdelen"] == ["LE"]
    assert spel.open == {("beoordeel_examenrijpheid", "taalaanbieder")}


def test_what_was_possible_last_time_says_nothing_about_this_time(spel):
    _aangemeld(spel, "SP")
    _uitslag(spel, "SP", "Gezakt")
    spel.when_done("beoordeel_examenrijpheid", examenKan="nee")
    assert spel.wachten == {"wacht_examenrijp"}


def test_when_all_parts_are_passed_the_exams_are_done(spel):
    _aangemeld(spel, "SP", behaaldeOnderdelen=["LE", "LU", "SC", "KNM"])
    _uitslag(spel, "SP")
    assert spel.klaar
    assert spel.einden == ["einde_p15"]


def test_a_result_that_stays_away_is_asked_for_after_eight_weeks(spel):
    _aangemeld(spel, "SP", behaaldeOnderdelen=["LE", "LU", "SC", "KNM"])
    assert spel.moment("uitslag_blijft_uit") == date(2026, 5, 7)  # the term ends on 6 May
    spel.when_time_comes("uitslag_blijft_uit")
    assert spel.open == {("vraag_uitslag_op", "casemanager")}
    spel.when_done("vraag_uitslag_op", examenOnderdeel="SP", examenResultaat="Geslaagd")
    assert spel.klaar


def test_a_result_that_comes_after_all_takes_the_question_away(spel):
    _aangemeld(spel, "SP", behaaldeOnderdelen=["LE", "LU", "SC", "KNM"])
    spel.when_time_comes("uitslag_blijft_uit")
    _uitslag(spel, "SP")
    assert spel.klaar
    assert spel.open == set()


def test_the_z_route_only_has_the_parts_of_the_pip(spel):
    spel.given(leerroute="Z", zRouteA2Onderdelen=["KNM"], **PIP)
    assert spel.feiten["openOnderdelen"] == ["KNM"]


def test_a_z_route_without_exams_is_done_at_once(spel):
    spel.given(leerroute="Z", **PIP)
    assert spel.klaar
