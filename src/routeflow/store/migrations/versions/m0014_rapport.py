"""The report of each week."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rapport",
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cijfers", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("dag", name=op.f("pk_rapport")),
    )
