"""Who may do a taak sees and enters what it asks; what other taken brought stays under its mask."""

from functools import partial

import pytest
from sqlalchemy import select

from routeflow import forms
from routeflow.commands import dossiers
from routeflow.inburgering.rechten import GEVOELIG
from routeflow.store import read, transact
from routeflow.store.models import Account, Taak
from support import bpmn
from support.formulieren import formulier, veld
from support.huis import BEGIN, OPENER, build_app, make_people, put_in_service
from support.klein import TABLES, person
from support.route import project_files
from support.tekening import definitie

GEZONDHEID = {"gevoelig": "gezondheid"}
FEIT, EIGEN = "Kan niet lang staan", "Leert moeilijk sinds een ongeluk"


def toets():
    """A handhaver's taak that shows a fact about health and asks one of its own."""
    drawn = bpmn.draw(
        "toetsing",
        bpmn.lanes("lanes", handhaver=["toets"], teamleider=["kies"]),
        bpmn.start(),
        person("toets"),
        person("kies"),
        bpmn.end(),
        bpmn.path("s > toets > kies > e"),
    )
    vragen = formulier(
        veld("textfield", "gezondheid", disabled=True, properties=GEZONDHEID | {"toon": "ja"}),
        veld("textarea", "beperking", properties=GEZONDHEID | {"bereik": "taak"}),
        veld("textarea", "conclusie", verplicht=True, properties={"bereik": "taak"}),
        id="toets",
    )
    keuze = formulier(
        veld("select", "casemanager", verplicht=True, valuesKey="casemanagers"), id="kies"
    )
    tables = {f"processes/{naam}.dmn" for naam in TABLES}
    return {
        "processes/toetsing.bpmn": drawn,
        "forms/toets.form": vragen,
        "forms/kies.form": keuze,
        **{pad: inhoud for pad, inhoud in project_files().items() if pad in tables},
    }


class Huis:
    """A dossier with something about health in it, in which the handhaver has a taak."""

    def __init__(self, store, folder):
        self.store = store
        put_in_service(store, toets())
        self.tokens = make_people(store)
        persoon = {"naam": "Amina", "doelgroep": "asielstatushouder", "gezondheid": FEIT}
        start = partial(
            dossiers.start_dossier, gegevens=persoon, proces="toetsing", by=OPENER, now=BEGIN
        )
        transact(store.sessions, start)
        self.app = build_app(store, folder, demo=False)
        self.app.config["WTF_CSRF_ENABLED"] = False

    def taak(self, element):
        vraag = select(Taak.id).where(Taak.element == element)
        return read(self.store.sessions, lambda s: s.scalars(vraag).one())

    def pagina(self, login, element, data=None):
        client = self.app.test_client()
        vraag = select(Account).where(Account.login == login)
        account = read(self.store.sessions, lambda s: s.scalars(vraag).one())
        with client.session_transaction() as cookie:
            begin = int(BEGIN.timestamp())
            cookie.update(
                account=str(account.id), versie=account.sessie_versie, begin=begin, laatst=begin
            )
        pad = f"/taken/{self.taak(element)}"
        return client.get(pad) if data is None else client.post(pad, data=data)

    def programma(self, login, element, antwoorden=None):
        client = self.app.test_client()
        kop = {"Authorization": f"Bearer {self.tokens[login]}"}
        pad = f"/api/v1/taken/{self.taak(element)}"
        if antwoorden is None:
            return client.get(pad, headers=kop)
        return client.post(f"{pad}/voltooien", json={"antwoorden": antwoorden}, headers=kop)


@pytest.fixture
def gevoelig(store, tmp_path):
    return Huis(store, tmp_path)


def test_the_page_asks_the_handhaver_about_health_and_masks_what_was_known(gevoelig):
    tekst = gevoelig.pagina("anouk", "toets").text
    assert 'name="beperking"' in tekst
    assert FEIT not in tekst


def test_who_wrote_a_concept_reads_it_back_and_others_do_not(gevoelig):
    concept = {"beperking": EIGEN, "conclusie": "", "actie": "concept"}
    assert gevoelig.pagina("anouk", "toets", concept).status_code == 303
    assert EIGEN in gevoelig.pagina("anouk", "toets").text
    assert EIGEN not in gevoelig.pagina("marjan", "toets").text


def test_a_program_of_the_handhaver_is_asked_the_same_and_masked_the_same(gevoelig):
    vel = gevoelig.programma("anouk", "toets").json
    assert set(vel["formulier"]["properties"]) == {"beperking", "conclusie"}
    assert vel["bekend"] == {}
    gegeven = {"beperking": EIGEN, "conclusie": "Geen verwijt."}
    assert gevoelig.programma("anouk", "toets", gegeven).status_code == 200
    assert gevoelig.programma("anouk", "toets").json["bekend"] == gegeven
    assert gevoelig.programma("marjan", "toets").json["bekend"] == {"conclusie": "Geen verwijt."}


def test_the_casemanager_still_sees_the_fact_itself(gevoelig):
    assert gevoelig.programma("fatma", "toets").json["bekend"] == {"gezondheid": FEIT}


def test_page_and_program_offer_the_casemanagers_by_name(gevoelig):
    gevoelig.programma("anouk", "toets", {"conclusie": "Geen verwijt."})
    assert '<option value="fatma">Fatma Yildiz</option>' in gevoelig.pagina("marjan", "kies").text
    keuze = gevoelig.programma("marjan", "kies").json["formulier"]["properties"]["casemanager"]
    assert (keuze["enum"], keuze["x-labels"]) == (["fatma"], ["Fatma Yildiz"])
    assert gevoelig.pagina("marjan", "kies", {"casemanager": "peter"}).status_code == 422
    assert gevoelig.programma("marjan", "kies", {"casemanager": "peter"}).status_code == 422
    assert gevoelig.pagina("marjan", "kies", {"casemanager": "fatma"}).status_code == 303


def _gevoelige_velden():
    for proces in definitie().processes:
        for stap in definitie().elements(proces):
            pad = f"forms/{stap.form}.form"
            if stap.form:
                for een in forms.load(project_files()[pad]).alle:
                    if een.gevoelig:
                        yield pytest.param(stap, een, id=f"{stap.id}-{een.key}")


@pytest.mark.parametrize(("stap", "een"), list(_gevoelige_velden()))
def test_every_lane_can_fill_in_what_its_forms_ask(stap, een):
    mag = stap.lane in GEVOELIG[een.gevoelig].rollen
    assert mag or (een.taak and een.vraagt), f"{stap.lane} mag {een.key} niet zien"


def test_a_fact_that_names_an_account_shows_the_person(huis):
    fatma = huis.als("fatma").account_id()
    transact(
        huis.store.sessions,
        partial(
            dossiers.wijzig_feiten,
            dossier_id=huis.dossier,
            feiten={"casemanager": "fatma", "vermoedenMelder": fatma},
            reden="Toets",
            by=OPENER,
            now=BEGIN,
        ),
    )
    pagina = huis.als("fatma").get(f"/dossiers/{huis.dossier}/gegevens").text
    assert fatma not in pagina
    assert pagina.count("Fatma") >= 3
