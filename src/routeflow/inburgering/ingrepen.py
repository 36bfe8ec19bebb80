"""Opschorting and verlenging: what somebody decided about one period of one dossier, with its ground.

They stand in the dossier as the fact ``termijnIngrepen``, so that they have a history, an author
and a place in the journal like every other fact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, Self

from routeflow.errors import Invalid
from routeflow.inburgering.feiten import als_datum
from routeflow.inburgering.termijn import Termijn

FEIT: Final = "termijnIngrepen"

Soort = Literal["opschorting", "verlenging"]


@dataclass(frozen=True, slots=True)
class Ingreep:
    """One decision. Civil days in the Netherlands.

    Of an opschorting the clock stands still from ``van`` until ``tot``, the day on which it runs
    again (None: it still stands still). Of a verlenging ``tot`` is the new last day.
    """

    termijn: str
    soort: Soort
    van: date
    tot: date | None
    grond: str
    bewijs: str = ""
    door: str = ""

    @classmethod
    def uit(cls, waarde: Mapping[str, Any]) -> Self:
        """Read one decision as it stands in the dossier. Raises Invalid."""
        soort, tot = waarde.get("soort"), waarde.get("tot")
        if soort not in {"opschorting", "verlenging"} or not waarde.get("termijn"):
            raise Invalid("Deze opschorting of verlenging is niet te lezen.")
        return cls(
            str(waarde["termijn"]),
            soort,
            als_datum(waarde.get("van"), "van"),
            None if tot is None else als_datum(tot, "tot"),
            str(waarde.get("grond") or ""),
            str(waarde.get("bewijs") or ""),
            str(waarde.get("door") or ""),
        )

    def als_feit(self) -> dict[str, Any]:
        """Return it as it stands in the dossier."""
        return {
            "termijn": self.termijn,
            "soort": self.soort,
            "van": self.van,
            "tot": self.tot,
            "grond": self.grond,
            "bewijs": self.bewijs,
            "door": self.door,
        }

    @property
    def loopt_nog(self) -> bool:
        """Whether the clock stands still because of this."""
        return self.soort == "opschorting" and self.tot is None


def ingrepen(feiten: Mapping[str, Any], termijn: str | None = None) -> list[Ingreep]:
    """Return the decisions of a dossier, or those about one period, in the order of their days."""
    rijen = feiten.get(FEIT) or []
    gelezen = [Ingreep.uit(rij) for rij in rijen if isinstance(rij, Mapping)]
    return sorted(
        (een for een in gelezen if termijn is None or een.termijn == termijn),
        key=lambda een: een.van,
    )


def toepassen(gewoon: Termijn, besluiten: Iterable[Ingreep]) -> Termijn | None:
    """Return the period as the decisions make it; None while its clock stands still.

    Days on which two suspensions overlap count once. A verlenging never makes a period shorter.

    >>> from datetime import timedelta
    >>> termijn = Termijn(date(2026, 3, 2), 6, "weken", "Awb 7:10 lid 1", atw=True)
    >>> stil = Ingreep("besluit_bezwaar", "opschorting", date(2026, 3, 9), date(2026, 3, 19), "Awb 7:10")
    >>> toepassen(termijn, [stil]).laatste_dag() - termijn.laatste_dag() >= timedelta(days=10)
    True
    """
    vanaf: date | None = None
    for een in besluiten:
        if een.loopt_nog:
            return None
        if een.tot is None:
            continue
        if een.soort == "verlenging":
            gewoon = gewoon.verlengen_tot(een.tot)
            continue
        begin = een.van if vanaf is None else max(een.van, vanaf)
        if (dagen := (een.tot - begin).days) > 0:
            gewoon = gewoon.opschorten(dagen)
            vanaf = een.tot
    return gewoon


def hervat(besluiten: Iterable[Ingreep], termijn: str, dag: date) -> list[Ingreep]:
    """Return the decisions with the clock of ``termijn`` running again from ``dag``."""
    return [
        replace(een, tot=dag) if een.termijn == termijn and een.loopt_nog else een
        for een in besluiten
    ]
