"""The only place that reads the clock. Doors call it once per act and hand ``now`` down."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)
