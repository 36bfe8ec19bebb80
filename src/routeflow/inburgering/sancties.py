"""What the law says about fines of the college, for people who judge. Nothing here decides.

The college fines for the brede intake (Wet art. 22) and for the guidance, PVT, MAP and leerroute of
the PIP (Wet art. 23). Not finishing in time is for DUO (Wet art. 24 and 25). A fine is the last
resort: only a person, with a second one, comes to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from routeflow.inburgering.artikelen import ASIELSTATUSHOUDER, is_waarde


@dataclass(frozen=True, slots=True)
class Bedrag:
    """An amount in euro with the article that sets it."""

    euro: Decimal
    grond: str


BOETE_INTAKE = Bedrag(Decimal(250), "Wet 22 lid 1 en 26 lid 1 onder a; Besluit 7.1 lid 1")
BOETE_BEGELEIDING = Bedrag(Decimal(50), "Wet 23 lid 1; Besluit 7.1 lid 2")
BOETE_BEGELEIDING_MAXIMUM = Bedrag(Decimal(800), "Wet 26 lid 1 onder c; Besluit 7.1 lid 3")
BOETE_PVT_MAP_DUO = Bedrag(Decimal(340), "Wet 24; Besluit 7.2 lid 1")
BOETE_LEERROUTE_DUO_MAXIMUM = Bedrag(Decimal(1000), "Wet 25 en 26 lid 1 onder d")
PLAFOND = Bedrag(Decimal(2400), "Besluit 7.1: boetes van art. 22 en 23 samen in de termijn")
PLAFOND_NIEUWE_TERMIJN: Mapping[int, Bedrag] = {
    maanden: Bedrag(Decimal(euro), "Besluit 7.1: plafond in een nieuwe termijn")
    for maanden, euro in ((6, 400), (12, 800), (18, 1200), (24, 1600))
}
"""By length of the new term in months."""

RAPPORT_VERPLICHT_BOVEN = Bedrag(Decimal(340), "Awb 5:53 (tekst niet geopend)")

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
class Vraag:
    """A question that must be answered before any outcome other than "niets" can be chosen."""

    sleutel: str
    vraag: str
    bron: str


VRAGEN = (
    Vraag(
        "uitlegGegeven",
        "Is de plicht duidelijk uitgelegd? In welke taal, wanneer en door wie?",
        "Beleidsplan 5.9",
    ),
    Vraag(
        "oproepOntvangen",
        "Heeft de inburgeraar de oproep of waarschuwing gekregen? Denk aan adres, brief, telefoon en tolk.",
        "Wet 14 lid 1; Awb 3:41",
    ),
    Vraag(
        "beperking",
        "Is er (misschien) een beperking, moeite met leren of een trauma?",
        "Beleidsplan 5.9",
    ),
    Vraag(
        "grondVerlenging",
        "Is er een reden die ook verlenging zou geven, zoals ziekte, overlijden, geboorte of dakloosheid?",
        "Regeling 4.1",
    ),
    Vraag(
        "kinderopvangReistijd",
        "Spelen kinderopvang, school van de kinderen of reistijd mee?",
        "Beleidsplan 5.7",
    ),
    Vraag(
        "foutGemeenteOfPartner",
        "Heeft de gemeente of een partner zelf een stap gemist?",
        "Awb 5:41",
    ),
    Vraag(
        "aanhoudendeOnwil",
        "Asielstatushouder: is de onwil bewezen en houdt die aan?",
        "HvJEU 4-2-2025, C-158/23; ABRvS 9-7-2025",
    ),
    Vraag(
        "verlagingBijstand",
        "Is voor dezelfde gedraging de bijstand verlaagd?",
        "Wet 27",
    ),
    Vraag(
        "eerdereBoetes",
        "Zijn eerdere boetes onherroepelijk, en blijft het totaal onder het plafond?",
        "Besluit 7.1",
    ),
    Vraag(
        "mateVanVerwijt",
        "Hoe groot is het verwijt: opzet, grove schuld, normaal, verminderd of geen? Waarom?",
        "Besluit 7.1; Awb 5:41",
    ),
    Vraag(
        "alternatief",
        "Werkt iets anders beter, zoals een andere route, andere uren of meer begeleiding?",
        "Beleidsplan 5.9",
    ),
    Vraag(
        "tweedeAmbtenaar",
        "Is een tweede ambtenaar het hiermee eens?",
        "Awb 10:3 lid 4",
    ),
)
"""The checklist of the sanctietoets. A proposal, built on the articles in ``bron``."""


def bezwaar_tegen_vermoeden(*, houder: str, te_laat: bool) -> str | None:
    """Return why no suspicion may be reported about a taak, None when it may.

    Only what the inburgeraar let pass can be held against the inburgeraar
    (Awb art. 5:41): never what a partner, COA, DUO or the gemeente let pass.

    >>> bezwaar_tegen_vermoeden(houder="inburgeraar", te_laat=True)
    >>> bezwaar_tegen_vermoeden(houder="partner", te_laat=True)
    'Deze taak is aan partner, niet aan de inburgeraar. Daarover kunt u geen vermoeden melden.'
    """
    if houder != INBURGERAAR:
        return (
            f"Deze taak is aan {houder}, niet aan de inburgeraar."
            " Daarover kunt u geen vermoeden melden."
        )
    if not te_laat:
        return "De laatste dag van deze taak is nog niet voorbij. Neem eerst contact op."
    return None


def bezwaar_tegen_beoordelaar(melder_id: UUID | None, beoordelaar_id: UUID | None) -> str | None:
    """Return why somebody may not judge a suspicion: who reported it may not (Awb art. 10:3 lid 4).

    Unknown people may not either: that two are different must be certain.
    """
    if melder_id is None or beoordelaar_id is None:
        return "Niet bekend is wie meldde en wie beoordeelt. Log in met een eigen account."
    if melder_id == beoordelaar_id:
        return "U heeft het vermoeden zelf gemeld. Een ander moet het beoordelen."
    return None


def ontbrekende_antwoorden(uitkomst: str, antwoorden: Mapping[str, object]) -> tuple[Vraag, ...]:
    """Return the questions that still need an answer before ``uitkomst`` can be chosen.

    "niets" never needs an answer: every branch can end there.

    >>> ontbrekende_antwoorden("niets", {})
    ()
    >>> len(ontbrekende_antwoorden("boete", {"beperking": "nee"}))
    11
    """
    if uitkomst == "niets":
        return ()
    return tuple(vraag for vraag in VRAGEN if antwoorden.get(vraag.sleutel) in (None, ""))


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
            " (HvJEU 4-2-2025, C-158/23). Vraag eerst een juridische toets.",
            juridische_toets=True,
        )
    return Advies(
        "maatwerk",
        "Een sanctie is het laatste middel. Kijk eerst wat wel kan (beleidsplan 5.9).",
        juridische_toets=False,
    )
