"""What is erased is gone everywhere, the chain of the journal holds, and nobody does it alone."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import MetaData, delete, insert, select, update

from routeflow.commands import (
    berichten,
    brieven,
    doctor,
    dossiers,
    gezin,
    overdrachten,
    verwijderen,
)
from routeflow.commands.journaal import schrijf
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.bewaren import KORTE_LIJST
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import opschonen, read, transact
from routeflow.store.models import (
    Account,
    Base,
    Bericht,
    Brief,
    Dagpost,
    Dossier,
    Feit,
    Gezinsband,
    Incident,
    Journaal,
    Melding,
    Route,
    Taak,
    Uitgaand,
    Uren,
    Verwijdering,
    Zoekwoord,
)
from support.klein import klein
from support.naleving import OORDEEL, ZAAK
from support.route import BUREAU

MARJAN = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}), uuid4())
TOM = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}), uuid4())
FATMA = Actor("Fatma", GEMEENTE, frozenset({Rol.CASEMANAGER}), uuid4())

NAAM, BSN, V_NUMMER = "Kornalijn Zwavelstok", "111222333", "9876543210"
KORT = {"adres": "Opaalkade 17", "geboortedatum": "1991-07-23"}
GEHEIM = "Turkoois{}"  # what may be nowhere after an erasure, with a number for where it was put
EINDE = date(2026, 3, 10)
BOETE = {
    "gedraging": GEHEIM.format("gedraging"),
    "soort": "boete",
    "bedrag": 250,
    "vastgesteld": date(2026, 2, 2),
}


@pytest.fixture
def vol(route):
    """A dossier with a row in every table, and something that nobody else has in each of them."""
    zaak = ZAAK | {"toelichting": GEHEIM.format(1), "gedraging": GEHEIM.format(2)}
    persoon = {"naam": NAAM, "bsn": BSN, "vNummer": V_NUMMER, "taal": GEHEIM.format(3)}
    route.given(
        "p17b_sanctietoets", **zaak, **persoon, **KORT, email=GEHEIM.format(4), eindePlicht=EINDE
    )
    route.when_facts(adres=GEHEIM.format(5))  # an address of before is not on the short list
    route.when_facts(adres=KORT["adres"], nalevingsbesluiten=[BOETE])
    route.when_done(
        "voer_sanctietoets_uit", **OORDEEL, uitkomst="niets", conclusie=GEHEIM.format(6)
    )
    route.when_message("SS110", "duo-1", bsn=BSN)
    transact(route.store.sessions, partial(_vul, route))
    return route


def _vul(route, session):
    """Put something in the tables that this route did not come through."""
    eigen = {"dossier_id": route.dossier_id}
    taak = session.scalar(select(Taak).where(Taak.dossier_id == route.dossier_id))
    taak.partij, taak.rol, taak.samen_met = "IVIO", Rol.TAALAANBIEDER, "Werkom"
    account = Account(login="jan", naam="Jan", partij=GEMEENTE, wachtwoord="-")
    melding = Melding(
        partij=GEMEENTE,
        rol=Rol.CASEMANAGER,
        soort="x",
        tekst=GEHEIM.format(7),
        op=route.now,
        **eigen,
    )
    session.add_all([account, melding])
    session.flush()
    brief = Brief(
        id=uuid4(), taak_id=taak.id, soort="oproep", taal="nl", op=route.now, door="F",
        pdf=GEHEIM.format(12).encode(),
        hash=hashlib.sha256(GEHEIM.format(12).encode()).hexdigest(), **eigen
    )  # fmt: skip
    session.add_all(
        [
            Dagpost(account_id=account.id, melding_id=melding.id, op=route.now),
            Uren(
                partij="IVIO", datum=route.now.date(), soort="NT2", kwartieren=4, aanwezig="ja",
                opmerking=GEHEIM.format(8), op=route.now, door="Mo", **eigen
            ),
            Gezinsband(soort="kind", naam=GEHEIM.format(9), op=route.now, door="F", **eigen),
            Uitgaand(
                soort="duo.pip", inhoud={"a": GEHEIM.format(10)}, aangemaakt_op=route.now,
                volgende_op=route.now, **eigen
            ),
            Incident(soort="timer", bron="x", reden=GEHEIM.format(11), op=route.now, **eigen),
            brief,
            Bericht(
                bericht_id="los", bericht="SS120", bsn=BSN, gegevens={"x": GEHEIM.format(13)},
                van="DUO", ontvangen_op=route.now, volgende_op=route.now, status="onbestelbaar"
            ),
            Incident(soort="bericht", bron="los", reden=GEHEIM.format(14), op=route.now),
        ]
    )  # fmt: skip
    schrijf(
        session,
        brieven.WAT,
        {"brief": str(brief.id), "sha256": brief.hash},
        route=session.get_one(Route, route.dossier_id),
        by=MARJAN,
        now=route.now,
    )
    overdrachten.maak_overdracht(
        session,
        route.dossier_id,
        van="Purmerend",
        aan=GEHEIM.format(15),
        gevraagd_op=route.now.date(),
        by=MARJAN,
        now=route.now,
    )


def doe(route, act, *args, by=MARJAN, **rest):
    return transact(route.store.sessions, lambda s: act(s, *args, by=by, now=route.now, **rest))


def kijk(route, soort, by=MARJAN):
    return read(
        route.store.sessions,
        lambda s: verwijderen.bekijk(s, route.dossier_id, soort, by=by, now=route.now),
    )


def sluit(route):
    """Close the dossier long ago, as the end of a route does."""
    dicht = update(Dossier).where(Dossier.id == route.dossier_id).values(gesloten_op=route.now)
    weg = (
        update(Taak).where(Taak.status == "open").values(status="vervallen", gesloten_op=route.now)
    )
    transact(route.store.sessions, lambda s: [s.execute(dicht), s.execute(weg)])
    route.now = route.now.replace(year=2031, month=6)


def verwijder(route, soort, **voorstel):
    rij = doe(route, verwijderen.stel_voor, route.dossier_id, soort, **voorstel)
    return doe(route, verwijderen.voer_uit, rij.dossier_id, rij.id, by=TOM)


def alles(store):
    """Return every value of every row of every table as text."""
    tabellen = MetaData()
    tabellen.reflect(store.engine)
    return read(
        store.sessions,
        lambda s: [
            (tabel.name, str(waarde if not isinstance(waarde, bytes) else waarde.decode("latin-1")))
            for tabel in tabellen.sorted_tables
            if tabel.name != "bestand"  # the published set, the same for everybody
            for rij in s.execute(select(tabel))
            for waarde in rij
        ],
    )


def waar(store, *woorden):
    """Return in which tables these words still stand, whatever their case."""
    gezocht = [woord.lower() for woord in woorden]
    return {
        (naam, waarde[:60])
        for naam, waarde in alles(store)
        if any(woord in waarde.lower() for woord in gezocht)
    }


def kwalen(route):
    return read(route.store.sessions, partial(doctor.diagnose, now=route.now))


def test_after_the_bewaartermijn_only_the_short_list_is_left_anywhere(vol):
    assert waar(vol.store, "Turkoois", V_NUMMER)
    sluit(vol)
    verwijder(vol, "bewaartermijn")
    assert waar(vol.store, "Turkoois", V_NUMMER, "migraine", "asielstatushouder") == set()
    assert vol.facts == {
        "naam": NAAM, "bsn": BSN, "adres": KORT["adres"], "eindePlicht": EINDE,
        "geboortedatum": KORT["geboortedatum"],
    }  # fmt: skip
    assert set(vol.facts) <= set(KORTE_LIJST)
    assert kwalen(vol) == []


def test_after_a_correctie_nothing_about_the_person_is_left_anywhere(vol):
    verwijder(vol, "correctie", kenmerk="DUO 2026/17")
    woorden = ("Turkoois", BSN, V_NUMMER, *NAAM.split(), KORT["adres"], KORT["geboortedatum"])
    assert waar(vol.store, *woorden, "migraine", "gezinsmigrant") == set()
    assert vol.facts == {}
    assert vol.ended
    assert vol.dossier.gesloten_op is not None
    assert kwalen(vol) == []


def test_what_is_left_after_fifty_years_goes_too(vol):
    sluit(vol)
    verwijder(vol, "bewaartermijn")
    assert "2076" in kijk(vol, "vijftig jaar").bezwaar
    vol.now = vol.now.replace(year=2076, month=3, day=10)
    assert doe(vol, verwijderen.overzicht).rijp == ()
    vol.now = vol.now.replace(year=2076, month=3, day=11)
    rijp = doe(vol, verwijderen.overzicht).rijp
    assert [(een.nummer, een.soort) for een in rijp] == [(vol.dossier.nummer, "vijftig jaar")]
    verwijder(vol, "vijftig jaar")
    assert waar(vol.store, BSN, *NAAM.split(), KORT["adres"], KORT["geboortedatum"]) == set()
    assert kwalen(vol) == []


def test_the_file_of_sqlite_holds_nothing_of_it_either(vol):
    if vol.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its files itself")
    verwijder(vol, "correctie", kenmerk="DUO 2026/17")
    opschonen(vol.store)
    bestand = Path(vol.store.engine.url.database)
    for pad in bestand.parent.glob(f"{bestand.name}*"):
        inhoud = pad.read_bytes()
        for woord in ("Turkoois", "turkoois", BSN, V_NUMMER, "Zwavelstok", "zwavelstok"):
            assert woord.encode() not in inhoud, (pad, woord)


def test_every_table_that_hangs_on_a_dossier_is_emptied_or_named_as_staying():
    geleegd = {tabel.model.__tablename__ for tabel in verwijderen.TABELLEN}
    blijft = {"dossier", "route", "journaal", "bericht", "zoekwoord", "verwijdering"}
    hangt = {"dossier"}
    for tabel in Base.metadata.sorted_tables:
        if any(sleutel.column.table.name in hangt for sleutel in tabel.foreign_keys):
            hangt.add(tabel.name)
    assert hangt == geleegd | blijft


def test_who_proposed_it_may_not_do_it(vol):
    rij = doe(vol, verwijderen.stel_voor, vol.dossier_id, "correctie", kenmerk="DUO 1")
    with pytest.raises(Conflict, match="zelf voor"):
        doe(vol, verwijderen.voer_uit, rij.dossier_id, rij.id)
    assert vol.facts["bsn"] == BSN


def test_who_proposed_it_under_another_name_may_not_do_it_either(vol):
    rij = doe(vol, verwijderen.stel_voor, vol.dossier_id, "correctie", kenmerk="DUO 1")
    getrouwd = replace(MARJAN, naam="Marjan Bakker-Smit")
    with pytest.raises(Conflict, match="zelf voor"):
        doe(vol, verwijderen.voer_uit, rij.dossier_id, rij.id, by=getrouwd)
    assert vol.facts["bsn"] == BSN


@pytest.fixture
def licht(route):
    """A small route of somebody whose plicht ended."""
    return route.given(
        "klein", klein(), leerroute="B1", bsn=BSN, vNummer=V_NUMMER, eindePlicht=EINDE
    )


@pytest.mark.parametrize(
    ("act", "rest"),
    [
        (verwijderen.stel_voor, ("correctie",)),
        (verwijderen.bekijk, ("correctie",)),
        (verwijderen.stand, ()),
        (verwijderen.noteer_aflossing, (EINDE,)),
        (verwijderen.voer_uit, (uuid4(),)),
        (verwijderen.trek_in, (uuid4(),)),
    ],
)
def test_a_casemanager_may_not_erase_nor_look_at_it(licht, act, rest):
    with pytest.raises(NotAllowed):
        doe(licht, act, licht.dossier_id, *rest, by=FATMA)
    with pytest.raises(NotAllowed):
        doe(licht, verwijderen.overzicht, by=FATMA)


def test_somebody_with_two_accounts_under_one_name_may_not_do_it_alone(licht):
    rij = doe(licht, verwijderen.stel_voor, licht.dossier_id, "correctie", kenmerk="DUO 1")
    tweede = Actor("Marjan", GEMEENTE, frozenset({Rol.BEHEERDER}), uuid4())
    with pytest.raises(Conflict, match="zelf voor"):
        doe(licht, verwijderen.voer_uit, rij.dossier_id, rij.id, by=tweede)


def test_what_is_ripe_is_listed_from_the_day_after_its_last_until_somebody_proposes_it(licht):
    sluit(licht)

    def rijp():
        return [(een.nummer, een.bewaren_tot) for een in doe(licht, verwijderen.overzicht).rijp]

    licht.now = licht.now.replace(year=2031, month=3, day=10)
    assert rijp() == []
    licht.now += timedelta(days=1)
    assert rijp() == [(licht.dossier.nummer, date(2031, 3, 10))]
    rij = doe(licht, verwijderen.stel_voor, licht.dossier_id, "bewaartermijn")
    assert rijp() == []
    doe(licht, verwijderen.trek_in, rij.dossier_id, rij.id)
    assert len(rijp()) == 1
    open_ = update(Dossier).values(gesloten_op=None)
    transact(licht.store.sessions, lambda s: s.execute(open_))
    assert rijp() == []
    with pytest.raises(Conflict, match="nog open"):
        doe(licht, verwijderen.stel_voor, licht.dossier_id, "bewaartermijn")
    sluit(licht)
    verwijder(licht, "bewaartermijn")
    assert rijp() == []


def test_what_was_erased_keeps_the_day_it_closed_and_is_of_nobody_any_more(licht):
    fatma = Account(login="fatma", naam="Fatma", partij=GEMEENTE, wachtwoord="-")
    transact(licht.store.sessions, lambda s: s.add(fatma))
    zet = update(Dossier).values(casemanager_id=fatma.id)
    transact(licht.store.sessions, lambda s: s.execute(zet))
    dicht = licht.now
    sluit(licht)
    verwijder(licht, "bewaartermijn")
    dossier = licht.dossier
    assert (dossier.gesloten_op, dossier.verwijderd_op) == (dicht, licht.now)
    assert (dossier.casemanager_id, dossier.v_nummer, dossier.leerroute) == (None, None, None)
    assert dossier.gesloten_reden.startswith("De gegevens zijn verwijderd. Besluit inburgering")
    eerst = licht.now
    licht.now = licht.now.replace(year=2077)
    verwijder(licht, "vijftig jaar")
    assert licht.dossier.verwijderd_op == eerst
    with pytest.raises(Conflict, match="al verwijderd"):
        doe(licht, verwijderen.stel_voor, licht.dossier_id, "bewaartermijn")
    zegels = [regel for regel in licht.journal if regel.wat == verwijderen.WAT]
    assert [regel.gegevens["soort"] for regel in zegels] == ["bewaartermijn", "vijftig jaar"]
    gewist = [regel for regel in licht.journal if regel.gewist_door]
    assert gewist
    assert {(regel.door_id, regel.deployment_id) for regel in gewist} == {(None, None)}
    assert {regel.op for regel in gewist} <= {eerst, licht.now}  # not when it happened


def test_after_fifty_years_comes_after_the_bewaartermijn(licht):
    licht.now = licht.now.replace(year=2077)
    sluit(licht)
    licht.now = licht.now.replace(year=2077)
    with pytest.raises(Conflict, match="nog niet verwijderd"):
        doe(licht, verwijderen.stel_voor, licht.dossier_id, "vijftig jaar")


def test_a_message_that_is_known_by_v_nummer_alone_goes_too_and_comes_to_nobody(licht):
    bericht = Bericht(
        bericht_id="los", bericht="SS120", v_nummer=V_NUMMER, gegevens={"x": GEHEIM.format(1)},
        van="DUO", ontvangen_op=licht.now, volgende_op=licht.now, lease=uuid4(),
        lease_tot=licht.now,
    )  # fmt: skip
    incident = Incident(soort="timer", bron="los", reden="Van iets anders", op=licht.now)
    transact(licht.store.sessions, lambda s: s.add_all([bericht, incident]))
    verwijder(licht, "correctie", kenmerk="DUO 1")
    over = read(licht.store.sessions, lambda s: s.get_one(Bericht, "los"))
    assert (over.status, over.v_nummer, over.gegevens, over.lease) == ("bezorgd", None, {}, None)
    assert [een.reden for een in licht.incidenten] == ["Van iets anders"]
    opnieuw = partial(
        berichten.receive, bericht_id="los", bericht="SS120", gegevens={"x": GEHEIM.format(1)},
        v_nummer=V_NUMMER, by=BUREAU, now=licht.now,
    )  # fmt: skip
    assert transact(licht.store.sessions, opnieuw).status == "bezorgd"
    assert waar(licht.store, V_NUMMER, "Turkoois") == set()


def test_what_was_withdrawn_before_is_not_withdrawn_again_and_a_lowering_is(licht):
    weg = BOETE | {"herroepen": date(2026, 3, 2)}
    verlaging = BOETE | {"soort": "maatregel Participatiewet", "bedrag": None}
    licht.when_facts(nalevingsbesluiten=[weg, verlaging])
    assert kijk(licht, "correctie").boetes == ("maatregel Participatiewet van 02-02-2026",)


def _terug(route):
    """Let the person of ``route`` move out and come back: a second dossier behind the first."""
    eerste = route.dossier_id
    zet = [
        update(Dossier).values(bsn=None, v_nummer=None, gesloten_op=route.now),
        update(Route).values(beeindigd_op=route.now),
    ]
    transact(route.store.sessions, lambda s: [s.execute(een) for een in zet])
    gegevens = {"naam": NAAM, "doelgroep": "gezinsmigrant", "bsn": BSN, "leerroute": "B1"}
    start = partial(
        dossiers.start_dossier, gegevens=gegevens, proces="klein", by=BUREAU, now=route.now
    )
    tweede = transact(route.store.sessions, start).id
    achter = update(Dossier).where(Dossier.id == tweede).values(vorige_id=eerste)
    transact(route.store.sessions, lambda s: s.execute(achter))
    route.dossier_id = tweede
    return eerste


def test_a_correctie_names_the_dossiers_of_other_periods_until_those_are_erased_too(licht):
    eerste_nummer = licht.dossier.nummer
    eerste = _terug(licht)
    tweede = licht.dossier_id
    assert kijk(licht, "correctie").ook == ((eerste, eerste_nummer),)
    assert kijk(licht, "bewaartermijn").ook == ()
    verwijder(licht, "correctie", kenmerk="DUO 1")
    assert kijk(licht, "correctie").ook == ((eerste, eerste_nummer),)
    licht.dossier_id = eerste
    assert kijk(licht, "correctie").ook == ()
    verwijder(licht, "correctie", kenmerk="DUO 1")
    licht.dossier_id = tweede
    assert kijk(licht, "correctie").ook == ()


@pytest.mark.parametrize("nummer", [BSN, V_NUMMER])
def test_the_kenmerk_of_an_earlier_period_holds_no_number_of_the_person_either(licht, nummer):
    licht.dossier_id = _terug(licht)
    assert licht.dossier.bsn is None
    with pytest.raises(Invalid):
        doe(licht, verwijderen.stel_voor, licht.dossier_id, "correctie", kenmerk=f"zie {nummer}")


def test_before_the_last_day_nothing_is_proposed(vol):
    sluit(vol)
    vol.now = vol.now.replace(year=2031, month=3, day=10)
    with pytest.raises(Conflict, match="10-03-2031"):
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")
    vol.now += timedelta(days=1)
    doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")


def test_an_open_taak_comes_first(vol):
    vol.now = vol.now.replace(year=2031, month=6)
    with pytest.raises(Conflict, match="taken open"):
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")


def test_a_loan_that_is_not_paid_off_comes_first_and_then_counts_five_years(vol):
    vol.when_facts(leningGebruikt=4000)
    sluit(vol)
    with pytest.raises(Conflict, match="lening"):
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")
    doe(vol, verwijderen.noteer_aflossing, vol.dossier_id, date(2030, 6, 1))
    assert kijk(vol, "bewaartermijn").bewaren_tot == date(2035, 6, 1)
    with pytest.raises(Conflict, match="01-06-2035"):
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")
    morgen = vol.now.date() + timedelta(days=1)
    with pytest.raises(Invalid, match="toekomst"):
        doe(vol, verwijderen.noteer_aflossing, vol.dossier_id, morgen)


def test_a_reason_that_came_after_the_proposal_stops_it(vol):
    sluit(vol)
    rij = doe(vol, verwijderen.stel_voor, vol.dossier_id, "bewaartermijn")
    later = vol.now.date() - timedelta(days=400)
    feit = (
        update(Feit)
        .where(Feit.naam == "eindePlicht")
        .values(waarde={"@type": "date", "@value": later.isoformat()})
    )
    transact(vol.store.sessions, lambda s: s.execute(feit))
    with pytest.raises(Conflict, match="bewaard tot en met"):
        doe(vol, verwijderen.voer_uit, rij.dossier_id, rij.id, by=TOM)
    doe(vol, verwijderen.trek_in, rij.dossier_id, rij.id)
    with pytest.raises(Conflict, match="al ingetrokken"):
        doe(vol, verwijderen.voer_uit, rij.dossier_id, rij.id, by=TOM)


@pytest.mark.parametrize("kenmerk", ["", "Brief over Zwavelstok", f"Bsn {BSN}", "x" * 101])
def test_a_correctie_names_the_letter_of_duo_and_not_the_person(vol, kenmerk):
    with pytest.raises(Invalid) as fout:
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "correctie", kenmerk=kenmerk)
    assert "kenmerk" in fout.value.fouten


def test_the_look_before_tells_what_goes_and_the_erasure_does_just_that(vol):
    blik = kijk(vol, "correctie")
    assert blik.blijft == ()
    assert blik.weg["besluitdossiers"] == 1
    assert blik.boetes == ("boete van 02-02-2026: € 250,00",)
    rij = verwijder(vol, "correctie", kenmerk="DUO 1")
    anders = {
        naam for naam in blik.weg.keys() | rij.aantallen.keys()
        if blik.weg.get(naam) != rij.aantallen.get(naam)
    }  # fmt: skip
    assert anders == {"regels van het journaal"}  # the proposal itself is one more


def test_the_handhaver_hears_which_fines_to_pay_back_and_partners_that_it_stopped(vol):
    verwijder(vol, "correctie", kenmerk="DUO 1")
    teksten = {(een.partij, een.rol): een.tekst for een in vol.meldingen}
    assert "boete van 02-02-2026: € 250,00" in teksten[GEMEENTE, "handhaver"]
    assert {("IVIO", "taalaanbieder"), ("Werkom", "taalaanbieder")} <= teksten.keys()
    assert all(vol.dossier.nummer in tekst for tekst in teksten.values())


def test_a_gezinslid_hears_of_a_correctie_without_a_name(vol):
    ander = transact(
        vol.store.sessions,
        lambda s: dossiers.start_dossier(
            s, {"naam": "Bilal", "doelgroep": "gezinsmigrant"}, by=BUREAU, now=vol.now
        ),
    )
    doe(vol, gezin.koppel, vol.dossier_id, "partner", nummer=ander.nummer, by=FATMA)
    verwijder(vol, "correctie", kenmerk="DUO 1")
    vraag = select(Melding.tekst).where(Melding.dossier_id == ander.id, Melding.soort == "gestopt")
    (tekst,) = read(vol.store.sessions, lambda s: list(s.scalars(vraag)))
    assert "gezinslid" in tekst
    banden = select(Gezinsband)
    assert read(vol.store.sessions, lambda s: list(s.scalars(banden))) == []
    with pytest.raises(Conflict, match="verwijderd"):
        doe(vol, gezin.koppel, ander.id, "partner", nummer=vol.dossier.nummer, by=FATMA)


def test_a_person_of_a_correctie_may_come_again_and_the_old_message_does_nothing(vol):
    verwijder(vol, "correctie", kenmerk="DUO 1")
    nieuw = {"naam": NAAM, "doelgroep": "gezinsmigrant", "bsn": BSN}
    ander = transact(
        vol.store.sessions,
        lambda s: dossiers.start_dossier(s, nieuw, by=BUREAU, now=vol.now),
    )
    assert ander.id != vol.dossier_id
    assert vol.when_message("SS110", "duo-1") == "bezorgd"
    assert ander.gesloten_op is None


def test_a_message_for_an_erased_dossier_is_refused_and_not_kept(licht):
    """It would lie there with the numbers of the person, and no erasure would come for it again."""
    verwijder(licht, "correctie", kenmerk="DUO 1")
    with pytest.raises(Conflict, match="Het bericht is niet bewaard"):
        licht.when_message("SS131", "duo-9", bsn=BSN, lbtResultaat="voldoende")
    assert waar(licht.store, BSN) == set()


def test_nothing_can_be_done_with_an_erased_dossier(vol):
    verwijder(vol, "correctie", kenmerk="DUO 1")
    with pytest.raises(Conflict):
        vol.when_facts(taal="nl")
    with pytest.raises(Conflict, match="al verwijderd"):
        doe(vol, verwijderen.stel_voor, vol.dossier_id, "correctie", kenmerk="DUO 2")
    with pytest.raises(Conflict, match="al verwijderd"):
        doe(vol, verwijderen.noteer_aflossing, vol.dossier_id, EINDE)
    with pytest.raises(NotFound):
        doe(vol, verwijderen.voer_uit, vol.dossier_id, uuid4())


def test_a_proposal_is_decided_only_at_the_dossier_that_it_is_about(vol):
    rij = doe(vol, verwijderen.stel_voor, vol.dossier_id, "correctie", kenmerk="DUO 1")
    ander = transact(
        vol.store.sessions,
        lambda s: dossiers.start_dossier(
            s, {"naam": "Bilal", "doelgroep": "gezinsmigrant"}, by=BUREAU, now=vol.now
        ),
    )
    for daad in (verwijderen.voer_uit, verwijderen.trek_in):
        with pytest.raises(NotFound):
            doe(vol, daad, ander.id, rij.id, by=TOM)
    assert doe(vol, verwijderen.voer_uit, vol.dossier_id, rij.id, by=TOM).status == "uitgevoerd"


def _eerste(session):
    return session.scalar(select(Journaal.id).where(Journaal.gewist_door.is_not(None)).limit(1))


def _haal_regel_weg(session):
    session.execute(delete(Journaal).where(Journaal.id == _eerste(session)))


def _verander_hash(session):
    regel = update(Journaal).where(Journaal.id == _eerste(session))
    session.execute(regel.values(keten="0" * 64))


def _schrijf_in_gewiste_regel(session):
    regel = update(Journaal).where(Journaal.id == _eerste(session))
    session.execute(regel.values(gegevens={"naam": "toch"}))


def _verander_het_zegel(session):
    regel = session.scalar(select(Journaal).where(Journaal.wat == verwijderen.WAT))
    regel.gegevens = {**regel.gegevens, "kenmerk": "anders"}


def _schrijf_een_gewiste_regel_bij(session):
    waarden = {
        naam: getattr(session.get(Journaal, _eerste(session)), naam)
        for naam in ("dossier_id", "op", "wat", "door", "gewist_door")
    }
    session.execute(insert(Journaal).values(**waarden, keten="1" * 64))


def _haal_het_voorstel_weg(session):
    session.execute(delete(Verwijdering))


def _maak_er_een_persoon_van(session):
    session.execute(update(Verwijdering).values(voorgesteld_door="Tom", besloten_door="Tom"))


def _zet_gegevens_terug(session):
    dossier = session.scalar(select(Dossier))
    session.add(
        Feit(dossier_id=dossier.id, naam="taal", waarde="x", sinds=dossier.geopend_op, door="x")
    )


def _zet_de_route_terug(session):
    session.execute(update(Route).values(toestand=b"x"))


def _open_de_route(session):
    session.execute(update(Route).values(beeindigd_op=None))


def _zet_de_naam_terug(session):
    session.execute(update(Dossier).values(naam="Iemand", zoek="iemand 2026-00001"))


def _zet_het_v_nummer_terug(session):
    session.execute(update(Dossier).values(v_nummer="1"))


def _vul_een_bericht(session):
    session.execute(update(Bericht).values(gegevens={"naam": "Iemand"}))


def _een_account_onder_twee_namen(session):
    een = uuid4()
    session.execute(update(Verwijdering).values(voorgesteld_door_id=een, besloten_door_id=een))
    session.execute(update(Journaal).where(Journaal.wat == verwijderen.WAT).values(door_id=een))


def _een_ander_deed_het(session):
    session.execute(update(Verwijdering).values(besloten_door_id=uuid4()))


def _vertel_er_niet_van(session):
    session.execute(update(Journaal).where(Journaal.wat == verwijderen.WAT).values(wat="x"))


def _maak_het_vindbaar(session):
    dossier = session.scalar(select(Dossier.id))
    session.add(Zoekwoord(woord="zwavelstok", begin="z", dossier_id=dossier))


@pytest.mark.parametrize(
    "knoei",
    [
        _haal_regel_weg,
        _verander_hash,
        _schrijf_in_gewiste_regel,
        _verander_het_zegel,
        _schrijf_een_gewiste_regel_bij,
        _haal_het_voorstel_weg,
        _maak_er_een_persoon_van,
        _zet_gegevens_terug,
        _zet_de_route_terug,
        _open_de_route,
        _zet_de_naam_terug,
        _zet_het_v_nummer_terug,
        _vul_een_bericht,
        _een_account_onder_twee_namen,
        _een_ander_deed_het,
        _vertel_er_niet_van,
        _maak_het_vindbaar,
    ],
)
def test_the_doctor_tells_tampering_from_a_lawful_erasure(licht, knoei):
    licht.when_message("SS131", "duo-2", lbtResultaat="voldoende")
    verwijder(licht, "correctie", kenmerk="DUO 1")
    assert kwalen(licht) == []
    transact(licht.store.sessions, knoei)
    assert kwalen(licht)


def test_a_row_that_somebody_emptied_without_an_erasure_is_found(vol):
    assert kwalen(vol) == []
    leeg = {"wat": verwijderen.GEWIST, "gegevens": {}, "pad": [], "element": None, "door": ""}
    eerste = (
        select(Journaal.id).where(Journaal.dossier_id == vol.dossier_id).limit(1).scalar_subquery()
    )
    regel = update(Journaal).where(Journaal.id == eerste).values(**leeg, gewist_door=1)
    transact(vol.store.sessions, lambda s: s.execute(regel))
    assert any("vertelt daar niet van" in een.tekst for een in kwalen(vol))


def test_the_hashes_of_what_decisions_rested_on_stay_in_the_chain(vol):
    verwijder(vol, "correctie", kenmerk="DUO 1")
    (regel,) = [rij for rij in vol.journal if rij.wat == verwijderen.WAT]
    ((_, gegevens, pdf),) = regel.gegevens["zegels"]["besluitdossiers"]
    assert len(gegevens) == len(pdf) == 64
    ((_, brief),) = regel.gegevens["zegels"]["brieven"]
    assert brief == hashlib.sha256(GEHEIM.format(12).encode()).hexdigest()
    ((_, gegevens, pdf),) = regel.gegevens["zegels"]["overdrachten"]
    assert len(gegevens) == len(pdf) == 64
    assert regel.door == "Tom"
    assert regel.gegevens["voorgesteldDoor"] == "Marjan"


def test_no_word_finds_what_was_erased(vol):
    verwijder(vol, "correctie", kenmerk="DUO 1")
    woorden = read(vol.store.sessions, lambda s: set(s.scalars(select(Zoekwoord.woord))))
    assert "zwavelstok" not in woorden
