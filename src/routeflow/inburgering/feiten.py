"""The facts of a dossier that the rules count with: their names, spellings and kinds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from routeflow.errors import Invalid

NEDERLAND = ZoneInfo("Europe/Amsterdam")

_HOOFDLETTER = re.compile(r"(?<=[a-z0-9])([A-Z])")
_JAREN = range(1900, 2151)  # outside it a date is a slip of the pen, and counting may overflow
_WAAR = {"ja": True, "true": True, "nee": False, "false": False}


@dataclass(frozen=True, slots=True)
class Feit:
    """One fact that a rule may ask for.

    ``ook``: other spellings in forms and messages, in the order in which they win.
    ``tekst``: what it is, after "wacht op".
    """

    naam: str
    tekst: str
    ook: tuple[str, ...] = ()
    soort: Literal["datum", "tekst", "ja of nee"] = "datum"


_FEITEN = (
    Feit("kennisgeving", "kennisgeving van DUO", ("datum_kennisgeving", "kennisgeving_datum")),
    Feit("inschrijving_brp", "inschrijving in de BRP", ("brp_datum",)),
    Feit("inschrijving_brp_nieuw", "inschrijving in de nieuwe gemeente", ("brp_datum_nieuw",)),
    Feit("vertrokken_op", "vertrek uit Nederland"),
    Feit("ontvangst_informatie", "informatie van een derde", ("informatie_derde_ontvangen",)),
    Feit("doelgroep", "doelgroep", soort="tekst"),
    Feit("leerroute", "leerroute", soort="tekst"),
    Feit("wet", "wet die geldt", soort="tekst"),
    Feit("datum_recht", "datum van het recht"),
    Feit("dagtekening", "dagtekening van het PIP", ("dagtekening_pip", "pip_dagtekening")),
    Feit("dagtekening_route", "dagtekening van het PIP met een andere leerroute"),
    Feit(
        "leerroute_sinds",
        "dagtekening van het PIP waarin de leerroute staat",
        ("dagtekening_route", "dagtekening"),
    ),
    Feit("termijn_start", "start van de inburgeringstermijn"),
    Feit("termijn_eind_exclusief", "einde van de termijn volgens DUO", ("nieuw_eind",)),
    Feit(
        "bekendmaking",
        "bekendmaking van het besluit",
        ("datum_bekendmaking", "bekendmaking_datum", "bekendgemaakt_op"),
    ),
    Feit("commissie", "bezwaarcommissie", soort="ja of nee"),
    Feit("bijstand_ingang", "ingang van de bijstand", ("datum_bijstand",)),
    Feit(
        "datum_aanbod",
        "inburgeringsaanbod",
        ("datum_inburgeringsaanbod", "aanbod_datum", "start_datum"),
    ),
    Feit("start_datum", "start van de lessen", ("start_lessen",)),
    Feit("voornemen", "verzending van het voornemen", ("datum_voornemen", "voornemen_datum")),
    Feit("rapport", "dagtekening van het rapport", ("datum_rapport", "rapport_datum")),
    Feit(
        "besluit_boete_datum",
        "besluit over de boete",
        ("datum_besluit_boete", "boetebesluit_datum"),
    ),
    # Not "bekendmaking": in a dossier that is the day on which the PIP was sent.
    Feit("bekendmaking_boete", "bekendmaking van de boete", ("boete_bekendmaking",)),
    Feit("aanmaning_datum", "verzending van de aanmaning", ("datum_aanmaning", "aanmaning")),
    Feit("betaald_op", "betaling"),
    Feit("aanvraag", "aanvraag bij DUO", ("datum_aanvraag", "aanvraag_datum", "ingediend_op")),
    Feit("besluit_duo", "besluit van DUO", ("datum_besluit_duo", "besluit_duo_datum")),
    Feit("vaststelling", "vaststelling van de gedraging", ("datum_vaststelling",)),
    Feit("pvt_datum", "ondertekening van de participatieverklaring"),
    Feit("map_eindgesprek_datum", "eindgesprek van de MAP"),
    Feit("dossier_einde", "einde van het dossier in deze gemeente", soort="tekst"),
    Feit("einde_plicht", "einde van de inburgeringsplicht", ("datum_einde_plicht",)),
    Feit("overlijdensdatum", "dag van overlijden"),
    Feit("lening_afgelost_op", "aflossing van de lening", ("lening_afgelost",)),
)
FEITEN: Mapping[str, Feit] = {feit.naam: feit for feit in _FEITEN}


@lru_cache(maxsize=4096)
def snake(naam: str) -> str:
    """Return the spelling of ``naam`` in this package.

    >>> snake("bijstandIngang"), snake("brp_datum")
    ('bijstand_ingang', 'brp_datum')
    """
    return _HOOFDLETTER.sub(lambda treffer: "_" + treffer[1], naam).lower()


def spellingen(naam: str) -> tuple[str, ...]:
    """Return every spelling under which fact ``naam`` is found, the first one winning."""
    feit = FEITEN[naam]
    return (feit.naam, *feit.ook)


def camel(naam: str) -> str:
    """Return the spelling of ``naam`` in forms and diagrams.

    >>> camel("bijstand_ingang")
    'bijstandIngang'
    """
    eerste, *rest = naam.split("_")
    return eerste + "".join(deel.capitalize() for deel in rest)


def lees(feiten: Mapping[str, Any], naam: str) -> Any:  # noqa: ANN401 - a fact is any value
    """Return fact ``naam`` out of ``feiten``, under any of its spellings; None when unknown.

    Raises Invalid when it is there but is no date (or text, or yes/no).

    >>> lees({"datumKennisgeving": "2026-02-16"}, "kennisgeving")
    datetime.date(2026, 2, 16)
    """
    return bekende(feiten, (naam,)).get(naam)


def bekende(feiten: Mapping[str, Any], namen: Iterable[str]) -> dict[str, Any]:
    """Return those of the facts ``namen`` that are known, each read as ``lees`` does. Raises Invalid."""
    sleutels = _sleutels(tuple(feiten))
    gevonden: dict[str, Any] = {}
    for naam in namen:
        for spelling in spellingen(naam):
            if spelling not in sleutels:
                continue
            waarde = feiten[sleutels[spelling]]
            if waarde is not None and waarde != "":
                gevonden[naam] = _waarde(waarde, FEITEN[naam])
                break
    return gevonden


@lru_cache(maxsize=256)  # many questions, one after the other, about the facts of one dossier
def _sleutels(namen: tuple[str, ...]) -> dict[str, str]:
    """Return under which of these names a fact is found, by the spelling of this package."""
    return {snake(naam): naam for naam in namen}


def burgerlijke_dag(moment: date | datetime) -> date:
    """Return the civil day in the Netherlands of an instant; a date is itself.

    Raises ValueError for an instant without a zone.

    >>> from datetime import UTC
    >>> burgerlijke_dag(datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    datetime.date(2026, 3, 29)
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}")
    return moment.astimezone(NEDERLAND).date()


def _waarde(waarde: Any, feit: Feit) -> Any:  # noqa: ANN401 - idem
    if feit.soort == "datum":
        return als_datum(waarde, feit.naam)
    if feit.soort == "ja of nee":
        gelezen = waarde if isinstance(waarde, bool) else _WAAR.get(str(waarde).strip().lower())
        if gelezen is None:
            raise _ongeldig(feit.naam, f"Het feit {feit.naam} is ja of nee, niet {waarde!r}.")
        return gelezen
    if not isinstance(waarde, str):
        raise _ongeldig(feit.naam, f"Het feit {feit.naam} is een tekst, niet {waarde!r}.")
    return waarde.strip()


def als_datum(waarde: Any, naam: str) -> date:  # noqa: ANN401 - idem
    """Return ``waarde`` as a civil day; raises Invalid, naming fact ``naam``, when it is none."""
    if isinstance(waarde, Mapping):
        waarde = waarde.get("@value")
    if isinstance(waarde, str):
        waarde = _gelezen(waarde.strip())
    if isinstance(waarde, datetime):
        # a form that asked for a date may give a local moment without a zone
        waarde = waarde.date() if waarde.tzinfo is None else burgerlijke_dag(waarde)
    if not isinstance(waarde, date):
        raise _ongeldig(naam, f"Het feit {naam} is een datum zoals 2026-02-16.")
    if waarde.year not in _JAREN:
        raise _ongeldig(naam, f"Het jaar {waarde.year} van het feit {naam} kan niet kloppen.")
    return waarde


def _gelezen(tekst: str) -> date | None:
    try:
        if len(tekst) == len("2026-02-16"):
            return date.fromisoformat(tekst)
        return datetime.fromisoformat(tekst)
    except ValueError:
        return None


def _ongeldig(naam: str, zin: str) -> Invalid:
    return Invalid(zin, {naam: zin})
