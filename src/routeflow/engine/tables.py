"""Decision tables: hit policies over rules of unary tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from routeflow.feel.compiler import Closure, Test
from routeflow.feel.run import Env, Run
from routeflow.feel.tree import Node, Tests
from routeflow.feel.types import Type, coerce, misfit
from routeflow.feel.values import ARITHMETIC, Value, equal, order

HitPolicy = Literal["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]
HIT_POLICIES: Final[dict[str, HitPolicy]] = {policy: policy for policy in get_args(HitPolicy)}
AGGREGATIONS: Final[dict[str, Aggregation]] = {name: name for name in get_args(Aggregation)}


@dataclass(frozen=True, slots=True)
class Column:
    """An input column. ``allowed`` tests the input values, None when all are allowed."""

    id: str
    label: str
    source: str
    value: Closure
    type: Type | None
    allowed: Test | None
    allowed_tree: Node | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column. ``priorities``: its output values in order; the first is the highest."""

    id: str
    name: str
    type: Type | None
    allowed: Test | None
    allowed_tree: Node | None
    priorities: Closure | None
    default: Closure | None
    default_tree: Node | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. ``tests`` has the columns that are not a dash.

    ``cells`` and ``answers`` are the trees of its tests and entries, for check.
    """

    id: str
    number: int
    tests: tuple[tuple[int, Test], ...]
    entries: tuple[Closure, ...]
    cells: tuple[Tests | None, ...]
    answers: tuple[Node | None, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, compiled."""

    id: str
    policy: HitPolicy
    aggregation: Aggregation | None
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def evaluate(self, env: Env) -> tuple[Value, list[str]]:
        """Return the answer and the ids of the rules that gave it."""
        run = env.run
        inputs = [_input(column, env) for column in self.columns]
        run.charge(len(self.rules))
        hits = self._hits(inputs, env)
        if not hits:
            return self._no_hit(env), []
        return _ANSWERS[self.policy](self, hits, env), [rule.id for rule in hits]

    def _hits(self, inputs: list[Value], env: Env) -> list[Rule]:
        hits = []
        first = self.policy == "FIRST"
        for rule in self.rules:
            for column, test in rule.tests:
                if test(inputs[column], env) is not True:
                    break
            else:
                hits.append(rule)
                if first:
                    break
        return hits

    def _no_hit(self, env: Env) -> Value:
        if any(output.default for output in self.outputs):
            values = [
                _typed(None if output.default is None else output.default(env), output, env)
                for output in self.outputs
            ]
            return self._shaped(values)
        if self.policy in _LISTS:
            if self.aggregation == "COUNT":
                return Decimal(0)
            if self.aggregation is None:
                return []
        return env.run.null("geen enkele regel van de tabel past")

    def result(self, rule: Rule, env: Env) -> Value:
        """Return what ``rule`` answers: one value, or a context when there are more columns."""
        return self._shaped(
            [
                _typed(entry(env), output, env)
                for entry, output in zip(rule.entries, self.outputs, strict=True)
            ]
        )

    def _shaped(self, values: Sequence[Value]) -> Value:
        if len(self.outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def ranks(self, result: Value, env: Env) -> tuple[int, ...]:
        """Return the place of each part of ``result`` in its output values; low is first."""
        ranks = []
        for output in self.outputs:
            wanted = output.priorities(env) if output.priorities else []
            part = result if len(self.outputs) == 1 else result[output.name]
            places = [i for i, one in enumerate(wanted) if equal(one, part, env.run.charge) is True]
            ranks.append(places[0] if places else len(wanted))
        return tuple(ranks)


def _input(column: Column, env: Env) -> Value:
    value = column.value(env)
    if column.type is not None:
        given = value
        value, fits = coerce(given, column.type, env.run.charge)
        if not fits:
            env.run.null(f"{column.label or column.source} {misfit(given, column.type)}")
    if column.allowed is not None and value is not None and column.allowed(value, env) is not True:
        return env.run.null(f"{column.label or column.source} heeft een waarde die niet mag")
    return value


def _typed(value: Value, output: Output, env: Env) -> Value:
    if output.type is not None:
        answer, fits = coerce(value, output.type, env.run.charge)
        if not fits:
            return env.run.null(f"{output.name} {misfit(value, output.type)}")
        value = answer
    if output.allowed is not None and value is not None and output.allowed(value, env) is not True:
        return env.run.null(f"{output.name} heeft een waarde die niet mag")
    return value


def _unique(table: Table, hits: list[Rule], env: Env) -> Value:
    if len(hits) > 1:
        rows = " en ".join(str(rule.number) for rule in hits)
        return env.run.null(f"de regels {rows} passen allebei, en dat mag bij UNIQUE niet")
    return table.result(hits[0], env)


def _any(table: Table, hits: list[Rule], env: Env) -> Value:
    first, *others = (table.result(rule, env) for rule in hits)
    if all(equal(first, other, env.run.charge) is True for other in others):
        return first
    rows = " en ".join(str(rule.number) for rule in hits)
    return env.run.null(f"de regels {rows} geven verschillende antwoorden, en dat mag bij ANY niet")


def _first(table: Table, hits: list[Rule], env: Env) -> Value:
    return table.result(hits[0], env)


def _by_priority(table: Table, hits: list[Rule], env: Env) -> list[Value]:
    return sorted((table.result(r, env) for r in hits), key=lambda one: table.ranks(one, env))


def _priority(table: Table, hits: list[Rule], env: Env) -> Value:
    return _by_priority(table, hits, env)[0]


def _rule_order(table: Table, hits: list[Rule], env: Env) -> list[Value]:
    return [table.result(rule, env) for rule in hits]


def _collect(table: Table, hits: list[Rule], env: Env) -> Value:
    values = _rule_order(table, hits, env)
    match table.aggregation:
        case None:
            return values
        case "COUNT":
            return Decimal(len(values))
        case "SUM":
            return _sum(values, env.run)
        case "MIN":
            return _extreme(values, -1, env.run)
        case "MAX":
            return _extreme(values, 1, env.run)


def _sum(values: list[Value], run: Run) -> Value:
    total = Decimal(0)
    for value in values:
        if type(value) is not Decimal:
            return run.null("optellen (SUM) gaat alleen met getallen")
        total = ARITHMETIC.add(total, value)
    return total


def _extreme(values: list[Value], sign: int, run: Run) -> Value:
    best = values[0]
    for value in values:
        compared = order(value, best)
        if compared is None:
            return run.null("deze waarden hebben geen kleinste of grootste")
        if compared == sign:
            best = value
    return best


_ANSWERS: Final[dict[HitPolicy, Callable[[Table, list[Rule], Env], Value]]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _by_priority,
    "COLLECT": _collect,
}
_LISTS: Final = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
