"""A form as people meet it: on a phone and at a desk, with and without JavaScript."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request, url_for
from jinja2 import StrictUndefined
from werkzeug.datastructures import MultiDict

import routeflow.web
from routeflow import forms
from routeflow.errors import Invalid
from routeflow.web.beveiliging import CSP
from support.browser import DESK, PHONE, axe, sideways, too_small
from support.formulieren import formulier, opties, veld

WEB = Path(routeflow.web.__file__).parent
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FEITEN = {"naam": "Samira Proef", "leerroute": "B1", "taalniveau": "A1"}

GESPREK = formulier(
    {
        "type": "text",
        "text": "# Het gesprek\n\nVraag of er een **tolk** nodig is. <script>x</script>",
    },
    veld(
        "textfield",
        "naam",
        label="Naam van de inburgeraar",
        disabled=True,
        properties={"toon": "ja"},
    ),
    veld("datetime", "gesprekDatum", dateLabel="Datum van het gesprek", verplicht=True),
    veld(
        "radio",
        "verschenen",
        label="Is de inburgeraar gekomen?",
        verplicht=True,
        **opties("ja", "nee"),
    ),
    veld(
        "textarea",
        "redenNiet",
        label="Waarom niet?",
        description="Schrijf op wat u weet.",
        verplicht=True,
        hide='=not(verschenen = "nee")',
    ),
    veld("textfield", "zBijlage", label="Afspraak over de Z-route", hide='=leerroute != "Z"'),
    {
        "type": "group",
        "label": "Taal",
        "components": [
            veld("select", "taalniveau", label="Taalniveau", **opties("<A1", "A1", "A2")),
            veld("checklist", "talen", label="Welke talen?", **opties("Arabisch", "Tigrinya")),
            veld(
                "textfield",
                "dialect",
                label="Welk dialect?",
                hide='=not(list contains(talen, "Tigrinya") and taalniveau != null)',
            ),
            veld(
                "number",
                "uren",
                label="Uren per week",
                decimalDigits=1,
                validate={"max": 40},
                appearance={"suffixAdorner": "uur"},
            ),
        ],
    },
    veld(
        "textfield",
        "bsn",
        label="Burgerservicenummer",
        properties={"soort": "bsn", "gevoelig": "bsn"},
    ),
    veld("textfield", "mail", label="E-mailadres", validate={"validationType": "email"}),
    veld(
        "checkbox", "gewezen", label="Ik heb gewezen op het recht alleen te spreken", verplicht=True
    ),
    veld(
        "dynamiclist",
        "opleidingen",
        label="Opleiding",
        components=[
            veld("textfield", "land", label="Land", verplicht=True),
            veld("number", "jaren", label="Aantal jaren", decimalDigits=0),
        ],
    ),
)

PAGINA = """<!doctype html><html lang="nl"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ "Fout: " if fouten }}Gesprek</title>
<link rel="stylesheet" href="{{ css }}"><script type="module" src="{{ js }}"></script></head>
<body class="utrecht-document utrecht-document--surface routeflow">
<a class="utrecht-skip-link utrecht-skip-link--visible-on-focus" href="#inhoud">Naar de inhoud</a>
<header class="kop"><a class="kop__merk" href="/">routeflow</a></header>
<main id="inhoud" class="inhoud inhoud--smal"><h1 class="utrecht-heading-1">Voer het gesprek</h1>
{% from "_formulier.html" import formulier, foutenlijst %}
{{ foutenlijst(vel, fouten) }}
<form method="post" class="kaart" novalidate>
{{ formulier(vel, fouten) }}
<div class="knoppen formulier__slot"><button class="utrecht-button utrecht-button--primary-action" type="submit">Rond de taak af</button></div>
</form></main></body></html>"""


KETEN = formulier(
    veld("radio", "gekomen", label="Gekomen?", **opties("ja", "nee")),
    veld("radio", "reden", label="Reden", hide='=gekomen = "ja"', **opties("ziek", "vergeten")),
    veld("textfield", "briefje", label="Briefje", verplicht=True, hide='=reden = "ziek"'),
    veld("checklist", "talen", label="Talen", **opties("Arabisch", "Tigrinya")),
    veld("textfield", "tolk", label="Tolk", hide='=not(list contains(talen, "Tigrinya"))'),
    veld("number", "uren", label="Uren"),
    veld("textfield", "plan", label="Plan", hide="=uren >= 1500"),
    veld("textfield", "stad", label="Stad", hide="=uren = 12"),
    veld("textfield", "dorp", label="Dorp", hide='=stad = "Edam"'),
    veld(
        "dynamiclist",
        "banen",
        label="Baan",
        components=[
            veld("radio", "vast", label="Vast", **opties("ja", "nee")),
            veld("textfield", "einde", label="Einde", hide='=vast = "ja"'),
        ],
    ),
)


SOORTEN = [
    veld("radio", "kleur", **opties("rood", "2", "true")),
    veld("select", "aantal", **opties(1, 2)),
    veld("radio", "klopt", values=[{"label": "J", "value": True}, {"label": "N", "value": False}]),
    veld("checkbox", "akkoord"),
    veld("checklist", "talen", **opties("rood", "groen")),
    veld("number", "uren"),
    veld("textfield", "stad"),
    veld("datetime", "dag"),
]
VOORWAARDEN = [
    'kleur = "rood"', 'kleur != "rood"', "kleur = 2", "not(kleur = true)", "aantal = 2",
    'not(aantal = "2")', "aantal >= 2", "klopt", "klopt = true", "not(klopt)", "akkoord",
    "akkoord != true", "akkoord = null", 'list contains(talen, "rood")', "talen != null",
    "not(list contains(talen, kleur))", "talen = kleur", "not(list contains(talen, stad))",
    "uren = 12", "uren < 1500", "not(uren >= 12.5)", "uren = null", 'not(uren = "12")',
    'stad = "Edam"', "stad != null", "not(stad = kleur)", "stad = 12", "dag = null",
    'not(dag = "x")', 'extra0 = "rood" or extra1 != null', "not(extra1 = null)", "not(kleur = uren)",
]  # fmt: skip
ALLES = formulier(
    *SOORTEN,
    *(
        veld("textfield", f"extra{plek}", verplicht=True, hide=f"={voorwaarde}")
        for plek, voorwaarde in enumerate(VOORWAARDEN)
    ),
)
VUL_IN = """waarden => {
  const formulier = document.querySelector("form.kaart");
  for (const element of formulier.elements) {
    const waarde = waarden[element.name];
    if (waarde === undefined) continue;
    if (["radio", "checkbox"].includes(element.type)) element.checked = waarde.includes(element.value);
    else element.value = waarde[0] ?? "";
  }
  formulier.elements[0].dispatchEvent(new Event("change", { bubbles: true }));
  const weg = [...formulier.elements].filter((een) => een.closest("[hidden]")).map((een) => een.name);
  return { paren: [...new FormData(formulier)], weg };
}"""


@pytest.fixture
def adres(serve):
    return _pagina(serve, GESPREK)


@pytest.fixture
def keten(serve):
    return _pagina(serve, KETEN)


def _pagina(serve, inhoud):
    app = Flask(__name__, template_folder=WEB / "templates", static_folder=WEB / "static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    blad = forms.load(inhoud)
    bundel = json.loads((WEB / "static/dist/manifest.json").read_text())["app"]

    @app.after_request
    def headers(response):
        response.headers["Content-Security-Policy"] = CSP
        return response

    def pagina(rauw=None, fouten=None):
        return render_template_string(
            PAGINA,
            vel=forms.weergave(blad, FEITEN, rauw, now=NOW),
            fouten=fouten or {},
            css=url_for("static", filename=f"dist/{bundel['css']}"),
            js=url_for("static", filename=f"dist/{bundel['js']}"),
        )

    @app.get("/")
    def toon():
        return pagina()

    @app.post("/")
    def verstuur():
        rauw = MultiDict(request.form)
        if rijen := forms.wijzig_rijen(blad, rauw):
            return pagina(rijen)
        try:
            antwoorden = forms.validate(blad, rauw, FEITEN, now=NOW)
        except Invalid as onjuist:
            return pagina(rauw, onjuist.fouten), 422
        return {"feiten": sorted(antwoorden.feiten)}

    return serve(app)


@pytest.mark.parametrize("scherm", [PHONE, DESK], ids=["telefoon", "bureau"])
def test_a_form_is_accessible_before_and_after_errors(page, adres, scherm):
    page.set_viewport_size(scherm)
    page.goto(adres)
    assert axe(page) == []
    assert too_small(page) == []
    assert sideways(page) == 0

    page.get_by_role("button", name="Rond de taak af").click()
    assert page.title().startswith("Fout:")
    assert page.locator(".foutenlijst").evaluate("one => one === document.activeElement")
    assert axe(page) == []
    assert too_small(page) == []
    assert sideways(page) == 0

    page.get_by_role("link", name="Vul “Datum van het gesprek” in.").click()
    assert page.get_by_label("Datum van het gesprek").evaluate(
        "one => one === document.activeElement"
    )
    assert page.get_by_label("Datum van het gesprek").get_attribute("aria-invalid") == "true"


def test_a_question_appears_when_its_condition_is_met(page, adres):
    page.goto(adres)
    reden = page.get_by_label("Waarom niet?")
    assert not reden.is_visible()
    page.get_by_label("Nee").check()
    assert reden.is_visible()
    page.get_by_label("Ja", exact=True).check()
    assert not reden.is_visible()
    dialect = page.get_by_label("Welk dialect?")
    assert not dialect.is_visible()
    page.get_by_label("Tigrinya").check()
    assert dialect.is_visible()


def test_an_answer_that_is_out_of_view_counts_for_nothing_in_a_condition(page, keten):
    page.goto(keten)
    page.get_by_label("Ziek").check()
    briefje = page.get_by_label("Briefje")
    assert not briefje.is_visible()
    page.get_by_label("Ja", exact=True).first.check()
    assert not page.get_by_label("Ziek").is_visible()
    assert briefje.is_visible()  # the server asks for it, since there is no reason any more


def test_a_list_in_which_nothing_is_ticked_contains_nothing(page, keten):
    page.goto(keten)
    tolk = page.get_by_label("Tolk")
    assert not tolk.is_visible()
    page.get_by_label("Tigrinya").check()
    assert tolk.is_visible()
    page.get_by_label("Tigrinya").uncheck()
    assert not tolk.is_visible()


@pytest.mark.parametrize(
    ("getypt", "te_zien"),
    [("1 500", False), ("1500,5", False), ("12", True), ("1.500", True), ("", True), ("1e4", True)],
)
def test_a_number_is_read_as_the_server_reads_it(page, keten, getypt, te_zien):
    page.goto(keten)
    page.get_by_label("Uren").fill(getypt)
    assert page.get_by_label("Plan").is_visible() is te_zien


def test_a_text_is_compared_without_the_spaces_around_it(page, keten):
    page.goto(keten)
    page.get_by_label("Stad").fill(" Edam ")
    assert not page.get_by_label("Dorp").is_visible()
    page.get_by_label("Uren").fill("12")  # takes the town out of view
    assert page.get_by_label("Dorp").is_visible()


def test_the_server_asks_for_nothing_that_the_page_hides(page, serve):
    page.goto(_pagina(serve, ALLES))
    blad = forms.load(ALLES)
    kans = random.Random(2026)  # noqa: S311 - the same choices each time
    teksten = ["", "rood", "Edam", " Edam ", "12", "true"]
    ooit_weg: set[str] = set()
    for _ in range(150):
        antwoord = page.evaluate(
            VUL_IN,
            {
                "kleur": kans.sample(["rood", "2", "true"], kans.randint(0, 1)),
                "aantal": [kans.choice(["", "1", "2"])],
                "klopt": kans.sample(["true", "false"], kans.randint(0, 1)),
                "akkoord": kans.sample(["true"], kans.randint(0, 1)),
                "talen": kans.sample(["rood", "groen"], kans.randint(0, 2)),
                "uren": [kans.choice(["", "12", "12,5", "1 500", "1.500", "1500,0", "-3", "x"])],
                "stad": [kans.choice(teksten)],
                "dag": [kans.choice(["", "5-1-2026"])],
                "extra0": [kans.choice(teksten)],
                "extra1": [kans.choice(teksten)],
            },
        )
        gevraagd = set()
        try:
            forms.validate(blad, MultiDict(antwoord["paren"]), {}, now=NOW)
        except Invalid as onjuist:
            gevraagd = set(onjuist.fouten)
        assert sorted(gevraagd & set(antwoord["weg"])) == [], antwoord["paren"]
        ooit_weg |= set(antwoord["weg"])
    assert len(ooit_weg) > 0.6 * len(VOORWAARDEN)


def test_a_condition_in_a_row_reads_that_row(page, keten):
    page.goto(keten)
    einde = page.get_by_label("Einde")
    assert einde.is_visible()
    page.locator('[name="banen[0].vast"][value="ja"]').check()
    assert not einde.is_visible()


def test_what_the_facts_hide_is_not_on_the_page(page, adres):
    page.goto(adres)
    assert page.get_by_label("Afspraak over de Z-route").count() == 0


def test_a_form_is_filled_in_and_sent(page, adres):
    page.goto(adres)
    assert page.get_by_text("Samira Proef").is_visible()
    assert page.get_by_label("Taalniveau").input_value() == "A1"
    page.get_by_label("Datum van het gesprek").fill("2-3-2026")
    page.get_by_label("Ja", exact=True).check()
    page.get_by_label("Arabisch").check()
    page.get_by_label("Uren per week").fill("7,5")
    page.get_by_label("Burgerservicenummer").fill("1234.56.782")
    page.get_by_label("Ik heb gewezen").check()
    page.get_by_label("Land").fill("Eritrea")
    page.get_by_role("button", name="Rond de taak af").click()
    sent = json.loads(page.locator("body").inner_text())["feiten"]
    assert sent == [
        "bsn",
        "gesprekDatum",
        "gewezen",
        "opleidingen",
        "taalniveau",
        "talen",
        "uren",
        "verschenen",
    ]


def test_rows_come_and_go_and_every_field_is_there_without_javascript(browser, adres):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(adres)
    assert page.get_by_label("Waarom niet?").is_visible()
    page.get_by_label("Land").fill("Eritrea")
    page.get_by_role("button", name="Voeg een rij toe").click()
    assert page.get_by_label("Land").count() == 2
    assert page.get_by_label("Land").first.input_value() == "Eritrea"
    page.get_by_label("Land").nth(1).fill("Syrië")
    page.get_by_role("button", name="Haal rij 1 weg").click()
    assert page.get_by_label("Land").count() == 1
    assert page.get_by_label("Land").input_value() == "Syrië"
    context.close()


def test_enter_in_a_row_sends_the_form_and_adds_no_row(page, adres):
    page.goto(adres)
    page.get_by_label("Land").press("Enter")
    assert page.title().startswith("Fout:")
    assert page.get_by_label("Land").count() == 1
