"""Two people, or a person and a clock, at the same dossier at the same moment."""

import threading
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import taken, timers
from routeflow.commands.wachtrij import LEASE
from routeflow.errors import Conflict
from routeflow.store import open_store, transact
from routeflow.store.models import Journaal, Wekker
from routeflow.worker import run_due
from support.klein import klein
from support.route import collega


@pytest.fixture
def busy(route):
    return route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))


def at_once(*acts):
    """Run acts in threads that begin together; answers what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    answers = [None] * len(acts)

    def run(place, act):
        barrier.wait(10)
        try:
            answers[place] = act()
        except Conflict as conflict:
            answers[place] = conflict

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def completing(route, element, database_url, **answers):
    """Return the act of completing ``element`` over a connection of its own."""
    taak = route.taak(element)
    store = open_store(database_url)

    def act():
        work = partial(
            taken.complete_taak, taak_id=taak.id, rauw=answers, by=collega(taak), now=route.now
        )
        try:
            return transact(store.sessions, work)
        finally:
            store.close()

    return act


def test_two_people_complete_two_parallel_taken_of_one_dossier(busy, database_url):
    answers = at_once(
        completing(busy, "plan", database_url, leerroute="Z"),
        completing(busy, "meld_uren", database_url, urenNt2=4),
        completing(busy, "teken", database_url),
    )
    assert [answer.taak.status for answer in answers] == ["gedaan"] * 3
    assert busy.open == set()
    assert busy.facts["urenNt2"] == 4
    assert busy.ailments == []


def test_two_people_complete_the_same_taak_and_one_hears_who_was_first(busy, database_url):
    answers = at_once(*(completing(busy, "plan", database_url, leerroute="Z") for _ in range(4)))
    lost = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(lost) == 3
    assert {str(answer) for answer in lost} == {
        "Collega heeft deze taak al afgerond op 05-01-2026 om 10:00."
    }
    acts = transact(busy.store.sessions, lambda s: s.scalars(select(Journaal.wat)).all())
    assert acts.count("taak voltooid") == 1
    assert busy.ailments == []


def test_a_person_and_a_timer_at_the_same_taak_end_in_one_of_the_two(busy, database_url):
    busy.now = busy.armed["uren_blijven_uit"]
    claims = transact(busy.store.sessions, lambda s: timers.due(s, busy.now))
    (timer,) = [
        claim
        for claim in claims
        if transact(
            busy.store.sessions, lambda s, c=claim: s.get_one(Wekker, c.id).soort == "timer"
        )
    ]
    other = open_store(database_url)
    fire = partial(timers.fire_wekker, claim=timer, by=collega(busy.taak("plan")), now=busy.now)
    done, _fired = at_once(
        completing(busy, "meld_uren", database_url, urenNt2=4),
        lambda: transact(other.sessions, fire),
    )
    other.close()
    if isinstance(done, Conflict):
        assert "bel_partij" in busy.open_elements
    else:
        assert busy.open_elements == {"plan", "teken"}
    run_due(busy.store, busy.config, busy.now + 2 * LEASE)  # the reminders that were claimed
    assert busy.ailments == []


def test_a_row_is_claimed_by_one_worker_only(busy, database_url):
    busy.now = busy.armed["uren_blijven_uit"]
    stores = [open_store(database_url) for _ in range(4)]
    claims = at_once(
        *(
            lambda store=store: transact(store.sessions, lambda s: timers.due(s, busy.now))
            for store in stores
        )
    )
    ids = [claim.id for answer in claims for claim in answer]
    assert len(ids) == len(set(ids)) == 3
    for store in stores:
        store.close()


def test_a_worker_that_lost_its_lease_does_nothing(busy):
    busy.now = busy.armed["uren_blijven_uit"]
    slow = transact(busy.store.sessions, lambda s: timers.due(s, busy.now))
    later = busy.now + 2 * LEASE
    quick = transact(busy.store.sessions, lambda s: timers.due(s, later))
    assert {claim.id for claim in slow} == {claim.id for claim in quick}
    by = collega(busy.taak("plan"))
    for claim in slow:
        fire = partial(timers.fire_wekker, claim=claim, by=by, now=later)
        assert transact(busy.store.sessions, fire) is None
    assert "bel_partij" not in busy.open_elements
