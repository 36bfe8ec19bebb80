"""Activities that happen more than once: for each item of a list, or while a condition holds."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from routeflow.engine.diagram import WHOLE
from routeflow.engine.limits import MAX_INSTANCES
from routeflow.engine.spiff import READY, STARTED, ActivitySpec, Token
from routeflow.errors import Incident

if TYPE_CHECKING:
    from routeflow.engine.act import Act


class Loops:
    """The loops of a route: a token for the whole, and one under it for each instance."""

    def __init__(self, act: "Act") -> None:
        self.act = act

    def begin(self, body: Token) -> bool:
        """Begin the instances of a loop; True when there is nothing to do."""
        loop = body.node.loop
        spec = body.task_spec
        assert loop is not None  # noqa: S101 - narrows for the type checker
        assert isinstance(spec, ActivitySpec)  # noqa: S101
        body._set_state(STARTED)  # noqa: SLF001
        if loop.standard:
            if loop.test_before and not self._again(spec, body, 0):
                return True
            body.memo["count"] = None
            self._begin_instance(body, 0)
            return False
        items = self._items(spec, body)
        body.memo.update(count=len(items), done=0)
        if loop.output_collection:
            body.memo["out"] = [None] * len(items)
        if not items:
            self._end_loop_output(body)
            return True
        if loop.sequential:
            body.memo["items"] = list(items)
            self._begin_instance(body, 0)
            return False
        for index, item in enumerate(items):
            self._begin_instance(body, index, item)
        return False

    def _items(self, spec: ActivitySpec, body: Token) -> Sequence[Any]:
        if spec.collection:
            items = self.act.value(spec.collection, body)
            if not isinstance(items, list):
                raise Incident("De lijst waarover deze taak loopt is niet bekend.", body.node.id)
        else:
            count = _count(self.act.value(spec.cardinality, body))
            if count is None:
                raise Incident(
                    "Hoe vaak deze taak gebeurt is niet bekend, of geen heel getal.", body.node.id
                )
            items = [Decimal(place) for place in range(1, min(count, MAX_INSTANCES + 1) + 1)]
        if len(items) > MAX_INSTANCES:
            raise Incident(f"Meer dan {MAX_INSTANCES} herhalingen.", body.node.id)
        return items

    def _begin_instance(self, body: Token, index: int, item: Any = None) -> None:  # noqa: ANN401
        loop = body.node.loop
        assert loop is not None  # noqa: S101
        token = self.act.token(body.workflow, body.task_spec, parent=body)
        token.index = index
        if "items" in body.memo:
            item = body.memo["items"][index]
        if loop.item:
            token.data[loop.item] = item
        token.data["loopCounter"] = Decimal(index + 1)
        output = body.task_spec.output_element if isinstance(body.task_spec, ActivitySpec) else None
        if output and output.names == {output.source[1:].strip()}:
            token.data.setdefault(output.source[1:].strip(), None)
        body.task_spec._update(token)  # noqa: SLF001

    def end_instance(self, token: Token) -> None:
        body = token.parent
        loop, spec, memo = body.node.loop, body.task_spec, body.memo
        index = token.index
        assert loop is not None and index is not None  # noqa: S101, PT018
        if loop.standard:
            again = self._again(spec, token, index + 1)
            self.act.remove(token)
            if again:
                self._begin_instance(body, index + 1)
            else:
                self._end_loop(body)
            return
        memo["done"] += 1
        if "out" in memo and spec.output_element:
            content = self.act.caught.get(token.id)
            memo["out"][index] = self.act.value(spec.output_element, token, extra=content)
        stop = bool(spec.completion) and self._complete(spec, token, body)
        self.act.remove(token)
        if stop or memo["done"] == memo["count"]:
            for other in [child for child in body.children if child.index is not None]:
                self.act.cancel(other)
            self._end_loop_output(body)
            self._end_loop(body)
        elif loop.sequential:
            self._begin_instance(body, memo["done"])

    def _complete(self, spec: ActivitySpec, token: Token, body: Token) -> bool:
        numbers = {
            "numberOfInstances": Decimal(body.memo["count"]),
            "numberOfCompletedInstances": Decimal(body.memo["done"]),
            "numberOfActiveInstances": Decimal(
                sum(child.index is not None for child in body.children) - 1
            ),
            "numberOfTerminatedInstances": Decimal(0),
        }
        return spec.completion.decide(
            self.act.scope_of(token, numbers),
            now=self.act.world.now,
            functions=self.act.functions(token.opened),
        )

    def _again(self, spec: ActivitySpec, token: Token, rounds: int) -> bool:
        loop = spec.node.loop
        assert loop is not None  # noqa: S101
        if loop.maximum is not None and rounds >= loop.maximum:
            return False
        return not spec.repeat or self.act.holds(
            spec.repeat, token, extra={"loopCounter": Decimal(rounds)}
        )

    def _end_loop_output(self, body: Token) -> None:
        loop = body.node.loop
        if loop is not None and "out" in body.memo:
            self.act.keep_gathered(body, loop.output_collection, body.memo["out"])

    def _end_loop(self, body: Token) -> None:
        body._set_state(READY)  # noqa: SLF001
        body.complete()


def _count(value: Any) -> int | None:  # noqa: ANN401 - whatever FEEL answers
    """Return a whole number that is not below zero; None for anything else."""
    if isinstance(value, str):
        return int(value) if WHOLE.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return int(value) if value >= 0 and value == int(value) else None
