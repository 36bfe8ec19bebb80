"""The report of the week: once, however many work and however long nobody did, and nothing of few people."""

import threading
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from routeflow.commands import rapport
from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account, Rapport, Uitgaand
from routeflow.store.queries import rapport as lijsten
from routeflow.store.queries.rapport import Vraag, verdeeld
from support.huis import make_people, project_set
from support.klein import klein
from support.naleving import OORDEEL, ZAAK

TEAMLEIDER = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
HANDHAVER = Actor("Anouk", GEMEENTE, frozenset({Rol.HANDHAVER}))
TABEL = "processes/rapportage.dmn"
MAANDAG = datetime(2026, 1, 12, 9, tzinfo=UTC)


@pytest.fixture
def huis(route):
    """The small set with the table of the project, a teamleider with e-mail, and a week gone by."""
    return begin(route, project_set()[TABEL])


def begin(route, tabel):
    route.given("klein", {**klein(), TABEL: tabel}, leerroute="B1")
    make_people(route.store)

    def adressen(session):
        session.execute(update(Account).values(email=Account.login + "@gemeente.example"))

    transact(route.store.sessions, adressen)
    route.now = MAANDAG - timedelta(days=7)
    maak(route)
    return route


def maak(route, *, op=None, mail=True):
    work = partial(rapport.maak, adres="https://rf.example/", met_mail=mail, now=op or route.now)
    return transact(route.store.sessions, work)


def dagen(route):
    return read(
        route.store.sessions, lambda s: list(s.scalars(select(Rapport.dag).order_by(Rapport.dag)))
    )


def post(route):
    return read(
        route.store.sessions,
        lambda s: [een.inhoud for een in s.scalars(select(Uitgaand)) if een.soort == "mail"],
    )


def test_it_is_made_once_on_its_day(huis):
    assert dagen(huis) == [date(2026, 1, 5)]
    assert post(huis) == []  # the first of a new house is told to nobody
    assert maak(huis, op=MAANDAG - timedelta(hours=6)) is None
    assert maak(huis, op=MAANDAG).dag == date(2026, 1, 12)
    assert maak(huis, op=MAANDAG + timedelta(days=3)) is None
    assert dagen(huis) == [date(2026, 1, 5), date(2026, 1, 12)]
    assert len(post(huis)) == 1


def test_after_weeks_in_which_nobody_worked_there_is_one_and_not_one_a_week(huis):
    maak(huis, op=MAANDAG + timedelta(days=16))
    assert dagen(huis) == [date(2026, 1, 5), date(2026, 1, 26)]
    assert len(post(huis)) == 1


def test_two_workers_at_once_make_one(huis):
    draden = [threading.Thread(target=partial(maak, huis, op=MAANDAG)) for _ in range(3)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    assert dagen(huis) == [date(2026, 1, 5), date(2026, 1, 12)]
    assert len(post(huis)) == 1


def test_the_mail_goes_to_the_teamleider_and_tells_no_figure_and_no_name(huis):
    maak(huis, op=MAANDAG)
    [inhoud] = post(huis)
    account = read(
        huis.store.sessions, lambda s: s.scalar(select(Account).where(Account.login == "marjan"))
    )
    assert inhoud["account"] == str(account.id)
    geheel = inhoud["onderwerp"] + inhoud["tekst"] + inhoud["html"]
    assert "https://rf.example/rapport/2026-01-12" in geheel
    assert huis.dossier.naam not in geheel
    assert huis.dossier.nummer not in geheel


def test_without_a_mail_server_it_is_made_and_nothing_waits(huis):
    maak(huis, op=MAANDAG, mail=False)
    assert len(dagen(huis)) == 2
    assert post(huis) == []


def test_the_day_and_the_rol_are_data(route):
    anders = project_set()[TABEL].replace(
        b"<text>&quot;maandag&quot;</text>", b"<text>&quot;woensdag&quot;</text>"
    )
    anders = anders.replace(
        b"<text>&quot;teamleider&quot;</text>", b"<text>&quot;casemanager&quot;</text>"
    )
    huis = begin(route, anders)
    assert dagen(huis) == [date(2025, 12, 31)]
    assert maak(huis, op=MAANDAG).dag == date(2026, 1, 7)
    assert len(post(huis)) == 1  # there is one casemanager


def test_without_the_table_there_is_no_report(route):
    route.given("klein", klein(), leerroute="B1")
    assert maak(route) is None
    assert dagen(route) == []


def cijfers(route, dag=None):
    vraag = Vraag(dag or route.now.date(), weken=4, maanden=12, minimum=5)
    return read(route.store.sessions, lambda s: lijsten.cijfers(s, vraag))


def test_what_is_late_is_told_by_partij_with_the_list_behind_it(huis):
    later = huis.now.date() + timedelta(days=90)
    laat = [een for een in cijfers(huis, later) if een.groep == lijsten.TE_LAAT]
    samen, *delen = laat
    assert int(samen.waarde) == sum(int(een.waarde) for een in delen) > 0
    assert delen[0].lijst == {
        "naar": "werklijst", "tab": "team", "te_laat": "ja",
        "partij": delen[0].wat.split(": ")[0], "onderdeel": delen[0].wat.split(": ")[1],
    }  # fmt: skip


def test_a_period_that_is_over_is_told_with_why_and_without_a_small_number(huis):
    huis.when_facts(datumKennisgeving=date(2026, 1, 7), brpDatum=date(2026, 1, 5))
    gemist = [een for een in cijfers(huis, date(2026, 6, 1)) if een.groep == lijsten.GEMIST]
    assert [(een.wat, een.waarde) for een in gemist if "PIP" in een.wat] == [
        ("PIP vaststellen: ligt bij Gemeente", "minder dan 5")
    ]
    assert gemist[0].lijst["stand"] == "verstreken"
    huis.when_facts(wachtOpDerde="ja")
    gemist = [een.wat for een in cijfers(huis, date(2026, 6, 1)) if een.groep == lijsten.GEMIST]
    assert "PIP vaststellen: wacht op informatie van een derde" in gemist


def test_what_ends_soon_is_told_by_period(huis):
    huis.when_facts(datumKennisgeving=date(2026, 1, 7), brpDatum=date(2026, 1, 5))
    komend = [een for een in cijfers(huis, date(2026, 3, 5)) if een.groep == lijsten.KOMEND]
    assert ("PIP vaststellen", "minder dan 5") in [(een.wat, een.waarde) for een in komend]


def test_naleving_is_counted_with_the_share_that_ended_in_nothing(route):
    route.given("p17b_sanctietoets", **ZAAK)
    route.when_done("voer_sanctietoets_uit", **OORDEEL, uitkomst="niets", conclusie="Geen.")
    allen = Vraag(route.now.date(), weken=4, maanden=12, minimum=1)
    gezien = read(route.store.sessions, lambda s: lijsten.cijfers(s, allen))
    naleving = {een.wat: een.waarde for een in gezien if een.groep == lijsten.NALEVING}
    assert naleving["Sanctietoetsen: personen"] == "1"
    assert naleving["Uitkomst: niets"] == "1"
    assert naleving["Uitkomst: boete"] == "0"
    assert naleving["Aandeel niets"] == "100% van 1"
    klein_ = {een.wat: een.waarde for een in cijfers(route)}
    assert klein_["Sanctietoetsen: personen"] == "minder dan 5"
    assert klein_["Aandeel niets"] == lijsten.TE_WEINIG


@pytest.mark.parametrize(
    ("deel", "geheel", "tekst"),
    [
        (0, 0, "nog geen"), (0, 4, lijsten.TE_WEINIG), (20, 20, "100% van 20"),
        (19, 20, lijsten.TE_WEINIG), (15, 20, "75% van 20"), (0, 20, "0% van 20"),
    ],
)  # fmt: skip
def test_a_share_tells_of_few_people_on_neither_side(deel, geheel, tekst):
    vraag = Vraag(date(2026, 1, 12), weken=4, maanden=12, minimum=5)
    assert lijsten.aandeel(deel, geheel, vraag) == tekst


def test_a_small_part_cannot_be_found_from_the_others():
    assert verdeeld([12, 3, 7, 0], 5) == ["12", "minder dan 5", lijsten.TE_WEINIG, "0"]
    assert verdeeld([12, 3, 2], 5) == ["12", "minder dan 5", "minder dan 5"]
    assert verdeeld([12, 0], 5) == ["12", "0"]


def test_only_who_may_reads_it(huis):
    rij, gezien = read(
        huis.store.sessions, lambda s: lijsten.verslag(s, TEAMLEIDER, date(2026, 1, 5))
    )
    assert rij.dag == date(2026, 1, 5)
    assert {een.groep for een in gezien} >= {lijsten.TE_LAAT, lijsten.OP_TIJD, lijsten.NALEVING}
    with pytest.raises(NotAllowed):
        read(huis.store.sessions, lambda s: lijsten.verslagen(s, HANDHAVER))
    with pytest.raises(NotFound):
        read(huis.store.sessions, lambda s: lijsten.verslag(s, TEAMLEIDER, date(2026, 1, 6)))
