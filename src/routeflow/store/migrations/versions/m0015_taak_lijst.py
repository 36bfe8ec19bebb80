"""The dossier in each index of open taken: a search then asks its words of the index alone."""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: None = None
depends_on: None = None

# index: columns before dossier_id and status, further condition, and as in m0004 what SQLite may expect
_OPEN = (
    ("ix_taak_open", "volgorde id onderdeel rol partij", "", "100000 453 1 1 1 1 1 1"),
    ("ix_taak_partij", "partij volgorde id rol onderdeel", "", "100000 14286 65 1 1 1 1 1"),
    ("ix_taak_rol", "rol volgorde id partij onderdeel", "", "100000 10000 46 1 1 1 1 1"),
    ("ix_taak_onderdeel", "onderdeel volgorde id rol partij", "", "100000 11112 51 1 1 1 1 1"),
    (
        "ix_taak_behandelaar",
        "behandelaar_id volgorde id",
        " AND behandelaar_id IS NOT NULL",
        "33627 841 4 1 1 1",
    ),
    (
        "ix_taak_samen_met",
        "samen_met volgorde id rol onderdeel partij behandelaar_id",
        " AND samen_met IS NOT NULL",
        "10124 10124 46 1 1 1 1 1 1 1",
    ),
    (
        "ix_taak_te_verdelen",
        "partij volgorde id rol onderdeel behandelaar_id",
        " AND behandelaar_id IS NULL",
        "66373 9482 43 1 1 1 1 1 1",
    ),
)


def upgrade() -> None:
    """Replace the indexes, and tell SQLite of them."""
    for name, columns, condition, _ in _OPEN:
        op.drop_index(name, "taak")
        where = sa.text(f"status = 'open'{condition}")
        op.create_index(
            name,
            "taak",
            [*columns.split(), "dossier_id", "status"],
            sqlite_where=where,
            postgresql_where=where,
        )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for name, _, _, counts in _OPEN:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = ?", (name,))
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('taak', ?, ?)", (name, counts)
            )
        connection.exec_driver_sql("ANALYZE sqlite_schema")
