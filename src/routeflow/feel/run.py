"""One evaluation while it runs: its scope, its limits and the reasons for null."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from routeflow.feel.faults import LimitExceeded, Limits
from routeflow.feel.values import Foreign, Function, Value, adopt

if TYPE_CHECKING:
    from routeflow.feel.types import Type

MAX_REASONS: Final = 20
_LOOK_AT_THE_TIME: Final = 2_000


class Run:
    """What every closure may use. One per evaluation; never shared between threads."""

    __slots__ = (
        "_next_look",
        "_until",
        "builtins",
        "depth",
        "functions",
        "limits",
        "now",
        "reasons",
        "scope",
        "steps",
        "types",
    )  # fmt: skip

    def __init__(
        self,
        scope: Mapping[str, Any],
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None,
        builtins: "Mapping[str, Invocable]",
        limits: Limits,
    ) -> None:
        self.scope = scope
        self.now = now
        self.functions = functions
        self.builtins = builtins
        self.limits = limits
        self.reasons: list[str] = []
        self.types: Mapping[str, Type] = {}
        self.steps = 0
        self.depth = 0
        self._next_look = _LOOK_AT_THE_TIME
        self._until = 0.0

    def null(self, reason: str) -> Value:
        """Answer null and remember why."""
        if len(self.reasons) < MAX_REASONS and reason not in self.reasons:
            self.reasons.append(reason)
        return None

    def charge(self, steps: int) -> None:
        """Count work done. Raises LimitExceeded when it was too much or took too long."""
        self.steps += steps
        if self.steps > self._next_look:
            self._look()

    def _look(self) -> None:
        if self.steps > self.limits.steps:
            raise LimitExceeded("De expressie vraagt te veel rekenstappen.")
        moment = time.monotonic()
        if not self._until:
            self._until = moment + self.limits.seconds
        elif moment > self._until:
            raise LimitExceeded("De expressie duurt te lang.")
        self._next_look = self.steps + _LOOK_AT_THE_TIME

    def text(self, text: str) -> str:
        """Return ``text`` when it is not too long."""
        self.charge(len(text) >> 8)
        if len(text) > self.limits.text:
            raise LimitExceeded("De expressie maakt een te lange tekst.")
        return text

    def items(self, items: list[Value]) -> list[Value]:
        """Return ``items`` when there are not too many."""
        self.charge(len(items) >> 2)
        if len(items) > self.limits.items:
            raise LimitExceeded("De expressie maakt een te lange lijst.")
        return items

    def enter(self) -> None:
        """Go one function deeper."""
        self.charge(1)
        self.depth += 1
        if self.depth > self.limits.depth:
            raise LimitExceeded("De expressie roept zichzelf te vaak aan.")

    def find(self, name: str) -> Value:
        """Return what ``name`` means outside all local scopes."""
        try:
            if name in self.scope:
                return adopt(self.scope[name])
        except Foreign as error:
            return self.null(f"{name}: {error}")
        if self.functions is not None and name in self.functions:
            return HostFunction(name, self.functions[name])
        if name in self.builtins:
            return self.builtins[name]
        return self.null(f"{name} is niet bekend")


class Env:
    """Names and values of one scope; ``parent`` is the scope around it."""

    __slots__ = ("parent", "run", "values")

    def __init__(self, values: dict[str, Value], parent: "Env | None", run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run

    def find(self, name: str) -> Value:
        env = self
        while True:
            if name in env.values:
                return env.values[name]
            if env.parent is None:
                break
            env = env.parent
        value = env.values[name] = self.run.find(name)
        return value


class Invocable(Function, ABC):
    """Something that FEEL can call: a built-in, a function of the host, or one written in FEEL."""

    __slots__ = ()

    @abstractmethod
    def call(self, run: Run, args: list[Value], names: tuple[str, ...] | None) -> Value:
        """Return the answer; ``names`` are the parameter names when they were written."""


class HostFunction(Invocable):
    """A function that the host lends to expressions, such as ``termijn``."""

    __slots__ = ("host",)

    def __init__(self, name: str, host: Callable[..., Any]) -> None:
        super().__init__(name)
        self.host = host

    def call(self, run: Run, args: list[Value], names: tuple[str, ...] | None) -> Value:
        run.charge(1)
        named = {} if names is None else dict(zip(names, args, strict=True))
        try:
            return adopt(self.host(**named) if names else self.host(*args))
        except ValueError as error:
            return run.null(f"{self.name}: {error}")
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            return run.null(f"{self.name} krijgt andere gegevens dan het nodig heeft")
