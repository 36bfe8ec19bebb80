import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from routeflow.commands import dossiers
from routeflow.store import Store, read, transact
from routeflow.store.models import Account, Taak
from support.huis import BEGIN, OPENER, build_app, make_people, make_report, put_in_service
from support.klein import klein

PERSOON = {
    "naam": "Amina Yusuf",
    "doelgroep": "asielstatushouder",
    "bsn": "999900006",
    "telefoon": "0612345678",
    "gezondheid": "Kan niet lang staan",
    "leerroute": "B1",
    "brpDatum": date(2026, 1, 5),
    "datumKennisgeving": date(2026, 1, 7),
    "bekendmaking": date(2026, 1, 6),
}


@dataclass
class Huis:
    """An application with people in it and one dossier; ``als`` opens a browser for somebody."""

    store: Store
    app: Flask
    dossier: UUID
    taken: dict[str, UUID]

    def als(self, login: str) -> "Browser":
        """Return a browser in which ``login`` is logged in."""
        account = read(
            self.store.sessions,
            lambda session: session.scalar(select(Account).where(Account.login == login)),
        )
        browser = Browser(self.app.test_client())
        with browser.client.session_transaction() as cookie:
            begin = int(BEGIN.timestamp())
            cookie.update(
                account=str(account.id), versie=account.sessie_versie, begin=begin, laatst=begin
            )
        return browser


@dataclass
class Browser:
    """A browser without JavaScript: it sends the token that stands in the page."""

    client: FlaskClient
    token: str = ""

    def account_id(self) -> str:
        """Return the id of who is logged in."""
        with self.client.session_transaction() as cookie:
            return str(cookie["account"])

    def get(self, pad: str, **meer: Any) -> TestResponse:
        """Get a page and remember its token."""
        antwoord = self.client.get(pad, **meer)
        if gevonden := re.search(r'name="csrf_token" value="([^"]+)"', _tekst(antwoord)):
            self.token = gevonden[1]
        return antwoord

    def post(self, pad: str, data: dict[str, Any] | None = None, **meer: Any) -> TestResponse:
        """Send a form with the token of a page that was seen."""
        if not self.token:
            self.get("/")
            self.get("/werklijst/")
        antwoord = self.client.post(pad, data={"csrf_token": self.token, **(data or {})}, **meer)
        antwoord.request.environ["wsgi.input"].close()  # a big upload is a file of the client
        return antwoord


def _tekst(antwoord: TestResponse) -> str:
    return antwoord.get_data(as_text=True) if antwoord.mimetype == "text/html" else ""


def begin_huis(store: Store, folder: Any, *, demo: bool = False) -> Huis:
    """Fill a store with people, the small set and one dossier."""
    put_in_service(store, klein())
    make_people(store)
    make_report(store)
    dossier = transact(
        store.sessions,
        partial(dossiers.start_dossier, gegevens=PERSOON, proces="klein", by=OPENER, now=BEGIN),
    )
    taken = read(
        store.sessions,
        lambda session: {
            taak.element: taak.id
            for taak in session.scalars(select(Taak).where(Taak.dossier_id == dossier.id))
        },
    )
    return Huis(store, build_app(store, folder, demo=demo), dossier.id, taken)


@pytest.fixture
def huis(store: Store, tmp_path: Any) -> Huis:
    return begin_huis(store, tmp_path)


@pytest.fixture
def demo(store: Store, tmp_path: Any) -> Huis:
    return begin_huis(store, tmp_path, demo=True)
