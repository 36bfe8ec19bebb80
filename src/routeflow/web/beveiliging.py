"""What a browser is told about this site, and the token that proves that a form is ours."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

csrf = CSRFProtect()

# No address but our own, nothing inline: text from a diagram or a form can never run.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


MAX_TEKST = 100_000
MAX_FORMULIER = 1024 * 1024  # of a form that carries no files; a list of short fields is heavy
_BESTANDEN = frozenset({"concept", "inhoud", "mee"})  # fields that nobody types; with own limits
_DELEN = "multipart/form-data"
_MET_BESTANDEN = frozenset({"processen.controleer", "processen.publiceer", "uren.lees_in"})


class _Nummer(IntegerConverter):
    """A number in an address: no larger than a number of the database."""

    def __init__(self, map_: Map, *args: Any, **given: Any) -> None:  # noqa: ANN401 - as its base
        super().__init__(map_, *args, **{"max": 2**31 - 1, **given})


def _onleesbaar_adres() -> None:
    """Refuse an address that is no text, and say how much a form may bring, before it is read."""
    if request.path.startswith("/api/"):
        return  # programs are answered by the API, in its own words
    if b"%00" in request.query_string or "\0" in request.path:
        abort(400)
    met_bestanden = request.endpoint in _MET_BESTANDEN and request.mimetype == _DELEN
    if not met_bestanden:
        request.max_content_length = MAX_FORMULIER


def _onleesbaar() -> None:
    """Refuse what is no text, or more text than anybody types, before anything looks at it."""
    if request.path.startswith("/api/"):
        return
    for veld, waarde in request.form.items(multi=True):
        if "\0" in veld or "\0" in waarde:
            abort(400)
        if len(waarde) > MAX_TEKST and veld not in _BESTANDEN:
            abort(413)


def protect(app: Flask, *, https: bool, stop_stranger: Callable[[], Response | None]) -> None:
    """Put the headers on every answer and ask the token of every form.

    ``stop_stranger`` stands before it: of who never logged in no form is read but that of logging in.
    """
    app.url_map.converters["int"] = _Nummer
    app.before_request(_onleesbaar_adres)
    app.before_request(stop_stranger)
    app.before_request(_onleesbaar)
    csrf.init_app(app)

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not request.path.startswith("/static/"):
            # A page about a person may not stay behind on a shared computer.
            response.headers.setdefault("Cache-Control", "no-store")
        return response
