"""The werklijst, and taken as the API lists them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, joinedload

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, Rol, bezwaar_tegen, zichtbaar
from routeflow.store.models import OOIT, TAAK_OPEN, Account, Dossier, Taak
from routeflow.store.queries.bladzijde import (
    PER_PAGINA,
    Aantal,
    Page,
    Voorwaarde,
    Waarden,
    geteld,
    geteld_in_venster,
    onleesbare_cursor,
    samen,
    telvraag,
    venstervraag,
)
from routeflow.store.queries.zicht import TABS, Blik, Tab, blik, waarden_van
from routeflow.store.queries.zoeken import Gevonden, Veel, zoek

Groep = Literal["te laat", "deze week", "volgende week", "later", "geen datum"]
_DAG, _WEEK = timedelta(days=1), timedelta(weeks=1)
GROEPEN: tuple[Groep, ...] = get_args(Groep)


@dataclass(frozen=True, slots=True)
class WerklijstFilter:
    """What a reader of the werklijst asked for. ``na`` (a cursor) goes before ``pagina``.

    ``tab``: mijn (I am the behandelaar), te verdelen (nobody is, and it is for my rol and
    partij) or team (all that I may see). ``zoek``: part of a naam or nummer.
    """

    tab: Tab = "mijn"
    groep: Groep | None = None
    onderdeel: str | None = None
    rol: str | None = None
    partij: str | None = None
    te_laat: bool = False
    zoek: str = ""
    pagina: int = 1
    per_pagina: int = PER_PAGINA
    na: str | None = None


@dataclass(frozen=True, slots=True)
class TakenFilter:
    """What a reader of taken, open or not, asked for (the API). In order of their last day."""

    status: Literal["open", "gedaan", "vervallen", "alle"] = "open"
    dossier_id: UUID | None = None
    partij: str | None = None
    rol: str | None = None
    te_laat: bool | None = None
    per_pagina: int = PER_PAGINA
    na: str | None = None


@dataclass(frozen=True, slots=True)
class Rij:
    """One open taak in the werklijst."""

    taak_id: UUID
    naam: str
    element: str
    proces: str
    onderdeel: str
    rol: str
    partij: str
    samen_met: str | None
    houder: str
    uiterlijk: date | None
    grond: str | None
    opvolgen: date | None
    vlag: str | None
    geopend_op: datetime
    behandelaar_id: UUID | None
    behandelaar: str | None
    dossier_id: UUID
    dossier_nummer: str
    dossier_naam: str
    fase: str
    groep: Groep
    heeft_concept: bool

    @property
    def te_laat(self) -> bool:
        """Say whether the last day is over."""
        return self.groep == "te laat"


@dataclass(frozen=True, slots=True)
class _Vorm:
    """What decides how the statements of a werklijst read; all else is filled in."""

    blik: Blik
    tab: Tab
    kolommen: tuple[str, ...]
    gezocht: Gevonden | Veel | None


@dataclass(frozen=True, slots=True)
class _Lijst:
    """Which part of it is read: one group or all, and from a cursor on; ``leeg``: nothing."""

    groep: Groep | None
    verder: bool
    leeg: bool


def werklijst(session: Session, actor: Actor, filter: WerklijstFilter, vandaag: date) -> Page[Rij]:
    """Return the open taken that ``actor`` asked for and may see, most urgent first."""
    gezocht = zoek(session, filter.zoek)
    vorm = _Vorm(
        blik(actor), filter.tab, tuple(_gefilterd(filter)), gezocht.vorm if gezocht else None
    )
    waarden = {
        **waarden_van(actor),
        **_dagen(vandaag),
        **_gefilterd(filter),
        **(gezocht.waarden if gezocht else {}),
    }
    gekozen = tuple(groep for groep in GROEPEN if _gevraagd(filter, groep))
    lijst = _Lijst(
        groep=gekozen[0] if len(gekozen) == 1 else None,
        verder=bool(filter.na),
        leeg=not gekozen or not vorm.blik.takken(filter.tab),
    )
    tabs, per_groep, rijen = _lees(session, vorm, lijst, waarden | _bladzijde(filter))
    getoond = [_rij(rij, vandaag) for rij in rijen[: filter.per_pagina]]
    meer = len(rijen) > filter.per_pagina
    return Page(
        rijen=tuple(getoond),
        totaal=samen(per_groep[groep] for groep in gekozen),
        pagina=filter.pagina,
        per_pagina=filter.per_pagina,
        volgende=_cursor(getoond[-1].uiterlijk, getoond[-1].taak_id) if meer else None,
        tabs=tabs,
        groepen=per_groep,
    )


def _gevraagd(filter: WerklijstFilter, groep: Groep) -> bool:
    return filter.groep in {None, groep} and (groep == "te laat" or not filter.te_laat)


_FILTERS: Mapping[str, Any] = {
    "onderdeel": Taak.onderdeel,
    "rol": Taak.rol,
    "partij": Taak.partij,
    "dossier_id": Taak.dossier_id,
}


def _gefilterd(filter: "WerklijstFilter | TakenFilter") -> dict[str, Any]:
    """Return the columns that were filtered on, with what they must be."""
    gevraagd = ((naam, getattr(filter, naam, None)) for naam in _FILTERS)
    return {naam: waarde for naam, waarde in gevraagd if waarde}


def _kolommen(namen: Iterable[str]) -> Iterator[Voorwaarde]:
    for naam in namen:
        kolom = _FILTERS[naam]
        yield kolom == bindparam(naam, type_=kolom.type)


def _dag(naam: str) -> ColumnElement[date]:
    return bindparam(naam, type_=Taak.volgorde.type)


_GROEPEN: Mapping[Groep, Voorwaarde] = {
    "te laat": Taak.volgorde < _dag("vandaag"),
    "deze week": Taak.volgorde.between(_dag("vandaag"), _dag("zondag")),
    "volgende week": Taak.volgorde.between(_dag("maandag"), _dag("zondag_erna")),
    "later": Taak.volgorde.between(_dag("maandag_erna"), OOIT - _DAG),
    "geen datum": Taak.volgorde >= OOIT,
}


def _dagen(vandaag: date) -> dict[str, date]:
    zondag = vandaag + timedelta(days=7 - vandaag.isoweekday())
    return {
        "vandaag": vandaag,
        "zondag": zondag,
        "maandag": zondag + _DAG,
        "zondag_erna": zondag + _WEEK,
        "maandag_erna": zondag + _WEEK + _DAG,
    }


def _groep(volgorde: date, vandaag: date) -> Groep:
    if volgorde < vandaag:
        return "te laat"
    if volgorde >= OOIT:
        return "geen datum"
    zondag = vandaag + timedelta(days=7 - vandaag.isoweekday())
    if volgorde <= zondag:
        return "deze week"
    return "volgende week" if volgorde <= zondag + _WEEK else "later"


_Gelezen = tuple[dict[str, Aantal], dict[str, Aantal], Sequence[Any]]


def _lees(session: Session, vorm: _Vorm, lijst: _Lijst, waarden: Waarden) -> _Gelezen:
    """Return the counts per tab and per group of the chosen tab, and the rows of the page."""
    if isinstance(vorm.gezocht, Veel):
        delen, rijen = _lees_in_eens(session, vorm, vorm.gezocht, lijst, waarden)
        return *_per_naam(vorm, delen), rijen
    telling = (
        _tel_gevonden(session, vorm, waarden)
        if isinstance(vorm.gezocht, Gevonden)
        else _per_naam(vorm, geteld(session, _telling_lijst(vorm), waarden) if _wat(vorm) else [])
    )
    if lijst.leeg:
        return *telling, ()
    return *telling, session.execute(_rijen_vraag(vorm, lijst), waarden).all()


_Telling = tuple[dict[str, Aantal], dict[str, Aantal]]


def _tel_gevonden(session: Session, vorm: _Vorm, waarden: Waarden) -> _Telling:
    getallen = session.execute(_telling_gevonden(vorm), waarden).one()
    aantallen = [Aantal(getal) for getal in getallen]
    return (
        dict(zip(TABS, aantallen[: len(TABS)], strict=True)),
        dict(zip(GROEPEN, aantallen[len(TABS) :], strict=True)),
    )


def _per_naam(vorm: _Vorm, delen: Sequence[Aantal]) -> _Telling:
    """Return the sums per tab and group of the counts of ``_wat``."""
    namen = [naam for naam, _ in _wat(vorm)]

    def som(naam: str) -> Aantal:
        return samen(deel for van, deel in zip(namen, delen, strict=True) if van == naam)

    per_groep: dict[str, Aantal] = {groep: som(groep) for groep in GROEPEN}
    tabs: dict[str, Aantal] = {
        een: samen(per_groep.values()) if een == vorm.tab else som(een) for een in TABS
    }
    return tabs, per_groep


@lru_cache(maxsize=256)
def _wat(vorm: _Vorm) -> tuple[tuple[str, Select[UUID]], ...]:
    """Return what is counted, and what finds it: each a range of an index."""
    delen: list[tuple[str, Voorwaarde]] = [
        (groep, and_(tak, _GROEPEN[groep]))
        for groep in GROEPEN
        for tak in vorm.blik.takken(vorm.tab)
    ]
    delen += [
        (ander, tak) for ander in TABS if ander != vorm.tab for tak in vorm.blik.takken(ander)
    ]
    vraag = and_(TAAK_OPEN, *_kolommen(vorm.kolommen))
    return tuple(
        (naam, select(Taak.dossier_id).where(deel, vraag).order_by(Taak.volgorde, Taak.id))
        for naam, deel in delen
    )


@lru_cache(maxsize=256)
def _telling_lijst(vorm: _Vorm) -> "Select[*tuple[int, ...]]":
    return telvraag([vraag for _, vraag in _wat(vorm)])


@lru_cache(maxsize=128)
def _telling_gevonden(vorm: _Vorm) -> "Select[*tuple[int, ...]]":
    """Return what counts all in one look at the taken of the dossiers that were found."""
    in_tab = {een: or_(false(), *vorm.blik.takken(een)) for een in TABS}
    wat = [*in_tab.values(), *(and_(in_tab[vorm.tab], _GROEPEN[groep]) for groep in GROEPEN)]
    return select(*(func.count().filter(deel) for deel in wat)).where(
        _van_gezocht(vorm.gezocht), TAAK_OPEN, *_kolommen(vorm.kolommen)
    )


def _van_gezocht(gezocht: Gevonden | Veel | None) -> Voorwaarde:
    if gezocht is None:
        return true()
    if isinstance(gezocht, Gevonden):
        return Taak.dossier_id.in_(gezocht.ids)
    return gezocht.past_op_weg(Taak.dossier_id)


@lru_cache(maxsize=256)
def _rijen_vraag(vorm: _Vorm, lijst: _Lijst) -> "Select[*tuple[Any, ...]]":
    return (
        select(*_GETOOND)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .outerjoin(Account, Account.id == Taak.behandelaar_id)
        .where(Taak.id.in_(_ids(vorm, lijst)))
        .order_by(Taak.volgorde, Taak.id)
    )


def _lees_in_eens(
    session: Session, vorm: _Vorm, gezocht: Veel, lijst: _Lijst, waarden: Waarden
) -> tuple[list[Aantal], Sequence[Any]]:
    """Return the counts of ``_wat`` and the rows of the page, where many dossiers were found.

    One statement: what is found is remembered once for both.
    """
    if not _wat(vorm):
        return [], ()
    gelezen = session.execute(_vraag_in_eens(vorm, gezocht, lijst), waarden).all()
    geteld_ = [rij for rij in gelezen if rij.welk is not None]
    rijen = [rij for rij in gelezen if rij.welk is None]
    return geteld_in_venster(geteld_, len(_wat(vorm))), rijen


@lru_cache(maxsize=256)
def _vraag_in_eens(vorm: _Vorm, gezocht: Veel, lijst: _Lijst) -> "Select[*tuple[Any, ...]]":
    """Return the rows of a ``venstervraag`` with nothing behind them, and the page with no ``welk``."""
    telling = venstervraag([vraag for _, vraag in _wat(vorm)], gezocht.past_op_weg).subquery()
    delen = [select(*telling.c, cast(null(), Taak.id.type).label("id"))]
    if not lijst.leeg:
        ids = _ids(vorm, lijst).subquery()
        delen.append(select(null(), null(), null(), ids.c.id))
    samen_ = union_all(*delen).subquery()
    return (
        select(samen_.c.welk, samen_.c.gezien, samen_.c.gevonden, *_GETOOND)
        .select_from(samen_)
        .outerjoin(Taak, Taak.id == samen_.c.id)
        .outerjoin(Dossier, Dossier.id == Taak.dossier_id)
        .outerjoin(Account, Account.id == Taak.behandelaar_id)
        .order_by(Taak.volgorde, Taak.id)
    )


def _ids(vorm: _Vorm, lijst: _Lijst) -> Select[UUID]:
    vraag = and_(TAAK_OPEN, *_kolommen(vorm.kolommen), _van_gezocht(vorm.gezocht))
    if lijst.groep:
        vraag &= _GROEPEN[lijst.groep]
    return _pagina_ids(vorm.blik.takken(vorm.tab), vraag, verder=lijst.verder)


def _pagina_ids(delen: Sequence[Voorwaarde], vraag: Voorwaarde, *, verder: bool) -> Select[UUID]:
    """Return the ids of one page and one more: the sign that there is a next page.

    Each of ``delen`` is read in the order of its own index, no further than the page needs.
    ``verder``: from a cursor on. See ``_bladzijde`` for what is filled in.
    """
    if verder:
        plaats = tuple_(_dag("na_dag"), bindparam("na_id", type_=Taak.id.type))
        vraag &= tuple_(Taak.volgorde, Taak.id) > plaats
    takken_ = [
        select(Taak.id, Taak.volgorde)
        .where(tak, vraag)
        .order_by(Taak.volgorde, Taak.id)
        .limit(bindparam("nodig", type_=Integer()))
        .subquery()
        for tak in delen
    ]
    allemaal = union_all(*(select(tak) for tak in takken_)).subquery()
    return (
        select(allemaal.c.id)
        .order_by(allemaal.c.volgorde, allemaal.c.id)
        .offset(bindparam("begin", type_=Integer()))
        .limit(bindparam("een_meer", type_=Integer()))
    )


def _bladzijde(filter: "WerklijstFilter | TakenFilter") -> dict[str, Any]:
    """Return which page is asked for. Raises Invalid for a cursor that is none of ours."""
    een_meer = filter.per_pagina + 1
    if filter.na:
        return {"nodig": een_meer, "begin": 0, "een_meer": een_meer, **_na(filter.na)}
    pagina = filter.pagina if isinstance(filter, WerklijstFilter) else 1
    begin = (max(pagina, 1) - 1) * filter.per_pagina
    return {"nodig": begin + een_meer, "begin": begin, "een_meer": een_meer}


_GETOOND = (
    Taak.id,
    Taak.naam,
    Taak.element,
    Taak.proces,
    Taak.onderdeel,
    Taak.rol,
    Taak.partij,
    Taak.samen_met,
    Taak.houder,
    Taak.uiterlijk,
    Taak.grond,
    Taak.opvolgen,
    Taak.vlag,
    Taak.geopend_op,
    Taak.behandelaar_id,
    Account.naam.label("behandelaar"),
    Dossier.id.label("dossier_id"),
    Dossier.nummer,
    Dossier.naam.label("dossier_naam"),
    Dossier.fase,
    Taak.volgorde,
    Taak.concept.is_not(None).label("heeft_concept"),
)


def _rij(rij: Any, vandaag: date) -> Rij:  # noqa: ANN401 - a row of _GETOOND
    return Rij(
        taak_id=rij.id,
        naam=rij.naam,
        element=rij.element,
        proces=rij.proces,
        onderdeel=rij.onderdeel,
        rol=rij.rol,
        partij=rij.partij,
        samen_met=rij.samen_met,
        houder=rij.houder,
        uiterlijk=rij.uiterlijk,
        grond=rij.grond,
        opvolgen=rij.opvolgen,
        vlag=rij.vlag,
        geopend_op=rij.geopend_op,
        behandelaar_id=rij.behandelaar_id,
        behandelaar=rij.behandelaar,
        dossier_id=rij.dossier_id,
        dossier_nummer=rij.nummer,
        dossier_naam=rij.dossier_naam,
        fase=rij.fase,
        groep=_groep(rij.volgorde, vandaag),
        heeft_concept=rij.heeft_concept,
    )


def _cursor(uiterlijk: date | None, taak_id: UUID) -> str:
    return f"{(uiterlijk or OOIT).isoformat()}_{taak_id.hex}"


def _na(cursor: str) -> dict[str, Any]:
    dag, _, id_ = cursor.partition("_")
    try:
        return {"na_dag": date.fromisoformat(dag), "na_id": UUID(id_)}
    except ValueError as error:
        raise onleesbare_cursor() from error


_STANDEN = ("open", "gedaan", "vervallen")


def taken(session: Session, actor: Actor, filter: TakenFilter, vandaag: date) -> Page[Taak]:
    """Return taken, open or not, that ``actor`` asked for and may see, with dossier and behandelaar."""
    standen = _STANDEN if filter.status == "alle" else (filter.status,)
    gefilterd = _gefilterd(filter)
    vragen = _taken_vragen(
        blik(actor), standen, tuple(gefilterd), filter.te_laat, verder=bool(filter.na)
    )
    if vragen is None:
        return Page((), Aantal(0), per_pagina=filter.per_pagina)
    telling, bladzijde = vragen
    waarden = {**waarden_van(actor), **gefilterd, "vandaag": vandaag}
    totaal = samen(geteld(session, telling, waarden))
    rijen = session.scalars(bladzijde, waarden | _bladzijde(filter)).all()
    getoond = tuple(rijen[: filter.per_pagina])
    meer = len(rijen) > filter.per_pagina
    return Page(
        getoond,
        totaal,
        per_pagina=filter.per_pagina,
        volgende=_cursor(getoond[-1].uiterlijk, getoond[-1].id) if meer else None,
    )


@lru_cache(maxsize=128)
def _taken_vragen(
    wie: Blik,
    standen: tuple[str, ...],
    kolommen: tuple[str, ...],
    te_laat: bool | None,  # noqa: FBT001 - None: it was not asked
    *,
    verder: bool,
) -> "tuple[Select[*tuple[int, ...]], Select[Taak]] | None":
    """Return the statement that counts and the one of a page; None when there is nothing to see."""
    vraag = and_(true(), *_kolommen(kolommen))
    delen = [
        and_(TAAK_OPEN if stand == "open" else Taak.status == stand, tak)
        for stand in standen
        for tak in wie.takken("team")
    ]
    if "dossier_id" in kolommen:  # its taken are few, whatever their status
        delen = [and_(Taak.status.in_(standen), wie.mag_taken())]
    if te_laat is not None:
        is_te_laat = and_(_GROEPEN["te laat"], TAAK_OPEN)
        vraag &= is_te_laat if te_laat else ~is_te_laat
    if not delen:
        return None
    bladzijde = (
        select(Taak)
        .where(Taak.id.in_(_pagina_ids(delen, vraag, verder=verder)))
        .order_by(Taak.volgorde, Taak.id)
        .options(joinedload(Taak.dossier, innerjoin=True), joinedload(Taak.behandelaar))
    )
    return telvraag([select(Taak.id).where(deel, vraag) for deel in delen]), bladzijde


def taak(session: Session, actor: Actor, taak_id: UUID) -> Taak:
    """Return one taak (open or closed) with its dossier. Raises NotFound or NotAllowed."""
    gevonden = session.scalar(
        select(Taak)
        .where(Taak.id == taak_id)
        .options(joinedload(Taak.dossier, innerjoin=True), joinedload(Taak.behandelaar))
    )
    if gevonden is None:
        raise NotFound("Deze taak bestaat niet.")
    if bezwaar := bezwaar_tegen(
        actor,
        Handeling.TAAK_INZIEN,
        rol=gevonden.rol,
        partij=gevonden.partij,
        samen_met=gevonden.samen_met,
    ):
        raise NotAllowed(bezwaar)
    return gevonden


def behandelaars(session: Session, taak: Taak) -> list[Account]:
    """Return the active accounts that may be given ``taak``: its rol, at its partij."""
    partijen = [partij for partij in (taak.partij, taak.samen_met) if partij]
    return [
        account
        for account in session.scalars(
            select(Account)
            .where(Account.actief, Account.partij.in_(partijen))
            .order_by(Account.naam)
        )
        if taak.rol in mag_doen(account)
    ]


def mag_doen(account: Account) -> frozenset[Rol]:
    """Return the rollen whose taken ``account`` may do."""
    rollen = frozenset(Rol(rol) for rol in account.rollen)
    return zichtbaar(Actor(account.naam, account.partij, rollen, account.id)).rollen
