"""What an actor may see, as SQL on the columns that the rights depend on."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CompoundSelect, and_, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor, Zicht, zichtbaar
from routeflow.store.models import Taak
from routeflow.store.queries.bladzijde import Voorwaarde, er_is, samen, tel

Tab = Literal["mijn", "te verdelen", "team"]

TABS: tuple[Tab, ...] = ("mijn", "te verdelen", "team")


def takken(tab: Tab, actor: Actor) -> list[Voorwaarde]:
    """Return which taken stand in a tab, as conditions that exclude each other.

    Each is answered from its own index; one OR would make the database read every open taak.
    """
    zicht = zichtbaar(actor)
    if tab == "mijn":
        return [Taak.behandelaar_id == actor.account_id] if actor.account_id else []
    if tab == "te verdelen":
        return [and_(deel, Taak.behandelaar_id.is_(None)) for deel in _eigen(actor, zicht)]
    return [true()] if zicht.dossiers == "alle" else _eigen(actor, zicht)


def mag_taken(actor: Actor) -> Voorwaarde:
    """Return which taken ``actor`` may see, as one condition: for the taken of known dossiers."""
    return or_(false(), *takken("team", actor))


def _eigen(actor: Actor, zicht: Zicht) -> list[Voorwaarde]:
    """Return the taken that are the actor's own to do."""
    if zicht.dossiers == "geen" or not actor.partij:
        return []
    rollen = sorted(zicht.rollen)
    rol = Taak.rol == rollen[0] if len(rollen) == 1 else Taak.rol.in_(rollen)
    return [
        and_(Taak.partij == actor.partij, rol),
        and_(Taak.samen_met == actor.partij, Taak.partij != actor.partij, rol),
    ]


def dossiers_van(session: Session, actor: Actor) -> CompoundSelect[UUID] | None:
    """Return the dossiers in which ``actor`` has or had a taak when they are few, else None."""
    eigen = [select(Taak.dossier_id).where(deel) for deel in _eigen(actor, zichtbaar(actor))]
    if not eigen:
        return union_all(select(Taak.dossier_id).where(false()))
    return None if samen(tel(session, eigen)).meer else union_all(*eigen)


def in_dossier_van(actor: Actor, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column or an id
    """Return whether ``actor`` may see the dossier: all, or where they have or had a taak."""
    zicht = zichtbaar(actor)
    if zicht.dossiers == "alle":
        return true()
    delen = [
        er_is(select(Taak.rol).where(Taak.dossier_id == dossier_id, deel))
        for deel in _eigen(actor, zicht)
    ]
    return or_(false(), *delen)
