"""Values that no honest form or program sends, and a look at whether anything was done with them."""

from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from routeflow.store import Store, read
from routeflow.store.models import Base

LANG = "x" * 2_000_000
TEKSTEN = {
    "leeg": "",
    "spaties": " \t\n",
    "nul": "a\x00b",
    "alleen nul": "\x00",
    "stuurtekens": "\x1b[31m\x07\r\n\x85\u2028",
    "omgekeerd": "\u202e",
    "script": '"><script>indringer()</script>',
    "sjabloon": "{{7*7}}${7*7}",
    "geen getal": "NaN",
    "oneindig": "Infinity",
    "te groot": "1e400",
    "heel groot": "9" * 400,
    "boven 64 bits": str(2**63),
    "onder nul": "-1",
    "andere cijfers": "\u0661\u0662",
    "macht": "\u00b2",
    "pad": "../../../etc/passwd",
    "leeg id": "00000000-0000-0000-0000-000000000000",
    "id zonder streepjes": "{" + uuid4().hex + "}",
    "datum die niet is": "31-02-2026",
    "jaar nul": "0000-00-00",
    "lang": "x" * 5000,
    "heel lang": LANG,
    "waar": "on",
}

WAARDEN: dict[str, Any] = {
    **{naam: tekst for naam, tekst in TEKSTEN.items() if naam != "heel lang"},
    "niets": None,
    "ja": True,
    "getal": 0,
    "groot getal": 10**30,
    "breuk": 1e308,
    "lijst": [],
    "lijsten": [[["x"]]],
    "lijst met niets": [None],
    "object": {},
    "soort zonder waarde": {"@type": "date"},
    "onbekende soort": {"@type": "python", "@value": "x"},
    "datum die niet is, getypeerd": {"@type": "date", "@value": "2026-02-31"},
    "getal dat niet is": {"@type": "number", "@value": "NaN"},
    "getal met 400 cijfers": {"@type": "number", "@value": "1e400"},
    "grootste getal": {"@type": "number", "@value": "1e6144"},
    "kleinste getal": {"@type": "number", "@value": "-1e-6000"},
    "4000 cijfers": 10**4000,
    "min nul": -0.0,
    "soort is een lijst": {"@type": ["date"], "@value": "2026-01-01"},
    "soort is een object": {"@type": {"a": 1}},
    "waarde is een object": {"@type": "date", "@value": {"a": 1}},
    "jaar 10000": {"@type": "date", "@value": "10000-01-01"},
    "jaar -1": {"@type": "date", "@value": "-0001-01-01"},
    "jaar nul, getypeerd": {"@type": "date", "@value": "0000-01-01"},
    "laatste moment": {"@type": "date and time", "@value": "9999-12-31T23:59:59.999999999Z"},
    "duur": {"@type": "days and time duration", "@value": "P99999999999D"},
    "half teken": "\ud800",
    "diep": {"a": [[[[[[[[[[{"b": [[[[[[[[[[1]]]]]]]]]]}]]]]]]]]]]},
    "getal dat te groot is": {"@type": "number", "@value": "1e999999999"},
    "lange tekst": "x" * 150_000,
    "veel sleutels": {f"s{nummer}": nummer for nummer in range(10_000)},
    "lange sleutel": {"x" * 5000: 1},
    "sleutel met nul": {"a\x00b": 1},
    "lege sleutel": {"": 1},
    "eigen sleutel": {"__class__": {"__init__": "x"}},
}

LICHAMEN = {
    "geen json": b"{",
    "twee": b"{}{}",
    "rommel": bytes(range(256)),
    "lijst": b"[]",
    "tekst": b'"x"',
    "niets": b"null",
    "getal": b"1e400",
    "NaN": b'{"naam": NaN}',
    "oneindig": b'{"dagen": Infinity}',
    "ongeldige utf-8": b'{"naam": "\xff\xfe"}',
    "half teken": b'{"naam": "\\ud800", "berichtId": "\\ud800", "antwoorden": {"a": "\\ud800"}}',
    "utf-16": '{"naam": "x"}'.encode("utf-16"),
    "diep": b"[" * 100_000 + b"]" * 100_000,
    "diepe feiten": b'{"feiten": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "diep en geldig": b'{"naam":"x","doelgroep":"gezinsmigrant","feiten":{"a":'
    + b"[" * 500
    + b"]" * 500
    + b"}}",
    "onbekend veld": b'{"x": 1}',
    "groot": b'{"naam": "' + b"x" * 1_100_000 + b'"}',
}


def rijen(store: Store) -> dict[str, int]:
    """Count the rows of every table."""
    tabellen = Base.metadata.sorted_tables
    vraag = select(*(select(func.count()).select_from(een).scalar_subquery() for een in tabellen))
    aantallen = read(store.sessions, lambda session: session.execute(vraag).one())
    return dict(zip((een.name for een in tabellen), aantallen, strict=True))
