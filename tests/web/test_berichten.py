"""The page on which a person chooses what they get by e-mail."""

import re

from sqlalchemy import update

from routeflow.commands import diensten
from routeflow.commands.post import SOORTEN
from routeflow.store import transact
from routeflow.store.models import Account, Dossier, Incident, Melding
from support.huis import BEGIN


def checked(page):
    return re.findall(r'name="([^"]+)" value="([^"]+)" checked', page)


def test_the_page_shows_the_address_and_the_defaults_and_keeps_another_choice(huis):
    transact(
        huis.store.sessions,
        lambda s: s.execute(update(Account).where(Account.login == "fatma").values(email="f@x.nl")),
    )
    fatma = huis.als("fatma")
    page = fatma.get("/meldingen/e-mail").text
    assert "f@x.nl" in page
    assert checked(page) == [(soort, wat.standaard) for soort, wat in SOORTEN.items()]
    keuze = dict.fromkeys(SOORTEN, "nooit")
    assert fatma.post("/meldingen/e-mail", keuze).status_code == 303
    assert checked(fatma.get("/meldingen/e-mail").text) == list(keuze.items())
    other = huis.als("marjan").get("/meldingen/e-mail").text
    assert "nog geen e-mailadres" in other
    assert checked(other) == [(soort, wat.standaard) for soort, wat in SOORTEN.items()]


def test_an_empty_choice_is_shown_again_with_what_is_wrong(huis):
    answer = huis.als("fatma").post("/meldingen/e-mail", {"te laat": "soms"})
    assert answer.status_code == 422
    assert answer.text.count("Kies een van de drie.") == 2 * len(SOORTEN)


def test_what_waits_for_a_setting_is_shown_to_the_beheerder(huis):
    def wait(session):
        dossier = session.get(Dossier, huis.dossier)
        omgeving = diensten.Omgeving(session, dossier, dossier.geopend_op)
        diensten.verstuur(omgeving, "duo.pip", {})

    transact(huis.store.sessions, wait)
    page = huis.als("tom").get("/incidenten/").text
    assert "Er wacht 1 bericht om te versturen." in page
    assert "ROUTEFLOW_UITGAAND_URL" in page
    assert "ROUTEFLOW_SMTP_HOST" not in page


def test_an_incident_names_its_dossier_and_leaves_the_list_of_what_stands_still(huis):
    def struikel(session):
        for reden in ("Geen tabel.", "Geen dag."):
            session.add(
                Incident(soort="route", bron=reden, reden=reden, op=BEGIN, dossier_id=huis.dossier)
            )

    transact(huis.store.sessions, struikel)
    esther = huis.als("esther")
    pagina = esther.get("/incidenten/").text
    assert pagina.count('<td data-label="Dossier">2026-00001</td>') == 2
    eerste = re.search(r"/incidenten/([0-9a-f-]{36})/opnieuw", pagina)[0]
    assert esther.post(eerste).status_code == 303
    stil, geprobeerd = (esther.get(f"/incidenten/{deel}").text for deel in ("", "?opgelost=ja"))
    assert (stil.count("Geen tabel.") + stil.count("Geen dag."), eerste in stil) == (1, False)
    assert (geprobeerd.count("Geen tabel.") + geprobeerd.count("Geen dag.")) == 1
    assert re.search('<td data-label="Opnieuw"><span>[^<]*Esther de Boer', geprobeerd)
    assert 'action="/incidenten/' not in geprobeerd


def test_a_message_that_stands_still_is_the_first_thing_a_beheerder_sees_with_its_kenmerk(huis):
    tom = huis.als("tom")
    assert tom.get("/").location == "/accounts/"
    reden = "Het bericht SS131 van DUO is onbestelbaar."
    stil = Incident(soort="bericht", bron="duo-4711", reden=reden, op=BEGIN)
    transact(huis.store.sessions, lambda session: session.add(stil))
    assert tom.get("/").location == "/incidenten/"
    assert "kenmerk duo-4711" in tom.get("/incidenten/").text


def _melding(huis, taak, tekst, rol="casemanager"):
    def maak(session):
        session.add(
            Melding(
                partij="Gemeente",
                rol=rol,
                dossier_id=huis.dossier,
                taak_id=huis.taken[taak],
                soort="herinnering",
                tekst=tekst,
                op=BEGIN,
            )
        )

    transact(huis.store.sessions, maak)


def test_meldingen_about_a_taak_that_is_done_go_together_and_the_others_stay(huis):
    _melding(huis, "plan", "Maak het plan")
    _melding(huis, "teken", "Laat tekenen")
    _melding(huis, "plan", "Voor een ander", rol="teamleider")
    fatma = huis.als("fatma")
    assert "Ruim op" not in fatma.get("/meldingen/").text
    fatma.post(f"/taken/{huis.taken['plan']}", {"leerroute": "Z"})
    tekst = fatma.get("/meldingen/").text
    assert tekst.count("taak is klaar") == 1
    assert "Ruim op wat klaar is" in tekst
    assert fatma.post("/meldingen/opruimen").status_code == 303
    nieuw = fatma.get("/meldingen/").text
    assert "1 melding is gelezen" in nieuw
    assert "Maak het plan" not in nieuw
    assert "Laat tekenen" in nieuw
    assert "Maak het plan" in fatma.get("/meldingen/?alle=ja").text
    assert "Voor een ander" in huis.als("marjan").get("/meldingen/").text
