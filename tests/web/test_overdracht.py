"""Handing a dossier over: on request only, by who may, with what the law names and no more."""

import hashlib
import json
from datetime import date
from functools import partial

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import undefer

from routeflow.commands import dossiers, overdrachten
from routeflow.commands.doctor import diagnose
from routeflow.store import read, transact
from routeflow.store.models import Journaal, Overdracht
from support.bladen import IEDEREEN, REGIE
from support.huis import BEGIN, OPENER, project_set, put_in_service

VERZOEK = {"gemeente": "Alkmaar", "gevraagdOp": f"{BEGIN:%d-%m-%Y}"}
BOETE = {
    "gedraging": "PVT (1)",
    "plicht": "PVT",
    "soort": "boete",
    "bedrag": 25,
    "vastgesteld": date(2025, 10, 6),
    "bekendgemaakt": date(2025, 10, 20),
    "onherroepelijk": None,
    "herroepen": None,
}


def _pad(huis):
    return f"/dossiers/{huis.dossier}/overdracht"


@pytest.fixture
def gevuld(huis):
    """The dossier with hours, health, debts and what people decided about naleving."""
    feiten = {
        "urenNt2": 120,
        "behaaldeOnderdelen": ["LE"],
        "schulden": "ja",
        "gezondheidMentaal": "slaapt slecht",
        "toelichting": "kwam niet",
        "nalevingsbesluiten": [BOETE, {**BOETE, "soort": "geen gevolg"}, {**BOETE, "herroepen": date(2026, 1, 2)}],
    }  # fmt: skip
    wijzig = partial(
        dossiers.wijzig_feiten, dossier_id=huis.dossier, feiten=feiten, reden="Overgenomen",
        by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(huis.store.sessions, wijzig)
    return huis


def test_what_is_sent_twice_is_handed_over_once_until_something_is_different(gevuld):
    fatma = gevuld.als("fatma")

    def rijen():
        return read(gevuld.store.sessions, lambda s: len(s.scalars(select(Overdracht)).all()))

    for _ in range(2):
        assert fatma.post(_pad(gevuld), VERZOEK).status_code == 303
    assert rijen() == 1
    anders = partial(
        dossiers.wijzig_feiten, dossier_id=gevuld.dossier, feiten={"urenNt2": 121},
        reden="Bij", by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(gevuld.store.sessions, anders)
    assert fatma.post(_pad(gevuld), VERZOEK).status_code == 303
    assert rijen() == 2
    assert fatma.post(_pad(gevuld), {**VERZOEK, "gemeente": "Hoorn"}).status_code == 303
    assert rijen() == 3


def _gemaakt(huis):
    assert huis.als("fatma").post(_pad(huis), VERZOEK).status_code == 303
    alles = (undefer(Overdracht.gegevens), undefer(Overdracht.pdf))
    return read(huis.store.sessions, lambda s: s.scalars(select(Overdracht).options(*alles)).one())


def test_it_holds_the_pip_the_progress_and_the_fines_that_stand(gevuld):
    inhoud = json.loads(_gemaakt(gevuld).gegevens)
    assert (inhoud["aan"], inhoud["door"]) == ("Alkmaar", "Fatma Yildiz")
    feiten = {
        regel["naam"]: regel["waarde"] for deel in inhoud["delen"] for regel in deel["regels"]
    }
    assert feiten["leerroute"] == "B1"
    assert (feiten["urenNt2"], feiten["behaaldeOnderdelen"]) == (120, ["LE"])
    assert feiten["bsn"] == "999900006"
    [boete] = inhoud["boetes"]
    assert (boete["plicht"], boete["bedrag"]) == ("PVT", 25)


def test_health_debts_and_suspicions_stay_where_they_are(gevuld):
    tekst = _gemaakt(gevuld).gegevens
    for woord in ("staan", "slaapt slecht", "schulden", "kwam niet", "0612345678"):
        assert woord not in tekst


@pytest.mark.parametrize(
    ("anders", "veld"),
    [
        ({"gemeente": ""}, "gemeente"),
        ({"gemeente": "x" * 201}, "gemeente"),
        ({"gevraagdOp": ""}, "gevraagdOp"),
        ({"gevraagdOp": "gisteren"}, "gevraagdOp"),
        ({"gevraagdOp": "01-01-2099"}, "gevraagdOp"),
    ],
)
def test_without_a_request_nothing_is_handed_over(huis, anders, veld):
    antwoord = huis.als("fatma").post(_pad(huis), {**VERZOEK, **anders})
    assert antwoord.status_code == 422
    assert f'href="#{veld}"' in antwoord.text
    assert read(huis.store.sessions, lambda s: s.query(Overdracht).count()) == 0


def test_what_was_handed_over_is_sealed_in_the_journal(huis):
    rij = _gemaakt(huis)
    [regel] = read(
        huis.store.sessions,
        lambda s: s.scalars(select(Journaal).where(Journaal.wat == overdrachten.WAT)).all(),
    )
    assert regel.gegevens["gegevens"] == hashlib.sha256(rij.gegevens.encode()).hexdigest()
    assert regel.gegevens["pdf"] == hashlib.sha256(rij.pdf).hexdigest()
    assert rij.pdf.startswith(b"%PDF")


def test_the_doctor_sees_that_it_was_changed(huis):
    def soorten():
        return {een.soort for een in read(huis.store.sessions, partial(diagnose, now=BEGIN))}

    _gemaakt(huis)
    assert "overdracht" not in soorten()
    transact(huis.store.sessions, lambda s: s.execute(update(Overdracht).values(pdf=b"anders")))
    assert "overdracht" in soorten()


def test_the_doctor_sees_that_one_is_gone(huis):
    rij = _gemaakt(huis)
    transact(huis.store.sessions, lambda s: s.execute(delete(Overdracht)))
    gevonden = read(huis.store.sessions, partial(diagnose, now=BEGIN))
    assert [een.tekst for een in gevonden if een.soort == "overdracht"] == [
        f"De overdracht {rij.id} staat in het journaal, maar is weg."
    ]


@pytest.mark.parametrize("einde", ["pdf", "json"])
def test_the_files_are_the_very_bytes_that_were_sealed_and_only_for_who_may(huis, einde):
    rij = _gemaakt(huis)
    pad = f"/overdrachten/{rij.id}.{einde}"
    zegel = {"pdf": rij.pdf_hash, "json": rij.gegevens_hash}[einde]
    assert hashlib.sha256(huis.als("marjan").get(pad).data).hexdigest() == zegel
    gekregen = {login for login in IEDEREEN if huis.als(login).get(pad).status_code == 200}
    assert gekregen == REGIE


def test_the_page_starts_with_the_request_that_came_in(huis):
    feiten = {"overdrachtGemeente": "Hoorn", "overdrachtVerzoekDatum": date(2026, 1, 5)}
    wijzig = partial(
        dossiers.wijzig_feiten, dossier_id=huis.dossier, feiten=feiten, reden="Verzoek",
        by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(huis.store.sessions, wijzig)
    tekst = huis.als("fatma").get(_pad(huis)).text
    assert 'value="Hoorn"' in tekst
    assert 'value="05-01-2026"' in tekst


def test_a_new_dossier_of_who_comes_from_another_gemeente_says_from_which(huis):
    put_in_service(huis.store, project_set())
    wie = {"naam": "Selam Tekle", "doelgroep": "gezinsmigrant", "vorigeGemeente": "Alkmaar"}
    antwoord = huis.als("fatma").post("/dossiers/nieuw", wie)
    assert antwoord.status_code == 303
    assert "Alkmaar" in huis.als("fatma").get(f"{antwoord.location}/gegevens").text
