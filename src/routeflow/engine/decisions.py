"""DMN 1.1 to 1.5: decisions, their requirements, knowledge models and services, on our FEEL."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from lxml import etree

from routeflow.engine.boxed import (
    EXPRESSIONS,
    Scope,
    boxed,
    expression_in,
    function_of,
    line_of,
    local,
    normal,
    part,
    parts,
    type_named,
)
from routeflow.engine.item_types import read_types
from routeflow.engine.problems import Problem
from routeflow.engine.table_check import check_table
from routeflow.engine.types import Finding
from routeflow.engine.xml import safe_parse
from routeflow.errors import Invalid, NotFound
from routeflow.feel import DEFAULT_LIMITS, LimitExceeded, Limits, tree
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.compiler import Closure, Written
from routeflow.feel.run import Env, Run
from routeflow.feel.types import ANY, Type, coerce
from routeflow.feel.values import Foreign, Value, adopt, in_dutch

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of one decision.

    ``reasons`` say in Dutch what gave null on the way; ``matched`` has, for each table that was
    asked, under the id of its decision, the ids of the rules that fitted.
    """

    value: Value
    reasons: tuple[str, ...]
    matched: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Part:
    """One node of the requirements graph: input data, decision, knowledge model or service."""

    kind: str
    id: str
    name: str
    node: etree._Element
    type: Type | None
    needs: tuple[str, ...]
    closure: Closure | None = None
    service: "_Service | None" = None


@dataclass(frozen=True, slots=True)
class _Service:
    outputs: tuple[str, ...]
    params: tuple[str, ...]


class _Asked:
    """One decide: which answers are known, and which rules fitted."""

    __slots__ = ("matched", "root", "values")

    def __init__(self, run: Run) -> None:
        self.values: dict[str, Value] = {}
        self.matched: dict[str, tuple[str, ...]] = {}
        self.root = Env({}, None, run)


class _Asking(Run):
    """A run that remembers which rules fitted."""

    __slots__ = ("asked",)

    def __init__(self, run_of: tuple[Any, ...]) -> None:
        super().__init__(*run_of)
        self.asked = _Asked(self)


class Model:
    """The decisions of one file. Immutable, so threads may share it.

    ``inputs``: all names that it asks for from outside. ``variables``: those that are certainly
    no host function and no property in a filter.
    """

    def __init__(self, name: str, parts_of: Mapping[str, _Part], scope: Scope) -> None:
        self.name = name
        self._parts = parts_of
        self._types = scope.types
        self.decisions: Mapping[str, str] = MappingProxyType(
            {p.id: p.name for p in parts_of.values() if p.kind == "decision"}
        )
        self._ids = {
            p.name: p.id for p in reversed(list(parts_of.values())) if p.kind in _ASKABLE
        } | {p.id: p.id for p in parts_of.values() if p.kind in _ASKABLE}
        own = {normal(p.name) for p in parts_of.values() if p.kind != "inputData"} | {*parts_of}
        given = frozenset(p.name for p in parts_of.values() if p.kind == "inputData")
        asked = {name for expression, _, _ in scope.expressions for name in expression.names}
        sure = {name for expression, _, _ in scope.expressions for name in expression.variables}
        self.inputs: frozenset[str] = frozenset(asked - own) | given
        self.variables: frozenset[str] = frozenset(sure - own) | given

    def decide(
        self,
        decision: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Decision:
        """Return the answer of ``decision`` (an id or a name) for ``inputs``.

        A table with one output column answers its value, with more a context; COLLECT, RULE
        ORDER and OUTPUT ORDER answer a list. A decision service or a knowledge model may be
        asked as well; its parameters come from ``inputs`` by name.

        Raises:
            NotFound: there is no such decision.
            LimitExceeded: it asked for more work than ``limits`` allow.
        """
        ident = self._ids.get(decision) or self._ids.get(normal(decision))
        if ident is None:
            raise NotFound(f"{self.name} heeft geen beslissing {decision}.")
        run = _Asking((inputs, now, functions, LIBRARY, limits))
        run.types = self._types
        try:
            self._take_in(inputs, run)
            value = self._value(self._parts[ident], run.asked, frozenset())
            if isinstance(value, Written) and self._parts[ident].kind != "decision":
                arguments = [run.asked.root.find(name) for name in value.params]
                value = value.call(run, arguments, None)
        except RecursionError as error:
            raise LimitExceeded("De beslissing gaat te diep.") from error
        return Decision(value, tuple(run.reasons), MappingProxyType(run.asked.matched))

    def _take_in(self, inputs: Mapping[str, Any], run: _Asking) -> None:
        for one in self._parts.values():
            if one.kind != "inputData" or one.name not in inputs:
                continue
            try:
                value = adopt(inputs[one.name])
            except Foreign as error:
                run.null(f"{one.name}: {error}")
                run.asked.root.values[one.name] = None
                continue
            run.asked.root.values[one.name] = _conformed(value, one, run)

    def _value(self, one: _Part, asked: _Asked, above: frozenset[str]) -> Value:
        if one.id in asked.values:
            return asked.values[one.id]
        if one.kind == "decisionService":
            return self._serve(one, asked)
        if one.closure is None:
            return None
        env = self._scope_of(one, asked, above | {one.id})
        run = asked.root.run
        run.enter()
        value = one.closure(env)
        run.depth -= 1
        value = _conformed(value, one, run) if one.kind == "decision" else value
        asked.values[one.id] = value
        return value

    def _scope_of(self, one: _Part, asked: _Asked, above: frozenset[str]) -> Env:
        values: dict[str, Value] = {}
        env = Env(values, asked.root, asked.root.run)
        for ident in one.needs:
            needed = self._parts[ident]
            if needed.kind == "inputData":
                continue
            if needed.kind == "decisionService":
                value: Value = self._function(needed, asked)
            elif ident in above:
                continue
            else:
                value = self._value(needed, asked, above)
            values[needed.name] = values[ident] = value
        if one.kind == "businessKnowledgeModel" and one.closure is not None:
            values[one.name] = one.closure(env)
        return env

    def _function(self, service: _Part, asked: _Asked) -> Written:
        names = (
            tuple(self._parts[x].name for x in service.service.params) if service.service else ()
        )
        types = (
            tuple(self._parts[x].type or ANY for x in service.service.params)
            if service.service
            else ()
        )
        return Written(
            service.name, names, types, lambda env: self._call(service, asked, env), asked.root
        )

    def _call(self, service: _Part, asked: _Asked, env: Env) -> Value:
        """Answer a service that is called as a function, on its own arguments only."""
        inner = _Asked(env.run)
        inner.matched = asked.matched
        inner.root = Env(dict(env.values), asked.root, env.run)
        params = service.service.params if service.service else ()
        for ident in params:
            if self._parts[ident].kind == "decision":
                inner.values[ident] = env.values.get(self._parts[ident].name)
        return self._serve(service, inner)

    def _serve(self, one: _Part, asked: _Asked) -> Value:
        service = one.service
        if service is None:
            return None
        run = asked.root.run
        for ident in service.params:
            needed = self._parts[ident]
            if needed.kind == "decision" and ident not in asked.values:
                asked.values[ident] = _conformed(run.find(needed.name), needed, run)
        results = {
            self._parts[x].name: self._value(self._parts[x], asked, frozenset())
            for x in service.outputs
        }
        value: Value = next(iter(results.values())) if len(results) == 1 else results
        return _conformed(value, one, run)


_ASKABLE: Final = frozenset({"decision", "decisionService", "businessKnowledgeModel"})


def _conformed(value: Value, one: _Part, run: Run) -> Value:
    if one.type is None:
        return value
    answer, fits = coerce(value, one.type)
    if fits:
        return answer
    return run.null(f"{one.name} is {in_dutch(value)} en past niet bij het type {one.type.kind}")


def load(xml: bytes, name: str, *, strict: bool = True) -> Model:
    """Return the decisions in ``xml``; ``name`` is the file, for sentences.

    Args:
        xml: the file.
        name: its name.
        strict: False takes a file with faults as well; what cannot be evaluated is then null.

    Raises:
        Invalid: the file is no DMN, or something in it cannot be evaluated. ``fouten`` has a
            sentence per element; ``check`` gives them with rows and lines.
    """
    model, scope = _read(xml, name)
    wrong = [problem for problem in scope.problems if problem.severity == "fout"]
    if wrong and strict:
        first = wrong[0].message
        more = f" (en nog {len(wrong) - 1})" if len(wrong) > 1 else ""
        raise Invalid(f"{name}: {first}{more}", {p.element or name: p.message for p in wrong})
    return model


def check(xml: bytes, file: str, *, functions: Iterable[str] | None = None) -> list[Finding]:
    """Return what a person should look at before the tables go in service.

    Args:
        xml: the file.
        file: its name, for the findings.
        functions: names of the host functions that expressions may call; None when unknown.
    """
    try:
        _, scope = _read(xml, file)
    except Invalid as refusal:
        return [Finding(file, None, None, "xml", str(refusal))]
    for table, ident, name in scope.found:
        for problem in check_table(table):
            scope.problems.append(replace(problem, element=problem.element or ident, name=name))
    scope.problems += _unknown_names(scope, functions)
    return [
        Finding(
            file,
            problem.element,
            problem.name,
            f"dmn.{problem.code}",
            problem.message,
            cast("Literal['fout', 'waarschuwing']", problem.severity),
            problem.line,
        )
        for problem in scope.problems
    ]


def _unknown_names(scope: Scope, functions: Iterable[str] | None) -> list[Problem]:
    """Return what expressions name that cannot be there: functions, and words without quotes."""
    known = {*scope.names}
    for expression, _, where in scope.expressions:
        if where is not None and where.startswith("kolom"):
            known |= expression.names
    found = []
    for expression, node, where in scope.expressions:
        for name in sorted(_bare_words(expression.tree) - known) if where else ():
            message = f'{where}: {name} staat zonder aanhalingstekens. Bedoelt u "{name}"?'
            found.append(Problem(None, None, "naam", message, "fout", line_of(node)))
        for name in sorted(
            expression.functions - known - {*functions} if functions is not None else ()
        ):
            message = f"De functie {name} bestaat niet."
            found.append(Problem(None, None, "functie", message, "fout", line_of(node)))
    return found


def _bare_words(node: tree.Node) -> set[str]:
    """Return names that are a whole cell, or a whole test in one."""
    parts_of_cell = node.tests if isinstance(node, tree.Tests) else (node,)
    names = {one.name for one in parts_of_cell if isinstance(one, tree.Name)}
    return names - {"?"} - LIBRARY.keys()


def _read(xml: bytes, file: str) -> tuple[Model, Scope]:
    root = safe_parse(xml, file=file)
    if etree.QName(root).namespace not in NAMESPACES or local(root) != "definitions":
        raise Invalid(f"{file} is geen DMN-bestand van versie 1.1 tot en met 1.5.")
    scope = Scope(names=_names(root))
    scope.types = read_types(root, scope)
    scope.matched = _remember
    for imported in parts(root, "import"):
        scope.problem(
            imported,
            "invoer",
            "Een ander bestand invoegen (import) kan niet; zet alles in een bestand.",
        )
    found = {one.id: one for one in _parts_of(root, scope)}
    _link(found, scope)
    for one in found.values():
        _compile(one, scope)
    return Model(file, found, scope), scope


def _remember(run: Run, ident: str, rules: list[str]) -> None:
    if isinstance(run, _Asking):
        run.asked.matched[ident] = tuple(rules)


_NAMED: Final = frozenset(
    (
        "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemDefinition", "itemComponent",
        "variable", "formalParameter", "parameter", "column", "output",
    )
)  # fmt: skip


def _names(root: etree._Element) -> frozenset[str]:
    names = {
        normal(node.get("name"))
        for node in root.iter(etree.Element)
        if local(node) in _NAMED and node.get("name")
    }
    iterators = {normal(node.get("iteratorVariable")) for node in root.iter(etree.Element)}
    return frozenset((names | iterators) - {""})


def _parts_of(root: etree._Element, scope: Scope) -> list[_Part]:
    found = []
    kinds = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
    seen: set[str] = set()
    for node in parts(root, *kinds):
        variable = part(node, "variable")
        name = normal(None if variable is None else variable.get("name")) or normal(
            node.get("name")
        )
        ident = node.get("id") or name
        name = name or ident
        scope.owner = (ident, name)
        if not ident or ident in seen:
            scope.problem(node, "id", f"De id {ident} ontbreekt of komt twee keer voor.")
            continue
        seen.add(ident)
        reference = None if variable is None else variable.get("typeRef")
        wanted = type_named(reference, scope)
        if wanted is not None and wanted.kind == "function" and local(node) == "decisionService":
            wanted = wanted.result
        found.append(_Part(local(node), ident, name, node, wanted, ()))
    scope.owner = ("", "")
    return found


def _link(found: Mapping[str, _Part], scope: Scope) -> None:
    """Fill in what each part needs; notes what is missing and what needs itself."""
    for one in found.values():
        scope.owner = (one.id, one.name)
        references = [
            needed
            for requirement in parts(one.node, "informationRequirement", "knowledgeRequirement")
            for needed in requirement
        ]
        needs = []
        for reference in references:
            ident = (reference.get("href") or "").rpartition("#")[2]
            if ident in found:
                needs.append(ident)
            else:
                scope.problem(
                    reference, "verwijzing", f"{one.name} verwijst naar {ident}, en dat is er niet."
                )
        one.needs = tuple(dict.fromkeys(needs))
        if one.kind == "decisionService":
            one.service = _service(one.node, found)
    for one in found.values():
        if one.kind == "decision" and _needs_itself(one, found):
            scope.owner = (one.id, one.name)
            scope.problem(one.node, "kring", f"{one.name} heeft zijn eigen antwoord nodig.")
    scope.owner = ("", "")


def _service(node: etree._Element, found: Mapping[str, _Part]) -> _Service:
    def linked(*tags: str) -> tuple[str, ...]:
        hrefs = ((x.get("href") or "").rpartition("#")[2] for tag in tags for x in parts(node, tag))
        return tuple(ident for ident in hrefs if ident in found)

    return _Service(linked("outputDecision"), linked("inputDecision", "inputData"))


def _needs_itself(one: _Part, found: Mapping[str, _Part]) -> bool:
    todo, seen = list(one.needs), set[str]()
    while todo:
        ident = todo.pop()
        if ident == one.id:
            return True
        if ident not in seen:
            seen.add(ident)
            todo += found[ident].needs
    return False


def _compile(one: _Part, scope: Scope) -> None:
    scope.owner = (one.id, one.name)
    if one.kind == "decision":
        expression = expression_in(one.node)
        if expression is None:
            scope.problem(
                one.node,
                "leeg",
                f"{one.name} heeft geen tabel of expressie.",
                severity="waarschuwing",
            )
        one.closure = boxed(expression, scope)
    elif one.kind == "businessKnowledgeModel":
        one.closure = function_of(_logic(one.node), scope)(one.name, _result(one, scope))
    scope.owner = ("", "")


def _logic(node: etree._Element) -> etree._Element | None:
    logic = part(node, "encapsulatedLogic")
    if logic is not None:
        return logic
    return next(iter(parts(node, *EXPRESSIONS)), None)


def _result(one: _Part, scope: Scope) -> Type | None:
    logic = part(one.node, "encapsulatedLogic")
    found = type_named(None if logic is None else logic.get("typeRef"), scope)
    if one.type is not None and one.type.kind == "function":
        return found or one.type.result
    return found or one.type
