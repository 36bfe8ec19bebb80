"""Words by which a dossier is found, and the indexes that keep every list flat."""

import sqlalchemy as sa
from alembic import op

from routeflow.store.waarden import zoekrijen

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: None = None
depends_on: None = None

_FILTERS = ("gesloten_op", "leerroute", "doelgroep")
_OPEN = "status = 'open'"
_PORTION = 1_000


def upgrade() -> None:
    """Add the table of words, fill it for the dossiers that are there, and set the indexes."""
    op.create_table(
        "zoekwoord",
        sa.Column(
            "woord",
            sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "begin",
            sa.String(30).with_variant(sa.String(30, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("woord", "begin", "dossier_id", name=op.f("pk_zoekwoord")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_zoekwoord_dossier_id")
        ),
        sqlite_with_rowid=False,
    )
    _fill()
    _index("ix_zoekwoord_dossier", "zoekwoord", "dossier_id", "woord")
    op.drop_index("ix_dossier_fase", "dossier")
    op.drop_index("ix_dossier_casemanager_id", "dossier")
    op.drop_index("ix_melding_voor", "melding")
    op.drop_index("ix_taak_zicht_samen", "taak")
    _index("ix_dossier_fase", "dossier", "fase", "zoek", "id", *_FILTERS)
    _index("ix_dossier_casemanager", "dossier", "casemanager_id", "zoek", "id", "fase", *_FILTERS)
    named = ("zoek", "id", "fase", "casemanager_id", *_FILTERS)
    _index("ix_dossier_open", "dossier", *named, where="gesloten_op IS NULL")
    _index("ix_dossier_gesloten", "dossier", *named, where="gesloten_op IS NOT NULL")
    _index(
        "ix_taak_rol",
        "taak",
        *("rol", "volgorde", "id", "partij", "onderdeel", "status"),
        where=_OPEN,
    )
    _index(
        "ix_taak_onderdeel",
        "taak",
        *("onderdeel", "volgorde", "id", "rol", "partij", "status"),
        where=_OPEN,
    )
    _index("ix_taak_status", "taak", "status", "volgorde", "id", "rol", "partij")
    _index("ix_taak_eigen", "taak", "partij", "rol", "status", "volgorde", "id", "onderdeel")
    _index(
        "ix_taak_eigen_samen",
        "taak",
        *("samen_met", "rol", "status", "volgorde", "id", "partij", "onderdeel"),
        where="samen_met IS NOT NULL",
    )
    _index(
        "ix_taak_zicht_samen",
        "taak",
        *("samen_met", "rol", "dossier_id", "partij"),
        where="samen_met IS NOT NULL",
    )
    _index("ix_melding_voor", "melding", "partij", "rol", "id", "account_id")
    _index(
        "ix_melding_ongelezen",
        "melding",
        *("partij", "rol", "id", "account_id", "gelezen_op"),
        where="gelezen_op IS NULL",
    )
    _index("ix_incident_op", "incident", "op", "id")


def _fill() -> None:
    dossier = sa.table("dossier", sa.column("id", sa.Uuid()), sa.column("zoek", sa.String()))
    words = sa.table(
        "zoekwoord",
        sa.column("woord", sa.String()),
        sa.column("begin", sa.String()),
        sa.column("dossier_id", sa.Uuid()),
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(dossier.c.id, dossier.c.zoek))
    for portion in found.partitions(_PORTION):
        rows = [
            {column.name: new[column.name] for column in words.columns}
            for row in portion
            for new in zoekrijen(row.id, row.zoek)
        ]
        if rows:
            connection.execute(sa.insert(words), rows)


def _index(name: str, table: str, *columns: str, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
