"""Random processes with everything put together, saved after each act and moved to another file."""

from collections import Counter
from random import Random

import pytest

from routeflow import engine
from support import combinations
from support.bpmn import BEGIN

ROUNDS = 40


class Saved:
    """A route that is stored after every act, and sometimes goes to a drawing that is the same."""

    def __init__(self, data, facts):
        self.definitions = [engine.load({"p.bpmn": data}), engine.load({"p.bpmn": data})]
        self.facts, self.written = facts, {}
        self.take(engine.start(self.definitions[0], "p", self.world))

    @property
    def world(self):
        return engine.World(BEGIN, self.facts, lambda opened: {"opened": opened}, {})

    def take(self, step):
        self.step = step
        self.written.update(step.facts)

    def visible(self):
        found = [("task", task.element) for task in self.step.tasks]
        found += [("timer", alarm.element) for alarm in self.step.alarms]
        return Counter(found + [(wait.kind, wait.name) for wait in self.step.waits])

    def act(self, what, name):
        definition, state = self.definitions[0], self.step.state
        if what == "task":
            found = next(task for task in self.step.tasks if task.element == name)
            self.take(engine.complete(definition, state, found.id, {}, self.world))
        elif what == "timer":
            found = next(alarm for alarm in self.step.alarms if alarm.element == name)
            self.take(engine.fire(definition, state, found.id, self.world))
        elif what == "message":
            self.take(engine.deliver(definition, state, name, {}, self.world))
        else:
            self.take(engine.signal(definition, state, name, {}, self.world))

    def move(self):
        """Go to the other reading of the same drawing: nothing may happen."""
        self.definitions.reverse()
        new, old = self.definitions
        step = engine.migrate(old, self.step.state, new, self.world)
        assert isinstance(step, engine.Step)
        assert (step.tasks, step.alarms, step.waits) == (
            self.step.tasks, self.step.alarms, self.step.waits,
        )  # fmt: skip
        assert step.passed == ()
        self.take(step)


@pytest.mark.parametrize("seed", range(60))
def test_all_that_runs_runs_right_together(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    process = combinations.grow(random)
    names, facts = combinations.choices(process), {}

    def choose(chance):
        for name in names:
            facts[name] = [place for place in (1, 2) if random.random() < chance]

    choose(0.4)
    machine = combinations.Machine(process, facts)
    route = Saved(combinations.draw(process), facts)
    for number in range(ROUNDS):
        assert route.visible() == Counter(machine.visible())
        assert route.step.finished == machine.finished
        assert machine.facts == {name: route.written.get(name) for name in machine.facts}
        if not machine.visible():
            break
        if random.random() < 0.2:
            route.move()
        choose(0.4 if number < ROUNDS / 2 else 0.15)
        what, name = random.choice(sorted(set(machine.visible())))
        machine.act(what, name)
        route.act(what, name)


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_all_that_runs_is_good_in_the_eyes_of_the_judge(seed):
    data = combinations.draw(combinations.grow(Random(seed)))  # noqa: S311 - a seed, no secret
    assert [one for one in engine.check({"p.bpmn": data}, None) if one.severity == "fout"] == []
