"""The table of what runs and what is refused is true: each row names its tests, and the engine agrees."""

import ast
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from routeflow import engine
from routeflow.engine import vocabulary
from support.bpmn import (
    TERMINATE,
    after,
    boundary,
    catch,
    condition,
    draw,
    end,
    error,
    escalation,
    event_sub,
    link,
    message,
    node,
    path,
    signal,
    start,
    sub,
    throw,
    user,
)

TESTS = Path(__file__).parent.parent
DOCUMENT = (TESTS.parent / "docs" / "bpmn.md").read_text()
STATUSES = {"runs", "drawing", "warned", "refused"}


@dataclass(frozen=True)
class Row:
    """One row of the tables; ``words`` holds, for each part of a combination, its alternatives."""

    line: str
    words: tuple[tuple[str, ...], ...]
    what: str
    status: str
    since: str
    tests: tuple[str, ...]


def quoted(text):
    return tuple(re.findall(r"`([^`]+)`", text))


def rows():
    found, inside = [], False
    for line in DOCUMENT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| Element |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            element, what, status, since, tests = cells
            words = tuple(map(quoted, element.split(" + ")))
            found.append(Row(line, words, what, status, since, quoted(tests.strip(" |"))))
    return found


ROWS = rows()


def words_of(chosen):
    return {
        word
        for row in chosen
        for alternatives in row.words
        for word in alternatives
        if word != "none" and not word.startswith("dmn:")
    }


def names_in(file):
    tree = ast.parse((TESTS / file).read_text())
    return {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}


def test_every_row_says_what_it_is_about_and_names_a_test():
    assert len(ROWS) > 120
    for row in ROWS:
        assert all(row.words), row.line
        assert row.tests, row.line
        assert row.status in STATUSES, row.line


def test_every_test_that_the_document_names_exists():
    known = {}
    missing = []
    for name in sorted({name for row in ROWS for name in row.tests}):
        file, _, function = name.partition("::")
        if file not in known:
            known[file] = names_in(file) if (TESTS / file).exists() else set()
        if function not in known[file]:
            missing.append(name)
    assert missing == []


def test_since_is_a_version_that_exists():
    for row in ROWS:
        if row.status == "refused":
            assert row.since == "-", row.line
        else:
            assert tuple(map(int, row.since.split("."))) <= tuple(
                map(int, version("routeflow").split(".")[:2])
            )


def test_every_word_that_runs_has_a_row_and_no_row_promises_more():
    known = set(vocabulary.ATTRIBUTES) | {f"zeebe:{word}" for word in vocabulary.EXTENSIONS}
    assert words_of(row for row in ROWS if row.status != "refused") == known


def test_every_word_that_is_refused_has_a_row():
    refused = words_of(row for row in ROWS if row.status == "refused")
    accepted = words_of(row for row in ROWS if row.status != "refused")
    assert refused - accepted == set(vocabulary.REFUSED)


def test_every_attribute_that_is_refused_or_does_nothing_is_named():
    elements = {word.removeprefix("zeebe:") for word in words_of(ROWS)}
    texts = " ".join(row.what for row in ROWS)
    names = {*vocabulary.MUST_BE, *(set(vocabulary.SILENT) - elements)}
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", texts)] == []


def test_every_word_that_does_nothing_is_in_the_table_as_such():
    warned = words_of(row for row in ROWS if row.status == "warned")
    silent = {f"zeebe:{word}" for word in vocabulary.SILENT if word in vocabulary.EXTENSIONS}
    assert silent <= warned


@pytest.mark.parametrize("word", sorted(vocabulary.REFUSED))
def test_every_word_that_is_refused_is_refused_at_its_element(word):
    if word.endswith("EventDefinition"):
        part = throw("x", f"<bpmn:{word}/>")
    else:
        part = user("x", f"<bpmn:{word}/>")
    files = {"p.bpmn": draw("p", start(), part, end(), path("s > x > e"))}
    assert ("x", "niet-ondersteund") in {(f.element, f.code) for f in engine.check(files, None)}


KINDS = {
    "none": "",
    "messageEventDefinition": message("m"),
    "timerEventDefinition": after("P1D"),
    "signalEventDefinition": signal("m"),
    "conditionalEventDefinition": condition("=m"),
    "errorEventDefinition": error("FOUT"),
    "escalationEventDefinition": escalation("LAAT"),
    "linkEventDefinition": link("L"),
    "terminateEventDefinition": TERMINATE,
}


def at_start(event):
    return [start("x", event), user("a"), end(), path("x > a > e")]


def in_subprocess(event):
    body = sub("u", start("x", event), user("a"), end("ue"), path("x > a > ue"))
    return [start(), body, end(), path("s > u > e")]


def in_event_subprocess(event, flag):
    begin = start("x", event, isInterrupting=flag)
    handler = event_sub("h", begin, user("b"), end("he"), path("x > b > he"))
    return [start(), user("a"), end(), path("s > a > e"), handler]


def caught(event):
    if event != KINDS["linkEventDefinition"]:
        return [start(), catch("x", event), end(), path("s > x > e")]
    return [start(), throw("t", event), catch("x", event), end(), path("s > t"), path("x > e")]


def thrown(event):
    if event != KINDS["linkEventDefinition"]:
        return [start(), throw("x", event), end(), path("s > x > e")]
    return [start(), throw("x", event), catch("c", event), end(), path("s > x"), path("c > e")]


def at_edge(event, *, interrupting):
    edge = boundary("x", "u", event, interrupting=interrupting)
    body = sub("u", start("us"), user("a"), end("ue"), path("us > a > ue"))
    return [start(), body, edge, end(), path("s > u > e"), path("x > e")]


PLACES = {
    "start of a process": at_start,
    "start of a subprocess": in_subprocess,
    "start of an event subprocess, interrupting": lambda x: in_event_subprocess(x, "true"),
    "start of an event subprocess, not interrupting": lambda x: in_event_subprocess(x, "false"),
    "intermediate catch": caught,
    "intermediate throw": thrown,
    "boundary, interrupting": lambda x: at_edge(x, interrupting=True),
    "boundary, not interrupting": lambda x: at_edge(x, interrupting=False),
    "end": lambda x: [start(), user("a"), node("endEvent", "x", x), path("s > a > x")],
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_event_runs_or_is_refused_at_each_place_as_the_table_says(place, kind):
    said = [row.status for row in ROWS if row.what == place and kind in row.words[-1]]
    files = {"p.bpmn": draw("p", *PLACES[place](KINDS[kind]))}
    faults = {f.element for f in engine.check(files, None) if f.severity == "fout"}
    assert said == (["refused"] if faults else ["runs"])
    assert faults <= {"x"}
