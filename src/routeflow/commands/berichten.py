"""Messages from COA, DUO and other systems: kept first, delivered after."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import berichtsoorten, einde, terugkeer
from routeflow.commands.advance import advance
from routeflow.commands.dossiers import Ontvangen, open_dossier
from routeflow.commands.feiten import als_feit
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.wachtrij import Claim, claim, held, meld_incident
from routeflow.commands.zaak import Act, lock_route, neem
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.store.models import BERICHT_WACHT, Bericht, Dossier, Route
from routeflow.store.openstaand import wachten_van
from routeflow.store.waarden import from_json

BEWAARTIJD = timedelta(days=30)  # how long a message waits for a route that asks for it
ZOEKTIJD = timedelta(days=1)  # how long it waits for a dossier that it belongs to
SOORTEN = berichtsoorten.SOORTEN


def receive(
    session: Session,
    bericht_id: str,
    bericht: str,
    gegevens: Mapping[str, Any],
    *,
    dossier_id: UUID | None = None,
    bsn: str | None = None,
    v_nummer: str | None = None,
    by: Actor,
    now: datetime,
) -> Bericht:
    """Keep a message under the sender's id. Seen before: the same row, and nothing else happens.

    Raises NotAllowed, Conflict (another message has this id, or the dossier was erased), NotFound
    (no such dossier), or Invalid for a message that is not in ``SOORTEN``, without any way to find a
    dossier, or with a field that cannot be read.
    """
    eis(by, Handeling.BERICHT_INVOEREN)
    gezien = session.get(Bericht, bericht_id)
    if gezien is not None:
        wie = dossier_id, bsn, v_nummer
        if not _zegt_hetzelfde(session, gezien, bericht, gegevens, wie):
            raise Conflict(
                f"Het id {bericht_id} is al gebruikt voor een ander bericht. Dit bericht is niet "
                "bewaard. Geef elk nieuw bericht een nieuw id."
            )
        return gezien
    soort = SOORTEN.get(bericht)
    if soort is None:
        zin = f"Het bericht {bericht!r} is onbekend. Bekend zijn: {', '.join(SOORTEN)}."
        raise Invalid(zin, {"bericht": zin})
    bsn, v_nummer = bsn or gegevens.get("bsn"), v_nummer or gegevens.get("vNummer")
    if not (dossier_id or bsn or v_nummer):
        raise Invalid("Geef een dossier, een BSN of een V-nummer.", {"bsn": "Vul dit in."})
    dossier = session.get(Dossier, dossier_id) if dossier_id else None
    if dossier_id and dossier is None:
        raise NotFound("Dit dossier bestaat niet.")
    if dossier is not None and dossier.verwijderd_op is not None:
        raise Conflict("De gegevens van dit dossier zijn verwijderd. Het bericht is niet bewaard.")
    _lees(soort, gegevens, now)
    ontvangen = Bericht(
        bericht_id=bericht_id,
        bericht=bericht,
        dossier_id=dossier_id,
        bsn=bsn,
        v_nummer=v_nummer,
        gegevens={naam: als_feit(naam, waarde) for naam, waarde in gegevens.items()},
        van=by.naam,
        ontvangen_op=now,
        volgende_op=now,
    )
    session.add(ontvangen)
    session.flush()
    return ontvangen


def _zegt_hetzelfde(
    session: Session,
    gezien: Bericht,
    bericht: str,
    gegevens: Mapping[str, Any],
    wie: tuple[UUID | None, str | None, str | None],
) -> bool:
    """Say whether what came in is the message ``gezien`` once more; of an erased one nobody knows."""
    dossier_id, bsn, v_nummer = wie
    dossier = session.get(Dossier, gezien.dossier_id) if gezien.dossier_id else None
    van_niemand = not (gezien.dossier_id or gezien.bsn or gezien.v_nummer)  # none comes in so
    if van_niemand or (dossier is not None and dossier.verwijderd_op is not None):
        return gezien.bericht == bericht
    nummers = bsn or gegevens.get("bsn"), v_nummer or gegevens.get("vNummer")
    return (
        (gezien.bericht, gezien.bsn, gezien.v_nummer) == (bericht, *nummers)
        and gezien.gegevens == {naam: als_feit(naam, een) for naam, een in gegevens.items()}
        and (
            dossier_id is None
            or dossier_id == gezien.dossier_id
            or terugkeer.loopt_verder(session, dossier_id) == gezien.dossier_id
        )
    )


def due(
    session: Session, now: datetime, limit: int = 50, *, alleen: str | None = None
) -> list[Claim]:
    """Claim the messages that may be delivered now, the oldest first; or ``alleen`` that one."""
    wacht = BERICHT_WACHT if alleen is None else BERICHT_WACHT & (Bericht.bericht_id == alleen)
    return claim(session, Bericht, Bericht.volgende_op, wacht, now=now, limit=limit)


def deliver_bericht(session: Session, claim: Claim, *, by: Actor, now: datetime) -> Bericht | None:
    """Write the facts of a claimed message and hand it to the route that waits for it.

    Nobody waits: it stays (status ontvangen) until the dossier starts waiting for it. After
    ``BEWAARTIJD`` it is done when its facts were all there was to it, and otherwise an Incident
    "onbestelbaar"; so is a message that no dossier was found for. None: it is no longer ours.
    """
    if claim.dossier_id:  # the dossier first, as everybody does: else two wait for each other
        lock_route(session, Route.dossier_id == claim.dossier_id)
    bericht = held(session, Bericht, claim)
    if bericht is None or bericht.status != "ontvangen":
        return None
    bericht.lease = bericht.lease_tot = None
    soort, gegevens = SOORTEN[bericht.bericht], from_json(bericht.gegevens)
    bericht.dossier_id = _dossier_id(session, bericht)
    wie = {"bsn": bericht.bsn, "vNummer": bericht.v_nummer, **gegevens}
    terug = soort.opent and _is_verhuisd(session, bericht, wie)
    if bericht.dossier_id is not None and not terug:
        return _bezorg(session, bericht, soort, gegevens, by=by, now=now)
    if terug or (soort.opent and wie.get("naam") and wie.get("doelgroep")):
        ontvangen = Ontvangen(bericht.bericht, gegevens)
        dossier = open_dossier(session, _lees(soort, wie, now), bericht=ontvangen, by=by, now=now)
        bericht.dossier_id, bericht.verwerkt_op = dossier.id, now
        _klaar(bericht, now)
    elif now < bericht.ontvangen_op + ZOEKTIJD:
        bericht.volgende_op = bericht.ontvangen_op + ZOEKTIJD
    else:
        _onbestelbaar(session, bericht, "er is geen dossier van deze persoon", now)
    return bericht


def _bezorg(
    session: Session,
    bericht: Bericht,
    soort: berichtsoorten.Soort,
    gegevens: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Bericht:
    route = lock_route(session, Route.dossier_id == bericht.dossier_id)
    if route is None or route.beeindigd_op is not None:
        _onbestelbaar(session, bericht, "het dossier is gesloten", now)
        return bericht
    feiten = {} if bericht.verwerkt_op else _lees(soort, gegevens, now)
    wacht = next(
        (
            een.element
            for een in wachten_van(session, route.dossier_id)
            if een.soort == "message" and een.naam == bericht.bericht
        ),
        None,
    )
    journaal = {"bericht": bericht.bericht, "berichtId": bericht.bericht_id, "van": bericht.van}
    zaak = neem(session, route, by=by, now=now) if wacht or bericht.verwerkt_op is None else None
    if zaak is not None and feiten:
        feiten = einde.feiten_bij_einde(zaak, soort, feiten)
        einde.vertel(zaak, soort)
    if zaak is not None and wacht is not None:
        advance(
            zaak,
            lambda definition, state, world: engine.deliver(
                definition, state, bericht.bericht, gegevens, world
            ),
            Act("bericht bezorgd", wacht, journaal),
            feiten=feiten,
        )
        bericht.verwerkt_op = bericht.verwerkt_op or now
        _klaar(bericht, now)
    elif zaak is not None:
        advance(
            zaak,
            engine.refresh,
            Act("bericht ontvangen", None, journaal),
            feiten=feiten,
        )
        bericht.verwerkt_op = now
        bericht.volgende_op = bericht.ontvangen_op + BEWAARTIJD
        session.flush()
        _wacht_toch(session, route, bericht, now)
    elif now < bericht.ontvangen_op + BEWAARTIJD:
        bericht.volgende_op = bericht.ontvangen_op + BEWAARTIJD
    elif soort.feiten:
        _klaar(bericht, now)
    else:
        _onbestelbaar(session, bericht, "geen stap in de route wachtte erop", now)
    return bericht


def _wacht_toch(session: Session, route: Route, bericht: Bericht, now: datetime) -> None:
    """Try again at once when the new facts themselves brought the route to wait for the message."""
    if any(een.naam == bericht.bericht for een in wachten_van(session, route.dossier_id)):
        bericht.volgende_op = now


def _lees(
    soort: berichtsoorten.Soort, gegevens: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return the facts in a message. Raises Invalid when a field cannot be read."""
    feiten = {**({soort.op: vandaag(now)} if soort.op else {}), **soort.vast}
    for naam, lees in soort.feiten.items():
        if gegevens.get(naam) is None or gegevens[naam] == "":
            continue
        try:
            feiten[naam] = lees(gegevens[naam])
        except ValueError as error:
            zin = f"{naam} is geen geldige waarde: {str(gegevens[naam])[:100]}."
            raise Invalid(zin, {naam: zin}) from error
    return feiten


def _dossier_id(session: Session, bericht: Bericht) -> UUID | None:
    if bericht.dossier_id:
        return terugkeer.loopt_verder(session, bericht.dossier_id)
    for kolom, waarde in ((Dossier.bsn, bericht.bsn), (Dossier.v_nummer, bericht.v_nummer)):
        gevonden = session.scalar(select(Dossier.id).where(kolom == waarde)) if waarde else None
        if gevonden:
            return gevonden
    return None


def _is_verhuisd(session: Session, bericht: Bericht, wie: dict[str, Any]) -> bool:
    """Say whether the dossier of a message was closed because the person moved away.

    Then ``wie`` gets the numbers by which that dossier is found, if the message names it otherwise.
    """
    if bericht.dossier_id is None or not terugkeer.is_verhuisd(session, bericht.dossier_id):
        return False
    dossier = session.get_one(Dossier, bericht.dossier_id)
    eigen = {"bsn": dossier.bsn, "vNummer": dossier.v_nummer}
    wie.update({naam: nummer for naam, nummer in eigen.items() if nummer})
    return any(eigen.values())


def _klaar(bericht: Bericht, now: datetime) -> None:
    bericht.status, bericht.bezorgd_op = "bezorgd", now


def _onbestelbaar(session: Session, bericht: Bericht, waarom: str, now: datetime) -> None:
    bericht.status = "onbestelbaar"
    meld_incident(
        session,
        "bericht",
        bericht.bericht_id,
        f"Het bericht {bericht.bericht} van {bericht.van} is onbestelbaar: {waarom}.",
        dossier_id=bericht.dossier_id,
        now=now,
    )


def next_moment(session: Session, na: datetime) -> datetime | None:
    """Return the first moment after ``na`` at which a message is looked at again."""
    return session.scalar(
        select(Bericht.volgende_op)
        .where(BERICHT_WACHT, Bericht.volgende_op > na)
        .order_by(Bericht.volgende_op)
        .limit(1)
    )
