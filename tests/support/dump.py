"""A database as a released version left it: how its dump is made, and how it is loaded.

Make one with the code of the release itself, before the next one goes out::

    PYTHONPATH=<release>/src:tests python -m support.dump tests/store/stand-<release>.sql.xz

What is in it: the people of the small demo on the whole set, and dossiers on a set of our own
that stand in every kind of place where a route can stand.
"""

import json
import lzma
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Date, DateTime, MetaData, TextClause, Uuid, text

from routeflow import demo
from routeflow.clock import system_clock
from routeflow.commands import taken
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import migrate, open_store, transact
from routeflow.store.migrations import upgrade
from routeflow.worker import run_due
from support import bpmn
from support.formulieren import formulier, veld
from support.klein import klein, person
from support.route import RouteUnderTest

FIRST = "0001"  # the schema of the release


def places() -> dict[str, bytes]:
    """Return a set with the small process, and one that waits everywhere at once."""
    everywhere = bpmn.draw(
        "overal",
        bpmn.start(),
        bpmn.parallel("samen"),
        bpmn.events("wat_eerst"),
        bpmn.catch("ss139", bpmn.message("SS139")),
        bpmn.catch("na_20_dagen", bpmn.after("P20D")),
        bpmn.path("samen > wat_eerst > ss139 > klaar")
        + bpmn.path("wat_eerst > na_20_dagen > klaar"),
        person("bel_kind").replace(
            "</bpmn:userTask>",
            bpmn.each("=kinderen", "kind", out=("gebeld", "=kind")) + "</bpmn:userTask>",
        ),
        bpmn.path("samen > bel_kind > klaar"),
        person("bespreek").replace(
            "</bpmn:userTask>",
            bpmn.each("=kinderen", "kind", sequential=True) + "</bpmn:userTask>",
        ),
        bpmn.path("samen > bespreek > klaar"),
        bpmn.call("roep_aan", bpmn.called("geroepen"), bpmn.mapping(inputs={"sinds": "=today()"})),
        bpmn.path("samen > roep_aan > klaar"),
        person("nog_eens").replace("</bpmn:userTask>", bpmn.repeat(maximum=3) + "</bpmn:userTask>"),
        bpmn.path("samen > nog_eens > klaar"),
        bpmn.catch("genoeg_uren", bpmn.condition("=urenNt2 != null and urenNt2 > 100")),
        bpmn.path("samen > genoeg_uren > klaar"),
        bpmn.inclusive("kies"),
        person("kort"),
        person("lang"),
        bpmn.inclusive("gekozen"),
        bpmn.path("samen > kies") + bpmn.path("gekozen > klaar"),
        bpmn.path("kies > kort > gekozen", None) + bpmn.path("kies > lang > gekozen"),
        bpmn.sub(
            "binnen",
            bpmn.start("bs"),
            person("binnenwerk"),
            bpmn.end("be"),
            bpmn.path("bs > binnenwerk > be"),
            bpmn.event_sub(
                "bij_ss102",
                bpmn.start("ss102", bpmn.message("SS102"), isInterrupting="false"),
                person("lees_ss102"),
                bpmn.end("gelezen"),
                bpmn.path("ss102 > lees_ss102 > gelezen"),
            ),
        ),
        bpmn.boundary("ooit", "binnen", bpmn.at("=onbekendeDatum")),
        bpmn.path("samen > binnen > klaar") + bpmn.path("ooit > klaar"),
        bpmn.catch("over_een_jaar", bpmn.after("P1Y")),
        bpmn.path("samen > over_een_jaar > klaar"),
        bpmn.parallel("klaar"),
        bpmn.end(),
        bpmn.path("s > samen") + bpmn.path("klaar > e"),
    )
    called = bpmn.draw(
        "geroepen",
        bpmn.start("gs"),
        person("in_geroepen", due='=termijn("gewone_taak")'),
        bpmn.boundary("elke_week", "in_geroepen", bpmn.every("R/P7D"), interrupting=False),
        person("vraag_na"),
        bpmn.end("ge"),
        bpmn.end("gv"),
        bpmn.path("gs > in_geroepen > ge") + bpmn.path("elke_week > vraag_na > gv"),
    )
    broken = bpmn.draw(
        "stuk",
        bpmn.start("ss"),
        person("doe_iets"),
        bpmn.boundary("na_een_dag", "doe_iets", bpmn.after("P1D"), interrupting=False),
        bpmn.exclusive("kan_niet"),
        bpmn.end("se"),
        bpmn.end("sf"),
        bpmn.path("ss > doe_iets > se") + bpmn.path("na_een_dag > kan_niet"),
        bpmn.path("kan_niet > sf", "=nooitGevuld = 1"),
    )
    names = ("bel_kind", "bespreek", "nog_eens", "kort", "lang", "binnenwerk", "lees_ss102",
             "in_geroepen", "vraag_na", "doe_iets")  # fmt: skip
    forms = {
        f"forms/{name.replace('_', '-')}.form": formulier(
            veld("textfield", f"opmerking{number}"), id=name.replace("_", "-")
        )
        for number, name in enumerate(names)
    }
    return {
        **klein(),
        **forms,
        "processes/overal.bpmn": everywhere,
        "processes/geroepen.bpmn": called,
        "processes/stuk.bpmn": broken,
    }


def make(target: Path) -> None:
    """Fill a database with the code that is now on the path, and write its dump."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = demo.configure({}, folder)
        migrate(config.database)
        store = open_store(config.database)
        demo.fill(store, config, demo.caseload(small=True)[::2])
        now = system_clock() + timedelta(minutes=1)
        for process in ("overal", "overal", "klein", "klein", "stuk"):
            route = RouteUnderTest(store, now=now)
            route.given(process, places(), leerroute="B1", kinderen=["Ali", "Sara", "Noor"])
            if process == "overal":
                for element in ("bel_kind", "bespreek", "nog_eens", "kort"):
                    route.when_done(element)
                route.when_message("SS102")
            if process == "klein":
                _half_done(route)
        for hours in range(24, 24 + 40, 2):  # until the worker gives up on the broken one
            run_due(store, config, now + timedelta(hours=hours))
        store.close()
        with closing(sqlite3.connect(folder / "routeflow.db")) as connection:
            script = "\n".join(connection.iterdump())
    target.write_bytes(lzma.compress(script.encode(), preset=9))


def _half_done(route: RouteUnderTest) -> None:
    """Leave a draft, a message that waits and one that nobody ever asks for."""
    taak = route.taak("plan")
    by = Actor("Collega", GEMEENTE, frozenset({Rol.CASEMANAGER}), taak.behandelaar_id)
    draft = {"leerroute": "Z", "opmerking": "Nog bellen met de school"}
    save = partial(taken.save_concept, taak_id=taak.id, rauw=draft, by=by, now=route.now)
    transact(route.store.sessions, save)
    route.when_message("SS107")
    route.when_message("SS131", f"wacht-{route.dossier_id}")


def load(path: Path, url: str) -> None:
    """Fill the empty database at ``url`` with a dump, as the release itself would have left it."""
    script = lzma.decompress(path.read_bytes()).decode()
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(script)
        return
    upgrade(url, FIRST)
    store = open_store(url)
    tables = MetaData()
    tables.reflect(store.engine)
    with closing(sqlite3.connect(":memory:")) as source, store.engine.begin() as target:
        source.executescript(script)
        source.row_factory = sqlite3.Row
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            for column in table.columns:
                if isinstance(column.type, JSON):
                    column.type.none_as_null = True
            rows = list(_rows(source, table))
            if rows:
                target.execute(table.insert(), rows)
            for column in table.columns:
                if column.primary_key and column.autoincrement and column.server_default:
                    target.execute(_count_on(table.name, column.name))
    store.close()


def _count_on(table: str, column: str) -> TextClause:
    """Let the numbers of PostgreSQL go on after those in the rows."""
    last = f"(SELECT coalesce(max({column}), 0) + 1 FROM {table})"  # noqa: S608 - our own names
    return text(f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last}, false)")


def _rows(source: sqlite3.Connection, table: Any) -> Iterator[dict[str, Any]]:
    for row in source.execute(f"SELECT * FROM {table.name}"):  # noqa: S608 - our own table
        yield {column.name: _value(column.type, row[column.name]) for column in table.columns}


def _value(kind: object, value: Any) -> Any:
    """Return what SQLite holds as PostgreSQL wants it."""
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return UUID(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, JSON):
        return json.loads(value) if isinstance(value, str) else value  # SQLite made it a number
    return bool(value) if isinstance(kind, Boolean) else value


if __name__ == "__main__":
    make(Path(sys.argv[1]))
