"""Paper: HTML becomes a tagged PDF that a screen reader can read. It fetches nothing from anywhere."""

import re
from typing import Any, Final

from routeflow.errors import Incident

LANGST: Final = 20_000  # characters of one value, as many as a form takes; of more a part is told
_WOORD: Final = re.compile(r"\S{81,}")  # longer than any word, address or hash of ours


def op_papier(waarde: Any) -> Any:  # noqa: ANN401 - what a template shows
    """Return text as it can be set on lines: long words may break, and what has no end is cut off.

    To set a word of a hundred thousand characters takes minutes, and somebody waits for it.
    """
    if not isinstance(waarde, str) or hasattr(waarde, "__html__"):
        return waarde
    if len(waarde) > LANGST:
        waarde = f"{waarde[:LANGST]}… (ingekort: de hele tekst staat in het dossier)"
    return _WOORD.sub(lambda woord: "\u200b".join(re.findall(r".{1,20}", woord[0])), waarde)


def pdf(html: str) -> bytes:
    """Return ``html`` as PDF/UA-1. Give it a title and a language; styles stand inside it.

    Nothing is fetched: no picture, font or style by its address, so that a text cannot make the
    server call somebody. What asks for one is left out. Raises Incident when this machine cannot print.
    """
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    page = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1"))


def _weasyprint() -> Any:  # noqa: ANN401 - it has no types
    """Return the library: slow to load, and most commands print nothing."""
    try:
        import weasyprint  # noqa: PLC0415
        import weasyprint.urls  # noqa: PLC0415
    except OSError as error:
        raise Incident(
            "Deze machine kan geen PDF maken: het programma Pango ontbreekt. "
            "De beheerder installeert het (Debian: libpangoft2-1.0-0 en libharfbuzz-subset0)."
        ) from error
    return weasyprint
