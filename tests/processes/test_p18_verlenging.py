"""P18: more time, an exemption or a waiver; the person asks, the gemeente helps, DUO decides."""

from datetime import date, timedelta

import pytest

from routeflow.inburgering import verlenging
from support.tekening import Spel

START = date(2026, 3, 11)
EINDE = date(2029, 3, 11)
"""The first day after the three years."""
DAG = timedelta(days=1)


@pytest.fixture
def spel():
    return Spel("p18_verlenging")


def _loopt(spel, **anders):
    feiten = {
        "doelgroep": "asielstatushouder",
        "leerroute": "B1",
        "dagtekening": date(2026, 3, 10),
        "termijnStart": START,
        "termijnEindExclusief": EINDE,
    }
    spel.given(**feiten | anders)


def _venster(spel, **anders):
    _loopt(spel, **anders)
    spel.when_time_comes("venster_open")


def _aangevraagd(spel, **antwoorden):
    spel.when_done("bespreek_verlenging", **antwoorden)
    if ("geef_verklaring_college", "casemanager") in spel.open:
        spel.when_done("geef_verklaring_college")
    if ("geef_bio_advies", "casemanager") in spel.open:
        spel.when_done("geef_bio_advies")
    spel.when_done("vraag_aan_bij_duo", aanvraagGedaan="ja")


def _verlenging(grond, duur=None):
    """Return the answers for a ground that lasted ``duur`` days in 2027."""
    van = date(2027, 1, 10)
    antwoorden = {"verlengingSoort": "verlenging", "verlengingGrond": grond}
    if duur:
        antwoorden |= {"verlengingVan": van, "verlengingTot": van + timedelta(days=duur)}
    return antwoorden


def test_six_months_before_the_end_the_casemanager_looks_with_the_person(spel):
    _loopt(spel)
    assert spel.moment("venster_open") == date(2028, 9, 11)
    spel.when_time_comes("venster_open")
    assert spel.open == {("bespreek_verlenging", "casemanager")}
    assert spel.uiterlijk("bespreek_verlenging") == date(2028, 10, 9)


def test_who_needs_nothing_is_not_asked_again(spel):
    _venster(spel)
    spel.when_done("bespreek_verlenging", verlengingSoort="geen")
    assert spel.wachten == {"venster_open", "verzoek_ontvangen", "ambtshalve_verlengd"}
    assert spel.moment("venster_open") is None


@pytest.mark.parametrize(
    ("grond", "duur"),
    [
        ("a", 120),
        ("b", None),
        ("c", None),
        ("d", 95),
        ("e", 300),
        ("f", 500),
        ("g-onderwijs", None),
        ("h", 200),
        ("i", 365),
        ("j", 100),
        ("opleiding", None),
    ],
)
def test_the_new_end_is_counted_as_the_law_counts_it(spel, grond, duur):
    _venster(spel)
    antwoorden = _verlenging(grond, duur)
    spel.when_done("bespreek_verlenging", **antwoorden)
    verwacht = verlenging.nieuw_eind(
        EINDE, grond, van=antwoorden.get("verlengingVan"), tot=antwoorden.get("verlengingTot")
    )
    assert spel.feiten["adviesNieuwEind"] == verwacht
    assert spel.feiten["grondArtikel"] == verlenging.GRONDEN[grond].artikel


def test_a_circumstance_of_less_than_three_months_is_refused_by_the_form(spel):
    _venster(spel)
    with pytest.raises(AssertionError, match="drie maanden"):
        spel.when_done("bespreek_verlenging", **_verlenging("a", 80))


def test_a_late_aanbod_asks_a_statement_of_the_college_first(spel):
    _venster(spel, verlengingsgrondG=True, zonderAanbodVanaf=date(2026, 6, 10))
    assert spel.feiten["passendeGronden"] == ["g: de gemeente deed te laat een aanbod"]
    spel.when_done("bespreek_verlenging", **_verlenging("g", 30))
    assert spel.open == {("geef_verklaring_college", "casemanager")}
    assert spel.houder("geef_verklaring_college") != "inburgeraar"
    assert spel.uiterlijk("geef_verklaring_college") == date(2028, 9, 18)
    spel.when_done("geef_verklaring_college")
    assert spel.open == {("vraag_aan_bij_duo", "casemanager")}


def test_the_person_asks_and_is_helped_until_four_weeks_before_the_end(spel):
    _venster(spel)
    spel.when_done("bespreek_verlenging", **_verlenging("c"))
    assert spel.houder("vraag_aan_bij_duo") == "inburgeraar"
    assert spel.uiterlijk("vraag_aan_bij_duo") == date(2029, 2, 10)


def test_duo_extends_and_the_window_opens_again_before_the_new_end(spel):
    _venster(spel)
    _aangevraagd(spel, **_verlenging("c"))
    assert spel.moment("besluit_blijft_uit") == date(2028, 11, 7)
    spel.when_message(
        "SS104",
        termijnEindExclusief=date(2029, 7, 1),
        besluitDuoOordeel="Toekenning",
        verlengingsgrondcode="1c",
    )
    assert spel.open == {("bespreek_besluit_duo", "casemanager")}
    spel.when_done("bespreek_besluit_duo")
    assert spel.moment("venster_open") == date(2029, 1, 1)
    assert spel.feiten["termijnStart"] == START


def test_duo_may_extend_without_being_asked(spel):
    _loopt(spel)
    spel.when_message("SS103", termijnEindExclusief=date(2029, 9, 11))
    assert spel.open == {("bespreek_ambtshalve_besluit", "casemanager")}
    spel.when_done("bespreek_ambtshalve_besluit")
    assert spel.moment("venster_open") == date(2029, 3, 11)


def test_a_refusal_by_duo_is_explained_with_the_way_to_bezwaar(spel):
    _venster(spel)
    _aangevraagd(spel, **_verlenging("b"))
    spel.when_message("SS113", besluitDuoOordeel="Afwijzing")
    assert spel.open == {("bespreek_afwijzing", "casemanager")}
    spel.when_done("bespreek_afwijzing")
    assert "verzoek_ontvangen" in spel.wachten
    assert spel.feiten["termijnEindExclusief"] == EINDE


def test_a_decision_that_stays_away_is_asked_for_every_two_weeks(spel):
    _venster(spel)
    _aangevraagd(spel, **_verlenging("c"))
    spel.when_time_comes("besluit_blijft_uit")
    assert spel.vandaag == date(2028, 11, 7)  # the day after eight weeks
    assert spel.houder("vraag_besluit_duo_op") != "inburgeraar"
    spel.when_done("vraag_besluit_duo_op", besluitBekend="nee")
    assert spel.moment("besluit_blijft_uit") == date(2028, 11, 21)
    spel.when_time_comes("besluit_blijft_uit")
    spel.when_done(
        "vraag_besluit_duo_op", besluitBekend="ja", termijnEindExclusief=date(2029, 7, 1)
    )
    spel.when_done("bespreek_besluit_duo")
    assert spel.feiten["termijnEindExclusief"] == date(2029, 7, 1)


def test_for_bijzondere_omstandigheden_the_college_gives_its_advice(spel):
    _loopt(spel)
    spel.when_message("verzoek_verlenging", toelichtingVerzoek="het gaat niet")
    spel.when_done("bespreek_verlenging", verlengingSoort="ontheffing bijzonder")
    assert spel.open == {("geef_bio_advies", "casemanager")}
    assert spel.uiterlijk("geef_bio_advies") == date(2026, 4, 8)
    spel.when_done("geef_bio_advies", bioAdvies="positief")
    spel.when_done("vraag_aan_bij_duo", aanvraagGedaan="ja")
    spel.when_message("SS118", besluitDuoOordeel="Afwijzing")
    assert spel.open == {("bespreek_afwijzing", "casemanager")}


def test_a_partial_waiver_takes_parts_off_the_exam(spel):
    _loopt(spel, vrijgesteldeOnderdelen=["KNM"])
    spel.when_message("verzoek_verlenging")
    _aangevraagd(spel, verlengingSoort="ontheffing medisch")
    spel.when_message(
        "SS118", besluitDuoOordeel="Toekenning", ontheffingOnderdelen=["SC", "SP", "KNM"]
    )
    assert spel.feiten["vrijgesteldeOnderdelen"] == ["KNM", "SC", "SP"]
    spel.when_done("bespreek_besluit_duo")
    assert "verzoek_ontvangen" in spel.wachten


def test_a_waiver_of_hours_in_the_z_route_leaves_the_exams_alone(spel):
    _loopt(spel, leerroute="Z")
    spel.when_message("verzoek_verlenging")
    _aangevraagd(spel, verlengingSoort="ontheffing medisch")
    spel.when_message("SS119", besluitDuoOordeel="Toekenning", urenBelastbaarheid=200)
    assert "vrijgesteldeOnderdelen" not in spel.feiten
    spel.when_done("bespreek_besluit_duo")


def test_an_exemption_needs_no_ground_of_the_gemeente(spel):
    _loopt(spel)
    spel.when_message("verzoek_verlenging")
    spel.when_done("bespreek_verlenging", verlengingSoort="vrijstelling")
    assert spel.open == {("vraag_aan_bij_duo", "casemanager")}


def test_who_does_not_ask_after_all_does_nothing_wrong(spel):
    _venster(spel)
    spel.when_done("bespreek_verlenging", **_verlenging("c"))
    spel.when_done("vraag_aan_bij_duo", aanvraagGedaan="nee")
    assert spel.open == set()
    assert "verzoek_ontvangen" in spel.wachten


def test_after_the_end_there_is_nothing_left_to_ask(spel):
    _venster(spel)
    spel.nu += timedelta(days=200)
    spel.when_done("bespreek_verlenging", verlengingSoort="geen")
    assert spel.einden == ["einde_p18"]
    assert spel.klaar


KLAAR = {
    "behaaldeOnderdelen": ["LE", "SP", "KNM"],
    "pvtDatum": date(2027, 1, 5),
    "mapEindgesprekDatum": date(2028, 1, 5),
    "leerrouteAfgerond": True,
}


@pytest.mark.parametrize(
    ("feiten", "anders"),
    [
        (KLAAR, {}),
        (KLAAR | {"leerroute": "Z"}, {"leerroute": "Z"}),
        (KLAAR | {"behaaldeOnderdelen": ["LE", "KNM"]}, {"behaald": ["LE", "KNM"]}),
        (KLAAR | {"behaaldeOnderdelen": ["LE", "SP"]}, {"behaald": ["LE", "SP"]}),
        ({k: w for k, w in KLAAR.items() if k != "pvtDatum"}, {"pvt": False}),
        ({k: w for k, w in KLAAR.items() if k != "mapEindgesprekDatum"}, {"map_klaar": False}),
        (KLAAR | {"leerrouteAfgerond": False}, {"lessen_gevolgd": False}),
        (KLAAR | {"verlengingsgrondcode": "1c"}, {"al_verlengd": True}),
        (
            KLAAR | {"doelgroep": "gezinsmigrant", "urenNt2Knm": 449},
            {"doelgroep": "gezinsmigrant", "lesuren": 449},
        ),
        (
            KLAAR | {"doelgroep": "gezinsmigrant", "urenNt2Knm": 450},
            {"doelgroep": "gezinsmigrant", "lesuren": 450},
        ),
        ({}, {"behaald": [], "pvt": False, "map_klaar": False, "lessen_gevolgd": False}),
    ],
)
def test_the_table_of_nearly_done_says_what_the_law_says(spel, feiten, anders):
    gewoon = {
        "leerroute": "B1",
        "doelgroep": "asielstatushouder",
        "behaald": KLAAR["behaaldeOnderdelen"],
        "pvt": True,
        "map_klaar": True,
        "lesuren": 0,
        "lessen_gevolgd": True,
        "al_verlengd": False,
    }
    _venster(spel, **feiten)
    assert spel.feiten["bijnaKlaarMist"] == verlenging.bijna_klaar(**gewoon | anders)


def test_who_is_nearly_done_may_ask_six_months(spel):
    _venster(spel, **KLAAR)
    assert (
        "bijna klaar: alles is gedaan, alleen nog enkele examens" in spel.feiten["passendeGronden"]
    )
    spel.when_done("bespreek_verlenging", **_verlenging("bijna klaar"))
    assert spel.feiten["adviesNieuwEind"] == date(2029, 9, 11)


def test_who_is_not_nearly_done_needs_another_ground(spel):
    _venster(spel)
    with pytest.raises(AssertionError, match="mist nog iets"):
        spel.when_done("bespreek_verlenging", **_verlenging("bijna klaar"))
