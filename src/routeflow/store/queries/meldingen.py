"""Notices, incidents and accounts."""

from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Integer, Select, and_, bindparam, not_, or_, select, true, union_all
from sqlalchemy.orm import Session, joinedload

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor, Handeling, Rol, bezwaar_tegen, zichtbaar
from routeflow.store.models import Account, Dossier, Incident, Melding
from routeflow.store.queries.bladzijde import (
    PER_PAGINA,
    Aantal,
    Page,
    Voorwaarde,
    geteld,
    samen,
    tel,
    telvraag,
)
from routeflow.store.queries.zicht import IK, waarden_van

Item = TypeVar("Item")


def incidenten(
    session: Session, actor: Actor, *, opgelost: bool = False, pagina: int = 1
) -> Page[Incident]:
    """Return the incidents that are open, or those that were solved, newest first. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.INCIDENTEN_INZIEN):
        raise NotAllowed(bezwaar)
    open_ = Incident.opgelost_op.is_(None)
    vraag = (
        select(Incident)
        .options(joinedload(Incident.dossier).load_only(Dossier.nummer))
        .where(not_(open_) if opgelost else open_)
        .order_by(Incident.op.desc(), Incident.id)
    )
    return _bladzijde(session, vraag, pagina)


def meldingen(
    session: Session, actor: Actor, *, ook_gelezen: bool = False, pagina: int = 1
) -> Page[Melding]:
    """Return the notices for ``actor``, newest first."""
    rollen = tuple(_rollen(actor))
    if not rollen:
        return Page((), Aantal(0), pagina=pagina)
    begin = (max(pagina, 1) - 1) * PER_PAGINA
    waarden = {
        **waarden_van(actor),
        **{f"rol{welke}": rol for welke, rol in enumerate(rollen)},
        "begin": begin,
        "nodig": begin + PER_PAGINA,
        "per_pagina": PER_PAGINA,
    }
    telling, nieuwste = _vragen(len(rollen), ook_gelezen=ook_gelezen)
    totaal = samen(geteld(session, telling, waarden))
    return Page(tuple(session.scalars(nieuwste, waarden)), totaal, pagina=pagina)


@lru_cache(maxsize=64)
def _vragen(
    rollen: int, *, ook_gelezen: bool
) -> "tuple[Select[*tuple[int, ...]], Select[Melding]]":
    """Return what counts the notices for so many rollen, and what gives the newest of them."""
    gevraagd = true() if ook_gelezen else Melding.gelezen_op.is_(None)
    van_mij = or_(Melding.account_id.is_(None), Melding.account_id == IK)
    delen = [
        select(Melding.id).where(
            Melding.rol == bindparam(f"rol{welke}", type_=Melding.rol.type),
            Melding.partij == bindparam("bij", type_=Melding.partij.type),
            van_mij,
            gevraagd,
        )
        for welke in range(rollen)
    ]
    nodig, begin, per_pagina = (
        bindparam(naam, type_=Integer()) for naam in ("nodig", "begin", "per_pagina")
    )
    nieuwste = (deel.order_by(Melding.id.desc()).limit(nodig).subquery() for deel in delen)
    ids = union_all(*(select(deel) for deel in nieuwste)).subquery()
    pagina = select(ids.c.id).order_by(ids.c.id.desc()).offset(begin).limit(per_pagina)
    return (
        telvraag(delen),
        select(Melding).where(Melding.id.in_(pagina)).order_by(Melding.id.desc()),
    )


def melding_voor(actor: Actor) -> Voorwaarde:
    """Return which notices are for ``actor``: for their rol at their partij, or for them alone."""
    return and_(Melding.rol.in_(_rollen(actor)), _bij(actor))


def is_voor(melding: Melding, actor: Actor) -> bool:
    """Say of one notice what ``melding_voor`` says of many."""
    return (
        melding.rol in _rollen(actor)
        and melding.partij == actor.partij
        and melding.account_id in {None, actor.account_id}
    )


def _rollen(actor: Actor) -> list[Rol]:
    return sorted(zichtbaar(actor).rollen | actor.rollen)


def _bij(actor: Actor) -> Voorwaarde:
    return and_(
        Melding.partij == actor.partij,
        or_(Melding.account_id.is_(None), Melding.account_id == actor.account_id),
    )


def _bladzijde(session: Session, vraag: Select[Item], pagina: int) -> Page[Item]:
    begin = (max(pagina, 1) - 1) * PER_PAGINA
    (totaal,) = tel(session, [vraag])
    rijen = tuple(session.scalars(vraag.offset(begin).limit(PER_PAGINA)))
    return Page(rijen=rijen, totaal=totaal, pagina=pagina)


def accounts(session: Session, actor: Actor) -> list[Account]:
    """Return all accounts by naam. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.ACCOUNTS_BEHEREN):
        raise NotAllowed(bezwaar)
    return list(session.scalars(select(Account).order_by(Account.naam)))
