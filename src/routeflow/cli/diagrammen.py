"""routeflow check and routeflow run: judging and trying diagrams, without a database."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from routeflow import engine
from routeflow.cli.uitvoer import lees_context, toon_json
from routeflow.clock import system_clock
from routeflow.commands import deployments
from routeflow.commands.boetes import boeteadvies
from routeflow.commands.ladder import vandaag
from routeflow.engine import svg
from routeflow.errors import Incident, Invalid
from routeflow.feel.json import to_json
from routeflow.inburgering import regels
from routeflow.inburgering.feestdagen import werkdagen_verder
from routeflow.inburgering.normen import norm

_KINDS = {".bpmn", ".dmn", ".form"}
_SET = ("processes", "forms")
_RONDJES = 50  # so often past one element, and the trial still not over: it goes round


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


@click.command()
@click.argument("bestanden", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--data", metavar="JSON", help="De feiten waarmee de proef begint.")
@click.option(
    "--antwoorden", metavar="JSON", help='Antwoorden per taak: {"id_van_de_taak": {"veld": 1}}.'
)
@click.option("--proces", help="Het proces-id, als er meer zijn.")
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def run(
    bestanden: tuple[Path, ...],
    data: str | None,
    antwoorden: str | None,
    proces: str | None,
    *,
    als_json: bool,
) -> None:
    """Probeer een diagram: voltooi de taken en toon de elementen in de volgorde waarin ze langskomen.

    Taken krijgen de gegeven antwoorden; wie er geen heeft, wordt zonder antwoord voltooid. Is er
    geen taak open, dan gaat de klok van de proef naar de volgende timer; wacht alles op een
    bericht, dan komt het. Geef alle BESTANDEN die het diagram aanroept erbij. Termijnen tellen
    vanaf de feiten in --data. Eindigt met 1 als de route niet af komt.
    """
    files = lees_set(bestanden)
    if not files:
        raise Invalid("Hier staan geen bestanden .bpmn of .dmn.")
    fouten = [b for b in engine.check(files, None) if b.severity == "fout"]
    if fouten:
        toon_bevindingen(fouten)
        raise SystemExit(1)
    definition = engine.load(files)
    begin = proces or _eerste(definition, files)
    if begin not in definition.processes:
        bekend = ", ".join(definition.processes)
        raise Invalid(f"Het proces {begin} staat niet in deze bestanden. Wel: {bekend}.")
    feiten = lees_context(data, "--data")
    now = system_clock()
    try:
        proef = engine.trial(
            definition,
            begin,
            facts=feiten,
            answers=lees_context(antwoorden, "--antwoorden"),
            now=now,
            functions=lambda geopend: _functies(definition, feiten, geopend, now),
        )
    except Incident as incident:
        plaats = f" bij {incident.element}" if incident.element else ""
        raise Invalid(f"De proef stopt{plaats}: {incident.reden}") from incident
    namen = {
        element.id: element.name
        for proces_id in definition.processes
        for element in definition.elements(proces_id)
    }
    if als_json:
        click.echo(
            json.dumps(
                {
                    "process": begin,
                    "elements": list(proef.visited),
                    "finished": proef.finished,
                    "waiting": list(proef.waiting),
                    "facts": to_json(dict(proef.facts)),
                },
                ensure_ascii=False,
            )
        )
    else:
        for element in proef.visited:
            click.echo(f"{element}\t{namen.get(element, '')}".rstrip())
    if not proef.finished:
        click.echo(_waarom_niet_af(proef), err=True)
    raise SystemExit(not proef.finished)


def _waarom_niet_af(proef: engine.Trial) -> str:
    wacht = f"niet af; wacht bij: {', '.join(proef.waiting) or 'niets'}"
    rond = [element for element, keer in Counter(proef.visited).items() if keer > _RONDJES]
    if not rond:
        return wacht
    return (
        f"{wacht}\nDe route blijft rondgaan langs {', '.join(rond)}. Geef met --data of "
        "--antwoorden wat de lus beëindigt."
    )


def _functies(
    definition: engine.Definition, feiten: Mapping[str, Any], geopend: datetime, now: datetime
) -> Mapping[str, Callable[..., Any]]:
    """Return what expressions of the product may call; terms count from the facts of --data."""
    world = engine.World(now=now, facts={}, functions=lambda _geopend: {}, services={})

    def afspraak(naam: str) -> Any:  # noqa: ANN401 - a row of the table
        if "werkafspraken" not in definition.decisions:
            return None
        return engine.decide(definition, "werkafspraken", {"termijn": naam}, world).value

    def termijn(naam: str) -> Any:  # noqa: ANN401 - a date or FEEL's null
        gevonden = regels.termijn(naam, feiten, afspraken=afspraak, geopend=geopend)
        return None if gevonden is None else gevonden.laatste_dag()

    return {
        "termijn": termijn,
        "werkdagen": lambda aantal: werkdagen_verder(vandaag(geopend), int(aantal)),
        "voor": lambda datum, aantal: werkdagen_verder(datum, -int(aantal)),
        "norm": norm,
        "boeteadvies": boeteadvies(feiten, lambda _onderwerp: None, vandaag(now)),
    }


def _eerste(definition: engine.Definition, files: dict[str, bytes]) -> str:
    """Return the process of the first file, or the only one that no other process calls."""
    eerste = next(iter(files))
    kandidaten = [p for p in definition.processes if definition.file_of(p) == eerste]
    if len(kandidaten) == 1:
        return kandidaten[0]
    kandidaten = kandidaten or list(definition.processes)
    if not kandidaten:
        raise Invalid("In deze bestanden staat geen proces.")
    if len(kandidaten) > 1:
        raise Invalid(f"Er zijn meer processen; kies met --proces: {', '.join(kandidaten)}.")
    return kandidaten[0]
