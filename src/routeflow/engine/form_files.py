"""As much of a .form file as the engine's judge needs: is it readable, and which facts it gives."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from routeflow import feel
from routeflow.engine import json_files
from routeflow.engine.types import Finding
from routeflow.errors import Incident

MAX_DEPTH: Final = 40
MAX_COMPONENTS: Final = 2_000
_LIST: Final = "dynamiclist"


def check(data: bytes, file: str) -> list[Finding]:
    """Return why a form cannot be read: no JSON, too big, another id, keys or FEEL that clash."""
    try:
        schema = _read(data)
    except ValueError as error:
        return [Finding(file, None, None, "formulier", f"{file} is niet te lezen: {error}.")]
    stem = PurePosixPath(file).stem
    found: list[Finding] = []
    if schema.get("id") != stem:
        found.append(
            Finding(
                file,
                None,
                None,
                "formulier-id",
                f"De id van dit formulier is {schema.get('id')!r}; dat moet {stem} zijn.",
            )
        )
    seen: Counter[tuple[str, str]] = Counter()
    for part, place in _components(schema):
        key = str(part.get("key") or "")
        seen[place, key] += 1
        if key and seen[place, key] == 2:  # noqa: PLR2004 - once for all its copies
            message = f"Het veld {key} komt meer dan een keer voor."
            found.append(Finding(file, key, None, "dubbele-sleutel", message))
        for text in _texts(part):
            try:
                feel.compile(text[1:])
            except Incident as fault:
                name = str(part.get("key") or part.get("id") or "") or None
                found.append(Finding(file, name, None, "expressie", fault.reden))
    return found


def keys(files: Mapping[str, bytes]) -> set[str]:
    """Return the names of all facts that the forms of a set ask for."""
    found: set[str] = set()
    for path, data in files.items():
        if path.endswith(".form"):
            try:
                schema = _read(data)
            except ValueError:  # a finding of its own
                continue
            for part, place in _components(schema):
                name = part.get("path" if part.get("type") == _LIST else "key")
                if name and not place:
                    found.add(str(name))
    return found


def written(data: bytes) -> frozenset[str]:
    """Return the facts that a form can write: its fields, not those that only show a known fact."""
    return frozenset(key for key, part, _ in _fields(data) if not _shows(part))


def always_asked(data: bytes) -> frozenset[str]:
    """Return the fields without an answer to which the form cannot be finished.

    That is a required field that is never hidden, and each field that the rule of such a field names.
    """
    fields = [(key, part) for key, part, hidden in _fields(data) if not hidden and not _shows(part)]
    required = {key: part for key, part in fields if _group(part, "validate").get("required")}
    named: set[str] = set()
    for part in required.values():
        rule = str(_group(part, "properties").get("regel") or "")
        try:
            named |= feel.compile(rule[1:]).names if rule.startswith("=") else set()
        except Incident:  # a finding of its own
            continue
    return frozenset(required) | (named & {key for key, _ in fields})


def choices(data: bytes) -> dict[str, frozenset[str]]:
    """Return what each field of a form that is asked lets people choose from."""
    return {
        key: frozenset(str(option.get("value")) for option in options if isinstance(option, dict))
        for key, part, _ in _fields(data)
        if isinstance(options := part.get("values"), list) and not _shows(part)
    }


def prefilled(data: bytes) -> frozenset[str]:
    """Return the fields that already have an answer when the form opens."""
    return frozenset(
        key for key, part, _ in _fields(data) if part.get("defaultValue") not in (None, "", [])
    )


def rules(data: bytes) -> dict[str, str]:
    """Return the rule of each field that has one, as it is written."""
    return {
        key: str(rule)
        for key, part, _ in _fields(data)
        if (rule := _group(part, "properties").get("regel"))
    }


def _fields(data: bytes) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Return the fields of a form with their key, and whether they can be hidden."""
    try:
        schema = _read(data)
    except ValueError:  # a finding of its own
        return
    waiting: list[tuple[Any, bool]] = [(schema, False)]
    while waiting:
        part, hidden = waiting.pop()
        if not isinstance(part, dict) or part.get("type") == _LIST:
            continue
        hidden = hidden or bool(_group(part, "conditional").get("hide"))
        if part.get("key"):
            yield str(part["key"]), part, hidden
        components = part.get("components")
        waiting += [(inner, hidden) for inner in components] if isinstance(components, list) else []


def _group(part: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a group of settings; another shape is a finding of the forms themselves."""
    found = part.get(name)
    return found if isinstance(found, dict) else {}


def _shows(part: dict[str, Any]) -> bool:
    return bool(part.get("disabled")) or "toon" in _group(part, "properties")


def _read(data: bytes) -> dict[str, Any]:
    schema = json_files.read(data, depth=MAX_DEPTH, parts=50 * MAX_COMPONENTS)
    if not isinstance(schema, dict):
        raise ValueError("het is geen formulier")  # noqa: TRY004 - a fault of the file
    if not isinstance(schema.get("components", []), list):
        raise ValueError("de onderdelen zijn geen lijst")  # noqa: TRY004
    return schema


def _components(schema: dict[str, Any], place: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Return each component with the path of the list that it is a row of ("" for the form)."""
    for part in schema.get("components") or []:
        if not isinstance(part, dict):
            continue
        yield part, place
        if isinstance(part.get("components", []), list):
            inner = f"{place}{part.get('path')}." if part.get("type") == _LIST else place
            yield from _components(part, inner)


def _texts(part: dict[str, Any]) -> Iterator[str]:
    """Return the FEEL in one component; a text component may hold plain text with an "=" in it."""
    waiting: list[Any] = [value for key, value in part.items() if key not in {"components", "text"}]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and value.startswith("=") and len(value) > 1:
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
