"""routeflow check and routeflow run."""

import json
import re
import shlex

import pytest

from support.bpmn import (
    after,
    boundary,
    call,
    called,
    catch,
    draw,
    end,
    exclusive,
    lanes,
    message,
    parallel,
    path,
    script,
    start,
    task,
    user,
    zeebe,
)
from support.huis import PROJECT

GEWOON = draw(
    "p",
    start(),
    user("vraag", name="Stel de vraag"),
    exclusive("keuze", default="keuze_nee"),
    task("ja"),
    task("nee"),
    end(),
    path("s > vraag > keuze"),
    path("keuze > ja", when='=antwoord = "ja"'),
    path("keuze > nee"),
    path("ja > e"),
    path("nee > e"),
)
HOSTIEL = {
    "entiteit": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&a;</definitions>',
    "bom": b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><definitions>&c;</definitions>',
    "diep": b"<a>" * 20_000 + b"</a>" * 20_000,
    "half": b"<definitions>",
    "leeg": b"",
    "nul": b"\0\0\0",
}


@pytest.fixture
def schrijf(tmp_path):
    def schrijf(naam, inhoud):
        bestand = tmp_path / naam
        bestand.parent.mkdir(exist_ok=True)
        bestand.write_bytes(inhoud)
        return bestand

    return schrijf


def test_the_set_of_the_project_can_go_in_service(opdracht):
    uitslag = opdracht("check", PROJECT / "processes", PROJECT / "forms")
    aantal = len([*(PROJECT / "processes").glob("*.[bd]*m*n"), *(PROJECT / "forms").glob("*.form")])
    assert uitslag.stdout.endswith(f"{aantal} van {aantal} kunnen in dienst\n")


def test_one_file_of_a_set_is_judged_as_part_of_it(opdracht):
    uitslag = opdracht("check", PROJECT / "processes/p11-pvt.bpmn")
    assert uitslag.stdout == "1 van 1 kunnen in dienst\n"


def test_a_single_file_outside_a_set_is_judged_by_itself(opdracht, schrijf):
    bestand = schrijf("los.bpmn", GEWOON)
    uitslag = opdracht("check", bestand, stand=1)
    assert "los.bpmn:" in uitslag.stdout
    assert "vraag (Stel de vraag)" in uitslag.stdout
    assert uitslag.stdout.endswith("0 van 1 kunnen in dienst\n")


def test_findings_as_json_name_file_element_and_reason(opdracht, schrijf):
    kapot = draw("p", start(), user("vraag"), path("s > vraag"))
    bevindingen = opdracht.json("check", schrijf("los.bpmn", kapot), "--json", stand=1)
    assert bevindingen
    for bevinding in bevindingen:
        assert set(bevinding) == {
            "file", "element", "name", "code", "message", "severity", "line", "path",
        }  # fmt: skip
        assert bevinding["file"] == "los.bpmn"
        assert bevinding["severity"] in {"fout", "waarschuwing"}
        assert bevinding["message"].endswith(".")
    assert "vraag" in {bevinding["element"] for bevinding in bevindingen}


def test_only_the_files_that_were_given_are_told_about(opdracht, schrijf):
    schrijf("processes/kapot.bpmn", HOSTIEL["half"])
    tabel = (PROJECT / "processes/seinen.dmn").read_bytes()
    goed = schrijf("processes/seinen.dmn", tabel)
    assert "kapot" not in opdracht("check", goed).stdout


@pytest.mark.parametrize("soort", ["bpmn", "dmn", "form"])
@pytest.mark.parametrize("naam", list(HOSTIEL))
def test_a_hostile_file_gives_a_finding_and_no_more(opdracht, schrijf, soort, naam):
    uitslag = opdracht("check", schrijf(f"{naam}.{soort}", HOSTIEL[naam]), stand=1)
    assert "root:" not in uitslag.output
    assert "0 van 1 kunnen in dienst" in uitslag.stdout


def test_a_folder_without_diagrams_and_a_file_that_is_not_there(opdracht, tmp_path):
    assert "geen bestanden" in opdracht("check", tmp_path, stand=1).stderr
    opdracht("check", tmp_path / "nergens.bpmn", stand=2)
    opdracht("check", stand=2)
    assert "geen bestanden" in opdracht("run", tmp_path, stand=1).stderr


@pytest.mark.parametrize(("antwoord", "tak"), [("ja", "ja"), ("anders", "nee")])
def test_a_plain_diagram_runs_without_lanes_or_forms(opdracht, schrijf, antwoord, tak):
    uitslag = opdracht.json(
        "run", schrijf("los.bpmn", GEWOON), "--data", json.dumps({"antwoord": antwoord}), "--json"
    )
    assert uitslag["elements"] == ["s", "vraag", "keuze", tak, "e"]
    assert (uitslag["process"], uitslag["finished"], uitslag["waiting"]) == ("p", True, [])


def test_answers_of_a_task_decide_too(opdracht, schrijf):
    antwoorden = json.dumps({"vraag": {"antwoord": "ja"}})
    bestand = schrijf("los.bpmn", GEWOON)
    assert "ja" in opdracht.json("run", bestand, "--antwoorden", antwoorden, "--json")["elements"]


def test_people_read_ids_with_names(opdracht, schrijf):
    tekst = opdracht("run", schrijf("los.bpmn", GEWOON)).stdout
    assert "vraag\tStel de vraag\n" in tekst


def test_parallel_branches_are_all_done(opdracht, schrijf):
    namen = ("a", "b", "c")
    diagram = draw(
        "p",
        start(),
        parallel("uit"),
        *(user(naam) for naam in namen),
        parallel("in"),
        end(),
        path("s > uit"),
        *(path(f"uit > {naam} > in") for naam in namen),
        path("in > e"),
    )
    elementen = opdracht.json("run", schrijf("los.bpmn", diagram), "--json")["elements"]
    assert set(namen) < set(elementen)
    assert elementen[-1] == "e"


def test_timers_pass_and_messages_come(opdracht, schrijf):
    diagram = draw(
        "p",
        start(),
        catch("wacht", after("P10W")),
        catch("bericht", message("SS102")),
        end(),
        path("s > wacht > bericht > e"),
    )
    uitslag = opdracht.json("run", schrijf("los.bpmn", diagram), "--json")
    assert uitslag["elements"] == ["s", "wacht", "bericht", "e"]


def test_what_the_route_computes_is_told(opdracht, schrijf):
    diagram = draw("p", start(), script("tel", "=a + 1", "b"), end(), path("s > tel > e"))
    uitslag = opdracht.json("run", schrijf("los.bpmn", diagram), "--data", '{"a": 2}', "--json")
    assert uitslag["facts"] == {"a": 2, "b": 3}


def test_terms_and_norms_of_the_product_are_known(opdracht, schrijf):
    diagram = draw(
        "p",
        start(),
        script("tel", '=termijn("pip")', "pip"),
        end(),
        path("s > tel > e"),
    )
    data = json.dumps({"kennisgeving": {"@type": "date", "@value": "2026-01-23"}})
    uitslag = opdracht.json("run", schrijf("los.bpmn", diagram), "--data", data, "--json")
    assert uitslag["facts"]["pip"] == "2026-04-07"


def test_a_diagram_that_is_called_is_given_along(opdracht, schrijf):
    boven = draw("boven", start(), call("roep", called("onder")), end(), path("s > roep > e"))
    onder = draw("onder", start("s2"), user("werk"), end("e2"), path("s2 > werk > e2"))
    bestanden = schrijf("boven.bpmn", boven), schrijf("onder.bpmn", onder)
    uitslag = opdracht.json("run", *bestanden, "--json")
    assert uitslag["process"] == "boven"
    assert uitslag["elements"] == ["s", "roep", "s2", "werk", "e2", "e"]
    assert opdracht.json("run", *bestanden, "--proces", "onder", "--json")["process"] == "onder"
    assert "onder" in opdracht("run", bestanden[0], stand=1).output
    assert "nergens" in opdracht("run", *bestanden, "--proces", "nergens", stand=1).stderr


@pytest.mark.parametrize("schakel", ["task", "user"])
def test_an_endless_loop_ends_in_a_clear_message(opdracht, schrijf, schakel):
    lus = {"task": task, "user": user}[schakel]("rondje")
    diagram = draw(
        "p",
        start(),
        exclusive("samen"),
        lus,
        exclusive("klaar", default="klaar_samen"),
        end(),
        path("s > samen > rondje > klaar"),
        path("klaar > samen"),
        path("klaar > e", when="=gedaan = true"),
    )
    uitslag = opdracht("run", schrijf("los.bpmn", diagram), stand=1)
    assert "rond" in uitslag.stderr
    assert "rondje" in uitslag.stderr
    goed = opdracht.json(
        "run", schrijf("los.bpmn", diagram), "--data", '{"gedaan": true}', "--json"
    )
    assert goed["finished"]


def test_a_route_that_cannot_end_says_where_it_stands(opdracht, schrijf):
    diagram = draw(
        "p",
        start(),
        exclusive("keuze"),
        task("a"),
        task("b"),
        parallel("samen"),
        end(),
        path("s > keuze"),
        path("keuze > a", when="=true"),
        path("keuze > b", when="=false"),
        path("a > samen"),
        path("b > samen"),
        path("samen > e"),
    )
    uitslag = opdracht("run", schrijf("los.bpmn", diagram), stand=1)
    assert "samen" in uitslag.output


def test_a_diagram_that_does_not_hold_together_is_not_tried(opdracht, schrijf):
    kapot = draw("p", start(), boundary("b", "weg", after("P1D")), end(), path("s > e"))
    uitslag = opdracht("run", schrijf("los.bpmn", kapot), stand=1)
    assert "los.bpmn" in uitslag.stdout
    for inhoud in HOSTIEL.values():
        assert opdracht("run", schrijf("los.bpmn", inhoud), stand=1).output


def test_data_that_is_no_json_is_refused(opdracht, schrijf):
    bestand = schrijf("los.bpmn", GEWOON)
    assert "--data" in opdracht("run", bestand, "--data", "{", stand=2).stderr
    assert "--antwoorden" in opdracht("run", bestand, "--antwoorden", "[]", stand=2).stderr


def test_lanes_and_forms_do_no_harm(opdracht, schrijf):
    diagram = draw(
        "p",
        lanes("banen", casemanager=["vraag"]),
        start(),
        user("vraag", zeebe("userTask"), zeebe("formDefinition", formId="vraag")),
        end(),
        path("s > vraag > e"),
    )
    assert opdracht.json("run", schrijf("los.bpmn", diagram), "--json")["finished"]


def test_a_trial_that_takes_too_long_says_that_it_was_stopped(opdracht, schrijf):
    data = draw("p", start(), exclusive("m"), user("a"), exclusive("g", default="g_m"), end(),
                path("s > m > a > g > m"), path("g > e", "=klaar = true"))  # fmt: skip
    gezegd = opdracht("run", schrijf("p.bpmn", data), stand=1).stderr
    assert "De proef stopt na 6000 handelingen" in gezegd
    assert "De route blijft rondgaan langs m, a, g." in gezegd


GEDRUKT = [
    commando
    for blad in ("README.md", "docs/handleiding/proceseigenaar.md")
    for commando in re.findall(
        r"`routeflow ((?:check|run) (?!--)[^`]*)`", (PROJECT / blad).read_text()
    )
]


@pytest.mark.parametrize("commando", GEDRUKT)
def test_what_the_pages_print_can_be_typed(opdracht, monkeypatch, commando):
    monkeypatch.chdir(PROJECT)
    opdracht(*shlex.split(commando))
