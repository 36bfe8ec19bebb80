"""How every period of a dossier stands, counted from its facts: what is kept in a row a period."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from routeflow.inburgering.feestdagen import GELIJKGESTELD
from routeflow.inburgering.feiten import FEITEN, lees, snake, spellingen
from routeflow.inburgering.ingrepen import FEIT as INGREPEN
from routeflow.inburgering.ingrepen import ingrepen
from routeflow.inburgering.regels import REGELS, Regel, geldt, loopt_door, mist

Status = Literal["wacht", "loopt", "opgeschort", "gehaald"]

_VAN_DUO: Final = "termijn_eind_exclusief"
_ALTIJD_VAN_BELANG: Final = ("doelgroep", "leerroute", "wet", "dossier_einde")


@dataclass(frozen=True, slots=True)
class Telling:
    """One period, counted. Civil days in the Netherlands.

    ``wacht_op``: the fact that it waits for. ``eigen_dag``: the last day that we count, where DUO
    gave another. ``feiten``: what it was counted from, by name, days as ISO text, so that anybody
    can count it again. ``op_tijd``: whether the act was done in time; None while it is not done.
    """

    naam: str
    status: Status
    grond: str
    wacht_op: str | None = None
    begin: date | None = None
    uiterlijk: date | None = None
    eigen_dag: date | None = None
    lengte: str = ""
    atw: bool = False
    atw_reden: str = ""
    feiten: Mapping[str, Any] | None = None
    uitleg: str = ""
    gehaald_op: date | None = None
    op_tijd: bool | None = None

    def als_json(self) -> dict[str, Any]:
        """Return it as plain JSON, for the history."""
        return {
            "status": self.status,
            "grond": self.grond,
            "wachtOp": self.wacht_op,
            "begin": _iso(self.begin),
            "uiterlijk": _iso(self.uiterlijk),
            "eigenDag": _iso(self.eigen_dag),
            "feiten": dict(self.feiten or {}),
            "uitleg": self.uitleg,
            "gehaaldOp": _iso(self.gehaald_op),
        }


def _gebruikt() -> frozenset[str]:
    namen = {naam for regel in REGELS.values() if regel.gevolgd for naam in regel.feiten}
    namen |= {regel.einde for regel in REGELS.values() if regel.einde}
    return frozenset(
        spelling for naam in namen | set(_ALTIJD_VAN_BELANG) for spelling in spellingen(naam)
    )


_GEBRUIKT: Final = _gebruikt()


def raakt(namen: Iterable[str]) -> bool:
    """Say whether a change of these facts can move a period.

    >>> raakt(["telefoon"]), raakt(["datumKennisgeving"])
    (False, True)
    """
    return any(naam == INGREPEN or snake(naam) in _GEBRUIKT for naam in namen)


def tel(
    feiten: Mapping[str, Any], gelijkgesteld: Collection[date] = GELIJKGESTELD
) -> Iterator[Telling]:
    """Count every period that a dossier with these facts has, in the order of the route.

    >>> [pip] = [een for een in tel({"kennisgeving": date(2026, 2, 16)}) if een.naam == "pip"]
    >>> pip.status, pip.uiterlijk.isoformat()
    ('loopt', '2026-04-28')
    """
    for regel in REGELS.values():
        if regel.gevolgd and geldt(regel, feiten):
            telling = _tel(regel, feiten, gelijkgesteld)
            if telling is None:
                continue
            if telling.status == "gehaald" or loopt_door(regel, feiten, telling.uiterlijk):
                yield telling


def _tel(
    regel: Regel, feiten: Mapping[str, Any], gelijkgesteld: Collection[date]
) -> Telling | None:
    invoer = {naam: waarde for naam in regel.feiten if (waarde := lees(feiten, naam)) is not None}
    bekend = {naam: _iso(waarde) for naam, waarde in invoer.items()}
    besluiten = ingrepen(feiten, regel.naam)
    if besluiten:
        bekend["ingrepen"] = [
            {sleutel: _iso(waarde) for sleutel, waarde in een.als_feit().items()}
            for een in besluiten
        ]
    gevonden = regel.toepassen(feiten)
    if gevonden is None:
        stil = next((een for een in besluiten if een.loopt_nog), None)
        if stil is not None and not regel.ontbreekt(feiten):
            uitleg = f"De termijn staat stil sinds {stil.van.isoformat()}: {stil.grond}."
            return Telling(regel.naam, "opgeschort", regel.artikel, feiten=bekend, uitleg=uitleg)
        if not regel.altijd:
            return None
        wacht_op = mist(regel, feiten)
        zin = f"De datum is nog niet bekend: {FEITEN[wacht_op].tekst}."
        return Telling(regel.naam, "wacht", regel.artikel, wacht_op, feiten=bekend, uitleg=zin)
    uitleg_ = gevonden.uitleg(gelijkgesteld)
    begin, uiterlijk = gevonden.begin, uitleg_.laatste_dag
    if regel.soort == "venster":
        begin, uiterlijk = uitleg_.laatste_dag, gevonden.na - timedelta(days=1)
    gehaald = lees(feiten, regel.einde) if regel.einde else None
    return Telling(
        regel.naam,
        "loopt" if gehaald is None else "gehaald",
        gevonden.grond,
        begin=begin,
        uiterlijk=uiterlijk,
        eigen_dag=_eigen_dag(regel, feiten, uitleg_.laatste_dag, gelijkgesteld),
        lengte=gevonden.lengte,
        atw=uitleg_.atw,
        atw_reden=uitleg_.atw_reden,
        feiten=bekend,
        uitleg=uitleg_.tekst,
        gehaald_op=gehaald,
        op_tijd=None if gehaald is None else gehaald <= uiterlijk,
    )


def _eigen_dag(
    regel: Regel, feiten: Mapping[str, Any], dag: date, gelijkgesteld: Collection[date]
) -> date | None:
    """Return what we count without the end that DUO gave, where that is another day."""
    if regel.soort == "venster" or _VAN_DUO not in regel.extra or lees(feiten, _VAN_DUO) is None:
        return None
    zonder = {
        naam: waarde for naam, waarde in feiten.items() if snake(naam) not in spellingen(_VAN_DUO)
    }
    eigen = regel.toepassen(zonder)
    anders = None if eigen is None else eigen.laatste_dag(gelijkgesteld)
    return None if anders == dag else anders


def _iso(waarde: Any) -> Any:  # noqa: ANN401 - a fact is any value
    return waarde.isoformat() if isinstance(waarde, date) else waarde
