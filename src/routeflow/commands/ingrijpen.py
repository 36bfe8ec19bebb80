"""Stopping the clock of a period, letting it run again, and moving its end: each with its article."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import ladder
from routeflow.commands.advance import advance
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Act, Zaak, lock_route, neem
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.ingrepen import FEIT, Ingreep, Soort, hervat, ingrepen
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.inburgering.regels import REGELS
from routeflow.store.models import Route


def schort_op(
    session: Session,
    dossier_id: UUID,
    naam: str,
    *,
    van: date,
    grond: str,
    bewijsstuk: str = "",
    by: Actor,
    now: datetime,
) -> Route:
    """Stop the clock of a period from ``van`` on; it has no last day until it runs again.

    Raises NotFound, NotAllowed, Conflict (no article allows it, or it stands still already) or
    Invalid (no ground, or a day in the future).
    """
    besluit = Ingreep(naam, "opschorting", van, None, grond.strip(), bewijsstuk.strip(), by.naam)
    return _grijp_in(session, dossier_id, besluit, by=by, now=now)


def verleng(
    session: Session,
    dossier_id: UUID,
    naam: str,
    *,
    tot: date,
    grond: str,
    bewijsstuk: str = "",
    by: Actor,
    now: datetime,
) -> Route:
    """Move the end of a period to ``tot``, its new last day. Raises as ``schort_op``."""
    vandaag = ladder.vandaag(now)
    besluit = Ingreep(naam, "verlenging", vandaag, tot, grond.strip(), bewijsstuk.strip(), by.naam)
    return _grijp_in(session, dossier_id, besluit, by=by, now=now)


def hervat_termijn(
    session: Session, dossier_id: UUID, naam: str, *, dag: date, by: Actor, now: datetime
) -> Route:
    """Let the clock of a period run again from ``dag`` on. Raises Conflict when it runs already."""
    zaak = _in_hand(session, dossier_id, by=by, now=now)
    besluiten = ingrepen(zaak.feiten.waarden)
    stil = next((een for een in besluiten if een.termijn == naam and een.loopt_nog), None)
    if stil is None:
        raise Conflict("Deze termijn staat niet stil.")
    if not stil.van < dag <= ladder.vandaag(now):
        zin = f"Kies een dag na {stil.van:%d-%m-%Y}, en niet later dan vandaag."
        raise Invalid("De termijn loopt nog niet verder.", {"dag": zin})
    nieuw = hervat(besluiten, naam, dag)
    _schrijf(zaak, nieuw, "termijn hervat", naam)
    return zaak.route


def _grijp_in(
    session: Session, dossier_id: UUID, besluit: Ingreep, *, by: Actor, now: datetime
) -> Route:
    zaak = _in_hand(session, dossier_id, by=by, now=now)
    regel = REGELS.get(besluit.termijn)
    artikel = _artikel(besluit.termijn, besluit.soort)
    if regel is None or not artikel:
        raise Conflict(
            f"Geen artikel laat {besluit.soort} van deze termijn toe. "
            "Een termijn van de wet loopt door, tenzij de wet iets anders zegt."
        )
    gewoon = regel.toepassen(zaak.feiten.waarden)
    if gewoon is None:
        raise Conflict("Deze termijn loopt niet: de datum is niet bekend, of de klok staat stil.")
    fouten = {}
    if not besluit.grond:
        fouten["grond"] = f"Schrijf waarom, met het lid van {artikel} waarop u zich baseert."
    if besluit.soort == "opschorting" and not gewoon.begin <= besluit.van <= ladder.vandaag(now):
        fouten["van"] = f"Kies een dag vanaf {gewoon.begin:%d-%m-%Y}, en niet later dan vandaag."
    laatste = gewoon.laatste_dag()
    if besluit.soort == "verlenging" and (besluit.tot is None or besluit.tot <= laatste):
        fouten["tot"] = f"Kies een dag na {laatste:%d-%m-%Y}, de laatste dag van nu."
    if fouten:
        raise Invalid(f"De {besluit.soort} is niet vastgelegd.", fouten)
    nieuw = [*ingrepen(zaak.feiten.waarden), besluit]
    _schrijf(zaak, nieuw, f"termijn: {besluit.soort}", besluit.termijn)
    return zaak.route


def _artikel(naam: str, soort: Soort) -> str:
    regel = REGELS.get(naam)
    if regel is None:
        return ""
    return regel.opschorting if soort == "opschorting" else regel.verlenging


def _in_hand(session: Session, dossier_id: UUID, *, by: Actor, now: datetime) -> Zaak:
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    eis(by, Handeling.TERMIJN_WIJZIGEN)
    if route.beeindigd_op is not None:
        raise Conflict("Dit dossier is gesloten. De termijnen veranderen niet meer.")
    return neem(session, route, by=by, now=now)


def _schrijf(zaak: Zaak, besluiten: Sequence[Ingreep], wat: str, naam: str) -> None:
    advance(
        zaak,
        engine.refresh,
        Act(wat, gegevens={"termijn": naam}),
        feiten={FEIT: [een.als_feit() for een in besluiten]},
    )
    zaak.session.flush()
