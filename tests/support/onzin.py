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


# what a person fills in by each address that takes a form; {dossier_id} and its likes are filled in
GOED = {
    "/accounts/nieuw": {
        "login": "nieuw", "naam": "Nieuw", "partij": "Gemeente", "email": "a@b.nl",
        "wachtwoord": "een lang genoeg wachtwoord", "rollen": "casemanager",
    },
    "/accounts/<uuid:account_id>": {"naam": "Kees", "partij": "Gemeente", "email": "", "rollen": "huisvesting", "actief": "ja"},
    "/accounts/<uuid:account_id>/wachtwoord": {"wachtwoord": "een lang genoeg wachtwoord"},
    "/accounts/tokens": {"naam": "koppeling"},
    "/demo/klok": {"stap": "1", "terug": "/"},
    "/dossiers/<uuid:dossier_id>/bericht": {
        "bericht": "SS131", "bericht_id": "1", "datumUitslag": "05-01-2026", "uitslag": "geslaagd", "datum": "05-01-2026",
    },
    "/dossiers/<uuid:dossier_id>/casemanager": {"casemanager": "fatma", "reden": "Ziek"},
    "/dossiers/<uuid:dossier_id>/gezin": {"soort": "kind", "nummer": "", "naam": "Sami", "geboortejaar": "2022"},
    "/dossiers/<uuid:dossier_id>/overdracht": {"gemeente": "Hoorn", "gevraagdOp": "05-01-2026"},
    "/dossiers/<uuid:dossier_id>/gegevens/<naam>": {"veld-leerroute": "B1", "veld-redenVerbetering": "Getikt."},
    "/dossiers/<uuid:dossier_id>/overdracht/inlezen": {"doe": "overnemen", "inhoud": "e30="},
    "/dossiers/<uuid:dossier_id>/termijnen/<naam>/<any(opschorten,hervatten,verlengen):daad>": {
        "vanaf": "12-01-2026", "op": "12-01-2026", "tot": "12-02-2026", "grond": "x", "bewijsstuk": "x",
    },
    "/dossiers/nieuw": {
        "naam": "Amina", "doelgroep": "gezinsmigrant", "bsn": "", "vNummer": "", "geboortedatum": "01-01-1990", "leerroute": "",
        "brpDatumNieuw": "05-01-2026",
    },
    "/herverdelen/": {"uitvoeren": "ja"},
    "/meldingen/e-mail": {"escalatie": "direct", "te laat": "direct", "herinnering": "nooit", "melding": "nooit"},
    "/inloggen": {"login": "fatma", "wachtwoord": "mis", "volgende": "/"},
    "/inloggen/demo": {"login": "fatma", "volgende": "/"},
    "/processen/<int:versie>/migreren/": {"reden": "Beter", "na": "", "vertaling:klein:plan": "teken"},
    "/processen/nieuw": {"bestanden": "x"},
    "/processen/publiceer": {"concept": "x", "reden": "Beter"},
    "/taken/<uuid:taak_id>": {"leerroute": "Z", "opmerking": "x", "gezondheid": "x", "actie": "concept", "rij": "x"},
    "/taken/<uuid:taak_id>/vermoeden": {"plicht": "MAP", "toelichting": "Kwam niet."},
    "/uren/": {
        "dag": "05-01-2026", "groep": "alle", "zoek": "", "dossier": "{dossier_id}", "soort-{dossier_id}": "NT2",
        "uren-{dossier_id}": "1,5", "aanwezig-{dossier_id}": "aanwezig", "fysiek-{dossier_id}": "ja",
        "opmerking-{dossier_id}": "x",
    },
    "/uren/bestand": {"doe": "inlezen", "inhoud": "ZG9zc2llcjtkYXR1bTtzb29ydDt1cmVuCng7eDt4O3g="},
    "/uren/maand/sluit": {"taak": "{taak_id}", "naam-{taak_id}": "Amina", "maand": "2026-01"},
    "/verwijderen/<uuid:dossier_id>": {"soort": "correctie", "kenmerk": "2026/1"},
    "/verwijderen/<uuid:dossier_id>/aflossing": {"leningAfgelostOp": "05-01-2026"},
    "/verwijderen/<uuid:dossier_id>/uitvoeren": {"voorstel": "{taak_id}"},
    "/verwijderen/<uuid:dossier_id>/intrekken": {"voorstel": "{taak_id}"},
    "/werklijst/<uuid:taak_id>/toewijzen": {"account": "", "terug": "/werklijst/"},
    "/werklijst/<uuid:taak_id>/claim": {"terug": "/werklijst/"},
    "/werklijst/<uuid:taak_id>/vrijgeven": {"terug": "/werklijst/"},
}  # fmt: skip
ZONDER_VELDEN = {  # a button and nothing else
    "/accounts/tokens/<uuid:token_id>/intrekken",
    "/agenda/intrekken",
    "/agenda/vernieuwen",
    "/dossiers/<uuid:dossier_id>/gezin/<int:band_id>/ontkoppel",
    "/incidenten/<uuid:incident_id>/opnieuw",
    "/meldingen/<int:melding_id>/gelezen",
    "/meldingen/opruimen",
    "/taken/<uuid:taak_id>/brief",
    "/uitloggen",
    "/uren/<int:uren_id>/terug",
}


def rijen(store: Store) -> dict[str, int]:
    """Count the rows of every table."""
    tabellen = Base.metadata.sorted_tables
    vraag = select(*(select(func.count()).select_from(een).scalar_subquery() for een in tabellen))
    aantallen = read(store.sessions, lambda session: session.execute(vraag).one())
    return dict(zip((een.name for een in tabellen), aantallen, strict=True))
