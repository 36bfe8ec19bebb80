"""Extension of the inburgeringstermijn: the grounds, how long each gives, and who is nearly done.

DUO decides. What is counted here is advice, to ask the right thing with the right proof. The set
shows the grounds again in ``processes/verlengingsgronden.dmn``; tests hold the two together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from routeflow.inburgering.artikelen import ASIELSTATUSHOUDER, is_waarde
from routeflow.inburgering.normen import norm
from routeflow.inburgering.termijn import maanden_verder

TAALONDERDELEN = frozenset({"LE", "LU", "SC", "SP"})


@dataclass(frozen=True, slots=True)
class Grond:
    """A ground on which the termijn is made longer.

    ``maanden`` or ``weken``: a fixed length. Neither: as long as the circumstance lasted, with
    ``hoogstens`` months as the ceiling (None: no ceiling). ``vanaf``: the circumstance lasted at
    least so many months (0: no minimum). ``bewijs``: what DUO asks to see.
    """

    artikel: str
    bewijs: str
    maanden: int | None = None
    weken: int | None = None
    hoogstens: int | None = None
    vanaf: int = 0

    @property
    def vast(self) -> bool:
        """Whether the length does not hang on how long the circumstance lasted."""
        return self.maanden is not None or self.weken is not None


_DRIE = norm("verlenging_grond_maanden")

GRONDEN: Mapping[str, Grond] = {
    "a": Grond("Regeling 4.1 lid 1 onder a", "medische machtiging", vanaf=_DRIE),
    "b": Grond("Regeling 4.1 lid 1 onder b", "akte van overlijden", maanden=3),
    "c": Grond("Regeling 4.1 lid 1 onder c", "geboorteakte in de BRP", weken=16),
    "d": Grond("Regeling 4.1 lid 1 onder d", "verklaring van de opvang", vanaf=_DRIE),
    "e": Grond("Regeling 4.1 lid 1 onder e", "verklaring van de school", hoogstens=6, vanaf=_DRIE),
    "f": Grond("Regeling 4.1 lid 1 onder f", "uittreksel uit de BRP", hoogstens=24, vanaf=_DRIE),
    "g": Grond("Regeling 4.1 lid 1 onder g", "verklaring van het college"),
    "g-onderwijs": Grond("Regeling 4.1 lid 2 onder g", "verklaring van het college", maanden=6),
    "h": Grond("Regeling 4.1 lid 1 onder h", "stukken van de school", hoogstens=6, vanaf=_DRIE),
    "i": Grond("Regeling 4.1 lid 1 onder i", "stukken over de situatie", hoogstens=24, vanaf=_DRIE),
    "j": Grond("Regeling 4.1 lid 1 onder j", "de stukken van elke grond", vanaf=_DRIE),
    "bijna klaar": Grond(
        "Wet 12 lid 1 onder b; Besluit 4.4",
        "uitslagen en verklaring van de school",
        maanden=norm("bijna_klaar_maanden"),
    ),
    "opleiding": Grond("Besluit 4.3 lid 2; Regeling 4.2", "bewijs van inschrijving", maanden=24),
}
"""Texts of 18-4-2026 (Regeling) and 2-4-2026 (Besluit).

"g-onderwijs": no real start of the onderwijsroute within six months. "opleiding": an education that
does not exempt, still followed; after these two years twice one year more. Onzeker: the minimum of
three months of ground g is the wait itself, so it has none here.
"""


def bezwaar(grond: str, *, van: date | None = None, tot: date | None = None) -> str | None:
    """Say why the ground gives no extension; None when it does.

    Args:
        grond: a name in ``GRONDEN``.
        van: first day of the circumstance.
        tot: first day after it, or after the part that is known.

    Source:
        Regeling inburgering 2021 art. 4.1, text of 18-4-2026.

    >>> bezwaar("a", van=date(2027, 1, 10), tot=date(2027, 4, 9))
    'Deze grond vraagt ten minste 3 maanden (Regeling 4.1 lid 1 onder a).'
    >>> bezwaar("a", van=date(2027, 1, 10), tot=date(2027, 4, 10))
    """
    een = GRONDEN[grond]
    if een.vast:
        return None
    if van is None or tot is None or tot <= van:
        return "Vul in van wanneer tot wanneer dit duurde."
    if tot < maanden_verder(van, een.vanaf):
        return f"Deze grond vraagt ten minste {een.vanaf} maanden ({een.artikel})."
    return None


def nieuw_eind(
    eind_exclusief: date, grond: str, *, van: date | None = None, tot: date | None = None
) -> date:
    """Return the first day after the termijn as the ground would make it.

    Args:
        eind_exclusief: first day after the termijn as it is now, as DUO gives it.
        grond: a name in ``GRONDEN``.
        van: first day of the circumstance.
        tot: first day after it.

    Returns:
        A day count for a circumstance that lasted; months or weeks for a
        fixed length. It never moves (Atw art. 4).

    Raises:
        ValueError: the ground needs van and tot.

    Source:
        Regeling art. 4.1 lid 2 (18-4-2026); Besluit art. 4.3 and 4.4 (2-4-2026).

    >>> einde = date(2029, 3, 11)
    >>> nieuw_eind(einde, "c").isoformat(), nieuw_eind(einde, "bijna klaar").isoformat()
    ('2029-07-01', '2029-09-11')
    >>> nieuw_eind(einde, "a", van=date(2027, 1, 10), tot=date(2027, 5, 10)).isoformat()
    '2029-07-09'
    >>> nieuw_eind(einde, "h", van=date(2027, 1, 10), tot=date(2028, 1, 10)).isoformat()
    '2029-09-11'
    """
    een = GRONDEN[grond]
    if een.maanden is not None:
        return maanden_verder(eind_exclusief, een.maanden)
    if een.weken is not None:
        return eind_exclusief + timedelta(weeks=een.weken)
    if van is None or tot is None:
        raise ValueError(f"ground {grond} is as long as the circumstance: van and tot are needed")
    einde = eind_exclusief + (tot - van)
    if een.hoogstens is None:
        return einde
    return min(einde, maanden_verder(eind_exclusief, een.hoogstens))


def bijna_klaar(  # noqa: PLR0913 - each is a condition of the article
    *,
    leerroute: str,
    doelgroep: str,
    behaald: Collection[str],
    pvt: bool,
    map_klaar: bool,
    lesuren: Decimal | int,
    lessen_gevolgd: bool,
    al_verlengd: bool,
) -> list[str]:
    """Return what is missing for the six months of who is nearly done; empty when nothing is.

    Args:
        leerroute: only the B1-route knows this extension.
        doelgroep: decides how the lessons are counted.
        behaald: the parts of the exam that were passed (LE, LU, SC, SP, KNM).
        pvt: the participatieverklaring is signed.
        map_klaar: the eindgesprek of the MAP is held.
        lesuren: hours of NT2 and KNM followed.
        lessen_gevolgd: all lessons of the aanbod are followed (asielstatushouder).
        al_verlengd: the termijn was made longer before: this one is for the first three years only.

    Source:
        Wet art. 12 lid 1 onder b (1-1-2023); Besluit art. 4.4 (2-4-2026).

    >>> alles = {"leerroute": "B1", "doelgroep": "gezinsmigrant", "behaald": ("LE", "SC", "KNM"),
    ...     "pvt": True, "map_klaar": True, "lesuren": 450, "lessen_gevolgd": False, "al_verlengd": False}
    >>> bijna_klaar(**alles), bijna_klaar(**alles | {"lesuren": 449})
    ([], ['450 lesuren taal en KNM'])
    """
    mist = []
    if leerroute != "B1":
        mist.append("de B1-route")
    if len(TAALONDERDELEN & set(behaald)) < (nodig := norm("bijna_klaar_taal")):
        mist.append(f"{nodig} van de 4 taalonderdelen")
    if "KNM" not in behaald:
        mist.append("KNM")
    if not pvt:
        mist.append("het PVT")
    if not map_klaar:
        mist.append("de MAP")
    if is_waarde(doelgroep, ASIELSTATUSHOUDER):
        if not lessen_gevolgd:
            mist.append("alle lessen taal en KNM")
    elif lesuren < norm("bijna_klaar_les"):
        mist.append(f"{norm('bijna_klaar_les')} lesuren taal en KNM")
    if al_verlengd:
        mist.append("een termijn die nog niet is verlengd")
    return mist
