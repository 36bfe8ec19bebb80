"""No sanction is reached past a safeguard, on any path that a diagram can draw."""

import json
from dataclasses import replace

import pytest

from routeflow.engine import Law, Profile, Safeguard, check
from support.bpmn import (
    after,
    boundary,
    call,
    called,
    catch,
    draw,
    each,
    end,
    error,
    event_sub,
    events,
    exclusive,
    lanes,
    message,
    parallel,
    path,
    receive,
    signal,
    start,
    sub,
    throw,
    user,
    zeebe,
)

GEHOORD = Safeguard("gehoord", "besluit", "de inburgeraar kon reageren", "Awb 4:8")
LAW = Law((GEHOORD,), {"boeteBedrag": "besluit"}, "melder")


def taak(naam, *inside, formulier=None, **eigenschappen):
    form = (zeebe("formDefinition", formId=formulier),) if formulier else ()
    rows = "".join(zeebe("property", name=k, value=v) for k, v in eigenschappen.items())
    return user(naam, zeebe("userTask"), *form, zeebe("properties", rows), *inside)


BESLUIT = taak("besluit", sanctie="besluit", andere_dan="melder")
HOREN = taak("horen", waarborg="gehoord")


def formulier(*velden):
    return json.dumps({"id": "f", "components": [*velden]}).encode()


def tabel(*namen):
    rows = "".join(
        f'<rule id="r{i}"><inputEntry id="i{i}"><text>"besluit"</text></inputEntry>'
        + "".join(
            f'<outputEntry id="o{i}{j}"><text>"{text}"</text></outputEntry>'
            for j, text in enumerate((naam, "uitleg", "artikel", velden))
        )
        + "</rule>"
        for i, (naam, velden) in enumerate(namen)
    )
    outputs = "".join(
        f'<output id="u{j}" name="{name}" typeRef="string"/>'
        for j, name in enumerate(("waarborg", "betekenis", "artikel", "velden"))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="w" '
        'namespace="n"><decision id="waarborgen" name="waarborgen"><decisionTable id="t" '
        'hitPolicy="COLLECT"><input id="in" label="stap"><inputExpression id="ie" typeRef="string">'
        f"<text>stap</text></inputExpression></input>{outputs}{rows}</decisionTable></decision>"
        "</definitions>"
    ).encode()


def findings(*processes, law=LAW, table=(("gehoord", ""),), forms=None):
    files = {f"processes/{i}.bpmn": data for i, data in enumerate(processes)}
    files |= {f"forms/{name}.form": data for name, data in (forms or {}).items()}
    if table is not None:
        files["processes/waarborgen.dmn"] = tabel(*table)
    profile = Profile(rollen=frozenset(), law=law)
    return [f for f in check(files, profile) if f.code.startswith(("waarborg", "sanctie"))]


def stappen(finding):
    """The elements of the path that a finding shows, without the arrows between them."""
    return tuple(
        element for _, element in finding.path if "_" not in element or element == "te_laat"
    )


def gebroken(*processes, **options):
    """The paths that break a safeguard, as names of elements."""
    return [stappen(f) for f in findings(*processes, **options) if f.code == "waarborg"]


def test_the_path_tells_files_and_arrows_too_so_that_it_can_be_drawn():
    inner = draw("q", start("qs"), BESLUIT, end("qe"), path("qs > besluit > qe"))
    outer = draw("p", start(), call("c", called("q")), end(), path("s > c > e"))
    (found,) = findings(outer, inner)
    assert found.path == (
        ("processes/0.bpmn", "s"),
        ("processes/0.bpmn", "s_c"),
        ("processes/0.bpmn", "c"),
        ("processes/1.bpmn", "qs"),
        ("processes/1.bpmn", "qs_besluit"),
        ("processes/1.bpmn", "besluit"),
    )


def test_a_path_through_the_safeguard_is_in_order():
    assert not findings(draw("p", start(), HOREN, BESLUIT, end(), path("s > horen > besluit > e")))


def test_a_path_past_the_safeguard_is_refused_with_the_shortest_path():
    body = (start(), exclusive("g", default="g_langs"), HOREN, taak("langs"), taak("om"), BESLUIT)
    flows = path("s > g > horen > besluit > e") + path("g > langs > om > besluit")
    (found,) = findings(draw("p", *body, end(), flows))
    assert stappen(found) == ("s", "g", "langs", "om", "besluit")
    assert found.message == (
        "“besluit” is te bereiken zonder de waarborg “gehoord”: uitleg (Awb 4:8). "
        "Het kortste pad: s → langs → om → besluit."
    )
    assert (found.element, found.severity, found.file) == ("besluit", "fout", "processes/0.bpmn")


def test_the_shortest_of_two_broken_paths_is_shown():
    body = (start(), exclusive("g"), taak("a"), taak("b"), taak("c"), BESLUIT, end())
    flows = path("s > g > a > b > besluit > e") + path("g > c > besluit")
    assert gebroken(draw("p", *body, flows)) == [("s", "g", "c", "besluit")]


def test_a_step_is_not_yet_passed_when_its_boundary_event_leaves_it():
    body = (start(), HOREN, boundary("weg", "horen", message("m")), BESLUIT, end())
    flows = path("s > horen > besluit > e") + path("weg > besluit")
    assert gebroken(draw("p", *body, flows)) == [("s", "horen", "weg", "besluit")]


def test_a_safeguard_inside_a_called_process_counts():
    inner = draw("q", start("qs"), HOREN, end("qe"), path("qs > horen > qe"))
    outer = draw("p", start(), call("c", called("q")), BESLUIT, end(), path("s > c > besluit > e"))
    assert not gebroken(outer, inner)


def test_a_called_process_that_can_end_without_it_does_not_count():
    inner = draw(
        "q", start("qs"), exclusive("g"), HOREN, end("qe"), end("qweg"),
        path("qs > g > horen > qe") + path("g > qweg"),
    )  # fmt: skip
    outer = draw("p", start(), call("c", called("q")), BESLUIT, end(), path("s > c > besluit > e"))
    assert gebroken(outer, inner) == [("s", "c", "qs", "g", "qweg", "besluit")]


def test_each_call_of_a_process_is_judged_for_itself():
    inner = draw("q", start("qs"), BESLUIT, end("qe"), path("qs > besluit > qe"))
    outer = draw(
        "p", start(), exclusive("g"), HOREN, call("na", called("q")), call("zo", called("q")), end(),
        path("s > g > horen > na > e") + path("g > zo > e"),
    )  # fmt: skip
    assert gebroken(outer, inner) == [("s", "g", "zo", "qs", "besluit")]


def test_a_called_process_is_left_by_the_error_on_its_call():
    inner = draw("q", start("qs"), HOREN, end("qe", error("mis")), path("qs > horen > qe"))
    outer = draw(
        "p", start(), call("c", called("q")), boundary("mis", "c", error("mis")), BESLUIT, end(),
        path("s > c > e") + path("mis > besluit > e2"), end("e2"),
    )  # fmt: skip
    assert gebroken(outer, inner) == [("s", "c", "mis", "besluit")]


def test_an_event_subprocess_begins_with_nothing_passed():
    body = event_sub(
        "es", start("ess", message("m")), BESLUIT, end("ese"), path("ess > besluit > ese")
    )
    assert gebroken(draw("p", start(), HOREN, end(), body, path("s > horen > e")))


def test_an_event_subprocess_of_a_scope_after_the_safeguard_is_in_order():
    event = event_sub(
        "es", start("ess", message("m")), BESLUIT, end("ese"), path("ess > besluit > ese")
    )
    inner = sub("binnen", start("bs"), taak("werk"), end("be"), event, path("bs > werk > be"))
    assert not gebroken(draw("p", start(), HOREN, inner, end(), path("s > horen > binnen > e")))


def test_a_signal_carries_what_its_thrower_passed():
    event = event_sub(
        "es", start("ess", signal("nu")), BESLUIT, end("ese"), path("ess > besluit > ese")
    )
    thrower = throw("gooi", signal("nu"))
    assert not gebroken(
        draw("p", start(), HOREN, thrower, end(), event, path("s > horen > gooi > e"))
    )
    assert gebroken(draw("p", start(), thrower, end(), event, path("s > gooi > e")))


def test_a_parallel_join_waits_for_the_branch_with_the_safeguard():
    body = (start(), parallel("f"), HOREN, taak("ander"), parallel("j"), BESLUIT, end())
    flows = path("s > f > horen > j > besluit > e") + path("f > ander > j")
    assert not gebroken(draw("p", *body, flows))


def test_a_merge_does_not_wait():
    body = (start(), parallel("f"), HOREN, taak("ander"), exclusive("j"), BESLUIT, end())
    flows = path("s > f > horen > j > besluit > e") + path("f > ander > j")
    assert gebroken(draw("p", *body, flows)) == [("s", "f", "ander", "j", "besluit")]


def test_a_step_that_may_happen_zero_times_guards_nothing():
    each_person = taak("horen", each("=personen", "persoon"), waarborg="gehoord")
    found = findings(
        draw("p", start(), each_person, BESLUIT, end(), path("s > horen > besluit > e"))
    )
    assert [(f.element, stappen(f)) for f in found] == [
        ("besluit", ("s", "horen", "besluit")),
        ("horen", ()),
    ]
    assert "nul keer" in found[1].message


def test_only_a_person_gives_a_safeguard():
    automatic = throw(
        "horen", zeebe("properties", zeebe("property", name="waarborg", value="gehoord"))
    )
    found = findings(draw("p", start(), automatic, BESLUIT, end(), path("s > horen > besluit > e")))
    assert {f.element for f in found} == {"besluit", "horen"}


def test_a_loop_back_before_the_safeguard_keeps_it():
    body = (start(), exclusive("m"), HOREN, exclusive("g"), BESLUIT, end())
    flows = path("s > m > horen > g > besluit > e") + path("g > m")
    assert not gebroken(draw("p", *body, flows))


def test_a_form_that_writes_a_sanction_makes_its_step_one_without_a_mark():
    forms = {"boete": formulier({"type": "number", "key": "boeteBedrag"})}
    step = taak("beslis", formulier="boete")
    (found, *_) = findings(draw("p", start(), step, end(), path("s > beslis > e")), forms=forms)
    assert (found.element, stappen(found)) == ("beslis", ("s", "beslis"))


def test_a_form_that_only_shows_a_sanction_makes_none():
    forms = {
        "toon": formulier({"type": "number", "key": "boeteBedrag", "properties": {"toon": "ja"}})
    }
    step = taak("kijk", formulier="toon")
    assert not findings(draw("p", start(), step, end(), path("s > kijk > e")), forms=forms)


VERPLICHT = {"type": "radio", "key": "vraag", "validate": {"required": True}}


@pytest.mark.parametrize(
    ("velden", "goed"),
    [
        ([VERPLICHT], True),
        ([{**VERPLICHT, "validate": {}}], False),
        ([{**VERPLICHT, "conditional": {"hide": "=x"}}], False),
        ([{**VERPLICHT, "properties": {"toon": "ja"}}], False),
        ([{"type": "group", "conditional": {"hide": "=x"}, "components": [VERPLICHT]}], False),
        (
            [
                {"type": "textarea", "key": "vraag"},
                {**VERPLICHT, "key": "slot", "properties": {"regel": "=vraag != null"}},
            ],
            True,
        ),
        ([], False),
    ],
)
def test_the_form_of_a_safeguard_must_always_ask_its_question(velden, goed):
    law = replace(LAW, waarborgen=(replace(GEHOORD, velden=frozenset({"vraag"})),))
    step = taak("horen", formulier="f", waarborg="gehoord")
    found = findings(
        draw("p", start(), step, BESLUIT, end(), path("s > horen > besluit > e")),
        law=law,
        forms={"f": formulier(*velden)},
    )
    assert bool(found) != goed


def test_the_table_cannot_leave_out_what_the_law_asks():
    diagram = draw("p", start(), HOREN, BESLUIT, end(), path("s > horen > besluit > e"))
    (found,) = findings(diagram, table=None)
    assert (found.code, found.file) == ("waarborg-tabel", "processes/waarborgen.dmn")
    assert "Awb 4:8" in found.message


def test_what_the_table_leaves_out_is_asked_all_the_same():
    diagram = draw("p", start(), BESLUIT, end(), path("s > besluit > e"))
    assert {f.code for f in findings(diagram, table=None)} == {"waarborg-tabel", "waarborg"}


def test_the_table_may_ask_more():
    diagram = draw("p", start(), HOREN, BESLUIT, end(), path("s > horen > besluit > e"))
    (found,) = findings(diagram, table=(("gehoord", ""), ("tolk", "")))
    assert "“tolk”" in found.message


def test_an_unknown_safeguard_or_step_is_told():
    odd = taak("horen", waarborg="gehoor", sanctie="straf")
    found = findings(draw("p", start(), odd, end(), path("s > horen > e")))
    assert [f.code for f in found] == ["sanctie", "waarborg"]


def test_who_decides_is_not_who_reported_or_wrote_the_intention():
    law = Law((replace(GEHOORD, stap="voornemen", naam="gewaarschuwd"), GEHOORD), {}, "melder")
    first = taak("voornemen", sanctie="voornemen", waarborg="gehoord")
    warn = taak("waarschuw", waarborg="gewaarschuwd")

    def of(andere_dan):
        decide = taak("besluit", sanctie="besluit", andere_dan=andere_dan)
        flows = path("s > waarschuw > voornemen > besluit > e")
        diagram = draw("p", start(), warn, first, decide, end(), flows)
        rows = (("gehoord", ""),)
        return [f for f in findings(diagram, law=law, table=rows) if f.code == "waarborg-persoon"]

    assert not of("melder, voornemen")
    assert "melder" in of("voornemen")[0].message
    assert "voornemen" in of("melder")[0].message


# what another than the inburgeraar lets pass


def na_te_laat(*, houder=None, interrupting=True, oordeel=""):
    host = taak("werk", **({"houder": houder} if houder else {}))
    timer = boundary("te_laat", "werk", after("P1D"), interrupting=interrupting)
    judge = taak("oordeel", **({"waarborg": oordeel} if oordeel else {}))
    flows = path("s > werk > e") + path("te_laat > oordeel > horen > besluit > e2")
    return draw("p", start(), host, timer, judge, HOREN, BESLUIT, end(), end("e2"), flows)


def te_laat(*processes, law=LAW):
    return [f for f in findings(*processes, law=law) if f.code == "waarborg-overschrijding"]


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("houder", [None, "gemeente", "partner", "coa", "duo"])
def test_an_overdue_of_another_leads_to_no_sanction_even_past_all_safeguards(houder, interrupting):
    (found,) = te_laat(na_te_laat(houder=houder, interrupting=interrupting))
    assert found.element == "te_laat"
    assert stappen(found) == ("te_laat", "oordeel", "horen", "besluit")


def test_an_overdue_of_the_inburgeraar_may_lead_to_a_judgement():
    assert not te_laat(na_te_laat(houder="inburgeraar"))


@pytest.mark.parametrize(("baan", "goed"), [("school", False), ("college", True)])
def test_a_step_that_a_partner_registers_is_never_the_inburgeraars(baan, goed):
    stappen = {"college": ["horen", "besluit"], "school": []}
    stappen[baan] = [*stappen[baan], "portfolio"]
    process = draw(
        "p",
        lanes("banen", **{naam: eigen for naam, eigen in stappen.items() if eigen}),
        start(),
        taak("portfolio", houder="inburgeraar"),
        HOREN,
        BESLUIT,
        end(),
        path("start > portfolio > horen > besluit > end"),
    )
    gevonden = findings(process, law=replace(LAW, gemeente=frozenset({"college"})))
    assert ([een.code for een in gevonden] == []) is goed


GROND = Safeguard("eigen gedraging", "besluit", "van de inburgeraar zelf", "Awb 5:41", grond=True)
MET_GROND = replace(LAW, waarborgen=(GEHOORD, GROND))


def test_a_judgement_that_only_the_overdue_leads_to_does_not_heal_it():
    assert te_laat(na_te_laat(oordeel="eigen gedraging"), law=MET_GROND)


def test_a_judgement_on_the_ordinary_route_comes_between():
    judge = taak("oordeel", waarborg="eigen gedraging")
    body = (taak("werk"), boundary("te_laat", "werk", after("P1D")), judge, HOREN, BESLUIT)
    flows = path("s > werk > oordeel > horen > besluit > e") + path("te_laat > oordeel")
    assert not te_laat(draw("p", start(), *body, end(), flows), law=MET_GROND)


def test_a_wait_for_another_that_takes_too_long_is_an_overdue():
    body = (
        events("wacht"),
        catch("bericht", message("m")),
        catch("om", after("P1D")),
        HOREN,
        BESLUIT,
    )
    flows = path("s > wacht > bericht > e") + path("wacht > om > horen > besluit > e2")
    (found,) = te_laat(draw("p", start(), *body, end(), end("e2"), flows))
    assert found.element == "om"


def test_a_timer_that_the_route_simply_waits_for_is_none():
    flows = path("s > om > horen > besluit > e")
    assert not te_laat(draw("p", start(), catch("om", after("P1D")), HOREN, BESLUIT, end(), flows))


def test_an_overdue_reaches_a_sanction_through_a_signal_too():
    event = event_sub(
        "es",
        start("ess", signal("nu")),
        HOREN,
        BESLUIT,
        end("ese"),
        path("ess > horen > besluit > ese"),
    )
    body = (taak("werk"), boundary("te_laat", "werk", after("P1D")), throw("gooi", signal("nu")))
    flows = path("s > werk > e") + path("te_laat > gooi > e2")
    (found,) = te_laat(draw("p", start(), *body, end(), end("e2"), event, flows))
    assert stappen(found) == ("te_laat", "gooi", "ess", "horen", "besluit")


def test_a_timer_over_a_whole_scope_is_an_overdue():
    event = event_sub(
        "es",
        start("ess", after("P1D")),
        HOREN,
        BESLUIT,
        end("ese"),
        path("ess > horen > besluit > ese"),
    )
    assert te_laat(draw("p", start(), taak("werk"), end(), event, path("s > werk > e")))


def test_every_start_is_a_beginning_with_nothing_passed():
    body = (start(), start("ander"), HOREN, BESLUIT, end())
    flows = path("s > horen > besluit > e") + path("ander > besluit")
    assert gebroken(draw("p", *body, flows)) == [("ander", "besluit")]
    flows = path("s > horen > besluit > e") + path("ander > horen")
    assert not findings(draw("p", *body, flows))


def test_a_step_that_begins_the_process_is_a_beginning_too():
    body = (start(), events("g", instantiate="true"), catch("k", message("m")), HOREN, BESLUIT,
            receive("r", messageRef="M_n", instantiate="true"), end())  # fmt: skip
    flows = path("s > horen > besluit > e") + path("g > k > horen")
    assert gebroken(draw("p", *body, flows, path("r > besluit"))) == [("r", "besluit")]
    flows = path("s > horen > besluit > e") + path("r > horen")
    assert gebroken(draw("p", *body, flows, path("g > k > besluit"))) == [("g", "k", "besluit")]


def test_where_no_start_is_drawn_everything_without_arrow_into_it_is_a_beginning():
    guarded = (HOREN, taak("ook"), parallel("j"), BESLUIT, path("horen > j > besluit"))
    assert not findings(draw("p", *guarded, path("ook > j")))
    loose = (HOREN, taak("ook"), exclusive("j"), BESLUIT, path("horen > j > besluit"))
    assert gebroken(draw("p", *loose, path("ook > j"))) == [("ook", "j", "besluit")]
    for inside in (sub("u", *loose, path("ook > j")), call("u", called("q"))):
        outer = draw("p", start(), inside, end(), path("s > u > e"))
        inner = draw("q", *loose, path("ook > j"))
        given = (outer, inner) if "callActivity" in inside else (outer,)
        assert gebroken(*given) == [("s", "u", "ook", "j", "besluit")]


def test_a_timer_that_begins_a_process_leads_to_no_sanction():
    body = (start("te_laat", after("P1D")), HOREN, BESLUIT, end())
    found = findings(draw("p", *body, path("te_laat > horen > besluit > e")))
    assert {f.code for f in found} == {"waarborg-overschrijding"}
