"""Journeys over HTTP that take a turn: another leerroute on the way, and more time at the end.

Beside this file stands the table of each: how often a step came, the step, its rol and its partij.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from routeflow.commands import doctor
from routeflow.store import Store, read
from routeflow.store.models import Incident
from support.huis import build_app, make_people, project_set, put_in_service, served
from support.reis import NEDERLAND, Reis, plus_months
from support.verhalen import WENDINGEN

TABELLEN = Path(__file__).parent


@pytest.fixture
def verhaal(request):
    return request.param


@pytest.fixture
def reis(verhaal: str, store: Store, tmp_path: Path) -> Iterator[Reis]:
    put_in_service(store, project_set())
    tokens = make_people(store)
    with served(build_app(store, tmp_path)) as address:
        begonnen = Reis(address, tokens, WENDINGEN[verhaal])
        begonnen.open()
        yield begonnen
        begonnen.close()


@pytest.mark.parametrize("verhaal", ["wissel-b1-z"], indirect=True)
def test_halfway_from_b1_to_the_z_route_with_hours_and_termijn_kept(verhaal, reis, store):
    reis.live(until=lambda onderweg: _open(onderweg, "geef_advies_route"))
    voor = reis.stand()
    reis.live()
    stand, alle = reis.stand(), reis.taken()

    assert sorted(_tabel(reis.gedaan)) == sorted(_gelezen(verhaal))
    assert stand["leerroute"] == "Z"
    assert stand["feiten"]["termijnStart"] == voor["feiten"]["termijnStart"]
    assert stand["feiten"]["dagtekening"] == voor["feiten"]["dagtekening"]
    assert stand["feiten"]["urenNt2Knm"] >= max(800, voor["feiten"]["urenNt2Knm"])
    [besluit] = [taak for taak in alle if taak["element"] == "besluit_over_route"]
    assert date.fromisoformat(besluit["uiterlijk"]) <= plus_months(
        date.fromisoformat(stand["feiten"]["dagtekening"]), 18
    )
    [advies] = [taak for taak in alle if taak["element"] == "geef_advies_route"]
    assert (advies["rol"], advies["partij"]) == ("taalaanbieder", "IVIO")
    wie = {taak["element"]: taak["partij"] for taak in alle if taak["rol"] == "taalaanbieder"}
    assert wie["geef_advies_b1"] == "IVIO"
    assert wie["bevestig_start_z"] == "Fiolet"
    gesloten = [taak for taak in alle if taak["element"] == "geef_advies_b1"]
    assert all(taak["status"] != "open" for taak in gesloten)
    assert not [taak for taak in alle if taak["element"].startswith("noteer_grond_g")]
    aanbod = next(een for een in stand["termijnen"] if een["naam"] == "aanbod")
    assert date.fromisoformat(aanbod["uiterlijk"]) == plus_months(
        date.fromisoformat(stand["feiten"]["dagtekeningRoute"]), 3
    )
    _klaar_en_gezond(reis, store, stand)


@pytest.mark.parametrize("verhaal", ["verlenging-grond-g"], indirect=True)
def test_who_waited_for_an_aanbod_gets_the_delay_back_at_the_end(verhaal, reis, store):
    reis.live(until=lambda onderweg: _open(onderweg, "bespreek_verlenging"))
    stand = reis.stand()
    einde = date.fromisoformat(stand["feiten"]["termijnEindExclusief"])
    assert timedelta(0) <= reis.vandaag - plus_months(einde, -6) < timedelta(days=21)
    reis.live()
    stand, alle = reis.stand(), reis.taken()

    assert sorted(_tabel(reis.gedaan)) == sorted(_gelezen(verhaal))
    feiten = stand["feiten"]
    gewacht = date.fromisoformat(feiten["verlengingTot"]) - date.fromisoformat(
        feiten["verlengingVan"]
    )
    assert gewacht > timedelta(days=20)
    assert date.fromisoformat(feiten["termijnEindExclusief"]) == einde + gewacht
    termijn = next(een for een in stand["termijnen"] if een["naam"] == "inburgeringstermijn")
    assert date.fromisoformat(termijn["uiterlijk"]) == einde + gewacht - timedelta(days=1)
    [aanvraag] = [taak for taak in alle if taak["element"] == "vraag_aan_bij_duo"]
    assert aanvraag["houder"] == "inburgeraar"
    assert not [taak for taak in alle if taak["proces"].startswith("p17")]
    _klaar_en_gezond(reis, store, stand)


def _open(reis, element):
    return any(taak["element"] == element for taak in reis.taken(status="open"))


def _klaar_en_gezond(reis, store, stand):
    assert stand["geslotenOp"] is not None
    assert stand["taken"] == []
    assert read(store.sessions, lambda session: session.query(Incident).all()) == []
    nu = datetime.combine(reis.vandaag, time(9), NEDERLAND)
    assert read(store.sessions, lambda session: doctor.diagnose(session, now=nu)) == []


def _tabel(gedaan):
    hoe_vaak = Counter(
        f"{taak['element']:<36} {taak['rol']:<27} {taak['partij']}".rstrip() for taak in gedaan
    )
    return [f"{aantal:>3}x {regel}" for regel, aantal in hoe_vaak.items()]


def _gelezen(verhaal):
    return (TABELLEN / f"{verhaal}.txt").read_text("utf-8").splitlines()
