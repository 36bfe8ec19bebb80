"""Run the test cases of a DMN TCK checkout through `routeflow decide --jsonl`.

Use: python tests/tck.py FOLDER [-v]. FOLDER holds *.xml test cases beside their *.dmn models, at
any depth. A number may differ in the tenth digit, as the TCK allows; the order of a list counts.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from lxml import etree

from routeflow.feel.json import from_json

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
PLAIN = {"true": True, "false": False}
NUMBER = re.compile(r"-?[0-9]*[.]?[0-9]+([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Case:
    """One result that is asked of one invocable."""

    name: str
    folder: str
    question: dict[str, Any]
    expected: Any


def main() -> None:
    folder, talks = Path(sys.argv[1]), "-v" in sys.argv
    cases = [case for file in sorted(folder.rglob("*.xml")) for case in cases_of(file)]
    counts: dict[str, Counter[bool]] = {}
    for case, answer in zip(cases, answers([case.question for case in cases]), strict=True):
        passed = agrees(case, answer)
        counts.setdefault(case.folder, Counter())[passed] += 1
        if talks and not passed:
            click.echo(f"{case.name}: {answer} instead of {case.expected!r}")
    for name, count in counts.items():
        click.echo(f"{count[True]:5} of {count.total():5}  {name}")
    total = sum(counts.values(), Counter())
    click.echo(f"{total[True]:5} of {total.total():5}  in all")
    sys.exit(total[True] < total.total())


def cases_of(file: Path) -> Iterator[Case]:
    """Yield the cases in a file; nothing when it holds no test cases."""
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    if local(root) != "testCases":
        return
    model = file.parent / (text(child(root, "modelName")) or "")
    for case in children(root, "testCase"):
        given = {node.get("name"): value(node) for node in children(case, "inputNode")}
        for result in children(case, "resultNode"):
            asked = case.get("invocableName") or result.get("name")
            if case.get("type", "decision") == "decision":
                asked = result.get("name")
            question = {"model": str(model), "decision": asked, "input": given}
            expected = from_json(value(next(children(result, "expected", "computed"), None)))
            name = f"{file.parent.name}/{file.name} {case.get('id')} {asked}"
            yield Case(name, file.parent.name, question, expected)


def value(node: etree._Element | None) -> Any:
    """Return what ``node`` holds, as the typed JSON that decide reads."""
    inner = None if node is None else next(children(node, "value", "list", "component"), None)
    match None if inner is None or inner.get(f"{XSI}nil") == "true" else local(inner):
        case "list":
            return [value(item) for item in children(inner, "item")]
        case "component":
            return {part.get("name"): value(part) for part in children(node, "component")}
        case "value":
            written, told = inner.text or "", inner.get(f"{XSI}type")
            return typed(told or untold(written), written) if told or written else None
        case _:
            return None


def untold(written: str) -> str:
    """Return the type of a value that doesn't tell it: the oldest cases leave it to the reader."""
    if written.strip() in PLAIN:
        return "boolean"
    return "decimal" if NUMBER.fullmatch(written.strip()) else "string"


def typed(kind: str, written: str) -> Any:
    kind = kind.rpartition(":")[2]
    if kind == "string":
        return written
    written = written.strip()
    return (
        PLAIN[written]
        if kind == "boolean"
        else {"@type": kind_of(kind, written), "@value": written}
    )


def kind_of(kind: str, written: str) -> str:
    """Return FEEL's name for a type of XML Schema."""
    if kind == "duration":
        months = set(written.partition("T")[0]) & set("YM")
        return "years and months duration" if months else "days and time duration"
    known = {"date": "date", "time": "time", "dateTime": "date and time"}
    return known.get(kind, "number")


def answers(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers to all questions, asked in one run of the command."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _ROUTEFLOW, "decide", "--jsonl", "--typed"],
        input="\n".join(map(json.dumps, questions)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


_ROUTEFLOW = "from routeflow.cli import main; main()"


def agrees(case: Case, answer: dict[str, Any]) -> bool:
    return "result" in answer and same(from_json(answer["result"]), case.expected)


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) <= abs(expected) * Decimal("1e-8") + Decimal("1e-10")
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(
            same(found[k], v) for k, v in expected.items()
        )
    return type(found) is type(expected) and bool(found == expected)


def local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (one for one in node if local(one) in names)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(children(node, name), None)


def text(node: etree._Element | None) -> str:
    return "" if node is None else (node.text or "").strip()


if __name__ == "__main__":
    main()
