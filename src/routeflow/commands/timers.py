"""What happens when a moment comes: armed timers of routes and the ladder of reminders."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import ladder
from routeflow.commands.advance import Act, Zaak, advance, lock_route, neem, zet_stap
from routeflow.commands.diensten import meld
from routeflow.commands.journaal import schrijf
from routeflow.commands.wachtrij import Claim, claim, held
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store.models import Wekker

BEHANDELAAR = "behandelaar"


def due(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Claim the wekkers that are due, the longest overdue first."""
    waiting = Wekker.gesloten_op.is_(None) & ~Wekker.gestrand
    return claim(session, Wekker, Wekker.op, waiting, now=now, limit=limit)


def fire_wekker(session: Session, claim: Claim, *, by: Actor, now: datetime) -> str | None:
    """Act on one wekker; answers what happened in a sentence, None when nothing was left to do."""
    route = lock_route(session, Wekker.id == claim.id, join=Wekker)
    wekker = held(session, Wekker, claim)
    if route is None or wekker is None or wekker.gesloten_op is not None:
        return None
    wekker.lease = wekker.lease_tot = None
    zaak = neem(session, route, by=by, now=now)
    if wekker.soort == "ladder":
        return _trede(zaak, wekker)
    wekker.afgegaan = True
    naam = wekker.naam or wekker.element
    advance(
        zaak,
        lambda definition, state, world: engine.fire(definition, state, wekker.bron, world),
        Act("wekker", wekker.element, {"wekker": naam}),
    )
    return f"De wekker {naam!r} ging af."


def _trede(zaak: Zaak, wekker: Wekker) -> str | None:
    """Take one step of the reminder ladder and let the row wait for the next."""
    taak = next((taak for taak in zaak.taken if str(taak.id) == wekker.bron), None)
    if taak is None or taak.uiterlijk is None:
        wekker.gesloten_op = zaak.now
        return None
    stappen = zaak.catalogus.ladder(taak.onderdeel, taak.houder, taak.rol, zaak.now)
    stap = next((stap for stap in stappen if stap.stap == wekker.naam), None)
    zet_stap(zaak, taak, wekker, ladder.volgende(stappen, taak.uiterlijk, wekker.naam))
    if stap is None:
        return None
    if stap.soort != ladder.HERINNERING and taak.te_laat_gemeld_op is None:
        taak.te_laat_gemeld_op = zaak.now
    personen = {
        BEHANDELAAR: taak.behandelaar_id,
        Rol.CASEMANAGER: zaak.route.dossier.casemanager_id,
    }
    tekst = f"{taak.naam} ({zaak.route.dossier.nummer}): {stap.tekst}"
    meld(
        zaak.omgeving,
        rol=taak.rol if stap.aan == BEHANDELAAR else stap.aan,
        partij=taak.partij,
        account_id=personen.get(stap.aan),
        tekst=tekst,
        soort=stap.soort,
        taak_id=taak.id,
    )
    schrijf(
        zaak.session,
        stap.soort,
        {"taak": taak.naam, "taakId": str(taak.id), "stap": stap.stap, "aan": stap.aan},
        route=zaak.route,
        element=taak.element,
        by=zaak.by,
        now=zaak.now,
    )
    return tekst


def next_moment(session: Session, na: datetime) -> datetime | None:
    """Return the first moment after ``na`` at which a wekker is due."""
    return session.scalar(
        select(Wekker.op)
        .where(Wekker.gesloten_op.is_(None), ~Wekker.gestrand, Wekker.op > na)
        .order_by(Wekker.op)
        .limit(1)
    )
