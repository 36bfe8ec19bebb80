"""The frozen papers of the decisions in one dossier."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store.models import Besluitdossier
from routeflow.store.queries.dossiers import route_van


def besluitdossiers(session: Session, actor: Actor, dossier_id: UUID) -> Sequence[Besluitdossier]:
    """Return the besluitdossiers of one dossier, newest first. Raises NotFound or NotAllowed."""
    route_van(session, actor, dossier_id)
    _eis(actor)
    return session.scalars(
        select(Besluitdossier)
        .where(Besluitdossier.dossier_id == dossier_id)
        .order_by(Besluitdossier.op.desc(), Besluitdossier.id)
    ).all()


def besluitdossier(session: Session, actor: Actor, ident: UUID) -> Besluitdossier:
    """Return one besluitdossier with its papers. Raises NotFound or NotAllowed."""
    _eis(actor)
    rij = session.scalar(
        select(Besluitdossier)
        .where(Besluitdossier.id == ident)
        .options(undefer(Besluitdossier.gegevens), undefer(Besluitdossier.pdf))
    )
    if rij is None:
        raise NotFound("Dit besluitdossier bestaat niet.")
    route_van(session, actor, rij.dossier_id)
    return rij


def _eis(actor: Actor) -> None:
    if bezwaar := bezwaar_tegen(actor, Handeling.BESLUITDOSSIER_INZIEN):
        raise NotAllowed(bezwaar)
