"""Letters to the person: plain Dutch, and their own language where there is a text in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from routeflow.brieven import op_papier

NEDERLANDS: Final = "nl"


@dataclass(frozen=True, slots=True)
class Veld:
    """A value that a letter tells. ``uit``: fields of forms that hold it, the first that is known.

    ``termijn``: the last day of this period instead, counted as if the letter goes today; ``vanaf``
    is the fact from which it counts, empty when that is the step itself.
    """

    naam: str
    uit: tuple[str, ...]
    verplicht: bool = True
    termijn: str = ""
    vanaf: str = ""


@dataclass(frozen=True, slots=True)
class Afzender:
    """The gemeente as its letters name it. What is empty is left out: nothing is made up.

    ``postadres``: its lines apart by commas. ``bezwaar_online``: where bezwaar can be made too.
    """

    naam: str
    postadres: str = ""
    telefoon: str = ""
    email: str = ""
    bezwaar_online: str = ""

    @property
    def plaats(self) -> str:
        """The name without the word gemeente."""
        return re.sub(r"(?i)^gemeente\b\s*", "", self.naam.strip())

    @property
    def voluit(self) -> str:
        """The name with the word gemeente."""
        return f"Gemeente {self.plaats}".strip()


@dataclass(frozen=True, slots=True)
class Soort:
    """A kind of letter: how people call it, what it tells, and in which languages besides Dutch.

    ``alleen``: an answer without which it is not this letter. ``beedigd``: a translation of it is
    for a sworn translator, since somebody may lose money by it. ``antwoord``: the person has a
    right to answer by post, so that the letter says where to (Awb 3:45 and 4:8).
    """

    naam: str
    velden: tuple[Veld, ...]
    talen: frozenset[str] = frozenset()
    alleen: tuple[str, str] | None = None
    beedigd: bool = False
    antwoord: bool = False


_PLICHT = Veld("plicht", ("plicht",))
_GEMELD = Veld("wat", ("toelichting",))
_RAPPORT = (
    Veld("gedragingOp", ("gedragingDatum",), verplicht=False),
    Veld("stap", ("vermoedenTaak",), verplicht=False),
    Veld("verwijt", ("mateVanVerwijt",), verplicht=False),
)
_VERTAALD = frozenset({"en", "ar"})

SOORTEN: Final[Mapping[str, Soort]] = MappingProxyType(
    {
        "oproep_intake": Soort(
            "oproep voor de brede intake",
            (Veld("dag", ("oproep1Dag",)), Veld("plaats", ("oproep1Plaats",))),
            _VERTAALD,
        ),
        "herhaalde_oproep": Soort(
            "herhaalde oproep met waarschuwing",
            (
                Veld("dag", ("oproep2Dag", "oproep3Dag")),
                Veld("plaats", ("oproep2Plaats", "oproep3Plaats")),
            ),
            _VERTAALD,
        ),
        "hersteltermijn": Soort(
            "bericht over de hersteltermijn",
            (
                Veld("wat", ("watHerstellen",)),
                Veld("dag", (), termijn="hersteltermijn"),
            ),
        ),
        "waarschuwing": Soort(
            "waarschuwing",
            (_PLICHT, _GEMELD, Veld("dag", (), termijn="waarschuwing_termijn")),
            beedigd=True,
        ),
        "voornemen": Soort(
            "voornemen met uitnodiging voor een zienswijze",
            (
                _PLICHT,
                _GEMELD,
                *_RAPPORT,
                Veld("bedrag", ("boeteVoorstel",)),
                Veld("berekening", ("rekenhulp",)),
                Veld("dag", (), termijn="zienswijze", vanaf="voornemen"),
            ),
            alleen=("uitkomst", "boete"),
            beedigd=True,
            antwoord=True,
        ),
        "besluit_boete": Soort(
            "besluit over een boete",
            (
                _PLICHT,
                _GEMELD,
                *_RAPPORT,
                Veld("bedrag", ("boeteBedrag",)),
                Veld("motivering", ("motivering",)),
                Veld("berekening", ("rekenhulp",)),
                Veld("betalen", (), termijn="betaling_boete", vanaf="bekendmakingBoete"),
                Veld("bezwaar", (), termijn="bezwaar_boete", vanaf="bekendmakingBoete"),
                Veld("nieuw", ("nieuweTermijnIntake",), verplicht=False),
            ),
            alleen=("besluit", "boete"),
            beedigd=True,
            antwoord=True,
        ),
        "geen_gevolg": Soort("bericht dat er niets volgt", (_PLICHT,)),
        "voortgangsgesprek": Soort(
            "uitnodiging voor het voortgangsgesprek",
            (
                Veld("dag", ("voortgangsgesprekUitnodiging",)),
                Veld("plaats", ("voortgangsgesprekPlaats",), verplicht=False),
            ),
        ),
    }
)
"""Every letter, under the value of the property ``brief`` of a step."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a letter tells. ``voorkeurstaal``: as people wrote it down, empty when unknown.

    ``adres``: the lines of the person's address, none when the dossier does not know it.
    """

    soort: str
    naam: str
    nummer: str
    gemeente: Afzender
    vandaag: date
    waarden: Mapping[str, Any]
    voorkeurstaal: str = ""
    contact: str = ""
    contact_email: str = ""
    adres: tuple[str, ...] = ()

    @property
    def taal(self) -> str:
        """The language of the first page: their own when there is a text in it, else Dutch."""
        gevraagd = taal_van(self.voorkeurstaal)
        return gevraagd if gevraagd in SOORTEN[self.soort].talen else NEDERLANDS

    @property
    def vertaler(self) -> str:
        """The language in which a sworn translator must put it; empty when none is needed."""
        gevraagd = self.voorkeurstaal.strip()
        vreemd = gevraagd and taal_van(gevraagd) != NEDERLANDS
        return gevraagd if SOORTEN[self.soort].beedigd and vreemd else ""


def html(brief: Brief) -> str:
    """Return the letter as a page: in the person's language and in Dutch, or in Dutch alone."""
    talen = list(dict.fromkeys([brief.taal, NEDERLANDS]))
    gevraagd = brief.voorkeurstaal.strip()
    zonder = talen == [NEDERLANDS] and gevraagd and taal_van(gevraagd) != NEDERLANDS
    return _omgeving.get_template("brief.html").render(
        soort=brief.soort,
        titel=f"{SOORTEN[brief.soort].naam.capitalize()} {brief.nummer}",
        naam=brief.naam,
        nummer=brief.nummer,
        adres=brief.adres,
        gemeente=brief.gemeente,
        postadres=adresregels(brief.gemeente.postadres),
        afzender=brief.gemeente.voluit,
        plaats=brief.gemeente.plaats,
        vandaag=brief.vandaag,
        contact=brief.contact,
        contact_email=brief.contact_email,
        waarden={veld.naam: brief.waarden.get(veld.naam) for veld in SOORTEN[brief.soort].velden},
        taal_zonder_tekst=gevraagd if zonder else "",
        delen=[{"taal": taal, "woord": _WOORDEN[taal], "dag": _dag_in(taal)} for taal in talen],
    )


def adresregels(adres: str) -> tuple[str, ...]:
    """Return the lines of an address.

    >>> adresregels("Postbus 1, 1440 AA Purmerend")
    ('Postbus 1', '1440 AA Purmerend')
    """
    return tuple(regel.strip() for regel in adres.split(",") if regel.strip())


def taal_van(tekst: str) -> str:
    """Return the code of a language that we have texts in, else an empty string.

    >>> taal_van("Arabisch (Syrisch)"), taal_van("engels"), taal_van("Tigrinya")
    ('ar', 'en', '')
    """
    woord = tekst.strip().lower().replace("(", " ").split()
    return _TALEN.get(woord[0], "") if woord else ""


_TALEN: Final = {
    "nl": "nl",
    "nederlands": "nl",
    "en": "en",
    "engels": "en",
    "english": "en",
    "ar": "ar",
    "arabisch": "ar",
    "arabic": "ar",
    "العربية": "ar",
}
_WOORDEN: Final = {
    "nl": {"aan": "Aan", "datum": "Datum", "nummer": "Dossiernummer", "telefoon": "Telefoon"},
    "en": {"aan": "To", "datum": "Date", "nummer": "File number", "telefoon": "Telephone"},
    "ar": {"aan": "إلى", "datum": "التاريخ", "nummer": "رقم الملف", "telefoon": "الهاتف"},
}
_DAGEN: Final = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
}
_MAANDEN: Final = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


def _dag_in(taal: str) -> Callable[[date], str]:
    dagen, maanden = _DAGEN[taal].split(), _MAANDEN[taal].split()

    def dag(datum: date) -> str:
        return f"{dagen[datum.weekday()]} {datum.day} {maanden[datum.month - 1]} {datum.year}"

    return dag


def euro(bedrag: Decimal) -> str:
    """Return an amount as people write it.

    >>> euro(Decimal("1250"))
    '€ 1.250,00'
    """
    return "€ " + f"{bedrag:,.2f}".translate(str.maketrans(",.", ".,"))


_PLICHTEN: Final = {
    "intake": "meewerken aan de brede intake",
    "begeleiding": "meewerken aan de begeleiding bij uw inburgering",
    "PVT": "het participatieverklaringstraject (PVT) volgen",
    "MAP": "de module Arbeidsmarkt en Participatie (MAP) volgen",
    "leerroute": "uw leerroute volgen",
    "ontzorgen": "meewerken aan het betalen van uw vaste lasten",
}


def plicht(naam: str) -> str:
    """Return a duty as somebody can do it; as it was written when it is another.

    >>> plicht("PVT"), plicht("iets anders")
    ('het participatieverklaringstraject (PVT) volgen', 'iets anders')
    """
    return _PLICHTEN.get(naam, naam)


_omgeving = SandboxedEnvironment(
    loader=PackageLoader("routeflow", "brieven"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=op_papier,
)
_omgeving.filters |= {"euro": euro, "plicht": plicht}
