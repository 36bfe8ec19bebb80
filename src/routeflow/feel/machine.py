"""Run a pattern on a text by following all possibilities side by side.

The time is the length of the text times the size of the pattern, whatever they hold.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from routeflow.feel.pattern import Again, Chars, Choice, Edge, Group, Node, Repeat, Sequence

_MAX_PROGRAM: Final = 4_000

Span = tuple[int | None, ...]
Charge = Callable[[int], None]
Instruction = tuple[str, object, int]


class _TooBig(Exception):  # says what the program would be
    """The program has too many steps, or refers back to a group."""


def program_of(tree: Node) -> tuple[Instruction, ...] | None:
    """Return the program, None when it has a reference back or is too big."""
    writer = _Writer()
    try:
        writer.emit(tree)
    except _TooBig:
        return None
    return (*writer.program, ("match", 0, 0))


class _Writer:
    """Writes a tree as instructions; split and jump name the places where to go on."""

    def __init__(self) -> None:
        self.program: list[Instruction] = []

    def add(self, kind: str, one: object = 0) -> int:
        if len(self.program) >= _MAX_PROGRAM:
            raise _TooBig
        self.program.append((kind, one, 0))
        return len(self.program) - 1

    def emit(self, node: Node) -> None:
        match node:
            case Chars():
                self.add("char", node)
            case Sequence(parts):
                for part in parts:
                    self.emit(part)
            case Choice(options):
                self.choice(options)
            case Group(body, number):
                self.group(body, number)
            case Repeat():
                self.repeat(node)
            case Edge(sign):
                self.add("edge", sign)
            case Again():
                raise _TooBig

    def group(self, body: Node, number: int | None) -> None:
        if number is None:
            self.emit(body)
            return
        self.add("save", 2 * number)
        self.emit(body)
        self.add("save", 2 * number + 1)

    def choice(self, options: tuple[Node, ...]) -> None:
        jumps = []
        for option in options[:-1]:
            place = self.add("split")
            self.emit(option)
            jumps.append(self.add("jump"))
            self.fork(place, greedy=True)
        self.emit(options[-1])
        for jump in jumps:
            self.program[jump] = ("jump", len(self.program), 0)

    def repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self.emit(node.body)
        if node.most is None:
            place = self.add("split")
            self.emit(node.body)
            self.add("jump", place)
            self.fork(place, greedy=node.greedy)
            return
        places = []
        for _ in range(node.most - node.least):
            places.append(self.add("split"))
            self.emit(node.body)
        for place in places:
            self.fork(place, greedy=node.greedy)

    def fork(self, place: int, *, greedy: bool) -> None:
        """Let the split at ``place`` prefer to go on (greedy) or to skip to the end of now."""
        on, past = place + 1, len(self.program)
        self.program[place] = ("split", on, past) if greedy else ("split", past, on)


def match(
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
