"""Logging in, and how a session ends."""

import io
import re
import time
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import accounts
from routeflow.config import Config
from routeflow.errors import Conflict, Invalid
from routeflow.inburgering.rechten import GEMEENTE, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account, Afmelding
from routeflow.web import create_app
from support.huis import BEGIN, OPENER

ZIN = "mijn fiets staat buiten"


class Wandklok:
    def __init__(self):
        self.nu = BEGIN

    def __call__(self):
        return self.nu


@pytest.fixture
def wandklok():
    return Wandklok()


@pytest.fixture
def app(store, tmp_path, wandklok):
    transact(
        store.sessions,
        lambda session: accounts.create_account(
            session,
            "fatma",
            naam="Fatma Yildiz",
            partij="Gemeente",
            rollen=[Rol.CASEMANAGER],
            wachtwoord=ZIN,
            by=OPENER,
            now=BEGIN,
        ),
    )
    config = Config(sleutelbestand=tmp_path / "sleutel")
    return create_app(store, clock=lambda: BEGIN, config=config, wandklok=wandklok)


def log_in(client, wachtwoord=ZIN, **meer):
    pagina = client.get("/inloggen").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', pagina)[1]
    data = {"csrf_token": token, "login": "Fatma", "wachtwoord": wachtwoord, **meer}
    return client.post("/inloggen", data=data)


def is_in(client):
    return client.get("/werklijst/").status_code == 200


def test_the_right_password_opens_the_werklijst(app):
    client = app.test_client()
    assert log_in(client).location == "/"
    assert client.get("/").location == "/werklijst/"
    assert is_in(client)


def test_a_wrong_password_says_not_which_of_the_two_is_wrong(app):
    antwoord = log_in(app.test_client(), "iets heel anders")
    assert antwoord.status_code == 422
    assert "De inlognaam of het wachtwoord klopt niet" in antwoord.text
    assert "<title>Fout: " in antwoord.text


def test_after_five_wrong_passwords_even_the_right_one_must_wait(app, wandklok):
    for _ in range(accounts.POGINGEN_PER_LOGIN):
        log_in(app.test_client(), "iets heel anders")
    assert log_in(app.test_client()).status_code == 429
    wandklok.nu += accounts.VENSTER + timedelta(seconds=1)
    assert log_in(app.test_client()).status_code == 303


def test_logging_in_gives_a_new_session_and_forgets_the_old_one(app):
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["iets"] = "van een ander"
    log_in(client)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"account", "versie", "sessie", "begin", "laatst", "csrf_token"}
        assert "iets" not in cookie


@pytest.mark.parametrize(
    "doel",
    ["//kwaad.example", "https://kwaad.example", "/\\kwaad.example", "javascript:x", "/\n/x"],
)
def test_after_logging_in_nobody_is_sent_to_another_site(app, doel):
    assert log_in(app.test_client(), volgende=doel).location == "/"


def test_after_logging_in_the_page_that_was_asked_opens(app):
    client = app.test_client()
    gevraagd = client.get("/dossiers/?zoek=amina")
    assert gevraagd.location == "/inloggen?volgende=/dossiers/?zoek%3Damina"
    assert log_in(client, volgende="/dossiers/?zoek=amina").location == "/dossiers/?zoek=amina"


def test_a_session_ends_when_nothing_is_done_for_a_while(app, wandklok):
    client = app.test_client()
    log_in(client)
    wandklok.nu += timedelta(minutes=44)
    assert is_in(client)
    wandklok.nu += timedelta(minutes=46)
    assert client.get("/werklijst/").location == "/inloggen?volgende=/werklijst/&verlopen=ja"
    assert not is_in(client)


def _bewaar_na_pauze(client, wandklok, **meer):
    """Fill in a form, go away for an hour, and press the button."""
    log_in(client)
    token = _token(client.get("/dossiers/nieuw"))
    wandklok.nu += timedelta(hours=1)
    data = {"csrf_token": token, "naam": "Zahra\r\nProef", "doelgroep": "gezinsmigrant", **meer}
    return client.post("/dossiers/nieuw", data=data)


def _token(antwoord):
    return re.search(r'name="csrf_token" value="([^"]+)"', antwoord.text)[1]


def _velden(antwoord):
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', antwoord.text))


def test_what_was_filled_in_when_the_session_ended_goes_out_after_logging_in(app, wandklok):
    client = app.test_client()
    verlopen = _bewaar_na_pauze(client, wandklok)
    assert verlopen.status_code == 401
    assert "gaat niet verloren" in verlopen.text
    assert not is_in(client)
    velden = _velden(verlopen)
    mis = client.post("/inloggen", data=velden | {"login": "fatma", "wachtwoord": "mis"})
    verder = client.post("/inloggen", data=_velden(mis) | {"login": "fatma", "wachtwoord": ZIN})
    assert "Verstuur wat u invulde" in verder.text
    assert 'action="/dossiers/nieuw"' in verder.text
    getoond = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", verder.text, re.DOTALL)
    assert getoond == [("Naam", "Zahra\r\nProef"), ("Doelgroep", "gezinsmigrant")]
    klaar = client.post("/dossiers/nieuw", data=_velden(verder))
    assert klaar.status_code == 409  # no version is in service here: the form was read


def _log_uit_elders(client):
    """Log in, open a form, and log out in another window of the same browser."""
    log_in(client)
    token = _token(client.get("/dossiers/nieuw"))
    client.post("/uitloggen", data={"csrf_token": _token(client.get("/werklijst/"))})
    return {"csrf_token": token, "naam": "Zahra Proef", "doelgroep": "gezinsmigrant"}


def test_what_was_filled_in_when_another_window_logged_out_goes_out_after_logging_in(app):
    client = app.test_client()
    data = _log_uit_elders(client)
    uit = client.post("/dossiers/nieuw", data=data)
    assert uit.status_code == 401
    assert "misschien in een ander venster. Log opnieuw in" in uit.text
    assert not is_in(client)
    verder = client.post("/inloggen", data=_velden(uit) | {"login": "fatma", "wachtwoord": ZIN})
    assert 'action="/dossiers/nieuw"' in verder.text
    assert ("Naam", "Zahra Proef") in re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", verder.text)
    assert client.post("/dossiers/nieuw", data=_velden(verder)).status_code == 409


def test_who_logs_in_again_in_the_other_window_sends_the_form_of_this_one_at_once(app):
    client = app.test_client()
    data = _log_uit_elders(client)
    log_in(client)
    assert client.post("/dossiers/nieuw", data=data).status_code == 409  # read: no version here


def test_a_form_of_another_person_or_another_site_does_not_wait_for_who_logged_out(app, store):
    client = app.test_client()
    data = _log_uit_elders(client)
    vreemd = client.post("/dossiers/nieuw", data=data | {"csrf_token": "van een ander"})
    assert vreemd.status_code == 400
    assert "Zahra" not in vreemd.text
    maak = partial(
        accounts.create_account, login="johan", naam="Johan", partij=GEMEENTE,
        rollen=[Rol.CASEMANAGER], wachtwoord=ZIN, by=OPENER, now=BEGIN,
    )  # fmt: skip
    transact(store.sessions, maak)
    token = _token(client.get("/inloggen"))
    client.post("/inloggen", data={"csrf_token": token, "login": "johan", "wachtwoord": ZIN})
    assert client.post("/dossiers/nieuw", data=data).status_code == 400


def _te_laat_verstuurd(demo, login, pad, velden):
    """Send a form an hour after the session ended, log in again, and return what the page shows."""
    browser = demo.als(login)
    browser.get("/werklijst/")
    with browser.client.session_transaction() as cookie:
        cookie["laatst"] -= 3600
    mee = re.search(r'name="mee" value="([^"]+)"', browser.post(pad, velden).text)[1]
    browser.get("/inloggen")
    verder = browser.post("/inloggen/demo", {"login": login, "mee": mee}).text
    return dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", verder, re.DOTALL))


def test_what_waits_for_a_taak_is_shown_by_the_questions_of_its_form(demo):
    velden = {"leerroute": "onderwijsroute", "opmerking": "Belt terug", "actie": "concept"}
    pad = f"/taken/{demo.taken['plan']}"
    assert _te_laat_verstuurd(demo, "fatma", pad, velden) == {
        "Taak": "plan, Amina Yusuf",
        "U koos": "Bewaar concept",
        "Leerroute": "Onderwijsroute",
        "Opmerking": "Belt terug",
    }


def test_hours_that_wait_are_shown_by_person(demo):
    rij = {"uren": "2,5", "soort": "KNM", "aanwezig": "aanwezig", "fysiek": "ja"}
    velden = {f"{naam}-{demo.dossier}": wat for naam, wat in rij.items()}
    velden |= {"dag": "12-12-2025", "dossier": str(demo.dossier), "groep": "alle"}
    getoond = _te_laat_verstuurd(demo, "fatma", "/uren/", velden)
    assert getoond == {"Dag": "12-12-2025", "Amina Yusuf": "2,5 uur KNM, aanwezig"}


def test_of_a_taak_that_is_not_theirs_only_what_was_typed_itself_is_shown(demo):
    pad = f"/taken/{demo.taken['plan']}"
    getoond = _te_laat_verstuurd(demo, "ruud", pad, {"opmerking": "Belt terug"})
    assert getoond == {"Opmerking": "Belt terug"}


def test_what_somebody_else_filled_in_is_not_handed_over(app, store, wandklok):
    client = app.test_client()
    velden = _velden(_bewaar_na_pauze(client, wandklok))
    transact(
        store.sessions,
        lambda session: accounts.create_account(
            session,
            "johan",
            naam="Johan de Wit",
            partij="Gemeente",
            rollen=[Rol.CASEMANAGER],
            wachtwoord=ZIN,
            by=OPENER,
            now=BEGIN,
        ),
    )
    antwoord = client.post("/inloggen", data=velden | {"login": "johan", "wachtwoord": ZIN})
    assert antwoord.status_code == 303
    assert "Zahra" not in antwoord.text


@pytest.mark.parametrize("knoei", ["", "x", "e30.aaaa.bbbb"])
def test_a_form_that_was_tampered_with_does_not_wait(app, wandklok, knoei):
    client = app.test_client()
    velden = _velden(_bewaar_na_pauze(client, wandklok)) | {"mee": knoei}
    antwoord = client.post("/inloggen", data=velden | {"login": "fatma", "wachtwoord": ZIN})
    assert antwoord.location == "/"


def test_a_password_never_waits_in_a_page(app, wandklok):
    client = app.test_client()
    antwoord = _bewaar_na_pauze(client, wandklok, wachtwoord="geheim en lang genoeg")
    assert antwoord.location == "/inloggen?verlopen=ja"


def test_who_is_writing_is_not_away(app, wandklok):
    client = app.test_client()
    log_in(client)
    for _ in range(3):
        wandklok.nu += timedelta(minutes=30)
        assert client.get("/sessie").status_code == 204
    assert is_in(client)


def test_a_session_ends_after_a_working_day_however_busy(app, wandklok):
    client = app.test_client()
    log_in(client)
    for _ in range(20):
        wandklok.nu += timedelta(minutes=31)
        client.get("/werklijst/")
    assert not is_in(client)


def test_logging_out_ends_the_session(app):
    client = app.test_client()
    log_in(client)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/werklijst/").text)[1]
    assert client.post("/uitloggen", data={"csrf_token": token}).status_code == 303
    assert not is_in(client)


@pytest.mark.parametrize("anders", [{"actief": False}, {"partij": "IVIO"}, {"rollen": []}])
def test_a_changed_account_ends_its_sessions_everywhere(app, store, anders):
    client = app.test_client()
    log_in(client)

    def wijzig(session):
        account_id = session.query(Account.id).filter_by(login="fatma").scalar()
        return accounts.wijzig_account(session, account_id, by=OPENER, now=BEGIN, **anders)

    transact(store.sessions, wijzig)
    assert not is_in(client)


def test_a_cookie_that_was_made_by_hand_opens_nothing(app):
    client = app.test_client()
    client.set_cookie("routeflow", "eyJhY2NvdW50IjoiMSJ9.aaaa.bbbb")
    assert not is_in(client)


def _knop(huis):
    client = huis.app.test_client()
    pagina = client.get("/inloggen").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', pagina)[1]
    data = {"csrf_token": token, "login": "fatma"}
    return "Fatma Yildiz" in pagina, client.post("/inloggen/demo", data=data).status_code


def test_the_demo_lets_people_in_by_a_button(demo):
    assert _knop(demo) == (True, 303)


def test_outside_the_demo_nobody_enters_without_a_password(huis):
    assert _knop(huis) == (False, 404)


def test_who_kept_a_copy_of_the_cookie_is_out_as_well_once_somebody_logs_out(app):
    client, dief, elders = app.test_client(), app.test_client(), app.test_client()
    log_in(client)
    log_in(elders)
    dief.set_cookie("routeflow", client.get_cookie("routeflow").value)
    assert is_in(dief)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/werklijst/").text)[1]
    client.post("/uitloggen", data={"csrf_token": token})
    assert not is_in(dief)
    assert is_in(elders)  # another browser of the same person goes on


def test_ended_sessions_are_forgotten_when_no_cookie_can_be_so_old(store):
    wanneer = (BEGIN - timedelta(days=2), BEGIN - timedelta(hours=1))
    for nummer, op in enumerate(wanneer):
        transact(store.sessions, partial(accounts.log_uit, sessie=f"s{nummer}", now=op))
    transact(store.sessions, partial(accounts.forget_attempts, now=BEGIN))
    over = read(store.sessions, lambda session: session.scalars(select(Afmelding.sessie)).all())
    assert over == ["s1"]


def test_a_file_of_the_browser_part_touches_no_session(app, wandklok):
    client = app.test_client()
    log_in(client)
    wandklok.nu += timedelta(minutes=44)
    with client.get("/static/dist/manifest.json") as antwoord:
        assert antwoord.status_code == 200
        assert "Set-Cookie" not in antwoord.headers
    wandklok.nu += timedelta(minutes=2)
    assert not is_in(client)


def test_a_stranger_is_sent_to_log_in_before_any_form_is_read(app):
    class Ongelezen(io.BytesIO):
        gelezen = 0

        def read(self, aantal=-1):
            Ongelezen.gelezen += 1
            return super().read(aantal)

    for pad in ("/processen/nieuw", "/werklijst/", "/taken/00000000-0000-4000-8000-000000000000"):
        antwoord = app.test_client().post(
            pad,
            input_stream=Ongelezen(b"a=b"),
            content_length=3,
            content_type="application/x-www-form-urlencoded",
        )
        assert (antwoord.status_code, antwoord.location) == (303, "/inloggen?uitgelogd=ja")
    assert Ongelezen.gelezen == 0
    assert "is niet bewaard" in app.test_client().get(antwoord.location).text
    assert "is niet bewaard" not in app.test_client().get("/inloggen").text


@pytest.mark.parametrize(
    "login", ["f\u0430tma", "fat\u200bma", "fatma\u202e", "fatma ", "jan\njansen", "-x", ""]
)
@pytest.mark.usefixtures("app")
def test_no_login_is_made_that_looks_like_another(store, login):
    maak = partial(
        accounts.create_account, login=login, naam="X", partij="Gemeente", rollen=[],
        wachtwoord=ZIN, by=OPENER, now=BEGIN,
    )  # fmt: skip
    with pytest.raises((Invalid, Conflict)):
        transact(store.sessions, maak)


@pytest.mark.parametrize("naam", ["Fatma\u202e Yildiz", "Fatma\u200b Yildiz", "Fatma\nYildiz"])
@pytest.mark.usefixtures("app")
def test_no_name_holds_signs_that_nobody_sees(store, naam):
    account_id = read(store.sessions, lambda session: session.scalar(select(Account.id)))
    wijzig = partial(
        accounts.wijzig_account, account_id=account_id, naam=naam, by=OPENER, now=BEGIN
    )
    with pytest.raises(Invalid, match="niet gewijzigd"):
        transact(store.sessions, wijzig)
    persisch = "Mina \u0645\u06cc\u200c\u0646\u0627"
    wijzig = partial(
        accounts.wijzig_account, account_id=account_id, naam=persisch, by=OPENER, now=BEGIN
    )
    assert transact(store.sessions, wijzig).naam == persisch


@pytest.mark.usefixtures("app")
def test_an_account_without_a_password_takes_as_long_to_refuse_as_any_other(store):
    def zonder(session):
        session.scalar(select(Account)).wachtwoord = "-"

    transact(store.sessions, zonder)
    duur = {}
    for login in ("niemand", "fatma"):
        accounts.log_in(store.sessions, login, "x", adres="1", now=BEGIN)  # makes what is kept
        begin = time.process_time()
        assert accounts.log_in(store.sessions, login, "x", adres="1", now=BEGIN) is None
        duur[login] = time.process_time() - begin
    assert duur["fatma"] > duur["niemand"] / 3
