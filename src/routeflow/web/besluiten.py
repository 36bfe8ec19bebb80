"""The frozen papers of decisions about a sanction: a list in the dossier, and the files."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template

from routeflow.inburgering.rechten import Handeling
from routeflow.store import queries
from routeflow.store.models import Besluitdossier
from routeflow.store.queries.besluitdossiers import besluitdossier, besluitdossiers
from routeflow.web.deur import actor, kan, lees, vandaag

pages = Blueprint("besluiten", __name__)


@pages.app_context_processor
def _mag() -> dict[str, Any]:
    return {"mag_besluiten_zien": lambda: kan(Handeling.BESLUITDOSSIER_INZIEN)}


@pages.get("/dossiers/<uuid:dossier_id>/besluiten")
def index(dossier_id: UUID) -> str:
    rijen = lees(besluitdossiers, actor(), dossier_id)
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    return render_template("besluiten.html", dossier=detail.dossier, rijen=rijen)


@pages.get("/besluiten/<uuid:ident>.pdf")
def blad(ident: UUID) -> Response:
    rij = lees(besluitdossier, actor(), ident)
    return _bestand(rij, rij.pdf, "application/pdf", "pdf")


@pages.get("/besluiten/<uuid:ident>.json")
def gegevens(ident: UUID) -> Response:
    rij = lees(besluitdossier, actor(), ident)
    return _bestand(rij, rij.gegevens.encode(), "application/json", "json")


def _bestand(rij: Besluitdossier, inhoud: bytes, soort: str, einde: str) -> Response:
    """Return the very bytes that were hashed, to keep."""
    naam = f"besluitdossier-{rij.op:%Y%m%d}-{rij.id}.{einde}"
    kop = {"Content-Disposition": f'attachment; filename="{naam}"', "Cache-Control": "no-store"}
    return Response(inhoud, mimetype=soort, headers=kop)
