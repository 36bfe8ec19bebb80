"""The periods that somebody was in this gemeente: a dossier each, the first one first."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Dossier, Feit, Route, Taak
from routeflow.store.queries.dossiers import VAN, mag_feiten
from routeflow.store.queries.zicht import in_dossier_van, mag_taken
from routeflow.store.waarden import from_json

_FEITEN = ("verhuisdOp", "verhuisdNaar")


@dataclass(frozen=True, slots=True)
class Periode:
    """One period. ``hier``: it is the dossier that was asked about."""

    dossier_id: UUID
    nummer: str
    geopend_op: datetime
    gesloten_op: datetime | None
    verhuisd_op: date | None
    verhuisd_naar: str
    hier: bool


def perioden(session: Session, actor: Actor, dossier_id: UUID) -> tuple[Periode, ...]:
    """Return the periods of the person that ``actor`` may see; none when there is but one to see."""
    alle = keten(session, dossier_id)
    if len(alle) == 1:
        return ()
    mag = in_dossier_van(actor, Dossier.id)
    rijen = session.scalars(select(Dossier).where(Dossier.id.in_(alle), mag)).all()
    if len(rijen) == 1:
        return ()
    return tuple(
        _periode(session, actor, rij, dossier_id)
        for rij in sorted(rijen, key=lambda rij: alle.index(rij.id))
    )


def keten(session: Session, dossier_id: UUID) -> list[UUID]:
    """Return the dossiers of one person in their order."""
    rij = [dossier_id]
    eerder, later = _naast(session, dossier_id)
    while eerder is not None:
        rij.insert(0, eerder)
        eerder, _ = _naast(session, eerder)
    while later is not None:
        rij.append(later)
        _, later = _naast(session, later)
    return rij


def _naast(session: Session, dossier_id: UUID) -> tuple[UUID | None, UUID | None]:
    """Return the dossiers right before and right after this one."""
    gevonden = session.execute(_NAAST, {"van": dossier_id}).one_or_none()
    return (gevonden[0], gevonden[1]) if gevonden else (None, None)


_LATER = aliased(Dossier)
_NAAST = (
    select(Dossier.vorige_id, _LATER.id)
    .outerjoin(_LATER, _LATER.vorige_id == Dossier.id)
    .where(Dossier.id == VAN)
)


def _periode(session: Session, actor: Actor, rij: Dossier, hier: UUID) -> Periode:
    bekend = {
        feit.naam: from_json(feit.waarde)
        for feit in session.scalars(
            select(Feit).where(
                Feit.dossier_id == rij.id, Feit.naam.in_(_FEITEN), Feit.tot.is_(None)
            )
        )
    }
    taken = session.scalars(select(Taak).where(Taak.dossier_id == rij.id, mag_taken(actor))).all()
    zien = mag_feiten(session, actor, session.get_one(Route, rij.id), bekend, taken)
    op, naar = (bekend.get(naam) if naam in zien else None for naam in _FEITEN)
    return Periode(
        rij.id,
        rij.nummer,
        rij.geopend_op,
        rij.gesloten_op,
        op if isinstance(op, date) else None,
        str(naar or ""),
        rij.id == hier,
    )
