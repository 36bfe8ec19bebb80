"""The commands that work on the database: publish, dossier, taken, account, token, doctor."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from routeflow.cli.diagrammen import lees_set, toon_bevindingen
from routeflow.cli.uitvoer import lees_config, toon_json
from routeflow.clock import Clock, system_clock
from routeflow.commands import accounts, deployments, klok
from routeflow.commands import doctor as arts
from routeflow.commands import taken as taken_commands
from routeflow.commands.keur_termijnen import keur_worker
from routeflow.config import Config
from routeflow.errors import NotFound
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, migrate, open_store, queries, read, transact
from routeflow.store.models import Account, Dossier

# Who has the machine has the product; the journal says that it was done from the command line.
OPDRACHTREGEL = Actor("opdrachtregel", GEMEENTE, frozenset(Rol))


def openen() -> tuple[Config, Store, Clock]:
    """Return the settings, the migrated database (open until the command ends) and its clock."""
    config = lees_config()
    migrate(config.database)
    store = open_store(config.database)
    click.get_current_context().call_on_close(store.close)
    return config, store, klok.clock_for(store, system_clock, demo=config.demo)


@click.command()
@click.argument("bestanden", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--reden", required=True, help="Waarom deze versie in dienst gaat.")
def publish(bestanden: tuple[Path, ...], reden: str) -> None:
    """Zet een set diagrammen, tabellen en formulieren in dienst (standaard: processes/ en forms/)."""
    files = lees_set(bestanden or (Path("processes"), Path("forms")))
    _, store, clock = openen()
    try:
        deployment = transact(
            store.sessions,
            partial(deployments.publish, files=files, reden=reden, by=OPDRACHTREGEL, now=clock()),
        )
    except deployments.Afgekeurd as afgekeurd:
        toon_bevindingen(afgekeurd.findings)
        click.echo(str(afgekeurd), err=True)
        raise SystemExit(1) from afgekeurd
    click.echo(f"Versie {deployment.id} is in dienst ({len(files)} bestanden).")


@click.command()
@click.argument("wat", required=False)
@click.option("--zoek", default="", help="Een deel van de naam of het nummer.")
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def dossier(wat: str | None, zoek: str, *, als_json: bool) -> None:
    """Toon een dossier (WAT: nummer of id), of zoek dossiers."""
    _, store, clock = openen()
    if wat is None:
        _zoek_dossiers(store, clock, zoek, als_json=als_json)
        return
    vandaag = clock().date()

    def look(session: Session) -> dict[str, Any]:
        detail = queries.dossier_detail(session, OPDRACHTREGEL, _dossier_id(session, wat), vandaag)
        return {
            "id": str(detail.dossier.id),
            "nummer": detail.dossier.nummer,
            "naam": detail.dossier.naam,
            "doelgroep": detail.dossier.doelgroep,
            "leerroute": detail.dossier.leerroute,
            "fase": detail.dossier.fase,
            "geopendOp": detail.dossier.geopend_op,
            "geslotenOp": detail.dossier.gesloten_op,
            "wachtOp": list(detail.wacht_op),
            "taken": [
                {
                    "id": str(taak.id),
                    "naam": taak.naam,
                    "rol": taak.rol,
                    "partij": taak.partij,
                    "uiterlijk": taak.uiterlijk,
                }
                for taak in detail.open_taken
            ],
            "feiten": {feit.naam: feit.waarde for feit in detail.feiten},
        }

    gevonden = read(store.sessions, look)
    if als_json:
        toon_json(gevonden)
        return
    console = Console()
    console.print(
        f"[bold]{gevonden['naam']}[/bold] {gevonden['nummer']} · {gevonden['doelgroep']} · "
        f"{gevonden['fase'] or 'afgerond'}"
    )
    tabel = Table("open taak", "rol", "partij", "uiterlijk")
    for taak in gevonden["taken"]:
        tabel.add_row(taak["naam"], taak["rol"], taak["partij"], str(taak["uiterlijk"] or ""))
    console.print(tabel)
    feiten = Table("feit", "waarde")
    for naam, waarde in gevonden["feiten"].items():
        feiten.add_row(naam, str(waarde))
    console.print(feiten)


def _dossier_id(session: Session, wat: str) -> UUID:
    gevonden = session.scalar(select(Dossier.id).where(Dossier.nummer == wat))
    if gevonden:
        return gevonden
    try:
        return UUID(wat)
    except ValueError as error:
        raise NotFound(f"Er is geen dossier {wat}.") from error


def _zoek_dossiers(store: Store, clock: Clock, zoek: str, *, als_json: bool) -> None:
    wanted = queries.DossierFilter(zoek=zoek, status="alle")
    page = read(
        store.sessions,
        lambda session: queries.dossiers(session, OPDRACHTREGEL, wanted, clock().date()),
    )
    if als_json:
        toon_json(
            [
                {
                    "id": str(rij.id),
                    "nummer": rij.nummer,
                    "naam": rij.naam,
                    "doelgroep": rij.doelgroep,
                    "leerroute": rij.leerroute,
                    "fase": rij.fase,
                    "openTaken": rij.open_taken,
                    "teLaat": rij.te_laat,
                }
                for rij in page.rijen
            ]
        )
        return
    tabel = Table("nummer", "naam", "doelgroep", "leerroute", "fase", "open", "te laat")
    for rij in page.rijen:
        tabel.add_row(
            rij.nummer,
            rij.naam,
            rij.doelgroep,
            rij.leerroute or "",
            rij.fase,
            str(rij.open_taken),
            str(rij.te_laat),
        )
    Console().print(tabel)
    click.echo(f"{page.totaal} dossiers", err=True)


@click.command()
@click.option("--te-laat", is_flag=True, help="Alleen wat te laat is.")
@click.option("--partij", help="Alleen van deze partij.")
@click.option("--rol", help="Alleen voor deze rol.")
@click.option("--zoek", default="", help="Een deel van de naam of het nummer van het dossier.")
@click.option(
    "--herverdeel", is_flag=True, help="Toon welke open taken de rolverdeling verplaatst."
)
@click.option("--uitvoeren", is_flag=True, help="Met --herverdeel: verplaats ze ook.")
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def taken(  # noqa: PLR0913 - each is an option of the command
    partij: str | None,
    rol: str | None,
    zoek: str,
    *,
    te_laat: bool,
    herverdeel: bool,
    uitvoeren: bool,
    als_json: bool,
) -> None:
    """Toon open taken, de dringendste eerst; of verdeel ze opnieuw volgens de rolverdeling."""
    _, store, clock = openen()
    if uitvoeren and not herverdeel:
        raise click.UsageError("--uitvoeren hoort bij --herverdeel.")
    if herverdeel:
        _herverdeel(store, clock, uitvoeren=uitvoeren, als_json=als_json)
        return
    wanted = queries.WerklijstFilter(
        tab="team", te_laat=te_laat, partij=partij, rol=rol, zoek=zoek, per_pagina=200
    )
    page = read(
        store.sessions,
        lambda session: queries.werklijst(session, OPDRACHTREGEL, wanted, clock().date()),
    )
    if als_json:
        toon_json(
            [
                {
                    "id": str(rij.taak_id),
                    "naam": rij.naam,
                    "element": rij.element,
                    "dossier": rij.dossier_nummer,
                    "persoon": rij.dossier_naam,
                    "rol": rij.rol,
                    "partij": rij.partij,
                    "samenMet": rij.samen_met,
                    "uiterlijk": rij.uiterlijk,
                    "teLaat": rij.te_laat,
                }
                for rij in page.rijen
            ]
        )
        return
    tabel = Table("uiterlijk", "taak", "dossier", "rol", "partij")
    for rij in page.rijen:
        tabel.add_row(
            str(rij.uiterlijk or ""),
            rij.naam,
            f"{rij.dossier_nummer} {rij.dossier_naam}",
            rij.rol,
            rij.partij,
            style="red" if rij.te_laat else None,
        )
    Console().print(tabel)
    click.echo(f"{len(page.rijen)} van {page.totaal} taken", err=True)


def _herverdeel(store: Store, clock: Clock, *, uitvoeren: bool, als_json: bool) -> None:
    verplaatst = transact(
        store.sessions,
        partial(taken_commands.herverdeel, uitvoeren=uitvoeren, by=OPDRACHTREGEL, now=clock()),
    )
    if als_json:
        toon_json(
            [
                {
                    "taak": str(v.taak_id),
                    "naam": v.taak,
                    "dossier": v.dossier_nummer,
                    "van": v.van,
                    "naar": v.naar,
                    "samenMet": v.samen_met,
                }
                for v in verplaatst
            ]
        )
        return
    tabel = Table("taak", "dossier", "van", "naar")
    for v in verplaatst:
        tabel.add_row(v.taak, v.dossier_nummer, v.van, v.naar)
    Console().print(tabel)
    gedaan = "verplaatst" if uitvoeren else "zouden verhuizen; doe het met --uitvoeren"
    click.echo(f"{len(verplaatst)} taken {gedaan}")


@click.command()
@click.argument("login")
@click.option("--naam", required=True, help="De naam van de gebruiker.")
@click.option("--partij", default=GEMEENTE, show_default=True, help="De organisatie.")
@click.option(
    "--rol", "rollen", multiple=True, required=True, type=click.Choice([str(rol) for rol in Rol])
)
@click.password_option("--wachtwoord", prompt="Wachtwoord", confirmation_prompt="Nog een keer")
def account(login: str, naam: str, partij: str, rollen: tuple[str, ...], wachtwoord: str) -> None:
    """Maak een account met inlognaam LOGIN."""
    _, store, clock = openen()
    transact(
        store.sessions,
        partial(
            accounts.create_account,
            login=login,
            naam=naam,
            partij=partij,
            rollen=[Rol(rol) for rol in rollen],
            wachtwoord=wachtwoord,
            by=OPDRACHTREGEL,
            now=clock(),
        ),
    )
    click.echo(f"Account {login} is gemaakt.")


@click.command()
@click.argument("login")
@click.option("--naam", required=True, help="Waar het token voor is.")
def token(login: str, naam: str) -> None:
    """Maak een API-token voor het account LOGIN. Het geheim staat alleen nu op het scherm."""
    _, store, clock = openen()

    def work(session: Session) -> str:
        wie = session.scalar(select(Account).where(Account.login == login.strip().lower()))
        if wie is None:
            raise NotFound(f"Er is geen account {login}.")
        _, geheim = accounts.create_token(session, naam, by=accounts.actor_of(wie), now=clock())
        return geheim

    click.echo(transact(store.sessions, work))


@click.command()
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def doctor(*, als_json: bool) -> None:
    """Kijk of de rijen kloppen met de routes. Herstelt niets. Eindigt met 1 als er iets niet klopt.

    Dit mag terwijl het product draait; bij veel dossiers duurt het minuten.
    """
    _, store, clock = openen()
    aantal = 0
    with Progress(
        TextColumn("dossiers"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as balk:
        taak = balk.add_task("dossiers", total=None)

        def voortgang(gedaan: int, van: int) -> None:
            balk.update(taak, completed=gedaan, total=van)

        for a in arts.onderzoek_alles(store.sessions, now=clock(), voortgang=voortgang):
            aantal += 1
            _toon_afwijking(a, aantal, als_json=als_json)
    for zin in read(store.sessions, lambda session: list(keur_worker(session, now=clock()))):
        click.echo(f"Let op: {zin}", err=True)
    if als_json:
        click.echo("]" if aantal else "[]")
    else:
        click.echo(f"{aantal} afwijkingen" if aantal else "Alles klopt.")
    raise SystemExit(bool(aantal))


def _toon_afwijking(a: arts.Afwijking, nummer: int, *, als_json: bool) -> None:
    """Show one thing at once: there may be more of them than fit in memory."""
    if als_json:
        click.echo("[" if nummer == 1 else ",", nl=False)
        toon_json({"dossier": a.dossier_nummer, "soort": a.soort, "tekst": a.tekst, "doen": a.doen})
        return
    click.echo(f"{a.dossier_nummer or '-'}: {a.soort}: {a.tekst} {a.doen}")
