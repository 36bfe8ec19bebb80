"""SQL: tables, sessions, migrations and queries. It may not know the engine, the web or the clock.

SQLite (the default, embedded) and PostgreSQL (production) behave alike: a writer holds its
dossier until it commits, a reader sees one consistent moment and never waits.
"""

import random
import select
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    Row,
    Select,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from routeflow.errors import Conflict, Invalid
from routeflow.store.line import Line

Sessions = sessionmaker[Session]
Result = TypeVar("Result")

_LOCK = text("SELECT pg_advisory_xact_lock(:what)")
_BUSY_TIMEOUT_MS = 15_000
_FROZEN_MS = 300_000  # who says nothing for so long inside a transaction is gone
_WAL_PAGES = 10_000  # 40 MB; else it is 1,000, which one act on many dossiers fills
_HOW = "routeflow_how"  # the option that says how a connection is used, when not to write
_READS, _ASKS = "reads", "asks"
_TURN = "routeflow_turn"
_ENDING = "routeflow_ending"
_USED = "routeflow_used"
_SURE = 30.0  # seconds without use after which a server may have gone without a word
_PAST_NIET = "Een waarde is te lang of te groot, of bevat een teken dat geen tekst is."
_POSTGRESQL_LOST_RACES = {"40001", "40P01", "55P03"}  # serialization, deadlock, lock not available
_SQLITE_LOST_RACES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


@dataclass(frozen=True, slots=True)
class Store:
    """An open database: ``engine`` for migrations and tools, ``sessions`` for everything else."""

    engine: Engine
    sessions: Sessions

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at ``url`` (``sqlite:///path`` or ``postgresql://...``). Does not migrate."""
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    return Store(engine, sessionmaker(engine, expire_on_commit=False))


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest schema; creates it when it is empty."""
    from routeflow.store.migrations import upgrade  # noqa: PLC0415 - alembic is slow to import

    upgrade(url)


def opschonen(store: Store) -> None:
    """Write the file of SQLite anew, so that nothing of what was erased is left in it.

    PostgreSQL: VACUUM FULL. It holds everybody up while it runs; do it at night.
    """
    statements = (
        ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        if store.engine.dialect.name == "sqlite"
        else ("VACUUM FULL",)
    )
    connection: Any = store.engine.raw_connection()  # outside a transaction: neither allows one
    try:
        if store.engine.dialect.name != "sqlite":
            connection.driver_connection.autocommit = True
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
    finally:
        connection.invalidate()
        connection.close()


def transact(sessions: Sessions, work: Callable[[Session], Result], *, attempts: int = 5) -> Result:
    """Run ``work`` in one transaction; commit when it returns, roll back when it raises.

    When another transaction was first, ``work`` runs again from the start on a
    fresh session, so it reads the new state and decides again. It must
    therefore touch nothing but its session: no HTTP, no mail, no files.
    Raises Conflict when it loses ``attempts`` times.
    """
    broken_rules = 0
    for attempt in range(1, attempts + 1):
        try:
            with sessions.begin() as session:
                found = work(session)
                if ending := session.info.get(_ENDING):
                    ending(session)
                return found
        except IntegrityError:
            # Two doors that insert the same message both pass their check; the second look
            # sees the row of the first. A rule that breaks twice is a fault of our own.
            broken_rules += 1
            if broken_rules > 1:
                raise
        except DataError as error:
            raise Invalid(_PAST_NIET) from error
        except (StaleDataError, DBAPIError) as error:
            if not _lost_a_race(error):
                raise
            if attempt == attempts:
                raise Conflict("Iemand anders was u voor. Probeer het opnieuw.") from error
        time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads losers, no secret
    raise ValueError("attempts must be at least 2")


def at_end(session: Session, act: Callable[[Session], None]) -> None:
    """Let the transaction that ``transact`` runs end with ``act(session)``.

    ``act`` writes what the session holds, quicker than its flush: nothing that came before may
    hang on it, as any query meanwhile flushes, and outside ``transact`` the commit does.
    """
    session.info[_ENDING] = act


def read(sessions: Sessions, work: Callable[[Session], Result]) -> Result:
    """Run ``work`` on one consistent moment of the database, without keeping a writer waiting.

    It ends as if something was written. When a transaction is taken back, the driver forgets what
    the server of PostgreSQL learnt on that connection, and each page is read and planned anew.
    Raises the database's own error when ``work`` writes: that is a fault of the caller.
    """
    try:
        with sessions() as session:
            session.connection(execution_options={_HOW: _READS})
            found = work(session)
            session.commit()  # what was changed by mistake ends in an error, not in silence
            return found
    except DataError as error:
        raise Invalid(_PAST_NIET) from error


def ask(engine: Engine, statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    """Return the first row that one statement finds.

    It sees one moment of the database by itself: around it there is no transaction to begin
    and end, which is half the work of so small a question.
    """
    with engine.connect() as connection:
        connection.execution_options(**{_HOW: _ASKS})
        return connection.execute(statement, values).first()


def _lost_a_race(error: Exception) -> bool:
    if isinstance(error, StaleDataError):
        return True
    origin = getattr(error, "orig", None)
    if isinstance(origin, sqlite3.OperationalError):
        return origin.sqlite_errorcode & 0xFF in _SQLITE_LOST_RACES
    return getattr(origin, "sqlstate", None) in _POSTGRESQL_LOST_RACES


def _address(url: str) -> URL:
    address = make_url(url)
    if address.drivername in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    return address


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    # The last one back is the first to go out again: its cache is warm, the others stay small.
    engine = create_engine(
        address,
        pool_use_lifo=address.database not in {None, "", ":memory:"},
        hide_parameters=True,  # an error in the log tells nothing of a person
    )
    turn = _Turn()
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", turn.take)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "checkin", turn.give_back)
    event.listen(engine, "invalidate", turn.give_back)
    return engine


class _Turn:
    """Who may write, among the threads of this process.

    SQLite lets a second writer look again and again, with pauses that grow; threads of one
    process can simply wake each other. Between processes SQLite itself keeps writers apart.
    """

    def __init__(self) -> None:
        self._line = Line()

    def take(self, connection: Connection) -> None:
        """Wait for the turn. Who waits too long goes on, and hears from SQLite that it is taken."""
        if _how(connection) or connection.info.get(_TURN):
            return
        connection.info[_TURN] = self._line.take(_BUSY_TIMEOUT_MS / 1000)

    def give_back(self, _connection: object, record: ConnectionPoolEntry, *_: object) -> None:
        """Let the next go on: the connection came back, so its transaction is over."""
        if not record.info.pop(_TURN, False):
            return
        self._line.give_back()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite keeps per connection.

    FULL, not NORMAL: with NORMAL a power cut may take back acts whose people already read
    "afgerond". It costs one fsync per act. What was written goes from the log to its place in
    the file after many acts: one page that many of them wrote goes there once.
    """
    connection.isolation_level = None  # the driver may not begin on its own: _begin_sqlite does
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten, not only let go
        "cache_size=-8000",  # kilobytes, for each connection; the system keeps the file too
        "temp_store=MEMORY",
        f"wal_autocheckpoint={_WAL_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer halfway would lose its snapshot."""
    how = _how(connection)
    if how == _ASKS:
        return  # the driver begins nothing of its own
    reads = how == _READS
    if connection.info.get(_READS, False) != reads:
        connection.info[_READS] = reads
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _how(connection: Connection) -> str | None:
    how: str | None = connection.get_execution_options().get(_HOW)
    return how


def _postgresql(address: URL) -> Engine:
    engine = create_engine(address, pool_size=10, max_overflow=10, hide_parameters=True)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkout", partial(_still_there, engine.dialect))
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    """Tell the server how to plan for what we ask.

    It may not translate a statement into machine code (JIT) before it runs it, as it does when it
    expects much work: of a page that stops at fifty rows that takes ten times as long as the page
    itself. And it counts with memory and flash. Unless told otherwise it counts with a disk that
    turns: fifty rows by their keys then seem dearer than a whole table of ten thousand.

    Nobody waits for a lock without end, nor holds one so: of a machine that froze or lost its
    network the server would keep the transaction for hours, and every thread that comes by waits.
    """
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute(f"SET idle_in_transaction_session_timeout = {_FROZEN_MS}")
    connection.execute("SET jit = off")
    connection.execute("SET random_page_cost = 1.1")
    connection.autocommit = False


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _still_there(
    dialect: Dialect,
    connection: Any,  # noqa: ANN401 - the driver's
    record: ConnectionPoolEntry,
    _fairy: object,
) -> None:
    """Ask the server whether it is still there, but only when there is reason to.

    A server that ended has closed the connection: then there is something to read although
    nothing was asked. Asking each time, as the pool can, costs a request two journeys.
    """
    used = record.info.get(_USED)
    if used is None:
        return  # it was made just now
    silent = select.poll()
    silent.register(connection.fileno(), select.POLLIN)
    if time.monotonic() - used < _SURE and not silent.poll(0):
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


_ISOLATION: Mapping[str | None, IsolationLevel] = {
    None: "READ COMMITTED",
    _READS: "REPEATABLE READ",
    _ASKS: "AUTOCOMMIT",
}


def _begin_postgresql(connection: Connection) -> None:
    """Let the driver begin as this connection is used now; it says so with its BEGIN."""
    how = _how(connection)
    if connection.info.get(_HOW, "new") == how:
        return
    connection.info[_HOW] = how
    raw: Any = connection.connection.driver_connection
    connection.dialect.set_isolation_level(raw, _ISOLATION[how])
    raw.read_only = how == _READS


def one_at_a_time(session: Session, what: int) -> None:
    """Wait until no other transaction does ``what``, a number of our own, and keep others off it.

    SQLite has one writer at a time anyhow.
    """
    if dialect_of(session) == "postgresql":
        session.execute(_LOCK, {"what": what})


def dialect_of(session: Session) -> str:
    """Return "sqlite" or "postgresql"."""
    bind: Any = session.get_bind()
    return str(bind.dialect.name)
