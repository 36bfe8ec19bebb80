"""Read an XPath regular expression into a tree."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_MAX_REPEAT: Final = 1_000
_MAX_DEPTH: Final = 40


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


class Reader:
    """Reads a pattern by recursive descent."""

    def __init__(self, source: str, flags: frozenset[str]) -> None:
        self.source = source
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def fault(self, reason: str) -> PatternFault:
        return PatternFault(f"het patroon is niet goed (teken {self.at + 1}): {reason}")

    def peek(self, count: int = 1) -> str:
        return self.source[self.at : self.at + count]

    def literal(self) -> Node:
        return Sequence(tuple(Chars(frozenset(char)) for char in self.source))

    def whole(self) -> Node:
        tree = self.choice()
        if self.peek():
            raise self.fault(") hoort hier niet")
        return tree

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fault("te diep in elkaar")
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
                raise self.fault("na { hoort een aantal, zoals {2} of {2,5}")
            self.at = found.end()
            least = int(found[1])
            most = int(found[3]) if found[3] else None if found[2] else least
        elif sign and sign in "?*+":
            self.at += 1
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        else:
            return body
        if (most is not None and most < least) or max(least, most or 0) > _MAX_REPEAT:
            raise self.fault("dit aantal herhalingen kan niet")
        if isinstance(body, Edge):
            raise self.fault("een rand kan niet worden herhaald")
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
                raise self.fault(f"{char} hoort hier niet; schrijf \\{char} voor het teken zelf")
            case _:
                self.at += 1
                return Chars(frozenset(char))

    def group(self) -> Node:
        self.at += 1
        number = None
        if self.peek() == "?":
            if self.peek(2) != "?:":
                raise self.fault("(? bestaat niet; wel (?:")
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        body = self.choice()
        if self.peek() != ")":
            raise self.fault("er ontbreekt een )")
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
                raise self.fault("die groep is er nog niet")
            return Again(number)
        name = self.class_or_char()
        return Chars(frozenset(name)) if len(name) == 1 else Chars(classes=(name[1:],))

    def class_or_char(self) -> str:
        r"""Read an escape; return one character, or ``\`` and the name of a class."""
        letter = self.source[self.at + 1 : self.at + 2]
        self.at += 2
        if letter in _CLASS_LETTERS and letter:
            return f"\\{letter}"
        if letter in ("p", "P"):
            found = _PROPERTY.match(self.source, self.at)
            if not found or not (found[1] in _CATEGORIES or found[1] in _BLOCKS):
                raise self.fault("deze tekensoort kennen we niet")
            self.at = found.end()
            return f"\\{letter}{found[1]}"
        if letter in _ESCAPED_CONTROLS:
            return _ESCAPED_CONTROLS[letter]
        if not letter or letter.isalnum():
            raise self.fault(f"\\{letter} bestaat niet")
        return letter

    def set(self) -> Chars:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fault("te diep in elkaar")
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
                raise self.fault("er ontbreekt een ]")
            if char == "]" and not first:
                break
            if self.source.startswith("-[", self.at) and not first:
                self.at += 2
                minus = self.set()
                if self.source[self.at : self.at + 1] != "]":
                    raise self.fault("na de aftrekking hoort een ]")
                break
            first = False
            low = self.set_char(char)
            if len(low) > 1:
                classes.append(low[1:])
            elif self._is_range():
                self.at += 1
                high = self.set_char(self.source[self.at : self.at + 1])
                if len(high) > 1 or high < low:
                    raise self.fault("dit bereik van tekens kan niet")
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
            raise self.fault(f"schrijf \\{char} voor het teken zelf")
        self.at += 1
        return char


_LINE_ENDS: Final = frozenset("\n\r")
