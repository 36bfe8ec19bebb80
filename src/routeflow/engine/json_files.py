"""Read a file that should hold JSON: no bigger, deeper or fuller than a person makes it."""

import json
from typing import Any, Final, NoReturn

MAX_BYTES: Final = 1024 * 1024


def read(data: bytes, *, depth: int, parts: int) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return what ``data`` holds. Raises ValueError, with the reason in words, when it is no good.

    ``depth`` and ``parts``: how many layers and values there may be.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"het is groter dan {MAX_BYTES // 1024} kB")
    try:
        found = json.loads(data, object_pairs_hook=_unique, parse_constant=_no_number)
    except _UnfitError:
        raise
    except (ValueError, RecursionError) as error:
        raise ValueError("het is geen JSON") from error
    _measure(found, depth, parts)
    return found


class _UnfitError(ValueError):
    """JSON that not every program reads alike."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _UnfitError("een naam staat ergens twee keer")
    return found


def _no_number(name: str) -> NoReturn:
    raise _UnfitError(f"{name} is geen getal")


def _measure(whole: Any, most_deep: int, most: int) -> None:  # noqa: ANN401 - JSON
    waiting = [(whole, 1)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if depth > most_deep:
            raise ValueError(f"het is dieper dan {most_deep} lagen")
        if count > most:
            raise ValueError("het heeft te veel onderdelen")
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            waiting += [(part, depth + 1) for part in inner]
