"""A copy of an embedded database while it is in use, and back.

A backup is one zip file: the database, and a manifest with its checksum and schema. It appears
under its name whole or not at all. SQLite only: PostgreSQL has tools of its own.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import make_url

from routeflow.errors import Conflict, Invalid, NotFound, Refusal
from routeflow.store.migrations import revisions

FORMAT: Final = 1
_DATABASE: Final = "routeflow.db"
_MANIFEST: Final = "manifest.json"
_PIECE: Final = 1024 * 1024
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    KeyError,
    OSError,
    EOFError,
    RuntimeError,  # it says that it is encrypted
    NotImplementedError,  # or packed in another way
)
_MANIFEST_MAX: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup. ``sha256`` and ``bytes`` are those of the database file in it."""

    format: int
    made_at: datetime
    schema: str
    dossiers: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken away since a backup and came back with it, and so must be done again.

    ``erased``: numbers of dossiers; ``accounts``: logins that are in use again; ``tokens``: those
    that were withdrawn, as naam (login).
    """

    erased: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


class Restored(NamedTuple):
    """What was in a backup, where the old database was kept (None: there was none), what is undone."""

    manifest: Manifest
    kept: Path | None
    undone: Undone


def backup(url: str, target: Path, *, now: datetime) -> Manifest:
    """Write a backup of the database at ``url``, as it is at one moment, to ``target``.

    Whoever works on goes on: in WAL mode a reader stops no writer. Raises Refusal (not SQLite),
    NotFound (no database there), Conflict (``target`` exists, or somebody makes it now), Invalid
    (the database is damaged).
    """
    source = _file(url)
    if not source.exists():
        raise NotFound(f"Er is geen database in {source}.")
    if target.exists():
        raise _there_is(target)
    with _workplace(target) as folder:
        copy, archive = folder / _DATABASE, folder / "backup.zip"
        with closing(_open(source)) as running, closing(sqlite3.connect(copy)) as into:
            # All pages in one step: nobody's writing makes it begin again.
            running.backup(into, progress=_patience(60, source))
            into.execute("PRAGMA journal_mode=DELETE")
        manifest = _judge(copy, now)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
            made.write(copy, _DATABASE)
            made.writestr(_MANIFEST, _as_text(manifest))
        archive.chmod(0o600)  # it holds all that the product knows about people
        _to_disk(archive)
        try:
            target.hardlink_to(archive)  # unlike a rename it never replaces a file
        except FileExistsError as error:
            raise _there_is(target) from error
    _to_disk(target.parent)
    return manifest


def restore(url: str, source: Path, *, now: datetime) -> Restored:
    """Put the database of a backup in the place of the one at ``url``.

    The old one is overwritten in one transaction of SQLite: whoever opens it sees the old or the new one.
    Does not migrate. Raises Refusal (not SQLite), NotFound, Invalid (no backup, damaged, of a newer
    product, or the old database is not ours or newer) or Conflict (it is in use).
    """
    target = _file(url)
    if not source.exists():
        raise NotFound(f"Het bestand {source} bestaat niet.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as folder:
        copy = folder / _DATABASE
        manifest = _unpack(source, copy)
        kept, undone = None, Undone()
        filled = target.exists() and target.stat().st_size
        if filled:
            _is_ours(target)
        with _alone(target) as into:
            if filled:
                kept = _keep(into, target, folder, now)
                undone = _undone(kept, copy)
            with closing(_open(copy)) as good:
                good.backup(into, progress=_patience(0, target))
    return Restored(manifest, kept, undone)


def _file(url: str) -> Path:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise Refusal(
            "Dit is voor de ingebouwde database (SQLite). Deze database is van PostgreSQL: gebruik "
            "pg_dump en pg_restore. De stappen staan in docs/handleiding/beheerder.md."
        )
    if not address.database or address.database == ":memory:":
        raise Refusal("Deze database staat niet in een bestand.")
    return Path(address.database)


def _open(path: Path) -> sqlite3.Connection:
    """Open an existing database; never make an empty one."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=15)


def _there_is(path: Path) -> Conflict:
    return Conflict(f"{path} bestaat al. Kies een andere naam: er wordt niets overschreven.")


def _in_use(path: Path) -> Conflict:
    return Conflict(
        f"De database {path} is in gebruik. Stop eerst `routeflow serve` en `routeflow worker`."
    )


def _patience(tries: int, path: Path) -> Callable[[int, int, int], None]:
    """Return what ends a copy that finds its database locked: Python itself would try forever."""
    left = [tries]

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            left[0] -= 1
            if left[0] < 0:
                raise _in_use(path)

    return progress


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """Give a folder beside ``target`` to work in. What a killed run left in it goes first."""
    folder = target.with_name(f".{target.name}.bezig")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"In {target.parent} kan niet worden geschreven: {error.strerror}."
        ) from error
    lock = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict(f"Iemand anders is al bezig met {target}.") from error
        for left in folder.iterdir():
            left.unlink()
        yield folder
        shutil.rmtree(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _judge(copy: Path, now: datetime) -> Manifest:
    """Return the manifest of a copy that stands on its own. Raises Invalid when it is damaged."""
    with closing(_open(copy)) as connection:
        try:
            answers = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(1)
            schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            (dossiers,) = connection.execute("SELECT count(*) FROM dossier").fetchone()
        except sqlite3.DatabaseError as error:
            raise Invalid(f"Deze database is beschadigd of niet van routeflow: {error}.") from error
    if answers != ["ok"] or orphans:
        found = "; ".join(str(answer) for answer in answers) if answers != ["ok"] else "wezen"
        raise Invalid(f"Deze database is beschadigd: {found}.")
    with copy.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(
        format=FORMAT,
        made_at=now.astimezone(UTC),
        schema=str(schema[0]) if schema else "",
        dossiers=dossiers,
        bytes=copy.stat().st_size,
        sha256=digest,
    )


def _as_text(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest) | {"made_at": manifest.made_at.isoformat()}, indent=2)


def _unpack(source: Path, copy: Path) -> Manifest:
    """Write the database of a backup to ``copy``, after every check. Raises Invalid."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _read_manifest(archive)
            if manifest.schema not in revisions():
                raise Invalid(
                    "Deze reservekopie is gemaakt door een nieuwere versie van het product "
                    f"(schema {manifest.schema}). Zet eerst die versie neer."
                )
            digest, size = hashlib.sha256(), 0
            with archive.open(_DATABASE) as packed, copy.open("wb") as file:
                while piece := packed.read(_PIECE):
                    size += len(piece)
                    if size > manifest.bytes:
                        break
                    digest.update(piece)
                    file.write(piece)
    except _DAMAGED as error:
        raise Invalid(f"{source} is geen reservekopie van routeflow, of is beschadigd.") from error
    if (size, digest.hexdigest()) != (manifest.bytes, manifest.sha256):
        raise Invalid(f"{source} is beschadigd: de controlesom klopt niet.")
    _judge(copy, manifest.made_at)
    return manifest


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    with archive.open(_MANIFEST) as file:
        text = file.read(_MANIFEST_MAX)
    try:
        found: dict[str, Any] = json.loads(text)
        if found.get("format") != FORMAT:
            raise Invalid(
                "Deze reservekopie heeft een vorm die deze versie van het product niet kent."
            )
        return Manifest(**{**found, "made_at": datetime.fromisoformat(found["made_at"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid("Het overzicht in deze reservekopie is niet te lezen.") from error


def _is_ours(target: Path) -> None:
    """Refuse to put a backup over something that we did not make or cannot know."""
    with closing(_open(target)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise Invalid(
                f"{target} is geen database van routeflow. Kies een andere plaats in "
                "ROUTEFLOW_DATABASE, of haal dit bestand weg."
            ) from error
    if row is None or row[0] not in revisions():
        raise Invalid(
            f"{target} is van een nieuwere versie van het product. Er is niets teruggezet."
        )


@contextmanager
def _alone(target: Path) -> Iterator[sqlite3.Connection]:
    """Open ``target`` and keep everybody else out until the end. Raises Conflict when it is in use.

    A database leaves WAL mode only when nobody else has it open; that is how SQLite tells. From
    then on nobody comes in: what they would write would be neither in the old nor in the new one.
    """
    with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # in this mode the lock stays
        except sqlite3.OperationalError as error:
            raise _in_use(target) from error
        if mode != "delete":
            raise _in_use(target)
        yield connection


def _keep(old: sqlite3.Connection, target: Path, folder: Path, now: datetime) -> Path:
    """Copy the old database aside."""
    kept = target.with_name(f"{target.name}.voor-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise _there_is(kept)
    aside = folder / "oud.db"
    with closing(sqlite3.connect(aside)) as into:
        old.backup(into)
    aside.chmod(0o600)
    _to_disk(aside)
    kept.hardlink_to(aside)
    _to_disk(kept.parent)
    return kept


_TAKEN_AWAY: Final = {
    "erased": (
        "SELECT d.nummer FROM verwijdering v JOIN dossier d ON d.id = v.dossier_id"
        " WHERE v.status = 'uitgevoerd' AND d.nummer IN (SELECT nummer FROM now.dossier)"
        " AND v.id NOT IN (SELECT id FROM now.verwijdering WHERE status = 'uitgevoerd')"
    ),
    "accounts": (
        "SELECT login FROM account WHERE NOT actief"
        " AND id IN (SELECT id FROM now.account WHERE actief)"
    ),
    "tokens": (
        "SELECT t.naam || ' (' || a.login || ')' FROM token t"
        " JOIN account a ON a.id = t.account_id WHERE t.ingetrokken_op IS NOT NULL"
        " AND t.id IN (SELECT id FROM now.token WHERE ingetrokken_op IS NULL)"
    ),
}


def _undone(old: Path, new: Path) -> Undone:
    """Return what ``old`` has no more and ``new`` has again. An older schema may lack a table."""
    found: dict[str, tuple[str, ...]] = {}
    with closing(_open(old)) as connection:
        connection.execute("ATTACH ? AS now", (str(new),))
        for what, query in _TAKEN_AWAY.items():
            with suppress(sqlite3.OperationalError):
                found[what] = tuple(sorted({name for (name,) in connection.execute(query)}))
    return Undone(**found)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
