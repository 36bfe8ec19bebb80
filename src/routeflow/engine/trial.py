"""Let a route run on its own, to see where it goes: no dossier, no people, a clock that jumps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from routeflow.engine.types import Trial
from routeflow.engine.walk import Walk

MAX_ACTS: Final = 6_000  # 3,000 tasks in a row, and a loop of 5,000 rounds
_PATIENCE: Final = 3

Answers = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def trial(walk: Walk, answers: Mapping[str, Answers]) -> Trial:
    """Let a walk go on by itself until it ends, waits for what nobody can give, or takes too long.

    Tasks are completed one by one, the longest open first. When no task is open the clock
    jumps to the next timer; when nothing but messages and signals is waited for, they come.

    Args:
        walk: a route that just began.
        answers: by element id, what its form or message says: a mapping, or a list of mappings
            of which each round takes the next and the last one stays. They become facts.

    Raises:
        Incident: an element of the route cannot go on.
    """
    running = _Trial(walk, answers)
    for _ in range(MAX_ACTS):
        if walk.step.finished or not running.act():
            return walk.result()
    return replace(walk.result(), halted=not walk.step.finished)


class _Trial:
    """A walk that goes by itself, and how often each element had a turn."""

    def __init__(self, walk: Walk, answers: Mapping[str, Answers]) -> None:
        self.walk = walk
        self.answers = answers
        self.rounds: Counter[str] = Counter()

    def act(self) -> bool:
        """Do one thing; False when there is nothing left to do."""
        walk = self.walk
        if walk.step.tasks:
            task = walk.step.tasks[0]
            walk.complete(task, self._answers(task.element))
            return True
        alarm = walk.next_alarm()
        wait = next(iter(walk.step.waits), None)
        if alarm is not None and not (wait and self.rounds[alarm.element] >= _PATIENCE):
            self.rounds[alarm.element] += 1
            walk.fire(alarm)
            return True
        if wait is None:
            return False
        content = self._answers(wait.element)
        walk.facts.update(content)
        walk.deliver(wait, content)
        return True

    def _answers(self, element: str) -> Mapping[str, Any]:
        """Return what this element answers in this round."""
        given = self.answers.get(element, {})
        turn = self.rounds[element]
        self.rounds[element] += 1
        if isinstance(given, Mapping):
            return given
        return given[min(turn, len(given) - 1)] if given else {}
