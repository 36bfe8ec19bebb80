"""How a built-in function states its parameters, and how arguments are fitted to them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from routeflow.feel.run import Invocable, Run
from routeflow.feel.temporal import WideDate, WideDays, WideMoment, WideTime
from routeflow.feel.values import Function, Range, Value, YearsMonths, in_dutch

Implementation = Callable[..., Value]

_TYPES: Final[dict[str, frozenset[type] | None]] = {
    "any": None,
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({date, WideDate}),
    "time": frozenset({time, WideTime}),
    "moment": frozenset({datetime, WideMoment}),
    "days": frozenset({timedelta, WideDays}),
    "months": frozenset({YearsMonths}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "range": frozenset({Range}),
    "null": frozenset({type(None)}),
}
_PARAM: Final = re.compile(r"(?P<name>[^:?*]+)(?P<mark>[?*]?): (?P<type>[a-z|]+)")


@dataclass(frozen=True, slots=True)
class Param:
    """``accepted`` is None when everything is; ``function`` lets any function in."""

    name: str
    optional: bool
    accepted: frozenset[type] | None
    function: bool

    def fit(self, value: Value) -> tuple[Value, bool]:
        """Return the value to use and whether it fits; a list of one may stand for its item."""
        if self.accepted is None or type(value) in self.accepted:
            return value, True
        if self.function and isinstance(value, Function):
            return value, True
        if self.optional and value is None:
            return None, True
        if type(value) is list and len(value) == 1 and type(value[0]) in self.accepted:
            return value[0], True
        if list in self.accepted and value is not None:
            return [value], True
        return value, False


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a built-in. The last parameter may take all remaining arguments."""

    params: tuple[Param, ...]
    required: int
    variadic: bool
    implementation: Implementation

    def accepts(self, count: int) -> bool:
        return self.required <= count and (self.variadic or count <= len(self.params))


class Builtin(Invocable):
    """A function of FEEL itself, with one or more overloads that are tried in order."""

    __slots__ = ("overloads",)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.overloads: list[Overload] = []

    def call(self, run: Run, args: list[Value], names: tuple[str, ...] | None) -> Value:
        run.charge(1)
        problem = ""
        overloads = self.overloads if names is None else _as_written(self.overloads, names)
        for overload in overloads:
            ordered = args if names is None else _by_name(overload, args, names)
            if ordered is None or not overload.accepts(len(ordered)):
                continue
            fitted, problem = _fit(overload, ordered)
            if not problem:
                return overload.implementation(run, *fitted)
        if not problem:
            given = ", ".join(names) if names else f"{len(args)} gegevens"
            problem = f"kan niet worden aangeroepen met {given}"
        return run.null(f"{self.name}: {problem}")


def _as_written(overloads: list[Overload], names: tuple[str, ...]) -> list[Overload]:
    """Return first what has its parameters in the order written: before(point: 1, range: r)."""
    return sorted(
        overloads, key=lambda one: tuple(param.name for param in one.params[: len(names)]) != names
    )


def _by_name(overload: Overload, args: list[Value], names: tuple[str, ...]) -> list[Value] | None:
    given = dict(zip(names, args, strict=True))
    known = [param.name for param in overload.params]
    if not given.keys() <= set(known):
        return None
    if overload.variadic:
        last = given.pop(known[-1], None)
        rest = last if type(last) is list and len(known) > 1 else [last]
        known, tail = known[:-1], rest
    else:
        tail = []
    if any(
        param.name not in given and not param.optional for param in overload.params[: len(known)]
    ):
        return None
    return [given.get(name) for name in known] + tail


def _fit(overload: Overload, args: list[Value]) -> tuple[list[Value], str]:
    params = overload.params
    fitted = []
    for index, value in enumerate(args):
        param = params[index] if index < len(params) else params[-1]
        found, fits = param.fit(value)
        if not fits:
            return [], f"{param.name} is {in_dutch(value)}"
        fitted.append(found)
    return fitted, ""


class Chapter(dict[str, Builtin]):
    """The functions of one chapter, filled by decorating their implementations."""

    def function(self, signature: str) -> Callable[[Implementation], Implementation]:
        """Register an implementation under ``name(parameter: type, optional?: type, rest*: type)``.

        The implementation gets the Run and then the arguments; left-out ones are not given.
        """
        name, _, inside = signature.removesuffix(")").partition("(")
        params = tuple(_param(text) for text in inside.split(", ") if text)
        variadic = inside.rpartition(", ")[2].partition(":")[0].endswith("*")

        def register(implementation: Implementation) -> Implementation:
            required = sum(not param.optional for param in params)
            overload = Overload(params, required, variadic, implementation)
            self.setdefault(name, Builtin(name)).overloads.append(overload)
            return implementation

        return register


def _param(text: str) -> Param:
    found: Any = _PARAM.fullmatch(text)
    accepted: frozenset[type] | None = frozenset()
    for word in found["type"].split("|"):
        kinds = _TYPES[word] if word != "function" else frozenset()
        accepted = None if kinds is None or accepted is None else accepted | kinds
    return Param(found["name"], found["mark"] == "?", accepted, "function" in found["type"])
