"""The report of the week: made once for its day, however long nobody worked and however many do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.deployments import current
from routeflow.commands.ladder import vandaag
from routeflow.commands.post import leg_rapport_klaar
from routeflow.inburgering.rechten import Rol
from routeflow.store.models import Rapport
from routeflow.store.queries import rapport as tellen

DAGEN: Final = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_NEDERLAND = ZoneInfo("Europe/Amsterdam")
_RONDE = time(7)


@dataclass(frozen=True, slots=True)
class Afspraak:
    """What the table ``rapportage`` says. ``dag``: 0 is Monday. ``aan``: the rol that gets it."""

    dag: int
    weken: int
    maanden: int
    minimum: int
    aan: Rol

    @classmethod
    def uit(cls, rij: Mapping[str, Any]) -> "Afspraak":
        """Read the answer of the table, which was judged when it was published."""
        getallen = {naam: int(rij[naam]) for naam in ("weken", "maanden", "minimum")}
        return cls(dag=DAGEN.index(str(rij["dag"])), aan=Rol(str(rij["aan"])), **getallen)


def maak(session: Session, adres: str, *, met_mail: bool, now: datetime) -> Rapport | None:
    """Make the report whose day has come, when it is not there; None when there is nothing to do.

    Of weeks in which nobody worked there is none: only the newest is made. The first of a new
    house goes to nobody. ``adres``: where the product is found, for the link in the mail.
    """
    deployment = current(session)
    if deployment is None:
        return None
    rij = catalogus_of(session, deployment).rapportage(now)
    if not rij:
        return None
    afspraak = Afspraak.uit(rij)
    dag = laatste_dag(afspraak.dag, now)
    vorige = session.scalar(select(func.max(Rapport.dag)))
    if vorige is not None and vorige >= dag:
        return None
    vraag = tellen.Vraag(vandaag(now), afspraak.weken, afspraak.maanden, afspraak.minimum)
    rapport = Rapport(dag=dag, op=now, cijfers=[])
    session.add(rapport)
    session.flush()  # another worker that makes it too waits here, and then finds it
    rapport.cijfers = [een.als_json() for een in tellen.cijfers(session, vraag)]
    if vorige is not None and met_mail:
        leg_rapport_klaar(session, afspraak.aan, adres, dag, now=now)
    return rapport


def laatste_dag(dag: int, now: datetime) -> date:
    """Return the last time that it was this day of the week, seven in the morning, at ``now``.

    >>> laatste_dag(0, datetime(2026, 1, 14, 9, tzinfo=UTC))  # on Wednesday, for Monday
    datetime.date(2026, 1, 12)
    """
    hier = vandaag(now)
    terug = hier - timedelta(days=(hier.weekday() - dag) % 7)
    moment = datetime.combine(terug, _RONDE, _NEDERLAND).astimezone(UTC)
    return terug if moment <= now else terug - timedelta(days=7)
