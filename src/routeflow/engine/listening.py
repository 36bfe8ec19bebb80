"""Find what waits for a message that something around it always takes first, also through calls."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from routeflow.engine import structure
from routeflow.engine.diagram import Node, Process, Scope
from routeflow.engine.limits import MAX_DEPTH
from routeflow.engine.problems import Problem

_WAITING: Final = frozenset({"receiveTask", "intermediateCatchEvent"})
_MAX_CALLS: Final = 10_000  # of one set: who draws more gets this judgement for a part of it

Listeners = Mapping[str, Node]


class Listening:
    """The judge of one set. A message is caught by the place that waits longest.

    What is around a wait listens longer than the wait itself, so it takes every message.
    """

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.processes = processes
        self.left = _MAX_CALLS
        self.entered: set[tuple[str, str]] = set()

    def problems(self, process: Process) -> Iterator[Problem]:
        """Return a problem for each wait in a process, or in one that it calls, that is too late."""
        self.entered.clear()
        yield from self._inside(process.scope, {})

    def _inside(self, scope: Scope, around: Listeners) -> Iterator[Problem]:
        """``around``: what already listens when this scope begins, by the name of its message."""
        handlers = scope.event_subprocesses()
        starts = [start for node in handlers if node.body for start in node.body.starts()]
        here = {**_by_message(starts), **around}
        for late in starts:
            if (first := around.get(_message(late))) is not None:
                yield _too_late(late, first)
        for node in scope.nodes.values():
            for late, first in _late(node, here):
                yield _too_late(late, first)
            heard = {**_by_message(node.boundaries), **here}
            if node.body is not None:
                ended = any(start.interrupting for start in node.body.starts())
                yield from self._inside(
                    node.body, around if node.triggered_by_event and ended else heard
                )
            elif node.called is not None:
                for late, first in self._through(node.called, heard, 1):
                    yield structure.about(
                        node,
                        "dubbel",
                        f"In dit proces wacht {late.name or late.id} op het bericht"
                        f" {_message(late)}, maar dat komt daar nooit: {first.name or first.id}"
                        " wacht er al eerder op. Geef een van beide een eigen bericht.",
                    )

    def _through(self, called: str, heard: Listeners, depth: int) -> Iterator[tuple[Node, Node]]:
        """Return what is too late in a called process, each message judged once for it."""
        fresh = {name: node for name, node in heard.items() if (called, name) not in self.entered}
        process = self.processes.get(called)
        if process is None or not fresh or depth > MAX_DEPTH or self.left <= 0:
            return
        self.left -= 1
        self.entered |= {(called, name) for name in fresh}
        for node in process.scope.everything():
            yield from _late(node, fresh)
            for start in node.body.starts() if node.body and node.triggered_by_event else ():
                if (first := fresh.get(_message(start))) is not None:
                    yield start, first
            if node.called is not None:
                yield from self._through(node.called, fresh, depth + 1)


def _too_late(late: Node, first: Node) -> Problem:
    return structure.about(
        late,
        "dubbel",
        f"Het bericht {_message(late)} komt hier nooit: {first.name or first.id} wacht er al eerder"
        " op. Geef een van beide een eigen bericht.",
    )


def _late(node: Node, listening: Listeners) -> Iterator[tuple[Node, Node]]:
    """Return each wait at this element for a message that is listened for already, and by what.

    A receive task that repeats begins to wait after what is at its edge.
    """
    around = listening
    if node.kind == "receiveTask" and node.loop is not None:
        around = {**_by_message(node.boundaries), **listening}
    if node.kind in _WAITING and (first := around.get(_message(node))) is not None:
        yield node, first
    for edge in node.boundaries:
        if (first := listening.get(_message(edge))) is not None:
            yield edge, first


def _message(node: Node) -> str:
    event = node.event
    return event.name if event is not None and event.kind == "message" else ""


def _by_message(nodes: Iterable[Node]) -> dict[str, Node]:
    """Return for each message the first of these elements that waits for it."""
    found: dict[str, Node] = {}
    for node in nodes:
        if name := _message(node):
            found.setdefault(name, node)
    return found
