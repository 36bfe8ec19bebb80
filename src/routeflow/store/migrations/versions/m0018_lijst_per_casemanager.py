"""Lists of one casemanager, and searches for several words, from one index each.

Taken and periods repeat the casemanager of their dossier, and each word of a dossier all its words.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: None = None
depends_on: None = None

_OPEN = "status = 'open'"
_LOOPT = "status = 'loopt'"
_WACHT = "status IN ('wacht', 'opgeschort')"

# table, index, columns, rows that are in it, and as in m0004 what SQLite may expect
_INDEXES = (
    (
        *("taak", "ix_taak_open"),
        "volgorde id onderdeel rol partij casemanager_id dossier_id status",
        *(_OPEN, "100000 453 1 1 1 1 1 1 1"),
    ),
    (
        *("taak", "ix_taak_partij"),
        "partij volgorde id rol onderdeel casemanager_id dossier_id status",
        *(_OPEN, "100000 14286 65 1 1 1 1 1 1"),
    ),
    (
        *("taak", "ix_taak_casemanager"),
        "casemanager_id volgorde id partij dossier_id status",
        *(_OPEN, "100000 2500 12 1 1 1 1"),
    ),
    (
        *("termijn", "ix_termijn_loopt"),
        "naam uiterlijk dossier_id id casemanager_id status",
        *(_LOOPT, "500000 30000 20 1 1 1 1"),
    ),
    (
        *("termijn", "ix_termijn_casemanager"),
        "casemanager_id uiterlijk dossier_id id naam status",
        *(_LOOPT, "500000 12500 17 1 1 1 1"),
    ),
    (
        *("termijn", "ix_termijn_wacht"),
        "status naam dossier_id id casemanager_id",
        *(_WACHT, "400000 200000 30000 1 1 1"),
    ),
    (
        *("termijn", "ix_termijn_casemanager_wacht"),
        "casemanager_id status naam dossier_id id",
        *(_WACHT, "400000 10000 5000 750 1 1"),
    ),
)
_OF_A_DOSSIER = ("taak", "termijn")
_REPLACED = ("ix_taak_open", "ix_taak_partij", "ix_termijn_loopt", "ix_termijn_wacht")


def upgrade() -> None:
    """Repeat what is there, set the indexes, and tell SQLite of them."""
    for table in _OF_A_DOSSIER:
        op.add_column(table, sa.Column("casemanager_id", sa.Uuid(), nullable=True))
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("zoekwoord", sa.Column("woorden", words, nullable=False, server_default=""))
    op.drop_index("ix_termijn_dossier", "termijn")  # before every row is written again
    for table, name, *_ in _INDEXES:
        if name in _REPLACED:
            op.drop_index(name, table)
    for table in _OF_A_DOSSIER:
        op.execute(
            f"UPDATE {table} SET casemanager_id = dossier.casemanager_id FROM dossier"  # noqa: S608 - our own names
            f" WHERE dossier.id = {table}.dossier_id AND dossier.casemanager_id IS NOT NULL"
        )
    _repeat_words()
    for table, name, columns, condition, _ in _INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, columns.split(), sqlite_where=where, postgresql_where=where)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for table, name, _, _, counts in _INDEXES:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = ?", (name,))
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, name, counts)
            )
        connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = 'ix_termijn_dossier'")
        connection.exec_driver_sql("ANALYZE sqlite_schema")


def _repeat_words() -> None:
    """Put the words of a dossier behind each other, by code point."""
    of_one = "string_agg(' ' || woord, '' ORDER BY woord)"
    rows = "zoekwoord"
    if op.get_bind().dialect.name == "sqlite":
        of_one = "group_concat(' ' || woord, '')"
        rows = "(SELECT dossier_id, woord FROM zoekwoord ORDER BY dossier_id, woord)"
    op.execute(
        f"UPDATE zoekwoord SET woorden = een.alle FROM (SELECT dossier_id, {of_one} AS alle"  # noqa: S608 - our own names
        f" FROM {rows} AS rij GROUP BY dossier_id) AS een WHERE een.dossier_id = zoekwoord.dossier_id"
    )
