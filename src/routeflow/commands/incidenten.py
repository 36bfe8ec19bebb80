"""The button under an incident."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.commands.journaal import schrijf
from routeflow.commands.toegang import eis
from routeflow.errors import Conflict, NotFound
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.store.models import Bericht, Incident, Uitgaand, Wekker


def opnieuw(session: Session, incident_id: UUID, *, by: Actor, now: datetime) -> Incident:
    """Let the worker try again what stopped. Raises NotFound, NotAllowed or Conflict (solved)."""
    incident = session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound("Dit incident bestaat niet.")
    eis(by, Handeling.OPNIEUW_PROBEREN)
    if incident.opgelost_op is not None:
        raise Conflict(f"{incident.opgelost_door} heeft dit incident al opgelost.")
    _vrij(session, incident, now)
    incident.opgelost_op, incident.opgelost_door = now, by.naam
    gegevens = {
        "incident": str(incident.id),
        "soort": incident.soort,
    }  # the reason may name a person
    schrijf(session, "incident opnieuw geprobeerd", gegevens, by=by, now=now)
    return incident


def _vrij(session: Session, incident: Incident, now: datetime) -> None:
    """Give what stopped back to the worker, with its tries counted anew."""
    if incident.soort in {"timer", "ladder", "termijn"}:
        wekker = session.get(Wekker, UUID(incident.bron))
        if wekker is not None:
            wekker.gestrand, wekker.pogingen = False, 0
            wekker.lease = wekker.lease_tot = None
    elif incident.soort == "bericht":
        bericht = session.get(Bericht, incident.bron)
        if bericht is not None and bericht.status != "bezorgd":
            bericht.status, bericht.pogingen, bericht.volgende_op = "ontvangen", 0, now
            bericht.lease = bericht.lease_tot = None
    elif incident.soort == "uitgaand":
        uitgaand = session.get(Uitgaand, UUID(incident.bron))
        if uitgaand is not None and uitgaand.status != "verzonden":
            uitgaand.status, uitgaand.pogingen, uitgaand.volgende_op = "klaar", 0, now
            uitgaand.lease = uitgaand.lease_tot = None
