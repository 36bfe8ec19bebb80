"""XPath regular expressions that no pattern and no text can make slow.

A pattern is read into a tree of our own. When the tree shows that backtracking cannot
explode for a text of this length, Python's ``re`` runs it. Otherwise a machine of our own
does, which follows all possibilities side by side.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from routeflow.feel.machine import Charge, Instruction, Span, match, program_of
from routeflow.feel.pattern import (
    Again,
    Chars,
    Choice,
    Edge,
    Group,
    Node,
    PatternFault,
    Reader,
    Repeat,
    Sequence,
)
from routeflow.feel.run import Run

__all__ = ["PatternFault", "compile_pattern", "replace", "search", "split"]

MAX_PATTERN: Final = 2_000
_CHEAP: Final = 1_000_000.0
_SPACES: Final = frozenset(" \t\n\r")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``plain`` is for Python's re, None when that cannot say it."""

    tree: Node
    groups: int
    flags: frozenset[str]
    plain: re.Pattern[str] | None
    program: tuple[Instruction, ...] | None

    def find_all(self, text: str, charge: Charge) -> Iterator[Span]:
        """Yield the spans of each match and its groups, from left to right."""
        cheap = _cost(self.tree, len(text)) * (len(text) + 1) <= _CHEAP
        if self.plain is not None and (cheap or self.program is None):
            if not cheap:
                raise PatternFault("dit patroon is te zwaar voor deze tekst")
            charge(len(text) >> 4)
            for found in self.plain.finditer(text):
                yield _spans(found, self.groups)
            return
        if self.program is None:
            raise PatternFault("dit patroon is te zwaar")
        yield from self._find_slowly(text, charge)

    def _find_slowly(self, text: str, charge: Charge) -> Iterator[Span]:
        at = 0
        while at <= len(text):
            span = match(self.program or (), text, at, self.flags, charge)
            if span is None:
                return
            yield span
            start, end = span[0] or 0, span[1] or 0
            at = end if end > start else end + 1


def _spans(found: re.Match[str], groups: int) -> Span:
    ends: list[int | None] = []
    for number in range(groups + 1):
        start, end = found.span(number)
        ends += (None, None) if start < 0 else (start, end)
    return tuple(ends)


@lru_cache(maxsize=512)
def compile_pattern(source: str, flags: str) -> Pattern:
    """Return the compiled pattern. Raises PatternFault with the reason in Dutch."""
    if len(source) > MAX_PATTERN:
        raise PatternFault(f"het patroon is langer dan {MAX_PATTERN} tekens")
    if not set(flags) <= set("smixq"):
        raise PatternFault(f"de aanduidingen {flags[:20]} kennen we niet (wel: s, m, i, x, q)")
    if "x" in flags and "q" not in flags:
        source = _without_spaces(source)
    reader = Reader(source, frozenset(flags))
    tree = reader.literal() if "q" in flags else reader.whole()
    return Pattern(tree, reader.groups, frozenset(flags), _plain(tree, flags), program_of(tree))


def _without_spaces(source: str) -> str:
    """Return ``source`` without the spaces that stand outside sets of characters."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for char in source:
        if char in _SPACES and not depth:
            continue
        kept.append(char)
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        escaped = char == "\\" and not escaped
    return "".join(kept)


def search(pattern: Pattern, text: str, charge: Charge) -> bool:
    """Return whether the pattern occurs in ``text``."""
    return next(pattern.find_all(text, charge), None) is not None


def replace(pattern: Pattern, text: str, replacement: str, run: Run) -> str:
    """Return ``text`` with each match replaced; $1 stands for a group, $0 for the match."""
    _finds_something(pattern, run)
    pieces = _template(replacement, pattern.groups, literal="q" in pattern.flags)
    parts: list[str] = []
    at = size = 0
    for span in pattern.find_all(text, run.charge):
        start, end = span[0] or 0, span[1] or 0
        new = "".join(_piece(piece, span, text) for piece in pieces)
        parts += (text[at:start], new)
        at = end
        size += len(new)
        run.charge(1)
        if size > run.limits.text:
            break
    return run.text("".join([*parts, text[at:]]))


def split(pattern: Pattern, text: str, run: Run) -> list[str]:
    """Return what lies between the matches."""
    _finds_something(pattern, run)
    parts: list[str] = []
    at = 0
    for span in pattern.find_all(text, run.charge):
        parts.append(text[at : span[0] or 0])
        at = span[1] or 0
    return [*parts, text[at:]]


def _finds_something(pattern: Pattern, run: Run) -> None:
    """Refuse a pattern that fits between any two signs, as XPath does (FORX0003)."""
    if search(pattern, "", run.charge):
        raise PatternFault("het patroon past ook op een lege tekst")


def _template(replacement: str, groups: int, *, literal: bool) -> list[str | int]:
    if literal:
        return [replacement]
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        after = replacement[at + 1 : at + 2]
        if char == "\\":
            if after not in ("\\", "$"):
                raise PatternFault(r"in de vervanging hoort na \ een \ of $")
            pieces.append(after)
            at += 2
        elif char == "$":
            digits = re.match(r"[0-9]+", replacement[at + 1 : at + 4])
            if not digits:
                raise PatternFault("in de vervanging hoort na $ een nummer")
            number = digits[0]
            while len(number) > 1 and int(number) > groups:
                number = number[:-1]
            pieces.append(int(number) if int(number) <= groups else "")
            at += 1 + len(number)
        else:
            pieces.append(char)
            at += 1
    return pieces


def _piece(piece: str | int, span: Span, text: str) -> str:
    if isinstance(piece, str):
        return piece
    start, end = span[2 * piece], span[2 * piece + 1]
    return "" if start is None or end is None else text[start:end]


def _cost(node: Node, size: int) -> float:
    """Return how many ways backtracking may try ``node`` at one place of a text of ``size``."""
    match node:
        case Sequence(parts):
            cost = 1.0
            for part in parts:
                cost = min(cost * _cost(part, size), _CHEAP * 2)
            return cost
        case Choice(options):
            return sum(_cost(option, size) for option in options)
        case Group(body, _):
            return _cost(body, size)
        case Repeat():
            return _cost_of_repeat(node, size)
        case _:
            return 1.0


def _cost_of_repeat(node: Repeat, size: int) -> float:
    ways = min(size if node.most is None else node.most - node.least, size) + 1.0
    if isinstance(node.body, Chars):
        return ways
    inner = _cost(node.body, size)
    if node.most is None or node.most * math.log(max(inner, 1.0)) > math.log(_CHEAP):
        return math.inf
    return float(inner**node.most * ways)


def _plain(tree: Node, flags: str) -> re.Pattern[str] | None:
    """Return the pattern for Python's re, None when it has something that re lacks."""
    options = re.NOFLAG
    for sign, option in (("i", re.IGNORECASE), ("m", re.MULTILINE)):
        if sign in flags:
            options |= option
    try:
        return re.compile(_source(tree, multiline="m" in flags), options)
    except (_NotPlain, re.error, RecursionError, OverflowError):
        return None


class _NotPlain(Exception):
    """Python's re has no words for this set of characters."""


def _source(node: Node, *, multiline: bool) -> str:
    match node:
        case Chars():
            written = _set_source(node)
        case Sequence(parts):
            written = "".join(_source(part, multiline=multiline) for part in parts)
        case Choice(options):
            written = f"(?:{'|'.join(_source(option, multiline=multiline) for option in options)})"
        case Repeat(body, least, most, greedy):
            times = f"{{{least},{'' if most is None else most}}}"
            written = f"(?:{_source(body, multiline=multiline)}){times}{'' if greedy else '?'}"
        case Group(body, number):
            mark = "?:" if number is None else ""
            written = f"({mark}{_source(body, multiline=multiline)})"
        case Again(number):
            written = f"(?:\\{number})"
        case Edge(sign):
            written = sign if multiline else {"^": r"\A", "$": r"\Z"}[sign]
    return written


def _set_source(chars: Chars) -> str:
    if chars.minus:
        return f"(?:(?!{_set_source(chars.minus)}){_set_source(_without_minus(chars))})"
    if any(name not in ("d", "D") for name in chars.classes if name not in ("s", "S")):
        raise _NotPlain
    inside = "".join(map(_escaped, sorted(chars.singles)))
    inside += "".join(f"{_escaped(low)}-{_escaped(high)}" for low, high in chars.ranges)
    for name in chars.classes:
        if name == "S":
            raise _NotPlain
        inside += " \\t\\n\\r" if name == "s" else f"\\{name}"
    if not inside:
        return "(?s:.)" if chars.negated else "(?!)"
    return f"[{'^' if chars.negated else ''}{inside}]"


def _without_minus(chars: Chars) -> Chars:
    return Chars(chars.singles, chars.ranges, chars.classes, chars.negated)


def _escaped(char: str) -> str:
    return f"\\U{ord(char):08x}"
