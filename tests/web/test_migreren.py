"""The page that brings running dossiers to another version: a trial, choices, then the button."""

from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers, migratie
from routeflow.store import read, transact
from routeflow.store.models import Route
from support.huis import BEGIN, OPENER, put_in_service
from support.klein import klein
from support.versies import RENAMED, altered

PAGINA = "/processen/2/migreren/"
KEUZE = {"vertaling:klein:teken": "onderteken"}


@pytest.fixture
def twee(huis):
    """A house with a second version, in which teken has another name."""
    put_in_service(huis.store, altered(*RENAMED))
    return huis


def versies(huis):
    return read(huis.store.sessions, lambda s: sorted(s.scalars(select(Route.deployment_id))))


def test_the_page_of_the_processes_leads_there(twee):
    pagina = twee.als("esther").get("/processen/").text
    assert "1 lopend dossier" in pagina
    assert f'href="{PAGINA}"' in pagina
    assert PAGINA not in twee.als("fatma").get("/processen/").text


def test_a_trial_says_what_is_in_the_way_and_asks_where_to_go_on(twee):
    browser = twee.als("esther")
    pagina = browser.get(PAGINA).text
    assert "0 van 1 dossier kan" in pagina
    assert "“teken” bestaat niet meer in de nieuwe versie." in pagina
    assert 'name="vertaling:klein:teken"' in pagina
    assert "Breng 1 dossier over" not in pagina
    assert "Amina" not in pagina
    gekozen = browser.get(PAGINA, query_string=KEUZE).text
    assert "1 van 1 dossier kan" in gekozen
    assert "Dezelfde taken" in gekozen
    assert '<option value="onderteken" selected>' in gekozen
    assert versies(twee) == [1]


def test_the_button_brings_them_over_with_a_reason(twee):
    browser = twee.als("esther")
    zonder = browser.post(PAGINA, KEUZE)
    assert zonder.status_code == 422
    assert "Schrijf in een zin waarom" in zonder.text
    assert versies(twee) == [1]
    gedaan = browser.post(PAGINA, KEUZE | {"reden": "Nieuwe afspraken"})
    assert gedaan.status_code == 303
    assert "1 dossier is over op versie 2." in browser.get(gedaan.location).text
    assert versies(twee) == [2]
    assert "Nieuwe afspraken" in twee.als("fatma").get(f"/dossiers/{twee.dossier}/journaal").text


def test_what_stays_is_told_and_a_choice_that_is_none_is_refused(twee):
    browser = twee.als("esther")
    antwoord = browser.post(PAGINA, {"reden": "Zomaar"})
    assert "1 dossier blijft op de eigen versie" in browser.get(antwoord.location).text
    fout = browser.get(PAGINA, query_string={"vertaling:klein:teken": "verzonnen"})
    assert "verzonnen staat niet in klein" in fout.text
    assert browser.post(PAGINA, {"reden": "x", "vertaling:klein:teken": "y"}).status_code == 422
    assert browser.get("/processen/9/migreren/").status_code == 404
    assert versies(twee) == [1]


def test_many_go_some_at_a_time_and_whoever_stops_goes_on_later(twee):
    put_in_service(twee.store, klein())  # version 3 is version 1 again
    for _ in range(migratie.STAPEL + 3):
        begin = partial(
            dossiers.start_dossier,
            gegevens={"naam": "Nog iemand", "doelgroep": "asielstatushouder", "leerroute": "B1"},
            proces="klein",
            by=OPENER,
            now=BEGIN,
        )
        transact(twee.store.sessions, begin)
    browser = twee.als("esther")
    eerste = browser.post(PAGINA, KEUZE | {"reden": "Beter"})
    assert versies(twee).count(2) == migratie.STAPEL
    verder = browser.get(eerste.location).text
    assert "4 van 4 dossiers kunnen" in verder
    assert browser.get(PAGINA, query_string=KEUZE).text.count('data-label="Kan over"') == 4
    browser.post(PAGINA, KEUZE | {"reden": "Beter"})
    assert versies(twee) == [2] * (migratie.STAPEL + 4)
    assert "geen dossier meer" in browser.get(PAGINA).text


def test_the_drawing_of_a_dossier_that_went_shows_the_new_version(twee):
    transact(
        twee.store.sessions,
        partial(
            migratie.migrate_dossier,
            dossier_id=twee.dossier,
            naar=2,
            reden="x",
            mapping={"klein": {"teken": "onderteken"}},
            by=OPENER,
            now=BEGIN,
        ),
    )
    browser = twee.als("fatma")
    assert b"onderteken" in browser.get(f"/dossiers/{twee.dossier}/schema/klein.bpmn").data
    for pad in ("", "/schema", "/journaal", "/gegevens"):
        assert browser.get(f"/dossiers/{twee.dossier}{pad}").status_code == 200
    assert browser.get(f"/taken/{twee.taken['teken']}").status_code == 200
