"""Whatever ends the plicht, and wherever the route stands: all stops, and one thing is left to do."""

import copy
from datetime import date, timedelta
from functools import cache

import pytest

from support.tekening import Spel
from support.tocht import reis

STATUSHOUDER = {
    "naam": "Amina",
    "doelgroep": "asielstatushouder",
    "geboortedatum": date(1995, 5, 1),
    "overdrachtdossierDatum": date(2026, 3, 9),
    "datumVestigingDuo": date(2026, 3, 11),
}
MIGRANT = {"naam": "Olena", "doelgroep": "gezinsmigrant", "geboortedatum": date(1990, 8, 2)}
AFRONDEN = {
    "SS107": "rond_dossier_af_vrijgesteld",
    "SS108": "rond_dossier_af_ontheven",
    "SS110": "rond_dossier_af_ingetrokken",
    "SS111": "rond_dossier_af_overleden",
}
VOLDAAN = {
    "SS106": ("diploma", "voer_diplomagesprek"),
    "SS141": ("certificaat", "overhandig_certificaat"),
}
ONTSLAGEN = {"SS107": "vrijstelling", "SS108": "ontheffing"}
ROUTES = {"p00_doorlopende_lijn": "", "p20_gezinsmigrant": "_gezinsmigrant"}


def _begin(spel):
    spel.given(**(STATUSHOUDER if spel.proces.startswith("p00") else MIGRANT))
    if spel.proces.startswith("p20"):
        spel.when_done(
            "controleer_gegevens_gezinsmigrant",
            plichtIndicator="plichtig",
            wet="Wi2021",
            heeftBijstand="nee",
            datumKennisgeving=spel.vandaag,
        )


def _intake(spel):
    _begin(spel)
    reis(spel, "leg_komst_1_vast")


def _toets_intake(spel):
    _intake(spel)
    spel.when_done("leg_komst_1_vast", verschenenOproep1="nee")
    spel.when_done("waarschuw_en_roep_op", oproep2Dag=spel.vandaag + timedelta(days=7))
    spel.when_done("leg_komst_2_vast", verschenenOproep2="nee")
    spel.when_done("beoordeel_wegblijven", sanctietoetsGevraagd="ja")


def _leerroute(spel):
    _begin(spel)
    reis(spel, "stel_pip_op")
    spel.when_done("stel_pip_op", leerroute="B1", niveau="B1", wachtOpDerde="nee")
    reis(spel, "nodig_uit_voor_pvt")


def _bezwaar(spel):
    _leerroute(spel)
    spel.when_message("bezwaar_pip")


def _naleving(spel):
    _leerroute(spel)
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet", gedraging="les 1")


def _hersteltermijn(spel):
    _naleving(spel)
    spel.when_done("doe_contactpoging", contactGelukt="ja")
    spel.when_done("voer_oorzakengesprek", verwijt="ja")


def _vrijstelling(spel):
    _leerroute(spel)
    spel.when_message("SS109", tijdelijkVrijgesteldVanaf=spel.vandaag)
    spel.when_done("leg_tijdelijke_vrijstelling_uit")


def _verlenging(spel):
    _leerroute(spel)
    spel.when_message("verzoek_verlenging", verzoekVerlengingDatum=spel.vandaag)


def _routewijziging(spel):
    _leerroute(spel)
    nog_niet = {
        "geef_advies_b1": {"adviesSchool": "doorgaan"},
        "beoordeel_examenrijpheid": {"examenKan": "nee"},
    }
    reis(spel, "voer_voortgangsgesprek", **nog_niet)
    spel.when_done(
        "voer_voortgangsgesprek", verschenen="ja", routeNogPassend="nee", routeRichting="Z"
    )


def _ondertussengroep(spel):
    spel.given(**(STATUSHOUDER if spel.proces.startswith("p00") else MIGRANT))
    eerste = next(taak.element for taak in spel.stap.tasks)
    spel.when_done(eerste, plichtIndicator="plichtig", wet="Wi2013")


def _wacht_op_duo(spel):
    _leerroute(spel)
    spel.when_facts_change(leerroute="Z")
    reis(spel, "diploma_gemeld", vraag_uren_school_op={"urenNt2Knm": 900})


MOMENTEN = (
    _begin, _intake, _toets_intake, _leerroute, _bezwaar, _naleving, _hersteltermijn,
    _vrijstelling, _verlenging, _routewijziging, _ondertussengroep, _wacht_op_duo,
)  # fmt: skip


@cache
def _daar(proces, moment):
    spel = Spel(proces)
    moment(spel)
    return spel


def _komt(spel, bericht):
    """Let a message come as the worker does: its facts first, and to who waits for it if anybody does."""
    wijze = VOLDAAN[bericht][0] if bericht in VOLDAAN else ONTSLAGEN.get(bericht)
    feiten = {"eindePlicht": spel.vandaag, "eindePlichtWijze": wijze} if wijze else {}
    if any(wacht.name == bericht for wacht in spel.stap.waits):
        spel.when_message(bericht, **feiten)
    else:
        spel.when_facts_change(**feiten)


@pytest.mark.parametrize(
    ("moment", "bericht"),
    [
        (moment, bericht)
        for moment in MOMENTEN
        for bericht in AFRONDEN
        if moment is not _wacht_op_duo or bericht not in ONTSLAGEN  # the afronding itself takes it
    ],
)
@pytest.mark.parametrize("proces", ROUTES)
def test_all_taken_and_timers_close_and_only_the_administration_is_left(proces, moment, bericht):
    spel = copy.deepcopy(_daar(proces, moment))
    _komt(spel, bericht)
    taak = AFRONDEN[bericht] + ROUTES[proces]
    assert spel.open == {(taak, "casemanager")}
    assert {wekker.element for wekker in spel.stap.alarms} == set()
    spel.when_done(taak)
    assert spel.klaar


@pytest.mark.parametrize("bericht", ONTSLAGEN)
@pytest.mark.parametrize("proces", ROUTES)
def test_who_waits_for_duo_in_the_afronding_gets_nazorg_after_an_exemption_too(proces, bericht):
    spel = copy.deepcopy(_daar(proces, _wacht_op_duo))
    _komt(spel, bericht)
    assert spel.feiten["eindePlichtWijze"] == ONTSLAGEN[bericht]
    assert spel.open == {("maak_nazorgplan", "casemanager")}
    spel.when_done("maak_nazorgplan", nazorgToestemming="ja")
    _komt(spel, bericht)
    assert spel.open == set()
    assert spel.wachten >= {"wacht_3_maanden"}


@pytest.mark.parametrize("bericht", VOLDAAN)
@pytest.mark.parametrize("moment", MOMENTEN)
@pytest.mark.parametrize("proces", ROUTES)
def test_a_diploma_or_certificaat_begins_the_afronding_wherever_the_route_is(
    proces, moment, bericht
):
    spel = copy.deepcopy(_daar(proces, moment))
    _komt(spel, bericht)
    taak = VOLDAAN[bericht][1]
    assert spel.open == {(taak, "casemanager")}
    assert spel.stap.alarms == ()
    spel.when_done(taak)
    assert spel.open == {("maak_nazorgplan", "casemanager")}


@pytest.mark.parametrize("proces", ROUTES)
def test_a_second_message_does_not_begin_the_afronding_again(proces):
    spel = copy.deepcopy(_daar(proces, _intake))
    _komt(spel, "SS106")
    spel.when_done("voer_diplomagesprek")
    _komt(spel, "SS141")
    assert spel.open == {("maak_nazorgplan", "casemanager")}


@pytest.mark.parametrize("proces", ROUTES)
def test_who_dies_during_the_nazorg_is_left_in_peace(proces):
    spel = copy.deepcopy(_daar(proces, _intake))
    _komt(spel, "SS106")
    spel.when_done("voer_diplomagesprek")
    spel.when_done("maak_nazorgplan", nazorgToestemming="ja")
    assert spel.wachten >= {"wacht_3_maanden"}
    _komt(spel, "SS111")
    taak = "rond_dossier_af_na_voldaan" + ROUTES[proces]
    assert spel.open == {(taak, "casemanager")}
    assert spel.stap.alarms == ()
    spel.when_done(taak)
    assert spel.klaar


@pytest.mark.parametrize("bericht", AFRONDEN)
def test_a_person_whose_plicht_ended_gets_no_letter_any_more(bericht):
    spel = copy.deepcopy(_daar("p00_doorlopende_lijn", _intake))
    _komt(spel, bericht)
    (taak,) = spel.stap.tasks
    assert "brief" not in taak.properties
    assert taak.properties.get("houder") in {None, "gemeente"}
