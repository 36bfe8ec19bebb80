"""The demo's clock: the system's clock plus a shift that the database keeps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from routeflow.store import Store


def clock_for(
    store: Store, system: Callable[[], datetime], *, demo: bool
) -> Callable[[], datetime]:
    """Return the clock that doors must read: ``system``, in the demo moved by the stored shift."""
    raise NotImplementedError


def verschuiving(session: Session) -> timedelta:
    """Return how far the demo's clock was moved forward."""
    raise NotImplementedError


def verzet(session: Session, dagen: int | timedelta) -> timedelta:
    """Move the demo's clock forward and return the whole shift. Raises Invalid when it is not forward."""
    raise NotImplementedError
