"""The periods of a dossier as rows: counted again, with their history, watched and proven."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import ingrijpen, termijnen
from routeflow.commands.feiten import Feiten
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import (
    Dossier,
    DossierTermijn,
    TermijnBewijs,
    TermijnHistorie,
    Wekker,
)
from routeflow.worker import run_due
from support import bpmn
from support.formulieren import formulier
from support.klein import klein, person

FATMA = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}))
SCHOOL = Actor("School", "IVIO", frozenset({Rol.TAALAANBIEDER}))
ASIEL = {
    "doelgroep": "asielstatushouder",
    "kennisgeving": date(2026, 1, 5),
    "brpDatum": date(2025, 12, 1),
}


def rijen(route, naam=None):
    vraag = select(DossierTermijn).where(DossierTermijn.dossier_id == route.dossier_id)
    gevonden = read(route.store.sessions, lambda s: list(s.scalars(vraag)))
    return (
        {r.naam: r for r in gevonden} if naam is None else [r for r in gevonden if r.naam == naam]
    )


def historie(route, naam):
    vraag = (
        select(TermijnHistorie)
        .join(DossierTermijn, DossierTermijn.id == TermijnHistorie.termijn_id)
        .where(DossierTermijn.dossier_id == route.dossier_id, DossierTermijn.naam == naam)
        .order_by(TermijnHistorie.id)
    )
    return read(route.store.sessions, lambda s: list(s.scalars(vraag)))


def bewijzen(route, naam):
    vraag = (
        select(TermijnBewijs)
        .where(TermijnBewijs.dossier_id == route.dossier_id, TermijnBewijs.naam == naam)
        .order_by(TermijnBewijs.id)
    )
    return read(route.store.sessions, lambda s: list(s.scalars(vraag)))


def doe(route, act, *, by=FATMA, **rest):
    return transact(
        route.store.sessions,
        partial(act, dossier_id=route.dossier_id, by=by, now=route.now, **rest),
    )


def test_a_new_dossier_has_a_row_for_each_period_and_says_what_it_waits_for(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    pip = rijen(route)["pip"]
    assert (pip.status, pip.uiterlijk, pip.atw) == ("loopt", date(2026, 3, 16), True)
    assert pip.grond.startswith("Besluit 5.3")
    assert pip.feiten["kennisgeving"] == "2026-01-05"
    lang = rijen(route)["inburgeringstermijn"]
    assert (lang.status, lang.wacht_op, lang.uiterlijk) == ("wacht", "dagtekening", None)


def test_a_fact_that_changes_moves_the_row_and_the_history_tells_before_after_and_why(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    route.when_facts(kennisgeving=date(2026, 2, 16))
    (pip,) = rijen(route, "pip")
    assert pip.uiterlijk == date(2026, 4, 28)
    eerste, tweede = historie(route, "pip")
    assert eerste.oud is None
    assert (tweede.oud["uiterlijk"], tweede.nieuw["uiterlijk"]) == ("2026-03-16", "2026-04-28")
    assert (tweede.aanleiding, tweede.door) == ("kennisgeving", "Bureau")
    assert tweede.nieuw["feiten"]["kennisgeving"] == "2026-02-16"


def test_a_fact_that_moves_nothing_writes_nothing(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    voor = {naam: rij.sinds for naam, rij in rijen(route).items()}
    route.now += timedelta(days=1)
    route.when_facts(telefoon="0612345678")
    assert {naam: rij.sinds for naam, rij in rijen(route).items()} == voor
    assert len(historie(route, "pip")) == 1


def test_the_act_that_meets_a_period_closes_it_and_says_whether_it_was_in_time(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    route.when_facts(dagtekening=date(2026, 3, 10))
    pip = rijen(route)["pip"]
    assert (pip.status, pip.gehaald_op, pip.op_tijd) == ("gehaald", date(2026, 3, 10), True)
    assert rijen(route)["inburgeringstermijn"].uiterlijk == date(2029, 3, 10)


def test_the_date_of_duo_wins_and_ours_is_kept_beside_it(route):
    route.given("p00_doorlopende_lijn", **ASIEL, dagtekening=date(2026, 3, 10))
    route.when_facts(termijnEindExclusief=date(2029, 9, 11))
    lang = rijen(route)["inburgeringstermijn"]
    assert (lang.uiterlijk, lang.eigen_dag) == (date(2029, 9, 10), date(2029, 3, 10))


def test_a_second_besluit_has_a_period_of_its_own(route):
    route.given("p00_doorlopende_lijn", **ASIEL, bekendmakingBoete=date(2026, 1, 6))
    route.now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    route.when_facts(bekendmakingBoete=date(2026, 5, 4))
    een, twee = sorted(rijen(route, "bezwaar_boete"), key=lambda rij: rij.volgnummer)
    assert (een.uiterlijk, twee.uiterlijk) == (date(2026, 2, 17), date(2026, 6, 15))


def test_a_period_that_no_longer_applies_is_off(route):
    route.given("p00_doorlopende_lijn", **ASIEL, dagtekening=date(2026, 3, 10))
    assert rijen(route)["aanbod"].status == "loopt"
    route.when_facts(leerroute="onderwijsroute")
    assert rijen(route)["aanbod"].status == "vervallen"
    assert historie(route, "aanbod")[-1].nieuw["status"] == "vervallen"


def test_counting_again_from_the_facts_gives_what_the_rows_say(route):
    route.given("p00_doorlopende_lijn", **ASIEL, dagtekening=date(2026, 3, 10))
    route.when_facts(kennisgeving=date(2026, 2, 16), bijstandIngang=date(2026, 1, 15))

    def verschillen(session):
        rows = session.scalars(select(DossierTermijn)).all()
        feiten = Feiten(session, session.get_one(Dossier, route.dossier_id)).waarden
        return list(termijnen.afwijkingen(rows, feiten, gesloten=False))

    assert read(route.store.sessions, verschillen) == []
    with route.store.sessions.begin() as session:
        session.scalars(
            select(DossierTermijn).where(DossierTermijn.naam == "pip")
        ).one().uiterlijk = date(2030, 1, 1)
    (verschil,) = read(route.store.sessions, verschillen)
    assert (verschil.naam, verschil.rij) == ("pip", "gehaald 2030-01-01")


# opschorten, hervatten, verlengen


@pytest.fixture
def bezwaar(route):
    """The time in which the gemeente decides on a bezwaar: it began when that of the person ended."""
    route.given("p00_doorlopende_lijn", **ASIEL, bekendmaking=date(2026, 1, 5))
    route.now = datetime(2026, 2, 20, 9, tzinfo=UTC)
    return route


def test_a_suspended_period_has_no_last_day_until_it_runs_again(bezwaar):
    was = rijen(bezwaar)["besluit_bezwaar"].uiterlijk
    bezwaar.now += timedelta(days=10)
    vandaag = bezwaar.now.date()
    doe(bezwaar, ingrijpen.schort_op, naam="besluit_bezwaar", van=vandaag, grond="lid 2: stukken")
    rij = rijen(bezwaar)["besluit_bezwaar"]
    assert (rij.status, rij.uiterlijk) == ("opgeschort", None)
    bezwaar.now += timedelta(days=14)
    doe(bezwaar, ingrijpen.hervat_termijn, naam="besluit_bezwaar", dag=bezwaar.now.date())
    rij = rijen(bezwaar)["besluit_bezwaar"]
    assert (rij.status, rij.uiterlijk) == ("loopt", was + timedelta(days=14))
    assert [h.nieuw["status"] for h in historie(bezwaar, "besluit_bezwaar")] == [
        "loopt", "opgeschort", "loopt",
    ]  # fmt: skip


def test_a_verlenging_moves_the_end_with_ground_proof_and_author(bezwaar):
    doe(
        bezwaar, ingrijpen.verleng, naam="besluit_bezwaar", tot=date(2026, 7, 1), grond="lid 3",
        bewijsstuk="brief van 5 januari",
    )  # fmt: skip
    rij = rijen(bezwaar)["besluit_bezwaar"]
    assert rij.uiterlijk == date(2026, 7, 1)
    (ingreep,) = rij.feiten["ingrepen"]
    assert (ingreep["grond"], ingreep["bewijs"], ingreep["door"]) == (
        "lid 3", "brief van 5 januari", "Fatma",
    )  # fmt: skip


def test_the_law_decides_which_period_may_be_stopped(bezwaar):
    with pytest.raises(Conflict, match="Geen artikel"):
        doe(bezwaar, ingrijpen.schort_op, naam="pip", van=bezwaar.now.date(), grond="druk")
    with pytest.raises(Conflict, match="Geen artikel"):
        doe(bezwaar, ingrijpen.verleng, naam="inburgeringstermijn", tot=date(2030, 1, 1), grond="x")


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"grond": " "}, "grond"),
        ({"van": date(2026, 3, 31)}, "van"),
        ({"van": date(2025, 1, 31)}, "van"),
    ],
)
def test_an_opschorting_has_a_ground_and_a_day_that_can_be(bezwaar, anders, veld):
    gegevens = {"van": bezwaar.now.date() + timedelta(days=1), "grond": "lid 2", **anders}
    bezwaar.now += timedelta(days=2)
    with pytest.raises(Invalid) as fout:
        doe(bezwaar, ingrijpen.schort_op, naam="besluit_bezwaar", **gegevens)
    assert list(fout.value.fouten) == [veld]


def test_a_verlenging_is_later_than_the_last_day_of_now(bezwaar):
    with pytest.raises(Invalid) as fout:
        doe(bezwaar, ingrijpen.verleng, naam="besluit_bezwaar", tot=date(2026, 3, 6), grond="lid 3")
    assert list(fout.value.fouten) == ["tot"]


def test_a_clock_that_runs_cannot_be_resumed(bezwaar):
    with pytest.raises(Conflict, match="staat niet stil"):
        doe(bezwaar, ingrijpen.hervat_termijn, naam="besluit_bezwaar", dag=bezwaar.now.date())


def test_a_partner_changes_no_period(bezwaar):
    with pytest.raises(NotAllowed):
        doe(
            bezwaar,
            ingrijpen.verleng,
            naam="besluit_bezwaar",
            tot=date(2027, 1, 1),
            grond="x",
            by=SCHOOL,
        )


def test_an_unknown_dossier_is_not_found(bezwaar):
    bezwaar.dossier_id = type(bezwaar.dossier_id)(int=0)
    with pytest.raises(NotFound):
        doe(bezwaar, ingrijpen.verleng, naam="besluit_bezwaar", tot=date(2027, 1, 1), grond="x")


# proof


def test_a_period_that_passes_is_warned_of_and_proven_once(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    route.when_days_pass(80)
    soorten = [een.soort for een in bewijzen(route, "pip") if een.taak_id is None]
    assert soorten.count("verstreken") == 1
    assert "gewaarschuwd" in soorten
    verstreken = next(
        een for een in bewijzen(route, "pip") if een.soort == "verstreken" and een.taak_id is None
    )
    assert verstreken.gepland == datetime(2026, 3, 16, 23, tzinfo=UTC)


def test_what_passed_while_the_worker_was_away_is_proven_with_the_moment_it_was_planned_for(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    route.now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    run_due(route.store, route.config, route.now)
    verstreken = [
        een for een in bewijzen(route, "pip") if een.soort == "verstreken" and not een.taak_id
    ]
    assert [(een.gepland, een.op) for een in verstreken] == [
        (datetime(2026, 3, 16, 23, tzinfo=UTC), route.now)
    ]


def test_a_period_that_was_met_is_not_watched_any_more(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    route.when_facts(dagtekening=date(2026, 1, 9))
    vraag = select(Wekker).where(Wekker.soort == "termijn", Wekker.element == "pip")
    (wekker,) = read(route.store.sessions, lambda s: list(s.scalars(vraag)))
    assert wekker.gesloten_op == route.now


def test_each_person_sees_a_period_once(route):
    route.given("p00_doorlopende_lijn", **ASIEL)
    kijker = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}), route.dossier_id)
    for _ in range(2):
        doe(route, termijnen.noteer_gezien, namen=["pip", "aanbod"], by=kijker)
    assert [een.door for een in bewijzen(route, "pip") if een.soort == "gezien"] == ["Fatma"]


def test_the_end_of_a_period_is_proven_once_however_often_it_is_counted_again(route):
    route.given("p04_maatschappelijke_begeleiding", **ASIEL)
    route.when_days_pass(75)
    (eerste,) = [
        een for een in bewijzen(route, "maatschappelijke_begeleiding") if een.soort == "verstreken"
    ]
    for dag in (1, 2, 3):
        route.when_facts(rapport=date(2026, 3, dag))
        route.when_days_pass(1)
    assert [
        een.id
        for een in bewijzen(route, "maatschappelijke_begeleiding")
        if een.soort == "verstreken"
    ] == [eerste.id]


def test_what_a_case_does_not_know_itself_counts_from_the_facts(route):
    """Two reviews side by side count each from its own day; without one the fact of the dossier does."""
    eigen = {"zonder": "null", "met": 'date("2026-02-09")'}
    drawn = bpmn.draw(
        "wachten",
        bpmn.lanes("lanes", handhaver=list(eigen)),
        bpmn.start(),
        bpmn.parallel("samen"),
        *(
            person(naam, form="wacht", due=f'=termijn("zienswijze", {{voornemen: {dag}}})')
            for naam, dag in eigen.items()
        ),
        bpmn.parallel("klaar"),
        bpmn.end(),
        bpmn.path("s > samen"),
        bpmn.path("klaar > e"),
        *(bpmn.path(f"samen > {naam} > klaar") for naam in eigen),
    )
    files = {pad: inhoud for pad, inhoud in klein().items() if pad.endswith(".dmn")} | {
        "processes/wachten.bpmn": drawn,
        "forms/wacht.form": formulier(id="wacht"),
    }
    route.given("wachten", files, voornemen=date(2026, 2, 2))
    assert (route.due("zonder"), route.due("met")) == (date(2026, 2, 16), date(2026, 2, 23))
