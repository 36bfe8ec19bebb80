"""Many rows in one statement say the same as each by itself, on either database."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from routeflow.store import dialect_of, read, transact
from routeflow.store.models import Feit, Journaal, Route, Taak, Wekker
from routeflow.store.together import before_new_rows, write_together
from support.klein import klein
from support.route import RouteUnderTest

NOW = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
WORDS = [
    "",
    " spatie ",
    "Şükrü & Zoë 'zegt' \"ja\"",
    'een \\ en een " en {"geen": [json]}',
    "regel\nregel\ttab\u2028",
    "\U0001f600 buiten het gewone vlak",
    "null",
    "2026-01-01",
]
VALUES = [
    *WORDS,
    True,
    False,
    0,
    1234567890123,
    [12345678901234567890123],
    -0.1,
    [],
    {},
    {"a": [1, None, {"b": "c"}], "é": ""},
]


@pytest.fixture
def alive(route):
    return route.given("klein", klein(), leerroute="B1")


def of_fact(dossier_id, serial, value):
    return Feit(dossier_id=dossier_id, naam=f"proef{serial}", waarde=value, sinds=NOW, door="proef")


def test_facts_of_every_kind_read_back_as_they_were_written(alive):
    def work(session):
        session.add_all(of_fact(alive.dossier_id, *each) for each in enumerate(VALUES))
        write_together(session)

    transact(alive.store.sessions, work)
    found = select(Feit).where(Feit.naam.startswith("proef")).order_by(Feit.id)
    rows = read(alive.store.sessions, lambda s: s.scalars(found).all())
    assert [row.waarde for row in rows] == VALUES
    assert [type(row.waarde) for row in rows] == [type(value) for value in VALUES]
    assert {(row.sinds, row.tot, row.taak_id, row.door) for row in rows} == {
        (NOW, None, None, "proef")
    }


def test_a_value_with_what_is_no_text_is_kept_as_by_itself(alive):
    values = [*WORDS, "voor\x00na"]

    def work(session):
        session.add_all(of_fact(alive.dossier_id, *each) for each in enumerate(values))
        write_together(session)

    transact(alive.store.sessions, work)
    found = select(Feit.waarde).where(Feit.naam.startswith("proef")).order_by(Feit.id)
    assert read(alive.store.sessions, lambda s: s.scalars(found).all()) == values


def test_the_words_of_a_journal_row_read_back_as_they_were_written(alive):
    def work(session):
        for word in WORDS:
            row = Journaal(dossier_id=None, op=NOW, door=word, door_id=uuid4(), wat="proef")
            row.gegevens, row.pad, row.keten = {word: word}, [["p", word, "entered", None]], ""
            session.add(row)
        write_together(session)

    transact(alive.store.sessions, work)
    found = select(Journaal).where(Journaal.wat == "proef").order_by(Journaal.id)
    rows = read(alive.store.sessions, lambda s: s.scalars(found).all())
    assert [(row.door, row.gegevens, row.pad) for row in rows] == [
        (word, {word: word}, [["p", word, "entered", None]]) for word in WORDS
    ]


def several(alive, number=7):
    """Return the ids of dossiers that all wait at their first step."""
    others = [RouteUnderTest(alive.store).given("klein", klein()) for _ in range(number - 1)]
    return [alive.dossier_id, *(other.dossier_id for other in others)]


def test_changed_rows_of_every_kind_read_back_as_they_were_written(alive):
    ids = several(alive)
    zone = timezone(timedelta(hours=2))

    def work(session):
        routes = session.scalars(select(Route).where(Route.dossier_id.in_(ids))).all()
        open_taken = session.scalars(select(Taak)).all()
        for serial, row in enumerate(routes):
            row.toestand = bytes(range(256)) * serial
        for serial, taak in enumerate(open_taken):
            taak.naam = WORDS[serial % len(WORDS)]
            taak.uiterlijk = NOW.date() if serial % 2 else None
            taak.concept = {"antwoord": WORDS[serial % len(WORDS)]} if serial % 3 else None
            taak.te_laat_gemeld_op = NOW.astimezone(zone)
        before = {row.dossier_id: (row.toestand, row.version + 1) for row in routes}
        taken = {
            taak.id: (taak.naam, taak.uiterlijk, taak.concept, NOW, taak.version + 1)
            for taak in open_taken
        }
        write_together(session)
        return before, taken

    routes, taken = transact(alive.store.sessions, work)
    assert len(routes) == len(ids)

    def found(session):
        return (
            {row.dossier_id: (row.toestand, row.version) for row in session.scalars(select(Route))},
            {
                row.id: (row.naam, row.uiterlijk, row.concept, row.te_laat_gemeld_op, row.version)
                for row in session.scalars(select(Taak))
            },
        )

    assert read(alive.store.sessions, found) == (routes, taken)


def test_of_many_rows_one_that_was_changed_meanwhile_stops_all(alive):
    ids = several(alive)

    def work(session):
        routes = session.scalars(select(Route).where(Route.dossier_id.in_(ids))).all()
        for row in routes:
            row.keten = "nieuw"
        session.connection().execute(
            Route.__table__.update().where(Route.dossier_id == ids[3]).values(version=99)
        )
        with pytest.raises(StaleDataError):
            write_together(session)
        session.rollback()

    transact(alive.store.sessions, work)
    kept = read(alive.store.sessions, lambda s: s.scalars(select(Route.keten)).all())
    assert "nieuw" not in kept


def test_a_moment_without_a_zone_is_refused_in_many_rows_too(alive):
    ids = several(alive)

    def work(session):
        for dossier_id in ids:
            session.add(
                Wekker(
                    dossier_id=dossier_id,
                    soort="proef",
                    bron=str(uuid4()),
                    element="e",
                    op=NOW.replace(tzinfo=None),
                )
            )
        write_together(session)

    with pytest.raises(Exception, match="naive datetime"):
        transact(alive.store.sessions, work)


def test_many_new_rows_get_what_their_columns_give_by_themselves(alive):
    def work(session):
        session.add_all(
            Wekker(dossier_id=alive.dossier_id, soort="proef", bron=str(serial), element="e")
            for serial in range(9)
        )
        write_together(session)

    transact(alive.store.sessions, work)
    found = select(Wekker).where(Wekker.soort == "proef")
    rows = read(alive.store.sessions, lambda s: s.scalars(found).all())
    assert len({row.id for row in rows}) == 9
    assert {(row.pogingen, row.gestrand, row.afgegaan) for row in rows} == {(0, False, False)}


def test_many_rows_of_a_kind_are_one_statement_to_the_server(alive):
    ids = several(alive)
    asked = []

    def note(_c, _cursor, statement, _parameters, _context, many):
        asked.append((statement.split()[0], many))

    def work(session):
        sqlite = dialect_of(session) == "sqlite"
        for serial, row in enumerate(session.scalars(select(Route)).all()):
            row.keten = str(serial)
            session.add(of_fact(row.dossier_id, 1, "x"))
        event.listen(alive.store.engine, "before_cursor_execute", note)
        try:
            write_together(session)
        finally:
            event.remove(alive.store.engine, "before_cursor_execute", note)
        return sqlite

    sqlite = transact(alive.store.sessions, work)
    assert len(ids) > 5
    assert asked == [("UPDATE", sqlite), ("INSERT", sqlite)]


ALONE = (
    update(Feit)
    .where(Feit.dossier_id == bindparam("van"), Feit.naam == "proef1", Feit.tot.is_(None))
    .values(tot=NOW)
    .execution_options(synchronize_session=False)
)
"""Makes place for a fact of the same name: of each name one holds at a time."""


@pytest.mark.parametrize("write", [write_together, Session.flush])
def test_what_makes_place_for_a_new_row_goes_before_it(alive, write):
    def work(session, value):
        before_new_rows(session, ALONE, [{"van": alive.dossier_id}])
        session.add(of_fact(alive.dossier_id, 1, value))
        write(session)

    for value in ("een", "twee", "drie"):
        transact(alive.store.sessions, lambda session, value=value: work(session, value))
    found = select(Feit.waarde, Feit.tot).where(Feit.naam == "proef1").order_by(Feit.id)
    rows = read(alive.store.sessions, lambda s: s.execute(found).all())
    assert [(value, tot is None) for value, tot in rows] == [
        ("een", False),
        ("twee", False),
        ("drie", True),
    ]


def test_what_was_to_make_place_is_forgotten_when_the_act_is_taken_back(alive):
    transact(alive.store.sessions, lambda session: session.add(of_fact(alive.dossier_id, 1, "een")))
    with alive.store.sessions() as session:
        before_new_rows(session, ALONE, [{"van": alive.dossier_id}])
        session.add(of_fact(alive.dossier_id, 1, "twee"))
        session.rollback()
        session.add(of_fact(alive.dossier_id, 2, "ander"))
        session.commit()
    found = select(Feit.waarde).where(Feit.naam.startswith("proef"), Feit.tot.is_(None))
    rows = read(alive.store.sessions, lambda s: s.scalars(found.order_by(Feit.id)).all())
    assert rows == ["een", "ander"]
