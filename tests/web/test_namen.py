"""A name that runs from right to left leaves the words and numbers beside it where they are."""

from functools import partial

import pytest

from routeflow.commands import dossiers
from routeflow.store import transact
from support.huis import BEGIN, OPENER

NAAM = "أمينة يوسف"
APART = f"\u2068{NAAM}\u2069"


@pytest.fixture
def amina(huis):
    gegevens = {
        "naam": NAAM,
        "doelgroep": "asielstatushouder",
        "leerroute": "B1",
        "gezondheid": "Kan niet lang staan",
    }
    start = partial(dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=BEGIN)
    return huis, transact(huis.store.sessions, start).id


PAGINAS = [
    ("fatma", "/dossiers/?zoek=2026-00002"),
    ("fatma", "/dossiers/{id}"),
    ("fatma", "/dossiers/{id}/gezin"),
    ("fatma", "/dossiers/{id}/bericht"),
    ("fatma", "/dossiers/{id}/brieven"),
    ("fatma", "/werklijst/?tab=team"),
    ("fatma", "/termijnen/"),
    ("ruud", "/uren/?groep=alle"),
    ("ruud", "/uren/maand"),
    ("ruud", "/uren/persoon/{id}"),
]


@pytest.mark.parametrize(("wie", "pad"), PAGINAS)
def test_a_name_stands_apart_in_every_text_and_whole_in_what_is_sent_back(amina, wie, pad):
    huis, ident = amina
    pagina = huis.als(wie).get(pad.format(id=ident)).text
    assert APART in pagina
    kaal = pagina.replace(APART, "").replace(f'value="{NAAM}"', "")
    assert NAAM not in kaal


def test_a_taak_keeps_it_apart_in_its_title_and_its_crumbs(amina):
    huis, ident = amina
    fatma = huis.als("fatma")
    dossier = fatma.get(f"/dossiers/{ident}").text
    taak = dossier.split('href="/taken/')[1].split('"')[0]
    pagina = fatma.get(f"/taken/{taak}").text
    assert f"– {APART} –" in pagina.split("</title>")[0]
    assert f"{APART} · 2026-00002" in pagina
    assert NAAM not in pagina.replace(APART, "")


def test_a_name_from_left_to_right_is_shown_as_it_is(huis):
    pagina = huis.als("fatma").get(f"/dossiers/{huis.dossier}").text
    assert "Amina Yusuf" in pagina
    assert "\u2068" not in pagina
