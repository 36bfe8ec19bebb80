"""Draw a BPMN file as SVG on the server, with where a route stands.

No style attributes and no scripts: it works under a strict Content-Security-Policy. Each kind
of shape and each status has a class for the stylesheet, and presentation attributes for
whoever has none. A status shows as a mark and in the title, never by colour alone.
"""

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from routeflow.engine.diagram import NODES
from routeflow.engine.vocabulary import BPMN, flag, local_name
from routeflow.engine.xml import safe_parse

STATUSES: Final[dict[str, tuple[str, str]]] = {
    "open": ("●", "nu bezig"),
    "wacht": ("◷", "wacht"),
    "gedaan": ("✓", "gedaan"),
    "afgebroken": ("✕", "afgebroken"),
    "incident": ("!", "loopt vast"),
    "pad": ("➤", "op het pad"),
}
"""The mark and the words of each status; another status shows by its own word."""

_FILLS: Final = {
    "open": "#fff3c4",
    "wacht": "#e6f0fb",
    "gedaan": "#eef6ee",
    "afgebroken": "#eeeeee",
    "incident": "#fde4e1",
    "pad": "#fff1d6",
}

_SVG: Final = "http://www.w3.org/2000/svg"
_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC: Final = "{http://www.omg.org/spec/DD/20100524/DC}"
_DD: Final = "{http://www.omg.org/spec/DD/20100524/DI}"
_MARGIN: Final = 20
_FAR: Final = 200_000
_LINE: Final = 14
_LETTER: Final = 6.3
_SIZES: Final = {"Event": (36, 36), "Gateway": (50, 50)}
_EVENT_SIGNS: Final = {
    "messageEventDefinition": "✉",
    "timerEventDefinition": "◷",
    "errorEventDefinition": "⚡",
    "escalationEventDefinition": "▲",
    "signalEventDefinition": "△",
    "conditionalEventDefinition": "≡",
    "linkEventDefinition": "➜",
    "terminateEventDefinition": "⬤",
}
_TASK_SIGNS: Final = {
    "userTask": "☺",
    "manualTask": "☞",
    "serviceTask": "⚙",
    "scriptTask": "≣",
    "sendTask": "✉",
    "receiveTask": "✉",
    "businessRuleTask": "▦",
}
_GATEWAY_SIGNS: Final = {
    "exclusiveGateway": "×",
    "parallelGateway": "+",
    "inclusiveGateway": "○",
    "eventBasedGateway": "⬠",
    "complexGateway": "*",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class _Shape:
    element: etree._Element
    box: Box
    label: Box | None
    expanded: bool


@dataclass(frozen=True, slots=True)
class _Edge:
    element: etree._Element
    points: tuple[tuple[float, float], ...]
    label: Box | None


def render(
    bpmn: bytes,
    tokens: Mapping[str, str],
    *,
    title: str | None = None,
    file: str = "diagram.bpmn",
) -> str:
    """Return the drawing of ``bpmn`` as an <svg> element.

    Args:
        bpmn: the file. Without coordinates the steps stand in the order of the flow.
        tokens: element id -> status, one of STATUSES or any other word; also for the ids of
            sequence flows, to show the way that was taken.
        title: what a screen reader says first; the name of the process when left out.
        file: the name of the file, for the sentence in the error.

    Raises:
        Invalid: the file is no safe XML.
    """
    root = safe_parse(bpmn, file=file)
    elements = {
        ident: element
        for element in root.iter(f"{BPMN}*")
        if (ident := element.get("id")) and not local_name(element).endswith("Definition")
    }
    shapes, edges = _drawn(root, elements)
    if not shapes:
        shapes, edges = _laid_out(root)
    return _Canvas(root, shapes, edges, tokens).draw(title)


def _drawn(
    root: etree._Element, elements: Mapping[str, etree._Element]
) -> tuple[list[_Shape], list[_Edge]]:
    shapes: list[_Shape] = []
    edges: list[_Edge] = []
    plane = root.find(f"{_DI}BPMNDiagram/{_DI}BPMNPlane")
    for part in plane if plane is not None else ():
        element = elements.get(part.get("bpmnElement") or "")
        if element is None:
            continue
        label = part.find(f"{_DI}BPMNLabel/{_DC}Bounds")
        place = _box(label) if label is not None else None
        if part.tag == f"{_DI}BPMNShape":
            bounds = part.find(f"{_DC}Bounds")
            box = _box(bounds) if bounds is not None else None
            if box is not None:
                shapes.append(_Shape(element, box, place, part.get("isExpanded") == "true"))
        elif part.tag == f"{_DI}BPMNEdge":
            points = tuple(_points(part))
            if len(points) > 1:
                edges.append(_Edge(element, points, place))
    return shapes, edges


def _number(element: etree._Element, name: str) -> float | None:
    try:
        number = float(element.get(name) or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < _FAR else None


def _box(bounds: etree._Element) -> Box | None:
    x, y = _number(bounds, "x"), _number(bounds, "y")
    width, height = _number(bounds, "width"), _number(bounds, "height")
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(x, y, width, height)


def _points(edge: etree._Element) -> Iterator[tuple[float, float]]:
    for point in edge.iterchildren(f"{_DD}waypoint"):
        x, y = _number(point, "x"), _number(point, "y")
        if x is not None and y is not None:
            yield x, y


def _laid_out(root: etree._Element) -> tuple[list[_Shape], list[_Edge]]:
    """Give a file without coordinates a place for each step: a column per step from the start."""
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    nodes = {
        node.get("id") or "": node
        for node in root.iter(f"{BPMN}*")
        if local_name(node) in NODES and node.get("id")
    }
    hosts = {ident: node.get("attachedToRef") or "" for ident, node in nodes.items()}
    after: dict[str, list[str]] = {ident: [] for ident in nodes}
    for flow in flows:
        source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
        if source in nodes and target in nodes:
            after[source].append(target)
    for ident, host in hosts.items():
        if host in nodes:
            after[host].append(ident)
    entered = {target for targets in after.values() for target in targets}
    columns: dict[str, int] = {}
    for begin in [*(ident for ident in nodes if ident not in entered), *nodes]:
        waiting = [(begin, 0)]
        while waiting:
            ident, column = waiting.pop(0)
            if ident not in columns:
                columns[ident] = column
                waiting += [(target, column + 1) for target in after[ident]]
    used: dict[int, int] = {}
    boxes: dict[str, Box] = {}
    for ident, column in columns.items():
        row = used.get(column, 0)
        used[column] = row + 1
        width, height = next(
            (size for kind, size in _SIZES.items() if local_name(nodes[ident]).endswith(kind)),
            (120, 80),
        )
        boxes[ident] = Box(
            column * 180 + (120 - width) / 2, row * 130 + (80 - height) / 2, width, height
        )
    shapes = [_Shape(nodes[ident], box, None, expanded=False) for ident, box in boxes.items()]
    edges = [
        _Edge(flow, (boxes[source].middle, boxes[target].middle), None)
        for flow in flows
        if (source := flow.get("sourceRef") or "") in boxes
        and (target := flow.get("targetRef") or "") in boxes
    ]
    return shapes, [_clipped(edge, boxes) for edge in edges]


def _clipped(edge: _Edge, boxes: Mapping[str, Box]) -> _Edge:
    """Let a flow begin and end at the sides of what it connects."""
    one = boxes[edge.element.get("sourceRef") or ""]
    other = boxes[edge.element.get("targetRef") or ""]
    if one.x + one.width < other.x:
        points = ((one.x + one.width, one.middle[1]), (other.x, other.middle[1]))
    else:
        points = ((one.middle[0], one.y + one.height), (other.middle[0], other.y + other.height))
    return _Edge(edge.element, points, None)


class _Canvas:
    """Draws one file. A class because every part needs the statuses."""

    def __init__(
        self,
        root: etree._Element,
        shapes: list[_Shape],
        edges: list[_Edge],
        tokens: Mapping[str, str],
    ) -> None:
        self.root = root
        self.shapes = shapes
        self.edges = edges
        self.tokens = tokens
        self.defaults = {
            default for element in root.iter(f"{BPMN}*") if (default := element.get("default"))
        }
        self.ident = f"bpmn-{zlib.crc32(etree.tostring(root)):08x}"
        self.svg = etree.Element(f"{{{_SVG}}}svg", nsmap={None: _SVG})

    def draw(self, title: str | None) -> str:
        self._frame(title or self._name())
        for shape in sorted(self.shapes, key=_layer):
            if _layer(shape) == 0:
                self._shape(shape)
        for edge in self.edges:
            self._edge(edge)
        for shape in sorted(self.shapes, key=_layer):
            if _layer(shape) > 0:
                self._shape(shape)
        return etree.tostring(self.svg, encoding="unicode")

    def _name(self) -> str:
        for tag in ("participant", "process"):
            for element in self.root.iter(f"{BPMN}{tag}"):
                if element.get("name"):
                    return str(element.get("name"))
        return "Proces"

    def _frame(self, title: str) -> None:
        xs = [x for shape in self.shapes for x in (shape.box.x, shape.box.x + shape.box.width)]
        ys = [y for shape in self.shapes for y in (shape.box.y, shape.box.y + shape.box.height)]
        for edge in self.edges:
            xs += [x for x, _ in edge.points]
            ys += [y for _, y in edge.points]
        labels = [shape.label for shape in self.shapes] + [edge.label for edge in self.edges]
        for label in labels:
            if label is not None:
                xs += [label.x, label.x + label.width]
                ys += [label.y, label.y + label.height]
        left, top = min(xs, default=0) - _MARGIN, min(ys, default=0) - _MARGIN
        width = max(xs, default=0) - left + _MARGIN
        height = max(ys, default=0) - top + _MARGIN
        self.svg.set("viewBox", _join(left, top, width, height))
        self.svg.set("width", _text(width))
        self.svg.set("height", _text(height))
        self.svg.set("class", "bpmn")
        self.svg.set("role", "img")
        self.svg.set("aria-labelledby", f"{self.ident}-t {self.ident}-d")
        self.svg.set("font-family", "inherit")
        self.svg.set("font-size", "12")
        self._add(self.svg, "title", title, id=f"{self.ident}-t")
        self._add(self.svg, "desc", self._summary(), id=f"{self.ident}-d")
        arrow = self._add(
            self._add(self.svg, "defs"),
            "marker",
            id=f"{self.ident}-pijl",
            viewBox="0 0 10 10",
            refX="10",
            refY="5",
            markerWidth="8",
            markerHeight="8",
            orient="auto",
        )
        self._add(arrow, "path", d="M0 0 L10 5 L0 10 z", fill="currentColor")

    def _summary(self) -> str:
        parts = []
        for shape in self.shapes:
            status = self.tokens.get(shape.element.get("id") or "")
            if status is not None and status != "gedaan":
                parts.append(f"{_called(shape.element)}: {_words(status)}")
        return "; ".join(parts) or "Nergens in dit schema is iemand aan zet."

    def _group(self, element: etree._Element, kind: str) -> tuple[etree._Element, str | None]:
        ident = element.get("id") or ""
        status = self.tokens.get(ident)
        names = f"bpmn-{kind}" + (f" bpmn-is-{_slug(status)}" if status else "")
        group = self._add(self.svg, "g", **{"class": names, "data-element": ident})
        if status:
            group.set("data-status", status)
        words = f" ({_words(status)})" if status else ""
        self._add(group, "title", f"{_called(element)}{words}")
        return group, status

    def _shape(self, shape: _Shape) -> None:
        kind = local_name(shape.element)
        if kind in {"participant", "lane"}:
            self._lane(shape, kind)
        elif kind.endswith("Event"):
            self._event(shape, kind)
        elif kind.endswith("Gateway"):
            self._gateway(shape, kind)
        elif kind in {"textAnnotation", "group"} or kind.startswith("data"):
            self._note(shape)
        else:
            self._activity(shape, kind)

    def _lane(self, shape: _Shape, kind: str) -> None:
        group, _ = self._group(shape.element, kind)
        self._rect(group, shape.box, fill="none", stroke="currentColor")
        name = shape.element.get("name") or ""
        x, y = shape.box.x + 16, shape.box.middle[1]
        label = self._add(group, "text", name, **{"text-anchor": "middle", "fill": "currentColor"})
        label.set("transform", f"translate({_text(x)} {_text(y)}) rotate(-90)")

    def _activity(self, shape: _Shape, kind: str) -> None:
        group, status = self._group(shape.element, "task")
        box = shape.box
        thick = "4" if kind == "callActivity" else "1.5"
        options = {"rx": "8", "stroke": "currentColor", "stroke-width": thick}
        if flag(shape.element, "triggeredByEvent", default=False):
            options["stroke-dasharray"] = "3 3"
        self._rect(group, box, fill="none" if shape.expanded else _fill(status), **options)
        name = shape.element.get("name") or ""
        if shape.expanded:
            top = Box(box.x, box.y + 4, box.width, _LINE * 2)
            self._words(group, name, top)
        else:
            self._words(group, name, box)
        sign = _TASK_SIGNS.get(kind)
        if sign:
            self._sign(group, sign, box.x + 12, box.y + 14)
        below = _repeats(shape.element)
        if kind in {"callActivity", "subProcess"} and not shape.expanded:
            below = f"{below}⊞"
        if below:
            self._sign(group, below, box.middle[0], box.y + box.height - 8)
        self._status(group, status, box.x + box.width, box.y)

    def _event(self, shape: _Shape, kind: str) -> None:
        group, status = self._group(shape.element, "event")
        x, y = shape.box.middle
        radius = min(shape.box.width, shape.box.height) / 2
        options = {"fill": _fill(status), "stroke": "currentColor", "stroke-width": "1.5"}
        if kind == "endEvent":
            options["stroke-width"] = "4"
        if not all(
            flag(shape.element, name, default=True) for name in ("cancelActivity", "isInterrupting")
        ):
            options["stroke-dasharray"] = "4 3"
        self._add(group, "circle", cx=_text(x), cy=_text(y), r=_text(radius), **options)
        if kind.startswith(("intermediate", "boundary")):
            options["fill"] = "none"
            self._add(group, "circle", cx=_text(x), cy=_text(y), r=_text(radius - 4), **options)
        for child in shape.element.iterchildren():
            sign = _EVENT_SIGNS.get(local_name(child))
            if sign:
                self._sign(group, sign, x, y + 5)
        self._caption(group, shape)
        self._status(group, status, x + radius, y - radius)

    def _gateway(self, shape: _Shape, kind: str) -> None:
        group, status = self._group(shape.element, "gateway")
        box = shape.box
        x, y = box.middle
        corners = [(x, box.y), (box.x + box.width, y), (x, box.y + box.height), (box.x, y)]
        self._add(
            group,
            "polygon",
            points=" ".join(f"{_text(a)},{_text(b)}" for a, b in corners),
            fill=_fill(status),
            stroke="currentColor",
        ).set("stroke-width", "1.5")
        sign = self._sign(group, _GATEWAY_SIGNS.get(kind, ""), x, y + 8)
        sign.set("font-size", "24")
        self._caption(group, shape)
        self._status(group, status, box.x + box.width, box.y)

    def _note(self, shape: _Shape) -> None:
        group, _ = self._group(shape.element, "note")
        self._rect(group, shape.box, fill="none", stroke="currentColor").set(
            "stroke-dasharray", "2 2"
        )
        text = shape.element.find(f"{BPMN}text")
        words = (text.text if text is not None else shape.element.get("name")) or ""
        self._words(group, words, shape.box)

    def _caption(self, group: etree._Element, shape: _Shape) -> None:
        name = shape.element.get("name") or ""
        box = shape.box
        place = shape.label
        if place is None or place.width <= 0:
            place = Box(box.middle[0] - 50, box.y + box.height + 2, 100, _LINE)
        self._words(group, name, place, top=True)

    def _edge(self, edge: _Edge) -> None:
        kind = local_name(edge.element)
        group, status = self._group(
            edge.element, "flow" if kind == "sequenceFlow" else "association"
        )
        line = self._add(
            group,
            "polyline",
            points=" ".join(f"{_text(x)},{_text(y)}" for x, y in edge.points),
            fill="none",
            stroke="currentColor",
        )
        line.set("stroke-width", "3" if status else "1.5")
        if kind == "sequenceFlow":
            line.set("marker-end", f"url(#{self.ident}-pijl)")
        else:
            line.set("stroke-dasharray", "2 3")
        if edge.element.get("id") in self.defaults:
            (x, y), (to_x, to_y) = edge.points[0], edge.points[1]
            length = math.hypot(to_x - x, to_y - y) or 1
            x, y = x + (to_x - x) / length * 10, y + (to_y - y) / length * 10
            self._add(
                group, "path", d=f"M{_join(x - 4, y + 4)} L{_join(x + 4, y - 4)}",
                stroke="currentColor",
            )  # fmt: skip
        name = edge.element.get("name") or ""
        if name:
            place = edge.label
            if place is None or place.width <= 0:
                (x, y), (to_x, to_y) = edge.points[0], edge.points[1]
                place = Box((x + to_x) / 2 - 40, (y + to_y) / 2 - _LINE, 80, _LINE)
            self._words(group, name, place, top=True)

    def _status(self, group: etree._Element, status: str | None, x: float, y: float) -> None:
        if not status:
            return
        mark = STATUSES.get(status, ("•", status))[0]
        badge = self._add(group, "g", **{"class": "bpmn-mark", "aria-hidden": "true"})
        options = {"fill": "#fff", "stroke": "currentColor", "stroke-width": "2"}
        self._add(badge, "circle", cx=_text(x), cy=_text(y), r="10", **options)
        self._sign(badge, mark, x, y + 4.5)

    def _words(self, group: etree._Element, text: str, box: Box, *, top: bool = False) -> None:
        """Write text inside a box, broken into lines."""
        lines = _lines(text, box.width)
        if not lines:
            return
        label = self._add(group, "text", **{"text-anchor": "middle", "fill": "currentColor"})
        x, y = box.middle
        first = box.y + _LINE - 3 if top else y - (len(lines) - 1) * _LINE / 2 + 4
        for place, line in enumerate(lines):
            self._add(label, "tspan", line, x=_text(x), y=_text(first + place * _LINE))

    def _sign(self, group: etree._Element, sign: str, x: float, y: float) -> etree._Element:
        return self._add(
            group,
            "text",
            sign,
            x=_text(x),
            y=_text(y),
            fill="currentColor",
            **{"text-anchor": "middle", "aria-hidden": "true"},
        )

    def _rect(self, group: etree._Element, box: Box, **options: str) -> etree._Element:
        return self._add(
            group,
            "rect",
            x=_text(box.x),
            y=_text(box.y),
            width=_text(box.width),
            height=_text(box.height),
            **options,
        )

    def _add(
        self, parent: etree._Element, tag: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        child = etree.SubElement(parent, f"{{{_SVG}}}{tag}")
        for key, value in attributes.items():
            child.set(key, value)
        child.text = text
        return child


def _layer(shape: _Shape) -> int:
    """Return what lies under what: pools, lanes and open subprocesses, then steps, then edges."""
    kind = local_name(shape.element)
    if kind in {"participant", "lane"} or shape.expanded:
        return 0
    return 2 if kind == "boundaryEvent" else 1


def _repeats(element: etree._Element) -> str:
    if element.find(f"{BPMN}standardLoopCharacteristics") is not None:
        return "↻"
    multiple = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if multiple is None:
        return ""
    return "≡" if flag(multiple, "isSequential", default=False) else "⦀"


def _called(element: etree._Element) -> str:
    return element.get("name") or element.get("id") or ""


def _words(status: str) -> str:
    return STATUSES.get(status, ("", status))[1]


def _fill(status: str | None) -> str:
    return _FILLS.get(status or "", "#fff")


def _slug(status: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in status.lower())


def _lines(text: str, width: float) -> list[str]:
    """Break text into lines that fit, measured roughly: no font is at hand here."""
    room = max(int(width / _LETTER), 6)
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _join(*numbers: float) -> str:
    return " ".join(_text(number) for number in numbers)
