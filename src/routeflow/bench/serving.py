"""The product's own web server in a process of its own, and browsers that keep their connection."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from routeflow import demo

SERVE = "from routeflow.cli import main; main(['serve'])"
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_LISTENS = re.compile(r"http://[\d.]+:(\d+)")
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens, and how long it took until it did."""

    pid: int
    port: int
    seconds: float

    def cpu(self) -> float:
        """Return the CPU seconds it used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the megabytes of memory that it holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return round(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024, 1)


@contextmanager
def serving(
    url: str,
    folder: Path,
    *,
    code: str = SERVE,
    arguments: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run the web server on the database at ``url``, without a worker unless ``settings`` say so."""
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("ROUTEFLOW_")},
        "ROUTEFLOW_DATABASE": url,
        "ROUTEFLOW_SLEUTELBESTAND": str(folder / "sleutel"),
        "ROUTEFLOW_PORT": "0",
        "ROUTEFLOW_WORKER": "nee",
        "ROUTEFLOW_LOG_LEVEL": "WARNING",
        **(settings or {}),
    }
    begin = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, *arguments],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        said = process.stderr.readline()
        listens = _LISTENS.search(said)
        if listens is None:
            raise RuntimeError(f"the server did not start: {said}{process.stderr.read()}")
        yield Server(process.pid, int(listens[1]), time.perf_counter() - begin)
    finally:
        process.terminate()
        process.wait(_PATIENCE)
        if process.stderr is not None:
            process.stderr.close()


@dataclass(slots=True)
class Browser:
    """One person at one connection, which stays open. ``token``: what each of their forms holds."""

    port: int
    cookie: str = ""
    token: str = ""
    connection: http.client.HTTPConnection | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def log_in(self, login: str) -> None:
        """Log in as somebody of the demo, by the form, and read the token of the first page."""
        self.read("/inloggen")
        status = self.post("/inloggen", urlencode({"login": login, "wachtwoord": demo.WACHTWOORD}))
        if status != http.client.SEE_OTHER:
            raise RuntimeError(f"{login} cannot log in: {status}")
        self.read("/")

    def read(self, path: str) -> bytes:
        """Return a page, or the one that it leads to."""
        status, body = self._ask("GET", path, "")
        while status in {http.client.FOUND, http.client.SEE_OTHER}:
            status, body = self._ask("GET", self.headers["location"], "")
        if found := _TOKEN.search(body):
            self.token = found[1].decode()
        return body

    def post(self, path: str, body: str) -> int:
        """Send a form and return the status."""
        return self._ask("POST", path, f"{urlencode({'csrf_token': self.token})}&{body}")[0]

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()

    def _ask(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {"Cookie": self.cookie}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, headers)
        response = self.connection.getresponse()
        content = response.read()
        self.headers = {name.lower(): text for name, text in response.getheaders()}
        if made := self.headers.get("set-cookie"):
            self.cookie = made.partition(";")[0]
        return response.status, content
