"""Was anything missed while nobody worked? The worker says that it lives; a gap in that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from routeflow.store.models import Bericht, Hartslag, Onderbreking, Uitgaand, Wekker

KLOP: Final = timedelta(minutes=1)  # how often a worker says that it lives
STILTE: Final = timedelta(minutes=10)  # no sign for so long is an interruption


@dataclass(frozen=True, slots=True)
class Gemist:
    """One interruption and what became of the moments that fell in it.

    ``momenten``: how many fell due in it. ``open``: how many of those still wait, right now.
    """

    van: datetime
    tot: datetime
    momenten: int
    open: int


@dataclass(frozen=True, slots=True)
class Toestand:
    """How the worker does: its last sign, and the interruptions of late, the newest first."""

    laatste: datetime | None
    stil: bool
    onderbrekingen: Sequence[Gemist]


def klop(session: Session, *, now: datetime) -> Onderbreking | None:
    """Say that a worker lives at ``now``; keep an interruption when nobody did for a long time.

    Called before the worker does what is due, so that what fell due meanwhile can be counted.
    A clock that went back is no interruption.
    """
    slag = session.get(Hartslag, 1, with_for_update=True)
    if slag is None:
        session.add(Hartslag(id=1, op=now))
        return None
    vorige = slag.op
    if now < vorige:
        return None
    slag.op = now
    if now - vorige < STILTE:
        return None
    gat = Onderbreking(van=vorige, tot=now, momenten=_te_doen(session, vorige, now))
    session.add(gat)
    return gat


def stel_gelijk(session: Session, *, now: datetime) -> None:
    """Let the sign go along with a demo's clock: moving that is no interruption."""
    slag = session.get(Hartslag, 1, with_for_update=True)
    if slag is not None:
        slag.op = max(slag.op, now)


def toestand(session: Session, *, now: datetime, aantal: int = 10) -> Toestand:
    """Answer whether something was missed: the last interruptions, and what of them still waits."""
    slag = session.get(Hartslag, 1)
    gaten = session.scalars(select(Onderbreking).order_by(Onderbreking.id.desc()).limit(aantal))
    return Toestand(
        laatste=slag.op if slag else None,
        stil=slag is None or now - slag.op >= STILTE,
        onderbrekingen=[
            Gemist(gat.van, gat.tot, gat.momenten, _te_doen(session, gat.van, gat.tot))
            for gat in gaten
        ],
    )


def _te_doen(session: Session, na: datetime, tot: datetime) -> int:
    """Count the moments after ``na``, up to ``tot``, that nothing was done about yet."""
    wekkers = select(func.count()).where(
        Wekker.gesloten_op.is_(None), Wekker.op > na, Wekker.op <= tot
    )
    berichten = select(func.count()).where(
        Bericht.status == "ontvangen", Bericht.volgende_op > na, Bericht.volgende_op <= tot
    )
    uitgaand = select(func.count()).where(
        or_(Uitgaand.status == "klaar", Uitgaand.status == "mislukt"),
        Uitgaand.volgende_op > na,
        Uitgaand.volgende_op <= tot,
    )
    delen = (vraag.scalar_subquery() for vraag in (wekkers, berichten, uitgaand))
    return sum(session.execute(select(*delen)).one())
