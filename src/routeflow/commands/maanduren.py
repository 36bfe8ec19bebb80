"""The month of which a step asks the hours, and the lines that it would count."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from routeflow.commands.catalogus import catalogus_of
from routeflow.errors import Conflict
from routeflow.inburgering.rechten import GEMEENTE
from routeflow.inburgering.uren import AANWEZIG, PARTICIPATIE
from routeflow.store.models import Deployment, Dossier, Feit, Route, Taak, Uren
from routeflow.store.waarden import from_json

MAANDTAAK: Final = "registreer_maanduren"  # the step of P09 that a closed month completes
ACCEPTEREN: Final = "accepteer_participatie_uren"  # the step of P09 that judges participation
_MAAND: Final = "urenMaand"
_KWARTIER: Final = Decimal("0.25")


def maand_van(session: Session, taak: Taak) -> date:
    """Return the first day of the month that a taak ``registreer_maanduren`` asks for."""
    maand = _maand(session, taak)
    if maand is None:
        raise Conflict("De route zegt nog niet om welke maand het gaat.")
    return maand


def _maand(session: Session, taak: Taak) -> date | None:
    waarde = session.scalar(
        select(Feit.waarde).where(
            Feit.dossier_id == taak.dossier_id, Feit.naam == _MAAND, Feit.tot.is_(None)
        )
    )
    maand = from_json(waarde)
    return maand if isinstance(maand, date) else None


def anderen_sluiten(
    session: Session, dossiers: Collection[UUID], partij: str, now: datetime
) -> dict[UUID, str]:
    """Return by dossier who closes its months where ``partij`` does not: there no lesson of it counts.

    Who closes has the open months, else had the last one. Before the first month the rolverdeling
    says who will; without a leerroute nobody does.
    """
    per: dict[UUID, list[tuple[bool, str]]] = defaultdict(list)
    for rij in session.execute(
        select(Taak.dossier_id, Taak.partij, Taak.status)
        .where(
            Taak.dossier_id.in_(dossiers),
            Taak.element == MAANDTAAK,
            Taak.status.in_(("open", "gedaan")),
        )
        .order_by(Taak.geopend_op, Taak.id)
    ):
        per[rij.dossier_id].append((rij.status == "open", rij.partij))
    sluiters = {
        dossier: [naam for is_open, naam in maanden if is_open] or [maanden[-1][1]]
        for dossier, maanden in per.items()
    }
    sluiters |= {
        dossier: [naam] for dossier, naam in _gaan_sluiten(session, set(dossiers) - per.keys(), now)
    }
    return {dossier: namen[0] for dossier, namen in sluiters.items() if partij not in namen}


def _gaan_sluiten(
    session: Session, dossiers: Collection[UUID], now: datetime
) -> Iterator[tuple[UUID, str]]:
    rijen = session.execute(
        select(Dossier.id, Dossier.leerroute, Dossier.doelgroep, Deployment)
        .join(Route, Route.dossier_id == Dossier.id)
        .join(Deployment, Deployment.id == Route.deployment_id)
        .where(Dossier.id.in_(dossiers), Dossier.leerroute.is_not(None))
    )
    for rij in rijen if dossiers else ():
        catalogus = catalogus_of(session, rij.Deployment)
        if (stap := catalogus.stap(MAANDTAAK)) is None:
            continue
        feiten = {"leerroute": rij.leerroute, "doelgroep": rij.doelgroep}
        onderdeel, rol = stap.properties.get("onderdeel", ""), stap.lane or ""
        yield rij.id, catalogus.verdeel(onderdeel, rol, feiten, now).partij or GEMEENTE


def einde_van(maand: date) -> date:
    """Return the first day after the month that begins on ``maand``."""
    jaar, volgende = divmod(maand.year * 12 + maand.month, 12)
    return date(jaar, volgende + 1, maand.day)


def nog_open(taak: Taak, einde: date) -> Select[Uren]:
    """Return the lines before ``einde`` that no closed month of the partij of this taak counted."""
    return select(Uren).where(
        Uren.dossier_id == taak.dossier_id,
        Uren.partij == taak.partij,
        Uren.datum < einde,
        Uren.afgesloten_op.is_(None),
        Uren.vervallen_op.is_(None),
    )


def participatie(session: Session, taak: Taak) -> dict[str, Decimal]:
    """Return by partij the hours of participation that wait for the judgement of ``taak``.

    Of who closes the month: its total. Of the others: what they wrote down until its end.
    """
    if taak.element != ACCEPTEREN:
        return {}
    per = _van_de_maand(session, taak)
    for rij in _te_beoordelen(session, taak, _maand(session, taak)):
        if rij.aanwezig == AANWEZIG:
            per[rij.partij] = per.get(rij.partij, Decimal(0)) + rij.kwartieren * _KWARTIER
    return per


def _van_de_maand(session: Session, taak: Taak) -> dict[str, Decimal]:
    vorige = session.scalar(
        select(Taak)
        .where(
            Taak.dossier_id == taak.dossier_id,
            Taak.element == MAANDTAAK,
            Taak.status == "gedaan",
        )
        .order_by(Taak.gesloten_op.desc())
        .limit(1)
    )
    uren = from_json(vorige.antwoorden or {}).get(PARTICIPATIE) if vorige else None
    return {vorige.partij: Decimal(str(uren))} if vorige and uren else {}


def sluit_participatie(
    session: Session, taak: Taak, feiten: Mapping[str, Any], *, now: datetime
) -> None:
    """Close the lines that ``taak`` judged, so that they are not counted beside what it accepted."""
    with session.no_autoflush:
        rijen = _te_beoordelen(session, taak, feiten.get(_MAAND))
    for rij in rijen:
        rij.afgesloten_op = now


def _te_beoordelen(session: Session, taak: Taak, maand: object) -> Sequence[Uren]:
    if taak.element != ACCEPTEREN or not isinstance(maand, date):
        return []
    return session.scalars(
        select(Uren)
        .where(
            Uren.dossier_id == taak.dossier_id,
            Uren.soort == PARTICIPATIE,
            Uren.datum < einde_van(maand),
            Uren.afgesloten_op.is_(None),
            Uren.vervallen_op.is_(None),
        )
        .order_by(Uren.partij, Uren.id)
    ).all()


def bezwaar_tegen_optellen(session: Session, taak: Taak, feiten: Mapping[str, Any]) -> str | None:
    """Return why nobody may fill in the sums of a month by hand, None when they may.

    ``feiten``: of the dossier. Lines of that month would be counted once more when the next month
    is closed.
    """
    maand = feiten.get(_MAAND) if taak.element == MAANDTAAK else None
    if (
        not isinstance(maand, date)
        or session.scalar(nog_open(taak, einde_van(maand)).limit(1)) is None
    ):
        return None
    return (
        "Er staan al uren per dag opgeschreven. Sluit de maand af op de pagina Uren: dan telt elk "
        "uur een keer."
    )
