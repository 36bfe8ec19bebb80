"""What is wrong in a file, before it is a Finding."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["fout", "waarschuwing"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that a person must look at. ``element`` is an id or a name."""

    element: str | None
    name: str | None
    code: str
    message: str
    line: int | None
    severity: Severity = "fout"
