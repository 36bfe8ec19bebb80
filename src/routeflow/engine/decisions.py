"""DMN 1.1 to 1.6: decisions, their requirements, knowledge models and services, on our FEEL."""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final

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
from routeflow.engine.imports import Unit, gather
from routeflow.engine.item_types import read_types
from routeflow.engine.problems import Problem
from routeflow.engine.table_check import check_table
from routeflow.engine.types import Finding
from routeflow.errors import Invalid, NotFound
from routeflow.feel import DEFAULT_LIMITS, LimitExceeded, Limits, tree
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.compiler import Closure, Written
from routeflow.feel.run import Env, Run
from routeflow.feel.types import ANY, Type, coerce, misfit
from routeflow.feel.values import Foreign, Value, adopt

_NONE: Final[Mapping[str, bytes]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of one decision.

    ``reasons`` say in Dutch what gave null on the way; ``matched`` has, for each table that was
    asked, under the id of its decision, the ids of the rules that fitted.
    """

    value: Value
    reasons: tuple[str, ...]
    matched: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Need:
    """A part that another needs, and the name of the import through which it is reached."""

    key: str
    imported: str


@dataclass(slots=True)
class _Part:
    """One node of the requirements graph: input data, decision, knowledge model or service.

    ``id`` is unique among all files; it is the id of the file for what is not imported.
    ``name`` is that of its variable, by which expressions know it; ``title`` its own.
    """

    kind: str
    id: str
    name: str
    title: str
    node: etree._Element
    type: Type | None
    unit: Unit
    index: int
    needs: tuple[_Need, ...] = ()
    closure: Closure | None = None
    service: "_Service | None" = None


@dataclass(frozen=True, slots=True)
class _Service:
    """``types`` are those that the type of the service itself asks of its parameters."""

    outputs: tuple[_Need, ...]
    params: tuple[_Need, ...]
    types: Mapping[str, Type]


class _Asked:
    """One decide: which answers are known, and which rules fitted."""

    __slots__ = ("above", "bases", "matched", "root", "run", "values")

    def __init__(self, run: Run, above: "_Asked | None" = None) -> None:
        self.run = run
        self.above = above
        self.values: dict[str, Value] = {}
        self.matched: dict[str, tuple[str, ...]] = {} if above is None else above.matched
        self.root: Env = Env({}, None if above is None else above.root, run)
        self.bases: dict[int, Env] = {0: self.root}

    def base(self, unit: Unit) -> Env:
        """Return the input data of a unit."""
        found = self.bases.get(unit.number)
        if found is None:
            around = None if self.above is None else self.above.base(unit)
            found = self.bases[unit.number] = Env({}, around, self.run)
        return found


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

    def __init__(self, name: str, parts_of: Mapping[str, _Part], units: list[Unit]) -> None:
        self.name = name
        self._parts = parts_of
        self._types: dict[str, Type] = {}
        for unit in units:
            self._types = {**unit.scopes[0].types, **self._types}
        here = [p for p in parts_of.values() if not p.unit.number]
        self.decisions: Mapping[str, str] = MappingProxyType(
            {p.id: p.name for p in here if p.kind == "decision" and not p.index}
        )
        self._ids = _askable(parts_of.values())
        given = [p for p in parts_of.values() if p.kind == "inputData"]
        named = {(p.unit.path, p.name) for p in given}
        self._given = [(p, _is_alone(p, named)) for p in given]
        own = {normal(p.name) for p in here if p.kind != "inputData"} | {*parts_of}
        own |= units[0].imports.keys()
        inputs = frozenset(p.name for p in here if p.kind == "inputData")
        expressions = units[0].scopes[0].expressions
        asked = {name for expression, _, _ in expressions for name in expression.names}
        sure = {name for expression, _, _ in expressions for name in expression.variables}
        self.inputs: frozenset[str] = frozenset(asked - own) | inputs
        self.variables: frozenset[str] = frozenset(sure - own) | inputs

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
        asked as well; its parameters come from ``inputs`` by name. Input data of an imported
        file is found under ``{"import": {"name": ...}}``, ``"import.name"``, or its own name.

        Raises:
            NotFound: there is no such decision.
            LimitExceeded: it asked for more work than ``limits`` allow.
        """
        ident = self._ids.get(decision) or self._ids.get(normal(decision))
        if ident is None:
            there = sorted({p.title for p in self._parts.values() if p.id in self._ids.values()})
            some = ", ".join(there[:_SOME]) + (" en meer" if len(there) > _SOME else "")
            raise NotFound(
                f"{self.name} heeft geen beslissing {decision}. Wel: {some or 'geen enkele'}."
            )
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
        for one, alone in self._given:
            values = run.asked.base(one.unit).values
            found, value = _from_outside(one, inputs, alone=alone)
            if not found:
                if one.unit.number:
                    values[one.name] = None
                continue
            try:
                values[one.name] = _conformed(adopt(value), one, run)
            except Foreign as error:
                values[one.name] = run.null(f"{one.name}: {error}")

    def _value(self, one: _Part, asked: _Asked, above: frozenset[str]) -> Value:
        if one.id in asked.values:
            return asked.values[one.id]
        if one.kind == "decisionService":
            return self._serve(one, asked)
        if one.closure is None:
            return None
        env = self._scope_of(one, asked, above | {one.id})
        run = asked.run
        run.enter()
        value = one.closure(env)
        run.depth -= 1
        value = _conformed(value, one, run) if one.kind == "decision" else value
        asked.values[one.id] = value
        return value

    def _scope_of(self, one: _Part, asked: _Asked, above: frozenset[str]) -> Env:
        values: dict[str, Value] = {}
        env = Env(values, asked.base(one.unit), asked.run)
        for need in one.needs:
            needed = self._parts[need.key]
            if needed.kind == "inputData":
                if needed.unit is one.unit:
                    continue
                value: Value = asked.base(needed.unit).find(needed.name)
            elif needed.kind == "decisionService":
                value = self._function(needed, asked)
            elif need.key in above:
                continue
            else:
                value = self._value(needed, asked, above)
            if need.imported:
                values[f"{need.imported}.{needed.name}"] = value
                values.setdefault(need.imported, {})[needed.name] = value
            else:
                values[needed.name] = values[needed.id] = value
        if one.kind == "businessKnowledgeModel" and one.closure is not None:
            values[one.name] = one.closure(env)
        return env

    def _function(self, one: _Part, asked: _Asked) -> Written:
        params = () if one.service is None else one.service.params
        names = tuple(self._label(need) for need in params)
        types = tuple(self._wanted(one, need) or ANY for need in params)
        return Written(
            one.name, names, types, lambda env: self._call(one, asked, env), asked.base(one.unit)
        )

    def _wanted(self, one: _Part, need: _Need) -> Type | None:
        asked = None if one.service is None else one.service.types.get(self._label(need))
        return asked or self._parts[need.key].type

    def _label(self, need: _Need) -> str:
        name = self._parts[need.key].name
        return f"{need.imported}.{name}" if need.imported else name

    def _call(self, one: _Part, asked: _Asked, env: Env) -> Value:
        """Answer a service that is called as a function, on its own arguments only."""
        inner = _Asked(env.run, asked)
        for need in () if one.service is None else one.service.params:
            param = self._parts[need.key]
            value = env.values.get(self._label(need))
            if param.kind == "inputData":
                inner.base(param.unit).values[param.name] = value
            else:
                inner.values[need.key] = value
        return self._serve(one, inner)

    def _serve(self, one: _Part, asked: _Asked) -> Value:
        service = one.service
        if service is None:
            return None
        run = asked.run
        for need in service.params:
            needed, label = self._parts[need.key], self._label(need)
            if needed.kind == "decision" and need.key not in asked.values:
                names = (name for name in (label, needed.name, needed.title) if name in run.scope)
                found = run.find(next(names, label))
                asked.values[need.key] = _fitted(found, self._wanted(one, need), label, run)
            elif needed.kind == "inputData" and label in service.types:
                base = asked.base(needed.unit)
                found = base.find(needed.name)
                base.values[needed.name] = _fitted(found, service.types[label], label, run)
        results = {
            self._parts[need.key].name: self._value(self._parts[need.key], asked, frozenset())
            for need in service.outputs
        }
        value: Value = next(iter(results.values())) if len(results) == 1 else results
        return _conformed(value, one, run)


_SOME: Final = 20
_ASKABLE: Final = frozenset({"decision", "decisionService", "businessKnowledgeModel"})


def _askable(found: Iterable[_Part]) -> dict[str, str]:
    """Return by id and by name what may be asked; what is imported has its import before it."""
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    names: dict[str, str] = {}
    for one in found:
        if one.kind in _ASKABLE:
            ids[one.id] = one.id
            titles.setdefault(".".join((*one.unit.path, one.title)), one.id)
            names.setdefault(".".join((*one.unit.path, one.name)), one.id)
    return names | titles | ids


def _is_alone(one: _Part, named: AbstractSet[tuple[tuple[str, ...], str]]) -> bool:
    """Return whether no file nearer to the one that is asked has input data of the same name."""
    path = one.unit.path
    return not any((path[:length], one.name) in named for length in range(len(path)))


def _from_outside(one: _Part, inputs: Mapping[str, Any], *, alone: bool) -> tuple[bool, Any]:
    """Return whether ``inputs`` have a value for a part, and which."""
    inside: Any = inputs
    for step in one.unit.path:
        inside = inside.get(step) if isinstance(inside, Mapping) else None
    for name in (one.name, one.title):
        dotted = ".".join((*one.unit.path, name))
        if dotted in inputs:
            return True, inputs[dotted]
        if isinstance(inside, Mapping) and name in inside:
            return True, inside[name]
    for name in (one.name, one.title) if alone else ():
        if name in inputs:
            return True, inputs[name]
    return False, None


def _conformed(value: Value, one: _Part, run: Run) -> Value:
    return _fitted(value, one.type, one.name, run)


def _fitted(value: Value, wanted: Type | None, name: str, run: Run) -> Value:
    if wanted is None:
        return value
    answer, fits = coerce(value, wanted, run.charge)
    if fits:
        return answer
    return run.null(f"{name} {misfit(value, wanted)}")


def load(
    xml: bytes, name: str, *, strict: bool = True, others: Mapping[str, bytes] = _NONE
) -> Model:
    """Return the decisions in ``xml``; ``name`` is the file, for sentences.

    Args:
        xml: the file.
        name: its name; with ``others``, its path among them.
        strict: False takes a file with faults as well; what cannot be evaluated is then null.
        others: the files (path to bytes) that it may import: by place, or by namespace.

    Raises:
        Invalid: the file is no DMN, or something in it cannot be evaluated. ``fouten`` has a
            sentence per element; ``check`` gives them with rows and lines.
    """
    model, units = _read(xml, name, others)
    wrong = [
        (source.file, problem)
        for unit in units
        for source, scope in zip(unit.sources, unit.scopes, strict=True)
        for problem in scope.problems
        if problem.severity == "fout"
    ]
    if wrong and strict:
        file, first = wrong[0]
        more = f" (en nog {len(wrong) - 1})" if len(wrong) > 1 else ""
        raise Invalid(
            f"{file}: {first.message}{more}", {p.element or name: p.message for _, p in wrong}
        )
    return model


def check(
    xml: bytes,
    file: str,
    *,
    functions: Iterable[str] | None = None,
    others: Mapping[str, bytes] = _NONE,
) -> list[Finding]:
    """Return what a person should look at before the tables go in service.

    Args:
        xml: the file.
        file: its name, for the findings; with ``others``, its path among them.
        functions: names of the host functions that expressions may call; None when unknown.
        others: the files that it may import. Only findings in ``file`` itself are given.
    """
    try:
        _, units = _read(xml, file, others)
    except Invalid as refusal:
        return [Finding(file, None, None, "xml", str(refusal))]
    scope = units[0].scopes[0]
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
            problem.severity,
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
            found.append(Problem(None, None, "naam", message, line_of(node)))
        for name in sorted(
            expression.functions - known - {*functions} if functions is not None else ()
        ):
            message = f"De functie {name} bestaat niet."
            found.append(Problem(None, None, "functie", message, line_of(node)))
    return found


def _bare_words(node: tree.Node) -> set[str]:
    """Return names that are a whole cell, or a whole test in one."""
    parts_of_cell = node.tests if isinstance(node, tree.Tests) else (node,)
    names = {one.name for one in parts_of_cell if isinstance(one, tree.Name)}
    return names - {"?"} - LIBRARY.keys()


def _read(xml: bytes, file: str, others: Mapping[str, bytes]) -> tuple[Model, list[Unit]]:
    units = gather(xml, file, others)
    found: dict[str, _Part] = {}
    for unit in reversed(units):  # an import has its types before they are used
        types = read_types(unit)
        for index, scope in enumerate(unit.scopes):
            scope.types = types
            scope.matched = _remember
            _add_parts(unit, index, found)
    found = {one.id: one for one in sorted(found.values(), key=lambda one: one.unit.number)}
    for one in found.values():
        _link(one, found)
    for one in found.values():
        if one.kind == "decision" and _needs_itself(one, found):
            message = f"{one.name} heeft zijn eigen antwoord nodig."
            _scope(one).problem(one.node, "kring", message)
    for one in found.values():
        _compile(one)
    return Model(file, found, units), units


def _remember(run: Run, ident: str, rules: list[str]) -> None:
    if isinstance(run, _Asking):
        run.asked.matched[ident] = tuple(rules)


def _add_parts(unit: Unit, index: int, found: dict[str, _Part]) -> None:
    """Add what one file of a unit holds; what an earlier file has under the same name hides it."""
    scope = unit.scopes[index]
    before = dict(unit.names)
    kinds = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
    for node in parts(unit.sources[index].root, *kinds):
        variable = part(node, "variable")
        own = normal(node.get("name"))
        name = normal(None if variable is None else variable.get("name")) or own
        ident = node.get("id") or name
        name = name or ident
        scope.owner = (ident, name)
        if not ident or (index, ident) in unit.where:
            scope.problem(node, "id", f"De id {ident} ontbreekt of komt twee keer voor.")
            continue
        hidden = before.get(own or name)
        if hidden is not None:
            unit.where[index, ident] = hidden
            continue
        key = ".".join((*unit.path, ident))
        while key in found:
            key += "~"
        unit.where[index, ident] = key
        unit.ids.setdefault(ident, key)
        unit.names.setdefault(own or name, key)
        reference = None if variable is None else variable.get("typeRef")
        wanted = type_named(reference, scope)
        if wanted is not None and wanted.kind == "function" and local(node) == "decisionService":
            wanted = wanted.result
        found[key] = _Part(local(node), key, name, own or name, node, wanted, unit, index)
    scope.owner = ("", "")


def _scope(one: _Part) -> Scope:
    """Return the scope of the file that a part is in, with its owner set to that part."""
    scope = one.unit.scopes[one.index]
    scope.owner = (one.id, one.name)
    return scope


def _link(one: _Part, found: Mapping[str, _Part]) -> None:
    """Fill in what a part needs; notes what is missing."""
    scope = _scope(one)
    needs = []
    for requirement in parts(one.node, "informationRequirement", "knowledgeRequirement"):
        for reference in requirement:
            href = reference.get("href") or ""
            need = _resolved(one, href)
            if need is not None and need.key in found:
                needs.append(need)
                continue
            missing = href.rpartition("#")[2]
            scope.problem(
                reference, "verwijzing", f"{one.name} verwijst naar {missing}, en dat is er niet."
            )
    one.needs = tuple(dict.fromkeys(needs))
    if one.kind == "decisionService":
        one.service = _Service(
            _linked(one, "outputDecision"),
            _linked(one, "inputDecision", "inputData"),
            _signature(one, scope),
        )


def _signature(one: _Part, scope: Scope) -> dict[str, Type]:
    """Return the types of parameters that the function type of a service names."""
    variable = part(one.node, "variable")
    wanted = normal("" if variable is None else variable.get("typeRef")).rpartition(":")[2]
    found: dict[str, Type] = {}
    for source in one.unit.sources:
        for item in parts(source.root, "itemDefinition"):
            function = part(item, "functionItem")
            if function is None or normal(item.get("name")) != wanted:
                continue
            for param in parts(function, "parameters"):
                kind = type_named(param.get("typeRef"), scope)
                if kind is not None:
                    found.setdefault(normal(param.get("name")), kind)
    return found


def _linked(one: _Part, *tags: str) -> tuple[_Need, ...]:
    found = (_resolved(one, x.get("href") or "") for tag in tags for x in parts(one.node, tag))
    return tuple(need for need in found if need is not None)


def _resolved(one: _Part, href: str) -> _Need | None:
    found = one.unit.resolve(one.index, href)
    return None if found is None else _Need(*found)


def _needs_itself(one: _Part, found: Mapping[str, _Part]) -> bool:
    todo, seen = list(one.needs), set[str]()
    while todo:
        ident = todo.pop().key
        if ident == one.id:
            return True
        if ident not in seen:
            seen.add(ident)
            todo += found[ident].needs
    return False


def _compile(one: _Part) -> None:
    scope = _scope(one)
    if one.kind == "decision":
        expression = expression_in(one.node)
        if expression is None:
            scope.problem(
                one.node,
                "leeg",
                f"{one.name} heeft geen tabel of expressie.",
                severity="waarschuwing",
            )
            one.closure = partial(_taken_by_people, one)
        else:
            one.closure = boxed(expression, scope)
    elif one.kind == "businessKnowledgeModel":
        one.closure = function_of(_logic(one.node), scope)(one.name, _result(one, scope))
    scope.owner = ("", "")


def _taken_by_people(one: _Part, env: Env) -> Value:
    """Answer a decision without logic: what the inputs say that was decided."""
    for name in (one.name, one.title):
        if name in env.run.scope:
            return env.run.find(name)
    return env.run.null(f"{one.name} heeft geen tabel of expressie")


def _logic(node: etree._Element) -> etree._Element | None:
    logic = part(node, "encapsulatedLogic")
    if logic is not None:
        return logic
    return next(iter(parts(node, *EXPRESSIONS)), None)


def _result(one: _Part, scope: Scope) -> Type | None:
    logic = part(one.node, "encapsulatedLogic")
    found = type_named(None if logic is None else logic.get("typeRef"), scope) or one.type
    return found.result if found is not None and found.kind == "function" else found
