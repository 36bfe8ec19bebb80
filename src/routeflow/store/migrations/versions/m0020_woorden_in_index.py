"""All words of a dossier in the index of each word: a search for several reads nothing else.

Of PostgreSQL: in SQLite the rows of this table are their own index already.
"""

import sqlalchemy as sa
from alembic import op

from routeflow.store.waarden import zoekrijen

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: None = None
depends_on: None = None

_FITS = 500  # characters: an entry of an index holds 2,704 bytes


def upgrade() -> None:
    """Keep of each dossier the words that fit, then set the index."""
    _keep_what_fits()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE zoekwoord DROP CONSTRAINT pk_zoekwoord, ADD CONSTRAINT pk_zoekwoord"
            " PRIMARY KEY (woord, begin, dossier_id) INCLUDE (woorden)"
        )


def _keep_what_fits() -> None:
    dossier = sa.table("dossier", sa.column("id", sa.Uuid()), sa.column("zoek", sa.String()))
    words = sa.table(
        "zoekwoord",
        sa.column("woord", sa.String()),
        sa.column("begin", sa.String()),
        sa.column("dossier_id", sa.Uuid()),
        sa.column("woorden", sa.String()),
    )
    connection = op.get_bind()
    too_long = sa.select(words.c.dossier_id).where(sa.func.length(words.c.woorden) > _FITS)
    found = sa.select(dossier.c.id, dossier.c.zoek).where(dossier.c.id.in_(too_long))
    for row in connection.execute(found).all():
        connection.execute(sa.delete(words).where(words.c.dossier_id == row.id))
        rows = [
            {column.name: new[column.name] for column in words.columns}
            for new in zoekrijen(row.id, row.zoek)
        ]
        if rows:
            connection.execute(sa.insert(words), rows)
