"""Measures the product, where it can against SpiffWorkflow used as its documentation shows.

Machines are noisy: read the ratios, whose two sides are taken in turns in the same run.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from routeflow.bench import kills, lists, step, timers, worklist
from routeflow.bench.figures import Options

__all__ = ["PARTS", "Options", "measure", "show", "sound"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the measurement: how to take it and how to print it.

    ``on_request``: taken only when it is named.
    """

    measure: Callable[[Options], dict[str, Any]]
    show: Callable[[dict[str, Any], Console], None]
    on_request: bool = False


PARTS = {
    "complete_taak": Part(step.measure, step.show),
    "worklist": Part(worklist.measure, worklist.show),
    "lists": Part(lists.measure, lists.show, on_request=True),
    "kills": Part(kills.measure, kills.show, on_request=True),
    "timers": Part(timers.measure, timers.show),
}


def measure(options: Options, parts: Sequence[str] = ()) -> dict[str, Any]:
    """Take the named ``parts``, or all that need no request, in the order of the table."""
    return {
        name: part.measure(options)
        for name, part in PARTS.items()
        if name in parts or not (parts or part.on_request)
    }


def sound(result: dict[str, Any]) -> bool:
    """Say whether nothing that was measured is plainly wrong, as something lost is."""
    return not any(een["verschillen"] for een in result.get("kills", {}).values())


def show(result: dict[str, Any]) -> None:
    """Print a result as tables."""
    console = Console()
    for name, figures in result.items():
        PARTS[name].show(figures, console)
