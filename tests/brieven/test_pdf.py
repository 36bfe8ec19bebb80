"""A letter is a tagged PDF, and making one calls nobody."""

import re
import subprocess
import sys
import zlib

import pytest

from routeflow.brieven import pdf

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
