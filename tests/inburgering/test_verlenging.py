"""Which ground makes the termijn longer, by how much, and who is nearly done."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.inburgering import verlenging
from routeflow.inburgering.verlenging import GRONDEN

EINDE = date(2029, 3, 11)
VAN = date(2027, 1, 10)
KLAAR = {
    "leerroute": "B1",
    "doelgroep": "asielstatushouder",
    "behaald": ("LE", "SP", "KNM"),
    "pvt": True,
    "map_klaar": True,
    "lesuren": 700,
    "lessen_gevolgd": True,
    "al_verlengd": False,
}
dagen = st.dates(date(2022, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("grond", "tot", "nieuw"),
    [
        ("a", date(2027, 7, 10), date(2029, 9, 8)),
        ("b", None, date(2029, 6, 11)),
        ("c", None, date(2029, 7, 1)),
        ("d", date(2027, 6, 10), date(2029, 8, 9)),
        ("e", date(2028, 1, 10), date(2029, 9, 11)),
        ("f", date(2030, 1, 10), date(2031, 3, 11)),
        ("g", date(2027, 2, 9), date(2029, 4, 10)),
        ("g-onderwijs", None, date(2029, 9, 11)),
        ("h", date(2027, 5, 10), date(2029, 7, 9)),
        ("i", date(2027, 5, 10), date(2029, 7, 9)),
        ("j", date(2027, 5, 10), date(2029, 7, 9)),
        ("bijna klaar", None, date(2029, 9, 11)),
        ("opleiding", None, date(2031, 3, 11)),
    ],
)
def test_each_ground_gives_its_own_length(grond, tot, nieuw):
    assert verlenging.bezwaar(grond, van=VAN, tot=tot) is None
    assert verlenging.nieuw_eind(EINDE, grond, van=VAN, tot=tot) == nieuw


def test_every_ground_stands_in_the_table_above():
    assert set(GRONDEN) == {*"abcdefghij", "g-onderwijs", "bijna klaar", "opleiding"}


@pytest.mark.parametrize("grond", [naam for naam, een in GRONDEN.items() if een.vanaf])
def test_a_circumstance_that_lasted_less_than_three_months_is_no_ground(grond):
    bezwaar = verlenging.bezwaar(grond, van=VAN, tot=date(2027, 4, 9))
    assert bezwaar is not None
    assert GRONDEN[grond].artikel in bezwaar
    assert verlenging.bezwaar(grond, van=VAN, tot=date(2027, 4, 10)) is None


@pytest.mark.parametrize(("van", "tot"), [(None, None), (VAN, None), (VAN, VAN)])
def test_a_circumstance_needs_a_first_day_and_a_later_end(van, tot):
    assert verlenging.bezwaar("a", van=van, tot=tot) is not None


def test_the_length_of_an_unknown_time_cannot_be_counted():
    with pytest.raises(ValueError, match="van and tot"):
        verlenging.nieuw_eind(EINDE, "i")


@given(dagen, st.sampled_from(sorted(GRONDEN)), dagen, st.integers(1, 2000))
def test_an_extension_is_always_later_and_never_above_its_ceiling(einde, grond, van, duur):
    nieuw = verlenging.nieuw_eind(einde, grond, van=van, tot=van + timedelta(days=duur))
    assert nieuw > einde
    een = GRONDEN[grond]
    if een.hoogstens:
        assert nieuw <= verlenging.maanden_verder(einde, een.hoogstens)
    elif not een.vast:
        assert nieuw - einde == timedelta(days=duur)


@pytest.mark.parametrize(
    ("anders", "mist"),
    [
        ({}, []),
        ({"leerroute": "Z"}, ["de B1-route"]),
        ({"behaald": ("LE", "KNM")}, ["2 van de 4 taalonderdelen"]),
        ({"behaald": ("LE", "SP")}, ["KNM"]),
        ({"pvt": False}, ["het PVT"]),
        ({"map_klaar": False}, ["de MAP"]),
        ({"lessen_gevolgd": False}, ["alle lessen taal en KNM"]),
        ({"lesuren": 0}, []),
        ({"doelgroep": "gezinsmigrant", "lesuren": 449}, ["450 lesuren taal en KNM"]),
        ({"doelgroep": "gezinsmigrant", "lesuren": 450, "lessen_gevolgd": False}, []),
        ({"al_verlengd": True}, ["een termijn die nog niet is verlengd"]),
    ],
)
def test_who_is_nearly_done_misses_nothing(anders, mist):
    assert verlenging.bijna_klaar(**KLAAR | anders) == mist
