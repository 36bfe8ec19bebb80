"""Threads that want the same thing stand in line for it."""

import threading
import time

from routeflow.store.line import Line


def wait_until(true):
    while not true():
        time.sleep(0.001)


def test_who_asked_first_is_served_first():
    line, served = Line(), []
    assert line.take(1)

    def ask(number):
        assert line.take(10)
        served.append(number)
        line.give_back()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=ask, args=(number,)))
        threads[-1].start()
        wait_until(lambda n=number: line.waiting == n + 1)
    line.give_back()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4, 5]
    assert line.take(0)


def test_who_waits_too_long_leaves_the_line_and_holds_nobody_up():
    line = Line()
    assert line.take(1)
    assert not line.take(0.01)
    assert line.waiting == 0
    line.give_back()
    assert line.take(0)
    assert not line.take(0)


def test_a_turn_is_never_given_to_two():
    line, inside, most = Line(), [], []

    def work():
        for _ in range(50):
            assert line.take(30)
            inside.append(1)
            most.append(len(inside))
            time.sleep(0)
            inside.pop()
            line.give_back()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) == 400


def test_a_thread_that_writes_all_the_time_does_not_starve_another(store):
    """Without the line the second thread would look again and again, and find it taken."""
    if store.engine.dialect.name != "sqlite":
        return
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            with store.sessions.begin() as session:
                session.connection()

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        begin = time.monotonic()
        for _ in range(20):
            with store.sessions.begin() as session:
                session.connection()
        assert time.monotonic() - begin < 10
    finally:
        stop.set()
        thread.join()
