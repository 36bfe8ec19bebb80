"""P16: the end of the plicht, the care after it, and the end of the dossier."""

from datetime import date

import pytest

from support.tekening import Spel

EINDE = {"eindePlicht": date(2026, 3, 11)}


@pytest.fixture
def spel():
    return Spel("p16_afronding")


def test_a_diploma_is_celebrated(spel):
    spel.given(leerroute="B1")
    spel.when_message("SS106", **EINDE)
    assert spel.feiten["eindePlichtWijze"] == "diploma"
    assert spel.open == {("voer_diplomagesprek", "casemanager")}
    spel.when_done("voer_diplomagesprek")
    assert spel.open == {("maak_nazorgplan", "casemanager")}


def test_the_gemeente_hands_over_the_certificaat_itself(spel):
    spel.given(leerroute="Z")
    spel.when_message("SS141", **EINDE)
    assert spel.open == {("overhandig_certificaat", "casemanager")}
    spel.when_done("overhandig_certificaat")
    assert spel.open == {("maak_nazorgplan", "casemanager")}


@pytest.mark.parametrize(("bericht", "wijze"), [("SS107", "vrijstelling"), ("SS108", "ontheffing")])
def test_an_exemption_or_waiver_has_no_paper_to_hand_over(spel, bericht, wijze):
    spel.given(leerroute="B1")
    spel.when_message(bericht, **EINDE)
    assert spel.feiten["eindePlichtWijze"] == wijze
    assert spel.open == {("maak_nazorgplan", "casemanager")}


def test_exempt_then_care_without_contact(spel):
    spel.given(leerroute="B1")
    spel.when_message("SS107", **EINDE)
    spel.when_done("maak_nazorgplan", nazorgToestemming="nee")
    assert spel.wachten == {"bewaartermijn_voorbij"}


def test_waived_without_a_date_counts_from_the_day_of_the_message(spel):
    spel.given(leerroute="B1")
    spel.when_message("SS108")
    assert spel.feiten["eindePlicht"] == date(2026, 3, 11)


def test_a_message_that_stays_away_is_asked_for(spel):
    spel.given(leerroute="B1")
    assert spel.moment("einde_blijft_uit") == date(2026, 5, 6)
    spel.when_time_comes("einde_blijft_uit")
    spel.when_done("vraag_einde_plicht_na", eindeBevestigd="nee")
    assert "diploma_gemeld" in spel.wachten
    spel.when_time_comes("einde_blijft_uit")
    spel.when_done(
        "vraag_einde_plicht_na", eindeBevestigd="ja", eindePlichtWijze="diploma", **EINDE
    )
    assert spel.open == {("voer_diplomagesprek", "casemanager")}


def test_with_consent_there_is_contact_after_3_and_12_months_and_after_5_years_it_is_deleted(spel):
    spel.given(leerroute="B1")
    spel.when_message("SS106", **EINDE)
    spel.when_done("voer_diplomagesprek")
    spel.when_done("maak_nazorgplan", nazorgToestemming="ja")
    assert spel.moment("wacht_3_maanden") == date(2026, 6, 11)
    spel.when_time_comes("wacht_3_maanden")
    spel.when_done("voer_nazorgcontact_3")
    assert spel.moment("wacht_12_maanden") == date(2027, 3, 11)
    spel.when_time_comes("wacht_12_maanden")
    spel.when_done("voer_nazorgcontact_12")
    assert spel.moment("bewaartermijn_voorbij") == date(2031, 3, 12)
    spel.when_time_comes("bewaartermijn_voorbij")
    assert spel.open == {("verwijder_gegevens", "teamleider")}
    spel.when_done("verwijder_gegevens")
    assert spel.einden == ["einde_p16"]


def test_an_end_that_is_known_is_not_waited_for_again(spel):
    spel.given(leerroute="Z", eindePlichtWijze="certificaat", **EINDE)
    assert spel.open == {("overhandig_certificaat", "casemanager")}
