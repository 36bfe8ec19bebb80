"""How an older database becomes a newer one. Part of the package, so that a wheel can migrate."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from routeflow.errors import Conflict
from routeflow.store import open_store


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database at ``url`` to revision ``to``; several processes may try at once.

    Raises Conflict when a newer version of the product made its schema.
    """
    store = open_store(url)
    try:
        with store.engine.begin() as connection:
            postgresql = connection.dialect.name == "postgresql"
            if postgresql:  # SQLite already holds its write lock
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # the first takes its time
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20220101)")
            was = _revision(connection)
            if was is not None and was not in revisions():
                raise Conflict(
                    f"Deze database is van een nieuwere versie van het product (schema {was}). Er is "
                    "niets veranderd. Zet die versie weer neer, of zet een reservekopie van deze "
                    "versie terug."
                )
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if postgresql and was not in {None, _revision(connection)}:
                # It counts its rows by itself, but until then reads whole tables for one dossier.
                connection.exec_driver_sql("ANALYZE")
    finally:
        store.close()


def revisions() -> frozenset[str]:
    """Return the schemas that this version of the product knows."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _revision(connection: Connection) -> str | None:
    """Return the schema that the database has; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
