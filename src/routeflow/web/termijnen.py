"""Periods: how one stands and why, what proves it, and the termijnbewaking over all dossiers."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple, get_args
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow.commands import hartslag, ingrijpen, termijnblad, termijnen
from routeflow.errors import Conflict, Invalid
from routeflow.inburgering.feiten import FEITEN, als_datum, snake
from routeflow.inburgering.ingrepen import Ingreep, ingrepen
from routeflow.inburgering.rechten import Actor, Handeling, Rol
from routeflow.inburgering.regels import REGELS, Regel
from routeflow.store import queries, schermen
from routeflow.store.models import DossierTermijn, TermijnHistorie
from routeflow.store.queries import Bewaking, BewakingFilter, BewakingRij
from routeflow.store.queries.termijnen import HOUDERS, STANDEN, Stand, Termijnstand, Wat, bewaakt
from routeflow.web import deur
from routeflow.web.boek import boek
from routeflow.web.deur import (
    actor,
    adressen,
    bladzijde,
    doe,
    kan,
    lees,
    mag,
    naar,
    now,
    tekst,
    vandaag,
)
from routeflow.web.uitvoer import csv_antwoord
from routeflow.web.weergave import datum, leesbaar, telwoord, waarde

pages = Blueprint("termijnen", __name__)

_BIJNA, _WEKEN, _MAANDEN = 14, 28, 100  # up to so many days: told in days, in weeks, in months
_NIEMAND = "niemand"  # in the address: dossiers without a casemanager
_HOOGSTE = 8  # rows of a distribution
TABS: Final[Mapping[Stand, str]] = {
    "verstreken": "Verstreken",
    "komend": "Eindigt binnenkort",
    "wacht": "Wacht op een datum",
    "stil": "Staat stil",
}
WEKEN: Final = (1, 2, 4, 8, 13, 26, 52)


@dataclass(frozen=True, slots=True)
class Rest:
    """How much is left of a period, in words; ``toon`` is the colour that repeats it."""

    toon: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Regelblok:
    """One period of a dossier with its rule; ``eerder``: its rows of before, the newest first."""

    rij: DossierTermijn
    regel: Regel
    rest: Rest
    eerder: tuple[DossierTermijn, ...] = ()


@dataclass(frozen=True, slots=True)
class Overzicht:
    """The periods of a dossier: those that ask for attention, and those that are behind it."""

    nu: tuple[Regelblok, ...]
    klaar: tuple[Regelblok, ...]


def rest(rij: DossierTermijn | Termijnstand, dag: date) -> Rest:
    """Say how a period stands on ``dag``."""
    if rij.status == "gehaald":
        laat = ", na de laatste dag" if rij.op_tijd is False else ""
        return Rest("bijna" if laat else "klaar", f"gehaald op {datum(rij.gehaald_op)}{laat}")
    if rij.status == "wacht":
        return Rest("wacht", f"wacht op {FEITEN[rij.wacht_op].tekst}" if rij.wacht_op else "wacht")
    if rij.status == "opgeschort":
        sinds = termijnblad.stil_sinds(rij)
        return Rest("info", f"staat stil sinds {datum(sinds)}" if sinds else "staat stil")
    if rij.status == "vervallen" or rij.uiterlijk is None:
        return Rest("wacht", "geldt niet meer")
    return _rest_van_lopende(rij, rij.uiterlijk, dag)


def _rest_van_lopende(rij: DossierTermijn | Termijnstand, uiterlijk: date, dag: date) -> Rest:
    if rij.soort == "venster" and rij.begin and dag < rij.begin:
        return Rest("ruim", f"kan vanaf {datum(rij.begin)}")
    if uiterlijk < dag and not bewaakt(REGELS[rij.naam]):
        return Rest("wacht", "voorbij")
    return rest_tot(uiterlijk, dag)


def rest_tot(uiterlijk: date, dag: date) -> Rest:
    """Say how far away a last day is.

    >>> rest_tot(date(2026, 1, 17), date(2026, 1, 5)), rest_tot(date(2026, 1, 2), date(2026, 1, 5))
    (Rest(toon='bijna', tekst='nog 12 dagen'), Rest(toon='te-laat', tekst='verstreken sinds 3 dagen'))
    """
    dagen = (uiterlijk - dag).days
    if dagen < 0:
        return Rest("te-laat", f"verstreken sinds {telwoord(-dagen, 'dag', 'dagen')}")
    if dagen == 0:
        return Rest("nu", "vandaag de laatste dag")
    if dagen <= _WEKEN:
        return Rest(
            "bijna" if dagen <= _BIJNA else "ruim", f"nog {telwoord(dagen, 'dag', 'dagen')}"
        )
    if dagen <= _MAANDEN:
        return Rest("ruim", f"nog {dagen // 7} weken")
    return Rest("ruim", f"nog {dagen // 30} maanden")


def overzicht(rijen: Iterable[DossierTermijn], dag: date) -> Overzicht:
    """Put the rows of a dossier together, of each period the newest first."""
    per_naam: dict[str, list[DossierTermijn]] = {}
    for rij in rijen:
        per_naam.setdefault(rij.naam, []).append(rij)
    blokken = [
        Regelblok(eigen[0], REGELS[naam], rest(eigen[0], dag), tuple(eigen[1:]))
        for naam, eigen in per_naam.items()
        if naam in REGELS
    ]
    nu = [blok for blok in blokken if _vraagt_aandacht(blok)]
    return Overzicht(
        tuple(sorted(nu, key=lambda blok: blok.rij.uiterlijk or date.max)),
        tuple(blok for blok in blokken if blok not in nu),
    )


def _vraagt_aandacht(blok: Regelblok) -> bool:
    if blok.rij.status == "loopt":
        return blok.rest.tekst != "voorbij"
    return blok.rij.status in {"wacht", "opgeschort"}


# ---- seen


def noteer_gezien(dossier_id: UUID, namen: Collection[str], *, taak_id: UUID | None = None) -> None:
    """Prove once that who is logged in saw these periods: when a person looks, not when a browser guesses.

    Reads first and writes only what is new, after the page was made. Losing a race is no harm.
    """
    vooruit = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method != "GET" or vooruit or not namen:
        return
    if lees(termijnen.gezien_te_noteren, dossier_id, namen, by=actor()):
        with suppress(Conflict):
            doe(termijnen.noteer_gezien, dossier_id, namen, taak_id=taak_id)


# ---- one period of one dossier


@dataclass(frozen=True, slots=True)
class Daad:
    """What a person can do to a period. ``velden``: what is asked, with the label of each."""

    kop: str
    knop: str
    uitleg: str
    act: Callable[..., Any]
    dag: str
    dag_label: str
    met_grond: bool = True


DADEN: Final[Mapping[str, Daad]] = {
    "opschorten": Daad(
        "Termijn stilzetten",
        "Zet de termijn stil",
        "De klok staat stil vanaf deze dag, tot u de termijn weer laat lopen. Zolang is er geen laatste dag.",
        ingrijpen.schort_op,
        "van",
        "Vanaf welke dag?",
    ),
    "hervatten": Daad(
        "Termijn weer laten lopen",
        "Laat de termijn weer lopen",
        "Vanaf deze dag loopt de klok weer. De laatste dag schuift op met de dagen dat de termijn stilstond.",
        ingrijpen.hervat_termijn,
        "dag",
        "Vanaf welke dag?",
        met_grond=False,
    ),
    "verlengen": Daad(
        "Termijn verlengen",
        "Verleng de termijn",
        "De termijn krijgt een nieuwe, latere laatste dag.",
        ingrijpen.verleng,
        "tot",
        "Wat is de nieuwe laatste dag?",
    ),
}


def mogelijk(blad: termijnblad.Blad) -> list[str]:
    """Return what an article allows now, for who may do it: names in ``DADEN``."""
    if not kan(Handeling.TERMIJN_WIJZIGEN) or blad.dossier.gesloten_op is not None:
        return []
    if blad.nu.status == "opgeschort":
        return ["hervatten"]
    if blad.nu.status != "loopt":
        return []
    return [
        daad
        for daad, artikel in (
            ("opschorten", blad.regel.opschorting),
            ("verlengen", blad.regel.verlenging),
        )
        if artikel
    ]


@pages.get("/dossiers/<uuid:dossier_id>/termijnen/<naam>")
def toon(dossier_id: UUID, naam: str) -> str:
    blad = lees(termijnblad.blad, dossier_id, naam, by=actor())
    pagina = render_template(
        "termijn.html",
        blad=blad,
        dossier=blad.dossier,
        boek=boek(blad.deployment_id),
        rest=rest(blad.nu, vandaag()),
        feiten=feiten(blad.nu),
        besluiten=besluiten(blad.nu),
        historie=[Telmoment(een, wijzigingen(een)) for een in reversed(blad.historie)],
        mogelijk=[(daad, DADEN[daad].kop) for daad in mogelijk(blad)],
    )
    noteer_gezien(dossier_id, [naam])
    return pagina


@pages.get(
    "/dossiers/<uuid:dossier_id>/termijnen/<naam>/<any(opschorten,hervatten,verlengen):daad>"
)
def vraag(dossier_id: UUID, naam: str, daad: str) -> str:
    mag(Handeling.TERMIJN_WIJZIGEN)
    blad = lees(termijnblad.blad, dossier_id, naam, by=actor())
    if daad not in mogelijk(blad):
        raise Conflict(
            f"{DADEN[daad].kop} kan nu niet. Geen artikel laat dit toe, of de termijn loopt niet."
        )
    return _vraag(blad, daad, {}, {})


@pages.post(
    "/dossiers/<uuid:dossier_id>/termijnen/<naam>/<any(opschorten,hervatten,verlengen):daad>"
)
def grijp_in(dossier_id: UUID, naam: str, daad: str) -> Response | tuple[str, int]:
    mag(Handeling.TERMIJN_WIJZIGEN)
    wat = DADEN[daad]
    dag = deur.als_datum(tekst(wat.dag))
    try:
        if isinstance(dag, str):
            zin = "Schrijf de datum als dag-maand-jaar, bijvoorbeeld 05-01-2026."
            raise Invalid(zin, {wat.dag: zin})  # noqa: TRY301 - one way out for all
        gegeven: dict[str, Any] = {wat.dag: dag}
        if wat.met_grond:
            gegeven |= {"grond": tekst("grond"), "bewijsstuk": tekst("bewijsstuk")}
        doe(wat.act, dossier_id, naam, **gegeven)
    except Invalid as onjuist:
        blad = lees(termijnblad.blad, dossier_id, naam, by=actor())
        return _vraag(blad, daad, request.form, onjuist.fouten), onjuist.status
    flash("De termijn is gewijzigd. Hieronder ziet u de nieuwe berekening.", "goed")
    return naar(".toon", dossier_id=dossier_id, naam=naam)


def _vraag(
    blad: termijnblad.Blad, daad: str, ingevuld: Mapping[str, str], fouten: Mapping[str, str]
) -> str:
    artikel = blad.regel.verlenging if daad == "verlengen" else blad.regel.opschorting
    return render_template(
        "termijn_wijzigen.html",
        blad=blad,
        dossier=blad.dossier,
        daad=DADEN[daad],
        artikel=artikel,
        rest=rest(blad.nu, vandaag()),
        ingevuld=ingevuld,
        fouten=fouten,
    )


def feiten(rij: DossierTermijn) -> list[tuple[str, str]]:
    """Return the facts that a row was counted from, as (what, value) in words."""
    return [
        (naam_van_feit(naam), in_woorden(gegeven))
        for naam, gegeven in rij.feiten.items()
        if naam != "ingrepen"
    ]


def besluiten(rij: DossierTermijn) -> list[Ingreep]:
    """Return what people decided about the period of this row."""
    return ingrepen({"termijnIngrepen": rij.feiten.get("ingrepen", [])}, rij.naam)


def naam_van_feit(naam: str) -> str:
    """Return what a fact is, for people.

    >>> naam_van_feit("datumKennisgeving"), naam_van_feit("start")
    ('Datum kennisgeving', 'Dossier geopend')
    """
    vast = {
        "start": "Dossier geopend",
        "sluiten": "Dossier gesloten",
        "aangevuld": "Aangevuld uit de feiten van het dossier",
        "termijnIngrepen": "Opschorting of verlenging",
    }
    feit = FEITEN.get(snake(naam))
    zin = vast.get(naam) or (feit.tekst if feit else leesbaar(naam))
    return zin[:1].upper() + zin[1:]


def in_woorden(gegeven: object) -> str:
    """Return a value as the history keeps it, in words: days stand there as ISO text."""
    if isinstance(gegeven, str):
        with suppress(Invalid):
            return datum(als_datum(gegeven, "dag"))
    return "–" if gegeven is None else waarde(gegeven)


@dataclass(frozen=True, slots=True)
class Telmoment:
    """One time that a period was counted, and what became different: (what, old, new)."""

    regel: TermijnHistorie
    anders: list[tuple[str, str, str]]

    @property
    def aanleiding(self) -> str:
        """What it was counted for, in words."""
        return ", ".join(naam_van_feit(naam) for naam in self.regel.aanleiding.split(", "))


_VELDEN: Final = {
    "status": "Status",
    "begin": "Begint",
    "uiterlijk": "Laatste dag",
    "eigenDag": "Laatste dag volgens onze berekening",
    "gehaaldOp": "Gehaald op",
    "wachtOp": "Wacht op",
    "grond": "Artikel",
}


def wijzigingen(een: TermijnHistorie) -> list[tuple[str, str, str]]:
    """Return what one count made different, as (what, before, after) in words."""
    oud, nieuw = een.oud or {}, een.nieuw
    anders = [
        (label, _stand_van(veld, oud), _stand_van(veld, nieuw))
        for veld, label in _VELDEN.items()
        if oud.get(veld) != nieuw.get(veld)
    ]
    was, is_ = oud.get("feiten") or {}, nieuw.get("feiten") or {}
    anders += [
        (naam_van_feit(naam), in_woorden(was.get(naam)), in_woorden(is_.get(naam)))
        for naam in dict.fromkeys([*was, *is_])
        if naam != "ingrepen" and was.get(naam) != is_.get(naam)
    ]
    if was.get("ingrepen") != is_.get("ingrepen"):
        aantal = len(is_.get("ingrepen") or ())
        telling = telwoord(aantal, "besluit", "besluiten")
        anders.append(("Opschorting en verlenging", str(len(was.get("ingrepen") or ())), telling))
    return anders


def _stand_van(veld: str, stand: Mapping[str, Any]) -> str:
    gegeven = stand.get(veld)
    return naam_van_feit(gegeven) if veld == "wachtOp" and gegeven else in_woorden(gegeven)


# ---- termijnbewaking


@pages.get("/termijnen/")
def index() -> str:
    vraag_ = _filter()
    blad = lees(_lees_blad, vraag_)
    gevonden, namen = blad.gevonden, blad.namen
    return render_template(
        "termijnen.html",
        lijst=gevonden.lijst,
        vraag=vraag_,
        rest=partial(_rest_van, dag=vandaag()),
        termijn=_adressen_van_termijnen(),
        tabs=[
            (
                label,
                _adres(stand=stand, pagina=None),
                stand == vraag_.stand,
                gevonden.standen[stand],
            )
            for stand, label in TABS.items()
        ],
        weken=WEKEN,
        termijnen=[(regel.naam, regel.label) for regel in REGELS.values() if regel.gevolgd],
        partijen=sorted({*blad.partijen, *HOUDERS.values()}),
        casemanagers=blad.casemanagers,
        verdelingen=[
            _verdeling("Per termijn", "naam", gevonden.per_termijn, _naam_van_termijn),
            _verdeling("Per partij", "partij", gevonden.per_partij, str),
            _verdeling(
                "Per casemanager",
                "casemanager",
                gevonden.per_casemanager,
                lambda wie: namen.get(wie, "nog niemand"),
            ),
        ],
        uitvoer=_adres(".uitvoer", pagina=None),
        adres=lambda pagina: _adres(pagina=pagina),
        toestand=blad.toestand,
    )


class _Blad(NamedTuple):
    """All that the termijnbewaking reads. ``namen``: of everybody who has something in it."""

    gevonden: Bewaking
    casemanagers: Sequence[schermen.Mens]
    namen: Mapping[UUID, str]
    partijen: Sequence[str]
    toestand: hartslag.Toestand


def _lees_blad(session: Session, vraag_: BewakingFilter) -> _Blad:
    gevonden = queries.bewaking(session, actor(), vraag_, vandaag())
    mensen = schermen.mensen(session)
    return _Blad(
        gevonden,
        [een for een in mensen if een.actief and Rol.CASEMANAGER in een.rollen],
        {een.id: een.naam for een in mensen},
        schermen.partijen(session),
        hartslag.toestand(session, now=now()),
    )


@pages.get("/termijnen/termijnen.csv")
def uitvoer() -> Response:
    return lees(_uitvoer, _filter(), actor(), vandaag())


def _uitvoer(session: Session, filter_: BewakingFilter, wie: Actor, dag: date) -> Response:
    return csv_antwoord(
        f"termijnen-{filter_.stand}-{dag.isoformat()}",
        (
            "Dossier",
            "Naam",
            "Termijn of taak",
            "Soort",
            "Laatste dag",
            "Stand",
            "Grond",
            "Partij",
            "Casemanager",
        ),
        (
            (
                rij.dossier.nummer,
                rij.dossier.naam,
                rij.label,
                "termijn" if rij.termijn else "taak",
                rij.uiterlijk,
                _rest_van(rij, dag).tekst,
                rij.grond,
                rij.partij,
                rij.casemanager,
            )
            for rij in queries.bewaking_alles(session, wie, filter_, dag)
        ),
    )


def _filter() -> BewakingFilter:
    gevraagd = request.args
    return BewakingFilter(
        stand=next((een for een in STANDEN if een == gevraagd.get("stand")), "komend"),
        weken=min(max(gevraagd.get("weken", 4, type=int), 1), WEKEN[-1]),
        wat=next((een for een in get_args(Wat) if een == gevraagd.get("wat")), "alles"),
        naam=gevraagd.get("naam") if gevraagd.get("naam") in REGELS else None,
        partij=gevraagd.get("partij") or None,
        casemanager_id=_id(gevraagd.get("casemanager", "")),
        zonder_casemanager=gevraagd.get("casemanager") == _NIEMAND,
        pagina=bladzijde(),
    )


def _id(gevraagd: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(gevraagd)
    return None


def _adres(endpoint: str = ".index", /, **anders: Any) -> str:  # noqa: ANN401 - as url_for
    """Return the address of this list with ``anders`` changed; None takes a part away."""
    delen = {**request.args.to_dict(), **anders}
    return url_for(endpoint, **{naam: waarde_ for naam, waarde_ in delen.items() if waarde_})


def _rest_van(rij: BewakingRij, dag: date) -> Rest:
    if rij.termijn is not None:
        return rest(rij.termijn, dag)
    return rest_tot(rij.uiterlijk or date.max, dag)


def _adressen_van_termijnen() -> Callable[[UUID, str], str]:
    """Return what gives the address of a period of a dossier: ``url_for`` is asked once for each name."""
    per_naam: dict[str, Callable[[UUID], str]] = {}

    def adres(dossier_id: UUID, naam: str) -> str:
        if naam not in per_naam:
            per_naam[naam] = adressen(".toon", "dossier_id", naam=naam)
        return per_naam[naam](dossier_id)

    return adres


def _naam_van_termijn(naam: str) -> str:
    return REGELS[naam].label if naam else "Taken"


@dataclass(frozen=True, slots=True)
class Verdeling:
    """Counts with the most first: (text, address of the list with only these, count), and how many more."""

    kop: str
    delen: Sequence[tuple[str, str, int]]
    meer: int


def _verdeling(
    kop: str, veld: str, aantallen: Mapping[Any, int], tekst_van: Callable[[Any], str]
) -> Verdeling:
    op_aantal = sorted(aantallen.items(), key=lambda paar: (-paar[1], tekst_van(paar[0])))
    hoogste = op_aantal[:_HOOGSTE]
    delen = [
        (
            tekst_van(sleutel),
            _adres(wat="taken", pagina=None)
            if veld == "naam" and not sleutel
            else _adres(**{veld: sleutel or _NIEMAND, "pagina": None}),
            aantal,
        )
        for sleutel, aantal in hoogste
    ]
    return Verdeling(kop, delen, len(op_aantal) - len(hoogste))
