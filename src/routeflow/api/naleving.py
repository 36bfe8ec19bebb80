"""Naleving: a person reports a suspicion about a step of the inburgeraar that is late."""

from http import HTTPStatus

from routeflow.api import schema
from routeflow.api.door import ACT, ID, Door, as_id
from routeflow.api.dossiers import get_dossier
from routeflow.api.openapi import Operation
from routeflow.commands import naleving


def create_vermoeden(
    door: Door,
    vermoeden: schema.Vermoeden,
    id: str,  # noqa: A002 - the name in the path
) -> schema.DossierVolledig:
    dossier = door.write(
        naleving.meld_vermoeden,
        taak_id=as_id(id, "Deze taak"),
        gegevens={"plicht": vermoeden.plicht, "toelichting": vermoeden.toelichting},
    )
    return get_dossier(door, id=str(dossier.id))


OPERATIONS = (
    Operation(
        "POST",
        "/taken/{id}/vermoeden",
        "Meld een vermoeden over een stap van de inburgeraar die te laat is.",
        create_vermoeden,
        schema.DossierVolledig,
        body=schema.Vermoeden,
        status=HTTPStatus.CREATED,
        parameters=(ID,),
        refusals=ACT,
    ),
)
