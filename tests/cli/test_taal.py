"""routeflow feel and routeflow decide."""

import json

import pytest

from support.huis import PROJECT

TABELLEN = PROJECT / "processes"
TABEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:t">
  <decision id="eind" name="Einde">
    <variable name="eind" typeRef="date"/>
    <literalExpression><text>start + duration("P1M")</text></literalExpression>
  </decision>
  <decision id="groet" name="De groet">
    <decisionTable hitPolicy="FIRST">
      <input id="i"><inputExpression><text>uur</text></inputExpression></input>
      <output id="o" name="tekst"/>
      <rule id="vroeg"><inputEntry id="a"><text>&lt; 12</text></inputEntry>
        <outputEntry id="b"><text>"goedemorgen"</text></outputEntry></rule>
      <rule id="laat"><inputEntry id="c"><text>-</text></inputEntry>
        <outputEntry id="e"><text>"goedemiddag"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture
def tabel(tmp_path):
    bestand = tmp_path / "tabel.dmn"
    bestand.write_bytes(TABEL)
    return bestand


@pytest.mark.parametrize(
    ("expressie", "context", "antwoord"),
    [
        ("1 + 1", None, 2),
        ("0.1 + 0.2", None, 0.3),
        ("a + b", '{"a": 1, "b": 2.5}', 3.5),
        ('date("2026-01-05") + duration("P1M")', None, "2026-02-05"),
        ("d.year", '{"d": {"@type": "date", "@value": "2026-01-05"}}', 2026),
        ('{x: [1, true, null, "é"]}', None, {"x": [1, True, None, "é"]}),
        ('duration("P10W")', None, None),
        ("[1, 2, 3][item > 1]", None, [2, 3]),
    ],
)
def test_an_expression_is_answered_as_json(opdracht, expressie, context, antwoord):
    meer = ["--context", context] if context else []
    assert opdracht.json("feel", expressie, *meer) == antwoord


def test_a_typed_answer_keeps_its_type(opdracht):
    assert opdracht.json("feel", 'date("2026-01-05")', "--typed") == {
        "@type": "date",
        "@value": "2026-01-05",
    }
    assert opdracht.json("feel", "{u: 1.5}", "--typed") == {
        "u": {"@type": "number", "@value": "1.5"}
    }


def test_a_test_is_held_against_its_value(opdracht):
    assert opdracht.json("feel", "> 3", "--unary", "--context", '{"?": 5}') is True
    assert opdracht.json("feel", "[1..3]", "--unary", "--context", '{"?": 5}') is False


def test_why_an_answer_is_null_stands_on_stderr(opdracht):
    uitslag = opdracht("feel", "leeftijd + 1")
    assert uitslag.stdout == "null\n"
    assert "leeftijd is niet bekend" in uitslag.stderr


@pytest.mark.parametrize(
    ("woorden", "stand", "zin"),
    [
        (["1 +"], 1, "niet te lezen (teken 4)"),
        (["for i in 1..100000000 return i"], 1, "te veel rekenstappen"),
        ([], 2, "Geef een expressie"),
        (["a", "--context", "[1]"], 2, "JSON-object"),
        (["a", "--context", "{"], 2, "geen geldige JSON"),
        (["a", "--context", '{"a": {"@type": "date", "@value": "x"}}'], 2, "geen geldige JSON"),
        (["a", "--context", "[" * 100_000], 2, "geen geldige JSON"),
    ],
)
def test_what_cannot_be_answered_ends_in_a_sentence(opdracht, woorden, stand, zin):
    uitslag = opdracht("feel", *woorden, stand=stand)
    assert uitslag.stdout == ""
    assert zin in uitslag.stderr


def test_lines_are_answered_one_by_one_whatever_the_line_before(opdracht):
    vragen = [
        {"expression": "1 + 1"},
        {"expression": "1 +"},
        "geen json",
        [],
        {"expression": "d", "context": {"d": {"@type": "date", "@value": "2026-01-05"}}},
        {"expression": "> 3", "unary": True, "context": {"?": 5}},
        {"expression": "for i in 1..100000000 return i"},
        {"context": {}},
        {"expression": "a", "context": []},
        {"expression": "onbekend"},
    ]
    stdin = "\n".join(
        vraag if isinstance(vraag, str) else json.dumps(vraag) for vraag in [*vragen, "", ""]
    )
    antwoorden = opdracht.regels("feel", "--jsonl", stdin=stdin)
    assert len(antwoorden) == len(vragen)
    uitslag = [antwoord.get("result", "fout") for antwoord in antwoorden]
    assert uitslag == [2, "fout", "fout", "fout", "2026-01-05", True, "fout", "fout", "fout", None]
    assert antwoorden[-1]["reasons"] == ["onbekend is niet bekend"]
    assert all(("error" in een) != ("result" in een) for een in antwoorden)


def test_one_expression_for_many_contexts(opdracht):
    stdin = '{"a": 1}\n{"context": {"a": 5}}\n'
    antwoorden = opdracht.regels("feel", "a * 2", "--jsonl", "--typed", stdin=stdin)
    assert [antwoord["result"] for antwoord in antwoorden] == [2, 10]


def test_a_decision_is_found_by_id_or_name(opdracht, tabel):
    vraag = ["--input", '{"uur": 9}']
    assert opdracht.json("decide", tabel, "groet", *vraag) == "goedemorgen"
    assert opdracht.json("decide", tabel, "De groet", *vraag) == "goedemorgen"


def test_a_decision_takes_and_gives_typed_values(opdracht, tabel):
    vraag = ["--input", '{"start": {"@type": "date", "@value": "2026-01-31"}}']
    assert opdracht.json("decide", tabel, "eind", *vraag) == "2026-02-28"
    typed = opdracht.json("decide", tabel, "eind", *vraag, "--typed")
    assert typed == {"@type": "date", "@value": "2026-02-28"}


def test_a_decision_says_which_rules_held(opdracht, tabel):
    uitslag = opdracht.json("decide", tabel, "groet", "--input", '{"uur": 15}', "--uitleg")
    assert uitslag == {"result": "goedemiddag", "reasons": [], "matched": {"groet": ["laat"]}}


def test_the_only_decision_of_a_file_needs_no_name(opdracht):
    antwoord = opdracht.json(
        "decide", TABELLEN / "werkafspraken.dmn", "--input", '{"termijn": "nazorgplan"}'
    )
    assert (antwoord["aantal"], antwoord["eenheid"]) == (6, "weken")


def test_decisions_are_taken_line_by_line(opdracht, tabel):
    stdin = '{"input": {"uur": 9}}\n{"uur": 15}\n{\n[]\n{"input": 3}\n'
    antwoorden = opdracht.regels("decide", tabel, "groet", "--jsonl", stdin=stdin)
    uitslag = [antwoord.get("result", "fout") for antwoord in antwoorden]
    assert uitslag == ["goedemorgen", "goedemiddag", "fout", "fout", "fout"]


def test_each_line_may_name_its_own_model(opdracht, tabel):
    vragen = [
        {"model": str(tabel), "decision": "groet", "input": {"uur": 9}},
        {"model": str(tabel), "decision": "niets", "input": {}},
        {"model": str(tabel), "input": {"uur": 9}},
        {"model": "nergens.dmn", "decision": "groet"},
        {"decision": "groet"},
        {
            "model": str(tabel),
            "decision": "eind",
            "input": {"start": {"@type": "date", "@value": "2026-03-31"}},
        },
    ]
    antwoorden = opdracht.regels(
        "decide", "--jsonl", "--typed", stdin="\n".join(map(json.dumps, vragen))
    )
    uitslag = [antwoord.get("result", "fout") for antwoord in antwoorden]
    eind = {"@type": "date", "@value": "2026-04-30"}
    assert uitslag == ["goedemorgen", "fout", "fout", "fout", "fout", eind]
    assert "eind, groet" in antwoorden[2]["error"]


@pytest.mark.parametrize(
    "inhoud",
    [
        b"geen xml",
        b"",
        b"<definitions/>",
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><definitions>&a;</definitions>',
        b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><definitions>&b;</definitions>',
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(opdracht, tmp_path, inhoud):
    bestand = tmp_path / "kapot.dmn"
    bestand.write_bytes(inhoud)
    uitslag = opdracht("decide", bestand, stand=1)
    assert uitslag.stdout == ""
    assert uitslag.stderr.strip()
    assert "root:" not in uitslag.output


def test_a_decision_or_file_that_is_not_there(opdracht, tabel):
    assert "niets" in opdracht("decide", tabel, "niets", stand=1).stderr
    assert "eind, groet" in opdracht("decide", tabel, stand=1).stderr
    opdracht("decide", "nergens.dmn", stand=2)
    opdracht("decide", stand=2)
