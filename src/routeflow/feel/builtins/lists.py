"""Lists. A function over one list may also be given its items one by one."""

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from routeflow.feel.builtins.signature import Chapter
from routeflow.feel.run import Invocable, Run
from routeflow.feel.values import ARITHMETIC, Value, equal, order

FUNCTIONS: Final = Chapter()


def _spread(args: tuple[Value, ...]) -> list[Value]:
    """Return the one list that was given, or the arguments as a list."""
    if len(args) == 1 and type(args[0]) is list:
        return args[0]
    return list(args)


def _same(run: Run, a: Value, b: Value) -> bool:
    return equal(a, b, run.charge) is True


@FUNCTIONS.function("list contains(list: list, element: any)")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    run.charge(len(items))
    return any(_same(run, item, element) for item in items)


@FUNCTIONS.function("count(list: list)")
def count(_run: Run, items: list[Value]) -> Value:
    return Decimal(len(items))


def _extreme(run: Run, args: tuple[Value, ...], sign: int, name: str) -> Value:
    items = _spread(args)
    run.charge(len(items))
    if not items:
        return run.null(f"{name}: de lijst is leeg")
    best = items[0]
    for item in items:
        compared = order(item, best)
        if compared is None:
            return run.null(f"{name}: in de lijst staan waarden die niet te vergelijken zijn")
        if compared == sign:
            best = item
    return best


@FUNCTIONS.function("min(list*: any)")
def minimum(run: Run, *args: Value) -> Value:
    return _extreme(run, args, -1, "min")


@FUNCTIONS.function("max(list*: any)")
def maximum(run: Run, *args: Value) -> Value:
    return _extreme(run, args, 1, "max")


def _numbers(run: Run, args: tuple[Value, ...], name: str) -> list[Decimal] | None:
    items = _spread(args)
    run.charge(len(items))
    if not all(type(item) is Decimal for item in items):
        run.null(f"{name}: in de lijst staat iets anders dan een getal")
        return None
    return items


def _numeric(
    name: str, rule: Callable[[list[Decimal]], Value], *, least: int = 1
) -> Callable[..., Value]:
    def implementation(run: Run, *args: Value) -> Value:
        items = _numbers(run, args, name)
        if items is None:
            return None
        if len(items) < least:
            return run.null(f"{name}: er staan te weinig getallen in de lijst")
        try:
            return rule(items)
        except ArithmeticError:
            return run.null(f"{name}: daar komt geen bruikbaar getal uit")

    return FUNCTIONS.function(f"{name}(list*: any)")(implementation)


def _total(items: list[Decimal]) -> Decimal:
    return functools.reduce(ARITHMETIC.add, items, Decimal(0))


def _mean(items: list[Decimal]) -> Decimal:
    return ARITHMETIC.divide(_total(items), Decimal(len(items)))


def _median(items: list[Decimal]) -> Decimal:
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return _mean(ordered[middle - 1 : middle + 1])


def _deviation(items: list[Decimal]) -> Decimal:
    mean = _mean(items)
    squares = [ARITHMETIC.power(ARITHMETIC.subtract(item, mean), Decimal(2)) for item in items]
    return ARITHMETIC.sqrt(ARITHMETIC.divide(_total(squares), Decimal(len(items) - 1)))


def _modes(items: list[Decimal]) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


_numeric("sum", _total)
_numeric("mean", _mean)
_numeric("product", lambda items: functools.reduce(ARITHMETIC.multiply, items, Decimal(1)))
_numeric("median", _median)
_numeric("stddev", _deviation, least=2)
_numeric("mode", _modes, least=0)


def _decided(run: Run, args: tuple[Value, ...], *, decisive: bool) -> bool | None:
    items = _spread(args)
    run.charge(len(items) >> 2)
    if any(item is decisive for item in items):
        return decisive
    return (not decisive) if all(item is (not decisive) for item in items) else None


@FUNCTIONS.function("all(list*: any)")
def every(run: Run, *args: Value) -> Value:
    answer = _decided(run, args, decisive=False)
    return run.null("all: niet alles is waar of onwaar") if answer is None else answer


@FUNCTIONS.function("any(list*: any)")
def some(run: Run, *args: Value) -> Value:
    answer = _decided(run, args, decisive=True)
    return run.null("any: niet alles is waar of onwaar") if answer is None else answer


@FUNCTIONS.function("and(list*: any)")
def conjunction(run: Run, *args: Value) -> Value:
    return every(run, *args)


@FUNCTIONS.function("or(list*: any)")
def disjunction(run: Run, *args: Value) -> Value:
    return some(run, *args)


@FUNCTIONS.function("not(negand: boolean)")
def negation(_run: Run, value: bool) -> Value:  # noqa: FBT001 - a value of FEEL
    return not value


def _place(run: Run, position: Decimal, size: int, name: str) -> int | None:
    place = int(position) if abs(position) < size + 1 else 0
    if not place:
        run.null(f"{name}: de lijst heeft geen plaats {position}")
        return None
    return place - 1 if place > 0 else size + place


@FUNCTIONS.function("sublist(list: list, start position: number, length?: number)")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    first = _place(run, start, len(items), "sublist")
    if first is None:
        return None
    if length is None:
        return items[first:]
    if length < 1 or first + length > len(items):
        return run.null("sublist: de lijst is niet zo lang")
    return items[first : first + int(length)]


@FUNCTIONS.function("append(list: list, item*: any)")
def append(run: Run, items: list[Value], *more: Value) -> Value:
    return run.items([*items, *more])


@FUNCTIONS.function("concatenate(list*: list)")
def concatenate(run: Run, *lists: list[Value]) -> Value:
    return run.items([item for items in lists for item in items])


@FUNCTIONS.function("union(list*: list)")
def union(run: Run, *lists: list[Value]) -> Value:
    return distinct_values(run, concatenate(run, *lists))


@FUNCTIONS.function("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> Value:
    kept: list[Value] = []
    plain: set[tuple[type, Value]] = set()
    others: list[Value] = []
    for item in items:
        run.charge(1)
        if type(item) in _HASHED:
            key = (type(item), item)
            if key in plain:
                continue
            plain.add(key)
        else:
            if any(_same(run, item, other) for other in others):
                continue
            run.charge(len(others))
            others.append(item)
        kept.append(item)
    return kept


_HASHED: Final = frozenset({Decimal, str, bool, type(None)})


@FUNCTIONS.function("insert before(list: list, position: number, newItem: any)")
def insert_before(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    place = _place(run, position, len(items), "insert before")
    return None if place is None else run.items([*items[:place], new, *items[place:]])


@FUNCTIONS.function("remove(list: list, position: number)")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    place = _place(run, position, len(items), "remove")
    return None if place is None else run.items(items[:place] + items[place + 1 :])


@FUNCTIONS.function("list replace(list: list, position: number, newItem: any)")
def list_replace(run: Run, items: list[Value], position: Decimal, new: Value) -> Value:
    place = _place(run, position, len(items), "list replace")
    return None if place is None else run.items([*items[:place], new, *items[place + 1 :]])


@FUNCTIONS.function("list replace(list: list, match: function, newItem: any)")
def list_replace_matches(run: Run, items: list[Value], match: Invocable, new: Value) -> Value:
    replaced = []
    for item in items:
        found = match.call(run, [item, new], None)
        if type(found) is not bool:
            return run.null("list replace: de functie geeft geen waar of onwaar")
        replaced.append(new if found else item)
    return replaced


@FUNCTIONS.function("reverse(list: list)")
def reverse(run: Run, items: list[Value]) -> Value:
    return run.items(items[::-1])


@FUNCTIONS.function("index of(list: list, match: any)")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    run.charge(len(items))
    return [Decimal(n) for n, item in enumerate(items, 1) if _same(run, item, match)]


@FUNCTIONS.function("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    todo = [iter(items)]
    while todo:
        for item in todo[-1]:
            run.charge(1)
            if type(item) is list:
                todo.append(iter(item))
                break
            flat.append(item)
        else:
            todo.pop()
    return run.items(flat)


@FUNCTIONS.function("sort(list: list, precedes: function)")
def sort(run: Run, items: list[Value], precedes: Invocable) -> Value:
    failed = False

    def compare(a: Value, b: Value) -> int:
        nonlocal failed
        for first, second, sign in ((a, b, -1), (b, a, 1)):
            before = precedes.call(run, [first, second], None)
            if before is True:
                return sign
            failed = failed or before is not False
        return 0

    ordered = sorted(items, key=functools.cmp_to_key(compare))
    return run.null("sort: niet bij alles is waar of onwaar wat eerst komt") if failed else ordered


@FUNCTIONS.function("sort(list: list)")
def sort_plain(run: Run, items: list[Value]) -> Value:
    if any(order(item, items[0]) is None for item in items):
        return run.null("sort: niet alles is te vergelijken")
    run.charge(len(items) * 4)
    return sorted(items, key=functools.cmp_to_key(lambda a, b: order(a, b) or 0))
