"""Finding dossiers by the beginning of words in their naam or nummer."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, select
from sqlalchemy.orm import Session, aliased

from routeflow.store.models import Zoekwoord
from routeflow.store.queries.bladzijde import Past, tel
from routeflow.store.waarden import zoekterm

_MEEST = 4  # more words than this do not narrow a search
_RAND = ".,;:()\"'"
_LAATSTE = "\U0010ffff"
_WOORD = 100


def zoek(session: Session, tekst: str) -> tuple[Select[UUID] | None, Past | None]:
    """Return which dossiers ``tekst`` finds, in the way that costs least; nothing for no text.

    Few: a query that gives their ids. Many: a condition that is asked of each row, because
    among many that fit the first page is soon full. Text without a word finds nothing.
    """
    if not tekst.strip():
        return None, None
    woorden = {woord[:_WOORD] for deel in zoekterm(tekst).split() if (woord := deel.strip(_RAND))}
    if not woorden:
        return select(Zoekwoord.dossier_id).where(false()), None
    langste = sorted(woorden, key=len, reverse=True)[:_MEEST]
    aantallen = tel(session, [_met(woord) for woord in langste])
    aantal, eerste = min(zip(aantallen, langste, strict=True))
    if aantal.meer:
        return None, lambda kolom: and_(*(_heeft(kolom, woord) for woord in langste))
    rest = [_heeft(Zoekwoord.dossier_id, woord) for woord in langste if woord != eerste]
    return _met(eerste).where(*rest), None


def _met(woord: str) -> Select[UUID]:
    return select(Zoekwoord.dossier_id).where(
        Zoekwoord.woord >= woord, Zoekwoord.woord < woord + _LAATSTE
    )


def _heeft(dossier_id: Any, woord: str) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    ander = aliased(Zoekwoord)
    return exists().where(
        ander.dossier_id == dossier_id, ander.woord >= woord, ander.woord < woord + _LAATSTE
    )
