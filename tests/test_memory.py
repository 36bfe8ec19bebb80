"""What a process holds: what is in use rests, and what nobody uses is given back."""

import gc
import weakref

import pytest

from routeflow import engine, memory
from routeflow.config import Config
from routeflow.engine import World
from routeflow.worker import Worker
from support.klein import klein
from support.route import BEGIN


class Facts(dict):
    """Facts that somebody can be seen to let go of."""


class Knot:
    """Holds itself, so that only a look for garbage finds it."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def as_before():
    how_often = gc.get_threshold()
    yield
    gc.set_threshold(*how_often)
    gc.unfreeze()


def test_what_is_in_use_is_not_walked_through_again():
    knot = Knot()
    memory.settle()
    assert gc.get_freeze_count() > 0
    assert not any(een is knot for een in gc.get_objects())


def test_what_rested_and_is_used_no_more_is_given_back_the_next_time():
    knot = Knot()
    memory.settle()
    seen = weakref.ref(knot)
    del knot
    gc.collect()
    assert seen() is not None
    memory.settle()
    assert seen() is None


def test_garbage_is_still_looked_for_in_between():
    memory.settle()
    seen = weakref.ref(Knot())
    kept = [[] for _ in range(20_000)]
    assert seen() is None
    assert kept


def test_a_worker_lets_what_its_first_pass_read_rest_and_gives_back_at_every_cleaning(route):
    worker = Worker(route.store, Config())
    gc.unfreeze()
    worker.tick()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()
    worker.tick()
    assert gc.get_freeze_count() == 0  # a pass is quick: it does not do this each time
    worker.clean()
    assert gc.get_freeze_count() > 0


def test_an_act_of_the_engine_leaves_nothing_to_look_for():
    definition = engine.load(klein())
    facts = Facts({"naam": "Amina", "doelgroep": "asielstatushouder"})
    world = World(now=BEGIN, facts=facts, functions=lambda _opened: {}, services={})
    seen = weakref.ref(facts)
    gc.disable()
    try:
        engine.refresh(definition, engine.start(definition, "klein", world).state, world)
        del facts, world
        assert seen() is None
    finally:
        gc.enable()
