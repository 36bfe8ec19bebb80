"""A log line is one line, whatever people call themselves."""

import io
import logging

import pytest
from sqlalchemy.exc import DBAPIError

from routeflow.store.models import Dossier
from routeflow.web.logboek import Regel
from support.huis import BEGIN


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


def test_a_row_that_postgresql_shows_in_its_complaint_stays_out_of_the_log(schrijf):
    fout = (
        'duplicate key value violates unique constraint "ix_dossier_bsn"\n'
        "DETAIL:  Failing row contains (1, Amina\nYusuf, 999900006).\n"
        "CONTEXT:  SQL statement\n[SQL: INSERT INTO dossier]\n(Background on this error)"
    )
    tekst = schrijf("mis", exc_info=ValueError(fout))
    assert "999900006" not in tekst
    assert "Yusuf" not in tekst
    for over in ("ix_dossier_bsn", "DETAIL: weggelaten", "CONTEXT", "[SQL: INSERT", "Background"):
        assert over in tekst


def test_a_fault_of_the_database_tells_the_log_nothing_of_a_person(schrijf, store):
    def dubbel(session):
        session.add_all(
            Dossier(
                nummer=f"2026-0000{nummer}", naam="Amina Yusuf", doelgroep="gezinsmigrant",
                bsn="999900006", geopend_op=BEGIN,
            )
            for nummer in (1, 2)
        )  # fmt: skip
        session.flush()

    with pytest.raises(DBAPIError) as fout:
        _in(store, dubbel)
    tekst = schrijf("mis", exc_info=fout.value)
    assert "INSERT INTO dossier" in tekst
    assert "999900006" not in tekst
    assert "Yusuf" not in tekst


def _in(store, werk):
    with store.sessions.begin() as session:
        werk(session)
