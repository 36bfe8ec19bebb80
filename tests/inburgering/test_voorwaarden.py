"""The law's conditions, at and beside their limits."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from routeflow.inburgering import voorwaarden
from routeflow.inburgering.voorwaarden import MAP_THEMAS

DAG = timedelta(days=1)
START = date(2026, 3, 11)
LAATSTE = date(2027, 9, 10)


@pytest.mark.parametrize(
    ("van", "naar", "besluit", "uitzondering", "mag"),
    [
        ("B1", "Z", LAATSTE, False, True),
        ("B1", "Z", LAATSTE + DAG, False, False),
        ("B1", "Z", LAATSTE + DAG, True, True),
        ("Z", "B1", LAATSTE + DAG, False, False),
        ("B1", "onderwijsroute", LAATSTE + DAG, False, False),
        ("onderwijsroute", "B1", LAATSTE + 500 * DAG, False, True),
        ("onderwijsroute", "Z", LAATSTE + DAG, False, False),
        ("B1", "B1", START, True, False),
    ],
)
def test_another_leerroute_only_until_one_and_a_half_years(van, naar, besluit, uitzondering, mag):
    bezwaar = voorwaarden.routewijziging(
        van=van, naar=naar, besluit=besluit, termijn_start=START, uitzondering=uitzondering
    )
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("leerroute", "uren", "inspanning", "mag"),
    [
        ("B1", 600, True, True),
        ("B1", Decimal("599.75"), True, False),
        ("B1", 600, False, False),
        ("Z", 900, True, False),
        ("onderwijsroute", 900, True, False),
    ],
)
def test_down_to_a2_only_in_the_b1_route_after_600_hours_and_effort(
    leerroute, uren, inspanning, mag
):
    bezwaar = voorwaarden.afschalen_naar_a2(
        leerroute=leerroute, uren_nt2=uren, inspanning_voldoende=inspanning
    )
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("dagtekening", "brp", "mag"),
    [
        (START, START, True),
        (START - DAG, START, False),
        (START, None, False),
        (START + DAG, START, True),
        (START + 2 * DAG, START, False),
        (START - 2 * DAG, START - 9 * DAG, False),
    ],
)
def test_a_pip_is_dated_after_vestiging_and_plicht_and_not_in_the_future(dagtekening, brp, mag):
    bezwaar = voorwaarden.dagtekening_pip(
        dagtekening, begin_plicht=START - DAG, inschrijving_brp=brp, vandaag=START + DAG
    )
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("datum", "mag"),
    [(START - DAG, False), (START, True), (START + DAG, True), (START + 2 * DAG, False)],
)
def test_signing_pvt_and_ending_map_lie_in_the_termijn_and_not_in_the_future(datum, mag):
    bezwaar = voorwaarden.datum_pvt_of_map(datum, termijn_start=START, vandaag=START + DAG)
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("uren", "activiteit", "mag"),
    [(12, True, True), (Decimal("11.75"), True, False), (20, False, False)],
)
def test_pvt_takes_twelve_hours_and_an_activity(uren, activiteit, mag):
    assert (voorwaarden.pvt_compleet(uren, activiteit=activiteit) is None) == mag


def test_map_takes_forty_hours_and_all_eight_themes():
    alles = frozenset(MAP_THEMAS)
    assert len(alles) == 8
    assert voorwaarden.map_compleet(40, themas=alles) is None
    assert voorwaarden.map_compleet(39, themas=alles) is not None
    assert "werkcultuur" in str(voorwaarden.map_compleet(40, themas=alles - {"werkcultuur"}))


@pytest.mark.parametrize(
    ("doelgroep", "les", "participatie", "mag"),
    [
        ("asielstatushouder", 800, 800, True),
        ("asielstatushouder", 800, 799, False),
        ("asielstatushouder", 799, 800, False),
        ("gezinsmigrant", 800, 0, True),
        ("gezinsmigrant", 799, 0, False),
    ],
)
def test_the_z_route_counts_participation_only_for_an_asielstatushouder(
    doelgroep, les, participatie, mag
):
    bezwaar = voorwaarden.z_route_compleet(
        doelgroep=doelgroep, nt2_knm=les, participatie=participatie
    )
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("wet", "verblijfsrecht", "bijstand", "mag"),
    [
        ("Wi2021", "asiel_bepaald", True, True),
        ("Wi2021", "asiel_bepaald", False, False),
        ("Wi2021", "regulier_bij_asiel", True, False),
        ("Wi2013", "asiel_bepaald", True, False),
    ],
)
def test_ontzorgen_needs_the_law_of_2021_an_asylum_permit_and_bijstand(
    wet, verblijfsrecht, bijstand, mag
):
    bezwaar = voorwaarden.ontzorgen(wet=wet, verblijfsrecht=verblijfsrecht, bijstand=bijstand)
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(
    ("oproepen", "gewaarschuwd", "mag"),
    [(2, True, True), (2, False, False), (1, True, False), (3, True, True)],
)
def test_no_review_of_the_intake_before_a_warning_with_a_second_call(oproepen, gewaarschuwd, mag):
    bezwaar = voorwaarden.boete_intake(oproepen=oproepen, gewaarschuwd=gewaarschuwd)
    assert (bezwaar is None) == mag


@pytest.mark.parametrize(("oproepen", "mag"), [(2, False), (3, True)])
def test_the_intake_is_completed_in_absence_after_three_calls(oproepen, mag):
    assert (voorwaarden.intake_in_afwezigheid(oproepen=oproepen) is None) == mag
