"""routeflow feel and routeflow decide: expressions and decision tables, without a database."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import click

from routeflow import feel as language
from routeflow.cli.uitvoer import lees_context, lees_json, regels, toon_json
from routeflow.clock import system_clock
from routeflow.engine import decisions
from routeflow.errors import Incident, Invalid, Refusal
from routeflow.feel.json import to_json

Soort = Literal["expression", "unary tests"]

typed_option = click.option(
    "--typed", is_flag=True, help='Antwoord met typen: {"@type": "date", "@value": "2026-02-16"}.'
)


@click.command(name="feel")
@click.argument("expressie", required=False)
@click.option("--context", "context", metavar="JSON", help="De waarden die de expressie kent.")
@click.option("--unary", is_flag=True, help="Lees EXPRESSIE als toets (unary tests) op '?'.")
@click.option("--jsonl", is_flag=True, help="Lees regels JSON van stdin; één antwoord per regel.")
@typed_option
def feel(
    expressie: str | None, context: str | None, *, unary: bool, jsonl: bool, typed: bool
) -> None:
    """Reken een FEEL-EXPRESSIE uit en geef het antwoord als JSON.

    Waarden met een type schrijft u als {"@type": "date", "@value": "2026-02-16"}.

    \b
    Met --jsonl is elke regel {"expression": "...", "context": {...}} en elk antwoord
    {"result": ..., "reasons": [...]} of, als de expressie niet te lezen is, {"error": "..."}.
    Staat EXPRESSIE op de opdrachtregel, dan is elke regel alleen de context.
    """
    now = system_clock()
    kind: Soort = "unary tests" if unary else "expression"
    if jsonl:
        _per_regel(lambda vraag: _feel_regel(vraag, expressie, kind, now), typed=typed)
        return
    if expressie is None:
        raise click.UsageError("Geef een expressie, of --jsonl.")
    waarden = lees_context(context, "--context")
    waarde, redenen = _feel(expressie, kind, waarden, now)
    for reden in redenen:
        click.echo(reden, err=True)
    toon_json(waarde, typed=typed)


def _feel(
    expressie: str, kind: Soort, waarden: Mapping[str, Any], now: datetime
) -> tuple[Any, list[str]]:
    compiled = language.compile(expressie, kind=kind, names=tuple(waarden))
    return compiled.evaluate_with_reasons(waarden, now=now)


def _feel_regel(
    vraag: dict[str, Any], expressie: str | None, kind: Soort, now: datetime
) -> dict[str, Any]:
    if expressie is not None:
        waarde, redenen = _feel(expressie, kind, _object(vraag, "context", vraag), now)
    else:
        tekst = vraag.get("expression")
        if not isinstance(tekst, str):
            raise Invalid('De regel heeft geen "expression".')
        soort: Soort = "unary tests" if vraag.get("unary") else kind
        waarde, redenen = _feel(tekst, soort, _object(vraag, "context", {}), now)
    return {"result": waarde, "reasons": redenen}


@click.command()
@click.argument(
    "bestand", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.argument("beslissing", required=False)
@click.option("--input", "invoer", metavar="JSON", help="De invoer van de beslissing.")
@click.option("--uitleg", is_flag=True, help="Geef ook de regels die golden en de redenen.")
@click.option("--jsonl", is_flag=True, help="Lees regels JSON van stdin; één antwoord per regel.")
@typed_option
def decide(  # noqa: PLR0913 - each is an option of the command
    bestand: Path | None,
    beslissing: str | None,
    invoer: str | None,
    *,
    uitleg: bool,
    jsonl: bool,
    typed: bool,
) -> None:
    """Neem BESLISSING (id of naam) uit BESTAND (.dmn) en geef het antwoord als JSON.

    Heeft het bestand één beslissing, dan mag BESLISSING weg.

    \b
    Met --jsonl is elke regel de invoer; of, zonder BESTAND,
    {"model": "pad.dmn", "decision": "...", "input": {...}}.
    Elk antwoord is {"result": ..., "reasons": [...]} of {"error": "..."}.
    """
    now = system_clock()
    if jsonl:
        _per_regel(lambda vraag: _decide_regel(vraag, bestand, beslissing, now), typed=typed)
        return
    if bestand is None:
        raise click.UsageError("Geef een .dmn-bestand, of --jsonl.")
    uitkomst = _decide(bestand, beslissing, lees_context(invoer, "--input"), now)
    if uitleg:
        toon_json(
            {
                "result": uitkomst.value,
                "reasons": list(uitkomst.reasons),
                "matched": {tabel: list(rijen) for tabel, rijen in uitkomst.matched.items()},
            },
            typed=typed,
        )
        return
    for reden in uitkomst.reasons:
        click.echo(reden, err=True)
    toon_json(uitkomst.value, typed=typed)


@cache
def _model(pad: Path) -> decisions.Model:
    return decisions.load(pad.read_bytes(), pad.name, strict=False)


def _decide(
    bestand: Path, beslissing: str | None, invoer: Mapping[str, Any], now: datetime
) -> decisions.Decision:
    model = _model(bestand)
    if beslissing is None:
        if len(model.decisions) != 1:
            namen = ", ".join(sorted(model.decisions))
            raise Invalid(f"{bestand.name} heeft meer beslissingen; noem er een: {namen}.")
        beslissing = next(iter(model.decisions))
    return model.decide(beslissing, invoer, now=now)


def _decide_regel(
    vraag: dict[str, Any], bestand: Path | None, beslissing: str | None, now: datetime
) -> dict[str, Any]:
    if bestand is not None:
        uitkomst = _decide(bestand, beslissing, _object(vraag, "input", vraag), now)
    else:
        pad = vraag.get("model")
        if not isinstance(pad, str) or not Path(pad).is_file():
            raise Invalid('De regel heeft geen "model" dat een bestand is.')
        uitkomst = _decide(Path(pad), vraag.get("decision"), _object(vraag, "input", {}), now)
    return {"result": uitkomst.value, "reasons": list(uitkomst.reasons)}


def _object(vraag: dict[str, Any], naam: str, anders: dict[str, Any]) -> dict[str, Any]:
    gevonden = vraag.get(naam)
    if gevonden is None:
        return anders
    if not isinstance(gevonden, dict):
        raise Invalid(f'"{naam}" is geen JSON-object.')
    return gevonden


def _per_regel(
    antwoord: Callable[[dict[str, Any]], Mapping[str, Any]], *, typed: bool = False
) -> None:
    """Answer each line of stdin; a line that cannot be answered gets its error, the rest goes on."""
    for nummer, regel in regels():
        try:
            vraag = lees_json(regel, f"regel {nummer}")
            if not isinstance(vraag, dict):
                raise Invalid("De regel is geen JSON-object.")
            uitkomst = to_json(antwoord(vraag), typed=typed)
        except click.BadParameter as fout:
            uitkomst = {"error": fout.message}
        except (Refusal, Incident) as fout:
            uitkomst = {"error": str(fout)}
        click.echo(json.dumps(uitkomst, ensure_ascii=False))
