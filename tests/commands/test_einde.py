"""The end of a plicht in the rows: periods close with the reason, naleving with "niets", others hear of it."""

from datetime import date

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers, gezin
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import DossierTermijn, Melding, TermijnHistorie, Uitgaand, Verwijdering
from support import bpmn
from support.formulieren import formulier, veld
from support.klein import klein, person
from support.route import BUREAU

DAG = date(2026, 1, 5)
WIJZE = {
    "SS106": "diploma",
    "SS107": "vrijstelling",
    "SS108": "ontheffing",
    "SS110": "ingetrokken",
    "SS111": "overleden",
    "SS141": "certificaat",
}
BESTAANDE_BOETE = {"gedraging": "eerder", "soort": "boete", "bedrag": 100, "plicht": "MAP"}


@pytest.fixture
def naleving(route):
    """A route in which somebody looks at a gedraging, in the midst of the intake."""
    return route.given(
        "p17_naleving",
        datumKennisgeving=DAG,
        brpDatum=DAG,
        bekendmaking=DAG,
        termijnStart=DAG,
        gedraging="Kom naar de les (1)",
        gedragingDatum=DAG,
        plicht="PVT",
    )


def rijen(route, vraag):
    return read(route.store.sessions, lambda s: list(s.scalars(vraag)))


def lopend(route):
    vraag = select(DossierTermijn.naam).where(
        DossierTermijn.dossier_id == route.dossier_id,
        DossierTermijn.status.in_(("loopt", "opgeschort", "wacht")),
    )
    return set(rijen(route, vraag))


@pytest.mark.parametrize("bericht", WIJZE)
def test_the_end_is_a_fact_with_its_day_and_its_way(naleving, bericht):
    naleving.when_message(bericht)
    assert naleving.facts["eindePlichtWijze"] == WIJZE[bericht]
    assert naleving.facts["eindePlicht"] == naleving.now.date()


@pytest.mark.parametrize("bericht", WIJZE)
def test_running_periods_close_with_the_end_as_the_reason(naleving, bericht):
    assert {"pip", "pvt", "map"} <= lopend(naleving)
    naleving.when_message(bericht)
    over = (
        {"bewaartermijn"} if bericht == "SS111" else {"bewaartermijn", "bezwaar", "besluit_bezwaar"}
    )
    assert lopend(naleving) == over
    redenen = rijen(
        naleving, select(TermijnHistorie.aanleiding).order_by(TermijnHistorie.id.desc())
    )
    assert redenen[0] == f"einde van de plicht: {WIJZE[bericht]}"
    assert naleving.ailments == []


def test_gegevens_are_kept_for_five_calendar_years_and_after_death_not_at_all(naleving):
    naleving.when_message("SS110", plichtIngetrokkenOp=date(2026, 1, 2))
    vraag = select(DossierTermijn.uiterlijk).where(DossierTermijn.naam == "bewaartermijn")
    assert rijen(naleving, vraag) == [date(2031, 1, 2)]
    naleving.when_message("SS111", overlijdensdatum=date(2026, 1, 4))
    assert rijen(naleving, vraag) == [date(2026, 1, 4)]


def test_how_the_plicht_ended_first_stays_when_somebody_dies_later(naleving):
    naleving.when_message("SS106", eindePlicht=date(2026, 1, 2))
    naleving.when_message("SS111", overlijdensdatum=date(2026, 1, 4))
    assert naleving.facts["eindePlichtWijze"] == "diploma"
    assert naleving.facts["eindePlicht"] == date(2026, 1, 2)


@pytest.mark.parametrize("bericht", WIJZE)
def test_running_naleving_ends_with_niets_and_the_reason(naleving, bericht):
    naleving.when_message(bericht)
    (besluit,) = naleving.facts["nalevingsbesluiten"]
    assert besluit["soort"] == "geen gevolg"
    assert besluit["gedraging"] == "Kom naar de les (1)"
    assert WIJZE[bericht] in besluit["reden"]


def test_without_running_naleving_nothing_is_decided(route):
    route.given("p07_pip", gedraging="Kom naar de les (1)", plicht="PVT")
    route.when_message("SS110")
    assert "nalevingsbesluiten" not in route.facts


def test_after_a_death_the_handhaver_hears_that_fines_lapse(naleving):
    naleving.when_facts(nalevingsbesluiten=[BESTAANDE_BOETE])
    naleving.when_message("SS111")
    (melding,) = [een for een in naleving.meldingen if een.rol == Rol.HANDHAVER]
    assert "Awb artikel 5:42" in melding.tekst


def test_a_bezwaar_that_runs_is_still_decided_on(route):
    proces = bpmn.draw(
        "met_bezwaar",
        bpmn.start(),
        person("behandel_bezwaar"),
        bpmn.end(),
        bpmn.path("s > behandel_bezwaar > e"),
    )
    blad = formulier(veld("textfield", "besluit"), id="behandel-bezwaar")
    files = {"processes/bezwaar.bpmn": proces, "forms/behandel-bezwaar.form": blad}
    route.given("met_bezwaar", {**klein(), **files})
    route.when_message("SS110")
    (melding,) = [een for een in route.meldingen if "Awb artikel 7:10" in een.tekst]
    assert melding.rol == Rol.TEAMLEIDER


@pytest.mark.parametrize("bericht", WIJZE)
def test_the_household_hears_that_it_stopped_once_and_without_a_name(naleving, bericht):
    ander = transact(
        naleving.store.sessions,
        lambda s: dossiers.start_dossier(
            s, {"naam": "Bilal", "doelgroep": "gezinsmigrant"}, by=BUREAU, now=naleving.now
        ),
    )
    transact(
        naleving.store.sessions,
        lambda s: gezin.koppel(
            s, naleving.dossier_id, "partner", nummer=ander.nummer, by=BUREAU, now=naleving.now
        ),
    )
    naleving.when_message(bericht)
    naleving.when_message(bericht)
    vraag = select(Melding.tekst).where(Melding.dossier_id == ander.id, Melding.soort == "gestopt")
    (tekst,) = rijen(naleving, vraag)
    assert "Amina" not in tekst


@pytest.mark.parametrize("bericht", ["SS110", "SS111"])
def test_nothing_goes_out_to_who_died_or_has_no_plicht(route, bericht):
    route.given("p00_doorlopende_lijn")
    route.when_message(bericht)
    route.when_days_pass(60)
    assert rijen(route, select(Uitgaand.soort).where(Uitgaand.soort != "mail")) == []
    assert {taak.houder for taak in route.taken} == {"gemeente"}
    assert {een.rol for een in route.meldingen} <= {Rol.CASEMANAGER, Rol.TEAMLEIDER}


def test_the_taak_after_five_years_is_the_proposal_and_the_teamleider_hears_of_it(route):
    route.given("p16_afronding", leerroute="B1", eindePlicht=DAG, eindePlichtWijze="diploma")
    route.when_done("voer_diplomagesprek", diplomagesprekDatum=DAG)
    route.when_done("maak_nazorgplan", nazorgToestemming="nee")
    route.when_moment_comes("bewaartermijn_voorbij")
    assert any("bewaartermijn" in een.tekst for een in route.meldingen)
    marjan = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
    route.when_done("verwijder_gegevens", by=marjan, geenAndereReden=True)
    (voorstel,) = rijen(route, select(Verwijdering))
    assert (voorstel.soort, voorstel.status) == ("bewaartermijn", "voorgesteld")
    assert voorstel.voorgesteld_door == "Marjan"
