"""Decision tables as people read them: a picture of the file, nothing that can run."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from routeflow.engine.xml import safe_parse


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: its cells in the order of the columns, and what its author wrote about it."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    remark: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One decision table of a file. ``policy`` is its hit policy, UNIQUE unless it says so."""

    id: str
    name: str
    documentation: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(data: bytes, file: str) -> list[Table]:
    """Return the decision tables of a .dmn file in its own order. Raises Invalid."""
    return [
        _table(decision, table)
        for decision in _children(safe_parse(data, file=file), "decision")
        for table in _children(decision, "decisionTable")
    ]


def _table(decision: Any, table: Any) -> Table:  # noqa: ANN401 - lxml elements
    return Table(
        id=decision.get("id", ""),
        name=decision.get("name") or decision.get("id", ""),
        documentation=_text(decision, "description"),
        policy=table.get("hitPolicy", "UNIQUE"),
        inputs=tuple(_heading(column) for column in _children(table, "input")),
        outputs=tuple(_heading(column) for column in _children(table, "output")),
        rows=tuple(
            Row(
                tuple(_text(cell, "text") for cell in _children(rule, "inputEntry")),
                tuple(_text(cell, "text") for cell in _children(rule, "outputEntry")),
                _text(rule, "description"),
                rule.get("id", ""),
            )
            for rule in _children(table, "rule")
        ),
    )


def _heading(column: Any) -> str:  # noqa: ANN401 - lxml elements
    expression = next(_children(column, "inputExpression"), None)
    asked = _text(expression, "text") if expression is not None else ""
    return column.get("label") or column.get("name") or asked


def _children(element: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 - lxml elements
    """Yield the children called ``name``, whatever version of DMN their namespace says."""
    return (child for child in element if str(child.tag).rpartition("}")[2] == name)


def _text(element: Any, name: str) -> str:  # noqa: ANN401 - lxml elements
    child = next(_children(element, name), None)
    return (child.text or "").strip() if child is not None else ""
