"""Texts of a diagram that may be FEEL: compiled once, evaluated against a scope."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from routeflow import feel
from routeflow.errors import Incident
from routeflow.feel.values import in_dutch

Functions = Mapping[str, Callable[..., Any]]


class Text:
    """An attribute of a diagram: FEEL when it begins with "=", otherwise the text itself."""

    __slots__ = ("element", "expression", "source")

    def __init__(self, source: str, element: str) -> None:
        """Compile ``source``. Raises Incident for ``element`` when it is no FEEL."""
        self.source = source
        self.element = element
        self.expression: feel.Expression | None = None
        if source.startswith("="):
            try:
                self.expression = feel.compile(source[1:])
            except Incident as fault:
                raise Incident(fault.reden, element) from fault

    def __bool__(self) -> bool:
        return bool(self.source)

    @property
    def names(self) -> frozenset[str]:
        return self.expression.names if self.expression else frozenset()

    def calls(self, function: str) -> tuple[str, ...]:
        return self.expression.calls(function) if self.expression else ()

    def value(self, scope: Mapping[str, Any], *, now: datetime, functions: Functions) -> Any:  # noqa: ANN401 - whatever FEEL answers
        """Return the value; raises Incident for the element when the evaluation is too heavy."""
        if self.expression is None:
            return self.source
        try:
            return self.expression.evaluate(scope, now=now, functions=functions)
        except Incident as fault:
            raise Incident(fault.reden, fault.element or self.element) from fault

    def decide(self, scope: Mapping[str, Any], *, now: datetime, functions: Functions) -> bool:
        """Return the answer of a condition; raises Incident when it is neither true nor false."""
        if self.expression is None:
            raise Incident(f"De voorwaarde {self.source} begint niet met =.", self.element)
        try:
            answer, reasons = self.expression.evaluate_with_reasons(
                scope, now=now, functions=functions
            )
        except Incident as fault:
            raise Incident(fault.reden, fault.element or self.element) from fault
        if isinstance(answer, bool):
            return answer
        why = "; ".join(reasons) or ", ".join(
            f"{name} is niet bekend" for name in sorted(self.names) if scope.get(name) is None
        )
        why = why or f"de uitkomst is {in_dutch(answer)}"
        raise Incident(
            f"De voorwaarde {self.source[1:].strip()} geeft geen ja of nee: {why}.",
            self.element,
        )
