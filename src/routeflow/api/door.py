"""What every endpoint needs: who asks, when, how to act, and what stands in the query."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from flask import g, request

from routeflow.api.openapi import Parameter
from routeflow.clock import Clock
from routeflow.config import Config
from routeflow.errors import Invalid, NotFound
from routeflow.feel.json import from_json
from routeflow.store import Store, transact

Answer = TypeVar("Answer")

MAX_PAGE = 200
_NEDERLAND = ZoneInfo("Europe/Amsterdam")

CURSOR = (
    Parameter("cursor", "De cursor uit volgende van de vorige bladzijde."),
    Parameter(
        "limit",
        "Hoeveel per bladzijde.",
        schema={"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 50},
    ),
)
ID = Parameter("id", "Het id.", "path", {"type": "string", "format": "uuid"})
READ = (HTTPStatus.UNPROCESSABLE_ENTITY,)
ONE = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
ACT = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class Door(msgspec.Struct, frozen=True):
    """What a view needs besides its request. The clock is read once per request."""

    store: Store
    clock: Clock
    wandklok: Clock
    config: Config

    def write(self, work: Callable[..., Answer], **given: Any) -> Answer:  # noqa: ANN401 - as wide as commands
        """Run a command in its own transaction as the caller, now."""
        return transact(self.store.sessions, partial(work, **given, by=g.actor, now=self.clock()))


def as_id(text: str, what: str) -> UUID:
    """Return the id that ``text`` is; NotFound, which names ``what``, when it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(f"{what} bestaat niet.") from error


def today(now: datetime) -> date:
    """Return the civil day in the Netherlands."""
    return now.astimezone(_NEDERLAND).date()


def limit() -> int:
    """Return how many rows the caller wants on a page."""
    return number("limit", 50, MAX_PAGE)


def number(name: str, given: int, most: int) -> int:
    """Return the parameter ``name``, a number from 1 to ``most``; ``given`` when it is not there."""
    text = arg(name) or str(given)
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))) or not (
        1 <= int(text) <= most
    ):
        raise Invalid(f"{name} is een getal van 1 tot {most}, niet {text[:40]!r}.")
    return int(text)


def arg(name: str) -> str | None:
    """Return a parameter of the query, None when it is not there.

    Empty is refused: a program that filled nothing in must not get the rows of everybody.
    """
    texts = request.args.getlist(name)
    if not texts:
        return None
    if len(texts) > 1:
        raise Invalid(f"{name} staat er meer dan een keer. Noem het een keer.")
    if not texts[0]:
        raise Invalid(f"{name} is leeg. Vul het in of laat het weg.")
    if "\0" in texts[0]:
        raise Invalid(f"{name} bevat een teken dat geen tekst is.")
    return texts[0]


def choice(name: str, choices: tuple[str, ...]) -> str:
    """Return the parameter ``name``, which is one of ``choices``; the first when it is not there."""
    text = arg(name) or choices[0]
    if text not in choices:
        raise Invalid(f"{name} is {', '.join(choices[:-1])} of {choices[-1]}, niet {text[:40]!r}.")
    return text


def flag(name: str) -> bool | None:
    """Return the parameter ``name``, which is true or false; None when it is not there."""
    text = arg(name)
    if text is None:
        return None
    if text not in {"true", "false"}:
        raise Invalid(f"{name} is true of false, niet {text[:40]!r}.")
    return text == "true"


def feiten_in(gegevens: dict[str, Any]) -> dict[str, Any]:
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


def day(name: str) -> date | None:
    """Return the parameter ``name``, which is a date as 2026-01-31; None when it is not there."""
    text = arg(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{name} is een datum zoals 2026-01-31, niet {text[:40]!r}.") from error


def stand(standen: tuple[str, ...]) -> Parameter:
    """Describe the parameter ``status``, of which the first is taken when it is not there."""
    keuze = {"type": "string", "enum": list(standen), "default": standen[0]}
    return Parameter("status", "Alleen met deze stand.", schema=keuze)
