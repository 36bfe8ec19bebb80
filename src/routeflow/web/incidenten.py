"""Incidenten: what stopped, why, and the button to try again."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from routeflow.commands import incidenten
from routeflow.store import queries
from routeflow.web.deur import actor, doe, lees, naar

pages = Blueprint("incidenten", __name__, url_prefix="/incidenten")


@pages.get("/")
def index() -> str:
    opgelost = request.args.get("opgelost") == "ja"
    pagina = max(1, request.args.get("pagina", 1, type=int))
    lijst = lees(queries.incidenten, actor(), opgelost=opgelost, pagina=pagina)
    return render_template(
        "incidenten.html",
        lijst=lijst,
        opgelost=opgelost,
        tabs=[
            ("Open", url_for(".index"), not opgelost, None),
            ("Opgelost", url_for(".index", opgelost="ja"), opgelost, None),
        ],
        adres=lambda nummer: url_for(".index", pagina=nummer, opgelost="ja" if opgelost else None),
    )


@pages.post("/<uuid:incident_id>/opnieuw")
def opnieuw(incident_id: UUID) -> Response:
    doe(incidenten.opnieuw, incident_id)
    flash("Het wordt opnieuw geprobeerd. Lukt het weer niet, dan komt het hier terug.", "goed")
    return naar(".index")
