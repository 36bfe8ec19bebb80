"""Bringing dossiers to another version from the command line."""

import json
from functools import partial

import pytest

from routeflow.clock import system_clock
from routeflow.commands import dossiers
from routeflow.store import open_store, read, transact
from routeflow.store.models import Route
from support.huis import OPENER, put_in_service
from support.klein import klein
from support.versies import NAMES, RENAMED, altered


@pytest.fixture
def nummers(database_url):
    """Return the numbers of two dossiers on version 1; version 2 calls teken otherwise."""
    store = open_store(database_url)
    put_in_service(store, klein())
    gegevens = {"naam": "Amina", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    begin = partial(
        dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=system_clock()
    )
    gestart = [transact(store.sessions, begin).nummer for _ in range(2)]
    put_in_service(store, altered(*RENAMED))
    store.close()
    return gestart


@pytest.fixture
def vertaling(tmp_path):
    bestand = tmp_path / "vertaling.json"
    bestand.write_text(json.dumps(NAMES))
    return bestand


def versies(database_url):
    store = open_store(database_url)
    try:
        return [
            route.deployment_id for route in read(store.sessions, lambda s: s.query(Route).all())
        ]
    finally:
        store.close()


def test_a_trial_says_why_not_and_changes_nothing(met_database, nummers, database_url):
    uitslag = met_database("migrate", "--naar", 2, "--proef", stand=1)
    assert "“teken” bestaat niet meer in de nieuwe versie." in uitslag.stdout
    assert "0 dossiers kunnen over, 2 dossiers blijven op de eigen versie." in uitslag.stdout
    gelezen = met_database.json("migrate", "--naar", 2, "--proef", "--json", stand=1)
    assert [een["dossier"] for een in gelezen] == nummers
    assert gelezen[0]["redenen"][0]["element"] == "teken"
    assert versies(database_url) == [1, 1]


def test_one_dossier_goes_and_then_the_rest(met_database, nummers, vertaling, database_url):
    rest = ("--mapping", vertaling, "--reden", "Beter")
    eerste = met_database("migrate", "--naar", 2, "--dossier", nummers[1], *rest)
    assert eerste.stdout == "1 dossier is over, 0 dossiers blijven op de eigen versie.\n"
    assert sorted(versies(database_url)) == [1, 2]
    assert "1 dossier is over" in met_database("migrate", "--naar", 2, "--van", 1, *rest).stdout
    assert versies(database_url) == [2, 2]
    assert "Er lopen geen dossiers die nog" in met_database("migrate", "--naar", 2, *rest).stdout
    assert "Alles klopt." in met_database("doctor").stdout


@pytest.mark.usefixtures("nummers")
def test_what_cannot_be_is_said(met_database, tmp_path):
    assert "reden" in met_database("migrate", "--naar", 2, stand=2).stderr
    assert "Versie 9" in met_database("migrate", "--naar", 9, "--proef", stand=1).stderr
    geen = met_database("migrate", "--naar", 2, "--proef", "--dossier", "X", stand=1)
    assert "Er is geen dossier X." in geen.stderr
    kapot = tmp_path / "kapot.json"
    kapot.write_text("{")
    assert "geen JSON" in met_database(
        "migrate", "--naar", 2, "--proef", "--mapping", kapot, stand=2
    ).stderr  # fmt: skip
    kapot.write_text('{"klein": {"teken": "typfout"}}')
    fout = met_database("migrate", "--naar", 2, "--proef", "--mapping", kapot, stand=1)
    assert "typfout staat niet in klein" in fout.stderr
