"""The secret link of a person's calendar, and running periods in the order in which people read them."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: None = None
depends_on: None = None

_LOOPT = sa.text("status = 'loopt'")

# As in m0004: what SQLite may expect of a big gemeente.
_COUNTS = (
    ("termijn", "ix_termijn_loopt", "500000 30000 20 1"),
    ("termijn", "ix_termijn_wacht", "400000 200000 30000 1"),
    ("termijn", "ux_termijn_naam", "1500000 15 1 1"),
    ("termijn", "sqlite_autoindex_termijn_1", "1500000 1"),
    ("termijn_bewijs", "ix_termijn_bewijs_dossier", "2000000 20 2 1"),
    ("termijn_historie", "ix_termijn_historie_termijn_id", "3000000 2"),
)


def upgrade() -> None:
    """Create the table, and let the index of running periods begin with what they are filtered on."""
    op.create_table(
        "agendalink",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agendalink_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agendalink")),
        sa.UniqueConstraint("hash", name=op.f("uq_agendalink_hash")),
    )
    op.drop_index("ix_termijn_loopt", "termijn")
    op.create_index(
        "ix_termijn_loopt",
        "termijn",
        ["naam", "uiterlijk", "dossier_id"],
        sqlite_where=_LOOPT,
        postgresql_where=_LOOPT,
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", list(_COUNTS)
        )
        connection.exec_driver_sql("ANALYZE sqlite_schema")
