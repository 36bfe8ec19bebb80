"""Rules that a single process must obey to run: its shape, its events, its expressions."""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from routeflow import feel
from routeflow.engine import joins_check, moments
from routeflow.engine.diagram import (
    ACTIVITIES,
    CATCHING,
    PERSONS,
    RESERVED,
    STAND_IN,
    THROWING,
    WHOLE,
    Begin,
    Event,
    Flow,
    Node,
    Process,
    Scope,
)
from routeflow.engine.limits import MAX_INSTANCES
from routeflow.engine.problems import Problem, Severity
from routeflow.errors import Incident
from routeflow.feel.constants import constant

At = Callable[[str, str, Severity], Problem]

_NAME: Final = re.compile(r"[^\W\d]\w*")
_IDENT: Final = re.compile(r"[^\W\d][\w.-]{0,99}")
_MAX_NAME: Final = 200
_FILLED_IN: Final = re.compile(r"[$#]\{[^}]*\}")
_EVENTS: Final[dict[str, frozenset[str]]] = {
    "het begin van een proces": frozenset({"none", "message", "timer", "signal", "conditional"}),
    "het begin van een deelproces": frozenset({"none"}),
    "het begin van een gebeurtenis-deelproces": frozenset(
        {"message", "timer", "signal", "conditional", "error", "escalation"}
    ),
    "een tussentijdse wachtgebeurtenis": frozenset(
        {"message", "timer", "signal", "conditional", "link"}
    ),
    "een tussentijdse gebeurtenis": frozenset({"none", "message", "signal", "escalation", "link"}),
    "een gebeurtenis aan de rand": frozenset(
        {"message", "timer", "signal", "conditional", "error", "escalation"}
    ),
    "het einde": frozenset({"none", "message", "signal", "error", "escalation", "terminate"}),
}
_PLACES: Final = {
    "intermediateCatchEvent": "een tussentijdse wachtgebeurtenis",
    "intermediateThrowEvent": "een tussentijdse gebeurtenis",
    "boundaryEvent": "een gebeurtenis aan de rand",
    "endEvent": "het einde",
}
_IN_DUTCH: Final = {
    "none": "zonder soort",
    "message": "met een bericht",
    "timer": "met een timer",
    "signal": "met een signaal",
    "error": "met een fout",
    "escalation": "met een escalatie",
    "conditional": "met een voorwaarde",
    "link": "met een link",
    "terminate": "die alles stopt",
}
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


def _counts(value: Any) -> bool:  # noqa: ANN401 - a FEEL value
    """Whether a value says how often something happens."""
    if isinstance(value, str):
        return WHOLE.fullmatch(value.strip()) is not None
    return (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and 0 <= value <= MAX_INSTANCES
        and value == int(value)
    )


_FITS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    **dict.fromkeys(
        ("De voorwaarde", "De eindvoorwaarde", "De herhaalvoorwaarde"),
        (lambda value: isinstance(value, bool), "geeft nooit ja of nee"),
    ),
    "De lijst": (lambda value: isinstance(value, list), "is nooit een lijst"),
    "Het aantal": (
        _counts,
        f"is nooit een aantal van 0 tot {MAX_INSTANCES}",
    ),
}
_DIRECTIONS: Final = {
    "Converging": {"uit": False, "in": True},
    "Diverging": {"in": False, "uit": True},
    "Mixed": {"in": True, "uit": True},
}
_LEADS: Final = {
    ("in", True): "lopen meer pijlen naartoe",
    ("in", False): "loopt maar een pijl naartoe",
    ("uit", True): "lopen meer pijlen uit",
    ("uit", False): "loopt maar een pijl uit",
}
_AT_ONCE: Final = frozenset({"scriptTask", "businessRuleTask", "serviceTask", "sendTask"})
_AWAITED: Final = {
    "parallelGateway": "Hier wacht de route op alle pijlen",
    "inclusiveGateway": "Hier wacht de route op alle takken die nog bezig zijn",
}
_OPPOSITE: Final = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
_COMPARISON: Final = re.compile(r"([^<>=!]+?)\s*(<=|>=|!=|<|>|=)\s*([^<>=!]+)")


def problems(
    process: Process, functions: AbstractSet[str] | None, *, interrupted: bool = False
) -> Iterator[Problem]:
    """Return all that keeps one process from running well.

    Args:
        process: what was read.
        functions: the host functions that an expression may call; None when unknown.
        interrupted: whether a process that calls this one can break it off.
    """
    if not _IDENT.fullmatch(process.id) or len(process.name) > _MAX_NAME:
        yield Problem(
            process.id[:100],
            process.name[:100],
            "id",
            "De id of de naam van dit proces is te lang, of er staan vreemde tekens in de id.",
            process.line,
        )
    stoppable = _stoppable(process.scope, stopped=interrupted)
    for scope in process.scope.scopes():
        yield from _starts(scope)
        yield from _ends(scope)
        yield from _unreachable(scope)
        if scope.id not in stoppable:
            yield from _endless(scope)
        yield from _waiting(scope, stopped=scope.id in stoppable)
        yield from _deaf(scope)
        for node in scope.nodes.values():
            yield from _node(node, scope)
            yield from _texts(node, functions)
        for flow in scope.flows:
            if flow.condition is not None:
                yield from _feel(
                    flow.condition,
                    _at_flow(flow, scope.nodes.get(flow.source)),
                    functions,
                    "De voorwaarde",
                )


def stops(node: Node) -> bool:
    """Whether an event at the edge of a subprocess or call activity can break it off."""
    return any(boundary.interrupting for boundary in node.boundaries)


def _stoppable(scope: Scope, *, stopped: bool) -> set[str]:
    """Return the ids of the scopes that something from outside can break off."""
    handlers = [
        start for node in scope.event_subprocesses() if node.body for start in node.body.starts()
    ]
    stopped = stopped or any(start.interrupting for start in handlers)
    found = {scope.id} if stopped else set()
    for node in scope.nodes.values():
        if node.body is not None:
            found |= _stoppable(node.body, stopped=stopped or stops(node))
    return found


def about(node: Node, code: str, message: str, severity: Severity = "fout") -> Problem:
    return Problem(node.id, node.name or None, code, message, node.line, severity)


def _at_flow(flow: Flow, source: Node | None) -> At:
    """Return how to say something of an arrow: many are called "ja", so it tells where it begins."""
    name = f"pijl “{flow.name}”" if flow.name else "pijl"
    if source is not None and source.name:
        name += f" na “{source.name}”"

    def problem(code: str, message: str, severity: Severity = "fout") -> Problem:
        return Problem(flow.id or flow.source, name, code, message, flow.line, severity)

    return problem


def _at(node: Node) -> At:
    def problem(code: str, message: str, severity: Severity = "fout") -> Problem:
        return about(node, code, message, severity)

    return problem


def _starts(scope: Scope) -> Iterator[Problem]:
    begins = scope.begins()
    if not begins:
        yield Problem(
            scope.id,
            None,
            "geen-start",
            "Dit (deel)proces heeft geen begin: geen startgebeurtenis, en geen stap zonder pijl"
            " ernaartoe.",
            None,
        )
    if len(begins) > joins_check.MAX_BEGINS:
        yield about(
            begins[-1].node,
            "meer-starts",
            f"Dit proces heeft meer dan {joins_check.MAX_BEGINS} manieren om te beginnen.",
        )
    plain = [begin.node for begin in begins if begin.event is None and len(begins) > 1]
    if scope.id != scope.process:
        for extra in plain[1:]:
            yield about(
                extra, "meer-starts", "Dit deelproces heeft meer dan een gewone startgebeurtenis."
            )
    elif len({node.name.strip() for node in plain} - {""}) < len(plain) > 1:
        yield about(
            plain[0],
            "naam",
            "Dit proces heeft meer dan een gewoon begin. Geef elk een eigen naam, zodat wie het"
            " begint kan kiezen.",
            "waarschuwing",
        )
    yield from _messages_of_starts(begins)
    for node in scope.nodes.values():
        if node.instantiate:
            yield from _instantiating(node, scope)


def _messages_of_starts(begins: Iterable[Begin]) -> Iterator[Problem]:
    first: dict[str, Node] = {}
    for begin in begins:
        if begin.event is not None and begin.event.kind == "message":
            other = first.setdefault(begin.event.name, begin.node)
            if other is not begin.node:
                yield about(
                    begin.node,
                    "meer-starts",
                    f"Het bericht {begin.event.name} begint dit proces twee keer.",
                )


def _instantiating(node: Node, scope: Scope) -> Iterator[Problem]:
    """Judge a receive task or event-based gateway that begins the process."""
    if scope.id != scope.process:
        yield about(node, "instantiate", "Alleen in een proces zelf kan een stap het beginnen.")
    elif node.incoming:
        yield about(
            node, "instantiate", "Deze stap begint het proces; er mag geen pijl naartoe lopen."
        )
    if node.boundaries or node.loop is not None:
        yield about(
            node,
            "instantiate",
            "Deze stap is gedaan als het proces begint: een herhaling of een gebeurtenis aan de"
            " rand doet hier niets.",
        )


def _ends(scope: Scope) -> Iterator[Problem]:
    for node in scope.nodes.values():
        if node.kind in {"startEvent", "boundaryEvent"} and node.incoming:
            yield about(node, "pijl-naar-begin", "Naar dit begin mag geen pijl lopen.")
        if node.kind == "endEvent":
            if node.outgoing:
                yield about(node, "pijl-uit-einde", "Uit een einde mag geen pijl lopen.")
        elif not node.outgoing and not node.triggered_by_event and node.kind != STAND_IN:
            if node.kind.endswith("Gateway"):
                yield about(node, "dood-einde", "Uit deze gateway loopt geen pijl. Trek er een.")
            elif not (node.event and node.event.kind == "link") and not stops(node):
                yield about(
                    node,
                    "geen-einde",
                    "Hier houdt de route op zonder eindgebeurtenis.",
                    "waarschuwing",
                )


def _unreachable(scope: Scope) -> Iterator[Problem]:
    if not scope.begins():
        return
    reached = _from_starts(scope)
    for node in scope.nodes.values():
        if node.id not in reached:
            yield about(
                node,
                "onbereikbaar",
                "Geen enkele weg komt hier; deze stap gebeurt dus nooit. Trek er een pijl naartoe.",
            )


def _endless(scope: Scope) -> Iterator[Problem]:
    final = (node for node in scope.nodes.values() if not node.outgoing)
    saved = _walk(scope, final, forward=False)
    for ident in sorted(_from_starts(scope) - saved):
        node = scope.nodes[ident]
        yield about(
            node,
            "geen-uitweg",
            "Vanaf hier komt de route nooit bij een einde. Teken een weg eruit.",
        )
        return


def _waiting(scope: Scope, *, stopped: bool) -> Iterator[Problem]:
    """Name the joins at which a route stays; one that something else ends may be meant so."""
    found = joins_check.stuck(scope)
    several = len(scope.begins()) > 1
    for node, begin in found.never:
        when = f" als zij begint bij {begin.node.name or begin.node.id}" if several else ""
        yield about(
            node,
            "wacht-altijd",
            f"{_AWAITED[node.kind]}, en die komen nooit allemaal{when}: zij blijft hier staan.",
            "waarschuwing" if stopped else "fout",
        )
    for node in found.sometimes:
        yield about(
            node,
            "wacht-soms",
            f"{_AWAITED[node.kind]}. Er zijn keuzes waarna er een niet komt; dan blijft zij hier"
            " staan.",
            "waarschuwing",
        )
    for node in found.again:
        yield about(
            node,
            "komt-vaker",
            "Op een pijl naar deze gateway kunnen twee takken na elkaar komen. Op de tweede wordt niet"
            " gewacht: de stap erna begint dan twee keer. Breng die takken eerder samen.",
            "waarschuwing",
        )


def _deaf(scope: Scope) -> Iterator[Problem]:
    """Name the events that never happen because another one next to them is always first."""
    groups = [
        [node, *node.boundaries]
        if node.kind == "receiveTask" and not node.loop
        else node.boundaries
        for node in scope.nodes.values()
    ]
    groups.append(
        [start for node in scope.event_subprocesses() if node.body for start in node.body.starts()]
    )
    groups += [
        [scope.nodes[flow.target] for flow in node.outgoing]
        for node in scope.nodes.values()
        if node.kind == "eventBasedGateway"
    ]
    for group in groups:
        first: dict[tuple[str, str], Node] = {}
        for node in group:
            event = node.event
            if event is None or event.kind not in {"message", "error", "escalation", "signal"}:
                continue
            other = first.setdefault((event.kind, event.name), node)
            if other is node:
                continue
            if event.kind == "signal" and not other.interrupting:  # a signal reaches both
                first[event.kind, event.name] = node
                continue
            yield about(
                node,
                "dubbel",
                f"Deze gebeurtenis komt nooit: {other.name or other.id} wacht op hetzelfde"
                " en is altijd eerder.",
            )


def _from_starts(scope: Scope) -> set[str]:
    begins = scope.begins()
    begin = [node for one in begins for node in one.nodes]
    begin += [one.via for one in begins if one.via is not None]
    begin += [node for node in scope.nodes.values() if _is_loose(node, scope)]
    return _walk(scope, [*begin, *scope.event_subprocesses()], forward=True)


def _is_loose(node: Node, scope: Scope) -> bool:
    """Whether an event is at the edge of nothing, which is a problem of its own."""
    host = scope.nodes.get(node.attached_to or "")
    return node.kind == "boundaryEvent" and (host is None or node not in host.boundaries)


def _walk(scope: Scope, begin: Iterable[Node], *, forward: bool) -> set[str]:
    known: set[str] = set()
    waiting = list(begin)
    while waiting:
        node = waiting.pop()
        if node.id in known:
            continue
        known.add(node.id)
        if forward:
            waiting += [scope.nodes[flow.target] for flow in node.outgoing]
            waiting += node.boundaries
        else:
            waiting += [scope.nodes[flow.source] for flow in node.incoming]
            if node.attached_to in scope.nodes:
                waiting.append(scope.nodes[node.attached_to])
    return known


def _node(node: Node, scope: Scope) -> Iterator[Problem]:
    yield from _identity(node)
    if RESERVED.fullmatch(node.id):
        yield about(node, "gereserveerde-id", f"De id {node.id} is van de engine; kies een andere.")
    if node.event is not None:
        yield from _event(node, node.event, scope)
    if node.kind.endswith("Gateway"):
        yield from _gateway(node, scope)
    if node.kind in CATCHING | THROWING:
        yield from _unconditional(node)
    if node.kind in ACTIVITIES:
        yield from _activity(node)
        yield from _choice(node)
        yield from _too_short(node)
        if node.loop is not None:
            yield from _loop(node)
    if node.triggered_by_event:
        yield from _event_subprocess(node)
    if node.inputs and node.kind not in ACTIVITIES | THROWING:
        yield about(node, "invoer", "Invoer doet hier niets: dit onderdeel voert zelf niets uit.")
    yield from _targets(node)


def _identity(node: Node) -> Iterator[Problem]:
    """Refuse an id or name that no row, address or list can hold."""
    if not _IDENT.fullmatch(node.id):
        yield about(
            node,
            "id",
            "Een id begint met een letter, is hooguit 100 tekens lang, en bestaat uit letters,"
            " cijfers, punten en streepjes.",
        )
    if len(node.name) > _MAX_NAME:
        yield about(node, "naam", f"De naam is langer dan {_MAX_NAME} tekens.")
    if node.kind in PERSONS and (found := _FILLED_IN.search(node.name)):
        yield about(
            node,
            "naam",
            f"Deze naam staat straks letterlijk in de werklijst: {found[0][:60]} wordt niet ingevuld.",
            "waarschuwing",
        )
    if node.event is not None and len(node.event.name) > 100:  # noqa: PLR2004 - as the store holds
        yield about(node, "naam", "De naam van dit bericht of deze code is langer dan 100 tekens.")


def _targets(node: Node) -> Iterator[Problem]:
    for name in dict.fromkeys(node.repeated):
        yield about(
            node,
            "dubbel",
            f"Er zijn hier meer rijen voor {name or 'een lege naam'}; maar een ervan zou gelden.",
        )
    for row in (*node.inputs, *node.outputs):
        if not row.source:
            yield about(
                node,
                "leeg",
                f"De rij voor {row.target or 'een gegeven zonder naam'} zegt niet wat erin komt."
                " Schrijf = null als u leeg bedoelt.",
            )
        if not _NAME.fullmatch(row.target):
            yield about(
                node, "naam", f"{row.target or 'Een lege tekst'} is geen naam voor een gegeven."
            )


def _unconditional(node: Node) -> Iterator[Problem]:
    """Refuse conditions on the arrows out of an event."""
    for flow in node.outgoing:
        if flow.condition is not None:
            yield _at_flow(flow, node)(
                "voorwaarde",
                "Een voorwaarde kan alleen op een pijl uit een gateway of een taak.",
                "fout",
            )


def _event(node: Node, event: Event, scope: Scope) -> Iterator[Problem]:
    place = _place(node, scope)
    if place is None:
        return
    if event.kind not in _EVENTS[place]:
        yield about(
            node,
            "gebeurtenis",
            f"Een gebeurtenis {_IN_DUTCH[event.kind]} kan niet bij {place}.",
        )
        return
    if event.kind == "error" and node.kind in CATCHING and not node.interrupting:
        yield about(
            node,
            "gebeurtenis",
            "Een fout breekt altijd af wat er bezig is. Maak haar onderbrekend.",
        )
    yield from _catch_all(node, event)
    if event.kind in {"error", "escalation"} and node.kind == "endEvent" and not event.name:
        yield about(node, "geen-code", "Geef de fout of escalatie een code.")
    if event.kind == "escalation" and node.kind == "intermediateThrowEvent" and not event.name:
        yield about(node, "geen-code", "Geef de escalatie een code.")
    if event.kind == "timer":
        yield from _timer(node, event, begins=node.kind == "startEvent")
    if event.kind == "link":
        yield from _link(node, event)


def _catch_all(node: Node, event: Event) -> Iterator[Problem]:
    """Name an event for one error or escalation that has no code: it catches every other too."""
    named = event.kind in {"error", "escalation"} and event.reference is not None
    if named and not event.name and node.kind in CATCHING:
        yield about(
            node,
            "geen-code",
            "Wat hier is gekozen heeft geen code: deze gebeurtenis vangt dus alles op. Geef het een"
            " code, of kies niets als u dat bedoelt.",
            "waarschuwing",
        )


def _link(node: Node, event: Event) -> Iterator[Problem]:
    if not event.name:
        yield about(node, "link", "Geef deze link een naam.")
    drawn = node.incoming if node.kind in CATCHING else node.outgoing
    if any(not flow.link for flow in drawn):
        yield about(
            node, "link", "Een link staat voor een pijl: aan deze kant hoort geen andere pijl."
        )


def _place(node: Node, scope: Scope) -> str | None:
    """Return where the event stands; None in a subprocess's start, judged with the subprocess."""
    if node.kind == "startEvent":
        return "het begin van een proces" if scope.id == scope.process else None
    return _PLACES.get(node.kind)


def _event_subprocess(node: Node) -> Iterator[Problem]:
    if node.incoming or node.outgoing or node.boundaries:
        yield about(
            node, "gebeurtenis-deelproces", "Een gebeurtenis-deelproces staat los: zonder pijlen."
        )
    if node.loop is not None:
        yield about(node, "gebeurtenis-deelproces", "Een gebeurtenis-deelproces herhaalt niet zo.")
    starts = node.body.starts() if node.body else []
    if len(starts) != 1:
        yield about(
            node, "gebeurtenis-deelproces", "Een gebeurtenis-deelproces heeft precies een begin."
        )
    for start in starts:
        event = start.event or Event("none")
        if event.kind not in _EVENTS["het begin van een gebeurtenis-deelproces"]:
            yield about(
                start,
                "gebeurtenis",
                f"Een gebeurtenis {_IN_DUTCH[event.kind]} kan niet bij het begin van een"
                " gebeurtenis-deelproces.",
            )
        elif event.kind == "error" and not start.interrupting:
            yield about(
                start,
                "gebeurtenis",
                "Een fout breekt altijd af wat er bezig is. Maak haar onderbrekend.",
            )
        elif event.kind == "timer":
            yield from _timer(start, event)
        yield from _catch_all(start, event)


def _timer(node: Node, event: Event, *, begins: bool = False) -> Iterator[Problem]:
    """Judge the time of a timer; one that ``begins`` a process may do so again and again."""
    if not event.expression:
        yield about(
            node, "timer", "Deze timer heeft geen tijd. Vul een datum, duur of herhaling in."
        )
    elif event.timer is not None and (found := _said(event.expression)):
        yield from _moment(node, event, found[0])
    if event.timer == "timeCycle" and node.interrupting and not begins:
        yield about(
            node,
            "timer",
            "Deze timer kan maar een keer afgaan; gebruik een duur in plaats van een herhaling.",
        )


def _said(text: str) -> tuple[Any] | None:
    """Return what a text says whatever the facts are; None when that hangs on them."""
    if text.startswith(("${", "#{")):
        return None
    if not text.startswith("="):
        return (text,)
    try:
        value, known = constant(feel.compile(text[1:]).tree)
    except Incident:  # a problem of its own
        return None
    return (value,) if known else None


def _moment(node: Node, event: Event, value: Any) -> Iterator[Problem]:  # noqa: ANN401 - a FEEL value
    """Judge the time of a timer that is known beforehand."""
    if value is None:
        yield about(node, "timer", "Deze timer gaat nooit af: zijn tijd is altijd leeg.")
    else:
        read: dict[str | None, Callable[[str], object]] = {
            "timeDate": moments.moment,
            "timeDuration": moments.duration,
            "timeCycle": moments.cycle,
        }
        try:
            given = read[event.timer](value)
            step = given.step if isinstance(given, moments.Cycle) else given
            if isinstance(step, moments.Duration):
                step.after(_ANY_DAY)
            if isinstance(given, moments.Cycle) and given.times == 0:
                yield about(node, "timer", "Deze timer gaat nooit af: hij herhaalt 0 keer.")
        except ValueError as error:
            yield about(node, "timer", f"De tijd van deze timer klopt niet: {error}.")


def _direction(node: Node) -> Iterator[Problem]:
    """Hold what a gateway says of its arrows (``gatewayDirection``) against its arrows."""
    several = {"in": len(node.incoming) > 1, "uit": len(node.outgoing) > 1}
    wanted = _DIRECTIONS.get(node.direction, {})
    for way, many in wanted.items():
        if several[way] != many:
            yield about(
                node,
                "richting",
                f"gatewayDirection = {node.direction}, maar er {_LEADS[way, several[way]]}. Haal"
                " gatewayDirection weg (tabblad XML), of trek de pijlen anders.",
                "waarschuwing" if many else "fout",
            )
            return


def _gateway(node: Node, scope: Scope) -> Iterator[Problem]:
    yield from _direction(node)
    flows = node.outgoing
    conditions = [flow for flow in flows if flow.condition is not None]
    if node.kind in {"parallelGateway", "eventBasedGateway"}:
        if conditions or node.default:
            yield about(
                node, "voorwaarde", "Voorwaarden doen hier niets: deze gateway neemt alle pijlen."
            )
        if node.kind == "eventBasedGateway":
            yield from _race(node, scope)
        return
    if len(flows) < 2 and not conditions:  # noqa: PLR2004 - nothing to choose
        return
    for flow in flows:
        if flow.default and flow.condition is not None:
            yield _at_flow(flow, node)(
                "voorwaarde", "De standaardpijl heeft geen voorwaarde nodig; haal die weg.", "fout"
            )
        elif not flow.default and flow.condition is None:
            severity: Severity = "fout" if node.kind == "exclusiveGateway" else "waarschuwing"
            yield _at_flow(flow, node)(
                "geen-voorwaarde",
                "Deze pijl heeft geen voorwaarde en is niet de standaardpijl.",
                severity,
            )
    if not any(flow.default for flow in flows) and not covering(conditions):
        severity = "fout" if node.kind == "exclusiveGateway" else "waarschuwing"
        yield about(
            node,
            "geen-standaard",
            "Als geen voorwaarde klopt, weet de route hier niet verder. Kies een standaardpijl.",
            severity,
        )


def _too_short(node: Node) -> Iterator[Problem]:
    """Name what is at the edge of a step that is done at once: before it can happen, it is over."""
    if node.kind not in _AT_ONCE:
        return
    for edge in node.boundaries:
        kind = edge.event.kind if edge.event else "none"
        if kind in {"timer", "conditional"}:
            said = "Deze gebeurtenis komt nooit"
        elif kind in {"message", "signal"}:
            said = "Van buiten komt dit nooit op tijd"
        else:
            continue
        yield about(
            edge,
            "komt-nooit",
            f"{said}: de stap eronder is meteen klaar. Wacht erop in een eigen stap.",
            "waarschuwing",
        )


def _choice(node: Node) -> Iterator[Problem]:
    """Judge an activity that has only arrows with a condition."""
    flows = node.outgoing
    conditions = [flow for flow in flows if flow.condition is not None]
    for flow in conditions:
        if flow.default:
            yield _at_flow(flow, node)(
                "voorwaarde", "De standaardpijl heeft geen voorwaarde nodig; haal die weg.", "fout"
            )
    if conditions and len(conditions) == len(flows) and not covering(conditions):
        yield about(
            node,
            "geen-standaard",
            "Als geen voorwaarde klopt, weet de route hier niet verder. Kies een standaardpijl.",
            "waarschuwing",
        )


def covering(conditions: list[Flow]) -> bool:
    """Whether two conditions are each other's opposite, so that one of them always holds."""
    texts = {_plain(flow.condition or "") for flow in conditions}
    return "true" in texts or any(not _opposites(text).isdisjoint(texts) for text in texts)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.removeprefix("=").strip())


def _opposites(text: str) -> set[str]:
    found = {f"not({text})", f"not( {text} )", f"{text} = false"}
    match = _COMPARISON.fullmatch(text)
    if match:
        left, sign, right = (part.strip() for part in match.groups())
        found.add(f"{left} {_OPPOSITE[sign]} {right}")
        if right in {"true", "false"} and sign == "=":
            other = "false" if right == "true" else "true"
            found |= {f"{left} = {other}"}
    return found


def _race(node: Node, scope: Scope) -> Iterator[Problem]:
    for flow in node.outgoing:
        target = scope.nodes[flow.target]
        waits = target.kind == "receiveTask" or (
            target.kind == "intermediateCatchEvent"
            and target.event is not None
            and target.event.kind in {"message", "timer", "signal", "conditional"}
        )
        if not waits or target.boundaries or target.loop is not None:
            yield about(
                target,
                "wachten",
                "Achter een event-based gateway staan alleen gebeurtenissen waarop wordt gewacht.",
            )
        elif len(target.incoming) > 1:
            yield about(
                target, "wachten", "Op deze gebeurtenis komt nog een andere pijl uit; dat kan niet."
            )


def _activity(node: Node) -> Iterator[Problem]:
    missing = _missing(node)
    if missing is not None:
        yield about(node, *missing)
    if node.kind in {"businessRuleTask", "scriptTask"} and not node.result and not node.outputs:
        yield about(node, "resultaat", "Zeg in welk gegeven de uitkomst komt.")
    if node.body is not None and not node.triggered_by_event:
        for start in node.body.starts():
            if start.event is not None and start.event.kind != "none":
                yield about(start, "gebeurtenis", "Een deelproces begint met een gewone start.")
    if node.result and not _NAME.fullmatch(node.result):
        yield about(node, "naam", f"{node.result} is geen naam voor een gegeven.")
    if node.kind in PERSONS | {"callActivity"} and not node.name:
        yield about(node, "geen-naam", "Geef deze stap een naam.", "waarschuwing")


def _missing(node: Node) -> tuple[str, str] | None:
    """Return which one thing a kind of task cannot do without."""
    given, code, message = {
        "callActivity": (node.called, "aanroep", "Kies welk proces hier begint; een vaste naam."),
        "businessRuleTask": (
            node.decision,
            "beslissing",
            "Kies welke beslistabel hier geldt; een vaste naam.",
        ),
        "serviceTask": (
            node.service,
            "dienst",
            "Kies welke dienst deze taak gebruikt; een vaste naam.",
        ),
        "scriptTask": (node.script and ".", "script", "Deze taak heeft geen FEEL-expressie."),
        "sendTask": (
            node.service or (node.event and "."),
            "bericht",
            "Kies welk bericht deze taak verstuurt.",
        ),
        "receiveTask": (node.event and ".", "bericht", "Kies op welk bericht deze taak wacht."),
    }.get(node.kind, (".", "", ""))
    return None if given and not given.startswith("=") else (code, message)


def _loop(node: Node) -> Iterator[Problem]:
    loop = node.loop
    if loop is None:
        return
    if loop.standard:
        if loop.maximum == 0:
            yield about(node, "herhaling", "Deze stap gebeurt nooit: hooguit 0 keer (loopMaximum).")
        if not loop.condition and loop.maximum is None:
            yield about(node, "herhaling", "Zeg tot wanneer deze stap zich herhaalt.")
        return
    if WHOLE.fullmatch(loop.cardinality) and int(loop.cardinality) > MAX_INSTANCES:
        yield about(node, "herhaling", f"Meer dan {MAX_INSTANCES} herhalingen kan niet.")
    if bool(loop.collection) == bool(loop.cardinality):
        yield about(node, "herhaling", "Geef deze herhaling een lijst (invoerlijst) of een aantal.")
    if bool(loop.output_collection) != bool(loop.output_element):
        yield about(node, "herhaling", "Geef de uitvoerlijst en het uitvoerelement allebei.")
    for name in (loop.item, loop.output_collection):
        if name and not _NAME.fullmatch(name):
            yield about(node, "naam", f"{name} is geen naam voor een gegeven.")


def _texts(node: Node, functions: AbstractSet[str] | None) -> Iterator[Problem]:
    at = _at(node)
    loop, event = node.loop, node.event
    required = [
        ("Het script", node.script or ""),
        ("De voorwaarde", event.expression if event and event.kind == "conditional" else ""),
    ]
    if loop is not None:
        required += [
            ("De lijst", loop.collection),
            ("Het uitvoerelement", loop.output_element),
            ("De eindvoorwaarde", loop.completion),
            ("De herhaalvoorwaarde", loop.condition),
            ("Het aantal", "" if WHOLE.fullmatch(loop.cardinality) else loop.cardinality),
        ]
    for what, text in required:
        if text:
            yield from _feel(text, at, functions, what)
    if event is not None and event.kind == "conditional" and not event.expression:
        yield at(
            "voorwaarde", "Deze gebeurtenis heeft geen voorwaarde. Vul er een in, in FEEL.", "fout"
        )
    optional = [
        ("De timer", event.expression if event and event.kind == "timer" else ""),
        *(("De invoer", row.source) for row in node.inputs),
        *(("De uitvoer", row.source) for row in node.outputs),
    ]
    for what, text in optional:
        if text.startswith(("=", "${", "#{")):
            yield from _feel(text, at, functions, what)
    for what, text in (("De uiterste datum", node.due), ("De opvolgdatum", node.follow_up)):
        if text.startswith(("=", "${", "#{")):
            yield from _feel(text, at, functions, what)
        if text and (found := _said(text)) and found != (None,):
            yield from _date(found[0], at, what)


def _date(value: Any, at: At, what: str) -> Iterator[Problem]:  # noqa: ANN401 - a FEEL value
    try:
        moments.civil_date(value)
    except ValueError as error:
        yield at("datum", f"{what} klopt niet: {error}.", "fout")


def _feel(
    text: str,
    at: At,
    functions: AbstractSet[str] | None,
    what: str,
) -> Iterator[Problem]:
    if text.startswith(("${", "#{")):
        yield at(
            "geen-feel",
            f"{what} is voor een andere engine geschreven ({text[:60]}). Schrijf dit in FEEL:"
            " begin met = en gebruik geen accolades.",
            "fout",
        )
        return
    if not text.startswith("="):
        yield at(
            "geen-feel", f"{what} is geen FEEL; begin met = (nu staat er {text[:60]}).", "fout"
        )
        return
    try:
        expression = feel.compile(text[1:])
    except Incident as fault:
        yield at("expressie", f"{what} klopt niet. {fault.reden}", "fout")
        return
    fits, never = _FITS.get(what, (None, ""))
    if fits is not None and (found := _said(text)) and not fits(found[0]):
        yield at("expressie", f"{what} {never}, wat er ook bekend is.", "fout")
    for name in sorted(expression.functions - (functions or frozenset())):
        severity: Severity = "waarschuwing" if functions is None else "fout"
        yield at("functie", f"{what} gebruikt de functie {name}, en die kennen we niet.", severity)
