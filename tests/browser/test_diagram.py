"""The diagram viewer under our Content-Security-Policy: mouse, keyboard, screen reader, phone."""

import json
from pathlib import Path

import pytest
from flask import Flask, Response, render_template_string, url_for

import routeflow.web
from routeflow.web.beveiliging import CSP
from support.browser import DESK, PHONE, axe, sideways

WEB = Path(routeflow.web.__file__).parent
PVT = Path(__file__).parents[2] / "processes/p11-pvt.bpmn"
STATUS = {
    "start_p11": {"status": "klaar"},
    "nodig_uit_voor_pvt": {"status": "klaar"},
    "registreer_pvt_bijeenkomst": {"status": "nu", "url": "/taak", "tekst": "nog 3 dagen"},
}

PAGINA = """<!doctype html><html lang="nl"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Schema</title>
{% for deel in ("app", "viewer") %}<link rel="stylesheet" href="{{ css[deel] }}">
<script type="module" src="{{ js[deel] }}"></script>{% endfor %}</head>
<body class="utrecht-document utrecht-document--surface routeflow">
<main id="inhoud" class="inhoud"><h1 class="utrecht-heading-1">PVT</h1>
<div class="naast naast--diagram">
<div class="diagram" data-bpmn="{{ adres }}" data-naam="PVT" data-elders="Wat er staat, staat hierboven." data-status="{{ status | tojson | forceescape }}">
<div class="diagram__knoppen"></div><div class="diagram__doek"></div></div>
<ol class="stappen kaart">
<li class="stap stap--klaar" data-element="nodig_uit_voor_pvt"><span class="stap__naam">Nodig uit</span><span class="badge badge--klaar">klaar</span></li>
<li class="stap stap--nu" data-element="registreer_pvt_bijeenkomst"><span class="stap__naam">Registreer</span><span class="badge badge--info">nu</span></li>
</ol></div></main></body></html>"""


AAN_DE_PIJL = {"flow_vraag_getekend_controleer_pvt": {"status": "fout", "tekst": "Klopt niet."}}


@pytest.fixture
def adres(serve):
    app = Flask(__name__, static_folder=WEB / "static")
    bundels = json.loads((WEB / "static/dist/manifest.json").read_text())

    @app.after_request
    def headers(response):
        response.headers["Content-Security-Policy"] = CSP
        return response

    @app.get("/")
    @app.get("/<wat>")
    def schema(wat="/tekening.bpmn", status=STATUS):
        def file(soort):
            return {
                naam: url_for("static", filename=f"dist/{bundel[soort]}")
                for naam, bundel in bundels.items()
            }

        return render_template_string(
            PAGINA, adres=wat, status=status, css=file("css"), js=file("js")
        )

    @app.get("/pijl")
    def pijl():
        return schema(status=AAN_DE_PIJL)

    @app.get("/tekening.bpmn")
    def tekening():
        return Response(PVT.read_bytes(), content_type="application/xml")

    return serve(app)


@pytest.fixture
def drawn(page, adres):
    def go(scherm):
        page.set_viewport_size(scherm)
        page.goto(adres)
        page.locator(".diagram[data-getekend]").wait_for()
        return page

    return go


@pytest.mark.parametrize("scherm", [PHONE, DESK], ids=["telefoon", "bureau"])
def test_a_diagram_is_accessible_and_fits_the_screen(drawn, scherm):
    page = drawn(scherm)
    assert axe(page) == []
    assert sideways(page) == 0
    assert page.get_by_role("button", name="Registreer PVT-bijeenkomst, taak").is_visible()


def test_the_words_stand_in_the_drawing_and_in_the_spoken_name(drawn):
    page = drawn(DESK)
    assert page.locator(".djs-overlays .badge").all_inner_texts().count("klaar") == 2
    name = page.locator('[data-element-id="registreer_pvt_bijeenkomst"].djs-shape')
    assert "stand: nu. nog 3 dagen. daarna:" in name.get_attribute("aria-label")


def test_a_finding_at_an_arrow_brings_the_arrow_into_view(page, adres):
    page.set_viewport_size(PHONE)
    page.goto(f"{adres}/pijl")
    page.locator(".diagram[data-getekend]").wait_for()
    arrow = page.locator('[data-element-id="flow_vraag_getekend_controleer_pvt"]').bounding_box()
    canvas = page.locator(".diagram__doek").bounding_box()
    assert canvas["x"] <= arrow["x"] < canvas["x"] + canvas["width"]


def test_a_diagram_that_has_no_room_waits_and_is_drawn_when_it_has(page, adres):
    page.set_viewport_size(DESK)
    page.add_init_script(
        """document.addEventListener("readystatechange", () => {
          const raam = document.querySelector(".diagram");
          if (raam) raam.classList.add("niet-printen");
        })"""
    )
    page.emulate_media(media="print")
    page.goto(adres, wait_until="networkidle")
    assert page.locator(".diagram[data-getekend]").count() == 0
    page.emulate_media(media="screen")
    page.locator(".diagram[data-getekend]").wait_for()
    assert page.locator(".djs-shape").count() > 0


def test_the_keyboard_walks_the_flow_and_reads_a_step(drawn):
    page = drawn(DESK)
    page.locator('.djs-element[tabindex="0"]').focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    here = page.evaluate("document.activeElement.dataset.elementId")
    assert here == "registreer_pvt_bijeenkomst"
    page.keyboard.press("Enter")
    panel = page.get_by_role("status")
    assert "Registreer PVT-bijeenkomst" in panel.inner_text()
    assert panel.get_by_role("link", name="Open de taak").get_attribute("href") == "/taak"
    assert "stap--gekozen" in page.locator(".stap").nth(1).get_attribute("class")
    assert page.locator('.djs-element[tabindex="0"]').count() == 1


def test_buttons_zoom_and_the_wheel_stays_with_the_page(drawn):
    page = drawn(DESK)
    scale = "document.querySelector('.viewport').getCTM().a"
    before = page.evaluate(scale)
    page.get_by_role("button", name="Vergroot").click()
    assert page.evaluate(scale) > before
    page.get_by_role("button", name="Toon alles").click()
    whole = page.evaluate(scale)
    page.locator(".diagram__doek").hover()
    page.mouse.wheel(0, 200)
    assert page.evaluate(scale) == whole


def test_the_mark_of_the_drawing_tool_stays_in_view(drawn):
    page = drawn(DESK)
    mark = page.locator(".bjs-powered-by")
    assert mark.is_visible()
    assert mark.evaluate(
        """one => { const box = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)); }"""
    )


def test_a_drawing_that_cannot_be_read_says_where_to_look(browser, adres):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{adres}/weg.bpmn")
    assert "Wat er staat, staat hierboven." in page.locator(".diagram__fout").inner_text()
    assert page.locator(".diagram").bounding_box()["height"] < 120  # no empty frame
    context.close()
