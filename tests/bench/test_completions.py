"""The bench over HTTP: it completes what the route asks, and counts what that takes."""

import io

from routeflow.bench import completions
from routeflow.bench.figures import Options


def test_completions_over_http_take_few_statements_and_one_commit():
    found = completions.measure(Options(io.StringIO(), quick=True), days=60)["sqlite"]
    for clients in ("clients_1", "clients_4"):
        assert found[clients]["per_second"] > 0
        assert 0 < found[clients]["median_ms"] <= found[clients]["p99_ms"]
        assert found[clients]["runs"] > 5
    assert found["statements"]["median"] <= 10
    assert found["statements"]["max"] <= 12
    assert found["commits"] == 1
    assert found["memory_mb"] < 150
    assert sum(found["share"].values()) > 99
