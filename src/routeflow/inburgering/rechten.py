"""Who may do what: one decision function for commands, pages, lists, API and export alike."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

GEMEENTE = "Gemeente"


class Rol(StrEnum):
    """A rol is a lane in the diagrams. The value is the name of the lane."""

    CASEMANAGER = "casemanager"
    TEAMLEIDER = "teamleider"
    INKOMENSCONSULENT = "inkomensconsulent"
    HANDHAVER = "handhaver"
    TRAINER = "trainer"
    HUISVESTING = "huisvesting"
    MAATSCHAPPELIJK_BEGELEIDER = "maatschappelijk begeleider"
    TAALAANBIEDER = "taalaanbieder"
    PVT_AANBIEDER = "pvt-aanbieder"
    MAP_AANBIEDER = "map-aanbieder"
    WERKPARTNER = "werkpartner"
    PARTICIPATIEPARTNER = "participatiepartner"
    PROCESEIGENAAR = "proceseigenaar"
    BEHEERDER = "beheerder"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or something) that acts. ``account_id`` is None for the worker and for DUO."""

    naam: str
    partij: str
    rollen: frozenset[Rol]
    account_id: UUID | None = None
