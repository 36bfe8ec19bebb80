"""What happens when a moment comes: armed timers of routes and the ladder of reminders."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from routeflow import engine
from routeflow.commands import ladder, termijnen
from routeflow.commands.advance import advance, zet_stap
from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.diensten import meld
from routeflow.commands.feiten import Feiten
from routeflow.commands.journaal import schrijf
from routeflow.commands.wachtrij import Claim, claim
from routeflow.commands.zaak import GEZIEN, Act, Zaak, vers
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.store.models import (
    TAAK_OPEN,
    Deployment,
    Dossier,
    DossierTermijn,
    Route,
    Taak,
    Wekker,
)
from routeflow.store.openstaand import Openstaand, openstaand
from routeflow.store.together import write_together

BEHANDELAAR = "behandelaar"


@dataclass(frozen=True, slots=True)
class Afgegaan:
    """What became of a claimed wekker. ``tekst`` is None when nothing was left to do."""

    tekst: str | None
    dossier: Dossier | None


def due(session: Session, now: datetime, limit: int = 50) -> list[Claim]:
    """Claim the wekkers that are due, the longest overdue first."""
    waiting = Wekker.gesloten_op.is_(None) & ~Wekker.gestrand
    return claim(session, Wekker, Wekker.op, waiting, now=now, limit=limit)


def fire_wekker(session: Session, claim: Claim, *, by: Actor, now: datetime) -> str | None:
    """Act on one wekker; answers what happened in a sentence, None when nothing was left to do."""
    return fire_wekkers(session, [claim], by=by, now=now)[claim.id].tekst


def fire_wekkers(
    session: Session, claims: Sequence[Claim], *, by: Actor, now: datetime
) -> dict[UUID | str, Afgegaan]:
    """Act on wekkers of different dossiers, in their order, reading for all of them at once.

    Of several, those whose dossier somebody else holds are left out of the answer: nobody waits
    for a person while holding the dossiers of others. One alone waits for its turn. Raises what
    the first that fails raises; nothing of the others may then be kept.
    """
    dossiers = {claim.dossier_id for claim in claims if claim.dossier_id}
    if len(dossiers) < len(claims):
        raise ValueError("wekkers that go off together belong to different dossiers")
    alone = len(claims) == 1
    routes = _routes(session, dossiers, wait=alone)
    ours = [claim for claim in claims if claim.dossier_id in routes]
    held = _held(session, ours)
    zaken = _zaken(session, routes, held.values(), by=by, now=now)
    rijen = termijnen.rijen_van(session, held.values())
    if alone:
        return _afgegaan(ours, held, zaken, rijen)
    with session.no_autoflush:
        done = _afgegaan(ours, held, zaken, rijen)
    write_together(session)
    return done


def _afgegaan(
    claims: Sequence[Claim],
    held: Mapping[UUID | str, Wekker],
    zaken: Mapping[UUID, Zaak],
    rijen: Mapping[str, DossierTermijn],
) -> dict[UUID | str, Afgegaan]:
    """Let each go off that is still ours, in their order."""
    done: dict[UUID | str, Afgegaan] = {}
    for een in claims:
        wekker = held.get(een.id)
        if wekker is None:
            done[een.id] = Afgegaan(None, None)
            continue
        zaak = zaken[wekker.dossier_id]
        wekker.lease = wekker.lease_tot = None
        if wekker.soort == termijnen.WEKKER:
            tekst = termijnen.trede(zaak, wekker, rijen.get(wekker.bron))
        else:
            tekst = _trede(zaak, wekker) if wekker.soort == "ladder" else _timer(zaak, wekker)
        done[een.id] = Afgegaan(tekst, zaak.route.dossier)
    return done


def _routes(session: Session, dossiers: Collection[UUID], *, wait: bool) -> dict[UUID, Route]:
    """Lock and return the routes of ``dossiers``, always in the same order; see ``lock_route``."""
    found = session.execute(
        select(Route, GEZIEN)
        .where(Route.dossier_id.in_(dossiers))
        .options(joinedload(Route.dossier, innerjoin=True))
        .order_by(Route.dossier_id)
        .with_for_update(of=Route, skip_locked=not wait)
        .execution_options(populate_existing=True)
    )
    return {route.dossier_id: vers(session, route, gezien) for route, gezien in found.all()}


def _held(session: Session, claims: Sequence[Claim]) -> dict[UUID | str, Wekker]:
    """Return the claimed rows that are still open and ours, locked until the end."""
    leases = {claim.id: claim.lease for claim in claims}
    rows = session.scalars(
        select(Wekker)
        .where(Wekker.id.in_(leases))
        .order_by(Wekker.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows if row.gesloten_op is None and row.lease == leases[row.id]}


def _zaken(
    session: Session,
    routes: Mapping[UUID, Route],
    wekkers: Collection[Wekker],
    *,
    by: Actor,
    now: datetime,
) -> dict[UUID, Zaak]:
    """Read what the acts need: of a step of the ladder its taak, of a timer the whole dossier."""
    whole = {wekker.dossier_id for wekker in wekkers if wekker.soort == "timer"}
    alone = {UUID(wekker.bron) for wekker in wekkers if wekker.soort == "ladder"}
    taken: dict[UUID, list[Taak]] = defaultdict(list)
    for condition in (
        *((Taak.dossier_id.in_(whole),) if whole else ()),
        *((Taak.id.in_(alone),) if alone else ()),
    ):
        open_taken = select(Taak).where(condition, TAAK_OPEN)
        for taak in session.scalars(open_taken.execution_options(populate_existing=True)):
            taken[taak.dossier_id].append(taak)
    open_ = openstaand(session, whole) if whole else {}
    catalogi = {
        id_: catalogus_of(session, session.get_one(Deployment, id_))
        for id_ in {route.deployment_id for route in routes.values()}
    }
    zaken = {}
    for dossier_id, route in routes.items():
        ervan = open_.get(dossier_id, Openstaand())
        zaken[dossier_id] = Zaak(
            session=session,
            route=route,
            catalogus=catalogi[route.deployment_id],
            feiten=Feiten(session, route.dossier, ervan.feiten),
            taken=taken[dossier_id],
            by=by,
            now=now,
            casemanager_id=route.dossier.casemanager_id,
            open=ervan,
        )
    return zaken


def _timer(zaak: Zaak, wekker: Wekker) -> str:
    wekker.afgegaan = True
    advance(
        zaak,
        lambda definition, state, world: engine.fire(definition, state, wekker.bron, world),
        Act("wekker", wekker.element, {"wekker": wekker.naam or wekker.element}),
    )
    return f"De wekker {wekker.naam or wekker.element!r} ging af."


def _trede(zaak: Zaak, wekker: Wekker) -> str | None:
    """Take one step of the reminder ladder and let the row wait for the next."""
    taak = next((taak for taak in zaak.taken if str(taak.id) == wekker.bron), None)
    if taak is None or taak.uiterlijk is None:
        wekker.gesloten_op = zaak.now
        return None
    stappen = zaak.catalogus.ladder(taak.onderdeel, taak.houder, taak.rol, zaak.now)
    stap = next((stap for stap in stappen if stap.stap == wekker.naam), None)
    zet_stap(zaak, taak, wekker, ladder.volgende(stappen, taak.uiterlijk, wekker.naam))
    if stap is None or ladder.ingehaald(stappen, taak.uiterlijk, stap, zaak.now):
        return None
    if stap.soort != ladder.HERINNERING and taak.te_laat_gemeld_op is None:
        taak.te_laat_gemeld_op = zaak.now
    personen = {
        BEHANDELAAR: taak.behandelaar_id,
        Rol.CASEMANAGER: zaak.route.dossier.casemanager_id,
    }
    tekst = f"{taak.naam} ({zaak.route.dossier.nummer}): {stap.tekst}"
    if taak.termijn:
        termijnen.bewijs(
            zaak.session,
            taak.dossier_id,
            taak.termijn,
            "verstreken" if stap.soort == ladder.TE_LAAT else "gewaarschuwd",
            tekst=tekst,
            taak_id=taak.id,
            gepland=stap.moment(taak.uiterlijk),
            by=zaak.by,
            now=zaak.now,
        )
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
