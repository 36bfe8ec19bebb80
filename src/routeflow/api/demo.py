"""The clock of the demo, which moves forward when it is told to."""

from http import HTTPStatus

from flask import g

from routeflow import worker
from routeflow.api import schema
from routeflow.api.door import Door
from routeflow.api.openapi import Operation
from routeflow.commands.toegang import eis
from routeflow.inburgering.rechten import Handeling


def verzet_klok(door: Door, verzetten: schema.KlokVerzetten) -> schema.KlokVerzet:
    eis(g.actor, Handeling.KLOK_VERZETTEN)
    verslag = worker.verzet_klok(door.store, door.config, verzetten.dagen, system=door.wandklok)
    return schema.KlokVerzet(
        nu=verslag.tot,
        gebeurd=[
            schema.Gebeurtenis(
                op=een.op,
                soort=een.soort,
                tekst=een.tekst,
                dossier=str(een.dossier_id) if een.dossier_id else None,
                dossier_nummer=een.dossier_nummer or None,
            )
            for een in verslag.gebeurtenissen
        ],
    )


OPERATIONS = (
    Operation(
        "POST",
        "/demo/klok",
        "Zet de klok van de demo vooruit en voer uit wat dan aan de beurt komt.",
        verzet_klok,
        schema.KlokVerzet,
        body=schema.KlokVerzetten,
        refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
