"""A running route goes to another version of its diagrams: what stays, what changes, what is told."""

from datetime import timedelta

import pytest

from routeflow import engine
from routeflow.engine import Moeilijkheden
from support.bpmn import (
    BEGIN,
    Play,
    after,
    boundary,
    call,
    called,
    catch,
    draw,
    each,
    end,
    event_sub,
    events,
    every,
    exclusive,
    inclusive,
    message,
    parallel,
    path,
    receive,
    script,
    start,
    sub,
    user,
)


class Move(Play):
    """A route that can be moved to other diagrams."""

    def move(self, *files, mapping=None):
        """Go on in other diagrams; answers the reasons when it stays where it is."""
        new = engine.load({f"processes/{n}.bpmn": data for n, data in enumerate(files)})
        step = engine.migrate(self.definition, self.step.state, new, self.world, mapping)
        if isinstance(step, Moeilijkheden):
            return [(one.element, one.tekst) for one in step.alle]
        self.definition = new
        self.take(step)
        return []

    def ids(self):
        """What everything that waits is known by outside."""
        rows = (*self.step.tasks, *self.step.alarms, *self.step.waits)
        return {row.element: row.id for row in rows}


def line(*names, extra=""):
    stops = " > ".join(("s", *names, "e"))
    return draw("p", start(), *map(user, names), end(), path(stops), extra)


def branch(*names, to="j"):
    """Tasks on one branch between the gateways g and j."""
    return "".join(map(user, names)) + path(" > ".join(("g", *names, to)))


def fork(*branches, kind=parallel):
    return draw(
        "p", start(), kind("g"), kind("j"), user("z"), end(), path("s > g"), path("j > z > e"),
        *branches,
    )  # fmt: skip


def test_a_task_that_still_exists_keeps_its_id_and_its_moment():
    play = Move(line("a", "b"))
    before = play.step.tasks[0]
    play.now += timedelta(days=3)
    assert play.move(line("n", "a", "m", "b")) == []
    assert (play.step.tasks[0].id, play.step.tasks[0].opened) == (before.id, before.opened)
    assert play.do("a", "m", "b").finished


def test_a_task_that_is_gone_is_named():
    play = Move(line("a", "b"))
    assert play.move(line("b")) == [("a", "“a” bestaat niet meer in de nieuwe versie.")]
    assert play.open == ["a"]


def test_a_mapping_says_where_to_go_on():
    play = Move(line("a", "b"))
    was = play.ids()["a"]
    assert play.move(line("x", "b"), mapping={"p": {"a": "x"}}) == []
    assert play.ids() == {"x": was}


def test_a_mapping_to_another_kind_goes_on_there_as_if_it_just_came():
    play = Move(line("a", "b"))
    skip = draw("p", start(), script("c", "=1", "n"), user("b"), end(), path("s > c > b > e"))
    assert play.move(skip) == [("a", "“a” bestaat niet meer in de nieuwe versie.")]
    assert play.move(skip, mapping={"p": {"a": "c"}}) == []
    assert play.open == ["b"]
    assert ("a", "cancelled") in [(one.element, one.what) for one in play.passed]


def test_another_kind_under_the_same_id_is_no_home():
    play = Move(line("a"))
    other = draw("p", start(), receive("a", messageRef="M_x"), end(), path("s > a > e"),
                 catch("c", message("x")), path("c > e"))  # fmt: skip
    ((element, text),) = play.move(other)
    assert element == "a"
    assert text == "“a” was een taak van een persoon en is nu een taak die op een bericht wacht."
    assert play.move(other, mapping={"p": {"a": "a"}}) == []
    assert play.waits == ["x"]


def test_a_task_in_another_scope_is_no_home():
    play = Move(line("a"))
    inside = draw("p", start(), sub("d", start("ds"), user("a"), end("de"), path("ds > a > de")),
                  end(), path("s > d > e"))  # fmt: skip
    ((_, text),) = play.move(inside)
    assert text.startswith("“a” staat in de nieuwe versie op een andere plaats")


def timed(expression, *, host="a", interrupting=True, kind=after):
    edge = boundary("t", host, kind(expression), interrupting=interrupting)
    return draw("p", start(), user("a"), edge, user("late"), end(), end("e2"),
                path("s > a > e"), path("t > late > e2"))  # fmt: skip


def test_a_running_timer_keeps_its_moment_and_its_id():
    play = Move(timed("P10W"))
    (before,) = play.step.alarms
    play.now += timedelta(days=20)
    assert play.move(timed("P10W").replace(b'name="late"', b'name="Later"')) == []
    assert play.step.alarms == (before,)


def test_a_timer_that_changed_is_counted_again_from_when_it_was_armed():
    play = Move(timed("P10W"))
    was = play.ids()["t"]
    play.now += timedelta(days=20)
    assert play.move(timed("P9W")) == []
    (alarm,) = play.step.alarms
    assert (alarm.id, alarm.due) == (was, BEGIN + timedelta(weeks=9))


def test_a_boundary_timer_that_is_new_counts_from_the_opening_of_its_task():
    play = Move(line("a"))
    play.now += timedelta(days=2)
    assert play.move(timed("P5D")) == []
    assert play.step.alarms[0].due == BEGIN + timedelta(days=5)
    assert play.wait(days=4).open == ["late"]


def test_a_timer_that_went_off_does_not_come_back():
    play = Move(timed("P1D", interrupting=False)).wait(days=2)
    assert play.move(timed("P3D", interrupting=False)) == []
    assert (play.open, play.alarms) == (["a", "late"], [])


def test_a_timer_that_is_gone_no_longer_goes_off():
    play = Move(timed("P1D"))
    assert play.move(line("a")) == []
    assert play.alarms == []


def test_a_repeating_timer_goes_on_where_it_was():
    play = Move(timed("R3/P1D", interrupting=False, kind=every)).wait(days=1)
    before = play.step.alarms
    assert play.move(timed("R3/P1D", interrupting=False, kind=every)) == []
    assert play.step.alarms == before
    assert play.wait(days=9).open == ["a", "late", "late", "late"]


def test_a_boundary_on_another_task_is_new_there():
    two = lambda host: draw(  # noqa: E731 - twice the same drawing
        "p", start(), user("a"), user("b"), boundary("t", host, after("P1D")), end(), end("e2"),
        path("s > a > b > e"), path("t > e2"),
    )  # fmt: skip
    play = Move(two("a"))
    assert play.move(two("b")) == []
    assert play.alarms == []
    assert play.do("a").alarms == ["t"]


def test_a_boundary_that_waits_for_something_else_is_armed_anew():
    play = Move(timed("P1D"))
    other = timed("P1D").replace(after("P1D").encode(), message("x").encode())
    other = other.replace(b"<bpmn:process", b'<bpmn:message id="M_x" name="x"/><bpmn:process')
    assert play.move(other) == []
    assert (play.alarms, play.waits) == ([], ["x"])


def test_what_a_wait_listens_to_may_get_another_name():
    waiting = lambda name: draw("p", start(), catch("c", message(name)), end(), path("s > c > e"))  # noqa: E731
    play = Move(waiting("x"))
    was = play.ids()
    assert play.move(waiting("y")) == []
    assert (play.ids(), play.waits) == (was, ["y"])


def test_a_wait_for_another_sort_of_event_is_told():
    play = Move(draw("p", start(), catch("c", message("x")), end(), path("s > c > e")))
    other = draw("p", start(), catch("c", after("P1D")), end(), path("s > c > e"))
    ((_, text),) = play.move(other)
    assert text == "“c” wachtte op een bericht en wacht nu op een moment."


def race(*branches):
    drawn = [
        part for name, event in branches for part in (catch(name, event), path(f"g > {name} > e"))
    ]
    return draw("p", start(), events("g"), end(), path("s > g"), *drawn)


RACE = (("m", message("m")), ("t", after("P2D")))


def test_a_race_goes_on_with_the_branches_that_are_left():
    play = Move(race(*RACE))
    was = play.ids()
    assert play.move(race(RACE[1])) == []
    assert play.ids() == {"t": was["t"]}
    assert play.wait(days=3).finished


def test_a_new_branch_of_a_race_counts_from_the_beginning_of_the_race():
    play = Move(race(*RACE))
    play.now += timedelta(days=1)
    assert play.move(race(*RACE, ("u", after("P5D")))) == []
    assert {alarm.element: alarm.due for alarm in play.step.alarms} == {
        "t": BEGIN + timedelta(days=2),
        "u": BEGIN + timedelta(days=5),
    }
    assert play.tell("m").finished


def test_a_race_without_any_branch_left_is_told():
    play = Move(race(*RACE))
    assert [element for element, _ in play.move(line("a"))] == ["m", "t"]


def test_a_branch_that_is_added_after_the_split_is_told():
    play = Move(fork(branch("a"), branch("b"))).do("a")
    ((element, text),) = play.move(fork(branch("a"), branch("b"), branch("c")))
    assert element == "j"
    assert text == "“j” wacht ook op “c”, en daar komt deze route niet meer."


def test_a_branch_that_is_added_before_the_split_is_none_of_its_business():
    first = lambda *branches: fork(*branches).replace(  # noqa: E731
        path("s > g").encode(), (user("q") + path("s > q > g")).encode()
    )
    play = Move(first(branch("a"), branch("b")))
    assert play.move(first(branch("a"), branch("b"), branch("c"))) == []
    assert play.do("q", "a", "b").open == ["c"]


def test_a_branch_that_was_done_may_go():
    play = Move(fork(branch("a"), branch("b"), branch("c"))).do("c")
    assert play.move(fork(branch("a"), branch("b"))) == []
    assert play.do("a", "b").open == ["z"]


def test_a_join_that_waits_for_nothing_more_goes_on():
    play = Move(fork(branch("a"), branch("b"), branch("c"))).do("b", "c")
    whole = fork(branch("a"), branch("b"), branch("c"))
    ((element, _),) = play.move(fork(branch("b"), branch("c")))
    assert element == "a"
    aside = draw(
        "p", start(), parallel("g"), parallel("j"), user("z"), end(), end("e2"), path("s > g"),
        path("j > z > e"), branch("a", to="e2"), branch("b"), branch("c"),
    )  # fmt: skip
    assert play.move(aside) == []
    assert play.open == ["a", "z"]
    assert play.definition.names == engine.load({"p.bpmn": whole}).names | {"e2": "e2"}


def test_a_step_between_a_finished_branch_and_its_join_changes_nothing_for_that_branch():
    play = Move(fork(branch("a"), branch("b"))).do("a")
    assert play.move(fork(branch("a", "n"), branch("b"))) == []
    assert play.do("b").open == ["z"]


def test_a_finished_branch_under_another_name_needs_a_mapping():
    play = Move(fork(branch("a"), branch("b"))).do("a")
    renamed = fork(branch("a2"), branch("b"))
    ((element, text),) = play.move(renamed)
    assert (element, text) == ("j", "“j” wacht ook op “a2”, en daar komt deze route niet meer.")
    assert play.move(renamed, mapping={"p": {"a": "a2"}}) == []
    assert play.do("b").open == ["z"]


def test_a_join_that_no_longer_joins_is_told():
    play = Move(fork(branch("a"), branch("b")))
    loose = draw("p", start(), parallel("g"), exclusive("j"), user("z"), end(), path("s > g"),
                 path("j > z > e"), branch("a"), branch("b"))  # fmt: skip
    ((element, text),) = play.move(loose)
    assert element == "j"
    assert "los verdergaan" in text


def test_an_inclusive_join_waits_for_who_is_still_coming():
    play = Move(fork(branch("a"), branch("b"), kind=inclusive)).do("a")
    assert play.move(fork(branch("a"), branch("b", "n"), kind=inclusive)) == []
    assert play.do("b", "n").open == ["z"]


def handled(*inside):
    return draw("p", start(), user("a"), end(), path("s > a > e"), *inside)


HANDLER = event_sub("h", start("hs", message("m"), isInterrupting="false"), user("x"), end("he"),
                    path("hs > x > he"))  # fmt: skip


def test_an_event_subprocess_that_is_new_listens():
    play = Move(handled())
    assert play.move(handled(HANDLER)) == []
    assert play.tell("m").tell("m").open == ["a", "x", "x"]


def test_what_an_event_subprocess_began_goes_on():
    play = Move(handled(HANDLER)).tell("m")
    was = play.ids()
    assert play.move(handled(HANDLER)) == []
    assert play.ids() == was
    assert [element for element, _ in play.move(handled())] == ["h"]


def parent(process, *rest):
    return draw("p", start(), call("c", called(process)), *map(user, rest), end(),
                path(" > ".join(("s", "c", *rest, "e"))))  # fmt: skip


def child(process, *names):
    stops = " > ".join((f"{process}_s", *names, f"{process}_e"))
    parts = [start(f"{process}_s"), *map(user, names), end(f"{process}_e")]
    return draw(process, *parts, path(stops))


def test_inside_a_called_process_the_same_holds():
    play = Move(parent("k"), child("k", "a", "b")).do("a")
    was = play.ids()
    assert play.move(parent("k", "after"), child("k", "n", "b", "m")) == []
    assert play.ids() == was
    assert play.do("b", "m", "after").finished


def test_another_called_process_is_told_unless_it_is_the_same_one_renamed():
    play = Move(parent("k"), child("k", "a", "b"))
    new = parent("l"), child("l", "a", "b")
    assert play.move(*new) == [
        ("c", "“c” roept in de nieuwe versie een ander proces aan: l."),
    ]
    assert play.move(*new, mapping={"k": {"k": "l"}}) == []
    assert play.do("a", "b").finished


def test_a_process_that_is_gone_is_told():
    play = Move(line("a"))
    assert play.move(draw("q", start(), user("a"), end(), path("s > a > e"))) == [
        ("p", "Het proces p bestaat niet meer in de nieuwe versie.")
    ]
    assert play.move(
        draw("q", start(), user("a"), end(), path("s > a > e")), mapping={"p": {"p": "q"}}
    ) == []  # fmt: skip
    assert play.do("a").finished


def many(**loop):
    return draw("p", start(), user("a", each("=items", "item", **loop)), user("b"), end(),
                path("s > a > b > e"))  # fmt: skip


def test_the_instances_of_a_multi_instance_go_along():
    play = Move(many(), facts={"items": ["x", "y", "z"]}).do("a")
    was = [(task.id, task.local) for task in play.step.tasks]
    changed = many().replace(b'name="b"', b'name="Daarna"')
    assert play.move(changed) == []
    assert [(task.id, task.local) for task in play.step.tasks] == was
    assert play.do("a", "a").open == ["b"]


@pytest.mark.parametrize(
    "other",
    [many(sequential=True), line("a", "b"), many(out=("uit", "=item"))],
)
def test_a_multi_instance_that_repeats_otherwise_is_told(other):
    play = Move(many(), facts={"items": ["x", "y"]})
    ((element, text),) = play.move(other)
    assert element == "a"
    assert text == "“a” wordt in de nieuwe versie op een andere manier herhaald."


def test_a_multi_instance_can_begin_anew_where_its_owner_says_so():
    play = Move(many(), facts={"items": ["x", "y"]})
    assert play.move(line("a", "b"), mapping={"p": {"a": "a"}}) == []
    assert play.open == ["a"]
    assert play.do("a", "b").finished


def test_a_subprocess_that_is_gone_is_told_once():
    inner = sub("d", start("ds"), user("a"), user("b"), end("de"), path("ds > a > b > de"))
    play = Move(draw("p", start(), inner, end(), path("s > d > e")))
    assert [element for element, _ in play.move(line("a", "b"))] == ["d"]
    assert play.move(line("a", "b"), mapping={"p": {"d": "b"}}) == []
    assert play.open == ["b"]


def test_an_answer_that_stays_with_the_route_goes_along():
    kept = draw("p", start(), user("a"), user("b"), exclusive("g", default="g_e"), end(),
                path("s > a > b > g"), path("g > a", "=x = 1"), path("g > e"))  # fmt: skip
    play = Move(kept).do("a", x=1)
    assert play.move(kept) == []
    assert play.task("b").local["x"] == 1


def test_a_route_that_was_moved_is_stored_like_one_that_always_was_there():
    play = Move(line("a", "b"))
    state = play.step.state
    assert play.move(line("a", "b")) == []
    assert play.step.state == state
