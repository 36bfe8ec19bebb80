"""Our evaluator and feelin, that of the editors in the browser, answer the same.

``shared.json`` has the cases, with feelin's own answer where it differs from the standard, and a
table of those differences. The expressions of our diagrams, tables and forms are tried with all
kinds of values.
"""

import json
import random
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from routeflow import feel
from routeflow.clock import system_clock
from support.feelin import alike, ask

ROOT = Path(__file__).parents[2]
SHARED = json.loads(Path(__file__).with_name("shared.json").read_text("utf-8"))
CASES = [pytest.param(number, id=case["expression"]) for number, case in enumerate(SHARED["cases"])]
NOW = system_clock()  # feelin has a clock of its own


def question(case):
    """Return what to ask for ``case``; one with an input is a cell of a table."""
    if "input" in case:
        return {
            "expression": case["expression"],
            "unary": True,
            "context": {"?": case["input"]},
        }
    context = SHARED["contexts"][case["context"]] if "context" in case else {}
    return {"expression": case["expression"], "context": context}


def ours(asked, functions=None):
    """Return our value and reasons for a question."""
    scope = feel.from_json(asked["context"])
    kind = "unary tests" if asked.get("unary") else "expression"
    expression = feel.compile(asked["expression"], kind=kind, names=tuple(scope))
    return expression.evaluate_with_reasons(scope, now=NOW, functions=functions)


@pytest.fixture(scope="module")
def replies():
    return ask(map(question, SHARED["cases"]))


@pytest.mark.parametrize("number", CASES)
def test_we_give_the_shared_answer(number):
    case = SHARED["cases"][number]
    assert alike(ours(question(case))[0], case["answer"])


@pytest.mark.parametrize("number", CASES)
def test_feelin_gives_the_shared_answer_or_the_one_that_is_written_down(number, replies):
    case, reply = SHARED["cases"][number], replies[number]
    if "feelin" not in case:
        assert alike(feel.from_json(case["answer"]), reply.get("answer", reply))
        return
    noted = {name: text for name, text in case["feelin"].items() if name != "difference"}
    assert {name: reply.get(name) for name in noted} == noted


def test_the_table_of_differences_names_those_that_there_are_and_no_others():
    used = {case["feelin"]["difference"] for case in SHARED["cases"] if "feelin" in case}
    assert used == SHARED["differences"].keys()


# in a filter that is one call as a whole, feelin does not know item
DIFFERS = (
    'if leerroute = "B1" then ["LE", "LU", "SC", "SP", "KNM"][not(list contains(',
    "seinen[not(list contains(",
    "teHalenOnderdelen[not(list contains(",
    "count((if behaaldeOnderdelen = null then [] else behaaldeOnderdelen)[list contains(",
    # feelin takes an empty list for true
    "if routeToets.begrensd ",
    # feelin knows no smallest or greatest of dates
    "if routeWijzigenTot = null ",
    'if verlengingSoort = "verlenging" then max(',
    # feelin adds months to a date in another way
    "if termijnEinde = null then null else {over: ",
)
# a function that is lent to feelin takes one number of arguments, and termijn takes two kinds
OTHER_FACTS = re.compile(r'termijn\("\w+", \{')
LENT = {
    "termijn": {"takes": 1, "gives": {"@type": "date", "@value": "2027-03-01"}},
    "norm": {"takes": 1, "gives": 300},
    "wie": {"takes": 0, "gives": "a"},
    "werkdagen": {"takes": 1, "gives": {"@type": "date", "@value": "2027-03-01"}},
    "boeteadvies": {
        "takes": 1,
        "gives": {
            "bedrag": 25,
            "boeteKan": True,
            "maatregelKan": False,
            "tekst": "-",
            "vooraf": "-",
        },
    },
}
DATES = [{"@type": "date", "@value": text} for text in ("2019-12-31", "2024-02-29", "2199-01-01")]
LISTS = [[], ["LE", "KNM"], ["Z"]]
VALUES = {
    "datetime": DATES,
    "number": [0, 12, 299.5, 600],
    "checkbox": [True, False],
    "checklist": LISTS,
    "taglist": LISTS,
    "dynamiclist": [[], [{"soort": "MAP", "uren": 12}, {"soort": "PVT", "uren": 8.5}]],
}
TEXTS = ["ja", "nee"]
TRIES, ENOUGH = 60, 4


def inside(value):
    """Yield everything in a piece of JSON."""
    todo = [value]
    for item in todo:
        yield item
        if isinstance(item, dict | list):
            todo.extend(item.values() if isinstance(item, dict) else item)


FORMS = [
    item
    for path in sorted((ROOT / "forms").glob("*.form"))
    for item in inside(json.loads(path.read_text("utf-8")))
]
FIELDS = [
    item
    for item in FORMS
    if isinstance(item, dict) and item.keys() & {"key", "path"} and "type" in item
]
# a field that only shows a known fact may show it in another way than it was asked
FIELDS.sort(key=lambda item: "toon" not in (item.get("properties") or {}))
ASKED_AS = {item.get("key", item.get("path")): item["type"] for item in FIELDS}


def elements(pattern):
    """Yield each element of the files of processes/ with its tag."""
    for path in sorted((ROOT / "processes").glob(pattern)):
        for element in ET.parse(path).iter():  # noqa: S314 - our own file
            yield element.tag.rpartition("}")[2], element


def written():
    """Yield each expression of the diagrams and forms, and each cell of the tables."""
    texts = [item for item in FORMS if isinstance(item, str)]
    for _, element in elements("*.bpmn"):
        texts += [*element.attrib.values(), element.text or ""]
    for text in texts:
        if text.strip().startswith("="):
            yield text.strip()[1:], False
    for tag, element in elements("*.dmn"):
        if tag in {"inputEntry", "outputEntry", "inputExpression"}:
            found = [child.text or "" for child in element if child.tag.endswith("}text")]
            yield from ((text, tag == "inputEntry") for text in found if text.strip())


def answering(value):
    """Return a function of the host that always answers the same."""
    return lambda *_: feel.from_json(value)


def tried(source, *, unary, chance):
    """Return questions about an expression that we answer without anything to complain of.

    A fact gets values of the kind that its form asks for, another one those of any kind.
    """
    compiled = feel.compile(source, kind="unary tests" if unary else "expression")
    names = sorted(compiled.variables | ({"?"} if unary else set()))
    constants = [getattr(node, "value", None) for node in compiled.tree.walk()]
    texts = TEXTS + [constant for constant in constants if isinstance(constant, str)]
    anything = [value for values in VALUES.values() for value in values] + texts
    lent = {name: LENT[name] for name in compiled.functions}
    functions = {name: answering(one["gives"]) for name, one in lent.items()}
    fitting = {
        name: [None, *VALUES.get(ASKED_AS[name], texts)] if name in ASKED_AS else [None, *anything]
        for name in names
    }
    questions = []
    for _ in range(TRIES if names else 1):
        context = {name: chance.choice(fitting[name]) for name in names}
        asked = {"expression": source, "unary": unary, "context": context, "functions": lent}
        value, reasons = ours(asked, functions)
        if not reasons:
            questions.append((asked, value))
        if len(questions) == ENOUGH:
            break
    return questions


def cannot_compare(reply):
    """Return whether feelin stopped at values without an order, where the standard answers null."""
    return reply.get("error", "").startswith("unsupported range: ")


def test_feelin_answers_the_expressions_of_our_own_files_as_we_do():
    chance = random.Random(2026)  # noqa: S311 - the same choices each time
    sources = [
        pair
        for pair in dict.fromkeys(written())
        if not pair[0].startswith(DIFFERS) and not OTHER_FACTS.search(pair[0])
    ]
    pairs = [
        pair for source, unary in sources for pair in tried(source, unary=unary, chance=chance)
    ]
    replies = ask(asked for asked, _ in pairs)
    assert [
        (asked["expression"], asked["context"], value, reply)
        for (asked, value), reply in zip(pairs, replies, strict=True)
        if not cannot_compare(reply) and ("error" in reply or not alike(value, reply["answer"]))
    ] == []
    answered = {asked["expression"] for asked, _ in pairs}
    assert len(answered) > 0.98 * len(sources)
