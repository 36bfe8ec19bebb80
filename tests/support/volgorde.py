"""Two transactions on connections of their own, forced into an order: one stops where it is told."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import event
from sqlalchemy.orm import Session

from routeflow.errors import Refusal
from routeflow.store import open_store, transact

Punt = Literal["begin", "locked", "written"]
Act = Callable[[Session], Any]
_LONG, _A_MOMENT = 20, 0.5


@dataclass(frozen=True)
class Refused:
    """What somebody heard instead of an answer."""

    error: Refusal

    def __str__(self) -> str:
        return str(self.error)


def in_order(url: str, first: Act, punt: Punt | str, second: Act) -> tuple[Any, Any]:
    """Let ``first`` stop at ``punt`` until ``second`` is under way; answers what each came to.

    begin: before its first statement, until ``second`` is done. locked: when it has read the
    route, and written: just before its commit; then ``second`` finds it in its way, or not.
    Any other word: after its first statement with that word, until ``second`` is done or waits.
    """
    stopper = _Stopper(punt)
    begun = threading.Event()
    one, two = _Side(url, first, stopper), _Side(url, second, None)
    event.listen(two.store.engine, "before_cursor_execute", lambda *_: begun.set())
    one.start()
    stopper.reached.wait(_LONG)
    two.start()
    if punt == "begin":
        two.join(_LONG)
    else:
        begun.wait(_LONG)
        two.join(0 if punt in {"locked", "written"} else _A_MOMENT)
    stopper.release.set()
    return one.answer(), two.answer()


class _Stopper:
    def __init__(self, punt: str) -> None:
        self.punt = punt
        self.reached = threading.Event()
        self.release = threading.Event()

    def watch(self, engine: Any) -> None:
        if self.punt == "written":
            event.listen(engine, "commit", lambda _connection: self.stop())
        elif self.punt != "begin":
            event.listen(engine, "after_cursor_execute", self._after)

    def _after(self, _connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if sql.startswith("SELECT route.") if self.punt == "locked" else self.punt in sql:
            self.stop()

    def stop(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            self.release.wait(_LONG)


class _Side(threading.Thread):
    def __init__(self, url: str, act: Act, stopper: _Stopper | None) -> None:
        super().__init__(daemon=True)
        self.store = open_store(url)
        self._act = act
        self._stopper = stopper
        self._answer: Any = None
        self._error: BaseException | None = None
        if stopper:
            stopper.watch(self.store.engine)

    def run(self) -> None:
        try:
            if self._stopper and self._stopper.punt == "begin":
                self._stopper.stop()
            self._answer = transact(self.store.sessions, self._act)
        except Refusal as error:
            self._answer = Refused(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test hears it
            self._error = error
        finally:
            if self._stopper:
                self._stopper.reached.set()  # it never came there: nobody needs to wait
            self.store.close()

    def answer(self) -> Any:
        self.join(_LONG)
        assert not self.is_alive(), "it still waits for the other"
        if self._error:
            raise self._error
        return self._answer
