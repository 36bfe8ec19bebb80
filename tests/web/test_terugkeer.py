"""Who moved out and comes back, on the pages and in the API: one list of periods, nothing typed twice."""

from datetime import date
from functools import partial

import pytest

from routeflow.commands import accounts, dossiers
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account
from support.huis import BEGIN, OPENER, project_set, put_in_service

BSN = "999900006"


@pytest.fixture
def weg(huis):
    """The dossier of the house is of somebody who moved to Hoorn, with the whole set in service."""
    put_in_service(huis.store, project_set())
    feiten = {
        "dossierEinde": "verhuisd",
        "verhuisdNaar": "Hoorn",
        "verhuisdOp": date(2025, 12, 1),
        "dagtekening": date(2025, 3, 3),
        "urenNt2": 240,
    }
    wijzig = partial(
        dossiers.wijzig_feiten, dossier_id=huis.dossier, feiten=feiten, reden="Verhuisd",
        by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(huis.store.sessions, wijzig)
    return huis


NIEUW = {
    "naam": "Amina Yusuf",
    "doelgroep": "asielstatushouder",
    "bsn": BSN,
    "brpDatumNieuw": "02-01-2026",
}


def test_the_page_of_who_moved_out_leads_to_a_form_that_is_filled_in(weg):
    fatma = weg.als("fatma")
    assert f"/dossiers/nieuw?na={weg.dossier}" in fatma.get(f"/dossiers/{weg.dossier}").text
    blad = fatma.get(f"/dossiers/nieuw?na={weg.dossier}").text
    for waarde in ("Amina Yusuf", BSN, "Hoorn", "2026-00001"):
        assert waarde in blad


def test_both_periods_stand_on_both_pages_and_the_new_one_has_the_hours(weg):
    fatma = weg.als("fatma")
    antwoord = fatma.post("/dossiers/nieuw", NIEUW)
    assert antwoord.status_code == 303, antwoord.text
    nieuw = antwoord.location
    for pad in (nieuw, f"/dossiers/{weg.dossier}"):
        blad = fatma.get(pad).text
        assert "Perioden in deze gemeente" in blad
        assert "2026-00001" in blad
        assert "2026-00002" in blad
        assert "naar Hoorn" in blad
    assert "240" in fatma.get(f"{nieuw}/gegevens").text


@pytest.mark.parametrize("dag", ["", "gisteren"])
def test_without_the_day_of_registration_the_form_comes_back_with_a_sentence(weg, dag):
    antwoord = weg.als("fatma").post("/dossiers/nieuw", {**NIEUW, "brpDatumNieuw": dag})
    assert antwoord.status_code == 422
    assert "weer is ingeschreven" in antwoord.text or "dag-maand-jaar" in antwoord.text


@pytest.mark.parametrize("na", ["x", "00000000-0000-0000-0000-000000000000"])
def test_a_form_after_a_dossier_that_is_not_there_is_not_found(weg, na):
    assert weg.als("fatma").get(f"/dossiers/nieuw?na={na}").status_code == 404


def test_a_partner_is_not_led_there_and_sees_no_periods(weg):
    weg.als("fatma").post("/dossiers/nieuw", NIEUW)
    blad = weg.als("ruud").get(f"/dossiers/{weg.dossier}")
    assert "Perioden" not in blad.text
    assert "/dossiers/nieuw?na" not in blad.text


def test_the_api_opens_it_and_names_the_periods(weg, token):
    client = weg.app.test_client()
    kop = {"Authorization": f"Bearer {token}"}
    lichaam = {
        "naam": "Amina Yusuf",
        "doelgroep": "asielstatushouder",
        "bsn": BSN,
        "feiten": {"brpDatumNieuw": {"@type": "date", "@value": "2026-01-02"}},
    }
    antwoord = client.post("/api/v1/dossiers", json=lichaam, headers=kop)
    assert antwoord.status_code == 201, antwoord.text
    eerste, tweede = antwoord.json["perioden"]
    assert (eerste["nummer"], eerste["verhuisdNaar"], eerste["verhuisdOp"]) == (
        "2026-00001",
        "Hoorn",
        "2025-12-01",
    )
    assert tweede["dossier"] == antwoord.json["id"]
    assert antwoord.json["feiten"]["overgenomenNt2"] == 240


@pytest.fixture
def token(weg):

    account = read(weg.store.sessions, lambda s: s.query(Account).filter_by(login="fatma").one())
    wie = Actor(account.naam, GEMEENTE, frozenset({Rol.CASEMANAGER}), account.id)
    maak = partial(accounts.create_token, naam="test", by=wie, now=BEGIN)
    return transact(weg.store.sessions, maak)[1]
