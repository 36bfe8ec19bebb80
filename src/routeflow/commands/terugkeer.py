"""Somebody who moved out comes back: a new dossier behind the old one, which keeps what it holds.

A second dossier and not the same one again: who worked in the first period sees that period and no
more, and what was decided in it stays as it was.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands.advance import advance
from routeflow.commands.journaal import schrijf
from routeflow.commands.zaak import Act, Zaak, lock_route, neem
from routeflow.errors import Invalid
from routeflow.inburgering import terugkeer
from routeflow.inburgering.gezin import OMGEKEERD
from routeflow.inburgering.rechten import Actor
from routeflow.inburgering.uren import Les
from routeflow.store.models import Dossier, Feit, Gezinsband, Route, Uren
from routeflow.store.waarden import from_json

WAT: Final = "teruggekeerd"
"""The kind of journal row in the earlier dossier that names the new one."""


_TERUG: Final = "teruggekeerd"
_VRIJGESTELD: Final = "SS109"
_KWARTIER: Final = Decimal("0.25")


def is_verhuisd(session: Session, dossier_id: UUID) -> bool:
    """Say whether this dossier is of somebody who moved away and did not come back since."""
    einde = session.scalar(
        select(Feit.waarde).where(
            Feit.dossier_id == dossier_id, Feit.naam == "dossierEinde", Feit.tot.is_(None)
        )
    )
    return bool(einde == terugkeer.VERHUISD) and opvolger(session, dossier_id) is None


def opvolger(session: Session, dossier_id: UUID) -> UUID | None:
    """Return the dossier of the period after this one; None when there is none."""
    return session.scalar(select(Dossier.id).where(Dossier.vorige_id == dossier_id))


def loopt_verder(session: Session, dossier_id: UUID) -> UUID:
    """Return where the route of a person goes on: behind a closed dossier, if there is a later one."""
    dicht = select(Route.beeindigd_op).where(Route.dossier_id == dossier_id)
    if session.scalar(dicht) is None:
        return dossier_id
    later = opvolger(session, dossier_id)
    return dossier_id if later is None else loopt_verder(session, later)


def eerder_dossier(session: Session, gegevens: Mapping[str, Any]) -> Dossier | None:
    """Lock and return the dossier that a person with this BSN or V-nummer moved out of."""
    for kolom, naam in ((Dossier.bsn, "bsn"), (Dossier.v_nummer, "vNummer")):
        nummer = gegevens.get(naam)
        gevonden = (
            session.scalar(select(Dossier.id).where(kolom == str(nummer))) if nummer else None
        )
        if gevonden is None:
            continue
        route = lock_route(session, Route.dossier_id == gevonden)
        return route.dossier if route and is_verhuisd(session, gevonden) else None
    return None


def neem_over(session: Session, vorig: Dossier, gegevens: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``gegevens`` with what the earlier dossier brings along; what is new wins.

    The earlier one lets go of BSN and V-nummer, so that messages reach the new one: there they stay
    facts, but no longer what it is found by.
    """
    feiten = {
        rij.naam: from_json(rij.waarde)
        for rij in session.execute(
            select(Feit.naam, Feit.waarde).where(Feit.dossier_id == vorig.id, Feit.tot.is_(None))
        )
    }
    lessen = [
        Les(rij.soort, rij.kwartieren * _KWARTIER, rij.aanwezig, rij.fysiek)
        for rij in session.scalars(
            select(Uren).where(
                Uren.dossier_id == vorig.id,
                Uren.afgesloten_op.is_(None),
                Uren.vervallen_op.is_(None),
            )
        )
    ]
    ingeschreven = any(
        gegevens.get(naam) for naam in ("brpDatumNieuw", "brpDatum", "datumVestigingDuo")
    )
    mee = terugkeer.brengt_mee(feiten, lessen, nummer=vorig.nummer, ingeschreven=ingeschreven)
    vorig.bsn = vorig.v_nummer = None
    session.flush()
    nieuw = {naam: waarde for naam, waarde in gegevens.items() if waarde not in (None, "")}
    return {**mee, **nieuw}


def eis_inschrijving(vorig: Dossier, gegevens: Mapping[str, Any]) -> None:
    """Raise Invalid unless a person who opens the dossier says since when the other lives here again."""
    if gegevens.get("brpDatumNieuw"):
        return
    zin = (
        f"Deze inburgeraar had hier al een dossier ({vorig.nummer}) en verhuisde. Vul in op welke dag "
        "de inburgeraar hier weer is ingeschreven."
    )
    raise Invalid(zin, {"brpDatumNieuw": zin})


def sluit_aan(zaak: Zaak, vorig: Dossier) -> None:
    """Tie the new dossier to the earlier one: journal, household, and an exemption that lasts."""
    session, dossier, by, now = zaak.session, zaak.route.dossier, zaak.by, zaak.now
    route = session.get_one(Route, vorig.id)
    _beeindig(session, route, by=by, now=now)
    schrijf(session, WAT, {"dossier": dossier.nummer}, route=route, by=by, now=now)
    _gezin(session, vorig.id, dossier.id, by=by, now=now)
    session.flush()
    feiten = {
        rij.naam: from_json(rij.waarde)
        for rij in session.execute(
            select(Feit.naam, Feit.waarde).where(Feit.dossier_id == vorig.id, Feit.tot.is_(None))
        )
    }
    stil = terugkeer.staat_stil(feiten)
    if stil and any(een.naam == _VRIJGESTELD for een in zaak.open.wachten):
        _bezorg(zaak, _VRIJGESTELD, {**stil, "tijdelijkVrijgesteld": "ja"})


def _beeindig(session: Session, route: Route, *, by: Actor, now: datetime) -> None:
    """End the wait for a request of the other gemeente, when the earlier route still waits for it."""
    if route.beeindigd_op is not None:
        return
    zaak = neem(session, route, by=by, now=now)
    if any(een.naam == _TERUG for een in zaak.open.wachten):
        _bezorg(zaak, _TERUG, {})


def _bezorg(zaak: Zaak, bericht: str, feiten: Mapping[str, Any]) -> None:
    advance(
        zaak,
        lambda definition, state, world: engine.deliver(definition, state, bericht, {}, world),
        Act(WAT),
        feiten=feiten,
    )


def _gezin(session: Session, oud: UUID, nieuw: UUID, *, by: Actor, now: datetime) -> None:
    """Lay the household's ties for the new dossier; who came back before is tied there."""
    banden = session.scalars(
        select(Gezinsband)
        .where(Gezinsband.dossier_id == oud, Gezinsband.vervallen_op.is_(None))
        .order_by(Gezinsband.id)
    ).all()
    gelegd = set()
    for band in banden:
        ander = band.ander_dossier_id
        while ander is not None and (later := opvolger(session, ander)) is not None:
            ander = later
        if ander is not None and ander in gelegd:
            continue
        gelegd.add(ander)
        session.add(
            Gezinsband(
                dossier_id=nieuw,
                ander_dossier_id=ander,
                soort=band.soort,
                naam=band.naam,
                geboortejaar=band.geboortejaar,
                op=now,
                door=by.naam,
            )
        )
        if ander is None:
            continue
        for spiegel in session.scalars(
            select(Gezinsband).where(
                Gezinsband.dossier_id == ander,
                Gezinsband.ander_dossier_id == oud,
                Gezinsband.vervallen_op.is_(None),
            )
        ):
            spiegel.vervallen_op = now
        session.add(
            Gezinsband(
                dossier_id=ander,
                ander_dossier_id=nieuw,
                soort=OMGEKEERD[band.soort],
                op=now,
                door=by.naam,
            )
        )
