"""What a new version of a file changes, as its owner would tell it."""

import json
import re
from time import process_time

import pytest
from lxml import etree

from routeflow.engine import Change, changes
from support.formulieren import formulier, opties, veld
from support.huis import project_set

INTAKE = "processes/p06-brede-intake.bpmn"


def told(path, *pairs):
    """Return the changes when each old text is written as the new one."""
    old = project_set()[path]
    new = old.decode()
    for before, now in pairs:
        assert before in new
        new = new.replace(before, now)
    return changes(old, new.encode(), path)


def test_a_renamed_step_is_one_change_also_for_the_arrows_at_it():
    assert told(INTAKE, ('name="Verstuur oproep 1"', 'name="Stuur de brief"')) == [
        Change(
            "anders",
            "userTask",
            "Verstuur oproep 1",
            (("naam", "Verstuur oproep 1", "Stuur de brief"),),
        )
    ]


def test_another_condition_is_told_at_its_arrow_with_both_ends():
    (change,) = told(INTAKE, ('=verschenenOproep1 = "ja"<', '=verschenenOproep1 != "nee"<'))
    assert change.kind == "sequenceFlow"
    assert change.name.startswith("van “Kwam de inburgeraar?” naar “")
    assert change.details == (
        ("voorwaarde", '=verschenenOproep1 = "ja"', '=verschenenOproep1 != "nee"'),
    )


def test_a_safeguard_that_goes_is_told_by_name():
    sanctie = "processes/p17b-sanctietoets.bpmn"
    (change,) = told(sanctie, ('<zeebe:property name="waarborg" value="gehoord"/>', ""))
    assert change.details == (("waarborg", "gehoord", None),)


def test_a_cell_of_a_table_is_told_under_its_column():
    change, *more = told(
        "processes/rolverdeling.dmn", ("&quot;Netsheila&quot;", "&quot;Clup&quot;")
    )
    assert all(een.kind == "rule" for een in more)
    assert change.kind == "rule"
    assert change.name.startswith("regel ")
    assert change.details == (("Partij", '"Netsheila"', '"Clup"'),)


def test_a_lane_with_another_name_is_told_once_and_a_step_in_another_lane_by_name():
    path = "processes/p11-pvt.bpmn"
    [one] = told(path, ('name="pvt-aanbieder"', 'name="trainer"'))
    assert (one.kind, one.details) == ("lane", (("naam", "pvt-aanbieder", "trainer"),))
    ref = "        <bpmn:flowNodeRef>nodig_uit_voor_pvt</bpmn:flowNodeRef>\n"
    other = "        <bpmn:flowNodeRef>controleer_pvt</bpmn:flowNodeRef>\n"
    [moved] = told(path, (ref, ""), (other, other + ref))
    assert moved.name == "Nodig uit voor het PVT"
    assert moved.details == (("baan", "pvt-aanbieder", "casemanager"),)


def test_an_arrow_to_another_step_of_the_same_name_is_told_with_both_ids():
    old, new = "controleer_pvt", "kijk_pvt_na"
    found = told(
        "processes/p11-pvt.bpmn",
        (f'id="{old}"', f'id="{new}"'), (f'"{old}"', f'"{new}"'), (f">{old}<", f">{new}<"),
    )  # fmt: skip
    ways = [one.details for one in found if one.kind == "sequenceFlow"]
    assert (("naar", f"Controleer PVT ({old})", f"Controleer PVT ({new})"),) in ways


def test_moving_a_step_in_the_drawing_changes_nothing():
    old = project_set()[INTAKE]
    moved = old.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1')
    assert moved != old
    assert changes(old, moved, INTAKE) == []


def test_questions_of_a_form_come_go_and_change():
    old = formulier(veld("textfield", "plaats"), veld("radio", "keuze", **opties("A", "B")), id="f")
    new = formulier(
        veld("radio", "keuze", verplicht=True, **opties("A", "C")), veld("date", "dag"), id="f"
    )
    found = changes(old, new, "forms/f.form")
    assert [(een.what, een.name) for een in found] == [
        ("anders", "Keuze"),
        ("nieuw", "Dag"),
        ("weg", "Plaats"),
    ]
    assert ("verplicht", None, "ja") in found[0].details
    assert ("antwoord 2", "B (B)", "C (C)") in found[0].details


def test_a_text_of_a_form_is_named_by_its_first_words_without_marks():
    text = "## Besluit\n\n**Leg uit** wat er is besloten. " + "Doe dat in de taal van de mens. " * 5
    old, new = formulier(id="f"), formulier({"type": "text", "text": text, "id": "t"}, id="f")
    [found] = changes(old, new, "forms/f.form")
    assert found.name.startswith("Besluit Leg uit wat er is besloten. Doe dat in")
    assert found.name.endswith(" …")
    assert len(found.name) <= 80


@pytest.mark.parametrize("path", sorted(project_set()))
def test_a_file_beside_itself_has_no_changes_and_beside_nothing_is_all_new(path):
    data = project_set()[path]
    assert changes(data, data, path) == []
    assert {een.what for een in changes(None, data, path)} <= {"nieuw"}


@pytest.mark.parametrize("data", [b"", b"<a", b"[]", b"3", json.dumps({"components": 3}).encode()])
def test_what_cannot_be_read_has_no_changes(data):
    for path in ("a.bpmn", "a.dmn", "a.form"):
        assert changes(data, data + b" ", path) == []


def test_a_file_far_too_big_is_compared_in_the_time_that_it_is_read():
    explained = "<bpmn:documentation>x</bpmn:documentation>" * 40_000
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{n}</text></inputEntry></rule>' for n in range(15_000)
    )
    big = {
        "a.bpmn": f'<bpmn:d xmlns:bpmn="x"><bpmn:userTask id="a">{explained}</bpmn:userTask></bpmn:d>',
        "a.dmn": f'<d><decision id="a"><decisionTable><input label="x"/>{rows}</decisionTable></decision></d>',
        "a.form": '{"components": ' + "[" * 100_000 + "]" * 100_000 + "}",
    }  # fmt: skip
    for path, text in big.items():
        begin = process_time()
        changes(b"{}" if path.endswith(".form") else b"<d/>", text.encode(), path)
        assert process_time() - begin < 5, path


def zaken(*rows):
    """Return a small table with these (id, input, answer) rows, and an explanation at each."""
    body = "".join(
        f'<rule id="{ident}"><description>bijlage 3</description><inputEntry><text>{cell}</text>'
        f"</inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>{answer}</text>"
        "</outputEntry></rule>"
        for ident, cell, answer in rows
    )
    heads = '<input label="Leerroute"/><input label="Doelgroep"/><output name="uren"/>'
    return (
        f'<d><decision id="a"><decisionTable>{heads}{body}</decisionTable></decision></d>'.encode()
    )


def test_a_row_that_comes_or_goes_is_told_with_all_that_it_asks_and_answers():
    old, new = zaken(("r1", '"B1"', "1"), ("r2", '"Z"', "2")), zaken(("r2", '"Z"', "2"))
    [gone] = (one for one in changes(old, new, "a.dmn") if one.what == "weg")
    assert (gone.kind, gone.name) == ("rule", "regel 1")
    assert gone.details == (
        ("Leerroute", '"B1"', None),
        ("Doelgroep", "-", None),
        ("uren", "1", None),
        ("uitleg", "bijlage 3", None),
    )
    assert gone.answers == {"uren"}
    [came] = (one for one in changes(new, old, "a.dmn") if one.what == "nieuw")
    assert came.details[0] == ("Leerroute", None, '"B1"')
    assert came.answers == {"uren"}


def in_another_way(data, path):
    """Return a file of which every attribute or setting says something else, and their names."""
    names = set()
    if path.endswith(".form"):

        def other(part, name=""):
            if isinstance(part, dict):
                return {
                    key: value if key in {"key", "path", "id"} else other(value, key)
                    for key, value in part.items()
                }
            if isinstance(part, list):
                return [other(one, name) for one in part]
            names.add(name)
            return not part if isinstance(part, bool) else f"{part}x"

        return json.dumps(other(json.loads(data))).encode(), names
    root = etree.fromstring(data)
    for element in root.iter("{*}*"):
        for name, value in element.attrib.items():
            local = name.rpartition("}")[2]
            if local != "id" and not (element.tag.endswith("}property") and local == "name"):
                element.set(name, f"{value}x")
                names.add(local)
    return etree.tostring(root), names


OWN_WORDS = {
    *("andere_dan", "bereik", "gevoelig", "onderdeel", "opnieuw", "regel", "regelTekst"),
    *("soort", "toon", "autocomplete"),
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(project_set()))
def test_what_differs_is_told_in_dutch_and_not_in_the_words_of_the_file(path):
    old = project_set()[path]
    new, names = in_another_way(old, path)
    told = {
        re.sub(r" \d+$", "", what) for one in changes(old, new, path) for what, *_ in one.details
    }
    assert told
    assert (told & names) - OWN_WORDS == set()


@pytest.mark.parametrize(
    ("old", "new"), [("textfield", "textarea"), ("radio", "select"), ("checkbox", "checklist")]
)
def test_the_kind_of_a_question_is_told_as_people_call_it(old, new):
    [one] = changes(formulier(veld(old, "x")), formulier(veld(new, "x")), "forms/f.form")
    [(what, before, after)] = one.details
    assert what == "soort"
    assert {before, after} & {old, new} == set()


def test_a_question_that_comes_or_goes_is_told_with_its_kind_and_whether_it_is_required():
    old = formulier(id="f")
    new = formulier(veld("radio", "keuze", verplicht=True, **opties("A", "B")), id="f")
    [came], [gone] = changes(old, new, "forms/f.form"), changes(new, old, "forms/f.form")
    assert {
        ("naam", None, "Keuze"),
        ("soort", None, "keuze met rondjes"),
        ("verplicht", None, "ja"),
        ("antwoord 2", None, "B (B)"),
    } <= set(came.details)
    assert ("verplicht", "ja", None) in gone.details
    assert not came.answers
