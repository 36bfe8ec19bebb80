"""The commands that work on the database."""

import json

import pytest

from routeflow.clock import system_clock
from routeflow.commands import deployments, dossiers
from routeflow.store import open_store, read, transact
from routeflow.store.models import Journaal, Route, Taak
from support.huis import OPENER, PROJECT, build_app, put_in_service
from support.proefset import proefset
from support.programma import Programma

WACHTWOORD = "een lange zin als wachtwoord"
ROLVERDELING = "processes/rolverdeling.dmn"
NIEUWE_SCHOOL = proefset() | {ROLVERDELING: proefset()[ROLVERDELING].replace(b"IVIO", b"Taalhuis")}


@pytest.fixture
def store(database_url):
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def dossier(store):
    put_in_service(store, proefset())
    gegevens = {"naam": "Amina Haddad", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    return transact(
        store.sessions,
        lambda session: dossiers.start_dossier(session, gegevens, by=OPENER, now=system_clock()),
    )


def _account(met_database, login="fatma", partij="Gemeente", rol="casemanager"):
    return met_database(
        "account", login, "--naam", "Fatma Yildiz", "--partij", partij, "--rol", rol,
        "--wachtwoord", WACHTWOORD,
    )  # fmt: skip


def test_the_set_of_the_project_is_put_in_service_once(met_database):
    mappen = (PROJECT / "processes", PROJECT / "forms")
    eerste = met_database("publish", *mappen, "--reden", "Eerste versie").stdout
    assert eerste.startswith("Versie 1 is in dienst")
    nogmaals = met_database("publish", *mappen, "--reden", "Nog een keer").stdout
    assert nogmaals.startswith("Versie 1 is in dienst")


def test_a_set_that_is_refused_says_why_and_changes_nothing(met_database, tmp_path):
    (tmp_path / "kapot.bpmn").write_bytes(b"<definitions/>")
    uitslag = met_database("publish", tmp_path, "--reden", "Probeer", stand=1)
    assert "kapot.bpmn" in uitslag.stdout
    assert "kan niet in dienst" in uitslag.stderr
    assert met_database.json("dossier", "--json") == []


def test_a_file_that_is_no_database_is_told_in_a_sentence(opdracht, tmp_path):
    (tmp_path / "ongebruikt.db").write_bytes(b"dit is geen database" * 400)
    uitslag = opdracht("doctor", stand=1)
    assert "niet te lezen of beschadigd" in uitslag.stderr


def test_a_server_that_is_not_there_is_told_in_a_sentence(opdracht):
    weg = "postgresql://postgres@127.0.0.1:9/weg"
    uitslag = opdracht("doctor", stand=1, ROUTEFLOW_DATABASE=weg)
    assert "niet te bereiken" in uitslag.stderr


def test_a_reason_is_needed(met_database, tmp_path):
    met_database("publish", tmp_path, stand=2)


def test_a_dossier_is_shown_by_number_or_id(met_database, dossier):
    gevonden = met_database.json("dossier", dossier.nummer, "--json")
    assert gevonden["naam"] == "Amina Haddad"
    assert gevonden["leerroute"] == "B1"
    assert len(gevonden["taken"]) == 13
    assert "SS131" in gevonden["wachtOp"]
    assert met_database.json("dossier", str(dossier.id), "--json") == gevonden
    tekst = met_database("dossier", dossier.nummer).stdout
    assert "Amina Haddad" in tekst
    assert "stap_taal" in tekst


def test_dossiers_are_searched(met_database, dossier):
    assert [
        een["nummer"] for een in met_database.json("dossier", "--zoek", "haddad", "--json")
    ] == [dossier.nummer]
    assert met_database.json("dossier", "--zoek", "niemand", "--json") == []
    uitslag = met_database("dossier")
    assert "Amina Haddad" in uitslag.stdout
    assert "1 dossiers" in uitslag.stderr


@pytest.mark.parametrize("wat", ["2026-99999", "onzin", "00000000-0000-0000-0000-000000000000"])
def test_a_dossier_that_is_not_there(met_database, wat):
    assert met_database("dossier", wat, stand=1).stderr.strip()


def test_taken_are_listed_most_urgent_first(met_database, dossier):
    taken = met_database.json("taken", "--json")
    assert len(taken) == 13
    assert {taak["dossier"] for taak in taken} == {dossier.nummer}
    assert [
        t["element"] for t in met_database.json("taken", "--rol", "taalaanbieder", "--json")
    ] == ["stap_taal"]
    assert len(met_database.json("taken", "--partij", "IVIO", "--json")) == 2
    uitslag = met_database("taken", "--te-laat", "--zoek", "amina")
    assert "taken" in uitslag.stderr


def test_a_new_rolverdeling_moves_open_taken_only_when_told_to(met_database, dossier, store):
    assert dossier
    assert met_database("taken", "--herverdeel").stdout.endswith(
        "0 taken zouden verhuizen; doe het met --uitvoeren\n"
    )
    met_database("taken", "--uitvoeren", stand=2)
    _verander_de_rolverdeling(store, dossier)
    verplaatst = met_database.json("taken", "--herverdeel", "--json")
    assert {(een["naam"], een["van"], een["naar"]) for een in verplaatst} == {
        ("stap_taal", "IVIO", "Taalhuis"),
        ("stap_map", "IVIO", "Taalhuis"),
    }
    assert len(met_database.json("taken", "--partij", "IVIO", "--json")) == 2
    assert "2 taken verplaatst" in met_database("taken", "--herverdeel", "--uitvoeren").stdout
    assert met_database.json("taken", "--partij", "IVIO", "--json") == []
    assert len(met_database.json("taken", "--partij", "Taalhuis", "--json")) == 2


def _verander_de_rolverdeling(store, dossier):
    """Let the dossier run on a set that only differs in who the school is."""
    put_in_service(store, NIEUWE_SCHOOL)

    def work(session):
        nieuw = deployments.current(session)
        session.get_one(Route, dossier.id).deployment = nieuw
        for taak in session.query(Taak):
            taak.deployment_id = nieuw.id

    transact(store.sessions, work)


def test_an_account_gets_a_token_that_the_api_knows(met_database, store, tmp_path):
    assert "fatma" in _account(met_database).stdout
    geheim = met_database("token", "FATMA", "--naam", "proef").stdout.strip()
    programma = Programma(build_app(store, tmp_path), {"fatma": geheim})
    assert programma.get("fatma", "/taken") == {"items": [], "volgende": None}
    wie = read(store.sessions, lambda session: [een.door for een in session.query(Journaal)])
    assert wie == ["opdrachtregel", "Fatma Yildiz"]


@pytest.mark.parametrize(
    ("woorden", "stand", "zin"),
    [
        (["account", "a", "--naam", "A", "--rol", "baas", "--wachtwoord", WACHTWOORD], 2, "baas"),
        (["account", "a", "--naam", "A", "--rol", "trainer", "--wachtwoord", "kort"], 1, "tekens"),
        (["account", "a", "--naam", "A", "--wachtwoord", WACHTWOORD], 2, "--rol"),
        (["token", "niemand", "--naam", "x"], 1, "geen account niemand"),
    ],
)
def test_what_cannot_be_made_ends_in_a_sentence(met_database, woorden, stand, zin):
    assert zin in met_database(*woorden, stand=stand).stderr


def test_a_login_exists_once(met_database):
    _account(met_database)
    uitslag = met_database(
        "account", "fatma", "--naam", "B", "--rol", "trainer", "--wachtwoord", WACHTWOORD, stand=1
    )
    assert "Er is al een account" in uitslag.stderr


def test_the_doctor_finds_nothing_and_then_what_was_broken(met_database, dossier, store):
    assert dossier
    assert met_database("doctor").stdout == "Alles klopt.\n"
    assert met_database.json("doctor", "--json") == []

    def work(session):
        session.query(Taak).filter(Taak.element == "stap_taal").one().status = "vervallen"

    transact(store.sessions, work)
    uitslag = met_database("doctor", stand=1)
    assert dossier.nummer in uitslag.stdout
    assert json.loads(met_database("doctor", "--json", stand=1).stdout)


def test_a_setting_that_does_not_exist_is_named(met_database):
    uitslag = met_database("dossier", stand=1, ROUTEFLOW_DATABSE="sqlite://")
    assert "ROUTEFLOW_DATABSE bestaat niet" in uitslag.stderr


def test_every_command_explains_itself(opdracht):
    tekst = opdracht("--help").stdout
    for naam in (
        "account", "bench", "check", "decide", "demo", "doctor", "dossier", "feel",
        "publish", "run", "serve", "taken", "termijn", "token", "worker",
    ):  # fmt: skip
        assert f"  {naam}" in tekst
        assert "Gebruik: " in opdracht(naam, "--help").stdout
    assert opdracht("--version").stdout.startswith("routeflow ")
    opdracht("niets", stand=2)
