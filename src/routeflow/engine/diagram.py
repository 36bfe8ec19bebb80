"""Read a BPMN file into plain typed values: what is drawn, without judging whether it can run.

The reader never stops at the first mistake. What it cannot place it notes as a ``Problem``;
``check`` turns those into findings and ``load`` refuses a diagram that has one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, Literal

from lxml import etree

from routeflow.engine import vocabulary
from routeflow.engine.problems import Problem
from routeflow.engine.vocabulary import BPMN, ZEEBE, flag, local_name
from routeflow.engine.xml import safe_parse

EventKind = Literal[
    "none",
    "message",
    "timer",
    "signal",
    "error",
    "escalation",
    "conditional",
    "link",
    "terminate",
]
TimerKind = Literal["timeDate", "timeDuration", "timeCycle"]

ACTIVITIES: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
    }
)
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
CATCHING: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent"})
PERSONS: Final = frozenset({"task", "userTask", "manualTask"})
_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"
MAX_TAGS: Final = 400_000
MAX_ELEMENTS: Final = 20_000
MAX_PROCESSES: Final = 200
MAX_PROBLEMS: Final = 1_000
WHOLE: Final = re.compile("[0-9]{1,9}")
NODES: Final = ACTIVITIES | GATEWAYS | CATCHING | THROWING
RESERVED: Final = re.compile(
    r"Start|End|Root|.*\.EndJoin|rf__.*"
)  # ids of the library and the engine
STAND_IN: Final = "refused"  # the kind of a node that the vocabulary refuses


@dataclass(frozen=True, slots=True)
class Event:
    """What an event waits for or throws.

    ``name``: of the message, signal or link; the code of an error or escalation ("": any).
    ``expression``: the text of a timer or condition as written.
    """

    kind: EventKind
    name: str = ""
    timer: TimerKind | None = None
    expression: str = ""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One row of zeebe:ioMapping."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity runs. ``standard`` loops repeat while ``condition`` holds."""

    standard: bool
    sequential: bool
    collection: str = ""
    item: str = ""
    cardinality: str = ""
    output_collection: str = ""
    output_element: str = ""
    completion: str = ""
    condition: str = ""
    maximum: int | None = None
    test_before: bool = False


@dataclass(slots=True, eq=False)
class Flow:
    """A sequence flow; ``id`` is None when the file gives none. ``link``: not drawn, but meant."""

    id: str | None
    name: str
    source: str
    target: str
    condition: str | None
    line: int | None
    default: bool = False
    link: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """One element that a token can be at. Filled by the reader, not changed afterwards."""

    id: str
    kind: str
    name: str
    process: str
    line: int | None
    documentation: str = ""
    lane: str | None = None
    event: Event | None = None
    interrupting: bool = True
    attached_to: str | None = None
    direction: str = ""
    default: str | None = None
    triggered_by_event: bool = False
    instantiate: bool = False
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    loop: Loop | None = None
    called: str | None = None
    sees_parent: bool = True
    shares_with_parent: bool = True
    decision: str | None = None
    script: str | None = None
    result: str = ""
    service: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    form: str | None = None
    due: str = ""
    follow_up: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)  # names of rows of which only one counts
    body: "Scope | None" = None
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Begin:
    """One way in which a scope can begin.

    ``nodes``: the elements that get a token, all at once. ``event``: what must happen for it; None
    when it begins plainly. ``via``: the event-based gateway behind which the one node stands.
    """

    nodes: tuple[Node, ...]
    event: Event | None = None
    via: Node | None = None

    @property
    def node(self) -> Node:
        return self.nodes[0]


@dataclass(slots=True, eq=False)
class Scope:
    """A process or the inside of a subprocess: nodes in the order of the file, and their flows."""

    id: str
    process: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def everything(self) -> Iterator[Node]:
        """Return all nodes, those inside subprocesses right after the subprocess."""
        waiting = list(reversed(self.nodes.values()))
        while waiting:
            node = waiting.pop()
            yield node
            if node.body is not None:
                waiting.extend(reversed(node.body.nodes.values()))

    def scopes(self) -> Iterator["Scope"]:
        """Return this scope and those of all subprocesses inside it."""
        yield self
        for node in self.everything():
            if node.body is not None:
                yield node.body

    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]

    def begins(self) -> list[Begin]:
        """Return each way in which this scope can begin, in the order of the file.

        Start events and elements with ``instantiate`` are each a way of their own. Where there
        are none, everything to which no arrow leads begins at once.
        """
        found: list[Begin] = []
        for node in self.nodes.values():
            if node.kind == "startEvent":
                plain = node.event is None or node.event.kind == "none"
                found.append(Begin((node,), None if plain else node.event))
            elif self._instantiates(node) and node.kind == "receiveTask":
                found.append(Begin((node,), node.event))
            elif self._instantiates(node):
                targets = (self.nodes[flow.target] for flow in node.outgoing)
                found += [Begin((target,), target.event, node) for target in targets]
        roots = tuple(node for node in self.nodes.values() if _is_root(node))
        return found or ([Begin(roots)] if roots else [])

    def plain_begins(self) -> list[Begin]:
        """Return the ways to begin for which nothing has to happen."""
        return [begin for begin in self.begins() if begin.event is None]

    def _instantiates(self, node: Node) -> bool:
        return node.instantiate and not node.incoming and self.id == self.process

    def event_subprocesses(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.triggered_by_event]


@dataclass(slots=True, eq=False)
class Process:
    """One bpmn:process with where it stands."""

    id: str
    name: str
    file: str
    scope: Scope
    line: int | None
    documentation: str = ""
    lanes: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Diagram:
    """One file: its processes, the messages and the like that it names, and what went wrong."""

    file: str
    processes: list[Process] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ids: list[tuple[str, int | None]] = field(default_factory=list)


def read(data: bytes, file: str) -> Diagram:
    """Return what is drawn in a .bpmn file. Raises Invalid when it is no safe XML at all."""
    root = safe_parse(data, file=file, marks=MAX_TAGS)
    return _Reader(root, file).diagram


class _Reader:
    """Reads one file. A class because every step needs the references and the list of problems."""

    def __init__(self, root: etree._Element, file: str) -> None:
        self.diagram = Diagram(file)
        self.refs: dict[str, dict[str, str]] = {
            "message": {},
            "signal": {},
            "error": {},
            "escalation": {},
        }
        if root.tag != f"{BPMN}definitions":
            self.problem(
                root, "geen-bpmn", "Dit bestand is geen BPMN-diagram. Bewaar het als BPMN 2.0."
            )
            return
        if self._too_big(root):
            return
        self.diagram.problems += islice(vocabulary.problems(root), MAX_PROBLEMS)
        for element in root.iter():
            if str(element.tag).startswith(BPMN) and (ident := element.get("id")):
                self.diagram.ids.append((ident, element.sourceline))
        self._references(root)
        for process in root.iterchildren(f"{BPMN}process"):
            self._process(process)
        self._pools(root)
        if not self.diagram.processes:
            self.problem(root, "geen-proces", "In dit bestand staat geen proces.")
        self._undrawn(root)

    def _pools(self, root: etree._Element) -> None:
        """Name a pool that stands for a process of which nothing is in the file."""
        there = {process.id for process in self.diagram.processes}
        for pool in root.iterfind(f"{BPMN}collaboration/{BPMN}participant"):
            process = _reference(pool, "processRef")
            if process and process not in there:
                self.problem(
                    pool,
                    "verwijzing",
                    f"Deze pool is van het proces {process}, en dat staat niet in dit bestand. Teken"
                    " de pool opnieuw.",
                )

    def _undrawn(self, root: etree._Element) -> None:
        """Name the steps and arrows that a drawing leaves out: they run, and who looks does not see them."""
        drawn, edges = _drawn(root, "BPMNShape"), _drawn(root, "BPMNEdge")
        if not drawn:  # no drawing at all hides nothing
            return
        for process in self.diagram.processes:
            for scope in process.scope.scopes() if edges else ():
                self._undrawn_flows(scope, edges)
            for node in process.scope.everything():
                if node.id not in drawn:
                    self._note(
                        Problem(
                            node.id,
                            node.name or None,
                            "niet-getekend",
                            "Deze stap staat niet in de tekening, en gebeurt wel. Teken hem.",
                            node.line,
                            "waarschuwing",
                        )
                    )

    def _undrawn_flows(self, scope: Scope, edges: set[str]) -> None:
        for flow in scope.flows:
            if flow.link or flow.id in edges:
                continue
            source, target = (scope.nodes.get(end) for end in (flow.source, flow.target))
            if source is not None and target is not None:
                self._note(
                    Problem(
                        flow.id or flow.source,
                        flow.name or None,
                        "niet-getekend",
                        f"De pijl van {source.name or source.id} naar {target.name or target.id}"
                        " staat niet in de tekening, en telt wel. Teken hem.",
                        flow.line,
                        "waarschuwing",
                    )
                )

    def problem(self, element: etree._Element, code: str, message: str) -> None:
        self._note(
            Problem(element.get("id"), element.get("name"), code, message, element.sourceline)
        )

    def _note(self, problem: Problem) -> None:
        """Keep a problem, unless there are so many that nobody reads them."""
        if len(self.diagram.problems) < 2 * MAX_PROBLEMS:
            self.diagram.problems.append(problem)

    def _too_big(self, root: etree._Element) -> bool:
        """Refuse a file with more in it than a person could ever draw."""
        steps = processes = 0
        for element in root.iter(f"{BPMN}*"):
            name = local_name(element)
            steps += name in NODES or name == "sequenceFlow"
            processes += name == "process"
        if steps > MAX_ELEMENTS:
            self.problem(
                root, "te-groot", f"Er staan meer dan {MAX_ELEMENTS} stappen en pijlen in."
            )
        if processes > MAX_PROCESSES:
            self.problem(root, "te-groot", f"Er staan meer dan {MAX_PROCESSES} processen in.")
        return bool(self.diagram.problems)

    def _references(self, root: etree._Element) -> None:
        for kind, key in (
            ("message", "name"),
            ("signal", "name"),
            ("error", "errorCode"),
            ("escalation", "escalationCode"),
        ):
            for element in root.iterchildren(f"{BPMN}{kind}"):
                text = (element.get(key) or "").strip()
                self.refs[kind][element.get("id") or ""] = text
                if text.startswith("=") or "${" in text or "#{" in text:
                    self.problem(
                        element,
                        "naam-vast",
                        f"De naam {text} wordt berekend; een naam of code moet vaste tekst zijn.",
                    )
        self.diagram.messages = self.refs["message"]

    def _process(self, element: etree._Element) -> None:
        ident = element.get("id") or ""
        if not ident:
            self.problem(element, "geen-id", "Dit proces heeft geen id.")
            return
        scope = self._scope(element, ident, ident)
        names = self._lanes(element, scope)
        process = Process(
            ident,
            element.get("name") or ident,
            self.diagram.file,
            scope,
            element.sourceline,
            _documentation(element),
            names,
        )
        self.diagram.processes.append(process)

    def _scope(self, element: etree._Element, ident: str, process: str) -> Scope:
        scope = Scope(ident, process)
        for child in element.iterchildren(f"{BPMN}*"):
            kind = local_name(child)
            if kind == "sequenceFlow":
                scope.flows.append(self._flow(child))
            elif kind in NODES:
                self._node(child, kind, scope)
        self._stand_ins(element, scope)
        self._connect(scope)
        self._links(scope)
        return scope

    def _stand_ins(self, element: etree._Element, scope: Scope) -> None:
        """Keep the place of a refused step that an arrow or event touches.

        Else its neighbours would seem loose and unreachable, and get the blame.
        """
        asked = {end for flow in scope.flows for end in (flow.source, flow.target)}
        asked |= {node.attached_to or "" for node in scope.nodes.values()}
        asked -= scope.nodes.keys()
        for child in element.iterchildren(f"{BPMN}*"):
            ident, kind = child.get("id") or "", local_name(child)
            if ident and ident in asked and vocabulary.refused(kind):
                name = child.get("name") or ""
                scope.nodes[ident] = Node(ident, STAND_IN, name, scope.process, child.sourceline)

    def _flow(self, element: etree._Element) -> Flow:
        found = element.find(f"{BPMN}conditionExpression")
        condition = None if found is None else (found.text or "").strip()
        if condition == "":
            self.problem(element, "geen-voorwaarde", "De voorwaarde op deze pijl is leeg.")
        return Flow(
            element.get("id") or None,
            element.get("name") or "",
            element.get("sourceRef") or "",
            element.get("targetRef") or "",
            condition or None,
            element.sourceline,
        )

    def _node(self, element: etree._Element, kind: str, scope: Scope) -> None:
        ident = element.get("id") or ""
        if not ident:
            self.problem(element, "geen-id", f"Een onderdeel ({kind}) heeft geen id.")
            return
        if ident in scope.nodes:
            self.problem(element, "dubbele-id", f"De id {ident} komt twee keer voor.")
            return
        node = Node(ident, kind, element.get("name") or "", scope.process, element.sourceline)
        scope.nodes[ident] = node
        node.documentation = _documentation(element)
        node.default = element.get("default")
        node.event = self._event(element, kind)
        _extensions(element, node)
        if kind in THROWING and (node.event is None or node.event.kind != "message"):
            node.service = None
        node.loop = _loop(element)
        maximum = _loop_maximum(element)
        if maximum and not WHOLE.fullmatch(maximum):
            self.problem(element, "herhaling", f"loopMaximum = {maximum[:60]} is geen heel getal.")
        self._kind_of(element, node, scope)

    def _kind_of(self, element: etree._Element, node: Node, scope: Scope) -> None:
        """Read what only this kind of element has."""
        kind = node.kind
        if kind in GATEWAYS:
            node.direction = (element.get("gatewayDirection") or "").strip()
        if kind == "boundaryEvent":
            node.attached_to = element.get("attachedToRef")
            node.interrupting = flag(element, "cancelActivity", default=True)
        elif kind == "startEvent":
            node.interrupting = flag(element, "isInterrupting", default=True)
        elif kind in {"receiveTask", "eventBasedGateway"}:
            node.instantiate = flag(element, "instantiate", default=False)
        elif kind == "callActivity":
            self._called(element, node)
        elif kind == "subProcess":
            node.triggered_by_event = flag(element, "triggeredByEvent", default=False)
            node.body = self._scope(element, node.id, scope.process)

    def _called(self, element: etree._Element, node: Node) -> None:
        """Read which process a call begins: from zeebe, or else from BPMN itself."""
        plain = _reference(element, "calledElement")
        if node.called and plain and plain.strip() != node.called:
            self.problem(
                element,
                "dubbel",
                f"Deze aanroep noemt twee processen: {node.called} en {plain} (calledElement). Laat"
                " er een over.",
            )
        node.called = node.called or plain

    def _event(self, element: etree._Element, kind: str) -> Event | None:
        if kind in {"receiveTask", "sendTask"}:
            reference = _reference(element, "messageRef")
            return self._referring(element, "message", reference) if reference else None
        if kind not in CATCHING | THROWING:
            return None
        definitions = [
            child
            for child in element.iterchildren(f"{BPMN}*")
            if local_name(child).endswith(("Definition", "DefinitionRef"))
        ]
        if len(definitions) > 1:
            self.problem(
                element,
                "meer-gebeurtenissen",
                "Dit onderdeel wacht op meer dingen tegelijk; gebruik een event-based gateway.",
            )
        return self._defined(element, definitions[0]) if definitions else Event("none")

    def _defined(self, element: etree._Element, found: etree._Element) -> Event | None:
        match local_name(found).removesuffix("EventDefinition"):
            case "message" | "signal" | "error" | "escalation" as what:
                return self._referring(element, what, _reference(found, f"{what}Ref"))
            case "timer":
                return self._timer(element, found)
            case "conditional":
                return Event("conditional", expression=_text(found, "condition"))
            case "link":
                return Event("link", (found.get("name") or "").strip())
            case "terminate":
                return Event("terminate")
            case _:
                return None  # refused by the vocabulary

    def _referring(
        self,
        element: etree._Element,
        kind: Literal["message", "signal", "error", "escalation"],
        reference: str | None,
    ) -> Event:
        name = self.refs[kind].get(reference or "", "")
        if reference and reference not in self.refs[kind]:
            self.problem(
                element,
                "verwijzing",
                f"Dit onderdeel verwijst naar {reference}, maar dat staat niet in het bestand."
                " Kies opnieuw waar het over gaat.",
            )
        elif kind in {"message", "signal"} and not name:
            self.problem(
                element,
                "geen-naam",
                "Kies op welk bericht of signaal dit gaat, en geef het een naam.",
            )
        return Event(kind, name, reference=reference)

    def _timer(self, element: etree._Element, definition: etree._Element) -> Event:
        kinds: tuple[TimerKind, ...] = ("timeDate", "timeDuration", "timeCycle")
        found = [kind for kind in kinds if definition.find(f"{BPMN}{kind}") is not None]
        if len(found) != 1:
            self.problem(
                element, "timer", "Geef deze timer precies een datum, een duur of een herhaling."
            )
            return Event("timer", expression="=null")
        return Event("timer", timer=found[0], expression=_text(definition, found[0]))

    def _connect(self, scope: Scope) -> None:
        for flow in scope.flows:
            source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
            if source is None or target is None:
                missing = flow.source if source is None else flow.target
                self._note(
                    Problem(
                        flow.id,
                        flow.name,
                        "losse-pijl",
                        f"Deze pijl begint of eindigt bij {missing or 'niets'},"
                        " en dat staat niet in hetzelfde (deel)proces. Trek de pijl opnieuw.",
                        flow.line,
                    )
                )
                continue
            flow.default = flow.id is not None and source.default == flow.id
            source.outgoing.append(flow)
            target.incoming.append(flow)
        for node in scope.nodes.values():
            if node.kind == "boundaryEvent":
                host = scope.nodes.get(node.attached_to or "")
                if host is None or host.kind not in ACTIVITIES | {STAND_IN}:
                    self._note(
                        Problem(
                            node.id,
                            node.name,
                            "losse-gebeurtenis",
                            "Deze gebeurtenis zit niet vast aan een taak of deelproces. Zet haar op een rand.",
                            node.line,
                        )
                    )
                else:
                    host.boundaries.append(node)
            if node.default and not any(flow.default for flow in node.outgoing):
                self._note(
                    Problem(
                        node.id,
                        node.name,
                        "standaardpijl",
                        f"De standaardpijl {node.default} gaat hier niet uit. Kies hem opnieuw.",
                        node.line,
                    )
                )

    def _links(self, scope: Scope) -> None:
        """Make a link event pair what it means: a flow that is not drawn."""
        landings: dict[str, Node] = {}
        for node in list(scope.nodes.values()):
            if node.kind != "intermediateCatchEvent" or not _is_link(node):
                continue
            name = node.event.name if node.event else ""
            if name in landings:
                self._about(node, "link", f"De link {name} komt op twee plaatsen binnen.")
            landings[name] = node
        for node in scope.nodes.values():
            if node.kind != "intermediateThrowEvent" or not _is_link(node):
                continue
            name = node.event.name if node.event else ""
            landing = landings.get(name)
            if landing is None:
                self._about(
                    node,
                    "link",
                    f"De link {name} komt in dit (deel)proces nergens binnen. Teken dat einde erbij.",
                )
                continue
            flow = Flow(None, "", node.id, landing.id, None, node.line, link=True)
            node.outgoing.append(flow)
            landing.incoming.append(flow)
            scope.flows.append(flow)

    def _about(self, node: Node, code: str, message: str) -> None:
        self._note(Problem(node.id, node.name, code, message, node.line))

    def _lanes(self, element: etree._Element, scope: Scope) -> tuple[str, ...]:
        """Give each node its innermost lane; inside a subprocess a node has that of the subprocess."""
        names: list[str] = []
        nodes = {node.id: node for node in scope.everything()} | scope.nodes
        drawn = {part.get("id") for part in element.iter(f"{BPMN}*")}
        owners: dict[str, etree._Element] = {}
        for lane in element.iter(f"{BPMN}lane"):  # outer lanes come before those inside them
            name = (lane.get("name") or "").strip()
            names.append(name)
            for reference in lane.iterchildren(f"{BPMN}flowNodeRef"):
                ident = (reference.text or "").strip()
                node = nodes.get(ident)
                if node is not None:
                    node.lane = name
                    owner = owners.setdefault(ident, lane)
                    if owner is not lane and owner not in lane.iterancestors():
                        self._about(
                            node, "baan", f"{ident} staat in twee banen: kies wie dit doet."
                        )
                    owners[ident] = lane
                elif ident and ident not in drawn:
                    self.problem(
                        lane,
                        "baan",
                        f"De baan {name} noemt {ident}, maar dat staat er niet. Teken de baan opnieuw.",
                    )
        _inherit_lanes(scope, None)
        return tuple(names)


def _drawn(root: etree._Element, kind: str) -> set[str]:
    """Return the ids of what has a shape or edge, without the prefix that stands for this file."""
    found = root.iter(f"{_DI}{kind}")
    return {(shape.get("bpmnElement") or "").rpartition(":")[2] for shape in found}


def _is_root(node: Node) -> bool:
    """Whether an element begins with its scope where that has no start event."""
    return not (
        node.incoming
        or node.triggered_by_event
        or node.kind in {"startEvent", "boundaryEvent", "endEvent"}
        or (node.kind == "intermediateCatchEvent" and _is_link(node))
    )


def _is_link(node: Node) -> bool:
    return node.event is not None and node.event.kind == "link"


def _inherit_lanes(scope: Scope, lane: str | None) -> None:
    for node in scope.nodes.values():
        node.lane = node.lane or lane
        if node.body is not None:
            _inherit_lanes(node.body, node.lane)


def _reference(element: etree._Element, name: str) -> str | None:
    """Return the id that an attribute refers to; a prefix that stands for this file is left out."""
    reference = element.get(name)
    prefix, colon, ident = (reference or "").strip().partition(":")
    own = element.getroottree().getroot().get("targetNamespace")
    return ident if colon and own and element.nsmap.get(prefix) == own else reference


def _documentation(element: etree._Element) -> str:
    texts = ("".join(found.itertext()) for found in element.iterchildren(f"{BPMN}documentation"))
    return "\n\n".join(text.strip() for text in texts if text.strip())


def _text(element: etree._Element, tag: str) -> str:
    found = element.find(f"{BPMN}{tag}")
    return "" if found is None else (found.text or "").strip()


def _loop_maximum(element: etree._Element) -> str:
    standard = element.find(f"{BPMN}standardLoopCharacteristics")
    return "" if standard is None else (standard.get("loopMaximum") or "").strip()


def _loop(element: etree._Element) -> Loop | None:
    standard = element.find(f"{BPMN}standardLoopCharacteristics")
    if standard is not None:
        maximum = _loop_maximum(element)
        return Loop(
            standard=True,
            sequential=True,
            condition=_text(standard, "loopCondition"),
            maximum=int(maximum) if WHOLE.fullmatch(maximum) else None,
            test_before=flag(standard, "testBefore", default=False),
        )
    multiple = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if multiple is None:
        return None
    zeebe = multiple.find(f"{BPMN}extensionElements/{ZEEBE}loopCharacteristics")
    rows = {} if zeebe is None else {str(key): str(text) for key, text in zeebe.attrib.items()}
    return Loop(
        standard=False,
        sequential=flag(multiple, "isSequential", default=False),
        collection=rows.get("inputCollection", "").strip(),
        item=rows.get("inputElement", "").strip(),
        cardinality=_text(multiple, "loopCardinality"),
        output_collection=rows.get("outputCollection", "").strip(),
        output_element=rows.get("outputElement", "").strip(),
        completion=_text(multiple, "completionCondition"),
    )


def _extensions(element: etree._Element, node: Node) -> None:
    holder = element.find(f"{BPMN}extensionElements")
    if holder is None:
        return
    for child in holder.iterchildren():
        if not str(child.tag).startswith(ZEEBE):
            continue
        word = local_name(child)
        if word in _READERS and vocabulary.reads(node.kind, word):
            _READERS[word](child, node)


def _io_mapping(element: etree._Element, node: Node) -> None:
    def rows(tag: str) -> tuple[Assignment, ...]:
        return tuple(
            Assignment((row.get("source") or "").strip(), (row.get("target") or "").strip())
            for row in element.iterchildren(f"{ZEEBE}{tag}")
        )

    node.inputs, node.outputs = rows("input"), rows("output")
    for found in (node.inputs, node.outputs):
        times = Counter(row.target for row in found)
        node.repeated += [name for name, number in times.items() if number > 1]


def _called_element(element: etree._Element, node: Node) -> None:
    node.called = (element.get("processId") or "").strip() or None
    node.sees_parent = flag(element, "propagateAllParentVariables", default=True)
    node.shares_with_parent = flag(element, "propagateAllChildVariables", default=True)


def _called_decision(element: etree._Element, node: Node) -> None:
    node.decision = (element.get("decisionId") or "").strip() or None
    node.result = (element.get("resultVariable") or "").strip()


def _script(element: etree._Element, node: Node) -> None:
    node.script = (element.get("expression") or "").strip()
    node.result = (element.get("resultVariable") or "").strip()


def _task_definition(element: etree._Element, node: Node) -> None:
    node.service = (element.get("type") or "").strip() or None


def _task_headers(element: etree._Element, node: Node) -> None:
    _fill(node, node.headers, element, "header", "key")


def _form(element: etree._Element, node: Node) -> None:
    node.form = (element.get("formId") or "").strip() or None


def _schedule(element: etree._Element, node: Node) -> None:
    node.due = (element.get("dueDate") or "").strip()
    node.follow_up = (element.get("followUpDate") or "").strip()


def _properties(element: etree._Element, node: Node) -> None:
    _fill(node, node.properties, element, "property", "name")


def _fill(node: Node, rows: dict[str, str], element: etree._Element, tag: str, key: str) -> None:
    """Read rows of a name and a value."""
    for row in element.iterchildren(f"{ZEEBE}{tag}"):
        name = row.get(key) or ""
        if name in rows:
            node.repeated.append(name)
        rows[name] = row.get("value") or ""


_READERS: Final = {
    "ioMapping": _io_mapping,
    "calledElement": _called_element,
    "calledDecision": _called_decision,
    "script": _script,
    "taskDefinition": _task_definition,
    "taskHeaders": _task_headers,
    "formDefinition": _form,
    "taskSchedule": _schedule,
    "properties": _properties,
}
