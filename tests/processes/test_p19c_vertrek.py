"""P19, out of the country: the clock stands still, and nobody asks or blames anything meanwhile."""

from datetime import date, timedelta

import pytest

from routeflow.inburgering import regels
from routeflow.inburgering.vrijstelling import tijdelijk_vrijgesteld
from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p19c_vertrek")


PIP = {"dagtekening": date(2026, 1, 5), "termijnStart": date(2026, 1, 6), "leerroute": "B1"}
WEG = date(2026, 3, 9)
STIL = ("inburgeringstermijn", "pvt", "map")
GEWOON = date(2029, 1, 5)


def _weg(spel):
    spel.given(naam="Amina", vertrokkenOp=WEG, verblijftBuitenNederland="ja", **PIP)


def _laatste_dag(spel, naam="inburgeringstermijn"):
    termijn = regels.termijn(naam, spel.feiten)
    return termijn.laatste_dag() if termijn else None


def test_the_terms_stand_still_from_the_day_of_departure(spel):
    assert regels.termijn("inburgeringstermijn", PIP).laatste_dag() == GEWOON
    _weg(spel)
    assert [_laatste_dag(spel, naam) for naam in STIL] == [None, None, None]
    assert tijdelijk_vrijgesteld(spel.feiten)


def test_the_administration_is_finished_while_the_route_waits(spel):
    _weg(spel)
    assert spel.open == {("maak_administratie_af_na_vertrek", "casemanager")}
    assert spel.houder("maak_administratie_af_na_vertrek") == "gemeente"
    spel.when_done("maak_administratie_af_na_vertrek")
    assert not spel.klaar


@pytest.mark.parametrize("bericht", ["SS120", "SS121"])
def test_whatever_message_tells_of_the_return_the_route_is_resumed(bericht):
    spel = Spel("p19c_vertrek")
    _weg(spel)
    spel.when_message(bericht, datumVestigingDuo=WEG + timedelta(days=60))
    assert _laatste_dag(spel) == GEWOON + timedelta(days=60)


def test_who_is_back_within_a_year_gets_the_days_of_the_gap(spel):
    _weg(spel)
    spel.when_done("maak_administratie_af_na_vertrek")
    spel.when_message("SS120", datumVestigingDuo=WEG + timedelta(days=100))
    assert _laatste_dag(spel) == GEWOON + timedelta(days=100)
    assert not tijdelijk_vrijgesteld(spel.feiten)
    spel.when_done("hervat_route_na_vertrek")
    assert spel.klaar


def test_who_is_back_with_a_pip_of_another_gemeente_gets_them_too(spel):
    _weg(spel)
    spel.when_message("SS121", datumVestigingDuo=WEG + timedelta(days=10))
    assert ("hervat_route_na_vertrek", "casemanager") in spel.open


def test_after_a_year_the_gemeente_asks_duo_and_nobody_else_is_to_move(spel):
    _weg(spel)
    spel.when_done("maak_administratie_af_na_vertrek")
    assert spel.moment("jaar_weg") == date(2027, 3, 10)
    spel.when_time_comes("jaar_weg")
    assert spel.houder("vraag_einde_plicht_na_vertrek") == "gemeente"
    spel.when_done("vraag_einde_plicht_na_vertrek", terugInNederland="nee")
    assert "einde_duo_beslist" in spel.einden


def test_the_gap_that_counts_is_a_year_at_most(spel):
    _weg(spel)
    spel.when_time_comes("jaar_weg")
    spel.when_done(
        "vraag_einde_plicht_na_vertrek",
        terugInNederland="ja",
        datumVestigingDuo=spel.vandaag,
    )
    assert _laatste_dag(spel) == GEWOON + timedelta(days=365)


def test_what_stood_still_for_another_reason_stays_as_it_is(spel):
    ander = {"termijn": "pvt", "soort": "opschorting", "van": date(2026, 2, 2), "tot": None,
             "grond": "Wet inburgering 2021 art. 4", "bewijs": "SS109", "door": "DUO"}  # fmt: skip
    spel.given(naam="Amina", vertrokkenOp=WEG, termijnIngrepen=[ander], **PIP)
    spel.when_message("SS120", datumVestigingDuo=WEG + timedelta(days=10))
    assert spel.feiten["termijnIngrepen"][0] == ander
