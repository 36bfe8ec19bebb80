"""A database as a released version left it goes on in today's: nothing lost, everything alive."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from routeflow import demo
from routeflow.commands import deployments, doctor, migratie, taken
from routeflow.config import Config
from routeflow.engine import codec
from routeflow.errors import Invalid
from routeflow.store import migrate, open_store, queries, read, transact
from routeflow.store.models import (
    Bericht,
    Dossier,
    DossierTermijn,
    Feit,
    Incident,
    Journaal,
    Route,
    Taak,
    TermijnBewijs,
    TermijnHistorie,
    Wekker,
)
from routeflow.worker import Worker, run_due
from support.dump import load
from support.route import BUREAU, collega, project_files

DUMPS = sorted(Path(__file__).parent.glob("stand-*.sql.xz"))
RUNS = (Route.beeindigd_op.is_(None),)


@pytest.fixture(params=DUMPS, ids=lambda path: path.name.removesuffix(".sql.xz"))
def released(request, empty_database_url):
    """A released database, brought to today's schema, and the moment at which it was left."""
    load(request.param, empty_database_url)
    before = open_store(empty_database_url)
    with before.engine.connect() as connection:
        counted = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            for table in ("dossier", "taak", "feit", "journaal", "wekker", "bericht")
        }
    before.close()
    migrate(empty_database_url)
    store = open_store(empty_database_url)
    now = read(store.sessions, lambda s: s.scalar(select(func.max(Journaal.op))))
    yield store, now, counted
    store.close()


def rows(store, statement):
    return read(store.sessions, lambda s: list(s.scalars(statement)))


def ailments(store, now):
    found = read(store.sessions, partial(doctor.diagnose, now=now))
    return [f"{one.dossier_nummer} {one.soort}: {one.tekst}" for one in found]


def complete_one(store, dossier_id, now):
    """Complete the first taak of a dossier that takes plain answers; answers its element."""
    wanted = select(Taak).where(Taak.dossier_id == dossier_id, Taak.status == "open")
    for taak in rows(store, wanted.order_by(Taak.volgorde, Taak.id)):

        def work(session, taak=taak):
            sheet = taken.taakblad(session, session.get_one(Taak, taak.id), by=BUREAU, now=now)
            known = queries.feiten(session, dossier_id) | dict(sheet.bekend)
            answers = demo.answers(sheet.formulier, known, {}, now=now)
            return taken.complete_taak(session, taak.id, answers, by=collega(taak), now=now)

        try:
            return transact(store.sessions, work).taak.element
        except Invalid:
            continue
    return None


def test_every_row_is_there_and_agrees_with_its_route(released):
    store, now, counted = released
    with store.engine.connect() as connection:
        for table, count in counted.items():
            now_there = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
            assert (table, now_there) == (table, count)
    assert ailments(store, now) == []
    assert len(rows(store, select(Route.dossier_id).where(*RUNS))) == 11
    drafts = rows(store, select(Taak.concept).where(Taak.concept.is_not(None)))
    assert drafts == [{"leerroute": "Z", "opmerking": "Nog bellen met de school"}] * 2


def test_a_taak_of_every_dossier_is_completed_and_stored_in_the_form_of_today(released):
    store, now, _ = released
    later = now + timedelta(minutes=5)
    done, waiting = [], []
    for dossier_id in rows(store, select(Route.dossier_id).where(*RUNS)):
        has = rows(
            store, select(Taak.id).where(Taak.dossier_id == dossier_id, Taak.status == "open")
        )
        if not has:
            waiting.append(dossier_id)
            continue
        done.append(complete_one(store, dossier_id, later))
        (state,) = rows(store, select(Route.toestand).where(Route.dossier_id == dossier_id))
        assert state[0] == codec.VERSION
    assert None not in done
    assert (len(done), len(waiting)) == (10, 1)
    run_due(store, Config(), later)  # what opened may have been due long ago
    assert ailments(store, later) == []


def test_its_timers_go_off_and_its_reminders_leave(released):
    store, now, _ = released
    armed = set(rows(store, select(Wekker.element).where(Wekker.gesloten_op.is_(None))))
    assert {"na_20_dagen", "elke_week", "over_een_jaar", "uren_blijven_uit"} <= armed
    at = now
    for _ in range(8):
        at += timedelta(days=50)
        run_due(store, Config(), at)
    gone_off = set(rows(store, select(Wekker.element).where(Wekker.afgegaan)))
    assert {"na_20_dagen", "elke_week", "over_een_jaar", "uren_blijven_uit"} <= gone_off
    (reason,) = rows(
        store,
        select(Incident.reden).where(Incident.opgelost_op.is_(None), Incident.soort == "timer"),
    )
    assert reason.startswith("Geen van de voorwaarden klopt")
    assert ailments(store, at) == []


def test_a_message_that_waited_is_delivered_when_its_dossier_asks_for_it(released):
    store, now, _ = released
    waiting = select(Bericht).where(Bericht.bericht == "SS131", Bericht.status == "ontvangen")
    message = rows(store, waiting)[0]
    at = now + timedelta(minutes=5)
    while complete_one(store, message.dossier_id, at) in {"plan", "meld_uren", "teken"}:
        pass
    run_due(store, Config(), at + timedelta(days=1))
    status = select(Bericht.status).where(Bericht.bericht_id == message.bericht_id)
    assert rows(store, status) == ["bezorgd"]
    assert rows(
        store,
        select(Taak.element).where(Taak.dossier_id == message.dossier_id, Taak.status == "open"),
    ) == ["beoordeel"]


def test_its_dossiers_go_to_the_set_of_today_or_say_why_not(released):
    store, now, _ = released
    publish = partial(
        deployments.zet_in_dienst, files=project_files(), reden="nu", by=BUREAU, now=now
    )
    naar = transact(store.sessions, publish).id
    on_project = select(Route.dossier_id).where(Route.deployment_id == 1)
    look = partial(migratie.plan, dossiers=rows(store, on_project), naar=naar, by=BUREAU, now=now)
    for found in read(store.sessions, look):
        assert found.kan or all(reason.tekst for reason in found.moeilijkheden)
        if found.kan:
            move = partial(
                migratie.migrate_dossier,
                dossier_id=found.dossier_id,
                naar=naar,
                reden="nieuwe versie",
                by=BUREAU,
                now=now,
            )
            assert transact(store.sessions, move).kan
    assert ailments(store, now) == []


def test_its_dossiers_get_rows_of_their_periods_and_what_passed_is_proven(released):
    store, now, _ = released
    later = now + timedelta(days=200)
    worker = Worker(store, Config(), lambda: later)
    worker.clean()
    worker.tick()
    with_rows = set(rows(store, select(DossierTermijn.dossier_id)))
    of_this_law = select(Route.dossier_id).join(Dossier, Dossier.id == Route.dossier_id)
    of_this_law = of_this_law.where(*RUNS, Dossier.wet == "Wi2021")
    assert set(rows(store, of_this_law)) <= with_rows
    assert set(rows(store, select(TermijnHistorie.aanleiding))) >= {"aangevuld"}
    assert rows(store, select(TermijnBewijs).where(TermijnBewijs.soort == "verstreken"))
    assert [een for een in ailments(store, later) if "termijn" in een] == []


def test_the_facts_read_as_they_were(released):
    store, _, _ = released
    dossier_ids = rows(store, select(Route.dossier_id).where(Route.proces == "overal"))
    for dossier_id in dossier_ids:
        facts = read(store.sessions, lambda s, d=dossier_id: queries.feiten(s, d))
        assert facts["kinderen"] == ["Ali", "Sara", "Noor"]
    assert rows(store, select(func.count()).select_from(Feit)) != [0]
