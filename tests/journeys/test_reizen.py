"""Six dossiers over HTTP, from aanmelding to the end of nazorg: who got what, and by when.

Beside this file stands the table of each journey: how often a step came, the step, its rol, its
partij and with whom, in the order in which the steps first came.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from routeflow.commands import doctor
from routeflow.inburgering.rechten import Rol
from routeflow.store import Store, read
from routeflow.store.models import Incident
from support.huis import MENSEN, build_app, make_people, project_set, put_in_service, served
from support.reis import NEDERLAND, Reis, plus_months
from support.verhalen import VERHALEN

TABELLEN = Path(__file__).parent
# Days off (Atw art. 3) that the terms in these journeys can meet.
VRIJ = {
    date(2026, 4, 3),  # Goede Vrijdag
    date(2026, 4, 6),  # tweede Paasdag
    date(2026, 4, 27),  # Koningsdag
    date(2026, 5, 5),
    date(2026, 5, 14),  # Hemelvaartsdag
    date(2026, 5, 25),  # tweede Pinksterdag
}
# The plan's rolverdeling: rol -> leerroute -> partij and with whom; None stands for every leerroute.
TAAL = {"B1": "IVIO", "Z": "Fiolet", "onderwijsroute": "Gemeente"}
VASTE_PARTIJ = {
    "maatschappelijk begeleider": ("Vluchtelingenwerk", None),
    "pvt-aanbieder": ("Netsheila", None),
    "participatiepartner": ("Clup Welzijn", None),
    "werkpartner": ("Werkom", None),
}


@pytest.fixture(params=list(VERHALEN))
def verhaal(request):
    return request.param


@pytest.fixture
def reis(verhaal: str, store: Store, tmp_path: Path) -> Iterator[Reis]:
    put_in_service(store, project_set())
    tokens = make_people(store)
    with served(build_app(store, tmp_path)) as address:
        begonnen = Reis(address, tokens, VERHALEN[verhaal])
        begonnen.open()
        yield begonnen
        begonnen.close()


def test_a_journey_from_aanmelding_to_the_end(verhaal, reis, store):
    if verhaal == "naleving":
        _partner_te_laat_is_geen_vermoeden(reis)
        _vermoeden_over_een_late_stap_van_de_inburgeraar(reis)
    reis.live()
    alle = reis.taken()
    stand = reis.stand()

    # Steps with the same last day come in any order; what is done, how often and by whom does not.
    assert sorted(tabel(reis.gedaan)) == sorted(_gelezen(verhaal))
    _ieder_zijn_eigen_taken(reis, alle)
    _partijen_uit_het_plan(stand, alle)
    _termijnen(stand, alle)
    _wat_bij_de_doelgroep_hoort(stand, alle)
    if verhaal != "naleving":
        assert not [taak for taak in alle if taak["proces"] == "p17_naleving"]
        assert not [taak for taak in alle if taak["rol"] == "handhaver"]
    assert stand["geslotenOp"] is not None
    assert stand["taken"] == []
    assert stand["casemanager"] == "Fatma Yildiz"
    assert read(store.sessions, lambda session: session.query(Incident).all()) == []
    klopt = read(store.sessions, lambda session: doctor.diagnose(session, now=_nu(reis)))
    assert klopt == []


def tabel(gedaan):
    """Return what was done, each step once, with how often: the text of the tables."""
    hoe_vaak = Counter(_regel(taak) for taak in gedaan)
    return [f"{aantal:>3}x {regel}".rstrip() for regel, aantal in hoe_vaak.items()]


def _regel(taak):
    return (
        f"{taak['element']:<36} {taak['rol']:<27} {taak['partij']:<18} {taak['samenMet'] or ''}"
    ).rstrip()


def _gelezen(verhaal):
    return (TABELLEN / f"{verhaal}.txt").read_text("utf-8").splitlines()


def _ieder_zijn_eigen_taken(reis, alle):
    """Each partner sees the taken of its own rol and partij, and no others."""
    for login, _, partij, rollen in MENSEN:
        if partij == "Gemeente":
            continue
        eigen = {
            taak["id"]
            for taak in alle
            if partij in {taak["partij"], taak["samenMet"]} and taak["rol"] in rollen
        }
        gezien = {taak["id"] for taak in reis.taken(login)}
        assert gezien == eigen, login
        if eigen:
            ziet = reis.get(login, f"/dossiers/{reis.dossier_id}")
            weet = set(ziet["feiten"])
            assert not weet & {"gezondheidFysiek", "gezondheidMentaal", "schulden", "welzijn"}
            assert "bsn" not in weet or Rol.TAALAANBIEDER in rollen
            assert ziet["termijnen"] == []


def _partijen_uit_het_plan(stand, alle):
    leerroute, doelgroep = stand["leerroute"], stand["doelgroep"]
    for taak in alle:
        rol, wie = taak["rol"], (taak["partij"], taak["samenMet"])
        if rol in VASTE_PARTIJ:
            assert wie == VASTE_PARTIJ[rol], taak
        elif rol == "taalaanbieder":
            assert wie == (
                TAAL[leerroute] if doelgroep == "asielstatushouder" else "Gemeente",
                None,
            )
        elif rol == "map-aanbieder":
            assert wie == (TAAL[leerroute], "Werkom"), taak
        else:
            assert wie == ("Gemeente", None), taak
    zonder_partij = {taak["element"] for taak in alle if taak["vlag"] == "partij ontbreekt"}
    van_de_school = {"plaats_in_taalschakeltraject", "meld_voortgang_onderwijs", "leg_diploma_vast"}
    assert (van_de_school <= zonder_partij) is (leerroute == "onderwijsroute")
    assert leerroute == "onderwijsroute" or not zonder_partij


def _termijnen(stand, alle):
    """The law's last days, counted here once more; and no last day without its grond."""
    feiten = {naam: _dag(waarde) for naam, waarde in stand["feiten"].items()}
    uit_asiel = stand["doelgroep"] == "asielstatushouder"
    begin = feiten["brpDatum"] if uit_asiel else feiten["datumKennisgeving"]
    pip = _werkdag(begin + timedelta(weeks=10))
    assert pip == (date(2026, 5, 26) if uit_asiel else date(2026, 4, 7))
    dagtekening = feiten["dagtekening"]
    verwacht = {
        "pip": pip,
        "inburgeringstermijn": plus_months(dagtekening, 36),
        "bezwaar": _werkdag(feiten["bekendmaking"] + timedelta(weeks=6)),
        "bewaartermijn": plus_months(feiten["eindePlicht"], 60),
    }
    if uit_asiel:
        verwacht |= {
            "ontzorgen": plus_months(feiten["bijstandIngang"], 6) - timedelta(days=1),
            **(
                {"onderwijsroute_start": plus_months(dagtekening, 6)}
                if stand["leerroute"] == "onderwijsroute"
                else {"aanbod": plus_months(dagtekening, 3)}
            ),
        }
    geteld = {een["naam"]: een for een in stand["termijnen"]}
    assert {naam: _dag(geteld[naam]["uiterlijk"]) for naam in verwacht} == verwacht
    assert all(een["grond"] for een in geteld.values())
    assert geteld["pip"]["status"] == "gehaald"

    vaststellen = [taak for taak in alle if taak["element"] == "stel_pip_vast"]
    assert [(_dag(t["uiterlijk"]), t["grond"]) for t in vaststellen] == [(pip, "Besluit 5.3 lid 1")]
    for taak in alle:
        assert bool(taak["grond"]) == bool(taak["uiterlijk"]), taak


def _wat_bij_de_doelgroep_hoort(stand, alle):
    onderdelen = {taak["onderdeel"] for taak in alle}
    elementen = {taak["element"] for taak in alle}
    feiten = stand["feiten"]
    assert "PVT" in onderdelen
    assert ("MAP" in onderdelen) is (stand["leerroute"] != "onderwijsroute")
    assert feiten["urenPvt"] >= 12
    if stand["leerroute"] != "onderwijsroute":
        assert feiten["urenMapPraktijk"] >= 40
    if stand["doelgroep"] == "gezinsmigrant":
        assert not onderdelen & {"maatschappelijke begeleiding", "ontzorgen"}
        assert not {
            element for element in elementen if element.startswith(("doe_aanbod", "geef_aanbod"))
        }
    else:
        assert {"maatschappelijke begeleiding", "ontzorgen"} <= onderdelen
    if stand["leerroute"] == "Z":
        assert feiten["urenNt2Knm"] >= 800
        mee = sum(feiten.get(naam, 0) for naam in ("urenParticipatie", "urenPvt", "urenMap"))
        assert (mee >= 800) is (stand["doelgroep"] == "asielstatushouder")
    telt_participatie = stand["leerroute"] == "Z" and stand["doelgroep"] == "asielstatushouder"
    assert ("accepteer_participatie_uren" in elementen) is telt_participatie


def _partner_te_laat_is_geen_vermoeden(reis):
    """A partner lets its step lie: there is nothing to report about the inburgeraar."""
    reis.live(until=lambda onderweg: _te_laat(onderweg, "geef_advies_b1"))
    [taak] = [een for een in reis.taken(status="open") if een["element"] == "geef_advies_b1"]
    antwoord = _meld(reis, taak)
    assert antwoord.status_code == 409
    assert "IVIO" in antwoord.json()["detail"]


def _vermoeden_over_een_late_stap_van_de_inburgeraar(reis):
    reis.live(until=lambda onderweg: _te_laat(onderweg, "meld_aan_voor_examen"))
    assert not [taak for taak in reis.taken() if taak["proces"] == "p17_naleving"]
    [taak] = [een for een in reis.taken(status="open") if een["element"] == "meld_aan_voor_examen"]
    assert taak["houder"] == "inburgeraar"
    assert _meld(reis, taak).status_code == 201


def _te_laat(reis, element):
    return any(t["element"] == element for t in reis.taken(status="open", te_laat="true"))


def _meld(reis, taak):
    return reis.clients["marjan"].post(
        f"/taken/{taak['id']}/vermoeden",
        json={"plicht": "leerroute", "toelichting": "Twee keer gebeld, met tolk."},
    )


def _werkdag(dag):
    while dag.isoweekday() > 5 or dag in VRIJ:
        dag += timedelta(days=1)
    return dag


def _dag(waarde):
    try:
        return date.fromisoformat(waarde)
    except (TypeError, ValueError):
        return waarde


def _nu(reis):
    return datetime.combine(reis.vandaag, time(9), NEDERLAND)
