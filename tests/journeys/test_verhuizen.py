"""A journey over HTTP of somebody who moves in with a PIP, leaves steps lying, and moves on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from routeflow.commands import doctor, overdrachten
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, read, transact
from routeflow.store.models import Brief, Incident, Overdracht
from support.huis import build_app, make_people, project_set, put_in_service, served
from support.reis import NEDERLAND, Reis, Scenario
from support.verhalen import AMINA, GEWOON, POST, TEMPO

OUD_PIP = date(2025, 1, 6)
BOETE = {
    "plicht": "begeleiding",
    "bedrag": 25,
    "vastgesteld": "2025-10-06",
    "bekendgemaakt": "2025-10-20",
    "onherroepelijk": "2025-12-02",
}
VERHAAL = Scenario(
    {**AMINA, "feiten": {"taal": "Tigrinya", "verblijfsrecht": "asiel_bepaald", "vorigeGemeente": "Alkmaar", "datumVestigingDuo": "2026-01-02", "datumKennisgeving": "2024-10-07"}},
    {
        **GEWOON,
        "leg_gegevens_vorige_gemeente_vast": {
            "gegevensOntvangen": "ja",
            "pipVorigeGemeente": "ja",
            "dagtekeningVorigPip": OUD_PIP.isoformat(),
            "leerrouteVorigPip": "B1",
            "niveau": "B1",
            "overgenomenNt2": 240,
            "overgenomenKnm": 20,
            "behaaldeOnderdelen": ["LE"],
            "boetesVorigeGemeente": [BOETE],
        },
        "voer_intakegesprek": {"leerrouteOvergenomen": "ja", "heeftKinderen": "nee"},
        "stel_pip_op": {"leerroute": "B1", "wachtOpDerde": "nee", "intensiteitUren": 12},
        "maak_administratie_af": {"verhuizingKlopt": "ja", "verhuisdNaar": "Hoorn"},
    },
    {naam: inhoud for naam, inhoud in POST.items() if naam != "SS102"},
    {**TEMPO, "laat_machtiging_tekenen": 400},
)  # fmt: skip


@pytest.fixture
def reis(store: Store, tmp_path: Path) -> Iterator[Reis]:
    put_in_service(store, project_set())
    tokens = make_people(store)
    with served(build_app(store, tmp_path)) as address:
        begonnen = Reis(address, tokens, VERHAAL)
        begonnen.open()
        yield begonnen
        begonnen.close()


def test_who_moves_in_and_on_keeps_what_was_done_and_is_blamed_for_nothing(reis, store):
    reis.live(until=lambda onderweg: _open(onderweg, "nodig_uit_voor_pvt"))
    alle, feiten = reis.taken(), reis.stand()["feiten"]
    gedaan = {taak["element"] for taak in alle}
    assert not gedaan & {"plan_leerbaarheidstoets", "bespreek_opleiding_en_werk", "zoek_woning"}
    assert not gedaan & {"zoek_verschil_termijn_uit", "voer_eerste_contact"}
    [pip] = [taak for taak in alle if taak["element"] == "stel_pip_vast"]
    assert pip["uiterlijk"] == "2026-03-13"  # ten weeks after the registration here
    assert (feiten["leerroute"], feiten["urenNt2"]) == ("B1", 240)
    assert feiten["termijnStart"] == (OUD_PIP + timedelta(days=1)).isoformat()
    termijnen = {een["naam"]: een["uiterlijk"] for een in reis.stand()["termijnen"]}
    assert termijnen["inburgeringstermijn"] == "2028-01-06"

    reis.live(until=lambda onderweg: _te_laat(onderweg, "laat_machtiging_tekenen"))
    [machtiging] = [t for t in reis.taken(status="open") if t["element"] == "laat_machtiging_tekenen"]  # fmt: skip
    gemeld = {"plicht": "ontzorgen", "toelichting": "Twee keer gebeld."}
    reis.post("fatma", f"/taken/{machtiging['id']}/vermoeden", gemeld)
    assert _open(reis, "doe_contactpoging")
    brieven = read(store.sessions, lambda session: session.query(Brief).count())

    weg = reis.vandaag
    reis.send("SS122", {"verhuisdOp": weg.isoformat(), "verhuisdNaar": "Hoorn"})
    [taak] = [een for een in reis.taken(status="open") if een["element"] == "maak_administratie_af"]
    assert (taak["houder"], taak["rol"]) == ("gemeente", "casemanager")
    reis.do(taak)
    assert reis.taken(status="open") == []
    *eerder, laatste = reis.stand()["feiten"]["nalevingsbesluiten"]
    assert [een["soort"] for een in eerder] == ["boete"]
    assert (laatste["soort"], laatste["reden"]) == ("geen gevolg", "verhuisd naar een andere gemeente")  # fmt: skip
    assert read(store.sessions, lambda session: session.query(Brief).count()) == brieven
    assert reis.pass_days(21) == []

    reis.send("verzoek_overdracht", {"overdrachtGemeente": "Hoorn"})
    maak = partial(
        overdrachten.maak_overdracht,
        dossier_id=_id(reis),
        van="Purmerend",
        aan="Hoorn",
        gevraagd_op=reis.vandaag,
        by=Actor("Fatma Yildiz", GEMEENTE, frozenset({Rol.CASEMANAGER})),
        now=_nu(reis),
    )
    transact(store.sessions, maak)
    [taak] = reis.taken(status="open")
    reis.do(taak)
    stand = reis.stand()
    assert (stand["feiten"]["dossierEinde"], stand["taken"]) == ("verhuisd", [])
    assert stand["geslotenOp"] is not None
    assert read(store.sessions, lambda session: session.query(Incident).all()) == []
    assert read(store.sessions, lambda session: session.query(Overdracht).count()) == 1
    assert read(store.sessions, partial(doctor.diagnose, now=_nu(reis))) == []


def test_who_comes_back_goes_on_with_what_was_done_here_and_nobody_types_it_again(reis, store):
    reis.live(until=lambda onderweg: _open(onderweg, "nodig_uit_voor_pvt"))
    weg, begonnen = reis.vandaag, reis.feit("termijnStart")
    reis.send("SS122", {"verhuisdOp": weg.isoformat(), "verhuisdNaar": "Hoorn"})
    [taak] = [een for een in reis.taken(status="open") if een["element"] == "maak_administratie_af"]
    reis.do(taak)
    reis.pass_days(14)
    oud = reis.dossier_id
    bericht = {"berichtId": "terug", "bericht": "SS121", "bsn": AMINA["bsn"], "gegevens": {}}
    reis.post("fatma", "/berichten", bericht)
    eerste, tweede = reis.stand()["perioden"]
    assert (eerste["dossier"], eerste["verhuisdNaar"]) == (oud, "Hoorn")
    assert reis.stand()["geslotenOp"] is not None

    reis.dossier_id, terug = tweede["dossier"], reis.vandaag
    antwoorden = {
        **VERHAAL.antwoorden,
        "leg_gegevens_vorige_gemeente_vast": {"gegevensOntvangen": "ja"},
    }
    reis.scenario = replace(VERHAAL, antwoorden=antwoorden)
    reis.live(until=lambda onderweg: _open(onderweg, "nodig_uit_voor_pvt"))
    feiten = reis.stand()["feiten"]
    assert (feiten["leerroute"], feiten["leerrouteOvergenomen"]) == ("B1", "ja")
    assert (feiten["urenNt2"], feiten["urenNt2Knm"]) == (240, 260)
    assert (feiten["behaaldeOnderdelen"], feiten["termijnStart"]) == (["LE"], begonnen)
    assert [een["bedrag"] for een in feiten["nalevingsbesluiten"]] == [25]
    alle = reis.taken()
    assert not {taak["element"] for taak in alle} & {"plan_leerbaarheidstoets", "zoek_woning"}
    [pip] = [taak for taak in alle if taak["element"] == "stel_pip_vast"]
    assert date.fromisoformat(pip["uiterlijk"]) >= terug + timedelta(weeks=10)
    reis.pass_days(1)
    assert read(store.sessions, lambda session: session.query(Incident).all()) == []
    assert read(store.sessions, partial(doctor.diagnose, now=_nu(reis))) == []


def _id(reis):
    return UUID(reis.dossier_id)


def _nu(reis):
    return datetime.combine(reis.vandaag, time(9), NEDERLAND)


def _open(reis, element):
    return any(taak["element"] == element for taak in reis.taken(status="open"))


def _te_laat(reis, element):
    return any(t["element"] == element for t in reis.taken(status="open", te_laat="true"))
