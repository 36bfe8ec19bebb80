"""P14: another leerroute or level A2, tested against the law before and at the decision."""

from datetime import date, timedelta

import pytest

from support.tekening import Spel

LAATSTE = date(2027, 9, 10)
"""The last day for another leerroute of somebody whose termijn began on 11-3-2026."""
DAG = timedelta(days=1)


@pytest.fixture
def spel():
    return Spel("p14_routewijziging")


def _vraag(spel, van, naar, **anders):
    """Ask in July 2026, well inside the year and a half."""
    spel.nu += timedelta(days=120)
    feiten = {
        "doelgroep": "asielstatushouder",
        "leerroute": van,
        "richting": naar,
        "reden": "gaat te snel",
        "dagtekening": date(2026, 3, 10),
        "termijnStart": date(2026, 3, 11),
        "urenNt2Knm": 320,
        "urenNt2": 300,
    }
    spel.given(**feiten | anders)


def _besluit(spel, **antwoorden):
    spel.when_done("geef_advies_route")
    spel.when_done("besluit_over_route", besluitRoute="ja", **antwoorden)


def _gewijzigd(spel):
    spel.when_done("stel_nieuw_pip_vast")
    spel.when_done("maak_nieuw_pip_bekend")
    spel.when_done("geef_nieuw_pip_door")
    assert spel.einden == ["einde_p14"]
    assert spel.feiten["routewijzigingLoopt"] is False


def test_the_aanbieder_advises_the_casemanager_decides_and_duo_hears(spel):
    _vraag(spel, "B1", "Z")
    assert spel.open == {("geef_advies_route", "taalaanbieder")}
    assert spel.uiterlijk("geef_advies_route") == date(2026, 7, 23)
    spel.when_done("geef_advies_route")
    assert spel.open == {("besluit_over_route", "casemanager")}
    assert spel.uiterlijk("besluit_over_route") == date(2026, 8, 6)
    spel.when_done("besluit_over_route", besluitRoute="ja")
    spel.when_done("stel_nieuw_pip_vast")
    assert spel.feiten["leerroute"] == "B1"  # until it is made known, nothing has changed
    spel.when_done("maak_nieuw_pip_bekend")
    assert spel.feiten["leerroute"] == "Z"
    assert spel.uiterlijk("geef_nieuw_pip_door") == spel.vandaag + DAG
    spel.when_done("geef_nieuw_pip_door")
    assert spel.einden == ["einde_p14"]


@pytest.mark.parametrize(
    ("van", "naar"),
    [
        (van, naar)
        for van in ("B1", "onderwijsroute", "Z")
        for naar in ("B1", "onderwijsroute", "Z")
        if van != naar
    ],
)
def test_every_switch_keeps_hours_and_termijn_and_asks_a_new_aanbod(spel, van, naar):
    _vraag(spel, van, naar, datumAanbod=date(2026, 4, 1), leerrouteAfgerond=True)
    _besluit(spel)
    _gewijzigd(spel)
    assert spel.feiten["leerroute"] == naar
    assert spel.feiten["urenNt2Knm"] == 320
    assert spel.feiten["termijnStart"] == date(2026, 3, 11)
    assert spel.feiten["dagtekening"] == date(2026, 3, 10)
    assert spel.feiten["dagtekeningRoute"] == spel.feiten["dagtekeningWijziging"]
    assert not {"datumAanbod", "leerrouteAfgerond"} & spel.feiten.keys()


@pytest.mark.parametrize(
    ("van", "naar", "behaald"),
    [
        ("onderwijsroute", "B1", ["LE", "KNM"]),
        ("B1", "onderwijsroute", ["LE", "KNM"]),
        ("Z", "B1", ["KNM"]),
    ],
)
def test_what_was_passed_stays_passed_but_a2_is_no_b1(spel, van, naar, behaald):
    _vraag(spel, van, naar, behaaldeOnderdelen=["LE", "KNM"])
    _besluit(spel)
    _gewijzigd(spel)
    assert spel.feiten["behaaldeOnderdelen"] == behaald


def test_the_decision_is_never_due_after_the_last_day_for_a_switch(spel):
    spel.nu += timedelta(days=(LAATSTE - spel.vandaag).days - 30)
    _vraag_nu(spel, "B1", "Z")
    spel.when_done("geef_advies_route")
    assert spel.uiterlijk("besluit_over_route") == LAATSTE - timedelta(days=2)  # four weeks
    spel.nu += timedelta(days=25)
    spel.when_done("besluit_over_route", besluitRoute="ja")
    assert spel.uiterlijk("stel_nieuw_pip_vast") == LAATSTE  # and not ten working days
    spel.nu += timedelta(days=6)
    with pytest.raises(AssertionError, match="laatste dag voor een andere leerroute"):
        spel.when_done("stel_nieuw_pip_vast")
    spel.when_done("stel_nieuw_pip_vast", dagtekeningWijziging=LAATSTE)


def _vraag_nu(spel, van, naar, **anders):
    spel.nu -= timedelta(days=120)
    _vraag(spel, van, naar, **anders)


def test_a_switch_that_was_asked_in_time_is_refused_when_the_last_day_has_passed(spel):
    spel.nu += timedelta(days=(LAATSTE - spel.vandaag).days)
    _vraag_nu(spel, "B1", "Z")
    spel.when_done("geef_advies_route")
    spel.nu += DAG
    spel.when_done("besluit_over_route", besluitRoute="ja")
    assert spel.open == {("leg_uit_route_blijft", "casemanager")}
    assert "anderhalf jaar zijn voorbij" in spel.feiten["routeUitleg"]
    spel.when_done("leg_uit_route_blijft")
    assert spel.einden == ["einde_p14_blijft"]
    assert spel.feiten["leerroute"] == "B1"


def test_after_a_year_and_a_half_a_special_case_must_be_explained(spel):
    spel.nu += timedelta(days=(LAATSTE - spel.vandaag).days + 1)
    _vraag_nu(spel, "B1", "Z")
    assert spel.feiten["routeMag"] == "uitzondering"
    spel.when_done("geef_advies_route")
    with pytest.raises(AssertionError, match="uitzondering"):
        spel.when_done("besluit_over_route", besluitRoute="ja", routeUitzondering="nee")
    spel.when_done("besluit_over_route", besluitRoute="ja", routeUitzondering="bijzonder geval")
    assert spel.feiten["routeUitzonderingReden"]
    _gewijzigd(spel)
    assert spel.feiten["leerroute"] == "Z"


def test_from_the_onderwijsroute_to_b1_is_possible_at_any_time(spel):
    spel.nu += timedelta(days=(LAATSTE - spel.vandaag).days + 300)
    _vraag_nu(spel, "onderwijsroute", "B1")
    assert spel.feiten["routeMag"] == "ja"
    _besluit(spel)
    _gewijzigd(spel)
    assert spel.feiten["leerroute"] == "B1"


def test_down_to_a2_after_600_hours_and_enough_effort(spel):
    spel.nu += timedelta(days=(LAATSTE - spel.vandaag).days + 100)
    _vraag_nu(spel, "B1", "A2", urenNt2=600)
    spel.when_done("geef_advies_route")
    with pytest.raises(AssertionError, match="voldoende inspanning"):
        spel.when_done("besluit_over_route", besluitRoute="ja", inspanningVoldoende="nee")
    spel.when_done(
        "besluit_over_route",
        besluitRoute="ja",
        inspanningVoldoende="ja",
        onderdelenA2=["SC", "SP"],
    )
    _gewijzigd(spel)
    assert spel.feiten["leerroute"] == "B1"
    assert spel.feiten["onderdelenA2"] == ["SC", "SP"]
    assert "dagtekeningRoute" not in spel.feiten


@pytest.mark.parametrize(
    ("van", "naar", "uren", "waarom"),
    [
        ("B1", "A2", 599, "600 uur"),
        ("Z", "A2", 900, "alleen in de B1-route"),
        ("B1", "B1", 0, "al de leerroute"),
    ],
)
def test_what_the_law_does_not_allow_is_explained_to_the_person(spel, van, naar, uren, waarom):
    _vraag(spel, van, naar, urenNt2=uren)
    assert spel.open == {("leg_uit_route_blijft", "casemanager")}
    assert waarom in spel.feiten["routeUitleg"]


def test_a_refusal_by_the_law_ends_with_a_talk(spel):
    _vraag(spel, "B1", "A2", urenNt2=599)
    spel.when_done("leg_uit_route_blijft")
    assert spel.einden == ["einde_p14_blijft"]
    assert spel.feiten["routewijzigingLoopt"] is False


def test_the_casemanager_may_decide_that_the_route_stays(spel):
    _vraag(spel, "B1", "Z")
    spel.when_done("geef_advies_route")
    spel.when_done("besluit_over_route", besluitRoute="nee")
    spel.when_done("leg_uit_route_blijft")
    assert spel.einden == ["einde_p14_blijft"]
    assert spel.feiten["leerroute"] == "B1"


def test_a_second_question_joins_the_one_that_is_looked_at(spel):
    _vraag(spel, "B1", "Z", routewijzigingLoopt=True)
    assert spel.einden == ["einde_p14_loopt"]
    assert spel.klaar


def test_without_a_termijn_there_is_no_last_day_yet(spel):
    spel.given(
        leerroute="B1", richting="Z", reden="te snel", doelgroep="asielstatushouder", urenNt2=0
    )
    assert spel.feiten["routeMag"] == "ja"
    spel.when_done("geef_advies_route")
    assert spel.uiterlijk("besluit_over_route") == date(2026, 4, 8)
