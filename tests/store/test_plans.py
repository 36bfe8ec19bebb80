"""What a page costs follows from what it shows, not from what there is: plans, rows and statements.

Nothing here is timed. ``routeflow bench lists`` measures the same pages in a big gemeente.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select

from routeflow.bench import gemeente, lists
from routeflow.bench.route import NOW
from routeflow.commands import termijnblad, timers
from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor
from routeflow.store import Store, migrate, open_store, queries, read, transact
from routeflow.store.models import Account, DossierTermijn, Journaal, Taak
from routeflow.store.queries import uren
from support.huis import BEGIN, build_app, make_people, put_in_service
from support.proefset import proefset
from support.programma import Programma

FEW, MANY, MOST = 10, 200, 12
ENOUGH = 1_500  # so many that a search of one letter and a partner find "many"
SMALL, BIG = 2_000, 6_000
BIG_TABLES = ("taak", "dossier", "feit", "journaal", "melding", "zoekwoord", "wekker")
IN_ORDER = {
    "ix_taak_open",
    "ix_taak_status",
    "ix_dossier_open",
    "ix_dossier_gesloten",
    "ix_dossier_zoek",
}
"""Indexes that are walked in the order of a list until the page is full."""


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Give what is asked of the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def look(store: Store, page: lists.Look, actor: Actor) -> None:
    def work(session: Any) -> None:
        try:
            page(session, actor)
        except NotAllowed:
            return

    read(store.sessions, work)


def plan(store: Store, statement: str, parameters: Any) -> list[str]:
    """Return the lines of the database's plan. PostgreSQL is told that rows are many."""
    with store.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if store.engine.dialect.name == "sqlite":
            found = raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row[3] for row in found]
        raw.execute("SET enable_seqscan = off")
        lines = [row[0] for row in raw.execute(f"EXPLAIN {statement}", parameters)]
        raw.execute("RESET enable_seqscan")
        return lines


def whole_table(line: str) -> str | None:
    """Return the big table that this line of a plan reads from begin to end."""
    found = re.search(r"Seq Scan on (\w+)", line) or re.match(
        r"SCAN (\w+?)(?:_\d+)?(?: USING (?:COVERING )?INDEX (\w+))?$", line
    )
    if found is None or found[1] not in BIG_TABLES:
        return None
    index = found[2] if found.re.groups > 1 else None
    return None if index in IN_ORDER else line


@pytest.fixture
def filled(store):
    return store, gemeente.fill(store, ENOUGH)


def test_a_plan_that_reads_a_whole_table_is_seen():
    assert whole_table("SCAN taak")
    assert whole_table("SCAN taak_1 USING INDEX ix_taak_dossier")
    assert whole_table("  ->  Seq Scan on feit  (cost=0.00..1.00 rows=1 width=4)")
    assert not whole_table("SCAN taak USING COVERING INDEX ix_taak_open")
    assert not whole_table("SEARCH taak USING INDEX ix_taak_dossier (dossier_id=?)")


def test_no_page_reads_a_big_table_from_begin_to_end(filled):
    store, big = filled
    wrong = []
    for name, page in lists.pages(big).items():
        for reader, actor in big.readers.items():
            with statements(store) as asked:
                look(store, page, actor)
            wrong += [
                (name, reader, line)
                for statement, parameters in asked
                for line in plan(store, statement, parameters)
                if whole_table(line)
            ]
    assert wrong == []


def test_a_pass_of_the_worker_finds_what_is_due_without_reading_what_waits(filled):
    store, _ = filled
    with statements(store) as asked:
        due = transact(store.sessions, partial(timers.due, now=NOW, limit=50))
    assert list(due) == []
    lines = [line for one in asked for line in plan(store, *one)]
    assert any("ix_wekker_op" in line for line in lines)
    assert [line for line in lines if "Sort" in line or "TEMP B-TREE" in line] == []
    assert [line for line in lines if whole_table(line)] == []
    with statements(store) as asked:
        due = transact(store.sessions, partial(timers.due, now=NOW + timedelta(days=99), limit=50))
    assert len(due) == 50


def test_a_page_costs_the_same_in_a_gemeente_three_times_as_big(tmp_path):
    """Counted in instructions of SQLite; what is found by few is allowed to grow with the few."""
    small, big = (_costs(tmp_path / f"{number}.db", number) for number in (SMALL, BIG))
    grown = {
        page: (small[page], cost) for page, cost in big.items() if cost > 1.5 * small[page] + SLACK
    }
    assert grown == {}


SLACK = 100_000  # instructions, for a list that goes from few to many: two or three milliseconds


def _costs(path: Any, number: int) -> dict[tuple[str, str], int]:
    url = f"sqlite:///{path}"
    migrate(url)
    store = open_store(url)
    big = gemeente.fill(store, number)
    costs = {}
    for name, page in lists.pages(big).items():
        for reader, actor in big.readers.items():
            costs[name, reader] = _instructions(store, page, actor)
    store.close()
    return costs


def _instructions(store: Store, page: lists.Look, actor: Actor) -> int:
    """Return how many instructions (in hundreds) SQLite needs for a page."""
    counted = [0]

    def count() -> int:
        counted[0] += 100
        return 0

    def begin(connection: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(count, 100)

    event.listen(store.engine, "begin", begin)
    try:
        look(store, page, actor)
    finally:
        event.remove(store.engine, "begin", begin)
    return counted[0]


PAGES = (
    "/werklijst/?tab=mijn",
    "/werklijst/?tab=te-verdelen",
    "/werklijst/?tab=team",
    "/werklijst/?tab=team&zoek=a",
    "/dossiers/",
    "/dossiers/?zoek=a",
    "/meldingen/",
    "/incidenten/",
    "/accounts/",
    "/processen/",
    "/termijnen/",
    "/termijnen/?stand=wacht",
)
API = ("/termijnen", "/taken", "/taken?status=alle", "/dossiers", "/dossiers?zoek=a")


def test_more_rows_on_a_page_are_not_more_statements(database_url, empty_database_url, tmp_path):
    """A page shows at most fifty rows; of ten rows and of fifty it asks the same."""
    migrate(empty_database_url)
    few = _asked_per_page(database_url, FEW, tmp_path / "few")
    many = _asked_per_page(empty_database_url, MANY, tmp_path / "many")
    assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
    assert max(many.values()) <= MOST
    assert len(many) > 40


def test_a_dossier_with_twice_as_many_rows_takes_no_more_statements(store):
    big = gemeente.fill(store, FEW)
    actor = big.readers["casemanager"]
    dossier_id = big.dossier_of(actor)
    before = _asked_of_a_dossier(store, actor, dossier_id)
    transact(store.sessions, partial(_double, dossier_id=dossier_id))
    assert _asked_of_a_dossier(store, actor, dossier_id) == before
    assert len(before) == 4


def _asked_of_a_dossier(store: Store, actor: Actor, dossier_id: Any) -> list[int]:
    looks = (
        lambda s: queries.dossier_detail(s, actor, dossier_id, NOW.date()),
        lambda s: queries.journaal(s, actor, dossier_id),
        lambda s: uren.stand(s, actor, dossier_id, NOW.date()),
        lambda s: termijnblad.rijen(s, dossier_id, by=actor),
    )
    counts = []
    for one in looks:
        read(store.sessions, one)  # what a process reads once is not part of a page
        with statements(store) as asked:
            read(store.sessions, one)
        counts.append(len(asked))
    return counts


def _double(session: Any, dossier_id: Any) -> None:
    """Let a dossier have each taak, period and act twice."""
    for table, other in (
        (Taak, {"id": uuid4}),
        (DossierTermijn, {"id": uuid4, "volgnummer": lambda: 2}),
        (Journaal, {}),
    ):
        columns = [column for column in table.__table__.columns if column.key != "id"]
        rows = session.execute(select(*columns).where(table.dossier_id == dossier_id))
        for row in rows.mappings().all():
            changed = {name: make() for name, make in other.items()}
            session.execute(insert(table).values(**dict(row) | changed))


def _asked_per_page(url: str, number: int, folder: Any) -> dict[tuple[str, str], int]:
    folder.mkdir()
    store = open_store(url)
    put_in_service(store, proefset())
    tokens = make_people(store)
    gemeente.fill(store, number)
    app = build_app(store, folder)
    programma = Programma(app, tokens)
    asked_for = {}
    for login in ("fatma", "marjan", "anouk", "ruud", "tom", "esther"):
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie.update(_cookie(store, login))
        for address in PAGES:
            browser.get(address)  # what a process reads once is not part of a page
            with statements(store) as asked:
                answer = browser.get(address)
            if answer.status_code == HTTPStatus.OK:
                asked_for[login, address] = len(asked)
        for address in API:
            with statements(store) as asked:
                answer = programma.call(login, "GET", address)
            if answer.status_code == HTTPStatus.OK:
                asked_for[login, f"api {address}"] = len(asked)
    store.close()
    return asked_for


def _cookie(store: Store, login: str) -> dict[str, Any]:
    account = read(
        store.sessions,
        lambda session: session.scalar(select(Account).where(Account.login == login)),
    )
    begin = int(BEGIN.timestamp())
    return {
        "account": str(account.id),
        "versie": account.sessie_versie,
        "begin": begin,
        "laatst": begin,
    }
