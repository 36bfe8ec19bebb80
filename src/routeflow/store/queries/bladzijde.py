"""One page of a list, and counts that cost no more than what is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from routeflow.errors import Invalid

Item = TypeVar("Item")
Voorwaarde = ColumnElement[bool]
Past = Callable[[Any], Voorwaarde]
"""A condition on a column with ids of dossiers, which is asked row by row."""

Waarden = Mapping[str, Any]
"""What is filled in, by name, when a statement that was made before is run.

To make a statement of twenty ranges costs more than to run it. So it is made once for each form
(which filters there are, which rights) and kept; a value that was left out is an error.
"""

PER_PAGINA = 50
GRENS = 1_000
"""Nobody reads further than this; counting on would cost by what is there, not by what is shown."""

VENSTER = 100
"""How many rows are looked at to count what only a look at each row can tell."""


class Aantal(int):
    """A count. ``meer``: there are at least so many, which is how it is written for people.

    >>> str(Aantal(7)), str(Aantal(1000, meer=True))
    ('7', '1.000+')
    """

    meer: bool

    def __new__(cls, getal: int, *, meer: bool = False) -> Self:
        """Return ``getal`` as a count, exact unless ``meer``."""
        zelf = super().__new__(cls, getal)
        zelf.meer = meer
        return zelf

    def __str__(self) -> str:
        """Return the count as people read it."""
        getal = f"{int(self):,}".replace(",", ".")
        return f"{getal}+" if self.meer else getal


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list. ``volgende`` is the cursor (``na``) of the next page, None on the last.

    ``tabs`` counts per tab and ``groepen`` per group of the chosen tab, before paging and
    before the filter on a group; both are empty for lists that have none.
    """

    rijen: tuple[Item, ...]
    totaal: Aantal
    pagina: int = 1
    per_pagina: int = PER_PAGINA
    volgende: str | None = None
    tabs: Mapping[str, Aantal] = field(default_factory=dict)
    groepen: Mapping[str, Aantal] = field(default_factory=dict)

    @property
    def paginas(self) -> int:
        """Return the number of pages that are known to be there, at least one."""
        geteld = max(1, -(-self.totaal // self.per_pagina))
        if not self.totaal.meer or not self.rijen:
            return geteld
        return max(geteld, self.pagina + (self.volgende is not None))


def samen(delen: Iterable[Aantal]) -> Aantal:
    """Return the sum of counts, no further than ``GRENS``."""
    delen = list(delen)
    som = sum(delen)
    return Aantal(min(som, GRENS), meer=som > GRENS or any(deel.meer for deel in delen))


def tel(session: Session, vragen: Sequence["Select[*tuple[Any, ...]]"]) -> list[Aantal]:
    """Count what each of ``vragen`` finds, in one statement, each no further than ``GRENS``."""
    return geteld(session, telvraag(vragen)) if vragen else []


def telvraag(
    vragen: Sequence["Select[*tuple[Any, ...]]"], grens: int = GRENS
) -> "Select[*tuple[Any, ...]]":
    """Return the statement of which ``geteld`` gives the counts: one that can be kept."""
    return select(*(telling(vraag, grens) for vraag in vragen))


def geteld(
    session: Session, vraag: "Select[*tuple[Any, ...]]", waarden: Waarden | None = None
) -> list[Aantal]:
    """Return the counts of a ``telvraag``."""
    getallen = session.execute(vraag, waarden).one()
    return [Aantal(min(getal, GRENS), meer=getal > GRENS) for getal in getallen]


def venstervraag(
    vragen: Sequence["Select[*tuple[Any, ...]]"], past: Past
) -> "Select[int, int, int]":
    """Return the statement that counts what each of ``vragen`` finds that also ``past``.

    They select a ``dossier_id``. ``past`` is asked of the first ``VENSTER`` rows of each, one by
    one, which is why the rest of a long list is not counted. It stands once, behind them all:
    PostgreSQL needs as long to plan it for each of fifteen ranges as to count.
    """
    vensters = [
        select(literal_column(str(welk), Integer()).label("welk"), venster.c.dossier_id)
        for welk, vraag in enumerate(vragen)
        for venster in [vraag.limit(VENSTER + 1).subquery()]
    ]
    rijen = union_all(*vensters).subquery()
    return select(
        rijen.c.welk,
        func.count().label("gezien"),
        func.count().filter(past(rijen.c.dossier_id)).label("gevonden"),
    ).group_by(rijen.c.welk)


def geteld_in_venster(rijen: Iterable[Any], delen: int) -> list[Aantal]:
    """Return the counts of so many ``delen`` from the rows of a ``venstervraag``."""
    aantallen = [Aantal(0)] * delen  # where nothing was seen there is no row
    for rij in rijen:
        aantallen[rij.welk] = Aantal(rij.gevonden, meer=rij.gezien > VENSTER)
    return aantallen


def telling(vraag: "Select[*tuple[Any, ...]]", grens: int) -> ColumnElement[int]:
    """Return the number of rows that ``vraag`` finds, no further than one more than ``grens``."""
    regels = (
        vraag.with_only_columns(literal(1), maintain_column_froms=True)
        .order_by(None)
        .limit(grens + 1)
        .subquery()
    )
    return select(func.count()).select_from(regels).scalar_subquery()


def er_is(vraag: "Select[*tuple[Any, ...]]") -> Voorwaarde:
    """Return whether ``vraag`` finds a row, to be looked up for each row that asks it.

    Not EXISTS: of that PostgreSQL may first read all rows that there are, for a page of fifty.
    """
    return vraag.limit(1).scalar_subquery().is_not(None)


def onleesbare_cursor() -> Invalid:
    """Return the refusal of a cursor that this product did not give."""
    return Invalid("Deze cursor is niet te lezen. Begin opnieuw bij de eerste pagina.")
