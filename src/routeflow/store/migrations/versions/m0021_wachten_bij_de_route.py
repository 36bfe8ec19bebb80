"""For what a route waits stands in its own row: it changes with it, and is read with it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: None = None
depends_on: None = None

_SQLITE = """
UPDATE route SET wachten = (
    SELECT json_group_array(json_array(
        substr(id, 1, 8) || '-' || substr(id, 9, 4) || '-' || substr(id, 13, 4) || '-'
            || substr(id, 17, 4) || '-' || substr(id, 21),
        soort, naam, proces, element))
    FROM wacht WHERE wacht.dossier_id = route.dossier_id)
WHERE dossier_id IN (SELECT dossier_id FROM wacht)
"""
_POSTGRESQL = """
UPDATE route SET wachten = found.wachten
FROM (
    SELECT dossier_id, json_agg(json_build_array(id, soort, naam, proces, element)) AS wachten
    FROM wacht GROUP BY dossier_id) AS found
WHERE found.dossier_id = route.dossier_id
"""


def upgrade() -> None:
    """Bring the rows of ``wacht`` over, and let that table go."""
    op.add_column(
        "route", sa.Column("wachten", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_SQLITE if sqlite else _POSTGRESQL)
    op.drop_table("wacht")
