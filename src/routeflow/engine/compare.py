"""What a new version of a file changes, told by element and not by line."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any, Final, Literal

from routeflow.engine import json_files
from routeflow.engine.form_files import MAX_COMPONENTS, MAX_DEPTH
from routeflow.engine.xml import safe_parse
from routeflow.errors import Invalid

_NAME: Final = 80
_MARKS: Final = re.compile(r"[*`]+|^[#>\s]+", re.MULTILINE)  # of markdown: a name has none
_SPOKEN: Final = {
    "name": "naam",
    "label": "naam",
    "conditionExpression": "voorwaarde",
    "documentation": "uitleg",
    "description": "uitleg",
    "dueDate": "laatste dag",
    "followUpDate": "dag van opvolgen",
    "formId": "formulier",
    "timeDuration": "tijd",
    "timeDate": "tijd",
    "timeCycle": "tijd",
    "sourceRef": "van",
    "targetRef": "naar",
    "attachedToRef": "hangt aan",
    "default": "anders naar",
    "processId": "proces",
    "processRef": "proces",
    "decisionId": "beslistabel",
    "resultVariable": "resultaat",
    "condition": "voorwaarde",
    "expression": "rekent",
    "inputCollection": "herhaalt voor",
    "inputElement": "noemt elk",
    "isSequential": "na elkaar",
    "isExecutable": "wordt uitgevoerd",
    "triggeredByEvent": "begint bij een gebeurtenis",
    "propagateAllChildVariables": "geeft alles terug",
    "messageRef": "bericht",
    "signalRef": "signaal",
    "errorRef": "fout",
    "errorCode": "code",
    "escalationRef": "escalatie",
    "escalationCode": "code",
    "correlationKey": "herkend aan",
    "hitPolicy": "welke regel geldt",
    "cancelActivity": "onderbreekt",
    "isInterrupting": "onderbreekt",
    "inputExpression": "leest",
    "inputValues": "mogelijke waarden",
    "outputValues": "mogelijke waarden",
    "typeRef": "soort",
    "type": "soort",
    "subtype": "datum of tijd",
    "validationType": "vorm",
    "dateLabel": "naam",
    "timeLabel": "naam",
    "required": "verplicht",
    "verplichtTenzij": "verplicht tenzij",
    "disabled": "alleen lezen",
    "readonly": "alleen lezen",
    "defaultValue": "vooraf ingevuld",
    "valuesKey": "keuzelijst",
    "min": "minstens",
    "max": "hoogstens",
    "minLength": "minste tekens",
    "maxLength": "meeste tekens",
    "pattern": "patroon",
    "decimalDigits": "cijfers achter de komma",
    "increment": "stap",
    "prefixAdorner": "ervoor",
    "suffixAdorner": "erachter",
    "disallowPassedDates": "niet in het verleden",
    "isRepeating": "meer rijen",
    "defaultRepetitions": "rijen om mee te beginnen",
    "allowAddRemove": "rijen erbij of eraf",
    "showOutline": "met rand",
    "key": "gegeven",
    "path": "gegeven",
    "text": "tekst",
    "hide": "verborgen als",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "soort": {
        "textfield": "tekst van een regel",
        "textarea": "tekst van meer regels",
        "number": "getal",
        "checkbox": "vinkje",
        "radio": "keuze met rondjes",
        "select": "keuzelijst",
        "checklist": "keuze met vinkjes",
        "taglist": "keuzelijst met meer antwoorden",
        "datetime": "datum of tijd",
        "filepicker": "document",
        "group": "groep",
        "dynamiclist": "lijst met rijen",
        "text": "uitleg",
        "separator": "lijn",
        "spacer": "witruimte",
        "string": "tekst",
        "boolean": "ja of nee",
        "date": "datum",
        "time": "tijd",
        "dateTime": "datum en tijd",
        "date and time": "datum en tijd",
        "days and time duration": "duur in dagen en uren",
        "years and months duration": "duur in jaren en maanden",
        "Any": "alles",
    },
    "datum of tijd": {"date": "datum", "time": "tijd", "datetime": "datum en tijd"},
    "vorm": {"email": "e-mailadres", "phone": "telefoonnummer", "custom": "eigen patroon"},
}
"""What a file calls the kinds of its parts, as a process owner would."""

_YES_NO: Final = frozenset(
    {"cancelActivity", "isInterrupting", "isSequential", "isExecutable"}
    | {"triggeredByEvent", "propagateAllChildVariables"}
)
_SAID: Final = {"true": "ja", "false": "nee"}
_OWN: Final = re.compile(
    "process|participant|lane|sequenceFlow|message|signal|error|escalation|textAnnotation|decision|"
    r"input|output|rule|(user|service|send|script|businessRule|manual|receive)Task|callActivity|"
    r"subProcess|(start|end|boundary|intermediateCatch|intermediateThrow)Event|"
    r"(exclusive|parallel|inclusive|eventBased)Gateway"
)
_SKIPPED: Final = frozenset({"incoming", "outgoing", "BPMNDiagram", "DMNDI", "flowNodeRef"})
_TOLD_WHOLE: Final = frozenset({"rule", "veld"})
_REFERS: Final = frozenset(
    {"van", "naar", "hangt aan", "anders naar", "proces", "baan"}
    | {"bericht", "signaal", "fout", "escalatie"}
)
_DRAWN: Final = frozenset(
    {"id", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
)

Parts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One element that is new, gone or different.

    ``details`` holds (what, before, now) for each part that differs; None is absent. Of what is new
    or gone they are what a row of a table or a question of a form holds. ``answers`` are the parts
    that a row answers.
    """

    what: Literal["nieuw", "weg", "anders"]
    kind: str
    name: str
    details: tuple[tuple[str, str | None, str | None], ...] = ()
    answers: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Thing:
    kind: str
    name: str
    parts: Parts = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    answers: frozenset[str] = frozenset()

    def put(self, what: str, value: str) -> str:
        """Keep a part and return its name; of several with one name each keeps its place."""
        self.times[what] += 1
        number = self.times[what]
        name = what if number == 1 else f"{what} {number}"
        self.parts[name] = _WORDS.get(what, {}).get(value, value)
        return name


def changes(old: bytes | None, new: bytes | None, path: str) -> list[Change]:
    """Return what became of a file, in the order of its elements; what is gone comes last.

    Where it is drawn does not count. A file that cannot be read changes nothing: the check says so.
    """
    try:
        before, now = _things(old, path), _things(new, path)
    except (Invalid, ValueError, AttributeError, TypeError):
        return []
    found = [
        _whole("nieuw", thing)
        if ident not in before
        else Change("anders", thing.kind, before[ident].name or thing.name, details)
        for ident, thing in now.items()
        if ident not in before or (details := _details(ident, before, now))
    ]
    return found + [_whole("weg", thing) for ident, thing in before.items() if ident not in now]


def _whole(what: Literal["nieuw", "weg"], thing: _Thing) -> Change:
    """Return the change of something that comes or goes as a whole, with what it holds."""
    if thing.kind not in _TOLD_WHOLE:
        return Change(what, thing.kind, thing.name)
    held = [(part, value) for part, value in thing.parts.items() if value]
    details = tuple(
        (part, None, value) if what == "nieuw" else (part, value, None) for part, value in held
    )
    return Change(what, thing.kind, thing.name, details, thing.answers)


def _details(
    ident: str, before: Mapping[str, _Thing], now: Mapping[str, _Thing]
) -> tuple[tuple[str, str | None, str | None], ...]:
    was, becomes = before[ident].parts, now[ident].parts
    return tuple(
        (what, *_apart(_named(before, what, old), _named(now, what, new), old, new))
        for what in dict.fromkeys([*becomes, *was])
        if (old := was.get(what)) != (new := becomes.get(what))
    )


def _apart(
    was: str | None, becomes: str | None, old: str | None, new: str | None
) -> tuple[str | None, str | None]:
    """Return two names; of two elements with one name each with its id, since it is not the same one."""
    return (f"{was} ({old})", f"{becomes} ({new})") if was == becomes else (was, becomes)


def _named(things: Mapping[str, _Thing], what: str, value: str | None) -> str | None:
    """Return the name of the element that a part refers to; another part is as it is."""
    if value is None or what not in _REFERS or value not in things:
        return value
    return things[value].name or value


def _things(data: bytes | None, path: str) -> dict[str, _Thing]:
    if data is None:
        return {}
    if path.endswith(".form"):
        return dict(_fields(json_files.read(data, depth=MAX_DEPTH, parts=50 * MAX_COMPONENTS)))
    things: dict[str, _Thing] = {}
    root = safe_parse(data, file=path)
    for element in root:
        _walk(element, None, things)
    for lane in root.iter("{*}lane"):
        for ref in lane.iterfind("{*}flowNodeRef"):
            if ref.text in things:
                things[ref.text].parts["baan"] = str(lane.get("id") or lane.get("name", ""))
    for thing in things.values():
        if thing.kind == "sequenceFlow":
            ends = [_named(things, what, thing.parts.get(what)) for what in ("van", "naar")]
            label = f" ({thing.name})" if thing.name else ""
            thing.name = f"van “{ends[0]}” naar “{ends[1]}”{label}"
    return things


def _walk(element: Any, owner: _Thing | None, things: dict[str, _Thing]) -> None:  # noqa: ANN401 - lxml
    tag = _local(element)
    if tag in _SKIPPED:
        return
    if _OWN.fullmatch(tag) and element.get("id"):
        owner = things[element.get("id")] = _Thing(
            tag, element.get("name") or element.get("label") or ""
        )
    if owner is not None:
        _note(element, tag, owner)
    if tag == "decisionTable":
        _rows(element, things)
    for child in element:
        if _local(child) != "rule":
            _walk(child, owner, things)


def _note(element: Any, tag: str, owner: _Thing) -> None:  # noqa: ANN401 - lxml
    """Write down what an element says of the thing around it."""
    said = dict(element.attrib)
    if (
        key := said.get("name")
        if tag == "property"
        else said.get("key")
        if tag == "header"
        else None
    ):
        owner.parts[key] = said.get("value", "")
        return
    if tag in {"input", "output"} and "target" in said:
        owner.parts[f"geeft {said['target']}"] = said.get("source", "")
        return
    for attribute, value in said.items():
        local = attribute.rpartition("}")[2]
        if local not in _DRAWN and not (attribute != local and local == "type"):  # xsi:type
            meant = _SAID[value] if local in _YES_NO and value in _SAID else value
            owner.put(_SPOKEN.get(local, local), meant)
    if element.text and element.text.strip():
        parent = _local(element.getparent()) if tag == "text" else tag
        owner.put(_SPOKEN.get(parent, parent), element.text.strip())


def _rows(table: Any, things: dict[str, _Thing]) -> None:  # noqa: ANN401 - lxml
    """Read the rows of a table: each cell under the heading of its column."""
    heads = {
        side: [
            head.get("label") or head.get("name") or "" for head in table.findall(f"{{*}}{side}")
        ]
        for side in ("input", "output")
    }
    for place, row in enumerate(table.iterfind("{*}rule"), 1):
        if not row.get("id"):
            continue
        thing = things[row.get("id")] = _Thing("rule", f"regel {place}")
        for side, names in heads.items():
            cells = [cell.findtext("{*}text") or "" for cell in row.findall(f"{{*}}{side}Entry")]
            put = [
                thing.put(head or f"kolom {number}", cell.strip())
                for number, (head, cell) in enumerate(zip(names, cells, strict=False), 1)
            ]
            if side == "output":
                thing.answers = frozenset(put)
        thing.parts["uitleg"] = (row.findtext("{*}description") or "").strip()


def _fields(schema: Mapping[str, Any]) -> Iterator[tuple[str, _Thing]]:
    for part in schema.get("components") or ():
        ident = str(part.get("key") or part.get("path") or part.get("id"))
        name = str(part.get("label") or part.get("dateLabel") or part.get("text") or ident)
        thing = _Thing("veld", shorten(_MARKS.sub("", name), _NAME, placeholder=" …"))
        rest = {k: v for k, v in part.items() if k not in {"components", "layout", "id"}}
        for where, value in _leaves(rest):
            thing.put(where, value)
        yield ident, thing
        yield from _fields(part)


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield (what, value) for all that a field says of itself."""
    if isinstance(value, Mapping):
        if set(value) == {"label", "value"}:
            yield "antwoord", f"{value['label']} ({value['value']})"
            return
        for key, part in value.items():
            yield from _leaves(part, _SPOKEN.get(str(key), str(key)))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, name)
    elif isinstance(value, bool):
        yield name, "ja" if value else "nee"
    else:
        yield name, "" if value is None else str(value)


def _local(element: Any) -> str:  # noqa: ANN401 - lxml
    return str(element.tag).rpartition("}")[2]
