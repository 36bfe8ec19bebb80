"""The demo's caseload: sized like the plan, lived through the real commands."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from routeflow import demo
from routeflow.clock import system_clock
from routeflow.commands import doctor, incidenten
from routeflow.errors import Refusal
from routeflow.store import migrate, open_store, read, transact
from routeflow.store.models import Account, Bericht, Dossier, Incident, Journaal, Melding, Taak
from routeflow.worker import run_due


def _elfproef(bsn):
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(d) * w for d, w in zip(bsn, weights, strict=True)) % 11 == 0


def test_the_caseload_has_the_size_and_the_spread_of_the_plan():
    people = demo.caseload()
    groups = Counter((person.doelgroep, person.wet) for person in people)
    assert groups["asielstatushouder", "Wi2021"] == 90
    assert groups["gezinsmigrant", "Wi2021"] == 50
    assert 3 <= groups["asielstatushouder", "Wi2013"] <= 8
    assert {person.leerroute for person in people} == {"B1", "onderwijsroute", "Z"}


def test_the_caseload_shows_each_turn_that_a_route_can_take():
    turns = Counter(person.wending for person in demo.caseload() if person.wending)
    moves = {"hierheen verhuisd", "weg verhuisd", "buiten Nederland", "andere doelgroep"}
    assert moves <= turns.keys()


def test_nobody_in_the_demo_exists():
    bsns = [person.bsn for person in demo.caseload()]
    assert len(set(bsns)) == len(bsns)
    assert all(bsn.startswith("9999") and _elfproef(bsn) for bsn in bsns)


def test_the_caseload_is_the_same_each_time():
    assert demo.caseload() == demo.caseload()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    config = demo.configure({}, folder)
    migrate(config.database)
    store = open_store(config.database)
    asiel, *_ = people = [p for p in demo.caseload(small=True) if p.wet == "Wi2021"]
    gezin = next(p for p in people if p.doelgroep == "gezinsmigrant")
    chosen = (
        replace(asiel, dagen=150),
        replace(gezin, dagen=400),
        next(p for p in demo.caseload(small=True) if p.wet == "Wi2013"),
    )
    demo.fill(store, config, chosen)
    yield store, config, folder, chosen
    store.close()


def test_everybody_is_somewhere_on_the_route_with_work_for_somebody(filled):
    store, _, _, chosen = filled

    def look(session):
        return {
            dossier.bsn: (
                dossier.fase,
                session.scalar(
                    select(func.count(Taak.id)).where(
                        Taak.dossier_id == dossier.id, Taak.status != "open"
                    )
                ),
            )
            for dossier in session.scalars(select(Dossier))
        }

    found = read(store.sessions, look)
    assert set(found) == {person.bsn for person in chosen}
    asiel, gezin, ondertussen = (found[person.bsn] for person in chosen)
    assert asiel[0]
    assert asiel[1] > 10
    assert gezin[1] > 10
    assert ondertussen[0] == "Ondertussengroep"
    assert ondertussen[1] > 4


def test_what_was_lived_agrees_with_the_engine(filled):
    store, _, _, _ = filled
    assert read(store.sessions, lambda s: doctor.diagnose(s, now=system_clock())) == []


def test_old_notices_were_read_and_those_of_the_last_weeks_wait(filled):
    store, _, _, _ = filled
    lang_geleden = system_clock() - timedelta(weeks=4)
    oud = select(func.count(Melding.id)).where(Melding.op < lang_geleden)
    assert read(store.sessions, lambda s: s.scalar(oud)) > 0
    ongelezen = oud.where(Melding.gelezen_op.is_(None))
    assert read(store.sessions, lambda s: s.scalar(ongelezen)) == 0


def test_there_is_one_incident_to_see_and_one_press_solves_it(tmp_path):
    config = demo.configure({}, tmp_path)
    migrate(config.database)
    store = open_store(config.database)
    laatste = min(demo.caseload(small=True), key=lambda person: person.dagen)
    demo.fill(store, config, [laatste])
    [incident] = read(store.sessions, lambda s: list(s.scalars(select(Incident))))
    assert "van COA is onbestelbaar: er is geen dossier van deze persoon" in incident.reden
    now = system_clock()
    transact(store.sessions, lambda s: incidenten.opnieuw(s, incident.id, by=demo.DEMO, now=now))
    run_due(store, config, now)
    bericht = read(store.sessions, lambda s: s.get(Bericht, incident.bron))
    dossier = read(store.sessions, lambda s: s.scalar(select(Dossier)))
    open_ = select(func.count(Incident.id)).where(Incident.opgelost_op.is_(None))
    assert bericht.status != "onbestelbaar"
    assert bericht.dossier_id == dossier.id
    assert read(store.sessions, lambda s: s.scalar(open_)) == 0
    assert read(store.sessions, lambda s: doctor.diagnose(s, now=now)) == []
    store.close()


@pytest.mark.parametrize(
    ("wending", "ligt"),
    [
        ("hierheen verhuisd", {"leg_brp_inschrijving_vast", "stel_pip_op"}),
        ("weg verhuisd", {"draag_dossier_over"}),
        ("buiten Nederland", {"maak_administratie_af_na_vertrek"}),
        ("andere doelgroep", {"bekijk_doelgroep"}),
    ],
)
def test_who_takes_a_turn_stands_where_people_can_see_it(tmp_path, wending, ligt):
    config = demo.configure({}, tmp_path)
    migrate(config.database)
    store = open_store(config.database)
    demo.fill(store, config, [p for p in demo.caseload() if p.wending == wending])
    open_ = read(
        store.sessions,
        lambda s: set(s.scalars(select(Taak.element).where(Taak.status == "open"))),
    )
    store.close()
    assert open_ & ligt


def test_there_is_a_login_for_each_rol(filled):
    store, _, _, _ = filled
    rollen = read(
        store.sessions, lambda s: {rol for row in s.scalars(select(Account.rollen)) for rol in row}
    )
    assert {"casemanager", "teamleider", "handhaver", "proceseigenaar", "beheerder"} <= rollen
    assert {login for login, *_ in demo.logins()} == set(
        read(store.sessions, lambda s: list(s.scalars(select(Account.login))))
    )


def test_a_second_start_changes_nothing(filled):
    store, config, _, chosen = filled

    def count(session):
        return session.scalar(select(func.count(Journaal.id)))

    before = read(store.sessions, count)
    demo.fill(store, config, chosen)
    assert read(store.sessions, count) == before


def test_a_start_that_was_broken_off_goes_on_where_it_was(filled):
    store, config, folder, chosen = filled
    (folder / "gevuld").unlink()
    demo.fill(store, config, chosen)
    dossiers = read(store.sessions, lambda s: s.scalar(select(func.count(Dossier.id))))
    assert dossiers == len(chosen)


def test_only_the_demos_own_database_is_thrown_away(tmp_path):
    config = replace(demo.configure({}, tmp_path), database="postgresql://somewhere/else")
    with pytest.raises(Refusal, match="eigen database van de demo"):
        demo.remove(config, tmp_path)


def test_starting_over_removes_the_folder(tmp_path):
    folder = Path(tmp_path, "demo")
    folder.mkdir()
    (folder / "routeflow.db").touch()
    demo.remove(demo.configure({}, folder), folder)
    assert not folder.exists()
