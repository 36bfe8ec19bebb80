"""Erasing a dossier: what is to be erased, a look at what goes, and the second person.

These pages name no person: a dossier has its nummer here.
"""

from collections.abc import Mapping
from typing import get_args
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from routeflow.commands import verwijderen
from routeflow.errors import Invalid, NotFound
from routeflow.inburgering.bewaren import Soort
from routeflow.inburgering.rechten import Handeling
from routeflow.store import schermen
from routeflow.web.deur import actor, als_datum, doe, lees, mag, naar, now, tekst

pages = Blueprint("verwijderen", __name__, url_prefix="/verwijderen")

SOORTEN: tuple[Soort, ...] = get_args(Soort)


@pages.get("/")
def index() -> str | Response:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    nummer = request.args.get("nummer", "").strip()
    fouten = {}
    if nummer:
        gevonden = lees(schermen.dossier_met_nummer, nummer)
        if gevonden is not None:
            return naar(".toon", dossier_id=gevonden, soort="correctie")
        fouten["nummer"] = "Er is geen dossier met dit nummer."
    stand = lees(verwijderen.overzicht, by=actor(), now=now())
    return render_template("verwijderen.html", beeld=stand, nummer=nummer, fouten=fouten)


@pages.get("/<uuid:dossier_id>")
def toon(dossier_id: UUID) -> str:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    return _pagina(dossier_id, {}, {})


@pages.post("/<uuid:dossier_id>")
def stel_voor(dossier_id: UUID) -> Response | tuple[str, int]:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    try:
        doe(verwijderen.stel_voor, dossier_id, _soort(), kenmerk=tekst("kenmerk"))
    except Invalid as onjuist:
        return _pagina(dossier_id, request.form, onjuist.fouten), onjuist.status
    flash("Het voorstel is vastgelegd. Iemand anders moet nu verwijderen.", "goed")
    return naar(".toon", dossier_id=dossier_id)


@pages.post("/<uuid:dossier_id>/aflossing")
def aflossing(dossier_id: UUID) -> Response | tuple[str, int]:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    dag = als_datum(tekst("leningAfgelostOp"))
    try:
        if isinstance(dag, str):
            zin = "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 05-01-2026."
            raise Invalid(zin, {"leningAfgelostOp": zin})  # noqa: TRY301 - one way out for both
        doe(verwijderen.noteer_aflossing, dossier_id, dag)
    except Invalid as onjuist:
        return _pagina(dossier_id, request.form, onjuist.fouten), onjuist.status
    flash("De aflossing is genoteerd.", "goed")
    return naar(".toon", dossier_id=dossier_id)


@pages.post("/<uuid:dossier_id>/uitvoeren")
def voer_uit(dossier_id: UUID) -> Response:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    doe(verwijderen.voer_uit, dossier_id, _voorstel())
    flash("De gegevens zijn verwijderd.", "goed")
    return naar(".toon", dossier_id=dossier_id)


@pages.post("/<uuid:dossier_id>/intrekken")
def trek_in(dossier_id: UUID) -> Response:
    mag(Handeling.GEGEVENS_VERWIJDEREN)
    doe(verwijderen.trek_in, dossier_id, _voorstel())
    flash("Het voorstel is ingetrokken. Er is niets verwijderd.", "goed")
    return naar(".toon", dossier_id=dossier_id)


def _voorstel() -> UUID:
    """Return which proposal the person looked at: another one is not decided unseen."""
    try:
        return UUID(tekst("voorstel"))
    except ValueError as error:
        raise NotFound("Dit voorstel bestaat niet.") from error


def _soort(vast: str = "") -> Soort:
    gevraagd = vast or tekst("soort") or request.args.get("soort", "") or "bewaartermijn"
    for soort in SOORTEN:
        if soort == gevraagd:
            return soort
    raise NotFound("Op deze manier verwijderen kan niet. Kies een knop op de pagina.")


def _pagina(dossier_id: UUID, ingevuld: Mapping[str, str], fouten: Mapping[str, str]) -> str:
    stand = lees(verwijderen.stand, dossier_id, by=actor(), now=now())
    soort = stand.open.soort if stand.open else ""
    blik = lees(verwijderen.bekijk, dossier_id, _soort(soort), by=actor(), now=now())
    return render_template(
        "verwijdering.html", blik=blik, beeld=stand, ingevuld=ingevuld, fouten=fouten
    )
