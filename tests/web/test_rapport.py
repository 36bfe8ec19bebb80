"""The report of the week as a page and a file."""

from datetime import timedelta

from routeflow.config import Config
from routeflow.store import transact
from routeflow.store.models import Rapport
from routeflow.worker import Worker, rapporteer
from support.huis import BEGIN, project_set, put_in_service
from support.klein import klein

TABEL = "processes/rapportage.dmn"


def tekst(antwoord):
    return antwoord.get_data(as_text=True)


def test_the_newest_is_shown_with_the_list_behind_a_figure(huis):
    blad = tekst(huis.als("marjan").get("/rapport/"))
    assert "Taken die te laat zijn" in blad
    assert 'href="/werklijst/?tab=team"' in blad


def test_who_may_not_see_the_list_sees_the_figure_alone(huis):
    blad = tekst(huis.als("esther").get("/rapport/"))
    assert "Taken die te laat zijn" in blad
    assert "/werklijst/?tab=team" not in blad


def test_it_is_a_file_too(huis):
    antwoord = huis.als("marjan").get("/rapport/2026-01-05.csv")
    assert antwoord.mimetype == "text/csv"
    assert '"Taken die te laat zijn";"Samen";"3"' in tekst(antwoord)


def test_a_week_without_one_or_a_day_that_is_none_is_not_there(huis):
    marjan = huis.als("marjan")
    for pad in ("/rapport/2026-01-06", "/rapport/gisteren", "/rapport/gisteren.csv"):
        assert marjan.get(pad).status_code == 404


def test_the_worker_makes_the_next_and_the_page_keeps_the_way_to_the_one_before(demo):
    put_in_service(demo.store, {**klein(), TABEL: project_set()[TABEL]})
    rapporteer(demo.store, Config(), BEGIN)
    Worker(demo.store, Config(), lambda: BEGIN + timedelta(days=8)).tick()
    blad = tekst(demo.als("marjan").get("/rapport/"))
    assert "19 januari 2026" in blad
    assert 'href="/rapport/2026-01-12"' in blad
    assert 'href="/rapport/2026-01-05"' in blad


def test_a_house_without_a_report_says_when_it_comes(huis):
    transact(huis.store.sessions, lambda session: session.query(Rapport).delete())
    assert "nog geen rapport" in tekst(huis.als("marjan").get("/rapport/"))
