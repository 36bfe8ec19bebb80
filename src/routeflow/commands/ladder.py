"""The ladder of reminders: what the table escalatie.dmn says about a taak and its last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from routeflow.inburgering.feestdagen import werkdagen_verder

_NEDERLAND = ZoneInfo("Europe/Amsterdam")
TE_LAAT = "te laat"
HERINNERING = "herinnering"


@dataclass(frozen=True, slots=True)
class Stap:
    """One row of the table. ``dagen``: working days after the last day, negative before it.

    ``aan``: a rol, or "behandelaar".
    """

    stap: str
    dagen: int
    soort: str
    aan: str
    tekst: str

    def moment(self, uiterlijk: date) -> datetime:
        """Return the instant at which this step is due: the start of its day in the Netherlands.

        Too late is never told before the last day is over.
        """
        return _moment(self.soort, self.dagen, uiterlijk)


@lru_cache(maxsize=4096)  # the same few last days, again and again
def _moment(soort: str, dagen: int, uiterlijk: date) -> datetime:
    if soort == TE_LAAT and dagen <= 0:
        return begin_van(uiterlijk + timedelta(days=1))
    return begin_van(werkdagen_verder(uiterlijk, dagen))


def begin_van(dag: date) -> datetime:
    """Return the instant at which ``dag`` begins in the Netherlands, in UTC."""
    return datetime.combine(dag, time(), _NEDERLAND).astimezone(UTC)


def vandaag(now: datetime) -> date:
    """Return the civil date in the Netherlands at ``now``."""
    return now.astimezone(_NEDERLAND).date()


def volgorde(stappen: Sequence[Stap], uiterlijk: date) -> list[Stap]:
    """Return the steps in the order in which they come for this last day."""
    return sorted(stappen, key=lambda stap: (stap.moment(uiterlijk), stap.dagen, stap.stap))


def eerste(stappen: Sequence[Stap], uiterlijk: date, *, gemeld: bool, now: datetime) -> Stap | None:
    """Return the step that comes first for a taak that got this last day at ``now``.

    A reminder whose day has passed is left out: it would come too late to help. Being too late
    is always told once, so with ``gemeld`` (it was told already) only coming steps are left.
    """
    for stap in volgorde(stappen, uiterlijk):
        if stap.moment(uiterlijk) > now or (stap.soort != HERINNERING and not gemeld):
            return stap
    return None


def volgende(stappen: Sequence[Stap], uiterlijk: date, na: str) -> Stap | None:
    """Return the step after the one named ``na``, None after the last."""
    op_rij = volgorde(stappen, uiterlijk)
    namen = [stap.stap for stap in op_rij]
    plaats = namen.index(na) + 1 if na in namen else len(namen)
    return op_rij[plaats] if plaats < len(op_rij) else None


def ingehaald(stappen: Sequence[Stap], uiterlijk: date, stap: Stap, now: datetime) -> bool:
    """Say whether ``stap`` is a reminder that a later step of the ladder has overtaken.

    After days in which nothing ran, several steps are due at once. Being too late and asking
    for help are each told; of a reminder, people get one, not one for each day that was missed.
    """
    na = volgende(stappen, uiterlijk, stap.stap)
    return stap.soort == HERINNERING and na is not None and na.moment(uiterlijk) <= now
