"""What somebody who moved out and comes back brings along from the earlier period here.

The leerroute, the hours, the exams, the fines and the termijn go on (Wet inburgering 2021 art. 11 lid
3, 15 lid 4 and 35 lid 4; Besluit 5.3 lid 3). What is about the life of somebody (health, debts, family,
the offer of a school) is asked anew: the brede intake is for that.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from routeflow.inburgering.artikelen import ASIELSTATUSHOUDER, is_waarde
from routeflow.inburgering.ingrepen import FEIT as INGREPEN
from routeflow.inburgering.uren import Les, gevolgd

VERHUISD: Final = "verhuisd"
"""What the fact ``dossierEinde`` says of somebody who moved to another gemeente."""

GROND: Final = "Wet inburgering 2021 art. 11 lid 3, 15 lid 4 en 35 lid 4"

BESLUITEN: Final = "nalevingsbesluiten"

_VAN_EERDER: Final = re.compile(r" \(dossier [0-9-]+\)$")

_BLIJFT: Final = (
    *("naam", "bsn", "vNummer", "geboortedatum", "geslacht", "telefoon", "email", "taal"),
    *("voorkeurstaal", "tolkNodig", "wet", "doelgroep", "doelgroepDetail", "verblijfsrecht"),
    *("plichtIndicator", "begindatumPlicht", "datumKennisgeving"),
    *("niveau", "onderdelenA2", "intensiteitUren", "alfabetisering", "zRouteA2Onderdelen"),
    *("aantalVoortgangsgesprekken", "pvtIntensiteit", "mapIntensiteit"),
    *("termijnStart", "termijnEindExclusief", "urenVerrekendLes"),
    *("behaaldeOnderdelen", "pvtDatum", "mapEindgesprekDatum"),
)
"""Facts that hold in the new period as they held in the old one."""

_UREN: Final = (
    ("overgenomenNt2", ("urenNt2",), ("NT2", "alfabetisering")),
    ("overgenomenParticipatie", ("urenParticipatie",), ("participatie",)),
    ("overgenomenPvt", ("urenPvt",), ()),
    ("overgenomenMap", ("urenMap",), ()),
    ("overgenomenMapPraktijk", ("urenMapPraktijk",), ()),
)
"""What the form for a move calls the hours; the facts and the open months in which they stand."""


def brengt_mee(
    feiten: Mapping[str, Any], lessen: Iterable[Les], *, nummer: str, ingeschreven: bool
) -> dict[str, Any]:
    """Return the facts with which the new period begins.

    Args:
        feiten: all facts of the earlier dossier.
        lessen: what was written down there in months that were never closed.
        nummer: of the earlier dossier: a gedraging is known by it, so that two are never taken for one.
        ingeschreven: whether the day of the registration here is known. Without it the kennisgeving
            of long ago would be taken for the begin of the ten weeks of the PIP (Besluit 5.3 lid 1).

    >>> terug = brengt_mee({"leerroute": "B1", "urenNt2": 240, "schulden": "ja", "verhuisdNaar": "Hoorn"},
    ...     [Les("NT2", Decimal(3), "aanwezig")], nummer="2026-00001", ingeschreven=True)
    >>> terug["overgenomenNt2"], terug["vorigeGemeente"], "schulden" in terug
    (Decimal('243'), 'Hoorn', False)
    """
    mee = {naam: feiten[naam] for naam in _BLIJFT if feiten.get(naam) not in (None, "", [])}
    if not ingeschreven and not is_waarde(feiten.get("doelgroep"), ASIELSTATUSHOUDER):
        mee.pop("datumKennisgeving", None)
    mee |= {"komtUitGemeente": "ja", "eerderDossier": nummer}
    mee |= vorige_periode(feiten, lessen)
    if feiten.get("verhuisdNaar"):
        mee["vorigeGemeente"] = feiten["verhuisdNaar"]
    if besluiten := _besluiten(feiten.get(BESLUITEN), nummer):
        mee[BESLUITEN] = besluiten
    if stil := [een for een in feiten.get(INGREPEN) or [] if een.get("tot") is not None]:
        mee[INGREPEN] = stil
    return mee


def vorige_periode(feiten: Mapping[str, Any], lessen: Iterable[Les]) -> dict[str, Any]:
    """Return the PIP and the hours of an earlier period as the form for a move calls them.

    >>> vorige_periode({"leerroute": "Z", "urenNt2": 100, "urenNt2Knm": 120}, [])
    {'overgenomenNt2': Decimal('100'), 'overgenomenKnm': Decimal('20')}
    """
    geboekt = list(lessen)
    uren = {
        naam: sum((_getal(feiten.get(een)) for een in namen), gevolgd(geboekt, soorten))
        for naam, namen, soorten in _UREN
    }
    uren["overgenomenKnm"] = _knm(feiten, geboekt)
    return _pip(feiten) | {naam: aantal for naam, aantal in uren.items() if aantal}


def staat_stil(feiten: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what DUO told (SS109) of an exemption that still lasted at the move; None without one."""
    if feiten.get("tijdelijkVrijgesteld") != "ja":
        return None
    return {"tijdelijkVrijgesteldVanaf": feiten.get("tijdelijkVrijgesteldVanaf")}


def _pip(feiten: Mapping[str, Any]) -> dict[str, Any]:
    dagtekening = feiten.get("dagtekening") or feiten.get("dagtekeningVorigPip")
    if dagtekening is None:
        return {}
    route = feiten.get("leerroute") or feiten.get("leerrouteVorigPip")
    return {
        "pipVorigeGemeente": "ja",
        "dagtekeningVorigPip": feiten.get("dagtekeningVorigPip") or dagtekening,
        **({"leerrouteVorigPip": route} if route else {}),
    }


def _knm(feiten: Mapping[str, Any], lessen: Iterable[Les]) -> Decimal:
    """Return the hours KNM: closed months count them together with those of NT2."""
    samen, nt2 = _getal(feiten.get("urenNt2Knm")), _getal(feiten.get("urenNt2"))
    return max(samen - nt2, Decimal(0)) + gevolgd(lessen, ("KNM",))


def _besluiten(rijen: Any, nummer: str) -> list[dict[str, Any]]:  # noqa: ANN401 - a fact
    """Return the decisions: a fine counts for recidive and the ceiling, and nobody is fined twice."""
    return [
        rij
        if _VAN_EERDER.search(str(rij.get("gedraging")))
        else {**rij, "gedraging": f"{rij.get('gedraging')} (dossier {nummer})"}
        for rij in (rijen if isinstance(rijen, list) else ())
    ]


def _getal(waarde: Any) -> Decimal:  # noqa: ANN401 - a fact is any value
    return Decimal(str(waarde)) if isinstance(waarde, int | Decimal) else Decimal(0)
