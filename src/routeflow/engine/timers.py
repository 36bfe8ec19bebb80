"""When armed timers go off, by the clock of the host."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from routeflow.engine import moments
from routeflow.engine.diagram import Event
from routeflow.engine.spiff import WAITING, Token
from routeflow.errors import Incident

if TYPE_CHECKING:
    from routeflow.engine.act import Act


class Timers:
    """The timers of a route."""

    def __init__(self, act: "Act") -> None:
        self.act = act

    def schedule(self, token: Token) -> None:
        """Set the moment of a duration or repeating timer; it stays unset while FEEL is null."""
        event = token.task_spec.listens_to
        if event is None or event.kind != "timer" or event.timer == "timeDate":
            return
        value = self._timer_value(token)
        if value is None:
            return
        try:
            if event.timer == "timeDuration":
                due = moments.duration(value).after(token.opened)
            else:
                found = moments.cycle(value)
                if found.times == 0:
                    return
                first = 0 if found.start else 1
                begin = found.start or token.opened
                due = found.step.times(first).after(begin)
                token.memo.update(
                    left=found.times,
                    step=str(value).rpartition("/")[2],
                    begin=moments.micros(begin),
                    turn=first,
                )
        except (ValueError, OverflowError) as error:
            raise Incident(f"De timer is niet te zetten: {error}.", token.node.id) from error
        token.memo["due"] = moments.micros(due)

    def following(self, token: Token) -> dict[str, Any] | None:
        """Return what to remember of the next turn of a repeating timer; None after its last.

        Each turn is counted from the beginning: the 31st of a month comes back after a shorter
        one. Turns that were missed while nobody looked are passed by.
        """
        memo = token.memo
        if "step" not in memo or memo.get("due") is None:
            return None
        step = moments.duration(memo["step"])
        begin, turn = memo.get("begin", memo["due"]), memo.get("turn", 0)
        try:
            number, due = step.next_turn(moments.instant(begin), turn, self.act.world.now)
        except ValueError:
            return None  # beyond the calendar
        left = None if memo["left"] is None else memo["left"] - (number - turn)
        if left is not None and left <= 0:
            return None
        return {
            "due": moments.micros(due),
            "left": left,
            "step": memo["step"],
            "begin": begin,
            "turn": number,
        }

    def due(self, token: Token, event: Event) -> datetime | None:
        """Return when a timer is due; a date is looked up again each time, for facts change."""
        if event.timer != "timeDate":
            stored = token.memo.get("due")
            return None if stored is None else moments.instant(stored)
        value = self._timer_value(token)
        if value is None:
            return None
        try:
            return moments.moment(value)
        except (ValueError, OverflowError) as error:
            raise Incident(f"De timer is niet te zetten: {error}.", token.node.id) from error

    def _timer_value(self, token: Token) -> Any:  # noqa: ANN401 - a FEEL value
        """Evaluate a timer as at the moment it was armed, so that now() does not move along."""
        return self.act.value(token.task_spec.expression, token, now=token.opened)

    def reschedule(self) -> None:
        """Set the timers whose duration was not known when they were armed."""
        for token in self.act.everywhere():
            event = token.task_spec.listens_to
            if event is None or event.kind != "timer" or event.timer == "timeDate":
                continue
            if token.state == WAITING and "due" not in token.memo:
                self.schedule(token)
