"""Algemene termijnenwet art. 3, checked against an own computation of Easter."""

from datetime import date, timedelta

import pytest

from routeflow.inburgering.feestdagen import feestdagen, vrije_dag, werkdagen_verder


def pasen(jaar):
    """Return Easter Sunday by the anonymous Gregorian algorithm."""
    a, (b, c) = jaar % 19, divmod(jaar, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    maand, dag = divmod(h + m - 7 * n + 114, 31)
    return date(jaar, maand, dag + 1)


def artikel_3(jaar):
    paasdag = pasen(jaar)
    koningsdag = date(jaar, 4, 27)
    if koningsdag.isoweekday() == 7:
        koningsdag -= timedelta(days=1)
    vast = {date(jaar, 1, 1), date(jaar, 5, 5), date(jaar, 12, 25), date(jaar, 12, 26)}
    return vast | {koningsdag} | {paasdag + timedelta(days=n) for n in (-2, 1, 39, 50)}


@pytest.mark.parametrize("jaar", range(2014, 2100))
def test_the_feestdagen_are_those_of_article_3_and_no_others(jaar):
    assert set(feestdagen(jaar)) == artikel_3(jaar)


@pytest.mark.parametrize("jaar", [2022, 2023, 2024, 2025, 2026, 2027])
def test_5_mei_counts_every_year_and_oudejaarsdag_never(jaar):
    assert vrije_dag(date(jaar, 5, 5)) is not None
    assert date(jaar, 12, 31) not in feestdagen(jaar)
    assert date(jaar, 12, 24) not in feestdagen(jaar)


def test_a_day_equated_by_decree_counts_with_the_name_of_the_decree():
    dag = date(2026, 5, 15)
    assert vrije_dag(dag) is None
    assert vrije_dag(dag, {dag: "Stcrt. 2026, 1"}) == "Stcrt. 2026, 1"


def test_two_feestdagen_on_one_day_are_both_named():
    assert feestdagen(2016)[date(2016, 5, 5)] == "5 mei en Hemelvaartsdag"


def test_the_clock_change_does_not_cost_a_working_day():
    assert werkdagen_verder(date(2026, 3, 27), 1) == date(2026, 3, 30)
    assert werkdagen_verder(date(2026, 10, 23), 1) == date(2026, 10, 26)


def test_working_days_counted_back_skip_days_off_too():
    assert werkdagen_verder(date(2026, 4, 28), -1) == date(2026, 4, 24)
    assert werkdagen_verder(date(2026, 4, 27), 0) == date(2026, 4, 27)
