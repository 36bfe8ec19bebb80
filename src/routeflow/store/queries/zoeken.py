"""Finding dossiers by the beginning of words in their naam or nummer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from routeflow.store.models import Zoekwoord
from routeflow.store.queries.bladzijde import Voorwaarde, er_is, tel
from routeflow.store.waarden import zoekterm

_MEEST = 4  # more words than this do not narrow a search
_RAND = ".,;:()\"'"
_LAATSTE = "\U0010ffff"
_WOORD = 100


@dataclass(frozen=True, slots=True)
class Gevonden:
    """Few dossiers: ``ids`` gives them all, to be sorted and counted as the reader wants."""

    ids: Select[UUID]


@dataclass(frozen=True, slots=True)
class Veel:
    """So many dossiers that reading them all would cost more than a page may.

    ``past`` is asked of each row of a list in another order, which is soon full where many fit.
    ``lijst`` gives the dossiers themselves, in the order of the word that was found.
    """

    woorden: tuple[str, ...]

    def past(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column, mapped or not
        """Return whether the dossier has every word."""
        return and_(*(_heeft(dossier_id, woord) for woord in self.woorden))

    def past_verder(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - as above
        """Return whether a dossier of ``lijst`` has the other words too."""
        return and_(true(), *(_heeft(dossier_id, woord) for woord in self.woorden[1:]))

    def lijst(self, na: UUID | None) -> Select[UUID, str, str]:
        """Return each dossier with the first word, once, by that word; ``na``: from there on."""
        woord = self.woorden[0]
        eerder = aliased(Zoekwoord)
        nog_eens = er_is(
            select(eerder.woord).where(
                eerder.dossier_id == Zoekwoord.dossier_id,
                eerder.woord >= woord,
                eerder.woord < Zoekwoord.woord,
            )
        )
        vraag = (
            select(
                Zoekwoord.dossier_id.label("dossier_id"),
                Zoekwoord.woord.label("eerst"),
                Zoekwoord.begin.label("dan"),
            )
            .where(*_bereik(Zoekwoord, woord), ~nog_eens)
            .order_by(Zoekwoord.woord, Zoekwoord.begin, Zoekwoord.dossier_id)
        )
        if na is None:
            return vraag
        vorige = select(func.min(eerder.woord), func.min(eerder.begin)).where(
            eerder.dossier_id == na, *_bereik(eerder, woord)
        )
        plaats = vorige.cte("vorige")
        return vraag.where(
            tuple_(Zoekwoord.woord, Zoekwoord.begin, Zoekwoord.dossier_id)
            > tuple_(
                select(plaats.c[0]).scalar_subquery(),
                select(plaats.c[1]).scalar_subquery(),
                literal(na),
            )
        )


def zoek(session: Session, tekst: str) -> Gevonden | Veel | None:
    """Return which dossiers ``tekst`` finds; None when it asks nothing.

    Text without a word, such as a comma, finds nothing.
    """
    if not tekst.strip():
        return None
    woorden = {woord[:_WOORD] for deel in zoekterm(tekst).split() if (woord := deel.strip(_RAND))}
    if not woorden:
        return Gevonden(select(Zoekwoord.dossier_id).where(false()))
    langste = sorted(woorden, key=lambda woord: (-len(woord), woord))[:_MEEST]
    aantallen = tel(session, [_met(woord) for woord in langste])
    aantal, eerste = min(zip(aantallen, langste, strict=True))
    if aantal.meer:
        return Veel(tuple(langste))
    rest = [_heeft(Zoekwoord.dossier_id, woord) for woord in langste if woord != eerste]
    return Gevonden(_met(eerste).where(*rest))


def _met(woord: str) -> Select[UUID]:
    return select(Zoekwoord.dossier_id).where(*_bereik(Zoekwoord, woord))


def _bereik(rij: type[Zoekwoord], woord: str) -> tuple[Voorwaarde, Voorwaarde]:
    return rij.woord >= woord, rij.woord < woord + _LAATSTE


def _heeft(dossier_id: Any, woord: str) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    ander = aliased(Zoekwoord)
    return er_is(select(ander.woord).where(ander.dossier_id == dossier_id, *_bereik(ander, woord)))
