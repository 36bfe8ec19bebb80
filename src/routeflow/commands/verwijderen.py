"""Erasing what is known of a person: one proposes it, another does it, and the journal stays whole.

Nothing here tells who the person is: a dossier has its nummer, rows have their number.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from routeflow.commands import termijnen
from routeflow.commands.advance import AFGEROND
from routeflow.commands.besluitdossiers import canoniek
from routeflow.commands.boetes import FEIT as BESLUITEN
from routeflow.commands.journaal import schrijf
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Zaak, lock_route, neem
from routeflow.engine import Element
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering import bewaren, sancties
from routeflow.inburgering.bewaren import Soort
from routeflow.inburgering.rechten import GEMEENTE, Actor, Handeling, Rol
from routeflow.store.models import (
    TAAK_OPEN,
    Bericht,
    Besluitdossier,
    Brief,
    Dagpost,
    Dossier,
    DossierTermijn,
    Feit,
    Gezinsband,
    Incident,
    Journaal,
    Melding,
    Overdracht,
    Route,
    Taak,
    TermijnBewijs,
    TermijnHistorie,
    Uitgaand,
    Uren,
    Verwijdering,
    Wekker,
)
from routeflow.store.queries.perioden import keten
from routeflow.store.waarden import from_json, zoekterm

WAT: Final = "gegevens gewist"
"""The kind of journal row that seals what was erased."""

GEWIST: Final = "gewist"
"""What is left of a row of the journal says this and nothing else."""

EIGENSCHAP: Final = "verwijdering"
"""A property of a step: "voorstel" where completing it proposes to erase the dossier."""

TAAK: Final = "verwijder_gegevens"
"""The step of a route that waits for the erasure, and so does not stand in its way."""

_VERWIJDERD: Final = "Verwijderd"
_KENMERK = 100


class Tabel(NamedTuple):
    """A table that is emptied of a dossier, and in which words people read of it."""

    model: Any
    naam: str


TABELLEN: Final[Sequence[Tabel]] = (
    Tabel(Dagpost, "meldingen in de dagelijkse e-mail"),
    Tabel(Melding, "meldingen"),
    Tabel(Brief, "brieven"),
    Tabel(Besluitdossier, "besluitdossiers"),
    Tabel(Overdracht, "overdrachten aan een andere gemeente"),
    Tabel(TermijnHistorie, "berekeningen van termijnen"),
    Tabel(TermijnBewijs, "bewijzen bij termijnen"),
    Tabel(DossierTermijn, "termijnen"),
    Tabel(Uren, "regels met uren"),
    Tabel(Gezinsband, "gezinsbanden"),
    Tabel(Wekker, "wekkers"),
    Tabel(Uitgaand, "berichten naar buiten"),
    Tabel(Incident, "incidenten"),
    Tabel(Feit, "gegevens"),
    Tabel(Taak, "taken met hun antwoorden"),
)
"""What is emptied, in the order in which rows let go of each other."""

_KAN_LATER: Final = frozenset({Melding, Dagpost, Uitgaand, Incident})
"""What may come after an erasure: a notice of it, and a message that comes too late."""

LEEG: Final = ("berichten van buiten", "regels van het journaal")
"""What is emptied but stays as a row: a message is not taken in twice, and the chain holds."""


@dataclass(frozen=True, slots=True)
class Blik:
    """What an erasure would do, before anybody does it.

    ``weg``: how many rows go, by what they are. ``blijft``: which facts stay. ``boetes``: the fines
    that must be withdrawn. ``ook``: the dossiers of other periods of the same person, of which
    nothing was erased yet. ``bezwaar``: why it may not be done; empty when it may.
    """

    dossier_id: UUID
    nummer: str
    soort: Soort
    grond: str
    weg: Mapping[str, int]
    blijft: tuple[str, ...]
    boetes: tuple[str, ...]
    ook: tuple[tuple[UUID, str], ...]
    bewaren_tot: date | None
    bezwaar: str


@dataclass(frozen=True, slots=True)
class Rijp:
    """A dossier of which the period has passed, and nobody proposed its erasure yet."""

    dossier_id: UUID
    nummer: str
    soort: Soort
    bewaren_tot: date


@dataclass(frozen=True, slots=True)
class Stand:
    """How the erasure of one dossier stands: a proposal that waits, and what was done before.

    ``zelf``: it is the reader's own proposal, so that another one must do it.
    """

    open: Verwijdering | None
    zelf: bool
    gedaan: tuple[Verwijdering, ...]
    lening: bool


@dataclass(frozen=True, slots=True)
class Overzicht:
    """What is to be erased, what waits for a second person, and what was done last."""

    rijp: tuple[Rijp, ...]
    voorgesteld: tuple[Verwijdering, ...]
    gedaan: tuple[Verwijdering, ...]


def overzicht(session: Session, *, by: Actor, now: datetime, aantal: int = 200) -> Overzicht:
    """Return what there is to erase. Raises NotAllowed."""
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    rijen = select(Verwijdering).options(joinedload(Verwijdering.dossier, innerjoin=True))
    voorgesteld = rijen.where(Verwijdering.status == "voorgesteld")
    gedaan = rijen.where(Verwijdering.status == "uitgevoerd")
    return Overzicht(
        tuple(_rijp(session, vandaag(now), aantal)),
        tuple(session.scalars(voorgesteld.order_by(Verwijdering.voorgesteld_op))),
        tuple(session.scalars(gedaan.order_by(Verwijdering.besloten_op.desc()).limit(aantal))),
    )


def _rijp(session: Session, heden: date, aantal: int) -> Iterator[Rijp]:
    voorgesteld = select(Verwijdering.dossier_id).where(Verwijdering.status == "voorgesteld")
    rijen = session.execute(
        select(Dossier.id, Dossier.nummer, DossierTermijn.uiterlijk)
        .join(DossierTermijn, DossierTermijn.dossier_id == Dossier.id)
        .where(
            DossierTermijn.naam == "bewaartermijn",
            DossierTermijn.status == "loopt",
            DossierTermijn.uiterlijk < heden,
            Dossier.gesloten_op.is_not(None),
            Dossier.id.not_in(voorgesteld),
        )
        .order_by(DossierTermijn.uiterlijk, Dossier.nummer)
        .limit(aantal)
    )
    for rij in rijen:
        yield Rijp(rij.id, rij.nummer, "bewaartermijn", rij.uiterlijk)
    einden = session.execute(
        select(Dossier.id, Dossier.nummer, Feit.waarde)
        .join(Feit, Feit.dossier_id == Dossier.id)
        .where(
            Dossier.verwijderd_op.is_not(None),
            Feit.naam == "eindePlicht",
            Feit.tot.is_(None),
            Dossier.id.not_in(voorgesteld),
        )
        .order_by(Dossier.nummer)
    )
    for rij in einden:
        dag = bewaren.laatste_dag("vijftig jaar", {"eindePlicht": from_json(rij.waarde)})
        if dag is not None and dag < heden:
            yield Rijp(rij.id, rij.nummer, "vijftig jaar", dag)


def bekijk(session: Session, dossier_id: UUID, soort: Soort, *, by: Actor, now: datetime) -> Blik:
    """Return what erasing this dossier would do. Reads only. Raises NotAllowed or NotFound."""
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    route = session.get(Route, dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    feiten = _feiten(session, dossier_id)
    return Blik(
        dossier_id=dossier_id,
        nummer=route.dossier.nummer,
        soort=soort,
        grond=bewaren.GROND[soort],
        weg=_tel(session, route.dossier, soort),
        blijft=tuple(tekst for naam, tekst in bewaren.blijft(soort).items() if naam in feiten),
        boetes=tuple(_boetes(feiten)) if soort == "correctie" else (),
        ook=tuple(_ook(session, dossier_id)) if soort == "correctie" else (),
        bewaren_tot=bewaren.laatste_dag(soort, feiten),
        bezwaar=_bezwaar(
            route.dossier, soort, feiten, _open_taken(session, dossier_id), vandaag(now)
        ),
    )


def _ook(session: Session, dossier_id: UUID) -> Iterator[tuple[UUID, str]]:
    rijen = session.execute(
        select(Dossier.id, Dossier.nummer)
        .where(
            Dossier.id.in_(keten(session, dossier_id)),
            Dossier.id != dossier_id,
            Dossier.verwijderd_op.is_(None),
        )
        .order_by(Dossier.nummer)
    )
    yield from ((rij.id, rij.nummer) for rij in rijen)


def stand(session: Session, dossier_id: UUID, *, by: Actor, now: datetime) -> Stand:
    """Return how the erasure of a dossier stands. Raises NotAllowed."""
    del now
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    rijen = session.scalars(
        select(Verwijdering)
        .where(Verwijdering.dossier_id == dossier_id)
        .order_by(Verwijdering.voorgesteld_op)
    ).all()
    open_ = next((rij for rij in rijen if rij.status == "voorgesteld"), None)
    return Stand(
        open_,
        zelf=open_ is not None and _zelf(open_, by),
        gedaan=tuple(rij for rij in rijen if rij.status == "uitgevoerd"),
        lening=bewaren.lening_loopt(_feiten(session, dossier_id)),
    )


def _zelf(rij: Verwijdering, by: Actor) -> bool:
    return rij.voorgesteld_door == by.naam or (
        by.account_id is not None and rij.voorgesteld_door_id == by.account_id
    )


def stel_voor(
    session: Session,
    dossier_id: UUID,
    soort: Soort,
    *,
    kenmerk: str = "",
    by: Actor,
    now: datetime,
) -> Verwijdering:
    """Propose to erase a dossier; another person decides.

    ``kenmerk``: of the message or letter in which DUO corrects the plicht.
    Raises NotAllowed, NotFound, Invalid (field -> sentence) or Conflict (it may not be erased).
    """
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    dossier = route.dossier
    feiten = _feiten(session, dossier_id)
    if fout := _fout_in_kenmerk(dossier, feiten, soort, kenmerk.strip()):
        raise Invalid("Het verwijderen is niet voorgesteld.", {"kenmerk": fout})
    open_ = select(Verwijdering.id).where(_open_van(dossier_id))
    if session.scalar(open_):
        raise Conflict("Het verwijderen van dit dossier is al voorgesteld.")
    taken = _open_taken(session, dossier_id)
    if bezwaar := _bezwaar(dossier, soort, feiten, taken, vandaag(now)):
        raise Conflict(bezwaar)
    rij = _leg_voor(session, route, soort, kenmerk.strip(), by=by, now=now)
    session.flush()
    return rij


def _leg_voor(
    session: Session, route: Route, soort: Soort, kenmerk: str, *, by: Actor, now: datetime
) -> Verwijdering:
    rij = Verwijdering(
        id=uuid4(),
        dossier_id=route.dossier_id,
        soort=soort,
        kenmerk=kenmerk,
        voorgesteld_op=now,
        voorgesteld_door=by.naam,
        voorgesteld_door_id=by.account_id,
    )
    session.add(rij)
    gegevens = {"verwijdering": str(rij.id), "soort": soort}
    schrijf(session, "verwijderen voorgesteld", gegevens, route=route, by=by, now=now)
    return rij


def stelt_voor(element: Element) -> bool:
    """Say whether completing ``element`` proposes to erase its dossier."""
    return element.properties.get(EIGENSCHAP) == "voorstel"


def stel_voor_na(zaak: Zaak, taak: Taak) -> None:
    """Propose to erase the dossier of ``taak``, just completed, when the diagram says that it does.

    Nothing happens when somebody else proposed it before. Raises as ``stel_voor``.
    """
    element = zaak.catalogus.element(taak.proces, taak.element)
    if element is None or not stelt_voor(element):
        return
    eis(zaak.by, Handeling.GEGEVENS_VERWIJDEREN)
    with zaak.session.no_autoflush:
        open_ = zaak.session.scalar(select(Verwijdering.id).where(_open_van(taak.dossier_id)))
    if open_ is not None:
        return
    soort: Soort = "bewaartermijn"
    taken = [een.naam for een in zaak.taken if een.status == "open" and een.element != TAAK]
    if bezwaar := _bezwaar(
        zaak.route.dossier, soort, zaak.feiten.waarden, taken, vandaag(zaak.now)
    ):
        raise Conflict(bezwaar)
    _leg_voor(zaak.session, zaak.route, soort, "", by=zaak.by, now=zaak.now)


def noteer_aflossing(
    session: Session, dossier_id: UUID, dag: date, *, by: Actor, now: datetime
) -> Dossier:
    """Write down when a loan was paid off: also of a closed dossier, as its period hangs on it.

    Raises NotAllowed, NotFound, Invalid (a day to come) or Conflict (erased).
    """
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    if route.dossier.verwijderd_op is not None:
        raise Conflict("De gegevens van dit dossier zijn al verwijderd.")
    if dag > vandaag(now):
        zin = "De dag van de aflossing kan niet in de toekomst liggen."
        raise Invalid(zin, {"leningAfgelostOp": zin})
    zaak = neem(session, route, by=by, now=now)
    zaak.feiten.zet({"leningAfgelostOp": dag}, door=by.naam, now=now)
    termijnen.tel_bij(zaak, zaak.open.per_bron(), "leningAfgelostOp")
    gegevens = {"feiten": zaak.feiten.anders}
    schrijf(session, "aflossing genoteerd", gegevens, route=route, by=by, now=now)
    termijnen.geef_door(zaak)
    session.flush()
    return route.dossier


def trek_in(
    session: Session, dossier_id: UUID, ident: UUID, *, by: Actor, now: datetime
) -> Verwijdering:
    """Take a proposal for this dossier back, by anybody who may erase. Raises NotAllowed, NotFound or Conflict."""
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    rij, route = _voorstel(session, dossier_id, ident)
    rij.status = "ingetrokken"
    rij.besloten_op, rij.besloten_door, rij.besloten_door_id = now, by.naam, by.account_id
    gegevens = {"verwijdering": str(rij.id), "soort": rij.soort}
    schrijf(session, "verwijderen niet gedaan", gegevens, route=route, by=by, now=now)
    session.flush()
    return rij


def voer_uit(
    session: Session, dossier_id: UUID, ident: UUID, *, by: Actor, now: datetime
) -> Verwijdering:
    """Erase what was proposed for this dossier, at once and for good.

    Raises NotAllowed, NotFound, or Conflict: who proposed it may not do it, it was decided
    already, or there is a reason by now not to.
    """
    eis(by, Handeling.GEGEVENS_VERWIJDEREN)
    rij, route = _voorstel(session, dossier_id, ident)
    if _zelf(rij, by):
        raise Conflict("U stelde dit zelf voor. Een ander moet het verwijderen.")
    soort = cast("Soort", rij.soort)  # the table holds no other
    dossier, feiten = route.dossier, _feiten(session, rij.dossier_id)
    taken = _open_taken(session, rij.dossier_id)
    if bezwaar := _bezwaar(dossier, soort, feiten, taken, vandaag(now)):
        raise Conflict(bezwaar)
    berichten = list(_na_correctie(session, dossier, feiten, now)) if soort == "correctie" else []
    zegels = _zegels(session, dossier.id)
    rij.aantallen = _tel(session, dossier, soort)
    _wis(session, dossier, soort)
    _sluit(route, soort, now)
    regel = _verzegel(session, route, rij, zegels, by=by, now=now)
    rij.status, rij.journaal_id = "uitgevoerd", regel.id
    rij.besloten_op, rij.besloten_door, rij.besloten_door_id = now, by.naam, by.account_id
    session.add_all(berichten)
    session.flush()
    return rij


def _voorstel(session: Session, dossier_id: UUID, ident: UUID) -> tuple[Verwijdering, Route]:
    """Lock and return a proposal for this dossier that waits for a decision, with its route."""
    route = lock_route(session, Route.dossier_id == dossier_id)
    rij = session.get(Verwijdering, ident, populate_existing=True)
    if rij is None or route is None or rij.dossier_id != dossier_id:
        raise NotFound("Dit voorstel bestaat niet.")
    if rij.status != "voorgesteld":
        raise Conflict(f"Dit voorstel is al {rij.status}.")
    return rij, route


def _open_van(dossier_id: UUID) -> ColumnElement[bool]:
    return (Verwijdering.dossier_id == dossier_id) & (Verwijdering.status == "voorgesteld")


def _feiten(session: Session, dossier_id: UUID) -> dict[str, Any]:
    rijen = session.execute(
        select(Feit.naam, Feit.waarde).where(Feit.dossier_id == dossier_id, Feit.tot.is_(None))
    )
    return {rij.naam: from_json(rij.waarde) for rij in rijen}


def _open_taken(session: Session, dossier_id: UUID) -> Sequence[str]:
    """Return the open steps of a dossier, but for the one that waits for the erasure itself."""
    return session.scalars(
        select(Taak.naam).where(Taak.dossier_id == dossier_id, TAAK_OPEN, Taak.element != TAAK)
    ).all()


def _bezwaar(
    dossier: Dossier, soort: Soort, feiten: Mapping[str, Any], taken: Sequence[str], heden: date
) -> str:
    """Return why this may not be erased, and what to do; empty when it may."""
    return next(_bezwaren(dossier, soort, feiten, taken, heden), "")


def _bezwaren(
    dossier: Dossier, soort: Soort, feiten: Mapping[str, Any], taken: Sequence[str], heden: date
) -> Iterator[str]:
    if soort == "vijftig jaar" and dossier.verwijderd_op is None:
        yield "Van dit dossier zijn de andere gegevens nog niet verwijderd. Doe dat eerst."
    if soort != "vijftig jaar" and dossier.verwijderd_op is not None:
        yield "De gegevens van dit dossier zijn al verwijderd."
    if soort == "correctie":
        return
    dag = bewaren.laatste_dag(soort, feiten)
    if dag is None:
        yield "Het einde van de plicht staat niet in het dossier. Noteer dat eerst."
        return
    if dag >= heden:
        yield f"De gegevens worden bewaard tot en met {dag:%d-%m-%Y} ({bewaren.GROND[soort]})."
    if soort == "vijftig jaar":
        return
    if bewaren.lening_loopt(feiten):
        yield (
            "Er is een lening gebruikt. Noteer wanneer die is afgelost: vijf jaar daarna mogen de "
            "gegevens weg (Besluit art. 9.9 lid 3)."
        )
    if taken:
        yield f"Er staan nog taken open: {', '.join(taken)}. Rond die eerst af."
    if dossier.gesloten_op is None:
        yield "Het dossier is nog open. Rond het eerst af."


def _fout_in_kenmerk(
    dossier: Dossier, feiten: Mapping[str, Any], soort: Soort, kenmerk: str
) -> str:
    if soort != "correctie":
        return ""
    if not kenmerk:
        return "Vul het kenmerk in van het bericht of de brief waarin DUO de plicht herstelt."
    if len(kenmerk) > _KENMERK:
        return f"Een kenmerk heeft ten hoogste {_KENMERK} tekens."
    woorden = set(zoekterm(kenmerk).split())
    nummers = {feiten.get("bsn"), feiten.get("vNummer")}  # also those that a later period has now
    persoon = ({*zoekterm(dossier.naam).split(), *nummers}) - {None}
    if any(str(deel) in woorden for deel in persoon if len(str(deel)) > 2):  # noqa: PLR2004 - "de", "el"
        return "Schrijf alleen het kenmerk, geen naam en geen nummer van de persoon."
    return ""


def _van(tabel: Any, dossier_id: UUID, soort: Soort) -> ColumnElement[bool]:  # noqa: ANN401 - a model
    """Return which rows of ``tabel`` an erasure takes away."""
    if tabel is Dagpost:
        meldingen = select(Melding.id).where(Melding.dossier_id == dossier_id)
        return Dagpost.melding_id.in_(meldingen)
    if tabel is TermijnHistorie:
        van = select(DossierTermijn.id).where(DossierTermijn.dossier_id == dossier_id)
        return TermijnHistorie.termijn_id.in_(van)
    if tabel is Gezinsband:
        return or_(Gezinsband.dossier_id == dossier_id, Gezinsband.ander_dossier_id == dossier_id)
    if tabel is Incident:
        bronnen = select(Bericht.bericht_id).where(_berichten(dossier_id))
        van_bericht = (Incident.soort == "bericht") & Incident.bron.in_(bronnen)
        return or_(Incident.dossier_id == dossier_id, van_bericht)
    eigen: ColumnElement[bool] = tabel.dossier_id == dossier_id
    if tabel is Feit:
        return eigen & (Feit.tot.is_not(None) | Feit.naam.not_in(bewaren.blijft(soort)))
    return eigen


def _berichten(dossier_id: UUID) -> ColumnElement[bool]:
    """Return the messages about a person: of the dossier, and what never reached it."""
    dossier = select(Dossier.bsn).where(Dossier.id == dossier_id).scalar_subquery()
    vreemd = select(Dossier.v_nummer).where(Dossier.id == dossier_id).scalar_subquery()
    los = Bericht.dossier_id.is_(None) & or_(Bericht.bsn == dossier, Bericht.v_nummer == vreemd)
    return or_(Bericht.dossier_id == dossier_id, los)


def _te_wissen(dossier_id: UUID) -> ColumnElement[bool]:
    return (
        (Journaal.dossier_id == dossier_id) & Journaal.gewist_door.is_(None) & (Journaal.wat != WAT)
    )


def _tel(session: Session, dossier: Dossier, soort: Soort) -> dict[str, int]:
    """Count what goes, by what people call it."""
    wat: list[tuple[str, Any, ColumnElement[bool]]] = [
        (tabel.naam, tabel.model, _van(tabel.model, dossier.id, soort)) for tabel in TABELLEN
    ]
    wat += [
        (LEEG[0], Bericht, _berichten(dossier.id)),
        (LEEG[1], Journaal, _te_wissen(dossier.id)),
    ]
    geteld = {
        naam: session.scalar(select(func.count()).select_from(model).where(waar)) or 0
        for naam, model, waar in wat
    }
    return {naam: aantal for naam, aantal in geteld.items() if aantal}


def _wis(session: Session, dossier: Dossier, soort: Soort) -> None:
    """Take the rows away, and empty the messages: their id stays, so that none comes in twice."""
    for tabel in TABELLEN:
        _weg(session, tabel.model, _van(tabel.model, dossier.id, soort))
    session.execute(
        update(Bericht)
        .where(_berichten(dossier.id))
        .values(gegevens={}, bsn=None, v_nummer=None, status="bezorgd", lease=None, lease_tot=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Feit)
        .where(Feit.dossier_id == dossier.id)
        .values(taak_id=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _weg(session: Session, tabel: Any, waar: ColumnElement[bool]) -> None:  # noqa: ANN401 - a model
    session.execute(delete(tabel).where(waar).execution_options(synchronize_session=False))


def _sluit(route: Route, soort: Soort, now: datetime) -> None:
    """Let the dossier and its route be what is left: a nummer, and the short list if it may stay."""
    dossier = route.dossier
    dossier.gesloten_op = dossier.gesloten_op or now
    dossier.gesloten_reden = f"De gegevens zijn verwijderd. {bewaren.GROND[soort]}."
    dossier.verwijderd_op, dossier.fase = dossier.verwijderd_op or now, AFGEROND
    dossier.doelgroep, dossier.leerroute = "-", None
    dossier.v_nummer, dossier.casemanager_id = None, None
    if soort != "bewaartermijn":
        dossier.naam, dossier.bsn = _VERWIJDERD, None
        dossier.zoek = zoekterm(f"{_VERWIJDERD} {dossier.nummer}")
    route.toestand, route.proces, route.wachten = b"", "", []
    route.beeindigd_op = route.beeindigd_op or now


def _zegels(session: Session, dossier_id: UUID) -> dict[str, list[list[str]]]:
    """Return by what a copy of a sealed paper or a letter is known for ours, when it is gone."""
    besluiten = session.execute(
        select(Besluitdossier.id, Besluitdossier.gegevens_hash, Besluitdossier.pdf_hash)
        .where(Besluitdossier.dossier_id == dossier_id)
        .order_by(Besluitdossier.id)
    )
    brieven = session.execute(
        select(Brief.id, Brief.hash).where(Brief.dossier_id == dossier_id).order_by(Brief.id)
    )
    overdrachten = session.execute(
        select(Overdracht.id, Overdracht.gegevens_hash, Overdracht.pdf_hash)
        .where(Overdracht.dossier_id == dossier_id)
        .order_by(Overdracht.id)
    )
    return {
        "besluitdossiers": [[str(deel) for deel in rij] for rij in besluiten],
        "overdrachten": [[str(deel) for deel in rij] for rij in overdrachten],
        "brieven": [[str(deel) for deel in rij] for rij in brieven],
    }


def _verzegel(
    session: Session,
    route: Route,
    rij: Verwijdering,
    zegels: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Journaal:
    """Write the row that seals the erased ones, and leave of those nothing but their hash."""
    regels = session.execute(
        select(Journaal.id, Journaal.keten)
        .where(_te_wissen(route.dossier_id))
        .order_by(Journaal.id)
    ).all()
    regel = schrijf(
        session,
        WAT,
        {
            "verwijdering": str(rij.id),
            "soort": rij.soort,
            "grond": bewaren.GROND[rij.soort],
            "kenmerk": rij.kenmerk,
            "voorgesteldDoor": rij.voorgesteld_door,
            "voorgesteldDoorId": str(rij.voorgesteld_door_id),
            "aantallen": rij.aantallen,
            "gewist": gewist([(een.id, een.keten) for een in regels]),
            "zegels": zegels,
        },
        route=route,
        by=by,
        now=now,
    )
    session.flush()
    session.execute(
        update(Journaal)
        .where(_te_wissen(route.dossier_id), Journaal.id < regel.id)
        .values(
            gewist_door=regel.id,
            wat=GEWIST,
            door="",
            door_id=None,
            element=None,
            deployment_id=None,
            gegevens={},
            pad=[],
            op=now,
        )
        .execution_options(synchronize_session=False)
    )
    return regel


def gewist(regels: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """Return the seal over erased rows: how many there were, and one hash over all of theirs.

    >>> gewist([])["regels"]
    0
    """
    tekst = canoniek([list(regel) for regel in regels])
    return {"regels": len(regels), "sha256": hashlib.sha256(tekst.encode()).hexdigest()}


def nog_aanwezig(session: Session, route: Route) -> Iterator[tuple[str, str]]:
    """Return what an erased dossier still holds, as (kind, sentence). Notices may come after it."""
    dossier = route.dossier
    soorten = select(Verwijdering.soort).where(
        Verwijdering.dossier_id == dossier.id, Verwijdering.status == "uitgevoerd"
    )
    kort = set(session.scalars(soorten)) == {"bewaartermijn"}
    soort: Soort = "bewaartermijn" if kort else "correctie"
    for tabel in TABELLEN:
        if tabel.model in _KAN_LATER:
            continue
        waar = _van(tabel.model, dossier.id, soort)
        if aantal := session.scalar(select(func.count()).select_from(tabel.model).where(waar)):
            yield (
                "verwijdering",
                f"Het dossier is verwijderd, maar er zijn nog {tabel.naam}: {aantal}.",
            )
    if not kort and (dossier.bsn is not None or dossier.naam != _VERWIJDERD):
        yield "verwijdering", "Het dossier is verwijderd, maar de naam of het BSN staat er nog."
    if dossier.v_nummer is not None or dossier.leerroute is not None:
        yield (
            "verwijdering",
            "Het dossier is verwijderd, maar het V-nummer of de leerroute staat er nog.",
        )
    if route.toestand or route.beeindigd_op is None:
        yield "verwijdering", "Het dossier is verwijderd, maar de stand van de route is er nog."
    vroeg = session.execute(
        select(Bericht.bsn, Bericht.v_nummer, Bericht.gegevens).where(
            _berichten(dossier.id), Bericht.ontvangen_op <= dossier.verwijderd_op
        )
    )
    if any(rij.bsn or rij.v_nummer or rij.gegevens for rij in vroeg):
        yield (
            "verwijdering",
            "Het dossier is verwijderd, maar er is nog een bericht over de persoon.",
        )


# A correctie: what others must know of it, without a word about the person.


def _boetes(feiten: Mapping[str, Any]) -> Iterator[str]:
    """Return the fines and lowerings that were imposed and not withdrawn, one sentence each."""
    besluiten = feiten.get(BESLUITEN)
    for een in besluiten if isinstance(besluiten, list) else ():
        if een.get("soort") not in {sancties.BOETE, sancties.MAATREGEL} or een.get("herroepen"):
            continue
        dag = een.get("bekendgemaakt") or een.get("vastgesteld")
        van = f" van {dag:%d-%m-%Y}" if isinstance(dag, date) else ""
        yield f"{een['soort']}{van}{_bedrag(een.get('bedrag'))}"


def _bedrag(waarde: Any) -> str:  # noqa: ANN401 - a fact
    try:
        bedrag = Decimal(str(waarde))
    except InvalidOperation:
        return ""
    return f": € {bedrag:.2f}".replace(".", ",") if bedrag else ""


def _na_correctie(
    session: Session, dossier: Dossier, feiten: Mapping[str, Any], now: datetime
) -> Iterator[Melding]:
    """Return the notices of a correctie; they name the dossier by its nummer alone."""

    def melding(rol: str, tekst: str, partij: str = GEMEENTE, over: UUID = dossier.id) -> Melding:
        return Melding(
            partij=partij, rol=rol, dossier_id=over, soort="gestopt", tekst=tekst, op=now
        )

    nummer = dossier.nummer
    boetes = list(_boetes(feiten))
    if boetes:
        yield melding(
            Rol.HANDHAVER,
            f"DUO legde de plicht in dossier {nummer} ten onrechte op. Trek in en betaal terug: "
            f"{'; '.join(boetes)}. De betaling staat onder dit nummer in de administratie.",
        )
    yield melding(
        Rol.CASEMANAGER,
        f"De route van dossier {nummer} is gestopt: DUO legde de plicht ten onrechte op. "
        "De gegevens zijn verwijderd.",
    )
    for partij, rol in session.execute(_partners(dossier.id)):
        yield melding(
            rol,
            f"Het werk voor dossier {nummer} is gestopt. U hoeft niets meer te doen. Verwijder wat "
            "u zelf van deze persoon bewaart.",
            partij,
        )
    yield from (
        melding(
            Rol.CASEMANAGER,
            "De inburgering van een gezinslid is gestopt. Kijk of dit iets verandert.",
            over=ander,
        )
        for ander in session.scalars(
            select(Gezinsband.ander_dossier_id)
            .where(
                Gezinsband.dossier_id == dossier.id,
                Gezinsband.ander_dossier_id.is_not(None),
                Gezinsband.vervallen_op.is_(None),
            )
            .distinct()
        )
        if ander is not None
    )


def _partners(dossier_id: UUID) -> Select[str, str]:
    """Return each partner that has or had a taak in the dossier, with the rol of that taak."""
    eigen = select(Taak.partij, Taak.rol).where(
        Taak.dossier_id == dossier_id, Taak.partij != GEMEENTE
    )
    samen = select(Taak.samen_met, Taak.rol).where(
        Taak.dossier_id == dossier_id, Taak.samen_met.is_not(None), Taak.samen_met != GEMEENTE
    )
    paren = eigen.union(samen).subquery()
    return select(paren.c[0], paren.c[1]).order_by(paren.c[0], paren.c[1])
