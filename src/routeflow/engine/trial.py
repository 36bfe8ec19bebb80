"""Let a route run on its own, to see where it goes: no dossier, no people, a clock that jumps."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from routeflow.engine.definition import Definition
from routeflow.engine.run import complete, deliver, fire, signal, start
from routeflow.engine.types import Alarm, Passed, Sent, Step, Trial, World

MAX_ACTS: Final = 2_000
_PATIENCE: Final = 3

Answers = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Service = Callable[[Mapping[str, Any], Mapping[str, str]], Mapping[str, Any]]


def trial(  # noqa: PLR0913 - what a trial may be given
    definition: Definition,
    process_id: str,
    *,
    facts: Mapping[str, Any],
    answers: Mapping[str, Answers],
    now: datetime,
    functions: Callable[[datetime], Mapping[str, Callable[..., Any]]] | None = None,
) -> Trial:
    """Run a process by itself until it ends, waits for what nobody can give, or takes too long.

    Tasks are completed one by one, the longest open first. When no task is open the clock
    jumps to the next timer; when nothing but messages and signals is waited for, they come.
    A service answers nothing.

    Args:
        definition: the set of diagrams and tables.
        process_id: where to begin; at its message when it has no plain start event.
        facts: what is known at the beginning.
        answers: by element id, what its form or message says: a mapping, or a list of mappings
            of which each round takes the next and the last one stays. They become facts.
        now: where the clock begins.
        functions: host functions for expressions, by the instant a task or timer opened.

    Raises:
        Incident: an element of the route cannot go on.
    """
    world = World(now, dict(facts), functions or _no_functions, _SilentServices())
    running = _Trial(definition, world, answers)
    running.begin(process_id)
    for _ in range(MAX_ACTS):
        if running.step.finished or not running.act():
            break
    return running.result()


class _Trial:
    """A trial on its way: the last step, what is known, and how often each element had a turn."""

    step: Step

    def __init__(
        self, definition: Definition, world: World, answers: Mapping[str, Answers]
    ) -> None:
        self.definition = definition
        self.world = world
        self.answers = answers
        self.facts = dict(world.facts)
        self.rounds: Counter[str] = Counter()
        self.passed: list[Passed] = []
        self.sent: list[Sent] = []

    def begin(self, process_id: str) -> None:
        messages = self.definition.messages(process_id)
        plain = self.definition.starts_plainly(process_id)
        message = messages[0] if messages and not plain else None
        self._take(start(self.definition, process_id, self._world(), message=message))

    def act(self) -> bool:
        """Do one thing; False when there is nothing left to do."""
        definition, state = self.definition, self.step.state
        if self.step.tasks:
            task = self.step.tasks[0]
            self._learn(task.element)
            self._take(complete(definition, state, task.id, {}, self._world()))
            return True
        alarm = self._next_alarm()
        wait = next(iter(self.step.waits), None)
        if alarm is not None and not (wait and self.rounds[alarm.element] >= _PATIENCE):
            self.rounds[alarm.element] += 1
            moment = max(self.world.now, alarm.due or self.world.now)
            self.world = replace(self.world, now=moment)
            self._take(fire(definition, state, alarm.id, self._world()))
            return True
        if wait is None:
            return False
        content = self._learn(wait.element)
        if wait.kind == "signal":
            self._take(signal(definition, state, wait.name, content, self._world()))
        else:
            self._take(
                deliver(definition, state, wait.name, content, self._world(), wait_id=wait.id)
            )
        return True

    def result(self) -> Trial:
        waiting = [task.element for task in self.step.tasks]
        waiting += [alarm.element for alarm in self.step.alarms]
        waiting += [wait.element for wait in self.step.waits]
        return Trial(
            visited=tuple(found.element for found in self.passed if found.what == "entered"),
            finished=self.step.finished,
            waiting=tuple(waiting) or tuple(self.step.standing),
            facts=self.facts,
            passed=tuple(self.passed),
            sent=tuple(self.sent),
        )

    def _world(self) -> World:
        return replace(self.world, facts=self.facts)

    def _take(self, step: Step) -> None:
        self.step = step
        self.facts.update(step.facts)
        self.passed += step.passed
        self.sent += step.sent

    def _learn(self, element: str) -> Mapping[str, Any]:
        """Return and learn what this element answers in this round."""
        given = self.answers.get(element, {})
        turn = self.rounds[element]
        self.rounds[element] += 1
        if not isinstance(given, Mapping):
            given = given[min(turn, len(given) - 1)] if given else {}
        self.facts.update(given)
        return given

    def _next_alarm(self) -> Alarm | None:
        known = [alarm for alarm in self.step.alarms if alarm.due is not None]
        return min(known, key=_due, default=None)


class _SilentServices(Mapping[str, Service]):
    """Every service there could be; each answers nothing."""

    def __getitem__(self, name: str) -> Service:
        return _nothing

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _nothing(_inputs: Mapping[str, Any], _headers: Mapping[str, str]) -> Mapping[str, Any]:
    return {}


def _no_functions(_opened: datetime) -> Mapping[str, Callable[..., Any]]:
    return {}


def _due(alarm: Alarm) -> datetime:
    return alarm.due or datetime.max.replace(tzinfo=UTC)
