from datetime import timedelta

import pytest
from sqlalchemy import text

from routeflow.store import transact
from support.klein import klein


@pytest.fixture
def healthy(route):
    route.given("klein", klein(), leerroute="B1")
    route.when_done("plan", leerroute="Z")
    assert route.ailments == []
    return route


def break_it(route, statement):
    transact(route.store.sessions, lambda s: s.execute(text(statement)))


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE taak SET status = 'vervallen' WHERE element = 'teken'", "taak: De route kent"),
        ("UPDATE taak SET uiterlijk = '2026-03-03' WHERE element = 'teken'", "taak: De rij"),
        ("UPDATE wekker SET gesloten_op = geopend WHERE soort = 'timer'", "wekker: De route kent"),
        ("DELETE FROM wacht", "wacht: De route kent"),
        (
            "UPDATE journaal SET door = 'Niemand' WHERE wat = 'taak voltooid'",
            "journaal: Journaalregel",
        ),
        ("DELETE FROM journaal WHERE wat = 'taak voltooid'", "journaal: De laatste regels"),
        ("DELETE FROM journaal WHERE wat = 'dossier geopend'", "journaal: Journaalregel"),
    ],
)
def test_the_doctor_finds_what_does_not_agree_and_repairs_nothing(healthy, statement, finding):
    break_it(healthy, statement.replace("geopend WHERE", "op WHERE"))
    first = healthy.ailments
    assert any(found.startswith(finding) for found in first), first
    assert healthy.ailments == first


def test_the_doctor_finds_what_should_have_happened(healthy):
    healthy.now += timedelta(days=40)
    assert any("Draait de worker?" in found for found in healthy.ailments)
