"""How long a text may be: as long as its column, on every database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import String

from routeflow.store.models import Base


def te_lang(tabel: type[Base], gegevens: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, by name, with the texts in ``gegevens`` that do not fit in their column.

    SQLite keeps any length and PostgreSQL breaks off: who fills in a form should hear it in words.
    """
    kolommen = tabel.__table__.columns
    fouten = {}
    for naam, waarde in gegevens.items():
        soort = kolommen[naam].type
        grens = soort.length if isinstance(soort, String) else None
        if grens is not None and waarde is not None and len(str(waarde)) > grens:
            fouten[naam] = f"Gebruik hoogstens {grens} tekens."
    return fouten
