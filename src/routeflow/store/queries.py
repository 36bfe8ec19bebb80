"""Every list and page that people read, filtered in SQL by what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow.inburgering.rechten import Actor
from routeflow.store.models import Account, Dossier, Incident, Journaal, Melding, Taak

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
    raise NotImplementedError


def taak(session: Session, actor: Actor, taak_id: UUID) -> Taak:
    """Return one taak (open or closed) with its dossier. Raises NotFound or NotAllowed."""
    raise NotImplementedError


def feiten(session: Session, dossier_id: UUID) -> dict[str, Any]:
    """Return the facts of this moment by name, as Python values, without any filter."""
    raise NotImplementedError


def behandelaars(session: Session, taak: Taak) -> list[Account]:
    """Return the active accounts that may be given ``taak``: its rol, at its partij."""
    raise NotImplementedError


def dossiers(
    session: Session, actor: Actor, filter: DossierFilter, vandaag: date
) -> Page[DossierRij]:
    """Return the dossiers that ``actor`` asked for and may see, by naam."""
    raise NotImplementedError


def dossier_detail(
    session: Session, actor: Actor, dossier_id: UUID, vandaag: date
) -> DossierDetail:
    """Return one dossier as ``actor`` may see it. Raises NotFound or NotAllowed."""
    raise NotImplementedError


def journaal(
    session: Session,
    actor: Actor,
    dossier_id: UUID,
    *,
    na: str | None = None,
    per_pagina: int = PER_PAGINA,
) -> Page[Journaal]:
    """Return the acts on one dossier, newest first. Raises NotFound or NotAllowed."""
    raise NotImplementedError


def incidenten(
    session: Session, actor: Actor, *, opgelost: bool = False, pagina: int = 1
) -> Page[Incident]:
    """Return the incidents, newest first. Raises NotAllowed."""
    raise NotImplementedError


def meldingen(
    session: Session, actor: Actor, *, ook_gelezen: bool = False, pagina: int = 1
) -> Page[Melding]:
    """Return the notices for ``actor``, newest first."""
    raise NotImplementedError


def accounts(session: Session, actor: Actor) -> list[Account]:
    """Return all accounts by naam. Raises NotAllowed."""
    raise NotImplementedError
