"""E-mail about notices, how each person wants it, and letters to the person."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Create the tables, and let e-mail wait apart from what goes to the gemeente's own address.

    Notices of before are not mailed any more: they get the default of the column.
    """
    op.add_column(
        "melding", sa.Column("nieuw", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    _partial("ix_melding_nieuw", "melding", "id", sqlite="nieuw = 1", postgresql="nieuw")
    op.drop_index("ix_uitgaand_klaar", "uitgaand")
    for naam, teken in (("ix_uitgaand_klaar", "<>"), ("ix_uitgaand_mail", "=")):
        wacht = f"status = 'klaar' AND soort {teken} 'mail'"
        _partial(naam, "uitgaand", "volgende_op", sqlite=wacht, postgresql=wacht)
    op.create_table(
        "mailvoorkeur",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(40), nullable=False),
        sa.Column("wijze", sa.String(12), nullable=False),
        sa.CheckConstraint(
            "wijze IN ('direct', 'dagelijks', 'nooit')", name=op.f("ck_mailvoorkeur_wijze")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mailvoorkeur_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "soort", name=op.f("pk_mailvoorkeur")),
    )
    op.create_table(
        "dagpost",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "melding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_dagpost_account_id")),
        sa.ForeignKeyConstraint(["melding_id"], ["melding.id"], name=op.f("fk_dagpost_melding_id")),
        sa.PrimaryKeyConstraint("account_id", "melding_id", name=op.f("pk_dagpost")),
    )
    op.create_index("ix_dagpost_op", "dagpost", ["op"])
    op.create_table(
        "brief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("taak_id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(40), nullable=False),
        sa.Column("taal", sa.String(10), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_brief_dossier_id")),
        sa.ForeignKeyConstraint(["taak_id"], ["taak.id"], name=op.f("fk_brief_taak_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
    )
    op.create_index("ix_brief_dossier", "brief", ["dossier_id", "op"])
    op.create_index("ix_brief_taak", "brief", ["taak_id", "op"])


def _partial(naam: str, tabel: str, kolom: str, *, sqlite: str, postgresql: str) -> None:
    op.create_index(
        naam,
        tabel,
        [kolom],
        sqlite_where=sa.text(sqlite),
        postgresql_where=sa.text(postgresql),
    )
