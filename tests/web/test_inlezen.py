"""Reading in an overdracht of another gemeente: looked at first, confirmed by a person, typed by nobody."""

import io
import json
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from routeflow.commands import dossiers, overdrachten
from routeflow.store import queries, read, transact
from routeflow.store.models import Journaal, Overdracht
from support.huis import BEGIN, OPENER, project_set, put_in_service

BSN = "999900006"


@pytest.fixture
def hier(huis):
    """Somebody moved here from the gemeente of the house: its file, and the dossier that waits for it."""
    feiten = {
        "urenNt2": 240,
        "dagtekening": date(2025, 1, 6),
        "behaaldeOnderdelen": ["LE"],
        "nalevingsbesluiten": [
            {
                "gedraging": "PVT (1)",
                "plicht": "PVT",
                "soort": "boete",
                "bedrag": 25,
                "vastgesteld": date(2025, 10, 6),
                "bekendgemaakt": date(2025, 10, 20),
                "onherroepelijk": None,
                "herroepen": None,
            }
        ],
    }
    wijzig = partial(dossiers.wijzig_feiten, reden="test", by=OPENER, now=BEGIN)
    transact(huis.store.sessions, partial(wijzig, dossier_id=huis.dossier, feiten=feiten))
    maak = partial(
        overdrachten.maak_overdracht, dossier_id=huis.dossier, van="Hoorn", aan="Purmerend",
        gevraagd_op=BEGIN.date(), by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(huis.store.sessions, maak)
    rij = read(
        huis.store.sessions,
        lambda s: s.scalars(select(Overdracht).options(undefer(Overdracht.gegevens))).one(),
    )
    transact(
        huis.store.sessions, partial(wijzig, dossier_id=huis.dossier, feiten={"bsn": "123456782"})
    )
    put_in_service(huis.store, project_set())
    start = partial(
        dossiers.start_dossier,
        gegevens={
            "naam": "Amina Yusuf",
            "doelgroep": "asielstatushouder",
            "bsn": BSN,
            "brpDatumNieuw": date(2026, 1, 5),
        },
        proces="p19a_verhuizing_in",
        by=OPENER,
        now=BEGIN,
    )
    huis.dossier = transact(huis.store.sessions, start).id
    return huis, rij.gegevens.encode()


def stuur(huis, inhoud, wie="fatma"):
    data = {"bestand": (io.BytesIO(inhoud), "overdracht.json"), "doe": "bekijk"}
    pad = f"/dossiers/{huis.dossier}/overdracht/inlezen"
    return huis.als(wie).post(pad, data, content_type="multipart/form-data")


def feiten(huis):
    return read(huis.store.sessions, lambda s: queries.feiten(s, huis.dossier))


def bevestig(huis, blad):
    inhoud = blad.text.split('name="inhoud" value="')[1].split('"')[0]
    pad = f"/dossiers/{huis.dossier}/overdracht/inlezen"
    return huis.als("fatma").post(pad, {"inhoud": inhoud, "doe": "overnemen"})


def test_the_page_of_who_moved_in_leads_to_it(hier):
    huis, _ = hier
    assert "/overdracht/inlezen" in huis.als("fatma").get(f"/dossiers/{huis.dossier}").text


def test_what_will_be_taken_over_is_shown_and_nothing_is_kept(hier):
    huis, inhoud = hier
    voor = feiten(huis)
    blad = stuur(huis, inhoud)
    assert blad.status_code == 200, blad.text
    for woord in ("Dit wordt overgenomen", "Hoorn", "240", "LE", "25 euro", "Zegel"):
        assert woord in blad.text
    assert feiten(huis) == voor


def test_a_person_confirms_and_the_step_is_filled_in(hier):
    huis, inhoud = hier
    antwoord = bevestig(huis, stuur(huis, inhoud))
    assert antwoord.status_code == 303
    nu = feiten(huis)
    assert (nu["leerrouteVorigPip"], nu["overgenomenNt2"]) == ("B1", 240)
    assert nu["boetesVorigeGemeente"][0]["bekendgemaakt"] == date(2025, 10, 20)
    assert "leerroute" not in nu
    regel = read(
        huis.store.sessions,
        lambda s: s.scalars(select(Journaal).where(Journaal.wat == "overdracht ingelezen")).one(),
    )
    assert regel.gegevens["van"] == "Hoorn"
    assert len(regel.gegevens["sha256"]) == 64


@pytest.mark.parametrize(
    ("inhoud", "woord"),
    [
        (b"", "geen JSON"),
        (b"{", "geen JSON"),
        (b"\xff\xfe{}", "niet te lezen"),
        (b"[" * 100_000, "niet te lezen"),
        (b'{"soort": 1, "soort": 2}', "twee keer"),
        (b'{"soort": NaN}', "geen getal"),
        (b"x" * (256 * 1024 + 1), "te groot"),
        (b"<!DOCTYPE x>", "geen JSON"),
        (b"{}", "geen overdracht"),
    ],
)
def test_a_file_that_is_no_overdracht_is_refused_in_words(hier, inhoud, woord):
    huis, _ = hier
    antwoord = stuur(huis, inhoud)
    assert antwoord.status_code == 422
    assert woord in antwoord.text


def test_a_file_about_somebody_else_is_refused(hier):
    huis, inhoud = hier
    antwoord = stuur(huis, inhoud.replace(BSN.encode(), b"111222333"))
    assert antwoord.status_code == 422
    assert "iemand anders" in antwoord.text


def test_without_a_number_in_common_a_person_is_asked_to_look(hier):
    huis, inhoud = hier
    kaal = json.loads(inhoud)
    for deel in kaal["delen"]:
        deel["regels"] = [regel for regel in deel["regels"] if regel["naam"] != "bsn"]
    blad = stuur(huis, json.dumps(kaal).encode())
    assert "Kijk of dit dezelfde persoon is" in blad.text


def test_names_from_a_file_cannot_write_in_the_page(hier):
    huis, inhoud = hier
    kwaad = inhoud.replace(b'"van":"Hoorn"', b'"van":"<script>alert(1)</script>"')
    blad = stuur(huis, kwaad)
    assert "<script>alert" not in blad.text
    assert "&lt;script&gt;alert" in blad.text


def test_a_dossier_that_asks_nothing_takes_nothing_over(huis):
    antwoord = stuur(huis, b"{}")
    assert antwoord.status_code == 422


def test_a_dossier_of_somebody_who_did_not_move_refuses_a_good_file(hier, huis):
    _, inhoud = hier
    start = partial(
        dossiers.start_dossier,
        gegevens={"naam": "B", "doelgroep": "gezinsmigrant"},
        by=OPENER,
        now=BEGIN,
    )
    huis.dossier = transact(huis.store.sessions, start).id
    antwoord = stuur(huis, inhoud)
    assert antwoord.status_code == 409
    assert "wacht niet op gegevens" in antwoord.text


def test_a_partner_may_not(hier):
    huis, inhoud = hier
    assert stuur(huis, inhoud, "ruud").status_code == 403
