"""A letter is a tagged PDF, and making one calls nobody."""

import re
import subprocess
import sys
import zlib
from datetime import date
from time import process_time

import pytest

from routeflow.brieven import op_papier, pdf
from routeflow.brieven.brief import Afzender, Brief
from routeflow.brieven.brief import html as brief_html

BRIEF = '<html lang="nl"><head><title>Brief</title></head><body><h1>Dag</h1>{}</body></html>'


def test_it_is_a_tagged_pdf_with_its_language_and_title():
    inhoud = pdf(BRIEF.format("<p>€ 25</p>"))
    assert inhoud.startswith(b"%PDF-1.7")
    alles = inhoud + b"".join(
        zlib.decompress(deel)
        for deel in re.findall(rb"stream\n(x.*?)\nendstream", inhoud, re.DOTALL)
    )
    for merk in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert merk in alles


@pytest.mark.parametrize(
    "deel",
    [
        '<img src="http://127.0.0.1:9/x.png" alt="">',
        '<img src="file:///etc/passwd" alt="">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    ],
)
def test_nothing_is_fetched(deel, monkeypatch):
    def geen_net(*_):
        raise AssertionError("er is iets opgehaald")

    monkeypatch.setattr("socket.socket.connect", geen_net)
    assert pdf(BRIEF.format(deel)).startswith(b"%PDF")


def test_loading_the_product_does_not_load_the_printer():
    code = "import routeflow.brieven, sys; sys.exit('weasyprint' in sys.modules)"
    klaar = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603
    assert klaar.returncode == 0


@pytest.mark.parametrize("teken", ["x", "<", "\u202e", "e\u0301", "\u0645", "een woord "])
def test_a_text_without_end_is_set_in_seconds(teken):
    lang = (teken * 200_000)[:150_000]
    blad = brief_html(
        Brief(
            soort="waarschuwing", naam="Amina", nummer="2026-00001", gemeente=Afzender("Purmerend"), vandaag=date(2026, 1, 12),
            waarden={"plicht": "de brede intake doen", "wat": lang, "dag": date(2026, 2, 2)},
        )
    )  # fmt: skip
    begin = process_time()
    assert pdf(blad).startswith(b"%PDF")
    assert process_time() - begin < 30
    assert "ingekort" in blad


def test_what_a_form_takes_is_told_whole_and_words_of_people_stay_whole():
    wat = "Arbeidsmarktparticipatiebegeleidingsgesprek " * 400
    assert op_papier(wat) == wat
    adres = "https://www.purmerend.nl/" + "a" * 50
    assert op_papier(adres) == adres
    assert op_papier("y" * 20_000).replace("\u200b", "") == "y" * 20_000
    assert op_papier(12) == 12
