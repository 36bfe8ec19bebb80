"""What leaves the product as a file: lists as CSV, never with a formula, and sealed papers."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TextIO, cast

from flask import Response

from routeflow.store.models import Besluitdossier, Overdracht
from routeflow.web.weergave import datum_kort, waarde

_DEEL = 65_536
_IN_GEHEUGEN = 1_000_000  # bytes of a download; what is longer is a file
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


def schrijf_csv(uit: TextIO, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV with semicolons, as a Dutch spreadsheet reads it; every cell in quotes."""
    schrijver = csv.writer(uit, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    schrijver.writerow([cel(naam) for naam in kop])
    schrijver.writerows([cel(gegeven) for gegeven in rij] for rij in rijen)


def csv_antwoord(naam: str, kop: Sequence[str], rijen: Iterable[Sequence[Any]]) -> Response:
    """Return rows as a download called ``naam`` (letters, digits, "-" and "_"; without .csv).

    All rows are read before the first is sent: who downloads gets all or an error, and holds no
    transaction open. A long list goes by way of a file, so that it takes no more memory.
    """
    veilig = "".join(
        teken for teken in naam if teken.isascii() and (teken.isalnum() or teken in "-_")
    )
    bestand: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_IN_GEHEUGEN)  # noqa: SIM115 - closed with the answer
    tekst = io.TextIOWrapper(cast("IO[bytes]", bestand), "utf-8-sig", newline="")
    try:
        schrijf_csv(tekst, kop, rijen)
        tekst.detach()
    except BaseException:
        tekst.close()
        raise
    lengte = bestand.tell()
    bestand.seek(0)
    antwoord = Response(
        _delen(bestand),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{veilig or "lijst"}.csv"',
            "Content-Length": str(lengte),
        },
    )
    antwoord.call_on_close(bestand.close)
    return antwoord


def verzegeld(naam: str, rij: Besluitdossier | Overdracht, inhoud: bytes, soort: str) -> Response:
    """Return the very bytes that were hashed, to keep. ``soort``: their media type."""
    bestand = f"{naam}-{rij.op:%Y%m%d}-{rij.id}.{soort.rpartition('/')[2]}"
    kop = {"Content-Disposition": f'attachment; filename="{bestand}"', "Cache-Control": "no-store"}
    return Response(inhoud, mimetype=soort, headers=kop)


def _delen(bestand: SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with bestand:
        while deel := bestand.read(_DEEL):
            yield deel
