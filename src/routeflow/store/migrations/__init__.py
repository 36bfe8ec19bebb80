"""How an older database becomes a newer one. Part of the package, so that a wheel can migrate."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from routeflow.store import open_store


def upgrade(url: str, to: str = "head") -> None:
    """Bring the database at ``url`` to revision ``to``; several processes may try at once."""
    store = open_store(url)
    try:
        with store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite already holds its write lock
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20220101)")
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        store.close()


def revisions() -> frozenset[str]:
    """Return the schemas that this version of the product knows."""
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
