"""Whole pages in a big gemeente, as a browser gets them: from the cookie to the last byte of HTML."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Flask
from rich.table import Table
from sqlalchemy import event, select
from werkzeug.test import Client, TestResponse

from routeflow import memory
from routeflow.bench.figures import LOOK_MS, Processor, look_cells, spread, timed
from routeflow.bench.gemeente import Gemeente
from routeflow.bench.route import NOW
from routeflow.clock import system_clock
from routeflow.config import Config
from routeflow.inburgering.rechten import Actor
from routeflow.store import Store, transact
from routeflow.store.models import Account
from routeflow.web import create_app

_OK, _FORBIDDEN = 200, 403

_PAGES: Mapping[str, str] = {
    "werklijst: mijn": "/werklijst/",
    "werklijst: te verdelen": "/werklijst/?tab=te-verdelen",
    "werklijst: team": "/werklijst/?tab=team",
    "werklijst: team, bladzijde 15": "/werklijst/?tab=team&pagina=15",
    "werklijst: alleen te laat": "/werklijst/?tab=team&te_laat=ja",
    "werklijst: partij en rol": "/werklijst/?tab=team&partij=IVIO&rol=map-aanbieder",
    "werklijst: zoek een naam": "/werklijst/?tab=team&zoek=achternaam123+voornaam",
    "werklijst: zoek, duizenden": "/werklijst/?tab=team&zoek=voornaam1",
    "werklijst: zoek, twee ruime woorden": "/werklijst/?tab=team&zoek=voornaam1+achternaam5",
    "werklijst: zoek, niets": "/werklijst/?tab=team&zoek=bestaatniet",
    "dossiers": "/dossiers/",
    "dossiers: bladzijde 15": "/dossiers/?pagina=15",
    "dossiers: van mij": "/dossiers/?van=mij",
    "dossiers: gesloten": "/dossiers/?status=gesloten",
    "dossiers: fase": "/dossiers/?fase=PIP&leerroute=Z",
    "dossiers: zoek een nummer": "/dossiers/?zoek=2026-000123",
    "dossiers: zoek een naam": "/dossiers/?zoek=achternaam123+voornaam4",
    "dossiers: zoek, twee ruime woorden": "/dossiers/?zoek=voornaam1+achternaam5",
    "dossiers: zoek, duizenden": "/dossiers/?zoek=voornaam1",
    "dossiers: zoek een bsn": "/dossiers/?zoek=123456782",
    "dossiers: zoek, niets": "/dossiers/?zoek=bestaatniet",
    "dossier": "/dossiers/{dossier}",
    "journaal": "/dossiers/{dossier}/journaal",
    "termijnen: komend": "/termijnen/",
    "termijnen: een jaar vooruit": "/termijnen/?weken=52&pagina=5",
    "termijnen: verstreken": "/termijnen/?stand=verstreken",
    "termijnen: wacht": "/termijnen/?stand=wacht",
    "termijnen: staat stil": "/termijnen/?stand=stil",
    "termijnen: partij": "/termijnen/?weken=13&partij=Clup+Welzijn",
    "termijnen: een termijn": "/termijnen/?naam=pip",
    "agenda": "/agenda/",
    "meldingen": "/meldingen/",
    "incidenten": "/incidenten/",
    "uren: een dag": "/uren/",
}


def look_at_pages(store: Store, gemeente: Gemeente, rounds: int) -> dict[str, dict[str, Any]]:
    """Measure each page for each reader that may see it; the first look does not count.

    ``cpu`` is the time of processors alone, as in ``lists.look_around``; it counts the making of the
    request too. ``server`` is the part of it that a PostgreSQL server took. Raises RuntimeError when a page does not come.
    """
    processor = Processor(store)
    found: dict[str, dict[str, Any]] = {}
    with _application(store) as app:
        browsers = {
            reader: (actor, _browser(app, store, reader, actor))
            for reader, actor in gemeente.readers.items()
        }
        memory.settle()  # as a server does when it is up
        for name, pattern in _PAGES.items():
            for reader, (actor, browser) in browsers.items():
                path = pattern.format(dossier=gemeente.dossier_of(actor))
                look = partial(_look, browser, path)
                first = look()
                if first.status_code == _FORBIDDEN:
                    continue
                parts = [processor.parts(look) for _ in range(rounds)]
                found.setdefault(name, {})[reader] = {
                    **spread([timed(look) for _ in range(rounds)]),
                    "cpu": spread([sum(both) for both in parts]),
                    "server": spread([served for _, served in parts]),
                    "kilobytes": round(len(first.get_data()) / 1024, 1),
                    "statements": _statements(store, look),
                }
    return found


@contextmanager
def _application(store: Store) -> Iterator[Flask]:
    with TemporaryDirectory() as folder:
        config = Config(sleutelbestand=Path(folder) / "sleutel", worker=False)
        yield create_app(store, clock=lambda: NOW, config=config)


def _browser(app: Flask, store: Store, reader: str, actor: Actor) -> Client:
    """Return a browser in which ``actor`` is logged in, with an account of their own."""
    login = f"lezer {reader}"
    account_id, versie = transact(store.sessions, partial(_account, login, actor))
    browser = app.test_client()
    moment = int(system_clock().timestamp())
    with browser.session_transaction() as session:
        session.update(
            account=str(account_id),
            versie=versie,
            sessie=secrets.token_urlsafe(16),
            begin=moment,
            laatst=moment,
        )
    return browser


def _account(login: str, actor: Actor, session: Any) -> tuple[UUID, int]:  # noqa: ANN401 - of SQLAlchemy
    """Let the account of ``actor``, or else one called ``login``, have its rollen."""
    mine = Account.login == login if actor.account_id is None else Account.id == actor.account_id
    account = session.scalar(select(Account).where(mine))
    if account is None:
        account = Account(login=login, naam=login, email="", wachtwoord="-", actief=True)
        session.add(account)
    account.partij, account.rollen = actor.partij, sorted(actor.rollen)
    session.flush()
    return account.id, account.sessie_versie


def _look(browser: Client, path: str) -> TestResponse:
    page = browser.get(path)
    if page.status_code not in {_OK, _FORBIDDEN}:
        raise RuntimeError(f"{path}: {page.status}")
    page.get_data()
    return page


def _statements(store: Store, look: Any) -> int:  # noqa: ANN401 - any act
    asked: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - as SQLAlchemy calls it
        asked.append(arguments[2].split(None, 1)[0].upper())

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return sum(word in {"SELECT", "WITH"} for word in asked)


def worst(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the page that takes longest at its p95, the one with most processor, how many are late."""
    rows = [
        {"page": name, "reader": reader, "p95_ms": row["p95_ms"], "cpu_ms": row["cpu"]["p95_ms"]}
        for name, readers in found.items()
        for reader, row in readers.items()
    ]
    return {
        "slowest": max(rows, key=lambda row: row["p95_ms"]),
        "dearest": max(rows, key=lambda row: row["cpu_ms"]),
        "looks": len(rows),
        "late": sum(row["p95_ms"] > LOOK_MS for row in rows),
        "late_cpu": sum(row["cpu_ms"] > LOOK_MS for row in rows),
    }


def _told(figures: Mapping[str, Any]) -> str:
    """Return what ``worst`` found in a sentence."""
    slow, dear = figures["slowest"], figures["dearest"]
    return (
        f"{figures['looks']} keer gekeken. Langzaamst: {slow['page']} ({slow['reader']}),"
        f" p95 {slow['p95_ms']:.1f} ms. Meeste rekentijd: {dear['page']} ({dear['reader']}),"
        f" p95 {dear['cpu_ms']:.1f} ms. Boven {LOOK_MS} ms: {figures['late']},"
        f" in rekentijd {figures['late_cpu']}."
    )


def table(title: str, found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    """Return the figures of ``look_at_pages`` as a table, with the worst of all below it."""
    made = Table(
        *("hele bladzijde", "lezer", "mediaan ms", "p95 ms", "p99 ms", "p95 CPU ms"),
        *("server", "SQL", "kB"),
        title=title,
        caption=_told(worst(found)),
    )
    for name, readers in found.items():
        for reader, row in readers.items():
            made.add_row(
                name,
                reader,
                *look_cells(row),
                f"{row['server']['p95_ms']:.1f}",
                str(row["statements"]),
                f"{row['kilobytes']:.0f}",
            )
    return made
