"""What another gemeente gets of a dossier, on paper."""

from collections.abc import Mapping
from typing import Any

from routeflow.brieven import pdf
from routeflow.brieven.besluitdossier import omgeving


def overdracht_pdf(inhoud: Mapping[str, Any], *, sha256: str) -> bytes:
    """Return the PDF of what is handed over. ``sha256``: the hash of its canonical JSON."""
    return pdf(overdracht_html(inhoud, sha256=sha256))


def overdracht_html(inhoud: Mapping[str, Any], *, sha256: str) -> str:
    """Return the same as a page."""
    return omgeving.get_template("overdracht.html").render(inhoud=inhoud, sha256=sha256)
