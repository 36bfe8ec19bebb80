"""The command that brings running dossiers to another version."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.cli.beheer import OPDRACHTREGEL, openen
from routeflow.cli.uitvoer import toon_json
from routeflow.clock import Clock
from routeflow.commands import migratie
from routeflow.errors import NotFound
from routeflow.store import Store, read, transact
from routeflow.store.models import Deployment, Dossier, Route

Vertaling = dict[str, dict[str, str]]


@click.command()
@click.option("--naar", type=int, required=True, help="Het nummer van de versie.")
@click.option("--van", type=int, help="Alleen dossiers die nu op deze versie lopen.")
@click.option("--dossier", "nummers", multiple=True, help="Alleen dit dossier. Mag vaker.")
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON: per proces welk onderdeel nu hoe heet: {"p06_brede_intake": {"oud": "nieuw"}}.',
)
@click.option("--proef", is_flag=True, help="Laat zien wat er gebeurt en verander niets.")
@click.option(
    "--reden", default="", help="Waarom deze dossiers overgaan. Verplicht zonder --proef."
)
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def migrate(  # noqa: PLR0913 - each is an option of the command
    naar: int,
    van: int | None,
    nummers: tuple[str, ...],
    mapping: Path | None,
    reden: str,
    *,
    proef: bool,
    als_json: bool,
) -> None:
    """Breng lopende dossiers naar een andere versie van de processen.

    Elk dossier gaat apart. Stopt u halverwege, geef dan dezelfde opdracht nog een keer: wat al
    over is, blijft over. Eindigt met 1 als een dossier op zijn eigen versie blijft.
    """
    if not proef and not reden.strip():
        raise click.UsageError("Geef een --reden, of kijk eerst met --proef.")
    _, store, clock = openen()
    vertaling = _lees(mapping)
    read(store.sessions, partial(_bestaat, naar=naar))
    ids = read(store.sessions, lambda session: [_id(session, nummer) for nummer in nummers])
    wijze: dict[str, Any] = {"naar": naar, "mapping": vertaling, "by": OPDRACHTREGEL}
    breng = partial(migratie.migrate_dossier, reden=reden, **wijze)
    voorstellen: list[migratie.Voorstel] = []
    for stapel in _stapels(store, naar, van, ids if nummers else None):
        kijk = partial(migratie.plan, dossiers=stapel, now=clock(), **wijze)
        gevonden = read(store.sessions, kijk)
        if not proef:
            gevonden = [_doe(store, clock, een, breng) for een in gevonden]
        voorstellen += gevonden
        if not als_json:
            click.echo(f"{len(voorstellen)} dossiers bekeken", err=True)
    _toon(voorstellen, proef=proef, als_json=als_json)
    raise SystemExit(any(not een.kan for een in voorstellen))


def _lees(bestand: Path | None) -> Vertaling:
    if bestand is None:
        return {}
    try:
        return migratie.lees_mapping(json.loads(bestand.read_text("utf-8")))
    except ValueError as error:
        raise click.BadParameter(f"dit is geen JSON: {error}", param_hint="--mapping") from error


def _bestaat(session: Session, naar: int) -> None:
    if session.get(Deployment, naar) is None:
        raise NotFound(f"Versie {naar} bestaat niet.")


def _id(session: Session, nummer: str) -> UUID:
    gevonden = session.scalar(select(Dossier.id).where(Dossier.nummer == nummer))
    if gevonden is None:
        raise NotFound(f"Er is geen dossier {nummer}.")
    return gevonden


def _stapels(
    store: Store, naar: int, van: int | None, ids: list[UUID] | None
) -> Iterator[list[UUID]]:
    """Yield the dossiers to look at, a few at a time, each of them once."""
    if ids is not None:
        yield read(store.sessions, partial(_op_versie, ids=ids, van=van))
        return
    na = ""
    while True:
        zoek = partial(migratie.te_gaan, naar=naar, van=van, na=na)
        rijen = read(store.sessions, zoek)
        if not rijen:
            return
        na = rijen[-1][1]
        yield [dossier_id for dossier_id, _ in rijen]


def _op_versie(session: Session, ids: list[UUID], van: int | None) -> list[UUID]:
    gezocht = select(Route.dossier_id).where(Route.dossier_id.in_(ids))
    if van is not None:
        gezocht = gezocht.where(Route.deployment_id == van)
    return list(session.scalars(gezocht))


def _doe(
    store: Store, clock: Clock, een: migratie.Voorstel, breng: Callable[..., Any]
) -> migratie.Voorstel:
    """Bring one dossier over; what it became, or the reasons why it stays."""
    if not een.kan:
        return een
    work = partial(breng, dossier_id=een.dossier_id, now=clock())
    return migratie.probeer(een, lambda: transact(store.sessions, work))


def _toon(voorstellen: list[migratie.Voorstel], *, proef: bool, als_json: bool) -> None:
    if als_json:
        toon_json(
            [
                {
                    "dossier": een.nummer,
                    "van": een.van,
                    "gaat": een.kan,
                    "erbij": list(een.erbij),
                    "weg": list(een.weg),
                    "redenen": [
                        {"proces": m.process, "element": m.element, "tekst": m.tekst}
                        for m in een.moeilijkheden
                    ],
                }
                for een in voorstellen
            ]
        )
        return
    if not voorstellen:
        click.echo("Er lopen geen dossiers die nog naar deze versie moeten.")
        return
    blijft = Counter(m for een in voorstellen for m in een.moeilijkheden)
    if blijft:
        tabel = Table("dossiers", "proces", "onderdeel", "waarom het niet gaat")
        for m, aantal in blijft.most_common():
            tabel.add_row(str(aantal), m.process, m.element, m.tekst)
        Console().print(tabel)
    anders = [een for een in voorstellen if een.erbij or een.weg]
    if anders:
        tabel = Table("dossier", "taken erbij", "taken weg")
        for een in anders:
            tabel.add_row(een.nummer, ", ".join(een.erbij), ", ".join(een.weg))
        Console().print(tabel)
    gaan = sum(een.kan for een in voorstellen)
    enkel, meer = ("kan over", "kunnen over") if proef else ("is over", "zijn over")
    blijven = len(voorstellen) - gaan
    click.echo(
        f"{_telwoord(gaan, enkel, meer)}, {_telwoord(blijven, 'blijft', 'blijven')} op de eigen versie."
    )


def _telwoord(aantal: int, een: str, meer: str) -> str:
    return f"1 dossier {een}" if aantal == 1 else f"{aantal} dossiers {meer}"
