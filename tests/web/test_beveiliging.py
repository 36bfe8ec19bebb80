"""What every answer promises a browser, and what no page lets in."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import routeflow.web
from routeflow.config import Config
from routeflow.web import create_app, processen
from support.huis import BEGIN

TEMPLATES = sorted((Path(routeflow.web.__file__).parent / "templates").glob("*.html"))


def test_every_answer_carries_the_headers(huis):
    browser = huis.als("fatma")
    for pad in ("/inloggen", "/werklijst/", "/bestaat-niet", "/processen/1.zip"):
        headers = browser.get(pad).headers
        csp = dict(deel.split(" ", 1) for deel in headers["Content-Security-Policy"].split("; "))
        assert csp == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "font-src": "'self' data:",
            "connect-src": "'self'",
            "form-action": "'self'",  # this one and the next two do not follow default-src
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers  # nothing here is served over https


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda pad: pad.name)
def test_no_template_holds_what_the_policy_forbids(template):
    tekst = template.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*src=)", tekst)
    assert "|safe" not in tekst.replace(" ", "")
    assert "https://" not in tekst


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda pad: pad.name)
def test_every_form_that_posts_carries_a_token(template):
    for formulier in re.findall(
        r"<form[^>]*method=\"post\".*?</form>", _zonder_uitleg(template), re.DOTALL
    ):
        assert "csrf()" in formulier


def _zonder_uitleg(template):
    return re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.DOTALL)


def test_a_form_without_our_token_changes_nothing(huis):
    antwoord = huis.als("fatma").client.post(f"/werklijst/{huis.taken['plan']}/claim")
    assert antwoord.status_code == 400
    assert "Deze pagina is verlopen" in antwoord.text
    assert "nog niemand" in huis.als("fatma").get("/werklijst/?tab=te-verdelen").text


def test_with_https_cookies_stay_on_https_and_the_browser_remembers(store, tmp_path):
    app = create_app(store, config=Config(https=True, sleutelbestand=tmp_path / "sleutel"))
    antwoord = app.test_client().get("/inloggen", base_url="https://routeflow.example")
    cookie = antwoord.headers["Set-Cookie"]
    assert cookie.startswith("__Host-routeflow=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "max-age" in antwoord.headers["Strict-Transport-Security"]


def test_the_secret_is_made_once_and_is_readable_by_its_owner_only(store, tmp_path):
    sleutel = tmp_path / "diep" / "sleutel"
    keys = {create_app(store, config=Config(sleutelbestand=sleutel)).secret_key for _ in range(2)}
    assert len(keys) == 1
    assert sleutel.stat().st_mode & 0o777 == 0o600


def test_what_somebody_typed_is_shown_and_never_run(huis):
    boos = "<script>alert(1)</script>"
    tekst = huis.als("fatma").get("/werklijst/", query_string={"zoek": boos, "tab": "team"}).text
    assert boos not in tekst
    assert "&lt;script&gt;" in tekst


def test_an_unexpected_error_gives_a_reference_and_no_trace(huis, caplog):
    def breekt():
        raise RuntimeError("geheim detail")

    huis.app.add_url_rule("/breekt", view_func=breekt)
    antwoord = huis.als("fatma").get("/breekt")
    kenmerk = re.search(r"Kenmerk: <strong>(\w+)", antwoord.text)[1]
    assert antwoord.status_code == 500
    assert "geheim detail" not in antwoord.text
    assert kenmerk in caplog.text


def test_a_request_that_is_too_big_is_refused(huis):
    data = {"bestanden": (io.BytesIO(b"x" * (13 * 1024 * 1024)), "groot.bpmn")}
    antwoord = huis.als("esther").post("/processen/nieuw", data)
    assert antwoord.status_code == 413
    assert "Te groot" in antwoord.text


BSN, GEZOND = "999900006", "Kan niet lang staan"
PADEN = (
    "/dossiers/{dossier}",
    "/dossiers/{dossier}/gegevens",
    "/dossiers/{dossier}/journaal",
    "/dossiers/{dossier}/schema",
    "/taken/{meld_uren}",
    "/taken/{plan}",
    "/werklijst/?tab=team",
    "/dossiers/",
    "/meldingen/",
)


@pytest.mark.parametrize(
    ("login", "geheim"),
    [
        ("bram", BSN),
        ("bram", GEZOND),
        ("ruud", GEZOND),
        ("marjan", GEZOND),
        ("esther", BSN),
        ("tom", BSN),
    ],
)
def test_a_protected_fact_is_on_no_page_of_who_may_not_see_it(huis, login, geheim):
    plek = {"dossier": huis.dossier, **huis.taken}
    browser = huis.als(login)
    assert [pad for pad in PADEN if geheim in browser.get(pad.format(**plek)).text] == []


def test_who_may_see_a_protected_fact_does_see_it(huis):
    gegevens = f"/dossiers/{huis.dossier}/gegevens"
    assert BSN in huis.als("fatma").get(gegevens).text
    assert GEZOND in huis.als("fatma").get(gegevens).text
    assert BSN in huis.als("marjan").get(gegevens).text


def test_the_search_does_not_look_into_protected_facts(huis):
    browser = huis.als("bram")
    assert "Amina" in browser.get("/dossiers/?zoek=amina").text
    for zoek in (BSN, "staan", "0612345678"):
        assert "Amina" not in browser.get(f"/dossiers/?zoek={zoek}").text


def _zip(*bestanden):
    inhoud = io.BytesIO()
    with zipfile.ZipFile(inhoud, "w", zipfile.ZIP_DEFLATED) as archief:
        for naam, tekst in bestanden:
            archief.writestr(naam, tekst)
    inhoud.seek(0)
    return inhoud


@pytest.mark.parametrize(
    ("naam", "inhoud", "zin"),
    [
        ("x.zip", b"geen zip", "kan niet worden gelezen"),
        ("x.exe", b"MZ", "alleen .bpmn"),
        ("x.bpmn", b"x" * (processen.MAX_BESTAND + 1), "groter dan 2 MB"),
    ],
)
def test_an_upload_that_cannot_be_right_is_refused_with_a_sentence(huis, naam, inhoud, zin):
    antwoord = huis.als("esther").post(
        "/processen/nieuw", {"bestanden": (io.BytesIO(inhoud), naam)}
    )
    assert antwoord.status_code == 422
    assert zin in antwoord.text


def test_a_zip_bomb_is_not_unpacked(huis):
    bom = _zip(*((f"{nummer}.bpmn", b"0" * processen.MAX_BESTAND) for nummer in range(9)))
    antwoord = huis.als("esther").post("/processen/nieuw", {"bestanden": (bom, "bom.zip")})
    assert antwoord.status_code == 422
    assert "te groot" in antwoord.text


def test_a_path_in_a_zip_leads_nowhere(huis):
    kwaad = _zip(("../../etc/plan.form", b"{}"))
    antwoord = huis.als("esther").post("/processen/nieuw", {"bestanden": (kwaad, "x.zip")})
    assert antwoord.status_code == 200
    assert "forms/plan.form" in antwoord.text
    assert "etc" not in antwoord.text


def test_the_clock_of_this_test_is_the_one_on_the_page(demo):
    assert BEGIN.day == 12
    assert "maandag 12 januari 2026" in demo.als("fatma").get("/werklijst/").text


@pytest.mark.parametrize("lijf", [b"a&" * 600_000, b"&".join(b"v%d=x" % n for n in range(200_000))])
@pytest.mark.parametrize("pad", ["/inloggen", "/processen/nieuw", "/uren/bestand"])
def test_a_form_of_more_fields_than_anybody_fills_in_is_not_read(huis, pad, lijf):
    antwoord = huis.als("esther").client.post(
        pad, data=lijf, content_type="application/x-www-form-urlencoded"
    )
    assert antwoord.status_code == 413
    assert "Te groot" in antwoord.text


def test_a_diagram_is_a_file_for_our_own_pages_and_no_page_itself(huis):
    for pad in ("/processen/1/proces/klein.bpmn", f"/dossiers/{huis.dossier}/schema/klein.bpmn"):
        antwoord = huis.als("fatma").get(pad)
        assert antwoord.mimetype == "application/xml"
        assert "sandbox" in antwoord.headers["Content-Security-Policy"]
        assert "script-src" not in antwoord.headers["Content-Security-Policy"]


def test_a_method_that_an_address_does_not_have_is_told_which_it_has(huis):
    for kop in ({}, {"X-HTTP-Method-Override": "POST"}):
        antwoord = huis.als("fatma").client.delete("/werklijst/", headers=kop)
        assert antwoord.status_code == 405
        assert "GET" in antwoord.headers["Allow"]


def test_a_file_with_capitals_in_its_ending_is_not_left_out_in_silence(huis):
    kwaad = _zip(("processes/Groot.BPMN", b"<x/>"), ("forms/x.form", b"{}"))
    antwoord = huis.als("esther").post("/processen/nieuw", {"bestanden": (kwaad, "x.zip")})
    assert antwoord.status_code == 422
    assert "Groot.BPMN: alleen .bpmn, .dmn, .form en .zip." in antwoord.text


@pytest.mark.parametrize("adres", ["", "https://routeflow.example/inburgering/"])
def test_a_made_up_host_is_in_no_link_once_the_address_is_known(huis, adres):
    plek = huis.app.extensions["routeflow"]
    huis.app.extensions["routeflow"] = replace(plek, config=replace(plek.config, adres=adres))
    browser, elders = huis.als("fatma"), "http://kwaad.example"
    cookie = browser.client.get_cookie("routeflow").value
    browser.client.set_cookie("routeflow", cookie, domain="kwaad.example")
    browser.get("/werklijst/", base_url=elders)
    tekst = browser.post("/agenda/vernieuwen", base_url=elders).text
    link = re.search(r"http\S+?\.ics", tekst)[0]
    assert link.startswith(f"{adres.rstrip('/') or elders}/agenda/")
    agenda = browser.client.get("/agenda/" + link.rpartition("/")[2], base_url=elders).text
    assert f"URL:{adres.rstrip('/') or elders}/" in agenda.replace("\r\n ", "")
    assert ("kwaad.example" in agenda) is not bool(adres)
