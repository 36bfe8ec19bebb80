"""A journey over HTTP of somebody under the law of 2013: asked, helped with a plan, and done.

Nothing on the way can be held against them: see the last test.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from routeflow.commands import doctor
from routeflow.store import Store, read
from routeflow.store.models import Incident
from support.huis import build_app, make_people, project_set, put_in_service, served
from support.reis import NEDERLAND, Reis, Scenario, plus_months
from support.verhalen import AMINA, GEWOON

GESPREK = "bespreek_ondersteuning_ondertussengroep"
CONTACT = "houd_contact_ondertussengroep"


def over(reis: Reis, maanden: int) -> str:
    return plus_months(reis.vandaag, maanden).isoformat()


def vaak_gesproken(reis: Reis) -> bool:
    """DUO writes about the diploma after two talks, and nothing waits for it."""
    return sum(taak["element"] == CONTACT for taak in reis.gedaan) > 1


VERHAAL = Scenario(
    AMINA,
    {
        **GEWOON,
        "controleer_inburgeringsplicht": {"plichtIndicator": "plichtig", "wet": "Wi2013"},
        "bied_ondersteuning_aan": {
            "aanbodOndersteuningWijze": "brief DUO",
            "antwoordMeteen": "wacht",
        },
        "leg_antwoord_vast": {"wilOndersteuning": "ja", "toestemmingGegevens": "ja"},
        GESPREK: lambda reis: {
            "plichtVanaf": "2018-05-01",
            "termijnEinde": over(reis, 11),
            "leningGebruikt": 8200,
            "urenLes2013": 420,
            "onderdelenBehaald2013": ["KNM", "LE", "LU"],
            "pvtGedaan2013": "ja",
            "maatwerkplanNodig": "nee",
        },
        CONTACT: {"ondertussengroepKlaar": "nee", "maatwerkplanNodig": "nee"},
    },
    {"reactie_ondersteuning": {}},
)


@pytest.fixture
def reis(store: Store, tmp_path: Path) -> Iterator[Reis]:
    put_in_service(store, project_set())
    tokens = make_people(store)
    with served(build_app(store, tmp_path)) as address:
        begonnen = Reis(address, tokens, VERHAAL)
        begonnen.open()
        yield begonnen
        begonnen.close()


def test_help_is_offered_agreed_and_kept_up_until_the_diploma(reis, store):
    reis.live(until=vaak_gesproken)
    reis.send("SS106", {"eindePlicht": reis.vandaag.isoformat()})
    reis.live()
    stand, alle = reis.stand(), reis.taken()
    gedaan = [taak["element"] for taak in reis.gedaan]
    eigen = gedaan[gedaan.index("bied_ondersteuning_aan") :]
    assert eigen == [
        "bied_ondersteuning_aan", "leg_antwoord_vast", GESPREK, "stel_maatwerkplan_op",
        CONTACT, CONTACT,
        "voer_diplomagesprek", "maak_nazorgplan", "voer_nazorgcontact_3", "voer_nazorgcontact_12",
    ]  # fmt: skip
    assert reis.verstuurd == ["reactie_ondersteuning", "SS106"]
    contacten = [taak for taak in alle if taak["element"] == CONTACT]
    een, twee = sorted(date.fromisoformat(taak["geopendOp"][:10]) for taak in contacten)
    assert abs(twee - plus_months(een, 3)) <= timedelta(days=14)
    assert stand["feiten"]["elip"] == "ja"
    assert stand["feiten"]["eindePlichtWijze"] == "diploma"
    assert stand["geslotenOp"] is not None
    assert not [taak for taak in alle if taak["proces"].startswith(("p06", "p07", "p17"))]
    assert read(store.sessions, lambda session: session.query(Incident).all()) == []
    nu = datetime.combine(reis.vandaag, time(9), NEDERLAND)
    assert read(store.sessions, lambda session: doctor.diagnose(session, now=nu)) == []


def test_no_step_that_is_late_can_be_held_against_them(reis):
    stappen = ("bied_ondersteuning_aan", GESPREK, "stel_maatwerkplan_op", CONTACT)
    reis.scenario = replace(VERHAAL, later=dict.fromkeys(stappen, 60))
    for element in stappen:
        reis.live(until=lambda onderweg, element=element: bool(_open(onderweg, element)))
        reis.pass_days(60)
        [taak] = _open(reis, element)
        assert taak["teLaat"]
        antwoord = reis.clients["fatma"].post(
            f"/taken/{taak['id']}/vermoeden",
            json={"plicht": "begeleiding", "toelichting": "Kwam niet."},
        )
        assert antwoord.status_code == 409, antwoord.text
    assert not [taak for taak in reis.taken() if taak["proces"].startswith("p17")]


def _open(reis, element):
    return [taak for taak in reis.taken(status="open") if taak["element"] == element]
