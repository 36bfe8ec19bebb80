"""The worker door: does what is due. Any number of workers may run side by side."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from routeflow.clock import Clock, system_clock
from routeflow.config import Config
from routeflow.store import Store


@dataclass(frozen=True, slots=True)
class Gebeurtenis:
    """One thing that the worker did. ``soort``: timer, ladder, bericht, uitgaand or incident."""

    op: datetime
    soort: str
    tekst: str
    dossier_id: UUID | None = None
    dossier_nummer: str = ""


@dataclass(frozen=True, slots=True)
class Verslag:
    """What happened in one pass (or while the clock was moved), in order."""

    tot: datetime
    gebeurtenissen: tuple[Gebeurtenis, ...]


def run_due(store: Store, config: Config, now: datetime) -> Verslag:
    """Do everything that is due at ``now``, in order of its moment, each in its own transaction."""
    raise NotImplementedError


def verzet_klok(
    store: Store, config: Config, dagen: int | timedelta, *, system: Clock = system_clock
) -> Verslag:
    """Move the demo's clock forward from due moment to due moment, so that each fires at its own."""
    raise NotImplementedError


class Worker:
    """Runs ``run_due`` every ``config.tik`` seconds in the background until it is stopped."""

    def __init__(self, store: Store, config: Config, clock: Clock = system_clock) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """Start the background thread."""
        raise NotImplementedError

    def stop(self) -> None:
        """Finish what is being done and stop."""
        raise NotImplementedError
