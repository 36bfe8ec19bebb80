"""The tables that the gemeente owns, as files: well drawn, and in agreement with the law's names."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from routeflow.inburgering import regels
from routeflow.inburgering.rechten import Rol
from routeflow.inburgering.regels import Afspraak, termijn

PROCESSEN = Path(__file__).parents[2] / "processes"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"
TABELLEN = {
    "rolverdeling": "rolverdeling",
    "escalatie": "escalatie",
    "werkafspraken": "werkafspraken",
    "inburgeringsplicht": "inburgeringsplicht",
    "aanbodplicht": "aanbodplicht",
    "leerroute-advies": "leerroute_advies",
}


def lees(bestand):
    return ET.fromstring((PROCESSEN / f"{bestand}.dmn").read_bytes())  # noqa: S314 - our own file


def rijen(bestand):
    """Return per rule its output cells as Python values, by the name of the column."""
    wortel = lees(bestand)
    kolommen = [kolom.get("name") for kolom in wortel.iter(f"{DMN}output")]
    for regel in wortel.iter(f"{DMN}rule"):
        cellen = [cel.findtext(f"{DMN}text") or "" for cel in regel.findall(f"{DMN}outputEntry")]
        waarden = [cel.strip('"') if cel.startswith('"') else int(cel) for cel in cellen]
        eerste = regel.find(f"{DMN}inputEntry/{DMN}text")
        yield (
            eerste.text.strip('"') if eerste.text else "",
            dict(zip(kolommen, waarden, strict=True)),
        )


AFSPRAKEN = {naam: Afspraak.uit(naam, rij) for naam, rij in rijen("werkafspraken")}


@pytest.mark.parametrize(("bestand", "beslissing"), TABELLEN.items())
def test_a_table_opens_in_the_editor_every_decision_has_a_shape_and_ids_are_unique(
    bestand, beslissing
):
    wortel = lees(bestand)
    ids = [element.get("id") for element in wortel.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    getekend = {vorm.get("dmnElementRef") for vorm in wortel.iter(f"{DMNDI}DMNShape")}
    assert {decision.get("id") for decision in wortel.iter(f"{DMN}decision")} == getekend
    assert beslissing in getekend


@pytest.mark.parametrize("bestand", TABELLEN)
def test_every_rule_says_where_it_comes_from_and_fills_every_column(bestand):
    wortel = lees(bestand)
    breedte = len(list(wortel.iter(f"{DMN}input"))), len(list(wortel.iter(f"{DMN}output")))
    for regel in wortel.iter(f"{DMN}rule"):
        assert regel.findtext(f"{DMN}description"), regel.get("id")
        cellen = regel.findall(f"{DMN}inputEntry"), regel.findall(f"{DMN}outputEntry")
        assert (len(cellen[0]), len(cellen[1])) == breedte


def test_no_agreement_has_the_name_of_a_period_of_the_law():
    assert not set(AFSPRAKEN) & set(regels.REGELS)


@pytest.mark.parametrize("afspraak", AFSPRAKEN.values(), ids=AFSPRAKEN)
def test_every_agreement_can_be_counted_and_says_that_it_is_no_law(afspraak):
    assert afspraak.grond.startswith("Werkafspraak")
    assert afspraak.grond.endswith("(voorstel, geen wet)")
    begin = "2026-03-10"
    feiten = {
        afspraak.vanaf: begin,
        "bijstandIngang": begin,
        "kennisgeving": begin,
        "dagtekening": begin,
    }
    gevonden = termijn(
        afspraak.naam, feiten, afspraken=AFSPRAKEN.values(), geopend=regels.als_datum(begin, "")
    )
    assert gevonden is not None
    laatste = gevonden.laatste_dag()
    assert laatste >= gevonden.na if afspraak.aantal >= 0 else laatste < gevonden.na


def test_the_earlier_days_that_the_register_names_are_agreements():
    assert {regel.streef for regel in regels.REGELS.values() if regel.streef} <= set(AFSPRAKEN)


def test_reminders_go_to_a_rol_that_exists():
    aan = {rij["aan"] for _, rij in rijen("escalatie")}
    assert aan <= {*Rol, "behandelaar"}


def test_no_reminder_speaks_of_a_sanction():
    woorden = ("boete", "sanctie", "maatregel", "korting")
    assert not [
        rij for _, rij in rijen("escalatie") if any(w in rij["tekst"].lower() for w in woorden)
    ]


def test_every_termijn_that_a_diagram_names_exists():
    genoemd = {
        naam: bestand.name
        for bestand in PROCESSEN.glob("*.bpmn")
        for naam in re.findall(r'termijn\((?:&#34;|&quot;|")(\w+)', bestand.read_text("utf-8"))
    }
    bekend = {*AFSPRAKEN, *regels.REGELS}
    assert {naam: bestand for naam, bestand in genoemd.items() if naam not in bekend} == {}
