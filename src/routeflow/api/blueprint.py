"""The door itself: who may come in, which view answers, and what an error looks like outside."""

import logging
import secrets
from collections.abc import Callable
from http import HTTPStatus

import msgspec
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from routeflow.api import schema
from routeflow.api.body import read_body
from routeflow.api.door import Door
from routeflow.api.openapi import Operation, document
from routeflow.api.resources import DEMO, OPERATIONS
from routeflow.clock import Clock, system_clock
from routeflow.commands import accounts
from routeflow.config import Config
from routeflow.errors import Incident, Invalid, Refusal
from routeflow.inburgering.rechten import Actor
from routeflow.store import Store, read
from routeflow.store.storing import storing

log = logging.getLogger(__name__)

PREFIX = "/api/v1"
MAX_BODY = 1_000_000


def create_blueprint(
    store: Store, *, clock: Clock, config: Config, wandklok: Clock = system_clock
) -> Blueprint:
    """Return the blueprint of the API, to be mounted at /api/v1.

    ``clock`` is the clock of the work; in the demo it is ``wandklok`` moved forward.
    """
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    operations = [*OPERATIONS, *(DEMO if config.demo else ())]
    description = msgspec.json.encode(document(operations))

    @api.before_app_request
    def no_such_place() -> Response | None:
        """Answer for addresses that no view has: their errors belong to no blueprint."""
        stray = request.routing_exception
        if not isinstance(stray, HTTPException) or not _is_ours(request.path):
            return None
        return _http_error(stray)

    @api.before_request
    def authenticate() -> Response | None:
        request.max_content_length = MAX_BODY
        g.door = Door(store, clock, wandklok, config)
        if request.endpoint == "api.openapi":
            return None
        actor = _bearer(store)
        if actor is None:
            answer = problem(
                HTTPStatus.UNAUTHORIZED,
                "Geen geldig token. Geef de header Authorization: Bearer <token>.",
            )
            answer.headers["WWW-Authenticate"] = 'Bearer realm="routeflow"'
            return answer
        g.actor = actor
        return None

    @api.get("/openapi.json")
    def openapi() -> Response:
        return Response(description, mimetype="application/json")

    for operation in operations:
        api.add_url_rule(
            operation.path.replace("{", "<").replace("}", ">"),
            endpoint=operation.view.__name__,
            view_func=_view(operation),
            methods=[operation.method],
        )
    api.register_error_handler(Refusal, _refused)
    api.register_error_handler(HTTPException, _http_error)
    api.register_error_handler(Incident, _stopped)
    api.register_error_handler(Exception, _broken)
    return api


def _is_ours(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def _bearer(store: Store) -> Actor | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return None
    return read(store.sessions, lambda session: accounts.actor_of_token(session, secret.strip()))


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        given = dict(path)
        answer = (
            operation.view(g.door, read_body(operation.body), **given)
            if operation.body is not None
            else operation.view(g.door, **given)
        )
        return Response(
            msgspec.json.encode(answer), status=operation.status, mimetype="application/json"
        )

    return view


def problem(status: HTTPStatus, detail: str, fouten: dict[str, str] | None = None) -> Response:
    problem = schema.Probleem(
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=detail,
        fouten=fouten or {},
    )
    return Response(
        msgspec.json.encode(problem), status=status, mimetype="application/problem+json"
    )


def _refused(error: Refusal) -> Response:
    fouten = error.fouten if isinstance(error, Invalid) else None
    return problem(HTTPStatus(error.status), str(error), fouten)


_UITLEG = {
    HTTPStatus.NOT_FOUND: "Dit adres bestaat niet. Zie /api/v1/openapi.json.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Dit adres kent deze methode niet. Zie /api/v1/openapi.json.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"Het verzoek is groter dan {MAX_BODY} bytes.",
    HTTPStatus.PERMANENT_REDIRECT: "Dit adres is anders geschreven. Zie de header Location.",
}


def _http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    uitleg = _UITLEG.get(status) or f"Dit verzoek is niet te verwerken (fout {status.value})."
    answer = problem(status, uitleg)
    for naam, waarde in error.get_headers():
        if naam == "Allow":
            answer.headers[naam] = waarde
    if isinstance(error, RequestRedirect):
        answer.headers["Location"] = error.new_url
    return answer


def _stopped(error: Incident) -> Response:
    kenmerk = _kenmerk(error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Het proces kan niet verder: {error.reden} Er is niets veranderd. "
        f"Geef dit door aan de proceseigenaar (kenmerk {kenmerk}).",
    )


def _broken(error: Exception) -> Response:
    if zin := storing(error):
        kenmerk = _kenmerk(error)
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{zin} Kenmerk {kenmerk}.")
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Er ging iets mis bij ons. De beheerder vindt de oorzaak onder kenmerk {_kenmerk(error)}.",
    )


def _kenmerk(error: Exception) -> str:
    kenmerk = secrets.token_hex(4).upper()
    log.error("error %s on %s", kenmerk, request.endpoint, exc_info=error)
    return kenmerk
