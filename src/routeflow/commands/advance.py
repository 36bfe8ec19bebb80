"""Where engine and tables meet: one step of the engine, and rows that agree with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    update,
)
from sqlalchemy.orm import Session

from routeflow.commands import ladder, termijnen
from routeflow.commands.catalogus import Catalogus
from routeflow.commands.diensten import meld, verstuur
from routeflow.commands.journaal import schrijf
from routeflow.commands.wachtrij import meld_incident
from routeflow.commands.zaak import Act, Zaak
from routeflow.engine import Alarm, Definition, OpenTask, Sent, Step, Wait, World
from routeflow.inburgering.rechten import GEMEENTE, GEMEENTE_ROLLEN, Actor, Rol
from routeflow.inburgering.regels import REGELS
from routeflow.inburgering.vrijstelling import (
    laatste_dag,
    tijdelijk_vrijgesteld,
    vraagt_van_inburgeraar,
)
from routeflow.store.models import (
    BERICHT_WACHT,
    OOIT,
    Bericht,
    Dossier,
    Taak,
    Wekker,
)
from routeflow.store.models.casemanager import geef_zelf_door
from routeflow.store.openstaand import OpenWacht, OpenWekker
from routeflow.store.waarden import to_json

Move = Callable[[Definition, bytes, World], Step]

FASE = "fase"  # a property of any element: from there on the dossier is in this phase
SLUIT_DOSSIER = "sluit_dossier"  # of any element: there the dossier closes, and this is why
AFGEROND = "Afgerond"
PARTIJ_ONTBREEKT = "partij ontbreekt"
REGIE = "regie"
WERKER = Actor("wekker", GEMEENTE, frozenset())


def advance(zaak: Zaak, move: Move, act: Act, *, feiten: Mapping[str, Any] | None = None) -> Step:
    """Write ``feiten``, let the engine take one step, and make every row agree with it.

    What the diagram itself wrote is written too; last days that hang on it are then counted
    again. Raises what the engine raises: Conflict (no longer open) or Incident.
    """
    if feiten:
        zaak.feiten.zet(feiten, door=zaak.by.naam, taak_id=act.taak_id, now=zaak.now)
    world = replace(zaak.world(), write=partial(_schrijf_feiten, zaak))
    step = move(zaak.catalogus.definition, zaak.route.toestand, world)
    _schrijf_feiten(zaak, step.facts)  # of a route that ended nobody asks them on the way
    adopt(zaak, step, act)
    if zaak.route.dossier.vorige_id is not None:
        termijnen.geef_door(zaak)
    return step


def _schrijf_feiten(zaak: Zaak, feiten: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Write what the diagram wrote; return all facts of now when that made a difference."""
    anders = zaak.feiten.zet(feiten, door="route", now=zaak.now)
    return dict(zaak.feiten.waarden) if anders else None


def adopt(zaak: Zaak, step: Step, act: Act) -> None:
    """Open a row for all that is new in ``step``, follow what moved, close what is gone.

    Doing it twice changes nothing: the Step is the whole present, not a list of changes.
    """
    session, route, dossier = zaak.session, zaak.route, zaak.route.dossier
    with session.no_autoflush:
        route.toestand = step.state
        if dossier.gesloten_op is None:
            for fase in _eigenschappen(zaak.catalogus, step, FASE):
                dossier.fase = fase
        for reden in _eigenschappen(zaak.catalogus, step, SLUIT_DOSSIER):
            _sluit(dossier, reden, zaak.now)
        if step.finished and route.beeindigd_op is None:
            route.beeindigd_op = zaak.now
            _sluit(dossier, _einde(zaak, step), zaak.now)
        wekkers = zaak.open.per_bron()
        _adopt_taken(zaak, step.tasks, wekkers)
        _adopt_alarms(zaak, step.alarms, wekkers)
        termijnen.volg_feiten(zaak, wekkers)
        _adopt_waits(zaak, step.waits)
        _adopt_sent(zaak, step.sent)
        schrijf(
            session,
            act.wat,
            {**act.gegevens, **({"feiten": zaak.feiten.anders} if zaak.feiten.anders else {})},
            route=route,
            element=act.element,
            pad=[(p.process, p.element, p.what, p.flow) for p in step.passed],
            by=zaak.by,
            now=zaak.now,
        )


def _eigenschappen(catalogus: Catalogus, step: Step, naam: str) -> Iterable[str]:
    """Return what the elements that were entered say in this property, in order."""
    for passed in step.passed:
        element = catalogus.element(passed.process, passed.element)
        if passed.what == "entered" and element and element.properties.get(naam):
            yield element.properties[naam]


def _einde(zaak: Zaak, step: Step) -> str:
    """Return how the route ended, in the words of the last end of its diagram."""
    einden = [
        element.name
        for passed in step.passed
        if passed.what == "entered" and passed.process == zaak.route.proces
        if (element := zaak.catalogus.element(passed.process, passed.element))
        if element.kind == "endEvent" and element.name
    ]
    return f"De route is afgerond: {einden[-1]}." if einden else "De route is afgerond."


def _sluit(dossier: Dossier, reden: str, now: datetime) -> None:
    """Close the dossier, once. Its route may go on: gegevens are kept for years after it."""
    if dossier.gesloten_op is None:
        dossier.gesloten_op, dossier.gesloten_reden, dossier.fase = now, reden, AFGEROND


def _adopt_taken(
    zaak: Zaak, tasks: Sequence[OpenTask], wekkers: Mapping[tuple[str, str], OpenWekker]
) -> None:
    now_open = {UUID(task.id): task for task in tasks}
    for taak in zaak.taken:
        task = now_open.pop(taak.id, None)
        if taak.status == "open" and task is None:
            taak.status, taak.concept = "vervallen", None
            taak.gesloten_op, taak.gesloten_door = zaak.now, zaak.by.naam
        elif taak.status == "open" and task is not None:
            if taak.deployment_id != zaak.route.deployment_id:
                _volg_diagram(zaak, taak, task)
            else:
                _volg_termijn(zaak, taak, task)
        _zet_ladder(zaak, taak, wekkers.get(("ladder", str(taak.id))))
    _volg_casemanager(zaak)
    nieuw = [_nieuwe_taak(zaak, task) for task in now_open.values()]
    zaak.session.add_all(nieuw)
    zaak.nieuw += nieuw
    zaak.taken += nieuw
    for taak in nieuw:
        _zet_ladder(zaak, taak, None)


def _volg_casemanager(zaak: Zaak) -> None:
    """Hand the casemanager's open taken to a new casemanager; what a colleague took stays there."""
    nieuw = zaak.route.dossier.casemanager_id
    if nieuw == zaak.casemanager_id:
        return
    for taak in zaak.taken:
        if (
            taak.status == "open"
            and taak.rol == Rol.CASEMANAGER
            and taak.behandelaar_id == zaak.casemanager_id
        ):
            taak.behandelaar_id = nieuw
    geef_zelf_door(zaak.route.dossier, Taak, (een for een in zaak.taken if een.status == "open"))
    zaak.casemanager_id = nieuw


def _nieuwe_taak(zaak: Zaak, task: OpenTask) -> Taak:
    onderdeel, lane = onderdeel_van(task), task.lane or Rol.CASEMANAGER
    taak = Taak(
        id=UUID(task.id),
        dossier_id=zaak.route.dossier_id,
        deployment_id=zaak.route.deployment_id,
        proces=task.process,
        element=task.element,
        naam=naam_van(task),
        onderdeel=onderdeel,
        houder=houder_van(task),
        formulier=task.form or "",
        status="open",
        geopend_op=task.opened,
        lokaal=to_json(task.local),
        pad=list(task.path),
    )
    _leg_neer(zaak, taak, lane)
    _volg_termijn(zaak, taak, task)
    return taak


def _leg_neer(zaak: Zaak, taak: Taak, lane: str) -> None:
    """Lay a taak with who does it for this dossier according to the rolverdeling."""
    verdeling = zaak.catalogus.verdeel(taak.onderdeel, lane, zaak.feiten.waarden, zaak.now)
    ontbreekt = not verdeling.partij
    taak.rol = Rol.CASEMANAGER if ontbreekt else lane
    taak.partij = GEMEENTE if ontbreekt else verdeling.partij
    taak.samen_met = verdeling.samen_met
    casemanager = zaak.route.dossier.casemanager_id
    taak.behandelaar_id = casemanager if taak.rol == Rol.CASEMANAGER else None
    taak.vlag = PARTIJ_ONTBREEKT if ontbreekt else None
    if ontbreekt:
        meld(
            zaak.omgeving,
            rol=Rol.TEAMLEIDER,
            soort=PARTIJ_ONTBREEKT,
            tekst=f"{taak.naam}: de rolverdeling noemt nog geen partij voor {taak.onderdeel}. "
            "De taak ligt nu bij de casemanager.",
            taak_id=taak.id,
        )


def _volg_diagram(zaak: Zaak, taak: Taak, task: OpenTask) -> None:
    """Let an open taak agree with the version of the diagrams to which its route was brought.

    It goes to somebody else only when the diagram gives it to another rol or onderdeel. What a
    changed rolverdeling does to open taken is for ``herverdeel``, where a person looks first.
    """
    onderdeel, lane = onderdeel_van(task), task.lane or Rol.CASEMANAGER
    taak.deployment_id = zaak.route.deployment_id
    taak.proces, taak.element, taak.pad = task.process, task.element, list(task.path)
    taak.naam, taak.formulier, taak.lokaal = naam_van(task), task.form or "", to_json(task.local)
    taak.houder = houder_van(task)
    if (taak.onderdeel, taak.rol) != (onderdeel, lane):
        taak.onderdeel = onderdeel
        _leg_neer(zaak, taak, lane)
    _zet_termijn(zaak, taak, task)


def naam_van(task: OpenTask) -> str:
    """Return the name of the step; of a multi-instance with the item that tells it from its twins."""
    if "loopCounter" not in task.local:
        return task.name
    items = [item for item in task.local.values() if isinstance(item, str) and item]
    return f"{task.name}: {', '.join(items)}"[:300] if items else task.name


def onderdeel_van(task: OpenTask) -> str:
    """Return the onderdeel of the rolverdeling to which the step belongs."""
    return task.properties.get("onderdeel", REGIE)


def houder_van(task: OpenTask) -> str:
    """Return whose move the step is: as the diagram says, else as its lane is of whom."""
    lane = task.lane or Rol.CASEMANAGER
    return task.properties.get("houder") or ("gemeente" if lane in GEMEENTE_ROLLEN else "partner")


def _volg_termijn(zaak: Zaak, taak: Taak, task: OpenTask) -> None:
    """Let the last day, and why it is that day, agree with what is known now."""
    uiterlijk = uiterlijk_van(taak.houder, task, zaak.feiten.waarden)
    if (taak.uiterlijk, taak.opvolgen) == (uiterlijk, task.follow_up) and taak.volgorde is not None:
        return
    _zet_termijn(zaak, taak, task)


def uiterlijk_van(houder: str, task: OpenTask, feiten: Mapping[str, Any]) -> date | None:
    """Return the last day of a taak.

    What a working agreement asks of the inburgeraar stands still while DUO has exempted them; a
    period of the law knows by itself whether it does.
    """
    van_de_wet = any(naam in REGELS for naam in task.termijnen)
    if task.due is None or van_de_wet or not vraagt_van_inburgeraar(houder, task.properties):
        return task.due
    return laatste_dag(task.due, feiten, geopend=ladder.vandaag(task.opened))


def _zet_termijn(zaak: Zaak, taak: Taak, task: OpenTask) -> None:
    uiterlijk = uiterlijk_van(taak.houder, task, zaak.feiten.waarden)
    if taak.uiterlijk != uiterlijk and uiterlijk and uiterlijk >= ladder.vandaag(zaak.now):
        taak.te_laat_gemeld_op = None
    taak.uiterlijk, taak.opvolgen, taak.volgorde = uiterlijk, task.follow_up, uiterlijk or OOIT
    taak.termijn = task.termijnen[0] if task.termijnen else None
    taak.grond = None
    if uiterlijk:
        termijn = zaak.termijn(taak.termijn, task.opened) if taak.termijn else None
        taak.grond = termijn.grond if termijn else task.properties.get("grond", "Werkafspraak")


def _zet_ladder(zaak: Zaak, taak: Taak, wekker: OpenWekker | None) -> None:
    """Keep one ladder row for an open taak with a last day: the step that comes next."""
    rust = tijdelijk_vrijgesteld(zaak.feiten.waarden) and vraagt(zaak, taak)
    if taak.status != "open" or taak.uiterlijk is None or rust:
        if wekker:
            wekker.rij.gesloten_op = zaak.now
        return
    if wekker and wekker.gegevens["uiterlijk"] == taak.uiterlijk.isoformat():
        return
    stappen = zaak.catalogus.ladder(taak.onderdeel, taak.houder, taak.rol, zaak.now)
    stap = ladder.eerste(
        stappen, taak.uiterlijk, gemeld=taak.te_laat_gemeld_op is not None, now=zaak.now
    )
    zet_stap(zaak, taak, wekker.rij if wekker else None, stap)


def vraagt(zaak: Zaak, taak: Taak) -> bool:
    """Say whether ``taak`` asks something of the inburgeraar, so that it can rest."""
    element = zaak.catalogus.element(taak.proces, taak.element)
    return vraagt_van_inburgeraar(taak.houder, element.properties if element else {})


def zet_stap(zaak: Zaak, taak: Taak, rij: Wekker | None, stap: ladder.Stap | None) -> None:
    """Let the ladder row of ``taak`` wait for ``stap``; without a step there is nothing to wait for."""
    if stap is None or taak.uiterlijk is None:
        if rij:
            rij.gesloten_op = zaak.now
        return
    if rij is None:
        rij = Wekker(
            dossier_id=taak.dossier_id, soort="ladder", bron=str(taak.id), element=taak.element
        )
        zaak.session.add(rij)
    rij.naam = stap.stap
    rij.gegevens = {"uiterlijk": taak.uiterlijk.isoformat()}
    _zet_moment(rij, stap.moment(taak.uiterlijk))


def _zet_moment(rij: Wekker, op: datetime | None) -> None:
    """Give a row a moment anew: it is free, and counts its tries from the start."""
    rij.op = op
    rij.lease = rij.lease_tot = None
    rij.pogingen, rij.gestrand = 0, False


def _adopt_alarms(
    zaak: Zaak, alarms: Sequence[Alarm], wekkers: Mapping[tuple[str, str], OpenWekker]
) -> None:
    armed = {alarm.id: alarm for alarm in alarms}
    for (soort, bron), wekker in wekkers.items():
        if soort != "timer":
            continue
        alarm = armed.pop(bron, None)
        if alarm is None:
            wekker.rij.gesloten_op = zaak.now
            continue
        if (wekker.element, wekker.naam) != (
            alarm.element,
            alarm.name,
        ):  # brought to other diagrams
            rij = wekker.rij
            rij.element, rij.naam = alarm.element, alarm.name
            rij.gegevens = {"proces": alarm.process}
        if alarm.due != wekker.op:
            _zet_moment(wekker.rij, alarm.due)
    zaak.session.add_all(
        Wekker(
            dossier_id=zaak.route.dossier_id,
            soort="timer",
            bron=alarm.id,
            element=alarm.element,
            naam=alarm.name,
            gegevens={"proces": alarm.process},
            op=alarm.due,
        )
        for alarm in armed.values()
    )


def _adopt_waits(zaak: Zaak, waits: Sequence[Wait]) -> None:
    there = set(zaak.open.wachten)
    present = [OpenWacht(w.id, w.kind, w.name, w.process, w.element) for w in waits]
    if there == set(present):
        return
    zaak.route.wachten = [list(wacht) for wacht in present]
    namen = {wacht.naam for wacht in present if wacht not in there}
    if not namen.isdisjoint(zaak.open.post):
        wek_berichten(zaak.session, zaak.route.dossier_id, namen, zaak.now)


def wek_berichten(session: Session, dossier_id: UUID, namen: set[str], now: datetime) -> None:
    """Let kept messages be tried again: the dossier now waits for them."""
    session.execute(
        update(Bericht)
        .where(
            Bericht.dossier_id == dossier_id,
            BERICHT_WACHT,
            Bericht.bericht.in_(namen),
        )
        .values(volgende_op=now, lease=None, lease_tot=None)
        .execution_options(synchronize_session=False)
    )


def _adopt_sent(zaak: Zaak, sent: Sequence[Sent]) -> None:
    """Messages leave through the outbox; what nobody in the diagrams caught is told to a person."""
    for item in sent:
        if item.kind == "message":
            verstuur(zaak.omgeving, item.name, item.payload)
        elif item.kind == "escalation":
            meld(
                zaak.omgeving,
                rol=Rol.TEAMLEIDER,
                soort="escalatie",
                tekst=f"De route vraagt uw aandacht: {item.name}.",
            )
        elif item.kind == "error":
            meld_incident(
                zaak.session,
                "route",
                f"{zaak.route.dossier_id}:{item.element}",
                f"De fout {item.name} is in het diagram niet opgevangen.",
                dossier_id=zaak.route.dossier_id,
                element=item.element,
                now=zaak.now,
            )
