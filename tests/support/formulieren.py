"""Forms for tests, written as short as form-js allows."""

import json
from typing import Any


def formulier(*components: dict[str, Any], id: str = "proef") -> bytes:  # noqa: A002 - its name in the file
    return json.dumps(
        {
            "schemaVersion": 16,
            "type": "default",
            "id": id,
            "executionPlatform": "Camunda Cloud",
            "executionPlatformVersion": "8.6.0",
            "components": list(components),
        }
    ).encode()


def veld(soort: str, key: str, **rest: Any) -> dict[str, Any]:
    """Return one component; ``verplicht=True`` and ``hide=...`` are short for form-js' own."""
    validate = rest.pop("validate", {}) | (
        {"required": True} if rest.pop("verplicht", False) else {}
    )
    hide = rest.pop("hide", None)
    one: dict[str, Any] = {
        "type": soort,
        "key": key,
        "label": key.capitalize(),
        "id": f"veld_{key}",
    }
    if soort == "datetime":
        one |= {"subtype": "date", "dateLabel": one.pop("label")}
    if soort == "dynamiclist":
        one["path"] = one.pop("key")
    if validate:
        one["validate"] = validate
    if hide:
        one["conditional"] = {"hide": hide}
    return one | rest


def opties(*waarden: Any) -> dict[str, Any]:
    return {"values": [{"label": str(waarde).capitalize(), "value": waarde} for waarde in waarden]}
