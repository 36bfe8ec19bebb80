"""Handing a dossier over to another gemeente, and reading in what another one handed over."""

import base64
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request
from werkzeug.wrappers import Response as Antwoord

from routeflow.commands import ontvangsten, overdrachten
from routeflow.commands.ontvangsten import MAX_BESTAND, Blik
from routeflow.errors import Conflict, Invalid
from routeflow.inburgering.ontvangst import LABELS, VELD
from routeflow.inburgering.overdracht import DELEN
from routeflow.inburgering.rechten import Handeling
from routeflow.store import queries
from routeflow.store.models import Overdracht
from routeflow.store.queries.papieren import papier, papieren
from routeflow.web.deur import (
    actor,
    als_datum,
    doe,
    huis,
    ingestuurd,
    kan,
    lees,
    mag,
    naar,
    tekst,
    vandaag,
)
from routeflow.web.uitvoer import verzegeld

pages = Blueprint("overdracht", __name__)

_INGEVULD = {"gemeente": "overdrachtGemeente", "gevraagdOp": "overdrachtVerzoekDatum"}
"""What the form asks, and the fact that a request of the other gemeente brought."""


_NAMEN: Mapping[str, str] = {
    **LABELS,
    "vorigeGemeente": "Vorige gemeente",
    "pipVorigeGemeente": "Was er een PIP?",
    "dagtekeningVorigPip": "Dagtekening van dat PIP",
    "leerrouteVorigPip": "Leerroute in dat PIP",
    "overgenomenNt2": "Gevolgde uren NT2 en alfabetisering",
    "overgenomenKnm": "Gevolgde uren KNM",
    "overgenomenParticipatie": "Uren participatie",
    "overgenomenPvt": "Uren PVT",
    "overgenomenMap": "Uren MAP",
    "overgenomenMapPraktijk": "Uren MAP in de praktijk",
    "boetesVorigeGemeente": "Opgelegde boetes",
}
"""What people call the facts that a file brings."""


@pages.app_context_processor
def _mag() -> dict[str, Any]:
    return {
        "mag_overdragen": lambda: kan(Handeling.OVERDRACHT_MAKEN),
        "mag_inlezen": lambda proces: (
            proces == ontvangsten.PROCES and kan(Handeling.FEITEN_WIJZIGEN)
        ),
    }


@pages.get("/dossiers/<uuid:dossier_id>/overdracht")
def index(dossier_id: UUID) -> str:
    return _blad(dossier_id, None, {})


@pages.post("/dossiers/<uuid:dossier_id>/overdracht")
def maak(dossier_id: UUID) -> Antwoord | tuple[str, int]:
    mag(Handeling.OVERDRACHT_MAKEN)
    dag = als_datum(tekst("gevraagdOp"))
    if isinstance(dag, str) and dag:
        zin = "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 05-01-2026."
        return _blad(dossier_id, request.form, {"gevraagdOp": zin}), Invalid.status
    try:
        doe(
            overdrachten.maak_overdracht,
            dossier_id,
            van=huis().config.gemeente,
            aan=tekst("gemeente"),
            gevraagd_op=dag if isinstance(dag, date) else None,
        )
    except Invalid as onjuist:
        return _blad(dossier_id, request.form, onjuist.fouten), onjuist.status
    flash("De overdracht is gemaakt. U vindt de bestanden hieronder.", "goed")
    return naar(".index", dossier_id=dossier_id)


@pages.get("/dossiers/<uuid:dossier_id>/overdracht/inlezen")
def inlezen(dossier_id: UUID) -> str:
    mag(Handeling.FEITEN_WIJZIGEN)
    return _inlezen(dossier_id, {}, None, b"")


@pages.post("/dossiers/<uuid:dossier_id>/overdracht/inlezen")
def lees_in(dossier_id: UUID) -> Antwoord | str | tuple[str, int]:
    """Look at a file without keeping it; the page then holds it, so that confirming is one press."""
    mag(Handeling.FEITEN_WIJZIGEN)
    try:
        inhoud = ingestuurd(VELD, MAX_BESTAND)
        if tekst("doe") != "overnemen":
            return _inlezen(dossier_id, {}, doe(ontvangsten.bekijk, dossier_id, inhoud), inhoud)
        doe(ontvangsten.lees_in, dossier_id, inhoud)
    except (Invalid, Conflict) as fout:
        fouten = fout.fouten if isinstance(fout, Invalid) else {VELD: str(fout)}
        return _inlezen(dossier_id, fouten, None, b""), fout.status
    flash("De gegevens zijn overgenomen. Kijk ze na in de taak.", "goed")
    return naar("dossiers.toon", dossier_id=dossier_id)


def _inlezen(dossier_id: UUID, fouten: Mapping[str, str], blik: Blik | None, inhoud: bytes) -> str:
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    return render_template(
        "overdracht_inlezen.html",
        dossier=detail.dossier,
        fouten=fouten,
        blik=blik,
        naam=_NAMEN.get,
        inhoud=base64.b64encode(inhoud).decode(),
    )


@pages.get("/overdrachten/<uuid:ident>.pdf")
def blad(ident: UUID) -> Response:
    rij = lees(papier, actor(), Overdracht, ident)
    return verzegeld("overdracht", rij, rij.pdf, "application/pdf")


@pages.get("/overdrachten/<uuid:ident>.json")
def gegevens(ident: UUID) -> Response:
    rij = lees(papier, actor(), Overdracht, ident)
    return verzegeld("overdracht", rij, rij.gegevens.encode(), "application/json")


def _blad(dossier_id: UUID, ingevuld: Mapping[str, str] | None, fouten: Mapping[str, str]) -> str:
    rijen = lees(papieren, actor(), Overdracht, dossier_id)
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    if ingevuld is None:
        bekend = {feit.naam: feit.waarde for feit in detail.feiten}
        ingevuld = {veld: _woord(bekend.get(feit)) for veld, feit in _INGEVULD.items()}
    return render_template(
        "overdracht.html",
        dossier=detail.dossier,
        rijen=rijen,
        delen=DELEN,
        ingevuld=ingevuld,
        fouten=fouten,
    )


def _woord(waarde: object) -> str:
    return f"{waarde:%d-%m-%Y}" if isinstance(waarde, date) else str(waarde or "")
