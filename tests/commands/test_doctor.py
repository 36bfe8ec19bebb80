import random
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, Text, cast, delete, func, insert, select, update

from routeflow.commands import doctor, dossiers
from routeflow.commands.advance import WERKER
from routeflow.commands.journaal import schrijf
from routeflow.store import migrate, open_store, read, transact
from routeflow.store.models import (
    Bericht,
    Bestand,
    Deployment,
    Dossier,
    Feit,
    Journaal,
    Route,
    Taak,
    Uitgaand,
    Wekker,
    Zoekwoord,
)
from support.klein import klein
from support.route import BEGIN, BUREAU, PERSOON, RouteUnderTest

FACTS = {"leerroute": "B1", "datumKennisgeving": date(2026, 1, 2)}
LATER = BEGIN + timedelta(days=400)


@pytest.fixture
def healthy(route):
    """A route with every kind of row: done and open taken, timers, reminders, messages."""
    route.given("klein", klein(), **FACTS)
    route.when_done("plan", leerroute="Z")
    route.when_message("SS131", "toets-1", lbtResultaat="voldoende")
    assert route.ailments == []
    return route


def damage(route, *acts):
    for act in acts:
        if callable(act):
            transact(route.store.sessions, act)
        else:
            transact(route.store.sessions, lambda s, act=act: s.execute(act))


def everything(route):
    """Return every row of the database."""
    tables = MetaData()
    tables.reflect(route.store.engine)
    return read(
        route.store.sessions,
        lambda s: {
            table.name: sorted(map(repr, s.execute(select(table))))
            for table in tables.sorted_tables
        },
    )


def act_again(wat):
    """Write an act once more, in a chain that fits: as a route that did something twice would."""

    def again(session):
        route = session.scalar(select(Route))
        first = session.scalar(select(Journaal).where(Journaal.wat == wat))
        written = {"route": route, "element": first.element, "by": WERKER, "now": first.op}
        schrijf(session, wat, first.gegevens, **written)

    return again


def swap_journal(session):
    one, two, *_ = session.scalars(
        select(Journaal.id).where(Journaal.dossier_id.is_not(None)).order_by(Journaal.id)
    )
    for old, new in ((one, -1), (two, one), (-1, two)):
        session.execute(update(Journaal).where(Journaal.id == old).values(id=new))


def write_in_journal(session):
    first = session.scalar(select(Journaal).where(Journaal.wat == "taak voltooid"))
    columns = {c.key: getattr(first, c.key) for c in Journaal.__mapper__.columns if c.key != "id"}
    session.add(Journaal(**columns))


def write_fact(session):
    dossier = session.scalar(select(Dossier.id))
    session.add(Feit(dossier_id=dossier, naam="schulden", waarde="ja", sinds=BEGIN, door="-"))


def other_deployment(session):
    one = session.scalar(select(Deployment))
    again = [Bestand(pad=een.pad, inhoud=een.inhoud) for een in one.bestanden]
    columns = {"gepubliceerd_op": BEGIN, "door": "-", "reden": "-", "digest": one.digest}
    session.add(Deployment(id=one.id + 1, bestanden=again, **columns))


TEKEN, TIMER, LADDER = Taak.element == "teken", Wekker.soort == "timer", Wekker.soort == "ladder"

DAMAGE = {
    "a taak that the route does not have": (
        [update(Taak).where(Taak.element == "plan").values(status="open", gesloten_op=None)],
        "taak: De taak plan (.*) staat open, maar de route wacht er niet op.",
    ),
    "a taak without a row": (
        [delete(Taak).where(TEKEN)],
        "taak: De route wacht op de taak teken .* maar die is er niet.",
    ),
    "a taak closed by hand": (
        [update(Taak).where(TEKEN).values(status="vervallen", gesloten_op=BEGIN)],
        "taak: De taak teken .* staat als vervallen, maar de route wacht er nog op.",
    ),
    "a taak half closed": (
        [update(Taak).where(TEKEN).values(gesloten_op=BEGIN)],
        "taak: De taak teken .* status open en een sluitdatum die daar niet bij past.",
    ),
    "another last day": (
        [update(Taak).where(TEKEN).values(uiterlijk=date(2026, 3, 3))],
        "taak: De taak teken .* zegt 2026-03-03; de route zegt 2026-01-19.",
    ),
    "a taak of another deployment": (
        [other_deployment, update(Taak).where(TEKEN).values(deployment_id=2)],
        "taak: De taak teken .* hoort bij versie 2 .* loopt op versie 1.",
    ),
    "a route of another deployment": (
        [other_deployment, update(Route).values(deployment_id=2)],
        "taak: De taak teken .* hoort bij versie 1 .* loopt op versie 2.",
    ),
    "a timer without a row": (
        [delete(Wekker).where(TIMER)],
        "wekker: De route wacht op de wekker uren_blijven_uit .* maar die staat niet.",
    ),
    "a timer closed by hand": (
        [update(Wekker).where(TIMER).values(gesloten_op=BEGIN)],
        "wekker: De route wacht op de wekker uren_blijven_uit .* maar die staat niet.",
    ),
    "a timer that the route does not have": (
        [update(Wekker).where(TIMER).values(bron="een ander")],
        r"wekker: De wekker uren_blijven_uit \(een ander\) staat, maar de route wacht er niet op.",
    ),
    "a timer at another moment": (
        [update(Wekker).where(TIMER).values(op=LATER)],
        "wekker: De wekker uren_blijven_uit .* zegt 09-02-2027 .*; de route zegt 04-02-2026",
    ),
    "a timer that went off in no act": (
        [update(Wekker).where(TIMER).values(afgegaan=True)],
        "wekker: Het journaal zegt 0 keer dat uren_blijven_uit is afgegaan, maar er zijn 1",
    ),
    "a reminder closed by hand": (
        [update(Wekker).where(LADDER).values(gesloten_op=BEGIN)],
        "ladder: De taak teken .* heeft geen volgende herinnering.",
    ),
    "a reminder taken away": (
        [delete(Wekker).where(LADDER)],
        "ladder: De taak teken .* heeft geen volgende herinnering.",
    ),
    "a reminder for another day": (
        [update(Wekker).where(LADDER).values(gegevens={"uiterlijk": "2026-12-31"})],
        "ladder: De herinnering aan teken gaat uit van 2026-12-31, niet van",
    ),
    "a wait without a row": (
        [update(Route).values(wachten=[])],
        "wacht: De route wacht op het bericht SS110 .* maar dat staat er niet.",
    ),
    "a wait for something else": (
        [
            update(Route).values(
                wachten=func.json(func.replace(cast(Route.wachten, Text), "SS110", "SS111"))
            )
        ],
        "wacht: Het wachten op SS111 .* zegt SS111; de route zegt SS110.",
    ),
    "a journal row changed": (
        [update(Journaal).where(Journaal.wat == "taak voltooid").values(door="Niemand")],
        "journaal: Journaalregel .* past niet op de regel ervoor",
    ),
    "a journal row taken away": (
        [delete(Journaal).where(Journaal.wat == "taak voltooid")],
        "journaal: Journaalregel .* past niet op de regel ervoor",
    ),
    "the first journal row taken away": (
        [delete(Journaal).where(Journaal.wat == "dossier geopend")],
        "journaal: Journaalregel .* past niet op de regel ervoor",
    ),
    "the last journal row taken away": (
        [delete(Journaal).where(Journaal.wat == "bericht ontvangen")],
        "journaal: De laatste regels van het journaal ontbreken",
    ),
    "journal rows in another order": (
        [swap_journal],
        "journaal: Journaalregel .* verplaatst",
    ),
    "a journal row written by hand": (
        [write_in_journal],
        "journaal: Journaalregel .* bijgeschreven",
    ),
    "a journal row taken out of its dossier": (
        [update(Journaal).where(Journaal.wat == "taak voltooid").values(dossier_id=None)],
        "journaal: Journaalregel .* is van zijn dossier losgemaakt.",
    ),
    "no state at all": (
        [update(Route).values(toestand=b"")],
        "route: De stand van de route is niet te lezen",
    ),
    "a damaged state": (
        [update(Route).values(toestand=b"\x01(\xb5/\xfd geen stand")],
        "route: De stand van de route is niet te lezen",
    ),
    "a route that has been ended by hand": (
        [update(Route).values(beeindigd_op=BEGIN)],
        "route: De route staat als beëindigd op 05-01-2026 om 10:00, maar loopt nog.",
    ),
    "an open taak behind the end": (
        [update(Route).values(beeindigd_op=BEGIN), update(Dossier).values(gesloten_op=BEGIN)],
        "taak: De route is voorbij, maar de taak teken staat nog open.",
    ),
    "a dossier closed by hand": (
        [update(Dossier).values(gesloten_op=LATER)],
        "dossier: Het dossier staat als gesloten op 09-02-2027 om 10:00, maar toen",
    ),
    "a dossier whose lists say something else": (
        [update(Dossier).values(leerroute="B1")],
        "dossier: De lijsten zeggen bij leerroute iets anders",
    ),
    "a completion that happened twice": (
        [act_again("taak voltooid")],
        "taak: Het journaal zegt 2 keer dat plan is afgerond, maar er zijn 1",
    ),
    "a message that was delivered twice": (
        [
            update(Bericht).values(status="bezorgd"),
            act_again("bericht ontvangen"),
            update(Journaal)
            .where(Journaal.wat == "bericht ontvangen")
            .values(wat="bericht bezorgd"),
        ],
        "bericht: Het bericht toets-1 is 2 keer bezorgd.",
    ),
    "an outgoing message of nobody": (
        [update(Uitgaand).values(dossier_id=None)],
        "wees: Het uitgaande bericht .* hoort bij geen dossier.",
    ),
    "a wekker that was given up in silence": (
        [update(Wekker).where(TIMER).values(gestrand=True)],
        "gestrand: De wekker .* is opgegeven, maar er is geen incident van.",
    ),
    "an outgoing message that was given up in silence": (
        [update(Uitgaand).values(status="mislukt")],
        "gestrand: Het uitgaande bericht .* is opgegeven",
    ),
    "a message that was given up in silence": (
        [update(Bericht).values(status="onbestelbaar")],
        "gestrand: Het bericht toets-1 is opgegeven",
    ),
    "a lease that never ends": (
        [update(Wekker).values(lease=uuid4(), lease_tot=LATER)],
        "vastgehouden: De wekker wordt vastgehouden tot 09-02-2027",
    ),
    "an outgoing message that is held for ever": (
        [update(Uitgaand).values(lease_tot=datetime.max.replace(tzinfo=BEGIN.tzinfo, hour=1))],
        "vastgehouden: Het uitgaande bericht wordt vastgehouden tot 31-12-9999",
    ),
    "a file of a deployment changed": (
        [update(Bestand).where(Bestand.pad == "forms/teken.form").values(inhoud=b"{}")],
        "bestand: De bestanden van versie 1 zijn niet meer die van de publicatie.",
    ),
    "a taak in the list of another casemanager": (
        [update(Taak).values(casemanager_id=uuid4())],
        "casemanager: Bij .* staat een andere casemanager dan bij het dossier.",
    ),
    "a fact changed": (
        [update(Feit).where(Feit.naam == "leerroute").values(waarde="onderwijsroute")],
        "feit: Het gegeven leerroute staat niet zo in het journaal.",
    ),
    "a fact taken away": (
        [delete(Feit).where(Feit.naam == "lbtResultaat")],
        "feit: Het gegeven lbtResultaat staat niet zo in het journaal.",
    ),
    "a fact written by hand": (
        [write_fact],
        "feit: Het gegeven schulden staat niet zo in het journaal.",
    ),
    "a step that another one did": (
        [update(Taak).where(Taak.element == "plan").values(gesloten_door="Niemand")],
        "taak: De taak plan .* zegt dat Niemand die afrondde op 05-01-2026 .* niet zo in het journaal",
    ),
    "a step that was done on another day": (
        [update(Taak).where(Taak.element == "plan").values(gesloten_op=LATER)],
        "taak: De taak plan .* afrondde op 09-02-2027 .* niet zo in het journaal.",
    ),
    "a message taken away": (
        [delete(Bericht)],
        "bericht: Het bericht toets-1 staat in het journaal, maar is weg.",
    ),
    "a taak that is the move of somebody else": (
        [update(Taak).where(TEKEN).values(houder="gemeente")],
        "taak: De taak teken .* zegt gemeente; de route zegt inburgeraar.",
    ),
    "a taak with another name and form": (
        [update(Taak).where(TEKEN).values(naam="Bel", formulier="plan")],
        "taak: De taak Bel .* zegt Bel, plan; de route zegt teken, teken.",
    ),
    "a taak of another onderdeel": (
        [update(Taak).where(TEKEN).values(onderdeel="MAP")],
        "taak: De taak teken .* zegt MAP; de route zegt regie.",
    ),
    "a reminder at another moment": (
        [update(Wekker).where(LADDER).values(op=LATER)],
        "ladder: De herinnering aan teken staat op 09-02-2027 om 10:00, niet op ",
    ),
    "a dossier that no search finds": (
        [delete(Zoekwoord)],
        "dossier: De woorden waarmee u dit dossier vindt, zijn niet die van naam en nummer.",
    ),
    "a dossier that is found by another name": (
        [update(Dossier).values(zoek="iemand anders")],
        "dossier: De woorden waarmee u dit dossier vindt",
    ),
    "a dossier without a route": (
        [delete(Route)],
        "route: Dossier 2026-00001 heeft geen route.",
    ),
}


@pytest.mark.parametrize(("acts", "sentence"), DAMAGE.values(), ids=DAMAGE.keys())
def test_the_doctor_says_what_is_wrong_with_which_dossier_and_changes_nothing(
    healthy, acts, sentence
):
    damage(healthy, *acts)
    before = everything(healthy)
    found = read(healthy.store.sessions, partial(doctor.diagnose, now=healthy.now))
    said = [f"{een.soort}: {een.tekst}" for een in found]
    pairs = zip(found, said, strict=True)
    match = next((een for een, zin in pairs if re.match(sentence, zin)), None)
    assert match is not None, said
    assert match.dossier_nummer == "2026-00001" or match.dossier_id is None
    assert match.tekst.endswith((".", "?"))
    assert match.doen.endswith(".")
    assert everything(healthy) == before
    assert healthy.ailments == said


def test_the_doctor_finds_what_should_have_happened(healthy):
    healthy.now += timedelta(days=40)
    assert any(
        found.startswith("te laat: De wekker had op 04-02-2026 om 10:00 aan de beurt moeten zijn.")
        for found in healthy.ailments
    )


def test_any_byte_of_a_state_may_be_wrong_and_the_doctor_still_answers(healthy):
    whole = read(healthy.store.sessions, lambda s: s.scalar(select(Route.toestand)))
    chance = random.Random(1)  # noqa: S311 - the same bytes each time
    for place in chance.sample(range(len(whole)), 40):
        wrong = bytearray(whole)
        wrong[place] ^= 1 << chance.randrange(8)
        damage(healthy, update(Route).values(toestand=bytes(wrong)))
        assert all(": " in found for found in healthy.ailments)


def test_what_is_wrong_everywhere_is_told_a_number_of_times_and_then_counted(healthy):
    many = [
        {"soort": "brief", "inhoud": {}, "aangemaakt_op": BEGIN, "volgende_op": BEGIN}
        for _ in range(70)
    ]
    damage(healthy, insert(Uitgaand).values(many))
    ailments = healthy.ailments
    assert len([found for found in ailments if found.startswith("wees: ")]) == 51
    assert ailments[-1] == "wees: En nog 20 keer hetzelfde."


def test_every_dossier_is_looked_at_a_pile_at_a_time(healthy):
    def more(session):
        for number in range(2, 122):
            who = {**PERSOON, **FACTS, "naam": f"Persoon {number}"}
            dossiers.start_dossier(session, who, proces="klein", by=BUREAU, now=healthy.now)

    damage(
        healthy, more, update(Dossier).where(Dossier.nummer == "2026-00077").values(leerroute="Z")
    )
    heard = []
    found = doctor.onderzoek_alles(
        healthy.store.sessions, now=healthy.now, voortgang=lambda *far: heard.append(far)
    )
    assert [een.dossier_nummer for een in found] == ["2026-00077"]
    assert heard == [(50, 121), (100, 121), (121, 121)]


@pytest.fixture
def on_sqlite(tmp_path):
    """A healthy route in a file of its own, and the path of that file."""
    path = tmp_path / "routeflow.db"
    migrate(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    yield RouteUnderTest(store).given("klein", klein(), **FACTS), path
    store.close()


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DELETE FROM dossier", "wees: In route staan rijen (1) bij een dossier die niet bestaat."),
        (
            "DELETE FROM sqlite_schema WHERE name = 'ix_taak_dossier'",
            "database: Het databasebestand is beschadigd: ",
        ),
    ],
)
def test_a_damaged_sqlite_file_is_reported(on_sqlite, statement, finding):
    route, path = on_sqlite
    assert route.ailments == []
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
        connection.commit()
    again = RouteUnderTest(open_store(f"sqlite:///{path}"), now=route.now)
    assert any(found.startswith(finding) for found in again.ailments), again.ailments
    again.store.close()
