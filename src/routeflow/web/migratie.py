"""Lopende dossiers naar een andere versie: first a table of what happens, then the button.

Each dossier goes in a transaction of its own, some at a time. Whoever stops, or loses the
connection, comes back to this page and goes on with the rest.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from routeflow.commands import migratie
from routeflow.commands.migratie import Voorstel
from routeflow.engine import Moeilijkheid
from routeflow.errors import Invalid
from routeflow.inburgering.rechten import Handeling
from routeflow.store import schermen
from routeflow.web.boek import Boek, boek
from routeflow.web.deur import actor, doe, lees, mag, naar, now, tekst
from routeflow.web.weergave import telwoord

pages = Blueprint("migratie", __name__, url_prefix="/processen/<int:versie>/migreren")

_VELD = "vertaling:"  # the name of a choice: vertaling:<proces>:<onderdeel>


@dataclass(frozen=True, slots=True)
class Knelpunt:
    """One reason why dossiers stay, how many, and what may be chosen to go on with instead."""

    reden: Moeilijkheid
    aantal: int
    veld: str
    keuzes: tuple[tuple[str, str], ...]
    gekozen: str


@pages.get("/")
def index(versie: int) -> str:
    mag(Handeling.MIGREREN)
    return _pagina(versie, request.args)


@pages.post("/")
def migreer(versie: int) -> Response | str | tuple[str, int]:
    mag(Handeling.MIGREREN)
    vertaling = _vertaling(request.form)
    na, reden = tekst("na"), tekst("reden")
    if not reden:
        fout = {"reden": "Schrijf in een zin waarom lopende dossiers naar deze versie gaan."}
        return _pagina(versie, request.form, fout), Invalid.status
    stapel = lees(migratie.te_gaan, versie, na=na)
    breng = partial(doe, migratie.migrate_dossier, naar=versie, reden=reden, mapping=vertaling)
    voorstellen = [
        migratie.probeer(Voorstel(dossier_id, nummer, versie), partial(breng, dossier_id))
        for dossier_id, nummer in stapel
    ]
    over = sum(een.kan for een in voorstellen)
    blijft = len(voorstellen) - over
    zin = f"{telwoord(over, 'dossier is', 'dossiers zijn')} over op versie {versie}."
    if blijft:
        zin += f" {telwoord(blijft, 'dossier blijft', 'dossiers blijven')} op de eigen versie."
    flash(zin, "goed" if over else "let-op")
    keuzes = {naam: waarde for naam, waarde in request.form.items() if naam.startswith(_VELD)}
    verder = {"na": stapel[-1][1]} if len(stapel) == migratie.STAPEL else {}
    return naar(".index", versie=versie, **verder, **keuzes)


def _pagina(
    versie: int, invoer: MultiDict[str, str], fouten: Mapping[str, str] | None = None
) -> str:
    doel = boek(versie)
    fouten = dict(fouten or {})
    vertaling = _vertaling(invoer)
    na = invoer.get("na", "")
    try:
        voorstellen, rest = lees(_kijk, versie, na, vertaling)
    except Invalid as onjuist:
        fouten |= {f"{_VELD}{naam.replace('.', ':')}": zin for naam, zin in onjuist.fouten.items()}
        voorstellen, rest = lees(_kijk, versie, na, {})
    return render_template(
        "migreren.html",
        doel=doel,
        lopend=lees(migratie.lopend),
        versies={een.id: een for een in lees(schermen.deployments)},
        voorstellen=voorstellen,
        gaan=[een for een in voorstellen if een.kan],
        knelpunten=_knelpunten(voorstellen, doel, vertaling),
        keuzes={
            f"{_VELD}{proces}:{oud}": nieuw
            for proces, namen in vertaling.items()
            for oud, nieuw in namen.items()
        },
        rest=rest,
        volgende=url_for(".index", versie=versie, na=rest, **_zonder_na(invoer)) if rest else None,
        na=na,
        reden=invoer.get("reden", ""),
        fouten=fouten,
    )


def _kijk(
    session: Session, versie: int, na: str, vertaling: Mapping[str, Mapping[str, str]]
) -> tuple[list[Voorstel], str]:
    """Return what would happen to the next dossiers; and the last number, if more come after it."""
    rijen = migratie.te_gaan(session, versie, na=na, aantal=migratie.STAPEL + 1)
    deze = [dossier_id for dossier_id, _ in rijen[: migratie.STAPEL]]
    gezien = migratie.plan(session, deze, naar=versie, mapping=vertaling, by=actor(), now=now())
    return gezien, rijen[migratie.STAPEL - 1][1] if len(rijen) > migratie.STAPEL else ""


def _vertaling(invoer: MultiDict[str, str]) -> dict[str, dict[str, str]]:
    """Return the choices of the form as a mapping: proces -> (oud -> nieuw)."""
    gekozen: dict[str, dict[str, str]] = {}
    for naam, nieuw in invoer.items():
        proces, _, oud = naam.removeprefix(_VELD).partition(":")
        if naam.startswith(_VELD) and proces and oud and nieuw:
            gekozen.setdefault(proces, {})[oud] = nieuw
    return gekozen


def _zonder_na(invoer: MultiDict[str, str]) -> dict[str, Any]:
    return {
        naam: waarde
        for naam, waarde in invoer.items()
        if waarde and (naam == "reden" or naam.startswith(_VELD))
    }


def _knelpunten(
    voorstellen: list[Voorstel], doel: Boek, vertaling: Mapping[str, Mapping[str, str]]
) -> list[Knelpunt]:
    """Return the reasons, and the choices that were made: those can be made otherwise."""
    redenen = Counter(reden for een in voorstellen for reden in een.moeilijkheden)
    bekend = {(reden.process, reden.element) for reden in redenen}
    for proces, namen in vertaling.items():
        for oud in namen:
            if (proces, oud) not in bekend:
                redenen[
                    Moeilijkheid(proces, oud, f"{oud} gaat verder bij de stap van uw keuze.")
                ] = 0
    return [
        Knelpunt(
            reden,
            aantal,
            f"{_VELD}{reden.process}:{reden.element}",
            _keuzes(reden, doel),
            vertaling.get(reden.process, {}).get(reden.element, ""),
        )
        for reden, aantal in redenen.most_common()
    ]


def _keuzes(reden: Moeilijkheid, doel: Boek) -> tuple[tuple[str, str], ...]:
    """Return the steps with a name in the new version of the same process."""
    if reden.process == reden.element:
        return tuple((code, doel.naam_van(code)) for code in doel.processen)
    return tuple((stap.id, stap.name) for stap in doel.stappen.get(reden.process, ()) if stap.name)
