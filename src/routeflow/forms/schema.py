"""The JSON schema of a form's answers, for programs that fill it in through the API."""

from decimal import Decimal
from typing import Any, Final

from routeflow.forms.model import MAX_ROWS, Formulier, Optie, Veld, Waarde, vlak

_FORMATS: Final = {"date": "date", "time": "time", "datetime": "date-time"}


def schema_json(formulier: Formulier) -> dict[str, Any]:
    """Return a JSON schema (2020-12) of what the form asks.

    A field with a condition is never in ``required``: whether it is asked depends on the
    other answers. ``x-verbergenAls`` is its condition in FEEL, ``x-regel`` a rule it must obey.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": formulier.id,
        **_object(formulier.velden, conditional=False),
    }


def _object(velden: tuple[Veld, ...], *, conditional: bool) -> dict[str, Any]:
    asked = [veld for veld in vlak(velden) if veld.vraagt]
    always = _unconditional(velden, within=conditional)
    return {
        "type": "object",
        "properties": {veld.key: _field(veld) for veld in asked},
        "required": [veld.key for veld in asked if veld.verplicht and veld.key in always],
        "additionalProperties": False,
    }


def _unconditional(velden: tuple[Veld, ...], *, within: bool) -> set[str]:
    found: set[str] = set()
    for veld in velden:
        away = within or veld.verberg is not None
        if veld.soort == "group":
            found |= _unconditional(veld.velden, within=away)
        elif not away:
            found.add(veld.key)
    return found


def _field(veld: Veld) -> dict[str, Any]:
    notes = {
        "description": veld.uitleg,
        "x-verbergenAls": veld.verberg,
        "x-regel": veld.regel,
        "x-soort": veld.vorm,
    }
    return {"title": veld.label, **_kind(veld)} | {k: v for k, v in notes.items() if v}


def _kind(veld: Veld) -> dict[str, Any]:
    if veld.soort == "dynamiclist":
        return _rows(veld)
    if veld.soort == "checklist":
        return {"type": "array", "items": _choice(veld.opties), "uniqueItems": True}
    if veld.opties or veld.lijst:
        return _choice(veld.opties)
    if veld.soort == "checkbox":
        return {"type": "boolean"} | ({"const": True} if veld.verplicht else {})
    if veld.soort == "number":
        return _number(veld)
    return _text(veld)


def _rows(veld: Veld) -> dict[str, Any]:
    rows = {"type": "array", "items": _object(veld.velden, conditional=False)}
    return rows | {"maxItems": MAX_ROWS} | ({"minItems": 1} if veld.verplicht else {})


def _text(veld: Veld) -> dict[str, Any]:
    if veld.soort in _FORMATS:
        return {"type": "string", "format": _FORMATS[veld.soort]}
    text = {"type": "string", "maxLength": veld.max_lengte}
    if veld.patroon:
        text["pattern"] = veld.patroon.source
    return text | ({"minLength": veld.min_lengte} if veld.min_lengte else {})


def _number(veld: Veld) -> dict[str, Any]:
    whole: dict[str, Any] = {"type": "integer" if veld.decimalen == 0 else "number"}
    if veld.minimum is not None:
        whole["minimum"] = _plain(veld.minimum)
    if veld.maximum is not None:
        whole["maximum"] = _plain(veld.maximum)
    return whole


def _choice(opties: tuple[Optie, ...]) -> dict[str, Any]:
    return {
        "enum": [_plain(optie.waarde) for optie in opties],
        "x-labels": [optie.label for optie in opties],
    }


def _plain(value: Waarde) -> str | bool | int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
