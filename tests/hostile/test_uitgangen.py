"""Whatever leaves the product holds text of people as text: mail, calendar, paper, drawing, list."""

import csv
import io
from datetime import UTC, date, datetime
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from lxml import etree
from lxml import html as pages
from sqlalchemy import text

from routeflow import mail
from routeflow.brieven.besluitdossier import besluitdossier_html
from routeflow.brieven.overdracht import overdracht_html
from routeflow.commands import dossiers
from routeflow.config import Config
from routeflow.engine import svg
from routeflow.errors import Incident
from routeflow.store import open_store, transact
from routeflow.store.models import Gezinsband, Uren
from routeflow.store.queries.agenda import Dag
from routeflow.web import agenda, deur, taken
from support import aanvallen
from support.huis import BEGIN, OPENER, build_app, make_people, make_report, put_in_service
from support.klein import klein

MERK = "indringer"
NU = datetime(2026, 1, 6, 9, tzinfo=UTC)
GIF = (
    f"<{MERK} onload=x>\"'></td></style><script>{MERK}()</script><img src=http://127.0.0.1:9/x on{MERK}=1>"
    '<a href="javascript:x">{{7*7}}{%raise%}${7*7}{#x#}<![CDATA[<b>]]>&lt;'
)
REGELEINDEN = ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c"]
TEKENS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    " =",
    "'=",
    '"=',
    "\u00a0=",
    "\ufeff=",
]


def vreemd_in(blad):
    """Return the elements and attributes on a page that no template of ours has."""
    gevonden = []
    for element in pages.fromstring(blad).iter(etree.Element):
        if element.tag in {"script", "img", "iframe", "object", "a", "svg", MERK}:
            gevonden.append(element.tag)
        gevonden += [naam for naam in element.attrib if naam.startswith("on") or MERK in naam]
    return gevonden


def overal(waarde, gif):
    """Return the same structure with ``gif`` for each text in it."""
    if isinstance(waarde, dict):
        return {naam: overal(deel, gif) for naam, deel in waarde.items()}
    if isinstance(waarde, list):
        return [overal(deel, gif) for deel in waarde]
    return gif if waarde == "x" else waarde


STAP = {
    "taak": "x", "door": "x", "rol": "x", "gedaan": NU.isoformat(), "grond": "x", "waarborg": "x",
    "uiterlijk": "2026-01-05", "uitkomst": "x",
    "antwoorden": [{"naam": "x", "vraag": "x", "antwoord": "x"}, {"naam": "x", "vraag": None, "antwoord": ["x", {"a": "x"}]}],
}  # fmt: skip
BESLUIT = {
    "dossier": {"nummer": "2026-00001", "naam": "x"}, "besluit": STAP, "stappen": [STAP],
    "feiten": {"x": {"waarde": {"@type": "date", "@value": "2026-01-05"}, "door": "x", "sinds": NU.isoformat()},
               GIF: {"waarde": {GIF: "x"}, "door": "x", "sinds": NU.isoformat()}},
    "termijnen": [{"naam": "x", "uiterlijk": "2026-01-05", "grond": "x", "status": "x"}],
    "brieven": [{"soort": "x", "door": "x", "op": NU.isoformat(), "taal": "x", "sha256": "x"}],
    "versie": {"nummer": 1, "inDienst": NU.isoformat(), "door": "x", "sha256": "x"},
    "journaal": [{"nummer": 1, "op": NU.isoformat(), "door": "x", "wat": "x", "element": "x"}],
}  # fmt: skip
OVERDRACHT = {
    "dossier": {"nummer": "2026-00001", "naam": "x"}, "van": "x", "aan": "x", "gevraagdOp": "x", "door": "x",
    "op": NU.isoformat(), "grond": "x", "delen": [{"titel": "x", "regels": [{"naam": "x", "label": "x", "waarde": "x"}]}],
    "urenOpenMaanden": [{"soort": "x", "uren": "x"}],
    "boetes": [dict.fromkeys(("plicht", "bedrag", "vastgesteld", "bekendgemaakt", "onherroepelijk"), "x")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("maak", "inhoud"), [(besluitdossier_html, BESLUIT), (overdracht_html, OVERDRACHT)]
)
def test_on_paper_it_is_neither_markup_nor_template(maak, inhoud):
    blad = maak(overal(inhoud, GIF), sha256="0" * 64)
    assert vreemd_in(blad) == []
    assert "{{7*7}}{%raise%}" in pages.fromstring(blad).text_content()
    assert blad.lower().count("<style") == blad.lower().count("</style") == 1


@pytest.mark.parametrize("einde", [*REGELEINDEN, ""])
def test_in_a_calendar_it_begins_no_line_and_no_appointment(einde):
    boos = f"{einde}END:VEVENT{einde}BEGIN:VALARM{einde}ATTACH:javascript:x{einde}" * 3
    dag = Dag("taak", UUID(int=1), date(2026, 1, 5), "2026-00001", f"Naam{boos}", f"Grond{boos}",
              UUID(int=2))  # fmt: skip
    tekst = _met_adressen(partial(agenda.ics, [dag], NU))
    regels = tekst.encode().split(b"\r\n")
    assert max(map(len, regels)) <= 75
    heel = tekst.replace("\r\n ", "")
    assert [regel.partition(":")[0] for regel in heel.splitlines() if regel.startswith(("BEGIN", "END"))] == [
        "BEGIN", "BEGIN", "END", "END",
    ]  # fmt: skip
    assert not [regel for regel in heel.splitlines() if regel.startswith(("ATTACH", "VALARM"))]
    assert all(teken.isprintable() or teken in "\r\n" for teken in tekst)


def _met_adressen(werk):
    app = Flask(__name__)
    app.extensions["routeflow"] = deur.Huis(None, lambda: NU, lambda: NU, Config(adres="https://x"))
    app.register_blueprint(agenda.pages)
    app.register_blueprint(taken.pages)
    with app.test_request_context("/"):
        return werk()


def brief(**anders):
    gewoon = {
        "aan": "a@b.nl",
        "wie": "fatma",
        "onderwerp": "x",
        "tekst": "x",
        "html": "x",
        "op": NU,
    }
    return mail.Mail(**{**gewoon, **anders})


@pytest.mark.parametrize("einde", REGELEINDEN)
def test_in_the_head_of_a_mail_it_adds_no_line_and_no_reader(einde):
    for veld in ("onderwerp", "aan"):
        boos = f"a@b.nl{einde}Bcc: kwaad@example.org{einde}{einde}<script>"
        try:
            bericht = mail.maak(brief(**{veld: boos}), van="van@b.nl", sleutel="k")
        except Incident:
            continue
        kop = bericht.as_bytes().partition(b"\r\n\r\n")[0]
        namen = [
            regel.partition(b":")[0] for regel in kop.split(b"\r\n") if not regel.startswith(b" ")
        ]
        assert b"Bcc" not in namen
        assert len(namen) == len(set(namen))
        assert bericht["To"] == "a@b.nl"
    assert not mail.is_adres(f"a@b.nl{einde}")


@pytest.mark.parametrize(
    "adres",
    [
        "a@b, c@d",
        "A <a@b>",
        "a@b;c@d",
        "a@b c@d",
        '"a b"@c',
        "a@\u0432.nl",
        "a@b\u202e.nl",
        "@b",
        "a@",
        "a@b@c,d",
        "",
    ],
)
def test_what_is_more_or_less_than_one_address_gets_no_mail(adres):
    assert not mail.is_adres(adres)
    with pytest.raises(Incident):
        mail.verstuur(None, brief(aan=adres), sleutel="k")


@pytest.mark.parametrize("sjabloon", ["direct", "dagelijks"])
def test_in_the_body_of_a_mail_it_is_text(sjabloon):
    regel = mail.Regel(GIF, GIF, f'https://x/"{GIF}')
    gemaakt = mail.opstellen(
        sjabloon, {"regels": [regel], "meer": 1, "aantal": 1, "voorkeuren": f"https://x/{GIF}"}
    )
    assert {"script", "img", MERK}.isdisjoint(vreemd_in(gemaakt["html"]))
    assert "{{7*7}}" in gemaakt["html"]
    assert "\n" not in gemaakt["onderwerp"]


@pytest.mark.parametrize(
    "boos",
    [
        GIF,
        "javascript:x",
        "data:text/html,<script>x</script>",
        "]]><script>x</script>",
        "&#60;script&#62;x",
    ],
)
def test_in_a_drawing_it_is_text(boos):
    naam = aanvallen.named(boos)
    tekening = etree.fromstring(svg.render(naam, {"aanval_stap": boos}, title=boos).encode())
    soorten = {etree.QName(element).localname for element in tekening.iter(etree.Element)}
    assert soorten <= {"svg", "g", "rect", "text", "tspan", "title", "path", "circle", "polygon", "polyline", "line", "desc",
                       "defs", "marker", "ellipse"}  # fmt: skip
    for element in tekening.iter(etree.Element):
        assert not [
            een for een in element.attrib if een.startswith("on") or "href" in een or een == "style"
        ]


@pytest.fixture(scope="module")
def lijsten(tmp_path_factory, _databases):
    """A house with hours and a report; ``vul`` puts one text in every place that a list shows."""
    store = open_store(_databases.migrated())
    put_in_service(store, klein())
    make_people(store)
    make_report(store)
    gegevens = {"naam": "Amina", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    start = partial(dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=BEGIN)
    dossier = transact(store.sessions, start).id
    with store.sessions.begin() as session:
        session.add_all(
            Uren(dossier_id=dossier, partij=partij, datum=NU.date(), soort="NT2", kwartieren=4, aanwezig="aanwezig",
                 opmerking="x", op=NU, door="x")
            for partij in ("Gemeente", "IVIO")
        )  # fmt: skip
        session.add(
            Gezinsband(
                dossier_id=dossier, soort="kind", naam="x", geboortejaar=2020, op=NU, door="x"
            )
        )
    app = build_app(store, tmp_path_factory.mktemp("huis"))

    def vul(tekst):
        with store.sessions.begin() as session:
            for tabel, kolom in (
                ("uren", "opmerking"), ("uren", "soort"), ("dossier", "naam"), ("account", "naam"), ("taak", "naam"),
                ("taak", "grond"), ("termijn", "grond"), ("termijn", "tekst"),
            ):  # fmt: skip
                if (tabel, kolom) != ("uren", "soort"):
                    session.execute(text(f"UPDATE {tabel} SET {kolom} = :t"), {"t": tekst})  # noqa: S608

    yield (app, store), vul
    store.close()


UITVOER = {
    "/uren/maand.csv?maand=2026-01": ("fatma", "ruud"),
    "/uren/voorbeeld.csv": ("ruud",),
    "/termijnen/termijnen.csv": ("fatma", "marjan"),
    "/rapport/2026-01-05.csv": ("marjan", "esther"),
}


def test_every_list_that_can_be_downloaded_is_tried(lijsten):
    (app, _), _ = lijsten
    regels = {regel.rule for regel in app.url_map.iter_rules() if regel.rule.endswith(".csv")}
    assert len(regels) == len(UITVOER)


@pytest.mark.parametrize("teken", TEKENS)
def test_in_a_list_that_is_downloaded_no_cell_is_a_formula(lijsten, als, teken):
    huis, vul = lijsten
    vul(f"{teken}1+1{MERK}")
    gezien = 0
    for pad, wie in UITVOER.items():
        for login in wie:
            antwoord = als(huis, login).get(pad)
            assert (antwoord.status_code, antwoord.mimetype) == (200, "text/csv"), pad
            assert antwoord.headers["Content-Disposition"].startswith('attachment; filename="')
            inhoud = antwoord.data.decode("utf-8-sig")
            for rij in csv.reader(io.StringIO(inhoud, newline=""), delimiter=";", strict=True):
                for cel in rij:
                    assert not cel.lstrip(' \u00a0\ufeff"').startswith(
                        tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
                    ), (pad, cel)
                    gezien += MERK in cel
    assert gezien > 0
