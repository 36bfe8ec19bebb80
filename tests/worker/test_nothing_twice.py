"""Who lost the lease writes nothing, one row that fails takes nobody along, and idle is cheap."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select, text, update

from routeflow.commands import berichten, timers, uitgaand
from routeflow.commands.advance import WERKER
from routeflow.commands.wachtrij import LEASE, held, uitstellen
from routeflow.config import Config
from routeflow.store import dialect_of, open_store, read, transact
from routeflow.store.models import Bericht, Journaal, Route, Uitgaand, Wekker
from routeflow.worker import run_due
from support.database import CHOICE
from support.klein import klein
from support.route import BUREAU, RouteUnderTest
from support.volgorde import in_order


@pytest.fixture
def alive(route):
    return route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))


def claimed_twice(route, due):
    """Claim the same rows by somebody slow and, when that lease is over, by somebody quick."""
    slow = transact(route.store.sessions, partial(due, now=route.now))
    route.now += 2 * LEASE
    quick = transact(route.store.sessions, partial(due, now=route.now))
    assert {claim.id for claim in slow} == {claim.id for claim in quick}
    return slow[0], next(claim for claim in quick if claim.id == slow[0].id)


@pytest.mark.parametrize("punt", ["begin", "written"])
def test_a_slow_holder_of_an_outgoing_message_notes_nothing(alive, database_url, punt):
    alive.when_done("plan", leerroute="Z")
    slow, quick = claimed_twice(alive, uitgaand.due)
    noted = partial(uitgaand.verzonden, now=alive.now)
    one, two = in_order(database_url, partial(noted, claim=slow), punt, partial(noted, claim=quick))
    assert one is None
    assert two.status == "verzonden"
    (row,) = read(alive.store.sessions, lambda s: s.scalars(select(Uitgaand)).all())
    assert (row.status, row.lease) == ("verzonden", None)
    assert read(alive.store.sessions, lambda s: uitgaand.envelop(s, slow)) is None


@pytest.mark.skipif(CHOICE != "postgresql", reason="SQLite has one writer at a time")
def test_a_dossier_that_a_frozen_machine_holds_stops_no_other(alive, database_url):
    """Its transaction stays open at the server, with the lock on its dossier."""
    frozen = alive.dossier_id
    other = RouteUnderTest(alive.store, now=alive.now).given("klein", klein(), leerroute="B1")
    alive.now = other.now = other.armed["uren_blijven_uit"] + timedelta(minutes=1)
    sooner = open_store(database_url)

    def impatient(connection, _record):
        connection.autocommit = True
        connection.execute("SET lock_timeout = 100")
        connection.autocommit = False

    event.listen(sooner.engine, "connect", impatient)
    with alive.store.engine.connect() as holder:
        holder.execute(select(Route).where(Route.dossier_id == frozen).with_for_update())
        run_due(sooner, alive.config, alive.now)
        assert "bel_partij" in other.open_elements
        assert "bel_partij" not in alive.open_elements
        holder.rollback()
    run_due(sooner, alive.config, alive.now + timedelta(minutes=5))
    sooner.close()
    assert "bel_partij" in alive.open_elements
    assert alive.incidenten == []


@pytest.mark.skipif(CHOICE != "postgresql", reason="SQLite has its busy timeout")
@pytest.mark.parametrize("naam", ["lock_timeout", "idle_in_transaction_session_timeout"])
def test_nobody_waits_for_a_lock_or_holds_one_without_end(store, naam):
    def shown(session):
        return session.connection().exec_driver_sql(f"SHOW {naam}").scalar_one()

    assert transact(store.sessions, shown) != "0"


def test_a_slow_holder_of_an_outgoing_message_has_nothing_to_send_while_another_holds_it(alive):
    alive.when_done("plan", leerroute="Z")
    slow, quick = claimed_twice(alive, uitgaand.due)
    envelops = [
        read(alive.store.sessions, partial(uitgaand.envelop, claim=claim))
        for claim in (slow, quick)
    ]
    assert [envelop is None for envelop in envelops] == [True, False]


def test_what_was_put_off_for_longer_than_a_lease_is_taken_by_nobody_before_its_moment(alive):
    alive.when_done("plan", leerroute="Z")
    later = alive.now + 10 * LEASE

    def put_off(session):
        (claim,) = uitgaand.due(session, alive.now)
        uitstellen(held(session, Uitgaand, claim), later)

    transact(alive.store.sessions, put_off)
    due = [
        transact(alive.store.sessions, partial(uitgaand.due, now=moment))
        for moment in (alive.now, alive.now + 2 * LEASE, later)
    ]
    assert [len(claims) for claims in due] == [0, 0, 1]


@pytest.mark.parametrize("punt", ["begin", "written"])
def test_a_slow_holder_of_a_message_delivers_nothing(alive, database_url, punt):
    transact(
        alive.store.sessions,
        lambda s: berichten.receive(
            s, "duo-1", "SS110", {}, dossier_id=alive.dossier_id, by=BUREAU, now=alive.now
        ),
    )
    slow, quick = claimed_twice(alive, berichten.due)
    deliver = partial(berichten.deliver_bericht, by=WERKER, now=alive.now)
    one, two = in_order(
        database_url, partial(deliver, claim=slow), punt, partial(deliver, claim=quick)
    )
    assert one is None
    assert two.status == "bezorgd"
    assert [act.wat for act in alive.journal].count("bericht bezorgd") == 1


@pytest.mark.parametrize("punt", ["begin", "written"])
def test_a_slow_holder_of_many_wekkers_fires_none(alive, database_url, punt):
    other = RouteUnderTest(alive.store).given("klein", klein(), leerroute="B1")
    alive.now = alive.armed["uren_blijven_uit"]
    slow = transact(alive.store.sessions, partial(timers.due, now=alive.now))
    alive.now += 2 * LEASE
    quick = transact(alive.store.sessions, partial(timers.due, now=alive.now))
    armed = select(Wekker.id).where(Wekker.soort == "timer", Wekker.gesloten_op.is_(None))
    ids = read(alive.store.sessions, lambda s: list(s.scalars(armed)))
    of_each = [
        sorted((claim for claim in claims if claim.id in ids), key=lambda claim: claim.id)
        for claims in (slow, quick)
    ]
    assert {claim.dossier_id for claim in of_each[0]} == {alive.dossier_id, other.dossier_id}
    fire = partial(timers.fire_wekkers, by=WERKER, now=alive.now)
    one, two = in_order(
        database_url,
        partial(fire, claims=of_each[0]),
        punt,
        partial(fire, claims=of_each[1]),
    )
    assert [done.tekst for done in one.values()] == [None, None]
    if len(two) == len(of_each[1]):  # PostgreSQL passes over what the other held at that moment
        assert None not in [done.tekst for done in two.values()]
    run_due(alive.store, alive.config, alive.now + 2 * LEASE)
    for een in (alive, other):
        fired = [act.element for act in een.journal if act.wat == "wekker"]
        assert fired == ["uren_blijven_uit"]
    assert alive.ailments == []


def test_one_poison_row_among_a_hundred_stops_nobody(store):
    routes = [RouteUnderTest(store).given("klein", klein(), leerroute="B1") for _ in range(100)]
    poisoned = routes[37].dossier_id
    transact(
        store.sessions,
        lambda s: s.execute(
            update(Route.__table__).where(Route.dossier_id == poisoned).values(toestand=b"poison")
        ),
    )
    now = routes[0].armed["uren_blijven_uit"]
    run_due(store, Config(), now)
    went = Counter(
        read(store.sessions, lambda s: s.scalars(_WENT).all()),
    )
    assert went == {route.dossier_id: 1 for route in routes if route.dossier_id != poisoned}
    (incident,) = routes[0].incidenten
    assert incident.dossier_id == poisoned


_WENT = select(Journaal.dossier_id).where(Journaal.wat == "wekker")


def test_wekkers_of_many_dossiers_take_one_transaction_and_few_statements(store):
    routes = [RouteUnderTest(store).given("klein", klein(), leerroute="B1") for _ in range(20)]
    now = routes[0].armed["uren_blijven_uit"]
    statements: list[str] = []
    event.listen(
        store.engine, "after_cursor_execute", lambda _c, _u, sql, *_: statements.append(sql)
    )
    run_due(store, Config(), now)
    assert sum(sql.startswith("UPDATE route") for sql in statements) <= 6  # three a dossier
    assert len(statements) < 5 * len(routes)
    assert all("bel_partij" in route.open_elements for route in routes)


@pytest.fixture
def twenty_thousand(alive):
    """Rows that wait for another day, in each of the three tables."""

    def fill(session):
        later = alive.now + timedelta(days=1000)
        common = {"dossier_id": alive.dossier_id, "gegevens": {}}
        session.execute(
            insert(Wekker),
            [
                {
                    **common,
                    "id": uuid4(),
                    "soort": "ladder",
                    "bron": f"{n}",
                    "element": "x",
                    "op": later,
                }
                for n in range(20_000)
            ],
        )
        session.execute(
            insert(Bericht),
            [
                {**common, "bericht_id": f"b{n}", "bericht": "SS131", "van": "DUO"}
                | {"ontvangen_op": alive.now, "volgende_op": later}
                for n in range(20_000)
            ],
        )
        session.execute(
            insert(Uitgaand),
            [
                {"id": uuid4(), "soort": "brief", "inhoud": {}, "aangemaakt_op": alive.now}
                | {"volgende_op": later}
                for n in range(20_000)
            ],
        )

    transact(alive.store.sessions, fill)
    with alive.store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return alive


def test_a_pass_with_nothing_to_do_looks_once_at_each_table_through_an_index(twenty_thousand):
    store, asked = twenty_thousand.store, []
    event.listen(
        store.engine,
        "after_cursor_execute",
        lambda _c, _u, sql, parameters, *_: asked.append((sql, parameters)),
    )
    run_due(store, Config(uitgaand_url="http://localhost/"), twenty_thousand.now)
    looks = [(sql, parameters) for sql, parameters in asked if sql.startswith("SELECT")]
    assert len(looks) == 3
    assert len(asked) <= 5  # with what begins a transaction on SQLite

    def plans(session):
        explain = "EXPLAIN QUERY PLAN " if dialect_of(session) == "sqlite" else "EXPLAIN "
        connection = session.connection()
        return [
            " ".join(str(row) for row in connection.exec_driver_sql(explain + sql, parameters))
            for sql, parameters in looks
        ]

    for plan, index in zip(
        transact(store.sessions, plans),
        ("ix_wekker_op", "ix_bericht_wachtend", "ix_uitgaand_klaar"),
        strict=True,
    ):
        assert index in plan, plan
