"""How the command line reads JSON from its arguments and shows its answers."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any, Final, NoReturn

import click

from routeflow.config import Config
from routeflow.feel.json import from_json, to_json


def lees_config() -> Config:
    """Return the settings in the environment. Raises ClickException when one does not fit."""
    try:
        return Config.from_environment(os.environ)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def lees_json(tekst: str, waar: str) -> Any:  # noqa: ANN401 - as wide as JSON
    """Return the value that ``tekst`` holds, typed values included.

    Raises click.BadParameter when it is no JSON; ``waar`` names the option.
    """
    try:
        gelezen = json.loads(
            tekst, parse_float=Decimal, parse_constant=_geen_getal, object_hook=_met_type
        )
        return from_json(gelezen)
    except json.JSONDecodeError as fout:
        plek = f"regel {fout.lineno}, teken {fout.colno}"
        raise click.BadParameter(f"dit is geen geldige JSON ({plek})", param_hint=waar) from fout
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"dit is geen geldige JSON: {error}", param_hint=waar) from error


_NAMEN: Final = {  # how XML Schema and other tools call FEEL's types
    "decimal": "number",
    "double": "number",
    "float": "number",
    "integer": "number",
    "int": "number",
    "long": "number",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
_MAANDEN: Final = re.compile(r"-?P(?:\d+Y)?(?:\d+M)?")
_GEWOON: Final = {"string": str, "boolean": bool, "null": NoneType, "list": list, "context": dict}


def _geen_getal(naam: str) -> NoReturn:
    raise ValueError(f"{naam} is geen getal")


def _met_type(gevonden: dict[str, Any]) -> Any:  # noqa: ANN401 - as wide as JSON
    """Return a typed value with the name that FEEL has for its type; other objects as they are."""
    naam = str(gevonden.get("@type", "")).removeprefix("xsd:")
    waarde = gevonden.get("@value")
    if waarde is None and {"@type", "@value"} <= gevonden.keys():
        return None  # null is of every type
    if naam in _GEWOON:
        if not isinstance(waarde, _GEWOON[naam]):
            raise ValueError(f"{waarde!r} is geen {naam}")
        return waarde
    if naam == "duration":
        maanden = isinstance(waarde, str) and _MAANDEN.fullmatch(waarde)
        naam = "yearMonthDuration" if maanden else "dayTimeDuration"
    return {**gevonden, "@type": _NAMEN.get(naam, naam)} if "@type" in gevonden else gevonden


def lees_context(tekst: str | None, waar: str) -> dict[str, Any]:
    """Return the JSON object in ``tekst``; an empty one when there is none."""
    if not tekst:
        return {}
    waarde = lees_json(tekst, waar)
    if not isinstance(waarde, Mapping):
        raise click.BadParameter('geef een JSON-object, zoals {"naam": 1}', param_hint=waar)
    return dict(waarde)


def als_json(waarde: object, *, typed: bool) -> tuple[Any, str | None]:
    """Return ``waarde`` for ``json.dumps``, or null and why: a function, for one, is no JSON."""
    try:
        return to_json(waarde, typed=typed), None
    except ValueError as fout:
        return None, f"het antwoord is niet als JSON te schrijven: {fout}"


def toon_json(waarde: object, *, ruim: bool = False, typed: bool = False) -> None:
    """Print one value as JSON: on one line, or indented for people; ``typed`` keeps its types."""
    geschreven, reden = als_json(waarde, typed=typed)
    if reden:
        click.echo(reden, err=True)
    click.echo(json.dumps(geschreven, ensure_ascii=False, indent=2 if ruim else None))


def regels() -> Iterator[tuple[int, str]]:
    """Yield each non-empty line of stdin with its number, counted from 1."""
    for nummer, regel in enumerate(sys.stdin, start=1):
        if regel.strip():
            yield nummer, regel
