"""How the command line reads JSON from its arguments and shows its answers."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

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
        return from_json(json.loads(tekst))
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"dit is geen geldige JSON: {error}", param_hint=waar) from error


def lees_context(tekst: str | None, waar: str) -> dict[str, Any]:
    """Return the JSON object in ``tekst``; an empty one when there is none."""
    if not tekst:
        return {}
    waarde = lees_json(tekst, waar)
    if not isinstance(waarde, Mapping):
        raise click.BadParameter('geef een JSON-object, zoals {"naam": 1}', param_hint=waar)
    return dict(waarde)


def toon_json(waarde: object, *, ruim: bool = False, typed: bool = False) -> None:
    """Print one value as JSON: on one line, or indented for people; ``typed`` keeps its types."""
    geschreven = to_json(waarde, typed=typed)
    click.echo(json.dumps(geschreven, ensure_ascii=False, indent=2 if ruim else None))


def regels() -> Iterator[tuple[int, str]]:
    """Yield each non-empty line of stdin with its number, counted from 1."""
    for nummer, regel in enumerate(sys.stdin, start=1):
        if regel.strip():
            yield nummer, regel
