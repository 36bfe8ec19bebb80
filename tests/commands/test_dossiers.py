from datetime import date
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from routeflow.commands import deployments, dossiers, naleving, taken
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Deployment
from routeflow.store.queries.dossiers import feiten
from support.bpmn import draw, end, message, path
from support.bpmn import start as bpmn_start
from support.klein import klein, met_beginnen
from support.route import BEGIN, BUREAU, PERSOON, RouteUnderTest, project_files

EIGENAAR = Actor("Esther", GEMEENTE, frozenset({Rol.PROCESEIGENAAR}))
CASEMANAGER = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))


def start(store, **gegevens):
    begin = partial(
        dossiers.start_dossier,
        gegevens={**PERSOON, **gegevens},
        proces="klein",
        by=BUREAU,
        now=BEGIN,
    )
    return transact(store.sessions, begin)


@pytest.fixture
def in_service(store):
    put = partial(deployments.zet_in_dienst, files=klein(), reden="eerste", by=EIGENAAR, now=BEGIN)
    return transact(store.sessions, put)


def test_dossiers_are_numbered_through_the_year(store, in_service):
    assert [start(store).nummer for _ in range(3)] == ["2026-00001", "2026-00002", "2026-00003"]
    assert in_service.id == 1


def test_the_process_follows_from_the_doelgroep(store):
    put = partial(
        deployments.zet_in_dienst, files=project_files(), reden="x", by=EIGENAAR, now=BEGIN
    )
    transact(store.sessions, put)
    for doelgroep, proces in dossiers.PROCESSEN.items():
        begin = partial(
            dossiers.start_dossier,
            gegevens={**PERSOON, "doelgroep": doelgroep},
            by=BUREAU,
            now=BEGIN,
        )
        assert transact(store.sessions, begin).route.proces == proces


def test_without_a_deployment_nothing_starts(store):
    with pytest.raises(Conflict, match="Publiceer"):
        start(store)


@pytest.fixture
def opener(store):
    """Open a dossier in a set of which p00 begins in more ways."""
    put = partial(
        deployments.zet_in_dienst, files=met_beginnen(), reden="x", by=EIGENAAR, now=BEGIN
    )
    transact(store.sessions, put)

    def opener(begin=None, doelgroep="asielstatushouder"):
        work = partial(
            dossiers.start_dossier,
            gegevens={**PERSOON, "doelgroep": doelgroep},
            begin=begin,
            by=BUREAU,
            now=BEGIN,
        )
        route = RouteUnderTest(store)
        route.dossier_id = transact(store.sessions, work).id
        return route

    return opener


@pytest.mark.parametrize(("begin", "taak"), [("aangemeld", "aanmelden"), ("verhuisd", "overnemen")])
def test_a_route_begins_at_the_start_that_was_chosen_and_the_journal_says_which(
    opener, begin, taak
):
    route = opener(begin)
    assert route.open_elements == {taak}
    assert route.journal[0].gegevens["begin"] == begin
    assert route.ailments == []


@pytest.mark.parametrize("begin", [None, "", "gekoppeld", "elders"])
def test_which_start_is_asked_where_there_are_more(opener, begin):
    with pytest.raises(Invalid) as refused:
        opener(begin)
    assert "Aangemeld (aangemeld), Verhuisd" in refused.value.fouten["begin"]


def test_with_one_start_nothing_is_asked(opener, store):
    route = opener(doelgroep="gezinsmigrant")
    assert route.open_elements == {"kennismaken"}
    assert "begin" not in route.journal[0].gegevens
    assert opener("begin", doelgroep="gezinsmigrant").open_elements == {"kennismaken"}
    with pytest.raises(Invalid, match="niet geopend"):
        opener("aangemeld", doelgroep="gezinsmigrant")
    asked = read(store.sessions, dossiers.beginnen)
    assert {doelgroep: [one.label for one in starts] for doelgroep, starts in asked.items()} == {
        "asielstatushouder": ["Aangemeld", "Verhuisd uit een andere gemeente"]
    }


def test_a_route_that_only_begins_with_a_message_is_not_opened_by_a_person(store):
    files = klein() | {
        "processes/p00.bpmn": draw(
            "p00_doorlopende_lijn",
            bpmn_start("k", message("koppeling"), name="Gekoppeld"),
            end(),
            path("k > e"),
        )
    }
    put = partial(deployments.zet_in_dienst, files=files, reden="x", by=EIGENAAR, now=BEGIN)
    transact(store.sessions, put)
    with pytest.raises(Conflict, match="alleen bij: Gekoppeld koppeling"):
        transact(store.sessions, lambda s: dossiers.start_dossier(s, PERSOON, by=BUREAU, now=BEGIN))


@pytest.mark.usefixtures("in_service")
@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        ({"naam": " "}, "naam"),
        ({"doelgroep": "toerist"}, "doelgroep"),
        ({"bsn": "123456789"}, "bsn"),
    ],
)
def test_what_is_missing_or_wrong_is_named(store, gegevens, veld):
    with pytest.raises(Invalid) as refused:
        start(store, **gegevens)
    assert list(refused.value.fouten) == [veld]


@pytest.mark.usefixtures("in_service")
def test_one_person_has_one_dossier(store):
    nummer = start(store, bsn="111222333").nummer
    with pytest.raises(Conflict, match=nummer):
        start(store, bsn="111222333")
    assert start(store).nummer == "2026-00002"  # a refusal uses up no number


@pytest.mark.usefixtures("in_service")
def test_a_partner_opens_no_dossier(store):
    school = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    with pytest.raises(NotAllowed):
        transact(store.sessions, lambda s: dossiers.start_dossier(s, PERSOON, by=school, now=BEGIN))


def test_a_corrected_fact_moves_last_days_and_says_why(route):
    route.given("klein", klein(), datumKennisgeving=date(2026, 1, 2), brpDatum=date(2026, 1, 2))
    assert route.due("plan") == date(2026, 3, 13)
    route.when_facts(brpDatum=date(2026, 1, 9))
    assert route.due("plan") == date(2026, 3, 20)
    route.when_facts(brpDatum=None)
    assert route.due("plan") is None
    assert "brpDatum" not in route.facts
    act = route.journal[-1]
    assert (act.wat, act.gegevens["reden"]) == ("feiten gewijzigd", "test")
    assert route.ailments == []


def test_a_correction_needs_a_reason_and_an_open_dossier(route):
    route.given("klein", klein())
    change = partial(
        dossiers.wijzig_feiten, dossier_id=route.dossier_id, feiten={}, by=BUREAU, now=route.now
    )
    with pytest.raises(Invalid, match="niet veranderd"):
        transact(route.store.sessions, partial(change, reden=" "))
    route.when_message("SS110")
    with pytest.raises(Conflict, match="gesloten"):
        route.when_facts(leerroute="Z")


def test_statutory_periods_are_for_who_sees_the_whole_dossier(route):
    route.given("klein", klein(), datumKennisgeving=date(2026, 1, 2), brpDatum=date(2026, 1, 2))

    def look(by):
        return read(
            route.store.sessions,
            lambda s: dossiers.termijnen(s, route.dossier_id, vandaag=date(2026, 1, 5), by=by),
        )

    assert look(CASEMANAGER)[0].uiterlijk == date(2026, 3, 13)
    assert look(Actor("Mo", "IVIO", frozenset({Rol.MAP_AANBIEDER}))) == []


def publish(store, files, by=EIGENAAR, reden="beter"):
    return transact(
        store.sessions,
        lambda s: deployments.publish(s, files, reden=reden, by=by, now=BEGIN),
    )


def test_the_set_of_the_project_can_be_published_and_read_back(store):
    deployment = publish(store, {**project_files(), "processes/README.md": b"no part of the set"})
    files = read(
        store.sessions,
        lambda s: deployments.files_of(s.get_one(Deployment, deployment.id)),
    )
    assert files == project_files()


def test_the_same_files_again_are_the_same_deployment(store):
    assert publish(store, project_files()).id == publish(store, project_files()).id


def test_a_set_that_is_not_right_is_refused_with_its_findings(store):
    broken = {**project_files(), "forms/wijs-casemanager-toe.form": b"{}"}
    with pytest.raises(deployments.Afgekeurd) as refused:
        publish(store, broken)
    assert refused.value.findings
    assert read(store.sessions, deployments.current) is None


def test_publishing_asks_for_the_rol_and_a_reason(store):
    with pytest.raises(NotAllowed):
        publish(store, project_files(), by=CASEMANAGER)
    with pytest.raises(Invalid):
        publish(store, project_files(), reden="")


def test_a_running_dossier_stays_on_its_own_deployment(store, route):
    route.given("klein", klein())
    other = {**klein(), "forms/plan.form": klein()["forms/plan.form"].replace(b"Z", b"Y")}
    newer = RouteUnderTest(store).given("klein", other)
    assert newer.taak("plan").deployment_id != route.taak("plan").deployment_id
    route.when_done("plan", leerroute="Z")
    newer.when_done("plan", leerroute="Y")


@pytest.fixture
def late(route):
    route.given("klein", klein(), leerroute="B1")
    route.when_days_pass(16)
    return route


def test_a_suspicion_starts_only_from_what_the_inburgeraar_let_pass(late):
    late.when_suspected("teken", by=CASEMANAGER, plicht="begeleiding", toelichting="Kwam niet.")
    assert ("onderzoek", "handhaver", "Gemeente") in late.open
    assert late.facts["vermoedenTaak"] == "teken"
    assert late.journal[-1].wat == "vermoeden gemeld"
    assert late.ailments == []


@pytest.mark.parametrize("element", ["meld_uren", "plan"])
def test_what_another_let_pass_is_never_held_against_the_inburgeraar(late, element):
    with pytest.raises(Conflict, match="niet bij de inburgeraar"):
        late.when_suspected(element, by=CASEMANAGER)
    assert "onderzoek" not in late.open_elements


def test_no_suspicion_before_the_last_day_is_over(route):
    route.given("klein", klein())
    with pytest.raises(Conflict, match="niet te laat"):
        route.when_suspected("teken", by=CASEMANAGER)


def test_only_who_knows_the_dossier_reports_a_suspicion(late):
    with pytest.raises(NotAllowed):
        late.when_suspected("teken", by=Actor("Mo", "IVIO", frozenset({Rol.MAP_AANBIEDER})))
    assert naleving.VERMOEDEN not in late.facts


def test_who_reported_a_suspicion_does_not_judge_it(late):
    judge = Actor("Anouk", GEMEENTE, frozenset({Rol.CASEMANAGER, Rol.HANDHAVER}), uuid4())
    late.when_suspected("teken", by=judge)
    taak = late.taak("onderzoek")
    work = partial(taken.complete_taak, taak_id=taak.id, rauw={}, now=late.now)
    with pytest.raises(NotAllowed, match="zelf gemeld"):
        transact(late.store.sessions, partial(work, by=judge))
    transact(
        late.store.sessions,
        partial(work, by=Actor("Kees", GEMEENTE, frozenset({Rol.HANDHAVER}))),
    )
    assert "onderzoek" not in late.open_elements


@pytest.mark.usefixtures("in_service")
def test_a_number_of_another_dossier_is_refused_also_when_it_comes_later(store):
    start(store, vNummer="1234567890")
    other = start(store)
    change = partial(
        dossiers.wijzig_feiten,
        dossier_id=other.id,
        feiten={"vNummer": "1234567890"},
        reden="Overgenomen van papier",
        by=BUREAU,
        now=BEGIN,
    )
    with pytest.raises(Conflict, match="al een dossier met dit V-nummer"):
        transact(store.sessions, change)


@pytest.mark.usefixtures("in_service")
@pytest.mark.parametrize("getal", [10**17, 10**18, -(10**400), Decimal("1E+6144"), Decimal("0.5")])
def test_a_number_of_any_length_is_read_as_it_was_written(store, getal):
    dossier = start(store, iets=getal)
    known = read(store.sessions, lambda session: feiten(session, dossier.id))
    assert known["iets"] == Decimal(getal)
