"""What a process holds: what is in use rests, and what nobody uses is given back."""

import gc
import weakref

import pytest

from routeflow import memory
from routeflow.config import Config
from routeflow.worker import Worker


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
