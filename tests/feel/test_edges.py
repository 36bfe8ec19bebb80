"""The edges of the language: where one step more or less would give another answer."""

import itertools
import json
from contextlib import suppress
from decimal import Decimal

import pytest

from routeflow import feel
from routeflow.feel.builtins import LIBRARY
from support.feel import NOW, cases, evaluate, passes, reasons, same

CALENDAR = """
@"2100-01-31" + @"P1M"                            | @"2100-02-28"
@"1900-01-31" + @"P1M"                            | @"1900-02-28"
@"2000-01-31" + @"P1M"                            | @"2000-02-29"
@"12026-01-01T00:00:00Z" - @"12026-01-01T00:00:00" | null
@"P11M" * 0.5                                     | @"P5M"
@"-P11M" * 0.5                                    | @"-P5M"
@"PT0.000000003S" / 2                             | @"PT0.000000002S"
@"P1Y" * (10 ** 31)                               | null
"""

LISTS = """
1 in ("a", 2)                                     | null
2 in ("a", 2)                                     | true
[3..1]                                            | null
[1, "a"] = [1, 2]                                 | null
[1, "a"] = [2, 2]                                 | false
1 in [1..1]                                       | true
[1..null]                                         | null
[][1 + 0]                                         | null
[][1 > 0]                                         | []
for i in 1..2 return partial                      | [[], [[]]]
count((for i in 1..3 return partial)[3])          | 2
{f: function(a) a, x: f(b: 1)}.x                  | null
{f: function(a, b) a - b, x: f(b: 1, a: 3)}.x     | 2
"""

FUNCTIONS = """
2 in (1) + 1                                      | true
3 in ([1, 2, 3])[3]                               | true
string(min([@"10:00:00Z", @"11:00:00+01:00"]))    | "10:00:00Z"
string(max([@"10:00:00Z", @"11:00:00+01:00"]))    | "10:00:00Z"
sublist([1, 2, 3], 1, 0)                          | null
sublist([1, 2, 3], 3, 1)                          | [3]
sublist([1, 2, 3], 3, 2)                          | null
distinct values([1, true, "1", null])             | [1, true, "1", null]
modulo(12, -4)                                    | 0
modulo(-12, 4)                                    | 0
time(10, 0, 60)                                   | null
time(10, 0, 59.5).second                          | 59.5
date(2026, 3000000000, 1)                         | null
date(2026, 1, 3000000000)                         | null
date(3000000000, 1, 1)                            | null
date and time(2026, 3000000000, 1, 1, 1, 1)       | null
0 ** -1                                           | null
0 ** -0.5                                         | null
0 ** 0.5                                          | 0
substring("abc", 1, 0)                            | null
substring("abc", 1e6000)                          | null
substring("abc", -1e6000)                         | null
substring("abc", 3.9)                             | "c"
substring("abc", 1, 1)                            | "a"
substring before("axb", "")                       | ""
substring(string: "abc", start position: 2, veel: 1) | null
odd(12)                                           | false
even(21)                                          | false
odd(120)                                          | false
even(100)                                         | true
"""


@pytest.mark.parametrize(("expression", "wanted"), cases(CALENDAR, LISTS, FUNCTIONS))
def test_an_expression_at_an_edge_answers_what_the_standard_says(expression, wanted):
    found, expected = evaluate(expression), evaluate(wanted)
    assert same(found, expected), found


def test_a_range_with_an_unknown_end_tells_which_end_and_null_on_both_sides_is_no_range():
    assert reasons("[null..3]") == ["het begin van dit bereik is niet bekend"]
    assert reasons("(3..null]") == ["het einde van dit bereik is niet bekend"]
    assert reasons("(null..null)") == ["een bereik heeft een begin of een einde nodig"]
    assert reasons("(3..null)") == []
    assert reasons("2 in (null..3)") == ["een einde van dit bereik is niet bekend"]
    assert reasons('"a" in (null..3)') == ["een einde van dit bereik is niet bekend"]
    assert "niet te vergelijken" in reasons('"a" in [1..3]')[0]


def test_one_test_that_cannot_be_compared_leaves_the_others_in_doubt():
    assert passes('"a", 2', 1) is None
    assert passes('"a", 1', 1) is True


@pytest.mark.parametrize("value", [True, False, None, [], 1])
def test_a_test_that_is_the_input_itself_lets_everything_through(value):
    assert passes("?", value) is True


def nested(chains, length):
    """Return chains of sums, each the first term of the next."""
    source = "1"
    for _ in range(chains):
        source = f"({source})" + " + 1" * length
    return source


def test_chains_that_are_short_enough_one_by_one_are_refused_when_they_are_deep_together():
    assert evaluate(nested(2, 100)) == 201
    with pytest.raises(feel.SyntaxFault, match="te diep"):
        feel.compile(nested(3, 100))


@pytest.mark.parametrize(
    ("before", "inside", "after", "deepest"),
    [
        ("(", "1", ")", 47),
        ("1 + if true then ", "1", " else 0", 23),
        ("list<", "number", ">", 46),
        ("{a: ", "1", "}", 47),
    ],
    ids=["brackets", "if behind an operator", "types", "contexts"],
)
def test_nesting_goes_so_deep_and_no_deeper(before, inside, after, deepest):
    begin = "1 instance of " if inside == "number" else ""
    feel.compile(begin + before * deepest + inside + after * deepest)
    with pytest.raises(feel.SyntaxFault, match="te diep"):
        feel.compile(begin + before * (deepest + 1) + inside + after * (deepest + 1))


def test_a_number_is_written_in_digits_of_ascii():
    assert evaluate("٣ + 1") is None
    assert evaluate("{x٣: 1, y: x٣ + 1}.y") == 2
    with pytest.raises(feel.SyntaxFault):
        feel.compile("1٣")


def test_a_chain_has_so_many_links_and_no_more():
    assert evaluate("1" + " + 1" * 150) == 151
    with pytest.raises(feel.SyntaxFault, match="te veel bewerkingen"):
        feel.compile("1" + " + 1" * 151)


def test_calls_beside_each_other_do_not_count_as_calls_in_each_other():
    assert evaluate("{f: function(x) x, all: for i in 1..200 return f(i)}.all[200]") == 200
    deep = "{{f: function(n) if n = 0 then 0 else f(n - 1), x: f({})}}.x"
    assert evaluate(deep.format(79)) == 0
    with pytest.raises(feel.LimitExceeded, match="te vaak"):
        evaluate(deep.format(80))


def test_a_function_of_the_host_that_is_asked_wrongly_is_null_and_one_that_is_broken_is_not():
    def broken(a):
        return a + None

    functions = {"f": broken, "g": lambda a: a}
    answer = feel.compile("g(1, 2)").evaluate_with_reasons({}, now=NOW, functions=functions)
    assert answer == (None, ["g krijgt andere gegevens dan het nodig heeft"])
    with pytest.raises(TypeError):
        feel.compile("f(1)").evaluate({}, now=NOW, functions=functions)


def test_a_float_of_the_host_is_the_decimal_that_it_is_written_as():
    assert evaluate("x + 0.2 = 0.3", x=0.1) is True
    assert str(feel.from_json(0.1)) == "0.1"


def test_half_a_pair_of_signs_is_no_sign_and_stays_as_it_was_written():
    assert evaluate('"\\ud83d\\udc0e"') == "🐎"
    for half in ("\\ud83d", "\\udc0e"):
        assert evaluate(f'"a{half}b"') == f"a{half}b"
        assert evaluate(f'string length("{half}")') == 6


def test_a_number_of_more_digits_than_a_float_holds_is_text_in_json():
    assert feel.to_json(Decimal("0.123456789012345")) == 0.123456789012345
    assert feel.to_json(Decimal("0.1234567890123456")) == "0.1234567890123456"


def test_a_typed_value_is_of_the_type_that_it_says():
    with pytest.raises(ValueError, match="years and months duration"):
        feel.from_json({"@type": "years and months duration", "@value": "P1D"})


def test_an_expression_may_be_a_hundred_thousand_signs_and_no_longer():
    assert len(evaluate('"' + "a" * 99_998 + '"')) == 99_998
    with pytest.raises(feel.SyntaxFault, match="langer dan 100000"):
        feel.compile('"' + "a" * 99_999 + '"')


def test_no_more_than_twenty_reasons_are_told():
    source = "[" + ", ".join(f"onbekend{n}" for n in range(30)) + "]"
    assert reasons(source) == [f"onbekend{n} is niet bekend" for n in range(20)]


def test_a_list_may_be_as_long_as_the_limit_and_no_longer():
    expression = feel.compile("append(x, 1)")
    limits = feel.Limits(items=100)
    assert len(expression.evaluate({"x": [0] * 99}, now=NOW, limits=limits)) == 100
    with pytest.raises(feel.LimitExceeded, match="te lange lijst"):
        expression.evaluate({"x": [0] * 100}, now=NOW, limits=limits)


def test_a_text_may_be_as_long_as_the_limit_and_no_longer():
    expression = feel.compile('x + "a"')
    limits = feel.Limits(text=100)
    assert len(expression.evaluate({"x": "a" * 99}, now=NOW, limits=limits)) == 100
    with pytest.raises(feel.LimitExceeded, match="te lange tekst"):
        expression.evaluate({"x": "a" * 100}, now=NOW, limits=limits)


def test_a_function_of_the_house_goes_before_one_of_feel_with_its_name():
    expression = feel.compile("count(x)")
    assert (
        expression.evaluate({"x": [1]}, now=NOW, functions={"count": lambda _: "house"}) == "house"
    )


def test_a_name_that_begins_like_a_function_or_a_constant_is_read_whole():
    assert evaluate("count-1", **{"count-1": 5}) == 5
    assert evaluate("count([1, 2])-1", **{"count-1": 5}) == 1
    assert evaluate("true north + 1", **{"true north": 5}) == 6
    assert evaluate("null", **{"null point": 5}) is None


def test_what_a_filter_or_a_loop_names_itself_is_no_fact_that_is_asked():
    assert feel.compile("x[item > y]").names == {"x", "y"}
    assert feel.compile("for i in x return partial[-1] + z").names == {"x", "z"}
    assert feel.compile("item + partial").names == {"item", "partial"}


EXTREMES = [
    "1e6000", "-1e6000", "1e-6000", "3000000000", "1e20", "0", "-1", "0.5", '"a"', "null", "[1e6000]",
    "{a: 1}", '@"999999999-12-31"', '@"-999999999-01-01"', '@"9999-12-31T23:59:59-10:00"',
    '@"23:59:59.999999999"', 'duration("P99999999999Y")', 'duration("-P99999999999D")',
    '@"PT0.000000001S"', "[1..1e6000]", "(null..3)",
]  # fmt: skip


@pytest.mark.parametrize("name", LIBRARY)
def test_no_function_breaks_on_the_greatest_and_smallest_values_and_what_it_answers_can_be_kept(
    name,
):
    limits = feel.Limits(steps=20_000, items=2_000, text=2_000)
    pairs = [", ".join(pair) for pair in itertools.product(EXTREMES, repeat=2)]
    for inside in ["", *EXTREMES, *pairs, *(f'"abc", {pair}' for pair in pairs[::13])]:
        with suppress(feel.LimitExceeded, feel.SyntaxFault):
            value = feel.compile(f"{name}({inside})").evaluate({}, now=NOW, limits=limits)
            json.dumps(feel.to_json(value, typed=True))
