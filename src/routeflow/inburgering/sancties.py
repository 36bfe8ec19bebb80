"""What the law says about fines of the college, for people who judge. Nothing here decides.

The college fines for the brede intake (Wet art. 22) and for the guidance, PVT, MAP and leerroute of
the PIP (Wet art. 23). Not finishing in time is for DUO (Wet art. 24 and 25). A fine is the last
resort: only a person, with a second one, comes to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final, Literal

from routeflow.inburgering.artikelen import (
    ASIELSTATUSHOUDER,
    ONDERWIJSROUTE,
    is_waarde,
    recidivevenster,
)
from routeflow.inburgering.regels import WET_2013
from routeflow.inburgering.termijn import maanden_verder


@dataclass(frozen=True, slots=True)
class Bedrag:
    """An amount in euro with the article that sets it."""

    euro: Decimal
    grond: str


BOETE_INTAKE = Bedrag(Decimal(250), "Wet 22 lid 1 en 26 lid 1 onder a; Besluit 7.1 lid 1")
BOETE_BEGELEIDING = Bedrag(Decimal(50), "Wet 23 lid 1; Besluit 7.1 lid 2")
BOETE_BEGELEIDING_MAXIMUM = Bedrag(Decimal(800), "Wet 26 lid 1 onder c; Besluit 7.1 lid 3")
PLAFOND = Bedrag(Decimal(2400), "Besluit 7.1: boetes van art. 22 en 23 samen in de termijn")
PLAFOND_NIEUWE_TERMIJN: Mapping[int, Bedrag] = {
    maanden: Bedrag(Decimal(euro), "Besluit 7.1: plafond in een nieuwe termijn")
    for maanden, euro in ((6, 400), (12, 800), (18, 1200), (24, 1600))
}
"""By length of the new term in months."""


def college_mag_beboeten(wet: str) -> bool:
    """Say whether the college has fines at all under the law that somebody falls under.

    Under the Wet inburgering 2013 it has none: that law stays as it was for whom it holds (Wet
    art. 54 lid 1), and there only the minister fines.

    >>> college_mag_beboeten("Wi2021"), college_mag_beboeten("Wi2013")
    (True, False)
    """
    return wet != WET_2013


@dataclass(frozen=True, slots=True)
class Bezwaar:
    """Why something is not possible, with the article."""

    tekst: str
    grond: str


VERWIJTBAARHEID: Mapping[str, Decimal] = {
    "opzet": Decimal("1.00"),
    "grove schuld": Decimal("0.75"),
    "normaal": Decimal("0.50"),
    "verminderd": Decimal("0.25"),
    "geen": Decimal(0),
}
"""Part of the amount of art. 23 (Besluit 7.1); without blame no fine at all (Awb art. 5:41)."""

Uitkomst = Literal["niets", "maatwerk", "PIP aanpassen", "maatregel Participatiewet", "boete"]
UITKOMSTEN: tuple[Uitkomst, ...] = (
    "niets",
    "maatwerk",
    "PIP aanpassen",
    "maatregel Participatiewet",
    "boete",
)
INBURGERAAR = "inburgeraar"


@dataclass(frozen=True, slots=True)
class Advies:
    """What the form shows first. A person chooses; this chooses nothing."""

    uitkomst: Uitkomst
    reden: str
    juridische_toets: bool


def standaardadvies(doelgroep: str | None) -> Advies:
    """Return the advice with which a sanctietoets begins.

    For an asielstatushouder a fine is only possible in exceptional cases, after
    a legal review. The rulings were about the Wet inburgering 2013; onzeker how
    far they reach for art. 22 and 23 of the Wet inburgering 2021.

    >>> standaardadvies("asielstatushouder").juridische_toets
    True
    """
    if doelgroep is None or is_waarde(doelgroep, ASIELSTATUSHOUDER):
        return Advies(
            "niets",
            "Bij een asielstatushouder mag een boete alleen bij bewezen en aanhoudende onwil"
            " (HvJEU 4-2-2025, C-158/23; ABRvS 9-7-2025 en 18-2-2026). Vraag eerst een juridische"
            " toets. Onzeker: de uitspraken gingen over de Wet inburgering 2013.",
            juridische_toets=True,
        )
    return Advies(
        "maatwerk",
        "Een sanctie is het laatste middel. Kijk eerst wat wel kan (beleidsplan 5.9).",
        juridische_toets=False,
    )


INTAKE: Final = "intake"
LEERROUTE: Final = "leerroute"
PLICHTEN_ART_23: Final = ("begeleiding", "PVT", "MAP", LEERROUTE)
"""Duties of the PIP whose guidance or intensity art. 23 is about; the results are DUO's (24, 25)."""

ONTZORGEN: Final = "ontzorgen"
PLICHTEN: Final = (INTAKE, *PLICHTEN_ART_23, ONTZORGEN)
"""Every duty that a suspicion can be about; ontzorgen is one of the Participatiewet (art. 56a)."""

_PLICHT_VAN_ONDERDEEL: Final[Mapping[str, str]] = {
    "brede intake": INTAKE,
    "PVT": "PVT",
    "MAP": "MAP",
    "B1-route": LEERROUTE,
    "Z-route": LEERROUTE,
    "onderwijsroute": LEERROUTE,
    ONTZORGEN: ONTZORGEN,
}

BOETE: Final = "boete"
MAATREGEL: Final = "maatregel Participatiewet"
GEEN_GEVOLG: Final = "geen gevolg"

VERDUBBELEN: Final = "verdubbelen"
OPTELLEN: Final = "optellen"
_GRENS_LANGE_VERJARING: Final = Decimal(340)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class EerderBesluit:
    """What was decided before about a gedraging: a boete, a maatregel, or that nothing follows.

    ``vastgesteld``: the day of the report. ``onherroepelijk`` and ``herroepen``: None until then.
    """

    gedraging: str
    plicht: str
    soort: str
    bedrag: Decimal = Decimal(0)
    vastgesteld: date | None = None
    bekendgemaakt: date | None = None
    onherroepelijk: date | None = None
    herroepen: date | None = None


@dataclass(frozen=True, slots=True)
class Overtreding:
    """What may have been done wrong, as far as people have judged it by now.

    ``gedraging``: by what it is known, so that nobody is punished twice for it. ``mate``: the
    culpability, None before somebody chose. ``op``: the day of the omission. ``herhaalde_oproep``:
    the call with the warning was sent (only the intake needs it). ``nieuwe_termijn``: months of the
    term that DUO set after a fine of its own, with the day on which it began.
    """

    gedraging: str | None
    plicht: str | None
    vastgesteld: date
    mate: str | None = None
    op: date | None = None
    doelgroep: str | None = None
    bijstand_verlaagd: bool = False
    herhaalde_oproep: bool = False
    nieuwe_termijn: tuple[int, date] | None = None


@dataclass(frozen=True, slots=True)
class Rekenstap:
    """One line of the calculation: what was done, why, and the amount after it."""

    tekst: str
    grond: str
    euro: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bedragadvies:
    """An amount as advice. ``bedrag`` is the most that the law allows; None: no fine is possible.

    ``bezwaren``: why no fine is possible. ``tegen_maatregel``: why no maatregel is.
    """

    bedrag: Decimal | None
    bezwaren: tuple[Bezwaar, ...]
    tegen_maatregel: tuple[Bezwaar, ...]
    stappen: tuple[Rekenstap, ...]
    opmerkingen: tuple[str, ...] = field(default=())


def plicht_bij(onderdeel: str) -> str:
    """Return the duty that a step of ``onderdeel`` is most likely about; a person chooses.

    >>> plicht_bij("Z-route"), plicht_bij("regie")
    ('leerroute', 'begeleiding')
    """
    return _PLICHT_VAN_ONDERDEEL.get(onderdeel, PLICHTEN_ART_23[0])


def bezwaar_tegen_plicht(plicht: str, feiten: Mapping[str, object]) -> Bezwaar | None:
    """Say why somebody has not, or no longer, got the duty ``plicht``; None when it can be.

    Args:
        plicht: one of ``PLICHTEN``.
        feiten: what is known of the dossier.

    Source:
        Wet inburgering 2021 art. 6, 8, 14, 15 and 23; Participatiewet art. 56a.

    >>> bezwaar_tegen_plicht("MAP", {"leerroute": "onderwijsroute"}).grond
    'Wet 8 lid 3'
    >>> bezwaar_tegen_plicht("MAP", {"leerroute": "B1"}) is None
    True
    """
    pip = feiten.get("dagtekening")
    if plicht == INTAKE:
        return (
            Bezwaar("Het PIP is vastgesteld: de intake is klaar.", "Wet 14 en 15") if pip else None
        )
    if plicht == ONTZORGEN:
        bijstand = feiten.get("bijstandIngang")
        return None if bijstand else Bezwaar("Er is geen bijstand.", "Participatiewet 56a")
    if not pip and not feiten.get("leerroute"):
        return Bezwaar("Er is nog geen PIP, en daar staat deze plicht in.", "Wet 15 en 23 lid 1")
    return _tegen_plicht_van_pip(plicht, feiten)


def _tegen_plicht_van_pip(plicht: str, feiten: Mapping[str, object]) -> Bezwaar | None:
    leerroute, doelgroep = (str(feiten.get(naam) or "") for naam in ("leerroute", "doelgroep"))
    if plicht == LEERROUTE and doelgroep and not is_waarde(doelgroep, ASIELSTATUSHOUDER):
        return Bezwaar("Een gezinsmigrant kiest de cursus zelf.", "Wet 15 lid 2 en 23 lid 1")
    if plicht == "MAP" and is_waarde(leerroute, ONDERWIJSROUTE):
        return Bezwaar("In de onderwijsroute is er geen MAP.", "Wet 8 lid 3")
    klaar = {"PVT": "pvtDatum", "MAP": "mapEindgesprekDatum"}.get(plicht)
    if klaar and feiten.get(klaar):
        return Bezwaar(f"{plicht} is afgerond.", "Wet 6 lid 1")
    return None


def boetebedrag(
    overtreding: Overtreding, eerdere: Sequence[EerderBesluit] = (), *, recidive: str = VERDUBBELEN
) -> Bedragadvies:
    """Return the highest fine that the college may set for this, and how that is calculated.

    It is advice: a person decides, may always choose less or nothing, and another confirms. The
    fines of art. 24 and 25 are not the college's and never come out of it.

    Args:
        overtreding: what people judged.
        eerdere: all that was decided before in this dossier.
        recidive: how "raised by 100%" is read: ``verdubbelen`` (50, 100, 200) or ``optellen``
            (50, 100, 150). The text allows both (onzeker); the gemeente chooses in a table.

    Source:
        Wet inburgering 2021 art. 22, 23, 26 and 27; Besluit art. 7.1; Awb art. 5:41, 5:43, 5:45
        and 5:46 (the Awb not opened).

    >>> les = Overtreding("les 1", "begeleiding", date(2026, 5, 5), mate="normaal")
    >>> boetebedrag(les).bedrag
    Decimal('25.00')
    >>> boetebedrag(les, [EerderBesluit("les 1", "begeleiding", "geen gevolg")]).bedrag is None
    True
    """
    bezwaren = tuple(_tegen_boete(overtreding, eerdere))
    stappen: list[Rekenstap] = []
    if overtreding.plicht == INTAKE:
        euro = BOETE_INTAKE.euro
        stappen.append(Rekenstap("Vast bedrag voor de brede intake", BOETE_INTAKE.grond, euro))
    elif overtreding.plicht in PLICHTEN_ART_23:
        euro = _art_23(overtreding, eerdere, recidive, stappen)
    else:
        return Bedragadvies(None, bezwaren, tuple(_tegen_maatregel(overtreding, eerdere)), ())
    euro = _onder_plafond(overtreding, eerdere, euro, stappen)
    if not euro and not bezwaren:
        bezwaren = (Bezwaar("Het plafond van alle boetes samen is bereikt.", stappen[-1].grond),)
    opmerkingen = [
        "Lager kan altijd, ook nul: bij bijzondere omstandigheden (Awb 5:46 lid 3; Besluit 7.1 lid 6)."
    ]
    if overtreding.plicht != INTAKE:
        opmerkingen.append(
            f"Onzeker: verdubbelen of optellen bij herhaling (Besluit 7.1 lid 3). "
            f"De gemeente koos: {recidive}."
        )
    return Bedragadvies(
        None if bezwaren else euro,
        bezwaren,
        tuple(_tegen_maatregel(overtreding, eerdere)),
        tuple(stappen),
        tuple(opmerkingen),
    )


def _tegen_boete(overtreding: Overtreding, eerdere: Sequence[EerderBesluit]) -> Iterator[Bezwaar]:
    """Say why no fine is possible for this at all."""
    plicht = overtreding.plicht
    if plicht != INTAKE and plicht not in PLICHTEN_ART_23:
        yield Bezwaar(
            "Hiervoor kan de gemeente geen boete geven. Examens, PVT en MAP niet op tijd halen is "
            "aan DUO; ontzorgen valt onder de Participatiewet.",
            "Wet 22 tot en met 25",
        )
    if (
        plicht == LEERROUTE
        and overtreding.doelgroep
        and not is_waarde(overtreding.doelgroep, ASIELSTATUSHOUDER)
    ):
        yield Bezwaar(
            "Een gezinsmigrant kiest de cursus zelf. Over de uren van de leerroute gaat geen boete.",
            "Wet 15 lid 2 en 23 lid 1",
        )
    if not overtreding.gedraging:
        yield Bezwaar("Niet bekend is om welke gedraging het gaat.", "Awb 5:43")
    if overtreding.mate == "geen":
        yield Bezwaar("Zonder verwijt is er geen boete.", "Awb 5:41")
    if plicht == INTAKE and not overtreding.herhaalde_oproep:
        yield Bezwaar(
            "Er is geen tweede oproep met een waarschuwing verstuurd.", "Wet 14 lid 1 en 22 lid 1"
        )
    if overtreding.bijstand_verlaagd or _zelfde(
        overtreding, eerdere, MAATREGEL, ook_herroepen=False
    ):
        yield Bezwaar("Voor dezelfde gedraging is de bijstand al verlaagd.", "Wet 27")
    if _zelfde(overtreding, eerdere, BOETE):
        yield Bezwaar("Voor dezelfde gedraging is al een boete opgelegd.", "Awb 5:43")
    if _zelfde(overtreding, eerdere, GEEN_GEVOLG):
        yield Bezwaar("Voor dezelfde gedraging is al bericht dat er niets volgt.", "Awb 5:43")
    if (op := overtreding.op) and overtreding.vastgesteld > (grens := _verjaart(plicht, op)):
        yield Bezwaar(
            f"Het is te lang geleden: een boete kon tot en met {_dag(grens)}.", "Awb 5:45"
        )


def _tegen_maatregel(
    overtreding: Overtreding, eerdere: Sequence[EerderBesluit]
) -> Iterator[Bezwaar]:
    """Say why no maatregel is possible: the other direction of art. 27, a choice of ours."""
    if _zelfde(overtreding, eerdere, BOETE, ook_herroepen=False):
        yield Bezwaar(
            "Voor dezelfde gedraging is al een boete opgelegd. Twee keer straffen doet routeflow niet.",
            "voorstel bij Wet 27",
        )
    if _zelfde(overtreding, eerdere, MAATREGEL):
        yield Bezwaar(
            "Voor dezelfde gedraging is al een maatregel opgelegd.", "voorstel bij Wet 27"
        )
    if _zelfde(overtreding, eerdere, GEEN_GEVOLG):
        yield Bezwaar("Voor dezelfde gedraging is al bericht dat er niets volgt.", "Awb 5:43")
    if overtreding.mate == "geen":
        yield Bezwaar("Zonder verwijt is er geen maatregel.", "Awb 5:41")


def _zelfde(
    overtreding: Overtreding,
    eerdere: Sequence[EerderBesluit],
    soort: str,
    *,
    ook_herroepen: bool = True,
) -> bool:
    return any(
        een.soort == soort
        and een.gedraging == overtreding.gedraging
        and (ook_herroepen or een.herroepen is None)
        for een in eerdere
    )


def _verjaart(plicht: str | None, op: date) -> date:
    """Return the last day for a fine: five years when more than 340 euro is possible, else three."""
    hoogste = BOETE_INTAKE if plicht == INTAKE else BOETE_BEGELEIDING_MAXIMUM
    return maanden_verder(op, 60 if hoogste.euro > _GRENS_LANGE_VERJARING else 36)


def _art_23(
    overtreding: Overtreding,
    eerdere: Sequence[EerderBesluit],
    recidive: str,
    stappen: list[Rekenstap],
) -> Decimal:
    """Return base, times recidive, times culpability (Besluit art. 7.1 lid 2 to 5)."""
    euro = BOETE_BEGELEIDING.euro
    stappen.append(Rekenstap("Grondbedrag", BOETE_BEGELEIDING.grond, euro))
    if aantal := len(_recidive(overtreding, eerdere)):
        euro *= 2**aantal if recidive == VERDUBBELEN else 1 + aantal
        euro = min(euro, BOETE_BEGELEIDING_MAXIMUM.euro)
        keer = "een eerdere overtreding" if aantal == 1 else f"{aantal} eerdere overtredingen"
        stappen.append(
            Rekenstap(
                f"{keer.capitalize()} in de twaalf maanden ervoor, onherroepelijk: {recidive}",
                BOETE_BEGELEIDING_MAXIMUM.grond,
                euro,
            )
        )
    else:
        stappen.append(
            Rekenstap(
                "Geen eerdere onherroepelijke overtreding in de twaalf maanden ervoor",
                "Besluit 7.1 lid 3",
                euro,
            )
        )
    mate = overtreding.mate
    deel = VERWIJTBAARHEID.get(mate or "", Decimal(1))
    euro = (euro * deel).quantize(_CENT, ROUND_DOWN)
    zin = (
        f"Verwijt {mate}: {deel:.0%}"
        if mate in VERWIJTBAARHEID
        else "Verwijt nog niet bekend: 100%"
    )
    stappen.append(Rekenstap(zin, "Besluit 7.1; Awb 5:41", euro))
    return euro


def _recidive(
    overtreding: Overtreding, eerdere: Sequence[EerderBesluit]
) -> tuple[EerderBesluit, ...]:
    """Return the earlier violations of art. 23 that raise the amount."""
    vanaf = recidivevenster(overtreding.vastgesteld).laatste_dag()
    return tuple(
        een
        for een in eerdere
        if een.soort == BOETE
        and een.plicht in PLICHTEN_ART_23
        and een.gedraging != overtreding.gedraging
        and een.herroepen is None
        and een.onherroepelijk is not None
        and een.onherroepelijk <= overtreding.vastgesteld
        and een.vastgesteld is not None
        and vanaf <= een.vastgesteld < overtreding.vastgesteld
    )


def _onder_plafond(
    overtreding: Overtreding,
    eerdere: Sequence[EerderBesluit],
    euro: Decimal,
    stappen: list[Rekenstap],
) -> Decimal:
    """Return what still fits under the ceiling of all fines of art. 22 and 23 together."""
    plafond, vanaf = PLAFOND, date.min
    if overtreding.nieuwe_termijn:
        maanden, vanaf = overtreding.nieuwe_termijn
        plafond = PLAFOND_NIEUWE_TERMIJN.get(maanden, PLAFOND_NIEUWE_TERMIJN[6])
    samen = sum(
        (
            een.bedrag
            for een in eerdere
            if een.soort == BOETE
            and een.herroepen is None
            and (een.bekendgemaakt or date.max) >= vanaf
        ),
        Decimal(0),
    )
    over = max(plafond.euro - samen, Decimal(0))
    zin = f"Samen met eerdere boetes (€ {in_euro(samen)}) hooguit € {in_euro(plafond.euro)}"
    stappen.append(Rekenstap(zin, plafond.grond, min(euro, over)))
    return min(euro, over)


def per_mate(
    overtreding: Overtreding, eerdere: Sequence[EerderBesluit], *, recidive: str = VERDUBBELEN
) -> str:
    """Return the amount for each degree of culpability, in words.

    >>> per_mate(Overtreding("les 1", "begeleiding", date(2026, 5, 5)), [])
    'opzet € 50, grove schuld € 37,50, normaal € 25, verminderd € 12,50, geen: geen boete'
    """
    delen = []
    for mate in VERWIJTBAARHEID:
        bedrag = boetebedrag(replace(overtreding, mate=mate), eerdere, recidive=recidive).bedrag
        delen.append(f"{mate}: geen boete" if bedrag is None else f"{mate} € {in_euro(bedrag)}")
    return ", ".join(delen)


def in_woorden(advies: Bedragadvies) -> str:
    """Return the advice as lines for a screen or a letter: first what it says, then why."""
    if advies.bezwaren:
        regels = ["Een boete kan niet:"]
        regels += [f"- {een.tekst} ({een.grond})" for een in advies.bezwaren]
        return "\n".join(regels)
    regels = [f"Ten hoogste € {in_euro(advies.bedrag or Decimal(0))}. Zo is dat berekend:"]
    for nummer, stap in enumerate(advies.stappen, start=1):
        bedrag = "" if stap.euro is None else f": € {in_euro(stap.euro)}"
        regels.append(f"{nummer}. {stap.tekst}{bedrag} ({stap.grond})")
    return "\n".join([*regels, *advies.opmerkingen])


def in_euro(bedrag: Decimal) -> str:
    """Return an amount as Dutch people write it.

    >>> in_euro(Decimal("1200")), in_euro(Decimal("12.5"))
    ('1.200', '12,50')
    """
    tekst = f"{bedrag:,.2f}".removesuffix(".00")
    return tekst.translate(str.maketrans(",.", ".,"))


def _dag(dag: date) -> str:
    return dag.strftime("%d-%m-%Y")
