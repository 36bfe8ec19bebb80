"""A calendar for each person: last days as iCalendar (RFC 5545), behind a secret link of their own."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, flash, render_template
from werkzeug.wrappers import Response as Antwoord

from routeflow.commands import agenda as links
from routeflow.errors import NotFound
from routeflow.store import queries
from routeflow.store.queries.agenda import Dag
from routeflow.web.deur import actor, doe, lees, naar, now, vandaag, volledig

pages = Blueprint("agenda", __name__, url_prefix="/agenda")

_GEEN_TEKST = frozenset({"Cc", "Cf", "Zl", "Zp"})  # not every program ends a line at CRLF alone
_REGEL = 75  # octets of a line (RFC 5545 section 3.1)


@pages.get("/")
def index() -> str:
    return _pagina()


@pages.post("/vernieuwen")
def vernieuw() -> str:
    """Show the link in the answer itself: it may not travel in a cookie or be shown twice."""
    geheim = doe(links.vernieuw_link)
    return _pagina(volledig(".feed", geheim=geheim))


@pages.post("/intrekken")
def trek_in() -> Antwoord:
    doe(links.trek_link_in)
    flash("De link werkt niet meer. Uw agenda haalt niets nieuws meer op.", "goed")
    return naar(".index")


def _pagina(adres: str | None = None) -> str:
    return render_template("agenda.html", link=lees(links.link_van, actor()), adres=adres)


@pages.get("/<geheim>.ics")
def feed(geheim: str) -> Response:
    """Answer whoever has the secret; a calendar program cannot log in."""
    wie = lees(links.actor_van_link, geheim)
    if wie is None:
        raise NotFound("Deze agenda bestaat niet (meer).")
    dagen = lees(queries.agenda, wie, vandaag())
    return Response(ics(dagen, now()), mimetype="text/calendar")


def ics(dagen: Iterable[Dag], op: datetime) -> str:
    """Return the calendar as text; ``op`` is the moment at which it was made."""
    return "".join(gevouwen(regel) for regel in _regels(dagen, op))


def _regels(dagen: Iterable[Dag], op: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//routeflow//termijnen//NL"
    yield "CALSCALE:GREGORIAN"
    yield "NAME:Termijnen"
    yield "X-WR-CALNAME:Termijnen"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    for dag in dagen:
        yield "BEGIN:VEVENT"
        yield f"UID:{dag.soort}-{dag.id}@routeflow"
        yield f"DTSTAMP:{op.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{_dag(dag.dag)}"
        yield f"DTEND;VALUE=DATE:{_dag(dag.dag + timedelta(days=1))}"
        yield f"SUMMARY:{veilig(f'{dag.nummer}: {dag.naam}')}"
        yield f"DESCRIPTION:{veilig(f'Laatste dag van deze {dag.soort}. {dag.grond}'.strip())}"
        yield f"URL:{_adres(dag)}"
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _dag(dag: date) -> str:
    return f"{dag:%Y%m%d}"


def _adres(dag: Dag) -> str:
    if dag.soort == "taak":
        return volledig("taken.toon", taak_id=dag.id)
    return volledig("termijnen.toon", dossier_id=dag.dossier_id, naam=dag.termijn)


def veilig(tekst: str) -> str:
    r"""Return text as a value of iCalendar (section 3.3.11), without signs that it cannot hold.

    >>> veilig("PIP; plan, dag\n2")
    'PIP\\; plan\\, dag\\n2'
    """
    for teken in ("\\", ";", ","):
        tekst = tekst.replace(teken, f"\\{teken}")
    tekst = tekst.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(teken for teken in tekst if unicodedata.category(teken) not in _GEEN_TEKST)


def gevouwen(regel: str) -> str:
    r"""Return a line of at most 75 octets, going on in the next after a space; no sign is cut in two.

    >>> gevouwen("a" * 80)[70:]
    'aaaaa\r\n aaaaa\r\n'
    """
    delen, octetten = [""], 0
    for teken in regel:
        lengte = len(teken.encode())
        if octetten + lengte > _REGEL:
            delen.append(" ")
            octetten = 1
        delen[-1] += teken
        octetten += lengte
    return "".join(f"{deel}\r\n" for deel in delen)
