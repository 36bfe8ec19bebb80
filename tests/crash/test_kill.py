"""A process that is killed in the middle of an act leaves the act undone, and nothing broken."""

import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from routeflow.worker import run_due
from support.klein import klein

VICTIM = """
import os, sys
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import event

from routeflow.commands import taken, timers
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import open_store, transact

url, what, ident, now, statement = sys.argv[1:]
store = open_store(url)
now = datetime.fromisoformat(now)
by = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))


@event.listens_for(store.engine, "after_cursor_execute")
def die(_connection, _cursor, sql, *_rest):
    if sql.startswith(statement):
        os.kill(os.getpid(), 9)


if what == "taak":
    act = partial(taken.complete_taak, taak_id=UUID(ident), rauw={"leerroute": "Z"}, by=by, now=now)
    transact(store.sessions, act)
else:
    for claim in transact(store.sessions, lambda s: timers.due(s, now)):
        transact(store.sessions, partial(timers.fire_wekker, claim=claim, by=by, now=now))
"""


@pytest.fixture
def alive(route):
    return route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))


def kill_in(route, url, what, ident, statement):
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", VICTIM, url, what, ident, route.now.isoformat(), statement],
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("statement", ["UPDATE taak", "INSERT INTO journaal", "UPDATE route"])
def test_a_person_finds_the_taak_open_after_the_server_was_killed(alive, database_url, statement):
    before = len(alive.journal)
    kill_in(alive, database_url, "taak", str(alive.taak("plan").id), statement)
    assert len(alive.journal) == before
    assert alive.facts["leerroute"] == "B1"
    assert alive.ailments == []
    alive.when_done("plan", leerroute="Z")
    assert alive.facts["leerroute"] == "Z"
    assert alive.ailments == []


@pytest.mark.parametrize("statement", ["UPDATE wekker", "INSERT INTO taak", "UPDATE route"])
def test_another_worker_goes_on_where_one_was_killed(alive, database_url, statement):
    alive.now = alive.armed["uren_blijven_uit"]
    kill_in(alive, database_url, "worker", "-", statement)
    alive.when_days_pass(1)  # the lease of the dead worker is over by then
    assert "bel_partij" in alive.open_elements
    fired = [act for act in alive.journal if act.element == "uren_blijven_uit"]
    assert len(fired) == 1
    run_due(alive.store, alive.config, alive.now)
    assert alive.ailments == []
