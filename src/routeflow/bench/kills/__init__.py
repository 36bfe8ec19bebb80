"""Kills web, worker and database at random moments, and proves that nothing is lost or double.

People complete taken over HTTP, timers fall due, messages come in and leave, and all the time
somebody pulls a plug. Afterwards the ledger of what was promised is held against the database.
"""

import random
import secrets
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from routeflow.bench.figures import Options
from routeflow.bench.kills import audit, diagram
from routeflow.bench.kills.driver import Account, Client, Ledger, Work
from routeflow.bench.kills.house import House
from routeflow.bench.kills.receiver import Receiver
from routeflow.bench.kills.server import Server
from routeflow.clock import system_clock
from routeflow.commands import accounts, deployments, dossiers, klok
from routeflow.commands.wachtrij import LEASE
from routeflow.config import Config
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import migrate, open_store, read, transact
from routeflow.store.models import (
    BERICHT_WACHT,
    TAAK_OPEN,
    UITGAAND_KLAAR,
    Bericht,
    Taak,
    Uitgaand,
    Wekker,
)

_BUREAU = Actor("Meting", GEMEENTE, frozenset(Rol))
_LOGIN = "meting"
_STEP = LEASE + timedelta(minutes=2)  # per kill: what the dead held is free again
_PATIENCE = 120.0  # seconds for what is left to be done after the last kill
_GRACE = 3.0  # seconds at most until the next kill
_DATABASE = 0.03  # chance that the database falls instead


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is broken, and by how many. The same ``seed`` draws the same lots.

    ``pause``: at most so many seconds between two kills, as long as people get on: on average
    ``taken_per_kill`` taken are done for each.
    """

    kills: int
    seed: int
    dossiers: int = 120
    clients: int = 4
    webs: int = 2
    workers: int = 2
    pause: float = 0.25
    taken_per_kill: int = 3


def measure(options: Options) -> dict[str, Any]:
    """Break the product ``options.kills`` times on SQLite, and on a PostgreSQL server of our own."""
    kills = min(options.kills, 100) if options.quick else options.kills
    plan = Plan(kills=kills, seed=options.seed or secrets.randbelow(1_000_000) + 1)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="rf-kills-") as folder:
        results["sqlite"] = run(
            f"sqlite:///{folder}/kills.db", plan, Path(folder), options.progress
        )
    if options.own_postgresql:
        with tempfile.TemporaryDirectory(prefix="rf-kills-") as folder, own_server() as server:
            results["postgresql"] = run(
                server.url, plan, Path(folder), options.progress, server=server
            )
    return results


@contextmanager
def own_server() -> Iterator[Server]:
    """Run a PostgreSQL server in a folder of its own, as short as a socket's path must be."""
    with tempfile.TemporaryDirectory(prefix="rf-pg-") as name:
        server = Server(Path(name))
        try:
            yield server
        finally:
            server.stop_at_once()


def run(
    url: str, plan: Plan, folder: Path, progress: TextIO, *, server: Server | None = None
) -> dict[str, Any]:
    """Break the product on the empty database ``url`` and answer figures and differences.

    ``folder`` gets the log of the processes. What went wrong stays in the answer, never raised.
    """
    print(f"kills: {plan.kills} op {url.partition(':')[0]}, zaad {plan.seed}", file=progress)
    begin = time.monotonic()
    account = prepare(url, plan)
    with closing(_Scene(url, plan, folder, account, server)) as scene:
        kinds = scene.break_things(progress)
        settled = scene.settle()
        balance = scene.balance()
    differences = [*balance.differences]
    if not settled:
        differences.append((audit.LOSS, f"work was left after {_PATIENCE:.0f} s without kills"))
    counts = Counter(kind for kind, _ in differences)
    return {
        "zaad": plan.seed,
        "kills": sum(kinds.values()),
        "per_soort": dict(sorted(kinds.items())),
        **balance.figures,
        "verloren": counts[audit.LOSS],
        "dubbel": counts[audit.DOUBLE],
        "anders": counts[audit.OTHER],
        "verschillen": [f"{kind}: {sentence}" for kind, sentence in differences][:50],
        "seconden": round(time.monotonic() - begin, 1),
    }


def prepare(url: str, plan: Plan) -> Account:
    """Make the schema, put the route in service, and open the dossiers."""
    migrate(url)
    store = open_store(url)
    now = system_clock()
    by: dict[str, Any] = {"by": _BUREAU, "now": now}

    def set_up(session: Session) -> str:
        account = accounts.create_account(
            session,
            _LOGIN,
            naam="Meting",
            partij=GEMEENTE,
            rollen=[Rol.CASEMANAGER, Rol.BEHEERDER],
            wachtwoord="vier-natte-paarden-op-zolder",
            **by,
        )
        deployments.zet_in_dienst(session, diagram.files(), reden="meting", **by)
        actor = accounts.actor_of(account)
        return accounts.create_token(session, "meting", by=actor, now=now)[1]

    def open_dossiers(session: Session) -> list[UUID]:
        person = {"doelgroep": "gezinsmigrant"}
        return [
            dossiers.start_dossier(
                session, {**person, "naam": f"Persoon {n}"}, proces=diagram.PROCES, **by
            ).id
            for n in range(plan.dossiers)
        ]

    with closing(store):
        token = transact(store.sessions, set_up)
        return Account(_LOGIN, token, transact(store.sessions, open_dossiers))


class _Scene:
    """Everything that runs during one measurement."""

    def __init__(
        self, url: str, plan: Plan, folder: Path, account: Account, server: Server | None
    ) -> None:
        self._url, self._plan, self._server = url, plan, server
        self._random = random.Random(plan.seed)  # noqa: S311 - lots, no secret
        self._ledger = Ledger()
        self._receiver = Receiver(plan.seed)
        self._ports = [_free_port() for _ in range(plan.webs)]
        config = Config(
            database=url,
            sleutelbestand=folder / "sleutel",
            demo=True,
            uitgaand_url=self._receiver.url,
            threads=4,
            log_level="ERROR",
        )
        self._house = House(config, folder / "log")
        self._webs = {port: self._house.web(port) for port in self._ports}
        self._workers = [self._house.worker() for _ in range(plan.workers)]
        work = Work(self._open_taken, plan.seed)
        self._clients = [
            Client(self._ports, account, self._ledger, work, seed=plan.seed + number)
            for number in range(plan.clients)
        ]
        for client in self._clients:
            client.start()

    def break_things(self, progress: TextIO) -> Counter[str]:
        """Kill at random moments, and start again what was killed, until the plan is done."""
        kinds: Counter[str] = Counter()
        while (count := sum(kinds.values())) < self._plan.kills:
            self._let_work(count)
            for kind, number in self._break_one().items():
                kinds[kind] += number
            self._move_clock()
            if count // 100 < sum(kinds.values()) // 100:
                done = len(self._ledger.acknowledged)
                print(f"  {sum(kinds.values())} kills, {done} taken", file=progress)
        return kinds

    def _let_work(self, kills: int) -> None:
        """Wait a random while, and longer when nobody got on."""
        patience = time.monotonic() + _GRACE
        time.sleep(self._random.uniform(0, self._plan.pause))
        while (
            len(self._ledger.acknowledged) < kills * self._plan.taken_per_kill
            and time.monotonic() < patience
        ):
            time.sleep(self._random.uniform(0, 0.02))

    def settle(self) -> bool:
        """Let everybody get an answer and everything be done; say whether that came about."""
        self._receiver.calm = True
        for client in self._clients:
            client.done.set()
        deadline = time.monotonic() + _PATIENCE
        for client in self._clients:
            client.join(max(0.0, deadline - time.monotonic()))
        quiet = not any(client.is_alive() for client in self._clients)
        before = None
        while time.monotonic() < deadline:
            left = self._left()
            if not left:
                return quiet
            if left == before:  # what the dead held must come free; the living need their leases
                self._move_clock()
            before = left
            time.sleep(0.5)
        return False

    def balance(self) -> audit.Balance:
        """Stop the product, and compare."""
        self._house.stop(*self._webs.values(), *self._workers)
        self._webs, self._workers = {}, []
        store = open_store(self._url)
        with closing(store):
            now = klok.clock_for(store, system_clock, demo=True)()
            return read(
                store.sessions,
                lambda session: audit.balance(session, self._ledger, self._receiver, now=now),
            )

    def close(self) -> None:
        """End what is still running."""
        for client in self._clients:
            client.done.set()
        self._house.close()
        self._receiver.shutdown()
        self._receiver.server_close()

    def _break_one(self) -> dict[str, int]:
        if self._server and self._random.random() < _DATABASE:
            self._random.choice((self._server.kill, self._server.stop_at_once))()
            self._server.start()
            return {"database": 1}
        lot = self._random.random()
        if lot < 0.45:  # noqa: PLR2004 - a web
            port = self._random.choice(self._ports)
            self._house.kill(self._webs[port])
            self._webs[port] = self._house.web(port)
            return {"web": 1}
        if lot < 0.9:  # noqa: PLR2004 - a worker
            place = self._random.randrange(len(self._workers))
            self._house.kill(self._workers[place])
            self._workers[place] = self._house.worker()
            return {"worker": 1}
        self._house.kill(*self._webs.values(), *self._workers)  # as when the machine falls
        killed = {"web": len(self._webs), "worker": len(self._workers)}
        self._webs = {port: self._house.web(port) for port in self._ports}
        self._workers = [self._house.worker() for _ in self._workers]
        return killed

    def _move_clock(self) -> None:
        store = open_store(self._url)
        with closing(store):
            transact(store.sessions, partial(klok.verzet, dagen=_STEP))

    def _open_taken(self) -> list[UUID]:
        """Look which taken are open, over a connection of its own: SQLite must be able to fall whole."""
        store = open_store(self._url)
        with closing(store):
            try:
                return read(
                    store.sessions, lambda s: list(s.scalars(select(Taak.id).where(TAAK_OPEN)))
                )
            except DBAPIError:
                return []

    def _left(self) -> int:
        """Count what is due, or has been tried in vain, and is not done yet."""
        store = open_store(self._url)
        with closing(store):
            now = klok.clock_for(store, system_clock, demo=True)()
            due = (
                (Wekker, Wekker.gesloten_op.is_(None) & (Wekker.op <= now) & ~Wekker.gestrand),
                (Bericht, BERICHT_WACHT),
                (Uitgaand, UITGAAND_KLAAR),
            )
            return sum(
                read(
                    store.sessions,
                    lambda s, table=table, where=where: (  # type: ignore[misc]
                        s.scalar(select(func.count()).select_from(table).where(where)) or 0
                    ),
                )
                for table, where in due
            )


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port: int = found.getsockname()[1]
        return port


def show(results: dict[str, Any], console: Console) -> None:
    """Print the figures, and each difference."""
    table = Table("kills", *results)
    rows = [key for key in next(iter(results.values())) if key not in {"verschillen", "per_soort"}]
    for key in rows:
        table.add_row(key.replace("_", " "), *(str(result[key]) for result in results.values()))
    console.print(table)
    for name, result in results.items():
        kinds = ", ".join(f"{number} x {kind}" for kind, number in result["per_soort"].items())
        console.print(f"{name}: {kinds}")
        for sentence in result["verschillen"]:
            console.print(f"  {sentence}", style="red")
