"""Rows that wait for their moment: any worker may claim one, and only its holder acts on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from routeflow.store.models import Bericht, Incident, Uitgaand, Wekker

LEASE = timedelta(minutes=5)

Row = Wekker | Bericht | Uitgaand
Table = TypeVar("Table", bound=Row)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker holds. ``lease`` fences: whoever lost it must not act any more."""

    id: UUID | str
    op: datetime
    lease: UUID
    dossier_id: UUID | None = None
    pogingen: int = 0


def claim(
    session: Session,
    table: type[Table],
    moment: InstrumentedAttribute[Any],
    waiting: ColumnElement[bool],
    *,
    now: datetime,
    limit: int,
) -> list[Claim]:
    """Claim the rows of ``table`` that are ``waiting`` and due, the longest overdue first.

    PostgreSQL: rows that another worker is claiming are passed over. SQLite: a writer is alone.
    A claim only saves double work: the fence and the version of the route make acting safe.
    """
    key = table.__mapper__.primary_key[0]
    free = or_(
        table.lease_tot.is_(None),
        table.lease_tot <= now,
        table.lease.is_not(None) & (table.lease_tot > now + LEASE),  # the clock was put back
    )
    due = session.execute(
        select(key, moment, table.dossier_id, table.pogingen)
        .where(waiting, moment <= now, free)
        .order_by(moment, key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        return []
    lease = uuid4()
    session.execute(
        update(table)
        .where(key.in_([row[0] for row in due]))
        .values(lease=lease, lease_tot=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return [Claim(id_, op, lease, dossier_id, tries) for id_, op, dossier_id, tries in due]


def held(session: Session, table: type[Table], claim: Claim) -> Table | None:
    """Return the claimed row, locked, or None when it is no longer ours."""
    row = session.get(table, claim.id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.lease == claim.lease else None


def uitstellen(row: Row, tot: datetime) -> None:
    """Give a row back that could not be done now; nobody takes it before ``tot``."""
    row.pogingen += 1
    row.lease = None
    row.lease_tot = tot


def meld_incident(
    session: Session,
    soort: str,
    bron: str,
    reden: str,
    *,
    dossier_id: UUID | None = None,
    element: str | None = None,
    now: datetime,
) -> Incident:
    """Record that something stopped; the same thing stopping again counts on in its open row."""
    incident = session.scalar(
        select(Incident)
        .where(Incident.soort == soort, Incident.bron == bron, Incident.opgelost_op.is_(None))
        .with_for_update()  # who solves it now, solves what was before
    )
    if incident is None:
        incident = Incident(soort=soort, bron=bron, dossier_id=dossier_id, op=now, pogingen=0)
        session.add(incident)
    incident.reden, incident.element, incident.op = reden, element, now
    incident.pogingen += 1
    return incident
