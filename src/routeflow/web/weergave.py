"""How values read in Dutch. Templates get these as filters; nothing here decides anything."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from routeflow.commands.advance import WERKER
from routeflow.inburgering.rechten import Rol
from routeflow.inburgering.uren import Teller
from routeflow.web.deur import NEDERLAND

MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
DAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

_NAAR_LINKS = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO"})  # and signs that turn text
_BEGIN_APART, _EINDE_APART = "\u2068", "\u2069"  # first strong isolate, and its end

_SOORTEN = {
    "userTask": "taak",
    "serviceTask": "automatisch",
    "sendTask": "versturen",
    "scriptTask": "automatisch",
    "businessRuleTask": "beslistabel",
    "manualTask": "handwerk",
    "receiveTask": "wachten op bericht",
    "callActivity": "deelproces",
    "subProcess": "deelproces",
    "startEvent": "begin",
    "endEvent": "einde",
    "boundaryEvent": "tijd of bericht",
    "intermediateCatchEvent": "wachten",
    "intermediateThrowEvent": "signaal",
    "exclusiveGateway": "keuze",
    "parallelGateway": "tegelijk",
    "inclusiveGateway": "keuze (een of meer)",
    "eventBasedGateway": "wat het eerst komt",
    "sequenceFlow": "pijl",
    "process": "proces",
    "participant": "deelnemer",
    "lane": "baan",
    "message": "bericht",
    "signal": "signaal",
    "error": "fout",
    "escalation": "escalatie",
    "textAnnotation": "toelichting",
    "decision": "beslistabel",
    "input": "kolom (als)",
    "output": "kolom (dan)",
    "rule": "regel van de tabel",
}
_AFKORTINGEN = {
    "pip",
    "brp",
    "bsn",
    "coa",
    "duo",
    "lbt",
    "map",
    "pvt",
    "azc",
    "vve",
    "nt",
    "knm",
    "elip",
}


def datum(dag: date | None) -> str:
    """5 januari 2026."""
    if dag is None:
        return "nog niet bekend"
    dag = _civiel(dag)
    return f"{dag.day} {MAANDEN[dag.month - 1]} {dag.year}"


def datum_met_dag(dag: date) -> str:
    """Maandag 5 januari 2026, with a small letter."""
    return f"{DAGEN[_civiel(dag).weekday()]} {datum(dag)}"


def datum_kort(dag: date) -> str:
    """05-01-2026."""
    return _civiel(dag).strftime("%d-%m-%Y")


def moment(op: datetime) -> str:
    """5 januari 2026, 14:05."""
    op = op.astimezone(NEDERLAND)
    return f"{datum(op)}, {op:%H:%M}"


def iso(dag: date) -> str:
    """2026-01-05, for the datetime attribute."""
    return _civiel(dag).isoformat()


def waarde(gegeven: Any) -> str:  # noqa: ANN401, PLR0911 - one line per kind of value
    """Return a fact in words."""
    if gegeven is None or gegeven in ("", []):
        return "niet ingevuld"
    if isinstance(gegeven, bool):
        return "ja" if gegeven else "nee"
    if isinstance(gegeven, datetime):
        return moment(gegeven)
    if isinstance(gegeven, date):
        return datum(gegeven)
    if isinstance(gegeven, time):
        return f"{gegeven:%H:%M}"
    if isinstance(gegeven, timedelta):
        return f"{gegeven.days} dagen"
    if isinstance(gegeven, Decimal | float):
        return format(Decimal(str(gegeven)).normalize(), "f").replace(".", ",")
    if isinstance(gegeven, Mapping):
        return "; ".join(f"{leesbaar(str(naam))}: {waarde(deel)}" for naam, deel in gegeven.items())
    if isinstance(gegeven, list | tuple | set | frozenset):
        return ", ".join(waarde(deel) for deel in gegeven)
    return str(gegeven)


def verwachting(teller: Teller) -> str:
    """Return in words whether a norm comes in sight. It says what is needed, never whose doing it is."""
    if teller.koers != "loopt achter" or teller.per_week is None or teller.eind is None:
        return teller.koers
    nodig = f"{waarde(teller.per_week)} uur per week nodig tot {datum_kort(teller.eind)}"
    return f"{'loopt achter' if teller.gemaakt else 'nog geen uren'}: {nodig}"


def leesbaar(naam: str) -> str:
    """Return an id as words: ``brpDatum`` -> "BRP datum", ``p06_brede_intake`` -> "Brede intake"."""
    naam = re.sub(r"^p\d+[a-z]?_", "", naam)
    woorden = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", naam).replace("_", " ").replace("-", " ")
    delen = [
        deel.upper() if deel.lower() in _AFKORTINGEN else deel.lower() for deel in woorden.split()
    ]
    zin = " ".join(delen)
    return zin[:1].upper() + zin[1:]


def hoofdletter(zin: str) -> str:
    """Return ``zin`` with a capital, the rest as it was."""
    return zin[:1].upper() + zin[1:]


def telwoord(aantal: int, enkel: str, meer: str) -> str:
    """1 taak, 2 taken."""
    return f"{aantal} {enkel if aantal == 1 else meer}"


def cel(tekst: str) -> str:
    """Return one cell of a decision table without the signs that only the engine needs."""
    if tekst in ("", "-"):
        return ""
    losse = re.findall(r'"([^"]*)"', tekst)
    if losse and re.fullmatch(r'\s*"[^"]*"(\s*,\s*"[^"]*")*\s*', tekst):
        return " of ".join(losse)
    return {"true": "ja", "false": "nee", "null": "onbekend"}.get(tekst.strip(), tekst)


def soort_stap(soort: str) -> str:
    """Return a kind of BPMN element in Dutch."""
    return _SOORTEN.get(soort, leesbaar(soort).lower())


def apart(naam: str) -> str:
    r"""Return the name of a person so that the words and numbers around it stay where they are.

    A name in a script that runs from right to left would turn around what stands beside it. It is
    text like any other: also a title, a choice in a list and a spoken name take it.

    >>> apart("Amina Yusuf")
    'Amina Yusuf'
    >>> apart("أمينة").encode("unicode_escape")
    b'\\u2068\\u0623\\u0645\\u064a\\u0646\\u0629\\u2069'
    """
    if naam.isascii() or _NAAR_LINKS.isdisjoint(map(unicodedata.bidirectional, naam)):
        return naam
    return f"{_BEGIN_APART}{naam}{_EINDE_APART}"


def wie(naam: str) -> str:
    """Return who did something; what the product did at a date or for a message is "vanzelf"."""
    return "vanzelf" if naam in {WERKER.naam, "route"} else apart(naam)


def grond_kort(grond: str | None) -> str:
    """Return an article as it is; of a working agreement only that it is one."""
    return "werkafspraak" if (grond or "").startswith("Werkafspraak") else grond or ""


def rolnaam(rol: str) -> str:
    """Return a rol as it begins a line: PVT-aanbieder, Casemanager."""
    voor, streep, rest = rol.partition("-")
    return f"{voor.upper()}-{rest}" if streep and voor in _AFKORTINGEN else hoofdletter(rol)


def rol_opties() -> list[tuple[str, str]]:
    """Return all rollen, for a list to choose from."""
    return [(rol.value, rolnaam(rol.value)) for rol in Rol]


def _civiel(dag: date) -> date:
    return dag.astimezone(NEDERLAND).date() if isinstance(dag, datetime) else dag


def register(app: Flask) -> None:
    """Give the templates their filters."""
    for filter_ in (
        datum,
        datum_met_dag,
        datum_kort,
        moment,
        iso,
        waarde,
        leesbaar,
        hoofdletter,
        telwoord,
        cel,
        grond_kort,
        rolnaam,
        apart,
        wie,
    ):
        app.add_template_filter(filter_)
    for functie in (soort_stap, rol_opties):
        app.add_template_global(functie)
