"""What another gemeente handed over of somebody who moved here, read from its file.

The file is of our own product (see ``overdracht``), but it came from outside: nothing in it is taken
on trust. What is not named here, or is not of its kind, is refused in words.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from routeflow.errors import Invalid
from routeflow.inburgering.feiten import als_datum
from routeflow.inburgering.overdracht import DELEN
from routeflow.inburgering.terugkeer import vorige_periode
from routeflow.inburgering.uren import AANWEZIG, SOORTEN, Les

SOORT: Final = "overdracht"
VELD: Final = "bestand"
MAX_TEKST: Final = 200
MAX_BOETES: Final = 50
_MAX_UREN: Final = 5000
_MAX_BOETE: Final = 2400

Lezer = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Ontvangen:
    """What a file says. ``feiten``: under the names of the gemeente that made it."""

    van: str
    aan: str
    gevraagd_op: date
    nummer: str
    feiten: Mapping[str, Any]
    lessen: tuple[Les, ...]
    boetes: tuple[Mapping[str, Any], ...]


def lees(inhoud: Any, *, vandaag: date) -> Ontvangen:  # noqa: ANN401 - JSON from outside
    """Return what a file holds. Raises Invalid with a sentence for the first thing that is wrong."""
    _namen(inhoud, _BESTAND, "het bestand")
    if inhoud["soort"] != SOORT:
        raise _fout("Dit is geen overdracht van routeflow.")
    dossier = _namen(inhoud["dossier"], ("nummer", "naam"), "dossier")
    feiten = dict(_feiten(inhoud["delen"], vandaag))
    return Ontvangen(
        van=_goed("van", _tekst, inhoud["van"]),
        aan=_goed("aan", _tekst, inhoud["aan"]),
        gevraagd_op=_goed("gevraagdOp", _datum, inhoud["gevraagdOp"]),
        nummer=_goed("nummer", _tekst, dossier["nummer"]),
        feiten=feiten,
        lessen=tuple(_lessen(inhoud["urenOpenMaanden"])),
        boetes=tuple(_boetes(inhoud["boetes"], vandaag)),
    )


def anders_dan(ontvangen: Ontvangen, bekend: Mapping[str, Any]) -> str:
    """Return why a file is about somebody else than the dossier; empty when it is not."""
    for naam, woord in (
        ("bsn", "BSN"),
        ("vNummer", "V-nummer"),
        ("geboortedatum", "geboortedatum"),
    ):
        hier, daar = bekend.get(naam), ontvangen.feiten.get(naam)
        if hier is not None and daar is not None and str(hier) != str(daar):
            return (
                f"Dit bestand gaat over iemand anders: het {woord} is niet dat van dit dossier. "
                "Er is niets overgenomen."
            ).replace("het geboortedatum", "de geboortedatum")
    return ""


def is_zeker(ontvangen: Ontvangen, bekend: Mapping[str, Any]) -> bool:
    """Say whether a number shows that the file is about the person of the dossier."""
    return any(
        bekend.get(naam) is not None and str(bekend[naam]) == str(ontvangen.feiten.get(naam))
        for naam in ("bsn", "vNummer")
    )


def neemt_over(ontvangen: Ontvangen, bekend: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that the dossier gets: as the form for a move asks them.

    The days of DUO win: what is known of the kennisgeving and the termijn stays (Wet art. 33).
    """
    daar = ontvangen.feiten
    over = {"vorigeGemeente": ontvangen.van, **vorige_periode(daar, ontvangen.lessen)}
    over |= {naam: daar[naam] for naam in _ZO_OVER if naam in daar}
    if over.get("leerrouteVorigPip") != "B1":
        over.pop("intensiteitUren", None)
    over.setdefault("pipVorigeGemeente", "nee")
    over["boetesVorigeGemeente"] = [dict(boete) for boete in ontvangen.boetes]
    over |= {naam: daar[naam] for naam in _VAN_DUO if naam in daar and bekend.get(naam) is None}
    return over


_BESTAND: Final = (
    *("soort", "grond", "dossier", "delen", "urenOpenMaanden", "boetes"),
    *("van", "aan", "gevraagdOp", "op", "door"),
)
_ZO_OVER: Final = (
    "niveau",
    "intensiteitUren",
    "behaaldeOnderdelen",
    "pvtDatum",
    "mapEindgesprekDatum",
)
_VAN_DUO: Final = ("datumKennisgeving", "termijnStart", "termijnEindExclusief")
_STRAKS: Final = frozenset({"termijnEindExclusief", "startDatum"})
"""Days that may lie ahead."""


def _tekst(waarde: Any) -> str:  # noqa: ANN401 - JSON from outside
    if not isinstance(waarde, str) or not 0 < len(waarde.strip()) <= MAX_TEKST:
        raise ValueError("een tekst")
    if not waarde.isprintable():
        raise ValueError("een tekst zonder vreemde tekens")
    return waarde.strip()


def _cijfers(waarde: Any) -> str:  # noqa: ANN401 - JSON from outside
    tekst = _tekst(waarde)
    if not (tekst.isascii() and tekst.isdigit() and len(tekst) <= 12):  # noqa: PLR2004 - a V-nummer
        raise ValueError("een nummer")
    return tekst


def _datum(waarde: Any) -> date:  # noqa: ANN401 - JSON from outside
    if not isinstance(waarde, dict) or waarde.keys() != {"@type", "@value"}:
        raise ValueError("een datum")
    if waarde["@type"] != "date" or not isinstance(waarde["@value"], str):
        raise ValueError("een datum")
    return als_datum(waarde["@value"], VELD)


def _getal(hoogstens: int) -> Lezer:
    def lees_getal(waarde: Any) -> Decimal:  # noqa: ANN401 - JSON from outside
        if isinstance(waarde, dict) and waarde.keys() == {"@type", "@value"}:
            waarde = waarde["@value"] if waarde["@type"] == "number" else None
        if isinstance(waarde, bool) or not isinstance(waarde, int | str):
            raise ValueError("een getal")  # noqa: TRY004 - as all others
        try:
            getal = Decimal(str(waarde))
        except InvalidOperation as error:
            raise ValueError("een getal") from error
        if not getal.is_finite() or not 0 <= getal <= hoogstens:
            raise ValueError(f"een getal van 0 tot en met {hoogstens}")
        return getal

    return lees_getal


def _keuze(*woorden: str) -> Lezer:
    def lees_keuze(waarde: Any) -> str:  # noqa: ANN401 - JSON from outside
        if not isinstance(waarde, str) or waarde not in woorden:
            raise ValueError(f"een van {', '.join(woorden)}")
        return waarde

    return lees_keuze


def _lijst(*woorden: str) -> Lezer:
    een = _keuze(*woorden)

    def lees_lijst(waarde: Any) -> list[str]:  # noqa: ANN401 - JSON from outside
        if not isinstance(waarde, list):
            raise ValueError("een lijst")  # noqa: TRY004 - as all others
        return list(dict.fromkeys(map(een, waarde)))

    return lees_lijst


def _vrij(waarde: Any) -> Any:  # noqa: ANN401 - shown, and never taken over
    return waarde if isinstance(waarde, int | bool) else _tekst(waarde)


_TAAL: Final = ("LE", "LU", "SC", "SP")
LEZERS: Final[Mapping[str, Lezer]] = {
    "naam": _tekst,
    "bsn": _cijfers,
    "vNummer": _cijfers,
    "doelgroep": _keuze("asielstatushouder", "gezinsmigrant"),
    "leerroute": _keuze("B1", "onderwijsroute", "Z"),
    "niveau": _keuze("A2", "B1", "B2"),
    "onderdelenA2": _lijst(*_TAAL),
    "intensiteitUren": _getal(9999),
    "zRouteA2Onderdelen": _lijst(*_TAAL, "KNM"),
    "behaaldeOnderdelen": _lijst(*_TAAL, "KNM"),
    **dict.fromkeys(
        ("alfabetisering", "aantalVoortgangsgesprekken", "pvtIntensiteit", "mapIntensiteit"), _vrij
    ),
    **dict.fromkeys(
        (
            *("urenNt2", "urenNt2Knm", "urenParticipatie", "urenPvt", "urenMap"),
            *("urenMapPraktijk", "urenVerrekendLes"),
        ),
        _getal(_MAX_UREN),
    ),
    **dict.fromkeys(
        (
            *("geboortedatum", "datumKennisgeving", "verhuisdOp", "dagtekeningVorigPip"),
            *("dagtekening", "dagtekeningWijziging", "termijnStart", "termijnEindExclusief"),
            *("datumAanbod", "startDatum", "pvtDatum", "mapEindgesprekDatum"),
        ),
        _datum,
    ),
}
"""How each fact of a file is read; every one that ``overdracht.DELEN`` can hand over."""

_BOETE: Final[Mapping[str, Lezer]] = {
    "plicht": _keuze("intake", "begeleiding", "PVT", "MAP", "leerroute"),
    "bedrag": _getal(_MAX_BOETE),
    "vastgesteld": _datum,
    "bekendgemaakt": _datum,
    "onherroepelijk": _datum,
}
_VERPLICHT: Final = frozenset({"plicht", "bedrag"})
LABELS: Final[Mapping[str, str]] = {
    naam: label for deel in DELEN for naam, label in deel.feiten.items()
}


def _feiten(delen: Any, vandaag: date) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON from outside
    gezien: set[str] = set()
    for deel in _rijen(delen, "delen"):
        _namen(deel, ("titel", "regels"), "delen")
        for regel in _rijen(deel["regels"], "regels"):
            _namen(regel, ("naam", "label", "waarde"), "regels")
            naam = regel["naam"]
            if not isinstance(naam, str) or naam not in LEZERS:
                raise _fout(
                    f"Het bestand noemt een gegeven dat niet bekend is: {str(naam)[:50]!r}."
                )
            if naam in gezien:
                raise _fout(f"Het gegeven {naam} staat er twee keer in.")
            gezien.add(naam)
            waarde = _goed(naam, LEZERS[naam], regel["waarde"])
            _niet_later(naam, waarde, vandaag)
            yield naam, waarde


def _lessen(rijen: Any) -> Iterator[Les]:  # noqa: ANN401 - JSON from outside
    for rij in _rijen(rijen, "urenOpenMaanden"):
        _namen(rij, ("soort", "uren"), "urenOpenMaanden")
        soort = _goed("soort", _keuze(*SOORTEN), rij["soort"])
        yield Les(soort, _goed("uren", _getal(_MAX_UREN), rij["uren"]), AANWEZIG)


def _boetes(rijen: Any, vandaag: date) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON from outside
    lijst = _rijen(rijen, "boetes")
    if len(lijst) > MAX_BOETES:
        raise _fout(f"Het bestand noemt meer dan {MAX_BOETES} boetes.")
    for rij in lijst:
        _namen(rij, tuple(_BOETE), "boetes")
        boete = {
            naam: None
            if rij[naam] is None and naam not in _VERPLICHT
            else _goed(naam, lezer, rij[naam])
            for naam, lezer in _BOETE.items()
        }
        for naam, waarde in boete.items():
            _niet_later(naam, waarde, vandaag)
        yield boete


def _goed(naam: str, lezer: Lezer, waarde: Any) -> Any:  # noqa: ANN401 - JSON from outside
    try:
        return lezer(waarde)
    except Invalid as error:
        raise _fout(f"{naam} is geen datum die kan kloppen.") from error
    except ValueError as error:
        raise _fout(f"{naam} is niet wat het moet zijn: {error}.") from error


def _niet_later(naam: str, waarde: Any, vandaag: date) -> None:  # noqa: ANN401 - a fact
    if isinstance(waarde, date) and waarde > vandaag and naam not in _STRAKS:
        raise _fout(f"{naam} ligt in de toekomst.")


def _namen(waarde: Any, namen: tuple[str, ...], waar: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON from outside
    if not isinstance(waarde, dict) or waarde.keys() != set(namen):
        raise _fout(f"Dit is geen overdracht van routeflow: {waar} heeft een andere vorm.")
    return waarde


def _rijen(waarde: Any, waar: str) -> list[Any]:  # noqa: ANN401 - JSON from outside
    if not isinstance(waarde, list):
        raise _fout(f"Dit is geen overdracht van routeflow: {waar} heeft een andere vorm.")
    return waarde


def _fout(zin: str) -> Invalid:
    return Invalid(zin, {VELD: zin})
