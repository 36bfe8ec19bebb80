"""The commands that keep running begin, work, and end on SIGTERM; and the measurement."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

PATIENCE = 30  # seconds


@pytest.fixture
def start(database_url, tmp_path):
    """Starts `routeflow ...` as a process of its own and stops it in the end."""
    bezig = []

    def start(*woorden, poort=0):
        proces = subprocess.Popen(  # noqa: S603 - our own program
            [Path(sys.executable).with_name("routeflow"), *woorden],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "ROUTEFLOW_DATABASE": database_url,
                "ROUTEFLOW_PORT": str(poort),
                "ROUTEFLOW_TIK": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        bezig.append(proces)
        return proces

    yield start
    for proces in bezig:
        proces.kill()
        proces.communicate()


def _regel(proces, deel):
    """Return the first line on stderr that holds ``deel``."""
    for regel in proces.stderr:
        if deel in regel:
            return regel
    raise AssertionError(f"{deel!r} never came")


def _stop(proces, sein):
    proces.send_signal(sein)
    _, stderr = proces.communicate(timeout=PATIENCE)
    assert "Traceback" not in stderr
    return proces.returncode


@pytest.mark.parametrize("sein", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_until_it_is_told_to_stop(start, sein):
    proces = start("serve")
    adres = _regel(proces, "luistert op").split()[-1]
    assert httpx.get(f"{adres}/inloggen", timeout=PATIENCE).status_code == 200
    assert httpx.get(f"{adres}/api/v1/taken", timeout=PATIENCE).status_code == 401
    assert _stop(proces, sein) == 0


def test_serve_stops_while_a_browser_holds_its_connection(start):
    proces = start("serve")
    adres = _regel(proces, "luistert op").split()[-1]
    with httpx.Client(base_url=adres, timeout=PATIENCE) as browser:
        assert browser.get("/inloggen").status_code == 200
        assert _stop(proces, signal.SIGTERM) == 0


@pytest.mark.parametrize("opdracht", [("serve",), ("demo", "--klein")])
def test_a_port_that_is_taken_is_told_at_once_with_what_to_do(start, opdracht):
    with socket.create_server(("127.0.0.1", 0)) as bezet:
        poort = bezet.getsockname()[1]
        proces = start(*opdracht, poort=poort)
        stdout, stderr = proces.communicate(timeout=PATIENCE)
    assert proces.returncode == 1
    assert f"Poort {poort} op 127.0.0.1 is al in gebruik" in stderr
    assert "ROUTEFLOW_PORT" in stderr
    assert "Traceback" not in stderr
    assert stdout == ""


@pytest.mark.parametrize("sein", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_when_it_is_told_to(start, sein):
    proces = start("worker")
    _regel(proces, "worker gestart")
    assert _stop(proces, sein) == 0


def test_a_measurement_as_json_has_its_numbers(opdracht):
    uitslag = opdracht.json(
        "bench", "complete_taak", "worklist", "--quick", "--json", "--taken", "300"
    )
    assert set(uitslag) == {"complete_taak", "worklist"}
    stap = uitslag["complete_taak"]
    for kant in ("baseline", "routeflow"):
        assert 0 < stap[kant]["min_ms"] <= stap[kant]["median_ms"] <= stap[kant]["p95_ms"]
        assert stap[kant]["bytes_median"] > 0
    assert stap["ratio_median"] > 1
    lijst = uitslag["worklist"]
    assert lijst["open_taken"] == 300
    for wie in ("casemanager", "teamleider", "partner"):
        assert lijst[wie]["median_ms"] > 0
        assert lijst[wie]["rows"] <= 50
    assert lijst["teamleider"]["count"] == 300
