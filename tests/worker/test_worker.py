"""The worker: what is due, in order, each on its own, and nothing stops the others."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select, text

from routeflow.clock import system_clock
from routeflow.commands import incidenten, klok
from routeflow.commands.ladder import begin_van
from routeflow.config import Config
from routeflow.errors import Conflict, Invalid
from routeflow.store import read, transact
from routeflow.store.models import Uitgaand, Wekker
from routeflow.worker import Worker, back_off, run_due, verzet_klok
from support.klein import klein
from support.route import BUREAU, RouteUnderTest


class Receiver(BaseHTTPRequestHandler):
    """Answers with the next of ``answers`` and keeps what came in."""

    answers: list[int]
    seen: list[tuple[str, dict]]

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def receiving(*answers: int) -> Iterator[tuple[str, list]]:
    handler = type("Once", (Receiver,), {"answers": list(answers), "seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", handler.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def sending(route):
    route.given("klein", klein(), leerroute="B1")
    route.when_done("plan", leerroute="Z")
    return route


def outbox(route):
    (row,) = read(route.store.sessions, lambda s: s.scalars(select(Uitgaand)).all())
    return row


class Trickling(Receiver):
    """Takes the message, and says a little of its answer every moment, without end."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        with suppress(OSError):
            for _ in range(100):
                self.wfile.write(b"HTTP/1.1 100 Continue\r\nX: x"[: 1 if _ else 20])
                self.wfile.flush()
                time.sleep(0.2)


def test_a_receiver_that_says_a_little_without_end_holds_nobody_up(sending):
    server = HTTPServer(("127.0.0.1", 0), Trickling)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    begun = time.monotonic()
    run_due(sending.store, Config(uitgaand_url=url, uitgaand_timeout=1), sending.now)
    took = time.monotonic() - begun
    server.shutdown()
    server.server_close()
    thread.join()
    assert took < 10
    assert (outbox(sending).status, outbox(sending).pogingen) == ("klaar", 1)


def test_the_outbox_is_posted_once_under_its_own_key(sending):
    with receiving() as (url, seen):
        config = Config(uitgaand_url=url)
        verslag = run_due(sending.store, config, sending.now)
        run_due(sending.store, config, sending.now)
    row = outbox(sending)
    assert [een.tekst for een in verslag.gebeurtenissen] == ["Het bericht duo.pip is verzonden."]
    assert seen == [
        (
            str(row.id),
            {
                "id": str(row.id),
                "soort": "duo.pip",
                "dossier": "2026-00001",
                "aangemaaktOp": "2026-01-05T09:00:00+00:00",
                "inhoud": {"leerroute": "Z"},
            },
        )
    ]
    assert (row.status, row.verzonden_op) == ("verzonden", sending.now)


def test_without_an_address_the_outbox_waits_where_everybody_sees_it(sending):
    sending.when_days_pass(3)
    assert outbox(sending).status == "klaar"


def test_a_receiver_that_is_down_is_tried_again_later_and_at_last_a_person_is_called(sending):
    with receiving(503, 503, 503) as (url, seen):
        config = Config(uitgaand_url=url, pogingen=3)
        run_due(sending.store, config, sending.now)
        run_due(sending.store, config, sending.now)
        assert len(seen) == 1  # not before its next moment
        for _ in range(3):
            sending.now += timedelta(hours=1)
            run_due(sending.store, config, sending.now)
        assert len(seen) == 3
        assert outbox(sending).status == "mislukt"
        (incident,) = sending.incidenten
        assert (incident.soort, incident.reden) == (
            "uitgaand",
            "De ontvanger antwoordt met fout 503.",
        )
        transact(
            sending.store.sessions,
            lambda s: incidenten.opnieuw(s, incident.id, by=BUREAU, now=sending.now),
        )
        run_due(sending.store, config, sending.now)
    assert outbox(sending).status == "verzonden"
    assert len({key for key, _ in seen}) == 1


def test_what_is_tried_again_and_fails_once_more_asks_for_a_person_once_more(sending):
    with receiving(404, 404) as (url, _):
        config = Config(uitgaand_url=url)
        run_due(sending.store, config, sending.now)
        (eerst,) = sending.incidenten
        transact(
            sending.store.sessions,
            lambda s: incidenten.opnieuw(s, eerst.id, by=BUREAU, now=sending.now),
        )
        assert sending.incidenten == []
        run_due(sending.store, config, sending.now)
    (daarna,) = sending.incidenten
    assert daarna.id != eerst.id
    assert outbox(sending).status == "mislukt"


@pytest.mark.parametrize("answer", [408, 425, 429, 500])
def test_a_receiver_that_asks_to_come_back_later_gets_the_message_later(sending, answer):
    with receiving(answer) as (url, seen):
        config = Config(uitgaand_url=url)
        for hours in (0, 1):
            run_due(sending.store, config, sending.now + timedelta(hours=hours))
    assert (outbox(sending).status, len(seen)) == ("verzonden", 2)
    assert sending.incidenten == []


@pytest.mark.parametrize("answer", [301, 400, 404])
def test_a_receiver_that_refuses_is_not_asked_again(sending, answer):
    with receiving(answer) as (url, seen):
        run_due(sending.store, Config(uitgaand_url=url), sending.now)
    assert (outbox(sending).status, len(seen)) == ("mislukt", 1)
    assert f"fout {answer}" in sending.incidenten[0].reden


def test_an_address_that_is_no_web_address_is_an_incident(sending):
    run_due(sending.store, Config(uitgaand_url="file:///etc/passwd"), sending.now)
    assert "geen webadres" in sending.incidenten[0].reden


def test_a_poison_row_does_not_stop_the_others(store):
    routes = [RouteUnderTest(store).given("klein", klein(), leerroute="B1") for _ in range(3)]
    transact(
        store.sessions,
        lambda s: s.execute(
            text("UPDATE route SET toestand = :x WHERE dossier_id = :id").bindparams(
                x=b"poison", id=_raw(s, routes[1].dossier_id)
            )
        ),
    )
    now = routes[0].armed["uren_blijven_uit"]
    config = Config(pogingen=2)
    for hours in (0, 7):
        run_due(store, config, now + timedelta(hours=hours))
    assert ["bel_partij" in route.open_elements for route in routes] == [True, False, True]
    assert {incident.dossier_id for incident in routes[0].incidenten} == {routes[1].dossier_id}
    stranded = read(
        store.sessions,
        lambda s: s.scalars(
            select(Wekker.element).where(Wekker.gestrand, Wekker.soort == "timer")
        ).all(),
    )
    assert stranded == ["uren_blijven_uit"]
    tries = [incident.pogingen for incident in routes[0].incidenten]
    run_due(store, config, now + timedelta(days=1))
    assert [incident.pogingen for incident in routes[0].incidenten] == tries


def _raw(session, dossier_id):
    return dossier_id.hex if session.get_bind().dialect.name == "sqlite" else dossier_id


def test_waiting_gets_longer_and_never_endless():
    waits = [back_off(tries) for tries in range(20)]
    assert timedelta(seconds=15) <= waits[0] <= timedelta(seconds=30)
    assert max(waits) <= timedelta(hours=6)
    assert waits[0] < waits[2] < waits[4] < waits[6]
    assert min(waits[10:]) >= timedelta(hours=3)


class Standing:
    """A system clock that stands still."""

    now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def demo(route):
    route.given("klein", klein(), leerroute="B1", datumKennisgeving=date(2026, 1, 2))
    return replace(route.config, demo=True)


def test_moving_the_demo_clock_fires_each_thing_at_its_own_moment(route, demo):
    system = Standing()
    verslag = verzet_klok(route.store, demo, 31, system=system)
    moments = [een.op for een in verslag.gebeurtenissen]
    assert moments == sorted(moments)
    assert moments[0] == begin_van(date(2026, 1, 12))
    assert any("uren_blijven_uit" in een.tekst for een in verslag.gebeurtenissen)
    clock = klok.clock_for(route.store, system, demo=True)
    assert clock() == verslag.tot == system.now + timedelta(days=31)
    assert klok.clock_for(route.store, system, demo=False)() == system.now


def test_the_clock_moves_only_forward_and_only_in_the_demo(route, demo):
    with pytest.raises(Invalid):
        verzet_klok(route.store, demo, 0, system=Standing())
    with pytest.raises(Conflict):
        verzet_klok(route.store, route.config, 1, system=Standing())


def test_a_worker_looks_every_tick_until_it_is_stopped(sending):
    with receiving() as (url, seen):
        worker = Worker(sending.store, Config(uitgaand_url=url, tik=1), clock=system_clock)
        worker.tick()
        assert seen == []  # the outbox has a thread of its own
        worker.post()
        worker.start()
        worker.stop()
    assert len(seen) == 1
