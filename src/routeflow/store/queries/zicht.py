"""What an actor may see, as SQL on the columns that the rights depend on."""

from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, true, union_all

from routeflow.inburgering.rechten import Actor, Zicht, zichtbaar
from routeflow.store.models import Taak
from routeflow.store.queries.bladzijde import Voorwaarde, er_is

Tab = Literal["mijn", "te verdelen", "team"]

TABS: tuple[Tab, ...] = ("mijn", "te verdelen", "team")


@dataclass(frozen=True, slots=True)
class Blik:
    """What decides which conditions there are for an actor, without who it is.

    Actors with one ``Blik`` share a statement; ``waarden_van`` fills in who looks.
    """

    zicht: Zicht
    bekend: bool

    def takken(self, tab: Tab) -> list[Voorwaarde]:
        """Return which taken stand in a tab, as conditions that exclude each other."""
        return _takken(tab, self.zicht, IK if self.bekend else None, _BIJ)

    def mag_taken(self) -> Voorwaarde:
        """Return which taken may be seen, as one condition: for the taken of known dossiers."""
        return or_(false(), *self.takken("team"))

    def in_dossier(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column
        """Return whether the dossier may be seen: all, or where they have or had a taak."""
        return _in_dossier(self.zicht, _BIJ, dossier_id)

    def in_eigen(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column
        """Say the same where their own dossiers are no more than can be remembered for one page.

        In such a form that each row is looked up in what was remembered.
        """
        eigen: Voorwaarde = dossier_id.in_(union_all(*self.eigen()))
        return eigen.is_(true())

    def eigen(self) -> list[Select[UUID]]:
        """Return the dossiers in which they have or had a taak, more than once."""
        delen = _eigen(self.zicht, _BIJ) or [false()]
        return [select(Taak.dossier_id).where(deel) for deel in delen]


IK: ColumnElement[UUID] = bindparam("ik", type_=Taak.behandelaar_id.type)
"""The account of who looks, filled in by ``waarden_van``."""

_BIJ: ColumnElement[str] = bindparam("bij", type_=Taak.partij.type)


def blik(actor: Actor) -> Blik:
    """Return how ``actor`` looks at lists."""
    zicht = zichtbaar(actor)
    return Blik(replace(zicht, partij="..." if zicht.partij else ""), actor.account_id is not None)


def waarden_van(actor: Actor) -> dict[str, Any]:
    """Return who looks, to be filled in where a ``Blik`` left it open."""
    return {"ik": actor.account_id, "bij": actor.partij}


def takken(tab: Tab, actor: Actor) -> list[Voorwaarde]:
    """Return which taken stand in a tab, as conditions that exclude each other.

    Each is answered from its own index; one OR would make the database read every open taak.
    """
    return _takken(tab, zichtbaar(actor), actor.account_id, actor.partij)


def _takken(tab: Tab, zicht: Zicht, ik: Any, bij: Any) -> list[Voorwaarde]:  # noqa: ANN401 - values or parameters
    if tab == "mijn":
        return [] if ik is None else [Taak.behandelaar_id == ik]
    if tab == "te verdelen":
        return [and_(deel, Taak.behandelaar_id.is_(None)) for deel in _eigen(zicht, bij)]
    return [true()] if zicht.dossiers == "alle" else _eigen(zicht, bij)


def mag_taken(actor: Actor) -> Voorwaarde:
    """Return which taken ``actor`` may see, as one condition: for the taken of known dossiers."""
    return or_(false(), *takken("team", actor))


def _eigen(zicht: Zicht, bij: Any) -> list[Voorwaarde]:  # noqa: ANN401 - a value or a parameter
    """Return the taken that are the actor's own to do."""
    if zicht.dossiers == "geen" or not zicht.partij:
        return []
    rollen = sorted(zicht.rollen)
    rol = Taak.rol == rollen[0] if len(rollen) == 1 else Taak.rol.in_(rollen)
    return [
        and_(Taak.partij == bij, rol),
        and_(Taak.samen_met == bij, Taak.partij != bij, rol),
    ]


def in_dossier_van(actor: Actor, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column or an id
    """Return whether ``actor`` may see the dossier: all, or where they have or had a taak."""
    return _in_dossier(zichtbaar(actor), actor.partij, dossier_id)


def _in_dossier(zicht: Zicht, bij: Any, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - as above
    if zicht.dossiers == "alle":
        return true()
    delen = [
        er_is(select(Taak.rol).where(Taak.dossier_id == dossier_id, deel))
        for deel in _eigen(zicht, bij)
    ]
    return or_(false(), *delen)
