"""Read FEEL: tokens to a syntax tree, by recursive descent with the names that are known."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from routeflow.feel import tree
from routeflow.feel.faults import SyntaxFault
from routeflow.feel.lexer import Token, tokens, unescape
from routeflow.feel.values import ARITHMETIC

Kind = Literal["expression", "unary tests"]
Atoms = tuple[str, ...]

MAX_DEPTH: Final = 48
MAX_CHAIN: Final = 150
_MAX_NAME: Final = 40

KEYWORDS: Final = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "true",
        "false",
        "null",
        "function",
    ]
)
_AFTER_NAME: Final = KEYWORDS - {"if", "for", "some", "every", "true", "false", "null", "function"}
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_NAME_SYMBOLS: Final = frozenset(".-/'+*")
PROPERTIES: Final = ("time offset", "start included", "end included")
_TYPE_WORDS: Final = ("date and time", "days and time duration", "years and months duration")
_ENDS_VALUE: Final = frozenset(
    {")", "]", "}", ",", "=", "!=", ":", ".", "..", "...", "<=", ">=", "->"}
)


Branch = dict[str | None, Any]


class Names:
    """Known names as a tree of their atoms; ``under`` holds more of them, for many expressions."""

    __slots__ = ("trees",)

    def __init__(self, names: Iterable[str] = (), *, under: "Names | None" = None) -> None:
        self.trees: tuple[Branch, ...] = ({}, *(() if under is None else under.trees))
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        branch = self.trees[0]
        atoms = atoms_of(name)
        for atom in atoms:
            branch = branch.setdefault(atom, {})
        if atoms:
            branch.setdefault(None, name)

    def matching(self, ahead: list[Token], at: int) -> Iterator[tuple[Atoms, str]]:
        """Yield the names that the tokens from ``at`` on spell; the longest comes first."""
        found: dict[int, str] = {}
        for branch in reversed(self.trees):
            here, length = branch, 0
            while ahead[at + length].text in here:
                here = here[ahead[at + length].text]
                length += 1
                if None in here:
                    found.setdefault(length, here[None])
        for length in sorted(found, reverse=True):
            yield tuple(token.text for token in ahead[at : at + length]), found[length]


@lru_cache(maxsize=10_000)
def atoms_of(name: str) -> Atoms:
    """Return the words and signs that a name is made of, so that spacing does not matter."""
    try:
        return tuple(token.text for token in tokens(name) if token.kind != "end")
    except SyntaxFault:
        return ()


@lru_cache(maxsize=16)
def _known(names: frozenset[str]) -> Names:
    return Names((*PROPERTIES, *names))


def parse(source: str, *, kind: Kind, names: Collection[str], functions: Names) -> tree.Node:
    """Return the syntax tree of ``source``.

    Args:
        source: FEEL text.
        kind: what the text is: one expression, or the unary tests of a table's cell.
        names: variables and members that may hold spaces or signs such as ``-``.
        functions: the built-in functions.

    Raises:
        SyntaxFault: the text is not FEEL, or too deep.
    """
    reader = _Reader(source, Names(under=_known(frozenset(names))), functions)
    try:
        node = reader.unary_tests() if kind == "unary tests" else reader.expression()
        reader.expect_end()
    except RecursionError as error:
        raise SyntaxFault("ze zit te diep in elkaar", source=source) from error
    return node


class _Reader:
    def __init__(self, source: str, names: Names, functions: Names) -> None:
        self.source = source
        self.tokens = tokens(source)
        self.at = 0
        self.names = names
        self.functions = functions
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def fault(self, reason: str, token: Token | None = None) -> SyntaxFault:
        return SyntaxFault(reason, source=self.source, position=(token or self.token).start)

    def is_symbol(self, *texts: str) -> bool:
        token = self.token
        return token.kind == "symbol" and token.text in texts

    def is_word(self, *texts: str) -> bool:
        token = self.token
        return token.kind == "word" and token.text in texts

    def take(self, text: str) -> bool:
        """Pass ``text`` when it comes next."""
        token = self.token
        if token.text == text and token.kind in ("symbol", "word"):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.fault(f"hier hoort {text} te staan, niet {self.found()}")

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.fault(f"{self.found()} hoort hier niet")

    def found(self) -> str:
        return f"„{self.token.text}”" if self.token.kind != "end" else "het einde"

    def unary_tests(self) -> tree.Node:
        at = self.token.start
        if self.is_symbol("-") and self.ahead().kind == "end":
            self.at += 1
            return tree.Tests((), at=at)
        if self.is_word("not") and self.ahead().text == "(":
            begin, depth = self.at, self.depth
            self.at += 2
            # a bracket may be that of a range, so only reading tells whether not() spans all
            with suppress(SyntaxFault):
                tests = self.test_list(")")
                self.expect(")")
                if self.token.kind == "end":
                    return tree.Tests(tests, negated=True, at=at)
            self.at, self.depth = begin, depth
        return tree.Tests(self.test_list(""), at=at)

    def test_list(self, end: str) -> tuple[tree.Node, ...]:
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        if end and not self.is_symbol(end):
            raise self.fault(f"hier hoort {end} te staan, niet {self.found()}")
        return tuple(tests)

    def test(self) -> tree.Node:
        if self.is_symbol(*_COMPARISONS):
            return self.open_range()
        return self.expression()

    def open_range(self) -> tree.Node:
        token = self.token
        self.at += 1
        operand = self.additive()
        return tree.Open(_operator(token.text), operand, at=token.start)

    def expression(self) -> tree.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault("ze zit te diep in elkaar")
        token = self.token
        if token.kind == "word" and token.text in _STARTERS:
            node = self.started(token) or self.disjunction()
        else:
            node = self.disjunction()
        self.depth -= 1
        return node

    def started(self, token: Token) -> tree.Node | None:
        match token.text:
            case "if":
                return self.conditional()
            case "for":
                return self.iteration()
            case "some" | "every":
                return self.quantified()
            case _ if self.ahead().text == "(":
                return self.definition()
            case _:
                return None

    def conditional(self) -> tree.Node:
        at = self.token.start
        self.at += 1
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return tree.If(condition, then, self.expression(), at=at)

    def iteration(self) -> tree.Node:
        at = self.token.start
        self.at += 1
        loops = self.loops(spans=True)
        self.expect("return")
        self.names.add("partial")
        return tree.For(loops, self.expression(), at=at)

    def quantified(self) -> tree.Node:
        token = self.token
        self.at += 1
        loops = self.loops(spans=True)
        self.expect("satisfies")
        return tree.Quantified(token.text == "every", loops, self.expression(), at=token.start)

    def loops(self, *, spans: bool) -> tuple[tree.Loop, ...]:
        loops = []
        while True:
            at = self.token.start
            name = self.new_name("in")
            self.expect("in")
            source = self.expression()
            if spans and self.is_symbol(".."):
                self.at += 1
                source = tree.Span(source, self.expression(), at=at)
            loops.append(tree.Loop(name, source, at=at))
            if not self.take(","):
                return tuple(loops)

    def definition(self) -> tree.Node:
        at = self.token.start
        self.at += 2
        params: list[tree.Param] = []
        while not self.is_symbol(")"):
            if params:
                self.expect(",")
            start = self.token.start
            name = self.new_name(":", ",", ")")
            kind = self.type_name() if self.take(":") else None
            params.append(tree.Param(name, kind, at=start))
        self.expect(")")
        if self.is_word("external"):
            self.at += 1
            return tree.Lambda(tuple(params), None, self.expression(), at=at)
        return tree.Lambda(tuple(params), self.expression(), at=at)

    def new_name(self, *ends: str) -> str:
        """Read a name that is being defined, up to one of ``ends``."""
        first = self.token
        while self.token.kind in ("word", "number", "symbol") and self.token.text not in ends:
            if self.token.kind == "symbol" and self.token.text not in _NAME_SYMBOLS:
                break
            self.at += 1
            if self.at > len(self.tokens) - 1 or self.token.start - first.start > 10 * _MAX_NAME:
                raise self.fault("deze naam is te lang", first)
        if first is self.token or first.kind != "word":
            raise self.fault(f"hier hoort een naam te staan, niet {self.found()}", first)
        last = self.tokens[self.at - 1]
        name = " ".join(self.source[first.start : last.end].split())
        self.names.add(name)
        return name

    def disjunction(self) -> tree.Node:
        first = self.conjunction()
        if not self.is_word("or"):
            return first
        parts = [first]
        while self.take("or"):
            parts.append(self.conjunction())
        return tree.Logic("or", tuple(parts), at=first.at)

    def conjunction(self) -> tree.Node:
        first = self.comparison()
        if not self.is_word("and"):
            return first
        parts = [first]
        while self.take("and"):
            parts.append(self.comparison())
        return tree.Logic("and", tuple(parts), at=first.at)

    def comparison(self) -> tree.Node:
        node = self.additive()
        for _ in range(MAX_CHAIN):
            token = self.token
            if token.kind == "symbol" and token.text in _COMPARISONS:
                self.at += 1
                if token.text == "=" and self.is_symbol("=") and self.token.start == token.end:
                    raise self.fault("gebruik = in plaats van ==")
                right = self.additive()
                node = tree.Binary(_operator(token.text), node, right, at=node.at)
            elif token.kind == "word" and token.text == "between":
                self.at += 1
                low = self.additive()
                self.expect("and")
                node = tree.Between(node, low, self.additive(), at=node.at)
            elif token.kind == "word" and token.text == "in":
                self.at += 1
                node = tree.In(node, self.in_tests(), at=node.at)
            elif self.is_instance_of():
                self.at += 2
                node = tree.InstanceOf(node, self.type_name(), at=node.at)
            else:
                return node
        raise self.fault("er staan te veel vergelijkingen achter elkaar")

    def is_instance_of(self) -> bool:
        return self.is_word("instance") and self.ahead().text == "of"

    def in_tests(self) -> tuple[tree.Node, ...]:
        if self.is_symbol(*_COMPARISONS):
            return (self.open_range(),)
        if not self.is_symbol("("):
            return (self.additive(),)
        start = self.at
        self.at += 1
        tests = self.test_list("") if not self.is_symbol(")") else ()
        if self.is_symbol("..", "]", "[") or (len(tests) == 1 and self._goes_on()):
            self.at = start
            return (self.additive(),)
        self.expect(")")
        return tests

    def _goes_on(self) -> bool:
        after = self.ahead()
        return self.is_symbol(")") and after.text in ("+", "-", "*", "/", "**", ".", "[")

    def additive(self) -> tree.Node:
        node = self.term()
        chain = 0
        while self.is_symbol("+", "-"):
            chain = self.counted(chain)
            sign = self.token.text
            self.at += 1
            node = tree.Binary(_operator(sign), node, self.term(), at=node.at)
        return node

    def counted(self, chain: int) -> int:
        if chain >= MAX_CHAIN:
            raise self.fault("er staan te veel bewerkingen achter elkaar")
        return chain + 1

    def term(self) -> tree.Node:
        node = self.power()
        chain = 0
        while self.is_symbol("*", "/"):
            chain = self.counted(chain)
            sign = self.token.text
            self.at += 1
            node = tree.Binary(_operator(sign), node, self.power(), at=node.at)
        return node

    def power(self) -> tree.Node:
        node = self.negation()
        chain = 0
        while self.is_symbol("**"):
            chain = self.counted(chain)
            self.at += 1
            node = tree.Binary("**", node, self.negation(), at=node.at)
        return node

    def negation(self) -> tree.Node:
        token = self.token
        signs = 0
        while self.is_symbol("-"):
            signs = self.counted(signs)
            self.at += 1
        node = self.postfix()
        for _ in range(signs):
            literal = isinstance(node, tree.Value) and isinstance(node.value, Decimal)
            if literal and node.value >= 0:  # type: ignore[attr-defined]
                node = tree.Value(node.value.copy_negate(), at=token.start)  # type: ignore[attr-defined]
            else:
                node = tree.Negative(node, at=token.start)
        return node

    def postfix(self) -> tree.Node:
        node = self.primary()
        chain = 0
        while True:
            if self.is_symbol("."):
                self.at += 1
                node = tree.Path(node, self.member(), at=node.at)
            elif self.is_symbol("..."):
                self.at += 1
                node = tree.Descendants(node, self.member(), at=node.at)
            elif self.is_symbol("("):
                node = self.call(node)
            elif self.is_symbol("[") and not self._closes_range():
                self.at += 1
                condition = self.expression()
                self.expect("]")
                node = tree.Filter(node, condition, at=node.at)
            else:
                return node
            chain = self.counted(chain)

    def _closes_range(self) -> bool:
        after = self.ahead()
        if after.kind == "end":
            return True
        return after.text in (_ENDS_VALUE if after.kind == "symbol" else _AFTER_NAME)

    def member(self) -> str:
        if self.token.kind != "word":
            raise self.fault(f"na een punt hoort een naam te staan, niet {self.found()}")
        if known := self.known_name(self.names):
            return known
        first = self.token
        self.at += 1
        return self.with_more_words(first)

    def call(self, function: tree.Node) -> tree.Node:
        self.expect("(")
        if self.take(")"):
            return tree.Call(function, (), at=function.at)
        if self._is_named_argument():
            return self.named_call(function)
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self.expect(")")
        return tree.Call(function, tuple(arguments), at=function.at)

    def _is_named_argument(self) -> bool:
        if self.token.kind != "word":
            return False
        index = self.at
        while self._in_name(index) and index - self.at < _MAX_NAME:
            index += 1
        return self.tokens[index].text == ":"

    def _in_name(self, index: int) -> bool:
        """Return whether a token may be part of the name of an argument, an imported one too."""
        token = self.tokens[index]
        return token.kind in ("word", "number") or token.text in _NAME_SYMBOLS

    def named_call(self, function: tree.Node) -> tree.Node:
        names: list[str] = []
        arguments = []
        while True:
            first = self.token
            while self._in_name(self.at):
                self.at += 1
            name = " ".join(self.source[first.start : self.token.start].split())
            if not name or name in names:
                raise self.fault("elk argument heeft een eigen naam nodig", first)
            self.expect(":")
            names.append(name)
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")")
        return tree.Call(function, tuple(arguments), tuple(names), at=function.at)

    def primary(self) -> tree.Node:
        token = self.token
        match token.kind:
            case "number":
                self.at += 1
                return tree.Value(self.number(token), at=token.start)
            case "string":
                self.at += 1
                return tree.Value(unescape(token.text), at=token.start)
            case "at":
                self.at += 1
                return tree.At(unescape(token.text[1:].lstrip()), at=token.start)
            case "word":
                return self.word()
            case "symbol":
                return self.bracketed()
            case _:
                raise self.fault("ze houdt te vroeg op; er ontbreekt iets aan het einde")

    def number(self, token: Token) -> Decimal:
        try:
            return ARITHMETIC.create_decimal(token.text)
        except ArithmeticError as error:
            raise self.fault("dit getal is te groot", token) from error

    def word(self) -> tree.Node:
        token = self.token
        if token.text in _CONSTANTS and not self.known_longer():
            self.at += 1
            return tree.Value(_CONSTANTS[token.text], at=token.start)
        if token.text in _STARTERS:
            nested = self.nested_starter()
            if nested is not None:
                return nested
        return tree.Name(self.name(), at=token.start)

    def nested_starter(self) -> tree.Node | None:
        """Read an if, for, some, every or function that stands behind an operator."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault("ze zit te diep in elkaar")
        node = self.started(self.token)
        self.depth -= 1
        return node

    def known_longer(self) -> bool:
        return any(len(atoms) > 1 for atoms, _ in self.names.matching(self.tokens, self.at))

    def name(self) -> str:
        first = self.token
        function = self.known_function()
        start = self.at
        variable = self.known_name(self.names)
        if variable is not None and (function is None or self.at - start >= function[1]):
            return self.more_or(first, variable)
        self.at = start
        if function is not None:
            self.at += function[1]
            return self.more_or(first, function[0])
        if first.text in KEYWORDS:
            raise self.fault(f"het woord {first.text} hoort hier niet")
        self.at += 1
        return self.with_more_words(first)

    def more_or(self, first: Token, known: str) -> str:
        return self.with_more_words(first) if self._another_word() else known

    def known_function(self) -> tuple[str, int] | None:
        for atoms, name in self.functions.matching(self.tokens, self.at):
            follows = self.ahead(len(atoms)).text
            if follows == "(" or not KEYWORDS.intersection(atoms):
                return name, len(atoms)
        return None

    def known_name(self, names: Names) -> str | None:
        for atoms, name in names.matching(self.tokens, self.at):
            self.at += len(atoms)
            return name
        return None

    def matches(self, atoms: Atoms) -> bool:
        part = self.tokens[self.at : self.at + len(atoms)]
        return len(part) == len(atoms) and all(
            token.text == atom for token, atom in zip(part, atoms, strict=True)
        )

    def with_more_words(self, first: Token) -> str:
        """Return the name that starts at ``first``, with the words that follow it at once."""
        while self._another_word():
            self.at += 1
        last = self.tokens[self.at - 1]
        return " ".join(self.source[first.start : last.end].split())

    def _another_word(self) -> bool:
        token = self.token
        return (
            token.kind == "word"
            and token.text not in _AFTER_NAME
            and not (token.text == "instance" and self.ahead().text == "of")
        )

    def bracketed(self) -> tree.Node:
        token = self.token
        match token.text:
            case "(":
                return self.parenthesis()
            case "[":
                return self.items()
            case "]":
                return self.interval_after(self.token, start_included=False)
            case "{":
                return self.entries()
            case _ if token.text in _COMPARISONS:
                return self.open_range()
            case _:
                raise self.fault(f"{self.found()} hoort hier niet")

    def parenthesis(self) -> tree.Node:
        token = self.token
        if self.ahead().kind == "symbol" and self.ahead().text in _COMPARISONS:
            self.at += 1
            node = self.open_range()
            self.expect(")")
            return node
        self.at += 1
        inside = self.expression()
        if self.is_symbol(".."):
            return self.interval(token, inside, start_included=False)
        self.expect(")")
        return inside

    def items(self) -> tree.Node:
        token = self.token
        self.at += 1
        if self.take("]"):
            return tree.Items((), at=token.start)
        items = [self.item()]
        if self.is_symbol(".."):
            return self.interval(token, items[0], start_included=True)
        while self.take(","):
            items.append(self.item())
        self.expect("]")
        return tree.Items(tuple(items), at=token.start)

    def item(self) -> tree.Node:
        return self.open_range() if self.is_symbol(*_COMPARISONS) else self.expression()

    def interval_after(self, token: Token, *, start_included: bool) -> tree.Node:
        self.at += 1
        start = self.expression()
        if not self.is_symbol(".."):
            raise self.fault(f"hier hoort .. te staan, niet {self.found()}")
        return self.interval(token, start, start_included=start_included)

    def interval(self, token: Token, start: tree.Node, *, start_included: bool) -> tree.Node:
        self.expect("..")
        end = self.expression()
        if not self.is_symbol(")", "[", "]"):
            raise self.fault(f"hier hoort ] of ) te staan, niet {self.found()}")
        end_included = self.token.text == "]"
        self.at += 1
        return tree.Interval(start, end, start_included, end_included, at=token.start)

    def entries(self) -> tree.Node:
        token = self.token
        self.at += 1
        entries: list[tree.Entry] = []
        names: set[str] = set()
        while not self.is_symbol("}"):
            if entries:
                self.expect(",")
            at = self.token.start
            name = self.key()
            if name in names:
                raise self.fault(f"de naam {name} staat er twee keer in")
            names.add(name)
            self.expect(":")
            entries.append(tree.Entry(name, self.expression(), at=at))
        self.expect("}")
        return tree.Entries(tuple(entries), at=token.start)

    def key(self) -> str:
        if self.token.kind == "string":
            name = unescape(self.token.text)
            self.at += 1
            self.names.add(name)
            return name
        return self.new_name(":")

    def type_name(self) -> tree.TypeName:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault("ze zit te diep in elkaar")
        node = self._type_name()
        self.depth -= 1
        return node

    def _type_name(self) -> tree.TypeName:
        at = self.token.start
        word = self.token.text
        if word in ("list", "range") and self.ahead().text == "<":
            self.at += 2
            inner = self.type_name()
            self.expect(">")
            return tree.TypeName(word, (inner,), at=at)
        if word == "context" and self.ahead().text == "<":
            return self.context_type(at)
        if word == "function" and self.ahead().text in ("<", "("):
            return self.function_type(at)
        return tree.TypeName(self.plain_type(), at=at)

    def context_type(self, at: int) -> tree.TypeName:
        self.at += 2
        names: list[str] = []
        inner: list[tree.TypeName] = []
        while not self.is_symbol(">"):
            if names:
                self.expect(",")
            names.append(self.new_name(":"))
            self.expect(":")
            inner.append(self.type_name())
        self.expect(">")
        return tree.TypeName("context", tuple(inner), tuple(names), at=at)

    def function_type(self, at: int) -> tree.TypeName:
        self.at += 1
        inner: list[tree.TypeName] = []
        end = ">" if self.take("<") else ")"
        if end == ")":
            self.expect("(")
        while not self.is_symbol(end):
            if inner:
                self.expect(",")
            inner.append(self.type_name())
        self.expect(end)
        self.expect("->")
        inner.append(self.type_name())
        return tree.TypeName("function", tuple(inner), at=at)

    def plain_type(self) -> str:
        first = self.token
        if first.kind != "word":
            raise self.fault(f"hier hoort een type te staan, niet {self.found()}")
        for known in _TYPE_WORDS:
            words = tuple(known.split())
            if self.matches(words):
                self.at += len(words)
                return known
        if known_name := self.known_name(self.names):
            return known_name
        self.at += 1
        while self._another_word() or (self.is_symbol(".") and self.ahead().kind == "word"):
            self.at += 1
        last = self.tokens[self.at - 1]
        return " ".join(self.source[first.start : last.end].split())


def _operator(text: str) -> tree.Operator:
    return _OPERATORS[text]


_OPERATORS: Final[dict[str, tree.Operator]] = {text: text for text in get_args(tree.Operator)}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_STARTERS: Final = frozenset({"if", "for", "some", "every", "function"})
