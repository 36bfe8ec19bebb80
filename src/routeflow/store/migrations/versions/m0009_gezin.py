"""Who belongs to the household of a dossier."""

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: None = None
depends_on: None = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "gezinsband",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("ander_dossier_id", sa.Uuid(), nullable=True),
        sa.Column("soort", sa.String(10), nullable=False),
        sa.Column("naam", sa.String(200), nullable=False),
        sa.Column("geboortejaar", sa.Integer(), nullable=True),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("vervallen_op", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_gezinsband_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["ander_dossier_id"], ["dossier.id"], name=op.f("fk_gezinsband_ander_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gezinsband")),
    )
    op.create_index("ix_gezinsband_dossier", "gezinsband", ["dossier_id", "id"])
