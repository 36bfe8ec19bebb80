"""Read the item definitions of a DMN file as FEEL types."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from routeflow.engine.boxed import Scope, compile_tests, normal, part, parts, text_of, type_named
from routeflow.engine.imports import Unit
from routeflow.feel import DEFAULT_LIMITS
from routeflow.feel.builtins import LIBRARY
from routeflow.feel.run import Env, Run
from routeflow.feel.types import ANY, Allowed, Type
from routeflow.feel.values import Charge, Value


def read_types(unit: Unit) -> dict[str, Type]:
    """Return the types of a unit by name; they may refer to each other.

    Those of an import have its name before theirs. The types of its imports must be known.
    """
    imported = {
        f"{name}.{kind}": found
        for name, other in unit.imports.items()
        for kind, found in other.scopes[0].types.items()
    }
    return _Reader(unit, imported).read()


class _Reader:
    def __init__(self, unit: Unit, imported: dict[str, Type]) -> None:
        self.nodes: dict[str, etree._Element] = {}
        self.scopes: dict[str, Scope] = {}
        for source, scope in zip(unit.sources, unit.scopes, strict=True):
            scope.types = imported
            for node in parts(source.root, "itemDefinition"):
                name = normal(node.get("name"))
                if self.scopes.get(name, scope) is scope:
                    self.nodes[name], self.scopes[name] = node, scope
        self.scope = unit.scopes[0]
        self.imported = imported
        self.known: dict[str, Type] = {}
        self.above: list[str] = []

    def read(self) -> dict[str, Type]:
        for name in self.nodes:
            self.resolve(name)
        return {**self.imported, **self.known}

    def resolve(self, reference: str | None) -> Type | None:
        name = (reference or "").strip()
        if name not in self.nodes and name not in self.imported:
            name = name.rpartition(":")[2]
        if name in self.known or name not in self.nodes:
            return self.known.get(name) or type_named(reference, self.scope)
        if name in self.above:
            return None
        self.above.append(name)
        around, self.scope = self.scope, self.scopes[name]
        self.known[name] = self.build(self.nodes[name])
        self.scope = around
        self.above.pop()
        return self.known[name]

    def build(self, node: etree._Element) -> Type:
        item = self.base(node) or ANY
        allowed = self.allowed(part(node, "allowedValues"))
        if allowed is not None:
            item = replace(item, allowed=allowed)
        if node.get("isCollection") == "true":
            item = Type("list", inner=item)
        constraint = self.allowed(part(node, "typeConstraint"))
        return item if constraint is None else replace(item, allowed=constraint)

    def base(self, node: etree._Element) -> Type | None:
        components = parts(node, "itemComponent")
        if components:
            return Type(
                "context", fields={normal(x.get("name")): self.build(x) for x in components}
            )
        function = part(node, "functionItem")
        if function is not None:
            params = [self.resolve(x.get("typeRef")) for x in parts(function, "parameters")]
            known = tuple(param for param in params if param is not None)
            return Type(
                "function",
                params=known if len(known) == len(params) else None,
                result=self.resolve(function.get("outputTypeRef")),
            )
        reference = part(node, "typeRef")
        return None if reference is None else self.resolve(reference.text)

    def allowed(self, node: etree._Element | None) -> Allowed | None:
        source = text_of(node)
        if node is None or not source:
            return None
        found = compile_tests(node, source, self.scope, where="toegestane waarden")
        if found is None:
            return None
        test = found[0]

        def allowed(value: Value, charge: Charge) -> bool | None:
            run = Run({}, _LONG_AGO, None, LIBRARY, DEFAULT_LIMITS)
            passes = test(value, Env({}, None, run))
            charge(run.steps)
            return passes

        return allowed


_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
