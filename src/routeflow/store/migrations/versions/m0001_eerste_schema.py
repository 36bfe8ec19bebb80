"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:  # noqa: PLR0915 - one statement a table or index
    """Create every table."""
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("partij", sa.String(length=100), nullable=False),
        sa.Column("wachtwoord", sa.String(length=200), nullable=False),
        sa.Column("actief", sa.Boolean(), nullable=False),
        sa.Column("sessie_versie", sa.Integer(), nullable=False),
        sa.Column("rollen", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_index(op.f("ix_account_partij"), "account", ["partij"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gepubliceerd_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=200), nullable=False),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_index("ix_deployment_digest", "deployment", ["digest"], unique=False)
    op.create_table(
        "inlogpoging",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("adres", sa.String(length=64), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inlogpoging")),
    )
    op.create_index("ix_inlogpoging_op", "inlogpoging", ["op"], unique=False)
    op.create_table(
        "klok",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verschuiving", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_klok")),
    )
    op.create_table(
        "teller",
        sa.Column("naam", sa.String(length=60), nullable=False),
        sa.Column("stand", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("naam", name=op.f("pk_teller")),
    )
    op.create_table(
        "bestand",
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("pad", sa.String(length=200), nullable=False),
        sa.Column("inhoud", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_bestand_deployment_id")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "pad", name=op.f("pk_bestand")),
    )
    op.create_table(
        "dossier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("nummer", sa.String(length=20), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("zoek", sa.String(length=400), nullable=False),
        sa.Column("doelgroep", sa.String(length=60), nullable=False),
        sa.Column("leerroute", sa.String(length=20), nullable=True),
        sa.Column("fase", sa.String(length=60), nullable=False),
        sa.Column("wet", sa.String(length=10), nullable=False),
        sa.Column("bsn", sa.String(length=9), nullable=True),
        sa.Column("v_nummer", sa.String(length=12), nullable=True),
        sa.Column("casemanager_id", sa.Uuid(), nullable=True),
        sa.Column("geopend_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gesloten_reden", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["casemanager_id"], ["account.id"], name=op.f("fk_dossier_casemanager_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("bsn", name=op.f("uq_dossier_bsn")),
        sa.UniqueConstraint("nummer", name=op.f("uq_dossier_nummer")),
        sa.UniqueConstraint("v_nummer", name=op.f("uq_dossier_v_nummer")),
    )
    op.create_index(op.f("ix_dossier_casemanager_id"), "dossier", ["casemanager_id"], unique=False)
    op.create_index("ix_dossier_fase", "dossier", ["fase", "zoek"], unique=False)
    op.create_index("ix_dossier_naam", "dossier", ["naam"], unique=False)
    op.create_index("ix_dossier_zoek", "dossier", ["zoek"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ingetrokken_op", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_table(
        "bericht",
        sa.Column("bericht_id", sa.String(length=100), nullable=False),
        sa.Column("bericht", sa.String(length=100), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("bsn", sa.String(length=9), nullable=True),
        sa.Column("v_nummer", sa.String(length=12), nullable=True),
        sa.Column("gegevens", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("van", sa.String(length=200), nullable=False),
        sa.Column("ontvangen_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("verwerkt_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bezorgd_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("volgende_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_tot", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('ontvangen', 'bezorgd', 'onbestelbaar')", name=op.f("ck_bericht_status")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_bericht_dossier_id")),
        sa.PrimaryKeyConstraint("bericht_id", name=op.f("pk_bericht")),
    )
    op.create_index(op.f("ix_bericht_dossier_id"), "bericht", ["dossier_id"], unique=False)
    op.create_index(
        "ix_bericht_wachtend",
        "bericht",
        ["volgende_op"],
        unique=False,
        sqlite_where=sa.text("status = 'ontvangen'"),
        postgresql_where=sa.text("status = 'ontvangen'"),
    )
    op.create_table(
        "feit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("naam", sa.String(length=100), nullable=False),
        sa.Column("waarde", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sinds", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taak_id", sa.Uuid(), nullable=True),
        sa.Column("door", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_feit_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feit")),
    )
    op.create_index("ix_feit_dossier", "feit", ["dossier_id", "id"], unique=False)
    op.create_index(
        "ux_feit_nu",
        "feit",
        ["dossier_id", "naam"],
        unique=True,
        sqlite_where=sa.text("tot IS NULL"),
        postgresql_where=sa.text("tot IS NULL"),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("soort", sa.String(length=20), nullable=False),
        sa.Column("bron", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=100), nullable=True),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("opgelost_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opgelost_door", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_incident_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_dossier_id"), "incident", ["dossier_id"], unique=False)
    op.create_index(
        "ux_incident_bron",
        "incident",
        ["soort", "bron"],
        unique=True,
        sqlite_where=sa.text("opgelost_op IS NULL"),
        postgresql_where=sa.text("opgelost_op IS NULL"),
    )
    op.create_table(
        "journaal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("deployment_id", sa.Integer(), nullable=True),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=200), nullable=False),
        sa.Column("door_id", sa.Uuid(), nullable=True),
        sa.Column("wat", sa.String(length=60), nullable=False),
        sa.Column("element", sa.String(length=100), nullable=True),
        sa.Column("gegevens", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pad", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("keten", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_journaal_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journaal")),
    )
    op.create_index("ix_journaal_dossier", "journaal", ["dossier_id", "id"], unique=False)
    op.create_table(
        "melding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("partij", sa.String(length=100), nullable=False),
        sa.Column("rol", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("taak_id", sa.Uuid(), nullable=True),
        sa.Column("soort", sa.String(length=40), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gelezen_op", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_melding_account_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_melding_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_melding")),
    )
    op.create_index(op.f("ix_melding_dossier_id"), "melding", ["dossier_id"], unique=False)
    op.create_index("ix_melding_voor", "melding", ["partij", "rol", "gelezen_op"], unique=False)
    op.create_table(
        "route",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("proces", sa.String(length=100), nullable=False),
        sa.Column("toestand", sa.LargeBinary(), nullable=False),
        sa.Column("beeindigd_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keten", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_route_deployment_id")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_route_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_route")),
    )
    op.create_index(op.f("ix_route_deployment_id"), "route", ["deployment_id"], unique=False)
    op.create_table(
        "taak",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("proces", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=100), nullable=False),
        sa.Column("naam", sa.String(length=300), nullable=False),
        sa.Column("onderdeel", sa.String(length=60), nullable=False),
        sa.Column("rol", sa.String(length=60), nullable=False),
        sa.Column("partij", sa.String(length=100), nullable=False),
        sa.Column("samen_met", sa.String(length=100), nullable=True),
        sa.Column("houder", sa.String(length=20), nullable=False),
        sa.Column("formulier", sa.String(length=100), nullable=False),
        sa.Column("uiterlijk", sa.Date(), nullable=True),
        sa.Column("grond", sa.String(length=200), nullable=True),
        sa.Column("termijn", sa.String(length=60), nullable=True),
        sa.Column("opvolgen", sa.Date(), nullable=True),
        sa.Column("volgorde", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("geopend_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gesloten_door", sa.String(length=200), nullable=True),
        sa.Column("behandelaar_id", sa.Uuid(), nullable=True),
        sa.Column("te_laat_gemeld_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vlag", sa.String(length=60), nullable=True),
        sa.Column("lokaal", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("pad", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("concept", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("antwoorden", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'gedaan', 'vervallen')", name=op.f("ck_taak_status")
        ),
        sa.ForeignKeyConstraint(
            ["behandelaar_id"], ["account.id"], name=op.f("fk_taak_behandelaar_id")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_taak_deployment_id")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_taak_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taak")),
    )
    op.create_index(
        "ix_taak_behandelaar",
        "taak",
        ["behandelaar_id", "volgorde", "id", "status"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND behandelaar_id IS NOT NULL"),
        postgresql_where=sa.text("status = 'open' AND behandelaar_id IS NOT NULL"),
    )
    op.create_index("ix_taak_dossier", "taak", ["dossier_id", "status", "volgorde"], unique=False)
    op.create_index(
        "ix_taak_open",
        "taak",
        ["volgorde", "id", "onderdeel", "rol", "partij", "status"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_taak_partij",
        "taak",
        ["partij", "volgorde", "id", "rol", "onderdeel", "status"],
        unique=False,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_taak_samen_met",
        "taak",
        ["samen_met", "volgorde", "id", "rol", "onderdeel", "partij", "behandelaar_id", "status"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND samen_met IS NOT NULL"),
        postgresql_where=sa.text("status = 'open' AND samen_met IS NOT NULL"),
    )
    op.create_index(
        "ix_taak_te_verdelen",
        "taak",
        ["partij", "volgorde", "id", "rol", "onderdeel", "behandelaar_id", "status"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND behandelaar_id IS NULL"),
        postgresql_where=sa.text("status = 'open' AND behandelaar_id IS NULL"),
    )
    op.create_index("ix_taak_zicht", "taak", ["partij", "rol", "dossier_id"], unique=False)
    op.create_index(
        "ix_taak_zicht_samen",
        "taak",
        ["samen_met", "rol", "partij", "dossier_id"],
        unique=False,
        sqlite_where=sa.text("samen_met IS NOT NULL"),
        postgresql_where=sa.text("samen_met IS NOT NULL"),
    )
    op.create_table(
        "uitgaand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(length=40), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("inhoud", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("aangemaakt_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("volgende_op", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verzonden_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_tot", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('klaar', 'verzonden', 'mislukt')", name=op.f("ck_uitgaand_status")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_uitgaand_dossier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uitgaand")),
    )
    op.create_index(op.f("ix_uitgaand_dossier_id"), "uitgaand", ["dossier_id"], unique=False)
    op.create_index(
        "ix_uitgaand_klaar",
        "uitgaand",
        ["volgende_op"],
        unique=False,
        sqlite_where=sa.text("status = 'klaar'"),
        postgresql_where=sa.text("status = 'klaar'"),
    )
    op.create_table(
        "wacht",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(length=10), nullable=False),
        sa.Column("naam", sa.String(length=100), nullable=False),
        sa.Column("proces", sa.String(length=100), nullable=False),
        sa.Column("element", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_wacht_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wacht")),
    )
    op.create_index(op.f("ix_wacht_dossier_id"), "wacht", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_wacht_naam"), "wacht", ["naam"], unique=False)
    op.create_table(
        "wekker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("soort", sa.String(length=12), nullable=False),
        sa.Column("bron", sa.String(length=120), nullable=False),
        sa.Column("element", sa.String(length=100), nullable=False),
        sa.Column("naam", sa.String(length=300), nullable=False),
        sa.Column("gegevens", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gesloten_op", sa.DateTime(timezone=True), nullable=True),
        sa.Column("afgegaan", sa.Boolean(), nullable=False),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("lease_tot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gestrand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_wekker_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wekker")),
    )
    op.create_index(op.f("ix_wekker_dossier_id"), "wekker", ["dossier_id"], unique=False)
    op.create_index(
        "ix_wekker_op",
        "wekker",
        ["op"],
        unique=False,
        sqlite_where=sa.text("gesloten_op IS NULL"),
        postgresql_where=sa.text("gesloten_op IS NULL"),
    )
    op.create_index(
        "ux_wekker_bron",
        "wekker",
        ["soort", "bron"],
        unique=True,
        sqlite_where=sa.text("gesloten_op IS NULL"),
        postgresql_where=sa.text("gesloten_op IS NULL"),
    )
