"""P20: the route of a gezinsmigrant, who chooses and pays the school."""

from datetime import date, timedelta

import pytest

from support.hele_lijn import haalt_diploma, overlijdt_na_certificaat, vertrekt_en_komt_terug
from support.tekening import Spel
from support.tocht import reis


@pytest.fixture
def spel():
    return Spel("p20_gezinsmigrant")


PERSOON = {"naam": "Olena", "doelgroep": "gezinsmigrant", "geboortedatum": date(1990, 8, 2)}


def _open(spel):
    return {element for element, _ in spel.open}


def _leerroute_loopt(spel, leerroute, bijstand="nee"):
    niveau = {} if leerroute == "Z" else {"niveau": "B1"}
    spel.given(**PERSOON)
    spel.when_done(
        "controleer_gegevens_gezinsmigrant",
        plichtIndicator="plichtig",
        wet="Wi2021",
        heeftBijstand=bijstand,
        datumKennisgeving=spel.vandaag,
    )
    reis(spel, "stel_pip_op")
    spel.when_done("stel_pip_op", leerroute=leerroute, wachtOpDerde="nee", **niveau)
    reis(spel, "bespreek_keuze_school")


def _tot_ingeburgerd(spel, leerroute):
    _leerroute_loopt(spel, leerroute)
    reis(spel, vraag_uren_school_op={"urenNt2Knm": 900})
    assert spel.klaar
    assert spel.wachten == set()
    assert "einde_route_gezinsmigrant" in spel.einden


def test_a_report_of_duo_opens_the_route(spel):
    spel.given_message("SS101", **PERSOON)
    assert spel.open == {("controleer_gegevens_gezinsmigrant", "casemanager")}


def test_who_has_no_duty_is_not_in_this_route(spel):
    spel.given(**PERSOON)
    spel.when_done("controleer_gegevens_gezinsmigrant", plichtIndicator="vrijgesteld")
    assert spel.einden == ["einde_buiten_route_gezinsmigrant"]


def test_who_is_under_the_law_of_2013_gets_support_until_done(spel):
    spel.given(**PERSOON)
    spel.when_done("controleer_gegevens_gezinsmigrant", plichtIndicator="plichtig", wet="Wi2013")
    assert spel.open == {("bied_ondersteuning_aan", "casemanager")}
    reis(spel, houd_contact_ondertussengroep={"ondertussengroepKlaar": "ja"})
    assert spel.einden == ["einde_ondersteuning_gezinsmigrant"]
    assert spel.klaar


def test_the_route_begins_with_the_brede_intake(spel):
    spel.given(**PERSOON)
    spel.when_done("controleer_gegevens_gezinsmigrant", plichtIndicator="plichtig", wet="Wi2021")
    assert spel.open == {("verstuur_oproep_1", "casemanager")}


def test_the_pip_is_due_ten_weeks_after_the_kennisgeving(spel):
    _leerroute_loopt(spel, "B1")
    assert spel.feiten["datumKennisgeving"] == date(2026, 3, 11)
    assert "intensiteitUren" not in spel.feiten


def test_the_gemeente_offers_pvt_and_map_and_no_course(spel):
    _leerroute_loopt(spel, "B1")
    assert _open(spel) == {"bespreek_keuze_school", "nodig_uit_voor_pvt", "maak_map_plan"}


def test_taking_part_only_comes_with_bijstand(spel):
    _leerroute_loopt(spel, "B1", bijstand="ja")
    assert "maak_weekplan" in _open(spel)


def test_the_b1_route_ends_with_exams(spel):
    _tot_ingeburgerd(spel, "B1")
    assert "roep_examens_gezinsmigrant" in spel.gezien
    assert "roep_z_route_gezinsmigrant" not in spel.gezien


def test_the_z_route_ends_with_a_talk_and_without_hours_of_participation(spel):
    _tot_ingeburgerd(spel, "Z")
    assert "roep_z_route_gezinsmigrant" in spel.gezien
    assert "roep_examens_gezinsmigrant" not in spel.gezien


def test_the_onderwijsroute_has_no_map(spel):
    _leerroute_loopt(spel, "onderwijsroute")
    assert "maak_map_plan" not in _open(spel)


def test_the_onderwijsroute_ends_without_a_map(spel):
    _tot_ingeburgerd(spel, "onderwijsroute")
    assert "leerroute_zonder_map_gezinsmigrant" in spel.gezien


@pytest.mark.parametrize(
    ("van", "naar", "eerste"),
    [("B1", "Z", "bevestig_start_z"), ("Z", "B1", "beoordeel_examenrijpheid")],
)
def test_a_switch_ends_the_running_leerroute_and_begins_the_other(spel, van, naar, eerste):
    _leerroute_loopt(spel, van)
    reis(spel, "voer_voortgangsgesprek", beoordeel_examenrijpheid={"examenKan": "nee"})
    spel.when_done(
        "voer_voortgangsgesprek", verschenen="ja", routeNogPassend="nee", routeRichting=naar
    )
    reis(spel, "geef_nieuw_pip_door", besluit_over_route={"besluitRoute": "ja"})
    assert eerste in _open(spel)
    reis(spel, vraag_uren_school_op={"urenNt2Knm": 900})
    assert spel.klaar
    assert spel.feiten["leerroute"] == naar


def test_from_b1_to_the_z_route_and_what_it_brings(spel):
    _leerroute_loopt(spel, "B1")
    reis(
        spel,
        "geef_nieuw_pip_door",
        beoordeel_examenrijpheid={"examenKan": "nee"},
        voer_voortgangsgesprek={"routeNogPassend": "nee", "routeRichting": "Z"},
        besluit_over_route={"besluitRoute": "ja"},
    )
    reis(spel, vraag_uren_school_op={"urenNt2Knm": 900})
    assert "einde_routewijziging_gezinsmigrant" in spel.einden


def test_the_map_comes_along_with_another_leerroute_and_goes_again(spel):
    _leerroute_loopt(spel, "onderwijsroute")
    spel.when_facts_change(leerroute="B1")
    assert "maak_map_plan" in _open(spel)
    spel.when_facts_change(leerroute="onderwijsroute")
    assert "maak_map_plan" not in _open(spel)


def test_the_way_to_more_time_ends_with_the_termijn(spel):
    _leerroute_loopt(spel, "B1")
    reis(spel, "bespreek_verlenging", beoordeel_examenrijpheid={"examenKan": "nee"})
    spel.nu += timedelta(days=400)
    spel.when_done("bespreek_verlenging", verlengingSoort="geen")
    assert "einde_verlenging_gezinsmigrant" in spel.einden


def test_the_hours_are_asked_for_every_three_months_while_lessons_go_on(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_time_comes("drie_maanden_om")
    assert ("vraag_uren_school_op", "casemanager") in spel.open
    spel.when_done("vraag_uren_school_op")
    assert "drie_maanden_om" in spel.wachten


def test_what_runs_beside_the_leerroute_may_end_on_its_own(spel):
    _leerroute_loopt(spel, "B1", bijstand="ja")
    spel.when_time_comes("wacht_start_termijn")
    reis(spel, "wacht_weekplan")
    spel.when_facts_change(leerrouteAfgerond=True)
    for element in ("drie_maanden_om", "wacht_weekplan", "wacht_moment"):
        if element in spel.wachten:
            spel.when_time_comes(element)
    for element in ("vraag_uren_school_op", "bereid_voortgangsgesprek_voor"):
        if element in _open(spel):
            spel.when_done(element)
    assert {
        "einde_uren_gezinsmigrant",
        "einde_participatie_gezinsmigrant",
        "einde_voortgang_gezinsmigrant",
    } <= set(spel.einden)


def test_a_suspicion_goes_its_own_way_beside_the_route(spel):
    _leerroute_loopt(spel, "B1")
    voor = spel.open
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet")
    spel.when_done("doe_contactpoging", contactGelukt="ja")
    spel.when_done("voer_oorzakengesprek", verwijt="nee")
    spel.when_done("spreek_maatwerk_af")
    assert "einde_vermoeden_gezinsmigrant" in spel.einden
    assert spel.open == voor


def test_a_sanctietoets_for_the_intake_goes_beside_the_calls(spel):
    spel.given(**PERSOON)
    reis(spel, "leg_komst_1_vast")
    spel.when_done("leg_komst_1_vast", verschenenOproep1="nee")
    reis(spel, "beoordeel_wegblijven", leg_komst_2_vast={"verschenenOproep2": "nee"})
    spel.when_done("beoordeel_wegblijven", sanctietoetsGevraagd="ja")
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert "einde_sanctietoets_intake_gezinsmigrant" in spel.einden
    assert spel.open == {("verstuur_oproep_3", "casemanager")}


def test_six_weeks_without_bezwaar_and_the_pip_stands(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_time_comes("bezwaartermijn_pip_om_gezinsmigrant")
    assert "einde_geen_bezwaar_pip_gezinsmigrant" in spel.einden


def test_bezwaar_against_the_pip_is_handled_by_the_teamleider(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_message("bezwaar_pip")
    spel.when_done("behandel_bezwaar_pip_gezinsmigrant")
    assert "einde_bezwaar_pip_gezinsmigrant" in spel.einden


def _stopt(spel, bericht, naam, wijze=None):
    spel.given(**PERSOON)
    if wijze:  # the facts of the message are enough
        spel.when_facts_change(eindePlicht=spel.vandaag, eindePlichtWijze=wijze)
    else:
        spel.when_message(bericht)
    assert spel.open == {(f"rond_dossier_af_{naam}_gezinsmigrant", "casemanager")}
    spel.when_done(f"rond_dossier_af_{naam}_gezinsmigrant")
    assert spel.klaar


def test_after_a_death_only_the_closing_is_left(spel):
    _stopt(spel, "SS111", "overleden")


def test_a_withdrawn_duty_stops_the_route(spel):
    _stopt(spel, "SS110", "ingetrokken")


def test_a_full_exemption_stops_the_route(spel):
    _stopt(spel, "SS107", "vrijgesteld", wijze="vrijstelling")


def test_a_full_waiver_stops_the_route(spel):
    _stopt(spel, "SS108", "ontheven", wijze="ontheffing")


def test_a_temporary_exemption_stops_the_clock_and_not_the_route(spel):
    _leerroute_loopt(spel, "B1")
    voor = spel.open
    spel.when_message("SS109", tijdelijkVrijgesteldVanaf=spel.vandaag)
    assert spel.open - voor == {("leg_tijdelijke_vrijstelling_uit", "casemanager")}
    spel.when_done("leg_tijdelijke_vrijstelling_uit")
    spel.when_message("SS130", vrijstellingIngetrokkenOp=spel.vandaag)
    spel.when_done("hervat_route_met_pip")
    assert "einde_tijdelijke_vrijstelling_gezinsmigrant" in spel.einden
    assert spel.open == voor


def test_who_comes_from_another_gemeente_keeps_the_leerroute_and_gets_a_short_intake(spel):
    spel.given(**PERSOON, komtUitGemeente="ja", datumVestigingDuo=spel.vandaag)
    spel.when_done(
        "controleer_gegevens_gezinsmigrant",
        plichtIndicator="plichtig",
        wet="Wi2021",
        datumKennisgeving=spel.vandaag,
    )
    reis(spel, "leg_gegevens_vorige_gemeente_vast")
    spel.when_done(
        "leg_gegevens_vorige_gemeente_vast",
        dagtekeningVorigPip=date(2025, 1, 6),
        leerrouteVorigPip="B1",
        boetesVorigeGemeente=[],
    )
    reis(spel, "stel_pip_op", voer_intakegesprek={"leerrouteOvergenomen": "ja"})
    assert "lbtExamennummer" not in spel.feiten
    assert (spel.feiten["leerroute"], spel.feiten["termijnStart"]) == ("B1", date(2025, 1, 7))


def test_a_move_that_is_confirmed_stops_all_else(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_message("SS122", verhuisdOp=spel.vandaag)
    spel.when_done("maak_administratie_af")
    assert spel.open == set()
    spel.when_time_comes("verzoek_overdracht_blijft_uit")
    assert spel.einden[-1] == "einde_dossier_verhuisd_gezinsmigrant"
    assert spel.klaar


def test_a_report_of_a_move_that_is_not_so_stops_nothing(spel):
    _leerroute_loopt(spel, "B1")
    voor = spel.open
    spel.when_message("SS122", verhuisdOp=spel.vandaag)
    spel.when_done("maak_administratie_af", verhuizingKlopt="nee")
    assert spel.open == voor
    assert "einde_verhuizing_gemeld_gezinsmigrant" in spel.einden


def _asielstatushouder_geworden(spel, leerroute):
    _leerroute_loopt(spel, leerroute)
    spel.when_done("bespreek_keuze_school")
    spel.when_facts_change(doelgroep="asielstatushouder", doelgroepGewijzigdOp=spel.vandaag)
    spel.when_done("bekijk_doelgroep", verblijfsrecht="regulier_bij_asiel")
    spel.when_done("pas_pip_aan_doelgroep")
    spel.when_done("maak_pip_doelgroep_bekend")


def test_who_becomes_an_asielstatushouder_gets_an_offer_in_the_b1_route(spel):
    _asielstatushouder_geworden(spel, "B1")
    assert "doe_aanbod_b1" in _open(spel)
    spel.when_facts_change(brpDatum=spel.vandaag)
    reis(spel, vraag_uren_school_op={"urenNt2Knm": 900})
    assert {"einde_doelgroep_gezinsmigrant", "einde_route_gezinsmigrant"} <= set(spel.einden)


def test_who_becomes_an_asielstatushouder_makes_hours_of_participation_too(spel):
    _asielstatushouder_geworden(spel, "Z")
    assert "maak_participatieplan" in _open(spel)
    reis(spel, "vraag_uren_school_op")
    spel.when_done("vraag_uren_school_op", urenNt2Knm=300, urenParticipatie=120)
    assert spel.feiten["urenParticipatie"] == 120


def _asielstatushouder_voor_het_pip(spel, leerroute):
    spel.given(**PERSOON)
    spel.when_done(
        "controleer_gegevens_gezinsmigrant",
        plichtIndicator="plichtig",
        wet="Wi2021",
        datumKennisgeving=spel.vandaag,
    )
    spel.when_facts_change(doelgroep="asielstatushouder")
    spel.when_done("bekijk_doelgroep", verblijfsrecht="regulier_bij_asiel")
    reis(spel, "stel_pip_op")
    spel.when_done("stel_pip_op", leerroute=leerroute, wachtOpDerde="nee", niveau="B1")


def test_who_is_an_asielstatushouder_before_the_pip_does_not_choose_a_school(spel):
    _asielstatushouder_voor_het_pip(spel, "B1")
    reis(spel, "doe_aanbod_b1")
    assert "bespreek_keuze_school" not in spel.gezien


def test_who_is_an_asielstatushouder_before_the_pip_gets_an_offer_in_the_onderwijsroute(spel):
    _asielstatushouder_voor_het_pip(spel, "onderwijsroute")
    reis(spel, "leg_diploma_vast")
    spel.when_done("leg_diploma_vast")
    assert spel.feiten["leerrouteAfgerond"] is True


def test_who_leaves_the_country_keeps_the_route_and_goes_on_after_the_return(spel):
    _leerroute_loopt(spel, "B1")
    vertrekt_en_komt_terug(spel)
    assert "einde_vertrek_gezinsmigrant" in spel.einden


def test_a_diploma_on_the_way_begins_the_afronding(spel):
    _leerroute_loopt(spel, "B1")
    haalt_diploma(spel)
    assert spel.einden[-1] == "einde_voldaan_gezinsmigrant"


def test_who_dies_after_a_diploma_gets_no_nazorg(spel):
    _leerroute_loopt(spel, "B1")
    overlijdt_na_certificaat(spel, "rond_dossier_af_na_voldaan_gezinsmigrant")
    assert spel.einden[-1] == "einde_na_voldaan_gezinsmigrant"
