"""Files as nobody drew them: the judge, the loader, a trial and the drawing never break, they refuse."""

from random import Random

import pytest
from lxml import etree

from routeflow import engine
from routeflow.engine import svg
from routeflow.errors import Incident, Invalid
from support import oracle
from support.bpmn import (
    BEGIN,
    TERMINATE,
    after,
    at,
    boundary,
    call,
    called,
    catch,
    condition,
    draw,
    each,
    end,
    error,
    escalation,
    event_sub,
    events,
    every,
    exclusive,
    inclusive,
    lanes,
    link,
    mapping,
    message,
    parallel,
    path,
    receive,
    repeat,
    rule,
    script,
    send,
    service,
    signal,
    start,
    sub,
    throw,
    user,
    zeebe,
)

RICH = draw(
    "p",
    lanes("l", casemanager=["s", "a", "u"]),
    start(),
    user("a", zeebe("taskSchedule", dueDate='=date("2027-01-01")'), mapping(outputs={"x": "=1"})),
    boundary("b1", "a", after("P1D"), interrupting=False),
    boundary("b2", "a", message("weg")),
    exclusive("g1", default="g1_g2"),
    inclusive("g2", default="g2_c"),
    user("b", each("=[1,2]", "n", sequential=True, until="=n = 2")),
    user("c", repeat("=false")),
    inclusive("g3"),
    parallel("g4"),
    sub("u", start("us"), script("ux", "=1 + 1", "n"), throw("ut", escalation("LAAT")),
        end("ue", error("KAPOT")), path("us > ux > ut > ue"),
        event_sub("uh", start("uhs", every("R2/P1D"), isInterrupting="false"), end("uhe"),
                  path("uhs > uhe"))),
    boundary("b3", "u", error("KAPOT")),
    boundary("b4", "u", escalation("LAAT"), interrupting=False),
    call("k", called("q"), mapping(inputs={"i": "=1"}, outputs={"o": "=i"})),
    events("g5"),
    catch("e1", at("2027-01-01")),
    catch("e2", signal("licht")),
    receive("e3", messageRef="M_post"),
    catch("e4", condition("=n = 2")),
    parallel("g6"),
    send("v", messageRef="M_brief"),
    service("w", zeebe("taskDefinition", type="t"), zeebe("taskHeaders", zeebe("header", key="k", value="v"))),
    rule("r", zeebe("calledDecision", decisionId="weg", resultVariable="r")),
    throw("t1", link("L")),
    catch("t2", link("L")),
    exclusive("m"),
    end("e", TERMINATE),
    end("e5", signal("klaar")),
    path("s > a > g1 > g2 > b > g3 > g4 > u > g6 > m"),
    path("g1 > m", "=false", ident="g1_m"),
    path("g2 > c", ident="g2_c"),
    path("c > g3"),
    path("g4 > k > g5 > e1 > v"),
    path("g5 > e2 > v"),
    path("g5 > e3 > v"),
    path("g5 > e4 > v"),
    path("v > w > g6"),
    path("b1 > e5"),
    path("b2 > r > t1"),
    path("t2 > m"),
    path("b3 > m"),
    path("b4 > e5"),
    path("m > e"),
)  # fmt: skip
CALLED = draw("q", start("qs"), user("x"), end("qe"), path("qs > x > qe"))
TEXTS = ["", "=", "=(", "=null", "=1", "P1D", "x", "${x}", "../..", "R/PT0S", "\u202e", "a" * 5000]


def broken(data, random):
    """Return the file with up to four things changed at random."""
    root = etree.fromstring(data)
    for _ in range(random.randint(1, 4)):
        parts = [part for part in root.iter(etree.Element) if part is not root] or [root[0]]
        part = random.choice(parts)
        parent = part.getparent()
        match random.randrange(7):
            case 0:
                parent.remove(part)
            case 1 if part.attrib:
                del part.attrib[random.choice(list(part.attrib))]
            case 2 if part.attrib:
                other = random.choice([p for p in parts if p.attrib])
                value = random.choice([*TEXTS, *other.attrib.values()])
                part.set(random.choice(list(part.attrib)), value)
            case 3:
                part.text = random.choice(TEXTS)
            case 4:
                parent.insert(
                    random.randrange(len(parent) + 1), etree.fromstring(etree.tostring(part))
                )
            case 5:
                part.tag = random.choice(parts).tag
            case _:
                homes = [home for home in parts if part not in (home, *home.iterancestors())]
                random.choice([root, *homes]).append(etree.fromstring(etree.tostring(part)))
    return etree.tostring(root)


def test_the_whole_file_itself_is_good_but_for_its_table():
    found = engine.check({"p.bpmn": RICH, "q.bpmn": CALLED}, None)
    assert {(f.element, f.code) for f in found if f.severity == "fout"} == {("r", "beslissing")}


@pytest.mark.parametrize("seed", range(120))
def test_a_broken_file_is_refused_and_what_is_not_refused_runs(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    data = RICH if seed % 2 else oracle.draw(oracle.grow(random))
    files = {"p.bpmn": broken(data, random), "q.bpmn": CALLED}
    found = engine.check(files, None)
    svg.render(files["p.bpmn"], {"a": "open"})
    try:
        definition = engine.load(files)
    except Incident:
        assert any(finding.severity == "fout" for finding in found)
        return
    for process in definition.processes:
        try:
            engine.trial(engine.Walk(definition, process, facts={}, now=BEGIN), {})
        except Incident as incident:
            assert incident.reden  # noqa: PT017 - an incident is the only way to stop


@pytest.mark.parametrize("seed", range(60))
def test_a_file_that_is_no_xml_any_more_is_refused(seed):
    random = Random(seed)  # noqa: S311 - a seed, no secret
    data = bytearray(RICH)
    for _ in range(3):
        place = random.randrange(len(data))
        data[place : place + random.randrange(3)] = random.choice([b"", b"<", b"\xff", b"&", b'"'])
    found = engine.check({"p.bpmn": bytes(data)}, None)
    assert all(finding.message for finding in found)
    try:
        svg.render(bytes(data), {})
    except Invalid:
        assert any(finding.severity == "fout" for finding in found)
