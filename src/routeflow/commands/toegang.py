"""Asks ``inburgering.rechten`` whether somebody may do an act on a row, and refuses when not."""

from datetime import datetime
from zoneinfo import ZoneInfo

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store.models import Taak

_NEDERLAND = ZoneInfo("Europe/Amsterdam")


def eis(by: Actor, handeling: Handeling) -> None:
    """Raise NotAllowed when ``by`` may not do ``handeling`` at all."""
    if bezwaar := bezwaar_tegen(by, handeling):
        raise NotAllowed(bezwaar)


def eis_taak(by: Actor, handeling: Handeling, taak: Taak) -> None:
    """Raise NotAllowed when ``by`` may not do ``handeling`` with ``taak``.

    On whose name a closed taak stands refuses nobody: they must read that it is closed, by whom.
    """
    bezwaar = bezwaar_tegen(
        by,
        handeling,
        rol=taak.rol,
        partij=taak.partij,
        samen_met=taak.samen_met,
        behandelaar_id=taak.behandelaar_id if taak.status == "open" else None,
    )
    if bezwaar:
        raise NotAllowed(bezwaar)


def leesbaar(moment: datetime | None) -> str:
    """Return an instant as people in the Netherlands write it."""
    return f"{moment.astimezone(_NEDERLAND):%d-%m-%Y om %H:%M}" if moment else "een onbekend moment"
