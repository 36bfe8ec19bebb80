"""Find what waits for an error or escalation that nothing inside it ever throws, also through calls."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from routeflow.engine import structure
from routeflow.engine.diagram import THROWING, Event, Node, Process, Scope
from routeflow.engine.problems import Problem

Codes = frozenset[tuple[str, str]]

_KINDS: Final = {"error": "deze fout", "escalation": "deze escalatie"}
_ANY_ERROR: Final = frozenset({("error", "")})  # a service ends in whatever code it likes
_ANYTHING: Final = frozenset({("error", ""), ("escalation", "")})


class Thrown:
    """What is thrown in one set, by process."""

    def __init__(self, processes: Mapping[str, Process]) -> None:
        self.processes = processes
        self._known: dict[int, Codes] = {}
        self._of_process = self._through_calls()

    def problems(self, process: Process) -> Iterator[Problem]:
        """Return a problem for each event that waits for what nothing throws there."""
        for scope in process.scope.scopes():
            for node in scope.nodes.values():
                for edge in node.boundaries:
                    yield from self._judged(edge, self._inside(node))
            for handler in scope.event_subprocesses():
                for begin in handler.body.starts() if handler.body else ():
                    if _caught(begin) is not None:
                        others = (node for node in scope.nodes.values() if node is not handler)
                        yield from self._judged(begin, self._thrown_by(others))

    def _judged(self, node: Node, thrown: Codes) -> Iterator[Problem]:
        event = _caught(node)
        if event is None or not thrown.isdisjoint({(event.kind, event.name), (event.kind, "")}):
            return
        if not event.name and any(kind == event.kind for kind, _ in thrown):
            return
        yield structure.about(
            node,
            "komt-nooit",
            f"Deze gebeurtenis komt nooit: niets hierbinnen geeft {_KINDS[event.kind]}. Teken waar"
            " zij vandaan komt, of haal haar weg.",
            "waarschuwing",
        )

    def _through_calls(self) -> dict[str, Codes]:
        """Return what each process throws, in the processes that it calls too."""
        own: dict[str, Codes] = {}
        callers: dict[str, set[str]] = {}
        for ident, process in self.processes.items():
            own[ident] = _direct(process.scope)
            for node in process.scope.everything():
                if node.called:
                    callers.setdefault(node.called, set()).add(ident)
        waiting = list(own)
        while waiting:
            called = waiting.pop()
            for caller in callers.get(called, ()):
                if not own[called] <= own[caller]:
                    own[caller] |= own[called]
                    waiting.append(caller)
        return own

    def _inside(self, node: Node) -> Codes:
        """Return what an activity throws, or lets through from within."""
        found = self._known.get(id(node))
        if found is None:
            found = _by(node)
            if node.called is not None:
                found |= self._of_process.get(node.called, _ANYTHING)
            if node.body is not None:
                found |= self._thrown_by(node.body.nodes.values())
            self._known[id(node)] = found
        return found

    def _thrown_by(self, nodes: Iterable[Node]) -> Codes:
        return frozenset().union(*(self._inside(node) for node in nodes))


def _direct(scope: Scope) -> Codes:
    return frozenset().union(*(_by(node) for node in scope.everything()))


def _by(node: Node) -> Codes:
    """Return what an element throws itself."""
    event = node.event
    if node.service is not None:
        return _ANY_ERROR
    if node.kind in THROWING and event is not None and event.kind in _KINDS:
        return frozenset({(event.kind, event.name)})
    return frozenset()


def _caught(node: Node) -> Event | None:
    return node.event if node.event is not None and node.event.kind in _KINDS else None
