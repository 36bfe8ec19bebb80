"""Text of somebody else stays text: on every page, for everybody, in every list that leaves."""

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from routeflow.store.models import Base, Feit, Gezinsband, Incident, Melding, Uren
from support.bladen import PAGINAS
from support.huis import MENSEN
from support.pagina import wrong_on

MERK = "zqx"
GIF = (
    f"=2+5<{MERK} onload={MERK}()>\"'><script>{MERK}()</script><img src=x on{MERK}=1>"
    "{{7*7}}{%raise%}${7*7}\u202e</title></textarea>--><!--"
)
KORT = f"=2+5<{MERK} on{MERK}=1>{{{{7*7}}}}"
NU = datetime(2026, 1, 6, 9, tzinfo=UTC)
# what people, partners and messages fill in, wherever it is kept
KOLOMMEN = {
    "dossier": ("naam", "zoek", "gesloten_reden"),
    "account": ("naam", "email"),
    "taak": ("naam", "grond", "vlag"),
    "deployment": ("reden", "door"),
    "journaal": ("door",),
    "feit": ("door",),
    "termijn": ("grond", "tekst", "uitleg", "atw_reden", "lengte"),
    "termijn_historie": ("door", "aanleiding"),
    "wekker": ("naam",),
    "token": ("naam",),
}


@pytest.fixture
def vergiftigd(huis):
    """A house in which every text that somebody could give says the same nasty thing."""
    with huis.store.sessions.begin() as session:
        for tabel, kolommen in KOLOMMEN.items():
            for kolom in kolommen:
                lengte = Base.metadata.tables[tabel].c[kolom].type.length
                session.execute(
                    text(f"UPDATE {tabel} SET {kolom} = :gif WHERE {kolom} IS NOT NULL"),  # noqa: S608
                    {"gif": GIF[:lengte]},
                )
        for feit in session.scalars(
            select(Feit).where(Feit.naam.in_(["telefoon", "gezondheid"]), Feit.tot.is_(None))
        ):
            feit.waarde = GIF
        session.add_all(
            [
                Incident(soort="route", bron="x", reden=GIF, element=GIF[:90], op=NU,
                         dossier_id=huis.dossier),
                Gezinsband(dossier_id=huis.dossier, soort="kind", naam=GIF, geboortejaar=2020,
                            op=NU, door=GIF),
                *(
                    Melding(partij=partij, rol=rol, dossier_id=huis.dossier, soort="melding",
                            tekst=GIF, op=NU)
                    for _, _, partij, rollen in MENSEN
                    for rol in rollen
                ),
                *(
                    Uren(dossier_id=huis.dossier, partij=partij, datum=NU.date(), soort="NT2",
                         kwartieren=4, aanwezig="aanwezig", opmerking=GIF, op=NU, door=GIF)
                    for partij in {partij for _, _, partij, _ in MENSEN}
                ),
            ]
        )  # fmt: skip
    return huis


@pytest.fixture
def adres(vergiftigd):
    plaatsen = {naam: str(taak) for naam, taak in vergiftigd.taken.items()}
    plaatsen |= {
        "dossier": str(vergiftigd.dossier),
        "account": vergiftigd.als("fatma").account_id(),
    }
    return lambda sjabloon: sjabloon.format(**plaatsen)


def fout_op(antwoord):
    if antwoord.mimetype == "application/zip":
        return []  # the set as it was uploaded
    gevonden = wrong_on(antwoord, MERK)
    if antwoord.mimetype == "text/html" and "=2+5<" in antwoord.text:
        gevonden.append("markup")
    if "=2+5" in antwoord.text and "{{7*7}}" not in antwoord.text:
        gevonden.append("template")
    if antwoord.mimetype == "text/csv":
        cellen = [
            cel
            for rij in csv.reader(io.StringIO(antwoord.text.lstrip("\ufeff")), delimiter=";")
            for cel in rij
        ]
        gevonden += [cel for cel in cellen if cel.startswith(("=", "+", "@"))]
    return gevonden


@pytest.mark.parametrize("login", sorted(login for login, *_ in MENSEN))
def test_no_page_lets_it_become_anything_but_text(vergiftigd, adres, login):
    browser = vergiftigd.als(login)
    gezien = {sjabloon: browser.get(adres(sjabloon)) for sjabloon in PAGINAS}
    assert {sjabloon: fout for sjabloon, een in gezien.items() if (fout := fout_op(een))} == {}
    assert any(GIF[:8] in een.text or "=2+5&lt;" in een.text for een in gezien.values())


VRAGEN = ("zoek", "fase", "tab", "partij", "rol", "onderdeel", "groep", "na", "pagina", "termijn")


@pytest.mark.parametrize("sjabloon", [een for een in PAGINAS if "{" not in een and "?" not in een])
def test_what_stands_in_an_address_becomes_no_markup_either(huis, sjabloon):
    browser = huis.als("marjan")
    antwoord = browser.get(sjabloon, query_string=dict.fromkeys(VRAGEN, KORT))
    assert antwoord.status_code < 500
    assert fout_op(antwoord) == []
