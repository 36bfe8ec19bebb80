"""The body of a request as the struct that its endpoint asks for, or what is wrong with it in Dutch."""

import json
import re
from collections import Counter
from typing import Any, TypeVar

import msgspec
from flask import request

from routeflow.errors import Invalid

Body = TypeVar("Body", bound=msgspec.Struct)

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


def read_body(kind: type[Body]) -> Body:
    data = request.get_data()
    if b"\\u0000" in data:
        raise Invalid("Het verzoek bevat het teken \\u0000. Dat is geen tekst.")
    try:
        body = msgspec.json.decode(data or b"{}", type=kind)
        json.loads(data or b"{}", object_pairs_hook=_unique)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        plek, zin = _PLEK.search(str(error)), _in_woorden(str(error))
        raise Invalid(
            f"Het verzoek past niet bij de beschrijving: {zin}.",
            {next(filter(None, plek.groups()))[:200]: zin} if plek else None,
        ) from error
    return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice in one object: not every program reads the same one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, n in Counter(name for name, _ in pairs).items() if n > 1)
        raise Invalid(
            f"Het verzoek noemt {twice[:100]} twee keer in een object. Noem het een keer."
        )
    return found


def _in_woorden(fout: str) -> str:
    """Return what msgspec says about a body in Dutch, with the names of the types as JSON has them."""
    wat, _, plek = fout.partition(" - at ")
    for patroon, zin in _WOORDEN:
        if gevonden := re.match(patroon, wat):
            return f"{gevonden.expand(zin)[:300]}{f' (bij {plek[:200]})' if plek else ''}"
    return "het is niet te lezen"
