"""P17a: the ladder of the brede intake, after the warning and the second call."""

from datetime import date, timedelta

import pytest

from support.tekening import Spel

VRAGEN = {
    "uitlegGegeven": "Ja, in het Tigrinya.",
    "oproepOntvangen": "Ja.",
    "beperking": "Nee",
    "grondVerlenging": "Nee",
    "kinderopvangReistijd": "Nee",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "geen asielstatushouder",
    "verlagingBijstand": "nee",
    "eerdereBoetes": "Geen",
    "mateVanVerwijt": "normaal",
    "redenVerwijt": "Wist het en kwam niet.",
    "alternatief": "Nee",
    "tweedeAmbtenaar": "Fatima",
}


@pytest.fixture
def spel():
    return Spel("p17a_naleving_intake")


def _begin(spel):
    spel.given(
        gedraging="oproep 2 van 2026-03-02",
        plicht="intake",
        toelichting="Niet gekomen.",
        doelgroep="gezinsmigrant",
        vermoedenMelder="Kees",
        oproep2Verzonden=date(2026, 2, 23),
    )


def _boete(spel):
    _begin(spel)
    spel.when_done("voer_sanctietoets_uit", uitkomst="boete", **VRAGEN)
    spel.when_done("stuur_voornemen")
    spel.when_time_comes("zienswijze_voorbij")
    spel.when_done("beoordeel_zienswijze")
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=250)
    nieuw = spel.vandaag + timedelta(days=30)
    spel.when_done("maak_besluit_bekend", nieuweTermijnIntake=nieuw)


def _weer_weg(spel):
    _boete(spel)
    spel.when_time_comes("nieuwe_termijn_voorbij")
    spel.when_done("leg_komst_nieuwe_termijn_vast", gekomenInNieuweTermijn="nee")


def test_it_begins_with_the_review_and_may_end_in_nothing(spel):
    _begin(spel)
    assert spel.open == {("voer_sanctietoets_uit", "handhaver")}
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_toets_intake"]


def test_who_stays_away_again_is_first_looked_at_by_a_person(spel):
    _weer_weg(spel)
    assert spel.open == {("beoordeel_wegblijven_opnieuw", "casemanager")}


def test_a_second_time_need_not_lead_to_a_second_review(spel):
    _weer_weg(spel)
    spel.when_done("beoordeel_wegblijven_opnieuw", sanctietoetsGevraagd="nee")
    assert spel.einden == ["einde_geen_tweede_toets"]
    assert spel.wachten >= {"bezwaartermijn_voorbij"}


def test_a_second_review_is_about_a_gedraging_of_its_own(spel):
    _weer_weg(spel)
    eerste = spel.feiten["nalevingsbesluiten"][0]["gedraging"]
    spel.wie = "Anouk"
    spel.when_done("beoordeel_wegblijven_opnieuw", sanctietoetsGevraagd="ja")
    assert spel.feiten["vermoedenMelder"] == "Anouk"
    (toets,) = spel.stap.tasks
    assert toets.local["gedraging"] != eerste
    assert toets.local["gedraging"].startswith("weggebleven in de nieuwe termijn")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert "einde_tweede_toets" in spel.einden
