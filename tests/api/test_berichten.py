"""Messages from outside and the demo's clock."""

import pytest

from routeflow.store import read
from routeflow.store.models import Bericht, Incident

UITSLAG = {"berichtId": "duo-1", "bericht": "SS131", "gegevens": {"lbtResultaat": "haalbaar"}}


@pytest.mark.parametrize(
    "wie", [{"bsn": "111222333"}, {"vNummer": "2800000001"}, {"dossier": None}]
)
def test_a_message_finds_its_dossier_and_the_step_that_waits(programma, amina, wie):
    if "dossier" in wie:
        wie = {"dossier": amina["id"]}
    antwoord = programma.call("fatma", "POST", "/berichten", {**UITSLAG, **wie})
    assert antwoord.status_code == 202
    ontvangen = antwoord.get_json()
    assert (ontvangen["status"], ontvangen["dossier"]) == ("bezorgd", amina["id"])
    dossier = programma.get("fatma", f"/dossiers/{amina['id']}")
    assert dossier["feiten"]["lbtResultaat"] == "haalbaar"
    assert dossier["wachtOp"] == []


def test_the_same_message_twice_is_one_message(programma, amina, store):
    eerste = programma.post("fatma", "/berichten", {**UITSLAG, "dossier": amina["id"]})
    nogmaals = programma.post("tom", "/berichten", {**UITSLAG, "dossier": amina["id"]})
    assert nogmaals == eerste
    assert read(store.sessions, lambda session: session.query(Bericht).count()) == 1
    feiten = programma.get("fatma", f"/dossiers/{amina['id']}")["feiten"]
    assert feiten["lbtResultaat"] == "haalbaar"
    regels = programma.get("fatma", f"/dossiers/{amina['id']}/journaal")["items"]
    assert [regel["wat"] for regel in regels].count("bericht bezorgd") == 1


@pytest.mark.usefixtures("amina")
@pytest.mark.parametrize(
    "anders",
    [
        {"gegevens": {"lbtResultaat": "anders"}},
        {"gegevens": {}},
        {"bericht": "SS102"},
        {"bsn": "123456782"},
        {"vNummer": "2800000009"},
    ],
)
def test_another_message_under_an_id_that_was_used_is_refused_and_not_lost(
    programma, store, anders
):
    eerste = {**UITSLAG, "bsn": "111222333"}
    programma.post("fatma", "/berichten", eerste)
    antwoord = programma.call("fatma", "POST", "/berichten", {**eerste, **anders})
    assert antwoord.status_code == 409
    assert "nieuw id" in antwoord.get_json()["detail"]
    assert read(store.sessions, lambda session: session.query(Bericht).count()) == 1
    assert programma.call("fatma", "POST", "/berichten", eerste).status_code == 202


def test_a_message_that_nobody_waits_for_is_kept_and_its_facts_count(programma, amina):
    antwoord = programma.post(
        "fatma",
        "/berichten",
        {
            "berichtId": "duo-2",
            "bericht": "SS102",
            "dossier": amina["id"],
            "gegevens": {"termijnStart": "2026-01-06", "termijnEindExclusief": "2029-01-06"},
        },
    )
    assert antwoord["status"] == "ontvangen"
    feiten = programma.get("fatma", f"/dossiers/{amina['id']}")["feiten"]
    assert feiten["termijnStart"] == "2026-01-06"


def test_a_message_of_an_unknown_person_opens_a_dossier_when_it_may(programma):
    antwoord = programma.post(
        "fatma",
        "/berichten",
        {
            "berichtId": "coa-1",
            "bericht": "koppeling",
            "vNummer": "2800000009",
            "gegevens": {"naam": "Selam Tekle", "doelgroep": "asielstatushouder"},
        },
    )
    assert antwoord["status"] == "bezorgd"
    assert programma.get("fatma", f"/dossiers/{antwoord['dossier']}")["naam"] == "Selam Tekle"


def test_who_settles_here_with_a_pip_of_another_gemeente_gets_a_dossier(programma):
    antwoord = programma.post(
        "fatma",
        "/berichten",
        {
            "berichtId": "duo-121",
            "bericht": "SS121",
            "bsn": "123456782",
            "gegevens": {
                "naam": "Selam Tekle",
                "doelgroep": "asielstatushouder",
                "datumVestigingDuo": "2026-01-02",
                "vorigeGemeente": "Alkmaar",
            },
        },
    )
    dossier = programma.get("fatma", f"/dossiers/{antwoord['dossier']}")
    assert (dossier["naam"], dossier["feiten"]["vorigeGemeente"]) == ("Selam Tekle", "Alkmaar")


def test_a_message_that_stays_without_a_dossier_ends_with_a_person(programma, store):
    antwoord = programma.post("fatma", "/berichten", {**UITSLAG, "bsn": "123456782"})
    assert (antwoord["status"], antwoord["dossier"]) == ("ontvangen", None)
    gebeurd = programma.post("fatma", "/demo/klok", {"dagen": 2})["gebeurd"]
    assert [een["tekst"] for een in gebeurd] == ["Het bericht SS131 is onbestelbaar."]
    assert read(store.sessions, lambda session: session.query(Incident).one()).soort == "bericht"


@pytest.mark.parametrize(
    ("bericht", "veld"),
    [
        ({"berichtId": "x", "bericht": "SS131"}, "bsn"),
        ({"berichtId": "x", "bericht": "SS999", "bsn": "111222333"}, "bericht"),
        ({"berichtId": "x", "bericht": "vermoeden", "bsn": "111222333"}, "bericht"),
        (
            {
                "berichtId": "x",
                "bericht": "SS102",
                "bsn": "111222333",
                "gegevens": {"termijnStart": "gisteren"},
            },
            "termijnStart",
        ),
    ],
)
def test_a_message_that_cannot_be_understood_is_refused_with_the_field(
    programma, amina, bericht, veld
):
    assert amina
    antwoord = programma.call("fatma", "POST", "/berichten", bericht)
    assert antwoord.status_code == 422
    assert veld in antwoord.get_json()["fouten"]


@pytest.mark.parametrize(
    "bericht",
    [
        {},
        {"berichtId": "", "bericht": "SS131", "bsn": "111222333"},
        {"berichtId": "x" * 101, "bericht": "SS131", "bsn": "111222333"},
        {"berichtId": "x", "bericht": "SS131", "bsn": "12"},
        {"berichtId": "x", "bericht": "SS131", "vNummer": "V12"},
        {"berichtId": "x", "bericht": "SS131", "bsn": "111222333", "gegevens": []},
    ],
)
def test_a_message_that_is_not_as_described_is_refused(programma, bericht):
    assert programma.call("fatma", "POST", "/berichten", bericht).status_code == 422


def test_a_message_for_a_dossier_that_does_not_exist(programma):
    nergens = "00000000-0000-0000-0000-000000000000"
    antwoord = programma.call("fatma", "POST", "/berichten", {**UITSLAG, "dossier": nergens})
    assert antwoord.status_code == 404


def test_the_clock_moves_and_tells_what_happened_in_order(programma, amina):
    antwoord = programma.post("fatma", "/demo/klok", {"dagen": 60})
    assert antwoord["nu"] == "2026-03-13T08:00:00Z"
    momenten = [een["op"] for een in antwoord["gebeurd"]]
    assert momenten == sorted(momenten)
    assert {een["dossier"] for een in antwoord["gebeurd"]} == {amina["id"]}
    assert any("stap_taal" in een["tekst"] for een in antwoord["gebeurd"])
    assert programma.post("fatma", "/demo/klok", {"dagen": 1})["nu"] == "2026-03-14T08:00:00Z"


@pytest.mark.parametrize("dagen", [0, -1, 4001, 1.5, "1", None])
def test_the_clock_only_goes_forward_by_whole_days(programma, dagen):
    antwoord = programma.call("fatma", "POST", "/demo/klok", {"dagen": dagen})
    assert antwoord.status_code == 422


def test_a_cookie_of_the_pages_is_no_key_to_the_api(programma):
    with programma.client.session_transaction() as sessie:
        sessie["account"] = "00000000-0000-0000-0000-000000000000"
        sessie["versie"] = 1
    assert programma.call(None, "GET", "/taken").status_code == 401
