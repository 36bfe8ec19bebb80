"""Notices, incidents and accounts."""

from typing import TypeVar

from sqlalchemy import Select, and_, not_, or_, select, true, union_all
from sqlalchemy.orm import Session, joinedload

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor, Handeling, Rol, bezwaar_tegen, zichtbaar
from routeflow.store.models import Account, Dossier, Incident, Melding
from routeflow.store.queries.bladzijde import (
    PER_PAGINA,
    Aantal,
    Page,
    Voorwaarde,
    samen,
    tel,
)

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
    gevraagd = true() if ook_gelezen else Melding.gelezen_op.is_(None)
    begin = (max(pagina, 1) - 1) * PER_PAGINA
    delen = [
        select(Melding.id).where(Melding.rol == rol, _bij(actor), gevraagd)
        for rol in _rollen(actor)
    ]
    if not delen:
        return Page((), Aantal(0), pagina=pagina)
    nieuwste = [
        deel.order_by(Melding.id.desc()).limit(begin + PER_PAGINA).subquery() for deel in delen
    ]
    ids = union_all(*(select(deel) for deel in nieuwste)).subquery()
    pagina_ids = select(ids.c.id).order_by(ids.c.id.desc()).offset(begin).limit(PER_PAGINA)
    rijen = session.scalars(
        select(Melding).where(Melding.id.in_(pagina_ids)).order_by(Melding.id.desc())
    )
    return Page(rijen=tuple(rijen), totaal=samen(tel(session, delen)), pagina=pagina)


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
