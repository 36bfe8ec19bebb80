"""The commands that make a backup of the embedded database, and put one back."""

from functools import partial
from pathlib import Path

import click

from routeflow.cli.uitvoer import lees_config
from routeflow.clock import system_clock
from routeflow.commands import doctor
from routeflow.store import backup as kopie
from routeflow.store import migrate, open_store, read
from routeflow.store import opschonen as schrijf_opnieuw


@click.command()
@click.argument("bestand", type=click.Path(dir_okay=False, path_type=Path))
def backup(bestand: Path) -> None:
    """Maak een reservekopie van de ingebouwde database in BESTAND, terwijl alles doorloopt.

    Een bestaand bestand wordt niet overschreven. Voor PostgreSQL: zie de handleiding.
    """
    config = lees_config()
    gemaakt = kopie.backup(config.database, bestand, now=system_clock())
    click.echo(
        f"{bestand} is klaar: {gemaakt.dossiers} dossiers, schema {gemaakt.schema}, "
        f"{bestand.stat().st_size // 1024} kB."
    )


@click.command()
@click.argument("bestand", type=click.Path(dir_okay=False, path_type=Path))
def restore(bestand: Path) -> None:
    """Zet de reservekopie in BESTAND terug. Stop eerst `routeflow serve` en `routeflow worker`.

    De database die er stond, blijft ernaast bewaard. Daarna wordt het schema bijgewerkt en
    gekeken of alles klopt. Eindigt met 1 als er iets niet klopt.
    """
    config = lees_config()
    inhoud, oud, terug = kopie.restore(config.database, bestand, now=system_clock())
    click.echo(
        f"Teruggezet: {inhoud.dossiers} dossiers, zoals het was op {inhoud.made_at:%d-%m-%Y %H:%M} UTC."
    )
    if oud is not None:
        click.echo(f"De database die er stond, staat in {oud}.")
    for wat, namen in (
        ("Deze dossiers waren verwijderd en staan er weer. Verwijder ze opnieuw", terug.erased),
        ("Deze accounts waren uit en zijn weer in gebruik. Zet ze weer uit", terug.accounts),
        ("Deze tokens waren ingetrokken en werken weer. Trek ze weer in", terug.tokens),
    ):
        if namen:
            click.echo(f"Let op: {wat}: {', '.join(namen)}.")
    migrate(config.database)
    store = open_store(config.database)
    try:
        # As of the backup: what fell due since then is for the worker, and no ailment.
        gevonden = read(store.sessions, partial(doctor.diagnose, now=inhoud.made_at))
    finally:
        store.close()
    for een in gevonden:
        click.echo(f"{een.dossier_nummer or '-'}: {een.soort}: {een.tekst}")
    click.echo("Alles klopt." if not gevonden else f"{len(gevonden)} afwijkingen")
    raise SystemExit(bool(gevonden))


@click.command()
def opschonen() -> None:
    """Schrijf de database opnieuw, zodat er niets van verwijderde gegevens in achterblijft.

    Iedereen wacht zolang dit duurt. Reservekopieën veranderen niet.
    """
    store = open_store(lees_config().database)
    try:
        schrijf_opnieuw(store)
    finally:
        store.close()
    click.echo("De database is opnieuw geschreven.")
