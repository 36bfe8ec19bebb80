"""The law's amounts that are no period: how many hours, and how long the termijn is in months.

A diagram asks them by name, ``norm("pvt")``; the number itself stands only here, with its article.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Norm:
    """An amount that the law sets. ``eenheid`` says what is counted; ``grond`` is its article."""

    aantal: int
    eenheid: str
    grond: str


NORMEN: Mapping[str, Norm] = {
    "z_nt2_knm": Norm(800, "uren", "Besluit 3.14 lid 2 onder a"),
    "z_participatie": Norm(800, "uren", "Besluit 3.14 lid 2 onder b"),
    "a2_nt2": Norm(600, "uren", "Besluit 5.5"),
    "pvt": Norm(12, "uren", "Besluit 3.1 lid 3"),
    "map_praktijk": Norm(40, "uren", "Regeling 3.1"),
    "bijna_klaar_les": Norm(450, "uren", "Besluit 4.4 lid 3"),
    "bijna_klaar_taal": Norm(2, "onderdelen", "Besluit 4.4 lid 2"),
    "bijna_klaar_maanden": Norm(6, "maanden", "Wet 12 lid 1 onder b"),
    "verlenging_grond_maanden": Norm(3, "maanden", "Regeling 4.1 lid 1"),
    "inburgeringstermijn_maanden": Norm(36, "maanden", "Wet 11 lid 1"),
}
"""Texts read: Wet of 1-1-2023, Besluit of 2-4-2026, Regeling of 18-4-2026.

``z_nt2_knm`` holds NT2 with alfabetisering and KNM together; ``z_participatie`` is for an
asielstatushouder only (Besluit 3.14 lid 3) and holds PVT and MAP (lid 5). ``bijna_klaar_les`` is
for a gezinsmigrant; an asielstatushouder followed all lessons. Of Besluit 4.4 only lid 2 and 3 are
certain as numbers of paragraphs.
"""


def norm(naam: str) -> int:
    """Return the amount called ``naam``.

    Raises ValueError when no law sets an amount of that name.

    >>> norm("z_nt2_knm"), norm("pvt")
    (800, 12)
    """
    if naam not in NORMEN:
        raise ValueError(f"De norm {naam!r} bestaat niet. Bekend: {', '.join(NORMEN)}.")
    return NORMEN[naam].aantal
