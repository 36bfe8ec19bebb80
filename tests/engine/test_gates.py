"""No move to another version brings a route past a safeguard or a period that it did not pass."""

import pytest

from routeflow import engine
from routeflow.engine import Gates, Law, Moeilijkheden, Safeguard
from support.bpmn import (
    Play,
    after,
    catch,
    draw,
    end,
    exclusive,
    parallel,
    path,
    start,
    user,
    zeebe,
)

LAW = Law((Safeguard("gehoord", "besluit", "iemand luisterde", "Awb 4:8"),), {}, "melder")


def taak(naam, **eigenschappen):
    rows = "".join(zeebe("property", name=k, value=v) for k, v in eigenschappen.items())
    return user(naam, zeebe("userTask"), zeebe("properties", rows))


HOREN, BESLUIT = taak("horen", waarborg="gehoord"), taak("besluit", sanctie="besluit")
WACHT = catch("wacht", after("P14D"))


def zaak(*names, extra=(), weg=None):
    steps = {"horen": HOREN, "besluit": BESLUIT, "wacht": WACHT}
    drawn = [steps.get(naam, user(naam)) for naam in names]
    return draw("p", start(), *drawn, *extra, end(), weg or path(" > ".join(("s", *names, "e"))))


class Move(Play):
    """A route that is moved with the gates of both versions."""

    def move(self, *files, mapping=None):
        """Answer the sentences with which it stays; none when it went."""
        new = {f"processes/{n}.bpmn": data for n, data in enumerate(files)}
        there = engine.load(new)
        gates = Gates(self.definition, self.files, LAW), Gates(there, new, LAW)
        step = engine.migrate(
            self.definition, self.step.state, there, self.world, mapping, gates=gates
        )
        if isinstance(step, Moeilijkheden):
            return [een.tekst for een in step.alle]
        self.definition = there
        self.take(step)
        return []


def begin(*names):
    return Move(zaak(*names))


def test_the_same_diagrams_are_no_objection_wherever_the_route_stands():
    for stand in ((), ("horen",), ("horen", "rapport")):
        play = begin("horen", "rapport", "besluit")
        play.do(*stand)
        assert play.move(zaak("horen", "rapport", "besluit")) == []


def test_a_mapping_past_a_safeguard_is_refused_in_words():
    play = begin("gesprek", "horen", "besluit")
    [tekst] = play.move(zaak("horen", "besluit"), mapping={"p": {"gesprek": "besluit"}})
    assert "“gehoord”" in tekst
    assert "Awb 4:8" in tekst
    assert "Kies een stap ervoor" in tekst


def test_a_mapping_to_a_step_before_the_safeguard_or_to_itself_goes():
    play = begin("gesprek", "horen", "besluit")
    assert play.move(zaak("horen", "besluit"), mapping={"p": {"gesprek": "horen"}}) == []


def test_a_step_that_the_new_version_drew_past_the_safeguard_is_refused_without_a_mapping_too():
    play = begin("gesprek", "horen", "besluit")
    [tekst] = play.move(zaak("horen", "gesprek", "besluit"))
    assert "“gehoord”" in tekst


def test_past_the_safeguard_but_before_no_sanction_is_no_objection():
    play = begin("gesprek", "horen", "besluit")
    weg = path("s > horen > keus > gesprek > e") + path("keus > besluit > e")
    there = zaak("horen", "gesprek", "besluit", extra=(exclusive("keus"),), weg=weg)
    assert play.move(there) == []


def test_a_mapping_past_a_period_is_refused():
    play = begin("gesprek", "wacht", "horen", "besluit")
    [tekst] = play.move(
        zaak("gesprek", "wacht", "horen", "besluit"), mapping={"p": {"gesprek": "horen"}}
    )
    assert "de termijn “wacht”" in tekst


def test_who_waits_for_the_period_is_not_let_out_of_it():
    play = begin("wacht", "horen", "besluit")
    [tekst] = play.move(zaak("wacht", "horen", "besluit"), mapping={"p": {"wacht": "horen"}})
    assert "de termijn “wacht”" in tekst


def test_who_passed_the_safeguard_may_go_to_any_step_after_it():
    play = begin("horen", "rapport", "besluit")
    play.do("horen")
    assert play.move(zaak("horen", "besluit"), mapping={"p": {"rapport": "besluit"}}) == []


@pytest.mark.parametrize("klaar", ["horen", "anders"])
def test_who_waits_at_a_join_is_held_against_its_own_branch(klaar):
    weg = path("s > g > horen > j > besluit > e") + path("g > anders > j")
    drawn = zaak("horen", "anders", "besluit", extra=(parallel("g"), parallel("j")), weg=weg)
    play = Move(drawn)
    play.do(klaar)
    assert play.move(drawn) == []
