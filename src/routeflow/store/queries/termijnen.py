"""Termijnbewaking: what ends soon, what is over and still runs, what waits and what stands still.

The periods of the law and the open taken with a last day stand in one list. Each kind of period
is a range of its own in ``ix_termijn_loopt``, so that a page costs by what it shows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, null, select, text, true, union_all
from sqlalchemy.orm import Session, joinedload

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS, Regel
from routeflow.store.models import OOIT, TAAK_OPEN, Dossier, DossierTermijn, Taak
from routeflow.store.queries.bladzijde import (
    GRENS,
    PER_PAGINA,
    Aantal,
    Page,
    Voorwaarde,
    samen,
    tel,
)

Stand = Literal["verstreken", "komend", "wacht", "stil"]
STANDEN: tuple[Stand, ...] = ("verstreken", "komend", "wacht", "stil")
Wat = Literal["alles", "wet", "taken"]

HOUDERS: Mapping[str, str] = {"gemeente": GEMEENTE, "inburgeraar": "inburgeraar", "duo": "DUO"}
"""Whose move a period of the law is, as the list names a partij."""

# Written out, so that the database sees that an index over these rows only is enough.
_LOOPT = text("termijn.status = 'loopt'")
_LOOPT_NIET = "termijn.status IN ('wacht', 'opgeschort')"
_STATUS = {
    "verstreken": _LOOPT,
    "komend": _LOOPT,
    "wacht": text(f"{_LOOPT_NIET} AND termijn.status = 'wacht'"),
    "stil": text(f"{_LOOPT_NIET} AND termijn.status = 'opgeschort'"),
}


def bewaakt(regel: Regel) -> bool:
    """Say whether this period can be too late: somebody must act, and a fact shows that they did.

    >>> bewaakt(REGELS["pip"]), bewaakt(REGELS["ontzorgen"])
    (True, False)
    """
    return regel.gevolgd and regel.soort == "uiterlijk" and regel.einde is not None


@dataclass(frozen=True, slots=True)
class BewakingFilter:
    """What somebody who watches the periods asked for. ``naam``: one period of the law.

    ``weken``: how far "komend" looks ahead. ``partij``: where a taak lies, or whose move a period is.
    """

    stand: Stand = "komend"
    weken: int = 4
    wat: Wat = "alles"
    naam: str | None = None
    partij: str | None = None
    casemanager_id: UUID | None = None
    zonder_casemanager: bool = False
    pagina: int = 1
    per_pagina: int = PER_PAGINA


@dataclass(frozen=True, slots=True)
class BewakingRij:
    """A period of the law or an open taak, with its dossier: one of the two is there."""

    dossier: Dossier
    termijn: DossierTermijn | None = None
    taak: Taak | None = None

    @property
    def uiterlijk(self) -> date | None:
        """The last day, None while there is none."""
        return (self.termijn or self.taak).uiterlijk  # type: ignore[union-attr]  # one is there

    @property
    def label(self) -> str:
        """What it is, for people."""
        return REGELS[self.termijn.naam].label if self.termijn else self._taak.naam

    @property
    def partij(self) -> str:
        """Whose move it is."""
        return HOUDERS[self.termijn.houder] if self.termijn else self._taak.partij

    @property
    def grond(self) -> str:
        """What sets the last day."""
        return (self.termijn.grond if self.termijn else self._taak.grond) or ""

    @property
    def casemanager(self) -> str | None:
        """The name of the casemanager of the dossier."""
        return self.dossier.casemanager.naam if self.dossier.casemanager else None

    @property
    def _taak(self) -> Taak:
        if self.taak is None:
            raise ValueError("neither a period nor a taak")
        return self.taak


@dataclass(frozen=True, slots=True)
class Bewaking:
    """One page, and counts per period, per partij and per casemanager of what was asked for.

    The counts are of the first ``GRENS`` in the list. ``per_casemanager``: None is nobody.
    """

    lijst: Page[BewakingRij]
    standen: Mapping[Stand, Aantal]
    per_termijn: Mapping[str, int] = field(default_factory=dict)
    per_partij: Mapping[str, int] = field(default_factory=dict)
    per_casemanager: Mapping[UUID | None, int] = field(default_factory=dict)


def bewaking(session: Session, actor: Actor, filter: BewakingFilter, vandaag: date) -> Bewaking:
    """Return the periods and taken that were asked for, the most urgent first. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.TERMIJNEN_BEWAKEN):
        raise NotAllowed(bezwaar)
    takken = list(_takken(filter, vandaag))
    eerste = _eerste(session, takken)
    totaal = Aantal(min(len(eerste), GRENS), meer=len(eerste) > GRENS)
    gevonden = _bladzijde(session, takken, filter, eerste)
    getoond = gevonden[: filter.per_pagina]
    lijst = Page(
        tuple(_rijen(session, getoond)),
        totaal,
        filter.pagina,
        filter.per_pagina,
        volgende=str(filter.pagina + 1) if len(gevonden) > filter.per_pagina else None,
    )
    andere = [stand for stand in STANDEN if stand != filter.stand]
    standen = _aantallen(session, filter, andere, vandaag) | {filter.stand: totaal}
    return Bewaking(
        lijst,
        standen,
        per_termijn=Counter(rij.naam for rij in eerste),
        per_partij=Counter(rij.partij or HOUDERS[REGELS[rij.naam].houder] for rij in eerste),
        per_casemanager=Counter(rij.casemanager_id for rij in eerste),
    )


_Tak = Select[*tuple[Any, ...]]


def _takken(filter: BewakingFilter, vandaag: date) -> Iterator[_Tak]:
    """Yield what was asked for as ranges of indexes: one for each kind of period, one for taken."""
    for naam in _namen(filter, filter.stand):
        yield _wet(filter, filter.stand, DossierTermijn.naam == naam, vandaag)
    if _met_taken(filter, filter.stand):
        yield _taken(filter, filter.stand, vandaag)


def _namen(filter: BewakingFilter, stand: Stand) -> list[str]:
    if filter.wat == "taken":
        return []
    return [
        regel.naam
        for regel in REGELS.values()
        if regel.gevolgd
        and (stand != "verstreken" or bewaakt(regel))
        and filter.naam in {None, regel.naam}
        and filter.partij in {None, HOUDERS[regel.houder]}
    ]


def _met_taken(filter: BewakingFilter, stand: Stand) -> bool:
    return filter.wat != "wet" and filter.naam is None and stand in {"verstreken", "komend"}


def _wet(filter: BewakingFilter, stand: Stand, naam: Voorwaarde, vandaag: date) -> _Tak:
    rij = DossierTermijn
    gedateerd = stand in {"verstreken", "komend"}
    dag: ColumnElement[Any] = rij.uiterlijk if gedateerd else null()  # type: ignore[assignment]
    vraag = select(
        literal("wet").label("soort"),
        rij.id.label("id"),
        (rij.uiterlijk if gedateerd else literal(OOIT)).label("dag"),
        rij.naam.label("naam"),
        rij.dossier_id.label("dossier_id"),
        literal("").label("partij"),
        rij.dossier_id.label("plek"),
    ).where(_STATUS[stand], naam, _in(filter, stand, dag, vandaag))
    vraag = vraag.where(*_van(filter, rij.dossier_id))
    return vraag.order_by(*((rij.uiterlijk,) if gedateerd else ()), rij.dossier_id)


def _taken(filter: BewakingFilter, stand: Stand, vandaag: date) -> _Tak:
    vraag = select(
        literal("taak").label("soort"),
        Taak.id.label("id"),
        Taak.volgorde.label("dag"),
        literal("").label("naam"),
        Taak.dossier_id.label("dossier_id"),
        Taak.partij.label("partij"),
        Taak.id.label("plek"),
    ).where(TAAK_OPEN, _in(filter, stand, Taak.volgorde, vandaag))
    if filter.partij:
        vraag = vraag.where(Taak.partij == filter.partij)
    vraag = vraag.where(*_van(filter, Taak.dossier_id))
    return vraag.order_by(Taak.volgorde, Taak.id)


def _in(filter: BewakingFilter, stand: Stand, dag: Any, vandaag: date) -> Voorwaarde:  # noqa: ANN401 - a column
    if stand == "verstreken":
        return dag < vandaag  # type: ignore[no-any-return]  # a comparison in SQL
    if stand == "komend":
        return dag.between(vandaag, vandaag + timedelta(weeks=filter.weken))  # type: ignore[no-any-return]
    return true()


def _van(filter: BewakingFilter, dossier_id: Any) -> Iterator[Voorwaarde]:  # noqa: ANN401 - a column
    if filter.casemanager_id:
        wie = Dossier.casemanager_id == filter.casemanager_id
    elif filter.zonder_casemanager:
        wie = Dossier.casemanager_id.is_(None)
    else:
        return
    yield dossier_id.in_(select(Dossier.id).where(wie))


def _samen(takken: Sequence[_Tak], aantal: int) -> Any:  # noqa: ANN401 - a subquery
    """Return the first ``aantal`` rows of all ranges; each is read no further than that."""
    delen = [tak.limit(aantal).subquery() for tak in takken]
    return union_all(*(select(deel) for deel in delen)).subquery()


def _volgorde(rijen: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a subquery
    return rijen.c.dag, rijen.c.naam, rijen.c.plek


def _eerste(session: Session, takken: Sequence[_Tak]) -> Sequence[Any]:
    """Return the first rows, one more than are counted, with the casemanager of each."""
    if not takken:
        return []
    rijen = _samen(takken, GRENS + 1)
    eerste = select(rijen).order_by(*_volgorde(rijen)).limit(GRENS + 1).subquery()
    return session.execute(
        select(eerste.c.soort, eerste.c.id, eerste.c.naam, eerste.c.partij, Dossier.casemanager_id)
        .join(Dossier, Dossier.id == eerste.c.dossier_id)
        .order_by(*_volgorde(eerste))
    ).all()


def _bladzijde(
    session: Session, takken: Sequence[_Tak], filter: BewakingFilter, eerste: Sequence[Any]
) -> Sequence[tuple[str, UUID]]:
    """Return (soort, id) of one page and one more, the sign that there is a next page."""
    begin = (max(filter.pagina, 1) - 1) * filter.per_pagina
    einde = begin + filter.per_pagina + 1
    gevonden = eerste[begin:einde]
    if len(eerste) > GRENS and einde > len(eerste):
        rijen = _samen(takken, einde)
        vraag = select(rijen.c.soort, rijen.c.id).order_by(*_volgorde(rijen))
        gevonden = session.execute(vraag.offset(begin).limit(filter.per_pagina + 1)).all()
    return [(rij.soort, rij.id) for rij in gevonden]


def _rijen(session: Session, getoond: Sequence[tuple[str, UUID]]) -> Iterator[BewakingRij]:
    def ids(soort: str) -> list[UUID]:
        return [id_ for van, id_ in getoond if van == soort]

    met = joinedload(DossierTermijn.dossier, innerjoin=True).joinedload(Dossier.casemanager)
    termijnen = {
        rij.id: BewakingRij(rij.dossier, termijn=rij)
        for rij in session.scalars(
            select(DossierTermijn).where(DossierTermijn.id.in_(ids("wet"))).options(met)
        )
    }
    met = joinedload(Taak.dossier, innerjoin=True).joinedload(Dossier.casemanager)
    taken = {
        taak.id: BewakingRij(taak.dossier, taak=taak)
        for taak in session.scalars(select(Taak).where(Taak.id.in_(ids("taak"))).options(met))
    }
    for soort, id_ in getoond:
        yield (termijnen if soort == "wet" else taken)[id_]


def _aantallen(
    session: Session, filter: BewakingFilter, standen: Sequence[Stand], vandaag: date
) -> dict[Stand, Aantal]:
    """Count what stands in other tabs, in one statement."""
    vragen: list[tuple[Stand, _Tak]] = []
    for stand in standen:
        if namen := _namen(filter, stand):
            wet = _wet(filter, stand, DossierTermijn.naam.in_(namen), vandaag)
            vragen.append((stand, wet))
        if _met_taken(filter, stand):
            vragen.append((stand, _taken(filter, stand, vandaag)))
    geteld = tel(session, [vraag for _, vraag in vragen])
    return {
        stand: samen(
            aantal for (van, _), aantal in zip(vragen, geteld, strict=True) if van == stand
        )
        for stand in standen
    }
