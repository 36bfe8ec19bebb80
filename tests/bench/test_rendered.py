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
            assert figures["server"]["median_ms"] <= figures["cpu"]["max_ms"]
            assert 1 < figures["statements"] <= 24  # the page of one dossier


def test_who_looks_has_the_rollen_of_the_reader(store, filled):
    rendered.look_at_pages(store, filled, 1)
    rollen = dict(
        read(store.sessions, lambda s: s.execute(select(Account.login, Account.rollen)).all())
    )
    assert rollen["lezer partner"] == ["map-aanbieder", "taalaanbieder"]
    assert rollen["m1"] == ["teamleider"]


def test_the_worst_page_is_told_below_the_table():
    def took(wall, cpu):
        spread = {"median_ms": wall, "p95_ms": wall, "p99_ms": wall}
        return {
            **spread,
            "cpu": {"p95_ms": cpu},
            "server": {"p95_ms": 1.0},
            "statements": 4,
            "kilobytes": 9.0,
        }

    found = {"dossiers": {"casemanager": took(30.0, 8.0)}, "agenda": {"partner": took(20.0, 12.0)}}
    worst = rendered.worst(found)
    assert (worst["slowest"]["page"], worst["dearest"]["page"]) == ("dossiers", "agenda")
    assert (worst["looks"], worst["late"], worst["late_cpu"]) == (2, 1, 0)
    caption = str(rendered.table("sqlite", found).caption)
    assert "Langzaamst: dossiers (casemanager), p95 30.0 ms" in caption
    assert "Boven 25 ms: 1, in rekentijd 0" in caption
