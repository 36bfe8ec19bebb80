"""What can go wrong in an expression, sorted by when: while reading it, or while it runs."""

import time
from dataclasses import dataclass
from typing import Final

from routeflow.errors import Incident


class SyntaxFault(Incident):
    """The text is not FEEL. ``column`` counts from 1, ``line`` too."""

    def __init__(self, reden: str, *, source: str = "", position: int = 0) -> None:
        before = source[:position]
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        where = (
            f"teken {self.column}" if self.line == 1 else f"regel {self.line}, teken {self.column}"
        )
        super().__init__(f"De expressie is niet te lezen ({where}): {reden}.")
        self.source = source


class LimitExceeded(Incident):
    """The evaluation asked for more steps, depth, memory or time than is allowed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one evaluation may ask for. Over a limit it stops with LimitExceeded.

    It never answers null for that: null means "not known", and a decision must not go
    on as if a fact were unknown when in truth the expression was too heavy.

    ``steps`` counts items visited and functions called; ``items`` is the longest list or
    context; ``text`` the longest string in characters; ``depth`` how deep functions may call
    each other; ``seconds`` the time on the wall.
    """

    steps: int = 250_000
    items: int = 100_000
    text: int = 1_000_000
    depth: int = 80
    seconds: float = 2.0


DEFAULT_LIMITS: Final = Limits()


class Budget:
    """Time on the processor for many evaluations together, in the thread that makes it.

    Each of them may be within its own limits while all of them keep others waiting for hours.
    """

    __slots__ = ("_until",)

    def __init__(self, seconds: float) -> None:
        self._until = time.thread_time() + seconds

    def check(self) -> None:
        """Raise LimitExceeded when the time is spent."""
        if time.thread_time() > self._until:
            raise LimitExceeded("De expressies duren samen te lang.")
