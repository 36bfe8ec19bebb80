import threading
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import bindparam, event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from routeflow.errors import Conflict
from routeflow.store import ask, dialect_of, migrate, open_store, read, transact
from routeflow.store.models import Base, Inlogpoging, Klok, Teller

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_migrating_an_empty_database_gives_the_tables_of_the_models(empty_database_url):
    migrate(empty_database_url)
    store = open_store(empty_database_url)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    store.close()


def test_migrating_twice_changes_nothing(database_url):
    migrate(database_url)


def test_a_naive_instant_is_refused(store):
    def add(session):
        session.add(Inlogpoging(login="x", adres="y", op=datetime(2026, 1, 5)))  # noqa: DTZ001 - the point

    with pytest.raises(StatementError, match="naive"):
        transact(store.sessions, add)


def test_what_raises_leaves_nothing_behind(store):
    def add_and_fail(session):
        session.add(Teller(naam="a", stand=1))
        session.flush()
        raise Conflict("te laat")

    with pytest.raises(Conflict):
        transact(store.sessions, add_and_fail)
    assert read(store.sessions, lambda s: s.get(Teller, "a")) is None


def test_a_reader_may_not_write(store):
    def add(session):
        session.add(Teller(naam="a", stand=1))
        session.flush()

    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        read(store.sessions, add)


def test_a_connection_that_read_can_write_again(store):
    read(store.sessions, lambda s: s.get(Teller, "a"))
    transact(store.sessions, lambda s: s.add(Teller(naam="a", stand=1)))
    assert read(store.sessions, lambda s: s.get_one(Teller, "a").stand) == 1


def test_a_question_of_one_statement_begins_nothing(store):
    transact(store.sessions, lambda s: s.add(Teller(naam="a", stand=1)))
    begun = []
    event.listen(
        store.engine, "before_cursor_execute", lambda *how: begun.append(how[2].split()[0])
    )
    assert ask(store.engine, select(Teller.stand).where(Teller.naam == "a"), {})[0] == 1
    assert begun == ["SELECT"]


def test_a_connection_that_was_asked_something_can_write_and_read_again(store):
    stand = select(Teller.stand).where(Teller.naam == bindparam("wie"))
    for number in range(3):
        transact(store.sessions, lambda s: s.merge(Teller(naam="a", stand=number)))  # noqa: B023
        assert ask(store.engine, stand, {"wie": "a"})[0] == number
        with pytest.raises(DBAPIError):
            read(store.sessions, lambda s: s.add(Teller(naam="b", stand=1)))
        assert ask(store.engine, stand, {"wie": "b"}) is None
    with pytest.raises(Conflict):
        transact(store.sessions, _add_and_fail)
    assert ask(store.engine, stand, {"wie": "c"}) is None


def _add_and_fail(session):
    session.add(Teller(naam="c", stand=1))
    session.flush()
    raise Conflict("te laat")


def test_a_connection_that_the_server_closed_is_not_used_again(store):
    if dialect_of(store.sessions()) != "postgresql":
        pytest.skip("SQLite has no server")
    mine = transact(store.sessions, lambda s: s.scalar(text("SELECT pg_backend_pid()")))
    other = open_store(store.engine.url.render_as_string(hide_password=False))
    transact(
        other.sessions, lambda s: s.execute(text(f"SELECT pg_terminate_backend({mine}, 9000)"))
    )
    other.close()
    assert transact(store.sessions, lambda s: s.scalar(text("SELECT pg_backend_pid()"))) != mine


def test_a_reader_sees_one_moment_while_a_writer_commits(store):
    transact(store.sessions, lambda s: s.add(Teller(naam="a", stand=1)))

    def look_twice(session):
        stand = select(Teller.stand)
        before = session.scalar(stand)
        transact(store.sessions, lambda s: s.execute(text("UPDATE teller SET stand = 2")))
        return before, session.scalar(stand)

    assert read(store.sessions, look_twice) == (1, 1)


def test_a_lost_race_is_run_again_from_the_start(store):
    runs = []

    def loses_once(session):
        runs.append(session)
        if len(runs) == 1:
            raise StaleDataError
        return "klaar"

    assert transact(store.sessions, loses_once) == "klaar"
    assert runs[0] is not runs[1]


def test_losing_every_time_is_told_as_a_conflict(store):
    def loses(_session):
        raise StaleDataError

    with pytest.raises(Conflict, match="Probeer het opnieuw"):
        transact(store.sessions, loses, attempts=2)


def test_a_broken_rule_is_looked_at_once_more_and_then_raised(store):
    runs = []

    def breaks_a_rule(session):
        runs.append(1)
        session.add_all([Klok(id=1, verschuiving=0)])
        session.flush()
        session.execute(text("INSERT INTO klok (id, verschuiving) VALUES (1, 0)"))

    with pytest.raises(IntegrityError):
        transact(store.sessions, breaks_a_rule)
    assert len(runs) == 2


def test_a_key_that_another_door_inserted_meanwhile_is_seen_at_the_second_look(store):
    transact(store.sessions, lambda s: s.add(Teller(naam="a", stand=1)))
    looked = []

    def insert_unless_there(session):
        if looked and session.get(Teller, "a"):
            return "was er al"
        looked.append(1)  # the first look was before the other door committed
        session.execute(text("INSERT INTO teller (naam, stand) VALUES ('a', 1)"))
        return "nieuw"

    assert transact(store.sessions, insert_unless_there) == "was er al"


def test_counting_from_many_threads_loses_nothing(store):
    transact(store.sessions, lambda s: s.add(Teller(naam="a", stand=0)))

    def count():
        for _ in range(10):
            transact(
                store.sessions, lambda s: s.execute(text("UPDATE teller SET stand = stand + 1"))
            )

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(store.sessions, lambda s: s.get_one(Teller, "a").stand) == 40


def test_postgresql_keeps_what_it_learnt_of_a_statement_from_one_page_to_the_next(store):
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite plans in microseconds, and keeps nothing")
    for _ in range(6):  # the driver prepares what it was asked five times
        read(store.sessions, lambda s: s.scalars(select(Teller.stand).where(Teller.naam == "a")))
    kept = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%teller.stand%'")
    assert read(store.sessions, lambda s: s.scalar(kept)) == 1


def test_postgresql_counts_a_row_by_its_key_cheaper_than_the_whole_table(store):
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no such setting")
    cost = text("SHOW random_page_cost")
    assert read(store.sessions, lambda session: session.scalar(cost)) == "1.1"
    assert transact(store.sessions, lambda session: session.scalar(cost)) == "1.1"
