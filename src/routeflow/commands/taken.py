"""What people do with a taak."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow import engine, forms
from routeflow.commands import keuzelijsten
from routeflow.commands.accounts import actor_of
from routeflow.commands.advance import PARTIJ_ONTBREEKT, advance
from routeflow.commands.besluitdossiers import bevries, legt_vast
from routeflow.commands.catalogus import Catalogus, Verdeling, catalogus_of
from routeflow.commands.feiten import Feiten
from routeflow.commands.journaal import schrijf
from routeflow.commands.maanduren import bezwaar_tegen_optellen, sluit_participatie
from routeflow.commands.naleving import eis_wettig
from routeflow.commands.toegang import eis, eis_taak, leesbaar
from routeflow.commands.verwijderen import stel_voor_na
from routeflow.commands.vierogen import ANDERE_DAN, bezwaar_tegen_persoon
from routeflow.commands.wachtrij import meld_incident
from routeflow.commands.zaak import (
    Act,
    Zaak,
    lock_route,
    lock_route_of,
    neem,
    neem_van_taak,
)
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import (
    GEMEENTE,
    Actor,
    Handeling,
    Rol,
    feiten_zichtbaar,
    is_eigen,
)
from routeflow.store import at_end
from routeflow.store.models import TAAK_OPEN, Account, Deployment, Dossier, Route, Taak
from routeflow.store.queries import behandelaars, mag_doen
from routeflow.store.schermen import ingevuld
from routeflow.store.terugblik import terugblik
from routeflow.store.together import write_together
from routeflow.store.waarden import from_json, to_json


@dataclass(frozen=True, slots=True)
class Voltooid:
    """A completed taak and the open taken of its dossier that came out of it."""

    taak: Taak
    volgende: list[Taak]


@dataclass(frozen=True, slots=True)
class Taakblad:
    """What somebody needs to do a taak, without what this reader may not see.

    ``bekend``: what is known of the fields of the form: facts, and what the taak itself holds.
    ``concept``: what was filled in so far, as it was sent. ``uitleg``: the documentation of the
    step. ``weg``: the places of the form that the facts keep out of view. ``bezwaar``: why this
    reader may not do the taak although it is for their rol.
    """

    taak: Taak
    formulier: "forms.Formulier"
    bekend: Mapping[str, Any]
    concept: Mapping[str, Any]
    uitleg: str
    weg: frozenset[str]
    bezwaar: str | None


@dataclass(frozen=True, slots=True)
class Verplaatsing:
    """An open taak that the rolverdeling now gives to another partij."""

    taak_id: UUID
    taak: str
    dossier_id: UUID
    dossier_nummer: str
    van: str
    naar: str
    samen_met: str | None
    rol: str


def taakblad(session: Session, taak: Taak, *, by: Actor, now: datetime) -> Taakblad:
    """Return the form of ``taak`` and what is known of its fields. Raises NotAllowed or Incident."""
    eis_taak(by, Handeling.TAAK_INZIEN, taak)
    deployment = session.get_one(Deployment, taak.deployment_id)
    catalogus = catalogus_of(session, deployment)
    formulier = keuzelijsten.vul(session, catalogus.form(taak.formulier))
    element = catalogus.element(taak.proces, taak.element)
    feiten = Feiten(session, taak.dossier).waarden
    weten = _bekend(taak, feiten)
    eigen = is_eigen(by, taak.rol, taak.partij, taak.samen_met)
    return Taakblad(
        taak=taak,
        formulier=formulier,
        bekend=_te_zien(taak, formulier, weten, by=by, eigen=eigen),
        concept=taak.concept or {} if eigen else {},
        uitleg=element.documentation if element else "",
        weg=forms.verborgen(formulier, weten, now=now),
        bezwaar=bezwaar_tegen_persoon(session, element, taak, by=by)
        or (
            bezwaar_tegen_optellen(session, taak, feiten)
            if eigen and taak.status == "open"
            else None
        ),
    )


def _te_zien(
    taak: Taak,
    formulier: "forms.Formulier",
    weten: Mapping[str, Any],
    *,
    by: Actor,
    eigen: bool,
) -> dict[str, Any]:
    """Return what is known of the fields of a form, as far as ``by`` may see it.

    Who may do the taak sees what this very taak asks, also about health: they write it down
    themselves. Facts that other taken brought follow the table of rechten.
    """
    velden = {veld.key: veld for veld in formulier.alle if veld.key}
    van_taak = {naam for naam, veld in velden.items() if veld.taak}
    gevraagd = {naam for naam in van_taak if velden[naam].vraagt}
    hier = taak.lokaal.keys() | (taak.antwoorden or {}).keys()
    bekend = {
        naam: waarde
        for naam, waarde in weten.items()
        if naam in velden and (naam in hier or naam not in gevraagd)
    }
    zien = feiten_zichtbaar(
        by,
        bekend,
        van_taken=formulier.namen,
        gevoelig={naam: veld.gevoelig for naam, veld in velden.items() if veld.gevoelig},
    )
    if eigen:
        zien |= van_taak & hier
    return {naam: waarde for naam, waarde in bekend.items() if naam in zien}


def complete_taak(
    session: Session, taak_id: UUID, rauw: Mapping[str, Any], *, by: Actor, now: datetime
) -> Voltooid:
    """Complete a taak with the answers in ``rauw`` and move its route on to the next wait state.

    ``rauw`` holds form-encoded strings or JSON values. Raises NotFound, NotAllowed, Conflict
    (already closed: it tells who was first, and when) or Invalid (field -> sentence).
    """
    zaak, taak = _neem(session, taak_id, by=by, now=now)
    eis_taak(by, Handeling.TAAK_VOLTOOIEN, taak)
    element = zaak.catalogus.element(taak.proces, taak.element)
    if element is not None and (legt_vast(element) or ANDERE_DAN in element.properties):
        zaak.terugblik = terugblik(session, taak.dossier_id)
        zaak.perioden = zaak.terugblik.termijnen
    if bezwaar := bezwaar_tegen_persoon(session, element, taak, by=by, terugblik=zaak.terugblik):
        raise NotAllowed(bezwaar)
    _is_open(taak)
    if bezwaar := bezwaar_tegen_optellen(session, taak, zaak.feiten.waarden):
        raise Conflict(bezwaar)
    antwoorden, feiten = _beantwoord(zaak, taak, rauw)
    eis_wettig(zaak, taak, {**feiten, **antwoorden}, _bekend(taak, zaak.feiten.waarden))
    sluit_participatie(session, taak, zaak.feiten.waarden, now=now)
    taak.status = "gedaan"
    taak.gesloten_op, taak.gesloten_door, taak.concept = now, by.naam, None
    taak.behandelaar_id = by.account_id or taak.behandelaar_id
    taak.antwoorden = to_json(antwoorden)
    advance(
        zaak,
        lambda definition, state, world: engine.complete(
            definition, state, str(taak_id), antwoorden, world
        ),
        Act("taak voltooid", taak.element, {"taak": taak.naam}, taak_id=taak.id),
        feiten=feiten,
    )
    bevries(zaak, taak)
    stel_voor_na(zaak, taak)
    at_end(session, write_together)
    return Voltooid(taak, zaak.nieuw)


def _bezwaar_tegen(session: Session, route: Route, taak: Taak, wie: Actor) -> str | None:
    """Return why the diagram wants somebody else than ``wie`` to do this taak, None when not."""
    element = catalogus_of(session, route.deployment).element(taak.proces, taak.element)
    return bezwaar_tegen_persoon(session, element, taak, by=wie)


def _beantwoord(
    zaak: Zaak, taak: Taak, rauw: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the answers that stay with the taak, and those that become facts. Raises Invalid."""
    if not taak.formulier:
        return {}, {}
    formulier = zaak.catalogus.form(taak.formulier)
    if zaak.perioden is None and keuzelijsten.CASEMANAGERS in formulier.lijsten:
        zaak.perioden = keuzelijsten.casemanagers_en_perioden(zaak.session, taak.dossier_id)
    antwoorden = forms.validate(
        keuzelijsten.vul(zaak.session, formulier),
        rauw,
        _bekend(taak, zaak.feiten.waarden),
        now=zaak.now,
        functions=zaak.functies(taak.geopend_op),
    )
    for nummer, reden in enumerate(antwoorden.incidenten):
        meld_incident(
            zaak.session,
            "formulier",
            f"{zaak.route.deployment_id}:{taak.formulier}:{nummer}",
            f"Formulier {taak.formulier}: {reden}",
            dossier_id=taak.dossier_id,
            element=taak.element,
            now=zaak.now,
        )
    return antwoorden.taak, antwoorden.feiten


def _bekend(taak: Taak, feiten: Mapping[str, Any]) -> dict[str, Any]:
    return {**feiten, **from_json(taak.lokaal), **from_json(taak.antwoorden or {})}


def zegt_hetzelfde(session: Session, taak: Taak, rauw: Mapping[str, Any], *, now: datetime) -> bool:
    """Say whether ``rauw`` completes a taak that is done once more, with the same answers."""
    if not taak.formulier:
        return True
    deployment = session.get_one(Deployment, taak.deployment_id)
    formulier = catalogus_of(session, deployment).form(taak.formulier)
    weten = _bekend(taak, Feiten(session, taak.dossier).waarden)
    try:
        opnieuw = forms.validate(keuzelijsten.vul(session, formulier), rauw, weten, now=now)
    except Invalid:
        return False
    toen = weten | ingevuld(session, taak)
    gestuurd = {**opnieuw.feiten, **opnieuw.taak}
    return all(toen.get(naam) == waarde for naam, waarde in gestuurd.items())


def claim(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Taak:
    """Make ``by`` the behandelaar. Raises NotFound, NotAllowed or Conflict (closed, or taken)."""
    route, taak = _alleen(session, taak_id)
    eis_taak(by, Handeling.TAAK_CLAIMEN, taak)
    _is_open(taak)
    if by.account_id is None:
        raise Conflict("Alleen iemand met een account kan een taak op zich nemen.")
    if bezwaar := _bezwaar_tegen(session, route, taak, by):
        raise NotAllowed(bezwaar)
    if taak.behandelaar_id == by.account_id:
        return taak
    if taak.behandelaar_id is not None:
        wie = session.get_one(Account, taak.behandelaar_id).naam
        raise Conflict(f"{wie} is al met deze taak bezig. Vraag om de taak over te dragen.")
    return _geef(session, route, taak, by.account_id, by.naam, by=by, now=now)


def vrijgeven(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Taak:
    """Take the behandelaar off. Raises NotFound, NotAllowed or Conflict."""
    route, taak = _alleen(session, taak_id)
    eis_taak(by, Handeling.TAAK_VRIJGEVEN, taak)
    if taak.behandelaar_id != by.account_id:
        eis_taak(by, Handeling.TAAK_TOEWIJZEN, taak)
    _is_open(taak)
    return _geef(session, route, taak, None, None, by=by, now=now)


def toewijzen(
    session: Session, taak_id: UUID, account_id: UUID | None, *, by: Actor, now: datetime
) -> Taak:
    """Give the taak to ``account_id``, who must have its rol at its partij; None takes it off.

    Raises NotFound, NotAllowed, Conflict (closed) or Invalid (they may not do this taak).
    """
    route, taak = _alleen(session, taak_id)
    eis_taak(by, Handeling.TAAK_TOEWIJZEN, taak)
    _is_open(taak)
    account = session.get(Account, account_id) if account_id else None
    if account_id and (
        account is None
        or not account.actief
        or taak.rol not in mag_doen(account)
        or account.partij not in {taak.partij, taak.samen_met}
    ):
        zin = f"Kies iemand van {taak.partij} met de rol {taak.rol}."
        raise Invalid(zin, {"account": zin})
    if account is not None and _bezwaar_tegen(session, route, taak, actor_of(account)):
        zin = (
            f"{account.naam} mag deze taak niet doen: een ander moet dit doen (Awb artikel 10:3). "
            "Kies iemand anders."
        )
        raise Invalid(zin, {"account": zin})
    return _geef(
        session, route, taak, account_id, account.naam if account else None, by=by, now=now
    )


def kandidaten(session: Session, taak: Taak) -> list[Account]:
    """Return to whom ``taak`` can be given: who has its rol at its partij and may do it."""
    catalogus = catalogus_of(session, session.get_one(Deployment, taak.deployment_id))
    element = catalogus.element(taak.proces, taak.element)
    allen = behandelaars(session, taak)
    if element is None or ANDERE_DAN not in element.properties:
        return allen
    blik = terugblik(session, taak.dossier_id)
    return [
        een
        for een in allen
        if bezwaar_tegen_persoon(session, element, taak, by=actor_of(een), terugblik=blik) is None
    ]


def _geef(
    session: Session,
    route: Route,
    taak: Taak,
    account_id: UUID | None,
    naam: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Taak:
    if taak.behandelaar_id == account_id:
        return taak
    taak.behandelaar_id = account_id
    gegevens = {"taak": taak.naam, "taakId": str(taak.id), "behandelaar": naam}
    schrijf(session, "taak toegewezen", gegevens, route=route, element=taak.element, by=by, now=now)
    return taak


def save_concept(
    session: Session,
    taak_id: UUID,
    rauw: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,  # noqa: ARG001 - every act gets it
) -> Taak:
    """Keep what is filled in so far, unchecked. Raises NotFound, NotAllowed or Conflict."""
    route, taak = _alleen(session, taak_id)
    eis_taak(by, Handeling.TAAK_OPSLAAN, taak)
    _is_open(taak)
    if bezwaar := _bezwaar_tegen(session, route, taak, by):
        raise NotAllowed(bezwaar)
    taak.concept = to_json(dict(rauw))
    if taak.behandelaar_id is None and by.account_id:
        taak.behandelaar_id = by.account_id
    return taak


def herverdeel(
    session: Session, *, uitvoeren: bool, by: Actor, now: datetime
) -> list[Verplaatsing]:
    """Show, and with ``uitvoeren`` do, what the rolverdeling of today changes for open taken.

    The rolverdeling is that of the deployment on which each dossier runs. Showing locks nothing.
    """
    eis(by, Handeling.HERVERDELEN)
    anders = [rij for rij, _ in _anders(session, now)]
    if not uitvoeren:
        return anders
    verplaatst: list[Verplaatsing] = []
    for dossier_id in sorted({rij.dossier_id for rij in anders}):
        verplaatst += _herverdeel(session, dossier_id, by=by, now=now)
    return verplaatst


def _anders(session: Session, now: datetime) -> Iterator[tuple[Verplaatsing, Verdeling]]:
    """Walk the open taken that lie elsewhere than the rolverdeling says now."""
    deployments: dict[int, Deployment] = {}
    rijen = session.execute(
        select(Taak, Dossier)
        .join(Dossier, Dossier.id == Taak.dossier_id)
        .where(TAAK_OPEN)
        .order_by(Dossier.nummer, Taak.volgorde, Taak.id)
    )
    for taak, dossier in rijen:
        deployment = deployments.get(taak.deployment_id)
        if deployment is None:
            deployment = session.get_one(Deployment, taak.deployment_id)
            deployments[deployment.id] = deployment
        if gevonden := _elders(catalogus_of(session, deployment), taak, dossier, now):
            yield gevonden


def _elders(
    catalogus: Catalogus, taak: Taak, dossier: Dossier, now: datetime
) -> tuple[Verplaatsing, Verdeling] | None:
    """Return where the rolverdeling lays an open taak now, None when it lies there already."""
    element = catalogus.element(taak.proces, taak.element)
    lane = (element.lane if element else None) or taak.rol
    feiten = {"leerroute": dossier.leerroute, "doelgroep": dossier.doelgroep}
    verdeling = catalogus.verdeel(taak.onderdeel, lane, feiten, now)
    rol = lane if verdeling.partij else Rol.CASEMANAGER
    naar = verdeling.partij or GEMEENTE
    if (taak.partij, taak.samen_met, taak.rol) == (naar, verdeling.samen_met, rol):
        return None
    verplaatsing = Verplaatsing(
        taak_id=taak.id,
        taak=taak.naam,
        dossier_id=dossier.id,
        dossier_nummer=dossier.nummer,
        van=taak.partij,
        naar=naar,
        samen_met=verdeling.samen_met,
        rol=rol,
    )
    return verplaatsing, verdeling


def _herverdeel(
    session: Session, dossier_id: UUID, *, by: Actor, now: datetime
) -> Iterator[Verplaatsing]:
    """Lay the open taken of one dossier where they belong, and tell which went.

    What was seen before the dossier was taken in hand may be old: each is looked at anew.
    """
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        return
    zaak = neem(session, route, by=by, now=now)
    for taak in zaak.taken:
        if gevonden := _elders(zaak.catalogus, taak, route.dossier, now):
            rij, verdeling = gevonden
            _verplaats(zaak, taak, rij, ontbreekt=not verdeling.partij)
            yield rij


def _verplaats(zaak: Zaak, taak: Taak, naar: Verplaatsing, *, ontbreekt: bool) -> None:
    taak.partij, taak.samen_met, taak.rol = naar.naar, naar.samen_met, naar.rol
    taak.vlag = PARTIJ_ONTBREEKT if ontbreekt else None
    taak.behandelaar_id = zaak.route.dossier.casemanager_id if naar.rol == Rol.CASEMANAGER else None
    schrijf(
        zaak.session,
        "taak verplaatst",
        {"taak": taak.naam, "taakId": str(taak.id), "van": naar.van, "naar": naar.naar},
        route=zaak.route,
        element=taak.element,
        by=zaak.by,
        now=zaak.now,
    )


def _neem(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> tuple[Zaak, Taak]:
    """Lock the dossier of a taak and read it. Raises NotFound."""
    zaak = neem_van_taak(session, taak_id, by=by, now=now)
    if zaak is None:
        raise NotFound("Deze taak bestaat niet.")
    return zaak, next(taak for taak in zaak.taken if taak.id == taak_id)


def _alleen(session: Session, taak_id: UUID) -> tuple[Route, Taak]:
    """Lock the dossier of a taak and read the taak alone. Raises NotFound."""
    route = lock_route_of(session, taak_id)
    if route is None:
        raise NotFound("Deze taak bestaat niet.")
    return route, session.get_one(Taak, taak_id, populate_existing=True)


def _is_open(taak: Taak) -> None:
    if taak.status == "open":
        return
    op = leesbaar(taak.gesloten_op)
    if taak.status == "gedaan":
        raise Conflict(f"{taak.gesloten_door} heeft deze taak al afgerond op {op}.")
    raise Conflict(f"Deze taak is op {op} vervallen: de route ging verder zonder deze taak.")
