"""P17b: the sanctietoets and all that follows. Nothing and help come first; a person decides."""

from datetime import date, timedelta

import pytest

from routeflow import forms
from support.huis import PROJECT
from support.tekening import Spel

MELDING = {
    "gedraging": "Kom naar de les (1)",
    "plicht": "begeleiding",
    "toelichting": "Kwam twee keer niet.",
    "vermoedenMelder": "Kees",
    "gedragingDatum": date(2026, 3, 2),
    "oproep2Verzonden": date(2026, 2, 23),
}
ANTWOORDEN = {
    "uitlegGegeven": "Ja, in het Tigrinya, op 2 februari, door Kees.",
    "oproepOntvangen": "Ja, per brief en telefoon.",
    "beperking": "Nee",
    "grondVerlenging": "Nee",
    "kinderopvangReistijd": "Nee",
    "foutGemeenteOfPartner": "nee",
    "aanhoudendeOnwil": "nee",
    "verlagingBijstand": "nee",
    "eerdereBoetes": "Geen",
    "mateVanVerwijt": "normaal",
    "redenVerwijt": "Wist het en kwam niet.",
    "alternatief": "Nee",
    "tweedeAmbtenaar": "Fatima",
}


@pytest.fixture
def spel():
    return Spel("p17b_sanctietoets")


def _begin(spel, **feiten):
    spel.given(**({"doelgroep": "gezinsmigrant"} | MELDING | feiten))


def _toets(spel, uitkomst, **antwoorden):
    spel.when_done("voer_sanctietoets_uit", uitkomst=uitkomst, **(ANTWOORDEN | antwoorden))


def _bij_besluit(spel, uitkomst="boete", **feiten):
    _begin(spel, **feiten)
    _toets(spel, uitkomst, aanhoudendeOnwil="geen asielstatushouder")
    spel.when_done("stuur_voornemen")
    spel.when_time_comes("zienswijze_voorbij")
    spel.when_done("beoordeel_zienswijze")


def _bekend(spel, bedrag=25, **feiten):
    """A fine that was sent today; for the intake with a new term of a month."""
    _bij_besluit(spel, **feiten)
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=bedrag)
    nieuw = {"nieuweTermijnIntake": spel.vandaag + timedelta(days=30)}
    intake = spel.feiten["plicht"] == "intake"
    spel.when_done("maak_besluit_bekend", **(nieuw if intake else {}))


def _besluiten(spel):
    return [
        (een["soort"], een["onherroepelijk"], een["herroepen"])
        for een in spel.feiten["nalevingsbesluiten"]
    ]


def test_it_begins_with_the_handhaver(spel):
    _begin(spel)
    assert spel.open == {("voer_sanctietoets_uit", "handhaver")}


def test_for_the_intake_the_review_can_end_in_nothing(spel):
    _begin(spel, plicht="intake")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_niets"]


def test_after_the_message_that_nothing_follows_the_gedraging_is_known_as_done(spel):
    _begin(spel)
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert _besluiten(spel) == [("geen gevolg", None, None)]
    assert spel.feiten["nalevingsbesluiten"][0]["gedraging"] == MELDING["gedraging"]


def test_nothing_needs_no_answers_and_anything_else_needs_all_twelve(spel):
    _begin(spel)
    with pytest.raises(AssertionError, match="twaalf vragen"):
        spel.when_done("voer_sanctietoets_uit", uitkomst="maatwerk")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    assert spel.open == {("bericht_geen_gevolg", "handhaver")}


def test_the_review_may_choose_help(spel):
    _begin(spel)
    _toets(spel, "maatwerk")
    spel.when_done("spreek_maatwerk_af_na_toets")
    assert spel.einden == ["einde_maatwerk_na_toets"]


def test_the_review_may_choose_another_pip(spel):
    _begin(spel, dagtekening=date(2026, 1, 5), aantalVoortgangsgesprekken=2)
    _toets(spel, "PIP aanpassen")
    assert spel.open == {("pas_pip_aan_na_toets", "casemanager")}
    spel.when_done("pas_pip_aan_na_toets")
    assert spel.einden == ["einde_pip_aangepast"]


@pytest.mark.parametrize(
    ("antwoord", "reden"),
    [
        ({"mateVanVerwijt": "geen"}, "Zonder verwijt"),
        ({"foutGemeenteOfPartner": "ja"}, "fout van de gemeente"),
        ({"verlagingBijstand": "ja"}, "verlaging van de bijstand"),
        ({"plafondBereikt": "ja"}, "plafond"),
    ],
)
def test_a_fine_is_refused_when_the_law_does_not_allow_it(spel, antwoord, reden):
    _begin(spel)
    with pytest.raises(AssertionError, match=reden):
        _toets(spel, "boete", **antwoord)


def test_an_asielstatushouder_is_not_fined_without_proven_and_persistent_unwillingness(spel):
    _begin(spel, doelgroep="asielstatushouder")
    with pytest.raises(AssertionError, match="bewezen en aanhoudende onwil"):
        _toets(spel, "boete")
    with pytest.raises(AssertionError, match="bewezen en aanhoudende onwil"):
        _toets(spel, "boete", aanhoudendeOnwil="ja")
    _toets(spel, "boete", aanhoudendeOnwil="ja", redenTochBoete="Weigert al een jaar alles.")
    assert spel.open == {("stuur_voornemen", "handhaver")}


def test_the_inburgeraar_has_two_weeks_for_a_zienswijze_and_another_official_decides(spel):
    _begin(spel)
    _toets(spel, "maatregel Participatiewet")
    verzonden = spel.vandaag
    spel.when_done("stuur_voornemen")
    assert (spel.moment("zienswijze_voorbij") - verzonden).days >= 15
    spel.when_time_comes("zienswijze_voorbij")
    assert spel.open == {("beoordeel_zienswijze", "handhaver")}
    spel.when_done("beoordeel_zienswijze")
    assert spel.open == {("neem_besluit", "teamleider")}
    assert (spel.uiterlijk("neem_besluit") - verzonden).days == 13 * 7


@pytest.mark.parametrize("besluit", ["niets", "maatwerk"])
def test_the_decision_can_still_be_that_nothing_follows(besluit):
    spel = Spel("p17b_sanctietoets")
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit=besluit)
    assert spel.open == {("bericht_geen_gevolg", "handhaver")}


def test_after_a_decision_without_sanction_the_inburgeraar_is_told(spel):
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit="niets")
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_niets"]


def test_a_decision_is_made_known_before_any_term_runs(spel):
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=25)
    assert spel.open == {("maak_besluit_bekend", "teamleider")}
    assert spel.wachten == set()


def test_a_decision_that_nobody_heard_of_can_be_withdrawn_and_the_inburgeraar_hears_it(spel):
    _bij_besluit(spel)
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=25)
    spel.when_facts_change(nalevingsbesluiten=[_eerder("geen gevolg")])
    spel.when_done("maak_besluit_bekend", besluitIntrekken=True, intrekkingReden="Al verteld.")
    assert spel.open == {("bericht_geen_gevolg", "handhaver")}
    spel.when_done("bericht_geen_gevolg")
    assert spel.einden == ["einde_niets"]
    assert [een["soort"] for een in spel.feiten["nalevingsbesluiten"]] == ["geen gevolg"] * 2


def test_a_decision_stands_after_six_weeks_without_bezwaar(spel):
    _bekend(spel)
    bekend = spel.vandaag
    assert (spel.moment("bezwaartermijn_voorbij") - bekend).days >= 43
    assert _besluiten(spel) == [("boete", None, None)]
    spel.when_time_comes("bezwaartermijn_voorbij")
    assert _besluiten(spel) == [("boete", spel.vandaag, None)]


def test_a_bezwaar_can_take_the_decision_back(spel):
    _bekend(spel)
    spel.when_message("bezwaar")
    assert spel.open == {("behandel_bezwaar", "teamleider")}
    spel.when_done("behandel_bezwaar", besluitBlijft="nee")
    assert spel.einden == ["einde_geen_nieuwe_termijn", "einde_herroepen"]
    assert _besluiten(spel) == [("boete", None, spel.vandaag)]


def test_a_bezwaar_can_leave_the_decision_as_it_is(spel):
    _bekend(spel)
    spel.when_message("bezwaar")
    spel.when_done("behandel_bezwaar", besluitBlijft="ja")
    assert _besluiten(spel) == [("boete", spel.vandaag, None)]


def test_a_maatregel_is_not_collected_here(spel):
    _bij_besluit(spel, "maatregel Participatiewet")
    spel.when_done("neem_besluit", besluit="maatregel Participatiewet")
    spel.when_done("maak_besluit_bekend")
    spel.when_time_comes("bezwaartermijn_voorbij")
    assert spel.einden == ["einde_geen_nieuwe_termijn", "einde_onherroepelijk"]
    assert _besluiten(spel) == [("maatregel Participatiewet", spel.vandaag, None)]


def _onherroepelijk(spel):
    _bekend(spel)
    spel.when_time_comes("bezwaartermijn_voorbij")
    spel.when_time_comes("betaaltermijn_voorbij")
    assert spel.open == {("controleer_betaling", "inkomensconsulent")}


@pytest.mark.parametrize("betaald", ["ja", "regeling"])
def test_who_pays_or_agrees_when_to_pay_hears_no_more_of_it(betaald):
    spel = Spel("p17b_sanctietoets")
    _onherroepelijk(spel)
    spel.when_done("controleer_betaling", betaald=betaald)
    assert spel.einden[-1] == "einde_betaald"


def test_a_fine_that_is_paid_is_done(spel):
    _onherroepelijk(spel)
    spel.when_done("controleer_betaling", betaald="ja")
    assert spel.einden[-1] == "einde_betaald"


def _aangemaand(spel):
    _onherroepelijk(spel)
    spel.when_done("controleer_betaling", betaald="nee")
    spel.when_done("stuur_aanmaning")
    assert (spel.moment("aanmaning_voorbij") - spel.vandaag).days >= 15
    spel.when_time_comes("aanmaning_voorbij")
    assert spel.open == {("beoordeel_invordering", "inkomensconsulent")}


def test_after_the_aanmaning_the_gemeente_may_let_it_go(spel):
    _aangemaand(spel)
    spel.when_done("beoordeel_invordering", invordering="afzien")
    assert spel.einden[-1] == "einde_invordering"


def test_only_a_person_chooses_a_dwangbevel(spel):
    _aangemaand(spel)
    spel.when_done("beoordeel_invordering", invordering="dwangbevel")
    assert spel.einden[-1] == "einde_dwang"


def _na_nieuwe_termijn(spel):
    _bekend(spel, 250, plicht="intake")
    assert spel.moment("nieuwe_termijn_voorbij") == spel.vandaag + timedelta(days=31)
    spel.when_time_comes("nieuwe_termijn_voorbij")
    assert ("leg_komst_nieuwe_termijn_vast", "casemanager") in spel.open


def test_who_comes_in_the_new_term_has_done_enough(spel):
    _na_nieuwe_termijn(spel)
    spel.when_done("leg_komst_nieuwe_termijn_vast", gekomenInNieuweTermijn="ja")
    assert spel.einden == ["einde_alsnog_gekomen"]


@pytest.mark.parametrize("antwoord", ["afwezigheid", "goede reden"])
def test_a_good_reason_or_an_intake_in_absence_is_enough_too(antwoord):
    spel = Spel("p17b_sanctietoets")
    _na_nieuwe_termijn(spel)
    spel.when_done("leg_komst_nieuwe_termijn_vast", gekomenInNieuweTermijn=antwoord)
    assert spel.einden == ["einde_alsnog_gekomen"]


def test_who_stays_away_again_is_told_to_people_and_not_fined(spel):
    _na_nieuwe_termijn(spel)
    spel.when_done("leg_komst_nieuwe_termijn_vast", gekomenInNieuweTermijn="nee")
    assert spel.einden == ["einde_weer_weggebleven"]
    assert spel.open == set()


@pytest.mark.parametrize("dagen", [0, 62])
def test_the_new_term_is_after_today_and_at_most_two_months(dagen):
    spel = Spel("p17b_sanctietoets")
    _bij_besluit(spel, plicht="intake")
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=250)
    with pytest.raises(AssertionError, match="hoogstens twee maanden"):
        spel.when_done(
            "maak_besluit_bekend",
            bekendmakingBoete=spel.vandaag,
            nieuweTermijnIntake=spel.vandaag + timedelta(days=dagen),
        )


def test_an_earlier_decision_is_kept_beside_the_new_one(spel):
    eerder = {
        "gedraging": "oproep 2 van 2026-01-05",
        "plicht": "intake",
        "soort": "boete",
        "bedrag": 250,
        "vastgesteld": date(2026, 1, 20),
        "bekendgemaakt": date(2026, 2, 10),
        "onherroepelijk": None,
        "herroepen": None,
    }
    _bekend(spel, nalevingsbesluiten=[eerder])
    spel.when_time_comes("bezwaartermijn_voorbij")
    assert _besluiten(spel) == [("boete", None, None), ("boete", spel.vandaag, None)]


def _eerder(soort, gedraging=MELDING["gedraging"], **anders):
    return {
        "gedraging": gedraging,
        "plicht": "begeleiding",
        "soort": soort,
        "bedrag": 25,
        "vastgesteld": date(2026, 1, 20),
        "bekendgemaakt": date(2026, 1, 25),
        "onherroepelijk": date(2026, 3, 9),
        "herroepen": None,
    } | anders


@pytest.mark.parametrize("soort", ["boete", "maatregel Participatiewet", "geen gevolg"])
@pytest.mark.parametrize("uitkomst", ["boete", "maatregel Participatiewet"])
def test_nobody_is_punished_twice_for_one_gedraging(soort, uitkomst):
    spel = Spel("p17b_sanctietoets")
    _begin(spel, nalevingsbesluiten=[_eerder(soort)])
    with pytest.raises(AssertionError, match=r"al is afgedaan|rekenhulp"):
        _toets(spel, uitkomst, aanhoudendeOnwil="geen asielstatushouder")
    _toets(spel, "maatwerk")


@pytest.mark.parametrize("soort", ["boete", "maatregel Participatiewet"])
def test_what_was_decided_meanwhile_stops_the_decision_too(soort):
    spel = Spel("p17b_sanctietoets")
    _bij_besluit(spel, soort)
    spel.when_facts_change(nalevingsbesluiten=[_eerder("boete")])
    bedrag = {"boeteBedrag": 25} if soort == "boete" else {}
    with pytest.raises(AssertionError, match="rekenhulp zegt waarom"):
        spel.when_done("neem_besluit", besluit=soort, **bedrag)
    spel.when_done("neem_besluit", besluit="niets")


@pytest.mark.parametrize(
    ("plicht", "doelgroep"),
    [("ontzorgen", "gezinsmigrant"), ("examen", "gezinsmigrant"), ("leerroute", "gezinsmigrant")],
)
def test_what_is_for_duo_or_another_law_is_never_fined_here(plicht, doelgroep):
    spel = Spel("p17b_sanctietoets")
    _begin(spel, plicht=plicht, doelgroep=doelgroep)
    with pytest.raises(AssertionError, match="rekenhulp"):
        _toets(spel, "boete", aanhoudendeOnwil="geen asielstatushouder")


def test_a_fine_for_the_intake_needs_the_second_call():
    spel = Spel("p17b_sanctietoets")
    _begin(spel, plicht="intake", oproep2Verzonden=None)
    with pytest.raises(AssertionError, match="rekenhulp"):
        _toets(spel, "boete", aanhoudendeOnwil="geen asielstatushouder")


@pytest.mark.parametrize("bedrag", [0, 5, 25])
def test_less_than_the_advice_is_always_possible_and_more_never(bedrag):
    spel = Spel("p17b_sanctietoets")
    _bij_besluit(spel)
    with pytest.raises(AssertionError, match="meer dan de wet toestaat"):
        spel.when_done("neem_besluit", besluit="boete", boeteBedrag=26)
    spel.when_done("neem_besluit", besluit="boete", boeteBedrag=bedrag)


def test_the_calculation_is_shown_before_and_after_the_judgement_and_fills_nothing_in(spel):
    _begin(spel, nalevingsbesluiten=[_eerder("boete", "eerder")])
    assert "normaal € 50" in spel.stap.tasks[0].local["rekenhulp"]
    assert "verdubbelen: € 100" in spel.stap.tasks[0].local["rekenhulp"]
    _toets(spel, "boete", aanhoudendeOnwil="geen asielstatushouder")
    spel.when_done("stuur_voornemen", boeteVoorstel=40)
    spel.when_time_comes("zienswijze_voorbij")
    spel.when_done("beoordeel_zienswijze")
    (besluit,) = spel.stap.tasks
    assert besluit.local["rekenhulp"].startswith("Ten hoogste € 50.")
    assert besluit.local["boeteVoorstel"] == 40
    assert "boeteBedrag" not in besluit.local
    assert "boeteBedrag" not in spel.feiten


def test_for_an_asielstatushouder_the_screen_begins_with_no_fine(spel):
    _begin(spel, doelgroep="asielstatushouder")
    vooraf = spel.stap.tasks[0].local["adviesVooraf"]
    assert "alleen bij bewezen en aanhoudende onwil" in vooraf
    assert "C-158/23" in vooraf


def test_in_a_new_term_of_duo_the_ceiling_is_lower(spel):
    _begin(spel, nalevingsbesluiten=[_eerder("boete", "eerder", bedrag=390)])
    _toets(
        spel,
        "boete",
        aanhoudendeOnwil="geen asielstatushouder",
        nieuweTermijnDuo="6",
        nieuweTermijnDuoVanaf=date(2026, 1, 1),
    )
    assert spel.stap.tasks[0].local["rekenhulp"].startswith("Ten hoogste € 10.")


def test_what_every_sanction_asks_is_not_called_optional():
    form = forms.load((PROJECT / "forms/voer-sanctietoets-uit.form").read_bytes())
    velden = {veld.key: veld for veld in form.alle if veld.vraagt}
    gevraagd = forms.names(velden["uitkomst"].regel) - {"uitkomst"}
    assert len(gevraagd) == 13
    assert {velden[naam].tenzij for naam in gevraagd} == {"de uitkomst niets is"}
