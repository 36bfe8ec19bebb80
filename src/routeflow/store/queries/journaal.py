"""The journal of one dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store.models import Journaal
from routeflow.store.queries.bladzijde import PER_PAGINA, Page, onleesbare_cursor, tel
from routeflow.store.queries.dossiers import mag_feiten, route_van

_LANGSTE_ID = 18  # digits that fit in a number of the database


@dataclass(frozen=True, slots=True)
class JournaalRij:
    """One act on a dossier. ``gegevens["feiten"]`` holds [before, after] of what the reader may see."""

    id: int
    op: datetime
    door: str
    door_id: UUID | None
    wat: str
    element: str | None
    gegevens: Mapping[str, Any]
    pad: Sequence[Sequence[Any]]
    deployment_id: int | None


def journaal(
    session: Session,
    actor: Actor,
    dossier_id: UUID,
    *,
    na: str | None = None,
    per_pagina: int = PER_PAGINA,
) -> Page[JournaalRij]:
    """Return the acts on one dossier, newest first. Raises NotFound or NotAllowed."""
    route = route_van(session, actor, dossier_id)
    if bezwaar := bezwaar_tegen(actor, Handeling.JOURNAAL_LEZEN):
        raise NotAllowed(bezwaar)
    van_dossier = Journaal.dossier_id == dossier_id
    (totaal,) = tel(session, [select(Journaal.id).where(van_dossier)])
    vraag = select(Journaal).where(van_dossier).order_by(Journaal.id.desc()).limit(per_pagina + 1)
    if na:
        if not na.isdecimal() or len(na) > _LANGSTE_ID:
            raise onleesbare_cursor()
        vraag = vraag.where(Journaal.id < int(na))
    rijen = session.scalars(vraag).all()
    getoond = rijen[:per_pagina]
    namen = {naam for rij in getoond for naam in rij.gegevens.get("feiten", {})}
    zien = mag_feiten(session, actor, route, namen, ())
    return Page(
        rijen=tuple(_journaal_rij(rij, zien) for rij in getoond),
        totaal=totaal,
        per_pagina=per_pagina,
        volgende=str(getoond[-1].id) if len(rijen) > per_pagina else None,
    )


def _journaal_rij(rij: Journaal, zien: frozenset[str]) -> JournaalRij:
    gegevens = dict(rij.gegevens)
    if "feiten" in gegevens:
        gegevens["feiten"] = {
            naam: waarden for naam, waarden in gegevens["feiten"].items() if naam in zien
        }
    return JournaalRij(
        id=rij.id,
        op=rij.op,
        door=rij.door,
        door_id=rij.door_id,
        wat=rij.wat,
        element=rij.element,
        gegevens=gegevens,
        pad=rij.pad,
        deployment_id=rij.deployment_id,
    )
