"""What another gemeente may get of somebody who moved there: PIP, progress and fines, no more.

Wet inburgering 2021 art. 35 lid 4: on request. What is not named here stays where it is; health
and debts are never handed over, whatever a form calls them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from routeflow.inburgering.rechten import soort_gevoelig

GROND: Final = "Wet inburgering 2021 art. 35 lid 4"

_MAG_GEVOELIG: Final = frozenset({"bsn"})
"""Both colleges may use the BSN (Wet 36; Besluit 9.10)."""


@dataclass(frozen=True, slots=True)
class Deel:
    """A chapter of what is handed over: the facts that it names, with what people call them."""

    titel: str
    feiten: Mapping[str, str]


DELEN: Final = (
    Deel(
        "Persoon",
        {
            "naam": "Naam",
            "bsn": "BSN",
            "vNummer": "V-nummer",
            "geboortedatum": "Geboortedatum",
            "doelgroep": "Doelgroep",
            "datumKennisgeving": "Kennisgeving door DUO",
            "verhuisdOp": "Verhuisd op",
        },
    ),
    Deel(
        "PIP",
        {
            "dagtekeningVorigPip": "Dagtekening van het PIP in een eerdere gemeente",
            "dagtekening": "Dagtekening van het PIP",
            "dagtekeningWijziging": "Dagtekening van de laatste wijziging",
            "leerroute": "Leerroute",
            "niveau": "Niveau",
            "onderdelenA2": "Onderdelen op A2",
            "intensiteitUren": "Uren les",
            "alfabetisering": "Alfabetisering",
            "aantalVoortgangsgesprekken": "Aantal voortgangsgesprekken",
            "pvtIntensiteit": "Uren PVT in het PIP",
            "mapIntensiteit": "Uren MAP in het PIP",
            "zRouteA2Onderdelen": "Examens in de Z-route",
        },
    ),
    Deel(
        "Voortgang",
        {
            "termijnStart": "Start van de inburgeringstermijn",
            "termijnEindExclusief": "Eerste dag na de termijn",
            "datumAanbod": "Inburgeringsaanbod",
            "startDatum": "Start van de lessen",
            "urenNt2": "Uren NT2 en alfabetisering",
            "urenNt2Knm": "Uren NT2 en KNM samen",
            "urenParticipatie": "Uren participatie",
            "urenPvt": "Uren PVT",
            "urenMap": "Uren MAP",
            "urenMapPraktijk": "Uren MAP in de praktijk",
            "urenVerrekendLes": "Verrekende lesuren",
            "behaaldeOnderdelen": "Behaalde examens",
            "pvtDatum": "Participatieverklaring getekend",
            "mapEindgesprekDatum": "Eindgesprek MAP",
        },
    ),
)

_BOETE: Final = ("plicht", "bedrag", "vastgesteld", "bekendgemaakt", "onherroepelijk")


def delen(
    feiten: Mapping[str, Any], gevoelig: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """Yield each chapter with what is known of it: (name, label, value).

    ``gevoelig``: what the forms call sensitive (field -> kind); that is left out too.

    >>> dict(delen({"leerroute": "B1", "welzijn": "moe", "schulden": "ja"}, {}))
    {'Persoon': [], 'PIP': [('leerroute', 'Leerroute', 'B1')], 'Voortgang': []}
    """
    for deel in DELEN:
        yield (
            deel.titel,
            [
                (naam, label, feiten[naam])
                for naam, label in deel.feiten.items()
                if feiten.get(naam) not in (None, "", []) and _mag(naam, gevoelig)
            ],
        )


def boetes(rijen: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a fact
    """Return the fines that were imposed and still stand; no suspicion, and nothing undecided.

    >>> boetes([{"soort": "boete", "plicht": "PVT", "bedrag": 25}, {"soort": "geen gevolg"}])
    [{'plicht': 'PVT', 'bedrag': 25, 'vastgesteld': None, 'bekendgemaakt': None, 'onherroepelijk': None}]
    """
    return [
        {naam: rij.get(naam) for naam in _BOETE}
        for rij in (rijen if isinstance(rijen, list) else ())
        if rij.get("soort") == "boete" and rij.get("herroepen") is None
    ]


def _mag(naam: str, gevoelig: Mapping[str, str]) -> bool:
    soort = soort_gevoelig(naam, gevoelig)
    return soort is None or soort in _MAG_GEVOELIG
