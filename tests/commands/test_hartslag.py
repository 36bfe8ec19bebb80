"""Was anything missed while nobody worked?"""

from datetime import UTC, datetime, timedelta
from functools import partial

from routeflow.commands import hartslag
from routeflow.store import read, transact
from routeflow.store.models import Hartslag
from routeflow.worker import run_due

NU = datetime(2026, 3, 2, 9, tzinfo=UTC)


def klop(store, now):
    return transact(store.sessions, partial(hartslag.klop, now=now))


def toestand(store, now):
    return read(store.sessions, partial(hartslag.toestand, now=now))


def test_a_worker_that_never_worked_is_silent(store):
    assert toestand(store, NU).stil
    assert toestand(store, NU).laatste is None


def test_a_worker_that_beats_is_not_silent(store):
    klop(store, NU)
    klop(store, NU + hartslag.KLOP)
    stand = toestand(store, NU + 2 * hartslag.KLOP)
    assert (stand.stil, stand.onderbrekingen) == (False, [])


def test_silence_is_told_while_it_lasts(store):
    klop(store, NU)
    assert toestand(store, NU + hartslag.STILTE).stil


def test_after_three_days_the_gap_tells_what_fell_in_it_and_what_still_waits(route):
    route.given("p06_brede_intake", kennisgeving=route.now.date(), brpDatum=route.now.date())
    klop(route.store, route.now)
    begin = route.now
    route.now += timedelta(days=60)
    klop(route.store, route.now)
    (gat,) = toestand(route.store, route.now).onderbrekingen
    assert (gat.van, gat.tot) == (begin, route.now)
    assert gat.momenten == gat.open > 0
    run_due(route.store, route.config, route.now)
    (daarna,) = toestand(route.store, route.now).onderbrekingen
    assert (daarna.momenten, daarna.open) == (gat.momenten, 0)


def test_a_clock_that_goes_back_is_no_gap_and_takes_no_sign_back(store):
    klop(store, NU)
    klop(store, NU - timedelta(hours=1))
    assert toestand(store, NU).onderbrekingen == []
    assert read(store.sessions, lambda s: s.get(Hartslag, 1).op) == NU


def test_moving_the_clock_of_a_demo_is_no_gap(store):
    klop(store, NU)
    later = NU + timedelta(days=30)
    transact(store.sessions, partial(hartslag.stel_gelijk, now=later))
    klop(store, later + hartslag.KLOP)
    assert toestand(store, later).onderbrekingen == []
