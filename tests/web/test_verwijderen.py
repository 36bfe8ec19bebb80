"""Erasing by hand: the pages name no person, and afterwards no page or API holds what was erased."""

from sqlalchemy import select

from routeflow.store import read
from routeflow.store.models import Dossier, Verwijdering
from support.bladen import PAGINAS

GEHEIM = ("Amina", "Yusuf", "999900006", "0612345678", "Kan niet lang staan")


def bladen(huis):
    plaatsen = {naam: str(taak) for naam, taak in huis.taken.items()} | {
        "dossier": str(huis.dossier),
        "account": huis.als("fatma").account_id(),
    }
    return [sjabloon.format(**plaatsen) for sjabloon in PAGINAS]


def voorstel(huis):
    vraag = select(Verwijdering.id).where(Verwijdering.status == "voorgesteld")
    return str(read(huis.store.sessions, lambda s: s.scalar(vraag)))


def nummer(huis):
    return read(huis.store.sessions, lambda s: s.get(Dossier, huis.dossier).nummer)


def test_a_way_to_erase_that_does_not_exist_is_refused(huis):
    plek = f"/verwijderen/{huis.dossier}"
    antwoord = huis.als("marjan").post(plek, {"soort": "alles"})
    assert antwoord.status_code == 404
    assert "Op deze manier verwijderen kan niet" in antwoord.text


def test_a_correctie_goes_from_the_number_to_the_second_person(huis):
    marjan, tom = huis.als("marjan"), huis.als("tom")
    gezocht = marjan.get(f"/verwijderen/?nummer={nummer(huis)}")
    assert gezocht.location == f"/verwijderen/{huis.dossier}?soort=correctie"
    plek = f"/verwijderen/{huis.dossier}"
    marjan.post(plek, {"soort": "correctie", "kenmerk": "DUO 2026/17"})
    assert "Een ander moet verwijderen" in marjan.get(plek).text
    assert marjan.post(f"{plek}/uitvoeren", {"voorstel": voorstel(huis)}).status_code == 409
    assert "Verwijder voorgoed" in tom.get(plek).text
    assert tom.post(f"{plek}/uitvoeren", {"voorstel": voorstel(huis)}).status_code == 303
    assert "DUO 2026/17" in tom.get("/verwijderen/").text
    assert "Marjan Bakker stelde het voor, Tom Beheer deed het" in tom.get(plek).text


def test_no_page_names_the_person_who_is_to_be_erased(huis):
    tom = huis.als("tom")
    huis.als("marjan").post(f"/verwijderen/{huis.dossier}", {"soort": "correctie", "kenmerk": "D1"})
    for blad in ("/verwijderen/", f"/verwijderen/{huis.dossier}"):
        tekst = tom.get(blad).text
        assert not [woord for woord in GEHEIM if woord in tekst], blad


def test_after_an_erasure_no_page_of_anybody_holds_what_was_erased(huis):
    wie = ("fatma", "marjan", "ruud", "esther", "tom")
    browsers = [huis.als(login) for login in wie]
    assert any(b"Amina" in browsers[0].get(blad).data for blad in bladen(huis))
    browsers[1].post(f"/verwijderen/{huis.dossier}", {"soort": "correctie", "kenmerk": "D1"})
    browsers[4].post(f"/verwijderen/{huis.dossier}/uitvoeren", {"voorstel": voorstel(huis)})
    for browser in browsers:
        for blad in [*bladen(huis), "/dossiers/?status=alle", "/dossiers/?zoek=amina&status=alle"]:
            antwoord = browser.get(blad)
            assert antwoord.status_code < 500, blad
            over = [woord for woord in GEHEIM if woord.encode() in antwoord.data]
            assert not over or blad.endswith("zoek=amina&status=alle"), blad


def test_a_proposal_can_be_taken_back(huis):
    marjan, plek = huis.als("marjan"), f"/verwijderen/{huis.dossier}"
    marjan.post(plek, {"soort": "correctie", "kenmerk": "D1"})
    assert nummer(huis) in marjan.get("/verwijderen/").text
    marjan.post(f"{plek}/intrekken", {"voorstel": voorstel(huis)})
    assert "Er wacht niets" in marjan.get("/verwijderen/").text


def test_an_unknown_number_is_told_at_its_field(huis):
    assert "geen dossier met dit nummer" in huis.als("tom").get("/verwijderen/?nummer=1").text


def test_before_its_time_the_page_says_until_when_it_is_kept(huis):
    tekst = huis.als("tom").get(f"/verwijderen/{huis.dossier}").text
    assert "Het einde van de plicht staat niet in het dossier" in tekst
    assert "Stel voor" not in tekst
