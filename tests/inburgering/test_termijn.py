"""What the law promises about every period, whatever its dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.inburgering.artikelen import inburgeringstermijn, pip
from routeflow.inburgering.feestdagen import vrije_dag, werkdagen_verder
from routeflow.inburgering.termijn import Termijn, maanden_verder

dagen = st.dates(date(2022, 1, 1), date(2050, 12, 31))
vrij = st.frozensets(dagen, max_size=5)
weken = st.integers(1, 12)
maanden = st.integers(1, 3)


def atw(na, aantal, eenheid="weken"):
    return Termijn(na, aantal, eenheid, "test", atw=True)


termijnen = st.one_of(
    st.builds(atw, dagen, weken),
    st.builds(atw, dagen, maanden, st.just("maanden")),
    st.builds(atw, dagen, st.integers(1, 90), st.just("dagen")),
)


@given(termijnen, vrij)
def test_under_the_atw_the_last_day_is_a_working_day(termijn, vrije_dagen):
    assert vrije_dag(termijn.laatste_dag(vrije_dagen), vrije_dagen) is None


@given(termijnen, vrij)
def test_a_day_off_never_makes_a_termijn_shorter(termijn, vrije_dagen):
    assert termijn.laatste_dag(vrije_dagen) >= termijn.laatste_dag()
    assert termijn.laatste_dag() >= termijn.uitleg().ruwe_laatste_dag


@given(termijnen, vrij)
def test_every_day_skipped_is_told_once_and_in_order(termijn, vrije_dagen):
    uitleg = termijn.uitleg(vrije_dagen)
    over = [een.dag for een in uitleg.overgeslagen]
    assert over == sorted(set(over))
    assert (uitleg.laatste_dag == uitleg.ruwe_laatste_dag) == (not over)
    assert all(een.reden for een in uitleg.overgeslagen)


@given(dagen, st.integers(3, 90), vrij)
def test_a_termijn_of_three_days_or_more_holds_two_working_days(na, aantal, vrije_dagen):
    termijn = atw(na, aantal, "dagen")
    laatste = termijn.laatste_dag(vrije_dagen)
    binnen = [na + timedelta(days=nummer) for nummer in range(1, (laatste - na).days + 1)]
    assert sum(vrije_dag(dag, vrije_dagen) is None for dag in binnen) >= 2


def test_three_days_over_kerst_are_extended_until_they_hold_two_working_days():
    uitleg = atw(date(2026, 12, 24), 3, "dagen").uitleg()
    assert uitleg.laatste_dag == date(2026, 12, 29)
    assert uitleg.overgeslagen[-1].reden.endswith("(Atw art. 2)")


def test_two_days_over_kerst_only_move_to_the_next_working_day():
    assert atw(date(2026, 12, 24), 2, "dagen").laatste_dag() == date(2026, 12, 28)


@given(dagen)
def test_the_inburgeringstermijn_is_three_whole_years_whatever_day_it_ends_on(dagtekening):
    termijn = inburgeringstermijn(dagtekening)
    na_afloop = termijn.laatste_dag() + timedelta(days=1)
    if (termijn.begin.month, termijn.begin.day) == (2, 29):
        assert na_afloop == date(termijn.begin.year + 3, 3, 1)
    else:
        assert na_afloop == termijn.begin.replace(year=termijn.begin.year + 3)


@given(termijnen, weken, weken)
def test_opschorten_twice_is_opschorten_once_for_the_sum(termijn, a, b):
    assert termijn.opschorten(a).opschorten(b) == termijn.opschorten(a + b)


@given(termijnen, st.integers(1, 60))
def test_opschorten_moves_the_raw_end_by_exactly_those_days(termijn, aantal):
    later = termijn.opschorten(aantal).uitleg().ruwe_laatste_dag
    assert later - termijn.uitleg().ruwe_laatste_dag == timedelta(days=aantal)


@given(dagen, st.integers(1, 12), vrij)
def test_counted_back_a_day_never_moves(na, aantal, vrije_dagen):
    termijn = Termijn(na, -aantal, "maanden", "test", atw=False, doorschuiven=True)
    assert termijn.laatste_dag(vrije_dagen) == maanden_verder(na, -aantal)


@given(dagen, dagen)
def test_a_later_kennisgeving_never_gives_an_earlier_pip(een, ander):
    vroeg, laat = sorted((een, ander))
    assert pip(vroeg).laatste_dag() <= pip(laat).laatste_dag()
    assert pip(vroeg, laat) == pip(laat, vroeg) == pip(laat)


@given(dagen, st.integers(1, 30))
def test_working_days_forth_and_back_come_home_from_a_working_day(dag, aantal):
    begin = werkdagen_verder(dag, 1)
    assert werkdagen_verder(werkdagen_verder(begin, aantal), -aantal) == begin


@pytest.mark.parametrize(
    ("aantal", "eenheid"),
    [(91, "dagen"), (13, "weken"), (4, "maanden"), (1, "jaren"), (5, "werkdagen"), (-1, "weken")],
)
def test_the_atw_is_refused_for_what_article_4_and_1_lid_2_leave_out(aantal, eenheid):
    with pytest.raises(ValueError, match="Atw"):
        atw(date(2026, 1, 1), aantal, eenheid)


@pytest.mark.parametrize("dagen_op", [0, -3])
def test_opschorten_for_no_time_is_refused(dagen_op):
    with pytest.raises(ValueError, match="at least one day"):
        atw(date(2026, 1, 1), 1).opschorten(dagen_op)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        Termijn(date(2026, 1, 1), 1, "uren", "test", atw=False)


def test_verlengen_to_an_earlier_day_changes_nothing():
    termijn = inburgeringstermijn(date(2026, 3, 10))
    assert termijn.verlengen_tot(date(2028, 1, 1)) == termijn


def test_the_explanation_names_the_days_skipped():
    tekst = atw(date(2026, 1, 23), 10).uitleg().tekst
    assert tekst == (
        "10 weken na 23-1-2026: 3-4-2026; verschoven naar 7-4-2026"
        " (3-4-2026 Goede Vrijdag, 4-4-2026 zaterdag, 5-4-2026 zondag, 6-4-2026 tweede Paasdag)."
    )
