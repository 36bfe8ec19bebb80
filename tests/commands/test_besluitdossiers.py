"""What a decision rested on is frozen when it is taken, and nothing in it can change unseen."""

import hashlib
import json
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import undefer

from routeflow.commands import doctor
from routeflow.commands.besluitdossiers import canoniek
from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import read, transact
from routeflow.store.models import Account, Besluitdossier, Journaal
from routeflow.store.queries.papieren import papier, papieren
from support.naleving import BESLISSER, BOETE, HANDHAVER, OORDEEL, ZAAK, hoor
from support.route import collega, project_files


@pytest.fixture
def niets(route):
    route.given("p17b_sanctietoets", **ZAAK)
    route.when_done("voer_sanctietoets_uit", **OORDEEL, uitkomst="niets", conclusie="Geen verwijt.")
    return route


@pytest.fixture
def boete(route):
    route.given("p17b_sanctietoets", **ZAAK)
    route.when_done("voer_sanctietoets_uit", **OORDEEL, **BOETE)
    hoor(route)
    route.when_done(
        "neem_besluit",
        by=BESLISSER,
        besluit="boete",
        andereAmbtenaar=True,
        boeteBedrag=20,
        motivering="Past.",
    )
    return route


def bevroren(route):
    alles = select(Besluitdossier).order_by(Besluitdossier.op, Besluitdossier.naam.desc())
    kolommen = (Besluitdossier.gegevens, Besluitdossier.pdf, Besluitdossier.beschermd)
    return read(
        route.store.sessions,
        lambda s: s.scalars(alles.options(*map(undefer, kolommen))).all(),
    )


def afwijkingen(route):
    return [
        een.tekst
        for een in read(route.store.sessions, partial(doctor.diagnose, now=route.now))
        if een.soort == "besluitdossier"
    ]


def test_that_nothing_follows_is_frozen_too(niets):
    (rij,) = bevroren(niets)
    assert (rij.naam, rij.uitkomst) == ("Voer sanctietoets uit", "niets")
    assert rij.pdf.startswith(b"%PDF-")
    assert afwijkingen(niets) == []


def test_a_decision_holds_all_that_it_rests_on(boete):
    toets, besluit = bevroren(boete)
    assert (toets.uitkomst, besluit.uitkomst) == ("boete", "boete")
    inhoud = json.loads(besluit.gegevens)
    assert [stap["element"] for stap in inhoud["stappen"]] == [
        "voer_sanctietoets_uit",
        "stuur_voornemen",
        "beoordeel_zienswijze",
    ]
    antwoorden = {een["naam"]: een["antwoord"] for een in inhoud["besluit"]["antwoorden"]}
    assert (antwoorden["besluit"], antwoorden["boeteBedrag"]) == ("boete", 20)
    assert antwoorden["rekenhulp"].startswith("Ten hoogste € 25.")
    assert inhoud["feiten"]["gedraging"]["waarde"] == ZAAK["gedraging"]
    assert inhoud["feiten"]["vermoedenMelder"]["waarde"] == "Kees"
    assert {een["naam"] for een in inhoud["termijnen"]} >= {"zienswijze", "besluit_boete"}
    assert all(een["grond"] for een in inhoud["termijnen"])
    assert inhoud["versie"]["bestanden"].keys() >= {
        "processes/p17b-sanctietoets.bpmn",
        "processes/waarborgen.dmn",
        "forms/neem-besluit.form",
    }
    assert inhoud["journaal"][-1]["element"] == "neem_besluit"


def test_the_facts_in_it_are_those_of_that_moment_and_only_what_the_steps_ask(route):
    """What stood before and was corrected, what was taken away, and what nobody asked stay out."""
    route.given("p17b_sanctietoets", **ZAAK, leerroute="B1", telefoon="0612345678")
    route.now += timedelta(minutes=5)
    route.when_facts(gedraging="Kom naar het examen (1)", leerroute=None)
    route.when_facts(gedragingDatum=date(2026, 1, 3))
    oordeel = {"uitkomst": "niets", "conclusie": "Geen verwijt."}
    route.when_done("voer_sanctietoets_uit", **OORDEEL, **oordeel)
    (rij,) = bevroren(route)
    feiten = json.loads(rij.gegevens)["feiten"]
    assert feiten["gedraging"]["waarde"] == "Kom naar het examen (1)"
    assert feiten["gedraging"]["sinds"] == route.now.isoformat()
    assert feiten["gedragingDatum"]["waarde"] == {"@type": "date", "@value": "2026-01-03"}
    assert feiten["doelgroep"]["waarde"] == "gezinsmigrant"
    assert "leerroute" not in feiten
    assert "telefoon" not in feiten
    assert "0612345678" not in rij.gegevens


def test_it_says_which_account_did_each_step(route):
    route.given("p17b_sanctietoets", **ZAAK)
    wie = Actor("Hans", GEMEENTE, frozenset({Rol.HANDHAVER}), uuid4())
    transact(route.store.sessions, partial(_account, wie))
    oordeel = {"uitkomst": "niets", "conclusie": "Geen verwijt."}
    route.when_done("voer_sanctietoets_uit", by=wie, **OORDEEL, **oordeel)
    (rij,) = bevroren(route)
    besluit = json.loads(rij.gegevens)["besluit"]
    assert (besluit["door"], besluit["doorId"]) == ("Hans", str(wie.account_id))


def _account(wie, session):
    rollen = sorted(wie.rollen)
    session.add(
        Account(
            id=wie.account_id, login="hans", naam=wie.naam, partij=wie.partij, rollen=rollen,
            wachtwoord="-",
        )
    )  # fmt: skip


def test_the_same_protected_answer_has_another_hash_in_each_besluitdossier(boete):
    """Else who guesses an answer about health finds it by its hash."""
    toets, besluit = bevroren(boete)
    assert toets.beschermd
    assert {deel["waarde"] for deel in toets.beschermd.values()} & {
        deel["waarde"] for deel in besluit.beschermd.values()
    }
    assert not toets.beschermd.keys() & besluit.beschermd.keys()


def test_the_hashes_are_those_of_the_very_bytes_and_stand_in_the_journal(boete):
    regels = read(
        boete.store.sessions,
        lambda s: s.scalars(select(Journaal).where(Journaal.wat == "besluitdossier")).all(),
    )
    gezegeld = {regel.gegevens["besluitdossier"]: regel for regel in regels}
    for rij in bevroren(boete):
        assert rij.gegevens_hash == hashlib.sha256(rij.gegevens.encode()).hexdigest()
        assert rij.pdf_hash == hashlib.sha256(rij.pdf).hexdigest()
        regel = gezegeld[str(rij.id)]
        assert regel.gegevens["gegevens"] == rij.gegevens_hash
        assert regel.gegevens["pdf"] == rij.pdf_hash
        assert regel.keten


def test_what_is_about_health_stands_in_it_by_its_hash_only(niets):
    (rij,) = bevroren(niets)
    assert "migraine" not in rij.gegevens
    assert "migraine" in json.dumps(rij.beschermd)
    assert {deel["soort"] for deel in rij.beschermd.values()} == {"gezondheid"}
    assert all(zegel in rij.gegevens for zegel in rij.beschermd)


def test_a_question_that_is_sensitive_by_its_name_stands_in_it_by_its_hash_without_a_mark(route):
    """As on every page: a form adds to what is sensitive, and takes nothing off."""
    pad = "forms/voer-sanctietoets-uit.form"
    formulier = json.loads(project_files()[pad])
    formulier["components"].append(
        {"id": "Field_welzijn", "type": "textfield", "key": "welzijn", "label": "Welzijn"}
    )
    bestanden = {**project_files(), pad: json.dumps(formulier).encode()}
    route.given("p17b_sanctietoets", bestanden, **ZAAK)
    oordeel = {"uitkomst": "niets", "conclusie": "Geen verwijt.", "welzijn": "slaapt slecht"}
    route.when_done("voer_sanctietoets_uit", **OORDEEL, **oordeel)
    (rij,) = bevroren(route)
    assert "slaapt slecht" not in rij.gegevens
    assert "slaapt slecht" in json.dumps(rij.beschermd)
    assert afwijkingen(route) == []


def test_a_besluitdossier_never_changes(niets):
    def verander(session):
        session.scalars(select(Besluitdossier)).one().uitkomst = "boete"

    def haal_weg(session):
        session.delete(session.scalars(select(Besluitdossier)).one())

    for daad in (verander, haal_weg):
        with pytest.raises(ValueError, match="staat vast"):
            transact(niets.store.sessions, daad)


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"gegevens": "{}"}, "past niet bij het zegel"),
        ({"pdf": b"%PDF-"}, "past niet bij het zegel"),
        ({"uitkomst": "boete"}, "staat niet zo in het journaal"),
        (
            {"gegevens": "{}", "gegevens_hash": hashlib.sha256(b"{}").hexdigest()},
            "staat niet zo in het journaal",
        ),
        ({"beschermd": {"0" * 64: {"waarde": "niets"}}}, "beschermd antwoord is veranderd"),
    ],
)
def test_the_doctor_sees_what_was_changed_beside_the_product(niets, anders, zin):
    assert afwijkingen(niets) == []
    transact(niets.store.sessions, lambda s: s.execute(update(Besluitdossier).values(**anders)))
    (gevonden,) = afwijkingen(niets)
    assert zin in gevonden


def _anders(beschermd):
    zegel, deel = next(iter(beschermd.items()))
    return beschermd | {zegel: deel | {"waarde": "niets"}}


def _erbij(beschermd):
    deel = {"soort": "gezondheid", "nonce": "0", "waarde": "erbij"}
    return beschermd | {hashlib.sha256(canoniek(deel).encode()).hexdigest(): deel}


@pytest.mark.parametrize("knoei", [_anders, _erbij, lambda _beschermd: {}])
def test_the_doctor_sees_a_protected_answer_that_was_changed_added_or_taken_away(niets, knoei):
    (rij,) = bevroren(niets)
    assert rij.beschermd
    anders = update(Besluitdossier).values(beschermd=knoei(rij.beschermd))
    transact(niets.store.sessions, lambda s: s.execute(anders))
    (gevonden,) = afwijkingen(niets)
    assert "beschermd antwoord is veranderd" in gevonden


def test_the_doctor_sees_that_one_is_gone(niets):
    transact(niets.store.sessions, lambda s: s.execute(delete(Besluitdossier)))
    (gevonden,) = afwijkingen(niets)
    assert "maar is weg" in gevonden


def test_a_handhaver_reads_those_of_their_own_dossiers_and_a_beheerder_none(niets):
    (rij,) = bevroren(niets)
    gelezen = read(
        niets.store.sessions, lambda s: papier(s, HANDHAVER, Besluitdossier, rij.id).gegevens
    )
    assert gelezen == rij.gegevens
    for rol in (Rol.BEHEERDER, Rol.PROCESEIGENAAR, Rol.INKOMENSCONSULENT):
        ander = Actor("Ander", GEMEENTE, frozenset({rol}))
        with pytest.raises(NotAllowed):
            read(niets.store.sessions, lambda s, wie=ander: papier(s, wie, Besluitdossier, rij.id))
        with pytest.raises(NotAllowed):
            read(
                niets.store.sessions,
                lambda s, wie=ander: papieren(s, wie, Besluitdossier, niets.dossier_id),
            )
    with pytest.raises(NotFound):
        read(niets.store.sessions, lambda s: papier(s, HANDHAVER, Besluitdossier, niets.dossier_id))


def test_other_steps_leave_no_besluitdossier(route):
    route.given("p17_naleving", **ZAAK)
    taak = route.taak("doe_contactpoging")
    route.when_done(
        "doe_contactpoging",
        by=collega(taak),
        contactGelukt="ja",
        contactpogingen=[{"datum": route.now.date(), "wijze": "brief", "resultaat": "bereikt"}],
    )
    assert bevroren(route) == []
