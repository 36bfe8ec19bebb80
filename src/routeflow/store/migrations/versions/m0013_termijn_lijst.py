"""Indexes that hold all that the list of periods asks, of one dossier too."""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: None = None
depends_on: None = None

_LOOPT = "status = 'loopt'"
_WACHT = "status IN ('wacht', 'opgeschort')"

# As in m0004: what SQLite may expect of a big gemeente.
_COUNTS = (
    ("termijn", "ix_termijn_loopt", "500000 30000 20 1 1 1"),
    ("termijn", "ix_termijn_wacht", "400000 200000 30000 1 1"),
    ("termijn", "ix_termijn_dossier", "1500000 15 5 1 1 1"),
)


def upgrade() -> None:
    """Set the indexes, and tell SQLite of them."""
    _index("ix_termijn_loopt", "naam", "uiterlijk", "dossier_id", "id", "status", where=_LOOPT)
    _index("ix_termijn_wacht", "status", "naam", "dossier_id", "id", where=_WACHT)
    op.create_index(
        "ix_termijn_dossier", "termijn", ["dossier_id", "status", "uiterlijk", "naam", "id"]
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for _, index, _ in _COUNTS:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = ?", (index,))
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", list(_COUNTS)
        )
        connection.exec_driver_sql("ANALYZE sqlite_schema")


def _index(name: str, *columns: str, where: str) -> None:
    """Replace an index by one with more columns."""
    op.drop_index(name, "termijn")
    condition = sa.text(where)
    op.create_index(
        name, "termijn", list(columns), sqlite_where=condition, postgresql_where=condition
    )
