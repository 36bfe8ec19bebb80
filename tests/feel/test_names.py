import time

import pytest

from routeflow import feel
from support.feel import NOW, evaluate, passes, reasons


def test_names_may_hold_spaces():
    assert evaluate('Full Name = "An"', **{"Full Name": "An"}) is True


def test_words_that_are_not_known_form_one_name():
    assert feel.compile("Full Name = 1 and b").names == {"Full Name", "b"}


@pytest.mark.parametrize(
    ("source", "names", "answer"),
    [
        ("a-b", {"a-b": 5, "a": 3, "b": 1}, 5),
        ("a - b", {"a-b": 5}, 5),
        ("a-b", {"a": 3, "b": 1}, 2),
        ("x + a/b*c", {"a/b*c": 5, "x": 1}, 6),
        ("dag's einde + 1", {"dag's einde": 1}, 2),
        ("for i in in a list return i", {"in a list": [7]}, [7]),
        ("days in weekend[1]", {"days in weekend": [7]}, 7),
        ("een.ding + 1", {"een.ding": 1}, 2),
    ],
)
def test_a_known_name_wins_over_operators_and_keywords(source, names, answer):
    assert evaluate(source, **names) == answer


def test_a_variable_may_be_named_like_a_function():
    assert evaluate("date + count", date=1, count=2) == 3
    assert evaluate('date("2026-01-05").day + date', date=1) == 6


def test_a_property_may_have_spaces():
    assert evaluate("p.first name", p={"first name": "An"}) == "An"


def test_free_names_leave_out_what_is_bound_or_built_in():
    source = "sum(for x in lijst return x + n) + {a: 1, b: a + c}.b + (function(q) q + r)(1)"
    assert feel.compile(source).names == {"lijst", "n", "c", "r"}


def test_names_in_a_filter_may_be_properties():
    expression = feel.compile('taken[status = "open"]')
    assert expression.names == {"taken", "status"}
    assert expression.variables == {"taken"}


def test_called_names_are_functions():
    expression = feel.compile('termijn("pip") + werkdagen(8)')
    assert expression.functions == {"termijn", "werkdagen"}
    assert expression.names == {"termijn", "werkdagen"}
    assert expression.variables == frozenset()


def test_calls_gives_the_literal_arguments_in_order():
    source = 'if termijn("pip") = null then termijn("intake") else termijn(naam)'
    assert feel.compile(source).calls("termijn") == ("pip", "intake")


def test_the_same_source_is_compiled_once():
    assert feel.compile("1 + 1") is feel.compile("1 + 1")


@pytest.mark.parametrize(
    ("tests", "value", "answer"),
    [
        ("-", None, True),
        ('"B1"', "B1", True),
        ('"B1","Z"', "Z", True),
        ('not("B1","Z")', "Z", False),
        ("not(null)", 1, True),
        ("< 5", 4, True),
        ("< 5, > 10", 7, False),
        ("[1..5]", 5, True),
        ("(1..5)", 5, False),
        ("]1..5[", 5, False),
        ("null", None, True),
        ("1", None, False),
        ("< 5", None, None),
        ("true", True, True),
        ("true", False, False),
        ("? > 3 and ? < 5", 4, True),
        ("? > 3", 2, False),
        ("? > 3", None, None),
        ("not(? > 3)", None, None),
        ('starts with(?, "a")', None, None),
        ('string length("?") = 1', "foo", None),
        ("? > 3 or ? = null", None, True),
        ("?", "x", True),
        ("[1, 2, 3]", 2, True),
        ("grens", 5, True),
        ("> grens", 6, True),
        ("1 = 1", "x", None),
        ("string length(?) = 3", "abc", True),
        ('date("2026-01-05")', None, False),
        ("!= 3", 4, True),
        ("= 3", 3, True),
        ("not(? > 3)", 2, True),
        ("5 - 1", 4, True),
        ('"1"', 1, None),
    ],
)
def test_a_cell_tests_its_input(tests, value, answer):
    assert passes(tests, value, grens=5) is answer


def test_reasons_say_in_dutch_what_gave_null():
    assert reasons("uren >= 600 and dag = 1") == [
        "uren is niet bekend",
        "uren >= 600: niets (null) en een getal zijn niet te vergelijken",
        "dag is niet bekend",
    ]
    assert reasons('date("2026-13-01")') == ["2026-13-01 is geen datum"]
    assert reasons("1 / 0") == ["1 / 0: delen door nul kan niet"]
    assert reasons("{a: 1}.b") == ["er is geen gegeven b"]


def test_a_host_function_gets_values_and_may_refuse():
    def werkdagen(aantal):
        if aantal < 0:
            raise ValueError("een aantal is niet negatief")
        return [int(aantal), 1.5]

    expression = feel.compile("werkdagen(n)")
    functions = {"werkdagen": werkdagen}
    assert expression.evaluate({"n": 3}, now=NOW, functions=functions) == [3, feel.from_json(1.5)]
    assert expression.evaluate_with_reasons({"n": -1}, now=NOW, functions=functions) == (
        None,
        ["werkdagen: een aantal is niet negatief"],
    )
    assert feel.compile("werkdagen()").evaluate({}, now=NOW, functions=functions) is None


def test_a_mistake_inside_a_host_function_is_not_hidden():
    def stuk():
        return None + 1

    with pytest.raises(TypeError):
        feel.compile("stuk()").evaluate({}, now=NOW, functions={"stuk": stuk})


@pytest.mark.parametrize(
    ("source", "column", "text"),
    [
        ("1 +", 4, "houdt te vroeg op"),
        ("(1", 3, "hoort \\) te staan"),
        ('"abc', 1, "niet afgesloten"),
        ("a = “B1”", 5, "rechte aanhalingstekens"),
        ("1 § 2", 3, "hoort hier niet"),
        ("if x then 1", 12, "hoort else te staan"),
        ("a && b", 3, "hoort hier niet"),
        ("a == b", 4, "gebruik = in plaats van =="),
        ("!a", 1, "not"),
        ("{a: 1, a: 2}", 9, "twee keer"),
        ("", 1, "houdt te vroeg op"),
        ("for x y return 1", 17, "hoort in te staan"),
    ],
)
def test_what_is_not_feel_is_refused_with_its_column(source, column, text):
    with pytest.raises(feel.SyntaxFault, match=text) as fault:
        feel.compile(source)
    assert fault.value.column == column
    assert str(fault.value).startswith("De expressie is niet te lezen")


def test_the_line_is_said_when_there_are_more():
    with pytest.raises(feel.SyntaxFault, match="regel 2, teken 3"):
        feel.compile("1 +\n  )")


def test_thousands_of_entries_in_a_context_take_no_longer_each():
    keys = [f"k{number}" for number in range(10_000)]
    began = time.process_time()
    expression = feel.compile("{" + ", ".join(f"{key}: x" for key in keys) + "}")
    assert time.process_time() - began < 3
    assert expression.variables == {"x"}
    assert feel.compile("{b: a, a: 1, c: a, d: {e: c, c: f}}").variables == {"a", "f"}


def test_many_names_that_begin_alike_take_no_longer_to_tell_apart():
    names = tuple("a " * number + "b" for number in range(800))
    began = time.process_time()
    feel.compile(f"[{','.join(['a a a a a'] * 2_000)}]", names=names)
    assert time.process_time() - began < 5
    assert evaluate("a a b + 1", **{"a b": 1, "a a b": 2, "a a a b": 3}) == 3
