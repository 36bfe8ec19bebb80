"""P23: another doelgroep changes who offers, pays and helps; the leerroute and the clock go on."""

from datetime import date
from decimal import Decimal

import pytest

from routeflow.inburgering import regels, uren
from support.tekening import Spel
from support.tocht import reis


@pytest.fixture
def spel():
    return Spel("p23_doelgroep")


PIP = {"dagtekening": date(2026, 1, 5), "termijnStart": date(2026, 1, 6), "leerroute": "B1"}


def _aangepast(spel, **feiten):
    spel.given(**{**PIP, **feiten})
    spel.when_done("bekijk_doelgroep")
    spel.when_done("pas_pip_aan_doelgroep")
    spel.when_done("maak_pip_doelgroep_bekend")


def test_the_gemeente_looks_first_at_what_changes(spel):
    spel.given(doelgroep="gezinsmigrant", **PIP)
    assert spel.open == {("bekijk_doelgroep", "casemanager")}
    assert spel.houder("bekijk_doelgroep") == "gemeente"
    assert spel.feiten["doelgroepRoute"] == "gezinsmigrant"


def test_before_the_pip_there_is_none_to_adapt(spel):
    spel.given(doelgroep="gezinsmigrant")
    spel.when_done("bekijk_doelgroep")
    assert spel.open == {("bespreek_keuze_school_doelgroep", "casemanager")}
    spel.when_done("bespreek_keuze_school_doelgroep")
    assert spel.klaar


def test_the_intensity_of_the_leerroute_stands_in_the_pip_of_an_asielstatushouder_only(spel):
    spel.given(doelgroep="gezinsmigrant", intensiteitUren=12, **PIP)
    assert "intensiteitUren" not in spel.feiten


def test_who_becomes_an_asielstatushouder_gets_an_offer_that_counts_from_the_new_pip(spel):
    _aangepast(spel, doelgroep="asielstatushouder", verblijfsrecht="regulier_bij_asiel")
    assert spel.feiten["dagtekeningRoute"] == spel.vandaag
    aanbod = regels.termijn("aanbod", spel.feiten)
    assert aanbod.laatste_dag() == date(2026, 6, 11)
    assert spel.feiten["intensiteitUren"] == 1
    spel.when_done("geef_pip_doelgroep_door")
    assert spel.wachten >= {"inschrijfdag"}


def test_who_becomes_an_asielstatushouder_gets_help_until_it_is_done(spel):
    spel.given(doelgroep="asielstatushouder", brpDatum=date(2026, 1, 2))
    spel.when_done("bekijk_doelgroep", verblijfsrecht="regulier_bij_asiel")
    assert "einde_ontzorgen_doelgroep" in spel.einden  # no permit of Vw 28, no ontzorgen
    spel.when_time_comes("inschrijfdag")
    assert spel.open == {("start_begeleiding", "maatschappelijk begeleider")}
    reis(spel)
    assert "einde_begeleiding_doelgroep" in spel.einden


def test_the_help_ends_when_the_doelgroep_changes_again(spel):
    spel.given(doelgroep="asielstatushouder", brpDatum=date(2026, 1, 2), wet="Wi2021")
    spel.when_done("bekijk_doelgroep", verblijfsrecht="asiel_bepaald")
    spel.when_time_comes("inschrijfdag")
    spel.when_time_comes("dag_van_vestiging")
    assert len(spel.open) == 2
    spel.when_facts_change(doelgroep="gezinsmigrant")
    assert spel.open == set()
    assert set(spel.einden) == {
        "einde_begeleiding_vervalt_doelgroep",
        "einde_ontzorgen_vervalt_doelgroep",
    }


def test_who_is_no_asielstatushouder_any_more_chooses_the_school(spel):
    _aangepast(spel, doelgroep="gezinsmigrant", datumAanbod=date(2026, 2, 2), lessenGestart="ja")
    assert not {"datumAanbod", "lessenGestart"} & spel.feiten.keys()
    spel.when_done("geef_pip_doelgroep_door")
    spel.when_done("bespreek_keuze_school_doelgroep")
    assert spel.einden == ["einde_eigen_school"]


def test_a_leerroute_that_is_done_does_not_begin_again(spel):
    _aangepast(
        spel, doelgroep="gezinsmigrant", leerrouteAfgerond=True, datumAanbod=date(2026, 2, 2)
    )
    assert "leerroute_opnieuw" not in spel.gezien
    assert spel.feiten["datumAanbod"] == date(2026, 2, 2)


def test_the_norms_follow_the_doelgroep_and_the_termijn_does_not(spel):
    def normen(doelgroep):
        feiten = {**PIP, "doelgroep": doelgroep, "leerroute": "Z", "urenNt2Knm": Decimal(100)}
        tellers = uren.tellers(feiten, [], begin=None, eind=None, vandaag=spel.vandaag)
        return {teller.naam for teller in tellers}, regels.termijn("inburgeringstermijn", feiten)

    (asiel, eind), (gezin, zelfde) = normen("asielstatushouder"), normen("gezinsmigrant")
    assert asiel - gezin == {"z_participatie"}
    assert eind == zelfde
