"""Bringing running dossiers to another deployment: first look what happens, then do it.

Each dossier goes in a transaction of its own: whoever stops halfway goes on later with the rest.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands.advance import advance
from routeflow.commands.catalogus import Catalogus, catalogus_of
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Act, Zaak, lock_route, neem
from routeflow.engine import Definition, Moeilijkheden, Moeilijkheid, Step, World
from routeflow.errors import Conflict, Incident, Invalid, NotFound
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.store.models import Deployment, Dossier, Route, Taak

Mapping_ = Mapping[str, Mapping[str, str]]

STAPEL = 50  # dossiers that a page looks at, or brings over, at once


class NietMigreerbaar(Conflict):
    """This dossier stays on its own version; ``moeilijkheden`` says why, one by one."""

    def __init__(self, nummer: str, moeilijkheden: Iterable[Moeilijkheid]) -> None:
        self.moeilijkheden = tuple(moeilijkheden)
        redenen = " ".join(een.tekst for een in self.moeilijkheden)
        super().__init__(f"Dossier {nummer} blijft op zijn eigen versie. {redenen}")


@dataclass(frozen=True, slots=True)
class Voorstel:
    """What happens to one dossier, or why it stays. It says nothing about the person.

    ``erbij`` and ``weg``: the steps of taken that open and that end, as the diagrams name them.
    """

    dossier_id: UUID
    nummer: str
    van: int
    moeilijkheden: tuple[Moeilijkheid, ...] = ()
    erbij: tuple[str, ...] = ()
    weg: tuple[str, ...] = ()

    @property
    def kan(self) -> bool:
        """Whether it can go."""
        return not self.moeilijkheden


def lopend(session: Session) -> dict[int, int]:
    """Return how many dossiers run on each deployment, the newest first."""
    rijen = session.execute(
        select(Route.deployment_id, func.count())
        .where(Route.beeindigd_op.is_(None))
        .group_by(Route.deployment_id)
        .order_by(Route.deployment_id.desc())
    )
    return {rij[0]: rij[1] for rij in rijen}


def te_gaan(
    session: Session, naar: int, *, van: int | None = None, na: str = "", aantal: int = STAPEL
) -> list[tuple[UUID, str]]:
    """Return the next running dossiers (id, nummer) that are not on ``naar``, after number ``na``."""
    rijen = session.execute(
        select(Dossier.id, Dossier.nummer)
        .join(Route, Route.dossier_id == Dossier.id)
        .where(Route.beeindigd_op.is_(None), Route.deployment_id != naar, Dossier.nummer > na)
        .where(*([] if van is None else [Route.deployment_id == van]))
        .order_by(Dossier.nummer)
        .limit(aantal)
    )
    return [(rij[0], rij[1]) for rij in rijen]


def plan(
    session: Session,
    dossiers: Collection[UUID],
    *,
    naar: int,
    mapping: Mapping_ | None = None,
    by: Actor,
    now: datetime,
) -> list[Voorstel]:
    """Say for each of these dossiers what ``migrate_dossier`` would do. Changes and locks nothing.

    Raises NotAllowed, NotFound (no such deployment) or Invalid (the mapping names nothing).
    """
    eis(by, Handeling.MIGREREN)
    doel = _deployment(session, naar)
    nieuw = catalogus_of(session, doel)
    _keur(mapping or {}, nieuw.definition)
    routes = session.scalars(
        select(Route)
        .join(Dossier, Dossier.id == Route.dossier_id)
        .where(
            Route.dossier_id.in_(dossiers),
            Route.beeindigd_op.is_(None),
            Route.deployment_id != naar,
        )
        .order_by(Dossier.nummer)
    ).all()
    return [_bekijk(session, route, nieuw, mapping or {}, by=by, now=now) for route in routes]


def _bekijk(
    session: Session,
    route: Route,
    nieuw: Catalogus,
    mapping: Mapping_,
    *,
    by: Actor,
    now: datetime,
) -> Voorstel:
    voorstel = Voorstel(route.dossier_id, route.dossier.nummer, route.deployment_id)
    try:
        oud = catalogus_of(session, route.deployment)
        zaak = replace(neem(session, route, by=by, now=now), catalogus=nieuw)
        step = engine.migrate(
            oud.definition,
            route.toestand,
            nieuw.definition,
            zaak.world(),
            mapping,
            gates=(oud.gates, nieuw.gates),
        )
    except Incident as incident:
        waar = incident.element or ""
        return replace(voorstel, moeilijkheden=(Moeilijkheid("", waar, incident.reden),))
    if isinstance(step, Moeilijkheden):
        return replace(voorstel, moeilijkheden=step.alle)
    erbij, weg = _verschil(zaak.taken, step, oud.definition)
    return replace(voorstel, erbij=erbij, weg=weg)


def _verschil(
    taken: Iterable[Taak], step: Step, oud: Definition
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the steps that open a taak, and of those that lose one."""
    open_ = {str(taak.id): oud.names.get(taak.element, taak.element) for taak in taken}
    straks = {task.id: task.name for task in step.tasks}
    return (
        tuple(naam for id_, naam in straks.items() if id_ not in open_),
        tuple(naam for id_, naam in open_.items() if id_ not in straks),
    )


def migrate_dossier(
    session: Session,
    dossier_id: UUID,
    *,
    naar: int,
    reden: str,
    mapping: Mapping_ | None = None,
    by: Actor,
    now: datetime,
) -> Voorstel | None:
    """Bring one dossier to the deployment ``naar``; None when it is there already.

    Taken that still exist keep their id, their day of opening, their behandelaar and what was
    filled in so far, as far as the form still asks it. Raises NotFound, NotAllowed, Invalid (no
    reason, or a mapping that names nothing), Conflict (its route is over), NietMigreerbaar, or
    Incident.
    """
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    eis(by, Handeling.MIGREREN)
    if not reden.strip():
        zin = "Schrijf in een zin waarom lopende dossiers naar deze versie gaan."
        raise Invalid("Er is niets gemigreerd.", {"reden": zin})
    doel = _deployment(session, naar)
    if route.deployment_id == naar:
        return None
    if route.beeindigd_op is not None:
        raise Conflict("De route van dit dossier is al voorbij.")
    return _breng(session, route, doel, reden.strip(), mapping or {}, by=by, now=now)


def probeer(voorstel: Voorstel, doe: Callable[[], Voorstel | None]) -> Voorstel:
    """Return what became of a dossier; when it does not go after all, with the reason."""
    try:
        return doe() or voorstel
    except NietMigreerbaar as blijft:
        return replace(voorstel, moeilijkheden=blijft.moeilijkheden)
    except Incident as incident:
        waar = incident.element or ""
        return replace(voorstel, moeilijkheden=(Moeilijkheid("", waar, incident.reden),))
    except Conflict as conflict:
        return replace(voorstel, moeilijkheden=(Moeilijkheid("", "", str(conflict)),))


def _breng(
    session: Session,
    route: Route,
    doel: Deployment,
    reden: str,
    mapping: Mapping_,
    *,
    by: Actor,
    now: datetime,
) -> Voorstel:
    van, nummer = route.deployment_id, route.dossier.nummer
    oud, nieuw = catalogus_of(session, route.deployment), catalogus_of(session, doel)
    _keur(mapping, nieuw.definition)
    zaak = replace(neem(session, route, by=by, now=now), catalogus=nieuw)
    open_ = list(zaak.taken)
    gegevens: dict[str, Any] = {"van": van, "naar": doel.id, "reden": reden}
    if mapping:
        gegevens["vertaling"] = {proces: dict(namen) for proces, namen in mapping.items()}

    def move(definition: Definition, state: bytes, world: World) -> Step:
        gates = oud.gates, nieuw.gates
        step = engine.migrate(oud.definition, state, definition, world, mapping, gates=gates)
        if isinstance(step, Moeilijkheden):
            raise NietMigreerbaar(nummer, step.alle)
        # The rows follow from here on; a refusal above leaves them on the old version.
        route.deployment, route.deployment_id = doel, doel.id
        erbij, weg = _verschil(open_, step, oud.definition)
        gegevens.update(erbij=list(erbij), weg=list(weg))
        return step

    advance(zaak, move, Act("dossier gemigreerd", gegevens=gegevens))
    for taak in zaak.taken:
        _houd_concept(zaak, taak)
    session.flush()
    return Voorstel(
        route.dossier_id,
        nummer,
        van,
        erbij=tuple(gegevens["erbij"]),
        weg=tuple(gegevens["weg"]),
    )


def _houd_concept(zaak: Zaak, taak: Taak) -> None:
    """Keep of a draft what the form of today still asks."""
    if taak.status != "open" or taak.concept is None:
        return
    if not taak.formulier:
        taak.concept = None
        return
    velden = {veld.key: veld for veld in zaak.catalogus.form(taak.formulier).alle if veld.vraagt}
    bewaard: dict[str, Any] = {}
    for naam, waarde in taak.concept.items():
        veld = velden.get(naam)
        if veld is None:
            continue
        if veld.soort == "dynamiclist" and isinstance(waarde, list):
            delen = {deel.key for deel in veld.velden}
            bewaard[naam] = [{k: w for k, w in rij.items() if k in delen} for rij in waarde]
        else:
            bewaard[naam] = waarde
    taak.concept = bewaard


def lees_mapping(waarde: object) -> dict[str, dict[str, str]]:
    """Return a mapping as a file or form gives it: proces -> (oud -> nieuw). Raises Invalid."""
    if not isinstance(waarde, Mapping):
        raise _onleesbaar()
    gelezen: dict[str, dict[str, str]] = {}
    for proces, namen in waarde.items():
        if not isinstance(namen, Mapping) or not all(
            isinstance(een, str) for paar in namen.items() for een in paar
        ):
            raise _onleesbaar()
        gelezen[str(proces)] = {oud: nieuw for oud, nieuw in namen.items() if nieuw}
    return {proces: namen for proces, namen in gelezen.items() if namen}


def _onleesbaar() -> Invalid:
    zin = (
        "Geef per proces welk onderdeel nu hoe heet, zoals "
        '{"p06_brede_intake": {"oud_onderdeel": "nieuw_onderdeel"}}.'
    )
    return Invalid(zin, {"mapping": zin})


def _keur(mapping: Mapping_, definition: Definition) -> None:
    """Raise Invalid for a new name that the new version does not have: a typing error."""
    fouten = {}
    for proces, namen in mapping.items():
        nieuw = namen.get(proces, proces)
        if nieuw not in definition.processes:
            fouten[f"{proces}.{proces}"] = f"Het proces {nieuw} is er niet in de nieuwe versie."
            continue
        bekend = {element.id for element in definition.elements(nieuw)} | {nieuw}
        bekend |= {flow.id for flow in definition.flows(nieuw) if flow.id}
        for oud, naam in namen.items():
            if naam not in bekend:
                fouten[f"{proces}.{oud}"] = f"{naam} staat niet in {nieuw} in de nieuwe versie."
    if fouten:
        raise Invalid("Deze vertaling kan niet.", fouten)


def _deployment(session: Session, versie: int) -> Deployment:
    gevonden = session.get(Deployment, versie)
    if gevonden is None:
        raise NotFound(f"Versie {versie} bestaat niet.")
    return gevonden
