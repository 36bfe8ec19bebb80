"""Taken and periods repeat the casemanager of their dossier, whatever the order of an act."""

import pytest
from sqlalchemy import select

from routeflow.bench import gemeente
from routeflow.store import read, transact
from routeflow.store.models import HERHAALD, Account, Dossier, DossierTermijn, Taak
from routeflow.store.together import write_together

FEW = 8


@pytest.fixture
def een(store):
    gemeente.fill(store, FEW)
    return store, read(store.sessions, lambda s: s.scalar(select(Dossier.id).limit(1)))


def casemanagers(store, dossier_id):
    def work(session):
        return [
            set(
                session.scalars(
                    select(soort.casemanager_id).where(soort.dossier_id == dossier_id, geldt)
                )
            )
            for soort, geldt in HERHAALD.items()
        ]

    return read(store.sessions, work)


def other(session, dossier):
    return session.scalar(select(Account.id).where(Account.id != dossier.casemanager_id).limit(1))


def copy_of(session, soort, dossier_id, **anders):
    een = session.scalars(select(soort).where(soort.dossier_id == dossier_id).limit(1)).one()
    kolommen = (kolom.key for kolom in soort.__table__.columns)
    waarden = {naam: getattr(een, naam) for naam in kolommen if naam not in {"id", "version"}}
    nieuw = soort(**{**waarden, "casemanager_id": None, **anders})
    session.add(nieuw)
    return nieuw


def test_another_casemanager_is_that_of_all_rows(een):
    store, dossier_id = een

    def work(session):
        dossier = session.get_one(Dossier, dossier_id)
        dossier.casemanager_id = other(session, dossier)
        return dossier.casemanager_id

    nieuw = transact(store.sessions, work)
    assert casemanagers(store, dossier_id) == [{nieuw}, {nieuw}]
    transact(store.sessions, lambda s: setattr(s.get(Dossier, dossier_id), "casemanager_id", None))
    assert casemanagers(store, dossier_id) == [{None}, {None}]


@pytest.mark.parametrize("schrijf", [lambda session: session.flush(), write_together])
@pytest.mark.parametrize("eerst", [True, False])
def test_rows_that_an_act_adds_take_the_casemanager_that_the_act_leaves(een, eerst, schrijf):
    store, dossier_id = een

    def work(session):
        dossier = session.get_one(Dossier, dossier_id)
        nieuw = other(session, dossier)
        session.autoflush = False
        if eerst:
            dossier.casemanager_id = nieuw
        copy_of(session, Taak, dossier_id, id=gemeente.UUID(int=1))
        copy_of(session, DossierTermijn, dossier_id, id=gemeente.UUID(int=2), volgnummer=9)
        dossier.casemanager_id = nieuw
        schrijf(session)
        return nieuw

    nieuw = transact(store.sessions, work)
    assert casemanagers(store, dossier_id) == [{nieuw}, {nieuw}]


@pytest.mark.parametrize("schrijf", [lambda session: session.flush(), write_together])
def test_rows_that_are_added_where_the_casemanager_stays_take_it(een, schrijf):
    store, dossier_id = een
    for met_dossier in (True, False):

        def work(session, met_dossier=met_dossier):
            dossier = session.get_one(Dossier, dossier_id) if met_dossier else None
            copy_of(session, Taak, dossier_id, id=gemeente.UUID(int=1 + met_dossier))
            schrijf(session)
            return dossier

        transact(store.sessions, work)
    van = read(store.sessions, lambda s: s.get_one(Dossier, dossier_id).casemanager_id)
    assert casemanagers(store, dossier_id) == [{van}, {van}]
