"""P05: six months in which the gemeente pays the fixed costs."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p05_ontzorgen")


def _ingeschreven(spel):
    spel.given(verblijfsrecht="asiel_bepaald", wet="Wi2021", brpDatum=date(2026, 3, 9))
    spel.when_time_comes("dag_van_vestiging")


def _met_bijstand(spel):
    _ingeschreven(spel)
    spel.when_done(
        "leg_bijstandsbesluit_vast", bijstandToegekend="ja", bijstandIngang=date(2026, 3, 9)
    )


def _loopt(spel):
    _met_bijstand(spel)
    spel.when_done("laat_machtiging_tekenen", machtigingGetekend="ja")


def test_a_regular_permit_gives_no_right_to_it(spel):
    spel.given(verblijfsrecht="regulier_bij_asiel", wet="Wi2021", brpDatum=date(2026, 3, 9))
    assert spel.einden == ["einde_geen_ontzorgen"]


def test_without_bijstand_there_is_nothing_to_pay_from(spel):
    _ingeschreven(spel)
    assert spel.open == {("leg_bijstandsbesluit_vast", "inkomensconsulent")}
    spel.when_done("leg_bijstandsbesluit_vast", bijstandToegekend="nee")
    assert spel.einden == ["einde_geen_bijstand"]


def test_signing_is_the_move_of_the_inburgeraar(spel):
    _met_bijstand(spel)
    assert spel.open == {("laat_machtiging_tekenen", "inkomensconsulent")}
    assert spel.houder("laat_machtiging_tekenen") == "inburgeraar"


def test_who_signs_after_a_talk_goes_on(spel):
    _met_bijstand(spel)
    spel.when_done("laat_machtiging_tekenen", machtigingGetekend="nee")
    assert spel.open == {("bespreek_machtiging", "casemanager")}
    spel.when_done("bespreek_machtiging", machtigingNaGesprek="getekend")
    assert ("betaal_vaste_lasten", "inkomensconsulent") in spel.open


def test_a_refusal_is_a_matter_of_the_participatiewet(spel):
    _met_bijstand(spel)
    spel.when_done("laat_machtiging_tekenen", machtigingGetekend="nee")
    spel.when_done("bespreek_machtiging", machtigingNaGesprek="niet getekend")
    spel.when_done("draag_over_aan_pw")
    assert spel.einden == ["einde_pw"]


def test_the_costs_are_paid_every_month(spel):
    _loopt(spel)
    spel.when_done("betaal_vaste_lasten")
    assert spel.moment("maand_later") == date(2026, 4, 11)
    spel.when_time_comes("maand_later")
    assert ("betaal_vaste_lasten", "inkomensconsulent") in spel.open


def test_it_stops_six_months_after_the_first_day_of_bijstand(spel):
    _loopt(spel)
    assert spel.moment("zes_maanden_om") == date(2026, 9, 8)
    assert spel.moment("tijd_voor_overdracht") == date(2026, 8, 9)
    spel.when_done("start_budgettraining")
    spel.when_time_comes("tijd_voor_overdracht")
    spel.when_time_comes("zes_maanden_om")
    assert spel.open == {("draag_betalingen_over", "inkomensconsulent")}
    spel.when_done("draag_betalingen_over", langerNodig="nee")
    assert spel.einden == ["einde_zelf_betalen"]


def test_after_the_sixth_payment_no_month_is_left(spel):
    _loopt(spel)
    for _ in range(5):
        spel.when_done("betaal_vaste_lasten")
        spel.when_time_comes("maand_later")
    spel.when_done("betaal_vaste_lasten")
    assert "maand_later" not in spel.wachten
    assert ("start_budgettraining", "casemanager") in spel.open


def test_it_stops_earlier_when_bijstand_ends(spel):
    _loopt(spel)
    spel.when_facts_change(bijstandEinde=date(2026, 6, 30))
    assert spel.moment("tijd_voor_overdracht") == date(2026, 6, 30)
    spel.when_time_comes("bijstand_stopt")
    assert ("betaal_vaste_lasten", "inkomensconsulent") not in spel.open


def test_longer_help_needs_a_decision_under_another_article(spel):
    _loopt(spel)
    spel.when_done("start_budgettraining")
    spel.when_time_comes("tijd_voor_overdracht")
    spel.when_done("draag_betalingen_over", langerNodig="ja")
    spel.when_time_comes("zes_maanden_om")
    spel.when_done("leg_verlenging_vast")
    assert spel.einden == ["einde_langer_betalen"]
