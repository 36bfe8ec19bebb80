"""What the college may fine at most, as advice: Besluit art. 7.1, with every reason not to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeflow.inburgering.sancties import (
    BOETE_BEGELEIDING_MAXIMUM,
    BOETE_INTAKE,
    OPTELLEN,
    PLAFOND,
    PLAFOND_NIEUWE_TERMIJN,
    PLICHTEN_ART_23,
    VERDUBBELEN,
    VERWIJTBAARHEID,
    EerderBesluit,
    Overtreding,
    boetebedrag,
    in_woorden,
)

VANDAAG = date(2026, 5, 5)
LES = Overtreding("les 1", "begeleiding", VANDAAG, mate="opzet")
INTAKE = Overtreding("oproep 2", "intake", VANDAAG, mate="normaal", herhaalde_oproep=True)


def eerder(
    nummer=1,
    *,
    vastgesteld=date(2026, 1, 5),
    bedrag=50,
    plicht="begeleiding",
    onherroepelijk=date(2026, 3, 1),
    **anders,
):
    return EerderBesluit(
        f"eerder {nummer}",
        plicht,
        anders.pop("soort", "boete"),
        Decimal(bedrag),
        vastgesteld,
        vastgesteld + timedelta(days=14),
        onherroepelijk,
        **anders,
    )


# the examples of the law (Besluit art. 7.1)


@pytest.mark.parametrize(
    ("mate", "keer", "euro"),
    [
        ("normaal", 0, "25"),
        ("verminderd", 0, "12.50"),
        ("grove schuld", 0, "37.50"),
        ("opzet", 0, "50"),
        ("opzet", 1, "100"),
        ("opzet", 2, "200"),
        ("opzet", 3, "400"),
        ("opzet", 4, "800"),
        ("opzet", 5, "800"),
        ("normaal", 1, "50"),
    ],
)
def test_the_amount_of_art_23_doubles_with_each_earlier_violation(mate, keer, euro):
    vorige = [eerder(nummer, bedrag=10) for nummer in range(keer)]
    assert boetebedrag(replace(LES, mate=mate), vorige).bedrag == Decimal(euro)


@pytest.mark.parametrize(("keer", "euro"), [(0, 50), (1, 100), (2, 150), (4, 250), (20, 800)])
def test_the_other_reading_adds_and_the_advice_says_that_it_is_a_choice(keer, euro):
    vorige = [eerder(nummer, bedrag=10) for nummer in range(keer)]
    advies = boetebedrag(LES, vorige, recidive=OPTELLEN)
    assert advies.bedrag == euro
    assert any("Onzeker: verdubbelen of optellen" in zin for zin in advies.opmerkingen)
    assert OPTELLEN in in_woorden(advies)


@pytest.mark.parametrize("mate", ["opzet", "normaal", "verminderd", None])
def test_the_amount_for_the_intake_has_no_steps(mate):
    assert boetebedrag(replace(INTAKE, mate=mate)).bedrag == BOETE_INTAKE.euro == 250


@pytest.mark.parametrize(
    ("vastgesteld", "telt"),
    [
        (date(2025, 5, 4), False),
        (date(2025, 5, 5), True),  # twelve months counted back; it never moves for a day off
        (date(2026, 5, 4), True),
        (date(2026, 5, 5), False),
    ],
)
def test_twelve_months_are_counted_back_from_the_day_of_finding(vastgesteld, telt):
    vorige = eerder(vastgesteld=vastgesteld, onherroepelijk=vastgesteld)
    assert boetebedrag(LES, [vorige]).bedrag == (100 if telt else 50)


@pytest.mark.parametrize(
    "vorige",
    [
        eerder(onherroepelijk=None),
        eerder(onherroepelijk=VANDAAG + timedelta(days=1)),
        eerder(herroepen=date(2026, 4, 1)),
        eerder(plicht="intake", bedrag=250),
        eerder(soort="maatregel Participatiewet"),
        eerder(soort="geen gevolg"),
    ],
)
def test_only_an_earlier_fine_of_art_23_that_stands_raises_the_amount(vorige):
    assert boetebedrag(LES, [vorige]).bedrag == 50


@pytest.mark.parametrize(
    ("samen", "euro"), [(2350, 50), (2375, 25), (2399, 1), (2400, None), (5000, None)]
)
def test_all_fines_together_stay_under_the_ceiling(samen, euro):
    vorige = eerder(bedrag=samen, vastgesteld=date(2024, 1, 5), onherroepelijk=date(2024, 4, 1))
    advies = boetebedrag(LES, [vorige])
    assert advies.bedrag == euro
    if euro is None:
        assert "plafond" in in_woorden(advies)


@pytest.mark.parametrize("maanden", PLAFOND_NIEUWE_TERMIJN)
def test_in_a_new_term_only_the_fines_of_that_term_count_under_a_lower_ceiling(maanden):
    vanaf = date(2026, 1, 1)
    nieuw = replace(INTAKE, nieuwe_termijn=(maanden, vanaf))
    ervoor = eerder(bedrag=2400, vastgesteld=date(2025, 6, 1))
    assert boetebedrag(nieuw, [ervoor]).bedrag == 250
    plafond = int(PLAFOND_NIEUWE_TERMIJN[maanden].euro)
    erin = eerder(bedrag=plafond - 100, vastgesteld=date(2026, 2, 1))
    assert boetebedrag(nieuw, [ervoor, erin]).bedrag == 100


@pytest.mark.parametrize(
    ("bekendgemaakt", "over"),
    [
        (date(2025, 12, 31), 250),
        (date(2026, 1, 1), 100),  # the first day of the new term
        (None, 100),  # not told yet, so not before it either
    ],
)
def test_a_fine_counts_from_the_first_day_of_a_new_term_also_while_nobody_was_told(
    bekendgemaakt, over
):
    nieuw = replace(INTAKE, nieuwe_termijn=(6, date(2026, 1, 1)))
    erin = replace(eerder(bedrag=300), bekendgemaakt=bekendgemaakt)
    assert boetebedrag(nieuw, [erin]).bedrag == over


def test_a_fine_that_was_taken_back_leaves_its_room_under_the_ceiling():
    terug = replace(eerder(bedrag=2400), herroepen=date(2026, 4, 1))
    assert boetebedrag(INTAKE, [terug]).bedrag == 250


def test_a_maatregel_that_was_taken_back_stands_in_the_way_of_no_fine():
    maatregel = EerderBesluit("les 1", "begeleiding", "maatregel Participatiewet")
    assert boetebedrag(LES, [maatregel]).bedrag is None
    assert boetebedrag(LES, [replace(maatregel, herroepen=date(2026, 4, 1))]).bedrag == 50


# why no fine is possible


@pytest.mark.parametrize(
    ("overtreding", "eerdere", "artikel"),
    [
        (replace(LES, mate="geen"), [], "Awb 5:41"),
        (replace(LES, bijstand_verlaagd=True), [], "Wet 27"),
        (LES, [EerderBesluit("les 1", "begeleiding", "maatregel Participatiewet")], "Wet 27"),
        (LES, [EerderBesluit("les 1", "begeleiding", "boete")], "Awb 5:43"),
        (LES, [EerderBesluit("les 1", "begeleiding", "geen gevolg")], "Awb 5:43"),
        (
            LES,
            [EerderBesluit("les 1", "begeleiding", "boete", herroepen=date(2026, 4, 1))],
            "Awb 5:43",
        ),
        (replace(LES, gedraging=None), [], "Awb 5:43"),
        (replace(LES, op=date(2021, 5, 4)), [], "Awb 5:45"),
        (replace(INTAKE, op=date(2023, 5, 4)), [], "Awb 5:45"),
        (replace(INTAKE, herhaalde_oproep=False), [], "Wet 14 lid 1 en 22 lid 1"),
        (replace(LES, plicht="ontzorgen"), [], "Wet 22 tot en met 25"),
        (replace(LES, plicht="examen niet op tijd"), [], "Wet 22 tot en met 25"),
        (replace(LES, plicht=None), [], "Wet 22 tot en met 25"),
        (
            replace(LES, plicht="leerroute", doelgroep="gezinsmigrant"),
            [],
            "Wet 15 lid 2 en 23 lid 1",
        ),
    ],
)
def test_no_amount_is_given_where_no_fine_is_possible(overtreding, eerdere, artikel):
    advies = boetebedrag(overtreding, eerdere)
    assert advies.bedrag is None
    assert [een.grond for een in advies.bezwaren] == [artikel]
    assert in_woorden(advies).startswith("Een boete kan niet:")


@pytest.mark.parametrize(
    "overtreding", [replace(LES, op=date(2021, 5, 5)), replace(INTAKE, op=date(2023, 5, 5))]
)
def test_on_the_last_day_of_the_limitation_it_is_still_possible(overtreding):
    assert boetebedrag(overtreding).bedrag is not None


@pytest.mark.parametrize("soort", ["boete", "maatregel Participatiewet", "geen gevolg"])
def test_a_maatregel_is_not_possible_for_what_was_decided_before(soort):
    assert boetebedrag(LES, [EerderBesluit("les 1", "PVT", soort)]).tegen_maatregel
    assert not boetebedrag(LES, [EerderBesluit("les 2", "PVT", soort)]).tegen_maatregel


def test_a_maatregel_is_possible_again_when_the_fine_was_revoked():
    herroepen = EerderBesluit("les 1", "PVT", "boete", herroepen=date(2026, 4, 1))
    assert not boetebedrag(LES, [herroepen]).tegen_maatregel


def test_the_calculation_is_told_step_by_step_with_its_articles():
    advies = boetebedrag(replace(LES, mate="normaal"), [eerder()])
    assert in_woorden(advies).splitlines() == [
        "Ten hoogste € 50. Zo is dat berekend:",
        "1. Grondbedrag: € 50 (Wet 23 lid 1; Besluit 7.1 lid 2)",
        (
            "2. Een eerdere overtreding in de twaalf maanden ervoor, onherroepelijk: verdubbelen: € 100 "
            "(Wet 26 lid 1 onder c; Besluit 7.1 lid 3)"
        ),
        "3. Verwijt normaal: 50%: € 50 (Besluit 7.1; Awb 5:41)",
        (
            "4. Samen met eerdere boetes (€ 50) hooguit € 2.400: € 50 "
            "(Besluit 7.1: boetes van art. 22 en 23 samen in de termijn)"
        ),
        "Lager kan altijd, ook nul: bij bijzondere omstandigheden (Awb 5:46 lid 3; Besluit 7.1 lid 6).",
        "Onzeker: verdubbelen of optellen bij herhaling (Besluit 7.1 lid 3). De gemeente koos: verdubbelen.",
    ]


# promises about every case

dagen = st.dates(date(2024, 1, 1), date(2027, 12, 31))
bedragen = st.decimals(0, 800, places=2)
eerdere_besluiten = st.lists(
    st.builds(
        EerderBesluit,
        gedraging=st.sampled_from(["a", "b", "c"]),
        plicht=st.sampled_from(["intake", *PLICHTEN_ART_23]),
        soort=st.sampled_from(["boete", "maatregel Participatiewet", "geen gevolg"]),
        bedrag=bedragen,
        vastgesteld=dagen,
        bekendgemaakt=dagen,
        onherroepelijk=st.none() | dagen,
        herroepen=st.none() | dagen,
    ),
    max_size=8,
)
overtredingen = st.builds(
    Overtreding,
    gedraging=st.none() | st.sampled_from(["a", "b", "c"]),
    plicht=st.sampled_from(["intake", *PLICHTEN_ART_23, "ontzorgen", "examen"]),
    vastgesteld=dagen,
    mate=st.none() | st.sampled_from(sorted(VERWIJTBAARHEID)),
    op=st.none() | dagen,
    doelgroep=st.none() | st.sampled_from(["asielstatushouder", "gezinsmigrant"]),
    bijstand_verlaagd=st.booleans(),
    herhaalde_oproep=st.booleans(),
)
wijzen = st.sampled_from([VERDUBBELEN, OPTELLEN])


@given(overtredingen, eerdere_besluiten, wijzen)
def test_all_fines_of_a_dossier_never_pass_the_ceiling(overtreding, eerdere, recidive):
    advies = boetebedrag(overtreding, eerdere, recidive=recidive)
    samen = sum(een.bedrag for een in eerdere if een.soort == "boete" and een.herroepen is None)
    assert advies.bedrag is None or 0 < advies.bedrag <= max(PLAFOND.euro - samen, 0)


@given(overtredingen, eerdere_besluiten, wijzen)
def test_one_fine_never_passes_its_maximum(overtreding, eerdere, recidive):
    advies = boetebedrag(overtreding, eerdere, recidive=recidive)
    if advies.bedrag is not None:
        hoogste = BOETE_INTAKE if overtreding.plicht == "intake" else BOETE_BEGELEIDING_MAXIMUM
        assert advies.bedrag <= hoogste.euro


@given(overtredingen, eerdere_besluiten, wijzen)
def test_nobody_is_fined_twice_for_one_gedraging(overtreding, eerdere, recidive):
    zelfde = [een for een in eerdere if een.gedraging == overtreding.gedraging]
    if any(een.soort != "maatregel Participatiewet" or een.herroepen is None for een in zelfde):
        assert boetebedrag(overtreding, eerdere, recidive=recidive).bedrag is None


@given(overtredingen, eerdere_besluiten, wijzen)
def test_no_blame_no_fine_and_no_maatregel(overtreding, eerdere, recidive):
    advies = boetebedrag(replace(overtreding, mate="geen"), eerdere, recidive=recidive)
    assert advies.bedrag is None
    assert advies.tegen_maatregel


@given(overtredingen, eerdere_besluiten)
def test_less_blame_never_costs_more(overtreding, eerdere):
    mates = ["verminderd", "normaal", "grove schuld", "opzet"]
    bedragen = [boetebedrag(replace(overtreding, mate=mate), eerdere).bedrag for mate in mates]
    gekend = [bedrag for bedrag in bedragen if bedrag is not None]
    assert gekend == sorted(gekend)


@given(overtredingen, eerdere_besluiten, wijzen)
def test_an_amount_comes_with_its_last_step_and_every_step_with_its_article(
    overtreding, eerdere, recidive
):
    advies = boetebedrag(overtreding, eerdere, recidive=recidive)
    assert (advies.bedrag is None) == bool(advies.bezwaren)
    if advies.bedrag is not None:
        assert advies.stappen[-1].euro == advies.bedrag
    assert all(stap.grond for stap in advies.stappen)
    assert "Awb 5:46" in " ".join(advies.opmerkingen) or not advies.stappen
