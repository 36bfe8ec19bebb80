"""What a decision about a sanction was based on, frozen when it was taken."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Create the table. Decisions of before it have no besluitdossier; their journal stays."""
    op.create_table(
        "besluitdossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("taak_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.String(300), nullable=False),
        sa.Column("uitkomst", sa.String(60), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("gegevens", sa.Text(), nullable=False),
        sa.Column("gegevens_hash", sa.String(64), nullable=False),
        sa.Column("beschermd", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_besluitdossier_dossier_id")
        ),
        sa.ForeignKeyConstraint(["taak_id"], ["taak.id"], name=op.f("fk_besluitdossier_taak_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_besluitdossier")),
    )
    op.create_index("ux_besluitdossier_taak", "besluitdossier", ["taak_id"], unique=True)
    op.create_index("ix_besluitdossier_dossier", "besluitdossier", ["dossier_id", "op"])
