"""Judge element templates (.json): the modeller reads them, nothing of ours runs them."""

import re
from collections.abc import Iterator
from typing import Any, Final

from routeflow.engine import json_files
from routeflow.engine.types import Finding

MAX_DEPTH: Final = 20
MAX_PARTS: Final = 20_000
_TARGETS: Final = re.compile(r"[A-Za-z]+:[A-Za-z]+(?:#[A-Za-z]+)?")


def check(data: bytes, file: str) -> list[Finding]:
    """Return why a file of element templates cannot be used."""
    try:
        return [
            Finding(file, None, None, "sjabloon", zin)
            for zin in _problems(json_files.read(data, depth=MAX_DEPTH, parts=MAX_PARTS))
        ]
    except ValueError as error:
        return [Finding(file, None, None, "sjabloon", f"{file} is niet te lezen: {error}.")]


def _problems(whole: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    templates = whole if isinstance(whole, list) else [whole]
    for place, template in enumerate(templates, 1):
        if not isinstance(template, dict):
            yield f"Deel {place} is geen sjabloon."
            continue
        for name in ("id", "name"):
            if not isinstance(template.get(name), str) or not template[name].strip():
                yield f"Sjabloon {place} heeft geen {name}."
        targets = template.get("appliesTo")
        if not isinstance(targets, list) or not all(
            isinstance(target, str) and _TARGETS.fullmatch(target) for target in targets
        ):
            yield f"Sjabloon {place} zegt niet voor welke onderdelen van BPMN het is (appliesTo)."
        if not isinstance(template.get("properties"), list):
            yield f"Sjabloon {place} heeft geen lijst met eigenschappen (properties)."
