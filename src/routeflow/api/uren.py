"""Hours: written down, taken back, read from a file, closed a month at a time, and counted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
from flask import g
from sqlalchemy.orm import Session

from routeflow.api import schema
from routeflow.api.door import (
    ACT,
    CURSOR,
    ID,
    ONE,
    READ,
    Door,
    arg,
    as_id,
    choice,
    day,
    flag,
    limit,
    today,
)
from routeflow.api.openapi import Operation, Parameter
from routeflow.api.taken import voltooid_uit
from routeflow.commands import uren, verzoeken
from routeflow.errors import Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, zichtbaar
from routeflow.inburgering.uren import AANWEZIGHEID, SOORTEN
from routeflow.store import queries, read
from routeflow.store.models import Uren
from routeflow.store.queries import DossierFilter
from routeflow.store.queries import uren as lijsten

MAX_ID = 2**63 - 1
VROEGST = date(2000, 1, 1)


def list_uren(door: Door) -> schema.UrenLijst:
    _eis()
    dossier = arg("dossier")
    wanted = lijsten.UrenFilter(
        dossier_id=as_id(dossier, "Dit dossier") if dossier else None,
        van=day("van"),
        tot=day("tot"),
        soort=choice("soort", SOORTEN) if arg("soort") else None,
        aanwezig=choice("aanwezig", AANWEZIGHEID) if arg("aanwezig") else None,
        afgesloten=flag("afgesloten"),
        per_pagina=limit(),
        na=arg("cursor"),
    )
    rijen, volgende = read(
        door.store.sessions, lambda session: lijsten.lijst(session, g.actor, wanted)
    )
    return schema.UrenLijst(items=[_regel(rij) for rij in rijen], volgende=volgende)


def create_uren(door: Door, nieuw: schema.UrenNieuw) -> schema.UrenGeschreven:
    regels = [
        (
            as_id(een.dossier, "Dit dossier"),
            uren.Regel(
                een.datum,
                een.soort,
                Decimal(str(een.uren)),
                een.aanwezig,
                een.fysiek,
                een.opmerking,
            ),
        )
        for een in nieuw.regels
    ]

    def act(session: Session, *, by: Actor, now: datetime) -> dict[str, Any]:
        rijen = uren.schrijf_uren(session, regels, by=by, now=now)
        dossiers = {rij.dossier_id for rij in rijen}
        return {"regels": len(rijen), "dossiers": len(dossiers), "ids": [rij.id for rij in rijen]}

    return _eenmaal(door, act, nieuw.sleutel, nieuw)


def create_uren_bestand(door: Door, nieuw: schema.UrenBestand) -> schema.UrenGeschreven:
    inhoud = nieuw.csv.encode()
    if nieuw.proef:
        gezien = door.write(uren.bekijk, inhoud=inhoud)
        return schema.UrenGeschreven(regels=gezien.regels, dossiers=gezien.dossiers, ids=[])

    def act(session: Session, *, by: Actor, now: datetime) -> dict[str, Any]:
        gelezen = uren.importeer(session, inhoud, by=by, now=now)
        return {"regels": gelezen.regels, "dossiers": gelezen.dossiers, "ids": list(gelezen.ids)}

    return _eenmaal(door, act, nieuw.sleutel, nieuw)


def _eenmaal(
    door: Door,
    act: Callable[..., dict[str, Any]],
    sleutel: str,
    gevraagd: msgspec.Struct,
) -> schema.UrenGeschreven:
    _eis()
    soort = type(gevraagd).__name__.encode()
    antwoord = door.write(
        partial(verzoeken.eenmaal, act=act),
        sleutel=sleutel,
        gevraagd=soort + msgspec.json.encode(gevraagd),
    )
    return schema.UrenGeschreven(**antwoord)


def terugnemen_uren(door: Door, id: str) -> schema.UrenUit:  # noqa: A002 - the name in the path
    _eis()
    if not id.isdecimal() or len(id) > len(str(MAX_ID)) or int(id) > MAX_ID:
        raise NotFound("Deze regel bestaat niet.")
    return _regel(door.write(uren.neem_terug, uren_id=int(id)))


def list_maand(door: Door) -> schema.MaandenUit:
    _eis()
    eerste = _maand(door.clock())
    laatste = (eerste + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    alle = zichtbaar(g.actor).dossiers == "alle"
    wanted = DossierFilter(
        casemanager_id=g.actor.account_id if alle else None, per_pagina=limit(), na=arg("cursor")
    )

    def look(session: Session) -> schema.MaandenUit:
        mensen = queries.dossiers(session, g.actor, wanted, today(door.clock()))
        standen = lijsten.maand(session, g.actor, mensen.rijen, eerste, laatste)
        return schema.MaandenUit(
            items=[
                schema.MaandUit(
                    dossier=str(een.persoon.id),
                    dossier_nummer=een.persoon.nummer,
                    naam=een.persoon.naam,
                    gevolgd={soort: float(som) for soort, som in een.gevolgd.items()},
                    afwezig={reden: float(som) for reden, som in een.afwezig.items()},
                    taak=str(een.taak_id) if een.taak_id else None,
                    open_maand=een.open_maand,
                    uiterlijk=een.uiterlijk,
                )
                for een in standen
            ],
            volgende=mensen.volgende,
        )

    return read(door.store.sessions, look)


def _maand(now: datetime) -> date:
    """Return the first day of the month that is asked for, as 2026-01; of this month when none is."""
    deze = today(now).replace(day=1)
    text = arg("maand")
    if text is None:
        return deze
    try:
        eerste = date.fromisoformat(f"{text}-01")
    except ValueError:
        eerste = VROEGST - timedelta(days=1)
    if not VROEGST <= eerste <= deze:
        raise Invalid(
            f"maand is een maand van {VROEGST:%Y-%m} tot en met {deze:%Y-%m}, niet {text[:40]!r}."
        )
    return eerste


def sluiten_maand(door: Door, sluiten: schema.MaandSluiten) -> schema.VoltooidUit:
    return voltooid_uit(
        door, door.write(uren.sluit_maand, taak_id=as_id(sluiten.taak, "Deze taak"))
    )


def list_tellers(door: Door, id: str) -> schema.TellersUit:  # noqa: A002 - the name in the path
    dossier_id = as_id(id, "Dit dossier")
    tellers = read(
        door.store.sessions,
        lambda session: lijsten.stand(session, g.actor, dossier_id, today(door.clock())),
    )
    return schema.TellersUit(
        items=[
            schema.TellerUit(
                naam=teller.naam,
                label=teller.label,
                gemaakt=float(teller.gemaakt),
                norm=teller.norm,
                grond=teller.grond,
                koers=teller.koers,
                verwacht=None if teller.verwacht is None else float(teller.verwacht),
                per_week=None if teller.per_week is None else float(teller.per_week),
                eind=teller.eind,
            )
            for teller in tellers
        ]
    )


def _eis() -> None:
    if bezwaar := uren.bezwaar_tegen_schrijven(g.actor):
        raise NotAllowed(bezwaar)


def _regel(rij: Uren) -> schema.UrenUit:
    return schema.UrenUit(
        id=rij.id,
        dossier=str(rij.dossier_id),
        datum=rij.datum,
        soort=rij.soort,
        uren=rij.kwartieren / 4,
        aanwezig=rij.aanwezig,
        fysiek=rij.fysiek,
        opmerking=rij.opmerking,
        door=rij.door,
        op=rij.op,
        afgesloten=rij.afgesloten_op is not None,
    )


_DATUM = {"type": "string", "format": "date"}

OPERATIONS = (
    Operation(
        "GET",
        "/uren",
        "Zoek uren die uw organisatie opschreef.",
        list_uren,
        schema.UrenLijst,
        parameters=(
            Parameter(
                "dossier", "Alleen van dit dossier.", schema={"type": "string", "format": "uuid"}
            ),
            Parameter("van", "Vanaf deze dag.", schema=_DATUM),
            Parameter("tot", "Tot en met deze dag.", schema=_DATUM),
            Parameter(
                "soort", "Alleen deze soort.", schema={"type": "string", "enum": list(SOORTEN)}
            ),
            Parameter(
                "aanwezig",
                "Alleen met deze aanwezigheid.",
                schema={"type": "string", "enum": list(AANWEZIGHEID)},
            ),
            Parameter(
                "afgesloten",
                "true: alleen in gesloten maanden; false: alleen in open maanden.",
                schema={"type": "boolean"},
            ),
            *CURSOR,
        ),
        refusals=ONE,
    ),
    Operation(
        "POST",
        "/uren",
        "Schrijf uren op: een of meer regels, alle of geen.",
        create_uren,
        schema.UrenGeschreven,
        body=schema.UrenNieuw,
        status=HTTPStatus.CREATED,
        refusals=ACT,
    ),
    Operation(
        "POST",
        "/uren/bestand",
        "Lees een CSV-bestand met uren in: alle regels of geen.",
        create_uren_bestand,
        schema.UrenGeschreven,
        body=schema.UrenBestand,
        status=HTTPStatus.CREATED,
        refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
    Operation(
        "POST",
        "/uren/{id}/terugnemen",
        "Neem een regel terug, zolang de maand niet is afgesloten.",
        terugnemen_uren,
        schema.UrenUit,
        parameters=(Parameter("id", "Het id van de regel.", "path", {"type": "integer"}),),
        refusals=ACT,
    ),
    Operation(
        "GET",
        "/uren/maand",
        "De uren van een maand per persoon, met de maand die nog af te sluiten is.",
        list_maand,
        schema.MaandenUit,
        parameters=(
            Parameter(
                "maand",
                "De maand, zoals 2026-01. Zonder: deze maand.",
                schema={"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
            ),
            *CURSOR,
        ),
        refusals=READ,
    ),
    Operation(
        "POST",
        "/uren/maand/sluiten",
        "Sluit een maand af: de sommen zijn het antwoord op zijn taak.",
        sluiten_maand,
        schema.VoltooidUit,
        body=schema.MaandSluiten,
        refusals=ACT,
    ),
    Operation(
        "GET",
        "/dossiers/{id}/tellers",
        "Hoe ver de uren van een dossier zijn, en wat de verwachting is.",
        list_tellers,
        schema.TellersUit,
        parameters=(ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
)
