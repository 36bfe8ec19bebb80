"""Every resource of the API, in the order in which the description lists them."""

from typing import Final

from routeflow.api import berichten, demo, dossiers, naleving, taken, termijnen, uren
from routeflow.api.openapi import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *dossiers.OPERATIONS,
    *termijnen.OPERATIONS,
    *taken.OPERATIONS,
    *naleving.OPERATIONS,
    *uren.OPERATIONS,
    *berichten.OPERATIONS,
)
DEMO: Final[tuple[Operation, ...]] = demo.OPERATIONS
