"""Whole pages of a big gemeente come for every kind of reader, and each asks the database little."""

import pytest
from sqlalchemy import select

from routeflow import demo
from routeflow.bench import gemeente, rendered
from routeflow.bench.route import NOW
from routeflow.store import read
from routeflow.store.models import Account

LISTS = {"werklijst: team", "dossiers", "dossier", "termijnen: komend", "agenda"}


@pytest.fixture
def filled(store):
    demo.publish_project(store, now=NOW)
    return gemeente.fill(store, 400)


def test_whole_pages_come_for_who_may_see_them(store, filled):
    found = rendered.look_at_pages(store, filled, 1)
    assert found.keys() >= LISTS
    assert {"casemanager", "teamleider", "partner"} <= found["werklijst: team"].keys()
    assert "partner" not in found["termijnen: komend"]
    for readers in found.values():
        for figures in readers.values():
            assert figures["runs"] == 1
            assert figures["median_ms"] > 0
            assert figures["kilobytes"] > 2
            assert 1 < figures["statements"] <= 24  # the page of one dossier


def test_who_looks_has_the_rollen_of_the_reader(store, filled):
    rendered.look_at_pages(store, filled, 1)
    rollen = dict(
        read(store.sessions, lambda s: s.execute(select(Account.login, Account.rollen)).all())
    )
    assert rollen["lezer partner"] == ["map-aanbieder", "taalaanbieder"]
    assert rollen["m1"] == ["teamleider"]
