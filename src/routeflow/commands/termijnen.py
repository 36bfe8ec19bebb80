"""The periods of a dossier as rows: counted again when a fact moves them, watched, and proven."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.commands import ladder
from routeflow.commands.diensten import meld
from routeflow.commands.journaal import schrijf
from routeflow.commands.zaak import Zaak, lock_route, neem
from routeflow.inburgering.rechten import Actor, Rol
from routeflow.inburgering.regels import REGELS
from routeflow.inburgering.telling import Telling, raakt, tel
from routeflow.store.models import DossierTermijn, Route, TermijnBewijs, TermijnHistorie, Wekker
from routeflow.store.models.casemanager import geef_zelf_door
from routeflow.store.openstaand import OpenWekker

WEKKER: Final = "termijn"  # soort of a wekker that watches a period; its bron is the row's id
VERSTREKEN: Final = ladder.Stap("verstreken", 0, ladder.TE_LAAT, "", "")
"""The step that the product itself takes, whatever the table says: the end of a period is proven."""

BEWAREN: Final = "bewaartermijn"
_BLIJFT_NA_SLUITEN: Final = frozenset({BEWAREN})
_KOLOMMEN: Final = (
    "status",
    "wacht_op",
    "begin",
    "uiterlijk",
    "eigen_dag",
    "grond",
    "lengte",
    "atw",
    "atw_reden",
    "uitleg",
    "gehaald_op",
    "op_tijd",
)


_BEWAREN: Final[tuple[str, ...]] = (
    "eindePlicht",
    "eindePlichtWijze",
    "overlijdensdatum",
    "leningAfgelostOp",
)
"""Facts from which the bewaartermijn of every dossier of the person counts."""


@dataclass(frozen=True, slots=True)
class Verschil:
    """One row of a dossier that does not say what its facts say."""

    naam: str
    rij: str
    telling: str


def volg_feiten(zaak: Zaak, wekkers: Mapping[tuple[str, str], OpenWekker]) -> None:
    """Let the rows agree with the facts, when this act changed one that can move a period.

    Also in the first act of a dossier, and when it closes: then what still ran is off.
    """
    gesloten = zaak.route.dossier.gesloten_op == zaak.now
    eerste = not zaak.route.keten
    if not (eerste or gesloten or raakt(zaak.feiten.anders)):
        return
    tel_bij(zaak, wekkers, _aanleiding(zaak, gesloten=gesloten))


def _aanleiding(zaak: Zaak, *, gesloten: bool) -> str:
    """Say for what the periods are counted; the end of the plicht is the reason why they close."""
    anders = zaak.feiten.anders
    if einde := anders.keys() & {"eindePlicht", "overlijdensdatum"}:
        wijze = zaak.feiten.waarden.get("eindePlichtWijze") or ", ".join(sorted(einde))
        return f"einde van de plicht: {wijze}"
    return ", ".join(sorted(anders)) or ("sluiten" if gesloten else "start")


def tel_bij(zaak: Zaak, wekkers: Mapping[tuple[str, str], OpenWekker], aanleiding: str) -> None:
    """Let the rows say what the facts of now say; ``aanleiding``: what it was counted for."""
    rijen = _rijen(zaak)
    if any(een.casemanager_id != zaak.route.dossier.casemanager_id for een in rijen):
        geef_zelf_door(zaak.route.dossier, DossierTermijn, rijen)
    laatste = {rij.naam: rij for rij in sorted(rijen, key=lambda rij: rij.volgnummer)}
    tellingen = {een.naam: een for een in tel(zaak.feiten.waarden)}
    if zaak.route.dossier.gesloten_op is not None:
        tellingen = {
            naam: een
            for naam, een in tellingen.items()
            if naam in _BLIJFT_NA_SLUITEN or een.status == "gehaald"
        }
    for naam, telling in tellingen.items():
        rij = laatste.get(naam)
        was = (rij.id, rij.status, rij.uiterlijk) if rij else None
        if rij is None or _begint_opnieuw(rij, telling, ladder.vandaag(zaak.now)):
            rij = _nieuw(zaak, telling, volgnummer=rij.volgnummer + 1 if rij else 1)
            zaak.session.add(rij)
            rijen.append(rij)
            _noteer(zaak, rij, None, telling, aanleiding)
        elif _anders(rij, telling):
            oud = stand(rij)
            _zet(rij, telling, zaak.now)
            _noteer(zaak, rij, oud, telling, aanleiding)
        wekker = wekkers.get((WEKKER, str(rij.id)))
        if wekker or was != (rij.id, rij.status, rij.uiterlijk):  # else its end was proven before
            _zet_wekker(zaak, rij, wekker)
    for naam, rij in laatste.items():
        if naam not in tellingen and rij.gesloten_op is None:
            oud = stand(rij)
            rij.status, rij.gesloten_op = "vervallen", zaak.now
            _noteer_stand(zaak, rij, oud, stand(rij), aanleiding)
            if wekker := wekkers.get((WEKKER, str(rij.id))):
                wekker.rij.gesloten_op = zaak.now


def _rijen(zaak: Zaak) -> list[DossierTermijn]:
    """Return the periods of the dossier; what is added to them belongs to what was read already."""
    if zaak.perioden is None:
        van_dossier = DossierTermijn.dossier_id == zaak.route.dossier_id
        zaak.perioden = list(zaak.session.scalars(select(DossierTermijn).where(van_dossier)))
    return zaak.perioden


def _begint_opnieuw(rij: DossierTermijn, telling: Telling, vandaag: date) -> bool:
    """Say whether the facts now speak of a next period: the one of this row is behind us.

    A correction of a fact moves a period that runs; a start after its end is another one.
    """
    if telling.begin is None or rij.begin is None or telling.begin == rij.begin:
        return False
    einde = rij.gehaald_op or rij.uiterlijk
    voorbij = rij.gesloten_op is not None or (rij.uiterlijk is not None and rij.uiterlijk < vandaag)
    return voorbij and einde is not None and telling.begin > einde


def _nieuw(zaak: Zaak, telling: Telling, *, volgnummer: int) -> DossierTermijn:
    regel = REGELS[telling.naam]
    rij = DossierTermijn(
        id=uuid4(),
        dossier_id=zaak.route.dossier_id,
        naam=telling.naam,
        volgnummer=volgnummer,
        soort=regel.soort,
        houder=regel.houder,
        tekst=regel.tekst,
        sinds=zaak.now,
    )
    _zet(rij, telling, zaak.now)
    return rij


def _zet(rij: DossierTermijn, telling: Telling, now: datetime) -> None:
    for kolom in _KOLOMMEN:
        setattr(rij, kolom, getattr(telling, kolom))
    rij.feiten = dict(telling.feiten or {})
    rij.gesloten_op = now if telling.status == "gehaald" else None


def _anders(rij: DossierTermijn, telling: Telling) -> bool:
    return rij.feiten != dict(telling.feiten or {}) or any(
        getattr(rij, kolom) != getattr(telling, kolom) for kolom in _KOLOMMEN
    )


def stand(rij: DossierTermijn) -> dict[str, Any]:
    """Return how a row stands, as its history keeps it."""
    return {
        "status": rij.status,
        "grond": rij.grond,
        "wachtOp": rij.wacht_op,
        "begin": _iso(rij.begin),
        "uiterlijk": _iso(rij.uiterlijk),
        "eigenDag": _iso(rij.eigen_dag),
        "feiten": rij.feiten,
        "uitleg": rij.uitleg,
        "gehaaldOp": _iso(rij.gehaald_op),
    }


def _iso(dag: date | None) -> str | None:
    return dag.isoformat() if dag else None


def _noteer(
    zaak: Zaak,
    rij: DossierTermijn,
    oud: dict[str, Any] | None,
    telling: Telling,
    aanleiding: str,
) -> None:
    _noteer_stand(zaak, rij, oud, telling.als_json(), aanleiding)


def _noteer_stand(
    zaak: Zaak,
    rij: DossierTermijn,
    oud: dict[str, Any] | None,
    nieuw: dict[str, Any],
    aanleiding: str,
) -> None:
    zaak.session.add(
        TermijnHistorie(
            termijn_id=rij.id,
            termijn=rij,
            op=zaak.now,
            door=zaak.by.naam,
            aanleiding=aanleiding[:200],
            oud=oud,
            nieuw=nieuw,
        )
    )


# Watching: one wekker a period that runs, waiting for the step that comes next.


def _stappen(zaak: Zaak, rij: DossierTermijn) -> list[ladder.Stap]:
    if rij.soort != "uiterlijk":
        return [VERSTREKEN]
    return [*zaak.catalogus.termijnladder(rij.naam, rij.houder, zaak.now), VERSTREKEN]


def _zet_wekker(zaak: Zaak, rij: DossierTermijn, wekker: OpenWekker | None) -> None:
    uiterlijk = rij.uiterlijk if rij.status == "loopt" else None
    if uiterlijk is None:
        if wekker:
            wekker.rij.gesloten_op = zaak.now
        return
    if wekker and wekker.gegevens["uiterlijk"] == uiterlijk.isoformat():
        return
    stap = ladder.eerste(_stappen(zaak, rij), uiterlijk, gemeld=False, now=zaak.now)
    _wacht_op(zaak, rij, wekker.rij if wekker else None, stap)


def _wacht_op(
    zaak: Zaak, rij: DossierTermijn, wekker: Wekker | None, stap: ladder.Stap | None
) -> None:
    if stap is None or rij.uiterlijk is None:
        if wekker:
            wekker.gesloten_op = zaak.now
        return
    if wekker is None:
        wekker = Wekker(
            id=uuid4(),
            dossier_id=rij.dossier_id,
            soort=WEKKER,
            bron=str(rij.id),
            element=rij.naam,
        )
        zaak.session.add(wekker)
    wekker.naam = stap.stap
    wekker.gegevens = {"uiterlijk": rij.uiterlijk.isoformat()}
    wekker.op = max(stap.moment(rij.uiterlijk), zaak.now)  # a fact may tell of days gone by
    wekker.lease = wekker.lease_tot = None
    wekker.pogingen, wekker.gestrand, wekker.afgegaan = 0, False, False


def rijen_van(session: Session, wekkers: Iterable[Wekker]) -> dict[str, DossierTermijn]:
    """Return the periods that these wekkers watch, by the wekker's ``bron``."""
    ids = [UUID(wekker.bron) for wekker in wekkers if wekker.soort == WEKKER]
    if not ids:
        return {}
    found = session.scalars(select(DossierTermijn).where(DossierTermijn.id.in_(ids)))
    return {str(rij.id): rij for rij in found}


def trede(zaak: Zaak, wekker: Wekker, rij: DossierTermijn | None) -> str | None:
    """Take one step of a period: warn, or prove that it passed; then wait for the next step."""
    if rij is None or rij.status != "loopt" or rij.uiterlijk is None:
        wekker.gesloten_op = zaak.now
        return None
    uiterlijk = rij.uiterlijk
    stappen = _stappen(zaak, rij)
    stap = next((stap for stap in stappen if stap.stap == wekker.naam), None)
    _wacht_op(zaak, rij, wekker, ladder.volgende(stappen, rij.uiterlijk, wekker.naam))
    if stap is None:
        return None
    label = REGELS[rij.naam].label
    voorbij = stap.stap == VERSTREKEN.stap
    tekst = (
        f"De termijn “{label}” is verstreken."
        if voorbij
        else f"{label} ({zaak.route.dossier.nummer}): {stap.tekst}"
    )
    bewijs(
        zaak.session,
        zaak.route.dossier_id,
        rij.naam,
        "verstreken" if voorbij else "gewaarschuwd",
        tekst=tekst,
        gepland=stap.moment(uiterlijk),
        by=zaak.by,
        now=zaak.now,
    )
    if not voorbij:
        personen = {Rol.CASEMANAGER: zaak.route.dossier.casemanager_id}
        meld(
            zaak.omgeving,
            rol=stap.aan,
            account_id=personen.get(Rol(stap.aan)),
            tekst=tekst,
            soort=stap.soort,
        )
    elif rij.naam == BEWAREN:
        meld(
            zaak.omgeving,
            rol=Rol.TEAMLEIDER,
            tekst=f"De bewaartermijn van dossier {zaak.route.dossier.nummer} is voorbij. Kijk op de "
            "pagina Verwijderen.",
            soort=ladder.HERINNERING,
        )
    return tekst


# Proof: who saw it, what warned of it, that it passed.


def bewijs(
    session: Session,
    dossier_id: UUID,
    naam: str,
    soort: str,
    *,
    tekst: str = "",
    taak_id: UUID | None = None,
    gepland: datetime | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Add one row of proof about the period ``naam`` of a dossier."""
    session.add(
        TermijnBewijs(
            dossier_id=dossier_id,
            naam=naam,
            taak_id=taak_id,
            soort=soort,
            op=now,
            gepland=gepland,
            door=by.naam,
            door_id=by.account_id,
            tekst=tekst,
        )
    )


def gezien_te_noteren(
    session: Session, dossier_id: UUID, namen: Collection[str], *, by: Actor
) -> list[str]:
    """Return which of these periods ``by`` has not seen yet. Reads only."""
    if not namen or by.account_id is None:
        return []
    gezien = set(
        session.scalars(
            select(TermijnBewijs.naam).where(
                TermijnBewijs.dossier_id == dossier_id,
                TermijnBewijs.naam.in_(namen),
                TermijnBewijs.soort == "gezien",
                TermijnBewijs.door_id == by.account_id,
            )
        )
    )
    return sorted(set(namen) - gezien)


def noteer_gezien(
    session: Session,
    dossier_id: UUID,
    namen: Iterable[str],
    *,
    taak_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Prove that ``by`` saw these periods for the first time, through a taak or the dossier page."""
    for naam in gezien_te_noteren(session, dossier_id, set(namen), by=by):
        bewijs(session, dossier_id, naam, "gezien", taak_id=taak_id, by=by, now=now)


def geef_door(zaak: Zaak) -> None:
    """Let the earlier dossiers of the person know the end of the plicht: they are kept as long.

    Call it when the facts of an act were written.
    """
    nieuw = {naam: zaak.feiten.waarden.get(naam) for naam in _BEWAREN if naam in zaak.feiten.anders}
    vorige_id = zaak.route.dossier.vorige_id if nieuw else None
    while vorige_id is not None:
        route = lock_route(zaak.session, Route.dossier_id == vorige_id)
        if route is None or route.dossier.verwijderd_op is not None:
            return
        eerder = neem(zaak.session, route, by=zaak.by, now=zaak.now)
        if eerder.feiten.zet(nieuw, door=zaak.by.naam, now=zaak.now):
            tel_bij(eerder, eerder.open.per_bron(), "eindePlicht")
            gegevens = {"feiten": eerder.feiten.anders}
            schrijf(
                zaak.session,
                "bewaartermijn geteld",
                gegevens,
                route=route,
                by=zaak.by,
                now=zaak.now,
            )
        vorige_id = route.dossier.vorige_id


# Judging: do the rows say what the facts say?


def afwijkingen(
    rijen: Sequence[DossierTermijn], feiten: Mapping[str, Any], *, gesloten: bool
) -> Iterator[Verschil]:
    """Return the periods whose row and facts disagree, counted again from the facts of now."""
    laatste = {rij.naam: rij for rij in sorted(rijen, key=lambda rij: rij.volgnummer)}
    tellingen = {een.naam: een for een in tel(feiten)}
    for naam, telling in tellingen.items():
        if gesloten and naam not in _BLIJFT_NA_SLUITEN and telling.status != "gehaald":
            continue
        rij = laatste.get(naam)
        if rij is None or _anders(rij, telling):
            staat = f"{rij.status} {_iso(rij.uiterlijk) or ''}".strip() if rij else "geen rij"
            geteld = f"{telling.status} {_iso(telling.uiterlijk) or ''}".strip()
            yield Verschil(naam, staat, geteld)
    for naam, rij in laatste.items():
        if rij.gesloten_op is None and naam not in tellingen:
            yield Verschil(naam, rij.status, "geldt niet")


def zonder_bewijs(
    rijen: Iterable[DossierTermijn], bewijzen: Iterable[TermijnBewijs], vandaag: date
) -> list[DossierTermijn]:
    """Return the periods that passed while they ran, and of which no proof tells it.

    One day of grace: the proof is written by the worker at the start of the day after.
    """
    bewezen = {een.naam for een in bewijzen if een.soort == "verstreken"}
    grens = vandaag - timedelta(days=1)
    return [
        rij
        for rij in rijen
        if rij.status == "loopt"
        and rij.uiterlijk is not None
        and rij.uiterlijk < grens
        and rij.naam not in bewezen
    ]
