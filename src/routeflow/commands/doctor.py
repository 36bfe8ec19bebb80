"""Looks whether the rows agree with the routes. Repairs nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from routeflow import engine
from routeflow.commands.advance import WERKER, Zaak, neem
from routeflow.commands.journaal import zegel
from routeflow.commands.toegang import leesbaar
from routeflow.engine import Step
from routeflow.errors import RouteflowError
from routeflow.store.models import (
    BERICHT_WACHT,
    TAAK_OPEN,
    UITGAAND_KLAAR,
    Bericht,
    Dossier,
    Journaal,
    Route,
    Taak,
    Uitgaand,
    Wacht,
    Wekker,
)

GEDULD = timedelta(hours=1)  # how long something may be due before it counts as missed


@dataclass(frozen=True, slots=True)
class Afwijking:
    """One thing that does not agree, in a sentence for the beheerder."""

    dossier_id: UUID | None
    dossier_nummer: str
    soort: str
    tekst: str


def diagnose(session: Session, *, now: datetime) -> list[Afwijking]:
    """Compare every open dossier with its engine state, and the product with its promises.

    Run it in a transaction that only reads.
    """
    gevonden: list[Afwijking] = []
    ids = session.scalars(select(Route.dossier_id).order_by(Route.dossier_id)).all()
    for dossier_id in ids:
        route = session.scalars(
            select(Route)
            .where(Route.dossier_id == dossier_id)
            .options(joinedload(Route.dossier), joinedload(Route.deployment))
        ).one()
        gevonden += (
            Afwijking(dossier_id, route.dossier.nummer, soort, tekst)
            for soort, tekst in _dossier(session, route, now)
        )
        session.expunge_all()
    gevonden += _gemist(session, now)
    return gevonden


def _dossier(session: Session, route: Route, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _journaal(session, route)
    zaak = neem(session, route, by=WERKER, now=now)
    if route.beeindigd_op is not None:
        step: Step | None = None
    else:
        try:
            step = engine.refresh(zaak.catalogus.definition, route.toestand, zaak.world())
        except RouteflowError as error:
            yield "route", f"De route is niet te lezen: {error}"
            return
    yield from _taken(zaak, step)
    yield from _rijen(
        "wekker",
        dict(
            session.execute(
                select(Wekker.bron, Wekker.op).where(
                    Wekker.dossier_id == route.dossier_id,
                    Wekker.soort == "timer",
                    Wekker.gesloten_op.is_(None),
                )
            ).all()
        ),
        {alarm.id: alarm.due for alarm in step.alarms} if step else {},
    )
    yield from _rijen(
        "wacht",
        {
            str(id_): naam
            for id_, naam in session.execute(
                select(Wacht.id, Wacht.naam).where(Wacht.dossier_id == route.dossier_id)
            )
        },
        {wait.id: wait.name for wait in step.waits} if step else {},
    )


def _taken(zaak: Zaak, step: Step | None) -> Iterator[tuple[str, str]]:
    yield from _rijen(
        "taak",
        {str(taak.id): taak.uiterlijk for taak in zaak.taken if taak.status == "open"},
        {task.id: task.due for task in step.tasks} if step else {},
    )
    ladders = set(
        zaak.session.scalars(
            select(Wekker.bron).where(
                Wekker.dossier_id == zaak.route.dossier_id,
                Wekker.soort == "ladder",
                Wekker.gesloten_op.is_(None),
            )
        )
    )
    bekend = {str(taak.id) for taak in zaak.taken if taak.status == "open" and taak.uiterlijk}
    for bron in ladders - bekend:
        yield "ladder", f"Een herinnering hoort bij een taak die niet open is ({bron})."


def _rijen(
    soort: str, rijen: Mapping[str, object], engine_: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    for id_ in rijen.keys() - engine_.keys():
        yield soort, f"De rij {id_} staat open, maar de route kent hem niet."
    for id_ in engine_.keys() - rijen.keys():
        yield soort, f"De route kent {id_}, maar er is geen rij voor."
    for id_ in rijen.keys() & engine_.keys():
        if rijen[id_] != engine_[id_]:
            yield soort, f"De rij {id_} zegt {rijen[id_]}, de route zegt {engine_[id_]}."


def _journaal(session: Session, route: Route) -> Iterator[tuple[str, str]]:
    keten = ""
    rijen = session.scalars(
        select(Journaal).where(Journaal.dossier_id == route.dossier_id).order_by(Journaal.id)
    )
    for rij in rijen:
        keten = zegel(keten, rij)
        if rij.keten != keten:
            yield (
                "journaal",
                f"Journaalregel {rij.id} ({rij.wat}) is veranderd of mist een voorganger.",
            )
            return
    if keten != route.keten:
        yield "journaal", "De laatste regels van het journaal ontbreken."


def _gemist(session: Session, now: datetime) -> Iterator[Afwijking]:
    nummers = dict(session.execute(select(Dossier.id, Dossier.nummer)).all())
    te_laat = now - GEDULD
    for tabel, moment, wacht in (
        (Wekker, Wekker.op, Wekker.gesloten_op.is_(None) & ~Wekker.gestrand),
        (Bericht, Bericht.volgende_op, BERICHT_WACHT),
        (Uitgaand, Uitgaand.volgende_op, UITGAAND_KLAAR),
    ):
        for dossier_id, op in session.execute(
            select(tabel.dossier_id, moment).where(wacht, moment < te_laat)
        ):
            yield Afwijking(
                dossier_id,
                nummers.get(dossier_id, "") if dossier_id else "",
                tabel.__tablename__,
                f"Dit had op {leesbaar(op)} moeten gebeuren. Draait de worker?",
            )
    dubbel = select(Taak.dossier_id).where(
        TAAK_OPEN,
        Taak.dossier_id.in_(select(Route.dossier_id).where(Route.beeindigd_op.is_not(None))),
    )
    for dossier_id in session.scalars(dubbel):
        yield Afwijking(
            dossier_id,
            nummers.get(dossier_id, ""),
            "taak",
            "Een route die voorbij is, heeft een open taak.",
        )
