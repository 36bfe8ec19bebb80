"""Errors, sorted by who acts next (docs/architecture.md). Their text is Dutch: users read it."""

from collections.abc import Mapping
from typing import ClassVar


class RouteflowError(Exception):
    """Base of every error that this product raises on purpose."""


class Refusal(RouteflowError):
    """The user can act: the text says what was asked, what is so, and what to do."""

    status: ClassVar[int] = 400


class NotFound(Refusal):
    """What was asked for does not exist, or may not be known to this user."""

    status = 404


class NotAllowed(Refusal):
    """This user may not do this."""

    status = 403


class Conflict(Refusal):
    """Somebody or something else was first: a second click, a colleague, a timer."""

    status = 409


class Invalid(Refusal):
    """What was filled in is not right. ``fouten`` maps a field (or element) to a sentence."""

    status = 422

    def __init__(self, tekst: str, fouten: Mapping[str, str] | None = None) -> None:
        super().__init__(tekst)
        self.fouten = dict(fouten or {})


class Incident(RouteflowError):
    """The process owner can act: a diagram, table or fact makes it impossible to go on.

    ``element`` is the id in the diagram where it stopped, None when unknown.
    """

    def __init__(self, reden: str, element: str | None = None) -> None:
        super().__init__(reden)
        self.reden = reden
        self.element = element


class Transient(RouteflowError):
    """Nobody needs to act yet: the worker tries again later."""
