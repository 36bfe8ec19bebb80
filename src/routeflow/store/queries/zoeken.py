"""Finding dossiers by the beginning of words in their naam or nummer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from routeflow.store.models import Zoekwoord
from routeflow.store.queries.bladzijde import GRENS, Voorwaarde, er_is, telvraag
from routeflow.store.waarden import zoekterm

_MEEST = 4  # more words than this do not narrow a search
_RAND = ".,;:()\"'"
_LAATSTE = "\U0010ffff"
_WOORD = 100
_RUIM = 20 * GRENS  # rows of the rarest word in which the others are looked for
_BEKEKEN = 2  # of so many wide words, the longest first, is asked whether they are rare enough
_ENKEL = 5 * GRENS  # dossiers with one word that are remembered for a page

NA: ColumnElement[UUID] = bindparam("na", type_=Zoekwoord.dossier_id.type)
"""The dossier behind which a page begins."""


@dataclass(frozen=True, slots=True)
class Gevonden:
    """Few dossiers: ``ids`` gives them all, to be sorted and counted as the reader wants.

    ``aantal`` of words; which ones they are is filled in later, the rarest first.
    """

    aantal: int

    @property
    def ids(self) -> Select[UUID]:
        """The dossiers that have every word. Without a word: none."""
        if not self.aantal:
            return select(Zoekwoord.dossier_id).where(false())
        return _samen(self.aantal)


@dataclass(frozen=True, slots=True)
class Veel:
    """So many dossiers that reading them all would cost more than a page may.

    ``past`` is asked of each row of a list in another order, which is soon full where many fit.
    ``lijst`` gives the dossiers themselves, in the order of the first word. ``schaars``: not so
    many that the database cannot remember them for one page.
    """

    aantal: int
    schaars: bool

    def past(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - a column, mapped or not
        """Return whether the dossier has every word, to be looked up for a few rows."""
        return and_(*_hebben(dossier_id, range(self.aantal)))

    def past_op_weg(self, dossier_id: Any) -> Voorwaarde:  # noqa: ANN401 - as above
        """Return the same for a list that is walked until a page is full."""
        if not self.schaars:
            return self.past(dossier_id)
        onthouden: Voorwaarde = dossier_id.in_(select(_gevonden(self.aantal).c.dossier_id))
        return onthouden.is_(true())

    def lijst(self, *, verder: bool) -> Select[UUID, str, str]:
        """Return each dossier with every word, by the first; ``verder``: those behind ``NA``.

        Where two of its words begin so it comes twice: see ``eenmaal``.
        """
        vraag = (
            select(
                Zoekwoord.dossier_id.label("dossier_id"),
                Zoekwoord.woord.label("eerst"),
                Zoekwoord.begin.label("dan"),
            )
            .where(*_bereik(Zoekwoord, 0), *_ook(self.aantal))
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
        """Return whether a row of ``lijst`` is the first one of its dossier. To be asked last.

        Words stand in order: the first that begins so stands where that beginning is found. No "=":
        the database would expect that few rows are left, and read and sort them all.
        """
        van, _ = _grenzen(0)
        woorden, spatie = Zoekwoord.woorden, literal(" ")
        eigen_plaats = _plaats(woorden + spatie, spatie + Zoekwoord.woord + spatie)
        return _plaats(woorden, spatie + van) >= eigen_plaats


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
    aantal = len(woorden)
    geteld = _tel(session, woorden, GRENS)
    zeldzaamst = sorted(range(aantal), key=geteld.__getitem__)
    waarden = _waarden([woorden[welk] for welk in zeldzaamst])
    if min(geteld) <= GRENS:
        return Zoekvraag(Gevonden(aantal), waarden)
    if aantal == 1:
        (met_woord,) = _tel(session, woorden, _ENKEL)
        return Zoekvraag(Veel(aantal, met_woord <= _ENKEL), waarden)
    for voorop in woorden[:_BEKEKEN]:
        eerst = _waarden([voorop, *(woord for woord in woorden if woord != voorop)])
        gezien, samen = session.execute(_samen_telling(aantal), eerst).one()
        if gezien <= _RUIM:
            return Zoekvraag(
                Gevonden(aantal) if samen <= GRENS else Veel(aantal, schaars=True), eerst
            )
    return Zoekvraag(Veel(aantal, schaars=False), waarden)


def _samen(aantal: int) -> Select[UUID]:
    """Return the dossiers that have every word, some more than once: in the rows of the first."""
    return _met(0).where(*_ook(aantal))


@lru_cache(maxsize=_MEEST)
def _gevonden(aantal: int) -> CTE:
    """Return the same as what is found once for all parts of a statement."""
    return _samen(aantal).cte("gevonden")


def _ook(aantal: int, woorden: Any = Zoekwoord.woorden) -> Iterator[Voorwaarde]:  # noqa: ANN401 - a column
    """Yield that the dossier of a row of ``Zoekwoord`` has the words behind the first too."""
    for welk in range(1, aantal):
        yield _plaats(woorden, bindparam(f"ook{welk}", type_=Zoekwoord.woorden.type)) > 0


class _plaats(FunctionElement[int]):  # noqa: N801 - stands in a statement as a function
    """Where a text begins in another, 0 when it is not in it."""

    type = Integer()
    inherit_cache = True


@compiles(_plaats)
def _instr(element: _plaats, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    return f"instr({compiler.process(element.clauses, **kw)})"


@compiles(_plaats, "postgresql")
def _strpos(element: _plaats, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - as above
    return f"strpos({compiler.process(element.clauses, **kw)})"


@lru_cache(maxsize=_MEEST)
def _samen_telling(aantal: int) -> "Select[int, int]":
    """Return how many rows the first word has, and how many of those have the others too."""
    eerste = select(Zoekwoord.woorden).where(*_bereik(Zoekwoord, 0)).limit(_RUIM + 1).subquery()
    return select(func.count(), func.count().filter(and_(*_ook(aantal, eerste.c.woorden))))


def _tel(session: Session, woorden: Sequence[str], grens: int) -> Sequence[int]:
    return session.execute(_telling(len(woorden), grens), _waarden(woorden)).one()


@lru_cache(maxsize=2 * _MEEST)
def _telling(aantal: int, grens: int) -> "Select[*tuple[int, ...]]":
    return telvraag([_met(welk) for welk in range(aantal)], grens)


def _waarden(woorden: Sequence[str]) -> dict[str, str]:
    waarden: dict[str, str] = {}
    for welk, woord in enumerate(woorden):
        waarden |= {
            f"woord{welk}": woord,
            f"tot{welk}": woord + _LAATSTE,
            f"ook{welk}": f" {woord}",
        }
    return waarden


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
