"""What the doctor says of periods, and old dossiers that get their rows."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update

from routeflow.commands import hartslag, incidenten
from routeflow.commands.aanvullen import vul_termijnen_aan
from routeflow.commands.keur_termijnen import keur_termijnen, keur_worker
from routeflow.config import Config
from routeflow.store import read, transact
from routeflow.store.models import (
    Dossier,
    DossierTermijn,
    Feit,
    Incident,
    Journaal,
    TermijnBewijs,
    TermijnHistorie,
    Wekker,
)
from routeflow.worker import Worker, run_due
from support.klein import klein
from support.route import BUREAU

FEITEN = {"leerroute": "B1", "datumKennisgeving": date(2026, 1, 2), "brpDatum": date(2026, 1, 2)}


@pytest.fixture
def gezond(route):
    route.given("klein", klein(), **FEITEN)
    assert keuring(route) == []
    return route


def keuring(route):
    keur = partial(keur_termijnen, dossiers=[route.dossier_id], now=route.now)
    return read(route.store.sessions, lambda s: [zin for _, zin in keur(s)])


def doe(route, opdracht):
    transact(route.store.sessions, lambda s: s.execute(opdracht))


def telling(route, tabel):
    return read(route.store.sessions, lambda s: s.scalar(select(func.count()).select_from(tabel)))


def leeg(route):
    """Make the dossier one of before there were rows."""
    for tabel in (TermijnHistorie, TermijnBewijs, DossierTermijn):
        doe(route, delete(tabel))
    doe(route, delete(Wekker).where(Wekker.soort == "termijn"))


def test_a_row_that_says_something_else_than_the_facts_is_told(gezond):
    pip = DossierTermijn.naam == "pip"
    doe(gezond, update(DossierTermijn).where(pip).values(uiterlijk=date(2030, 1, 1)))
    assert keuring(gezond) == [
        "De termijn pip staat als loopt 2030-01-01; geteld: loopt 2026-03-13.",
        "De historie van de termijn pip eindigt anders dan de termijn zelf.",
    ]


def test_a_period_that_passed_without_proof_is_told_and_with_proof_it_is_not(gezond):
    gezond.now += timedelta(days=75)
    assert keuring(gezond) == []  # the worker is about to prove it
    run_due(gezond.store, Config(), gezond.now)
    assert keuring(gezond) == []
    doe(gezond, delete(TermijnBewijs).where(TermijnBewijs.soort == "verstreken"))
    assert "De termijn pip verstreek op 2026-03-13, maar dat is niet bewezen." in keuring(gezond)


def test_the_doctor_looks_at_periods_too(gezond):
    doe(gezond, update(DossierTermijn).values(status="vervallen"))
    assert any("termijn pip" in kwaal for kwaal in map(str, gezond.ailments))


def test_an_old_dossier_gets_its_rows_its_watch_and_its_history_and_no_act(gezond):
    was = {r.naam: (r.status, r.uiterlijk) for r in rijen(gezond)}
    leeg(gezond)
    acten = telling(gezond, Journaal)
    vul_aan = partial(vul_termijnen_aan, na=None, aantal=10, now=gezond.now)
    assert transact(gezond.store.sessions, vul_aan) == gezond.dossier_id
    assert {r.naam: (r.status, r.uiterlijk) for r in rijen(gezond)} == was
    assert telling(gezond, Journaal) == acten
    historie = read(gezond.store.sessions, lambda s: list(s.scalars(select(TermijnHistorie))))
    assert {(een.aanleiding, een.oud, een.door) for een in historie} == {
        ("aangevuld", None, "wekker")
    }
    assert gezond.ailments == []
    assert transact(gezond.store.sessions, vul_aan) is None
    assert telling(gezond, TermijnHistorie) == len(historie)


def test_the_worker_fills_in_what_is_old_and_then_looks_no_more(gezond):
    leeg(gezond)
    gezond.now += timedelta(days=400)
    worker = Worker(gezond.store, Config(), lambda: gezond.now)
    worker.clean()
    assert rijen(gezond)
    worker.tick()  # what passed long ago gets its proof at once
    assert keuring(gezond) == []
    assert telling(gezond, TermijnBewijs) > 0
    leeg(gezond)
    worker.clean()
    assert rijen(gezond) == []


def test_under_the_law_of_2013_there_are_no_periods_of_the_other_law(route):
    feiten = {"datumKennisgeving": date(2026, 1, 7), "brpDatum": date(2026, 1, 5)}
    route.given("klein", klein(), wet="Wi2013", **feiten)
    assert rijen(route) == []
    route.when_facts(wet="Wi2021")
    assert "pip" in {een.naam for een in rijen(route)}
    route.when_facts(wet="Wi2013")
    assert {een.status for een in rijen(route)} == {"vervallen"}
    assert route.ailments == []


def test_rows_of_the_other_law_that_an_older_version_left_are_taken_away(route):
    feiten = {"datumKennisgeving": date(2026, 1, 7), "brpDatum": date(2026, 1, 5)}
    route.given("klein", klein(), wet="Wi2021", **feiten)
    doe(route, update(Feit).where(Feit.naam == "wet").values(waarde="Wi2013"))
    doe(route, update(Dossier).values(wet="Wi2013"))
    vul_aan = partial(vul_termijnen_aan, na=None, aantal=10, now=route.now)
    transact(route.store.sessions, vul_aan)
    assert {een.status for een in rijen(route)} == {"vervallen"}
    assert [een for een in route.ailments if "termijn" in een] == []
    assert transact(route.store.sessions, vul_aan) is None


def test_a_cursor_goes_on_behind_the_last_dossier(gezond):
    leeg(gezond)
    achteraan = partial(vul_termijnen_aan, na=UUID(int=2**128 - 1), aantal=10, now=gezond.now)
    assert transact(gezond.store.sessions, achteraan) is None
    assert rijen(gezond) == []


def test_the_doctor_tells_that_no_worker_works_and_what_of_an_interruption_waits(gezond):
    klop = partial(hartslag.klop, now=gezond.now)
    transact(gezond.store.sessions, klop)
    kijk = lambda: read(gezond.store.sessions, lambda s: list(keur_worker(s, now=gezond.now)))  # noqa: E731 - asked three times
    assert kijk() == []
    gezond.now += timedelta(days=75)
    assert [zin.split(".")[0] for zin in kijk()] == ["Er werkt nu geen worker"]
    transact(gezond.store.sessions, partial(hartslag.klop, now=gezond.now))
    (zin,) = kijk()
    assert "wachten er nog" in zin
    run_due(gezond.store, Config(), gezond.now)
    assert kijk() == []


def test_a_watch_that_stranded_is_given_back_to_the_worker(gezond):
    waar = (Wekker.soort == "termijn") & (Wekker.element == "pip")
    doe(gezond, update(Wekker).where(waar).values(gestrand=True))
    wekker = read(gezond.store.sessions, lambda s: s.scalars(select(Wekker).where(waar)).one())
    incident = Incident(
        dossier_id=gezond.dossier_id, soort="termijn", bron=str(wekker.id), reden="x", op=gezond.now
    )
    transact(gezond.store.sessions, lambda s: s.add(incident))
    assert gezond.ailments == []  # a person was told
    opnieuw = partial(incidenten.opnieuw, incident_id=incident.id, by=BUREAU, now=gezond.now)
    transact(gezond.store.sessions, opnieuw)
    assert not read(gezond.store.sessions, lambda s: s.get_one(Wekker, wekker.id)).gestrand


def rijen(route):
    vraag = select(DossierTermijn).where(DossierTermijn.dossier_id == route.dossier_id)
    return read(route.store.sessions, lambda s: list(s.scalars(vraag)))
