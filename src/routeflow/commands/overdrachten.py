"""Handing a dossier over to the gemeente that asked for it: made once, sealed, and never changed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from routeflow.brieven.overdracht import overdracht_pdf
from routeflow.commands.besluitdossiers import canoniek
from routeflow.commands.boetes import FEIT as BESLUITEN
from routeflow.commands.feiten import Feiten
from routeflow.commands.journaal import schrijf
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import lock_route
from routeflow.errors import Invalid, NotFound
from routeflow.inburgering import overdracht
from routeflow.inburgering.rechten import Actor, Handeling, feiten_zichtbaar
from routeflow.inburgering.uren import AANWEZIG
from routeflow.store.models import Journaal, Overdracht, Route, Uren
from routeflow.store.velden import velden_van
from routeflow.store.waarden import to_json

WAT: Final = "dossier overgedragen"
"""The kind of journal row that holds the hashes."""

MAX_GEMEENTE: Final = 200
_KWARTIER: Final = Decimal("0.25")


def maak_overdracht(
    session: Session,
    dossier_id: UUID,
    *,
    van: str,
    aan: str,
    gevraagd_op: date | None,
    by: Actor,
    now: datetime,
) -> Overdracht:
    """Freeze what gemeente ``aan`` asked for on ``gevraagd_op``: as data and as a tagged PDF.

    Also of a closed dossier: a request may come late. ``van``: the name of this gemeente. Asked
    once more while nothing is different: the one that was made, and nothing else happens.
    Raises NotFound, NotAllowed or Invalid: nothing is handed over that nobody asked for.
    """
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    eis(by, Handeling.OVERDRACHT_MAKEN)
    aan = aan.strip()
    fouten = _fouten(aan, gevraagd_op, vandaag(now))
    if fouten or gevraagd_op is None:
        raise Invalid("De overdracht is niet gemaakt.", fouten)
    inhoud = _inhoud(session, route, by)
    inhoud |= {"van": van, "aan": aan, "gevraagdOp": to_json(gevraagd_op)}
    if (laatste := _laatste(session, dossier_id)) and _zelfde(laatste, inhoud, by):
        return laatste
    inhoud |= {"op": now.astimezone(UTC).isoformat(), "door": by.naam}
    tekst = canoniek(inhoud)
    pdf = overdracht_pdf(json.loads(tekst), sha256=_hash(tekst.encode()))
    rij = Overdracht(
        id=uuid4(),
        dossier_id=dossier_id,
        gemeente=aan,
        gevraagd_op=gevraagd_op,
        op=now,
        door=by.naam,
        gegevens=tekst,
        gegevens_hash=_hash(tekst.encode()),
        pdf=pdf,
        pdf_hash=_hash(pdf),
    )
    session.add(rij)
    schrijf(session, WAT, _zegels(rij), route=route, element=None, by=by, now=now)
    session.flush()
    return rij


def _laatste(session: Session, dossier_id: UUID) -> Overdracht | None:
    van_dossier = select(Overdracht).where(Overdracht.dossier_id == dossier_id)
    return session.scalar(
        van_dossier.options(undefer(Overdracht.gegevens)).order_by(Overdracht.op.desc()).limit(1)
    )


def _zelfde(rij: Overdracht, inhoud: Mapping[str, Any], by: Actor) -> bool:
    """Say whether ``rij`` is this very content, made by the same person."""
    toen = json.loads(rij.gegevens)
    nu = json.loads(canoniek(dict(inhoud)))
    return bool({**toen, "op": "", "door": ""} == {**nu, "op": "", "door": ""}) and (
        rij.door == by.naam
    )


def nagaan(session: Session, dossiers: list[UUID]) -> Iterator[tuple[UUID, str]]:
    """Hold what was handed over of these dossiers against its hashes and the journal."""
    gezegeld = {
        str(regel.gegevens.get("overdracht")): (regel.dossier_id, regel.gegevens)
        for regel in session.scalars(
            select(Journaal).where(Journaal.dossier_id.in_(dossiers), Journaal.wat == WAT)
        )
    }
    for rij in session.scalars(select(Overdracht).where(Overdracht.dossier_id.in_(dossiers))).all():
        wat = f"De overdracht aan {rij.gemeente} ({rij.id})"
        verteld = gezegeld.pop(str(rij.id), (None, None))[1]
        if _hash(rij.gegevens.encode()) != rij.gegevens_hash or _hash(rij.pdf) != rij.pdf_hash:
            yield rij.dossier_id, f"{wat} is veranderd: de inhoud past niet bij het zegel."
        elif verteld != _zegels(rij):
            yield rij.dossier_id, f"{wat} staat niet zo in het journaal."
        session.expunge(rij)
    for ident, (dossier_id, _) in sorted(gezegeld.items()):
        if dossier_id is not None:
            yield dossier_id, f"De overdracht {ident} staat in het journaal, maar is weg."


def _fouten(aan: str, gevraagd_op: date | None, dag: date) -> dict[str, str]:
    fouten = {}
    if not aan:
        fouten["gemeente"] = "Vul de gemeente in die om het dossier vraagt."
    elif len(aan) > MAX_GEMEENTE:
        fouten["gemeente"] = f"De naam is te lang: hooguit {MAX_GEMEENTE} tekens."
    if gevraagd_op is None:
        fouten["gevraagdOp"] = (
            "Vul in wanneer de gemeente erom vroeg. Zonder verzoek gaat er niets weg."
        )
    elif gevraagd_op > dag:
        fouten["gevraagdOp"] = "Deze dag ligt in de toekomst."
    return fouten


def _inhoud(session: Session, route: Route, by: Actor) -> dict[str, Any]:
    """Return what is handed over: what the law names, as far as who makes it may see it."""
    feiten = Feiten(session, route.dossier).waarden
    gevoelig = velden_van(session, route.deployment).gevoelig
    zien = feiten_zichtbaar(by, feiten, gevoelig=gevoelig)
    feiten = {naam: waarde for naam, waarde in feiten.items() if naam in zien}
    return {
        "soort": "overdracht",
        "grond": overdracht.GROND,
        "dossier": {"nummer": route.dossier.nummer, "naam": route.dossier.naam},
        "delen": [
            {
                "titel": titel,
                "regels": [
                    {"naam": naam, "label": label, "waarde": to_json(waarde)}
                    for naam, label, waarde in regels
                ],
            }
            for titel, regels in overdracht.delen(feiten, gevoelig)
        ],
        "urenOpenMaanden": [
            {"soort": soort, "uren": str(Decimal(kwartieren) * _KWARTIER)}
            for soort, kwartieren in session.execute(
                select(Uren.soort, func.sum(Uren.kwartieren))
                .where(
                    Uren.dossier_id == route.dossier_id,
                    Uren.aanwezig == AANWEZIG,
                    Uren.afgesloten_op.is_(None),
                    Uren.vervallen_op.is_(None),
                )
                .group_by(Uren.soort)
                .order_by(Uren.soort)
            )
        ],
        "boetes": [
            {naam: to_json(waarde) for naam, waarde in boete.items()}
            for boete in overdracht.boetes(feiten.get(BESLUITEN))
        ],
    }


def _zegels(rij: Overdracht) -> dict[str, str]:
    return {
        "overdracht": str(rij.id),
        "aan": rij.gemeente,
        "gevraagdOp": rij.gevraagd_op.isoformat(),
        "gegevens": rij.gegevens_hash,
        "pdf": rij.pdf_hash,
    }


def _hash(inhoud: bytes) -> str:
    return hashlib.sha256(inhoud).hexdigest()
