"""routeflow run: trying a diagram by itself or act by act, without a database."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from routeflow import engine
from routeflow.cli.diagrammen import lees_set, toon_bevindingen
from routeflow.cli.uitvoer import lees_context, lees_json, regels
from routeflow.clock import system_clock
from routeflow.commands.boetes import boeteadvies
from routeflow.commands.ladder import vandaag
from routeflow.engine import moments
from routeflow.errors import Conflict, Incident, Invalid, Refusal
from routeflow.feel.json import to_json
from routeflow.inburgering import regels as wet
from routeflow.inburgering.feestdagen import werkdagen_verder
from routeflow.inburgering.normen import norm

_RONDJES: Final = 50  # so often past one element, and the trial still not over: it goes round
_HANDELINGEN: Final = ("complete", "timer", "message", "signal", "facts", "pass", "now")


@click.command()
@click.argument("bestanden", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--data", metavar="JSON", help="De feiten waarmee de proef begint.")
@click.option(
    "--antwoorden", metavar="JSON", help='Antwoorden per taak: {"id_van_de_taak": {"veld": 1}}.'
)
@click.option(
    "--diensten",
    metavar="JSON",
    help='Wat een dienst antwoordt: {"type": {"answer": {"veld": 1}}} of {"type": {"error": "code"}}.',
)
@click.option("--proces", help="Het proces-id, als er meer zijn.")
@click.option(
    "--begin", metavar="ID", help="Begin bij dit element, als het proces op meer manieren begint."
)
@click.option("--bericht", metavar="NAAM", help="Begin het proces met dit bericht.")
@click.option("--inhoud", metavar="JSON", help="Wat in dat bericht of signaal staat.")
@click.option("--nu", metavar="MOMENT", help="Waar de klok begint: 2027-01-31T09:00.")
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
@click.option("--jsonl", is_flag=True, help="Lees handelingen van stdin; één antwoord per regel.")
def run(  # noqa: PLR0913 - each is an option of the command
    bestanden: tuple[Path, ...],
    *,
    data: str | None,
    antwoorden: str | None,
    diensten: str | None,
    proces: str | None,
    begin: str | None,
    bericht: str | None,
    inhoud: str | None,
    nu: str | None,
    als_json: bool,
    jsonl: bool,
) -> None:
    """Probeer een diagram: voltooi de taken en toon de elementen in de volgorde waarin ze langskomen.

    Taken krijgen de gegeven antwoorden; wie er geen heeft, wordt zonder antwoord voltooid. Is er
    geen taak open, dan gaat de klok van de proef naar de volgende timer; wacht alles op een
    bericht, dan komt het. Geef alle BESTANDEN die het diagram aanroept erbij. Termijnen tellen
    vanaf de feiten in --data. Kan het proces op meer manieren beginnen, kies dan met --begin; bij
    een begin met een timer staat de klok op dat moment of later. Eindigt met 1 als de route niet af komt.

    \b
    Met --jsonl doet u zelf elke handeling. Elke regel van stdin is er een:
      {"complete": "id_van_de_taak", "answers": {"veld": 1}}
      {"message": "naam", "content": {...}}        {"signal": "naam", "content": {...}}
      {"timer": "id_van_de_gebeurtenis"}           laat deze timer nu afgaan
      {"pass": "P3D"}  {"now": "2027-01-31T09:00"} zet de klok verder; timers gaan op hun tijd af
      {"facts": {"veld": 1}}                       verander feiten van buiten
      {}                                           toon alleen hoe het staat
    Het eerste antwoord is het begin; daarna komt er een op elke regel:
      {"now", "finished", "tasks", "timers", "messages", "signals", "standing", "passed", "sent",
      "facts"}; "passed" en "sent" zijn die van deze handeling.
    Wat niet kan, geeft {"error": "...", "element": "..."} en verandert niets. Een taak, timer of
    bericht wijst u aan met de id van het element, of met de "id" uit het antwoord.
    """
    files = lees_set(bestanden)
    if not files:
        raise Invalid("Hier staan geen bestanden .bpmn of .dmn.")
    fouten = [b for b in engine.check(files, None) if b.severity == "fout"]
    if fouten:
        toon_bevindingen(fouten)
        raise SystemExit(1)
    definition = engine.load(files)
    proces = proces or _eerste(definition, files)
    if proces not in definition.processes:
        bekend = ", ".join(definition.processes)
        raise Invalid(f"Het proces {proces} staat niet in deze bestanden. Wel: {bekend}.")
    if begin is not None and bericht is not None:
        raise Invalid("Kies --begin of --bericht, niet allebei.")
    beantwoord = _antwoorden(antwoorden)
    try:
        tocht = engine.Walk(
            definition,
            proces,
            facts=lees_context(data, "--data"),
            now=_moment(nu, "--nu") if nu else system_clock(),
            functions=lambda *wanneer: _functies(definition, *wanneer),
            services=dict(_diensten(diensten)),
            at=begin,
            message=bericht,
            payload=lees_context(inhoud, "--inhoud"),
        )
        if jsonl:
            _wandel(tocht)
            return
        proef = engine.trial(tocht, beantwoord)
    except (Conflict, Incident) as fout:
        if jsonl:
            _regel(_geweigerd(fout))
        plaats = f" bij {fout.element}" if isinstance(fout, Incident) and fout.element else ""
        raise Invalid(f"De proef stopt{plaats}: {fout}") from fout
    _toon(proef, proces, definition, als_json=als_json)
    raise SystemExit(not proef.finished)


def _toon(
    proef: engine.Trial, proces: str, definition: engine.Definition, *, als_json: bool
) -> None:
    if als_json:
        _regel(
            {
                "process": proces,
                "elements": list(proef.visited),
                "finished": proef.finished,
                "waiting": list(proef.waiting),
                "facts": to_json(dict(proef.facts)),
            }
        )
    else:
        for element in proef.visited:
            click.echo(f"{element}\t{definition.names.get(element, '')}".rstrip())
    if not proef.finished:
        click.echo(_waarom_niet_af(proef), err=True)


def _waarom_niet_af(proef: engine.Trial) -> str:
    wacht = f"niet af; wacht bij: {', '.join(proef.waiting) or 'niets'}"
    if proef.halted:
        wacht += f"\nDe proef stopt na {engine.MAX_ACTS} handelingen; de route kon nog verder."
    rond = [element for element, keer in Counter(proef.visited).items() if keer > _RONDJES]
    if not rond:
        return wacht
    return (
        f"{wacht}\nDe route blijft rondgaan langs {', '.join(rond)}. Geef met --data of "
        "--antwoorden wat de lus beëindigt."
    )


def _wandel(tocht: engine.Walk) -> None:
    """Show where the route stands, do what each line of stdin says, and show it again."""
    _regel(_stand(tocht, 0, 0))
    for nummer, regel in regels():
        passages, verstuurd = len(tocht.passed), len(tocht.sent)
        try:
            _doe(tocht, _handeling(regel, nummer))
            _regel(_stand(tocht, passages, verstuurd))
        except click.BadParameter as fout:
            _regel({"error": fout.message})
        except (Refusal, Incident) as fout:
            _regel(_geweigerd(fout))


def _handeling(regel: str, nummer: int) -> dict[str, Any]:
    gevraagd = lees_json(regel, f"regel {nummer}")
    if not isinstance(gevraagd, dict):
        raise Invalid("De regel is geen JSON-object.")
    gekend = {*_HANDELINGEN, "answers", "content"}
    if vreemd := ", ".join(str(naam) for naam in gevraagd if naam not in gekend):
        raise Invalid(f"Wat is {vreemd}? Een regel kent: {', '.join(_HANDELINGEN)}.")
    if len([naam for naam in _HANDELINGEN if naam in gevraagd]) > 1:
        raise Invalid("Doe per regel een handeling.")
    return gevraagd


def _doe(tocht: engine.Walk, gevraagd: Mapping[str, Any]) -> None:
    """Do the one act that a line asks for."""
    if "complete" in gevraagd:
        tocht.complete(tocht.task(_tekst(gevraagd, "complete")), _object(gevraagd, "answers"))
    elif "timer" in gevraagd:
        tocht.fire(tocht.alarm(_tekst(gevraagd, "timer")))
    elif "message" in gevraagd:
        tocht.deliver(tocht.message(_tekst(gevraagd, "message")), _object(gevraagd, "content"))
    elif "signal" in gevraagd:
        tocht.deliver(tocht.signal(_tekst(gevraagd, "signal")), _object(gevraagd, "content"))
    elif "facts" in gevraagd:
        tocht.learn(_object(gevraagd, "facts"))
    elif "pass" in gevraagd:
        try:
            tocht.pass_time(moments.duration(gevraagd["pass"]).after(tocht.now))
        except ValueError as fout:
            raise Invalid(f"pass: {fout}.") from fout
    elif "now" in gevraagd:
        tocht.pass_time(_moment(gevraagd["now"], "now"))


def _stand(tocht: engine.Walk, passages: int, verstuurd: int) -> dict[str, Any]:
    """Return the present of a walk, and what its last act passed and sent."""
    step = tocht.step
    return {
        "now": tocht.now.isoformat(),
        "finished": step.finished,
        "tasks": [
            {
                "id": taak.id,
                "element": taak.element,
                "name": taak.name,
                "process": taak.process,
                "lane": taak.lane,
                "form": taak.form,
                "due": _dag(taak.due),
                "followUp": _dag(taak.follow_up),
                "path": list(taak.path),
                "local": to_json(dict(taak.local)),
            }
            for taak in step.tasks
        ],
        "timers": [
            {
                "id": timer.id,
                "element": timer.element,
                "process": timer.process,
                "due": _dag(timer.due),
            }
            for timer in step.alarms
        ],
        **{
            f"{soort}s": [
                {"id": w.id, "element": w.element, "process": w.process, "name": w.name}
                for w in step.waits
                if w.kind == soort
            ]
            for soort in ("message", "signal")
        },
        "standing": list(step.standing),
        "passed": [
            {"element": p.element, "what": p.what, "flow": p.flow} for p in tocht.passed[passages:]
        ],
        "sent": [
            {
                "kind": s.kind,
                "name": s.name,
                "element": s.element,
                "content": to_json(dict(s.payload)),
            }
            for s in tocht.sent[verstuurd:]
        ],
        "facts": to_json(dict(tocht.facts)),
    }


def _geweigerd(fout: Refusal | Incident) -> dict[str, Any]:
    return {
        "error": str(fout),
        "element": fout.element if isinstance(fout, Incident) else None,
    }


def _regel(waarde: Mapping[str, Any]) -> None:
    click.echo(json.dumps(waarde, ensure_ascii=False))


def _dag(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _tekst(gevraagd: Mapping[str, Any], naam: str) -> str:
    waarde = gevraagd[naam]
    if not isinstance(waarde, str):
        raise Invalid(f'"{naam}" is geen tekst.')
    return waarde


def _object(gevraagd: Mapping[str, Any], naam: str) -> dict[str, Any]:
    waarde = gevraagd.get(naam, {})
    if not isinstance(waarde, dict):
        raise Invalid(f'"{naam}" is geen JSON-object.')
    return waarde


def _moment(waarde: Any, waar: str) -> datetime:  # noqa: ANN401 - whatever the JSON holds
    try:
        return moments.moment(waarde)
    except (ValueError, OverflowError) as fout:
        raise Invalid(f"{waar}: {fout}.") from fout


def _antwoorden(tekst: str | None) -> dict[str, Any]:
    antwoorden = lees_context(tekst, "--antwoorden")
    for taak, gegeven in antwoorden.items():
        rondes = gegeven if isinstance(gegeven, list) else [gegeven]
        if not all(isinstance(ronde, dict) for ronde in rondes):
            raise click.BadParameter(
                f'geef bij {taak} een object, zoals {{"veld": 1}}, of een lijst van objecten',
                param_hint="--antwoorden",
            )
    return antwoorden


def _diensten(tekst: str | None) -> Iterator[tuple[str, Callable[..., Mapping[str, Any]]]]:
    """Yield the services that answer something, or end in an error."""
    for dienst, doet in lees_context(tekst, "--diensten").items():
        antwoord = doet.get("answer", {}) if isinstance(doet, dict) else None
        code = doet.get("error") if isinstance(doet, dict) else None
        if not isinstance(antwoord, dict) or not isinstance(code, str | None):
            raise click.BadParameter(
                f'geef bij {dienst} {{"answer": {{...}}}} of {{"error": "code"}}',
                param_hint="--diensten",
            )
        yield dienst, _dienst(antwoord, code)


def _dienst(antwoord: Mapping[str, Any], code: str | None) -> Callable[..., Mapping[str, Any]]:
    def dienst(_invoer: Mapping[str, Any], _koppen: Mapping[str, str]) -> Mapping[str, Any]:
        if code is not None:
            raise engine.BpmnError(code)
        return antwoord

    return dienst


def _functies(
    definition: engine.Definition, feiten: Mapping[str, Any], geopend: datetime, now: datetime
) -> Mapping[str, Callable[..., Any]]:
    """Return what expressions of the product may call; terms count from the facts."""
    world = engine.World(now=now, facts={}, functions=lambda _geopend: {}, services={})

    def afspraak(naam: str) -> Any:  # noqa: ANN401 - a row of the table
        if "werkafspraken" not in definition.decisions:
            return None
        return engine.decide(definition, "werkafspraken", {"termijn": naam}, world).value

    def termijn(naam: str, eigen: Any = None) -> Any:  # noqa: ANN401 - a date or FEEL's null
        hier = {een: waarde for een, waarde in (eigen or {}).items() if waarde is not None}
        gevonden = wet.termijn(naam, {**feiten, **hier}, afspraken=afspraak, geopend=geopend)
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
