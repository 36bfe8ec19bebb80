"""What keeps a set of files out of service, each said at its own element in plain Dutch."""

import json

import pytest

from routeflow import engine
from support.bpmn import (
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
    node,
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
    task,
    throw,
    user,
    zeebe,
)

GOOD = draw("p", start(), user("a"), end(), path("s > a > e"))
PROFILE = engine.Profile(
    rollen=frozenset({"casemanager", "taalaanbieder"}),
    services=frozenset({"brief"}),
    functions=frozenset({"termijn"}),
    termijnen=frozenset({"pip"}),
)


def judge(*files, profile=None, more=None):
    named = {f"processes/{place}.bpmn": data for place, data in enumerate(files)}
    return engine.check({**named, **(more or {})}, profile)


def errors(*files, **options):
    return {
        (found.element, found.code)
        for found in judge(*files, **options)
        if found.severity == "fout"
    }


def around(*inside, outside=""):
    """A good process with something more in it."""
    return draw("p", start(), user("a"), end(), path("s > a > e"), *inside, outside=outside)


def between(*inside, ident="x"):
    """A process in which one element stands between start and end."""
    return draw("p", start(), *inside, end(), path(f"s > {ident} > e"))


def test_a_good_diagram_has_no_findings():
    assert judge(GOOD) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b"<iets/>",
    ],
)
def test_a_file_that_is_no_safe_diagram_is_refused(data):
    found = judge(data)
    assert [finding.file for finding in found] == ["processes/0.bpmn"]
    assert found[0].severity == "fout"


def test_a_finding_tells_where_it_is():
    data = GOOD.replace(b'<bpmn:userTask id="a"', b'\n\n<bpmn:complexGateway id="x" name="Keus"/>'
                        b'<bpmn:userTask id="a"')  # fmt: skip
    found = next(finding for finding in judge(data) if finding.element == "x")
    assert (found.name, found.line, found.code) == ("Keus", 3, "niet-ondersteund")
    assert found.message.startswith("Een complexe gateway")


@pytest.mark.parametrize(
    "part",
    [
        node("complexGateway", "x"),
        node("transaction", "x", start("xs")),
        node("adHocSubProcess", "x", user("xa")),
        node("dataStoreReference", "x"),
        node("choreographyTask", "x"),
        node("ietsVanOns", "x"),
        user("x", isForCompensation="true"),
        throw("x", "<bpmn:compensateEventDefinition/>"),
        end("x", "<bpmn:cancelEventDefinition/>"),
        user("x", startQuantity="2"),
        user("x", completionQuantity="2"),
        user("x", each("=[1]", "n").replace(" isSeq", ' behavior="One" isSeq')),
        catch("x", message("m"), parallelMultiple="true"),
        user("x", onbekend="ja"),
        user("x", zeebe("ietsVanOns")),
        user("x", zeebe("formDefinition", formKey="a")),
        receive("x", messageRef="M_m", instantiate="misschien"),
        events("x", eventGatewayType="Parallel"),
        events("x", eventGatewayType="Parallel", instantiate="true"),
        node("scriptTask", "x", "<bpmn:script>import os</bpmn:script>", scriptFormat="python"),
        user("x", "<bpmn:ioSpecification/>"),
    ],
)
def test_what_we_cannot_run_is_refused_at_its_element(part):
    assert "x" in {element for element, _ in errors(around(part))}


def test_extensions_of_other_engines_are_refused_at_their_element():
    for spaces, attribute in (
        ("http://camunda.org/schema/1.0/bpmn", 'o:assignee="jan"'),
        ("http://spiffworkflow.org/bpmn/schema/1.0/core", 'o:iets="1"'),
    ):
        data = GOOD.replace(
            b'<bpmn:userTask id="a"',
            f'<bpmn:userTask xmlns:o="{spaces}" {attribute} id="a"'.encode(),
        )
        assert ("a", "andere-engine") in errors(data)


def test_more_than_one_pool_is_refused():
    pools = '<bpmn:collaboration id="c"><bpmn:participant id="p1"/><bpmn:participant id="p2"/></bpmn:collaboration>'
    assert ("p2", "meer-pools") in errors(around(outside=pools))


def test_another_expression_language_is_refused():
    data = GOOD.replace(b'id="d_p"', b'id="d_p" expressionLanguage="http://www.mvel.org/2.0"')
    assert ("d_p", "geen-feel") in errors(data)


@pytest.mark.parametrize("text", ["${a}", "a > 1", "=a >", "=(1"])
def test_a_condition_that_is_no_feel_is_refused_at_its_flow(text):
    data = draw("p", start(), exclusive("x", default="x_e"), user("a"), end(), path("s > x"),
                path("x > a", text), path("x > e"), path("a > e", ident="f"))  # fmt: skip
    assert "x_a" in {element for element, _ in errors(data)}


def test_a_function_that_the_host_does_not_have_is_refused_with_a_profile():
    part = script("x", "=leeftijd(a)", "n")
    assert ("x", "functie") in errors(between(part), profile=PROFILE)
    assert ("x", "functie") not in errors(between(part))


@pytest.mark.parametrize(
    "event",
    [after("10 weken"), after("P"), after("PT"), at("morgen"), every("P7D"), every("R3/P0D"),
     after("=duration("), "<bpmn:timerEventDefinition/>"],
)  # fmt: skip
def test_a_timer_that_says_no_time_is_refused(event):
    assert "x" in {element for element, _ in errors(between(catch("x", event)))}


@pytest.mark.parametrize(
    "event", [after("P10W"), at("2027-01-01"), at("=a"), at("2027-01-01T09:00")]
)
def test_a_timer_that_says_its_time_is_good(event):
    assert errors(between(catch("x", event))) == set()


def test_ids_that_stand_twice_are_refused():
    assert ("a", "dubbele-id") in errors(around(user("a")))
    other = draw("q", start("qs"), user("a"), end("qe"), path("qs > a > qe"))
    assert ("a", "dubbele-id") in errors(GOOD, other)


def test_start_events_of_different_files_may_have_the_same_id():
    assert errors(GOOD, draw("q", start(), user("b"), end(), path("s > b > e"))) == set()


@pytest.mark.parametrize("ident", ["Start", "End", "Root", "p.EndJoin", "rf__x"])
def test_ids_of_the_engine_are_refused(ident):
    assert (ident, "gereserveerde-id") in errors(between(user(ident), ident=ident))


def test_a_flow_that_hangs_loose_is_refused():
    assert ("a_weg", "losse-pijl") in errors(around(path("a > weg")))


def test_a_step_that_no_way_reaches_is_refused():
    assert ("x", "onbereikbaar") in errors(around(user("x"), path("x > e", ident="f")))


@pytest.mark.parametrize(
    "inside", [(), (user("a"), user("b"), path("a > b > a")), (end(),), (sub("u"),)]
)
def test_a_process_that_begins_nowhere_is_refused(inside):
    assert "geen-start" in {code for _, code in errors(draw("p", *inside))}


def test_a_subprocess_with_a_second_plain_start_is_refused():
    data = between(sub("x", start("xs"), start("xs2"), end("xe"), path("xs > xe"),
                       path("xs2 > xe")))  # fmt: skip
    assert errors(data) == {("xs2", "meer-starts")}


def test_a_gateway_without_way_out_is_refused_and_a_task_without_one_is_doubtful():
    assert ("g", "dood-einde") in errors(draw("p", start(), exclusive("g"), path("s > g")))
    found = judge(draw("p", start(), user("a"), path("s > a")))
    assert [(f.element, f.code, f.severity) for f in found] == [("a", "geen-einde", "waarschuwing")]


def test_a_circle_without_way_out_is_refused_unless_something_breaks_it_off():
    circle = (start("us"), exclusive("g"), user("b"), path("us > g > b > g"))
    assert ("b", "geen-uitweg") in errors(draw("p", *circle))
    inside = draw("p", start(), sub("u", *circle), boundary("t", "u", after("P1D")), end(),
                  path("s > u"), path("t > e"))  # fmt: skip
    assert errors(inside) == set()


def decidable(*flows, default=None, kind=exclusive):
    return draw("p", start(), kind("g", default=default), user("b"), user("c"), end(),
                path("s > g"), path("b > e"), path("c > e"), *flows)  # fmt: skip


def test_an_exclusive_gateway_that_may_not_know_further_is_refused():
    flows = (path("g > b", "=x = 1"), path("g > c", "=x = 2"))
    assert errors(decidable(*flows)) == {("g", "geen-standaard")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=x", "=not(x)"),
        ("=x > 3", "=x <= 3"),
        ('=r = "Z"', '=r != "Z"'),
        ("=x = true", "=x = false"),
    ],
)
def test_an_exclusive_gateway_with_opposite_conditions_is_decidable(one, other):
    assert errors(decidable(path("g > b", one), path("g > c", other))) == set()


def test_a_finding_at_an_arrow_tells_where_the_arrow_begins():
    data = decidable(path("g > b"), path("g > c"), default="g_c")
    data = data.replace(b'name="g"', b'name="Is het klaar?"')
    data = data.replace(b'id="g_b"', b'id="g_b" name="ja"')
    [found] = [een for een in judge(data) if een.code == "geen-voorwaarde"]
    assert (found.element, found.name) == ("g_b", "pijl “ja” na “Is het klaar?”")


def test_an_exclusive_gateway_needs_conditions_on_all_but_the_default():
    flows = (path("g > b"), path("g > c"))
    assert errors(decidable(*flows, default="g_c")) == {("g_b", "geen-voorwaarde")}
    flows = (path("g > b", "=x"), path("g > c"))
    assert errors(decidable(*flows, default="g_c")) == set()


def test_an_inclusive_gateway_without_default_is_doubtful():
    found = judge(decidable(path("g > b", "=x"), path("g > c", "=y"), kind=inclusive))
    assert [(f.element, f.code, f.severity) for f in found] == [
        ("g", "geen-standaard", "waarschuwing")
    ]


def test_conditions_after_a_parallel_gateway_are_refused():
    data = decidable(path("g > b", "=x"), path("g > c"), kind=parallel)
    assert errors(data) == {("g", "voorwaarde")}


def test_only_events_may_follow_an_event_based_gateway():
    data = draw("p", start(), events("g"), user("b"), catch("c", after("P1D")), end(),
                path("s > g > b > e"), path("g > c > e"))  # fmt: skip
    assert errors(data) == {("b", "wachten")}


@pytest.mark.parametrize(
    "part",
    [
        call("x"),
        call("x", called("weg")),
        call("x", called("=welk")),
        rule("x"),
        rule("x", zeebe("calledDecision", decisionId="weg", resultVariable="r")),
        node("scriptTask", "x"),
        script("x", "1 + 1", "n"),
        script("x", "=1", ""),
        script("x", "=1", "geen naam"),
        service("x"),
        send("x"),
        receive("x"),
        receive("x", messageRef="weg"),
        user("x", each()),
        user("x", each("namen", "n")),
        user("x", each("=namen", "n", cardinality="3")),
        user("x", each("=namen", "n", until="klaar")),
        user("x", repeat()),
        user("x", mapping(inputs={"een naam": "=1"})),
        user("x", mapping(inputs={"n": "=1 +"})),
        user("x", zeebe("taskSchedule", dueDate="=(")),
        user("x", zeebe("taskSchedule", dueDate="morgen")),
        catch("x", condition("waar")),
        catch("x", error("E")),
        catch("x", every("R3/P1D")),
        throw("x", link("nergens")),
        node("intermediateCatchEvent", "x", message("m"), after("P1D")),
    ],
)
def test_an_element_that_misses_what_it_needs_is_refused(part):
    assert "x" in {element for element, _ in errors(between(part))}


@pytest.mark.parametrize("event", [error("E"), escalation("E"), link("L"), TERMINATE])
def test_a_process_does_not_start_with_what_only_happens_inside_it(event):
    assert ("s", "gebeurtenis") in errors(
        draw("p", start("s", event), user("a"), end(), path("s > a > e"))
    )


def test_an_event_at_the_edge_must_have_a_host_and_a_kind():
    assert ("t", "losse-gebeurtenis") in errors(
        around(boundary("t", "weg", after("P1D")), path("t > e"))
    )
    assert ("t", "gebeurtenis") in errors(around(boundary("t", "a", ""), path("t > e")))


def test_an_error_cannot_leave_its_task_going():
    data = around(boundary("t", "a", error("E"), interrupting=False), path("t > e"))
    assert ("t", "gebeurtenis") in errors(data)


def test_an_event_subprocess_stands_alone_with_one_start_that_waits():
    assert ("h", "gebeurtenis-deelproces") in errors(
        around(event_sub("h", user("x"), end("he"), path("x > he")))
    )
    assert ("hs", "gebeurtenis") in errors(
        around(event_sub("h", start("hs"), end("he"), path("hs > he")))
    )


def test_a_subprocess_starts_with_a_plain_start():
    data = between(sub("x", start("xs", message("m")), end("xe"), path("xs > xe")))
    assert ("xs", "gebeurtenis") in errors(data)


def test_processes_that_call_each_other_in_a_circle_are_refused():
    one = draw("p", start(), call("c1", called("q")), end(), path("s > c1 > e"))
    two = draw("q", start(), call("c2", called("p")), end(), path("s > c2 > e"))
    assert errors(one, two) == {("c1", "kring"), ("c2", "kring")}


def test_a_called_process_must_have_a_plain_start():
    one = draw("p", start(), call("c", called("q")), end(), path("s > c > e"))
    two = draw("q", start("qs", message("m")), user("b"), end(), path("qs > b > e"))
    assert errors(one, two) == {("c", "aanroep")}


def test_words_that_do_nothing_are_told_but_do_not_stop_a_set():
    data = between(user("x", zeebe("assignmentDefinition", assignee="jan")))
    assert [(f.element, f.severity) for f in judge(data)] == [("x", "waarschuwing")]


def step(ident, *inside, **properties):
    rows = "".join(zeebe("property", name=key, value=value) for key, value in properties.items())
    return user(
        ident,
        zeebe("formDefinition", formId="f"),
        zeebe("properties", rows),
        "<bpmn:documentation>Wet art. 1</bpmn:documentation>",
        *inside,
    )


def in_lane(part, lane="casemanager", ident="x"):
    return draw("p", lanes("l", **{lane: ["s", ident, "e"]}), start(), part, end(),
                path(f"s > {ident} > e"))  # fmt: skip


FORM = {"forms/f.form": json.dumps({"id": "f", "components": []}).encode()}
DUE = zeebe("taskSchedule", dueDate='=termijn("pip")')


@pytest.mark.parametrize("lane", ["taal aanbieder", "Taalaanbieder"])
def test_a_lane_that_is_nearly_a_rol_is_told_which(lane):
    [found] = judge(
        in_lane(step("x", DUE, onderdeel="regie"), lane=lane), profile=PROFILE, more=FORM
    )
    assert found.message == f"De baan {lane} is geen rol. Bedoelde u taalaanbieder?"


def test_a_task_that_has_all_that_the_profile_asks_is_good():
    data = in_lane(step("x", DUE, onderdeel="regie"))
    assert judge(data, profile=PROFILE, more=FORM) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (in_lane(step("x", DUE, onderdeel="regie"), lane="bakker"), "baan"),
        (between(step("x", DUE, onderdeel="regie")), "geen-baan"),
        (in_lane(step("x", DUE)), "geen-onderdeel"),
        (in_lane(step("x", DUE, onderdeel="zwemles")), "onderdeel"),
        (in_lane(step("x", DUE, onderdeel="regie", houder="bakker")), "houder"),
        (in_lane(user("x", DUE)), "geen-formulier"),
        (in_lane(user("x", zeebe("formDefinition", formId="weg"))), "formulier"),
        (in_lane(task("x")), "geen-soort"),
        (in_lane(service("x", zeebe("taskDefinition", type="fax"))), "dienst"),
        (
            in_lane(
                step("x", zeebe("taskSchedule", dueDate='=termijn("ooit")'), onderdeel="regie")
            ),
            "termijn",
        ),
    ],
)
def test_what_the_profile_asks_is_refused_when_it_is_missing(data, code):
    assert ("x", code) in errors(data, profile=PROFILE, more=FORM)


def test_a_task_without_last_day_is_doubtful():
    found = judge(in_lane(step("x", onderdeel="regie")), profile=PROFILE, more=FORM)
    assert [(f.element, f.code, f.severity) for f in found] == [("x", "geen-datum", "waarschuwing")]


def test_a_fact_that_nothing_supplies_is_doubtful():
    profile = engine.Profile(
        rollen=PROFILE.rollen, functions=PROFILE.functions, facts=frozenset({"naam"})
    )
    form = {"id": "f", "components": [{"type": "textfield", "key": "plaats"}]}
    data = in_lane(
        step("x", mapping(inputs={"n": "=[naam, plaats, postcoed]"}), DUE, onderdeel="regie")
    )
    more = {"forms/f.form": json.dumps(form).encode()}
    found = judge(data, profile=profile, more=more)
    assert [(f.code, f.severity) for f in found] == [("gegeven", "waarschuwing")]
    assert "postcoed" in found[0].message


SUPPLIED = engine.Profile(rollen=PROFILE.rollen, facts=frozenset({"naam"}))


def missing(*inside, ident="x", more=None):
    found = judge(in_lane("".join(inside), ident=ident), profile=SUPPLIED, more=more)
    told = [f.message.partition("levert het gegeven ")[2] for f in found if f.code == "gegeven"]
    return [sentence.partition(".")[0] for sentence in told]


def test_an_input_of_a_table_that_nothing_supplies_is_doubtful():
    part = rule("x", zeebe("calledDecision", decisionId="werkafspraken", resultVariable="r"))
    more = {"processes/w.dmn": table("werkafspraken", ['"verslag"'])}
    assert missing(part, more=more) == ["termijn"]
    given = rule("x", zeebe("calledDecision", decisionId="werkafspraken", resultVariable="r"),
                 mapping(inputs={"termijn": "=naam"}))  # fmt: skip
    assert missing(given, more=more) == []


def test_what_a_step_writes_or_a_message_or_service_brings_is_no_doubt():
    assert missing(script("x", "=naam", "kopie"), script("y", "=kopie", "weer")) == []
    rows = mapping(outputs={"cijfer": "=score"})
    assert missing(catch("x", message("uitslag"), rows)) == []
    assert missing(receive("x", rows, messageRef="M_uitslag")) == []
    assert missing(service("x", zeebe("taskDefinition", type="t"), rows)) == []
    assert missing(catch("x", after("P1D"), rows)) == ["score"]


def table(decision, rows):
    rules = "".join(
        f'<rule id="r{place}"><inputEntry id="i{place}"><text>{row}</text></inputEntry>'
        f'<outputEntry id="o{place}"><text>1</text></outputEntry></rule>'
        for place, row in enumerate(rows)
    )
    heading = {"rolverdeling": "onderdeel", "werkafspraken": "termijn"}[decision]
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        f' namespace="n"><decision id="{decision}" name="{decision}"><decisionTable id="t">'
        f'<input id="i"><inputExpression id="ie" typeRef="string"><text>{heading}</text>'
        f'</inputExpression></input><output id="o" name="uit" typeRef="number"/>{rules}'
        "</decisionTable></decision></definitions>"
    ).encode()


def test_an_onderdeel_with_a_row_in_the_rolverdeling_is_known():
    more = {**FORM, "processes/r.dmn": table("rolverdeling", ['"PVT","MAP"'])}
    assert errors(in_lane(step("x", DUE, onderdeel="MAP")), profile=PROFILE, more=more) == set()


def test_a_termijn_of_the_working_agreements_is_known_and_may_not_be_law():
    due = zeebe("taskSchedule", dueDate='=termijn("verslag")')
    data = in_lane(step("x", due, onderdeel="regie"))
    more = {**FORM, "processes/w.dmn": table("werkafspraken", ['"verslag"'])}
    assert errors(data, profile=PROFILE, more=more) == set()
    more = {**FORM, "processes/w.dmn": table("werkafspraken", ['"verslag"', '"pip"'])}
    assert errors(data, profile=PROFILE, more=more) == {("r1", "wettelijke-termijn")}
    (found,) = judge(data, profile=PROFILE, more=more)
    assert (found.file, found.name) == ("processes/w.dmn", "pip")
    assert found.message.startswith("De termijn pip staat in de wet")


def test_a_working_agreement_counts_from_a_termijn_that_exists():
    rows = table("werkafspraken", ['"verslag"', '"besluit"']).replace(
        b'<outputEntry id="o1"><text>1</text>',
        b'<outputEntry id="o1"><text>"termijn:verslagg"</text>',
    )
    assert errors(GOOD, profile=PROFILE, more={"processes/w.dmn": rows}) >= {("r1", "termijn")}


def test_a_timer_that_asks_for_an_unknown_termijn_is_refused():
    data = in_lane(catch("x", at('=termijn("ooit")')))
    assert errors(data, profile=PROFILE) == {("x", "termijn")}


def test_a_table_may_call_the_functions_of_the_host_and_no_other():
    rows = table("werkafspraken", ['"verslag"'])
    for text, codes in ((b"termijn(naam)", set()), (b"termin(naam)", {"dmn.functie"})):
        more = {"processes/w.dmn": rows.replace(b"<text>1<", b"<text>" + text + b"<")}
        found = judge(profile=PROFILE, more=more)
        assert {f.code for f in found if f.code == "dmn.functie"} == codes


def test_the_same_decision_in_two_files_is_refused():
    both = {
        "processes/a.dmn": table("werkafspraken", ['"a"']),
        "processes/b.dmn": table("werkafspraken", ['"a"']),
    }
    assert ("werkafspraken", "dubbele-id") in errors(more=both)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "formulier"),
        ("[]", "formulier"),
        ("[" * 100_000, "formulier"),
        ('{"id": "f", "components": {}}', "formulier"),
        ('{"id": "g", "components": []}', "formulier-id"),
        ('{"id":"f","components":[{"key":"a"},{"key":"a"}]}', "dubbele-sleutel"),
        ('{"id":"f","components":[{"key":"a","conditional":{"hide":"=(1"}}]}', "expressie"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(text, code):
    found = judge(more={"forms/f.form": text.encode()})
    assert [finding.code for finding in found] == [code]


def test_rows_of_a_list_in_a_form_have_their_own_names():
    rows = {"type": "dynamiclist", "path": "kinderen", "components": [{"key": "naam"}]}
    form = {"id": "f", "components": [{"key": "naam"}, rows]}
    assert judge(more={"forms/f.form": json.dumps(form).encode()}) == []


def test_the_profile_may_bring_its_own_judge_of_forms():
    seen = []

    def forms(files):
        seen.extend(files)
        return [engine.Finding("forms/f.form", "a", None, "veld", "Fout veld.")]

    profile = engine.Profile(rollen=frozenset(), forms=forms)
    assert ("a", "veld") in errors(profile=profile, more=FORM)
    assert seen == ["forms/f.form"]


HOUSE = engine.Profile(
    rollen=frozenset({"casemanager"}), begins={"p": frozenset({"koppeling", "SS101"})}
)


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        (start("x", after("P1D")), "Niemand begint dit proces op een tijdstip."),
        (start("x", signal("alarm")), "Niemand begint dit proces bij het signaal alarm."),
        (start("x", condition("=a")), "Niemand begint dit proces als een voorwaarde klopt."),
        (start("x", message("SS131")), "Niemand begint dit proces met het bericht SS131."),
        (receive("x", messageRef="M_SS131", instantiate="true"), "met het bericht SS131."),
    ],
)
def test_a_start_that_nobody_ever_begins_is_refused_by_the_house(begin, sentence):
    data = draw("p", start(), begin, end(), path("s > e"), path("x > e"))
    (found,) = (f for f in judge(data, profile=HOUSE) if f.severity == "fout")
    assert (found.element, found.code) == ("x", "begin")
    assert sentence in found.message
    assert found.message.endswith(
        "opent (een gewone start), of met het bericht SS101 of koppeling."
    )
    assert errors(data) == set()


def test_a_message_begins_only_the_process_that_a_dossier_begins_with():
    for ident, expected in (("p", set()), ("q", {("x", "begin")})):
        data = draw(ident, start(), start("x", message("koppeling")), end(), path("s > e"),
                    path("x > e"))  # fmt: skip
        assert errors(data, profile=HOUSE) == expected


def test_with_several_plain_starts_each_message_that_opens_a_dossier_has_its_own():
    several = (start(), start("s2", name="Anders"), end(), path("s > e"), path("s2 > e"))
    koppeling = start("k", message("koppeling")) + path("k > e")
    duo = start("d", message("SS101")) + path("d > e")
    (found,) = (f for f in judge(draw("p", *several, koppeling), profile=HOUSE)
                if f.severity == "fout")  # fmt: skip
    assert (found.element, found.code) == ("s2", "begin")
    assert "Teken een begin met het bericht SS101." in found.message
    assert errors(draw("p", *several, koppeling, duo), profile=HOUSE) == set()
    assert errors(draw("q", *several), profile=HOUSE) == set()
