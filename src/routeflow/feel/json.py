"""FEEL values as JSON: plain for people and forms, typed for the store."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from routeflow.feel import text
from routeflow.feel.values import KINDS, Range, Value, adopt, kind

Json = Any
_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": text.read_date,
    "time": text.read_time,
    "date and time": text.read_moment,
    "days and time duration": text.read_duration,
    "years and months duration": text.read_duration,
}
_MAX_DEPTH: Final = 100
_HALF: Final = re.compile("[\ud800-\udfff]")
_SAFE_DIGITS: Final = 15
_LONG: Final = 18
_MOST: Final = 6_144  # the exponents of a number in FEEL
_LEAST: Final = -6_176


def to_json(value: object, *, typed: bool = False) -> Json:
    """Return ``value`` as something that ``json.dumps`` takes.

    Whole numbers become int, others float; dates and durations ISO 8601 text. A number with
    more digits than a float keeps becomes text. ``typed`` writes dates, durations and numbers
    that are not whole as ``{"@type": ..., "@value": ...}``, which ``from_json`` reads back
    unchanged.

    >>> from datetime import date
    >>> to_json({"dag": date(2026, 1, 5), "uren": Decimal("12.50")})
    {'dag': '2026-01-05', 'uren': 12.5}
    >>> to_json(date(2026, 1, 5), typed=True)
    {'@type': 'date', '@value': '2026-01-05'}

    Raises:
        ValueError: a function, or values too deep in each other.
    """
    return _to_json(adopt(value), 0, typed=typed)


def _to_json(value: Value, depth: int, *, typed: bool) -> Json:
    if depth > _MAX_DEPTH:
        raise ValueError("waarden zitten te diep in elkaar")
    cls = type(value)
    if value is None or cls in (bool, str):
        return value
    if cls is list:
        return [_to_json(item, depth + 1, typed=typed) for item in value]
    if cls is dict:
        return {key: _to_json(item, depth + 1, typed=typed) for key, item in value.items()}
    if cls is Decimal:
        return _number(value, typed=typed)
    if cls not in KINDS:
        raise ValueError("een functie is geen gegeven")
    written = text.write(value, lambda _: None)
    return {"@type": kind(value), "@value": written} if typed and cls is not Range else written


def _number(value: Decimal, *, typed: bool) -> Json:
    if not value or (value.adjusted() < _LONG and value == value.to_integral_value()):
        return int(value)
    written = text.write_number(value)
    if typed:
        return {"@type": "number", "@value": written}
    short = len(value.as_tuple().digits) <= _SAFE_DIGITS
    return near if short and Decimal(repr(near := float(value))) == value else written


def from_json(value: object) -> Value:
    """Return JSON as a FEEL value; plain strings stay strings.

    >>> from_json({"@type": "date", "@value": "2026-01-05"})
    datetime.date(2026, 1, 5)
    >>> from_json([1, 2.5, "2026-01-05"])
    [Decimal('1'), Decimal('2.5'), '2026-01-05']

    Raises:
        ValueError: an ``@type`` that is not known, an ``@value`` that is not of that type, a
            number that FEEL cannot hold, or a text with half a character in it.
    """
    return _from_json(value, 0)


def _from_json(value: object, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise ValueError("waarden zitten te diep in elkaar")
    if isinstance(value, Mapping):
        if "@type" in value:
            return _typed(value)
        return {_whole(str(key)): _from_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_json(item, depth + 1) for item in value]
    if isinstance(value, str):
        return _whole(value)
    found = adopt(value)
    if type(found) is Decimal and not _fits(found):
        raise ValueError("dit getal is te groot of te klein")
    return found


def _whole(written: str) -> str:
    """Refuse half a surrogate pair: JSON can escape it, but no text that is written holds it."""
    if not written.isascii() and _HALF.search(written):
        raise ValueError("in deze tekst staat een half teken (een losse surrogaat)")
    return written


def _fits(number: Decimal) -> bool:
    return number.is_finite() and (not number or _LEAST <= number.adjusted() <= _MOST)


def _read_number(written: str) -> Decimal | None:
    if not _NUMBER.fullmatch(written.strip()):
        return None
    number = Decimal(written)
    return number if _fits(number) else None


_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")


def _typed(value: Mapping[str, Any]) -> Value:
    name, written = value["@type"], value.get("@value")
    found: Value = None
    if not isinstance(name, str):
        raise ValueError(f"{name!r} is geen soort")  # noqa: TRY004 - a fault of who sent it
    if name == "number":
        found = _read_number(str(written))
    elif name in _READERS and isinstance(written, str):
        found = _READERS[name](written)
    if found is None or kind(found) != name:
        raise ValueError(f"{written!r} is geen {name}")
    return found
