from decimal import Decimal

import pytest

from routeflow.engine.imports import NAMESPACES
from support.dmn import NAMESPACE, ask, decision, dmn, table


def one_table(*args, **options):
    return dmn(decision("d", table(*args, **options)))


ROUTES = [
    ['"B1"', "< 30", '"kort"'],
    ['"B1"', ">= 30", '"lang"'],
    ['not("B1")', "-", '"anders"'],
]


@pytest.mark.parametrize(
    ("leerroute", "leeftijd", "answer"),
    [("B1", 20, "kort"), ("B1", 30, "lang"), ("Z", None, "anders"), ("B1", None, None)],
)
def test_a_unique_table_answers_the_row_that_fits(leerroute, leeftijd, answer):
    data = one_table(["leerroute", "leeftijd"], ["duur"], ROUTES)
    assert ask(data, "d", leerroute=leerroute, leeftijd=leeftijd).value == answer


def test_a_decision_says_which_rules_fitted():
    data = one_table(["leerroute", "leeftijd"], ["duur"], ROUTES)
    assert ask(data, "d", leerroute="Z", leeftijd=1).matched == {"d": ("r3",)}


def test_two_rows_that_fit_a_unique_table_give_null_and_are_named():
    data = one_table(["x"], ["y"], [["< 5", "1"], ["> 2", "2"]])
    found = ask(data, "d", x=3)
    assert found.value is None
    assert found.reasons == ("de regels 1 en 2 passen allebei, en dat mag bij UNIQUE niet",)


OVERLAPPING = [["< 10", '"laag"', "1"], ["< 20", '"midden"', "2"], ["< 30", '"hoog"', "2"]]


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ("FIRST", "laag"),
        ("RULE ORDER", ["laag", "midden", "hoog"]),
        ("COLLECT", ["laag", "midden", "hoog"]),
        ("PRIORITY", "hoog"),
        ("OUTPUT ORDER", ["hoog", "midden", "laag"]),
    ],
)
def test_each_hit_policy_answers_in_its_own_way(policy, answer):
    rows = [row[:2] for row in OVERLAPPING]
    outputs = [("y", "string", '"hoog","midden","laag"')]
    assert ask(one_table(["x"], outputs, rows, policy=policy), "d", x=5).value == answer


@pytest.mark.parametrize(
    ("aggregation", "answer"), [("SUM", 5), ("MIN", 1), ("MAX", 2), ("COUNT", 3)]
)
def test_collect_can_count_and_add(aggregation, answer):
    rows = [[row[0], row[2]] for row in OVERLAPPING]
    data = one_table(["x"], ["y"], rows, policy="COLLECT", aggregation=aggregation)
    assert ask(data, "d", x=5).value == answer


@pytest.mark.parametrize(
    ("aggregation", "answer"), [(None, []), ("COUNT", Decimal(0)), ("SUM", None), ("MIN", None)]
)
def test_collect_without_a_hit(aggregation, answer):
    data = one_table(["x"], ["y"], [["1", "1"]], policy="COLLECT", aggregation=aggregation)
    assert ask(data, "d", x=5).value == answer


def test_any_answers_when_all_rows_agree():
    data = one_table(["x"], ["y"], [["< 5", '"a"'], ["> 2", '"a"'], ["> 3", '"b"']], policy="ANY")
    assert ask(data, "d", x=3).value == "a"
    assert ask(data, "d", x=4).value is None


def test_more_outputs_make_a_context():
    data = one_table(["x"], ["partij", "samenMet"], [["1", '"A"', '"B"'], ["2", '"C"', ""]])
    assert ask(data, "d", x=1).value == {"partij": "A", "samenMet": "B"}
    assert ask(data, "d", x=2).value == {"partij": "C", "samenMet": None}


def test_priority_looks_at_the_columns_in_order():
    outputs = [("a", "string", '"hoog","laag"'), ("b", "number", "3,2,1")]
    rows = [["-", '"laag"', "3"], ["-", '"hoog"', "1"], ["-", '"hoog"', "2"]]
    data = one_table(["x"], outputs, rows, policy="PRIORITY")
    assert ask(data, "d", x=1).value == {"a": "hoog", "b": 2}


def test_no_row_gives_the_default_or_null_with_a_reason():
    with_default = one_table(["x"], [("y", "string", None, '"geen"')], [["1", '"een"']])
    assert ask(with_default, "d", x=2).value == "geen"
    without = ask(one_table(["x"], ["y"], [["1", '"een"']]), "d", x=2)
    assert without.value is None
    assert without.reasons == ("geen enkele regel van de tabel past",)


def test_an_input_of_another_type_becomes_null():
    data = one_table([("x", "number")], ["y"], [["null", '"leeg"'], ["1", '"een"']])
    assert ask(data, "d", x="1").value == "leeg"
    assert ask(data, "d", x=1).value == "een"


def test_an_input_outside_the_input_values_becomes_null():
    data = one_table(
        [("x", "string", '"a","b"')], ["y"], [["null", '"leeg"'], ["-", '"past"']], policy="FIRST"
    )
    assert ask(data, "d", x="c").value == "leeg"
    assert ask(data, "d", x="a").value == "past"


def test_an_answer_outside_the_output_values_becomes_null():
    data = one_table(["x"], [("y", "string", '"ja","nee"')], [["1", '"ja"'], ["2", '"wie weet"']])
    assert ask(data, "d", x=1).value == "ja"
    assert ask(data, "d", x=2).value is None


@pytest.mark.parametrize(
    ("cell", "value", "fits"),
    [
        ("? > 2 and ? < 5", 3, True),
        ("grens", 7, True),
        ("> grens", 8, True),
        ("[1, 2, 3]", 2, True),
        ("[1..3], 9", 9, True),
        ('"a", "b"', "b", True),
        ("not(null)", None, False),
        ("? > 2", None, False),
        ("not(? > 2)", None, False),
        ("1 = 1", "x", False),
        ('date("2026-01-05")', None, False),
    ],
)
def test_cells_are_unary_tests(cell, value, fits):
    data = one_table(["x"], ["y"], [[cell, "true"]])
    assert ask(data, "d", x=value, grens=7).value is (True if fits else None)


def test_cells_may_calculate():
    data = one_table(["x"], ["y"], [["-", "x * 2 + grens"]])
    assert ask(data, "d", x=2, grens=1).value == 5


@pytest.mark.parametrize("namespace", sorted({*NAMESPACES, NAMESPACE}))
def test_all_versions_from_1_1_to_1_6_are_read(namespace):
    data = dmn(decision("d", table(["x"], ["y"], [["1", "2"]])), namespace=namespace)
    assert ask(data, "d", x=1).value == 2


def test_typed_outputs_are_checked():
    data = one_table(["x"], [("y", "number")], [["1", '"een"'], ["2", "2"]])
    assert ask(data, "d", x=1).value is None
    assert ask(data, "d", x=2).value == 2


def test_without_output_values_the_type_gives_the_order_of_the_answers():
    order = """
        <itemDefinition name="Ernst"><typeRef>string</typeRef>
            <allowedValues><text>"hoog", "midden", "laag"</text></allowedValues>
        </itemDefinition>
    """
    rows = [["-", '"laag"'], ["> 1", '"midden"'], ["> 2", '"hoog"']]
    for policy, answer in (("PRIORITY", "hoog"), ("OUTPUT ORDER", ["hoog", "midden", "laag"])):
        outputs = [("ernst", "Ernst")]
        data = dmn(order, decision("d", table(["x"], outputs, rows, policy=policy)))
        assert ask(data, "d", x=3).value == answer


@pytest.mark.parametrize(
    ("cell", "fits"),
    [
        ("not([1..3))", [0, 3, 4]),
        ("not((1..3])", [0, 1, 4]),
        ("not(]1..3[)", [0, 1, 3, 4]),
        ("not(0, [1..3))", [3, 4]),
        ("not((1..3), 4)", [0, 1, 3]),
        ("not(? > 1) and ? < 9", [0, 1]),
        ("(? > 1) or (? = 0)", [0, 2, 3, 4]),
    ],
)
def test_not_is_about_the_whole_cell_whatever_brackets_a_range_has(cell, fits):
    data = dmn(decision("d", table([("x", "number")], ["y"], [[cell, "true"]])))
    assert [x for x in range(5) if ask(data, "d", x=x).value is True] == fits
