"""The endpoints: what came in, which act, what goes out."""

import logging
import re
import secrets
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from routeflow import forms, worker
from routeflow.api import schema
from routeflow.api.openapi import Operation, Parameter, document
from routeflow.clock import Clock, system_clock
from routeflow.commands import accounts, berichten, dossiers, naleving, taken, termijnblad
from routeflow.commands.toegang import eis
from routeflow.config import Config
from routeflow.errors import Incident, Invalid, NotFound, Refusal
from routeflow.feel.json import from_json, to_json
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.inburgering.regels import REGELS
from routeflow.store import Store, queries, read, transact
from routeflow.store.models import Bericht, Dossier, DossierTermijn, Taak

Answer = TypeVar("Answer")
Body = TypeVar("Body", bound=msgspec.Struct)

log = logging.getLogger(__name__)

PREFIX = "/api/v1"
MAX_BODY = 1_000_000
MAX_PAGE = 200
MAX_PAGES, MAX_WEKEN = 10_000, 520
STAND_TERMIJN = ("komend", "verstreken", "wacht", "stil")
_NEDERLAND = ZoneInfo("Europe/Amsterdam")
_WOORDEN = (
    (r"Expected (`.+`), got (`.+`)", r"hier hoort \1, niet \2"),
    (r"Expected `object` of length <= (\d+)", r"hier horen hoogstens \1 gegevens"),
    (r"Expected (`.+`) of length >= (\d+)", r"hier hoort \1 met minstens \2 tekens"),
    (r"Expected (`.+`) of length <= (\d+)", r"hier hoort \1 met hoogstens \2 tekens"),
    (r"Expected (`.+`) >= (-?\d+)", r"hier hoort \1 van minstens \2"),
    (r"Expected (`.+`) <= (-?\d+)", r"hier hoort \1 van hoogstens \2"),
    (r"Expected (`.+`) matching regex (.+)", r"hier hoort \1 in de vorm \2"),
    (r"(?s)Invalid enum value (.{0,200})", r"\1 is geen keuze"),
    (r"Object missing required field (`.+`)", r"\1 ontbreekt"),
    (r"(?s)Object contains unknown field (`.{0,200})", r"\1 is onbekend"),
    (r"Invalid .*date", "dit is geen datum"),
    (r"Integer value out of range", "dit getal is te groot"),
    (r"JSON is malformed.*\(byte (\d+)\)", r"dit is geen JSON vanaf byte \1"),
    (r"Input data was truncated", "de JSON houdt halverwege op"),
)
_PLEK = re.compile(r"at `\$\.([^`]+)`|field `([^`]+)`")  # where msgspec says that it is wrong


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
        g.door = _Door(store, clock, wandklok, config)
        if request.endpoint == "api.openapi":
            return None
        actor = _bearer(store)
        if actor is None:
            answer = _problem(
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


class _Door(msgspec.Struct, frozen=True):
    """What a view needs besides its request. The clock is read once per request."""

    store: Store
    clock: Clock
    wandklok: Clock
    config: Config

    def write(self, work: Callable[..., Answer], **given: Any) -> Answer:  # noqa: ANN401 - as wide as commands
        """Run a command in its own transaction as the caller, now."""
        return transact(self.store.sessions, partial(work, **given, by=g.actor, now=self.clock()))


def _bearer(store: Store) -> Actor | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return None
    return read(store.sessions, lambda session: accounts.actor_of_token(session, secret.strip()))


def _view(operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        given = dict(path)
        answer = (
            operation.view(g.door, _body(operation.body), **given)
            if operation.body is not None
            else operation.view(g.door, **given)
        )
        return Response(
            msgspec.json.encode(answer), status=operation.status, mimetype="application/json"
        )

    return view


def _body(kind: type[Body]) -> Body:
    data = request.get_data()
    if b"\\u0000" in data:
        raise Invalid("Het verzoek bevat het teken \\u0000. Dat is geen tekst.")
    try:
        return msgspec.json.decode(data or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        plek, zin = _PLEK.search(str(error)), _in_woorden(str(error))
        raise Invalid(
            f"Het verzoek past niet bij de beschrijving: {zin}.",
            {next(filter(None, plek.groups()))[:200]: zin} if plek else None,
        ) from error


def _in_woorden(fout: str) -> str:
    """Return what msgspec says about a body in Dutch, with the names of the types as JSON has them."""
    wat, _, plek = fout.partition(" - at ")
    for patroon, zin in _WOORDEN:
        if gevonden := re.match(patroon, wat):
            return f"{gevonden.expand(zin)[:300]}{f' (bij {plek[:200]})' if plek else ''}"
    return "het is niet te lezen"


def _problem(status: HTTPStatus, detail: str, fouten: dict[str, str] | None = None) -> Response:
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
    return _problem(HTTPStatus(error.status), str(error), fouten)


_UITLEG = {
    HTTPStatus.NOT_FOUND: "Dit adres bestaat niet. Zie /api/v1/openapi.json.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Dit adres kent deze methode niet. Zie /api/v1/openapi.json.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"Het verzoek is groter dan {MAX_BODY} bytes.",
}


def _http_error(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = _problem(status, _UITLEG.get(status) or error.description or status.phrase)
    for naam, waarde in error.get_headers():
        if naam in {"Allow", "Location"}:
            answer.headers[naam] = waarde
    return answer


def _stopped(error: Incident) -> Response:
    kenmerk = _kenmerk(error)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Het proces kan niet verder: {error.reden} Er is niets veranderd. "
        f"Geef dit door aan de proceseigenaar (kenmerk {kenmerk}).",
    )


def _broken(error: Exception) -> Response:
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"Er ging iets mis bij ons. De beheerder vindt de oorzaak onder kenmerk {_kenmerk(error)}.",
    )


def _kenmerk(error: Exception) -> str:
    kenmerk = secrets.token_hex(4).upper()
    log.error("error %s on %s", kenmerk, request.endpoint, exc_info=error)
    return kenmerk


def _id(text: str, what: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(f"{what} bestaat niet.") from error


def _today(now: datetime) -> date:
    return now.astimezone(_NEDERLAND).date()


def _limit() -> int:
    text = _arg("limit") or "50"
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= MAX_PAGE:  # noqa: PLR2004 - digits
        raise Invalid(f"limit is een getal van 1 tot {MAX_PAGE}, niet {text!r}.")
    return int(text)


def _arg(name: str) -> str | None:
    """Return a parameter of the query, None when it is not there or empty."""
    text = request.args.get(name) or None
    if text and "\0" in text:
        raise Invalid(f"{name} bevat een teken dat geen tekst is.")
    return text


def _choice(name: str, choices: tuple[str, ...]) -> str:
    """Return the parameter ``name``, which is one of ``choices``; the first when it is not there."""
    text = _arg(name) or choices[0]
    if text not in choices:
        raise Invalid(f"{name} is {', '.join(choices[:-1])} of {choices[-1]}, niet {text!r}.")
    return text


def _flag(name: str) -> bool | None:
    text = _arg(name)
    if text is None:
        return None
    if text not in {"true", "false"}:
        raise Invalid(f"{name} is true of false, niet {text!r}.")
    return text == "true"


# ---- dossiers


def create_dossier(door: _Door, nieuw: schema.DossierNieuw) -> schema.DossierVolledig:
    gegevens = {
        sleutel: waarde
        for sleutel, waarde in {
            "naam": nieuw.naam,
            "doelgroep": nieuw.doelgroep,
            "geboortedatum": nieuw.geboortedatum,
            "bsn": nieuw.bsn,
            "vNummer": nieuw.v_nummer,
        }.items()
        if waarde is not None
    }
    dossier = door.write(dossiers.start_dossier, gegevens={**_feiten_in(nieuw.feiten), **gegevens})
    return get_dossier(door, id=str(dossier.id))


def list_dossiers(door: _Door) -> schema.Dossiers:
    wanted = queries.DossierFilter(
        zoek=_arg("zoek") or "",
        fase=_arg("fase"),
        leerroute=_arg("leerroute"),
        doelgroep=_arg("doelgroep"),
        status=_choice("status", STAND_DOSSIER),  # type: ignore[arg-type]  # one of the three
        per_pagina=_limit(),
        na=_arg("cursor"),
    )
    page = read(
        door.store.sessions,
        lambda session: queries.dossiers(session, g.actor, wanted, _today(door.clock())),
    )
    return schema.Dossiers(
        items=[
            schema.DossierKort(
                id=str(rij.id),
                nummer=rij.nummer,
                naam=rij.naam,
                doelgroep=rij.doelgroep,
                leerroute=rij.leerroute,
                fase=rij.fase,
                casemanager=rij.casemanager,
                geopend_op=rij.geopend_op,
                gesloten_op=rij.gesloten_op,
            )
            for rij in page.rijen
        ],
        volgende=page.volgende,
    )


def get_dossier(door: _Door, id: str) -> schema.DossierVolledig:  # noqa: A002 - the name in the path
    dossier_id = _id(id, "Dit dossier")
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.DossierVolledig:
        detail = queries.dossier_detail(session, g.actor, dossier_id, vandaag)
        dossier = detail.dossier
        return schema.DossierVolledig(
            id=str(dossier.id),
            nummer=dossier.nummer,
            naam=dossier.naam,
            doelgroep=dossier.doelgroep,
            leerroute=dossier.leerroute,
            fase=dossier.fase,
            casemanager=detail.casemanager,
            geopend_op=dossier.geopend_op,
            gesloten_op=dossier.gesloten_op,
            feiten={feit.naam: to_json(feit.waarde) for feit in detail.feiten},
            taken=[_taak_kort(taak, dossier, vandaag) for taak in detail.open_taken],
            termijnen=[
                schema.TermijnUit(
                    naam=termijn.naam,
                    label=termijn.label,
                    grond=termijn.grond,
                    begin=termijn.begin,
                    uiterlijk=termijn.uiterlijk,
                    streefdatum=termijn.streefdatum,
                    gehaald_op=termijn.gehaald_op,
                    status=termijn.status,
                )
                for termijn in dossiers.termijnen(session, dossier_id, vandaag=vandaag, by=g.actor)
            ],
            wacht_op=[naam for naam in detail.wacht_op if naam in berichten.SOORTEN],
        )

    return read(door.store.sessions, look)


def list_journaal(door: _Door, id: str) -> schema.JournaalUit:  # noqa: A002 - the name in the path
    page = read(
        door.store.sessions,
        lambda session: queries.journaal(
            session,
            g.actor,
            _id(id, "Dit dossier"),
            na=_arg("cursor"),
            per_pagina=_limit(),
        ),
    )
    return schema.JournaalUit(
        items=[
            schema.JournaalRegel(
                id=rij.id,
                op=rij.op,
                door=rij.door,
                wat=rij.wat,
                element=rij.element,
                gegevens=dict(rij.gegevens),
            )
            for rij in page.rijen
        ],
        volgende=page.volgende,
    )


# ---- termijnen


def list_dossier_termijnen(door: _Door, id: str) -> schema.TermijnenUit:  # noqa: A002 - the name in the path
    dossier_id = _id(id, "Dit dossier")

    def look(session: Session) -> schema.TermijnenUit:
        rijen = termijnblad.rijen(session, dossier_id, by=g.actor)
        historie: dict[UUID, list[schema.TellingUit]] = {rij.id: [] for rij in rijen}
        for een in termijnblad.historie(session, rijen):
            historie[een.termijn_id].append(
                schema.TellingUit(
                    op=een.op,
                    door=een.door,
                    aanleiding=een.aanleiding,
                    oud=een.oud,
                    nieuw=een.nieuw,
                )
            )
        return schema.TermijnenUit(items=[_termijn(rij, historie[rij.id]) for rij in rijen])

    return read(door.store.sessions, look)


def _termijn(rij: DossierTermijn, historie: list[schema.TellingUit]) -> schema.TermijnRijUit:
    return schema.TermijnRijUit(
        naam=rij.naam,
        volgnummer=rij.volgnummer,
        label=REGELS[rij.naam].label,
        soort=rij.soort,  # type: ignore[arg-type]  # one of the three
        houder=rij.houder,
        status=rij.status,  # type: ignore[arg-type]  # one of the five
        wacht_op=rij.wacht_op,
        begin=rij.begin,
        uiterlijk=rij.uiterlijk,
        eigen_dag=rij.eigen_dag,
        gehaald_op=rij.gehaald_op,
        op_tijd=rij.op_tijd,
        grond=rij.grond,
        tekst=rij.tekst,
        lengte=rij.lengte,
        atw=rij.atw,
        atw_reden=rij.atw_reden,
        feiten=rij.feiten,
        uitleg=rij.uitleg,
        historie=historie,
    )


def list_termijnen(door: _Door) -> schema.Bewaking:
    casemanager, cursor, weken = _arg("casemanager"), _arg("cursor") or "1", _arg("weken") or "4"
    for naam, getal in (("cursor", cursor), ("weken", weken)):
        if not getal.isdecimal() or not 1 <= int(getal[:9]) <= MAX_PAGES:
            raise Invalid(f"{naam} is niet te lezen.")
    wanted = queries.BewakingFilter(
        stand=_choice("stand", STAND_TERMIJN),  # type: ignore[arg-type]  # one of the four
        weken=min(int(weken), MAX_WEKEN),
        wat=_choice("wat", ("alles", "wet", "taken")),  # type: ignore[arg-type]  # one of the three
        naam=_arg("naam"),
        partij=_arg("partij"),
        casemanager_id=_id(casemanager, "Deze casemanager") if casemanager else None,
        pagina=int(cursor),
        per_pagina=_limit(),
    )
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.Bewaking:
        gevonden = queries.bewaking(session, g.actor, wanted, vandaag)
        return schema.Bewaking(
            items=[_bewaakt(rij, vandaag) for rij in gevonden.lijst.rijen],
            standen={stand: int(aantal) for stand, aantal in gevonden.standen.items()},
            per_termijn={naam or "taken": n for naam, n in gevonden.per_termijn.items()},
            per_partij=dict(gevonden.per_partij),
            volgende=gevonden.lijst.volgende,
        )

    return read(door.store.sessions, look)


def _bewaakt(rij: queries.BewakingRij, vandaag: date) -> schema.BewaaktUit:
    termijn = rij.termijn
    return schema.BewaaktUit(
        dossier=str(rij.dossier.id),
        dossier_nummer=rij.dossier.nummer,
        naam=termijn.naam if termijn else rij.taak.termijn if rij.taak else None,
        label=rij.label,
        taak=str(rij.taak.id) if rij.taak else None,
        status=termijn.status if termijn else "loopt",  # type: ignore[arg-type]  # one of the three
        uiterlijk=rij.uiterlijk,
        te_laat=rij.uiterlijk is not None and rij.uiterlijk < vandaag,
        wacht_op=termijn.wacht_op if termijn else None,
        grond=rij.grond,
        partij=rij.partij,
        casemanager=rij.casemanager,
    )


# ---- taken


def list_taken(door: _Door) -> schema.Taken:
    dossier = _arg("dossier")
    wanted = queries.TakenFilter(
        status=_choice("status", STAND_TAAK),  # type: ignore[arg-type]  # one of the four
        dossier_id=_id(dossier, "Dit dossier") if dossier else None,
        partij=_arg("partij"),
        rol=_arg("rol"),
        te_laat=_flag("te_laat"),
        per_pagina=_limit(),
        na=_arg("cursor"),
    )
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.Taken:
        page = queries.taken(session, g.actor, wanted, vandaag)
        return schema.Taken(
            items=[_taak_kort(taak, taak.dossier, vandaag) for taak in page.rijen],
            volgende=page.volgende,
        )

    return read(door.store.sessions, look)


def get_taak(door: _Door, id: str) -> schema.TaakVolledig:  # noqa: A002 - the name in the path
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.TaakVolledig:
        taak = queries.taak(session, g.actor, _id(id, "Deze taak"))
        blad = taken.taakblad(session, taak, by=g.actor, now=door.clock())
        kort = _taak_kort(taak, taak.dossier, vandaag)
        return schema.TaakVolledig(
            **msgspec.structs.asdict(kort),
            formulier=forms.schema_json(blad.formulier),
            bekend=to_json(dict(blad.bekend)),
            uitleg=blad.uitleg,
        )

    return read(door.store.sessions, look)


def claim_taak(door: _Door, id: str) -> schema.TaakKort:  # noqa: A002 - the name in the path
    return _changed(door, door.write(taken.claim, taak_id=_id(id, "Deze taak")))


def vrijgeven_taak(door: _Door, id: str) -> schema.TaakKort:  # noqa: A002 - the name in the path
    return _changed(door, door.write(taken.vrijgeven, taak_id=_id(id, "Deze taak")))


def voltooien_taak(
    door: _Door,
    antwoord: schema.Voltooien,
    id: str,  # noqa: A002 - the name in the path
) -> schema.VoltooidUit:
    voltooid = door.write(
        taken.complete_taak, taak_id=_id(id, "Deze taak"), rauw=antwoord.antwoorden
    )
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.VoltooidUit:
        taak = queries.taak(session, g.actor, voltooid.taak.id)
        wanted = queries.TakenFilter(dossier_id=taak.dossier_id, per_pagina=MAX_PAGE)
        volgende = queries.taken(session, g.actor, wanted, vandaag).rijen
        return schema.VoltooidUit(
            taak=_taak_kort(taak, taak.dossier, vandaag),
            volgende=[_taak_kort(open_, open_.dossier, vandaag) for open_ in volgende],
        )

    return read(door.store.sessions, look)


def create_vermoeden(
    door: _Door,
    vermoeden: schema.Vermoeden,
    id: str,  # noqa: A002 - the name in the path
) -> schema.DossierVolledig:
    dossier = door.write(
        naleving.meld_vermoeden,
        taak_id=_id(id, "Deze taak"),
        gegevens={"plicht": vermoeden.plicht, "toelichting": vermoeden.toelichting},
    )
    return get_dossier(door, id=str(dossier.id))


def _changed(door: _Door, taak: Taak) -> schema.TaakKort:
    vandaag = _today(door.clock())

    def look(session: Session) -> schema.TaakKort:
        fresh = queries.taak(session, g.actor, taak.id)
        return _taak_kort(fresh, fresh.dossier, vandaag)

    return read(door.store.sessions, look)


def _taak_kort(taak: Taak, dossier: Dossier, vandaag: date) -> schema.TaakKort:
    return schema.TaakKort(
        id=str(taak.id),
        dossier=str(dossier.id),
        dossier_nummer=dossier.nummer,
        element=taak.element,
        naam=taak.naam,
        proces=taak.proces,
        onderdeel=taak.onderdeel,
        rol=taak.rol,
        partij=taak.partij,
        samen_met=taak.samen_met,
        houder=taak.houder,
        status=taak.status,  # type: ignore[arg-type]  # one of the three, see the table
        uiterlijk=taak.uiterlijk,
        te_laat=taak.status == "open" and taak.uiterlijk is not None and taak.uiterlijk < vandaag,
        grond=taak.grond,
        behandelaar=taak.behandelaar.naam if taak.behandelaar else None,
        vlag=taak.vlag,
        geopend_op=taak.geopend_op,
        gesloten_op=taak.gesloten_op,
        gesloten_door=taak.gesloten_door,
    )


# ---- berichten and the demo


def create_bericht(door: _Door, nieuw: schema.BerichtNieuw) -> schema.BerichtUit:
    bericht = door.write(
        berichten.receive,
        bericht_id=nieuw.bericht_id,
        bericht=nieuw.bericht,
        gegevens=_feiten_in(nieuw.gegevens),
        dossier_id=_id(nieuw.dossier, "Dit dossier") if nieuw.dossier else None,
        bsn=nieuw.bsn,
        v_nummer=nieuw.v_nummer,
    )
    worker.bezorg_nu(door.store, door.config, nieuw.bericht_id, door.clock())
    return read(door.store.sessions, lambda session: _bericht(session, bericht.bericht_id))


def _bericht(session: Session, bericht_id: str) -> schema.BerichtUit:
    bericht = session.get_one(Bericht, bericht_id)
    return schema.BerichtUit(
        bericht_id=bericht.bericht_id,
        bericht=bericht.bericht,
        dossier=str(bericht.dossier_id) if bericht.dossier_id else None,
        status=bericht.status,  # type: ignore[arg-type]  # one of the three, see the table
        ontvangen_op=bericht.ontvangen_op,
    )


def verzet_klok(door: _Door, verzetten: schema.KlokVerzetten) -> schema.KlokVerzet:
    eis(g.actor, Handeling.KLOK_VERZETTEN)
    verslag = worker.verzet_klok(door.store, door.config, verzetten.dagen, system=door.wandklok)
    return schema.KlokVerzet(
        nu=verslag.tot,
        gebeurd=[
            schema.Gebeurtenis(
                op=een.op,
                soort=een.soort,
                tekst=een.tekst,
                dossier=str(een.dossier_id) if een.dossier_id else None,
                dossier_nummer=een.dossier_nummer or None,
            )
            for een in verslag.gebeurtenissen
        ],
    )


def _feiten_in(gegevens: dict[str, Any]) -> dict[str, Any]:
    """Return ``gegevens`` with typed values read and ISO dates taken as dates."""
    feiten = {}
    for naam, waarde in gegevens.items():
        try:
            feiten[naam] = _feit(from_json(waarde))
        except ValueError as error:
            zin = f"{naam} is niet te lezen: {error}."
            raise Invalid(zin, {naam: zin}) from error
    return feiten


def _feit(waarde: object) -> object:
    if isinstance(waarde, str) and len(waarde) == len("2026-01-31"):
        try:
            return date.fromisoformat(waarde)
        except ValueError:
            return waarde
    return waarde


STAND_DOSSIER = ("open", "gesloten", "alle")
STAND_TAAK = ("open", "gedaan", "vervallen", "alle")
_CURSOR = (
    Parameter("cursor", "De cursor uit volgende van de vorige bladzijde."),
    Parameter(
        "limit",
        "Hoeveel per bladzijde.",
        schema={"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 50},
    ),
)
_ID = Parameter("id", "Het id.", "path", {"type": "string", "format": "uuid"})
_READ = (HTTPStatus.UNPROCESSABLE_ENTITY,)
_ONE = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
_ACT = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


def _stand(standen: tuple[str, ...]) -> Parameter:
    keuze = {"type": "string", "enum": list(standen), "default": standen[0]}
    return Parameter("status", "Alleen met deze stand.", schema=keuze)


OPERATIONS = (
    Operation(
        "POST",
        "/dossiers",
        "Open een dossier en start zijn route.",
        create_dossier,
        schema.DossierVolledig,
        body=schema.DossierNieuw,
        status=HTTPStatus.CREATED,
        refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
    Operation(
        "GET",
        "/dossiers",
        "Zoek dossiers.",
        list_dossiers,
        schema.Dossiers,
        parameters=(
            Parameter("zoek", "Een deel van de naam of het nummer."),
            Parameter("fase", "Alleen deze fase."),
            Parameter("leerroute", "Alleen deze leerroute."),
            Parameter("doelgroep", "Alleen deze doelgroep."),
            _stand(STAND_DOSSIER),
            *_CURSOR,
        ),
        refusals=_READ,
    ),
    Operation(
        "GET",
        "/dossiers/{id}",
        "Een dossier met feiten, open taken en termijnen.",
        get_dossier,
        schema.DossierVolledig,
        parameters=(_ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/dossiers/{id}/journaal",
        "Wat er in een dossier gebeurde.",
        list_journaal,
        schema.JournaalUit,
        parameters=(_ID, *_CURSOR),
        refusals=_ONE,
    ),
    Operation(
        "GET",
        "/dossiers/{id}/termijnen",
        "De termijnen van een dossier: hoe ze zijn geteld, en wat ze eerder waren.",
        list_dossier_termijnen,
        schema.TermijnenUit,
        parameters=(_ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "GET",
        "/termijnen",
        "De termijnbewaking: wat verstreken is, wat eindigt, wat wacht en wat stilstaat.",
        list_termijnen,
        schema.Bewaking,
        parameters=(
            Parameter(
                "stand", "Welke termijnen.", schema={"type": "string", "enum": list(STAND_TERMIJN)}
            ),
            Parameter("weken", "Bij komend: hoeveel weken vooruit.", schema={"type": "integer"}),
            Parameter(
                "wat",
                "Alles, alleen termijnen uit de wet, of alleen taken.",
                schema={"type": "string", "enum": ["alles", "wet", "taken"]},
            ),
            Parameter("naam", "Alleen deze termijn uit de wet."),
            Parameter("partij", "Alleen wat bij deze partij ligt."),
            Parameter(
                "casemanager",
                "Alleen de dossiers van dit account.",
                schema={"type": "string", "format": "uuid"},
            ),
            *_CURSOR,
        ),
        refusals=_READ,
    ),
    Operation(
        "GET",
        "/taken",
        "Zoek taken.",
        list_taken,
        schema.Taken,
        parameters=(
            _stand(STAND_TAAK),
            Parameter(
                "dossier", "Alleen van dit dossier.", schema={"type": "string", "format": "uuid"}
            ),
            Parameter("partij", "Alleen van deze partij."),
            Parameter("rol", "Alleen voor deze rol."),
            Parameter(
                "te_laat",
                "true: alleen te laat; false: alleen op tijd.",
                schema={"type": "boolean"},
            ),
            *_CURSOR,
        ),
        refusals=_ONE,
    ),
    Operation(
        "GET",
        "/taken/{id}",
        "Een taak met zijn formulier.",
        get_taak,
        schema.TaakVolledig,
        parameters=(_ID,),
        refusals=(HTTPStatus.NOT_FOUND,),
    ),
    Operation(
        "POST",
        "/taken/{id}/claim",
        "Neem een taak op u.",
        claim_taak,
        schema.TaakKort,
        parameters=(_ID,),
        refusals=_ACT,
    ),
    Operation(
        "POST",
        "/taken/{id}/vrijgeven",
        "Geef een taak terug.",
        vrijgeven_taak,
        schema.TaakKort,
        parameters=(_ID,),
        refusals=_ACT,
    ),
    Operation(
        "POST",
        "/taken/{id}/voltooien",
        "Voltooi een taak met antwoorden op zijn formulier.",
        voltooien_taak,
        schema.VoltooidUit,
        body=schema.Voltooien,
        parameters=(_ID,),
        refusals=_ACT,
    ),
    Operation(
        "POST",
        "/taken/{id}/vermoeden",
        "Meld een vermoeden over een stap van de inburgeraar die te laat is.",
        create_vermoeden,
        schema.DossierVolledig,
        body=schema.Vermoeden,
        status=HTTPStatus.CREATED,
        parameters=(_ID,),
        refusals=_ACT,
    ),
    Operation(
        "POST",
        "/berichten",
        "Geef een gebeurtenis van buiten door.",
        create_bericht,
        schema.BerichtUit,
        body=schema.BerichtNieuw,
        status=HTTPStatus.ACCEPTED,
        refusals=_ACT,
    ),
)
DEMO = (
    Operation(
        "POST",
        "/demo/klok",
        "Zet de klok van de demo vooruit en voer uit wat dan aan de beurt komt.",
        verzet_klok,
        schema.KlokVerzet,
        body=schema.KlokVerzetten,
        refusals=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
