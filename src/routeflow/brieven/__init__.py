"""Paper: HTML becomes a tagged PDF that a screen reader can read. It fetches nothing from anywhere."""

from typing import Any

from routeflow.errors import Incident


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
