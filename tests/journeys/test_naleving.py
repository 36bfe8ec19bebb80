"""Both ladders of naleving over HTTP, one journey for each rung at which they can end."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from pathlib import Path

import pytest

from routeflow.commands import doctor, dossiers
from routeflow.store import Store, read, transact
from routeflow.store.models import Besluitdossier, Incident, Wekker
from support import bpmn
from support.formulieren import formulier
from support.huis import BEGIN, OPENER, build_app, make_people, project_set, put_in_service, served
from support.klein import person
from support.reis import NEDERLAND, Reis, Scenario
from support.verhalen import ELIF, GEWOON, over

TOETS = {
    "uitlegGegeven": "Ja, in het Turks.",
    "oproepOntvangen": "Ja, aangetekend.",
    "beperking": "Nee.",
    "grondVerlenging": "Nee.",
    "kinderopvangReistijd": "Nee.",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "geen asielstatushouder",
    "verlagingBijstand": "nee",
    "eerdereBoetes": "Geen.",
    "plafondBereikt": "nee",
    "mateVanVerwijt": "normaal",
    "redenVerwijt": "Wist het.",
    "alternatief": "Nee.",
    "tweedeAmbtenaar": "Marjan",
}
BOETE = {"uitkomst": "boete", "conclusie": "Past.", "boeteMag": True, **TOETS}
LADDER = ("p17_naleving", "p17a_naleving_intake", "p17b_sanctietoets")
WEG = {"redenNiet": "Niets gehoord.", "verwijtbaar": "mogelijk"}
WEGGEBLEVEN = {
    "leg_komst_1_vast": {"verschenenOproep1": "nee", **WEG},
    "waarschuw_en_roep_op": lambda reis: {"oproep2Dag": over(reis, 7)},
    "leg_komst_2_vast": {"verschenenOproep2": "nee", **WEG},
    "beoordeel_wegblijven": {"sanctietoetsGevraagd": "ja"},
    "verstuur_oproep_3": lambda reis: {"oproep3Dag": over(reis, 7)},
    "leg_komst_3_vast": {"verschenenOproep3": "nee", **WEG},
}
BEBOET = {
    "voer_sanctietoets_uit": BOETE,
    "stuur_voornemen": {"boeteVoorstel": 250},
    "beoordeel_zienswijze": {"zienswijzeOntvangen": "nee", "zienswijzeAdvies": "doorgaan"},
    "neem_besluit": {"besluit": "boete", "boeteBedrag": 200, "motivering": "Lager: eerste keer."},
    "maak_besluit_bekend": lambda reis: {"nieuweTermijnIntake": over(reis, 30)},
}

# rung -> (what is answered there, the last step of the ladder, how often papers were frozen)
INTAKE = {
    "nobody asks for a review": (
        {"beoordeel_wegblijven": {"sanctietoetsGevraagd": "nee"}},
        None,
        0,
    ),
    "the review ends in nothing": (
        {"voer_sanctietoets_uit": {"uitkomst": "niets", "conclusie": "Ziek."}},
        "bericht_geen_gevolg",
        1,
    ),
    "the review ends in help": (
        {"voer_sanctietoets_uit": {**BOETE, "uitkomst": "maatwerk"}},
        "spreek_maatwerk_af_na_toets",
        1,
    ),
    "the decision is that nothing follows": (
        {**BEBOET, "neem_besluit": {"besluit": "niets"}},
        "bericht_geen_gevolg",
        2,
    ),
    "a fine, and who comes in the new term": (
        {
            **BEBOET,
            "leg_komst_nieuwe_termijn_vast": {"gekomenInNieuweTermijn": "ja"},
            "controleer_betaling": {"betaald": "ja"},
        },
        "controleer_betaling",
        3,
    ),
    "a fine, who stays away again, and a person who leaves it at that": (
        {
            **BEBOET,
            "leg_komst_nieuwe_termijn_vast": {"gekomenInNieuweTermijn": "nee"},
            "beoordeel_wegblijven_opnieuw": {"sanctietoetsGevraagd": "nee"},
            "controleer_betaling": {"betaald": "nee"},
            "beoordeel_invordering": {"invordering": "afzien"},
        },
        "beoordeel_invordering",
        3,
    ),
}


@pytest.fixture
def huis(store: Store, tmp_path: Path) -> Iterator[tuple[Store, str, dict[str, str]]]:
    put_in_service(store, verzameling())
    tokens = make_people(store)
    with served(build_app(store, tmp_path)) as address:
        yield store, address, tokens


def verzameling():
    """The project's set, with a route that waits for a step of the inburgeraar."""
    gegevens = ("gedraging", "gedragingDatum", "plicht", "toelichting", "vermoedenTaak")
    melding = bpmn.event_sub(
        "bij_vermoeden_les",
        bpmn.start("vermoeden_les", bpmn.message("vermoeden"), isInterrupting="false"),
        bpmn.call(
            "roep_les",
            bpmn.called("p17_naleving", propagateAllChildVariables="false"),
            bpmn.mapping(inputs={naam: f"={naam}" for naam in gegevens}),
        ),
        bpmn.end("klaar_les"),
        bpmn.path("vermoeden_les > roep_les > klaar_les"),
    )
    drawn = bpmn.draw(
        "les",
        bpmn.lanes("lanes", casemanager=["kom_naar_les"]),
        bpmn.start(),
        person("kom_naar_les", houder="inburgeraar", due="=today()"),
        bpmn.end(),
        melding,
        bpmn.path("s > kom_naar_les > e"),
    )
    les = {"processes/les.bpmn": drawn, "forms/kom-naar-les.form": formulier(id="kom-naar-les")}
    return {**project_set(), **les}


def _leef(reis, klaar, *, niet=frozenset()):
    """Do what is open, besides ``niet``, and let a week pass when there is nothing to do."""
    for _ in range(200):
        taken = [taak for taak in reis.taken(status="open") if taak["element"] not in niet]
        if klaar(taken):
            return
        for taak in taken:
            reis.do(taak)
            break
        else:
            reis.pass_days(7)
    raise AssertionError(f"hangs: {reis.stand()}")


def _ladder(reis):
    return [taak for taak in reis.gedaan if taak["proces"] in LADDER]


def _klopt(store, reis, papieren):
    """Who did what, what was frozen, and that the doctor has nothing to say."""
    rollen = {
        "voer_sanctietoets_uit": "anouk",
        "neem_besluit": "marjan",
        "controleer_betaling": "peter",
    }
    for taak in _ladder(reis):
        assert taak["wie"] == rollen.get(taak["element"], taak["wie"])
    stand = [
        rij for rij in read(store.sessions, _papieren) if str(rij.dossier_id) == reis.dossier_id
    ]
    assert len(stand) == papieren
    assert read(store.sessions, lambda s: s.query(Incident).all()) == []
    assert read(store.sessions, partial(doctor.diagnose, now=_nu(reis))) == []


def _papieren(session):
    return session.query(Besluitdossier).all()


@pytest.mark.parametrize("sport", INTAKE)
def test_the_ladder_of_the_intake(huis, sport):
    store, address, tokens = huis
    anders, laatste, papieren = INTAKE[sport]
    reis = Reis(address, tokens, Scenario(ELIF, {**GEWOON, **WEGGEBLEVEN, **anders}))
    reis.open()
    reis.pass_days(21)
    _leef(reis, lambda taken: _is(taken, "vul_intake_in_afwezigheid_in"))
    _leef(
        reis,
        lambda taken: not taken and not _wacht(store, reis),
        niet={"vul_intake_in_afwezigheid_in"},
    )
    gedaan = [taak["element"] for taak in _ladder(reis)]
    assert (gedaan[-1] if gedaan else None) == laatste
    volgorde = [taak["element"] for taak in reis.gedaan]
    assert volgorde.index("waarschuw_en_roep_op") < volgorde.index("beoordeel_wegblijven")
    if gedaan:
        assert volgorde.index("beoordeel_wegblijven") < volgorde.index(gedaan[0])
    _klopt(store, reis, papieren)
    reis.close()


def _is(taken, element):
    return any(taak["element"] == element for taak in taken)


def _wacht(store, reis):
    """Whether a timer of one of the ladders is armed."""

    def armed(session):
        return [
            rij.element
            for rij in session.query(Wekker).filter(
                Wekker.soort == "timer", Wekker.gesloten_op.is_(None)
            )
            if str(rij.dossier_id) == reis.dossier_id and rij.gegevens.get("proces") in LADDER
        ]

    return read(store.sessions, armed)


# rung -> (what is answered there, the steps of the ladder in order)
NAAR_TOETS = [
    "doe_contactpoging",
    "voer_oorzakengesprek",
    "geef_hersteltermijn",
    "beoordeel_herstel",
    "stuur_waarschuwing",
    "beoordeel_herstel_opnieuw",
    "voer_sanctietoets_uit",
]
HARD = {
    "doe_contactpoging": {"contactGelukt": "ja"},
    "voer_oorzakengesprek": {"plichtBegrepen": "ja", "oproepGekregen": "ja", "verwijt": "ja"},
    "beoordeel_herstel": {"hersteld": "nee"},
    "beoordeel_herstel_opnieuw": {"hersteld": "nee"},
    **BEBOET,
    "stuur_voornemen": {"boeteVoorstel": 25},
    "neem_besluit": {"besluit": "boete", "boeteBedrag": 20, "motivering": "Lager: eerste keer."},
    "maak_besluit_bekend": {},
}
TRAJECT = {
    "no blame": (
        {"voer_oorzakengesprek": {"verwijt": "nee"}},
        [*NAAR_TOETS[:2], "spreek_maatwerk_af"],
    ),
    "mended in time": ({"beoordeel_herstel": {"hersteld": "ja"}}, NAAR_TOETS[:4]),
    "mended after the warning": ({"beoordeel_herstel_opnieuw": {"hersteld": "ja"}}, NAAR_TOETS[:6]),
    "the review ends in nothing": (
        {"voer_sanctietoets_uit": {"uitkomst": "niets", "conclusie": "Opvang."}},
        [*NAAR_TOETS, "bericht_geen_gevolg"],
    ),
    "a fine that is paid": (
        {"controleer_betaling": {"betaald": "ja"}},
        [
            *NAAR_TOETS,
            "stuur_voornemen",
            "beoordeel_zienswijze",
            "neem_besluit",
            "maak_besluit_bekend",
            "controleer_betaling",
        ],
    ),
}


@pytest.mark.parametrize("sport", TRAJECT)
def test_the_ladder_of_the_traject(huis, sport):
    store, address, tokens = huis
    anders, stappen = TRAJECT[sport]
    reis = Reis(address, tokens, Scenario(ELIF, {**HARD, **anders}))
    start = partial(dossiers.start_dossier, gegevens=ELIF_KORT, proces="les", by=OPENER, now=BEGIN)
    reis.dossier_id = str(transact(store.sessions, start).id)
    reis.pass_days(2)
    (les,) = reis.taken(status="open")
    gemeld = reis.clients["fatma"].post(
        f"/taken/{les['id']}/vermoeden",
        json={"plicht": "begeleiding", "toelichting": "Twee keer gebeld, met tolk."},
    )
    assert gemeld.status_code == 201
    _leef(
        reis, lambda taken: not taken and not _wacht(store, reis), niet=frozenset({"kom_naar_les"})
    )
    assert [taak["element"] for taak in _ladder(reis)] == stappen
    papieren = {"voer_sanctietoets_uit", "neem_besluit", "maak_besluit_bekend"} & set(stappen)
    _klopt(store, reis, len(papieren))
    reis.close()


ELIF_KORT = {
    "naam": "Elif Demir",
    "doelgroep": "gezinsmigrant",
    "wet": "Wi2021",
    "leerroute": "B1",
}


def _nu(reis):
    return datetime.combine(reis.vandaag, time(9), NEDERLAND)
