"""Wekkers in the order in which they are taken: of ten thousand due at once none is sorted."""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: None = None
depends_on: None = None

_COUNTS = "100000 10 1"  # what SQLite may expect, as in m0004


def upgrade() -> None:
    """Replace the index, and tell SQLite of it."""
    op.drop_index("ix_wekker_op", "wekker")
    open_ = sa.text("gesloten_op IS NULL")
    op.create_index(
        "ix_wekker_op", "wekker", ["op", "id"], sqlite_where=open_, postgresql_where=open_
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = 'ix_wekker_op'")
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('wekker', 'ix_wekker_op', ?)",
            (_COUNTS,),
        )
        connection.exec_driver_sql("ANALYZE sqlite_schema")
