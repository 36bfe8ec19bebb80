"""The werklijst: what lies open, the most urgent first. The whole question stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow.commands import taken
from routeflow.errors import NotFound
from routeflow.inburgering.rechten import GEMEENTE, Rol, is_eigen
from routeflow.store import queries, schermen
from routeflow.store.queries import Groep, Page, Rij, Tab, WerklijstFilter
from routeflow.web.deur import actor, bladzijde, doe, lees, terug, vandaag

pages = Blueprint("werklijst", __name__, url_prefix="/werklijst")

TABS: dict[str, tuple[Tab, str]] = {
    "mijn": ("mijn", "Mijn taken"),
    "te-verdelen": ("te verdelen", "Te verdelen"),
    "team": ("team", "Team"),
}
ONDERDELEN = (
    "brede intake",
    "PIP",
    "ontzorgen",
    "participatie",
    "maatschappelijke begeleiding",
    "PVT",
    "Z-route",
    "B1-route",
    "onderwijsroute",
    "MAP",
    "regie",
)
GROEPEN: dict[Groep, str] = {
    "te laat": "Te laat",
    "deze week": "Deze week",
    "volgende week": "Volgende week",
    "later": "Later",
    "geen datum": "Geen datum",
}


@dataclass(frozen=True, slots=True)
class Blok:
    """The taken of one group on this page; ``totaal`` counts those on other pages too."""

    naam: str
    code: Groep
    totaal: int
    rijen: tuple[Rij, ...]


@dataclass(frozen=True, slots=True)
class Fiche:
    """A filter that is on, and the address without it."""

    tekst: str
    url: str


@pages.get("/")
def index() -> str:
    tab = request.args.get("tab", "mijn")
    vraag, lijst, partijen = lees(_lees_blad, _vraag(tab if tab in TABS else "mijn"))
    return render_template(
        "werklijst.html",
        lijst=lijst,
        is_eigen=is_eigen,
        vraag=vraag,
        tabs=[
            (naam, _adres(tab=code, pagina=None), soort == vraag.tab, lijst.tabs.get(soort, 0))
            for code, (soort, naam) in TABS.items()
        ],
        blokken=[
            Blok(naam, code, lijst.groepen.get(code, 0), rijen)
            for code, naam in GROEPEN.items()
            if (rijen := tuple(rij for rij in lijst.rijen if rij.groep == code))
        ],
        fiches=_fiches(vraag),
        adres=lambda pagina: _adres(pagina=pagina),
        hier=request.full_path.rstrip("?"),
        onderdelen=ONDERDELEN,
        groepen=GROEPEN,
        rollen=[rol for rol in Rol if rol not in (Rol.PROCESEIGENAAR, Rol.BEHEERDER)]
        if actor().partij == GEMEENTE
        else sorted(actor().rollen),
        partijen=partijen,
        tab_code=next(code for code, (soort, _) in TABS.items() if soort == vraag.tab),
    )


def _lees_blad(
    session: Session, vraag: WerklijstFilter
) -> tuple[WerklijstFilter, Page[Rij], Sequence[str]]:
    """Return the page that is there, its taken, and the partijen to choose from."""
    lijst = queries.werklijst(session, actor(), vraag, vandaag())
    if vraag.pagina > lijst.paginas:
        vraag = replace(vraag, pagina=lijst.paginas)
        lijst = queries.werklijst(session, actor(), vraag, vandaag())
    kiest_partij = vraag.tab != "mijn" and actor().partij == GEMEENTE
    return vraag, lijst, schermen.partijen(session) if kiest_partij else ()


@pages.post("/<uuid:taak_id>/claim")
def claim(taak_id: UUID) -> Response:
    taak = doe(taken.claim, taak_id)
    flash(f"U behandelt nu: {taak.naam}.", "goed")
    return terug(url_for("taken.toon", taak_id=taak_id))


@pages.post("/<uuid:taak_id>/vrijgeven")
def vrijgeven(taak_id: UUID) -> Response:
    taak = doe(taken.vrijgeven, taak_id)
    flash(f"Niemand behandelt nu nog: {taak.naam}. De taak staat bij Te verdelen.", "goed")
    return terug(url_for(".index"))


@pages.post("/<uuid:taak_id>/toewijzen")
def toewijzen(taak_id: UUID) -> Response:
    gekozen = request.form.get("account", "")
    try:
        account_id = UUID(gekozen) if gekozen else None
    except ValueError as onjuist:
        raise NotFound("Dit account bestaat niet.") from onjuist
    taak = doe(taken.toewijzen, taak_id, account_id)
    flash(f"Toegewezen: {taak.naam}.", "goed")
    return terug(url_for("taken.toon", taak_id=taak_id))


def _vraag(tab: str) -> WerklijstFilter:
    vraag = request.args
    groep = next((code for code in GROEPEN if code == vraag.get("groep")), None)
    return WerklijstFilter(
        tab=TABS[tab][0],
        groep=groep,
        onderdeel=vraag.get("onderdeel") or None,
        rol=vraag.get("rol") or None,
        partij=vraag.get("partij") or None,
        te_laat=vraag.get("te_laat") == "ja",
        zoek=vraag.get("zoek", "").strip(),
        pagina=bladzijde(),
    )


def _adres(**anders: Any) -> str:  # noqa: ANN401 - as url_for
    """Return the address of this list with ``anders`` changed; None takes a part away."""
    delen = {**request.args.to_dict(), **anders}
    return url_for(".index", **{naam: waarde for naam, waarde in delen.items() if waarde})


def _fiches(vraag: WerklijstFilter) -> list[Fiche]:
    aan = {
        "zoek": f"“{vraag.zoek}”" if vraag.zoek else None,
        "groep": GROEPEN[vraag.groep] if vraag.groep else None,
        "onderdeel": vraag.onderdeel,
        "rol": vraag.rol,
        "partij": vraag.partij,
        "te_laat": "alleen te laat" if vraag.te_laat else None,
    }
    return [
        Fiche(tekst, _adres(**{naam: None}, pagina=None)) for naam, tekst in aan.items() if tekst
    ]
