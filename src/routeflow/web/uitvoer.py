"""Lists that leave the product as CSV: for a spreadsheet, but never as a formula in it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response

from routeflow.web.weergave import datum_kort, waarde

_FORMULE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cel(gegeven: Any) -> str:  # noqa: ANN401 - any fact
    """Return a value as a cell that a spreadsheet only shows.

    Text that a spreadsheet would take for a formula gets an apostrophe before it, also when
    spaces or quotes stand before the sign. Numbers and dates are ours and stay as they are.

    >>> cel("=1+1"), cel(-5), cel(date(2026, 1, 5))
    ("'=1+1", '-5', '05-01-2026')
    """
    if gegeven is None:
        return ""
    if isinstance(gegeven, date) and not isinstance(gegeven, datetime):
        return datum_kort(gegeven)
    tekst = waarde(gegeven) if gegeven not in ("", []) else ""
    if isinstance(gegeven, int | Decimal | float):
        return tekst
    tekst = tekst.replace("\x00", "")
    return f"'{tekst}" if tekst.lstrip(" \u00a0\ufeff\"'").startswith(_FORMULE) else tekst


def csv_tekst(kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> str:
    """Return rows as CSV with semicolons, as a Dutch spreadsheet reads it; every cell in quotes."""
    uit = io.StringIO(newline="")
    schrijver = csv.writer(uit, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    schrijver.writerow([cel(naam) for naam in kop])
    schrijver.writerows([cel(gegeven) for gegeven in rij] for rij in rijen)
    return uit.getvalue()


def csv_antwoord(naam: str, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> Response:
    """Return rows as a download called ``naam`` (letters, digits, "-" and "_"; without .csv)."""
    veilig = "".join(
        teken for teken in naam if teken.isascii() and (teken.isalnum() or teken in "-_")
    )
    return Response(
        "\ufeff" + csv_tekst(kop, rijen),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{veilig or "lijst"}.csv"'},
    )
