"""What a service task can do. The docstring of a dienst is what the modeller reads about it.

A dienst is called while the engine takes its step, inside the transaction: it writes rows and
answers facts. What must leave the house becomes a row of the outbox; the worker sends it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.errors import Incident
from routeflow.inburgering.rechten import GEMEENTE, GEMEENTE_ROLLEN, Rol
from routeflow.store.models import Dossier, Melding, Uitgaand
from routeflow.store.waarden import to_json


@dataclass(frozen=True, slots=True)
class Omgeving:
    """What a dienst may use: the dossier that the route belongs to and this act's instant."""

    session: Session
    dossier: Dossier
    now: datetime


Dienst = Callable[[Omgeving, Mapping[str, Any], Mapping[str, str]], Mapping[str, Any]]

DIENSTEN: dict[str, Dienst] = {}


def dienst(type_: str) -> Callable[[Dienst], Dienst]:
    """Register a function as the service task whose zeebe:taskDefinition type is ``type_``."""

    def registreer(functie: Dienst) -> Dienst:
        DIENSTEN[type_] = functie
        return functie

    return registreer


def diensten_voor(
    omgeving: Omgeving,
) -> dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], Mapping[str, Any]]]:
    """Return every dienst, ready to be called by the engine for one dossier."""
    return {type_: partial(functie, omgeving) for type_, functie in DIENSTEN.items()}


@dienst("melding")
def melding(
    omgeving: Omgeving, invoer: Mapping[str, Any], kop: Mapping[str, str]
) -> Mapping[str, Any]:
    """Zet een melding in het overzicht van een rol.

    Kop: `rol` (verplicht, zoals in de banen), `tekst` (wat er moet gebeuren).
    Invoer: `tekst` mag ook een berekende waarde zijn; die gaat voor.
    """
    tekst = str(invoer.get("tekst") or kop.get("tekst") or "").strip()
    rol = str(invoer.get("rol") or kop.get("rol") or "")
    if rol not in set(Rol) or not tekst:
        raise Incident(f"Een melding heeft een bekende rol en een tekst nodig, niet {rol!r}.")
    meld(omgeving, rol=rol, tekst=tekst, soort="melding")
    return {}


@dienst("bericht_versturen")
def bericht_versturen(
    omgeving: Omgeving, invoer: Mapping[str, Any], kop: Mapping[str, str]
) -> Mapping[str, Any]:
    """Zet een bericht klaar om te versturen, bijvoorbeeld naar DUO of een brief naar de inburgeraar.

    Kop: `soort` (verplicht, bijvoorbeeld `duo.pip` of `brief.uitnodiging`).
    Invoer: alles wat in het bericht moet staan. Het bericht gaat minstens een keer de deur uit.
    """
    soort = kop.get("soort", "").strip()
    if not soort:
        raise Incident("Een bericht heeft een soort nodig: zet die in de kop van de stap.")
    verstuur(omgeving, soort, invoer)
    return {}


def meld(
    omgeving: Omgeving,
    *,
    rol: str,
    tekst: str,
    soort: str,
    partij: str = GEMEENTE,
    account_id: UUID | None = None,
    taak_id: UUID | None = None,
) -> None:
    """Write a notice for a rol at a partij, or for one person."""
    omgeving.session.add(
        Melding(
            partij=GEMEENTE if rol in GEMEENTE_ROLLEN else partij,
            rol=rol,
            account_id=account_id,
            dossier_id=omgeving.dossier.id,
            taak_id=taak_id,
            soort=soort,
            tekst=tekst,
            op=omgeving.now,
        )
    )


def verstuur(omgeving: Omgeving, soort: str, inhoud: Mapping[str, Any]) -> None:
    """Put a message in the outbox; the worker sends it after this transaction is committed."""
    omgeving.session.add(
        Uitgaand(
            soort=soort,
            dossier_id=omgeving.dossier.id,
            inhoud=to_json(inhoud),
            aangemaakt_op=omgeving.now,
            volgende_op=omgeving.now,
        )
    )
