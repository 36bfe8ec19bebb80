"""The web door: Dutch pages, rendered on the server, that also work without JavaScript."""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Flask, g, url_for
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from routeflow import api
from routeflow.clock import Clock, system_clock
from routeflow.commands import klok
from routeflow.config import Config
from routeflow.inburgering.rechten import Handeling, Rol
from routeflow.store import Store, migrate, open_store
from routeflow.web import (
    agenda,
    beheer,
    besluiten,
    brieven,
    demo,
    dossiers,
    fouten,
    herverdelen,
    incidenten,
    logboek,
    meldingen,
    migratie,
    overdracht,
    processen,
    rapport,
    sessie,
    start,
    taken,
    termijnen,
    uren,
    verwijderen,
    weergave,
    werklijst,
)
from routeflow.web.beveiliging import csrf, protect
from routeflow.web.deur import Huis, adressen, kan, vandaag

_STATIC = Path(__file__).with_name("static")
_MEGABYTE = 1024 * 1024

MAX_VERZOEK = 12 * _MEGABYTE  # a whole set of files, once more as a draft in the form
MAX_VELD = 8 * _MEGABYTE


def create_app(
    store: Store,
    *,
    clock: Clock = system_clock,
    config: Config | None = None,
    wandklok: Clock = system_clock,
) -> Flask:
    """Build the application on ``store``.

    ``clock`` is the clock of the work, which the demo moves; ``wandklok`` the real time, by
    which sessions end. Raises FileNotFoundError when the browser part was not built.
    """
    config = config or Config()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=sleutel(config.sleutelbestand),
        SESSION_COOKIE_NAME="__Host-routeflow" if config.https else "routeflow",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=10),
        MAX_CONTENT_LENGTH=MAX_VERZOEK,
        MAX_FORM_MEMORY_SIZE=MAX_VELD,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, so that a long form is not lost
        PROPAGATE_EXCEPTIONS=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["routeflow"] = Huis(store, clock, wandklok, config)
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=config.proxies,
            x_proto=config.proxies,
            x_host=config.proxies,
        )

    protect(app, https=config.https, stop_stranger=sessie.stop_stranger)
    fouten.register(app)
    weergave.register(app)
    app.before_request(sessie.know_who)
    for module in (
        sessie,
        start,
        werklijst,
        taken,
        dossiers,
        processen,
        migratie,
        overdracht,
        herverdelen,
        incidenten,
        meldingen,
        beheer,
        besluiten,
        brieven,
        termijnen,
        rapport,
        agenda,
        uren,
        verwijderen,
        demo,
    ):
        app.register_blueprint(module.pages)
    programma = api.create_blueprint(store, clock=clock, config=config, wandklok=wandklok)
    csrf.exempt(programma)  # it takes bearer tokens only, which no other site can send
    app.register_blueprint(programma)
    app.context_processor(_omgeving)
    _bundels()
    return app


def _omgeving() -> dict[str, Any]:
    """Give every template the date, the person, the menu and the addresses of the browser part."""
    return {
        "vandaag": vandaag(),
        "actor": g.get("actor"),
        "Rol": Rol,
        "Handeling": Handeling,
        "kan": kan,
        "adressen": adressen,
        "bundel": bundel,
        "menu": start.menu,
        "stand": demo.stand,
        "gemeente": start.gemeente,
    }


def bundel(naam: str) -> dict[str, Any]:
    """Return the addresses of one bundle: ``js``, ``css`` (or None) and ``imports``."""
    delen = _bundels()[naam]

    def adres(bestand: str) -> str:
        return url_for("static", filename=f"dist/{bestand}")

    return {
        "js": adres(delen["js"]),
        "css": adres(delen["css"]) if delen["css"] else None,
        "imports": [adres(bestand) for bestand in delen["imports"]],
    }


@cache
def _bundels() -> dict[str, dict[str, Any]]:
    manifest = _STATIC / "dist" / "manifest.json"
    if not manifest.exists():
        raise FileNotFoundError(
            f"{manifest} ontbreekt. Maak het browserdeel opnieuw: pip install --no-deps -e ."
        )
    bundels: dict[str, dict[str, Any]] = json.loads(manifest.read_text("utf-8"))
    return bundels


def sleutel(bestand: Path) -> bytes:
    """Return the secret that signs cookies; made once, readable by this user only.

    It appears under its name at once and whole, so that of several processes that start
    together the first one's secret is everybody's.
    """
    if not bestand.exists():
        bestand.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=bestand.parent) as nieuw:  # mode 0600
            nieuw.write(secrets.token_hex(32).encode())
            nieuw.flush()
            with suppress(FileExistsError):
                bestand.hardlink_to(nieuw.name)
    return bestand.read_bytes()


def production(environment: Mapping[str, str] | None = None) -> Flask:
    """Build the application as a web server such as gunicorn starts it, from ``ROUTEFLOW_*``.

    Raises ValueError for a setting that does not fit. Workers run beside it: `routeflow worker`.
    """
    config = Config.from_environment(os.environ if environment is None else environment)
    logboek.begin(config.log_level)
    migrate(config.database)
    store = open_store(config.database)
    return create_app(
        store, clock=klok.clock_for(store, system_clock, demo=config.demo), config=config
    )
