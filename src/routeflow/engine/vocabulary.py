"""Which words of BPMN and of the zeebe extension we run. Every other word is refused by name."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from routeflow.engine import grammar
from routeflow.engine.problems import Problem

BPMN_NAMESPACE: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE_NAMESPACE: Final = "http://camunda.org/schema/zeebe/1.0"
BPMN: Final = f"{{{BPMN_NAMESPACE}}}"
ZEEBE: Final = f"{{{ZEEBE_NAMESPACE}}}"

_OTHER_ENGINES: Final = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://activiti.org/bpmn": "Activiti",
    "http://flowable.org/bpmn": "Flowable",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://www.jboss.org/drools": "jBPM",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
}
_ZEEBE_VERSIONS: Final = "http://camunda.org/schema/zeebe/"
_DRAWING: Final = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/XML/1998/namespace",
    }
)

_COMMON: Final = frozenset({"id", "name"})
_ACTIVITY: Final = _COMMON | {
    "default",
    "isForCompensation",
    "startQuantity",
    "completionQuantity",
    "implementation",
}
_EVENT: Final = _COMMON | {"parallelMultiple"}
_GATEWAY: Final = _COMMON | {"gatewayDirection", "default"}
ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "definitions": _COMMON
    | {"targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
    "collaboration": _COMMON | {"isClosed"},
    "participant": _COMMON | {"processRef"},
    "process": _COMMON | {"isExecutable", "isClosed", "processType"},
    "laneSet": _COMMON,
    "childLaneSet": _COMMON,
    "lane": _COMMON | {"partitionElementRef"},
    "flowNodeRef": _COMMON,
    "incoming": frozenset(),
    "outgoing": frozenset(),
    "documentation": _COMMON | {"textFormat"},
    "extensionElements": _COMMON,
    "sequenceFlow": _COMMON | {"sourceRef", "targetRef", "isImmediate"},
    "conditionExpression": _COMMON | {"language"},
    "condition": _COMMON | {"language"},
    "completionCondition": _COMMON | {"language"},
    "loopCondition": _COMMON | {"language"},
    "loopCardinality": _COMMON | {"language"},
    "timeDate": _COMMON | {"language"},
    "timeDuration": _COMMON | {"language"},
    "timeCycle": _COMMON | {"language"},
    "itemDefinition": _COMMON | {"structureRef", "isCollection", "itemKind"},
    "message": _COMMON | {"itemRef"},
    "signal": _COMMON | {"structureRef"},
    "error": _COMMON | {"errorCode", "structureRef"},
    "escalation": _COMMON | {"escalationCode", "structureRef"},
    "startEvent": _EVENT | {"isInterrupting"},
    "endEvent": _EVENT,
    "intermediateCatchEvent": _EVENT,
    "intermediateThrowEvent": _EVENT,
    "boundaryEvent": _EVENT | {"attachedToRef", "cancelActivity"},
    "task": _ACTIVITY,
    "userTask": _ACTIVITY,
    "manualTask": _ACTIVITY,
    "scriptTask": _ACTIVITY | {"scriptFormat"},
    "serviceTask": _ACTIVITY,
    "sendTask": _ACTIVITY | {"messageRef"},
    "receiveTask": _ACTIVITY | {"messageRef", "instantiate"},
    "businessRuleTask": _ACTIVITY,
    "callActivity": _ACTIVITY | {"calledElement"},
    "subProcess": _ACTIVITY | {"triggeredByEvent"},
    "exclusiveGateway": _GATEWAY,
    "parallelGateway": _GATEWAY,
    "inclusiveGateway": _GATEWAY,
    "eventBasedGateway": _GATEWAY | {"instantiate", "eventGatewayType"},
    "messageEventDefinition": _COMMON | {"messageRef"},
    "timerEventDefinition": _COMMON,
    "signalEventDefinition": _COMMON | {"signalRef"},
    "errorEventDefinition": _COMMON | {"errorRef"},
    "escalationEventDefinition": _COMMON | {"escalationRef"},
    "conditionalEventDefinition": _COMMON,
    "linkEventDefinition": _COMMON,
    "terminateEventDefinition": _COMMON,
    "multiInstanceLoopCharacteristics": _COMMON | {"isSequential", "behavior"},
    "standardLoopCharacteristics": _COMMON | {"testBefore", "loopMaximum"},
    "textAnnotation": _COMMON | {"textFormat"},
    "text": frozenset(),
    "association": _COMMON | {"associationDirection", "sourceRef", "targetRef"},
    "group": _COMMON | {"categoryValueRef"},
    "category": _COMMON,
    "categoryValue": _COMMON | {"value"},
    "dataObject": _COMMON | {"isCollection"},
    "dataObjectReference": _COMMON | {"dataObjectRef"},
}
_YES: Final = frozenset({"true", "1"})
_NO: Final = frozenset({"false", "0"})
MUST_BE: Final = {
    "isForCompensation": _NO,
    "startQuantity": {"1"},
    "completionQuantity": {"1"},
    "parallelMultiple": _NO,
    "eventGatewayType": {"Exclusive"},
    "behavior": {"All"},
    "isImmediate": _YES,
}
_VALUES: Final = {
    "associationDirection": {"None", "One", "Both"},
    "gatewayDirection": {"Unspecified", "Converging", "Diverging", "Mixed"},
    "itemKind": {"Information", "Physical"},
    "processType": {"None", "Private", "Public"},
}
_USUAL: Final = {"", "##unspecified", "##WebService"}  # what many tools write out
_INSTEAD: Final = {
    "isForCompensation": "Teken wat er moet gebeuren als gewone stap.",
    "startQuantity": "Zet het op 1, en gebruik een gateway om op meer te wachten.",
    "completionQuantity": "Zet het op 1, en gebruik een gateway om te splitsen.",
    "parallelMultiple": "Gebruik een parallelle gateway, met achter elke pijl een gebeurtenis.",
    "eventGatewayType": "Gebruik een parallelle gateway, met achter elke pijl een gebeurtenis.",
    "behavior": "Zet het op All.",
    "isImmediate": "In een proces dat wordt uitgevoerd gebeurt niets buiten de tekening. Haal het weg.",
}
FLAGS: Final = frozenset(
    {
        "cancelActivity",
        "instantiate",
        "isClosed",
        "isCollection",
        "isExecutable",
        "isImmediate",
        "isInterrupting",
        "isSequential",
        "propagateAllChildVariables",
        "propagateAllParentVariables",
        "testBefore",
        "triggeredByEvent",
    }
)
_LANGUAGE: Final = {
    "language": "Schrijf de expressie opnieuw, in FEEL.",
    "expressionLanguage": "Haal expressionLanguage weg bij definitions (tabblad XML).",
    "scriptFormat": "Kies bij deze taak een FEEL-expressie.",
}
_TEMPLATE: Final = {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
EXTENSIONS: Final[dict[str, frozenset[str]]] = {
    "userTask": frozenset(),
    "formDefinition": frozenset({"formId", "bindingType"}),
    "taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "priorityDefinition": frozenset({"priority"}),
    "properties": frozenset(),
    "property": frozenset({"name", "value"}),
    "ioMapping": frozenset(),
    "input": frozenset({"source", "target"}),
    "output": frozenset({"source", "target"}),
    "calledElement": frozenset(
        {
            "processId",
            "propagateAllChildVariables",
            "propagateAllParentVariables",
            "bindingType",
        }
    ),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType"}),
    "script": frozenset({"expression", "resultVariable"}),
    "taskDefinition": frozenset({"type", "retries"}),
    "taskHeaders": frozenset(),
    "header": frozenset({"key", "value"}),
    "subscription": frozenset({"correlationKey"}),
    "loopCharacteristics": frozenset(
        {"inputCollection", "inputElement", "outputCollection", "outputElement"}
    ),
    "versionTag": frozenset({"value"}),
}
_PERSONS: Final = frozenset({"task", "userTask", "manualTask"})
_WORKERS: Final = frozenset({"serviceTask", "sendTask", "intermediateThrowEvent", "endEvent"})
_PLACES: Final[dict[str, frozenset[str]]] = {
    "ioMapping": grammar.NODES,
    "properties": grammar.NODES,
    "versionTag": frozenset({"process"}),
    "userTask": frozenset({"userTask"}),
    "formDefinition": _PERSONS,
    "taskSchedule": _PERSONS,
    "calledElement": frozenset({"callActivity"}),
    "calledDecision": frozenset({"businessRuleTask"}),
    "script": frozenset({"scriptTask"}),
    "taskDefinition": _WORKERS,
    "taskHeaders": _WORKERS,
    "loopCharacteristics": frozenset({"multiInstanceLoopCharacteristics"}),
}
_CONTAINERS: Final = frozenset(
    {
        "definitions",
        "process",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "collaboration",
        "choreography",
        "laneSet",
        "childLaneSet",
        "category",
    }
)
_PARTS: Final = frozenset(
    {
        "childLaneSet",
        "completionCondition",
        "condition",
        "conditionExpression",
        "documentation",
        "extensionElements",
        "ioSpecification",
        "laneSet",
        "loopCardinality",
        "loopCondition",
        "multiInstanceLoopCharacteristics",
        "property",
        "standardLoopCharacteristics",
        "timeCycle",
        "timeDate",
        "timeDuration",
    }
)
_REDRAW: Final = "Teken dit onderdeel opnieuw in de Camunda Modeler (Camunda 8)."
_ROLES: Final = "Wie de taak doet volgt uit de baan en de rolverdeling; haal dit weg."
_DEFAULT_LANGUAGE: Final = "http://www.w3.org/1999/XPath"
REFUSED: Final = {
    "complexGateway": "Een complexe gateway kunnen we niet uitvoeren; gebruik een andere gateway.",
    "transaction": "Een transactie kunnen we niet uitvoeren; gebruik een gewoon deelproces.",
    "adHocSubProcess": "Een ad-hoc-deelproces kunnen we niet uitvoeren; teken de volgorde.",
    "compensateEventDefinition": "Terugdraaien (compensatie) kunnen we niet uitvoeren; teken de stappen die het herstellen.",
    "cancelEventDefinition": "Annuleren van een transactie kunnen we niet uitvoeren; gebruik een fout of een signaal.",
    "dataStore": "Een gegevensopslag kunnen we niet uitvoeren; gegevens staan in het dossier.",
    "dataStoreReference": "Een gegevensopslag kunnen we niet uitvoeren; gegevens staan in het dossier.",
    "messageFlow": "Een berichtpijl tussen pools kunnen we niet uitvoeren; haal hem weg en gebruik een bericht.",
    "participantMultiplicity": "Hoeveel partijen een pool voorstelt kunnen we niet uitvoeren; haal het weg of teken de pool opnieuw.",
    "choreography": "Een choreografie kunnen we niet uitvoeren; teken een proces.",
    "conversation": "Een gesprek tussen pools kunnen we niet uitvoeren; gebruik berichten in het proces.",
    "correlationProperty": "Een bericht hoort bij een dossier en heeft geen eigen sleutel nodig; haal correlationProperty weg.",
    "correlationKey": "Een bericht hoort bij een dossier en heeft geen eigen sleutel nodig; haal correlationKey weg.",
    "potentialOwner": _ROLES,
    "humanPerformer": _ROLES,
    "performer": _ROLES,
    "resourceRole": _ROLES,
    "resource": _ROLES,
    "property": "Een eigen gegeven (property) kunnen we niet uitvoeren; gegevens staan in het dossier.",
    "globalUserTask": "Een losse taak buiten een proces kunnen we niet uitvoeren; teken haar in een proces en roep dat aan.",
    "import": "Een ander bestand inlezen (import) kunnen we niet; zet alles wat nodig is in deze set.",
    "interface": "Een webdienst (interface) kunnen we niet uitvoeren; kies een dienst bij de servicetaak.",
    "eventDefinitionRef": "Een gebeurtenis die naar een andere verwijst kunnen we niet uitvoeren; zeg hier zelf wat er gebeurt.",
    "script": "Een script in de taak zelf kunnen we niet uitvoeren; gebruik een FEEL-expressie.",
    "ioSpecification": "Gegevens in en uit (ioSpecification) kunnen we niet uitvoeren; gebruik de tabbladen invoer en uitvoer.",
    "dataInputAssociation": "Een gegevenspijl van of naar een gegevensobject kunnen we niet uitvoeren; haal hem weg.",
    "dataOutputAssociation": "Een gegevenspijl van of naar een gegevensobject kunnen we niet uitvoeren; haal hem weg.",
    "loopDataInputRef": "Geef de lijst van een herhaling op met de invoerlijst (zeebe), niet met loopDataInputRef.",
}
SILENT: Final = {
    "correlationKey": "De sleutel bij dit bericht doet niets: een bericht hoort altijd bij een dossier.",
    "retries": "Het aantal pogingen doet niets: opnieuw proberen regelt de werkvoorraad.",
    "assignmentDefinition": "De toewijzing doet niets: wie de taak doet volgt uit de baan en de rolverdeling.",
    "priorityDefinition": "De prioriteit doet niets: de lijst volgt de uiterste datum.",
}


def reads(kind: str, word: str) -> bool:
    """Whether an element of this kind reads a word of zeebe that stands in it."""
    return kind in _PLACES.get(word, {kind})


def local_name(element: etree._Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def flag(element: etree._Element, name: str, *, default: bool) -> bool:
    """Return a yes or no as XML Schema writes it: true, false, 1 or 0."""
    value = element.get(name)
    if value is None:
        return default
    return value.strip() in _YES


def problems(root: etree._Element) -> Iterator[Problem]:
    """Return a problem for each word in the file that would otherwise be ignored."""
    participants = root.findall(f"{BPMN}collaboration/{BPMN}participant")
    if len(participants) > 1:
        extra = participants[1]
        yield Problem(
            extra.get("id"),
            extra.get("name"),
            "meer-pools",
            "Dit bestand heeft meer dan een pool; laat er een over, met een proces per bestand.",
            extra.sourceline,
        )
    for element in _read(root):
        namespace = etree.QName(element).namespace or ""
        owner = _owner(element)
        for code, message, severity in _about(element, namespace):
            yield Problem(
                owner.get("id"),
                owner.get("name"),
                code,
                message,
                element.sourceline,
                "waarschuwing" if severity else "fout",
            )


def _read(root: etree._Element) -> Iterator[etree._Element]:
    """Return each element, but not what stands inside one that is refused as a whole."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        if not _refused_whole(element):
            waiting.extend(reversed(element))


def _refused_whole(element: etree._Element) -> bool:
    name = etree.QName(element)
    if name.namespace == BPMN_NAMESPACE:
        return refused(name.localname)
    if name.namespace == ZEEBE_NAMESPACE:
        return name.localname not in EXTENSIONS
    return name.namespace in _OTHER_ENGINES


def refused(tag: str) -> bool:
    """Whether a word of BPMN is never run, wherever it stands."""
    return tag in REFUSED or tag not in ATTRIBUTES


def _owner(element: etree._Element) -> etree._Element:
    """Return the nearest element with an id that a person can find in the drawing."""
    for current in (element, *element.iterancestors()):
        if current.get("id") and _drawn(current):
            return current
    return element


def _drawn(element: etree._Element) -> bool:
    """Whether an element is a thing of its own, and no part of the one it stands in."""
    name, parent = etree.QName(element), element.getparent()
    if parent is None:
        return True
    if name.localname in _PARTS or name.localname.endswith("Definition"):
        return False
    if name.namespace == BPMN_NAMESPACE and name.localname in ATTRIBUTES:
        return True
    around = etree.QName(parent)
    return around.namespace == BPMN_NAMESPACE and around.localname in _CONTAINERS


def _about(element: etree._Element, namespace: str) -> Iterator[tuple[str, str, bool]]:
    tag = local_name(element)
    if namespace in _OTHER_ENGINES:
        yield (
            "andere-engine",
            f"{tag} is van {_OTHER_ENGINES[namespace]} en werkt hier niet. {_REDRAW}",
            False,
        )
        return
    if namespace == BPMN_NAMESPACE:
        yield from _bpmn(element, tag)
    elif namespace == ZEEBE_NAMESPACE:
        yield from _zeebe(element, tag)
    else:
        yield from _foreign(element, tag, namespace)
        return
    yield from _of_other_engines(element)
    for name, value in element.attrib.items():
        found = etree.QName(name)
        if found.namespace in _OTHER_ENGINES:
            continue
        if found.namespace == ZEEBE_NAMESPACE and found.localname not in _TEMPLATE:
            yield "onbekend", f"Het kenmerk zeebe:{found.localname} kennen we niet.", False
        elif found.namespace and found.namespace not in _DRAWING | {ZEEBE_NAMESPACE}:
            yield "doet-niets", f"Het kenmerk {found.localname} van elders doet hier niets.", True
        elif found.localname in SILENT and str(value).strip():
            yield "doet-niets", SILENT[found.localname], True


def _of_other_engines(element: etree._Element) -> Iterator[tuple[str, str, bool]]:
    """Return one sentence for all attributes that another engine would read."""
    names: dict[str, list[str]] = {}
    for name in element.attrib:
        found = etree.QName(name)
        if found.namespace in _OTHER_ENGINES:
            names.setdefault(_OTHER_ENGINES[found.namespace], []).append(found.localname)
    for engine, found_names in names.items():
        *first, last = found_names
        what = f"{', '.join(first)} en {last} zijn" if first else f"{last} is"
        works = "werken" if first else "werkt"
        yield "andere-engine", f"{what} van {engine} en {works} hier niet. {_REDRAW}", False


def _foreign(element: etree._Element, tag: str, namespace: str) -> Iterator[tuple[str, str, bool]]:
    """Return what there is to say of a word that is neither of BPMN nor of zeebe."""
    parent = element.getparent()
    if parent is None or namespace in _DRAWING:
        return
    around = etree.QName(parent)
    if namespace.startswith(_ZEEBE_VERSIONS):
        yield "onbekend", f"{tag} is van een versie van zeebe die we niet kennen.", False
    elif around.namespace == BPMN_NAMESPACE and around.localname == "extensionElements":
        yield "doet-niets", f"De uitbreiding {tag} is van elders en doet hier niets.", True
    elif around.namespace == BPMN_NAMESPACE:
        yield "onbekend", f"{tag} is geen onderdeel van BPMN en wordt dus niet uitgevoerd.", False


def _bpmn(element: etree._Element, tag: str) -> Iterator[tuple[str, str, bool]]:
    if tag in REFUSED:
        yield "niet-ondersteund", REFUSED[tag], False
        return
    if tag not in ATTRIBUTES:
        yield (
            "onbekend",
            f"Het BPMN-onderdeel {tag} kunnen we niet uitvoeren. Haal het weg.",
            False,
        )
        return
    if misplaced := grammar.of_bpmn(element, tag):
        yield (*misplaced, False)
    if tag in {"dataObject", "dataObjectReference"}:
        yield (
            "doet-niets",
            "Een gegevensobject is alleen uitleg: gegevens staan in het dossier.",
            True,
        )
    if tag == "process" and not flag(element, "isExecutable", default=True):
        yield (
            "niet-uitvoerbaar",
            "Dit proces staat op niet uitvoerbaar. Zet executable aan; wij voeren het ook zo uit.",
            True,
        )
    for name, value in element.attrib.items():
        if etree.QName(name).namespace:
            continue
        if found := _attribute(tag, str(name), str(value)):
            yield found
        elif idle := _idle(element, tag, str(name), str(value).strip()):
            yield "doet-niets", idle, True


def _idle(element: etree._Element, tag: str, name: str, value: str) -> str | None:
    """Return a sentence for an attribute that does nothing where it stands, with this value."""
    match name:
        case "implementation" if value not in _USUAL:
            return f"implementation = {value[:60]} doet niets: wie of wat dit doet zegt de tekening zelf."
        case "isClosed" if tag == "process" and value in _YES:
            return "isClosed doet niets: dit proces kan ook berichten krijgen en sturen."
        case "processType" if value == "Public":
            return "processType = Public doet niets: wij voeren dit proces ook zo uit."
        case "isInterrupting" if value in _NO and not _begins_event_subprocess(element):
            return "isInterrupting doet niets: dit begin breekt niets af, want er loopt nog niets."
    return None


def _begins_event_subprocess(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and flag(parent, "triggeredByEvent", default=False)


def _value(name: str, value: str) -> tuple[str, str, bool] | None:
    """Return what is wrong with a value of which there are only a few."""
    if name in FLAGS and value not in _YES | _NO:
        return "ja-of-nee", f"{name} = {value}: dit moet true of false zijn.", False
    if name in _VALUES and value not in _VALUES[name]:
        return "onbekend", f"{name} = {value[:60]} kennen we niet. Haal het weg.", False
    if name in MUST_BE and value not in MUST_BE[name]:
        sentence = f"{name} = {value} kunnen we niet uitvoeren. {_INSTEAD[name]}"
        return "niet-ondersteund", sentence, False
    return None


def _attribute(tag: str, name: str, value: str) -> tuple[str, str, bool] | None:
    if name not in ATTRIBUTES[tag]:
        return "onbekend", f"Het kenmerk {name} bij {tag} kennen we niet. Haal het weg.", False
    if wrong := _value(name, value.strip()):
        return wrong
    if (name, value.strip()) == ("expressionLanguage", _DEFAULT_LANGUAGE):
        return "doet-niets", "XPath als taal van dit bestand doet niets: wij lezen FEEL.", True
    if name in _LANGUAGE and "feel" not in value.lower():
        return "geen-feel", f"We kennen alleen FEEL, niet {value}. {_LANGUAGE[name]}", False
    return None


def _zeebe(element: etree._Element, tag: str) -> Iterator[tuple[str, str, bool]]:
    if tag not in EXTENSIONS:
        yield (
            "onbekend",
            f"De uitbreiding zeebe:{tag} kennen we niet. Haal haar weg bij dit onderdeel.",
            False,
        )
        return
    if misplaced := grammar.of_zeebe(element, tag):
        yield (*misplaced, False)
    if tag in SILENT:
        yield "doet-niets", SILENT[tag], True
    place = _place(element)
    if not reads(place, tag):
        yield "doet-niets", f"zeebe:{tag} doet niets bij {place}.", True
    elif reason := _unread(element, tag, place):
        yield "doet-niets", f"zeebe:{tag} doet hier niets: {reason}.", True
    yield from _zeebe_attributes(element, tag)


def _zeebe_attributes(element: etree._Element, tag: str) -> Iterator[tuple[str, str, bool]]:
    for name, value in element.attrib.items():
        if etree.QName(name).namespace:
            continue
        if name not in EXTENSIONS[tag]:
            yield (
                "onbekend",
                f"Het kenmerk {name} bij zeebe:{tag} kennen we niet. Haal het weg.",
                False,
            )
        elif name in FLAGS and str(value).strip() not in _YES | _NO:
            yield "ja-of-nee", f"{name} = {value}: dit moet true of false zijn.", False
        elif name == "bindingType" and value not in {"latest", "deployment"}:
            yield (
                "niet-ondersteund",
                f"Binding {value} kunnen we niet uitvoeren. Kies latest of deployment.",
                False,
            )


def _unread(element: etree._Element, tag: str, place: str) -> str | None:
    """Return why nothing asks for the words with which a service is called."""
    holder = element.getparent()
    owner = None if holder is None else holder.getparent()
    if holder is None or owner is None:
        return None
    if tag == "taskHeaders" and holder.find(f"{ZEEBE}taskDefinition") is None:
        return "er is geen dienst gekozen (taskDefinition)"
    event = place in {"intermediateThrowEvent", "endEvent"}
    if tag == "taskDefinition" and event and owner.find(f"{BPMN}messageEventDefinition") is None:
        return "alleen wie een bericht stuurt vraagt eerst een dienst"
    return None


def _place(element: etree._Element) -> str:
    """Return the kind of element that an extension belongs to."""
    holder = element.getparent()
    owner = None if holder is None else holder.getparent()
    return "niets" if owner is None else local_name(owner)
