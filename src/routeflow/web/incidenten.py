"""Incidenten: what stopped, why, and the button to try again."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from routeflow.commands import incidenten, uitgaand
from routeflow.store import queries
from routeflow.web.deur import actor, bladzijde, doe, huis, lees, naar

pages = Blueprint("incidenten", __name__, url_prefix="/incidenten")


@pages.get("/")
def index() -> str:
    opgelost = request.args.get("opgelost") == "ja"
    pagina = bladzijde()
    lijst = lees(queries.incidenten, actor(), opgelost=opgelost, pagina=pagina)
    return render_template(
        "incidenten.html",
        lijst=lijst,
        opgelost=opgelost,
        wachtend=_wachtend(),
        tabs=[
            ("Open", url_for(".index"), not opgelost, None),
            ("Opnieuw geprobeerd", url_for(".index", opgelost="ja"), opgelost, None),
        ],
        adres=lambda nummer: url_for(".index", pagina=nummer, opgelost="ja" if opgelost else None),
    )


@pages.post("/<uuid:incident_id>/opnieuw")
def opnieuw(incident_id: UUID) -> Response:
    doe(incidenten.opnieuw, incident_id)
    flash("Het wordt opnieuw geprobeerd. Lukt het weer niet, dan komt het hier terug.", "goed")
    return naar(".index")


def _wachtend() -> list[tuple[int, str]]:
    """Return how many messages wait for a setting that is empty, and which."""
    config = huis().config
    wegen: list[tuple[uitgaand.Weg, str, str]] = [
        ("post", config.uitgaand_url, "ROUTEFLOW_UITGAAND_URL"),
        ("mail", config.smtp_host, "ROUTEFLOW_SMTP_HOST"),
    ]
    aantallen = [(lees(uitgaand.wachtend, weg), naam) for weg, gezet, naam in wegen if not gezet]
    return [(aantal, naam) for aantal, naam in aantallen if aantal]
