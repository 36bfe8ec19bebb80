"""P02: the casemanager meets the newcomer and takes over from COA."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p02_warme_overdracht")


def _gekoppeld(spel, **feiten):
    spel.given(naam="Amina", gekoppeldDatum=date(2026, 3, 9), **feiten)


def test_the_first_contact_is_within_fifteen_working_days_of_the_koppeling(spel):
    _gekoppeld(spel)
    assert spel.open == {("voer_eerste_contact", "casemanager")}
    assert spel.uiterlijk("voer_eerste_contact") == date(2026, 3, 30)


def test_the_dossier_of_coa_leads_to_a_warm_handover(spel):
    _gekoppeld(spel)
    spel.when_done("voer_eerste_contact", komtUitOpvang="ja")
    assert spel.open == set()
    spel.when_message("overdrachtdossier", overdrachtdossierDatum=date(2026, 3, 12))
    assert spel.open == {("voer_overdrachtsgesprek", "casemanager")}
    spel.when_done("voer_overdrachtsgesprek")
    spel.when_done("haal_examennummer_op", lbtExamennummer="123456789012")
    assert spel.einden == ["einde_overgedragen"]


def test_a_dossier_that_came_early_is_not_waited_for(spel):
    _gekoppeld(spel, overdrachtdossierDatum=date(2026, 3, 10))
    spel.when_done("voer_eerste_contact", komtUitOpvang="ja")
    assert spel.open == {("voer_overdrachtsgesprek", "casemanager")}


def test_a_missing_dossier_is_asked_for_and_never_the_newcomers_fault(spel):
    _gekoppeld(spel)
    spel.when_done("voer_eerste_contact", komtUitOpvang="ja")
    spel.when_time_comes("overdracht_blijft_uit")
    assert spel.houder("vraag_overdrachtdossier_op") == "gemeente"
    spel.when_done("vraag_overdrachtdossier_op", overdrachtdossierErIs="nee")
    assert spel.open == {("voer_overdrachtsgesprek", "casemanager")}


def test_a_dossier_that_comes_late_takes_the_question_away(spel):
    _gekoppeld(spel)
    spel.when_done("voer_eerste_contact", komtUitOpvang="ja")
    spel.when_time_comes("overdracht_blijft_uit")
    spel.when_message("overdrachtdossier", overdrachtdossierDatum=date(2026, 4, 8))
    assert spel.open == {("voer_overdrachtsgesprek", "casemanager")}


def test_who_joins_family_has_no_handover_from_coa(spel):
    _gekoppeld(spel)
    spel.when_done("voer_eerste_contact", komtUitOpvang="nee")
    assert spel.open == {("haal_examennummer_op", "casemanager")}
