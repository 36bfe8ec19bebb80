"""P21: help for who is still under the law of 2013: offered, agreed, and kept up until it is done."""

from datetime import date
from decimal import Decimal

import pytest

from support.tekening import Spel, definitie

ZONDER_UITWEG = {
    "startEvent", "endEvent", "exclusiveGateway", "eventBasedGateway", "userTask", "scriptTask",
    "businessRuleTask", "intermediateCatchEvent", "subProcess",
}  # fmt: skip
"""No call of another part, no signal and no message thrown: nothing from here starts naleving."""

GESPREK = "bespreek_ondersteuning_ondertussengroep"


@pytest.fixture
def spel():
    return Spel("p21_ondertussengroep")


def _antwoord(spel, wil="ja", toestemming="ja"):
    """The offer was made and answered at once, on 11 March 2026."""
    spel.given(wet="Wi2013")
    spel.when_done("bied_ondersteuning_aan", antwoordMeteen="ja")
    gegeven = {"toestemmingGegevens": toestemming} if wil == "ja" else {}
    spel.when_done("leg_antwoord_vast", wilOndersteuning=wil, **gegeven)


def _gesprek(spel, einde=date(2028, 3, 11), lening=None, **meer):
    _antwoord(spel)
    bedrag = {} if lening is None else {"leningGebruikt": Decimal(lening)}
    spel.when_done(
        GESPREK,
        plichtVanaf=date(2016, 1, 4),
        termijnEinde=einde,
        **bedrag,
        **({"maatwerkplanNodig": "nee"} | meer),
    )


def test_it_begins_with_an_offer(spel):
    spel.given(wet="Wi2013")
    assert spel.open == {("bied_ondersteuning_aan", "casemanager")}
    assert spel.houder("bied_ondersteuning_aan") == "gemeente"
    assert spel.uiterlijk("bied_ondersteuning_aan") == date(2026, 4, 10)


def test_the_answer_of_the_person_sets_it_going(spel):
    spel.given(wet="Wi2013")
    spel.when_done("bied_ondersteuning_aan", antwoordMeteen="wacht")
    assert spel.open == set()
    spel.when_message("reactie_ondersteuning", reactieOndersteuningDatum=date(2026, 3, 20))
    assert spel.open == {("leg_antwoord_vast", "casemanager")}


def test_without_an_answer_the_offer_is_made_again_after_three_months(spel):
    spel.given(wet="Wi2013")
    spel.when_done("bied_ondersteuning_aan", antwoordMeteen="wacht")
    assert spel.moment("aanbod_opnieuw") == date(2026, 6, 11)
    spel.when_time_comes("aanbod_opnieuw")
    assert spel.open == {("bied_ondersteuning_aan", "casemanager")}


def test_nobody_waits_for_an_answer_for_ever(spel):
    spel.given(wet="Wi2013")
    spel.when_done("bied_ondersteuning_aan", antwoordMeteen="stop")
    assert spel.einden == ["einde_geen_antwoord"]
    assert spel.klaar


def test_who_wants_no_help_is_left_alone(spel):
    _antwoord(spel, wil="nee")
    assert spel.einden == ["einde_geen_ondersteuning"]
    assert spel.klaar
    assert "toestemmingGegevens" not in spel.feiten


def test_the_talk_is_about_what_stands_in_the_way(spel):
    _antwoord(spel)
    assert spel.open == {(GESPREK, "casemanager")}
    assert spel.uiterlijk(GESPREK) == date(2026, 4, 10)
    assert spel.feiten["toestemmingGegevensDatum"] == date(2026, 3, 11)
    spel.when_done(
        GESPREK,
        plichtVanaf=date(2017, 10, 1),
        termijnEinde=date(2028, 1, 1),
        onderdelenBehaald2013=["KNM", "ONA"],
        pvtGedaan2013="ja",
        urenLes2013=Decimal(300),
        maatwerkplanNodig="nee",
    )
    assert spel.feiten["onderdelenBehaald2013"] == ["KNM", "ONA"]
    assert spel.feiten["pvtGedaan2013"] == "ja"
    assert spel.moment("drie_maanden_zonder_contact") == date(2026, 6, 11)


def test_who_was_plichtig_before_october_2017_needs_no_pvt(spel):
    _antwoord(spel)
    spel.when_done(
        GESPREK,
        plichtVanaf=date(2017, 9, 30),
        termijnEinde=date(2028, 1, 1),
        maatwerkplanNodig="nee",
    )
    assert "pvtGedaan2013" not in spel.feiten


def test_without_consent_there_is_help_but_nothing_is_asked(spel):
    _antwoord(spel, toestemming="nee")
    assert "toestemmingGegevensDatum" not in spel.feiten
    spel.when_done(GESPREK, maatwerkplanNodig="nee")
    assert not {"termijnEinde", "leningGebruikt", "urenLes2013"} & spel.feiten.keys()
    assert spel.feiten["elip"] == "onbekend"
    assert "drie_maanden_zonder_contact" in spel.wachten


def test_near_the_end_there_is_a_plan_made_to_measure(spel):
    _gesprek(spel, einde=date(2026, 9, 1))
    assert spel.feiten["elip"] == "ja"
    assert spel.open == {("stel_maatwerkplan_op", "casemanager")}
    assert spel.uiterlijk("stel_maatwerkplan_op") == date(2026, 4, 10)
    spel.when_done("stel_maatwerkplan_op")
    assert spel.moment("drie_maanden_zonder_contact") == date(2026, 6, 11)


def test_far_from_the_end_there_is_contact_and_no_plan(spel):
    _gesprek(spel)
    assert spel.feiten["elip"] == "nee"
    assert spel.open == set()
    assert spel.moment("drie_maanden_zonder_contact") == date(2026, 6, 11)


def test_a_plan_can_always_be_made_when_somebody_finds_it_needed(spel):
    _gesprek(spel, maatwerkplanNodig="ja")
    assert spel.open == {("stel_maatwerkplan_op", "casemanager")}


def test_at_each_contact_the_end_is_looked_at_again_and_a_plan_made_once(spel):
    _gesprek(spel, einde=date(2026, 12, 20))
    assert spel.feiten["elip"] == "nee"
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="nee", maatwerkplanNodig="nee"
    )
    assert spel.feiten["elip"] == "nee"  # six months and some days
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="nee", maatwerkplanNodig="nee"
    )
    assert spel.feiten["elip"] == "ja"
    spel.when_done("stel_maatwerkplan_op")
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="nee", maatwerkplanNodig="nee"
    )
    assert spel.open == set()
    assert spel.moment("drie_maanden_zonder_contact") == date(2027, 3, 11)


@pytest.mark.parametrize(
    "hoe", ["diploma", "vrijstelling", "ontheffing", "verlenging", "eigen wens"]
)
def test_it_ends_however_it_ends(spel, hoe):
    _gesprek(spel)
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="ja", eindeOndersteuning=hoe
    )
    assert spel.einden == ["einde_ondertussengroep_klaar"]
    assert spel.klaar


def test_it_ends_when_the_help_is_no_longer_needed(spel):
    _gesprek(spel)
    spel.when_time_comes("drie_maanden_zonder_contact")
    spel.when_done(
        "houd_contact_ondertussengroep", ondertussengroepKlaar="ja", eindeOndersteuning="diploma"
    )
    assert spel.einden == ["einde_ondertussengroep_klaar"]


def test_a_diploma_is_for_the_whole_route_that_calls_this(spel):
    _gesprek(spel, einde=date(2026, 9, 1))
    assert {wacht.name for wacht in spel.stap.waits} == {"SS103", "SS104"}


def test_more_time_without_asking_moves_the_last_day(spel):
    _gesprek(spel, einde=date(2026, 9, 1))
    spel.when_message("SS103", termijnEindExclusief=date(2028, 3, 2))
    assert spel.feiten["termijnEinde"] == date(2028, 3, 1)
    assert spel.open == {
        ("stel_maatwerkplan_op", "casemanager"),
        ("bespreek_nieuwe_termijn_ss103", "casemanager"),
    }
    spel.when_done("bespreek_nieuwe_termijn_ss103")
    assert not spel.klaar


def test_more_time_on_request_moves_the_last_day(spel):
    _gesprek(spel)
    spel.when_message("SS104", termijnEindExclusief=date(2028, 6, 2))
    assert spel.feiten["termijnEinde"] == date(2028, 6, 1)
    spel.when_done("bespreek_nieuwe_termijn_ss104")
    spel.when_time_comes("drie_maanden_zonder_contact")
    assert spel.open == {("houd_contact_ondertussengroep", "casemanager")}


@pytest.mark.parametrize(
    ("einde", "lening", "elip"),
    [
        (date(2026, 9, 11), None, "ja"),  # six months to the day
        (date(2026, 9, 12), None, "nee"),
        (date(2026, 2, 1), None, "ja"),  # over already, and still plichtig
        (date(2027, 3, 11), "7500", "ja"),
        (date(2027, 3, 11), "7499.99", "nee"),
        (date(2027, 3, 12), "7500", "nee"),  # a day more than twelve months
        (date(2029, 1, 1), "9500", "nee"),
        (date(2029, 1, 1), "9500.01", "ja"),
    ],
)
def test_the_table_says_who_is_at_the_end(spel, einde, lening, elip):
    _gesprek(spel, einde=einde, lening=lening)
    assert spel.feiten["elip"] == elip
    assert spel.feiten["elipGrond"]
    assert ("Onzeker" in spel.feiten["elipOpmerking"]) is (elip == "ja")


def test_no_step_is_the_inburgerars_and_none_leads_to_a_sanction():
    elementen = definitie().elements("p21_ondertussengroep")
    stappen = [een for een in elementen if een.kind == "userTask"]
    assert {een.properties.get("houder") for een in stappen} == {"gemeente"}
    assert not [een.id for een in elementen if een.properties.get("sanctie")]
    assert {een.kind for een in elementen} <= ZONDER_UITWEG
