"""What check says of a table is what happens when every kind of input is tried on it."""

import re
from dataclasses import dataclass
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
    ordered: bool = True


def _half(a, b):
    return a + (b - a) / 2


KINDS = [
    Kind("number", tuple(NUMBERS), str, Decimal(-1), Decimal(99), _half),
    Kind(
        "date", tuple(DAYS), lambda d: f'@"{d}"', date(2025, 1, 1), date(2027, 1, 1),
        lambda a, b: a + timedelta(days=1) if (b - a).days > 1 else None,
    ),
    Kind("string", tuple(TEXTS), lambda s: f'"{s}"', "A", "z", lambda a, _b: f"{a}!"),
    Kind(
        "days and time duration", tuple(SPANS), lambda s: f'duration("P{s.days}D")',
        timedelta(0), timedelta(days=99), _half,
    ),
    Kind("boolean", (True, False), lambda b: str(b).lower(), None, None, None, ordered=False),
]  # fmt: skip


def unary_tests(kind):
    """Return a strategy for one unary test in a column of this kind."""
    literals = st.sampled_from(kind.points).map(kind.write)
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
    lists = st.lists(literals, min_size=1, max_size=3).map(lambda ones: f"[{', '.join(ones)}]")
    return st.one_of(literals, ranges, opens, lists)


def half_known(kind):
    """Return a strategy for a range of which an end is null."""
    literals = st.sampled_from(kind.points).map(kind.write)
    return st.one_of(
        st.builds(lambda left, text: f"{left}{text}..null)", st.sampled_from("[("), literals),
        st.builds(lambda text, right: f"(null..{text}{right}", literals, st.sampled_from("])")),
        literals.map(lambda text: f"[null..{text}]"),
    )


def cells(kind, *, nulls):
    one = unary_tests(kind)
    if nulls:
        one = st.one_of(one, st.just("null"), half_known(kind) if kind.ordered else one)
    many = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), one, many, many.map(lambda text: f"not({text})"))


@st.composite
def tables(draw):
    """Draw the kinds, whether a column holds null, the input values and the cells of a table."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2))
    nulls = [draw(st.booleans()) for _ in kinds]
    allowed = [
        draw(
            st.one_of(st.none(), st.lists(unary_tests(kind), min_size=1, max_size=3).map(", ".join))
        )
        if draw(st.booleans())
        else None
        for kind in kinds
    ]
    row = st.tuples(*(cells(kind, nulls=null) for kind, null in zip(kinds, nulls, strict=True)))
    rows = draw(st.lists(row, min_size=1, max_size=4))
    return kinds, allowed, rows


def samples(kind, texts):
    """Return values around each literal of a column, null when it is named in it."""
    values = list(kind.points)
    if kind.ordered:
        values += [kind.low, kind.high]
        values += [kind.between(a, b) for a, b in pairwise(sorted(kind.points))]
    found = [value for value in values if value is not None]
    return [*found, None] if any("null" in text for text in texts) else found


def read(kinds, allowed, rows, policy):
    columns = [
        (f"k{n}", kind.name, values)
        for n, (kind, values) in enumerate(zip(kinds, allowed, strict=True))
    ]
    body = [[*row, str(n)] for n, row in enumerate(rows, 1)]
    data = dmn(decision("d", table(columns, ["y"], body, policy=policy)))
    return decisions.load(data, "x.dmn", strict=False), decisions.check(data, "x.dmn")


def tried(model, kinds, allowed, rows):
    """Return each input with the numbers of the rows that fit it; inputs that are allowed only."""
    texts = [[row[n] for row in rows] + [allowed[n] or ""] for n in range(len(kinds))]
    found = []
    for values in product(*map(samples, kinds, texts)):
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


@settings(max_examples=60, deadline=None)
@given(tables())
def test_rows_that_overlap_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "UNIQUE")
    pairs = {pair for _, hits in tried(model, *drawn) for pair in combinations(sorted(hits), 2)}
    assert said(findings, "overlap", r"De regels \d+ en \d+") == pairs


@settings(max_examples=60, deadline=None)
@given(tables())
def test_rows_that_never_fit_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "COLLECT")
    fitting = {row for _, hits in tried(model, *drawn) for row in hits}
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    assert never == {*range(1, len(rows) + 1)} - fitting


@settings(max_examples=60, deadline=None)
@given(tables())
def test_rows_that_are_never_first_are_named_and_no_others(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "FIRST")
    first = {hits[0] for _, hits in tried(model, *drawn) if hits}
    never = {one for (one,) in said(findings, "nooit", r"Regel \d+")}
    assert never == {*range(1, len(rows) + 1)} - first


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_gap_is_found_when_some_input_fits_no_row(drawn):
    kinds, allowed, rows = drawn
    model, findings = read(kinds, allowed, rows, "ANY")
    seen = [[*cells, allowed[n] or ""] for n, cells in enumerate(zip(*rows, strict=True))]
    gaps = [
        values
        for values, hits in tried(model, *drawn)
        if not hits
        and all(_could_be_meant(*one) for one in zip(kinds, values, seen, allowed, strict=True))
    ]
    told = [f.message for f in findings if f.code == "dmn.gat"]
    assert bool(told) is bool(gaps)


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
