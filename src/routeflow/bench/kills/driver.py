"""The people and systems around the product, and the ledger of what it promised them."""

import json
import random
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from uuid import UUID, uuid4

from routeflow.bench.kills import diagram

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ACCEPTED, _SEE_OTHER, _CONFLICT, _BROKEN = 202, 303, 409, 500
_MESSAGES, _TWICE = 0.2, 0.1  # how often a client hands in a message, or a taak is offered twice
_RETRY = 0.02
_TIMEOUT = 30.0


@dataclass(slots=True)
class Ledger:
    """What was tried and what was promised. Every try carries an answer of its own.

    ``acknowledged``: per taak the answers that got a 303. ``accepted``: messages that got a 2xx.
    ``surprises``: answers that no client should ever see.
    """

    tried: defaultdict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    acknowledged: defaultdict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    accepted: dict[str, UUID] = field(default_factory=dict)
    unanswered: int = 0
    refused: int = 0
    surprises: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, taak_id: UUID) -> str:
        """Note a try and return its answer."""
        answer = uuid4().hex
        with self._lock:
            self.tried[taak_id].add(answer)
        return answer

    def promised(self, taak_id: UUID, answer: str) -> None:
        """Note that the product said that this try is done."""
        with self._lock:
            self.acknowledged[taak_id].append(answer)

    def took(self, bericht_id: str, dossier_id: UUID) -> None:
        """Note that the product said that it keeps this message."""
        with self._lock:
            self.accepted[bericht_id] = dossier_id

    def heard(self, *, refused: bool) -> None:
        """Note a refusal because somebody was first, or that no answer came."""
        with self._lock:
            self.refused += refused
            self.unanswered += not refused

    def surprise(self, what: str) -> None:
        """Note what should not happen."""
        with self._lock:
            self.surprises.append(what)


class Work:
    """Open taken for the clients; ``look`` reads them from the database, some are given twice."""

    def __init__(self, look: Callable[[], Iterable[UUID]], seed: int) -> None:
        self._look = look
        self._waiting: deque[UUID] = deque()
        self._random = random.Random(seed)  # noqa: S311 - chance, no secret
        self._lock = threading.Lock()

    def next(self) -> UUID | None:
        """Return an open taak, None when there is none now."""
        with self._lock:
            if not self._waiting:
                found = [*self._look()]
                self._random.shuffle(found)
                for taak_id in found:
                    self._waiting += [taak_id] * (2 if self._random.random() < _TWICE else 1)
            return self._waiting.popleft() if self._waiting else None


@dataclass(frozen=True, slots=True)
class Account:
    """Who the clients are, and on which dossiers they work."""

    login: str
    token: str
    dossiers: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    place: str
    text: str


class Client(threading.Thread):
    """Somebody with a browser and a program, who tries again when no answer came."""

    def __init__(
        self, ports: Sequence[int], account: Account, ledger: Ledger, work: Work, *, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.done = threading.Event()
        self._ports, self._account, self._ledger, self._work = ports, account, ledger, work
        self._random = random.Random(seed)  # noqa: S311 - chance, no secret
        self._connection: HTTPConnection | None = None
        self._cookie = self._csrf = ""

    def run(self) -> None:
        """Work until told to stop. What was begun is brought to an answer."""
        try:
            while not self.done.is_set():
                taak_id = self._work.next()
                if taak_id is None:
                    time.sleep(_RETRY)
                else:
                    self._complete(taak_id)
                if self._random.random() < _MESSAGES:
                    self._hand_in()
        except Exception as error:  # noqa: BLE001 - a client that stops must be seen in the result
            self._ledger.surprise(f"a client stopped: {error!r}")
        finally:
            self._hang_up()

    def _complete(self, taak_id: UUID) -> None:
        """Post the form, with another answer at each try, until the product knows it as done."""
        while True:
            if not self._csrf and not self._log_in():
                time.sleep(_RETRY)
                continue
            answer = self._ledger.attempt(taak_id)
            got = self._post(f"/taken/{taak_id}", {diagram.ANTWOORD: answer})
            if got is None or got.status >= _BROKEN:
                self._ledger.heard(refused=False)
                time.sleep(_RETRY)
            elif got.status == _CONFLICT:
                return self._ledger.heard(refused=True)
            elif got.status == _SEE_OTHER and got.place.endswith("/klaar"):
                return self._ledger.promised(taak_id, answer)
            elif got.status == _SEE_OTHER:  # to the login page: the session is over
                self._csrf = ""
            else:
                return self._ledger.surprise(f"status {got.status} on taak {taak_id}")

    def _hand_in(self) -> None:
        """Hand in one message under one id until it is accepted."""
        bericht_id = f"kills-{uuid4().hex}"
        dossier_id = self._random.choice(self._account.dossiers)
        body = {
            "berichtId": bericht_id,
            "bericht": diagram.BERICHT,
            "dossier": str(dossier_id),
            "gegevens": {diagram.VELD_BERICHT: bericht_id},
        }
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._account.token}",
        }
        while True:
            got = self._send("POST", "/api/v1/berichten", json.dumps(body), headers)
            if got and got.status == _ACCEPTED:
                return self._ledger.took(bericht_id, dossier_id)
            if got and got.status < _BROKEN:
                return self._ledger.surprise(f"status {got.status} on a message: {got.text}")
            self._ledger.heard(refused=False)
            time.sleep(_RETRY)

    def _log_in(self) -> bool:
        self._cookie = ""
        self._csrf = self._token("/inloggen")
        if not self._csrf:
            return False
        got = self._post("/inloggen/demo", {"login": self._account.login})
        self._csrf = self._token("/werklijst/") if got and got.status == _SEE_OTHER else ""
        return bool(self._csrf)

    def _token(self, page: str) -> str:
        got = self._send("GET", page)
        found = _TOKEN.search(got.text) if got else None
        return found[1] if found else ""

    def _post(self, path: str, form: Mapping[str, str]) -> _Answer | None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, urlencode({**form, "csrf_token": self._csrf}), headers)

    def _send(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Answer | None:
        """Send one request; None when no whole answer came."""
        if self._connection is None:
            port = self._random.choice(self._ports)
            self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        cookie = {"Cookie": self._cookie} if self._cookie else {}
        try:
            self._connection.request(method, path, body, {**(headers or {}), **cookie})
            response = self._connection.getresponse()
            text = response.read().decode()
        except (OSError, HTTPException):
            self._hang_up()
            return None
        for header in response.headers.get_all("Set-Cookie", []):
            for morsel in SimpleCookie(header).values():
                self._cookie = f"{morsel.key}={morsel.value}"
        return _Answer(response.status, response.headers.get("Location", ""), text)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
