"""The dossier of the period before: of somebody who moved out and came back."""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: None = None
depends_on: None = None

_SQLITE = (
    "ALTER TABLE dossier ADD COLUMN vorige_id CHAR(32) "
    "CONSTRAINT fk_dossier_vorige_id REFERENCES dossier (id)"
)
"""SQLite takes a reference only together with its column."""


def upgrade() -> None:
    """Add the column; two dossiers never come after the same one."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE)
    else:
        op.add_column("dossier", sa.Column("vorige_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f("fk_dossier_vorige_id"), "dossier", "dossier", ["vorige_id"], ["id"]
        )
    op.create_index("ux_dossier_vorige", "dossier", ["vorige_id"], unique=True)
