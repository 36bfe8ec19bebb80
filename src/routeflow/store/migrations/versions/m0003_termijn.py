"""Periods as rows with their history and proof, and when no worker worked."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: None = None
depends_on: None = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Create the tables. The rows of running dossiers come with their next act, or ``doctor``."""
    op.create_table(
        "termijn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.String(60), nullable=False),
        sa.Column("volgnummer", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(12), nullable=False),
        sa.Column("houder", sa.String(20), nullable=False),
        sa.Column("grond", sa.String(200), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("wacht_op", sa.String(60), nullable=True),
        sa.Column("begin", sa.Date(), nullable=True),
        sa.Column("uiterlijk", sa.Date(), nullable=True),
        sa.Column("eigen_dag", sa.Date(), nullable=True),
        sa.Column("lengte", sa.String(40), nullable=False),
        sa.Column("atw", sa.Boolean(), nullable=False),
        sa.Column("atw_reden", sa.String(200), nullable=False),
        sa.Column("feiten", _JSON, nullable=False),
        sa.Column("uitleg", sa.Text(), nullable=False),
        sa.Column("gehaald_op", sa.Date(), nullable=True),
        sa.Column("op_tijd", sa.Boolean(), nullable=True),
        sa.Column("sinds", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('wacht', 'loopt', 'opgeschort', 'gehaald', 'vervallen')",
            name=op.f("ck_termijn_status"),
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_termijn_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_termijn")),
    )
    op.create_index("ux_termijn_naam", "termijn", ["dossier_id", "naam", "volgnummer"], unique=True)
    _index("ix_termijn_loopt", "uiterlijk", "naam", "dossier_id", where="status = 'loopt'")
    waiting = "status IN ('wacht', 'opgeschort')"
    _index("ix_termijn_wacht", "status", "naam", "dossier_id", where=waiting)
    op.create_table(
        "termijn_historie",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("termijn_id", sa.Uuid(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("aanleiding", sa.String(200), nullable=False),
        sa.Column("oud", _JSON, nullable=True),
        sa.Column("nieuw", _JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["termijn_id"], ["termijn.id"], name=op.f("fk_termijn_historie_termijn_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_termijn_historie")),
    )
    op.create_index(op.f("ix_termijn_historie_termijn_id"), "termijn_historie", ["termijn_id"])
    op.create_table(
        "termijn_bewijs",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.String(60), nullable=False),
        sa.Column("taak_id", sa.Uuid(), nullable=True),
        sa.Column("soort", sa.String(12), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gepland", sa.DateTime(timezone=True), nullable=True),
        sa.Column("door", sa.String(200), nullable=False),
        sa.Column("door_id", sa.Uuid(), nullable=True),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "soort IN ('gezien', 'gewaarschuwd', 'verstreken')",
            name=op.f("ck_termijn_bewijs_soort"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_termijn_bewijs_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_termijn_bewijs")),
    )
    op.create_index("ix_termijn_bewijs_dossier", "termijn_bewijs", ["dossier_id", "naam", "id"])
    op.create_table(
        "hartslag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hartslag")),
    )
    op.create_table(
        "onderbreking",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("van", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("momenten", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onderbreking")),
    )


def _index(name: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, "termijn", list(columns), sqlite_where=condition, postgresql_where=condition
    )
