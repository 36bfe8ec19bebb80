"""One column of a decision table, cut into atoms: stretches of values that no cell tells apart.

An atom is a bit of an int. A cell is then a set of atoms: those that it surely lets through, and
those that it perhaps does. The values with which cells compare are the points of the axis; when
they have an order, the stretches before, between and after them are atoms too.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from itertools import pairwise
from typing import Final

from routeflow.engine.conditions import (
    Condition,
    Fixed,
    Is,
    Itself,
    Joined,
    Leaf,
    Outcome,
    Within,
    leaves,
    outcome,
    values_of,
)
from routeflow.feel.text import write
from routeflow.feel.tree import Operator
from routeflow.feel.values import Range, Value, YearsMonths, equal, kind, order

DUTCH: Final = {
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
_HASHED: Final = frozenset({Decimal, str, bool, date, timedelta, YearsMonths})
_PASSES: Final[dict[Operator, frozenset[int]]] = {
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
_MOST_WORDS: Final = 6


def comparable(one: str, other: str) -> bool:
    """Return whether values of these kinds can be equal."""
    return one == other or {one, other} <= _MOMENTS


@dataclass(frozen=True, slots=True)
class Cell:
    """The atoms that a cell surely and perhaps lets through."""

    sure: int
    perhaps: int


@dataclass(slots=True)
class Axis:
    """A column with the cells of its rows. ``gaps``: the atoms in which a gap is a real gap."""

    label: str
    cutter: "_Cutter"
    all: int
    gaps: int
    cells: list[Cell] = field(default_factory=list)

    def words(self, mask: int, among: int) -> str:
        """Return words for the inputs in ``mask``; empty when it holds all that matter.

        ``among`` are the atoms that were looked at: all of them, or those for gaps.
        """
        left = self.all & ~mask & ~(self.cutter.near & ~among) & ~(self.cutter.empty & ~among)
        if not left:
            return ""
        return f"{self.label} {' of '.join(_bounded(list(self.cutter.words(mask, among))))}"


def axis_of(
    label: str, wanted: str | None, allowed: Condition | None, cells: Sequence[Condition]
) -> Axis:
    """Return the axis of a column of which the input is of the kind ``wanted``."""
    conditions = [*cells, *([] if allowed is None else [allowed])]
    cutter = _Cutter(wanted, conditions, closed=allowed is not None)
    axis = Axis(label, cutter, cutter.all, cutter.gaps)
    if allowed is not None:
        # what is not allowed becomes null, so null stays possible
        let_in = outcome(allowed, cutter.leaf).true | cutter.empty
        axis.all &= let_in
        axis.gaps &= let_in
    for condition in cells:
        found = outcome(condition, cutter.leaf)
        axis.cells.append(Cell(found.sure & axis.all & ~cutter.doubtful, found.true & axis.all))
    return axis


class _Cutter:
    """The atoms of one column, and what a condition answers on each.

    ``empty`` is the atom of null. ``near`` are stretches in which nothing lies that people mean,
    and ``doubtful`` those of them that may hold no value at all.
    """

    def __init__(
        self, wanted: str | None, conditions: Sequence[Condition], *, closed: bool
    ) -> None:
        self.wanted = wanted if wanted in DUTCH else None
        self.opaque = wanted not in DUTCH and wanted not in (None, "Any")
        self.size = self.all = self.gaps = self.near = self.doubtful = 0
        self.others: dict[str, int] = {}
        values = [one for one in _values(conditions) if not self._is_foreign(one)]
        kinds = {kind(value) for value in values}
        if self.wanted:
            kinds = max({self.wanted}, kinds)
        line = _line(values) if any(map(_is_ordering, conditions)) else []
        self.ordered = bool(line) and kinds != {"boolean"}
        self.points = [True, False] if kinds == {"boolean"} else line or _different(values)
        if self.ordered:
            self._cut_line()
        else:
            for _ in self.points:
                self._add(gap=True)
            if kinds != {"boolean"}:
                # a table cannot name all texts; without input values "anything else" is no gap
                for one in sorted(kinds) or [""]:
                    self.others[one] = self._add(gap=closed or not self.points)
        self.empty = self._add(gap=False)
        hashed = all(type(point) in _HASHED for point in self.points) and not kinds >= _MOMENTS
        self.places = (
            {(type(one), one): at for at, one in enumerate(self.points)} if hashed else None
        )
        self.of_kind = {
            one: sum(1 << at for at, point in enumerate(self.points) if kind(point) == one)
            for one in kinds
        }

    def _add(self, *, gap: bool, possible: bool = True) -> int:
        bit = 1 << self.size
        self.size += 1
        self.all |= bit if possible else 0
        self.gaps |= bit if gap and possible else 0
        return bit

    def _cut_line(self) -> None:
        self._add(gap=True, possible=_has_before(self.points[0]))
        for here, after in zip(self.points, [*self.points[1:], None], strict=True):
            self._add(gap=True)
            near = after is not None and _adjacent(here, after)
            void = near and (type(here) is YearsMonths or self.wanted == "date")
            bit = self._add(gap=not near, possible=not void)
            self.near |= bit if near else 0
            if near and type(here) is date and self.wanted is None:
                self.doubtful |= bit  # between two days lies a moment, if the input may be one

    def _is_foreign(self, value: Value) -> bool:
        """Return whether the input can never be equal to ``value``, nor more or less."""
        return self.wanted is not None and not comparable(kind(value), self.wanted)

    def leaf(self, leaf: Leaf) -> Outcome:
        """Return what a condition answers on each atom."""
        match leaf:
            case Fixed(answer=answer):
                return Outcome(
                    self.all if answer is True else 0,
                    self.all if answer is False else 0,
                    self.all if answer is None else 0,
                )
            case Is(operator=operator, value=value) if not self.opaque:
                return self._is(operator, value)
            case Within(limits=limits) if not self.opaque:
                return self._null if limits is None else self._within(limits)
            case Itself() if not self.opaque:
                true = self._place(True)  # noqa: FBT003 - a value of FEEL
                false = self._place(False)  # noqa: FBT003 - a value of FEEL
                return Outcome(true, false, self.all & ~true & ~false)
            case _:
                return Outcome(self.all, self.all, self.all)

    @property
    def _null(self) -> Outcome:
        return Outcome(0, 0, self.all)

    def _is(self, operator: Operator, value: Value) -> Outcome:
        if operator in _PASSES:
            return self._ordered_as(operator, value)
        same = self._equal(value)
        return same.turned() if operator == "!=" else same

    def _equal(self, value: Value) -> Outcome:
        if value is None:
            return Outcome(self.empty, self.all & ~self.empty, 0)
        if self._is_foreign(value):
            return Outcome(0, self.empty, self.all & ~self.empty)
        true = self._place(value)
        if self.ordered:
            return Outcome(true, self.all & ~true, 0)
        false = self.empty
        for one, bit in self.others.items():
            false |= bit if not one or comparable(one, kind(value)) else 0
        if self.places is not None:
            false |= self.of_kind.get(kind(value), 0) & ~true
        else:
            false |= sum(
                1 << at
                for at, point in enumerate(self.points)
                if equal(point, value, _free) is False
            )
        return Outcome(true, false, self.all & ~true & ~false)

    def _place(self, value: Value) -> int:
        """Return the atom of a point; nothing when ``value`` is none."""
        if self.places is not None and type(value) in _HASHED:
            at = self.places.get((type(value), value))
        elif self.ordered:
            at = bisect_left(self.points, 0, key=lambda point: order(point, value) or 0)
            at = at if at < len(self.points) and order(self.points[at], value) == 0 else None
        else:
            same = (n for n, one in enumerate(self.points) if equal(one, value, _free) is True)
            at = next(same, None)
        if at is None:
            return 0
        return 1 << (2 * at + 1 if self.ordered else at)

    def _ordered_as(self, operator: Operator, value: Value) -> Outcome:
        if value is None or self._is_foreign(value):
            return self._null
        if not self.ordered:
            return self._ordered_by_one(operator, value)
        at = self._place(value)
        if not at:
            return Outcome(self.all, self.all, self.all)
        below, above = at - 1, self.all & ~self.empty & ~(at - 1) & ~at
        sides = {-1: below, 0: at, 1: above}
        true = sum(mask for side, mask in sides.items() if side in _PASSES[operator]) & self.all
        return Outcome(true, self.all & ~true & ~self.empty, self.empty)

    def _ordered_by_one(self, operator: Operator, value: Value) -> Outcome:
        """Compare ``value`` with points that have no order among them, one by one."""
        true = false = 0
        for at, point in enumerate(self.points):
            side = order(point, value)
            if side is not None:
                bit = 1 << at
                true, false = (
                    (true | bit, false) if side in _PASSES[operator] else (true, false | bit)
                )
        unsure = sum(
            bit for one, bit in self.others.items() if not one or comparable(one, kind(value))
        )
        null = self.all & ~true & ~false
        return Outcome(true | unsure, false | unsure, null)

    def _within(self, limits: Range) -> Outcome:
        low = Is(">=" if limits.start_included else ">", limits.start)
        high = Is("<=" if limits.end_included else "<", limits.end)
        if limits.start is not None and limits.end is not None:
            return outcome(Joined("and", (low, high)), self.leaf)
        known = self.leaf(high if limits.start is None else low)
        return Outcome(0, known.false, known.true | known.null)

    def words(self, mask: int, among: int) -> Iterator[str]:
        """Yield words for each stretch of values in ``mask``, and for what is left."""
        if among & ~self.empty & ~mask == 0 and not self.all & ~among & ~self.near & ~self.empty:
            yield "is ingevuld"
            return
        if self.ordered:
            for first, last in self._runs(mask, among):
                yield self._stretch(first, last)
        else:
            named = [_text(one) for at, one in enumerate(self.points) if mask >> at & 1]
            if named:
                yield f"= {' of '.join(_bounded(named))}"
        for one, bit in self.others.items():
            if mask & bit:
                alone = len(self.others) == 1
                yield "is iets anders" if alone else f"is {DUTCH[one]}, maar iets anders"
        if mask & self.empty:
            yield "is leeg"

    def _runs(self, mask: int, among: int) -> Iterator[tuple[int, int]]:
        """Yield the first and last atom of each run; only an atom in ``among`` breaks one."""
        first = last = None
        for at in range(self.size - 1):
            if mask >> at & 1:
                first, last = at if first is None else first, at
            elif first is not None and last is not None and among >> at & 1:
                yield first, last
                first = last = None
        if first is not None and last is not None:
            yield first, last

    def _stretch(self, first: int, last: int) -> str:
        low = None if first == 0 else _text(self.points[(first - 1) // 2])
        high = None if last == 2 * len(self.points) else _text(self.points[last // 2])
        low_in, high_in = first % 2 == 1, last % 2 == 1
        if low is None or high is None:
            if low is None:
                return f"{'<=' if high_in else '<'} {high}"
            return f"{'>=' if low_in else '>'} {low}"
        if first == last and low_in:
            return f"= {low}"
        if not low_in and not high_in:
            return f"tussen {low} en {high}"
        return f"{'van' if low_in else 'boven'} {low} {'tot en met' if high_in else 'tot'} {high}"


def _values(conditions: Iterable[Condition]) -> Iterator[Value]:
    """Yield the values, other than null, that inputs are compared with."""
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, Itself):
                yield from (True, False)
        yield from (one for one in values_of(condition) if one is not None)


def _is_ordering(condition: Condition) -> bool:
    return any(
        isinstance(leaf, Within) or (isinstance(leaf, Is) and leaf.operator in _PASSES)
        for leaf in leaves(condition)
    )


def _different(values: Sequence[Value]) -> list[Value]:
    """Return the values without those that are equal to an earlier one."""
    plain = dict.fromkeys((type(one), one) for one in values if type(one) in _HASHED)
    found = [one for _, one in plain]
    for value in values:
        if type(value) not in _HASHED and all(
            equal(value, one, _free) is not True for one in found
        ):
            found.append(value)
    return found


def _line(values: Iterable[Value]) -> list[Value]:
    """Return the different values in order, nothing when they have no order."""
    ordered: list[Value] = sorted(
        _different(list(values)), key=cmp_to_key(lambda a, b: order(a, b) or 0)
    )
    steps = [order(a, b) for a, b in pairwise(ordered)]
    if None in steps or (len(ordered) == 1 and order(ordered[0], ordered[0]) is None):
        return []
    return [value for value, step in zip(ordered, [-1, *steps], strict=False) if step]


def _has_before(value: Value) -> bool:
    """Return whether there are values before this one."""
    return value != "" and not (type(value) is time and value == time())


def _adjacent(a: Value, b: Value) -> bool:
    """Return whether nothing that people mean lies between a and b, as between 11 and 12."""
    if type(a) is Decimal:
        return bool(a == a.to_integral_value() and b - a == 1)
    if type(a) is date and type(b) is date:
        return b - a == timedelta(days=1)
    return type(a) is YearsMonths and bool(b.total - a.total == 1)


def _free(_: int) -> None:
    """Take any amount of work: the values are written in a file that has a limited size."""


def _text(value: Value) -> str:
    return write(value, lambda _: None, inside=True)


def _bounded(words: list[str]) -> list[str]:
    """Return at most a handful of words, with the number of those left out."""
    if len(words) <= _MOST_WORDS:
        return words
    return [*words[: _MOST_WORDS - 1], f"nog {len(words) - _MOST_WORDS + 1} andere"]
