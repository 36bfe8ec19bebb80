"""Logging in and out, and who a request belongs to.

The cookie is signed and holds no more than the account, the version of its sessions, a number
of its own and two moments. The version in the database ends all sessions of an account at once;
logging out ends the one, also for who has a copy of its cookie.

Who was writing when the session ended, or logged out in another window, loses nothing: what was
sent waits in the login page, and goes out when the same person says so.
"""

import json
import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from routeflow.commands import accounts
from routeflow.errors import NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import queries, schermen, transact
from routeflow.store.models import Account
from routeflow.web import wachtend
from routeflow.web.deur import huis, lees, naar, tekst, veilig_pad

pages = Blueprint("sessie", __name__)

STIL = timedelta(minutes=45)
_PRECIES = 60  # seconds; a cookie that is written anew for each page costs more than it tells
TOTAAL = timedelta(hours=10)
MEE_HOOGUIT = 500_000  # characters of a form that wait for who logs in again
_UIT = "uit"  # in the cookie of who logged out: the account, for what other windows still send
OPEN = frozenset({"sessie.inloggen", "sessie.log_in", "sessie.log_in_demo", "agenda.feed"})


def stop_stranger() -> Response | None:
    """Send who never logged in to the login page before anything reads what they sent.

    Who logged out has still the token of the pages that are open in other windows of this browser.
    """
    if request.method != "POST" or request.endpoint in OPEN or request.path.startswith("/api/"):
        return None
    bekend = session.keys() & {"account", _UIT}
    return None if bekend else naar("sessie.inloggen", uitgelogd="ja")


def know_who() -> Response | tuple[str, int] | None:
    """Set ``g.actor``, or send a stranger to the login page. Runs before every page.

    A form that comes after the session ended waits in that page; its token was right.
    """
    g.actor = None
    if request.endpoint == "static" or request.path.startswith("/api/"):
        return None  # the same for everybody; programs bring a token, never a cookie
    account = _account_of_cookie()
    if account is not None:
        g.actor = accounts.actor_of(account)
        nu = int(huis().wandklok().timestamp())
        if not 0 <= nu - session["laatst"] < _PRECIES:
            session["laatst"] = nu
        return None
    if request.endpoint in OPEN:
        return None
    verlopen = "account" in session
    mee = _pak_in(session.get("account") or session.get(_UIT)) if request.method == "POST" else None
    if verlopen:
        _sluit()
    if mee:
        return _pagina(verlopen=verlopen, mee=mee), 401
    if request.method == "POST" and not verlopen:
        return naar("sessie.inloggen", uitgelogd="ja")
    volgende = request.full_path.rstrip("?") if request.method == "GET" else None
    if volgende == "/":
        volgende = None
    return redirect(
        url_for("sessie.inloggen", volgende=volgende, verlopen="ja" if verlopen else None), code=303
    )


@pages.get("/inloggen")
def inloggen() -> str | Response:
    if g.actor is not None:
        return naar("start.index")
    return _pagina()


@pages.post("/inloggen")
def log_in() -> Response | str | tuple[str, int]:
    login, wachtwoord = tekst("login"), request.form.get("wachtwoord", "")
    fouten = {
        veld: zin
        for veld, waarde, zin in (
            ("login", login, "Vul uw inlognaam in."),
            ("wachtwoord", wachtwoord, "Vul uw wachtwoord in."),
        )
        if not waarde
    }
    if fouten:
        return _pagina(login, fouten), 422
    try:
        account = accounts.log_in(
            huis().store.sessions,
            login,
            wachtwoord,
            adres=request.remote_addr or "",
            now=huis().wandklok(),
        )
    except accounts.TeVaak as te_vaak:
        return _pagina(login, {"login": str(te_vaak)}), te_vaak.status
    if account is None:
        zin = "De inlognaam of het wachtwoord klopt niet. Probeer het opnieuw."
        return _pagina(login, {"login": zin}), 422
    return _begin(account)


@pages.get("/sessie")
def sessie() -> tuple[str, int]:
    """Tell the server that somebody is still writing: that is not doing nothing."""
    return "", 204


@pages.post("/inloggen/demo")
def log_in_demo() -> Response | str:
    gekozen = tekst("login")
    account = next((een for een in _demo_accounts() if een.login == gekozen), None)
    if account is None:
        raise NotFound("Deze inlognaam bestaat niet.")
    return _begin(account)


@pages.post("/uitloggen")
def uitloggen() -> Response:
    einde = partial(accounts.log_uit, sessie=str(session.get("sessie", "")), now=huis().wandklok())
    transact(huis().store.sessions, einde)
    _sluit()
    return naar("sessie.inloggen")


def _sluit() -> None:
    """End the session, but remember whose it was and the token of the pages that are still open."""
    over = {"csrf_token": session.get("csrf_token"), _UIT: session.get("account")}
    session.clear()
    session.update({naam: waarde for naam, waarde in over.items() if waarde})


def _begin(account: Account) -> Response | str:
    """Start a new session; what was in the old cookie is gone (session fixation).

    The same person in the same browser keeps the token, so that the pages in other windows work on.
    """
    zelfde = session.get(_UIT) == str(account.id)
    token = session.get("csrf_token") if zelfde else None
    session.clear()
    if token:
        session["csrf_token"] = token
    nu = int(huis().wandklok().timestamp())
    session.update(
        account=str(account.id),
        versie=account.sessie_versie,
        sessie=secrets.token_urlsafe(16),
        begin=nu,
        laatst=nu,
    )
    if mee := _pak_uit(account):
        g.actor = accounts.actor_of(account)
        ingevuld = wachtend.in_woorden(mee["pad"], mee["velden"])
        return render_template("verder.html", **mee, ingevuld=ingevuld)
    return redirect(veilig_pad(request.form.get("volgende")) or url_for("start.index"), code=303)


def _account_of_cookie() -> schermen.Aangemeld | None:
    try:
        account_id = UUID(session["account"])
        versie, begin, laatst = (int(session[naam]) for naam in ("versie", "begin", "laatst"))
    except (KeyError, TypeError, ValueError):
        return None
    nu = huis().wandklok()
    if nu - _moment(laatst, nu) > STIL or nu - _moment(begin, nu) > TOTAAL:
        return None
    account = schermen.aangemeld(huis().store, account_id, str(session.get("sessie", "")))
    if account is None or account.afgemeld or not account.actief:
        return None
    return account if account.sessie_versie == versie else None


def _pak_in(account: str | None) -> str | None:
    """Return what was just sent, sealed for who sent it; None when it cannot wait in a page.

    Files cannot, and passwords may not.
    """
    velden = [(n, w) for n, w in request.form.items(multi=True) if n != "csrf_token"]
    if account is None or request.files or any("wachtwoord" in naam for naam, _ in velden):
        return None
    inhoud = {"account": account, "pad": request.full_path.rstrip("?"), "velden": velden}
    if len(json.dumps(inhoud)) > MEE_HOOGUIT:
        return None
    return _zegel().dumps(inhoud)


def _pak_uit(account: Account) -> dict[str, Any] | None:
    """Return what waits in the login page, when it is whole, of today and of this very person."""
    try:
        inhoud = _zegel().loads(request.form.get("mee", ""), max_age=int(TOTAAL.total_seconds()))
    except BadData:
        return None
    pad = veilig_pad(inhoud["pad"])
    if inhoud["account"] != str(account.id) or pad is None:
        return None
    return {"pad": pad, "velden": inhoud["velden"]}


def _zegel() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="mee naar het inloggen")


def _moment(seconden: int, nu: datetime) -> datetime:
    return datetime.fromtimestamp(seconden, nu.tzinfo)


def _demo_accounts() -> list[Account]:
    """Return the invented accounts; empty outside the demo, so that nobody enters without password."""
    if not huis().config.demo:
        return []
    poortwachter = Actor("demo", GEMEENTE, frozenset({Rol.BEHEERDER}))
    volgorde = list(Rol)
    return sorted(
        (account for account in lees(queries.accounts, poortwachter) if account.actief),
        key=lambda account: min((volgorde.index(Rol(rol)) for rol in account.rollen), default=0),
    )


def _pagina(
    login: str = "",
    fouten: dict[str, str] | None = None,
    *,
    verlopen: bool = False,
    mee: str | None = None,
) -> str:
    return render_template(
        "inloggen.html",
        login=login,
        fouten=fouten or {},
        volgende=veilig_pad(request.values.get("volgende")) or "",
        verlopen=verlopen or request.args.get("verlopen") == "ja",
        uitgelogd=(bool(mee) and not verlopen) or request.args.get("uitgelogd") == "ja",
        mee=mee or request.form.get("mee", ""),
        demo_accounts=_demo_accounts(),
    )
