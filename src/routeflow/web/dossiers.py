"""Dossiers: the list, one dossier in four views, and what a person may do to it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID, uuid4

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Antwoord

from routeflow import forms
from routeflow.commands import (
    berichten,
    berichtsoorten,
    dossiers,
    gezin,
    ontvangsten,
    termijnblad,
    verbeteren,
    verzoeken,
)
from routeflow.commands.berichtsoorten import Soort
from routeflow.commands.deployments import PROCESSEN
from routeflow.engine import Element
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.rechten import Handeling, Rol
from routeflow.inburgering.regels import ONGELEZEN
from routeflow.inburgering.terugkeer import VERHUISD
from routeflow.inburgering.uren import Teller
from routeflow.store import queries, schermen
from routeflow.store.models import DossierTermijn
from routeflow.store.queries import DossierDetail, DossierFilter, DossierRij, FeitRij, Page, uren
from routeflow.store.queries import gezin as gezinnen
from routeflow.store.queries.perioden import Periode
from routeflow.web.boek import Boek, boek
from routeflow.web.deur import (
    actor,
    als_datum,
    bladzijde,
    doe,
    kan,
    lees,
    mag,
    naar,
    now,
    tekst,
    vandaag,
    xml,
)
from routeflow.web.termijnen import overzicht
from routeflow.web.weergave import verwachting

pages = Blueprint("dossiers", __name__, url_prefix="/dossiers")


_PAGINA = re.compile(r"[0-9a-f-]{36}")  # as ``_nieuw`` makes them
_OVER = ("naam", "doelgroep", "vNummer", "bsn")  # facts that a new dossier begins with

_PER_PERSOON = ("bsn", "vNummer")  # by which a dossier that exists already is found
_PERSONEN = frozenset({"casemanager", "vermoedenMelder"})  # facts that name an account

Status = Literal["open", "gesloten", "alle"]
STATUSSEN: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Stap:
    """One step of a process with where this dossier stands."""

    element: Element
    status: str
    taak_id: UUID | None


@dataclass(frozen=True, slots=True)
class Vraag:
    """One field of a message that a person types over, with its answers if a form has them."""

    naam: str
    datum: bool
    opties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lopend:
    """A process that a dossier came through, with its open taken."""

    proces: str
    naam: str
    taken: int


@dataclass(frozen=True, slots=True)
class Kaart:
    """One process of a dossier: its steps, and the processes around it."""

    proces: str
    naam: str
    stappen: tuple[Stap, ...]
    boven: tuple[tuple[str, str], ...]


@pages.get("/")
def index() -> str:
    vraag = request.args
    filter_ = DossierFilter(
        zoek=vraag.get("zoek", "").strip(),
        fase=vraag.get("fase") or None,
        leerroute=vraag.get("leerroute") or None,
        doelgroep=vraag.get("doelgroep") or None,
        casemanager_id=actor().account_id if vraag.get("van") == "mij" else None,
        status=_status(vraag.get("status", "")),
        pagina=bladzijde(),
    )
    lijst, fasen = lees(_lees_lijst, filter_)
    return render_template(
        "dossiers.html",
        lijst=lijst,
        vraag=filter_,
        van_mij=vraag.get("van") == "mij",
        fasen=fasen,
        adres=lambda pagina: url_for(
            ".index", **{**{n: w for n, w in vraag.items() if w}, "pagina": pagina}
        ),
    )


def _lees_lijst(session: Session, filter_: DossierFilter) -> tuple[Page[DossierRij], Sequence[str]]:
    return queries.dossiers(session, actor(), filter_, vandaag()), schermen.fasen(session)


def _status(gevraagd: str) -> Status:
    for status in STATUSSEN:
        if status == gevraagd:
            return status
    return "open"


@pages.get("/nieuw")
def nieuw() -> str:
    mag(Handeling.DOSSIER_STARTEN)
    na = request.args.get("na", "")
    return _nieuw(_van_eerder(na), {}) if na else _nieuw({}, {})


def _van_eerder(na: str) -> dict[str, str]:
    """Return what the form may hold already of somebody who comes back, out of the earlier dossier."""
    try:
        detail = _detail(UUID(na))
    except ValueError as error:
        raise NotFound("Dit dossier bestaat niet.") from error
    bekend = {feit.naam: str(feit.waarde) for feit in detail.feiten if feit.waarde}
    gevonden = {naam: bekend[naam] for naam in _OVER if naam in bekend}
    gevonden |= {"vorigeGemeente": bekend["verhuisdNaar"]} if "verhuisdNaar" in bekend else {}
    return {**gevonden, "eerder": detail.dossier.nummer}


@pages.post("/nieuw")
def open_dossier() -> Antwoord | tuple[str, int]:
    gegevens = {naam: waarde.strip() for naam, waarde in request.form.items() if waarde.strip()}
    gegevens.pop("csrf_token", None)
    pagina = gegevens.pop("pagina", "")
    gekozen = {doelgroep: gegevens.pop(_veld_begin(doelgroep), None) for doelgroep in PROCESSEN}
    doelgroep = gegevens.get("doelgroep", "")
    dag = als_datum(gegevens.get("brpDatumNieuw", ""))
    if isinstance(dag, str) and dag:
        zin = "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 05-01-2026."
        return _nieuw(gegevens, {"brpDatumNieuw": zin}, gekozen), Invalid.status
    begin = gekozen.get(doelgroep)
    ingevuld = {**gegevens, **({"brpDatumNieuw": dag} if dag else {})}
    try:
        dossier_id = _eenmaal(pagina, ingevuld, begin)
    except Invalid as onjuist:
        fouten = onjuist.fouten
        if fouten.pop("begin", None):  # the choices stand beside it
            fouten[_veld_begin(doelgroep)] = "Kies hoe de route begint."
        return _nieuw(gegevens, fouten, gekozen), onjuist.status
    except Conflict as bestaat:
        veld = next((een for een in _PER_PERSOON if gegevens.get(een)), "naam")
        return _nieuw(gegevens, {veld: str(bestaat)}, gekozen), bestaat.status
    flash(f"Dossier {_detail(dossier_id).dossier.nummer} is geopend.", "goed")
    return naar(".toon", dossier_id=dossier_id)


def _eenmaal(pagina: str, gegevens: Mapping[str, Any], begin: str | None) -> UUID:
    """Open a dossier; what one page sends twice opens one.

    Who goes back and fills in somebody else opens another.
    """

    def open_(session: Session, **wie_en_wanneer: Any) -> str:  # noqa: ANN401 - who and when
        gemaakt = dossiers.start_dossier(session, gegevens, begin=begin, **wie_en_wanneer)
        return str(gemaakt.id)

    if not _PAGINA.fullmatch(pagina):
        return UUID(doe(open_))
    gevraagd = repr((sorted(gegevens.items()), begin)).encode()
    sleutel = f"dossier {pagina} {hashlib.sha256(gevraagd).hexdigest()[:40]}"
    return UUID(doe(verzoeken.eenmaal, open_, sleutel=sleutel, gevraagd=gevraagd))


def _nieuw(
    gegevens: Mapping[str, str],
    fouten: Mapping[str, str],
    gekozen: Mapping[str, str | None] | None = None,
) -> str:
    beginnen = {
        doelgroep: (
            _veld_begin(doelgroep),
            [(start.element, start.label) for start in starts],
            (gekozen or {}).get(doelgroep) or "",
        )
        for doelgroep, starts in lees(dossiers.beginnen).items()
    }
    return render_template(
        "dossier_nieuw.html",
        pagina=uuid4(),
        gegevens=gegevens,
        fouten=fouten,
        eerder=gegevens.get("eerder"),
        beginnen=beginnen,
    )


def _veld_begin(doelgroep: str) -> str:
    return f"begin_{doelgroep}"


@pages.get("/<uuid:dossier_id>")
def toon(dossier_id: UUID) -> str:
    blad = lees(_lees_tijdlijn, dossier_id)
    return _pagina(
        "dossier.html",
        blad.detail,
        "toon",
        termijnen=None if blad.termijnen is None else overzicht(blad.termijnen, vandaag()),
        ongelezen=ONGELEZEN,
        tellers=blad.tellers,
        verwachting=verwachting,
        gezin=blad.gezin,
        perioden=blad.perioden,
        inlezen_kan=kan(Handeling.FEITEN_WIJZIGEN)
        and any(taak.proces == ontvangsten.PROCES for taak in blad.detail.open_taken),
        mag_terug=kan(Handeling.DOSSIER_STARTEN) and _is_verhuisd(blad.detail),
    )


class _Tijdlijn(NamedTuple):
    """All that the first view of a dossier reads. ``termijnen``: None for who may not watch them."""

    detail: DossierDetail
    termijnen: Sequence[DossierTermijn] | None
    tellers: Sequence[Teller]
    gezin: gezinnen.Gezin
    perioden: Sequence[Periode]


def _lees_tijdlijn(session: Session, dossier_id: UUID) -> _Tijdlijn:
    wie = actor()
    ingezien = queries.inzage(session, wie, dossier_id)
    return _Tijdlijn(
        queries.detail_van(session, ingezien),
        termijnblad.rijen_van(session, ingezien.route, by=wie)
        if kan(Handeling.TERMIJNEN_BEWAKEN)
        else None,
        uren.stand_van(session, ingezien, vandaag()),
        gezinnen.gezin(session, wie, dossier_id),
        queries.perioden(session, wie, dossier_id),
    )


def _is_verhuisd(detail: DossierDetail) -> bool:
    """Say whether somebody who comes back can be found: moved out, with a number that is known."""
    bekend = {feit.naam: feit.waarde for feit in detail.feiten}
    nummer = bekend.get("bsn") or bekend.get("vNummer")
    return bool(bekend.get("dossierEinde") == VERHUISD and nummer)


@pages.get("/<uuid:dossier_id>/gegevens")
def gegevens(dossier_id: UUID) -> str:
    detail = _detail(dossier_id)
    versie = boek(detail.deployment_id)
    groepen: dict[str, list[FeitRij]] = {}
    plaats = {naam: nummer for nummer, naam in enumerate(versie.herkomst)}
    for feit in sorted(detail.feiten, key=lambda feit: plaats.get(feit.naam, -1)):
        groepen.setdefault(versie.herkomst.get(feit.naam, ""), []).append(feit)
    return _pagina(
        "dossier_gegevens.html",
        detail,
        "gegevens",
        personen=lees(
            schermen.namen,
            [str(feit.waarde) for feit in detail.feiten if feit.naam in _PERSONEN],
        ),
        te_verbeteren=(
            lees(verbeteren.te_verbeteren, dossier_id)
            if kan(Handeling.FEITEN_WIJZIGEN)
            else frozenset()
        ),
        groepen=[
            (
                versie.naam_van(proces) if proces else "Van de opening, van buiten en berekend",
                groepen[proces],
            )
            for proces in sorted(groepen, key=lambda proces: proces or "~")
        ],
    )


@pages.get("/<uuid:dossier_id>/gegevens/<naam>")
def gegeven(dossier_id: UUID, naam: str) -> str:
    return _gegeven(dossier_id, naam, None, {})


@pages.post("/<uuid:dossier_id>/gegevens/<naam>")
def verbeter_gegeven(dossier_id: UUID, naam: str) -> Antwoord | tuple[str, int]:
    mag(Handeling.FEITEN_WIJZIGEN)
    try:
        reden = tekst(f"veld-{verbeteren.REDEN}")
        doe(verbeteren.verbeter, dossier_id, naam, request.form, reden=reden)
    except Invalid as onjuist:
        return _gegeven(dossier_id, naam, request.form, onjuist.fouten), onjuist.status
    flash("Het gegeven is verbeterd. Laatste dagen die ervan afhangen, zijn mee veranderd.", "goed")
    return naar(".gegevens", dossier_id=dossier_id)


def _gegeven(
    dossier_id: UUID, naam: str, ingevuld: Mapping[str, Any] | None, fouten: Mapping[str, str]
) -> str:
    mag(Handeling.FEITEN_WIJZIGEN)
    detail = _detail(dossier_id)
    vraag = lees(verbeteren.vraag, dossier_id, naam, by=actor(), now=now())
    return _pagina(
        "dossier_gegeven.html",
        detail,
        "gegevens",
        vraag=vraag,
        naam=naam,
        vel=forms.weergave(vraag.formulier, {naam: vraag.nu}, ingevuld, now=now()),
        REDEN=verbeteren.REDEN,
        reden=(ingevuld or {}).get(f"veld-{verbeteren.REDEN}", ""),
        fouten=fouten,
    )


@pages.get("/<uuid:dossier_id>/journaal")
def journaal(dossier_id: UUID) -> str:
    detail = _detail(dossier_id)
    rijen = lees(queries.journaal, actor(), dossier_id, na=request.args.get("na"))
    return _pagina("dossier_journaal.html", detail, "journaal", lijst=rijen)


@pages.get("/<uuid:dossier_id>/schema")
@pages.get("/<uuid:dossier_id>/schema/<proces>")
def schema(dossier_id: UUID, proces: str | None = None) -> str:
    detail = _detail(dossier_id)
    versie = boek(detail.deployment_id)
    paden = _paden(dossier_id)
    lopend = _lopend(versie, detail, paden)
    gekozen = proces or request.args.get("proces") or _voorkeur(detail, lopend)
    if gekozen not in {een.proces for een in lopend}:
        raise NotFound("Dit proces hoort niet bij dit dossier.")
    kaart = _kaart(versie, detail, paden, gekozen)
    return _pagina(
        "dossier_schema.html",
        detail,
        "schema",
        kaart=kaart,
        boven=[
            (naam, url_for(".schema", dossier_id=dossier_id, proces=om)) for om, naam in kaart.boven
        ],
        lopend=lopend,
        status={stap.element.id: _viewer(stap) for stap in kaart.stappen if stap.status},
    )


def _paden(dossier_id: UUID) -> list[list[Any]]:
    """Return what the dossier passed; a partner sees no more than its own taken."""
    return lees(schermen.paden, dossier_id) if kan(Handeling.JOURNAAL_LEZEN) else []


@pages.get("/<uuid:dossier_id>/schema/<proces>.bpmn")
def tekening(dossier_id: UUID, proces: str) -> Antwoord:
    detail = _detail(dossier_id)
    versie = boek(detail.deployment_id)
    if proces not in {een.proces for een in _lopend(versie, detail, _paden(dossier_id))}:
        raise NotFound("Dit proces hoort niet bij dit dossier.")
    return xml(versie.bestanden[versie.plaats[proces]])


@pages.get("/<uuid:dossier_id>/bericht")
def bericht(dossier_id: UUID) -> str:
    mag(Handeling.BERICHT_INVOEREN)
    return _bericht(_detail(dossier_id), request.args.get("bericht", ""), {}, {})


@pages.post("/<uuid:dossier_id>/bericht")
def leg_bericht_vast(dossier_id: UUID) -> Antwoord | tuple[str, int]:
    mag(Handeling.BERICHT_INVOEREN)
    detail = _detail(dossier_id)
    naam = tekst("bericht")
    vragen = _vragen(naam, boek(detail.deployment_id))
    inhoud = {
        vraag.naam: als_datum(waarde) if vraag.datum else waarde
        for vraag in vragen
        if (waarde := tekst(vraag.naam))
    }
    fouten = {
        vraag.naam: "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 05-01-2026."
        for vraag in vragen
        if vraag.datum and isinstance(inhoud.get(vraag.naam), str)
    }
    leeg = [vraag.naam for vraag in vragen if not inhoud.get(vraag.naam)]
    if len(vragen) > 1 and len(leeg) == len(vragen):
        fouten[leeg[0]] = "Vul in wat er in het bericht staat."
    if _eindigt(naam) and tekst("zeker") != "ja":
        fouten["zeker"] = "Kruis aan dat u het bericht heeft gezien. Dit is niet terug te draaien."
    if fouten:
        return _bericht(detail, naam, request.form, fouten), Invalid.status
    try:
        doe(
            berichten.receive,
            tekst("bericht_id") or _nieuw_id(),
            naam,
            inhoud,
            dossier_id=dossier_id,
        )
    except Invalid as onjuist:
        return _bericht(detail, naam, request.form, onjuist.fouten), onjuist.status
    except Conflict as al_vastgelegd:
        zin = (
            "Op deze pagina legde u al een ander bericht vast. Is dit een nieuw bericht? Klik dan nog "
            "een keer op Leg vast."
        )
        return _bericht(detail, naam, request.form, {"bericht": zin}), al_vastgelegd.status
    flash("Het bericht is vastgelegd. De route verwerkt het meteen hierna.", "goed")
    return naar(".toon", dossier_id=dossier_id)


def _bericht(
    detail: DossierDetail, gekozen: str, ingevuld: Mapping[str, str], fouten: Mapping[str, str]
) -> str:
    soorten = {naam: soort for naam, soort in berichtsoorten.SOORTEN.items() if not soort.opent}
    return _pagina(
        "bericht.html",
        detail,
        "bericht",
        gekozen=gekozen if gekozen in soorten else "",
        vragen=_vragen(gekozen, boek(detail.deployment_id)),
        ingevuld=ingevuld,
        fouten=fouten,
        soorten=sorted(
            soorten.items(),
            key=lambda paar: (bool(paar[1].eindigt), paar[0] not in detail.wacht_op),
        ),
        eindigt=_eindigt(gekozen),
        bericht_id=_nieuw_id(),
    )


def _vragen(bericht: str, versie: Boek) -> list[Vraag]:
    """Return what is asked about one kind of message."""
    soort = berichtsoorten.SOORTEN.get(bericht)
    if soort is None:
        return []
    namen = dict.fromkeys([*soort.feiten, *([soort.op] if soort.op else [])])
    meer = versie.meer_antwoorden
    return [
        Vraag(
            naam,
            "datum" in naam.lower() or _leest_datum(soort, naam),
            () if naam in meer else tuple(versie.antwoorden.get(naam, {}).items()),
        )
        for naam in namen
    ]


def _eindigt(bericht: str) -> bool:
    """Say whether the plicht ends by this message, and with it the dossier."""
    soort = berichtsoorten.SOORTEN.get(bericht)
    return soort is not None and bool(soort.eindigt)


def _leest_datum(soort: Soort, naam: str) -> bool:
    lezer = soort.feiten.get(naam)
    return naam == soort.op or (lezer is not None and isinstance(lezer("2026-01-05"), date))


def _nieuw_id() -> str:
    """Return the id under which one filled-in page is kept: sent twice, kept once."""
    return f"hand-{uuid4()}"


@pages.get("/<uuid:dossier_id>/casemanager")
def casemanager(dossier_id: UUID) -> str:
    mag(Handeling.FEITEN_WIJZIGEN)
    return _casemanager(_detail(dossier_id), {}, {})


@pages.post("/<uuid:dossier_id>/casemanager")
def wijzig_casemanager(dossier_id: UUID) -> Antwoord | tuple[str, int]:
    mag(Handeling.FEITEN_WIJZIGEN)
    detail = _detail(dossier_id)
    wie = tekst("casemanager")
    try:
        if not wie:
            zin = "Kies wie de casemanager wordt."
            raise Invalid(zin, {"casemanager": zin})  # noqa: TRY301 - one way out for both
        doe(dossiers.wijzig_feiten, dossier_id, {"casemanager": wie}, reden=tekst("reden"))
    except Invalid as onjuist:
        return _casemanager(detail, request.form, onjuist.fouten), onjuist.status
    flash("De casemanager is gewijzigd.", "goed")
    return naar(".toon", dossier_id=dossier_id)


def _casemanager(
    detail: DossierDetail, ingevuld: Mapping[str, str], fouten: Mapping[str, str]
) -> str:
    return _pagina(
        "casemanager.html",
        detail,
        "casemanager",
        opties=[(een.login, een.naam) for een in lees(schermen.met_rol, Rol.CASEMANAGER)],
        ingevuld=ingevuld,
        fouten=fouten,
    )


@pages.get("/<uuid:dossier_id>/gezin")
def gezin_van(dossier_id: UUID) -> str:
    mag(Handeling.FEITEN_WIJZIGEN)
    return _gezin(dossier_id, {}, {})


@pages.post("/<uuid:dossier_id>/gezin")
def koppel(dossier_id: UUID) -> Antwoord | tuple[str, int]:
    mag(Handeling.FEITEN_WIJZIGEN)
    jaar = tekst("geboortejaar")
    try:
        doe(
            gezin.koppel,
            dossier_id,
            tekst("soort"),
            nummer=tekst("nummer"),
            naam=tekst("naam"),
            geboortejaar=int(jaar) if re.fullmatch(r"[0-9]{4}", jaar) else None,
        )
    except Invalid as onjuist:
        return _gezin(dossier_id, request.form, onjuist.fouten), onjuist.status
    flash("De band is vastgelegd.", "goed")
    return naar(".gezin_van", dossier_id=dossier_id)


@pages.post("/<uuid:dossier_id>/gezin/<int:band_id>/ontkoppel")
def ontkoppel(dossier_id: UUID, band_id: int) -> Antwoord:
    mag(Handeling.FEITEN_WIJZIGEN)
    doe(gezin.ontkoppel, dossier_id, band_id)
    flash("De band is beëindigd.", "goed")
    return naar(".gezin_van", dossier_id=dossier_id)


def _gezin(dossier_id: UUID, ingevuld: Mapping[str, str], fouten: Mapping[str, str]) -> str:
    return _pagina(
        "gezin.html",
        _detail(dossier_id),
        "gezin",
        gezin=lees(gezinnen.gezin, actor(), dossier_id),
        ingevuld=ingevuld,
        fouten=fouten,
    )


def _detail(dossier_id: UUID) -> DossierDetail:
    return lees(queries.dossier_detail, actor(), dossier_id, vandaag())


def _pagina(sjabloon: str, detail: DossierDetail, hier: str, **meer: Any) -> str:  # noqa: ANN401 - what the template needs
    dossier = detail.dossier
    return render_template(
        sjabloon,
        detail=detail,
        dossier=dossier,
        boek=boek(detail.deployment_id),
        tabs=[
            (naam, url_for(f".{endpoint}", dossier_id=dossier.id), endpoint == hier, None)
            for endpoint, naam in (
                ("toon", "Tijdlijn"),
                ("schema", "Schema"),
                ("gegevens", "Gegevens"),
                ("journaal", "Journaal"),
            )
            if endpoint != "journaal" or kan(Handeling.JOURNAAL_LEZEN)
        ],
        wacht_op=[
            (naam, berichtsoorten.SOORTEN[naam].betekenis)
            for naam in detail.wacht_op
            if naam in berichtsoorten.VERWACHT
        ],
        mag_bericht=kan(Handeling.BERICHT_INVOEREN) and dossier.gesloten_op is None,
        mag_wijzigen=kan(Handeling.FEITEN_WIJZIGEN) and dossier.gesloten_op is None,
        **meer,
    )


def _lopend(versie: Boek, detail: DossierDetail, paden: list[list[Any]]) -> list[Lopend]:
    """Return the processes this dossier came through, as far as its reader may know."""
    geweest = {proces for proces, *_ in paden}
    geweest |= {taak.proces for taak in (*detail.open_taken, *detail.gedane_taken)}
    if paden:
        geweest.add(detail.proces)
    return [
        Lopend(
            proces,
            versie.naam_van(proces),
            sum(taak.proces == proces for taak in detail.open_taken),
        )
        for proces in sorted(geweest & versie.processen.keys())
    ]


def _voorkeur(detail: DossierDetail, lopend: list[Lopend]) -> str:
    """Return the process with the most urgent open taak, else the whole route."""
    if detail.open_taken:
        return detail.open_taken[0].proces
    return lopend[0].proces if lopend else detail.proces


def _kaart(versie: Boek, detail: DossierDetail, paden: list[list[Any]], proces: str) -> Kaart:
    laatst = {element: wat for proc, element, wat, *_ in paden if proc == proces}
    laatst |= {taak.element: "completed" for taak in detail.gedane_taken if taak.proces == proces}
    open_ = {taak.element: taak for taak in detail.open_taken if taak.proces == proces}
    binnen = {element for taak in detail.open_taken for element in taak.pad}
    stappen = []
    for stap in versie.stappen[proces]:
        taak = open_.get(stap.id)
        if taak is not None:
            te_laat = taak.uiterlijk is not None and taak.uiterlijk < vandaag()
            status = "te laat" if te_laat else "nu"
        elif stap.id in binnen:
            status = "nu"
        else:
            status = {"completed": "klaar", "entered": "nu", "cancelled": "vervallen"}.get(
                laatst.get(stap.id, ""), ""
            )
        if stap.kind.endswith("Gateway") or stap.kind == "boundaryEvent":
            status = "klaar" if status == "klaar" else ""
        stappen.append(Stap(stap, status, taak.id if taak else None))
    return Kaart(proces, versie.naam_van(proces), tuple(stappen), _boven(versie, detail, proces))


def _boven(versie: Boek, detail: DossierDetail, proces: str) -> tuple[tuple[str, str], ...]:
    """Return the processes around ``proces``, the outermost first, as (id, name)."""
    for taak in detail.open_taken:
        rondom = list(
            dict.fromkeys(filter(None, (versie.proces_van(element) for element in taak.pad)))
        )
        if taak.proces == proces:
            return tuple((om, versie.naam_van(om)) for om in rondom if om != proces)
        if proces in rondom:
            om_heen = rondom[: rondom.index(proces)]
            return tuple((om, versie.naam_van(om)) for om in om_heen)
    return () if proces == detail.proces else ((detail.proces, versie.naam_van(detail.proces)),)


def _viewer(stap: Stap) -> dict[str, Any]:
    """Return what the diagram shows on one shape."""
    url = url_for("taken.toon", taak_id=stap.taak_id) if stap.taak_id else None
    return {"status": stap.status, "url": url}
