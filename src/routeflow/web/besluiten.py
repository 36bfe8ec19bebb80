"""The frozen papers of decisions about a sanction: a list in the dossier, and the files."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template

from routeflow.inburgering.rechten import Handeling
from routeflow.store import queries
from routeflow.store.models import Besluitdossier
from routeflow.store.queries.papieren import papier, papieren
from routeflow.web.deur import actor, kan, lees, vandaag
from routeflow.web.uitvoer import verzegeld

pages = Blueprint("besluiten", __name__)


@pages.app_context_processor
def _mag() -> dict[str, Any]:
    return {"mag_besluiten_zien": lambda: kan(Handeling.BESLUITDOSSIER_INZIEN)}


@pages.get("/dossiers/<uuid:dossier_id>/besluiten")
def index(dossier_id: UUID) -> str:
    rijen = lees(papieren, actor(), Besluitdossier, dossier_id)
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    return render_template("besluiten.html", dossier=detail.dossier, rijen=rijen)


@pages.get("/besluiten/<uuid:ident>.pdf")
def blad(ident: UUID) -> Response:
    rij = lees(papier, actor(), Besluitdossier, ident)
    return verzegeld("besluitdossier", rij, rij.pdf, "application/pdf")


@pages.get("/besluiten/<uuid:ident>.json")
def gegevens(ident: UUID) -> Response:
    rij = lees(papier, actor(), Besluitdossier, ident)
    return verzegeld("besluitdossier", rij, rij.gegevens.encode(), "application/json")
