"""FEEL's types: what a value is an instance of, and what it becomes when a type is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from routeflow.feel import tree
from routeflow.feel.values import KINDS, Function, Range, Value

Allowed = Callable[[Value], bool | None]


@dataclass(frozen=True, slots=True)
class Type:
    """A type. ``kind`` is a built-in name; the other fields say more where there is more.

    ``inner`` is the type of a list's or range's items; ``fields`` those of a context;
    ``params`` and ``result`` those of a function; ``allowed`` limits the values.
    """

    kind: str
    inner: "Type | None" = None
    fields: Mapping[str, "Type"] | None = None
    params: "tuple[Type, ...] | None" = None
    result: "Type | None" = None
    allowed: Allowed | None = None


ANY: Final = Type("Any")
NULL: Final = Type("Null")
_ALIASES: Final = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "any": "Any",
    "null": "Null",
}
SIMPLE: Final = {
    name: Type(name) for name in (*KINDS.values(), "function", "Any") if name != "Null"
} | {"Null": NULL}


def named(name: str) -> Type | None:
    """Return the built-in type with this name, None when it is not built in."""
    return SIMPLE.get(_ALIASES.get(name, name))


def type_of(written: tree.TypeName, known: Mapping[str, Type]) -> Type | None:
    """Return the type that is written, None when part of it is unknown."""
    inner = [type_of(part, known) for part in written.inner]
    parts = [part for part in inner if part is not None]
    if len(parts) < len(inner):
        return None
    if written.name == "context" and written.names:
        return Type("context", fields=dict(zip(written.names, parts, strict=True)))
    if written.name == "function" and parts:
        return Type("function", params=tuple(parts[:-1]), result=parts[-1])
    if parts:
        return Type(written.name, inner=parts[0])
    return known.get(written.name) or named(written.name)


def conforms(value: Value, wanted: Type) -> bool:
    """Return whether ``value`` may be used where ``wanted`` is asked; null conforms to all."""
    return value is None or is_instance(value, wanted, nullable=True)


def is_instance(value: Value, wanted: Type, *, nullable: bool = False) -> bool:
    """Return what ``value instance of wanted`` answers.

    ``nullable`` lets null pass inside lists and contexts.
    """
    if value is None:
        return nullable or wanted.kind == "Null"
    if wanted.kind != "Any":
        kind = KINDS.get(type(value), "function")
        if kind != wanted.kind or not _inside(value, kind, wanted, nullable=nullable):
            return False
    return wanted.allowed is None or wanted.allowed(value) is True


def _inside(value: Value, kind: str, wanted: Type, *, nullable: bool) -> bool:
    match kind:
        case "list":
            inner = wanted.inner
            return inner is None or all(is_instance(x, inner, nullable=nullable) for x in value)
        case "range":
            return wanted.inner is None or _ends_are(value, wanted.inner)
        case "context":
            return wanted.fields is None or all(
                (nullable or name in value)
                and is_instance(value.get(name), part, nullable=nullable)
                for name, part in wanted.fields.items()
            )
        case "function":
            return wanted.params is None or _is_function(value, wanted)
        case _:
            return True


def _ends_are(value: Range, inner: Type) -> bool:
    return all(end is None or is_instance(end, inner) for end in (value.start, value.end))


def _is_function(value: Function, wanted: Type) -> bool:
    params: tuple[Type, ...] | None = getattr(value, "types", None)
    if params is None:
        return True
    return len(params) == len(wanted.params or ()) and all(
        mine.kind in ("Any", asked.kind) or asked.kind == "Null"
        for mine, asked in zip(params, wanted.params or (), strict=True)
    )


def coerce(value: Value, wanted: Type) -> tuple[Value, bool]:
    """Return ``value`` as ``wanted`` and whether that could be done.

    One item becomes a list of one where a list is asked, and the other way round; a date
    becomes midnight UTC where a date and time is asked. What does not fit becomes null.
    """
    if conforms(value, wanted):
        return value, True
    if type(value) is list and len(value) == 1 and wanted.kind != "list":
        if conforms(value[0], wanted):
            return value[0], True
    elif wanted.kind == "list":
        if conforms([value], wanted):
            return [value], True
    elif wanted.kind == "date and time" and KINDS.get(type(value)) == "date":
        return midnight(value), True
    return None, False


def midnight(day: Value) -> Value:
    """Return the first moment of ``day`` in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
