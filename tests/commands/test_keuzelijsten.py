"""Who can be casemanager is asked of the accounts, at the moment that the form opens."""

from functools import partial

import pytest
from sqlalchemy import select

from routeflow import forms
from routeflow.commands import accounts, keuzelijsten, taken
from routeflow.errors import Invalid
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account
from support.huis import make_people
from support.route import collega

BEHEER = Actor("Beheer", GEMEENTE, frozenset({Rol.BEHEERDER}))


@pytest.fixture
def bij_de_keuze(route):
    make_people(route.store)
    route.given("p01_aanmelding")
    route.when_done(
        "controleer_inburgeringsplicht",
        plichtIndicator="plichtig",
        wet="Wi2021",
        doelgroepDetail="Asielstatushouder",
        verblijfsrecht="asiel_bepaald",
        begindatumPlicht="2026-01-02",
    )
    return route


def keuze(route):
    taak = route.taak("wijs_casemanager_toe")

    def look(session):
        blad = taken.taakblad(
            session, session.merge(taak, load=False), by=collega(taak), now=route.now
        )
        return next(veld for veld in blad.formulier.alle if veld.key == "casemanager"), blad

    return read(route.store.sessions, look)


def test_the_form_offers_the_active_casemanagers_of_the_gemeente(bij_de_keuze):
    veld, blad = keuze(bij_de_keuze)
    assert [(optie.waarde, optie.label) for optie in veld.opties] == [("fatma", "Fatma Yildiz")]
    gevraagd = forms.schema_json(blad.formulier)["properties"]["casemanager"]
    assert gevraagd["enum"] == ["fatma"]


def test_who_left_is_no_longer_offered(bij_de_keuze):
    store = bij_de_keuze.store
    fatma = read(
        store.sessions, lambda s: s.scalar(select(Account).where(Account.login == "fatma"))
    )
    weg = partial(
        accounts.wijzig_account,
        account_id=fatma.id,
        actief=False,
        by=BEHEER,
        now=bij_de_keuze.now,
    )
    transact(store.sessions, weg)
    assert keuze(bij_de_keuze)[0].opties == ()


def test_who_came_meanwhile_is_offered_in_the_next_transaction_of_the_same_session(bij_de_keuze):
    sessions = bij_de_keuze.store.sessions
    nieuw = partial(
        accounts.create_account,
        login="noor",
        naam="Noor Bos",
        partij=GEMEENTE,
        rollen=[Rol.CASEMANAGER],
        wachtwoord="een lange zin vol woorden",
        by=BEHEER,
        now=bij_de_keuze.now,
    )
    with sessions() as session:
        assert [een.login for een in keuzelijsten.casemanagers(session)] == ["fatma"]
        session.commit()
        transact(sessions, nieuw)
        assert [een.login for een in keuzelijsten.casemanagers(session)] == ["fatma", "noor"]


def test_only_who_is_offered_can_become_casemanager(bij_de_keuze):
    gewoon = {"gekoppeldDatum": "2026-01-02"}
    with pytest.raises(Invalid) as geweigerd:
        bij_de_keuze.when_done("wijs_casemanager_toe", casemanager="peter", **gewoon)
    assert set(geweigerd.value.fouten) == {"casemanager"}
    bij_de_keuze.when_done("wijs_casemanager_toe", casemanager="fatma", **gewoon)
    casemanager_id = bij_de_keuze.dossier.casemanager_id
    wie = read(bij_de_keuze.store.sessions, lambda s: s.get(Account, casemanager_id))
    assert wie.naam == "Fatma Yildiz"
