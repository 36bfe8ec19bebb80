"""One dossier in hand: its route locked, and what an act on it needs read once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased, joinedload

from routeflow.commands import ladder
from routeflow.commands.boetes import boeteadvies
from routeflow.commands.catalogus import Catalogus, catalogus_of
from routeflow.commands.diensten import Omgeving, diensten_voor
from routeflow.commands.feiten import Feiten
from routeflow.engine import World
from routeflow.inburgering import regels
from routeflow.inburgering.feestdagen import werkdagen_verder
from routeflow.inburgering.normen import norm
from routeflow.inburgering.rechten import Actor
from routeflow.inburgering.termijn import Termijn
from routeflow.store.models import Deployment, DossierTermijn, Route, Taak
from routeflow.store.openstaand import Openstaand, openstaand_en_taken, vergrendel_van_taak
from routeflow.store.terugblik import Terugblik


@dataclass(frozen=True, slots=True)
class Act:
    """What is being done, in the words of the journal."""

    wat: str
    element: str | None = None
    gegevens: Mapping[str, Any] = field(default_factory=dict)
    taak_id: UUID | None = None


@dataclass(slots=True)
class Zaak:
    """One dossier in hand: its locked route, its facts and its open rows, read once per act.

    ``casemanager_id`` is who it was at the beginning of the act, ``nieuw`` the taken it opened.
    ``open``: its wekkers, waits and kept messages; of a new dossier there are none. ``terugblik``:
    all that was before, for an act that rests on it. ``perioden``: its periods, once they were read.
    """

    session: Session
    route: Route
    catalogus: Catalogus
    feiten: Feiten
    taken: list[Taak]
    by: Actor
    now: datetime
    casemanager_id: UUID | None = None
    nieuw: list[Taak] = field(default_factory=list)
    open: Openstaand = field(default_factory=Openstaand)
    terugblik: Terugblik | None = None
    perioden: list[DossierTermijn] | None = None

    @property
    def omgeving(self) -> Omgeving:
        """Return what a dienst may use."""
        return Omgeving(self.session, self.route.dossier, self.now)

    def world(self) -> World:
        """Return what the engine may look at."""
        return World(
            now=self.now,
            facts=dict(self.feiten.waarden),
            functions=self.functies,
            services=diensten_voor(self.omgeving),
        )

    def termijn(
        self, naam: str, geopend: datetime, eigen: Mapping[str, Any] | None = None
    ) -> Termijn | None:
        """Return the period called ``naam`` for a taak or timer that was opened at ``geopend``.

        ``eigen``: what this very case counts from, where a dossier may have two side by side; what
        is not known in it counts from the facts.
        """
        hier = {naam: waarde for naam, waarde in (eigen or {}).items() if waarde is not None}
        return regels.termijn(
            naam,
            {**self.feiten.waarden, **hier} if hier else self.feiten.waarden,
            afspraken=lambda afspraak: self.catalogus.afspraak(afspraak, self.now),
            geopend=geopend,
        )

    def functies(self, geopend: datetime) -> Mapping[str, Callable[..., Any]]:
        """Return what expressions and forms may call, for a taak or timer opened at ``geopend``."""
        dag = ladder.vandaag(geopend)

        def laatste_dag(naam: str, eigen: Any = None) -> Any:  # noqa: ANN401 - a date or FEEL's null
            gevonden = self.termijn(naam, geopend, eigen)
            return None if gevonden is None else gevonden.laatste_dag()

        return {
            "termijn": laatste_dag,
            "werkdagen": lambda aantal: werkdagen_verder(dag, int(aantal)),
            "voor": lambda datum, aantal: werkdagen_verder(datum, -int(aantal)),
            "norm": norm,
            "wie": lambda: str(self.by.account_id or self.by.naam),
            "boeteadvies": self._boeteadvies,
        }

    def _boeteadvies(self, zaak: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever FEEL hands over
        advies = boeteadvies(
            self.feiten.waarden,
            lambda onderwerp: self.catalogus.boetebeleid(onderwerp, self.now),
            ladder.vandaag(self.now),
        )
        return advies(zaak)


FUNCTIES = ("termijn", "werkdagen", "voor", "norm", "wie", "boeteadvies")


_ZELF = aliased(Route)
GEZIEN = select(_ZELF.version).where(_ZELF.dossier_id == Route.dossier_id).scalar_subquery()
"""The version of a route as it was before anybody waited for it: see ``vers``."""

_LOCKED = (
    select(Route, GEZIEN)
    .options(
        joinedload(Route.dossier, innerjoin=True),
        joinedload(Route.deployment, innerjoin=True).load_only(Deployment.digest),
    )
    .with_for_update(of=Route)
    .execution_options(populate_existing=True)
)
_LOCKED_OF_TAAK = _LOCKED.join(Taak, Taak.dossier_id == Route.dossier_id).where(
    Taak.id == bindparam("taak")
)


def lock_route(session: Session, *where: Any) -> Route | None:  # noqa: ANN401 - SQL
    """Lock and return the one route that ``where`` finds, with its dossier and deployment.

    Whoever acts on a dossier holds this row until the end: acts on one dossier come one after
    the other, and read what the one before them wrote.
    """
    return _lock(session, _LOCKED.where(*where), {})


def lock_route_of(session: Session, taak_id: UUID) -> Route | None:
    """Lock and return the route to which a taak belongs; see ``lock_route``."""
    return _lock(session, _LOCKED_OF_TAAK, {"taak": taak_id})


def _lock(session: Session, which: Select[Any], values: Mapping[str, Any]) -> Route | None:
    # PostgreSQL waits for the lock, then reads the row anew, but not what is joined to it: a
    # route that was brought to another deployment meanwhile is found at the second look.
    found = session.execute(which, values).first() or session.execute(which, values).first()
    return None if found is None else vers(session, *found)


def vers(session: Session, route: Route, gezien: int) -> Route:
    """Return a locked ``route`` with its dossier as it is now.

    Whoever acts on a dossier moves the version of its route: when that is no longer ``gezien``,
    the dossier that was read beside the route is the one of before.
    """
    if route.version != gezien:
        session.refresh(route.dossier)
    return route


def lock_routes(session: Session, dossiers: Collection[UUID]) -> None:
    """Lock the routes of ``dossiers``, always in the same order, before anything of them is read."""
    session.execute(
        select(Route.dossier_id)
        .where(Route.dossier_id.in_(dossiers))
        .order_by(Route.dossier_id)
        .with_for_update()
    ).all()


def neem(session: Session, route: Route, *, by: Actor, now: datetime) -> Zaak:
    """Read what an act on ``route`` (locked) needs."""
    open_, taken = openstaand_en_taken(session, route.dossier_id)
    return _zaak(session, route, open_, taken, by=by, now=now)


def neem_van_taak(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Zaak | None:
    """Lock the route to which a taak belongs and read what an act on it needs, in one question."""
    gelezen = vergrendel_van_taak(session, taak_id)
    return None if gelezen is None else _zaak(session, *gelezen, by=by, now=now)


def _zaak(
    session: Session,
    route: Route,
    open_: Openstaand,
    taken: list[Taak],
    *,
    by: Actor,
    now: datetime,
) -> Zaak:
    return Zaak(
        session=session,
        route=route,
        catalogus=catalogus_of(session, route.deployment),
        feiten=Feiten(session, route.dossier, open_.feiten),
        taken=taken,
        by=by,
        now=now,
        casemanager_id=route.dossier.casemanager_id,
        open=open_,
    )
