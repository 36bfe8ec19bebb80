"""A decision that may not be told any more is withdrawn, and the page says what comes of it."""

import pytest

from support.browser import DESK, PHONE, axe, sideways
from support.huis import build_app, make_people
from support.naleving import BESLISSER, BOETE, HANDHAVER, OORDEEL, ZAAK, hoor


@pytest.fixture
def besloten(route, serve, tmp_path):
    """A served house in which a fine was decided that nobody told yet; gives the address of its taak."""
    route.given("p17b_sanctietoets", **ZAAK)
    route.when_done("voer_sanctietoets_uit", by=HANDHAVER, **OORDEEL, **BOETE)
    hoor(route)
    route.when_done(
        "neem_besluit",
        by=BESLISSER,
        besluit="boete",
        andereAmbtenaar=True,
        boeteBedrag=20,
        motivering="Het past bij wat er gebeurde.",
    )
    make_people(route.store)
    adres = serve(build_app(route.store, tmp_path))
    return adres, f"{adres}/taken/{route.taak('maak_besluit_bekend').id}"


@pytest.mark.parametrize("scherm", [PHONE, DESK], ids=["telefoon", "bureau"])
def test_a_decision_is_withdrawn_and_what_belongs_to_telling_it_is_no_longer_asked(
    page, besloten, scherm
):
    adres, taak = besloten
    page.set_viewport_size(scherm)
    page.goto(adres)
    page.get_by_role("button", name="Log in als Marjan Bakker").click()
    page.wait_for_url(f"{adres}/**")
    page.goto(taak)
    verzonden = page.get_by_label("Besluit verzonden of uitgereikt op")
    reden = page.get_by_label("Waarom trekt u het besluit in?")
    assert (verzonden.is_visible(), reden.is_visible()) == (True, False)
    page.get_by_label("Ik maak dit besluit niet bekend, maar trek het in").check()
    assert (verzonden.is_visible(), reden.is_visible()) == (False, True)
    page.get_by_role("button", name="Rond de taak af").click()
    page.get_by_role("heading", name="Eén antwoord is nog niet goed").wait_for()
    assert page.get_by_label("Ik maak dit besluit niet bekend, maar trek het in").is_checked()
    assert not verzonden.is_visible()
    assert (axe(page), sideways(page)) == ([], 0)
    reden.fill("Over dezelfde gedraging is al verteld dat er niets volgt.")
    page.get_by_role("button", name="Rond de taak af").click()
    page.get_by_role("heading", name="Afgerond: Maak besluit bekend").wait_for()
    page.get_by_text("Bericht dat er niets volgt").wait_for()
    page.goto(taak)
    page.get_by_text("Over dezelfde gedraging is al verteld dat er niets volgt.").wait_for()
    assert page.get_by_role("heading", name="Brief", exact=True).count() == 0
    assert (axe(page), sideways(page)) == ([], 0)
