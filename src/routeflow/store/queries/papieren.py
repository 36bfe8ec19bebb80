"""The sealed papers of one dossier: those of its decisions, and what was handed over of it."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store.models import Besluitdossier, Overdracht
from routeflow.store.queries.dossiers import route_van

Papier = TypeVar("Papier", Besluitdossier, Overdracht)

_HANDELING: Final[Mapping[type, Handeling]] = {
    Besluitdossier: Handeling.BESLUITDOSSIER_INZIEN,
    Overdracht: Handeling.OVERDRACHT_MAKEN,
}


def papieren(
    session: Session, actor: Actor, soort: type[Papier], dossier_id: UUID
) -> Sequence[Papier]:
    """Return those of one dossier, newest first. Raises NotFound or NotAllowed."""
    route_van(session, actor, dossier_id)
    _eis(actor, soort)
    return session.scalars(
        select(soort).where(soort.dossier_id == dossier_id).order_by(soort.op.desc(), soort.id)
    ).all()


def papier(session: Session, actor: Actor, soort: type[Papier], ident: UUID) -> Papier:
    """Return one with what it holds. Raises NotFound or NotAllowed."""
    _eis(actor, soort)
    rij = session.scalar(
        select(soort).where(soort.id == ident).options(undefer(soort.gegevens), undefer(soort.pdf))
    )
    if rij is None:
        raise NotFound("Dit papier bestaat niet.")
    route_van(session, actor, rij.dossier_id)
    return rij


def _eis(actor: Actor, soort: type) -> None:
    if bezwaar := bezwaar_tegen(actor, _HANDELING[soort]):
        raise NotAllowed(bezwaar)
