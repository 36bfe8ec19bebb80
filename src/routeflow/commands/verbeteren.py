"""Correcting one fact of a dossier: it is asked again, as its form asked it, with a reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import forms
from routeflow.commands import dossiers, keuzelijsten
from routeflow.commands.catalogus import Catalogus, catalogus_of
from routeflow.commands.feiten import CASEMANAGER
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import lock_route, neem
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.forms import Formulier, Veld
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.store import queries
from routeflow.store.models import Dossier, Feit, Route

REDEN: Final = "redenVerbetering"  # the name of the reason among Invalid.fouten
_BEWIJS: Final = "waarborg"  # steps with this property bring the proof for a sanction
_IN_HET_PIP: Final = frozenset({"leerroute", "niveau"})
"""What is decided in the PIP and has its own way to change (Besluit 5.4), once that is dated."""

_OPENING: Final = forms.load(
    json.dumps(
        {
            "id": "gegevens-van-de-opening",
            "components": [
                {
                    "type": "textfield",
                    "key": "naam",
                    "label": "Naam van de inburgeraar",
                    "validate": {"required": True},
                },
                {
                    "type": "radio",
                    "key": "doelgroep",
                    "label": "Doelgroep",
                    "values": [
                        {"value": "asielstatushouder", "label": "Asielstatushouder"},
                        {"value": "gezinsmigrant", "label": "Gezinsmigrant of overige migrant"},
                    ],
                    "validate": {"required": True},
                },
                {"type": "textfield", "key": "vNummer", "label": "V-nummer"},
                {
                    "type": "textfield",
                    "key": "bsn",
                    "label": "BSN",
                    "properties": {"soort": "bsn"},
                },
            ],
        }
    ).encode()
)


@dataclass(frozen=True, slots=True)
class Vraag:
    """One fact as it is asked again: a form of one field, with what is known now."""

    formulier: Formulier
    nu: Any


def te_verbeteren(session: Session, dossier_id: UUID) -> frozenset[str]:
    """Return the names of the facts that a person may correct in a dossier; none when it is closed."""
    route = session.get_one(Route, dossier_id)
    if route.beeindigd_op is not None:
        return frozenset()
    velden = gevraagd_als_feit(catalogus_of(session, route.deployment))
    return frozenset(velden) - (_IN_HET_PIP if _is_vastgesteld(session, dossier_id) else set())


def vraag(session: Session, dossier_id: UUID, naam: str, *, by: Actor, now: datetime) -> Vraag:
    """Return how ``naam`` is asked again.

    Raises NotAllowed, NotFound (not known here, or not to be seen) or Conflict (not to be
    corrected by hand).
    """
    eis(by, Handeling.FEITEN_WIJZIGEN)
    detail = queries.dossier_detail(session, by, dossier_id, now.date())
    bekend = {feit.naam: feit.waarde for feit in detail.feiten}
    if naam not in bekend:
        raise NotFound("Dit gegeven is in dit dossier niet bekend.")
    route = session.get_one(Route, dossier_id)
    if route.beeindigd_op is not None:
        raise Conflict("Dit dossier is gesloten. De gegevens veranderen niet meer.")
    if naam in _IN_HET_PIP and _is_vastgesteld(session, dossier_id):
        raise Conflict(
            "Dit staat in het PIP, en dat is een besluit. Een andere leerroute of een ander niveau "
            "gaat via een routewijziging, met een nieuw PIP."
        )
    veld = gevraagd_als_feit(catalogus_of(session, route.deployment)).get(naam)
    if veld is None:
        raise Conflict(
            "Dit gegeven is niet met de hand te verbeteren. Het is berekend, het kwam met een "
            "bericht, of het is bewijs bij een sanctie."
        )
    return Vraag(keuzelijsten.vul(session, Formulier(naam, (_los(veld, bekend),))), bekend[naam])


def verbeter(
    session: Session,
    dossier_id: UUID,
    naam: str,
    rauw: Mapping[str, Any],
    *,
    reden: str,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Correct one fact with what was filled in; last days and timers that hang on it move along.

    Raises what ``vraag`` raises, and Invalid (not right, the same as before, or no reason).
    """
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    gevraagd = vraag(session, dossier_id, naam, by=by, now=now)
    zaak = neem(session, route, by=by, now=now)
    fouten = {} if reden.strip() else {REDEN: "Schrijf waarom dit verandert."}
    try:
        antwoorden = forms.validate(
            gevraagd.formulier,
            rauw,
            zaak.feiten.waarden,
            now=now,
            functions=zaak.functies(route.dossier.geopend_op),
        )
    except Invalid as onjuist:
        raise Invalid(str(onjuist), {**onjuist.fouten, **fouten}) from onjuist
    if naam not in antwoorden.feiten or antwoorden.feiten[naam] == gevraagd.nu:
        fouten = {naam: "Dit is hetzelfde als wat er al staat. Vul in wat het moet zijn.", **fouten}
    if fouten:
        raise Invalid("Het gegeven is niet verbeterd.", fouten)
    return dossiers.wijzig_feiten(
        session, dossier_id, {naam: antwoorden.feiten[naam]}, reden=reden, by=by, now=now
    )


def gevraagd_als_feit(catalogus: Catalogus) -> dict[str, Veld]:
    """Return the fields by which facts are asked; those of proof are not asked twice."""
    velden: dict[str, Veld] = {}
    bewijs: set[str] = {CASEMANAGER}
    for proces in catalogus.definition.processes:
        for element in catalogus.definition.elements(proces):
            if not element.form:
                continue
            gevraagd = [
                veld
                for veld in catalogus.form(element.form).alle
                if veld.key and veld.vraagt and not veld.taak
            ]
            velden |= {veld.key: veld for veld in gevraagd if veld.key not in velden}
            if _BEWIJS in element.properties:
                bewijs |= {veld.key for veld in gevraagd}
    velden = {veld.key: veld for veld in _OPENING.alle} | velden
    return {naam: veld for naam, veld in velden.items() if naam not in bewijs}


def _is_vastgesteld(session: Session, dossier_id: UUID) -> bool:
    gevonden = select(Feit.id).where(
        Feit.dossier_id == dossier_id, Feit.naam == "dagtekening", Feit.tot.is_(None)
    )
    return session.scalar(gevonden) is not None


def _los(veld: Veld, bekend: Mapping[str, Any]) -> Veld:
    """Return the field on its own: always shown, and with its rule when all it reads is known."""
    hangt_aan = forms.names(veld.regel) if veld.regel else frozenset()
    regel = veld.regel if hangt_aan <= {veld.key, *bekend} else None
    velden = tuple(replace(deel, opnieuw=False) for deel in veld.velden)
    return replace(veld, verberg=None, opnieuw=False, regel=regel, velden=velden)
