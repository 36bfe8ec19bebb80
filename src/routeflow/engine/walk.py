"""A route that is walked by hand: no dossier, no people, no database, and a clock that is moved."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from routeflow.engine.definition import Definition
from routeflow.engine.run import (
    complete,
    deliver,
    fire,
    moment_of_start,
    refresh,
    signal,
    start,
)
from routeflow.engine.types import (
    Alarm,
    OpenTask,
    Passed,
    Sent,
    Step,
    Trial,
    Wait,
    World,
)
from routeflow.errors import Conflict, NotFound, RouteflowError

MAX_ALARMS: Final = 2_000

Service = Callable[[Mapping[str, Any], Mapping[str, str]], Mapping[str, Any]]
Functions = Callable[[Mapping[str, Any], datetime, datetime], Mapping[str, Callable[..., Any]]]
Found = TypeVar("Found", OpenTask, Alarm, Wait)


class Services(Mapping[str, Service]):
    """Every service there could be: those in ``known``, and others that answer nothing."""

    def __init__(self, known: Mapping[str, Service]) -> None:
        self.known = known

    def __getitem__(self, name: str) -> Service:
        return self.known.get(name, _nothing)

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


class Walk:
    """A route on its way: the last step, what is known by now, and all that it passed and sent.

    An act that raises changes nothing.

    Args:
        definition: the set of diagrams and tables.
        process_id: what to walk; it begins plainly, or at its first message (else event) when it cannot.
        facts: what is known at the beginning.
        now: where the clock begins; at a timer that begins the process, not before its moment.
        functions: host functions for expressions, by the facts, the instant at which a task or
            timer opened, and now.
        services: what services answer, by their type; others answer nothing.
        at: the element at which the process begins, when there are more.
        message: the message that begins the process.
        payload: what that message or signal says.
    """

    def __init__(  # noqa: PLR0913 - what a walk may be given
        self,
        definition: Definition,
        process_id: str,
        *,
        facts: Mapping[str, Any],
        now: datetime,
        functions: Functions | None = None,
        services: Mapping[str, Service] | None = None,
        at: str | None = None,
        message: str | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> None:
        self.definition = definition
        self.facts = dict(facts)
        self.now = now
        self.passed: list[Passed] = []
        self.sent: list[Sent] = []
        self._functions = functions or _no_functions
        self._services = Services(services or {})
        self.step: Step
        if at is None and message is None and not definition.starts_plainly(process_id):
            starts = definition.starts(process_id)
            first = next((one for one in starts if one.kind == "message"), next(iter(starts), None))
            at = None if first is None else first.element
        world = self._world(self.facts, now)
        if at is not None:
            due = moment_of_start(definition, process_id, at, world)
            world = self._world(self.facts, max(now, due or now))
        step = start(definition, process_id, world, at=at, message=message, payload=payload)
        self._take(step, world)

    def complete(self, task: OpenTask, answers: Mapping[str, Any]) -> None:
        """Complete a task: what it answers for itself stays with it, the rest becomes facts."""
        own = {name: value for name, value in answers.items() if name in task.local}
        facts = {name: value for name, value in answers.items() if name not in task.local}
        world = self._world({**self.facts, **facts}, self.now)
        self._take(complete(self.definition, self.step.state, task.id, own, world), world)

    def deliver(self, wait: Wait, payload: Mapping[str, Any]) -> None:
        """Bring the message that ``wait`` waits for, or the signal to all that wait for it."""
        state, world = self.step.state, self._world(self.facts, self.now)
        if wait.kind == "signal":
            step = signal(self.definition, state, wait.name, payload, world)
        else:
            step = deliver(self.definition, state, wait.name, payload, world, wait_id=wait.id)
        self._take(step, world)

    def fire(self, alarm: Alarm) -> None:
        """Move the clock to the moment of a timer, and let it go off."""
        world = self._world(self.facts, max(self.now, alarm.due or self.now))
        self._take(fire(self.definition, self.step.state, alarm.id, world), world)

    def learn(self, facts: Mapping[str, Any]) -> None:
        """Change facts from outside, and look again with them."""
        self._refresh({**self.facts, **facts}, self.now)

    def pass_time(self, until: datetime) -> None:
        """Move the clock; the timers until then go off in the order of their moments."""
        if until < self.now:
            raise Conflict("De klok kan niet terug.")
        before = self.step, self.facts, self.now, list(self.passed), list(self.sent)
        try:
            for _ in range(MAX_ALARMS):
                alarm = self.next_alarm()
                if alarm is None or alarm.due is None or alarm.due > until:
                    break
                self.fire(alarm)
            else:
                raise Conflict(f"Er gaan meer dan {MAX_ALARMS} timers af; neem kleinere stappen.")
            self._refresh(self.facts, until)
        except RouteflowError:
            self.step, self.facts, self.now, self.passed, self.sent = before
            raise

    def task(self, name: str) -> OpenTask:
        """Return the open task with this id, or the longest open one of this element."""
        return _named(name, self.step.tasks, "Er is geen open taak")

    def alarm(self, name: str) -> Alarm:
        """Return the timer with this id, or the first one of this element."""
        return _named(name, self.step.alarms, "Er staat geen timer bij")

    def message(self, name: str) -> Wait:
        """Return the longest waiting place for this message, or the one with this id or element."""
        waits = [wait for wait in self.step.waits if wait.kind == "message"]
        return _waiting(name, waits, "Niets wacht op het bericht")

    def signal(self, name: str) -> Wait:
        """Return a place that waits for this signal."""
        waits = [wait for wait in self.step.waits if wait.kind == "signal"]
        return _waiting(name, waits, "Niets wacht op het signaal")

    def next_alarm(self) -> Alarm | None:
        """Return the timer that goes off first."""
        known = [(alarm.due, place) for place, alarm in enumerate(self.step.alarms) if alarm.due]
        return self.step.alarms[min(known)[1]] if known else None

    def result(self) -> Trial:
        """Return how it went so far."""
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

    def _world(self, facts: Mapping[str, Any], now: datetime) -> World:
        return World(now, facts, lambda opened: self._functions(facts, opened, now), self._services)

    def _refresh(self, facts: Mapping[str, Any], now: datetime) -> None:
        world = self._world(facts, now)
        self._take(refresh(self.definition, self.step.state, world), world)

    def _take(self, step: Step, world: World) -> None:
        self.step, self.now = step, world.now
        self.facts = {**world.facts, **step.facts}
        self.passed += step.passed
        self.sent += step.sent


def _named(name: str, there: Sequence[Found], otherwise: str) -> Found:
    for found in there:
        if name in {found.id, found.element}:
            return found
    known = ", ".join(dict.fromkeys(found.element for found in there)) or "geen"
    raise NotFound(f"{otherwise} {name}. Wel: {known}.")


def _waiting(name: str, waits: Sequence[Wait], otherwise: str) -> Wait:
    for wait in waits:
        if name in {wait.name, wait.id, wait.element}:
            return wait
    known = ", ".join(dict.fromkeys(wait.name for wait in waits)) or "geen"
    raise NotFound(f"{otherwise} {name}. Wel: {known}.")


def _nothing(_inputs: Mapping[str, Any], _headers: Mapping[str, str]) -> Mapping[str, Any]:
    return {}


def _no_functions(
    _facts: Mapping[str, Any], _opened: datetime, _now: datetime
) -> Mapping[str, Callable[..., Any]]:
    return {}
