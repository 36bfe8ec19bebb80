"""Whatever goes wrong, the answer is application/problem+json with a Dutch sentence."""

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from routeflow.api.blueprint import MAX_BODY
from routeflow.config import Config
from routeflow.web import create_app
from support.huis import make_people, put_in_service
from support.proefset import proefset
from support.programma import Programma

NERGENS = "00000000-0000-0000-0000-000000000000"


def _probleem(antwoord, status):
    assert antwoord.status_code == status, antwoord.text
    assert antwoord.mimetype == "application/problem+json"
    probleem = antwoord.get_json()
    assert probleem["type"] == "about:blank"
    assert probleem["title"]
    assert probleem["status"] == status
    assert probleem["detail"].endswith((".", ")"))
    return probleem


@pytest.mark.parametrize("pad", ["/niets", "/taken/een/twee/drie", "", "/", "/dossiers/"])
def test_an_address_that_does_not_exist(programma, pad):
    _probleem(programma.call("fatma", "GET", pad), 404)


def test_an_address_that_does_not_exist_tells_a_stranger_no_more(programma):
    _probleem(programma.call(None, "GET", "/niets"), 404)


def test_an_address_outside_the_api_is_a_page(programma):
    assert programma.client.get("/api/v2/taken").mimetype == "text/html"


@pytest.mark.parametrize(
    ("methode", "pad", "mag"),
    [
        ("DELETE", "/dossiers", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("PUT", f"/taken/{NERGENS}", {"GET", "HEAD", "OPTIONS"}),
        ("GET", f"/taken/{NERGENS}/claim", {"POST", "OPTIONS"}),
    ],
)
def test_a_method_that_the_address_does_not_have(programma, methode, pad, mag):
    antwoord = programma.call("fatma", methode, pad)
    _probleem(antwoord, 405)
    assert set(antwoord.headers["Allow"].split(", ")) == mag


@pytest.mark.parametrize(
    ("methode", "pad"),
    [
        ("GET", f"/dossiers/{NERGENS}"),
        ("GET", f"/dossiers/{NERGENS}/journaal"),
        ("GET", "/dossiers/geen-id"),
        ("GET", f"/taken/{NERGENS}"),
        ("POST", f"/taken/{NERGENS}/claim"),
        ("POST", f"/taken/{NERGENS}/vrijgeven"),
        ("POST", f"/taken/{NERGENS}/voltooien"),
        ("POST", "/taken/geen-id/voltooien"),
        ("GET", "/taken?dossier=geen-id"),
    ],
)
def test_what_does_not_exist(programma, methode, pad):
    _probleem(programma.call("fatma", methode, pad, {} if pad.endswith("voltooien") else None), 404)


@pytest.mark.parametrize(
    "inhoud",
    [
        b"{",
        b"[]",
        b"null",
        b'"tekst"',
        b"",
        b'{"naam": 1, "doelgroep": "gezinsmigrant"}',
        b'{"naam": "", "doelgroep": "gezinsmigrant"}',
        b'{"naam": "A", "doelgroep": "iemand"}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "anders": 1}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "bsn": "12"}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "bsn": "123456789"}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "geboortedatum": "2026-02-30"}',
        b'{"naam": "A\\u0000B", "doelgroep": "gezinsmigrant"}',
        b'{"naam": "\\ud800", "doelgroep": "gezinsmigrant"}',
        b'\xff{"naam": "A"}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "feiten": {"x": {"@type": "date", "@value": "?"}}}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "feiten": {"brpDatum": "gisteren"}}',
        b'{"naam": "A", "naam": "B", "doelgroep": "gezinsmigrant"}',
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "feiten": {"bsn": "", "bsn": "111222333"}}',
        b'{"feiten": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"naam": "A", "doelgroep": "gezinsmigrant", "feiten": {"x": '
        + b"[" * 300
        + b"]" * 300
        + b"}}",
    ],
    ids=range(21),
)
def test_a_request_that_is_not_as_described(programma, inhoud):
    antwoord = programma.call("fatma", "POST", "/dossiers", data=inhoud)
    _probleem(antwoord, 422)


def test_a_field_that_is_wrong_is_named(programma):
    gegevens = {"naam": "A", "doelgroep": "gezinsmigrant", "bsn": "123456789"}
    probleem = _probleem(programma.call("fatma", "POST", "/dossiers", gegevens), 422)
    assert probleem["fouten"] == {
        "bsn": "Dit is geen BSN: het heeft negen cijfers en klopt met de elfproef."
    }


@pytest.mark.parametrize(
    ("gegevens", "veld"),
    [
        ({"naam": "A"}, "doelgroep"),
        ({"naam": 1, "doelgroep": "gezinsmigrant"}, "naam"),
        ({"naam": "A", "doelgroep": "gezinsmigrant", "leeftijd": 30}, "leeftijd"),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(programma, gegevens, veld):
    probleem = _probleem(programma.call("fatma", "POST", "/dossiers", gegevens), 422)
    assert list(probleem["fouten"]) == [veld]


@pytest.mark.parametrize(
    "pad",
    [
        "/taken?status=weg",
        "/taken?te_laat=misschien",
        "/taken?limit=0",
        "/taken?limit=201",
        "/taken?limit=veel",
        "/taken?limit=9999999999999999999999",
        "/taken?cursor=nergens",
        "/taken?rol=%00",
        "/dossiers?status=weg",
        "/dossiers?cursor=nergens",
        "/dossiers?zoek=%00",
        "/dossiers?limit=-1",
        "/taken?dossier=",
        "/dossiers?zoek=",
        "/taken?status=open&status=gedaan",
        "/termijnen?weken=0",
        "/termijnen?weken=521",
        f"/termijnen?weken=1{'0' * 5000}",
        f"/termijnen?weken=000000001{'1' * 5000}",
        f"/termijnen?cursor=000000001{'1' * 5000}",
        "/termijnen?cursor=\u0661",
        "/uren?van=",
        "/uren/maand?maand=",
        "/uren/maand?maand=0000-00",
    ],
)
def test_a_question_that_cannot_be_read(programma, pad):
    _probleem(programma.call("fatma", "GET", pad), 422)


@pytest.mark.parametrize("pad", [f"/uren/{'0' * 40}{'1' * 5000}/terugnemen", "/uren/9/terugnemen"])
def test_a_number_that_no_row_has(programma, pad):
    _probleem(programma.call("fatma", "POST", pad), 404)


def test_a_name_that_stands_twice_is_told(programma):
    tweemaal = b'{"naam": "A", "doelgroep": "gezinsmigrant", "feiten": {"a": {"b": 1, "b": 2}}}'
    probleem = _probleem(programma.call("fatma", "POST", "/dossiers", data=tweemaal), 422)
    assert "noemt b twee keer" in probleem["detail"]


def test_a_request_that_is_too_large(programma):
    te_groot = b'{"naam": "' + b"a" * MAX_BODY + b'"}'
    probleem = _probleem(programma.call("fatma", "POST", "/dossiers", data=te_groot), 413)
    assert str(MAX_BODY) in probleem["detail"]


def test_a_route_that_cannot_go_on_changes_nothing(programma, elif_):
    [stap] = elif_["taken"]
    antwoord = programma.call(
        "fatma",
        "POST",
        f"/taken/{stap['id']}/voltooien",
        {"antwoorden": {"afgesprokenOp": "2026-01-12"}},
    )
    probleem = _probleem(antwoord, 500)
    assert "proceseigenaar" in probleem["detail"]
    assert programma.get("fatma", f"/taken/{stap['id']}")["status"] == "open"


def test_a_fault_of_ours_says_nothing_of_the_inside(store, tmp_path, caplog):
    put_in_service(store, proefset())
    programma = Programma(_kapot(store, tmp_path), make_people(store))
    probleem = _probleem(programma.call("fatma", "GET", "/taken"), 500)
    assert "geheim" not in str(probleem)
    assert "geheim" in caplog.text
    kenmerk = probleem["detail"].rstrip(".").rpartition(" ")[2]
    assert kenmerk in caplog.text


def test_a_database_that_is_too_busy_is_told_and_comes_back(store, tmp_path):
    put_in_service(store, proefset())
    programma = Programma(_kapot(store, tmp_path, PoolTimeoutError("geheim")), make_people(store))
    probleem = _probleem(programma.call("fatma", "GET", "/taken"), 503)
    assert "te druk" in probleem["detail"]
    assert "geheim" not in str(probleem)


def _kapot(store, folder, fault=None):
    def clock():
        raise fault or RuntimeError("geheim")

    return create_app(store, clock=clock, config=Config(sleutelbestand=folder / "sleutel"))


def test_an_address_with_a_slash_too_many_is_told_in_dutch_where_it_is(programma):
    antwoord = programma.client.get("/api/v1//taken", headers=_wie(programma))
    assert antwoord.headers["Location"].endswith("/api/v1/taken")
    assert _probleem(antwoord, 308)["detail"].startswith("Dit adres is anders geschreven.")


def _wie(programma):
    return {"Authorization": f"Bearer {programma.tokens['fatma']}"}
