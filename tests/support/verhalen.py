"""Six stories, each told by what is particular about it: who it is, what is answered, and when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from support.reis import Answers, Reis, Scenario, plus_months

ALLE_EXAMENS = ["LE", "LU", "SC", "SP", "KNM"]


def vandaag(reis: Reis) -> str:
    """Return today, as JSON has it."""
    return reis.vandaag.isoformat()


def over(reis: Reis, dagen: int) -> str:
    """Return the day that many days from now."""
    return (reis.vandaag + timedelta(days=dagen)).isoformat()


def maand(reis: Reis) -> int:
    """Return how many months the inburgeringstermijn runs."""
    start = date.fromisoformat(reis.feit("termijnStart"))
    return (reis.vandaag.year - start.year) * 12 + reis.vandaag.month - start.month


def termijn_gestart(reis: Reis) -> dict[str, Any]:
    """What DUO writes after the PIP: the day after dagtekening, and the first day after the end."""
    start = date.fromisoformat(reis.feit("dagtekening")) + timedelta(days=1)
    return {
        "termijnStart": start.isoformat(),
        "termijnEindExclusief": plus_months(start, 36).isoformat(),
    }


def examenuitslag(reis: Reis) -> dict[str, Any] | None:
    """What DUO writes about each exam, on the day after the exams."""
    open_ = reis.feit("aangemeldeOnderdelen")
    if not open_ or reis.feit("examenDatum") >= vandaag(reis):
        return None
    return {
        "examenOnderdeel": open_[0],
        "examenDatum": reis.feit("examenDatum"),
        "examenResultaat": "Geslaagd",
    }


AMINA = {
    "naam": "Amina Haddad",
    "doelgroep": "asielstatushouder",
    "bsn": "111222333",
    "vNummer": "2800000001",
    "geboortedatum": "1994-05-17",
    "feiten": {
        "taal": "Tigrinya",
        "verblijfsrecht": "asiel_bepaald",
        "komtUitOpvang": "ja",
        "azc": "Den Helder",
        "gekoppeldDatum": "2026-01-12",
        "datumKennisgeving": "2026-01-05",
    },
}
ELIF = {
    "naam": "Elif Demir",
    "doelgroep": "gezinsmigrant",
    "bsn": "123456782",
    "vNummer": "2800000002",
    "geboortedatum": "1999-02-03",
    "feiten": {"taal": "Turks", "verblijfsrecht": "anders", "brpDatum": "2025-12-15"},
}

# The answers that every story shares. What is not here gets the plainest answer of its form.
GEWOON: Mapping[str, Answers] = {
    "wijs_casemanager_toe": {"casemanager": "fatma"},
    "werk_taakstelling_bij": {"teltMee": "ja", "taakstellingHalfjaar": "2026-1"},
    "haal_examennummer_op": {"lbtExamennummer": "123456789012"},
    "controleer_gegevens_gezinsmigrant": {
        "casemanager": "fatma",
        "datumKennisgeving": "2026-01-23",
        "heeftBijstand": "nee",
        "heeftKinderen": "nee",
    },
    "voer_eerste_contact": {"heeftKinderen": "nee"},
    "start_begeleiding": {"heeftKinderen": "nee"},
    "verstuur_oproep_1": lambda reis: {"oproep1Dag": over(reis, 7)},
    "leg_komst_1_vast": {"verschenenOproep1": "ja"},
    "voer_intakegesprek": {"leerrouteOvergenomen": "nee", "heeftKinderen": "nee"},
    "draag_betalingen_over": {"langerNodig": "nee"},
    "signaleer_kans_op_werk": lambda reis: {"kansOpWerk": "ja" if maand(reis) < 1 else "nee"},
    "nodig_uit_voor_pvt": lambda reis: {"pvtEersteBijeenkomst": over(reis, 14)},
    "registreer_pvt_bijeenkomst": {"uren": 4, "soortBijeenkomst": "activiteit"},
    "registreer_map_activiteiten": {"uren": 20, "praktijkUren": 20},
    "registreer_maanduren": {"nt2": 20, "knm": 3},
    "geef_advies_b1": lambda reis: {
        "adviesSchool": "examen" if maand(reis) >= 27 else "doorgaan",
        "taalniveauNu": "A2",
    },
    "meld_voortgang_onderwijs": lambda reis: {
        "aanwezigheidPercentage": 95,
        "standTraject": "diploma" if maand(reis) >= 27 else "loopt",
    },
    "vraag_uren_school_op": lambda reis: {"urenNt2Knm": 25 * maand(reis)},
    "beoordeel_examenrijpheid": lambda reis: (
        {"examenKan": "ja", "examenrijpeOnderdelen": ALLE_EXAMENS}
        if maand(reis) >= 27
        else {"examenKan": "nee"}
    ),
    "bespreek_keuze_school": lambda reis: {
        "gekozenSchool": "Taalschool Waterland",
        "startDatum": over(reis, 14),
    },
    "meld_aan_voor_examen": lambda reis: {
        "aangemeldeOnderdelen": ALLE_EXAMENS,
        "examenNiveau": "B1",
        "examenDatum": over(reis, 14),
    },
}
# Days that a step lies there before somebody does it. Steps that are not here are done at once.
TEMPO: Mapping[str, int] = {
    "controleer_gegevens_gezinsmigrant": 14,
    "voer_eerste_contact": 7,
    "zoek_woning": 35,
    "begeleid_verhuizing": 14,
    "leg_brp_inschrijving_vast": 7,
    "leg_komst_1_vast": 7,
    "stel_intakeverslag_vast": 7,
    "stel_pip_op": 7,
    "bespreek_pip": 7,
    "stel_pip_vast": 7,
    "geef_voorlichting": 28,
    "sluit_begeleiding_af": 200,
    "nodig_uit_voor_pvt": 60,
    "registreer_pvt_bijeenkomst": 14,
    "registreer_ondertekening": 14,
    "maak_map_plan": 60,
    "registreer_map_activiteiten": 60,
    "rond_portfolio_af": 30,
}
POST: Mapping[str, Answers] = {
    "overdrachtdossier": {"taalvaardigheid": "A1"},
    "SS120": {},
    "SS139": {},
    "SS131": {"lbtResultaat": "haalbaar"},
    "SS102": termijn_gestart,
    "SS199": examenuitslag,
    "SS106": {},
}
NIET_HAALBAAR: Mapping[str, Answers] = {"SS131": {"lbtResultaat": "niet haalbaar"}, "SS141": {}}


def _verhaal(
    persoon: Mapping[str, Any],
    leerroute: str,
    *,
    anders: Mapping[str, Answers] | None = None,
    tempo: Mapping[str, int] | None = None,
) -> Scenario:
    post = {**POST, **NIET_HAALBAAR} if leerroute == "Z" else POST
    if leerroute == "Z":
        post = {naam: inhoud for naam, inhoud in post.items() if naam != "SS106"}
    pip = {"stel_pip_op": {"leerroute": leerroute, "wachtOpDerde": "nee", "intensiteitUren": 12}}
    if leerroute != "B1" or persoon["doelgroep"] != "asielstatushouder":
        del pip["stel_pip_op"]["intensiteitUren"]
    return Scenario(persoon, {**GEWOON, **pip, **(anders or {})}, post, {**TEMPO, **(tempo or {})})


VERHALEN: Mapping[str, Scenario] = {
    "asielstatushouder-b1": _verhaal(AMINA, "B1"),
    "asielstatushouder-onderwijsroute": _verhaal(AMINA, "onderwijsroute"),
    "asielstatushouder-z": _verhaal(
        AMINA,
        "Z",
        anders={
            "registreer_maanduren": {"nt2": 24, "knm": 6, "participatie": 26},
            "accepteer_participatie_uren": {"participatieGeaccepteerd": 26},
        },
    ),
    "gezinsmigrant-b1": _verhaal(ELIF, "B1"),
    "gezinsmigrant-z": _verhaal(ELIF, "Z"),
    "naleving": _verhaal(
        AMINA,
        "B1",
        anders={
            "doe_contactpoging": {"contactGelukt": "ja"},
            "voer_oorzakengesprek": {
                "plichtBegrepen": "ja",
                "oproepGekregen": "ja",
                "verwijt": "ja",
            },
            "beoordeel_herstel": {"hersteld": "nee"},
            "beoordeel_herstel_opnieuw": {"hersteld": "nee"},
            "voer_sanctietoets_uit": {"uitkomst": "niets"},
        },
        tempo={"geef_advies_b1": 28, "meld_aan_voor_examen": 42},
    ),
}


def _les(reis: Reis) -> Mapping[str, Any]:
    return {"nt2": 28, "knm": 6} | ({"participatie": 30} if reis.feit("leerroute") == "Z" else {})


def _verlengd(reis: Reis) -> Mapping[str, Any]:
    return {
        "termijnEindExclusief": reis.feit("adviesNieuwEind"),
        "verlengingsgrondcode": "g",
        "verlengingsgrondomschrijving": "Geen aanbod binnen drie maanden",
    }


def _meer_tijd(reis: Reis) -> Mapping[str, Any]:
    if reis.feit("verlengingsgrondcode"):
        return {"verlengingSoort": "geen"}
    return {
        "verlengingSoort": "verlenging",
        "verlengingGrond": "g",
        "verlengingVan": reis.feit("zonderAanbodVanaf"),
        "verlengingTot": reis.feit("datumAanbod"),
    }


# Journeys that take a turn: another leerroute on the way, or more time at the end.
WENDINGEN: Mapping[str, Scenario] = {
    "wissel-b1-z": replace(
        _verhaal(
            AMINA,
            "B1",
            anders={
                "registreer_maanduren": _les,
                "accepteer_participatie_uren": {"participatieGeaccepteerd": 30},
                "voer_voortgangsgesprek": lambda reis: (
                    {"routeNogPassend": "nee", "routeRichting": "Z", "routeReden": "Te snel."}
                    if reis.feit("leerroute") == "B1"
                    else {"routeNogPassend": "ja"}
                ),
                "geef_advies_route": {"adviesRoute": "wijzigen"},
                "besluit_over_route": {"besluitRoute": "ja"},
            },
            tempo={"geef_advies_route": 7, "besluit_over_route": 7},
        ),
        berichten={naam: bericht for naam, bericht in POST.items() if naam != "SS106"}
        | {"SS141": {}},
    ),
    "verlenging-grond-g": replace(
        _verhaal(
            AMINA,
            "B1",
            anders={
                "bespreek_verlenging": _meer_tijd,
                "vraag_aan_bij_duo": {"aanvraagGedaan": "ja"},
                "geef_advies_b1": lambda reis: {
                    "adviesSchool": "examen" if maand(reis) >= 37 else "doorgaan",
                    "taalniveauNu": "A2",
                },
            },
            tempo={"doe_aanbod_b1": 120},
        ),
        berichten={**POST, "SS104": _verlengd},
    ),
}
