"""Look at a decision table before it is used: overlap, gaps, rows that never fit, mixed types.

Each column is an axis, cut into atoms; a cell is a set of atoms, and rows overlap where all
their sets do. What a cell asks that cannot be told beforehand counts as "perhaps": it never
causes a finding on its own. Rows are sets too: row n is bit n of an int.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial, reduce
from itertools import islice
from typing import Final

from routeflow.engine.axis import DUTCH, Axis, axis_of, comparable
from routeflow.engine.conditions import (
    Condition,
    Is,
    Leaf,
    Outcome,
    outcome,
    read,
    values_of,
)
from routeflow.engine.problems import Problem, Severity
from routeflow.engine.tables import Column, Output, Rule, Table
from routeflow.feel import LimitExceeded, tree
from routeflow.feel.constants import constant, faults
from routeflow.feel.text import write
from routeflow.feel.types import coerce
from routeflow.feel.values import Charge, Value, equal, kind

_MOST_FINDINGS: Final = 10
_MOST_COUNTED: Final = 1_000
_BUDGET: Final = 200_000
_MOST_PAIRS: Final = 20_000_000
_BOOLEAN_NODES: Final = (
    tree.Binary, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf,
)  # fmt: skip
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPARE: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
MAX_RULES: Final = 3_000


def check_table(table: Table) -> list[Problem]:
    """Return what is wrong or doubtful in ``table``, with the numbers of the rows."""
    if len(table.rules) > MAX_RULES:
        sentence = f"Deze tabel heeft meer dan {MAX_RULES} regels; verdeel hem over meer tabellen."
        return [_problem("dmn.te-groot", sentence, None)]
    asked = [
        [read(cell or tree.Tests(())) for cell in (rule.cells[index] for rule in table.rules)]
        for index in range(len(table.columns))
    ]
    axes = [_axis(column, cells) for column, cells in zip(table.columns, asked, strict=True)]
    mixed = _Kinds(table, asked)
    charge = _Budget().spend
    found = [*_faults(table), *mixed.problems(), *_bounded(_answers(table, charge))]
    found += [*_never(table, axes, mixed), *_twice(table), *_headings(table)]
    found += [*_bounded(_defaults(table, charge)), *_row_slips(table)]
    found += _column_slips(table, asked)
    too_much = False
    for look in (_overlap, partial(_shadowed, charge=charge), _gaps):
        try:
            found.extend(look(table, axes))
        except (_TooMuchError, LimitExceeded):
            too_much = True
    if too_much:
        sentence = (
            "Deze tabel heeft te veel combinaties om ze alle te bekijken. Er kunnen meer gaten "
            "zijn, of regels die nooit aan de beurt komen."
        )
        found.append(_problem("te-groot", sentence, None, severity="waarschuwing"))
    return found


def _axis(column: Column, cells: list[Condition]) -> Axis:
    allowed = column.allowed_tree
    values = read(allowed) if isinstance(allowed, tree.Tests) else None
    return axis_of(_label(column), column.type.kind if column.type else None, values, cells)


def _problem(code: str, message: str, rule: Rule | None, *, severity: Severity = "fout") -> Problem:
    return Problem(None, None, code, message, rule.line if rule else None, severity)


def _label(column: Column) -> str:
    return column.label or column.source or "de kolom"


def _faults(table: Table) -> Iterator[Problem]:
    """Yield what no input can make right, such as the date 30 February."""
    for rule in table.rules:
        for word, parts in (("kolom", rule.cells), ("antwoord", rule.answers)):
            for place, part in enumerate(parts, 1):
                for node, reason in faults(part) if part is not None else ():
                    message = (
                        f"Regel {rule.number}, {word} {place}: „{node}” is niet uit te rekenen: "
                        f"{reason.removeprefix(f'{node}: ')}."
                    )
                    yield _problem("waarde", message, rule)


class _Kinds:
    """The kinds of the values in each column, and cells that therefore never fit."""

    def __init__(self, table: Table, asked: list[list[Condition]]) -> None:
        self.table = table
        self.asked = asked
        self.hopeless: set[tuple[int, int]] = set()

    def problems(self) -> Iterator[Problem]:
        for index, column in enumerate(self.table.columns):
            seen: dict[str, int] = {}
            for place, rule in enumerate(self.table.rules):
                values = values_of(self.asked[index][place])
                for found in sorted({kind(one) for one in values if one is not None}):
                    seen.setdefault(found, place)
                yield from _without_question_mark(rule.cells[index], rule, index, column)
            wanted = column.type.kind if column.type else None
            if wanted in DUTCH:
                yield from self._foreign(index, wanted, seen)
            elif len(seen) > 1 and not all(comparable(a, b) for a in seen for b in seen):
                words = " en ".join(DUTCH[found] for found in seen)
                message = f"In kolom {index + 1} ({_label(column)}) staan {words} door elkaar."
                yield _problem("type", message, None, severity="waarschuwing")

    def _foreign(self, index: int, wanted: str, seen: dict[str, int]) -> Iterator[Problem]:
        for found, place in seen.items():
            if comparable(found, wanted):
                continue
            rule = self.table.rules[place]
            whole = _never_true(self.asked[index][place], wanted)
            if whole:
                self.hopeless.add((place, index))
            message = (
                f"Regel {rule.number}, kolom {index + 1}: hier staat {DUTCH[found]}, maar "
                f"{_label(self.table.columns[index])} is {DUTCH[wanted]}. "
                f"{'Deze cel' if whole else 'Dat deel'} past nooit."
            )
            yield _problem("type", message, rule)


def _never_true(condition: Condition, wanted: str) -> bool:
    """Return whether no input of the kind ``wanted`` passes, because of other kinds in it."""

    def of_leaf(leaf: Leaf) -> Outcome:
        values = [one for one in values_of(leaf) if one is not None]
        if not values or all(comparable(kind(one), wanted) for one in values):
            return Outcome(1, 1, 1)
        if isinstance(leaf, Is) and leaf.operator in ("=", "!="):
            return Outcome(int(leaf.operator == "!="), int(leaf.operator == "="), 1)
        return Outcome(0, 0, 1)

    return not outcome(condition, of_leaf).true


def _bounded(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Yield what is found; a type that takes too much work to ask is a finding of its own."""
    try:
        yield from problems
    except (_TooMuchError, LimitExceeded):
        message = (
            "Nagaan of een antwoord bij zijn type mag, is te zwaar. Maak dat type eenvoudiger."
        )
        yield _problem("te-zwaar", message, None)


def _answers(table: Table, charge: Charge) -> Iterator[Problem]:
    for place, output in enumerate(table.outputs):
        for rule in table.rules:
            value, is_fixed = _answer(rule.answers[place])
            if not is_fixed or value is None:
                continue
            if found := _wrong(value, output, charge, adds=table.aggregation == "SUM"):
                message = f"Regel {rule.number}, antwoord {place + 1}: {found}"
                yield _problem("antwoord", message, rule)


def _wrong(value: Value, output: Output, charge: Charge, *, adds: bool) -> str:
    """Return why this can be no answer in the column; empty when it can."""
    if output.type is not None and not coerce(value, output.type, charge)[1]:
        wanted = output.type.kind
        if wanted in DUTCH and wanted != kind(value):
            return f"hier staat {DUTCH[kind(value)]}, maar {output.name} is {DUTCH[wanted]}."
        return f"{_text(value)} is geen waarde van het type van {output.name}."
    if not _is_allowed(value, output):
        return f"{_text(value)} staat niet bij de waarden van {output.name}."
    if adds and kind(value) != "number":
        return f"{DUTCH[kind(value)]} kan niet worden opgeteld (SUM)."
    return ""


def _is_allowed(value: Value, output: Output) -> bool:
    if not isinstance(output.allowed_tree, tree.Tests):
        return True
    cells = [Is("=", value), read(output.allowed_tree)]
    one, allowed = axis_of(output.name, None, None, cells).cells
    return bool(one.perhaps & allowed.perhaps)


def _answer(node: tree.Node | None) -> tuple[Value, bool]:
    """Return what a row always answers in a column, and whether that is one plain value."""
    value, is_fixed = (None, True) if node is None else constant(node)
    return value, is_fixed and (value is None or kind(value) in DUTCH)


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


def _text(value: Value) -> str:
    return write(value, lambda _: None, inside=True)


def _words(axes: list[Axis], masks: Sequence[int], among: Sequence[int]) -> str:
    found = [axis.words(*pair) for axis, *pair in zip(axes, masks, among, strict=True)]
    return ", ".join(word for word in found if word) or "elke invoer"


def _never(table: Table, axes: list[Axis], mixed: _Kinds) -> Iterator[Problem]:
    for place, rule in enumerate(table.rules):
        for index, axis in enumerate(axes):
            if axis.cells[place].perhaps:
                continue
            if (place, index) not in mixed.hopeless:
                message = f"Regel {rule.number} past nooit, door kolom {index + 1} ({axis.label})."
                yield _problem("nooit", message, rule)
            break


_COUNTING: Final = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})


def _twice(table: Table) -> Iterator[Problem]:
    """Yield the rows that ask and answer what a row before them does, where both of them count."""
    if table.policy not in _COUNTING or table.aggregation in ("MIN", "MAX"):
        return
    seen: dict[object, Rule] = {}
    for rule in table.rules:
        if None in rule.cells or None in rule.answers:
            continue
        first = seen.setdefault((rule.cells, rule.answers), rule)
        if first is not rule:
            message = (
                f"De regels {first.number} en {rule.number} zijn gelijk. "
                f"Bij {table.policy} tellen ze allebei mee."
            )
            yield _problem("dubbel", message, rule, severity="waarschuwing")


def _headings(table: Table) -> Iterator[Problem]:
    """Yield the columns that ask, or answer, what another one does."""
    sources: dict[str, int] = {}
    for place, column in enumerate(table.columns, 1):
        first = sources.setdefault(column.source, place)
        if column.source and first != place:
            message = (
                f"De kolommen {first} en {place} lezen allebei {column.source}. "
                "Zet beide voorwaarden in een kolom, met ? voor de waarde."
            )
            yield _problem("dubbel", message, None, severity="waarschuwing")
    names: dict[str, int] = {}
    for place, output in enumerate(table.outputs, 1):
        if names.setdefault(output.name, place) != place:
            message = (
                f"De antwoordkolommen {names[output.name]} en {place} heten allebei {output.name}. "
                "Dan blijft alleen het laatste antwoord over."
            )
            yield _problem("dubbel", message, None)


def _defaults(table: Table, charge: Charge) -> Iterator[Problem]:
    """Yield the answers for when no row fits that cannot be given, or that lack."""
    some = any(output.default for output in table.outputs)
    for output in table.outputs:
        if output.default is None and some:
            message = f"{output.name} heeft geen standaardwaarde en een andere antwoordkolom wel."
            yield _problem("standaard", message, None, severity="waarschuwing")
        value, is_fixed = _answer(output.default_tree)
        if is_fixed and value is not None and (why := _wrong(value, output, charge, adds=False)):
            yield _problem("standaard", f"Standaardwaarde van {output.name}: {why}", None)


def _row_slips(table: Table) -> Iterator[Problem]:
    """Yield the cells and answers of rows that are good FEEL and hardly ever meant."""
    for rule in table.rules:
        for place, cell in enumerate(rule.cells, 1):
            if cell is not None and (test := _split_number(cell)):
                message = (
                    f"Regel {rule.number}, kolom {place}: „{test}” zijn twee voorwaarden. Bedoelt u "
                    f"een getal met een komma? Schrijf dan een punt: {test.replace(',', '.')}."
                )
                yield _problem("komma", message, rule, severity="waarschuwing")
        for place, answer in enumerate(rule.answers, 1):
            if answer is None:
                message = (
                    f"Regel {rule.number}, antwoord {place} is leeg. "
                    "Schrijf null als het antwoord onbekend is."
                )
                yield _problem("leeg", message, rule, severity="waarschuwing")


def _column_slips(table: Table, asked: list[list[Condition]]) -> Iterator[Problem]:
    """Yield what is odd about the values in the columns beside each other."""
    for index, column in enumerate(table.columns):
        texts: dict[str, tuple[str, int]] = {}
        for rule, condition in zip(table.rules, asked[index], strict=True):
            for value in values_of(condition):
                if isinstance(value, str):
                    yield from _text_slips(value, rule, index + 1, column, texts)
    for place, output in enumerate(table.outputs):
        answers = [_answer(rule.answers[place]) for rule in table.rules]
        kinds = list(
            dict.fromkeys(kind(one) for one, fixed in answers if fixed and one is not None)
        )
        mixed = not all(comparable(one, other) for one in kinds for other in kinds)
        if mixed and output.type is None and table.aggregation != "SUM":
            words = " en ".join(DUTCH[found] for found in kinds)
            message = f"In antwoordkolom {place + 1} ({output.name}) staan {words} door elkaar."
            yield _problem("type", message, None, severity="waarschuwing")


def _text_slips(
    value: str, rule: Rule, place: int, column: Column, texts: dict[str, tuple[str, int]]
) -> Iterator[Problem]:
    """Yield what is odd about a text in a column; ``texts`` are those that were seen before."""
    where = f"Regel {rule.number}, kolom {place}"
    if value != value.strip():
        message = f"{where}: de tekst {_text(value)} begint of eindigt met een spatie."
        yield _problem("tekst", message, rule, severity="waarschuwing")
    if column.type is None and _DATE.fullmatch(value):
        message = f'{where}: {_text(value)} is een tekst. Schrijf een datum als date("{value}").'
        yield _problem("tekst", message, rule, severity="waarschuwing")
    other, number = texts.setdefault(value.strip().casefold(), (value, rule.number))
    if other.strip() != value.strip():
        message = (
            f"{where}: {_text(value)} en {_text(other)} in regel {number} verschillen alleen in "
            "hoofdletters."
        )
        yield _problem("tekst", message, rule, severity="waarschuwing")


def _split_number(cell: tree.Tests) -> str:
    """Return ``< 1,5`` when a cell looks like a number with a Dutch comma; empty when not."""
    match cell.tests:
        case (
            tree.Open(operator=operator, operand=tree.Value(value=whole)),
            tree.Value(value=part),
        ):
            numbers = isinstance(whole, Decimal) and isinstance(part, Decimal)
            if numbers and operator in ("<", "<=", ">", ">=") and "." not in f"{whole}{part}":
                return f"{operator} {whole},{part}"
    return ""


_FORBIDDEN: Final = {
    "UNIQUE": ". Bij UNIQUE mag er maar een regel passen.",
    "ANY": " en geven verschillende antwoorden. Bij ANY mag dat niet.",
}


def _overlap(table: Table, axes: list[Axis]) -> Iterator[Problem]:
    if table.policy not in _FORBIDDEN:
        return
    count = 0
    for one, other in islice(_pairs(table, axes), _MOST_COUNTED + 1):
        count += 1
        if count > _MOST_FINDINGS:
            continue
        masks = [axis.cells[one].sure & axis.cells[other].sure for axis in axes]
        first, second = table.rules[one], table.rules[other]
        message = (
            f"De regels {first.number} en {second.number} passen allebei bij "
            f"{_words(axes, masks, [axis.all for axis in axes])}{_FORBIDDEN[table.policy]}"
        )
        yield _problem("overlap", message, second)
    if more := _more(count, "paar regels past", "paren regels passen"):
        yield _problem("overlap", f"{more} bij dezelfde invoer.", None)


def _pairs(table: Table, axes: list[Axis]) -> Iterator[tuple[int, int]]:
    """Yield the rows that may not fit together, and do."""
    for one, others in enumerate(_meeting(axes, len(table.rules))):
        for other in _bits(others >> (one + 1) << (one + 1)):
            if table.policy == "UNIQUE" or _differ(table.rules[one], table.rules[other]):
                yield one, other


def _more(count: int, one: str, many: str) -> str:
    """Return how many more there are than those that were shown; empty when there are none."""
    left = count - _MOST_FINDINGS
    if left <= 0:
        return ""
    if count > _MOST_COUNTED:
        return f"Nog meer dan {_MOST_COUNTED - _MOST_FINDINGS} {many}"
    return f"Nog {left} {one if left == 1 else many}"


def _meeting(axes: list[Axis], count: int) -> Iterator[int]:
    """Yield for each row the rows that surely fit some input together with it."""
    meets = []
    work = 0
    for axis in axes:
        rows: dict[int, int] = {}
        for place, cell in enumerate(axis.cells):
            rows[cell.sure] = rows.get(cell.sure, 0) | 1 << place
        work += len(rows) ** 2
        if work > _MOST_PAIRS:
            raise _TooMuchError
        meets.append(
            {
                mask: reduce(lambda a, b: a | b, (r for m, r in rows.items() if m & mask), 0)
                for mask in rows
            }
        )
    for place in range(count):
        found = (1 << count) - 1
        for axis, meeting in zip(axes, meets, strict=True):
            found &= meeting[axis.cells[place].sure]
        yield found


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _differ(one: Rule, other: Rule) -> bool:
    """Return whether the answers of two rows surely differ."""
    for mine, its in zip(one.answers, other.answers, strict=True):
        (a, a_is_fixed), (b, b_is_fixed) = _answer(mine), _answer(its)
        if a_is_fixed and b_is_fixed and equal(a, b, lambda _: None) is not True:
            return True
    return False


class _TooMuchError(Exception):
    """The table has too many combinations to look at them all."""


@dataclass(slots=True)
class _Budget:
    """Work left for looking at combinations."""

    left: int = _BUDGET

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _TooMuchError


class _Uncovered:
    """Finds the parts of a region that no row lets through.

    ``covers`` has for each column and atom the set of rows that let it through.
    """

    def __init__(self, covers: list[list[int]], budget: _Budget) -> None:
        self.covers = covers
        self.budget = budget

    def look(self, region: list[int], rows: int) -> Iterator[list[int]]:
        """Yield the parts of ``region`` that none of ``rows`` lets through."""
        if all(region):
            yield from self._look(0, rows, region, [], set())

    def _look(
        self,
        column: int,
        rows: int,
        region: list[int],
        chosen: list[int],
        covered: set[tuple[int, int]],
    ) -> Iterator[list[int]]:
        if not rows:
            yield chosen + region[column:]
            return
        if column == len(region) or (column, rows) in covered:
            return
        whole = True
        for left, mask in self._groups(column, rows, region[column]).items():
            for gap in self._look(column + 1, left, region, [*chosen, mask], covered):
                whole = False
                yield gap
        if whole:
            covered.add((column, rows))

    def _groups(self, column: int, rows: int, mask: int) -> dict[int, int]:
        """Return the atoms of a column, put together when the same rows let them through."""
        groups: dict[int, int] = {}
        at = self.covers[column]
        for atom in _bits(mask):
            left = rows & at[atom]
            groups[left] = groups.get(left, 0) | 1 << atom
        self.budget.spend(mask.bit_count())
        return groups


def _rows_at(axis: Axis, *, sure: bool) -> list[int]:
    """Return for each atom the rows that surely, or else perhaps, let it through."""
    rows: dict[int, int] = {}
    for place, cell in enumerate(axis.cells):
        mask = cell.sure if sure else cell.perhaps
        rows[mask] = rows.get(mask, 0) | 1 << place
    found = [0] * axis.cutter.size
    for mask, places in rows.items():
        for atom in _bits(mask):
            found[atom] |= places
    return found


def _shadowed(table: Table, axes: list[Axis], charge: Charge) -> Iterator[Problem]:
    """Yield the rows that never come up, because rows before them always fit as well."""
    if table.policy == "FIRST":
        before = [(1 << place) - 1 for place in range(len(table.rules))]
        why = "eerdere regels passen altijd al"
    elif table.policy == "PRIORITY":
        before = list(_ahead(table, charge))
        why = "bij elke invoer past ook een regel waarvan het antwoord voorgaat"
    else:
        return
    uncovered = _Uncovered([_rows_at(axis, sure=True) for axis in axes], _Budget())
    for place, rule in enumerate(table.rules):
        region = [axis.cells[place].perhaps for axis in axes]
        if all(region) and next(uncovered.look(region, before[place]), None) is None:
            message = f"Regel {rule.number} komt nooit aan de beurt: {why}."
            yield _problem("nooit", message, rule)


def _ahead(table: Table, charge: Charge) -> Iterator[int]:
    """Yield for each row the rows that PRIORITY takes rather than it."""
    ranks = [_rank(table, rule, charge) for rule in table.rules]
    for place, rank in enumerate(ranks):
        yield sum(
            1 << other
            for other, its in enumerate(ranks)
            if rank is not None and its is not None and (its, other) < (rank, place)
        )


def _rank(table: Table, rule: Rule, charge: Charge) -> tuple[int, ...] | None:
    """Return the place of the answers of a row among the output values; None when not known."""
    ranks = []
    for output, node in zip(table.outputs, rule.answers, strict=True):
        value, is_fixed = _answer(node)
        if not is_fixed or value is None or _wrong(value, output, charge, adds=False):
            return None
        order = _order(output)
        if order is None:
            return None
        ranks.append(next((n for n, one in enumerate(order) if _same(one, value)), len(order)))
    return tuple(ranks)


def _same(one: Value, other: Value) -> bool:
    return equal(one, other, lambda _: None) is True


def _order(output: Output) -> list[Value] | None:
    """Return the output values in order; None when they are more than a list of plain values."""
    if output.allowed_tree is None:
        return []
    found = [constant(node) for node in output.allowed_tree.children()]
    return [value for value, _ in found] if all(is_fixed for _, is_fixed in found) else None


def _gaps(table: Table, axes: list[Axis]) -> Iterator[Problem]:
    if table.policy in _COUNTING or not axes or any(output.default for output in table.outputs):
        return
    uncovered = _Uncovered([_rows_at(axis, sure=False) for axis in axes], _Budget())
    region = [axis.gaps for axis in axes]
    every = (1 << len(table.rules)) - 1
    count = 0
    for gap in islice(uncovered.look(region, every), _MOST_COUNTED + 1):
        count += 1
        if count <= _MOST_FINDINGS:
            message = f"Geen enkele regel past bij {_words(axes, gap, region)}."
            yield _problem("gat", message, None, severity="waarschuwing")
    if more := _more(count, "combinatie", "combinaties"):
        message = f"{more} waarbij geen enkele regel past."
        yield _problem("gat", message, None, severity="waarschuwing")
