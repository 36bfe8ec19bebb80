"""backup and restore from the command line."""

from functools import partial

import pytest
from sqlalchemy import update

from routeflow.clock import system_clock
from routeflow.commands import dossiers
from routeflow.store import open_store, transact
from routeflow.store.models import Account
from support.database import SqliteDatabases
from support.huis import OPENER, put_in_service
from support.klein import klein


@pytest.fixture
def gevuld(tmp_path):
    """Return the folder and address of a database with one dossier, that nobody has open."""
    (tmp_path / "db").mkdir()
    url = SqliteDatabases(tmp_path / "db").migrated()
    store = open_store(url)
    put_in_service(store, klein())
    gegevens = {"naam": "Amina", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    begin = partial(
        dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=system_clock()
    )
    transact(store.sessions, begin)
    store.close()
    return url


def test_a_backup_is_made_and_put_back_and_says_what_it_did(opdracht, gevuld, tmp_path):
    kopie = tmp_path / "kopie.zip"
    gemaakt = opdracht("backup", kopie, ROUTEFLOW_DATABASE=gevuld).stdout
    assert "1 dossiers" in gemaakt
    terug = opdracht("restore", kopie, ROUTEFLOW_DATABASE=gevuld).stdout.splitlines()
    assert terug[0].startswith("Teruggezet: 1 dossiers")
    assert ".voor-" in terug[1]
    assert terug[2] == "Alles klopt."
    leeg = f"sqlite:///{tmp_path}/nieuw/routeflow.db"
    assert opdracht("restore", kopie, ROUTEFLOW_DATABASE=leeg).stdout.endswith("Alles klopt.\n")
    assert "Alles klopt." in opdracht("doctor", ROUTEFLOW_DATABASE=leeg).stdout


def test_restoring_names_what_must_be_taken_away_again(opdracht, gevuld, tmp_path):
    store, kopie = open_store(gevuld), tmp_path / "kopie.zip"
    ruud = Account(login="ruud", naam="Ruud", partij="IVIO", wachtwoord="-")
    transact(store.sessions, lambda s: s.add(ruud))
    opdracht("backup", kopie, ROUTEFLOW_DATABASE=gevuld)
    transact(store.sessions, lambda s: s.execute(update(Account).values(actief=False)))
    store.close()
    terug = opdracht("restore", kopie, ROUTEFLOW_DATABASE=gevuld).stdout.splitlines()
    assert terug[2] == (
        "Let op: Deze accounts waren uit en zijn weer in gebruik. Zet ze weer uit: ruud."
    )


def test_what_is_refused_is_told_in_a_sentence(opdracht, gevuld, tmp_path):
    kopie = tmp_path / "kopie.zip"
    opdracht("backup", kopie, ROUTEFLOW_DATABASE=gevuld)
    assert "bestaat al" in opdracht("backup", kopie, stand=1, ROUTEFLOW_DATABASE=gevuld).stderr
    open_ = open_store(gevuld)
    with open_.engine.connect():
        assert "in gebruik" in opdracht("restore", kopie, stand=1, ROUTEFLOW_DATABASE=gevuld).stderr
    open_.close()
    elders = "postgresql://x/y"
    assert "pg_dump" in opdracht("backup", kopie, stand=1, ROUTEFLOW_DATABASE=elders).stderr


def test_the_file_is_written_anew_and_stays_whole(opdracht, gevuld):
    gedaan = opdracht("opschonen", ROUTEFLOW_DATABASE=gevuld)
    assert gedaan.stdout == "De database is opnieuw geschreven.\n"
    assert opdracht("doctor", ROUTEFLOW_DATABASE=gevuld).exit_code == 0
