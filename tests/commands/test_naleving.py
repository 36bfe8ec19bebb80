"""Only a person starts a review, only of a step of the inburgeraar, and never of their own report."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from routeflow import forms
from routeflow.commands import accounts, naleving, taken
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Taak
from routeflow.worker import run_due
from support import bpmn
from support.formulieren import formulier
from support.huis import build_app, make_people
from support.klein import TABLES, person
from support.route import BEGIN, collega, project_files
from support.tekening import definitie

CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
NIET_INBURGERAAR = ("gemeente", "partner", "coa", "duo")
LADDERS = ("p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets")
SANCTIE = {
    element.id
    for proces in LADDERS
    for element in definitie().elements(proces)
    if element.kind == "userTask"
}
ZONDER_SANCTIE = {
    "einde_maatwerk",
    "einde_hersteld",
    "einde_hersteld_opnieuw",
    "einde_toets",
    "einde_geen_tweede_toets",
    "einde_niets",
    "einde_maatwerk_na_toets",
    "einde_pip_aangepast",
    "einde_herroepen",
    "einde_alsnog_gekomen",
}


def houders():
    """A step of everybody, all to be done on the first day, and a review beside them."""
    stappen = [*NIET_INBURGERAAR, "inburgeraar"]
    drawn = bpmn.draw(
        "houders",
        bpmn.lanes("lanes", casemanager=stappen, handhaver=["toets"]),
        bpmn.start(),
        bpmn.parallel("samen"),
        bpmn.parallel("klaar"),
        bpmn.end(),
        *(person(houder, houder=houder, due="=today()") for houder in stappen),
        bpmn.event_sub(
            "bij_vermoeden",
            bpmn.start("vermoeden", bpmn.message("vermoeden"), isInterrupting="false"),
            person("toets"),
            bpmn.end("getoetst"),
            bpmn.path("vermoeden > toets > getoetst"),
        ),
        bpmn.path("s > samen"),
        bpmn.path("klaar > e"),
        *(bpmn.path(f"samen > {houder} > klaar") for houder in stappen),
    )
    tables = {f"processes/{naam}.dmn" for naam in TABLES}
    return {
        "processes/houders.bpmn": drawn,
        **{f"forms/{naam}.form": formulier(id=naam) for naam in (*stappen, "toets")},
        **{pad: inhoud for pad, inhoud in project_files().items() if pad in tables},
    }


@pytest.fixture
def te_laat(route):
    route.given("houders", houders(), leerroute="B1")
    route.when_days_pass(2)
    return route


def test_under_the_law_of_2013_the_college_has_no_fine_and_a_suspicion_is_refused(route):
    route.given("houders", houders(), wet="Wi2013")
    route.when_days_pass(2)
    with pytest.raises(Conflict, match="Wet inburgering 2013"):
        transact(
            route.store.sessions,
            partial(
                naleving.meld_vermoeden,
                taak_id=route.taak("inburgeraar").id,
                gegevens={"plicht": "begeleiding", "toelichting": "Kwam niet."},
                by=CASEMANAGER,
                now=route.now,
            ),
        )
    assert "toets" not in route.open_elements


@pytest.mark.parametrize("houder", NIET_INBURGERAAR)
def test_what_anybody_else_let_pass_cannot_be_reported(te_laat, houder):
    assert te_laat.due(houder) < te_laat.now.date()
    with pytest.raises(Conflict, match="niet bij de inburgeraar"):
        te_laat.when_suspected(houder, by=CASEMANAGER, plicht="PVT", toelichting="Te laat.")
    assert "toets" not in te_laat.open_elements


def test_a_step_that_another_party_registers_is_not_the_inburgeraars_whatever_the_diagram_says(
    te_laat,
):
    taak = te_laat.taak("inburgeraar")
    assert naleving.is_van_inburgeraar(taak)
    for anders in ({"partij": "Fiolet"}, {"vlag": "partij ontbreekt"}):

        def verleg(session, anders=anders):
            session.execute(update(Taak).where(Taak.id == taak.id).values(**anders))

        transact(te_laat.store.sessions, verleg)
        with pytest.raises(Conflict, match="niet bij de inburgeraar"):
            te_laat.when_suspected(
                "inburgeraar", by=CASEMANAGER, plicht="PVT", toelichting="Te laat."
            )
        transact(
            te_laat.store.sessions,
            lambda s: s.execute(update(Taak).where(Taak.id == taak.id).values(partij=GEMEENTE)),
        )


def test_a_step_of_the_inburgeraar_can_be_reported_when_it_is_too_late_and_open(te_laat):
    te_laat.when_suspected("inburgeraar", by=CASEMANAGER, plicht="PVT", toelichting="Kwam niet.")
    assert "toets" in te_laat.open_elements
    klaar = te_laat.when_done("inburgeraar").taak
    work = partial(
        naleving.meld_vermoeden, taak_id=klaar.id, gegevens={}, by=CASEMANAGER, now=te_laat.now
    )
    with pytest.raises(Conflict, match="niet te laat"):
        transact(te_laat.store.sessions, work)


@pytest.mark.parametrize(
    ("feiten", "plicht", "zin"),
    [
        ({}, "PVT", "nog geen PIP"),
        ({"leerroute": "onderwijsroute"}, "MAP", "geen MAP"),
        ({"leerroute": "B1", "doelgroep": "gezinsmigrant"}, "leerroute", "kiest de cursus zelf"),
        ({"leerroute": "B1"}, "ontzorgen", "geen bijstand"),
        ({"dagtekening": date(2026, 1, 6)}, "intake", "de intake is klaar"),
        ({"leerroute": "B1", "pvtDatum": date(2026, 1, 6)}, "PVT", "PVT is afgerond"),
    ],
)
def test_a_duty_that_the_inburgeraar_has_not_got_is_not_reported(route, feiten, plicht, zin):
    route.given("houders", houders(), **feiten)
    route.when_days_pass(2)
    with pytest.raises(Invalid) as fout:
        route.when_suspected("inburgeraar", by=CASEMANAGER, plicht=plicht, toelichting="Niet.")
    assert zin in fout.value.fouten["plicht"]
    assert "toets" not in route.open_elements


def test_on_its_last_day_a_step_of_the_inburgeraar_is_not_too_late(route):
    route.given("houders", houders(), leerroute="B1")
    assert route.due("inburgeraar") == route.now.date()
    with pytest.raises(Conflict, match="niet te laat"):
        route.when_suspected("inburgeraar", by=CASEMANAGER, plicht="PVT", toelichting="Te laat.")
    route.when_days_pass(1)
    route.when_suspected("inburgeraar", by=CASEMANAGER, plicht="PVT", toelichting="Te laat.")
    assert "toets" in route.open_elements


def test_a_report_leaves_nothing_in_the_dossier_but_the_report(te_laat):
    te_laat.when_suspected(
        "inburgeraar", by=CASEMANAGER, plicht="PVT", toelichting="Kwam niet.", leerroute="Z"
    )
    assert te_laat.facts["leerroute"] == "B1"
    assert {"plicht", "toelichting", "vermoedenMelder"} <= te_laat.facts.keys()


@pytest.mark.parametrize("bericht", ["vermoeden", "sanctietoets_intake"])
def test_no_message_from_outside_starts_a_review(te_laat, bericht):
    with pytest.raises(Invalid, match="onbekend"):
        te_laat.when_message(bericht, plicht="PVT", toelichting="x")
    assert "toets" not in te_laat.open_elements


def test_no_program_starts_a_review_with_a_message(te_laat, tmp_path):
    tokens = make_people(te_laat.store)
    antwoord = (
        build_app(te_laat.store, tmp_path)
        .test_client()
        .post(
            "/api/v1/berichten",
            json={
                "berichtId": "x-1",
                "bericht": "vermoeden",
                "dossier": str(te_laat.dossier_id),
                "gegevens": {"plicht": "PVT", "toelichting": "x"},
            },
            headers={"Authorization": f"Bearer {tokens['fatma']}"},
        )
    )
    assert (antwoord.status_code, "onbekend" in antwoord.text) == (422, True)


@pytest.mark.parametrize(
    ("proces", "feiten"),
    [
        ("p00_doorlopende_lijn", {}),
        ("p11_pvt", {"leerroute": "B1", "dagtekening": date(2026, 1, 5)}),
        ("p06_brede_intake", {}),
        ("p12_map", {"leerroute": "B1", "dagtekening": date(2026, 1, 5)}),
        ("p15_examens", {"leerroute": "B1"}),
        ("p20_gezinsmigrant", {"doelgroep": "gezinsmigrant"}),
    ],
)
def test_a_year_of_doing_nothing_brings_reminders_and_no_sanction(route, proces, feiten):
    route.given(proces, **feiten)
    for _ in range(13):
        route.now += timedelta(days=30)
        run_due(route.store, route.config, route.now)
        assert not route.open_elements & SANCTIE
    assert all(taak.uiterlijk is None or taak.uiterlijk < route.now.date() for taak in route.taken)
    assert {melding.soort for melding in route.meldingen} >= {"te laat", "escalatie"}
    assert route.incidenten == []


def vul_in(route, element, *, by=None, **anders):
    """Complete a taak with plain answers where ``anders`` says nothing."""
    taak = route.taak(element)
    wie = by or collega(taak)
    blad = read(
        route.store.sessions,
        lambda s: taken.taakblad(s, s.get_one(Taak, taak.id), by=wie, now=route.now),
    )
    vel = forms.schema_json(blad.formulier)
    gewoon = {naam: _gewoon(route, vel["properties"][naam]) for naam in vel["required"]}
    return route.when_done(element, by=wie, **{**gewoon, **anders})


def _gewoon(route, soort):
    if "enum" in soort:
        return soort["enum"][0]
    if soort["type"] == "string":
        return route.now.date().isoformat() if "format" in soort else "Besproken met tolk."
    return {"boolean": True, "number": 1, "integer": 1}[soort["type"]]


def test_who_asks_for_a_sanctietoets_at_the_intake_is_the_one_who_reported(route):
    beheer = Actor("Beheer", GEMEENTE, frozenset({Rol.BEHEERDER}))
    nieuw = partial(
        accounts.create_account,
        login="kees",
        naam="Kees",
        partij=GEMEENTE,
        rollen=[Rol.CASEMANAGER, Rol.HANDHAVER],
        wachtwoord="een lange zin vol woorden",
        by=beheer,
        now=BEGIN,
    )
    kees = accounts.actor_of(transact(route.store.sessions, nieuw))
    route.given("p20_gezinsmigrant", doelgroep="gezinsmigrant")
    vul_in(
        route,
        "controleer_gegevens_gezinsmigrant",
        plichtIndicator="plichtig",
        wet="Wi2021",
        datumKennisgeving="2026-01-02",
        casemanager="kees",
    )
    later = (route.now + timedelta(days=7)).date().isoformat()
    vul_in(route, "verstuur_oproep_1", oproep1Dag=later)
    route.when_days_pass(8)
    vul_in(
        route,
        "leg_komst_1_vast",
        verschenenOproep1="nee",
        redenNiet="Onbekend.",
        verwijtbaar="onduidelijk",
    )
    later = (route.now + timedelta(days=7)).date().isoformat()
    vul_in(route, "waarschuw_en_roep_op", oproep2Dag=later)
    route.when_days_pass(8)
    vul_in(
        route,
        "leg_komst_2_vast",
        verschenenOproep2="nee",
        redenNiet="Onbekend.",
        verwijtbaar="onduidelijk",
    )
    vul_in(route, "beoordeel_wegblijven", by=kees, sanctietoetsGevraagd="ja")
    assert route.facts["vermoedenMelder"] == str(kees.account_id)
    assert "doe_contactpoging" not in route.open_elements
    with pytest.raises(NotAllowed, match="u heeft het vermoeden zelf gemeld"):
        vul_in(route, "voer_sanctietoets_uit", by=kees, uitkomst="niets")
    vul_in(route, "voer_sanctietoets_uit", uitkomst="niets")
    assert "bericht_geen_gevolg" in route.open_elements


def test_from_every_step_of_the_review_there_is_a_way_out_without_a_sanction():
    verder = {}
    for proces in LADDERS:
        for flow in definitie().flows(proces):
            verder.setdefault(flow.source, set()).add(flow.target)

    def bereikt(begin):
        gezien, wacht = set(), [begin]
        while wacht:
            hier = wacht.pop()
            if hier not in gezien:
                gezien.add(hier)
                wacht += verder.get(hier, ())
        return gezien

    onherroepelijk = {"controleer_betaling", "stuur_aanmaning", "beoordeel_invordering"}
    zonder = {stap for stap in SANCTIE if not bereikt(stap) & ZONDER_SANCTIE}
    assert zonder == onherroepelijk  # there the fine stands; paying and letting go are open
