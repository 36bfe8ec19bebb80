"""The syntax tree of FEEL. ``str(node)`` prints it as FEEL that reads back as the same tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Literal

from routeflow.feel.text import quote, write_number

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True)
class Node:
    """``at`` is where the node starts in the source; it does not count for equality."""

    at: int = field(compare=False, kw_only=True, default=0)

    def children(self) -> Iterator["Node"]:
        for item in fields(self):
            yield from _nodes(getattr(self, item.name))

    def walk(self) -> Iterator["Node"]:
        """Yield this node and everything below it, without recursion."""
        todo: list[Node] = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(list(node.children())))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


@dataclass(frozen=True, slots=True)
class Value(Node):
    """A number, text, boolean or null as written."""

    value: Decimal | str | bool | None

    def __str__(self) -> str:
        if isinstance(self.value, Decimal):
            return write_number(self.value)
        if isinstance(self.value, str):
            return quote(self.value)
        return {None: "null", True: "true", False: "false"}[self.value]


@dataclass(frozen=True, slots=True)
class At(Node):
    """A temporal literal, ``@"2026-01-05"``."""

    text: str

    def __str__(self) -> str:
        return f"@{quote(self.text)}"


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    name: str

    def __str__(self) -> str:
        return f"{_tight(self.base)}.{self.name}"


@dataclass(frozen=True, slots=True)
class Descendants(Node):
    """What is called ``name`` anywhere inside: ``dossier...uren``."""

    base: Node
    name: str

    def __str__(self) -> str:
        return f"{_tight(self.base)}...{self.name}"


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node

    def __str__(self) -> str:
        return f"{_tight(self.base)}[{self.condition}]"


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``names`` has the parameter names when they were written, else it is None."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None = None

    def __str__(self) -> str:
        if self.names is None:
            inside = ", ".join(map(str, self.arguments))
        else:
            pairs = zip(self.names, self.arguments, strict=True)
            inside = ", ".join(f"{name}: {argument}" for name, argument in pairs)
        return f"{_tight(self.function)}({inside})"


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node

    def __str__(self) -> str:
        return f"if {self.condition} then {self.then} else {self.otherwise}"


@dataclass(frozen=True, slots=True)
class Span(Node):
    """``1..n`` behind ``in`` of a for."""

    first: Node
    last: Node

    def __str__(self) -> str:
        return f"{_tight(self.first)}..{_tight(self.last)}"


@dataclass(frozen=True, slots=True)
class Loop(Node):
    name: str
    source: Node

    def __str__(self) -> str:
        return f"{self.name} in {self.source}"


@dataclass(frozen=True, slots=True)
class For(Node):
    loops: tuple[Loop, ...]
    body: Node

    def __str__(self) -> str:
        return f"for {', '.join(map(str, self.loops))} return {self.body}"


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    loops: tuple[Loop, ...]
    condition: Node

    def __str__(self) -> str:
        word = "every" if self.every else "some"
        return f"{word} {', '.join(map(str, self.loops))} satisfies {self.condition}"


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more parts."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return f" {self.word} ".join(map(_tight, self.parts))


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: Operator
    left: Node
    right: Node

    def __str__(self) -> str:
        return f"{_tight(self.left)} {self.operator} {_tight(self.right)}"


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node

    def __str__(self) -> str:
        return f"-{_tight(self.operand)}"


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node

    def __str__(self) -> str:
        return f"{_tight(self.value)} between {_tight(self.low)} and {_tight(self.high)}"


@dataclass(frozen=True, slots=True)
class In(Node):
    """``listed`` says that the tests stood in parentheses with commas."""

    value: Node
    tests: tuple[Node, ...]

    def __str__(self) -> str:
        return f"{_tight(self.value)} in ({', '.join(map(str, self.tests))})"


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type as written: ``list<number>``, ``context<a: string>``, ``function<x> -> y``, a name."""

    name: str
    inner: tuple["TypeName", ...] = ()
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.name == "context" and self.names:
            pairs = zip(self.names, self.inner, strict=True)
            return f"context<{', '.join(f'{name}: {kind}' for name, kind in pairs)}>"
        if self.name == "function" and self.inner:
            *params, result = map(str, self.inner)
            return f"function<{', '.join(params)}> -> {result}"
        return f"{self.name}<{self.inner[0]}>" if self.inner else self.name


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName

    def __str__(self) -> str:
        return f"{_tight(self.value)} instance of {self.type}"


@dataclass(frozen=True, slots=True)
class Items(Node):
    items: tuple[Node, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class Entry(Node):
    name: str
    value: Node

    def __str__(self) -> str:
        return f"{quote(self.name)}: {self.value}"


@dataclass(frozen=True, slots=True)
class Entries(Node):
    entries: tuple[Entry, ...]

    def __str__(self) -> str:
        return f"{{{', '.join(map(str, self.entries))}}}"


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """A range with two ends."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool

    def __str__(self) -> str:
        left, right = "[" if self.start_included else "(", "]" if self.end_included else ")"
        return f"{left}{_tight(self.start)}..{_tight(self.end)}{right}"


@dataclass(frozen=True, slots=True)
class Open(Node):
    """A test or range with an operator in front: ``>= 5``."""

    operator: Operator
    operand: Node

    def __str__(self) -> str:
        return f"({self.operator} {_tight(self.operand)})"


@dataclass(frozen=True, slots=True)
class Param(Node):
    name: str
    type: TypeName | None

    def __str__(self) -> str:
        return f"{self.name}: {self.type}" if self.type else self.name


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """``body`` is None for an external function, which is read but never run."""

    params: tuple[Param, ...]
    body: Node | None
    external: Node | None = None

    def __str__(self) -> str:
        body = f"external {self.external}" if self.external else str(self.body)
        return f"function({', '.join(map(str, self.params))}) {body}"


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests, joined by or; ``negated`` for not(...), no tests at all for a dash."""

    tests: tuple[Node, ...]
    negated: bool = False

    def __str__(self) -> str:
        if not self.tests:
            return "-"
        inside = ", ".join(map(str, self.tests))
        return f"not({inside})" if self.negated else inside


@dataclass(frozen=True, slots=True)
class Given(Node):
    """A part that was compiled elsewhere, such as a decision table inside a boxed expression."""

    closure: Callable[[Any], Any]

    def __str__(self) -> str:
        return "(...)"


_ATOMS = (Value, At, Name, Path, Descendants, Filter, Call, Items, Entries, Interval, Open)


def _tight(node: Node) -> str:
    negative = isinstance(node, Value) and isinstance(node.value, Decimal) and node.value < 0
    return str(node) if isinstance(node, _ATOMS) and not negative else f"({node})"
