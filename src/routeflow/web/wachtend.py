"""What waits to be sent after logging in again, in words: nobody sends what they cannot see."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import current_app
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from routeflow.errors import Refusal
from routeflow.web import taken, uren
from routeflow.web.weergave import leesbaar

Regels = list[tuple[str, str]]
"""(question, answer) as a page would show them."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_VAN_DE_PAGINA: Final = frozenset(
    {"actie", "bericht_id", "concept", "inhoud", "na", "rij", "terug"}
)
_LEZERS: Final[Mapping[str, Callable[..., Regels]]] = {
    "taken.verstuur": taken.in_woorden,
    "brieven.maak": taken.brief_in_woorden,
    "uren.schrijf": uren.in_woorden,
}
"""The pages whose fields have no names that people would know."""


def in_woorden(pad: str, velden: list[list[str]]) -> Regels:
    """Return what was filled in on the page ``pad``, by its questions where they can be read."""
    ingevuld = MultiDict((naam, waarde) for naam, waarde in velden)
    naam, plek = _pagina(pad)
    if lezer := _LEZERS.get(naam):
        try:
            return lezer(ingevuld, **plek)
        except Refusal:  # gone, or no longer theirs: sending it says so
            pass
    return [
        (leesbaar(veld.removeprefix("veld-")), waarde)
        for veld, waarde in ingevuld.items(multi=True)
        if waarde and veld not in _VAN_DE_PAGINA and not _UUID.search(f"{veld} {waarde}")
    ]


def _pagina(pad: str) -> tuple[str, Mapping[str, Any]]:
    wegen = current_app.url_map.bind("")
    try:
        return wegen.match(pad.partition("?")[0], method="POST")
    except HTTPException:
        return "", {}
