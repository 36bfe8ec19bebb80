"""A log line is one line, whatever people call themselves."""

import io
import logging

import pytest

from routeflow.web.logboek import Regel


@pytest.fixture
def schrijf():
    uit = io.StringIO()
    log = logging.getLogger("routeflow.proef")
    log.propagate = False
    log.handlers.clear()
    handler = logging.StreamHandler(uit)
    handler.setFormatter(Regel("%(levelname)s %(message)s"))
    log.addHandler(handler)
    return lambda *wat, **rest: (log.error(*wat, **rest), uit.getvalue())[1]


@pytest.mark.parametrize(
    "teken", ["\n", "\r", "\r\n", "\x85", "\u2028", "\x0b", "\x1b[2K", "\u202e"]
)
def test_a_name_cannot_look_like_another_event_or_command_a_terminal(schrijf, teken):
    regels = schrijf("account %s", f"Jan{teken}ERROR alles is weg").splitlines()
    assert len(regels) == 1
    assert regels[0].isprintable()


def test_a_traceback_keeps_its_lines_but_none_can_pass_for_an_event(schrijf):
    try:
        int("a\nERROR b\x1b[2K")
    except ValueError:
        regels = schrijf("mis", exc_info=True).splitlines()
    assert regels[0] == "ERROR mis"
    assert len(regels) > 3
    assert all(regel.startswith("    ") for regel in regels[1:])
    assert "\x1b" not in "".join(regels)
