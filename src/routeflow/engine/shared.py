"""Find results that instances of one list write over each other's before they are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from routeflow.engine import structure
from routeflow.engine.diagram import Node, Process, Scope
from routeflow.engine.problems import Problem

Reads = Callable[[Node], AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Shared:
    """The judge of one set.

    ``callers``: for each process the call activities that begin it. ``reads``: the names that an
    element asks for.
    """

    callers: Mapping[str, list[Node]]
    reads: Reads

    def problems(self, process: Process) -> Iterator[Problem]:
        """Return a problem for each result in a list at once that another step reads."""
        found = self._called_at_once(process.id)
        if found is not None:
            yield from self._inside(process.scope, found)
            return
        for node in process.scope.everything():
            if node.body is not None and _at_once(node):
                yield from self._inside(node.body, _locals(node))

    def _called_at_once(self, process: str) -> frozenset[str] | None:
        """Return what is local in a process that a list calls many times at once; None if none does."""
        for call in self.callers.get(process, ()):
            if _at_once(call):
                return _locals(call)
        return None

    def _inside(self, scope: Scope, own: frozenset[str]) -> Iterator[Problem]:
        nodes = list(scope.everything())
        local = own.union(*(_locals(node) for node in nodes if node.body is not None))
        readers: dict[str, set[str]] = {}
        for node in nodes:
            for name in self.reads(node):
                readers.setdefault(name, set()).add(node.id)
        for node in nodes:
            for name in sorted(_results(node) - local):
                if readers.get(name, set()) - {node.id}:
                    yield structure.about(
                        node,
                        "gedeeld",
                        f"{name} is hier van alle herhalingen samen: een andere kan het al hebben"
                        " veranderd als een volgende stap het leest. Geef de herhaling een eigen"
                        f" {name} met een invoerrij, bijvoorbeeld = null.",
                        "waarschuwing",
                    )


def _at_once(node: Node) -> bool:
    return node.loop is not None and not node.loop.standard and not node.loop.sequential


def _locals(node: Node) -> frozenset[str]:
    """Return the variables that an activity, or each instance of it, has for itself."""
    found = {row.target for row in node.inputs}
    if node.loop is not None:
        found |= {node.loop.item, node.loop.output_element.removeprefix("=").strip()}
    return frozenset(found)


def _results(node: Node) -> frozenset[str]:
    """Return the names under which an element writes what it found out."""
    rows: Iterable[str] = (row.target for row in node.outputs)
    return frozenset(rows) if node.outputs else frozenset({node.result} - {""})
