"""The figures of the report of a week, and the reports that were made. No figure tells of few people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from routeflow.errors import NotAllowed, NotFound
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.inburgering.regels import REGELS
from routeflow.inburgering.sancties import UITKOMSTEN
from routeflow.store.models import (
    TAAK_OPEN,
    Dossier,
    DossierTermijn,
    Feit,
    Rapport,
    Taak,
    TermijnBewijs,
)
from routeflow.store.queries.termijnen import HOUDERS, bewaakt
from routeflow.store.waarden import from_json

TE_LAAT: Final = "Taken die te laat zijn"
GEMIST: Final = "Termijnen uit de wet die verstreken zijn"
KOMEND: Final = "Termijnen uit de wet die binnenkort eindigen"
OP_TIJD: Final = "Op tijd"
VESTIGING: Final = "Wachttijd tot vestiging"
NALEVING: Final = "Naleving"
TE_WEINIG: Final = "niet getoond: te weinig personen"

_NEDERLAND = ZoneInfo("Europe/Amsterdam")
_AANBOD: Final = ("aanbod", "onderwijsroute_start")
_CONTACT: Final = ("doe_contactpoging", "zoek_contact_na_afwezigheid")
_WAARSCHUWING: Final = ("stuur_waarschuwing", "waarschuw_en_roep_op")
_TOETS: Final = ("voer_sanctietoets_uit",)


@dataclass(frozen=True, slots=True)
class Cijfer:
    """One line of the report. ``waarde`` is text; ``lijst``: the list behind it, as its address asks."""

    groep: str
    wat: str
    waarde: str
    lijst: Mapping[str, str] = field(default_factory=dict)

    def als_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Vraag:
    """What is counted: ``weken`` ahead, ``maanden`` back, and from which number of people on."""

    vandaag: date
    weken: int
    maanden: int
    minimum: int

    @property
    def sinds(self) -> date:
        """Return from which day on the past counts."""
        return self.vandaag - timedelta(days=round(self.maanden * 365 / 12))

    def personen(self, aantal: int) -> str:
        """Return a number of people; a small one is not told."""
        return (
            str(aantal) if aantal == 0 or aantal >= self.minimum else f"minder dan {self.minimum}"
        )


def verslagen(session: Session, actor: Actor, aantal: int = 12) -> list[date]:
    """Return the days of the last reports, the newest first. Raises NotAllowed."""
    _eis(actor)
    return list(session.scalars(select(Rapport.dag).order_by(Rapport.dag.desc()).limit(aantal)))


def verslag(session: Session, actor: Actor, dag: date) -> tuple[Rapport, list[Cijfer]]:
    """Return one report with its figures. Raises NotAllowed or NotFound."""
    _eis(actor)
    rij = session.get(Rapport, dag)
    if rij is None:
        raise NotFound(f"Van {dag:%d-%m-%Y} is er geen rapport.")
    return rij, [Cijfer(**een) for een in rij.cijfers]


def _eis(actor: Actor) -> None:
    if bezwaar := bezwaar_tegen(actor, Handeling.RAPPORT_INZIEN):
        raise NotAllowed(bezwaar)


def cijfers(session: Session, vraag: Vraag) -> list[Cijfer]:
    """Count what the report tells, over all dossiers."""
    return [
        *_te_laat(session, vraag),
        *_gemist(session, vraag),
        *_komend(session, vraag),
        *_op_tijd(session, vraag),
        _vestiging(session, vraag),
        *_naleving(session, vraag),
    ]


def _te_laat(session: Session, vraag: Vraag) -> Iterator[Cijfer]:
    """Yield overdue taken by partij and onderdeel. They are work, no people: each number is told."""
    laat = session.execute(
        select(Taak.partij, Taak.onderdeel, func.count())
        .where(TAAK_OPEN, Taak.volgorde < vraag.vandaag)
        .group_by(Taak.partij, Taak.onderdeel)
        .order_by(Taak.partij, Taak.onderdeel)
    ).all()
    yield Cijfer(TE_LAAT, "Samen", str(sum(aantal for *_, aantal in laat)), _lijst("werklijst"))
    for partij, onderdeel, aantal in laat:
        waar = _lijst("werklijst", partij=partij, onderdeel=onderdeel)
        yield Cijfer(TE_LAAT, f"{partij}: {onderdeel}", str(aantal), waar)


def _lijst(naar: str, **delen: str) -> dict[str, str]:
    vast = {"tab": "team", "te_laat": "ja"} if naar == "werklijst" else {"wat": "wet"}
    return {"naar": naar, **vast, **delen}


def _gemist(session: Session, vraag: Vraag) -> Iterator[Cijfer]:
    """Yield periods that are over, each with why: who has the step that would end it."""
    namen = [regel.naam for regel in REGELS.values() if bewaakt(regel)]
    rijen = session.execute(
        select(
            DossierTermijn.naam, DossierTermijn.dossier_id, func.min(Taak.partij).label("partij")
        )
        .outerjoin(
            Taak,
            (Taak.dossier_id == DossierTermijn.dossier_id)
            & (Taak.termijn == DossierTermijn.naam)
            & (Taak.status == "open"),
        )
        .where(
            DossierTermijn.status == "loopt",
            DossierTermijn.naam.in_(namen),
            DossierTermijn.uiterlijk < vraag.vandaag,
        )
        .group_by(DossierTermijn.naam, DossierTermijn.dossier_id)
    ).all()
    derden = _wacht_op_derde(session, [rij.dossier_id for rij in rijen if rij.naam == "pip"])
    geteld: dict[str, Counter[str]] = defaultdict(Counter)
    for rij in rijen:
        waarom = f"ligt bij {rij.partij or HOUDERS[REGELS[rij.naam].houder]}"
        if rij.naam == "pip" and rij.dossier_id in derden:
            waarom = "wacht op informatie van een derde"
        geteld[rij.naam][waarom] += 1
    for naam in (regel for regel in namen if regel in geteld):
        waar = _lijst("termijnen", stand="verstreken", naam=naam)
        for waarom, aantal in sorted(geteld[naam].items()):
            tekst = f"{REGELS[naam].label}: {waarom}"
            yield Cijfer(GEMIST, tekst, vraag.personen(aantal), waar)
    nieuw = session.scalar(
        select(func.count(func.distinct(TermijnBewijs.dossier_id))).where(
            TermijnBewijs.soort == "verstreken",
            TermijnBewijs.naam.in_(namen),
            TermijnBewijs.op >= _moment(vraag.vandaag - timedelta(days=7)),
        )
    )
    yield Cijfer(
        GEMIST, "Personen met een termijn die deze week verstreek", vraag.personen(nieuw or 0)
    )


def _wacht_op_derde(session: Session, dossiers: Sequence[UUID]) -> set[UUID]:
    rijen = session.execute(
        select(Feit.dossier_id, Feit.waarde).where(
            Feit.dossier_id.in_(dossiers), Feit.naam == "wachtOpDerde", Feit.tot.is_(None)
        )
    )
    return {rij.dossier_id for rij in rijen if from_json(rij.waarde) == "ja"}


def _komend(session: Session, vraag: Vraag) -> Iterator[Cijfer]:
    tot = vraag.vandaag + timedelta(weeks=vraag.weken)
    gevonden = session.execute(
        select(DossierTermijn.naam, func.count().label("aantal"))
        .where(
            DossierTermijn.status == "loopt",
            DossierTermijn.naam.in_([een.naam for een in REGELS.values() if een.gevolgd]),
            DossierTermijn.uiterlijk.between(vraag.vandaag, tot),
        )
        .group_by(DossierTermijn.naam)
    )
    rijen = {rij.naam: rij.aantal for rij in gevonden}
    for naam in (een for een in REGELS if een in rijen):
        waar = _lijst("termijnen", stand="komend", weken=str(vraag.weken), naam=naam)
        yield Cijfer(KOMEND, REGELS[naam].label, vraag.personen(rijen[naam]), waar)


def _op_tijd(session: Session, vraag: Vraag) -> Iterator[Cijfer]:
    for wat, namen in (("PIP vastgesteld", ("pip",)), ("Aanbod gedaan", _AANBOD)):
        gehaald = Counter(
            session.scalars(
                select(DossierTermijn.op_tijd).where(
                    DossierTermijn.naam.in_(namen),
                    DossierTermijn.status == "gehaald",
                    DossierTermijn.gehaald_op >= vraag.sinds,
                )
            )
        )
        yield Cijfer(OP_TIJD, wat, aandeel(gehaald[True], gehaald.total(), vraag))


def aandeel(deel: int, geheel: int, vraag: Vraag) -> str:
    """Return a share; not when it tells of few people on either side of it."""
    if geheel == 0:
        return "nog geen"
    if geheel < vraag.minimum or any(0 < een < vraag.minimum for een in (deel, geheel - deel)):
        return TE_WEINIG
    return f"{round(100 * deel / geheel)}% van {geheel}"


def _vestiging(session: Session, vraag: Vraag) -> Cijfer:
    """Return the days from koppeling to registration in the BRP, of who registered of late."""
    per: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for rij in session.execute(
        select(Feit.dossier_id, Feit.naam, Feit.waarde)
        .join(Dossier, Dossier.id == Feit.dossier_id)
        .where(Feit.naam.in_(("gekoppeldDatum", "brpDatum")), Feit.tot.is_(None))
    ):
        per[rij.dossier_id][rij.naam] = from_json(rij.waarde)
    dagen = [
        (feiten["brpDatum"] - feiten["gekoppeldDatum"]).days
        for feiten in per.values()
        if all(isinstance(feiten.get(naam), date) for naam in ("gekoppeldDatum", "brpDatum"))
        and feiten["brpDatum"] >= vraag.sinds
    ]
    if not dagen:
        waarde = "nog geen"
    elif len(dagen) < vraag.minimum:
        waarde = TE_WEINIG
    else:
        waarde = f"{round(median(dagen))} dagen (helft van {len(dagen)} personen)"
    return Cijfer(VESTIGING, "Van koppeling tot inschrijving", waarde)


def _naleving(session: Session, vraag: Vraag) -> Iterator[Cijfer]:
    begin = _moment(vraag.sinds)
    for wat, elementen in (
        ("Contactpogingen", _CONTACT),
        ("Waarschuwingen", _WAARSCHUWING),
        ("Sanctietoetsen", _TOETS),
    ):
        aantal = session.scalar(
            select(func.count(func.distinct(Taak.dossier_id))).where(
                Taak.element.in_(elementen), Taak.status == "gedaan", Taak.gesloten_op >= begin
            )
        )
        yield Cijfer(NALEVING, f"{wat}: personen", vraag.personen(aantal or 0))
    uitkomsten = Counter(
        (antwoorden or {}).get("uitkomst")
        for antwoorden in session.scalars(
            select(Taak.antwoorden).where(
                Taak.element.in_(_TOETS), Taak.status == "gedaan", Taak.gesloten_op >= begin
            )
        )
    )
    getoond = verdeeld([uitkomsten[een] for een in UITKOMSTEN], vraag.minimum)
    for uitkomst, tekst in zip(UITKOMSTEN, getoond, strict=True):
        yield Cijfer(NALEVING, f"Uitkomst: {uitkomst}", tekst)
    yield Cijfer(
        NALEVING,
        "Aandeel niets",
        aandeel(uitkomsten["niets"], sum(uitkomsten[een] for een in UITKOMSTEN), vraag),
    )


def _moment(dag: date) -> datetime:
    """Return the instant at which ``dag`` begins in the Netherlands."""
    return datetime.combine(dag, time(), _NEDERLAND).astimezone(UTC)


def verdeeld(aantallen: Iterable[int], minimum: int) -> list[str]:
    """Return the parts of a whole; what could be found out of the others is left out too.

    >>> verdeeld([12, 3, 7, 0], 5)
    ['12', 'minder dan 5', 'niet getoond: te weinig personen', '0']
    """
    delen = list(aantallen)
    klein = [een for een in delen if 0 < een < minimum]
    mee = min((een for een in delen if een >= minimum), default=None) if len(klein) == 1 else None
    teksten = []
    for een in delen:
        if een == mee:
            mee = None
            teksten.append(TE_WEINIG)
        else:
            teksten.append(str(een) if een == 0 or een >= minimum else f"minder dan {minimum}")
    return teksten
