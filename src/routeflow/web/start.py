"""The first page after logging in, and the menu: both follow from what somebody may do."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from routeflow.commands.uren import bezwaar_tegen_schrijven
from routeflow.inburgering.rechten import Handeling, zichtbaar
from routeflow.store import queries
from routeflow.web.deur import actor, huis, kan, lees, naar

pages = Blueprint("start", __name__)

_ONDER = {
    "migratie": "processen",
    "agenda": "werklijst",
    "taken": "werklijst",
    "brieven": "dossiers",
    "besluiten": "dossiers",
    "overdracht": "dossiers",
}  # pages that belong to an entry of the menu


@dataclass(frozen=True, slots=True)
class Ingang:
    """One entry of the menu."""

    naam: str
    url: str
    hier: bool


def menu() -> list[Ingang]:
    """Return the entries of the menu for who is logged in, in order of use."""
    werk = zichtbaar(actor()).dossiers != "geen"
    ingangen = (
        ("Werklijst", "werklijst", werk),
        ("Dossiers", "dossiers", werk),
        ("Uren", "uren", bezwaar_tegen_schrijven(actor()) is None),
        ("Termijnen", "termijnen", kan(Handeling.TERMIJNEN_BEWAKEN)),
        ("Rapport", "rapport", kan(Handeling.RAPPORT_INZIEN)),
        ("Meldingen", "meldingen", werk),
        ("Herverdelen", "herverdelen", kan(Handeling.HERVERDELEN)),
        ("Processen", "processen", kan(Handeling.PROCES_INZIEN)),
        ("Incidenten", "incidenten", kan(Handeling.INCIDENTEN_INZIEN)),
        ("Verwijderen", "verwijderen", kan(Handeling.GEGEVENS_VERWIJDEREN)),
        ("Accounts", "beheer", kan(Handeling.ACCOUNTS_BEHEREN)),
    )
    hier = _ONDER.get(request.blueprint or "", request.blueprint)
    return [
        Ingang(naam, url_for(f"{blueprint}.index"), hier == blueprint)
        for naam, blueprint, te_zien in ingangen
        if te_zien
    ]


def gemeente() -> str:
    """Return the name above the pages."""
    return huis().config.gemeente


@pages.get("/")
def index() -> Response:
    if zichtbaar(actor()).dossiers != "geen":
        return naar("werklijst.index")
    if kan(Handeling.PUBLICEREN):
        return naar("processen.index")
    stil = lees(queries.incidenten, actor(), opgelost=False, pagina=1).rijen
    return naar("incidenten.index" if stil else "beheer.index")
