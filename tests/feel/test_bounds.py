"""Attacks: no text may reach Python, hang the worker or fill its memory."""

import time
import tracemalloc

import pytest

from routeflow import feel
from support.feel import NOW, evaluate, reasons

BOMBS = [
    "for i in 1..100000, j in 1..100000 return i",
    "every i in 1..100000, j in 1..100000 satisfies i > 0",
    "for i in 1..100000000000 return i",
    'for d in date("-999999999-01-01")..date("999999999-12-31") return d',
    "{f: function(n) f(n + 1), x: f(0)}.x",
    "{f: function(n) [f(n + 1), f(n + 1)], x: f(0)}.x",
    '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), x: f("aaaaaaaaaaaaaaaa", 60)}.x',
    "{f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), x: f([1, 2], 60)}.x",
    "{f: function(l, n) if n = 0 then l else f([l, l], n - 1), x: string(f([1], 60))}.x",
    "{f: function(l, n) if n = 0 then l else f([l, l], n - 1), x: flatten(f([1], 60))}.x",
    "{f: function(l, n) if n = 0 then l else f([l, l], n - 1), x: f([1], 60) = f([1], 60)}.x",
    "(for i in 1..20000 return i)[list contains((for j in 1..20000 return j), item)]",
    'replace(string join(for i in 1..1000 return "a"), "a", string join(for i in 1..5000 return "b"))',
    "for i in 1..5000 return partial",
    "sort(for i in 1..90000 return i, function(a, b) some x in 1..1000 satisfies x > a)",
    "{l: for i in 1..90000 return i, x: for i in 1..1900 return l instance of list<number>}.x",
    "{l: for i in 1..90000 return i, f: function(a: list<number>) 1, x: for i in 1..1900 return f(l)}.x",
    "{l: for i in 1..90000 return true, x: for i in 1..1900 return all(l)}.x",
    "{c: context(for i in 1..40000 return {key: string(i), value: i}), x: for i in 1..1500 return get entries(c)}.x",
    'context put({}, for i in 1..90000 return "a", 1)',
]


@pytest.mark.parametrize("source", BOMBS)
def test_work_without_end_is_stopped(source):
    began = time.monotonic()
    with pytest.raises(feel.LimitExceeded):
        evaluate(source)
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "pattern",
    ["^(a+)+$", "^(a|aa)+$", "^(a|a?)+$", "(.*)*b", "^(a?){30}a{30}$", "(x+x+)+y", "a*a*a*a*a*a*b"],
)
def test_a_pattern_cannot_backtrack_for_ever(pattern):
    began = time.monotonic()
    assert evaluate(f'matches("{"a" * 60}!", "{pattern}")') in (True, False)
    assert time.monotonic() - began < 2


def test_a_heavy_reference_back_is_refused():
    source = f'matches("{"a" * 5000}", "^(a*)(a*)\\\\1\\\\2b$")'
    assert evaluate(source) is None
    assert "te zwaar" in reasons(source)[0]


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 5000,
        "-" * 5000 + "1",
        "not(" * 500 + "true" + ")" * 500,
        " + ".join(["1"] * 5000),
        "if " * 3000,
        "a" + ".b" * 5000,
        "a" + "[1]" * 5000,
        "{a:" * 2000,
        "x instance of " + "list<" * 3000,
        "1 = " * 2000 + "1",
        "1" * 200_000,
    ],
)
def test_deep_nesting_is_refused_when_it_is_read(source):
    with pytest.raises(feel.SyntaxFault):
        feel.compile(source)


def test_long_but_flat_conditions_are_fine():
    source = " or ".join(f'rol = "rol{n}"' for n in range(1000))
    assert evaluate(source, rol="rol999") is True
    assert evaluate("[" + ", ".join(["1"] * 3000) + "][-1]") == 1


class Secret:
    """Something with attributes that no expression may see."""

    password = "x"


@pytest.mark.parametrize(
    "source",
    [
        "x.__class__",
        'x["__class__"]',
        "x.__class__.__mro__[1].__subclasses__()",
        '__import__("os")',
        'open("/etc/passwd")',
        'eval("1")',
        "abs.__globals__",
        "(function(a) a).env",
        'date("2026-01-05").__class__',
        'date("2026-01-05").replace',
        '"x".format',
        'get value(x, "__class__")',
        "{a: 1}.keys",
        "[1].append",
        "f.host",
        'exec("1")',
    ],
)
def test_python_is_out_of_reach(source):
    expression = feel.compile(source)
    for value in ("text", 1, [1], {"a": 1}, None):
        found = expression.evaluate({"x": value}, now=NOW, functions={"f": len})
        assert found in (None, [], [None])


@pytest.mark.parametrize("value", [Secret(), Secret, object(), b"bytes", 1j, len])
def test_foreign_objects_do_not_come_in(value):
    expression = feel.compile("x.password")
    assert expression.evaluate_with_reasons({"x": value}, now=NOW)[0] is None
    assert expression.evaluate({"x": {"password": value}}, now=NOW) is None
    assert feel.compile("f()").evaluate({}, now=NOW, functions={"f": lambda: value}) is None


def test_an_external_function_is_read_but_never_run():
    source = (
        '(function(a) external {java: {class: "java.lang.Runtime", method signature: "exec()"}})(1)'
    )
    assert evaluate(source) is None
    assert "external" in reasons(source)[0]


def test_limits_can_be_set_for_one_evaluation():
    expression = feel.compile("count(for i in 1..1000 return i)")
    assert expression.evaluate({}, now=NOW) == 1000
    with pytest.raises(feel.LimitExceeded):
        expression.evaluate({}, now=NOW, limits=feel.Limits(items=100))
    with pytest.raises(feel.LimitExceeded):
        expression.evaluate({}, now=NOW, limits=feel.Limits(steps=100))


def test_time_is_a_limit_too():
    expression = feel.compile("for i in 1..90000 return for j in 1..2 return j")
    with pytest.raises(feel.LimitExceeded, match="te lang"):
        expression.evaluate({}, now=NOW, limits=feel.Limits(steps=10**9, seconds=0.01))


def test_a_list_cannot_contain_the_host_list_itself():
    loop: list[object] = []
    loop.append(loop)
    assert feel.compile("x").evaluate({"x": loop}, now=NOW) is None


@pytest.mark.parametrize(
    "piece",
    [
        "substring(t, 2)",
        "substring(t, 2, 89999)",
        'substring before(t, "b")',
        'substring after(t, "c")',
    ],
)
def test_pieces_of_a_long_text_are_paid_for_by_their_length(piece):
    long = "c" + "a" * 90_000 + "b"
    expression = feel.compile(f"for i in 1..60000 return {piece}")
    tracemalloc.start()
    try:
        with pytest.raises(feel.LimitExceeded, match="rekenstappen"):
            expression.evaluate({"t": long}, now=NOW, limits=feel.Limits(seconds=60))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000
