"""Herverdelen: what a changed rolverdeling moves, shown before it is done."""

from flask import Blueprint, flash, render_template
from werkzeug.wrappers import Response

from routeflow.commands import taken
from routeflow.web.deur import doe, naar
from routeflow.web.weergave import telwoord

pages = Blueprint("herverdelen", __name__, url_prefix="/herverdelen")


@pages.get("/")
def index() -> str:
    return render_template("herverdelen.html", rijen=doe(taken.herverdeel, uitvoeren=False))


@pages.post("/")
def herverdeel() -> Response:
    rijen = doe(taken.herverdeel, uitvoeren=True)
    flash(f"{telwoord(len(rijen), 'taak', 'taken')} verplaatst.", "goed")
    return naar(".index")
