"""Every attack at every door: in words, in time, nothing half done."""

import io
import re
import time
from dataclasses import dataclass
from functools import partial

import pytest
from flask import g
from markupsafe import escape
from sqlalchemy import func, select

from routeflow import engine
from routeflow.commands import accounts, deployments
from routeflow.errors import Incident
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import open_store, read, transact
from routeflow.store.models import Bestand, Deployment
from routeflow.web import processen
from support import aanvallen
from support.aanvallen import ATTACKS, MARK, Attack, goed
from support.bpmn import BEGIN
from support.huis import build_app, make_people, put_in_service
from support.onzin import rijen
from support.pagina import wrong_on

ESTHER = Actor("Esther", GEMEENTE, frozenset({Rol.PROCESEIGENAAR}))
SECONDS = 10
ENGLISH = re.compile(
    r"Traceback|Error|Exception|line \d|object|NoneType|expected|invalid|unexpected|must be|lxml|feel\."
)


@dataclass(frozen=True)
class Case:
    """An attack with what it sends, made once for all doors."""

    attack: Attack
    files: dict[str, bytes]


@pytest.fixture(scope="module", params=ATTACKS, ids=lambda attack: attack.name)
def case(request):
    """Every door for one attack, then the next: the doors share what was judged just before."""
    return Case(request.param, request.param.files())


@pytest.fixture(scope="module")
def house(tmp_path_factory, _databases):
    store = open_store(_databases.migrated())
    put_in_service(store, in_dienst())
    make_people(store)
    yield build_app(store, tmp_path_factory.mktemp("huis")), store
    store.close()


@pytest.fixture(scope="module")
def esther(house, als):
    return als(house, "esther")


def in_dienst():
    """What is in service: a good file under the name of each attack, so that each is a change."""
    return {
        **goed(),
        aanvallen.BPMN: aanvallen.GOOD,
        aanvallen.DMN: aanvallen.table("-"),
        aanvallen.FORM: aanvallen.form(aanvallen.field()),
        aanvallen.TEMPLATE: aanvallen.template(),
    }


def in_words(text):
    return bool(text.strip()) and not ENGLISH.search(text)


def test_check_answers_in_words_and_says_where(case):
    attack = case.attack
    began = time.process_time()
    found = deployments.check(case.files)
    assert time.process_time() - began < SECONDS
    ours = [finding for finding in found if finding.file == attack.path]
    refused = any(finding.severity == "fout" for finding in ours)
    assert attack.refused in {None, refused}, ours
    for finding in ours:
        assert in_words(finding.message), finding
        assert finding.element or finding.line or attack.path in finding.message or attack.refused
        assert len(finding.message) < 1000


def test_the_page_shows_why_and_nothing_of_it_runs(case, esther):
    attack = case.attack
    name = attack.path.rpartition("/")[2]
    began = time.process_time()
    data = {"bestanden": (io.BytesIO(case.files[attack.path]), name)}
    answer = esther.post("/processen/nieuw", data)
    assert time.process_time() - began < SECONDS
    assert answer.status_code in {200, 413, 422}
    assert wrong_on(answer, MARK) == []
    if attack.refused and answer.status_code == 200:
        assert "Publiceren" not in re.findall(r"<button[^>]*>\s*([^<]*)", answer.text)


def test_a_draft_of_it_publishes_nothing_and_the_page_says_why_and_where(case, house, esther):
    """As when somebody kept a draft that was judged otherwise: publishing judges it again."""
    app, store = house
    pad = case.attack.path
    before = rijen(store)
    basis = read(store.sessions, lambda session: session.scalar(select(func.max(Deployment.id))))
    draft = {
        "concept": sealed(app, esther, basis, {pad: case.files[pad]}),
        "reden": "aanval",
    }
    began = time.process_time()
    answer = esther.post("/processen/publiceer", draft, content_type="multipart/form-data")
    assert time.process_time() - began < SECONDS
    assert wrong_on(answer, MARK) == []
    if answer.status_code == 303:
        assert not case.attack.refused
        for page in PAGES:
            shown = esther.get(page.format(versie=basis + 1))
            assert shown.status_code in {200, 404}, page
            assert shown.mimetype == "application/zip" or wrong_on(shown, MARK) == [], page
        put_in_service(store, in_dienst())
        return
    assert (answer.status_code, case.attack.refused in {None, True}) == (422, True)
    assert rijen(store) == before
    fouten = [
        een for een in deployments.check(case.files) if een.severity == "fout" and een.file == pad
    ]
    assert fouten
    for een in fouten:
        assert str(escape(een.message)) in answer.text
        assert een.line is None or f"regel {een.line}" in answer.text
    assert pad.rpartition("/")[2] in answer.text


PAGES = (
    "/processen/",
    "/processen/{versie}/proces/aanval",
    "/processen/{versie}/proces/aanval.bpmn",
    "/processen/{versie}/tabel/processes/aanval.dmn",
    "/processen/{versie}/formulier/aanval",
    "/processen/{versie}.zip",
)


def sealed(app, esther, basis, files):
    """Return these files as the page seals them for esther once they were judged."""
    with app.test_request_context("/processen/nieuw"):
        g.actor = accounts.actor_of(esther.account)
        return processen._sluit_concept(basis, files)  # noqa: SLF001 - the page hides it when it judges


def test_publish_refuses_it_whole_or_takes_it_whole(case, house):
    _, store = house
    work = partial(deployments.publish, files=case.files, reden="aanval", by=ESTHER, now=BEGIN)
    before = read(store.sessions, partial(stored, path=case.attack.path))
    try:
        transact(store.sessions, work)
    except deployments.Afgekeurd as refusal:
        refused = True
        assert in_words(str(refusal))  # noqa: PT017 - a refusal is one of two good answers
    else:
        refused = False
    sets, files = read(store.sessions, partial(stored, path=case.attack.path))
    if not refused:
        put_in_service(store, in_dienst())  # the next case begins where this one began
    assert case.attack.refused in {None, refused}
    assert (sets - before[0], files - before[1]) == ((0, 0) if refused else (1, 1))


def stored(session, path):
    return (
        session.scalar(select(func.count()).select_from(Deployment)),
        session.scalar(select(func.count()).where(Bestand.pad == path)),
    )


def test_run_ends_in_an_incident_or_at_a_wait(case):
    began = time.process_time()
    try:
        definition = engine.load(case.files)
        world = engine.World(BEGIN, {}, lambda _opened: {}, {})
        for process in definition.processes:
            engine.start(definition, process, world)
    except Incident as incident:
        assert in_words(incident.reden)  # noqa: PT017 - an incident is one of two good ends
    assert time.process_time() - began < SECONDS
