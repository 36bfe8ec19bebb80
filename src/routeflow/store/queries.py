"""Every list and page that people read, filtered in SQL by what the reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from routeflow.errors import Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import (
    Actor,
    Handeling,
    Rol,
    Zicht,
    bezwaar_tegen,
    feiten_zichtbaar,
    zichtbaar,
)
from routeflow.store.models import (
    OOIT,
    TAAK_OPEN,
    Account,
    Dossier,
    Feit,
    Incident,
    Journaal,
    Melding,
    Route,
    Taak,
    Wacht,
    Wekker,
)
from routeflow.store.velden import velden_van
from routeflow.store.waarden import from_json, zoekterm

Item = TypeVar("Item")
Tab = Literal["mijn", "te verdelen", "team"]
Groep = Literal["te laat", "deze week", "later"]

PER_PAGINA = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list. ``volgende`` is the cursor (``na``) of the next page, None on the last.

    ``tabs`` counts per tab and ``groepen`` per group of the chosen tab, before paging and
    before the filter on a group; both are empty for lists that have none.
    """

    rijen: tuple[Item, ...]
    totaal: int
    pagina: int = 1
    per_pagina: int = PER_PAGINA
    volgende: str | None = None
    tabs: Mapping[str, int] = field(default_factory=dict)
    groepen: Mapping[str, int] = field(default_factory=dict)

    @property
    def paginas(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, -(-self.totaal // self.per_pagina))


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
class DossierFilter:
    """What a reader of the list of dossiers asked for. ``status``: open, gesloten or alle."""

    zoek: str = ""
    fase: str | None = None
    leerroute: str | None = None
    doelgroep: str | None = None
    casemanager_id: UUID | None = None
    status: Literal["open", "gesloten", "alle"] = "open"
    pagina: int = 1
    per_pagina: int = PER_PAGINA
    na: str | None = None


@dataclass(frozen=True, slots=True)
class DossierRij:
    """One dossier in the list. ``eerste`` is the nearest last day among its open taken."""

    id: UUID
    nummer: str
    naam: str
    doelgroep: str
    leerroute: str | None
    fase: str
    casemanager_id: UUID | None
    casemanager: str | None
    geopend_op: datetime
    gesloten_op: datetime | None
    open_taken: int
    te_laat: int
    eerste: date | None


@dataclass(frozen=True, slots=True)
class FeitRij:
    """One fact as the reader may see it; ``waarde`` is a Python value (date, Decimal, ...)."""

    naam: str
    waarde: Any
    sinds: datetime
    door: str
    taak_id: UUID | None


@dataclass(frozen=True, slots=True)
class JournaalRij:
    """One act on a dossier. ``gegevens["feiten"]`` holds [before, after] of what the reader may see."""

    id: int
    op: datetime
    door: str
    door_id: UUID | None
    wat: str
    element: str | None
    gegevens: Mapping[str, Any]
    pad: Sequence[Sequence[Any]]
    deployment_id: int | None


@dataclass(frozen=True, slots=True)
class TermijnRij:
    """A moment that is coming for a dossier: an armed timer. ``op`` is None while it cannot be known."""

    naam: str
    element: str
    op: datetime | None


@dataclass(frozen=True, slots=True)
class DossierDetail:
    """All that the page of one dossier shows, already filtered for its reader."""

    dossier: Dossier
    proces: str
    deployment_id: int
    casemanager: str | None
    feiten: tuple[FeitRij, ...]
    open_taken: tuple[Taak, ...]
    gedane_taken: tuple[Taak, ...]
    termijnen: tuple[TermijnRij, ...]
    wacht_op: tuple[str, ...]
    incidenten: tuple[Incident, ...]


def werklijst(session: Session, actor: Actor, filter: WerklijstFilter, vandaag: date) -> Page[Rij]:
    """Return the open taken that ``actor`` asked for and may see, most urgent first."""
    zicht, vraag = zichtbaar(actor), _vraag(session, filter)
    takken = {tab: _takken(tab, actor, zicht) for tab in ("mijn", "te verdelen", "team")}
    groepen = _groepen(vandaag)
    telt = {
        **{("tab", tab): _aantal(deel, vraag) for tab, deel in takken.items()},
        **{
            ("groep", naam): _aantal(takken[filter.tab], vraag & groepen[naam])
            for naam in ("te laat", "deze week")
        },
    }
    aantal = dict(
        zip(telt, session.execute(select(*(som for som in telt.values()))).one(), strict=True)
    )
    per_groep = {naam: aantal["groep", naam] for naam in ("te laat", "deze week")}
    per_groep["later"] = aantal["tab", filter.tab] - sum(per_groep.values())
    smal = vraag & _smal(filter, groepen)
    ids = _pagina_ids(takken[filter.tab], smal, filter)
    rijen = session.execute(_rijen(ids)).all()
    getoond = [_rij(rij, vandaag) for rij in rijen[: filter.per_pagina]]
    meer = len(rijen) > filter.per_pagina
    if filter.groep:
        totaal = per_groep[filter.groep]
    else:
        totaal = per_groep["te laat"] if filter.te_laat else aantal["tab", filter.tab]
    return Page(
        rijen=tuple(getoond),
        totaal=totaal,
        pagina=filter.pagina,
        per_pagina=filter.per_pagina,
        volgende=_cursor(getoond[-1].uiterlijk, getoond[-1].taak_id) if meer else None,
        tabs={tab: aantal["tab", tab] for tab in takken},
        groepen=per_groep,
    )


Voorwaarde = ColumnElement[bool]


def _eigen(actor: Actor, zicht: Zicht) -> list[Voorwaarde]:
    """Return the taken that are the actor's own to do, as conditions that exclude each other.

    Each is answered from its own index; one OR would make the database read every open taak.
    """
    if zicht.dossiers == "geen" or not actor.partij:
        return [false()]
    rol = Taak.rol.in_(sorted(zicht.rollen))
    return [
        and_(Taak.partij == actor.partij, rol),
        and_(Taak.samen_met == actor.partij, Taak.partij != actor.partij, rol),
    ]


def _takken(tab: str, actor: Actor, zicht: Zicht) -> list[Voorwaarde]:
    if tab == "mijn":
        return [Taak.behandelaar_id == actor.account_id] if actor.account_id else [false()]
    if tab == "te verdelen":
        return [and_(deel, Taak.behandelaar_id.is_(None)) for deel in _eigen(actor, zicht)]
    return [true()] if zicht.dossiers == "alle" else _eigen(actor, zicht)


def _vraag(session: Session, filter: WerklijstFilter) -> Voorwaarde:
    """Return what was asked for, apart from tab, group and page."""
    delen: list[Voorwaarde] = [TAAK_OPEN]
    for kolom, waarde in (
        (Taak.onderdeel, filter.onderdeel),
        (Taak.rol, filter.rol),
        (Taak.partij, filter.partij),
    ):
        if waarde:
            delen.append(kolom == waarde)
    if filter.zoek.strip():
        delen.append(Taak.dossier_id.in_(_zoek(session, filter.zoek)))
    return and_(*delen)


_VEEL = 500


def _zoek(session: Session, zoek: str) -> Sequence[UUID] | Select[UUID]:
    """Return the dossiers whose naam or nummer holds every word: few as a list, many as a query."""
    gevonden = select(Dossier.id).where(_heeft_woorden(zoek))
    ids = session.scalars(gevonden.limit(_VEEL + 1)).all()
    return ids if len(ids) <= _VEEL else gevonden


def _heeft_woorden(zoek: str) -> Voorwaarde:
    woorden = zoekterm(zoek).split()
    return and_(*(Dossier.zoek.contains(woord, autoescape=True) for woord in woorden), true())


def _groepen(vandaag: date) -> dict[Groep, Voorwaarde]:
    zondag = vandaag + timedelta(days=7 - vandaag.isoweekday())
    return {
        "te laat": Taak.volgorde < vandaag,
        "deze week": Taak.volgorde.between(vandaag, zondag),
        "later": Taak.volgorde > zondag,
    }


def _groep(volgorde: date, vandaag: date) -> Groep:
    if volgorde < vandaag:
        return "te laat"
    return "deze week" if (volgorde - vandaag).days <= 7 - vandaag.isoweekday() else "later"


def _smal(filter: WerklijstFilter, groepen: Mapping[Groep, Voorwaarde]) -> Voorwaarde:
    delen: list[Voorwaarde] = [true()]
    if filter.groep:
        delen.append(groepen[filter.groep])
    if filter.te_laat:
        delen.append(groepen["te laat"])
    if filter.na:
        delen.append(_na(filter.na))
    return and_(*delen)


def _aantal(takken: Sequence[Voorwaarde], vraag: Voorwaarde) -> ColumnElement[int]:
    delen = [
        select(func.count()).select_from(Taak).where(tak, vraag).scalar_subquery() for tak in takken
    ]
    som: ColumnElement[int] = literal(0)
    for deel in delen:
        som += func.coalesce(deel, 0)
    return som


def _pagina_ids(
    takken: Sequence[Voorwaarde], vraag: Voorwaarde, filter: WerklijstFilter
) -> Select[UUID]:
    """Return the ids of one page and one more: the sign that there is a next page."""
    begin = 0 if filter.na else (max(filter.pagina, 1) - 1) * filter.per_pagina
    nodig = begin + filter.per_pagina + 1
    delen = [
        select(Taak.id, Taak.volgorde)
        .where(tak, vraag)
        .order_by(Taak.volgorde, Taak.id)
        .limit(nodig)
        .subquery()
        for tak in takken
    ]
    samen = union_all(*(select(deel) for deel in delen)).subquery()
    return (
        select(samen.c.id)
        .order_by(samen.c.volgorde, samen.c.id)
        .offset(begin)
        .limit(filter.per_pagina + 1)
    )


def _rijen(ids: Select[UUID]) -> "Select[*tuple[Any, ...]]":
    return (
        select(
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
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .outerjoin(Account, Account.id == Taak.behandelaar_id)
        .where(Taak.id.in_(ids))
        .order_by(Taak.volgorde, Taak.id)
    )


def _rij(rij: Any, vandaag: date) -> Rij:  # noqa: ANN401 - a row of _rijen
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


def _na(cursor: str) -> Voorwaarde:
    dag, _, id_ = cursor.partition("_")
    try:
        plaats = (date.fromisoformat(dag), UUID(id_))
    except ValueError as error:
        raise Invalid(
            "Deze cursor is niet te lezen. Begin opnieuw bij de eerste pagina."
        ) from error
    return tuple_(Taak.volgorde, Taak.id) > tuple_(literal(plaats[0]), literal(plaats[1]))


def taken(session: Session, actor: Actor, filter: TakenFilter, vandaag: date) -> Page[Taak]:
    """Return taken, open or not, that ``actor`` asked for and may see, with dossier and behandelaar."""
    zicht = zichtbaar(actor)
    delen: list[Voorwaarde] = [or_(false(), *_takken("team", actor, zicht))]
    if filter.status != "alle":
        delen.append(Taak.status == filter.status)
    for kolom, waarde in (
        (Taak.dossier_id, filter.dossier_id),
        (Taak.partij, filter.partij),
        (Taak.rol, filter.rol),
    ):
        if waarde:
            delen.append(kolom == waarde)
    if filter.te_laat is not None:
        te_laat = and_(Taak.volgorde < vandaag, TAAK_OPEN)
        delen.append(te_laat if filter.te_laat else ~te_laat)
    totaal = session.scalar(select(func.count()).select_from(Taak).where(*delen)) or 0
    if filter.na:
        delen.append(_na(filter.na))
    rijen = session.scalars(
        select(Taak)
        .where(*delen)
        .order_by(Taak.volgorde, Taak.id)
        .limit(filter.per_pagina + 1)
        .options(joinedload(Taak.dossier, innerjoin=True), joinedload(Taak.behandelaar))
    ).all()
    getoond = tuple(rijen[: filter.per_pagina])
    meer = len(rijen) > filter.per_pagina
    return Page(
        getoond,
        totaal,
        per_pagina=filter.per_pagina,
        volgende=_cursor(getoond[-1].uiterlijk, getoond[-1].id) if meer else None,
    )


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


def feiten(session: Session, dossier_id: UUID) -> dict[str, Any]:
    """Return the facts of this moment by name, as Python values, without any filter."""
    rijen = session.execute(
        select(Feit.naam, Feit.waarde).where(Feit.dossier_id == dossier_id, Feit.tot.is_(None))
    )
    return {rij.naam: from_json(rij.waarde) for rij in rijen}


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


def dossiers(
    session: Session, actor: Actor, filter: DossierFilter, vandaag: date
) -> Page[DossierRij]:
    """Return the dossiers that ``actor`` asked for and may see, by naam."""
    delen = [_mag_dossiers(actor), *_dossier_vraag(filter)]
    totaal = session.scalar(select(func.count()).select_from(Dossier).where(*delen)) or 0
    if filter.na:
        delen.append(_dossiers_na(filter.na))
    begin = 0 if filter.na else (max(filter.pagina, 1) - 1) * filter.per_pagina
    rijen = session.execute(
        select(Dossier, Account.naam.label("casemanager"))
        .outerjoin(Account, Account.id == Dossier.casemanager_id)
        .where(*delen)
        .order_by(Dossier.zoek, Dossier.id)
        .offset(begin)
        .limit(filter.per_pagina + 1)
    ).all()
    getoond = rijen[: filter.per_pagina]
    werk = _werk(session, actor, [dossier.id for dossier, _ in getoond], vandaag)
    return Page(
        rijen=tuple(
            DossierRij(
                id=dossier.id,
                nummer=dossier.nummer,
                naam=dossier.naam,
                doelgroep=dossier.doelgroep,
                leerroute=dossier.leerroute,
                fase=dossier.fase,
                casemanager_id=dossier.casemanager_id,
                casemanager=casemanager,
                geopend_op=dossier.geopend_op,
                gesloten_op=dossier.gesloten_op,
                open_taken=werk.get(dossier.id, (0, 0, None))[0],
                te_laat=werk.get(dossier.id, (0, 0, None))[1],
                eerste=werk.get(dossier.id, (0, 0, None))[2],
            )
            for dossier, casemanager in getoond
        ),
        totaal=totaal,
        pagina=filter.pagina,
        per_pagina=filter.per_pagina,
        volgende=getoond[-1][0].id.hex if len(rijen) > filter.per_pagina else None,
    )


def _mag_dossiers(actor: Actor) -> Voorwaarde:
    """Return which dossiers ``actor`` may see: all, or where they have or had a taak."""
    zicht = zichtbaar(actor)
    if zicht.dossiers == "alle":
        return true()
    return Dossier.id.in_(
        union_all(*(select(Taak.dossier_id).where(deel) for deel in _eigen(actor, zicht)))
    )


def _dossier_vraag(filter: DossierFilter) -> Iterable[Voorwaarde]:
    if filter.zoek.strip():
        yield _heeft_woorden(filter.zoek)
    if filter.status != "alle":
        open_ = Dossier.gesloten_op.is_(None)
        yield open_ if filter.status == "open" else ~open_
    for kolom, waarde in (
        (Dossier.fase, filter.fase),
        (Dossier.leerroute, filter.leerroute),
        (Dossier.doelgroep, filter.doelgroep),
        (Dossier.casemanager_id, filter.casemanager_id),
    ):
        if waarde:
            yield kolom == waarde


def _dossiers_na(cursor: str) -> Voorwaarde:
    try:
        vorige_id = UUID(cursor)
    except ValueError as error:
        raise Invalid(
            "Deze cursor is niet te lezen. Begin opnieuw bij de eerste pagina."
        ) from error
    vorige = aliased(Dossier)
    plaats = select(vorige.zoek).where(vorige.id == vorige_id).scalar_subquery()
    return or_(Dossier.zoek > plaats, and_(Dossier.zoek == plaats, Dossier.id > literal(vorige_id)))


def _werk(
    session: Session, actor: Actor, ids: Sequence[UUID], vandaag: date
) -> dict[UUID, tuple[int, int, date | None]]:
    """Count the open taken that ``actor`` may see in these dossiers: all, too late, and the first."""
    zien = or_(false(), *_takken("team", actor, zichtbaar(actor)))
    rijen = session.execute(
        select(
            Taak.dossier_id,
            func.count(),
            func.count().filter(Taak.volgorde < vandaag),
            func.min(Taak.uiterlijk),
        )
        .where(Taak.dossier_id.in_(ids), TAAK_OPEN, zien)
        .group_by(Taak.dossier_id)
    )
    return {rij[0]: (rij[1], rij[2], rij[3]) for rij in rijen}


def dossier_detail(
    session: Session, actor: Actor, dossier_id: UUID, vandaag: date
) -> DossierDetail:
    """Return one dossier as ``actor`` may see it. Raises NotFound or NotAllowed.

    Show facts from ``feiten`` only: the columns of ``dossier`` are not filtered.
    """
    del vandaag
    route = _route(session, actor, dossier_id)
    alles = zichtbaar(actor).dossiers == "alle"
    taken_ = session.scalars(
        select(Taak)
        .where(Taak.dossier_id == dossier_id, or_(*_takken("team", actor, zichtbaar(actor))))
        .order_by(Taak.volgorde, Taak.geopend_op, Taak.id)
        .options(joinedload(Taak.behandelaar))
    ).all()
    return DossierDetail(
        dossier=route.dossier,
        proces=route.proces,
        deployment_id=route.deployment_id,
        casemanager=route.dossier.casemanager.naam if route.dossier.casemanager else None,
        feiten=_feiten(session, actor, route, taken_),
        open_taken=tuple(taak for taak in taken_ if taak.status == "open"),
        gedane_taken=tuple(
            sorted(
                (taak for taak in taken_ if taak.status == "gedaan"),
                key=lambda taak: taak.gesloten_op or taak.geopend_op,
                reverse=True,
            )
        ),
        termijnen=_wekkers(session, dossier_id) if alles else (),
        wacht_op=_wachten(session, dossier_id) if alles else (),
        incidenten=tuple(
            session.scalars(
                select(Incident).where(
                    Incident.dossier_id == dossier_id, Incident.opgelost_op.is_(None)
                )
            )
        )
        if alles
        else (),
    )


def _route(session: Session, actor: Actor, dossier_id: UUID) -> Route:
    """Return the route of a dossier that ``actor`` may see. Raises NotFound or NotAllowed."""
    route = session.scalar(
        select(Route)
        .where(Route.dossier_id == dossier_id)
        .options(joinedload(Route.dossier, innerjoin=True).joinedload(Dossier.casemanager))
    )
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    mag = session.scalar(select(Dossier.id).where(Dossier.id == dossier_id, _mag_dossiers(actor)))
    if mag is None:
        bezwaar = bezwaar_tegen(actor, Handeling.DOSSIER_INZIEN)
        raise NotAllowed(bezwaar or "U mag dit dossier niet inzien.")
    return route


def _feiten(
    session: Session, actor: Actor, route: Route, eigen_taken: Iterable[Taak]
) -> tuple[FeitRij, ...]:
    rijen = session.scalars(
        select(Feit)
        .where(Feit.dossier_id == route.dossier_id, Feit.tot.is_(None))
        .order_by(Feit.naam)
    ).all()
    zien = _mag_feiten(session, actor, route, {rij.naam for rij in rijen}, eigen_taken)
    return tuple(
        FeitRij(rij.naam, from_json(rij.waarde), rij.sinds, rij.door, rij.taak_id)
        for rij in rijen
        if rij.naam in zien
    )


def _mag_feiten(
    session: Session,
    actor: Actor,
    route: Route,
    namen: Iterable[str],
    eigen_taken: Iterable[Taak],
) -> frozenset[str]:
    velden = velden_van(session, route.deployment_id)
    formulieren = {taak.formulier for taak in eigen_taken}
    return feiten_zichtbaar(
        actor,
        namen,
        van_taken=frozenset().union(
            *(velden.per_formulier.get(naam, frozenset()) for naam in formulieren)
        ),
        gevoelig=velden.gevoelig,
    )


def _wekkers(session: Session, dossier_id: UUID) -> tuple[TermijnRij, ...]:
    rijen = session.scalars(
        select(Wekker)
        .where(
            Wekker.dossier_id == dossier_id, Wekker.soort == "timer", Wekker.gesloten_op.is_(None)
        )
        .order_by(Wekker.op)
    )
    return tuple(TermijnRij(rij.naam or rij.element, rij.element, rij.op) for rij in rijen)


def _wachten(session: Session, dossier_id: UUID) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Wacht.naam).where(Wacht.dossier_id == dossier_id).distinct().order_by(Wacht.naam)
        )
    )


def journaal(
    session: Session,
    actor: Actor,
    dossier_id: UUID,
    *,
    na: str | None = None,
    per_pagina: int = PER_PAGINA,
) -> Page[JournaalRij]:
    """Return the acts on one dossier, newest first. Raises NotFound or NotAllowed."""
    route = _route(session, actor, dossier_id)
    if bezwaar := bezwaar_tegen(actor, Handeling.JOURNAAL_LEZEN):
        raise NotAllowed(bezwaar)
    van_dossier = Journaal.dossier_id == dossier_id
    totaal = session.scalar(select(func.count()).select_from(Journaal).where(van_dossier)) or 0
    vraag = select(Journaal).where(van_dossier).order_by(Journaal.id.desc()).limit(per_pagina + 1)
    if na:
        if not na.isdecimal():
            raise Invalid("Deze cursor is niet te lezen. Begin opnieuw bij de eerste pagina.")
        vraag = vraag.where(Journaal.id < int(na))
    rijen = session.scalars(vraag).all()
    getoond = rijen[:per_pagina]
    namen = {naam for rij in getoond for naam in rij.gegevens.get("feiten", {})}
    zien = _mag_feiten(session, actor, route, namen, ())
    return Page(
        rijen=tuple(_journaal_rij(rij, zien) for rij in getoond),
        totaal=totaal,
        per_pagina=per_pagina,
        volgende=str(getoond[-1].id) if len(rijen) > per_pagina else None,
    )


def _journaal_rij(rij: Journaal, zien: frozenset[str]) -> JournaalRij:
    gegevens = dict(rij.gegevens)
    if "feiten" in gegevens:
        gegevens["feiten"] = {
            naam: waarden for naam, waarden in gegevens["feiten"].items() if naam in zien
        }
    return JournaalRij(
        id=rij.id,
        op=rij.op,
        door=rij.door,
        door_id=rij.door_id,
        wat=rij.wat,
        element=rij.element,
        gegevens=gegevens,
        pad=rij.pad,
        deployment_id=rij.deployment_id,
    )


def incidenten(
    session: Session, actor: Actor, *, opgelost: bool = False, pagina: int = 1
) -> Page[Incident]:
    """Return the incidents, newest first. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.INCIDENTEN_INZIEN):
        raise NotAllowed(bezwaar)
    delen = [] if opgelost else [Incident.opgelost_op.is_(None)]
    vraag = select(Incident).where(*delen).order_by(Incident.op.desc(), Incident.id)
    return _bladzijde(session, vraag, pagina)


def meldingen(
    session: Session, actor: Actor, *, ook_gelezen: bool = False, pagina: int = 1
) -> Page[Melding]:
    """Return the notices for ``actor``, newest first."""
    delen = [melding_voor(actor)]
    if not ook_gelezen:
        delen.append(Melding.gelezen_op.is_(None))
    return _bladzijde(session, select(Melding).where(*delen).order_by(Melding.id.desc()), pagina)


def melding_voor(actor: Actor) -> Voorwaarde:
    """Return which notices are for ``actor``: for their rol at their partij, or for them alone."""
    return and_(
        Melding.partij == actor.partij,
        Melding.rol.in_(sorted(zichtbaar(actor).rollen | actor.rollen)),
        or_(Melding.account_id.is_(None), Melding.account_id == actor.account_id),
    )


def _bladzijde(session: Session, vraag: Select[Item], pagina: int) -> Page[Item]:
    alles = select(func.count()).select_from(vraag.order_by(None).subquery())
    return Page(
        rijen=tuple(
            session.scalars(vraag.offset((max(pagina, 1) - 1) * PER_PAGINA).limit(PER_PAGINA))
        ),
        totaal=session.scalar(alles) or 0,
        pagina=pagina,
    )


def accounts(session: Session, actor: Actor) -> list[Account]:
    """Return all accounts by naam. Raises NotAllowed."""
    if bezwaar := bezwaar_tegen(actor, Handeling.ACCOUNTS_BEHEREN):
        raise NotAllowed(bezwaar)
    return list(session.scalars(select(Account).order_by(Account.naam)))
