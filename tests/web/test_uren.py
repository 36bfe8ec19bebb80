"""Hours on the pages: a day for a group, the month, one person, a file; all without JavaScript."""

import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers
from routeflow.config import Config
from routeflow.inburgering.uren import Teller
from routeflow.store import read, transact
from routeflow.store.models import Dossier, Uren
from routeflow.web.weergave import verwachting
from routeflow.worker import run_due
from support.huis import BEGIN, OPENER, project_set, put_in_service

KOP = "dossier;datum;soort;uren;aanwezig;fysiek;opmerking"


def tekst(antwoord):
    return antwoord.get_data(as_text=True)


def rijen(huis):
    return read(huis.store.sessions, lambda s: list(s.scalars(select(Uren).order_by(Uren.id))))


def velden(ident, uren="3", **anders):
    """The fields of one row as a browser sends them."""
    rij = {"soort": "NT2", "uren": uren, "aanwezig": "aanwezig", "fysiek": "ja", "opmerking": ""}
    return {f"{naam}-{ident}": wat for naam, wat in (rij | anders).items()}


@pytest.fixture
def school(huis):
    """Two people of whom IVIO registers the hours of December; the month is over."""
    put_in_service(huis.store, project_set())
    idents = []
    for naam in ("Nour Proef", "Bilal Aziz"):
        gegevens = {
            "naam": naam, "doelgroep": "asielstatushouder", "leerroute": "B1",
            "dagtekening": date(2025, 12, 1), "termijnStart": date(2025, 12, 2),
        }  # fmt: skip
        start = partial(
            dossiers.start_dossier, gegevens=gegevens, proces="p09_uren", by=OPENER,
            now=datetime(2025, 12, 1, 9, tzinfo=BEGIN.tzinfo),
        )  # fmt: skip
        idents.append(transact(huis.store.sessions, start).id)
    run_due(huis.store, Config(), BEGIN)
    return huis, *idents


def nummer(huis, ident):
    return read(huis.store.sessions, lambda s: s.get(Dossier, ident).nummer)


def test_a_day_is_written_for_a_whole_group_at_once(school):
    huis, nour, bilal = school
    ruud = huis.als("ruud")
    assert "Bilal Aziz" in tekst(ruud.get("/uren/?dag=12-12-2025"))
    velden_ = velden(nour) | velden(bilal, "1,5", soort="KNM", fysiek="nee")
    uit = ruud.post("/uren/", {"dag": "12-12-2025", "dossier": [nour, bilal], **velden_})
    assert uit.status_code == 303
    assert [(een.dossier_id, een.soort, een.kwartieren, een.fysiek) for een in rijen(huis)] == [
        (nour, "NT2", 12, True),
        (bilal, "KNM", 6, False),
    ]


def test_the_next_day_begins_with_the_people_and_the_kind_of_the_last_one(school):
    huis, nour, bilal = school
    ruud = huis.als("ruud")
    ruud.post("/uren/", {"dag": "11-12-2025", "dossier": [bilal], **velden(bilal, soort="KNM")})
    pagina = tekst(ruud.get("/uren/?dag=12-12-2025"))
    assert "Bilal Aziz" in pagina
    assert "Nour Proef" not in pagina
    assert '<option value="KNM" selected>' in pagina
    assert "vorige keer 3" in pagina
    assert "Nour Proef" in tekst(ruud.get("/uren/?dag=12-12-2025&groep=B1"))
    assert str(nour) in tekst(ruud.get("/uren/?dag=12-12-2025&groep=alle"))


def test_one_wrong_row_keeps_nothing_and_the_page_keeps_what_was_typed(school):
    huis, nour, bilal = school
    uit = huis.als("ruud").post(
        "/uren/",
        {
            "dag": "12-12-2025", "groep": "alle", "dossier": [nour, bilal],
            **velden(nour, "2,75"), **velden(bilal, "veel"),
        },
    )  # fmt: skip
    assert uit.status_code == 422
    assert 'value="2,75"' in tekst(uit)
    assert f'href="#uren-{bilal}"' in tekst(uit)
    assert "Fout: Uren" in tekst(uit)
    assert rijen(huis) == []


def test_every_wrong_row_is_told_at_once(school):
    huis, nour, bilal = school
    vel = {"dag": "12-12-2025", "groep": "alle", "dossier": [nour, bilal]}
    pagina = tekst(
        huis.als("ruud").post("/uren/", vel | velden(nour, "veel") | velden(bilal, "13"))
    )
    assert "als getal" in pagina
    assert "Meer dan 12 uur" in pagina
    assert rijen(huis) == []


def test_hours_of_pvt_and_map_are_not_offered_but_told_where_they_go(school):
    huis, _, _ = school
    pagina = tekst(huis.als("ruud").get("/uren/?dag=12-12-2025&groep=alle"))
    assert '<option value="participatie">' in pagina
    assert '<option value="MAP">' not in pagina
    assert "Uren PVT en MAP registreert u niet hier" in pagina


def test_who_gives_no_lessons_writes_participation_and_needs_no_list_for_it(huis):
    bram = huis.als("bram")
    pagina = tekst(bram.get("/uren/?groep=alle"))
    assert f'<input type="hidden" name="soort-{huis.dossier}" value="participatie">' in pagina
    assert "Uren PVT en MAP" not in pagina
    vel = {"dag": "09-01-2026", "dossier": [huis.dossier], **velden(huis.dossier)}
    assert "Kies uit: participatie." in tekst(bram.post("/uren/", vel))
    vel[f"soort-{huis.dossier}"] = "participatie"
    assert bram.post("/uren/", vel).status_code == 303


def test_a_form_that_is_sent_twice_counts_once(school):
    huis, nour, _ = school
    ruud = huis.als("ruud")
    vel = {"dag": "12-12-2025", "dossier": [nour], **velden(nour)}
    assert [ruud.post("/uren/", vel).status_code for _ in range(2)] == [303, 422]
    assert len(rijen(huis)) == 1


@pytest.mark.parametrize("uren", ["", "NaN", "1e9", "0,1", "-1", "13"])
def test_odd_hours_are_never_kept(school, uren):
    huis, nour, _ = school
    vel = {"dag": "12-12-2025", "dossier": [nour], **velden(nour, uren)}
    assert huis.als("ruud").post("/uren/", vel).status_code == (422 if uren else 303)
    assert rijen(huis) == []


def test_another_school_sees_nobody_and_writes_nothing(school):
    huis, nour, _ = school
    ineke = huis.als("ineke")
    assert "Nour" not in tekst(ineke.get("/uren/?groep=alle"))
    vel = {"dag": "12-12-2025", "dossier": [nour], **velden(nour)}
    assert ineke.post("/uren/", vel).status_code == 422
    assert "Nour" not in tekst(ineke.get("/uren/maand?maand=2025-12"))
    assert ineke.get(f"/uren/persoon/{nour}").status_code == 403
    assert rijen(huis) == []


def test_the_months_of_all_are_closed_at_once_and_each_is_told(school):
    huis, nour, bilal = school
    ruud = huis.als("ruud")
    ruud.post("/uren/", {"dag": "12-12-2025", "dossier": [nour], **velden(nour)})
    pagina = tekst(ruud.get("/uren/maand?maand=2025-12"))
    assert "3 uur NT2" in pagina
    taken = [deel.split('"')[0] for deel in pagina.split('name="taak" value="')[1:]]
    namen = {f"naam-{taak}": wie for taak, wie in zip(taken, ("Nour", "Bilal"), strict=True)}
    ruud.post("/uren/maand/sluit", {"maand": "2025-12", "taak": taken, **namen})
    pagina = tekst(ruud.get("/uren/maand?maand=2025-12"))
    assert pagina.count("de maand is afgesloten") == len([nour, bilal])
    assert 'name="taak"' not in pagina
    assert rijen(huis)[0].afgesloten_op == BEGIN


def test_the_taak_of_a_month_leads_to_its_lines_and_takes_no_sums_beside_them(school):
    huis, _, _ = school
    ruud = huis.als("ruud")
    lijst = tekst(ruud.get("/werklijst/?tab=te-verdelen"))
    pad = re.search(r'href="(/taken/[^"]+)">Registreer uren', lijst)[1]
    pagina = tekst(ruud.get(pad))
    assert 'name="nt2"' in pagina
    assert 'href="/uren/maand"' in pagina
    wie = re.search(r'href="/dossiers/([0-9a-f-]+)"', pagina)[1]
    ruud.post("/uren/", {"dag": "10-12-2025", "dossier": [wie], **velden(wie)})
    pagina = tekst(ruud.get(pad))
    assert "Er staan al uren per dag opgeschreven." in pagina
    assert 'name="nt2"' not in pagina
    assert 'href="/uren/maand"' in pagina
    assert ruud.post(pad, {"nt2": "3"}).status_code == 409


def test_a_line_is_taken_back_until_its_month_is_closed(school):
    huis, nour, _ = school
    ruud = huis.als("ruud")
    for uren in ("3", "2"):
        ruud.post("/uren/", {"dag": "12-12-2025", "dossier": [nour], **velden(nour, uren)})
    weg, blijft = rijen(huis)
    assert ruud.post(f"/uren/{weg.id}/terug").status_code == 303
    pagina = tekst(ruud.get(f"/uren/persoon/{nour}"))
    assert f"/uren/{blijft.id}/terug" in pagina
    assert f"/uren/{weg.id}/terug" not in pagina
    assert ruud.post(f"/uren/{weg.id}/terug").status_code == 404
    assert huis.als("ineke").post(f"/uren/{blijft.id}/terug").status_code == 404


def bestand(*regels):
    return {"bestand": (io.BytesIO("\n".join((KOP, *regels)).encode()), "uren.csv")}


def test_a_file_is_looked_at_before_it_is_read_in(school):
    huis, nour, _ = school
    ruud = huis.als("ruud")
    regel = f"{nummer(huis, nour)};12-12-2025;NT2;3;aanwezig;ja;"
    gezien = tekst(ruud.post("/uren/bestand", {"doe": "bekijk", **bestand(regel)}))
    assert "1 regel voor 1 persoon" in gezien
    assert rijen(huis) == []
    inhoud = gezien.split('name="inhoud" value="')[1].split('"')[0]
    assert ruud.post("/uren/bestand", {"doe": "inlezen", "inhoud": inhoud}).status_code == 303
    assert len(rijen(huis)) == 1


def test_what_is_wrong_in_a_file_is_told_by_line_and_nothing_is_read(school):
    huis, nour, _ = school
    goed = f"{nummer(huis, nour)};12-12-2025;NT2;3;aanwezig;ja;"
    uit = huis.als("ruud").post(
        "/uren/bestand", {"doe": "inlezen", **bestand(goed, "0000-1;12-12-2025;NT2;3;;;")}
    )
    assert uit.status_code == 422
    assert "<strong>Regel 3:</strong>" in tekst(uit)
    assert rijen(huis) == []


def test_a_long_file_can_be_read_in_after_it_was_looked_at(school):
    huis, nour, _ = school
    dagen = [date(2023, 1, 1) + timedelta(days=nummer) for nummer in range(900)]
    regels = [f"{nummer(huis, nour)};{dag:%d-%m-%Y};NT2;3;aanwezig;ja;{'x' * 90}" for dag in dagen]
    ruud = huis.als("ruud")
    gezien = tekst(ruud.post("/uren/bestand", {"doe": "bekijk", **bestand(*regels)}))
    inhoud = gezien.split('name="inhoud" value="')[1].split('"')[0]
    assert len(inhoud) > 150_000
    vel = {"doe": "inlezen", "inhoud": inhoud}
    uit = ruud.post("/uren/bestand", vel, content_type="multipart/form-data")
    assert uit.status_code == 303
    assert len(rijen(huis)) == 900


def test_a_file_with_signs_that_are_no_text_is_refused_in_words(school):
    huis, nour, _ = school
    regel = f"{nummer(huis, nour)};12-12-2025;NT2;3;aanwezig;ja;a\0b"
    for doe in ("bekijk", "inlezen"):
        uit = huis.als("ruud").post("/uren/bestand", {"doe": doe, **bestand(regel)})
        assert (uit.status_code, "Dit is geen tekst" in tekst(uit)) == (422, True)
    assert rijen(huis) == []


def test_no_file_at_all_is_told_too(school):
    huis, *_ = school
    uit = huis.als("ruud").post("/uren/bestand", {"doe": "inlezen", "inhoud": "%%"})
    assert (uit.status_code, "Kies eerst een bestand" in tekst(uit)) == (422, True)


def test_what_is_downloaded_can_be_read_in_again(school):
    huis, nour, _ = school
    ruud = huis.als("ruud")
    vel = velden(nour, "1,5", fysiek="nee", opmerking="=1+1")
    ruud.post("/uren/", {"dag": "12-12-2025", "dossier": [nour], **vel})
    uit = ruud.get("/uren/maand.csv?maand=2025-12").data
    ruud.post(f"/uren/{rijen(huis)[0].id}/terug")
    vel = {"doe": "inlezen", "bestand": (io.BytesIO(uit), "maand.csv")}
    assert ruud.post("/uren/bestand", vel).status_code == 303
    assert [(een.kwartieren, een.fysiek, een.opmerking) for een in rijen(huis)] == [
        (6, False, "=1+1"),
        (6, False, "'=1+1"),
    ]


@pytest.mark.parametrize("gek", ["gisteren", "1-13-2026", "13-01-2026", "31-12-1999"])
def test_another_day_than_was_asked_is_never_shown_without_a_word(school, gek):
    pagina = tekst(school[0].als("ruud").get(f"/uren/?dag={gek}"))
    assert f"“{gek}” kan niet." in pagina
    assert 'href="#dag"' in pagina
    assert 'id="dag" name="dag" value="12-01-2026"' in pagina
    assert "kan niet." not in tekst(school[0].als("ruud").get("/uren/?dag="))


def test_a_day_or_month_that_is_none_falls_back_on_today(school):
    huis, nour, _ = school
    ruud = huis.als("ruud")
    assert "12 januari 2026" in tekst(ruud.get("/uren/?dag=gisteren"))
    for gek in ("x", "2026-13", "0-0", "99999-1", "9999-12"):
        assert ruud.get(f"/uren/maand?maand={gek}").status_code == 200
    for gek in ("01-01-0001", "31-12-9999"):
        assert ruud.get(f"/uren/?dag={gek}").status_code == 200
        uit = ruud.post("/uren/", {"dag": gek, "dossier": [nour], **velden(nour)})
        assert uit.status_code in {303, 422}
    uit = ruud.post("/uren/", {"dag": "32-01-2026"})
    assert (uit.status_code, "dag-maand-jaar" in tekst(uit)) == (422, True)


def test_a_dossier_shows_its_hours_against_the_norm_for_whose_work_it_is(school):
    huis, nour, _ = school
    huis.als("ruud").post("/uren/", {"dag": "12-12-2025", "dossier": [nour], **velden(nour)})
    pagina = tekst(huis.als("fatma").get(f"/dossiers/{nour}"))
    assert "3 van 600 uur" in pagina
    assert "loopt achter: " in pagina
    assert "uur per week nodig tot 01-12-2028" in pagina
    assert "0 van 12 uur" in pagina
    school_ziet = tekst(huis.als("ruud").get(f"/dossiers/{nour}"))
    assert "van 12 uur" not in school_ziet


def test_the_forecast_says_what_is_needed_and_blames_nobody():
    teller = Teller("pvt", "PVT", Decimal(2), 12, "", "op koers")
    assert verwachting(teller) == "op koers"
    laat = replace(teller, koers="loopt achter", per_week=Decimal("7.5"), eind=date(2028, 12, 31))
    assert verwachting(laat) == "loopt achter: 7,5 uur per week nodig tot 31-12-2028"
    nog_niets = replace(laat, gemaakt=Decimal(0))
    assert verwachting(nog_niets).startswith("nog geen uren: 7,5 uur per week nodig")
