"""The shipped set lets nobody come to a sanction past a safeguard; each way to break it is seen.

Every test here takes the set as it is, breaks one thing as somebody with the modeller could, and
reads the finding: which safeguard is missing, and the shortest path that goes past it.
"""

import json
from copy import deepcopy

import pytest
from lxml import etree

from routeflow.commands import deployments
from routeflow.inburgering.waarborgen import BESLUIT, VOORNEMEN, WAARBORGEN
from support.gebroken import (
    BREDE_INTAKE,
    INTAKE,
    LADDER,
    ROUTE,
    TABEL,
    TOETS,
    Gebroken,
    Z,
    in_orde,
)
from support.route import PROJECT, project_files

GEVERS = {
    "uitgelegd": [
        (LADDER, "voer_oorzakengesprek"),
        (BREDE_INTAKE, "beoordeel_wegblijven"),
    ],
    "gewaarschuwd": [(LADDER, "stuur_waarschuwing"), (BREDE_INTAKE, "waarschuw_en_roep_op")],
    "vermogen": [(TOETS, "voer_sanctietoets_uit")],
    "tweede persoon": [(TOETS, "voer_sanctietoets_uit")],
    "gehoord": [(TOETS, "beoordeel_zienswijze")],
    "besloten": [(TOETS, "neem_besluit")],
    "eigen gedraging": [(BREDE_INTAKE, "beoordeel_wegblijven")],
}
"""Which steps give each safeguard in the shipped set."""


@pytest.fixture
def set_():
    return Gebroken()


def test_the_shipped_set_passes():
    assert in_orde() == []


def test_the_shipped_set_is_judged_by_the_law_wherever_it_is_judged(set_):
    set_.zonder_waarborg(LADDER, "stuur_waarschuwing", "gewaarschuwd")
    set_.bevindingen()
    assert {f.code for f in deployments.check(set_.files)} == {"waarborg"}


def test_every_safeguard_is_given_where_we_think():
    gegeven = {}
    for pad, inhoud in project_files().items():
        if pad.endswith(".bpmn"):
            for rij in etree.fromstring(inhoud).iter(f"{Z}property"):
                if rij.get("name") == "waarborg":
                    stap = rij.getparent().getparent().getparent().get("id")
                    for naam in rij.get("value").split(", "):
                        gegeven.setdefault(naam, []).append((pad, stap))
    opnieuw = (INTAKE, "beoordeel_wegblijven_opnieuw")  # the second time: what was given stands
    assert {naam: sorted(set(wie) - {opnieuw}) for naam, wie in gegeven.items()} == {
        naam: sorted(wie) for naam, wie in GEVERS.items()
    }


# one mark gone


@pytest.mark.parametrize(
    ("naam", "pad", "stap"),
    [
        pytest.param(naam, pad, stap, id=f"{naam} - {stap}")
        for naam, gevers in GEVERS.items()
        if naam != "eigen gedraging"
        for pad, stap in gevers
    ],
)
def test_without_one_mark_a_sanction_is_in_reach(set_, naam, pad, stap):
    set_.zonder_waarborg(pad, stap, naam)
    gebroken = set_.paden()
    wanted = {w.stap for w in WAARBORGEN if w.naam == naam}
    assert "neem_besluit" in gebroken
    assert ("stuur_voornemen" in gebroken) == (VOORNEMEN in wanted)
    for zin, pad_ in gebroken.values():
        assert f"zonder de waarborg “{naam}”" in zin
        assert stap in pad_ or pad == BREDE_INTAKE
    assert BESLUIT in wanted


def test_without_a_human_judgement_every_overdue_before_the_intake_is_a_danger(set_):
    set_.zonder_waarborg(BREDE_INTAKE, "beoordeel_wegblijven", "eigen gedraging")
    gebroken = set_.paden("waarborg-overschrijding")
    assert "overdracht_blijft_uit" in gebroken
    _, pad = gebroken["overdracht_blijft_uit"]
    assert (pad[0], pad[-1]) == ("overdracht_blijft_uit", "stuur_voornemen")


# one way drawn past a gate


@pytest.mark.parametrize(
    ("pad", "van", "naar", "naam"),
    [
        (LADDER, "vraag_verwijt", "roep_sanctietoets", "gewaarschuwd"),
        (LADDER, "vraag_hersteld", "roep_sanctietoets", "gewaarschuwd"),
        (BREDE_INTAKE, "verschenen_1", "beoordeel_wegblijven", "gewaarschuwd"),
        (BREDE_INTAKE, "verschenen_2", "vraag_sanctietoets", "uitgelegd"),
        (TOETS, "vraag_besluit", "stuur_voornemen", None),
    ],
)
def test_an_arrow_past_a_gate_is_seen(set_, pad, van, naar, naam):
    set_.pijl(pad, van, naar)
    gebroken = set_.paden()
    if naam is None:  # back to before a gate that was passed: nothing is skipped
        assert gebroken == {}
        return
    zin, weg = gebroken["neem_besluit"]
    assert f"“{naam}”" in zin
    assert weg[-1] == "neem_besluit"
    assert {van, naar} <= set(weg)


def test_the_path_is_the_shortest_and_names_the_arrow(set_):
    set_.pijl(LADDER, "vraag_verwijt", "roep_sanctietoets")
    _, weg = set_.paden()["stuur_voornemen"]
    assert "nieuw_vraag_verwijt_roep_sanctietoets" in weg
    assert "geef_hersteltermijn" not in weg
    assert weg[0] in {"start_vermoeden", "start_vermoeden_gezinsmigrant"}  # both are as long


def test_an_end_of_the_review_before_its_questions_is_seen(set_):
    set_.erbij(
        TOETS,
        "p17b_sanctietoets",
        '<bpmn:boundaryEvent id="haast" name="Haast" attachedToRef="voer_sanctietoets_uit">'
        '<bpmn:timerEventDefinition id="haast_t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>",
    )
    set_.pijl(TOETS, "haast", "stuur_voornemen")
    gebroken = set_.paden()
    assert "“tweede persoon”" in gebroken["stuur_voornemen"][0] or (
        "“vermogen”" in gebroken["stuur_voornemen"][0]
    )
    assert "haast" in gebroken["stuur_voornemen"][1]


def test_a_boundary_event_on_the_warning_leaves_it_undone(set_):
    set_.erbij(
        LADDER,
        "p17_naleving",
        '<bpmn:boundaryEvent id="weg" name="Weg" attachedToRef="stuur_waarschuwing">'
        '<bpmn:escalationEventDefinition id="weg_e"/></bpmn:boundaryEvent>',
    )
    set_.pijl(LADDER, "weg", "roep_sanctietoets")
    zin, weg = set_.paden()["neem_besluit"]
    assert "“gewaarschuwd”" in zin
    assert "weg" in weg


def test_an_event_subprocess_that_starts_a_review_has_passed_nothing(set_):
    set_.erbij(
        ROUTE,
        "p00_doorlopende_lijn",
        '<bpmn:subProcess id="ineens" name="Ineens" triggeredByEvent="true">'
        '<bpmn:startEvent id="ineens_start" name="Ineens" isInterrupting="false">'
        "<bpmn:outgoing>ineens_1</bpmn:outgoing>"
        '<bpmn:timerEventDefinition id="ineens_t"><bpmn:timeDuration>P1Y</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:startEvent>"
        '<bpmn:sequenceFlow id="ineens_1" sourceRef="ineens_start" targetRef="ineens_roep"/>'
        '<bpmn:callActivity id="ineens_roep" name="Toets"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="p17b_sanctietoets"/></bpmn:extensionElements>'
        "<bpmn:incoming>ineens_1</bpmn:incoming></bpmn:callActivity></bpmn:subProcess>",
    )
    bevindingen = set_.bevindingen()
    assert {f.code for f in bevindingen} == {
        "waarborg",
        "waarborg-begin",
        "waarborg-overschrijding",
    }
    zinnen = " ".join(f.message for f in bevindingen)
    assert "“uitgelegd”" in zinnen
    assert "“gewaarschuwd”" in zinnen
    assert all(f.path[0][1] == "ineens_start" for f in bevindingen)


def test_a_call_of_the_review_from_anywhere_else_is_seen(set_):
    set_.erbij(
        "processes/p11-pvt.bpmn",
        "p11_pvt",
        '<bpmn:callActivity id="meteen" name="Meteen"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="p17b_sanctietoets"/></bpmn:extensionElements>'
        "</bpmn:callActivity>",
    )
    set_.pijl("processes/p11-pvt.bpmn", "nodig_uit_voor_pvt", "meteen")
    zin, weg = set_.paden()["stuur_voornemen"]
    assert "“uitgelegd”" in zin or "“gewaarschuwd”" in zin
    assert "meteen" in weg


# what a partner lets pass


@pytest.mark.parametrize("proces", ["p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets"])
@pytest.mark.parametrize("stopt", ["true", "false"])
def test_an_overdue_of_a_partner_leads_to_no_ladder(set_, proces, stopt):
    pvt = "processes/p11-pvt.bpmn"
    set_.erbij(
        pvt,
        "p11_pvt",
        f'<bpmn:boundaryEvent id="te_laat" name="Te laat" attachedToRef="nodig_uit_voor_pvt" '
        f'cancelActivity="{stopt}"><bpmn:timerEventDefinition id="te_laat_t">'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        '</bpmn:boundaryEvent><bpmn:callActivity id="straf" name="Straf"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{proces}"/></bpmn:extensionElements></bpmn:callActivity>',
    )
    set_.pijl(pvt, "te_laat", "straf")
    gebroken = set_.paden("waarborg-overschrijding")
    zin, weg = gebroken["te_laat"]
    assert "mag nooit tot een sanctie leiden" in zin
    assert weg[-1] == "stuur_voornemen"


# forms, persons and the table


@pytest.mark.parametrize(
    ("formulier", "veld", "naam"),
    [
        ("voer-oorzakengesprek", "plichtBegrepen", "uitgelegd"),
        ("beoordeel-wegblijven", "plichtUitgelegd", "uitgelegd"),
        ("stuur-waarschuwing", "waarschuwingDatum", "gewaarschuwd"),
        ("waarschuw-en-roep-op", "waarschuwingIntakeBrief", "gewaarschuwd"),
        ("voer-sanctietoets-uit", "uitkomst", "tweede persoon"),
        ("beoordeel-zienswijze", "zienswijzeOntvangen", "gehoord"),
        ("neem-besluit", "besluit", "besloten"),
        ("beoordeel-wegblijven", "sanctietoetsGevraagd", "eigen gedraging"),
    ],
)
def test_a_step_that_no_longer_asks_its_question_guards_nothing(set_, formulier, veld, naam):
    set_.formulier(formulier, lambda velden: velden[veld].update(key="ietsAnders"))
    zinnen = [f.message for f in set_.bevindingen()]
    assert any(f"zonder dat telt “{naam}” niet" in zin for zin in zinnen)
    assert len(zinnen) > 1


def test_a_review_that_no_longer_asks_about_the_ability_guards_nothing(set_):
    def zonder(velden):
        regel = velden["uitkomst"]["properties"]["regel"]
        velden["uitkomst"]["properties"]["regel"] = regel.replace("beperking != null and ", "")

    set_.formulier("voer-sanctietoets-uit", zonder)
    assert "“vermogen”" in set_.paden()["stuur_voornemen"][0]


def test_a_question_that_can_be_hidden_guards_nothing(set_):
    def verberg(velden):
        velden["zienswijzeOntvangen"]["conditional"] = {"hide": "=zienswijzeAdvies != null"}

    set_.formulier("beoordeel-zienswijze", verberg)
    assert "“gehoord”" in set_.paden()["neem_besluit"][0]


@pytest.mark.parametrize("stap", ["neem_besluit", "maak_besluit_bekend"])
@pytest.mark.parametrize("wie", ["vermoedenMelder", "stuur_voornemen"])
def test_who_reported_or_wrote_the_report_never_decides(set_, stap, wie):
    namen = ["vermoedenMelder", "voer_sanctietoets_uit", "stuur_voornemen"]
    set_.eigenschap(TOETS, stap, "andere_dan", ", ".join(naam for naam in namen if naam != wie))
    (found,) = set_.bevindingen()
    assert (found.element, found.code) == (stap, "waarborg-persoon")
    assert wie in found.message


def test_who_reported_never_judges(set_):
    set_.eigenschap(TOETS, "voer_sanctietoets_uit", "andere_dan")
    zinnen = {f.element: f.message for f in set_.bevindingen()}
    assert "wie meldt, oordeelt niet" in zinnen["voer_sanctietoets_uit"]
    assert "“tweede persoon”" in zinnen["stuur_voornemen"]


@pytest.mark.parametrize("naam", sorted({w.naam for w in WAARBORGEN}))
def test_the_table_keeps_what_the_law_asks(set_, naam):
    (rij,) = set_.diagram(TABEL).iterfind(f".//{{*}}rule[@id='{naam.replace(' ', '_')}']")
    rij.getparent().remove(rij)
    bevindingen = set_.bevindingen()
    assert {f.code for f in bevindingen} == {"waarborg-tabel"}
    assert len(bevindingen) == len([w for w in WAARBORGEN if w.naam == naam])
    assert all(f"“{naam}”" in f.message for f in bevindingen)


def test_the_table_may_ask_more_than_the_law(set_):
    (rij,) = set_.diagram(TABEL).iterfind(".//{*}rule[@id='gehoord']")
    erbij = deepcopy(rij)
    for deel in erbij.iter():
        if deel.get("id"):
            deel.set("id", deel.get("id").replace("gehoord", "tolk"))
    erbij.find("{*}outputEntry/{*}text").text = '"tolk"'
    erbij.findall("{*}outputEntry/{*}text")[-1].text = '""'
    rij.addnext(erbij)
    assert "“tolk”" in set_.paden()["neem_besluit"][0]


@pytest.mark.parametrize("stap", ["stuur_voornemen", "neem_besluit", "maak_besluit_bekend"])
def test_a_step_that_writes_a_sanction_is_one_without_its_mark_too(set_, stap):
    set_.eigenschap(TOETS, stap, "sanctie")
    set_.pijl(LADDER, "vraag_verwijt", "roep_sanctietoets")
    gebroken = set_.paden()
    assert (
        "“gewaarschuwd”" in gebroken[stap if stap != "maak_besluit_bekend" else "neem_besluit"][0]
    )


def test_the_modeller_offers_every_safeguard_and_step():
    sjabloon = json.loads(
        (PROJECT / "processes/element-templates/routeflow.json").read_text("utf-8")
    )
    aanbod = {
        veld["id"]: {keuze["value"] for keuze in veld["choices"]}
        for veld in sjabloon[0]["properties"]
        if veld.get("id") in {"waarborg", "sanctie"}
    }
    gebruikt = {"waarborg": set(), "sanctie": set()}
    for pad, inhoud in project_files().items():
        if pad.endswith(".bpmn"):
            for rij in etree.fromstring(inhoud).iter(f"{Z}property"):
                if rij.get("name") in gebruikt:
                    gebruikt[rij.get("name")].add(rij.get("value"))
    assert aanbod["sanctie"] == {VOORNEMEN, BESLUIT}
    assert aanbod["waarborg"] >= gebruikt["waarborg"] | {w.naam for w in WAARBORGEN}
