"""routeflow feel and routeflow decide: expressions and decision tables, without a database."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import click

from routeflow import feel as language
from routeflow.cli.uitvoer import als_json, lees_context, lees_json, regels, toon_json
from routeflow.clock import system_clock
from routeflow.engine import decisions
from routeflow.errors import Incident, Invalid, Refusal

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
    compiled = language.compile(expressie, kind=kind, names=tuple(_namen(waarden)))
    return compiled.evaluate_with_reasons(waarden, now=now)


def _namen(waarden: Mapping[str, Any]) -> Iterator[str]:
    """Yield every name in the values, inner ones too: each may hold spaces or a sign such as -."""
    todo: list[Any] = [waarden]
    for waarde in todo:
        if isinstance(waarde, Mapping):
            yield from waarde
            todo.extend(waarde.values())
        elif isinstance(waarde, list):
            todo.extend(waarde)


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
    """Neem BESLISSING uit BESTAND (.dmn) en geef het antwoord als JSON.

    BESLISSING is de id of de naam van een beslissing, een beslissingsdienst (decision service) of
    een kennismodel (business knowledge model). Heeft het bestand één beslissing, dan mag ze weg.
    De gegevens van een dienst of kennismodel staan met hun naam in --input. Wat het bestand
    invoegt (import) wordt gezocht in dezelfde map, op naamruimte of op plaats.

    \b
    Waarden met een type, in --input en met --typed ook in het antwoord:
      {"@type": "number", "@value": "12.50"}       {"@type": "date", "@value": "2026-02-16"}
      {"@type": "time", "@value": "13:00:00"}      {"@type": "date and time", "@value": "..."}
      {"@type": "days and time duration", "@value": "P2DT3H"}
      {"@type": "years and months duration", "@value": "P1Y2M"}
    Getallen, teksten, true, false, null, lijsten en objecten zijn gewone JSON. In --input mogen
    ook de namen van XML Schema: decimal, double, integer, dateTime, duration, string, boolean.

    Wat niet uit te rekenen is, is null; de redenen staan op stderr, of met --uitleg in het
    antwoord. Een beslissing die niet bestaat of een bestand dat niet te lezen is, eindigt met 1.

    \b
    Met --jsonl is elke regel de invoer, of {"decision": "...", "input": {...}}; of, zonder BESTAND,
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
        antwoord = {"result": uitkomst.value, "reasons": uitkomst.reasons}
        rijen = {tabel: list(regels) for tabel, regels in uitkomst.matched.items()}
        toon_json({**_geschreven(antwoord, typed=typed), "matched": rijen})
        return
    for reden in uitkomst.reasons:
        click.echo(reden, err=True)
    toon_json(uitkomst.value, typed=typed)


class _Map(Mapping[str, bytes]):
    """The tables in a folder, read when asked for; nothing outside the folder."""

    def __init__(self, pad: Path) -> None:
        self.pad = pad.resolve()

    def __getitem__(self, naam: str) -> bytes:
        bestand = (self.pad / naam).resolve()
        if bestand.suffix != ".dmn" or not bestand.is_relative_to(self.pad):
            raise KeyError(naam)
        try:
            return bestand.read_bytes()
        except OSError as fout:
            raise KeyError(naam) from fout

    def __iter__(self) -> Iterator[str]:
        return (bestand.name for bestand in sorted(self.pad.glob("*.dmn")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@lru_cache(maxsize=100)
def _model(pad: Path) -> decisions.Model:
    return decisions.load(pad.read_bytes(), pad.name, strict=False, others=_Map(pad.parent))


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
        if vraag.keys() == {"decision", "input"}:
            beslissing = str(vraag["decision"])
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


def _geschreven(antwoord: Mapping[str, Any], *, typed: bool) -> dict[str, Any]:
    waarde, reden = als_json(antwoord["result"], typed=typed)
    return {"result": waarde, "reasons": [*antwoord["reasons"], *([reden] if reden else [])]}


def _per_regel(
    antwoord: Callable[[dict[str, Any]], Mapping[str, Any]], *, typed: bool = False
) -> None:
    """Answer each line of stdin; a line that cannot be answered gets its error, the rest goes on."""
    for nummer, regel in regels():
        try:
            vraag = lees_json(regel, f"regel {nummer}")
            if not isinstance(vraag, dict):
                raise Invalid("De regel is geen JSON-object.")
            uitkomst = _geschreven(antwoord(vraag), typed=typed)
        except click.BadParameter as fout:
            uitkomst = {"error": fout.message}
        except (Refusal, Incident) as fout:
            uitkomst = {"error": str(fout)}
        click.echo(json.dumps(uitkomst, ensure_ascii=False))
