"""Which messages we know, and which facts each of them brings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final


def _datum(waarde: object) -> date:
    if isinstance(waarde, datetime):
        return waarde.date()
    return waarde if isinstance(waarde, date) else date.fromisoformat(str(waarde)[:10])


def _tekst(waarde: object) -> str:
    return str(waarde).strip()


def _zoals_het_is(waarde: object) -> object:
    return waarde


def _doelgroep(waarde: object) -> str:
    """Return the doelgroep behind the words of DUO: two groups, and seven codes inside them.

    Family of an asielstatushouder counts as one (Wet art. 13 lid 1).
    """
    woord = str(waarde).strip().lower()
    if "asielstatushouder" in woord:
        return "asielstatushouder"
    if woord.startswith(("gezins", "geestelijk", "overig")):
        return "gezinsmigrant"
    raise ValueError(woord)


OVERLEDEN: Final = "overleden"

Lezer = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Soort:
    """What one kind of message means for a dossier.

    ``feiten``: field of the message -> how it is read; the field has the name of the fact. What
    is not named here never becomes a fact: a message may not overwrite what it does not know.
    ``vast``: facts that the message is by itself. ``op``: the fact that holds its day.
    ``opent``: it may open a dossier when the person has none. ``eindigt``: how the plicht ends by
    it (see ``commands.einde``); empty for all other messages.
    """

    betekenis: str
    feiten: Mapping[str, Lezer] = field(default_factory=dict)
    vast: Mapping[str, Any] = field(default_factory=dict)
    op: str | None = None
    opent: bool = False
    eindigt: str = ""


_PERSOON: Mapping[str, Lezer] = {
    "naam": _tekst,
    "doelgroep": _tekst,
    "bsn": _tekst,
    "vNummer": _tekst,
    "geboortedatum": _datum,
    "taal": _tekst,
    "telefoon": _tekst,
    "email": _tekst,
    "wet": _tekst,
    "verblijfsrecht": _tekst,
    "azc": _tekst,
    "komtUitOpvang": _tekst,
    "plichtIndicator": _tekst,
    "datumKennisgeving": _datum,
    "brpDatum": _datum,
}


_VERLENGING: Mapping[str, Lezer] = {
    "termijnEindExclusief": _datum,
    "verlengingsgrondcode": _tekst,
    "verlengingsgrondomschrijving": _tekst,
    "besluitDuoDatum": _datum,
}
"""An extension as DUO tells it: the first day after the termijn, and on what ground."""

_ONTHEFFING: Mapping[str, Lezer] = {
    "besluitDuoOordeel": _tekst,
    "besluitDuoDatum": _datum,
    "ontheffingsgrond": _tekst,
    "ontheffingOnderdelen": _zoals_het_is,
    "urenBelastbaarheid": _zoals_het_is,
}
"""A partial waiver: DUO's verdict (Toekenning or Afwijzing), the parts of the exam and the hours of
participation that somebody in the Z-route can still do."""


def _einde(wijze: str) -> Soort:
    return Soort(
        f"einde van de plicht: {wijze}",
        {"eindePlicht": _datum},
        {"eindePlichtWijze": wijze},
        "eindePlicht",
        eindigt=wijze,
    )


def _vrijstelling_ingetrokken(pip: str) -> Soort:
    return Soort(
        f"tijdelijke vrijstelling ingetrokken, {pip}",
        {"vrijstellingIngetrokkenOp": _datum},
        {"tijdelijkVrijgesteld": "nee"},
        "vrijstellingIngetrokkenOp",
    )


_ANDERE_DOELGROEP = Soort(
    "andere doelgroep",
    {"doelgroep": _doelgroep, "doelgroepGewijzigdOp": _datum},
    op="doelgroepGewijzigdOp",
)

SOORTEN: Mapping[str, Soort] = {
    "koppeling": Soort("COA koppelt aan de gemeente", _PERSOON, op="gekoppeldDatum", opent=True),
    "SS101": Soort("inburgeringsplichtig", _PERSOON, op="plichtGemeldOp", opent=True),
    "SS102": Soort(
        "inburgeringstermijn gestart", {"termijnStart": _datum, "termijnEindExclusief": _datum}
    ),
    "SS103": Soort(
        "termijn verlengd zonder aanvraag",
        _VERLENGING,
        {"besluitDuoOordeel": "Toekenning"},
        "besluitDuoDatum",
    ),
    "SS104": Soort(
        "termijn verlengd op verzoek",
        _VERLENGING,
        {"besluitDuoOordeel": "Toekenning"},
        "besluitDuoDatum",
    ),
    "SS106": _einde("diploma"),
    "SS107": _einde("vrijstelling"),
    "SS108": _einde("ontheffing"),
    "SS109": Soort(
        "tijdelijk vrijgesteld",
        {"tijdelijkVrijgesteldVanaf": _datum},
        {"tijdelijkVrijgesteld": "ja"},
        "tijdelijkVrijgesteldVanaf",
    ),
    "SS110": Soort(
        "plicht ingetrokken",
        {"plichtIngetrokkenOp": _datum},
        op="plichtIngetrokkenOp",
        eindigt="ingetrokken",
    ),
    "SS111": Soort(
        "overleden", {"overlijdensdatum": _datum}, op="overlijdensdatum", eindigt=OVERLEDEN
    ),
    "SS113": Soort(
        "verzoek om verlenging afgewezen",
        {"besluitDuoDatum": _datum},
        {"besluitDuoOordeel": "Afwijzing"},
        "besluitDuoDatum",
    ),
    "SS118": Soort("besluit over gedeeltelijke ontheffing", _ONTHEFFING, op="besluitDuoDatum"),
    "SS119": Soort(
        "besluit over gedeeltelijke ontheffing (tweede bericht)", _ONTHEFFING, op="besluitDuoDatum"
    ),
    "SS120": Soort("gevestigd, zonder PIP", {"datumVestigingDuo": _datum}, op="datumVestigingDuo"),
    "SS121": Soort(
        "gevestigd, met PIP van de vorige gemeente",
        {**_PERSOON, "datumVestigingDuo": _datum, "vorigeGemeente": _tekst},
        {"komtUitGemeente": "ja"},
        op="datumVestigingDuo",
        opent=True,
    ),
    "SS122": Soort(
        "verhuisd naar een andere gemeente",
        {"verhuisdOp": _datum, "verhuisdNaar": _tekst},
        op="verhuisdOp",
    ),
    "SS123": Soort(
        "vertrokken uit Nederland",
        {"vertrokkenOp": _datum},
        {"verblijftBuitenNederland": "ja"},
        "vertrokkenOp",
    ),
    "SS124": _ANDERE_DOELGROEP,
    "SS125": _ANDERE_DOELGROEP,
    "SS129": _vrijstelling_ingetrokken("nog geen PIP"),
    "SS130": _vrijstelling_ingetrokken("PIP bekend"),
    "SS131": Soort(
        "uitslag van de leerbaarheidstoets",
        {
            "lbtResultaat": _tekst,
            "lbtScore": _zoals_het_is,
            "lbtBenodigdeScore": _zoals_het_is,
            "lbtDatum": _datum,
        },
        op="lbtUitslagOp",
    ),
    "SS139": Soort(
        "termijn van tien weken gestart",
        {**_PERSOON, "datumKennisgeving": _datum},
        opent=True,
        op="datumKennisgeving",
    ),
    "SS141": _einde("certificaat"),
    "SS199": Soort(
        "uitslag van een examen",
        {"examenOnderdeel": _tekst, "examenDatum": _datum, "examenResultaat": _tekst},
        op="examenUitslagOp",
    ),
    "overdrachtdossier": Soort(
        "overdrachtdossier van het COA",
        {
            "overdrachtdossierDatum": _datum,
            "voorinburgering": _zoals_het_is,
            "voorinburgeringVoortgang": _tekst,
            "taalvaardigheid": _tekst,
            "gezin": _zoals_het_is,
        },
        op="overdrachtdossierDatum",
    ),
    "reactie_ondersteuning": Soort(
        "antwoord op het aanbod van ondersteuning (Wet inburgering 2013)",
        {"reactieOndersteuningDatum": _datum},
        op="reactieOndersteuningDatum",
    ),
    "verzoek_verlenging": Soort(
        "vraag om verlenging, vrijstelling of ontheffing",
        {"verzoekVerlengingDatum": _datum, "toelichtingVerzoek": _tekst},
        op="verzoekVerlengingDatum",
    ),
    "verzoek_overdracht": Soort(
        "andere gemeente vraagt om het dossier",
        {"overdrachtGemeente": _tekst, "overdrachtVerzoekDatum": _datum},
        op="overdrachtVerzoekDatum",
    ),
    "bezwaar": Soort("bezwaarschrift", {"bezwaarDatum": _datum}, op="bezwaarDatum"),
    "bezwaar_pip": Soort(
        "bezwaar tegen het PIP", {"bezwaarPipDatum": _datum}, op="bezwaarPipDatum"
    ),
}

VERWACHT = SOORTEN.keys() - {"SS107", "SS108", "SS110", "SS111", "bezwaar"}
"""What people look out for when a route waits for it. The others may come on any day."""


def berichten_die_openen() -> frozenset[str]:
    """Return the messages that open a dossier when the person has none."""
    return frozenset(naam for naam, soort in SOORTEN.items() if soort.opent)


def feiten_uit_berichten() -> frozenset[str]:
    """Return the names of all facts that a message may bring."""
    return frozenset(
        naam
        for soort in SOORTEN.values()
        for naam in (*soort.feiten, *soort.vast, *((soort.op,) if soort.op else ()))
    )
