"""Taken: find them, look at one, take it on, and complete it."""

from datetime import date
from http import HTTPStatus

import msgspec
from flask import g
from sqlalchemy.orm import Session

from routeflow import forms
from routeflow.api import schema
from routeflow.api.door import (
    ACT,
    CURSOR,
    ID,
    MAX_PAGE,
    ONE,
    Door,
    arg,
    as_id,
    choice,
    flag,
    limit,
    stand,
    today,
)
from routeflow.api.openapi import Operation, Parameter
from routeflow.commands import taken
from routeflow.feel.json import to_json
from routeflow.store import queries, read
from routeflow.store.models import Dossier, Taak

STAND_TAAK = ("open", "gedaan", "vervallen", "alle")


def list_taken(door: Door) -> schema.Taken:
    dossier = arg("dossier")
    wanted = queries.TakenFilter(
        status=choice("status", STAND_TAAK),  # type: ignore[arg-type]  # one of the four
        dossier_id=as_id(dossier, "Dit dossier") if dossier else None,
        partij=arg("partij"),
        rol=arg("rol"),
        te_laat=flag("te_laat"),
        per_pagina=limit(),
        na=arg("cursor"),
    )
    vandaag = today(door.clock())

    def look(session: Session) -> schema.Taken:
        page = queries.taken(session, g.actor, wanted, vandaag)
        return schema.Taken(
            items=[taak_kort(taak, taak.dossier, vandaag) for taak in page.rijen],
            volgende=page.volgende,
        )

    return read(door.store.sessions, look)


def get_taak(door: Door, id: str) -> schema.TaakVolledig:  # noqa: A002 - the name in the path
    vandaag = today(door.clock())

    def look(session: Session) -> schema.TaakVolledig:
        taak = queries.taak(session, g.actor, as_id(id, "Deze taak"))
        blad = taken.taakblad(session, taak, by=g.actor, now=door.clock())
        kort = taak_kort(taak, taak.dossier, vandaag)
        return schema.TaakVolledig(
            **msgspec.structs.asdict(kort),
            formulier=forms.schema_json(blad.formulier),
            bekend=to_json(dict(blad.bekend)),
            uitleg=blad.uitleg,
        )

    return read(door.store.sessions, look)


def claim_taak(door: Door, id: str) -> schema.TaakKort:  # noqa: A002 - the name in the path
    return _changed(door, door.write(taken.claim, taak_id=as_id(id, "Deze taak")))


def vrijgeven_taak(door: Door, id: str) -> schema.TaakKort:  # noqa: A002 - the name in the path
    return _changed(door, door.write(taken.vrijgeven, taak_id=as_id(id, "Deze taak")))


def voltooien_taak(
    door: Door,
    antwoord: schema.Voltooien,
    id: str,  # noqa: A002 - the name in the path
) -> schema.VoltooidUit:
    voltooid = door.write(
        taken.complete_taak, taak_id=as_id(id, "Deze taak"), rauw=antwoord.antwoorden
    )
    return voltooid_uit(door, voltooid)


def voltooid_uit(door: Door, voltooid: taken.Voltooid) -> schema.VoltooidUit:
    """Return a taak that was just completed with what of its dossier is open for the caller."""
    vandaag = today(door.clock())

    def look(session: Session) -> schema.VoltooidUit:
        taak = queries.taak(session, g.actor, voltooid.taak.id)
        wanted = queries.TakenFilter(dossier_id=taak.dossier_id, per_pagina=MAX_PAGE)
        volgende = queries.taken(session, g.actor, wanted, vandaag).rijen
        return schema.VoltooidUit(
            taak=taak_kort(taak, taak.dossier, vandaag),
            volgende=[taak_kort(open_, open_.dossier, vandaag) for open_ in volgende],
        )

    return read(door.store.sessions, look)


def _changed(door: Door, taak: Taak) -> schema.TaakKort:
    vandaag = today(door.clock())

    def look(session: Session) -> schema.TaakKort:
        fresh = queries.taak(session, g.actor, taak.id)
        return taak_kort(fresh, fresh.dossier, vandaag)

    return read(door.store.sessions, look)


def taak_kort(taak: Taak, dossier: Dossier, vandaag: date) -> schema.TaakKort:
    return schema.TaakKort(
        id=str(taak.id),
        dossier=str(dossier.id),
        dossier_nummer=dossier.nummer,
        element=taak.element,
        naam=taak.naam,
        proces=taak.proces,
        onderdeel=taak.onderdeel,
        rol=taak.rol,
        partij=taak.partij,
        samen_met=taak.samen_met,
        houder=taak.houder,
        status=taak.status,  # type: ignore[arg-type]  # one of the three, see the table
        uiterlijk=taak.uiterlijk,
        te_laat=taak.status == "open" and taak.uiterlijk is not None and taak.uiterlijk < vandaag,
        grond=taak.grond,
        behandelaar=taak.behandelaar.naam if taak.behandelaar else None,
        vlag=taak.vlag,
        geopend_op=taak.geopend_op,
        gesloten_op=taak.gesloten_op,
        gesloten_door=taak.gesloten_door,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/taken",
        "Zoek taken.",
        list_taken,
        schema.Taken,
        parameters=(
            stand(STAND_TAAK),
            Parameter(
                "dossier", "Alleen van dit dossier.", schema={"type": "string", "format": "uuid"}
            ),
            Parameter("partij", "Alleen van deze partij."),
            Parameter("rol", "Alleen voor deze rol."),
            Parameter(
                "te_laat",
                "true: alleen te laat; false: alleen op tijd.",
                schema={"type": "boolean"},
            ),
            *CURSOR,
        ),
        refusals=ONE,
    ),
    Operation(
        "GET",
        "/taken/{id}",
        "Een taak met zijn formulier.",
        get_taak,
        schema.TaakVolledig,
        parameters=(ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "POST",
        "/taken/{id}/claim",
        "Neem een taak op u.",
        claim_taak,
        schema.TaakKort,
        parameters=(ID,),
        refusals=ACT,
    ),
    Operation(
        "POST",
        "/taken/{id}/vrijgeven",
        "Geef een taak terug.",
        vrijgeven_taak,
        schema.TaakKort,
        parameters=(ID,),
        refusals=ACT,
    ),
    Operation(
        "POST",
        "/taken/{id}/voltooien",
        "Voltooi een taak met antwoorden op zijn formulier.",
        voltooien_taak,
        schema.VoltooidUit,
        body=schema.Voltooien,
        parameters=(ID,),
        refusals=ACT,
    ),
)
