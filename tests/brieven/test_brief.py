"""Letters: every kind is whole, in plain Dutch and in the language of the person, and tagged."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html as pages
from weasyprint import HTML

from routeflow.brieven import pdf
from routeflow.brieven.brief import SOORTEN, Afzender, Brief, html
from routeflow.inburgering.sancties import PLICHTEN_ART_23

PROJECT = Path(__file__).parents[2]
WAARDEN = {
    "dag": date(2026, 1, 26),
    "plaats": "Stadhuis, zaal 2",
    "plicht": "de brede intake doen",
    "wat": "U kwam niet naar de afspraak.",
    "bedrag": Decimal(250),
    "motivering": "U gaf geen reden.",
    "gedragingOp": date(2026, 1, 5),
    "stap": "Kom naar de les",
    "verwijt": "normaal",
    "betalen": date(2026, 2, 24),
    "bezwaar": date(2026, 2, 23),
    "nieuw": date(2026, 3, 2),
    "berekening": "Het hoogste bedrag is 250 euro (Besluit artikel 7.1).\n- Niet verlaagd.",
}


GEMEENTE = Afzender(
    "Gemeente Purmerend",
    postadres="Postbus 1, 1440 AA Purmerend",
    telefoon="0299 00 00 00",
    email="post@purmerend.example",
)


def letter(soort, taal="", **more):
    waarden = {veld.naam: WAARDEN[veld.naam] for veld in SOORTEN[soort].velden}
    given = {"naam": "Amina Yusuf", "nummer": "2026-00001", "gemeente": GEMEENTE}
    return Brief(
        soort=soort,
        vandaag=date(2026, 1, 12),
        waarden=waarden | more.pop("waarden", {}),
        voorkeurstaal=taal,
        **given,
        **more,
    )


def sections(brief):
    return {deel.get("lang"): deel for deel in pages.fromstring(html(brief)).iter("section")}


@pytest.mark.parametrize("soort", SOORTEN)
def test_every_letter_says_all_that_it_must_and_whom_to_ask(soort):
    deel = sections(letter(soort, contact="Fatma Yildiz", contact_email="f@x.nl"))["nl"]
    tekst = " ".join(deel.text_content().split())
    for woord in ("Amina Yusuf", "2026-00001", "Fatma Yildiz", "f@x.nl", "tolk"):
        assert woord in tekst
    shown = {
        "dag": "maandag 26 januari 2026",
        "gedragingOp": "maandag 5 januari 2026",
        "betalen": "dinsdag 24 februari 2026",
        "bezwaar": "maandag 23 februari 2026",
        "nieuw": "maandag 2 maart 2026",
        "bedrag": "€ 250,00",
        "berekening": "Het hoogste bedrag is 250 euro",
    }
    for veld in SOORTEN[soort].velden:
        assert shown.get(veld.naam, WAARDEN[veld.naam]) in tekst
    assert len(deel.findall(".//h1")) == 1


@pytest.mark.parametrize("soort", SOORTEN)
def test_sentences_are_short_enough_to_read(soort):
    deel = sections(letter(soort))["nl"]
    alineas = [" ".join(alinea.text_content().split()) for alinea in deel.iter("p")]
    zinnen = [zin for alinea in alineas for zin in re.split(r"[.?:!] ", alinea)]
    assert max(len(zin.split()) for zin in zinnen) <= 20


@pytest.mark.parametrize(
    ("voorkeurstaal", "talen"),
    [
        ("Arabisch", ["ar", "nl"]),
        ("engels", ["en", "nl"]),
        ("Nederlands", ["nl"]),
        ("Tigrinya", ["nl"]),
        ("", ["nl"]),
    ],
)
def test_the_calls_are_in_the_language_of_the_person_and_in_dutch(voorkeurstaal, talen):
    for soort in ("oproep_intake", "herhaalde_oproep"):
        delen = sections(letter(soort, voorkeurstaal))
        assert list(delen) == talen
        assert [deel.get("dir") for deel in delen.values()] == [
            "rtl" if taal == "ar" else "ltr" for taal in talen
        ]


def test_without_a_text_in_the_language_an_interpreter_in_it_is_offered():
    assert (
        "in uw taal (Tigrinya)" in sections(letter("geen_gevolg", "Tigrinya"))["nl"].text_content()
    )
    assert "(Nederlands)" not in sections(letter("geen_gevolg", "Nederlands"))["nl"].text_content()


def test_the_person_is_told_of_silence_of_hearing_and_of_objection():
    assert "altijd zwijgen" in html(letter("voornemen"))
    assert "bezwaar maken" in html(letter("besluit_boete"))
    assert "Vertel ons waarom" in html(letter("herhaalde_oproep"))


@pytest.mark.parametrize(
    ("soort", "zinnen"),
    [
        (
            "voornemen",
            [
                "artikel 23 lid 1 van de Wet inburgering 2021",
                "rapport van artikel 5:48",
                "alle stukken zien",
                "artikel 4:8 en 5:50",
                "artikel 5:10a",
                "Iemand anders dan de schrijver van dit rapport besluit",
                "binnen dertien weken",
                "dat er niets volgt",
            ],
        ),
        (
            "besluit_boete",
            [
                "artikel 23 lid 1 van de Wet inburgering 2021",
                "artikel 4:87",
                "in delen te betalen",
                "college van burgemeester en wethouders",
                "is gratis",
                "voorlopige voorziening",
                "artikel 22 lid 2",
            ],
        ),
        ("geen_gevolg", ["artikel 5:43"]),
        ("waarschuwing", ["artikel 23 van de Wet inburgering 2021", "uw verhaal vertellen"]),
    ],
)
def test_a_letter_says_what_the_law_asks_of_it(soort, zinnen):
    tekst = " ".join(sections(letter(soort))["nl"].text_content().split())
    assert [zin for zin in zinnen if zin not in tekst] == []


@pytest.mark.parametrize("gemeente", ["Purmerend", "Gemeente Purmerend", "gemeente Purmerend"])
def test_a_letter_comes_from_the_gemeente_however_it_is_configured(gemeente):
    brief = replace(letter("besluit_boete"), gemeente=Afzender(gemeente))
    tekst = " ".join(sections(brief)["nl"].text_content().split())
    assert tekst.startswith("Gemeente Purmerend Aan:")
    assert tekst.endswith("Met vriendelijke groet,Gemeente Purmerend")
    assert "burgemeester en wethouders van Purmerend." in tekst


def test_a_gemeente_without_a_name_is_just_that():
    tekst = sections(replace(letter("besluit_boete"), gemeente=Afzender("Gemeente")))[
        "nl"
    ].text_content()
    assert "Gemeente Gemeente" not in tekst
    assert "burgemeester en wethouders. Zet" in tekst


@pytest.mark.parametrize("taal", ["nl", "en", "ar"])
def test_a_letter_says_where_it_comes_from_and_where_it_goes(taal):
    brief = letter("oproep_intake", taal, adres=("Waterlandplein 12", "1441 AB Purmerend"))
    tekst = " ".join(sections(brief)[taal].text_content().split())
    for regel in (
        "Postbus 1",
        "1440 AA Purmerend",
        "0299 00 00 00",
        "post@purmerend.example",
        "Waterlandplein 12",
        "1441 AB Purmerend",
    ):
        assert regel in tekst


def test_a_decision_says_where_to_object_and_a_proposal_where_to_write():
    bezwaar = sections(letter("besluit_boete"))["nl"].text_content()
    assert "wethouders van Purmerend, Postbus 1, 1440 AA Purmerend." in bezwaar
    assert "artikel 6:5" in bezwaar
    assert "online" not in bezwaar
    assert "een brief naar Postbus 1" in sections(letter("voornemen"))["nl"].text_content()
    online = replace(GEMEENTE, bezwaar_online="https://purmerend.example/bezwaar")
    tekst = sections(replace(letter("besluit_boete"), gemeente=online))["nl"].text_content()
    assert "Het kan ook online: https://purmerend.example/bezwaar." in tekst


@pytest.mark.parametrize("soort", ["waarschuwing", "voornemen", "besluit_boete", "geen_gevolg"])
@pytest.mark.parametrize("plicht", ["intake", *PLICHTEN_ART_23, "ontzorgen"])
def test_a_duty_is_told_as_something_that_somebody_can_do(soort, plicht):
    tekst = sections(letter(soort, waarden={"plicht": plicht}))["nl"].text_content()
    assert "volgen" in tekst or "meewerken aan" in tekst


def test_a_long_name_stays_on_the_paper():
    naam = "Mohammed" * 10
    [vel, *_] = HTML(string=html(replace(letter("geen_gevolg"), naam=naam))).render().pages
    breed = vel._page_box.width  # noqa: SLF001 - what stands where is told nowhere else
    rechts = [
        deel.position_x + deel.width
        for deel in vel._page_box.descendants()  # noqa: SLF001
        if hasattr(deel, "text")
    ]
    assert max(rechts) <= breed + vel._page_box.margin_left  # noqa: SLF001


def test_a_letter_about_the_intake_names_its_own_article():
    tekst = sections(letter("besluit_boete", waarden={"plicht": "intake"}))["nl"].text_content()
    assert "artikel 22 lid 1 van de Wet inburgering 2021" in tekst
    assert "artikel 23" not in tekst


@pytest.mark.parametrize(
    ("soort", "taal", "vertaler"),
    [
        ("voornemen", "Tigrinya", "Tigrinya"),
        ("besluit_boete", "Arabisch", "Arabisch"),
        ("besluit_boete", "Nederlands", ""),
        ("besluit_boete", "", ""),
        ("oproep_intake", "Tigrinya", ""),
        ("geen_gevolg", "Tigrinya", ""),
    ],
)
def test_what_may_cost_money_is_for_a_sworn_translator(soort, taal, vertaler):
    assert letter(soort, taal).vertaler == vertaler


def test_what_people_wrote_is_never_read_as_a_page_or_a_template():
    hostile = "<img src='http://x/'>{{ 7 * 7 }}"
    page = html(letter("waarschuwing", hostile, waarden={"wat": hostile, "plicht": hostile}))
    assert "<img" not in page
    assert "49" not in page


@pytest.mark.parametrize("taal", ["", "Arabisch"])
def test_the_pdf_is_tagged_and_holds_its_fonts(taal):
    sheet = pdf(html(letter("oproep_intake", taal)))
    assert sheet.startswith(b"%PDF-")
    document = HTML(string=html(letter("oproep_intake", taal))).render()
    assert len(document.pages) == (2 if taal else 1)
    titles = [text for page in document.pages for level, text, *_ in page.bookmarks if level == 1]
    assert titles[-1] == "Uitnodiging: gesprek voor uw inburgering"
    assert b"/StructTreeRoot" in pdf_text(sheet)


def pdf_text(sheet):
    """Return the file with its compressed streams opened."""
    import zlib  # noqa: PLC0415

    parts = [sheet]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", sheet, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"".join(parts)


def test_the_modeller_offers_every_letter():
    templates = json.loads((PROJECT / "processes/element-templates/routeflow.json").read_text())
    (offered,) = (
        [keuze["value"] for keuze in vraag["choices"]]
        for een in templates
        for vraag in een["properties"]
        if vraag.get("id") == "brief"
    )
    assert offered == list(SOORTEN)


def test_the_diagrams_name_only_letters_that_exist():
    named = {
        naam
        for path in (PROJECT / "processes").glob("*.bpmn")
        for naam in re.findall(r'name="brief" value="([^"]+)"', path.read_text())
    }
    assert named >= {"oproep_intake", "herhaalde_oproep"}
    assert named <= SOORTEN.keys()
