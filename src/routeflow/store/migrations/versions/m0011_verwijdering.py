"""Erasing the gegevens of a dossier: who proposed it, who did it, and what the journal lost by it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the columns and create the table."""
    op.add_column("dossier", sa.Column("verwijderd_op", sa.DateTime(timezone=True), nullable=True))
    op.add_column("journaal", sa.Column("gewist_door", sa.BigInteger(), nullable=True))
    op.create_table(
        "verwijdering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(20), nullable=False),
        sa.Column("kenmerk", sa.String(100), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("voorgesteld_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voorgesteld_door", sa.String(200), nullable=False),
        sa.Column("voorgesteld_door_id", sa.Uuid(), nullable=True),
        sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("besloten_door", sa.String(200), nullable=True),
        sa.Column("besloten_door_id", sa.Uuid(), nullable=True),
        sa.Column("aantallen", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("journaal_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "soort IN ('bewaartermijn', 'vijftig jaar', 'correctie')",
            name=op.f("ck_verwijdering_soort"),
        ),
        sa.CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken', 'uitgevoerd')",
            name=op.f("ck_verwijdering_status"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_verwijdering_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verwijdering")),
    )
    op.create_index(
        "ux_verwijdering_open",
        "verwijdering",
        ["dossier_id"],
        unique=True,
        sqlite_where=sa.text("status = 'voorgesteld'"),
        postgresql_where=sa.text("status = 'voorgesteld'"),
    )
    op.create_index("ix_verwijdering_dossier", "verwijdering", ["dossier_id", "besloten_op"])
    op.create_index("ix_verwijdering_status", "verwijdering", ["status", "besloten_op"])
