"""A sanction review as tests tell it: what it is about, what is judged, and what follows."""

from datetime import date, timedelta

from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.worker import run_due

HANDHAVER = Actor("Hans", GEMEENTE, frozenset({Rol.HANDHAVER}))
BESLISSER = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}))
ZAAK = {
    "doelgroep": "gezinsmigrant",
    "gedraging": "Kom naar de les (1)",
    "gedragingDatum": date(2026, 1, 2),
    "plicht": "begeleiding",
    "toelichting": "Kwam twee keer niet.",
    "vermoedenMelder": "Kees",
}
OORDEEL = {
    "uitlegGegeven": "Ja, in het Tigrinya.",
    "oproepOntvangen": "Ja.",
    "beperking": "Heeft migraine.",
    "grondVerlenging": "Nee.",
    "kinderopvangReistijd": "Nee.",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "geen asielstatushouder",
    "verlagingBijstand": "nee",
    "eerdereBoetes": "Geen.",
    "mateVanVerwijt": "normaal",
    "redenVerwijt": "Wist het.",
    "alternatief": "Nee.",
    "tweedeAmbtenaar": "Fatima",
}
BOETE = {"uitkomst": "boete", "conclusie": "Past.", "boeteMag": True}


def hoor(route):
    """Send the voornemen, let the time for a zienswijze pass, and weigh that none came."""
    vandaag = route.now.date()
    route.when_done(
        "stuur_voornemen",
        by=HANDHAVER,
        boeteVoorstel=20,
        rapport=vandaag,
        voornemen=vandaag,
        voornemenBrief="Z-1",
        briefTaal="Tigrinya",
        cautieGegeven=True,
    )
    route.now += timedelta(days=20)
    run_due(route.store, route.config, route.now)
    route.when_done(
        "beoordeel_zienswijze",
        by=HANDHAVER,
        zienswijzeOntvangen="nee",
        zienswijzeAdvies="doorgaan",
        weging="Niets gehoord.",
        toetsDoor="Hans",
    )
