"""Hours: written down day by day, taken from a file, and closed a month at a time."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.commands.ladder import vandaag
from routeflow.commands.maanduren import (
    MAANDTAAK,
    anderen_sluiten,
    einde_van,
    maand_van,
    nog_open,
)
from routeflow.commands.taken import Voltooid, complete_taak
from routeflow.commands.zaak import lock_routes
from routeflow.errors import Conflict, Invalid, NotAllowed, NotFound
from routeflow.inburgering.rechten import RECHTEN, Actor, Handeling, bezwaar_tegen, zichtbaar
from routeflow.inburgering.uren import (
    AANWEZIG,
    AANWEZIGHEID,
    GEOORLOOFD,
    LESSEN,
    MAXIMUM_PER_DAG,
    ONGEOORLOOFD,
    SOORTEN,
    VERVALLEN,
    soorten_van,
)
from routeflow.store.models import Dossier, Taak, Uren
from routeflow.store.queries.zicht import in_dossier_van

KOP: Final = ("dossier", "datum", "soort", "uren", "aanwezig", "fysiek", "opmerking")
"""The columns of a file, in any order. The last three may be left out or empty."""

MAX_BESTAND: Final = 1024 * 1024
MAX_REGELS: Final = 5_000
MAX_OPMERKING: Final = 300
_KWARTIER: Final = Decimal("0.25")
_EIGEN_TAAK: Final = "PVT en MAP registreert u in hun eigen taken."
_JA_NEE: Final[Mapping[str, bool]] = {"": True, "ja": True, "j": True, "nee": False, "n": False}


@dataclass(frozen=True, slots=True)
class Regel:
    """One line to write down. ``uren`` in whole quarters; ``datum`` a civil day, not to come."""

    datum: date
    soort: str
    uren: Decimal
    aanwezig: str = AANWEZIG
    fysiek: bool = True
    opmerking: str = ""


@dataclass(frozen=True, slots=True)
class Ingelezen:
    """What a file brought: how many lines, in how many dossiers, and the ids of what was kept."""

    regels: int
    dossiers: int
    ids: tuple[int, ...] = ()


def schrijf_uren(
    session: Session, regels: Sequence[tuple[UUID, Regel]], *, by: Actor, now: datetime
) -> list[Uren]:
    """Write lines down, each for the dossier that stands with it, all of them or none.

    A line that is there already is a fault, so that what is sent twice counts once.
    Raises NotAllowed or Invalid ("regel 2" -> sentence).
    """
    gevraagd = [(f"regel {n}", ident, regel) for n, (ident, regel) in enumerate(regels, 1)]
    return _schrijf(session, gevraagd, {}, by=by, now=now)


def schrijf_dag(
    session: Session, regels: Mapping[UUID, Regel | str], *, by: Actor, now: datetime
) -> int:
    """Write one line down for each of these dossiers, all of them or none; return how many.

    A line that the door could not read is the sentence that says so, told with what else is wrong.
    Raises NotAllowed or Invalid (id of the dossier -> sentence).
    """
    gevraagd = [
        (str(ident), ident, regel) for ident, regel in regels.items() if isinstance(regel, Regel)
    ]
    onleesbaar = {str(ident): regel for ident, regel in regels.items() if isinstance(regel, str)}
    return len(_schrijf(session, gevraagd, onleesbaar, by=by, now=now))


def _schrijf(
    session: Session,
    gevraagd: Sequence[tuple[str, UUID, Regel]],
    onleesbaar: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> list[Uren]:
    _eis(by)
    idents = {ident for _, ident, _ in gevraagd}
    lock_routes(session, idents)  # what is sent twice at once counts once
    gevonden = session.scalars(
        select(Dossier).where(Dossier.id.in_(idents), in_dossier_van(by, Dossier.id))
    )
    dossiers = {een.id: een for een in gevonden if een.gesloten_op is None}
    fouten = dict(onleesbaar) | {
        waar: "Dit dossier is gesloten, of is niet van u."
        for waar, ident, _ in gevraagd
        if ident not in dossiers
    }
    goed = [(waar, dossiers[ident], regel) for waar, ident, regel in gevraagd if ident in dossiers]
    fouten |= _beoordeel(session, goed, by, now) | _dubbel(session, goed, by)
    if fouten:
        raise Invalid("De uren zijn niet opgeslagen.", fouten)
    rijen = [_rij(dossier, regel, by=by, now=now) for _, dossier, regel in goed]
    session.add_all(rijen)
    session.flush()
    return rijen


def neem_terug(session: Session, uren_id: int, *, by: Actor, now: datetime) -> Uren:
    """Take one line back. Raises NotFound, NotAllowed or Conflict (its month is closed)."""
    _eis(by)
    rij = session.get(Uren, uren_id, with_for_update=True)
    if rij is None or rij.vervallen_op is not None or rij.partij != by.partij:
        raise NotFound("Deze regel bestaat niet, of is al weg.")
    _dossier(session, rij.dossier_id, by)
    if rij.afgesloten_op is not None:
        raise Conflict("Deze maand is afgesloten. Schrijf een nieuwe regel in de maand van nu.")
    rij.vervallen_op = now
    return rij


def importeer(session: Session, inhoud: bytes, *, by: Actor, now: datetime) -> Ingelezen:
    """Write down every line of a CSV file, or none: each line with a fault is told by its number.

    Columns as ``KOP``, separated by semicolons or commas; UTF-8 or Windows-1252, as spreadsheets
    write it. A line that was written down before (same dossier, day, kind and hours) is a fault:
    the same file twice counts once. Raises NotAllowed or Invalid ("regel 7" -> sentence).
    """
    regels = _gekeurd(session, inhoud, schrijven=True, by=by, now=now)
    rijen = [_rij(dossier, regel, by=by, now=now) for dossier, regel in regels]
    session.add_all(rijen)
    session.flush()
    return Ingelezen(
        len(regels), len({dossier.id for dossier, _ in regels}), tuple(rij.id for rij in rijen)
    )


def bekijk(session: Session, inhoud: bytes, *, by: Actor, now: datetime) -> Ingelezen:
    """Say what ``importeer`` would do with a file, and keep nothing. Raises what it raises."""
    regels = _gekeurd(session, inhoud, schrijven=False, by=by, now=now)
    return Ingelezen(len(regels), len({dossier.id for dossier, _ in regels}))


def _gekeurd(
    session: Session, inhoud: bytes, *, schrijven: bool, by: Actor, now: datetime
) -> list[tuple[Dossier, Regel]]:
    """Return every line of a file with its dossier, or raise Invalid with all that is wrong."""
    _eis(by)
    gelezen, fouten = _lees(inhoud)
    nummers = {nummer for _, nummer, _ in gelezen}
    dossiers = _dossiers(session, nummers, by)
    if schrijven:
        lock_routes(session, {dossier.id for dossier in dossiers.values()})
        dossiers = _dossiers(session, nummers, by)  # as they are now that nobody else has them
    regels: list[tuple[str, Dossier, Regel]] = []
    for waar, nummer, regel in gelezen:
        dossier = dossiers.get(nummer)
        if dossier is None:
            fouten[waar] = f"Het dossier {nummer or '(leeg)'} bestaat niet, of is niet van u."
        elif isinstance(regel, str):
            fouten[waar] = regel
        else:
            regels.append((waar, dossier, regel))
    fouten |= _beoordeel(session, regels, by, now) | _dubbel(session, regels, by)
    if fouten:
        volgorde = sorted(
            fouten, key=lambda waar: int(waar.split()[-1]) if waar[-1].isdigit() else 0
        )
        aantal = "1 regel klopt" if len(fouten) == 1 else f"{len(fouten)} regels kloppen"
        raise Invalid(
            f"Er is niets ingelezen: {aantal} niet.", {waar: fouten[waar] for waar in volgorde}
        )
    return [(dossier, regel) for _, dossier, regel in regels]


def sluit_maand(session: Session, taak_id: UUID, *, by: Actor, now: datetime) -> Voltooid:
    """Close the month of a taak ``registreer_maanduren``: its sums become the answers of the taak.

    Lines of earlier months that came in late go along. Without a line the month has no hours.
    Raises NotFound, NotAllowed, Conflict (not open any more) or Invalid.
    """
    taak = session.get(Taak, taak_id)
    if taak is None or taak.element != MAANDTAAK:
        raise NotFound("Deze taak bestaat niet, of gaat niet over de uren van een maand.")
    _eis(by)
    einde = einde_van(maand_van(session, taak))
    if einde > vandaag(now):
        raise Conflict("Deze maand is nog niet voorbij.")
    rijen = session.scalars(nog_open(taak, einde).with_for_update()).all()
    antwoorden = som(rijen)
    for rij in rijen:
        rij.afgesloten_op = now
    return complete_taak(session, taak_id, antwoorden, by=by, now=now)


def som(rijen: Iterable[Uren]) -> dict[str, Any]:
    """Return the sums of lines as the answers that the form of the month asks for."""
    per = dict.fromkeys((*_VELD.values(), "fysiek", *_AFWEZIG.values()), Decimal(0))
    for rij in rijen:
        uren = Decimal(rij.kwartieren) * _KWARTIER
        if rij.aanwezig == AANWEZIG:
            if veld := _VELD.get(rij.soort):
                per[veld] += uren
            if rij.fysiek and rij.soort in {"NT2", "alfabetisering", "KNM"}:
                per["fysiek"] += uren
        else:
            per[_AFWEZIG[rij.aanwezig]] += uren
    return {naam: float(uren) if uren % 1 else int(uren) for naam, uren in sorted(per.items())}


_VELD: Final[Mapping[str, str]] = {
    "NT2": "nt2",
    "alfabetisering": "alfabetiseringUren",
    "KNM": "knm",
    "participatie": "participatie",
}
"""What the form of the month calls each kind. PVT and MAP of old lines are counted in their own steps."""

_AFWEZIG: Final[Mapping[str, str]] = {
    GEOORLOOFD: "geoorloofd",
    ONGEOORLOOFD: "ongeoorloofd",
    VERVALLEN: "vervallen",
}


def bezwaar_tegen_schrijven(by: Actor) -> str | None:
    """Return why ``by`` writes no hours at all, None when they do; in which dossiers is for later."""
    rol = min(by.rollen & RECHTEN[Handeling.UREN_SCHRIJVEN].keys(), default=None)
    return bezwaar_tegen(by, Handeling.UREN_SCHRIJVEN, rol=rol, partij=by.partij)


def _eis(by: Actor) -> None:
    if bezwaar := bezwaar_tegen_schrijven(by):
        raise NotAllowed(bezwaar)


def _dossier(session: Session, dossier_id: UUID, by: Actor) -> Dossier:
    dossier = session.scalar(
        select(Dossier).where(Dossier.id == dossier_id, in_dossier_van(by, Dossier.id))
    )
    if dossier is None:
        raise NotFound("Dit dossier bestaat niet, of is niet van u.")
    if dossier.gesloten_op is not None:
        raise Conflict("Dit dossier is gesloten. Er komen geen uren meer bij.")
    return dossier


def _dossiers(session: Session, nummers: set[str], by: Actor) -> dict[str, Dossier]:
    if zichtbaar(by).dossiers == "geen":
        return {}
    gevonden = session.scalars(
        select(Dossier).where(
            Dossier.nummer.in_(nummers),
            Dossier.gesloten_op.is_(None),
            in_dossier_van(by, Dossier.id),
        )
    )
    return {dossier.nummer: dossier for dossier in gevonden}


def _beoordeel(
    session: Session, regels: Sequence[tuple[str, Dossier, Regel]], by: Actor, now: datetime
) -> dict[str, str]:
    fouten: dict[str, str] = {}
    per_dag = _al_geschreven(session, {(dossier.id, regel.datum) for _, dossier, regel in regels})
    van_les = {dossier.id for _, dossier, regel in regels if regel.soort in LESSEN}
    sluiten = anderen_sluiten(session, van_les, by.partij, now) if van_les else {}
    for waar, dossier, regel in regels:
        per_dag[dossier.id, regel.datum] += regel.uren
        if reden := _bezwaar(regel, soorten_van(by.rollen), vandaag(now)):
            fouten[waar] = reden
        elif regel.soort in LESSEN and (sluit := sluiten.get(dossier.id)):
            fouten[waar] = (
                f"{sluit} sluit hier de maand af. Een les die u opschrijft, telt dan in geen maand. "
                f"Vraag {sluit} om deze uren op te schrijven."
            )
        elif per_dag[dossier.id, regel.datum] > MAXIMUM_PER_DAG:
            fouten[waar] = f"Op {regel.datum:%d-%m-%Y} komt u boven {MAXIMUM_PER_DAG} uur."
    return fouten


def _bezwaar(regel: Regel, soorten: Sequence[str], vandaag_: date) -> str | None:
    """Return why a line cannot be, in a sentence for who wrote it; None when it can."""
    aanwezigheid = ", ".join(AANWEZIGHEID)
    redenen = (
        (regel.datum > vandaag_, f"De dag {regel.datum:%d-%m-%Y} ligt in de toekomst."),
        (
            regel.soort not in soorten,
            f"De soort “{regel.soort}” kan hier niet. Kies uit: {', '.join(soorten)}. {_EIGEN_TAAK}",
        ),
        (
            regel.aanwezig not in AANWEZIGHEID,
            f"“{regel.aanwezig}” is geen aanwezigheid. Kies uit: {aanwezigheid}.",
        ),
        (
            regel.uren <= 0 or regel.uren % _KWARTIER != 0,
            "Vul uren in hele kwartieren in, zoals 1,5 of 2,25.",
        ),
        (regel.uren > MAXIMUM_PER_DAG, f"Meer dan {MAXIMUM_PER_DAG} uur op een dag kan niet."),
        (
            len(regel.opmerking) > MAX_OPMERKING,
            f"De opmerking is te lang: hooguit {MAX_OPMERKING} tekens.",
        ),
    )
    return next((zin for geldt, zin in redenen if geldt), None)


def _al_geschreven(
    session: Session, dagen: set[tuple[UUID, date]]
) -> defaultdict[tuple[UUID, date], Decimal]:
    per: defaultdict[tuple[UUID, date], Decimal] = defaultdict(Decimal)
    for rij in _staat_er(session, {dossier for dossier, _ in dagen}, {dag for _, dag in dagen}):
        per[rij.dossier_id, rij.datum] += Decimal(rij.kwartieren) * _KWARTIER
    return per


def _staat_er(session: Session, dossiers: set[UUID], dagen: set[date]) -> Iterable[Uren]:
    if not dagen:
        return []
    return session.scalars(
        select(Uren).where(
            Uren.dossier_id.in_(dossiers),
            Uren.datum.between(min(dagen), max(dagen)),
            Uren.vervallen_op.is_(None),
        )
    ).all()


def _dubbel(
    session: Session, regels: Sequence[tuple[str, Dossier, Regel]], by: Actor
) -> dict[str, str]:
    er_staat = {
        (rij.dossier_id, rij.datum, rij.soort, Decimal(rij.kwartieren) * _KWARTIER, rij.aanwezig)
        for rij in _staat_er(
            session,
            {dossier.id for _, dossier, _ in regels},
            {regel.datum for _, _, regel in regels},
        )
        if rij.partij == by.partij
    }
    fouten = {}
    for waar, dossier, een in regels:
        sleutel = (dossier.id, een.datum, een.soort, een.uren, een.aanwezig)
        if sleutel in er_staat:
            fouten[waar] = "Deze regel staat er al. Dezelfde uren tellen een keer."
        er_staat.add(sleutel)
    return fouten


def _rij(dossier: Dossier, regel: Regel, *, by: Actor, now: datetime) -> Uren:
    return Uren(
        dossier_id=dossier.id,
        partij=by.partij,
        datum=regel.datum,
        soort=regel.soort,
        kwartieren=int(regel.uren / _KWARTIER),
        aanwezig=regel.aanwezig,
        fysiek=regel.fysiek,
        opmerking=regel.opmerking,
        op=now,
        door=by.naam,
    )


def _lees(inhoud: bytes) -> tuple[list[tuple[str, str, Regel | str]], dict[str, str]]:
    """Return per line where it stands, its dossiernummer, and the line or why it cannot be read."""
    if len(inhoud) > MAX_BESTAND:
        raise Invalid("Het bestand is niet gelezen.", {"bestand": "Het is groter dan 1 MB."})
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError:
        tekst = inhoud.decode("cp1252", errors="replace")
    if "\0" in tekst:
        zin = "Dit is geen tekst. Bewaar het in uw rekenprogramma als CSV."
        raise Invalid("Het bestand is niet gelezen.", {"bestand": zin})
    kop, *_ = tekst.splitlines() or [""]
    scheiding = ";" if kop.count(";") >= kop.count(",") else ","
    lezer = csv.reader(io.StringIO(tekst), delimiter=scheiding, strict=True)
    try:
        rijen = list(lezer)
    except csv.Error as fout:
        zin = f"Regel {lezer.line_num} is geen CSV: controleer de aanhalingstekens."
        raise Invalid("Het bestand is niet gelezen.", {"bestand": zin}) from fout
    namen = [naam.strip().lower() for naam in rijen[0]] if rijen else []
    if missen := [naam for naam in KOP[:4] if naam not in namen]:
        zin = f"De eerste regel mist: {', '.join(missen)}. Nodig zijn: {', '.join(KOP)}."
        raise Invalid("Het bestand is niet gelezen.", {"bestand": zin})
    if len(rijen) - 1 > MAX_REGELS:
        zin = f"Het heeft meer dan {MAX_REGELS} regels. Maak er twee bestanden van."
        raise Invalid("Het bestand is niet gelezen.", {"bestand": zin})
    gelezen: list[tuple[str, str, Regel | str]] = []
    for nummer, cellen in enumerate(rijen[1:], start=2):
        if any(cel.strip() for cel in cellen):
            per = dict(zip(namen, (cel.strip() for cel in cellen), strict=False))
            gelezen.append((f"regel {nummer}", per.get("dossier", ""), _regel(per)))
    if not gelezen:
        raise Invalid("Het bestand is niet gelezen.", {"bestand": "Er staan geen regels in."})
    return gelezen, {}


def _regel(cellen: Mapping[str, str]) -> Regel | str:
    dag = _dag(cellen.get("datum", ""))
    if dag is None:
        return f"{_cel(cellen, 'datum')} is geen datum. Schrijf 05-01-2026."
    try:
        uren = Decimal(cellen.get("uren", "").replace(",", "."))
    except InvalidOperation:
        uren = Decimal("NaN")
    if not uren.is_finite():
        return f"{_cel(cellen, 'uren')} is geen aantal uren. Schrijf 1,5 of 2."
    fysiek = _JA_NEE.get(cellen.get("fysiek", "").lower())
    if fysiek is None:
        return "In de kolom fysiek staat ja of nee."
    return Regel(
        dag,
        _bekend(cellen.get("soort", ""), SOORTEN),
        uren,
        _bekend(cellen.get("aanwezig") or AANWEZIG, AANWEZIGHEID),
        fysiek,
        cellen.get("opmerking", ""),
    )


def _cel(cellen: Mapping[str, str], naam: str) -> str:
    return f"“{cellen[naam]}”" if cellen.get(naam) else "Een lege cel"


def _bekend(tekst: str, bekend: Sequence[str]) -> str:
    """Return the word as it is spelled, whatever capitals the file has."""
    return next((woord for woord in bekend if woord.lower() == tekst.lower()), tekst)


def _dag(tekst: str) -> date | None:
    for vorm in ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(tekst, vorm).date()  # noqa: DTZ007 - a civil day
        except ValueError:
            continue
    return None
