"""The bar of the demo: the date on which the invented people live, and buttons to move it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, g, request, url_for
from werkzeug.wrappers import Response

from routeflow import worker
from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Handeling
from routeflow.store import schermen
from routeflow.web.deur import NEDERLAND, huis, kan, lees, mag, now, terug, vandaag
from routeflow.web.weergave import datum_met_dag, telwoord

pages = Blueprint("demo", __name__, url_prefix="/demo")

_TOON = 5


@dataclass(frozen=True, slots=True)
class Stand:
    """What the bar shows."""

    vandaag: date
    volgende: date | None
    hier: str
    mag_verzetten: bool


def stand() -> Stand | None:
    """Return what the bar shows, None outside the demo."""
    if not huis().config.demo:
        return None
    hier = request.full_path.rstrip("?") if request.method == "GET" else url_for("start.index")
    mag_het = bool(g.get("actor")) and kan(Handeling.KLOK_VERZETTEN)
    return Stand(vandaag(), _dag(_volgende()) if mag_het else None, hier, mag_het)


@pages.post("/klok")
def verzet() -> Response:
    if not huis().config.demo:
        raise NotAllowed("De klok kan alleen in de demo vooruit.")
    mag(Handeling.KLOK_VERZETTEN)
    verslag = worker.verzet_klok(
        huis().store, huis().config, _sprong(request.form.get("stap", "1")), system=huis().wandklok
    )
    g.pop("now", None)  # it is later now
    regels = [f"Het is nu {datum_met_dag(vandaag())}."]
    if not verslag.gebeurtenissen:
        regels.append("Er is niets gebeurd.")
    else:
        regels += [
            " · ".join(filter(None, (een.dossier_nummer, een.tekst)))
            for een in verslag.gebeurtenissen[:_TOON]
        ]
        meer = len(verslag.gebeurtenissen) - _TOON
        if meer > 0:
            regels.append(f"En nog {telwoord(meer, 'gebeurtenis', 'gebeurtenissen')}.")
    flash("\n".join(regel[:200] for regel in regels), "info")
    return terug(url_for("start.index"))


def _sprong(stap: str) -> int | timedelta:
    if stap != "volgende":
        return 7 if stap == "7" else 1
    volgende = _volgende()
    if volgende is None:
        return 1
    if not isinstance(volgende, datetime):
        # The day after the last day: then it shows who is late.
        volgende = datetime.combine(volgende + timedelta(days=1), time(9), NEDERLAND)
    return max(volgende - now(), timedelta(minutes=1))


def _volgende() -> datetime | date | None:
    return lees(schermen.volgende_moment, now(), vandaag())


def _dag(moment: datetime | date | None) -> date | None:
    return moment.astimezone(NEDERLAND).date() if isinstance(moment, datetime) else moment
