"""What keeps a sanction in human hands."""

from decimal import Decimal
from inspect import getmembers, isfunction

import pytest

from routeflow.inburgering import sancties
from routeflow.inburgering.sancties import (
    PLAFOND,
    PLAFOND_NIEUWE_TERMIJN,
    VERWIJTBAARHEID,
    standaardadvies,
)


@pytest.mark.parametrize("doelgroep", ["asielstatushouder", "Asielstatushouder", None])
def test_for_an_asielstatushouder_and_an_unknown_doelgroep_the_advice_is_niets(doelgroep):
    advies = standaardadvies(doelgroep)
    assert (advies.uitkomst, advies.juridische_toets) == ("niets", True)


def test_the_advice_is_never_a_sanction():
    assert standaardadvies("gezinsmigrant").uitkomst == "maatwerk"


@pytest.mark.parametrize(
    ("bedrag", "euro"),
    [
        (sancties.BOETE_INTAKE, 250),
        (sancties.BOETE_BEGELEIDING, 50),
        (sancties.BOETE_BEGELEIDING_MAXIMUM, 800),
        (PLAFOND, 2400),
        (PLAFOND_NIEUWE_TERMIJN[6], 400),
        (PLAFOND_NIEUWE_TERMIJN[12], 800),
        (PLAFOND_NIEUWE_TERMIJN[18], 1200),
        (PLAFOND_NIEUWE_TERMIJN[24], 1600),
    ],
)
def test_the_amounts_are_those_of_the_law_with_their_article(bedrag, euro):
    assert bedrag.euro == euro
    assert any(wet in bedrag.grond for wet in ("Wet", "Besluit"))


def test_without_blame_nothing_is_left_of_an_amount():
    assert VERWIJTBAARHEID["geen"] == 0
    assert VERWIJTBAARHEID["opzet"] == 1
    assert sancties.BOETE_BEGELEIDING.euro * VERWIJTBAARHEID["verminderd"] == Decimal("12.50")


def test_one_function_gives_an_amount_and_it_is_advice():
    """Nothing here takes an act: every function looks, and one says what the law allows at most."""
    eigen = {
        naam
        for naam, wat in getmembers(sancties, isfunction)
        if wat.__module__ == sancties.__name__ and not naam.startswith("_")
    }
    assert eigen == {
        "plicht_bij",
        "bezwaar_tegen_plicht",
        "college_mag_beboeten",
        "standaardadvies",
        "boetebedrag",
        "in_euro",
        "in_woorden",
        "per_mate",
    }
