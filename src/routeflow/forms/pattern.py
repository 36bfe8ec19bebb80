"""Patterns of form fields, matched in time that grows with the text only.

Process owners write the patterns, so one must not be able to hang the server: nothing here
goes back to try again. What would need that (references, look-around) is refused.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # no public parser exists
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

MAX_LENGTH: Final = 300
_MAX_STATES: Final = 2000

_Test = Callable[[str], bool]
_Node = Any  # of the library's tree
_CATEGORIES: Final[dict[Any, _Test]] = {
    op.CATEGORY_DIGIT: lambda sign: sign in "0123456789",
    op.CATEGORY_NOT_DIGIT: lambda sign: sign not in "0123456789",
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda sign: not sign.isspace(),
    op.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
    op.CATEGORY_NOT_WORD: lambda sign: not (sign.isalnum() or sign == "_"),
}


class Unsafe(ValueError):
    """This pattern is not readable, too large, or needs going back."""


@dataclass(slots=True)
class _State:
    """One place in the pattern. Without a test or an anchor it is passed for free."""

    test: _Test | None = None
    anchor: Any = None
    final: bool = False
    to: list["_State"] = field(default_factory=list)


class Pattern:
    """A pattern that was found safe. ``found_in`` searches, as form-js does."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_LENGTH:
            raise Unsafe(f"het patroon is langer dan {MAX_LENGTH} tekens")
        try:
            tree = parser.parse(source)
        except (re.error, RecursionError, OverflowError) as error:
            raise Unsafe("het patroon is niet te lezen") from error
        if tree.state.flags & ~re.UNICODE:
            raise Unsafe("het patroon zet opties aan")
        self.source = source
        self._count = 0
        self._start = self._sequence(list(tree), _State(final=True))

    def found_in(self, text: str) -> bool:
        """Return whether the pattern occurs in ``text``."""
        targets: list[_State] = []
        for position in range(len(text) + 1):
            here = self._closure([self._start, *targets], position, len(text))
            if any(state.final for state in here):
                return True
            if position < len(text):
                sign = text[position]
                targets = [
                    to for state in here if state.test and state.test(sign) for to in state.to
                ]
        return False

    def _closure(self, todo: list[_State], position: int, length: int) -> list[_State]:
        """Return every place that can be reached without reading a sign."""
        seen: dict[int, _State] = {}
        while todo:
            state = todo.pop()
            if id(state) in seen:
                continue
            seen[id(state)] = state
            if state.test is None and _passes(state.anchor, position, length):
                todo += state.to
        return list(seen.values())

    def _state(self, *to: _State, test: _Test | None = None, anchor: _Node = None) -> _State:
        self._count += 1
        if self._count > _MAX_STATES:
            raise Unsafe("het patroon herhaalt te veel")
        return _State(test, anchor, to=list(to))

    def _sequence(self, parts: list[tuple[Any, Any]], after: _State) -> _State:
        for kind, value in reversed(parts):
            after = self._part(kind, value, after)
        return after

    def _part(self, kind: _Node, value: _Node, after: _State) -> _State:
        if kind is op.BRANCH:
            return self._state(*(self._sequence(list(branch), after) for branch in value[1]))
        if kind is op.SUBPATTERN:
            return self._sequence(list(value[3]), after)
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            least, most, body = value
            return self._repeat(least, most, list(body), after)
        if kind is op.AT and value in (op.AT_BEGINNING, op.AT_END):
            return self._state(after, anchor=value)
        return self._state(after, test=_test(kind, value))

    def _repeat(self, least: int, most: int, parts: _Node, after: _State) -> _State:
        if most == op.MAXREPEAT:
            loop = self._state(after)
            loop.to.append(self._sequence(parts, loop))
            after = loop
        else:
            skip = after
            for _ in range(min(most, _MAX_STATES) - min(least, _MAX_STATES)):
                after = self._state(skip, self._sequence(parts, after))
        for _ in range(min(least, _MAX_STATES)):
            after = self._sequence(parts, self._state(after))
        return after


def _passes(anchor: _Node, position: int, length: int) -> bool:
    if anchor is op.AT_BEGINNING:
        return position == 0
    return anchor is not op.AT_END or position == length


def _test(kind: _Node, value: _Node) -> _Test:
    if kind is op.LITERAL:
        return lambda sign: ord(sign) == value
    if kind is op.NOT_LITERAL:
        return lambda sign: ord(sign) != value
    if kind is op.ANY:
        return lambda sign: sign != "\n"
    if kind is op.IN:
        negate = value[0][0] is op.NEGATE
        tests = list(_members(value[1:] if negate else value))
        return lambda sign: any(test(sign) for test in tests) is not negate
    raise Unsafe("het patroon gebruikt verwijzingen of vooruitkijken")


def _members(parts: list[tuple[Any, Any]]) -> Iterator[_Test]:
    for kind, value in parts:
        if kind is op.CATEGORY:
            yield _CATEGORIES[value]
        elif kind is op.RANGE:
            yield _between(*value)
        else:
            yield _test(kind, value)


def _between(low: int, high: int) -> _Test:
    return lambda sign: low <= ord(sign) <= high


@lru_cache(maxsize=512)
def compile_pattern(source: str) -> Pattern:
    """Return the pattern. Raises Unsafe, with the reason in Dutch."""
    return Pattern(source)
