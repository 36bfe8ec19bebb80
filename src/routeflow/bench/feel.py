"""How long one condition and one decision table of the route takes.

Everything is compiled once, as in the product. The inputs are values that the files themselves
compare with, so that rows fit and conditions are true as well as false.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from lxml import etree
from rich.console import Console
from rich.table import Table

from routeflow import demo, feel
from routeflow.bench.figures import Options, timed
from routeflow.commands.zaak import FUNCTIES
from routeflow.engine import decisions
from routeflow.feel import tree
from routeflow.feel.constants import constant

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_HOUSE: Final[Mapping[str, Callable[..., Any]]] = dict.fromkeys(FUNCTIES, lambda *_: None)
_XML: Final = etree.XMLParser(resolve_entities=False, no_network=True)
_TIMES: Final = 20
Act = Callable[[], object]


def measure(options: Options) -> dict[str, Any]:
    """Measure each condition and each table in ``processes``, many times."""
    print("voorwaarden en tabellen ...", file=options.progress)
    rounds = 5 if options.quick else 25
    files = demo.project_files()
    conditions = {
        source: partial(feel.compile(source).evaluate, _values(source), now=NOW, functions=_HOUSE)
        for source in sorted(set(_conditions(files)))
    }
    tables = dict(tables_of(files))
    return {
        "condition": _spread(conditions, rounds),
        "table": _spread(tables, rounds),
        "compile_all_s": round(timed(lambda: dict(tables_of(files))), 2),
    }


def _conditions(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the conditions on the flows of the diagrams."""
    for path, data in files.items():
        if path.endswith(".bpmn"):
            for node in etree.fromstring(data, _XML).iter("{*}conditionExpression"):
                yield (node.text or "").strip().removeprefix("=")


def _values(source: str) -> dict[str, Any]:
    """Return for each name the value that it is compared with; null when there is none."""
    expression = feel.compile(source)
    found: dict[str, Any] = dict.fromkeys(expression.variables)
    for node in expression.tree.walk():
        if isinstance(node, tree.Binary) and isinstance(node.left, tree.Name):
            value, is_fixed = constant(node.right)
            if is_fixed and node.left.name in found:
                found[node.left.name] = value
    return found


def tables_of(files: Mapping[str, bytes]) -> Iterator[tuple[str, Act]]:
    """Yield each decision with what asks it, for the values of a row in the middle of its table."""
    for path, data in files.items():
        if not path.endswith(".dmn"):
            continue
        model = decisions.load(data, path, others=files)
        root = etree.fromstring(data, _XML)
        for node in root.iter("{*}decision"):
            inputs = _row(node)
            if inputs:
                ask = partial(model.decide, node.get("id") or "", inputs, now=NOW, functions=_HOUSE)
                yield f"{path}: {node.get('name')}", ask


def _row(decision: etree._Element) -> dict[str, Any]:
    """Return inputs that the middle row of a table names."""
    rules = list(decision.iter("{*}rule"))
    columns = [one.findtext("{*}text") for one in decision.iter("{*}inputExpression")]
    if not rules:
        return {}
    cells = [one.findtext("{*}text") for one in rules[len(rules) // 2].iter("{*}inputEntry")]
    found = {}
    for source, cell in zip(columns, cells, strict=True):
        name = (source or "").strip()
        parts = feel.compile(cell or "-", kind="unary tests").tree.walk()
        values = (constant(part) for part in parts if isinstance(part, tree.Value | tree.At))
        found[name] = next((value for value, is_fixed in values if is_fixed), None)
    return found


def _spread(acts: Mapping[str, Act], rounds: int) -> dict[str, Any]:
    """Return what one act costs, in microseconds on the processor: the best of some rounds."""
    each = {name: _cost(act, rounds) for name, act in acts.items()}
    slowest = max(each, key=each.__getitem__)
    return {
        "count": len(each),
        "median_us": round(statistics.median(each.values()), 1),
        "p95_us": round(sorted(each.values())[int(0.95 * (len(each) - 1))], 1),
        "max_us": round(each[slowest], 1),
        "slowest": slowest,
    }


def _cost(act: Act, rounds: int) -> float:
    act()
    best = []
    for _ in range(rounds):
        begin = time.thread_time_ns()
        for _ in range(_TIMES):
            act()
        best.append(time.thread_time_ns() - begin)
    return min(best) / _TIMES / 1000


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table(
        "FEEL, eenmaal gelezen", "aantal", "mediaan µs", "p95 µs", "max µs", "de zwaarste"
    )
    for label, key in (("voorwaarde", "condition"), ("beslissingstabel", "table")):
        row = result[key]
        figures = (str(row[name]) for name in ("count", "median_us", "p95_us", "max_us"))
        table.add_row(label, *figures, row["slowest"][:60])
    console.print(table)
    console.print(f"alle tabellen lezen: {result['compile_all_s']} s")
