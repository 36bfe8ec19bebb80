"""Processen: what is published, how it looks, and the way to publish a new version.

Check and publish are two steps with a person between them. What was checked travels in the
page itself, compressed and signed for this person and this version of the set: nothing is kept
on the server, nothing in it is executed, and publishing checks it all again.
"""

import base64
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Antwoord

from routeflow import forms
from routeflow.commands import deployments, migratie
from routeflow.engine import Change, Finding, changes
from routeflow.engine.table_view import tables
from routeflow.engine.xml import as_utf8
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.rechten import Handeling
from routeflow.store import schermen
from routeflow.web.boek import Boek, boek
from routeflow.web.deur import actor, doe, huis, kan, lees, mag, naar, now, tekst, xml

Oordeel = Antwoord | str | tuple[str, int]

pages = Blueprint("processen", __name__, url_prefix="/processen")

_MEGABYTE = 1024 * 1024
MAX_BESTAND = 2 * _MEGABYTE
MAX_SET = 16 * _MEGABYTE
MAX_AANTAL = 300
MAX_ANDERS = 200  # changes that are told of one file
GELDIG = 60 * 60 * 4  # seconds between check and publish

_NAAM = re.compile(r"\w[\w .()+-]{0,99}")
_INGEPAKT = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others unpack all at once
_OOK_BPMN = {".xml", ".bpmn2"}  # what other tools call such a file
_MAPPEN = {
    ".bpmn": "processes",
    ".dmn": "processes",
    ".form": "forms",
    ".json": "processes/element-templates",
}


@dataclass(frozen=True, slots=True)
class Verschil:
    """How one file differs from that of another version: ``anders`` is told up to a limit."""

    pad: str
    wat: str
    anders: tuple[Change, ...]
    meer: int = 0


def _alleen_lezers() -> None:
    mag(Handeling.PROCES_INZIEN)


pages.before_request(_alleen_lezers)


@pages.get("/")
def index() -> str:
    huidig, versies = lees(_stand)
    return render_template(
        "processen.html",
        huidig=huidig,
        versies=versies,
        boek=boek(huidig.id) if huidig else None,
        tabellen=[pad for pad in sorted(boek(huidig.id).bestanden) if pad.endswith(".dmn")]
        if huidig
        else [],
        mag_publiceren=kan(Handeling.PUBLICEREN),
        mag_migreren=kan(Handeling.MIGREREN),
        lopend=lees(migratie.lopend) if kan(Handeling.MIGREREN) else {},
    )


@pages.get("/<int:versie>/proces/<proces>")
def proces(versie: int, proces: str) -> str:
    gelezen = _boek_met(versie, proces)
    return render_template(
        "proces.html",
        boek=gelezen,
        proces=proces,
        stappen=[stap for stap in gelezen.stappen[proces] if stap.name],
    )


@pages.get("/<int:versie>/proces/<proces>.bpmn")
def tekening(versie: int, proces: str) -> Antwoord:
    gelezen = _boek_met(versie, proces)
    return xml(gelezen.bestanden[gelezen.plaats[proces]])


@pages.get("/<int:versie>/tabel/<path:pad>")
def tabel(versie: int, pad: str) -> str:
    gelezen = boek(versie)
    if not pad.endswith(".dmn") or pad not in gelezen.bestanden:
        raise NotFound("Deze beslistabel bestaat niet.")
    return render_template(
        "tabel.html",
        boek=gelezen,
        pad=pad,
        tabellen=tables(gelezen.bestanden[pad], pad),
    )


@pages.get("/<int:versie>/formulier/<naam>")
def voorbeeld(versie: int, naam: str) -> str:
    gelezen = boek(versie)
    inhoud = gelezen.bestanden.get(f"forms/{naam}.form")
    if inhoud is None:
        raise NotFound("Dit formulier bestaat niet.")
    return render_template(
        "formulier_voorbeeld.html",
        boek=gelezen,
        naam=naam,
        vel=forms.weergave(forms.load(inhoud), {}, now=now()),
        stappen=[
            (proces, stap)
            for proces, stappen in gelezen.stappen.items()
            for stap in stappen
            if stap.form == naam
        ],
    )


@pages.get("/<int:versie>.zip")
def download(versie: int) -> Response:
    inhoud = io.BytesIO()
    with zipfile.ZipFile(inhoud, "w", zipfile.ZIP_DEFLATED) as archief:
        for pad, bestand in sorted(boek(versie).bestanden.items()):
            archief.writestr(zipfile.ZipInfo(pad), bestand)
    naam = f"routeflow-processen-versie-{versie}.zip"
    return Response(
        inhoud.getvalue(),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{naam}"'},
    )


@pages.get("/<int:versie>/verschillen")
def verschillen(versie: int) -> str:
    """Show what a version changed, beside the one before it."""
    _, versies = lees(_stand)
    vorige = max((een.id for een in versies if een.id < versie), default=None)
    nieuw, oud = boek(versie).bestanden, boek(vorige).bestanden if vorige else {}
    paden = [pad for pad in {*oud, *nieuw} if oud.get(pad) != nieuw.get(pad)]
    return render_template(
        "verschillen.html",
        versie=next(een for een in versies if een.id == versie),
        vorige=vorige,
        verschillen=_verschillen(oud, {pad: nieuw.get(pad) for pad in paden}) if vorige else [],
    )


@pages.get("/nieuw")
def nieuw() -> str:
    mag(Handeling.PUBLICEREN)
    return render_template("publiceren.html", fouten={})


def _om_beurten(view: Callable[[], Oordeel]) -> Callable[[], Oordeel]:
    """Let who may publish do ``view``, one at a time: judging a set takes memory."""

    @wraps(view)
    def beurt() -> Oordeel:
        mag(Handeling.PUBLICEREN)
        with huis().keuring:
            return view()

    return beurt


@pages.post("/nieuw")
@_om_beurten
def controleer() -> Oordeel:
    huidig, _ = lees(_stand)
    oud = boek(huidig.id).bestanden if huidig else {}
    try:
        geladen = _pak_uit(request.files.getlist("bestanden"))
    except Invalid as onjuist:
        return render_template("publiceren.html", fouten=onjuist.fouten), onjuist.status
    samen = {**oud, **geladen}
    anders = {pad: inhoud for pad, inhoud in geladen.items() if oud.get(pad) != inhoud}
    return _oordeel(huidig.id if huidig else 0, oud, samen, anders)


@pages.post("/publiceer")
@_om_beurten
def publiceer() -> Oordeel:
    huidig, _ = lees(_stand)
    basis, anders = _open_concept(request.form.get("concept", ""))
    oud = boek(huidig.id).bestanden if huidig else {}
    samen = {**oud, **anders}
    if huidig and samen == oud:  # sent once more: it is in service already
        flash(f"Versie {huidig.id} is in gebruik voor nieuwe dossiers.", "goed")
        return naar(".index")
    reden = tekst("reden")
    if not reden:
        zin = {"reden": "Schrijf in een zin wat er verandert en waarom."}
        return _oordeel(basis, oud, samen, anders, zin), Invalid.status
    try:
        gemaakt = doe(deployments.publish, samen, reden=reden, basis=basis)
    except deployments.Afgekeurd:
        return _oordeel(basis, oud, samen, anders), Invalid.status
    flash(
        f"Versie {gemaakt.id} is in gebruik voor nieuwe dossiers. "
        "Lopende dossiers blijven op hun eigen versie, tot u ze overbrengt.",
        "goed",
    )
    return naar(".index")


def _oordeel(
    basis: int,
    oud: Mapping[str, bytes],
    samen: Mapping[str, bytes],
    anders: Mapping[str, bytes],
    fouten: Mapping[str, str] | None = None,
) -> str:
    bevindingen = deployments.check(samen)
    onleesbaar = [een for een in bevindingen if een.code == "xml"]
    return render_template(
        "oordeel.html",
        verschillen=_verschillen(oud, anders),
        bevindingen=onleesbaar or bevindingen,  # the rest follows from what cannot be read
        te_publiceren=bool(anders) and not any(een.severity == "fout" for een in bevindingen),
        tekeningen=_tekeningen(samen, bevindingen),
        concept=_sluit_concept(basis, anders),
        fouten=fouten or {},
        reden=tekst("reden"),
    )


def _tekeningen(samen: Mapping[str, bytes], bevindingen: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the diagrams that have findings, with the diagram itself: it is not published yet.

    What lies on a path that breaks a safeguard is marked too, in each diagram that it passes.
    """
    merken: dict[str, dict[str, dict[str, str]]] = {}
    for een in bevindingen:
        for pad, element in een.path:
            merken.setdefault(pad, {}).setdefault(
                element, {"status": "pad", "tekst": f"Op het pad naar {een.name or een.element}."}
            )
    for een in bevindingen:
        if een.file.endswith(".bpmn") and een.element:
            _merk(merken.setdefault(een.file, {}), een.element, een)
    return [
        {
            "pad": pad,
            "xml": "data:application/xml;base64," + base64.b64encode(as_utf8(samen[pad])).decode(),
            "status": status,
        }
        for pad, status in merken.items()
        if pad in samen
    ]


def _verschillen(oud: Mapping[str, bytes], anders: Mapping[str, bytes | None]) -> list[Verschil]:
    return [_verschil(pad, oud.get(pad), anders[pad]) for pad in sorted(anders)]


def _verschil(pad: str, oud: bytes | None, nieuw: bytes | None) -> Verschil:
    if oud is None or nieuw is None:
        return Verschil(pad, "nieuw" if oud is None else "weg", ())
    gevonden = changes(oud, nieuw, pad)
    getoond = tuple(gevonden[:MAX_ANDERS])
    return Verschil(pad, "gewijzigd", getoond, len(gevonden) - len(getoond))


def _pak_uit(geladen: Iterable[FileStorage]) -> dict[str, bytes]:
    """Return the files of an upload by their path in the set. Raises Invalid."""
    bestanden: dict[str, bytes] = {}
    fouten: list[str] = []
    for een in geladen:
        if not een.filename:
            continue
        with een.stream as stroom:
            inhoud = stroom.read(MAX_SET + 1)
        if een.filename.lower().endswith(".zip"):
            fouten += _uit_zip(inhoud, bestanden)
        else:
            fouten += _neem(een.filename, inhoud, bestanden)
    if len(bestanden) > MAX_AANTAL or sum(map(len, bestanden.values())) > MAX_SET:
        fouten.append("Samen zijn deze bestanden te groot.")
    if not bestanden and not fouten:
        fouten.append("Kies een of meer bestanden.")
    if fouten:
        raise Invalid("De bestanden zijn niet gelezen.", {"bestanden": " ".join(fouten)})
    return bestanden


def _uit_zip(inhoud: bytes, bestanden: dict[str, bytes]) -> list[str]:
    """Read an archive without trusting what it says about its own sizes (zip bomb)."""
    fouten = []
    totaal = 0
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as archief:
            delen = [deel for deel in archief.infolist() if not deel.is_dir()]
            if len(delen) > MAX_AANTAL:
                return [f"In het zip-bestand zitten meer dan {MAX_AANTAL} bestanden."]
            for deel in delen:
                if PurePosixPath(deel.filename).suffix.lower() not in _MAPPEN:
                    continue  # a readme may travel along
                if deel.compress_type not in _INGEPAKT:
                    return [
                        "Het zip-bestand is op een ongewone manier ingepakt. Pak het opnieuw in."
                    ]
                with archief.open(deel) as stroom:
                    gelezen = stroom.read(MAX_BESTAND + 1)
                totaal += len(gelezen)
                if totaal > MAX_SET:
                    return ["Uitgepakt is het zip-bestand te groot."]
                fouten += _neem(deel.filename, gelezen, bestanden)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError):
        return ["Het zip-bestand kan niet worden gelezen."]
    return fouten


def _merk(merken: dict[str, dict[str, str]], element: str, bevinding: Finding) -> None:
    """Mark an element; with more findings all are told, and the gravest gives the colour."""
    eerder = merken.get(element)
    if eerder is None or eerder["status"] == "pad":
        merken[element] = {"status": bevinding.severity, "tekst": bevinding.message}
        return
    eerder["tekst"] = f"{eerder['tekst']} {bevinding.message}"
    if bevinding.severity == "fout":
        eerder["status"] = "fout"


def _neem(naam: str, inhoud: bytes, bestanden: dict[str, bytes]) -> list[str]:
    """Add one file under the folder that its kind has; its own folders do not count."""
    kort = unicodedata.normalize("NFC", PurePosixPath(naam.replace("\\", "/")).name)
    if not _NAAM.fullmatch(kort):
        getoond = "".join(teken if teken.isprintable() else "?" for teken in kort[:60])
        zin = (
            f"{getoond} is geen naam voor een bestand. Gebruik hooguit 100 letters, cijfers,"
            " spaties, punten en streepjes."
        )
        return [zin]
    soort = PurePosixPath(kort).suffix
    if soort not in _MAPPEN:
        raad = (
            " Geef een BPMN-bestand een naam die eindigt op .bpmn."
            if soort.casefold() in _OOK_BPMN
            else ""
        )
        return [f"{kort}: alleen .bpmn, .dmn, .form en .zip.{raad}"]
    if len(inhoud) > MAX_BESTAND:
        return [f"{kort} is groter dan 2 MB."]
    pad = f"{_MAPPEN[soort]}/{kort}"
    if pad.casefold() in map(str.casefold, bestanden):
        return [f"{kort} zit er twee keer in."]
    bestanden[pad] = inhoud
    return []


def _zegel() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt=f"set {actor().account_id}")


def _sluit_concept(basis: int, anders: Mapping[str, bytes]) -> str:
    """Return a draft as text for a form field: base version, paths and files, signed."""
    delen = io.BytesIO()
    with zipfile.ZipFile(delen, "w", zipfile.ZIP_DEFLATED) as archief:
        for pad, inhoud in anders.items():
            archief.writestr(zipfile.ZipInfo(pad), inhoud, zipfile.ZIP_DEFLATED)
    return _zegel().dumps([basis, base64.b64encode(delen.getvalue()).decode()])


def _open_concept(concept: str) -> tuple[int, dict[str, bytes]]:
    try:
        basis, delen = _zegel().loads(concept, max_age=GELDIG)
    except BadSignature as onjuist:
        raise Conflict(
            "Deze controle is verlopen of niet van u. Laad uw bestanden opnieuw."
        ) from onjuist
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(delen))) as archief:
        return int(basis), {naam: archief.read(naam) for naam in archief.namelist()}


def _stand(session: Session) -> tuple[Any, Any]:
    return deployments.current(session), schermen.deployments(session)


def _boek_met(versie: int, proces: str) -> Boek:
    gelezen = boek(versie)
    if proces not in gelezen.plaats:
        raise NotFound("Dit proces bestaat niet.")
    return gelezen
