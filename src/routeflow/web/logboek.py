"""How log lines are written: one line for one event, whatever stands in names and addresses."""

import logging
import re
from typing import Any

_STUUR = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_DETAIL = re.compile(
    r"^DETAIL: .*?(?=^(?:HINT|CONTEXT|LINE \d+):|^\[SQL:|^\(Background|^\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class Regel(logging.Formatter):
    """Writes what people typed so that it cannot look like another line or command a terminal.

    A traceback is ours and keeps its lines; each of them is indented, so that none can pass for
    the beginning of an event.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as text without control characters of somebody else."""
        kop, *rest = super().format(record).replace("\r", "\\r").split("\n")
        return "\n".join([_veilig(kop), *(f"    {_veilig(regel)}" for regel in rest)])

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as its base
        """Return the traceback without the rows that PostgreSQL shows: they hold facts of people."""
        return _DETAIL.sub("DETAIL: weggelaten\n", super().formatException(ei)).rstrip("\n")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name in logging
        """Return the first line; the message has no line breaks of its own."""
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


def begin(level: str) -> None:
    """Let everything from ``level`` on be written to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(Regel(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler])


def _veilig(tekst: str) -> str:
    return _STUUR.sub(lambda teken: teken[0].encode("unicode_escape").decode(), tekst)
