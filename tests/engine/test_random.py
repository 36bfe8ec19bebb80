"""Random processes, played against a second machine, and saved against unsaved."""

from collections import Counter
from random import Random

import pytest

from routeflow import engine
from routeflow.engine.act import Act
from routeflow.engine.run import rest
from routeflow.engine.spiff import READY, WAITING, Route
from support import oracle
from support.bpmn import BEGIN

ROUNDS = 40


class Saved:
    """A route that is stored after every act, as the product does."""

    def __init__(self, definition, facts, at=None):
        self.definition, self.facts = definition, facts
        self.step = engine.start(definition, "p", self.world, at=at)

    @property
    def world(self):
        return engine.World(BEGIN, self.facts, lambda opened: {"opened": opened}, {})

    def act(self, what, name):
        step, state = self.step, self.step.state
        if what == "task":
            found = next(task for task in step.tasks if task.element == name)
            self.step = engine.complete(self.definition, state, found.id, {}, self.world)
        elif what == "timer":
            found = next(alarm for alarm in step.alarms if alarm.element == name)
            self.step = engine.fire(self.definition, state, found.id, self.world)
        else:
            self.step = engine.deliver(self.definition, state, name, {}, self.world)


class Unsaved(Saved):
    """The same route, kept in memory: what it would do if nothing were ever stored."""

    def __init__(self, definition, facts, at=None):
        self.definition, self.facts = definition, facts
        self.route = Route(definition.specs["p"], definition.specs, BEGIN)
        act = Act(definition, self.route, self.world)
        act.begin_scope(self.route, definition.begin_of("p", at=at))
        self.step = rest(act)

    def act(self, what, name):
        act = Act(self.definition, self.route, self.world)
        if what == "task":
            found = next(
                token
                for token in act.everywhere()
                if token.node.id == name and token.state == READY
            )
            found.run()
        elif what == "timer":
            found = next(
                token
                for token in act.everywhere()
                if token.task_spec.shown.id == name and token.state == WAITING
            )
            act.events.trigger(found)
        else:
            act.events.trigger(act.events.listeners("message", name)[0])
        self.step = rest(act)


def visible(step):
    return Counter(
        [("task", task.element) for task in step.tasks]
        + [("timer", alarm.element) for alarm in step.alarms]
        + [("message", wait.name) for wait in step.waits]
    )


def choose(random, process, facts, *, late):
    """Let every choice of the process fall anew; late in the game loops end."""
    for block in oracle.everything(process):
        facts[block.ident] = [
            place
            for place in range(1, 3)
            if random.random() < (0.15 if late and block.kind == "loop" else 0.5)
        ]


@pytest.mark.parametrize("seed", range(150))
def test_a_random_process_does_what_its_blocks_say_and_saving_changes_nothing(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    process = oracle.grow(random, wide=seed % 3 > 0)
    definition = engine.load({"p.bpmn": oracle.draw(process)})
    facts = {}
    choose(random, process, facts, late=False)
    way, at = random.choice(list(oracle.starts(process).items()))
    machine = oracle.Machine(process, facts, way)
    saved, unsaved = Saved(definition, facts, at), Unsaved(definition, facts, at)
    for number in range(ROUNDS):
        assert visible(saved.step) == Counter(machine.visible())
        assert visible(unsaved.step) == visible(saved.step)
        assert unsaved.step.passed == saved.step.passed
        assert saved.step.finished == unsaved.step.finished == machine.finished
        if machine.finished:
            break
        choose(random, process, facts, late=number > ROUNDS / 2)
        what, name = random.choice(sorted(machine.visible()))
        for route in (machine, saved, unsaved):
            route.act(what, name)


@pytest.mark.parametrize("seed", range(0, 400, 10))
def test_a_random_process_is_good_in_the_eyes_of_the_judge(seed):
    data = oracle.draw(oracle.grow(Random(seed), wide=seed % 20 > 0))  # noqa: S311 - a seed
    assert [
        found for found in engine.check({"p.bpmn": data}, None) if found.severity == "fout"
    ] == []


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_a_trial_of_a_random_process_comes_to_an_end(seed):
    process = oracle.grow(Random(seed), wide=seed % 20 > 0)  # noqa: S311 - a seed, no secret
    facts = {}
    choose(Random(seed), process, facts, late=True)  # noqa: S311
    for block in facts:
        if block.startswith("loop"):
            facts[block] = []
    definition = engine.load({"p.bpmn": oracle.draw(process)})
    for at in oracle.starts(process).values():
        tried = engine.trial(engine.Walk(definition, "p", facts=facts, now=BEGIN, at=at), {})
        assert tried.finished
        assert tried.waiting == ()
