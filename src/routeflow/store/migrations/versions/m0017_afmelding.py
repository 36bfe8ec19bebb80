"""Sessions that somebody ended."""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "afmelding",
        sa.Column("sessie", sa.String(length=40), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sessie", name=op.f("pk_afmelding")),
    )
    op.create_index("ix_afmelding_op", "afmelding", ["op"], unique=False)
