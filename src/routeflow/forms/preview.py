"""Where the preview of the modeller answers a condition of a form otherwise than routeflow.

The Camunda Modeler answers it with feelin, which differs from the standard in what
``tests/feel/shared.json`` names, and it hides a field also when the answer is null. What can be
seen in the expression itself is told here; the rest hangs on the values.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from routeflow import feel
from routeflow.errors import Incident
from routeflow.feel import tree

_ANY_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)  # when does not matter for what is empty
_DIGITS: Final = 15
_ARITHMETIC: Final = frozenset({"+", "-", "*", "/", "**"})
_EQUALITY: Final = frozenset({"=", "!="})
_MOMENTS: Final = frozenset({"date and time", "time", "now"})
_LENGTHS: Final = frozenset({"duration", "years and months duration"})
_DAYS: Final = frozenset({"date", "today"})
_SAYS_SO: Final = frozenset(
    {
        "not", "contains", "starts with", "ends with", "matches", "list contains", "all", "any",
        "even", "odd", "before", "after", "meets", "met by", "overlaps", "includes",
    }
)  # fmt: skip
_LACKING: Final = frozenset(
    {
        "overlaps before", "overlaps after", "finishes", "finished by", "during", "starts",
        "started by", "coincides", "is", "and", "or", "range",
    }
)  # fmt: skip
_PLACES: Final = frozenset({"insert before", "list replace", "remove"})
_ROUNDING: Final = frozenset(
    {"decimal", "round up", "round down", "round half up", "round half down", "floor", "ceiling"}
)
_WIDE_YEAR: Final = re.compile(r"-\d|\d{5,}-")

FLOATS: Final = "zij rekent binair: 0.1 + 0.2 is daar geen 0.3"
EXPONENT: Final = "zij leest 1e3 als 1; schrijf 1000"
TRUTH: Final = "na if telt daar ook een tekst, getal of lijst als waar; schrijf er = true achter"
WHOLE_CALL: Final = (
    "een filter van alleen een functie kent daar item niet; schrijf er = true achter"
)
NULL_ITEM: Final = "een filter slaat daar over wat leeg is"
EXTREME: Final = "min en max kennen daar alleen getallen"
PLAIN_ITEMS: Final = "list contains en index of vinden daar geen datum, lijst of groep"
LISTS: Final = (
    "lijsten van verschillende lengte zijn daar niet gelijk en niet ongelijk; gebruik count"
)
LENGTHS: Final = "met een duur vermenigvuldigen of delen kan daar niet"
MOMENTS: Final = "een tijd, een datum met tijd of een duur in uren telt daar anders"
MONTHS: Final = "years and months duration telt daar ook de dagen"
YEARS: Final = "jaren voor 1 en na 9999 zijn er daar niet"
DAYS_IN_ROW: Final = "langs een reeks datums gaan kan daar niet"
LENIENT: Final = "number leest daar ook een lege tekst, als 0"
PLACES: Final = "een plaats die van achteren telt, of 0, is daar een andere"
PATH: Final = "get value met een lijst van namen vindt daar niets"
NULL_ENDS: Final = "null bij in of als einde van een bereik telt daar anders"
WRITTEN: Final = "string schrijft daar sommige getallen en bereiken anders"
FLAG: Final = "de vlag x van een patroon is er daar niet"
TYPE: Final = "een bereik met een type is daar niet te lezen"


def differences(source: str, kinds: Mapping[str, str]) -> list[str]:
    """Return in Dutch what the preview does otherwise with a condition to hide a field.

    ``kinds``: what kind of field asks each name (Veld.soort). Empty when nothing is known to
    differ, and for what is no FEEL.
    """
    try:
        expression = feel.compile(source)
    except Incident:
        return []
    if expression.functions:
        names = ", ".join(sorted(expression.functions))
        return [f"zij kent {names} niet: dat is een functie van routeflow"]
    look = _Look(kinds)
    found = dict.fromkeys(zin for node in expression.tree.walk() for zin in look.at(node))
    if _is_unsaid(expression, kinds):
        empty = ", ".join(sorted(expression.variables))
        found[
            f"zolang {empty} leeg is, zegt de voorwaarde geen ja of nee: zij verbergt het veld "
            "dan, routeflow laat het zien; zeg wat er dan moet, zoals x != null and x > 3"
        ] = None
    return list(found)


_EMPTY: Final[Mapping[str, object]] = {"checklist": [], "checkbox": False}


def _is_unsaid(expression: feel.Expression, kinds: Mapping[str, str]) -> bool:
    """Return whether the condition answers null while nothing is filled in."""
    scope = {name: _EMPTY.get(kinds.get(name, "")) for name in expression.variables}
    try:
        return bool(scope) and expression.evaluate(scope, now=_ANY_MOMENT) is None
    except Incident:
        return False


class _Look:
    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds

    def at(self, node: tree.Node) -> Iterator[str]:
        """Yield what the preview does otherwise with this very node."""
        yield from self._form(node)
        match node:
            case tree.Value(value=Decimal() as number):
                yield from _number(number)
            case tree.At(text=text):
                yield from _temporal(text)
            case tree.Binary():
                yield from self._binary(node)
            case tree.Negative(operand=operand) if _calls(operand, _LENGTHS, "P"):
                yield LENGTHS
            case tree.Call(function=tree.Name(name=name), arguments=arguments):
                yield from self._call(name, arguments)

    def _form(self, node: tree.Node) -> Iterator[str]:
        """Yield what differs by how the expression is built, whatever it reckons with."""
        match node:
            case tree.If(condition=condition) if not (
                _says_so(condition) or self._is(condition, {"checkbox"})
            ):
                yield TRUTH
            case tree.Filter(condition=condition):
                yield from _filter(condition)
            case tree.Loop(source=tree.Span() | tree.Interval() as row) if self._is_other(row):
                yield DAYS_IN_ROW
            case tree.In(tests=tests) if any(_is_null(test) for test in tests):
                yield NULL_ENDS
            case tree.Interval(start=a, end=b) | tree.Between(low=a, high=b) if tree.Value(
                None
            ) in (a, b):
                yield NULL_ENDS
            case tree.InstanceOf(type=tree.TypeName(name="range", inner=(_, *_))):
                yield TYPE
            case tree.Descendants(name=name):
                yield f"zij leest ...{name} niet"

    def _binary(self, node: tree.Binary) -> Iterator[str]:
        sides = (node.left, node.right)
        if node.operator in _ARITHMETIC:
            if node.operator in ("*", "/") and any(_calls(x, _LENGTHS, "P") for x in sides):
                yield LENGTHS
            elif node.operator == "/" or any(_is_fraction(side) for side in sides):
                yield FLOATS
        elif node.operator in _EQUALITY:
            lists = [x for x in sides if isinstance(x, tree.Items) or self._is(x, {"checklist"})]
            if lists and not any(_is_null(side) for side in sides):
                yield LISTS

    def _call(self, name: str, arguments: tuple[tree.Node, ...]) -> Iterator[str]:
        if name in _LACKING:
            yield f"zij heeft de functie {name} niet"
        if (name in _ROUNDING and len(arguments) > 1) or name in ("sum", "mean", "product"):
            yield from [FLOATS] if any(map(_is_fraction, _walk(arguments))) else []
        if name in ("min", "max") and any(map(self._is_other, arguments)):
            yield EXTREME
        if name in ("list contains", "index of") and any(map(self._is_compound, arguments)):
            yield PLAIN_ITEMS
        if name in _PLACES and any(_is_at_most(part, -1) for part in arguments[1:2]):
            yield PLACES
        if name == "substring" and any(_is_at_most(part, 0) for part in arguments[1:2]):
            yield PLACES
        if name == "get value" and any(isinstance(part, tree.Items) for part in arguments[1:]):
            yield PATH
        if name in ("matches", "replace") and _has_flag(arguments):
            yield FLAG
        if name in ("date", "duration") and arguments and isinstance(arguments[0], tree.Value):
            yield from _temporal(str(arguments[0].value))
        yield from _ALWAYS.get(name, ())

    def _is(self, node: tree.Node, kinds: Collection[str]) -> bool:
        return isinstance(node, tree.Name) and self.kinds.get(node.name) in kinds

    def _is_other(self, node: tree.Node) -> bool:
        """Return whether something in it is a text, date, time or duration."""
        return any(
            isinstance(part, tree.At)
            or (isinstance(part, tree.Value) and isinstance(part.value, str))
            or self._is(part, {"date", "time", "datetime", "textfield", "textarea"})
            or _calls(part, _DAYS | _MOMENTS | _LENGTHS)
            for part in node.walk()
        )

    def _is_compound(self, node: tree.Node) -> bool:
        inside = node.items if isinstance(node, tree.Items) else (node,)
        return any(
            isinstance(part, tree.At | tree.Entries)
            or (isinstance(part, tree.Items) and part is not node)
            or self._is(part, {"date", "time", "datetime", "dynamiclist"})
            or _calls(part, _DAYS | _MOMENTS | _LENGTHS)
            for part in inside
        )


_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (LENIENT,),
    "string": (WRITTEN,),
    "years and months duration": (MONTHS,),
    "date and time": (MOMENTS,),
    "time": (MOMENTS,),
    "now": (MOMENTS,),
}


def _number(number: Decimal) -> Iterator[str]:
    _, digits, exponent = number.as_tuple()
    if isinstance(exponent, int) and exponent > 0:
        yield EXPONENT
    if len(digits) > _DIGITS:
        yield FLOATS


def _temporal(text: str) -> Iterator[str]:
    if _WIDE_YEAR.match(text):
        yield YEARS
    elif "T" in text or ":" in text:
        yield MOMENTS


def _filter(condition: tree.Node) -> Iterator[str]:
    if isinstance(condition, tree.Call):
        yield WHOLE_CALL
    if isinstance(condition, tree.Binary) and {condition.left, condition.right} == {
        tree.Name("item"),
        tree.Value(None),
    }:
        yield NULL_ITEM


def _says_so(node: tree.Node) -> bool:
    """Return whether a condition answers true, false or null whatever the facts are."""
    match node:
        case tree.Binary(operator=operator):
            return operator not in _ARITHMETIC
        case tree.Value(value=value):
            return value is None or isinstance(value, bool)
        case tree.Call(function=tree.Name(name=name)):
            return name in _SAYS_SO
        case _:
            return isinstance(
                node, tree.Logic | tree.Between | tree.In | tree.InstanceOf | tree.Quantified
            )


def _calls(node: tree.Node, names: Collection[str], literal: str = "") -> bool:
    """Return whether it is a call of one of ``names``, or a literal that has this sign."""
    if isinstance(node, tree.At):
        return bool(literal) and literal in node.text
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in names
    )


def _walk(nodes: tuple[tree.Node, ...]) -> Iterator[tree.Node]:
    for node in nodes:
        yield from node.walk()


def _is_fraction(node: tree.Node) -> bool:
    value = node.value if isinstance(node, tree.Value) else None
    return isinstance(value, Decimal) and value != value.to_integral_value()


def _is_null(node: tree.Node) -> bool:
    return isinstance(node, tree.Value) and node.value is None


def _is_at_most(node: tree.Node, most: int) -> bool:
    return isinstance(node, tree.Value) and isinstance(node.value, Decimal) and node.value <= most


def _has_flag(arguments: tuple[tree.Node, ...]) -> bool:
    last = arguments[-1] if len(arguments) > 2 else None  # noqa: PLR2004 - behind text and pattern
    return isinstance(last, tree.Value) and isinstance(last.value, str) and last.value == "x"
