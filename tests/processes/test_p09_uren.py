"""P09: the hours of each month."""

from datetime import date
from decimal import Decimal

import pytest

from support.tekening import Spel

PIP = {"dagtekening": date(2026, 3, 10), "termijnStart": date(2026, 3, 11)}


@pytest.fixture
def spel():
    return Spel("p09_uren")


def test_the_aanbieder_reports_in_the_first_five_working_days_of_the_next_month(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", **PIP)
    assert spel.moment("einde_maand") == date(2026, 4, 1)
    spel.when_time_comes("einde_maand")
    assert spel.open == {("registreer_maanduren", "taalaanbieder")}
    assert spel.houder("registreer_maanduren") == "partner"
    assert spel.uiterlijk("registreer_maanduren") == date(2026, 4, 10)  # Goede Vrijdag and Pasen


def test_hours_are_counted_up_and_no_month_is_skipped(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=Decimal("30.5"), alfabetiseringUren=10, knm=8)
    assert spel.feiten["urenNt2"] == Decimal("40.5")
    assert spel.feiten["urenNt2Knm"] == Decimal("48.5")
    assert spel.moment("einde_maand") == date(2026, 5, 1)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10, alfabetiseringUren=0, knm=0)
    assert spel.feiten["urenNt2"] == Decimal("50.5")
    assert spel.feiten["urenMaand"] == date(2026, 5, 1)


def test_the_casemanager_says_which_participation_counts_in_the_z_route(spel):
    spel.given(leerroute="Z", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", participatie=40)
    assert spel.open == {("accepteer_participatie_uren", "casemanager")}
    spel.when_done("accepteer_participatie_uren", participatieGeaccepteerd=36)
    assert spel.feiten["urenParticipatie"] == 36


def test_participation_of_the_z_route_is_not_counted_again_after_another_route_began(spel):
    spel.given(leerroute="Z", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", participatie=40)
    spel.when_done("accepteer_participatie_uren", participatieGeaccepteerd=36)
    spel.when_facts_change(leerroute="B1")
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren")
    assert spel.feiten["urenParticipatie"] == 36


def test_a_gezinsmigrant_in_the_z_route_has_no_participation_to_count(spel):
    spel.given(leerroute="Z", doelgroep="gezinsmigrant", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=40)
    assert spel.open == set()
    assert spel.feiten["urenParticipatie"] == 0


def test_hours_of_the_brede_intake_count_from_the_start(spel):
    intake = [{"soort": "NT2", "uren": 6}, {"soort": "KNM", "uren": 4}, {"soort": "PVT", "uren": 3}]
    spel.given(leerroute="B1", doelgroep="gezinsmigrant", intakeActiviteiten=intake, **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10)
    assert spel.feiten["urenNt2"] == 16
    assert spel.feiten["urenNt2Knm"] == 20
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10)
    assert spel.feiten["urenNt2"] == 26


def test_much_unexcused_absence_asks_for_a_talk_and_nothing_more(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=30, ongeoorloofd=10, vervallen=50)
    assert spel.feiten["verzuimPercentage"] == 25
    assert spel.open == {("bespreek_seinen", "casemanager")}
    spel.when_done("bespreek_seinen")
    assert spel.open == set()
    assert len(spel.feiten["gemeldeSeinen"]) == 1


def test_lessons_that_the_school_cancelled_never_count_against_the_inburgeraar(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10, geoorloofd=10, ongeoorloofd=0, vervallen=60)
    assert spel.feiten["verzuimPercentage"] == 0
    assert spel.feiten["urenOngeoorloofd"] == 0
    assert spel.open == set()


def test_600_hours_are_signalled_once(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", urenNt2=590, **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10)
    spel.when_done("bespreek_seinen")
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10)
    assert spel.open == set()


def test_a_z_route_that_is_behind_after_a_year_is_signalled(spel):
    spel.given(
        leerroute="Z", doelgroep="gezinsmigrant", urenNt2Knm=200, urenMaand=date(2027, 2, 1), **PIP
    )
    spel.when_time_comes("einde_maand")
    spel.when_done("registreer_maanduren", nt2=10)
    assert spel.open == {("bespreek_seinen", "casemanager")}


def test_the_cycle_ends_when_the_leerroute_is_done(spel):
    spel.given(leerroute="B1", doelgroep="asielstatushouder", **PIP)
    spel.when_time_comes("einde_maand")
    spel.when_facts_change(leerrouteAfgerond=True)
    spel.when_done("registreer_maanduren")
    assert spel.klaar
    assert spel.einden[-1] == "einde_p09"


def test_hours_of_another_gemeente_stay_and_those_of_the_intake_here_are_added_once(spel):
    intake = [{"soort": "NT2", "uren": 6}]
    overgenomen = {"overgenomenNt2": 300, "overgenomenNt2Knm": 340, "urenNt2": 300}
    spel.given(
        leerroute="B1",
        doelgroep="asielstatushouder",
        intakeActiviteiten=intake,
        urenNt2Knm=340,
        **overgenomen,
        **PIP,
    )
    for verwacht in (316, 326):
        spel.when_time_comes("einde_maand")
        spel.when_done("registreer_maanduren", nt2=10, knm=0, alfabetiseringUren=0)
        assert spel.feiten["urenNt2"] == verwacht
    assert spel.feiten["urenNt2Knm"] == 366
