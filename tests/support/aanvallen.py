"""The attacks: one named case each. Big ones are made when asked for, never stored."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape

from support import bpmn
from support.klein import klein

MARK = "indringer"
BPMN = "processes/aanval.bpmn"
DMN = "processes/aanval.dmn"
FORM = "forms/aanval.form"
TEMPLATE = "processes/element-templates/aanval.json"


@dataclass(frozen=True)
class Attack:
    """One file; ``refused`` says whether the judge must refuse it; None: it may."""

    name: str
    path: str
    make: Callable[[], bytes]
    refused: bool | None = True

    def files(self) -> dict[str, bytes]:
        """Return a good set with the attack in it."""
        return {**goed(), self.path: self.make()}


@cache
def goed() -> dict[str, bytes]:
    """A set of one step, so small that judging it costs nothing."""
    return {
        "processes/goed.bpmn": bpmn.draw(
            "goed",
            bpmn.lanes("goede_banen", casemanager=["goede_stap"]),
            bpmn.start("goed_s"),
            person("goede_stap"),
            bpmn.end("goed_e"),
            bpmn.path("goed_s > goede_stap > goed_e"),
        ),
        "forms/plan.form": klein()["forms/plan.form"],
    }


def person(ident: str, *inside: str, name: str = "Doe iets") -> str:
    return bpmn.user(
        ident,
        bpmn.zeebe("formDefinition", formId="plan"),
        bpmn.zeebe("properties", bpmn.zeebe("property", name="onderdeel", value="regie")),
        *inside,
        name=name,
    )


def diagram(*inside: str, name: str = "Doe iets", before: str = "") -> bytes:
    """A good diagram of one step, with ``inside`` in the step and ``before`` it in the process."""
    return bpmn.draw(
        "aanval",
        bpmn.lanes("banen", casemanager=["aanval_stap"]),
        before,
        bpmn.start("aanval_s"),
        person("aanval_stap", *inside, name=name),
        bpmn.end("aanval_e"),
        bpmn.path("aanval_s > aanval_stap > aanval_e"),
    )


GOOD = diagram()


def changed(one: str, other: str) -> bytes:
    assert one.encode() in GOOD
    return GOOD.replace(one.encode(), other.encode(), 1)


def headed(text: str) -> bytes:
    """The good diagram with ``text`` between the declaration and the root."""
    return GOOD.replace(b"?>", b"?>" + text.encode(), 1)


def inside(text: str) -> bytes:
    return changed('name="Doe iets">', f'name="Doe iets">{text}')


def named(text: str) -> bytes:
    return changed('name="Doe iets"', f'name="{escape(text)}"')


def with_id(ident: str) -> bytes:
    return GOOD.replace(b"aanval_stap", escape(ident).encode())


def encoded(declared: str, encoding: str, name: str = "Één stap") -> bytes:
    text = diagram(name=name).decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    return text.encode(encoding)


def scripted(expression: str) -> bytes:
    step = bpmn.script("aanval_x", expression, "uitkomst")
    return bpmn.draw(
        "aanval", bpmn.start("aanval_s"), step, bpmn.end("aanval_e"),
        bpmn.path("aanval_s > aanval_x > aanval_e"),
    )  # fmt: skip


def conditioned(expression: str) -> bytes:
    return bpmn.draw(
        "aanval",
        bpmn.start("aanval_s"),
        bpmn.exclusive("aanval_g", default="aanval_g_aanval_f"),
        bpmn.end("aanval_e"),
        bpmn.end("aanval_f"),
        bpmn.path("aanval_s > aanval_g"),
        bpmn.path("aanval_g > aanval_e", expression),
        bpmn.path("aanval_g > aanval_f"),
    )


def table(cell: str, *, head: str = "", language: str = "") -> bytes:
    """A decision table with ``cell`` in its only row."""
    return (
        f'{head}<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        f' namespace="urn:x" {language}><decision id="aanval" name="aanval"><decisionTable id="t"'
        ' hitPolicy="FIRST"><input id="i"><inputExpression typeRef="string"><text>a</text>'
        '</inputExpression></input><output id="o" name="o" typeRef="string"/><rule id="r">'
        f"<inputEntry><text>{escape(cell)}</text></inputEntry>"
        '<outputEntry><text>"x"</text></outputEntry></rule></decisionTable></decision>'
        "</definitions>"
    ).encode()


def form(*components: object, **rest: object) -> bytes:
    whole = {"type": "default", "id": "aanval", "schemaVersion": 16, "components": components}
    return json.dumps({**whole, **rest}).encode()


def field(**rest: object) -> dict[str, object]:
    return {"type": "textfield", "key": "veld", "label": "Veld", **rest}


def nested(depth: int) -> bytes:
    group: object = field()
    for _ in range(depth):
        group = {"type": "group", "label": "G", "components": [group]}
    return form(group)


def template(**rest: object) -> bytes:
    whole = {"id": "x", "name": "X", "appliesTo": ["bpmn:UserTask"], "properties": []}
    return json.dumps([{**whole, **rest}]).encode()


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(
        f'<!ENTITY lol{n} "{f"&lol{n - 1 if n > 1 else chr(0)};".replace(chr(0), "") * 10}">'
        for n in range(1, 10)
    )
    + "]>"
)
XML = [
    ("doctype", lambda: headed("<!DOCTYPE definitions>")),
    ("doctype in small letters", lambda: headed("<!doctype definitions>")),
    ("doctype behind comments", lambda: headed("<!-- a --><?b c?>\n<!DOCTYPE definitions>")),
    ("own entity", lambda: headed('<!DOCTYPE a [<!ENTITY x "y">]>').replace(b"Doe iets", b"&x;")),
    ("external entity", lambda: headed('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    ("entity over http", lambda: headed('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">')),
    ("parameter entity", lambda: headed('<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///x"> %x;]>')),
    ("billion laughs", lambda: headed(LAUGHS).replace(b"Doe iets", b"&lol9;")),
    ("entity without doctype", lambda: changed("Doe iets", "&x;")),
    ("doctype in utf-16", lambda: headed("<!DOCTYPE a>").decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    ("encoding utf-7", lambda: encoded("UTF-7", "ascii", "Doe iets")),
    ("encoding unknown", lambda: encoded("x-mac-cyrillic", "ascii", "Doe iets")),
    ("says utf-8, is latin-1", lambda: encoded("UTF-8", "latin-1")),
    ("says utf-16, is utf-8", lambda: encoded("UTF-16", "utf-8")),
    ("utf-32", lambda: encoded("UTF-32", "utf-32")),
    ("mark of utf-16, text the other way around", lambda: b"\xff\xfe" + encoded("UTF-16", "utf-16-be")),
    ("utf-16 of half a character", lambda: encoded("UTF-16", "utf-16") + b"\x00"),
    ("utf-16 with half a surrogate", lambda: encoded("UTF-16", "utf-16-le").replace("t".encode("utf-16-le"), b"\x00\xd8", 1)),
    ("windows-1252 with a byte that it lacks", lambda: encoded("windows-1252", "latin-1").replace(b"stap", b"\x81", 1)),
    ("utf-8 longer than it must be", lambda: changed("Doe iets", "Doe iets").replace(b"Doe iets", b"Doe\xc0\xbciets")),
    ("ebcdic", lambda: encoded("cp500", "cp500")),
    ("NUL in utf-16", lambda: encoded("UTF-16", "utf-16", "Doe\x00iets")),
    ("only a mark", lambda: b"\xef\xbb\xbf"),
    ("encoding named twice", lambda: changed('encoding="UTF-8"', 'encoding="UTF-8" encoding="UTF-7"').replace(b"Doe", b"+ADw-")),
    ("NUL in it", lambda: changed("Doe iets", "Doe\x00iets")),
    ("NUL as reference", lambda: changed("Doe iets", "Doe&#0;iets")),
    ("half a surrogate", lambda: changed("Doe iets", "Doe&#xD800;iets")),
    ("truncated", lambda: GOOD[:-40]),
    ("two roots", lambda: GOOD + b"<a/>"),
    ("nothing", lambda: b""),
    ("no xml", lambda: b"MZ\x90\x00\x03"),
    ("zip", lambda: b"PK\x03\x04" + b"\x00" * 400),
    ("html", lambda: b"<html><body>hallo</body></html>"),
    ("other namespace", lambda: GOOD.replace(b"20100524/MODEL", b"20200101/MODEL")),
    ("no namespace", lambda: GOOD.replace(b"http://www.omg.org/spec/BPMN/20100524/MODEL", b"urn:x")),
    ("prefix without namespace", lambda: GOOD.replace(b"xmlns:bpmn=", b"xmlns:ander=")),
    ("include", lambda: changed("<bpmn:startEvent", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><bpmn:startEvent')),
    ("html between the steps", lambda: changed("<bpmn:startEvent", f'<h:script xmlns:h="http://www.w3.org/1999/xhtml">{MARK}()</h:script><bpmn:startEvent')),
    ("import of another file", lambda: changed("<bpmn:process ", '<bpmn:import importType="x" location="file:///etc/passwd" namespace="y"/><bpmn:process ')),
    ("same id twice", lambda: with_id("aanval_s")),
    ("id Start", lambda: with_id("Start")),
    ("id End", lambda: with_id("End")),
    ("empty id", lambda: with_id("")),
    ("very long id", lambda: with_id("x" * 5000)),
    ("id as a path", lambda: with_id("../../../etc/passwd")),
    ("id with markup", lambda: with_id(f'"><script>{MARK}()</script>')),
    ("id with a line break", lambda: GOOD.replace(b"aanval_stap", b"aanval&#10;stap")),
    ("id with spaces", lambda: with_id("een stap")),
    ("very long name", lambda: named("x" * 5000)),
    ("300 layers", lambda: inside("<bpmn:a>" * 300 + "</bpmn:a>" * 300)),
    ("many layers unclosed", lambda: b"<a>" * 1_000_000),
    ("subprocesses 150 deep", lambda: changed("<bpmn:startEvent", "".join(f'<bpmn:subProcess id="u{n}">' for n in range(150)) + "</bpmn:subProcess>" * 150 + "<bpmn:startEvent")),
    ("150,000 attributes", lambda: changed('name="Doe iets"', " ".join(f'a{n}="1"' for n in range(150_000)))),
    ("attributes with signs of tags in them", lambda: changed('name="Doe iets"', " ".join(f"a{n}='>'" for n in range(50_000)))),
    ("namespaces in namespaces", lambda: inside("".join(f'<a{n}:b xmlns:a{n}="urn:{n}">' for n in range(150)) + "".join(f"</a{n}:b>" for n in reversed(range(150))))),
    ("script element", lambda: inside("<bpmn:script>print(1)</bpmn:script>")),
    ("listener", lambda: inside('<bpmn:extensionElements><camunda:executionListener xmlns:camunda="http://camunda.org/schema/1.0/bpmn" class="java.lang.Runtime"/></bpmn:extensionElements>')),
    ("expression language of java", lambda: GOOD.replace(b"<bpmn:definitions ", b'<bpmn:definitions expressionLanguage="http://www.java.com/java" ')),
]  # fmt: skip
HARMLESS_XML = [
    ("utf-8 with a mark", lambda: b"\xef\xbb\xbf" + diagram(name="Één stap")),
    ("utf-16", lambda: encoded("UTF-16", "utf-16")),
    ("utf-16 without a mark", lambda: encoded("UTF-16", "utf-16-le")),
    ("utf-16 big end first", lambda: b"\xfe\xff" + encoded("UTF-16", "utf-16-be")),
    ("utf-16 big end first, without a mark", lambda: encoded("UTF-16", "utf-16-be")),
    ("latin-1", lambda: encoded("ISO-8859-1", "latin-1")),
    ("latin-9", lambda: encoded("ISO-8859-15", "iso-8859-15", "Één € stap")),
    ("windows-1252", lambda: encoded("windows-1252", "cp1252", "Één € “stap”")),
    ("utf-8 with a mark, says latin-1", lambda: b"\xef\xbb\xbf" + encoded("ISO-8859-1", "utf-8")),
    ("schema location", lambda: changed("<bpmn:definitions ", '<bpmn:definitions xsi:schemaLocation="urn:x http://127.0.0.1:9/x.xsd" ')),
    ("stylesheet", lambda: headed('<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>')),
    ("python names", lambda: with_id("__class__")),
    ("cdata", lambda: inside(f"<bpmn:documentation><![CDATA[<script>{MARK}()</script>]]></bpmn:documentation>")),
    ("cdata that closes", lambda: inside(f"<bpmn:documentation><![CDATA[]]]]><![CDATA[><script>{MARK}()</script>]]></bpmn:documentation>")),
    ("50,000 namespaces", lambda: changed('name="Doe iets"', " ".join(f'xmlns:a{n}="urn:{n}"' for n in range(50_000)))),
    ("text turned around", lambda: named("\u202etsjilp\u202c")),
]  # fmt: skip

LANGUAGES = [
    "print(1)",
    "${execution.setVariable('a', 1)}",
    "#{a.b()}",
    "__import__('os').system('id')",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
]
WRONG_FEEL = [
    "=__import__('os').system('id')",
    '=__import__("os").system("id")',
    "=().__class__.__base__.__subclasses__()",
    '=eval("1")',
    '=open("/etc/passwd")',
    "=lambda: 1",
    "=a.b = 1; c",
    "=" + "(" * 5000 + "1" + ")" * 5000,
    "=" + "[" * 5000,
    "=" + "not(" * 5000,
    "=" + "1+" * 50_000 + "1",
    '="' + "x" * 200_000,
    "=" + "if true then " * 3000 + "1" + " else 1" * 3000,
    "=\x85\u2028",
]
HEAVY_FEEL = [
    "=9 ** 9 ** 9 ** 9",
    "=1e999999999 * 10",
    "=for i in 1..100000, j in 1..100000 return i",
    "={f: function(n) f(n + 1), x: f(0)}.x",
    '={f: function(s, n) if n = 0 then s else f(s + s, n - 1), x: f("aaaaaaaa", 60)}.x',
    "={f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), x: f([1, 2], 60)}.x",
    '=matches("' + "a" * 60 + '!", "^(a+)+$")',
    '=replace("' + "a" * 5000 + '", "(a|aa)+$", "b")',
    "=sort(for i in 1..90000 return i, function(a, b) some x in 1..1000 satisfies x > a)",
    "=string(10 ** 6000)",
    '=duration("P99999999999999999999D")',
    '=date("99999-01-01") + duration("P999999Y")',
    "=__class__",
    '=get value({}, "__class__")',
    '="a".__class__',
    "=[].append",
]


def _table_attacks() -> list[Attack]:
    cells = {
        "python in a cell": '__import__("os").system("id")',
        "deep cell": "not(" * 3000,
        "heavy cell": '"' + "x" * 200_000,
    }
    return [
        *(Attack(name, DMN, lambda cell=cell: table(cell)) for name, cell in cells.items()),
        Attack("table with a doctype", DMN, lambda: table("-", head="<!DOCTYPE definitions>")),
        Attack("table with an entity", DMN, lambda: table("-", head=LAUGHS)),
        Attack("table in javascript", DMN, lambda: table("-", language='expressionLanguage="http://www.javascript.com"')),
        Attack("table with 20,000 rows", DMN, lambda: _long_table(20_000)),
        Attack("table in bits", DMN, lambda: table("-")[:200]),
        Attack("table in utf-16", DMN, lambda: table('"é"').decode().encode("utf-16"), refused=False),
        Attack("table in latin-1 that says so not", DMN, lambda: table('"é"').decode().encode("latin-1")),
    ]  # fmt: skip


def _long_table(rows: int) -> bytes:
    rule = "".join(
        f'<rule id="r{n}"><inputEntry><text>"{n}"</text></inputEntry>'
        f"<outputEntry><text>{n}</text></outputEntry></rule>"
        for n in range(rows)
    )
    whole = table("-").decode()
    return whole.replace("</rule>", f"</rule>{rule}", 1).encode()


def _form_attacks() -> list[Attack]:
    options = [{"label": "x", "value": f"v{n}"} for n in range(100_000)]
    made = {
        "no json": lambda: b"{",
        "latin-1": lambda: form(field(label="\u00e9")).replace(b"\\u00e9", b"\xe9"),
        "utf-16 cut off": lambda: form(field()).decode().encode("utf-16")[:-3],
        "utf-7": lambda: form(field(label="+ADw-")).replace(b'"Veld"', b"+ACI-Veld+ACI-", 1)[:-1],
        "NUL": lambda: form(field()).replace(b"Veld", b"Ve\x00ld", 1),
        "NaN": lambda: form(field()).replace(b"16", b"NaN"),
        "infinity": lambda: form(field(validate={"max": 1})).replace(b'"max": 1', b'"max": Infinity'),
        "list of lists": lambda: b"[" * 100_000 + b"]" * 100_000,
        "objects in objects": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "groups in groups": lambda: nested(60),
        "groups very deep": lambda: nested(250),
        "same key twice": lambda: form(field(), field()),
        "python key": lambda: form(field(key="__class__")),
        "prototype key": lambda: form(field(key="__proto__")),
        "key of the page": lambda: form(field(key="csrf_token")),
        "key with markup": lambda: form(field(key=f'"><script>{MARK}()</script>')),
        "key with a dot": lambda: form(field(key="a.b")),
        "number as key": lambda: form(field(key=1)),
        "components no list": lambda: form(components={"a": 1}),
        "component no object": lambda: form(1, "x", None, []),
        "unknown component": lambda: form({"type": "script", "content": f"{MARK}()"}),
        "html component": lambda: form({"type": "html", "content": f"<script>{MARK}()</script>"}),
        "iframe": lambda: form({"type": "iframe", "url": "javascript:alert(1)"}),
        "pattern that hangs": lambda: form(field(validate={"pattern": "(a*)*(a*)*(a*)*\\1$"})),
        "wild rule": lambda: form(field(properties={"regel": "=__import__('os')"})),
        "wild hide": lambda: form(field(conditional={"hide": "=" + "(" * 5000})),
        "too many options": lambda: form(field(type="select", values=options)),
        "too many fields": lambda: form(*(field(key=f"v{n}") for n in range(5000))),
        "30 MB": lambda: form(field(label="x" * 30_000_000)),
        "other id": lambda: form(field(), id="../../plan"),
        "huge maximum": lambda: form(field(type="number", validate={"max": "9" * 100_000})),
    }  # fmt: skip
    return [Attack(f"form: {name}", FORM, make) for name, make in made.items()]


def _template_attacks() -> list[Attack]:
    made = {
        "no json": lambda: b"[{",
        "latin-1": lambda: template(description="\u00e9").replace(b"\\u00e9", b"\xe9"),
        "NaN": lambda: template(version=1).replace(b'"version": 1', b'"version": NaN'),
        "name twice": lambda: template().replace(b'"id": "x"', b'"id": "x", "id": "y"'),
        "deep": lambda: b'[{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
        "nested": lambda: b'[{"a":' + b"[" * 100 + b"]" * 100 + b"}]",
        "wide": lambda: json.dumps([{"id": str(n)} for n in range(50_000)]).encode(),
        "30 MB": lambda: template(description="x" * 30_000_000),
        "no target": lambda: template(appliesTo=["javascript:alert(1)"]),
        "no object": lambda: b"[1, null]",
        "no properties": lambda: template(properties="x"),
    }
    return [Attack(f"template: {name}", TEMPLATE, make) for name, make in made.items()]


def _expression_attacks() -> list[Attack]:
    found = []
    for place, make in (("script", scripted), ("condition", conditioned)):
        for number, text in enumerate(LANGUAGES):
            found.append(
                Attack(f"{place}: other language {number}", BPMN, lambda m=make, t=text: m(t))
            )
        for number, text in enumerate(WRONG_FEEL):
            found.append(Attack(f"{place}: no FEEL {number}", BPMN, lambda m=make, t=text: m(t)))
        for number, text in enumerate(HEAVY_FEEL):
            found.append(
                Attack(f"{place}: heavy {number}", BPMN, lambda m=make, t=text: m(t), refused=None)
            )
    return found


ATTACKS = [
    *(Attack(f"xml: {name}", BPMN, make) for name, make in XML),
    *(Attack(f"xml: {name}", BPMN, make, refused=False) for name, make in HARMLESS_XML),
    *_expression_attacks(),
    *_table_attacks(),
    *_form_attacks(),
    *_template_attacks(),
]
