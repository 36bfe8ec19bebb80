"""P04: practical help from the day of registration."""

from datetime import date

import pytest

from support.tekening import Spel

ONDERWERPEN = 7


@pytest.fixture
def spel():
    return Spel("p04_maatschappelijke_begeleiding")


def _begonnen(spel, kinderen):
    spel.given(naam="Amina", doelgroep="asielstatushouder", brpDatum=date(2026, 3, 9))
    spel.when_time_comes("inschrijfdag")
    spel.when_done("start_begeleiding", heeftKinderen=kinderen)


def test_the_help_waits_for_the_day_of_registration(spel):
    spel.given(naam="Amina", doelgroep="asielstatushouder")
    assert spel.open == set()
    spel.when_facts_change(brpDatum=date(2026, 3, 16))
    assert spel.moment("inschrijfdag") == date(2026, 3, 16)
    spel.when_time_comes("inschrijfdag")
    assert spel.open == {("start_begeleiding", "maatschappelijk begeleider")}
    assert spel.uiterlijk("start_begeleiding") == date(2026, 3, 23)


def test_a_gezinsmigrant_has_no_right_to_it(spel):
    spel.given(naam="Olena", doelgroep="gezinsmigrant", brpDatum=date(2026, 3, 9))
    assert spel.einden == ["einde_geen_begeleiding"]


def test_every_topic_is_a_taak_of_its_own_and_all_must_be_done(spel):
    _begonnen(spel, "nee")
    for _ in range(ONDERWERPEN):
        spel.when_done("regel_basisvoorziening")
        assert ("sluit_begeleiding_af", "maatschappelijk begeleider") not in spel.open
    assert spel.open == {("geef_voorlichting", "maatschappelijk begeleider")}
    for _ in range(ONDERWERPEN):
        spel.when_done("geef_voorlichting")
    assert spel.open == {("sluit_begeleiding_af", "maatschappelijk begeleider")}
    spel.when_done("sluit_begeleiding_af")
    assert spel.einden == ["einde_begeleiding"]


def test_school_and_childcare_only_come_up_with_children(spel):
    _begonnen(spel, "ja")
    assert ("regel_school_en_opvang", "maatschappelijk begeleider") in spel.open
    assert spel.uiterlijk("regel_school_en_opvang") == date(2026, 4, 22)
    spel.when_done("regel_school_en_opvang")
    assert ("regel_school_en_opvang", "maatschappelijk begeleider") not in spel.open
