"""Judge element templates (.json): the modeller reads them, nothing of ours runs them."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from routeflow.engine.types import Finding

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 20
MAX_PARTS: Final = 20_000
_TARGETS: Final = re.compile(r"[A-Za-z]+:[A-Za-z]+(?:#[A-Za-z]+)?")


def check(data: bytes, file: str) -> list[Finding]:
    """Return why a file of element templates cannot be used."""
    try:
        return [Finding(file, None, None, "sjabloon", zin) for zin in _problems(_read(data))]
    except ValueError as error:
        return [Finding(file, None, None, "sjabloon", f"{file} is niet te lezen: {error}.")]


def _read(data: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    if len(data) > MAX_BYTES:
        raise ValueError(f"het is groter dan {MAX_BYTES // 1024} kB")
    try:
        found = json.loads(data, object_pairs_hook=_unique, parse_constant=_no_number)
    except (RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError("het is geen JSON") from error
    _measure(found)
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("een naam staat ergens twee keer")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is geen getal")


def _measure(whole: Any) -> None:  # noqa: ANN401 - JSON
    waiting = [(whole, 1)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise ValueError(f"het is dieper dan {MAX_DEPTH} lagen")
        if count > MAX_PARTS:
            raise ValueError("het heeft te veel onderdelen")
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(part, depth + 1) for part in inner]


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
