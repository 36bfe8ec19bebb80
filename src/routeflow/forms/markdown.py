"""Texts of authors as HTML: markdown, without HTML of their own and without pictures."""

from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_READER: Final = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
_CLASSES: Final = {
    "a": "utrecht-link",
    "p": "utrecht-paragraph",
    "ul": "utrecht-unordered-list",
    "table": "tabel",
}


@lru_cache(maxsize=256)
def markdown(text: str) -> Markup:
    """Return ``text`` as safe HTML; "#" becomes h2, since h1 is the title of the page."""
    tokens = _READER.parse(text)
    for token in _all(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        if token.nesting == 1 and token.tag in _CLASSES:
            token.attrSet("class", _CLASSES[token.tag])
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704 - made from text above


def _all(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *(token.children or ()))]
