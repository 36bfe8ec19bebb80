"""Who moved out and comes back has a new dossier behind the old one, and types nothing over."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select

from routeflow.commands import berichten, dossiers, gezin
from routeflow.errors import Conflict, Invalid, NotAllowed
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store import queries, read, transact
from routeflow.store.models import Dossier, DossierTermijn, Gezinsband, Uren
from routeflow.worker import run_due
from support.route import BUREAU, PERSOON

BSN = "111222333"
BOETE = {
    "gedraging": "Kom naar de les (1)",
    "plicht": "begeleiding",
    "soort": "boete",
    "bedrag": 25,
    "vastgesteld": date(2025, 10, 6),
    "bekendgemaakt": date(2025, 10, 20),
    "onherroepelijk": date(2025, 12, 2),
    "herroepen": None,
}
OUD = {
    "bsn": BSN,
    "leerroute": "B1",
    "dagtekening": date(2025, 3, 3),
    "termijnStart": date(2025, 3, 4),
    "termijnEindExclusief": date(2028, 9, 4),
    "datumKennisgeving": date(2025, 1, 6),
    "brpDatum": date(2025, 1, 20),
    "urenNt2": 240,
    "urenNt2Knm": 260,
    "urenPvt": 12,
    "behaaldeOnderdelen": ["LE"],
    "pvtDatum": date(2025, 9, 1),
    "nalevingsbesluiten": [BOETE],
    "verhuisdNaar": "Hoorn",
    "verhuisdOp": date(2025, 12, 1),
    "schulden": "ja",
}

AF = {"verhuisdOp": date(2026, 1, 5), "administratieAf": ["uren"]}


@pytest.fixture
def weg(route):
    """A route of somebody who moved out, and waits whether the other gemeente asks."""
    return route.given("p19d_overdracht", **OUD)


def terug(route, bericht="SS121", **gegevens):
    """Let DUO or COA tell it, by BSN alone, and go on with the new dossier."""
    oud = route.dossier_id
    ontvang = partial(
        berichten.receive,
        bericht_id=str(uuid4()),
        bericht=bericht,
        gegevens=gegevens,
        bsn=BSN,
        by=BUREAU,
        now=route.now,
    )
    transact(route.store.sessions, ontvang)
    run_due(route.store, route.config, route.now)
    nieuw = read(
        route.store.sessions, lambda s: s.scalar(select(Dossier.id).where(Dossier.vorige_id == oud))
    )
    assert nieuw is not None, [een.reden for een in route.incidenten]
    route.dossier_id = nieuw
    return oud


def dossier(route, ident):
    return read(route.store.sessions, lambda s: s.get_one(Dossier, ident))


@pytest.mark.parametrize("bericht", ["SS121", "SS101", "SS139", "koppeling"])
def test_a_message_about_who_moved_out_opens_a_dossier_behind_the_old_one(weg, bericht):
    oud = terug(weg, bericht)
    assert weg.incidenten == []
    assert (weg.dossier.naam, weg.dossier.bsn, weg.dossier.vorige_id) == ("Amina Yusuf", BSN, oud)
    assert weg.dossier.gesloten_op is None
    eerder = dossier(weg, oud)
    assert (eerder.bsn, eerder.gesloten_reden) == (
        None,
        "De route is afgerond: Terug in de gemeente.",
    )
    assert weg.ailments == []


def test_also_when_the_earlier_dossier_was_closed_long_ago(weg):
    weg.when_moment_comes("verzoek_overdracht_blijft_uit")
    assert weg.ended
    oud = terug(weg)
    assert dossier(weg, oud).gesloten_reden == "De route is afgerond: Niet gevraagd."
    assert weg.ailments == []


def test_the_step_that_hands_the_dossier_over_ends_when_the_person_is_back(weg):
    vraag = {"overdrachtGemeente": "Hoorn", "overdrachtVerzoekDatum": "2026-01-05"}
    assert weg.when_message("verzoek_overdracht", **vraag) == "bezorgd"
    assert weg.open_elements == {"draag_dossier_over"}
    oud = terug(weg)
    weg.dossier_id = oud
    assert weg.open_elements == set()
    assert weg.dossier.gesloten_reden == "De route is afgerond: Terug in de gemeente."
    assert weg.ailments == []


def test_a_message_that_names_the_closed_dossier_itself_finds_the_way_too(weg):
    oud = weg.dossier_id
    assert weg.when_message("SS121") == "bezorgd"
    assert read(
        weg.store.sessions, lambda s: s.scalar(select(Dossier.id).where(Dossier.vorige_id == oud))
    )


def test_pip_hours_exams_and_termijn_are_taken_over_and_debts_are_not(weg):
    def les(session):
        session.add(
            Uren(
                dossier_id=weg.dossier_id,
                partij="IVIO",
                datum=date(2025, 11, 3),
                soort="NT2",
                kwartieren=10,
                aanwezig="aanwezig",
                op=weg.now,
                door="Ruud",
            )
        )

    transact(weg.store.sessions, les)
    terug(weg, datumVestigingDuo="2026-01-02")
    feiten = weg.facts
    assert (feiten["leerrouteVorigPip"], feiten["dagtekeningVorigPip"]) == ("B1", date(2025, 3, 3))
    assert (feiten["overgenomenNt2"], feiten["overgenomenKnm"]) == (Decimal("242.5"), 20)
    assert (feiten["termijnStart"], feiten["termijnEindExclusief"]) == (
        date(2025, 3, 4),
        date(2028, 9, 4),
    )
    assert (feiten["behaaldeOnderdelen"], feiten["pvtDatum"]) == (["LE"], date(2025, 9, 1))
    assert (feiten["vorigeGemeente"], feiten["datumVestigingDuo"]) == ("Hoorn", date(2026, 1, 2))
    assert not {"schulden", "dossierEinde", "verhuisdOp", "brpDatum"} & feiten.keys()


def test_a_fine_goes_along_under_a_name_that_no_later_gedraging_gets(weg):
    terug(weg)
    [besluit] = weg.facts["nalevingsbesluiten"]
    assert besluit == {**BOETE, "gedraging": "Kom naar de les (1) (dossier 2026-00001)"}


def test_who_asks_the_other_gemeente_finds_the_own_period_filled_in(weg):
    start = partial(
        dossiers.start_dossier,
        gegevens={**PERSOON, "bsn": BSN, "brpDatumNieuw": date(2026, 1, 2)},
        proces="p19a_verhuizing_in",
        by=BUREAU,
        now=weg.now,
    )
    weg.dossier_id = transact(weg.store.sessions, start).id
    weg.when_done(
        "vraag_gegevens_vorige_gemeente_op",
        vorigeGemeente="Hoorn",
        gegevensOpgevraagdOp=date(2026, 1, 5),
        opgevraagdBij="balie",
    )
    weg.when_done(
        "leg_gegevens_vorige_gemeente_vast",
        gegevensOntvangen="ja",
        gegevensOntvangenOp=date(2026, 1, 5),
        overgenomenNt2=300,
        bewijsVorigeGemeente="zaak 1",
    )
    feiten = weg.facts
    assert (feiten["leerroute"], feiten["urenNt2"], feiten["urenNt2Knm"]) == ("B1", 300, 320)
    assert (feiten["urenPvt"], feiten["termijnStart"]) == (12, date(2025, 3, 4))
    assert [een["bedrag"] for een in feiten["nalevingsbesluiten"]] == [25]


def test_the_next_message_reaches_the_new_dossier(weg):
    oud = terug(weg)
    ontvang = partial(
        berichten.receive,
        bericht_id="duo-2",
        bericht="SS120",
        gegevens={"datumVestigingDuo": "2026-01-03"},
        bsn=BSN,
        by=BUREAU,
        now=weg.now,
    )
    transact(weg.store.sessions, ontvang)
    run_due(weg.store, weg.config, weg.now)
    assert weg.facts["datumVestigingDuo"] == date(2026, 1, 3)
    assert "datumVestigingDuo" not in read(weg.store.sessions, lambda s: queries.feiten(s, oud))


def test_a_message_that_still_names_the_closed_dossier_reaches_the_new_one(weg):
    oud = terug(weg)
    nieuw, weg.dossier_id = weg.dossier_id, oud
    assert weg.when_message("SS120", datumVestigingDuo="2026-01-03") == "ontvangen"
    assert weg.incidenten == []
    weg.dossier_id = nieuw
    assert weg.facts["datumVestigingDuo"] == date(2026, 1, 3)


def test_a_second_message_that_opens_does_not_open_a_third_dossier(weg):
    terug(weg)
    assert weg.when_message("SS101") in {"ontvangen", "bezorgd"}
    assert read(weg.store.sessions, lambda s: s.query(Dossier).count()) == 2


def test_a_person_opens_it_with_the_bsn_and_the_day_of_registration(weg):
    oud = weg.dossier_id
    gegevens = {"naam": "Amina Yusuf", "doelgroep": "asielstatushouder", "bsn": BSN}
    start = partial(dossiers.start_dossier, by=BUREAU, now=weg.now)
    with pytest.raises(Invalid, match="had hier al een dossier") as fout:
        transact(weg.store.sessions, partial(start, gegevens=gegevens))
    assert list(fout.value.fouten) == ["brpDatumNieuw"]
    nieuw = transact(
        weg.store.sessions,
        partial(start, gegevens={**gegevens, "brpDatumNieuw": date(2026, 1, 2)}),
    )
    weg.dossier_id = nieuw.id
    assert weg.dossier.vorige_id == oud
    [pip] = [een for een in _termijnen(weg) if een.naam == "pip"]
    assert pip.uiterlijk == date(2026, 3, 13)
    with pytest.raises(Conflict, match="Er is al een dossier met dit BSN"):
        transact(
            weg.store.sessions,
            partial(start, gegevens={**gegevens, "brpDatumNieuw": date(2026, 1, 2)}),
        )


def test_who_is_still_here_gets_no_second_dossier(route):
    route.given("p19b_verhuizing_uit", **OUD)
    gegevens = {"naam": "X", "doelgroep": "asielstatushouder", "bsn": BSN}
    start = partial(dossiers.start_dossier, gegevens=gegevens, by=BUREAU, now=route.now)
    with pytest.raises(Conflict):
        transact(route.store.sessions, start)


def test_both_journals_tell_of_it(weg):
    oud = terug(weg)
    assert next(een.wat for een in weg.journal) == "dossier geopend"
    assert weg.facts["eerderDossier"] == "2026-00001"
    weg.dossier_id = oud
    [regel] = [een for een in weg.journal if een.wat == "teruggekeerd" and een.gegevens]
    assert regel.gegevens["dossier"] == "2026-00002"


def test_a_partner_of_the_first_period_sees_nothing_of_the_second(weg):
    oud = terug(weg)
    sheila = Actor("Sheila", "Netsheila", frozenset({Rol.PVT_AANBIEDER}))
    for ident in (oud, weg.dossier_id):
        with pytest.raises(NotAllowed):
            read(
                weg.store.sessions,
                lambda s, ident=ident: queries.dossier_detail(s, sheila, ident, weg.now.date()),
            )
    assert read(weg.store.sessions, lambda s: queries.perioden(s, sheila, oud)) == ()


def test_the_casemanager_sees_both_periods_from_either_side(weg):
    oud = terug(weg)
    for ident in (oud, weg.dossier_id):
        rijen = read(weg.store.sessions, lambda s, ident=ident: queries.perioden(s, BUREAU, ident))
        assert [(een.nummer, een.hier) for een in rijen] == [
            ("2026-00001", ident == oud),
            ("2026-00002", ident != oud),
        ]
        assert (rijen[0].verhuisd_op, rijen[0].verhuisd_naar) == (date(2025, 12, 1), "Hoorn")
        assert (rijen[1].gesloten_op, rijen[1].verhuisd_naar) == (None, "")


def test_the_household_is_tied_to_the_new_dossier_and_who_follows_finds_it_there(weg):
    start = partial(
        dossiers.start_dossier,
        gegevens={**PERSOON, "naam": "Samir Yusuf"},
        by=BUREAU,
        now=weg.now,
    )
    ander = transact(weg.store.sessions, start)
    koppel = partial(
        gezin.koppel,
        dossier_id=weg.dossier_id,
        soort="partner",
        nummer=ander.nummer,
        by=BUREAU,
        now=weg.now,
    )
    transact(weg.store.sessions, koppel)
    terug(weg)
    banden = read(
        weg.store.sessions,
        lambda s: s.scalars(select(Gezinsband).where(Gezinsband.vervallen_op.is_(None))).all(),
    )
    assert {(een.dossier_id, een.ander_dossier_id) for een in banden} >= {
        (weg.dossier_id, ander.id),
        (ander.id, weg.dossier_id),
    }
    assert sum(een.dossier_id == ander.id for een in banden) == 1


def test_an_exemption_that_lasts_makes_the_terms_stand_still_here_too(route):
    route.given(
        "p19d_overdracht",
        **OUD,
        tijdelijkVrijgesteld="ja",
        tijdelijkVrijgesteldVanaf=date(2025, 11, 3),
    )
    terug(route)
    assert route.facts["tijdelijkVrijgesteld"] == "ja"
    [stil, *_] = route.facts["termijnIngrepen"]
    assert (stil["van"], stil["tot"]) == (date(2025, 11, 3), None)
    assert route.ailments == []


def test_the_end_of_the_plicht_counts_the_bewaartermijn_of_both(weg):
    oud = terug(weg)
    assert weg.when_message("SS110", plichtIngetrokkenOp="2026-01-05") == "bezorgd"
    weg.dossier_id = oud
    [bewaren] = [een for een in _termijnen(weg) if een.naam == "bewaartermijn"]
    assert (bewaren.status, bewaren.uiterlijk) == ("loopt", date(2031, 1, 5))
    assert weg.ailments == []


def test_who_moves_out_again_may_come_back_again(weg):
    terug(weg)
    weg.when_message("SS122", verhuisdOp="2026-01-05", verhuisdNaar="Edam-Volendam")
    weg.when_done("maak_administratie_af", verhuizingKlopt="ja", verhuisdNaar="Edam-Volendam", **AF)
    tweede = terug(weg)
    assert weg.facts["vorigeGemeente"] == "Edam-Volendam"
    rijen = read(weg.store.sessions, lambda s: queries.perioden(s, BUREAU, tweede))
    assert [een.nummer for een in rijen] == ["2026-00001", "2026-00002", "2026-00003"]
    assert [een["gedraging"] for een in weg.facts["nalevingsbesluiten"]] == [
        "Kom naar de les (1) (dossier 2026-00001)"
    ]
    assert weg.ailments == []


def _termijnen(route):
    vraag = select(DossierTermijn).where(DossierTermijn.dossier_id == route.dossier_id)
    return read(route.store.sessions, lambda s: list(s.scalars(vraag)))
