"""Running dossiers go to another version: what people keep, what they are told, what collides."""

from datetime import date, timedelta
from functools import partial
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text

from routeflow.commands import deployments, dossiers, incidenten, migratie, taken
from routeflow.commands.timers import due, fire_wekker
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import open_store, read, transact
from routeflow.store.models import Account, Bericht, Route, Taak, Wekker
from routeflow.store.openstaand import wachten_van
from routeflow.worker import run_due
from support.dump import places
from support.formulieren import formulier, opties, veld
from support.klein import klein
from support.route import BUREAU, PERSOON, collega, project_files
from support.versies import NAMES, RENAMED, SKIP, TEKEN, WITHOUT, altered

EIGENAAR = Actor("Esther", GEMEENTE, frozenset({Rol.PROCESEIGENAAR}))
BEHEERDER = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}))


@pytest.fixture
def busy(route):
    return route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))


def publish(route, files):
    """Put another version in service; answers its number."""
    work = partial(deployments.zet_in_dienst, files=files, reden="v2", by=BUREAU, now=route.now)
    return transact(route.store.sessions, work).id


def look(route, naar, mapping=None):
    work = partial(
        migratie.plan,
        dossiers=[route.dossier_id],
        naar=naar,
        mapping=mapping,
        by=EIGENAAR,
        now=route.now,
    )
    return read(route.store.sessions, work)


def move(  # noqa: PLR0913 - what a test may vary
    route, naar, mapping=None, *, by=EIGENAAR, reden="Betere route", store=None
):
    work = partial(
        migratie.migrate_dossier,
        dossier_id=route.dossier_id,
        naar=naar,
        reden=reden,
        mapping=mapping,
        by=by,
        now=route.now,
    )
    return transact((store or route.store).sessions, work)


def deployment(route):
    return read(
        route.store.sessions,
        lambda s: s.scalar(select(Route.deployment_id).where(Route.dossier_id == route.dossier_id)),
    )


def test_a_taak_keeps_its_id_its_day_its_behandelaar_and_its_draft(busy):
    account = Account(
        login="fatma", naam="Fatma", partij=GEMEENTE, wachtwoord="-", rollen=[Rol.CASEMANAGER]
    )
    transact(busy.store.sessions, lambda s: s.add(account))
    fatma = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}), account.id)
    draft = {"leerroute": "Z", "opmerking": "nog bellen", "gezondheid": ""}
    transact(
        busy.store.sessions,
        partial(
            taken.save_concept, taak_id=busy.taak("plan").id, rauw=draft, by=fatma, now=busy.now
        ),
    )
    before = busy.taak("plan")
    busy.now += timedelta(days=4)
    form = formulier(
        veld("radio", "leerroute", verplicht=True, **opties("B1", "onderwijsroute", "Z")),
        veld("textfield", "besproken"),
        id="plan",
    )
    naar = publish(busy, altered(*RENAMED, plan=form))
    assert move(busy, naar, NAMES).kan
    after_ = busy.taak("plan")
    assert after_.naam == "Maak het plan"
    assert (after_.id, after_.geopend_op) == (before.id, before.geopend_op)
    assert (after_.behandelaar_id, after_.uiterlijk) == (account.id, before.uiterlijk)
    assert after_.concept == {"leerroute": "Z"}
    assert busy.ailments == []


def test_a_dossier_that_went_is_completed_by_its_new_version(busy):
    naar = publish(busy, altered(*RENAMED))
    teken, uren = busy.taak("teken").id, busy.armed["uren_blijven_uit"]
    move(busy, naar, NAMES)
    assert deployment(busy) == naar
    assert busy.taak("onderteken").id == teken
    assert busy.armed["uren_blijven_uit"] == uren - timedelta(days=10)
    busy.when_done("onderteken")
    busy.when_days_pass(21)
    assert "bel_partij" in busy.open_elements
    busy.when_done("bel_partij")
    busy.when_done("plan", leerroute="Z")
    assert busy.when_message("SS131") == "bezorgd"
    busy.when_done("beoordeel")
    assert busy.ended
    assert busy.ailments == []


def test_the_journal_says_what_was_and_what_is(busy):
    naar = publish(busy, altered(*RENAMED))
    move(busy, naar, NAMES)
    row = busy.journal[-1]
    assert (row.wat, row.door, row.deployment_id) == ("dossier gemigreerd", "Esther", naar)
    assert row.gegevens == {
        "van": 1,
        "naar": naar,
        "reden": "Betere route",
        "vertaling": NAMES,
        "erbij": [],
        "weg": [],
    }


def test_a_look_changes_nothing_and_names_what_is_in_the_way(busy):
    naar = publish(busy, altered(*RENAMED))
    (found,) = look(busy, naar)
    assert not found.kan
    assert [(one.element, one.tekst) for one in found.moeilijkheden] == [
        ("teken", "“teken” bestaat niet meer in de nieuwe versie.")
    ]
    assert deployment(busy) == 1
    with pytest.raises(migratie.NietMigreerbaar, match="blijft op zijn eigen versie"):
        move(busy, naar)
    assert deployment(busy) == 1
    assert busy.ailments == []
    assert look(busy, naar, NAMES)[0].kan


def test_a_look_names_the_taken_that_open_and_end(busy):
    naar = publish(busy, altered(*WITHOUT))
    busy.when_done("plan", leerroute="Z")
    (found,) = look(busy, naar, SKIP)
    assert (found.erbij, found.weg) == ((), ("teken",))
    assert found.nummer == busy.dossier.nummer
    assert move(busy, naar, SKIP).weg == ("teken",)
    assert busy.open_elements == {"meld_uren"}
    assert busy.ailments == []


def test_a_message_for_a_wait_that_got_another_name_is_tried_again(busy):
    for element, answers in (("plan", {"leerroute": "Z"}), ("meld_uren", {"urenNt2": 4}), ("teken", {})):  # fmt: skip
        busy.when_done(element, **answers)
    assert busy.when_message("SS139", "m1") == "ontvangen"
    naar = publish(busy, altered(('name="SS131"', 'name="SS139"')))
    move(busy, naar)
    waits = read(busy.store.sessions, lambda s: wachten_van(s, busy.dossier_id))
    assert sorted(een.naam for een in waits) == ["SS110", "SS139", "vermoeden"]
    assert busy.ailments == []
    busy.when_days_pass(1)
    assert busy.open_elements == {"beoordeel"}
    status = read(busy.store.sessions, lambda s: s.get_one(Bericht, "m1").status)
    assert status == "bezorgd"


def test_a_taak_that_the_diagram_gives_to_another_rol_goes_there(busy):
    other = TEKEN.replace("teken", "bel_partij")
    naar = publish(busy, altered((TEKEN, ""), (other, other + TEKEN)))
    move(busy, naar)
    taak = busy.taak("teken")
    assert (taak.rol, taak.partij, taak.behandelaar_id) == (Rol.TEAMLEIDER, GEMEENTE, None)


def test_a_changed_rolverdeling_moves_no_open_taak_by_itself(busy):
    files = dict(klein())
    tabel = "processes/rolverdeling.dmn"
    files[tabel] = files[tabel].replace(b"IVIO", b"Taalhuis")
    move(busy, publish(busy, files))
    assert busy.taak("meld_uren").partij == "IVIO"
    moved = transact(
        busy.store.sessions,
        lambda s: taken.herverdeel(s, uitvoeren=True, by=BUREAU, now=busy.now),
    )
    assert [one.naar for one in moved] == ["Taalhuis"]
    assert busy.ailments == []


def test_back_to_the_old_version_is_a_move_like_any_other(busy):
    ids = {taak.element: taak.id for taak in busy.taken}
    naar = publish(busy, altered(*RENAMED))
    move(busy, naar, NAMES)
    move(busy, 1, {"klein": {"onderteken": "teken"}})
    assert {taak.element: taak.id for taak in busy.taken} == ids
    assert busy.ailments == []


def test_a_dossier_that_is_there_already_stays_as_it_is(busy):
    assert move(busy, 1) is None
    assert busy.journal[-1].wat != "dossier gemigreerd"


def test_only_the_proceseigenaar_and_the_beheerder_may_and_they_say_why(busy):
    naar = publish(busy, altered(*RENAMED))
    with pytest.raises(NotAllowed):
        move(busy, naar, NAMES, by=Actor("Kees", GEMEENTE, frozenset({Rol.TEAMLEIDER})))
    with pytest.raises(Invalid) as refused:
        move(busy, naar, NAMES, reden="  ")
    assert "reden" in refused.value.fouten
    assert move(busy, naar, NAMES, by=BEHEERDER).kan


def test_what_does_not_exist_is_said(busy):
    naar = publish(busy, altered(*RENAMED))
    with pytest.raises(NotFound, match="Versie 99"):
        move(busy, 99)
    with pytest.raises(Invalid) as refused:
        move(busy, naar, {"klein": {"teken": "getekend"}, "groot": {"a": "b"}})
    assert refused.value.fouten == {
        "klein.teken": "getekend staat niet in klein in de nieuwe versie.",
        "groot.groot": "Het proces groot is er niet in de nieuwe versie.",
    }
    busy.dossier_id = uuid4()
    with pytest.raises(NotFound):
        move(busy, naar)


@pytest.mark.parametrize("given", [[], {"klein": []}, {"klein": {"a": 1}}, {"klein": {"a": None}}])
def test_a_mapping_that_is_none_is_refused(given):
    with pytest.raises(Invalid):
        migratie.lees_mapping(given)


def test_a_mapping_without_answers_is_empty():
    assert migratie.lees_mapping({"klein": {"a": ""}, "p": {"x": "y"}}) == {"p": {"x": "y"}}


def test_a_route_that_is_over_stays_where_it_was(busy):
    busy.when_message("SS110")
    assert busy.ended
    naar = publish(busy, altered(*RENAMED))
    assert look(busy, naar) == []
    with pytest.raises(Conflict, match="voorbij"):
        move(busy, naar)


def test_who_stops_halfway_goes_on_with_the_rest(busy):
    numbers = [busy.dossier.nummer]
    for _ in range(4):
        begin = partial(
            dossiers.start_dossier, gegevens=PERSOON, proces="klein", by=BUREAU, now=busy.now
        )
        numbers.append(transact(busy.store.sessions, begin).nummer)
    naar = publish(busy, altered(*RENAMED))

    def todo(**where):
        return read(busy.store.sessions, lambda s: migratie.te_gaan(s, naar, **where))

    first = todo(aantal=2)
    assert [number for _, number in first] == numbers[:2]
    for busy.dossier_id, _ in first:
        move(busy, naar, NAMES)
    assert [number for _, number in todo()] == numbers[2:]
    assert [number for _, number in todo(na=numbers[2])] == numbers[3:]
    assert todo(van=naar) == []
    assert read(busy.store.sessions, migratie.lopend) == {naar: 2, 1: 3}


def test_a_fault_in_the_diagram_is_mended_by_a_better_version_and_one_more_try(route):
    files = places()
    route.given("stuk", files)
    for hours in range(24, 60, 2):  # until the worker gives up
        route.now += timedelta(hours=2 if hours > 24 else 24)
        run_due(route.store, route.config, route.now)
    (incident,) = route.incidenten
    assert "geen standaardpijl" in incident.reden
    mended = files["processes/stuk.bpmn"].replace(b"=nooitGevuld = 1", b"=true")
    naar = publish(route, files | {"processes/stuk.bpmn": mended})
    move(route, naar)
    again = partial(incidenten.opnieuw, incident_id=incident.id, by=EIGENAAR, now=route.now)
    transact(route.store.sessions, again)
    run_due(route.store, route.config, route.now)
    assert route.armed == {}
    assert "sf" in route.visited
    assert route.incidenten == []
    assert route.ailments == []


# two at once: each order is forced, on two connections


def stands_at_a_lock(store):
    """Say whether somebody waits for a row of this database."""
    if store.engine.dialect.name == "sqlite":
        return True
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with store.engine.connect() as connection:
        return connection.scalar(waiting) > 0


def forced(first, first_act, second, second_act):
    """Let the second act begin while the first holds the dossier; answers what each returned.

    The first one waits, before it commits, until the second one stands at its lock. SQLite lets
    no second writer begin at all: there the second one stands at the door.
    """
    holds, asks = Event(), Event()
    answers = {}

    def run(name, act):
        try:
            answers[name] = act()
        except Conflict as conflict:
            answers[name] = conflict

    def before_commit(_session):
        holds.set()
        asks.wait(10)
        for _ in range(500):
            if stands_at_a_lock(second):
                return
            Event().wait(0.01)

    def late():
        holds.wait(10)
        if second.engine.dialect.name == "sqlite":
            asks.set()
        run("second", second_act)

    event.listen(first.sessions, "before_commit", before_commit)
    event.listen(second.sessions, "after_begin", lambda *_: asks.set())
    threads = [Thread(target=run, args=("first", first_act)), Thread(target=late)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers["first"], answers["second"]


@pytest.fixture
def two(database_url):
    """Two stores on the same database."""
    stores = [open_store(database_url), open_store(database_url)]
    yield stores
    for store in stores:
        store.close()


def completing(busy, store, element, **answers):
    taak = busy.taak(element)
    work = partial(
        taken.complete_taak, taak_id=taak.id, rauw=answers, by=collega(taak), now=busy.now
    )
    return lambda: transact(store.sessions, work)


@pytest.mark.parametrize("migrate_first", [True, False])
def test_a_migration_and_a_completion_at_once_come_one_after_the_other(busy, two, migrate_first):
    naar = publish(busy, altered(*RENAMED))
    one, other = two
    moving = lambda store: lambda: move(busy, naar, NAMES, store=store)  # noqa: E731
    if migrate_first:
        moved, done = forced(one, moving(one), other, completing(busy, other, "teken"))
    else:
        done, moved = forced(one, completing(busy, one, "teken"), other, moving(other))
    assert done.taak.status == "gedaan"
    assert done.taak.element == ("onderteken" if migrate_first else "teken")
    assert moved.kan
    assert deployment(busy) == naar
    assert busy.open_elements == {"plan", "meld_uren"}
    assert [row.wat for row in busy.journal[-2:]] == (
        ["dossier gemigreerd", "taak voltooid"]
        if migrate_first
        else ["taak voltooid", "dossier gemigreerd"]
    )
    busy.when_done("plan", leerroute="Z")
    busy.when_done("meld_uren", urenNt2=4)
    assert busy.ailments == []


@pytest.mark.parametrize("migrate_first", [True, False])
def test_a_migration_that_ends_a_taak_and_its_completion_end_in_one_of_the_two(
    busy, two, migrate_first
):
    naar = publish(busy, altered(*WITHOUT))
    one, other = two
    moving = lambda store: lambda: move(busy, naar, SKIP, store=store)  # noqa: E731
    if migrate_first:
        moved, done = forced(one, moving(one), other, completing(busy, other, "teken"))
        assert moved.weg == ("teken",)
        assert isinstance(done, Conflict)
        assert "vervallen" in str(done)
    else:
        done, moved = forced(one, completing(busy, one, "teken"), other, moving(other))
        assert done.taak.status == "gedaan"
        assert moved.weg == ()
    wanted = select(Taak.status).where(Taak.element == "teken")
    statuses = read(busy.store.sessions, lambda s: s.scalars(wanted).all())
    assert statuses == ["vervallen" if migrate_first else "gedaan"]
    assert busy.ailments == []


@pytest.mark.parametrize("migrate_first", [True, False])
def test_a_migration_and_a_timer_at_once_come_one_after_the_other(busy, two, migrate_first):
    naar = publish(busy, altered(*RENAMED))
    busy.now = busy.armed["uren_blijven_uit"]
    one, other = two
    claims = transact(one.sessions, lambda s: due(s, busy.now))
    (timer,) = [
        claim
        for claim in claims
        if read(one.sessions, lambda s, c=claim: s.get_one(Wekker, c.id).soort) == "timer"
    ]
    fire = partial(fire_wekker, claim=timer, by=BUREAU, now=busy.now)
    firing = lambda store: lambda: transact(store.sessions, fire)  # noqa: E731
    moving = lambda store: lambda: move(busy, naar, NAMES, store=store)  # noqa: E731
    if migrate_first:  # its moment changed: the lease is gone, and it goes off at its new moment
        moved, fired = forced(one, moving(one), other, firing(other))
        assert fired is None
        assert "meld_uren" in busy.open_elements
        busy.when_days_pass(1)
    else:
        fired, moved = forced(one, firing(one), other, moving(other))
        assert fired == "De wekker 'uren_blijven_uit' ging af."
    assert moved.kan
    assert busy.open_elements == {"plan", "onderteken", "bel_partij"}


@pytest.mark.parametrize("first", [0, 1])
def test_two_migrations_at_once_bring_a_dossier_over_once(busy, two, first):
    naar = publish(busy, altered(*RENAMED))
    acts = [lambda store=store: move(busy, naar, NAMES, store=store) for store in two]
    won, lost = forced(two[first], acts[first], two[1 - first], acts[1 - first])
    assert won.kan
    assert lost is None
    assert [row.wat for row in busy.journal].count("dossier gemigreerd") == 1
    assert busy.ailments == []


def test_no_trial_and_no_act_brings_a_dossier_past_a_safeguard_of_the_law(route):
    naleving = {"gedraging": "les (1)", "plicht": "begeleiding", "vermoedenMelder": "Kees"}
    route.given("p17b_sanctietoets", **naleving)
    pad = "processes/p17b-sanctietoets.bpmn"
    anders = {
        **project_files(),
        pad: project_files()[pad].replace(b"Voer sanctietoets uit", b"Toets"),
    }
    naar = publish(route, anders)
    vooruit = {"p17b_sanctietoets": {"voer_sanctietoets_uit": "neem_besluit"}}
    [voorstel] = look(route, naar, vooruit)
    redenen = " ".join(een.tekst for een in voorstel.moeilijkheden)
    for woord in ("tweede persoon", "gehoord", "vermogen", "de termijn “zienswijze”"):
        assert woord in redenen
    with pytest.raises(migratie.NietMigreerbaar, match="Kies een stap ervoor"):
        move(route, naar, vooruit)
    assert route.open_elements == {"voer_sanctietoets_uit"}
    [voorstel] = look(route, naar)
    assert voorstel.kan
    assert move(route, naar).kan
    assert route.ailments == []
