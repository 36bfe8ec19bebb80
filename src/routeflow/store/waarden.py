"""Facts as JSON that keeps their type: a date comes back as a date, a number as a Decimal."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

_PLAIN = 18  # whole numbers of more digits are no number to every reader of JSON
_ITSELF = (str, bool, type(None))
_TYPES: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "date and time": datetime.fromisoformat,
    "time": time.fromisoformat,
    "number": Decimal,
}


def to_json(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any fact; one return a type
    """Return ``value`` as JSON from which ``from_json`` gives it back.

    Raises TypeError for what cannot be a fact, such as a duration or a function.

    >>> to_json({"op": date(2026, 1, 5), "uren": Decimal("1.5")})
    {'op': {'@type': 'date', '@value': '2026-01-05'}, 'uren': {'@type': 'number', '@value': '1.5'}}
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        plain = not value or (value.adjusted() < _PLAIN and value == value.to_integral_value())
        return int(value) if plain else {"@type": "number", "@value": str(value)}
    if isinstance(value, datetime):
        return {"@type": "date and time", "@value": value.isoformat()}
    if isinstance(value, date):
        return {"@type": "date", "@value": value.isoformat()}
    if isinstance(value, time):
        return {"@type": "time", "@value": value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be a fact")


def from_json(json: Any) -> Any:  # noqa: ANN401 - any fact
    """Return the value that ``to_json`` wrote; numbers are Decimal.

    >>> from_json({"@type": "date", "@value": "2026-01-05"}), from_json([1, True])
    (datetime.date(2026, 1, 5), [Decimal('1'), True])
    """
    if isinstance(json, _ITSELF):
        return json
    if isinstance(json, int | float):
        return Decimal(str(json))
    if isinstance(json, list):
        return [from_json(item) for item in json]
    if "@type" in json:
        return _TYPES[json["@type"]](json["@value"])
    return {key: from_json(item) for key, item in json.items()}


def zoekterm(tekst: str) -> str:
    """Return ``tekst`` as it is searched: small letters without accents, single spaces.

    >>> zoekterm("  Zoë  AL-Şaïd ")
    'zoe al-said'
    """
    kaal = unicodedata.normalize("NFKD", tekst.casefold())
    return " ".join("".join(c for c in kaal if not unicodedata.combining(c)).split())


_WOORD, _BEGIN, _SAMEN = 100, 30, 500


def zoekrijen(dossier_id: UUID, zoek: str) -> list[dict[str, Any]]:
    """Return the rows of ``Zoekwoord`` of one dossier."""
    woorden = sorted(zoekwoorden(zoek))
    return [
        {
            "woord": woord,
            "begin": zoek[:_BEGIN],
            "dossier_id": dossier_id,
            "woorden": "".join(f" {een}" for een in woorden),
        }
        for woord in woorden
    ]


def zoekwoorden(zoek: str) -> frozenset[str]:
    """Return the words by whose beginning a dossier is found, from its ``zoek``.

    Whole words, the parts of what is written with a hyphen or an apostrophe, and numbers
    without the zeros before them. Together no more than fits in a row of an index (see
    ``Zoekwoord``): of a naam that is no naam any more the first words count, and the last,
    which is the nummer.

    >>> sorted(zoekwoorden("zoe al-said 2026-0012"))
    ['0012', '12', '2026', '2026-0012', 'al', 'al-said', 'said', 'zoe']
    """
    *naam, nummer = zoek.split() or [""]
    gekozen: set[str] = set()
    ruimte = _SAMEN
    for woord in (nummer, *naam):
        for vorm in _vormen(woord):
            if vorm not in gekozen and len(vorm) < ruimte:
                gekozen.add(vorm)
                ruimte -= len(vorm) + 1
    return frozenset(gekozen)


def _vormen(woord: str) -> Iterator[str]:
    delen = [deel for deel in re.split(r"[^\w]+", woord) if deel]
    kaal = [deel.lstrip("0") for deel in delen if deel.isdecimal()]
    return (vorm[:_WOORD] for vorm in (woord, *delen, *kaal) if vorm)
