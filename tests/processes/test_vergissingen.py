"""Mistakes that a process owner could make with the modeller: none of them opens a way to a sanction.

Each test changes the shipped set as a person would, by mistake, and reads what the judge says of it.
"""

import pytest
from lxml import etree

from routeflow.commands import deployments
from support.bpmn import NAMESPACES
from support.gebroken import BREDE_INTAKE, INTAKE, LADDER, PVT, ROUTE, TOETS, B, Gebroken

EEN_DAG = (
    '<bpmn:timerEventDefinition id="{0}_t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition>"
)
BEGIN = "waarborg-begin"
OVERSCHRIJDING = "waarborg-overschrijding"


@pytest.fixture
def set_():
    return Gebroken()


def roept(ident, proces):
    return (
        f'<bpmn:callActivity id="{ident}" name="{ident}"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{proces}"/></bpmn:extensionElements></bpmn:callActivity>'
    )


def op_de_rand(ident, stap, *, stopt="true", wat=None):
    return (
        f'<bpmn:boundaryEvent id="{ident}" name="{ident}" attachedToRef="{stap}" '
        f'cancelActivity="{stopt}">{wat or EEN_DAG.format(ident)}</bpmn:boundaryEvent>'
    )


def einde(ident, wat):
    return f'<bpmn:endEvent id="{ident}" name="{ident}">{wat}</bpmn:endEvent>'


def bovenaan(set_, pad, xml):
    ruim = " ".join(f'xmlns:{naam}="{uri}"' for naam, uri in NAMESPACES.items())
    for plaats, deel in enumerate(etree.fromstring(f"<x {ruim}>{xml}</x>")):
        set_.diagram(pad).insert(plaats, deel)


def in_de_baan(set_, pad, ident, rol):
    """Draw a step in another lane; makes the lane when the pool has none of that name."""
    for plek in list(set_.diagram(pad).iter(f"{B}flowNodeRef")):
        if plek.text == ident:
            plek.getparent().remove(plek)
    banen = [een for een in set_.diagram(pad).iter(f"{B}lane") if een.get("name") == rol]
    if not banen:
        vak = next(set_.diagram(pad).iter(f"{B}laneSet"))
        banen = [etree.SubElement(vak, f"{B}lane", id="nieuwe_baan", name=rol)]
    etree.SubElement(banen[0], f"{B}flowNodeRef").text = ident


def herhaald(set_, pad, ident, wat):
    ruim = " ".join(f'xmlns:{naam}="{uri}"' for naam, uri in NAMESPACES.items())
    set_.element(pad, ident).append(etree.fromstring(f"<x {ruim}>{wat}</x>")[0])


def gevonden(set_):
    return {(een.code, een.element) for een in set_.bevindingen()}


# the way itself


def test_a_timer_that_takes_the_first_contact_away_and_goes_on_to_the_review(set_):
    set_.erbij(LADDER, "p17_naleving", op_de_rand("haast", "doe_contactpoging"))
    set_.pijl(LADDER, "haast", "roep_sanctietoets")
    assert {("waarborg", "stuur_voornemen"), (OVERSCHRIJDING, "haast")} <= gevonden(set_)


def test_a_reminder_beside_the_hearing_that_goes_on_to_the_decision(set_):
    set_.erbij(
        TOETS, "p17b_sanctietoets", op_de_rand("haast", "beoordeel_zienswijze", stopt="false")
    )
    set_.pijl(TOETS, "haast", "neem_besluit")
    assert "“gehoord”" in set_.paden()["neem_besluit"][0]


def test_a_second_start_of_the_review(set_):
    set_.erbij(TOETS, "p17b_sanctietoets", '<bpmn:startEvent id="ook" name="Ook"/>')
    set_.pijl(TOETS, "ook", "stuur_voornemen")
    assert ("waarborg", "stuur_voornemen") in gevonden(set_)


@pytest.mark.parametrize(
    "wat",
    [
        EEN_DAG.format("ook").replace("Duration", "Cycle").replace("P1D", "R/P1M"),
        '<bpmn:messageEventDefinition id="ook_b" messageRef="message_bezwaar"/>',
    ],
    ids=["clock", "message"],
)
def test_a_start_of_the_review_by_the_clock_or_by_a_message(set_, wat):
    set_.erbij(
        TOETS, "p17b_sanctietoets", f'<bpmn:startEvent id="ook" name="Ook">{wat}</bpmn:startEvent>'
    )
    set_.pijl(TOETS, "ook", "voer_sanctietoets_uit")
    assert {("waarborg", "stuur_voornemen"), (BEGIN, "stuur_voornemen")} <= gevonden(set_)


def test_a_jump_by_a_link_past_the_warning(set_):
    set_.erbij(
        LADDER,
        "p17_naleving",
        '<bpmn:intermediateThrowEvent id="spring" name="Verder"><bpmn:linkEventDefinition '
        'id="l1" name="Verder"/></bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent '
        'id="land" name="Verder"><bpmn:linkEventDefinition id="l2" name="Verder"/>'
        "</bpmn:intermediateCatchEvent>",
    )
    set_.pijl(LADDER, "vraag_verwijt", "spring")
    set_.pijl(LADDER, "land", "roep_sanctietoets")
    zin, weg = set_.paden()["neem_besluit"]
    assert "“gewaarschuwd”" in zin
    assert {"spring", "land"} <= set(weg)


def test_the_warning_and_the_review_side_by_side(set_):
    keuze = set_.element(LADDER, "vraag_hersteld")
    keuze.tag = f"{B}parallelGateway"
    del keuze.attrib["default"]
    set_.pijl(LADDER, "vraag_hersteld", "roep_sanctietoets")
    assert "“gewaarschuwd”" in set_.paden()["neem_besluit"][0]


@pytest.mark.parametrize(
    "wat",
    [
        (
            '<bpmn:multiInstanceLoopCharacteristics id="mi"><bpmn:extensionElements>'
            '<zeebe:loopCharacteristics inputCollection="=personen" inputElement="wie"/>'
            "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
        ),
        (
            '<bpmn:standardLoopCharacteristics id="mi" testBefore="true">'
            "<bpmn:loopCondition>=false</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
        ),
    ],
    ids=["each of a list", "as long as"],
)
def test_a_warning_that_may_be_given_no_time_at_all(set_, wat):
    herhaald(set_, LADDER, "stuur_waarschuwing", wat)
    zinnen = [een.message for een in set_.bevindingen()]
    assert any("kan nul keer voorkomen" in zin for zin in zinnen)
    assert "“gewaarschuwd”" in set_.paden()["neem_besluit"][0]


@pytest.mark.parametrize("soort", ["manualTask", "scriptTask", "serviceTask"])
def test_a_warning_that_nobody_gives(set_, soort):
    set_.element(LADDER, "stuur_waarschuwing").tag = f"{B}{soort}"
    assert "een mens moet het doen" in " ".join(een.message for een in set_.bevindingen())
    assert "“gewaarschuwd”" in set_.paden()["neem_besluit"][0]


def test_a_copy_of_the_ladder_of_the_intake_that_nobody_calls(set_):
    kopie = set_.files[INTAKE]
    for naam in (b"p17a_naleving_intake", b"start_p17a"):
        kopie = kopie.replace(naam, naam + b"_kopie")
    set_.files["processes/kopie.bpmn"] = kopie
    assert (BEGIN, "stuur_voornemen") in gevonden(set_)


# who lets something pass


@pytest.mark.parametrize("stopt", ["true", "false"])
@pytest.mark.parametrize("hoe", ["escalatie", "signaal", "bericht", "voorwaarde"])
def test_what_a_partner_lets_pass_told_in_another_way(set_, hoe, stopt):
    wanneer = (
        '<bpmn:conditionalEventDefinition id="v"><bpmn:condition>=pvtDatum = null'
        "</bpmn:condition></bpmn:conditionalEventDefinition>"
        if hoe == "voorwaarde"
        else None
    )
    zegt = {
        "escalatie": '<bpmn:escalationEventDefinition id="z_e" escalationRef="z_1"/>',
        "signaal": '<bpmn:signalEventDefinition id="z_e" signalRef="z_1"/>',
        "bericht": '<bpmn:messageEventDefinition id="z_e" messageRef="z_1"/>',
        "voorwaarde": "",
    }[hoe]
    heet = {
        "escalatie": '<bpmn:escalation id="z_{0}" name="z" escalationCode="z"/>',
        "signaal": '<bpmn:signal id="z_{0}" name="sanctietoets_intake"/>',
        "bericht": '<bpmn:message id="z_{0}" name="vermoeden"/>',
        "voorwaarde": "",
    }[hoe]
    rand = op_de_rand("te_laat", "nodig_uit_voor_pvt", stopt=stopt, wat=wanneer)
    volgt = roept("zeg", "p17_naleving") if hoe == "voorwaarde" else einde("zeg", zegt)
    set_.erbij(PVT, "p11_pvt", rand + volgt)
    set_.pijl(PVT, "te_laat", "zeg")
    bovenaan(set_, PVT, heet.format(1))
    if hoe == "escalatie":
        bovenaan(set_, ROUTE, heet.format(2))
        vangt = '<bpmn:escalationEventDefinition id="vang_e" escalationRef="z_2"/>'
        set_.erbij(
            ROUTE,
            set_.element(ROUTE, "roep_pvt").getparent().get("id"),
            op_de_rand("vang", "roep_pvt", stopt=stopt, wat=vangt) + roept("straf", "p17_naleving"),
        )
        set_.pijl(ROUTE, "vang", "straf")
    gebroken = gevonden(set_)
    if hoe != "bericht":  # nobody hears the message inside the set: it is a person's alone
        assert (BEGIN, "stuur_voornemen") in gebroken
    assert {code for code, _ in gebroken} & {BEGIN, OVERSCHRIJDING}
    if hoe in {"escalatie", "signaal", "bericht"}:
        assert (OVERSCHRIJDING, "te_laat") in gebroken


def test_a_timer_beside_the_work_of_a_partner_that_begins_the_ladder(set_):
    wacht = EEN_DAG.format("wacht")
    set_.erbij(
        PVT,
        "p11_pvt",
        '<bpmn:parallelGateway id="naast" name="Naast"/><bpmn:intermediateCatchEvent id="wacht" '
        f'name="Wacht">{wacht}</bpmn:intermediateCatchEvent>{roept("straf", "p17_naleving")}',
    )
    for van, naar in (("start_p11", "naast"), ("naast", "wacht"), ("wacht", "straf")):
        set_.pijl(PVT, van, naar)
    assert (BEGIN, "stuur_voornemen") in gevonden(set_)


@pytest.mark.parametrize(
    ("pad", "na"),
    [(PVT, "nodig_uit_voor_pvt"), (ROUTE, "behandel_bezwaar_pip")],
)
def test_a_ladder_that_begins_because_a_step_is_done(set_, pad, na):
    set_.erbij(pad, set_.element(pad, na).getparent().get("id"), roept("straf", "p17_naleving"))
    set_.pijl(pad, na, "straf")
    (begin,) = [een for een in set_.bevindingen() if een.code == BEGIN]
    assert "zonder dat een mens eerst vaststelde" in begin.message
    assert {na, "straf"} <= {ident for _, ident in begin.path}


def test_the_ladder_of_the_intake_behind_another_signal(set_):
    set_.element(ROUTE, "start_sanctietoets_intake_signaal").set("signalRef", "signal_pip_bekend")
    assert (BEGIN, "stuur_voornemen") in gevonden(set_)


# who judges


@pytest.mark.parametrize(
    ("pad", "stap", "rol", "code"),
    [
        (TOETS, "voer_sanctietoets_uit", "casemanager", "waarborg"),
        (TOETS, "voer_sanctietoets_uit", "taalaanbieder", "waarborg"),
        (TOETS, "stuur_voornemen", "casemanager", "waarborg-rol"),
        (TOETS, "neem_besluit", "casemanager", "waarborg-rol"),
        (TOETS, "neem_besluit", "werkpartner", "waarborg-rol"),
        (TOETS, "maak_besluit_bekend", "maatschappelijk begeleider", "waarborg-rol"),
        (TOETS, "beoordeel_zienswijze", "taalaanbieder", "waarborg"),
        (LADDER, "stuur_waarschuwing", "taalaanbieder", "waarborg"),
        (LADDER, "voer_oorzakengesprek", "pvt-aanbieder", "waarborg"),
        (BREDE_INTAKE, "oproepen", "maatschappelijk begeleider", "waarborg"),
    ],
)
def test_a_judgement_drawn_in_the_lane_of_who_may_not_judge(set_, pad, stap, rol, code):
    in_de_baan(set_, pad, stap, rol)
    bevindingen = set_.bevindingen()
    assert code in {een.code for een in bevindingen}
    assert any("Dat oordeel is van de gemeente" in een.message for een in bevindingen)
    assert any(rol in een.message for een in bevindingen)


def test_a_script_that_decides(set_):
    set_.erbij(
        TOETS,
        "p17b_sanctietoets",
        '<bpmn:scriptTask id="reken" name="Reken"><bpmn:extensionElements><zeebe:script '
        'expression="=&quot;boete&quot;" resultVariable="besluit"/></bpmn:extensionElements>'
        "</bpmn:scriptTask>",
    )
    set_.pijl(TOETS, "beoordeel_zienswijze", "reken")
    set_.pijl(TOETS, "reken", "vraag_besluit")
    assert ("waarborg-mens", "reken") in gevonden(set_)
    assert "“besloten”" in set_.paden()["maak_besluit_bekend"][0]


def test_a_script_anywhere_that_writes_an_amount(set_):
    set_.erbij(
        PVT,
        "p11_pvt",
        '<bpmn:scriptTask id="reken" name="Reken"><bpmn:extensionElements><zeebe:script '
        'expression="=100" resultVariable="boeteBedrag"/></bpmn:extensionElements>'
        "</bpmn:scriptTask>",
    )
    set_.pijl(PVT, "nodig_uit_voor_pvt", "reken")
    assert ("waarborg-mens", "reken") in gevonden(set_)


def test_the_form_of_a_fine_with_a_step_of_a_partner(set_):
    set_.files["forms/nodig-uit-voor-pvt.form"] = set_.files["forms/stuur-voornemen.form"].replace(
        b'"stuur-voornemen"', b'"nodig-uit-voor-pvt"'
    )
    assert {("waarborg", "nodig_uit_voor_pvt"), ("waarborg-rol", "nodig_uit_voor_pvt")} <= gevonden(
        set_
    )


# what stays open, and under what it stays


@pytest.mark.parametrize(
    ("formulier", "veld", "stap"),
    [
        ("voer-sanctietoets-uit", "uitkomst", "voer_sanctietoets_uit"),
        ("neem-besluit", "besluit", "neem_besluit"),
    ],
)
def test_a_judgement_that_cannot_be_nothing_any_more(set_, formulier, veld, stap):
    def zonder_niets(velden):
        keuzen = velden[veld]["values"]
        velden[veld]["values"] = [een for een in keuzen if een["value"] != "niets"]

    set_.formulier(formulier, zonder_niets)
    assert ("waarborg-uitweg", stap) in gevonden(set_)


@pytest.mark.parametrize(
    ("formulier", "veld", "stap"),
    [
        ("voer-sanctietoets-uit", "uitkomst", "voer_sanctietoets_uit"),
        ("neem-besluit", "besluit", "neem_besluit"),
    ],
)
def test_a_judgement_that_is_filled_in_beforehand(set_, formulier, veld, stap):
    set_.formulier(formulier, lambda velden: velden[veld].update(defaultValue="boete"))
    assert ("waarborg-mens", stap) in gevonden(set_)


def test_a_decision_after_which_a_sanction_always_follows(set_):
    weg = "flow_vraag_besluit_bericht_geen_gevolg"
    for pijl in list(set_.diagram(TOETS).iter(f"{B}sequenceFlow", f"{B}incoming", f"{B}outgoing")):
        if weg in (pijl.get("id"), pijl.text):
            pijl.getparent().remove(pijl)
    set_.element(TOETS, "vraag_besluit").set("default", "flow_vraag_besluit_maak_besluit_bekend")
    assert ("waarborg-uitweg", "neem_besluit") in gevonden(set_)


@pytest.mark.parametrize("veld", ["boeteBedrag", "besluit"])
def test_a_decision_that_no_longer_asks_what_the_law_allows(set_, veld):
    set_.formulier("neem-besluit", lambda velden: velden[veld]["properties"].pop("regel"))
    assert ("waarborg-grens", "neem_besluit") in gevonden(set_)


@pytest.mark.parametrize(
    ("formulier", "veld", "stap"),
    [
        ("neem-besluit", "redenOnwil", "neem_besluit"),
        ("neem-besluit", "motivering", "neem_besluit"),
        ("voer-sanctietoets-uit", "redenTochBoete", "voer_sanctietoets_uit"),
        ("voer-sanctietoets-uit", "verlagingBijstand", "voer_sanctietoets_uit"),
    ],
)
def test_a_judgement_without_its_reasons(set_, formulier, veld, stap):
    set_.formulier(formulier, lambda velden: velden[veld].update(key="ietsAnders"))
    assert ("waarborg-reden", stap) in gevonden(set_)


# words that are misspelled


@pytest.mark.parametrize(
    ("eigenschap", "waarde", "code"),
    [
        ("waarborg", "beslotn", "waarborg"),
        ("sanctie", "besluiten", "sanctie"),
        ("andere_dan", "vermoedenmelder", "waarborg-persoon"),
    ],
)
def test_a_mark_with_a_typing_error(set_, eigenschap, waarde, code):
    set_.eigenschap(TOETS, "neem_besluit", eigenschap, waarde)
    set_.bevindingen()
    assert code in {een.code for een in deployments.check(set_.files)}


def test_nobody_can_be_called_by_a_name_that_is_worked_out(set_):
    set_.erbij(PVT, "p11_pvt", roept("straf", "=&quot;p17b_sanctietoets&quot;"))
    set_.pijl(PVT, "nodig_uit_voor_pvt", "straf")
    set_.bevindingen()
    codes = {(een.code, een.element) for een in deployments.check(set_.files)}
    assert ("aanroep", "straf") in codes
