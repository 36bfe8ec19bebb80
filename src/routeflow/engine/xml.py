"""Read XML from outside safely: no DOCTYPE, no entities, no network, bounded size and depth."""

import codecs
import re
from typing import Final

from lxml import etree

from routeflow.errors import Invalid

MAX_BYTES: Final = 30 * 1024 * 1024
MAX_DEPTH: Final = 200
MAX_MARKS: Final = 1_000_000
MAX_ATTRIBUTES: Final = 1_000_000
MAX_ATTRIBUTES_EACH: Final = 500  # of one element: to read a hundred times as many takes minutes

_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "latin-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION: Final = re.compile(r"\s*<\?xml(?=[\s?])(?P<inside>[^>]*)\?>")
_DECLARED: Final = re.compile(r"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PROLOG: Final = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)


def safe_parse(data: bytes, *, file: str, marks: int = 2 * MAX_MARKS) -> etree._Element:
    """Return the root element of ``data``; comments and processing instructions are left out.

    Line numbers are those of the file. Reads UTF-8, UTF-16, latin-1 and their likes.

    Args:
        data: the file as it came in.
        file: its name, for the sentence in the error.
        marks: how many tags there may be, counted as "<".

    Raises:
        Invalid: the file is too big or too deep, is not XML, or holds a DOCTYPE or entity.
            ``fouten`` has one sentence, under the name of the file.
    """
    if len(data) > MAX_BYTES:
        raise _refused(file, f"het bestand is groter dan {MAX_BYTES // 1024 // 1024} MB", None)
    text = _decode(data, file)
    declaration = _DECLARATION.match(text)
    # the declaration names an encoding that the text, now being UTF-8, no longer has
    body = "\n" * declaration[0].count("\n") + text[declaration.end() :] if declaration else text
    start = _PROLOG.match(body)
    at = start.end() if start else 0
    if body[at : at + 9].upper() == "<!DOCTYPE":
        line = body.count("\n", 0, at) + 1
        raise _refused(file, "er staat een DOCTYPE in, en dat is niet toegestaan", line)
    if body.count("<") > marks or body.count("=") > MAX_ATTRIBUTES + MAX_MARKS:
        raise _refused(file, "het bestand heeft te veel onderdelen", None)
    root = _parse(body, file)
    _measure(root, file)
    return root


def as_utf8(data: bytes) -> bytes:
    """Return a file as UTF-8, which is how a browser reads it; as it is when it cannot be read."""
    try:
        text = _decode(data, "")
    except Invalid:
        return data
    declaration = _DECLARATION.match(text)
    return (text[declaration.end() :] if declaration else text).encode("utf-8", "replace")


def _decode(data: bytes, file: str) -> str:
    encoding = _encoding(data, file)
    for mark, of_mark in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], of_mark
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(file, f"er staat een teken in dat geen {encoding} is", line) from error
    if not text.strip():
        raise _refused(file, "het bestand is leeg", None)
    return text


def _encoding(data: bytes, file: str) -> str:
    head = data[:400]
    if head.startswith(b"<\x00"):
        return "utf-16-le"
    if head.startswith(b"\x00<"):
        return "utf-16-be"
    declaration = _DECLARATION.match(head.decode("latin-1").removeprefix("\xef\xbb\xbf"))
    declared = _DECLARED.findall(declaration["inside"]) if declaration else []
    if not declared:
        return "utf-8"
    if len(declared) > 1:
        raise _refused(file, "de tekencodering staat er twee keer in", 1)
    try:
        return _ENCODINGS[declared[0].lower()]
    except KeyError as error:
        raise _refused(
            file, f"de tekencodering {declared[0]} kennen we niet; bewaar het als UTF-8", 1
        ) from error


def _parse(body: str, file: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0] or None if error.position else None
        if "Entity" in (error.msg or ""):
            raise _refused(
                file, "er staat een entiteit (&...;) in die niet bestaat", line
            ) from error
        if "depth" in (error.msg or ""):
            raise _refused(file, "de onderdelen zitten te diep in elkaar", line) from error
        raise _refused(file, "dit is geen geldige XML", line) from error
    if root.getroottree().docinfo.doctype:
        raise _refused(file, "er staat een DOCTYPE in, en dat is niet toegestaan", None)
    return root


def _measure(root: etree._Element, file: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and len(element.attrib) > MAX_ATTRIBUTES_EACH:
            reason = f"een onderdeel heeft meer dan {MAX_ATTRIBUTES_EACH} attributen"
            raise _refused(file, reason, element.sourceline)
        if depth > MAX_DEPTH:
            reason = f"de onderdelen zitten meer dan {MAX_DEPTH} lagen diep in elkaar"
            raise _refused(file, reason, element.sourceline)


def _refused(file: str, reason: str, line: int | None) -> Invalid:
    where = f" (regel {line})" if line else ""
    sentence = f"{file} kan niet worden gelezen: {reason}{where}."
    return Invalid(sentence, {file: sentence})
