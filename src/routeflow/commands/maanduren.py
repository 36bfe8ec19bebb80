"""The month of which a step asks the hours, and the lines that it would count."""

from datetime import date
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from routeflow.errors import Conflict
from routeflow.store.models import Feit, Taak, Uren
from routeflow.store.waarden import from_json

MAANDTAAK: Final = "registreer_maanduren"  # the step of P09 that a closed month completes


def maand_van(session: Session, taak: Taak) -> date:
    """Return the first day of the month that a taak ``registreer_maanduren`` asks for."""
    maand = _maand(session, taak)
    if maand is None:
        raise Conflict("De route zegt nog niet om welke maand het gaat.")
    return maand


def _maand(session: Session, taak: Taak) -> date | None:
    waarde = session.scalar(
        select(Feit.waarde).where(
            Feit.dossier_id == taak.dossier_id, Feit.naam == "urenMaand", Feit.tot.is_(None)
        )
    )
    maand = from_json(waarde)
    return maand if isinstance(maand, date) else None


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


def bezwaar_tegen_optellen(session: Session, taak: Taak) -> str | None:
    """Return why nobody may fill in the sums of a month by hand, None when they may.

    Lines of that month would be counted once more when the next month is closed.
    """
    maand = _maand(session, taak) if taak.element == MAANDTAAK else None
    if maand is None or session.scalar(nog_open(taak, einde_van(maand)).limit(1)) is None:
        return None
    return (
        "Er staan al uren per dag opgeschreven. Sluit de maand af op de pagina Uren: dan telt elk "
        "uur een keer."
    )
