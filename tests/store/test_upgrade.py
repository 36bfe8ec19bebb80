"""A database of an older version, with rows in it, becomes one of today with the same rows."""

import threading

import pytest
from sqlalchemy import text

from routeflow.errors import Conflict
from routeflow.store import migrate, open_store, read
from routeflow.store.migrations import upgrade
from routeflow.store.models import Account, Taak, Zoekwoord

ROW = """
INSERT INTO account (id, login, naam, email, partij, wachtwoord, actief, sessie_versie, rollen)
VALUES ('0123456789abcdef0123456789abcdef', 'fatma', 'Fatma', '', 'Gemeente', '-', TRUE, 1,
        '["casemanager"]')
"""


def test_the_rows_of_the_first_schema_are_there_in_the_newest(empty_database_url):
    upgrade(empty_database_url, "0001")
    store = open_store(empty_database_url)
    with store.engine.begin() as connection:
        connection.execute(text(ROW))
    migrate(empty_database_url)
    account = read(store.sessions, lambda s: s.query(Account).one())
    assert (account.login, account.rollen, account.actief) == ("fatma", ["casemanager"], True)
    store.close()


DOSSIER = """
INSERT INTO dossier (id, nummer, naam, zoek, doelgroep, fase, wet, geopend_op)
VALUES ('0123456789abcdef0123456789abcdef', '2026-00001', 'Amina Yusuf', 'amina yusuf 2026-00001',
        'gezinsmigrant', '', 'Wi2021', '2026-01-05 08:00:00')
"""


def test_a_dossier_of_the_first_schema_is_found_by_its_words_in_the_newest(empty_database_url):
    upgrade(empty_database_url, "0001")
    store = open_store(empty_database_url)
    with store.engine.begin() as connection:
        connection.execute(text(DOSSIER))
    migrate(empty_database_url)
    words = read(store.sessions, lambda s: {row.woord for row in s.query(Zoekwoord)})
    assert words == {"amina", "yusuf", "2026-00001", "2026", "00001", "1"}
    together = read(store.sessions, lambda s: {row.woorden for row in s.query(Zoekwoord)})
    assert together == {"".join(f" {word}" for word in sorted(words))}
    store.close()


def test_an_upgraded_database_knows_at_once_what_its_tables_hold(empty_database_url):
    upgrade(empty_database_url, "0001")
    store = open_store(empty_database_url)
    with store.engine.begin() as connection:
        connection.execute(text(DOSSIER))
    migrate(empty_database_url)
    with store.engine.connect() as connection:
        # SQLite is told fixed counts, which do not depend on who looks
        count = (
            "SELECT count(*) FROM pg_stats WHERE tablename = 'zoekwoord'"
            if connection.dialect.name == "postgresql"
            else "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'zoekwoord'"
        )
        assert connection.scalar(text(count)) >= 1
    store.close()


def test_a_dossier_with_more_words_than_an_index_holds_is_still_found(empty_database_url):
    zoek = " ".join([*(f"\u4e00\u4e8c{number:03d}" for number in range(64)), "2026-00001"])
    upgrade(empty_database_url, "0019")
    store = open_store(empty_database_url)
    with store.engine.begin() as connection:
        connection.execute(text(DOSSIER.replace("amina yusuf 2026-00001", zoek)))
        for word in zoek.split():
            connection.execute(
                text(
                    "INSERT INTO zoekwoord (woord, begin, dossier_id, woorden)"
                    " SELECT :woord, :begin, id, :woorden FROM dossier"
                ),
                {"woord": word, "begin": zoek[:30], "woorden": "".join(f" {zoek}" * 6)},
            )
    migrate(empty_database_url)
    rows = read(store.sessions, lambda s: list(s.query(Zoekwoord)))
    assert {len(row.woorden) <= 500 for row in rows} == {True}
    assert {zoek.split()[0], "2026-00001", "1"} <= {row.woord for row in rows}
    store.close()


DEPLOYMENT = """
INSERT INTO deployment (id, gepubliceerd_op, door, reden, digest)
VALUES (1, '2026-01-05 08:00:00', 'x', 'x', '0')
"""
TAAK = """
INSERT INTO taak (id, dossier_id, deployment_id, proces, element, naam, onderdeel, rol, partij,
    houder, formulier, volgorde, status, geopend_op, lokaal, pad, version)
VALUES ('1123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef', 1, 'p', 'e', 'n',
    'regie', 'casemanager', 'Gemeente', 'gemeente', '', '2026-02-01', 'open', '2026-01-05 08:00:00',
    '{}', '[]', 1)
"""


def test_a_taak_of_the_first_schema_is_in_the_list_of_its_casemanager(empty_database_url):
    upgrade(empty_database_url, "0001")
    store = open_store(empty_database_url)
    with store.engine.begin() as connection:
        for row in (ROW, DOSSIER, DEPLOYMENT, TAAK):
            connection.execute(text(row))
        connection.execute(text("UPDATE dossier SET casemanager_id = (SELECT id FROM account)"))
    migrate(empty_database_url)
    account = read(store.sessions, lambda s: s.query(Account).one())
    taak = read(store.sessions, lambda s: s.query(Taak).one())
    assert taak.casemanager_id == account.id
    store.close()


def test_two_processes_may_migrate_at_once(empty_database_url):
    threads = [threading.Thread(target=migrate, args=(empty_database_url,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = open_store(empty_database_url)
    assert read(store.sessions, lambda s: s.query(Account).count()) == 0
    store.close()


def test_a_database_of_a_newer_product_is_refused_in_words_and_stays_as_it_was(database_url):
    store = open_store(database_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match=r"nieuwere versie van het product \(schema 9999\)"):
        migrate(database_url)
    with store.engine.begin() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
        )
    store.close()
