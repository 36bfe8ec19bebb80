"""Periods on the pages: words with colour, where they come from, what may be done, and who saw it."""

import csv
import io
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers, hartslag
from routeflow.config import Config
from routeflow.store import read, transact
from routeflow.store.models import Account, Dossier, DossierTermijn, TermijnBewijs
from routeflow.web.termijnen import rest
from routeflow.worker import run_due
from support.huis import BEGIN, OPENER

BEZWAAR = "/dossiers/{}/termijnen/besluit_bezwaar"


def tekst(antwoord):
    return antwoord.get_data(as_text=True)


def rijen(huis, naam):
    vraag = select(DossierTermijn).where(
        DossierTermijn.dossier_id == huis.dossier, DossierTermijn.naam == naam
    )
    return read(huis.store.sessions, lambda s: list(s.scalars(vraag)))


def gezien(huis):
    vraag = select(TermijnBewijs).where(TermijnBewijs.soort == "gezien").order_by(TermijnBewijs.id)
    return [
        (een.naam, een.door) for een in read(huis.store.sessions, lambda s: list(s.scalars(vraag)))
    ]


def wijzig(huis, **feiten):
    act = partial(
        dossiers.wijzig_feiten,
        dossier_id=huis.dossier,
        feiten=feiten,
        reden="test",
        by=OPENER,
        now=BEGIN,
    )
    transact(huis.store.sessions, act)


@pytest.mark.parametrize(
    ("anders", "dag", "woorden"),
    [
        ({}, date(2026, 3, 6), ("bijna", "nog 12 dagen")),
        ({}, date(2026, 3, 18), ("nu", "vandaag de laatste dag")),
        ({}, date(2026, 3, 21), ("te-laat", "verstreken sinds 3 dagen")),
        ({}, date(2026, 3, 19), ("te-laat", "verstreken sinds 1 dag")),
        ({}, date(2026, 2, 1), ("ruim", "nog 6 weken")),
        ({}, date(2025, 3, 18), ("ruim", "nog 12 maanden")),
        ({"naam": "ontzorgen", "soort": "duur"}, date(2026, 4, 1), ("wacht", "voorbij")),
        (
            {"naam": "verlengingsvenster", "soort": "venster", "begin": date(2026, 2, 1)},
            date(2026, 1, 5),
            ("ruim", "kan vanaf 1 februari 2026"),
        ),
        (
            {"status": "wacht", "wacht_op": "kennisgeving", "uiterlijk": None},
            date(2026, 1, 5),
            ("wacht", "wacht op kennisgeving van DUO"),
        ),
        ({"status": "vervallen"}, date(2026, 1, 5), ("wacht", "geldt niet meer")),
        (
            {"status": "gehaald", "gehaald_op": date(2026, 3, 20), "op_tijd": False},
            date(2026, 5, 1),
            ("bijna", "gehaald op 20 maart 2026, na de laatste dag"),
        ),
        (
            {
                "naam": "besluit_bezwaar",
                "status": "opgeschort",
                "uiterlijk": None,
                "feiten": {
                    "ingrepen": [
                        {
                            "termijn": "besluit_bezwaar",
                            "soort": "opschorting",
                            "van": "2026-03-02",
                            "tot": None,
                            "grond": "x",
                        }
                    ]
                },
            },
            date(2026, 3, 9),
            ("info", "staat stil sinds 2 maart 2026"),
        ),
    ],
)
def test_how_much_is_left_is_told_in_words_with_a_colour(anders, dag, woorden):
    gewoon = {"naam": "pip", "soort": "uiterlijk", "status": "loopt", "feiten": {}}
    rij = DossierTermijn(**gewoon | {"uiterlijk": date(2026, 3, 18)} | anders)
    over = rest(rij, dag)
    assert (over.toon, over.tekst) == woorden


def test_the_dossier_shows_its_periods_with_article_text_and_the_termijnenwet(huis):
    pagina = tekst(huis.als("fatma").get(f"/dossiers/{huis.dossier}"))
    assert "nog 9 weken" in pagina
    assert "Besluit 5.3 lid 1" in pagina
    assert "Besluit inburgering 2021, tekst van 2-4-2026" in pagina
    assert "Atw art. 1 en 5: de termijn staat in een algemene maatregel van bestuur" in pagina
    assert "wacht op dagtekening van het PIP" in pagina


def test_what_was_not_read_of_the_law_stands_once_on_the_page(huis):
    pagina = tekst(huis.als("fatma").get(f"/dossiers/{huis.dossier}"))
    assert pagina.count("Wet inburgering 2021, tekst van 1-1-2023") > 1
    assert pagina.count("de wijziging van 21-10-2025 is niet gelezen") == 1


def test_the_date_of_duo_stands_beside_ours(huis):
    wijzig(huis, dagtekening=date(2026, 1, 12), termijnEindExclusief=date(2029, 7, 1))
    pagina = tekst(huis.als("fatma").get(f"/dossiers/{huis.dossier}"))
    assert "dag van DUO" in pagina
    assert "wij tellen 12 januari 2029" in pagina


def test_a_partner_sees_no_periods(huis):
    pagina = tekst(huis.als("ruud").get(f"/dossiers/{huis.dossier}"))
    assert "Termijnen uit de wet" not in pagina


def test_the_page_of_a_period_tells_how_it_was_counted_and_every_count(huis):
    wijzig(huis, datumKennisgeving=date(2026, 1, 9))
    pagina = tekst(huis.als("fatma").get(f"/dossiers/{huis.dossier}/termijnen/pip"))
    assert "10 weken na 9-1-2026: 20-3-2026." in pagina
    assert "Kennisgeving van DUO" in pagina
    assert pagina.index("18 maart 2026") < pagina.index('data-label="Werd">20 maart 2026')
    assert "test · door: Datum kennisgeving" in pagina
    assert "De taak “plan” staat open" in pagina


def test_what_was_done_is_proof(huis):
    fatma = huis.als("fatma")
    fatma.post(f"/werklijst/{huis.taken['plan']}/claim")
    fatma.post(f"/taken/{huis.taken['plan']}", {"leerroute": "Z"})
    pagina = tekst(fatma.get(f"/dossiers/{huis.dossier}/termijnen/pip"))
    assert "De taak “plan” is afgerond." in pagina
    assert "Fatma Yildiz" in pagina


def test_a_period_that_a_dossier_does_not_have_is_not_found(huis):
    for naam in ("besluit_boete", "bestaat_niet"):
        assert (
            huis.als("fatma").get(f"/dossiers/{huis.dossier}/termijnen/{naam}").status_code == 404
        )


# seen


def test_opening_a_taak_proves_once_for_each_person_that_they_saw_its_period(huis):
    for login in ("fatma", "fatma", "marjan"):
        huis.als(login).get(f"/taken/{huis.taken['plan']}")
    huis.als("fatma").get(f"/dossiers/{huis.dossier}/termijnen/pip")
    assert gezien(huis) == [("pip", "Fatma Yildiz"), ("pip", "Marjan Bakker")]


def test_a_browser_that_looks_ahead_saw_nothing(huis):
    fatma = huis.als("fatma")
    fatma.client.head(f"/taken/{huis.taken['plan']}")
    fatma.get(f"/taken/{huis.taken['plan']}", headers={"Sec-Purpose": "prefetch;prerender"})
    fatma.get(f"/taken/{huis.taken['plan']}", headers={"Purpose": "prefetch"})
    assert gezien(huis) == []


def test_a_taak_with_a_working_agreement_is_about_that(huis):
    huis.als("ruud").get(f"/taken/{huis.taken['meld_uren']}")
    assert gezien(huis) == [("gewone_taak", "Ruud Jansen")]


# stopping, resuming and moving


@pytest.fixture
def bezwaar(huis):
    """A dossier in which the time to decide on a bezwaar runs since yesterday."""
    wijzig(huis, bekendmaking=date(2025, 11, 28))
    assert rijen(huis, "besluit_bezwaar")[0].begin < BEGIN.date()
    return huis


def test_the_clock_of_a_period_is_stopped_and_runs_again(bezwaar):
    fatma, pad = bezwaar.als("fatma"), BEZWAAR.format(bezwaar.dossier)
    assert "Awb art. 7:10 lid 2 en 4" in tekst(fatma.get(f"{pad}/opschorten"))
    begin = rijen(bezwaar, "besluit_bezwaar")[0].begin
    gegevens = {"van": f"{begin:%d-%m-%Y}", "grond": "Awb 7:10 lid 2: stukken gevraagd"}
    assert fatma.post(f"{pad}/opschorten", gegevens).status_code == 303
    pagina = tekst(fatma.get(pad))
    assert "staat stil sinds" in pagina
    assert "stukken gevraagd" in pagina
    assert "Termijn weer laten lopen" in pagina
    te_vroeg = fatma.post(f"{pad}/hervatten", {"dag": f"{begin:%d-%m-%Y}"})
    assert te_vroeg.status_code == 422
    assert "Kies een dag na" in tekst(te_vroeg)
    assert fatma.post(f"{pad}/hervatten", {"dag": "12-01-2026"}).status_code == 303
    assert "nog " in tekst(fatma.get(pad))


def test_a_verlenging_asks_a_ground_and_a_later_day(bezwaar):
    fatma, pad = bezwaar.als("fatma"), BEZWAAR.format(bezwaar.dossier)
    fout = fatma.post(f"{pad}/verlengen", {"tot": "01-01-2026", "grond": ""})
    assert fout.status_code == 422
    assert "Schrijf waarom, met het lid van Awb art. 7:10 lid 3" in tekst(fout)
    assert "de laatste dag van nu" in tekst(fout)
    assert "<title>Fout: " in tekst(fout)
    fout = fatma.post(f"{pad}/verlengen", {"tot": "morgen", "grond": "Awb 7:10 lid 3"})
    assert "Schrijf de datum als dag-maand-jaar" in tekst(fout)
    assert 'value="morgen"' in tekst(fout)
    goed = {"tot": "20-05-2026", "grond": "Awb 7:10 lid 3: verdaagd", "bewijsstuk": "Z-1"}
    assert fatma.post(f"{pad}/verlengen", goed).status_code == 303
    assert rijen(bezwaar, "besluit_bezwaar")[0].uiterlijk == date(2026, 5, 20)


def test_where_no_article_allows_it_there_is_no_button_and_no_way(huis):
    fatma = huis.als("fatma")
    pad = f"/dossiers/{huis.dossier}/termijnen/pip"
    assert "Termijn stilzetten" not in tekst(fatma.get(pad))
    assert fatma.get(f"{pad}/opschorten").status_code == 409
    goed = {"van": "12-01-2026", "grond": "omdat"}
    weigering = fatma.post(f"{pad}/opschorten", goed)
    assert weigering.status_code == 409
    assert "Geen artikel laat opschorting" in tekst(weigering)


# termijnbewaking


@pytest.fixture
def team(huis):
    """The dossier of Amina is Fatma's, that of Nour nobody's and late."""
    laat = {
        "naam": "Nour Haddad",
        "doelgroep": "asielstatushouder",
        "leerroute": "B1",
        "brpDatum": date(2025, 9, 1),
        "datumKennisgeving": date(2025, 9, 1),
    }
    start = partial(dossiers.start_dossier, gegevens=laat, proces="klein", by=OPENER, now=BEGIN)
    transact(huis.store.sessions, start)

    def geef(session):
        fatma = session.scalars(select(Account.id).where(Account.login == "fatma")).one()
        session.get_one(Dossier, huis.dossier).casemanager_id = fatma
        return fatma

    fatma = transact(huis.store.sessions, geef)
    run_due(huis.store, Config(), BEGIN + timedelta(hours=1))
    return huis, fatma


def bewaking(huis, vraag):
    antwoord = huis.als("marjan").get(f"/termijnen/termijnen.csv?{vraag}")
    assert antwoord.mimetype == "text/csv"
    lijst = csv.reader(io.StringIO(tekst(antwoord).removeprefix("\ufeff")), delimiter=";")
    next(lijst)
    return [(rij[1], rij[2], rij[5]) for rij in lijst]


def test_what_is_late_what_ends_what_waits_and_what_stands_still(team):
    huis, _ = team
    assert ("Nour Haddad", "PIP vaststellen", "verstreken sinds 63 dagen") in bewaking(
        huis, "stand=verstreken"
    )
    komend = bewaking(huis, "stand=komend&weken=13")
    assert ("Amina Yusuf", "PIP vaststellen", "nog 9 weken") in komend
    assert all("verstreken" not in stand for *_, stand in komend)
    wacht = bewaking(huis, "stand=wacht")
    assert ("Amina Yusuf", "Inburgeringstermijn", "wacht op dagtekening van het PIP") in wacht
    assert bewaking(huis, "stand=stil") == []


def test_it_is_filtered_by_period_partij_and_casemanager(team):
    huis, fatma = team
    namen = lambda vraag: {rij[0] for rij in bewaking(huis, vraag)}  # noqa: E731 - one column
    wat = lambda vraag: {rij[1] for rij in bewaking(huis, vraag)}  # noqa: E731 - another
    assert wat("weken=52&naam=pip") == {"PIP vaststellen"}
    assert wat("weken=52&partij=IVIO") == {"meld_uren"}
    assert "PIP vaststellen" not in wat("weken=52&wat=taken")
    assert "plan" not in wat("weken=52&wat=wet")
    assert namen(f"stand=wacht&casemanager={fatma}") == {"Amina Yusuf"}
    assert namen("stand=wacht&casemanager=niemand") == {"Nour Haddad"}
    assert wat("weken=52&partij=DUO") == set()


def test_the_page_counts_per_period_partij_and_casemanager(team):
    huis, fatma = team
    pagina = tekst(huis.als("marjan").get("/termijnen/?stand=wacht"))
    assert "Per casemanager" in pagina
    assert f"casemanager={fatma}" in pagina
    assert "nog niemand" in pagina
    assert "Fatma Yildiz" in pagina


def test_pages_follow_each_other_without_a_gap(team):
    huis, _ = team
    from routeflow.store import queries  # noqa: PLC0415 - only here

    wie = OPENER

    def bladzijde(pagina, per_pagina):
        vraag = queries.BewakingFilter(stand="wacht", pagina=pagina, per_pagina=per_pagina)
        return read(
            huis.store.sessions, lambda s: queries.bewaking(s, wie, vraag, BEGIN.date())
        ).lijst.rijen

    alles = [rij.termijn.id for rij in bladzijde(1, 50)]
    stuks = [rij.termijn.id for pagina in range(1, len(alles) + 2) for rij in bladzijde(pagina, 1)]
    assert stuks == alles


def test_it_says_whether_something_was_missed(team):
    huis, _ = team
    marjan = huis.als("marjan")
    assert "Er werkt nu geen worker." in tekst(marjan.get("/termijnen/"))
    for dag in (BEGIN - timedelta(days=3), BEGIN):
        transact(huis.store.sessions, partial(hartslag.klop, now=dag))
    pagina = tekst(marjan.get("/termijnen/"))
    assert "Er werkt nu geen worker." not in pagina
    assert "1 onderbreking" in pagina
    assert "9 januari 2026" in pagina
    assert "1 onderbreking" in tekst(huis.als("tom").get("/accounts/"))
