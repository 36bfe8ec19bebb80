"""What is wrong in a file with decisions, before it is a Finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that a person must look at. ``element`` is an id or a name."""

    element: str | None
    name: str | None
    code: str
    message: str
    severity: str
    line: int | None
