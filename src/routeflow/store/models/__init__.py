"""Every table. A class says what one row means and whether it may change."""

from routeflow.store.models.basis import OOIT, Base, UtcDateTime
from routeflow.store.models.beheer import Incident, Klok, Rapport, Teller
from routeflow.store.models.berichten import (
    BERICHT_WACHT,
    UITGAAND_KLAAR,
    UITGAAND_MAIL,
    UITGAAND_POST,
    Bericht,
    Uitgaand,
)
from routeflow.store.models.casemanager import HERHAALD
from routeflow.store.models.dossiers import Dossier, Feit, Gezinsband, Route, Zoekwoord
from routeflow.store.models.journaal import Besluitdossier, Journaal, Overdracht, Verwijdering
from routeflow.store.models.mensen import Account, Afmelding, Agendalink, Inlogpoging, Token
from routeflow.store.models.post import Brief, Dagpost, Mailvoorkeur, Melding
from routeflow.store.models.processen import Bestand, Deployment
from routeflow.store.models.taken import TAAK_OPEN, Taak
from routeflow.store.models.termijnen import DossierTermijn, TermijnBewijs, TermijnHistorie
from routeflow.store.models.uren import Uren, Verzoek
from routeflow.store.models.wekkers import Hartslag, Onderbreking, Wekker

__all__ = [
    "BERICHT_WACHT",
    "HERHAALD",
    "OOIT",
    "TAAK_OPEN",
    "UITGAAND_KLAAR",
    "UITGAAND_MAIL",
    "UITGAAND_POST",
    "Account",
    "Afmelding",
    "Agendalink",
    "Base",
    "Bericht",
    "Besluitdossier",
    "Bestand",
    "Brief",
    "Dagpost",
    "Deployment",
    "Dossier",
    "DossierTermijn",
    "Feit",
    "Gezinsband",
    "Hartslag",
    "Incident",
    "Inlogpoging",
    "Journaal",
    "Klok",
    "Mailvoorkeur",
    "Melding",
    "Onderbreking",
    "Overdracht",
    "Rapport",
    "Route",
    "Taak",
    "Teller",
    "TermijnBewijs",
    "TermijnHistorie",
    "Token",
    "Uitgaand",
    "Uren",
    "UtcDateTime",
    "Verwijdering",
    "Verzoek",
    "Wekker",
    "Zoekwoord",
]
