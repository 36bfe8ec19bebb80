"""The first page of the werklijst, with its counts, among many open taken."""

import random
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from routeflow.bench.figures import Options, spread, timed
from routeflow.bench.route import NOW
from routeflow.inburgering.rechten import GEMEENTE, Actor, Rol
from routeflow.store import Store, migrate, open_store, queries, read
from routeflow.store.models import Account, Deployment, Dossier, Taak


def fill_worklist(store: Store, number: int) -> dict[str, Actor]:
    """Put ``number`` open taken of as many dossiers / 3 in ``store``; return who will look."""
    draw = random.Random(20260302)  # noqa: S311 - invented data, the same each time
    people = [uuid4() for _ in range(20)]
    roles = [
        ("brede intake", "casemanager", GEMEENTE),
        ("regie", "casemanager", GEMEENTE),
        ("maatschappelijke begeleiding", "maatschappelijk begeleider", "Vluchtelingenwerk"),
        ("PVT", "pvt-aanbieder", "Netsheila"),
        ("B1-route", "taalaanbieder", "IVIO"),
        ("Z-route", "taalaanbieder", "Fiolet"),
        ("MAP", "map-aanbieder", "IVIO"),
    ]
    files = [uuid4() for _ in range(number // 3)]
    with store.sessions.begin() as session:
        session.add(
            Deployment(id=1, gepubliceerd_op=NOW, door="meting", reden="meting", digest="0" * 64)
        )
        session.execute(
            insert(Account),
            [
                {
                    "id": id_,
                    "login": f"meting{i}",
                    "naam": f"Persoon {i}",
                    "partij": GEMEENTE,
                    "wachtwoord": "-",
                    "rollen": ["casemanager"],
                }
                for i, id_ in enumerate(people)
            ],
        )
        session.execute(
            insert(Dossier),
            [
                {
                    "id": id_,
                    "nummer": f"M-{i:06}",
                    "naam": f"Achternaam{i % 997:03} Voornaam{i % 89}",
                    "zoek": f"achternaam{i % 997:03} voornaam{i % 89} m-{i:06}",
                    "doelgroep": "asielstatushouder",
                    "fase": "Leerroute",
                    "geopend_op": NOW,
                    "casemanager_id": draw.choice(people),
                }
                for i, id_ in enumerate(files)
            ],
        )
        session.execute(
            insert(Taak), [_taak(draw, files[i % len(files)], roles, people) for i in range(number)]
        )
    return {
        "casemanager": Actor("Persoon 0", GEMEENTE, frozenset({Rol.CASEMANAGER}), people[0]),
        "teamleider": Actor("Teamleider", GEMEENTE, frozenset({Rol.TEAMLEIDER}), people[1]),
        "partner": Actor("School", "IVIO", frozenset({Rol.TAALAANBIEDER, Rol.MAP_AANBIEDER})),
    }


def _taak(
    draw: random.Random,
    dossier: UUID,
    roles: Sequence[tuple[str, str, str]],
    people: Sequence[UUID],
) -> dict[str, Any]:
    onderdeel, rol, partij = draw.choice(roles)
    return {
        "id": uuid4(),
        "dossier_id": dossier,
        "deployment_id": 1,
        "proces": "p06_brede_intake",
        "element": "voer_gesprek",
        "naam": "Voer gesprek",
        "onderdeel": onderdeel,
        "rol": rol,
        "partij": partij,
        "houder": "gemeente" if partij == GEMEENTE else "partner",
        "formulier": "voer-gesprek",
        "uiterlijk": NOW.date() + timedelta(days=draw.randint(-20, 200)),
        "status": "open",
        "geopend_op": NOW,
        "behandelaar_id": draw.choice(people) if partij == GEMEENTE else None,
        "lokaal": {},
        "pad": [],
        "version": 1,
    }


def measure(options: Options) -> dict[str, Any]:
    """Measure the first page of the werklijst, with its counts, among ``number`` open taken."""
    number, rounds = options.taken, 15 if options.quick else 60
    print(f"werklijst: {number} open taken ...", file=options.progress)
    vandaag: date = NOW.date()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/werklijst.db"
        migrate(url)
        store = open_store(url)
        try:
            readers = fill_worklist(store, number)
            result: dict[str, Any] = {"open_taken": number}
            for name, actor in readers.items():
                tab: Any = "mijn" if name == "casemanager" else "team"
                wanted = queries.WerklijstFilter(tab=tab)

                def look(
                    actor: Actor = actor, wanted: queries.WerklijstFilter = wanted
                ) -> queries.Page[queries.Rij]:
                    return read(
                        store.sessions,
                        lambda session: queries.werklijst(session, actor, wanted, vandaag),
                    )

                page = look()
                result[name] = {
                    **spread([timed(look) for _ in range(rounds)]),
                    "rows": len(page.rijen),
                    "count": page.totaal,
                }
            return result
        finally:
            store.close()


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    table = Table("werklijst, eerste bladzijde", "mediaan ms", "p95 ms", "rijen", "totaal")
    for label, row in result.items():
        if isinstance(row, dict):
            table.add_row(
                label,
                f"{row['median_ms']:.2f}",
                f"{row['p95_ms']:.2f}",
                str(row["rows"]),
                str(row["count"]),
            )
    console.print(table)
