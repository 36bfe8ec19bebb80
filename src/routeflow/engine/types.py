"""What goes into the engine and what comes out: plain values, no object of the library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class World:
    """What the engine may look at besides the diagram.

    ``facts``: the dossier's facts of this moment; expressions see them as variables.
    ``functions``: given the instant at which a task or timer was opened, the host functions
    that expressions may call, such as ``termijn("pip")``.
    ``services``: by the type in zeebe:taskDefinition; called with (inputs, headers), answers facts.
    ``now``: this act's instant, aware, UTC; also what FEEL's now() and today() see.
    ``write``: takes the facts that the diagram wrote and answers all facts of now, or None when
    nothing became different. Then what hangs on facts is looked at again within the same act.
    """

    now: datetime
    facts: Mapping[str, Any]
    functions: Callable[[datetime], Mapping[str, Callable[..., Any]]]
    services: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], Mapping[str, Any]]]
    write: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why a file cannot be put in service, in a sentence that a policy officer understands.

    ``path``: (file, id) of the elements and flows that a broken path passes, in order.
    """

    file: str
    element: str | None
    name: str | None
    code: str
    message: str
    severity: Literal["fout", "waarschuwing"] = "fout"
    line: int | None = None
    path: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """One node of a diagram as other packages may see it."""

    id: str
    name: str
    kind: str
    process: str
    lane: str | None
    form: str | None
    documentation: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """An element at which a process can begin, as drawn.

    ``kind``: none, message, timer, signal or conditional; none waits for nothing. ``event``: the
    name of the message or signal, else empty.
    """

    element: str
    name: str
    kind: str
    event: str

    @property
    def label(self) -> str:
        """What a person reads: the name, or the id where there is none."""
        return self.name or self.element


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for somebody.

    ``due`` and ``follow_up`` come from zeebe:taskSchedule; None when the expression is null
    (its start fact is not known yet). ``termijnen``: the names given to termijn() in ``due``.
    ``local``: variables of the task's own scope, such as the item of a multi-instance.
    ``path``: the ids of the call activities and subprocesses around it, outermost first.
    """

    id: str
    element: str
    name: str
    process: str
    lane: str | None
    form: str | None
    properties: Mapping[str, str]
    due: date | None
    follow_up: date | None
    termijnen: tuple[str, ...]
    local: Mapping[str, Any]
    path: tuple[str, ...]
    opened: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer that is armed. ``due`` is None while its expression is null."""

    id: str
    element: str
    name: str
    process: str
    due: datetime | None
    termijnen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """A place that waits for a message or signal from outside."""

    id: str
    element: str
    process: str
    kind: Literal["message", "signal"]
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, or an uncaught signal, escalation or error, that left the route in this step."""

    kind: Literal["message", "signal", "escalation", "error"]
    name: str
    element: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Passed:
    """An element that was entered, completed or cancelled in this step, in order.

    ``flow``: the id of the sequence flow by which it was entered; None for starts, boundary
    events and for flows that have no id in the file.
    """

    process: str
    element: str
    what: Literal["entered", "completed", "cancelled"]
    flow: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """The whole present after one act.

    ``facts``: what the diagram itself wrote in this step (decisions, scripts, services, mappings).
    ``standing``: ids of the elements that wait for no task, timer or message: joins and conditions.
    """

    state: bytes
    tasks: tuple[OpenTask, ...]
    alarms: tuple[Alarm, ...]
    waits: tuple[Wait, ...]
    sent: tuple[Sent, ...]
    passed: tuple[Passed, ...]
    facts: Mapping[str, Any]
    finished: bool
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """An arrow of a diagram; ``id`` is None when the file gives none."""

    id: str | None
    name: str
    source: str
    target: str
    condition: str | None
    default: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """How a route went on its own: what it passed, where it ended, and what it then knew.

    ``visited``: ids of elements in the order in which they were entered.
    ``waiting``: ids of elements where it still stands when it did not finish.
    ``halted``: whether it could go on, and was stopped because it took too many acts.
    """

    visited: tuple[str, ...]
    finished: bool
    waiting: tuple[str, ...]
    facts: Mapping[str, Any]
    passed: tuple[Passed, ...]
    sent: tuple[Sent, ...]
    halted: bool = False


class BpmnError(Exception):
    """A service raises this to end in the error boundary event with this code in the diagram."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
