"""Reading in what another gemeente handed over: first look, then a person confirms."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from routeflow import engine
from routeflow.commands.advance import advance
from routeflow.commands.ladder import vandaag
from routeflow.commands.toegang import eis
from routeflow.commands.zaak import Act, Zaak, lock_route, neem
from routeflow.engine import json_files
from routeflow.errors import Conflict, Invalid, NotFound
from routeflow.inburgering import ontvangst
from routeflow.inburgering.ontvangst import Ontvangen
from routeflow.inburgering.rechten import Actor, Handeling
from routeflow.store.models import Dossier, Route

WAT: Final = "overdracht ingelezen"
"""The kind of journal row that names the file by its hash."""

MAX_BESTAND: Final = 256 * 1024
PROCES: Final = "p19a_verhuizing_in"
"""Where somebody is who moved here, and of whom the earlier gemeente is asked."""

_DIEPTE, _DELEN = 8, 2_000


@dataclass(frozen=True, slots=True)
class Regel:
    """One fact that is taken over: what the dossier says now, and what it will say."""

    naam: str
    nu: Any
    straks: Any


@dataclass(frozen=True, slots=True)
class Blik:
    """What reading in a file would do. ``rest``: what it says besides, to look at.

    ``zeker``: a BSN or V-nummer shows that it is about this person; without one a person must see.
    """

    ontvangen: Ontvangen
    sha256: str
    regels: tuple[Regel, ...]
    rest: tuple[tuple[str, Any], ...]
    zeker: bool


def bekijk(session: Session, dossier_id: UUID, inhoud: bytes, *, by: Actor, now: datetime) -> Blik:
    """Return what reading in this file would do; keeps nothing.

    Raises NotFound, NotAllowed, Invalid (it is no such file, or is about somebody else) or Conflict
    (the dossier does not ask for it).
    """
    _, blik, _ = _kijk(session, dossier_id, inhoud, by=by, now=now)
    return blik


def lees_in(
    session: Session, dossier_id: UUID, inhoud: bytes, *, by: Actor, now: datetime
) -> Dossier:
    """Write the facts of this file into the dossier; the step that asks them shows them, to check.

    Raises as ``bekijk``.
    """
    zaak, blik, over = _kijk(session, dossier_id, inhoud, by=by, now=now)
    gegevens = {"van": blik.ontvangen.van, "sha256": blik.sha256}
    advance(zaak, engine.refresh, Act(WAT, gegevens=gegevens), feiten=over)
    session.flush()
    return zaak.route.dossier


def _kijk(
    session: Session, dossier_id: UUID, inhoud: bytes, *, by: Actor, now: datetime
) -> tuple[Zaak, Blik, Mapping[str, Any]]:
    eis(by, Handeling.FEITEN_WIJZIGEN)
    route = lock_route(session, Route.dossier_id == dossier_id)
    if route is None:
        raise NotFound("Dit dossier bestaat niet.")
    ontvangen = ontvangst.lees(_json(inhoud), vandaag=vandaag(now))
    zaak = neem(session, route, by=by, now=now)
    if not any(taak.proces == PROCES and taak.status == "open" for taak in zaak.taken):
        raise Conflict(
            "Dit dossier wacht niet op gegevens van een andere gemeente. Een overdracht leest u in "
            "bij de stap Leg vast wat de vorige gemeente gaf."
        )
    bekend = zaak.feiten.waarden
    if zin := ontvangst.anders_dan(ontvangen, bekend):
        raise Invalid(zin, {ontvangst.VELD: zin})
    over = ontvangst.neemt_over(ontvangen, bekend)
    blik = Blik(
        ontvangen,
        hashlib.sha256(inhoud).hexdigest(),
        tuple(Regel(naam, bekend.get(naam), waarde) for naam, waarde in over.items()),
        tuple(_rest(ontvangen, over)),
        ontvangst.is_zeker(ontvangen, bekend),
    )
    return zaak, blik, over


def _json(inhoud: bytes) -> Any:  # noqa: ANN401 - JSON from outside
    zin = ""
    if len(inhoud) > MAX_BESTAND:
        zin = f"Dit bestand is te groot: hooguit {MAX_BESTAND // 1024} kB."
    else:
        try:
            return json_files.read(inhoud, depth=_DIEPTE, parts=_DELEN)
        except ValueError as error:
            zin = f"Dit bestand is niet te lezen: {error}."
    raise Invalid(zin, {ontvangst.VELD: zin})


def _rest(ontvangen: Ontvangen, over: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the file says and the dossier does not get under that name, with its label."""
    for naam, waarde in ontvangen.feiten.items():
        if naam not in over:
            yield ontvangst.LABELS.get(naam, naam), waarde
