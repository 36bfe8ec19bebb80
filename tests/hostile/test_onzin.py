"""Addresses, fields and bodies that make no sense: an answer in words, and nothing half done."""

import io
import re
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from routeflow.commands import dossiers
from routeflow.store import open_store, read, transact
from routeflow.store.models import Taak
from support.huis import BEGIN, OPENER, account_ids, build_app, make_people, put_in_service
from support.klein import klein
from support.onzin import GOED, LICHAMEN, TEKSTEN, WAARDEN, ZONDER_VELDEN, rijen
from support.pagina import wrong_on
from support.proefset import proefset
from support.programma import Programma

MARK = "indringer"
ENGLISH = re.compile(
    r"Traceback|Error|Exception|NoneType|[Ee]xpected|[Ii]nvalid|malformed|missing|must be|Bad Request"
)
SCHERP = {"nul", "heel groot", "pad", "lang"}  # one field at a time, the others good
NIEMAND = "00000000-0000-4000-8000-000000000000"
PADEN = {
    "geen id": "x",
    "pad": "..%2F..%2Fetc%2Fpasswd",
    "lang": "a" * 4000,
    "nul": "%00",
    "cijfers": "%D9%A1%D9%A2",
    "macht": "%C2%B2",
    "boven 64 bits": str(10**30),
    "boven 4300 cijfers": "9" * 5000,
    "onder nul": "-1",
    "niet utf-8": "%ff%fe",
    "script": "%3Cscript%3Eindringer()%3C%2Fscript%3E",
    "niemand": NIEMAND,
}
VRAGEN = (
    "pagina", "na", "tab", "groep", "rol", "partij", "onderdeel", "zoek", "te_laat", "fase", "van",
    "leerroute", "doelgroep", "status", "proces", "bericht", "volgende", "alle", "weken", "reden",
    "cursor", "limit", "dossier", "vertaling:klein:plan", "soort", "casemanager", "termijn",
)  # fmt: skip
GETALLEN = ("pagina", "na", "weken", "cursor", "limit")
WIE = {
    "accounts": "tom", "processen": "esther", "herverdelen": "marjan", "incidenten": "esther",
    "verwijderen": "marjan",
}  # fmt: skip


@pytest.fixture(scope="module")
def plek(tmp_path_factory, _databases):
    """A house with everybody, one dossier, and the address of each route."""
    store = open_store(_databases.migrated())
    proef = {
        pad: proefset()[pad] for pad in ("processes/p20-gezinsmigrant.bpmn", "forms/stap.form")
    }
    put_in_service(store, {**klein(), **proef})
    tokens = make_people(store)
    gegevens = {"naam": "Amina", "doelgroep": "asielstatushouder", "leerroute": "B1"}
    work = partial(dossiers.start_dossier, gegevens=gegevens, proces="klein", by=OPENER, now=BEGIN)
    dossier = transact(store.sessions, work)
    taak = read(
        store.sessions,
        lambda session: session.scalar(select(Taak.id).where(Taak.element == "plan")),
    )
    app = build_app(store, tmp_path_factory.mktemp("huis"))
    yield SimpleNamespace(
        store=store,
        app=app,
        tokens=tokens,
        waarden={
            "dossier_id": dossier.id,
            "taak_id": taak,
            "account_id": account_ids(store)["kees"],
            "versie": 1,
            **dict.fromkeys(("band_id", "uren_id", "melding_id"), 999),
            "proces": "klein",
            "pad": "processes/rolverdeling.dmn",
            "naam": "pip",
            "daad": "opschorten",
            "filename": "dist/manifest.json",
            "id": str(taak),
        },
    )
    store.close()


def regels(plek, methode, *, api=False):
    for regel in sorted(plek.app.url_map.iter_rules(), key=str):
        if methode in regel.methods and regel.rule.startswith("/api/") == api:
            yield regel


def adres(plek, regel, **anders):
    waarden = {naam: plek.waarden.get(naam, NIEMAND) for naam in regel.arguments} | anders
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda naam: str(waarden[naam[1]]), regel.rule)


def wie(regel):
    return WIE.get(regel.rule.strip("/").partition("/")[0], "fatma")


def fout(antwoord):
    """Say what is wrong with this answer to nonsense; empty when nothing is."""
    if antwoord.status_code >= 500:
        return str(antwoord.status_code)
    if antwoord.mimetype == "application/problem+json":
        probleem = antwoord.get_json()
        zinnen = " ".join([probleem["detail"], *probleem["fouten"].values()])
        return zinnen if ENGLISH.search(zinnen) or len(zinnen) > 2000 else ""
    if antwoord.mimetype == "text/html" and antwoord.status_code != 303:
        return " ".join(wrong_on(antwoord, MARK))
    return ""


def test_an_address_that_makes_no_sense_is_not_found(plek, als):
    wrong = []
    for regel in (*regels(plek, "GET"), *regels(plek, "POST")):
        browser = als((plek.app, plek.store), wie(regel))
        for plaats in regel.arguments:
            for naam, onzin in PADEN.items():
                pad = adres(plek, regel, **{plaats: onzin})
                antwoord = browser.get(pad) if "GET" in regel.methods else browser.post(pad, {})
                if antwoord.status_code not in {303, 400, 403, 404, 405, 409, 422} or fout(
                    antwoord
                ):
                    wrong.append((regel.rule, plaats, naam, antwoord.status_code, fout(antwoord)))
    assert wrong == [], wrong


def eigenschappen(document, schema):
    """Yield the names of the fields in a body, as the description says."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return list(schema.get("properties", {}))


BERICHT = {"berichtId": "1", "bericht": "SS131", "bsn": "111222333", "gegevens": {}}
LIJF = {
    "/dossiers": {"naam": "Elif", "doelgroep": "gezinsmigrant", "feiten": {}},
    "/berichten": BERICHT,
    "/taken/{id}/voltooien": {"antwoorden": {"leerroute": "Q"}},
    "/taken/{id}/vermoeden": {"plicht": "MAP", "toelichting": "x"},
    "/demo/klok": {"dagen": 1},
}


@pytest.fixture
def programma(plek):
    return Programma(plek.app, plek.tokens)


def met_lichaam(programma):
    for pad, daden in programma.document["paths"].items():
        if "requestBody" in daden.get("post", {}):
            schema = daden["post"]["requestBody"]["content"]["application/json"]["schema"]
            yield pad, eigenschappen(programma.document, schema)


def test_every_body_that_is_no_json_is_refused_with_a_problem_in_words(plek, programma):
    wrong = []
    for pad, _ in met_lichaam(programma):
        for naam, data in LICHAMEN.items():
            voor = rijen(plek.store)
            antwoord = programma.call("fatma", "POST", pad.format(**plek.waarden), data=data)
            if not 400 <= antwoord.status_code < 500 or fout(antwoord) or voor != rijen(plek.store):
                wrong.append((pad, naam, antwoord.status_code, fout(antwoord)))
    assert wrong == [], wrong


def test_other_kinds_of_body_are_answered_too(plek, als):
    wrong = []
    grens = "-----x"
    delen = "".join(
        f'--{grens}\r\nContent-Disposition: form-data; name="v{n}"\r\n\r\nx\r\n'
        for n in range(2500)
    )
    lijven = {
        "veel delen": (
            delen.encode() + f"--{grens}--".encode(),
            f"multipart/form-data; boundary={grens}",
        ),
        "nooit af": (delen.encode()[:5000], f"multipart/form-data; boundary={grens}"),
        "geen grens": (b"x", "multipart/form-data"),
        "veel velden": (
            "&".join(f"v{n}=x" for n in range(10_000)).encode(),
            "application/x-www-form-urlencoded",
        ),
        "geen utf-8": (b"naam=%ff%fe&reden=\xff\xfe", "application/x-www-form-urlencoded"),
        "xml": (b"<a/>", "application/xml"),
        "json": (b"{}", "application/json"),
        "utf-7": (b"naam=+ADw-", "application/x-www-form-urlencoded; charset=utf-7"),
    }
    for regel in (*regels(plek, "POST"), *regels(plek, "POST", api=True)):
        browser = als((plek.app, plek.store), wie(regel))
        for naam, (data, soort) in lijven.items():
            voor = rijen(plek.store)
            token = {
                "X-CSRFToken": browser.token,
                "Authorization": f"Bearer {plek.tokens['fatma']}",
            }
            antwoord = browser.client.post(
                adres(plek, regel), data=data, content_type=soort, headers=token
            )
            if fout(antwoord) or (antwoord.status_code >= 400 and voor != rijen(plek.store)):
                wrong.append((regel.rule, naam, antwoord.status_code, fout(antwoord)))
    assert wrong == [], wrong


def test_what_is_too_big_is_refused_before_it_is_read(plek, als):
    class Endless(io.RawIOBase):
        gelezen = plek = 0

        def readable(self):
            return True

        def seek(self, offset, whence=0):
            self.plek = 30_000_000 if whence else offset
            return self.plek

        def tell(self):
            return self.plek

        def readinto(self, buffer):
            self.gelezen += len(buffer)
            return len(buffer)

    browser = als((plek.app, plek.store), "esther")
    for pad, headers in (
        ("/processen/nieuw", {"X-CSRFToken": browser.token}),
        ("/api/v1/dossiers", {"Authorization": f"Bearer {plek.tokens['fatma']}"}),
    ):
        stroom = Endless()
        antwoord = browser.client.post(
            pad,
            input_stream=stroom,
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )
        assert (antwoord.status_code, stroom.gelezen) == (413, 0)


class Teller:
    """Says whether a refusal left rows behind; counts no more often than it must."""

    def __init__(self, store):
        self.store, self.nu = store, rijen(store)

    def deed(self, antwoord):
        voor, self.nu = self.nu, rijen(self.store)
        return antwoord.status_code >= 400 and voor != self.nu


BINNEN = {
    "feiten": ("kennisgeving", "vNummer", "iets"),
    "gegevens": ("datumUitslag", "uitslag"),
    "antwoorden": ("leerroute", "opmerking"),
}


def met_onzin(programma):
    """Yield each path with a body of which one field, or one name in it, makes no sense."""
    for pad, velden in met_lichaam(programma):
        goed = LIJF.get(pad, {})
        for veld in velden:
            for naam, waarde in WAARDEN.items():
                yield pad, f"{veld} {naam}", {**goed, veld: waarde}
                for binnen in BINNEN.get(veld, ()):
                    yield pad, f"{veld}.{binnen} {naam}", {**goed, veld: {binnen: waarde}}


def test_every_field_of_a_body_that_makes_no_sense_is_answered_in_words(plek, programma):
    wrong, teller = [], Teller(plek.store)
    for pad, naam, lijf in met_onzin(programma):
        antwoord = programma.call("fatma", "POST", pad.format(**plek.waarden), lijf)
        if fout(antwoord) or teller.deed(antwoord):
            wrong.append((pad, naam, antwoord.status_code, fout(antwoord)))
    assert wrong == [], wrong


def test_every_address_that_takes_a_form_is_tried(plek):
    adressen = {regel.rule for regel in regels(plek, "POST")}
    assert GOED.keys() | ZONDER_VELDEN == adressen
    assert not GOED.keys() & ZONDER_VELDEN


def test_every_field_of_a_form_that_makes_no_sense_is_answered_in_words(plek, als):
    wrong, teller = [], Teller(plek.store)
    for regel in regels(plek, "POST"):
        browser = als((plek.app, plek.store), wie(regel))
        goed = {
            veld.format(**plek.waarden): waarde.format(**plek.waarden)
            for veld, waarde in GOED.get(regel.rule, {}).items()
        }
        for veld in goed:
            for naam in (*sorted(SCHERP), "heel lang", "stuurtekens", "datum die niet is"):
                lijf = {**goed, veld: TEKSTEN[naam]}
                antwoord = browser.post(adres(plek, regel), lijf)
                deed = teller.deed(antwoord) and regel.rule != "/inloggen"  # that counts tries
                if fout(antwoord) or deed:
                    wrong.append((regel.rule, veld, naam, antwoord.status_code, fout(antwoord)))
    assert wrong == [], wrong


def test_every_question_that_makes_no_sense_is_answered_in_words(plek, als):
    wrong = []
    for api in (False, True):
        for regel in regels(plek, "GET", api=api):
            browser = als((plek.app, plek.store), wie(regel))
            headers = {"Authorization": f"Bearer {plek.tokens['fatma']}"} if api else {}
            for naam in SCHERP | {"stuurtekens", "script", "andere cijfers", "jaar nul", "macht"}:
                vraag = [(vraag, TEKSTEN[naam]) for vraag in VRAGEN]
                antwoord = browser.get(adres(plek, regel), query_string=vraag, headers=headers)
                if fout(antwoord):
                    wrong.append((regel.rule, naam, antwoord.status_code, fout(antwoord)))
                antwoord.close()
    assert wrong == [], wrong
