"""FEEL's types: what a value is an instance of, and what it becomes when a type is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, time
from typing import Final

from routeflow.feel import tree
from routeflow.feel.temporal import make_moment
from routeflow.feel.values import KINDS, Charge, Function, Range, Value, in_dutch, kind

Allowed = Callable[[Value, Charge], bool | None]


@dataclass(frozen=True, slots=True)
class Type:
    """A type. ``kind`` is a built-in name; the other fields say more where there is more.

    ``inner`` is the type of a list's or range's items; ``fields`` those of a context;
    ``params`` and ``result`` those of a function; ``allowed`` limits the values, and counts the
    work of asking it.
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


def conforms(value: Value, wanted: Type, charge: Charge) -> bool:
    """Return whether ``value`` may be used where ``wanted`` is asked; null conforms to all."""
    return value is None or _is(value, wanted, charge, limited=True)


def is_instance(value: Value, wanted: Type, charge: Charge) -> bool:
    """Return what ``value instance of wanted`` answers; limits on the values do not count."""
    if value is None:
        return wanted.kind == "Null"
    return _is(value, wanted, charge, limited=False)


def _is(value: Value, wanted: Type, charge: Charge, *, limited: bool) -> bool:
    if value is None:
        return True
    if wanted.kind != "Any":
        kind = KINDS.get(type(value), "function")
        if kind != wanted.kind or not _inside(value, kind, wanted, charge, limited=limited):
            return False
    return not limited or wanted.allowed is None or wanted.allowed(value, charge) is True


def _inside(value: Value, kind: str, wanted: Type, charge: Charge, *, limited: bool) -> bool:
    match kind:
        case "list":
            inner = wanted.inner
            if inner is None:
                return True
            charge(len(value) >> 2)
            return all(_is(item, inner, charge, limited=limited) for item in value)
        case "range":
            return wanted.inner is None or _ends_are(value, wanted.inner, charge)
        case "context":
            return wanted.fields is None or all(
                name in value and _is(value[name], part, charge, limited=limited)
                for name, part in wanted.fields.items()
            )
        case "function":
            return wanted.params is None or _is_function(value, wanted)
        case _:
            return True


def _ends_are(value: Range, inner: Type, charge: Charge) -> bool:
    return all(end is None or is_instance(end, inner, charge) for end in (value.start, value.end))


def _is_function(value: Function, wanted: Type) -> bool:
    params: tuple[Type, ...] | None = getattr(value, "types", None)
    if params is None:
        return True
    asked = wanted.params or ()
    if len(params) != len(asked) or not all(map(_fits, asked, params)):
        return False
    result: Type | None = getattr(value, "result", None) or getattr(value, "inferred", None)
    return result is None or wanted.result is None or _fits(result, wanted.result)


def _fits(one: Type, other: Type) -> bool:
    """Return whether each value of type ``one`` is also of type ``other``."""
    if other.kind == "Any" or one.kind == "Null":
        return True
    if one.kind != other.kind:
        return False
    if other.inner is not None:
        return one.inner is not None and _fits(one.inner, other.inner)
    if other.fields is not None:
        mine = one.fields or {}
        return all(name in mine and _fits(mine[name], x) for name, x in other.fields.items())
    return True


def inferred(node: tree.Node | None) -> Type | None:
    """Return the type of an expression as far as its literals tell, None when they do not."""
    match node:
        case tree.Value(value=value):
            return Type(KINDS[type(value)])
        case tree.Entries(entries=entries):
            return Type(
                "context", fields={entry.name: inferred(entry.value) or ANY for entry in entries}
            )
        case tree.Items(items=items):
            kinds = [inferred(item) or ANY for item in items]
            return Type("list", inner=kinds[0] if kinds and kinds[1:] == kinds[:-1] else ANY)
        case _:
            return None


def misfit(value: Value, wanted: Type) -> str:
    """Return what is wrong with a value that cannot be made ``wanted``, to put behind its name."""
    if kind(value) == wanted.kind:
        return "heeft een waarde die bij zijn type niet mag"
    return f"is {in_dutch(value)} en past niet bij het type {wanted.kind}"


def coerce(value: Value, wanted: Type, charge: Charge) -> tuple[Value, bool]:
    """Return ``value`` as ``wanted`` and whether that could be done.

    One item becomes a list of one where a list is asked, and the other way round; a date
    becomes midnight UTC where a date and time is asked. What does not fit becomes null.
    """
    if conforms(value, wanted, charge):
        return value, True
    if wanted.kind == "list":
        return ([value], True) if conforms([value], wanted, charge) else (None, False)
    while type(value) is list and len(value) == 1:
        value = value[0]
        if conforms(value, wanted, charge):
            return value, True
    if wanted.kind == "date and time" and KINDS.get(type(value)) == "date":
        moment = make_moment(value, time(tzinfo=UTC))
        return (moment, True) if conforms(moment, wanted, charge) else (None, False)
    return None, False
