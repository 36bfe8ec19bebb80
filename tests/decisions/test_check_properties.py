"""What check says of a table is what happens when every kind of input is tried on it."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from routeflow.engine import decisions
from support.dmn import decision, dmn, table

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NUMBERS = [Decimal(n) for n in (1, 2, 3, 5, "7.5")]
DAYS = [date(2026, 1, d) for d in (1, 2, 5, 9)]
TEXTS = ["a", "b", "d"]
SPANS = [timedelta(days=n) for n in (1, 2, 10)]


@dataclass(frozen=True)
class Kind:
    """One kind of column: its literals, and values before, between and after them."""

    name: str
    points: tuple
    write: object
    low: object
    high: object
    between: object
    sums: tuple = ()
    ordered: bool = True


def _half(a, b):
    return a + (b - a) / 2


def _sum_of_numbers(_, point):
    return f"{point - 4} + 2 * 2"


def _sum_of_days(kind, point):
    return f'{kind.write(point - timedelta(days=3))} + duration("P3D")'


def _sum_of_texts(_, point):
    return f'"{point[:1]}" + "{point[1:]}"'


KINDS = [
    Kind(
        "number", tuple(NUMBERS), str, Decimal(-1), Decimal(99), _half, (_sum_of_numbers,)
    ),
    Kind(
        "date", tuple(DAYS), lambda d: f'@"{d}"', date(2025, 1, 1), date(2027, 1, 1),
        lambda a, b: a + timedelta(days=1) if (b - a).days > 1 else None, (_sum_of_days,),
    ),
    Kind(
        "string", tuple(TEXTS), lambda s: f'"{s}"', "A", "z", lambda a, _b: f"{a}!",
        (_sum_of_texts,),
    ),
    Kind(
        "days and time duration", tuple(SPANS), lambda s: f'duration("P{s.days}D")',
        timedelta(0), timedelta(days=99), _half, (_sum_of_days,),
    ),
    Kind(
        "boolean", (True, False), lambda b: str(b).lower(), None, None, None, ordered=False
    ),
]  # fmt: skip
MIXED = Kind(
    None, (Decimal(1), Decimal(5), "a", "c"), lambda one: f'"{one}"' if isinstance(one, str) else str(one),
    "zz", Decimal(77), lambda _a, _b: None,
)  # fmt: skip


def written(kind):
    """Return a strategy for a value as FEEL: as a literal, or worked out from two."""
    return st.one_of(
        st.sampled_from(kind.points).map(kind.write),
        *(st.sampled_from(kind.points).map(lambda p, f=form: f(kind, p)) for form in kind.sums),
    )


def unary_tests(kind):
    """Return a strategy for one unary test in a column of this kind."""
    literals = written(kind)
    if not kind.ordered:
        return literals
    pairs = st.sampled_from(list(product(kind.points, repeat=2)))
    ranges = st.builds(
        lambda ends, left, right: f"{left}{kind.write(ends[0])}..{kind.write(ends[1])}{right}",
        pairs,
        st.sampled_from("[(]"),
        st.sampled_from("])["),
    )
    opens = st.builds(
        lambda op, text: f"{op} {text}",
        st.sampled_from(["<", "<=", ">", ">=", "!=", "="]),
        literals,
    )
    items = st.one_of(
        literals,
        ranges.filter(lambda text: text[0] != "]"),
        opens.filter(lambda text: "=" not in text),
    )
    lists = st.lists(items, min_size=1, max_size=3).map(lambda ones: f"[{', '.join(ones)}]")
    return st.one_of(literals, ranges, opens, lists)


def questions(kind):
    """Return a strategy for a test that is an expression with ? in it."""
    values = written(kind)
    operators = st.sampled_from(["<", "<=", ">", ">=", "!=", "="])
    many = st.lists(values, min_size=1, max_size=3).map(", ".join)
    simple = st.one_of(
        st.builds(lambda op, text: f"? {op} {text}", operators, values),
        st.builds(lambda op, text: f"{text} {op} ?", operators, values),
        st.builds(lambda a, b: f"? between {a} and {b}", values, values),
        st.builds(lambda ones: f"? in ({ones})", many),
        st.builds(lambda ones: f"list contains([{ones}], ?)", many),
        st.builds(lambda one: f"? in ({one})", unary_tests(kind)),
        st.sampled_from(["? = null", "? != null", "null = ?", "iets onbekends", "true", "null"]),
        *([] if kind.ordered else [st.just("?")]),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            inner.map(lambda one: f"not({one})"),
            st.builds(lambda a, b: f"({a}) and ({b})", inner, inner),
            st.builds(lambda a, b: f"({a}) or ({b})", inner, inner),
        ),
        max_leaves=4,
    ).filter(lambda text: "?" in text)


def half_known(kind):
    """Return a strategy for a range of which an end is null."""
    literals = st.sampled_from(kind.points).map(kind.write)
    return st.one_of(
        st.builds(lambda left, text: f"{left}{text}..null)", st.sampled_from("[("), literals),
        st.builds(lambda text, right: f"(null..{text}{right}", literals, st.sampled_from("])")),
        literals.map(lambda text: f"[null..{text}]"),
    )


def cells(kind, *, nulls, asks):
    one = unary_tests(kind)
    if nulls:
        one = st.one_of(one, st.just("null"), half_known(kind) if kind.ordered else one)
    if asks:
        one = st.one_of(one, questions(kind))
    many = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), one, many, many.map(lambda text: f"not({text})"))


@st.composite
def tables(draw, kinds=tuple(KINDS), *, asks=True):
    """Draw the kinds, the input values and the cells of a table.

    ``asks``: its cells may be expressions with ? in them, and values may be sums.
    """
    if not asks:
        kinds = tuple(replace(kind, sums=()) for kind in kinds)
    kinds = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2))
    nulls = [draw(st.booleans()) for _ in kinds]
    allowed = [
        draw(
            st.one_of(st.none(), st.lists(unary_tests(kind), min_size=1, max_size=3).map(", ".join))
        )
        if kind.name and draw(st.booleans())
        else None
        for kind in kinds
    ]
    row = st.tuples(
        *(cells(kind, nulls=null, asks=asks) for kind, null in zip(kinds, nulls, strict=True))
    )
    rows = draw(st.lists(row, min_size=1, max_size=4))
    return kinds, allowed, rows


def samples(kind):
    """Return values around each literal of a column, and null."""
    values = list(kind.points)
    if kind.name is None:
        values += [Decimal(-9), Decimal(3), Decimal(77), "A", "b", "zz"]
    elif kind.ordered:
        values += [kind.low, kind.high]
        values += [kind.between(a, b) for a, b in pairwise(sorted(kind.points))]
    return [*(value for value in values if value is not None), None]


def read(kinds, allowed, rows, policy, output="y"):
    columns = [
        (f"k{n}", kind.name, values)
        for n, (kind, values) in enumerate(zip(kinds, allowed, strict=True))
    ]
    body = [[*row, str(n)] for n, row in enumerate(rows, 1)]
    data = dmn(decision("d", table(columns, [output], body, policy=policy)))
    return decisions.load(data, "x.dmn", strict=False), decisions.check(data, "x.dmn")


def tried(model, kinds):
    """Return each input with the numbers of the rows that fit it; inputs that are allowed only."""
    found = []
    for values in product(*map(samples, kinds)):
        inputs = {f"k{n}": value for n, value in enumerate(values)}
        answer = model.decide("d", inputs, now=NOW)
        if not any("mag" in reason and "niet mag" in reason for reason in answer.reasons):
            found.append((values, tuple(int(r[1:]) for r in answer.matched.get("d", ()))))
    return found


def said(findings, code, pattern):
    return {
        tuple(map(int, re.findall(r"\d+", re.match(pattern, f.message)[0])))
        for f in findings
        if f.code == f"dmn.{code}" and re.match(pattern, f.message)
    }


@settings(max_examples=80, deadline=None)
@given(tables())
def test_rows_that_overlap_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "UNIQUE")
    pairs = {pair for _, hits in tried(model, kinds) for pair in combinations(sorted(hits), 2)}
    told = said(findings, "overlap", r"De regels \d+ en \d+")
    assert told <= pairs
    assert told == pairs or _any_unknown(rows)


@settings(max_examples=80, deadline=None)
@given(tables())
def test_rows_that_never_fit_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "COLLECT")
    fitting = {row for _, hits in tried(model, kinds) for row in hits}
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    expected = {*range(1, len(rows) + 1)} - fitting
    assert never <= expected
    assert never == expected or _any_unknown(rows)


@settings(max_examples=80, deadline=None)
@given(tables())
def test_rows_that_are_never_first_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "FIRST")
    first = {hits[0] for _, hits in tried(model, kinds) if hits}
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    expected = {*range(1, len(rows) + 1)} - first
    assert never <= expected
    assert never == expected or _any_unknown(rows)


@settings(max_examples=80, deadline=None)
@given(tables(), st.permutations([1, 2, 3, 4]))
def test_rows_whose_answer_never_wins_are_named_and_no_others(drawn, order):
    kinds, allowed, rows = drawn
    output = ("y", "number", ", ".join(map(str, order)))
    model, findings = read(kinds, allowed, rows, "PRIORITY", output)
    wins = {min(hits, key=order.index) for _, hits in tried(model, kinds) if hits}
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    expected = {*range(1, len(rows) + 1)} - wins
    assert never <= expected
    assert never == expected or _any_unknown(rows)


@settings(max_examples=60, deadline=None)
@given(tables((MIXED, *KINDS[:1])))
def test_columns_without_a_type_hold_values_of_every_kind(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "UNIQUE")
    hits = [found for _, found in tried(model, kinds)]
    pairs = {pair for found in hits for pair in combinations(sorted(found), 2)}
    assert said(findings, "overlap", r"De regels \d+ en \d+") <= pairs
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    assert not never & {row for found in hits for row in found}


@settings(max_examples=60, deadline=None)
@given(tables(asks=False))
def test_a_gap_is_found_when_some_input_fits_no_row(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "ANY")
    seen = [[*cells, allowed[n] or ""] for n, cells in enumerate(zip(*rows, strict=True))]
    gaps = [
        values
        for values, hits in tried(model, kinds)
        if not hits
        and all(_could_be_meant(*one) for one in zip(kinds, values, seen, allowed, strict=True))
    ]
    told = [f.message for f in findings if f.code == "dmn.gat"]
    assert bool(told) is bool(gaps) or (not told and _any_turned(kinds, rows))


@settings(max_examples=80, deadline=None)
@given(tables())
def test_where_a_gap_is_told_some_input_fits_no_row(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "ANY")
    missed = [v for v, hits in tried(model, kinds) if not hits and None not in v]
    assert missed or not [f for f in findings if f.code == "dmn.gat"]


def _any_unknown(rows):
    """Return whether a cell asks for what check cannot know."""
    return any("onbekends" in cell for row in rows for cell in row)


def _any_turned(kinds, rows):
    """Return whether a range ends before it begins: in a list that is null, and orders nothing."""
    return any(
        f"{kind.write(high)}..{kind.write(low)}" in cell
        for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)
        if kind.ordered
        for low, high in combinations(sorted(kind.points), 2)
        for cell in column
    )


def _could_be_meant(kind, value, texts, allowed):
    """Return whether it is a gap when a table does not name this value."""
    if value is None:
        return False
    if not kind.ordered:
        return True
    text = " ".join(texts)
    named = sorted(point for point in kind.points if kind.write(point) in re.findall(WORDS, text))
    if not named:
        return True
    if not re.search(r"\.\.|[<>]", text):  # no table can name all texts or numbers
        return value in named or bool(allowed)
    below = [point for point in named if point < value]
    above = [point for point in named if point > value]
    if value in named or not below or not above:
        return True
    return kind.name != "number" or above[0] - below[-1] != 1


WORDS = r'@"[^"]*"|duration\("[^"]*"\)|"[^"]*"|\d+(?:\.\d+)?(?!\d)'
