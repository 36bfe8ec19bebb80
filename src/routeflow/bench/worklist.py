"""The first page of the werklijst, with its counts, among many open taken: the quick one of lists."""

import tempfile
from typing import Any

from rich.console import Console

from routeflow.bench import lists
from routeflow.bench.figures import Options
from routeflow.bench.gemeente import fill
from routeflow.store import migrate, open_store

_PAGE = "werklijst: team"
_READERS = ("casemanager", "teamleider", "partner")


def measure(options: Options) -> dict[str, Any]:
    """Measure the first page of the werklijst, with its counts, among ``taken`` open taken."""
    print(f"werklijst: {options.taken} open taken ...", file=options.progress)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/werklijst.db"
        migrate(url)
        store = open_store(url)
        try:
            gemeente = fill(store, options.taken, history=False)
            look = {_PAGE: lists.pages(gemeente)[_PAGE]}
            found = lists.look_around(store, gemeente, look, 15 if options.quick else 60)[_PAGE]
        finally:
            store.close()
    return {"open_taken": options.taken, **{reader: found[reader] for reader in _READERS}}


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures."""
    readers = {reader: result[reader] for reader in _READERS}
    title = f"{result['open_taken']} open taken, SQLite"
    console.print(lists.table(title, {"werklijst": readers}))
