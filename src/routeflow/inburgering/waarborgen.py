"""What the law asks before a step toward a sanction: the safeguards that no diagram may leave out.

The set states them again, readable for a lawyer, in ``processes/waarborgen.dmn``. That table may
ask more; what stands here it cannot take away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from routeflow.inburgering.rechten import RECHTEN, Handeling, Rol

VOORNEMEN: Final = "voornemen"
BESLUIT: Final = "besluit"

SANCTIE_FEITEN: Final[Mapping[str, str]] = {
    "voornemen": VOORNEMEN,
    "boeteBedrag": BESLUIT,
    "bekendmakingBoete": BESLUIT,
}
"""Facts that only a sanction writes: a step whose form writes one is that step, marked or not."""

MELDER: Final = "vermoedenMelder"
"""The fact that names who reported the suspicion (Awb art. 10:3 lid 4)."""

MELDING: Final = "vermoeden"
"""The message with which a person reports; only ``commands.naleving`` sends it."""

ROLLEN: Final[Mapping[str, frozenset[Rol]]] = {
    VOORNEMEN: frozenset(RECHTEN[Handeling.SANCTIE_TOETSEN]),
    BESLUIT: frozenset(RECHTEN[Handeling.SANCTIE_BEVESTIGEN]),
}
"""Who may take each kind of step: the college alone punishes, by people with that mandate."""

MENS: Final = frozenset({*SANCTIE_FEITEN, "besluit", "uitkomst"})
"""What only a person fills in (AVG art. 22)."""

KEUZE: Final[Mapping[str, str]] = {"uitkomst": "niets", "besluit": "niets"}
"""What a judgement always leaves open."""

GRENS: Final[Mapping[str, str]] = {"boeteBedrag": "boeteadvies", "besluit": "boeteadvies"}
"""The ceiling, the intake, Wet art. 27 and Awb 5:43 are one function; a decision asks it."""

SAMEN: Final[Mapping[str, frozenset[str]]] = {
    "boeteBedrag": frozenset({"motivering", "redenOnwil"}),
    "uitkomst": frozenset(
        {"aanhoudendeOnwil", "redenTochBoete", "verlagingBijstand", "mateVanVerwijt"}
    ),
}
"""What a judgement asks too: its reasons (Awb 3:46), and for an asielstatushouder why at all."""


@dataclass(frozen=True, slots=True)
class Waarborg:
    """One safeguard before one kind of step.

    ``velden``: the form of the step that gives it must always ask one of these.
    ``persoon``: that step is not for who reported. ``grond``: what may start a review after an
    overdue of somebody other than the inburgeraar; not asked on other paths.
    """

    naam: str
    stap: str
    betekenis: str
    artikel: str
    velden: tuple[str, ...]
    persoon: bool = False
    grond: bool = False


_VOOR_ELKE_STAP: Final = (
    (
        "uitgelegd",
        "iemand ging na of de plicht is uitgelegd in een taal die de inburgeraar begrijpt",
        "beleidsplan 5.9; Awb 5:49",
        ("plichtBegrepen", "plichtUitgelegd"),
        False,
    ),
    (
        "gewaarschuwd",
        "de inburgeraar is schriftelijk gewaarschuwd en kreeg een nieuwe kans",
        "Wet 14 lid 1; voor de begeleiding beleidsplan 5.9",
        ("waarschuwingDatum", "waarschuwingIntakeBrief"),
        False,
    ),
    (
        "vermogen",
        "iemand ging na of de inburgeraar het kon: gezondheid, leren, trauma",
        "Awb 5:41; beleidsplan 5.9",
        ("beperking",),
        False,
    ),
    (
        "tweede persoon",
        "een ander dan wie meldde, beoordeelde of een sanctie past",
        "Awb 10:3 lid 4; AVG 22",
        ("uitkomst",),
        True,
    ),
)

WAARBORGEN: Final = (
    *(
        Waarborg(naam, stap, betekenis, artikel, velden, persoon=persoon)
        for stap in (VOORNEMEN, BESLUIT)
        for naam, betekenis, artikel, velden, persoon in _VOOR_ELKE_STAP
    ),
    Waarborg(
        "gehoord",
        BESLUIT,
        "de inburgeraar kon zeggen wat hij ervan vindt, en iemand woog dat",
        "Awb 4:8 en 5:50",
        ("zienswijzeOntvangen",),
    ),
    Waarborg(
        "besloten",
        BESLUIT,
        "een mens besloot, na alles wat ervoor ligt; niets kon nog steeds",
        "Awb 5:51 en 10:3 lid 4; AVG 22",
        ("besluit",),
    ),
    Waarborg(
        "eigen gedraging",
        BESLUIT,
        "een mens stelde vast dat het gaat om wat de inburgeraar zelf naliet",
        "Awb 5:41",
        ("sanctietoetsGevraagd",),
        grond=True,
    ),
)
"""Two of them follow from working rules: art. 23 of the Wet itself names no warning (the number of
warnings is local policy), and that the ability is asked follows from "geen schuld, geen boete"."""
