"""Dossiers: open one, find them, look in one, and read its journal."""

from datetime import datetime
from functools import partial
from http import HTTPStatus

import msgspec
from flask import g
from sqlalchemy.orm import Session

from routeflow.api import schema
from routeflow.api.door import (
    CURSOR,
    ID,
    ONE,
    READ,
    Door,
    arg,
    as_id,
    choice,
    feiten_in,
    limit,
    stand,
    today,
)
from routeflow.api.openapi import Operation, Parameter
from routeflow.api.taken import taak_kort
from routeflow.commands import berichten, dossiers, verzoeken
from routeflow.feel.json import to_json
from routeflow.inburgering.rechten import Actor
from routeflow.store import queries, read

STAND_DOSSIER = ("open", "gesloten", "alle")


def create_dossier(door: Door, nieuw: schema.DossierNieuw) -> schema.DossierVolledig:
    gegevens = {
        sleutel: waarde
        for sleutel, waarde in {
            "naam": nieuw.naam,
            "doelgroep": nieuw.doelgroep,
            "geboortedatum": nieuw.geboortedatum,
            "bsn": nieuw.bsn,
            "vNummer": nieuw.v_nummer,
        }.items()
        if waarde is not None
    }
    gegevens = {**feiten_in(nieuw.feiten), **gegevens}

    def act(session: Session, *, by: Actor, now: datetime) -> str:
        gemaakt = dossiers.start_dossier(session, gegevens, begin=nieuw.begin, by=by, now=now)
        return str(gemaakt.id)

    if nieuw.sleutel is None:
        return get_dossier(door, id=door.write(act))
    gevraagd = b"DossierNieuw" + msgspec.json.encode(nieuw)
    eenmaal = partial(verzoeken.eenmaal, act=act)
    return get_dossier(door, id=door.write(eenmaal, sleutel=nieuw.sleutel, gevraagd=gevraagd))


def list_dossiers(door: Door) -> schema.Dossiers:
    wanted = queries.DossierFilter(
        zoek=arg("zoek") or "",
        fase=arg("fase"),
        leerroute=arg("leerroute"),
        doelgroep=arg("doelgroep"),
        status=choice("status", STAND_DOSSIER),  # type: ignore[arg-type]  # one of the three
        per_pagina=limit(),
        na=arg("cursor"),
    )
    page = read(
        door.store.sessions,
        lambda session: queries.dossiers(session, g.actor, wanted, today(door.clock())),
    )
    return schema.Dossiers(
        items=[
            schema.DossierKort(
                id=str(rij.id),
                nummer=rij.nummer,
                naam=rij.naam,
                doelgroep=rij.doelgroep,
                leerroute=rij.leerroute,
                fase=rij.fase,
                casemanager=rij.casemanager,
                geopend_op=rij.geopend_op,
                gesloten_op=rij.gesloten_op,
            )
            for rij in page.rijen
        ],
        volgende=page.volgende,
    )


def get_dossier(door: Door, id: str) -> schema.DossierVolledig:  # noqa: A002 - the name in the path
    dossier_id = as_id(id, "Dit dossier")
    vandaag = today(door.clock())

    def look(session: Session) -> schema.DossierVolledig:
        detail = queries.dossier_detail(session, g.actor, dossier_id, vandaag)
        dossier = detail.dossier
        return schema.DossierVolledig(
            id=str(dossier.id),
            nummer=dossier.nummer,
            naam=dossier.naam,
            doelgroep=dossier.doelgroep,
            leerroute=dossier.leerroute,
            fase=dossier.fase,
            casemanager=detail.casemanager,
            geopend_op=dossier.geopend_op,
            gesloten_op=dossier.gesloten_op,
            feiten={feit.naam: to_json(feit.waarde) for feit in detail.feiten},
            taken=[taak_kort(taak, dossier, vandaag) for taak in detail.open_taken],
            termijnen=[
                schema.TermijnUit(
                    naam=termijn.naam,
                    label=termijn.label,
                    grond=termijn.grond,
                    begin=termijn.begin,
                    uiterlijk=termijn.uiterlijk,
                    streefdatum=termijn.streefdatum,
                    gehaald_op=termijn.gehaald_op,
                    status=termijn.status,
                )
                for termijn in dossiers.termijnen(session, dossier_id, vandaag=vandaag, by=g.actor)
            ],
            wacht_op=[naam for naam in detail.wacht_op if naam in berichten.SOORTEN],
            perioden=[
                schema.PeriodeUit(
                    dossier=str(een.dossier_id),
                    nummer=een.nummer,
                    geopend_op=een.geopend_op,
                    gesloten_op=een.gesloten_op,
                    verhuisd_op=een.verhuisd_op,
                    verhuisd_naar=een.verhuisd_naar,
                )
                for een in queries.perioden(session, g.actor, dossier_id)
            ],
        )

    return read(door.store.sessions, look)


def list_journaal(door: Door, id: str) -> schema.JournaalUit:  # noqa: A002 - the name in the path
    page = read(
        door.store.sessions,
        lambda session: queries.journaal(
            session,
            g.actor,
            as_id(id, "Dit dossier"),
            na=arg("cursor"),
            per_pagina=limit(),
        ),
    )
    return schema.JournaalUit(
        items=[
            schema.JournaalRegel(
                id=rij.id,
                op=rij.op,
                door=rij.door,
                wat=rij.wat,
                element=rij.element,
                gegevens=dict(rij.gegevens),
            )
            for rij in page.rijen
        ],
        volgende=page.volgende,
    )


OPERATIONS = (
    Operation(
        "POST",
        "/dossiers",
        "Open een dossier en start zijn route.",
        create_dossier,
        schema.DossierVolledig,
        body=schema.DossierNieuw,
        status=HTTPStatus.CREATED,
        refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
    Operation(
        "GET",
        "/dossiers",
        "Zoek dossiers.",
        list_dossiers,
        schema.Dossiers,
        parameters=(
            Parameter("zoek", "Een deel van de naam of het nummer."),
            Parameter("fase", "Alleen deze fase."),
            Parameter("leerroute", "Alleen deze leerroute."),
            Parameter("doelgroep", "Alleen deze doelgroep."),
            stand(STAND_DOSSIER),
            *CURSOR,
        ),
        refusals=READ,
    ),
    Operation(
        "GET",
        "/dossiers/{id}",
        "Een dossier met feiten, open taken en termijnen.",
        get_dossier,
        schema.DossierVolledig,
        parameters=(ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/dossiers/{id}/journaal",
        "Wat er in een dossier gebeurde.",
        list_journaal,
        schema.JournaalUit,
        parameters=(ID, *CURSOR),
        refusals=ONE,
    ),
)
