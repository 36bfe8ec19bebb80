"""P12: the module arbeidsmarkt en participatie."""

from datetime import date

import pytest

from support.tekening import Spel

TWEE_THEMAS = ["netwerk", "werkcultuur"]


@pytest.fixture
def spel():
    return Spel("p12_map")


def _met_plan(spel):
    spel.given(leerroute="B1", dagtekening=date(2026, 3, 10), termijnStart=date(2026, 3, 11))
    spel.when_done("maak_map_plan", mapThemas=TWEE_THEMAS)


def _genoeg_gedaan(spel):
    _met_plan(spel)
    spel.when_done("registreer_map_activiteiten", themas=TWEE_THEMAS, uren=60, praktijkUren=40)


def test_the_map_aanbieder_plans_within_six_months_after_the_pip(spel):
    spel.given(leerroute="B1", dagtekening=date(2026, 3, 10), termijnStart=date(2026, 3, 11))
    assert spel.open == {("maak_map_plan", "map-aanbieder")}
    assert spel.uiterlijk("maak_map_plan") == date(2026, 9, 10)


def test_39_hours_of_practice_are_not_enough(spel):
    _met_plan(spel)
    spel.when_done("registreer_map_activiteiten", themas=TWEE_THEMAS, uren=60, praktijkUren=39)
    assert spel.open == {("registreer_map_activiteiten", "map-aanbieder")}
    spel.when_done("registreer_map_activiteiten", themas=["netwerk"], uren=1, praktijkUren=1)
    assert spel.open == {("rond_portfolio_af", "map-aanbieder")}
    assert spel.feiten["urenMap"] == 61


def test_each_theme_of_the_plan_must_have_been_done(spel):
    _met_plan(spel)
    spel.when_done("registreer_map_activiteiten", themas=["netwerk"], uren=60, praktijkUren=60)
    assert spel.open == {("registreer_map_activiteiten", "map-aanbieder")}


def test_the_portfolio_is_registered_by_the_aanbieder_and_never_held_against_the_inburgeraar(spel):
    _genoeg_gedaan(spel)
    assert spel.houder("rond_portfolio_af") == "partner"


def test_the_gemeente_itself_holds_the_eindgesprek(spel):
    _genoeg_gedaan(spel)
    spel.when_done("rond_portfolio_af")
    assert spel.open == {("voer_eindgesprek_map", "casemanager")}
    spel.when_done("voer_eindgesprek_map", mapBehaald="ja")
    spel.when_done("geef_map_door")
    assert spel.einden == ["einde_p12"]
    assert spel.feiten["mapEindgesprekDatum"] == date(2026, 3, 11)


def test_a_map_that_is_not_finished_goes_on(spel):
    _genoeg_gedaan(spel)
    spel.when_done("rond_portfolio_af")
    spel.when_done("voer_eindgesprek_map", mapBehaald="nee")
    assert spel.open == {("registreer_map_activiteiten", "map-aanbieder")}


def test_who_had_the_eindgesprek_in_another_gemeente_does_not_do_it_again(spel):
    spel.given(leerroute="B1", mapEindgesprekDatum=date(2026, 3, 20))
    assert spel.einden == ["einde_map_al_gedaan"]
    assert spel.klaar
