"""The report of the week: figures with the list behind each, and the weeks before it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Blueprint, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from routeflow.inburgering.rechten import Handeling, zichtbaar
from routeflow.store.queries import rapport
from routeflow.web.deur import actor, kan, lees
from routeflow.web.uitvoer import csv_antwoord

pages = Blueprint("rapport", __name__, url_prefix="/rapport")

_KOP: Final = ("Onderwerp", "Wat", "Aantal of aandeel")


@pages.get("/")
def index() -> str:
    dagen = lees(rapport.verslagen, actor())
    return _blad(dagen[0] if dagen else None, dagen)


@pages.get("/<dag>")
def toon(dag: str) -> str:
    return _blad(_dag(dag), lees(rapport.verslagen, actor()))


@pages.get("/<dag>.csv")
def uitvoer(dag: str) -> Response:
    _, cijfers = lees(rapport.verslag, actor(), _dag(dag))
    rijen = [(een.groep, een.wat, een.waarde) for een in cijfers]
    return csv_antwoord(f"rapport-{dag}", _KOP, rijen)


def _dag(tekst: str) -> date:
    try:
        return date.fromisoformat(tekst)
    except ValueError as fout:
        raise NotFound from fout


def _blad(dag: date | None, dagen: list[date]) -> str:
    rij, cijfers = lees(rapport.verslag, actor(), dag) if dag else (None, [])
    groepen: dict[str, list[tuple[rapport.Cijfer, str | None]]] = {}
    for cijfer in cijfers:
        groepen.setdefault(cijfer.groep, []).append((cijfer, _adres(cijfer.lijst)))
    return render_template("rapport.html", rapport=rij, groepen=groepen, dagen=dagen)


def _adres(lijst: Mapping[str, str]) -> str | None:
    """Return the address of the list behind a figure, None when who reads may not see that."""
    naar = lijst.get("naar")
    mag = {
        "termijnen": kan(Handeling.TERMIJNEN_BEWAKEN),
        "werklijst": zichtbaar(actor()).dossiers == "alle",
    }
    if naar is None or not mag.get(naar):
        return None
    delen = {naam: wat for naam, wat in lijst.items() if naam != "naar"}
    return url_for(f"{naar}.index", _external=False, **delen)
