"""P03: a home, the move and the registration."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p03_huisvesting")


def _uit_het_azc(spel, **feiten):
    spel.given(naam="Amina", komtUitOpvang="ja", gekoppeldDatum=date(2026, 3, 2), **feiten)


def _verhuisd(spel, **feiten):
    _uit_het_azc(spel, **feiten)
    spel.when_done("zoek_woning", woningGevonden="ja")
    spel.when_done("begeleid_verhuizing")


def test_a_home_is_looked_for_within_ten_weeks_of_the_koppeling(spel):
    _uit_het_azc(spel)
    assert spel.open == {("zoek_woning", "huisvesting")}
    assert spel.uiterlijk("zoek_woning") == date(2026, 5, 11)


def test_the_teamleider_helps_when_there_is_no_home(spel):
    _uit_het_azc(spel)
    spel.when_done("zoek_woning", woningGevonden="nee")
    assert spel.open == {("los_woningknelpunt_op", "teamleider")}
    spel.when_done("los_woningknelpunt_op")
    assert spel.open == {("zoek_woning", "huisvesting")}


def test_after_the_move_the_registration_is_recorded(spel):
    _uit_het_azc(spel)
    spel.when_done("zoek_woning", woningGevonden="ja")
    assert spel.open == {("begeleid_verhuizing", "maatschappelijk begeleider")}
    spel.when_done("begeleid_verhuizing")
    assert spel.open == {("leg_brp_inschrijving_vast", "casemanager")}
    assert spel.uiterlijk("leg_brp_inschrijving_vast") == date(2026, 3, 18)


def test_duo_reports_the_settlement(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    spel.when_message("SS120", datumVestigingDuo=spel.vandaag)
    assert spel.einden == ["einde_gevestigd"]


def test_the_start_of_the_ten_weeks_counts_as_settlement_too(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    spel.when_message("SS139", datumKennisgeving=spel.vandaag)
    assert spel.einden == ["einde_gevestigd"]


def test_a_report_that_came_early_is_not_waited_for(spel):
    _verhuisd(spel, datumVestigingDuo=date(2026, 3, 11))
    spel.when_done("leg_brp_inschrijving_vast")
    assert spel.klaar


def test_a_report_that_stays_away_is_asked_for_by_the_gemeente(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    assert spel.moment("vestiging_blijft_uit") == date(2026, 3, 25)
    spel.when_time_comes("vestiging_blijft_uit")
    assert spel.houder("vraag_vestiging_na") is None
    spel.when_done("vraag_vestiging_na")
    assert spel.klaar


def test_a_late_ss120_takes_the_question_away(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    spel.when_time_comes("vestiging_blijft_uit")
    spel.when_message("SS120", datumVestigingDuo=date(2026, 3, 11))
    assert spel.klaar


def test_a_late_ss139_takes_the_question_away(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    spel.when_time_comes("vestiging_blijft_uit")
    spel.when_message("SS139", datumKennisgeving=date(2026, 3, 20))
    assert spel.klaar


def test_another_date_at_duo_is_looked_into(spel):
    _verhuisd(spel)
    spel.when_done("leg_brp_inschrijving_vast")
    spel.when_message("SS120", datumVestigingDuo=date(2026, 3, 2))
    assert spel.open == {("zoek_verschil_vestiging_uit", "casemanager")}
    spel.when_done("zoek_verschil_vestiging_uit", brpDatum=date(2026, 3, 2))
    assert spel.einden == ["einde_gevestigd"]


def test_who_joins_family_needs_no_home_from_the_gemeente(spel):
    spel.given(naam="Yusuf", komtUitOpvang="nee")
    assert spel.open == {("leg_brp_inschrijving_vast", "casemanager")}
