"""The household of a dossier, with links only to dossiers that the reader may see."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from routeflow.inburgering.gezin import botsende_dagen
from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Dossier, Feit, Gezinsband
from routeflow.store.queries.dossiers import VAN
from routeflow.store.queries.zicht import Blik, blik, waarden_van
from routeflow.store.waarden import from_json

_FEITEN = ("weekplan", "kinderopvang", "heeftKinderen")


@dataclass(frozen=True, slots=True)
class Gezinslid:
    """Somebody of the household. ``dossier_id``: their dossier, if the reader may see it."""

    id: int
    soort: str
    naam: str
    geboortejaar: int | None
    dossier_id: UUID | None
    nummer: str


@dataclass(frozen=True, slots=True)
class Gezin:
    """A household. ``botsing``: days on which both partners have lessons and nobody the children."""

    leden: tuple[Gezinslid, ...] = ()
    botsing: tuple[str, ...] = ()


def gezin(session: Session, actor: Actor, dossier_id: UUID) -> Gezin:
    """Return the household of a dossier that ``actor`` may see; of another dossier not even the name."""
    waarden = {**waarden_van(actor), "van": dossier_id}
    rijen = session.execute(_leden_vraag(blik(actor)), waarden).all()
    leden = tuple(
        Gezinslid(
            band.id,
            band.soort,
            ander.naam if ander else band.naam,
            band.geboortejaar,
            band.ander_dossier_id,
            ander.nummer if ander else "",
        )
        for band, ander in rijen
    )
    return Gezin(leden, botsing(session, dossier_id) if leden else ())


@lru_cache(maxsize=64)
def _leden_vraag(wie: Blik) -> "Select[Gezinsband, Dossier]":
    return (
        select(Gezinsband, Dossier)
        .outerjoin(Dossier, Dossier.id == Gezinsband.ander_dossier_id)
        .where(
            Gezinsband.dossier_id == VAN,
            Gezinsband.vervallen_op.is_(None),
            wie.in_dossier(Gezinsband.dossier_id),
            or_(
                Gezinsband.ander_dossier_id.is_(None),
                wie.in_dossier(Gezinsband.ander_dossier_id),
            ),
        )
        .order_by(Gezinsband.id)
    )


def botsing(session: Session, dossier_id: UUID) -> tuple[str, ...]:
    """Return the days on which this dossier and that of a partner have lessons without childcare."""
    banden = session.scalars(
        select(Gezinsband).where(
            Gezinsband.dossier_id == dossier_id, Gezinsband.vervallen_op.is_(None)
        )
    ).all()
    partners = [een.ander_dossier_id for een in banden if een.soort == "partner"]
    feiten: dict[UUID, dict[str, object]] = {}
    for rij in session.execute(
        select(Feit.dossier_id, Feit.naam, Feit.waarde).where(
            Feit.dossier_id.in_([dossier_id, *(een for een in partners if een)]),
            Feit.naam.in_(_FEITEN),
            Feit.tot.is_(None),
        )
    ):
        feiten.setdefault(rij.dossier_id, {})[rij.naam] = from_json(rij.waarde)
    kinderen = any(een.soort == "kind" for een in banden)
    dagen = [
        dag
        for partner in partners
        if partner
        for dag in botsende_dagen(
            feiten.get(dossier_id, {}), feiten.get(partner, {}), kinderen=kinderen
        )
    ]
    return tuple(dict.fromkeys(dagen))
