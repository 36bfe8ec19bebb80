"""Letters to the person: made on the page of a taak, read again in the dossier."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow import forms
from routeflow.brieven import pdf
from routeflow.brieven.brief import SOORTEN, Afzender, Soort, html
from routeflow.commands import brieven, taken
from routeflow.errors import Invalid
from routeflow.inburgering.rechten import Actor
from routeflow.store import queries
from routeflow.store.models import Brief, Taak
from routeflow.store.queries import brieven as lijst
from routeflow.web.boek import boek
from routeflow.web.deur import actor, doe, huis, lees, naar, now, vandaag

pages = Blueprint("brieven", __name__)

_ADRES = "Op de brief staat het adres uit het dossier. Kijk in de BRP of het nog klopt."
_GEEN_ADRES = (
    "Op de brief staat geen adres, want het dossier kent er geen. Neem het over uit de BRP."
)
_TALEN = {"nl": "Nederlands", "en": "Engels en Nederlands", "ar": "Arabisch en Nederlands"}


@pages.app_context_processor
def _bij_een_taak() -> dict[str, Any]:
    return {"brief_bij": _brief_bij, "brieftaal": _TALEN.get, "afzender": afzender}


def afzender() -> Afzender:
    """Return the gemeente as its letters name it."""
    config = huis().config
    return Afzender(
        config.gemeente, config.postadres, config.telefoon, config.email, config.bezwaar_online
    )


def _brief_bij(taak: Taak) -> tuple[Soort, list[Brief]] | None:
    """Return the kind of letter of a taak and which were made, None when none goes with it."""
    stap = boek(taak.deployment_id).stap(taak.proces, taak.element)
    soort = SOORTEN.get(stap.properties.get(brieven.EIGENSCHAP, "")) if stap else None
    return (soort, list(lees(lijst.brieven_van_taak, taak.id))) if soort else None


@pages.post("/taken/<uuid:taak_id>/brief")
def maak(taak_id: UUID) -> Response:
    """Make the letter of what stands in the form of the taak, which is kept as a draft first."""
    if request.form.keys() - {"csrf_token"}:
        vel = lees(_vel, actor(), taak_id)
        doe(taken.save_concept, taak_id, forms.plain(vel.formulier, request.form))
    try:
        brief = lees(brieven.stel_op, taak_id, gemeente=afzender(), by=actor(), now=now())
    except Invalid as onjuist:
        flash("\n".join([str(onjuist), *onjuist.fouten.values()]), "fout")
        return naar("taken.toon", taak_id=taak_id)
    doe(brieven.bewaar, taak_id, brief, pdf(html(brief)))
    flash("De brief is gemaakt. U vindt hem op deze pagina bij Brief.", "goed")
    flash(_ADRES if brief.adres else _GEEN_ADRES, "let-op")
    if brief.vertaler:
        flash(
            f"Laat deze brief vertalen door een beëdigd vertaler ({brief.vertaler}) en stuur de "
            "vertaling mee.",
            "let-op",
        )
    return naar("taken.toon", taak_id=taak_id)


def _vel(session: Session, wie: Actor, taak_id: UUID) -> taken.Taakblad:
    return taken.taakblad(session, queries.taak(session, wie, taak_id), by=wie, now=now())


@pages.get("/dossiers/<uuid:dossier_id>/brieven")
def index(dossier_id: UUID) -> str:
    rijen = lees(lijst.brieven, actor(), dossier_id)
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    return render_template("brieven.html", dossier=detail.dossier, rijen=rijen, soorten=SOORTEN)


@pages.get("/brieven/<uuid:brief_id>.pdf")
def blad(brief_id: UUID) -> Response:
    rij = lees(lijst.brief, actor(), brief_id)
    naam = f"brief-{rij.soort.replace('_', '-')}-{rij.op:%Y%m%d}.pdf"
    kop = {"Content-Disposition": f'attachment; filename="{naam}"', "Cache-Control": "no-store"}
    return Response(rij.pdf, mimetype="application/pdf", headers=kop)
