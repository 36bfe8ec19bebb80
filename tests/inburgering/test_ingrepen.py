"""Opschorten and verlengen: what they do to a period, for every period and every moment."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.errors import Invalid
from routeflow.inburgering import regels
from routeflow.inburgering.ingrepen import FEIT, Ingreep, hervat, ingrepen, toepassen
from routeflow.inburgering.termijn import Termijn

BEKENDMAKING = {"bekendmaking": date(2026, 3, 2)}
dagen = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def bezwaar(*besluiten):
    feiten = {**BEKENDMAKING, FEIT: [een.als_feit() for een in besluiten]}
    return regels.termijn("besluit_bezwaar", feiten)


def stil(van, tot, termijn="besluit_bezwaar"):
    return Ingreep(termijn, "opschorting", van, tot, "Awb 7:10 lid 2")


def test_a_suspension_of_ten_days_moves_the_raw_end_ten_days():
    gewoon, later = bezwaar(), bezwaar(stil(date(2026, 4, 20), date(2026, 4, 30)))
    ruw = gewoon.uitleg().ruwe_laatste_dag
    assert later.uitleg().ruwe_laatste_dag == ruw + timedelta(days=10)


def test_while_the_clock_stands_still_there_is_no_last_day():
    assert bezwaar(stil(date(2026, 4, 20), None)) is None
    (stand,) = [
        een
        for een in regels.overzicht(
            {
                "voornemen": date(2026, 3, 2),
                FEIT: [stil(date(2026, 3, 5), None, "zienswijze").als_feit()],
            },
            vandaag=date(2026, 3, 9),
        )
        if een.naam == "zienswijze"
    ]
    assert (stand.status, stand.uiterlijk) == ("opgeschort", None)


def test_a_clock_that_runs_again_has_its_last_day_back():
    besluiten = hervat([stil(date(2026, 4, 20), None)], "besluit_bezwaar", date(2026, 4, 30))
    assert bezwaar(*besluiten) == bezwaar(stil(date(2026, 4, 20), date(2026, 4, 30)))


def test_days_that_two_suspensions_share_count_once():
    samen = bezwaar(
        stil(date(2026, 4, 1), date(2026, 4, 11)), stil(date(2026, 4, 6), date(2026, 4, 16))
    )
    assert samen == bezwaar(stil(date(2026, 4, 1), date(2026, 4, 16)))


def test_a_verlenging_sets_the_end_and_never_makes_it_earlier():
    def tot(dag):
        return Ingreep("besluit_bezwaar", "verlenging", date(2026, 4, 1), dag, "Awb 7:10 lid 3")

    gewoon = bezwaar()
    assert bezwaar(tot(date(2026, 8, 3))).uitleg().ruwe_laatste_dag == date(2026, 8, 3)
    assert bezwaar(tot(date(2026, 3, 9))) == gewoon


def test_only_the_period_that_it_names_is_touched():
    feiten = {**BEKENDMAKING, FEIT: [stil(date(2026, 3, 9), date(2026, 3, 19)).als_feit()]}
    assert regels.termijn("bezwaar", feiten) == regels.termijn("bezwaar", BEKENDMAKING)


def test_text_and_typed_dates_read_the_same():
    rij = stil(date(2026, 4, 1), date(2026, 4, 11)).als_feit()
    tekst = {**rij, "van": "2026-04-01", "tot": {"@type": "date", "@value": "2026-04-11"}}
    assert ingrepen({FEIT: [tekst]}) == ingrepen({FEIT: [rij]})


@pytest.mark.parametrize(
    "rij", [{}, {"soort": "pauze", "termijn": "pip"}, {"soort": "opschorting"}]
)
def test_what_cannot_be_read_is_refused_in_words(rij):
    with pytest.raises(Invalid, match="niet te lezen"):
        ingrepen({FEIT: [rij]})


reeksen = st.lists(st.tuples(dagen, st.integers(1, 200)), max_size=5)


@given(dagen, reeksen)
def test_a_suspended_period_never_ends_before_it_would_have(na, paren):
    gewoon = Termijn(na, 6, "weken", "test", atw=True)
    besluiten = [stil(van, van + timedelta(days=lengte)) for van, lengte in paren]
    later = toepassen(gewoon, sorted(besluiten, key=lambda een: een.van))
    assert later.laatste_dag() >= gewoon.laatste_dag()


@given(dagen, reeksen)
def test_the_clock_stands_still_exactly_the_days_that_some_suspension_covers(na, paren):
    besluiten = sorted(
        (stil(van, van + timedelta(days=lengte)) for van, lengte in paren), key=lambda een: een.van
    )
    gedekt = {
        een.van + timedelta(days=dag)
        for een in besluiten
        for dag in range((een.tot - een.van).days)
    }
    gewoon = Termijn(na, 6, "weken", "test", atw=True)
    assert toepassen(gewoon, besluiten).opgeschort.days == len(gedekt)


@given(dagen, reeksen)
def test_counting_twice_gives_the_same(na, paren):
    besluiten = [stil(van, van + timedelta(days=lengte)) for van, lengte in paren]
    feiten = {"bekendmaking": na, FEIT: [een.als_feit() for een in besluiten]}
    assert regels.termijn("besluit_bezwaar", feiten) == regels.termijn(
        "besluit_bezwaar", dict(feiten)
    )
