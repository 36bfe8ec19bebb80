"""Random processes that move to another version halfway, and then go on as they should."""

import re
from collections import Counter
from copy import deepcopy
from random import Random

import pytest
from lxml import etree

from routeflow import engine
from routeflow.engine import Moeilijkheden
from support import oracle
from support.bpmn import BEGIN
from support.oracle import Block

ROUNDS = 30


class Game:
    """A random process, its oracle, and a route that may move to another drawing on the way."""

    def __init__(self, seed, *, wide=False):
        self.random = Random(seed)  # noqa: S311 - a seed, no secret
        self.process = oracle.grow(self.random, wide=wide)
        self.facts = {}
        self.names = {}
        self.definition = engine.load({"p.bpmn": oracle.draw(self.process)})
        self.choose()
        way, at = self.random.choice(list(oracle.starts(self.process).items()))
        self.machine = oracle.Machine(self.process, self.facts, way)
        self.step = engine.start(self.definition, "p", self.world, at=at)

    @property
    def world(self):
        renamed = {self.names.get(name, name): value for name, value in self.facts.items()}
        facts = self.facts | renamed
        return engine.World(BEGIN, facts, lambda opened: {"opened": opened}, {})

    def choose(self, *, late=False):
        """Let every choice fall anew; late in the game loops end."""
        waiting = [self.process]
        while waiting:
            block = waiting.pop()
            waiting += block.parts
            chance = 0.15 if late and block.kind == "loop" else 0.5
            self.facts[block.ident] = [
                place for place in range(1, 3) if self.random.random() < chance
            ]

    def visible(self):
        back = {new: old for old, new in self.names.items()}
        rows = [
            *(("task", task.element) for task in self.step.tasks),
            *(("timer", alarm.element) for alarm in self.step.alarms),
            *(("message", wait.name) for wait in self.step.waits),
        ]
        return Counter((what, back.get(name, name)) for what, name in rows)

    def act(self, what, name):
        name, state = self.names.get(name, name), self.step.state
        if what == "task":
            found = next(task for task in self.step.tasks if task.element == name)
            self.step = engine.complete(self.definition, state, found.id, {}, self.world)
        elif what == "timer":
            found = next(alarm for alarm in self.step.alarms if alarm.element == name)
            self.step = engine.fire(self.definition, state, found.id, self.world)
        else:
            self.step = engine.deliver(self.definition, state, name, {}, self.world)

    def both(self, *, late=False):
        """One random act, in the route and in the oracle."""
        self.choose(late=late)
        what, name = self.random.choice(sorted(self.machine.visible()))
        self.machine.act(what, name)
        self.act(what, name)

    def move(self, data, mapping=None):
        """Go on in another drawing; answers the elements that are in the way."""
        new = engine.load({"p.bpmn": data})
        step = engine.migrate(self.definition, self.step.state, new, self.world, mapping)
        if isinstance(step, Moeilijkheden):
            return [one.element for one in step.alle]
        self.definition, self.step = new, step
        return []

    def play_on(self):
        """Go on without the oracle until the end."""
        seen = Counter()
        for number in range(400):
            if self.step.finished:
                return seen
            seen += Counter(self.visible().keys())
            self.choose(late=number > 10)
            tasks = [one for one in self.visible() if one[0] == "task"]
            self.act(*self.random.choice(sorted(tasks or self.visible())))
        raise AssertionError(f"no end, but {sorted(self.visible())}")


def other_hand(data):
    """Return the same drawing as another editor would write it."""
    root = etree.fromstring(data)
    root.insert(0, etree.Comment(" getekend in een andere modeler "))
    etree.indent(root, space="\t")
    text = etree.tostring(root, encoding="unicode").replace("bpmn:", "m:")
    text = text.replace("xmlns:bpmn=", "xmlns:m=").replace('"/>', '"\n  />')
    return b"\xef\xbb\xbf" + text.encode()


def blocks(process):
    """Return every block of a process, with the block that holds it."""
    found, waiting = [], [process]
    while waiting:
        block = waiting.pop()
        waiting += block.parts
        found += [(part, block) for part in block.parts]
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_same_diagram_in_other_handwriting_changes_nothing(seed):
    game = Game(seed, wide=seed % 2 > 0)
    hands = [other_hand(oracle.draw(game.process)), oracle.draw(game.process)]
    for number in range(ROUNDS):
        before = game.step
        assert game.move(hands[number % 2]) == []
        assert game.step.state == before.state
        assert (game.step.tasks, game.step.alarms) == (before.tasks, before.alarms)
        assert (game.step.waits, game.step.standing) == (before.waits, before.standing)
        assert (game.step.passed, game.step.sent) == ((), ())
        assert game.visible() == Counter(game.machine.visible())
        if game.machine.finished:
            break
        game.both(late=number > ROUNDS / 2)


@pytest.mark.parametrize("seed", range(40))
def test_a_process_whose_elements_all_got_other_names_goes_on_with_a_mapping(seed):
    game = Game(seed)
    for _ in range(game.random.randint(0, 6)):
        if not game.machine.finished:
            game.both()
    if game.machine.finished:
        return
    new = deepcopy(game.process)
    for block, _ in blocks(new):
        block.ident = f"new_{block.ident}"
    old_names = set(re.findall(rb' id="([^"]+)"', oracle.draw(game.process)))
    new_names = set(re.findall(rb' id="([^"]+)"', oracle.draw(new)))
    renamed = {
        old.decode(): f"new_{old.decode()}"
        for old in old_names
        if f"new_{old.decode()}".encode() in new_names
    }
    before = game.step
    assert game.move(oracle.draw(new), {"p": renamed}) == []
    assert {task.id for task in game.step.tasks} == {task.id for task in before.tasks}
    assert {alarm.id for alarm in game.step.alarms} == {alarm.id for alarm in before.alarms}
    game.names = renamed | {block.ident: f"new_{block.ident}" for block, _ in blocks(game.process)}
    for number in range(ROUNDS):
        assert game.visible() == Counter(game.machine.visible())
        if game.machine.finished:
            assert game.step.finished
            break
        game.both(late=number > ROUNDS / 2)


@pytest.mark.parametrize("seed", range(60))
def test_a_task_more_changes_nothing_now_and_is_met_on_the_way(seed):
    game = Game(seed, wide=seed % 2 > 0)
    for _ in range(game.random.randint(0, 6)):
        if not game.machine.finished:
            game.both()
    if game.machine.finished:
        return
    new = deepcopy(game.process)
    rows = [part for part, _ in blocks(new) if part.kind == "seq"]
    last = new.parts[0].kind == "seq" and game.random.random() < 0.5
    row = new.parts[0] if last else game.random.choice(rows)
    place = len(row.parts) if last else game.random.randint(0, len(row.parts))
    row.parts.insert(place, Block("task", "extra"))
    before = game.step
    assert game.move(oracle.draw(new)) == []
    assert (game.step.tasks, game.step.alarms) == (before.tasks, before.alarms)
    assert game.step.waits == before.waits
    interrupted = any(
        handler.interrupting and f"{handler.ident}_s" in {one.element for one in before.passed}
        for handler in new.parts[1:]
    )
    game.process = new
    in_main_way = [task.element for task in before.tasks if task.path == ()]
    seen = game.play_on()
    if last and in_main_way and not interrupted and not new.parts[1:]:
        assert seen["task", "extra"]


@pytest.mark.parametrize("seed", range(100))
def test_a_branch_less_is_told_by_name_or_the_route_comes_to_its_end(seed):
    game = Game(seed)
    for _ in range(game.random.randint(1, 8)):
        if not game.machine.finished:
            game.both()
    new = deepcopy(game.process)
    choices = [
        (part, parent)
        for part, parent in blocks(new)
        if (parent.kind in {"par", "xor", "inc", "race"} and len(parent.parts) > 2)
        or (parent.kind == "seq" and len(parent.parts) > 1)
    ]
    if game.machine.finished or not choices:
        return
    part, parent = game.random.choice(choices)
    parent.parts.remove(part)
    data = oracle.draw(new)
    left = set(engine.load({"p.bpmn": data}).names)
    standing = {task.element for task in game.step.tasks}
    told = game.move(data)
    if told:
        assert not any(element in left for element in told if element in standing)
        assert {task.element for task in game.step.tasks} == standing
    else:
        assert standing <= left
        assert standing <= {task.element for task in game.step.tasks}
        game.process = new
        game.play_on()
