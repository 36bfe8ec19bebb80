"""Where each word of BPMN and zeebe may stand, and how often: elsewhere nothing would read it."""

from typing import Final

from lxml import etree

_SCOPES: Final = frozenset({"process", "subProcess"})
_ACTIVITIES: Final = frozenset(
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
_EVENTS: Final = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
_GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
)
NODES: Final = _ACTIVITIES | _EVENTS | _GATEWAYS
_FLOWS: Final = {"sequenceFlow", "dataObject", "dataObjectReference"}
_ARTIFACTS: Final = {"textAnnotation", "association", "group"}
_DEFINITIONS: Final = frozenset({"definitions"})

PARENTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(NODES | _FLOWS, _SCOPES),
    **dict.fromkeys(_ARTIFACTS, _SCOPES | {"collaboration"}),
    **dict.fromkeys(
        (
            "process",
            "collaboration",
            "message",
            "signal",
            "error",
            "escalation",
            "itemDefinition",
            "category",
        ),
        _DEFINITIONS,
    ),
    **dict.fromkeys(("incoming", "outgoing"), NODES),
    **dict.fromkeys(
        (
            "messageEventDefinition",
            "timerEventDefinition",
            "signalEventDefinition",
            "errorEventDefinition",
            "escalationEventDefinition",
            "conditionalEventDefinition",
            "linkEventDefinition",
            "terminateEventDefinition",
        ),
        _EVENTS,
    ),
    **dict.fromkeys(("timeDate", "timeDuration", "timeCycle"), frozenset({"timerEventDefinition"})),
    **dict.fromkeys(
        ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics"), _ACTIVITIES
    ),
    **dict.fromkeys(
        ("loopCardinality", "completionCondition"),
        frozenset({"multiInstanceLoopCharacteristics"}),
    ),
    "loopCondition": frozenset({"standardLoopCharacteristics"}),
    "condition": frozenset({"conditionalEventDefinition"}),
    "conditionExpression": frozenset({"sequenceFlow"}),
    "participant": frozenset({"collaboration"}),
    "laneSet": _SCOPES,
    "lane": frozenset({"laneSet", "childLaneSet"}),
    "childLaneSet": frozenset({"lane"}),
    "flowNodeRef": frozenset({"lane"}),
    "text": frozenset({"textAnnotation"}),
    "categoryValue": frozenset({"category"}),
}
_INSIDE: Final = {
    "input": "ioMapping",
    "output": "ioMapping",
    "header": "taskHeaders",
    "property": "properties",
}
_ONCE: Final = frozenset(
    {
        "extensionElements",
        "conditionExpression",
        "condition",
        "loopCardinality",
        "completionCondition",
        "loopCondition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "collaboration",
        "childLaneSet",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
    }
)
_LOOPS: Final = {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}


def of_bpmn(element: etree._Element, tag: str) -> tuple[str, str] | None:
    """Return the code and sentence for a word of BPMN that would not be read where it stands."""
    parent = element.getparent()
    if parent is None:
        return None
    allowed = PARENTS.get(tag)
    if allowed is not None and not _is(parent, allowed):
        return "plaats", f"{tag} kan hier niet staan: op deze plaats doet het niets. Haal het weg."
    if tag in _ONCE:
        alike = _LOOPS if tag in _LOOPS else {tag}
        if any(_is(other, alike) for other in element.itersiblings(preceding=True)):
            return "dubbel", f"{tag} staat hier vaker dan een keer; maar een ervan zou gelden."
    return None


def of_zeebe(element: etree._Element, tag: str) -> tuple[str, str] | None:
    """Return the code and sentence for a word of zeebe that would not be read where it stands."""
    parent = element.getparent()
    holder = _INSIDE.get(tag, "extensionElements")
    if parent is None or etree.QName(parent).localname != holder:
        return (
            "plaats",
            f"zeebe:{tag} kan hier niet staan: op deze plaats doet het niets. Haal het weg.",
        )
    if tag not in _INSIDE and any(
        other.tag == element.tag for other in element.itersiblings(preceding=True)
    ):
        return "dubbel", f"zeebe:{tag} staat hier vaker dan een keer; maar een ervan zou gelden."
    return None


def _is(element: etree._Element, names: frozenset[str] | set[str]) -> bool:
    name = etree.QName(element)
    return name.localname in names and name.namespace == _namespace(element)


def _namespace(element: etree._Element) -> str | None:
    return etree.QName(element.getroottree().getroot()).namespace
