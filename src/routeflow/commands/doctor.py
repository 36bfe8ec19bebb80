"""Looks whether the rows agree with the routes. Repairs nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Afwijking:
    """One thing that does not agree, in a sentence for the beheerder."""

    dossier_id: UUID | None
    dossier_nummer: str
    soort: str
    tekst: str


def diagnose(session: Session, *, now: datetime) -> list[Afwijking]:
    """Compare every open dossier with its engine state, and the product with its promises."""
    raise NotImplementedError
