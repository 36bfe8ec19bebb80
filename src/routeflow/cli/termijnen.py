"""routeflow termijn: the last day of a statutory term, and how it was counted."""

import click
from rich.console import Console
from rich.table import Table

from routeflow.cli.uitvoer import toon_json
from routeflow.inburgering import regels


@click.command()
@click.argument("naam")
@click.option(
    "--feit",
    "feiten",
    multiple=True,
    metavar="NAAM=WAARDE",
    help="Een feit, zoals kennisgeving=2026-02-16.",
)
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def termijn(naam: str, feiten: tuple[str, ...], *, als_json: bool) -> None:
    """Bereken de laatste dag van de termijn NAAM uit de gegeven feiten.

    Voorbeeld: routeflow termijn pip --feit kennisgeving=2026-02-16 --feit inschrijving_brp=2026-01-05
    """
    gegeven = {}
    for feit in feiten:
        sleutel, teken, waarde = feit.partition("=")
        if not teken or not sleutel.strip():
            raise click.BadParameter(f"schrijf NAAM=WAARDE, niet {feit!r}", param_hint="--feit")
        gegeven[sleutel.strip()] = waarde.strip()
    uitkomst = regels.bereken(naam, gegeven)
    if als_json:
        toon_json(uitkomst)
        return
    tabel = Table(show_header=False, title=naam)
    for sleutel, waarde in uitkomst.items():
        if sleutel == "overgeslagen":
            tekst = "\n".join(f"{dag['dag']} {dag['reden']}" for dag in waarde) or "geen"
        else:
            tekst = (
                {True: "ja", False: "nee", None: "onbekend"}.get(waarde, str(waarde))
                if isinstance(waarde, bool | None)
                else str(waarde)
            )
        tabel.add_row(sleutel.replace("_", " "), tekst)
    Console().print(tabel)
