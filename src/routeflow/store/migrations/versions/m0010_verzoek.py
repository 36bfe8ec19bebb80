"""Requests of programs with a key of their own, which are done once."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "verzoek",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sleutel", sa.String(100), nullable=False),
        sa.Column("afdruk", sa.String(64), nullable=False),
        sa.Column("antwoord", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_verzoek_account_id")),
        sa.PrimaryKeyConstraint("account_id", "sleutel", name=op.f("pk_verzoek")),
    )
