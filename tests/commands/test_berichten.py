from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from routeflow.commands import berichten, deployments, incidenten
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Bericht, Dossier
from routeflow.worker import run_due
from support import bpmn
from support.klein import klein, met_beginnen, person
from support.route import BUREAU, project_files


@pytest.fixture
def waiting(route):
    route.given("klein", klein(), leerroute="B1", bsn="111222333")
    for element, answers in (
        ("plan", {"leerroute": "B1"}),
        ("teken", {}),
        ("meld_uren", {"urenNt2": 4}),
    ):
        route.when_done(element, **answers)
    return route


def test_a_message_writes_its_facts_and_moves_the_route(waiting):
    assert waiting.when_message("SS131", lbtResultaat="B1 haalbaar", lbtScore=31) == "bezorgd"
    assert waiting.open_elements == {"beoordeel"}
    assert waiting.facts["lbtResultaat"] == "B1 haalbaar"
    assert waiting.facts["lbtUitslagOp"] == date(2026, 1, 5)


def test_a_message_may_not_write_what_it_does_not_know(waiting):
    waiting.when_message("SS131", lbtResultaat="B1 haalbaar", leerroute="Z", naam="Iemand")
    assert waiting.facts["leerroute"] == "B1"
    assert waiting.dossier.naam == "Amina Yusuf"


def test_the_same_message_twice_counts_once(waiting):
    waiting.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar")
    acts = len(waiting.journal)
    assert waiting.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar") == "bezorgd"
    assert len(waiting.journal) == acts


def test_another_message_under_the_same_id_is_told_so(waiting):
    waiting.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar")
    with pytest.raises(Conflict, match="ander bericht"):
        waiting.when_message("SS131", "duo-1", lbtResultaat="iets anders")
    assert waiting.facts["lbtResultaat"] == "B1 haalbaar"


def test_a_message_that_comes_once_more_after_its_dossier_was_erased_is_the_same(waiting):
    waiting.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar")

    def erased(session):
        session.get_one(Dossier, waiting.dossier_id).verwijderd_op = waiting.now
        session.get_one(berichten.Bericht, "duo-1").gegevens = {}

    transact(waiting.store.sessions, erased)
    assert waiting.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar") == "bezorgd"


def test_an_early_message_waits_for_the_route(route):
    route.given("klein", klein(), leerroute="B1")
    assert route.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar") == "ontvangen"
    assert route.facts["lbtResultaat"] == "B1 haalbaar"  # what is known is known at once
    route.when_days_pass(3)
    route.when_facts(lbtResultaat="toch niet")
    for element, answers in (
        ("plan", {"leerroute": "B1"}),
        ("teken", {}),
        ("meld_uren", {"urenNt2": 4}),
    ):
        route.when_done(element, **answers)
    run_due(route.store, route.config, route.now)
    assert route.open_elements == {"beoordeel"}
    assert route.facts["lbtResultaat"] == "toch niet"  # written once: a correction stays


def test_a_message_of_which_the_facts_were_all_there_was_to_it_is_done_after_a_month(route):
    route.given("klein", klein(), leerroute="B1")
    assert route.when_message("SS131", "duo-1", lbtResultaat="B1 haalbaar") == "ontvangen"
    status = partial(read, route.store.sessions, lambda s: s.get_one(Bericht, "duo-1").status)
    route.when_days_pass(29)
    assert status() == "ontvangen"
    route.when_days_pass(1)
    assert (status(), route.incidenten) == ("bezorgd", [])


def test_a_message_whose_own_facts_bring_the_route_to_wait_for_it_is_delivered_at_once(route):
    drawn = bpmn.draw(
        "klein",
        bpmn.lanes("lanes", casemanager=["beoordeel"]),
        bpmn.start(),
        bpmn.catch("gemaakt", bpmn.condition("=lbtResultaat != null")),
        bpmn.catch("uitslag", bpmn.message("SS131")),
        person("beoordeel"),
        bpmn.end(),
        bpmn.path("s > gemaakt > uitslag > beoordeel > e"),
    )
    route.given("klein", klein() | {"processes/klein.bpmn": drawn})
    assert route.when_message("SS131", lbtResultaat="B1 haalbaar") == "bezorgd"
    assert route.open_elements == {"beoordeel"}


def test_a_message_that_nobody_waits_for_becomes_an_incident(route):
    route.given("klein", klein(), leerroute="B1")
    receive = partial(
        berichten.receive,
        bericht_id="duo-9",
        bericht="SS131",
        gegevens={"lbtResultaat": "x"},
        bsn="111222333",
        by=BUREAU,
        now=route.now,
    )
    transact(route.store.sessions, receive)  # the dossier has no such BSN
    route.when_days_pass(2)
    (incident,) = route.incidenten
    assert "onbestelbaar: er is geen dossier van deze persoon" in incident.reden
    route.when_facts(bsn="111222333")
    opnieuw = partial(incidenten.opnieuw, incident_id=incident.id, by=BUREAU, now=route.now)
    transact(route.store.sessions, opnieuw)
    run_due(route.store, route.config, route.now)
    bericht = read(route.store.sessions, lambda s: s.get_one(Bericht, "duo-9"))
    assert bericht.dossier_id == route.dossier_id
    assert route.facts["lbtResultaat"] == "x"
    with pytest.raises(Conflict, match="al opgelost"):
        transact(route.store.sessions, opnieuw)


def test_a_message_can_end_the_route(waiting):
    assert waiting.when_message("SS110") == "bezorgd"
    assert waiting.ended
    assert waiting.open == set()
    assert waiting.ailments == []


def test_a_message_for_a_closed_dossier_is_told(waiting):
    waiting.when_message("SS110")
    assert waiting.when_message("SS131", lbtResultaat="x") == "onbestelbaar"
    assert "het dossier is gesloten" in waiting.incidenten[0].reden


def test_a_message_is_found_by_bsn_and_by_v_nummer(waiting):
    for by_what in ({"bsn": "111222333"}, {"v_nummer": "2871234567"}):
        waiting.when_facts(vNummer="2871234567")
        receive = partial(
            berichten.receive,
            bericht_id=str(uuid4()),
            bericht="SS120",
            gegevens={},
            by=BUREAU,
            now=waiting.now,
            **by_what,
        )
        transact(waiting.store.sessions, receive)
        run_due(waiting.store, waiting.config, waiting.now)
        assert waiting.facts["datumVestigingDuo"] == date(2026, 1, 5)
        waiting.when_facts(datumVestigingDuo=None)


def test_a_koppeling_opens_a_dossier(store, route):
    publish = partial(
        deployments.zet_in_dienst, files=project_files(), reden="t", by=BUREAU, now=route.now
    )
    transact(store.sessions, publish)
    receive = partial(
        berichten.receive,
        bericht_id="coa-1",
        bericht="koppeling",
        gegevens={"naam": "Samir Haddad", "doelgroep": "asielstatushouder"},
        v_nummer="2871234567",
        by=BUREAU,
        now=route.now,
    )
    transact(store.sessions, receive)
    run_due(store, route.config, route.now)
    (dossier,) = read(store.sessions, lambda s: s.query(Dossier).all())
    assert (dossier.naam, dossier.v_nummer) == ("Samir Haddad", "2871234567")
    route.dossier_id = dossier.id
    assert "start_koppeling" in route.visited
    assert "start_dossier" not in route.visited


def opens(route, bericht):
    """Let a message come in about somebody who has no dossier; answers the dossiers there are."""
    publish = partial(
        deployments.zet_in_dienst, files=met_beginnen(), reden="t", by=BUREAU, now=route.now
    )
    transact(route.store.sessions, publish)
    receive = partial(
        berichten.receive,
        bericht_id="duo-1",
        bericht=bericht,
        gegevens={"naam": "Samir Haddad", "doelgroep": "asielstatushouder"},
        v_nummer="2871234567",
        by=BUREAU,
        now=route.now,
    )
    transact(route.store.sessions, receive)
    run_due(route.store, route.config, route.now)
    return read(route.store.sessions, lambda s: s.query(Dossier).all())


def test_a_message_begins_the_route_at_its_own_start(route):
    (dossier,) = opens(route, "koppeling")
    route.dossier_id = dossier.id
    assert route.open_elements == {"koppelen"}


def test_a_message_does_not_choose_between_starts_of_people(route):
    assert opens(route, "SS101") == []
    (incident,) = route.incidenten
    assert "SS101 opent een dossier, maar p00_doorlopende_lijn" in incident.reden


@pytest.mark.parametrize(
    ("bericht", "gegevens", "veld"),
    [
        ("SS999", {}, "bericht"),
        ("vermoeden", {}, "bericht"),
        ("SS131", {"lbtDatum": "gisteren"}, "lbtDatum"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_door(waiting, bericht, gegevens, veld):
    with pytest.raises(Invalid) as refused:
        waiting.when_message(bericht, **gegevens)
    assert list(refused.value.fouten) == [veld]


def test_a_message_must_say_whose_it_is(waiting):
    with pytest.raises(Invalid, match="BSN of een V-nummer"):
        transact(
            waiting.store.sessions,
            lambda s: berichten.receive(s, "x", "SS131", {}, by=BUREAU, now=waiting.now),
        )


def test_a_partner_may_not_hand_in_messages(waiting):
    school = Actor("Mo", "IVIO", frozenset({Rol.TAALAANBIEDER}))
    with pytest.raises(NotAllowed):
        transact(
            waiting.store.sessions,
            lambda s: berichten.receive(
                s, "x", "SS131", {}, dossier_id=waiting.dossier_id, by=school, now=waiting.now
            ),
        )
