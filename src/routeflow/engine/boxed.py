"""Read DMN's boxed expressions: tables, contexts, lists, functions, and FEEL text itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lxml import etree

from routeflow import feel
from routeflow.engine import tables
from routeflow.engine.problems import Problem, Severity
from routeflow.feel import tree
from routeflow.feel.compiler import Closure, Test, Written, compiled, compiled_tests
from routeflow.feel.run import Env, Run
from routeflow.feel.types import ANY, Type, coerce, misfit, named
from routeflow.feel.values import Value

FEEL: Final = re.compile(r"(?i)(https?://www\.omg\.org/spec/.*/FEEL/?|feel)")
_HOSTS: Final = {  # names of types that other tools write
    "integer": "number",
    "long": "number",
    "double": "number",
    "float": "number",
    "int": "number",
    "bool": "boolean",
    "datetime": "date and time",
}
EXPRESSIONS: Final = frozenset(
    (
        "literalExpression", "decisionTable", "context", "invocation", "list", "relation",
        "functionDefinition", "conditional", "filter", "for", "some", "every",
    )
)  # fmt: skip


@dataclass
class Scope:
    """What the expressions of one file may use, and what is wrong with them so far."""

    names: frozenset[str]
    types: Mapping[str, Type] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    expressions: list[tuple[feel.Expression, etree._Element, str | None]] = field(
        default_factory=list
    )
    found: list[tuple[tables.Table, str, str]] = field(default_factory=list)
    owner: tuple[str, str] = ("", "")
    matched: Callable[[Run, str, list[str]], None] = lambda _run, _table, _rules: None

    def problem(
        self, node: etree._Element, code: str, message: str, *, severity: Severity = "fout"
    ) -> None:
        ident, name = self.owner
        self.problems.append(
            Problem(ident or None, name or None, code, message, line_of(node), severity)
        )


def local(node: etree._Element) -> str:
    """Return the tag of ``node`` without its namespace."""
    return etree.QName(node).localname


def parts(node: etree._Element, *tags: str) -> list[etree._Element]:
    """Return the children with one of ``tags`` in the namespace of ``node``."""
    space = etree.QName(node).namespace
    return [x for x in node if etree.QName(x).namespace == space and local(x) in tags]


def part(node: etree._Element, tag: str) -> etree._Element | None:
    return next(iter(parts(node, tag)), None)


def text_of(node: etree._Element | None) -> str:
    """Return the stripped text of the ``text`` child of ``node``."""
    inside = None if node is None else part(node, "text")
    return "" if inside is None else (inside.text or "").strip()


def line_of(node: etree._Element) -> int | None:
    return int(node.sourceline) if node.sourceline else None


def expression_in(node: etree._Element | None) -> etree._Element | None:
    """Return the boxed expression that is a child of ``node``."""
    return None if node is None else next(iter(parts(node, *EXPRESSIONS)), None)


def normal(name: str | None) -> str:
    return " ".join((name or "").split())


def type_named(reference: str | None, scope: Scope) -> Type | None:
    """Return the type that ``reference`` names, None when it names none that we know."""
    if not reference:
        return None
    reference = reference.strip()
    if reference in scope.types:
        return scope.types[reference]
    short = reference.rpartition(":")[2].rpartition("}")[2]
    found = scope.types.get(short) or named(short) or named(_HOSTS.get(short.lower(), ""))
    return None if found is None or found.kind == "Any" else found


def compile_text(
    node: etree._Element, source: str, scope: Scope, *, where: str | None = None
) -> Closure | None:
    """Return the closure of an expression; notes a problem and answers None when it is no FEEL."""
    if not _speaks_feel(node, scope):
        return None
    try:
        expression = feel.compile(source, names=scope.names)
    except feel.SyntaxFault as fault:
        scope.problem(
            node, "feel", f"{f'{where}: ' if where else ''}{fault.reden} ({_short(source)})"
        )
        return None
    scope.expressions.append((expression, node, where))
    return expression.closure


def compile_tests(
    node: etree._Element, source: str, scope: Scope, *, where: str
) -> tuple[Test, tree.Tests] | None:
    """Return the closure and the tree of unary tests, like ``compile_text``."""
    if not _speaks_feel(node, scope):
        return None
    try:
        expression = feel.compile(source, kind="unary tests", names=scope.names)
    except feel.SyntaxFault as fault:
        scope.problem(node, "feel", f"{where}: {fault.reden} ({_short(source)})")
        return None
    scope.expressions.append((expression, node, where))
    tests = expression.tree
    return (compiled_tests(tests, source), tests) if isinstance(tests, tree.Tests) else None


def _short(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT]}…"


_SHORT: Final = 80


def _speaks_feel(node: etree._Element, scope: Scope) -> bool:
    language = node.get("expressionLanguage")
    if not language or FEEL.fullmatch(language.strip()):
        return True
    scope.problem(node, "taal", f"De taal {language} voeren we niet uit; gebruik FEEL.")
    return False


def boxed(node: etree._Element | None, scope: Scope) -> Closure:
    """Return the closure of a boxed expression; null when there is none."""
    if node is None:
        return _nothing
    closure = _READERS.get(local(node), _unknown)(node, scope)
    wanted = type_named(node.get("typeRef"), scope)
    if wanted is None or local(node) == "functionDefinition":
        return closure
    return partial(_coerced, closure, wanted, local(node))


def _nothing(env: Env) -> Value:
    return env.run.null("hier staat geen expressie")


def _unknown(node: etree._Element, scope: Scope) -> Closure:
    scope.problem(node, "onbekend", f"{local(node)} kennen we niet in een beslissing.")
    return _nothing


def _coerced(closure: Closure, wanted: Type, label: str, env: Env) -> Value:
    value = closure(env)
    answer, fits = coerce(value, wanted, env.run.charge)
    if not fits:
        return env.run.null(f"{label} {misfit(value, wanted)}")
    if wanted.result is not None and type(answer) is Written and answer.result is None:
        return Written(
            answer.name, answer.params, answer.types, answer.body, answer.env, wanted.result
        )
    return answer


def _typed(closure: Closure, node: etree._Element | None, label: str, scope: Scope) -> Closure:
    """Return ``closure`` with the type that ``node`` asks for, itself when it asks for none."""
    wanted = None if node is None else type_named(node.get("typeRef"), scope)
    return closure if wanted is None else partial(_coerced, closure, wanted, label)


def _literal(node: etree._Element, scope: Scope) -> Closure:
    source = text_of(node)
    if not source:
        if part(node, "importedValues") is not None:
            scope.problem(node, "invoer", "Waarden uit een ander bestand halen kan niet.")
        return _nothing
    return compile_text(node, source, scope) or _nothing


def _given(node: etree._Element | None, scope: Scope) -> tree.Node:
    """Return the expression inside ``node``, which may be the expression itself."""
    if node is not None and local(node) not in EXPRESSIONS:
        node = expression_in(node)
    return tree.Given(boxed(node, scope))


def _child(node: etree._Element, tag: str, scope: Scope) -> tree.Node:
    return _given(part(node, tag), scope)


def _conditional(node: etree._Element, scope: Scope) -> Closure:
    return compiled(tree.If(*(_child(node, tag, scope) for tag in ("if", "then", "else"))), "if")


def _filter(node: etree._Element, scope: Scope) -> Closure:
    return compiled(tree.Filter(_child(node, "in", scope), _child(node, "match", scope)), "filter")


def _loops(node: etree._Element, scope: Scope) -> tuple[tree.Loop, ...]:
    name = normal(node.get("iteratorVariable")) or "item"
    return (tree.Loop(name, _child(node, "in", scope)),)


def _for(node: etree._Element, scope: Scope) -> Closure:
    return compiled(tree.For(_loops(node, scope), _child(node, "return", scope)), "for")


def _quantified(node: etree._Element, scope: Scope) -> Closure:
    every = local(node) == "every"
    return compiled(
        tree.Quantified(every, _loops(node, scope), _child(node, "satisfies", scope)), "some"
    )


def _list(node: etree._Element, scope: Scope) -> Closure:
    return compiled(tree.Items(tuple(_given(x, scope) for x in parts(node, *EXPRESSIONS))), "list")


def _context(node: etree._Element, scope: Scope) -> Closure:
    entries: list[tuple[str | None, Closure, Type | None]] = []
    for entry in parts(node, "contextEntry"):
        variable = part(entry, "variable")
        name = None if variable is None else normal(variable.get("name"))
        inside = expression_in(entry)
        wanted = _entry_type(variable, scope)
        if inside is None or local(inside) != "functionDefinition" or wanted is None:
            entries.append((name, boxed(inside, scope), wanted))
            continue
        # its type may be that of the function, or, as some tools write, that of its answer
        result = wanted.result if wanted.kind == "function" else wanted
        entries.append((name, function_of(inside, scope)(name or "function", result), None))

    def closure(env: Env) -> Value:
        values: dict[str, Value] = {}
        inner = Env(values, env, env.run)
        for name, value, wanted in entries:
            found = value(inner) if wanted is None else _coerced(value, wanted, name or "", inner)
            if name is None:
                return found
            values[name] = found
        return dict(values)

    return closure


def _entry_type(variable: etree._Element | None, scope: Scope) -> Type | None:
    if variable is None:
        return None
    wanted = type_named(variable.get("typeRef"), scope)
    if variable.get("isCollection") == "true":  # of DMN 1.0, and still written
        return Type("list", inner=wanted)
    return wanted


def _relation(node: etree._Element, scope: Scope) -> Closure:
    columns = parts(node, "column")
    names = [normal(column.get("name")) for column in columns]
    cells = [parts(row, *EXPRESSIONS) for row in parts(node, "row")]
    if any(len(row) != len(names) for row in cells):
        scope.problem(node, "relatie", "Een rij heeft niet evenveel cellen als er kolommen zijn.")
        return _nothing
    rows = [
        [
            _typed(boxed(cell, scope), column, name, scope)
            for cell, column, name in zip(row, columns, names, strict=True)
        ]
        for row in cells
    ]
    return lambda env: [
        {name: cell(env) for name, cell in zip(names, row, strict=True)} for row in rows
    ]


def _invocation(node: etree._Element, scope: Scope) -> Closure:
    bindings = parts(node, "binding")
    names: list[str] = []
    arguments: list[tree.Node] = []
    for binding in bindings:
        parameter = part(binding, "parameter")
        name = normal(None if parameter is None else parameter.get("name"))
        argument = boxed(expression_in(binding), scope)
        names.append(name)
        arguments.append(tree.Given(_typed(argument, parameter, name, scope)))
    callee = next((x for x in parts(node, *EXPRESSIONS)), None)
    function = _callee(callee, scope)
    return compiled(tree.Call(function, tuple(arguments), tuple(names)), "invocation")


def _callee(node: etree._Element | None, scope: Scope) -> tree.Node:
    """Return the function that an invocation names; a lone name may hold any sign."""
    if node is not None and local(node) == "literalExpression":
        name = normal(text_of(node))
        if name in scope.names:
            return tree.Name(name)
    return tree.Given(boxed(node, scope))


def function_of(node: etree._Element | None, scope: Scope) -> Callable[[str, Type | None], Closure]:
    """Return a maker of the function that a functionDefinition describes."""
    if node is None:
        return lambda _name, _result: _nothing
    if (node.get("kind") or "FEEL").upper() != "FEEL":
        scope.problem(
            node,
            "functie",
            "Een functie in Java of PMML voeren we niet uit.",
            severity="waarschuwing",
        )
        return lambda _name, _result: _nothing
    params = parts(node, "formalParameter")
    names = tuple(normal(param.get("name")) for param in params)
    types = tuple(type_named(param.get("typeRef"), scope) or ANY for param in params)
    around = scope.names
    if not around.issuperset(names):  # the same set, where it can be, is looked through once
        scope.names = around.union(names)
    body = boxed(expression_in(node), scope)
    scope.names = around
    return lambda name, result: lambda env: Written(name, names, types, body, env, result)


def _function(node: etree._Element, scope: Scope) -> Closure:
    wanted = type_named(node.get("typeRef"), scope)
    result = wanted.result if wanted is not None and wanted.kind == "function" else None
    return function_of(node, scope)("function", result)


def _table(node: etree._Element, scope: Scope) -> Closure:
    table = read_table(node, scope)
    if table is None:
        return _nothing
    scope.found.append((table, *scope.owner))
    matched, ident = scope.matched, scope.owner[0] or table.id

    def closure(env: Env) -> Value:
        value, rules = table.evaluate(env)
        matched(env.run, ident, rules)
        return value

    return closure


_READERS: Final[dict[str, Callable[[etree._Element, Scope], Closure]]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}


def read_table(node: etree._Element, scope: Scope) -> tables.Table | None:
    """Return the compiled table, None (with problems noted) when its shape is wrong."""
    policy = tables.HIT_POLICIES.get((node.get("hitPolicy") or "UNIQUE").strip())
    written = node.get("aggregation")
    aggregation = tables.AGGREGATIONS.get(written.strip()) if written else None
    if policy is None or (written and aggregation is None):
        scope.problem(node, "hitPolicy", "Dit trefferbeleid (hit policy) kennen we niet.")
        return None
    columns = [_column(n, x, scope) for n, x in enumerate(parts(node, "input"), 1)]
    outputs = list(_outputs(parts(node, "output"), scope))
    if not outputs:
        scope.problem(node, "uitvoer", "De tabel heeft geen kolom met een antwoord.")
        return None
    if aggregation and (policy != "COLLECT" or len(outputs) > 1):
        scope.problem(node, "hitPolicy", f"{aggregation} kan alleen bij COLLECT met een kolom.")
        return None
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(o.priorities for o in outputs):
        scope.problem(node, "hitPolicy", f"Bij {policy} hoort een volgorde van de antwoorden.")
    rules = [
        rule
        for number, row in enumerate(parts(node, "rule"), 1)
        if (rule := _rule(number, row, (columns, outputs), scope)) is not None
    ]
    ident = node.get("id") or scope.owner[0]
    return tables.Table(ident, policy, aggregation, tuple(columns), tuple(outputs), tuple(rules))


def _column(number: int, node: etree._Element, scope: Scope) -> tables.Column:
    inside = part(node, "inputExpression")
    source = text_of(inside)
    where = f"kolom {number}"
    closure: Closure | None = None
    if inside is not None and source:
        closure = compile_text(inside, source, scope, where=where)
    elif inside is None or not source:
        scope.problem(node, "invoer", f"Kolom {number} zegt niet waar de waarde vandaan komt.")
    values = part(node, "inputValues")
    allowed = None
    if values is not None and text_of(values):
        found = compile_tests(values, text_of(values), scope, where=f"waarden van {where}")
        allowed = found or (_never, None)
    reference = None if inside is None else inside.get("typeRef")
    return tables.Column(
        id=node.get("id") or "",
        label=normal(node.get("label")),
        source=source,
        value=closure or _nothing,
        type=type_named(reference, scope),
        allowed=allowed[0] if allowed else None,
        allowed_tree=allowed[1] if allowed else None,
    )


def _outputs(nodes: list[etree._Element], scope: Scope) -> Iterator[tables.Output]:
    for number, node in enumerate(nodes, 1):
        name = normal(node.get("name")) or normal(node.get("label"))
        if not name and len(nodes) > 1:
            scope.problem(node, "uitvoer", f"Antwoordkolom {number} heeft geen naam.")
        allowed, allowed_tree = _allowed_outputs(node, scope)
        yield tables.Output(
            id=node.get("id") or "",
            name=name or f"uitvoer {number}",
            type=type_named(node.get("typeRef"), scope),
            allowed=allowed,
            allowed_tree=allowed_tree,
            priorities=_priorities(node, scope),
            default=_default(node, scope),
            default_tree=_default_tree(node, scope),
        )


def _allowed_outputs(
    node: etree._Element, scope: Scope
) -> tuple[Test, tree.Node] | tuple[None, None]:
    values = part(node, "outputValues")
    source = text_of(values)
    if values is None or not source:
        return None, None
    return compile_tests(values, source, scope, where="antwoordwaarden") or (None, None)


def _priorities(node: etree._Element, scope: Scope) -> Closure | None:
    source = text_of(part(node, "outputValues")) or _values_of_type(node)
    if not source:
        return None
    try:
        expression = feel.compile(f"[{source}]", names=scope.names)
    except feel.SyntaxFault:
        return None  # tests such as a dash have no order; what is no FEEL was noted before
    return expression.closure


def _values_of_type(node: etree._Element) -> str:
    """Return the allowed values of the type of an output, which are its order when it has none."""
    wanted = normal(node.get("typeRef")).rpartition(":")[2]
    items = parts(node.getroottree().getroot(), "itemDefinition") if wanted else ()
    found = (x for x in items if normal(x.get("name")) == wanted)
    return "".join(text_of(part(x, "allowedValues")) for x in list(found)[:1])


def _default(node: etree._Element, scope: Scope) -> Closure | None:
    entry = part(node, "defaultOutputEntry")
    source = text_of(entry)
    return (
        None
        if entry is None or not source
        else compile_text(entry, source, scope, where="standaard")
    )


def _default_tree(node: etree._Element, scope: Scope) -> tree.Node | None:
    entry = part(node, "defaultOutputEntry")
    return None if entry is None else _written(entry, scope)


def _rule(
    number: int,
    node: etree._Element,
    shape: tuple[list[tables.Column], list[tables.Output]],
    scope: Scope,
) -> tables.Rule | None:
    columns, outputs = shape
    inputs, entries = parts(node, "inputEntry"), parts(node, "outputEntry")
    if len(inputs) != len(columns) or len(entries) != len(outputs):
        scope.problem(node, "regel", f"Regel {number} heeft te veel of te weinig cellen.")
        return None
    tests: list[tuple[int, Test]] = []
    cells: list[tree.Tests | None] = []
    for index, entry in enumerate(inputs):
        source = text_of(entry)
        cells.append(tree.Tests(()))
        if source and source != "-":
            found = compile_tests(entry, source, scope, where=f"regel {number}, kolom {index + 1}")
            cells[-1] = found[1] if found else None
            tests.append((index, found[0] if found else _never))
    closures = [
        _entry(entry, scope, f"regel {number}, antwoord {index}")
        for index, entry in enumerate(entries, 1)
    ]
    return tables.Rule(
        id=node.get("id") or f"{scope.owner[0]}_{number}",
        number=number,
        tests=tuple(tests),
        entries=tuple(closures),
        cells=tuple(cells),
        answers=tuple(_written(entry, scope) for entry in entries),
        line=line_of(node),
    )


def _written(entry: etree._Element, scope: Scope) -> tree.Node | None:
    source = text_of(entry)
    if not source or source == "-":
        return None
    try:
        return feel.compile(source, names=scope.names).tree
    except feel.SyntaxFault:
        return tree.Name(source)  # it was noted before; nobody knows what it gives


def _never(_value: Value, _env: Env) -> bool | None:
    return None


def _entry(node: etree._Element, scope: Scope, where: str) -> Closure:
    source = text_of(node)
    if not source or source == "-":
        return lambda _env: None
    closure = compile_text(node, source, scope, where=where) or _nothing
    return _typed(closure, node, where, scope)
