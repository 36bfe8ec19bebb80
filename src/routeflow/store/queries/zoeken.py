"""Finding dossiers by the beginning of words in their naam or nummer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from routeflow.store.models import Zoekwoord
from routeflow.store.queries.bladzijde import GRENS, Voorwaarde, er_is, telvraag
from routeflow.store.waarden import zoekterm

_MEEST = 4  # more words than this do not narrow a search
_RAND = ".,;:()\"'"
_LAATSTE = "\U0010ffff"
_WOORD = 100
_RUIM = 20 * GRENS  # to tell which of two wide words is the rarer one

NA: ColumnElement[UUID] = bindparam("na", type_=Zoekwoord.dossier_id.type)
"""The dossier behind which a page begins."""


@dataclass(frozen=True, slots=True)
class Gevonden:
    """Few dossiers: ``ids`` gives them all, to be sorted and counted as the reader wants.

    ``aantal`` of words; which ones they are is filled in later, the rarest first. ``gelezen``: the
    dossiers themselves are filled in, because to find them again would cost too much.
    """

    aantal: int
    gelezen: bool = False

    @property
    def ids(self) -> Any:  # noqa: ANN401 - what a column can be in
        """The dossiers that have every word. Without a word: none."""
        if self.gelezen:
            return bindparam("gevonden", expanding=True)
        if not self.aantal:
            return select(Zoekwoord.dossier_id).where(false())
        return _met(0).where(*_hebben(Zoekwoord.dossier_id, range(1, self.aantal)))


@dataclass(frozen=True, slots=True)
class Veel:
    """So many dossiers that reading them all would cost more than a page may.

    ``past`` is asked of each row of a list in another order, which is soon full where many fit.
    ``lijst`` gives the dossiers themselves, in the order of the rarest word.
    """

    aantal: int

    def past(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column, mapped or not
        """Return whether the dossier has every word."""
        return and_(*_hebben(dossier_id, range(self.aantal)))

    def past_verder(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - as above
        """Return whether a dossier of ``lijst`` has the other words too."""
        return and_(true(), *_hebben(dossier_id, range(1, self.aantal)))

    @staticmethod
    def lijst(*, verder: bool) -> Select[UUID, str, str]:
        """Return each dossier with the first word, by that word; ``verder``: those behind ``NA``.

        Where two of its words begin so it comes twice: see ``eenmaal``.
        """
        vraag = (
            select(
                Zoekwoord.dossier_id.label("dossier_id"),
                Zoekwoord.woord.label("eerst"),
                Zoekwoord.begin.label("dan"),
            )
            .where(*_bereik(Zoekwoord, 0))
            .order_by(Zoekwoord.woord, Zoekwoord.begin, Zoekwoord.dossier_id)
        )
        if not verder:
            return vraag
        eerder = aliased(Zoekwoord)
        vorige = select(func.min(eerder.woord), func.min(eerder.begin)).where(
            eerder.dossier_id == NA, *_bereik(eerder, 0)
        )
        plaats = vorige.cte("vorige")
        return vraag.where(
            tuple_(Zoekwoord.woord, Zoekwoord.begin, Zoekwoord.dossier_id)
            > tuple_(
                select(plaats.c[0]).scalar_subquery(), select(plaats.c[1]).scalar_subquery(), NA
            )
        )

    @staticmethod
    def eenmaal() -> Voorwaarde:
        """Return whether a row of ``lijst`` is the first one of its dossier. To be asked last."""
        eerder = aliased(Zoekwoord)
        van, _ = _grenzen(0)
        return ~er_is(
            select(eerder.woord).where(
                eerder.dossier_id == Zoekwoord.dossier_id,
                eerder.woord >= van,
                eerder.woord < Zoekwoord.woord,
            )
        )


@dataclass(frozen=True, slots=True)
class Zoekvraag:
    """What was looked for: how many words find how much, and (``waarden``) which words."""

    vorm: Gevonden | Veel
    waarden: dict[str, Any]


def zoek(session: Session, tekst: str) -> Zoekvraag | None:
    """Return which dossiers ``tekst`` finds; None when it asks nothing.

    Text without a word, such as a comma, finds nothing.
    """
    if not tekst.strip():
        return None
    gevraagd = {woord[:_WOORD] for deel in zoekterm(tekst).split() if (woord := deel.strip(_RAND))}
    woorden = sorted(gevraagd, key=lambda woord: (-len(woord), woord))[:_MEEST]
    if not woorden:
        return Zoekvraag(Gevonden(0), {})
    geteld = _tel(session, woorden, GRENS)
    veel = min(geteld) > GRENS
    if veel and len(woorden) > 1:
        geteld = _tel(session, woorden, _RUIM)
    zeldzaamst = sorted(range(len(woorden)), key=geteld.__getitem__)
    waarden = _waarden([woorden[welk] for welk in zeldzaamst])
    if not veel:
        return Zoekvraag(Gevonden(len(woorden)), waarden)
    if len(woorden) > 1 and min(geteld) <= _RUIM:
        ruim = tuple(geteld[welk] > _RUIM for welk in zeldzaamst)
        gevonden = session.scalars(_samen(ruim), waarden).all()
        if len(gevonden) <= GRENS:
            eens = list(dict.fromkeys(gevonden))
            return Zoekvraag(Gevonden(len(woorden), gelezen=True), {"gevonden": eens})
    return Zoekvraag(Veel(len(woorden)), waarden)


@lru_cache(maxsize=16)
def _samen(ruim: tuple[bool, ...]) -> Select[UUID]:
    """Return the dossiers that have every word, as far as they are few; some come twice.

    Of a word that is not ``ruim`` all rows are remembered, which costs less than to look for each.
    """
    rij = Zoekwoord.dossier_id
    onthouden = (rij.in_(_met(welk)).is_(true()) for welk in range(1, len(ruim)) if not ruim[welk])
    gezocht = _hebben(rij, (welk for welk in range(1, len(ruim)) if ruim[welk]))
    return _met(0).where(*onthouden, *gezocht).limit(GRENS + 1)


def _tel(session: Session, woorden: Sequence[str], grens: int) -> Sequence[int]:
    return session.execute(_telling(len(woorden), grens), _waarden(woorden)).one()


@lru_cache(maxsize=2 * _MEEST)
def _telling(aantal: int, grens: int) -> "Select[*tuple[int, ...]]":
    return telvraag([_met(welk) for welk in range(aantal)], grens)


def _waarden(woorden: Sequence[str]) -> dict[str, str]:
    return {
        naam: waarde
        for welk, woord in enumerate(woorden)
        for naam, waarde in ((f"woord{welk}", woord), (f"tot{welk}", woord + _LAATSTE))
    }


def _grenzen(welk: int) -> tuple[ColumnElement[str], ColumnElement[str]]:
    soort = Zoekwoord.woord.type
    return bindparam(f"woord{welk}", type_=soort), bindparam(f"tot{welk}", type_=soort)


def _met(welk: int) -> Select[UUID]:
    return select(Zoekwoord.dossier_id).where(*_bereik(Zoekwoord, welk))


def _bereik(rij: type[Zoekwoord], welk: int) -> tuple[Voorwaarde, Voorwaarde]:
    van, tot = _grenzen(welk)
    return rij.woord >= van, rij.woord < tot


def _hebben(dossier_id: Any, welke: Iterable[int]) -> Iterator[Voorwaarde]:  # noqa: ANN401 - a column
    for welk in welke:
        ander = aliased(Zoekwoord)
        yield er_is(
            select(ander.woord).where(ander.dossier_id == dossier_id, *_bereik(ander, welk))
        )
