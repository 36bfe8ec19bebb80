"""Meldingen: what the product tells a person, until it is read."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow.commands import meldingen, post
from routeflow.errors import Invalid
from routeflow.store import queries, schermen
from routeflow.store.models import Melding
from routeflow.store.queries import Page
from routeflow.web.deur import actor, bladzijde, doe, huis, lees, naar, tekst
from routeflow.web.weergave import telwoord

pages = Blueprint("meldingen", __name__, url_prefix="/meldingen")


@pages.get("/")
def index() -> str:
    ook_gelezen = request.args.get("alle") == "ja"
    pagina = bladzijde()
    lijst, klaar = lees(_lees_blad, ook_gelezen=ook_gelezen, pagina=pagina)
    return render_template(
        "meldingen.html",
        lijst=lijst,
        klaar=klaar,
        tabs=[
            ("Nieuw", url_for(".index"), not ook_gelezen, None),
            ("Alle", url_for(".index", alle="ja"), ook_gelezen, None),
        ],
        adres=lambda nummer: url_for(".index", pagina=nummer, alle="ja" if ook_gelezen else None),
    )


def _lees_blad(
    session: Session, *, ook_gelezen: bool, pagina: int
) -> tuple[Page[Melding], frozenset[UUID]]:
    """Return the notices, and which of the taken that they are about are closed."""
    lijst = queries.meldingen(session, actor(), ook_gelezen=ook_gelezen, pagina=pagina)
    return lijst, schermen.gesloten(session, {rij.taak_id for rij in lijst.rijen if rij.taak_id})


@pages.post("/<int:melding_id>/gelezen")
def gelezen(melding_id: int) -> Response:
    doe(meldingen.lees, melding_id)
    return naar(".index")


@pages.post("/opruimen")
def ruim_op() -> Response:
    aantal = doe(meldingen.ruim_op)
    flash(
        f"{telwoord(aantal, 'melding is', 'meldingen zijn')} gelezen. U vindt ze bij Alle.", "goed"
    )
    return naar(".index")


@pages.get("/e-mail")
def e_mail() -> str:
    return _e_mail()


@pages.post("/e-mail")
def stel_in() -> Response | tuple[str, int]:
    gekozen = {soort: tekst(soort) for soort in post.SOORTEN}
    try:
        doe(post.stel_in, gekozen)
    except Invalid as onjuist:
        return _e_mail(gekozen, onjuist.fouten), onjuist.status
    flash("Uw keuze is bewaard.", "goed")
    return naar(".e_mail")


def _e_mail(
    ingevuld: Mapping[str, str] | None = None, fouten: Mapping[str, str] | None = None
) -> str:
    adres, gekozen = lees(post.voorkeuren, by=actor())
    return render_template(
        "berichten.html",
        adres=adres,
        gekozen=ingevuld or gekozen,
        fouten=fouten or {},
        soorten=post.SOORTEN,
        wijzen=list(post.WIJZEN.items()),
        aan=bool(huis().config.smtp_host),
    )
