"""P19, moving in: what the other gemeente did is taken over, and the clock of three years goes on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from routeflow.commands.boetes import boeteadvies
from routeflow.inburgering import regels, uren
from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p19a_verhuizing_in")


INSCHRIJVING = date(2026, 3, 2)
OUD_PIP = date(2025, 1, 6)
BOETE = {
    "plicht": "begeleiding",
    "bedrag": 25,
    "vastgesteld": date(2025, 10, 6),
    "bekendgemaakt": date(2025, 10, 20),
    "onherroepelijk": date(2025, 12, 2),
}


def _verhuisd(spel, **feiten):
    spel.given(
        doelgroep="asielstatushouder",
        vorigeGemeente="Alkmaar",
        datumVestigingDuo=INSCHRIJVING,
        datumKennisgeving=date(2024, 10, 7),
        **feiten,
    )


def _gevraagd(spel):
    spel.when_done("vraag_gegevens_vorige_gemeente_op", vorigeGemeente="Alkmaar")


def _ontvangen(spel, leerroute="B1", **antwoorden):
    spel.when_done(
        "leg_gegevens_vorige_gemeente_vast",
        **{
            "gegevensOntvangen": "ja",
            "pipVorigeGemeente": "ja",
            "dagtekeningVorigPip": OUD_PIP,
            "leerrouteVorigPip": leerroute,
            "boetesVorigeGemeente": [],
            **antwoorden,
        },
    )


def test_the_ten_weeks_of_the_pip_count_from_the_registration_here(spel):
    _verhuisd(spel)
    assert spel.feiten["brpDatumNieuw"] == spel.feiten["brpDatum"] == INSCHRIJVING
    pip = regels.termijn("pip", spel.feiten)
    assert (pip.grond, pip.laatste_dag()) == ("Besluit 5.3 lid 3", date(2026, 5, 11))


def test_what_comes_late_is_the_move_of_the_gemeente_and_never_of_the_inburgeraar(spel):
    _verhuisd(spel)
    assert spel.houder("vraag_gegevens_vorige_gemeente_op") == "gemeente"
    _gevraagd(spel)
    assert spel.houder("leg_gegevens_vorige_gemeente_vast") == "gemeente"
    assert spel.open == {("leg_gegevens_vorige_gemeente_vast", "casemanager")}


def test_who_gets_no_answer_asks_again(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    spel.when_done("leg_gegevens_vorige_gemeente_vast", gegevensOntvangen="nee")
    assert spel.open == {("vraag_gegevens_vorige_gemeente_op", "casemanager")}


def test_without_a_pip_of_the_other_gemeente_the_intake_is_a_whole_one(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    spel.when_done(
        "leg_gegevens_vorige_gemeente_vast", gegevensOntvangen="ja", pipVorigeGemeente="nee"
    )
    assert spel.klaar
    assert "leerrouteOvergenomen" not in spel.feiten


def test_the_leerroute_is_taken_over_and_the_termijn_does_not_begin_again(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    _ontvangen(spel, leerroute="Z")
    assert (spel.feiten["leerroute"], spel.feiten["leerrouteOvergenomen"]) == ("Z", "ja")
    assert spel.feiten["termijnStart"] == OUD_PIP + timedelta(days=1)
    later = spel.feiten | {"dagtekening": date(2026, 4, 13)}
    assert regels.termijn("inburgeringstermijn", later).laatste_dag() == date(2028, 1, 6)


def test_the_days_of_duo_win(spel):
    _verhuisd(spel, termijnStart=date(2025, 1, 9))
    _gevraagd(spel)
    _ontvangen(spel)
    assert spel.feiten["termijnStart"] == date(2025, 1, 9)


def test_the_hours_made_elsewhere_count_for_the_norms_here(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    _ontvangen(
        spel,
        leerroute="Z",
        overgenomenNt2=300,
        overgenomenKnm=40,
        overgenomenParticipatie=200,
        overgenomenPvt=12,
        overgenomenMap=20,
        overgenomenMapPraktijk=16,
    )
    gemaakt = {
        teller.naam: teller.gemaakt
        for teller in uren.tellers(spel.feiten, [], begin=None, eind=None, vandaag=spel.vandaag)
    }
    assert gemaakt == {
        "z_nt2_knm": Decimal(340),
        "z_participatie": Decimal(232),
        "pvt": Decimal(12),
        "map_praktijk": Decimal(16),
    }


def test_a_fine_of_the_other_gemeente_counts_for_recidive_and_for_the_ceiling(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    zaak = {"plicht": "begeleiding", "gedraging": "les", "mate": "opzet"}

    def advies():
        return boeteadvies(spel.feiten, lambda _: "verdubbelen", spel.vandaag)(zaak)["bedrag"]

    assert advies() == 50
    _ontvangen(spel, boetesVorigeGemeente=[BOETE])
    assert advies() == 100


def test_a_fine_that_does_not_stand_yet_is_no_recidive(spel):
    _verhuisd(spel)
    _gevraagd(spel)
    _ontvangen(spel, boetesVorigeGemeente=[{**BOETE, "onherroepelijk": None}])
    zaak = {"plicht": "begeleiding", "gedraging": "les", "mate": "opzet"}
    assert boeteadvies(spel.feiten, lambda _: "verdubbelen", spel.vandaag)(zaak)["bedrag"] == 50
    assert [een["soort"] for een in spel.feiten["nalevingsbesluiten"]] == ["boete"]


def test_an_own_fine_that_the_other_gemeente_names_again_is_not_counted_twice(spel):
    eigen = {
        **BOETE,
        "gedraging": "les (1) (dossier 2024-00001)",
        "soort": "boete",
        "herroepen": None,
    }
    _verhuisd(spel, nalevingsbesluiten=[eigen])
    _gevraagd(spel)
    _ontvangen(spel, boetesVorigeGemeente=[BOETE, {**BOETE, "bekendgemaakt": date(2025, 11, 3)}])
    assert [een["bekendgemaakt"] for een in spel.feiten["nalevingsbesluiten"]] == [
        date(2025, 10, 20),
        date(2025, 11, 3),
    ]
