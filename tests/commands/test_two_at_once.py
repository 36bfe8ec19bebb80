"""What somebody read before they had the dossier to themselves may be old: then nothing rests on it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from routeflow.commands import (
    accounts,
    berichten,
    deployments,
    dossiers,
    gezin,
    incidenten,
    post,
    taken,
    timers,
    uren,
    verwijderen,
)
from routeflow.commands.wachtrij import meld_incident
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import (
    Account,
    Dagpost,
    Deployment,
    Gezinsband,
    Melding,
    Taak,
    Uitgaand,
    Uren,
    Wekker,
)
from support import bpmn
from support.klein import klein, person
from support.route import BUREAU
from support.volgorde import Refused, in_order

ANNA, BRAM = uuid4(), uuid4()
PUNTEN = ("locked", "written")


@pytest.fixture
def huis(route):
    """The small route, with two casemanagers, of whom Anna has the dossier."""
    people = [
        Account(
            id=id_, login=naam, naam=naam, partij=GEMEENTE, wachtwoord="-", rollen=[Rol.CASEMANAGER]
        )
        for id_, naam in ((ANNA, "anna"), (BRAM, "bram"))
    ]
    transact(route.store.sessions, lambda session: session.add_all(people))
    return route.given(
        "klein",
        klein(),
        leerroute="B1",
        datumKennisgeving=date(2026, 1, 2),
        casemanager="anna",
        bsn="111222333",
    )


def facts(route, **feiten):
    return partial(
        dossiers.wijzig_feiten,
        dossier_id=route.dossier_id,
        feiten=feiten,
        reden="test",
        by=BUREAU,
        now=route.now,
    )


def timer_of(route, element):
    """Let the moment of a timer come, and claim it."""
    route.now = route.armed[element]

    def claimed(session):
        for claim in timers.due(session, route.now):
            wekker = session.get_one(Wekker, claim.id)
            if wekker.soort == "timer" and wekker.element == element:
                return claim
        raise AssertionError(element)

    return transact(route.store.sessions, claimed)


def scalars(route, statement):
    return read(route.store.sessions, lambda s: list(s.scalars(statement)))


def waits_for_a_moment() -> dict[str, bytes]:
    """A route in which a moment opens a taak of the casemanager."""
    process = bpmn.draw(
        "wachten",
        bpmn.lanes("banen", casemanager=["kijk"]),
        bpmn.start(),
        bpmn.catch("over_een_dag", bpmn.after("P1D")),
        person("kijk", form="teken"),
        bpmn.end(),
        bpmn.path("s > over_een_dag > kijk > e"),
    )
    return {**klein(), "processes/wachten.bpmn": process}


@pytest.mark.parametrize("punt", PUNTEN)
def test_a_timer_that_waited_gives_its_taak_to_the_casemanager_of_now(huis, database_url, punt):
    huis.given("wachten", waits_for_a_moment(), casemanager="anna")
    claim = timer_of(huis, "over_een_dag")
    fire = partial(timers.fire_wekker, claim=claim, by=BUREAU, now=huis.now)
    in_order(database_url, facts(huis, casemanager="bram"), punt, fire)
    assert huis.taak("kijk").behandelaar_id == BRAM
    assert huis.taak("kijk").casemanager_id == BRAM


@pytest.mark.parametrize("punt", PUNTEN)
def test_a_message_that_waited_gives_its_taak_to_the_casemanager_of_now(huis, database_url, punt):
    huis.when_done("plan", leerroute="B1")
    huis.when_done("teken")
    huis.when_done("meld_uren", urenNt2=2)

    def receive(session):
        return berichten.receive(
            session, "duo-1", "SS131", {}, dossier_id=huis.dossier_id, by=BUREAU, now=huis.now
        )

    transact(huis.store.sessions, receive)
    (claim,) = transact(huis.store.sessions, lambda s: berichten.due(s, huis.now))
    deliver = partial(berichten.deliver_bericht, claim=claim, by=BUREAU, now=huis.now)
    in_order(database_url, facts(huis, casemanager="bram"), punt, deliver)
    assert huis.taak("beoordeel").behandelaar_id == BRAM
    assert huis.taak("beoordeel").casemanager_id == BRAM


def erasing(route):
    """Propose to erase the dossier, and return the act of doing so."""
    propose = partial(
        verwijderen.stel_voor,
        dossier_id=route.dossier_id,
        soort="correctie",
        kenmerk="DUO-7",
        by=Actor("Tess", GEMEENTE, frozenset(Rol)),
        now=route.now,
    )
    voorstel = transact(route.store.sessions, propose).id
    return partial(
        verwijderen.voer_uit,
        dossier_id=route.dossier_id,
        ident=voorstel,
        by=BUREAU,
        now=route.now,
    )


def tie(route):
    return partial(
        gezin.koppel,
        dossier_id=route.dossier_id,
        soort="kind",
        naam="Sara",
        geboortejaar=2019,
        by=BUREAU,
        now=route.now,
    )


@pytest.mark.parametrize("punt", PUNTEN)
def test_nobody_is_tied_to_a_dossier_that_was_erased_while_they_waited(huis, database_url, punt):
    _, tied = in_order(database_url, erasing(huis), punt, tie(huis))
    assert "verwijderd" in str(tied)
    assert scalars(huis, select(Gezinsband)) == []


@pytest.mark.parametrize("punt", PUNTEN)
def test_no_loan_is_noted_in_a_dossier_that_was_erased_while_they_waited(huis, database_url, punt):
    note = partial(
        verwijderen.noteer_aflossing,
        dossier_id=huis.dossier_id,
        dag=date(2026, 1, 5),
        by=BUREAU,
        now=huis.now,
    )
    _, noted = in_order(database_url, erasing(huis), punt, note)
    assert "verwijderd" in str(noted)
    assert huis.ailments == []


@pytest.mark.parametrize("punt", ["begin", "INSERT INTO uren"])
def test_the_same_hours_sent_twice_at_once_count_once(huis, database_url, punt):
    regel = uren.Regel(date(2026, 1, 5), "participatie", Decimal("2.5"))
    write = partial(
        uren.schrijf_uren,
        regels=[(huis.dossier_id, regel)],
        by=BUREAU,
        now=huis.now,
    )
    in_order(database_url, write, punt, write)
    assert scalars(huis, select(Uren.kwartieren)) == [10]


@pytest.mark.parametrize("punt", ["begin", "INSERT INTO uren"])
def test_the_same_file_with_hours_sent_twice_at_once_counts_once(huis, database_url, punt):
    nummer = huis.dossier.nummer
    bestand = f"dossier;datum;soort;uren\n{nummer};05-01-2026;participatie;2,5\n".encode()
    write = partial(uren.importeer, inhoud=bestand, by=BUREAU, now=huis.now)
    in_order(database_url, write, punt, write)
    assert scalars(huis, select(Uren.kwartieren)) == [10]


@pytest.mark.parametrize("punt", ["begin", "DELETE FROM uren"])
def test_no_hours_are_written_in_a_dossier_while_it_is_erased(huis, database_url, punt):
    regel = uren.Regel(date(2026, 1, 5), "participatie", Decimal("2.5"))
    write = partial(uren.schrijf_uren, regels=[(huis.dossier_id, regel)], by=BUREAU, now=huis.now)
    in_order(database_url, erasing(huis), punt, write)
    assert scalars(huis, select(Uren)) == []
    assert huis.ailments == []


def publish(route, files, **how):
    return partial(
        deployments.zet_in_dienst, files=files, reden="nieuw", by=BUREAU, now=route.now, **how
    )


@pytest.mark.parametrize("punt", ["begin", "written"])
def test_a_set_that_is_published_twice_at_once_is_one_version(huis, database_url, punt):
    files = {**klein(), "forms/extra.form": b"{}"}
    one, two = in_order(database_url, publish(huis, files), punt, publish(huis, files))
    assert one.id == two.id
    assert scalars(huis, select(func.count()).select_from(Deployment)) == [2]


@pytest.mark.parametrize("punt", ["begin", "written"])
def test_who_publishes_on_a_version_that_is_no_longer_the_newest_hears_so(huis, database_url, punt):
    (basis,) = scalars(huis, select(func.max(Deployment.id)))
    een, twee = ({**klein(), f"forms/extra-{n}.form": b"{}"} for n in (1, 2))
    answers = in_order(
        database_url, publish(huis, een, basis=basis), punt, publish(huis, twee, basis=basis)
    )
    (refused,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert "andere versie" in str(refused)
    assert scalars(huis, select(func.count()).select_from(Deployment)) == [2]


@pytest.mark.parametrize("punt", PUNTEN)
def test_a_taak_is_laid_with_who_the_facts_of_now_say(huis, database_url, punt):
    """The rolverdeling is looked at for many dossiers, and then each is taken in hand."""
    huis.when_done("teken")

    def elders(session):
        taak = session.scalars(select(Taak).where(Taak.element == "meld_uren")).one()
        taak.partij = "Oude partij"

    transact(huis.store.sessions, elders)
    naar = partial(taken.herverdeel, uitvoeren=True, by=BUREAU, now=huis.now)
    done = partial(
        taken.complete_taak,
        taak_id=huis.taak("meld_uren").id,
        rauw={"urenNt2": 3},
        by=Actor("Collega", "Oude partij", frozenset({Rol.MAP_AANBIEDER})),
        now=huis.now,
    )
    _, moved = in_order(database_url, done, punt, naar)
    assert moved == []
    assert "taak verplaatst" not in {een.wat for een in huis.journal}


@pytest.mark.parametrize("punt", PUNTEN)
def test_a_household_that_is_untied_twice_is_untied_once(huis, database_url, punt):
    band = transact(huis.store.sessions, tie(huis)).id
    untie = partial(
        gezin.ontkoppel, dossier_id=huis.dossier_id, band_id=band, by=BUREAU, now=huis.now
    )
    answers = in_order(database_url, untie, punt, untie)
    assert [isinstance(answer, Refused) for answer in answers].count(True) == 1
    wat = [een.wat for een in huis.journal]
    assert wat.count("gezinsband beëindigd") == 1


def test_an_incident_that_comes_while_its_earlier_one_is_solved_is_told_anew(huis, database_url):
    def stops(session):
        return meld_incident(session, "formulier", "1:plan:0", "Het stopt.", now=huis.now)

    first = transact(huis.store.sessions, stops)
    solve = partial(incidenten.opnieuw, incident_id=first.id, by=BUREAU, now=huis.now)
    in_order(database_url, solve, "written", stops)
    assert [een.reden for een in huis.incidenten] == ["Het stopt."]


def test_two_beheerders_cannot_take_the_beheer_of_each_other(route, database_url):
    een, twee = (
        Account(
            id=uuid4(), login=naam, naam=naam, partij=GEMEENTE, wachtwoord="-", rollen=["beheerder"]
        )
        for naam in ("een", "twee")
    )
    transact(route.store.sessions, lambda session: session.add_all([een, twee]))

    def takes(wie, van):
        by = Actor(wie.naam, GEMEENTE, frozenset({Rol.BEHEERDER}), wie.id)
        return partial(
            accounts.wijzig_account,
            account_id=van.id,
            rollen=[Rol.CASEMANAGER],
            by=by,
            now=route.now,
        )

    in_order(database_url, takes(een, twee), "written", takes(twee, een))
    rollen = scalars(route, select(Account.rollen))
    assert ["beheerder"] in rollen


def test_a_notice_that_is_laid_ready_for_the_mail_of_this_morning_goes_with_it(huis, database_url):
    """Another worker lays it ready at the moment itself, its clock a second behind."""
    now = datetime(2026, 1, 6, 6, tzinfo=UTC)

    def prepare(session):
        session.get_one(Account, ANNA).email = "anna@gemeente.example"
        session.get_one(Account, BRAM).email = "bram@gemeente.example"
        meldingen = [
            Melding(
                partij=GEMEENTE,
                rol=Rol.CASEMANAGER,
                account_id=None,
                dossier_id=huis.dossier_id,
                soort="x",
                tekst=f"{n}",
                op=huis.now,
                nieuw=False,
            )
            for n in range(2)
        ]
        session.add_all(meldingen)
        session.flush()
        session.add(Dagpost(account_id=ANNA, melding_id=meldingen[0].id, op=now))
        return meldingen[1].id

    tweede = transact(huis.store.sessions, prepare)

    def lays(session):
        session.add(Dagpost(account_id=BRAM, melding_id=tweede, op=now))
        session.flush()

    mails = partial(post.maak, now=now)
    in_order(database_url, mails, "dagpost", lays)
    transact(huis.store.sessions, mails)
    wie = {een["account"] for een in scalars(huis, select(Uitgaand.inhoud))}
    assert wie == {str(ANNA), str(BRAM)}
