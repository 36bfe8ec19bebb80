"""Meldingen: what the product tells a person, until it is read."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from routeflow.commands import meldingen
from routeflow.store import queries
from routeflow.web.deur import actor, doe, lees, naar

pages = Blueprint("meldingen", __name__, url_prefix="/meldingen")


@pages.get("/")
def index() -> str:
    ook_gelezen = request.args.get("alle") == "ja"
    pagina = max(1, request.args.get("pagina", 1, type=int))
    return render_template(
        "meldingen.html",
        lijst=lees(queries.meldingen, actor(), ook_gelezen=ook_gelezen, pagina=pagina),
        tabs=[
            ("Nieuw", url_for(".index"), not ook_gelezen, None),
            ("Alle", url_for(".index", alle="ja"), ook_gelezen, None),
        ],
        adres=lambda nummer: url_for(".index", pagina=nummer, alle="ja" if ook_gelezen else None),
    )


@pages.post("/<int:melding_id>/gelezen")
def gelezen(melding_id: int) -> Response:
    doe(meldingen.lees, melding_id)
    return naar(".index")
