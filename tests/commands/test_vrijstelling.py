"""While DUO has exempted somebody for a time nothing is asked of them, and others go on (SS109)."""

from datetime import date, timedelta
from functools import partial

import pytest

from routeflow.brieven.brief import Afzender
from routeflow.commands import brieven, naleving
from routeflow.errors import Conflict
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.inburgering.vrijstelling import laatste_dag, vraagt_van_inburgeraar
from routeflow.store import transact
from support import bpmn
from support.formulieren import formulier, veld
from support.klein import TABLES, person
from support.route import project_files

CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
VAN_DE_INBURGERAAR = ("inburgeraar", "oproep", "waarschuw", "hoor")
ANDEREN = ("gemeente", "partner")
STAPPEN = (*VAN_DE_INBURGERAAR, *ANDEREN)


def set_met_vrijstelling():
    """A step of everybody, a call and a warning, with the exemption of the project beside them."""
    wat = {
        "oproep": {"houder": "gemeente", "brief": "oproep_intake"},
        "waarschuw": {"houder": "gemeente", "waarborg": "uitgelegd, gewaarschuwd"},
        "hoor": {"houder": "gemeente", "sanctie": "voornemen"},
    }
    drawn = bpmn.draw(
        "stappen",
        bpmn.lanes("lanes", casemanager=list(STAPPEN)),
        bpmn.start(),
        bpmn.parallel("samen"),
        bpmn.parallel("klaar"),
        bpmn.end(),
        *(
            person(naam, due='=termijn("gewone_taak")', **wat.get(naam, {"houder": naam}))
            for naam in STAPPEN
        ),
        bpmn.event_sub(
            "bij_vrijstelling",
            bpmn.start("vrij", bpmn.message("SS109"), isInterrupting="false"),
            bpmn.node("callActivity", "deel", bpmn.called("p22_tijdelijke_vrijstelling")),
            bpmn.end("vrij_klaar"),
            bpmn.path("vrij > deel > vrij_klaar"),
        ),
        bpmn.path("s > samen"),
        bpmn.path("klaar > e"),
        *(bpmn.path(f"samen > {naam} > klaar") for naam in STAPPEN),
    )
    nodig = {f"processes/{naam}.dmn" for naam in TABLES} | {
        "processes/p22-tijdelijke-vrijstelling.bpmn",
        "forms/leg-tijdelijke-vrijstelling-uit.form",
        "forms/hervat-route.form",
    }
    return {
        "processes/stappen.bpmn": drawn,
        **{
            f"forms/{naam}.form": formulier(veld("textfield", "sanctietoetsGevraagd"), id=naam)
            for naam in STAPPEN
        },
        **{pad: inhoud for pad, inhoud in project_files().items() if pad in nodig},
    }


@pytest.fixture
def stappen(route):
    route.given("stappen", set_met_vrijstelling())
    return route


def vrij(route):
    dag = route.now.date()
    assert route.when_message("SS109", tijdelijkVrijgesteldVanaf=dag) == "bezorgd"


def weer_plichtig(route, bericht="SS130"):
    assert route.when_message(bericht, vrijstellingIngetrokkenOp=route.now.date()) == "bezorgd"


def over(route, *elementen):
    """What was told about these steps."""
    ids = {taak.id: taak.element for taak in route.taken}
    return [een.soort for een in route.meldingen if ids.get(een.taak_id) in elementen]


def vermoed(route, element):
    work = partial(
        naleving.meld_vermoeden,
        taak_id=route.taak(element).id,
        gegevens={"plicht": "begeleiding", "toelichting": "Kwam niet."},
        by=CASEMANAGER,
        now=route.now,
    )
    transact(route.store.sessions, work)


def test_what_is_asked_of_the_inburgeraar_has_no_last_day_and_nobody_is_reminded(stappen):
    vrij(stappen)
    assert [stappen.due(naam) for naam in VAN_DE_INBURGERAAR] == [None] * 4
    stappen.when_days_pass(60)
    assert over(stappen, *VAN_DE_INBURGERAAR) == []


def test_the_steps_of_others_go_on_and_are_reminded(stappen):
    voor = [stappen.due(naam) for naam in ANDEREN]
    vrij(stappen)
    assert [stappen.due(naam) for naam in ANDEREN] == voor
    stappen.when_days_pass(60)
    for naam in ANDEREN:
        assert {"herinnering", "te laat"} <= set(over(stappen, naam)), naam


def test_a_suspicion_is_refused_in_words(stappen):
    stappen.when_days_pass(60)
    assert stappen.taak("inburgeraar").te_laat_gemeld_op is not None
    vrij(stappen)
    with pytest.raises(Conflict, match="tijdelijk vrijgesteld"):
        vermoed(stappen, "inburgeraar")


def test_no_call_goes_out_no_warning_and_no_letter(stappen):
    vrij(stappen)
    for stap in ("oproep", "waarschuw", "hoor"):
        with pytest.raises(Conflict, match="tijdelijk vrijgesteld"):
            stappen.when_done(stap)
    brief = partial(
        brieven.stel_op,
        taak_id=stappen.taak("oproep").id,
        gemeente=Afzender("Purmerend"),
        by=CASEMANAGER,
        now=stappen.now,
    )
    with pytest.raises(Conflict, match="tijdelijk vrijgesteld"):
        transact(stappen.store.sessions, brief)


def test_nobody_asks_for_a_sanctietoets_meanwhile(stappen):
    vrij(stappen)
    with pytest.raises(Conflict, match="tijdelijk vrijgesteld"):
        stappen.when_done("gemeente", sanctietoetsGevraagd="ja")
    stappen.when_done("gemeente", sanctietoetsGevraagd="nee")


def test_what_the_inburgeraar_does_of_free_will_is_never_refused(stappen):
    vrij(stappen)
    stappen.when_done("inburgeraar")
    stappen.when_done("partner")
    assert stappen.open_elements >= {"gemeente", "oproep"}


@pytest.mark.parametrize("bericht", ["SS129", "SS130"])
def test_afterwards_the_last_day_has_moved_by_the_days_that_stood_still(stappen, bericht):
    voor = {naam: stappen.due(naam) for naam in STAPPEN}
    stappen.when_days_pass(2)
    vrij(stappen)
    stappen.when_days_pass(100)
    weer_plichtig(stappen, bericht)
    for naam in VAN_DE_INBURGERAAR:
        assert stappen.due(naam) == voor[naam] + timedelta(days=100), naam
    for naam in ANDEREN:
        assert stappen.due(naam) == voor[naam], naam
    assert over(stappen, *VAN_DE_INBURGERAAR) == []
    stappen.when_done("oproep")


def test_the_ladder_begins_again_from_the_new_last_day_without_a_flood(stappen):
    stappen.when_days_pass(2)
    vrij(stappen)
    stappen.when_days_pass(100)
    weer_plichtig(stappen)
    gezien = []
    while stappen.now.date() <= stappen.due("inburgeraar"):
        stappen.when_days_pass(1)
        nieuw = over(stappen, "inburgeraar")[len(gezien) :]
        assert len(nieuw) <= 1
        gezien += nieuw
    assert gezien == ["herinnering", "te laat"]


def test_who_was_late_already_is_told_no_more_than_what_still_comes(stappen):
    stappen.when_days_pass(30)
    voor, verteld = stappen.due("inburgeraar"), over(stappen, "inburgeraar")
    assert "te laat" in verteld
    vrij(stappen)
    stappen.when_days_pass(50)
    weer_plichtig(stappen)
    assert stappen.due("inburgeraar") == voor
    stappen.when_days_pass(3)
    assert over(stappen, "inburgeraar") == verteld
    assert not list(stappen.ailments)


def test_twice_exempted_moves_twice(stappen):
    voor = stappen.due("inburgeraar")
    for _ in range(2):
        vrij(stappen)
        stappen.when_days_pass(10)
        weer_plichtig(stappen)
    assert stappen.due("inburgeraar") == voor + timedelta(days=20)
    assert not list(stappen.ailments)


@pytest.mark.parametrize(
    "brief",
    [
        "oproep_intake",
        "herhaalde_oproep",
        "hersteltermijn",
        "waarschuwing",
        "voornemen",
        "besluit_boete",
        "voortgangsgesprek",
    ],
)
def test_each_letter_that_calls_or_warns_waits_until_the_exemption_is_over(brief):
    assert vraagt_van_inburgeraar("gemeente", {"brief": brief})
    assert not vraagt_van_inburgeraar("gemeente", {"brief": "geen_gevolg"})


def stil(van, tot):
    return {
        "termijn": "inburgeringstermijn",
        "soort": "opschorting",
        "van": date(2026, 3, van),
        "tot": date(2026, 3, tot),
        "grond": "Wet inburgering 2021 art. 4",
    }


@pytest.mark.parametrize(
    ("perioden", "dag"),
    [
        ([stil(20, 25)], 25),  # it stood still on the last day itself: that day comes back
        ([stil(21, 25)], 20),  # the last day was over by then
        ([stil(9, 14), stil(12, 16)], 27),  # days of two exemptions at once count once
        ([stil(1, 8)], 23),  # only what fell after the step was opened
        ([stil(1, 5)], 20),
        ([stil(9, 14) | {"grond": "Awb art. 4:15"}], 20),  # no exemption
    ],
)
def test_each_day_that_stood_still_before_the_last_day_comes_back_once(perioden, dag):
    feiten = {"termijnIngrepen": perioden}
    uiterlijk = laatste_dag(date(2026, 3, 20), feiten, geopend=date(2026, 3, 5))
    assert uiterlijk == date(2026, 3, dag)
