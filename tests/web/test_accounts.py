"""Accounts by the beheerder: what is not right is said at its field, and nothing typed is lost."""

import pytest

NIEUW = {
    "login": "nieuw",
    "naam": "Nieuwe Collega",
    "partij": "Netsheila",
    "rollen": "pvt-aanbieder",
    "wachtwoord": "de trein rijdt op tijd",
}


@pytest.fixture
def tom(huis):
    return huis.als("tom")


def test_an_account_is_made(tom):
    assert tom.post("/accounts/nieuw", NIEUW).status_code == 303
    tekst = tom.get("/accounts/").text
    assert "Account nieuw is gemaakt." in tekst
    assert "rolverdeling" not in tekst


def test_each_empty_field_says_what_belongs_there(tom):
    antwoord = tom.post("/accounts/nieuw", {})
    for zin in ("Vul de inlognaam in.", "Vul de naam in.", "Vul de partij in."):
        assert zin in antwoord.text


def test_a_name_that_exists_is_told_at_its_field_and_the_rest_stays(tom):
    antwoord = tom.post("/accounts/nieuw", NIEUW | {"login": "fatma"})
    assert antwoord.status_code == 409
    assert 'id="login-fout">Er is al een account' in antwoord.text
    assert "Nieuwe Collega" in antwoord.text


@pytest.mark.parametrize("veld", ["naam", "partij"])
def test_a_name_or_partij_cannot_be_emptied(huis, tom, veld):
    fatma = huis.als("fatma").account_id()
    data = {"naam": "Fatma", "partij": "Gemeente", "rollen": "casemanager", "actief": "ja"}
    antwoord = tom.post(f"/accounts/{fatma}", data | {veld: " "})
    assert antwoord.status_code == 422
    assert f"Vul de {veld} in." in antwoord.text


def test_nobody_takes_their_own_beheer_and_reads_why(tom):
    data = {"naam": "Tom", "partij": "Gemeente", "rollen": "casemanager", "actief": "ja"}
    antwoord = tom.post(f"/accounts/{tom.account_id()}", data)
    assert antwoord.status_code == 409
    assert "Laat een andere beheerder dat doen." in antwoord.text


def test_a_partij_that_has_no_work_is_told_at_once(tom):
    assert '<option value="Netsheila">' in tom.get("/accounts/nieuw").text
    tom.post("/accounts/nieuw", NIEUW | {"partij": "Netshiela"})
    assert "Netshiela staat niet in de rolverdeling." in tom.get("/accounts/").text


def test_the_beheerder_sees_what_letters_do_not_tell_of_the_gemeente_yet(huis):
    pagina = huis.als("tom").get("/accounts/").text
    assert "De gemeente op brieven" in pagina
    for instelling in ("POSTADRES", "TELEFOON", "EMAIL", "BEZWAAR_ONLINE"):
        assert f"Nog niet ingevuld. Instelling: <code>ROUTEFLOW_{instelling}</code>" in pagina
    assert "artikel 3:45" in pagina
