"""One taak: its form, why it is asked, and what comes after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow import forms
from routeflow.commands import naleving, taken, termijnblad
from routeflow.commands.berichtsoorten import SOORTEN, VERWACHT
from routeflow.commands.maanduren import MAANDTAAK, participatie
from routeflow.commands.uren import bezwaar_tegen_schrijven
from routeflow.errors import Conflict, Invalid, NotAllowed, Refusal
from routeflow.forms.answers import ROW_BUTTON
from routeflow.inburgering.rechten import (
    Actor,
    Handeling,
    bezwaar_tegen,
)
from routeflow.inburgering.sancties import Bezwaar, plicht_bij
from routeflow.store import queries, schermen
from routeflow.store.models import Account, Taak
from routeflow.store.queries import DossierDetail, JournaalRij
from routeflow.store.queries.gezin import botsing
from routeflow.store.waarden import from_json
from routeflow.web.boek import Boek, boek
from routeflow.web.deur import actor, doe, kan, lees, mag, naar, now, vandaag
from routeflow.web.termijnen import noteer_gezien
from routeflow.web.weergave import apart, leesbaar

pages = Blueprint("taken", __name__, url_prefix="/taken")

# What helps with any taak; what this taak needs stands in its form.
_PLICHTEN = {
    "intake": "brede intake",
    "begeleiding": "begeleiding",
    "PVT": "participatieverklaring (PVT)",
    "MAP": "module arbeidsmarkt (MAP)",
    "leerroute": "leerroute",
    "ontzorgen": "ontzorgen",
}
_STRAKS = 3  # of each kind of waiting
_OVER_DE_PERSOON = frozenset(
    {
        "telefoon",
        "email",
        "taal",
        "voorkeurstaal",
        "tolkNodig",
        "gezin",
        "leerroute",
        "doelgroep",
        "geboortedatum",
    }
)


@dataclass(frozen=True, slots=True)
class Blad:
    """What is read for the page of one taak, in one moment of the database."""

    taak: Taak
    vel: taken.Taakblad
    detail: DossierDetail
    laatste: tuple[JournaalRij, ...]
    behandelaars: list[Account]
    termijnen: frozenset[str]
    ingevuld: Mapping[str, Any]
    participatie: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Vervolg:
    """A step that came out of a taak; ``te_zien`` says whether the reader may open it."""

    taak: Taak
    te_zien: bool


@dataclass(frozen=True, slots=True)
class Straks:
    """For what a route waits when no step came out of a taak: the nearest, no more than a few."""

    gesloten: bool
    momenten: list[tuple[datetime, str]]
    berichten: list[str]
    taken: list[Taak]


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What was filled in at one question of a taak; ``nu`` is what replaced it since, if anything."""

    vraag: str
    waarde: str
    nu: str | None = None


@pages.get("/<uuid:taak_id>")
def toon(taak_id: UUID) -> str:
    blad = lees(_blad, actor(), taak_id)
    pagina = _pagina(blad)
    noteer_gezien(blad.taak.dossier_id, blad.termijnen, taak_id=taak_id)
    return pagina


@pages.post("/<uuid:taak_id>")
def verstuur(taak_id: UUID) -> Response | str | tuple[str, int]:
    if ROW_BUTTON in request.form:  # one row more or less in a list, without JavaScript
        blad = lees(_blad, actor(), taak_id)
        return _pagina(blad, forms.wijzig_rijen(blad.vel.formulier, request.form))
    try:
        if request.form.get("actie") == "concept":
            return _bewaar(taak_id)
        doe(taken.complete_taak, taak_id, request.form)
    except Invalid as onjuist:
        blad = lees(_blad, actor(), taak_id)
        return _pagina(blad, request.form, onjuist.fouten), onjuist.status
    except (Conflict, NotAllowed) as bezwaar:
        return _geweigerd(taak_id, bezwaar)
    return naar(".klaar", taak_id=taak_id)


def _bewaar(taak_id: UUID) -> Response:
    blad = lees(_blad, actor(), taak_id)
    doe(taken.save_concept, taak_id, forms.plain(blad.vel.formulier, request.form))
    flash("Uw antwoorden zijn bewaard. De taak is nog niet afgerond.", "goed")
    return naar(".toon", taak_id=taak_id)


def _geweigerd(taak_id: UUID, bezwaar: Refusal) -> Response | tuple[str, int]:
    """Answer who sends a taak that is not theirs to fill in any more.

    That is their own second click, or it shows what they lose by it. Raises NotAllowed when they
    may not see the taak, and ``bezwaar`` when the page of the taak would not say what is in the way.
    """
    blad = lees(_blad, actor(), taak_id)
    if _vrij(blad):
        raise bezwaar
    eigen = blad.taak.status == "gedaan" and blad.taak.gesloten_door == actor().naam
    if eigen and lees(_herhaalt, taak_id):
        flash("U rondde deze taak al af. Wat u toen invulde, is bewaard.", "info")
        return naar(".klaar", taak_id=taak_id)
    return _pagina(blad, request.form), bezwaar.status


def _vrij(blad: Blad) -> bool:
    """Say whether who looks may fill the form in."""
    return _mag_invullen(blad.taak) and blad.vel.bezwaar is None


def _herhaalt(session: Session, taak_id: UUID) -> bool:
    taak = session.get_one(Taak, taak_id)
    return taken.zegt_hetzelfde(session, taak, request.form, now=now())


@pages.get("/<uuid:taak_id>/klaar")
def klaar(taak_id: UUID) -> str | Response:
    taak = lees(queries.taak, actor(), taak_id)
    if taak.status == "open":
        return naar(".toon", taak_id=taak_id)
    vervolg = lees(_vervolg, actor(), taak)
    straks = None if vervolg else lees(_straks, actor(), taak)
    return render_template("taak_klaar.html", taak=taak, vervolg=vervolg, straks=straks)


@pages.get("/<uuid:taak_id>/vermoeden")
def vermoeden(taak_id: UUID) -> str:
    mag(Handeling.VERMOEDEN_MELDEN)
    return _vermoeden(lees(_meldbaar, actor(), taak_id))


@pages.post("/<uuid:taak_id>/vermoeden")
def meld_vermoeden(taak_id: UUID) -> Response | tuple[str, int]:
    gegevens = {naam: request.form.get(naam, "").strip() for naam in ("plicht", "toelichting")}
    fouten = {
        naam: zin
        for naam, zin in (
            ("plicht", "Kies om welke plicht het gaat."),
            ("toelichting", "Schrijf op wat er is gebeurd en hoe u contact zocht."),
        )
        if not gegevens[naam]
    }
    if fouten:
        return _vermoeden(lees(_meldbaar, actor(), taak_id), gegevens, fouten), Invalid.status
    try:
        dossier = doe(naleving.meld_vermoeden, taak_id, gegevens)
    except Invalid as onjuist:
        blad = lees(_meldbaar, actor(), taak_id)
        return _vermoeden(blad, gegevens, onjuist.fouten), onjuist.status
    flash(
        "U heeft het vermoeden gemeld. Eerst wordt contact gezocht en onderzocht wat er aan de "
        "hand is.",
        "goed",
    )
    return naar("dossiers.toon", dossier_id=dossier.id)


def _blad(session: Session, wie: Actor, taak_id: UUID) -> Blad:
    taak = queries.taak(session, wie, taak_id)
    leest_journaal = kan(Handeling.JOURNAAL_LEZEN)
    return Blad(
        taak,
        taken.taakblad(session, taak, by=wie, now=now()),
        queries.dossier_detail(session, wie, taak.dossier_id, vandaag()),
        queries.journaal(session, wie, taak.dossier_id, per_pagina=4).rijen
        if leest_journaal
        else (),
        taken.kandidaten(session, taak) if _mag_toewijzen(taak) else [],
        termijnblad.namen_van(session, taak),
        schermen.ingevuld(session, taak) if taak.status == "gedaan" else {},
        participatie(session, taak) if taak.status == "open" and _mag_invullen(taak) else {},
    )


def _mag_toewijzen(taak: Taak) -> bool:
    bezwaar = bezwaar_tegen(
        actor(),
        Handeling.TAAK_TOEWIJZEN,
        rol=taak.rol,
        partij=taak.partij,
        samen_met=taak.samen_met,
    )
    return taak.status == "open" and bezwaar is None


def _mag_invullen(taak: Taak) -> bool:
    bezwaar = bezwaar_tegen(
        actor(),
        Handeling.TAAK_VOLTOOIEN,
        rol=taak.rol,
        partij=taak.partij,
        samen_met=taak.samen_met,
        behandelaar_id=taak.behandelaar_id,
    )
    return taak.status == "open" and bezwaar is None


def _vervolg(session: Session, wie: Actor, taak: Taak) -> list[Vervolg]:
    return [
        Vervolg(volgende, _mag_zien(session, wie, volgende.id))
        for volgende in schermen.ontstaan_uit(session, taak)
    ]


def _straks(session: Session, wie: Actor, taak: Taak) -> Straks | None:
    """Return for what the route waits, of this process first; None when the reader is done here."""
    try:
        detail = queries.dossier_detail(session, wie, taak.dossier_id, vandaag())
    except NotAllowed:
        return None
    versie = boek(detail.deployment_id)
    momenten = sorted(
        ((versie.proces_van(een.element) != taak.proces, een.op, een.naam or leesbaar(een.element))
         for een in detail.termijnen if een.op),
        key=lambda een: een[:2],
    )  # fmt: skip
    return Straks(
        detail.dossier.gesloten_op is not None,
        [(op, naam) for _, op, naam in momenten[:_STRAKS]],
        [SOORTEN[naam].betekenis for naam in detail.wacht_op if naam in VERWACHT][:_STRAKS],
        list(detail.open_taken[:_STRAKS]),
    )


def _mag_zien(session: Session, wie: Actor, taak_id: UUID) -> bool:
    try:
        queries.taak(session, wie, taak_id)
    except NotAllowed:
        return False
    return True


def _meldbaar(session: Session, wie: Actor, taak_id: UUID) -> Taak:
    taak = queries.taak(session, wie, taak_id)
    if not meldbaar(taak):
        raise Conflict(
            "U kunt hier geen vermoeden melden. Dat kan alleen bij een stap van de inburgeraar "
            "die te laat is."
        )
    return taak


def meldbaar(taak: Taak) -> bool:
    """Say whether the button may be shown; the command decides."""
    stap = boek(taak.deployment_id).stap(taak.proces, taak.element)
    recht = stap is not None and stap.properties.get(naleving.VERWIJTBAAR) == "nee"
    return (
        taak.status == "open"
        and not recht
        and naleving.is_van_inburgeraar(taak)
        and taak.uiterlijk is not None
        and taak.uiterlijk < vandaag()
    )


def _pagina(
    blad: Blad,
    rauw: Mapping[str, Any] | None = None,
    fouten: Mapping[str, str] | None = None,
) -> str:
    taak = blad.taak
    versie = boek(taak.deployment_id)
    gevraagd = {veld.key for veld in blad.vel.formulier.alle}
    return render_template(
        "taak.html",
        blad=blad,
        taak=taak,
        dossier=blad.detail.dossier,
        boek=versie,
        weg=_weg(versie, taak),
        vel=_weergave(blad, rauw),
        fouten=fouten or {},
        antwoorden=_antwoorden(blad) if taak.status == "gedaan" else [],
        niet_bewaard=_getikt(blad, rauw) if rauw and not _vrij(blad) else [],
        feiten=[
            feit
            for feit in blad.detail.feiten
            if feit.naam in _OVER_DE_PERSOON and feit.naam not in gevraagd
        ],
        mag_invullen=_vrij(blad),
        meldbaar=meldbaar(taak) and kan(Handeling.VERMOEDEN_MELDEN),
        schrijft_uren=taak.element == MAANDTAAK and bezwaar_tegen_schrijven(actor()) is None,
    )


def _antwoorden(blad: Blad) -> list[Antwoord]:
    """Return what was filled in at a taak that is done, as far as the reader may see it."""
    toen = {**blad.ingevuld, **from_json(blad.taak.antwoorden or {})}
    gevonden = []
    for veld in blad.vel.formulier.alle:
        if not veld.vraagt or veld.key not in blad.vel.bekend:
            continue
        nu = blad.vel.bekend[veld.key]
        if veld.key not in toen and (veld.verberg or veld.opnieuw):
            continue  # known from elsewhere; perhaps never asked here
        waarde = toen.get(veld.key, nu)
        anders = veld.in_woorden(nu) if nu != waarde else None
        gevonden.append(Antwoord(veld.label or veld.key, veld.in_woorden(waarde), anders))
    return gevonden


def _getikt(blad: Blad, rauw: Mapping[str, Any]) -> list[Antwoord]:
    """Return what somebody typed that could not be kept, so that it is not lost on them."""
    gestuurd = forms.plain(blad.vel.formulier, rauw)
    return [
        Antwoord(veld.label or veld.key, veld.in_woorden(gestuurd[veld.key]))
        for veld in blad.vel.formulier.alle
        if gestuurd.get(veld.key)
    ]


def brief_in_woorden(rauw: Mapping[str, Any], taak_id: UUID) -> list[tuple[str, str]]:
    """Return what waits to be put in the letter of a taak."""
    return in_woorden(rauw, taak_id, keuze="Maak de brief")


def in_woorden(rauw: Mapping[str, Any], taak_id: UUID, *, keuze: str = "") -> list[tuple[str, str]]:
    """Return what waits to be sent for a taak, by the questions of its form."""
    blad = lees(_blad, actor(), taak_id)
    keuze = "Bewaar concept" if rauw.get("actie") == "concept" else keuze
    return [
        ("Taak", f"{blad.taak.naam}, {apart(blad.detail.dossier.naam)}"),
        *([("U koos", keuze)] if keuze else []),
        *((een.vraag, een.waarde) for een in _getikt(blad, rauw)),
    ]


def _weergave(blad: Blad, rauw: Mapping[str, Any] | None) -> forms.Weergave:
    """Return the form with what this reader may see of it."""
    vel = blad.vel
    return forms.weergave(vel.formulier, vel.bekend, rauw or vel.concept, now=now(), weg=vel.weg)


def _weg(versie: Boek, taak: Taak) -> list[str]:
    """Return the names of the processes around a taak, the outermost first."""
    processen = [versie.proces_van(element) for element in taak.pad]
    namen = [versie.naam_van(proces) for proces in processen if proces]
    return list(dict.fromkeys([*namen, versie.naam_van(taak.proces)]))


def _per_reden(plichten: Iterable[tuple[str, Bezwaar | None]]) -> list[tuple[str, Bezwaar]]:
    """Return why duties are not there, each reason once with the duties before it."""
    per: dict[Bezwaar, list[str]] = {}
    for plicht, bezwaar in plichten:
        if bezwaar is not None:
            per.setdefault(bezwaar, []).append(_PLICHTEN[plicht])
    return [(", ".join(namen), bezwaar) for bezwaar, namen in per.items()]


def _vermoeden(
    taak: Taak,
    gegevens: Mapping[str, str] | None = None,
    fouten: Mapping[str, str] | None = None,
) -> str:
    plichten = lees(naleving.plichten, taak)
    return render_template(
        "vermoeden.html",
        taak=taak,
        plichten=[(plicht, _PLICHTEN[plicht]) for plicht, bezwaar in plichten if bezwaar is None],
        zonder=_per_reden(plichten),
        past=plicht_bij(taak.onderdeel),
        gegevens=gegevens or {},
        fouten=fouten or {},
        botsing=lees(botsing, taak.dossier_id),
    )
