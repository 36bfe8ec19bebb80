"""Every attack at every door: in words, in time, nothing half done."""

import io
import re
import time
from functools import partial

import pytest
from sqlalchemy import func, select

from routeflow import engine
from routeflow.commands import deployments
from routeflow.errors import Incident
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import open_store, read, transact
from routeflow.store.models import Bestand, Deployment
from support.aanvallen import ATTACKS, MARK
from support.bpmn import BEGIN
from support.huis import build_app, make_people, put_in_service
from support.klein import klein
from support.pagina import wrong_on

ESTHER = Actor("Esther", GEMEENTE, frozenset({Rol.PROCESEIGENAAR}))
SECONDS = 10
ENGLISH = re.compile(
    r"Traceback|Error|Exception|line \d|object|NoneType|expected|invalid|unexpected|must be|lxml|feel\."
)

by_name = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


def in_words(text):
    return bool(text.strip()) and not ENGLISH.search(text)


@by_name
def test_check_answers_in_words_and_says_where(attack):
    began = time.process_time()
    found = deployments.check(attack.files())
    assert time.process_time() - began < SECONDS
    ours = [finding for finding in found if finding.file == attack.path]
    refused = any(finding.severity == "fout" for finding in ours)
    assert attack.refused in {None, refused}, ours
    for finding in ours:
        assert in_words(finding.message), finding
        assert finding.element or finding.line or attack.path in finding.message or attack.refused
        assert len(finding.message) < 1000


@by_name
def test_publish_refuses_it_whole_or_takes_it_whole(attack, store):
    put_in_service(store, klein())
    work = partial(deployments.publish, files=attack.files(), reden="aanval", by=ESTHER, now=BEGIN)
    try:
        transact(store.sessions, work)
    except deployments.Afgekeurd as refusal:
        refused = True
        assert in_words(str(refusal))  # noqa: PT017 - a refusal is one of two good answers
    else:
        refused = False
    assert attack.refused in {None, refused}
    sets, files = read(
        store.sessions,
        lambda session: (
            session.scalar(select(func.count()).select_from(Deployment)),
            session.scalar(select(func.count()).where(Bestand.pad == attack.path)),
        ),
    )
    assert (sets, files) == ((1, 0) if refused else (2, 1))


@by_name
def test_run_ends_in_an_incident_or_at_a_wait(attack):
    began = time.process_time()
    try:
        definition = engine.load(attack.files())
        world = engine.World(BEGIN, {}, lambda _opened: {}, {})
        for process in definition.processes:
            if process != "klein":
                engine.start(definition, process, world)
    except Incident as incident:
        assert in_words(incident.reden)  # noqa: PT017 - an incident is one of two good ends
    assert time.process_time() - began < SECONDS


@pytest.fixture(scope="module")
def browser(tmp_path_factory, _databases):
    store = open_store(_databases.migrated())
    put_in_service(store, klein())
    tokens = make_people(store)
    app = build_app(store, tmp_path_factory.mktemp("huis"))
    yield app, store, tokens
    store.close()


@by_name
def test_the_page_shows_why_and_nothing_of_it_runs(attack, browser, als):
    bezoeker = als(browser, "esther")
    data = attack.make()
    name = attack.path.rpartition("/")[2]
    began = time.process_time()
    answer = bezoeker.post("/processen/nieuw", {"bestanden": (io.BytesIO(data), name)})
    assert time.process_time() - began < SECONDS
    assert answer.status_code in {200, 413, 422}
    assert wrong_on(answer, MARK) == []
    if attack.refused and answer.status_code == 200:
        assert "Publiceren" not in re.findall(r"<button[^>]*>\s*([^<]*)", answer.text)
