"""The bench of FEEL: what a condition and a table of the route cost."""

import io

from routeflow import demo
from routeflow.bench import feel
from routeflow.bench.figures import Options


def test_a_condition_and_a_table_of_the_route_cost_microseconds():
    found = feel.measure(Options(io.StringIO(), quick=True))
    for part in ("condition", "table"):
        assert 0 < found[part]["median_us"] <= found[part]["p95_us"] <= found[part]["max_us"]
    assert found["condition"]["count"] > 50
    assert found["condition"]["median_us"] < 100
    assert found["table"]["median_us"] < 1_000


def test_the_tables_are_asked_for_values_that_stand_in_a_row():
    answers = [ask() for _, ask in feel.tables_of(demo.project_files())]
    assert sum(bool(one.matched) for one in answers) > len(answers) // 2
