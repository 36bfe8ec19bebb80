"""P22: while DUO has exempted somebody for a time, the terms of the inburgeraar stand still."""

from datetime import date, timedelta

import pytest

from routeflow.inburgering import regels
from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p22_tijdelijke_vrijstelling")


START = {"dagtekening": date(2026, 1, 5), "termijnStart": date(2026, 1, 6)}
STIL = ("inburgeringstermijn", "pvt", "map")


def _vrijgesteld(spel, **feiten):
    spel.given(**START, tijdelijkVrijgesteldVanaf=date(2026, 3, 9), leerroute="B1", **feiten)


def _laatste_dag(spel, naam):
    termijn = regels.termijn(naam, spel.feiten, afspraken={}, geopend=date(2026, 3, 11))
    return None if termijn is None else termijn.laatste_dag()


def test_the_terms_of_the_inburgeraar_stand_still_from_the_day_of_duo(spel):
    _vrijgesteld(spel)
    assert {een["termijn"] for een in spel.feiten["termijnIngrepen"]} == set(STIL)
    assert {een["van"] for een in spel.feiten["termijnIngrepen"]} == {date(2026, 3, 9)}
    assert [_laatste_dag(spel, naam) for naam in STIL] == [None, None, None]


def test_it_is_explained_while_the_route_waits_for_duo(spel):
    _vrijgesteld(spel)
    assert spel.open == {("leg_tijdelijke_vrijstelling_uit", "casemanager")}
    spel.when_done("leg_tijdelijke_vrijstelling_uit")
    assert not spel.klaar


def test_with_a_pip_the_terms_run_again_with_the_days_that_stood_still(spel):
    spel.feiten |= START
    gewoon = _laatste_dag(spel, "inburgeringstermijn")
    _vrijgesteld(spel)
    spel.when_message("SS130", vrijstellingIngetrokkenOp=date(2026, 4, 8))
    assert _laatste_dag(spel, "inburgeringstermijn") == gewoon + timedelta(days=30)
    spel.when_done("leg_tijdelijke_vrijstelling_uit")
    spel.when_done("hervat_route_met_pip")
    assert spel.klaar


def test_without_a_pip_the_intake_is_taken_up_again(spel):
    _vrijgesteld(spel)
    spel.when_message("SS129", vrijstellingIngetrokkenOp=date(2026, 4, 8))
    assert ("hervat_route_zonder_pip", "casemanager") in spel.open
    spel.when_done("hervat_route_zonder_pip")
    assert "einde_hervat_zonder_pip" in spel.einden


def test_what_somebody_else_decided_about_a_term_stays_as_it_is(spel):
    ander = {
        "termijn": "besluit_bezwaar",
        "soort": "opschorting",
        "van": date(2026, 2, 2),
        "tot": None,
        "grond": "Awb 7:10",
        "bewijs": "brief",
        "door": "Kees",
    }
    _vrijgesteld(spel, termijnIngrepen=[ander])
    spel.when_message("SS130", vrijstellingIngetrokkenOp=date(2026, 4, 8))
    assert spel.feiten["termijnIngrepen"][0] == ander
