"""Every list and page that people read, for every kind of reader, in a big gemeente."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.orm import Session

from routeflow import demo
from routeflow.bench import rendered
from routeflow.bench.figures import Options, Processor, kept, look_cells, spread, timed
from routeflow.bench.gemeente import Gemeente, fill, find
from routeflow.bench.route import NOW
from routeflow.errors import NotAllowed
from routeflow.inburgering.rechten import Actor
from routeflow.store import Store, migrate, open_store, queries, read, schermen

Look = Callable[[Session, Actor], Any]
VANDAAG: date = NOW.date()


def _werklijst(**asked: Any) -> Look:  # noqa: ANN401 - fields of the filter
    wanted = queries.WerklijstFilter(**asked)
    return lambda session, actor: queries.werklijst(session, actor, wanted, VANDAAG)


def _dossiers(**asked: Any) -> Look:  # noqa: ANN401 - fields of the filter
    wanted = queries.DossierFilter(**asked)
    return lambda session, actor: queries.dossiers(session, actor, wanted, VANDAAG)


def _taken(**asked: Any) -> Look:  # noqa: ANN401 - fields of the filter
    wanted = queries.TakenFilter(**asked)
    return lambda session, actor: queries.taken(session, actor, wanted, VANDAAG)


def _termijnen(**asked: Any) -> Look:  # noqa: ANN401 - fields of the filter
    wanted = queries.BewakingFilter(**asked)
    return lambda session, actor: queries.bewaking(session, actor, wanted, VANDAAG)


def _van_mij(session: Session, actor: Actor) -> Any:  # noqa: ANN401 - a page
    return _termijnen(stand="verstreken", casemanager_id=actor.account_id)(session, actor)


def pages(gemeente: Gemeente) -> dict[str, Look]:
    """Return what is looked at, by what it is called in the table."""
    return {
        "werklijst: mijn": _werklijst(tab="mijn"),
        "werklijst: te verdelen": _werklijst(tab="te verdelen"),
        "werklijst: team": _werklijst(tab="team"),
        "werklijst: team, bladzijde 15": _werklijst(tab="team", pagina=15),
        "werklijst: alleen te laat": _werklijst(tab="team", te_laat=True),
        "werklijst: onderdeel": _werklijst(tab="team", onderdeel="participatie"),
        "werklijst: rol": _werklijst(tab="team", rol="handhaver"),
        "werklijst: partij": _werklijst(tab="team", partij="Clup Welzijn"),
        "werklijst: partij en rol": _werklijst(tab="team", partij="IVIO", rol="map-aanbieder"),
        "werklijst: niets past": _werklijst(
            tab="team", partij="Netsheila", rol="casemanager", onderdeel="PIP"
        ),
        "werklijst: zoek een nummer": _werklijst(tab="team", zoek="2026-000123"),
        "werklijst: zoek een naam": _werklijst(tab="team", zoek="achternaam123 voornaam"),
        "werklijst: zoek, duizenden": _werklijst(tab="team", zoek="voornaam1"),
        "werklijst: zoek, een letter": _werklijst(tab="te verdelen", zoek="a"),
        "werklijst: zoek, twee ruime woorden": _werklijst(tab="team", zoek="voornaam1 achternaam5"),
        "werklijst: zoek, niets": _werklijst(tab="team", zoek="bestaatniet"),
        "dossiers": _dossiers(),
        "dossiers: bladzijde 15": _dossiers(pagina=15),
        "dossiers: gesloten": _dossiers(status="gesloten"),
        "dossiers: fase": _dossiers(fase="PIP", leerroute="Z"),
        "dossiers: zoek een nummer": _dossiers(zoek="2026-000123"),
        "dossiers: zoek een naam": _dossiers(zoek="achternaam123 voornaam4"),
        "dossiers: zoek, duizenden": _dossiers(zoek="voornaam1"),
        "dossiers: zoek, twee ruime woorden": _dossiers(zoek="voornaam1 achternaam5"),
        "dossiers: zoek, een letter": _dossiers(zoek="a"),
        "dossiers: zoek, niets": _dossiers(zoek="bestaatniet"),
        "dossier": lambda session, actor: queries.dossier_detail(
            session, actor, gemeente.dossier_of(actor), VANDAAG
        ),
        "journaal": lambda session, actor: queries.journaal(
            session, actor, gemeente.dossier_of(actor)
        ),
        "meldingen": queries.meldingen,
        "meldingen: ook gelezen": partial(queries.meldingen, ook_gelezen=True),
        "termijnen: komend": _termijnen(),
        "termijnen: een jaar vooruit": _termijnen(weken=52, pagina=5),
        "termijnen: verstreken": _termijnen(stand="verstreken"),
        "termijnen: wacht": _termijnen(stand="wacht"),
        "termijnen: staat stil": _termijnen(stand="stil"),
        "termijnen: partij": _termijnen(weken=13, partij="Clup Welzijn"),
        "termijnen: een termijn": _termijnen(naam="pip"),
        "termijnen: van een casemanager": _van_mij,
        "api: taken, open": _taken(),
        "api: taken, gedaan": _taken(status="gedaan"),
        "api: taken, alle": _taken(status="alle"),
        "agenda": lambda session, actor: queries.agenda(session, actor, VANDAAG),
        "keuzes van de filters": lambda session, _: (
            schermen.partijen(session),
            schermen.fasen(session),
        ),
    }


def measure(options: Options) -> dict[str, Any]:
    """Measure each page for each reader, on SQLite and, where there is a server, PostgreSQL."""
    with kept(options, f"meting_lijsten_{options.taken}") as addresses:
        return {kind: _measure(url, options, kind) for kind, url in addresses.items()}


def _measure(url: str, options: Options, kind: str) -> dict[str, Any]:
    print(f"lijsten, {kind}: {options.taken} dossiers vullen ...", file=options.progress)
    migrate(url)
    store = open_store(url)
    try:
        gemeente = find(store)
        if gemeente is None:
            demo.publish_project(store, now=NOW)
            gemeente = fill(store, options.taken)
        print(f"lijsten, {kind}: meten ...", file=options.progress)
        rounds = 20 if options.quick else 100
        found = look_around(store, gemeente, pages(gemeente), rounds)
        print(f"lijsten, {kind}: hele bladzijden ...", file=options.progress)
        whole = rendered.look_at_pages(store, gemeente, rounds)
        return {
            "rows": gemeente.rows,
            "pages": found,
            "rendered": whole,
            "worst": rendered.worst(whole),
        }
    finally:
        store.close()


def look_around(
    store: Store, gemeente: Gemeente, looks: Mapping[str, Look], rounds: int
) -> dict[str, dict[str, Any]]:
    """Measure each page for each reader that may see it; the first look does not count.

    ``plain_ms`` is a list in plain SQL, taken in turns with the page: what the machine could do
    at that moment. ``cpu``: the time of processors alone, which others on the machine do not make
    longer; that of a PostgreSQL server counts when it is on the same machine.
    """
    found: dict[str, dict[str, Any]] = {}
    processor = Processor(store)
    for name, look in looks.items():
        for reader, actor in gemeente.readers.items():
            act = partial(read, store.sessions, partial(_look, look, actor))
            plain = partial(read, store.sessions, _plain)
            page = act()
            if page is None:
                continue
            turns = [(timed(act), timed(plain)) for _ in range(rounds)]
            found.setdefault(name, {})[reader] = {
                **spread([page_took for page_took, _ in turns]),
                "plain_ms": spread([plain_took for _, plain_took in turns])["median_ms"],
                "cpu": spread([processor.timed(act) for _ in range(rounds)]),
                "rows": len(getattr(page, "rijen", ())),
                "count": int(getattr(page, "totaal", 0)),
            }
    return found


def _look(look: Look, actor: Actor, session: Session) -> Any:  # noqa: ANN401 - any page
    try:
        return look(session, actor)
    except NotAllowed:
        return None


_PLAIN = text("""
    SELECT taak.id, taak.naam, taak.uiterlijk, dossier.naam, dossier.nummer
    FROM taak JOIN dossier ON dossier.id = taak.dossier_id
    WHERE taak.status = 'open' AND taak.partij = 'IVIO' ORDER BY taak.volgorde, taak.id LIMIT 50
""")
_PLAIN_COUNT = text("SELECT count(*) FROM taak WHERE status = 'open' AND partij = 'IVIO'")


def _plain(session: Session) -> None:
    session.execute(_PLAIN).all()
    session.execute(_PLAIN_COUNT).all()


def show(result: dict[str, Any], console: Console) -> None:
    """Print a table per database."""
    for kind, figures in result.items():
        console.print(table(f"{kind}, {figures['rows']} rijen in de database", figures["pages"]))
        console.print(rendered.table(f"{kind}, hele bladzijden", figures["rendered"]))


def table(title: str, found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Table:
    """Return the figures of ``look_around`` as a table."""
    made = Table(
        *("bladzijde", "lezer", "mediaan ms", "p95 ms", "p99 ms", "p95 CPU ms", "keer kale SQL"),
        "rijen",
        title=title,
    )
    for name, readers in found.items():
        for reader, row in readers.items():
            made.add_row(
                name,
                reader,
                *look_cells(row),
                f"{row['median_ms'] / row['plain_ms']:.1f}",
                str(row["rows"]),
            )
    return made
