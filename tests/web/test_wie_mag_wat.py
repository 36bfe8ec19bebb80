"""Every page against every rol, from one table; a page that is not in the table fails."""

import pytest

from support.bladen import IEDEREEN, MAP_B1, PAGINAS, REGIE, SCHRIJVERS

# address -> (who may do it, what is sent, what answers who may)
DADEN = {
    "/werklijst/{plan}/claim": ({"fatma"}, {}, 303),
    "/werklijst/{plan}/vrijgeven": (REGIE, {}, 303),
    "/werklijst/{plan}/toewijzen": (REGIE, {"account": ""}, 303),
    "/taken/{plan}": ({"fatma"}, {"leerroute": "Z"}, 303),
    "/taken/{meld_uren}": (MAP_B1, {"urenNt2": "12"}, 303),
    "/taken/{meld_uren}/brief": (MAP_B1, {}, 409),
    "/taken/{teken}/vermoeden": (REGIE, {"plicht": "MAP", "toelichting": "Kwam niet."}, 409),
    "/dossiers/nieuw": (REGIE, {}, 422),
    "/dossiers/{dossier}/bericht": (REGIE, {"bericht": "onbekend"}, 422),
    "/dossiers/{dossier}/gezin": (REGIE, {}, 422),
    "/dossiers/{dossier}/overdracht": (REGIE, {}, 422),
    "/dossiers/{dossier}/overdracht/inlezen": (REGIE, {}, 422),
    "/dossiers/{dossier}/gezin/999/ontkoppel": (REGIE, {}, 404),
    "/dossiers/{dossier}/gegevens/leerroute": (REGIE, {}, 422),
    "/dossiers/{dossier}/casemanager": (REGIE, {"casemanager": ""}, 422),
    "/dossiers/{dossier}/termijnen/besluit_bezwaar/verlengen": (REGIE, {"tot": "x"}, 422),
    "/uren/": (SCHRIJVERS, {"dag": "x"}, 422),
    "/uren/maand/sluit": (SCHRIJVERS, {}, 303),
    "/uren/bestand": (SCHRIJVERS, {}, 422),
    "/uren/999/terug": (SCHRIJVERS, {}, 404),
    "/agenda/vernieuwen": (IEDEREEN, {}, 200),
    "/agenda/intrekken": (IEDEREEN, {}, 303),
    "/processen/nieuw": ({"esther"}, {}, 422),
    "/processen/publiceer": ({"esther"}, {}, 409),
    "/processen/1/migreren/": ({"esther", "tom"}, {}, 422),
    "/herverdelen/": ({"marjan", "esther"}, {}, 303),
    "/verwijderen/{dossier}": ({"marjan", "tom"}, {"soort": "correctie"}, 422),
    "/verwijderen/{dossier}/aflossing": ({"marjan", "tom"}, {}, 422),
    "/verwijderen/{dossier}/uitvoeren": ({"marjan", "tom"}, {}, 404),
    "/verwijderen/{dossier}/intrekken": ({"marjan", "tom"}, {}, 404),
    "/incidenten/{onbekend}/opnieuw": (IEDEREEN, {}, 404),
    "/meldingen/999/gelezen": (IEDEREEN, {}, 404),
    "/meldingen/opruimen": (IEDEREEN, {}, 303),
    "/meldingen/e-mail": (IEDEREEN, {}, 422),
    "/accounts/nieuw": ({"tom"}, {}, 422),
    "/accounts/{account}": ({"tom"}, {"naam": "Fatma", "partij": "Gemeente"}, 303),
    "/accounts/{account}/wachtwoord": ({"tom"}, {"wachtwoord": "kort"}, 422),
    "/accounts/tokens": ({"tom"}, {}, 422),
    "/accounts/tokens/{onbekend}/intrekken": (IEDEREEN, {}, 404),
    "/demo/klok": (set(), {}, 303),
}

OPEN = {
    "/inloggen",
    "/inloggen/demo",
    "/uitloggen",
    "/sessie",
    "/",
    "/static/<path:filename>",
    "/agenda/<geheim>.ics",
}


@pytest.fixture
def adres(huis):
    plaatsen = {naam: str(taak) for naam, taak in huis.taken.items()}
    plaatsen |= {
        "dossier": str(huis.dossier),
        "account": huis.als("fatma").account_id(),
        "onbekend": "00000000-0000-4000-8000-000000000000",
    }
    return lambda sjabloon: sjabloon.format(**plaatsen)


@pytest.mark.parametrize("sjabloon", PAGINAS)
def test_a_page_opens_for_who_may_see_it_and_for_nobody_else(huis, adres, sjabloon):
    gekregen = {login: huis.als(login).get(adres(sjabloon)).status_code for login in IEDEREEN}
    te_zien = 409 if sjabloon.endswith("/vermoeden") else 200
    mag = REGIE if sjabloon.endswith("/vermoeden") else PAGINAS[sjabloon]
    assert gekregen == {login: te_zien if login in mag else 403 for login in IEDEREEN}


@pytest.mark.parametrize("sjabloon", DADEN)
def test_an_act_is_refused_to_who_may_not_and_done_for_who_may(huis, adres, sjabloon):
    mag, data, status = DADEN[sjabloon]
    gekregen = {
        login: huis.als(login).post(adres(sjabloon), data).status_code
        for login in sorted(IEDEREEN, key=lambda login: (login in mag, login))
    }
    geweigerd = {login for login, code in gekregen.items() if code == 403}
    assert geweigerd == IEDEREEN - mag
    eerste = min(mag, default=None)  # after the first, the taak may be done already
    assert eerste is None or gekregen[eerste] == status


def test_every_endpoint_stands_in_the_tables(huis):
    def geraakt(regel, sjablonen):
        return any(_past(regel, sjabloon.partition("?")[0]) for sjabloon in sjablonen)

    vergeten = [
        (regel.rule, methode)
        for regel in huis.app.url_map.iter_rules()
        if not regel.rule.startswith("/api/") and regel.rule not in OPEN
        for methode, tabel in (("GET", PAGINAS), ("POST", DADEN))
        if methode in regel.methods and not geraakt(regel, tabel)
    ]
    assert sorted(vergeten) == [  # test_taak, test_besluiten, test_brieven and test_overdracht
        ("/besluiten/<uuid:ident>.json", "GET"),
        ("/besluiten/<uuid:ident>.pdf", "GET"),
        ("/brieven/<uuid:brief_id>.pdf", "GET"),
        ("/overdrachten/<uuid:ident>.json", "GET"),
        ("/overdrachten/<uuid:ident>.pdf", "GET"),
        ("/taken/<uuid:taak_id>/klaar", "GET"),
    ]


def _past(regel, sjabloon):
    delen, vraag = regel.rule.strip("/").split("/"), sjabloon.strip("/").split("/")
    if "<path:pad>" in delen:
        plek = delen.index("<path:pad>")
        vraag = [*vraag[:plek], "x"]
    return len(delen) == len(vraag) and all(
        een == ander or _wisselt(een, ander) for een, ander in zip(delen, vraag, strict=True)
    )


def _wisselt(een, ander):
    """Say whether ``ander`` can stand where the rule has a part in angle brackets."""
    voor, haak, rest = een.partition("<")
    na = rest.partition(">")[2]
    return bool(haak) and ander.startswith(voor) and ander.endswith(na)


def test_a_stranger_is_sent_to_the_login_page_from_everywhere(huis, adres):
    for sjabloon in PAGINAS:
        antwoord = huis.app.test_client().get(adres(sjabloon))
        assert (antwoord.status_code, antwoord.location[:9]) == (303, "/inloggen")
