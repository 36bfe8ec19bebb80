"""Termijnen: of one dossier with how they were counted, and the watch over all of them."""

from datetime import date
from http import HTTPStatus

from flask import g
from sqlalchemy.orm import Session

from routeflow.api import schema
from routeflow.api.door import CURSOR, ID, ONE, Door, arg, as_id, choice, limit, number, today
from routeflow.api.openapi import Operation, Parameter
from routeflow.commands import termijnblad
from routeflow.inburgering.regels import REGELS
from routeflow.store import queries, read
from routeflow.store.models import DossierTermijn

MAX_PAGES, MAX_WEKEN = 10_000, 520
STAND_TERMIJN = ("komend", "verstreken", "wacht", "stil")


def list_dossier_termijnen(door: Door, id: str) -> schema.TermijnenUit:  # noqa: A002 - the name in the path
    dossier_id = as_id(id, "Dit dossier")

    def look(session: Session) -> schema.TermijnenUit:
        rijen = termijnblad.rijen(session, dossier_id, by=g.actor)
        historie = {rij.id: list[schema.TellingUit]() for rij in rijen}
        for een in termijnblad.historie(session, rijen):
            historie[een.termijn_id].append(
                schema.TellingUit(
                    op=een.op,
                    door=een.door,
                    aanleiding=een.aanleiding,
                    oud=een.oud,
                    nieuw=een.nieuw,
                )
            )
        return schema.TermijnenUit(items=[_termijn(rij, historie[rij.id]) for rij in rijen])

    return read(door.store.sessions, look)


def _termijn(rij: DossierTermijn, historie: list[schema.TellingUit]) -> schema.TermijnRijUit:
    return schema.TermijnRijUit(
        naam=rij.naam,
        volgnummer=rij.volgnummer,
        label=REGELS[rij.naam].label,
        soort=rij.soort,  # type: ignore[arg-type]  # one of the three
        houder=rij.houder,
        status=rij.status,  # type: ignore[arg-type]  # one of the five
        wacht_op=rij.wacht_op,
        begin=rij.begin,
        uiterlijk=rij.uiterlijk,
        eigen_dag=rij.eigen_dag,
        gehaald_op=rij.gehaald_op,
        op_tijd=rij.op_tijd,
        grond=rij.grond,
        tekst=rij.tekst,
        lengte=rij.lengte,
        atw=rij.atw,
        atw_reden=rij.atw_reden,
        feiten=rij.feiten,
        uitleg=rij.uitleg,
        historie=historie,
    )


def list_termijnen(door: Door) -> schema.Bewaking:
    casemanager = arg("casemanager")
    wanted = queries.BewakingFilter(
        stand=choice("stand", STAND_TERMIJN),  # type: ignore[arg-type]  # one of the four
        weken=number("weken", 4, MAX_WEKEN),
        wat=choice("wat", ("alles", "wet", "taken")),  # type: ignore[arg-type]  # one of the three
        naam=arg("naam"),
        partij=arg("partij"),
        casemanager_id=as_id(casemanager, "Deze casemanager") if casemanager else None,
        pagina=number("cursor", 1, MAX_PAGES),
        per_pagina=limit(),
    )
    vandaag = today(door.clock())

    def look(session: Session) -> schema.Bewaking:
        gevonden = queries.bewaking(session, g.actor, wanted, vandaag)
        return schema.Bewaking(
            items=[_bewaakt(rij, vandaag) for rij in gevonden.lijst.rijen],
            standen={stand: int(aantal) for stand, aantal in gevonden.standen.items()},
            per_termijn={naam or "taken": n for naam, n in gevonden.per_termijn.items()},
            per_partij=dict(gevonden.per_partij),
            volgende=gevonden.lijst.volgende,
        )

    return read(door.store.sessions, look)


def _bewaakt(rij: queries.BewakingRij, vandaag: date) -> schema.BewaaktUit:
    termijn = rij.termijn
    return schema.BewaaktUit(
        dossier=str(rij.dossier.id),
        dossier_nummer=rij.dossier.nummer,
        naam=termijn.naam if termijn else rij.taak.termijn if rij.taak else None,
        label=rij.label,
        taak=str(rij.taak.id) if rij.taak else None,
        status=termijn.status if termijn else "loopt",  # type: ignore[arg-type]  # one of the three
        uiterlijk=rij.uiterlijk,
        te_laat=rij.uiterlijk is not None and rij.uiterlijk < vandaag,
        wacht_op=termijn.wacht_op if termijn else None,
        grond=rij.grond,
        partij=rij.partij,
        casemanager=rij.casemanager,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/dossiers/{id}/termijnen",
        "De termijnen van een dossier: hoe ze zijn geteld, en wat ze eerder waren.",
        list_dossier_termijnen,
        schema.TermijnenUit,
        parameters=(ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/termijnen",
        "De termijnbewaking: wat verstreken is, wat eindigt, wat wacht en wat stilstaat.",
        list_termijnen,
        schema.Bewaking,
        parameters=(
            Parameter(
                "stand", "Welke termijnen.", schema={"type": "string", "enum": list(STAND_TERMIJN)}
            ),
            Parameter(
                "weken",
                "Bij komend: hoeveel weken vooruit.",
                schema={"type": "integer", "minimum": 1, "maximum": MAX_WEKEN, "default": 4},
            ),
            Parameter(
                "wat",
                "Alles, alleen termijnen uit de wet, of alleen taken.",
                schema={"type": "string", "enum": ["alles", "wet", "taken"]},
            ),
            Parameter("naam", "Alleen deze termijn uit de wet."),
            Parameter("partij", "Alleen wat bij deze partij ligt."),
            Parameter(
                "casemanager",
                "Alleen de dossiers van dit account.",
                schema={"type": "string", "format": "uuid"},
            ),
            *CURSOR,
        ),
        refusals=ONE,
    ),
)
