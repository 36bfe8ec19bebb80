"""P00: the whole route of an asielstatushouder, from koppeling to nazorg."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from support.hele_lijn import haalt_diploma, overlijdt_na_certificaat, vertrekt_en_komt_terug
from support.tekening import Spel
from support.tocht import reis


@pytest.fixture
def spel():
    return Spel("p00_doorlopende_lijn")


PERSOON = {
    "naam": "Amina",
    "doelgroep": "asielstatushouder",
    "geboortedatum": date(1995, 5, 1),
    "overdrachtdossierDatum": date(2026, 3, 9),
    "datumVestigingDuo": date(2026, 3, 11),
}


def _open(spel):
    return {element for element, _ in spel.open}


def _leerroute_loopt(spel, leerroute):
    niveau = {} if leerroute == "Z" else {"niveau": "B1"}
    spel.given(**PERSOON)
    reis(spel, "stel_pip_op")
    spel.when_done("stel_pip_op", leerroute=leerroute, wachtOpDerde="nee", **niveau)
    reis(spel, "nodig_uit_voor_pvt")


def _tot_ingeburgerd(spel, leerroute):
    _leerroute_loopt(spel, leerroute)
    reis(spel)
    assert spel.klaar
    assert spel.wachten == set()
    assert {"einde_inburgeren", "einde_route"} <= set(spel.einden)


def test_the_koppeling_by_coa_opens_the_route(spel):
    spel.given_message("koppeling", **PERSOON)
    assert spel.open == {("controleer_inburgeringsplicht", "casemanager")}


def test_who_has_no_duty_is_not_in_this_route(spel):
    spel.given(**PERSOON)
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="niet plichtig")
    assert spel.einden == ["einde_buiten_route"]
    assert spel.klaar


def test_who_is_under_the_law_of_2013_gets_support_until_done(spel):
    spel.given(**PERSOON)
    spel.when_done("controleer_inburgeringsplicht", plichtIndicator="plichtig", wet="Wi2013")
    assert spel.open == {("bied_ondersteuning_aan", "casemanager")}
    reis(spel, houd_contact_ondertussengroep={"ondertussengroepKlaar": "ja"})
    assert spel.einden == ["einde_ondersteuning"]
    assert spel.klaar


def test_the_intake_does_not_wait_for_a_home(spel):
    spel.given(**PERSOON)
    reis(spel, "zoek_woning")
    assert {"verstuur_oproep_1", "zoek_woning"} <= _open(spel)


def test_the_pip_waits_for_the_intake_and_for_the_registration(spel):
    spel.given(**PERSOON)
    reis(spel, "zoek_woning")
    reis(spel, "stel_pip_op")
    assert {"brpDatum", "intakeverslagDatum"} <= spel.feiten.keys()


def test_the_six_months_of_payments_hold_nothing_up(spel):
    _leerroute_loopt(spel, "B1")
    assert "einde_ontzorgen_klaar" not in spel.einden
    assert "zes_maanden_om" in spel.wachten


def test_the_b1_route_ends_with_exams(spel):
    _tot_ingeburgerd(spel, "B1")
    assert {"roep_b1_route", "roep_examens", "roep_map"} <= spel.gezien


def test_the_onderwijsroute_has_no_map(spel):
    _tot_ingeburgerd(spel, "onderwijsroute")
    assert "roep_onderwijsroute" in spel.gezien
    assert "roep_map" not in spel.gezien


@pytest.mark.parametrize(
    ("van", "naar", "eerste"),
    [
        ("B1", "onderwijsroute", "kies_aanbieder_onderwijsroute"),
        ("B1", "Z", "maak_participatieplan"),
        ("onderwijsroute", "B1", "doe_aanbod_b1"),
        ("onderwijsroute", "Z", "maak_participatieplan"),
        ("Z", "B1", "doe_aanbod_b1"),
        ("Z", "onderwijsroute", "kies_aanbieder_onderwijsroute"),
    ],
)
def test_a_switch_ends_the_running_leerroute_and_begins_the_other(spel, van, naar, eerste):
    _leerroute_loopt(spel, van)
    processen = {
        "B1": "p08a_b1_route",
        "onderwijsroute": "p08b_onderwijsroute",
        "Z": "p08c_z_route",
    }
    reis(spel, "wacht_moment")
    les = {"geef_advies_b1": {"adviesSchool": "doorgaan"}}
    reis(
        spel,
        "voer_voortgangsgesprek",
        **les,
        meld_voortgang_onderwijs={"standTraject": "loopt"},
    )
    spel.when_done(
        "voer_voortgangsgesprek", verschenen="ja", routeNogPassend="nee", routeRichting=naar
    )
    uren = spel.feiten.get("urenNt2Knm")
    spel.when_done("geef_advies_route")
    spel.when_done("besluit_over_route", besluitRoute="ja")
    spel.when_done("stel_nieuw_pip_vast")
    spel.when_done("maak_nieuw_pip_bekend")
    assert eerste in _open(spel)
    lopend = {taak.process for taak in spel.stap.tasks} | {a.process for a in spel.stap.alarms}
    assert processen[van] not in lopend
    assert spel.feiten.get("urenNt2Knm") == uren
    assert spel.uiterlijk(eerste) > spel.vandaag
    assert "noteer_grond_g_b1" not in _open(spel)
    reis(spel)
    assert spel.klaar
    assert "einde_routewijziging" in spel.einden
    assert spel.feiten["termijnStart"] == spel.feiten["dagtekening"] + timedelta(days=1)


def test_a_traject_that_is_not_feasible_becomes_the_b1_route_with_its_map(spel):
    _leerroute_loopt(spel, "onderwijsroute")
    reis(
        spel,
        "maak_map_plan",
        meld_voortgang_onderwijs={"standTraject": "niet haalbaar"},
        besluit_over_route={"besluitRoute": "ja"},
    )
    assert {"map_hoort_erbij", "roep_b1_route", "andere_leerroute"} <= spel.gezien
    reis(spel)
    assert spel.klaar


def test_a_switch_to_the_onderwijsroute_ends_the_map(spel):
    _leerroute_loopt(spel, "B1")
    reis(spel, "maak_map_plan")
    spel.when_facts_change(leerroute="onderwijsroute")
    assert "maak_map_plan" not in _open(spel)
    spel.when_facts_change(leerroute="Z")
    assert "maak_map_plan" in _open(spel)


def test_in_the_last_six_months_more_time_is_spoken_of_beside_the_lessons(spel):
    _leerroute_loopt(spel, "B1")
    reis(spel, "bespreek_verlenging", geef_advies_b1={"adviesSchool": "doorgaan"})
    voor_het_einde = spel.feiten["termijnEindExclusief"] - spel.vandaag
    assert 180 <= voor_het_einde.days <= 184
    assert "roep_verlenging" in spel.gezien


def test_the_way_to_more_time_ends_with_the_termijn(spel):
    _leerroute_loopt(spel, "B1")
    reis(spel, "bespreek_verlenging", geef_advies_b1={"adviesSchool": "doorgaan"})
    spel.nu += timedelta(days=400)
    spel.when_done("bespreek_verlenging", verlengingSoort="geen")
    assert "einde_verlenging" in spel.einden


def test_the_z_route_ends_without_exams_unless_the_pip_allows_them(spel):
    _tot_ingeburgerd(spel, "Z")
    assert "roep_z_route" in spel.gezien
    assert "roep_examens" not in spel.gezien


def test_what_runs_beside_the_leerroute_may_end_on_its_own(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_facts_change(aantalVoortgangsgesprekken=Decimal(1))
    reis(spel, "uitslag_ontvangen")
    for element in ("einde_maand", "wacht_weekplan", "wacht_moment"):
        if element in spel.wachten:
            spel.when_time_comes(element)
    for element in ("registreer_maanduren", "bereid_voortgangsgesprek_voor"):
        if element in _open(spel):
            spel.when_done(element, **({"nt2": 1} if element == "registreer_maanduren" else {}))
    assert {"einde_uren", "einde_participatie", "einde_voortgang"} <= set(spel.einden)
    assert "uitslag_ontvangen" in spel.wachten


def test_a_suspicion_goes_its_own_way_beside_the_route(spel):
    _leerroute_loopt(spel, "B1")
    voor = spel.open
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet")
    assert spel.open - voor == {("doe_contactpoging", "casemanager")}
    spel.when_done("doe_contactpoging", contactGelukt="ja")
    spel.when_done("voer_oorzakengesprek", verwijt="nee")
    spel.when_done("spreek_maatwerk_af")
    assert "einde_vermoeden" in spel.einden
    assert spel.open == voor


def test_a_second_suspicion_is_heard_as_well(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet")
    spel.when_message("vermoeden", plicht="MAP", toelichting="kwam niet")
    taken = [taak for taak in spel.stap.tasks if taak.element == "doe_contactpoging"]
    assert len(taken) == 2


def test_a_sanctietoets_for_the_intake_is_judged_while_the_third_call_goes_out(spel):
    spel.given(**PERSOON)
    reis(spel, "leg_komst_1_vast")
    spel.when_done("leg_komst_1_vast", verschenenOproep1="nee")
    spel.when_done("waarschuw_en_roep_op", oproep2Dag=spel.vandaag + timedelta(days=7))
    spel.when_done("leg_komst_2_vast", verschenenOproep2="nee")
    spel.when_done("beoordeel_wegblijven", sanctietoetsGevraagd="ja")
    assert ("verstuur_oproep_3", "casemanager") in spel.open
    assert ("voer_sanctietoets_uit", "handhaver") in spel.open
    spel.when_done("voer_sanctietoets_uit", uitkomst="niets")
    spel.when_done("bericht_geen_gevolg")
    assert "einde_sanctietoets_intake" in spel.einden
    assert ("verstuur_oproep_3", "casemanager") in spel.open


def test_six_weeks_without_bezwaar_and_the_pip_stands(spel):
    _leerroute_loopt(spel, "B1")
    assert spel.moment("bezwaartermijn_pip_om") - spel.feiten["bekendmaking"] >= timedelta(weeks=6)
    spel.when_time_comes("bezwaartermijn_pip_om")
    assert "einde_geen_bezwaar_pip" in spel.einden


def test_bezwaar_against_the_pip_is_handled_by_the_teamleider(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_message("bezwaar_pip")
    assert ("behandel_bezwaar_pip", "teamleider") in spel.open
    spel.when_done("behandel_bezwaar_pip")
    assert "einde_bezwaar_pip" in spel.einden


def _stopt(spel, bericht, naam, wijze=None):
    _leerroute_loopt(spel, "B1")
    if wijze:  # the facts of the message are enough
        spel.when_facts_change(eindePlicht=spel.vandaag, eindePlichtWijze=wijze)
    else:
        spel.when_message(bericht)
    assert spel.open == {(f"rond_dossier_af_{naam}", "casemanager")}
    spel.when_done(f"rond_dossier_af_{naam}")
    assert spel.einden[-1] == f"einde_{naam}"
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
    assert "einde_tijdelijke_vrijstelling" in spel.einden
    assert spel.open == voor


def test_who_comes_from_another_gemeente_keeps_the_leerroute_and_gets_a_short_intake(spel):
    spel.given(**PERSOON, vorigeGemeente="Alkmaar", komtUitGemeente="ja")
    reis(spel, "leg_gegevens_vorige_gemeente_vast")
    spel.when_done(
        "leg_gegevens_vorige_gemeente_vast",
        dagtekeningVorigPip=date(2025, 1, 6),
        leerrouteVorigPip="Z",
        boetesVorigeGemeente=[],
    )
    assert "voer_eerste_contact" not in spel.gezien
    assert "verstuur_oproep_1" in _open(spel)
    reis(spel, "stel_pip_op", voer_intakegesprek={"leerrouteOvergenomen": "ja"})
    assert not {"lbtExamennummer", "woningGevonden"} & spel.feiten.keys()
    assert spel.feiten["termijnStart"] == date(2025, 1, 7)


def test_a_move_that_is_confirmed_stops_all_else_and_the_new_gemeente_may_ask(spel):
    _leerroute_loopt(spel, "B1")
    spel.when_message("vermoeden", plicht="PVT", toelichting="kwam niet", gedraging="PVT (1)")
    voor = spel.open
    spel.when_message("SS122", verhuisdOp=spel.vandaag, verhuisdNaar="Alkmaar")
    assert spel.open - voor == {("maak_administratie_af", "casemanager")}
    spel.when_done("maak_administratie_af")
    assert spel.open == set()
    assert spel.wachten == {
        "verzoek_overdracht_ontvangen",
        "verzoek_overdracht_blijft_uit",
        "inburgeraar_teruggekeerd",
    }
    assert spel.feiten["nalevingsbesluiten"][-1]["soort"] == "geen gevolg"
    spel.when_message("verzoek_overdracht", overdrachtGemeente="Alkmaar")
    spel.when_done("draag_dossier_over")
    assert spel.einden[-1] == "einde_dossier_verhuisd"
    assert spel.klaar


def test_a_report_of_a_move_that_is_not_so_stops_nothing(spel):
    _leerroute_loopt(spel, "B1")
    voor = spel.open
    spel.when_message("SS122", verhuisdOp=spel.vandaag)
    spel.when_done("maak_administratie_af", verhuizingKlopt="nee")
    assert spel.open == voor
    assert "einde_verhuizing_gemeld" in spel.einden


def test_who_is_no_asielstatushouder_any_more_gets_no_help(spel):
    spel.given(**PERSOON)
    reis(spel, "zoek_woning")
    spel.when_facts_change(doelgroep="gezinsmigrant", doelgroepGewijzigdOp=spel.vandaag)
    assert {"einde_begeleiding_vervalt", "einde_ontzorgen_vervalt"} <= set(spel.einden)
    assert ("bekijk_doelgroep", "casemanager") in spel.open
    spel.when_done("bekijk_doelgroep")
    spel.when_done("bespreek_keuze_school_doelgroep")
    assert "einde_doelgroep" in spel.einden


def test_without_the_doelgroep_the_offer_of_the_gemeente_closes_with_the_new_pip(spel):
    spel.given(**PERSOON)
    reis(spel, "stel_pip_op")
    spel.when_done("stel_pip_op", leerroute="B1", wachtOpDerde="nee", niveau="B1")
    reis(spel, "doe_aanbod_b1")
    spel.when_facts_change(doelgroep="gezinsmigrant")
    spel.when_done("bekijk_doelgroep")
    assert "doe_aanbod_b1" in _open(spel)
    spel.when_done("pas_pip_aan_doelgroep")
    spel.when_done("maak_pip_doelgroep_bekend")
    assert "doe_aanbod_b1" not in _open(spel)
    assert {"bevestig_start_b1", "geef_pip_doelgroep_door"} <= _open(spel)


def test_a_doelgroep_that_changes_twice_is_looked_at_twice(spel):
    _leerroute_loopt(spel, "B1")
    for nieuw in ("gezinsmigrant", "asielstatushouder"):
        spel.when_facts_change(doelgroep=nieuw)
        assert ("bekijk_doelgroep", "casemanager") in spel.open
        spel.when_done("bekijk_doelgroep")
        assert "bekijk_doelgroep" not in _open(spel)
        assert spel.feiten["doelgroepRoute"] == nieuw


def test_who_leaves_the_country_keeps_the_route_and_goes_on_after_the_return(spel):
    _leerroute_loopt(spel, "B1")
    vertrekt_en_komt_terug(spel)
    assert "einde_vertrek" in spel.einden


def test_a_diploma_on_the_way_begins_the_afronding(spel):
    _leerroute_loopt(spel, "B1")
    haalt_diploma(spel)
    assert spel.einden[-1] == "einde_voldaan"


def test_who_dies_after_a_diploma_gets_no_nazorg(spel):
    _leerroute_loopt(spel, "B1")
    overlijdt_na_certificaat(spel, "rond_dossier_af_na_voldaan")
    assert spel.einden[-1] == "einde_na_voldaan"
