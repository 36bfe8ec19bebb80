"""What a step costs on a route of real size: a small state, and the last step as cheap as the first."""

from datetime import date
from random import Random

import pytest

from routeflow import engine
from support import large
from support.bpmn import BEGIN

FACTS = {"leerroute": "Z", "herinneringen": 0}


def functions(_opened):
    return {"werkdagen": lambda number: date(2027, 1, int(number))}


@pytest.fixture(scope="module")
def definition():
    return engine.load(large.files())


def walk(definition):
    world = engine.World(BEGIN, FACTS, functions, {})
    random = Random(1)  # noqa: S311 - a seed, no secret
    step = engine.start(definition, "main", world)
    while not step.finished:
        yield step
        task = random.choice(step.tasks)
        step = engine.complete(definition, step.state, task.id, {}, world)


def test_the_state_of_a_route_stays_under_a_kilobyte(definition):
    sizes = [len(step.state) for step in walk(definition)]
    assert len(sizes) == 50
    assert max(sizes) < 1024


def test_a_step_tells_the_whole_present(definition):
    for step in walk(definition):
        assert step.tasks
        assert all(task.due == date(2027, 1, 10) for task in step.tasks)
        assert all(alarm.due is not None for alarm in step.alarms)


def test_a_route_completes_every_step_once(definition):
    steps = list(walk(definition))
    passed = [p.element for step in steps for p in step.passed if p.what == "completed"]
    assert len(passed) == len(set(passed))
