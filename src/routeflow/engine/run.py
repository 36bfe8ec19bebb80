"""The verbs: each takes a route from one wait state to the next and returns the whole present."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from routeflow.engine import codec, moments
from routeflow.engine.act import Act
from routeflow.engine.decisions import Decision
from routeflow.engine.definition import Definition
from routeflow.engine.diagram import Node
from routeflow.engine.expressions import Text
from routeflow.engine.spiff import READY, WAITING, PersonSpec, Route, Token
from routeflow.engine.types import Alarm, OpenTask, Step, Wait, World
from routeflow.errors import Conflict, Incident


def start(  # noqa: PLR0913 - each way to begin
    definition: Definition,
    process_id: str,
    world: World,
    *,
    at: str | None = None,
    message: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Step:
    """Begin a process: at the element ``at``, where ``message`` begins it, or else plainly.

    The host says that what the element waits for has happened: its message or signal, with
    ``payload`` as content, or its moment. A condition is looked at: Conflict when it does not hold.
    Raises Incident when the process cannot begin so, or in more ways of which none was named.
    """
    begin = definition.begin_of(process_id, at=at, message=message)
    act = _new(definition, process_id, world)
    act.seen = payload or {}
    if begin.event is not None and begin.event.kind == "conditional":
        _see_condition(act, begin.node)
    act.begin_scope(act.route, begin)
    return settle(act)


def moment_of_start(
    definition: Definition, process_id: str, at: str, world: World
) -> datetime | None:
    """Return when the timer at which a process can begin goes off; None when that is not known."""
    begin = definition.begin_of(process_id, at=at)
    if begin.event is None or begin.event.kind != "timer":
        return None
    act = _new(definition, process_id, world)
    token = act.token(act.route, act.route.spec.specs[begin.node.id])
    act.timers.schedule(token)
    return act.timers.due(token, begin.event)


def _new(definition: Definition, process_id: str, world: World) -> Act:
    route = Route(definition.specs[process_id], definition.specs, world.now)
    return Act(definition, route, world)


def _see_condition(act: Act, node: Node) -> None:
    token = act.token(act.route, act.route.spec.specs[node.id])
    holds = act.value(token.task_spec.expression, token) is True
    act.remove(token)
    if not holds:
        raise Conflict(f"De voorwaarde van {node.name or node.id} klopt nog niet.")


def complete(
    definition: Definition,
    state: bytes,
    task_id: str,
    answers: Mapping[str, Any],
    world: World,
) -> Step:
    """Complete a task of a person and run on to the next wait state.

    ``answers``: what was answered that is no fact of the dossier. What an expression of the
    process asks for stays with the route, where it was answered; the rest is seen in this act.
    Raises Conflict when the task is no longer open.
    """
    act = _wake(definition, state, world)
    token = _find(act, task_id)
    if token is None or token.state != READY or not isinstance(token.task_spec, PersonSpec):
        raise Conflict("Deze taak is al afgehandeld.")
    kept = act.keep(token, answers)
    act.seen = {name: value for name, value in answers.items() if name not in kept}
    token.run()
    return settle(act)


def fire(definition: Definition, state: bytes, alarm_id: str, world: World) -> Step:
    """Let exactly this timer go off: the host says that it is time.

    Raises Conflict when it is no longer armed.
    """
    act = _wake(definition, state, world)
    token = _find(act, alarm_id)
    if token is None or token.state != WAITING or _listens_to(token) != "timer":
        raise Conflict("Deze wekker staat niet meer.")
    act.events.trigger(token)
    return settle(act)


def deliver(  # noqa: PLR0913 - one more than its siblings: where to
    definition: Definition,
    state: bytes,
    message: str,
    payload: Mapping[str, Any],
    world: World,
    *,
    wait_id: str | None = None,
) -> Step:
    """Deliver a message to one place that waits for it: ``wait_id``, or the longest waiting.

    Output rows of the event that caught it read ``payload``; without them its content is only
    seen during this act, by what goes on from there. Raises Conflict when nothing waits for it.
    """
    act = _wake(definition, state, world)
    waiting = act.events.listeners("message", message)
    if wait_id is not None:
        waiting = [token for token in waiting if token.ident == wait_id]
    if not waiting:
        raise Conflict(f"Niets in deze route wacht op het bericht {message}.")
    act.events.trigger(waiting[0], payload)
    return settle(act)


def signal(
    definition: Definition, state: bytes, name: str, payload: Mapping[str, Any], world: World
) -> Step:
    """Broadcast a signal to all places that wait for it. Raises Conflict when there are none."""
    act = _wake(definition, state, world)
    waiting = act.events.listeners("signal", name)
    if not waiting:
        raise Conflict(f"Niets in deze route wacht op het signaal {name}.")
    for token in waiting:
        if token.alive:
            act.events.trigger(token, payload)
    return settle(act)


def refresh(definition: Definition, state: bytes, world: World) -> Step:
    """Look again with the facts of now: at conditions, dates of timers, and last days of tasks."""
    return settle(_wake(definition, state, world))


def decide(
    definition: Definition, decision_id: str, inputs: Mapping[str, Any], world: World
) -> Decision:
    """Ask a decision table outside any route."""
    return definition.decide(
        decision_id, inputs, now=world.now, functions=world.functions(world.now)
    )


def _wake(definition: Definition, state: bytes, world: World) -> Act:
    return Act(definition, codec.load(state, definition, world.now), world)


def _find(act: Act, ident: str) -> Token | None:
    try:
        key = UUID(ident).bytes
    except ValueError:
        return None
    for scope in act.route.everywhere():
        if key in scope.tasks:
            return scope.tasks[key]
    return None


def _listens_to(token: Token) -> str | None:
    event = token.task_spec.listens_to
    return event.kind if event is not None else None


def settle(act: Act) -> Step:
    """Let an act come to rest and return the present. The act is over: its route is taken apart."""
    step = rest(act)
    _take_apart(act)
    return step


def rest(act: Act) -> Step:
    """Let an act come to rest and return the present; another act may go on with its route."""
    act.settle()
    while not act.route.completed and act.hand_over():
        act.settle()
    tasks: list[OpenTask] = []
    alarms: list[Alarm] = []
    waits: list[Wait] = []
    standing: list[str] = []
    for token in act.everywhere():
        if token.state == READY:
            tasks.append(_open_task(act, token))
            continue
        event = token.task_spec.listens_to
        if token.state != WAITING:
            continue
        shown = token.task_spec.shown
        if event is None or event.kind == "conditional":
            standing.append(shown.id)
        elif event.kind == "timer":
            names = token.task_spec.expression.calls("termijn")
            due = act.timers.due(token, event)
            alarms.append(Alarm(token.ident, shown.id, shown.name, shown.process, due, names))
        elif event.kind == "message" or event.kind == "signal":  # noqa: PLR1714 - narrows the type
            waits.append(Wait(token.ident, shown.id, shown.process, event.kind, event.name))
    return Step(
        state=codec.dump(act.route),
        tasks=tuple(tasks),
        alarms=tuple(alarms),
        waits=tuple(waits),
        sent=tuple(act.sent),
        passed=tuple(act.passed),
        facts={**act.handed, **act.written},
        finished=act.route.completed,
        standing=tuple(standing),
    )


def _take_apart(act: Act) -> None:
    """Let go of what holds itself in circles: then it is gone at once, and Python need not look for it.

    Its world goes with it: the transaction of the host, and all that this one read.
    """
    for scope in act.route.everywhere():
        scope.__dict__.clear()
    act.__dict__.clear()


def _open_task(act: Act, token: Token) -> OpenTask:
    node, spec = token.node, token.task_spec
    if not isinstance(spec, PersonSpec):
        raise Incident("Deze stap blijft staan zonder dat iemand hem kan doen.", node.id)
    local: dict[str, Any] = {}
    for layer in reversed(act.locals_of(token)):
        local.update(layer)
    path, lane = _around(token)
    return OpenTask(
        id=token.ident,
        element=node.id,
        name=node.name,
        process=node.process,
        lane=lane,
        form=node.form,
        properties=node.properties,
        due=_day(act, spec.due, token),
        follow_up=_day(act, spec.follow_up, token),
        termijnen=spec.due.calls("termijn"),
        local=local,
        path=path,
        opened=token.opened,
    )


def _around(token: Token) -> tuple[tuple[str, ...], str | None]:
    """Return the elements around a token, and its lane: the nearest one that has a lane gives it."""
    lane = token.node.lane
    path: list[str] = []
    scope = token.workflow
    while not isinstance(scope, Route):
        host = scope.host
        path.append(host.node.id)
        lane = lane or host.node.lane
        scope = host.workflow
    return tuple(reversed(path)), lane


def _day(act: Act, text: Text, token: Token) -> date | None:
    """Return a last day, looked up as at the moment the task opened."""
    if not text:
        return None
    value = act.value(text, token, now=token.opened)
    if value is None:
        return None
    try:
        return moments.civil_date(value)
    except ValueError as error:
        raise Incident(f"De uiterste datum is niet te bepalen: {error}.", token.node.id) from error
