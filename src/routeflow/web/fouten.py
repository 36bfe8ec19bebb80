"""What people see when something cannot be done: one handler per kind, one template."""

import logging
import secrets

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from routeflow.errors import Conflict, Incident, Invalid, NotAllowed, NotFound, Refusal
from routeflow.store.storing import storing

log = logging.getLogger(__name__)

_TITELS: dict[type[Refusal], str] = {
    NotFound: "Niet gevonden",
    NotAllowed: "Dit mag u niet",
    Conflict: "Dit kan nu niet",
    Invalid: "Dit klopt nog niet",
}
_HTTP: dict[int, tuple[str, str]] = {
    400: ("Dit verzoek klopt niet", "Ga terug en probeer het opnieuw."),
    404: ("Niet gevonden", "Deze pagina bestaat niet. Kijk of het adres klopt."),
    405: ("Dit kan hier niet", "Ga terug en gebruik de knop op de pagina."),
    413: (
        "Te groot",
        "Samen mogen bestanden 8 MB zijn, en de tekst van een formulier 1 MB. Verstuur minder tegelijk.",
    ),
}


def register(app: Flask) -> None:
    """Let every error end on a page in Dutch that says what can be done."""

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> tuple[str, int]:
        titel = next(
            (titel for soort, titel in _TITELS.items() if isinstance(error, soort)), "Dit kan niet"
        )
        fouten = error.fouten if isinstance(error, Invalid) else {}
        return _pagina(error.status, titel, str(error), fouten=fouten)

    @app.errorhandler(Incident)
    def stopped(error: Incident) -> tuple[str, int]:
        kenmerk = _kenmerk()
        log.error("incident %s on %s: %s", kenmerk, request.endpoint, error, exc_info=error)
        return _pagina(
            500,
            "Het proces kan niet verder",
            f"{error.reden} Er is niets veranderd. Geef dit door aan de proceseigenaar.",
            kenmerk=kenmerk,
        )

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> tuple[str, int]:
        del error
        return _pagina(
            400,
            "Deze pagina is verlopen",
            "U bent niet meer ingelogd. Er is niets veranderd. Ga terug: wat u invulde, staat er "
            "meestal nog. Neem het over, laad de pagina opnieuw en log in.",
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int, list[tuple[str, str]]]:
        status = error.code or 500
        titel, uitleg = _HTTP.get(status, ("Dit kan niet", "Ga terug en probeer het opnieuw."))
        return *_pagina(status, titel, uitleg), [
            (naam, waarde) for naam, waarde in error.get_headers() if naam in {"Allow", "Location"}
        ]

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        kenmerk = _kenmerk()
        log.error("error %s on %s", kenmerk, request.endpoint, exc_info=error)
        if zin := storing(error):
            return _pagina(503, "Dit kan nu niet", zin, kenmerk=kenmerk)
        return _pagina(
            500,
            "Er ging iets mis",
            "Dit is onze fout, niet die van u. Probeer het over een paar minuten opnieuw. "
            "Lukt het niet? Bel de beheerder en noem het kenmerk.",
            kenmerk=kenmerk,
        )


def _kenmerk() -> str:
    return secrets.token_hex(4).upper()


def _pagina(
    status: int,
    titel: str,
    uitleg: str,
    *,
    kenmerk: str | None = None,
    fouten: dict[str, str] | None = None,
) -> tuple[str, int]:
    return (
        render_template(
            "fout.html", titel=titel, uitleg=uitleg, kenmerk=kenmerk, fouten=fouten or {}
        ),
        status,
    )
