"""P10: taking part in town and practising the language outside the lessons."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p10_participatie")


def _met_weekplan(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", startDatum=date(2026, 3, 16))
    spel.when_done("maak_weekplan")


def test_the_weekplan_is_due_four_weeks_after_the_lessons_start(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", startDatum=date(2026, 3, 16))
    assert spel.open == {("maak_weekplan", "casemanager")}
    assert spel.uiterlijk("maak_weekplan") == date(2026, 4, 13)


def test_taalmaatje_and_work_go_side_by_side(spel):
    _met_weekplan(spel)
    assert spel.open == {
        ("koppel_taalmaatje", "participatiepartner"),
        ("signaleer_kans_op_werk", "casemanager"),
    }
    spel.when_done("koppel_taalmaatje", taalmaatje="gekoppeld")
    assert spel.open == {("signaleer_kans_op_werk", "casemanager")}


def test_a_chance_of_work_goes_to_the_werkpartner(spel):
    _met_weekplan(spel)
    spel.when_done("signaleer_kans_op_werk", kansOpWerk="ja")
    assert ("regel_leerwerkplek", "werkpartner") in spel.open
    spel.when_done("regel_leerwerkplek")
    assert spel.wachten == {"wacht_weekplan"}


def test_without_a_chance_the_casemanager_looks_again_after_half_a_year(spel):
    _met_weekplan(spel)
    spel.when_done("signaleer_kans_op_werk", kansOpWerk="nee")
    assert spel.moment("wacht_weekplan") == date(2026, 9, 11)
    spel.when_time_comes("wacht_weekplan")
    spel.when_done("stel_weekplan_bij")
    assert ("signaleer_kans_op_werk", "casemanager") in spel.open


def test_it_ends_with_the_leerroute_and_takes_an_open_taalmaatje_away(spel):
    _met_weekplan(spel)
    spel.when_done("signaleer_kans_op_werk", kansOpWerk="nee")
    spel.when_facts_change(leerrouteAfgerond=True)
    spel.when_time_comes("wacht_weekplan")
    assert spel.klaar
    assert spel.open == set()
