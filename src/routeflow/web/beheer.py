"""Accounts and tokens: who can log in, and which programs may use the API."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from routeflow.commands import accounts, deployments, hartslag
from routeflow.engine.table_view import tables
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering.rechten import GEMEENTE, Handeling, Rol
from routeflow.store import queries, schermen
from routeflow.store.models import Account
from routeflow.web.boek import boek
from routeflow.web.brieven import afzender
from routeflow.web.deur import actor, doe, lees, mag, naar, now, tekst

pages = Blueprint("beheer", __name__, url_prefix="/accounts")

_ROLVERDELING = "processes/rolverdeling.dmn"


@pages.get("/")
def index() -> str:
    return render_template(
        "accounts.html",
        accounts=lees(queries.accounts, actor()),
        toestand=lees(hartslag.toestand, now=now()),
        gegevens=_gemeente(),
    )


def _gemeente() -> list[tuple[str, str, str]]:
    """Return what letters tell of the gemeente: what it is, its value, and the setting for it."""
    van = afzender()
    return [
        ("Naam", van.voluit, "ROUTEFLOW_GEMEENTE"),
        ("Postadres", van.postadres, "ROUTEFLOW_POSTADRES"),
        ("Telefoon", van.telefoon, "ROUTEFLOW_TELEFOON"),
        ("E-mail", van.email, "ROUTEFLOW_EMAIL"),
        ("Online bezwaar maken", van.bezwaar_online, "ROUTEFLOW_BEZWAAR_ONLINE"),
    ]


@pages.get("/nieuw")
def nieuw() -> str:
    mag(Handeling.ACCOUNTS_BEHEREN)
    return _formulier(None, {"rollen": []}, {})


@pages.post("/nieuw")
def maak() -> Response | tuple[str, int]:
    gegevens = _gegevens()
    wachtwoord = request.form.get("wachtwoord", "")
    try:
        account = doe(
            accounts.create_account,
            tekst("login"),
            wachtwoord=wachtwoord,
            **gegevens,
        )
    except Invalid as onjuist:
        ingevuld = {**gegevens, "login": tekst("login")}
        return _formulier(None, ingevuld, onjuist.fouten), onjuist.status
    except Conflict as bezet:
        ingevuld = {**gegevens, "login": tekst("login")}
        return _formulier(None, ingevuld, {"login": str(bezet)}), bezet.status
    flash(f"Account {account.login} is gemaakt.", "goed")
    _waarschuw_bij(account)
    return naar(".index")


@pages.get("/<uuid:account_id>")
def toon(account_id: UUID) -> str:
    return _formulier(_een(account_id), {}, {})


@pages.post("/<uuid:account_id>")
def wijzig(account_id: UUID) -> Response | tuple[str, int]:
    gegevens = _gegevens()
    try:
        account = doe(
            accounts.wijzig_account,
            account_id,
            actief=request.form.get("actief") == "ja",
            **gegevens,
        )
    except Invalid as onjuist:
        return _formulier(_een(account_id), gegevens, onjuist.fouten), onjuist.status
    except Conflict as eigen:
        return _formulier(_een(account_id), gegevens, {"rollen": str(eigen)}), eigen.status
    flash(f"Account {account.login} is gewijzigd.", "goed")
    _waarschuw_bij(account)
    return naar(".index")


@pages.post("/<uuid:account_id>/wachtwoord")
def wachtwoord(account_id: UUID) -> Response | tuple[str, int]:
    account = _een(account_id)
    try:
        doe(accounts.set_wachtwoord, account_id, request.form.get("wachtwoord", ""))
    except Invalid as onjuist:
        return _formulier(account, {}, onjuist.fouten), onjuist.status
    flash(f"Het wachtwoord van {account.login} is veranderd. De sessies zijn beëindigd.", "goed")
    return naar(".index")


@pages.get("/tokens")
def tokens() -> str:
    mag(Handeling.ACCOUNTS_BEHEREN)
    return _tokens({})


@pages.post("/tokens")
def maak_token() -> str | tuple[str, int]:
    """Show the secret in the answer itself: it may not travel in a cookie or be shown twice."""
    mag(Handeling.ACCOUNTS_BEHEREN)
    try:
        _, geheim = doe(accounts.create_token, tekst("naam"))
    except Invalid as onjuist:
        return _tokens(onjuist.fouten), onjuist.status
    return _tokens({}, geheim=geheim)


@pages.post("/tokens/<uuid:token_id>/intrekken")
def trek_in(token_id: UUID) -> Response:
    token = doe(accounts.withdraw_token, token_id)
    flash(f"Het token {token.naam} werkt niet meer.", "goed")
    return naar(".tokens")


def _tokens(fouten: Mapping[str, str], geheim: str | None = None) -> str:
    account_id = actor().account_id
    lijst = lees(schermen.tokens, account_id) if account_id else []
    return render_template("tokens.html", tokens=lijst, fouten=fouten, geheim=geheim)


def _een(account_id: UUID) -> Account:
    for account in lees(queries.accounts, actor()):
        if account.id == account_id:
            return account
    raise NotFound("Dit account bestaat niet.")


def _gegevens() -> dict[str, Any]:
    return {
        "naam": tekst("naam"),
        "email": tekst("email"),
        "partij": tekst("partij"),
        "rollen": [Rol(rol) for rol in request.form.getlist("rollen") if rol in set(Rol)],
    }


def _formulier(
    account: Account | None, ingevuld: Mapping[str, Any], fouten: Mapping[str, str]
) -> str:
    return render_template(
        "account.html",
        account=account,
        waarde=lambda veld: ingevuld.get(veld, getattr(account, veld, "") if account else ""),
        fouten=fouten,
        partijen=sorted(_partijen()),
    )


def _waarschuw_bij(account: Account) -> None:
    """Tell it when a partij is in no row of the rolverdeling: this person would see nothing."""
    if account.rollen and account.partij not in _partijen():
        flash(
            f"{account.partij} staat niet in de rolverdeling. Zolang dat zo is, krijgt dit "
            "account geen taken. Kijk of de naam klopt.",
            "let-op",
        )


def _partijen() -> set[str]:
    """Return the parties that the rolverdeling in service gives work to, and the gemeente."""
    versie = lees(deployments.current)
    bestand = boek(versie.id).bestanden.get(_ROLVERDELING) if versie else None
    gevonden = {
        cel.strip('"')
        for tabel in (tables(bestand, _ROLVERDELING) if bestand else ())
        for rij in tabel.rows
        for cel in rij.outputs
    }
    return {GEMEENTE} | gevonden - {""}
