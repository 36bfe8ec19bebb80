"""A served house of its own: a database, the project's set in service, people with tokens, a clock."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from waitress.server import create_server

from routeflow.commands import accounts, deployments, klok
from routeflow.config import Config
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, transact
from routeflow.store.models import Account, Rapport
from routeflow.store.queries.rapport import Cijfer
from routeflow.web import create_app

PROJECT = Path(__file__).parents[2]
BEGIN = datetime(2026, 1, 12, 8, tzinfo=UTC)
OPENER = Actor("test", GEMEENTE, frozenset(Rol))

# login, naam, partij, rollen
MENSEN = (
    ("fatma", "Fatma Yildiz", GEMEENTE, (Rol.CASEMANAGER,)),
    ("marjan", "Marjan Bakker", GEMEENTE, (Rol.TEAMLEIDER,)),
    ("peter", "Peter Smit", GEMEENTE, (Rol.INKOMENSCONSULENT,)),
    ("anouk", "Anouk Visser", GEMEENTE, (Rol.HANDHAVER,)),
    ("kees", "Kees Mol", GEMEENTE, (Rol.HUISVESTING,)),
    ("sanne", "Sanne Kok", GEMEENTE, (Rol.TRAINER,)),
    ("willem", "Willem Prins", "Vluchtelingenwerk", (Rol.MAATSCHAPPELIJK_BEGELEIDER,)),
    ("ineke", "Ineke Vos", "Fiolet", (Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER)),
    ("ruud", "Ruud Jansen", "IVIO", (Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER)),
    ("sheila", "Sheila Tromp", "Netsheila", (Rol.PVT_AANBIEDER,)),
    ("bram", "Bram Hoek", "Werkom", (Rol.WERKPARTNER, Rol.MAP_AANBIEDER)),
    ("loes", "Loes Groen", "Clup Welzijn", (Rol.PARTICIPATIEPARTNER,)),
    ("esther", "Esther de Boer", GEMEENTE, (Rol.PROCESEIGENAAR,)),
    ("tom", "Tom Beheer", GEMEENTE, (Rol.BEHEERDER,)),
)


@cache
def project_set() -> Mapping[str, bytes]:
    """Return the diagrams, tables and forms of the project by path."""
    return {
        path.relative_to(PROJECT).as_posix(): path.read_bytes()
        for folder in ("processes", "forms")
        for path in sorted((PROJECT / folder).iterdir())
        if path.suffix in {".bpmn", ".dmn", ".form"}
    }


def put_in_service(store: Store, files: Mapping[str, bytes]) -> None:
    """Put a set in service without its judge, which has tests of its own."""
    transact(
        store.sessions,
        lambda session: deployments.zet_in_dienst(
            session, files, reden="test", by=OPENER, now=BEGIN
        ),
    )


def make_people(store: Store) -> dict[str, str]:
    """Make an account for each of ``MENSEN`` (without a password) and return login -> token."""

    def work(session: Any) -> dict[str, str]:
        tokens = {}
        for login, naam, partij, rollen in MENSEN:
            account = Account(
                login=login, naam=naam, partij=partij, rollen=sorted(rollen), wachtwoord="-"
            )
            session.add(account)
            session.flush()
            wie = accounts.actor_of(account)
            _, tokens[login] = accounts.create_token(session, "test", by=wie, now=BEGIN)
        return tokens

    return transact(store.sessions, work)


def make_report(store: Store) -> None:
    """Keep the report of the week before ``BEGIN``, with one figure that has a list behind it."""
    cijfer = Cijfer("Taken die te laat zijn", "Samen", "3", {"naar": "werklijst", "tab": "team"})
    rapport = Rapport(
        dag=date(2026, 1, 5), op=BEGIN - timedelta(days=7), cijfers=[cijfer.als_json()]
    )
    transact(store.sessions, lambda session: session.add(rapport))


def account_ids(store: Store) -> dict[str, str]:
    """Return login -> id of the account."""
    return transact(
        store.sessions,
        lambda session: {een.login: str(een.id) for een in session.scalars(select(Account))},
    )


def build_app(store: Store, folder: Path, *, demo: bool = True) -> Flask:
    """Build the application with a clock that stands still until the demo moves it."""
    config = Config(demo=demo, sleutelbestand=folder / "sleutel")
    return create_app(
        store,
        clock=klok.clock_for(store, lambda: BEGIN, demo=demo),
        config=config,
        wandklok=lambda: BEGIN,
    )


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve ``app`` on a free port of loopback and yield its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def stop() -> None:
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(stop)  # in its own thread: no other may close its sockets
        thread.join(timeout=5)
