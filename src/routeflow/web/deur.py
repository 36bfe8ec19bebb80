"""What every page needs from the request: who asks, when, and how to read and act."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from routeflow.clock import Clock
from routeflow.config import Config
from routeflow.engine.xml import as_utf8
from routeflow.errors import Invalid, NotAllowed
from routeflow.inburgering.rechten import Actor, Handeling, bezwaar_tegen
from routeflow.store import Store, read, transact

Result = TypeVar("Result")
Vraag = ParamSpec("Vraag")

NEDERLAND = ZoneInfo("Europe/Amsterdam")
LAATSTE_BLADZIJDE = 10_000


@dataclass(frozen=True, slots=True)
class Huis:
    """What the pages stand on.

    ``wandklok`` is the real time: the demo may move ``clock``. ``boeken`` keeps what was read
    from the files of the newest deployments. ``keuring`` is held by who judges a set: that is heavy,
    so of several uploads one is judged at a time.
    """

    store: Store
    clock: Clock
    wandklok: Clock
    config: Config
    boeken: dict[int, Any] = field(default_factory=dict)
    keuring: Any = field(default_factory=Lock)


def huis() -> Huis:
    """Return the house of this application."""
    return cast("Huis", current_app.extensions["routeflow"])


def actor() -> Actor:
    """Return who is logged in."""
    return cast("Actor", g.actor)


def now() -> datetime:
    """Return the instant of this request: the clock is read once."""
    if "now" not in g:
        g.now = huis().clock()
    return cast("datetime", g.now)


def vandaag() -> date:
    """Return the civil date of this request in the Netherlands."""
    return now().astimezone(NEDERLAND).date()


def lees(
    work: Callable[Concatenate[Session, Vraag], Result], *args: Vraag.args, **kwargs: Vraag.kwargs
) -> Result:
    """Call ``work(session, ...)`` on one consistent moment of the database."""
    return read(huis().store.sessions, lambda session: work(session, *args, **kwargs))


def doe(command: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401 - the command knows
    """Let the person that is logged in do ``command`` now, in one transaction."""

    def work(session: Session) -> Result:
        return command(session, *args, by=actor(), now=now(), **kwargs)

    return transact(huis().store.sessions, work)


def kan(handeling: Handeling) -> bool:
    """Say whether who is logged in may do this at all, for menus and buttons."""
    return bezwaar_tegen(actor(), handeling) is None


def mag(handeling: Handeling) -> None:
    """Raise NotAllowed when who is logged in may not do this."""
    if bezwaar := bezwaar_tegen(actor(), handeling):
        raise NotAllowed(bezwaar)


def naar(endpoint: str, **waarden: Any) -> Response:  # noqa: ANN401 - as url_for
    """Send the browser on after an act, so that a reload does not repeat it."""
    return redirect(url_for(endpoint, **waarden), code=303)


_ERGENS = UUID(int=0)


def adressen(plek: str, naam: str, /, **waarden: str) -> Callable[[UUID], str]:
    """Return what gives the address of ``plek`` for each id: a long list asks ``url_for`` once."""
    ergens: dict[str, Any] = {**waarden, naam: _ERGENS}
    voor, _, na = url_for(plek, **ergens).partition(str(_ERGENS))
    return lambda id_: f"{voor}{id_}{na}"


def volledig(endpoint: str, **waarden: Any) -> str:  # noqa: ANN401 - as url_for
    """Return an address with its host, for outside this site.

    The host is the one that was configured: what a request says of it, anybody can make up.
    """
    if adres := huis().config.adres:
        return adres.rstrip("/") + url_for(endpoint, **waarden)
    return url_for(endpoint, _external=True, **waarden)


def xml(inhoud: bytes) -> Response:
    """Return a file of a process owner: to be read by our own pages, never opened as a page itself."""
    kop = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
    return Response(as_utf8(inhoud), mimetype="application/xml", headers=kop)


def terug(anders: str) -> Response:
    """Send the browser back to the page in the form field ``terug``, when it is one of ours."""
    return redirect(veilig_pad(request.form.get("terug")) or anders, code=303)


def veilig_pad(doel: str | None) -> str | None:
    """Return ``doel`` when it is a path of this site, None for all else (open redirect)."""
    if not doel or not doel.startswith("/") or doel.startswith(("//", "/\\")):
        return None
    delen = urlsplit(doel)
    if delen.scheme or delen.netloc or any(teken < " " or teken == "\\" for teken in doel):
        return None
    return doel


def bladzijde() -> int:
    """Return which page of a list is asked; nobody turns further than the last number here."""
    return min(max(1, request.args.get("pagina", 1, type=int)), LAATSTE_BLADZIJDE)


def tekst(veld: str) -> str:
    """Return a field of the form, without the spaces around it."""
    return request.form.get(veld, "").strip()


def ingestuurd(veld: str, hoogstens: int) -> bytes:
    """Return a file from the form, one byte over ``hoogstens`` at the most.

    The page that shows what is in it hands it on in the field ``inhoud``. Raises Invalid when
    there is none.
    """
    gestuurd = request.files.get(veld)
    if gestuurd is not None and gestuurd.filename:
        return gestuurd.stream.read(hoogstens + 1)
    try:
        inhoud = base64.b64decode(tekst("inhoud"), validate=True)
    except (binascii.Error, ValueError):
        inhoud = b""
    if not inhoud:
        raise Invalid("Er is geen bestand.", {veld: "Kies eerst een bestand."})
    return inhoud


def als_datum(ingevuld: str) -> date | str:
    """Return a date as people write it; the text itself when it is none.

    >>> als_datum("5-1-2026"), als_datum("gisteren")
    (datetime.date(2026, 1, 5), 'gisteren')
    """
    delen = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", ingevuld)
    try:
        return date(int(delen[3]), int(delen[2]), int(delen[1])) if delen else ingevuld
    except ValueError:
        return ingevuld
