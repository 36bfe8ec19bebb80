"""Turn a syntax tree into closures. Nothing here is ever given to eval or exec."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from routeflow.feel import tree
from routeflow.feel.arithmetic import OPERATIONS, negative
from routeflow.feel.faults import SyntaxFault
from routeflow.feel.properties import PROPERTIES_OF, inside, member
from routeflow.feel.run import Env, Invocable, Run
from routeflow.feel.temporal import date_of, ordinal
from routeflow.feel.text import read_literal, write
from routeflow.feel.types import ANY, Type, coerce, inferred, is_instance, misfit, type_of
from routeflow.feel.values import (
    Range,
    Value,
    equal,
    in_dutch,
    kind,
    order,
    within,
)

Closure = Callable[[Env], Value]
Test = Callable[[Value, Env], bool | None]

MAX_DEPTH: Final = 220


def compiled(node: tree.Node, source: str) -> Closure:
    """Return a closure that evaluates ``node``. Raises SyntaxFault when it is too deep."""
    return _Compiler(source).node(node)


def compiled_tests(node: tree.Tests, source: str) -> Test:
    """Return a closure that says whether a value passes the unary tests."""
    return _Compiler(source).tests(node)


class _Compiler:
    def __init__(self, source: str) -> None:
        self.source = source
        self.depth = 0

    def node(self, node: tree.Node) -> Closure:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxFault("ze zit te diep in elkaar", source=self.source, position=node.at)
        make: Callable[[_Compiler, tree.Node], Closure] = _MAKERS[type(node)]
        closure = make(self, node)
        self.depth -= 1
        return closure

    def nodes(self, nodes: tuple[tree.Node, ...]) -> list[Closure]:
        return [self.node(node) for node in nodes]

    def value(self, node: tree.Value) -> Closure:
        value = node.value
        return lambda _: value

    def at_literal(self, node: tree.At) -> Closure:
        value = read_literal(node.text)
        if value is None:
            reason = f'@"{node.text}" is geen datum, tijd of duur'
            return lambda env: env.run.null(reason)
        return lambda _: value

    def name(self, node: tree.Name) -> Closure:
        name = node.name

        def closure(env: Env) -> Value:
            values = env.values
            return values[name] if name in values else env.find(name)

        return closure

    def path(self, node: tree.Path) -> Closure:
        base, name = self.node(node.base), node.name
        return lambda env: member(base(env), name, env.run)

    def descendants(self, node: tree.Descendants) -> Closure:
        base, name = self.node(node.base), node.name
        return lambda env: inside(base(env), name, env.run)

    def conditional(self, node: tree.If) -> Closure:
        condition, then, otherwise = self.nodes((node.condition, node.then, node.otherwise))

        def closure(env: Env) -> Value:
            return then(env) if condition(env) is True else otherwise(env)

        return closure

    def logic(self, node: tree.Logic) -> Closure:
        parts = self.nodes(node.parts)
        decisive = node.word == "or"
        word = node.word

        def closure(env: Env) -> Value:
            answer: bool | None = not decisive
            for part in parts:
                value = part(env)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    if value is not None:
                        env.run.null(
                            f"{word} krijgt {in_dutch(value)} in plaats van waar of onwaar"
                        )
                    answer = None
            return answer

        return closure

    def binary(self, node: tree.Binary) -> Closure:
        left, right = self.node(node.left), self.node(node.right)
        operator = node.operator
        where = self.excerpt(node)
        if operator in ("=", "!="):
            return _equality(left, right, where, wanted=operator == "=")
        if operator in _ORDERS:
            return _ordering(left, right, where, operator)
        operation = OPERATIONS[operator]

        def closure(env: Env) -> Value:
            return operation(left(env), right(env), env.run, where)

        return closure

    def excerpt(self, node: tree.Node) -> str:
        text = str(node) if len(self.source) < _EXCERPT else self.source[node.at :]
        return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"

    def negative(self, node: tree.Negative) -> Closure:
        operand = self.node(node.operand)
        return lambda env: negative(operand(env), env.run)

    def between(self, node: tree.Between) -> Closure:
        value, low, high = self.nodes((node.value, node.low, node.high))
        where = self.excerpt(node)

        def closure(env: Env) -> Value:
            item = value(env)
            above, below = order(item, low(env)), order(item, high(env))
            if (above is not None and above < 0) or (below is not None and below > 0):
                return False
            if above is None or below is None:
                return env.run.null(f"{where}: dit is niet te vergelijken")
            return True

        return closure

    def membership(self, node: tree.In) -> Closure:
        value = self.node(node.value)
        test = self.any_of(node.tests)
        return lambda env: test(value(env), env)

    def any_of(self, nodes: tuple[tree.Node, ...]) -> Test:
        tests = [self.test(node) for node in nodes]
        if len(tests) == 1:
            return tests[0]

        def test(value: Value, env: Env) -> bool | None:
            answer: bool | None = False
            for one in tests:
                found = one(value, env)
                if found is True:
                    return True
                if found is None:
                    answer = None
            return answer

        return test

    def tests(self, node: tree.Tests) -> Test:
        if not node.tests:
            return lambda _value, _env: True
        test = self.any_of(node.tests)
        if not node.negated:
            return test

        def negated(value: Value, env: Env) -> bool | None:
            found = test(value, env)
            return None if found is None else not found

        return negated

    def test(self, node: tree.Node) -> Test:
        if isinstance(node, tree.Open):
            return self.open_test(node)
        if isinstance(node, tree.Value) and node.value is not None:
            return _literal_test(node.value)
        closure = self.node(node)
        if node == tree.Name("?"):
            return lambda _value, _env: True
        if _mentions(node, "?"):

            def asked(value: Value, env: Env) -> bool | None:
                answer = closure(Env({"?": value}, env, env.run))
                if answer is None or type(answer) is bool:
                    return answer  # what is not known of ? is no reason to let it through
                return _matches(value, answer, env.run)

            return asked

        if isinstance(node, tree.Interval):
            return lambda value, env: _in_range(value, closure(env), env.run)
        return lambda value, env: _matches(value, closure(env), env.run)

    def open_test(self, node: tree.Open) -> Test:
        operand = self.node(node.operand)
        operator = node.operator
        if operator in ("=", "!="):
            wanted = operator == "="

            def same(value: Value, env: Env) -> bool | None:
                answer = equal(value, operand(env), env.run.charge)
                return None if answer is None else answer is wanted

            return same
        passes = _ORDERS[operator]

        def ordered(value: Value, env: Env) -> bool | None:
            limit = operand(env)
            answer = order(value, limit)
            if answer is None:
                _incomparable(value, limit, env.run, f"{operator} {_shown(limit, env.run)}")
                return None
            return passes(answer)

        return ordered

    def open_range(self, node: tree.Open) -> Closure:
        operand = self.node(node.operand)
        operator = node.operator

        def closure(env: Env) -> Value:
            end = operand(env)
            match operator:
                case "=":
                    return Range(end, end, True, True, compared=True)  # noqa: FBT003 - its sides
                case "<" | "<=":
                    return Range(None, end, False, operator == "<=", compared=True)  # noqa: FBT003
                case ">" | ">=":
                    return Range(end, None, operator == ">=", False, compared=True)  # noqa: FBT003
                case _ if end is None:
                    return env.run.null("!= null is geen bereik")
                case _:
                    return Range(end, end, False, False, compared=True)  # noqa: FBT003 - its sides

        return closure

    def interval(self, node: tree.Interval) -> Closure:
        start, end = self.node(node.start), self.node(node.end)
        first, last = node.start_included, node.end_included

        def closure(env: Env) -> Value:
            low, high = start(env), end(env)
            if low is None or high is None:
                return _open_interval(Range(low, high, first, last), env.run)
            found = order(low, high)
            if found is None or found > 0:
                return env.run.null("het begin van een bereik ligt voor het einde")
            return Range(low, high, first, last)

        return closure

    def instance_of(self, node: tree.InstanceOf) -> Closure:
        value = self.node(node.value)
        written = node.type

        def closure(env: Env) -> Value:
            wanted = type_of(written, env.run.types)
            if wanted is None:
                return env.run.null(f"het type {written} is niet bekend")
            return is_instance(value(env), wanted, env.run.charge)

        return closure

    def items(self, node: tree.Items) -> Closure:
        items = self.nodes(node.items)
        return lambda env: [item(env) for item in items]

    def entries(self, node: tree.Entries) -> Closure:
        entries = [(entry.name, self.node(entry.value)) for entry in node.entries]

        def closure(env: Env) -> Value:
            values: dict[str, Value] = {}
            inner = Env(values, env, env.run)
            for name, value in entries:
                values[name] = value(inner)
            return dict(values)

        return closure

    def filter(self, node: tree.Filter) -> Closure:
        base, condition = self.node(node.base), self.node(node.condition)
        literal = isinstance(node.condition, tree.Value) and type(node.condition.value) is Decimal

        def closure(env: Env) -> Value:
            source = base(env)
            run = env.run
            items = source if type(source) is list else [] if source is None else [source]
            if literal:
                return _item(items, condition(env), run)
            run.charge(len(items))
            if not items:
                return _item(items, index, run) if _is_number(index := condition(env)) else []
            kept = []
            for item in items:
                found = condition(_item_scope(item, env))
                if found is True:
                    kept.append(item)
                elif type(found) is Decimal:
                    return _item(items, found, run)
                elif found is not False and found is not None:
                    return run.null(f"wat tussen [ en ] staat is {in_dutch(found)}")
            return kept

        return closure

    def loop_values(self, loops: tuple[tree.Loop, ...]) -> list[tuple[str, Closure]]:
        return [(loop.name, self.loop_source(loop.source)) for loop in loops]

    def loop_source(self, node: tree.Node) -> Closure:
        if isinstance(node, tree.Span):
            first, last = self.node(node.first), self.node(node.last)
            return lambda env: _span(first(env), last(env), env.run)
        source = self.node(node)

        def closure(env: Env) -> Value:
            value = source(env)
            if type(value) is list:
                return value
            if type(value) is Range:
                return _range_items(value, env.run)
            if value is None:
                return env.run.null("er is geen lijst om langs te gaan")
            return [value]

        return closure

    def iteration(self, node: tree.For) -> Closure:
        loops = self.loop_values(node.loops)
        body = self.node(node.body)
        looks_back = _mentions(node.body, "partial")
        keeps = _defines_function(node)

        def closure(env: Env) -> Value:
            results: list[Value] = []
            local: dict[str, Value] = {}
            inner = Env(local, env, env.run)

            def go(index: int) -> bool:
                if index == len(loops):
                    if looks_back:
                        env.run.charge(len(results) >> 4)
                        local["partial"] = results[:]
                    # a function made in the body must keep this round's values
                    results.append(body(Env(dict(local), env, env.run) if keeps else inner))
                    return True
                name, source = loops[index]
                items = source(inner)
                if items is None:
                    return False
                for item in items:
                    env.run.charge(1)
                    local[name] = item
                    if not go(index + 1):
                        return False
                return True

            return env.run.items(results) if go(0) else None

        return closure

    def quantified(self, node: tree.Quantified) -> Closure:
        loops = self.loop_values(node.loops)
        condition = self.node(node.condition)
        decisive = not node.every

        def closure(env: Env) -> Value:
            local: dict[str, Value] = {}
            inner = Env(local, env, env.run)
            answer: bool | None = not decisive

            def go(index: int) -> bool:
                """Return whether the answer is settled."""
                nonlocal answer
                if index == len(loops):
                    found = condition(inner)
                    if found is decisive:
                        answer = decisive
                        return True
                    if type(found) is not bool:
                        answer = None
                    return False
                name, source = loops[index]
                items = source(inner)
                if items is None:
                    answer = None
                    return True
                for item in items:
                    env.run.charge(1)
                    local[name] = item
                    if go(index + 1):
                        return True
                return False

            go(0)
            return answer

        return closure

    def definition(self, node: tree.Lambda) -> Closure:
        body = None if node.body is None else self.node(node.body)
        params = tuple(param.name for param in node.params)
        written = tuple(param.type for param in node.params)
        result = inferred(node.body)

        def closure(env: Env) -> Value:
            types = tuple(
                ANY if kind is None else type_of(kind, env.run.types) or ANY for kind in written
            )
            function = Written("function", params, types, body, env)
            function.inferred = result
            return function

        return closure

    def call(self, node: tree.Call) -> Closure:
        callee = self.node(node.function)
        arguments = self.nodes(node.arguments)
        names = node.names
        label = str(node.function)[:_EXCERPT]

        def closure(env: Env) -> Value:
            function = callee(env)
            if not isinstance(function, Invocable):
                function = env.run.builtins.get(label)  # a variable may be named like a function
                if function is None:
                    return env.run.null(f"{label} is geen functie")
            return function.call(env.run, [argument(env) for argument in arguments], names)

        return closure


_EXCERPT: Final = 60


class Written(Invocable):
    """A function written in FEEL, or one whose body is a decision table."""

    __slots__ = ("body", "env", "inferred", "params", "result", "types")

    def __init__(  # noqa: PLR0913, PLR0917 - what a function is made of
        self,
        name: str,
        params: tuple[str, ...],
        types: tuple[Type, ...],
        body: Closure | None,
        env: Env,
        result: Type | None = None,
    ) -> None:
        super().__init__(name)
        self.params = params
        self.types = types
        self.body = body
        self.env = env
        self.result = result
        self.inferred: Type | None = None

    def call(self, run: Run, args: list[Value], names: tuple[str, ...] | None) -> Value:
        if names is not None:
            if set(names) != set(self.params):
                return run.null(f"{self.name} kent deze namen niet: {', '.join(names)}")
            by_name = dict(zip(names, args, strict=True))
            args = [by_name[name] for name in self.params]
        if len(args) != len(self.params):
            return run.null(f"{self.name} wil {len(self.params)} gegevens, niet {len(args)}")
        if self.body is None:
            return run.null("een functie van buiten (external) wordt niet uitgevoerd")
        values: dict[str, Value] = {}
        for name, wanted, value in zip(self.params, self.types, args, strict=True):
            values[name], fits = coerce(value, wanted, run.charge)
            if not fits:
                run.null(f"{self.name}: {name} {misfit(value, wanted)}")
        run.enter()
        answer = self.body(Env(values, self.env, run))
        run.depth -= 1
        if self.result is None:
            return answer
        answer, fits = coerce(answer, self.result, run.charge)
        return answer if fits else run.null(f"{self.name} geeft iets anders dan {self.result.kind}")


def _equality(left: Closure, right: Closure, where: str, *, wanted: bool) -> Closure:
    def closure(env: Env) -> Value:
        a, b = left(env), right(env)
        answer = equal(a, b, env.run.charge)
        if answer is None:
            return _incomparable(a, b, env.run, where)
        return answer is wanted

    return closure


def _ordering(left: Closure, right: Closure, where: str, operator: str) -> Closure:
    passes = _ORDERS[operator]

    def closure(env: Env) -> Value:
        a, b = left(env), right(env)
        answer = order(a, b)
        if answer is None:
            return _incomparable(a, b, env.run, where)
        return passes(answer)

    return closure


_ORDERS: Final[Mapping[str, Callable[[int], bool]]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def _incomparable(a: Value, b: Value, run: Run, where: str) -> Value:
    return run.null(f"{where}: {in_dutch(a)} en {in_dutch(b)} zijn niet te vergelijken")


def _shown(value: Value, run: Run) -> str:
    """Return ``value`` as FEEL writes it, for a reason."""
    return write(value, run.charge, inside=True)[:_EXCERPT]


def _literal_test(wanted: Value) -> Test:
    cls = type(wanted)

    def test(value: Value, env: Env) -> bool | None:
        if type(value) is cls:
            return bool(value == wanted)
        if value is None:
            return False
        if type(value) is list:
            return _matches(value, wanted, env.run)
        _incomparable(value, wanted, env.run, _shown(wanted, env.run))
        return None

    return test


def _matches(value: Value, found: Value, run: Run) -> bool | None:
    """Return whether ``value`` passes a test that evaluated to ``found``."""
    cls = type(found)
    if cls is list:
        return _in_list(value, found, run)
    if cls is Range:
        return _in_range(value, found, run)
    same = equal(value, found, run.charge)
    if same is None:
        _incomparable(value, found, run, "test")
        return None
    return same


def _in_list(value: Value, found: list[Value], run: Run) -> bool:
    """Return whether the list has the value or a range around it; what differs in kind has not."""
    run.charge(len(found))
    if type(value) is list and equal(value, found, run.charge) is True:
        return True
    for item in found:
        if equal(value, item, run.charge) is True:
            return True
        if (
            type(item) is Range
            and type(value) is not Range
            and within(value, item, run.charge) is True
        ):
            return True
    return False


def _in_range(value: Value, limits: Value, run: Run) -> bool | None:
    if type(limits) is not Range:
        return None
    if type(value) is Range:
        return bool(value == limits)
    answer = within(value, limits, run.charge)
    if answer is None:
        if not limits.compared and (limits.start is None or limits.end is None):
            run.null("een einde van dit bereik is niet bekend")
            return None
        end = limits.end if limits.start is None else limits.start
        _incomparable(value, end, run, "bereik")
        return None
    return answer


def _mentions(node: tree.Node, name: str) -> bool:
    return any(
        isinstance(part, tree.Given) or (isinstance(part, tree.Name) and part.name == name)
        for part in node.walk()
    )


def _defines_function(node: tree.Node) -> bool:
    return any(isinstance(part, tree.Lambda | tree.Given) for part in node.walk())


def _is_number(value: Value) -> bool:
    return type(value) is Decimal


def _item(items: list[Value], index: Value, run: Run) -> Value:
    if not -len(items) <= index <= len(items) or not index or index != int(index):
        return run.null(f"de lijst heeft geen plaats {index}")
    place = int(index)
    return items[place - 1 if place > 0 else place]


def _item_scope(item: Value, env: Env) -> Env:
    if type(item) is dict:
        return Env(item, Env({"item": item}, env, env.run), env.run)
    values = {"item": item}
    properties = PROPERTIES_OF.get(type(item))
    if properties:
        values |= {name: member(item, name, env.run) for name in properties}
    return Env(values, env, env.run)


def _open_interval(limits: Range, run: Run) -> Value:
    """Return a range of which an end is null, which it may be when that end is not included."""
    if (limits.start, limits.end) == (None, None):
        return run.null("een bereik heeft een begin of een einde nodig")
    if limits.start is None and limits.start_included:
        return run.null("het begin van dit bereik is niet bekend")
    if limits.end is None and limits.end_included:
        return run.null("het einde van dit bereik is niet bekend")
    return limits


def _span(first: Value, last: Value, run: Run) -> Value:
    """Return the items from ``first`` to ``last``, both included, up or down."""
    if kind(first) == kind(last) == "date":
        days = _span(Decimal(ordinal(first)), Decimal(ordinal(last)), run)
        return [date_of(int(day)) for day in days]
    if type(first) is not Decimal or type(last) is not Decimal:
        return run.null(
            "een reeks loopt van een getal tot een getal, of van een datum tot een datum"
        )
    if first != first.to_integral_value() or last != last.to_integral_value():
        return run.null("een reeks loopt over hele getallen")
    if abs(last - first) > run.limits.items:
        run.charge(run.limits.steps + 1)
    low, high = int(first), int(last)
    step = 1 if high >= low else -1
    run.charge(abs(high - low) + 1)
    return run.items([Decimal(n) for n in range(low, high + step, step)])


def _range_items(value: Range, run: Run) -> Value:
    if value.start is None or value.end is None or value.negated:
        return run.null("dit bereik heeft geen einde")
    items = _span(value.start, value.end, run)
    if items is None:
        return None
    first = 0 if value.start_included else 1
    return items[first : len(items) if value.end_included else -1]


_MAKERS: Final[Mapping[type[tree.Node], Callable[..., Closure]]] = {
    tree.Value: _Compiler.value,
    tree.At: _Compiler.at_literal,
    tree.Name: _Compiler.name,
    tree.Path: _Compiler.path,
    tree.Descendants: _Compiler.descendants,
    tree.Filter: _Compiler.filter,
    tree.Call: _Compiler.call,
    tree.If: _Compiler.conditional,
    tree.For: _Compiler.iteration,
    tree.Quantified: _Compiler.quantified,
    tree.Logic: _Compiler.logic,
    tree.Binary: _Compiler.binary,
    tree.Negative: _Compiler.negative,
    tree.Between: _Compiler.between,
    tree.In: _Compiler.membership,
    tree.InstanceOf: _Compiler.instance_of,
    tree.Items: _Compiler.items,
    tree.Entries: _Compiler.entries,
    tree.Interval: _Compiler.interval,
    tree.Open: _Compiler.open_range,
    tree.Lambda: _Compiler.definition,
    tree.Given: lambda _, node: node.closure,
}
