"""Taken over the API: finding them page by page, reading the form, and doing them."""

import pytest

from support.jsonschema import faults


@pytest.fixture
def taal(amina):
    return next(t for t in amina["taken"] if t["element"] == "stap_taal")


def test_a_taak_says_who_it_is_for_by_when_and_why(programma, taal):
    taak = programma.get("ruud", f"/taken/{taal['id']}")
    assert (taak["rol"], taak["partij"], taak["samenMet"]) == ("taalaanbieder", "IVIO", None)
    assert (taak["onderdeel"], taak["houder"]) == ("B1-route", "partner")
    assert taak["uiterlijk"] == "2026-01-26"
    assert taak["grond"].startswith("Werkafspraak")
    assert taak["bekend"]["geboortedatum"] == "1994-05-17"
    assert taak["formulier"]["required"] == ["afgesprokenOp"]
    velden = taak["formulier"]["properties"]
    assert set(velden) == {"afgesprokenOp", "uren", "halfjaar", "opmerking"}
    assert velden["halfjaar"]["pattern"] == "^20[0-9]{2}-[12]$"


def test_the_form_is_a_json_schema_that_the_answers_must_fit(programma, taal):
    schema = programma.get("ruud", f"/taken/{taal['id']}")["formulier"]
    goed = {"afgesprokenOp": "2026-01-12", "uren": 2.5}
    assert list(faults(goed, schema, schema)) == []
    assert programma.post("ruud", f"/taken/{taal['id']}/voltooien", {"antwoorden": goed})


@pytest.mark.parametrize(
    ("antwoorden", "veld"),
    [
        ({}, "afgesprokenOp"),
        ({"afgesprokenOp": "morgen"}, "afgesprokenOp"),
        ({"afgesprokenOp": 5}, "afgesprokenOp"),
        ({"afgesprokenOp": "2026-01-12", "uren": 13}, "uren"),
        ({"afgesprokenOp": "2026-01-12", "uren": "NaN"}, "uren"),
        ({"afgesprokenOp": "2026-01-12", "halfjaar": "in 2026-1"}, "halfjaar"),
        ({"afgesprokenOp": "2026-01-12", "uren": [1]}, "uren"),
        ({"afgesprokenOp": "2026-01-12", "anders": 1}, "anders"),
        ({"afgesprokenOp": {"@type": "date"}}, "afgesprokenOp"),
    ],
)
def test_answers_that_do_not_fit_are_refused_field_by_field(programma, taal, antwoorden, veld):
    antwoord = programma.call(
        "ruud", "POST", f"/taken/{taal['id']}/voltooien", {"antwoorden": antwoorden}
    )
    assert antwoord.status_code == 422
    assert veld in antwoord.get_json()["fouten"]
    assert programma.get("ruud", f"/taken/{taal['id']}")["status"] == "open"


def test_completing_writes_facts_and_keeps_what_stays_with_the_taak(programma, amina, taal):
    antwoorden = {"afgesprokenOp": "2026-01-12", "uren": 2.5, "opmerking": "Belt terug"}
    gedaan = programma.post("ruud", f"/taken/{taal['id']}/voltooien", {"antwoorden": antwoorden})
    assert (gedaan["taak"]["status"], gedaan["taak"]["geslotenDoor"]) == ("gedaan", "Ruud Jansen")
    feiten = programma.get("fatma", f"/dossiers/{amina['id']}")["feiten"]
    assert (feiten["afgesprokenOp"], feiten["uren"]) == ("2026-01-12", 2.5)
    assert "opmerking" not in feiten


def test_a_taak_is_done_once(programma, taal):
    verzoek = {"antwoorden": {"afgesprokenOp": "2026-01-12"}}
    programma.post("ruud", f"/taken/{taal['id']}/voltooien", verzoek)
    antwoord = programma.call("ruud", "POST", f"/taken/{taal['id']}/voltooien", verzoek)
    assert antwoord.status_code == 409
    assert "Ruud Jansen" in antwoord.get_json()["detail"]
    assert programma.call("ruud", "POST", f"/taken/{taal['id']}/claim").status_code == 409


def test_claiming_and_giving_back(programma, taal):
    pad = f"/taken/{taal['id']}"
    assert programma.post("ruud", f"{pad}/claim")["behandelaar"] == "Ruud Jansen"
    assert programma.post("ruud", f"{pad}/claim")["behandelaar"] == "Ruud Jansen"
    assert programma.post("ruud", f"{pad}/vrijgeven")["behandelaar"] is None


def test_pages_hold_every_taak_once_in_order_of_the_last_day(programma, amina):
    gezien, cursor, paginas = [], "", 0
    while True:
        pagina = programma.get("fatma", f"/taken?limit=4{cursor}")
        assert len(pagina["items"]) <= 4
        gezien += pagina["items"]
        paginas += 1
        if pagina["volgende"] is None:
            break
        cursor = f"&cursor={pagina['volgende']}"
    assert paginas == 4
    assert sorted(t["id"] for t in gezien) == sorted(t["id"] for t in amina["taken"])
    assert [t["uiterlijk"] for t in gezien] == sorted(t["uiterlijk"] for t in gezien)


@pytest.mark.parametrize(
    ("vraag", "elementen"),
    [
        ("partij=IVIO", {"stap_taal", "stap_map"}),
        ("rol=map-aanbieder", {"stap_map"}),
        ("partij=IVIO&rol=taalaanbieder", {"stap_taal"}),
        ("partij=Niemand", set()),
        ("status=gedaan", {"stap_werk"}),
        ("status=vervallen", set()),
        ("te_laat=true", set()),
        ("te_laat=false&rol=handhaver", {"stap_handhaver"}),
    ],
)
def test_taken_are_found_by_what_they_are(programma, amina, vraag, elementen):
    werk = next(t for t in amina["taken"] if t["element"] == "stap_werk")
    programma.post(
        "bram",
        f"/taken/{werk['id']}/voltooien",
        {"antwoorden": {"afgesprokenOp": "2026-01-12"}},
    )
    gevonden = programma.get("fatma", f"/taken?dossier={amina['id']}&{vraag}")["items"]
    assert {taak["element"] for taak in gevonden} == elementen


def test_what_is_late_is_found_as_late(programma, amina):
    assert programma.get("fatma", "/taken?te_laat=true")["items"] == []
    programma.post("fatma", "/demo/klok", {"dagen": 15})
    laat = programma.get("fatma", "/taken?te_laat=true")["items"]
    assert len(laat) == len(amina["taken"])
    assert all(taak["teLaat"] for taak in laat)
    assert programma.get("fatma", "/taken?te_laat=false")["items"] == []


def test_a_suspicion_is_only_of_what_the_inburgeraar_let_pass(programma, amina, taal):
    verzoek = {"plicht": "leerroute", "toelichting": "Kwam niet, gebeld met tolk."}
    eigen = next(t for t in amina["taken"] if t["element"] == "stap_inburgeraar")
    op_tijd = programma.call("fatma", "POST", f"/taken/{eigen['id']}/vermoeden", verzoek)
    assert op_tijd.status_code == 409
    programma.post("fatma", "/demo/klok", {"dagen": 30})
    partner = programma.call("fatma", "POST", f"/taken/{taal['id']}/vermoeden", verzoek)
    assert partner.status_code == 409
    assert "IVIO" in partner.get_json()["detail"]
    assert programma.post("fatma", f"/taken/{eigen['id']}/vermoeden", verzoek)["id"] == amina["id"]
    anders = programma.call(
        "fatma", "POST", f"/taken/{eigen['id']}/vermoeden", {**verzoek, "plicht": "iets"}
    )
    assert anders.status_code == 422
