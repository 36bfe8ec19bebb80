"""Dossiers over the API: opening, finding, and what is known of them."""

import pytest

from support.huis import build_app, make_people, put_in_service
from support.klein import met_beginnen
from support.programma import Programma


def test_a_dossier_shows_its_facts_its_steps_and_its_terms(programma, amina):
    dossier = programma.get("fatma", f"/dossiers/{amina['id']}")
    assert dossier == amina
    assert dossier["nummer"] == "2026-00001"
    assert dossier["leerroute"] == "B1"
    assert dossier["feiten"]["brpDatum"] == "2026-01-05"
    assert len(dossier["taken"]) == 13
    assert dossier["wachtOp"] == ["SS131"]
    assert dossier["geslotenOp"] is None
    termijnen = {een["naam"]: een for een in dossier["termijnen"]}
    assert termijnen["pip"]["status"].startswith("wacht op ")
    assert termijnen["pip"]["uiterlijk"] is None
    assert all(een["grond"] for een in dossier["termijnen"])


def test_a_term_of_the_law_is_counted_once_its_fact_is_known(programma):
    dossier = programma.post(
        "fatma",
        "/dossiers",
        {
            "naam": "Yusuf Kaya",
            "doelgroep": "asielstatushouder",
            "feiten": {"datumKennisgeving": "2026-01-05", "brpDatum": "2026-01-08"},
        },
    )
    pip = next(een for een in dossier["termijnen"] if een["naam"] == "pip")
    assert (pip["begin"], pip["uiterlijk"]) == ("2026-01-09", "2026-03-19")
    assert (pip["status"], pip["grond"]) == ("loopt", "Besluit 5.3 lid 1")


def test_two_dossiers_of_one_person_cannot_be(programma, amina):
    zelfde = {"naam": "Amina", "doelgroep": "gezinsmigrant", "bsn": "111222333"}
    antwoord = programma.call("fatma", "POST", "/dossiers", zelfde)
    assert antwoord.status_code == 409
    assert amina["nummer"] in antwoord.get_json()["detail"]


def test_a_dossier_asked_twice_with_one_key_is_opened_once(programma):
    elif_ = {"naam": "Elif Demir", "doelgroep": "gezinsmigrant"}
    nieuw = {**elif_, "sleutel": "keten-7"}
    een, twee = (programma.post("fatma", "/dossiers", nieuw) for _ in range(2))
    assert een == twee
    anders = programma.call("fatma", "POST", "/dossiers", {**nieuw, "naam": "Selam"})
    assert anders.status_code == 409
    zonder = programma.post("fatma", "/dossiers", elif_)
    assert zonder["id"] != een["id"]


def test_without_processes_in_service_no_dossier_is_opened(store, tmp_path):
    programma = Programma(build_app(store, tmp_path), make_people(store))
    antwoord = programma.call(
        "fatma", "POST", "/dossiers", {"naam": "A", "doelgroep": "gezinsmigrant"}
    )
    assert antwoord.status_code == 409


@pytest.mark.parametrize(
    ("vraag", "namen"),
    [
        ("", ["Amina Haddad", "Elif Demir"]),
        ("zoek=haddad", ["Amina Haddad"]),
        ("zoek=2026-00002", ["Elif Demir"]),
        ("doelgroep=gezinsmigrant", ["Elif Demir"]),
        ("leerroute=B1", ["Amina Haddad"]),
        ("leerroute=Z", []),
        ("status=gesloten", []),
        ("status=alle", ["Amina Haddad", "Elif Demir"]),
        ("fase=Nazorg", []),
    ],
)
def test_dossiers_are_found_by_what_they_are(programma, amina, elif_, vraag, namen):
    assert amina["nummer"] < elif_["nummer"]
    gevonden = programma.get("fatma", f"/dossiers?{vraag}")["items"]
    assert [dossier["naam"] for dossier in gevonden] == namen


def test_pages_hold_every_dossier_once(programma):
    for nummer in range(7):
        programma.post(
            "fatma", "/dossiers", {"naam": f"Persoon {nummer}", "doelgroep": "gezinsmigrant"}
        )
    gezien, cursor = [], ""
    for _ in range(4):
        pagina = programma.get("fatma", f"/dossiers?limit=2{cursor}")
        gezien += [dossier["naam"] for dossier in pagina["items"]]
        cursor = f"&cursor={pagina['volgende']}"
    assert gezien == [f"Persoon {nummer}" for nummer in range(7)]
    assert pagina["volgende"] is None


def test_the_journaal_tells_every_act_newest_first(programma, amina):
    stap = next(t for t in amina["taken"] if t["element"] == "stap_casemanager")
    programma.post(
        "fatma",
        f"/taken/{stap['id']}/voltooien",
        {"antwoorden": {"afgesprokenOp": "2026-01-12"}},
    )
    pad = f"/dossiers/{amina['id']}/journaal"
    regels = programma.get("fatma", pad)["items"]
    assert [regel["wat"] for regel in regels] == ["taak voltooid", "dossier geopend"]
    assert regels[0]["door"] == "Fatma Yildiz"
    assert regels[0]["gegevens"]["feiten"]["afgesprokenOp"][0] is None
    eerste = programma.get("fatma", f"{pad}?limit=1")
    tweede = programma.get("fatma", f"{pad}?limit=1&cursor={eerste['volgende']}")
    assert [*eerste["items"], *tweede["items"]] == regels
    assert tweede["volgende"] is None


def test_the_journaal_hides_sensitive_facts_too(programma, amina):
    van = {}
    for login in ("fatma", "marjan"):
        regels = programma.get(login, f"/dossiers/{amina['id']}/journaal")["items"]
        van[login] = set(regels[-1]["gegevens"]["feiten"])
    assert van["fatma"] - van["marjan"] == {"gezondheidFysiek", "schulden"}


def test_a_program_names_the_start_where_there_are_more(store, tmp_path):
    put_in_service(store, met_beginnen())
    programma = Programma(build_app(store, tmp_path), make_people(store))
    nieuw = {"naam": "Nour", "doelgroep": "asielstatushouder"}
    fout = programma.call("fatma", "POST", "/dossiers", nieuw)
    assert fout.status_code == 422
    assert "Aangemeld (aangemeld)" in fout.get_data(as_text=True)
    dossier = programma.post("fatma", "/dossiers", {**nieuw, "begin": "verhuisd"})
    assert [taak["element"] for taak in dossier["taken"]] == ["overnemen"]
