"""Measures the product, where it can against SpiffWorkflow used as its documentation shows.

Machines are noisy: read the ratios, whose two sides are taken in turns in the same run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from rich.console import Console

from routeflow.bench.figures import Options

__all__ = ["PARTS", "Options", "measure", "show", "sound"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the measurement: the module that has its ``measure`` and its ``show``.

    Imported when it is taken, so that the commands beside it do not wait for what it needs.
    ``on_request``: taken only when it is named.
    """

    module: str
    on_request: bool = False

    def measure(self, options: Options) -> dict[str, Any]:
        """Take this part."""
        found: dict[str, Any] = import_module(self.module).measure(options)
        return found

    def show(self, result: dict[str, Any], console: Console) -> None:
        """Print what this part found."""
        import_module(self.module).show(result, console)


PARTS = {
    "complete_taak": Part("routeflow.bench.step"),
    "completions": Part("routeflow.bench.completions"),
    "worklist": Part("routeflow.bench.worklist"),
    "lists": Part("routeflow.bench.lists", on_request=True),
    "kills": Part("routeflow.bench.kills", on_request=True),
    "jaar": Part("routeflow.bench.jaar", on_request=True),
    "timers": Part("routeflow.bench.timers"),
    "start": Part("routeflow.bench.start"),
    "feel": Part("routeflow.bench.feel"),
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
    return not any(
        een["verschillen"] for part in ("kills", "jaar") for een in result.get(part, {}).values()
    )


def show(result: dict[str, Any]) -> None:
    """Print a result as tables."""
    console = Console()
    for name, figures in result.items():
        PARTS[name].show(figures, console)
