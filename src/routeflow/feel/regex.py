"""XPath regular expressions that no pattern and no text can make slow.

A pattern is read into a tree of our own. When the tree shows that backtracking cannot
explode for a text of this length, Python's ``re`` runs it. Otherwise a machine of our own
does, which follows all possibilities side by side: its time is length times pattern size.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NoReturn

from routeflow.feel.run import Run

MAX_PATTERN: Final = 2_000
_MAX_PROGRAM: Final = 4_000
_MAX_REPEAT: Final = 1_000
_MAX_DEPTH: Final = 40
_CHEAP: Final = 1_000_000.0

Span = tuple[int | None, ...]
Charge = Callable[[int], None]


class PatternFault(ValueError):
    """The pattern is no XPath regular expression, or one that we refuse."""


@dataclass(frozen=True, slots=True)
class Chars:
    """A set of characters: single ones, ranges, classes; ``minus`` is taken away."""

    singles: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    classes: tuple[str, ...] = ()
    negated: bool = False
    minus: "Chars | None" = None

    def has(self, forms: frozenset[str]) -> bool:
        """Return whether a character is in the set; ``forms`` has its other case as well."""
        inside = any(
            char in self.singles
            or any(low <= char <= high for low, high in self.ranges)
            or any(_in_class(char, name) for name in self.classes)
            for char in forms
        )
        return inside is not self.negated and not (self.minus and self.minus.has(forms))


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    options: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """``most`` is None when there is no end to it."""

    body: "Node"
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """``number`` is None for a group that is not remembered."""

    body: "Node"
    number: int | None


@dataclass(frozen=True, slots=True)
class Edge:
    """The start (^) or end ($) of the text, or of a line."""

    sign: str


@dataclass(frozen=True, slots=True)
class Again:
    """The same text as group ``number`` found."""

    number: int


Node = Chars | Sequence | Choice | Repeat | Group | Edge | Again


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. ``plain`` is for Python's re, None when that cannot say it."""

    tree: Node
    groups: int
    flags: frozenset[str]
    plain: re.Pattern[str] | None
    program: "tuple[Instruction, ...] | None"

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
            span = _match(self.program or (), text, at, self.flags, charge)
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
    reader = _Reader(source, frozenset(flags))
    tree = reader.literal() if "q" in flags else reader.whole()
    return Pattern(tree, reader.groups, frozenset(flags), _plain(tree, flags), _program(tree))


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
    if search(pattern, "", run.charge):
        raise PatternFault("het patroon past ook op een lege tekst")
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
    parts: list[str] = []
    at = 0
    for span in pattern.find_all(text, run.charge):
        start, end = span[0] or 0, span[1] or 0
        if end == start:
            continue
        parts.append(text[at:start])
        at = end
    return [*parts, text[at:]]


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


_ESCAPED_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SPACES: Final = frozenset(" \t\n\r")
_CLASS_LETTERS: Final = frozenset("dDsSwWiIcC")
_QUANTITY: Final = re.compile(r"\{(\d{1,6})(?:(,)(\d{1,6})?)?\}", re.ASCII)
_PROPERTY: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9-]{0,40})\}")
_BLOCKS: Final = {
    "IsBasicLatin": ("\x00", "\x7f"),
    "IsLatin-1Supplement": ("\x80", "\xff"),
    "IsLatinExtended-A": ("\u0100", "\u017f"),
    "IsLatinExtended-B": ("\u0180", "\u024f"),
    "IsGreek": ("\u0370", "\u03ff"),
    "IsCyrillic": ("\u0400", "\u04ff"),
    "IsArabic": ("\u0600", "\u06ff"),
    "IsGeneralPunctuation": ("\u2000", "\u206f"),
    "IsCurrencySymbols": ("\u20a0", "\u20cf"),
}
_CATEGORIES: Final = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
        "Cs",
    ]
)


def _in_class(char: str, name: str) -> bool:
    letter = name[0]
    match letter.lower():
        case "d":
            inside = unicodedata.category(char) == "Nd"
        case "s":
            inside = char in _SPACES
        case "w":
            inside = char == "_" or unicodedata.category(char)[0] not in "PZC"
        case "i":
            inside = char in "_:" or unicodedata.category(char)[0] == "L"
        case "c":
            inside = char in "_:.-·" or unicodedata.category(char)[0] in "LMN"
        case _:
            wanted = name[1:]
            if block := _BLOCKS.get(wanted):
                inside = block[0] <= char <= block[1]
            else:
                inside = unicodedata.category(char).startswith(wanted)
    return inside is letter.islower()


class _Reader:
    """Reads a pattern by recursive descent."""

    def __init__(self, source: str, flags: frozenset[str]) -> None:
        self.source = source
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def fail(self, reason: str) -> NoReturn:
        raise PatternFault(f"het patroon is niet goed (teken {self.at + 1}): {reason}")

    def peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def literal(self) -> Node:
        return Sequence(tuple(Chars(frozenset(char)) for char in self.source))

    def whole(self) -> Node:
        tree = self.choice()
        if self.peek():
            self.fail(") hoort hier niet")
        return tree

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail("te diep in elkaar")
        options = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self) -> Node:
        body = self.atom()
        sign = self.peek()
        least: int
        most: int | None
        if sign == "{":
            found = _QUANTITY.match(self.source, self.at)
            if not found:
                self.fail("na { hoort een aantal, zoals {2} of {2,5}")
            self.at = found.end()
            least = int(found[1])
            most = int(found[3]) if found[3] else None if found[2] else least
        elif sign and sign in "?*+":
            self.at += 1
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        else:
            return body
        if (most is not None and most < least) or max(least, most or 0) > _MAX_REPEAT:
            self.fail("dit aantal herhalingen kan niet")
        if isinstance(body, Edge):
            self.fail("een rand kan niet worden herhaald")
        greedy = self.peek() != "?"
        self.at += not greedy
        return Repeat(body, least, most, greedy)

    def atom(self) -> Node:
        char = self.peek()
        match char:
            case "(":
                return self.group()
            case "[":
                self.at += 1
                return self.set()
            case ".":
                self.at += 1
                return Chars(negated=True) if "s" in self.flags else Chars(_LINE_ENDS, negated=True)
            case "^" | "$":
                self.at += 1
                return Edge(char)
            case "\\":
                return self.escape()
            case "?" | "*" | "+" | "{" | "}" | "]":
                self.fail(f"{char} hoort hier niet; schrijf \\{char} voor het teken zelf")
            case _:
                self.at += 1
                return Chars(frozenset(char))

    def group(self) -> Node:
        self.at += 1
        number = None
        if self.peek() == "?":
            if self.peek(2) != "?:":
                self.fail("(? bestaat niet; wel (?:")
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        body = self.choice()
        if self.peek() != ")":
            self.fail("er ontbreekt een )")
        self.at += 1
        if number is not None:
            self.closed.add(number)
        return Group(body, number)

    def escape(self) -> Node:
        letter = self.source[self.at + 1 : self.at + 2]
        if letter and letter in "123456789":
            number = int(letter)
            self.at += 2
            if number not in self.closed:
                self.fail("die groep is er nog niet")
            return Again(number)
        name = self.class_or_char()
        return Chars(frozenset(name)) if len(name) == 1 else Chars(classes=(name[1:],))

    def class_or_char(self) -> str:
        """Read an escape; return one character, or ``\\`` and the name of a class."""
        letter = self.source[self.at + 1 : self.at + 2]
        self.at += 2
        if letter in _CLASS_LETTERS and letter:
            return f"\\{letter}"
        if letter in ("p", "P"):
            found = _PROPERTY.match(self.source, self.at)
            if not found or not (found[1] in _CATEGORIES or found[1] in _BLOCKS):
                self.fail("deze tekensoort kennen we niet")
            self.at = found.end()
            return f"\\{letter}{found[1]}"
        if letter in _ESCAPED_CONTROLS:
            return _ESCAPED_CONTROLS[letter]
        if not letter or letter.isalnum():
            self.fail(f"\\{letter} bestaat niet")
        return letter

    def set(self) -> Chars:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail("te diep in elkaar")
        negated = self.source[self.at : self.at + 1] == "^"
        self.at += negated
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        classes: list[str] = []
        minus = None
        first = True
        while True:
            char = self.source[self.at : self.at + 1]
            if not char:
                self.fail("er ontbreekt een ]")
            if char == "]" and not first:
                break
            if self.source.startswith("-[", self.at) and not first:
                self.at += 2
                minus = self.set()
                if self.source[self.at : self.at + 1] != "]":
                    self.fail("na de aftrekking hoort een ]")
                break
            first = False
            low = self.set_char(char)
            if len(low) > 1:
                classes.append(low[1:])
            elif self._is_range():
                self.at += 1
                high = self.set_char(self.source[self.at : self.at + 1])
                if len(high) > 1 or high < low:
                    self.fail("dit bereik van tekens kan niet")
                ranges.append((low, high))
            else:
                singles.add(low)
        self.at += 1
        self.depth -= 1
        return Chars(frozenset(singles), tuple(ranges), tuple(classes), negated, minus)

    def _is_range(self) -> bool:
        after = self.source[self.at : self.at + 2]
        return len(after) == 2 and after[0] == "-" and after[1] not in "]["  # noqa: PLR2004 - two signs

    def set_char(self, char: str) -> str:
        if char == "\\":
            return self.class_or_char()
        if char in ("[", "]"):
            self.fail(f"schrijf \\{char} voor het teken zelf")
        self.at += 1
        return char


_LINE_ENDS: Final = frozenset("\n\r")


def _cost(node: Node, size: int) -> float:
    """Return how many ways backtracking may try ``node`` at one place of a text of ``size``."""
    match node:
        case Sequence(parts):
            cost = 1.0
            for part in parts:
                cost *= _cost(part, size)
                if cost > _CHEAP:
                    return cost
            return cost
        case Choice(options):
            return sum(_cost(option, size) for option in options)
        case Group(body, _):
            return _cost(body, size)
        case Repeat(body, least, most, _):
            ways = min(size if most is None else most - least, size) + 1.0
            if isinstance(body, Chars):
                return ways
            inner = _cost(body, size)
            if most is None or inner > _CHEAP:
                return float("inf")
            return float(min(inner ** min(most, 64), _CHEAP * 2) * ways)
        case _:
            return 1.0


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
            return _set_source(node)
        case Sequence(parts):
            return "".join(_source(part, multiline=multiline) for part in parts)
        case Choice(options):
            return f"(?:{'|'.join(_source(option, multiline=multiline) for option in options)})"
        case Repeat(body, least, most, greedy):
            inside = _source(body, multiline=multiline)
            times = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{inside}){times}{'' if greedy else '?'}"
        case Group(body, number):
            inside = _source(body, multiline=multiline)
            return f"(?:{inside})" if number is None else f"({inside})"
        case Again(number):
            return f"(?:\\{number})"
        case Edge(sign):
            return sign if multiline else {"^": r"\A", "$": r"\Z"}[sign]


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


Instruction = tuple[str, object, int]


def _program(tree: Node) -> tuple[Instruction, ...] | None:
    """Return the program for our own machine, None when it has a reference back or is too big."""
    program: list[Instruction] = []

    def emit(node: Node) -> None:
        if len(program) > _MAX_PROGRAM:
            raise _NotPlain
        match node:
            case Chars():
                program.append(("char", node, 0))
            case Sequence(parts):
                for part in parts:
                    emit(part)
            case Choice(options):
                emit_choice(options)
            case Group(body, None):
                emit(body)
            case Group(body, number):
                program.append(("save", 2 * (number or 0), 0))
                emit(body)
                program.append(("save", 2 * (number or 0) + 1, 0))
            case Repeat():
                emit_repeat(node)
            case Edge(sign):
                program.append(("edge", sign, 0))
            case Again():
                raise _NotPlain

    def emit_choice(options: tuple[Node, ...]) -> None:
        jumps = []
        for option in options[:-1]:
            split_at = len(program)
            program.append(("split", 0, 0))
            emit(option)
            jumps.append(len(program))
            program.append(("jump", 0, 0))
            program[split_at] = ("split", split_at + 1, len(program))
        emit(options[-1])
        for jump in jumps:
            program[jump] = ("jump", len(program), 0)

    def emit_repeat(node: Repeat) -> None:
        for _ in range(node.least):
            emit(node.body)
        if node.most is None:
            start = len(program)
            program.append(("split", 0, 0))
            emit(node.body)
            program.append(("jump", start, 0))
            program[start] = fork(start + 1, len(program), greedy=node.greedy)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(len(program))
            program.append(("split", 0, 0))
            emit(node.body)
        for place in splits:
            program[place] = fork(place + 1, len(program), greedy=node.greedy)

    def fork(on: int, past: int, *, greedy: bool) -> Instruction:
        return ("split", on, past) if greedy else ("split", past, on)

    try:
        emit(tree)
    except _NotPlain:
        return None
    program.append(("match", 0, 0))
    return tuple(program)


def _match(
    program: tuple[Instruction, ...], text: str, begin: int, flags: frozenset[str], charge: Charge
) -> Span | None:
    """Return the leftmost match from ``begin`` on; of equals, the one the pattern prefers."""
    size = 2 + max((int(str(i[1])) for i in program if i[0] == "save"), default=0) // 2 * 2
    found: Span | None = None
    now: list[tuple[int, Span]] = []
    for at in range(begin, len(text) + 1):
        char = text[at : at + 1]
        seen: set[int] = set()
        threads: list[tuple[int, Span]] = []
        for pc, span in now:
            _follow(program, (pc, span), threads, seen, (text, at, flags))
        if found is None:
            span = (at, *[None] * (size + 1))
            _follow(program, (0, span), threads, seen, (text, at, flags))
        charge(1 + len(threads))
        now = []
        for pc, span in threads:
            kind, chars, _ = program[pc]
            if kind == "match":
                found = (span[0], at, *span[2:])
                break
            if char and isinstance(chars, Chars) and _has(chars, char, "i" in flags):
                now.append((pc + 1, span))
        if not now and found is not None:
            return found
    return found


@lru_cache(maxsize=20_000)
def _has(chars: Chars, char: str, ignore_case: bool) -> bool:  # noqa: FBT001 - cached
    if not ignore_case:
        return chars.has(frozenset(char))
    return chars.has(frozenset((char, char.lower()[:1], char.upper()[:1])))


def _follow(
    program: tuple[Instruction, ...],
    thread: tuple[int, Span],
    threads: list[tuple[int, Span]],
    seen: set[int],
    where: tuple[str, int, frozenset[str]],
) -> None:
    """Add to ``threads`` every place that ``thread`` reaches without reading a character."""
    text, at, flags = where
    todo = [thread]
    while todo:
        pc, span = todo.pop()
        if pc in seen:
            continue
        seen.add(pc)
        kind, one, two = program[pc]
        match kind:
            case "jump":
                todo.append((_place(one), span))
            case "split":
                todo += [(two, span), (_place(one), span)]
            case "save":
                slot = _place(one)
                todo.append((pc + 1, (*span[:slot], at, *span[slot + 1 :])))
            case "edge":
                if _at_edge(text, at, str(one), lines="m" in flags):
                    todo.append((pc + 1, span))
            case _:
                threads.append((pc, span))


def _place(operand: object) -> int:
    return operand if isinstance(operand, int) else 0


def _at_edge(text: str, at: int, sign: str, *, lines: bool) -> bool:
    if sign == "^":
        return at == 0 or (lines and text[at - 1] == "\n")
    return at == len(text) or (lines and text[at] == "\n")
