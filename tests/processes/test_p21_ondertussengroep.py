"""P21: support for who is still under the law of 2013, until DUO says that they are done."""

from datetime import date

import pytest

from support.tekening import Spel


@pytest.fixture
def spel():
    return Spel("p21_ondertussengroep")


def test_it_begins_with_what_is_needed(spel):
    spel.given(wet="Wi2013")
    assert spel.open == {("bespreek_ondersteuning_ondertussengroep", "casemanager")}
    assert spel.houder("bespreek_ondersteuning_ondertussengroep") == "gemeente"
    assert spel.uiterlijk("bespreek_ondersteuning_ondertussengroep") == date(2026, 4, 10)


def test_there_is_contact_every_three_months(spel):
    spel.given(wet="Wi2013")
    spel.when_done("bespreek_ondersteuning_ondertussengroep", leningGebruikt=7500)
    assert spel.moment("drie_maanden_zonder_contact") == date(2026, 6, 11)
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done("houd_contact_ondertussengroep", ondertussengroepKlaar="nee")
    assert spel.moment("drie_maanden_zonder_contact") == date(2026, 9, 11)


def test_it_ends_when_the_inburgeraar_is_done(spel):
    spel.given(wet="Wi2013")
    spel.when_done("bespreek_ondersteuning_ondertussengroep")
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="ja", eindePlichtWijze="diploma"
    )
    assert spel.einden == ["einde_ondertussengroep_klaar"]
    assert spel.klaar
