"""Correcting a fact: by the question that asked it, with a reason, and to be read in the journal."""

from datetime import date
from functools import partial

import pytest

from routeflow.commands import dossiers, verbeteren
from routeflow.commands.catalogus import Catalogus
from routeflow.store import transact
from support.huis import BEGIN, OPENER, project_set

WAAROM = f"veld-{verbeteren.REDEN}"


def pad(huis, naam):
    return f"/dossiers/{huis.dossier}/gegevens/{naam}"


def test_a_fact_is_asked_again_as_its_form_asked_it(huis):
    browser = huis.als("fatma")
    assert (
        f'href="{pad(huis, "leerroute")}"' in browser.get(f"/dossiers/{huis.dossier}/gegevens").text
    )
    tekst = browser.get(pad(huis, "leerroute")).text
    assert 'type="radio"' in tekst
    assert 'value="onderwijsroute"' in tekst


def test_what_is_corrected_stands_in_the_dossier_and_in_the_journal_with_its_reason(huis):
    browser = huis.als("fatma")
    antwoord = browser.post(pad(huis, "leerroute"), {"leerroute": "Z", WAAROM: "Verkeerd getikt"})
    assert antwoord.status_code == 303
    assert "Het gegeven is verbeterd" in browser.get(antwoord.location).text
    assert "Z-route" in browser.get(f"/dossiers/{huis.dossier}").text
    journaal = browser.get(f"/dossiers/{huis.dossier}/journaal").text
    assert "van “B1” naar “Z” (Verkeerd getikt)" in journaal
    assert "Gegeven verbeterd: " in journaal


def test_what_was_given_at_the_opening_can_be_corrected_too(huis):
    browser = huis.als("fatma")
    data = {"naam": "Amina Yusuf-Ali", WAAROM: "Zo staat het in de BRP"}
    assert browser.post(pad(huis, "naam"), data).status_code == 303
    assert "Amina Yusuf-Ali</h1>" in browser.get(f"/dossiers/{huis.dossier}").text
    assert "Amina Yusuf-Ali" in browser.get("/dossiers/?zoek=ali").text


@pytest.mark.parametrize(
    ("data", "zin"),
    [
        ({"leerroute": "Z"}, "Schrijf waarom dit verandert."),
        ({"leerroute": "B1", WAAROM: "x"}, "Dit is hetzelfde als wat er al staat."),
        ({"leerroute": "C3", WAAROM: "x"}, "leerroute"),
        ({WAAROM: "x"}, "leerroute"),
    ],
)
def test_what_is_not_right_says_what_to_mend_and_changes_nothing(huis, data, zin):
    antwoord = huis.als("fatma").post(pad(huis, "leerroute"), data)
    assert antwoord.status_code == 422
    assert "<title>Fout: " in antwoord.text
    assert zin in antwoord.text
    assert "B1-route" in huis.als("fatma").get(f"/dossiers/{huis.dossier}").text


def test_a_bsn_that_is_none_or_of_somebody_else_is_refused(huis):
    browser = huis.als("fatma")
    assert browser.post(pad(huis, "bsn"), {"bsn": "123456789", WAAROM: "x"}).status_code == 422


@pytest.mark.parametrize(("naam", "status"), [("bestaatNiet", 404), ("bekendmaking", 409)])
def test_what_nobody_asked_cannot_be_corrected_by_hand(huis, naam, status):
    assert huis.als("fatma").get(pad(huis, naam)).status_code == status


def test_proof_for_a_sanction_is_not_corrected_afterwards():
    namen = verbeteren.gevraagd_als_feit(Catalogus(project_set())).keys()
    assert {"leerroute", "naam", "brpDatum", "voorkeurstaal"} <= namen
    assert not namen & {"plichtUitgelegd", "plichtBegrepen", "casemanager"}


def test_what_the_pip_decided_changes_by_a_new_pip_and_not_by_hand(huis):
    browser = huis.als("fatma")
    transact(
        huis.store.sessions,
        partial(
            dossiers.wijzig_feiten,
            dossier_id=huis.dossier,
            feiten={"dagtekening": date(2026, 1, 9)},
            reden="PIP",
            by=OPENER,
            now=BEGIN,
        ),
    )
    assert pad(huis, "leerroute") not in browser.get(f"/dossiers/{huis.dossier}/gegevens").text
    antwoord = browser.post(pad(huis, "leerroute"), {"leerroute": "Z", WAAROM: "Past beter"})
    assert antwoord.status_code == 409
    assert "gaat via een routewijziging" in antwoord.text
