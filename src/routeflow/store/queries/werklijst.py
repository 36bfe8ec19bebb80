"""The werklijst, and taken as the API lists them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import Select, and_, false, func, literal, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session, joinedload

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, Rol, bezwaar_tegen, zichtbaar
from routeflow.store.models import OOIT, TAAK_OPEN, Account, Dossier, Taak
from routeflow.store.queries.bladzijde import (
    PER_PAGINA,
    Aantal,
    Page,
    Past,
    Voorwaarde,
    onleesbare_cursor,
    samen,
    tel,
    tel_in_venster,
)
from routeflow.store.queries.zicht import TABS, Tab, mag_taken, takken
from routeflow.store.queries.zoeken import Gevonden, zoek

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


def werklijst(session: Session, actor: Actor, filter: WerklijstFilter, vandaag: date) -> Page[Rij]:
    """Return the open taken that ``actor`` asked for and may see, most urgent first."""
    gezocht = zoek(session, filter.zoek)
    vraag = and_(TAAK_OPEN, *_kolommen(filter))
    groepen = _groepen(vandaag)
    if isinstance(gezocht, Gevonden):
        tabs, per_groep = _tel_gevonden(session, actor, filter.tab, vraag, gezocht.ids, groepen)
        vraag &= Taak.dossier_id.in_(gezocht.ids)
    else:
        past = gezocht.past if gezocht else None
        tabs, per_groep = _tel_lijst(session, actor, filter.tab, vraag, groepen, past)
        if past is not None:
            vraag &= past(Taak.dossier_id)
    gekozen = [groep for groep in GROEPEN if _gevraagd(filter, groep)]
    if len(gekozen) < len(GROEPEN):
        vraag = and_(vraag, *(groepen[groep] for groep in gekozen[:1]))
    delen = takken(filter.tab, actor) if gekozen else []
    rijen = session.execute(_rijen(_pagina_ids(delen, vraag, filter))).all() if delen else []
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


def _kolommen(filter: "WerklijstFilter | TakenFilter") -> Iterator[Voorwaarde]:
    if isinstance(filter, WerklijstFilter) and filter.onderdeel:
        yield Taak.onderdeel == filter.onderdeel
    if filter.rol:
        yield Taak.rol == filter.rol
    if filter.partij:
        yield Taak.partij == filter.partij


def _groepen(vandaag: date) -> dict[Groep, Voorwaarde]:
    zondag = vandaag + timedelta(days=7 - vandaag.isoweekday())
    return {
        "te laat": Taak.volgorde < vandaag,
        "deze week": Taak.volgorde.between(vandaag, zondag),
        "volgende week": Taak.volgorde.between(zondag + _DAG, zondag + _WEEK),
        "later": Taak.volgorde.between(zondag + _WEEK + _DAG, OOIT - _DAG),
        "geen datum": Taak.volgorde >= OOIT,
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


_Telling = tuple[dict[str, Aantal], dict[str, Aantal]]


def _tel_lijst(  # noqa: PLR0913, PLR0917 - what a count depends on
    session: Session,
    actor: Actor,
    tab: Tab,
    vraag: Voorwaarde,
    groepen: Mapping[Groep, Voorwaarde],
    past: Past | None,
) -> _Telling:
    """Count per tab and per group from the indexes, each a range of its own."""
    wat: list[tuple[str, Voorwaarde]] = [
        (groep, and_(tak, groepen[groep])) for groep in GROEPEN for tak in takken(tab, actor)
    ]
    wat += [(ander, tak) for ander in TABS if ander != tab for tak in takken(ander, actor)]
    vragen = [
        select(Taak.dossier_id).where(tak, vraag).order_by(Taak.volgorde, Taak.id) for _, tak in wat
    ]
    delen = tel(session, vragen) if past is None else tel_in_venster(session, vragen, past)

    def som(naam: str) -> Aantal:
        return samen(deel for (van, _), deel in zip(wat, delen, strict=True) if van == naam)

    per_groep: dict[str, Aantal] = {groep: som(groep) for groep in GROEPEN}
    tabs: dict[str, Aantal] = {
        een: samen(per_groep.values()) if een == tab else som(een) for een in TABS
    }
    return tabs, per_groep


def _tel_gevonden(  # noqa: PLR0913, PLR0917 - what a count depends on
    session: Session,
    actor: Actor,
    tab: Tab,
    vraag: Voorwaarde,
    gezocht: Select[UUID],
    groepen: Mapping[Groep, Voorwaarde],
) -> _Telling:
    """Count per tab and per group in one look at the taken of the dossiers that were found."""
    in_tab = {een: or_(false(), *takken(een, actor)) for een in TABS}
    wat = [*in_tab.values(), *(and_(in_tab[tab], groepen[groep]) for groep in GROEPEN)]
    getallen = session.execute(
        select(*(func.count().filter(deel) for deel in wat)).where(
            Taak.dossier_id.in_(gezocht), vraag
        )
    ).one()
    aantallen = [Aantal(getal) for getal in getallen]
    return (
        dict(zip(TABS, aantallen[: len(TABS)], strict=True)),
        dict(zip(GROEPEN, aantallen[len(TABS) :], strict=True)),
    )


def _pagina_ids(
    delen: Sequence[Voorwaarde], vraag: Voorwaarde, filter: "WerklijstFilter | TakenFilter"
) -> Select[UUID]:
    """Return the ids of one page and one more: the sign that there is a next page.

    Each of ``delen`` is read in the order of its own index, no further than the page needs.
    """
    pagina = filter.pagina if isinstance(filter, WerklijstFilter) else 1
    begin = 0 if filter.na else (max(pagina, 1) - 1) * filter.per_pagina
    if filter.na:
        vraag &= _na(filter.na)
    nodig = begin + filter.per_pagina + 1
    takken_ = [
        select(Taak.id, Taak.volgorde)
        .where(tak, vraag)
        .order_by(Taak.volgorde, Taak.id)
        .limit(nodig)
        .subquery()
        for tak in delen
    ]
    allemaal = union_all(*(select(tak) for tak in takken_)).subquery()
    return (
        select(allemaal.c.id)
        .order_by(allemaal.c.volgorde, allemaal.c.id)
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
        raise onleesbare_cursor() from error
    return tuple_(Taak.volgorde, Taak.id) > tuple_(literal(plaats[0]), literal(plaats[1]))


def taken(session: Session, actor: Actor, filter: TakenFilter, vandaag: date) -> Page[Taak]:
    """Return taken, open or not, that ``actor`` asked for and may see, with dossier and behandelaar."""
    standen = _STANDEN if filter.status == "alle" else (filter.status,)
    vraag = and_(true(), *_kolommen(filter))
    delen = [
        and_(TAAK_OPEN if stand == "open" else Taak.status == stand, tak)
        for stand in standen
        for tak in takken("team", actor)
    ]
    if filter.dossier_id:  # its taken are few, whatever their status
        vraag &= Taak.dossier_id == filter.dossier_id
        delen = [and_(Taak.status.in_(standen), mag_taken(actor))]
    if filter.te_laat is not None:
        te_laat = and_(Taak.volgorde < vandaag, TAAK_OPEN)
        vraag &= te_laat if filter.te_laat else ~te_laat
    totaal = samen(tel(session, [select(Taak.id).where(deel, vraag) for deel in delen]))
    if not delen:
        return Page((), Aantal(0), per_pagina=filter.per_pagina)
    rijen = session.scalars(
        select(Taak)
        .where(Taak.id.in_(_pagina_ids(delen, vraag, filter)))
        .order_by(Taak.volgorde, Taak.id)
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


_STANDEN = ("open", "gedaan", "vervallen")


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
