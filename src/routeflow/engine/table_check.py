"""Look at a decision table before it is used: overlap, gaps, rows that never fit, mixed types.

Each column is cut into atoms: stretches of values that no cell tells apart. A cell is then a
set of atoms (bits of an int), and rows overlap where all their sets do. Cells that are no
literal count as "perhaps": they never cause a finding on their own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key
from itertools import combinations, pairwise
from typing import Final

from routeflow.engine.problems import Problem, Severity
from routeflow.engine.tables import Column, Output, Rule, Table
from routeflow.feel import tree
from routeflow.feel.text import (
    read_date,
    read_duration,
    read_literal,
    read_moment,
    read_time,
    write,
)
from routeflow.feel.types import Type, coerce
from routeflow.feel.values import Value, equal, kind, order

_MOST_FINDINGS: Final = 10
_BUDGET: Final = 20_000
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "date": read_date,
    "time": read_time,
    "date and time": read_moment,
    "duration": read_duration,
}
_DUTCH: Final = {
    "number": "een getal",
    "string": "een tekst",
    "boolean": "waar of onwaar",
    "date": "een datum",
    "time": "een tijd",
    "date and time": "een datum met tijd",
    "days and time duration": "een duur in dagen",
    "years and months duration": "een duur in maanden",
}
_MOMENTS: Final = frozenset({"date", "date and time"})  # FEEL compares them with each other
_BOOLEAN_NODES: Final = (
    tree.Binary, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf,
)  # fmt: skip
_COMPARE: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
MAX_RULES: Final = 3_000


@dataclass(frozen=True, slots=True)
class _Cell:
    """The atoms that a cell surely and perhaps lets through.

    ``null`` are the atoms for which it answers null: not let through, and by ``not()`` neither.
    """

    sure: int
    perhaps: int
    null: int = 0


@dataclass(slots=True)
class _Axis:
    """One column, cut into atoms. ``gaps`` are the atoms in which a gap would be a real gap."""

    label: str
    names: list[str]
    all: int
    gaps: int
    cells: list[_Cell] = field(default_factory=list)

    def first(self, mask: int) -> str:
        """Return words for the first atom in ``mask``; empty when the column does not matter."""
        if len(self.names) == 1:
            return ""
        return f"{self.label} {self.names[(mask & -mask).bit_length() - 1]}"


def check_table(table: Table) -> list[Problem]:
    """Return what is wrong or doubtful in ``table``, with the numbers of the rows."""
    if len(table.rules) > MAX_RULES:
        sentence = f"Deze tabel heeft meer dan {MAX_RULES} regels; verdeel hem over meer tabellen."
        return [_problem("dmn.te-groot", sentence, None)]
    problems = list(_types(table))
    axes = [_axis(index, column, table.rules) for index, column in enumerate(table.columns)]
    found = [*_never(table, axes), *_overlap(table, axes), *_shadowed(table, axes)]
    return [*problems, *_answers(table), *found, *_gaps(table, axes)]


def _problem(code: str, message: str, rule: Rule | None, *, severity: Severity = "fout") -> Problem:
    return Problem(None, None, code, message, rule.line if rule else None, severity)


def literal(node: tree.Node) -> tuple[Value, bool]:
    """Return the value that ``node`` writes, and whether it is a literal at all."""
    match node:
        case tree.Value(value=value):
            return value, True
        case tree.At(text=text):
            value = read_literal(text)
            return value, value is not None
        case tree.Call(
            function=tree.Name(name=name), arguments=(tree.Value(value=str() as text),), names=None
        ) if name in _READERS:
            value = _READERS[name](text)
            return value, value is not None
        case _:
            return None, False


def _literals(node: tree.Node | None) -> Iterator[Value]:
    """Yield every literal that decides in a cell."""
    if node is None:
        return
    value, is_literal = literal(node)
    if is_literal:
        yield value
    elif isinstance(node, tree.Tests | tree.Items | tree.Open | tree.Interval):
        for child in node.children():
            yield from _literals(child)


def _types(table: Table) -> Iterator[Problem]:
    for index, column in enumerate(table.columns):
        seen: dict[str, tuple[Rule, bool]] = {}
        for rule in table.rules:
            cell = rule.cells[index]
            kinds = {kind(value) for value in _literals(cell) if value is not None}
            for found in sorted(kinds):
                seen.setdefault(found, (rule, len(kinds) == 1))
            yield from _without_question_mark(cell, rule, index, column)
        wanted = column.type.kind if column.type else None
        if wanted in _DUTCH:
            for found, (rule, alone) in seen.items():
                if found != wanted and not {found, wanted} <= _MOMENTS:
                    what = "Deze cel" if alone else "Dat deel"
                    message = (
                        f"Regel {rule.number}, kolom {index + 1}: hier staat {_DUTCH[found]}, maar "
                        f"{_label(column)} is {_DUTCH[wanted]}. {what} past nooit."
                    )
                    yield _problem("type", message, rule)
        elif len(seen) > 1 and not seen.keys() <= _MOMENTS:
            words = " en ".join(_DUTCH[found] for found in seen)
            message = f"In kolom {index + 1} ({_label(column)}) staan {words} door elkaar."
            yield _problem("type", message, None, severity="waarschuwing")


def _answers(table: Table) -> Iterator[Problem]:
    for place, output in enumerate(table.outputs):
        for rule in table.rules:
            value, is_literal = _answer(rule.answers[place])
            if not is_literal or value is None:
                continue
            if found := _wrong(value, output, adds=table.aggregation == "SUM"):
                message = f"Regel {rule.number}, antwoord {place + 1}: {found}"
                yield _problem("antwoord", message, rule)


def _wrong(value: Value, output: Output, *, adds: bool) -> str:
    """Return why this can be no answer in the column; empty when it can."""
    if output.type is not None and not coerce(value, output.type)[1]:
        wanted = output.type.kind
        if wanted in _DUTCH and wanted != kind(value):
            return f"hier staat {_DUTCH[kind(value)]}, maar {output.name} is {_DUTCH[wanted]}."
        return f"{_text(value)} is geen waarde van het type van {output.name}."
    if output.allowed_tree is not None and not _is_allowed(value, output.allowed_tree):
        return f"{_text(value)} staat niet bij de waarden van {output.name}."
    if adds and kind(value) != "number":
        return f"{_DUTCH[kind(value)]} kan niet worden opgeteld (SUM)."
    return ""


def _is_allowed(value: Value, allowed: tree.Node) -> bool:
    cutter = _cutter([value, *_literals(allowed)], [], allowed, None)
    return bool(cutter.cell(tree.Value(value)).sure & cutter.cell(allowed).perhaps)


def _without_question_mark(
    cell: tree.Tests | None, rule: Rule, index: int, column: Column
) -> Iterator[Problem]:
    if cell is None or (column.type and column.type.kind == "boolean"):
        return
    for test in cell.tests:
        if not isinstance(test, _BOOLEAN_NODES):
            continue
        if isinstance(test, tree.Binary) and test.operator not in _COMPARE:
            continue
        if all(part != tree.Name("?") for part in test.walk()):
            message = (
                f"Regel {rule.number}, kolom {index + 1}: „{test}” gaat niet over {_label(column)} "
                "en past daarom nooit. Gebruik ? voor de waarde van de kolom."
            )
            yield _problem("vraagteken", message, rule, severity="waarschuwing")


def _label(column: Column) -> str:
    return column.label or column.source or "de kolom"


def _axis(index: int, column: Column, rules: Sequence[Rule]) -> _Axis:
    cells = [rule.cells[index] for rule in rules]
    values = [*_literals(column.allowed_tree)]
    for cell in cells:
        values += _literals(cell)
    cutter = _cutter(values, cells, column.allowed_tree, column.type)
    axis = _Axis(_label(column), cutter.names, cutter.all, cutter.gaps)
    if column.allowed_tree is not None:
        # what is not allowed becomes null, so null stays possible
        allowed = cutter.cell(column.allowed_tree).perhaps | cutter.empty
        axis.all &= allowed
        axis.gaps &= allowed
    for cell in cells:
        found = _Cell(0, cutter.all) if cell is None else cutter.cell(cell)
        axis.cells.append(_Cell(found.sure & axis.all, found.perhaps & axis.all))
    return axis


class _Cutter:
    """Atoms of one column, and the atoms of a test."""

    def __init__(
        self,
        points: list[Value],
        *,
        ordered: bool,
        open_ended: bool,
        closed: bool = False,
        days: bool = True,
    ) -> None:
        self.points = [point for point in points if point is not None]
        self.ordered = ordered
        self.days = days  # its dates are whole days, between which nothing lies
        self.names: list[str] = []
        self.gaps = 0
        self.void = 0
        if ordered:
            self._cut_line()
        else:
            for point in self.points:
                self._add(f"= {_text(point)}", gap=True)
        self.line = (1 << len(self.names)) - 1
        self.empty = 0
        if None in points:
            self.empty = 1 << len(self.names)
            self._add("is leeg", gap=False)
        if not ordered and (open_ended or not points):
            # a table cannot name all texts; without input values "anything else" is no gap
            self._add("is iets anders" if points else "", gap=not self.points or closed)
        self.all = ((1 << len(self.names)) - 1) & ~self.void
        self.mixed = len({kind(point) for point in self.points}) > 1

    def _add(self, name: str, *, gap: bool) -> None:
        if gap:
            self.gaps |= 1 << len(self.names)
        self.names.append(name)

    def _cut_line(self) -> None:
        self._add(f"< {_text(self.points[0])}", gap=True)
        for here, after in zip(self.points, [*self.points[1:], None], strict=True):
            self._add(f"= {_text(here)}", gap=True)
            if after is None:
                self._add(f"> {_text(here)}", gap=True)
            else:
                next_to = _adjacent(here, after)
                if next_to and self.days and type(here) is not Decimal:
                    self.void |= 1 << len(self.names)
                self._add(f"tussen {_text(here)} en {_text(after)}", gap=not next_to)

    def _place(self, value: Value) -> int | None:
        for place, point in enumerate(self.points):
            same = type(point) is type(value) and point == value
            if same or (self.ordered and order(point, value) == 0):
                return place
        return None

    def cell(self, node: tree.Node) -> _Cell:
        """Return the atoms of a cell."""
        if isinstance(node, tree.Tests):
            return self._tests(node)
        value, is_literal = literal(node)
        if is_literal:
            return self._equal(value)
        match node:
            case tree.Items(items=items):
                return self._union([self.cell(item) for item in items])
            case tree.Open(operator=operator, operand=operand):
                return self._open(operator, operand)
            case tree.Interval():
                return self._interval(node)
            case _:
                return _Cell(0, self.all)

    def _tests(self, node: tree.Tests) -> _Cell:
        if not node.tests:
            return _Cell(self.all, self.all)
        found = self._union([self.cell(test) for test in node.tests])
        if not node.negated:
            return found
        rest = self.all & ~found.null
        return _Cell(rest & ~found.perhaps, rest & ~found.sure, found.null)

    @staticmethod
    def _union(cells: list[_Cell]) -> _Cell:
        sure = perhaps = null = 0
        for cell in cells:
            sure |= cell.sure
            perhaps |= cell.perhaps
            null |= cell.null
        return _Cell(sure, perhaps, null & ~perhaps)

    def _equal(self, value: Value) -> _Cell:
        if value is None:
            return _Cell(self.empty, self.empty)
        place = self._place(value)
        if place is None:
            return _Cell(0, 0)
        mask = 1 << (2 * place + 1 if self.ordered else place)
        return _Cell(mask, mask, self._others(value) if self.mixed else 0)

    def _others(self, value: Value) -> int:
        """Return the atoms of values that ``value`` cannot be compared with."""
        mine = kind(value)
        return sum(1 << place for place, point in enumerate(self.points) if kind(point) != mine)

    def _open(self, operator: str, operand: tree.Node) -> _Cell:
        value, is_literal = literal(operand)
        if not is_literal:
            return _Cell(0, self.all)
        if operator in ("=", "!="):
            same = self._equal(value)
            if operator == "=":
                return same
            mask = self.all & ~same.sure & ~same.null
            return _Cell(mask, mask, same.null)
        place = self._place(value)
        if place is None or not self.ordered:
            return _Cell(0, self.all)
        at = 2 * place + 1
        below, upto = (1 << at) - 1, (1 << (at + 1)) - 1
        mask = {"<": below, "<=": upto, ">": self.line & ~upto, ">=": self.line & ~below}[operator]
        return _Cell(mask, mask, self.empty)

    def _interval(self, node: tree.Interval) -> _Cell:
        ends = literal(node.start), literal(node.end)
        if all(is_literal for _, is_literal in ends) and order(ends[0][0], ends[1][0]) == 1:
            return _Cell(0, 0, self.all)  # FEEL has no range that ends before it begins
        if (None, True) in ends:
            return self._half_known(node, *ends)
        low = self._open(">=" if node.start_included else ">", node.start)
        high = self._open("<=" if node.end_included else "<", node.end)
        return _Cell(low.sure & high.sure, low.perhaps & high.perhaps, low.null | high.null)

    def _half_known(
        self, node: tree.Interval, start: tuple[Value, bool], end: tuple[Value, bool]
    ) -> _Cell:
        """Return the atoms of a range of which an end is null: what is in it is never sure."""
        unknown = None, True
        if start == end or (start == unknown and node.start_included):
            return _Cell(0, 0, self.all)
        if end == unknown:
            if node.end_included:
                return _Cell(0, 0, self.all)
            known = self._open(">=" if node.start_included else ">", node.start)
        else:
            known = self._open("<=" if node.end_included else "<", node.end)
        return _Cell(0, 0, known.perhaps | known.null)


def _cutter(
    values: list[Value],
    cells: Sequence[tree.Tests | None],
    allowed: tree.Node | None,
    wanted: Type | None,
) -> _Cutter:
    plain = [value for value in values if value is not None]
    kinds = {kind(value) for value in plain}
    has_ranges = any(
        isinstance(part, tree.Interval)
        or (isinstance(part, tree.Open) and part.operator not in ("=", "!="))
        for cell in (*cells, allowed)
        if cell is not None
        for part in cell.walk()
    )
    if kinds == {"boolean"}:
        points: list[Value] = [True, False, *([None] if None in values else [])]
        return _Cutter(points, ordered=False, open_ended=False)
    unique: list[Value] = []
    for value in values:
        if all(type(value) is not type(known) or value != known for known in unique):
            unique.append(value)
    if has_ranges and (line := _line(plain)):
        kinds |= {wanted.kind} if wanted else set()
        line += [None] if None in values else []
        return _Cutter(line, ordered=True, open_ended=True, days="date and time" not in kinds)
    return _Cutter(unique, ordered=False, open_ended=True, closed=allowed is not None)


def _line(values: Sequence[Value]) -> list[Value]:
    """Return the different values in order, nothing when they have no order."""
    ordered: list[Value] = sorted(values, key=cmp_to_key(lambda a, b: order(a, b) or 0))
    steps = [order(a, b) for a, b in pairwise(ordered)]
    if None in steps:
        return []
    return [value for value, step in zip(ordered, [-1, *steps], strict=False) if step]


def _adjacent(a: Value, b: Value) -> bool:
    """Return whether nothing that people mean lies between a and b, as between 11 and 12."""
    if type(a) is Decimal:
        return bool(a == a.to_integral_value() and b - a == 1)
    if type(a) is date:
        return bool(b - a == timedelta(days=1))
    return type(a) is not timedelta and hasattr(a, "total") and bool(b.total - a.total == 1)


def _text(value: Value) -> str:
    return write(value, lambda _: None, inside=True)


def _words(axes: list[_Axis], masks: Sequence[int]) -> str:
    found = [axis.first(mask) for axis, mask in zip(axes, masks, strict=True)]
    return ", ".join(word for word in found if word) or "elke invoer"


def _never(table: Table, axes: list[_Axis]) -> Iterator[Problem]:
    for place, rule in enumerate(table.rules):
        for index, axis in enumerate(axes):
            if rule.cells[index] is not None and not axis.cells[place].perhaps:
                message = f"Regel {rule.number} past nooit, door kolom {index + 1} ({axis.label})."
                yield _problem("nooit", message, rule)
                break


_FORBIDDEN: Final = {
    "UNIQUE": ". Bij UNIQUE mag er maar een regel passen.",
    "ANY": " en geven verschillende antwoorden. Bij ANY mag dat niet.",
}


def _overlap(table: Table, axes: list[_Axis]) -> Iterator[Problem]:
    if table.policy not in _FORBIDDEN:
        return
    if len(table.rules) ** 2 * max(len(axes), 1) > 100 * _BUDGET:
        return
    found = 0
    for (a, one), (b, other) in combinations(enumerate(table.rules), 2):
        masks = [axis.cells[a].sure & axis.cells[b].sure for axis in axes]
        if not all(masks) or (table.policy == "ANY" and not _differ(one, other)):
            continue
        message = (
            f"De regels {one.number} en {other.number} passen allebei bij {_words(axes, masks)}"
            f"{_FORBIDDEN[table.policy]}"
        )
        yield _problem("overlap", message, other)
        found += 1
        if found >= _MOST_FINDINGS:
            return


def _differ(one: Rule, other: Rule) -> bool:
    """Return whether the answers of two rows surely differ."""
    for mine, its in zip(one.answers, other.answers, strict=True):
        (a, a_is_literal), (b, b_is_literal) = _answer(mine), _answer(its)
        if a_is_literal and b_is_literal and equal(a, b, lambda _: None) is not True:
            return True
    return False


def _answer(node: tree.Node | None) -> tuple[Value, bool]:
    return (None, True) if node is None else literal(node)


class _TooMuch(Exception):
    """The table has too many combinations to look at them all."""


class _Uncovered:
    """Finds the parts of ``region`` that no row of ``covers`` lets through."""

    def __init__(self, axes: list[_Axis], region: list[int], covers: list[list[int]]) -> None:
        self.axes = axes
        self.region = region
        self.covers = covers
        self.budget = _BUDGET
        self.covered: set[tuple[int, tuple[int, ...]]] = set()

    def __iter__(self) -> Iterator[list[int]]:
        if all(self.region):
            yield from self.look(0, tuple(range(len(self.covers))), [])

    def look(self, column: int, rows: tuple[int, ...], chosen: list[int]) -> Iterator[list[int]]:
        """Yield the gaps behind ``chosen``, the atoms of the columns before this one."""
        if not rows:
            yield chosen + self.region[column:]
            return
        if column == len(self.axes) or (column, rows) in self.covered:
            return
        whole = True
        for left, mask in self.groups(column, rows).items():
            for gap in self.look(column + 1, left, [*chosen, mask]):
                whole = False
                yield gap
        if whole:
            self.covered.add((column, rows))

    def groups(self, column: int, rows: tuple[int, ...]) -> dict[tuple[int, ...], int]:
        """Return the atoms of a column, put together when the same rows let them through."""
        groups: dict[tuple[int, ...], int] = {}
        for atom in range(len(self.axes[column].names)):
            bit = 1 << atom
            if self.region[column] & bit:
                left = tuple(row for row in rows if self.covers[row][column] & bit)
                groups[left] = groups.get(left, 0) | bit
        self.budget -= len(groups)
        if self.budget < 0:
            raise _TooMuch
        return groups


def _shadowed(table: Table, axes: list[_Axis]) -> Iterator[Problem]:
    if table.policy != "FIRST":
        return
    for place, rule in enumerate(table.rules):
        region = [axis.cells[place].perhaps for axis in axes]
        earlier = [[axis.cells[row].sure for axis in axes] for row in range(place)]
        if not all(region):
            continue
        try:
            if next(iter(_Uncovered(axes, region, earlier)), None) is None:
                message = (
                    f"Regel {rule.number} komt nooit aan de beurt: eerdere regels passen altijd al."
                )
                yield _problem("nooit", message, rule)
        except _TooMuch:
            return


def _gaps(table: Table, axes: list[_Axis]) -> Iterator[Problem]:
    listing = table.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
    if listing or not axes or any(output.default for output in table.outputs):
        return
    covers = [[axis.cells[row].perhaps for axis in axes] for row in range(len(table.rules))]
    region = [axis.gaps for axis in axes]
    try:
        for count, gap in enumerate(_Uncovered(axes, region, covers)):
            if count >= _MOST_FINDINGS:
                return
            message = f"Geen enkele regel past bij {_words(axes, gap)}."
            yield _problem("gat", message, None, severity="waarschuwing")
    except _TooMuch:
        return
