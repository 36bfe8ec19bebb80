"""Hours: what counts for which norm, and whether somebody is on the way to make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from routeflow.inburgering.artikelen import ASIELSTATUSHOUDER, ONDERWIJSROUTE, is_waarde
from routeflow.inburgering.normen import NORMEN
from routeflow.inburgering.rechten import Rol

LESSEN: Final = ("NT2", "alfabetisering", "KNM")
PARTICIPATIE: Final = "participatie"
SOORTEN: Final = (*LESSEN, PARTICIPATIE)
"""What an hour of a day can be spent on (Besluit 3.14 and 5.5).

PVT and MAP are none of them: the law asks more of those than hours (an activity about a kernwaarde, 3.1
lid 2; themes and practice, 3.2 and Regeling 3.1), so that their own steps register and count them.
"""

AANWEZIG: Final = "aanwezig"
GEOORLOOFD: Final = "geoorloofd afwezig"
ONGEOORLOOFD: Final = "ongeoorloofd afwezig"
VERVALLEN: Final = "vervallen door de aanbieder"
AANWEZIGHEID: Final = (AANWEZIG, GEOORLOOFD, ONGEOORLOOFD, VERVALLEN)
"""Only "ongeoorloofd afwezig" can be of the inburgeraar; what a provider cancels never is."""

MAXIMUM_PER_DAG: Final = Decimal(12)
"""Hours of one person on one day: a working rule against slips of the pen, no law."""

_TIENDE: Final = Decimal("0.1")

Koers = Literal["gehaald", "op koers", "loopt achter", "nog niet te zeggen"]


@dataclass(frozen=True, slots=True)
class Les:
    """Hours of one day that were planned: what they were for, and whether the person was there."""

    soort: str
    uren: Decimal
    aanwezig: str
    fysiek: bool = True


@dataclass(frozen=True, slots=True)
class Teller:
    """One norm of one dossier. Hours; ``verwacht``: at the end of the termijn, at this pace.

    ``per_week``: what is needed a week from now on to make it in time, which is ``eind``.
    ``feiten``: the facts that hold what closed months counted.
    """

    naam: str
    label: str
    gemaakt: Decimal
    norm: int
    grond: str
    koers: Koers
    verwacht: Decimal | None = None
    per_week: Decimal | None = None
    eind: date | None = None
    feiten: tuple[str, ...] = ()

    @property
    def deel(self) -> int:
        """Return how far it is, as a whole percentage of at most 100."""
        return min(100, int(100 * self.gemaakt / self.norm))


def soorten_van(rollen: Iterable[Rol]) -> tuple[str, ...]:
    """Return what hours somebody in these rollen writes down: lessons are for schools and the gemeente.

    Source:
        Besluit 3.14 lid 2 onder a and 5.5: lessons count at a school with the keurmerk only.
    """
    geeft_les = {Rol.CASEMANAGER, Rol.TAALAANBIEDER} & set(rollen)
    return SOORTEN if geeft_les else (PARTICIPATIE,)


def gevolgd(lessen: Iterable[Les], soorten: Iterable[str]) -> Decimal:
    """Return the hours in which the person was there.

    >>> gevolgd([Les("NT2", Decimal(3), AANWEZIG), Les("KNM", Decimal(2), GEOORLOOFD)], ["NT2", "KNM"])
    Decimal('3')
    """
    geteld = set(soorten)
    uren = (les.uren for les in lessen if les.soort in geteld and les.aanwezig == AANWEZIG)
    return sum(uren, Decimal(0))


@dataclass(frozen=True, slots=True)
class _Vraag:
    """A counter: its norm, the facts that steps and closed months counted, and what counts in open ones."""

    norm: str
    label: str
    feiten: tuple[str, ...]
    soorten: tuple[str, ...] = ()


_Z_TAAL: Final = _Vraag("z_nt2_knm", "Taal en KNM", ("urenNt2Knm",), LESSEN)
_Z_PARTICIPATIE: Final = _Vraag(
    "z_participatie",
    "Participatie",
    ("urenParticipatie", "urenPvt", "urenMap"),
    (PARTICIPATIE,),
)
_A2: Final = _Vraag("a2_nt2", "NT2, nodig voor niveau A2", ("urenNt2",), ("NT2", "alfabetisering"))
_PVT: Final = _Vraag("pvt", "PVT", ("urenPvt",))
_MAP: Final = _Vraag("map_praktijk", "MAP in de praktijk", ("urenMapPraktijk",))


def tellers(
    feiten: Mapping[str, Any],
    sinds: Iterable[Les],
    *,
    begin: date | None,
    eind: date | None,
    vandaag: date,
) -> list[Teller]:
    """Return the counters that hold for a dossier with these facts.

    Args:
        feiten: doelgroep, leerroute, and what closed months and the steps of PVT and MAP counted.
        sinds: what was written down in months that are not closed yet.
        begin: first day of the inburgeringstermijn; None while it has not begun.
        eind: its last day.
        vandaag: civil day in the Netherlands.

    Source:
        Besluit 3.14 lid 2 (Z: 800 hours NT2 and KNM, 800 participation), lid 3 (participation is
        for asielstatushouders only), lid 5 (it holds PVT and MAP), 5.5 (600 hours NT2 before A2),
        3.1 lid 3 (PVT 12 hours), Regeling 3.1 (MAP 40 hours practice). The pace is a working rule.

    >>> les = [Les("NT2", Decimal(400), AANWEZIG)]
    >>> [taal, *_] = tellers({"leerroute": "Z"}, les, begin=date(2026, 1, 1), eind=date(2028, 12, 31),
    ...     vandaag=date(2026, 12, 31))
    >>> taal.gemaakt, taal.norm, taal.koers
    (Decimal('400'), 800, 'op koers')
    """
    lessen = list(sinds)
    return [
        _teller(
            vraag,
            sum(
                (_getal(feiten.get(feit)) for feit in vraag.feiten), gevolgd(lessen, vraag.soorten)
            ),
            (begin, eind),
            vandaag,
        )
        for vraag in _gevraagd(feiten)
    ]


def _gevraagd(feiten: Mapping[str, Any]) -> list[_Vraag]:
    leerroute = feiten.get("leerroute")
    vragen = []
    if leerroute == "Z":
        vragen.append(_Z_TAAL)
        if is_waarde(feiten.get("doelgroep"), ASIELSTATUSHOUDER):
            vragen.append(_Z_PARTICIPATIE)
    elif leerroute == "B1":
        vragen.append(_A2)
    return [*vragen, _PVT] if is_waarde(leerroute, ONDERWIJSROUTE) else [*vragen, _PVT, _MAP]


def _teller(
    vraag: _Vraag, gemaakt: Decimal, termijn: tuple[date | None, date | None], vandaag: date
) -> Teller:
    norm = NORMEN[vraag.norm]
    begin, eind = termijn
    kaal = Teller(
        vraag.norm,
        vraag.label,
        gemaakt,
        norm.aantal,
        norm.grond,
        "nog niet te zeggen",
        eind=eind,
        feiten=vraag.feiten,
    )
    if gemaakt >= norm.aantal:
        return replace(kaal, koers="gehaald")
    if begin is None or eind is None or not begin < vandaag <= eind:
        return kaal
    voorbij, geheel = (vandaag - begin).days, (eind - begin).days + 1
    verwacht = (gemaakt * geheel / voorbij).quantize(_TIENDE)
    weken = Decimal((eind - vandaag).days + 1) / 7
    return replace(
        kaal,
        koers="op koers" if verwacht >= norm.aantal else "loopt achter",
        verwacht=verwacht,
        per_week=((norm.aantal - gemaakt) / weken).quantize(_TIENDE),
    )


def _getal(waarde: Any) -> Decimal:  # noqa: ANN401 - a fact is any value
    return Decimal(str(waarde)) if isinstance(waarde, int | Decimal) else Decimal(0)
