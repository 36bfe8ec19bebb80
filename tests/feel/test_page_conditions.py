"""What our own pages know of FEEL, to hide a field at once, never contradicts the server.

They answer true, false or "not known"; then the field stays in view and the server decides.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from routeflow import feel
from support.feelin import ask

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHARED = json.loads(Path(__file__).with_name("shared.json").read_text("utf-8"))


def contradictions(questions):
    """Return the questions that a page answers otherwise than the server; how many it answers."""
    replies = ask({**question, "page": True} for question in questions)
    answered = [
        (question, reply["answer"])
        for question, reply in zip(questions, replies, strict=True)
        if reply["answer"] is not None
    ]
    wrong = [(question, said) for question, said in answered if ours(question) is not said]
    return wrong, len(answered)


def ours(question):
    scope = feel.from_json(question["context"])
    compiled = feel.compile(question["expression"], names=tuple(scope))
    return compiled.evaluate(scope, now=NOW)


def test_a_page_answers_the_shared_expressions_as_the_server_does_or_not_at_all():
    questions = [
        {
            "expression": case["expression"],
            "context": SHARED["contexts"].get(case.get("context"), {}),
        }
        for case in SHARED["cases"]
        if "input" not in case
    ]
    wrong, answered = contradictions(questions)
    assert wrong == []
    assert answered > 50


names = st.sampled_from(["a", "b", "c", "d", "e"])
literals = st.sampled_from(
    ['"ja"', '"nee"', '"2"', '""', "2", "-1", "0.5", "true", "false", "null", '"é"']
)
parts = names | literals
operators = st.sampled_from(["=", "!=", "<", ">", "<=", ">="])
comparisons = st.builds("{} {} {}".format, parts, operators, parts)
contained = st.builds("list contains({}, {})".format, names, parts)
conditions = st.recursive(
    comparisons | contained | parts,
    lambda inner: st.one_of(
        st.builds("not({})".format, inner),
        st.builds("({})".format, inner),
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
    ),
    max_leaves=6,
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["ja", "nee", "2", "", "é"]),
    st.sampled_from([2, -1, 0.5, 3]),
    st.lists(st.sampled_from(["ja", "nee", 2]), max_size=2),
)
contexts = st.fixed_dictionaries(dict.fromkeys("abcde", plain))


@settings(max_examples=12)
@given(
    st.lists(st.fixed_dictionaries({"expression": conditions, "context": contexts}), min_size=60)
)
def test_a_page_contradicts_the_server_in_no_condition_over_any_values(questions):
    assert contradictions(questions)[0] == []
