"""What belongs to somebody else's dossier, under every address and in every field that takes an id."""

import base64
import re
from datetime import date
from functools import partial
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers
from routeflow.store import open_store, read, transact
from routeflow.store.models import (
    Besluitdossier,
    Brief,
    Gezinsband,
    Incident,
    Melding,
    Overdracht,
    Taak,
    Token,
    Uren,
    Verwijdering,
)
from support.huis import BEGIN, OPENER, account_ids, build_app, make_people, put_in_service
from support.onzin import GOED, rijen
from support.proefset import proefset
from support.programma import Programma

GEHEIM = "Elif Zyxgeheim"
PARTNERS = ("willem", "ruud", "sheila", "bram", "loes", "ineke")
GOED_ANTWOORD = {"afgesprokenOp": "2026-01-12"}


@pytest.fixture(scope="module")
def plek(tmp_path_factory, _databases):
    """A dossier in which the partners have a step, and one in which they have none."""
    store = open_store(_databases.migrated())
    put_in_service(store, proefset())
    tokens = make_people(store)

    def begin(naam, doelgroep):
        work = partial(
            dossiers.start_dossier, gegevens={"naam": naam, "doelgroep": doelgroep, "leerroute": "B1"},
            by=OPENER, now=BEGIN,
        )  # fmt: skip
        return transact(store.sessions, work)

    eigen, vreemd = begin("Amina", "asielstatushouder"), begin(GEHEIM, "gezinsmigrant")
    taak = read(
        store.sessions,
        lambda session: session.scalar(select(Taak.id).where(Taak.dossier_id == vreemd.id)),
    )
    van = {"dossier_id": vreemd.id, "op": BEGIN, "door": "Fatma"}
    papier = {
        "pdf": GEHEIM.encode(),
        "pdf_hash": "0" * 64,
        "gegevens": f'"{GEHEIM}"',
        "gegevens_hash": "0" * 64,
    }
    brief = Brief(
        id=uuid4(),
        taak_id=taak,
        soort="oproep_intake",
        taal="nl",
        pdf=GEHEIM.encode(),
        hash="0" * 64,
        **van,
    )
    besluit = Besluitdossier(id=uuid4(), taak_id=taak, naam="x", uitkomst="x", **papier, **van)
    overdracht = Overdracht(
        id=uuid4(), gemeente="Hoorn", gevraagd_op=date(2026, 1, 5), **papier, **van
    )
    uren = Uren(
        partij="Gemeente",
        datum=date(2026, 1, 5),
        soort="NT2",
        kwartieren=4,
        aanwezig="aanwezig",
        opmerking=GEHEIM,
        **van,
    )
    band = Gezinsband(soort="kind", naam=GEHEIM, geboortejaar=2020, **van)
    melding = Melding(
        partij="Gemeente",
        rol="casemanager",
        dossier_id=vreemd.id,
        soort="melding",
        tekst=GEHEIM,
        op=BEGIN,
    )
    incident = Incident(soort="route", bron="x", reden=GEHEIM, op=BEGIN, dossier_id=vreemd.id)
    weg = Verwijdering(
        dossier_id=vreemd.id,
        soort="correctie",
        kenmerk="x",
        voorgesteld_op=BEGIN,
        voorgesteld_door="Fatma",
    )
    with store.sessions.begin() as session:
        session.add_all([brief, besluit, overdracht, uren, band, melding, incident, weg])
        session.flush()
        ids = {
            "uren_id": uren.id,
            "band_id": band.id,
            "melding_id": melding.id,
            "incident_id": incident.id,
            "voorstel": weg.id,
            "token_id": session.scalar(select(Token.id).where(Token.naam == "test")),
        }
    app = build_app(store, tmp_path_factory.mktemp("huis"))
    vast = {
        "dossier_id": vreemd.id, "taak_id": taak, "account_id": account_ids(store)["fatma"],
        "brief_id": brief.id, "versie": 1, "proces": "p20_gezinsmigrant", "pad": "processes/rolverdeling.dmn",
        "naam": "pip", "daad": "opschorten", "dag": "2026-01-05", "geheim": "x", "filename": "dist/manifest.json",
        **ids,
    }  # fmt: skip
    yield SimpleNamespace(
        store=store, app=app, tokens=tokens, vreemd=str(vreemd.id), eigen=str(eigen.id), taak=str(taak),
        uren=ids["uren_id"], besluit=besluit.id, overdracht=overdracht.id, vast=vast,
    )  # fmt: skip
    store.close()


def adressen(plek, methode):
    """Yield the rule and the address of each page, with the ids of what belongs to the other dossier."""
    for regel in sorted(plek.app.url_map.iter_rules(), key=str):
        if (
            methode in regel.methods
            and regel.arguments
            and not regel.rule.startswith(("/api/", "/static/"))
        ):
            ident = plek.besluit if "/besluiten/" in regel.rule else plek.overdracht
            yield regel.rule, ingevuld(regel.rule, {**plek.vast, "ident": ident})


def ingevuld(regel, waarden):
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda naam: str(waarden[naam[1]]), regel)


@pytest.mark.parametrize("login", PARTNERS)
def test_no_page_shows_a_partner_anything_of_a_dossier_that_is_not_theirs(plek, als, login):
    browser, wrong = als((plek.app, plek.store), login), []
    for regel, pad in adressen(plek, "GET"):
        antwoord = browser.get(pad)
        if antwoord.status_code not in {403, 404} or GEHEIM in antwoord.text:
            wrong.append((regel, antwoord.status_code))
    assert wrong == []


@pytest.mark.parametrize("login", PARTNERS)
def test_no_form_of_a_partner_changes_anything_of_a_dossier_that_is_not_theirs(plek, als, login):
    browser, wrong, voor = als((plek.app, plek.store), login), [], rijen(plek.store)
    for regel, pad in adressen(plek, "POST"):
        goed = {
            veld.format(**plek.vast): str(waarde).format(**plek.vast)
            for veld, waarde in GOED.get(regel, {}).items()
        }
        antwoord = browser.post(pad, {**goed, **GOED_ANTWOORD})
        if (
            antwoord.status_code not in {403, 404}
            or GEHEIM in antwoord.text
            or rijen(plek.store) != voor
        ):
            wrong.append((regel, antwoord.status_code))
            voor = rijen(plek.store)
    assert wrong == []


@pytest.mark.parametrize("login", ["ruud", "sheila", "bram", "loes", "ineke"])
def test_no_id_in_a_field_reaches_a_dossier_that_is_not_theirs(plek, als, login):
    browser, voor = als((plek.app, plek.store), login), rijen(plek.store)
    dag = {
        "dag": "05-01-2026", "dossier": plek.vreemd, f"uren-{plek.vreemd}": "2", f"soort-{plek.vreemd}": "NT2",
        f"aanwezig-{plek.vreemd}": "aanwezig", f"fysiek-{plek.vreemd}": "ja",
    }  # fmt: skip
    nummer = read(
        plek.store.sessions, lambda session: session.get(Taak, UUID(plek.taak)).dossier.nummer
    )
    csv = f"dossier;datum;soort;uren\n{nummer};05-01-2026;NT2;2"
    for pad, lijf in (
        ("/uren/", dag),
        ("/uren/maand/sluit", {"taak": plek.taak, "maand": "2026-01"}),
        (
            "/uren/bestand",
            {"doe": "inlezen", "inhoud": base64.b64encode(csv.encode()).decode()},
        ),
        ("/werklijst/", {"taak": plek.taak}),
    ):
        antwoord = browser.post(pad, lijf)
        assert GEHEIM not in antwoord.text, pad
        assert rijen(plek.store) == voor, pad
    for vraag in (
        "/uren/?zoek=Zyxgeheim",
        f"/uren/?dossier={plek.vreemd}",
        "/dossiers/?zoek=Zyxgeheim",
        "/werklijst/?tab=team&zoek=Zyxgeheim",
        f"/werklijst/?dossier={plek.vreemd}",
        "/uren/maand.csv?maand=2026-01",
        f"/uren/maand?maand=2026-01&zoek={nummer}",
    ):
        assert GEHEIM not in browser.get(vraag).text.replace("value=&#34;Zyxgeheim", ""), vraag


def lijven(plek):
    regel = {"dossier": plek.vreemd, "datum": "2026-01-05", "soort": "NT2", "uren": 2}
    nummer = read(
        plek.store.sessions, lambda session: session.get(Taak, UUID(plek.taak)).dossier.nummer
    )
    yield "POST", "/uren", {"sleutel": uuid4().hex, "regels": [regel]}
    yield (
        "POST",
        "/uren",
        {"sleutel": uuid4().hex, "regels": [{**regel, "dossier": plek.eigen}, regel]},
    )
    yield (
        "POST",
        "/uren/bestand",
        {"sleutel": uuid4().hex, "csv": f"dossier,datum,soort,uren\n{nummer},05-01-2026,NT2,2"},
    )
    yield "POST", f"/uren/{plek.uren}/terugnemen", None
    yield "POST", "/uren/maand/sluiten", {"taak": plek.taak}
    yield (
        "POST",
        "/berichten",
        {"berichtId": uuid4().hex, "bericht": "SS131", "dossier": plek.vreemd},
    )
    yield "POST", f"/taken/{plek.taak}/voltooien", {"antwoorden": GOED_ANTWOORD}
    yield "POST", f"/taken/{plek.taak}/claim", None
    yield "POST", f"/taken/{plek.taak}/vrijgeven", None
    yield "POST", f"/taken/{plek.taak}/vermoeden", {"plicht": "MAP", "toelichting": "x"}
    for pad in ("", "/journaal", "/termijnen", "/tellers"):
        yield "GET", f"/dossiers/{plek.vreemd}{pad}", None
    for pad in (
        f"/taken/{plek.taak}",
        f"/taken?dossier={plek.vreemd}",
        f"/uren?dossier={plek.vreemd}",
        "/dossiers?zoek=Zyxgeheim",
        "/uren/maand?maand=2026-01",
        "/termijnen?stand=wacht",
    ):
        yield "GET", pad, None


@pytest.mark.parametrize("login", PARTNERS)
def test_no_program_of_a_partner_reaches_a_dossier_that_is_not_theirs(plek, login):
    programma, voor = Programma(plek.app, plek.tokens), rijen(plek.store)
    for methode, pad, lijf in lijven(plek):
        antwoord = programma.call(login, methode, pad, lijf)
        assert plek.vreemd not in antwoord.text or lijf, pad
        assert GEHEIM not in antwoord.text, pad
        if methode == "POST":
            assert antwoord.status_code in {403, 404, 409, 422}, pad
        else:
            leeg = antwoord.status_code == 200 and not antwoord.get_json().get("items")
            anders = antwoord.status_code == 200 and plek.vreemd not in antwoord.text
            assert antwoord.status_code in {403, 404} or leeg or anders, pad
        assert rijen(plek.store) == voor, pad
