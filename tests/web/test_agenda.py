"""A calendar behind a secret link: whose it is, what stands in it, and that any program can read it."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from routeflow.store import read, transact
from routeflow.store.models import Account, Agendalink, Dossier
from support.huis import BEGIN

LINK = re.compile(r"http://localhost(/agenda/[\w-]{43}\.ics)")


def lees_ics(antwoord):
    """Parse a calendar as RFC 5545 says: unfold, split, unescape. Returns its events."""
    ruw = antwoord.get_data()
    assert ruw.endswith(b"\r\n")
    assert b"\n" not in ruw.replace(b"\r\n", b"")
    regels = ruw.split(b"\r\n")
    assert max(map(len, regels)) <= 75
    for regel in regels:
        regel.decode()  # no sign was cut in two
    heel = ruw.replace(b"\r\n ", b"").decode().strip().split("\r\n")
    paren = [re.fullmatch(r"([A-Z-]+)((?:;[^:]*)?):(.*)", regel).groups() for regel in heel]
    assert paren[0] == ("BEGIN", "", "VCALENDAR")
    assert paren[-1] == ("END", "", "VCALENDAR")
    assert ("VERSION", "", "2.0") in paren
    assert sum(naam == "PRODID" for naam, *_ in paren) == 1
    gebeurtenissen, nu = [], None
    for naam, parameter, waarde in paren:
        if (naam, waarde) == ("BEGIN", "VEVENT"):
            nu = {}
        elif (naam, waarde) == ("END", "VEVENT"):
            gebeurtenissen.append(nu)
            nu = None
        elif nu is not None:
            assert naam not in nu
            nu[naam] = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], waarde)
            if naam in {"DTSTART", "DTEND"}:
                assert parameter == ";VALUE=DATE"
    assert all({"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= een.keys() for een in gebeurtenissen)
    assert len({een["UID"] for een in gebeurtenissen}) == len(gebeurtenissen)
    return gebeurtenissen


def nieuwe_link(huis, login):
    pagina = huis.als(login).post("/agenda/vernieuwen").get_data(as_text=True)
    return LINK.search(pagina)[1]


def agenda_van(huis, login):
    antwoord = huis.app.test_client().get(nieuwe_link(huis, login))
    assert (antwoord.status_code, antwoord.mimetype) == (200, "text/calendar")
    assert "Set-Cookie" not in antwoord.headers
    return lees_ics(antwoord)


@pytest.fixture
def van_fatma(huis):
    """The dossier has a casemanager."""
    fatma = huis.als("fatma").account_id()

    def geef(session):
        account = session.scalars(select(Account).where(Account.login == "fatma")).one()
        for dossier in session.scalars(select(Dossier)):
            dossier.casemanager_id = account.id

    assert fatma
    transact(huis.store.sessions, geef)
    return huis


def test_it_holds_the_taken_of_ones_rol_and_the_periods_of_ones_dossiers(van_fatma):
    titels = {een["SUMMARY"]: een for een in agenda_van(van_fatma, "fatma")}
    pip = titels["2026-00001: PIP vaststellen"]
    assert pip["DTSTART"] == "20260318"
    assert pip["DTEND"] == "20260319"
    assert pip["UID"].startswith("termijn-")
    assert pip["DTSTAMP"] == "20260112T080000Z"
    assert pip["URL"].endswith("/termijnen/pip")
    assert titels["2026-00001: plan"]["UID"].startswith("taak-")
    assert "2026-00001: meld_uren" not in titels


def test_a_partner_sees_its_own_taken_and_no_periods(van_fatma):
    assert [een["SUMMARY"] for een in agenda_van(van_fatma, "ruud")] == ["2026-00001: meld_uren"]
    assert agenda_van(van_fatma, "sheila") == []


def test_no_name_and_no_number_of_a_person_leaves_with_it(van_fatma):
    tekst = van_fatma.app.test_client().get(nieuwe_link(van_fatma, "fatma")).get_data(as_text=True)
    for geheim in ("Amina", "Yusuf", "999900006", "0612345678", "Kan niet lang staan"):
        assert geheim not in tekst.replace("\r\n ", "")


def test_the_ids_stay_the_same_from_day_to_day(van_fatma):
    eerst = {een["UID"] for een in agenda_van(van_fatma, "fatma")}
    assert eerst == {een["UID"] for een in agenda_van(van_fatma, "fatma")}


def test_only_the_hash_of_the_secret_is_kept_and_it_is_shown_once(huis):
    link = nieuwe_link(huis, "fatma")
    geheim = link.removeprefix("/agenda/").removesuffix(".ics")
    (rij,) = read(huis.store.sessions, lambda s: list(s.scalars(select(Agendalink))))
    assert geheim not in rij.hash
    assert len(rij.hash) == 64
    assert geheim not in huis.als("fatma").get("/agenda/").get_data(as_text=True)


def test_a_renewed_link_kills_the_old_one_and_a_withdrawn_one_works_no_more(huis):
    vreemde = huis.app.test_client()
    oud, nieuw = nieuwe_link(huis, "fatma"), nieuwe_link(huis, "fatma")
    assert [vreemde.get(link).status_code for link in (oud, nieuw)] == [404, 200]
    fatma = huis.als("fatma")
    fatma.post("/agenda/intrekken")
    assert vreemde.get(nieuw).status_code == 404
    assert fatma.post("/agenda/intrekken").status_code == 303  # again: nothing happens


def test_who_may_not_log_in_any_more_has_no_calendar(huis):
    link = nieuwe_link(huis, "fatma")
    dicht = update(Account).where(Account.login == "fatma").values(actief=False)
    transact(huis.store.sessions, lambda s: s.execute(dicht))
    assert huis.app.test_client().get(link).status_code == 404


def test_a_guessed_link_opens_nothing(huis):
    assert huis.app.test_client().get("/agenda/raad-maar.ics").status_code == 404
    assert BEGIN.date() == date(2026, 1, 12)
