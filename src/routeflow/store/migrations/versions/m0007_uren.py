"""Hours that a party writes down, day by day."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: None = None
depends_on: None = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "uren",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("partij", sa.String(100), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("soort", sa.String(20), nullable=False),
        sa.Column("kwartieren", sa.Integer(), nullable=False),
        sa.Column("aanwezig", sa.String(30), nullable=False),
        sa.Column("fysiek", sa.Boolean(), nullable=False),
        sa.Column("opmerking", sa.String(300), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("afgesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vervallen_op", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kwartieren BETWEEN 1 AND 48", name=op.f("ck_uren_kwartieren")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_uren_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uren")),
    )
    op.create_index("ix_uren_dossier", "uren", ["dossier_id", "datum", "id"])
    op.create_index("ix_uren_partij", "uren", ["partij", "datum", "dossier_id"])
