"""Who may do what through the API: one table, every endpoint by every rol."""

import pytest

MENSEN = (
    "fatma", "marjan", "peter", "anouk", "kees", "sanne",
    "willem", "ruud", "sheila", "bram", "loes", "ineke", "esther", "tom",
)  # fmt: skip

# Who: casemanager, teamleider, inkomensconsulent, handhaver, huisvesting, trainer |
#      begeleider, taalaanbieder, pvt, werkpartner, participatie, a taalaanbieder who has no step
#      in the dossier | proceseigenaar, beheerder.
# What: + it is done or shown; 0 an empty list; - refused (403).
# eigen: a step of one's own (for who has none: of the casemanager); vreemd: of somebody else, in
# a dossier in which only the casemanager has a step. For the casemanager that is the IVIO's.
RECHTEN = """
    GET  /openapi.json                  ++++++ ++++++ ++
    POST /dossiers                      ++---- ------ --
    GET  /dossiers                      ++++++ +++++0 00
    GET  /dossiers/{eigen}              ++++++ +++++- --
    GET  /dossiers/{vreemd}             ++---- ------ --
    GET  /dossiers/{eigen}/journaal     ++---- ------ --
    GET  /dossiers/{vreemd}/journaal    ++---- ------ --
    GET  /dossiers/{eigen}/termijnen    ++0000 00000- --
    GET  /dossiers/{vreemd}/termijnen   ++---- ------ --
    GET  /termijnen                     ++---- ------ --
    GET  /taken                         ++++++ +++++0 00
    GET  /taken/{eigen}                 ++++++ +++++- --
    GET  /taken/{vreemd}                ++---- ------ --
    POST /taken/{eigen}/claim           ++++++ +++++- --
    POST /taken/{vreemd}/claim          ------ ------ --
    POST /taken/{eigen}/vrijgeven       ++++++ +++++- --
    POST /taken/{vreemd}/vrijgeven      -+---- ------ --
    POST /taken/{eigen}/voltooien       ++++++ +++++- --
    POST /taken/{vreemd}/voltooien      ------ ------ --
    POST /taken/{laat}/vermoeden        ++---- ------ --
    GET  /dossiers/{eigen}/tellers      ++0000 00000- --
    GET  /dossiers/{vreemd}/tellers     ++---- ------ --
    GET  /uren                          0----- -0-000 --
    GET  /uren/maand                    0----- -+-++0 --
    POST /berichten                     ++---- ------ -+
    POST /demo/klok                     ++---- ------ ++
"""
REGELS = [regel.split(maxsplit=2) for regel in RECHTEN.strip().splitlines()]
EIGEN = {
    "fatma": "stap_casemanager", "marjan": "stap_teamleider", "peter": "stap_inkomen",
    "anouk": "stap_handhaver", "kees": "stap_huisvesting", "sanne": "stap_trainer",
    "willem": "stap_begeleider", "ruud": "stap_taal", "sheila": "stap_pvt",
    "bram": "stap_werk", "loes": "stap_participatie",
}  # fmt: skip


@pytest.mark.parametrize("regel", REGELS, ids=[f"{een[0]} {een[1]}" for een in REGELS])
def test_the_table_of_rights(programma, amina, elif_, regel):
    methode, pad, wie = regel
    stappen = {taak["element"]: taak["id"] for taak in amina["taken"]}
    if "{laat}" in pad:
        programma.post("fatma", "/demo/klok", {"dagen": 60})
    if pad == "/taken/{eigen}/vrijgeven":  # what one took on oneself
        for login, element in EIGEN.items():
            programma.post(login, f"/taken/{stappen[element]}/claim")
    uitkomst = "".join(
        _teken(
            programma.call(
                login,
                methode,
                _invullen(pad, login, stappen, amina, elif_),
                _verzoek(pad, login, amina) if methode == "POST" else None,
            )
        )
        for login in MENSEN
    )
    assert uitkomst == wie.replace(" ", "")


def _invullen(pad, login, stappen, amina, elif_):
    vreemd = stappen["stap_taal"] if login == "fatma" else elif_["taken"][0]["id"]
    if pad.startswith("/dossiers"):
        return pad.format(eigen=amina["id"], vreemd=elif_["id"])
    return pad.format(
        eigen=stappen[EIGEN.get(login, "stap_casemanager")],
        vreemd=vreemd,
        laat=stappen["stap_inburgeraar"],
    )


def _verzoek(pad, login, amina):
    if pad == "/dossiers":
        return {"naam": f"Kind van {login}", "doelgroep": "gezinsmigrant"}
    if pad.endswith("/voltooien"):
        return {"antwoorden": {"afgesprokenOp": "2026-01-12"}}
    if pad.endswith("/vermoeden"):
        return {"plicht": "leerroute", "toelichting": "Kwam niet."}
    if pad == "/berichten":
        return {"berichtId": login, "bericht": "SS131", "dossier": amina["id"]}
    return {"dagen": 1} if pad == "/demo/klok" else None


def _teken(antwoord):
    if antwoord.status_code == 403:
        return "-"
    assert antwoord.status_code < 300, antwoord.text
    return "0" if antwoord.get_json().get("items") == [] else "+"


def test_who_brings_no_token_learns_nothing(programma, amina):
    for methode, pad, _ in REGELS:
        if pad != "/openapi.json":
            gevuld = pad.format(eigen=amina["id"], vreemd=amina["id"], laat=amina["id"])
            antwoord = programma.call(None, methode, gevuld)
            assert antwoord.status_code == 401
            assert antwoord.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    ["Bearer niets", "Bearer ", "Basic ZmF0bWE6eA==", "", "bearer\tx", "Bearer " + "x" * 5000],
)
def test_what_is_no_valid_token_is_refused(programma, header):
    antwoord = programma.client.get("/api/v1/taken", headers={"Authorization": header})
    assert antwoord.status_code == 401
    assert antwoord.mimetype == "application/problem+json"


def test_a_partner_sees_its_own_steps_and_no_others(programma, amina, elif_):
    van = {"willem": 1, "ruud": 2, "sheila": 1, "bram": 2, "loes": 1, "ineke": 0}
    for login, aantal in van.items():
        taken = programma.get(login, "/taken")["items"]
        assert len(taken) == aantal, login
        assert [
            taak["id"] for taak in programma.get(login, f"/taken?dossier={elif_['id']}")["items"]
        ] == []
        if aantal:
            assert programma.get(login, f"/dossiers/{amina['id']}")["taken"] == taken
    samen = [t["element"] for t in programma.get("bram", "/taken")["items"] if t["samenMet"]]
    assert samen == ["stap_map"]


@pytest.mark.parametrize(
    ("login", "ziet"),
    [
        ("fatma", {"bsn", "gezondheidFysiek", "schulden"}),
        ("marjan", {"bsn"}),
        ("anouk", {"bsn"}),
        ("peter", {"bsn"}),
        ("ruud", {"bsn"}),
        ("willem", set()),
        ("sheila", set()),
        ("bram", set()),
        ("loes", set()),
    ],
)
def test_sensitive_facts_are_for_those_who_have_a_ground(programma, amina, login, ziet):
    feiten = programma.get(login, f"/dossiers/{amina['id']}")["feiten"]
    eigen = next(t for t in amina["taken"] if t["element"] == EIGEN[login])
    blad = programma.get(login, f"/taken/{eigen['id']}")
    gevoelig = {"bsn", "gezondheidFysiek", "schulden"}
    assert feiten.keys() & gevoelig == ziet
    assert blad["bekend"].keys() & gevoelig == ziet - {"schulden"}  # the form does not ask that
    assert feiten["naam"] == "Amina Haddad"


def test_a_partner_gets_only_the_facts_that_its_form_names(programma, amina):
    feiten = programma.get("ruud", f"/dossiers/{amina['id']}")["feiten"]
    assert set(feiten) == {"naam", "telefoon", "doelgroep", "leerroute", "bsn", "geboortedatum"}
    dossier = programma.get("ruud", f"/dossiers/{amina['id']}")
    assert dossier["termijnen"] == []
    assert dossier["wachtOp"] == []


def test_completing_shows_a_partner_no_steps_of_others(programma, amina):
    eigen = next(t for t in amina["taken"] if t["element"] == "stap_taal")
    antwoord = programma.post(
        "ruud",
        f"/taken/{eigen['id']}/voltooien",
        {"antwoorden": {"afgesprokenOp": "2026-01-12"}},
    )
    assert [taak["element"] for taak in antwoord["volgende"]] == ["stap_map"]
    alle = programma.post(
        "fatma",
        f"/taken/{next(t['id'] for t in amina['taken'] if t['element'] == 'stap_casemanager')}/voltooien",
        {"antwoorden": {"afgesprokenOp": "2026-01-12"}},
    )
    assert len(alle["volgende"]) == 11
