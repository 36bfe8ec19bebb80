"""The commands that keep running: serve, worker, demo; and bench."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from waitress.server import create_server

from routeflow import bench as meting
from routeflow import memory
from routeflow.cli.uitvoer import lees_config, toon_json
from routeflow.clock import system_clock
from routeflow.commands import klok
from routeflow.config import Config
from routeflow.errors import Refusal
from routeflow.store import Store, migrate, open_store
from routeflow.web import MAX_VERZOEK, create_app, logboek
from routeflow.worker import Worker


@contextmanager
def _geopend(config: Config) -> Iterator[Store]:
    logboek.begin(config.log_level)
    migrate(config.database)
    store = open_store(config.database)
    try:
        yield store
    finally:
        store.close()


def _bedien(store: Store, config: Config) -> None:
    """Serve the pages and the API, with a worker beside it when asked, until stopped.

    The server runs in the main thread, where signals arrive: it ends on SystemExit, after the
    requests that are being answered.
    """
    clock = klok.clock_for(store, system_clock, demo=config.demo)
    app = create_app(store, clock=clock, config=config)
    server = create_server(
        app,
        host=config.host,
        port=config.port,
        threads=config.threads,
        max_request_body_size=2 * MAX_VERZOEK,  # what is larger is not even kept to be refused
    )
    bezig = Worker(store, config, clock) if config.worker else None
    for welk in (signal.SIGINT, signal.SIGTERM):
        signal.signal(welk, _stop)
    if bezig:
        bezig.start()
    memory.settle()
    try:
        click.echo(f"routeflow luistert op http://{config.host}:{server.effective_port}", err=True)
        server.run()
    finally:
        server.close()
        if bezig:
            bezig.stop()


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _poort_is_vrij(config: Config) -> None:
    """Refuse before the work begins when somebody else listens where we are to listen."""
    try:
        socket.create_server((config.host, config.port)).close()
    except OSError as fout:
        raise Refusal(
            f"Poort {config.port} op {config.host} is al in gebruik of mag niet. "
            "Stop wat daar draait, of kies een andere met ROUTEFLOW_PORT=8090."
        ) from fout


@click.command()
def serve() -> None:
    """Start de pagina's en de API; standaard met een worker erbij (ROUTEFLOW_WORKER=nee: zonder)."""
    config = lees_config()
    _poort_is_vrij(config)
    with _geopend(config) as store:
        _bedien(store, config)


@click.command()
def worker() -> None:
    """Start een worker: timers, herinneringen en berichten. Er mogen er meer naast elkaar draaien."""
    config = lees_config()
    with _geopend(config) as store:
        gestopt = threading.Event()
        for welk in (signal.SIGINT, signal.SIGTERM):
            signal.signal(welk, lambda *_: gestopt.set())
        bezig = Worker(store, config, klok.clock_for(store, system_clock, demo=config.demo))
        bezig.start()
        click.echo("worker gestart", err=True)
        gestopt.wait()
        bezig.stop()


@click.command()
@click.option("--fresh", is_flag=True, help="Gooi de gegevens van de demo weg en begin opnieuw.")
@click.option("--klein", is_flag=True, help="Vul maar een paar dossiers, voor wie haast heeft.")
@click.option("--alleen-vullen", is_flag=True, help="Vul de database en start niets.")
@click.option(
    "--map",
    "map_",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Waar de gegevens van de demo staan.",
)
def demo(map_: Path, *, fresh: bool, klein: bool, alleen_vullen: bool) -> None:
    """Vul een database met verzonnen mensen en start het product, met een klok die u kunt verzetten."""
    from routeflow import demo as voorbeeld  # noqa: PLC0415 - `serve` does not wait for it

    config = voorbeeld.configure(os.environ, map_)
    if not alleen_vullen:
        _poort_is_vrij(config)
    if fresh:
        voorbeeld.remove(config, map_)
    with _geopend(config) as store:
        voorbeeld.fill(store, config, voorbeeld.caseload(small=klein))
        if alleen_vullen:
            return
        voorbeeld.welcome(store, config)
        try:
            _bedien(store, config)
        finally:
            click.echo("De demo is gestopt. Uw gegevens blijven staan voor de volgende keer.")


@click.command()
@click.argument("onderdelen", nargs=-1, type=click.Choice(list(meting.PARTS)))
@click.option("--quick", is_flag=True, help="Minder rondes, op dezelfde maten.")
@click.option(
    "--taken",
    type=click.IntRange(min=30),
    default=100_000,
    show_default=True,
    help="Hoeveel open taken de werklijst van de meting heeft.",
)
@click.option(
    "--postgresql",
    default="",
    metavar="ADRES",
    help="Meet ook op deze PostgreSQL-server. Daar moet u databases mogen maken.",
)
@click.option(
    "--kills",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Alleen bij kills: hoe vaak een proces wordt omgelegd.",
)
@click.option(
    "--bewaar",
    "keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="MAP",
    help="Alleen bij lists: bewaar de gevulde database (op de server: meting_lijsten_AANTAL) en "
    "meet de volgende keer daarop.",
)
@click.option("--zaad", default=0, help="Alleen bij kills en jaar: dezelfde lotingen als die keer.")
@click.option(
    "--eigen-postgresql",
    is_flag=True,
    help="Alleen bij kills: start ook een eigen PostgreSQL-server, en leg die ook om.",
)
@click.option("--json", "als_json", is_flag=True, help="Geef JSON.")
def bench(onderdelen: tuple[str, ...], *, als_json: bool, zaad: int, **keuzes: Any) -> None:  # noqa: ANN401 - as wide as the options
    """Meet het product, waar dat kan tegen SpiffWorkflow zoals zijn documentatie het toont.

    kills legt processen om en telt daarna na. jaar laat 200 dossiers een jaar leven waarin iedereen
    wel eens te laat is. Die twee gebeuren alleen als u erom vraagt.
    """
    eigen = keuzes.pop("eigen_postgresql")
    options = meting.Options(sys.stderr, seed=zaad, own_postgresql=eigen, **keuzes)
    uitslag = meting.measure(options, onderdelen)
    if als_json:
        toon_json(uitslag, ruim=True)
    else:
        meting.show(uitslag)
    raise SystemExit(not meting.sound(uitslag))
