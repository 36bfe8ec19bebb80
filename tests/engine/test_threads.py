"""One definition serves many routes at once."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from routeflow import engine
from support import large
from support.bpmn import BEGIN


def test_routes_in_many_threads_share_one_definition():
    definition = engine.load(large.files())

    def ride(seed):
        random = Random(seed)  # noqa: S311 - a seed, no secret
        facts = {"leerroute": random.choice(["O", "Z", "B1"]), "herinneringen": 0}
        world = engine.World(BEGIN, facts, lambda _opened: {}, {})
        step = engine.start(definition, "main", world)
        done = 0
        while not step.finished:
            task = random.choice(step.tasks)
            step = engine.complete(definition, step.state, task.id, {}, world)
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ride, range(24))) == {50}
