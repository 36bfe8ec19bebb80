"""What SQLite may expect of the tables of a big gemeente, so that it reads along the right index.

SQLite chooses an index by counts that somebody must take (ANALYZE), and guesses without them: it
then reads half a table for one page. Fixed counts give every database the same plans, the one of
a test included, and never change between two days. See https://sqlite.org/optoverview.html on
stable plans. PostgreSQL counts by itself.
"""

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: None = None
depends_on: None = None

# table, index: rows, then the rows that share the first column, the first two, ...
_COUNTS = (
    ("account", "ix_account_partij", "200 10"),
    ("dossier", "ix_dossier_casemanager", "100000 2500 1 1 1 1 1 1"),
    ("dossier", "ix_dossier_fase", "100000 16667 1 1 1 1 1"),
    ("dossier", "ix_dossier_gesloten", "10000 1 1 1 1 1 1 1"),
    ("dossier", "ix_dossier_naam", "100000 2"),
    ("dossier", "ix_dossier_open", "90000 1 1 1 1 1 1 1"),
    ("dossier", "ix_dossier_zoek", "100000 1"),
    ("dossier", "sqlite_autoindex_dossier_1", "100000 1"),
    ("dossier", "sqlite_autoindex_dossier_2", "100000 1"),
    ("dossier", "sqlite_autoindex_dossier_3", "100000 1"),
    ("dossier", "sqlite_autoindex_dossier_4", "100000 1"),
    ("feit", "ix_feit_dossier", "2000000 20 1"),
    ("feit", "ux_feit_nu", "1500000 15 1"),
    ("journaal", "ix_journaal_dossier", "2000000 20 1"),
    ("melding", "ix_melding_dossier_id", "100000 1"),
    ("melding", "ix_melding_ongelezen", "100000 14286 8334 1 1 1"),
    ("melding", "ix_melding_voor", "100000 14286 8334 1 1"),
    ("route", "ix_route_deployment_id", "100000 20000"),
    ("route", "sqlite_autoindex_route_1", "100000 1"),
    ("taak", "ix_taak_behandelaar", "33627 841 4 1 1"),
    ("taak", "ix_taak_dossier", "700000 7 4 1"),
    ("taak", "ix_taak_eigen", "700000 100000 58334 29167 133 1 1"),
    ("taak", "ix_taak_eigen_samen", "70475 70475 70475 35238 160 1 1 1"),
    ("taak", "ix_taak_onderdeel", "100000 11112 51 1 1 1 1"),
    ("taak", "ix_taak_open", "100000 453 1 1 1 1 1"),
    ("taak", "ix_taak_partij", "100000 14286 65 1 1 1 1"),
    ("taak", "ix_taak_rol", "100000 10000 46 1 1 1 1"),
    ("taak", "ix_taak_samen_met", "10124 10124 46 1 1 1 1 1 1"),
    ("taak", "ix_taak_status", "700000 350000 1584 1 1 1"),
    ("taak", "ix_taak_te_verdelen", "66373 9482 43 1 1 1 1 1"),
    ("taak", "ix_taak_zicht", "700000 100000 58334 2"),
    ("taak", "ix_taak_zicht_samen", "70475 70475 70475 2 2"),
    ("taak", "sqlite_autoindex_taak_1", "700000 1"),
    ("wekker", "ix_wekker_dossier_id", "200000 2"),
    ("wekker", "ix_wekker_op", "100000 10"),
    ("wekker", "sqlite_autoindex_wekker_1", "200000 1"),
    ("wekker", "ux_wekker_bron", "100000 50000 1"),
    ("zoekwoord", "ix_zoekwoord_dossier", "600000 6 1"),
    ("zoekwoord", "zoekwoord", "600000 2 1 1"),
)


def upgrade() -> None:
    """Write the counts."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE account")  # makes the table of counts
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", list(_COUNTS)
    )
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # reads it
