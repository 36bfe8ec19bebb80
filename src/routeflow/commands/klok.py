"""The demo's clock: the system's clock plus a shift that the database keeps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from routeflow.errors import Invalid
from routeflow.store import Store, read
from routeflow.store.models import Klok


def clock_for(
    store: Store, system: Callable[[], datetime], *, demo: bool
) -> Callable[[], datetime]:
    """Return the clock that doors must read: ``system``, in the demo moved by the stored shift."""
    if not demo:
        return system
    return lambda: system() + read(store.sessions, verschuiving)


def verschuiving(session: Session) -> timedelta:
    """Return how far the demo's clock was moved forward."""
    klok = session.get(Klok, 1)
    return timedelta(seconds=klok.verschuiving if klok else 0)


def verzet(session: Session, dagen: int | timedelta) -> timedelta:
    """Move the demo's clock forward and return the whole shift. Raises Invalid when it is not forward."""
    stap = dagen if isinstance(dagen, timedelta) else timedelta(days=dagen)
    if stap < timedelta(0):
        raise Invalid("De klok kan alleen vooruit.", {"dagen": "Kies een dag of meer."})
    klok = session.get(Klok, 1, with_for_update=True)
    if klok is None:
        klok = Klok(id=1, verschuiving=0)
        session.add(klok)
    klok.verschuiving += round(stap.total_seconds())
    return timedelta(seconds=klok.verschuiving)
