"""What keeps a sanction in human hands."""

from decimal import Decimal
from inspect import getmembers, isfunction
from uuid import uuid4

import pytest

from routeflow.inburgering import sancties
from routeflow.inburgering.sancties import (
    PLAFOND,
    PLAFOND_NIEUWE_TERMIJN,
    UITKOMSTEN,
    VERWIJTBAARHEID,
    VRAGEN,
    bezwaar_tegen_beoordelaar,
    bezwaar_tegen_vermoeden,
    ontbrekende_antwoorden,
    standaardadvies,
)


@pytest.mark.parametrize("houder", ["gemeente", "partner", "coa", "duo", ""])
def test_what_another_let_pass_is_never_held_against_the_inburgeraar(houder):
    assert bezwaar_tegen_vermoeden(houder=houder, te_laat=True) is not None


def test_only_a_taak_of_the_inburgeraar_that_is_over_can_be_reported():
    assert bezwaar_tegen_vermoeden(houder="inburgeraar", te_laat=True) is None
    assert bezwaar_tegen_vermoeden(houder="inburgeraar", te_laat=False) is not None


def test_who_reports_does_not_judge_and_both_must_be_known():
    melder = uuid4()
    assert bezwaar_tegen_beoordelaar(melder, uuid4()) is None
    assert bezwaar_tegen_beoordelaar(melder, melder) is not None
    assert bezwaar_tegen_beoordelaar(None, melder) is not None
    assert bezwaar_tegen_beoordelaar(melder, None) is not None


@pytest.mark.parametrize("uitkomst", UITKOMSTEN)
def test_every_outcome_but_niets_needs_every_answer(uitkomst):
    alles = {vraag.sleutel: ["ja"] for vraag in VRAGEN}
    assert ontbrekende_antwoorden(uitkomst, alles) == ()
    leeg = ontbrekende_antwoorden(uitkomst, {})
    assert leeg == (() if uitkomst == "niets" else VRAGEN)


def test_there_are_twelve_questions_each_with_a_source():
    assert len(VRAGEN) == len({vraag.sleutel for vraag in VRAGEN}) == 12
    assert all(vraag.bron and vraag.vraag.endswith(("?", ".")) for vraag in VRAGEN)


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
        (sancties.BOETE_PVT_MAP_DUO, 340),
        (sancties.BOETE_LEERROUTE_DUO_MAXIMUM, 1000),
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
        "college_mag_beboeten",
        "bezwaar_tegen_vermoeden",
        "bezwaar_tegen_beoordelaar",
        "ontbrekende_antwoorden",
        "standaardadvies",
        "boetebedrag",
        "in_woorden",
        "per_mate",
    }
