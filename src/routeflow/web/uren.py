"""Hours, as a party's daily work: a day for a whole group, the month, one person, a file."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from routeflow.commands import uren
from routeflow.commands.maanduren import anderen_sluiten
from routeflow.commands.uren import KOP, MAX_BESTAND, Ingelezen, Regel
from routeflow.errors import Conflict, Invalid, NotAllowed, Refusal
from routeflow.inburgering.rechten import Actor, zichtbaar
from routeflow.inburgering.uren import AANWEZIG, AANWEZIGHEID, soorten_van
from routeflow.store import queries
from routeflow.store.models import Uren
from routeflow.store.queries import DossierFilter
from routeflow.store.queries import uren as lijsten
from routeflow.web.deur import (
    actor,
    als_datum,
    bladzijde,
    doe,
    ingestuurd,
    lees,
    naar,
    now,
    tekst,
    vandaag,
)
from routeflow.web.uitvoer import csv_antwoord
from routeflow.web.weergave import MAANDEN, apart, telwoord, waarde

pages = Blueprint("uren", __name__, url_prefix="/uren")

GROEPEN: Final[Mapping[str, str]] = {
    "laatst": "Dezelfde mensen als de laatste keer",
    "B1": "B1-route",
    "Z": "Z-route",
    "onderwijsroute": "Onderwijsroute",
    "alle": "Iedereen",
}
_PORTIE: Final = 500  # dossiers of which a download reads the lines at once
_VROEGST: Final = date(2000, 1, 1)
_TERUG: Final = timedelta(days=400)  # how far back the lines of one person are shown
_GEEN_DAG: Final = "Schrijf een dag die is geweest, als dag-maand-jaar: 05-01-2026."
_VELDEN: Final = ("soort", "uren", "aanwezig", "fysiek", "opmerking")


@dataclass(frozen=True, slots=True)
class Invulrij:
    """One person on the page of a day: what stands there, and what the fields begin with.

    ``sluit``: who closes the month when that is another, so that no lesson can be written here.
    """

    persoon: lijsten.Persoon
    er_staat: Sequence[Uren]
    velden: Mapping[str, str]
    sluit: str


def _eis() -> None:
    if bezwaar := uren.bezwaar_tegen_schrijven(actor()):
        raise NotAllowed(bezwaar)


# ---- a day


@pages.get("/")
def index() -> str:
    _eis()
    gevraagd = request.args.get("dag", "").strip()
    dag = als_datum(gevraagd) if gevraagd else vandaag()
    if isinstance(dag, date) and _VROEGST <= dag <= vandaag():
        return _dag(dag, {}, {})
    return _dag(
        vandaag(), {}, {"dag": f"“{gevraagd[:20]}” kan niet. {_GEEN_DAG} U ziet nu vandaag."}
    )


@pages.post("/")
def schrijf() -> Response | tuple[str, int]:
    _eis()
    dag = als_datum(tekst("dag"))
    if isinstance(dag, str):
        return _dag(vandaag(), request.form, {"dag": _GEEN_DAG}), Invalid.status
    regels = {
        ident: _regel(ident, dag) for ident in _gekozen(request.form) if tekst(f"uren-{ident}")
    }
    try:
        aantal_regels = doe(uren.schrijf_dag, regels)
    except Invalid as onjuist:
        per_veld = {f"uren-{ident}": zin for ident, zin in onjuist.fouten.items()}
        return _dag(dag, request.form, per_veld), onjuist.status
    if aantal_regels:
        wie = telwoord(aantal_regels, "persoon", "personen")
        flash(f"De uren van {dag:%d-%m-%Y} zijn opgeslagen voor {wie}.", "goed")
    else:
        flash("U heeft bij niemand uren ingevuld. Er is niets opgeslagen.", "let-op")
    vraag = {"dag": f"{dag:%d-%m-%Y}", "groep": tekst("groep"), "zoek": tekst("zoek")}
    return naar(".index", **{naam: wat for naam, wat in vraag.items() if wat})


def _regel(ident: UUID, dag: date) -> Regel | str:
    """Return the line of one person as it was typed, or why its hours cannot be read."""
    aantal = _getal(tekst(f"uren-{ident}"))
    if aantal is None:
        return "Schrijf de uren als getal, zoals 1,5 of 3."
    return Regel(
        dag,
        tekst(f"soort-{ident}"),
        aantal,
        tekst(f"aanwezig-{ident}"),
        tekst(f"fysiek-{ident}") != "nee",
        tekst(f"opmerking-{ident}"),
    )


def in_woorden(ingevuld: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return the hours of a day that wait to be sent, by person."""
    namen = lees(lijsten.namen_van, actor(), _gekozen(ingevuld))
    return [
        ("Dag", ingevuld.get("dag", "")),
        *(
            (
                naam,
                f"{uur} uur {ingevuld.get(f'soort-{ident}')}, {ingevuld.get(f'aanwezig-{ident}')}",
            )
            for ident, naam in namen.items()
            if (uur := ingevuld.get(f"uren-{ident}", "").strip())
        ),
    ]


def _gekozen(ingevuld: MultiDict[str, str]) -> list[UUID]:
    """Return the dossiers that stood on the page, no more than a page holds."""
    gekozen = []
    for ident in ingevuld.getlist("dossier")[: lijsten.PER_GROEP]:
        with suppress(ValueError):
            gekozen.append(UUID(ident))
    return gekozen


def _getal(ingevuld: str) -> Decimal | None:
    with suppress(InvalidOperation):
        aantal = Decimal(ingevuld.replace(",", "."))
        return aantal if aantal.is_finite() and aantal.adjusted() < len("1000") else None
    return None


def _dag(dag: date, ingevuld: Mapping[str, str], fouten: Mapping[str, str]) -> str:
    plek = request.form if request.method == "POST" else request.args
    zoek = plek.get("zoek", "").strip()
    dag = min(max(dag, _VROEGST), vandaag())
    mensen, groep, paginas = _mensen(dag, zoek, plek.get("groep", ""))
    ids = [een.id for een in mensen]
    er_staat, eerder = lees(lijsten.voor_dag, actor(), ids, dag)
    soorten = soorten_van(actor().rollen)
    sluiten = lees(anderen_sluiten, ids, actor().partij, now()) if len(soorten) > 1 else {}
    return render_template(
        "uren.html",
        dag=dag,
        groep=groep,
        groepen=GROEPEN,
        zoek=zoek,
        rijen=[
            Invulrij(
                een,
                er_staat.get(een.id, ()),
                _velden(een.id, eerder.get(een.id), ingevuld),
                sluiten.get(een.id, ""),
            )
            for een in mensen
        ],
        namen={f"uren-{een.id}": een.naam for een in mensen} | {"dag": "Dag"},
        fouten=fouten,
        soorten=[(een, een) for een in soorten],
        aanwezigheid=[(een, een) for een in AANWEZIGHEID],
        pagina=bladzijde(),
        paginas=paginas,
        adres=_adres,
        tabs=_tabs("index"),
    )


def _mensen(dag: date, zoek: str, groep: str) -> tuple[list[lijsten.Persoon], str, int]:
    """Return who is on the page, the group that was taken, and how many pages it has."""
    if not zoek and groep in {"", "laatst"}:
        mensen = lees(lijsten.laatste_groep, actor(), dag)
        if mensen or groep:
            return mensen, "laatst", 1
    groep = groep if groep in GROEPEN and groep != "laatst" else "alle"
    lijst = lees(queries.dossiers, actor(), _filter(zoek, groep), vandaag())
    mensen = [lijsten.Persoon(een.id, een.nummer, een.naam) for een in lijst.rijen]
    return mensen, groep, lijst.paginas


def _filter(zoek: str = "", groep: str = "alle") -> DossierFilter:
    wie = actor()
    return DossierFilter(
        zoek=zoek,
        leerroute=None if groep == "alle" else groep,
        casemanager_id=wie.account_id if zichtbaar(wie).dossiers == "alle" else None,
        pagina=bladzijde(),
        per_pagina=lijsten.PER_GROEP,
    )


def _velden(ident: UUID, eerder: Uren | None, ingevuld: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields begin with: what was typed, else as the last time (but no hours of it)."""
    begin = {
        "soort": eerder.soort if eerder else soorten_van(actor().rollen)[0],
        "uren": "",
        "aanwezig": AANWEZIG,
        "fysiek": "nee" if eerder and not eerder.fysiek else "ja",
        "opmerking": "",
        "laatst": waarde(Decimal(eerder.kwartieren) / 4) if eerder else "",
    }
    return begin | {
        naam: ingevuld[f"{naam}-{ident}"] for naam in _VELDEN if f"{naam}-{ident}" in ingevuld
    }


# ---- a month


@pages.get("/maand")
def maand() -> str:
    _eis()
    eerste = _maand(request.args.get("maand", ""))
    laatste = _laatste(eerste)
    lijst = lees(queries.dossiers, actor(), _filter(), vandaag())
    volgende = laatste + timedelta(days=1)
    return render_template(
        "uren_maand.html",
        eerste=eerste,
        naam=_maandnaam(eerste),
        maandnaam=_maandnaam,
        vorige=eerste - timedelta(days=1),
        volgende=volgende if volgende <= vandaag() else None,
        standen=lees(lijsten.maand, actor(), lijst.rijen, eerste, laatste),
        pagina=lijst.pagina,
        paginas=lijst.paginas,
        adres=_adres,
        tabs=_tabs("maand"),
    )


@pages.post("/maand/sluit")
def sluit() -> Response:
    """Close the months that were chosen, each in its own transaction; say of each how it went."""
    _eis()
    gekozen = request.form.getlist("taak")[: lijsten.PER_GROEP]
    gesloten = 0
    for ident in gekozen:
        wie = tekst(f"naam-{ident}") or "Een maand"
        try:
            doe(uren.sluit_maand, UUID(ident))
        except ValueError:
            continue
        except Invalid as onjuist:
            flash(f"{apart(wie)}: {'; '.join(onjuist.fouten.values()) or onjuist}", "fout")
        except Refusal as reden:
            flash(f"{apart(wie)}: {reden}", "fout")
        else:
            gesloten += 1
            flash(f"{apart(wie)}: de maand is afgesloten.", "goed")
    if not gesloten and not gekozen:
        flash("Kies bij wie u de maand afsluit.", "let-op")
    return naar(".maand", maand=f"{_maand(tekst('maand')):%Y-%m}")


@pages.get("/maand.csv")
def uitvoer() -> Response:
    _eis()
    eerste = _maand(request.args.get("maand", ""))
    filter_ = replace(_filter(), pagina=1, per_pagina=_PORTIE)
    return lees(_uitvoer, actor(), filter_, eerste, vandaag())


def _uitvoer(
    session: Session, wie: Actor, filter_: DossierFilter, eerste: date, dag: date
) -> Response:
    regels = _regels(session, wie, filter_, eerste, dag)
    return csv_antwoord(
        f"uren-{eerste:%Y-%m}",
        KOP,
        (
            (
                nummer,
                rij.datum,
                rij.soort,
                Decimal(rij.kwartieren) / 4,
                rij.aanwezig,
                rij.fysiek,
                rij.opmerking,
            )
            for nummer, rij in regels
        ),
    )


def _regels(
    session: Session, wie: Actor, filter_: DossierFilter, eerste: date, dag: date
) -> Iterator[tuple[str, Uren]]:
    """Yield the lines of a month with the nummer of their dossier, a portion of dossiers at a time."""
    na: str | None = ""
    while na is not None:
        lijst = queries.dossiers(session, wie, replace(filter_, na=na or None), dag)
        ids = [een.id for een in lijst.rijen]
        per = lijsten.regels_van(session, wie, ids, eerste, _laatste(eerste))
        for een in lijst.rijen:
            yield from ((een.nummer, rij) for rij in reversed(per.get(een.id, [])))
        na = lijst.volgende


def _maand(gevraagd: str) -> date:
    with suppress(ValueError):
        jaar, nummer = (int(deel) for deel in gevraagd.split("-"))
        return min(max(date(jaar, nummer, 1), _VROEGST), vandaag().replace(day=1))
    return vandaag().replace(day=1)


def _laatste(eerste: date) -> date:
    """Return the last day of the month that begins on ``eerste``."""
    return (eerste + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _maandnaam(dag: date) -> str:
    return f"{MAANDEN[dag.month - 1]} {dag.year}"


# ---- one person


@pages.get("/persoon/<uuid:dossier_id>")
def persoon(dossier_id: UUID) -> str:
    _eis()
    detail = lees(queries.dossier_detail, actor(), dossier_id, vandaag())
    regels = lees(lijsten.regels_van, actor(), [dossier_id], vandaag() - _TERUG, vandaag()).get(
        dossier_id, []
    )
    return render_template(
        "uren_persoon.html", dossier=detail.dossier, regels=regels, tabs=_tabs("maand")
    )


@pages.post("/<int:uren_id>/terug")
def neem_terug(uren_id: int) -> Response:
    _eis()
    try:
        rij = doe(uren.neem_terug, uren_id)
    except Conflict as te_laat:
        flash(str(te_laat), "fout")
        return naar(".maand")
    flash(f"De regel van {rij.datum:%d-%m-%Y} is teruggenomen.", "goed")
    return naar(".persoon", dossier_id=rij.dossier_id)


# ---- a file


@pages.get("/bestand")
def bestand() -> str:
    _eis()
    return _bestand({}, None, "")


@pages.post("/bestand")
def lees_in() -> Response | str | tuple[str, int]:
    """Look at a file without keeping it; the page then holds it, so that reading it in is one press."""
    _eis()
    try:
        inhoud = ingestuurd("bestand", MAX_BESTAND)
        gezien: Ingelezen = doe(
            uren.importeer if tekst("doe") == "inlezen" else uren.bekijk, inhoud
        )
    except Invalid as onjuist:
        return _bestand(onjuist.fouten, None, ""), onjuist.status
    if tekst("doe") == "inlezen":
        flash(f"{_telling(gezien)} ingelezen.", "goed")
        return naar(".maand")
    return _bestand({}, _telling(gezien), base64.b64encode(inhoud).decode())


def _telling(gezien: Ingelezen) -> str:
    regels = telwoord(gezien.regels, "regel", "regels")
    return f"{regels} voor {telwoord(gezien.dossiers, 'persoon', 'personen')}"


def _bestand(fouten: Mapping[str, str], gezien: str | None, inhoud: str) -> str:
    return render_template(
        "uren_bestand.html",
        fouten=fouten,
        gezien=gezien,
        inhoud=inhoud,
        kop=KOP,
        tabs=_tabs("bestand"),
    )


@pages.get("/voorbeeld.csv")
def voorbeeld() -> Response:
    _eis()
    return csv_antwoord("uren-voorbeeld", KOP, [])


def _tabs(hier: str) -> list[tuple[str, str, bool, None]]:
    return [
        (naam, url_for(f".{endpoint}"), endpoint == hier, None)
        for endpoint, naam in (
            ("index", "Een dag invullen"),
            ("maand", "Overzicht per maand"),
            ("bestand", "Bestand inlezen"),
        )
    ]


def _adres(pagina: int) -> str:
    """Return the address of another page of this list."""
    endpoint = ".maand" if request.path.endswith("/maand") else ".index"
    vraag = {naam: request.values.get(naam) for naam in ("dag", "groep", "zoek", "maand")}
    delen = {naam: wat for naam, wat in vraag.items() if wat}
    return url_for(endpoint, _external=False, **delen, pagina=pagina)
