"""Berichten: what happened outside, told by a program."""

from http import HTTPStatus

from sqlalchemy.orm import Session

from routeflow import worker
from routeflow.api import schema
from routeflow.api.door import ACT, Door, as_id, feiten_in
from routeflow.api.openapi import Operation
from routeflow.commands import berichten
from routeflow.store import read
from routeflow.store.models import Bericht


def create_bericht(door: Door, nieuw: schema.BerichtNieuw) -> schema.BerichtUit:
    bericht = door.write(
        berichten.receive,
        bericht_id=nieuw.bericht_id,
        bericht=nieuw.bericht,
        gegevens=feiten_in(nieuw.gegevens),
        dossier_id=as_id(nieuw.dossier, "Dit dossier") if nieuw.dossier else None,
        bsn=nieuw.bsn,
        v_nummer=nieuw.v_nummer,
    )
    worker.bezorg_nu(door.store, door.config, nieuw.bericht_id, door.clock())
    return read(door.store.sessions, lambda session: _bericht(session, bericht.bericht_id))


def _bericht(session: Session, bericht_id: str) -> schema.BerichtUit:
    bericht = session.get_one(Bericht, bericht_id)
    return schema.BerichtUit(
        bericht_id=bericht.bericht_id,
        bericht=bericht.bericht,
        dossier=str(bericht.dossier_id) if bericht.dossier_id else None,
        status=bericht.status,  # type: ignore[arg-type]  # one of the three, see the table
        ontvangen_op=bericht.ontvangen_op,
    )


OPERATIONS = (
    Operation(
        "POST",
        "/berichten",
        "Geef een gebeurtenis van buiten door.",
        create_bericht,
        schema.BerichtUit,
        body=schema.BerichtNieuw,
        status=HTTPStatus.ACCEPTED,
        refusals=ACT,
    ),
)
