"""The letters of the ladder: each step has its own, filled from what is known, with the law's days."""

import json
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from routeflow import forms
from routeflow.brieven import pdf
from routeflow.brieven.brief import Afzender, html
from routeflow.commands import brieven, taken
from routeflow.errors import Conflict, Invalid
from routeflow.store import read, transact
from routeflow.store.models import Besluitdossier, Brief, Journaal, Taak
from support import naleving
from support.naleving import BESLISSER, BOETE, HANDHAVER, OORDEEL, hoor
from support.route import collega

ZAAK = naleving.ZAAK | {
    "voorkeurstaal": "Tigrinya",
    "gedragingDatum": date(2026, 1, 5),
    "vermoedenTaak": "Kom naar de les",
}
EEN_DAG = timedelta(days=1)
NEDERLAND = ZoneInfo("Europe/Amsterdam")


def vul_in(route, element, **anders):
    """Complete a taak with plain answers where ``anders`` says nothing."""
    taak = route.taak(element)
    vel = forms.schema_json(
        read(
            route.store.sessions,
            lambda s: taken.taakblad(s, s.get_one(Taak, taak.id), by=collega(taak), now=route.now),
        ).formulier
    )
    plain = {naam: _gewoon(route, vel["properties"][naam]) for naam in vel["required"]}
    route.when_done(element, **(plain | anders))


def _gewoon(route, soort):
    if "enum" in soort:
        return soort["enum"][0]
    if soort["type"] == "string":
        return route.now.date().isoformat() if "format" in soort else "Besproken met tolk."
    return {"boolean": True, "number": 1, "integer": 1, "array": []}[soort["type"]]


def concept(route, element, **antwoorden):
    taak = route.taak(element)
    werk = partial(
        taken.save_concept, taak_id=taak.id, rauw=antwoorden, by=collega(taak), now=route.now
    )
    transact(route.store.sessions, werk)


GEMEENTE = Afzender("Gemeente Purmerend", postadres="Postbus 1, 1440 AA Purmerend")


def brief(route, element, *, by=None, gemeente=GEMEENTE):
    """Return the letter of an open taak, as the page makes it."""
    taak = route.taak(element)
    return read(
        route.store.sessions,
        partial(
            brieven.stel_op,
            taak_id=taak.id,
            gemeente=gemeente,
            by=by or collega(taak),
            now=route.now,
        ),
    )


def maak(route, element):
    taak, gemaakt = route.taak(element), brief(route, element)
    werk = partial(
        brieven.bewaar,
        taak_id=taak.id,
        brief=gemaakt,
        pdf=pdf(html(gemaakt)),
        by=collega(taak),
        now=route.now,
    )
    transact(route.store.sessions, werk)
    return gemaakt


@pytest.fixture
def voornemen(route):
    route.given("p17b_sanctietoets", **ZAAK)
    route.when_done("voer_sanctietoets_uit", by=HANDHAVER, **OORDEEL, **BOETE)
    return route


def test_time_to_put_it_right_runs_through_the_last_day_that_the_letter_names(route):
    route.given("p17_naleving", **ZAAK)
    vandaag = route.now.date()
    poging = {"datum": vandaag, "wijze": "telefoon", "resultaat": "bereikt"}
    vul_in(route, "doe_contactpoging", contactpogingen=[poging])
    vul_in(route, "voer_oorzakengesprek", verwijt="ja", plichtBegrepen="ja")
    concept(route, "geef_hersteltermijn", watHerstellen="Kom naar de les.")
    dag = brief(route, "geef_hersteltermijn").waarden["dag"]
    vul_in(route, "geef_hersteltermijn")
    assert route.armed["hersteltermijn_voorbij"].astimezone(NEDERLAND).date() == dag + EEN_DAG
    route.when_moment_comes("hersteltermijn_voorbij")
    vul_in(route, "beoordeel_herstel", hersteld="nee")
    dag = brief(route, "stuur_waarschuwing").waarden["dag"]
    vul_in(route, "stuur_waarschuwing")
    assert route.armed["waarschuwing_voorbij"].astimezone(NEDERLAND).date() == dag + EEN_DAG


def test_a_proposal_of_a_fine_holds_the_report_the_calculation_and_the_day(voornemen):
    concept(voornemen, "stuur_voornemen", boeteVoorstel="20", briefTaal="Tigrinya")
    gemaakt = maak(voornemen, "stuur_voornemen")
    assert gemaakt.waarden["dag"] == voornemen.now.date() + timedelta(days=14)
    assert gemaakt.waarden["bedrag"] == 20
    assert gemaakt.waarden["gedragingOp"] == date(2026, 1, 5)
    assert gemaakt.waarden["stap"] == "Kom naar de les"
    assert gemaakt.waarden["verwijt"] == "normaal"
    assert "Besluit 7.1" in gemaakt.waarden["berekening"]
    assert gemaakt.vertaler == "Tigrinya"
    vraag = select(Journaal).where(Journaal.wat == "brief gemaakt")
    regel = read(voornemen.store.sessions, lambda s: s.scalar(vraag))
    assert regel.gegevens["beedigdVertaler"] == "Tigrinya"


def test_no_proposal_leaves_while_nobody_knows_where_to_answer_to(voornemen):
    concept(voornemen, "stuur_voornemen", boeteVoorstel="20", briefTaal="Tigrinya")
    with pytest.raises(Invalid, match="postadres van de gemeente is nog niet ingevuld"):
        brief(voornemen, "stuur_voornemen", gemeente=Afzender("Purmerend"))


@pytest.mark.parametrize(
    ("feiten", "adres"),
    [
        ({}, ()),
        ({"adres": "Waterlandplein 12"}, ()),
        ({"adres": "Waterlandplein 12", "brpDatum": date(2027, 1, 5)}, ()),
        ({"adres": "Waterlandplein 12", "brpDatum": date(2026, 1, 5)}, ("Waterlandplein 12",)),
        (
            {
                "adres": "Dorpsstraat 1 B",
                "postcode": "1441 AB",
                "woonplaats": "Purmerend",
                "brpDatum": date(2026, 1, 5),
            },
            ("Dorpsstraat 1 B", "1441 AB Purmerend"),
        ),
    ],
)
def test_a_letter_goes_to_the_address_in_the_dossier_once_the_person_is_registered_there(
    route, feiten, adres
):
    route.given("p17b_sanctietoets", **ZAAK, **feiten)
    route.when_done("voer_sanctietoets_uit", by=HANDHAVER, **OORDEEL, **BOETE)
    concept(route, "stuur_voornemen", boeteVoorstel="20", briefTaal="Tigrinya")
    assert brief(route, "stuur_voornemen").adres == adres


def test_no_proposal_leaves_without_its_amount(voornemen):
    with pytest.raises(Invalid) as fout:
        brief(voornemen, "stuur_voornemen")
    assert "boeteVoorstel" in fout.value.fouten


def test_the_decision_is_filled_in_from_the_steps_before_and_names_both_last_days(voornemen):
    hoor(voornemen)
    voornemen.when_done(
        "neem_besluit",
        by=BESLISSER,
        besluit="boete",
        andereAmbtenaar=True,
        boeteBedrag=20,
        motivering="Het past bij wat er gebeurde.",
    )
    gemaakt = maak(voornemen, "maak_besluit_bekend")
    assert gemaakt.waarden["bedrag"] == 20
    assert gemaakt.waarden["motivering"] == "Het past bij wat er gebeurde."
    assert voornemen.now.date() == date(2026, 1, 25)  # six weeks on is a Sunday
    assert gemaakt.waarden["bezwaar"] == gemaakt.waarden["betalen"] == date(2026, 3, 9)
    assert gemaakt.waarden["nieuw"] is None


def test_the_besluitdossier_holds_the_seals_of_the_letters_before_it(voornemen):
    concept(voornemen, "stuur_voornemen", boeteVoorstel="20", briefTaal="Tigrinya")
    maak(voornemen, "stuur_voornemen")
    hoor(voornemen)
    voornemen.when_done(
        "neem_besluit",
        by=BESLISSER,
        besluit="niets",
        andereAmbtenaar=True,
        motivering="Toch niet.",
    )
    laatste = select(Besluitdossier).where(Besluitdossier.naam == "Neem besluit")
    rij = read(
        voornemen.store.sessions,
        lambda s: s.scalar(laatste.options(undefer(Besluitdossier.gegevens))),
    )
    (verzonden,) = read(voornemen.store.sessions, lambda s: s.scalars(select(Brief)).all())
    (gezegeld,) = json.loads(rij.gegevens)["brieven"]
    assert gezegeld["sha256"] == verzonden.hash
    assert gezegeld["soort"] == "voornemen met uitnodiging voor een zienswijze"
    assert voornemen.ailments == []
    assert brief(voornemen, "bericht_geen_gevolg").soort == "geen_gevolg"


def test_a_maatregel_of_the_other_law_has_no_letter_about_a_fine(route):
    route.given("p17b_sanctietoets", **ZAAK)
    anders = {"uitkomst": "maatregel Participatiewet", "conclusie": "Past."}
    route.when_done("voer_sanctietoets_uit", by=HANDHAVER, **OORDEEL, **anders)
    with pytest.raises(Conflict, match="Inkomen een eigen brief"):
        brief(route, "stuur_voornemen")
