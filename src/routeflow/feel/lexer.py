"""Cut FEEL text into tokens. Names with spaces are put together later, by the parser."""

import re
from dataclasses import dataclass
from typing import Final

from routeflow.feel.faults import SyntaxFault

MAX_SOURCE: Final = 100_000

_SPACE: Final = "\\u0009-\\u000d \\u0085\\u00a0\\u1680\\u180e\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
_START: Final = (
    "?A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff"
    "\\u200c-\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd"
    "\\U00010000-\\U000effff"
)
_TOKEN: Final = re.compile(
    rf"""
      (?P<skip>[{_SPACE}]+ | //[^\n\r]* | /\*.*?\*/)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<string>"(?:[^"\\]|\\.)*+")
    | (?P<at>@[{_SPACE}]*"(?:[^"\\]|\\.)*+")
    | (?P<word>[{_START}][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*)
    | (?P<symbol>\*\*|\.\.\.(?![0-9])|\.\.|!=|<=|>=|->|[-+*/=<>()\[\]{{}},:.'])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES: Final = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    '"': '"',
    "'": "'",
    "\\": "\\",
}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is number, string, at, word, symbol or end; ``start`` and ``end`` are positions."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str) -> list[Token]:
    """Return the tokens of ``source``, closed by one of kind ``end``. Raises SyntaxFault."""
    if len(source) > MAX_SOURCE:
        raise SyntaxFault(f"ze is langer dan {MAX_SOURCE} tekens")
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise SyntaxFault(_unreadable(source, at), source=source, position=at)
        kind = match.lastgroup or "skip"
        if kind != "skip":
            found.append(Token(kind, match[0], at, match.end()))
        at = match.end()
    found.append(Token("end", "", at, at))
    return found


def _unreadable(source: str, at: int) -> str:
    if source[at] in '"@':
        return "een tekst tussen aanhalingstekens is niet afgesloten"
    if source.startswith("/*", at):
        return "een opmerking is niet afgesloten"
    if source[at] in "“”„‘’":
        return f'gebruik rechte aanhalingstekens (") in plaats van {source[at]}'
    if source[at] == "!":
        return "gebruik != of not(...) in plaats van !"
    return f"het teken {source[at]!r} hoort hier niet"


def unescape(literal: str) -> str:
    """Return the text between the quotes of a string literal, with its escapes replaced."""
    inside = literal[1:-1]
    if "\\" not in inside:
        return inside
    text = _ESCAPE.sub(_escaped, inside)
    return _SURROGATES.sub(_join, text)


_SURROGATES: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")


def _join(found: re.Match[str]) -> str:
    """Return the character that a pair stands for; half a pair stays as it was written."""
    if len(found[0]) == 1:
        return f"\\u{ord(found[0]):04x}"
    high, low = found[0][0], found[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _PLAIN_ESCAPES.get(match[3], match[0])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else match[0]  # noqa: PLR2004 - the end of Unicode
