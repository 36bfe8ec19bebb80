"""The besluitdossier on paper: what was decided, on what, and how to check that nothing changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, select_autoescape

from routeflow.brieven import op_papier, pdf

_NEDERLAND = ZoneInfo("Europe/Amsterdam")


def besluitdossier_pdf(inhoud: Mapping[str, Any], *, sha256: str) -> bytes:
    """Return the PDF of a frozen besluitdossier. ``sha256``: the hash of its canonical JSON."""
    return pdf(besluitdossier_html(inhoud, sha256=sha256))


def besluitdossier_html(inhoud: Mapping[str, Any], *, sha256: str) -> str:
    """Return the same as a page."""
    return omgeving.get_template("besluitdossier.html").render(inhoud=inhoud, sha256=sha256)


def _woorden(waarde: Any) -> str:  # noqa: ANN401, PLR0911 - typed JSON; one return a kind
    """Return a value as people read it."""
    if waarde is None or waarde in ("", []):
        return "niet ingevuld"
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, list):
        return "; ".join(map(_woorden, waarde))
    if not isinstance(waarde, dict):
        return str(waarde)
    if soort := waarde.get("beschermd"):
        return f"beschermd gegeven ({soort}); zegel {str(waarde['sha256'])[:12]}"
    if waarde.get("@type") == "date":
        return _dag(waarde["@value"])
    if "@value" in waarde:
        return str(waarde["@value"])
    return ", ".join(f"{naam}: {_woorden(deel)}" for naam, deel in waarde.items())


def _dag(tekst: str | None) -> str:
    return f"{date.fromisoformat(tekst):%d-%m-%Y}" if tekst else "niet bekend"


def _moment(tekst: str | None) -> str:
    if not tekst:
        return "niet bekend"
    return f"{datetime.fromisoformat(tekst).astimezone(_NEDERLAND):%d-%m-%Y %H:%M}"


omgeving = Environment(
    loader=PackageLoader("routeflow", "brieven"),
    autoescape=select_autoescape(["html"]),
    finalize=op_papier,
)
omgeving.filters |= {"woorden": _woorden, "dag": _dag, "moment": _moment}
