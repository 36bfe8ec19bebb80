"""Looks whether a dossier agrees with itself: its engine state, its rows and its journal."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, joinedload

from routeflow import engine
from routeflow.commands import brieven, ladder, overdrachten
from routeflow.commands.advance import (
    WERKER,
    houder_van,
    naam_van,
    onderdeel_van,
    uiterlijk_van,
    vraagt,
)
from routeflow.commands.besluitdossiers import canoniek, nagaan
from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.diensten import DIENSTEN
from routeflow.commands.feiten import KOLOMMEN, PER_PERSOON, Feiten
from routeflow.commands.journaal import zegel
from routeflow.commands.keur_termijnen import keur_termijnen
from routeflow.commands.toegang import leesbaar
from routeflow.commands.verwijderen import GEWIST, WAT, gewist, nog_aanwezig
from routeflow.commands.zaak import Zaak
from routeflow.engine import Step
from routeflow.errors import RouteflowError
from routeflow.inburgering.vrijstelling import tijdelijk_vrijgesteld, was_vrijgesteld
from routeflow.store.models import (
    Bericht,
    Dossier,
    Feit,
    Journaal,
    Route,
    Taak,
    Verwijdering,
    Wekker,
    Zoekwoord,
)
from routeflow.store.openstaand import OpenWacht
from routeflow.store.waarden import zoekterm, zoekwoorden

Bevinding = tuple[str, str]
"""What kind of thing does not agree, and what is so: a word and a sentence."""

_MAG_LEEG = frozenset({"leerroute", "bsn", "vNummer"})


@dataclass(slots=True)
class _Akte:
    """Everything of one dossier. ``laatste``: when its last act was; ``opgevolgd``: by a later one."""

    route: Route
    taken: list[Row[Any]] = field(default_factory=list)
    wekkers: list[Row[Any]] = field(default_factory=list)
    wachten: list[Row[Any]] = field(default_factory=list)
    feiten: dict[str, Any] = field(default_factory=dict)
    journaal: list[Journaal] = field(default_factory=list)
    berichten: set[str] = field(default_factory=set)
    woorden: set[str] = field(default_factory=set)
    laatste: datetime | None = None
    opgevolgd: bool = False


def onderzoek(
    session: Session, dossiers: Sequence[UUID], *, now: datetime
) -> Iterator[tuple[Dossier, Bevinding]]:
    """Compare these dossiers with their engine states. Reads only, and keeps nothing."""
    levend = []
    for akte in _aktes(session, dossiers):
        akte.laatste = akte.journaal[-1].op if akte.journaal else None
        dossier = akte.route.dossier
        if dossier.verwijderd_op is not None:
            for bevinding in (*_journaal(akte), *_verwijderd(session, akte), *_vindbaar(akte)):
                yield dossier, bevinding
            continue
        levend.append(dossier.id)
        for bevinding in (
            *_journaal(akte),
            *_rijen(session, akte, now),
            *_keer(akte),
            *_verteld(akte),
            *_dossier(akte),
        ):
            yield dossier, bevinding
    for dossier_id, zin in nagaan(session, levend):
        yield session.get_one(Dossier, dossier_id), ("besluitdossier", zin)
    for dossier_id, zin in overdrachten.nagaan(session, levend):
        yield session.get_one(Dossier, dossier_id), ("overdracht", zin)
    for dossier_id, zin in brieven.nagaan(session, levend):
        yield session.get_one(Dossier, dossier_id), ("brief", zin)
    for dossier_id, zin in keur_termijnen(session, levend, now=now):
        yield session.get_one(Dossier, dossier_id), ("termijn", zin)
    session.expunge_all()


def _aktes(session: Session, dossiers: Sequence[UUID]) -> list[_Akte]:
    """Read a pile of dossiers together: a statement costs more than a row."""
    routes = session.scalars(
        select(Route)
        .where(Route.dossier_id.in_(dossiers))
        .options(joinedload(Route.dossier), joinedload(Route.deployment))
    )
    aktes = {route.dossier_id: _Akte(route) for route in routes}
    for vorige in session.scalars(select(Dossier.vorige_id).where(Dossier.vorige_id.in_(dossiers))):
        if vorige in aktes:
            aktes[vorige].opgevolgd = True
    for tabel, naar in ((Taak, "taken"), (Wekker, "wekkers")):
        for rij in session.execute(select(*_KOLOMMEN[tabel]).where(tabel.dossier_id.in_(dossiers))):
            if rij.dossier_id in aktes:
                getattr(aktes[rij.dossier_id], naar).append(rij)
    for rij in session.execute(
        select(Feit.dossier_id, Feit.naam, Feit.waarde).where(
            Feit.dossier_id.in_(dossiers), Feit.tot.is_(None)
        )
    ):
        if rij.dossier_id in aktes:
            aktes[rij.dossier_id].feiten[rij.naam] = rij.waarde
    for regel in session.scalars(
        select(Journaal).where(Journaal.dossier_id.in_(dossiers)).order_by(Journaal.id)
    ):
        if regel.dossier_id in aktes:
            aktes[regel.dossier_id].journaal.append(regel)
    _lees_woorden(session, aktes)
    _lees_berichten(session, aktes.values())
    return sorted(aktes.values(), key=lambda akte: akte.route.dossier.nummer)


def _lees_woorden(session: Session, aktes: Mapping[UUID, _Akte]) -> None:
    for rij in session.execute(
        select(Zoekwoord.dossier_id, Zoekwoord.woord).where(Zoekwoord.dossier_id.in_(aktes))
    ):
        aktes[rij.dossier_id].woorden.add(rij.woord)


def _lees_berichten(session: Session, aktes: Collection[_Akte]) -> None:
    """Read which messages that a journal tells of are there; one may be of a later period by now."""
    verteld = {
        akte.route.dossier_id: {
            ident for rij in akte.journaal if (ident := rij.gegevens.get("berichtId")) is not None
        }
        for akte in aktes
    }
    er = select(Bericht.bericht_id).where(Bericht.bericht_id.in_(set().union(*verteld.values())))
    zijn_er = set(session.scalars(er))
    for akte in aktes:
        akte.berichten = verteld[akte.route.dossier_id] & zijn_er


_KOLOMMEN: Mapping[Any, tuple[Any, ...]] = {
    Taak: (
        Taak.dossier_id,
        Taak.id,
        Taak.deployment_id,
        Taak.proces,
        Taak.element,
        Taak.naam,
        Taak.onderdeel,
        Taak.houder,
        Taak.formulier,
        Taak.rol,
        Taak.uiterlijk,
        Taak.opvolgen,
        Taak.status,
        Taak.gesloten_op,
        Taak.gesloten_door,
        Taak.te_laat_gemeld_op,
    ),
    Wekker: (
        Wekker.dossier_id,
        Wekker.soort,
        Wekker.bron,
        Wekker.element,
        Wekker.naam,
        Wekker.gegevens,
        Wekker.op,
        Wekker.gesloten_op,
        Wekker.afgegaan,
    ),
}


def _journaal(akte: _Akte) -> Iterator[Bevinding]:
    """Follow the chain; behind the first link that does not fit nothing can be said.

    Of a row that was erased only its hash is left: the row that tells of the erasure seals it.
    """
    keten = ""
    for rij in akte.journaal:
        keten = rij.keten if rij.gewist_door is not None else zegel(keten, rij)
        if rij.keten != keten:
            yield (
                "journaal",
                (
                    f"Journaalregel {rij.id} ({rij.wat}) past niet op de regel ervoor: een van beide is "
                    "veranderd, weggehaald, verplaatst of bijgeschreven."
                ),
            )
            return
    if keten != akte.route.keten:
        yield (
            "journaal",
            "De laatste regels van het journaal ontbreken, of er is een regel bijgeschreven.",
        )
    yield from _gewist(akte)


def _gewist(akte: _Akte) -> Iterator[Bevinding]:
    """Look whether each erased row is one that an erasure tells of, and none is missing."""
    weg: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for rij in akte.journaal:
        if rij.gewist_door is None:
            continue
        weg[rij.gewist_door].append((rij.id, rij.keten))
        if (rij.wat, rij.gegevens, rij.pad, rij.element, rij.door) != (GEWIST, {}, [], None, ""):
            yield "journaal", f"Journaalregel {rij.id} staat als gewist, maar is niet leeg."
    verteld = {rij.id: rij for rij in akte.journaal if rij.wat == WAT}
    for nummer in weg.keys() - verteld.keys():
        yield (
            "journaal",
            f"Regels van het journaal zijn gewist door regel {nummer}, maar die vertelt daar niet van.",
        )
    for nummer, rij in verteld.items():
        if rij.gegevens.get("gewist") != gewist(weg[nummer]):
            yield (
                "journaal",
                (
                    f"De gewiste regels van het journaal zijn niet meer die welke regel {nummer} verzegelt: "
                    "er is een regel weggehaald, bijgeschreven of veranderd."
                ),
            )


def _verwijderd(session: Session, akte: _Akte) -> Iterator[Bevinding]:
    """Look whether an erased dossier is empty, and was erased by two persons."""
    yield from ((soort, zin) for soort, zin in nog_aanwezig(session, akte.route))
    verteld = {rij.id: rij for rij in akte.journaal if rij.wat == WAT}
    gedaan = {
        rij.journaal_id: rij
        for rij in session.scalars(
            select(Verwijdering).where(
                Verwijdering.dossier_id == akte.route.dossier_id,
                Verwijdering.status == "uitgevoerd",
            )
        )
    }
    if not verteld:
        yield (
            "verwijdering",
            "Het dossier staat als verwijderd, maar het journaal vertelt daar niet van.",
        )
    for nummer in verteld.keys() ^ gedaan.keys():
        yield "verwijdering", f"Het verwijderen in journaalregel {nummer} hoort bij geen voorstel."
    for nummer in verteld.keys() & gedaan.keys():
        rij, regel = gedaan[nummer], verteld[nummer]
        zegt = (regel.gegevens.get("verwijdering"), regel.gegevens.get("soort"), regel.door_id)
        if zegt != (str(rij.id), rij.soort, rij.besloten_door_id):
            yield "verwijdering", f"Het voorstel bij journaalregel {nummer} zegt iets anders."
        zelf = rij.besloten_door_id is not None and rij.voorgesteld_door_id == rij.besloten_door_id
        if zelf or rij.voorgesteld_door == rij.besloten_door:
            yield "verwijdering", f"Een en dezelfde persoon deed het verwijderen in regel {nummer}."


def _rijen(session: Session, akte: _Akte, now: datetime) -> Iterator[Bevinding]:
    """Hold the rows against what the engine says, as it was right after the last act."""
    try:
        zaak = _zaak(session, akte, now)
        step = _stand(zaak)
    except RouteflowError as error:
        yield "route", f"De stand van de route is niet te lezen: {error}"
        return
    except Exception as error:  # noqa: BLE001 - damaged bytes raise anything; the others go on
        yield "route", f"De stand van de route is niet te lezen ({type(error).__name__})."
        return
    if step.passed:
        waar = ", ".join(dict.fromkeys(passed.element for passed in step.passed))
        yield "route", f"De route zou uit zichzelf verder gaan ({waar}), maar dat is niet gebeurd."
        return
    yield from _einde(akte, step)
    yield from _taken(akte, step, zaak.feiten.waarden)
    yield from _timers(akte, step)
    yield from _wachten(akte, step)
    yield from _ladders(akte, zaak)


def _zaak(session: Session, akte: _Akte, now: datetime) -> Zaak:
    return Zaak(
        session=session,
        route=akte.route,
        catalogus=catalogus_of(session, akte.route.deployment),
        feiten=Feiten(session, akte.route.dossier, akte.feiten),
        taken=[],
        by=WERKER,
        now=akte.laatste or now,
    )


def _stand(zaak: Zaak) -> Step:
    """Return the present according to the engine, without doing anything in the world."""
    world = replace(zaak.world(), services=dict.fromkeys(DIENSTEN, _stil))
    return engine.refresh(zaak.catalogus.definition, zaak.route.toestand, world)


def _stil(_invoer: Mapping[str, Any], _kop: Mapping[str, str]) -> Mapping[str, Any]:
    return {}


def _einde(akte: _Akte, step: Step) -> Iterator[Bevinding]:
    beeindigd = akte.route.beeindigd_op
    if step.finished and beeindigd is None:
        yield "route", "De route is voorbij, maar staat nog als lopend."
    if not step.finished and beeindigd is not None:
        yield "route", f"De route staat als beëindigd op {leesbaar(beeindigd)}, maar loopt nog."


def _taken(akte: _Akte, step: Step, feiten: Mapping[str, Any]) -> Iterator[Bevinding]:
    rijen = {str(rij.id): rij for rij in akte.taken}
    tasks = {task.id: task for task in step.tasks}
    for id_, rij in rijen.items():
        wat = f"De taak {rij.naam} ({id_})"
        if (rij.status == "open") != (rij.gesloten_op is None):
            yield (
                "taak",
                f"{wat} heeft status {rij.status} en een sluitdatum die daar niet bij past.",
            )
        task = tasks.get(id_)
        if rij.status != "open":
            if task:
                yield "taak", f"{wat} staat als {rij.status}, maar de route wacht er nog op."
            continue
        if task is None:
            yield "taak", f"{wat} staat open, maar de route wacht er niet op."
            continue
        if rij.deployment_id != akte.route.deployment_id:
            yield (
                "taak",
                (
                    f"{wat} hoort bij versie {rij.deployment_id} van de processen, maar de route loopt "
                    f"op versie {akte.route.deployment_id}."
                ),
            )
        yield from _anders(
            "taak",
            wat,
            (
                *(rij.proces, rij.element, rij.naam, rij.houder),
                *(rij.onderdeel, rij.formulier, rij.uiterlijk, rij.opvolgen),
            ),
            (
                *(task.process, task.element, naam_van(task), houder_van(task)),
                *(onderdeel_van(task), task.form or ""),
                uiterlijk_van(rij.houder, task, feiten),
                task.follow_up,
            ),
        )
    for id_ in tasks.keys() - rijen.keys():
        yield "taak", f"De route wacht op de taak {tasks[id_].name} ({id_}), maar die is er niet."


def _anders(
    soort: str, wat: str, rij: tuple[object, ...], route: tuple[object, ...]
) -> Iterator[Bevinding]:
    if rij != route:
        paren = [(a, b) for a, b in zip(rij, route, strict=True) if a != b]
        hier, daar = (", ".join(_tekst(paar[kant]) for paar in paren) for kant in (0, 1))
        yield soort, f"{wat} zegt {hier}; de route zegt {daar}."


def _tekst(waarde: object) -> str:
    if isinstance(waarde, datetime):
        return leesbaar(waarde)
    return "niets" if waarde is None else str(waarde)


def _timers(akte: _Akte, step: Step) -> Iterator[Bevinding]:
    alarms = {alarm.id: alarm for alarm in step.alarms}
    open_ = {
        rij.bron: rij for rij in akte.wekkers if rij.soort == "timer" and rij.gesloten_op is None
    }
    for bron, rij in open_.items():
        wat = f"De wekker {rij.naam or rij.element} ({bron})"
        if bron not in alarms:
            yield "wekker", f"{wat} staat, maar de route wacht er niet op."
            continue
        alarm = alarms[bron]
        yield from _anders("wekker", wat, (rij.element, rij.op), (alarm.element, alarm.due))
    for bron in alarms.keys() - open_.keys():
        naam = alarms[bron].name or alarms[bron].element
        yield "wekker", f"De route wacht op de wekker {naam} ({bron}), maar die staat niet."


def _wachten(akte: _Akte, step: Step) -> Iterator[Bevinding]:
    waits = {wait.id: wait for wait in step.waits}
    there = {een.id: een for een in (OpenWacht(*rij) for rij in akte.route.wachten)}
    for id_, rij in there.items():
        wat = f"Het wachten op {rij.naam} ({id_})"
        if id_ not in waits:
            yield "wacht", f"{wat} staat er, maar de route wacht daar niet op."
            continue
        wait = waits[id_]
        yield from _anders(
            "wacht",
            wat,
            (rij.soort, rij.naam, rij.proces, rij.element),
            (wait.kind, wait.name, wait.process, wait.element),
        )
    for id_ in waits.keys() - there.keys():
        yield (
            "wacht",
            f"De route wacht op het bericht {waits[id_].name} ({id_}), maar dat staat er niet.",
        )


def _ladders(akte: _Akte, zaak: Zaak) -> Iterator[Bevinding]:
    """Look whether each open taak with a last day still has its next reminder."""
    open_: dict[str, Row[Any]] = {}
    oud: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for rij in akte.wekkers:
        if rij.soort == "ladder" and rij.gesloten_op is None:
            open_[rij.bron] = rij
        elif rij.soort == "ladder":
            oud[rij.bron].append(rij)
    taken = {str(taak.id): taak for taak in akte.taken if taak.status == "open" and taak.uiterlijk}
    for bron in open_.keys() - taken.keys():
        yield "ladder", f"Een herinnering hoort bij een taak die niet open is ({bron})."
    for id_, taak in taken.items():
        dag = taak.uiterlijk.isoformat()
        if id_ in open_:
            gaat = open_[id_].gegevens.get("uiterlijk")
            if gaat != dag:
                yield (
                    "ladder",
                    f"De herinnering aan {taak.naam} gaat uit van {gaat}, niet van {dag}.",
                )
            yield from _op_haar_moment(zaak, taak, open_[id_])
        elif _nog_een_stap(
            zaak, taak, [een for een in oud[id_] if een.gegevens["uiterlijk"] == dag]
        ):
            yield "ladder", f"De taak {taak.naam} ({id_}) heeft geen volgende herinnering."


def _op_haar_moment(zaak: Zaak, taak: Row[Any], wekker: Row[Any]) -> Iterator[Bevinding]:
    for stap in zaak.catalogus.ladder(taak.onderdeel, taak.houder, taak.rol, zaak.now):
        if stap.stap == wekker.naam and (op := stap.moment(taak.uiterlijk)) != wekker.op:
            yield (
                "ladder",
                f"De herinnering aan {taak.naam} staat op {leesbaar(wekker.op)}, niet op {leesbaar(op)}.",
            )


def _nog_een_stap(zaak: Zaak, taak: Row[Any], oud: Sequence[Row[Any]]) -> bool:
    stappen = zaak.catalogus.ladder(taak.onderdeel, taak.houder, taak.rol, zaak.now)
    rustte = was_vrijgesteld(zaak.feiten.waarden) and vraagt(zaak, cast("Taak", taak))
    if rustte and tijdelijk_vrijgesteld(zaak.feiten.waarden):
        return False
    if oud and not rustte:
        laatste = max(oud, key=lambda rij: rij.gesloten_op)
        return ladder.volgende(stappen, taak.uiterlijk, laatste.naam) is not None
    gemeld = taak.te_laat_gemeld_op is not None
    return ladder.eerste(stappen, taak.uiterlijk, gemeld=gemeld, now=zaak.now) is not None


def _keer(akte: _Akte) -> Iterator[Bevinding]:
    """Look whether everything happened exactly as often as the journal says."""
    acts: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    bezorgd: Counter[str] = Counter()
    for rij in akte.journaal:
        acts[rij.wat][rij.element] += 1
        if rij.wat == "bericht bezorgd":
            bezorgd[rij.gegevens.get("berichtId", "")] += 1
    gedaan = Counter(taak.element for taak in akte.taken if taak.status == "gedaan")
    yield from _vaker("taak", "is afgerond", "afgeronde taken", acts["taak voltooid"], gedaan)
    timers = [rij for rij in akte.wekkers if rij.soort == "timer" and rij.afgegaan]
    afgegaan = Counter(rij.element for rij in timers)
    yield from _vaker("wekker", "is afgegaan", "zulke wekkers", acts["wekker"], afgegaan)
    for id_, aantal in bezorgd.items():
        if aantal > 1:
            yield "bericht", f"Het bericht {id_} is {aantal} keer bezorgd."


def _verteld(akte: _Akte) -> Iterator[Bevinding]:
    """Look whether the facts, and who did which step when, are what the sealed journal tells."""
    feiten: dict[str, Any] = {}
    gedaan: Counter[tuple[str | None, str, datetime]] = Counter()
    for rij in akte.journaal:
        for naam, (_, nu) in rij.gegevens.get("feiten", {}).items():
            feiten[naam] = nu
        if rij.wat == "taak voltooid":
            gedaan[rij.element, rij.door, rij.op] += 1
        ident = rij.gegevens.get("berichtId")
        if ident is not None and ident not in akte.berichten:
            yield "bericht", f"Het bericht {ident} staat in het journaal, maar is weg."
    for naam in sorted(feiten.keys() | akte.feiten.keys()):
        if canoniek(feiten.get(naam)) != canoniek(akte.feiten.get(naam)):
            yield "feit", f"Het gegeven {naam} staat niet zo in het journaal."
    for taak in akte.taken:
        if taak.status != "gedaan":
            continue
        wie = (taak.element, taak.gesloten_door, taak.gesloten_op)
        if not gedaan[wie]:
            yield (
                "taak",
                (
                    f"De taak {taak.naam} ({taak.id}) zegt dat {taak.gesloten_door} die afrondde op "
                    f"{leesbaar(taak.gesloten_op)}; dat staat niet zo in het journaal."
                ),
            )
        gedaan[wie] -= 1


def _vaker(
    soort: str, wat: str, rijen: str, acts: Counter[str | None], there: Counter[Any]
) -> Iterator[Bevinding]:
    for element in acts.keys() | there.keys():
        if acts[element] != there[element]:
            yield (
                soort,
                (
                    f"Het journaal zegt {acts[element]} keer dat {element} {wat}, maar er zijn "
                    f"{there[element]} {rijen}."
                ),
            )


def _vindbaar(akte: _Akte) -> Iterator[Bevinding]:
    """Look whether a search finds the dossier by its naam and nummer, and by nothing else."""
    dossier = akte.route.dossier
    zoek = zoekterm(f"{dossier.naam} {dossier.nummer}")
    if dossier.zoek != zoek or akte.woorden != zoekwoorden(zoek):
        yield "dossier", "De woorden waarmee u dit dossier vindt, zijn niet die van naam en nummer."


def _dossier(akte: _Akte) -> Iterator[Bevinding]:
    """Look whether the columns of the dossier say what its facts and its journal say."""
    yield from _vindbaar(akte)
    dossier = akte.route.dossier
    gesloten, beeindigd = dossier.gesloten_op, akte.route.beeindigd_op
    if beeindigd is not None and gesloten is None:
        yield "dossier", "De route is voorbij, maar het dossier staat nog open."
    if gesloten is not None and gesloten not in {rij.op for rij in akte.journaal}:
        yield (
            "dossier",
            f"Het dossier staat als gesloten op {leesbaar(gesloten)}, maar toen gebeurde er niets.",
        )
    for naam, kolom in KOLOMMEN.items():
        feit, hier = akte.feiten.get(naam), getattr(dossier, kolom)
        if akte.opgevolgd and naam in PER_PERSOON:
            if hier is not None:
                yield (
                    "dossier",
                    f"De inburgeraar kwam terug, maar dit dossier heeft nog het {naam}.",
                )
            continue
        if feit and str(feit) != hier:
            yield (
                "dossier",
                f"De lijsten zeggen bij {naam} iets anders dan het feit in het dossier.",
            )
        elif feit is None and hier is not None and naam in _MAG_LEEG:
            yield "dossier", f"De lijsten noemen een {naam} die niet in het dossier staat."
