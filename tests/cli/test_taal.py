"""routeflow feel and routeflow decide."""

import json

import pytest

from support.dmn import decision, dmn, imported, input_data, knowledge, literal, service
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


def test_names_inside_the_values_may_hold_spaces_and_signs(opdracht):
    waarden = '{"gezin": [{"jaar-inkomen": 1200}], "kind": {"eerste naam": "Noor"}}'
    assert opdracht.json("feel", "gezin[1].jaar-inkomen / 12", "--context", waarden) == 100
    assert opdracht.json("feel", "kind.eerste naam", "--context", waarden) == "Noor"


def test_dates_beyond_those_of_python_come_in_and_out(opdracht):
    dag = '{"dag": {"@type": "date", "@value": "9999-12-31"}}'
    assert opdracht.json("feel", 'dag + duration("P1D")', "--typed", "--context", dag) == {
        "@type": "date",
        "@value": "10000-01-01",
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
        (["a", "--context", '{"a": "\\ud800"}'], 2, "half teken"),
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


@pytest.fixture
def familie(tmp_path):
    """Two files, of which one imports the other, and a third that stands outside their folder."""
    (tmp_path / "weg").mkdir()
    map_ = tmp_path / "samen"
    map_.mkdir()
    (map_ / "deel.dmn").write_bytes(
        dmn(
            input_data("wie"),
            decision("naam", literal('"mevrouw " + wie'), inputs=["wie"]),
            knowledge("Maak groot", "upper case(x)", ("x", "string")),
            own="deel",
        )
    )
    (tmp_path / "weg" / "geheim.dmn").write_bytes(dmn(decision("naam", literal("1")), own="weg"))
    hoofd = map_ / "hoofd.dmn"
    hoofd.write_bytes(
        dmn(
            imported("deel", "d"),
            imported("weg", "w", "../weg/geheim.dmn"),
            decision("aanhef", literal('"Beste " + d.naam'), needs=["deel#naam"]),
            decision("buiten", literal("w.naam"), needs=["weg#naam"]),
            decision("functie", literal("function(x) x")),
            decision("stuk", literal("1 +")),
            service("De dienst", out=["aanhef"], data=["deel#wie"]),
            knowledge("De som", "a + b", ("a", "number"), ("b", "number")),
        )
    )
    return hoofd


def test_a_table_imports_from_its_own_folder_and_from_nowhere_else(opdracht, familie):
    assert opdracht.json("decide", familie, "aanhef", "--input", '{"wie": "An"}') == (
        "Beste mevrouw An"
    )
    assert opdracht.json("decide", familie, "buiten") is None


def test_a_service_and_a_knowledge_model_are_asked_by_name(opdracht, familie):
    vraag = ["--input", '{"d.wie": "Bo"}']
    assert opdracht.json("decide", familie, "De dienst", *vraag) == "Beste mevrouw Bo"
    assert opdracht.json("decide", familie, "De som", "--input", '{"a": 1, "b": 2}') == 3
    assert opdracht.json("decide", familie, "d.Maak groot", "--input", '{"x": "a"}') == "A"


def test_a_decision_that_cannot_be_taken_is_null_with_reasons(opdracht, familie):
    stuk = opdracht("decide", familie, "stuk")
    assert (stuk.stdout.strip(), bool(stuk.stderr.strip())) == ("null", True)
    functie = opdracht("decide", familie, "functie")
    assert functie.stdout.strip() == "null"
    assert "functie" in functie.stderr
    stdin = '{"decision": "functie", "input": {}}\n{"decision": "stuk", "input": {}}\n'
    for antwoord in opdracht.regels("decide", familie, "--jsonl", stdin=stdin):
        assert antwoord["result"] is None
        assert antwoord["reasons"]


def test_a_line_may_name_the_decision_in_the_file_of_the_command(opdracht, familie):
    stdin = '{"decision": "De som", "input": {"a": 2, "b": 3}}\n{"decision": "x", "input": {}}\n'
    antwoorden = opdracht.regels("decide", familie, "--jsonl", stdin=stdin)
    assert antwoorden[0]["result"] == 5
    assert "Wel: De dienst, De som, Maak groot, aanhef" in antwoorden[1]["error"]


@pytest.mark.parametrize(
    ("soort", "geschreven", "expressie"),
    [
        ("number", "1.10", "x + 1 = 2.1"),
        ("decimal", "1.10", "x = 1.1"),
        ("xsd:double", "1e3", "x = 1000"),
        ("string", "2026-01-05", "x instance of string"),
        ("boolean", True, "x = true"),
        ("null", None, "x = null"),
        ("date", None, "x = null"),
        ("xsd:decimal", None, "x = null"),
        ("list", [1, {"@type": "date", "@value": "2026-01-05"}], 'x[2] = @"2026-01-05"'),
        ("context", {"a": {"@type": "integer", "@value": "3"}}, "x.a = 3"),
        ("date", "2026-01-05", 'x = @"2026-01-05"'),
        ("time", "13:00:00Z", 'x = @"13:00:00Z"'),
        ("xsd:dateTime", "2026-01-05T13:00:00", 'x = @"2026-01-05T13:00:00"'),
        ("duration", "-P1Y2M", 'x = duration("-P1Y2M")'),
        ("duration", "P1M", "x instance of years and months duration"),
        ("duration", "P1DT2H", 'x = duration("P1DT2H")'),
        ("duration", "PT1M", "x instance of days and time duration"),
        ("dayTimeDuration", "PT0S", 'x = duration("PT0S")'),
    ],
)
def test_values_may_have_the_types_of_xml_schema(opdracht, soort, geschreven, expressie):
    context = json.dumps({"x": {"@type": soort, "@value": geschreven}})
    assert opdracht.json("feel", expressie, "--context", context) is True


@pytest.mark.parametrize(
    ("soort", "geschreven"),
    [("string", 1), ("boolean", "true"), ("duration", "een dag"), ("duration", 3), ("steen", "x")],
)
def test_a_value_that_is_not_of_its_type_is_refused(opdracht, soort, geschreven):
    context = json.dumps({"x": {"@type": soort, "@value": geschreven}})
    assert "--context" in opdracht("feel", "x", "--context", context, stand=2).stderr


def test_a_number_keeps_all_its_digits(opdracht):
    cijfers = "12345678901234567890.123456789"
    gevonden = opdracht.json("feel", "x", "--context", f'{{"x": {cijfers}}}', "--typed")
    assert gevonden == {"@type": "number", "@value": cijfers}
