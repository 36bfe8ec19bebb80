"""The runner of the DMN TCK reads its kind of files and believes no wrong answer."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

import tck
from routeflow.feel.json import from_json
from support.dmn import decision, dmn, imported, input_data, knowledge, literal, service

CASES = """<?xml version="1.0" encoding="UTF-8"?>
<t:testCases xmlns:t="http://www.omg.org/spec/DMN/20160719/testcase"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <t:modelName>m.dmn</t:modelName>
  <t:testCase id="a">
    <t:inputNode name="dag"><t:value xsi:type="xsd:date">2026-01-31</t:value></t:inputNode>
    <t:inputNode name="klant">
      <t:component name="naam"><t:value xsi:type="xsd:string">An</t:value></t:component>
      <t:component name="uren"><t:list>
        <t:item><t:value xsi:type="xsd:decimal">1.5</t:value></t:item>
        <t:item><t:value xsi:nil="true"/></t:item>
      </t:list></t:component>
    </t:inputNode>
    <t:resultNode name="een maand later" type="decision"><t:expected>
      <t:value xsi:type="xsd:date">2026-02-28</t:value></t:expected></t:resultNode>
    <t:resultNode name="terug" type="decision"><t:expected>
      <t:component name="naam"><t:value xsi:type="xsd:string">An</t:value></t:component>
      <t:component name="uren"><t:list>
        <t:item><t:value xsi:type="xsd:decimal">1.5</t:value></t:item>
        <t:item><t:value xsi:nil="true"/></t:item>
      </t:list></t:component>
    </t:expected></t:resultNode>
    <t:resultNode name="duur" type="decision"><t:expected>
      <t:value xsi:type="xsd:duration">P1Y1M</t:value></t:expected></t:resultNode>
    <t:resultNode name="derde" type="decision"><t:expected>
      <t:value xsi:type="xsd:double">0.333333333</t:value></t:expected></t:resultNode>
    <t:resultNode name="stuk" type="decision" errorResult="true"><t:expected>
      <t:value xsi:nil="true"/></t:expected></t:resultNode>
    <t:resultNode name="ja" type="decision"><t:expected>
      <t:value xsi:type="xsd:boolean">true</t:value></t:expected></t:resultNode>
    <t:resultNode name="geen lijst" type="decision" errorResult="true"><t:expected>
      <t:list xsi:nil="true"/></t:expected></t:resultNode>
  </t:testCase>
  <t:testCase id="b" type="decisionService" invocableName="De dienst">
    <t:inputNode name="dag"><t:value xsi:type="xsd:date">2026-01-31</t:value></t:inputNode>
    <t:resultNode name="De dienst"><t:expected>
      <t:value xsi:type="xsd:date">2026-02-28</t:value></t:expected></t:resultNode>
  </t:testCase>
  <t:testCase id="c" type="bkm" invocableName="plus">
    <t:inputNode name="p"><t:value xsi:type="xsd:integer">2</t:value></t:inputNode>
    <t:resultNode name="plus"><t:expected>
      <t:value xsi:type="xsd:decimal">3</t:value></t:expected></t:resultNode>
  </t:testCase>
</t:testCases>
"""
MODEL = dmn(
    imported("deel", "d"),
    input_data("dag", "date"),
    input_data("klant"),
    decision("een maand later", literal('dag + @"P1M"'), inputs=["dag"]),
    decision("terug", literal("klant"), inputs=["klant"]),
    decision("duur", literal("d.jaar"), needs=["deel#jaar"]),
    decision("derde", literal("1 / 3")),
    decision("stuk", literal('"a" + 1')),
    decision("ja", literal("1 < 2")),
    decision("geen lijst", literal('split("a", 1)')),
    service("De dienst", out=["een maand later"], data=["dag"]),
    knowledge("plus", "p + 1", ("p", "number")),
)
PART = dmn(decision("jaar", literal('@"P13M"')), own="deel")


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "m.dmn").write_bytes(MODEL)
    (tmp_path / "deel.dmn").write_bytes(PART)
    (tmp_path / "test.xml").write_text(CASES)
    (tmp_path / "iets.xml").write_text("<iets/>")
    return tmp_path


def run(folder):
    cases = [case for file in sorted(folder.rglob("*.xml")) for case in tck.cases_of(file)]
    answers = tck.answers([case.question for case in cases])
    return {
        case.question["decision"]: tck.agrees(case, answer)
        for case, answer in zip(cases, answers, strict=True)
    }


def test_every_kind_of_case_can_pass(folder):
    found = run(folder)
    assert len(found) == 9
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("right", "wrong", "name"),
    [
        ("2026-02-28</t:value></t:expected></t:resultNode>\n    <", "2026-03-01</t:value></t:expected></t:resultNode>\n    <", "een maand later"),
        ("P1Y1M", "P1Y", "duur"),
        ("0.333333333", "0.3333", "derde"),
        ('xsd:boolean">true', 'xsd:boolean">false', "ja"),
        ('xsd:decimal">3<', 'xsd:string">3<', "plus"),
        ('resultNode name="stuk"', 'resultNode name="derde"', "derde"),
        ('resultNode name="ja"', 'resultNode name="nee"', "nee"),
    ],
)  # fmt: skip
def test_a_wrong_answer_does_not_pass(folder, right, wrong, name):
    (folder / "test.xml").write_text(CASES.replace(right, wrong))
    assert run(folder)[name] is False


@pytest.mark.parametrize(
    ("written", "answer"),
    [("120", Decimal(120)), (".035", Decimal("0.035")), ("true", True), ("12a", "12a"), ("", None)],
)
def test_a_value_that_tells_no_type_is_read_as_it_looks(tmp_path, written, answer):
    given = CASES.replace('xsi:type="xsd:integer">2<', f">{written}<")
    (tmp_path / "test.xml").write_text(given)
    *_, case = tck.cases_of(tmp_path / "test.xml")
    assert from_json(case.question["input"]["p"]) == answer


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("<t:list/>", []),
        ('<t:list xsi:nil="true"/>', None),
        ('<t:value xsi:nil="true"/>', None),
        ('<t:value xmlns:xs="x" xsi:type="xs:string">2</t:value>', "2"),
        ('<t:value xsi:type="xsd:string"/>', ""),
        ('<t:value xsi:type="xsd:boolean"> true </t:value>', True),
        ('<!-- so --><t:value xsi:type="xsd:decimal">1.50</t:value>', Decimal("1.5")),
        ('<t:value xsi:type="xsd:double">1.5E2</t:value>', Decimal(150)),
        ('<t:value xsi:type="xsd:time">10:00:00</t:value>', time(10)),
        ('<t:value xsi:type="xsd:date">2026-02-16</t:value>', date(2026, 2, 16)),
        (
            """<t:component name="a"><t:component name="b c">
                <t:value xsi:nil="true"/></t:component></t:component>""",
            {"a": {"b c": None}},
        ),
        (
            """<t:list><!-- so --><t:item><t:list><t:item><t:value>w</t:value></t:item></t:list>
                </t:item><t:item><t:component name="x"><t:value>1</t:value></t:component>
                <t:component name="y"><t:list/></t:component></t:item></t:list>""",
            [["w"], {"x": Decimal(1), "y": []}],
        ),
    ],
)
def test_an_answer_is_read_in_every_form_that_a_case_writes_it(tmp_path, written, answer):
    cases = (
        CASES.partition("<t:testCase ")[0]
        + f"""
        <t:testCase id="x"><t:description>Een geval</t:description>
          <t:resultNode name="terug"><t:expected>{written}</t:expected></t:resultNode>
        </t:testCase></t:testCases>"""
    )
    (tmp_path / "test.xml").write_text(cases)
    (case,) = tck.cases_of(tmp_path / "test.xml")
    assert (case.question["decision"], case.expected) == ("terug", answer)
