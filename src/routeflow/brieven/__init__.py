"""Paper: HTML becomes a tagged PDF that a screen reader can read. It fetches nothing from anywhere."""


def pdf(html: str) -> bytes:
    """Return ``html`` as PDF/UA-1. Give it a title and a language; styles stand inside it.

    Nothing is fetched: no picture, font or style by its address, so that a text cannot make the
    server call somebody. What asks for one is left out.
    """
    from weasyprint import HTML  # noqa: PLC0415 - slow to load, and most commands print nothing
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fetcher = URLFetcher(allowed_protocols=("data",))
    return bytes(HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1"))
