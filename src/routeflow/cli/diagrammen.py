"""routeflow check: judging diagrams, tables and forms, without a database."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from routeflow import engine
from routeflow.cli.uitvoer import toon_json
from routeflow.commands import deployments
from routeflow.engine import svg
from routeflow.errors import Invalid

_KINDS = {".bpmn", ".dmn", ".form"}
_SET = ("processes", "forms")


def lees_set(paden: Iterable[Path]) -> dict[str, bytes]:
    """Return the files at ``paden`` (folders: all diagrams, tables and forms in them) by name.

    A name is the path from the folder that holds processes/ and forms/, or the bare file name.
    """
    gevonden: dict[str, bytes] = {}
    for pad in paden:
        bestanden = sorted(pad.rglob("*")) if pad.is_dir() else [pad]
        for bestand in bestanden:
            if bestand.suffix in _KINDS and bestand.is_file():
                gevonden[_naam(bestand)] = bestand.read_bytes()
    return gevonden


def _naam(bestand: Path) -> str:
    delen = bestand.resolve().parts
    for deel in _SET:
        if deel in delen[:-1]:
            return "/".join(delen[len(delen) - 1 - delen[::-1].index(deel) :])
    return bestand.name


def _omgeving(paden: Iterable[Path]) -> dict[str, bytes]:
    """Return the whole set that ``paden`` are part of: their processes/ folder and its forms/."""
    mappen = set()
    for pad in paden:
        for map_ in (pad.resolve(), *pad.resolve().parents):
            if map_.name in _SET:
                mappen |= {map_.parent / deel for deel in _SET if (map_.parent / deel).is_dir()}
    return lees_set(sorted(mappen))


@click.command()
@click.argument("bestanden", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "als_json", is_flag=True, help="Geef de bevindingen als JSON.")
@click.option(
    "--teken",
    type=click.Path(file_okay=False, path_type=Path),
    help="Teken elk pad dat een waarborg breekt als SVG in deze map.",
)
def check(bestanden: tuple[Path, ...], *, als_json: bool, teken: Path | None) -> None:
    """Keur BESTANDEN zoals publiceren doet, zonder te publiceren. Eindigt met 1 als er een wordt geweigerd.

    Staat een bestand in een map processes of forms, dan wordt het gekeurd als deel van die set.
    """
    gegeven = lees_set(bestanden)
    if not gegeven:
        raise Invalid("Hier staan geen bestanden .bpmn, .dmn of .form.")
    bevindingen = [
        bevinding
        for bevinding in deployments.check({**_omgeving(bestanden), **gegeven})
        if bevinding.file in gegeven
    ]
    fout = {bevinding.file for bevinding in bevindingen if bevinding.severity == "fout"}
    if teken is not None:
        _teken_paden(teken, {**_omgeving(bestanden), **gegeven}, bevindingen)
    if als_json:
        toon_json(
            [
                {
                    "file": b.file,
                    "element": b.element,
                    "name": b.name,
                    "code": b.code,
                    "message": b.message,
                    "severity": b.severity,
                    "line": b.line,
                    "path": [{"file": pad, "element": element} for pad, element in b.path],
                }
                for b in bevindingen
            ]
        )
    else:
        toon_bevindingen(bevindingen)
        click.echo(f"{len(gegeven) - len(fout)} van {len(gegeven)} kunnen in dienst")
    raise SystemExit(bool(fout))


def _teken_paden(map_: Path, files: Mapping[str, bytes], bevindingen: list[engine.Finding]) -> None:
    """Write one drawing for each diagram that a broken path passes, with the path marked."""
    map_.mkdir(parents=True, exist_ok=True)
    for nummer, bevinding in enumerate((b for b in bevindingen if b.path), start=1):
        for pad in dict.fromkeys(pad for pad, _ in bevinding.path):
            tokens = {element: "pad" for file, element in bevinding.path if file == pad}
            if pad == bevinding.file and bevinding.element:
                tokens[bevinding.element] = "incident"
            tekening = svg.render(files[pad], tokens, title=bevinding.message, file=pad)
            (map_ / f"{nummer:02}-{Path(pad).stem}.svg").write_text(tekening, encoding="utf-8")


def toon_bevindingen(bevindingen: Iterable[engine.Finding]) -> None:
    console = Console()
    if not console.is_terminal:
        for b in bevindingen:
            plaats = f"{b.file}:{b.line}" if b.line else b.file
            click.echo(
                f"{plaats}: {b.severity}: {b.element or '-'} ({b.name or '-'}): {b.message} [{b.code}]"
            )
        return
    tabel = Table("bestand", "element", "naam", "ernst", "reden")
    for b in bevindingen:
        tabel.add_row(b.file, b.element or "", b.name or "", b.severity, b.message)
    if tabel.row_count:
        console.print(tabel)
