"""Opening a dossier and changing its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import false, or_, update
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import terugkeer
from routeflow.commands.advance import advance
from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.deployments import PROCESSEN, current
from routeflow.commands.feiten import Feiten, eis_vrij
from routeflow.commands.ladder import vandaag as vandaag_in_nederland
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Act, Zaak, lock_route, neem
from routeflow.errors import Conflict, Incident, Invalid, NotFound
from routeflow.inburgering import regels
from routeflow.inburgering.rechten import Actor, Handeling, zichtbaar
from routeflow.store.models import BERICHT_WACHT, Bericht, Dossier, Route, Teller


@dataclass(frozen=True, slots=True)
class Ontvangen:
    """A message that opens a dossier, and what it says."""

    naam: str
    inhoud: Mapping[str, Any]


def start_dossier(
    session: Session,
    gegevens: Mapping[str, Any],
    *,
    proces: str | None = None,
    begin: str | None = None,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Open a dossier with ``gegevens`` as its first facts and start its route.

    ``gegevens`` needs naam and doelgroep; known columns are bsn, vNummer, leerroute and wet.
    ``proces`` is p00_doorlopende_lijn or p20_gezinsmigrant by doelgroep unless it is given.
    ``begin``: the start event, where the process has more than one plain start. Of somebody who
    moved out of this gemeente the earlier dossier is taken over; then ``brpDatumNieuw`` is needed
    too. Raises NotAllowed, Invalid (field -> sentence) or Conflict (there is an open dossier with
    this BSN).
    """
    eis(by, Handeling.DOSSIER_STARTEN)
    _controleer(gegevens)
    if vorig := terugkeer.eerder_dossier(session, gegevens):
        terugkeer.eis_inschrijving(vorig, gegevens)
    return open_dossier(session, gegevens, proces=proces, begin=begin, by=by, now=now)


def open_dossier(
    session: Session,
    gegevens: Mapping[str, Any],
    *,
    proces: str | None = None,
    begin: str | None = None,
    bericht: Ontvangen | None = None,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Do what ``start_dossier`` does for a message: COA and DUO have no rol of the gemeente.

    ``bericht``: the message that opens it. The route begins at the start of that message where the
    process has one, and else at its plain start.
    """
    vorig = terugkeer.eerder_dossier(session, gegevens)
    if vorig is not None:
        gegevens = terugkeer.neem_over(session, vorig, gegevens)
    _controleer(gegevens)
    eis_vrij(session, gegevens)
    deployment = current(session)
    if deployment is None:
        raise Conflict("Er is nog geen versie van de processen in dienst. Publiceer die eerst.")
    catalogus = catalogus_of(session, deployment)
    proces = proces or PROCESSEN[gegevens["doelgroep"]]
    if proces not in catalogus.definition.processes:
        raise Incident(f"Het proces {proces} zit niet in versie {deployment.id}.")
    naam = bericht.naam if bericht else None
    if naam not in catalogus.definition.messages(proces):
        naam, begin = None, _kies_begin(catalogus.definition, proces, begin, bericht)
    dossier = Dossier(
        id=uuid4(),
        nummer=_volgend_nummer(session, vandaag_in_nederland(now).year),
        naam=str(gegevens["naam"]).strip(),
        doelgroep=gegevens["doelgroep"],
        geopend_op=now,
        vorige_id=None if vorig is None else vorig.id,
    )
    route = Route(
        dossier_id=dossier.id, deployment_id=deployment.id, proces=proces, toestand=b"", keten=""
    )
    route.dossier, route.deployment = dossier, deployment
    session.add_all([dossier, route])
    session.flush()
    zaak = Zaak(
        session=session,
        route=route,
        catalogus=catalogus,
        feiten=Feiten(session, dossier),
        taken=[],
        by=by,
        now=now,
    )
    advance(
        zaak,
        lambda definition, _state, world: engine.start(
            definition,
            proces,
            world,
            at=begin,
            message=naam,
            payload=bericht.inhoud if bericht else None,
        ),
        Act("dossier geopend", gegevens={"proces": proces} | ({"begin": begin} if begin else {})),
        feiten=gegevens,
    )
    if vorig is not None:
        session.flush()
        terugkeer.sluit_aan(neem(session, route, by=by, now=now), vorig)
    session.execute(
        update(Bericht)
        .where(BERICHT_WACHT, Bericht.dossier_id.is_(None), _van(gegevens))
        .values(dossier_id=dossier.id, volgende_op=now)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return dossier


def beginnen(session: Session) -> dict[str, tuple[engine.Start, ...]]:
    """Return for each doelgroep between which starts a person chooses; nothing where there is one."""
    deployment = current(session)
    if deployment is None:
        return {}
    definition = catalogus_of(session, deployment).definition
    return {
        doelgroep: gewone
        for doelgroep, proces in PROCESSEN.items()
        if proces in definition.processes and len(gewone := _gewone(definition, proces)) > 1
    }


def _gewone(definition: engine.Definition, proces: str) -> tuple[engine.Start, ...]:
    return tuple(start for start in definition.starts(proces) if start.kind == "none")


def _kies_begin(
    definition: engine.Definition, proces: str, begin: str | None, bericht: Ontvangen | None
) -> str | None:
    """Return the start event to begin at; None when there is nothing to choose.

    Raises Invalid when a person must choose, Conflict when only a message begins the process, and
    Incident when a message cannot choose.
    """
    gewone = _gewone(definition, proces)
    namen = ", ".join(f"{start.label} ({start.element})" for start in gewone)
    if not definition.starts_plainly(proces):
        anders = ", ".join(f"{start.label} {start.event}" for start in definition.starts(proces))
        raise Conflict(
            f"Deze route begint niet als iemand een dossier opent, alleen bij: {anders}."
        )
    if begin and begin not in {start.element for start in gewone}:
        zin = f"De route begint niet bij {begin}." + (f" Kies uit: {namen}." if namen else "")
        raise Invalid("Het dossier is niet geopend.", {"begin": zin})
    if len(gewone) > 1 and not begin:
        if bericht is not None:
            raise Incident(
                f"Het bericht {bericht.naam} opent een dossier, maar {proces} heeft meer dan een gewone"
                f" start ({namen}) en geen begin met dit bericht."
            )
        zin = f"Kies hoe de route begint: {namen}."
        raise Invalid("Het dossier is niet geopend.", {"begin": zin})
    return begin or None


def wijzig_feiten(
    session: Session,
    dossier_id: UUID,
    feiten: Mapping[str, Any],
    *,
    reden: str,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Correct facts outside a taak; last days and timers that hang on them move along.

    None takes a fact away. Raises NotFound, NotAllowed, Invalid or Conflict (dossier closed).
    """
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    eis(by, Handeling.FEITEN_WIJZIGEN)
    if route.beeindigd_op is not None:
        raise Conflict("Dit dossier is gesloten. De gegevens veranderen niet meer.")
    if not reden.strip():
        raise Invalid(
            "De gegevens zijn niet veranderd.", {"reden": "Schrijf waarom dit verandert."}
        )
    advance(
        neem(session, route, by=by, now=now),
        engine.refresh,
        Act("feiten gewijzigd", gegevens={"reden": reden.strip()}),
        feiten=feiten,
    )
    session.flush()
    return route.dossier


def termijnen(
    session: Session, dossier_id: UUID, *, vandaag: date, by: Actor
) -> list[regels.Stand]:
    """Return how the statutory periods of a dossier stand. Raises NotFound or NotAllowed.

    They are dates and articles that follow from the facts of the gemeente: only who may see
    the whole dossier sees them; for others the list is empty.
    """
    route = session.get(Route, dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    if zichtbaar(by).dossiers != "alle":
        return []
    catalogus = catalogus_of(session, route.deployment)
    return regels.overzicht(
        Feiten(session, route.dossier).waarden,
        afspraken=lambda naam: catalogus.afspraak(naam, route.dossier.geopend_op),
        vandaag=vandaag,
    )


def _controleer(gegevens: Mapping[str, Any]) -> None:
    fouten = {}
    if not str(gegevens.get("naam") or "").strip():
        fouten["naam"] = "Vul de naam in."
    if gegevens.get("doelgroep") not in PROCESSEN:
        fouten["doelgroep"] = f"Kies de doelgroep: {' of '.join(PROCESSEN)}."
    bsn = gegevens.get("bsn")
    if bsn and not is_bsn(str(bsn)):
        fouten["bsn"] = "Dit is geen BSN: het heeft negen cijfers en klopt met de elfproef."
    if fouten:
        raise Invalid("Het dossier is niet geopend.", fouten)


def is_bsn(tekst: str) -> bool:
    """Say whether ``tekst`` can be a BSN: nine digits that pass the elfproef.

    >>> is_bsn("111222333"), is_bsn("123456789")
    (True, False)
    """
    if len(tekst) != 9 or not tekst.isascii() or not tekst.isdigit():  # noqa: PLR2004 - a BSN has nine
        return False
    cijfers = [int(cijfer) for cijfer in tekst]
    som = sum((9 - plaats) * cijfer for plaats, cijfer in enumerate(cijfers[:8])) - cijfers[8]
    return som % 11 == 0 and any(cijfers)


def _van(gegevens: Mapping[str, Any]) -> Any:  # noqa: ANN401 - SQL
    """Return the condition for messages that name this person."""
    return or_(
        false(),
        *(
            kolom == str(gegevens[naam])
            for kolom, naam in ((Bericht.bsn, "bsn"), (Bericht.v_nummer, "vNummer"))
            if gegevens.get(naam)
        ),
    )


def _volgend_nummer(session: Session, jaar: int) -> str:
    """Hand out the next number of the year; the counter's row stays locked until the commit."""
    naam = f"dossier {jaar}"
    ophogen = (
        update(Teller)
        .where(Teller.naam == naam)
        .values(stand=Teller.stand + 1)
        .returning(Teller.stand)
        .execution_options(synchronize_session=False)
    )
    stand = session.scalar(ophogen)
    if stand is None:
        session.add(Teller(naam=naam, stand=1))
        session.flush()
        stand = 1
    return f"{jaar}-{stand:05}"
