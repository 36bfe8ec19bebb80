"""A line of threads that want the same thing: first come, first served."""

import threading
from collections import deque


class Line:
    """One turn at a time, given in the order in which threads asked for it.

    A lock of the standard library lets whoever gives it back take it again at once; here the turn
    goes to the thread that waits longest, so that nobody waits much longer than the others.
    """

    def __init__(self) -> None:
        self._look = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        """Return how many threads stand in line."""
        return len(self._waiting)

    def take(self, timeout: float) -> bool:
        """Take the turn, or wait for it at most ``timeout`` seconds; say whether it was given."""
        with self._look:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(timeout):
            return True
        with self._look:
            if mine.is_set():  # it came just now
                return True
            self._waiting.remove(mine)
            return False

    def give_back(self) -> None:
        """Hand the turn to the thread that waits longest. Only for who was given it."""
        with self._look:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
