"""Termijnbewaking: what ends soon, what is over and still runs, what waits and what stands still.

The periods of the law and the open taken with a last day stand in one list. Each kind of period
is a range of its own in ``ix_termijn_loopt``, so that a page costs by what it shows.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS, Regel
from routeflow.store import dialect_of
from routeflow.store.models import OOIT, TAAK_OPEN, Account, Dossier, DossierTermijn, Taak
from routeflow.store.queries.bladzijde import (
    GRENS,
    PER_PAGINA,
    Aantal,
    Page,
    Waarden,
    geteld,
    samen,
    telvraag,
)

Stand = Literal["verstreken", "komend", "wacht", "stil"]
STANDEN: tuple[Stand, ...] = ("verstreken", "komend", "wacht", "stil")
Wat = Literal["alles", "wet", "taken"]

HOUDERS: Mapping[str, str] = {"gemeente": GEMEENTE, "inburgeraar": "inburgeraar", "duo": "DUO"}
"""Whose move a period of the law is, as the list names a partij."""

# Written out, so that the database sees that an index over these rows only is enough.
_LOOPT = text("termijn.status = 'loopt'")
_LOOPT_NIET = text("termijn.status IN ('wacht', 'opgeschort')")
_WACHT, _STIL = text("termijn.status = 'wacht'"), text("termijn.status = 'opgeschort'")
_STATUS = {"verstreken": _LOOPT, "komend": _LOOPT, "wacht": _WACHT, "stil": _STIL}


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


class Termijnstand(NamedTuple):
    """How a period of the law stands. ``feiten``: only of a period that stands still."""

    id: UUID
    naam: str
    soort: str
    houder: str
    status: str
    grond: str
    begin: date | None
    uiterlijk: date | None
    gehaald_op: date | None
    op_tijd: bool | None
    wacht_op: str | None
    feiten: dict[str, Any]


class Taakstand(NamedTuple):
    """How an open taak stands."""

    id: UUID
    naam: str
    partij: str
    grond: str | None
    termijn: str | None
    uiterlijk: date | None


class VanDossier(NamedTuple):
    """Whose it is. ``casemanager``: a name."""

    id: UUID
    nummer: str
    naam: str
    casemanager: str | None


@dataclass(frozen=True, slots=True)
class BewakingRij:
    """A period of the law or an open taak, with its dossier: one of the two is there."""

    dossier: VanDossier
    termijn: Termijnstand | None = None
    taak: Taakstand | None = None

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
        return self.dossier.casemanager

    @property
    def _taak(self) -> Taakstand:
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
    begrensd = dialect_of(session) != "sqlite"
    vorm = _vorm(filter, filter.stand, begrensd=begrensd)
    waarden = _waarden(filter, vandaag)
    per_soort, per_wie, gevonden = _lees(session, vorm, filter, waarden) if vorm else ([], [], [])
    aantal = sum(rij.aantal for rij in per_soort)
    totaal = Aantal(min(aantal, GRENS), meer=aantal > GRENS)
    lijst = Page(
        tuple(_rijen(session, gevonden[: filter.per_pagina])),
        totaal,
        filter.pagina,
        filter.per_pagina,
        volgende=str(filter.pagina + 1) if len(gevonden) > filter.per_pagina else None,
    )
    andere = {
        stand: _vorm(filter, stand, begrensd=begrensd) for stand in STANDEN if stand != filter.stand
    }
    return Bewaking(
        lijst,
        {filter.stand: totaal, **_aantallen(session, andere, waarden)},
        per_termijn=_per(per_soort, lambda rij: rij.naam),
        per_partij=_per(per_soort, lambda rij: rij.partij or HOUDERS[REGELS[rij.naam].houder]),
        per_casemanager=_per(per_wie, lambda rij: rij.casemanager_id),
    )


def bewaking_alles(
    session: Session, actor: Actor, filter: BewakingFilter, vandaag: date
) -> Iterator[BewakingRij]:
    """Yield all that ``bewaking`` has pages of, a portion at a time. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.TERMIJNEN_BEWAKEN):
        raise NotAllowed(bezwaar)
    vorm = _vorm(filter, filter.stand, begrensd=False)
    if vorm is None:
        return
    alles = session.execute(
        vorm.rijen(None), _waarden(filter, vandaag), execution_options={"yield_per": _PORTIE}
    )
    for portie in alles.partitions():
        yield from _rijen(session, portie)


_PORTIE = 500

Sleutel = TypeVar("Sleutel")


def _per(groepen: Sequence[Any], wat: Callable[[Any], Sleutel]) -> Mapping[Sleutel, int]:
    per: Counter[Sleutel] = Counter()
    for rij in groepen:
        per[wat(rij)] += rij.aantal
    return per


_Tak = Select[*tuple[Any, ...]]
_Wie = Literal["alle", "van een", "van niemand"]


@dataclass(frozen=True, slots=True)
class _Vorm:
    """What decides how the statements of the list read; all else is filled in.

    ``namen``: the periods of the law in it. ``wie``: of whose dossiers. ``begrensd``: each range is
    told where to stop. SQLite merges ranges that are in order; PostgreSQL reads them to the end.
    """

    stand: Stand
    namen: tuple[str, ...]
    taken: bool
    partij: bool
    wie: _Wie
    begrensd: bool

    @property
    def gedateerd(self) -> bool:
        """Whether what is in it has a last day."""
        return self.stand in {"verstreken", "komend"}

    def takken(self) -> list[_Tak]:
        """Return what was asked for as ranges of indexes.

        One for each kind of period where each is in order by itself, and one for taken.
        """
        apart = self.wie == "alle" and self.gedateerd
        delen = [self.wet([naam]) for naam in self.namen] if apart else []
        if self.namen and not apart:
            delen = [self.wet(self.namen)]
        return [*delen, self.taak()] if self.taken else delen

    def wet(self, namen: Sequence[str]) -> _Tak:
        """Return these periods of the law, in no order."""
        rij = DossierTermijn
        vast = [_vast(een) for een in namen]
        naam = rij.naam == vast[0] if len(vast) == 1 else rij.naam.in_(vast)
        if self.wie != "alle":  # they are in order; an index would be asked for each name there is
            naam = rij.naam.concat("").in_(vast)
        vraag = select(
            _vast("wet").label("soort"),
            rij.id.label("id"),
            (rij.uiterlijk if self.gedateerd else literal(OOIT)).label("dag"),
            rij.naam.label("naam"),
            rij.dossier_id.label("dossier_id"),
            _vast("").label("partij"),
            rij.casemanager_id.label("casemanager_id"),
            rij.dossier_id.label("plek"),
        ).where(_STATUS[self.stand], naam)
        if not self.gedateerd:
            vraag = vraag.where(_LOOPT_NIET)  # names the index of what does not run
        return self._beperkt(vraag, rij.uiterlijk, rij.casemanager_id)

    def taak(self) -> _Tak:
        """Return the open taken, in no order."""
        vraag = select(
            _vast("taak").label("soort"),
            Taak.id.label("id"),
            Taak.volgorde.label("dag"),
            _vast("").label("naam"),
            Taak.dossier_id.label("dossier_id"),
            Taak.partij.label("partij"),
            Taak.casemanager_id.label("casemanager_id"),
            Taak.id.label("plek"),
        ).where(TAAK_OPEN)
        if self.partij:
            vraag = vraag.where(Taak.partij == bindparam("partij", type_=Taak.partij.type))
        return self._beperkt(vraag, Taak.volgorde, Taak.casemanager_id)

    def _beperkt(self, vraag: _Tak, dag: Any, casemanager_id: Any) -> _Tak:  # noqa: ANN401 - columns
        if self.stand == "verstreken":
            vraag = vraag.where(dag < _VANDAAG)
        elif self.stand == "komend":
            vraag = vraag.where(dag.between(_VANDAAG, _TOT))
        if self.wie == "van een":
            return vraag.where(casemanager_id == _CASEMANAGER)
        return vraag.where(casemanager_id.is_(None)) if self.wie == "van niemand" else vraag

    def rijen(self, aantal: Any) -> Any:  # noqa: ANN401 - a number or a parameter; a statement
        """Return the first ``aantal`` (None: all) of what was asked for, in its order."""
        takken: list[Any] = [*self.takken()]
        if self.begrensd and len(takken) > 1:
            op_volgorde = (tak.order_by(*self.volgorde(tak.selected_columns)) for tak in takken)
            takken = [select(tak.limit(aantal).subquery()) for tak in op_volgorde]
        allemaal: Any = takken[0] if len(takken) == 1 else union_all(*takken)
        return allemaal.order_by(*self.volgorde(allemaal.selected_columns)).limit(aantal)

    def volgorde(self, kolommen: Any) -> tuple[Any, ...]:  # noqa: ANN401 - columns by name
        """Return by what the list is in order."""
        return (kolommen.dag if self.gedateerd else kolommen.naam, kolommen.plek, kolommen.id)


def _vast(woord: str) -> ColumnElement[str]:
    """Return a word of our own as it stands in a statement.

    A parameter for each would be most of what goes to the database, and of what is made for it.
    """
    return literal_column("'" + woord.replace("'", "''") + "'", DossierTermijn.naam.type)


_VANDAAG: ColumnElement[date] = bindparam("vandaag", type_=Taak.volgorde.type)
_TOT: ColumnElement[date] = bindparam("tot", type_=Taak.volgorde.type)
_CASEMANAGER: ColumnElement[UUID] = bindparam("casemanager", type_=Dossier.casemanager_id.type)


def _waarden(filter: BewakingFilter, vandaag: date) -> dict[str, Any]:
    return {
        "vandaag": vandaag,
        "tot": vandaag + timedelta(weeks=filter.weken),
        "partij": filter.partij,
        "casemanager": filter.casemanager_id,
    }


def _vorm(filter: BewakingFilter, stand: Stand, *, begrensd: bool) -> _Vorm | None:
    """Return how a stand is asked for; None when nothing can be in it."""
    namen = tuple(_namen(filter, stand))
    taken = _met_taken(filter, stand)
    if not (namen or taken):
        return None
    return _Vorm(stand, namen, taken, bool(filter.partij), _wie(filter), begrensd)


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


def _wie(filter: BewakingFilter) -> _Wie:
    if filter.casemanager_id:
        return "van een"
    return "van niemand" if filter.zonder_casemanager else "alle"


def _lees(
    session: Session, vorm: _Vorm, filter: BewakingFilter, waarden: Waarden
) -> tuple[list[Any], list[Any], list[Any]]:
    """Return how many of the first rows are of each kind and of whom, and one page and one more."""
    begin = (max(filter.pagina, 1) - 1) * filter.per_pagina
    een_meer = filter.per_pagina + 1
    plaats = {**waarden, "begin": begin, "einde": begin + een_meer, "een_meer": een_meer}
    alles = session.execute(_eerste(vorm), plaats).all()
    per_soort = [rij for rij in alles if rij.aantal and rij.naam is not None]
    per_wie = [rij for rij in alles if rij.aantal and rij.naam is None]
    gevonden = [rij for rij in alles if not rij.aantal]
    if begin + een_meer > GRENS + 1 and sum(rij.aantal for rij in per_wie) > GRENS:
        gevonden = list(session.execute(_diep(vorm), plaats))
    return per_soort, per_wie, gevonden


_BEGIN: ColumnElement[int] = bindparam("begin", type_=Integer())
_EINDE: ColumnElement[int] = bindparam("einde", type_=Integer())
_EEN_MEER: ColumnElement[int] = bindparam("een_meer", type_=Integer())


@lru_cache(maxsize=64)
def _eerste(vorm: _Vorm) -> Any:  # noqa: ANN401 - a statement
    """Return the first rows, one more than are counted: the number of each kind and of whom, a page."""
    eerste = vorm.rijen(literal_column(str(GRENS + 1), Integer())).cte("eerste")
    soort, wie = (eerste.c.naam, eerste.c.partij), eerste.c.casemanager_id
    aantal = func.count().label("aantal")
    geen = [_geen(een) for een in (eerste.c.soort, eerste.c.id, eerste.c.dag, eerste.c.plek)]
    per_soort = select(*soort, _geen(wie), aantal, *geen).group_by(*soort)
    per_wie = select(*map(_geen, soort), wie, aantal, *geen).group_by(wie)
    een = select(eerste).order_by(*vorm.volgorde(eerste.c)).offset(_BEGIN).limit(_EEN_MEER)
    rij = een.subquery().c
    pagina = select(
        *(rij.naam, rij.partij, rij.casemanager_id, literal(0).label("aantal")),
        *(rij.soort, rij.id, rij.dag, rij.plek),
    )
    allemaal = union_all(pagina, per_soort, per_wie)  # the first says of what type each column is
    return allemaal.order_by(*vorm.volgorde(allemaal.selected_columns))


def _geen(kolom: Any) -> Any:  # noqa: ANN401 - columns
    return type_coerce(null(), kolom.type).label(kolom.name)


@lru_cache(maxsize=16)
def _diep(vorm: _Vorm) -> Any:  # noqa: ANN401 - a statement
    """Return a page behind the rows that are counted."""
    return vorm.rijen(_EINDE).limit(_EEN_MEER).offset(_BEGIN)


def _rijen(session: Session, getoond: Sequence[Any]) -> Iterator[BewakingRij]:
    def ids(soort: str) -> list[UUID]:
        return [rij.id for rij in getoond if rij.soort == soort]

    van = len(VanDossier._fields)
    gelezen: dict[UUID, BewakingRij] = {}
    for rij in session.execute(_WETTEN, {"ids": ids("wet")}):
        wet = Termijnstand._make(rij[van:])
        gelezen[wet.id] = BewakingRij(VanDossier._make(rij[:van]), termijn=wet)
    for rij in session.execute(_TAKEN, {"ids": ids("taak")}):
        taak = Taakstand._make(rij[van:])
        gelezen[taak.id] = BewakingRij(VanDossier._make(rij[:van]), taak=taak)
    for rij in getoond:
        yield gelezen[rij.id]


def _met_dossier(soort: type[DossierTermijn | Taak], *kolommen: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - columns
    """Return what is shown of some rows: as in ``VanDossier``, and then ``kolommen``."""
    return (
        select(Dossier.id, Dossier.nummer, Dossier.naam, Account.naam, *kolommen)
        .select_from(soort)
        .join(Dossier, Dossier.id == soort.dossier_id)
        .outerjoin(Account, Account.id == Dossier.casemanager_id)
        .where(soort.id.in_(bindparam("ids", expanding=True)))
    )


_WETTEN = _met_dossier(
    DossierTermijn,
    *(getattr(DossierTermijn, naam) for naam in Termijnstand._fields if naam != "feiten"),
    case((DossierTermijn.status == "opgeschort", DossierTermijn.feiten)),
)
_TAKEN = _met_dossier(Taak, *(getattr(Taak, naam) for naam in Taakstand._fields))


def _aantallen(
    session: Session, vormen: Mapping[Stand, _Vorm | None], waarden: Waarden
) -> dict[Stand, Aantal]:
    """Count what stands in other tabs, in one statement."""
    gevraagd = tuple(vorm for vorm in vormen.values() if vorm)
    if not gevraagd:
        return dict.fromkeys(vormen, Aantal(0))
    van, vraag = _telling(gevraagd)
    delen = geteld(session, vraag, waarden)
    return {
        stand: samen(aantal for een, aantal in zip(van, delen, strict=True) if een == stand)
        for stand in vormen
    }


@lru_cache(maxsize=64)
def _telling(vormen: tuple[_Vorm, ...]) -> "tuple[tuple[Stand, ...], Select[*tuple[int, ...]]]":
    """Return which stand each count is of, and what counts them."""
    vragen: list[tuple[Stand, _Tak]] = []
    for vorm in vormen:
        if vorm.namen:
            vragen.append((vorm.stand, vorm.wet(vorm.namen)))
        if vorm.taken:
            vragen.append((vorm.stand, vorm.taak()))
    return tuple(stand for stand, _ in vragen), telvraag([vraag for _, vraag in vragen])
