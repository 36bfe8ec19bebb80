"""Letters to the person: made for a taak from what is known, kept as they are, and never changed."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.brieven.brief import SOORTEN, Afzender, Brief, Soort, Veld, adresregels
from routeflow.commands import taken
from routeflow.commands.catalogus import catalogus_of
from routeflow.commands.feiten import Feiten
from routeflow.commands.journaal import schrijf
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis_taak
from routeflow.errors import Conflict, Incident, Invalid, NotFound
from routeflow.inburgering import regels
from routeflow.inburgering.feiten import als_datum
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.inburgering.vrijstelling import UITLEG, VRAAGT, tijdelijk_vrijgesteld
from routeflow.store import models
from routeflow.store.models import Deployment, Journaal, Route, Taak
from routeflow.store.waarden import from_json

EIGENSCHAP: Final = "brief"
"""The property of a step that says which letter goes with it."""

WAT: Final = "brief gemaakt"
"""The kind of journal row that holds the hash of a letter."""

GEEN_POSTADRES: Final = (
    "Op deze brief kan de inburgeraar schriftelijk antwoorden, en het postadres van de gemeente is "
    "nog niet ingevuld. Vraag de beheerder om ROUTEFLOW_POSTADRES in te vullen."
)

_TAALVELDEN = ("oproep1Taal", "oproep2Taal", "oproep3Taal", "briefTaal")
_DAGEN, _BEDRAGEN = {"dag", "gedragingOp", "nieuw"}, {"bedrag"}
_GESCHREVEN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


def soort_bij(session: Session, taak: Taak) -> str | None:
    """Return which letter goes with ``taak``, None when none does. Raises Incident (unknown)."""
    catalogus = catalogus_of(session, session.get_one(Deployment, taak.deployment_id))
    element = catalogus.element(taak.proces, taak.element)
    soort = element.properties.get(EIGENSCHAP) if element else None
    if soort is not None and soort not in SOORTEN:
        raise Incident(f"De brief {soort} bestaat niet.", taak.element)
    return soort


def stel_op(
    session: Session, taak_id: UUID, *, gemeente: Afzender, by: Actor, now: datetime
) -> Brief:
    """Return the letter for ``taak_id`` with what is known and what stands in its draft.

    Raises NotFound, NotAllowed, Conflict (closed, or exempted for a time) or Invalid (something
    that it must tell is missing): a letter with holes does not leave the house.
    """
    taak, soort = _taak(session, taak_id, by)
    feiten = Feiten(session, taak.dossier).waarden
    if soort in VRAAGT and tijdelijk_vrijgesteld(feiten):
        raise Conflict(UITLEG)
    vel = taken.taakblad(session, taak, by=by, now=now)
    over = SOORTEN[soort]
    weten = {
        **_van_de_zaak(session, taak, over),
        **vel.bekend,
        **{naam: een for naam, een in vel.concept.items() if een not in ("", None)},
    }
    gevraagd = [veld.key for veld in vel.formulier.alle if veld.key]
    if over.alleen and weten.get(over.alleen[0]) != over.alleen[1]:
        raise Conflict(
            f"Deze brief is voor een {over.alleen[1]}, en dat is hier niet gekozen. "
            "Over een maatregel van de Participatiewet schrijft Inkomen een eigen brief."
        )
    if over.antwoord and not gemeente.postadres:
        raise Invalid(GEEN_POSTADRES)
    waarden = {
        veld.naam: _laatste_dag(session, taak, veld, weten, now)
        if veld.termijn
        else _waarde(veld, weten, gevraagd)
        for veld in over.velden
    }
    labels = {veld.key: veld.label for veld in vel.formulier.alle if veld.key}
    if fouten := _ontbreekt(over, waarden, gevraagd, labels):
        raise Invalid("De brief kan nog niet worden gemaakt.", fouten)
    gekozen = next(
        (weten[naam] for naam in _TAALVELDEN if naam in gevraagd and weten.get(naam)), ""
    )
    casemanager = taak.dossier.casemanager
    return Brief(
        soort=soort,
        naam=taak.dossier.naam,
        nummer=taak.dossier.nummer,
        gemeente=gemeente,
        vandaag=vandaag(now),
        waarden=waarden,
        voorkeurstaal=str(gekozen or feiten.get("voorkeurstaal") or feiten.get("taal") or ""),
        contact=casemanager.naam if casemanager else "",
        contact_email=casemanager.email if casemanager else "",
        adres=_adres(feiten, vandaag(now)),
    )


def bewaar(
    session: Session, taak_id: UUID, brief: Brief, pdf: bytes, *, by: Actor, now: datetime
) -> models.Brief:
    """Keep a letter that was printed, and seal it in the journal. Raises as ``stel_op``."""
    taak, soort = _taak(session, taak_id, by)
    rij = models.Brief(
        id=uuid4(),
        dossier_id=taak.dossier_id,
        taak_id=taak.id,
        soort=soort,
        taal=brief.taal,
        op=now,
        door=by.naam,
        pdf=pdf,
        hash=hashlib.sha256(pdf).hexdigest(),
    )
    session.add(rij)
    schrijf(
        session,
        WAT,
        {
            "brief": str(rij.id),
            "soort": SOORTEN[soort].naam,
            "taal": rij.taal,
            "sha256": rij.hash,
            **({"beedigdVertaler": brief.vertaler} if brief.vertaler else {}),
        },
        route=session.get_one(Route, taak.dossier_id),
        element=taak.element,
        by=by,
        now=now,
    )
    session.flush()
    return rij


def nagaan(session: Session, dossiers: list[UUID]) -> Iterator[tuple[UUID, str]]:
    """Hold the letters of these dossiers against their hashes and the journal."""
    gezegeld = {
        str(regel.gegevens.get("brief")): (regel.dossier_id, regel.gegevens.get("sha256"))
        for regel in session.scalars(
            select(Journaal).where(Journaal.dossier_id.in_(dossiers), Journaal.wat == WAT)
        )
    }
    rijen = session.execute(
        select(models.Brief.id, models.Brief.dossier_id, models.Brief.hash, models.Brief.pdf).where(
            models.Brief.dossier_id.in_(dossiers)
        )
    )
    for rij in rijen:
        verteld = gezegeld.pop(str(rij.id), (None, None))[1]
        if hashlib.sha256(rij.pdf).hexdigest() != rij.hash:
            yield (
                rij.dossier_id,
                f"De brief {rij.id} is veranderd: de inhoud past niet bij het zegel.",
            )
        elif verteld != rij.hash:
            yield rij.dossier_id, f"De brief {rij.id} staat niet zo in het journaal."
    for ident, (dossier_id, _) in sorted(gezegeld.items()):
        if dossier_id is not None:
            yield dossier_id, f"De brief {ident} staat in het journaal, maar is weg."


def _taak(session: Session, taak_id: UUID, by: Actor) -> tuple[Taak, str]:
    taak = session.get(Taak, taak_id)
    if taak is None:
        raise NotFound("Deze taak bestaat niet.")
    eis_taak(by, Handeling.TAAK_OPSLAAN, taak)
    if taak.status != "open":
        raise Conflict("Deze taak is al afgehandeld. De brief hoort bij een open taak.")
    soort = soort_bij(session, taak)
    if soort is None:
        raise Conflict("Bij deze taak hoort geen brief.")
    return taak, soort


def _waarde(veld: Veld, weten: Mapping[str, Any], gevraagd: list[str]) -> Any:  # noqa: ANN401 - a fact
    """Return the value of one field; what this form asks goes before what is known of before."""
    namen = sorted(veld.uit, key=lambda naam: naam not in gevraagd)
    for naam in namen:
        waarde = weten.get(naam)
        if veld.naam in _DAGEN:
            waarde = _dag(waarde)
        elif veld.naam in _BEDRAGEN:
            waarde = _bedrag(waarde)
        if waarde not in (None, ""):
            return waarde
    return None


def _van_de_zaak(session: Session, taak: Taak, soort: Soort) -> dict[str, Any]:
    """Return what is known of what the letter tells: of the running case first, then of the dossier."""
    weten = {**Feiten(session, taak.dossier).waarden, **from_json(taak.lokaal)}
    namen = {naam for veld in soort.velden for naam in veld.uit}
    if soort.alleen:
        namen.add(soort.alleen[0])
    return {naam: een for naam, een in weten.items() if naam in namen}


def _laatste_dag(
    session: Session, taak: Taak, veld: Veld, weten: Mapping[str, Any], now: datetime
) -> date | None:
    """Return the last day of a period that begins with this letter."""
    catalogus = catalogus_of(session, session.get_one(Deployment, taak.deployment_id))
    feiten = dict(Feiten(session, taak.dossier).waarden)
    if veld.vanaf:
        feiten[veld.vanaf] = _dag(weten.get(veld.vanaf)) or vandaag(now)
    gevonden = regels.termijn(
        veld.termijn, feiten, afspraken=lambda naam: catalogus.afspraak(naam, now), geopend=now
    )
    return None if gevonden is None else gevonden.laatste_dag()


def _adres(feiten: Mapping[str, Any], vandaag: date) -> tuple[str, ...]:
    """Return the lines of where somebody lives, none before the registration there (BRP)."""
    ingeschreven = _dag(feiten.get("brpDatum"))
    if ingeschreven is None or ingeschreven > vandaag:
        return ()
    plaats = f"{feiten.get('postcode') or ''} {feiten.get('woonplaats') or ''}"
    return adresregels(f"{feiten.get('adres') or ''}, {plaats}")


def _dag(waarde: Any) -> date | None:  # noqa: ANN401 - a fact or a draft
    """Return a day, also when it stands in a draft as people write it: 5-1-2026."""
    if waarde in (None, ""):
        return None
    try:
        if geschreven := _GESCHREVEN.fullmatch(str(waarde).strip()):
            dag, maand, jaar = map(int, geschreven.groups())
            return date(jaar, maand, dag)
        return als_datum(waarde, "dag")
    except (ValueError, Invalid):
        return None


def _bedrag(waarde: Any) -> Decimal | None:  # noqa: ANN401 - a fact or a draft
    try:
        return Decimal(str(waarde).replace(",", ".")) if waarde is not None else None
    except InvalidOperation:
        return None


def _ontbreekt(
    soort: Soort, waarden: Mapping[str, Any], gevraagd: list[str], labels: Mapping[str, str]
) -> dict[str, str]:
    fouten = {}
    for veld in soort.velden:
        if veld.verplicht and waarden[veld.naam] is None:
            bron = veld.uit or (veld.vanaf or veld.termijn,)
            naam = next((een for een in bron if een in gevraagd), bron[0])
            fouten[naam] = (
                f"Vul eerst in: {labels[naam]}"
                if naam in labels
                else f"In het dossier ontbreekt {naam}."
            )
    return fouten
