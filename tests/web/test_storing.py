"""When the database itself cannot: everybody hears what is so, nothing is half done, and it goes on."""

import sqlite3
from contextlib import closing, contextmanager

import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from routeflow.store import read
from routeflow.store.models import Feit, Journaal, Taak, Uitgaand
from routeflow.store.storing import storing
from support.database import CHOICE
from support.route import RouteUnderTest

only_sqlite = pytest.mark.skipif(CHOICE != "sqlite", reason="how SQLite fails")
only_postgresql = pytest.mark.skipif(CHOICE != "postgresql", reason="how PostgreSQL fails")
ANTWOORD = {"leerroute": "Z"}


def stand(huis):
    """What of the dossier an act could have left half done."""

    def tel(session):
        taken = session.execute(select(Taak.element, Taak.status).order_by(Taak.element)).all()
        aantallen = [
            session.scalar(select(func.count()).select_from(soort))
            for soort in (Feit, Journaal, Uitgaand)
        ]
        return [tuple(rij) for rij in taken], aantallen

    return read(huis.store.sessions, tel)


def rond_af(huis):
    return huis.als("fatma").post(f"/taken/{huis.taken['plan']}", ANTWOORD)


def gezond(huis):
    route = RouteUnderTest(huis.store, dossier_id=huis.dossier)
    return [een for een in route.ailments if "Draait de worker" not in een]


@contextmanager
def otherwise_connected(store, what, make):
    """Let every connection of ``store`` come to be in another way, until the end."""
    store.engine.dispose()
    event.listen(store.engine, what, make)
    yield
    event.remove(store.engine, what, make)
    store.engine.dispose()


@only_sqlite
def test_a_full_disk_is_told_and_leaves_nothing_half_done(huis):
    """SQLite may take no page more than it has."""
    veel = {"opmerking": "x" * 20_000, "actie": "concept"}
    pad = f"/taken/{huis.taken['plan']}"
    browser, voor = huis.als("fatma"), stand(huis)
    with closing(sqlite3.connect(huis.store.engine.url.database)) as connection:
        connection.execute("VACUUM")

    def full(connection, _record):
        connection.execute("PRAGMA max_page_count=1")

    with otherwise_connected(huis.store, "connect", full):
        antwoord = browser.post(pad, veel)
        assert antwoord.status_code == 503
        assert "schijf van de database is vol" in antwoord.text
        assert stand(huis) == voor
    assert browser.post(pad, veel).status_code == 303
    assert rond_af(huis).status_code == 303
    assert gezond(huis) == []


@only_sqlite
def test_a_database_that_may_only_be_read_is_told_and_still_shows_its_pages(huis):
    voor = stand(huis)
    plek = f"file:{huis.store.engine.url.database}?mode=ro"

    def only_to_read(*_):
        return sqlite3.connect(plek, uri=True, check_same_thread=False)

    with otherwise_connected(huis.store, "do_connect", only_to_read):
        antwoord = rond_af(huis)
        assert antwoord.status_code == 503
        assert "alleen te lezen" in antwoord.text
        assert huis.als("fatma").get(f"/dossiers/{huis.dossier}").status_code == 200
        assert stand(huis) == voor
    assert rond_af(huis).status_code == 303


@contextmanager
def failing(store, code):
    """Let every row of the journal fail with a code of PostgreSQL, until the end."""
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION faal() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'stuk' USING ERRCODE = '{code}'; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER faal BEFORE INSERT ON journaal EXECUTE FUNCTION faal()")
        )
    yield
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER faal ON journaal"))


@only_postgresql
@pytest.mark.parametrize(
    ("code", "zin"),
    [
        ("53100", "schijf van de database is vol"),
        ("53200", "te druk"),
        ("57014", "duurde te lang"),
        ("25006", "alleen te lezen"),
        ("57P01", "niet te bereiken"),
        ("58030", "niet te lezen of beschadigd"),
    ],
)
def test_what_postgresql_cannot_is_told_and_leaves_nothing_half_done(huis, code, zin):
    voor = stand(huis)
    with failing(huis.store, code):
        antwoord = rond_af(huis)
        assert (antwoord.status_code, zin in antwoord.text) == (503, True)
        assert stand(huis) == voor
    assert rond_af(huis).status_code == 303
    assert gezond(huis) == []


@only_postgresql
@pytest.mark.parametrize("komt_aan", [True, False])
def test_who_does_not_know_whether_a_commit_arrived_sends_it_again_and_it_counts_once(
    huis, komt_aan
):
    """The connection falls at the commit itself: just behind it, or just before."""
    eerst = []

    def cut(connection):
        if eerst:
            return
        raw = connection.connection.driver_connection
        eerst.append(raw)
        if komt_aan:
            raw.execute("COMMIT")
            raw.close()
            return
        with psycopg.connect(raw.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [raw.info.backend_pid])

    browser = huis.als("fatma")
    pad = f"/taken/{huis.taken['plan']}"
    pagina = browser.get(pad)
    assert pagina.status_code == 200
    event.listen(huis.store.engine, "commit", cut)
    antwoord = browser.post(pad, ANTWOORD)
    event.remove(huis.store.engine, "commit", cut)
    assert eerst
    assert antwoord.status_code == 503
    assert "Dubbel telt het niet" in antwoord.text
    assert browser.post(pad, ANTWOORD).status_code == 303
    journaal = RouteUnderTest(huis.store, dossier_id=huis.dossier).journal
    assert [een.wat for een in journaal].count("taak voltooid") == 1
    assert gezond(huis) == []


def test_a_pool_without_a_connection_left_is_too_busy():
    assert "te druk" in storing(PoolTimeoutError("QueuePool limit"))


def test_a_server_that_hangs_up_without_a_code_is_gone():
    assert "niet te bereiken" in storing(OperationalError("x", {}, psycopg.OperationalError("weg")))


def test_a_fault_of_our_own_is_none_of_the_database():
    assert storing(DBAPIError("x", {}, psycopg.ProgrammingError("fout"))) is None
    assert storing(ValueError("fout")) is None
