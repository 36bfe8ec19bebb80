"""A temporary exemption (SS109) or a stay abroad (SS123): meanwhile the inburgeraar is asked nothing.

What the gemeente, a partner, COA or DUO must do goes on. Terms of the law that stand still are
decisions of the dossier (``ingrepen``); this is about what the law gives no days for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from routeflow.inburgering.ingrepen import ingrepen

INBURGERAAR: Final = "inburgeraar"
VRAAGT: Final = frozenset(
    {
        "oproep_intake",
        "herhaalde_oproep",
        "hersteltermijn",
        "waarschuwing",
        "voornemen",
        "besluit_boete",
        "voortgangsgesprek",
    }
)
"""Letters that ask something of the inburgeraar, or warn."""

UITLEG: Final = (
    "DUO heeft deze inburgeraar tijdelijk vrijgesteld (Wet artikel 4), of hij woont niet in Nederland "
    "(Besluit artikel 2.1). Zolang dat duurt, vraagt of verwijt de gemeente niets. Wacht op het "
    "bericht van DUO dat het voorbij is; helpen mag altijd."
)
_GRONDEN: Final = ("Wet inburgering 2021 art. 4", "Besluit inburgering 2021 art. 4.2")


def tijdelijk_vrijgesteld(feiten: Mapping[str, Any]) -> bool:
    """Say whether DUO has exempted somebody for a time (Wet art. 4), or they left the country.

    >>> tijdelijk_vrijgesteld({"tijdelijkVrijgesteld": "ja"}), tijdelijk_vrijgesteld({})
    (True, False)
    """
    return "ja" in (feiten.get("tijdelijkVrijgesteld"), feiten.get("verblijftBuitenNederland"))


def was_vrijgesteld(feiten: Mapping[str, Any]) -> bool:
    """Say whether the terms of the inburgeraar stand still, or once did, by an exemption."""
    return tijdelijk_vrijgesteld(feiten) or bool(_perioden(feiten))


def vraagt_van_inburgeraar(houder: str, eigenschappen: Mapping[str, str]) -> bool:
    """Say whether a step is the inburgeraar's move, or calls or warns the inburgeraar.

    ``eigenschappen``: what the diagram says of the step.
    """
    waarborgen = eigenschappen.get("waarborg", "").split(",")
    return (
        houder == INBURGERAAR
        or eigenschappen.get("brief") in VRAAGT
        or eigenschappen.get("sanctie") == "voornemen"
        or "gewaarschuwd" in {een.strip() for een in waarborgen}
    )


def laatste_dag(uiterlijk: date, feiten: Mapping[str, Any], *, geopend: date) -> date | None:
    """Return the last day of a step that asks something of the inburgeraar; None while exempt.

    The days that stood still since it was opened come with it. All are civil days.

    >>> stil = {"termijn": "inburgeringstermijn", "soort": "opschorting", "van": date(2026, 3, 9),
    ...     "tot": date(2026, 4, 8), "grond": _GRONDEN[0]}
    >>> laatste_dag(date(2026, 3, 20), {"termijnIngrepen": [stil]}, geopend=date(2026, 3, 1))
    datetime.date(2026, 4, 19)
    """
    if tijdelijk_vrijgesteld(feiten):
        return None
    tot = geopend
    for van, einde in _perioden(feiten):
        begin = max(van, tot)
        if begin <= uiterlijk and einde > begin:
            uiterlijk += timedelta(days=(einde - begin).days)
            tot = einde
    return uiterlijk


def _perioden(feiten: Mapping[str, Any]) -> list[tuple[date, date]]:
    """Return the exemptions that are over: the day they began, and the day it ran again."""
    return [
        (een.van, een.tot)
        for een in ingrepen(feiten, "inburgeringstermijn")
        if een.soort == "opschorting" and een.tot is not None and een.grond.startswith(_GRONDEN)
    ]
