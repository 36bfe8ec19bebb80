"""A short round of the kill test, and whether its bookkeeping would see what goes wrong."""

import secrets
import sys
from contextlib import ExitStack, closing
from functools import partial

import pytest
from sqlalchemy import delete, insert, select, update

from routeflow.bench import kills
from routeflow.bench.kills import audit, diagram
from routeflow.bench.kills.driver import Ledger
from routeflow.bench.kills.receiver import Receiver
from routeflow.clock import system_clock
from routeflow.commands import berichten, taken
from routeflow.config import Config
from routeflow.store import open_store, read, transact
from routeflow.store.models import Bericht, Feit, Taak, Uitgaand, Wekker
from routeflow.worker import run_due
from support.database import CHOICE
from support.route import BUREAU

SHORT = {"dossiers": 12, "clients": 2, "webs": 1, "workers": 1, "pause": 0.1, "taken_per_kill": 2}


@pytest.mark.database
def test_nothing_is_lost_or_double_when_everything_is_killed_again_and_again(tmp_path):
    seed = secrets.randbelow(1_000_000) + 1
    plan = kills.Plan(kills=24, seed=seed, **SHORT)
    with ExitStack() as stack:
        url, server = f"sqlite:///{tmp_path}/kills.db", None
        if CHOICE == "postgresql":  # one of our own: this one is killed too
            server = stack.enter_context(kills.own_server())
            url = server.url
        result = kills.run(url, plan, tmp_path, sys.stderr, server=server)
    log = (tmp_path / "log").read_text()[-3000:]
    assert result["verschillen"] == [], f"seed {seed}\n{log}"
    assert result["kills"] >= 24
    assert result["per_soort"].keys() >= {"web", "worker"}
    assert result["bevestigd"] >= 20
    assert result["wekkers_afgegaan"] > 0
    assert result["berichten_uit"] > result["berichten_in"]


@pytest.fixture
def books(empty_database_url):
    """A store in which the ledger was kept by hand, without any kill: the books balance."""
    plan = kills.Plan(kills=0, seed=1, dossiers=2)
    account = kills.prepare(empty_database_url, plan)
    ledger, receiver = Ledger(), Receiver(seed=1)
    receiver.calm = True
    store, now = open_store(empty_database_url), system_clock()
    by = {"by": BUREAU, "now": now}
    for taak_id in read(store.sessions, lambda s: s.scalars(select(Taak.id)).all()):
        answer = ledger.attempt(taak_id)
        rauw = {diagram.ANTWOORD: answer}
        transact(store.sessions, partial(taken.complete_taak, taak_id=taak_id, rauw=rauw, **by))
        ledger.promised(taak_id, answer)
    gegevens = {diagram.VELD_BERICHT: "een"}
    receive = partial(
        berichten.receive,
        bericht_id="een",
        bericht=diagram.BERICHT,
        gegevens=gegevens,
        dossier_id=account.dossiers[0],
        **by,
    )
    transact(store.sessions, receive)
    ledger.took("een", account.dossiers[0])
    run_due(store, Config(uitgaand_url=receiver.url), now)
    with closing(store):
        yield store, ledger, receiver
    receiver.shutdown()
    receiver.server_close()


def differences(store, ledger, receiver):
    balance = partial(audit.balance, ledger=ledger, receiver=receiver, now=system_clock())
    return read(store.sessions, balance).differences


def test_the_books_balance_when_nothing_went_wrong(books):
    assert differences(*books) == ()


ANSWER, DONE = Feit.naam == diagram.ANTWOORD, Taak.status == "gedaan"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (update(Taak).where(DONE).values(status="open"), audit.LOSS),
        (delete(Feit).where(ANSWER), audit.LOSS),
        (update(Feit).where(ANSWER).values(waarde="van een ander"), audit.LOSS),
        (
            insert(Feit).from_select(
                ["dossier_id", "naam", "waarde", "sinds", "tot", "taak_id", "door"],
                select(
                    Feit.dossier_id,
                    Feit.naam,
                    Feit.waarde,
                    Feit.sinds,
                    Feit.sinds,
                    Feit.taak_id,
                    Feit.door,
                ).where(ANSWER),
            ),
            audit.DOUBLE,
        ),
        (delete(Wekker).where(Wekker.element == diagram.RUST), audit.LOSS),
        (update(Wekker).where(Wekker.element == diagram.RUST).values(afgegaan=True), audit.LOSS),
        (delete(Bericht), audit.LOSS),
        (delete(Uitgaand).where(Uitgaand.soort == "antwoord"), audit.LOSS),
        (update(Uitgaand).values(status="klaar"), audit.LOSS),
        (update(Uitgaand).values(inhoud={diagram.ANTWOORD: "anders", diagram.VELD_BERICHT: "een"}), audit.OTHER),
    ],
)  # fmt: skip
def test_the_books_show_what_was_lost_and_what_came_twice(books, statement, kind):
    store, ledger, receiver = books
    transact(store.sessions, lambda s: s.execute(statement))
    assert kind in {found for found, _ in differences(store, ledger, receiver)}


def test_the_books_show_a_message_that_never_arrived_or_belongs_to_no_act(books):
    _, _, receiver = books
    key, bodies = receiver.got.popitem()
    assert audit.LOSS in {kind for kind, _ in differences(*books)}
    receiver.got[key] = bodies
    receiver.got["of no act"] = bodies
    assert {kind for kind, _ in differences(*books)} == {audit.OTHER}
    del receiver.got["of no act"]
    receiver.got[key] = {*bodies, b'{"inhoud": {}}'}
    assert {kind for kind, _ in differences(*books)} == {audit.DOUBLE, audit.OTHER}
