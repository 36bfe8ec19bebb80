"""Periods over the API: how each was counted, what it was before, and the list of those that watch."""

from datetime import date
from functools import partial
from uuid import UUID

import pytest

from routeflow.commands import dossiers
from routeflow.store import transact
from support.huis import BEGIN, OPENER, account_ids


@pytest.fixture
def gewijzigd(amina, store):
    """The letter of DUO came, and then came to be of another day."""
    for dag in (date(2026, 1, 5), date(2026, 1, 9)):
        act = partial(
            dossiers.wijzig_feiten,
            dossier_id=UUID(amina["id"]),
            feiten={"kennisgeving": dag},
            reden="brief",
            by=OPENER,
            now=BEGIN,
        )
        transact(store.sessions, act)
    return amina["id"]


def test_a_period_tells_how_it_was_counted_and_what_it_was(programma, gewijzigd):
    termijnen = programma.get("fatma", f"/dossiers/{gewijzigd}/termijnen")["items"]
    pip = next(een for een in termijnen if een["naam"] == "pip")
    assert (pip["status"], pip["uiterlijk"], pip["volgnummer"]) == ("loopt", "2026-03-20", 1)
    assert pip["feiten"]["kennisgeving"] == "2026-01-09"
    assert pip["atwReden"].startswith("Atw art. 1 en 5")
    eerste, tweede, derde = pip["historie"]
    assert eerste["oud"] is None
    assert (tweede["oud"]["status"], tweede["nieuw"]["uiterlijk"]) == ("wacht", "2026-03-16")
    assert (derde["oud"]["uiterlijk"], derde["nieuw"]["uiterlijk"]) == ("2026-03-16", "2026-03-20")
    assert derde["aanleiding"] == "kennisgeving"


def test_an_unknown_dossier_has_no_periods(programma):
    onbekend = "00000000-0000-4000-8000-000000000000"
    assert programma.call("fatma", "GET", f"/dossiers/{onbekend}/termijnen").status_code == 404


def test_who_watches_sees_what_ends_and_what_waits(programma, gewijzigd):
    komend = programma.get("marjan", "/termijnen?weken=13&wat=wet")
    (pip,) = [een for een in komend["items"] if een["naam"] == "pip"]
    assert (pip["dossier"], pip["uiterlijk"], pip["teLaat"]) == (gewijzigd, "2026-03-20", False)
    assert pip["taak"] is None
    assert komend["perTermijn"]["pip"] == 1
    wacht = programma.get("marjan", "/termijnen?stand=wacht")
    assert komend["standen"]["wacht"] == len(wacht["items"]) > 0
    assert {een["uiterlijk"] for een in wacht["items"]} == {None}
    assert all(een["wachtOp"] for een in wacht["items"])


@pytest.mark.usefixtures("gewijzigd")
def test_the_list_goes_on_behind_its_cursor(programma):
    heel = programma.get("marjan", "/termijnen?stand=wacht")["items"]
    stuk = programma.get("marjan", "/termijnen?stand=wacht&limit=1")
    vervolg = programma.get("marjan", f"/termijnen?stand=wacht&limit=1&cursor={stuk['volgende']}")
    assert [*stuk["items"], *vervolg["items"]] == heel[:2]


@pytest.mark.parametrize("vraag", ["stand=anders", "weken=veel", "cursor=x", "wat=niets"])
def test_a_question_that_cannot_be_read_is_refused(programma, vraag):
    assert programma.call("marjan", "GET", f"/termijnen?{vraag}").status_code == 422


@pytest.mark.usefixtures("gewijzigd")
def test_who_has_no_dossiers_watches_an_empty_list(programma, store):
    for stand in ("verstreken", "komend", "wacht", "stil"):
        van = account_ids(store)["marjan"]
        lijst = programma.get("marjan", f"/termijnen?stand={stand}&casemanager={van}")
        assert lijst["items"] == []
        assert set(lijst["standen"].values()) == {0}
