"""Opening a dossier and changing its facts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import false, or_, update
from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands import terugkeer
from routeflow.commands.advance import Act, Zaak, advance, lock_route, neem
from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.deployments import current
from routeflow.commands.feiten import Feiten, eis_vrij
from routeflow.commands.ladder import vandaag as vandaag_in_nederland
from routeflow.commands.toegang import eis
from routeflow.errors import Conflict, Incident, Invalid, NotFound
from routeflow.inburgering import regels
from routeflow.inburgering.rechten import Actor, Handeling, zichtbaar
from routeflow.store.models import BERICHT_WACHT, Bericht, Dossier, Route, Teller

PROCESSEN = {
    "asielstatushouder": "p00_doorlopende_lijn",
    "gezinsmigrant": "p20_gezinsmigrant",
}


def start_dossier(
    session: Session,
    gegevens: Mapping[str, Any],
    *,
    proces: str | None = None,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Open a dossier with ``gegevens`` as its first facts and start its route.

    ``gegevens`` needs naam and doelgroep; known columns are bsn, vNummer, leerroute and wet.
    ``proces`` is p00_doorlopende_lijn or p20_gezinsmigrant by doelgroep unless it is given. Of
    somebody who moved out of this gemeente the earlier dossier is taken over; then ``brpDatumNieuw``
    is needed too. Raises NotAllowed, Invalid (field -> sentence) or Conflict (there is an open
    dossier with this BSN).
    """
    eis(by, Handeling.DOSSIER_STARTEN)
    _controleer(gegevens)
    if vorig := terugkeer.eerder_dossier(session, gegevens):
        terugkeer.eis_inschrijving(vorig, gegevens)
    return open_dossier(session, gegevens, proces=proces, by=by, now=now)


def open_dossier(
    session: Session,
    gegevens: Mapping[str, Any],
    *,
    proces: str | None = None,
    by: Actor,
    now: datetime,
) -> Dossier:
    """Do what ``start_dossier`` does for a message: COA and DUO have no rol of the gemeente."""
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
        lambda definition, _state, world: engine.start(definition, proces, world),
        Act("dossier geopend", gegevens={"proces": proces}),
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
        fouten["doelgroep"] = f"Kies uit: {', '.join(PROCESSEN)}."
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
