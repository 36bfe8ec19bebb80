"""Tying the dossiers of a household together, and untying them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from routeflow.commands import journaal
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import lock_route
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.gezin import OMGEKEERD, SOORTEN
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling, Rol
from routeflow.store.models import Dossier, Gezinsband, Melding, Route
from routeflow.store.queries.gezin import botsing

_OUDSTE = 120


def koppel(
    session: Session,
    dossier_id: UUID,
    soort: str,
    *,
    nummer: str = "",
    naam: str = "",
    geboortejaar: int | None = None,
    by: Actor,
    now: datetime,
) -> Gezinsband:
    """Write down that a partner, child or parent belongs to a dossier.

    With ``nummer`` the other has a dossier, which gets the tie too. Otherwise it is a child of
    which only ``naam`` and ``geboortejaar`` are kept. Both journals tell of it.
    Raises NotAllowed, NotFound, Conflict (they are tied already) or Invalid (field -> sentence).
    """
    eis(by, Handeling.FEITEN_WIJZIGEN)
    ander = session.scalar(select(Dossier).where(Dossier.nummer == nummer)) if nummer else None
    if fouten := _fouten(dossier_id, soort, nummer, ander, (naam, geboortejaar), now):
        raise Invalid("De band is niet vastgelegd.", fouten)
    routes = _sluit(session, filter(None, (dossier_id, ander.id if ander else None)))
    if dossier_id not in routes:
        raise NotFound("Dit dossier bestaat niet.")
    if any(route.dossier.verwijderd_op is not None for route in routes.values()):
        raise Conflict("De gegevens van een van deze dossiers zijn verwijderd.")
    if ander and session.scalar(_tussen(dossier_id, ander.id)):
        raise Conflict("Deze twee dossiers zijn al gekoppeld.")
    band = Gezinsband(
        dossier_id=dossier_id,
        ander_dossier_id=ander.id if ander else None,
        soort=soort,
        naam="" if ander else naam,
        geboortejaar=None if ander else geboortejaar,
        op=now,
        door=by.naam,
    )
    session.add(band)
    if ander:
        session.add(
            Gezinsband(
                dossier_id=ander.id,
                ander_dossier_id=dossier_id,
                soort=OMGEKEERD[soort],
                op=now,
                door=by.naam,
            )
        )
    session.flush()
    for ident, route in sorted(routes.items()):
        journaal.schrijf(session, "gezinsband gelegd", {}, route=route, by=by, now=now)
        if dagen := botsing(session, ident):
            session.add(_melding(route, dagen, now))
    return band


def ontkoppel(
    session: Session, dossier_id: UUID, band_id: int, *, by: Actor, now: datetime
) -> Gezinsband:
    """End a tie of this dossier, in both dossiers. Raises NotAllowed or NotFound."""
    eis(by, Handeling.FEITEN_WIJZIGEN)
    band = _band(session, dossier_id, band_id)
    routes = _sluit(session, filter(None, (band.dossier_id, band.ander_dossier_id)))
    band = _band(session, dossier_id, band_id)  # somebody may have ended it while we waited
    band.vervallen_op = now
    if band.ander_dossier_id:
        for spiegel in session.scalars(_tussen(band.ander_dossier_id, band.dossier_id)):
            spiegel.vervallen_op = now
    for _, route in sorted(routes.items()):
        journaal.schrijf(session, "gezinsband beëindigd", {}, route=route, by=by, now=now)
    return band


def _band(session: Session, dossier_id: UUID, band_id: int) -> Gezinsband:
    band = session.get(Gezinsband, band_id, populate_existing=True)
    if band is None or band.dossier_id != dossier_id or band.vervallen_op is not None:
        raise NotFound("Deze band bestaat niet, of is al weg.")
    return band


def _tussen(een: UUID, ander: UUID) -> Select[Gezinsband]:
    return select(Gezinsband).where(
        Gezinsband.dossier_id == een,
        Gezinsband.ander_dossier_id == ander,
        Gezinsband.vervallen_op.is_(None),
    )


def _sluit(session: Session, ids: Iterable[UUID]) -> dict[UUID, Route]:
    """Lock the routes of these dossiers, always in the same order: two acts never wait for each other."""
    routes = {ident: lock_route(session, Route.dossier_id == ident) for ident in sorted(ids)}
    return {ident: route for ident, route in routes.items() if route is not None}


def _fouten(  # noqa: PLR0917 - one judgement
    dossier_id: UUID,
    soort: str,
    nummer: str,
    ander: Dossier | None,
    kind: tuple[str, int | None],
    now: datetime,
) -> dict[str, str]:
    fouten = {}
    if soort not in SOORTEN:
        fouten["soort"] = "Kies partner, kind of ouder."
    if nummer and ander is None:
        fouten["nummer"] = "Er is geen dossier met dit nummer."
    elif ander and ander.id == dossier_id:
        fouten["nummer"] = "Dit is het nummer van dit dossier zelf."
    if not nummer:
        naam, jaar = kind
        heden = vandaag(now).year
        if soort != "kind":
            fouten["nummer"] = "Vul het dossiernummer in. Alleen een kind kan zonder dossier."
        elif not 0 < len(naam) <= 200:  # noqa: PLR2004 - the column
            fouten["naam"] = "Vul de naam van het kind in."
        elif jaar is None or not heden - _OUDSTE <= jaar <= heden:
            fouten["geboortejaar"] = "Vul het geboortejaar in, zoals 2019."
    return fouten


def _melding(route: Route, dagen: Iterable[str], now: datetime) -> Melding:
    return Melding(
        partij=GEMEENTE,
        rol=Rol.CASEMANAGER,
        account_id=route.dossier.casemanager_id,
        dossier_id=route.dossier_id,
        soort="gezin",
        tekst=f"Beide partners hebben les op {', '.join(dagen)} en de kinderopvang is nog niet "
        "geregeld. Zoek samen een oplossing: een andere lesdag of opvang.",
        op=now,
    )
