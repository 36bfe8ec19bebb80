from datetime import UTC, date, datetime
from functools import partial

import pytest

from routeflow.commands import timers
from routeflow.commands.advance import WERKER
from routeflow.commands.ladder import Stap, begin_van, eerste, volgende
from routeflow.inburgering.rechten import GEMEENTE
from routeflow.store import transact
from routeflow.store.models import Taak, TermijnBewijs
from support.klein import klein

VOORAF = Stap("vooraf", -5, "herinnering", "behandelaar", "Bijna.")
TE_LAAT = Stap("te laat", 0, "te laat", "behandelaar", "Te laat.")
TEAM = Stap("team", 5, "escalatie", "teamleider", "Vijf dagen te laat.")
LADDER = (TEAM, TE_LAAT, VOORAF)
VRIJDAG = date(2026, 1, 16)


def test_a_day_begins_at_midnight_in_the_netherlands():
    assert begin_van(date(2026, 1, 16)) == datetime(2026, 1, 15, 23, tzinfo=UTC)
    assert begin_van(date(2026, 7, 16)) == datetime(2026, 7, 15, 22, tzinfo=UTC)


def test_too_late_begins_after_the_last_day_and_the_rest_counts_working_days():
    assert VOORAF.moment(VRIJDAG) == begin_van(date(2026, 1, 9))
    assert TE_LAAT.moment(VRIJDAG) == begin_van(date(2026, 1, 17))
    assert TEAM.moment(VRIJDAG) == begin_van(date(2026, 1, 23))


@pytest.mark.parametrize(
    ("vandaag", "gemeld", "stap"),
    [
        (date(2026, 1, 5), False, VOORAF),
        (date(2026, 1, 12), False, TE_LAAT),  # a reminder now would come too late to help
        (date(2026, 2, 12), False, TE_LAAT),  # opened too late: that is told
        (date(2026, 2, 12), True, None),
        (date(2026, 1, 20), True, TEAM),
    ],
)
def test_the_first_step_of_the_ladder(vandaag, gemeld, stap):
    assert eerste(LADDER, VRIJDAG, gemeld=gemeld, now=begin_van(vandaag)) == stap


def test_the_steps_follow_each_other():
    assert volgende(LADDER, VRIJDAG, "vooraf") == TE_LAAT
    assert volgende(LADDER, VRIJDAG, "te laat") == TEAM
    assert volgende(LADDER, VRIJDAG, "team") is None
    assert volgende(LADDER, VRIJDAG, "a step that the table no longer has") is None


@pytest.fixture
def waiting(route):
    return route.given(
        "klein",
        klein(),
        leerroute="B1",
        datumKennisgeving=date(2026, 1, 2),
        brpDatum=date(2026, 1, 2),
    )


def test_the_ladder_tells_each_in_turn_and_marks_the_taak(waiting):
    assert waiting.due("plan") == date(2026, 3, 13)
    gebeurd = waiting.when_days_pass(68)  # until Saturday 14 March
    plan = [een.tekst for een in gebeurd if een.tekst.startswith("plan ")]
    assert [tekst.split(": ")[1] for tekst in plan] == [
        "Deze taak moet over vijf werkdagen klaar zijn."
    ]
    assert waiting.taak("plan").te_laat_gemeld_op is None
    waiting.when_days_pass(2)
    assert waiting.taak("plan").te_laat_gemeld_op == waiting.now
    soorten = [een.soort for een in waiting.meldingen if een.tekst.startswith("plan ")]
    assert soorten == ["herinnering", "te laat"]


def test_a_reminder_reaches_the_partij_that_has_the_taak_and_what_is_late_the_gemeente(waiting):
    waiting.when_days_pass(20)
    taak = waiting.taak("meld_uren")
    assert [
        (een.soort, een.rol, een.partij) for een in waiting.meldingen if een.taak_id == taak.id
    ] == [
        ("herinnering", "map-aanbieder", "IVIO"),
        ("te laat", "casemanager", GEMEENTE),
        ("herinnering", "map-aanbieder", "IVIO"),
    ]


def test_since_when_a_taak_is_too_late_does_not_move_with_what_is_told_after(waiting):
    waiting.when_days_pass(70)
    sinds = waiting.taak("plan").te_laat_gemeld_op
    waiting.when_days_pass(5)
    assert "escalatie" in {een.soort for een in waiting.meldingen if een.tekst.startswith("plan ")}
    assert waiting.taak("plan").te_laat_gemeld_op == sinds


def test_of_a_taak_with_a_period_of_the_law_it_is_proven_who_was_warned_and_that_it_passed(waiting):
    waiting.when_days_pass(70)
    taak_id = waiting.taak("plan").id
    bewijzen = transact(
        waiting.store.sessions,
        lambda s: (
            s.query(TermijnBewijs).filter_by(taak_id=taak_id).order_by(TermijnBewijs.id).all()
        ),
    )
    assert [een.soort for een in bewijzen] == ["gewaarschuwd", "verstreken"]


def test_a_later_last_day_starts_the_ladder_anew(waiting):
    waiting.when_days_pass(70)
    assert waiting.taak("plan").te_laat_gemeld_op is not None
    waiting.when_facts(brpDatum=date(2026, 3, 2))
    assert waiting.due("plan") == date(2026, 5, 11)
    assert waiting.taak("plan").te_laat_gemeld_op is None
    before = len(waiting.meldingen)
    waiting.when_days_pass(50)
    assert [een.soort for een in waiting.meldingen[before:] if een.tekst.startswith("plan ")] == [
        "herinnering"
    ]


def test_a_completed_taak_has_no_reminders_left(waiting):
    waiting.when_done("plan", leerroute="Z")
    gebeurd = waiting.when_days_pass(29)
    assert not [een for een in gebeurd if een.tekst.startswith("plan ")]


def test_a_timer_takes_a_taak_away_at_its_moment_and_not_before(waiting):
    waiting.when_days_pass(29)
    assert "meld_uren" in waiting.open_elements
    (act,) = [een for een in waiting.when_days_pass(1) if "uren_blijven_uit" in een.tekst]
    assert act.dossier_nummer == waiting.dossier.nummer
    assert waiting.open_elements == {"plan", "bel_partij", "teken"}
    taken = transact(waiting.store.sessions, lambda s: s.query(Taak).all())
    (taak,) = [taak for taak in taken if taak.element == "meld_uren"]
    assert (taak.status, taak.gesloten_door) == ("vervallen", "wekker")
    assert waiting.ailments == []


def test_time_that_passes_twice_fires_once(waiting):
    waiting.when_days_pass(31)
    before = len(waiting.journal)
    waiting.when_days_pass(0)
    assert len(waiting.journal) == before


def test_a_wekker_that_closed_after_it_was_claimed_does_not_go_off(waiting):
    waiting.now = waiting.armed["uren_blijven_uit"]
    claims = transact(waiting.store.sessions, partial(timers.due, now=waiting.now))
    waiting.when_done("meld_uren", urenNt2=4)
    before = len(waiting.journal)
    for claim in claims:
        fire = partial(timers.fire_wekker, claim=claim, by=WERKER, now=waiting.now)
        transact(waiting.store.sessions, fire)
    assert "wekker" not in [act.wat for act in waiting.journal[before:]]
