import pytest

from routeflow.engine import decisions
from routeflow.errors import Invalid, NotFound
from support.dmn import (
    NAMESPACE,
    ask_among,
    decision,
    dmn,
    imported,
    input_data,
    knowledge,
    literal,
    service,
)
from support.feel import NOW

PERSON = """
    <itemDefinition name="Persoon">
        <itemComponent name="naam"><typeRef>string</typeRef></itemComponent>
        <itemComponent name="leeftijd"><typeRef>number</typeRef></itemComponent>
    </itemDefinition>
    <itemDefinition name="Namen" isCollection="true"><typeRef>string</typeRef></itemDefinition>
"""
SHARED = dmn(
    PERSON,
    input_data("gemeente", "string"),
    decision("Naam van de gemeente", literal('"gemeente " + gemeente'), inputs=["gemeente"]),
    decision("aanhef", literal('"Beste "')),
    knowledge("Groet aan", '"Dag " + wie.naam', ("wie", "Persoon"), kind="string"),
    decision("brief", literal('aanhef + "lezer"'), needs=["aanhef"]),
    service("Brief maken", out=["brief"], inputs=["aanhef"]),
    own="gedeeld",
)


def test_a_decision_calls_a_knowledge_model_of_a_named_import():
    root = dmn(
        imported("gedeeld", "basis teksten"),
        input_data("De klant", "basis teksten.Persoon"),
        decision(
            "post",
            literal("basis teksten.Groet aan(De klant)"),
            inputs=["De klant"],
            knows=["gedeeld#Groet aan"],
        ),
    )
    files = {"a.dmn": root, "b.dmn": SHARED}
    who = {"naam": "An", "leeftijd": 30}
    assert ask_among(files, "post", {"De klant": who}).value == "Dag An"
    assert ask_among(files, "post", {"De klant": {"naam": "An"}}).value is None


def test_an_invocation_names_what_is_imported():
    box = (
        "<invocation><literalExpression><text>t.Groet aan</text></literalExpression><binding>"
        f'<parameter name="wie"/>{literal(chr(123) + "naam: " + chr(34) + "Bo" + chr(34) + ", leeftijd: 2" + chr(125))}'
        "</binding></invocation>"
    )
    root = dmn(imported("gedeeld", "t"), decision("post", box, knows=["gedeeld#Groet aan"]))
    assert ask_among({"a.dmn": root, "b.dmn": SHARED}, "post").value == "Dag Bo"


@pytest.mark.parametrize(
    "inputs",
    [{"t.gemeente": "Hoorn"}, {"t": {"gemeente": "Hoorn"}}, {"gemeente": "Hoorn"}],
    ids=["with the import before it", "in a context", "by its own name"],
)
def test_input_of_an_imported_file_can_be_given_in_three_ways(inputs):
    root = dmn(
        imported("gedeeld", "t"),
        decision(
            "kop", literal("t.Naam van de gemeente + t.gemeente"),
            needs=["gedeeld#Naam van de gemeente"], inputs=["gedeeld#gemeente"],
        ),
    )  # fmt: skip
    assert ask_among({"a.dmn": root, "b.dmn": SHARED}, "kop", inputs).value == "gemeente HoornHoorn"


def test_input_of_the_asked_file_is_not_taken_for_that_of_an_import():
    root = dmn(
        imported("gedeeld", "t"),
        input_data("gemeente"),
        decision(
            "kop", literal("[gemeente, t.gemeente]"),
            inputs=["gemeente", "gedeeld#gemeente"],
        ),
    )  # fmt: skip
    files = {"a.dmn": root, "b.dmn": SHARED}
    assert ask_among(files, "kop", {"gemeente": "Hoorn"}).value == ["Hoorn", None]
    both = {"gemeente": "Hoorn", "t.gemeente": "Enkhuizen"}
    assert ask_among(files, "kop", both).value == ["Hoorn", "Enkhuizen"]


def test_each_road_to_a_file_has_its_own_input():
    leaf = dmn(input_data("x"), decision("echo", literal("x"), inputs=["x"]), own="blad")
    middle = dmn(
        imported("blad", "i"),
        input_data("x"),
        decision("d", literal('x + "/" + i.echo'), needs=["blad#echo"], inputs=["x"]),
        own="midden",
    )
    root = dmn(
        imported("midden", "i"),
        imported("blad", "z"),
        input_data("x"),
        decision(
            "d", literal('x + "," + i.d + "," + z.echo'),
            needs=["midden#d", "blad#echo"], inputs=["x"],
        ),
    )  # fmt: skip
    given = {"x": "a", "i.x": "b", "i.i.x": "c", "z.x": "d"}
    files = {"a.dmn": root, "b.dmn": middle, "c.dmn": leaf}
    assert ask_among(files, "d", given).value == "a,b/c,d"


def test_an_imported_service_is_called_and_its_parameters_have_the_import_before_them():
    root = dmn(
        imported("gedeeld", "t"),
        decision("een", literal('t.Brief maken("Hallo ")'), knows=["gedeeld#Brief maken"]),
        service("eigen", out=["gedeeld#brief"], inputs=["gedeeld#aanhef"]),
        decision(
            "twee",
            "<invocation><literalExpression><text>eigen</text></literalExpression><binding>"
            f'<parameter name="t.aanhef"/>{literal(chr(34) + "Hoi " + chr(34))}</binding></invocation>',
            knows=["eigen"],
        ),
        decision("drie", literal('eigen(t.aanhef: "Dag ")'), knows=["eigen"]),
    )
    files = {"a.dmn": root, "b.dmn": SHARED}
    assert ask_among(files, "een").value == "Hallo lezer"
    assert ask_among(files, "twee").value == "Hoi lezer"
    assert ask_among(files, "drie").value == "Dag lezer"
    assert ask_among(files, "eigen", {"t.aanhef": "Ho "}).value == "Ho lezer"


def test_a_type_may_be_built_on_an_imported_type():
    root = dmn(
        imported("gedeeld", "t"),
        '<itemDefinition name="mijn"><typeRef>t.Namen</typeRef></itemDefinition>',
        decision("a", literal('"An"'), kind="t.Namen"),
        decision("b", literal('"An"'), kind="mijn"),
        decision("c", literal("3"), kind="mijn"),
    )
    files = {"a.dmn": root, "b.dmn": SHARED}
    assert ask_among(files, "a").value == ["An"]
    assert ask_among(files, "b").value == ["An"]
    assert ask_among(files, "c").value is None


def test_a_file_is_found_by_its_place_when_its_name_space_is_written_otherwise():
    root = dmn(
        imported("elders", "t", "deel/b.dmn"),
        decision("d", literal("t.d"), needs=["elders#d"]),
    )
    second = dmn(
        imported("verder", "t", "c.dmn"), decision("d", literal("t.d"), needs=["verder#d"])
    )
    files = {
        "map/a.dmn": root,
        "map/deel/b.dmn": second,
        "map/deel/c.dmn": dmn(decision("d", literal('"diep"'))),
    }
    assert ask_among(files, "d").value == "diep"


def test_what_is_imported_without_a_name_is_used_by_its_own_name():
    root = dmn(
        imported("gedeeld"),
        decision("post", literal("Groet aan(wie)"), knows=["#Groet aan"]),
        decision("kop", literal("Naam van de gemeente"), needs=["#Naam van de gemeente"]),
        decision("namen", literal("gemeente"), inputs=["#gemeente"], kind="Namen"),
    )
    files = {"a.dmn": root, "b.dmn": SHARED}
    assert ask_among(files, "post", {"wie": {"naam": "Bo", "leeftijd": 1}}).value == "Dag Bo"
    assert ask_among(files, "kop", {"gemeente": "Hoorn"}).value == "gemeente Hoorn"
    assert ask_among(files, "namen", {"gemeente": "Hoorn"}).value == ["Hoorn"]
    assert ask_among(files, "namen", {"gemeente": 3}).value is None


def test_a_decision_that_is_only_imported_can_be_asked():
    files = {"a.dmn": dmn(imported("gedeeld")), "b.dmn": SHARED}
    assert ask_among(files, "aanhef").value == "Beste "
    named = {"a.dmn": dmn(imported("gedeeld", "t")), "b.dmn": SHARED}
    assert ask_among(named, "t.aanhef").value == "Beste "
    with pytest.raises(NotFound):
        ask_among(named, "aanhef")


@pytest.mark.parametrize("href", ["#gedeeld_besluit", "b#gedeeld_besluit"])
def test_a_name_of_the_importing_file_hides_the_same_name_of_the_import(href):
    own = decision("gedeeld_besluit", literal('"van a"'))
    other = decision("gedeeld_besluit", literal('"van b"'))
    between = decision("tussen", literal("gedeeld_besluit"), needs=[href])
    files = {
        "a.dmn": dmn(imported("b"), own, decision("d", literal("tussen"), needs=["#tussen"])),
        "b.dmn": dmn(between, other, own="b"),
    }
    assert ask_among(files, "d").value == "van a"


def test_the_nearest_import_without_a_name_wins_and_depth_goes_before_breadth():
    def says(own, *imports):
        return dmn(*imports, decision("zegt", literal(f'"{own}"')), own=own)

    asks = decision("d", literal("zegt"), needs=["#zegt"])
    deep = {
        "a.dmn": dmn(imported("b"), imported("e"), asks),
        "b.dmn": dmn(imported("c"), own="b"),
        "c.dmn": says("c"),
        "e.dmn": says("e"),
    }
    near = {**deep, "b.dmn": says("b", imported("c"))}
    assert ask_among(deep, "d").value == "c"
    assert ask_among(near, "d").value == "b"


@pytest.mark.parametrize("name", ["", "i"])
def test_files_that_import_each_other_or_themselves_are_read_once(name):
    prefix = f"{name}." if name else ""
    to_b = f"b#{'e'}"
    files = {
        "a.dmn": dmn(
            imported("b", name),
            imported("n", name and "zelf"),
            decision("d", literal(f"{prefix}e"), needs=[to_b]),
        ),
        "b.dmn": dmn(imported("n", name), decision("e", literal('"ja"')), own="b"),
    }
    assert ask_among(files, "d").value == "ja"


def test_files_that_import_more_and_more_of_each_other_are_refused():
    names = "abcdefgh"
    files = {
        f"{one}.dmn": dmn(
            *(imported(other, f"naar {other}") for other in names if other != one),
            decision("d", literal("1")),
            own=one,
        )
        for one in names
    }
    with pytest.raises(Invalid, match="te veel bestanden"):
        decisions.load(files["a.dmn"], "a.dmn", others=files)


def test_a_reference_may_name_its_own_name_space():
    root = dmn(decision("a", literal("1")), decision("b", literal("a"), needs=["n#a"]))
    assert ask_among({"a.dmn": root}, "b").value == 1


def test_an_import_that_is_not_there_is_said_and_the_rest_still_answers():
    root = dmn(
        imported("weg", "t"),
        decision("a", literal("1")),
        decision("b", literal("t.x"), needs=["weg#x"]),
    )
    findings = decisions.check(root, "a.dmn")
    assert [f.message for f in findings][:2] == [
        "Het bestand dat wordt ingevoegd (import) is er niet: weg.",
        "b verwijst naar x, en dat is er niet.",
    ]
    with pytest.raises(Invalid, match="is er niet: weg"):
        decisions.load(root, "a.dmn")
    model = decisions.load(root, "a.dmn", strict=False)
    assert model.decide("a", {}, now=NOW).value == 1
    assert model.decide("b", {}, now=NOW).value is None


def test_only_dmn_can_be_imported():
    root = dmn('<import namespace="x" name="x" importType="http://www.dmg.org/PMML-4_1"/>')
    assert decisions.check(root, "a.dmn")[0].message == (
        "Alleen een DMN-bestand kan worden ingevoegd (import), geen http://www.dmg.org/PMML-4_1."
    )


def test_a_fault_in_an_imported_file_is_a_finding_there_and_not_here():
    root = dmn(imported("b", "t"), decision("d", literal("t.e"), needs=["b#e"]))
    files = {"a.dmn": root, "b.dmn": dmn(decision("e", literal("1 +")), own="b")}
    assert decisions.check(root, "a.dmn", others=files) == []
    with pytest.raises(Invalid, match=r"b\.dmn"):
        decisions.load(root, "a.dmn", others=files)
    assert [f.file for f in decisions.check(files["b.dmn"], "b.dmn", others=files)] == ["b.dmn"]


def test_an_imported_file_that_is_no_dmn_is_not_there():
    root = dmn(imported("b", "t", "b.dmn"))
    files = {"a.dmn": root, "b.dmn": b"<!DOCTYPE x><x/>", "c.dmn": b"<x/>"}
    assert "is er niet" in decisions.check(root, "a.dmn", others=files)[0].message


def test_versions_of_dmn_may_be_mixed():
    old = dmn(
        decision("e", literal('"oud"')), namespace="http://www.omg.org/spec/DMN/20180521/MODEL/", own="b"
    )  # fmt: skip
    root = dmn(
        imported("b", "t"), decision("d", literal("t.e"), needs=["b#e"]), namespace=NAMESPACE
    )
    assert ask_among({"a.dmn": root, "b.dmn": old}, "d").value == "oud"
