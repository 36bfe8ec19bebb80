"""The promises of the language, tried on many values."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routeflow import feel
from routeflow.feel import tree
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.parser import Names, parse
from routeflow.feel.values import ARITHMETIC, adopt
from support.feel import NOW, evaluate, same

truth = st.sampled_from([True, False, None])
numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
)
texts = st.text(max_size=20)
lengths = st.timedeltas(timedelta(days=-9999), timedelta(days=9999))
dates = st.dates()
scalars = st.one_of(truth, numbers, texts, dates, lengths, st.datetimes(), st.times())
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(truth, truth, truth)
def test_three_valued_logic_keeps_its_laws(a, b, c):
    scope = {"a": a, "b": b, "c": c}

    def says(source):
        return feel.compile(source).evaluate(scope, now=NOW)

    assert says("a and b") is says("b and a")
    assert says("a or b") is says("b or a")
    assert says("not(a and b)") is says("not(a) or not(b)")
    assert says("(a and b) and c") is says("a and (b and c)")
    assert says("a and (b or c)") is says("(a and b) or (a and c)")
    assert says("not(not(a))") is a


@given(numbers, numbers)
def test_arithmetic_is_that_of_decimal_with_34_digits(a, b):
    scope = {"a": a, "b": b}
    assert feel.compile("a + b").evaluate(scope, now=NOW) == ARITHMETIC.add(a, b)
    assert feel.compile("a * b - a").evaluate(scope, now=NOW) == ARITHMETIC.subtract(
        ARITHMETIC.multiply(a, b), a
    )
    if b:
        assert feel.compile("a / b").evaluate(scope, now=NOW) == ARITHMETIC.divide(a, b)


@given(numbers)
def test_a_number_survives_being_written(number):
    assert evaluate("number(string(n))", n=number) == number


@given(lengths, lengths)
def test_durations_add_up(a, b):
    assert evaluate("a + b - b", a=a, b=b) == a
    assert evaluate("duration(string(a))", a=a) == a
    assert evaluate("-a", a=a) == -a


@given(dates, st.integers(-2000, 2000))
def test_a_date_moved_by_days_comes_back(day, days):
    scope = {"d": day, "n": days}
    found = feel.compile('(d + n * duration("P1D")) - d').evaluate(scope, now=NOW)
    assert found in (timedelta(days=days), None)


@given(dates, st.integers(0, 400))
def test_months_never_go_past_the_end_of_the_month(day, months):
    found = evaluate("d + n", d=day, n=feel.YearsMonths(months))
    assert found.day <= day.day
    assert found.year * 12 + found.month == day.year * 12 + day.month + months


@given(values, values)
def test_equality_is_symmetric_and_reflexive(a, b):
    scope = {"a": a, "b": b}
    assert feel.compile("a = a").evaluate(scope, now=NOW) is True
    forth = feel.compile("a = b").evaluate(scope, now=NOW)
    assert forth is feel.compile("b = a").evaluate(scope, now=NOW)


@given(st.one_of(numbers, texts, dates, lengths), st.one_of(numbers, texts, dates, lengths))
def test_order_is_the_mirror_of_itself(a, b):
    scope = {"a": a, "b": b}
    assert feel.compile("a < b").evaluate(scope, now=NOW) is feel.compile("b > a").evaluate(
        scope, now=NOW
    )


@given(values)
def test_typed_json_comes_back_as_it_went(value):
    assert same(feel.from_json(feel.to_json(value, typed=True)), adopt(value))


names = st.sampled_from(["a", "b", "uren", "Full Name"])
leaves = st.one_of(
    st.builds(tree.Value, st.one_of(numbers.map(ARITHMETIC.plus), texts, truth)),
    st.builds(tree.Name, names),
    st.builds(tree.At, st.sampled_from(["2026-01-05", "P1D", "10:00:00Z"])),
)


def _branches(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(
            tree.Binary, st.sampled_from(["=", "<", ">=", "+", "-", "*", "/", "**"]), inner, inner
        ),
        st.builds(tree.Logic, st.sampled_from(["and", "or"]), pair),
        st.builds(tree.If, inner, inner, inner),
        st.builds(tree.Between, inner, inner, inner),
        st.builds(tree.In, inner, pair),
        st.builds(tree.Items, st.lists(inner, max_size=3).map(tuple)),
        st.builds(tree.Path, inner, names),
        st.builds(tree.Filter, inner, inner),
        st.builds(tree.Interval, inner, inner, st.booleans(), st.booleans()),
        st.builds(
            lambda x, y: tree.Entries((tree.Entry("k", x), tree.Entry("a b", y))), inner, inner
        ),
        st.builds(lambda x: tree.Call(tree.Name("abs"), (x,)), inner),
        st.builds(lambda x: tree.Call(tree.Name("floor"), (x,), ("n",)), inner),
        st.builds(lambda x, y: tree.For((tree.Loop("i", x),), y), inner, inner),
        st.builds(
            lambda e, x, y: tree.Quantified(e, (tree.Loop("i", x),), y), st.booleans(), inner, inner
        ),
        st.builds(lambda x: tree.Lambda((tree.Param("p", tree.TypeName("number")),), x), inner),
        st.builds(
            lambda x: tree.InstanceOf(x, tree.TypeName("list", (tree.TypeName("number"),))), inner
        ),
    )


@given(st.recursive(leaves, _branches, max_leaves=12))
def test_a_printed_expression_reads_back_as_itself(node):
    printed = str(node)
    known = Names(LIBRARY)
    again = parse(
        printed, kind="expression", names=["a", "b", "uren", "Full Name"], functions=known
    )
    assert again == node, printed


fragments = st.sampled_from(
    ["a", "b c", "1", "2.5", '"x"', "(", ")", "[", "]", "{", "}", ":", ",", ".", "..", "+", "-", "*", "**",
     "/", "=", "!=", "<", ">=", " and ", " or ", " in ", " between ", "if ", " then ", " else ", "for ",
     " return ", "some ", " satisfies ", "function", "null", "true", "@", '@"P1D"', "?", "not", "sum",
     "date", "matches", " instance of ", "list<", "date and time", "item", "partial", "\\", '"', "//", "/*"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(fragments, max_size=25).map("".join)))
@example("1..2")
@example("a[1..2[")
@example("[][1][")
@example('{"a":1}["a"]')
def test_no_text_raises_anything_but_our_own_faults(source):
    for kind in ("expression", "unary tests"):
        with suppress(feel.SyntaxFault, feel.LimitExceeded):
            expression = feel.compile(source, kind=kind)
            expression.evaluate({"a": Decimal(1), "b c": [1, "x"], "?": 3}, now=NOW)


@given(st.sampled_from(sorted(LIBRARY)), st.lists(values, max_size=4))
def test_no_arguments_make_a_function_raise(name, arguments):
    scope = {f"x{n}": value for n, value in enumerate(arguments)}
    source = f"{name}({', '.join(scope)})"
    with suppress(feel.LimitExceeded):
        feel.compile(source).evaluate(scope, now=NOW)


@given(texts, texts)
def test_no_pattern_raises(text, pattern):
    for source in ("matches(t, p)", "replace(t, p, t)", "split(t, p)"):
        feel.compile(source).evaluate({"t": text, "p": pattern}, now=NOW)


@pytest.mark.parametrize(
    "module",
    ["routeflow.feel", "routeflow.feel.json", "routeflow.feel.values", "routeflow.feel.text"],
)
def test_the_examples_in_the_docstrings_are_true(module):
    import doctest  # noqa: PLC0415 - only here
    import importlib  # noqa: PLC0415

    assert doctest.testmod(importlib.import_module(module)).failed == 0
